// FusedMatMul: a matrix product with what surrounds it, Y = act(alpha * A * B + bias + Z), or
// act(alpha * A * B + bias) + Z.
//
//   in  A     [batch..., M,K], or [batch..., K,M] with transA; [K] for one row that vanishes from Y
//   in  B     [batch..., K,N], or [batch..., N,K] with transB; [K] for one column that vanishes from Y
//   in  bias  optional [N], added to each row of Y
//   in  Z     optional residual, exactly the shape of Y
//   out Y     [batch..., M,N], batches broadcast; float32, float64, float16 or bfloat16 like all inputs
//   attr transA, transB    int, default 0: the last two dimensions are swapped; no effect on vectors
//   attr alpha             float, default 1
//   attr activation        string, default none; see pointwise.h for names and
//   attr activation_params floats
//   attr residual_after    int, default 0: Z is added before the activation; 1: after it
//
// Made by passes only.

#include "core/ops/epilogue.h"
#include "core/ops/matmul_shape.h"
#include "core/ops/pointwise.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  LITE_TRY(pointwise::read_activation(a.attrs).status());
  LITE_ASSIGN(a.out[0], infer_matmul("FusedMatMul", a.in[0], a.in[1], a.in[0].dtype,
                                     a.attrs.i64("transA") != 0, a.attrs.i64("transB") != 0));
  const Fact& y = a.out[0];
  if (a.has(2) && a.in[2].is_static() && y.is_static()) {
    const int64_t n = a.in[1].rank() > 1 ? y.dims.back() : 1;
    if (!(a.in[2].dims == Dims{n}))
      return invalid_model("FusedMatMul: bias has shape ", a.in[2].dims, ", [", n, "] wanted");
  }
  if (a.has(3) && a.in[3].is_static() && y.is_static() && !(a.in[3].dims == y.dims))
    return invalid_model("FusedMatMul: Z has shape ", a.in[3].dims, ", that of Y ", y.dims, " wanted");
  return ok();
}

template <class T>
Status evaluate(const EvalArgs& args) {
  const Tensor &a = args.input(0), &b = args.input(1);
  const bool trans_a = args.attrs.i64("transA") != 0 && a.rank() > 1,
             trans_b = args.attrs.i64("transB") != 0 && b.rank() > 1;
  LITE_ASSIGN(const MatMulShape s, resolve_matmul("FusedMatMul", a.dims(), b.dims(), trans_a, trans_b));
  LITE_ASSIGN(Epilogue<T> epilogue, Epilogue<T>::make(args, 2, s.n, 3, args.attrs.f32("alpha", 1)));
  LITE_ASSIGN(Tensor* const y, args.output(0, a.dtype(), s.y));
  const Widened<T> as(a), bs(b);
  return multiply_batches<T, double>(args, s, as.data(), trans_a, bs.data(), trans_b,
                                     [&](int64_t at, double* acc) {
                                       epilogue.finish(
                                           acc, s.m * s.n, [&](int64_t i) { return i % s.n; }, *y, at);
                                     });
}

Status reference(const EvalArgs& a) {
  return a.input(0).dtype() == DType::kF64 ? evaluate<double>(a) : evaluate<float>(a);
}

constexpr OperandSpec kIn[] = {{"A", types::kFloat, 'T'},
                               {"B", types::kFloat, 'T'},
                               {"bias", types::kFloat, 'T', OperandSpec::kOptional},
                               {"Z", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"activation", AttrType::kString}, {"activation_params", AttrType::kFloats},
                               {"alpha", AttrType::kFloat},       {"residual_after", AttrType::kInt},
                               {"transA", AttrType::kInt},        {"transB", AttrType::kInt}};

constexpr OpDef kOps[] = {{
    .name = "FusedMatMul",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kFusedOnly,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable fused_matmul;
constinit const OpTable fused_matmul{kOps};

}  // namespace lite::ops
