// ConvTranspose of float32 in row-major lines, images and volumes.
//
// One product of the weights by the input, as it is, makes what every input contributes through every place
// of the window; each row of the output then adds up what reaches it. Outputs that are a stride apart take
// the same places from inputs that are neighbours, so that each such phase of a row is summed in vectors, and
// the phases are woven. What one or two channels contribute is multiplied while it is summed.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_transpose.cpp"
#include <algorithm>
#include <array>
#include <numeric>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/workspaces.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_CONV_TRANSPOSE_ARGS
#define LITE_SIMD_CONV_TRANSPOSE_ARGS
namespace lite::simd {

inline constexpr int64_t kSummed = 4;      // filters whose rows are summed side by side
inline constexpr int64_t kMaxStride = 64;  // each phase has a list of taps, and those of a row sums

// A row of some filters' outputs, or a part of it. Phase r is its columns q * stride + r; each of them adds,
// of each line, what taps[i] for i from first[r] to first[r + 1] say: column q + shift of place k, where
// there is one.
struct TransposedRow {
  struct Tap {
    int64_t k, shift;
  };
  struct Line {
    const float *x, *w;  // w: the weight of each place; null where x is what it contributes
  };
  const Tap* taps;
  const int64_t* first;
  int64_t stride;
  int64_t shift;           // added to those of the taps
  int64_t columns;         // of a line
  int64_t step;            // from place to place of a line
  int64_t x_step, w_step;  // from filter to filter
  const Line* lines;
  int64_t count;
  const float* bias;  // of each filter, or null
  float* y;
  int64_t y_step;
  int64_t out, filters;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// Elements [from, end) of a vector at p, zeros around them; nothing else is touched.
template <class D>
HWY_INLINE hn::Vec<D> load_between(D d, const float* p, int64_t from, int64_t end) {
  const auto before = static_cast<size_t>(from), until = static_cast<size_t>(end);
  if constexpr (kHasPartMasks<float>)
    return hn::MaskedLoad(hn::AndNot(hn::FirstN(d, before), hn::FirstN(d, until)), d, p);
  HWY_ALIGN float buffer[HWY_MAX_BYTES / sizeof(float)] = {};
  memcpy(buffer + from, p + from, (until - before) * sizeof(float));
  return hn::Load(d, buffer);
}

HWY_INLINE void store_up_to(hn::Vec<hn::ScalableTag<float>> v, float* y, int64_t n) {
  const hn::ScalableTag<float> d;
  if (n >= static_cast<int64_t>(hn::Lanes(d)))
    hn::StoreU(v, d, y);
  else
    store_part(v, d, y, static_cast<size_t>(n));
}

// y[i] = x[i % stride * lanes + i / stride] for i in [0, n).
HWY_INLINE void weave(const float* x, int64_t stride, float* y, int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
#if HWY_TARGET != HWY_SCALAR
  if (stride <= 4) {
    HWY_ALIGN float part[4 * HWY_MAX_BYTES / sizeof(float)];
    float* const to = n < stride * lanes ? part : y;
    const auto a = hn::Load(d, x), b = hn::Load(d, x + lanes);
    if (stride == 2)
      hn::StoreInterleaved2(a, b, d, to);
    else if (stride == 3)
      hn::StoreInterleaved3(a, b, hn::Load(d, x + 2 * lanes), d, to);
    else
      hn::StoreInterleaved4(a, b, hn::Load(d, x + 2 * lanes), hn::Load(d, x + 3 * lanes), d, to);
    if (to != part) return;
    if (n < lanes) return store_part(hn::Load(d, part), d, y, static_cast<size_t>(n));
    for (int64_t i = 0; i < n; i += lanes) {
      const int64_t at = std::min(i, n - lanes);
      hn::StoreU(hn::LoadU(d, part + at), d, y + at);
    }
    return;
  }
#endif
  for (int64_t r = 0; r < stride; ++r)
    for (int64_t i = r, from = r * lanes; i < n; i += stride) y[i] = x[from++];
}

// Filters [first, first + kFilters).
template <bool kWeighted, int kFilters>
void sum_row(const TransposedRow& t, int64_t first) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  HWY_ALIGN float parts[kFilters * kMaxStride * HWY_MAX_BYTES / sizeof(float)];
  float* const row = t.y + first * t.y_step;
  V start[kFilters];
  LITE_UNROLL
  for (int f = 0; f < kFilters; ++f)
    start[f] = t.bias == nullptr ? hn::Zero(d) : hn::Set(d, t.bias[first + f]);
  if (t.count == 0) {
    LITE_UNROLL
    for (int f = 0; f < kFilters; ++f)
      for (int64_t i = 0; i < t.out; i += lanes) store_up_to(start[f], row + f * t.y_step + i, t.out - i);
    return;
  }
  // The last vectors of a row begin before the end of others where there are any: parts of vectors take
  // longer.
  const int64_t last = ceil_div(std::max<int64_t>(0, t.out - lanes * t.stride), t.stride);
  for (int64_t next = 0; next * t.stride < t.out; next += lanes) {
    const int64_t begin = std::min(next, last), q = t.shift + begin, left = t.out - begin * t.stride;
    float* const y = row + begin * t.stride;
    for (int64_t r = 0; r < t.stride; ++r) {
      V sum[kFilters];
      LITE_UNROLL
      for (int f = 0; f < kFilters; ++f) sum[f] = start[f];
      for (int64_t i = t.first[r]; i < t.first[r + 1]; ++i) {
        const TransposedRow::Tap tap = t.taps[i];
        const int64_t at = q + tap.shift, from = std::max<int64_t>(0, -at),
                      end = std::min(lanes, t.columns - at);
        if (from >= end) continue;
        const int64_t x = first * t.x_step + tap.k * t.step + at, w = first * t.w_step + tap.k;
        const auto add = [&](auto load) HWY_ATTR {
          for (int64_t l = 0; l < t.count; ++l) {
            const float* const p = t.lines[l].x + x;
            if constexpr (kWeighted) {
              const V v = load(p);
              LITE_UNROLL
              for (int f = 0; f < kFilters; ++f)
                sum[f] = hn::MulAdd(v, hn::Set(d, t.lines[l].w[w + f * t.w_step]), sum[f]);
            } else {
              LITE_UNROLL
              for (int f = 0; f < kFilters; ++f) sum[f] = hn::Add(load(p + f * t.x_step), sum[f]);
            }
          }
        };
        if (end - from == lanes)
          add([d](const float* p) HWY_ATTR { return hn::LoadU(d, p); });
        else
          add([=](const float* p) HWY_ATTR { return load_between(d, p, from, end); });
      }
      LITE_UNROLL
      for (int f = 0; f < kFilters; ++f) {
        if (t.stride > 1)
          hn::Store(sum[f], d, parts + (f * t.stride + r) * lanes);
        else
          store_up_to(sum[f], y + f * t.y_step, left);
      }
    }
    if (t.stride > 1)
      for (int f = 0; f < kFilters; ++f)
        weave(parts + f * t.stride * lanes, t.stride, y + f * t.y_step, std::min(left, lanes * t.stride));
  }
}

template <bool kWeighted>
HWY_INLINE void sum_rows(const TransposedRow& t) {
  int64_t f = 0;
  for (; f + kSummed <= t.filters; f += kSummed) sum_row<kWeighted, kSummed>(t, f);
  for (; f < t.filters; ++f) sum_row<kWeighted, 1>(t, f);
}
void sum_contributions(const TransposedRow& t) { sum_rows<false>(t); }
void sum_products(const TransposedRow& t) { sum_rows<true>(t); }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kSumContributions, sum_contributions);
LITE_SIMD_TABLE(kSumProducts, sum_products);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// Channels of a group up to which the sums multiply.
constexpr int64_t kFewChannels = 2;
// Rows of places and channels that reach a row of the output, at most; floats that a filter takes.
constexpr int64_t kMaxLines = 512, kMaxContributions = 1 << 22;

