// Conv and FusedConv of float32 along lines and over images, each channel by filters of its own, row-major:
// where neighbours in memory are neighbours of a line, there is nothing to rearrange.
//
// A strip of a channel is copied between its padding. With strides, every stride-th row and column goes to a
// part of its own, so that what a tap reads for neighbouring outputs are neighbours, too. Then the strip is
// one line: a tap is an offset in it, and the few sums at the ends of rows, which mean nothing, are not
// copied out.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_lines.cpp"
#include <algorithm>
#include <limits>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[i] = bias + the sum over t of w[t] * x[i + offsets[t]], for i in [0, kVectors vectors).
template <int kVectors>
HWY_INLINE void slide_vectors(const float* x, const float* w, const int64_t* offsets, int64_t taps,
                              float bias, float* y) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  hn::Vec<decltype(d)> sum[kVectors];
  LITE_UNROLL
  for (int j = 0; j < kVectors; ++j) sum[j] = hn::Set(d, bias);
  for (int64_t t = 0; t < taps; ++t) {
    const auto v = hn::Set(d, w[t]);
    const float* const p = x + offsets[t];
    LITE_UNROLL
    for (int j = 0; j < kVectors; ++j) sum[j] = hn::MulAdd(hn::LoadU(d, p + j * lanes), v, sum[j]);
  }
  LITE_UNROLL
  for (int j = 0; j < kVectors; ++j) hn::StoreU(sum[j], d, y + j * lanes);
}

// The same for i in [0, n). When n is less than a vector has, x is read as far as a vector goes.
void slide(const float* x, const float* w, const int64_t* offsets, int64_t taps, float bias, float* y,
           int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (n < lanes) {
    auto sum = hn::Set(d, bias);
    for (int64_t t = 0; t < taps; ++t) sum = hn::MulAdd(hn::LoadU(d, x + offsets[t]), hn::Set(d, w[t]), sum);
    return store_part(sum, d, y, static_cast<size_t>(n));
  }
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) slide_vectors<4>(x + i, w, offsets, taps, bias, y + i);
  // The last vectors may begin before the end of the others. Side by side they take little longer than one.
  while (i < n) {
    const int64_t left = n - i;
    if (left > 2 * lanes && n >= 4 * lanes) {
      i = n - 4 * lanes;
      return slide_vectors<4>(x + i, w, offsets, taps, bias, y + i);
    }
    if (left > lanes && n >= 2 * lanes) {
      i = std::min(i, n - 2 * lanes);
      slide_vectors<2>(x + i, w, offsets, taps, bias, y + i);
      i += 2 * lanes;
    } else {
      i = std::min(i, n - lanes);
      slide_vectors<1>(x + i, w, offsets, taps, bias, y + i);
      i += lanes;
    }
  }
}

// y[k * part + i] = x[i * stride + parts[k]] for i in [0, n) and each k; parts[0] is 0, and others below
// stride follow.
void split(const float* x, int64_t stride, const std::vector<int64_t>& parts, float* y, int64_t part,
           int64_t n) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (parts.size() == 1 && n >= lanes) {
    for (; stride == 2 && i + lanes < n; i += lanes)
      hn::StoreU(hn::ConcatEven(d, hn::LoadU(d, x + 2 * i + lanes), hn::LoadU(d, x + 2 * i)), d, y + i);
    const hn::RebindToSigned<decltype(d)> di;
    const auto index = hn::Mul(hn::Iota(di, 0), hn::Set(di, static_cast<int32_t>(stride)));
    while (i < n) {
      i = std::min(i, n - lanes);  // the last vector may begin before the end of the others
      hn::StoreU(hn::GatherIndex(d, x + i * stride, index), d, y + i);
      i += lanes;
    }
    return;
  }
  if (stride <= 4) {
    // Vectors read whole strides: nothing behind the last part of the last element.
    const int64_t end = parts.back() == stride - 1 ? n : n - 1;
    float* to[4] = {};
    for (size_t k = 0; k < parts.size(); ++k) to[parts[k]] = y + static_cast<int64_t>(k) * part;
    for (int64_t next = 0; end >= lanes && i < end; next += lanes) {
      i = std::min(next, end - lanes);
      const float* const from = x + i * stride;
      hn::Vec<decltype(d)> a, b, c = hn::Zero(d), e = c;
      if (stride == 2)
        hn::LoadInterleaved2(d, from, a, b);
      else if (stride == 3)
        hn::LoadInterleaved3(d, from, a, b, c);
      else
        hn::LoadInterleaved4(d, from, a, b, c, e);
      hn::StoreU(a, d, y + i);
      if (to[1] != nullptr) hn::StoreU(b, d, to[1] + i);
      if (to[2] != nullptr) hn::StoreU(c, d, to[2] + i);
      if (to[3] != nullptr) hn::StoreU(e, d, to[3] + i);
      i += lanes;
    }
  }
#endif
  for (const int64_t p : parts) {
    for (int64_t k = i; k < n; ++k) y[k] = x[k * stride + p];
    y += part;
  }
}

