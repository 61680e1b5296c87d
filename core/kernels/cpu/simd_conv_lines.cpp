// Conv and FusedConv of float32 along lines and over images, each channel by filters of its own, row-major:
// where neighbours in memory are neighbours of a line, there is nothing to rearrange.
//
// A strip of a channel is copied between its padding. With strides, every stride-th row and column goes to a
// part of its own, so that what a tap reads for neighbouring outputs are neighbours, too. Then the strip is
// one line: a tap is an offset in it, and the few sums at the ends of rows, which mean nothing, are not
// copied out.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_lines.cpp"
#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[i] = bias + the sum over t of w[t] * x[i + offsets[t]], for i in [0, n). When n is less than a vector
// has, x is read as far as a vector goes.
void slide(const float* x, const float* w, const int64_t* offsets, int64_t taps, float bias, float* y,
           int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    auto s0 = hn::Set(d, bias), s1 = s0, s2 = s0, s3 = s0;
    for (int64_t t = 0; t < taps; ++t) {
      const auto v = hn::Set(d, w[t]);
      const float* const p = x + i + offsets[t];
      s0 = hn::MulAdd(hn::LoadU(d, p), v, s0);
      s1 = hn::MulAdd(hn::LoadU(d, p + lanes), v, s1);
      s2 = hn::MulAdd(hn::LoadU(d, p + 2 * lanes), v, s2);
      s3 = hn::MulAdd(hn::LoadU(d, p + 3 * lanes), v, s3);
    }
    hn::StoreU(s0, d, y + i);
    hn::StoreU(s1, d, y + i + lanes);
    hn::StoreU(s2, d, y + i + 2 * lanes);
    hn::StoreU(s3, d, y + i + 3 * lanes);
  }
  while (i < n) {
    i = std::max<int64_t>(0,
                          std::min(i, n - lanes));  // the last vector may begin before the end of the others
    auto sum = hn::Set(d, bias);
    for (int64_t t = 0; t < taps; ++t)
      sum = hn::MulAdd(hn::LoadU(d, x + i + offsets[t]), hn::Set(d, w[t]), sum);
    if (n < lanes) return store_part(sum, d, y, static_cast<size_t>(n));
    hn::StoreU(sum, d, y + i);
    i += lanes;
  }
}

// y[i] = x[i * stride] for i in [0, n).
void thin(const float* x, int64_t stride, float* y, int64_t n) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (stride == 2) {
    for (; i + lanes < n; i += lanes)
      hn::StoreU(hn::ConcatEven(d, hn::LoadU(d, x + 2 * i + lanes), hn::LoadU(d, x + 2 * i)), d, y + i);
  } else if (n >= lanes) {
    const hn::RebindToSigned<decltype(d)> di;
    const auto index = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(stride)));
    while (i < n) {
      i = std::min(i, n - lanes);  // the last vector may begin before the end of the others
      hn::StoreU(hn::GatherIndex(d, x + i * stride, index), d, y + i);
      i += lanes;
    }
  }
#endif
  for (; i < n; ++i) y[i] = x[i * stride];
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kSlide, slide);
LITE_SIMD_TABLE(kThin, thin);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// Elements of a strip: of its output, of the input that it reads; and more than any vector has.
constexpr int64_t kLine = 2048, kStrip = 6144, kMostLanes = 64;

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.size() != 3 && q.in[0].dims.size() != 4) return "not lines or images";
  if (q.has_in(3)) return "a residual";
  const Dims &x = q.in[0].dims, &w = q.in[1].dims;
  if (w[1] != 1 || q.attrs().i64("group", 1) != x[1]) return "channels that mix";
  if (x[1] == 1 && w[0] > 1) return "one channel for all filters";
  return nullptr;
}

// How a channel is cut into strips. A line is an image of one row.
struct Strips {
  struct Axis {
    int64_t in = 1, out = 1, taps = 1, stride = 1, dilation = 1, pad = 0;
    int64_t step = 1;  // outputs of a strip
    int64_t size = 1;  // of a part of the input; there is one for each remainder by the stride
    void cut(int64_t outputs) {
      step = outputs;
      size = outputs + (taps - 1) * dilation / stride;
    }
    bool reads(int64_t part) const {
      for (int64_t t = 0; t < taps; ++t)
        if (t * dilation % stride == part) return true;
      return false;
    }
  };
  Axis y, x;
  std::vector<int64_t> offsets;  // by tap

  int64_t elements() const { return y.stride * x.stride * y.size * x.size; }
  bool fits() const { return y.step * x.size <= kLine && elements() <= kStrip; }

