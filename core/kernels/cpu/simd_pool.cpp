// MaxPool, AveragePool and LpPool of float32 in row-major images, any window.
//
// The window is taken apart: the rows that it joins become one, in a buffer, and then neighbours in that row
// are joined, as if the window moved by one element or by its stride where vectors of such steps can be
// loaded. So an element costs the window's sides, not its area, and all is vector code over whole rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_pool.cpp"
#include <limits>
#include <string_view>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_POOL
#define LITE_SIMD_POOL
namespace lite::simd {
enum class PoolJoin : uint8_t { kMax, kSum, kSumAbs, kSumSquare };
inline constexpr int64_t kPoolRows = 64;   // joined in one go
inline constexpr int64_t kPoolSlack = 64;  // floats behind a row that may be read
}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// NaN wins.
template <bool kMax, class V>
HWY_INLINE V join(V a, V b) {
  if constexpr (kMax) return hn::IfThenElse(hn::Or(hn::Gt(b, a), hn::IsNaN(b)), b, a);
  return hn::Add(a, b);
}

// y[i] = all rows[k][i], after y[i] itself if there is `more`. At least one row. Whole vectors are written,
// so that they can be read as such right away; what joins with nothing comes behind the n-th.
template <PoolJoin kJoin>
void join_rows(const float* const* rows, int64_t count, float* y, int64_t n, bool more) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto all = [&](auto load, int64_t i) HWY_ATTR {
    const auto value = [&](int64_t k) HWY_ATTR {
      const auto v = load(rows[k] + i);
      if constexpr (kJoin == PoolJoin::kSumAbs) return hn::Abs(v);
      if constexpr (kJoin == PoolJoin::kSumSquare) return hn::Mul(v, v);
      return v;
    };
    auto v = more ? load(y + i) : value(0);
    for (int64_t k = more ? 0 : 1; k < count; ++k) v = join<kJoin == PoolJoin::kMax>(v, value(k));
    return v;
  };
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(all([d](const float* p) HWY_ATTR { return hn::LoadU(d, p); }, i), d, y + i);
  if (i == n) return;
  const auto rest = static_cast<size_t>(n - i);
  const auto v = all([d, rest](const float* p) HWY_ATTR { return load_part(d, p, rest); }, i);
  const auto none = kJoin == PoolJoin::kMax ? hn::Neg(hn::Inf(d)) : hn::Zero(d);
  hn::StoreU(hn::IfThenElse(hn::FirstN(d, rest), v, none), d, y + i);
}

// y[i] = all x[i * stride + k * step] for k in [0, taps), sums divided, of a stride of 1, 2 or 3. x has slack
// behind it.
template <bool kMax>
void join_columns(const float* x, float* y, int64_t n, int64_t taps, int64_t step, int64_t stride, float by) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  // Taps that follow each other are loaded together.
  const int64_t together = step == 1 ? stride : 1;
  for (int64_t i = 0; i < n; i += lanes) {
    V sum = hn::Zero(d);
    for (int64_t k = 0; k < taps; k += together) {
      const float* const from = x + i * stride + k * step;
      V a, b = hn::Zero(d), c = hn::Zero(d);
      if (stride == 1)
        a = hn::LoadU(d, from);
      else if (stride == 2)
        hn::LoadInterleaved2(d, from, a, b);
      else
        hn::LoadInterleaved3(d, from, a, b, c);
      sum = k == 0 ? a : join<kMax>(sum, a);
      if (together > 1 && k + 1 < taps) sum = join<kMax>(sum, b);
      if (together > 2 && k + 2 < taps) sum = join<kMax>(sum, c);
    }
    if constexpr (!kMax) sum = hn::Div(sum, hn::Set(d, by));
    if (i + lanes <= n)
      hn::StoreU(sum, d, y + i);
    else
      store_part(sum, d, y + i, static_cast<size_t>(n - i));
  }
}

using JoinRows = void(const float* const*, int64_t, float*, int64_t, bool);
using JoinColumns = void(const float*, float*, int64_t, int64_t, int64_t, int64_t, float);

JoinRows* pick_join_rows(PoolJoin how) {
  constexpr JoinRows* kTable[] = {join_rows<PoolJoin::kMax>, join_rows<PoolJoin::kSum>,
                                  join_rows<PoolJoin::kSumAbs>, join_rows<PoolJoin::kSumSquare>};
  return kTable[static_cast<size_t>(how)];
}
JoinColumns* pick_join_columns(bool max) { return max ? join_columns<true> : join_columns<false>; }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kPickJoinRows, pick_join_rows);
LITE_SIMD_TABLE(kPickJoinColumns, pick_join_columns);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;
using pointwise::Opcode;

constexpr int64_t kBuffer = 4096;  // floats of rows joined, which stay in the L1 cache

// How many taps of a window lie in the input, or with `padded` at most in the padding, by output element.
std::vector<float> count_taps(const ops::Window& w, size_t d, int64_t in, bool padded) {
  std::vector<float> counts;
  for (int64_t o = 0; o < w.out[d]; ++o) {
    float count = 0;
    for (int64_t k = 0; k < w.kernel[d]; ++k) {
      const int64_t i = o * w.strides[d] + k * w.dilations[d] - w.pads_begin[d];
      if (padded ? i < in + w.pads_end[d] : i >= 0 && i < in) ++count;
    }
    counts.push_back(count);
  }
  return counts;
}

