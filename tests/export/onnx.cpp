// Graphs as ONNX: which opset says them, what is refused, and that what is written reads as it was.
#include "core/export/onnx/onnx.h"

#include <gtest/gtest.h>

#include <cstring>

#include "core/export/onnx/versions.h"
#include "core/import/onnx/onnx.h"
#include "core/ir/op_def.h"
#include "tests/support/graph_text.h"

namespace lite {
namespace {

constexpr const char* kSmall = "input %x: float32[N,4]\n%y = Relu(%x)\noutput %y\n";

Bytes joined(const onnx::Pieces& pieces) {
  auto bytes = std::make_shared<std::vector<std::byte>>();
  for (size_t i = 0; i < pieces.count(); ++i) bytes->insert(bytes->end(), pieces[i].begin(), pieces[i].end());
  EXPECT_EQ(bytes->size(), pieces.size());
  const std::span<const std::byte> view(*bytes);
  return {std::move(bytes), view};
}

OnnxModel exported(Graph graph, const OnnxExportOptions& options = {}) {
  Result<OnnxModel> model = export_onnx(std::move(graph), options);
  EXPECT_TRUE(model.is_ok()) << (model.is_ok() ? "" : model.error().message);
  return std::move(model).value();
}

Graph read(const OnnxModel& model) {
  ImportOptions options;
  options.external = [&](const std::string&) -> Result<Bytes> { return joined(model.external); };
  Result<Graph> graph = import_onnx(joined(model.model), options);
  EXPECT_TRUE(graph.is_ok()) << (graph.is_ok() ? "" : graph.error().message);
  return std::move(graph).value();
}

int64_t opset_of(std::string_view text) { return exported(test::parse_graph(text)).opset; }

std::string refusal(std::string_view text, const OnnxExportOptions& options = {}) {
  const Result<OnnxModel> model = export_onnx(test::parse_graph(text), options);
  EXPECT_FALSE(model.is_ok()) << text;
  return model.is_ok() ? "" : model.error().message;
}

OnnxExportOptions for_opset(int64_t opset) {
  OnnxExportOptions o;
  o.opset = opset;
  return o;
}

TEST(Opset, IsTheOldestThatSaysAll) {
  const auto unary = [](const char* op, const char* type = "float32") {
    return cat("input %x: ", type, "[2,4,6,6]\n%y = ", op, "\noutput %y\n");
  };
  EXPECT_EQ(opset_of(unary("Relu(%x)")), 13);
  EXPECT_EQ(opset_of(unary("Relu(%x)", "int32")), 14);
  EXPECT_EQ(opset_of(unary("Sin(%x)", "bfloat16")), 22);
  EXPECT_EQ(opset_of(unary("Gelu(%x)")), 20);
  EXPECT_EQ(opset_of(unary("ReduceMax(%x, int64[1]{1})")), 18);
  EXPECT_EQ(opset_of(unary("ReduceSum(%x, int64[1]{1})")), 13);
  EXPECT_EQ(opset_of("input %x: float32[N,4]\n%y = Shape(%x) {start=1}\noutput %y\n"), 13);  // is 4
  EXPECT_EQ(opset_of("input %x: float32[4,N]\n%y = Shape(%x) {start=1}\noutput %y\n"), 15);
  EXPECT_EQ(opset_of(unary("Pad(%x, int64[8]{0,0,1,1,0,0,1,1})")), 13);
  EXPECT_EQ(opset_of(unary("Pad(%x, int64[4]{1,1,1,1}, _, int64[2]{2,3})")), 18);
  EXPECT_EQ(opset_of(unary("Pad(%x, int64[8]{0,0,1,1,0,0,1,1}) {mode=\"wrap\"}")), 19);
  EXPECT_EQ(opset_of(unary("MaxPool(%x) {kernel_shape=[3,3], strides=[2,2], ceil_mode=1}")), 13);
  EXPECT_EQ(opset_of(unary("MaxPool(%x) {kernel_shape=[2,2], strides=[2,2], pads=[0,0,1,1], ceil_mode=1}")),
            22);
  EXPECT_EQ(opset_of(unary("AveragePool(%x) {kernel_shape=[3,3], strides=[2,2], ceil_mode=1}")), 19);
  EXPECT_EQ(opset_of(unary("Mod(%x, float32[]{2}) {fmod=1}")), 13);
  EXPECT_EQ(opset_of(unary("Mod(%x, float32[]{2})")), 28);
}

TEST(Opset, ThatIsAskedForIsKept) {
  EXPECT_EQ(exported(test::parse_graph(kSmall), for_opset(21)).opset, 21);
  EXPECT_EQ(exported(test::parse_graph(kSmall), for_opset(21)).ir_version, 10);
  EXPECT_EQ(refusal(kSmall, for_opset(12)), "opset is 12, one of 13 to 28 is wanted");
  EXPECT_EQ(refusal(kSmall, for_opset(29)), "opset is 29, one of 13 to 28 is wanted");
}

TEST(Opset, ListsAllThatItCannotSay) {
  const std::string why = refusal(
      "input %x: float32[2,4]\n%a = Gelu(%x)\n%b = ReduceMax(%a, int64[1]{1})\n%c = Relu(%b)\noutput %c\n",
      for_opset(13));
  EXPECT_EQ(
      why,
      "2 nodes cannot be written as ONNX:\n"
      "  Gelu 'a' (domain ai.onnx, inputs float32): it came with opset 20\n"
      "  ReduceMax 'b' (domain ai.onnx, inputs float32, int64): opset 13 says it otherwise than opset 18");
}

TEST(Opset, OfTheFileFormatFollows) {
  EXPECT_EQ(onnx::ir_version_of(13), 7);
  EXPECT_EQ(onnx::ir_version_of(18), 8);
  EXPECT_EQ(onnx::ir_version_of(19), 9);
  EXPECT_EQ(onnx::ir_version_of(25), 13);
  EXPECT_EQ(onnx::ir_version_of(28), 14);
}

TEST(OwnOperators, AreRefusedOrWrittenAsTheyAre) {
  constexpr const char* text =
      "input %x: float32[2,2]\n%y = megengine.ErfInv(%x)\n%u, %s, %v = megengine.SVD(%y)\noutput %s\n";
  EXPECT_EQ(refusal(text),
            "2 nodes cannot be written as ONNX:\n"
            "  ErfInv 'y' (domain megengine, inputs float32): ONNX has no word for it\n"
            "  SVD 'u' (domain megengine, inputs float32): ONNX has no word for it");
  std::vector<UnsupportedNode> nodes;
  EXPECT_FALSE(export_onnx(test::parse_graph(text), {}, &nodes).is_ok());
  ASSERT_EQ(nodes.size(), 2U);
  EXPECT_EQ(nodes[1].op_type, "SVD");
  OnnxExportOptions own;
  own.own_domain = true;
  const OnnxModel model = exported(test::parse_graph(text), own);
  const Bytes bytes = joined(model.model);
  EXPECT_NE(
      std::string_view(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()).find("megengine"),
      std::string_view::npos);
}

TEST(Written, ReadsAsItWas) {
  constexpr std::string_view kGraphs[] = {
      kSmall,
      "input %x: float32[N,3,8,8]\n%y = Conv(%x, float32[4,3,3,3]) {pads=[1,1,1,1]}\n"
      "%a, %b = Split(%y, int64[2]{1,3}) {axis=1}\noutput %b\noutput %a\n",
      "input %x: int8[2,?]\ninput %t: float16[]\n%c = Cast(%x) {to=10}\n%y = Add(%c, %t)\noutput %y\n",
      "input %x: float32[2,3]\n%y = Clip(%x, _, float32[]{1})\noutput %y\n",
      "input %x: float32[2,3]\n%y = Concat(%x, %x, float32[2,3]) {axis=-1}\noutput %y\n",
  };
  for (const std::string_view text : kGraphs) {
    const Graph before = test::parse_graph(text), after = read(exported(test::parse_graph(text)));
    std::string want = dump_text(before), got = dump_text(after);
    const auto drop_name = [](std::string& s) { s.erase(0, s.find('\n')); };
    drop_name(want), drop_name(got);
    EXPECT_EQ(want, got);
    const auto inputs = test::sample_inputs(before);
    const auto a = interpret(before, inputs), b = interpret(after, inputs);
    ASSERT_TRUE(a.is_ok() && b.is_ok());
    for (size_t i = 0; i < a.value().size(); ++i)
      EXPECT_TRUE(same_bits(a.value()[i].tensor, b.value()[i].tensor)) << text;
  }
}

TEST(Written, ConstantsLieInOnePlace) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, {4, 1024}));
  Tensor t = std::move(Tensor::allocate(DType::kF32, {1024})).value();
  std::memset(t.mutable_raw(), 0, t.bytes());
  // The same storage under two names, as two users of one weight have it.
  const ValueId a = g.add_constant("w", t), b = g.add_constant("again", t);
  const Graph& ops = test::parse_graph("input %x: float32[4]\n%y = Add(%x, %x)\noutput %y\n");
  Node add;
  add.op = ops.node(0).op;
  add.in = {x, a};
  const ValueId y = g.add_value("y"), z = g.add_value("z");
  add.out = {y};
  g.add_node(add);
  add.in = {y, b};
  add.out = {z};
  g.add_node(add);
  g.outputs = {z};
  ASSERT_TRUE(infer_graph(g).is_ok());
  EXPECT_EQ(constant_bytes(g), 4096U);
  OnnxExportOptions as_is;
  as_is.fold = false;
  const OnnxModel model = exported(g, as_is);
  EXPECT_LT(model.model.size(), 2 * t.bytes());
  // The tensor itself is a piece, not a copy.
  bool seen = false;
  for (size_t i = 0; i < model.model.count(); ++i) seen |= model.model[i].data() == t.raw();
  EXPECT_TRUE(seen);
}

