// Resize: samples X at another resolution, each axis on its own.
//
//   in  X       any shape; any type for nearest, numbers for linear and cubic
//   in  roi     optional [2 * axes]: starts, then ends, in fractions of X; for tf_crop_and_resize
//   in  scales  optional [axes], float32: output = floor(input * scale)
//   in  sizes   optional [axes], int64; one of scales and sizes is there, an empty one counts as left out
//   out Y       shape as scales or sizes say
//   attr axes  ints, default all          attr mode string: nearest (default), linear, cubic
//   attr coordinate_transformation_mode string, default half_pixel; half_pixel_symmetric, pytorch_half_pixel,
//              align_corners, asymmetric, tf_crop_and_resize
//   attr nearest_mode string, default round_prefer_floor; round_prefer_ceil, floor, ceil
//   attr cubic_coeff_a float, default -0.75
//   attr antialias int, default 0: linear and cubic widen their kernel when they shrink
//   attr exclude_outside int, default 0: samples outside X get no weight, rather than the edge's value
//   attr extrapolation_value float, default 0: what tf_crop_and_resize writes outside X
//   attr keep_aspect_ratio_policy string, default stretch; not_larger, not_smaller: one scale for all axes,
//   from sizes
//
// Coordinates are calculated in float32. Integers are rounded to nearest, halves to even, and saturated.

#include "core/ops/op.h"
#include "core/ops/resize_map.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  a.out[0] = Fact(a.in[0].dtype);
  if (!a.in[0].has_rank) return ok();
  // Left out, or surely empty.
  const auto absent = [&](size_t i) {
    return !a.has(i) || (a.in[i].is_static() && checked_elements(a.in[i].dims) == 0);
  };
  const bool has_sizes = !absent(3), has_scales = !absent(2);
  if (!has_sizes && !has_scales && a.in[0].rank() > 0)
    return invalid_model("Resize: one of scales and sizes is wanted");
  const int64_t axes =
      static_cast<int64_t>(a.attrs.has("axes") ? a.attrs.ints("axes").size() : a.in[0].rank());
  for (const size_t i : {2U, 3U})
    if (!absent(i) && a.in[i].has_rank &&
        (a.in[i].rank() != 1 || (a.in[i].dims[0] >= 0 && a.in[i].dims[0] != axes)))
      return invalid_model("Resize: ", i == 2 ? "scales" : "sizes", " has shape ", a.in[i].dims, ", [", axes,
                           "] wanted");
  const Tensor* sizes = has_sizes ? a.value(3) : nullptr;
  const Tensor* scales = !has_sizes && has_scales ? a.value(2) : nullptr;
  LITE_ASSIGN(Dims out, resize_shape(a.attrs, a.in[0].dims, scales, sizes));
  a.out[0] = Fact(a.in[0].dtype, std::move(out));
  return ok();
}

// The whole tensor along one axis: to[outer, out, inner] from from[outer, in, inner].
std::vector<double> along(const std::vector<double>& from, const Dims& dims, const ResizeAxis& r) {
  int64_t outer = 1, inner = 1;
  for (size_t d = 0; d < r.axis; ++d) outer *= dims[d];
  for (size_t d = r.axis + 1; d < dims.size(); ++d) inner *= dims[d];
  std::vector<double> to(static_cast<size_t>(outer * r.out * inner), 0);
  for (int64_t n = 0; n < outer; ++n)
    for (int64_t o = 0; o < r.out; ++o)
      for (int64_t k = 0; k < r.taps; ++k) {
        const auto tap = static_cast<size_t>(o * r.taps + k);
        const auto weight = static_cast<double>(r.weight[tap]);
        if (weight == 0) continue;
        const double* row = from.data() + (n * r.in + r.index[tap]) * inner;
        double* sum = to.data() + (n * r.out + o) * inner;
        for (int64_t i = 0; i < inner; ++i) sum[i] += weight * row[i];
      }
  return to;
}

