// What the convolutions share.
#pragma once

#include <cmath>

#include "core/import/megengine/translator.h"

namespace lite::mge {

struct Geometry {
  uint32_t mode = 0;    // 1: the kernel is turned round
  uint32_t sparse = 0;  // 1: in groups
  uint32_t format = 0;
  std::vector<int64_t> pads, strides, dilations;
};

Status check_geometry(const Geometry& g);
std::vector<Attr> window_attrs(const Geometry& g, int64_t groups);

}  // namespace lite::mge
