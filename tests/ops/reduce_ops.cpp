#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const Tensor& x() {
  static const Tensor t = f32({2, 3}, {1, -2, 3, 4, 5, -6});
  return t;
}

TEST(Reduce, EveryKind) {
  const Tensor axes = i64({1}, {1});
  expect_near(eval("ReduceSum", {x(), axes}), f32({2, 1}, {2, 3}));
  expect_near(eval("ReduceMean", {x(), axes}), f32({2, 1}, {2.0f / 3, 1}));
  expect_near(eval("ReduceProd", {x(), axes}), f32({2, 1}, {-6, -120}));
  expect_near(eval("ReduceSumSquare", {x(), axes}), f32({2, 1}, {14, 77}));
  expect_near(eval("ReduceL1", {x(), axes}), f32({2, 1}, {6, 15}));
  expect_near(eval("ReduceL2", {x(), axes}), f32({2, 1}, {std::sqrt(14.0f), std::sqrt(77.0f)}));
  expect_near(eval("ReduceLogSum", {x(), axes}), f32({2, 1}, {std::log(2.0f), std::log(3.0f)}));
  expect_equal(eval("ReduceMax", {x(), axes}), f32({2, 1}, {3, 5}));
  expect_equal(eval("ReduceMin", {x(), axes}), f32({2, 1}, {-2, -6}));
  expect_near(eval("ReduceLogSumExp", {f32({2}, {1000, 1000})}), f32({1}, {1000 + std::log(2.0f)}));
}

TEST(Reduce, AxesAndKeepdims) {
  const Attrs drop{{"keepdims", int64_t{0}}};
  expect_near(eval("ReduceSum", {x()}, drop), f32({}, {5}));
  expect_near(eval("ReduceSum", {x(), i64({1}, {-2})}, drop), f32({3}, {5, 3, -3}));
  expect_near(eval("ReduceSum", {x(), i64({0}, {})}), f32({1, 1}, {5}));
  expect_near(eval("ReduceSum", {x(), i64({0}, {})}, {{"noop_with_empty_axes", int64_t{1}}}), x());
  EXPECT_NE(error_of("ReduceSum", {x(), i64({1}, {2})}).find("ReduceSum: axis 2"), std::string::npos);
  EXPECT_NE(error_of("ReduceSum", {x(), i64({2}, {0, -2})}).find("given twice"), std::string::npos);
}

TEST(Reduce, MiddleAxis) {
  expect_near(eval("ReduceSum", {f32({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), i64({1}, {1})},
                   {{"keepdims", int64_t{0}}}),
              f32({2, 2}, {4, 6, 12, 14}));
  expect_near(eval("ReduceSum", {f32({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), i64({2}, {0, 2})},
                   {{"keepdims", int64_t{0}}}),
              f32({2}, {14, 22}));
}

TEST(Reduce, OverNothing) {
  const Tensor none = f32({0}, {});
  expect_equal(eval("ReduceSum", {none}), f32({1}, {0}));
  expect_equal(eval("ReduceProd", {none}), f32({1}, {1}));
  expect_equal(eval("ReduceMean", {none}), f32({1}, {kNaN}));
  expect_equal(eval("ReduceMax", {none}), f32({1}, {-kInf}));
  expect_equal(eval("ReduceMin", {i32({0}, {})}), i32({1}, {std::numeric_limits<int32_t>::max()}));
  expect_equal(eval("ReduceLogSumExp", {none}), f32({1}, {-kInf}));
  EXPECT_EQ(error_of("ReduceMean", {i32({0}, {})}), "ReduceMean: the mean of no integers has no value");
}

TEST(Reduce, NaNWins) {
  expect_equal(eval("ReduceMax", {f32({3}, {1, kNaN, 2})}), f32({1}, {kNaN}));
  expect_equal(eval("ReduceMin", {f32({3}, {kNaN, 1, 2})}), f32({1}, {kNaN}));
}

TEST(Reduce, Integers) {
  expect_equal(eval("ReduceMean", {i32({2}, {-3, -4})}), i32({1}, {-3}));
  expect_equal(eval("ReduceSum", {i64({2}, {std::numeric_limits<int64_t>::max(), 1})}),
               i64({1}, {std::numeric_limits<int64_t>::min()}));
  expect_equal(eval("ReduceL2", {i32({2}, {3, -4})}), i32({1}, {5}));
  expect_equal(eval("ReduceL1", {i32({2}, {3, -4})}), i32({1}, {7}));
  expect_equal(eval("ReduceMax", {bools({2, 2}, {0, 1, 0, 0}), i64({1}, {1})}), bools({2, 1}, {1, 0}));
}

}  // namespace
}  // namespace lite::test
