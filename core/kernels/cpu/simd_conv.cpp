// Conv and FusedConv of float32 in one and two spatial dimensions, channels last: for builds without oneDNN.
//
// A convolution is one matrix product for each place of the kernel, added up in the output; depthwise ones
// have a loop of their own. Nothing is copied but the weights.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv.cpp"
#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_conv_pointwise.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/ops/conv_reference.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[c] = bias[c] + the sum over t of x[t][c] * w[t][c]. bias may be null.
void depthwise_pixel(const float* const* x, const float* const* w, int64_t taps, const float* bias, float* y,
                     int64_t channels) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t c = 0;
  for (; c + 2 * lanes <= channels; c += 2 * lanes) {
    auto s0 = bias == nullptr ? hn::Zero(d) : hn::LoadU(d, bias + c),
         s1 = bias == nullptr ? s0 : hn::LoadU(d, bias + c + lanes);
    for (int64_t t = 0; t < taps; ++t) {
      s0 = hn::MulAdd(hn::LoadU(d, x[t] + c), hn::LoadU(d, w[t] + c), s0);
      s1 = hn::MulAdd(hn::LoadU(d, x[t] + c + lanes), hn::LoadU(d, w[t] + c + lanes), s1);
    }
    hn::StoreU(s0, d, y + c);
    hn::StoreU(s1, d, y + c + lanes);
  }
  for (; c < channels; c += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, channels - c));
    auto sum = bias == nullptr ? hn::Zero(d) : load_part(d, bias + c, count);
    for (int64_t t = 0; t < taps; ++t)
      sum = hn::MulAdd(load_part(d, x[t] + c, count), load_part(d, w[t] + c, count), sum);
    store_part(sum, d, y + c, count);
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kDepthwisePixel, depthwise_pixel);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

using PixelFn = void(const float* const* x, const float* const* w, int64_t taps, const float* bias, float* y,
                     int64_t channels);

constexpr int64_t kMaxTaps = 128;  // of a depthwise kernel
constexpr int64_t kSegment = 96;   // pixels of a row at a time

// Rows and columns; a single spatial dimension has one row.
struct Axis {
  int64_t in, out, kernel, stride, dilation, pad;
};
Axis axis_of(const ops::ConvShape& s, size_t d) {
  const ops::Window& w = s.window;
  return {s.in[d], w.out[d], w.kernel[d], w.strides[d], w.dilations[d], w.pads_begin[d]};
}
constexpr Axis kOneRow{1, 1, 1, 1, 1, 0};

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (q.in[0].dims.size() != 3 && q.in[0].dims.size() != 4) return "not one or two spatial dimensions";
  if (q.in[0].layout != Layout::kChannelsLast || q.out[0].layout != Layout::kChannelsLast)
    return "not channels last";
  if (q.has_in(3) && q.in[3].layout != Layout::kChannelsLast) return "a residual in another layout";
  if (q.in[1].constant == nullptr) return "weights not constant";
  return nullptr;
}

