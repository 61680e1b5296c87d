// What kernels of quantised tensors ask of scales and zero points.
#pragma once

#include "core/kernels/kernel.h"

namespace lite::kernels {

// One number, known now.
inline bool is_known_scalar(const NodeQuery& q, size_t i) {
  return q.has_in(i) && q.in[i].constant != nullptr && q.in[i].elements() == 1;
}

}  // namespace lite::kernels
