#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

std::string call(const std::string& name, const Texts& in, const Texts& out, const Texts& attrs = {}) {
  return node(name, in, out, attrs, "call", "local");
}

GraphParts around(const Texts& nodes) {
  return {.nodes = nodes, .inputs = {value("x", kFloat, {"2"})}, .outputs = {value("y", kFloat, {"2"})}};
}

const Datum kX = f32({2}, {-1, 5});

TEST(OnnxFunction, IsInlined) {
  const FunctionParts f{
      .name = "Twice", .in = {"a"}, .out = {"b"}, .nodes = {node("Add", {"a", "a"}, {"b"})}};
  const Graph g =
      must_import(model(around({call("Twice", {"x"}, {"t"}), call("Twice", {"t"}, {"y"})}), 17, {f}));
  EXPECT_EQ(g.num_nodes(), 2);
  EXPECT_EQ(g.value(g.outputs[0]).name, "y");
  EXPECT_EQ(run(g, {kX}), (std::vector<float>{-4, 20}));
}

TEST(OnnxFunction, NestedWithAttributesAndDefaults) {
  const FunctionParts leaky{.name = "Leaky",
                            .in = {"a"},
                            .out = {"b"},
                            .nodes = {node("LeakyRelu", {"a"}, {"b"}, {attr_ref("alpha", "slope", 1)})},
                            .defaults = {attr_f("slope", 0.5f)}};
  const FunctionParts outer{
      .name = "Outer",
      .in = {"a"},
      .out = {"b"},
      .nodes = {call("Leaky", {"a"}, {"t"}, {attr_ref("slope", "s", 1)}), call("Leaky", {"t"}, {"b"})},
      .attributes = {"s"}};
  const Graph g =
      must_import(model(around({call("Outer", {"x"}, {"y"}, {attr_f("s", 4)})}), 17, {leaky, outer}));
  EXPECT_EQ(run(g, {kX}), (std::vector<float>{-2, 5}));
  // An attribute that nobody gives is left out, and the operator's own default holds.
  const FunctionParts bare{.name = "Bare",
                           .in = {"a"},
                           .out = {"b"},
                           .nodes = {node("LeakyRelu", {"a"}, {"b"}, {attr_ref("alpha", "slope", 1)})},
                           .attributes = {"slope"}};
  const Graph h = must_import(model(around({call("Bare", {"x"}, {"y"})}), 17, {bare}));
  EXPECT_FLOAT_EQ(run(h, {kX})[0], -0.01f);
}

TEST(OnnxFunction, HasItsOwnOpsetAndNames) {
  // Clip of opset 6 has attributes; the model's own opset has inputs. "x" is not the caller's x.
  const FunctionParts f{.name = "F",
                        .in = {"a"},
                        .out = {"x"},
                        .nodes = {node("Clip", {"a"}, {"x"}, {attr_f("max", 2)})},
                        .version = 6};
  const Graph g =
      must_import(model(around({call("F", {"x"}, {"t"}), node("Add", {"t", "x"}, {"y"})}), 17, {f}));
  EXPECT_EQ(run(g, {kX}), (std::vector<float>{-2, 7}));
}

TEST(OnnxFunction, OptionalOperandsAndUnusedOutputs) {
  const FunctionParts f{.name = "F",
                        .in = {"a", "lo", "hi"},
                        .out = {"n", "c"},
                        .nodes = {node("Clip", {"a", "lo", "hi"}, {"c"}), node("Neg", {"a"}, {"n"})}};
  GraphParts parts = around({call("F", {"x", "", "hi"}, {"", "y"})});
  parts.initializers = {floats("hi", {}, {3})};
  EXPECT_EQ(run(must_import(model(parts, 17, {f})), {kX}), (std::vector<float>{-1, 3}));
}

TEST(OnnxFunction, PassesThroughByCopy) {
  const FunctionParts f{
      .name = "F", .in = {"a"}, .out = {"a", "a"}, .nodes = {node("Neg", {"a"}, {"unused"})}};
  const Graph g = must_import(model(around({call("F", {"x"}, {"t", "y"})}), 17, {f}));
  EXPECT_EQ(g.value(g.outputs[0]).name, "y");
  EXPECT_EQ(run(g, {kX}), (std::vector<float>{-1, 5}));
}

TEST(OnnxFunction, SharesNoNamesWithTheCaller) {
  const FunctionParts f{.name = "F", .in = {}, .out = {"b"}, .nodes = {node("Neg", {"x"}, {"b"})}};
  const Result<Graph> r = import_text(model(around({call("F", {}, {"y"})}), 17, {f}));
  ASSERT_FALSE(r.is_ok());
  EXPECT_NE(r.error().message.find("'x' is made by no node"), std::string::npos) << r.error().message;
}

}  // namespace
}  // namespace lite::test
