// Conv and FusedConv of float32 along lines, each channel by its own filter, row-major: where neighbours in
// memory are neighbours of a line, there is nothing to rearrange.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_lines.cpp"
#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[i] = bias + the sum over t of w[t] * x[i + t * step], for i in [0, n).
void slide(const float* x, const float* w, int64_t taps, int64_t step, float bias, float* y, int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    auto s0 = hn::Set(d, bias), s1 = s0;
    for (int64_t t = 0; t < taps; ++t) {
      const auto v = hn::Set(d, w[t]);
      s0 = hn::MulAdd(hn::LoadU(d, x + i + t * step), v, s0);
      s1 = hn::MulAdd(hn::LoadU(d, x + i + lanes + t * step), v, s1);
    }
    hn::StoreU(s0, d, y + i);
    hn::StoreU(s1, d, y + i + lanes);
  }
  for (; i < n; i += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, n - i));
    auto sum = hn::Set(d, bias);
    for (int64_t t = 0; t < taps; ++t)
      sum = hn::MulAdd(load_part(d, x + i + t * step, count), hn::Set(d, w[t]), sum);
    store_part(sum, d, y + i, count);
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kSlide, slide);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr int64_t kSegment = 1024;  // of a line that is copied between its padding
constexpr int64_t kReach = 1024;    // elements between the first and the last that a window reads, at most

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.size() != 3) return "not lines";
  if (q.has_in(3)) return "a residual";
  const Dims &x = q.in[0].dims, &w = q.in[1].dims;
  if (w[0] != x[1] || w[1] != 1 || q.attrs().i64("group", 1) != x[1]) return "channels that mix";
  for (const int64_t stride : q.attrs().ints("strides"))
    if (stride != 1) return "strides";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
  LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
  const int64_t in = s.in[0], out = s.out[0], taps = s.window.kernel[0], step = s.window.dilations[0],
                pad = s.window.pads_begin[0], reach = (taps - 1) * step;
  if (reach > kReach) return unsupported(q.node.op->name, ": a wide window");
  auto* const fn = choose(kSlide, q.options);
  const ActivationFn act(activation, q.options);
  const int64_t channels = s.channels;
  const bool has_bias = q.has_in(2);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(s.batch * channels, rows_grain(out * taps), [&](int64_t begin, int64_t end) {
      alignas(64) float line[kSegment + kReach];
      for (int64_t i = begin; i < end; ++i) {
        const float* const x = l.in<float>(0) + i * in;
        float* const y = l.out<float>(0) + i * out;
        const float* const w = l.in<float>(1) + i % channels * taps;
        const float bias = has_bias ? l.in<float>(2)[i % channels] : 0.0f;
        for (int64_t o = 0; o < out; o += kSegment) {
          const int64_t n = std::min(kSegment, out - o), first = o - pad;
          if (first >= 0 && first + n + reach <= in) {
            fn(x + first, w, taps, step, bias, y + o, n);
          } else {
            const int64_t from = std::clamp<int64_t>(-first, 0, n + reach),
                          to = std::clamp<int64_t>(in - first, from, n + reach);
            std::fill_n(line, from, 0.0f);
            if (to > from)
              memcpy(line + from, x + first + from, static_cast<size_t>(to - from) * sizeof(float));
            std::fill_n(line + to, n + reach - to, 0.0f);
            fn(line, w, taps, step, bias, y + o, n);
          }
        }
        act(y, out);
      }
    });
  });
}

constexpr KernelDef kKernels[] = {{"conv_lines:simd", "Conv", rejects, make},
                                  {"fused_conv_lines:simd", "FusedConv", rejects, make}};

}  // namespace

extern constinit const KernelTable simd_conv_lines;
constinit const KernelTable simd_conv_lines{kKernels};

}  // namespace lite::kernels
#endif
