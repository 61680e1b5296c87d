// CropAndResize: boxes of images, each resized to the same size.
//
//   in  X              [N,C,H,W], float
//   in  rois           [boxes,4], float: y1, x1, y2, x2 in units of H - 1 and W - 1; may lie outside, or be
//   flipped in  batch_indices  [boxes], int32: the image of each box, in [0,N) in  crop_size      [2], int32:
//   height and width, at least 1 out Y              [boxes,C,height,width] attr mode string: bilinear
//   (default) or nearest attr extrapolation_value float, default 0: where a point lies outside of the image
//
// The first and last points lie on the corners of the box; a single one in its middle.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const std::string_view mode = a.attrs.str("mode", "bilinear");
  if (mode != "bilinear" && mode != "nearest")
    return invalid_model("CropAndResize: attribute 'mode' is '", mode, "', bilinear or nearest wanted");
  const Fact &x = a.in[0], &rois = a.in[1], &images = a.in[2];
  if (x.has_rank && x.rank() != 4)
    return invalid_model("CropAndResize: X has shape ", x.dims, ", four dimensions wanted");
  if (rois.has_rank && (rois.rank() != 2 || (rois.dims[1] >= 0 && rois.dims[1] != 4)))
    return invalid_model("CropAndResize: rois have shape ", rois.dims, ", [boxes,4] wanted");
  if (images.has_rank && images.rank() != 1)
    return invalid_model("CropAndResize: batch_indices have shape ", images.dims, ", [boxes] wanted");
  const int64_t boxes = rois.has_rank ? rois.dims[0] : kUnknownDim;
  if (images.has_rank && boxes >= 0 && images.dims[0] >= 0 && images.dims[0] != boxes)
    return invalid_model("CropAndResize: ", boxes, " rois, and ", images.dims[0], " batch_indices");
  Dims y{boxes, x.has_rank ? x.dims[1] : kUnknownDim, kUnknownDim, kUnknownDim};
  if (const Tensor* size = a.value(3)) {
    if (size->elements() != 2 || size->int_at(0) < 1 || size->int_at(1) < 1)
      return invalid_model("CropAndResize: crop_size is ", size->to_ints(),
                           ", two numbers of at least 1 wanted");
    y[2] = size->int_at(0);
    y[3] = size->int_at(1);
  }
  a.out[0] = Fact(x.dtype, std::move(y));
  return ok();
}

// Where point i of n lies between the ends of a box, along a side of `size` pixels.
float position(float from, float to, int64_t i, int64_t n, int64_t size) {
  const auto last = static_cast<float>(size - 1);
  if (n == 1) return 0.5f * (from + to) * last;
  if (i == n - 1) return to * last;
  return from * last + static_cast<float>(i) * ((to - from) * last / static_cast<float>(n - 1));
}

Status reference(const EvalArgs& a) {
  const Tensor &x = a.input(0), &images = a.input(2), &size = a.input(3);
  if (size.elements() != 2 || size.int_at(0) < 1 || size.int_at(1) < 1)
    return invalid_argument("CropAndResize: crop_size is ", size.to_ints(),
                            ", two numbers of at least 1 wanted");
  const int64_t boxes = a.input(1).dims()[0], channels = x.dims()[1], height = x.dims()[2],
                width = x.dims()[3], rows = size.int_at(0), columns = size.int_at(1);
  if (images.elements() != boxes)
    return invalid_argument("CropAndResize: ", boxes, " rois, and ", images.elements(), " batch_indices");
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), Dims{boxes, channels, rows, columns}));
  if (y->elements() == 0) return ok();
  const bool nearest = a.attrs.str("mode", "bilinear") == "nearest";
  const float outside = a.attrs.f32("extrapolation_value", 0);
  const Widened<float> xs(x), rois(a.input(1));
  std::vector<float> crop(static_cast<size_t>(rows * columns));
  for (int64_t b = 0; b < boxes; ++b) {
    const int64_t image = images.int_at(b);
    if (image < 0 || image >= x.dims()[0])
      return invalid_argument("CropAndResize: batch index ", image, " is out of range for ", x.dims()[0],
                              " images");
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t plane = (image * channels + c) * height * width;
      const auto at = [&](int64_t row, int64_t column) { return xs[plane + row * width + column]; };
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t k = 0; k < columns; ++k) {
          float& out = crop[static_cast<size_t>(r * columns + k)];
          const float py = position(rois[4 * b], rois[4 * b + 2], r, rows, height);
          const float px = position(rois[4 * b + 1], rois[4 * b + 3], k, columns, width);
          if (!(py >= 0 && py <= static_cast<float>(height - 1) && px >= 0 &&
                px <= static_cast<float>(width - 1))) {
            out = outside;
          } else if (nearest) {
            out = at(static_cast<int64_t>(std::round(py)), static_cast<int64_t>(std::round(px)));
          } else {
            const auto top = static_cast<int64_t>(std::floor(py)),
                       left = static_cast<int64_t>(std::floor(px));
            const auto bottom = static_cast<int64_t>(std::ceil(py)),
                       right = static_cast<int64_t>(std::ceil(px));
            const float fy = py - static_cast<float>(top), fx = px - static_cast<float>(left);
            const float upper = at(top, left) + (at(top, right) - at(top, left)) * fx;
            const float lower = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * fx;
            out = upper + (lower - upper) * fy;
          }
        }
      narrow(crop.data(), rows * columns, *y, (b * channels + c) * rows * columns);
    }
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'},
                               {"rois", types::kFloat, 'T'},
                               {"batch_indices", DType::kI32},
                               {"crop_size", DType::kI32}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"extrapolation_value", AttrType::kFloat}, {"mode", AttrType::kString}};

constexpr OpDef kOps[] = {{
    .name = "CropAndResize",
    .domain = "com.microsoft",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kUlps,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable crop_and_resize;
constinit const OpTable crop_and_resize{kOps};

}  // namespace lite::ops
