// Operators as older opsets wrote them. The numbers are what ONNX's documents of that opset say.
#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

using Floats = std::vector<float>;

Floats run_one(const std::string& n, int64_t version, const Tensor& x, const Texts& initializers = {}) {
  Texts dims;
  for (const int64_t d : x.dims()) dims.push_back(std::to_string(d));
  return run(must_import(one_node(n, version, initializers, dims)), {x});
}

const Floats kOneToSix{1, 2, 3, 4, 5, 6};

TEST(OnnxVersion, ClipBoundsWereAttributes) {
  EXPECT_EQ(
      run_one(node("Clip", {"x"}, {"y"}, {attr_f("min", 2), attr_f("max", 5)}), 6, f32({2, 3}, kOneToSix)),
      (Floats{2, 2, 3, 4, 5, 5}));
  EXPECT_EQ(run_one(node("Clip", {"x"}, {"y"}, {attr_f("max", 2)}), 10, f32({2, 3}, kOneToSix)),
            (Floats{1, 2, 2, 2, 2, 2}));
}

TEST(OnnxVersion, SliceIndicesWereAttributes) {
  const std::string n =
      node("Slice", {"x"}, {"y"}, {attr_ints("starts", {1}), attr_ints("ends", {3}), attr_ints("axes", {1})});
  EXPECT_EQ(run_one(n, 9, f32({2, 3}, kOneToSix)), (Floats{2, 3, 5, 6}));
}

TEST(OnnxVersion, SqueezeAndUnsqueezeAxesWereAttributes) {
  const Graph g = must_import(model(
      {
          .nodes = {node("Unsqueeze", {"x"}, {"u"}, {attr_ints("axes", {0, 2})}),
                    node("Squeeze", {"u"}, {"y"}, {attr_ints("axes", {0})})},
          .inputs = {value("x", kFloat, {"2", "3"})},
          .outputs = {untyped("y")},
      },
      11));
  EXPECT_EQ(to_text(g, g.value(g.outputs[0]).fact), "float32[2,1,3]");
}

TEST(OnnxVersion, SplitSizesWereAnAttributeAndItsCountIsNowOne) {
  EXPECT_EQ(run_one(node("Split", {"x"}, {"a", "y"}, {attr_ints("split", {1, 2}), attr_i("axis", 1)}), 11,
                    f32({2, 3}, kOneToSix)),
            (Floats{2, 3, 5, 6}));
  EXPECT_EQ(run_one(node("Split", {"x"}, {"a", "y"}), 13, f32({2, 3}, kOneToSix)), (Floats{4, 5, 6}));
}

TEST(OnnxVersion, ReduceAxesWereAnAttribute) {
  for (const char* op : {"ReduceSum", "ReduceMax"}) {
    const Floats y = run_one(node(op, {"x"}, {"y"}, {attr_ints("axes", {1}), attr_i("keepdims", 0)}), 12,
                             f32({2, 3}, kOneToSix));
    EXPECT_EQ(y, op == std::string("ReduceSum") ? (Floats{6, 15}) : (Floats{3, 6}));
  }
  EXPECT_EQ(run_one(node("ReduceSum", {"x"}, {"y"}, {attr_i("keepdims", 0)}), 7, f32({2, 3}, kOneToSix)),
            Floats{21});
}

TEST(OnnxVersion, PadWasAttributes) {
  const std::string n = node("Pad", {"x"}, {"y"}, {attr_ints("pads", {0, 1, 0, 0}), attr_f("value", 9)});
  EXPECT_EQ(run_one(n, 10, f32({2, 3}, kOneToSix)), (Floats{9, 1, 2, 3, 9, 4, 5, 6}));
  const std::string first =
      node("Pad", {"x"}, {"y"}, {attr_ints("paddings", {0, 1, 0, 0}), attr_f("value", 9)});
  EXPECT_EQ(run_one(first, 1, f32({2, 3}, kOneToSix)), (Floats{9, 1, 2, 3, 9, 4, 5, 6}));
}

TEST(OnnxVersion, TopKCountWasAnAttribute) {
  EXPECT_EQ(run_one(node("TopK", {"x"}, {"y", ""}, {attr_i("k", 1)}), 9, f32({2, 3}, kOneToSix)),
            (Floats{3, 6}));
}

TEST(OnnxVersion, ReshapeShapeWasAnAttribute) {
  const Graph g = must_import(one_node(node("Reshape", {"x"}, {"y"}, {attr_ints("shape", {3, -1})}), 1));
  EXPECT_EQ(to_text(g, g.value(g.outputs[0]).fact), "float32[3,2]");
}

