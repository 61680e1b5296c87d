// LinearAttention: attention whose keys and values are summed into one matrix S for each head, token by
// token.
//
//   in  query  [B,T,q_heads*dk], float      in  key  [B,T,kv_heads*dk]      in  value  [B,T,kv_heads*dv]
//   in  past_state  optional [B,kv_heads,dk,dv], default zeros
//   in  decay       gated and gated_delta: [B,T,kv_heads*dk] or [B,T,kv_heads], logarithms
//   in  beta        delta and gated_delta: [B,T,kv_heads] or [B,T,1]
//   out output         [B,T,q_heads*dv]: scale * query^T S
//   out present_state  S after the last token
//   attr update_rule string, default gated_delta; of S with k, v, d = exp(decay), b = beta:
//     linear S + k v^T        gated d S + k v^T        delta S + b k (v - S^T k)^T        gated_delta d S + b
//     k (v - (d S)^T k)^T
//   attr q_num_heads, kv_num_heads int, required: the second divides the first; each serves that many query
//   heads in a row attr scale float, default 0: 1 / sqrt(dk)      attr chunk_size int: a hint, without
//   meaning here
//
// CausalConvWithState: a convolution of each channel with its own taps, over past positions only.
//
//   in  input  [B,C,L], float      in  weight  [C,1,k]      in  bias  optional [C]
//   in  past_state  optional [B,C,k-1]: what came before input, default zeros
//   out output  [B,C,L]            out present_state  [B,C,k-1]: the last positions of both
//   attr activation string: none (default), silu or swish: y / (1 + e^-y)

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

// Whether known dimensions agree with the wanted ones.
bool fits(const Fact& f, const Dims& want) {
  if (!f.has_rank) return true;
  bool same = f.rank() == want.size();
  for (size_t d = 0; same && d < want.size(); ++d)
    same = want[d] < 0 || f.dims[d] < 0 || want[d] == f.dims[d];
  return same;
}

// Takes dimensions that are unknown from a shape that is the same.
void known_from(const Dims& same, Dims& dims) {
  for (size_t d = 0; d < dims.size(); ++d)
    if (dims[d] == kUnknownDim) dims[d] = same[d];
}

int64_t times(int64_t a, int64_t b) {
  return a < 0 || b < 0 ? kUnknownDim : checked_mul(a, b).value_or(kUnknownDim);
}

struct Shape {
  int64_t batch = kUnknownDim, tokens = kUnknownDim, q_heads = 1, kv_heads = 1, dk = kUnknownDim,
          dv = kUnknownDim;
  bool gated = false, delta = false;
  bool decay_each = false;  // one decay for each row of S
  bool beta_each = false;   // one beta for each head
};

