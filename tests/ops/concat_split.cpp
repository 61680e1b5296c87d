#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Concat, JoinsAlongAnAxis) {
  const Tensor a = f32({2, 1}, {1, 2}), b = f32({2, 2}, {3, 4, 5, 6});
  expect_equal(eval("Concat", {a, b}, {{"axis", int64_t{-1}}}), f32({2, 3}, {1, 3, 4, 2, 5, 6}));
  expect_equal(eval("Concat", {b, f32({0, 2}, {})}, {{"axis", int64_t{0}}}), b);
  EXPECT_NE(error_of("Concat", {a, b}, {{"axis", int64_t{0}}})
                .find("dimension 1 is 1 in one input and 2 in another"),
            std::string::npos);
  EXPECT_NE(error_of("Concat", {f32({}, {1})}, {{"axis", int64_t{0}}}).find("out of range for rank 0"),
            std::string::npos);
}

TEST(Split, EqualParts) {
  const auto r = run_op("Split", {f32({5}, {1, 2, 3, 4, 5})}, {{"num_outputs", int64_t{2}}}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({3}, {1, 2, 3}));
  expect_equal(r.value()[1], f32({2}, {4, 5}));
}

TEST(Split, GivenSizes) {
  const auto r =
      run_op("Split", {f32({2, 3}, {1, 2, 3, 4, 5, 6}), i64({2}, {1, 2})}, {{"axis", int64_t{1}}}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({2, 1}, {1, 4}));
  expect_equal(r.value()[1], f32({2, 2}, {2, 3, 5, 6}));
  EXPECT_NE(error_of("Split", {f32({3}, {1, 2, 3}), i64({1}, {2})}).find("adds up to 2, dimension 0 is 3"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
