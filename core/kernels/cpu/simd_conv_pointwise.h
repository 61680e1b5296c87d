// Convolutions with a kernel of one place and stride 1, channels last: one matrix product over all pixels.
#pragma once

#include "core/kernels/kernel.h"

namespace lite::kernels {

WhyNot rejects_pointwise_conv(const NodeQuery& q);
Result<std::unique_ptr<Kernel>> make_pointwise_conv(const NodeQuery& q, PackCache& packs);
// The residual may be overwritten.
bool pointwise_conv_in_place(const NodeQuery& q, size_t i);

}  // namespace lite::kernels
