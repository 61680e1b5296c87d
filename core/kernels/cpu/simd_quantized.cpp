// Between float32 and 8 bits, and sums, products and global means of 8-bit tensors, with one scale and zero
// point a tensor: QuantizeLinear, DequantizeLinear, QLinearAdd, QLinearMul, QLinearGlobalAveragePool.
//
// Each calculates step by step as its reference does, so the results are the same bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_quantized.cpp"
#include <cmath>

#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/simd_broadcast.h"
#include "core/kernels/cpu/simd_quantized.h"
#include "core/ops/quantized.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_bytes-inl.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// To nearest even, NaN as 0; v is within the range by then.
template <class D, class V = hn::Vec<D>>
HWY_INLINE hn::Vec<hn::RebindToSigned<D>> round_saturated(D d, V v, const QuantizedStrip& s) {
  v = hn::IfThenElseZero(hn::Eq(v, v), v);
  v = hn::Min(hn::Max(v, hn::Set(d, s.low)), hn::Set(d, s.high));
  const hn::RebindToSigned<D> di;
  return hn::Add(hn::NearestInt(v), hn::Set(di, static_cast<int32_t>(s.zero_out)));
}

template <class D, class T>
HWY_INLINE hn::Vec<D> load_stored(D d, const T* p, float zero) {
  const hn::RebindToSigned<D> di;
  const hn::Rebind<T, D> d8;
  return hn::Sub(hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(d8, p))), hn::Set(d, zero));
}

// Calls f(i) for whole vectors, and for the rest once more on copies: f reads and writes through its
// pointers.
template <class T, class F>
HWY_INLINE void binary_row(const QuantizedStrip& s, const F& f) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<T, decltype(d)> d8;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto *a = static_cast<const T*>(s.a), *b = static_cast<const T*>(s.b);
  auto* out = static_cast<T*>(s.out);
  const auto scalar_a = hn::Set(d, s.a_scalar ? static_cast<float>(*a) - s.zero_a : 0);
  const auto scalar_b = hn::Set(d, s.b_scalar ? static_cast<float>(*b) - s.zero_b : 0);
  const auto step = [&](const T* pa, const T* pb, T* to) {
    const auto va = s.a_scalar ? scalar_a : load_stored(d, pa, s.zero_a);
    const auto vb = s.b_scalar ? scalar_b : load_stored(d, pb, s.zero_b);
    hn::StoreU(hn::DemoteTo(d8, round_saturated(d, f(va, vb), s)), d8, to);
  };
  int64_t i = 0;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  // Four vectors at once, which are saturated as they become bytes.
  for (; s.fits && i + 4 * lanes <= s.n; i += 4 * lanes) {
    V32 v[4];
    LITE_UNROLL
    for (int k = 0; k < 4; ++k)
      v[k] = nearest(f(s.a_scalar ? scalar_a : load_stored(d, a + i + k * lanes, s.zero_a),
                       s.b_scalar ? scalar_b : load_stored(d, b + i + k * lanes, s.zero_b)));
    store_bytes(in_order(pack4(v, static_cast<int32_t>(s.zero_out), std::is_signed_v<T>)), out + i);
  }
#endif
  for (; i + lanes <= s.n; i += lanes) step(a + i, b + i, out + i);
  if (i == s.n) return;
  T pa[HWY_MAX_BYTES] = {}, pb[HWY_MAX_BYTES] = {}, to[HWY_MAX_BYTES];
  const auto rest = static_cast<size_t>(s.n - i);
  if (!s.a_scalar) memcpy(pa, a + i, rest);
  if (!s.b_scalar) memcpy(pb, b + i, rest);
  step(pa, pb, to);
  memcpy(out + i, to, rest);
}

template <class T, class F>
HWY_INLINE void binary_strip(QuantizedStrip s, const F& f) {
  for (int64_t r = 0; r < s.rows; ++r) {
    binary_row<T>(s, f);
    s.a = static_cast<const T*>(s.a) + s.n;
    s.b = static_cast<const T*>(s.b) + s.step;
    s.out = static_cast<T*>(s.out) + s.step;
  }
}

