// Two convolutions become one operator where a kernel takes it in the layouts that were chosen: the 1 x 1
// convolution that expands and the depthwise one behind it, which then share the cache.

#include <algorithm>
#include <string_view>

#include "core/compile/compiler.h"
#include "core/ops/registry.h"

namespace lite {
namespace {

bool is_lone_conv(const Node& n) {
  return std::string_view(n.op->name) == "FusedConv" && std::string_view(n.op->domain) == "lite" &&
         (n.in.size() < 4 || n.in[3] == kNoValue);
}

}  // namespace

void Compiler::join_depthwise(NodeId id, std::span<const int32_t> uses) {
  const Node& depthwise = g_.node(id);
  if (!is_lone_conv(depthwise) || is_dynamic(depthwise) || plain_only_.count(depthwise.name) != 0) return;
  const ValueId expanded = depthwise.in[0];
  const NodeId maker = g_.value(expanded).producer;
  if (maker == kNoNode || uses[static_cast<size_t>(expanded)] != 1) return;
  const Node& expand = g_.node(maker);
  if (!is_lone_conv(expand) || is_dynamic(expand)) return;
  // What the operator has no words for: groups, strides and padding of the first, several filters a channel.
  const Dims &x = g_.value(expand.in[0]).fact.dims, &w = g_.value(expand.in[1]).fact.dims,
             &e = g_.value(expanded).fact.dims, &v = g_.value(depthwise.in[1]).fact.dims;
  const AttrReader first(expand), second(depthwise);
  const auto pads = first.ints("pads");
  if (first.i64("group", 1) != 1 || elements(w) != w[0] * w[1] ||
      !std::equal(x.begin() + 2, x.end(), e.begin() + 2, e.end()) ||
      std::any_of(pads.begin(), pads.end(), [](int64_t pad) { return pad != 0; }) ||
      second.i64("group", 1) != w[0] || v[0] != w[0])
    return;

  Node joined = depthwise;
  joined.op = &ops::get("FusedExpandDepthwise", "lite");
  for (const char* name : {"activation", "activation_params"})
    if (const Attr* a = expand.find(name)) joined.attrs.push_back({std::string("expand_") + name, a->data});
  const auto input = [](const Node& n, size_t i) { return i < n.in.size() ? n.in[i] : kNoValue; };
  joined.in = {expand.in[0], expand.in[1], input(expand, 2), depthwise.in[1], input(depthwise, 2)};
  const std::vector<Operand> in = operands(joined.in), out = operands(joined.out);
  if (kernels::find(NodeQuery{joined, in, out, options_.kernel}) == nullptr) return;
  g_.remove_node(maker);
  g_.remove_node(id);
  g_.add_node(std::move(joined));
}

void Compiler::join_nodes() {
  const std::vector<int32_t> uses = g_.use_counts();
  const int32_t nodes = g_.num_nodes();
  for (NodeId id = 0; id < nodes; ++id)
    if (g_.alive(id)) join_depthwise(id, uses);
}

}  // namespace lite
