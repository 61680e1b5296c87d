// The kernel of MatMul, Gemm and FusedMatMul on our own matrix product, for the two places in the list of
// kernels that it has.
#pragma once

#include "core/kernels/kernel.h"

namespace lite::kernels {

WhyNot rejects_matmul(const NodeQuery& q);
Result<std::unique_ptr<Kernel>> make_matmul(const NodeQuery& q, PackCache& packs);
bool matmul_in_place(const NodeQuery& q, size_t i);

}  // namespace lite::kernels