template <class T>
HWY_INLINE void add_strip(const QuantizedStrip& s) {
  const hn::ScalableTag<float> d;
  const auto fa = hn::Set(d, s.factor_a), fb = hn::Set(d, s.factor_b);
  binary_strip<T>(s, [&](auto a, auto b) HWY_ATTR { return hn::Add(hn::Mul(a, fa), hn::Mul(b, fb)); });
}
template <class T>
HWY_INLINE void mul_strip(const QuantizedStrip& s) {
  const hn::ScalableTag<float> d;
  const auto factor = hn::Set(d, s.factor_a);
  binary_strip<T>(s, [&](auto a, auto b) HWY_ATTR { return hn::Mul(hn::Mul(a, b), factor); });
}
void add_u8(const QuantizedStrip& s) noexcept { add_strip<uint8_t>(s); }
void add_i8(const QuantizedStrip& s) noexcept { add_strip<int8_t>(s); }
void mul_u8(const QuantizedStrip& s) noexcept { mul_strip<uint8_t>(s); }
void mul_i8(const QuantizedStrip& s) noexcept { mul_strip<int8_t>(s); }

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
// x / scale, rounded as a division rounds it, for less than half of its time: the product with the reciprocal
// is off by a unit or two of the last place, the first correction leaves less than one, and from there the
// second gives the nearest number (Markstein's theorem). Quotients that are denormal may differ, and are 0
// once rounded. Scales of other sizes would overflow on the way.
class Quotient {
 public:
  static bool takes(const QuantizedStrip& s) { return s.factor_a > 0x1p-60f && s.factor_a < 0x1p60f; }
  explicit Quotient(const QuantizedStrip& s)
      : scale_(hn::Set(DF(), s.factor_a)),
        inverse_(hn::Set(DF(), 1 / s.factor_a)),
        low_(hn::Set(DF(), (s.low - 1) * s.factor_a)),
        high_(hn::Set(DF(), (s.high + 1) * s.factor_a)),
        zero_(static_cast<int32_t>(s.zero_out)),
        is_signed_(s.low + s.zero_out < 0) {}

  // Four vectors of x as stored, in order. What is beyond the range stays beyond it; NaN is 0.
  HWY_INLINE V32 stored(const float* x) const {
    V32 v[4];
    LITE_UNROLL
    for (int i = 0; i < 4; ++i) v[i] = nearest(of(hn::LoadU(DF(), x + i * hn::MaxLanes(DF()))));
    return in_order(pack4(v, zero_, is_signed_));
  }

 private:
  HWY_INLINE VF of(VF x) const {
    x = hn::IfThenElseZero(hn::Eq(x, x), hn::Min(hn::Max(x, low_), high_));
    VF q = hn::Mul(x, inverse_);
    q = hn::MulAdd(hn::NegMulAdd(q, scale_, x), inverse_, q);
    return hn::MulAdd(hn::NegMulAdd(q, scale_, x), inverse_, q);
  }
  VF scale_, inverse_, low_, high_;
  int32_t zero_;
  bool is_signed_;
};
#endif

template <class T>
HWY_INLINE void quantize_strip(const QuantizedStrip& s) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<T, decltype(d)> d8;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto* x = static_cast<const float*>(s.a);
  auto* out = static_cast<T*>(s.out);
  const auto scale = hn::Set(d, s.factor_a);
  int64_t i = 0;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  if (Quotient::takes(s)) {
    const Quotient quotient(s);
    for (; i + 4 * lanes <= s.n; i += 4 * lanes) store_bytes(quotient.stored(x + i), out + i);
  }
#endif
  for (; i + lanes <= s.n; i += lanes)
    hn::StoreU(hn::DemoteTo(d8, round_saturated(d, hn::Div(hn::LoadU(d, x + i), scale), s)), d8, out + i);
  if (i == s.n) return;
  T to[HWY_MAX_BYTES];
  const auto rest = static_cast<size_t>(s.n - i);
  hn::StoreU(hn::DemoteTo(d8, round_saturated(d, hn::Div(load_part(d, x + i, rest), scale), s)), d8, to);
  memcpy(out + i, to, rest);
}
void quantize_u8(const QuantizedStrip& s) noexcept { quantize_strip<uint8_t>(s); }
void quantize_i8(const QuantizedStrip& s) noexcept { quantize_strip<int8_t>(s); }

