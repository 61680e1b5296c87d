// Winograd's convolution F(m x m, 3 x 3) of channels-last float32 images (Lavin & Gray, "Fast algorithms for
// convolutional neural networks", 2016): the transforms, and the kernel with a tile that the caller chooses.
//
// The points are those that keep the error down (after Barabasz et al., "Error analysis and improving the
// accuracy of Winograd convolution for deep neural networks", 2020): 0, +-1 for m = 2; 0, +-5/8, +-3/2 for
// m = 4; and infinity. docs/decisions/winograd.md has what they cost in accuracy.
#pragma once

#include "core/kernels/cpu/simd.h"

namespace lite::simd {

// Input elements along one side of a tile that gives `m` outputs.
constexpr int64_t winograd_in(int64_t m) { return m + 2; }
// Products for each tile, channel and filter.
constexpr int64_t winograd_components(int64_t m) { return winograd_in(m) * winograd_in(m); }

// Tiles beside each other in one image to their components: component i of tile t, channel c is
// v[i * plane + t * stride + c]. Elements outside the image are zero. stride is a multiple of the vector's
// length; channels up to there are written too.
struct WinogradInput {
  const float* x = nullptr;  // the image
  int64_t height = 0, width = 0, channels = 0;
  int64_t row = 0, column = 0;  // of the first tile's first input element; may be negative
  int64_t tiles = 0;
  float* v = nullptr;
  int64_t plane = 0, stride = 0;
};

// The way back, for filters [0, n) of a pixel: y = clip(sum + bias + residual, lo, hi), or
// clip(sum + bias, lo, hi) + residual with residual_after. Only what lies in the image is written. The
// residual may lie exactly under y.
struct WinogradOutput {
  const float* m = nullptr;  // component i of tile t, filter f: m[i * plane + t * stride + f]
  int64_t plane = 0, stride = 0;
  float* y = nullptr;  // filter 0 of the image's first pixel
  int64_t height = 0, width = 0, filters = 0;
  int64_t row = 0, column = 0;  // of the first tile's first output element
  int64_t tiles = 0;
  int64_t n = 0;
  const float* bias = nullptr;
  const float* residual = nullptr;  // as y
  bool residual_after = false;
  float lo = 0, hi = 0;
};

// The products of one panel of filters: m of component i = v of component i times u of component i. u holds
// the components one after the other, each `channels` rows of WinogradSteps::width filters; memory behind it
// is fetched ahead, not used.
struct WinogradProducts {
  const float* v = nullptr;  // as WinogradInput has it
  int64_t v_plane = 0, v_stride = 0;
  const float* u = nullptr;
  float* m = nullptr;  // as WinogradOutput has it; stride is the width
  int64_t m_plane = 0;
  int64_t components = 0, tiles = 0, channels = 0;
};

struct WinogradSteps {
  void (*input)(const WinogradInput&) = nullptr;
  void (*products)(const WinogradProducts&) = nullptr;
  void (*output)(const WinogradOutput&) = nullptr;
  int64_t width = 0;  // filters in a panel
};
// m is 2 or 4.
WinogradSteps winograd_steps(int64_t m, const KernelOptions& options);

inline constexpr int64_t kMaxWinogradWidth = 32;
// The transforms of some 3 x 3 filters, at most kMaxWinogradWidth, in double: element i of filter k is
// w[i * filters + k], and component i < winograd_components(m) of its transform u[i * filters + k].
void winograd_filters(int64_t m, int64_t filters, const double* w, double* u);

// Why the node is none for Winograd; nullptr when it is one, whether it gains by it or not.
WhyNot winograd_rejects(const NodeQuery& query);
// The m that is the quickest for such a node, or 0 when the direct sum is. Reckoned, not measured.
int64_t winograd_tile(const NodeQuery& query);
// Whether Y may lie over input i: over the residual, unless that is still to be read when Y is there.
bool winograd_in_place(const NodeQuery& query, size_t i);
// The kernel with m x m output elements a tile, for a node that winograd_rejects() takes.
Result<std::unique_ptr<Kernel>> make_winograd(const NodeQuery& query, PackCache& packs, int64_t m);

}  // namespace lite::simd
