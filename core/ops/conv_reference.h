// The plain convolution that Conv, FusedConv, ConvInteger and QLinearConv share.
#pragma once

#include <vector>

#include "core/ops/op.h"
#include "core/ops/window.h"

namespace lite::ops {

// Output columns [first, last) whose input column `o * stride + offset` lies in [0, in).
struct ColumnRange {
  int64_t first, last;
};
inline ColumnRange columns_inside(int64_t out, int64_t in, int64_t stride, int64_t offset) {
  const int64_t first = offset >= 0 ? 0 : ceil_div(-offset, stride);
  const int64_t last = in <= offset ? 0 : ceil_div(in - offset, stride);
  return {std::min(first, out), std::max(std::min(last, out), std::min(first, out))};
}

// Adds to acc[out...] one filter's weight `w` for one kernel position times the input plane x[in...], in
// spatial dimensions [d, rank). `row` is how many elements acc and x have per step of dimension d.
template <class In, class Acc>
void accumulate_tap(const Window& w, const Dims& in, const Dims& tap, size_t d, const In* x, Acc weight,
                    Acc* acc) {
  const int64_t stride = w.strides[d], offset = tap[d] * w.dilations[d] - w.pads_begin[d];
  const auto [first, last] = columns_inside(w.out[d], in[d], stride, offset);
  if (d + 1 == w.rank()) {
    const In* from = x + offset;
    if (stride == 1)
      for (int64_t o = first; o < last; ++o) acc[o] += weight * static_cast<Acc>(from[o]);
    else
      for (int64_t o = first; o < last; ++o) acc[o] += weight * static_cast<Acc>(from[o * stride]);
    return;
  }
  int64_t out_step = 1, in_step = 1;
  for (size_t k = d + 1; k < w.rank(); ++k) out_step *= w.out[k], in_step *= in[k];
  for (int64_t o = first; o < last; ++o)
    accumulate_tap(w, in, tap, d + 1, x + (o * stride + offset) * in_step, weight, acc + o * out_step);
}

// Calls done(n, m, acc) with the finished plane of each image n and filter m; `acc` is the caller's to
// change. Stops early, with the run's error, when the run is to stop.
template <class In, class Acc, class Done>
Status convolve(const EvalArgs& args, ConvShape s, const In* x, const In* w, Done&& done) {
  // A pointwise convolution does not care how its space is folded: one long row is quicker than many short
  // ones.
  const auto all = [](const Dims& d, int64_t v) {
    return std::all_of(d.begin(), d.end(), [v](int64_t e) { return e == v; });
  };
  Window& win = s.window;
  if (all(win.kernel, 1) && all(win.strides, 1) && all(win.pads_begin, 0) && all(win.pads_end, 0)) {
    win.out = s.in = Dims{elements(s.in)};
    win.kernel = win.strides = win.dilations = Dims{1};
    win.pads_begin = win.pads_end = Dims{0};
  }
  const int64_t in_plane = elements(s.in), out_plane = elements(win.out), taps = elements(win.kernel);
  const int64_t group_channels = s.channels / s.group, group_filters = s.filters / s.group;
  std::vector<Acc> acc(static_cast<size_t>(out_plane));
  for (int64_t n = 0; n < s.batch; ++n) {
    for (int64_t m = 0; m < s.filters; ++m) {
      if (args.stop_requested()) return args.parallel->cancel->error();
      std::fill(acc.begin(), acc.end(), Acc(0));
      const In* planes = x + (n * s.channels + m / group_filters * group_channels) * in_plane;
      const In* weights = w + m * group_channels * taps;
      for (int64_t c = 0; c < group_channels; ++c) {
        Walker<0> tap(win.kernel, {});
        for (int64_t t = 0; t < taps; ++t, tap.next())
          accumulate_tap(win, s.in, tap.index(), 0, planes + c * in_plane,
                         static_cast<Acc>(weights[c * taps + t]), acc.data());
      }
      done(n, m, acc.data());
    }
  }
  return ok();
}

}  // namespace lite::ops
