// Transpose: dimension i of the output is dimension perm[i] of the input.
//
//   in  data        any shape, all element types
//   out transposed  the type of data
//   attr perm       ints, a permutation of [0, rank), default reversed

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Result<Dims> permutation(const AttrReader& r, size_t rank) {
  Dims perm(r.ints("perm"));
  if (!r.has("perm"))
    for (size_t i = rank; i-- > 0;) perm.push_back(static_cast<int64_t>(i));
  if (perm.size() != rank)
    return invalid_model("Transpose: perm has ", perm.size(), " entries, the rank is ", rank);
  std::vector<bool> seen(rank);
  for (int64_t& p : perm) {
    LITE_ASSIGN(p, normalize_axis("Transpose", p, static_cast<int64_t>(rank)));
    if (seen[static_cast<size_t>(p)]) return invalid_model("Transpose: perm names dimension ", p, " twice");
    seen[static_cast<size_t>(p)] = true;
  }
  return perm;
}

Status infer(const InferArgs& a) {
  const Fact& x = a.in[0];
  if (!x.has_rank) {
    a.out[0] = a.attrs.has("perm") ? unknown_dims(x.dtype, a.attrs.ints("perm").size()) : Fact(x.dtype);
    return ok();
  }
  LITE_ASSIGN(const Dims perm, permutation(a.attrs, x.rank()));
  a.out[0] = Fact(x.dtype, x.dims);
  for (size_t i = 0; i < perm.size(); ++i) a.out[0].dims[i] = x.dims[static_cast<size_t>(perm[i])];
  return ok();
}

Status reference(const EvalArgs& a) {
  LITE_ASSIGN(const Dims perm, permutation(a.attrs, a.input(0).rank()));
  LITE_ASSIGN(const Dims dims, output_dims(a, infer));
  return move_elements(a, dims, [&](const Tensor& x, Tensor& y) -> Status {
    const Dims own = row_major_strides(x.dims());
    Dims strides(perm.size());
    for (size_t i = 0; i < perm.size(); ++i) strides[i] = own[static_cast<size_t>(perm[i])];
    copy_block(x.dtype(), dims, x.raw(), strides, y.mutable_raw(), row_major_strides(dims));
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"data", types::kAll, 'T'}};
constexpr OperandSpec kOut[] = {{"transposed", types::kAll, 'T'}};
constexpr AttrSpec kAttrs[] = {{"perm", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "Transpose",
    .since = 25,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable transpose;
constinit const OpTable transpose{kOps};

}  // namespace lite::ops
