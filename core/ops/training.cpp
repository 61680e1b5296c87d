// One step of an optimiser (domain ai.onnx.preview.training). All take R, the learning rate, T, how many
// updates there were, and n tensors X; then, each n times and of the shapes of X, gradients G and
// accumulators. Out are n new X, then the new accumulators. R and T have one element. Numbers are float32 or
// float64; g = norm_coefficient X + G.
//
//   Adagrad   in R, T, X..., G..., H...       H' = H + g^2;  X' = X - r g / (sqrt(H') + epsilon),
//             r = R / (1 + T decay_factor)
//             attrs decay_factor, default 0, epsilon, default 1e-6, norm_coefficient, default 0
//   Adam      in R, T, X..., G..., V..., H...  V' = alpha V + (1 - alpha) g;  H' = beta H + (1 - beta) g^2;
//             X' = (1 - norm_coefficient_post) (X - r V' / (sqrt(H') + epsilon)),
//             r = R sqrt(1 - beta^T) / (1 - alpha^T), R when T is 0
//             attrs alpha, default 0.9, beta, default 0.999, epsilon, default 1e-6, norm_coefficient and
//             norm_coefficient_post, default 0
//   Momentum  in R, T, X..., G..., V...       V' = alpha V + b g, b = beta, 1 when T is 0;
//             X' = X - R V', mode "standard", or X - R (g + alpha V'), mode "nesterov"
//             attrs alpha, beta, mode, norm_coefficient
//
// Steps are calculated in double precision and rounded once.

#include <cmath>

#include "core/ops/op.h"

namespace lite::ops {
namespace {

constexpr TypeSet kTypes = DType::kF32 | DType::kF64;
constexpr size_t kFirst = 2;  // input behind R and T

// `groups`: X, G and the accumulators.
Result<size_t> tensors_of(const char* op, size_t inputs, size_t outputs, size_t groups) {
  const size_t n = inputs < kFirst ? 0 : (inputs - kFirst) / groups;
  if (n == 0 || inputs != kFirst + n * groups)
    return invalid_model(op, ": has ", inputs, " inputs, wanted R, T and a multiple of ", groups);
  if (outputs != n * (groups - 1))
    return invalid_model(op, ": has ", outputs, " outputs, wanted ", n * (groups - 1), " for ", n,
                         " tensors");
  return n;
}

template <size_t kGroups>
Status infer(const InferArgs& a) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const size_t n, tensors_of(op, a.in.size(), a.out.size(), kGroups));
  if (const std::string_view mode = a.attrs.str("mode", "standard"); mode != "standard" && mode != "nesterov")
    return invalid_model(op, ": mode is '", mode, "', wanted 'standard' or 'nesterov'");
  for (size_t i = 0; i < kFirst; ++i)
    if (a.in[i].is_static() && checked_elements(a.in[i].dims) != 1)
      return invalid_model(op, ": ", i == 0 ? "R" : "T", " has shape ", a.in[i].dims, ", one element wanted");
  for (size_t i = 0; i < n; ++i) {
    const Fact& x = a.in[kFirst + i];
    for (size_t k = 1; k < kGroups; ++k) {
      const Fact& other = a.in[kFirst + k * n + i];
      const bool typed = x.dtype != DType::kUndefined && other.dtype != DType::kUndefined;
      if ((typed && other.dtype != x.dtype) ||
          (x.is_static() && other.is_static() && !(x.dims == other.dims)))
        return invalid_model(op, ": input ", kFirst + k * n + i, " is ", dtype_name(other.dtype), other.dims,
                             ", wanted ", dtype_name(x.dtype), x.dims, " as of X ", i);
      // X and the accumulators come out.
      if (k >= 2) a.out[(k - 1) * n + i] = other;
    }
    a.out[i] = x;
  }
  return ok();
}

// The numbers of one element: X, G and accumulators in; X and accumulators out, in the same places.
struct Element {
  double x, g, first, second;
};

// step(Element&) for every element of every tensor.
template <size_t kGroups, class Step>
Status update(const EvalArgs& a, Step&& step) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const size_t n, tensors_of(op, a.num_in(), a.out.size(), kGroups));
  for (size_t i = 0; i < n; ++i) {
    const Tensor& x = a.input(kFirst + i);
    std::array<const Tensor*, 4> in{};
    std::array<Tensor*, 4> out{};  // not of G
    for (size_t k = 0; k < kGroups; ++k) {
      in[k] = &a.input(kFirst + k * n + i);
      if (!(in[k]->dims() == x.dims()) || in[k]->dtype() != x.dtype())
        return invalid_argument(op, ": input ", kFirst + k * n + i, " has shape ", in[k]->dims(), ", wanted ",
                                x.dims());
      if (k == 1) continue;
      LITE_ASSIGN(out[k], a.output(k == 0 ? i : (k - 1) * n + i, x.dtype(), x.dims()));
    }
    LITE_TRY((dispatch<DType::kF32, DType::kF64>(op, x.dtype(), [&]<class T>() -> Status {
      for (int64_t e = 0; e < x.elements(); ++e) {
        const auto at = [&](size_t k) {
          return k < kGroups ? static_cast<double>(in[k]->data<T>()[e]) : 0.0;
        };
        Element v{at(0), at(1), at(2), at(3)};
        step(v);
        out[0]->mutable_data<T>()[e] = static_cast<T>(v.x);
        out[2]->mutable_data<T>()[e] = static_cast<T>(v.first);
        if constexpr (kGroups > 3) out[3]->mutable_data<T>()[e] = static_cast<T>(v.second);
      }
      return ok();
    })));
  }
  return ok();
}

