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

// Of the params of a two-dimensional convolution, or of the three-dimensional one.
template <class P>
Geometry geometry_of(const P& p) {
  return {p.mode(),
          p.sparse(),
          p.format(),
          {p.pad_h(), p.pad_w()},
          {p.stride_h(), p.stride_w()},
          {p.dilate_h(), p.dilate_w()}};
}

inline Geometry geometry_of(const fb::Convolution3D& p) {
  return {p.mode(),
          p.sparse(),
          0,
          {p.pad_d(), p.pad_h(), p.pad_w()},
          {p.stride_d(), p.stride_h(), p.stride_w()},
          {p.dilate_d(), p.dilate_h(), p.dilate_w()}};
}

Status check_geometry(const Geometry& g);
std::vector<Attr> window_attrs(const Geometry& g, int64_t groups);

}  // namespace lite::mge
