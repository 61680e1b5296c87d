// InstanceNormalization, GroupNormalization: (x - mean) / sqrt(var + epsilon) * scale + bias, with the
// statistics of each plane, or of each group of channels of an image.
//
//   in  X            [N,C,spatial...], float ("input" in InstanceNormalization)
//   in  scale, bias  [C] ("B" in InstanceNormalization)
//   out Y            shape of X
//   attr epsilon    float, default 1e-5
//   attr num_groups GroupNormalization, int, required: divides C
//   attr stash_type GroupNormalization, int, default 1: the least type to calculate in; this one always
//   suffices

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const char* op = a.attrs.node().op->name;
  const Fact& x = a.in[0];
  const int64_t groups = a.attrs.i64("num_groups", 1);
  if (groups < 1) return invalid_model(op, ": attribute 'num_groups' is ", groups, ", at least 1 wanted");
  if (x.has_rank) {
    if (x.rank() < 2) return invalid_model(op, ": X has shape ", x.dims, ", at least two dimensions wanted");
    const int64_t channels = x.dims[1];
    if (channels >= 0 && channels % groups != 0)
      return invalid_model(op, ": X has ", channels, " channels, a multiple of num_groups ", groups,
                           " wanted");
    for (size_t i = 1; i < 3; ++i)
      if (a.in[i].has_rank &&
          (a.in[i].rank() != 1 || (channels >= 0 && a.in[i].dims[0] >= 0 && a.in[i].dims[0] != channels)))
        return invalid_model(op, ": ",
                             op == std::string_view("GroupNormalization") && i == 2 ? "bias"
                             : i == 1                                               ? "scale"
                                                                                    : "B",
                             " has shape ", a.in[i].dims, ", [", channels, "] wanted");
  }
  return infer_same(a);
}

Status evaluate(const EvalArgs& a, int64_t groups) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  if (x.elements() == 0) return ok();
  const int64_t channels = x.dims()[1], plane = x.elements() / x.dims()[0] / channels;
  const int64_t block = channels / groups * plane, blocks = x.elements() / block;
  const auto epsilon = static_cast<double>(a.attrs.f32("epsilon", 1e-5f));
  const Widened<double> scale(a.input(1)), bias(a.input(2));
  std::vector<double> data(static_cast<size_t>(block));
  for (int64_t b = 0; b < blocks; ++b) {
    widen(x, b * block, block, data.data());
    double mean = 0, squares = 0;
    for (const double v : data) mean += v;
    mean /= static_cast<double>(block);
    for (const double v : data) squares += (v - mean) * (v - mean);
    const double inverse = 1 / std::sqrt(squares / static_cast<double>(block) + epsilon);
    for (int64_t i = 0; i < block; ++i) {
      const int64_t c = (b * block + i) / plane % channels;
      double& v = data[static_cast<size_t>(i)];
      v = (v - mean) * inverse * scale[c] + bias[c];
    }
    narrow(data.data(), block, *y, b * block);
  }
  return ok();
}

Status instance(const EvalArgs& a) { return evaluate(a, a.input(0).dims()[1]); }
Status group(const EvalArgs& a) { return evaluate(a, a.attrs.i64("num_groups", 1)); }

constexpr OperandSpec kInstanceIn[] = {
    {"input", types::kFloat, 'T'}, {"scale", types::kFloat, 'T'}, {"B", types::kFloat, 'T'}};
constexpr OperandSpec kInstanceOut[] = {{"output", types::kFloat, 'T'}};
constexpr AttrSpec kInstanceAttrs[] = {{"epsilon", AttrType::kFloat}};
constexpr OperandSpec kGroupIn[] = {
    {"X", types::kFloat, 'T'}, {"scale", types::kFloat, 'T'}, {"bias", types::kFloat, 'T'}};
constexpr OperandSpec kGroupOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kGroupAttrs[] = {
    {"epsilon", AttrType::kFloat}, {"num_groups", AttrType::kInt, true}, {"stash_type", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "InstanceNormalization",
        .since = 22,
        .inputs = kInstanceIn,
        .outputs = kInstanceOut,
        .attrs = kInstanceAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = instance,
    },
    {
        .name = "GroupNormalization",
        .since = 21,
        .inputs = kGroupIn,
        .outputs = kGroupOut,
        .attrs = kGroupAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = group,
    },
};

}  // namespace

extern constinit const OpTable group_normalization;
constinit const OpTable group_normalization{kOps};

}  // namespace lite::ops
