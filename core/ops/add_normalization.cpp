// AddNormalization: layer normalisation of a sum, S = X + R, Y = (S - mean(S)) / sqrt(var(S) + epsilon) *
// Scale + B, over the last dimension.
//
//   in  X, R   the same shape [..., C], float
//   in  Scale  [C]
//   in  B      optional [C]
//   out Y      shape of X
//   out S      optional, X + R, rounded to its type (the statistics are of the unrounded sum)
//   attr epsilon float, default 1e-5
//
// Made by passes only, from Add and LayerNormalization.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  Fact y = a.in[0].has_rank ? a.in[0] : a.in[1];
  y.dtype = a.in[0].dtype;
  if (a.in[0].is_static() && a.in[1].is_static() && !(a.in[0].dims == a.in[1].dims))
    return invalid_model("AddNormalization: X has shape ", a.in[0].dims, " and R ", a.in[1].dims,
                         ", the same wanted");
  if (y.has_rank && y.rank() == 0)
    return invalid_model("AddNormalization: X is a scalar, one dimension or more wanted");
  for (size_t i = 2; i < a.num_in(); ++i)
    if (a.has(i) && a.in[i].is_static() && y.is_static() && !(a.in[i].dims == Dims{y.dims.back()}))
      return invalid_model("AddNormalization: ", i == 2 ? "Scale" : "B", " has shape ", a.in[i].dims, ", [",
                           y.dims.back(), "] wanted");
  for (Fact& out : a.out) out = y;
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  Tensor* sums = nullptr;
  if (a.wants(1)) {
    LITE_ASSIGN(sums, a.output(1, x.dtype(), x.dims()));
  }
  const int64_t width = x.dims().back(), rows = width == 0 ? 0 : x.elements() / width;
  const auto size = static_cast<size_t>(width);
  const auto epsilon = static_cast<double>(a.attrs.f32("epsilon", 1e-5f));
  const Widened<double> scale(a.input(2));
  std::vector<double> row(size), other(size), bias(size, 0);
  if (a.has(3)) widen(a.input(3), 0, width, bias.data());
  for (int64_t r = 0; r < rows; ++r) {
    widen(x, r * width, width, row.data());
    widen(a.input(1), r * width, width, other.data());
    double mean = 0, variance = 0;
    for (size_t i = 0; i < size; ++i) mean += row[i] += other[i];
    mean /= static_cast<double>(width);
    if (sums != nullptr) narrow(row.data(), width, *sums, r * width);
    for (const double v : row) variance += (v - mean) * (v - mean);
    const double inverse = 1 / std::sqrt(variance / static_cast<double>(width) + epsilon);
    for (size_t i = 0; i < size; ++i)
      row[i] = (row[i] - mean) * inverse * scale[static_cast<int64_t>(i)] + bias[i];
    narrow(row.data(), width, *y, r * width);
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'},
                               {"R", types::kFloat, 'T'},
                               {"Scale", types::kFloat, 'T'},
                               {"B", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}, {"S", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr AttrSpec kAttrs[] = {{"epsilon", AttrType::kFloat}};

constexpr OpDef kOps[] = {{
    .name = "AddNormalization",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kMayAliasInput0 | kFusedOnly,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable add_normalization;
constinit const OpTable add_normalization{kOps};

}  // namespace lite::ops
