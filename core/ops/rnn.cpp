// RNN: H = f(W x + R H + Wb + Rb) at each step; see recurrent.h for operands and attributes. f: Tanh.
//
// GRU: gates z (update), r (reset), h (hidden), in this order in W, R and B. f: Sigmoid, g: Tanh.
//   z = f(Wz x + Rz H + Wbz + Rbz)        r = f(Wr x + Rr H + Wbr + Rbr)
//   n = g(Wh x + Rh (r * H) + Rbh + Wbh), with linear_before_reset (int, default 0) g(Wh x + r * (Rh H + Rbh)
//   + Wbh) H = (1 - z) * n + z * H
//
// LSTM: gates i (input), o (output), f (forget), c (cell), in this order in W, R and B. f: Sigmoid, g: Tanh,
// h: Tanh.
//   in  initial_c  optional, shape of initial_h        in  P  optional [directions, 3 * hidden]: peepholes of
//   i, o, f out Y_c        optional, shape of initial_h i = f(Wi x + Ri H + Pi * C + Wbi + Rbi)    f = f(Wf x
//   + Rf H + Pf * C + Wbf + Rbf), with input_forget (int, default 0) f = 1 - i      c = g(Wc x + Rc H + Wbc +
//   Rbc)      C = f * C + i * c o = f(Wo x + Ro H + Po * C + Wbo + Rbo)    H = o * h(C)

#include "core/ops/recurrent.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr const char* kRnnDefaults[] = {"Tanh"};
constexpr const char* kGruDefaults[] = {"Sigmoid", "Tanh"};
constexpr const char* kLstmDefaults[] = {"Sigmoid", "Tanh", "Tanh"};

Result<RecurrentShape> resolve(const EvalArgs& a, int64_t gates, std::span<const char* const> defaults) {
  std::vector<Fact> facts;
  for (size_t i = 0; i < a.num_in(); ++i)
    facts.push_back(a.has(i) ? Fact(a.input(i).dtype(), a.input(i).dims()) : Fact());
  return resolve_recurrent(a.attrs, facts, gates, defaults);
}

// R and both halves of B, zeros where B is left out, by direction.
struct Weights {
  explicit Weights(const EvalArgs& a, const RecurrentShape& s)
      : r(a.input(2)),
        rows(s.gates * s.hidden),
        hidden(s.hidden),
        bias(static_cast<size_t>(2 * rows * s.directions), 0) {
    if (a.has(3)) widen(a.input(3), 0, a.input(3).elements(), bias.data());
  }
  const double* recurrence(int64_t d) const { return r.data() + d * rows * hidden; }
  const double* input_bias(int64_t d) const { return bias.data() + d * 2 * rows; }
  const double* recurrence_bias(int64_t d) const { return input_bias(d) + rows; }

  Widened<double> r;
  int64_t rows, hidden;
  std::vector<double> bias;
};

Status infer_rnn(const InferArgs& a) { return infer_recurrent(a, 1, kRnnDefaults); }

Status evaluate_rnn(const EvalArgs& a) {
  LITE_ASSIGN(const RecurrentShape s, resolve(a, 1, kRnnDefaults));
  const Weights w(a, s);
  const auto n = static_cast<size_t>(s.hidden);
  std::vector<double> rh(n);
  return run_recurrent(a, s, [&](int64_t d, const double* xw, double* h, double*) {
    multiply_vector(w.recurrence(d), s.hidden, s.hidden, h, rh.data());
    for (size_t k = 0; k < n; ++k)
      h[k] =
          s.activations[static_cast<size_t>(d)](xw[k] + rh[k] + w.input_bias(d)[k] + w.recurrence_bias(d)[k]);
  });
}

Status infer_gru(const InferArgs& a) { return infer_recurrent(a, 3, kGruDefaults); }

Status evaluate_gru(const EvalArgs& a) {
  LITE_ASSIGN(const RecurrentShape s, resolve(a, 3, kGruDefaults));
  const Weights w(a, s);
  const bool linear_before_reset = a.attrs.i64("linear_before_reset") != 0;
  const auto n = static_cast<size_t>(s.hidden);
  std::vector<double> rh(3 * n), z(n), r(n), rn(n);
  return run_recurrent(a, s, [&](int64_t d, const double* xw, double* h, double*) {
    const RecurrentActivation *f = &s.activations[2 * static_cast<size_t>(d)], *g = f + 1;
    const double *wb = w.input_bias(d), *rb = w.recurrence_bias(d);
    multiply_vector(w.recurrence(d), 3 * s.hidden, s.hidden, h, rh.data());
    for (size_t k = 0; k < n; ++k) {
      z[k] = (*f)(xw[k] + rh[k] + wb[k] + rb[k]);
      r[k] = (*f)(xw[n + k] + rh[n + k] + wb[n + k] + rb[n + k]);
    }
    if (linear_before_reset) {
      for (size_t k = 0; k < n; ++k) rn[k] = r[k] * (rh[2 * n + k] + rb[2 * n + k]);
    } else {
      for (size_t k = 0; k < n; ++k) r[k] *= h[k];
      multiply_vector(w.recurrence(d) + 2 * s.hidden * s.hidden, s.hidden, s.hidden, r.data(), rn.data());
      for (size_t k = 0; k < n; ++k) rn[k] += rb[2 * n + k];
    }
    for (size_t k = 0; k < n; ++k)
      h[k] = (1 - z[k]) * (*g)(xw[2 * n + k] + rn[k] + wb[2 * n + k]) + z[k] * h[k];
  });
}

