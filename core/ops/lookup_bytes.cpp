// LookupBytes: Y[i] = table[X[i]], an int8 taken for the uint8 of the same bits.
//
//   in  X      int8 or uint8
//   in  table  [256], int8 or uint8
//   out Y      shape of X, type of the table
//
// Made by passes only, of functions of one number between DequantizeLinear and QuantizeLinear, and of the
// parts of QLinearConcat.

#include "core/ops/op.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  if (a.in[1].has_rank && (a.in[1].rank() != 1 || (a.in[1].dims[0] >= 0 && a.in[1].dims[0] != 256)))
    return invalid_model("LookupBytes: table has shape ", a.in[1].dims, ", [256] wanted");
  a.out[0] = a.in[0];
  a.out[0].dtype = a.in[1].dtype;
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor &x = a.input(0), &table = a.input(1);
  if (table.elements() != 256)
    return invalid_model("LookupBytes: table has ", table.elements(), " elements, 256 wanted");
  LITE_ASSIGN(Tensor* const y, a.output(0, table.dtype(), x.dims()));
  const auto *from = static_cast<const uint8_t*>(x.raw()), *values = static_cast<const uint8_t*>(table.raw());
  auto* const to = static_cast<uint8_t*>(y->mutable_raw());
  for (int64_t i = 0; i < x.elements(); ++i) to[i] = values[from[i]];
  return ok();
}

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr OperandSpec kIn[] = {{"X", kByte, 'X'}, {"table", kByte, 'Y'}};
constexpr OperandSpec kOut[] = {{"Y", kByte, 'Y'}};

constexpr OpDef kOps[] = {{
    .name = "LookupBytes",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .traits = kFusedOnly,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable lookup_bytes;
constinit const OpTable lookup_bytes{kOps};

}  // namespace lite::ops
