// What a reference counts on, checked where inference could not: at run time.
#pragma once

#include "core/ir/fact.h"
#include "core/ir/op_def.h"

namespace lite {

// The size of a tensor with that type and those dimensions (unknown ones and 0 count as 1) is a number that
// may be rounded up, added and multiplied by what layouts need, without wrapping around.
Status check_size(const Fact& fact);

// Types and shapes of these inputs (nullptr where left out) are what the operator takes: OpDef's types, and
// `infer`. A step whose inputs were unknown when it was compiled must not be evaluated before. What bodies
// take is checked when they run.
Status check_data(const Node& node, std::span<const Datum* const> in, size_t outputs);

}  // namespace lite
