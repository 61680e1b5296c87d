// A Pad with zeros before a convolution, or before an average pool that counts its padding, becomes that
// node's own padding.

#include <algorithm>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// The pads of x as begin..., end... over its spatial dimensions; nullopt when others are padded, or not with
// zeros.
std::optional<std::vector<int64_t>> spatial_pads(const Rewriter& r, NodeId pad) {
  const auto mode = r.attrs(pad).str("mode", "constant");
  const Tensor* const pads = r.constant_in(pad, 1);
  const Fact& x = r.fact(r.in(pad, 0));
  if (mode != "constant" || pads == nullptr || !x.has_rank || x.rank() < 3) return std::nullopt;
  if (r.in(pad, 2) != kNoValue && r.scalar(r.in(pad, 2)) != 0.0) return std::nullopt;
  const size_t rank = x.rank();
  std::vector<int64_t> all(2 * rank, 0);
  const ValueId axes_value = r.in(pad, 3);
  const Tensor* const axes = r.constant(axes_value);
  if (axes_value != kNoValue && axes == nullptr) return std::nullopt;
  const auto n = static_cast<size_t>(pads->elements()) / 2;
  if (axes == nullptr ? n != rank : axes->elements() != static_cast<int64_t>(n)) return std::nullopt;
  for (size_t i = 0; i < n; ++i) {
    int64_t axis = axes == nullptr ? static_cast<int64_t>(i) : axes->int_at(static_cast<int64_t>(i));
    if (axis < 0) axis += static_cast<int64_t>(rank);
    if (axis < 0 || axis >= static_cast<int64_t>(rank)) return std::nullopt;
    all[static_cast<size_t>(axis)] = pads->int_at(static_cast<int64_t>(i));
    all[rank + static_cast<size_t>(axis)] = pads->int_at(static_cast<int64_t>(n + i));
  }
  std::vector<int64_t> spatial;
  for (size_t i = 0; i < 2 * rank; ++i) {
    if (all[i] < 0) return std::nullopt;
    if (i % rank >= 2)
      spatial.push_back(all[i]);
    else if (all[i] != 0)
      return std::nullopt;
  }
  return spatial;
}

bool takes_pads(const Rewriter& r, NodeId n, size_t count) {
  const bool conv = r.is(n, "Conv") || r.is(n, "ConvInteger");
  if (!conv && !r.is(n, "AveragePool")) return false;
  const AttrReader a = r.attrs(n);
  const auto auto_pad = a.str("auto_pad", "NOTSET");
  if (auto_pad != "NOTSET" && auto_pad != "VALID") return false;
  const auto own = a.ints("pads");
  if (!own.empty() && own.size() != count) return false;
  if (conv) return !r.is(n, "ConvInteger") || r.in(n, 2) == kNoValue;
  if (a.i64("ceil_mode") != 0) return false;
  const bool padded = std::any_of(own.begin(), own.end(), [](int64_t p) { return p != 0; });
  return !padded || a.i64("count_include_pad") != 0;
}

}  // namespace

Result<bool> fold_pads(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Pad"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n) || r.node(n).in.empty()) continue;
    const NodeId pad = r.made_by(r.in(n, 0), "Pad");
    if (pad == kNoNode) continue;
    auto pads = spatial_pads(r, pad);
    if (!pads || !takes_pads(r, n, pads->size())) continue;
    const auto own = r.attrs(n).ints("pads");
    for (size_t i = 0; i < own.size(); ++i) (*pads)[i] += own[i];
    r.set_attr(n, "pads", *pads);
    r.set_attr(n, "auto_pad", std::string("NOTSET"));
    if (r.is(n, "AveragePool")) r.set_attr(n, "count_include_pad", int64_t{1});
    r.set_input(n, 0, r.in(pad, 0));
  }
  return r.changed();
}

}  // namespace lite::passes
