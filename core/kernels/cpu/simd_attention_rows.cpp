// FusedAttention of few queries, which would leave most lanes of simd_attention.cpp empty. Here keys lie in
// the lanes: the scores of a query are a row. Products run along whichever of rows and columns of K and V
// lies together, where it is. As there, keys are taken in tiles, in order, by one thread.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_attention_rows.cpp"
#include <cmath>
#include <utility>

#include "core/kernels/cpu/simd_attention_strips.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_SCORE_ROW
#define LITE_SIMD_SCORE_ROW
namespace lite::simd {

// The scores of a tile of keys for one query. Rows have room for whole vectors.
struct ScoreRow {
  float* s = nullptr;
  int64_t keys = 0, first = 0, last = 0;  // keys [first, last) are seen
  float softcap = 0;
  // May be null. `keeps`: a score whose number is 0 becomes mask_value; otherwise numbers are added.
  const float* mask = nullptr;
  bool keeps = false;
  float mask_value = 0;
  // The largest score and the sum of weights so far, what earlier sums are worth from now on.
  float top = -INFINITY, sum = 0, factor = 1;
};

// C[i][j] = sum of A[i][p] * B[j][p] for p < k, or with `accumulate` that much more.
struct Dots {
  const float* a;
  int64_t a_row;
  const float* b;
  int64_t b_row;
  float* c;
  int64_t c_row;
  int64_t m, n, k;
  bool accumulate;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// Scores become weights, e^(s - top).
void weigh_row(ScoreRow& t) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lowest = hn::Neg(hn::Inf(d)), fill = hn::Set(d, t.mask_value), cap = hn::Set(d, t.softcap);
  const auto first = hn::Set(di, static_cast<int32_t>(t.first)),
             last = hn::Set(di, static_cast<int32_t>(t.last));
  V best = hn::Set(d, t.top);
  for (int64_t j = 0; j < t.keys; j += lanes) {
    V s = hn::LoadU(d, t.s + j);
    if (t.softcap > 0) s = hn::Mul(cap, tanh(d, s));
    if (t.mask != nullptr) {
      const V m = hn::LoadU(d, t.mask + j);
      s = t.keeps ? hn::IfThenElse(hn::Eq(m, hn::Zero(d)), fill, s) : hn::Add(s, m);
    }
    const auto key = hn::Iota(di, static_cast<int32_t>(j));
    s = hn::IfThenElse(hn::RebindMask(d, hn::Lt(key, first)), lowest, s);
    s = hn::IfThenElse(hn::RebindMask(d, hn::Lt(key, last)), s, lowest);
    hn::StoreU(s, d, t.s + j);
    best = hn::Max(best, s);
  }
  const V top = hn::MaxOfLanes(d, best);
  // Nothing seen yet: 0 instead of -inf gives weights of 0.
  const V base = hn::IfThenZeroElse(hn::Eq(top, lowest), top);
  V sum = hn::Zero(d);
  for (int64_t j = 0; j < t.keys; j += lanes) {
    const V e = exp_negative(d, hn::Sub(hn::LoadU(d, t.s + j), base));
    hn::StoreU(e, d, t.s + j);
    sum = hn::Add(sum, e);
  }
  t.factor = hn::GetLane(exp_negative(d, hn::Sub(hn::Set(d, t.top), base)));
  t.sum = t.sum * t.factor + hn::GetLane(hn::SumOfLanes(d, sum));
  t.top = hn::GetLane(top);
}

void dots(const Dots& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  constexpr int64_t kColumns = 4;  // at a time, so that additions need not wait for each other
  for (int64_t j = 0; j < t.n; j += kColumns) {
    const float* b[kColumns];
    for (int64_t c = 0; c < kColumns; ++c) b[c] = t.b + std::min(j + c, t.n - 1) * t.b_row;
    for (int64_t i = 0; i < t.m; ++i) {
      const float* const a = t.a + i * t.a_row;
      V sum[kColumns];
      LITE_UNROLL
      for (V& s : sum) s = hn::Zero(d);
      int64_t p = 0;
      for (; p + lanes <= t.k; p += lanes) {
        const V v = hn::LoadU(d, a + p);
        LITE_UNROLL
        for (int64_t c = 0; c < kColumns; ++c) sum[c] = hn::MulAdd(v, hn::LoadU(d, b[c] + p), sum[c]);
      }
      if (p < t.k) {
        const auto rest = static_cast<size_t>(t.k - p);
        const V v = load_part(d, a + p, rest);
        LITE_UNROLL
        for (int64_t c = 0; c < kColumns; ++c) sum[c] = hn::MulAdd(v, load_part(d, b[c] + p, rest), sum[c]);
      }
      float* const to = t.c + i * t.c_row + j;
      LITE_UNROLL
      for (int64_t c = 0; c < kColumns; ++c) {
        const float all = hn::GetLane(hn::SumOfLanes(d, sum[c]));
        if (j + c < t.n) to[c] = t.accumulate ? to[c] + all : all;
      }
    }
  }
}

// Rows of n < a vector, `row` apart, to rows of one vector each.
void widen_rows(const float* from, int64_t row, int64_t rows, int64_t n, float* to) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r)
    hn::StoreU(load_part(d, from + r * row, static_cast<size_t>(n)), d, to + r * lanes);
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kWeighRowTable, weigh_row);
LITE_SIMD_TABLE(kDotsTable, dots);
LITE_SIMD_TABLE(kWidenTable, widen_rows);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;
using ops::Matrices;

