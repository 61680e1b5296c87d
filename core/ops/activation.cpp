// Activations: element-wise functions with constants. NaN in x stays NaN.
//
//   in  X   any shape, float (Relu: signed integers too)
//   out Y   shape and type of X
//
//   Relu             max(x, 0)
//   LeakyRelu        x < 0 ? alpha x : x                              alpha 0.01
//   ThresholdedRelu  x > alpha ? x : 0                                alpha 1
//   Elu              x < 0 ? alpha (e^x - 1) : x                      alpha 1
//   Celu             max(x, 0) + min(alpha (e^(x / alpha) - 1), 0)    alpha 1
//   Selu             gamma (x > 0 ? x : alpha (e^x - 1))              alpha 1.67326..., gamma 1.05070...
//   Sigmoid          1 / (1 + e^-x)
//   HardSigmoid      max(0, min(1, alpha x + beta))                   alpha 0.2, beta 0.5
//   HardSwish        x max(0, min(1, x / 6 + 0.5))
//   Softplus         ln(1 + e^x)
//   Softsign         x / (1 + |x|)
//   Mish             x tanh(ln(1 + e^x))
//   Swish            x / (1 + e^(-alpha x))                           alpha 1
//   Gelu             x / 2 (1 + erf(x / sqrt 2)), or with approximate = "tanh"
//                    x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
//   PRelu            in slope, broadcast to X (float, int32, int64, uint32, uint64): x < 0 ? slope x : x

#include <cmath>
#include <numbers>

#include "core/ops/strided.h"
#include "core/ops/unary.h"

namespace lite::ops {
namespace {

template <class C>
C unit_clamp(C x) {
  return x < 0 ? C{0} : x > 1 ? C{1} : x;
}
template <class C>
C softplus(C x) {
  return (x > 0 ? x : C{0}) + std::log1p(std::exp(-std::abs(x)));
}
template <class C>
C sigmoid(C x) {
  return 1 / (1 + std::exp(-x));
}

template <int kDefaultHundredths>
struct WithAlpha {
  static UnaryParams params(const AttrReader& r) { return {r.f32("alpha", kDefaultHundredths / 100.0f), 0}; }
};

#define LITE_ACTIVATION(name, base, formula)                     \
  struct name : base {                                           \
    template <class C>                                           \
    static C apply(C x, [[maybe_unused]] const UnaryParams& p) { \
      [[maybe_unused]] const C a = static_cast<C>(p.a);          \
      [[maybe_unused]] const C b = static_cast<C>(p.b);          \
      return formula;                                            \
    }                                                            \
  };
LITE_ACTIVATION(Relu, FloatFunction, x < 0 ? C{0} : x)
LITE_ACTIVATION(LeakyRelu, WithAlpha<1>, x < 0 ? a * x : x)
LITE_ACTIVATION(ThresholdedRelu, WithAlpha<100>, x <= a ? C{0} : x)
LITE_ACTIVATION(Elu, WithAlpha<100>, x < 0 ? a * std::expm1(x) : x)
LITE_ACTIVATION(Celu, WithAlpha<100>, x < 0 ? a * std::expm1(x / a) : x)
LITE_ACTIVATION(Sigmoid, FloatFunction, sigmoid(x))
LITE_ACTIVATION(HardSwish, FloatFunction, x* unit_clamp(x / 6 + C(0.5)))
LITE_ACTIVATION(Softplus, FloatFunction, softplus(x))
LITE_ACTIVATION(Softsign, FloatFunction, x / (1 + std::abs(x)))
LITE_ACTIVATION(Mish, FloatFunction, x* std::tanh(softplus(x)))
LITE_ACTIVATION(Swish, WithAlpha<100>, x* sigmoid(a* x))

struct SeluConstants {
  static UnaryParams params(const AttrReader& r) {
    return {r.f32("alpha", 1.67326319217681884765625f), r.f32("gamma", 1.05070102214813232421875f)};
  }
};
LITE_ACTIVATION(Selu, SeluConstants, b*(x <= 0 ? a * std::expm1(x) : x))

struct HardSigmoidConstants {
  static UnaryParams params(const AttrReader& r) { return {r.f32("alpha", 0.2f), r.f32("beta", 0.5f)}; }
};
LITE_ACTIVATION(HardSigmoid, HardSigmoidConstants, unit_clamp(a* x + b))

LITE_ACTIVATION(GeluErf, FloatFunction, C(0.5) * x * std::erfc(-x * std::numbers::sqrt2_v<C> / 2))
LITE_ACTIVATION(
    GeluTanh, FloatFunction,
    C(0.5) * x * (1 + std::tanh(C(0.797884560802865355879892119868763737) * (x + C(0.044715) * x * x * x))))
#undef LITE_ACTIVATION

Status infer_gelu(const InferArgs& a) {
  const std::string_view how = a.attrs.str("approximate", "none");
  if (how != "none" && how != "tanh")
    return invalid_model("Gelu: approximate is '", how, "', wanted 'none' or 'tanh'");
  return infer_same(a);
}

Status gelu(const EvalArgs& a) {
  return a.attrs.str("approximate", "none") == "tanh" ? map_floats<GeluTanh>(a) : map_floats<GeluErf>(a);
}

Status infer_prelu(const InferArgs& a) {
  LITE_TRY(infer_same(a));
  if (!a.in[0].has_rank || !a.in[1].has_rank) return ok();
  LITE_ASSIGN(const Fact both, broadcast(a.in));
  bool fits = both.rank() == a.in[0].rank();
  for (size_t d = 0; d < both.rank() && fits; ++d)
    fits = both.dims[d] == a.in[0].dims[d] || both.dims[d] < 0 || a.in[0].dims[d] < 0;
  if (!fits)
    return invalid_model("PRelu: slope of shape ", a.in[1].dims, " does not broadcast to X of shape ",
                         a.in[0].dims);
  return ok();
}

Status prelu(const EvalArgs& a) {
  const Tensor &x = a.input(0), &slope = a.input(1);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const StridedLoop<2> loop(x.dims(),
                            {row_major_strides(x.dims()), broadcast_strides(slope.dims(), x.dims())});
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI32, kI64, kU32, kU64>(
      "PRelu", x.dtype(), [&]<class T>() -> Status {
        using C = Compute<T>;
        loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
          const T* in = x.data<T>() + offset[0];
          const T* s = slope.data<T>() + offset[1];
          T* out = y->mutable_data<T>() + offset[0];
          for (int64_t i = 0; i < n; ++i) {
            const C v = load(in[i * step[0]]);
            C r = v;
            if (v < C{0}) {
              if constexpr (std::is_integral_v<C>)
                r = static_cast<C>(static_cast<std::make_unsigned_t<C>>(v) *
                                   static_cast<std::make_unsigned_t<C>>(s[i * step[1]]));
              else
                r = v * load(s[i * step[1]]);
            }
            out[i * step[0]] = store<T>(r);
          }
        });
        return ok();
      });
}

