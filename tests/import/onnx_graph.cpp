#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

TEST(OnnxGraph, KeepsNamesOrderAndSymbols) {
  const Graph g = must_import(model({
      .nodes = {node("Add", {"a", "b"}, {"sum"}), node("Neg", {"sum"}, {"neg"})},
      .inputs = {value("b", kFloat, {"N", "3"}), value("a", kFloat, {"N", "3"})},
      .outputs = {value("neg", kFloat, {"N", "3"}), value("sum", kFloat, {"N", "3"})},
  }));
  ASSERT_EQ(g.inputs.size(), 2u);
  EXPECT_EQ(g.value(g.inputs[0]).name, "b");
  EXPECT_EQ(g.value(g.inputs[1]).name, "a");
  ASSERT_EQ(g.outputs.size(), 2u);
  EXPECT_EQ(g.value(g.outputs[0]).name, "neg");
  EXPECT_EQ(to_text(g, g.value(g.outputs[0]).fact), "float32[N,3]");
}

TEST(OnnxGraph, UnorderedNodesAreSorted) {
  const Graph g = must_import(model({
      .nodes = {node("Neg", {"b"}, {"y"}), node("Abs", {"x"}, {"a"}), node("Neg", {"a"}, {"b"})},
      .inputs = {value("x", kFloat, {"1"})},
      .outputs = {untyped("y")},
  }));
  EXPECT_EQ(run(g, {f32({1}, {-3})}), std::vector<float>{3});
}

TEST(OnnxGraph, InitializersThatAreInputsAreConstants) {
  const Graph g = must_import(model({
      .nodes = {node("Add", {"x", "w"}, {"y"})},
      .initializers = {floats("w", {2}, {10, 20})},
      .inputs = {value("w", kFloat, {"2"}), value("x", kFloat, {"2"})},
      .outputs = {untyped("y")},
  }));
  ASSERT_EQ(g.inputs.size(), 1u);
  EXPECT_EQ(g.value(g.inputs[0]).name, "x");
  EXPECT_EQ(run(g, {f32({2}, {1, 2})}), (std::vector<float>{11, 22}));
}

TEST(OnnxGraph, OutputsMayBeInputsAndInitializers) {
  const Graph g = must_import(model({
      .initializers = {floats("w", {1}, {5})},
      .inputs = {value("x", kFloat, {"1"})},
      .outputs = {value("x", kFloat, {"1"}), value("w", kFloat, {"1"})},
  }));
  ASSERT_EQ(g.outputs.size(), 2u);
  EXPECT_EQ(g.outputs[0], g.inputs[0]);
  EXPECT_TRUE(g.value(g.outputs[1]).is_constant());
}

TEST(OnnxGraph, EmptyNamesAreLeftOut) {
  const Graph g = must_import(one_node(node("Clip", {"x", "", "hi"}, {"y"}), 17, {floats("hi", {}, {2})}));
  EXPECT_EQ(run(g, {f32({2, 3}, {-1, 0, 1, 2, 3, 4})}), (std::vector<float>{-1, 0, 1, 2, 2, 2}));
}

TEST(OnnxGraph, ConstantNodesBecomeConstants) {
  const Graph g = must_import(model({
      .nodes = {node("Constant", {}, {"c"}, {attr_floats("value_floats", {1, 2})}),
                node("Constant", {}, {"d"}, {attr_f("value_float", 3)}), node("Add", {"c", "d"}, {"y"})},
      .outputs = {untyped("y")},
  }));
  EXPECT_EQ(g.num_nodes(), 1);
  EXPECT_EQ(run(g, {}), (std::vector<float>{4, 5}));
}

TEST(OnnxGraph, DataIsUsedInPlace) {
  const std::string text =
      one_node(node("Add", {"x", "w"}, {"y"}), 17, {floats("w", {2, 3}, {1, 2, 3, 4, 5, 6})});
  const size_t at = text.find(bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6}));
  ASSERT_NE(at, std::string::npos);
  for (size_t shift = 0; shift < 4; ++shift) {
    // The data lies at a multiple of 4 for one shift only.
    const std::string shifted = std::string(shift, ' ') + text;
    const Bytes memory = copy_bytes(std::as_bytes(std::span(shifted)));
    const Bytes bytes{memory.owner, memory.view.subspan(shift)};
    Result<Graph> r = import_onnx(bytes);
    ASSERT_TRUE(r.is_ok()) << r.error().message;
    const Graph& g = r.value();
    for (ValueId v = 0; v < g.num_values(); ++v) {
      if (!g.value(v).is_constant()) continue;
      const auto* p = static_cast<const std::byte*>(g.value(v).constant.raw());
      const bool inside = p >= bytes.view.data() && p < bytes.view.data() + bytes.view.size();
      EXPECT_EQ(inside, (shift + at) % 4 == 0);
      EXPECT_EQ(g.value(v).constant.float_at(5), 6);
    }
  }
}

