// Element-wise mathematics of one input.
//
//   in  X   any shape
//   out Y   shape and type of X (bool for IsNaN and IsInf)
//
// Float functions follow <cmath> in float (float16 and bfloat16 are rounded once) or double; outside a
// function's domain the result is NaN. Round takes halves to even. Abs and Neg of the most negative integer
// wrap. Sign of NaN is NaN.
//
//   IsInf  attr detect_positive int, default 1    attr detect_negative int, default 1
//   Shrink attr lambd float, default 0.5, attr bias float, default 0:
//          x + bias below -lambd, x - bias above lambd, else 0

#include "core/ops/unary.h"

#include <cmath>

#include "core/base/small_float.h"

namespace lite::ops {

Status map_floats(const EvalArgs& a, float (*f)(float, const UnaryParams&),
                  double (*g)(double, const UnaryParams&), const UnaryParams& params) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  return dispatch_float(a.attrs.node().op->name, x.dtype(), [&]<class T>() -> Status {
    const T* in = x.data<T>();
    T* out = y->mutable_data<T>();
    for (int64_t i = 0; i < x.elements(); ++i) {
      if constexpr (std::is_same_v<T, double>)
        out[i] = g(in[i], params);
      else
        out[i] = store<T>(f(load(in[i]), params));
    }
    return ok();
  });
}

namespace {

#define LITE_UNARY(name, formula)             \
  struct name : FloatFunction {               \
    template <class C>                        \
    static C apply(C x, const UnaryParams&) { \
      return formula;                         \
    }                                         \
  };
LITE_UNARY(Exp, std::exp(x))
LITE_UNARY(Log, std::log(x))
LITE_UNARY(Sqrt, std::sqrt(x))
LITE_UNARY(Reciprocal, 1 / x)
LITE_UNARY(Floor, std::floor(x))
LITE_UNARY(Ceil, std::ceil(x))
LITE_UNARY(Round, std::nearbyint(x))
LITE_UNARY(Sin, std::sin(x))
LITE_UNARY(Cos, std::cos(x))
LITE_UNARY(Tan, std::tan(x))
LITE_UNARY(Asin, std::asin(x))
LITE_UNARY(Acos, std::acos(x))
LITE_UNARY(Atan, std::atan(x))
LITE_UNARY(Sinh, std::sinh(x))
LITE_UNARY(Cosh, std::cosh(x))
LITE_UNARY(Tanh, std::tanh(x))
LITE_UNARY(Asinh, std::asinh(x))
LITE_UNARY(Acosh, std::acosh(x))
LITE_UNARY(Atanh, std::atanh(x))
LITE_UNARY(Erf, std::erf(x))
#undef LITE_UNARY

// Wraps where the magnitude does not fit.
template <class T>
T negated(T x) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(x));
  else
    return -x;
}

struct Abs : FloatFunction {
  template <class C>
  static C apply(C x, const UnaryParams&) {
    if constexpr (std::is_floating_point_v<C>)
      return std::abs(x);
    else if constexpr (std::is_signed_v<C>)
      return x < 0 ? negated(x) : x;
    else
      return x;
  }
};

struct Neg : FloatFunction {
  template <class C>
  static C apply(C x, const UnaryParams&) {
    return negated(x);
  }
};

struct Sign : FloatFunction {
  template <class C>
  static C apply(C x, const UnaryParams&) {
    if constexpr (std::is_floating_point_v<C>)
      if (std::isnan(x)) return x;
    return static_cast<C>((x > C{0}) - (x < C{0}));
  }
};

struct Not : FloatFunction {
  static bool apply(bool x, const UnaryParams&) { return !x; }
};

struct BitwiseNot : FloatFunction {
  template <class C>
  static C apply(C x, const UnaryParams&) {
    return static_cast<C>(~x);
  }
};

struct Shrink {
  static UnaryParams params(const AttrReader& r) { return {r.f32("lambd", 0.5f), r.f32("bias", 0)}; }
  template <class C>
  static C apply(C x, const UnaryParams& p) {
    // float for all but the types that it cannot hold.
    using W = std::conditional_t<(sizeof(C) > 4 || std::is_same_v<C, int32_t> || std::is_same_v<C, uint32_t>),
                                 double, float>;
    const W v = static_cast<W>(x), lambd = static_cast<W>(p.a), bias = static_cast<W>(p.b);
    W y = 0;
    if (v < -lambd)
      y = v + bias;
    else if (v > lambd)
      y = v - bias;
    else if (v != v)
      y = v;
    if constexpr (std::is_integral_v<C>) {
      const W lo = static_cast<W>(std::numeric_limits<C>::min()),
              hi = static_cast<W>(std::numeric_limits<C>::max());
      if (!(y > lo)) return std::numeric_limits<C>::min();
      if (!(y < hi)) return std::numeric_limits<C>::max();
    }
    return static_cast<C>(y);
  }
};

// ---- tests of floats

Status infer_bool(const InferArgs& a) {
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kBool;
  return ok();
}

Status classify(const EvalArgs& a, bool (*test)(double, const UnaryParams&), const UnaryParams& p) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kBool, x.dims()));
  for (int64_t i = 0; i < x.elements(); ++i) y->mutable_data<bool>()[i] = test(x.float_at(i), p);
  return ok();
}

