// Takes away nodes that nothing uses, and optional outputs that nobody reads (a Dropout's mask, an LSTM's
// last state), so that kernels need not make them.

#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {

Result<bool> remove_dead(Rewriter& r, const PassOptions&) {
  for (NodeId n = r.num_nodes(); n-- > 0;)
    if (r.alive(n)) r.remove_if_dead(n);
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n) || r.node(n).out.size() < 2) continue;
    const auto specs = r.node(n).op->outputs;
    for (size_t i = 1; i < r.node(n).out.size() && i < specs.size(); ++i) {
      const ValueId v = r.out(n, i);
      if (v != kNoValue && specs[i].arity == OperandSpec::kOptional && !r.is_used(v)) r.drop_output(n, i);
    }
    const auto& outs = r.node(n).out;
    size_t last = outs.size();
    while (last > 1 && outs[last - 1] == kNoValue && specs.size() >= last) --last;
    if (last < outs.size()) r.keep_outputs(n, last);
  }
  return r.changed();
}

}  // namespace lite::passes