constexpr int64_t kRows = 8;                  // queries at a time
constexpr int64_t kWorth = int64_t{1} << 18;  // multiplications that are worth a strip

// Whether a matrix is read where it is.
bool in_place(DType dtype, const Matrices& m) {
  return dtype == DType::kF32 && (m.row == 1 || m.column == 1) && m.row != 0 && m.column != 0;
}

class RowAttention final : public AttentionStrips {
 public:
  static WhyNot rejects(const NodeQuery& q) {
    if (const WhyNot why = AttentionStrips::rejects(q)) return why;
    const auto shape = ops::read_attention(q.attrs());
    const ops::AttentionShape& s = shape.value();
    // Where keys lie beside each other, nothing is added up across lanes.
    const bool across = !in_place(q.in[kK].dtype, s.k) || s.k.row != 1;
    if (!q.options.unranked && s.queries > std::max<int64_t>(1, float_lanes(q.options) / (across ? 4 : 2)))
      return "many queries";
    return nullptr;
  }
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<RowAttention>();
    LITE_TRY(k->read(q));
    const ops::AttentionShape& s = k->s_;
    k->weigh_ = choose(kWeighRowTable, q.options);
    k->dots_ = choose(kDotsTable, q.options);
    k->widen_ = choose(kWidenTable, q.options);
    k->lanes_ = float_lanes(q.options);
    // As wide as there are columns for: a row of C is read and written once.
    k->gemm_ = Gemm(q.options, std::max(s.v_head, std::min(s.keys, kTileKeys)));
    k->copies_k_ = !in_place(q.in[kK].dtype, s.k);
    k->copies_v_ = !in_place(q.in[kV].dtype, s.v);
    k->direct_ = q.out[0].dtype == DType::kF32 && s.y.column == 1;
    LITE_TRY(k->plan());
    return std::unique_ptr<Kernel>(std::move(k));
  }

 private:
  Status plan() {
    LITE_TRY(divide("attention_rows:simd", kRows, kWorth));
    strip_floats_ = round_up((s_.head + s_.v_head) * kRows + 2 * kRows * kTileKeys +
                                 std::max(s_.head, kTileKeys) * lanes_ +
                                 (copies_k_ || copies_v_ ? std::max(s_.head, s_.v_head) * kTileKeys : 0),
                             int64_t{16});
    return ok();
  }

  // Up to kRows queries, from the first key to the last.
  void attend(const Launch& l, int64_t b, int64_t i0, float* workspace) const override {
    const int64_t n = std::min(kRows, s_.queries - i0), count = filled(l, b);
    float* next = workspace;
    const auto take = [&](int64_t floats) { return std::exchange(next, next + floats); };
    float *const scores = take(kRows * kTileKeys), *const mask = take(kRows * kTileKeys);
    float *const rest = take(std::max(s_.head, kTileKeys) * lanes_), *const queries = take(kRows * s_.head);
    const int64_t y_at = s_.y.at(b, s_.batch) + i0 * s_.y.row, y_row = direct_ ? s_.y.row : s_.v_head;
    float *const y = direct_ ? l.out<float>(0) + y_at : take(kRows * s_.v_head), *const copied = next;

    q_.copy(q_.at(l.in<void>(kQ), s_.q.at(b, s_.batch) + i0 * s_.q.row), n, s_.head, queries, s_.head);
    scale(queries, n * s_.head, rules_.softcap > 0 ? rules_.scale / rules_.softcap : rules_.scale);
    const unsigned char* const k = k_.at(l.in<void>(kK), s_.k.at(b, s_.batch));
    const unsigned char* const v = v_.at(l.in<void>(kV), s_.v.at(b, s_.batch));
    const unsigned char* const m =
        masked_ ? mask_.at(l.in<void>(kMask), s_.mask.at(b, s_.batch) + i0 * s_.mask.row) : nullptr;
    ScoreRow row[kRows];
    const auto range = [&](int64_t i) { return rules_.range(i0 + i, s_.queries, count, counted_); };
    // What the first and the last query see: together, what any of them does.
    const int64_t begin = range(0).first, end = range(n - 1).last;
    for (int64_t j0 = begin; j0 < end; j0 += kTileKeys) {
      const int64_t keys = std::min(kTileKeys, end - j0);
      const unsigned char* const k0 = k_.at(k, j0 * s_.k.row);
      if (copies_k_) k_.copy(k0, keys, s_.head, copied, s_.head);
      multiply({.a = queries,
                .a_row = s_.head,
                .b = copies_k_ ? copied : reinterpret_cast<const float*>(k0),
                .b_row = copies_k_ ? 1 : s_.k.column,
                .c = scores,
                .c_row = kTileKeys,
                .m = n,
                .n = keys,
                .k = s_.head},
               copies_k_ ? s_.head : s_.k.row, rest);
      const bool mask_rows = s_.mask.row != 0;
      if (masked_) mask_.copy(mask_.at(m, j0 * s_.mask.column), mask_rows ? n : 1, keys, mask, kTileKeys);
      for (int64_t i = 0; i < n; ++i) {
        const auto seen = range(i);
        ScoreRow& t = row[i];
        t.s = scores + i * kTileKeys;
        t.keys = keys;
        t.first = std::clamp<int64_t>(seen.first - j0, 0, keys);
        t.last = std::clamp<int64_t>(seen.last - j0, 0, keys);
        t.softcap = rules_.softcap;
        t.mask = masked_ ? mask + (mask_rows ? i : 0) * kTileKeys : nullptr;
        t.keeps = keeps_;
        t.mask_value = rules_.mask_value;
        weigh_(t);
        if (j0 > begin && t.factor != 1.0f) scale(y + i * y_row, s_.v_head, t.factor);
      }
      const unsigned char* const v0 = v_.at(v, j0 * s_.v.row);
      if (copies_v_) v_.copy(v0, keys, s_.v_head, copied, s_.v_head);
      multiply({.a = scores,
                .a_row = kTileKeys,
                .b = copies_v_ ? copied : reinterpret_cast<const float*>(v0),
                .b_row = copies_v_ ? s_.v_head : s_.v.row,
                .c = y,
                .c_row = y_row,
                .m = n,
                .n = s_.v_head,
                .k = keys,
                .accumulate = j0 > begin},
               copies_v_ ? 1 : s_.v.column, rest);
    }
    for (int64_t i = 0; i < n; ++i) finish(row[i], end > begin, y + i * y_row);
    if (!direct_) y_.put(y, y_row, n, s_.v_head, l.out<void>(0), y_at);
  }

  // Element (p, j) of B is b[p * b_row + j * b_column], one of which is 1.
  void multiply(GemmArgs g, int64_t b_column, float* rest) const {
    if (b_column != 1) return dots_({g.a, g.a_row, g.b, b_column, g.c, g.c_row, g.m, g.n, g.k, g.accumulate});
    const int64_t n = g.n;
    g.n = n / lanes_ * lanes_;
    if (g.n != 0) gemm_.tile(g, 0, g.m, 0, ceil_div(g.n, gemm_.width()));
    if (g.n == n) return;
    // Behind the last columns there may be nothing to read.
    widen_(g.b + g.n, g.b_row, g.k, n - g.n, rest);
    g.b = rest;
    g.b_row = lanes_;
    g.c += g.n;
    g.n = n - g.n;
    gemm_.tile(g, 0, g.m, 0, 1);
  }

  static void scale(float* x, int64_t n, float factor) {
    LITE_VECTORIZE
    for (int64_t i = 0; i < n; ++i) x[i] *= factor;
  }

  // Sums become means. `started`: there was a key.
  void finish(const ScoreRow& t, bool started, float* y) const {
    const bool empty = (rules_.empty != ops::EmptyRows::kNaN && t.sum == 0) ||
                       (rules_.empty == ops::EmptyRows::kClean && std::isnan(t.sum));
    if (!started || empty) std::fill_n(y, s_.v_head, 0.0f);
    scale(y, s_.v_head, empty ? 0.0f : 1.0f / t.sum);
  }

  bool copies_k_ = false, copies_v_ = false;
  bool direct_ = false;  // sums are made in Y
  Gemm gemm_;
  decltype(&HWY_STATIC_DISPATCH(weigh_row)) weigh_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(dots)) dots_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(widen_rows)) widen_ = nullptr;
  int64_t lanes_ = 1;
};

constexpr KernelDef kKernels[] = {
    {"attention_rows:simd", "FusedAttention", RowAttention::rejects, RowAttention::make}};

}  // namespace

extern constinit const KernelTable simd_attention_rows;
constinit const KernelTable simd_attention_rows{kKernels};

}  // namespace lite::kernels
#endif
