// Conv: convolution over 1, 2, 3 or more spatial dimensions.
//
//   in  X  [N,C,spatial...], float
//   in  W  [M,C/group,kernel...]
//   in  B  optional [M]
//   out Y  [N,M,spatial...]; sizes as window.h says
//   attr auto_pad     string, default NOTSET      attr dilations  ints, default 1
//   attr group        int, default 1              attr kernel_shape ints, default W's
//   attr pads         ints, begins then ends, default 0      attr strides ints, default 1

#include "core/ops/conv_reference.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], infer_conv(a.attrs, a.in[0], a.in[1], a.has(2) ? &a.in[2] : nullptr, a.in[0].dtype));
  return ok();
}

template <class T>
Status evaluate(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, x.dims(), a.input(1).dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), s.y()));
  const Widened<T> xs(x), ws(a.input(1));
  const int64_t plane = elements(s.out);
  std::vector<double> bias(static_cast<size_t>(s.filters), 0);
  if (a.has(2)) widen(a.input(2), 0, s.filters, bias.data());
  return convolve<T, double>(a, s, xs.data(), ws.data(), [&](int64_t n, int64_t m, double* acc) {
    for (int64_t i = 0; i < plane; ++i) acc[i] += bias[static_cast<size_t>(m)];
    narrow(acc, plane, *y, (n * s.filters + m) * plane);
  });
}

Status reference(const EvalArgs& a) {
  return a.input(0).dtype() == DType::kF64 ? evaluate<double>(a) : evaluate<float>(a);
}

constexpr OperandSpec kIn[] = {
    {"X", types::kFloat, 'T'}, {"W", types::kFloat, 'T'}, {"B", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"auto_pad", AttrType::kString}, {"dilations", AttrType::kInts},
                               {"group", AttrType::kInt},       {"kernel_shape", AttrType::kInts},
                               {"pads", AttrType::kInts},       {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "Conv",
    .since = 22,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable conv;
constinit const OpTable conv{kOps};

}  // namespace lite::ops
