// Operators of other domains that become operators of ONNX's own.
#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

const std::string kMl = "ai.onnx.ml", kPreview = "ai.onnx.preview", kTraining = "ai.onnx.preview.training";

std::string in_domain(const std::string& domain, int64_t version, const GraphParts& graph) {
  return model(graph, 20, {}, {opset(version, domain)});
}

std::string error_of(const std::string& text) {
  const auto r = import_text(text);
  EXPECT_FALSE(r.is_ok());
  return r.is_ok() ? std::string() : r.error().message;
}

std::vector<std::string> ops_of(const Graph& g) {
  std::vector<std::string> names;
  for (NodeId n = 0; n < g.num_nodes(); ++n)
    if (g.alive(n)) names.emplace_back(g.node(n).op->name);
  return names;
}

TEST(OnnxMl, FirstLabelEncoderHadOneList) {
  const Texts attrs = {attr_strings("classes_strings", {"a", "b"}), attr_i("default_int64", 9)};
  const std::string text = in_domain(kMl, 1,
                                     {.nodes = {node("LabelEncoder", {"x"}, {"y"}, attrs, "", kMl)},
                                      .inputs = {value("x", kString, {"3"})},
                                      .outputs = {untyped("y")}});
  Tensor x = std::move(Tensor::allocate(DType::kString, Dims{3})).value();
  const char* const words[] = {"b", "c", "a"};
  std::copy_n(words, 3, x.mutable_data<std::string>());
  EXPECT_EQ(run(must_import(text), {x}), (std::vector<float>{1, 9, 0}));

  const std::string back = in_domain(kMl, 1,
                                     {.nodes = {node("LabelEncoder", {"x"}, {"y"}, attrs, "", kMl)},
                                      .inputs = {value("x", kInt64, {"2"})},
                                      .outputs = {untyped("y")}});
  const auto r =
      interpret(must_import(back), std::vector<Datum>{Tensor::vector_i64(std::vector<int64_t>{1, 5})});
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  EXPECT_EQ(r.value()[0].tensor.strings()[0], "b");
  EXPECT_EQ(r.value()[0].tensor.strings()[1], "_Unused");
}

std::string classifier(const Texts& labels) {
  const std::string n = node(
      "TreeEnsembleClassifier", {"x"}, {"label", "scores"},
      {attr_ints("nodes_treeids", {0, 0, 0}), attr_ints("nodes_nodeids", {0, 1, 2}),
       attr_ints("nodes_featureids", {0, 0, 0}), attr_strings("nodes_modes", {"BRANCH_LEQ", "LEAF", "LEAF"}),
       attr_floats("nodes_values", {0.5f, 0, 0}), attr_ints("nodes_truenodeids", {1, 0, 0}),
       attr_ints("nodes_falsenodeids", {2, 0, 0}), attr_ints("class_treeids", {0, 0}),
       attr_ints("class_nodeids", {1, 2}),
       attr_ints("class_ids", {0, static_cast<int64_t>(labels.size()) - 1}),
       attr_floats("class_weights", {-1, 1}), attr_strings("classlabels_strings", labels)},
      "", kMl);
  return in_domain(kMl, 3,
                   {.nodes = {n}, .inputs = {value("x", kFloat, {"N", "1"})}, .outputs = {untyped("label")}});
}

TEST(OnnxMl, LabelsOfTreesAreLookedUpBehindThem) {
  const Graph g = must_import(classifier({"no", "maybe", "yes"}));
  EXPECT_EQ(ops_of(g), (std::vector<std::string>{"TreeEnsembleClassifier", "Gather"}));
  auto r = interpret(g, std::vector<Datum>{f32({2, 1}, {0, 1})});
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  EXPECT_EQ(r.value()[0].tensor.strings()[0], "maybe");  // 0 is above -1
  EXPECT_EQ(r.value()[0].tensor.strings()[1], "yes");
  r = interpret(must_import(classifier({"it"})), std::vector<Datum>{f32({2, 1}, {0, 1})});
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  EXPECT_EQ(r.value()[0].tensor.strings()[0], "");
  EXPECT_EQ(r.value()[0].tensor.strings()[1], "it");
}

// ---- FlexAttention

std::string flex(const Texts& attrs, const Texts& heads = {"2", "2"}) {
  return in_domain(kPreview, 1,
                   {.nodes = {node("FlexAttention", {"q", "k", "v"}, {"y"}, attrs, "", kPreview)},
                    .inputs = {value("q", kFloat, {"1", heads[0], "1", "2"}),
                               value("k", kFloat, {"1", heads[1], "2", "2"}),
                               value("v", kFloat, {"1", heads[1], "2", "1"}), value("w", kFloat, {})},
                    .outputs = {untyped("y")}});
}
std::string body(const std::string& op, const Texts& in) {
  return GraphParts{.nodes = {node(op, in, {"s2"})}, .inputs = {untyped("s")}, .outputs = {untyped("s2")}};
}

TEST(OnnxFlexAttention, IsAttentionWithoutBodies) {
  EXPECT_EQ(ops_of(must_import(flex({}))), (std::vector<std::string>{"Attention"}));
}

TEST(OnnxFlexAttention, BodiesSeeValuesAround) {
  // Keys are alike, so both have probability 1/2, times w.
  const Graph g = must_import(flex({attr_g("prob_mod", body("Mul", {"s", "w"}))}));
  EXPECT_EQ(run(g, {f32({1, 2, 1, 2}, {1, 1, 1, 1}), f32({1, 2, 2, 2}, {1, 1, 1, 1, 1, 1, 1, 1}),
                    f32({1, 2, 2, 1}, {1, 3, 5, 7}), f32({}, {10})}),
            (std::vector<float>{20, 60}));
}

