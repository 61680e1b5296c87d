// The sliding window of convolutions and pools in oneDNN's terms.
#pragma once

#include "core/kernels/cpu/onednn_runtime.h"
#include "core/ops/window.h"

namespace lite::onednn {

struct Window {
  dnnl::memory::dims kernel, strides, dilations, pads_begin, pads_end;  // dilations count from 0
};

// `in` are the spatial dims that the window slides over. The padding at the end is the least that brings
// w.out about, whatever the model says of input that no window reaches.
Window sliding(const ops::Window& w, std::span<const int64_t> in);
// The same for a transposed convolution, where the window slides over the output.
Window transposed(const ops::Window& w, std::span<const int64_t> in);

inline std::span<const int64_t> spatial(const Dims& dims) {
  return std::span(dims.begin(), dims.size()).subspan(2);
}

}  // namespace lite::onednn
