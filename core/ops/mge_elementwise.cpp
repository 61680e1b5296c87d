// Element-wise functions of MegEngine that ONNX has no word for; domain megengine.
//
//   in  X   any shape (A and B: broadcast)      out Y   the shape and type of X
//
// float:    Expm1 (e^x - 1), Log1p (ln(1 + x)), both exact near 0; RoundAway (to the nearest, halves away
// from zero); Erfc (1 -
//           erf(x)), ErfInv and ErfcInv (the inverses: infinite at the ends of their domains, NaN outside);
//           Atan2 (the angle of the point (B, A)); LogAddExp (ln(e^a + e^b), without overflow between).
// integers: ShiftLeft, ShiftRight (by B bits; arithmetic for signed types; shifts by less than 0 or by the
//           number of bits and more give 0, or the sign); RoundingMulHigh (the upper half of the product of
//           two n-bit numbers, twice as large, rounded and saturated).

#include <cmath>
#include <limits>

#include "core/ops/binary.h"
#include "core/ops/unary.h"

namespace lite::ops {
namespace {

// The inverse of erf for x in (-1, 1): Giles' polynomials, then Newton steps, which square the error.
double erf_inverse(double x, double complement) {
  if (std::isnan(x) || complement < 0 || complement > 2) return std::numeric_limits<double>::quiet_NaN();
  if (complement == 0) return std::numeric_limits<double>::infinity();
  if (complement == 2) return -std::numeric_limits<double>::infinity();
  if (x == 0) return 0;
  // From both ends of (0, 2) the nearer one keeps its digits.
  const double p = std::min(complement, 2 - complement);
  // Abramowitz and Stegun 26.2.23 for the normal quantile of p / 2.
  const double t = std::sqrt(-2 * std::log(p / 2));
  double y = (t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))) /
             std::sqrt(2.0);
  constexpr double kHalfSqrtPi = 0.886226925452758013649;
  for (int i = 0; i < 4; ++i) {
    // Halley's step on erfc(y) = p.
    const double error = (std::erfc(y) - p) * kHalfSqrtPi * std::exp(y * y);
    y += error / (1 - y * error);
  }
  return complement < 1 ? y : -y;
}

#define LITE_UNARY(name, formula)             \
  struct name : FloatFunction {               \
    template <class C>                        \
    static C apply(C x, const UnaryParams&) { \
      return static_cast<C>(formula);         \
    }                                         \
  };
LITE_UNARY(Expm1, std::expm1(x))
LITE_UNARY(Log1p, std::log1p(x))
LITE_UNARY(RoundAway, std::round(x))
LITE_UNARY(Erfc, std::erfc(x))
LITE_UNARY(ErfInv, erf_inverse(static_cast<double>(x), 1 - static_cast<double>(x)))
LITE_UNARY(ErfcInv, erf_inverse(1 - static_cast<double>(x), static_cast<double>(x)))
#undef LITE_UNARY

template <class C>
C atan2(C a, C b) {
  return std::atan2(a, b);
}

template <class C>
C log_add_exp(C a, C b) {
  if (std::isnan(a) || std::isnan(b)) return a + b;
  const C high = std::max(a, b), low = std::min(a, b);
  return std::isinf(high) ? high : high + std::log1p(std::exp(low - high));
}

template <class T>
T shift_left(T a, T b) {
  constexpr int bits = std::numeric_limits<std::make_unsigned_t<T>>::digits;
  if (b < T{0} || static_cast<std::make_unsigned_t<T>>(b) >= bits) return 0;
  return static_cast<T>(static_cast<uint64_t>(a) << b);
}

template <class T>
T shift_right(T a, T b) {
  constexpr int bits = std::numeric_limits<std::make_unsigned_t<T>>::digits;
  if (b < T{0} || static_cast<std::make_unsigned_t<T>>(b) >= bits)
    return a < T{0} ? static_cast<T>(-1) : T{0};
  return static_cast<T>(a >> b);
}

template <class T>
T rounding_mul_high(T a, T b) {
  constexpr int bits = std::numeric_limits<std::make_unsigned_t<T>>::digits;
  if (a == std::numeric_limits<T>::min() && b == std::numeric_limits<T>::min())
    return std::numeric_limits<T>::max();
  const int64_t product = static_cast<int64_t>(a) * static_cast<int64_t>(b), half = int64_t{1} << (bits - 2);
  return static_cast<T>((product + half) >> (bits - 1));
}

