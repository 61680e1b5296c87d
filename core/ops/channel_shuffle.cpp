// ChannelShuffle: channels seen as [groups, C/groups] become [C/groups, groups]: Y[n, j * groups + g] =
// X[n, g * (C/groups) + j].
//
//   in  X  [N,C,spatial...], any element type of 8 bits and more
//   out Y  shape of X
//   attr groups int, required: divides C
//
// Made by passes only, from Reshape, Transpose and Reshape.

#include "core/ops/op.h"

namespace lite::ops {
namespace {

Status check(int64_t groups, const Dims& x) {
  if (groups < 1)
    return invalid_model("ChannelShuffle: attribute 'groups' is ", groups, ", at least 1 wanted");
  if (x.size() < 2)
    return invalid_model("ChannelShuffle: X has shape ", x, ", two dimensions or more wanted");
  if (x[1] >= 0 && x[1] % groups != 0)
    return invalid_model("ChannelShuffle: X has ", x[1], " channels, a multiple of groups ", groups,
                         " wanted");
  return ok();
}

Status infer(const InferArgs& a) {
  if (a.in[0].has_rank) LITE_TRY(check(a.attrs.i64("groups"), a.in[0].dims));
  return infer_same(a);
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t groups = a.attrs.i64("groups");
  LITE_TRY(check(groups, x.dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  if (x.elements() == 0) return ok();
  const int64_t batch = x.dims()[0], channels = x.dims()[1], each = channels / groups,
                plane = x.elements() / (batch * channels);
  return dispatch_bytes("ChannelShuffle", x.dtype(), [&]<class T>() -> Status {
    const T* in = x.data<T>();
    T* out = y->mutable_data<T>();
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t j = 0; j < each; ++j)
        for (int64_t g = 0; g < groups; ++g, out += plane)
          std::copy_n(in + (n * channels + g * each + j) * plane, plane, out);
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"X", types::kAll - types::kSubByte, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", types::kAll - types::kSubByte, 'T'}};
constexpr AttrSpec kAttrs[] = {{"groups", AttrType::kInt, true}};

constexpr OpDef kOps[] = {{
    .name = "ChannelShuffle",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kFusedOnly,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable channel_shuffle;
constinit const OpTable channel_shuffle{kOps};

}  // namespace lite::ops