Status infer_lstm(const InferArgs& a) {
  LITE_ASSIGN(const RecurrentShape s, resolve_recurrent(a.attrs, a.in, 4, kLstmDefaults));
  const auto check = [&](size_t i, const char* name, const Dims& want) -> Status {
    if (!a.has(i) || !a.in[i].has_rank) return ok();
    bool fits = a.in[i].rank() == want.size();
    for (size_t d = 0; fits && d < want.size(); ++d)
      fits = want[d] < 0 || a.in[i].dims[d] < 0 || want[d] == a.in[i].dims[d];
    if (fits) return ok();
    return invalid_model("LSTM: ", name, " has shape ", a.in[i].dims, ", ", want, " wanted");
  };
  LITE_TRY(
      check(6, "initial_c",
            s.batch_first ? Dims{s.batch, s.directions, s.hidden} : Dims{s.directions, s.batch, s.hidden}));
  LITE_TRY(check(
      7, "P", {s.directions, s.hidden < 0 ? kUnknownDim : checked_mul(s.hidden, 3).value_or(kUnknownDim)}));
  return infer_recurrent(a, 4, kLstmDefaults);
}

Status evaluate_lstm(const EvalArgs& a) {
  LITE_ASSIGN(const RecurrentShape s, resolve(a, 4, kLstmDefaults));
  const Weights w(a, s);
  const bool input_forget = a.attrs.i64("input_forget") != 0;
  const auto n = static_cast<size_t>(s.hidden);
  std::vector<double> rh(4 * n), peepholes(static_cast<size_t>(s.directions) * 3 * n, 0);
  if (a.has(7)) widen(a.input(7), 0, a.input(7).elements(), peepholes.data());
  const auto cell = [&](int64_t d, const double* xw, double* h, double* c) {
    const RecurrentActivation *f = &s.activations[3 * static_cast<size_t>(d)], *g = f + 1, *out = f + 2;
    const double *wb = w.input_bias(d), *rb = w.recurrence_bias(d),
                 *p = peepholes.data() + static_cast<size_t>(d) * 3 * n;
    multiply_vector(w.recurrence(d), 4 * s.hidden, s.hidden, h, rh.data());
    const auto gate = [&](size_t q, size_t k) {
      return xw[q * n + k] + rh[q * n + k] + wb[q * n + k] + rb[q * n + k];
    };
    for (size_t k = 0; k < n; ++k) {
      const double input = (*f)(gate(0, k) + p[k] * c[k]);
      const double forget = input_forget ? 1 - input : (*f)(gate(2, k) + p[2 * n + k] * c[k]);
      c[k] = forget * c[k] + input * (*g)(gate(3, k));
      h[k] = (*f)(gate(1, k) + p[n + k] * c[k]) * (*out)(c[k]);
    }
  };
  return run_recurrent(a, s, cell, 6, 2);
}

constexpr OperandSpec kIn[] = {LITE_RECURRENT_IN};
constexpr OperandSpec kOut[] = {LITE_RECURRENT_OUT};
constexpr OperandSpec kLstmIn[] = {LITE_RECURRENT_IN,
                                   {"initial_c", types::kFloat, 'T', OperandSpec::kOptional},
                                   {"P", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kLstmOut[] = {LITE_RECURRENT_OUT, {"Y_c", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr AttrSpec kRnnAttrs[] = {LITE_RECURRENT_ATTRS};
constexpr AttrSpec kGruAttrs[] = {LITE_RECURRENT_ATTRS, {"linear_before_reset", AttrType::kInt}};
constexpr AttrSpec kLstmAttrs[] = {LITE_RECURRENT_ATTRS, {"input_forget", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "RNN",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kRnnAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_rnn,
        .reference = evaluate_rnn,
    },
    {
        .name = "GRU",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kGruAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_gru,
        .reference = evaluate_gru,
    },
    {
        .name = "LSTM",
        .since = 22,
        .inputs = kLstmIn,
        .outputs = kLstmOut,
        .attrs = kLstmAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_lstm,
        .reference = evaluate_lstm,
    },
};

}  // namespace

extern constinit const OpTable rnn;
constinit const OpTable rnn{kOps};

}  // namespace lite::ops
