// Linear models: scores X W' + b, float32, of features X [N,F] or [F].
//
//   LinearRegressor   out Y [N,targets]
//     attr coefficients floats, targets * F, those of a target next to each other
//     attr intercepts floats, targets or none       attr targets int, default 1
//     attr post_transform "NONE" (default), "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO" or "PROBIT"
//   LinearClassifier  out Y [N], the label of the class with the highest score, the first of equals; out Z
//   [N,E]
//     attr classlabels_ints or classlabels_strings, E of them      attrs coefficients, intercepts,
//     post_transform The same with classes for targets. Of two classes one set of coefficients will do: its
//     score s is that of the second, -s that of the first, which a score of 0 falls to. attr multi_class is
//     not needed.
//
// Sums are in double precision.

#include "core/ops/ml/ml.h"

namespace lite::ops {
namespace {

struct Linear {
  std::span<const float> coefficients, intercepts;
  int64_t sets = 1;  // of coefficients
  ml::PostTransform transform = ml::PostTransform::kNone;

  static Result<Linear> read(const AttrReader& r, int64_t sets) {
    const char* op = r.node().op->name;
    Linear m;
    m.coefficients = r.floats("coefficients");
    m.intercepts = r.floats("intercepts");
    m.sets = sets;
    LITE_ASSIGN(m.transform, ml::post_transform_of(r));
    const auto size = static_cast<int64_t>(m.coefficients.size());
    if (size == 0 || size % sets != 0)
      return invalid_model(op, ": attribute 'coefficients' has ", size, " elements, a multiple of ", sets,
                           " wanted");
    if (!m.intercepts.empty() && static_cast<int64_t>(m.intercepts.size()) != sets)
      return invalid_model(op, ": attribute 'intercepts' has ", m.intercepts.size(), " elements, wanted ",
                           sets);
    return m;
  }
  int64_t features() const { return static_cast<int64_t>(coefficients.size()) / sets; }

  // scores[k] of one row.
  template <class T>
  void score(const T* x, std::span<double> scores) const {
    const int64_t n = features();
    for (int64_t k = 0; k < sets; ++k) {
      double sum = intercepts.empty() ? 0 : static_cast<double>(intercepts[static_cast<size_t>(k)]);
      for (int64_t i = 0; i < n; ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(coefficients[static_cast<size_t>(k * n + i)]);
      scores[static_cast<size_t>(k)] = sum;
    }
  }
};

Result<Linear> read_regressor(const AttrReader& r) {
  const int64_t targets = r.i64("targets", 1);
  if (targets < 1) return invalid_model("LinearRegressor: targets is ", targets, ", wanted 1 or more");
  return Linear::read(r, targets);
}

// One set of coefficients, or one a class. `features` of X decides, and where it is not known the intercepts.
Result<Linear> read_classifier(const AttrReader& r, size_t classes, int64_t features) {
  if (classes == 1) return unsupported("LinearClassifier: has one class, wanted two or more");
  const size_t size = r.floats("coefficients").size();
  const bool single = features > 0 ? size == static_cast<size_t>(features)
                                   : r.floats("intercepts").size() == 1 || size % classes != 0;
  return Linear::read(r, classes == 2 && single ? 1 : static_cast<int64_t>(classes));
}

Status infer_regressor(const InferArgs& a) {
  LITE_ASSIGN(const Linear m, read_regressor(a.attrs));
  return ml::infer_regressor(a, m.features(), m.sets);
}

Status regressor(const EvalArgs& a) {
  LITE_ASSIGN(const Linear m, read_regressor(a.attrs));
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const ml::Rows rows, ml::rows_of("LinearRegressor", x));
  LITE_TRY(ml::check_features("LinearRegressor", rows, m.features()));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, Dims{rows.rows, m.sets}));
  std::vector<double> scores(static_cast<size_t>(m.sets));
  return ml::dispatch_features("LinearRegressor", x, [&](const auto* from) -> Status {
    float* out = y->mutable_data<float>();
    for (int64_t r = 0; r < rows.rows; ++r) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      m.score(from + r * rows.features, scores);
      ml::transform_scores(m.transform, scores);
      for (const double s : scores) *out++ = static_cast<float>(s);
    }
    return ok();
  });
}

Status infer_classifier(const InferArgs& a) {
  LITE_ASSIGN(const ml::Labels labels, ml::Labels::read(a.attrs, "classlabels_ints", "classlabels_strings"));
  LITE_ASSIGN(const ml::Rows x, ml::rows_of("LinearClassifier", a.in[0]));
  LITE_ASSIGN(const Linear m, read_classifier(a.attrs, labels.size(), x.features));
  // Without the shape of X a guess is all there is.
  const int64_t features = x.features < 0 ? kUnknownDim : m.features();
  return ml::infer_classifier(a, labels, features, static_cast<int64_t>(labels.size()));
}

Status classifier(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const ml::Labels labels, ml::Labels::read(a.attrs, "classlabels_ints", "classlabels_strings"));
  LITE_ASSIGN(const ml::Rows rows, ml::rows_of("LinearClassifier", x));
  LITE_ASSIGN(const Linear m, read_classifier(a.attrs, labels.size(), rows.features));
  LITE_TRY(ml::check_features("LinearClassifier", rows, m.features()));
  const auto classes = static_cast<int64_t>(labels.size());
  LITE_ASSIGN(Tensor* const y, a.output(0, labels.dtype(), Dims{rows.rows}));
  LITE_ASSIGN(Tensor* const z, a.output(1, DType::kF32, Dims{rows.rows, classes}));
  std::vector<double> scores(labels.size());
  return ml::dispatch_features("LinearClassifier", x, [&](const auto* from) -> Status {
    float* out = z->mutable_data<float>();
    for (int64_t r = 0; r < rows.rows; ++r) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      m.score(from + r * rows.features, scores);
      if (m.sets == 1) {
        scores[1] = scores[0];
        scores[0] = -scores[0];
      }
      const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
      labels.put(*y, r, static_cast<size_t>(best));
      ml::transform_scores(m.transform, scores);
      for (const double s : scores) *out++ = static_cast<float>(s);
    }
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"X", ml::kNumbers}};
constexpr OperandSpec kScoresOut[] = {{"Y", DType::kF32}};
constexpr OperandSpec kClassesOut[] = {{"Y", ml::kLabelTypes}, {"Z", DType::kF32}};
constexpr AttrSpec kRegressorAttrs[] = {{"coefficients", AttrType::kFloats},
                                        {"intercepts", AttrType::kFloats},
                                        {"post_transform", AttrType::kString},
                                        {"targets", AttrType::kInt}};
constexpr AttrSpec kClassifierAttrs[] = {
    {"classlabels_ints", AttrType::kInts},     {"classlabels_strings", AttrType::kStrings},
    {"coefficients", AttrType::kFloats, true}, {"intercepts", AttrType::kFloats},
    {"multi_class", AttrType::kInt},           {"post_transform", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "LinearRegressor",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kScoresOut,
     .attrs = kRegressorAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer_regressor,
     .reference = regressor},
    {.name = "LinearClassifier",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kClassesOut,
     .attrs = kClassifierAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer_classifier,
     .reference = classifier},
};

}  // namespace

extern constinit const OpTable linear_models;
constinit const OpTable linear_models{kOps};

}  // namespace lite::ops
