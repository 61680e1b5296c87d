// Vector functions over floats. Compiled once per target; no include guard of the usual kind.
//
// Bounds, in units in the last place of the exact result, wherever that is a normal number (tested):
//   exp 2, log 2, sigmoid 4, tanh 5, erf 6, softplus 5, mish 6. gelu is within 4 ulps of |x|.
// Results below the smallest normal number are zero: worker threads flush them and the caller's thread does
// not, so a function that made them would answer differently on different threads.
#if defined(LITE_SIMD_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LITE_SIMD_MATH_INL_H
#undef LITE_SIMD_MATH_INL_H
#else
#define LITE_SIMD_MATH_INL_H
#endif

#include "hwy/contrib/math/math-inl.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Loads and stores of a part of a vector touch nothing else: those of AVX2 have masks for 32 and 64 bits.
template <class T>
inline constexpr bool kHasPartMasks = !HWY_MEM_OPS_MIGHT_FAULT || (HWY_TARGET == HWY_AVX2 && sizeof(T) >= 4);

// The first n < Lanes(d) elements, zeros behind; nothing else is touched.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE hn::Vec<D> load_part(D d, const T* p, size_t n) {
  if constexpr (kHasPartMasks<T>) return hn::MaskedLoad(hn::FirstN(d, n), d, p);
  HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(T)] = {};
  memcpy(buffer, p, n * sizeof(T));
  return hn::Load(d, buffer);
}
template <class D, class T = hn::TFromD<D>>
HWY_INLINE void store_part(hn::Vec<D> v, D d, T* p, size_t n) {
  if constexpr (kHasPartMasks<T>) return hn::BlendedStore(v, hn::FirstN(d, n), d, p);
  HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(T)];
  hn::Store(v, d, buffer);
  memcpy(p, buffer, n * sizeof(T));
}

// max(x, lo) and min(x, hi) in which NaN stays NaN.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V at_least(D, V x, V lo) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  // MAXPS and MINPS give their second operand when either is NaN.
  return hn::Max(lo, x);
#else
  return hn::IfThenElse(hn::Lt(x, lo), lo, x);
#endif
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE V at_most(D, V x, V hi) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Min(hi, x);
#else
  return hn::IfThenElse(hn::Gt(x, hi), hi, x);
#endif
}

// min(max(x, lo), hi) with hi winning over lo; NaN stays NaN.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V clip(D d, V x, V lo, V hi) {
  return at_most(d, at_least(d, x, lo), hi);
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V polynomial(D, V, V c0) {
  return c0;
}
template <class D, class V = hn::Vec<D>, class... C>
HWY_INLINE V polynomial(D d, V x, V c0, C... rest) {
  return hn::MulAdd(polynomial(d, x, rest...), x, c0);
}
template <class D, class... C>
HWY_INLINE hn::Vec<D> poly(D d, hn::Vec<D> x, C... c) {
  return polynomial(d, x, hn::Set(d, c)...);
}

inline constexpr float kExpLow = -87.3365448f;  // e^x is the smallest normal number
inline constexpr float kExpHigh = 88.7228394f;  // the last x with a finite e^x

// e^x for kExpLow <= x <= kExpHigh, or with kMinus those bits for -x; anything for other x.
template <bool kMinus = false, class D, class V = hn::Vec<D>>
HWY_INLINE V exp_in_range(D d, V x) {
  const hn::RebindToSigned<D> di;
  // The nearest integer to x / ln 2: 1.5 * 2^23 leaves no bits behind the point. It stands in the low bits,
  // where the shift below takes it from.
  const V magic = hn::Set(d, 12582912.0f), log2e = hn::Set(d, 1.44269504f);
  const V high = hn::Set(d, 0.693145752f);  // ln 2, its upper 16 bits: exact times n
  const V shifted = kMinus ? hn::NegMulAdd(x, log2e, magic) : hn::MulAdd(x, log2e, magic);
  const V nf = hn::Sub(shifted, magic);
  V r = kMinus ? hn::NegMulSub(nf, high, x) : hn::NegMulAdd(nf, high, x);
  r = hn::NegMulAdd(nf, hn::Set(d, 1.42860677e-6f), r);
  // Of the sixth degree, nearest in relative terms for |r| <= ln(2) / 2: to 1e-9.
  const V y = poly(d, r, 1.0f, 1.0f, 4.99999940e-01f, 1.66664302e-01f, 4.16680053e-02f, 8.37419555e-03f,
                   1.38436067e-03f);
  return hn::BitCast(d, hn::Add(hn::BitCast(di, y), hn::ShiftLeft<23>(hn::BitCast(di, shifted))));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp(D d, V x) {
  const V y = exp_in_range(d, x);
  if (HWY_LIKELY(hn::AllTrue(d, hn::Lt(hn::Abs(x), hn::Set(d, -kExpLow))))) return y;
  const V above = hn::IfThenElse(hn::Gt(x, hn::Set(d, kExpHigh)), hn::Inf(d), y);
  const V out = hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, kExpLow)), above);
  return hn::IfThenElse(hn::IsNaN(x), x, out);
}

