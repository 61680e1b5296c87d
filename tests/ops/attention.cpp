#include "core/ops/fused_attention.h"
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

// One head of two queries and three keys of width 1; the scores are 0 unless said otherwise.
ops::AttentionShape one_head() {
  const ops::Matrices column{.offset = 0, .batch = {}, .row = 1, .column = 1};
  ops::AttentionShape s{.batch = {},
                        .queries = 2,
                        .keys = 3,
                        .head = 1,
                        .v_head = 1,
                        .q = column,
                        .k = column,
                        .v = column,
                        .y = column,
                        .mask = {},
                        .filled = {},
                        .y_dims = {2, 1}};
  s.mask = {.offset = 0, .batch = {}, .row = 3, .column = 1};
  return s;
}
Tensor attend(const ops::AttentionShape& s, Attrs attrs, const Tensor& mask = {}, const Tensor& filled = {},
              const Tensor& query = f32({2}, {0, 0})) {
  ops::write_attention(s, mask.defined(), filled.defined(), attrs);
  return eval("FusedAttention", {query, f32({3}, {1, 1, 2}), f32({3}, {1, 3, 8}), mask, filled}, attrs,
              "lite");
}

TEST(FusedAttention, MasksInEveryWay) {
  const auto s = one_head();
  expect_near(attend(s, {}), f32({2, 1}, {4, 4}));
  expect_near(attend(s, {{"right", int64_t{0}}}), f32({2, 1}, {1, 2}));
  expect_near(attend(s, {{"right", int64_t{0}}, {"first_query", int64_t{1}}}), f32({2, 1}, {2, 4}));
  expect_near(attend(s, {{"left", int64_t{0}}, {"first_query", int64_t{1}}}), f32({2, 1}, {5.5f, 8}));
  expect_near(attend(s, {}, bools({2, 3}, {1, 0, 1, 0, 1, 0})), f32({2, 1}, {4.5f, 3}));
  expect_near(attend(s, {}, f32({2, 3}, {0, 0, -kInf, -kInf, 0, -kInf})), f32({2, 1}, {2, 3}));
  expect_near(attend(s, {{"mask_value", 0.0f}}, bools({2, 3}, {1, 0, 1, 0, 0, 0})), f32({2, 1}, {4, 4}));
}

TEST(FusedAttention, CountsKeys) {
  auto s = one_head();
  expect_near(attend(s, {}, {}, i64({1}, {2})), f32({2, 1}, {2, 2}));
  expect_near(attend(s, {{"right", int64_t{0}}}, {}, i64({1}, {2})), f32({2, 1}, {1, 2}));
  s.batch = {1};
  for (ops::Matrices* m : {&s.q, &s.k, &s.v, &s.y, &s.filled}) m->batch = {0};
  Attrs attrs;
  ops::write_attention(s, false, true, attrs);
  EXPECT_TRUE(
      contains(error_of("FusedAttention",
                        {f32({2}, {0, 0}), f32({3}, {1, 1, 2}), f32({3}, {1, 3, 8}), {}, i64({1}, {4})},
                        attrs, "lite"),
               "nonpad_kv_seqlen is 4, wanted in [0,3]"));
}

TEST(FusedAttention, RowsThatSeeNothing) {
  const Tensor mask = bools({2, 3}, {0, 0, 0, 1, 1, 0});
  expect_equal(attend(one_head(), {}, mask), f32({2, 1}, {kNaN, 2}));
  expect_equal(attend(one_head(), {{"empty", int64_t{1}}}, mask), f32({2, 1}, {0, 2}));
  const Tensor wrong = f32({2}, {0, kNaN});
  expect_equal(attend(one_head(), {{"empty", int64_t{1}}}, mask, {}, wrong), f32({2, 1}, {0, kNaN}));
  expect_equal(attend(one_head(), {{"empty", int64_t{2}}}, mask, {}, wrong), f32({2, 1}, {0, 0}));
}

TEST(FusedAttention, ScalesAndCaps) {
  // Scores 0, 0 and ln 2.
  const Tensor query = f32({2}, {0.6931472f, 1.3862944f});
  auto s = one_head();
  expect_near(attend(s, {{"scale", 0.5f}}, {}, {}, f32({2}, {0, 0})), f32({2, 1}, {4, 4}));
  expect_near(attend(s, {}, f32({2, 3}, {0, 0, 0, 0, 0, 0}), {}, query), f32({2, 1}, {5, 6}), 1e-5);
  expect_near(attend(s, {{"softcap", 1e-6f}}, {}, {}, query), f32({2, 1}, {4, 4}), 1e-5);
}

TEST(FusedAttention, ReadsNothingOutside) {
  auto s = one_head();
  const auto error = [&](Attrs more = {}) {
    ops::write_attention(s, false, false, more);
    return error_of("FusedAttention", {f32({2}, {0, 0}), f32({3}, {1, 1, 2}), f32({3}, {1, 3, 8})}, more,
                    "lite");
  };
  s.k.offset = 1;
  EXPECT_TRUE(contains(error(), "K has shape [3], less than its steps reach"));
  s = one_head();
  s.v.row = int64_t{1} << 62;
  EXPECT_TRUE(contains(error(), "V has shape [3], less than its steps reach"));
  s = one_head();
  s.y_dims = {3};
  EXPECT_TRUE(contains(error(), "Y has shape [3]"));
  s = one_head();
  s.q.offset = -1;
  EXPECT_TRUE(contains(error(), "'q_steps' has -1"));
  s = one_head();
  s.batch = {2};
  EXPECT_TRUE(contains(error(), "'q_steps' has 3 numbers, 4 wanted"));
  s = one_head();
  EXPECT_TRUE(contains(error({{"empty", int64_t{3}}}), "'empty' is 3"));
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
