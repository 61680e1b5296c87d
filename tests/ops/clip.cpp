#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Clip, KeepsWithinBounds) {
  expect_equal(eval("Clip", {f32({4}, {-2, 0.5f, kNaN, 9}), f32({}, {-1}), f32({}, {1})}),
               f32({4}, {-1, 0.5f, kNaN, 1}));
}

TEST(Clip, BoundsMayBeLeftOut) {
  expect_equal(eval("Clip", {i32({3}, {-5, 0, 5}), Tensor(), i32({}, {2})}), i32({3}, {-5, 0, 2}));
  expect_equal(eval("Clip", {f16({2}, {-5, 5})}), f16({2}, {-5, 5}));
}

TEST(Clip, LowerAboveUpperGivesUpper) {
  expect_equal(eval("Clip", {f32({2}, {0, 9}), f32({}, {3}), f32({}, {1})}), f32({2}, {1, 1}));
}

TEST(Clip, RejectsBoundsThatAreNotScalars) {
  EXPECT_NE(error_of("Clip", {f32({2}, {0, 9}), f32({1, 2}, {3, 3})}).find("min has shape [1,2]"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
