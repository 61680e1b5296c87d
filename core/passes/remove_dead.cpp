// Takes away nodes that nothing uses, and optional outputs that nobody reads (a Dropout's mask, an LSTM's
// last state), so that kernels need not make them.

#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {

Result<bool> remove_dead(Graph& graph, const PassOptions&) {
  Rewriter r(graph);
  for (NodeId n = r.num_nodes(); n-- > 0;)
    if (r.alive(n)) r.remove_if_dead(n);
  bool dropped = false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n)) continue;
    const auto specs = r.node(n).op->outputs;
    for (size_t i = 1; i < r.node(n).out.size() && i < specs.size(); ++i) {
      const ValueId v = r.out(n, i);
      if (v == kNoValue || specs[i].arity != OperandSpec::kOptional || r.is_output(v) || !r.users(v).empty())
        continue;
      graph.node(n).out[i] = kNoValue;
      graph.value(v).producer = kNoNode;
      dropped = true;
    }
    auto& outs = graph.node(n).out;
    while (outs.size() > 1 && outs.back() == kNoValue && specs.size() >= outs.size()) {
      outs.pop_back();
      dropped = true;
    }
  }
  return r.changed() || dropped;
}

}  // namespace lite::passes
