// Where RoiAlign samples, for its reference and its kernel.
#pragma once

#include "core/ir/op_def.h"

namespace lite::ops {

// The samples of a region along one axis: `grid` in each output cell.
struct RoiAxis {
  double start = 0, cell = 0;
  int64_t grid = 0;
  double at(int64_t p, int64_t i) const {
    return start +
           (static_cast<double>(p) + (static_cast<double>(i) + 0.5) / static_cast<double>(grid)) * cell;
  }
};

struct RoiAlignAttrs {
  int64_t rows = 1, columns = 1, ratio = 0;
  double scale = 1;
  bool half = true, mean = true;
  static RoiAlignAttrs read(const AttrReader& r);
  // One axis of a region from `first` to `last`, as its operand has them.
  RoiAxis axis(double first, double last, int64_t cells) const;
};

// An error unless the image `n` of region r is among `batch`.
Status check_roi_batch(int64_t r, int64_t n, int64_t batch);
// An error where a cell of region r has too many samples.
Status check_roi_grid(int64_t r, const RoiAxis& y, const RoiAxis& x);

// The two elements of an axis around a coordinate and their weights, 0 for coordinates outside.
struct RoiTaps {
  int64_t at[2] = {};
  double weight[2] = {};
};
RoiTaps roi_taps(double coordinate, int64_t size);

}  // namespace lite::ops
