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
// A number by which this build finds it again without knowing the others: at() is nullptr for a number that
// is another operator's.
uint32_t number_of(const OpDef& op);
const OpDef* at(uint32_t number, std::string_view domain, std::string_view name);
// All, by domain and name.
std::vector<const OpDef*> all();

}  // namespace lite::ops
