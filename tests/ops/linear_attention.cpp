#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
Attrs heads(int64_t q, int64_t kv, const char* rule) {
  return {{"q_num_heads", q}, {"kv_num_heads", kv}, {"update_rule", std::string(rule)}, {"scale", 1.0f}};
}

TEST(LinearAttention, FollowsEachRule) {
  const Tensor q = f32({1, 2, 1}, {1, 1}), k = f32({1, 2, 1}, {1, 2}), v = f32({1, 2, 1}, {3, 5});
  const Tensor half = f32({1, 2, 1}, {std::log(0.5f), std::log(0.5f)}), beta = f32({1, 2, 1}, {1, 0.5f});
  expect_near(eval("LinearAttention", {q, k, v}, heads(1, 1, "linear")), f32({1, 2, 1}, {3, 13}));
  expect_near(eval("LinearAttention", {q, k, v, Tensor(), half}, heads(1, 1, "gated")),
              f32({1, 2, 1}, {3, 11.5f}));
  expect_near(eval("LinearAttention", {q, k, v, Tensor(), Tensor(), beta}, heads(1, 1, "delta")),
              f32({1, 2, 1}, {3, 2}));
  auto r =
      run_op("LinearAttention", {q, k, v, f32({1, 1, 1, 1}, {2}), half, beta}, heads(1, 1, "gated_delta"), 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_near(r.value()[0],
              f32({1, 2, 1}, {3, 3.5f}));  // 1 + 1 * (3 - 1), then 1.5 + 2 * 0.5 * (5 - 2 * 1.5) is 3.5
  expect_near(r.value()[1], f32({1, 1, 1, 1}, {3.5f}));
  EXPECT_TRUE(contains(error_of("LinearAttention", {q, k, v}, heads(1, 1, "gated")), "decay is missing"));
  EXPECT_TRUE(contains(error_of("LinearAttention", {q, k, v}, heads(1, 0, "linear")), "are 1 and 0"));
}

TEST(CausalConvWithState, CarriesTheLastPositions) {
  const Tensor x = f32({1, 1, 2}, {1, 2}), w = f32({1, 1, 3}, {1, 10, 100});
  auto r = run_op("CausalConvWithState", {x, w, f32({1}, {0.5f}), f32({1, 1, 2}, {3, 4})}, {}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_near(r.value()[0], f32({1, 1, 2}, {143.5f, 214.5f}));
  expect_equal(r.value()[1], f32({1, 1, 2}, {1, 2}));
  EXPECT_TRUE(
      contains(error_of("CausalConvWithState", {x, f32({2, 1, 1}, {1, 1})}), "weight has shape [2,1,1]"));
}

}  // namespace
}  // namespace lite::test
