// BatchNormalization: Y = (X - mean) / sqrt(var + epsilon) * scale + B for each channel.
//
//   in  X  [N,C,...] or [N], which has one channel; float
//   in  scale, B           [C], float, not necessarily of X's type
//   in  input_mean, input_var  [C], float
//   out Y  shape and type of X
//   out running_mean, running_var  optional, [C]; with training_mode only: input * momentum + batch * (1 -
//   momentum) attr epsilon float, default 1e-5       attr momentum float, default 0.9 attr training_mode int,
//   default 0: mean and (biased) variance are those of X instead of the inputs

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

int64_t channels_of(const Dims& x) { return x.size() < 2 ? 1 : x[1]; }

Status infer(const InferArgs& a) {
  constexpr const char* kNames[] = {"X", "scale", "B", "input_mean", "input_var"};
  const Fact& x = a.in[0];
  if (x.has_rank && x.rank() == 0)
    return invalid_model("BatchNormalization: X is a scalar, one dimension or more wanted");
  const int64_t channels = x.has_rank ? channels_of(x.dims) : kUnknownDim;
  Fact param = unknown_dims(DType::kUndefined, 1);
  param.dims[0] = channels;
  for (size_t i = 1; i < 5; ++i) {
    if (!a.in[i].has_rank) continue;
    if (a.in[i].rank() != 1 || (channels >= 0 && a.in[i].dims[0] >= 0 && a.in[i].dims[0] != channels))
      return invalid_model("BatchNormalization: ", kNames[i], " has shape ", a.in[i].dims, ", [", channels,
                           "] wanted");
    if (param.dims[0] < 0) param.dims = a.in[i].dims;
  }
  a.out[0] = x;
  if (a.out.size() > 1 && a.attrs.i64("training_mode") == 0)
    return invalid_model("BatchNormalization: has ", a.out.size(),
                         " outputs, one wanted as training_mode is 0");
  param.dtype = a.in[3].dtype;
  for (size_t i = 1; i < a.out.size(); ++i) a.out[i] = param;
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const int64_t channels = channels_of(x.dims()), batch = x.dims()[0];
  const int64_t plane =
      x.rank() < 2 ? 1 : elements(std::span<const int64_t>(x.dims().begin() + 2, x.rank() - 2));
  const bool training = a.attrs.i64("training_mode") != 0;
  const auto epsilon = static_cast<double>(a.attrs.f32("epsilon", 1e-5f));
  const Widened<double> scale(a.input(1)), bias(a.input(2)), mean_in(a.input(3)), var_in(a.input(4));
  std::vector<double> row(static_cast<size_t>(plane)), means, variances;
  for (int64_t c = 0; c < channels; ++c) {
    double mean = mean_in[c], variance = var_in[c];
    if (training) {
      double sum = 0, squares = 0;
      const auto count = static_cast<double>(batch * plane);
      for (int64_t n = 0; n < batch; ++n) {
        widen(x, (n * channels + c) * plane, plane, row.data());
        for (const double v : row) sum += v;
      }
      mean = sum / count;
      for (int64_t n = 0; n < batch; ++n) {
        widen(x, (n * channels + c) * plane, plane, row.data());
        for (const double v : row) squares += (v - mean) * (v - mean);
      }
      variance = squares / count;
    }
    means.push_back(mean);
    variances.push_back(variance);
    const double factor = scale[c] / std::sqrt(variance + epsilon);
    for (int64_t n = 0; n < batch; ++n) {
      widen(x, (n * channels + c) * plane, plane, row.data());
      for (double& v : row) v = (v - mean) * factor + bias[c];
      narrow(row.data(), plane, *y, (n * channels + c) * plane);
    }
  }
  const auto momentum = static_cast<double>(a.attrs.f32("momentum", 0.9f));
  for (size_t i = 1; i < 3; ++i) {
    if (!a.wants(i)) continue;
    LITE_ASSIGN(Tensor* const running, a.output(i, a.input(3).dtype(), Dims{channels}));
    std::vector<double>& batch_value = i == 1 ? means : variances;
    for (int64_t c = 0; c < channels; ++c) {
      double& v = batch_value[static_cast<size_t>(c)];
      v = (i == 1 ? mean_in : var_in)[c] * momentum + v * (1 - momentum);
    }
    narrow(batch_value.data(), channels, *running, 0);
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'},
                               {"scale", types::kFloat, 'S'},
                               {"B", types::kFloat, 'S'},
                               {"input_mean", types::kFloat, 'U'},
                               {"input_var", types::kFloat, 'U'}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'},
                                {"running_mean", types::kFloat, 'U', OperandSpec::kOptional},
                                {"running_var", types::kFloat, 'U', OperandSpec::kOptional}};
constexpr AttrSpec kAttrs[] = {
    {"epsilon", AttrType::kFloat}, {"momentum", AttrType::kFloat}, {"training_mode", AttrType::kInt}};

constexpr OpDef kOps[] = {{
    .name = "BatchNormalization",
    .since = 15,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable batch_normalization;
constinit const OpTable batch_normalization{kOps};

}  // namespace lite::ops
