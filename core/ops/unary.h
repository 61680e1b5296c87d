// How element-wise functions of one input are written: a struct with the formula, a row in a table.
#pragma once

#include "core/ops/op.h"

namespace lite::ops {

// The float attributes of a function, as the function wants them.
struct UnaryParams {
  float a = 0, b = 0;
};

// Functions of floats derive from this and give  template <class C> static C apply(C x, const UnaryParams& p)
// with C float (also for float16 and bfloat16, rounded once) or double.
struct FloatFunction {
  static UnaryParams params(const AttrReader&) { return {}; }
};

Status map_floats(const EvalArgs& a, float (*f)(float, const UnaryParams&),
                  double (*g)(double, const UnaryParams&), const UnaryParams& params);

template <class F>
Status map_floats(const EvalArgs& a) {
  return map_floats(a, &F::template apply<float>, &F::template apply<double>, F::params(a.attrs));
}

inline constexpr OperandSpec kFloatIn[] = {{"X", types::kFloat, 'T'}};
inline constexpr OperandSpec kFloatOut[] = {{"Y", types::kFloat, 'T'}};

template <class F>
constexpr OpDef float_function(const char* name, int since, std::span<const AttrSpec> attrs = {},
                               Exactness exactness = Exactness::kUlps) {
  return {.name = name,
          .since = since,
          .inputs = kFloatIn,
          .outputs = kFloatOut,
          .attrs = attrs,
          .traits = kElementwise | kMayAliasInput0,
          .exactness = exactness,
          .infer = infer_same,
          .reference = map_floats<F>};
}

// Functions of the types in Ds, each calculated in its own type (halves in float): F::apply(x, params).
template <class F, DType... Ds>
Status map_elements(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const UnaryParams p = F::params(a.attrs);
  return dispatch<Ds...>(a.attrs.node().op->name, x.dtype(), [&]<class T>() -> Status {
    const T* in = x.data<T>();
    T* out = y->mutable_data<T>();
    for (int64_t i = 0; i < x.elements(); ++i) out[i] = store<T>(F::apply(load(in[i]), p));
    return ok();
  });
}

}  // namespace lite::ops
