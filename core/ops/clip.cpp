// Clip: y = min(max(x, min), max), element by element.
//
//   in  x    any shape, numeric
//   in  min  optional scalar, default the type's lowest
//   in  max  optional scalar, default the type's highest
//   out y    shape and type of x
//
// min > max gives max, as the specification says. NaN in x stays NaN.

#include <limits>

#include "core/ops/op.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  for (size_t i = 1; i < a.num_in(); ++i)
    if (a.has(i) && a.in[i].has_rank && a.in[i].rank() > 1)
      return invalid_model("Clip: ", i == 1 ? "min" : "max", " has shape ", a.in[i].dims,
                           ", a scalar is wanted");
  return infer_same(a);
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  return dispatch_numeric("Clip", x.dtype(), [&]<class T>() -> Status {
    using C = Compute<T>;
    constexpr bool kHasInf = std::numeric_limits<C>::has_infinity;
    C lo = kHasInf ? -std::numeric_limits<C>::infinity() : std::numeric_limits<C>::lowest();
    C hi = kHasInf ? std::numeric_limits<C>::infinity() : std::numeric_limits<C>::max();
    if (a.has(1) && a.input(1).elements() > 0) lo = load(a.input(1).data<T>()[0]);
    if (a.has(2) && a.input(2).elements() > 0) hi = load(a.input(2).data<T>()[0]);
    const T* in = x.data<T>();
    T* out = y->mutable_data<T>();
    for (int64_t i = 0; i < x.elements(); ++i) {
      C v = load(in[i]);
      if (v < lo) v = lo;
      if (v > hi) v = hi;
      out[i] = store<T>(v);
    }
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"input", types::kNumeric, 'T'},
                               {"min", types::kNumeric, 'T', OperandSpec::kOptional},
                               {"max", types::kNumeric, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"output", types::kNumeric, 'T'}};

constexpr OpDef kOps[] = {{
    .name = "Clip",
    .since = 13,
    .inputs = kIn,
    .outputs = kOut,
    .traits = kElementwise | kMayAliasInput0,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable clip;
constinit const OpTable clip{kOps};

}  // namespace lite::ops
