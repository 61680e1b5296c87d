#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(CumSum, AllFlags) {
  const Tensor x = f32({3}, {1, 2, 3}), axis = i64({}, {0});
  expect_equal(eval("CumSum", {x, axis}), f32({3}, {1, 3, 6}));
  expect_equal(eval("CumSum", {x, axis}, {{"exclusive", int64_t{1}}}), f32({3}, {0, 1, 3}));
  expect_equal(eval("CumSum", {x, axis}, {{"reverse", int64_t{1}}}), f32({3}, {6, 5, 3}));
  expect_equal(eval("CumSum", {i32({2, 2}, {1, 2, 3, 4}), i32({}, {-2})}), i32({2, 2}, {1, 2, 4, 6}));
  expect_equal(eval("CumProd", {x, axis}, {{"exclusive", int64_t{1}}, {"reverse", int64_t{1}}}),
               f32({3}, {6, 3, 1}));
  EXPECT_NE(error_of("CumSum", {x, i64({}, {1})}).find("axis 1"), std::string::npos);
}

TEST(Trilu, Diagonals) {
  const Tensor x = i64({2, 3}, {1, 2, 3, 4, 5, 6});
  expect_equal(eval("Trilu", {x}), i64({2, 3}, {1, 2, 3, 0, 5, 6}));
  expect_equal(eval("Trilu", {x}, {{"upper", int64_t{0}}}), i64({2, 3}, {1, 0, 0, 4, 5, 0}));
  expect_equal(eval("Trilu", {x, i64({}, {1})}), i64({2, 3}, {0, 2, 3, 0, 0, 6}));
  expect_equal(eval("Trilu", {x, i64({}, {std::numeric_limits<int64_t>::max()})}),
               i64({2, 3}, {0, 0, 0, 0, 0, 0}));
  EXPECT_NE(error_of("Trilu", {i64({2}, {1, 2})}).find("rank 1"), std::string::npos);
}

TEST(Det, Batches) {
  expect_near(eval("Det", {f32({2, 2, 2}, {1, 2, 3, 4, 0, 1, 1, 0})}), f32({2}, {-2, -1}));
  EXPECT_NE(error_of("Det", {f32({1, 2}, {1, 2})}).find("not square"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
