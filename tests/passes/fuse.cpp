// The fused operators that kernels want.

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using namespace passes;

TEST(FuseConv, ActivationAndResidual) {
  expect_rewrite(R"(
    input %x: float32[1,1,2,2]
    input %z: float32[1,1,2,2]
    %c = Conv(%x, float32[1,1,1,1]{2}, float32[1]{3})
    %s = Add(%z, %c)
    %y = Relu(%s)
    output %y)",
                 fuse_conv, R"(
    input %x: float32[1,1,2,2]
    input %z: float32[1,1,2,2]
    %y = FusedConv(%x, float32[1,1,1,1]{2}, float32[1]{3}, %z) {activation="Relu"} : float32[1,1,2,2]
    output %y)");
  expect_rewrite(R"(
    input %x: float32[1,1,2,2]
    input %z: float32[1,1,2,2]
    %c = Conv(%x, float32[1,1,1,1]{2})
    %r = Clip(%c, float32[]{0}, float32[]{6})
    %y = Add(%r, %z)
    output %y)",
                 fuse_conv, R"(
    input %x: float32[1,1,2,2]
    input %z: float32[1,1,2,2]
    %y = FusedConv(%x, float32[1,1,1,1]{2}, _, %z) {activation="Clip", activation_params=[0,6], residual_after=1} : float32[1,1,2,2]
    output %y)");
}

TEST(FuseConv, NotWhatIsUsedElsewhereOrBroadcast) {
  const Graph g = run_pass(R"(
    input %x: float32[1,1,2,2]
    input %z: float32[1,1,1,2]
    %c = Conv(%x, float32[1,1,1,1]{2})
    %s = Add(%c, %z)
    %y = Relu(%s)
    output %y)",
                           fuse_conv);
  EXPECT_EQ(g.num_nodes(), 3) << text_of(g);
}

TEST(FuseQuantized, ResidualOnEitherSide) {
  for (const bool first : {true, false}) {
    const std::string a = "%c, float32[]{0.5}, uint8[]{3}", z = "%z, float32[]{0.25}, uint8[]{4}";
    const std::string conv =
        "%x, float32[]{0.5}, uint8[]{1}, int8[1,1,1,1]{2}, float32[]{0.5}, int8[]{0}, float32[]{0.5}, "
        "uint8[]{3}";
    expect_rewrite("input %x: uint8[1,1,2,2]\ninput %z: uint8[1,1,2,2]\n%c = QLinearConv(" + conv +
                       ")\n%y = com.microsoft.QLinearAdd(" + (first ? a + ", " + z : z + ", " + a) +
                       ", float32[]{0.5}, uint8[]{5})\noutput %y",
                   fuse_quantized,
                   "input %x: uint8[1,1,2,2]\ninput %z: uint8[1,1,2,2]\n%y = FusedQLinearConv(" + conv +
                       ", _, float32[]{0.5}, uint8[]{3}, " + z +
                       ", float32[]{0.5}, uint8[]{5}) : uint8[1,1,2,2]\noutput %y");
  }
}

TEST(FuseQuantized, NotDepthwiseOrUsedElsewhereOrBroadcast) {
  const auto nodes = [](const std::string& z, const std::string& filter, const std::string& attrs,
                        const std::string& more) {
    return run_pass(
               "input %x: uint8[1,2,2,2]\ninput %z: uint8" + z +
                   "\n%c = QLinearConv(%x, float32[]{0.5}, uint8[]{1}, int8" + filter +
                   ", float32[]{0.5}, int8[]{0}, float32[]{0.5}, uint8[]{3}) " + attrs +
                   "\n%y = com.microsoft.QLinearAdd(%c, float32[]{0.5}, uint8[]{3}, %z, float32[]{0.25}, "
                   "uint8[]{4}, float32[]{0.5}, uint8[]{5})\noutput %y\n" +
                   more,
               fuse_quantized)
        .num_nodes();
  };
  EXPECT_EQ(nodes("[1,2,2,2]", "[2,2,1,1]", "", ""), 1);
  EXPECT_EQ(nodes("[1,2,2,2]", "[2,1,1,1]", "{group=2}", ""), 2);
  EXPECT_EQ(nodes("[1,2,1,1]", "[2,2,1,1]", "", ""), 2);
  EXPECT_EQ(nodes("[1,2,2,2]", "[2,2,1,1]", "", "output %c"), 2);
}

// Attributes are float32, and so are the activations of fused operators.
TEST(FuseMatMul, KeepsTheDigitsOfFloat64) {
  const Graph g = run_pass(R"(
    input %x: float64[2,3]
    input %w: float64[3,4]
    %m = MatMul(%x, %w)
    %s = Mul(%m, float64[]{0.1})
    %y = Tanh(%s)
    output %y)",
                           fuse_matmul);
  EXPECT_EQ(count(g, "Mul"), 1);
  EXPECT_EQ(count(g, "Tanh"), 1);
  const Graph exact = run_pass(R"(
    input %x: float64[2,3]
    input %w: float64[3,4]
    %m = MatMul(%x, %w)
    %y = Mul(%m, float64[]{0.25})
    output %y)",
                               fuse_matmul);
  EXPECT_EQ(count(exact, "Mul"), 0);
}

TEST(FuseMatMul, EverythingAround) {
  expect_rewrite(R"(
    input %x: float32[2,3,4]
    input %z: float32[2,3,5]
    %m = MatMul(%x, float32[4,5])
    %b = Add(float32[5]{1,2,3,4,5}, %m)
    %g = Gelu(%b)
    %y = Add(%g, %z)
    output %y)",
                 fuse_matmul, R"(
    input %x: float32[2,3,4]
    input %z: float32[2,3,5]
    %y = FusedMatMul(%x, float32[4,5], float32[5]{1,2,3,4,5}, %z) {activation="Gelu", residual_after=1} : float32[2,3,5]
    output %y)");
}

