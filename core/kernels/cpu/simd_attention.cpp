// FusedAttention without the matrix of scores in memory, after Dao et al., "FlashAttention" (2022), and
// Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018): keys are taken in tiles, and
// what was summed so far is rescaled when a larger score turns up.
//
// Queries lie in the lanes. A tile is one panel of the matrix product, `width` queries: S^T = K Q^T gives
// each key a row of `width` scores, so maxima and sums of the softmax need no shuffles, and that tile is at
// once the packed operand of O^T += V^T S^T. K and V are read where they are, by broadcasting; only Q^T is
// packed, and O is transposed when it is done. A tile of queries is worked on by one thread from the first
// key to the last, so the result does not depend on their number.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_attention.cpp"
#include <cmath>
#include <utility>

#include "core/kernels/cpu/simd_attention_strips.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_SCORE_TILE
#define LITE_SIMD_SCORE_TILE
namespace lite::simd {

inline constexpr int64_t kVectors = 2;  // of a panel, as in simd_gemm.cpp

// The scores of `keys` keys, a row of one panel's width each, and what becomes of them.
struct ScoreTile {
  float* s = nullptr;
  int64_t keys = 0, vectors = 0;  // vectors: of a panel, those that hold queries
  float softcap = 0;
  // The mask: null, or with `per_key` one number a key, otherwise laid out as s. `keeps`: a score whose
  // number is 0 becomes mask_value; otherwise numbers are added.
  const float* mask = nullptr;
  bool per_key = false, keeps = false;
  float mask_value = 0;
  // Where not null: lane i sees keys [first[i], last[i]) of this tile.
  const int32_t *first = nullptr, *last = nullptr;
  // Of each lane: the largest score so far, the sum of weights so far, what earlier sums are worth from now
  // on.
  float *top = nullptr, *sum = nullptr, *factor = nullptr;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// Softcap, mask and positions, in place.
HWY_INLINE void mask_scores(const ScoreTile& t) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lowest = hn::Neg(hn::Inf(d)), fill = hn::Set(d, t.mask_value), cap = hn::Set(d, t.softcap);
  for (int64_t j = 0; j < t.keys; ++j)
    for (int64_t v = 0; v < t.vectors; ++v) {
      float* const at = t.s + (j * kVectors + v) * lanes;
      V s = hn::LoadU(d, at);
      if (t.softcap > 0) s = hn::Mul(cap, tanh(d, s));
      if (t.mask != nullptr) {
        const V m = t.per_key ? hn::Set(d, t.mask[j]) : hn::LoadU(d, t.mask + (j * kVectors + v) * lanes);
        s = t.keeps ? hn::IfThenElse(hn::Eq(m, hn::Zero(d)), fill, s) : hn::Add(s, m);
      }
      if (t.first != nullptr) {
        const auto key = hn::Set(di, static_cast<int32_t>(j));
        const auto early = hn::Lt(key, hn::LoadU(di, t.first + v * lanes));
        const auto seen = hn::Lt(key, hn::LoadU(di, t.last + v * lanes));
        s = hn::IfThenElse(hn::RebindMask(d, early), lowest,
                           hn::IfThenElse(hn::RebindMask(d, seen), s, lowest));
      }
      hn::StoreU(s, d, at);
    }
}

// Scores become weights, e^(s - top). True when earlier sums are to be rescaled.
bool weigh(const ScoreTile& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t width = kVectors * lanes;
  const V lowest = hn::Neg(hn::Inf(d));
  if (t.softcap > 0 || t.mask != nullptr || t.first != nullptr) mask_scores(t);
  bool rescale = false;
  for (int64_t v = 0; v < t.vectors; ++v) {
    float* const s = t.s + v * lanes;
    const V old = hn::LoadU(d, t.top + v * lanes);
    V top0 = old, top1 = old;
    int64_t j = 0;
    for (; j + 2 <= t.keys; j += 2) {
      top0 = hn::Max(top0, hn::LoadU(d, s + j * width));
      top1 = hn::Max(top1, hn::LoadU(d, s + (j + 1) * width));
    }
    if (j < t.keys) top0 = hn::Max(top0, hn::LoadU(d, s + j * width));
    const V top = hn::Max(top0, top1);
    hn::StoreU(top, d, t.top + v * lanes);
    // Nothing seen yet: 0 instead of -inf gives weights of 0.
    const V base = hn::IfThenZeroElse(hn::Eq(top, lowest), top);
    V sum0 = hn::Zero(d), sum1 = hn::Zero(d);
    for (j = 0; j + 2 <= t.keys; j += 2) {
      const V e0 = exp_negative(d, hn::Sub(hn::LoadU(d, s + j * width), base));
      const V e1 = exp_negative(d, hn::Sub(hn::LoadU(d, s + (j + 1) * width), base));
      hn::StoreU(e0, d, s + j * width);
      hn::StoreU(e1, d, s + (j + 1) * width);
      sum0 = hn::Add(sum0, e0);
      sum1 = hn::Add(sum1, e1);
    }
    if (j < t.keys) {
      const V e0 = exp_negative(d, hn::Sub(hn::LoadU(d, s + j * width), base));
      hn::StoreU(e0, d, s + j * width);
      sum0 = hn::Add(sum0, e0);
    }
    const V factor = exp_negative(d, hn::Sub(old, base));
    hn::StoreU(factor, d, t.factor + v * lanes);
    hn::StoreU(hn::MulAdd(hn::LoadU(d, t.sum + v * lanes), factor, hn::Add(sum0, sum1)), d,
               t.sum + v * lanes);
    rescale |= !hn::AllTrue(d, hn::Eq(factor, hn::Set(d, 1.0f)));
  }
  return rescale;
}

// The first vectors of rows of one panel's width, each lane times its factor.
void scale_lanes(float* x, int64_t rows, int64_t vectors, const float* factor) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t v = 0; v < vectors; ++v) {
    const auto by = hn::LoadU(d, factor + v * lanes);
    for (int64_t r = 0; r < rows; ++r) {
      float* const at = x + (r * kVectors + v) * lanes;
      hn::StoreU(hn::Mul(hn::LoadU(d, at), by), d, at);
    }
  }
}

