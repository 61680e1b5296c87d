// The sum of two tensors of one shape and the LayerNormalization of it become AddNormalization, which also
// hands out the sum where somebody else wants it.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {

Result<bool> fuse_normalization(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"LayerNormalization"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.is(n, "LayerNormalization") || r.node(n).out.size() != 1) continue;
    const ValueId sum = r.in(n, 0);
    const NodeId add = r.made_by(sum, "Add");
    if (add == kNoNode || !r.fact(sum).is_static() || r.fact(sum).rank() < 1) continue;
    const auto rank = static_cast<int64_t>(r.fact(sum).rank());
    const int64_t axis = r.attrs(n).i64("axis", -1);
    const ValueId a = r.in(add, 0), b = r.in(add, 1), scale = r.in(n, 1), bias = r.in(n, 2);
    if ((axis != -1 && axis != rank - 1) || r.attrs(n).i64("stash_type", 1) != 1) continue;
    if (!same_shape(r.fact(a), r.fact(sum)) || !same_shape(r.fact(b), r.fact(sum)) ||
        r.fact(scale).rank() != 1)
      continue;
    std::vector<ValueId> in{a, b, scale}, out{r.out(n)};
    if (bias != kNoValue) in.push_back(bias);
    if (!r.used_once(sum)) out.push_back(sum);
    r.remake_all(std::move(out), "AddNormalization", std::move(in),
                 {{"epsilon", r.attrs(n).f32("epsilon", 1e-5F)}}, "lite");
  }
  return r.changed();
}

}  // namespace lite::passes
