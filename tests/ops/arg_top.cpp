#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Arg, FirstOrLast) {
  const Tensor x = f32({2, 3}, {1, 3, 3, 5, -5, -5});
  expect_equal(eval("ArgMax", {x}, {{"axis", int64_t{1}}}), i64({2, 1}, {1, 0}));
  expect_equal(eval("ArgMax", {x},
                    {{"axis", int64_t{-1}}, {"select_last_index", int64_t{1}}, {"keepdims", int64_t{0}}}),
               i64({2}, {2, 0}));
  expect_equal(eval("ArgMin", {x}), i64({1, 3}, {0, 1, 1}));
  expect_equal(eval("ArgMax", {f32({3}, {1, kNaN, 2})}), i64({1}, {1}));
  EXPECT_NE(error_of("ArgMax", {f32({0, 2}, {})}).find("is empty"), std::string::npos);
}

TEST(TopK, OrderAndTies) {
  auto r = run_op("TopK", {f32({1, 5}, {1, 9, kNaN, 9, 2}), i64({1}, {4})}, {}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({1, 4}, {kNaN, 9, 9, 2}));
  expect_equal(r.value()[1], i64({1, 4}, {2, 1, 3, 4}));
  r = run_op("TopK", {i32({2, 2}, {4, 3, 2, 1}), i64({1}, {1})},
             {{"axis", int64_t{0}}, {"largest", int64_t{0}}}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], i32({1, 2}, {2, 1}));
  expect_equal(r.value()[1], i64({1, 2}, {1, 1}));
  EXPECT_NE(error_of("TopK", {f32({2}, {1, 2}), i64({1}, {3})}).find("K is 3, dimension 0 has 2"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
