// Images: sizes, warps, colours, windows and regions.
#include <cmath>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

constexpr const char* kBorders[] = {"replicate", "reflect", "reflect_101", "wrap", "constant"};
constexpr const char* kInterpolations[] = {"nearest", "linear", "area", "cubic", "lanczos4"};

Result<const char*> border(uint32_t mode) {
  if (mode < std::size(kBorders)) return kBorders[mode];
  return unsupported("border mode ", mode);
}
Result<const char*> interpolation(uint32_t mode) {
  if (mode < std::size(kInterpolations)) return kInterpolations[mode];
  return invalid_model("its interpolation is ", mode, ", which is none");
}

struct Image {
  ValueId value = kNoValue;
  Blocked format = Blocked::kNone;
};

// Input 0 as [N,C,H,W] of float.
Result<Image> image(Call& c, uint32_t format) {
  const FormatRow* const row = format_row(format);
  if (row == nullptr || row->in != row->out) return unsupported("format ", format);
  ValueId x = c.plain(0, row->in);
  const ElementType& t = c.type(0);
  x = t.quantised ? c.b.dequantize(x, t) : is_float(t.dtype) ? x : c.b.cast(x, DType::kF32);
  return Image{x, row->in};
}

// Back to input 0's type; integers are rounded, halves away from zero, and held to their range.
Status out_image(Call& c, ValueId y, Blocked format) {
  Builder& b = c.b;
  const ElementType t = c.type(0);
  if (t.quantised) {
    y = b.quantize(y, t);
  } else if (!is_float(t.dtype)) {
    const bool is_signed = t.dtype == DType::kI8;
    if (t.dtype != DType::kI8 && t.dtype != DType::kU8)
      return unsupported("an image of ", dtype_name(t.dtype));
    y = b.add("Clip", {b.add("RoundAway", {y}, {}, "megengine"), b.number(DType::kF32, is_signed ? -128 : 0),
                       b.number(DType::kF32, is_signed ? 127 : 255)});
    y = b.cast(y, t.dtype);
  }
  c.out_plain(0, y, format, t);
  return c.done();
}

ValueId as_size(Call& c, size_t i) { return c.b.reshape(c.b.cast(c.in(i), DType::kI64), {-1}); }

}  // namespace

Status resize(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Resize* p = c.param<fb::Resize>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const Image x, image(c, p->format()));
  LITE_ASSIGN(const char* const mode, interpolation(p->imode()));
  std::vector<Attr> attrs{attr("axes", std::vector<int64_t>{2, 3})};
  switch (p->imode()) {
    case 0:
      attrs.insert(attrs.end(), {attr("mode", "nearest"), attr("nearest_mode", "floor"),
                                 attr("coordinate_transformation_mode", "asymmetric")});
      break;
    case 1:
      attrs.insert(attrs.end(),
                   {attr("mode", "linear"), attr("coordinate_transformation_mode", "half_pixel")});
      break;
    case 3:
      attrs.insert(attrs.end(), {attr("mode", "cubic"), attr("coordinate_transformation_mode", "half_pixel"),
                                 attr("cubic_coeff_a", -0.75f)});
      break;
    default:
      return unsupported("interpolation ", mode);
  }
  return out_image(c, c.b.add("Resize", {x.value, kNoValue, kNoValue, as_size(c, 1)}, std::move(attrs)),
                   x.format);
}

Status resize3d(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Resize3D* p = c.param<fb::Resize3D>();
  LITE_TRY(c.done());
  if (p->imode() != 1) return unsupported("interpolation ", p->imode());
  const char* const where = p->align_corners() ? "align_corners" : "half_pixel";
  c.out(0, c.b.add("Resize", {c.in(0), kNoValue, kNoValue, as_size(c, 1)},
                   {attr("axes", std::vector<int64_t>{2, 3, 4}), attr("mode", "linear"),
                    attr("coordinate_transformation_mode", where)}));
  return c.done();
}

