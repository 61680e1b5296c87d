// Activations that a fused operator can do to its result, as its attributes say them (core/ops/pointwise.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/passes/rewrite.h"

namespace lite::passes {

struct ActivationAttrs {
  std::string name;
  std::vector<float> params;
  void write(std::vector<Attr>& attrs) const;
};

// What node n does to its input 0; nullopt when it is no activation, or one with operands that are not
// constant.
std::optional<ActivationAttrs> activation_of(const Rewriter& r, NodeId n);

}  // namespace lite::passes
