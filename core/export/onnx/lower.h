// Operators of our own, said in ONNX's words.
#pragma once

#include "core/passes/pass.h"

namespace lite::onnx {

// Replaces nodes of domain "megengine" by nodes of ONNX that calculate the same; leaves those for which there
// are none.
Result<bool> lower_own(passes::Rewriter& r, const PassOptions& options);
// Why it leaves such a node.
const char* why_not_lowered(const Node& node);

}  // namespace lite::onnx