Status warp_perspective(Call& c) {
  LITE_TRY(c.want_inputs(3, 4));
  const fb::WarpPerspective* p = c.param<fb::WarpPerspective>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const Image x, image(c, p->format()));
  LITE_ASSIGN(const char* const mode, interpolation(p->imode()));
  LITE_ASSIGN(const char* const edge, border(p->bmode()));
  if (p->imode() > 1) return unsupported("interpolation ", mode);
  const bool chosen = c.num_in() == 4;
  const ValueId index = chosen ? c.b.cast(c.in(2), DType::kI64) : kNoValue;
  const ValueId matrix = c.b.cast(c.in(1), DType::kF32);
  const ValueId y =
      c.b.add("WarpPerspective", {x.value, matrix, as_size(c, chosen ? 3 : 2), index},
              {attr("mode", mode), attr("border", edge), attr("border_value", p->border_val())}, "megengine");
  return out_image(c, y, x.format);
}

// A perspective whose last row is 0, 0, 1.
Status warp_affine(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(3, 3));
  const fb::WarpAffine* p = c.param<fb::WarpAffine>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const Image x, image(c, p->format()));
  LITE_ASSIGN(const char* const mode, interpolation(p->imode()));
  LITE_ASSIGN(const char* const edge, border(p->border_mode()));
  if (p->imode() > 1) return unsupported("interpolation ", mode);
  const ValueId matrix = b.cast(c.in(1), DType::kF32);
  LITE_ASSIGN(Tensor row, Tensor::allocate(DType::kF32, {1, 1, 3}));
  row.mutable_data<float>()[0] = row.mutable_data<float>()[1] = 0;
  row.mutable_data<float>()[2] = 1;
  const ValueId rows =
      b.add("Expand", {b.constant(std::move(row)), b.concat({b.dims_of(matrix, 0, 1), b.ints({1, 3})})});
  const ValueId y =
      b.add("WarpPerspective", {x.value, b.concat({matrix, rows}, 1), as_size(c, 2)},
            {attr("mode", mode), attr("border", edge), attr("border_value", p->border_val())}, "megengine");
  return out_image(c, y, x.format);
}

Status remap(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Remap* p = c.param<fb::Remap>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const Image x, image(c, p->format()));
  LITE_ASSIGN(const char* const mode, interpolation(p->imode()));
  LITE_ASSIGN(const char* const edge, border(p->border_type()));
  if (p->imode() > 1) return unsupported("interpolation ", mode);
  const ValueId y =
      c.b.add("Remap", {x.value, c.b.cast(c.in(1), DType::kF32)},
              {attr("mode", mode), attr("border", edge), attr("border_value", p->scalar())}, "megengine");
  return out_image(c, y, x.format);
}

Status cvt_color(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::CvtColor* p = c.param<fb::CvtColor>();
  c.out(0, c.b.add("CvtColor", {c.in(0)}, {attr("mode", static_cast<int64_t>(p->mode()))}, "megengine"));
  return c.done();
}

Status images_to_neighbours(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Images2Neibs* p = c.param<fb::Images2Neibs>();
  c.out(0, c.b.add("Images2Neibs", {c.in(0)},
                   {attr("kernel_shape", std::vector<int64_t>{p->window_h(), p->window_w()}),
                    attr("pads", std::vector<int64_t>{p->pad_h(), p->pad_w()}),
                    attr("strides", std::vector<int64_t>{p->stride_h(), p->stride_w()}),
                    attr("dilations", std::vector<int64_t>{p->dilate_h(), p->dilate_w()})},
                   "megengine"));
  return c.done();
}

// [N,C,OH,OW,h,w] summed back to [N,C,out_h,out_w].
Status sliding_window_transpose(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::SlidingWindowTranspose* p = c.param<fb::SlidingWindowTranspose>();
  const ValueId x = c.in(0);
  const ValueId columns = b.transpose(x, {0, 1, 4, 5, 2, 3});
  const auto window = checked_mul(p->window_h(), p->window_w());
  if (c.rank(0) != 6) return invalid_model("its input has ", c.rank(0), " dimensions, 6 wanted");
  const ValueId channels = b.add("Mul", {b.dims_of(x, 1, 2), b.ints({window.value_or(0)})});
  const ValueId flat = b.reshape_to(columns, {b.dims_of(x, 0, 1), channels, b.ints({-1})});
  const int64_t ph = p->pad_h(), pw = p->pad_w();
  c.out(0, b.add("Col2Im", {flat, b.ints({p->out_h(), p->out_w()}), b.ints({p->window_h(), p->window_w()})},
                 {attr("pads", std::vector<int64_t>{ph, pw, ph, pw}),
                  attr("strides", std::vector<int64_t>{p->stride_h(), p->stride_w()}),
                  attr("dilations", std::vector<int64_t>{p->dilate_h(), p->dilate_w()})}));
  return c.done();
}