Result<Shape> resolve(const AttrReader& attrs, std::span<const Fact> in) {
  const auto broken = [](const auto&... what) { return invalid_model("LinearAttention: ", what...); };
  Shape s;
  s.q_heads = attrs.i64("q_num_heads");
  s.kv_heads = attrs.i64("kv_num_heads");
  if (s.q_heads < 1 || s.kv_heads < 1 || s.q_heads % s.kv_heads != 0)
    return broken("attributes 'q_num_heads' and 'kv_num_heads' are ", s.q_heads, " and ", s.kv_heads,
                  ", the second must divide the first");
  const std::string_view rule = attrs.str("update_rule", "gated_delta");
  s.gated = rule == "gated" || rule == "gated_delta";
  s.delta = rule == "delta" || rule == "gated_delta";
  if (!s.gated && !s.delta && rule != "linear")
    return broken("attribute 'update_rule' is '", rule, "', linear, gated, delta or gated_delta wanted");
  constexpr const char* kNames[] = {"query", "key", "value", "past_state", "decay", "beta"};
  const auto has = [&](size_t i) { return i < in.size() && in[i].has_rank; };
  for (const size_t i : {0U, 1U, 2U, 4U, 5U}) {
    if (!has(i)) continue;
    if (in[i].rank() != 3) return broken(kNames[i], " has shape ", in[i].dims, ", three dimensions wanted");
    if (s.batch < 0) s.batch = in[i].dims[0];
    if (s.tokens < 0) s.tokens = in[i].dims[1];
  }
  const auto split = [&](size_t i, int64_t heads) {
    return has(i) && in[i].dims[2] >= 0 ? in[i].dims[2] / heads : kUnknownDim;
  };
  s.dk = split(0, s.q_heads);
  if (s.dk < 0) s.dk = split(1, s.kv_heads);
  s.dv = split(2, s.kv_heads);
  const int64_t last[] = {times(s.q_heads, s.dk), times(s.kv_heads, s.dk), times(s.kv_heads, s.dv)};
  for (size_t i = 0; i < 3; ++i)
    if (i < in.size() && !fits(in[i], {s.batch, s.tokens, last[i]}))
      return broken(kNames[i], " has shape ", in[i].dims, ", ", Dims{s.batch, s.tokens, last[i]}, " wanted");
  if (has(3) && !fits(in[3], {s.batch, s.kv_heads, s.dk, s.dv}))
    return broken("past_state has shape ", in[3].dims, ", ", Dims{s.batch, s.kv_heads, s.dk, s.dv},
                  " wanted");
  if (has(4) && in[4].dims[2] >= 0) {
    s.decay_each = in[4].dims[2] != s.kv_heads;
    if (!fits(in[4], {s.batch, s.tokens, s.decay_each ? last[1] : s.kv_heads}))
      return broken("decay has shape ", in[4].dims, ", ", s.kv_heads, " or ", last[1],
                    " numbers a token wanted");
  }
  if (has(5) && in[5].dims[2] >= 0) {
    s.beta_each = in[5].dims[2] != 1;
    if (!fits(in[5], {s.batch, s.tokens, s.beta_each ? s.kv_heads : 1}))
      return broken("beta has shape ", in[5].dims, ", ", s.kv_heads, " numbers or 1 a token wanted");
  }
  return s;
}

Status infer_attention(const InferArgs& a) {
  LITE_ASSIGN(const Shape s, resolve(a.attrs, a.in));
  // An operand of unknown type looks like one that is left out; only what is surely missing is an error.
  const bool typed = a.in[0].dtype != DType::kUndefined;
  if (typed && s.gated && a.num_in() <= 4) return invalid_model("LinearAttention: decay is missing");
  if (typed && s.delta && a.num_in() <= 5) return invalid_model("LinearAttention: beta is missing");
  a.out[0] = Fact(a.in[0].dtype, {s.batch, s.tokens, times(s.q_heads, s.dv)});
  if (a.out.size() > 1) {
    Dims state{s.batch, s.kv_heads, s.dk, s.dv};
    if (a.has(3) && a.in[3].has_rank) known_from(a.in[3].dims, state);
    a.out[1] = Fact(a.has(3) ? a.in[3].dtype : a.in[0].dtype, std::move(state));
  }
  return ok();
}