// s.n pixels of three channels, which lie `plane` floats apart, to pixels whose channels follow each other.
template <class T>
HWY_INLINE void quantize_pixels(const QuantizedStrip& s, int64_t plane) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<T, decltype(d)> d8;
  const hn::Rebind<uint8_t, decltype(d)> du8;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto scale = hn::Set(d, s.factor_a);
  const auto step = [&](const float* x, int64_t to_next, uint8_t* out) HWY_ATTR {
    const auto channel = [&](int64_t c) HWY_ATTR {
      const auto v = hn::Div(hn::LoadU(d, x + c * to_next), scale);
      return hn::BitCast(du8, hn::DemoteTo(d8, round_saturated(d, v, s)));
    };
    hn::StoreInterleaved3(channel(0), channel(1), channel(2), du8, out);
  };
  const auto* x = static_cast<const float*>(s.a);
  auto* out = static_cast<uint8_t*>(s.out);
  int64_t i = 0;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  if (Quotient::takes(s)) {
    const Quotient quotient(s);
    const auto channel = [&](int64_t c)
                             HWY_ATTR { return hn::BitCast(D8(), quotient.stored(x + c * plane + i)); };
    for (; i + 4 * lanes <= s.n; i += 4 * lanes)
      hn::StoreInterleaved3(channel(0), channel(1), channel(2), D8(), out + 3 * i);
  }
#endif
  for (; i + lanes <= s.n; i += lanes) step(x + i, plane, out + 3 * i);
  if (i == s.n) return;
  constexpr int64_t kMost = HWY_MAX_BYTES / sizeof(float);
  float rest[3 * kMost] = {};
  uint8_t to[3 * kMost];
  for (int64_t c = 0; c < 3; ++c)
    memcpy(rest + c * kMost, x + c * plane + i, static_cast<size_t>(s.n - i) * sizeof(float));
  step(rest, kMost, to);
  memcpy(out + 3 * i, to, static_cast<size_t>(3 * (s.n - i)));
}
void quantize_pixels_u8(const QuantizedStrip& s, int64_t plane) noexcept {
  quantize_pixels<uint8_t>(s, plane);
}
void quantize_pixels_i8(const QuantizedStrip& s, int64_t plane) noexcept {
  quantize_pixels<int8_t>(s, plane);
}

template <class T>
HWY_INLINE void dequantize_strip(const QuantizedStrip& s) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto* x = static_cast<const T*>(s.a);
  auto* out = static_cast<float*>(s.out);
  const auto scale = hn::Set(d, s.factor_a);
  int64_t i = 0;
  for (; i + lanes <= s.n; i += lanes)
    hn::StoreU(hn::Mul(load_stored(d, x + i, s.zero_a), scale), d, out + i);
  for (; i < s.n; ++i) out[i] = (static_cast<float>(x[i]) - s.zero_a) * s.factor_a;
}
void dequantize_u8(const QuantizedStrip& s) noexcept { dequantize_strip<uint8_t>(s); }
void dequantize_i8(const QuantizedStrip& s) noexcept { dequantize_strip<int8_t>(s); }

