// Operators that early ONNX called experimental and took out again; files of its first opsets still have
// them.
#include <algorithm>
#include <limits>

#include "core/import/onnx/microsoft.h"
#include "core/import/onnx/versions.h"

namespace lite::onnx {
namespace {

Result<ValueId> number(Draft& d, const char* attr, float otherwise) {
  const DType t = d.fact(0).dtype == DType::kUndefined ? DType::kF32 : d.fact(0).dtype;
  return d.scalar(t, static_cast<double>(d.attrs().f32(attr, otherwise)));
}

// Affine: alpha * x + beta.
Status affine(Draft& d) {
  LITE_ASSIGN(const ValueId alpha, number(d, "alpha", 1));
  LITE_ASSIGN(const ValueId beta, number(d, "beta", 0));
  LITE_ASSIGN(const ValueId scaled, d.emit("Mul", {d.node.in[0], alpha}));
  return d.replace_with("Add", {scaled, beta});
}

// Scale: scale * x.
Status scale(Draft& d) {
  LITE_ASSIGN(const ValueId by, number(d, "scale", 1));
  return d.replace_with("Mul", {d.node.in[0], by});
}

// ScaledTanh: alpha * tanh(beta * x).
Status scaled_tanh(Draft& d) {
  LITE_ASSIGN(const ValueId alpha, number(d, "alpha", 1));
  LITE_ASSIGN(const ValueId beta, number(d, "beta", 1));
  LITE_ASSIGN(const ValueId inner, d.emit("Mul", {d.node.in[0], beta}));
  LITE_ASSIGN(const ValueId tanh, d.emit("Tanh", {inner}));
  return d.replace_with("Mul", {tanh, alpha});
}

// ParametricSoftplus: alpha * ln(1 + e^(beta * x)).
Status parametric_softplus(Draft& d) {
  LITE_ASSIGN(const ValueId alpha, number(d, "alpha", 1));
  LITE_ASSIGN(const ValueId beta, number(d, "beta", 1));
  LITE_ASSIGN(const ValueId inner, d.emit("Mul", {d.node.in[0], beta}));
  LITE_ASSIGN(const ValueId softplus, d.emit("Softplus", {inner}));
  return d.replace_with("Mul", {softplus, alpha});
}

// ImageScaler: scale * x + bias[c], for x of [N,C,H,W].
Status image_scaler(Draft& d) {
  const auto bias = d.attrs().floats("bias");
  LITE_ASSIGN(const ValueId by, number(d, "scale", 1));
  LITE_ASSIGN(Tensor t, Tensor::allocate(DType::kF32, Dims{static_cast<int64_t>(bias.size()), 1, 1}));
  std::copy(bias.begin(), bias.end(), t.mutable_data<float>());
  LITE_ASSIGN(const ValueId each, d.emit("CastLike", {d.constant(std::move(t)), d.node.in[0]}));
  LITE_ASSIGN(const ValueId scaled, d.emit("Mul", {d.node.in[0], by}));
  return d.replace_with("Add", {scaled, each});
}

// Crop: what is left of [N,C,H,W] without a border of (left, top, right, bottom), or `scale` = (height,
// width) from the border's corner on.
Status crop(Draft& d) {
  const auto border = d.attrs().ints("border"), size = d.attrs().ints("scale");
  if (border.size() != 4 || (!size.empty() && size.size() != 2))
    return invalid_model("attribute 'border' has ", border.size(), " numbers and 'scale' ", size.size(),
                         ", 4 and none or 2 are wanted");
  const int64_t left = border[0], top = border[1];
  const auto end = [&](int64_t begin, size_t axis, int64_t behind) -> Result<int64_t> {
    if (size.empty()) return behind == 0 ? std::numeric_limits<int64_t>::max() : -behind;
    const auto e = checked_add(begin, size[axis]);
    if (!e) return invalid_model("attributes 'border' and 'scale' leave int64");
    return *e;
  };
  LITE_ASSIGN(const int64_t bottom, end(top, 0, border[3]));
  LITE_ASSIGN(const int64_t right, end(left, 1, border[2]));
  return d.replace_with(
      "Slice", {d.node.in[0], d.constant({top, left}), d.constant({bottom, right}), d.constant({2, 3})});
}

// DynamicSlice is Slice as opset 10 has it.
Status dynamic_slice(Draft& d) {
  d.op_type = "Slice";
  return ok();
}

// GivenTensorFill: `values` in the shape given by an attribute or by input 0.
Status given_tensor_fill(Draft& d) {
  const auto values = d.attrs().floats("values");
  LITE_ASSIGN(Tensor t, Tensor::allocate(DType::kF32, Dims{static_cast<int64_t>(values.size())}));
  std::copy(values.begin(), values.end(), t.mutable_data<float>());
  if (d.attrs().i64("input_as_shape") != 0 && d.has(0))
    return d.replace_with("Reshape", {d.constant(std::move(t)), d.node.in[0]});
  if (d.has(0) || d.node.find("extra_shape") != nullptr)
    return unsupported("the shape is that of an input, or has an extra part");
  return d.replace_with("Reshape", {d.constant(std::move(t)), d.constant(d.attrs().ints("shape"))});
}

// MeanVarianceNormalization had flags before opset 9: statistics over the channels too, and no division.
Status mean_variance_flags(Draft& d) {
  const bool channels = d.attrs().i64("across_channels") != 0,
             divide = d.attrs().i64("normalize_variance", 1) != 0;
  d.node.erase("across_channels");
  d.node.erase("normalize_variance");
  if (d.node.find("axes") != nullptr) return ok();
  if (!d.fact(0).has_rank) return unsupported("the rank of the input is not known");
  std::vector<int64_t> axes;
  for (size_t i = channels ? 1 : 2; i < d.fact(0).rank(); ++i) axes.push_back(static_cast<int64_t>(i));
  if (divide) {
    d.node.set("axes", axes);
    return ok();
  }
  LITE_ASSIGN(const ValueId mean, d.emit("ReduceMean", {d.node.in[0], d.constant(axes)}));
  return d.replace_with("Sub", {d.node.in[0], mean});
}

// What ONNX Runtime writes for RMSNormalization, under ONNX's domain. Its second output is 1 / the root.
Status simplified_layer_norm(Draft& d) {
  if (d.wants(1)) {
    LITE_ASSIGN(const ValueId inverse,
                inverse_rms(d, d.node.in[0], d.attrs().i64("axis", -1), d.attrs().f32("epsilon", 1e-5f)));
    LITE_TRY(d.emit_to(d.node.out[1], "Identity", {inverse}));
  }
  d.node.out.resize(1);
  d.op_type = "RMSNormalization";
  return ok();
}

constexpr int64_t kAlways = kNewestOpset + 1;
constexpr Step kSteps[] = {
    {"Affine", kAlways, affine},
    {"Crop", kAlways, crop},
    {"DynamicSlice", kAlways, dynamic_slice},
    {"GivenTensorFill", kAlways, given_tensor_fill},
    {"ImageScaler", kAlways, image_scaler},
    {"MeanVarianceNormalization", 9, mean_variance_flags},
    {"ParametricSoftplus", kAlways, parametric_softplus},
    {"Scale", kAlways, scale},
    {"ScaledTanh", kAlways, scaled_tanh},
    {"SimplifiedLayerNormalization", kAlways, simplified_layer_norm},
};

}  // namespace

std::span<const Step> experimental_steps() { return kSteps; }

}  // namespace lite::onnx
