#include <ctime>

#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

Datum boolean(bool b) {
  Tensor t = std::move(Tensor::allocate(DType::kBool, {})).value();
  *t.mutable_data<bool>() = b;
  return t;
}

std::string branch(const Texts& nodes, const std::string& out) {
  return GraphParts{.nodes = nodes, .outputs = {untyped(out)}};
}

GraphParts with_condition(const Texts& nodes) {
  return {.nodes = nodes,
          .inputs = {value("c", kBool, {}), value("x", kFloat, {"2"})},
          .outputs = {untyped("y")}};
}

TEST(OnnxBody, CapturesAreInputsOfTheNode) {
  GraphParts parts = with_condition({
      node("Neg", {"x"}, {"n"}),
      node("If", {"c"}, {"y"},
           {attr_g("then_branch", branch({node("Add", {"n", "w"}, {"t"})}, "t")),
            attr_g("else_branch", branch({node("Mul", {"x", "n"}, {"e"})}, "e"))}),
  });
  parts.initializers = {floats("w", {2}, {10, 20})};
  const Graph g = must_import(model(parts));
  EXPECT_EQ(run(g, {boolean(true), f32({2}, {1, 2})}), (std::vector<float>{9, 18}));
  EXPECT_EQ(run(g, {boolean(false), f32({2}, {1, 2})}), (std::vector<float>{-1, -4}));
  // The condition, n (once, though both branches use it), x; the constant is in the body.
  EXPECT_EQ(g.node(1).in.size(), 3u);
  EXPECT_EQ(to_text(g, g.value(g.outputs[0]).fact), "float32[2]");
}

TEST(OnnxBody, CapturesThroughSeveralLevels) {
  const std::string inner = node("If", {"c"}, {"i"},
                                 {attr_g("then_branch", branch({node("Neg", {"x"}, {"t"})}, "t")),
                                  attr_g("else_branch", branch({}, "x"))});
  const Graph g = must_import(model(with_condition(
      {node("If", {"c"}, {"y"},
            {attr_g("then_branch", branch({inner}, "i")), attr_g("else_branch", branch({}, "x"))})})));
  EXPECT_EQ(run(g, {boolean(true), f32({2}, {1, 2})}), (std::vector<float>{-1, -2}));
  EXPECT_EQ(run(g, {boolean(false), f32({2}, {1, 2})}), (std::vector<float>{1, 2}));
}

TEST(OnnxBody, LoopStatesFollowTheBody) {
  const GraphParts body{
      .nodes = {node("Add", {"state", "x"}, {"next"}), node("Identity", {"cond"}, {"again"})},
      .inputs = {value("i", kInt64, {}), value("cond", kBool, {}), value("state", kFloat, {"2"})},
      .outputs = {untyped("again"), untyped("next")},
  };
  GraphParts parts = with_condition({node("Loop", {"trips", "", "x"}, {"y"}, {attr_g("body", body)})});
  parts.initializers = {raw_tensor("trips", kInt64, {}, bytes_of(Ints{3}))};
  const Graph g = must_import(model(parts));
  EXPECT_EQ(run(g, {boolean(true), f32({2}, {1, 2})}), (std::vector<float>{4, 8}));
}

TEST(OnnxBody, InnerNamesHideOuterOnes) {
  const Graph g = must_import(model(with_condition({
      node("If", {"c"}, {"y"},
           {attr_g("then_branch", branch({node("Neg", {"x"}, {"t"}), node("Abs", {"t"}, {"u"})}, "u")),
            attr_g("else_branch",
                   branch({node("Constant", {}, {"t"}, {attr_floats("value_floats", {7, 8})})}, "t"))}),
  })));
  EXPECT_EQ(run(g, {boolean(false), f32({2}, {1, 2})}), (std::vector<float>{7, 8}));
}

TEST(OnnxBody, InsideFunctions) {
  const FunctionParts f{
      .name = "Choose",
      .in = {"p", "a"},
      .out = {"b"},
      .nodes = {node("If", {"p"}, {"b"},
                     {attr_g("then_branch",
                             branch({node("LeakyRelu", {"a"}, {"t"}, {attr_ref("alpha", "slope", 1)})}, "t")),
                      attr_g("else_branch", branch({}, "a"))})},
      .attributes = {"slope"}};
  const Graph g = must_import(
      model(with_condition({node("Choose", {"c", "x"}, {"y"}, {attr_f("slope", 3)}, "", "local")}), 17, {f}));
  EXPECT_EQ(run(g, {boolean(true), f32({2}, {-1, 2})}), (std::vector<float>{-3, 2}));
}

TEST(OnnxBody, ABranchForOtherShapesIsLeftAlone) {
  // x has two elements; the first branch is for one.
  const auto parts = [](const std::string& other) {
    GraphParts g = with_condition(
        {node("If", {"c"}, {"y"},
              {attr_g("then_branch",
                      branch({node("Squeeze", {"x", "axes"}, {"t"}), node("Neg", {"t"}, {"u"})}, "u")),
               attr_g("else_branch", branch({node(other, {"x", "axes"}, {"e"})}, "e"))})});
    g.initializers = {ints("axes", {0})};
    return model(g);
  };
  const Graph g = must_import(parts("ReduceSum"));
  EXPECT_EQ(run(g, {boolean(false), f32({2}, {1, 2})}), (std::vector<float>{3}));
  const auto taken = interpret(g, std::vector<Datum>{boolean(true), f32({2}, {1, 2})});
  ASSERT_FALSE(taken.is_ok());
  EXPECT_NE(taken.error().message.find("Squeeze"), std::string::npos) << taken.error().message;
  // When no branch can be right, the model is wrong.
  EXPECT_EQ(import_text(parts("Squeeze")).error().code, Code::kInvalidModel);
}

TEST(OnnxBody, InferringLoopsInLoopsTakesNoLonger) {
  // Each level's state grows, so each is inferred more than once for every time that its owner is.
  const GraphParts innermost{
      .nodes = {node("Identity", {"go"}, {"on"}), node("Concat", {"s", "s"}, {"t"}, {attr_i("axis", 0)})},
      .inputs = {value("i", kInt64, {}), value("go", kBool, {}), value("s", kFloat, {"N"})},
      .outputs = {untyped("on"), untyped("t")}};
  GraphParts body = innermost;
  for (int level = 0; level < 20; ++level) {
    GraphParts outer = innermost;
    outer.nodes.insert(outer.nodes.begin() + 1,
                       node("Loop", {"trips", "", "s"}, {"u"}, {attr_g("body", body)}));
    outer.nodes.back() = node("Concat", {"u", "u"}, {"t"}, {attr_i("axis", 0)});
    body = outer;
  }
  GraphParts parts = with_condition({node("Loop", {"trips", "", "x"}, {"y"}, {attr_g("body", body)})});
  parts.initializers = {raw_tensor("trips", kInt64, {}, bytes_of(Ints{1}))};
  const std::clock_t begin = std::clock();
  must_import(model(parts));
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 20);
}

TEST(OnnxBody, UnsupportedNodesInsideAreReported) {
  ImportReport report;
  const Result<Graph> r = import_text(
      model(with_condition({
          node("If", {"c"}, {"y"},
               {attr_g("then_branch", branch({node("NoSuchThing", {"x"}, {"t"}, {}, "inner")}, "t")),
                attr_g("else_branch", branch({}, "x"))}),
      })),
      &report);
  EXPECT_EQ(r.error().code, Code::kUnsupported);
  ASSERT_EQ(report.unsupported.size(), 1u);
  EXPECT_EQ(report.unsupported[0].name, "inner");
}

}  // namespace
}  // namespace lite::test