// sum[c] += x[r][c], the stored numbers.
template <class T>
HWY_INLINE void sum_columns(const void* from, int32_t* sum, int64_t rows, int64_t n, int64_t step) {
  const auto* x = static_cast<const T*>(from);
  for (int64_t r = 0; r < rows; ++r, x += step) {
    LITE_VECTORIZE
    for (int64_t c = 0; c < n; ++c) sum[c] += x[c];
  }
}
void sum_u8(const void* x, int32_t* sum, int64_t rows, int64_t n, int64_t step) {
  sum_columns<uint8_t>(x, sum, rows, n, step);
}
void sum_i8(const void* x, int32_t* sum, int64_t rows, int64_t n, int64_t step) {
  sum_columns<int8_t>(x, sum, rows, n, step);
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
LITE_SIMD_TABLE(kAddU8, add_u8);
LITE_SIMD_TABLE(kAddI8, add_i8);
LITE_SIMD_TABLE(kMulU8, mul_u8);
LITE_SIMD_TABLE(kMulI8, mul_i8);
LITE_SIMD_TABLE(kQuantizeU8, quantize_u8);
LITE_SIMD_TABLE(kQuantizeI8, quantize_i8);
LITE_SIMD_TABLE(kQuantizePixelsU8, quantize_pixels_u8);
LITE_SIMD_TABLE(kQuantizePixelsI8, quantize_pixels_i8);
LITE_SIMD_TABLE(kDequantizeU8, dequantize_u8);
LITE_SIMD_TABLE(kDequantizeI8, dequantize_i8);
LITE_SIMD_TABLE(kSumU8, sum_u8);
LITE_SIMD_TABLE(kSumI8, sum_i8);
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr TypeSet kByte = DType::kI8 | DType::kU8;

struct Params {
  float scale = 1, zero = 0;
};

// Scale and zero point, inputs i and i + 1, when they are one constant each; a zero point may be left out.
std::optional<Params> params(const NodeQuery& q, size_t i) {
  if (!is_known_scalar(q, i) || q.in[i].dtype != DType::kF32) return std::nullopt;
  if (q.has_in(i + 1) && !is_known_scalar(q, i + 1)) return std::nullopt;
  return Params{*q.in[i].constant->data<float>(),
                q.has_in(i + 1) ? static_cast<float>(q.in[i + 1].constant->int_at(0)) : 0};
}

void set_output(QuantizedStrip& s, DType type, float zero) {
  const ops::IntRange range = ops::int_range(type);
  s.zero_out = zero;
  s.low = static_cast<float>(range.low) - zero;
  s.high = static_cast<float>(range.high) - zero;
}

// ---- one tensor
// --------------------------------------------------------------------------------------------------------

WhyNot rejects_params(const NodeQuery& q) {
  if (!params(q, 1)) return "scale and zero point are not one constant";
  const int64_t precision = q.attrs().i64("precision");
  return precision == 0 || precision == static_cast<int64_t>(DType::kF32) ? nullptr
                                                                          : "precision is not float32";
}

WhyNot rejects_unary(const NodeQuery& q) {
  const bool quantizes = std::string_view(q.node.op->name) == "QuantizeLinear";
  const DType real = quantizes ? q.in[0].dtype : q.out[0].dtype,
              stored = quantizes ? q.out[0].dtype : q.in[0].dtype;
  if (real != DType::kF32 || !kByte.has(stored)) return "not between float32 and 8 bits";
  if (const WhyNot why = rejects_params(q)) return why;
  return BroadcastPlan::make({q.in[0]}, q.out[0]) ? nullptr : "layouts differ";
}

Result<std::unique_ptr<Kernel>> make_unary(const NodeQuery& q, PackCache&) {
  const bool quantizes = std::string_view(q.node.op->name) == "QuantizeLinear";
  const Params p = *params(q, 1);
  QuantizedStrip s{};
  s.factor_a = p.scale;
  s.zero_a = p.zero;
  const bool is_signed = (quantizes ? q.out[0] : q.in[0]).dtype == DType::kI8;
  if (quantizes) set_output(s, q.out[0].dtype, p.zero);
  auto* const fn = quantizes ? choose(is_signed ? kQuantizeI8 : kQuantizeU8, q.options)
                             : choose(is_signed ? kDequantizeI8 : kDequantizeU8, q.options);
  const int64_t n = stored_elements(q.out[0]);
  const size_t from = dtype_size(q.in[0].dtype), to = dtype_size(q.out[0].dtype);
  const BroadcastPlan plan = *BroadcastPlan::make({q.in[0]}, q.out[0]);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(n, kGrain, [&](int64_t begin, int64_t end) {
      QuantizedStrip part = s;
      part.a = l.in<std::byte>(0) + static_cast<size_t>(begin) * from;
      part.out = l.out<std::byte>(0) + static_cast<size_t>(begin) * to;
      part.n = end - begin;
      fn(part);
    });
    plan.clear_padding(l.out<void>(0), to, *l.parallel);
  });
}

// A picture's three planes become pixels, as the convolution behind wants them.
WhyNot rejects_pixels(const NodeQuery& q) {
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dtype != DType::kF32 || !kByte.has(y.dtype)) return "not from float32 to 8 bits";
  if (const WhyNot why = rejects_params(q)) return why;
  if (x.layout != Layout::kPlain || y.layout != Layout::kChannelsLast) return "layouts are others";
  return x.dims.size() >= 3 && x.dims[1] == 3 ? nullptr : "not three channels";
}