TEST(OnnxFlexAttention, HeadsAreShared) {
  const Graph g =
      must_import(flex({attr_g("score_mod", body("Neg", {"s"})), attr_f("scale", 1)}, {"2", "1"}));
  // Scores of the first head are -(0, 100) and of the second -(100, 0).
  EXPECT_EQ(run(g, {f32({1, 2, 1, 2}, {0, 10, 10, 0}), f32({1, 1, 2, 2}, {10, 0, 0, 10}),
                    f32({1, 1, 2, 1}, {3, 5}), f32({}, {0})}),
            (std::vector<float>{3, 5}));
}

TEST(OnnxFlexAttention, RefusesWhatDoesNotFit) {
  EXPECT_NE(error_of(flex({attr_g("score_mod", body("Neg", {"s"}))}, {"3", "2"})).find("3 heads"),
            std::string::npos);
  const std::string longer = in_domain(
      kPreview, 1,
      {.nodes = {node("FlexAttention", {"q", "k", "v"}, {"y"}, {}, "", kPreview)},
       .inputs = {value("q", kFloat, {"1", "2", "1", "2"}), value("k", kFloat, {"1", "2", "2", "2"}),
                  value("v", kFloat, {"1", "2", "3", "1"})},
       .outputs = {untyped("y")}});
  EXPECT_NE(error_of(longer).find("dimension 2 differs"), std::string::npos);
  EXPECT_NE(error_of(flex({attr_i("softmax_precision", 7)})).find("softmax_precision"), std::string::npos);
  EXPECT_NE(error_of(flex({attr_i("causal", 1)})).find("'causal'"), std::string::npos);
  const std::string two = GraphParts{.nodes = {node("Neg", {"s"}, {"s2"})},
                                     .inputs = {untyped("s"), untyped("t")},
                                     .outputs = {untyped("s2")}};
  EXPECT_NE(error_of(flex({attr_g("score_mod", two)})).find("2 inputs"), std::string::npos);
  EXPECT_NE(error_of(flex({attr_g("score_mod", body("ReduceMax", {"s"}))})).find("makes shape"),
            std::string::npos);
}

// ---- Gradient; bindings/python/tests/test_gradient.py checks every rule

std::string gradient(const Texts& nodes, const Texts& in, const Texts& attrs, const Texts& out = {"d"}) {
  Texts all = {node("Gradient", in, out, attrs, "", kTraining)};
  all.insert(all.end(), nodes.begin(), nodes.end());
  return in_domain(
      kTraining, 1,
      {.nodes = all,
       .inputs = {value("a", kFloat, {"2"}), value("b", kFloat, {"2"}), value("i", kInt64, {"2"})},
       .outputs = {untyped(out[0])}});
}

TEST(OnnxGradient, MayStandBeforeWhatItDifferentiates) {
  const Graph g = must_import(gradient({node("Mul", {"a", "b"}, {"y"})}, {"a", "b"},
                                       {attr_strings("xs", {"a", "b"}), attr_s("y", "y")}));
  EXPECT_EQ(run(g, {f32({2}, {1, 2}), f32({2}, {3, 4}), Tensor::vector_i64(std::vector<int64_t>{0, 0})}),
            (std::vector<float>{3, 4}));
}

TEST(OnnxGradient, RefusesWhatHasNoDerivative) {
  const std::string mul = node("Mul", {"a", "b"}, {"y"});
  const auto refused = [&](const Texts& in, const Texts& attrs, const std::string& message,
                           const Texts& out = {"d"}) {
    const std::string error = error_of(gradient({mul, node("CumSum", {"a", "b"}, {"z"})}, in, attrs, out));
    EXPECT_NE(error.find(message), std::string::npos) << error;
  };
  const std::string xs = attr_strings("xs", {"a", "b"}), y = attr_s("y", "y");
  refused({"a"}, {xs, y}, "1 inputs");
  refused({"a"}, {attr_strings("xs", {"a"}), y}, "'b'");
  refused({"a", "a"}, {attr_strings("xs", {"a", "a"}), y}, "twice");
  refused({"a"}, {attr_strings("xs", {"q"}), y}, "'q'");
  refused({"i"}, {attr_strings("xs", {"i"}), y}, "int64");
  refused({"a", "b"}, {xs}, "'y'");
  refused({"a", "b"}, {xs, attr_s("y", "q")}, "'q'");
  refused({"a", "b"}, {xs, y}, "3 outputs", {"d", "e", "f"});
  refused({"a", "b"}, {xs, y, attr_i("order", 2)}, "'order'");
  // A value that depends on the node itself.
  refused({"a", "b"}, {xs, attr_s("y", "d")}, "cycle");
}

// Each derivative is of the one before, so that their sizes multiply.
TEST(OnnxGradient, GrowthIsLimited) {
  Texts nodes = {node("Tanh", {"a"}, {"y0"})};
  for (int i = 0; i < 40; ++i)
    nodes.push_back(node("Gradient", {"a"}, {cat("y", i + 1)},
                         {attr_strings("xs", {"a"}), attr_s("y", cat("y", i))}, "", kTraining));
  ImportOptions options;
  options.limits.max_nodes = 2000;
  const std::string text = in_domain(
      kTraining, 1, {.nodes = nodes, .inputs = {value("a", kFloat, {"2"})}, .outputs = {untyped("y40")}});
  const auto r = import_text(text, nullptr, options);
  ASSERT_FALSE(r.is_ok());
  EXPECT_EQ(r.error().code, Code::kLimitExceeded) << r.error().message;
}

}  // namespace
}  // namespace lite::test
