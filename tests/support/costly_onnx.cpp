#include "tests/support/costly_onnx.h"

#include <limits>

#include "tests/import/onnx_writer.h"

namespace lite::test {
namespace {

constexpr int64_t kOpset = 21;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();

Proto ints_of(const std::string& name, const Ints& v, const Ints& dims) {
  return raw_tensor(name, kInt64, dims, bytes_of(v));
}
Proto scalar(const std::string& name, int64_t v) { return ints_of(name, {v}, {}); }
Proto float_scalar(const std::string& name, float v) { return floats(name, {}, {v}); }
Proto bytes(const std::string& name, int64_t n) {
  return raw_tensor(name, kUint8, {n}, std::string(static_cast<size_t>(n), '\1'));
}

// Of float x[2,3], or of the shape given, and constants.
struct Adder {
  std::vector<HostileModel>& models;
  void operator()(const char* name, const std::string& n, const Texts& constants, const char* message,
                  const Texts& x_dims = {"2", "3"}) const {
    models.push_back({name, one_node(n, kOpset, constants, x_dims), message});
  }
};

void add_sizes(std::vector<HostileModel>& m) {
  const Adder add{m};
  const Ints huge = {int64_t{1} << 20, int64_t{1} << 20};
  add("constant_of_shape", node("ConstantOfShape", {"s"}, {"y"}), {ints("s", huge)}, "limit");
  add("constant_of_shape_wraps", node("ConstantOfShape", {"s"}, {"y"}), {ints("s", {kMost, kMost})}, "");
  m.back().message = "?";
  add("constant_of_shape_negative", node("ConstantOfShape", {"s"}, {"y"}), {ints("s", {-5})},
      "ConstantOfShape");
  add("expand", node("Expand", {"x", "s"}, {"y"}), {ints("s", {1 << 20, 1 << 10, 2, 3})}, "limit");
  add("tile", node("Tile", {"x", "r"}, {"y"}), {ints("r", huge)}, "limit");
  add("tile_wraps", node("Tile", {"x", "r"}, {"y"}), {ints("r", {kMost, 2})}, "?");
  add("range", node("Range", {"a", "b", "c"}, {"y"}), {scalar("a", 0), scalar("b", kMost), scalar("c", 1)},
      "?");
  add("range_no_step", node("Range", {"a", "b", "c"}, {"y"}),
      {scalar("a", 0), scalar("b", 5), scalar("c", 0)}, "?");
  add("range_wraps", node("Range", {"a", "b", "c"}, {"y"}),
      {scalar("a", kLeast), scalar("b", kMost), scalar("c", 3)}, "?");
  add("range_nan", node("Range", {"a", "b", "c"}, {"y"}),
      {float_scalar("a", 0), float_scalar("b", std::numeric_limits<float>::quiet_NaN()),
       float_scalar("c", 1)},
      "?");
  add("range_tiny_step", node("Range", {"a", "b", "c"}, {"y"}),
      {float_scalar("a", 0), float_scalar("b", 1), float_scalar("c", 1e-30f)}, "?");
  add("resize_scales", node("Resize", {"x", "", "f"}, {"y"}), {floats("f", {2}, {1e9f, 1e9f})}, "?");
  add("resize_nan", node("Resize", {"x", "", "f"}, {"y"}),
      {floats("f", {2}, {std::numeric_limits<float>::quiet_NaN(), -1})}, "?");
  add("resize_sizes", node("Resize", {"x", "", "", "s"}, {"y"}), {ints("s", huge)}, "limit");
  add("pad", node("Pad", {"x", "p"}, {"y"}), {ints("p", {1 << 20, 1 << 20, 0, 0})}, "limit");
  add("pad_wraps", node("Pad", {"x", "p"}, {"y"}), {ints("p", {kMost, 0, kMost, 0})}, "?");
  add("pad_negative", node("Pad", {"x", "p"}, {"y"}), {ints("p", {-5, kLeast, 0, 0})}, "?");
  add("one_hot", node("OneHot", {"i", "d", "v"}, {"y"}),
      {ints("i", {0, 1}), scalar("d", int64_t{1} << 40), floats("v", {2}, {0, 1})}, "?");
  add("center_crop_pad", node("CenterCropPad", {"x", "s"}, {"y"}), {ints("s", huge)}, "limit");
  add("col2im", node("Col2Im", {"x", "s", "b"}, {"y"}), {ints("s", huge), ints("b", {1, 1})}, "?",
      {"1", "3", "4"});
  add("random_normal", node("RandomNormal", {}, {"y"}, {attr_ints("shape", huge)}), {}, "limit");
  add("hann_window", node("HannWindow", {"n"}, {"y"}), {scalar("n", kMost)}, "?");
  add("mel_weights", node("MelWeightMatrix", {"a", "b", "r", "lo", "hi"}, {"y"}),
      {scalar("a", 1 << 20), scalar("b", 1 << 20), scalar("r", 8000), float_scalar("lo", 0),
       float_scalar("hi", 4000)},
      "?");
  add("eye_like", node("EyeLike", {"x"}, {"y"}, {attr_i("k", kLeast)}), {}, "?");
  add("trilu", node("Trilu", {"x", "k"}, {"y"}), {scalar("k", kLeast)}, "?");
  add("conv_transpose", node("ConvTranspose", {"x", "w"}, {"y"}, {attr_ints("strides", {kMost, kMost})}),
      {floats("w", {1, 1, 2, 2}, {1, 2, 3, 4})}, "?", {"1", "1", "2", "2"});
  add("conv_transpose_shape",
      node("ConvTranspose", {"x", "w"}, {"y"}, {attr_ints("output_shape", {1 << 20, 1 << 20})}),
      {floats("w", {1, 1, 2, 2}, {1, 2, 3, 4})}, "?", {"1", "1", "2", "2"});
  add("conv_pads", node("Conv", {"x", "w"}, {"y"}, {attr_ints("pads", {kMost, 0, kMost, 0})}),
      {floats("w", {1, 1, 1, 1}, {1})}, "?", {"1", "1", "2", "2"});
  add("lrn", node("LRN", {"x"}, {"y"}, {attr_i("size", kMost)}), {}, "?", {"1", "3", "2", "2"});
  add("split_parts", node("SplitToSequence", {"x", "s"}, {"q"}), {scalar("s", kLeast)}, "?");
  m.back().bytes =
      model({.nodes = {node("SplitToSequence", {"x", "s"}, {"q"}), node("SequenceLength", {"q"}, {"y"})},
             .initializers = {scalar("s", kLeast)},
             .inputs = {value("x", kFloat, {"2", "3"})},
             .outputs = {untyped("y")}},
            kOpset);
  // The size is known only when it is run.
  m.push_back({"constant_of_input",
               model({.nodes = {node("Mul", {"s", "f"}, {"t"}), node("ConstantOfShape", {"t"}, {"y"})},
                      .initializers = {scalar("f", int64_t{1} << 30)},
                      .inputs = {value("s", kInt64, {"2"})},
                      .outputs = {untyped("y")}},
                     kOpset),
               "?"});
  // Work that grows much faster than the memory.
  m.push_back({"matmul_of_constants",
               model({.nodes = {node("ConstantOfShape", {"s"}, {"a"}), node("MatMul", {"a", "a"}, {"b"}),
                                node("ReduceSum", {"b"}, {"r"}), node("Add", {"x", "r"}, {"y"})},
                      .initializers = {ints("s", {2000, 2000})},
                      .inputs = {value("x", kFloat, {"2", "3"})},
                      .outputs = {untyped("y")}},
                     kOpset),
               "?"});
}

void add_operands(std::vector<HostileModel>& m) {
  const Adder add{m};
  const Texts image = {"1", "4", "5", "5"};
  const Texts filter = {raw_tensor("w", kFloat, {4, 4, 2, 2}, std::string(256, '\0'))};
  for (const char* attr : {"strides", "dilations", "kernel_shape"})
    for (const int64_t v : {int64_t{0}, int64_t{-1}, kMost, kLeast}) {
      const Proto a = attr_ints(attr, {v, v});
      m.push_back({std::string("conv_") + attr,
                   one_node(node("Conv", {"x", "w"}, {"y"}, {a}), kOpset, filter, image), "?"});
      Texts pool = {a};
      if (std::string(attr) != "kernel_shape") pool.push_back(attr_ints("kernel_shape", {2, 2}));
      for (const char* op : {"MaxPool", "AveragePool", "LpPool"})
        m.push_back(
            {std::string(op) + "_" + attr, one_node(node(op, {"x"}, {"y"}, pool), kOpset, {}, image), "?"});
    }
  add("conv_group", node("Conv", {"x", "w"}, {"y"}, {attr_i("group", 0)}), filter, "group", image);
  add("conv_group_least", node("Conv", {"x", "w"}, {"y"}, {attr_i("group", kLeast)}), filter, "group", image);
  add("conv_short_strides", node("Conv", {"x", "w"}, {"y"}, {attr_ints("strides", {1})}), filter, "strides",
      image);
  add("conv_long_pads", node("Conv", {"x", "w"}, {"y"}, {attr_ints("pads", Ints(99, 1))}), filter, "pads",
      image);
  add("space_to_depth", node("SpaceToDepth", {"x"}, {"y"}, {attr_i("blocksize", 0)}), {}, "blocksize", image);
  add("depth_to_space", node("DepthToSpace", {"x"}, {"y"}, {attr_i("blocksize", int64_t{1} << 33)}), {},
      "blocksize", image);
  add("split_none", node("Split", {"x"}, {"y"}, {attr_i("num_outputs", 0)}), {}, "num_outputs");
  add("group_norm", node("GroupNormalization", {"x", "s", "s"}, {"y"}, {attr_i("num_groups", 0)}),
      {floats("s", {4}, {1, 1, 1, 1})}, "num_groups", image);
  for (const char* op : {"Softmax", "Flatten", "ArgMax", "CumSum", "Hardmax"})
    for (const int64_t axis : {int64_t{7}, kMost, kLeast}) {
      const Texts constants = {scalar("a", axis)};
      const bool by_input = std::string(op) == "CumSum";
      m.push_back(
          {std::string(op) + "_axis",
           one_node(by_input ? node(op, {"x", "a"}, {"y"}) : node(op, {"x"}, {"y"}, {attr_i("axis", axis)}),
                    kOpset, by_input ? constants : Texts{}),
           "axis"});
    }
  add("transpose", node("Transpose", {"x"}, {"y"}, {attr_ints("perm", {0, 0})}), {}, "perm");
  add("transpose_outside", node("Transpose", {"x"}, {"y"}, {attr_ints("perm", {kMost, kLeast})}), {}, "axis");
  add("reshape_wraps", node("Reshape", {"x", "s"}, {"y"}), {ints("s", {kMost, 2, -1})}, "Reshape");
  add("reshape_two_unknown", node("Reshape", {"x", "s"}, {"y"}), {ints("s", {-1, -1})}, "Reshape");
  for (const int64_t step : {int64_t{0}, kMost, kLeast, int64_t{-1}})
    for (const int64_t start : {kMost, kLeast})
      m.push_back({"slice",
                   one_node(node("Slice", {"x", "b", "e", "a", "s"}, {"y"}), kOpset,
                            {ints("b", {start}), ints("e", {~start}), ints("a", {0}), ints("s", {step})}),
                   "?"});
  for (const int64_t index : {int64_t{2}, int64_t{-3}, kMost, kLeast, int64_t{1} << 32}) {
    const Texts i = {ints_of("i", {index}, {1, 1}), floats("u", {1, 1}, {1})};
    m.push_back({"gather", one_node(node("Gather", {"x", "i"}, {"y"}), kOpset, i), "index"});
    m.push_back({"gather_elements", one_node(node("GatherElements", {"x", "i"}, {"y"}), kOpset, i), "index"});
    m.push_back({"gather_nd", one_node(node("GatherND", {"x", "i"}, {"y"}), kOpset, i), "index"});
    m.push_back({"scatter", one_node(node("ScatterElements", {"x", "i", "u"}, {"y"}), kOpset, i), "index"});
    m.push_back(
        {"scatter_nd",
         one_node(node("ScatterND", {"x", "i", "u"}, {"y"}), kOpset, {i[0], floats("u", {1, 3}, {1, 2, 3})}),
         "index"});
  }
  for (const char* op : {"Div", "Mod"})
    for (const int64_t by : {0, -1})
      m.push_back({std::string(op) + "_by",
                   model({.nodes = {node(op, {"a", "b"}, {"c"}), node(op, {"x", "b"}, {"y"})},
                          .initializers = {ints("a", {kLeast, 1}), ints("b", {by, by})},
                          .inputs = {value("x", kInt64, {"2"})},
                          .outputs = {untyped("y"), untyped("c")}},
                         kOpset),
                   "?"});
  add("dequantize", node("DequantizeLinear", {"q", "s"}, {"y"}, {attr_i("axis", 0)}),
      {bytes("q", 5), floats("s", {4}, {1, 1, 1, 1})}, "scale");
  add("dequantize_block",
      node("DequantizeLinear", {"q", "s"}, {"y"}, {attr_i("axis", 0), attr_i("block_size", kLeast)}),
      {bytes("q", 5), floats("s", {3}, {1, 1, 1})}, "?");
  add("quantize_zero", node("QuantizeLinear", {"x", "s"}, {"y"}), {float_scalar("s", 0)}, "?");
  add("top_k", node("TopK", {"x", "k"}, {"y", "i"}), {ints("k", {kMost})}, "?");
  add("top_k_negative", node("TopK", {"x", "k"}, {"y", "i"}), {ints("k", {-1})}, "?");
  add("einsum", node("Einsum", {"x"}, {"y"}, {attr_s("equation", "ij->ijijijijijij")}), {}, "?");
  add("einsum_dots", node("Einsum", {"x"}, {"y"}, {attr_s("equation", "......,->->i")}), {}, "Einsum");
  add("dft", node("DFT", {"x", "n"}, {"y"}), {scalar("n", int64_t{1} << 40)}, "?", {"1", "4", "1"});
  add("stft", node("STFT", {"x", "s", "", "l"}, {"y"}), {scalar("s", 0), scalar("l", kLeast)}, "?",
      {"1", "8", "1"});
  add("roi_align",
      node("RoiAlign", {"x", "r", "b"}, {"y"},
           {attr_i("output_height", 1 << 20), attr_i("output_width", 1 << 20)}),
      {floats("r", {1, 4}, {0, 0, 1e30f, 1e30f}), ints("b", {kMost})}, "?", image);
  add("nms", node("NonMaxSuppression", {"b", "s", "n"}, {"y"}),
      {floats("b", {1, 2, 4}, {0, 0, 1, 1, 0, 0, 1, 1}), floats("s", {1, 1, 2}, {1, 2}), ints("n", {kMost})},
      "?");
  add("grid_sample", node("GridSample", {"x", "g"}, {"y"}),
      {floats("g", {1, 1, 2, 2}, {1e30f, -1e30f, std::numeric_limits<float>::quiet_NaN(), 0})}, "?", image);
  add("cast", node("Cast", {"f"}, {"y"}, {attr_i("to", kInt8)}),
      {floats("f", {4}, {1e30f, -1e30f, std::numeric_limits<float>::quiet_NaN(), 300})}, "?");
}

// A body's first two inputs and first output.
GraphParts loop_body(Texts nodes, Texts states_in, Texts outs) {
  nodes.insert(nodes.begin(), node("Identity", {"go"}, {"on"}));
  GraphParts b{.nodes = std::move(nodes), .inputs = {value("i", kInt64, {}), value("go", kBool, {})}};
  for (const std::string& s : states_in) b.inputs.push_back(s);
  b.outputs.push_back(untyped("on"));
  for (const std::string& o : outs) b.outputs.push_back(untyped(o));
  return b;
}

std::string loop_model(const GraphParts& body, const Texts& states, const Texts& outputs,
                       const Texts& constants = {}, const Texts& before = {}) {
  Texts in = {"", ""};
  in.insert(in.end(), states.begin(), states.end());
  GraphParts g{.nodes = before,
               .initializers = constants,
               .inputs = {value("x", kFloat, {"2", "3"})},
               .outputs = {untyped(outputs.back())}};
  g.nodes.push_back(node("Loop", in, outputs, {attr_g("body", body)}));
  return model(g, kOpset);
}

// Each level makes its state longer, so that each inference of a level infers the next one anew.
std::string nested_loops(int depth) {
  Texts inner = {node("Concat", {"s", "s"}, {"t"}, {attr_i("axis", 0)})};
  const Texts formal = {value("s", kFloat, {"N", "3"})};
  for (int d = 0; d < depth; ++d) {
    const GraphParts body = loop_body(inner, formal, {"t"});
    inner = {node("Loop", {"one", "", "s"}, {"u"}, {attr_g("body", body)}),
             node("Concat", {"u", "u"}, {"t"}, {attr_i("axis", 0)})};
  }
  return loop_model(loop_body(inner, formal, {"t"}), {"x"}, {"y"}, {scalar("one", 1)});
}

void add_control(std::vector<HostileModel>& m) {
  const Texts none;
  m.push_back({"loop_for_ever",
               loop_model(loop_body({node("Neg", {"s"}, {"t"})}, {value("s", kFloat, {"2", "3"})}, {"t"}),
                          {"x"}, {"y"}),
               "deadline"});
  m.push_back({"loop_stacks_for_ever",
               loop_model(loop_body({node("Expand", {"x", "shape"}, {"t"})}, none, {"t"}), {}, {"y"},
                          {ints("shape", {1000, 2, 3})}),
               "?"});
  m.push_back({"loop_doubles",
               loop_model(loop_body({node("Concat", {"s", "s"}, {"t"}, {attr_i("axis", 0)})},
                                    {value("s", kFloat, {"N", "3"})}, {"t"}),
                          {"x"}, {"y"}),
               "limit"});
  m.push_back(
      {"loop_doubles_text",
       loop_model(loop_body({node("StringConcat", {"s", "s"}, {"t"})}, {value("s", kString, {})}, {"t"}),
                  {"text"}, {"y"}, {tensor("text", kString, {}).s(6, "abcd")}),
       "?"});
  const Proto sequence = Proto().s(1, "s").s(2, Proto().s(4, Proto().s(1, tensor_type(kFloat, {"2", "3"}))));
  m.push_back(
      {"loop_collects",
       loop_model(
           loop_body({node("Expand", {"x", "shape"}, {"big"}), node("SequenceInsert", {"s", "big"}, {"t"})},
                     {sequence}, {"t"}),
           {"empty"}, {"y"}, {ints("shape", {1000, 2, 3})}, {node("SequenceEmpty", {}, {"empty"})}),
       "?"});
  m.push_back({"nested_loops", nested_loops(22), "?"});
  m.push_back({"loop_types_change",
               loop_model(loop_body({node("Cast", {"s"}, {"t"}, {attr_i("to", kInt64)})},
                                    {value("s", kFloat, {"2", "3"})}, {"t"}),
                          {"x"}, {"y"}),
               "?"});
  const GraphParts slice{
      .nodes = {node("Neg", {"p"}, {"q"})}, .inputs = {value("p", kFloat, {"3"})}, .outputs = {untyped("q")}};
  for (const int64_t axis : {int64_t{9}, kLeast})
    m.push_back({"scan_axis",
                 one_node(node("Scan", {"x"}, {"y"},
                               {attr_g("body", slice), attr_i("num_scan_inputs", 1),
                                attr_ints("scan_input_axes", {axis})}),
                          kOpset),
                 "axis"});
  m.push_back({"scan_count",
               one_node(node("Scan", {"x"}, {"y"}, {attr_g("body", slice), attr_i("num_scan_inputs", kMost)}),
                        kOpset),
               "num_scan_inputs"});
}

}  // namespace

std::vector<HostileModel> costly_onnx_models() {
  std::vector<HostileModel> m;
  add_sizes(m);
  add_operands(m);
  add_control(m);
  for (size_t i = 0; i < m.size(); ++i) m[i].name = "run_" + std::to_string(i) + "_" + m[i].name;
  return m;
}

}  // namespace lite::test
