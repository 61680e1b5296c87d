#include <bit>

#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

Tensor cast(const Tensor& x, DType to, Attrs more = {}) {
  more.push_back({"to", static_cast<int64_t>(to)});
  return eval("Cast", {x}, std::move(more));
}

TEST(Cast, FloatToIntegerTruncatesAndKeepsToTheLimits) {
  expect_equal(cast(f32({5}, {1.9f, -1.9f, 300, -300, kNaN}), DType::kI8), i8({5}, {1, -1, 127, -128, 0}));
  expect_equal(cast(f32({2}, {-1, kInf}), DType::kU8), u8({2}, {0, 255}));
  expect_equal(cast(f32({1}, {0x1p63f}), DType::kI64), i64({1}, {std::numeric_limits<int64_t>::max()}));
}

TEST(Cast, IntegerToIntegerDropsHighBits) {
  expect_equal(cast(i32({2}, {200, 256}), DType::kI8), i8({2}, {-56, 0}));
  expect_equal(cast(i64({2}, {-1, 3}), DType::kU8), u8({2}, {255, 3}));
}

TEST(Cast, Bool) {
  expect_equal(cast(f32({4}, {0, -0.0f, 0.1f, kNaN}), DType::kBool), bools({4}, {0, 0, 1, 1}));
  expect_equal(cast(bools({2}, {1, 0}), DType::kF32), f32({2}, {1, 0}));
}

TEST(Cast, DoubleToHalfRoundsOnce) {
  // Through float this would be a tie and go down.
  expect_equal(cast(f64({1}, {1.0 + 0x1p-11 + 0x1p-40}), DType::kF16), f16({1}, {1.0f + 0x1p-10f}));
  expect_equal(cast(f64({1}, {1.0 + 0x1p-8 + 0x1p-40}), DType::kBF16), bf16({1}, {1.0f + 0x1p-7f}));
  expect_equal(cast(f64({1}, {1e10}), DType::kF16), f16({1}, {kInf}));
}

TEST(Cast, SmallFloats) {
  EXPECT_EQ(values(cast(f32({4}, {0.1f, 1000, -1000, kNaN}), DType::kF8E4M3FN))[1], 448);
  const std::vector<double> loose =
      values(cast(f32({2}, {1000, 1e9f}), DType::kF8E5M2, {{"saturate", int64_t{0}}}));
  EXPECT_EQ(loose[0], 1024);
  EXPECT_TRUE(std::isinf(loose[1]));
  EXPECT_EQ(values(cast(f32({3}, {0.5f, 5.1f, -9}), DType::kF4E2M1)), (std::vector<double>{0.5, 6, -6}));
  EXPECT_EQ(values(cast(f32({2}, {3, 4}), DType::kF8E8M0)), (std::vector<double>{4, 4}));
  EXPECT_EQ(values(cast(f32({1}, {3}), DType::kF8E8M0, {{"round_mode", std::string("down")}})),
            (std::vector<double>{2}));
}

TEST(Cast, FourBits) {
  EXPECT_EQ(values(cast(i32({3}, {-8, 7, 9}), DType::kI4)), (std::vector<double>{-8, 7, -7}));
  EXPECT_EQ(values(cast(cast(u8({3}, {1, 15, 16}), DType::kU4), DType::kF32)),
            (std::vector<double>{1, 15, 0}));
}

TEST(Cast, Text) {
  expect_equal(cast(strings({5}, {"3.5", "-1e-2", "+INF", "nan", "-inf"}), DType::kF32),
               f32({5}, {3.5f, -0.01f, kInf, kNaN, -kInf}));
  expect_equal(cast(strings({2}, {"9007199254740993", "-7"}), DType::kI64), i64({2}, {9007199254740993, -7}));
  expect_equal(cast(i32({2}, {-5, 10}), DType::kString), strings({2}, {"-5", "10"}));
  expect_equal(cast(f32({1}, {0.1f}), DType::kString), strings({1}, {"0.1"}));
  EXPECT_EQ(error_of("Cast", {strings({1}, {"ten"})}, {{"to", int64_t{1}}}), "Cast: \"ten\" is not a number");
}

TEST(Cast, LikeAndBits) {
  expect_equal(eval("CastLike", {f32({1}, {2.5f}), i32({}, {0})}), i32({1}, {2}));
  expect_equal(eval("BitCast", {f32({1}, {1})}, {{"to", static_cast<int64_t>(DType::kI32)}}),
               i32({1}, {0x3f800000}));
  EXPECT_NE(error_of("BitCast", {f32({1}, {1})}, {{"to", static_cast<int64_t>(DType::kI64)}}).find("64"),
            std::string::npos);
  EXPECT_NE(error_of("Cast", {f32({1}, {1})}, {{"to", int64_t{99}}}).find("to = 99"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