TEST(OnnxVersion, SoftmaxFlattened) {
  // As a matrix [2,4] with the default axis 1, of an input [2,2,2]: each row sums to 1, not each pair.
  const Tensor x = f32({2, 2, 2}, {0, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_EQ(run_one(node("Softmax", {"x"}, {"y"}), 11, x), Floats(8, 0.25f));
  EXPECT_EQ(run_one(node("Softmax", {"x"}, {"y"}), 13, x), Floats(8, 0.5f));
  EXPECT_EQ(run_one(node("Softmax", {"x"}, {"y"}, {attr_i("axis", 2)}), 11, x), Floats(8, 0.5f));
  // The last axis needs no detour.
  EXPECT_EQ(must_import(one_node(node("Softmax", {"x"}, {"y"}), 11)).num_nodes(), 1);
}

TEST(OnnxVersion, UpsampleIsResize) {
  const Tensor x = f32({1, 1, 1, 2}, {1, 2});
  const Floats want{1, 1, 2, 2, 1, 1, 2, 2};
  EXPECT_EQ(run_one(node("Upsample", {"x"}, {"y"}, {attr_floats("scales", {1, 1, 2, 2})}), 7, x), want);
  EXPECT_EQ(run_one(node("Upsample", {"x", "s"}, {"y"}), 9, x, {floats("s", {4}, {1, 1, 2, 2})}), want);
  EXPECT_EQ(run_one(node("Resize", {"x", "s"}, {"y"}), 10, x, {floats("s", {4}, {1, 1, 2, 2})}), want);
}

TEST(OnnxVersion, ResizeShrankToThePixelBehind) {
  const Tensor x = f32({1, 1, 2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(run_one(node("Resize", {"x", "s"}, {"y"}), 10, x, {floats("s", {4}, {1, 1, 0.6f, 0.6f})}),
            (Floats{1, 3}));
  EXPECT_EQ(run_one(node("Resize", {"x", "s"}, {"y"}), 10, x, {floats("s", {4}, {1, 1, 1.5f, 0.6f})}),
            (Floats{1, 3, 1, 3, 5, 7}));
}

TEST(OnnxVersion, DropoutIsIdentity) {
  EXPECT_EQ(run_one(node("Dropout", {"x"}, {"y"}, {attr_f("ratio", 0.3f)}), 7, f32({2, 3}, kOneToSix)),
            kOneToSix);
  const Graph g = must_import(model(
      {
          .nodes = {node("Dropout", {"x"}, {"d", "y"}, {attr_f("ratio", 0.3f)})},
          .inputs = {value("x", kFloat, {"2"})},
          .outputs = {value("y", kFloat, {"2"})},
      },
      7));
  EXPECT_EQ(run(g, {f32({2}, {5, 6})}), (Floats{1, 1}));
}

TEST(OnnxVersion, BroadcastingWasAskedFor) {
  const std::string n = node("Add", {"x", "b"}, {"y"}, {attr_i("broadcast", 1), attr_i("axis", 0)});
  EXPECT_EQ(run_one(n, 6, f32({2, 3}, kOneToSix), {floats("b", {2}, {10, 20})}),
            (Floats{11, 12, 13, 24, 25, 26}));
}

TEST(OnnxVersion, GroupNormalizationHadScalesPerGroup) {
  const Texts weights{floats("s", {2}, {1, 2}), floats("b", {2}, {0, 10})};
  const std::string n =
      node("GroupNormalization", {"x", "s", "b"}, {"y"}, {attr_i("num_groups", 2), attr_f("epsilon", 0)});
  const Floats y = run_one(n, 18, f32({1, 4, 1}, {1, 3, 1, 3}), weights);
  ASSERT_EQ(y.size(), 4u);
  EXPECT_FLOAT_EQ(y[0], -1);
  EXPECT_FLOAT_EQ(y[1], 1);
  EXPECT_FLOAT_EQ(y[2], 8);
  EXPECT_FLOAT_EQ(y[3], 12);
}

TEST(OnnxVersion, BatchNormalizationOfAllVersions) {
  const Texts weights{floats("s", {2}, {2, 1}), floats("b", {2}, {1, 0}), floats("m", {2}, {1, 0}),
                      floats("v", {2}, {4, 1})};
  const Texts in{"x", "s", "b", "m", "v"};
  const Tensor x = f32({1, 2, 1}, {3, 5});
  for (const auto& [version, attrs] : std::map<int64_t, Texts>{{6, {attr_i("is_test", 1)}},
                                                               {7, {attr_i("spatial", 1)}},
                                                               {9, {}},
                                                               {14, {attr_i("training_mode", 0)}},
                                                               {15, {}}}) {
    Texts all = attrs;
    all.push_back(attr_f("epsilon", 0));
    EXPECT_EQ(run_one(node("BatchNormalization", in, {"y"}, all), version, x, weights), (Floats{3, 5}))
        << version;
  }
}

TEST(OnnxVersion, CastNamedItsType) {
  const Graph g = must_import(one_node(node("Cast", {"x"}, {"y"}, {attr_s("to", "INT64")}), 1));
  EXPECT_EQ(g.value(g.outputs[0]).fact.dtype, DType::kI64);
}

TEST(OnnxVersion, BatchNormalizationOfSingleElements) {
  const Texts weights{floats("s", {2, 1}, {2, 1}), floats("b", {2, 1}, {1, 0}), floats("m", {2, 1}, {1, 0}),
                      floats("v", {2, 1}, {4, 1})};
  const Texts attrs{attr_i("spatial", 0), attr_f("epsilon", 0)};
  const Texts in{"x", "s", "b", "m", "v"};
  EXPECT_EQ(run_one(node("BatchNormalization", in, {"y"}, attrs), 7, f32({1, 2, 1}, {3, 5}), weights),
            (Floats{3, 5}));
  const Texts flat{floats("s", {2}, {2, 1}), floats("b", {2}, {1, 0}), floats("m", {2}, {1, 0}),
                   floats("v", {2}, {4, 1})};
  const auto r =
      import_text(one_node(node("BatchNormalization", in, {"y"}, attrs), 7, flat, {"1", "2", "1"}));
  ASSERT_FALSE(r.is_ok());
  EXPECT_NE(r.error().message.find("'spatial' is 0"), std::string::npos) << r.error().message;
}

TEST(OnnxVersion, OperatorsThatWereDropped) {
  const auto y = [](const char* op, const Texts& attrs, const Tensor& x) {
    return run_one(node(op, {"x"}, {"y"}, attrs), 1, x);
  };
  const Tensor x = f32({2, 3}, kOneToSix);
  EXPECT_EQ(y("Affine", {attr_f("alpha", 2), attr_f("beta", 1)}, x), (Floats{3, 5, 7, 9, 11, 13}));
  EXPECT_EQ(y("Scale", {attr_f("scale", 2)}, x), (Floats{2, 4, 6, 8, 10, 12}));
  EXPECT_EQ(y("ScaledTanh", {attr_f("alpha", 2), attr_f("beta", 0)}, x), Floats(6, 0));
  EXPECT_EQ(y("ParametricSoftplus", {attr_f("alpha", 0), attr_f("beta", 1)}, x), Floats(6, 0));
  EXPECT_EQ(y("ImageScaler", {attr_f("scale", 2), attr_floats("bias", {1, 2})}, f32({1, 2, 1, 1}, {3, 4})),
            (Floats{7, 10}));
  const Tensor image = f32({1, 1, 2, 3}, kOneToSix);
  EXPECT_EQ(y("Crop", {attr_ints("border", {1, 1, 0, 0})}, image), (Floats{5, 6}));
  EXPECT_EQ(y("Crop", {attr_ints("border", {1, 0, 0, 0}), attr_ints("scale", {2, 1})}, image),
            (Floats{2, 5}));
}

TEST(OnnxVersion, ScanHadABatchDimension) {
  // (sum, next) to (sum + next, sum + next), by image of a batch of two, three steps each; `bias` is of
  // outside.
  const std::string body = GraphParts{
      .nodes = {node("Add", {"sum", "next"}, {"plain"}), node("Add", {"plain", "bias"}, {"sum_out"}),
                node("Identity", {"sum_out"}, {"seen"})},
      .inputs = {value("sum", kFloat, {"1"}), value("next", kFloat, {"1"})},
      .outputs = {value("sum_out", kFloat, {"1"}), value("seen", kFloat, {"1"})},
  };
  const auto scan = [&](const Texts& attrs, const std::string& lengths) {
    Texts all = attrs;
    all.push_back(attr_i("num_scan_inputs", 1));
    all.push_back(attr_g("body", body));
    return model(
        {
            .nodes = {node("Neg", {"minus"}, {"bias"}),
                      node("Scan", {lengths, "start", "x"}, {"end", "y"}, all)},
            .inputs = {value("start", kFloat, {"2", "1"}), value("x", kFloat, {"2", "3", "1"}),
                       value("minus", kFloat, {"1"}), value("lengths", kInt64, {"2"})},
            .outputs = {value("y", kFloat, {"2", "3", "1"}), value("end", kFloat, {"2", "1"})},
        },
        8);
  };
  const std::vector<Datum> inputs{f32({2, 1}, {0, 100}), f32({2, 3, 1}, {1, 2, 3, 10, 20, 30}),
                                  f32({1}, {-1}), Tensor::vector_i64(std::vector<int64_t>{3, 3})};
  EXPECT_EQ(run(must_import(scan({}, "")), inputs), (Floats{2, 5, 9, 111, 132, 163}));
  EXPECT_EQ(run(must_import(scan({attr_ints("directions", {1})}, "")), inputs),
            (Floats{4, 7, 9, 131, 152, 163}));
  ImportReport report;
  EXPECT_EQ(import_text(scan({}, "lengths"), &report).error().code, Code::kUnsupported);
  ASSERT_EQ(report.unsupported.size(), 1u);
  EXPECT_NE(report.unsupported[0].reason.find("sequence_lens"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
