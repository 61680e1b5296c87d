// What DFT means by its attributes and inputs, for its reference and its kernel.
#pragma once

#include "core/ir/op_def.h"

namespace lite::ops {

struct DftShape {
  size_t axis = 0;
  int64_t length = kUnknownDim;  // of the transform
  Dims out;
};

// axis and length as far as they are known; unknown ones leave unknown dimensions.
Result<DftShape> resolve_dft(const AttrReader& attrs, const Dims& in, const int64_t* axis, bool axis_known,
                             const int64_t* length, bool length_given);

}  // namespace lite::ops
