// Where each output coordinate of Resize comes from: the part that the reference and the kernels share.
#pragma once

#include <vector>

#include "core/ops/op.h"

namespace lite::ops {

enum class ResizeMode : uint8_t { kNearest, kLinear, kCubic };

// One resized axis. Output coordinate o is the sum over k in [0, taps) of weight[o * taps + k] *
// input[index[o * taps + k]], indices clamped to the input. Nearest has one tap of weight 1.
struct ResizeAxis {
  size_t axis = 0;
  int64_t in = 0, out = 0;
  int64_t taps = 1;
  std::vector<int64_t> index;
  std::vector<float> weight;
  std::vector<uint8_t>
      outside;  // per output coordinate, 1 where extrapolation_value takes over; empty: nowhere
};

struct ResizePlan {
  ResizeMode mode = ResizeMode::kNearest;
  Dims out;                      // the whole output shape
  std::vector<ResizeAxis> axes;  // only those that change anything
  float extrapolation_value = 0;
};

// The output shape, as far as the shape of X and the contents of scales or sizes (nullptr: unknown or left
// out) tell.
Result<Dims> resize_shape(const AttrReader& attrs, const Dims& x, const Tensor* scales, const Tensor* sizes);
// The whole map. roi, scales, sizes: nullptr where left out; an empty tensor is left out too. For kernels and
// the reference.
Result<ResizePlan> resolve_resize(const AttrReader& attrs, const Dims& x, const Tensor* roi,
                                  const Tensor* scales, const Tensor* sizes);

}  // namespace lite::ops