// e^x for x <= 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp_negative(D d, V x) {
  // Zero, or NaN, for what is not at least kExpLow.
  return hn::IfThenElse(hn::Ge(x, hn::Set(d, kExpLow)), exp_in_range(d, x), at_least(d, x, hn::Zero(d)));
}

// e^x - 1 for x <= 0.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V expm1_negative(D d, V x) {
  const V big = hn::Sub(exp(d, x), hn::Set(d, 1.0f));
  const V small = hn::Mul(x, poly(d, x, 1.0f, 0.5f, 1.66666667e-01f, 4.16666667e-02f, 8.33333333e-03f,
                                  1.38888889e-03f, 1.98412698e-04f, 2.48015873e-05f));
  return hn::IfThenElse(hn::Gt(x, hn::Set(d, -0.5f)), small, big);
}

// ln(x): -inf at 0, NaN below it.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V log(D d, V x) {
  const hn::RebindToSigned<D> di;
  // x = 2^e * m, m in [sqrt(1/2), sqrt(2)). Subnormals are scaled up first.
  const auto tiny = hn::Lt(x, hn::Set(d, 1.17549435e-38f));
  const V scaled = hn::IfThenElse(tiny, hn::Mul(x, hn::Set(d, 8388608.0f)), x);
  const auto bits = hn::Sub(hn::BitCast(di, scaled), hn::Set(di, 0x3f3504f3));
  const V e =
      hn::Sub(hn::ConvertTo(d, hn::ShiftRight<23>(bits)), hn::IfThenElseZero(tiny, hn::Set(d, 23.0f)));
  const V m = hn::BitCast(d, hn::Add(hn::And(bits, hn::Set(di, 0x7fffff)), hn::Set(di, 0x3f3504f3)));
  const V f = hn::Sub(m, hn::Set(d, 1.0f));
  const V f2 = hn::Mul(f, f);
  V p = poly(d, f, 3.333331347e-01f, -2.500000894e-01f, 2.000211924e-01f, -1.666799635e-01f, 1.421955228e-01f,
             -1.240558922e-01f, 1.188816279e-01f, -1.167565137e-01f, 6.746638566e-02f);
  p = hn::Mul(p, hn::Mul(f, f2));
  p = hn::MulAdd(e, hn::Set(d, -2.12194440e-4f), p);
  p = hn::NegMulAdd(hn::Set(d, 0.5f), f2, p);
  const V y = hn::MulAdd(e, hn::Set(d, 0.693359375f), hn::Add(f, p));
  const V zero = hn::Zero(d);
  V out = hn::IfThenElse(hn::Lt(x, hn::Inf(d)), y, x);  // inf and NaN are themselves
  out = hn::IfThenElse(hn::Eq(x, zero), hn::Neg(hn::Inf(d)), out);
  return hn::IfThenElse(hn::Lt(x, zero), hn::NaN(d), out);
}

// ln(1 + x) for 0 <= x <= 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V log1p_unit(D d, V x) {
  const V one = hn::Set(d, 1.0f);
  const V u = hn::Add(one, x);
  const V lost = hn::Sub(u, one);
  const auto same = hn::Eq(lost, hn::Zero(d));
  const V y = hn::Mul(log(d, u), hn::Div(x, hn::IfThenElse(same, one, lost)));
  return hn::IfThenElse(same, x, y);
}

// 1 / x for normal x whose reciprocal is normal, within an ulp. Where a division takes as long as sixteen
// other instructions, it is an estimate of 14 bits and a step of Newton's.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V reciprocal(D d, V x) {
#if HWY_TARGET == HWY_AVX3
  const V y = hn::ApproximateReciprocal(x);
  return hn::MulAdd(y, hn::NegMulAdd(x, y, hn::Set(d, 1.0f)), y);
