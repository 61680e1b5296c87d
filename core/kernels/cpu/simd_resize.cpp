// Resize of images along height and width, of lines, and of volumes, row-major or (but volumes) channels
// last: nearest for every element type, the others for float32.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_resize.cpp"
#include "core/kernels/cpu/simd.h"
#include "core/ops/resize_map.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[i] = the sum over t of weight[t] * from[t][i], for i in [0, n).
void blend(const float* const* from, const float* weight, int64_t taps, float* y, int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, n - i));
    auto sum = hn::Mul(hn::Set(d, weight[0]), load_part(d, from[0] + i, count));
    for (int64_t t = 1; t < taps; ++t)
      sum = hn::MulAdd(hn::Set(d, weight[t]), load_part(d, from[t] + i, count), sum);
    store_part(sum, d, y + i, count);
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kBlend, blend);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;
using ops::ResizeAxis;
using ops::ResizeMode;
using ops::ResizePlan;

// Rows that are blended, or elements where channels come last; shrinking a lot with antialias wants more.
constexpr int64_t kMaxTaps = 256;
constexpr int64_t kMaxRow = 8192;  // floats of a row that are kept on the stack

const Tensor* known(const NodeQuery& q, size_t i) { return q.has_in(i) ? q.in[i].constant : nullptr; }

WhyNot rejects(const NodeQuery& q) {
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dims.size() < 3 || x.dims.size() > 5) return "neither lines nor images nor volumes";
  if (x.dims.size() == 5 && x.layout != Layout::kPlain) return "volumes that are not row-major";
  if (x.layout != y.layout || block_of(x.layout) != 0) return "layouts differ, or channels in blocks";
  if (x.dims[0] != y.dims[0] || x.dims[1] != y.dims[1]) return "images or channels are resized";
  for (size_t i = 1; i < q.in.size(); ++i)
    if (q.has_in(i) && q.in[i].constant == nullptr) return "scales not known";
  const bool nearest = q.attrs().str("mode", "nearest") == "nearest";
  if (!nearest && x.dtype != DType::kF32) return "not float32";
  const size_t bits = dtype_bits(x.dtype);
  if (x.dtype == DType::kString || bits < 8 || bits > 64) return "element type";
  return nullptr;
}

// An axis of the plan, or the one that changes nothing.
ResizeAxis axis_of(const ResizePlan& plan, size_t axis, int64_t size) {
  for (const ResizeAxis& a : plan.axes)
    if (a.axis == axis) return a;
  ResizeAxis same{.axis = axis, .in = size, .out = size};
  for (int64_t i = 0; i < size; ++i) {
    same.index.push_back(i);
    same.weight.push_back(1.0f);
  }
  return same;
}

struct Image {
  int64_t batch, channels, in_d, in_h, in_w, out_d, out_h, out_w;
  ResizeAxis deep, down, across;
  int64_t rows() const { return batch * channels * out_d * out_h; }
  // The plane of the input that tap t of the plane of row i of the output is.
  int64_t plane(int64_t i, int64_t t) const {
    const int64_t o = i / out_h;
    return o / out_d * in_d + deep.index[static_cast<size_t>(o % out_d * deep.taps + t)];
  }
};

template <class T>
void copy_row(const T* x, T* y, const std::vector<int64_t>& index, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = x[index[static_cast<size_t>(i)]];
}

template <class T>
Result<std::unique_ptr<Kernel>> make_nearest_plain(const Image& m) {
  return make_kernel([m](const Launch& l) {
    const T* x = l.in<T>(0);
    T* y = l.out<T>(0);
    l.parallel->for_range(m.rows(), rows_grain(m.out_w), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = m.down.index[static_cast<size_t>(i % m.out_h)];
        // Enlarging repeats rows.
        if (i > begin && i % m.out_h != 0 && m.down.index[static_cast<size_t>(i % m.out_h - 1)] == row)
          memcpy(y + i * m.out_w, y + (i - 1) * m.out_w, static_cast<size_t>(m.out_w) * sizeof(T));
        else
          copy_row(x + (m.plane(i, 0) * m.in_h + row) * m.in_w, y + i * m.out_w, m.across.index, m.out_w);
      }
    });
  });
}

Result<std::unique_ptr<Kernel>> make_nearest_last(const Image& m, size_t element) {
  const int64_t bytes = m.channels * static_cast<int64_t>(element);
  return make_kernel([m, bytes](const Launch& l) {
    const auto* x = l.in<unsigned char>(0);
    auto* y = l.out<unsigned char>(0);
    l.parallel->for_range(
        m.batch * m.out_h, rows_grain(m.out_w * bytes, 4 * kGrain), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const auto* from =
                x + (i / m.out_h * m.in_h + m.down.index[static_cast<size_t>(i % m.out_h)]) * m.in_w * bytes;
            auto* to = y + i * m.out_w * bytes;
            for (int64_t c = 0; c < m.out_w; ++c)
              memcpy(to + c * bytes, from + m.across.index[static_cast<size_t>(c)] * bytes,
                     static_cast<size_t>(bytes));
          }
        });
  });
}

