#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const char* const kDomain = "com.microsoft";
const Tensor kOne = f32({}, {1}), kZero = u8({}, {0});

TEST(QLinearUnary, CalculatesOnRealNumbers) {
  expect_equal(
      eval("QLinearSigmoid", {u8({2}, {10, 255}), f32({}, {0.1f}), u8({}, {10}), f32({}, {0.01f}), kZero}, {},
           kDomain),
      u8({2}, {50, 100}));
  expect_equal(eval("QLinearLeakyRelu", {i8({2}, {-8, 8}), kOne, Tensor(), kOne}, {{"alpha", 0.5f}}, kDomain),
               i8({2}, {-4, 8}));
  const Attrs soft{{"opset", int64_t{13}}, {"axis", int64_t{0}}};
  expect_equal(
      eval("QLinearSoftmax", {u8({2, 1}, {7, 7}), kOne, kZero, f32({}, {0.01f}), kZero}, soft, kDomain),
      u8({2, 1}, {50, 50}));
}

TEST(QLinearAveragePool, PoolsAndRequantises) {
  const Attrs attrs{{"kernel_shape", Ints{2}}};
  expect_equal(
      eval("QLinearAveragePool",
           {u8({1, 1, 3}, {12, 14, 18}), kOne, u8({}, {10}), f32({}, {0.5f}), u8({}, {1})}, attrs, kDomain),
      u8({1, 1, 2}, {7, 13}));
}

TEST(QLinearConcat, BringsAllToOneScale) {
  expect_equal(
      eval("QLinearConcat",
           {kOne, kZero, u8({1, 2}, {1, 2}), kOne, kZero, u8({1, 1}, {4}), f32({}, {2}), u8({}, {1})},
           {{"axis", int64_t{1}}}, kDomain),
      u8({1, 3}, {1, 2, 6}));
  EXPECT_NE(
      error_of("QLinearConcat", {kOne, kZero, u8({1, 2}, {1, 2}), kOne}, {{"axis", int64_t{1}}}, kDomain)
          .find("has 4 inputs"),
      std::string::npos);
}

}  // namespace
}  // namespace lite::test
