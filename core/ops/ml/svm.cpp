// Support vector machines on features X [N,F] or [F]; scores are float32.
//
//   attr kernel_type    k(x, v): "LINEAR" (default) x.v; "POLY" (gamma x.v + coef0)^degree, degree a whole
//                       number; "RBF" e^(-gamma |x - v|^2); "SIGMOID" tanh(gamma x.v + coef0)
//   attr kernel_params  gamma, coef0, degree; default zeros
//   attr post_transform "NONE" (default), "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO" or "PROBIT"
//
//   SVMRegressor   out Y [N,1]: sum of coefficients k(x, vector) + rho[0]
//     attrs n_supports, support_vectors n_supports * F, coefficients, rho; without supports coefficients.x +
//     rho[0] attr one_class: 1 where that is above 0, else -1
//   SVMClassifier  out Y [N] labels of classlabels_ints or classlabels_strings; out Z [N,scores]
//     attr vectors_per_class, support_vectors      those of class 0, of class 1, ...
//     attr coefficients [classes - 1, vectors], rho [classes (classes - 1) / 2]: for each pair i < j of
//     classes
//       s = rho + sum over i's vectors of row j - 1 + sum over j's vectors of row i, a vote for i when s > 0,
//       else for j. Most votes win, the first class of equals. Scores are the s of all pairs; of two classes
//       [-s, s].
//     attrs prob_a, prob_b, one a pair: scores are probabilities of the classes, coupled from the pairs'
//       1 / (1 + e^(a s + b)) as Wu, Lin and Weng do (2004, their second method, as LIBSVM iterates it)
//     Without vectors_per_class, coefficients [classes,F]: scores are coefficients.x + rho[0], the highest
//     wins; of
//       one class label 1 above 0, else 0.

#include <cmath>

#include "core/ops/ml/ml.h"

namespace lite::ops {
namespace {

struct KernelFunction {
  enum class Type { kLinear, kPoly, kRbf, kSigmoid } type = Type::kLinear;
  double gamma = 0, coef0 = 0;
  int64_t degree = 0;

  static Result<KernelFunction> read(const AttrReader& r) {
    const char* op = r.node().op->name;
    KernelFunction k;
    const std::string_view type = r.str("kernel_type", "LINEAR");
    if (type == "LINEAR")
      k.type = Type::kLinear;
    else if (type == "POLY")
      k.type = Type::kPoly;
    else if (type == "RBF")
      k.type = Type::kRbf;
    else if (type == "SIGMOID")
      k.type = Type::kSigmoid;
    else
      return invalid_model(op, ": kernel_type is '", type, "', wanted 'LINEAR', 'POLY', 'RBF' or 'SIGMOID'");
    const auto p = r.floats("kernel_params");
    if (p.empty()) return k;
    if (p.size() != 3)
      return invalid_model(op, ": attribute 'kernel_params' has ", p.size(), " elements, wanted 3");
    k.gamma = static_cast<double>(p[0]);
    k.coef0 = static_cast<double>(p[1]);
    if (!(p[2] >= 0 && p[2] <= 1e6f))
      return invalid_model(op, ": attribute 'kernel_params' has degree ", p[2], ", wanted in [0,1e6]");
    k.degree = static_cast<int64_t>(p[2]);
    return k;
  }

  template <class T>
  double operator()(const T* x, const float* v, int64_t n) const {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      const double a = static_cast<double>(x[i]), b = static_cast<double>(v[i]);
      sum += type == Type::kRbf ? (a - b) * (a - b) : a * b;
    }
    switch (type) {
      case Type::kPoly:
        return std::pow(gamma * sum + coef0, static_cast<double>(degree));
      case Type::kRbf:
        return std::exp(-gamma * sum);
      case Type::kSigmoid:
        return std::tanh(gamma * sum + coef0);
      default:
        return sum;
    }
  }
};

Status wrong_size(const char* op, const char* attr, size_t have, const auto&... want) {
  return invalid_model(op, ": attribute '", attr, "' has ", have, " elements, wanted ", want...);
}

// ---- SVMRegressor

struct Regressor {
  KernelFunction kernel;
  std::span<const float> vectors, coefficients;
  int64_t supports = 0, features = 0;
  double rho = 0;
  bool one_class = false;
  ml::PostTransform transform = ml::PostTransform::kNone;