Result<std::unique_ptr<Kernel>> make_blend_plain(const Image& m, const KernelOptions& options) {
  auto* const fn = choose(kBlend, options);
  return make_kernel([m, fn](const Launch& l) {
    const float* x = l.in<float>(0);
    float* y = l.out<float>(0);
    l.parallel->for_range(m.rows(), rows_grain(m.out_w * m.across.taps), [&](int64_t begin, int64_t end) {
      alignas(64) float row[kMaxRow];
      for (int64_t i = begin; i < end; ++i) {
        const int64_t d = i / m.out_h % m.out_d * m.deep.taps, o = i % m.out_h * m.down.taps;
        const float* from[kMaxTaps];
        float weights[kMaxTaps];
        int64_t taps = 0;
        for (int64_t p = 0; p < m.deep.taps; ++p)
          for (int64_t t = 0; t < m.down.taps; ++t, ++taps) {
            const auto v = static_cast<size_t>(o + t);
            from[taps] = x + (m.plane(i, p) * m.in_h + m.down.index[v]) * m.in_w;
            weights[taps] = m.deep.weight[static_cast<size_t>(d + p)] * m.down.weight[v];
          }
        fn(from, weights, taps, row, m.in_w);
        float* to = y + i * m.out_w;
        const int64_t* index = m.across.index.data();
        const float* weight = m.across.weight.data();
        for (int64_t c = 0; c < m.out_w; ++c, index += m.across.taps, weight += m.across.taps) {
          float sum = weight[0] * row[index[0]];
          for (int64_t t = 1; t < m.across.taps; ++t) sum += weight[t] * row[index[t]];
          to[c] = sum;
        }
      }
    });
  });
}

Result<std::unique_ptr<Kernel>> make_blend_last(const Image& m, const KernelOptions& options) {
  auto* const fn = choose(kBlend, options);
  return make_kernel([m, fn](const Launch& l) {
    const float* x = l.in<float>(0);
    float* y = l.out<float>(0);
    l.parallel->for_range(
        m.batch * m.out_h, rows_grain(m.out_w * m.channels), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t down = i % m.out_h * m.down.taps, taps = m.down.taps * m.across.taps;
            for (int64_t c = 0; c < m.out_w; ++c) {
              const float* from[kMaxTaps];
              float weight[kMaxTaps];
              for (int64_t t = 0; t < taps; ++t) {
                const auto v = static_cast<size_t>(down + t / m.across.taps),
                           h = static_cast<size_t>(c * m.across.taps + t % m.across.taps);
                weight[t] = m.down.weight[v] * m.across.weight[h];
                from[t] =
                    x + ((i / m.out_h * m.in_h + m.down.index[v]) * m.in_w + m.across.index[h]) * m.channels;
              }
              fn(from, weight, taps, y + (i * m.out_w + c) * m.channels, m.channels);
            }
          }
        });
  });
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  const Dims &in = q.in[0].dims, &out = q.out[0].dims;
  LITE_ASSIGN(const ResizePlan plan,
              ops::resolve_resize(q.attrs(), in, known(q, 1), known(q, 2), known(q, 3)));
  for (const ResizeAxis& a : plan.axes) {
    if (a.axis < 2) return unsupported("Resize: images or channels are resized");
    if (!a.outside.empty()) return unsupported("Resize: extrapolates");
  }
  // A line is an image of one row. Axis 1 is never resized, so it stands for the row's there.
  const size_t across = in.size() - 1, down = across > 2 ? across - 1 : 1, deep = across > 3 ? across - 2 : 1;
  const int64_t in_h = down > 1 ? in[down] : 1, out_h = down > 1 ? out[down] : 1;
  const int64_t in_d = deep > 1 ? in[deep] : 1, out_d = deep > 1 ? out[deep] : 1;
  const Image m{in[0],
                in[1],
                in_d,
                in_h,
                in[across],
                out_d,
                out_h,
                out[across],
                axis_of(plan, deep, in_d),
                axis_of(plan, down, in_h),
                axis_of(plan, across, in[across])};
  const size_t element = dtype_size(q.in[0].dtype);
  const bool last = q.in[0].layout == Layout::kChannelsLast;
  if (plan.mode == ResizeMode::kNearest) {
    if (last) return make_nearest_last(m, element);
    switch (element) {
      case 1:
        return make_nearest_plain<uint8_t>(m);
      case 2:
        return make_nearest_plain<uint16_t>(m);
      case 4:
        return make_nearest_plain<uint32_t>(m);
      default:
        return make_nearest_plain<uint64_t>(m);
    }
  }
  if (m.deep.taps * m.down.taps * (last ? m.across.taps : 1) > kMaxTaps || (!last && m.in_w > kMaxRow))
    return unsupported("Resize: too many samples for a pixel, or a row too long");
  return last ? make_blend_last(m, q.options) : make_blend_plain(m, q.options);
}

constexpr KernelDef kKernels[] = {{"resize:simd", "Resize", rejects, make}};

}  // namespace

extern constinit const KernelTable simd_resize;
constinit const KernelTable simd_resize{kKernels};

}  // namespace lite::kernels
#endif