Status attend(const EvalArgs& a) {
  std::vector<Fact> facts;
  for (size_t i = 0; i < a.num_in(); ++i)
    facts.push_back(a.has(i) ? Fact(a.input(i).dtype(), a.input(i).dims()) : Fact());
  LITE_ASSIGN(const Shape s, resolve(a.attrs, facts));
  if ((s.gated && !a.has(4)) || (s.delta && !a.has(5)))
    return invalid_model("LinearAttention: ", s.gated && !a.has(4) ? "decay" : "beta", " is missing");
  const DType type = a.input(0).dtype(), state_type = a.has(3) ? a.input(3).dtype() : type;
  LITE_ASSIGN(Tensor* const y, a.output(0, type, {s.batch, s.tokens, s.q_heads * s.dv}));
  Tensor* present = nullptr;
  if (a.wants(1)) {
    LITE_ASSIGN(present, a.output(1, state_type, {s.batch, s.kv_heads, s.dk, s.dv}));
  }
  const auto dk = static_cast<size_t>(s.dk), dv = static_cast<size_t>(s.dv);
  auto scale = static_cast<double>(a.attrs.f32("scale", 0));
  if (scale == 0) scale = 1 / std::sqrt(static_cast<double>(s.dk));
  const int64_t shared = s.q_heads / s.kv_heads;
  std::vector<double> state(dk * dv), q(dk), k(dk), v(dv), decay(dk), out(dv);
  for (int64_t b = 0; b < s.batch; ++b)
    for (int64_t h = 0; h < s.kv_heads; ++h) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const int64_t at = (b * s.kv_heads + h) * s.dk * s.dv;
      std::fill(state.begin(), state.end(), 0);
      if (a.has(3)) widen(a.input(3), at, s.dk * s.dv, state.data());
      for (int64_t t = 0; t < s.tokens; ++t) {
        const int64_t token = b * s.tokens + t, row = token * s.kv_heads + h;
        widen(a.input(1), row * s.dk, s.dk, k.data());
        widen(a.input(2), row * s.dv, s.dv, v.data());
        if (s.gated) {
          widen(a.input(4), s.decay_each ? row * s.dk : row, s.decay_each ? s.dk : 1, decay.data());
          for (size_t i = 0; i < dk; ++i)
            for (size_t j = 0; j < dv; ++j) state[i * dv + j] *= std::exp(decay[s.decay_each ? i : 0]);
        }
        if (s.delta) {
          double beta = 0;
          widen(a.input(5), s.beta_each ? row : token, 1, &beta);
          std::fill(out.begin(), out.end(), 0);
          for (size_t i = 0; i < dk; ++i)
            for (size_t j = 0; j < dv; ++j) out[j] += state[i * dv + j] * k[i];
          for (size_t j = 0; j < dv; ++j) v[j] = beta * (v[j] - out[j]);
        }
        for (size_t i = 0; i < dk; ++i)
          for (size_t j = 0; j < dv; ++j) state[i * dv + j] += k[i] * v[j];
        for (int64_t g = 0; g < shared; ++g) {
          const int64_t head = token * s.q_heads + h * shared + g;
          widen(a.input(0), head * s.dk, s.dk, q.data());
          std::fill(out.begin(), out.end(), 0);
          for (size_t i = 0; i < dk; ++i)
            for (size_t j = 0; j < dv; ++j) out[j] += scale * q[i] * state[i * dv + j];
          narrow(out.data(), s.dv, *y, head * s.dv);
        }
      }
      if (present != nullptr) narrow(state.data(), s.dk * s.dv, *present, at);
    }
  return ok();
}

Status infer_conv_state(const InferArgs& a) {
  const auto broken = [](const auto&... what) { return invalid_model("CausalConvWithState: ", what...); };
  const std::string_view activation = a.attrs.str("activation", "none");
  if (activation != "none" && activation != "silu" && activation != "swish")
    return broken("attribute 'activation' is '", activation, "', none, silu or swish wanted");
  const Fact &x = a.in[0], &w = a.in[1];
  if (x.has_rank && x.rank() != 3) return broken("input has shape ", x.dims, ", three dimensions wanted");
  const int64_t batch = x.has_rank ? x.dims[0] : kUnknownDim, channels = x.has_rank ? x.dims[1] : kUnknownDim;
  if (!fits(w, {channels, 1, kUnknownDim}))
    return broken("weight has shape ", w.dims, ", [", channels, ",1,taps] wanted");
  const int64_t taps = w.has_rank ? w.dims[2] : kUnknownDim;
  if (taps == 0) return broken("weight has shape ", w.dims, ", at least one tap wanted");
  Dims state{batch, channels, taps < 0 ? kUnknownDim : taps - 1};
  if (a.has(2) && !fits(a.in[2], {channels}))
    return broken("bias has shape ", a.in[2].dims, ", [", channels, "] wanted");
  if (a.has(3) && !fits(a.in[3], state))
    return broken("past_state has shape ", a.in[3].dims, ", ", state, " wanted");
  a.out[0] = x;
  if (a.has(3) && a.in[3].has_rank) known_from(a.in[3].dims, state);
  if (a.out.size() > 1) a.out[1] = Fact(x.dtype, state);
  return ok();
}