  static Result<Regressor> read(const AttrReader& r) {
    Regressor m;
    LITE_ASSIGN(m.kernel, KernelFunction::read(r));
    LITE_ASSIGN(m.transform, ml::post_transform_of(r));
    m.vectors = r.floats("support_vectors");
    m.coefficients = r.floats("coefficients");
    m.supports = r.i64("n_supports");
    m.one_class = r.i64("one_class") != 0;
    const size_t size = m.vectors.size();
    if (m.supports < 0)
      return invalid_model("SVMRegressor: n_supports is ", m.supports, ", wanted 0 or more");
    if (r.floats("rho").empty()) return wrong_size("SVMRegressor", "rho", 0, "1");
    m.rho = static_cast<double>(r.floats("rho")[0]);
    if (m.supports == 0) {
      m.features = static_cast<int64_t>(m.coefficients.size());
      return m;
    }
    const auto supports = static_cast<size_t>(m.supports);
    if (size == 0 || size % supports != 0)
      return wrong_size("SVMRegressor", "support_vectors", size, "a multiple of n_supports ", m.supports);
    if (m.coefficients.size() != supports)
      return wrong_size("SVMRegressor", "coefficients", m.coefficients.size(), m.supports,
                        " as n_supports is");
    m.features = static_cast<int64_t>(size / supports);
    return m;
  }

  template <class T>
  double score(const T* x) const {
    double sum = rho;
    if (supports == 0) {
      sum += KernelFunction{}(x, coefficients.data(), features);
    } else {
      for (int64_t j = 0; j < supports; ++j)
        sum += static_cast<double>(coefficients[static_cast<size_t>(j)]) *
               kernel(x, vectors.data() + j * features, features);
    }
    return one_class ? (sum > 0 ? 1 : -1) : sum;
  }
};

Status infer_regressor(const InferArgs& a) {
  LITE_ASSIGN(const Regressor m, Regressor::read(a.attrs));
  return ml::infer_regressor(a, m.features, 1);
}

Status regressor(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Regressor m, Regressor::read(a.attrs));
  LITE_ASSIGN(const ml::Rows rows, ml::rows_of("SVMRegressor", x));
  LITE_TRY(ml::check_features("SVMRegressor", rows, m.features));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, Dims{rows.rows, 1}));
  return ml::dispatch_features("SVMRegressor", x, [&](const auto* from) -> Status {
    for (int64_t r = 0; r < rows.rows; ++r) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      double s = m.score(from + r * rows.features);
      if (!m.one_class) ml::transform_scores(m.transform, {&s, 1});
      y->mutable_data<float>()[r] = static_cast<float>(s);
    }
    return ok();
  });
}

// ---- SVMClassifier

struct Classifier {
  KernelFunction kernel;
  ml::Labels labels;
  std::span<const float> vectors, coefficients, rho, prob_a, prob_b;
  std::vector<int64_t> begin;  // of each class's vectors; and the end
  int64_t classes = 0, features = 0;
  ml::PostTransform transform = ml::PostTransform::kNone;

  bool pairs() const { return !begin.empty(); }
  int64_t num_pairs() const { return classes * (classes - 1) / 2; }
  int64_t scores() const {
    if (!pairs() || !prob_a.empty()) return classes;
    return classes == 2 ? 2 : num_pairs();
  }

  static Result<Classifier> read(const AttrReader& r) {
    constexpr const char* kOp = "SVMClassifier";
    Classifier m;
    LITE_ASSIGN(m.kernel, KernelFunction::read(r));
    LITE_ASSIGN(m.labels, ml::Labels::read(r, "classlabels_ints", "classlabels_strings"));
    LITE_ASSIGN(m.transform, ml::post_transform_of(r));
    m.vectors = r.floats("support_vectors");
    m.coefficients = r.floats("coefficients");
    m.rho = r.floats("rho");
    m.prob_a = r.floats("prob_a");
    m.prob_b = r.floats("prob_b");
    m.classes = static_cast<int64_t>(m.labels.size());
    if (m.classes > 1 << 15) return unsupported(kOp, ": has ", m.classes, " classes, at most 32768");
    const auto per_class = r.ints("vectors_per_class");
    if (m.rho.empty()) return wrong_size(kOp, "rho", 0, "1 or more");
    if (per_class.empty()) {
      const size_t size = m.coefficients.size();
      if (size == 0 || size % m.labels.size() != 0)
        return wrong_size(kOp, "coefficients", size, "a multiple of the ", m.classes, " classes");
      m.features = static_cast<int64_t>(size / m.labels.size());
      m.prob_a = m.prob_b = {};
      return m;
    }
    if (per_class.size() != m.labels.size())
      return wrong_size(kOp, "vectors_per_class", per_class.size(), m.classes, " as there are classes");
    if (m.classes < 2) return invalid_model(kOp, ": has support vectors of one class, wanted two or more");
    m.begin.push_back(0);
    for (const int64_t n : per_class) {
      const auto end = n < 0 ? std::nullopt : checked_add(m.begin.back(), n);
      if (!end) return invalid_model(kOp, ": attribute 'vectors_per_class' has ", n);
      m.begin.push_back(*end);
    }
    const int64_t total = m.begin.back();
    const auto size = static_cast<int64_t>(m.vectors.size());
    if (total == 0 || size == 0 || size % total != 0)
      return wrong_size(kOp, "support_vectors", m.vectors.size(), "a multiple of the ", total,
                        " of vectors_per_class");
    m.features = size / total;
    const auto all = checked_mul(total, m.classes - 1);
    if (!all || static_cast<int64_t>(m.coefficients.size()) != *all)
      return wrong_size(kOp, "coefficients", m.coefficients.size(), m.classes - 1, " for each of ", total,
                        " vectors");
    const auto pairs = static_cast<size_t>(m.num_pairs());
    if (m.rho.size() < pairs) return wrong_size(kOp, "rho", m.rho.size(), pairs, ", one a pair of classes");
    if (m.prob_a.size() != m.prob_b.size() || (!m.prob_a.empty() && m.prob_a.size() < pairs))
      return invalid_model(kOp, ": attributes 'prob_a' and 'prob_b' have ", m.prob_a.size(), " and ",
                           m.prob_b.size(), " elements, wanted ", pairs, " each, one a pair of classes");
    return m;
  }
};