Result<std::unique_ptr<Kernel>> make_pixels(const NodeQuery& q, PackCache&) {
  const Params p = *params(q, 1);
  QuantizedStrip s{};
  s.factor_a = p.scale;
  set_output(s, q.out[0].dtype, p.zero);
  auto* const fn = q.out[0].dtype == DType::kI8 ? choose(kQuantizePixelsI8, q.options)
                                                : choose(kQuantizePixelsU8, q.options);
  const int64_t images = q.in[0].dims[0],
                pixels = elements(std::span<const int64_t>(q.in[0].dims).subspan(2)),
                pieces = std::max<int64_t>(1, pixels / kGrain);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(images * pieces, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = pixels * (i % pieces) / pieces, last = pixels * (i % pieces + 1) / pieces;
        QuantizedStrip part = s;
        part.a = l.in<float>(0) + i / pieces * 3 * pixels + first;
        part.out = l.out<uint8_t>(0) + (i / pieces * pixels + first) * 3;
        part.n = last - first;
        fn(part, pixels);
      }
    });
  });
}

// ---- two tensors
// -------------------------------------------------------------------------------------------------------

// Times the product of two differences of bytes it fits 32 bits.
bool is_modest(float factor) { return std::abs(factor) < 8192; }

WhyNot rejects_binary(const NodeQuery& q) {
  if (!kByte.has(q.out[0].dtype)) return "not 8 bits";
  if (!params(q, 1) || !params(q, 4) || !params(q, 6))
    return "scales and zero points are not one constant each";
  return BroadcastPlan::make({q.in[0], q.in[3]}, q.out[0]) ? nullptr
                                                           : "operands in layouts that do not go together";
}

Result<std::unique_ptr<Kernel>> make_binary(const NodeQuery& q, PackCache&) {
  const bool adds = std::string_view(q.node.op->name) == "QLinearAdd",
             is_signed = q.out[0].dtype == DType::kI8;
  const Params a = *params(q, 1), b = *params(q, 4), c = *params(q, 6);
  const BroadcastPlan plan = *BroadcastPlan::make({q.in[0], q.in[3]}, q.out[0]);
  QuantizedStrip s{};
  s.a_scalar = plan.scalar(0);
  s.b_scalar = plan.scalar(1);
  s.zero_a = a.zero;
  s.zero_b = b.zero;
  s.factor_a = adds ? a.scale / c.scale : a.scale * b.scale / c.scale;
  s.factor_b = b.scale / c.scale;
  s.fits = is_modest(s.factor_a) && is_modest(s.factor_b);
  set_output(s, q.out[0].dtype, c.zero);
  auto* const fn =
      adds ? choose(is_signed ? kAddI8 : kAddU8, q.options) : choose(is_signed ? kMulI8 : kMulU8, q.options);
  return make_kernel([=](const Launch& l) {
    plan.run(*l.parallel, kGrain, [&](const int64_t* offset, int64_t at, int64_t rows, int64_t n) {
      QuantizedStrip part = s;
      part.n = n;
      for (int64_t r = 0; r < rows; ++r) {
        part.a = l.in<uint8_t>(0) + offset[0] + r * plan.row_stride[0];
        part.b = l.in<uint8_t>(3) + offset[1] + r * plan.row_stride[1];
        part.out = l.out<uint8_t>(0) + at + r * plan.n;
        fn(part);
      }
    });
    plan.clear_padding(l.out<void>(0), 1, *l.parallel);
  });
}

bool in_place_binary(const NodeQuery& q, size_t i) {
  return (i == 0 || i == 3) && q.in[i].dims == q.out[0].dims && q.in[i].layout == q.out[0].layout;
}

// ---- global mean
// -------------------------------------------------------------------------------------------------------

WhyNot rejects_pool(const NodeQuery& q) {
  const auto dense = [](const Operand& o) {
    return o.layout == Layout::kPlain || o.layout == Layout::kChannelsLast;
  };
  if (!kByte.has(q.out[0].dtype) || q.in[0].dims.size() < 3) return "not 8 bits, or no spatial dimensions";
  if (!params(q, 1) || !params(q, 3)) return "scales and zero points are not one constant each";
  return dense(q.in[0]) && dense(q.out[0]) ? nullptr : "blocked layout";
}

