// The vector code of every pointwise::Opcode.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_strips.cpp"
#include <cmath>
#include <limits>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

using pointwise::Opcode;

// std:: functions, lane by lane: for arguments or functions where that is rare.
template <class D, class V>
HWY_NOINLINE V by_lane(D d, V x, V y, float (*f)(float, float)) {
  HWY_ALIGN float a[HWY_MAX_BYTES / sizeof(float)], b[HWY_MAX_BYTES / sizeof(float)];
  hn::Store(x, d, a);
  hn::Store(y, d, b);
  for (size_t i = 0; i < hn::Lanes(d); ++i) a[i] = f(a[i], b[i]);
  return hn::Load(d, a);
}
inline float pow_lane(float a, float b) { return std::pow(a, b); }
inline float sin_lane(float a, float) { return std::sin(a); }
inline float cos_lane(float a, float) { return std::cos(a); }
inline float mod_lane(float a, float b) { return std::fmod(a, b); }

// fmod. What is left after as many b as fit is a float, and so is that less one b more, which it is where the
// quotient was rounded up.
template <class D, class V>
HWY_INLINE V mod(D d, V a, V b) {
#if HWY_NATIVE_FMA
  const V size = hn::Abs(b), whole = hn::Floor(hn::Div(hn::Abs(a), size));
  const auto exact = hn::And(hn::Lt(whole, hn::Set(d, 8388608.0f)), hn::Lt(size, hn::Inf(d)));
  if (HWY_LIKELY(hn::AllTrue(d, exact))) {
    const V left = hn::NegMulAdd(whole, size, hn::Abs(a));
    return hn::CopySign(hn::IfThenElse(hn::Lt(left, hn::Zero(d)), hn::Add(left, size), left), a);
  }
#endif
  return by_lane(d, a, b, mod_lane);
}

// x^y as e^(y ln x) in float64, whose error is lost in the rounding. What has no such form goes lane by lane.
// Results below the smallest normal number are zero, as in simd_math-inl.h.
template <class D, class V>
HWY_INLINE V pow(D d, V x, V y) {
#if HWY_HAVE_FLOAT64 && HWY_TARGET != HWY_SCALAR
  const hn::Half<D> dh;
  const hn::RepartitionToWide<D> dd;
  const auto half = [&](auto a, auto b) HWY_ATTR {
    const auto t = hn::Mul(hn::Log(dd, hn::PromoteTo(dd, a)), hn::PromoteTo(dd, b));
    return hn::DemoteTo(dh, hn::Exp(dd, hn::Min(hn::Max(t, hn::Set(dd, -200.0)), hn::Set(dd, 200.0))));
  };
  V z = hn::Combine(d, half(hn::UpperHalf(dh, x), hn::UpperHalf(dh, y)),
                    half(hn::LowerHalf(dh, x), hn::LowerHalf(dh, y)));
  const auto usual =
      hn::And(hn::And(hn::Gt(x, hn::Zero(d)), hn::Lt(x, hn::Inf(d))), hn::Lt(hn::Abs(y), hn::Inf(d)));
  if (HWY_UNLIKELY(!hn::AllTrue(d, usual))) z = hn::IfThenElse(usual, z, by_lane(d, x, y, pow_lane));
#else
  const V z = by_lane(d, x, y, pow_lane);
#endif
  const auto tiny = hn::Lt(hn::Abs(z), hn::Set(d, std::numeric_limits<float>::min()));
  return hn::IfThenElse(tiny, hn::CopySign(hn::Zero(d), z), z);
}

// Beyond this the vector sine and cosine lose bits to the reduction of their argument.
inline constexpr float kTrigLimit = 8192.0f;

