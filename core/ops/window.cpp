#include "core/ops/window.h"

#include <limits>

namespace lite::ops {
namespace {

constexpr int64_t kLimit =
    std::numeric_limits<int32_t>::max();  // of each number, so that sums and products fit

// The list `name`, one number in [least, 2^31) per dimension; `otherwise` for each when it is absent.
Result<Dims> read_list(const AttrReader& attrs, const char* name, size_t count, int64_t least,
                       int64_t otherwise) {
  const char* op = attrs.node().op->name;
  const std::span<const int64_t> list = attrs.ints(name);
  if (list.empty()) return Dims(count, otherwise);
  if (list.size() != count)
    return invalid_model(op, ": attribute '", name, "' has ", list.size(), " numbers, ", count, " wanted");
  for (const int64_t v : list)
    if (v < least || v > kLimit)
      return invalid_model(op, ": attribute '", name, "' has the value ", v, ", wanted in [", least, ",",
                           kLimit, "]");
  return Dims(list);
}

// dilation * (kernel - 1) + 1; both below 2^31.
int64_t extent(int64_t kernel, int64_t dilation) { return dilation * (kernel - 1) + 1; }

void split_same(AutoPad mode, int64_t total, int64_t& begin, int64_t& end) {
  begin = mode == AutoPad::kSameUpper ? total / 2 : total - total / 2;
  end = total - begin;
}

}  // namespace

Result<WindowAttrs> read_window(const AttrReader& attrs, size_t spatial, const Dims* kernel) {
  const char* op = attrs.node().op->name;
  WindowAttrs w;
  LITE_ASSIGN(w.kernel, read_list(attrs, "kernel_shape", spatial, 1, kUnknownDim));
  LITE_ASSIGN(w.strides, read_list(attrs, "strides", spatial, 1, 1));
  LITE_ASSIGN(w.dilations, read_list(attrs, "dilations", spatial, 1, 1));
  LITE_ASSIGN(const Dims pads, read_list(attrs, "pads", 2 * spatial, 0, 0));
  w.pads_begin = Dims(std::span<const int64_t>(pads.begin(), spatial));
  w.pads_end = Dims(std::span<const int64_t>(pads.begin() + spatial, spatial));
  if (kernel != nullptr) {
    for (size_t i = 0; i < spatial; ++i) {
      const int64_t k = (*kernel)[i];
      if (k < 0) continue;
      if (k == 0 || k > kLimit)
        return invalid_model(op, ": the weights' spatial shape is ", *kernel, ", at least 1 each wanted");
      if (w.kernel[i] >= 0 && w.kernel[i] != k)
        return invalid_model(op, ": attribute 'kernel_shape' is ", w.kernel, ", the weights' is ", *kernel);
      w.kernel[i] = k;
    }
  } else if (spatial != 0 && attrs.ints("kernel_shape").empty()) {
    return invalid_model(op, ": attribute 'kernel_shape' is empty, ", spatial, " numbers wanted");
  }
  const std::string_view mode = attrs.str("auto_pad", "NOTSET");
  if (mode == "SAME_UPPER")
    w.auto_pad = AutoPad::kSameUpper;
  else if (mode == "SAME_LOWER")
    w.auto_pad = AutoPad::kSameLower;
  else if (mode == "VALID")
    w.auto_pad = AutoPad::kValid;
  else if (mode != "NOTSET" && !mode.empty())
    return invalid_model(op, ": attribute 'auto_pad' is '", mode,
                         "', NOTSET, SAME_UPPER, SAME_LOWER or VALID wanted");
  // Pads that auto_pad rules out are written by some exporters; auto_pad wins.
  if (w.auto_pad != AutoPad::kNotSet) w.pads_begin = w.pads_end = Dims(spatial, 0);
  w.ceil_mode = attrs.i64("ceil_mode") != 0;
  return w;
}

Result<Window> resolve_window(const char* op, const WindowAttrs& a, std::span<const int64_t> in) {
  Window w{a.kernel, a.strides, a.dilations, a.pads_begin, a.pads_end, Dims(in.size(), kUnknownDim)};
  for (size_t i = 0; i < in.size(); ++i) {
    const int64_t x = in[i], stride = a.strides[i];
    const bool same = a.auto_pad == AutoPad::kSameUpper || a.auto_pad == AutoPad::kSameLower;
    const int64_t size = a.kernel[i] < 0 ? 0 : extent(a.kernel[i], a.dilations[i]);
    // A window that keeps the size keeps an unknown size's symbol too.
    if (x < 0 && stride == 1 && (same || (size > 0 && w.pads_begin[i] + w.pads_end[i] == size - 1)))
      w.out[i] = x;
    if (x < 0) continue;
    if (x > kLimit) return unsupported(op, ": spatial dimension ", x, " is larger than ", kLimit);
    if (same) w.out[i] = ceil_div(x, stride);
    if (size == 0) continue;
    if (same) {
      const int64_t total = std::max<int64_t>((w.out[i] - 1) * stride + size - x, 0);
      split_same(a.auto_pad, total, w.pads_begin[i], w.pads_end[i]);
      continue;
    }
    const int64_t room = x + w.pads_begin[i] + w.pads_end[i] - size;
    if (room < 0)
      return invalid_model(op, ": a window of ", size, " does not fit dimension ", i + 2, " of size ", x,
                           " with pads ", w.pads_begin[i], " and ", w.pads_end[i]);
    w.out[i] = (a.ceil_mode ? ceil_div(room, stride) : room / stride) + 1;
    if (a.ceil_mode && (w.out[i] - 1) * stride >= x + w.pads_begin[i]) --w.out[i];
  }
  return w;
}

Result<Window> resolve_transposed(const AttrReader& attrs, const WindowAttrs& a,
                                  std::span<const int64_t> in) {
  const char* op = attrs.node().op->name;
  const size_t spatial = in.size();
  LITE_ASSIGN(const Dims extra, read_list(attrs, "output_padding", spatial, 0, 0));
  // A whole output shape (N and C too) is accepted; only the spatial part counts.
  std::span<const int64_t> shape = attrs.ints("output_shape");
  if (shape.size() == spatial + 2) shape = shape.subspan(2);
  if (!shape.empty() && shape.size() != spatial)
    return invalid_model(op, ": attribute 'output_shape' has ", shape.size(), " numbers, ", spatial,
                         " wanted");
  for (size_t i = 0; i < spatial; ++i)
    if (extra[i] >= a.strides[i] && extra[i] >= a.dilations[i])
      return invalid_model(op, ": attribute 'output_padding' is ", extra, ", less than strides ", a.strides,
                           " or dilations ", a.dilations, " wanted");
  Window w{a.kernel, a.strides, a.dilations, a.pads_begin, a.pads_end, Dims(spatial, kUnknownDim)};
  for (size_t i = 0; i < spatial; ++i) {
    if (!shape.empty()) {
      if (shape[i] < 0 || shape[i] > kLimit)
        return invalid_model(op, ": attribute 'output_shape' has the value ", shape[i], ", wanted in [0,",
                             kLimit, "]");
      w.out[i] = shape[i];
    }
    const int64_t x = in[i], stride = a.strides[i];
    if (x < 0) continue;
    if (x > kLimit) return unsupported(op, ": spatial dimension ", x, " is larger than ", kLimit);
    const bool same = a.auto_pad == AutoPad::kSameUpper || a.auto_pad == AutoPad::kSameLower;
    if (shape.empty() && same) w.out[i] = x * stride;
    if (a.kernel[i] < 0) continue;
    const auto natural = checked_add(stride * (x - 1), extra[i] + extent(a.kernel[i], a.dilations[i]));
    if (!natural) return invalid_model(op, ": output dimension ", i + 2, " does not fit");
    if (w.out[i] >= 0) {
      split_same(a.auto_pad, std::max<int64_t>(*natural - w.out[i], 0), w.pads_begin[i], w.pads_end[i]);
      continue;
    }
    w.out[i] = *natural - w.pads_begin[i] - w.pads_end[i];
    if (w.out[i] < 0)
      return invalid_model(op, ": output dimension ", i + 2, " is ", w.out[i], " with pads ", w.pads_begin[i],
                           " and ", w.pads_end[i]);
  }
  return w;
}

namespace {

// What X, W, B and group must have in common; unknown facts pass.
Status check_conv(const AttrReader& attrs, const Fact& x, const Fact& w, const Fact* b) {
  const char* op = attrs.node().op->name;
  const int64_t group = attrs.i64("group", 1);
  if (group < 1) return invalid_model(op, ": attribute 'group' is ", group, ", at least 1 wanted");
  if (x.has_rank && x.rank() < 3)
    return invalid_model(op, ": X has shape ", x.dims, ", at least three dimensions wanted");
  if (w.has_rank && w.rank() < 3)
    return invalid_model(op, ": W has shape ", w.dims, ", at least three dimensions wanted");
  if (x.has_rank && w.has_rank && x.rank() != w.rank())
    return invalid_model(op, ": X has shape ", x.dims, " and W ", w.dims, ", the same rank wanted");
  if (w.has_rank && w.dims[0] >= 0 && w.dims[0] % group != 0)
    return invalid_model(op, ": W has ", w.dims[0], " filters, a multiple of group ", group, " wanted");
  if (x.has_rank && w.has_rank && x.dims[1] >= 0 && w.dims[1] >= 0 &&
      checked_mul(w.dims[1], group) != x.dims[1])
    return invalid_model(op, ": X has ", x.dims[1], " channels, W ", w.dims[1], " for each of ", group,
                         " groups");
  if (b != nullptr && b->has_rank &&
      (b->rank() != 1 || (w.has_rank && w.dims[0] >= 0 && b->dims[0] >= 0 && b->dims[0] != w.dims[0])))
    return invalid_model(op, ": B has shape ", b->dims, ", one number for each filter of W ", w.dims,
                         " wanted");
  return ok();
}

}  // namespace

Result<ConvShape> resolve_conv(const AttrReader& attrs, const Dims& x, const Dims& w) {
  LITE_TRY(check_conv(attrs, Fact(DType::kF32, x), Fact(DType::kF32, w), nullptr));
  const size_t spatial = x.size() - 2;
  const Dims kernel(std::span<const int64_t>(w.begin() + 2, spatial));
  LITE_ASSIGN(const WindowAttrs a, read_window(attrs, spatial, &kernel));
  ConvShape s;
  s.batch = x[0];
  s.channels = x[1];
  s.filters = w[0];
  s.group = attrs.i64("group", 1);
  s.in = Dims(std::span<const int64_t>(x.begin() + 2, spatial));
  LITE_ASSIGN(s.window, resolve_window(attrs.node().op->name, a, s.in));
  s.out = s.window.out;
  return s;
}

Result<Fact> infer_conv(const AttrReader& attrs, const Fact& x, const Fact& w, const Fact* b, DType out) {
  LITE_TRY(check_conv(attrs, x, w, b));
  if (!x.has_rank && !w.has_rank) return Fact(out);
  const size_t spatial = (x.has_rank ? x.rank() : w.rank()) - 2;
  Dims kernel(spatial, kUnknownDim), in(spatial, kUnknownDim);
  if (w.has_rank) std::copy(w.dims.begin() + 2, w.dims.end(), kernel.begin());
  if (x.has_rank) std::copy(x.dims.begin() + 2, x.dims.end(), in.begin());
  LITE_ASSIGN(const WindowAttrs a, read_window(attrs, spatial, &kernel));
  LITE_ASSIGN(const Window window, resolve_window(attrs.node().op->name, a, in));
  Dims y{x.has_rank ? x.dims[0] : kUnknownDim, w.has_rank ? w.dims[0] : kUnknownDim};
  for (const int64_t d : window.out) y.push_back(d);
  return Fact(out, y);
}

}  // namespace lite::ops