TEST(OnnxGraph, ReportNamesTheProducer) {
  ImportReport report;
  const std::string text = Proto()
                               .s(2, "maker")
                               .s(3, "1.2")
                               .i(5, 7)
                               .s(14, Proto().s(1, "k").s(2, "v"))
                               .raw(one_node(node("Neg", {"x"}, {"y"})));
  const Result<Graph> g = import_text(text, &report);
  ASSERT_TRUE(g.is_ok()) << g.error().message;
  EXPECT_EQ(report.producer, "maker 1.2");
  EXPECT_EQ(report.model_version, 7);
  EXPECT_EQ(report.ir_version, 8);
  EXPECT_EQ(report.opsets.at(""), 17);
  EXPECT_EQ(g.value().metadata.at("k"), "v");
}

TEST(OnnxGraph, AllUnsupportedNodesAreReportedAtOnce) {
  ImportReport report;
  const Result<Graph> g =
      import_text(model({
                      .nodes = {node("NoSuchThing", {"x"}, {"a"}, {}, "first"), node("Neg", {"a"}, {"b"}),
                                node("Other", {"b", "x"}, {"y"}, {}, "second", "my.domain")},
                      .inputs = {value("x", kFloat, {"2"})},
                      .outputs = {untyped("y")},
                  }),
                  &report);
  ASSERT_FALSE(g.is_ok());
  // my.domain has no version in the model.
  EXPECT_EQ(g.error().code, Code::kInvalidModel);

  std::string text = model({
      .nodes = {node("NoSuchThing", {"x"}, {"a"}, {}, "first"), node("Neg", {"a"}, {"b"}),
                node("Other", {"b", "x"}, {"y"}, {}, "second", "my.domain")},
      .inputs = {value("x", kFloat, {"2"})},
      .outputs = {untyped("y")},
  });
  text += Proto().s(8, opset(3, "my.domain")).str();
  const Result<Graph> h = import_text(text, &report);
  ASSERT_FALSE(h.is_ok());
  EXPECT_EQ(h.error().code, Code::kUnsupported);
  ASSERT_EQ(report.unsupported.size(), 2u);
  EXPECT_EQ(report.unsupported[0].name, "first");
  EXPECT_EQ(report.unsupported[0].types, "float32");
  EXPECT_EQ(report.unsupported[0].opset, 17);
  EXPECT_EQ(report.unsupported[1].domain, "my.domain");
  EXPECT_EQ(report.unsupported[1].opset, 3);
  EXPECT_NE(h.error().message.find("'first'"), std::string::npos);
  EXPECT_NE(h.error().message.find("'second'"), std::string::npos);
}

TEST(OnnxGraph, StaleInnerShapesAreIgnoredOutputsAreNot) {
  GraphParts parts{
      .nodes = {node("Neg", {"x"}, {"a"}), node("Neg", {"a"}, {"y"})},
      .inputs = {value("x", kFloat, {"8", "3"})},
      .outputs = {value("y", kFloat, {"8", "3"})},
      .value_info = {value("a", kFloat, {"1", "3"})},
  };
  const Graph g = must_import(model(parts));
  EXPECT_EQ(to_text(g, g.value(g.outputs[0]).fact), "float32[8,3]");
  parts.outputs = {value("y", kFloat, {"1", "3"})};
  EXPECT_EQ(import_text(model(parts)).error().code, Code::kInvalidModel);
}

TEST(OnnxGraph, LooksLikeOnnx) {
  const std::string good = one_node(node("Neg", {"x"}, {"y"}));
  EXPECT_TRUE(looks_like_onnx(std::as_bytes(std::span(good))));
  for (const std::string& bad : {std::string(), std::string("hello world"),
                                 std::string("\x0a\x05"
                                             "abcde"),
                                 std::string(64, '\0')})
    EXPECT_FALSE(looks_like_onnx(std::as_bytes(std::span(bad))));
}

}  // namespace
}  // namespace lite::test
