#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Shape, WholeAndPart) {
  const Tensor x = f32({2, 0, 3}, {});
  expect_equal(eval("Shape", {x}), i64({3}, {2, 0, 3}));
  expect_equal(eval("Shape", {x}, {{"start", int64_t{-1}}}), i64({1}, {3}));
  expect_equal(eval("Shape", {x}, {{"start", int64_t{1}}, {"end", int64_t{-1}}}), i64({1}, {0}));
  expect_equal(eval("Shape", {x}, {{"start", int64_t{2}}, {"end", int64_t{1}}}), i64({0}, {}));
  expect_equal(eval("Shape", {f32({}, {1})}), i64({0}, {}));
}

TEST(Size, CountsElements) {
  expect_equal(eval("Size", {f32({2, 3}, {1, 2, 3, 4, 5, 6})}), i64({}, {6}));
  expect_equal(eval("Size", {f32({}, {1})}), i64({}, {1}));
}

}  // namespace
}  // namespace lite::test