template <Opcode kOp, class D, class V = hn::Vec<D>>
HWY_INLINE V apply(D d, V a, V b, V c) {
  const V zero = hn::Zero(d), one = hn::Set(d, 1.0f);
  if constexpr (kOp == Opcode::kCopy) return a;
  if constexpr (kOp == Opcode::kAbs) return hn::Abs(a);
  if constexpr (kOp == Opcode::kNeg) return hn::Neg(a);
  if constexpr (kOp == Opcode::kSqrt) return hn::Sqrt(a);
  if constexpr (kOp == Opcode::kReciprocal) return hn::Div(one, a);
  if constexpr (kOp == Opcode::kExp) return exp(d, a);
  if constexpr (kOp == Opcode::kLog) return log(d, a);
  if constexpr (kOp == Opcode::kSigmoid) return sigmoid(d, a);
  if constexpr (kOp == Opcode::kTanh) return tanh(d, a);
  if constexpr (kOp == Opcode::kErf) return erf(d, a);
  if constexpr (kOp == Opcode::kRelu) return hn::IfThenZeroElse(hn::Lt(a, zero), a);
  if constexpr (kOp == Opcode::kHardSwish) {
    const V gate = hn::MulAdd(a, hn::Set(d, 1.0f / 6.0f), hn::Set(d, 0.5f));
    return hn::Mul(a, clip(d, gate, zero, one));
  }
  if constexpr (kOp == Opcode::kGelu) return gelu(d, a);
  if constexpr (kOp == Opcode::kGeluTanh) return gelu_tanh(d, a);
  if constexpr (kOp == Opcode::kMish) return mish(d, a);
  if constexpr (kOp == Opcode::kSoftplus) return softplus(d, a);
  if constexpr (kOp == Opcode::kSoftsign) return hn::Div(a, hn::Add(one, hn::Abs(a)));
  if constexpr (kOp == Opcode::kFloor) return hn::Floor(a);
  if constexpr (kOp == Opcode::kCeil) return hn::Ceil(a);
  if constexpr (kOp == Opcode::kRound) return hn::Round(a);
  if constexpr (kOp == Opcode::kSign) {
    const V s = hn::IfThenElse(hn::Gt(a, zero), one, a);
    return hn::IfThenElse(hn::Lt(a, zero), hn::Neg(one), s);
  }
  if constexpr (kOp == Opcode::kSin || kOp == Opcode::kCos) {
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Le(hn::Abs(a), hn::Set(d, kTrigLimit)))))
      return by_lane(d, a, a, kOp == Opcode::kSin ? sin_lane : cos_lane);
    return kOp == Opcode::kSin ? hn::Sin(d, a) : hn::Cos(d, a);
  }
  if constexpr (kOp == Opcode::kAtan) return hn::Atan(d, a);
  if constexpr (kOp == Opcode::kSquare) return hn::Mul(a, a);
  if constexpr (kOp == Opcode::kAdd) return hn::Add(a, b);
  if constexpr (kOp == Opcode::kSub) return hn::Sub(a, b);
  if constexpr (kOp == Opcode::kMul) return hn::Mul(a, b);
  if constexpr (kOp == Opcode::kDiv) return hn::Div(a, b);
  if constexpr (kOp == Opcode::kPow) return pow(d, a, b);
  if constexpr (kOp == Opcode::kMin || kOp == Opcode::kMax) {
    const auto take_b = kOp == Opcode::kMin ? hn::Lt(b, a) : hn::Gt(b, a);
    const V m = hn::IfThenElse(take_b, b, a);
    return hn::IfThenElse(hn::IsNaN(b), b, m);
  }
  if constexpr (kOp == Opcode::kLeakyRelu) return hn::IfThenElse(hn::Lt(a, zero), hn::Mul(a, b), a);
  if constexpr (kOp == Opcode::kElu)
    return hn::IfThenElse(hn::Lt(a, zero), hn::Mul(b, expm1_negative(d, a)), a);
  if constexpr (kOp == Opcode::kSwish) return swish(d, a, b);
  if constexpr (kOp == Opcode::kThreshold) return hn::IfThenZeroElse(hn::Le(a, b), a);
  if constexpr (kOp == Opcode::kMod) return mod(d, a, b);
  if constexpr (kOp == Opcode::kClip) return clip(d, a, b, c);
  if constexpr (kOp == Opcode::kHardSigmoid) return clip(d, hn::MulAdd(a, b, c), zero, one);
}

template <Opcode kOp, uint32_t kScalars>
void run_strip(const Strip& s) noexcept {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  constexpr bool kHasB = kOp >= Opcode::kAdd, kHasC = kOp >= Opcode::kClip;
  constexpr bool kVecA = (kScalars & 1) == 0, kVecB = kHasB && (kScalars & 2) == 0,
                 kVecC = kHasC && (kScalars & 4) == 0;
  for (int64_t r = 0; r < s.rows; ++r) {
    const float* a = s.src[0] + r * s.src_row[0];
    const float* b = kHasB ? s.src[1] + r * s.src_row[1] : nullptr;
    const float* c = kHasC ? s.src[2] + r * s.src_row[2] : nullptr;
    float* dst = s.dst + r * s.dst_row;
    const V a0 = kVecA ? hn::Zero(d) : hn::Set(d, *a);
    const V b0 = !kHasB || kVecB ? hn::Zero(d) : hn::Set(d, *b);
    const V c0 = !kHasC || kVecC ? hn::Zero(d) : hn::Set(d, *c);
    int64_t i = 0;
    for (; i + lanes <= s.n; i += lanes) {
      const V va = kVecA ? hn::LoadU(d, a + i) : a0;
      const V vb = kVecB ? hn::LoadU(d, b + i) : b0;
      const V vc = kVecC ? hn::LoadU(d, c + i) : c0;
      hn::StoreU(apply<kOp>(d, va, vb, vc), d, dst + i);
    }
    if (i < s.n) {
      const size_t rest = static_cast<size_t>(s.n - i);
      const V va = kVecA ? load_part(d, a + i, rest) : a0;
      const V vb = kVecB ? load_part(d, b + i, rest) : b0;
      const V vc = kVecC ? load_part(d, c + i, rest) : c0;
      store_part(apply<kOp>(d, va, vb, vc), d, dst + i, rest);
    }
  }
}

// Beside these functions it does not show that a scalar is looked for at each vector, so all mixtures of
// operands share their code.
constexpr bool is_slow(Opcode op) {
  return op == Opcode::kPow || op == Opcode::kElu || op == Opcode::kSwish || op == Opcode::kMod ||
         op == Opcode::kThreshold;
}

