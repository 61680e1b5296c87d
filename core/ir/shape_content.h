// What is known of tensors that hold shapes when not all of it is: with a dynamic batch, the shape that a
// Reshape gets is [N, 12, -1] rather than nothing.
#pragma once

#include <span>

#include "core/ir/op_def.h"

namespace lite {

// Fills in dimensions that the operator could not know, of Reshape, Expand and ConstantOfShape, by following
// how their shape operand was made. `known` is infer_node()'s.
void refine_by_shape_content(const Graph& graph, const Node& node, std::span<const Tensor> known,
                             std::span<const Fact> in, std::span<Fact> out);

}  // namespace lite
