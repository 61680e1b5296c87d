#include "core/ops/recurrent.h"

#include <cctype>
#include <cmath>

#include "core/ops/matmul_shape.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

struct ActivationRow {
  const char* name;
  double alpha, beta;
  bool has_alpha, has_beta;
};
// In the order of RecurrentActivation::Kind.
constexpr ActivationRow kActivations[] = {
    {"relu", 0, 0, false, false},        {"tanh", 0, 0, false, false},
    {"sigmoid", 0, 0, false, false},     {"affine", 1, 0, true, true},
    {"leakyrelu", 0.01, 0, true, false}, {"thresholdedrelu", 1, 0, true, false},
    {"scaledtanh", 1, 1, true, true},    {"hardsigmoid", 0.2, 0.5, true, true},
    {"elu", 1, 0, true, false},          {"softsign", 0, 0, false, false},
    {"softplus", 0, 0, false, false},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

Status read_activations(const AttrReader& attrs, std::span<const char* const> defaults, RecurrentShape& s) {
  const char* op = attrs.node().op->name;
  const std::span<const std::string> given = attrs.strs("activations");
  const size_t wanted = defaults.size() * static_cast<size_t>(s.directions);
  std::vector<std::string> names(given.begin(), given.end());
  if (names.empty())
    for (size_t i = 0; i < wanted; ++i) names.push_back(defaults[i % defaults.size()]);
  // Exporters write the names of both directions where there is one; RNN's default list does so too.
  if (names.size() == 2 * wanted && s.directions == 1) names.resize(wanted);
  if (names.size() != wanted)
    return invalid_model(op, ": attribute 'activations' has ", names.size(), " names, ", wanted, " wanted");
  const std::span<const float> alphas = attrs.floats("activation_alpha"),
                               betas = attrs.floats("activation_beta");
  const auto clip = static_cast<double>(attrs.f32("clip", 0));
  if (clip < 0 || std::isnan(clip))
    return invalid_model(op, ": attribute 'clip' is ", clip, ", more than 0 wanted");
  size_t next_alpha = 0, next_beta = 0;
  for (const std::string& name : names) {
    const std::string key = lower(name);
    const auto* row = std::find_if(std::begin(kActivations), std::end(kActivations),
                                   [&](const ActivationRow& r) { return key == r.name; });
    if (row == std::end(kActivations)) return invalid_model(op, ": activation '", name, "' is unknown");
    RecurrentActivation a;
    a.kind = static_cast<RecurrentActivation::Kind>(row - std::begin(kActivations));
    a.alpha =
        row->has_alpha && next_alpha < alphas.size() ? static_cast<double>(alphas[next_alpha++]) : row->alpha;
    a.beta = row->has_beta && next_beta < betas.size() ? static_cast<double>(betas[next_beta++]) : row->beta;
    a.clip = clip;
    s.activations.push_back(a);
  }
  s.activations_each = defaults.size();
  return ok();
}

}  // namespace

double RecurrentActivation::operator()(double x) const {
  if (clip > 0) x = std::clamp(x, -clip, clip);
  switch (kind) {
    case kRelu:
      return std::max(x, 0.0);
    case kTanh:
      return std::tanh(x);
    case kSigmoid:
      return 1 / (1 + std::exp(-x));
    case kAffine:
      return alpha * x + beta;
    case kLeakyRelu:
      return x < 0 ? alpha * x : x;
    case kThresholdedRelu:
      return x >= alpha ? x : 0;
    case kScaledTanh:
      return alpha * std::tanh(beta * x);
    case kHardSigmoid:
      return std::clamp(alpha * x + beta, 0.0, 1.0);
    case kElu:
      return x < 0 ? alpha * std::expm1(x) : x;
    case kSoftsign:
      return x / (1 + std::fabs(x));
    case kSoftplus:
      return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
  }
  return x;
}

Result<RecurrentShape> resolve_recurrent(const AttrReader& attrs, std::span<const Fact> in, int64_t gates,
                                         std::span<const char* const> defaults) {
  const char* op = attrs.node().op->name;
  RecurrentShape s;
  s.gates = gates;
  const std::string_view direction = attrs.str("direction", "forward");
  if (direction == "bidirectional")
    s.directions = 2;
  else if (direction == "reverse")
    s.reverse = true;
  else if (direction != "forward")
    return invalid_model(op, ": attribute 'direction' is '", direction,
                         "', forward, reverse or bidirectional wanted");
  const int64_t layout = attrs.i64("layout", 0);
  if (layout != 0 && layout != 1)
    return invalid_model(op, ": attribute 'layout' is ", layout, ", 0 or 1 wanted");
  s.batch_first = layout == 1;
  LITE_TRY(read_activations(attrs, defaults, s));

  const auto has = [&](size_t i) { return i < in.size() && in[i].has_rank; };
  constexpr const char* kNames[] = {"X", "W", "R", "B", "sequence_lens", "initial_h"};
  constexpr size_t kRanks[] = {3, 3, 3, 2, 1, 3};
  for (size_t i = 0; i < std::size(kRanks); ++i)
    if (has(i) && in[i].rank() != kRanks[i])
      return invalid_model(op, ": ", kNames[i], " has shape ", in[i].dims, ", ", kRanks[i],
                           " dimensions wanted");
  if (has(0)) {
    s.seq = in[0].dims[s.batch_first ? 1 : 0];
    s.batch = in[0].dims[s.batch_first ? 0 : 1];
    s.input = in[0].dims[2];
  }
  if (has(2)) s.hidden = in[2].dims[2];
  const int64_t named = attrs.i64("hidden_size", kUnknownDim);
  if (attrs.has("hidden_size") && named < 1)
    return invalid_model(op, ": attribute 'hidden_size' is ", named, ", at least 1 wanted");
  if (s.hidden >= 0 && named >= 0 && named != s.hidden)
    return invalid_model(op, ": attribute 'hidden_size' is ", named, ", R of shape ", in[2].dims, " wants ",
                         s.hidden);
  if (s.hidden < 0) s.hidden = named;
  const auto of_gates = [&](int64_t times) -> int64_t {
    return s.hidden < 0 ? kUnknownDim : checked_mul(s.hidden, times * gates).value_or(kUnknownDim);
  };
  const auto check = [&](size_t i, const Dims& want) -> Status {
    if (!has(i)) return ok();
    for (size_t d = 0; d < want.size(); ++d)
      if (want[d] >= 0 && in[i].dims[d] >= 0 && in[i].dims[d] != want[d])
        return invalid_model(op, ": ", kNames[i], " has shape ", in[i].dims, ", ", want, " wanted");
    return ok();
  };
  LITE_TRY(check(1, {s.directions, of_gates(1), s.input}));
  LITE_TRY(check(2, {s.directions, of_gates(1), s.hidden}));
  LITE_TRY(check(3, {s.directions, of_gates(2)}));
  LITE_TRY(check(4, {s.batch}));
  LITE_TRY(check(
      5, s.batch_first ? Dims{s.batch, s.directions, s.hidden} : Dims{s.directions, s.batch, s.hidden}));
  return s;
}

