// Conv becomes FusedConv and takes in what follows it: an activation, the Add of a residual, an activation
// after that.

#include "core/passes/activation.h"
#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

void fuse(Rewriter& r, NodeId n) {
  std::vector<ValueId> in = r.node(n).in;
  std::vector<Attr> attrs = r.node(n).attrs;
  ValueId y = r.out(n), residual = kNoValue;
  bool activated = false;
  for (NodeId user; (user = r.only_user(y)) != kNoNode; y = r.out(user)) {
    if (!activated) {
      if (const auto activation = activation_of(r, user); activation && r.in(user, 0) == y) {
        activation->write(attrs);
        activated = true;
        continue;
      }
    }
    if (residual != kNoValue || !r.is(user, "Add")) break;
    const ValueId other = r.other_input(user, y);
    // A constant of that size is rare, and an element-wise node keeps it out of the convolution's way.
    if (r.constant(other) != nullptr || !r.fact(y).is_static() || !same_shape(r.fact(other), r.fact(y)))
      break;
    residual = other;
    if (activated) attrs.push_back({"residual_after", int64_t{1}});
  }
  in.resize(3, kNoValue);
  if (residual != kNoValue) in.push_back(residual);
  while (in.back() == kNoValue) in.pop_back();
  r.remake(y, "FusedConv", std::move(in), std::move(attrs), "lite");
}

}  // namespace

Result<bool> fuse_conv(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Conv"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n)
    if (r.is(n, "Conv") && types::kFloat.has(r.dtype(r.in(n, 0)))) fuse(r, n);
  return r.changed();
}

}  // namespace lite::passes
