// Constants that are still behind a DequantizeLinear when nothing else is left to do have no integer kernel:
// they are dequantised once, now. Comes last in its list, so that the passes before it have had their chance.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {

Result<bool> fold_dequantize(Rewriter& r, const PassOptions& options) {
  // Weights grow by four or eight, so more than folding allows; but a node that runs each time costs more
  // than memory.
  const size_t limit = options.fold_limit_bytes * 16;
  if (!r.has_any({"DequantizeLinear"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.is(n, "DequantizeLinear")) continue;
    std::vector<Datum> in(r.node(n).in.size()), out(1);
    std::vector<const Datum*> ptrs(in.size(), nullptr);
    bool known = true;
    for (size_t i = 0; i < in.size(); ++i) {
      if (r.in(n, i) == kNoValue) continue;
      const Tensor* const t = r.constant_in(n, i);
      if (t == nullptr) {
        known = false;
        break;
      }
      in[i] = *t;
      ptrs[i] = &in[i];
    }
    if (!known || fact_bytes(r.fact(r.out(n))).value_or(limit + 1) > limit) continue;
    if (evaluate_node(r.node(n), ptrs, out).is_ok()) r.fold(r.out(n), std::move(out[0].tensor));
  }
  return r.changed();
}

}  // namespace lite::passes
