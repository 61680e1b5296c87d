// Attributes that were renamed, given another type or default, or that became inputs.
#include <algorithm>

#include "core/import/onnx/versions.h"

namespace lite::onnx {
namespace {

template <class T>
const T* get(const Draft& d, const char* name) {
  const Attr* a = d.node.find(name);
  return a == nullptr ? nullptr : std::get_if<T>(&a->data);
}

// A list of integers becomes input i.
void ints_to_input(Draft& d, const char* name, size_t i) {
  if (const auto* list = get<std::vector<int64_t>>(d, name)) {
    d.set_input(i, d.constant(*list));
    d.node.erase(name);
  }
}

// A float becomes the scalar input i, of the type of input 0.
Status float_to_input(Draft& d, const char* name, size_t i) {
  const auto* v = get<float>(d, name);
  if (v == nullptr) return ok();
  const DType t = d.fact(0).dtype == DType::kUndefined ? DType::kF32 : d.fact(0).dtype;
  LITE_ASSIGN(const ValueId scalar, d.scalar(t, static_cast<double>(*v)));
  d.set_input(i, scalar);
  d.node.erase(name);
  return ok();
}

void set_default(Draft& d, const char* name, Attr::Data data) {
  if (d.node.find(name) == nullptr) d.node.set(name, std::move(data));
}

template <size_t I>
Status axes_to_input(Draft& d) {
  // No axes at all means the same as an empty list of them.
  if (const auto* axes = get<std::vector<int64_t>>(d, "axes"); axes != nullptr && axes->empty())
    d.node.erase("axes");
  ints_to_input(d, "axes", I);
  return ok();
}

Status cast_to_by_name(Draft& d) {
  const auto* name = get<std::string>(d, "to");
  if (name == nullptr) return ok();
  std::string lower;
  for (const char c : *name) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const auto t = dtype_from_name(lower == "float" ? "float32" : lower == "double" ? "float64" : lower);
  if (!t) return invalid_model("attribute 'to' is '", *name, "', an element type is wanted");
  d.node.set("to", static_cast<int64_t>(*t));
  return ok();
}

Status clip_bounds(Draft& d) {
  LITE_TRY(float_to_input(d, "min", 1));
  return float_to_input(d, "max", 2);
}

Status concat_axis(Draft& d) {
  set_default(d, "axis", int64_t{1});
  return ok();
}

Status dft_axis(Draft& d) {
  const auto* axis = get<int64_t>(d, "axis");
  d.set_input(2, d.constant(Tensor::scalar_i64(axis == nullptr ? 1 : *axis)));
  d.node.erase("axis");
  return ok();
}

Status grid_sample_mode(Draft& d) {
  const auto* mode = get<std::string>(d, "mode");
  if (mode != nullptr && *mode == "bilinear") d.node.set("mode", std::string("linear"));
  if (mode != nullptr && *mode == "bicubic") d.node.set("mode", std::string("cubic"));
  return ok();
}

Status lp_norm_p(Draft& d) {
  const auto* p = get<float>(d, "p");
  if (p == nullptr) return ok();
  const auto whole = static_cast<int64_t>(*p);
  if (static_cast<float>(whole) != *p)
    return unsupported("attribute 'p' is ", *p, ", a whole number is wanted");
  d.node.set("p", whole);
  return ok();
}

Status pad_names(Draft& d) {
  if (const auto* pads = get<std::vector<int64_t>>(d, "paddings")) {
    d.node.set("pads", *pads);
    d.node.erase("paddings");
  }
  return ok();
}

Status pad_inputs(Draft& d) {
  ints_to_input(d, "pads", 1);
  return float_to_input(d, "value", 2);
}

Status recurrent_names(Draft& d) {
  d.node.erase("output_sequence");  // outputs that are not wanted are left out instead
  const auto* direction = get<std::string>(d, "direction");
  if (direction != nullptr && *direction == "foward") d.node.set("direction", std::string("forward"));
  return ok();
}

Status reshape_shape(Draft& d) {
  ints_to_input(d, "shape", 1);
  return ok();
}

Status roi_align_mode(Draft& d) {
  set_default(d, "coordinate_transformation_mode", std::string("output_half_pixel"));
  return ok();
}

Status scatter_name(Draft& d) {
  d.op_type = "ScatterElements";
  return ok();
}

Status selu_defaults(Draft& d) {
  set_default(d, "alpha", 1.6732f);
  set_default(d, "gamma", 1.0507f);
  return ok();
}

Status slice_inputs(Draft& d) {
  ints_to_input(d, "starts", 1);
  ints_to_input(d, "ends", 2);
  ints_to_input(d, "axes", 3);
  return ok();
}

Status split_input(Draft& d) {
  ints_to_input(d, "split", 1);
  return ok();
}

// Before opset 18 parts without given sizes were equal.
Status split_count(Draft& d) {
  if (d.has(1)) return ok();
  const auto parts = static_cast<int64_t>(d.node.out.size());
  const Fact& x = d.fact(0);
  int64_t axis = d.attrs().i64("axis");
  if (axis < 0) axis += static_cast<int64_t>(x.rank());
  if (x.has_rank && axis >= 0 && axis < static_cast<int64_t>(x.rank()) && parts > 0)
    if (const int64_t size = x.dims[static_cast<size_t>(axis)]; size >= 0 && size % parts != 0)
      return invalid_model("dimension ", axis, " of size ", size, " cannot be split into ", parts,
                           " equal parts");
  set_default(d, "num_outputs", parts);
  return ok();
}

Status top_k_input(Draft& d) {
  const auto* k = get<int64_t>(d, "k");
  if (k == nullptr) return ok();
  const int64_t list[] = {*k};
  d.set_input(1, d.constant(list));
  d.node.erase("k");
  return ok();
}

Status drop_is_test(Draft& d) {
  d.node.erase("is_test");
  return ok();
}

Status drop_broadcast(Draft& d) {
  d.node.erase("broadcast");
  return ok();
}

// By operator, then in the order of versions.
constexpr Step kSteps[] = {
    {"BatchNormalization", 7, drop_is_test},
    {"Cast", 6, cast_to_by_name},
    {"Clip", 11, clip_bounds},
    {"Concat", 4, concat_axis},
    {"DFT", 20, dft_axis},
    {"Dropout", 7, drop_is_test},
    {"GRU", 7, recurrent_names},
    {"Gemm", 7, drop_broadcast},
    {"GlobalLpPool", 2, lp_norm_p},
    {"GridSample", 20, grid_sample_mode},
    {"LSTM", 7, recurrent_names},
    {"LpPool", 2, lp_norm_p},
    {"Pad", 2, pad_names},
    {"Pad", 11, pad_inputs},
    {"RNN", 7, recurrent_names},
    {"ReduceL1", 18, axes_to_input<1>},
    {"ReduceL2", 18, axes_to_input<1>},
    {"ReduceLogSum", 18, axes_to_input<1>},
    {"ReduceLogSumExp", 18, axes_to_input<1>},
    {"ReduceMax", 18, axes_to_input<1>},
    {"ReduceMean", 18, axes_to_input<1>},
    {"ReduceMin", 18, axes_to_input<1>},
    {"ReduceProd", 18, axes_to_input<1>},
    {"ReduceSum", 13, axes_to_input<1>},
    {"ReduceSumSquare", 18, axes_to_input<1>},
    {"Reshape", 5, reshape_shape},
    {"RoiAlign", 16, roi_align_mode},
    {"Scatter", kNewestOpset + 1, scatter_name},
    {"Selu", 6, selu_defaults},
    {"Slice", 10, slice_inputs},
    {"Split", 13, split_input},
    {"Split", 18, split_count},
    {"Squeeze", 13, axes_to_input<1>},
    {"TopK", 10, top_k_input},
    {"Unsqueeze", 13, axes_to_input<1>},
};

}  // namespace

std::span<const Step> attribute_steps() { return kSteps; }

}  // namespace lite::onnx