TEST(FuseMatMul, AttentionScores) {
  expect_rewrite(R"(
    input %q: float32[2,4,3,8]
    input %k: float32[2,3,4,8]
    %t = Transpose(%k) {perm=[0,2,3,1]}
    %s = Mul(%q, float32[]{0.125})
    %y = MatMul(%s, %t)
    output %y)",
                 fuse_matmul, R"(
    input %q: float32[2,4,3,8]
    input %k: float32[2,3,4,8]
    %2 = Transpose(%k) {perm=[0,2,1,3]} : float32[2,4,3,8]
    %y = FusedMatMul(%q, %2) {transB=1, alpha=0.125} : float32[2,4,3,3]
    output %y)");
}

TEST(FuseMatMul, Gemm) {
  expect_rewrite(R"(
    input %x: float32[2,4]
    %m = Gemm(%x, float32[5,4], float32[1,5]{1,2,3,4,5}) {transB=1, alpha=0.5, beta=2}
    %y = Relu(%m)
    output %y)",
                 fuse_matmul, R"(
    input %x: float32[2,4]
    %y = FusedMatMul(%x, float32[5,4], float32[5]{2,4,6,8,10}) {transB=1, alpha=0.5, activation="Relu"} : float32[2,5]
    output %y)");
}

TEST(FuseElementwise, Trees) {
  const char* const text = R"(
    input %x: float32[2,3,4]
    input %z: float32[3,1]
    %a = Mul(%x, %z)
    %b = Add(%a, float32[]{2})
    %s = Sigmoid(%b)
    %c = Mul(%b, %s)
    %d = Clip(%c, float32[]{0}, float32[]{1})
    %y = Pow(%d, float32[]{2})
    output %y)";
  const Graph g = run_pass(text, fuse_elementwise);
  EXPECT_EQ(g.num_nodes(), 1) << text_of(g);
  expect_same_results(parse_graph(text), g);
}

TEST(FuseElementwise, NotThroughValuesThatOthersWant) {
  const Graph g = run_pass(R"(
    input %x: float32[2,3]
    %a = Abs(%x)
    %b = Sqrt(%a)
    %y = Neg(%b)
    output %y
    output %a)",
                           fuse_elementwise);
  EXPECT_EQ(g.num_nodes(), 2) << text_of(g);
  // A small tensor is not computed again for each row that it is broadcast to.
  EXPECT_EQ(run_pass(R"(
    input %x: float32[2,3]
    input %z: float32[3]
    %a = Exp(%z)
    %y = Add(%x, %a)
    output %y)",
                     fuse_elementwise)
                .num_nodes(),
            2);
}

TEST(FuseNormalization, SumToo) {
  const char* const text = R"(
    input %x: float32[2,3,4]
    input %z: float32[2,3,4]
    %s = Add(%x, %z)
    %y = LayerNormalization(%s, float32[4], float32[4])
    %n = Neg(%s)
    output %y
    output %n)";
  const Graph g = run_pass(text, fuse_normalization);
  EXPECT_EQ(g.num_nodes(), 2) << text_of(g);
  EXPECT_EQ(count(g, "AddNormalization"), 1);
  expect_same_results(parse_graph(text), g);
}

TEST(FuseChannelShuffle, ReshapeTransposeReshape) {
  expect_rewrite(R"(
    input %x: float32[1,6,2,2]
    %a = Reshape(%x, int64[5]{1,2,3,2,2})
    %b = Transpose(%a) {perm=[0,2,1,3,4]}
    %y = Reshape(%b, int64[4]{1,-1,2,2})
    output %y)",
                 fuse_channel_shuffle, R"(
    input %x: float32[1,6,2,2]
    %y = ChannelShuffle(%x) {groups=2} : float32[1,6,2,2]
    output %y)");
}

// As MegEngine's ShuffleNet has it; with two items, so that the order of batch and channels matters.
TEST(FuseChannelShuffle, PartsAtOnce) {
  const char* const text = R"(
    input %x: float32[2,6,2,2]
    %a = Reshape(%x, int64[3]{6,2,4})
    %b = Transpose(%a) {perm=[1,0,2]}
    %c = Reshape(%b, int64[5]{2,2,3,2,2})
    %d = Slice(%c, int64[1]{1}, int64[1]{2}, int64[1]{0})
    %e = Slice(%c, int64[1]{0}, int64[1]{1}, int64[1]{0})
    %odd = Reshape(%d, int64[4]{2,3,2,2})
    %even = Reshape(%e, int64[4]{2,3,2,2})
    output %odd
    output %even)";
  const Graph g = run_pass(text, fuse_channel_shuffle);
  EXPECT_EQ(g.num_nodes(), 2) << text_of(g);
  EXPECT_EQ(count(g, "ChannelShuffle"), 1);
  EXPECT_EQ(count(g, "Split"), 1);
  expect_same_results(parse_graph(text), g);
}

// One of the parts alone stays as it is.
TEST(FuseChannelShuffle, NotOnePart) {
  const char* const text = R"(
    input %x: float32[2,6,2,2]
    %a = Reshape(%x, int64[3]{6,2,4})
    %b = Transpose(%a) {perm=[1,0,2]}
    %c = Reshape(%b, int64[5]{2,2,3,2,2})
    %d = Slice(%c, int64[1]{1}, int64[1]{2}, int64[1]{0})
    %odd = Reshape(%d, int64[4]{2,3,2,2})
    output %odd)";
  EXPECT_EQ(count(run_pass(text, fuse_channel_shuffle), "ChannelShuffle"), 0);
}

}  // namespace
}  // namespace lite::test
