// Models with QuantizeLinear and DequantizeLinear pairs calculate in integers.

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using namespace passes;

// Everything between the first QuantizeLinear and the last DequantizeLinear.
void expect_integers(const char* text, std::initializer_list<std::pair<const char*, int>> nodes) {
  SCOPED_TRACE(text);
  const Graph g = run_list(text, declutter_passes());
  for (const auto& [op, n] : nodes) EXPECT_EQ(count(g, op), n) << op << " in\n" << text_of(g);
  EXPECT_EQ(count(g, "QuantizeLinear"), 1) << text_of(g);
  EXPECT_EQ(count(g, "DequantizeLinear"), 1) << text_of(g);
  // A quantum at most: the largest output is some 40 of them.
  expect_same_results(parse_graph(text), g, 1.0 / 30);
}

TEST(Quantized, ConvolutionsInARow) {
  expect_integers(R"(
    input %x: float32[N,2,5,5]
    %q0 = QuantizeLinear(%x, float32[]{0.0078125}, uint8[]{128})
    %d0 = DequantizeLinear(%q0, float32[]{0.0078125}, uint8[]{128})
    %w1 = DequantizeLinear(int8[4,2,3,3], float32[4]{0.01,0.02,0.01,0.02}, int8[4]{0,0,0,0}) {axis=0}
    %b1 = DequantizeLinear(int32[4]{100,-200,300,0}, float32[4]{0.000078125,0.00015625,0.000078125,0.00015625}) {axis=0}
    %c1 = Conv(%d0, %w1, %b1) {pads=[1,1,1,1]}
    %r1 = Relu(%c1)
    %q1 = QuantizeLinear(%r1, float32[]{0.05}, uint8[]{0})
    %d1 = DequantizeLinear(%q1, float32[]{0.05}, uint8[]{0})
    %m1 = MaxPool(%d1) {kernel_shape=[2,2], strides=[2,2]}
    %q2 = QuantizeLinear(%m1, float32[]{0.05}, uint8[]{0})
    %d2 = DequantizeLinear(%q2, float32[]{0.05}, uint8[]{0})
    %w2 = DequantizeLinear(int8[4,4,1,1], float32[]{0.01})
    %c2 = Conv(%d2, %w2)
    %q3 = QuantizeLinear(%c2, float32[]{0.05}, uint8[]{100})
    %d3 = DequantizeLinear(%q3, float32[]{0.05}, uint8[]{100})
    %s = Add(%d3, %d2)
    %q4 = QuantizeLinear(%s, float32[]{0.06}, uint8[]{90})
    %d4 = DequantizeLinear(%q4, float32[]{0.06}, uint8[]{90})
    %p = GlobalAveragePool(%d4)
    %q5 = QuantizeLinear(%p, float32[]{0.03}, uint8[]{90})
    %d5 = DequantizeLinear(%q5, float32[]{0.03}, uint8[]{90})
    %f = Flatten(%d5)
    %q6 = QuantizeLinear(%f, float32[]{0.03}, uint8[]{90})
    %d6 = DequantizeLinear(%q6, float32[]{0.03}, uint8[]{90})
    %w3 = DequantizeLinear(int8[3,4], float32[3]{0.01,0.02,0.01}, int8[3]{0,0,0}) {axis=0}
    %g = Gemm(%d6, %w3, float32[3]{0.1,0.2,0.3}) {transB=1}
    %q7 = QuantizeLinear(%g, float32[]{0.05}, uint8[]{128})
    %y = DequantizeLinear(%q7, float32[]{0.05}, uint8[]{128})
    output %y)",
                  {{"QLinearConv", 3},
                   {"QLinearAdd", 1},
                   {"QLinearGlobalAveragePool", 1},
                   {"MaxPool", 1},
                   {"Conv", 0},
                   {"Relu", 0}});
}

TEST(Quantized, ConcatOfTheSameParameters) {
  expect_integers(R"(
    input %x: float32[1,2,3]
    %q = QuantizeLinear(%x, float32[]{0.0078125}, uint8[]{128})
    %d = DequantizeLinear(%q, float32[]{0.0078125}, uint8[]{128})
    %t = Transpose(%d) {perm=[0,2,1]}
    %r = Reshape(%t, int64[3]{1,2,3})
    %c = Concat(%d, %r) {axis=1}
    %q2 = QuantizeLinear(%c, float32[]{0.0078125}, uint8[]{128})
    %y = DequantizeLinear(%q2, float32[]{0.0078125}, uint8[]{128})
    output %y)",
                  {{"Concat", 1}});
}

// What depends on one byte only is looked up, by way of what else is: Swish of a quantised Sigmoid.
TEST(Quantized, FunctionsOfOneByte) {
  expect_integers(R"(
    input %x: float32[N,2,5]
    %q = QuantizeLinear(%x, float32[]{0.0078125}, uint8[]{128})
    %d = DequantizeLinear(%q, float32[]{0.0078125}, uint8[]{128})
    %s = Sigmoid(%d)
    %qs = QuantizeLinear(%s, float32[]{0.00390625}, uint8[]{0})
    %ds = DequantizeLinear(%qs, float32[]{0.00390625}, uint8[]{0})
    %m = Mul(%d, %ds)
    %qm = QuantizeLinear(%m, float32[]{0.01}, int8[]{-30})
    %dm = DequantizeLinear(%qm, float32[]{0.01}, int8[]{-30})
    %a = Add(%dm, float32[1,1]{0.25})
    %c = Clip(%a, float32[]{0}, float32[]{0.5})
    %qc = QuantizeLinear(%c, float32[]{0.02}, uint8[]{3})
    %y = DequantizeLinear(%qc, float32[]{0.02}, uint8[]{3})
    output %y)",
                  {{"LookupBytes", 1}, {"Sigmoid", 0}, {"Mul", 0}, {"Clip", 0}});
}

