// NegativeLogLikelihoodLoss: -weight[t] * input[n,t,d...] for the target class t of each place.
// SoftmaxCrossEntropyLoss: the same of log(softmax(scores)) along the classes.
//
//   in  input (scores)   [N,C,d...], float
//   in  target (labels)  [N,d...], int32 or int64, each in [0,C), or ignore_index
//   in  weight (weights) optional [C], default 1
//   out loss (output)    [N,d...] without reduction, else a scalar
//   out log_prob         SoftmaxCrossEntropyLoss, optional, shape of scores
//   attr reduction string: mean (default; divided by the sum of the weights used), sum, none
//   attr ignore_index int: this target adds nothing, to the divisor neither

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const char* op = a.attrs.node().op->name;
  const Fact &x = a.in[0], &target = a.in[1];
  const std::string_view reduction = a.attrs.str("reduction", "mean");
  if (reduction != "mean" && reduction != "sum" && reduction != "none")
    return invalid_model(op, ": attribute 'reduction' is '", reduction, "', none, sum or mean wanted");
  if (x.has_rank && x.rank() < 2)
    return invalid_model(op, ": input has shape ", x.dims, ", at least two dimensions wanted");
  Dims places;
  if (x.has_rank) {
    places = x.dims;
    places.erase(1);
    bool fits = !target.has_rank || target.rank() == places.size();
    for (size_t d = 0; fits && target.has_rank && d < places.size(); ++d)
      fits = places[d] < 0 || target.dims[d] < 0 || places[d] == target.dims[d];
    if (!fits) return invalid_model(op, ": target has shape ", target.dims, ", ", places, " wanted");
    if (a.has(2) && a.in[2].has_rank &&
        (a.in[2].rank() != 1 || (x.dims[1] >= 0 && a.in[2].dims[0] >= 0 && a.in[2].dims[0] != x.dims[1])))
      return invalid_model(op, ": weight has shape ", a.in[2].dims, ", [", x.dims[1], "] wanted");
  }
  if (reduction != "none")
    a.out[0] = Fact(x.dtype, Dims{});
  else if (x.has_rank)
    a.out[0] = Fact(x.dtype, std::move(places));
  else
    a.out[0] = target.has_rank ? Fact(x.dtype, target.dims) : Fact(x.dtype);
  if (a.out.size() > 1) a.out[1] = x;
  return ok();
}

Status evaluate(const EvalArgs& a, std::vector<double> scores) {
  const char* op = a.attrs.node().op->name;
  const Tensor &x = a.input(0), &target = a.input(1);
  const int64_t batch = x.dims()[0], classes = x.dims()[1];
  const int64_t inner = elements(std::span<const int64_t>(x.dims().begin() + 2, x.rank() - 2));
  std::vector<double> weights(static_cast<size_t>(classes), 1), losses(static_cast<size_t>(batch * inner), 0);
  if (a.has(2)) widen(a.input(2), 0, classes, weights.data());
  const bool ignores = a.attrs.has("ignore_index");
  const int64_t ignored = a.attrs.i64("ignore_index");
  double sum = 0, divisor = 0;
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t i = 0; i < inner; ++i) {
      const int64_t t = target.int_at(n * inner + i);
      if (ignores && t == ignored) continue;
      if (t < 0 || t >= classes)
        return invalid_argument(op, ": target ", t, " at place ", n * inner + i,
                                " is out of range, wanted in [0,", classes, ")");
      const double weight = weights[static_cast<size_t>(t)];
      const double loss = -weight * scores[static_cast<size_t>((n * classes + t) * inner + i)];
      losses[static_cast<size_t>(n * inner + i)] = loss;
      sum += loss;
      divisor += weight;
    }
  const std::string_view reduction = a.attrs.str("reduction", "mean");
  if (reduction == "none") {
    LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), target.dims()));
    narrow(losses.data(), y->elements(), *y, 0);
    return ok();
  }
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {}));
  if (reduction == "mean") sum /= divisor;
  narrow(&sum, 1, *y, 0);
  return ok();
}

Status likelihood(const EvalArgs& a) {
  std::vector<double> scores(static_cast<size_t>(a.input(0).elements()));
  widen(a.input(0), 0, a.input(0).elements(), scores.data());
  return evaluate(a, std::move(scores));
}

Status cross_entropy(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t batch = x.dims()[0], classes = x.dims()[1];
  const int64_t inner = elements(std::span<const int64_t>(x.dims().begin() + 2, x.rank() - 2));
  std::vector<double> scores(static_cast<size_t>(x.elements()));
  widen(x, 0, x.elements(), scores.data());
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t i = 0; i < inner; ++i) {
      double* row = scores.data() + n * classes * inner + i;
      double largest = -std::numeric_limits<double>::infinity(), sum = 0;
      for (int64_t c = 0; c < classes; ++c) largest = std::max(largest, row[c * inner]);
      for (int64_t c = 0; c < classes; ++c) sum += std::exp(row[c * inner] - largest);
      for (int64_t c = 0; c < classes; ++c) row[c * inner] -= largest + std::log(sum);
    }
  if (a.wants(1)) {
    LITE_ASSIGN(Tensor* const log_prob, a.output(1, x.dtype(), x.dims()));
    narrow(scores.data(), x.elements(), *log_prob, 0);
  }
  return evaluate(a, std::move(scores));
}

constexpr OperandSpec kLikelihoodIn[] = {{"input", types::kFloat, 'T'},
                                         {"target", types::kIndex},
                                         {"weight", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kLikelihoodOut[] = {{"loss", types::kFloat, 'T'}};
constexpr OperandSpec kEntropyIn[] = {{"scores", types::kFloat, 'T'},
                                      {"labels", types::kIndex},
                                      {"weights", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kEntropyOut[] = {{"output", types::kFloat, 'T'},
                                       {"log_prob", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr AttrSpec kAttrs[] = {{"ignore_index", AttrType::kInt}, {"reduction", AttrType::kString}};

constexpr OpDef kOps[] = {
    {
        .name = "NegativeLogLikelihoodLoss",
        .since = 22,
        .inputs = kLikelihoodIn,
        .outputs = kLikelihoodOut,
        .attrs = kAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = likelihood,
    },
    {
        .name = "SoftmaxCrossEntropyLoss",
        .since = 13,
        .inputs = kEntropyIn,
        .outputs = kEntropyOut,
        .attrs = kAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = cross_entropy,
    },
};

}  // namespace

extern constinit const OpTable loss;
constinit const OpTable loss{kOps};

}  // namespace lite::ops
