// QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear between float32 and 8-bit integers (int32 back
// to float too), for one scale each step of an axis, and for what simd_quantized.cpp declines.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_quantize_axis.cpp"
#include <cmath>

#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_QUANTIZE_SPAN
#define LITE_SIMD_QUANTIZE_SPAN
namespace lite::simd {

// n elements with scale and zero point of their own when `each`, else all with the first.
struct QuantizeSpan {
  const void* x;
  void* y;
  const float* scale;
  const float* zero;
  int64_t n;
  bool each;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// saturate(round(x / scale) + zero); NaN gives the zero point.
template <class T>
void quantize_span(const QuantizeSpan& a) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<int32_t, decltype(d)> di;
  const hn::Rebind<T, decltype(d)> dt;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto* x = static_cast<const float*>(a.x);
  auto* y = static_cast<T*>(a.y);
  const V low = hn::Set(d, static_cast<float>(hwy::LimitsMin<T>())),
          high = hn::Set(d, static_cast<float>(hwy::LimitsMax<T>()));
  V scale = hn::Set(d, a.scale[0]), zero = hn::Set(d, a.zero[0]);
  for (int64_t i = 0; i < a.n; i += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, a.n - i));
    if (a.each) {
      scale = load_part(d, a.scale + i, count);
      zero = load_part(d, a.zero + i, count);
    }
    V v = hn::Round(hn::Div(load_part(d, x + i, count), scale));
    v = hn::IfThenZeroElse(hn::IsNaN(v), v);
    v = clip(d, hn::Add(v, zero), low, high);
    const auto q = hn::DemoteTo(dt, hn::ConvertTo(di, v));
    if (static_cast<int64_t>(count) == lanes) {
      hn::StoreU(q, dt, y + i);
    } else {
      HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(float)];
      hn::StoreU(q, dt, buffer);
      memcpy(y + i, buffer, count * sizeof(T));
    }
  }
}

// (x - zero) * scale.
template <class T>
void dequantize_span(const QuantizeSpan& a) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<int32_t, decltype(d)> di;
  const hn::Rebind<T, decltype(d)> dt;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto* x = static_cast<const T*>(a.x);
  auto* y = static_cast<float*>(a.y);
  V scale = hn::Set(d, a.scale[0]), zero = hn::Set(d, a.zero[0]);
  HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(float)] = {};
  for (int64_t i = 0; i < a.n; i += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, a.n - i));
    if (a.each) {
      scale = load_part(d, a.scale + i, count);
      zero = load_part(d, a.zero + i, count);
    }
    const T* from = x + i;
    if (static_cast<int64_t>(count) < lanes) {
      memcpy(buffer, from, count * sizeof(T));
      from = buffer;
    }
    V v;
    if constexpr (sizeof(T) == 4)
      v = hn::ConvertTo(d, hn::LoadU(dt, from));
    else
      v = hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(dt, from)));
    v = hn::Mul(hn::Sub(v, zero), scale);
    store_part(v, d, y + i, count);
  }
}

using SpanFn = void(const QuantizeSpan&);
SpanFn* pick_quantize(DType to) { return to == DType::kU8 ? quantize_span<uint8_t> : quantize_span<int8_t>; }
SpanFn* pick_dequantize(DType from) {
  return from == DType::kU8   ? dequantize_span<uint8_t>
         : from == DType::kI8 ? dequantize_span<int8_t>
                              : dequantize_span<int32_t>;
}

// Widens [low, high] to all of x. NaN is passed over.
void extend_range(const float* x, int64_t n, float& low, float& high) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto lo = hn::Set(d, low), hi = hn::Set(d, high);
  for (int64_t i = 0; i < n; i += lanes) {
    const auto v = load_part(
        d, x + i, static_cast<size_t>(std::min(lanes, n - i)));  // zeros behind the end change nothing
    lo = hn::IfThenElse(hn::Lt(v, lo), v, lo);
    hi = hn::IfThenElse(hn::Gt(v, hi), v, hi);
  }
  low = hn::GetLane(hn::MinOfLanes(d, lo));
  high = hn::GetLane(hn::MaxOfLanes(d, hi));
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kPickQuantize, pick_quantize);
LITE_SIMD_TABLE(kPickDequantize, pick_dequantize);
LITE_SIMD_TABLE(kExtendRange, extend_range);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

bool quantizes(const NodeQuery& q) { return std::string_view(q.node.op->name) == "QuantizeLinear"; }

// x as stored, seen as outer x width x inner around the axis; width is 1 for one scale.
struct Extent {
  int64_t outer = 1, width = 1, inner = 1;
};
std::optional<Extent> extent_of(const NodeQuery& q) {
  const Operand& x = q.in[0];
  const int64_t count = q.in[1].elements();
  if (count == 1) return Extent{1, 1, stored_elements(x)};
  const auto rank = static_cast<int64_t>(x.dims.size());
  if (q.in[1].dims.size() != 1 || rank == 0) return std::nullopt;
  const int64_t given = q.attrs().i64("axis", 1);
  const auto axis = static_cast<size_t>(rank == 1 ? 0 : given < 0 ? given + rank : given);
  if (axis >= x.dims.size() || x.dims[axis] != count) return std::nullopt;
  const std::span<const int64_t> dims(x.dims);
  if (x.layout == Layout::kChannelsLast && axis == 1) return Extent{x.elements() / count, count, 1};
  if (x.layout != Layout::kPlain) return std::nullopt;
  return Extent{elements(dims.first(axis)), count, elements(dims.subspan(axis + 1))};
}