// y[i] = x[index[i]], or zero where that is negative, for i in [0, n) and on to a whole vector.
void collect(const float* x, const int32_t* index, float* y, int64_t n) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += lanes) {
    const auto at = hn::LoadU(di, index + i);
    const auto inside = hn::Gt(at, hn::Set(di, -1));
    const auto v = hn::GatherIndex(d, x, hn::IfThenElseZero(inside, at));
    hn::StoreU(hn::IfThenElseZero(hn::RebindMask(d, inside), v), d, y + i);
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kSlide, slide);
LITE_SIMD_TABLE(kSplit, split);
LITE_SIMD_TABLE(kCollect, collect);
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
    std::vector<int64_t> parts;  // the remainders of what is read
    int64_t count() const { return static_cast<int64_t>(parts.size()); }
    // Which of the parts tap t reads.
    int64_t part_of(int64_t t) const {
      return std::find(parts.begin(), parts.end(), t * dilation % stride) - parts.begin();
    }
    void list_parts() {
      for (int64_t t = 0; t < taps; ++t) parts.push_back(t * dilation % stride);
      std::sort(parts.begin(), parts.end());
      parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    }
  };
  Axis y, x;
  std::vector<int64_t> offsets;  // by tap

  int64_t elements() const { return y.count() * x.count() * y.size * x.size; }
  bool fits() const { return y.step * x.size <= kLine && elements() <= kStrip; }

  // False when windows reach too far.
  bool plan() {
    y.list_parts();
    x.list_parts();
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
        const int64_t part = y.part_of(i) * x.count() + x.part_of(j);
        offsets.push_back((part * y.size + row / y.stride) * x.size + column / x.stride);
      }
    return true;
  }

  // Where the elements of the only strip of a channel lie, negative for those in the padding.
  std::vector<int32_t> index;
  void list() {
    for (const int64_t py : y.parts)
      for (const int64_t px : x.parts)
        for (int64_t r = 0; r < y.size; ++r)
          for (int64_t c = 0; c < x.size; ++c) {
            const int64_t iy = r * y.stride + py - y.pad, ix = c * x.stride + px - x.pad;
            const bool inside = iy >= 0 && iy < y.in && ix >= 0 && ix < x.in;
            index.push_back(inside ? static_cast<int32_t>(iy * x.in + ix) : -1);
          }
    index.resize(index.size() + kMostLanes, -1);
  }

  // What the outputs from (oy, ox) on read of a channel.
  void gather(const float* channel, int64_t oy, int64_t ox, float* to, decltype(kSplit[0]) split) const {
    const int64_t origin = ox * x.stride - x.pad, part = y.size * x.size;
    // Of a part the columns [first(px), last(px)) lie in the line.
    const auto first = [&](int64_t px) {
      return std::clamp<int64_t>(ceil_div(-origin - px, x.stride), 0, x.size);
    };
    const auto last = [&](int64_t px) {
      return std::clamp<int64_t>(ceil_div(x.in - origin - px, x.stride), first(px), x.size);
    };
    // f(a row of part 0, the line) for those that are not in the padding.
    const auto each_row = [&](const auto& f) {
      for (int64_t k = 0; k < y.count(); ++k)
        for (int64_t r = 0; r < y.size; ++r) {
          const int64_t iy = (oy + r) * y.stride + y.parts[static_cast<size_t>(k)] - y.pad;
          if (iy >= 0 && iy < y.in)
            f(to + (k * x.count() * y.size + r) * x.size, channel + iy * x.in + origin);
        }
    };
    // All parts have columns [from, end); the others of each are few.
    const int64_t from = first(0), end = std::max(from, last(x.parts.back()));
    const int64_t top = oy * y.stride - y.pad, bottom = top + (y.size - 1) * y.stride + y.parts.back();
    if (top < 0 || bottom >= y.in || from > 0 || end < x.size) std::fill_n(to, elements(), 0.0f);
    for (int64_t k = 0; k < x.count(); ++k) {
      const int64_t px = x.parts[static_cast<size_t>(k)], begin = first(px), until = last(px);
      if (begin >= from && until <= end) continue;
      each_row([&](float* row, const float* line) {
        for (int64_t i = begin; i < std::min(from, until); ++i) row[k * part + i] = line[i * x.stride + px];
        for (int64_t i = std::max(begin, end); i < until; ++i) row[k * part + i] = line[i * x.stride + px];
      });
    }
    if (from == end) return;
    each_row([&](float* row, const float* line) {
      if (x.stride == 1)
        memcpy(row + from, line + from, static_cast<size_t>(end - from) * sizeof(float));
      else
        split(line + from * x.stride, x.stride, x.parts, row + from, part, end - from);
    });
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
  auto* const split = choose(kSplit, q.options);
  auto* const collect = choose(kCollect, q.options);
  // Rows shorter than a vector are not worth a loop each.
  constexpr int64_t kMostIndices = std::numeric_limits<int32_t>::max();
  if (strips.x.step == strips.x.out && strips.y.step == strips.y.out &&
      strips.x.size < float_lanes(q.options) && elements(s.in) <= kMostIndices)
    strips.list();
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
                const bool middle = strips.index.empty() && y.in == 1 && y.taps == 1 && y.pad == 0 &&
                                    x.stride == 1 && first >= 0 && n >= kMostLanes &&
                                    first + n + (x.taps - 1) * x.dilation <= x.in;
                if (!strips.index.empty())
                  collect(channel, strips.index.data(), strip, strips.elements());
                else if (!middle)
                  strips.gather(channel, oy, ox, strip, split);
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
