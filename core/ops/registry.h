// All operators of this build.
#pragma once

#include <string_view>
#include <vector>

#include "core/ir/op_def.h"

namespace lite::ops {

// The operator of that name in that domain ("" is ONNX's own); nullptr when there is none. Any thread.
const OpDef* find(std::string_view domain, std::string_view name);
// The same for an operator that this library itself relies on; it exists.
const OpDef& get(std::string_view name, std::string_view domain = "");
// All, by domain and name.
std::vector<const OpDef*> all();

}  // namespace lite::ops
