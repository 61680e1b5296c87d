// What Pad takes from where, for its reference and its kernel.
#pragma once

#include <vector>

#include "core/ir/op_def.h"

namespace lite::ops {

inline constexpr int64_t kPadOutside = -1;

// For each dimension, where each index of the output comes from; kPadOutside for the constant. `out` is not
// empty; `axes` is null where left out.
Result<std::vector<std::vector<int64_t>>> pad_sources(const AttrReader& attrs, const Tensor& pads,
                                                      const Tensor* axes, const Dims& in, const Dims& out);

}  // namespace lite::ops
