// Recurrent nets: single cells are composed, whole sequences become ONNX's LSTM and RNN, one a layer.
#include "core/import/megengine/weights.h"

namespace lite::mge {
namespace {

constexpr const char* kActivations[] = {nullptr, "Relu",
                                        "Tanh"};  // by MegEngine's number; none is the identity

// x wi' + bi + h wh' + bh; inputs x, wi, bi, h, wh, bh from `c`.
ValueId gates(Call& c) {
  Builder& b = c.b;
  const auto product = [&](size_t x, size_t w) {
    return b.add("MatMul", {c.in(x), b.transpose(c.in(w), {1, 0})});
  };
  const ValueId sums = b.add("Add", {product(0, 1), product(3, 4)});
  return b.add("Add", {b.add("Add", {sums, c.in(2)}), c.in(5)});
}

struct Net {
  int64_t layers, hidden, gates;
  bool bidirectional, bias;
  const char* op;
  std::vector<Attr> attrs;
  std::vector<int64_t> order;  // of ONNX's gates among MegEngine's
};

// Gates in ONNX's order; rows is gates * hidden.
ValueId reorder(Builder& b, ValueId v, const Net& net) {
  if (net.gates == 1) return v;
  std::vector<ValueId> parts;
  for (const int64_t g : net.order) parts.push_back(b.slice(v, 0, g * net.hidden, (g + 1) * net.hidden));
  return b.concat(std::move(parts));
}

// Inputs: x [T,N,I], one state a kind [layers * directions,N,H], the weights. Outputs: y, the last states.
Status recur(Call& c, const Net& net, size_t states) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2 + states, 2 + states));
  const int64_t dirs = net.bidirectional ? 2 : 1;
  if (net.layers < 1 || net.layers > 4096) return invalid_model("it has ", net.layers, " layers");
  if (net.hidden < 1) return invalid_model("it has ", net.hidden, " hidden features");
  ValueId x = c.in(0);
  const ValueId stored = c.in(1 + states);
  const Fact& input = b.traced(x);
  LITE_TRY(c.done());
  if (!input.has_rank || input.rank() != 3)
    return invalid_model("its input has shape ", input.dims, ", 3 dimensions wanted");
  int64_t width = input.dims[2];
  if (width < 0) return unsupported("the number of its input's features is not known before it runs");
  const int64_t rows = net.gates * net.hidden;
  // All weights of a cell after another: wi, wh, bi, bh.
  Weights weights{b, b.reshape(stored, {-1})};
  std::vector<std::vector<ValueId>> last(states);
  for (int64_t layer = 0; layer < net.layers; ++layer) {
    std::vector<ValueId> wi, wh, bias;
    for (int64_t d = 0; d < dirs; ++d) {
      LITE_ASSIGN(const ValueId i, weights.take(rows, width));
      LITE_ASSIGN(const ValueId h, weights.take(rows, net.hidden));
      wi.push_back(b.unsqueeze(reorder(b, i, net), {0}));
      wh.push_back(b.unsqueeze(reorder(b, h, net), {0}));
      if (!net.bias) continue;
      LITE_ASSIGN(const ValueId bi, weights.take(rows, 1));
      LITE_ASSIGN(const ValueId bh, weights.take(rows, 1));
      bias.push_back(b.reshape(b.concat({reorder(b, bi, net), reorder(b, bh, net)}), {1, -1}));
    }
    std::vector<ValueId> in{x, b.concat(wi), b.concat(wh), net.bias ? b.concat(bias) : kNoValue, kNoValue};
    for (size_t s = 0; s < states; ++s)
      in.push_back(b.slice(c.in(1 + s), 0, layer * dirs, (layer + 1) * dirs));
    std::vector<Attr> attrs = net.attrs;
    attrs.push_back(attr("hidden_size", net.hidden));
    attrs.push_back(attr("direction", net.bidirectional ? "bidirectional" : "forward"));
    const auto out = b.add_all(net.op, 1 + states, std::move(in), std::move(attrs));
    // [T,D,N,H] -> [T,N,D*H]
    const ValueId y = b.transpose(out[0], {0, 2, 1, 3});
    x = b.reshape_to(y, {b.dims_of(y, 0, 2), b.ints({dirs * net.hidden})});
    for (size_t s = 0; s < states; ++s) last[s].push_back(out[1 + s]);
    width = dirs * net.hidden;
    LITE_TRY(c.done());
  }
  LITE_TRY(weights.check_all_taken());
  c.out(0, x);
  for (size_t s = 0; s < states; ++s) c.out(1 + s, b.concat(last[s]));
  // Memory for training, which nothing reads.
  if (c.makes(1 + states)) c.out(1 + states, b.constant(Tensor::vector_i64({})));
  return c.done();
}

}  // namespace

// Gates i, f, g, o; outputs h, c and the gates.
Status lstm_cell(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(7, 7));
  const ValueId all = gates(c);
  const auto parts =
      b.add_all("Split", 4, {all}, {attr("axis", int64_t{1}), attr("num_outputs", int64_t{4})});
  const ValueId i = b.add("Sigmoid", {parts[0]}), f = b.add("Sigmoid", {parts[1]}),
                g = b.add("Tanh", {parts[2]}), o = b.add("Sigmoid", {parts[3]});
  const ValueId cell = b.add("Add", {b.add("Mul", {f, c.in(6)}), b.add("Mul", {i, g})});
  c.out(0, b.add("Mul", {o, b.add("Tanh", {cell})}));
  c.out(1, cell);
  c.out(2, all);
  return c.done();
}

Status rnn_cell(Call& c) {
  LITE_TRY(c.want_inputs(6, 6));
  const uint32_t mode = c.param<fb::RNNCell>()->nonline_mode();
  LITE_TRY(c.done());
  if (mode >= std::size(kActivations)) return invalid_model("its activation is ", mode, ", which is none");
  ValueId y = gates(c);
  if (kActivations[mode] != nullptr) y = c.b.add(kActivations[mode], {y});
  c.out(0, y);
  return c.done();
}

Status lstm(Call& c) {
  const fb::LSTM* p = c.param<fb::LSTM>();
  LITE_TRY(c.done());
  if (p->proj_size() != 0) return unsupported("an LSTM with projections");
  // ONNX has i, o, f, g.
  return recur(
      c, {p->num_layers(), p->hidden_size(), 4, p->bidirectional(), p->bias(), "LSTM", {}, {0, 3, 1, 2}}, 2);
}

Status rnn(Call& c) {
  const fb::RNN* p = c.param<fb::RNN>();
  LITE_TRY(c.done());
  const uint32_t mode = p->nonline_mode();
  if (mode >= std::size(kActivations)) return invalid_model("its activation is ", mode, ", which is none");
  const size_t dirs = p->bidirectional() ? 2 : 1;
  std::vector<Attr> attrs{
      {"activations", std::vector<std::string>(dirs, mode == 0 ? "Affine" : kActivations[mode])}};
  if (mode == 0) {
    attrs.push_back({"activation_alpha", std::vector<float>(dirs, 1)});
    attrs.push_back({"activation_beta", std::vector<float>(dirs, 0)});
  }
  return recur(c, {p->num_layers(), p->hidden_size(), 1, p->bidirectional(), p->bias(), "RNN", attrs, {0}},
               1);
}

}  // namespace lite::mge