Status is_nan(const EvalArgs& a) {
  return classify(a, [](double x, const UnaryParams&) { return std::isnan(x); }, {});
}

Status is_inf(const EvalArgs& a) {
  const UnaryParams p{a.attrs.i64("detect_positive", 1) != 0 ? 1.0f : 0.0f,
                      a.attrs.i64("detect_negative", 1) != 0 ? 1.0f : 0.0f};
  return classify(
      a, [](double x, const UnaryParams& q) { return std::isinf(x) && (x > 0 ? q.a : q.b) != 0; }, p);
}

constexpr uint32_t kTraits = kElementwise | kMayAliasInput0;
constexpr OperandSpec kNumericIn[] = {{"X", types::kNumeric, 'T'}};
constexpr OperandSpec kNumericOut[] = {{"Y", types::kNumeric, 'T'}};
constexpr TypeSet kWithSign = types::kFloat | types::kSigned;
constexpr OperandSpec kSignedIn[] = {{"X", kWithSign, 'T'}};
constexpr OperandSpec kSignedOut[] = {{"Y", kWithSign, 'T'}};
constexpr OperandSpec kIntIn[] = {{"X", types::kInt, 'T'}};
constexpr OperandSpec kIntOut[] = {{"Y", types::kInt, 'T'}};
constexpr OperandSpec kBoolIn[] = {{"X", types::kBool, 'T'}};
constexpr OperandSpec kBoolOut[] = {{"Y", types::kBool}};
constexpr OperandSpec kAnyFloatIn[] = {{"X", types::kFloat | types::kFloat8}};
constexpr TypeSet kShrinkTypes = types::kInt | types::kFloat16To64;
constexpr OperandSpec kShrinkIn[] = {{"input", kShrinkTypes, 'T'}};
constexpr OperandSpec kShrinkOut[] = {{"output", kShrinkTypes, 'T'}};
constexpr AttrSpec kIsInfAttrs[] = {{"detect_negative", AttrType::kInt}, {"detect_positive", AttrType::kInt}};
constexpr AttrSpec kShrinkAttrs[] = {{"bias", AttrType::kFloat}, {"lambd", AttrType::kFloat}};
constexpr Exactness kExact = Exactness::kBitExact;

using enum DType;
constexpr auto kAbs =
    map_elements<Abs, kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64>;
constexpr auto kNeg = map_elements<Neg, kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64>;
constexpr auto kSign =
    map_elements<Sign, kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64>;
constexpr auto kShrink = map_elements<Shrink, kF32, kF64, kF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64>;
constexpr auto kBitwiseNot = map_elements<BitwiseNot, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64>;

constexpr OpDef typed(const char* name, int since, std::span<const OperandSpec> in,
                      std::span<const OperandSpec> out, Status (*infer)(const InferArgs&),
                      Status (*reference)(const EvalArgs&), std::span<const AttrSpec> attrs = {}) {
  return {.name = name,
          .since = since,
          .inputs = in,
          .outputs = out,
          .attrs = attrs,
          .traits = kTraits,
          .exactness = kExact,
          .infer = infer,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    float_function<Exp>("Exp", 13),
    float_function<Log>("Log", 13),
    float_function<Sqrt>("Sqrt", 13, {}, kExact),
    float_function<Reciprocal>("Reciprocal", 13, {}, kExact),
    float_function<Floor>("Floor", 13, {}, kExact),
    float_function<Ceil>("Ceil", 13, {}, kExact),
    float_function<Round>("Round", 22, {}, kExact),
    float_function<Sin>("Sin", 22),
    float_function<Cos>("Cos", 22),
    float_function<Tan>("Tan", 22),
    float_function<Asin>("Asin", 22),
    float_function<Acos>("Acos", 22),
    float_function<Atan>("Atan", 22),
    float_function<Sinh>("Sinh", 22),
    float_function<Cosh>("Cosh", 22),
    float_function<Tanh>("Tanh", 13),
    float_function<Asinh>("Asinh", 22),
    float_function<Acosh>("Acosh", 22),
    float_function<Atanh>("Atanh", 22),
    float_function<Erf>("Erf", 13),
    typed("Abs", 13, kNumericIn, kNumericOut, infer_same, kAbs),
    typed("Neg", 13, kSignedIn, kSignedOut, infer_same, kNeg),
    typed("Sign", 13, kNumericIn, kNumericOut, infer_same, kSign),
    typed("Not", 1, kBoolIn, kBoolOut, infer_same, map_elements<Not, kBool>),
    typed("BitwiseNot", 18, kIntIn, kIntOut, infer_same, kBitwiseNot),
    typed("Shrink", 9, kShrinkIn, kShrinkOut, infer_same, kShrink, kShrinkAttrs),
    typed("IsNaN", 20, kAnyFloatIn, kBoolOut, infer_bool, is_nan),
    typed("IsInf", 20, kAnyFloatIn, kBoolOut, infer_bool, is_inf, kIsInfAttrs),
};

}  // namespace

extern constinit const OpTable unary;
constinit const OpTable unary{kOps};

}  // namespace lite::ops
