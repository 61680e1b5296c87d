// LayerNormalization: Y = (X - mean) / sqrt(var + epsilon) * Scale + B over the dimensions from `axis` on.
//
//   in  X      any shape of rank 1 and above, float
//   in  Scale  broadcasts to X; as a rule the shape of the normalised dimensions
//   in  B      optional, likewise
//   out Y      shape of X
//   out Mean, InvStdDev  optional, shape of X with 1 from `axis` on; 1 / sqrt(var + epsilon)
//   attr axis int, default -1     attr epsilon float, default 1e-5
//   attr stash_type int, default 1 (float32): the type of Mean and InvStdDev, and of the calculation, at
//   least
//
// RMSNormalization: Y = X / sqrt(mean(X^2) + epsilon) * scale, with the same attributes; Y has scale's type.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Result<DType> stash_type(const AttrReader& attrs) {
  const int64_t t = attrs.i64("stash_type", 1);
  if (t == static_cast<int64_t>(DType::kF32) || t == static_cast<int64_t>(DType::kBF16) ||
      t == static_cast<int64_t>(DType::kF16) || t == static_cast<int64_t>(DType::kF64))
    return static_cast<DType>(t);
  return invalid_model(attrs.node().op->name, ": attribute 'stash_type' is ", t, ", a floating type wanted");
}

Status infer(const InferArgs& a) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const DType stash, stash_type(a.attrs));
  const Fact& x = a.in[0];
  for (Fact& out : a.out) out = Fact(stash);
  a.out[0].dtype = a.in[a.attrs.node().op->inputs.size() == 2 ? 1 : 0].dtype;
  if (!x.has_rank) return ok();
  if (x.rank() == 0) return invalid_model(op, ": X is a scalar, one dimension or more wanted");
  LITE_ASSIGN(const int64_t axis,
              normalize_axis(op, a.attrs.i64("axis", -1), static_cast<int64_t>(x.rank())));
  for (size_t i = 1; i < a.num_in(); ++i) {
    if (!a.has(i) || !a.in[i].is_static() || !x.is_static()) continue;
    const auto both = broadcast(a.in[i].dims, x.dims);
    if (!both.is_ok() || !(both.value() == x.dims))
      return invalid_model(op, ": ", i == 1 ? "Scale" : "B", " has shape ", a.in[i].dims,
                           ", which does not broadcast to ", x.dims);
  }
  a.out[0] = Fact(a.out[0].dtype, x.dims);
  Dims reduced = x.dims;
  std::fill(reduced.begin() + axis, reduced.end(), 1);
  for (size_t i = 1; i < a.out.size(); ++i) a.out[i] = Fact(stash, reduced);
  return ok();
}

Status evaluate(const EvalArgs& a, DType type, bool centre) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const int64_t axis, normalize_axis(a.attrs.node().op->name, a.attrs.i64("axis", -1),
                                                 static_cast<int64_t>(x.rank())));
  LITE_ASSIGN(const DType stash, stash_type(a.attrs));
  LITE_ASSIGN(Tensor* const y, a.output(0, type, x.dims()));
  Dims reduced = x.dims();
  std::fill(reduced.begin() + axis, reduced.end(), 1);
  Tensor *means = nullptr, *inverses = nullptr;
  if (a.wants(1)) {
    LITE_ASSIGN(means, a.output(1, stash, reduced));
  }
  if (a.wants(2)) {
    LITE_ASSIGN(inverses, a.output(2, stash, reduced));
  }
  const int64_t rows = elements(reduced), width = rows == 0 ? 0 : x.elements() / rows;
  const auto epsilon = static_cast<double>(a.attrs.f32("epsilon", 1e-5f));
  const Tensor one = Tensor::scalar_f32(1), zero = Tensor::scalar_f32(0);
  const Tensor& bias_tensor = a.has(2) ? a.input(2) : zero;
  const Widened<double> scale(a.input(1)), bias(bias_tensor);
  Walker<2> walk(x.dims(), {broadcast_strides(a.input(1).dims(), x.dims()),
                            broadcast_strides(bias_tensor.dims(), x.dims())});
  std::vector<double> row(static_cast<size_t>(width));
  for (int64_t r = 0; r < rows; ++r) {
    widen(x, r * width, width, row.data());
    double mean = 0, squares = 0;
    if (centre) {
      for (const double v : row) mean += v;
      mean /= static_cast<double>(width);
    }
    for (const double v : row) squares += (v - mean) * (v - mean);
    const double inverse = 1 / std::sqrt(squares / static_cast<double>(width) + epsilon);
    for (double& v : row) {
      v = (v - mean) * inverse * scale[walk.offset(0)] + bias[walk.offset(1)];
      walk.next();
    }
    narrow(row.data(), width, *y, r * width);
    if (means != nullptr) narrow(&mean, 1, *means, r);
    if (inverses != nullptr) narrow(&inverse, 1, *inverses, r);
  }
  return ok();
}

Status layer(const EvalArgs& a) { return evaluate(a, a.input(0).dtype(), true); }
Status root_mean_square(const EvalArgs& a) { return evaluate(a, a.input(1).dtype(), false); }

constexpr TypeSet kStash = types::kFloat;
constexpr OperandSpec kLayerIn[] = {{"X", types::kFloat, 'T'},
                                    {"Scale", types::kFloat, 'T'},
                                    {"B", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kLayerOut[] = {{"Y", types::kFloat, 'T'},
                                     {"Mean", kStash, 'U', OperandSpec::kOptional},
                                     {"InvStdDev", kStash, 'U', OperandSpec::kOptional}};
constexpr OperandSpec kRmsIn[] = {{"X", types::kFloat, 'T'}, {"scale", types::kFloat, 'V'}};
constexpr OperandSpec kRmsOut[] = {{"Y", types::kFloat, 'V'}};
constexpr AttrSpec kAttrs[] = {
    {"axis", AttrType::kInt}, {"epsilon", AttrType::kFloat}, {"stash_type", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "LayerNormalization",
        .since = 17,
        .inputs = kLayerIn,
        .outputs = kLayerOut,
        .attrs = kAttrs,
        .traits = kMayAliasInput0,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = layer,
    },
    {
        .name = "RMSNormalization",
        .since = 23,
        .inputs = kRmsIn,
        .outputs = kRmsOut,
        .attrs = kAttrs,
        .traits = kMayAliasInput0,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = root_mean_square,
    },
};

}  // namespace

extern constinit const OpTable layer_normalization;
constinit const OpTable layer_normalization{kOps};

}  // namespace lite::ops
