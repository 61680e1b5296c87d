// Depthwise Conv and FusedConv, and MaxPool, of float32 images, channels last.
//
// Of several neighbours in a row the sums are kept at once, and what a column of the image holds goes to all
// of them that see it. Channels are cut into blocks of which the rows under a window stay in the first-level
// cache. Every sum has one order, and what lies outside the image is left out. The largest of a window that
// holds NaN is any of its numbers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_depthwise.cpp"
#include <algorithm>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/conv_reference.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_DEPTHWISE
#define LITE_SIMD_DEPTHWISE
// As LITE_UNROLL, for the columns that a row of windows sees.
#if defined(__GNUC__) && !defined(__clang__)
#define LITE_UNROLL_COLUMNS _Pragma("GCC unroll 32")
#else
#define LITE_UNROLL_COLUMNS LITE_UNROLL
#endif

namespace lite::simd {

inline constexpr int64_t kDepthwisePixels = 7;  // at a time
// Channels whose weights lie together, [row of the window][column][channel]: apart by as much as pixels are,
// a power of two of channels would have all of them in a few sets of the cache. The last of these lines ends
// with the last channel, and may overlap the one before.
inline constexpr int64_t kLine = 16;

// Both have a line of channels at least.
//
// Neighbours in a row of the result: min(max(sum, lo), hi), the sum beginning with the bias.
struct DepthwiseRow {
  const float* const* x;  // of each row of the window that lies in the image, the channels of column 0
  const float* const* w;  // and its weights, in the first line
  int64_t rows;
  const float* bias;  // may be null
  float lo, hi;
  float* y;
  int64_t step;   // between pixels
  int64_t line;   // between lines of the weights
  int64_t left;   // the column that the first pixel's window begins at
  int64_t width;  // columns of the image, outside of which there is nothing
  int64_t pixels, channels;
};
using DepthwiseRowFn = void(const DepthwiseRow&);
// For windows of so many columns, so many apart; nullptr where there is none.
using PickDepthwise = DepthwiseRowFn*(int64_t taps, int64_t stride);
// The largest under a window, for any.
using LargestRowFn = void(const DepthwiseRow&, int64_t taps, int64_t dilation, int64_t stride);

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_NEON

constexpr int64_t kPixels = kDepthwisePixels;

// Keeps the compiler from loading v again at every use.
template <class V>
HWY_INLINE void keep(V& v) {
#if HWY_ARCH_X86
  __asm__("" : "+v"(v.raw));
#else
  __asm__("" : "+w"(v.raw));
#endif
}

// Windows of kTaps columns, kStride apart, load what they see once.
template <int64_t kTaps, int64_t kStride>
void depthwise_row(const DepthwiseRow& row) {
  const DepthwiseRow t = row;  // for the compiler, which sees that nothing is written over it
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lo = hn::Set(d, t.lo), hi = hn::Set(d, t.hi);
  constexpr int64_t kSeen = (kPixels - 1) * kStride + kTaps;
  static_assert(kSeen < 32);
  // The last tile of a row and the last vector of a pixel may overlap the one before.
  for (int64_t i = 0; i < t.pixels; i += kPixels) {
    const int64_t at = std::max<int64_t>(0, std::min(i, t.pixels - kPixels));
    // Which of the columns lie in the image.
    const int64_t left = t.left + at * kStride;
    const int64_t begin = std::clamp<int64_t>(-left, 0, kSeen),
                  end = std::clamp<int64_t>(t.width - left, begin, kSeen);
    const uint32_t inside = (uint32_t{1} << end) - (uint32_t{1} << begin);
    for (int64_t next = 0; next < t.channels; next += lanes) {
      const int64_t c = std::min(next, t.channels - lanes), line = next / kLine;
      const int64_t at_weights = line * t.line + c - std::min(line * kLine, t.channels - kLine);
      V acc[kPixels];
      const V first = t.bias == nullptr ? hn::Zero(d) : hn::LoadU(d, t.bias + c);
      LITE_UNROLL
      for (int p = 0; p < kPixels; ++p) acc[p] = first;
      for (int64_t j = 0; j < t.rows; ++j) {
        V w[kTaps];
        LITE_UNROLL
        for (int64_t k = 0; k < kTaps; ++k) w[k] = hn::LoadU(d, t.w[j] + at_weights + k * kLine);
        const float* x = t.x[j] + (left * t.step + c);
        LITE_UNROLL_COLUMNS
        for (int64_t s = 0; s < kSeen; ++s, x += t.step) {
          if ((inside >> s & 1) == 0) continue;
          V v = hn::LoadU(d, x);
          keep(v);
          LITE_UNROLL
          for (int64_t k = 0; k < kTaps; ++k)
            if (s >= k && (s - k) % kStride == 0 && (s - k) / kStride < kPixels)
              acc[(s - k) / kStride] = hn::MulAdd(v, w[k], acc[(s - k) / kStride]);
        }
      }
      float* y = t.y + at * t.step + c;
      LITE_UNROLL
      for (int p = 0; p < kPixels; ++p, y += t.step)
        if (p < t.pixels) hn::StoreU(clip(d, acc[p], lo, hi), d, y);
    }
  }
}

void largest_row(const DepthwiseRow& row, int64_t taps, int64_t dilation, int64_t stride) {
  const DepthwiseRow t = row;
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < t.pixels; ++i) {
    int64_t left = t.left + i * stride, right = left + (taps - 1) * dilation;
    if (left < 0) left += ceil_div(-left, dilation) * dilation;
    right = std::min(right, t.width - 1);
    // The last vectors overlap those before.
    for (int64_t next = 0; next < t.channels; next += 2 * lanes) {
      const int64_t a = std::min(next, t.channels - lanes), b = std::min(next + lanes, t.channels - lanes);
      auto va = hn::Neg(hn::Inf(d)), vb = va;
      for (int64_t j = 0; j < t.rows; ++j) {
        const float* x = t.x[j] + left * t.step;
        for (int64_t k = left; k <= right; k += dilation, x += dilation * t.step) {
          va = hn::Max(hn::LoadU(d, x + a), va);
          vb = hn::Max(hn::LoadU(d, x + b), vb);
        }
      }
      hn::StoreU(va, d, t.y + i * t.step + a);
      hn::StoreU(vb, d, t.y + i * t.step + b);
    }
  }
}

