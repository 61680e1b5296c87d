// What is known of values: those that are there, and those that are declared.
#pragma once

#include "core/ir/graph.h"

namespace lite {

// What is known of a value that is there. The elements of a sequence share a type, not a shape; what an empty
// sequence or optional could hold is for `declared` to say, if it is given.
Fact fact_of(const Datum& datum, const Fact* declared = nullptr);
// The fact without the shapes in it, at any depth.
Fact without_shapes(const Fact& fact);
// What both facts allow.
Fact join(const Fact& a, const Fact& b);
// The element type of the tensors in it; of a map's values, not its keys.
DType innermost_dtype(const Fact& fact) noexcept;

}  // namespace lite
