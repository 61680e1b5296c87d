#include "core/kernels/cpu/onednn_window.h"

#include <algorithm>

namespace lite::onednn {
namespace {

dnnl::memory::dims list(const Dims& d) { return {d.begin(), d.end()}; }

Window common(const ops::Window& w) {
  Window to{list(w.kernel), list(w.strides), list(w.dilations), list(w.pads_begin), {}};
  for (int64_t& d : to.dilations) --d;
  return to;
}

int64_t reach(const ops::Window& w, size_t i) { return (w.kernel[i] - 1) * w.dilations[i] + 1; }

}  // namespace

Window sliding(const ops::Window& w, std::span<const int64_t> in) {
  Window to = common(w);
  for (size_t i = 0; i < in.size(); ++i) {
    const int64_t end = (w.out[i] - 1) * w.strides[i] + reach(w, i) - in[i] - w.pads_begin[i];
    to.pads_end.push_back(std::max<int64_t>(end, 0));
  }
  return to;
}

Window transposed(const ops::Window& w, std::span<const int64_t> in) {
  Window to = common(w);
  // Negative where output_padding adds rows that no input reaches.
  for (size_t i = 0; i < in.size(); ++i)
    to.pads_end.push_back((in[i] - 1) * w.strides[i] + reach(w, i) - w.pads_begin[i] - w.out[i]);
  return to;
}

}  // namespace lite::onednn
