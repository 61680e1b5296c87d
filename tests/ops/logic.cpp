#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Logic, Compares) {
  const Tensor a = f32({4}, {1, 2, 3, kNaN}), b = f32({}, {2});
  expect_equal(eval("Equal", {a, b}), bools({4}, {0, 1, 0, 0}));
  expect_equal(eval("Less", {a, b}), bools({4}, {1, 0, 0, 0}));
  expect_equal(eval("LessOrEqual", {a, b}), bools({4}, {1, 1, 0, 0}));
  expect_equal(eval("Greater", {a, b}), bools({4}, {0, 0, 1, 0}));
  expect_equal(eval("GreaterOrEqual", {a, b}), bools({4}, {0, 1, 1, 0}));
  expect_equal(eval("Less", {tensor<uint64_t>(DType::kU64, {1}, {1}),
                             tensor<uint64_t>(DType::kU64, {1}, {~uint64_t{0}})}),
               bools({1}, {1}));
}

TEST(Logic, EqualStringsAndBools) {
  expect_equal(eval("Equal", {strings({2}, {"a", "b"}), strings({}, {"b"})}), bools({2}, {0, 1}));
  expect_equal(eval("Equal", {bools({2}, {0, 1}), bools({2}, {0, 0})}), bools({2}, {1, 0}));
}

TEST(Logic, Booleans) {
  const Tensor a = bools({4}, {0, 0, 1, 1}), b = bools({4}, {0, 1, 0, 1});
  expect_equal(eval("And", {a, b}), bools({4}, {0, 0, 0, 1}));
  expect_equal(eval("Or", {a, b}), bools({4}, {0, 1, 1, 1}));
  expect_equal(eval("Xor", {a, b}), bools({4}, {0, 1, 1, 0}));
}

TEST(Logic, Bits) {
  const Tensor a = i32({2}, {12, -1}), b = i32({2}, {10, 5});
  expect_equal(eval("BitwiseAnd", {a, b}), i32({2}, {8, 5}));
  expect_equal(eval("BitwiseOr", {a, b}), i32({2}, {14, -1}));
  expect_equal(eval("BitwiseXor", {a, b}), i32({2}, {6, -6}));
}

TEST(Logic, Shifts) {
  const Attrs left{{"direction", std::string("LEFT")}}, right{{"direction", std::string("RIGHT")}};
  expect_equal(eval("BitShift", {u8({3}, {1, 255, 3}), u8({3}, {7, 1, 8})}, left), u8({3}, {128, 254, 0}));
  expect_equal(eval("BitShift", {u8({3}, {128, 255, 3}), u8({3}, {7, 1, 200})}, right), u8({3}, {1, 127, 0}));
  expect_equal(eval("BitShift", {i8({4}, {-8, -8, 8, -1}), i8({4}, {1, 8, -1, 127})}, right),
               i8({4}, {-4, -1, 0, -1}));
  EXPECT_NE(
      error_of("BitShift", {u8({1}, {1}), u8({1}, {1})}, {{"direction", std::string("UP")}}).find("'UP'"),
      std::string::npos);
}

}  // namespace
}  // namespace lite::test
