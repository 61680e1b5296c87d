#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
// One head of width 1 whose scores are all 0: each query takes the mean of the values it sees.
const Tensor kQuery = f32({1, 1, 2, 1}, {0, 0}), kKey = f32({1, 1, 2, 1}, {1, 1}),
             kValue = f32({1, 1, 2, 1}, {1, 3});

TEST(Attention, MasksInEveryWay) {
  expect_near(eval("Attention", {kQuery, kKey, kValue}), f32({1, 1, 2, 1}, {2, 2}));
  expect_near(eval("Attention", {kQuery, kKey, kValue}, {{"is_causal", int64_t{1}}}),
              f32({1, 1, 2, 1}, {1, 2}));
  expect_near(eval("Attention", {kQuery, kKey, kValue, bools({2, 2}, {0, 1, 0, 0})}),
              f32({1, 1, 2, 1}, {3, 0}));
  expect_near(eval("Attention", {kQuery, kKey, kValue, f32({1, 1}, {0})}), f32({1, 1, 2, 1}, {1, 1}));
  expect_near(eval("Attention", {kQuery, kKey, kValue}, {{"left_window_size", int64_t{0}}}),
              f32({1, 1, 2, 1}, {2, 3}));
  expect_near(eval("Attention", {kQuery, kKey, kValue, Tensor(), Tensor(), Tensor(), i64({1}, {1})}),
              f32({1, 1, 2, 1}, {1, 1}));
}

TEST(Attention, CountsOfKeysMustFit) {
  EXPECT_TRUE(
      contains(error_of("Attention", {kQuery, kKey, kValue, Tensor(), Tensor(), Tensor(), i64({1}, {3})}),
               "nonpad_kv_seqlen[0] is 3, wanted in [0,2]"));
}

TEST(Attention, KeepsThePast) {
  const Tensor past = f32({1, 1, 1, 1}, {1}), past_value = f32({1, 1, 1, 1}, {8});
  auto r =
      run_op("Attention", {kQuery, kKey, kValue, Tensor(), past, past_value}, {{"is_causal", int64_t{1}}}, 3);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_near(r.value()[0], f32({1, 1, 2, 1}, {4.5f, 4}));
  expect_equal(r.value()[2], f32({1, 1, 3, 1}, {8, 1, 3}));
  EXPECT_TRUE(
      contains(error_of("Attention", {kQuery, kKey, kValue, Tensor(), past}), "past_key and past_value"));
}

TEST(Attention, SharesKeyHeadsInThreeDimensions) {
  const Tensor q = f32({1, 1, 2}, {0, 1}), k = f32({1, 2, 1}, {0, 1.0986123f}), v = f32({1, 2, 1}, {0, 4});
  const Attrs attrs{{"q_num_heads", int64_t{2}}, {"kv_num_heads", int64_t{1}}};
  expect_near(eval("Attention", {q, k, v}, attrs), f32({1, 1, 2}, {2, 3}));
  EXPECT_TRUE(contains(error_of("Attention", {q, k, v}), "'q_num_heads' and 'kv_num_heads' are 0 and 0"));
}

TEST(RotaryEmbedding, TurnsPairs) {
  const Tensor x = f32({1, 1, 1, 4}, {1, 2, 3, 4}), cosine = f32({2, 2}, {1, 1, 0, 0}),
               sine = f32({2, 2}, {0, 0, 1, 1});
  const Tensor first = i64({1, 1}, {0}), second = i64({1, 1}, {1});
  expect_equal(eval("RotaryEmbedding", {x, cosine, sine, first}), x);
  expect_equal(eval("RotaryEmbedding", {x, cosine, sine, second}), f32({1, 1, 1, 4}, {-3, -4, 1, 2}));
  expect_equal(eval("RotaryEmbedding", {x, cosine, sine, second}, {{"interleaved", int64_t{1}}}),
               f32({1, 1, 1, 4}, {-2, 1, -4, 3}));
  EXPECT_TRUE(contains(error_of("RotaryEmbedding", {x, cosine, sine, i64({1, 1}, {2})}),
                       "position 2 is out of range"));
}

}  // namespace
}  // namespace lite::test
