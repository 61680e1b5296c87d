#include "core/passes/activation.h"

#include <limits>

namespace lite::passes {

void ActivationAttrs::write(std::vector<Attr>& attrs) const {
  attrs.push_back({"activation", name});
  if (!params.empty()) attrs.push_back({"activation_params", params});
}

std::optional<ActivationAttrs> activation_of(const Rewriter& r, NodeId n) {
  const Node& node = r.node(n);
  if (*node.op->domain != '\0' || r.in(n, 0) == kNoValue) return std::nullopt;
  // Fused operators calculate activations in float32.
  if (r.dtype(r.in(n, 0)) == DType::kF64) return std::nullopt;
  const std::string_view op = node.op->name;
  const AttrReader a = r.attrs(n);
  for (const char* plain : {"Relu", "Sigmoid", "Tanh", "HardSwish", "Mish", "Softplus"})
    if (op == plain) return ActivationAttrs{plain, {}};
  if (op == "Gelu") return ActivationAttrs{a.str("approximate", "none") == "tanh" ? "GeluTanh" : "Gelu", {}};
  if (op == "LeakyRelu") return ActivationAttrs{"LeakyRelu", {a.f32("alpha", 0.01F)}};
  if (op == "Elu") return ActivationAttrs{"Elu", {a.f32("alpha", 1)}};
  if (op == "Swish") return ActivationAttrs{"Swish", {a.f32("alpha", 1)}};
  if (op == "HardSigmoid") return ActivationAttrs{"HardSigmoid", {a.f32("alpha", 0.2F), a.f32("beta", 0.5F)}};
  if (op != "Clip") return std::nullopt;
  float lo = -std::numeric_limits<float>::infinity(), hi = std::numeric_limits<float>::infinity();
  for (const size_t i : {size_t{1}, size_t{2}}) {
    const ValueId limit = r.in(n, i);
    if (limit == kNoValue) continue;
    const auto v = r.scalar(limit);
    if (!v) return std::nullopt;
    (i == 1 ? lo : hi) = static_cast<float>(*v);
  }
  return ActivationAttrs{"Clip", {lo, hi}};
}

}  // namespace lite::passes
