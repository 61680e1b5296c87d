#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

#include "core/base/cpu.h"
#include "core/base/dims.h"
#include "core/base/dtype.h"
#include "core/base/half.h"
#include "core/base/mapped_file.h"
#include "core/base/memory_budget.h"
#include "core/base/pages.h"
#include "core/base/status.h"

namespace lite {
namespace {

Result<int> half_of(int x) {
  if (x % 2 != 0) return invalid_argument("half_of: x is ", x, ", an even number is wanted");
  return x / 2;
}
Result<int> quarter_of(int x) {
  LITE_ASSIGN(const int h, half_of(x));
  LITE_ASSIGN(const int q, half_of(h));
  return q;
}

TEST(Status, PassesErrorsOn) {
  EXPECT_EQ(quarter_of(8).value(), 2);
  const auto r = quarter_of(6);
  ASSERT_FALSE(r.is_ok());
  EXPECT_EQ(r.error().code, Code::kInvalidArgument);
  EXPECT_EQ(r.error().message, "half_of: x is 3, an even number is wanted");
  const Status s = r.status().with_context("caller");
  EXPECT_EQ(s.message(), "caller: half_of: x is 3, an even number is wanted");
}

TEST(DType, SizesPackSubBytes) {
  EXPECT_EQ(dtype_bytes(DType::kI4, 3), 2u);
  EXPECT_EQ(dtype_bytes(DType::kU2, 5), 2u);
  EXPECT_EQ(dtype_bytes(DType::kF32, 3), 12u);
  EXPECT_FALSE(dtype_bytes(DType::kF64, std::numeric_limits<int64_t>::max()).has_value());
  EXPECT_FALSE(dtype_bytes(DType::kF64, -1).has_value());
  for (int i = 1; i < kNumDTypes; ++i) {
    const auto t = static_cast<DType>(i);
    EXPECT_EQ(dtype_from_name(dtype_name(t)), t);
    EXPECT_GT(dtype_bits(t), 0u);
  }
}

TEST(Dims, GrowsPastItsInlineSpace) {
  Dims d;
  for (int64_t i = 0; i < 20; ++i) d.push_back(i);
  Dims copy = d, moved = std::move(d);
  EXPECT_EQ(copy, moved);
  EXPECT_EQ(d.size(), 0u);
  d = copy;
  d.erase(0);
  d.insert(2, 77);
  EXPECT_EQ(d[0], 1);
  EXPECT_EQ(d[2], 77);
  EXPECT_EQ(d[3], 3);
  EXPECT_EQ(d.size(), 20u);
}

TEST(Dims, ElementsAreChecked) {
  EXPECT_EQ(checked_elements(Dims{}), 1);
  EXPECT_EQ(checked_elements(Dims{2, 0, 3}), 0);
  EXPECT_FALSE(checked_elements(Dims{2, -1}).has_value());
  EXPECT_FALSE(checked_elements(Dims{int64_t{1} << 40, int64_t{1} << 40}).has_value());
  // A zero does not excuse the dimensions beside it.
  EXPECT_FALSE(checked_elements(Dims{0, int64_t{1} << 40, int64_t{1} << 40}).has_value());
  EXPECT_EQ(row_major_strides(Dims{2, 3, 4}), (Dims{12, 4, 1}));
}

TEST(Half, RoundTripsEveryValue) {
  for (uint32_t i = 0; i < 65536; ++i) {
    const auto h = static_cast<uint16_t>(i);
    const float f = f16_to_f32(h);
    if (std::isnan(f)) {
      EXPECT_TRUE(std::isnan(f16_to_f32(f32_to_f16(f))));
    } else {
      EXPECT_EQ(f32_to_f16(f), h) << i;
    }
    const float b = bf16_to_f32(h);
    if (!std::isnan(b)) {
      EXPECT_EQ(f32_to_bf16(b), h) << i;
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(f32_to_f16(1.0f + 0x1p-11f), 0x3c00);      // tie to even, down
  EXPECT_EQ(f32_to_f16(1.0f + 3 * 0x1p-11f), 0x3c02);  // tie to even, up
  EXPECT_EQ(f32_to_f16(65519.0f), 0x7bff);
  EXPECT_EQ(f32_to_f16(65520.0f), 0x7c00);  // rounds to infinity
  EXPECT_EQ(f32_to_f16(0x1p-25f), 0x0000);  // half the smallest subnormal, tie to even
  EXPECT_EQ(f32_to_f16(-0x1.8p-25f), 0x8001);
  EXPECT_EQ(f32_to_bf16(std::numeric_limits<float>::max()), 0x7f80);
}

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = ::testing::TempDir() + "lite_files_" +
           ::testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_EQ(std::system(("rm -rf '" + dir_ + "' && mkdir -p '" + dir_ + "/sub'").c_str()), 0);
    std::ofstream(dir_ + "/sub/weights.bin") << "0123456789";
    std::ofstream(dir_ + "/empty");
  }
  std::string dir_;
};

TEST_F(Files, MapsAndNamesWhatIsWrong) {
  auto bytes = map_file(dir_ + "/sub/weights.bin");
  ASSERT_TRUE(bytes.is_ok());
  EXPECT_EQ(bytes.value().view.size(), 10u);
  EXPECT_EQ(std::memcmp(bytes.value().view.data(), "0123456789", 10), 0);
  EXPECT_EQ(map_file(dir_ + "/empty").value().view.size(), 0u);
  EXPECT_EQ(map_file(dir_ + "/missing").error().code, Code::kNotFound);
  EXPECT_EQ(map_file(dir_).error().code, Code::kIo);
  EXPECT_NE(map_file(dir_ + "/missing").error().message.find("missing"), std::string::npos);
}

TEST_F(Files, ReadsWhatStaysWhenTheFileChanges) {
  const std::string path = dir_ + "/sub/weights.bin";
  const Bytes whole = read_file(path).value(), below = read_file_beneath(dir_, "sub/weights.bin").value();
  std::ofstream(path) << "short";
  for (const Bytes& bytes : {whole, below}) {
    ASSERT_EQ(bytes.view.size(), 10u);
    EXPECT_EQ(std::memcmp(bytes.view.data(), "0123456789", 10), 0);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes.view.data()) % 64, 0u);
  }
  EXPECT_EQ(read_file(dir_ + "/empty").value().view.size(), 0u);
  EXPECT_EQ(read_file(dir_ + "/missing").error().code, Code::kNotFound);
  EXPECT_EQ(read_file(dir_).error().code, Code::kIo);
  EXPECT_FALSE(read_file_beneath(dir_, "../x").is_ok());
}