constexpr TypeSet kShifted = DType::kI8 | DType::kI16 | DType::kI32 | DType::kU8 | DType::kU16 | DType::kU32;
constexpr TypeSet kMultiplied = DType::kI8 | DType::kI16 | DType::kI32;

#define LITE_FLOAT_PAIRS(fn, f)                                                 \
  Status fn(const EvalArgs& a) {                                                \
    LITE_ASSIGN(Tensor* const y, broadcast_output(a, a.input(0).dtype()));      \
    return dispatch_float(a.attrs.node().op->name, y->dtype(), [&]<class T>() { \
      map_pairs<T>(a.input(0), a.input(1), *y, f<Compute<T>>);                  \
      return ok();                                                              \
    });                                                                         \
  }
LITE_FLOAT_PAIRS(eval_atan2, atan2)
LITE_FLOAT_PAIRS(eval_log_add_exp, log_add_exp)
#undef LITE_FLOAT_PAIRS

#define LITE_INTEGER_PAIRS(fn, f, ...)                                                           \
  Status fn(const EvalArgs& a) {                                                                 \
    LITE_ASSIGN(Tensor* const y, broadcast_output(a, a.input(0).dtype()));                       \
    return dispatch<__VA_ARGS__>(a.attrs.node().op->name, y->dtype(), [&]<class T>() -> Status { \
      map_pairs<T>(a.input(0), a.input(1), *y, f<T>);                                            \
      return ok();                                                                               \
    });                                                                                          \
  }
LITE_INTEGER_PAIRS(eval_shift_left, shift_left, DType::kI8, DType::kI16, DType::kI32, DType::kU8, DType::kU16,
                   DType::kU32)
LITE_INTEGER_PAIRS(eval_shift_right, shift_right, DType::kI8, DType::kI16, DType::kI32, DType::kU8,
                   DType::kU16, DType::kU32)
LITE_INTEGER_PAIRS(eval_mul_high, rounding_mul_high, DType::kI8, DType::kI16, DType::kI32)
#undef LITE_INTEGER_PAIRS

template <class F>
constexpr OpDef own_function(const char* name, Exactness exactness = Exactness::kUlps) {
  OpDef op = float_function<F>(name, 1, {}, exactness);
  op.domain = "megengine";
  return op;
}

constexpr OperandSpec kFloatPair[] = {{"A", types::kFloat, 'T'}, {"B", types::kFloat, 'T'}};
constexpr OperandSpec kShiftIn[] = {{"A", kShifted, 'T'}, {"B", kShifted, 'T'}};
constexpr OperandSpec kShiftOut[] = {{"Y", kShifted, 'T'}};
constexpr OperandSpec kMulIn[] = {{"A", kMultiplied, 'T'}, {"B", kMultiplied, 'T'}};
constexpr OperandSpec kMulOut[] = {{"Y", kMultiplied, 'T'}};

constexpr OpDef pair(const char* name, std::span<const OperandSpec> in, std::span<const OperandSpec> out,
                     Exactness exactness, Status (*reference)(const EvalArgs&)) {
  return {.name = name,
          .domain = "megengine",
          .inputs = in,
          .outputs = out,
          .traits = kElementwise,
          .exactness = exactness,
          .infer = infer_binary,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    own_function<Expm1>("Expm1"),
    own_function<Log1p>("Log1p"),
    own_function<RoundAway>("RoundAway", Exactness::kBitExact),
    own_function<Erfc>("Erfc"),
    own_function<ErfInv>("ErfInv"),
    own_function<ErfcInv>("ErfcInv"),
    pair("Atan2", kFloatPair, kFloatOut, Exactness::kUlps, eval_atan2),
    pair("LogAddExp", kFloatPair, kFloatOut, Exactness::kUlps, eval_log_add_exp),
    pair("ShiftLeft", kShiftIn, kShiftOut, Exactness::kBitExact, eval_shift_left),
    pair("ShiftRight", kShiftIn, kShiftOut, Exactness::kBitExact, eval_shift_right),
    pair("RoundingMulHigh", kMulIn, kMulOut, Exactness::kBitExact, eval_mul_high),
};

}  // namespace

extern constinit const OpTable mge_elementwise;
constinit const OpTable mge_elementwise{kOps};

}  // namespace lite::ops
