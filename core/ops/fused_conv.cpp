// FusedConv: a convolution with what follows it, Y = act(conv(X, W) + B + Z), or act(conv(X, W) + B) + Z.
//
//   in  X  [N,C,spatial...], float
//   in  W  [M,C/group,kernel...]
//   in  B  optional [M]
//   in  Z  optional residual, exactly the shape of Y
//   out Y  [N,M,spatial...]
//   attrs of Conv: auto_pad, dilations, group, kernel_shape, pads, strides; and
//   attr activation        string, default none; see pointwise.h for names and
//   attr activation_params floats
//   attr residual_after    int, default 0: Z is added before the activation; 1: after it
//
// Without an activation residual_after changes nothing. Made by passes only.

#include "core/ops/conv_reference.h"
#include "core/ops/epilogue.h"
#include "core/ops/pointwise.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  LITE_TRY(pointwise::read_activation(a.attrs).status());
  LITE_ASSIGN(a.out[0], infer_conv(a.attrs, a.in[0], a.in[1], a.has(2) ? &a.in[2] : nullptr, a.in[0].dtype));
  if (a.has(3) && a.in[3].is_static() && a.out[0].is_static() && !(a.in[3].dims == a.out[0].dims))
    return invalid_model("FusedConv: Z has shape ", a.in[3].dims, ", that of Y ", a.out[0].dims, " wanted");
  return ok();
}

template <class T>
Status evaluate(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, x.dims(), a.input(1).dims()));
  LITE_ASSIGN(Epilogue<T> epilogue, Epilogue<T>::make(a, 2, s.filters, 3));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), s.y()));
  const Widened<T> xs(x), ws(a.input(1));
  const int64_t plane = elements(s.out);
  return convolve<T, double>(a, s, xs.data(), ws.data(), [&](int64_t n, int64_t m, double* acc) {
    epilogue.finish(
        acc, plane, [m](int64_t) { return m; }, *y, (n * s.filters + m) * plane);
  });
}

Status reference(const EvalArgs& a) {
  return a.input(0).dtype() == DType::kF64 ? evaluate<double>(a) : evaluate<float>(a);
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'},
                               {"W", types::kFloat, 'T'},
                               {"B", types::kFloat, 'T', OperandSpec::kOptional},
                               {"Z", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"activation", AttrType::kString}, {"activation_params", AttrType::kFloats},
                               {"auto_pad", AttrType::kString},   {"dilations", AttrType::kInts},
                               {"group", AttrType::kInt},         {"kernel_shape", AttrType::kInts},
                               {"pads", AttrType::kInts},         {"residual_after", AttrType::kInt},
                               {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "FusedConv",
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

extern constinit const OpTable fused_conv;
constinit const OpTable fused_conv{kOps};

}  // namespace lite::ops