TEST_F(Files, ForgottenPagesComeBack) {
  const std::string path = dir_ + "/big";
  std::ofstream(path) << std::string(1 << 20, 'x');
  const Bytes bytes = map_file(path).value();
  EXPECT_EQ(bytes.view[70000], std::byte{'x'});
  forget_pages(bytes.view.data() + 1, bytes.view.size() - 1);
  EXPECT_EQ(bytes.view[70000], std::byte{'x'});
  // Memory that is no file's is not touched, nor is what reaches beyond a file's end.
  std::vector<char> own(1 << 20, 'y');
  forget_pages(own.data(), own.size());
  EXPECT_EQ(own[70000], 'y');
  forget_pages(bytes.view.data(), bytes.view.size() * 2);
}

TEST_F(Files, StaysBeneathTheFolder) {
  ASSERT_EQ(std::system(
                ("cd '" + dir_ +
                 "' && ln -s /etc/passwd link && ln -s sub linkdir && ln sub/weights.bin hard && mkfifo fifo")
                    .c_str()),
            0);
  EXPECT_EQ(std::system(("rm '" + dir_ + "/hard'").c_str()), 0);
  EXPECT_TRUE(map_file_beneath(dir_, "sub/weights.bin").is_ok());
  EXPECT_TRUE(map_file_beneath(dir_, "./sub//weights.bin").is_ok());
  for (const char* bad : {"../x", "sub/../../x", "sub/..", "/etc/passwd", "", "link", "linkdir/weights.bin",
                          "fifo", "sub", "sub/", "a\\b"})
    EXPECT_FALSE(map_file_beneath(dir_, bad).is_ok()) << bad;
  EXPECT_FALSE(map_file_beneath(dir_, std::string("sub/weights.bin\0x", 17)).is_ok());
  ASSERT_EQ(std::system(("ln '" + dir_ + "/sub/weights.bin' '" + dir_ + "/hard'").c_str()), 0);
  EXPECT_FALSE(map_file_beneath(dir_, "hard").is_ok());
}

TEST(MemoryBudget, CountsWhatLives) {
  const auto budget = std::make_shared<MemoryBudget>(100, "the test");
  EXPECT_EQ(MemoryBudget::current(), nullptr);
  {
    const MemoryBudget::Scope scope(budget);
    EXPECT_EQ(MemoryBudget::current(), budget);
    EXPECT_TRUE(budget->take(60));
    EXPECT_FALSE(budget->take(41));
    EXPECT_TRUE(budget->take(40));
    EXPECT_FALSE(budget->take(SIZE_MAX));
    const MemoryBudget::Scope none(nullptr);
    EXPECT_EQ(MemoryBudget::current(), nullptr);
  }
  EXPECT_EQ(MemoryBudget::current(), nullptr);
  budget->give_back(60);
  EXPECT_EQ(budget->used(), 40u);
}

TEST(Pages, HugeOnesAreAlignedZeroedAndWhole) {
  for (const size_t bytes : {size_t{1}, kHugePage - 1, kHugePage, 3 * kHugePage + 5}) {
    auto* const p = static_cast<unsigned char*>(allocate_huge_pages(bytes));
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(p) % kHugePage, 0u);
    EXPECT_EQ(p[0] + p[bytes - 1], 0);
    memset(p, 1, bytes);
    free_huge_pages(p, bytes);
  }
  EXPECT_EQ(allocate_huge_pages(SIZE_MAX), nullptr);
  EXPECT_EQ(allocate_huge_pages(SIZE_MAX - kHugePage), nullptr);
}

TEST(Cpu, IsAtLeastOne) {
  EXPECT_GE(usable_cpus(), 1);
  EXPECT_GT(l1_data_bytes(), 0u);
  EXPECT_FALSE(cpu_isa_name().empty());
}

// Memory of any kind, whole pages or not, with what was written to it before.
TEST(Pages, PopulateKeepsContents) {
  for (const size_t bytes : {size_t{1}, size_t{4096}, (size_t{1} << 18) + 5}) {
    std::vector<char> data(bytes + 3, 'x');
    populate(data.data() + 3, bytes);
    EXPECT_EQ(std::count(data.begin(), data.end(), 'x'), static_cast<std::ptrdiff_t>(data.size()));
  }
}

}  // namespace
}  // namespace lite