class Convolution final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<Convolution>();
    LITE_ASSIGN(const ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    k->batch_ = s.batch;
    k->channels_ = s.channels;
    k->filters_ = s.filters;
    k->group_ = s.group;
    k->h_ = s.in.size() == 2 ? axis_of(s, 0) : kOneRow;
    k->w_ = axis_of(s, s.in.size() - 1);
    k->taps_ = k->h_.kernel * k->w_.kernel;
    k->depthwise_ = s.group == s.channels && s.group == s.filters;
    if (k->depthwise_ && k->taps_ > kMaxTaps)
      return unsupported("Conv: a depthwise kernel of ", k->taps_, " places");
    k->activation_ = ActivationFn(activation, q.options);
    k->bias_ = q.has_in(2);
    k->residual_ = q.has_in(3);
    k->residual_after_ = q.attrs().i64("residual_after", 0) != 0;
    k->gemm_ = Gemm(q.options);
    k->pixel_ = choose(kDepthwisePixel, q.options);
    k->add_ = strip(pointwise::Opcode::kAdd, 0, q.options);
    LITE_ASSIGN(k->packed_, k->pack(*q.in[1].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int64_t segments = ceil_div(w_.out, kSegment),
                  work = std::min(w_.out, kSegment) * filters_ * (channels_ / group_) * taps_;
    l.parallel->for_range(
        batch_ * h_.out * segments, rows_grain(work, int64_t{1} << 17), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t first = i % segments * kSegment, last = std::min(w_.out, first + kSegment);
            const int64_t row = i / segments, image = row / h_.out, oh = row % h_.out;
            const float* x = l.in<float>(0) + image * h_.in * w_.in * channels_;
            float* y = l.out<float>(0) + (row * w_.out + first) * filters_;
            const float* bias = bias_ ? l.in<float>(2) : nullptr;
            if (depthwise_)
              depthwise(x, oh, first, last, bias, y);
            else
              general(x, oh, first, last, bias, y);
            const int64_t n = (last - first) * filters_;
            const float* residual = residual_ ? l.in<float>(3) + (row * w_.out + first) * filters_ : nullptr;
            const Strip sum{.src = {y, residual}, .dst = y, .n = n};
            if (residual_ && !residual_after_) add_(sum);
            activation_(y, n);
            if (residual_ && residual_after_) add_(sum);
          }
        });
    return ok();
  }

  bool reads_input(size_t i) const override { return i != 1; }

 private:
  int64_t group_floats() const { return packed_floats(channels_ / group_, filters_ / group_, gemm_.width()); }

  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    const int64_t c = channels_ / group_, m = filters_ / group_;
    const std::string how = depthwise_ ? "conv:depthwise" : cat("conv:", gemm_.width(), ":", group_);
    const int64_t floats = depthwise_ ? taps_ * channels_ : group_ * taps_ * group_floats();
    return packs.get(w, how, static_cast<size_t>(floats) * sizeof(float),
                     [&](void* packed, const void* weights) -> Status {
                       auto* to = static_cast<float*>(packed);
                       const auto* const from = static_cast<const float*>(weights);
                       if (depthwise_) {
                         pack_panel(from, taps_, channels_, 1, taps_, channels_, to);
                         return ok();
                       }
                       for (int64_t g = 0; g < group_; ++g)
                         for (int64_t t = 0; t < taps_; ++t, to += group_floats())
                           pack_panels(from + g * m * c * taps_ + t, c, m, taps_, c * taps_, gemm_.width(),
                                       to);
                       return ok();
                     });
  }

  // Output columns [first, last) of row oh.
  void general(const float* x, int64_t oh, int64_t first, int64_t last, const float* bias, float* y) const {
    for (int64_t o = first; o < last; ++o) {
      float* pixel = y + (o - first) * filters_;
      if (bias != nullptr)
        memcpy(pixel, bias, static_cast<size_t>(filters_) * sizeof(float));
      else
        memset(pixel, 0, static_cast<size_t>(filters_) * sizeof(float));
    }
    const int64_t c = channels_ / group_, m = filters_ / group_;
    const auto* packed = static_cast<const float*>(packed_->data.get());
    for (int64_t kh = 0; kh < h_.kernel; ++kh) {
      const int64_t ih = oh * h_.stride + kh * h_.dilation - h_.pad;
      if (ih < 0 || ih >= h_.in) continue;
      for (int64_t kw = 0; kw < w_.kernel; ++kw) {
        const int64_t offset = kw * w_.dilation - w_.pad;
        const auto inside = ops::columns_inside(w_.out, w_.in, w_.stride, offset);
        const int64_t from = std::max(first, inside.first), to = std::min(last, inside.last);
        if (from >= to) continue;
        for (int64_t g = 0; g < group_; ++g)
          gemm_.tile(GemmArgs{.a = x + (ih * w_.in + from * w_.stride + offset) * channels_ + g * c,
                              .a_row = w_.stride * channels_,
                              .b = packed + (g * taps_ + kh * w_.kernel + kw) * group_floats(),
                              .c = y + (from - first) * filters_ + g * m,
                              .c_row = filters_,
                              .m = to - from,
                              .n = m,
                              .k = c,
                              .accumulate = true},
                     0, to - from, 0, ceil_div(m, gemm_.width()));
      }
    }
  }

  void depthwise(const float* x, int64_t oh, int64_t first, int64_t last, const float* bias, float* y) const {
    const auto* packed = static_cast<const float*>(packed_->data.get());
    for (int64_t o = first; o < last; ++o) {
      const float *from[kMaxTaps], *weight[kMaxTaps];
      int64_t taps = 0;
      for (int64_t kh = 0; kh < h_.kernel; ++kh) {
        const int64_t ih = oh * h_.stride + kh * h_.dilation - h_.pad;
        if (ih < 0 || ih >= h_.in) continue;
        for (int64_t kw = 0; kw < w_.kernel; ++kw) {
          const int64_t iw = o * w_.stride + kw * w_.dilation - w_.pad;
          if (iw < 0 || iw >= w_.in) continue;
          from[taps] = x + (ih * w_.in + iw) * channels_;
          weight[taps++] = packed + (kh * w_.kernel + kw) * channels_;
        }
      }
      pixel_(from, weight, taps, bias, y + (o - first) * channels_, channels_);
    }
  }

  int64_t batch_ = 0, channels_ = 0, filters_ = 0, group_ = 1, taps_ = 1;
  Axis h_{}, w_{};
  bool depthwise_ = false, bias_ = false, residual_ = false, residual_after_ = false;
  ActivationFn activation_;
  Gemm gemm_;
  PixelFn* pixel_ = nullptr;
  StripFn* add_ = nullptr;
  std::shared_ptr<const PackCache::Packed> packed_;
};

constexpr KernelDef kKernels[] = {
    {"conv_pointwise:simd", "Conv", rejects_pointwise_conv, make_pointwise_conv, pointwise_conv_in_place},
    {"fused_conv_pointwise:simd", "FusedConv", rejects_pointwise_conv, make_pointwise_conv,
     pointwise_conv_in_place},
    {"conv:simd", "Conv", rejects, Convolution::make},
    {"fused_conv:simd", "FusedConv", rejects, Convolution::make},
};

}  // namespace

extern constinit const KernelTable simd_conv;
constinit const KernelTable simd_conv{kKernels};

}  // namespace lite::kernels
#endif
