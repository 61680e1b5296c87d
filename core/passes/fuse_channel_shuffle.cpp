// Reshape to [N, groups, C/groups, spatial...], Transpose of the two middle ones, Reshape back:
// ChannelShuffle.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {

Result<bool> fuse_channel_shuffle(Graph& graph, const PassOptions&) {
  Rewriter r(graph);
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.is(n, "Reshape")) continue;
    const NodeId swap = r.made_by(r.in(n, 0), "Transpose");
    const NodeId split = swap == kNoNode ? kNoNode : r.made_by(r.in(swap, 0), "Reshape");
    if (split == kNoNode) continue;
    const ValueId x = r.in(split, 0), y = r.out(n);
    const Fact &from = r.fact(x), &middle = r.fact(r.out(split));
    if (!from.is_static() || !same_shape(from, r.fact(y)) || from.rank() < 3 || !middle.is_static()) continue;
    if (middle.rank() != from.rank() + 1 || dtype_bits(from.dtype) < 8) continue;
    const auto perm = permutation(r, swap);
    bool matches = perm && (*perm)[0] == 0 && (*perm)[1] == 2 && (*perm)[2] == 1 &&
                   middle.dims[0] == from.dims[0] && middle.dims[1] * middle.dims[2] == from.dims[1];
    for (size_t i = 3; matches && i < middle.rank(); ++i)
      matches = (*perm)[i] == static_cast<int64_t>(i) && middle.dims[i] == from.dims[i - 1];
    if (!matches) continue;
    const int64_t groups = middle.dims[1];
    r.remake(y, "ChannelShuffle", {x}, {{"groups", groups}}, "lite");
  }
  return r.changed();
}

}  // namespace lite::passes