struct Range {
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};

// One spatial dimension.
struct Axis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1;
  std::vector<TransposedRow::Tap> taps{{0, 0}};  // by phase, the remainder of an output by the stride
  std::vector<int64_t> first{0, 1};              // of each phase
  int64_t low = 0, high = 0;                     // the range of shifts
  // What outputs read, at most.
  Range inputs(const Range& o) const {
    const int64_t begin = std::clamp<int64_t>(o.begin / stride + low, 0, in);
    return {begin, std::clamp<int64_t>((o.end - 1) / stride + high + 1, begin, in)};
  }
  int64_t span() const { return high - low; }
  // Calls f(place, input) for those of the range that reach an output.
  template <class F>
  void each(int64_t o, const Range& range, const F& f) const {
    const auto r = static_cast<size_t>(o % stride);
    for (int64_t t = first[r]; t < first[r + 1]; ++t) {
      const TransposedRow::Tap& tap = taps[static_cast<size_t>(t)];
      const int64_t i = o / stride + tap.shift;
      if (i >= range.begin && i < range.end) f(tap.k, i);
    }
  }
};

Axis axis_of(const ops::Window& w, size_t d, int64_t in) {
  Axis a{.in = in, .out = w.out[d], .kernel = w.kernel[d], .stride = w.strides[d]};
  a.taps.clear();
  a.first.assign(1, 0);
  for (int64_t r = 0; r < a.stride; ++r) {
    for (int64_t k = 0; k < a.kernel; ++k) {
      const int64_t ahead = r + w.pads_begin[d] - k * w.dilations[d];
      if (ahead % a.stride != 0) continue;
      const int64_t shift = ahead / a.stride;
      a.low = a.taps.empty() ? shift : std::min(a.low, shift);
      a.high = a.taps.empty() ? shift : std::max(a.high, shift);
      a.taps.push_back({k, shift});
    }
    a.first.push_back(static_cast<int64_t>(a.taps.size()));
  }
  return a;
}