DepthwiseRowFn* pick_depthwise(int64_t taps, int64_t stride) {
  constexpr DepthwiseRowFn* kTable[][2] = {
      {depthwise_row<2, 1>, depthwise_row<2, 2>}, {depthwise_row<3, 1>, depthwise_row<3, 2>},
      {depthwise_row<4, 1>, depthwise_row<4, 2>}, {depthwise_row<5, 1>, depthwise_row<5, 2>},
      {depthwise_row<6, 1>, depthwise_row<6, 2>}, {depthwise_row<7, 1>, depthwise_row<7, 2>}};
  const bool has = taps >= 2 && taps < 2 + std::ssize(kTable) && (stride == 1 || stride == 2);
  return has ? kTable[taps - 2][stride - 1] : nullptr;
}
LargestRowFn* pick_largest() { return largest_row; }

#else
DepthwiseRowFn* pick_depthwise(int64_t, int64_t) { return nullptr; }
LargestRowFn* pick_largest() { return nullptr; }
#endif

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kPickDepthwise, pick_depthwise);
LITE_SIMD_TABLE(kPickLargest, pick_largest);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr int64_t kMaxTaps = 64;

class Depthwise final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make_conv(const NodeQuery& q, PackCache& packs) {
    LITE_ASSIGN(ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    auto k = std::make_unique<Depthwise>(q, std::move(s.window));
    if (!clip_of(activation, k->lo_, k->hi_)) k->activation_ = ActivationFn(activation, q.options);
    k->bias_ = q.has_in(2);
    k->row_ = choose(kPickDepthwise, q.options)(k->w_.kernel[1], k->w_.strides[1]);
    const int64_t taps = elements(k->w_.kernel), channels = k->channels_;
    const int64_t lines = ceil_div(channels, kLine);
    const auto pack = [&](void* to, const void* weights) -> Status {
      for (int64_t i = 0; i < lines; ++i)
        pack_panel(static_cast<const float*>(weights) + std::min(i * kLine, channels - kLine) * taps, taps,
                   kLine, 1, taps, kLine, static_cast<float*>(to) + i * taps * kLine);
      return ok();
    };
    LITE_ASSIGN(k->packed_, packs.get(*q.in[1].constant, "conv:depthwise lines",
                                      static_cast<size_t>(lines * taps * kLine) * sizeof(float), pack));
    return std::unique_ptr<Kernel>(std::move(k));
  }
  static Result<std::unique_ptr<Kernel>> make_pool(const NodeQuery& q, PackCache&) {
    const Dims in{q.in[0].dims[2], q.in[0].dims[3]};
    LITE_ASSIGN(const ops::WindowAttrs a, ops::read_window(q.attrs(), in.size(), nullptr));
    LITE_ASSIGN(ops::Window w, ops::resolve_window(q.node.op->name, a, in));
    auto k = std::make_unique<Depthwise>(q, std::move(w));
    k->largest_ = choose(kPickLargest, q.options)();
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Depthwise(const NodeQuery& q, ops::Window window)
      : w_(std::move(window)),
        batch_(q.in[0].dims[0]),
        channels_(q.in[0].dims[1]),
        in_{q.in[0].dims[2], q.in[0].dims[3]} {
    // The rows under a window in half of the first-level cache, or some of their columns in all of it.
    constexpr int64_t kCache = 6 << 10, kFewLines = 4;
    const int64_t fit = std::max(kFewLines, kCache / (w_.kernel[0] * kLine * in_[1]));
    const int64_t lines = channels_ / kLine;  // what does not fill one goes to the last block
    block_ = ceil_div(lines, ceil_div(lines, fit)) * kLine;
    blocks_ = ceil_div(lines * kLine, block_);
    const int64_t columns = 2 * kCache / (w_.kernel[0] * block_ * w_.strides[1]);
    across_ = ceil_div(w_.out[1], std::max(kDepthwisePixels, columns));
    columns_ = round_up(ceil_div(w_.out[1], across_), kDepthwisePixels);
    across_ = ceil_div(w_.out[1], columns_);
    const int64_t threads = thread_pool::max_threads(), pieces = batch_ * blocks_ * across_;
    const int64_t down = threads == 1 ? 1 : std::clamp<int64_t>(4 * threads / pieces, 1, w_.out[0]);
    rows_ = ceil_div(w_.out[0], down);
    down_ = ceil_div(w_.out[0], rows_);
  }

  Status run(const Launch& l) const override {
    constexpr int64_t kWorth = int64_t{1} << 16;
    const int64_t work = rows_ * columns_ * block_ * elements(w_.kernel),
                  pieces = batch_ * down_ * across_ * blocks_;
    l.parallel->for_range(pieces, rows_grain(work, kWorth), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t column = i / blocks_ % across_, at = i / blocks_ / across_, row = at % down_ * rows_;
        for (int64_t r = row; r < std::min(w_.out[0], row + rows_); ++r)
          calculate(l, at / down_, r, column * columns_, i % blocks_);
      }
    });
    return ok();
  }

  bool reads_input(size_t i) const override { return i != 1; }

 private:
  // Of a row of an image's result the piece that begins there.
  void calculate(const Launch& l, int64_t image, int64_t row, int64_t column, int64_t block) const {
    const int64_t channel = block * block_;
    const float* const x = l.in<float>(0) + image * in_[0] * in_[1] * channels_ + channel;
    const int64_t taps = elements(w_.kernel);
    const float* const packed =
        packed_ ? static_cast<const float*>(packed_->data.get()) + channel * taps : nullptr;
    const float *sources[kMaxTaps], *weights[kMaxTaps];
    DepthwiseRow d{};
    d.x = sources, d.w = weights;
    d.bias = bias_ ? l.in<float>(2) + channel : nullptr;
    d.lo = lo_, d.hi = hi_;
    d.y = l.out<float>(0) + ((image * w_.out[0] + row) * w_.out[1] + column) * channels_ + channel;
    d.step = channels_;
    d.line = taps * kLine;
    d.left = column * w_.strides[1] - w_.pads_begin[1], d.width = in_[1];
    d.pixels = std::min(columns_, w_.out[1] - column);
    d.channels = block + 1 == blocks_ ? channels_ - channel : block_;
    for (int64_t i = 0; i < w_.kernel[0]; ++i) {
      const int64_t source = row * w_.strides[0] - w_.pads_begin[0] + i * w_.dilations[0];
      if (source < 0 || source >= in_[0]) continue;
      if (packed != nullptr) weights[d.rows] = packed + i * w_.kernel[1] * kLine;
      sources[d.rows++] = x + source * in_[1] * channels_;
    }
    if (packed == nullptr) return largest_(d, w_.kernel[1], w_.dilations[1], w_.strides[1]);
    row_(d);
    activation_(d.y, d.channels, d.pixels, channels_);
  }

  ops::Window w_;
  int64_t batch_, channels_;
  int64_t in_[2];
  // Channels, columns and rows of a piece of work, and how many there are.
  int64_t block_ = 0, columns_ = 0, rows_ = 0, blocks_ = 0, across_ = 0, down_ = 0;
  DepthwiseRowFn* row_ = nullptr;  // null: MaxPool
  LargestRowFn* largest_ = nullptr;
  ActivationFn activation_;
  float lo_ = 0, hi_ = 0;
  bool bias_ = false;
  std::shared_ptr<const PackCache::Packed> packed_;
};

