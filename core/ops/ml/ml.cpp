#include "core/ops/ml/ml.h"

#include <cmath>
#include <numbers>

namespace lite::ops::ml {
namespace {

double logistic(double s) {
  const double e = std::exp(-std::abs(s));
  return s < 0 ? e / (1 + e) : 1 / (1 + e);
}

double probit(double p) {
  const double x = 2 * p - 1, rest = (1 - x) * (1 + x);
  if (rest == 0) return 0;
  const double log = std::log(rest), half = 2 / (std::numbers::pi * 0.147) + log / 2;
  const double inverse = std::sqrt(std::sqrt(half * half - log / 0.147) - half);
  return std::numbers::sqrt2 * (x < 0 ? -inverse : inverse);
}

void softmax(std::span<double> scores) {
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& s : scores) sum += s = std::exp(s - top);
  for (double& s : scores) s /= sum;
}

void softmax_zero(std::span<double> scores) {
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  constexpr double kZero = 1e-7;  // what counts as 0
  for (double& s : scores) sum += s = std::abs(s) > kZero ? std::exp(s - top) : s * std::exp(-top);
  for (double& s : scores) s = sum == 0 ? 0.5 : s / sum;
}

}  // namespace

Result<Rows> rows_of(const char* op, const Fact& x) {
  if (!x.has_rank) return Rows{};
  if (x.rank() == 1) return Rows{1, x.dims[0]};
  if (x.rank() == 2) return Rows{x.dims[0], x.dims[1]};
  return invalid_model(op, ": X has shape ", x.dims, ", wanted [N,F] or [F]");
}

Result<Rows> rows_of(const char* op, const Tensor& x) { return rows_of(op, Fact(x.dtype(), x.dims())); }

Result<PostTransform> post_transform_of(const AttrReader& r) {
  const std::string_view s = r.str("post_transform", "NONE");
  if (s == "NONE") return PostTransform::kNone;
  if (s == "SOFTMAX") return PostTransform::kSoftmax;
  if (s == "LOGISTIC") return PostTransform::kLogistic;
  if (s == "SOFTMAX_ZERO") return PostTransform::kSoftmaxZero;
  if (s == "PROBIT") return PostTransform::kProbit;
  return invalid_model(r.node().op->name, ": post_transform is '", s,
                       "', wanted 'NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO' or 'PROBIT'");
}

void transform_scores(PostTransform how, std::span<double> scores) {
  if (scores.empty()) return;
  switch (how) {
    case PostTransform::kNone:
      return;
    case PostTransform::kSoftmax:
      return softmax(scores);
    case PostTransform::kSoftmaxZero:
      return softmax_zero(scores);
    case PostTransform::kLogistic:
      for (double& s : scores) s = logistic(s);
      return;
    case PostTransform::kProbit:
      for (double& s : scores) s = probit(s);
      return;
  }
}

Result<Labels> Labels::read(const AttrReader& r, const char* ints, const char* strings) {
  Labels l;
  l.ints_ = r.ints(ints);
  l.strings_ = r.strs(strings);
  if (l.ints_.empty() == l.strings_.empty())
    return invalid_model(r.node().op->name, ": attributes '", ints, "' and '", strings, "' have ",
                         l.ints_.size(), " and ", l.strings_.size(), " labels, one of the two is wanted");
  return l;
}

Status check_features(const char* op, const Rows& x, int64_t features) {
  if (x.features < 0 || features < 0 || x.features == features) return ok();
  return invalid_model(op, ": X has ", x.features, " features, the model has ", features);
}

Status infer_classifier(const InferArgs& a, const Labels& labels, int64_t features, int64_t scores) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const Rows x, rows_of(op, a.in[0]));
  LITE_TRY(check_features(op, x, features));
  a.out[0] = Fact(labels.dtype(), Dims{x.rows});
  if (a.out.size() > 1) a.out[1] = Fact(DType::kF32, Dims{x.rows, scores});
  return ok();
}

Status infer_regressor(const InferArgs& a, int64_t features, int64_t targets) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const Rows x, rows_of(op, a.in[0]));
  LITE_TRY(check_features(op, x, features));
  a.out[0] = Fact(DType::kF32, Dims{x.rows, targets});
  return ok();
}

}  // namespace lite::ops::ml
