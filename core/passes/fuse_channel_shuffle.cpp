// Reshape to [N, groups, C/groups, spatial...], Transpose of the two middle ones, Reshape back:
// ChannelShuffle. And what MegEngine's ShuffleNet has in its place, which parts the channels at once.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

bool shuffle(Rewriter& r, NodeId n, NodeId swap, NodeId split) {
  const ValueId x = r.in(split, 0), y = r.out(n);
  const Fact &from = r.fact(x), &middle = r.fact(r.out(split));
  if (!same_shape(from, r.fact(y)) || middle.rank() != from.rank() + 1) return false;
  const auto perm = permutation(r, swap);
  bool matches = perm && (*perm)[0] == 0 && (*perm)[1] == 2 && (*perm)[2] == 1 &&
                 middle.dims[0] == from.dims[0] && middle.dims[1] * middle.dims[2] == from.dims[1];
  for (size_t i = 3; matches && i < middle.rank(); ++i)
    matches = (*perm)[i] == static_cast<int64_t>(i) && middle.dims[i] == from.dims[i - 1];
  if (!matches) return false;
  const int64_t groups = middle.dims[1];
  r.remake(y, "ChannelShuffle", {x}, {{"groups", groups}}, "lite");
  return true;
}

// What a Slice along axis 0 by one, and only a Reshape of it, make of `y`: part i and the value; nullopt
// otherwise.
struct Part {
  int64_t index;
  ValueId value;
};
std::optional<Part> part_of(const Rewriter& r, NodeId slice, ValueId y) {
  if (!r.is(slice, "Slice") || r.in(slice, 0) != y) return std::nullopt;
  const auto start = r.scalar(r.in(slice, 1)), end = r.scalar(r.in(slice, 2)),
             axis = r.scalar(r.in(slice, 3));
  if (!start || !end || !axis || *axis != 0 || *start < 0 || *end != *start + 1) return std::nullopt;
  const NodeId user = r.only_user(r.out(slice));
  if (user == kNoNode || !(r.is(user, "Reshape") || r.is(user, "Squeeze"))) return std::nullopt;
  return Part{static_cast<int64_t>(*start), r.out(user)};
}

// [N,C,spatial...] to [N*C/parts, parts, spatial], Transpose, [parts, N, C/parts, spatial...], and each part
// for itself: part i has the channels i, i + parts, ...
bool shuffle_and_part(Rewriter& r, NodeId n, NodeId swap, NodeId split) {
  const ValueId x = r.in(split, 0), y = r.out(n);
  const Fact from = r.fact(x), middle = r.fact(r.out(split)), whole = r.fact(y);
  if (middle.rank() != 3 || !whole.is_static() || whole.rank() != from.rank() + 1 || r.is_output(y))
    return false;
  const int64_t batch = from.dims[0], channels = from.dims[1], parts = middle.dims[1];
  if (permutation(r, swap) != std::vector<int64_t>{1, 0, 2} || parts < 2 || channels % parts != 0 ||
      middle.dims[0] != batch * (channels / parts))
    return false;
  Dims one{batch, channels / parts};
  for (size_t i = 2; i < from.rank(); ++i) one.push_back(from.dims[i]);
  Dims all{parts};
  for (const int64_t d : one) all.push_back(d);
  if (!(whole.dims == all) || static_cast<int64_t>(r.users(y).size()) != parts) return false;
  std::vector<ValueId> outs(static_cast<size_t>(parts), kNoValue);
  for (const NodeId user : r.users(y)) {
    const auto part = part_of(r, user, y);
    if (!part || part->index >= parts || !(r.fact(part->value).dims == one)) return false;
    outs[static_cast<size_t>(part->index)] = part->value;
  }
  for (const ValueId v : outs)
    if (v == kNoValue) return false;
  const ValueId shuffled = r.add("ChannelShuffle", {x}, {{"groups", channels / parts}}, "lite");
  r.remake_all(std::move(outs), "Split", {shuffled}, {{"axis", int64_t{1}}, {"num_outputs", parts}});
  return true;
}

}  // namespace

Result<bool> fuse_channel_shuffle(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Transpose"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.is(n, "Reshape")) continue;
    const NodeId swap = r.made_by(r.in(n, 0), "Transpose");
    const NodeId split = swap == kNoNode ? kNoNode : r.made_by(r.in(swap, 0), "Reshape");
    if (split == kNoNode) continue;
    const Fact &from = r.fact(r.in(split, 0)), &middle = r.fact(r.out(split));
    if (!from.is_static() || from.rank() < 3 || !middle.is_static() || dtype_bits(from.dtype) < 8) continue;
    if (!shuffle(r, n, swap, split)) shuffle_and_part(r, n, swap, split);
  }
  return r.changed();
}

}  // namespace lite::passes