constexpr AttrSpec kAlpha[] = {{"alpha", AttrType::kFloat}};
constexpr AttrSpec kAlphaGamma[] = {{"alpha", AttrType::kFloat}, {"gamma", AttrType::kFloat}};
constexpr AttrSpec kAlphaBeta[] = {{"alpha", AttrType::kFloat}, {"beta", AttrType::kFloat}};
constexpr AttrSpec kApproximate[] = {{"approximate", AttrType::kString}};
constexpr TypeSet kReluTypes = types::kFloat | types::kSigned;
constexpr OperandSpec kReluIn[] = {{"X", kReluTypes, 'T'}};
constexpr OperandSpec kReluOut[] = {{"Y", kReluTypes, 'T'}};
constexpr TypeSet kPReluTypes = types::kFloat | DType::kI32 | DType::kI64 | DType::kU32 | DType::kU64;
constexpr OperandSpec kPReluIn[] = {{"X", kPReluTypes, 'T'}, {"slope", kPReluTypes, 'T'}};
constexpr OperandSpec kPReluOut[] = {{"Y", kPReluTypes, 'T'}};

using enum DType;
constexpr OpDef kOps[] = {
    {.name = "Relu",
     .since = 14,
     .inputs = kReluIn,
     .outputs = kReluOut,
     .traits = kElementwise | kMayAliasInput0,
     .infer = infer_same,
     .reference = map_elements<Relu, kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64>},
    float_function<LeakyRelu>("LeakyRelu", 16, kAlpha),
    float_function<ThresholdedRelu>("ThresholdedRelu", 22, kAlpha, Exactness::kBitExact),
    float_function<Elu>("Elu", 22, kAlpha),
    float_function<Celu>("Celu", 28, kAlpha),
    float_function<Selu>("Selu", 22, kAlphaGamma),
    float_function<Sigmoid>("Sigmoid", 13),
    float_function<HardSigmoid>("HardSigmoid", 22, kAlphaBeta),
    float_function<HardSwish>("HardSwish", 22),
    float_function<Softplus>("Softplus", 22),
    float_function<Softsign>("Softsign", 22),
    float_function<Mish>("Mish", 22),
    float_function<Swish>("Swish", 24, kAlpha),
    {.name = "Gelu",
     .since = 20,
     .inputs = kFloatIn,
     .outputs = kFloatOut,
     .attrs = kApproximate,
     .traits = kElementwise | kMayAliasInput0,
     .exactness = Exactness::kUlps,
     .infer = infer_gelu,
     .reference = gelu},
    {.name = "PRelu",
     .since = 16,
     .inputs = kPReluIn,
     .outputs = kPReluOut,
     .traits = kElementwise | kMayAliasInput0,
     .infer = infer_prelu,
     .reference = prelu},
};

}  // namespace

extern constinit const OpTable activation;
constinit const OpTable activation{kOps};

}  // namespace lite::ops
