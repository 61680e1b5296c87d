// FusedExpandDepthwise: a 1 x 1 convolution and the depthwise one that filters its result,
// Y = act(conv(E, V) + C) with E = expand_act(conv(X, W) + B).
//
//   in  X  [N,C,spatial...], float
//   in  W  [M,C,1...]
//   in  B  optional [M]
//   in  V  [M,1,kernel...]
//   in  C  optional [M]
//   out Y  [N,M,spatial...]
//   attrs of the second Conv: auto_pad, dilations, kernel_shape, pads, strides, and group, which is M; and
//   attr activation, activation_params                of the second, as in FusedConv
//   attr expand_activation, expand_activation_params  of the first
//
// Padding of the second convolution is zeros beside E. Made by the compiler only, of two FusedConv.

#include "core/ops/expand_depthwise.h"

#include "core/ops/op.h"
#include "core/ops/registry.h"

namespace lite::ops {
namespace {

// The convolution that expands, as a node of its own; its attributes have this before their names.
constexpr std::string_view kPrefix = "expand_";
bool of_first(const Attr& a) { return a.name.compare(0, kPrefix.size(), kPrefix) == 0; }
Node first_node(const Node& n) {
  Node first;
  first.op = &get("FusedConv", "lite");
  for (const Attr& a : n.attrs)
    if (of_first(a)) first.attrs.push_back({a.name.substr(kPrefix.size()), a.data});
  return first;
}
Node second_node(const Node& n) {
  Node second = n;
  second.op = &get("FusedConv", "lite");
  std::erase_if(second.attrs, of_first);
  return second;
}

// What the second convolution reads.
Status expand(const Dims& x, const Dims& w, Dims& e) {
  e = x;
  e[1] = w[0];
  if (w.size() != x.size() || w[1] != x[1] || elements(w) != w[0] * w[1])
    return invalid_model("FusedExpandDepthwise: W has shape ", w, ", 1 x 1 filters of ", x[1],
                         " channels wanted");
  return ok();
}

Status infer(const InferArgs& a) {
  const Fact &x = a.in[0], &w = a.in[1];
  const Node first = first_node(a.attrs.node());
  const AttrReader first_attrs(first);
  LITE_TRY(pointwise::read_activation(first_attrs).status());
  LITE_TRY(pointwise::read_activation(a.attrs).status());
  if (x.is_static() && w.is_static() && x.rank() >= 3 && w.rank() >= 3) {
    Dims e;
    LITE_TRY(expand(x.dims, w.dims, e));
  }
  LITE_ASSIGN(const Fact e, infer_conv(first_attrs, x, w, a.has(2) ? &a.in[2] : nullptr, x.dtype));
  LITE_ASSIGN(a.out[0], infer_conv(a.attrs, e, a.in[3], a.has(4) ? &a.in[4] : nullptr, e.dtype));
  return ok();
}

Status reference(const EvalArgs& a) {
  const auto run = [&](const Node& node, std::initializer_list<const Datum*> in, Datum& out) {
    const std::vector<const Datum*> inputs(in);
    EvalArgs part(node);
    part.in = inputs;
    part.out = {&out, 1};
    part.parallel = a.parallel;
    return node.op->reference(part);
  };
  const auto optional = [&](size_t i) { return a.has(i) ? a.in[i] : nullptr; };
  Datum expanded;
  LITE_TRY(run(first_node(a.attrs.node()), {a.in[0], a.in[1], optional(2)}, expanded));
  return run(second_node(a.attrs.node()), {&expanded, a.in[3], optional(4)}, a.out[0]);
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'},
                               {"W", types::kFloat, 'T'},
                               {"B", types::kFloat, 'T', OperandSpec::kOptional},
                               {"V", types::kFloat, 'T'},
                               {"C", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"activation", AttrType::kString},
                               {"activation_params", AttrType::kFloats},
                               {"auto_pad", AttrType::kString},
                               {"dilations", AttrType::kInts},
                               {"expand_activation", AttrType::kString},
                               {"expand_activation_params", AttrType::kFloats},
                               {"group", AttrType::kInt},
                               {"kernel_shape", AttrType::kInts},
                               {"pads", AttrType::kInts},
                               {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "FusedExpandDepthwise",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kFusedOnly,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

Status ExpandDepthwise::resolve(const AttrReader& attrs, const Dims& x, const Dims& w, const Dims& v) {
  Dims expanded;
  LITE_TRY(expand(x, w, expanded));
  LITE_ASSIGN(depthwise, resolve_conv(attrs, expanded, v));
  if (depthwise.group != depthwise.channels || depthwise.filters != depthwise.channels)
    return invalid_model("FusedExpandDepthwise: ", depthwise.filters, " filters in ", depthwise.group,
                         " groups for ", depthwise.channels, " channels, one for each wanted");
  channels = x[1];
  const Node first = first_node(attrs.node());
  LITE_ASSIGN(activation, pointwise::read_activation(AttrReader(first)));
  LITE_ASSIGN(depthwise_activation, pointwise::read_activation(attrs));
  return ok();
}

extern constinit const OpTable expand_depthwise;
constinit const OpTable expand_depthwise{kOps};

}  // namespace lite::ops
