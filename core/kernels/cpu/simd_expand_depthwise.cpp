// FusedExpandDepthwise of float32 images, channels last: what a 1 x 1 convolution makes of a few channels is
// filtered depthwise while it is in the cache.
//
// Channels are taken in blocks of two vectors. For each, the rows of the expanded image that a row of the
// result sees are kept in a ring, between columns of zeros that are the padding; what lies above and below
// the image is left out. Every sum has one order, so the bits do not depend on where rows are cut for the
// threads.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_expand_depthwise.cpp"
#include <atomic>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/expand_depthwise.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_EXPAND_DEPTHWISE
#define LITE_SIMD_EXPAND_DEPTHWISE
namespace lite::simd {

// Both: result = min(max(sum, lo), hi), the sum beginning with the bias of its channel. Blocks of channels
// have two vectors a pixel.
struct ExpandRow {
  const float* x;  // pixels, `channels` apart
  int64_t channels;
  const float* w;     // a panel, as Gemm wants it
  const float* bias;  // of the block
  float lo, hi;
  float* y;  // pixels of the block
  int64_t pixels;
};
struct DepthwiseRow {
  const float* const* x;  // for each tap, where it is for the first pixel: in pixels of the block
  const float* const* w;  // and its weights of the block
  int64_t taps;
  const float* bias;
  float lo, hi;
  float* y;  // pixels, y_step apart
  int64_t y_step, pixels, vectors;
};
using ExpandFn = void(const ExpandRow&);
using DepthwiseFn = void(const DepthwiseRow&);
// The copies for so many pixels, and so many vectors of a block or a stride, which is 1 or 2.
struct ExpandSteps {
  ExpandFn* (*expand)(int64_t pixels, int64_t vectors) = nullptr;
  DepthwiseFn* (*depthwise)(int64_t pixels, int64_t stride) = nullptr;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_NEON

// Pixels at a time: of the largest tile the sums, with two vectors each, fill the registers.
#if HWY_TARGET == HWY_AVX3
using ExpandTiles = std::integer_sequence<int64_t, 1, 4, 7, 8, 10, 12, 14>;
using DepthwiseTiles = std::integer_sequence<int64_t, 1, 4, 7, 14>;
#elif HWY_TARGET == HWY_NEON
using ExpandTiles = std::integer_sequence<int64_t, 1, 4, 7, 10, 12>;
using DepthwiseTiles = std::integer_sequence<int64_t, 1, 4, 7, 14>;
#else
using ExpandTiles = std::integer_sequence<int64_t, 1, 4, 5, 6>;
using DepthwiseTiles = std::integer_sequence<int64_t, 1, 4, 8, 12>;
#endif

// Which of the tiles covers n pixels in the least time. Those of fewer than `enough` take as long: their sums
// wait for each other. The last one of a row may overlap the one before.
template <int64_t... kPixels>
size_t best_tile(std::integer_sequence<int64_t, kPixels...>, int64_t n, int64_t enough) {
  size_t best = 0, i = 0;
  int64_t least = INT64_MAX;
  const auto consider = [&](int64_t pixels) {
    const int64_t cost = ceil_div(n, pixels) * std::max(pixels, enough);
    if (pixels <= n && cost <= least) best = i, least = cost;
    ++i;
  };
  (consider(kPixels), ...);
  return best;
}

// Keeps the compiler from reckoning p from other pointers at every use.
HWY_INLINE void keep(const float*& p) { __asm__("" : "+r"(p)); }

template <int64_t kPixels, int64_t kVectors>
void expand_tiles(const ExpandRow& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lo = hn::Set(d, t.lo), hi = hn::Set(d, t.hi);
  const int64_t row = t.channels;
  constexpr int64_t kGroups = (kPixels + 2) / 3;  // of pixels that one pointer reaches
  for (int64_t i = 0; i < t.pixels; i += kPixels) {
    const int64_t at = std::min(i, t.pixels - kPixels);
    V acc[kPixels][kVectors];
    LITE_UNROLL
    for (int p = 0; p < kPixels; ++p) LITE_UNROLL
    for (int v = 0; v < kVectors; ++v) acc[p][v] = hn::LoadU(d, t.bias + v * lanes);
    const float* x[kGroups];
    LITE_UNROLL
    for (int g = 0; g < kGroups; ++g) x[g] = t.x + (at + 3 * g) * row;
    const float* w = t.w;
    for (int64_t c = 0; c < row; ++c) {
      V vw[kVectors];
      LITE_UNROLL
      for (int v = 0; v < kVectors; ++v) vw[v] = hn::LoadU(d, w + v * lanes);
      LITE_UNROLL
      for (int p = 0; p < kPixels; ++p) {
        const V vx = hn::Set(d, x[p / 3][p % 3 * row]);
        LITE_UNROLL
        for (int v = 0; v < kVectors; ++v) acc[p][v] = hn::MulAdd(vx, vw[v], acc[p][v]);
      }
      // The panel that comes next, to the second-level cache.
      LITE_UNROLL
      for (int v = 0; v < 2; ++v) __builtin_prefetch(w + (2 * row + v) * lanes, 0, 2);
      w += 2 * lanes;
      LITE_UNROLL
      for (int g = 0; g < kGroups; ++g) keep(++x[g]);
    }
    float* const y = t.y + at * 2 * lanes;
    LITE_UNROLL
    for (int p = 0; p < kPixels; ++p) LITE_UNROLL
    for (int v = 0; v < kVectors; ++v) hn::StoreU(clip(d, acc[p][v], lo, hi), d, y + (p * 2 + v) * lanes);
  }
}

template <int64_t kPixels, int64_t kStride>
void depthwise_tiles(const DepthwiseRow& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lo = hn::Set(d, t.lo), hi = hn::Set(d, t.hi);
  const int64_t step = 2 * lanes * kStride;
  for (int64_t c = 0; c < t.vectors * lanes; c += lanes) {
    for (int64_t i = 0; i < t.pixels; i += kPixels) {
      const int64_t at = std::min(i, t.pixels - kPixels), first = at * step + c;
      V acc[kPixels];
      LITE_UNROLL
      for (int p = 0; p < kPixels; ++p) acc[p] = hn::LoadU(d, t.bias + c);
      for (int64_t j = 0; j < t.taps; ++j) {
        const V w = hn::LoadU(d, t.w[j] + c);
        const float* x = t.x[j] + first;
        keep(x);
        LITE_UNROLL
        for (int p = 0; p < kPixels; ++p) acc[p] = hn::MulAdd(hn::LoadU(d, x + p * step), w, acc[p]);
      }
      float* const y = t.y + at * t.y_step + c;
      LITE_UNROLL
      for (int p = 0; p < kPixels; ++p) hn::StoreU(clip(d, acc[p], lo, hi), d, y + p * t.y_step);
    }
  }
}

template <int64_t... kPixels>
ExpandFn* pick_expand(std::integer_sequence<int64_t, kPixels...> tiles, int64_t pixels, int64_t vectors) {
  constexpr ExpandFn* kTable[2][sizeof...(kPixels)] = {{expand_tiles<kPixels, 1>...},
                                                       {expand_tiles<kPixels, 2>...}};
  return kTable[vectors - 1][best_tile(tiles, pixels, 4)];
}
template <int64_t... kPixels>
DepthwiseFn* pick_depthwise(std::integer_sequence<int64_t, kPixels...> tiles, int64_t pixels,
                            int64_t stride) {
  constexpr DepthwiseFn* kTable[2][sizeof...(kPixels)] = {{depthwise_tiles<kPixels, 1>...},
                                                          {depthwise_tiles<kPixels, 2>...}};
  return kTable[stride - 1][best_tile(tiles, pixels, 8)];
}

ExpandFn* expand(int64_t pixels, int64_t vectors) { return pick_expand(ExpandTiles(), pixels, vectors); }
DepthwiseFn* depthwise(int64_t pixels, int64_t stride) {
  return pick_depthwise(DepthwiseTiles(), pixels, stride);
}
ExpandSteps expand_steps() { return {expand, depthwise}; }

#else
ExpandSteps expand_steps() { return {}; }
#endif

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kExpandSteps, expand_steps);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;
using ops::ExpandDepthwise;

constexpr size_t kX = 0, kW = 1, kB = 2, kDepthwiseW = 3, kDepthwiseB = 4;
constexpr int64_t kMaxTaps = 49;
constexpr int64_t kMaxParts = 64;
constexpr int64_t kMaxWidth = 32;  // of a block: two vectors of AVX-512

constexpr int64_t kMaxSeen = 4096;    // pixels under a window
constexpr int64_t kRingPixels = 320;  // of a ring, unless a window sees more

// A clip of the sum, or else a pass over the row.
struct Activation {
  float lo = 0, hi = 0;
  ActivationFn pass;
  static Activation make(const pointwise::Activation& a, const KernelOptions& options) {
    Activation r;
    if (!clip_of(a, r.lo, r.hi)) r.pass = ActivationFn(a, options);
    return r;
  }
};

class ExpandDepthwiseKernel final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<ExpandDepthwiseKernel>();
    LITE_TRY(k->s_.resolve(q.attrs(), q.in[kX].dims, q.in[kW].dims, q.in[kDepthwiseW].dims));
    k->steps_ = choose(kExpandSteps, q.options)();
    k->width_ = Gemm(q.options).width();
    k->first_ = Activation::make(k->s_.activation, q.options);
    k->second_ = Activation::make(k->s_.depthwise_activation, q.options);
    for (const size_t i : {kB, kDepthwiseB}) k->bias_[i == kDepthwiseB] = q.has_in(i);
    k->plan();
    LITE_ASSIGN(k->packed_, k->pack(*q.in[kW].constant, packs));
    LITE_ASSIGN(k->packed_depthwise_, k->pack_depthwise(*q.in[kDepthwiseW].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int64_t units = s_.depthwise.batch * down_ * across_ * blocks_;
    // Threads begin far from each other, as neighbours would write into the same lines of the cache, and in
    // the part of the image that they had before.
    const int64_t parts = std::clamp<int64_t>(l.parallel->threads, 1, std::min(lanes_, kMaxParts));
    std::atomic<int64_t> next[kMaxParts] = {};
    // A lane is a workspace; it takes the units of its part, and then what the others left over.
    l.parallel->run(lanes_, [&](int64_t lane) {
      float* const ring = static_cast<float*>(l.workspace) + lane * lane_floats();
      for (int64_t p = 0; p < parts; ++p) {
        const int64_t part = (lane + p) % parts, first = units * part / parts;
        const int64_t count = units * (part + 1) / parts - first;
        for (int64_t i; (i = next[part].fetch_add(1, std::memory_order_relaxed)) < count;) {
          if (l.parallel->cancel != nullptr && l.parallel->cancel->stop_requested()) return;
          const int64_t block = (first + i) % blocks_, at = (first + i) / blocks_;
          work(l, {at / across_ / down_, at / across_ % down_, at % across_, block}, ring);
        }
      }
    });
    return ok();
  }

  size_t workspace_bytes() const override {
    return static_cast<size_t>(lanes_ * lane_floats()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != kW && i != kDepthwiseW; }

 private:
  // What a thread does at a time: some rows and columns of the result, of one block of channels.
  struct Unit {
    int64_t image, row, column, block;
  };
  // With a row of the result, for channels that do not fill their last vector.
  int64_t lane_floats() const { return ring_rows_ * row_floats_ + columns_ * width_; }
  int64_t taps() const { return elements(window().kernel); }
  const ops::Window& window() const { return s_.depthwise.window; }
  // Columns of the expanded image that so many of the result see.
  int64_t seen(int64_t columns) const {
    const ops::Window& w = window();
    return (columns - 1) * w.strides[1] + (w.kernel[1] - 1) * w.dilations[1] + 1;
  }

  void plan() {
    const ops::Window& w = window();
    ring_rows_ = (w.kernel[0] - 1) * w.dilations[0] + 1;
    blocks_ = ceil_div(s_.depthwise.channels, width_);
    // Few enough columns for a ring that leaves room in the first-level cache.
    const int64_t fit = std::max<int64_t>(kRingPixels / ring_rows_, 2 * seen(1));
    across_ = ceil_div(w.out[1], std::max<int64_t>(1, (fit - seen(1)) / w.strides[1] + 1));
    columns_ = ceil_div(w.out[1], across_);
    across_ = ceil_div(w.out[1], columns_);
    row_floats_ = seen(columns_) * width_;
    // Enough units for every thread; the rows at the cuts are expanded twice.
    const int64_t threads = thread_pool::max_threads(), wanted = threads > 1 ? 4 * threads : 1;
    const int64_t units = s_.depthwise.batch * across_ * blocks_;
    int64_t cuts = std::min(w.out[0], ceil_div(wanted, units));
    // A thread that has all channels of rows of its own finds them in its cache when the next node reads
    // them. For that up to a sixth of the rows may be expanded twice.
    const int64_t twice = (threads - 1) * (ring_rows_ - w.strides[0]);
    if (cuts < threads && 6 * twice <= s_.depthwise.in[0]) cuts = threads;
    rows_ = ceil_div(w.out[0], cuts);
    // What is read of the image stays in the second-level cache for the next block.
    const auto row_bytes = static_cast<int64_t>(sizeof(float)) * w.strides[0] * seen(columns_) * s_.channels;
    const auto fit_rows = static_cast<int64_t>(l2_bytes()) / 2 / row_bytes;
    rows_ = std::min(rows_, std::max<int64_t>(fit_rows, 8 * w.kernel[0]));
    down_ = ceil_div(w.out[0], rows_);
    lanes_ = std::min(threads, units * down_);
  }

  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    const int64_t in = s_.channels, out = s_.depthwise.channels;
    const auto bytes = static_cast<size_t>(packed_floats(in, out, width_)) * sizeof(float);
    return packs.get(w, cat("conv_pointwise:", width_), bytes, [&](void* to, const void* weights) -> Status {
      pack_panels(static_cast<const float*>(weights), in, out, 1, in, width_, static_cast<float*>(to));
      return ok();
    });
  }

  // By block and tap, zeros behind the last channel.
  Result<std::shared_ptr<const PackCache::Packed>> pack_depthwise(const Tensor& w, PackCache& packs) const {
    const int64_t n = taps(), channels = s_.depthwise.channels;
    const auto bytes = static_cast<size_t>(blocks_ * n * width_) * sizeof(float);
    return packs.get(
        w, cat("expand_depthwise:", width_), bytes, [&](void* to, const void* weights) -> Status {
          pack_panels(static_cast<const float*>(weights), n, channels, 1, n, width_, static_cast<float*>(to));
          return ok();
        });
  }

  void work(const Launch& l, const Unit& u, float* ring) const {
    const ops::Window& w = window();
    const int64_t height = s_.depthwise.in[0], width = s_.depthwise.in[1], all = s_.depthwise.channels;
    const int64_t channel = u.block * width_, count = std::min(width_, all - channel);
    const int64_t first_column = u.column * columns_;
    const int64_t columns = std::min(columns_, w.out[1] - first_column);
    alignas(64) float bias[2][kMaxWidth] = {};
    for (const size_t i : {size_t{0}, size_t{1}})
      if (bias_[i])
        memcpy(bias[i], l.in<float>(i == 0 ? kB : kDepthwiseB) + channel,
               static_cast<size_t>(count) * sizeof(float));

    // Columns [from, to) of those that are seen lie in the image.
    const int64_t left = first_column * w.strides[1] - w.pads_begin[1], end = seen(columns);
    const int64_t from = std::clamp<int64_t>(-left, 0, end), to = std::clamp(width - left, from, end);
    for (int64_t i = 0; i < ring_rows_; ++i) {
      float* const row = ring + i * row_floats_;
      std::fill_n(row, from * width_, 0.0f);
      std::fill(row + to * width_, row + end * width_, 0.0f);
    }
    const float* const x = l.in<float>(kX) + (u.image * height * width + left + from) * s_.channels;
    ExpandRow e{};
    e.channels = s_.channels;
    e.w = static_cast<const float*>(packed_->data.get()) + channel * s_.channels;
    e.bias = bias[0];
    e.lo = first_.lo, e.hi = first_.hi;
    e.pixels = to - from;
    const int64_t lanes = width_ / 2, vectors = ceil_div(count, lanes);
    ExpandFn* const expand = steps_.expand(e.pixels, vectors);

    const float *sources[kMaxTaps], *weights[kMaxTaps];
    const auto* const packed =
        static_cast<const float*>(packed_depthwise_->data.get()) + u.block * taps() * width_;
    DepthwiseRow d{};
    d.x = sources, d.w = weights;
    d.bias = bias[1];
    d.lo = second_.lo, d.hi = second_.hi;
    d.pixels = columns, d.vectors = vectors;
    DepthwiseFn* const depthwise = steps_.depthwise(columns, w.strides[1]);
    const bool whole = count == vectors * lanes;
    float* const apart = ring + ring_rows_ * row_floats_;
    d.y_step = whole ? all : width_;

    const int64_t last = std::min(w.out[0], (u.row + 1) * rows_);
    int64_t made = 0;  // rows before this one are in the ring, or not needed
    for (int64_t row = u.row * rows_; row < last; ++row) {
      const int64_t top = row * w.strides[0] - w.pads_begin[0];
      made = std::max(made, top);
      for (const int64_t below = std::min(height, top + ring_rows_); made < below && e.pixels > 0; ++made) {
        e.x = x + made * width * s_.channels;
        e.y = ring + made % ring_rows_ * row_floats_ + from * width_;
        expand(e);
        first_.pass(e.y, e.pixels * width_);
      }
      d.taps = 0;
      for (int64_t i = 0; i < w.kernel[0]; ++i) {
        const int64_t source = top + i * w.dilations[0];
        if (source < 0 || source >= height) continue;
        for (int64_t j = 0; j < w.kernel[1]; ++j) {
          sources[d.taps] = ring + source % ring_rows_ * row_floats_ + j * w.dilations[1] * width_;
          weights[d.taps++] = packed + (i * w.kernel[1] + j) * width_;
        }
      }
      float* const y =
          l.out<float>(0) + ((u.image * w.out[0] + row) * w.out[1] + first_column) * all + channel;
      d.y = whole ? y : apart;
      depthwise(d);
      second_.pass(d.y, count, columns, d.y_step);
      for (int64_t i = 0; !whole && i < columns; ++i)
        memcpy(y + i * all, apart + i * width_, static_cast<size_t>(count) * sizeof(float));
    }
  }

  ExpandDepthwise s_;
  ExpandSteps steps_;
  Activation first_, second_;
  bool bias_[2] = {};
  int64_t width_ = 0, blocks_ = 0;  // channels of a block
  // Of the result: rows and columns of a unit, and how many units there are.
  int64_t rows_ = 0, columns_ = 0, down_ = 0, across_ = 0, lanes_ = 1;
  int64_t ring_rows_ = 0, row_floats_ = 0;
  std::shared_ptr<const PackCache::Packed> packed_, packed_depthwise_;
};

WhyNot rejects(const NodeQuery& q) {
  if (q.options.reproducible) return "it rounds differently";
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (q.in[kX].dims.size() != 4) return "not an image";
  if (q.in[kX].layout != Layout::kChannelsLast || q.out[0].layout != Layout::kChannelsLast)
    return "not channels last";
  if (q.in[kW].constant == nullptr || q.in[kDepthwiseW].constant == nullptr) return "weights not constant";
  if (choose(kExpandSteps, q.options)().expand == nullptr) return "no vectors with multiply-add";
  ExpandDepthwise s;
  if (!s.resolve(q.attrs(), q.in[kX].dims, q.in[kW].dims, q.in[kDepthwiseW].dims).is_ok())
    return "the window is wrong";
  const ops::Window& w = s.depthwise.window;
  if (elements(w.kernel) > kMaxTaps) return "a large kernel";
  int64_t seen = 1;  // of the expanded image, by one pixel of the result
  for (size_t i = 0; i < 2; ++i) {
    seen *= (w.kernel[i] - 1) * w.dilations[i] + 1;
    if (seen > kMaxSeen) return "a wide window";
  }
  if (w.strides[1] > 2) return "a stride of more than two columns";
  if (q.options.unranked) return nullptr;
  // A large window is faster alone, in conv_depthwise:simd, which loads a column once for all that see it.
  constexpr int64_t kLargeWindow = 25, kMostColumns = 7;
  if (elements(w.kernel) > kLargeWindow && w.kernel[1] <= kMostColumns && w.dilations[1] == 1)
    return "a large window";
  // What is saved are the expanded image's ways to memory and back. They weigh little beside products of many
  // channels, and for few pixels beside the weights. Without AVX-512 a small image stays in the cache, and
  // only an activation that takes its time is better done there.
  const int64_t pixels = elements(s.depthwise.in);
  if (s.depthwise.channels < 2 * s.channels) return "it hardly expands";
  if (pixels < 100) return "few pixels";
  if (Gemm(q.options).width() == kMaxWidth || pixels > 1024) return nullptr;
  float lo = 0, hi = 0;
  const bool quick = clip_of(s.activation, lo, hi) || s.activation.op == pointwise::Opcode::kHardSwish;
  return quick ? "a small image" : nullptr;
}

constexpr KernelDef kKernels[] = {
    {"expand_depthwise:simd", "FusedExpandDepthwise", rejects, ExpandDepthwiseKernel::make}};

}  // namespace

extern constinit const KernelTable simd_expand_depthwise;
constinit const KernelTable simd_expand_depthwise{kKernels};

}  // namespace lite::kernels
#endif
