#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};

Tensor packed(DType dtype, Dims dims, const std::vector<uint8_t>& bytes) {
  Tensor t = std::move(Tensor::allocate(dtype, std::move(dims))).value();
  EXPECT_EQ(t.bytes(), bytes.size());
  std::copy(bytes.begin(), bytes.end(), t.mutable_data<uint8_t>());
  return t;
}

TEST(QuantizeLinear, RoundsHalvesToEvenAndSaturates) {
  expect_equal(eval("QuantizeLinear", {f32({5}, {1, 3, 5, -1000, kInf}), f32({}, {2}), u8({}, {10})}),
               u8({5}, {10, 12, 12, 0, 255}));
  expect_equal(eval("QuantizeLinear", {f32({2}, {1.5f, 300}), f32({}, {1})}), u8({2}, {2, 255}));
}

TEST(QuantizeLinear, ByAxisAndByBlock) {
  const Tensor x = f32({2, 2}, {1, 2, 3, 4});
  expect_equal(eval("QuantizeLinear", {x, f32({2}, {1, 2}), i8({2}, {0, 1})}), i8({2, 2}, {1, 2, 3, 3}));
  expect_equal(eval("QuantizeLinear", {x, f32({2}, {1, 2}), i8({2}, {0, 1})}, {{"axis", int64_t{0}}}),
               i8({2, 2}, {1, 2, 3, 3}));
  expect_equal(eval("QuantizeLinear", {f32({1, 3}, {4, 4, 4}), f32({1, 2}, {1, 2}), i8({1, 2}, {0, 0})},
                    {{"block_size", int64_t{2}}}),
               i8({1, 3}, {4, 4, 2}));
}

TEST(QuantizeLinear, PacksFourBits) {
  const auto i4 = static_cast<int64_t>(DType::kI4);
  expect_equal(eval("QuantizeLinear", {f32({3}, {1, -2, 99}), f32({}, {1})}, {{"output_dtype", i4}}),
               packed(DType::kI4, {3}, {0xe1, 0x07}));
}

TEST(QuantizeLinear, EightBitFloatsMayOverflow) {
  const auto f8 = static_cast<int64_t>(DType::kF8E4M3FN);
  const Tensor x = f32({2}, {1, 1000}), one = f32({}, {1});
  expect_equal(eval("QuantizeLinear", {x, one}, {{"output_dtype", f8}}),
               packed(DType::kF8E4M3FN, {2}, {0x38, 0x7e}));
  expect_equal(eval("QuantizeLinear", {x, one}, {{"output_dtype", f8}, {"saturate", int64_t{0}}}),
               packed(DType::kF8E4M3FN, {2}, {0x38, 0x7f}));
}

TEST(QuantizeLinear, NamesWhatIsWrong) {
  const Tensor x = f32({2, 2}, {1, 2, 3, 4});
  EXPECT_TRUE(contains(error_of("QuantizeLinear", {x, f32({3}, {1, 1, 1})}), "scale has shape [3]"));
  EXPECT_TRUE(contains(error_of("QuantizeLinear", {x, f32({2}, {1, 1}), u8({3}, {0, 0, 0})}),
                       "zero_point has shape [3]"));
  EXPECT_TRUE(contains(error_of("QuantizeLinear", {x, f32({}, {1})}, {{"output_dtype", int64_t{1}}}),
                       "'output_dtype' is 1"));
  EXPECT_TRUE(contains(error_of("QuantizeLinear", {x, f32({2}, {1, 1})}, {{"axis", int64_t{2}}}),
                       "axis 2 is out of range"));
}

TEST(DequantizeLinear, IsTheInverse) {
  expect_equal(eval("DequantizeLinear", {u8({3}, {0, 10, 255}), f32({}, {0.5f}), u8({}, {10})}),
               f32({3}, {-5, 0, 122.5f}));
  expect_equal(eval("DequantizeLinear", {i8({2, 2}, {1, 2, 3, 4}), f16({2}, {1, 2})}),
               f16({2, 2}, {1, 4, 3, 8}));
  expect_equal(eval("DequantizeLinear", {i32({1}, {-7}), f32({}, {2})}), f32({1}, {-14}));
  expect_equal(eval("DequantizeLinear", {packed(DType::kU4, {3}, {0x21, 0x0f}), f32({}, {1})}),
               f32({3}, {1, 2, 15}));
  expect_equal(eval("DequantizeLinear", {packed(DType::kI2, {3}, {0x39}), f32({}, {1})}),
               f32({3}, {1, -2, -1}));
}

TEST(DynamicQuantizeLinear, CoversItsInputAndZero) {
  auto r = run_op("DynamicQuantizeLinear", {f32({3}, {1, 2.55f, 0.5f})}, {}, 3);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], u8({3}, {100, 255, 50}));
  expect_near(r.value()[1], f32({}, {0.01f}));
  expect_equal(r.value()[2], u8({}, {0}));
  r = run_op("DynamicQuantizeLinear", {f32({2}, {0, 0})}, {}, 3);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], u8({2}, {0, 0}));
}

}  // namespace
}  // namespace lite::test
