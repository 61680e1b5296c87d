#include "core/ops/fused_attention.h"
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

using ops::AttentionShape;
using ops::EmptyRows;
using ops::Matrices;

struct Heads {
  int64_t batch = 1, heads = 1, queries = 1, keys = 1, head = 1, v_head = 1;
};

// [batch,seq,heads*width], as projections write it.
Matrices packed(int64_t seq, int64_t heads, int64_t width) {
  return {.offset = 0, .batch = {seq * heads * width, width}, .row = heads * width, .column = 1};
}
// [batch,heads,width,seq].
Matrices turned(int64_t seq, int64_t heads, int64_t width) {
  return {.offset = 0, .batch = {heads * width * seq, width * seq}, .row = 1, .column = seq};
}

AttentionShape shape_of(const Heads& h) {
  return {.batch = {h.batch, h.heads},
          .queries = h.queries,
          .keys = h.keys,
          .head = h.head,
          .v_head = h.v_head,
          .q = packed(h.queries, h.heads, h.head),
          .k = packed(h.keys, h.heads, h.head),
          .v = packed(h.keys, h.heads, h.v_head),
          .y = packed(h.queries, h.heads, h.v_head),
          .mask = {},
          .filled = {},
          .y_dims = {h.batch, h.queries, h.heads * h.v_head}};
}

// Scores within a few units, so that weights differ.
KernelCase attention(const Heads& h, const AttentionShape& s, Attrs attrs = {}, const Tensor& mask = {},
                     const Tensor& filled = {}) {
  KernelCase c{.op = "FusedAttention",
               .in = {random_f32({h.batch, h.queries, h.heads * h.head}, 1, -2, 2),
                      random_f32({h.batch, h.keys, h.heads * h.head}, 2, -2, 2),
                      random_f32({h.batch, h.keys, h.heads * h.v_head}, 3), mask, filled},
               .attrs = std::move(attrs),
               .domain = "lite",
               .relative = 1e-5,
               .absolute = 2e-5,
               .unranked = true};
  ops::write_attention(s, mask.defined(), filled.defined(), c.attrs);
  c.attrs.push_back({"scale", 0.37f});
  return c;
}

// Sizes around vectors, panels of queries and tiles of keys.
const Heads kSizes[] = {{1, 1, 1, 1, 1, 1},      {1, 2, 3, 5, 7, 4},     {2, 1, 17, 33, 64, 65},
                        {1, 3, 31, 127, 8, 12},  {1, 1, 33, 129, 3, 3},  {1, 2, 32, 128, 16, 1},
                        {2, 2, 70, 300, 20, 24}, {1, 1, 5, 261, 1, 130}, {2, 2, 35, 140, 8, 64},
                        {1, 1, 1, 200, 16, 128}, {1, 2, 40, 20, 4, 32}};

// A mask of the kind that the test asks for: about one in five is masked.
Tensor some_bools(const Dims& dims) { return random_ints(DType::kBool, dims, 9, 0, 4); }
Tensor some_infinite(const Dims& dims) {
  Tensor t = random_f32(dims, 7);
  for (int64_t i = 0; i < t.elements(); i += 5) t.mutable_data<float>()[i] = -kInf;
  return t;
}

TEST(SimdAttention, Sizes) {
  for (const Heads& h : kSizes) check_kernels(attention(h, shape_of(h)));
}

TEST(SimdAttention, AddedMasks) {
  for (const Heads& h : kSizes) {
    AttentionShape s = shape_of(h);
    s.mask = {.offset = 0, .batch = {h.keys, 0}, .row = 0, .column = 1};
    check_kernels(attention(h, s, {{"empty", int64_t{1}}}, some_infinite({h.batch, 1, 1, h.keys})));
    s.mask = {.offset = 0, .batch = {0, h.queries * h.keys}, .row = h.keys, .column = 1};
    check_kernels(attention(h, s, {{"empty", int64_t{1}}}, some_infinite({h.heads, h.queries, h.keys})));
    s.mask = {.offset = 0, .batch = {0, 0}, .row = 1, .column = h.queries};
    check_kernels(attention(h, s, {{"empty", int64_t{1}}}, some_infinite({h.keys, h.queries})));
    s.mask = {.offset = 0, .batch = {0, 0}, .row = 1, .column = 0};
    check_kernels(attention(h, s, {}, random_f32({h.queries}, 8)));
  }
}

TEST(SimdAttention, SelectingMasks) {
  for (const Heads& h : kSizes)
    for (const float value : {-kInf, -10000.0f, 1.5f}) {
      AttentionShape s = shape_of(h);
      const Attrs attrs{{"mask_value", value}, {"empty", int64_t{1}}};
      s.mask = {.offset = 0, .batch = {h.queries * h.keys, 0}, .row = h.keys, .column = 1};
      check_kernels(attention(h, s, attrs, some_bools({h.batch, 1, h.queries, h.keys})));
      s.mask = {.offset = 0, .batch = {h.keys, 0}, .row = 0, .column = 1};
      check_kernels(attention(h, s, attrs, some_bools({h.batch, h.keys})));
    }
}

TEST(SimdAttention, Positions) {
  for (const Heads& h : kSizes)
    for (const int64_t left : {-1, 0, 6, 150})
      for (const int64_t right : {-1, 0, 9})
        for (const int64_t first : {0, 3, 40})
          check_kernels(
              attention(h, shape_of(h),
                        {{"left", left}, {"right", right}, {"first_query", first}, {"empty", int64_t{1}}}));
}

