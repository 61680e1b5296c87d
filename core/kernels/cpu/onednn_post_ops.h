// Activations and residuals that oneDNN applies to a result before it is stored.
#pragma once

#include "core/kernels/cpu/onednn_runtime.h"
#include "core/ops/pointwise.h"

namespace lite::onednn {

// nullptr when oneDNN can apply the activation of this fused node, or the node has none.
WhyNot rejects_activation(const AttrReader& attrs);

// The activation and, where `residual` is given, its sum with the result, in the order that the node says.
// Without `activates` the sum only, where the activation comes last.
// Precondition: rejects_activation(attrs) is nullptr.
void append_fused(dnnl::post_ops& ops, const AttrReader& attrs, const dnnl::memory::desc* residual,
                  bool activates = true);
// Where the residual is among these; precondition: it is.
int residual_place(const dnnl::post_ops& ops);

}  // namespace lite::onednn