WhyNot rejects(const NodeQuery& q) {
  const Operand &x = q.in[0], &y = q.out[0];
  const DType stored = quantizes(q) ? y.dtype : x.dtype;
  if ((quantizes(q) ? x.dtype : y.dtype) != DType::kF32 || q.in[1].dtype != DType::kF32) return "not float32";
  if (stored != DType::kU8 && stored != DType::kI8 && (quantizes(q) || stored != DType::kI32))
    return "not 8-bit";
  if (x.layout != y.layout) return "layouts differ";
  if (block_of(x.layout) != 0 && x.dims[1] % block_of(x.layout) != 0) return "padding channels";
  if (q.in[1].constant == nullptr || (q.has_in(2) && q.in[2].constant == nullptr))
    return "scale not constant";
  const int64_t precision = q.attrs().i64("precision", 0);
  if (precision != 0 && precision != static_cast<int64_t>(DType::kF32)) return "divides in another type";
  // A zero point of int32 may not fit a float.
  if (stored == DType::kI32 && q.has_in(2))
    for (int64_t i = 0; i < q.in[2].elements(); ++i)
      if (q.in[2].constant->int_at(i) != 0) return "int32 with a zero point";
  return extent_of(q) ? nullptr : "scales for blocks";
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  const Extent e = *extent_of(q);
  LITE_ASSIGN(const Tensor given, q.in[1].constant->aligned());
  std::vector<float> scale(given.data<float>(), given.data<float>() + e.width),
      zero(static_cast<size_t>(e.width), 0.0f);
  if (q.has_in(2))
    for (int64_t i = 0; i < e.width; ++i)
      zero[static_cast<size_t>(i)] = static_cast<float>(q.in[2].constant->int_at(i));
  auto* const fn = quantizes(q) ? choose(kPickQuantize, q.options)(q.out[0].dtype)
                                : choose(kPickDequantize, q.options)(q.in[0].dtype);
  const auto in_size = static_cast<int64_t>(dtype_size(q.in[0].dtype)),
             out_size = static_cast<int64_t>(dtype_size(q.out[0].dtype));
  return make_kernel([=, scale = std::move(scale), zero = std::move(zero)](const Launch& l) {
    const auto* x = l.in<unsigned char>(0);
    auto* y = l.out<unsigned char>(0);
    if (e.inner == 1 && e.width > 1) {
      l.parallel->for_range(e.outer, rows_grain(e.width), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
          fn(QuantizeSpan{x + i * e.width * in_size, y + i * e.width * out_size, scale.data(), zero.data(),
                          e.width, true});
      });
      return;
    }
    // Pieces of rows that share a scale.
    const int64_t pieces = ceil_div(e.inner, kGrain), rows = e.outer * e.width;
    l.parallel->for_range(
        rows * pieces, rows_grain(std::min(e.inner, kGrain)), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t row = i / pieces, from = i % pieces * kGrain, at = row * e.inner + from;
            const auto k = static_cast<size_t>(row % e.width);
            fn(QuantizeSpan{x + at * in_size, y + at * out_size, &scale[k], &zero[k],
                            std::min(kGrain, e.inner - from), false});
          }
        });
  });
}

WhyNot rejects_dynamic(const NodeQuery& q) {
  if (!all_plain(q)) return "not row-major";
  return q.has_out(0) && q.has_out(1) && q.has_out(2) ? nullptr : "an output is left out";
}

Result<std::unique_ptr<Kernel>> make_dynamic(const NodeQuery& q, PackCache&) {
  const int64_t count = q.in[0].elements(), pieces = ceil_div(count, kGrain);
  auto* const range = choose(kExtendRange, q.options);
  auto* const fn = choose(kPickQuantize, q.options)(DType::kU8);
  const auto run = [=](const Launch& l) {
    const float* x = l.in<float>(0);
    auto* const part = static_cast<float*>(l.workspace);
    l.parallel->run(pieces, [&](int64_t i) {
      part[2 * i] = part[2 * i + 1] = 0;
      range(x + i * kGrain, std::min(kGrain, count - i * kGrain), part[2 * i], part[2 * i + 1]);
    });
    float low = 0, high = 0;
    for (int64_t i = 0; i < pieces; ++i) {
      low = std::min(low, part[2 * i]);
      high = std::max(high, part[2 * i + 1]);
    }
    const float scale = (high - low) / 255.0f, none = 0.0f;
    uint8_t zero = 0;
    if (scale != 0) {
      const float from = -low / scale;
      const float one = 1.0f;
      fn(QuantizeSpan{&from, &zero, &one, &none, 1, false});
    }
    *l.out<float>(1) = scale;
    *l.out<uint8_t>(2) = zero;
    auto* const y = l.out<uint8_t>(0);
    const float shift = static_cast<float>(zero);
    l.parallel->for_range(count, kGrain, [&](int64_t begin, int64_t end) {
      if (scale == 0)
        memset(y + begin, 0, static_cast<size_t>(end - begin));
      else
        fn(QuantizeSpan{x + begin, y + begin, &scale, &shift, end - begin, false});
    });
  };
  return make_kernel(run, static_cast<size_t>(2 * pieces) * sizeof(float));
}

constexpr KernelDef kKernels[] = {
    {"quantize_axis:simd", "QuantizeLinear", rejects, make},
    {"dequantize_axis:simd", "DequantizeLinear", rejects, make},
    {"dynamic_quantize:simd", "DynamicQuantizeLinear", rejects_dynamic, make_dynamic},
};

}  // namespace

extern constinit const KernelTable simd_quantize_axis;
constinit const KernelTable simd_quantize_axis{kKernels};

}  // namespace lite::kernels
#endif
