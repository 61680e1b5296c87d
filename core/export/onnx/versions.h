// What each version of ONNX's operators can say.
#pragma once

#include <string>

#include "core/ir/op_def.h"

namespace lite::onnx {

// Models are written for one of these opsets.
inline constexpr int64_t kOldestWritten = 13;

// Why a node, which is of the newest version of its operator, cannot be written for that opset; empty when it
// can, and then means the same.
std::string why_not_in(const Graph& graph, const Node& node, int64_t opset);

// How many of the node's inputs are its operator's own: the others are captured by its bodies.
size_t num_own_inputs(const Node& node);

// The version of ONNX's file format that came with an opset.
int64_t ir_version_of(int64_t opset);

}  // namespace lite::onnx