TEST(Quantized, ConcatOfOtherParameters) {
  const char* const text = R"(
    input %x: uint8[N,2,5]
    input %z: uint8[N,3,5]
    %y = com.microsoft.QLinearConcat(float32[]{0.02}, uint8[]{100}, %x, float32[]{0.02}, uint8[]{100}, %z, float32[]{0.01}, uint8[]{7}) {axis=1}
    output %y)";
  const Graph g = run_list(text, declutter_passes());
  EXPECT_EQ(count(g, "Concat"), 1) << text_of(g);
  EXPECT_EQ(count(g, "LookupBytes"), 1) << text_of(g);
  EXPECT_EQ(count(g, "QLinearConcat"), 0) << text_of(g);
  expect_same_results(parse_graph(text), g);
}

// Of two bytes, of numbers along an axis, and what would have more dimensions than the bytes have.
TEST(Quantized, NoTableForMoreThanOneByte) {
  const auto lookups = [](const std::string& function) {
    return count(run_list("input %x: float32[2,3]\ninput %z: float32[2,3]\n"
                          "%q = QuantizeLinear(%x, float32[]{0.01}, uint8[]{128})\n"
                          "%d = DequantizeLinear(%q, float32[]{0.01}, uint8[]{128})\n"
                          "%qz = QuantizeLinear(%z, float32[]{0.01}, uint8[]{128})\n"
                          "%dz = DequantizeLinear(%qz, float32[]{0.01}, uint8[]{128})\n%f = " +
                              function +
                              "\n%qf = QuantizeLinear(%f, float32[]{0.02}, uint8[]{100})\n"
                              "%y = DequantizeLinear(%qf, float32[]{0.02}, uint8[]{100})\noutput %y",
                          declutter_passes()),
                 "LookupBytes");
  };
  EXPECT_EQ(lookups("Sub(%d, float32[1]{0.1})"), 1);
  EXPECT_EQ(lookups("Sub(%d, %dz)"), 0);
  EXPECT_EQ(lookups("Sub(%d, float32[3]{0.1,0.2,0.3})"), 0);
  EXPECT_EQ(lookups("Sub(%d, float32[1,1,1]{0.1})"), 0);
  EXPECT_EQ(lookups("Softmax(%d)"), 0);
}

TEST(Quantized, MatMul) {
  expect_integers(R"(
    input %x: float32[2,3,4]
    %q = QuantizeLinear(%x, float32[]{0.0078125}, uint8[]{128})
    %d = DequantizeLinear(%q, float32[]{0.0078125}, uint8[]{128})
    %w = DequantizeLinear(int8[4,5], float32[5]{0.01,0.02,0.01,0.02,0.01}, int8[5]{0,0,0,0,0}) {axis=1}
    %m = MatMul(%d, %w)
    %q2 = QuantizeLinear(%m, float32[]{0.02}, uint8[]{128})
    %y = DequantizeLinear(%q2, float32[]{0.02}, uint8[]{128})
    output %y)",
                  {{"QLinearMatMul", 1}});
}

TEST(Quantized, WeightsWithoutAnIntegerKernelBecomeFloats) {
  const char* const text = R"(
    input %x: float32[2,4]
    %w = DequantizeLinear(int8[4,5], float32[]{0.01})
    %y = MatMul(%x, %w)
    output %y)";
  const Graph g = run_list(text, declutter_passes());
  EXPECT_EQ(g.num_nodes(), 1) << text_of(g);
  expect_same_results(parse_graph(text), g);
}

TEST(MoveQuantize, KeepsWhatRoundsTwice) {
  // Other parameters: the second rounding is not the first one's inverse, and no Identity.
  const char* const text = R"(
    input %x: uint8[4]
    %d = DequantizeLinear(%x, float32[]{0.5}, uint8[]{0})
    %y = QuantizeLinear(%d, float32[]{0.25}, uint8[]{0})
    output %y)";
  const Graph g = run_list(text, declutter_passes());
  EXPECT_EQ(count(g, "LookupBytes"), 1) << text_of(g);
  expect_same_results(parse_graph(text), g);
}

TEST(MoveQuantize, KeepsAClipThatCutsMore) {
  const Graph g = run_list(R"(
    input %x: float32[4]
    %c = Clip(%x, float32[]{0}, float32[]{6})
    %y = QuantizeLinear(%c, float32[]{0.1}, uint8[]{0})
    output %y)",
                           declutter_passes());
  EXPECT_EQ(count(g, "Clip"), 1) << text_of(g);
  const Graph exact = run_list(R"(
    input %x: float32[4]
    %c = Clip(%x, float32[]{0}, float32[]{6})
    %y = QuantizeLinear(%c, float32[]{0.0235294122}, uint8[]{0})
    output %y)",
                               declutter_passes());
  EXPECT_EQ(count(exact, "Clip"), 0) << text_of(exact);
}

}  // namespace
}  // namespace lite::test