// The same with a factor for each row, of n whole vectors.
void scale_rows(float* x, int64_t rows, int64_t n, int64_t row, const float* factor) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r) {
    const auto by = hn::Set(d, factor[r]);
    for (float *at = x + r * row, *const end = at + n; at < end; at += lanes)
      hn::StoreU(hn::Mul(hn::LoadU(d, at), by), d, at);
  }
}

// The end: each lane's sum of weights as what its sums are multiplied by. `zero`: where it is 0, and with
// `clean` where it is NaN, the lane is empty.
void invert_sums(const float* sum, bool zero, bool clean, float* factor, float* empty) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t v = 0; v < kVectors; ++v) {
    const auto s = hn::LoadU(d, sum + v * lanes);
    auto none = hn::FirstN(d, 0);
    if (zero) none = hn::Eq(s, hn::Zero(d));
    if (clean) none = hn::Or(none, hn::IsNaN(s));
    hn::StoreU(hn::Div(hn::Set(d, 1.0f), s), d, factor + v * lanes);
    hn::StoreU(hn::IfThenElseZero(none, hn::Set(d, 1.0f)), d, empty + v * lanes);
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kWeighTable, weigh);
LITE_SIMD_TABLE(kScaleTable, scale_lanes);
LITE_SIMD_TABLE(kScaleRowsTable, scale_rows);
LITE_SIMD_TABLE(kInvertTable, invert_sums);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;
constexpr int64_t kWorth = int64_t{1} << 20;  // multiplications that are worth a strip