#else
  return hn::Div(hn::Set(d, 1.0f), x);
#endif
}

// a / b to the last bit or one more, for b whose reciprocal is a normal number.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V quotient(D d, V a, V b) {
#if HWY_TARGET == HWY_AVX3
  const V r = reciprocal(d, b), y = hn::Mul(a, r);
  return hn::MulAdd(r, hn::NegMulAdd(b, y, a), y);
#else
  (void)d;
  return hn::Div(a, b);
#endif
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V sigmoid(D d, V x) {
  const V one = hn::Set(d, 1.0f), low = hn::Set(d, kExpLow);
  // Above 87 the sum is 1, below kExpLow its reciprocal is not a normal number.
  const V t = clip(d, x, low, hn::Set(d, 87.0f));
  const V y = reciprocal(d, hn::Add(one, exp_in_range<true>(d, t)));
  // Zero, or NaN, for what is not at least `low`.
  return hn::IfThenElse(hn::Ge(x, low), y, hn::Sub(t, t));
}

// x * sigmoid(b * x), its bits: a NaN in x needs no care of its own here.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V swish(D d, V x, V b) {
  const V one = hn::Set(d, 1.0f), low = hn::Set(d, kExpLow);
  const V t = hn::Mul(x, b);
  const V y = reciprocal(d, hn::Add(one, exp_in_range<true>(d, clip(d, t, low, hn::Set(d, 87.0f)))));
  return hn::Mul(x, hn::IfThenZeroElse(hn::Lt(t, low), y));
}

// y between -1 and 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V within_one(D d, V y) {
  return clip(d, y, hn::Set(d, -1.0f), hn::Set(d, 1.0f));
}

// Odd rational functions on [0, limit]. There they come out above 1, by more than rounding may take from it
// on any target; from there on the function is 1 to the last bit.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V tanh(D d, V x) {
  const V limit = hn::Set(d, 9.04f);
  const V c = clip(d, x, hn::Neg(limit), limit);
  const V u = hn::Mul(c, c);
  const V p = poly(d, u, 1.000000000e+00f, 1.367991418e-01f, 3.868327476e-03f, 2.800745278e-05f,
                   3.058501008e-08f, -1.220345873e-11f);
  const V q =
      poly(d, u, 1.000000000e+00f, 4.701324701e-01f, 2.724583820e-02f, 3.938630398e-04f, 1.287366217e-06f);
  return within_one(d, quotient(d, hn::Mul(c, p), q));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V erf(D d, V x) {
  const V limit = hn::Set(d, 4.0f);
  const V c = clip(d, x, hn::Neg(limit), limit);
  const V u = hn::Mul(c, c);
  const V p = poly(d, u, 1.128379107e+00f, 2.003642470e-01f, 5.063109472e-02f, 3.719143569e-03f,
                   1.421703782e-04f, -1.956585038e-06f, 1.986950515e-08f);
  const V q =
      poly(d, u, 1.000000000e+00f, 5.108998418e-01f, 1.151796132e-01f, 1.438995078e-02f, 9.599586483e-04f);
  return within_one(d, quotient(d, hn::Mul(c, p), q));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V softplus(D d, V x) {
  const V tail = log1p_unit(d, exp(d, hn::Neg(hn::Abs(x))));
  return hn::Add(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x), tail);
}

// x * tanh(ln(1 + e^x)) = x * n / (n + 2) with n = e^x * (e^x + 2).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V mish(D d, V x) {
  const V two = hn::Set(d, 2.0f);
  const V e = exp(d, hn::IfThenElse(hn::Gt(x, hn::Set(d, 20.0f)), hn::Set(d, 20.0f), x));
  const V n = hn::Mul(e, hn::Add(e, two));
  return hn::Mul(x, hn::Div(n, hn::Add(n, two)));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V gelu(D d, V x) {
  const V half = hn::Mul(x, hn::Set(d, 0.5f));
  return hn::MulAdd(half, erf(d, hn::Mul(x, hn::Set(d, 0.70710678f))), half);
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V gelu_tanh(D d, V x) {
  const V cubic = hn::MulAdd(hn::Mul(hn::Mul(x, x), x), hn::Set(d, 0.044715f), x);
  const V half = hn::Mul(x, hn::Set(d, 0.5f));
  return hn::MulAdd(half, tanh(d, hn::Mul(cubic, hn::Set(d, 0.79788456f))), half);
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LITE_SIMD_MATH_INL_H
