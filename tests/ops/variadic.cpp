#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Variadic, MaxAndMin) {
  expect_equal(eval("Max", {f32({2, 1}, {1, 5}), f32({2}, {3, kNaN}), f32({}, {2})}),
               f32({2, 2}, {3, kNaN, 5, kNaN}));
  expect_equal(eval("Min", {i32({2}, {1, 5}), i32({}, {3})}), i32({2}, {1, 3}));
  expect_equal(eval("Max", {u8({1}, {7})}), u8({1}, {7}));
}

TEST(Variadic, SumAndMean) {
  expect_equal(eval("Sum", {f32({2}, {1, 2}), f32({2}, {3, 4}), f32({}, {10})}), f32({2}, {14, 16}));
  expect_equal(eval("Mean", {f16({2}, {1, 2}), f16({2}, {3, 4})}), f16({2}, {2, 3}));
  EXPECT_NE(error_of("Sum", {}).find("'data_0' is missing"), std::string::npos);
}

TEST(Variadic, Where) {
  expect_equal(eval("Where", {bools({2, 1}, {1, 0}), i64({2}, {1, 2}), i64({}, {9})}),
               i64({2, 2}, {1, 2, 9, 9}));
  expect_equal(eval("Where", {bools({2}, {1, 0}), strings({2}, {"a", "b"}), strings({}, {"z"})}),
               strings({2}, {"a", "z"}));
}

}  // namespace
}  // namespace lite::test
