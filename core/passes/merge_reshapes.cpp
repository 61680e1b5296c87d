// Reshape, Flatten, Squeeze and Unsqueeze in a row become one Reshape, with a constant target wherever the
// shapes that are known can say it: exporters compute those targets from Shape, Gather and Concat, which then
// are dead.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

bool only_reshapes(const Rewriter& r, NodeId n) {
  return r.is(n, "Reshape") || r.is(n, "Flatten") || r.is(n, "Squeeze") || r.is(n, "Unsqueeze");
}

bool has_target(const Rewriter& r, NodeId n, const std::vector<int64_t>& target) {
  const Tensor* const t = r.is(n, "Reshape") ? r.constant_in(n, 1) : nullptr;
  return t != nullptr && r.attrs(n).i64("allowzero") == 0 &&
         t->to_ints() == Dims(std::span<const int64_t>(target));
}

}  // namespace

Result<bool> merge_reshapes(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Reshape", "Flatten", "Squeeze", "Unsqueeze"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n) || !only_reshapes(r, n)) continue;
    const ValueId y = r.out(n);
    ValueId x = r.in(n, 0), best = kNoValue;
    std::vector<int64_t> target;
    // The farthest value that y is a reshape of, and that can be told to become y.
    for (;;) {
      if (auto t = reshape_target(r.fact(x), r.fact(y))) {
        best = x;
        target = *std::move(t);
      }
      const NodeId before = r.producer(x);
      if (before == kNoNode || !only_reshapes(r, before)) break;
      x = r.in(before, 0);
    }
    if (best == kNoValue || (best == r.in(n, 0) && has_target(r, n, target))) continue;
    r.remake(y, "Reshape", {best, r.add_constant({}, Tensor::vector_i64(target))});
  }
  return r.changed();
}

}  // namespace lite::passes