WhyNot rejects(const NodeQuery& q, std::span<const int64_t> kernel) {
  if (q.options.reproducible) return "it rounds differently";
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dtype != DType::kF32) return "not float32";
  if (x.dims.size() != 4 || kernel.size() != 2) return "not an image";
  if (x.layout != Layout::kChannelsLast || y.layout != x.layout) return "not channels last";
  if (x.elements() == 0 || y.elements() == 0) return "empty";
  if (x.dims[1] < kLine) return "few channels";
  if (kernel[0] > kMaxTaps || kernel[1] > kMaxTaps || kernel[0] * kernel[1] > kMaxTaps)
    return "a large window";
  return choose(kPickLargest, q.options)() == nullptr ? "no vectors with multiply-add" : nullptr;
}

WhyNot rejects_conv(const NodeQuery& q) {
  const Dims& w = q.in[1].dims;
  if (w.size() != 4) return "not an image";
  if (const WhyNot why = rejects(q, {w.data() + 2, 2})) return why;
  if (q.in[1].constant == nullptr) return "weights not constant";
  const int64_t channels = q.in[0].dims[1];
  if (w[0] != channels || w[1] != 1 || q.attrs().i64("group", 1) != channels) return "not depthwise";
  const auto strides = q.attrs().ints("strides"), dilations = q.attrs().ints("dilations");
  if ((dilations.size() == 2 && dilations[1] != 1) ||
      choose(kPickDepthwise, q.options)(w[3], strides.size() == 2 ? strides[1] : 1) == nullptr)
    return "another window";
  return q.has_in(3) ? "a residual" : nullptr;
}

WhyNot rejects_pool(const NodeQuery& q) {
  return q.has_out(1) ? "indices are wanted" : rejects(q, q.attrs().ints("kernel_shape"));
}

constexpr KernelDef kKernels[] = {
    {"conv_depthwise:simd", "Conv", rejects_conv, Depthwise::make_conv},
    {"fused_conv_depthwise:simd", "FusedConv", rejects_conv, Depthwise::make_conv},
    {"max_pool_channels:simd", "MaxPool", rejects_pool, Depthwise::make_pool},
};

}  // namespace

extern constinit const KernelTable simd_depthwise;
constinit const KernelTable simd_depthwise{kKernels};

}  // namespace lite::kernels
#endif