template <Opcode kOp>
HWY_NOINLINE void run_mixed(const Strip& s, uint32_t scalars) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < s.rows; ++r) {
    const float *a = s.src[0] + r * s.src_row[0], *b = s.src[1] + r * s.src_row[1];
    float* dst = s.dst + r * s.dst_row;
    for (int64_t i = 0; i < s.n; i += lanes) {
      const auto count = static_cast<size_t>(std::min(lanes, s.n - i));
      const auto va = scalars & 1 ? hn::Set(d, *a) : load_part(d, a + i, count);
      const auto vb = scalars & 2 ? hn::Set(d, *b) : load_part(d, b + i, count);
      store_part(apply<kOp>(d, va, vb, vb), d, dst + i, count);
    }
  }
}
template <Opcode kOp, uint32_t kScalars>
void run_one_mixture(const Strip& s) noexcept {
  run_mixed<kOp>(s, kScalars);
}

// Operands that are all scalars are rare enough to share the code of rows of one element.
template <Opcode kOp>
StripFn* pick_strip(uint32_t scalars) {
  if constexpr (kOp < Opcode::kAdd) {
    return scalars & 1 ? run_strip<kOp, 1> : run_strip<kOp, 0>;
  } else if constexpr (is_slow(kOp)) {
    // The activation of most of EfficientNet's convolutions.
    constexpr StripFn* kActivation =
        kOp == Opcode::kSwish ? run_strip<Opcode::kSwish, 2> : run_one_mixture<kOp, 2>;
    constexpr StripFn* kTable[] = {run_one_mixture<kOp, 0>, run_one_mixture<kOp, 1>, kActivation,
                                   run_one_mixture<kOp, 3>};
    return kTable[scalars & 3];
  } else if constexpr (kOp < Opcode::kClip) {
    constexpr StripFn* kTable[] = {run_strip<kOp, 0>, run_strip<kOp, 1>, run_strip<kOp, 2>,
                                   run_strip<kOp, 3>};
    return kTable[scalars & 3];
  } else {
    constexpr StripFn* kTable[] = {run_strip<kOp, 0>, run_strip<kOp, 1>, run_strip<kOp, 2>,
                                   run_strip<kOp, 3>, run_strip<kOp, 4>, run_strip<kOp, 5>,
                                   run_strip<kOp, 6>, run_strip<kOp, 7>};
    return kTable[scalars & 7];
  }
}

StripFn* pick_op(Opcode op, uint32_t scalars) {
#define LITE_OP(name) \
  case Opcode::name:  \
    return pick_strip<Opcode::name>(scalars)
  switch (op) {
    LITE_OP(kCopy);
    LITE_OP(kAbs);
    LITE_OP(kNeg);
    LITE_OP(kSqrt);
    LITE_OP(kReciprocal);
    LITE_OP(kExp);
    LITE_OP(kLog);
    LITE_OP(kSigmoid);
    LITE_OP(kTanh);
    LITE_OP(kErf);
    LITE_OP(kRelu);
    LITE_OP(kHardSwish);
    LITE_OP(kGelu);
    LITE_OP(kGeluTanh);
    LITE_OP(kMish);
    LITE_OP(kSoftplus);
    LITE_OP(kSoftsign);
    LITE_OP(kFloor);
    LITE_OP(kCeil);
    LITE_OP(kRound);
    LITE_OP(kSign);
    LITE_OP(kSin);
    LITE_OP(kCos);
    LITE_OP(kAtan);
    LITE_OP(kSquare);
    LITE_OP(kAdd);
    LITE_OP(kSub);
    LITE_OP(kMul);
    LITE_OP(kDiv);
    LITE_OP(kPow);
    LITE_OP(kMin);
    LITE_OP(kMax);
    LITE_OP(kLeakyRelu);
    LITE_OP(kElu);
    LITE_OP(kSwish);
    LITE_OP(kThreshold);
    LITE_OP(kMod);
    LITE_OP(kClip);
    LITE_OP(kHardSigmoid);
  }
#undef LITE_OP
  return nullptr;
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {

LITE_SIMD_TABLE(kPickOp, pick_op);

StripFn* strip(pointwise::Opcode op, uint32_t scalars, const KernelOptions& options) {
  return choose(kPickOp, options)(op, scalars);
}

ActivationFn::ActivationFn(const pointwise::Activation& activation, const KernelOptions& options)
    : b_(activation.b), c_(activation.c) {
  if (!activation.none()) fn_ = strip(activation.op, 6, options);
  clips_ = clip_of(activation, low_, high_);
}

bool clip_of(const pointwise::Activation& a, float& lo, float& hi) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  lo = -kInf, hi = kInf;
  if (a.op == pointwise::Opcode::kRelu) lo = 0;
  if (a.op == pointwise::Opcode::kClip) lo = a.b, hi = a.c;
  return a.none() || a.op == pointwise::Opcode::kRelu || a.op == pointwise::Opcode::kClip;
}

}  // namespace lite::simd
#endif
