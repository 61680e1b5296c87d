#include <algorithm>

#include "core/ir/check_data.h"
#include "core/ir/op_def.h"

namespace lite {
namespace {

Status evaluate(const Node& node, std::span<const Datum* const> in, std::span<Datum> out,
                const Parallel* parallel) {
  EvalArgs args(node);
  args.in = in;
  args.out = out;
  args.parallel = parallel;
  args.run_body = [&](std::string_view attr, std::span<Datum> inputs, std::vector<Datum>& outputs) -> Status {
    const Graph* body = args.attrs.graph(attr);
    if (body == nullptr) return invalid_model(node.op->name, ": body '", attr, "' is missing");
    std::vector<Datum> captured;
    for (const Capture& c : body->captures) {
      const Datum* d = in[static_cast<size_t>(c.input)];
      captured.push_back(d == nullptr ? Datum() : *d);
    }
    LITE_ASSIGN(outputs, interpret(*body, inputs, parallel, captured));
    return ok();
  };
  return node.op->reference(args);
}

}  // namespace

Status evaluate_node(const Node& node, std::span<const Datum* const> in, std::span<Datum> out,
                     const Parallel* parallel) {
  if (node.op->reference == nullptr) return unsupported(node.op->name, ": has no reference implementation");
  const auto is_aligned = [](const Datum* d) {
    return d == nullptr || !d->tensor.defined() || d->tensor.is_aligned();
  };
  if (std::all_of(in.begin(), in.end(), is_aligned)) return evaluate(node, in, out, parallel);
  std::vector<Datum> moved(in.size());
  std::vector<const Datum*> all(in.begin(), in.end());
  for (size_t i = 0; i < in.size(); ++i) {
    if (is_aligned(in[i])) continue;
    LITE_ASSIGN(moved[i].tensor, in[i]->tensor.aligned());
    all[i] = &moved[i];
  }
  return evaluate(node, all, out, parallel);
}

Result<std::vector<Datum>> interpret(const Graph& graph, std::span<const Datum> inputs,
                                     const Parallel* parallel, std::span<const Datum> captured) {
  if (inputs.size() != graph.inputs.size())
    return invalid_argument("graph '", graph.name, "': ", inputs.size(), " inputs given, ",
                            graph.inputs.size(), " wanted");
  std::vector<Datum> values(static_cast<size_t>(graph.num_values()));
  for (size_t i = 0; i < inputs.size(); ++i) values[static_cast<size_t>(graph.inputs[i])] = inputs[i];
  for (size_t i = 0; i < captured.size() && i < graph.captures.size(); ++i)
    values[static_cast<size_t>(graph.captures[i].inner)] = captured[i];
  for (ValueId v = 0; v < graph.num_values(); ++v)
    if (graph.value(v).is_constant()) values[static_cast<size_t>(v)].tensor = graph.value(v).constant;
  LITE_ASSIGN(const std::vector<NodeId> order, graph.topological_order());
  for (const NodeId id : order) {
    const Node& n = graph.node(id);
    if (parallel != nullptr && parallel->cancel != nullptr && parallel->cancel->stop_requested())
      return parallel->cancel->error();
    std::vector<const Datum*> in(n.in.size(), nullptr);
    std::vector<Datum> out(n.out.size());
    for (size_t i = 0; i < n.in.size(); ++i)
      if (n.in[i] != kNoValue) in[i] = &values[static_cast<size_t>(n.in[i])];
    Status s = check_data(n, in, n.out.size());
    if (s.is_ok()) s = evaluate_node(n, in, out, parallel);
    if (!s.is_ok()) return std::move(s).with_context(cat(n.op->name, " '", n.name, "'"));
    for (size_t i = 0; i < n.out.size(); ++i)
      if (n.out[i] != kNoValue) values[static_cast<size_t>(n.out[i])] = std::move(out[i]);
  }
  std::vector<Datum> results;
  for (const ValueId v : graph.outputs) results.push_back(values[static_cast<size_t>(v)]);
  return results;
}

}  // namespace lite