// Calls at(output element) wherever some axis lies outside X.
template <class F>
void for_each_outside(const ResizePlan& plan, F&& at) {
  if (std::all_of(plan.axes.begin(), plan.axes.end(), [](const ResizeAxis& r) { return r.outside.empty(); }))
    return;
  const int64_t count = elements(plan.out);
  Walker<0> walk(plan.out, {});
  for (int64_t i = 0; i < count; ++i, walk.next())
    for (const ResizeAxis& r : plan.axes)
      if (!r.outside.empty() && r.outside[static_cast<size_t>(walk.index()[r.axis])] != 0) {
        at(i);
        break;
      }
}

// Nearest moves elements without looking at them.
Status pick(const EvalArgs& a, const ResizePlan& plan, Tensor& y) {
  const Tensor& x = a.input(0);
  const Dims strides = row_major_strides(x.dims());
  std::vector<std::vector<int64_t>> offsets(plan.out.size());
  for (size_t d = 0; d < plan.out.size(); ++d)
    for (int64_t o = 0; o < plan.out[d]; ++o) offsets[d].push_back(o * strides[d]);
  for (const ResizeAxis& r : plan.axes)
    for (size_t o = 0; o < r.index.size(); ++o) offsets[r.axis][o] = r.index[o] * strides[r.axis];
  const int64_t count = elements(plan.out);
  return dispatch_bytes("Resize", x.dtype(), [&]<class T>() -> Status {
    Walker<0> walk(plan.out, {});
    for (int64_t i = 0; i < count; ++i, walk.next()) {
      int64_t from = 0;
      for (size_t d = 0; d < offsets.size(); ++d) from += offsets[d][static_cast<size_t>(walk.index()[d])];
      y.mutable_data<T>()[i] = x.data<T>()[from];
    }
    return ok();
  });
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const auto input = [&](size_t i) { return a.has(i) ? &a.input(i) : nullptr; };
  LITE_ASSIGN(const ResizePlan plan, resolve_resize(a.attrs, x.dims(), input(1), input(2), input(3)));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), plan.out));
  const bool numeric = types::kNumeric.has(x.dtype());
  if (plan.mode != ResizeMode::kNearest && !numeric)
    return unsupported("Resize: mode linear or cubic with element type ", dtype_name(x.dtype()),
                       "; numbers wanted");
  if (plan.mode == ResizeMode::kNearest) {
    LITE_TRY(pick(a, plan, *y));
  } else {
    std::vector<double> data(static_cast<size_t>(x.elements()));
    widen(x, 0, x.elements(), data.data());
    Dims dims = x.dims();
    for (const ResizeAxis& r : plan.axes) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      data = along(data, dims, r);
      dims[r.axis] = r.out;
    }
    narrow(data.data(), y->elements(), *y, 0);
  }
  if (numeric) for_each_outside(plan, [&](int64_t i) { narrow(&plan.extrapolation_value, 1, *y, i); });
  return ok();
}

constexpr TypeSet kTypes = types::kNumeric | types::kComplex | types::kBool | types::kString;
constexpr OperandSpec kIn[] = {{"X", kTypes, 'T'},
                               {"roi", types::kFloat16To64, 0, OperandSpec::kOptional},
                               {"scales", DType::kF32, 0, OperandSpec::kOptional},
                               {"sizes", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", kTypes, 'T'}};
constexpr AttrSpec kAttrs[] = {{"antialias", AttrType::kInt},
                               {"axes", AttrType::kInts},
                               {"coordinate_transformation_mode", AttrType::kString},
                               {"cubic_coeff_a", AttrType::kFloat},
                               {"exclude_outside", AttrType::kInt},
                               {"extrapolation_value", AttrType::kFloat},
                               {"keep_aspect_ratio_policy", AttrType::kString},
                               {"mode", AttrType::kString},
                               {"nearest_mode", AttrType::kString}};

constexpr OpDef kOps[] = {{
    .name = "Resize",
    .since = 19,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable resize;
constinit const OpTable resize{kOps};

}  // namespace lite::ops
