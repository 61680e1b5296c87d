#include "core/ir/graph.h"

namespace lite {

Status Graph::verify() const {
  const auto in_range = [&](ValueId v) { return v >= 0 && v < num_values(); };
  const auto broken = [&](const auto&... what) {
    return fail(Code::kInternal, "graph '", name, "': ", what...);
  };
  for (const ValueId v : inputs) {
    if (!in_range(v)) return broken("input id ", v, " is out of range");
    if (value(v).producer != kNoNode) return broken("input '", value(v).name, "' has a producer");
  }
  for (const ValueId v : outputs)
    if (!in_range(v)) return broken("output id ", v, " is out of range");
  for (const Capture& c : captures)
    if (!in_range(c.inner)) return broken("captured value id ", c.inner, " is out of range");

  for (NodeId id = 0; id < num_nodes(); ++id) {
    if (!alive(id)) continue;
    const Node& n = node(id);
    for (const ValueId v : n.in)
      if (v != kNoValue && !in_range(v))
        return broken("node '", n.name, "' uses value id ", v, ", out of range");
    for (const ValueId v : n.out) {
      if (v == kNoValue) continue;
      if (!in_range(v)) return broken("node '", n.name, "' makes value id ", v, ", out of range");
      if (value(v).producer != id) return broken("value '", value(v).name, "' does not know its producer");
      if (value(v).is_constant()) return broken("constant '", value(v).name, "' has a producer");
    }
    for (const Attr& a : n.attrs) {
      const auto* body = std::get_if<Attr::Graphs>(&a.data);
      if (body == nullptr) continue;
      if (*body == nullptr) return broken("node '", n.name, "' has an empty body '", a.name, "'");
      for (const Capture& c : (*body)->captures)
        if (c.input < 0 || c.input >= static_cast<int32_t>(n.in.size()))
          return broken("a capture of '", a.name, "' names input ", c.input, " of node '", n.name,
                        "', which has ", n.in.size());
      LITE_TRY((*body)->verify());
    }
  }

  std::vector<char> enters(values_.size(), 0);
  for (const ValueId v : inputs) enters[static_cast<size_t>(v)] = 1;
  for (const Capture& c : captures) enters[static_cast<size_t>(c.inner)] = 1;
  const auto is_known = [&](ValueId v) {
    return value(v).is_constant() || value(v).producer != kNoNode || enters[static_cast<size_t>(v)] != 0;
  };
  std::vector<char> used(values_.size(), 0);
  for (NodeId id = 0; id < num_nodes(); ++id) {
    if (!alive(id)) continue;
    for (const ValueId v : node(id).in)
      if (v != kNoValue) used[static_cast<size_t>(v)] = 1;
  }
  for (const ValueId v : outputs) used[static_cast<size_t>(v)] = 1;
  for (ValueId v = 0; v < num_values(); ++v)
    if (used[static_cast<size_t>(v)] && !is_known(v))
      return broken("value '", value(v).name, "' is used but never made");
  return topological_order().status();
}

}  // namespace lite