  // False when windows reach too far.
  bool plan() {
    y.cut(1);
    for (x.cut(std::min<int64_t>(x.out, 512)); !fits(); x.cut(ceil_div(x.step, 2)))
      if (x.step == 1) return false;
    while (x.step == x.out && y.step < y.out) {
      y.cut(y.step + 1);
      if (fits()) continue;
      y.cut(y.step - 1);
      break;
    }
    for (int64_t i = 0; i < y.taps; ++i)
      for (int64_t j = 0; j < x.taps; ++j) {
        const int64_t row = i * y.dilation, column = j * x.dilation;
        const int64_t part = row % y.stride * x.stride + column % x.stride;
        offsets.push_back((part * y.size + row / y.stride) * x.size + column / x.stride);
      }
    return true;
  }

  // What the outputs from (oy, ox) on read of a channel.
  void gather(const float* channel, int64_t oy, int64_t ox, float* to, decltype(kThin[0]) thin) const {
    for (int64_t px = 0; px < x.stride; ++px) {
      if (!x.reads(px)) continue;
      const int64_t first = ox * x.stride + px - x.pad;
      const int64_t from = std::clamp<int64_t>(ceil_div(-first, x.stride), 0, x.size),
                    end = std::clamp<int64_t>(ceil_div(x.in - first, x.stride), from, x.size), n = end - from;
      for (int64_t py = 0; py < y.stride; ++py) {
        if (!y.reads(py)) continue;
        float* row = to + (py * x.stride + px) * y.size * x.size;
        int64_t iy = oy * y.stride + py - y.pad;
        for (int64_t r = 0; r < y.size; ++r, row += x.size, iy += y.stride) {
          if (iy < 0 || iy >= y.in || n == 0) {
            std::fill_n(row, x.size, 0.0f);
            continue;
          }
          std::fill_n(row, from, 0.0f);
          const float* const line = channel + iy * x.in + first + from * x.stride;
          if (x.stride == 1)
            memcpy(row + from, line, static_cast<size_t>(n) * sizeof(float));
          else
            thin(line, x.stride, row + from, n);
          std::fill_n(row + end, x.size - end, 0.0f);
        }
      }
    }
  }
};

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
  LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
  Strips strips;
  const size_t rank = s.in.size();
  for (size_t i = 0; i < rank; ++i) {
    const ops::Window& w = s.window;
    Strips::Axis& a = i + 1 == rank ? strips.x : strips.y;
    a = {.in = s.in[i],
         .out = s.out[i],
         .taps = w.kernel[i],
         .stride = w.strides[i],
         .dilation = w.dilations[i],
         .pad = w.pads_begin[i]};
  }
  if (!strips.plan()) return unsupported(q.node.op->name, ": a wide window");
  auto* const fn = choose(kSlide, q.options);
  auto* const thin = choose(kThin, q.options);
  const ActivationFn act(activation, q.options);
  const int64_t channels = s.channels, filters = s.filters / s.channels;
  const bool has_bias = q.has_in(2);
  return make_kernel([=](const Launch& l) {
    const Strips::Axis &y = strips.y, &x = strips.x;
    const std::vector<int64_t>& offsets = strips.offsets;
    const int64_t in = y.in * x.in, out = y.out * x.out, taps = y.taps * x.taps;
    l.parallel->for_range(
        s.batch * channels, rows_grain(out * taps * filters), [&](int64_t begin, int64_t end) {
          alignas(64) float strip[kStrip + kMostLanes], sums[kLine];
          for (int64_t i = begin; i < end; ++i) {
            const float* const channel = l.in<float>(0) + i * in;
            for (int64_t oy = 0; oy < y.out; oy += y.step)
              for (int64_t ox = 0; ox < x.out; ox += x.step) {
                const int64_t rows = std::min(y.step, y.out - oy), n = std::min(x.step, x.out - ox);
                const int64_t first = ox - x.pad;
                // In the middle of a line nothing needs to be copied.
                const bool middle = y.in == 1 && y.taps == 1 && y.pad == 0 && x.stride == 1 && first >= 0 &&
                                    n >= kMostLanes && first + n + (x.taps - 1) * x.dilation <= x.in;
                if (!middle) strips.gather(channel, oy, ox, strip, thin);
                for (int64_t f = 0; f < filters; ++f) {
                  const int64_t filter = i % channels * filters + f;
                  float* const to = l.out<float>(0) + (i * filters + f) * out + oy * x.out + ox;
                  const float bias = has_bias ? l.in<float>(2)[filter] : 0.0f;
                  const bool straight = rows == 1 || x.size == x.out;
                  float* const line = straight ? to : sums;
                  fn(middle ? channel + first : strip, l.in<float>(1) + filter * taps, offsets.data(), taps,
                     bias, line, (rows - 1) * x.size + n);
                  for (int64_t r = 0; !straight && r < rows; ++r)
                    memcpy(to + r * x.out, sums + r * x.size, static_cast<size_t>(n) * sizeof(float));
                  act(to, (rows - 1) * x.out + n);
                }
              }
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
