#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(OneHot, AxisAndRange) {
  const Tensor depth = i64({}, {3}), on_off = f32({2}, {0, 1});
  expect_equal(eval("OneHot", {i64({3}, {0, -1, 7}), depth, on_off}),
               f32({3, 3}, {1, 0, 0, 0, 0, 1, 0, 0, 0}));
  expect_equal(eval("OneHot", {f32({2}, {1, 2}), depth, on_off}, {{"axis", int64_t{0}}}),
               f32({3, 2}, {0, 0, 1, 0, 0, 1}));
  EXPECT_NE(error_of("OneHot", {i64({1}, {0}), i64({}, {-1}), on_off}).find("depth is -1"),
            std::string::npos);
}

TEST(NonZero, Indices) {
  expect_equal(eval("NonZero", {f32({2, 2}, {0, 1, -0.0f, kNaN})}), i64({2, 2}, {0, 1, 1, 1}));
  expect_equal(eval("NonZero", {bools({2}, {0, 0})}), i64({1, 0}, {}));
}

TEST(Compress, AlongAndFlat) {
  const Tensor x = f32({2, 2}, {1, 2, 3, 4});
  expect_equal(eval("Compress", {x, bools({2}, {0, 1})}, {{"axis", int64_t{1}}}), f32({2, 1}, {2, 4}));
  expect_equal(eval("Compress", {x, bools({3}, {1, 0, 1})}), f32({2}, {1, 3}));
  EXPECT_NE(error_of("Compress", {x, bools({3}, {0, 0, 1})}, {{"axis", int64_t{0}}}).find("marks 2"),
            std::string::npos);
}

TEST(Unique, SortedAndNot) {
  const Tensor x = f32({6}, {2, 1, 1, 3, 4, 3});
  auto r = run_op("Unique", {x}, {}, 4);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({4}, {1, 2, 3, 4}));
  expect_equal(r.value()[1], i64({4}, {1, 0, 3, 4}));
  expect_equal(r.value()[2], i64({6}, {1, 0, 0, 2, 3, 2}));
  expect_equal(r.value()[3], i64({4}, {2, 1, 2, 1}));
  r = run_op("Unique", {x}, {{"sorted", int64_t{0}}}, 4);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({4}, {2, 1, 3, 4}));
  expect_equal(r.value()[2], i64({6}, {0, 1, 1, 2, 3, 2}));
  expect_equal(eval("Unique", {i64({3, 2}, {1, 0, 1, 0, 2, 3})}, {{"axis", int64_t{0}}}),
               i64({2, 2}, {1, 0, 2, 3}));
}

TEST(ReverseSequence, BothLayouts) {
  expect_equal(eval("ReverseSequence", {f32({3, 2}, {1, 2, 3, 4, 5, 6}), i64({2}, {3, 2})}),
               f32({3, 2}, {5, 4, 3, 2, 1, 6}));
  expect_equal(eval("ReverseSequence", {f32({2, 2}, {1, 2, 3, 4}), i64({2}, {1, 2})},
                    {{"time_axis", int64_t{1}}, {"batch_axis", int64_t{0}}}),
               f32({2, 2}, {1, 2, 4, 3}));
  EXPECT_NE(error_of("ReverseSequence", {f32({1, 1}, {1}), i64({1}, {2})}).find("holds 2"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