class Attention final : public AttentionStrips {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<Attention>();
    LITE_TRY(k->read(q));
    k->gemm_ = Gemm(q.options);
    k->values_ = Gemm(q.options, k->s_.v_head);
    k->weigh_ = choose(kWeighTable, q.options);
    k->scale_ = choose(kScaleTable, q.options);
    k->scale_rows_ = choose(kScaleRowsTable, q.options);
    k->invert_ = choose(kInvertTable, q.options);
    LITE_TRY(k->plan());
    return std::unique_ptr<Kernel>(std::move(k));
  }

 private:
  // Tiles of about the same size: a last one of a few keys would cost as much as a whole one. With the
  // scores, packed queries and sums, their K and V stay in the L2 cache. Short rows make longer tiles: sums
  // are rescaled less often.
  Status plan() {
    width_ = gemm_.width();
    direct_ = v_.is_float() && s_.v.column == 1 && s_.y.column == 1 && s_.v.row != 0 &&
              s_.v_head % (width_ / kVectors) == 0;
    LITE_TRY(divide("attention:simd", width_, kWorth));
    constexpr int64_t kTileFloats = 10240;
    const int64_t most =
        std::clamp(kTileFloats / (std::max(s_.head, s_.v_head) + width_), kTileKeys, 2 * kTileKeys);
    const int64_t across = std::max<int64_t>(1, ceil_div(s_.keys, most));
    tile_keys_ = std::max<int64_t>(1, std::min(most, round_up(ceil_div(s_.keys, across), 4)));
    const bool converts = !k_.is_float() || !y_.has_unit_step();
    converted_floats_ = converts ? std::max(s_.head, s_.v_head) * std::max(tile_keys_, width_) : 0;
    strip_floats_ = round_up(
        (s_.head + s_.v_head + (masked_ ? 3 : 1) * tile_keys_ + 5) * width_ + converted_floats_, int64_t{16});
    return ok();
  }

  // One panel of queries, from the first key to the last.
  void attend(const Launch& l, int64_t b, int64_t i0, float* workspace) const override {
    const int64_t n = std::min(width_, s_.queries - i0), count = filled(l, b);
    float* next = workspace;
    const auto take = [&](int64_t floats) { return std::exchange(next, next + floats); };
    Panel p{.n = n, .vectors = ceil_div(n, width_ / kVectors)};
    const int64_t y_at = s_.y.at(b, s_.batch) + i0 * s_.y.row;
    p.queries = take(s_.head * width_);
    p.sums = direct_ ? l.out<float>(0) + y_at : take(s_.v_head * width_);
    p.scores = take(tile_keys_ * width_);
    if (masked_) p.mask = take(tile_keys_ * width_), p.temporary = take(tile_keys_ * width_);
    p.top = take(width_), p.sum = take(width_), p.factor = take(width_);
    p.first = reinterpret_cast<int32_t*>(take(width_)), p.last = reinterpret_cast<int32_t*>(take(width_));
    p.converted = next;

    pack_queries(l, b, i0, p);
    const unsigned char* const k = k_.at(l.in<void>(kK), s_.k.at(b, s_.batch));
    const unsigned char* const v = v_.at(l.in<void>(kV), s_.v.at(b, s_.batch));
    const unsigned char* const m =
        masked_ ? mask_.at(l.in<void>(kMask), s_.mask.at(b, s_.batch) + i0 * s_.mask.row) : nullptr;
    // What the first and the last query see: together, what any of them does.
    const auto low = rules_.range(i0, s_.queries, count, counted_),
               high = rules_.range(i0 + n - 1, s_.queries, count, counted_);
    bool started = false;
    for (int64_t j0 = low.first; j0 < high.last; j0 += tile_keys_, started = true) {
      const int64_t keys = std::min(tile_keys_, high.last - j0);
      score(k_.at(k, j0 * s_.k.row), keys, p);
      ScoreTile t{.s = p.scores,
                  .keys = keys,
                  .vectors = p.vectors,
                  .softcap = rules_.softcap,
                  .mask_value = rules_.mask_value,
                  .top = p.top,
                  .sum = p.sum,
                  .factor = p.factor};
      if (masked_) read_mask(mask_.at(m, j0 * s_.mask.column), p, t);
      if (high.first > j0 || low.last < j0 + keys) {
        for (int64_t i = 0; i < width_; ++i) {
          const auto r = rules_.range(i0 + std::min(i, n - 1), s_.queries, count, counted_);
          p.first[i] = static_cast<int32_t>(std::clamp<int64_t>(r.first - j0, 0, keys));
          p.last[i] = static_cast<int32_t>(std::clamp<int64_t>(r.last - j0, 0, keys));
        }
        t.first = p.first;
        t.last = p.last;
      }
      if (weigh_(t) && started) scale_sums(p);
      accumulate(v_.at(v, j0 * s_.v.row), keys, started, p);
    }
    finish(p, started);
    if (!direct_) y_.put_transposed(p.sums, width_, n, s_.v_head, l.out<void>(0), y_at, p.converted);
  }

  // The workspace of one panel. Lanes beyond n hold no query; what they calculate is left out in the end.
  struct Panel {
    int64_t n, vectors;
    float *queries, *sums, *scores, *mask = nullptr, *temporary = nullptr;
    float *top, *sum, *factor, *converted;
    int32_t *first, *last;
  };

  // Q^T, scaled.
  void pack_queries(const Launch& l, int64_t b, int64_t i0, const Panel& p) const {
    if (p.n < width_) {
      std::fill_n(p.queries, s_.head * width_, 0.0f);
      if (masked_) std::fill_n(p.mask, tile_keys_ * width_, 0.0f);
    }
    q_.copy_transposed(q_.at(l.in<void>(kQ), s_.q.at(b, s_.batch) + i0 * s_.q.row), p.n, s_.head, p.queries,
                       width_, p.converted);
    std::fill_n(p.factor, width_, rules_.softcap > 0 ? rules_.scale / rules_.softcap : rules_.scale);
    scale_(p.queries, s_.head, p.vectors, p.factor);
    std::fill_n(p.top, width_, -INFINITY);
    std::fill_n(p.sum, width_, 0.0f);
  }

  // Scores of `keys` keys from k on.
  void score(const unsigned char* k, int64_t keys, const Panel& p) const {
    GemmArgs g{.a = reinterpret_cast<const float*>(k),
               .a_row = s_.k.row,
               .a_column = s_.k.column,
               .b = p.queries,
               .c = p.scores,
               .c_row = width_,
               .m = keys,
               .n = p.vectors * (width_ / kVectors),
               .k = s_.head};
    if (!k_.is_float()) {
      k_.copy(k, keys, s_.head, p.converted, s_.head);
      g.a = p.converted, g.a_row = s_.head, g.a_column = 1;
    }
    gemm_.tile(g, 0, keys, 0, 1);
  }

  // Adds the values of `keys` keys from v on, with their weights.
  void accumulate(const unsigned char* v, int64_t keys, bool started, const Panel& p) const {
    const auto* values = reinterpret_cast<const float*>(v);
    if (direct_) {
      values_.tile(GemmArgs{.a = p.scores,
                            .a_row = 1,
                            .a_column = width_,
                            .b = values,
                            .b_row = s_.v.row,
                            .c = p.sums,
                            .c_row = s_.y.row,
                            .m = p.n,
                            .n = s_.v_head,
                            .k = keys,
                            .accumulate = started},
                   0, p.n, 0, ceil_div(s_.v_head, values_.width()));
      return;
    }
    int64_t row = s_.v.row, column = s_.v.column;
    if (!v_.is_float()) {
      v_.copy(v, keys, s_.v_head, p.converted, s_.v_head);
      values = p.converted, row = s_.v_head, column = 1;
    }
    gemm_.tile(GemmArgs{.a = values,
                        .a_row = column,
                        .a_column = row,
                        .b = p.scores,
                        .c = p.sums,
                        .c_row = width_,
                        .m = s_.v_head,
                        .n = p.vectors * (width_ / kVectors),
                        .k = keys,
                        .accumulate = started},
               0, s_.v_head, 0, 1);
  }

  void scale_sums(const Panel& p) const {
    direct_ ? scale_rows_(p.sums, p.n, s_.v_head, s_.y.row, p.factor)
            : scale_(p.sums, s_.v_head, p.vectors, p.factor);
  }
  // Sums become means. `started`: there was a key.
  void finish(const Panel& p, bool started) const {
    float* const empty = p.top;
    invert_(p.sum, rules_.empty != ops::EmptyRows::kNaN, rules_.empty == ops::EmptyRows::kClean, p.factor,
            empty);
    const int64_t row = direct_ ? s_.y.row : 1, column = direct_ ? 1 : width_;
    for (int64_t i = 0; i < p.n; ++i) {
      if (started && empty[i] == 0) continue;
      for (int64_t c = 0; c < s_.v_head; ++c) p.sums[i * row + c * column] = 0;
      if (empty[i] != 0) p.factor[i] = 0;
    }
    scale_sums(p);
  }

  void read_mask(const unsigned char* m, const Panel& p, ScoreTile& t) const {
    t.mask = p.mask;
    t.keeps = keeps_;
    t.per_key = s_.mask.row == 0;
    if (t.per_key)
      mask_.copy(m, 1, t.keys, p.mask, t.keys);
    else
      mask_.copy_transposed(m, p.n, t.keys, p.mask, width_, p.temporary);
  }

  // Weights times values goes straight into Y, whose rows are as V's; otherwise the transpose is made first.
  bool direct_ = false;
  Gemm gemm_, values_;  // values_: for what goes straight into Y
  decltype(&HWY_STATIC_DISPATCH(weigh)) weigh_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(scale_lanes)) scale_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(scale_rows)) scale_rows_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(invert_sums)) invert_ = nullptr;
  int64_t width_ = 0, tile_keys_ = 1, converted_floats_ = 0;
};

constexpr KernelDef kKernels[] = {{"attention:simd", "FusedAttention", Attention::rejects, Attention::make}};

}  // namespace

extern constinit const KernelTable simd_attention;
constinit const KernelTable simd_attention{kKernels};

}  // namespace lite::kernels
#endif