class Pool final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    const Dims& dims = q.in[0].dims;
    Dims in(std::span<const int64_t>(dims.data() + 2, dims.size() - 2));
    LITE_ASSIGN(const ops::WindowAttrs a, ops::read_window(q.attrs(), in.size(), nullptr));
    auto k = std::make_unique<Pool>();
    LITE_ASSIGN(k->w_, ops::resolve_window(q.node.op->name, a, in));
    // A line is a plane of one row.
    if (in.size() == 1) {
      in.insert(0, 1);
      for (Dims* d : {&k->w_.kernel, &k->w_.strides, &k->w_.dilations, &k->w_.out}) d->insert(0, 1);
      for (Dims* d : {&k->w_.pads_begin, &k->w_.pads_end}) d->insert(0, 0);
    }
    const ops::Window& w = k->w_;
    const size_t last = in.size() - 1;
    k->reach_ = (w.kernel[last] - 1) * w.dilations[last] + 1;
    k->outer_taps_ = elements(std::span(w.kernel.data(), last - 1));
    if (k->reach_ > kBuffer / 2 || k->outer_taps_ > kPoolRows)
      return unsupported(q.node.op->name, ": a wide or deep window");
    k->width_ = std::min(w.out[last], (kBuffer - k->reach_) / w.strides[last] + 1);
    k->height_ = std::min(w.out[last - 1], std::max<int64_t>(1, kBuffer / k->row_length(k->width_)));
    k->planes_ = dims[0] * dims[1];
    k->outer_ = elements(std::span(w.out.data(), last - 1));

    const std::string_view op = q.node.op->name;
    k->max_ = op == "MaxPool";
    PoolJoin how = k->max_ ? PoolJoin::kMax : PoolJoin::kSum;
    if (op == "AveragePool") {
      const bool padded = q.attrs().i64("count_include_pad") != 0;
      float all = 1;
      for (size_t d = 0; d <= last; ++d) {
        const std::vector<float>& counts = k->counts_.emplace_back(count_taps(w, d, in[d], padded));
        const bool same = std::count(counts.begin(), counts.end(), counts[0]) == w.out[d] && counts[0] > 0;
        all *= same ? counts[0] : 0;
      }
      if (all > 0)
        k->by_ = all;
      else
        k->divide_ = strip(Opcode::kDiv, 0, q.options);
    } else if (!k->max_) {
      const bool squares = q.attrs().i64("p", 2) == 2;
      how = squares ? PoolJoin::kSumSquare : PoolJoin::kSumAbs;
      if (squares) k->after_ = strip(Opcode::kSqrt, 0, q.options);
    }
    k->join_rows_ = choose(kPickJoinRows, q.options)(how);
    k->join_columns_ = choose(kPickJoinColumns, q.options)(k->max_);
    k->in_ = std::move(in);
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const size_t last = in_.size() - 1;
    const int64_t down = ceil_div(w_.out[last - 1], height_), across = ceil_div(w_.out[last], width_);
    const int64_t work = height_ * (width_ + row_length(width_));
    l.parallel->for_range(planes_ * outer_ * down * across, rows_grain(work),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t i = begin; i < end; ++i)
                              piece(l, i / across / down, i / across % down * height_, i % across * width_);
                          });
    return ok();
  }

 private:
  int64_t row_length(int64_t n) const { return (n - 1) * w_.strides[w_.rank() - 1] + reach_; }

  // The piece of plane `o` (of all planes, those along further dimensions included) from (y, x) on.
  void piece(const Launch& l, int64_t o, int64_t y, int64_t x) const {
    const size_t last = in_.size() - 1;
    const int64_t rows = std::min(height_, w_.out[last - 1] - y), n = std::min(width_, w_.out[last] - x);
    const int64_t length = row_length(n);
    alignas(64) float buffer[kBuffer + kPoolSlack], other[kBuffer + kPoolSlack];
    // Where the input lies in a row of the buffer.
    const int64_t start = x * w_.strides[last] - w_.pads_begin[last];
    const int64_t first = std::clamp<int64_t>(-start, 0, length),
                  count = std::clamp<int64_t>(in_[last] - start, first, length) - first;
    const int64_t plane = in_[last - 1] * in_[last];
    const float* planes[kPoolRows];
    int64_t depth = 0;
    for (int64_t t = 0; t < outer_taps_ && count > 0; ++t)
      if (const int64_t from = outer_plane(o % outer_, t); from >= 0)
        planes[depth++] = l.in<float>(0) +
                          (o / outer_ * elements(std::span(in_.data(), last - 1)) + from) * plane +
                          (start + first);
    std::fill_n(buffer, length, nothing());
    float* const out = l.out<float>(0) + (o * w_.out[last - 1] + y) * w_.out[last] + x;
    bool clean = true;
    for (int64_t r = 0; r < rows; ++r) {
      const bool joined = join_window(planes, depth, y + r, buffer + first, count);
      if (!joined && !clean) std::fill_n(buffer + first, count, nothing());
      clean = !joined;
      join_row(buffer, other, out + r * w_.out[last], n, length);
    }
    finish(out, o % outer_, y, x, rows, n);
  }

  // Which plane of an input with further dimensions tap t of output plane o reads; -1 for the padding.
  int64_t outer_plane(int64_t o, int64_t t) const {
    int64_t from = 0, scale = 1;
    for (size_t d = in_.size() - 2; d-- > 0;) {
      const int64_t i = o % w_.out[d] * w_.strides[d] + t % w_.kernel[d] * w_.dilations[d] - w_.pads_begin[d];
      if (i < 0 || i >= in_[d]) return -1;
      from += i * scale;
      scale *= in_[d];
      o /= w_.out[d];
      t /= w_.kernel[d];
    }
    return from;
  }

  float nothing() const { return max_ ? -std::numeric_limits<float>::infinity() : 0.0f; }

  // The rows that the windows of output row y join, as one; false when there are none.
  bool join_window(const float* const* planes, int64_t depth, int64_t y, float* to, int64_t count) const {
    const size_t d = in_.size() - 2;
    const int64_t step = w_.dilations[d], top = y * w_.strides[d] - w_.pads_begin[d];
    const int64_t begin = top < 0 ? ceil_div(-top, step) : 0,
                  end = std::min(w_.kernel[d], top < in_[d] ? ceil_div(in_[d] - top, step) : 0);
    const float* rows[kPoolRows];
    int64_t n = 0;
    bool more = false;
    for (int64_t t = 0; t < depth; ++t)
      for (int64_t k = begin; k < end; ++k) {
        rows[n++] = planes[t] + (top + k * step) * in_[d + 1];
        if (n < kPoolRows) continue;
        join_rows_(rows, n, to, count, more);
        more = true;
        n = 0;
      }
    if (n > 0) join_rows_(rows, n, to, count, more);
    return n > 0 || more;
  }

  void join_row(const float* buffer, float* other, float* out, int64_t n, int64_t length) const {
    const size_t d = in_.size() - 1;
    const int64_t taps = w_.kernel[d], step = w_.dilations[d], stride = w_.strides[d];
    if (stride <= 3) return join_columns_(buffer, out, n, taps, step, stride, by_);
    // The whole row, of which only some elements count, comes from another buffer.
    if (taps > 1) join_columns_(buffer, other, length - reach_ + 1, taps, step, 1, 1.0f);
    for (int64_t i = 0; i < n; ++i) out[i] = (taps > 1 ? other : buffer)[i * stride] / by_;
  }

  // What comes after the sums.
  void finish(float* out, int64_t outer, int64_t y, int64_t x, int64_t rows, int64_t n) const {
    const size_t last = in_.size() - 1;
    const int64_t width = w_.out[last];
    if (after_ != nullptr)
      after_(Strip{.src = {out}, .src_row = {width}, .dst = out, .dst_row = width, .n = n, .rows = rows});
    if (divide_ == nullptr) return;
    float others = 1;
    for (size_t d = last - 1; d-- > 0; outer /= w_.out[d])
      others *= counts_[d][static_cast<size_t>(outer % w_.out[d])];
    float taps[kBuffer];
    for (int64_t r = 0; r < rows; ++r) {
      const float above = others * counts_[last - 1][static_cast<size_t>(y + r)];
      const float* const beside = counts_[last].data() + x;
      for (int64_t i = 0; i < n; ++i) taps[i] = std::max(1.0f, above * beside[i]);
      float* const row = out + r * width;
      divide_(Strip{.src = {row, taps}, .dst = row, .n = n});
    }
  }

  ops::Window w_;
  Dims in_;                         // spatial
  int64_t reach_ = 1;               // elements of a row that a window spans
  int64_t width_ = 1, height_ = 1;  // of a piece of the output
  int64_t planes_ = 1, outer_ = 1, outer_taps_ = 1;
  bool max_ = false;
  decltype(&HWY_STATIC_DISPATCH(join_rows<PoolJoin::kMax>)) join_rows_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(join_columns<true>)) join_columns_ = nullptr;
  StripFn *after_ = nullptr, *divide_ = nullptr;
  float by_ = 1;                            // what sums are divided by, where that is the same everywhere
  std::vector<std::vector<float>> counts_;  // AveragePool: of taps, by dimension and output element
};

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.has_out(1)) return "indices are wanted";
  if (q.attrs().i64("p", 2) > 2) return "a norm that is neither sum nor root of squares";
  return q.in[0].elements() == 0 || q.out[0].elements() == 0 ? "empty" : nullptr;
}

constexpr KernelDef kKernels[] = {
    {"max_pool:simd", "MaxPool", rejects, Pool::make},
    {"average_pool:simd", "AveragePool", rejects, Pool::make},
    {"lp_pool:simd", "LpPool", rejects, Pool::make},
};

}  // namespace

extern constinit const KernelTable simd_pool;
constinit const KernelTable simd_pool{kKernels};

}  // namespace lite::kernels
#endif
