// What FusedExpandDepthwise's node says, for its reference and its kernels.
#pragma once

#include "core/ops/pointwise.h"
#include "core/ops/window.h"

namespace lite::ops {

struct ExpandDepthwise {
  int64_t channels = 0;  // of X
  ConvShape depthwise;   // of what they become
  pointwise::Activation activation, depthwise_activation;
  // From the node and complete shapes of X, W and V.
  Status resolve(const AttrReader& attrs, const Dims& x, const Dims& w, const Dims& v);
};

}  // namespace lite::ops