// Of bytes that are int8 if their top bit is to be flipped, which makes each a uint8 128 above it.
int32_t sum_of_row(const uint8_t* x, int64_t n, uint8_t flip) {
  int32_t sum = 0;
  LITE_VECTORIZE
  for (int64_t i = 0; i < n; ++i) sum += x[i] ^ flip;
  return sum - static_cast<int32_t>(n * flip);
}

Result<std::unique_ptr<Kernel>> make_pool(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[0].dims;
  const int64_t batch = dims[0], channels = dims[1],
                spatial = elements(std::span<const int64_t>(dims).subspan(2));
  // Sums of 8-bit numbers fit 32 bits for all but absurd images.
  if (spatial > (int64_t{1} << 23)) return unsupported("QLinearGlobalAveragePool: ", spatial, " pixels");
  const Params x = *params(q, 1), y = *params(q, 3);
  const DType type = q.out[0].dtype;
  const bool last = q.in[0].layout == Layout::kChannelsLast;
  const float factor = x.scale / (y.scale * static_cast<float>(spatial));
  const auto zero_sum = static_cast<int64_t>(x.zero) * spatial, zero = static_cast<int64_t>(y.zero);
  auto* const sum = choose(type == DType::kI8 ? kSumI8 : kSumU8, q.options);
  const uint8_t flip = type == DType::kI8 ? 0x80 : 0;
  constexpr int64_t kBlock = 64;
  const int64_t blocks = ceil_div(channels, kBlock);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(batch * blocks, rows_grain(kBlock * spatial), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t n = i / blocks, first = i % blocks * kBlock, width = std::min(kBlock, channels - first);
        int32_t sums[kBlock] = {};
        const auto* const from = l.in<uint8_t>(0);
        if (last)
          sum(from + n * spatial * channels + first, sums, spatial, width, channels);
        else
          for (int64_t c = 0; c < width; ++c)
            sums[c] = sum_of_row(from + (n * channels + first + c) * spatial, spatial, flip);
        for (int64_t c = 0; c < width; ++c)
          l.out<uint8_t>(0)[n * channels + first + c] = static_cast<uint8_t>(
              ops::quantize(static_cast<float>(sums[c] - zero_sum) * factor, zero, ops::int_range(type)));
      }
    });
  });
}

constexpr KernelDef kKernels[] = {
    {"quantize:simd", "QuantizeLinear", rejects_unary, make_unary},
    {"quantize_pixels:simd", "QuantizeLinear", rejects_pixels, make_pixels},
    {"dequantize:simd", "DequantizeLinear", rejects_unary, make_unary},
    {"qlinear_add:simd", "QLinearAdd", rejects_binary, make_binary, in_place_binary},
    {"qlinear_mul:simd", "QLinearMul", rejects_binary, make_binary, in_place_binary},
    {"qlinear_global_average_pool:simd", "QLinearGlobalAveragePool", rejects_pool, make_pool},
};

}  // namespace

extern constinit const KernelTable simd_quantized;
constinit const KernelTable simd_quantized{kKernels};

}  // namespace lite::kernels

namespace lite::simd {

std::optional<QuantizedSum> QuantizedSum::make(const NodeQuery& q, size_t a, size_t b, size_t c) {
  const auto pa = kernels::params(q, a), pb = kernels::params(q, b), pc = kernels::params(q, c);
  if (!pa || !pb || !pc || !kernels::kByte.has(q.out[0].dtype)) return std::nullopt;
  QuantizedSum sum;
  QuantizedStrip& s = sum.strip_;
  s.zero_a = pa->zero;
  s.zero_b = pb->zero;
  s.factor_a = pa->scale / pc->scale;
  s.factor_b = pb->scale / pc->scale;
  kernels::set_output(s, q.out[0].dtype, pc->zero);
  s.fits = kernels::is_modest(s.factor_a) && kernels::is_modest(s.factor_b);
  sum.add_ = q.out[0].dtype == DType::kI8 ? choose(kAddI8, q.options) : choose(kAddU8, q.options);
  return sum;
}

}  // namespace lite::simd
#endif
