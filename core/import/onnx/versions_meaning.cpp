// Operators whose meaning changed, so that an old one is said by several new ones.
#include <algorithm>

#include "core/import/onnx/versions.h"
#include "core/ops/registry.h"

namespace lite::onnx {
namespace {

std::string str(const Draft& d, const char* name, const char* otherwise) {
  return std::string(d.attrs().str(name, otherwise));
}

// Before opset 7 the second operand was broadcast only on request, and then along an axis of the first.
Status broadcast_at_axis(Draft& d) {
  const bool asked = d.attrs().i64("broadcast") != 0;
  const Attr* axis_attr = d.node.find("axis");
  if (asked && axis_attr != nullptr && d.has(1)) {
    const Fact &a = d.fact(0), &b = d.fact(1);
    if (!a.has_rank || !b.has_rank) return unsupported("broadcasting at an axis needs inputs of known rank");
    const auto rank = static_cast<int64_t>(a.rank());
    int64_t axis = d.attrs().i64("axis");
    if (axis < 0) axis += rank;
    const int64_t behind = rank - axis - static_cast<int64_t>(b.rank());
    if (axis < 0 || behind < 0)
      return invalid_model("a shape of rank ", b.rank(), " does not fit at axis ", axis, " of one of rank ",
                           rank);
    if (behind > 0) {
      std::vector<int64_t> axes;
      for (int64_t i = 0; i < behind; ++i) axes.push_back(static_cast<int64_t>(b.rank()) + i);
      LITE_ASSIGN(const ValueId wide, d.emit("Unsqueeze", {d.node.in[1], d.constant(axes)}));
      d.set_input(1, wide);
    }
  }
  d.node.erase("broadcast");
  d.node.erase("axis");
  return ok();
}

// Before opset 7 a slope per channel was written [C].
Status prelu_slope(Draft& d) {
  const Fact &x = d.fact(0), &slope = d.fact(1);
  if (!x.has_rank || !slope.has_rank) return unsupported("a slope per channel needs inputs of known rank");
  if (slope.rank() != 1 || x.rank() <= 2 || slope.dims[0] == 1) return ok();
  std::vector<int64_t> axes;
  for (size_t i = 1; i + 1 < x.rank(); ++i) axes.push_back(static_cast<int64_t>(i));
  LITE_ASSIGN(const ValueId wide, d.emit("Unsqueeze", {d.node.in[1], d.constant(axes)}));
  d.set_input(1, wide);
  return ok();
}

// Before opset 9 `spatial` = 0 meant statistics for each element of an example, not for each channel.
Status batch_norm_spatial(Draft& d) {
  const bool per_channel = d.attrs().i64("spatial", 1) != 0;
  d.node.erase("spatial");
  if (per_channel) return ok();
  for (size_t i = 1; i < d.node.out.size(); ++i)
    if (d.wants(i)) return unsupported("attribute 'spatial' is 0 in training");
  for (size_t i = 1; i <= 4; ++i)
    if (!d.fact(0).has_rank || !d.fact(i).has_rank || d.fact(i).rank() + 1 != d.fact(0).rank())
      return unsupported("attribute 'spatial' is 0, and input ", i,
                         " has not one dimension less than input 0");
  const std::vector<ValueId> in = d.node.in;
  LITE_ASSIGN(const ValueId epsilon,
              d.scalar(d.fact(4).dtype, static_cast<double>(d.attrs().f32("epsilon", 1e-5f))));
  LITE_ASSIGN(const ValueId variance, d.emit("Add", {in[4], epsilon}));
  LITE_ASSIGN(const ValueId deviation, d.emit("Sqrt", {variance}));
  LITE_ASSIGN(const ValueId factor, d.emit("Div", {in[1], deviation}));
  LITE_ASSIGN(const ValueId centred, d.emit("Sub", {in[0], in[3]}));
  LITE_ASSIGN(const ValueId scaled, d.emit("Mul", {centred, factor}));
  return d.replace_with("Add", {scaled, in[2]});
}

// Before opset 14 more than one output meant training.
Status batch_norm_training(Draft& d) {
  if (d.wants(3) || d.wants(4)) return unsupported("the saved mean and variance of training are outputs");
  if (d.wants(1) || d.wants(2)) d.node.set("training_mode", int64_t{1});
  if (d.node.out.size() > 3) d.node.out.resize(3);
  return ok();
}

// The ratio matters in training alone, which is off unless an input says otherwise. Before opset 10 the mask
// had the type of the data.
Status dropout_inference(Draft& d) {
  d.node.erase("ratio");
  if (d.opset >= 10 || !d.wants(1) || d.fact(0).dtype == DType::kUndefined) return ok();
  const auto type = static_cast<int64_t>(d.fact(0).dtype);
  const ValueId mask = d.detach_output(1);
  LITE_TRY(d.finish());
  return d.emit_to(mask, "Cast", {d.node.out[1]}, {{"to", type}});
}

// Before opset 21 scale and bias were per group.
Status group_norm_per_channel(Draft& d) {
  const int64_t groups = d.attrs().i64("num_groups");
  if (groups < 1 || !d.has(0) || !d.has(1) || !d.has(2)) return ok();  // refused by the checks
  LITE_ASSIGN(const ValueId channels,
              d.emit("Shape", {d.node.in[0]}, {{"start", int64_t{1}}, {"end", int64_t{2}}}));
  LITE_ASSIGN(const ValueId each, d.emit("Div", {channels, d.constant({groups})}));
  LITE_ASSIGN(const ValueId shape, d.emit("Concat", {d.constant({groups}), each}, {{"axis", int64_t{0}}}));
  const ValueId one = d.constant({1}), flat = d.constant({-1});
  for (size_t i = 1; i <= 2; ++i) {
    LITE_ASSIGN(const ValueId column, d.emit("Unsqueeze", {d.node.in[i], one}));
    LITE_ASSIGN(const ValueId wide, d.emit("Expand", {column, shape}));
    LITE_ASSIGN(const ValueId all, d.emit("Reshape", {wide, flat}));
    d.set_input(i, all);
  }
  return ok();
}

// Upsample is Resize by its first rules.
Status upsample_v1(Draft& d) {
  const Attr *h = d.node.find("height_scale"), *w = d.node.find("width_scale");
  if (h == nullptr || w == nullptr) return ok();
  d.node.set("scales", std::vector<float>{1, 1, d.attrs().f32("height_scale"), d.attrs().f32("width_scale")});
  d.node.erase("height_scale");
  d.node.erase("width_scale");
  if (str(d, "mode", "nearest") == "bilinear") d.node.set("mode", std::string("linear"));
  return ok();
}

Status upsample_scales(Draft& d) {
  const auto scales = d.attrs().floats("scales");
  if (scales.empty()) return invalid_model("attribute 'scales' is missing or empty");
  LITE_ASSIGN(Tensor t, Tensor::allocate(DType::kF32, Dims{static_cast<int64_t>(scales.size())}));
  std::copy(scales.begin(), scales.end(), t.mutable_data<float>());
  d.set_input(1, d.constant(std::move(t)));
  d.node.erase("scales");
  return ok();
}

// Nearest was the pixel before where a dimension grows, and the one behind where it shrinks.
Status resize_first_rules(Draft& d) {
  d.op_type = "Resize";
  const Tensor* known = d.content(1);
  const ValueId scales = d.has(1) ? d.node.in[1] : kNoValue;
  d.node.in.resize(1);
  d.set_input(2, scales);
  d.node.set("coordinate_transformation_mode", std::string("asymmetric"));
  if (str(d, "mode", "nearest") != "nearest") return ok();
  d.node.set("nearest_mode", std::string("floor"));
  if (known == nullptr || known->dtype() != DType::kF32) return ok();
  LITE_ASSIGN(Tensor grow, known->clone());
  LITE_ASSIGN(Tensor shrink, known->clone());
  bool grows = false, shrinks = false;
  for (int64_t i = 0; i < grow.elements(); ++i) {
    float &up = grow.mutable_data<float>()[i], &down = shrink.mutable_data<float>()[i];
    grows = grows || up > 1;
    shrinks = shrinks || down < 1;
    up = std::max(up, 1.0f);
    down = std::min(down, 1.0f);
  }
  if (grows && shrinks) {
    LITE_ASSIGN(const ValueId grown, d.emit("Resize", {d.node.in[0], kNoValue, d.constant(std::move(grow))},
                                            {{"coordinate_transformation_mode", std::string("asymmetric")},
                                             {"nearest_mode", std::string("floor")}}));
    d.set_input(0, grown);
    d.set_input(2, d.constant(std::move(shrink)));
  }
  if (shrinks) d.node.set("nearest_mode", std::string("ceil"));
  return ok();
}

Status resize_tensorflow_mode(Draft& d) {
  if (str(d, "coordinate_transformation_mode", "half_pixel") != "tf_half_pixel_for_nn") return ok();
  if (str(d, "mode", "nearest") != "nearest" || str(d, "nearest_mode", "round_prefer_floor") != "floor")
    return unsupported(
        "coordinate_transformation_mode is tf_half_pixel_for_nn with other than mode nearest and "
        "nearest_mode floor");
  // floor(x) = round(x - 0.5) where halves go up.
  d.node.set("coordinate_transformation_mode", std::string("half_pixel"));
  d.node.set("nearest_mode", std::string("round_prefer_ceil"));
  return ok();
}

// Some exporters write operands that are not there as constants without elements.
Status resize_empty_operands(Draft& d) {
  for (size_t i = 1; i < d.node.in.size(); ++i)
    if (const Tensor* t = d.content(i); t != nullptr && t->elements() == 0) d.node.in[i] = kNoValue;
  return ok();
}

Status tile_repeats(Draft& d) {
  if (!d.has(2)) return ok();  // opset 1 files with the inputs of opset 6
  const Tensor *tiles = d.content(1), *axis = d.content(2);
  if (tiles == nullptr || axis == nullptr || tiles->elements() != 1 || axis->elements() != 1 ||
      !d.fact(0).has_rank)
    return unsupported("tiles and axis are not constants, or the rank of the input is not known");
  std::vector<int64_t> repeats(d.fact(0).rank(), 1);
  const int64_t a = static_cast<int64_t>(axis->float_at(0));
  if (a < 0 || a >= static_cast<int64_t>(repeats.size()))
    return invalid_model("axis ", a, " is out of range for rank ", repeats.size());
  repeats[static_cast<size_t>(a)] = static_cast<int64_t>(tiles->float_at(0));
  d.node.in.resize(1);
  d.set_input(1, d.constant(repeats));
  return ok();
}

// Once there were a first input with a length for each image of a batch, and a batch dimension on all others.
Status scan_with_batch(Draft& d) {
  if (d.has(0))
    return unsupported("sequence_lens of opset 8 is given: images of different lengths in a batch");
  if (!d.node.in.empty()) d.node.in.erase(d.node.in.begin());
  if (const Attr* directions = d.node.find("directions")) {
    d.node.set("scan_input_directions", directions->data);
    d.node.erase("directions");
  }
  return ok();
}

// Swish(A) * B. Passes fuse the two.
Status swiglu(Draft& d) {
  if (!d.has(0) || !d.has(1)) return ok();  // refused by the checks
  const Fact &a = d.fact(0), &b = d.fact(1);
  if (a.is_static() && b.is_static() && !(a.dims == b.dims))
    return invalid_model("A has shape ", a.dims, ", B ", b.dims, ", the same wanted");
  LITE_ASSIGN(const ValueId gate, d.emit("Swish", {d.node.in[0]}, {{"alpha", d.attrs().f32("alpha", 1)}}));
  return d.replace_with("Mul", {gate, d.node.in[1]});
}

constexpr Step kSteps[] = {
    {"Add", 7, broadcast_at_axis},
    {"And", 7, broadcast_at_axis},
    {"BatchNormalization", 9, batch_norm_spatial},
    {"BatchNormalization", 14, batch_norm_training},
    {"Div", 7, broadcast_at_axis},
    {"Dropout", 12, dropout_inference},
    {"Equal", 7, broadcast_at_axis},
    {"Greater", 7, broadcast_at_axis},
    {"GroupNormalization", 21, group_norm_per_channel},
    {"Hardmax", 13, softmax_as_matrix},
    {"Less", 7, broadcast_at_axis},
    {"LogSoftmax", 13, softmax_as_matrix},
    {"Mul", 7, broadcast_at_axis},
    {"Or", 7, broadcast_at_axis},
    {"PRelu", 7, prelu_slope},
    {"Pow", 7, broadcast_at_axis},
    {"Resize", 11, resize_first_rules},
    {"Resize", 13, resize_tensorflow_mode},
    {"Resize", kNewestOpset + 1, resize_empty_operands},
    {"Scan", 9, scan_with_batch},
    {"Softmax", 13, softmax_as_matrix},
    {"Sub", 7, broadcast_at_axis},
    {"SwiGLU", kNewestOpset + 1, swiglu},
    {"Tile", 6, tile_repeats},
    {"Upsample", 7, upsample_v1},
    {"Upsample", 9, upsample_scales},
    {"Upsample", kNewestOpset + 1, resize_first_rules},
    {"Xor", 7, broadcast_at_axis},
};

}  // namespace

Status decompose_batched_scan(Draft& d) {
  const AttrReader attrs = d.attrs();
  const Graph* const body = attrs.graph("body");
  const auto formal = body == nullptr ? 0 : body->inputs.size();
  if (formal == 0 || formal > d.node.in.size())
    return invalid_model("its body has ", formal, " inputs, the node ", d.node.in.size());
  auto outer = std::make_shared<Graph>();
  outer->name = d.node.name;
  outer->symbols = d.scope().import().symbols.names();
  Node inner = d.node;
  for (size_t i = 0; i < inner.in.size(); ++i) {
    if (inner.in[i] == kNoValue) return invalid_model("input ", i, " is left out");
    const Value& from = d.graph().value(inner.in[i]);
    const bool captured = i >= formal;
    const ValueId v = captured ? outer->add_value(from.name, from.fact)
                               : outer->add_input(cat(d.node.name, "/in", i), Fact(from.fact.dtype));
    if (captured) outer->captures.push_back({static_cast<int32_t>(i), v});
    inner.in[i] = v;
  }
  for (ValueId& v : inner.out) {
    v = outer->add_value(v == kNoValue ? std::string() : d.graph().value(v).name);
    outer->outputs.push_back(v);
  }
  inner.op = &ops::get("Scan");
  outer->add_node(std::move(inner));
  LITE_TRY(infer_graph(*outer));
  d.node.attrs.clear();
  d.node.set("body", Attr::Graphs(std::move(outer)));
  d.node.set("num_scan_inputs", static_cast<int64_t>(formal));
  return ok();
}

Status softmax_as_matrix(Draft& d) {
  const Fact& x = d.fact(0);
  int64_t axis = d.attrs().i64("axis", 1);
  if (x.has_rank) {
    const auto rank = static_cast<int64_t>(x.rank());
    if (axis < -rank || axis > rank) return invalid_model("axis ", axis, " is out of range for rank ", rank);
    if (axis < 0) axis += rank;
    const bool rest_is_one =
        axis < rank && std::all_of(x.dims.begin() + axis + 1, x.dims.end(), [](int64_t n) { return n == 1; });
    if (rest_is_one) {
      d.node.set("axis", axis);
      return ok();
    }
  }
  LITE_ASSIGN(const ValueId shape, d.emit("Shape", {d.node.in[0]}));
  LITE_ASSIGN(const ValueId matrix, d.emit("Flatten", {d.node.in[0]}, {{"axis", axis}}));
  const std::string op = d.op_type;
  LITE_ASSIGN(const ValueId y, d.emit(op.c_str(), {matrix}, {{"axis", int64_t{-1}}}));
  d.done = true;
  return d.emit_to(d.node.out[0], "Reshape", {y, shape});
}

std::span<const Step> meaning_steps() { return kSteps; }

}  // namespace lite::onnx