Result<double> scalar(const EvalArgs& a, size_t i) {
  if (a.input(i).elements() != 1)
    return invalid_argument(a.attrs.node().op->name, ": ", i == 0 ? "R" : "T", " has shape ",
                            a.input(i).dims(), ", one element wanted");
  return a.input(i).float_at(0);
}

double attr(const EvalArgs& a, const char* name, float otherwise = 0) {
  return static_cast<double>(a.attrs.f32(name, otherwise));
}

Status adagrad(const EvalArgs& a) {
  LITE_ASSIGN(const double rate, scalar(a, 0));
  LITE_ASSIGN(const double count, scalar(a, 1));
  const double norm = attr(a, "norm_coefficient"), epsilon = attr(a, "epsilon", 1e-6f);
  const double r = rate / (1 + count * attr(a, "decay_factor"));
  return update<3>(a, [&](Element& v) {
    const double g = norm * v.x + v.g;
    v.first += g * g;
    v.x -= r * g / (std::sqrt(v.first) + epsilon);
  });
}

Status adam(const EvalArgs& a) {
  LITE_ASSIGN(const double rate, scalar(a, 0));
  LITE_ASSIGN(const double count, scalar(a, 1));
  const double norm = attr(a, "norm_coefficient"), post = attr(a, "norm_coefficient_post");
  const double alpha = attr(a, "alpha", 0.9f), beta = attr(a, "beta", 0.999f),
               epsilon = attr(a, "epsilon", 1e-6f);
  const double r =
      count > 0 ? rate * std::sqrt(1 - std::pow(beta, count)) / (1 - std::pow(alpha, count)) : rate;
  return update<4>(a, [&](Element& v) {
    const double g = norm * v.x + v.g;
    v.first = alpha * v.first + (1 - alpha) * g;
    v.second = beta * v.second + (1 - beta) * g * g;
    v.x = (1 - post) * (v.x - r * v.first / (std::sqrt(v.second) + epsilon));
  });
}

Status momentum(const EvalArgs& a) {
  LITE_ASSIGN(const double rate, scalar(a, 0));
  LITE_ASSIGN(const double count, scalar(a, 1));
  const double norm = attr(a, "norm_coefficient"), alpha = attr(a, "alpha");
  const double beta = count > 0 ? attr(a, "beta") : 1;
  const bool nesterov = a.attrs.str("mode") == "nesterov";
  return update<3>(a, [&](Element& v) {
    const double g = norm * v.x + v.g;
    v.first = alpha * v.first + beta * g;
    v.x -= rate * (nesterov ? g + alpha * v.first : v.first);
  });
}

constexpr OperandSpec kIn[] = {
    {"R", kTypes}, {"T", DType::kI64}, {"inputs", kTypes, 0, OperandSpec::kVariadic}};
constexpr OperandSpec kOut[] = {{"outputs", kTypes, 0, OperandSpec::kVariadic}};
constexpr AttrSpec kAdagradAttrs[] = {{"decay_factor", AttrType::kFloat},
                                      {"epsilon", AttrType::kFloat},
                                      {"norm_coefficient", AttrType::kFloat}};
constexpr AttrSpec kAdamAttrs[] = {{"alpha", AttrType::kFloat},
                                   {"beta", AttrType::kFloat},
                                   {"epsilon", AttrType::kFloat},
                                   {"norm_coefficient", AttrType::kFloat},
                                   {"norm_coefficient_post", AttrType::kFloat}};
constexpr AttrSpec kMomentumAttrs[] = {{"alpha", AttrType::kFloat, true},
                                       {"beta", AttrType::kFloat, true},
                                       {"mode", AttrType::kString, true},
                                       {"norm_coefficient", AttrType::kFloat, true}};
constexpr const char* kDomain = "ai.onnx.preview.training";

constexpr OpDef kOps[] = {
    {.name = "Adagrad",
     .domain = kDomain,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAdagradAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer<3>,
     .reference = adagrad},
    {.name = "Adam",
     .domain = kDomain,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAdamAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer<4>,
     .reference = adam},
    {.name = "Momentum",
     .domain = kDomain,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kMomentumAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer<3>,
     .reference = momentum},
};

}  // namespace

extern constinit const OpTable training;
constinit const OpTable training{kOps};

}  // namespace lite::ops