class ConvTranspose final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    const Dims &x = q.in[0].dims, &w = q.in[1].dims;
    const size_t rank = x.size() - 2;
    const Dims kernel(std::span(w.begin() + 2, rank)), in(std::span(x.begin() + 2, rank));
    LITE_ASSIGN(const ops::WindowAttrs read, ops::read_window(q.attrs(), rank, &kernel));
    LITE_ASSIGN(const ops::Window window, ops::resolve_transposed(q.attrs(), read, in));
    auto k = std::make_unique<ConvTranspose>();
    k->images_ = x[0];
    k->group_ = q.attrs().i64("group", 1);
    k->channels_ = x[1] / k->group_;
    k->filters_ = w[1];
    for (size_t d = 0; d < rank; ++d) k->axes_[3 - rank + d] = axis_of(window, d, in[d]);
    k->taps_ = elements(kernel);
    k->plane_ = elements(in);
    k->bias_ = q.has_in(2);
    k->multiplies_ = k->channels_ <= kFewChannels;
    k->slice_axis_ = rank == 3 ? 0 : 1;
    k->plan(rank == 1);
    if (k->multiplies_) {
      k->sum_ = choose(kSumProducts, q.options);
      return std::unique_ptr<Kernel>(std::move(k));
    }
    if (k->taps_ * k->contribution_row() > kMaxContributions)
      return unsupported(q.node.op->name, ": a large window");
    k->sum_ = choose(kSumContributions, q.options);
    k->gemm_ = Gemm(q.options, k->step_ * k->slice_floats());
    k->pack_columns_ = pack_columns(q.options);
    LITE_ASSIGN(k->packed_, k->pack(*q.in[1].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const Axis &s = slices(), &x = axes_[2];
    // So many units that threads get equal shares; how often the input is read depends on it, nothing else.
    Split t{.filters = filters_, .slices = s.out};
    constexpr int64_t kFewRows = 24;
    if (l.parallel->threads > 1 && worth_splitting()) {
      const int64_t want = ceil_div(2 * l.parallel->threads, whole_units()),
                    most = multiplies_ ? filters_ : ceil_div(filters_ * taps_, kFewRows);
      const int64_t parts = std::min({filters_, most, want});
      t.filters = ceil_div(filters_, parts);
      t.slices = ceil_div(s.out, std::clamp<int64_t>(s.in / (4 * s.span() + 4), 1, ceil_div(want, parts)));
    }
    t.units = {images_ * group_, ceil_div(filters_, t.filters), ceil_div(s.out, t.slices),
               ceil_div(x.out, x_block_)};
    share_units(*l.parallel, workspaces_, elements(t.units), [&](int64_t workspace, int64_t i) {
      calculate(l, t, i, static_cast<float*>(l.workspace) + workspace * workspace_floats());
    });
    return ok();
  }
  size_t workspace_bytes() const override {
    return static_cast<size_t>(workspaces_ * workspace_floats()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != 1 || multiplies_; }

 private:
  // Filters and slices of a unit; units by images and groups, filters, slices and columns.
  struct Split {
    int64_t filters, slices;
    std::array<int64_t, 4> units;
  };

  const Axis& slices() const { return axes_[slice_axis_]; }
  // Floats of a slice of a channel, at most.
  int64_t slice_floats() const {
    const Axis& x = axes_[2];
    const int64_t columns = x_block_ < x.out ? std::min(x.in, x_block_ / x.stride + x.span()) : x.in;
    return (slice_axis_ == 0 ? axes_[1].in : 1) * columns;
  }
  // An odd number of cache lines, so that the rows do not meet in the cache.
  int64_t contribution_row() const { return round_up(ring_ * slice_floats(), 32) + 16; }
  int64_t contribution_floats() const { return multiplies_ ? 0 : filter_block_ * taps_ * contribution_row(); }
  int64_t input_floats() const {
    return multiplies_ ? 0 : channels_ * round_up(step_ * slice_floats(), gemm_.width());
  }
  int64_t workspace_floats() const { return input_floats() + contribution_floats(); }

  // What is made at once stays in the second-level cache.
  void plan(bool lines) {
    constexpr int64_t kNearInput = 1 << 15, kFewColumns = 192, kManyColumns = 512, kNear = 3 << 15,
                      kLine = 64;
    const int64_t columns =
        std::clamp<int64_t>(kNearInput / std::max<int64_t>(1, channels_), kFewColumns, kManyColumns);
    const Axis &s = slices(), &x = axes_[2];
    x_block_ = x.out;
    if (lines) {
      // Neighbouring parts of a line read some inputs both.
      const int64_t parts = std::max<int64_t>(1, x.in / std::max(columns, 8 * x.span()));
      x_block_ = round_up(ceil_div(x.out, parts), x.stride * kLine);
    }
    step_ = std::clamp<int64_t>(columns / slice_floats(), 1, s.in);
    ring_ = std::min(round_up(s.in, step_), round_up(s.span() + step_, step_));
    const int64_t each = taps_ * ring_ * slice_floats();
    filter_block_ = std::max<int64_t>(kNear / each, each <= kNear ? kSummed : 1);
    filter_block_ = ceil_div(filters_, ceil_div(filters_, filter_block_));
    if (filter_block_ > kSummed) filter_block_ = round_up(filter_block_, kSummed);
    workspaces_ = std::min<int64_t>(thread_pool::max_threads(), worth_splitting() ? 1 << 16 : whole_units());
  }
  // Units that are images, groups and parts of lines.
  int64_t whole_units() const { return images_ * group_ * ceil_div(axes_[2].out, x_block_); }
  bool worth_splitting() const { return images_ * group_ * channels_ * filters_ * taps_ * plane_ >= 1 << 18; }

  void calculate(const Launch& l, const Split& t, int64_t unit, float* workspace) const {
    int64_t at[4];
    for (size_t d = 4; d-- > 0; unit /= t.units[d]) at[d] = unit % t.units[d];
    const Axis& s = slices();
    const int64_t last = std::min(filters_, (at[1] + 1) * t.filters);
    Part p{.image = at[0],
           .filter = at[1] * t.filters,
           .out = {at[2] * t.slices, std::min(s.out, (at[2] + 1) * t.slices)},
           .x = {at[3] * x_block_, std::min(axes_[2].out, (at[3] + 1) * x_block_)}};
    p.in = s.inputs(p.out);
    // Rows are whole, so that slices follow each other.
    p.in_x = x_block_ < axes_[2].out ? axes_[2].inputs(p.x) : Range{0, axes_[2].in};
    for (; p.filter < last; p.filter += filter_block_) {
      p.filters = std::min(filter_block_, last - p.filter);
      // The input slice by slice, and what is complete then. Where a slice's contributions lay, others lie
      // ring_ slices further.
      int64_t done = p.out.begin;
      for (int64_t begin = p.in.begin, end = begin; done < p.out.end; begin = end) {
        end = multiplies_ ? p.in.end : std::min(p.in.end, begin + step_);
        if (!multiplies_ && end > begin) multiply(l, p, {begin, end}, workspace);
        const int64_t until =
            end == p.in.end ? p.out.end : std::clamp<int64_t>((end - s.high) * s.stride, done, p.out.end);
        add_up(l, p, {done, until}, workspace + input_floats());
        done = until;
      }
    }
  }

  // Some filters' outputs: of slices, and columns; and what they read.
  struct Part {
    int64_t image, filter;  // the group of an image
    Range out, x;
    Range in{}, in_x{};
    int64_t filters = 0;
  };

  int64_t slot(const Part& p, int64_t slice) const { return (slice - p.in.begin) % ring_; }

  // Whether the input is read where it lies by products of so many rows: few of them, or a panel of it stays
  // in the first-level cache, where its rows must not meet.
  bool in_place(int64_t rows) const {
    constexpr int64_t kOnce = 12, kPage = 4096, kCacheLine = 64, kSets = 64, kWays = 6;
    constexpr auto kFloat = static_cast<int64_t>(sizeof(float));
    const int64_t lines = gemm_.width() * kFloat / kCacheLine;
    const int64_t sets = std::min(kSets, kPage / std::gcd(plane_ * kFloat, kPage) * lines);
    return rows <= kOnce || channels_ * lines <= kWays * sets;
  }

  // What some slices contribute.
  void multiply(const Launch& l, const Part& p, const Range& s, float* workspace) const {
    const int64_t slice = (slice_axis_ == 0 ? axes_[1].in : 1) * p.in_x.size(), width = gemm_.width();
    const int64_t row = p.filter + p.image % group_ * filters_;
    const float* x = l.in<float>(0) + p.image * channels_ * plane_ + s.begin * slice + p.in_x.begin;
    GemmArgs g{.a = static_cast<const float*>(packed_->data.get()) + row * taps_ * channels_,
               .a_row = channels_,
               .b = workspace,
               .b_near = true,
               .c = workspace + input_floats() + slot(p, s.begin) * slice,
               .c_row = contribution_row(),
               .m = p.filters * taps_,
               .n = s.size() * slice,
               .k = channels_};
    if (in_place(g.m) && g.n >= width) {
      GemmArgs whole = g;
      whole.b = x, whole.b_row = plane_, whole.n = g.n / width * width;
      gemm_.tile(whole, 0, g.m, 0, g.n / width);
      x += whole.n, g.c += whole.n, g.n -= whole.n;
    }
    if (g.n == 0) return;
    pack_columns_(x, channels_, plane_, g.n, width, workspace);
    gemm_.tile(g, 0, g.m, 0, ceil_div(g.n, width));
  }

  // Some slices of the output.
  void add_up(const Launch& l, const Part& p, const Range& s, const float* contributions) const {
    const Axis &a0 = axes_[0], &a1 = axes_[1], &a2 = axes_[2];
    const int64_t group = p.image % group_, out = a0.out * a1.out * a2.out;
    const Range all_z{0, a0.in}, all_y{0, a1.in};
    const bool planes = slice_axis_ == 0;
    const Range &in_z = planes ? p.in : all_z, &in_y = planes ? all_y : p.in;
    TransposedRow::Line lines[kMaxLines];
    TransposedRow t{.taps = a2.taps.data(),
                    .first = a2.first.data(),
                    .stride = a2.stride,
                    .shift = p.x.begin / a2.stride - p.in_x.begin,
                    .columns = p.in_x.size(),
                    .step = multiplies_ ? 0 : contribution_row(),
                    .x_step = multiplies_ ? 0 : taps_ * contribution_row(),
                    .w_step = taps_,
                    .lines = lines,
                    .count = 0,
                    .bias = bias_ ? l.in<float>(2) + group * filters_ + p.filter : nullptr,
                    .y = nullptr,
                    .y_step = out,
                    .out = p.x.size(),
                    .filters = p.filters};
    const float* const input = l.in<float>(0) + p.image * channels_ * plane_ + p.in_x.begin;
    const float* const w =
        multiplies_ ? l.in<float>(1) + (group * channels_ * filters_ + p.filter) * taps_ : nullptr;
    for (int64_t z = planes ? s.begin : 0; z < (planes ? s.end : 1); ++z)
      for (int64_t y = planes ? 0 : s.begin; y < (planes ? a1.out : s.end); ++y) {
        t.count = 0;
        a0.each(z, in_z, [&](int64_t kz, int64_t iz) {
          a1.each(y, in_y, [&](int64_t ky, int64_t iy) {
            const int64_t tap = (kz * a1.kernel + ky) * a2.kernel;
            if (multiplies_)
              for (int64_t c = 0; c < channels_; ++c)
                lines[t.count++] = {input + c * plane_ + (iz * a1.in + iy) * a2.in,
                                    w + c * filters_ * taps_ + tap};
            else
              lines[t.count++] = {contributions + tap * contribution_row() +
                                      (planes ? slot(p, iz) * a1.in + iy : slot(p, iy)) * p.in_x.size(),
                                  nullptr};
          });
        });
        t.y = l.out<float>(0) + (p.image * filters_ + p.filter) * out + (z * a1.out + y) * a2.out + p.x.begin;
        sum_(t);
      }
  }

  // By group, filter and place the weight of each channel.
  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    return packs.get(w, cat("conv_transpose:", group_), static_cast<size_t>(w.elements()) * sizeof(float),
                     [&](void* packed, const void* weights) -> Status {
                       const int64_t rows = filters_ * taps_;
                       for (int64_t g = 0; g < group_ * channels_ * rows; g += channels_ * rows)
                         pack_panel(static_cast<const float*>(weights) + g, rows, channels_, 1, rows,
                                    channels_, static_cast<float*>(packed) + g);
                       return ok();
                     });
  }

  int64_t images_ = 0, group_ = 1, channels_ = 0, filters_ = 0;  // of a group
  std::array<Axis, 3> axes_;                                     // missing ones in front have one element
  int64_t taps_ = 1, plane_ = 0;                                 // of the window; floats of a channel
  size_t slice_axis_ = 1;                                        // slices are planes of a volume, else rows
  int64_t step_ = 1, ring_ = 1;             // slices of a product; whose contributions are kept
  int64_t filter_block_ = 1, x_block_ = 1;  // filters of a product; columns of a unit
  int64_t workspaces_ = 1;
  bool bias_ = false, multiplies_ = false;
  Gemm gemm_;
  PackColumnsFn* pack_columns_ = nullptr;
  void (*sum_)(const TransposedRow&) = nullptr;
  std::shared_ptr<const PackCache::Packed> packed_;
};

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.size() < 3 || q.in[0].dims.size() > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[1].constant == nullptr) return "weights not constant";
  if (q.in[0].elements() == 0 || q.in[1].elements() == 0 || q.out[0].elements() == 0) return "empty";
  for (const int64_t stride : q.attrs().ints("strides"))
    if (stride > kMaxStride) return "long strides";
  const Dims& w = q.in[1].dims;
  const int64_t rows = q.in[1].elements() / (w[0] * w[1] * w.back());
  if (rows > kMaxLines / kFewChannels) return "a high window";
  return nullptr;
}

constexpr KernelDef kKernels[] = {{"conv_transpose:simd", "ConvTranspose", rejects, ConvTranspose::make}};

}  // namespace

extern constinit const KernelTable simd_conv_transpose;
constinit const KernelTable simd_conv_transpose{kKernels};

}  // namespace lite::kernels
#endif
