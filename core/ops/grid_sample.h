// Which elements GridSample blends, for its reference and its kernel.
#pragma once

#include "core/ir/op_def.h"

namespace lite::ops {

struct GridSampleAttrs {
  enum class Mode : uint8_t { kNearest, kLinear, kCubic };
  enum class Padding : uint8_t { kZeros, kBorder, kReflection };
  Mode mode = Mode::kLinear;
  Padding padding = Padding::kZeros;
  bool align = false;
  static Result<GridSampleAttrs> read(const AttrReader& r);
};

// Up to four elements of one axis and their weights; -1: an element outside that counts as 0.
struct GridTaps {
  int count = 1;
  int64_t index[4] = {};
  double weight[4] = {1, 0, 0, 0};
};
// Those of a coordinate in [-1,1] along an axis of `size` elements.
GridTaps grid_taps(const GridSampleAttrs& a, double coordinate, int64_t size);

}  // namespace lite::ops
