// Reorder: the same tensor in another memory layout. The logical content does not change, so neither does
// anything that the graph or the reference can see; only kernels, which are told the layouts of their
// operands, move elements.
//
//   in  X  [N,C,spatial...], any type
//   out Y  type, shape and content of X
//   attr from, to  strings: the layouts, by their layout_name() in kernel.h
//
// Put in by the compiler only. Tensors that the reference sees are always plain.

#include <cstring>

#include "core/ops/op.h"

namespace lite::ops {
namespace {

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  if (x.bytes() != 0) std::memcpy(y->mutable_raw(), x.raw(), x.bytes());
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kAll - types::kString, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", types::kAll - types::kString, 'T'}};
constexpr AttrSpec kAttrs[] = {{"from", AttrType::kString}, {"to", AttrType::kString}};

constexpr OpDef kOps[] = {{
    .name = "Reorder",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kFusedOnly,
    .infer = infer_same,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable reorder;
constinit const OpTable reorder{kOps};

}  // namespace lite::ops