TEST(Written, ExternalDataIsAligned) {
  OnnxExportOptions options;
  options.external_location = "weights";
  options.external_from = 16;
  constexpr std::string_view text =
      "input %x: float32[3,5]\n%a = Add(%x, float32[3,5])\n%b = Mul(%a, float32[5])\n%c = Sub(%b, "
      "float32[]{3})\n"
      "output %c\n";
  const OnnxModel model = exported(test::parse_graph(text), options);
  EXPECT_EQ(model.external.size(), 64U + 20U);
  const Graph before = test::parse_graph(text), after = read(model);
  const auto inputs = test::sample_inputs(before);
  const auto a = interpret(before, inputs), b = interpret(after, inputs);
  ASSERT_TRUE(a.is_ok() && b.is_ok());
  EXPECT_TRUE(same_bits(a.value()[0].tensor, b.value()[0].tensor));
}

TEST(Written, NamesAreUniqueAndText) {
  Graph g = test::parse_graph("input %x: float32[2]\n%a = Relu(%x)\n%b = Abs(%a)\n%c = Neg(%b)\noutput %c\n");
  for (ValueId v = 0; v < g.num_values(); ++v)
    if (g.value(v).name == "a" || g.value(v).name == "b") g.value(v).name = "c";
  g.value(g.inputs[0]).name = "in\xff\xc3\xa4";
  g.metadata["key\xfe"] = "v\xfe";
  const Graph after = read(exported(std::move(g)));
  EXPECT_EQ(after.value(after.inputs[0]).name, "in?\xc3\xa4");
  EXPECT_EQ(after.value(after.outputs[0]).name, "c");
  EXPECT_EQ(after.metadata.at("key?"), "v?");
  ASSERT_EQ(after.num_nodes(), 3);
  EXPECT_EQ(after.value(after.node(0).out[0]).name, "c_1");
  EXPECT_EQ(after.value(after.node(1).out[0]).name, "c_2");
}

TEST(Written, OutputsMayBeInputsAndConstants) {
  Graph g = test::parse_graph("input %x: float32[2]\n%a = Relu(%x)\noutput %a\n");
  g.outputs.push_back(g.inputs[0]);
  g.outputs.push_back(g.add_constant("seven", Tensor::scalar_f32(7)));
  const Graph after = read(exported(g));
  const auto inputs = test::sample_inputs(g);
  const auto want = interpret(g, inputs), got = interpret(after, inputs);
  ASSERT_TRUE(want.is_ok() && got.is_ok());
  ASSERT_EQ(got.value().size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(after.value(after.outputs[i]).name, g.value(g.outputs[i]).name);
    EXPECT_TRUE(same_bits(want.value()[i].tensor, got.value()[i].tensor));
  }
}

}  // namespace
}  // namespace lite
