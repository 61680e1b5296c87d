// An If whose condition is known is replaced by the branch that it takes.

#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {
namespace {

// Copies the body's nodes into the graph of node n, and gives the values that its outputs have become.
std::vector<ValueId> inline_body(Rewriter& r, NodeId n, const Graph& body) {
  std::vector<ValueId> moved(static_cast<size_t>(body.num_values()), kNoValue);
  for (const Capture& c : body.captures)
    moved[static_cast<size_t>(c.inner)] = r.in(n, static_cast<size_t>(c.input));
  const auto outer = [&](ValueId v) {
    if (v == kNoValue) return kNoValue;
    ValueId& to = moved[static_cast<size_t>(v)];
    if (to == kNoValue) {
      const Value& value = body.value(v);
      to = value.is_constant() ? r.add_constant(value.name, value.constant)
                               : r.add_value(value.name, value.fact);
    }
    return to;
  };
  for (NodeId id = 0; id < body.num_nodes(); ++id) {
    if (!body.alive(id)) continue;
    Node copy = body.node(id);
    for (ValueId& v : copy.in) v = outer(v);
    for (ValueId& v : copy.out) v = outer(v);
    r.add_node(std::move(copy));
  }
  std::vector<ValueId> outputs;
  for (const ValueId v : body.outputs) outputs.push_back(outer(v));
  return outputs;
}

}  // namespace

Result<bool> inline_branches(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"If"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.is(n, "If")) continue;
    const auto condition = r.scalar(r.in(n, 0));
    if (!condition) continue;
    const Attr* const attr = r.node(n).find(*condition != 0 ? "then_branch" : "else_branch");
    const auto* const held = attr == nullptr ? nullptr : std::get_if<Attr::Graphs>(&attr->data);
    if (held == nullptr || (*held)->outputs.size() != r.node(n).out.size()) continue;
    const Attr::Graphs body = *held;
    const std::vector<ValueId> results = inline_body(r, n, *body), outs = r.node(n).out;
    for (size_t i = 0; i < outs.size(); ++i)
      if (outs[i] != kNoValue) r.replace(outs[i], results[i]);
  }
  return r.changed();
}

}  // namespace lite::passes