// The probabilities p of k classes from r[i * k + j], that of class i against j.
void couple(std::span<const double> r, std::span<double> p) {
  const size_t k = p.size();
  const auto at = [&](size_t i, size_t j) { return r[i * k + j]; };
  std::vector<double> q(k * k), qp(k);
  for (size_t t = 0; t < k; ++t) {
    p[t] = 1 / static_cast<double>(k);
    for (size_t j = 0; j < k; ++j) {
      if (j == t) continue;
      q[t * k + t] += at(j, t) * at(j, t);
      q[t * k + j] = -at(j, t) * at(t, j);
    }
  }
  const double enough = 0.005 / static_cast<double>(k);
  for (size_t round = 0; round < std::max<size_t>(100, k); ++round) {
    double pqp = 0, error = 0;
    for (size_t t = 0; t < k; ++t) {
      qp[t] = 0;
      for (size_t j = 0; j < k; ++j) qp[t] += q[t * k + j] * p[j];
      pqp += p[t] * qp[t];
    }
    for (const double v : qp) error = std::max(error, std::abs(v - pqp));
    if (error < enough) return;
    for (size_t t = 0; t < k; ++t) {
      const double step = (pqp - qp[t]) / q[t * k + t];
      p[t] += step;
      pqp = (pqp + step * (step * q[t * k + t] + 2 * qp[t])) / (1 + step) / (1 + step);
      for (size_t j = 0; j < k; ++j) {
        qp[j] = (qp[j] + step * q[t * k + j]) / (1 + step);
        p[j] /= 1 + step;
      }
    }
  }
}

// One row at a time, with room for its numbers.
class Run {
 public:
  explicit Run(const Classifier& m)
      : m_(m),
        k_(m.pairs() ? static_cast<size_t>(m.begin.back()) : 0),
        votes_(static_cast<size_t>(m.classes)) {}

  // Fills scores and gives the class that wins.
  template <class T>
  size_t operator()(const T* x, std::vector<double>& scores) {
    if (!m_.pairs()) return by_class(x, scores);
    std::vector<double>& s = decisions_;
    by_pair(x, s);
    const auto best = static_cast<size_t>(std::max_element(votes_.begin(), votes_.end()) - votes_.begin());
    if (!m_.prob_a.empty())
      probabilities(s, scores);
    else if (m_.classes == 2)
      scores = {-s[0], s[0]};
    else
      scores = s;
    return best;
  }

 private:
  template <class T>
  size_t by_class(const T* x, std::vector<double>& scores) const {
    scores.clear();
    for (int64_t c = 0; c < m_.classes; ++c)
      scores.push_back(static_cast<double>(m_.rho[0]) +
                       KernelFunction{}(x, m_.coefficients.data() + c * m_.features, m_.features));
    if (scores.size() == 1) return scores[0] > 0 ? 1 : 0;
    return static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  }