Status correlation(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Correlation* p = c.param<fb::Correlation>();
  LITE_TRY(c.done());
  if (p->format() != 0) return unsupported("a correlation of another format than NCHW");
  const auto i = [](uint32_t v) { return static_cast<int64_t>(v); };
  c.out(0,
        c.b.add("Correlation", {c.in(0), c.in(1)},
                {attr("kernel_size", i(p->kernel_size())), attr("max_displacement", i(p->max_displacement())),
                 attr("stride1", i(p->stride1())), attr("stride2", i(p->stride2())),
                 attr("pad_size", i(p->pad_size())), attr("is_multiply", i(p->is_multiply()))},
                "megengine"));
  return c.done();
}

Status roi_align(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  const fb::ROIAlign* p = c.param<fb::ROIAlign>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const Image x, image(c, p->format()));
  const auto i = [](uint32_t v) { return static_cast<int64_t>(v); };
  if (p->mode() > 1) return invalid_model("its mode is ", p->mode(), ", which is none");
  const auto out =
      c.b.add_all("ROIAlign", 2, {x.value, c.in(1)},
                  {attr("mode", p->mode() == 0 ? "max" : "average"),
                   attr("pooled_shape", std::vector<int64_t>{i(p->pooled_height()), i(p->pooled_width())}),
                   attr("samples", std::vector<int64_t>{i(p->sample_height()), i(p->sample_width())}),
                   attr("spatial_scale", p->spatial_scale()), attr("offset", p->offset())},
                  "megengine");
  c.out_plain(0, out[0], x.format, c.b.dtype(out[0]));
  c.out(1, out[1]);
  return c.done();
}

Status roi_pooling(Call& c) {
  LITE_TRY(c.want_inputs(3, 3));
  const fb::ROIPooling* p = c.param<fb::ROIPooling>();
  LITE_TRY(c.done());
  if (p->mode() > 1) return invalid_model("its mode is ", p->mode(), ", which is none");
  const auto out = c.b.add_all(
      "ROIPooling", 2, {c.in(0), c.in(1), as_size(c, 2)},
      {attr("mode", p->mode() == 0 ? "max" : "average"), attr("spatial_scale", p->scale())}, "megengine");
  c.out(0, out[0]);
  c.out(1, out[1]);
  return c.done();
}

Status psroi_pooling(Call& c) {
  LITE_TRY(c.want_inputs(3, 3));
  const fb::DeformablePSROIPooling* p = c.param<fb::DeformablePSROIPooling>();
  const auto i = [](uint32_t v) { return static_cast<int64_t>(v); };
  const auto out =
      c.b.add_all("DeformablePSROIPooling", 2, {c.in(0), c.in(1), c.in(2)},
                  {attr("no_trans", i(p->no_trans())), attr("spatial_scale", p->spatial_scale()),
                   attr("trans_std", p->trans_std()),
                   attr("pooled_shape", std::vector<int64_t>{i(p->pooled_h()), i(p->pooled_w())}),
                   attr("part_size", i(p->part_size())), attr("sample_per_part", i(p->sample_per_part()))},
                  "megengine");
  c.out(0, out[0]);
  c.out(1, out[1]);
  return c.done();
}

Status nms_keep(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::NMSKeep* p = c.param<fb::NMSKeep>();
  const auto out = c.b.add_all(
      "NMSKeep", 2, {c.in(0)},
      {attr("iou_threshold", p->iou_thresh()), attr("max_output", static_cast<int64_t>(p->max_output()))},
      "megengine");
  c.out(0, out[0]);
  c.out(1, out[1]);
  return c.done();
}

}  // namespace lite::mge