TEST(SimdAttention, CountsOfKeys) {
  const Heads h{2, 2, 35, 140, 9, 10};
  AttentionShape s = shape_of(h);
  s.filled = {.offset = 0, .batch = {1, 0}, .row = 0, .column = 0};
  for (const int64_t right : {-1, 0})
    for (const int64_t count : {0, 1, 36, 140})
      check_kernels(attention(h, s, {{"right", right}, {"empty", int64_t{1}}}, {}, i64({2}, {count, 77})));
  check_kernels_fail(attention(h, s, {}, {}, i64({2}, {3, 141})),
                     "nonpad_kv_seqlen is 141, wanted in [0,140]");
  check_kernels_fail(attention(h, s, {}, {}, i64({2}, {-1, 3})), "nonpad_kv_seqlen is -1");
}

TEST(SimdAttention, Softcap) {
  for (const Heads& h : kSizes) {
    AttentionShape s = shape_of(h);
    check_kernels(attention(h, s, {{"softcap", 1.5f}}));
    s.mask = {.offset = 0, .batch = {0, 0}, .row = 0, .column = 1};
    check_kernels(attention(h, s, {{"softcap", 2.5f}, {"right", int64_t{0}}}, random_f32({h.keys}, 5)));
  }
}

// Every operand turned, the result too; keys and values that all heads share.
TEST(SimdAttention, Steps) {
  for (const Heads& h : kSizes) {
    AttentionShape s = shape_of(h);
    s.q = turned(h.queries, h.heads, h.head);
    s.k = turned(h.keys, h.heads, h.head);
    s.v = turned(h.keys, h.heads, h.v_head);
    s.y = turned(h.queries, h.heads, h.v_head);
    check_kernels(attention(h, s));
    s = shape_of(h);
    s.k.batch[1] = s.v.batch[1] = 0;
    s.k.row = h.head, s.v.row = h.v_head;
    check_kernels(attention(h, s));
    s.k.row = s.v.row = 0;  // one key and one value for all
    check_kernels(attention(h, s));
    s = shape_of(h);  // heads innermost
    s.y = {.offset = 0,
           .batch = {h.queries * h.v_head * h.heads, 1},
           .row = h.v_head * h.heads,
           .column = h.heads};
    s.y_dims = {h.batch, h.queries, h.v_head, h.heads};
    check_kernels(attention(h, s));
  }
}

TEST(SimdAttention, HalfFloats) {
  for (const DType type : {DType::kF16, DType::kBF16})
    for (const Heads& h : kSizes) {
      AttentionShape s = shape_of(h);
      s.mask = {.offset = 0, .batch = {0, 0}, .row = h.keys, .column = 1};
      KernelCase c = attention(h, s, {{"empty", int64_t{1}}}, some_infinite({h.queries, h.keys}));
      for (size_t i = 0; i < 4; ++i) {
        const auto* const from = c.in[i].data<float>();
        const std::vector<float> numbers(from, from + c.in[i].elements());
        c.in[i] = type == DType::kF16 ? f16(c.in[i].dims(), numbers) : bf16(c.in[i].dims(), numbers);
      }
      // One rounding of the result; the sums before it are exact to float32.
      c.relative = type == DType::kF16 ? 1e-3 : 8e-3;
      c.absolute = type == DType::kF16 ? 1e-4 : 1e-3;
      check_kernels(c);
    }
}

void check_rows_that_see_nothing(const Heads& h) {
  AttentionShape s = shape_of(h);
  s.mask = {.offset = 0, .batch = {0, 0}, .row = h.keys, .column = 1};
  Tensor added = some_infinite({h.queries, h.keys}), kept = some_bools({h.queries, h.keys});
  for (const int64_t row : {0, 17, 39})
    for (int64_t j = 0; j < h.keys; ++j) {
      added.mutable_data<float>()[row * h.keys + j] = -kInf;
      kept.mutable_data<bool>()[row * h.keys + j] = false;
    }
  // The first tile of keys of one more row.
  for (int64_t j = 0; j < 128; ++j) added.mutable_data<float>()[5 * h.keys + j] = -kInf;
  for (const EmptyRows empty : {EmptyRows::kNaN, EmptyRows::kZero, EmptyRows::kClean}) {
    const Attrs attrs{{"empty", static_cast<int64_t>(empty)}};
    check_kernels(attention(h, s, attrs, added));
    check_kernels(attention(h, s, attrs, kept));
  }
  // The least finite number instead: the mean of all values.
  check_kernels(attention(h, s, {{"mask_value", std::numeric_limits<float>::lowest()}}, kept));
}

TEST(SimdAttention, RowsThatSeeNothing) {
  check_rows_that_see_nothing({1, 1, 40, 150, 8, 9});
  check_rows_that_see_nothing({1, 1, 40, 150, 8, 64});
}

void check_not_finite(const Heads& h) {
  const AttentionShape s = shape_of(h);
  for (const EmptyRows empty : {EmptyRows::kNaN, EmptyRows::kZero, EmptyRows::kClean})
    for (const float value : {kNaN, kInf}) {
      KernelCase c = attention(h, s, {{"empty", static_cast<int64_t>(empty)}});
      c.in[0].mutable_data<float>()[3 * h.heads * h.head + 2] = value;  // one query of the first head
      check_kernels(c);
      c = attention(h, s, {{"empty", static_cast<int64_t>(empty)}});
      c.in[2].mutable_data<float>()[5 * h.heads * h.v_head + 1] = value;  // one value: a column of the result
      check_kernels(c);
    }
  // Scores that no exponential could take as they are.
  KernelCase c = attention(h, s);
  c.attrs.back() = {"scale", 400.0f};
  c.relative = c.absolute = 1e-2;
  check_kernels(c);
}

TEST(SimdAttention, NotFinite) {
  check_not_finite({1, 2, 20, 140, 8, 9});
  check_not_finite({1, 2, 20, 140, 8, 32});
}

}  // namespace
}  // namespace lite::test