  template <class T>
  void by_pair(const T* x, std::vector<double>& s) {
    const auto total = static_cast<int64_t>(k_.size());
    for (int64_t v = 0; v < total; ++v)
      k_[static_cast<size_t>(v)] = m_.kernel(x, m_.vectors.data() + v * m_.features, m_.features);
    std::fill(votes_.begin(), votes_.end(), 0);
    s.clear();
    const auto sum_of = [&](int64_t of, int64_t row) {
      double sum = 0;
      for (int64_t v = m_.begin[static_cast<size_t>(of)]; v < m_.begin[static_cast<size_t>(of) + 1]; ++v)
        sum += static_cast<double>(m_.coefficients[static_cast<size_t>(row * total + v)]) *
               k_[static_cast<size_t>(v)];
      return sum;
    };
    for (int64_t i = 0; i < m_.classes; ++i) {
      for (int64_t j = i + 1; j < m_.classes; ++j) {
        s.push_back(static_cast<double>(m_.rho[s.size()]) + sum_of(i, j - 1) + sum_of(j, i));
        ++votes_[static_cast<size_t>(s.back() > 0 ? i : j)];
      }
    }
  }

  void probabilities(const std::vector<double>& s, std::vector<double>& p) {
    const auto k = static_cast<size_t>(m_.classes);
    r_.assign(k * k, 0);
    size_t pair = 0;
    for (size_t i = 0; i < k; ++i) {
      for (size_t j = i + 1; j < k; ++j, ++pair) {
        double odds = static_cast<double>(m_.prob_a[pair]) * s[pair] + static_cast<double>(m_.prob_b[pair]);
        odds = -odds;
        ml::transform_scores(ml::PostTransform::kLogistic, {&odds, 1});
        const double sure = std::clamp(odds, 1e-7, 1 - 1e-7);
        r_[i * k + j] = sure;
        r_[j * k + i] = 1 - sure;
      }
    }
    p.resize(k);
    couple(r_, p);
  }

  const Classifier& m_;
  std::vector<double> k_;  // the kernel function with every vector
  std::vector<int64_t> votes_;
  std::vector<double> decisions_, r_;
};

Status infer_classifier(const InferArgs& a) {
  LITE_ASSIGN(const Classifier m, Classifier::read(a.attrs));
  return ml::infer_classifier(a, m.labels, m.features, m.scores());
}

Status classifier(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Classifier m, Classifier::read(a.attrs));
  LITE_ASSIGN(const ml::Rows rows, ml::rows_of("SVMClassifier", x));
  LITE_TRY(ml::check_features("SVMClassifier", rows, m.features));
  LITE_ASSIGN(Tensor* const y, a.output(0, m.labels.dtype(), Dims{rows.rows}));
  LITE_ASSIGN(Tensor* const z, a.output(1, DType::kF32, Dims{rows.rows, m.scores()}));
  Run run(m);
  std::vector<double> scores;
  return ml::dispatch_features("SVMClassifier", x, [&](const auto* from) -> Status {
    float* out = z->mutable_data<float>();
    for (int64_t r = 0; r < rows.rows; ++r) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const size_t best = run(from + r * rows.features, scores);
      if (m.classes == 1)
        m.labels.put_one_class(*y, r, best == 1);
      else
        m.labels.put(*y, r, best);
      ml::transform_scores(m.transform, scores);
      for (const double s : scores) *out++ = static_cast<float>(s);
    }
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"X", ml::kNumbers}};
constexpr OperandSpec kScoresOut[] = {{"Y", DType::kF32}};
constexpr OperandSpec kClassesOut[] = {{"Y", ml::kLabelTypes}, {"Z", DType::kF32}};
constexpr AttrSpec kRegressorAttrs[] = {
    {"coefficients", AttrType::kFloats}, {"kernel_params", AttrType::kFloats},
    {"kernel_type", AttrType::kString},  {"n_supports", AttrType::kInt},
    {"one_class", AttrType::kInt},       {"post_transform", AttrType::kString},
    {"rho", AttrType::kFloats},          {"support_vectors", AttrType::kFloats}};
constexpr AttrSpec kClassifierAttrs[] = {{"classlabels_ints", AttrType::kInts},
                                         {"classlabels_strings", AttrType::kStrings},
                                         {"coefficients", AttrType::kFloats},
                                         {"kernel_params", AttrType::kFloats},
                                         {"kernel_type", AttrType::kString},
                                         {"post_transform", AttrType::kString},
                                         {"prob_a", AttrType::kFloats},
                                         {"prob_b", AttrType::kFloats},
                                         {"rho", AttrType::kFloats},
                                         {"support_vectors", AttrType::kFloats},
                                         {"vectors_per_class", AttrType::kInts}};

constexpr OpDef kOps[] = {
    {.name = "SVMRegressor",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kScoresOut,
     .attrs = kRegressorAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer_regressor,
     .reference = regressor},
    {.name = "SVMClassifier",
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

extern constinit const OpTable svm;
constinit const OpTable svm{kOps};

}  // namespace lite::ops
