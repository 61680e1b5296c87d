// Sliding windows over spatial dimensions: the geometry that convolutions, pools, their references and their
// kernels share. Everything written in a node is checked here, once.
#pragma once

#include "core/ir/op_def.h"

namespace lite::ops {

enum class AutoPad : uint8_t { kNotSet, kSameUpper, kSameLower, kValid };

// The attributes as written; one entry per spatial dimension in each. `kernel` may hold unknown dimensions.
struct WindowAttrs {
  Dims kernel, strides, dilations, pads_begin, pads_end;
  AutoPad auto_pad = AutoPad::kNotSet;
  bool ceil_mode = false;
};

// Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode for `spatial` dimensions. `kernel` is
// what the weights say, which kernel_shape must agree with; nullptr: kernel_shape alone says it. Lengths,
// signs and sizes are checked: kernel, strides and dilations are at least 1, pads at least 0, all below 2^31.
Result<WindowAttrs> read_window(const AttrReader& attrs, size_t spatial, const Dims* kernel);

// A window with auto_pad and ceil_mode resolved.
struct Window {
  Dims kernel, strides, dilations, pads_begin, pads_end;
  Dims out;  // spatial output dimensions
  size_t rank() const { return out.size(); }
};

// For an input with these spatial dimensions. Where one is unknown, so is the output dimension (pads are then
// as written). Output: floor((in + pads - (dilation * (kernel - 1) + 1)) / stride) + 1; with ceil_mode
// rounded up, without windows that would start in the padding at the end; with auto_pad SAME_* ceil(in /
// stride).
Result<Window> resolve_window(const char* op, const WindowAttrs& attrs, std::span<const int64_t> in);

// The window of a transposed convolution: the one that maps `out` to `in`. Reads output_padding and
// output_shape too. Without output_shape: out = stride * (in - 1) + output_padding + dilation * (kernel - 1)
// + 1 - pads, or in * stride with auto_pad SAME_*. With it (or with SAME_*) the pads follow: the odd one goes
// to the end for SAME_UPPER, else to the begin.
Result<Window> resolve_transposed(const AttrReader& attrs, const WindowAttrs& window,
                                  std::span<const int64_t> in);

// The whole geometry of a (not transposed) convolution, from complete shapes of X [N,C,spatial...] and W
// [M,C/group,kernel...]. For kernels and references.
struct ConvShape {
  Window window;
  int64_t batch = 0, channels = 0, filters = 0, group = 1;
  Dims in, out;     // spatial
  Dims y() const {  // the whole output shape
    Dims d{batch, filters};
    for (const int64_t o : out) d.push_back(o);
    return d;
  }
};
Result<ConvShape> resolve_conv(const AttrReader& attrs, const Dims& x, const Dims& w);

// `infer` of convolutions: the shape of Y as far as the facts of X and W tell it. B, when given, must be [M].
Result<Fact> infer_conv(const AttrReader& attrs, const Fact& x, const Fact& w, const Fact* b, DType out);

}  // namespace lite::ops
