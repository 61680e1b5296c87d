// com.microsoft: what its operators become, and what is refused. The numbers are held against ONNX Runtime in
// tests/conformance/test_microsoft.py.
#include <algorithm>

#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

std::string ms_model(const std::string& n, const Texts& initializers = {}, const Texts& x_dims = {"2", "4"}) {
  const GraphParts graph{.nodes = {n},
                         .initializers = initializers,
                         .inputs = {value("x", kFloat, x_dims)},
                         .outputs = {untyped("y")}};
  return Proto().i(1, 8).s(7, graph).s(8, opset(17)).s(8, opset(1, "com.microsoft"));
}

Proto ms(const std::string& op, const Texts& in, const Texts& attrs = {}) {
  return node(op, in, {"y"}, attrs, "n", "com.microsoft");
}

// The operators of the graph, in order.
Texts ops_of(const Graph& g) {
  Texts list;
  for (NodeId n = 0; n < g.num_nodes(); ++n)
    if (g.alive(n)) list.push_back(g.node(n).op->name);
  return list;
}

std::string refusal(const std::string& m) {
  const auto r = import_text(m);
  EXPECT_FALSE(r.is_ok());
  return r.is_ok() ? "" : r.error().message;
}

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(OnnxMicrosoft, BecomesOnnxOperators) {
  EXPECT_EQ(ops_of(must_import(ms_model(ms("FastGelu", {"x"})))), Texts{"Gelu"});
  EXPECT_EQ(ops_of(must_import(ms_model(ms("QuickGelu", {"x"})))), Texts{"Swish"});
  const Texts weights{floats("s", {4}, {1, 1, 1, 1})};
  EXPECT_EQ(ops_of(must_import(ms_model(ms("SkipSimplifiedLayerNormalization", {"x", "x", "s"}), weights))),
            (Texts{"Add", "RMSNormalization"}));
  EXPECT_EQ(run(must_import(ms_model(ms("BiasAdd", {"x", "s", "x"}), weights)), {f32({1, 4}, {1, 2, 3, 4})}),
            (std::vector<float>{3, 5, 7, 9}));
}

TEST(OnnxMicrosoft, AttentionIsOnnxAttention) {
  const Texts weights{floats("w", {4, 12}, std::vector<float>(48, 0.5f))};
  const Texts ops = ops_of(must_import(
      ms_model(ms("Attention", {"x", "w"}, {attr_i("num_heads", 2)}), weights, {"batch", "length", "4"})));
  EXPECT_EQ(std::count(ops.begin(), ops.end(), "Attention"), 1);
  EXPECT_EQ(std::count(ops.begin(), ops.end(), "Softmax"), 0);
}

TEST(OnnxMicrosoft, RefusesWhatItDoesNotKnow) {
  EXPECT_HAS(refusal(ms_model(ms("Gelu", {"x"}, {attr_i("novel", 1)}))),
             "attribute 'novel' is not known here");
  EXPECT_HAS(refusal(ms_model(ms("Gelu", {"x", "x"}))), "input 1 is not known here");
  EXPECT_HAS(refusal(ms_model(ms("BiasGelu", {"x"}))), "input 1 (B) is left out");
  EXPECT_HAS(refusal(ms_model(ms("Sampling", {"x"}))), "no such operator");
}

TEST(OnnxMicrosoft, HostileSizes) {
  const auto n_bits = [&](int64_t n, int64_t k, int64_t block, int64_t bits) {
    const Texts weights{raw_tensor("q", kUint8, {2, 1, 8}, std::string(16, '\x12')),
                        floats("s", {2}, {1, 2})};
    return ms_model(ms("MatMulNBits", {"x", "q", "s"},
                       {attr_i("N", n), attr_i("K", k), attr_i("block_size", block), attr_i("bits", bits)}),
                    weights, {"2", "16"});
  };
  EXPECT_TRUE(import_text(n_bits(2, 16, 16, 4)).is_ok());
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  for (const int64_t huge :
       {kMost, kMost - 1, int64_t{1} << 40, int64_t{1} << 32, int64_t{3}, int64_t{0}, int64_t{-1}}) {
    EXPECT_FALSE(import_text(n_bits(huge, 16, 16, 4)).is_ok()) << huge;
    EXPECT_FALSE(import_text(n_bits(2, huge, 16, 4)).is_ok() && huge != 3) << huge;
    EXPECT_FALSE(import_text(n_bits(2, 16, huge, 4)).is_ok()) << huge;
    EXPECT_FALSE(import_text(n_bits(2, 16, 16, huge)).is_ok()) << huge;
    const auto unfold = ms_model(ms("UnfoldTensor", {"x"}, {attr_i("size", huge), attr_i("step", huge)}));
    EXPECT_EQ(import_text(unfold).is_ok(), huge == 3) << huge;
    const Texts weights{floats("w", {4, 12}, std::vector<float>(48, 0.5f))};
    EXPECT_FALSE(import_text(ms_model(ms("Attention", {"x", "w"}, {attr_i("num_heads", huge)}), weights,
                                      {"1", "1", "4"}))
                     .is_ok())
        << huge;
  }
}

}  // namespace
}  // namespace lite::test