Status infer_recurrent(const InferArgs& a, int64_t gates, std::span<const char* const> defaults) {
  LITE_ASSIGN(const RecurrentShape s, resolve_recurrent(a.attrs, a.in, gates, defaults));
  const DType type = a.in[0].dtype;
  if (!a.out.empty())
    a.out[0] = Fact(type, s.batch_first ? Dims{s.batch, s.seq, s.directions, s.hidden}
                                        : Dims{s.seq, s.directions, s.batch, s.hidden});
  for (size_t i = 1; i < a.out.size(); ++i)
    a.out[i] = Fact(
        type, s.batch_first ? Dims{s.batch, s.directions, s.hidden} : Dims{s.directions, s.batch, s.hidden});
  return ok();
}

void multiply_vector(const double* matrix, int64_t rows, int64_t columns, const double* v, double* sums) {
  std::fill(sums, sums + rows, 0.0);
  multiply(1, rows, columns, v, false, matrix, true, sums);
}

Status run_recurrent(const EvalArgs& a, const RecurrentShape& s, const RecurrentCell& cell, int initial_c,
                     int c_output) {
  const Tensor& x = a.input(0);
  const DType type = x.dtype();
  const Dims state_dims =
      s.batch_first ? Dims{s.batch, s.directions, s.hidden} : Dims{s.directions, s.batch, s.hidden};
  const Dims y_dims = s.batch_first ? Dims{s.batch, s.seq, s.directions, s.hidden}
                                    : Dims{s.seq, s.directions, s.batch, s.hidden};
  Tensor *y = nullptr, *y_h = nullptr, *y_c = nullptr;
  if (a.wants(0)) {
    LITE_ASSIGN(y, a.output(0, type, y_dims));
  }
  if (a.wants(1)) {
    LITE_ASSIGN(y_h, a.output(1, type, state_dims));
  }
  if (c_output >= 0 && a.wants(static_cast<size_t>(c_output))) {
    LITE_ASSIGN(y_c, a.output(static_cast<size_t>(c_output), type, state_dims));
  }
  const int64_t rows = s.gates * s.hidden;
  const Widened<double> w(a.input(1));
  const auto hidden = static_cast<size_t>(s.hidden);
  std::vector<double> inputs(static_cast<size_t>(s.input)), xw(static_cast<size_t>(rows)), h(hidden),
      c(hidden);
  const std::vector<double> zeros(hidden, 0);
  for (int64_t d = 0; d < s.directions; ++d) {
    const bool backward = s.reverse || d == 1;
    for (int64_t b = 0; b < s.batch; ++b) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const int64_t length = a.has(4) ? a.input(4).int_at(b) : s.seq;
      if (length < 0 || length > s.seq)
        return invalid_argument(a.attrs.node().op->name, ": sequence_lens[", b, "] is ", length,
                                ", wanted in [0,", s.seq, "]");
      const int64_t state = (s.batch_first ? b * s.directions + d : d * s.batch + b) * s.hidden;
      h = c = zeros;
      if (a.has(5)) widen(a.input(5), state, s.hidden, h.data());
      if (initial_c >= 0 && a.has(static_cast<size_t>(initial_c)))
        widen(a.input(static_cast<size_t>(initial_c)), state, s.hidden, c.data());
      const auto place = [&](int64_t t) {
        return (s.batch_first ? (b * s.seq + t) * s.directions + d : (t * s.directions + d) * s.batch + b) *
               s.hidden;
      };
      for (int64_t step = 0; step < length; ++step) {
        const int64_t t = backward ? length - 1 - step : step;
        widen(x, (s.batch_first ? b * s.seq + t : t * s.batch + b) * s.input, s.input, inputs.data());
        multiply_vector(w.data() + d * rows * s.input, rows, s.input, inputs.data(), xw.data());
        cell(d, xw.data(), h.data(), c.data());
        if (y != nullptr) narrow(h.data(), s.hidden, *y, place(t));
      }
      for (int64_t t = length; y != nullptr && t < s.seq; ++t) narrow(zeros.data(), s.hidden, *y, place(t));
      if (y_h != nullptr) narrow(h.data(), s.hidden, *y_h, state);
      if (y_c != nullptr) narrow(c.data(), s.hidden, *y_c, state);
    }
  }
  return ok();
}

}  // namespace lite::ops
