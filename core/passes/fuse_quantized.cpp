// QLinearConv takes in the QLinearAdd of a residual that follows it.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// Depthwise convolutions are left alone: their kernels do not take a residual.
bool takes_residual(const Rewriter& r, NodeId conv) {
  if (r.attrs(conv).i64("group", 1) != 1) return false;
  for (size_t i = 1; i < r.node(conv).in.size(); ++i)
    if (r.in(conv, i) != kNoValue && r.constant_in(conv, i) == nullptr) return false;
  return true;
}

void fuse(Rewriter& r, NodeId add) {
  for (const size_t i : {3U, 0U}) {
    const ValueId a = r.in(add, i), z = r.in(add, 3 - i), sum = r.out(add);
    const NodeId conv = r.made_by(a, "QLinearConv");
    if (conv == kNoNode || r.only_user(a) != add || !takes_residual(r, conv)) continue;
    // Of one type, as the two operands of the sum are; a constant of that size is rare.
    if (r.constant(z) != nullptr || !r.fact(a).is_static() || !same_shape(r.fact(a), r.fact(z))) continue;
    std::vector<ValueId> in = r.node(conv).in;
    const std::vector<Attr> attrs = r.node(conv).attrs;
    in.resize(9, kNoValue);
    const size_t other = 3 - i;
    for (const ValueId v : {r.in(add, i + 1), r.in(add, i + 2), z, r.in(add, other + 1), r.in(add, other + 2),
                            r.in(add, 6), r.in(add, 7)})
      in.push_back(v);
    while (in.back() == kNoValue) in.pop_back();
    r.remake(sum, "FusedQLinearConv", std::move(in), attrs, "lite");
    return;
  }
}

}  // namespace

Result<bool> fuse_quantized(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"QLinearAdd"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n)
    if (r.is(n, "QLinearAdd", "com.microsoft")) fuse(r, n);
  return r.changed();
}

}  // namespace lite::passes