Status convolve_with_state(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t batch = x.dims()[0], channels = x.dims()[1], length = x.dims()[2],
                taps = a.input(1).dims()[2], kept = taps - 1;
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  Tensor* present = nullptr;
  if (a.wants(1)) {
    LITE_ASSIGN(present, a.output(1, x.dtype(), {batch, channels, kept}));
  }
  const bool swish = a.attrs.str("activation", "none") != "none";
  const Widened<double> w(a.input(1));
  std::vector<double> bias(static_cast<size_t>(channels), 0), line(static_cast<size_t>(kept + length)),
      out(static_cast<size_t>(length));
  if (a.has(2)) widen(a.input(2), 0, channels, bias.data());
  for (int64_t n = 0; n < batch * channels; ++n) {
    const int64_t c = n % channels;
    std::fill(line.begin(), line.end(), 0);
    if (a.has(3)) widen(a.input(3), n * kept, kept, line.data());
    widen(x, n * length, length, line.data() + kept);
    for (int64_t i = 0; i < length; ++i) {
      double sum = bias[static_cast<size_t>(c)];
      for (int64_t t = 0; t < taps; ++t) sum += w[c * taps + t] * line[static_cast<size_t>(i + t)];
      out[static_cast<size_t>(i)] = swish ? sum / (1 + std::exp(-sum)) : sum;
    }
    narrow(out.data(), length, *y, n * length);
    if (present != nullptr) narrow(line.data() + length, kept, *present, n * kept);
  }
  return ok();
}

constexpr TypeSet kTypes = DType::kF32 | DType::kF16 | DType::kBF16;
constexpr OperandSpec kAttentionIn[] = {{"query", kTypes, 'T'},
                                        {"key", kTypes, 'T'},
                                        {"value", kTypes, 'T'},
                                        {"past_state", kTypes, 'S', OperandSpec::kOptional},
                                        {"decay", kTypes, 'T', OperandSpec::kOptional},
                                        {"beta", kTypes, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kAttentionOut[] = {{"output", kTypes, 'T'}, {"present_state", kTypes, 'S'}};
constexpr AttrSpec kAttentionAttrs[] = {{"chunk_size", AttrType::kInt},
                                        {"kv_num_heads", AttrType::kInt, true},
                                        {"q_num_heads", AttrType::kInt, true},
                                        {"scale", AttrType::kFloat},
                                        {"update_rule", AttrType::kString}};
constexpr OperandSpec kConvIn[] = {{"input", kTypes, 'T'},
                                   {"weight", kTypes, 'T'},
                                   {"bias", kTypes, 'T', OperandSpec::kOptional},
                                   {"past_state", kTypes, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kConvOut[] = {{"output", kTypes, 'T'}, {"present_state", kTypes, 'T'}};
constexpr AttrSpec kConvAttrs[] = {{"activation", AttrType::kString}};

constexpr OpDef kOps[] = {
    {
        .name = "LinearAttention",
        .since = 27,
        .inputs = kAttentionIn,
        .outputs = kAttentionOut,
        .attrs = kAttentionAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_attention,
        .reference = attend,
    },
    {
        .name = "CausalConvWithState",
        .since = 27,
        .inputs = kConvIn,
        .outputs = kConvOut,
        .attrs = kConvAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_conv_state,
        .reference = convolve_with_state,
    },
};

}  // namespace

extern constinit const OpTable linear_attention;
constinit const OpTable linear_attention{kOps};

}  // namespace lite::ops
