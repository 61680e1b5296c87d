// fold_constants, fold_batch_norm, fold_pads, remove_dead, remove_identities, simplify.

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using namespace passes;

TEST(FoldConstants, ComputesWhatIsKnown) {
  expect_rewrite(R"(
    input %x: float32[2]
    %c = Add(float32[2]{1,2}, float32[2]{3,4})
    %y = Mul(%x, %c)
    output %y)",
                 fold_constants, R"(
    input %x: float32[2]
    %y = Mul(%x, float32[2]{4,6}) : float32[2]
    output %y)");
}

TEST(FoldConstants, ShapesAreKnownWithoutTheirTensors) {
  expect_rewrite(R"(
    input %x: float32[2,3]
    %s = Shape(%x)
    output %s
    output %x)",
                 fold_constants, R"(
    input %x: float32[2,3]
    output %s
    output %x)");
}

TEST(FoldConstants, DoesNotMakeTheModelLarger) {
  PassOptions small;
  small.fold_limit_bytes = 64;
  expect_kept(R"(
    %y = Expand(float32[1]{1}, int64[1]{100})
    output %y)",
              fold_constants, small);
  EXPECT_EQ(count(run_pass(R"(
    %y = Expand(float32[1]{1}, int64[1]{10})
    output %y)",
                           fold_constants, small),
                  "Expand"),
            0);
  // Larger than the limit, but no larger than what it is made from.
  EXPECT_EQ(count(run_pass(R"(
    %y = Neg(float32[100])
    output %y)",
                           fold_constants, small),
                  "Neg"),
            0);
}

TEST(FoldConstants, ManyNodesShareOneBudget) {
  // Each makes what it may; all of them together may make four times that.
  PassOptions small;
  small.fold_limit_bytes = 400;
  std::string text;
  for (int i = 0; i < 10; ++i)
    text += cat("%y", i, " = Expand(float32[1]{", i, "}, int64[1]{100})\n", "output %y", i, "\n");
  EXPECT_EQ(count(run_list(text, declutter_passes(), small), "Expand"), 6);
}

TEST(FoldConstants, FillsLargeWeightsWhenTheyAreRead) {
  PassOptions small;
  small.fold_limit_bytes = 400;
  const auto product = [&](std::string_view shape, std::string_view b) {
    return count(run_list(cat("input %x: float32[4,20]\n%w = ConstantOfShape(int64[2]{", shape,
                              "}) {value=float32[1]{3}}\n%y = MatMul(", b, ")\noutput %y"),
                          declutter_passes(), small),
                 "ConstantOfShape");
  };
  EXPECT_EQ(product("20,30", "%x, %w"), 0);
  EXPECT_EQ(product("20,50", "%x, %w"), 1);  // more than eight times the limit
  EXPECT_EQ(product("30,4", "%w, %x"), 1);   // no weights
  const Graph g = run_list(R"(
    input %x: float32[4,20]
    %w = ConstantOfShape(int64[2]{20,30}) {value=float32[1]{3}}
    %y = MatMul(%x, %w)
    output %y)",
                           declutter_passes(), small);
  const Tensor* w = nullptr;
  for (NodeId n = 0; n < g.num_nodes(); ++n)
    if (g.node(n).op->name == std::string_view("MatMul")) w = &g.value(g.node(n).in[1]).constant;
  ASSERT_NE(w, nullptr);
  for (int i = 0; i < 2; ++i) {
    for (const int64_t e : {0, 599}) EXPECT_EQ(w->float_at(e), 3);
    w->release();
  }
}

TEST(FoldConstants, LeavesWorkOfHoursToTheRun) {
  // A few bytes of model; about a minute of multiplications.
  EXPECT_EQ(count(run_pass(R"(
    %a = ConstantOfShape(int64[2]{4000,4000})
    %b = MatMul(%a, %a)
    %c = ReduceSum(%b)
    output %c)",
                           fold_constants, {.budget = std::make_shared<FoldBudget>(FoldBudget{SIZE_MAX})}),
                  "MatMul"),
            1);
}

TEST(FoldConstants, LeavesWhatKernelsWantQuantised) {
  expect_kept(R"(
    %y = DequantizeLinear(int8[2]{1,2}, float32[]{0.5})
    output %y)",
              fold_constants);
}

TEST(FoldBatchNorm, GoesIntoTheConvolution) {
  const char* const text = R"(
    input %x: float32[1,2,4,4]
    %c = Conv(%x, float32[3,2,3,3]) {pads=[1,1,1,1]}
    %y = BatchNormalization(%c, float32[3], float32[3], float32[3], float32[3]{1,2,3})
    output %y)";
  const Graph g = run_pass(text, fold_batch_norm);
  EXPECT_EQ(text_of(g),
            "input %x: float32[1,2,4,4]\n"
            "%y = Conv(%x, float32[3,2,3,3], float32[3]" +
                text_of(g).substr(text_of(g).find("{")));
  EXPECT_EQ(g.num_nodes(), 1);
  expect_same_results(parse_graph(text), g);
}

// As MegEngine orders the sums of a residual net.
TEST(FoldBatchNorm, WhatIsAddedAfterASumGoesBeforeIt) {
  const char* const text = R"(
    input %x: float32[1,3,4,4]
    %c = Conv(%x, float32[3,3,1,1])
    %s = Add(%x, %c)
    %y = Add(float32[1,3,1,1]{1,2,3}, %s)
    output %y)";
  const Graph g = run_pass(text, fold_batch_norm);
  EXPECT_EQ(g.num_nodes(), 2) << text_of(g);
  EXPECT_EQ(count(g, "Add"), 1);
  expect_same_results(parse_graph(text), g);
  // Not a scale, and not what has a channel too many for the convolution.
  for (const char* const last : {"Mul(float32[1,3,1,1]{1,2,3}, %s)", "Add(float32[1,3,4,1], %s)"}) {
    const std::string other = std::string(text).replace(std::string(text).find("Add(float32"), 34, last);
    EXPECT_EQ(run_pass(other, fold_batch_norm).num_nodes(), 3) << other;
  }
}

TEST(FoldBatchNorm, PerChannelConstantsGoIntoEveryKindOfWeights) {
  const char* const texts[] = {
      R"(
    input %x: float32[1,4,5]
    %c = Conv(%x, float32[6,2,3], float32[6]) {group=2}
    %m = Mul(float32[1,6,1], %c)
    %a = Add(%m, float32[6,1])
    %s = Sub(float32[]{1}, %a)
    %y = Div(%s, float32[]{3})
    output %y)",
      R"(
    input %x: float32[1,4,3,3]
    %c = ConvTranspose(%x, float32[4,3,2,2], float32[6]) {group=2, strides=[2,2]}
    %y = Mul(%c, float32[6,1,1])
    output %y)",
      R"(
    input %x: float32[2,4]
    %c = Gemm(%x, float32[5,4], float32[5]) {transB=1, alpha=0.5, beta=2}
    %m = Mul(%c, float32[5])
    %y = Add(%m, float32[1,5])
    output %y)",
      R"(
    input %x: float32[2,3,4]
    %c = MatMul(%x, float32[4,5])
    %y = Mul(%c, float32[5])
    output %y)"};
  for (const char* const text : texts) {
    SCOPED_TRACE(text);
    const Graph g = run_pass(text, fold_batch_norm);
    EXPECT_EQ(g.num_nodes(), 1) << text_of(g);
    expect_same_results(parse_graph(text), g);
  }
}

TEST(FoldBatchNorm, StandsAloneAsMulAndAdd) {
  const char* const text = R"(
    input %x: float32[2,3,4]
    %y = BatchNormalization(%x, float32[3], float32[3], float32[3], float32[3]{1,2,3})
    output %y)";
  const Graph g = run_pass(text, fold_batch_norm);
  EXPECT_EQ(count(g, "Mul") + count(g, "Add"), 2);
  EXPECT_EQ(g.num_nodes(), 2);
  expect_same_results(parse_graph(text), g);
}

TEST(FoldBatchNorm, LeavesWhatIsUsedElsewhere) {
  expect_kept(R"(
    input %x: float32[1,2,4]
    %c = Conv(%x, float32[3,2,1])
    %y = Mul(%c, float32[3,1])
    output %y
    output %c)",
              fold_batch_norm);
  // Along the wrong dimension.
  expect_kept(R"(
    input %x: float32[1,2,3]
    %c = Conv(%x, float32[3,2,1])
    %y = Mul(%c, float32[3])
    output %y)",
              fold_batch_norm);
}

TEST(FoldPads, IntoTheConvolution) {
  expect_rewrite(R"(
    input %x: float32[1,1,4,4]
    %p = Pad(%x, int64[8]{0,0,1,2,0,0,3,4})
    %y = Conv(%p, float32[1,1,1,1]{2}) {pads=[1,0,0,0]}
    output %y)",
                 fold_pads, R"(
    input %x: float32[1,1,4,4]
    %y = Conv(%x, float32[1,1,1,1]{2}) {pads=[2,2,3,4], auto_pad="NOTSET"} : float32[1,1,9,10]
    output %y)");
  expect_kept(R"(
    input %x: float32[1,1,4,4]
    %p = Pad(%x, int64[8]{0,0,1,1,0,0,1,1}, float32[]{1})
    %y = Conv(%p, float32[1,1,1,1]{2})
    output %y)",
              fold_pads);
}

TEST(RemoveDead, NodesAndOutputsThatNobodyWants) {
  expect_rewrite(R"(
    input %x: float32[2]
    %a = Neg(%x)
    %b = Abs(%a)
    %y, %mask = Dropout(%x)
    output %y)",
                 remove_dead, R"(
    input %x: float32[2]
    %y = Dropout(%x) : float32[2]
    output %y)");
}

TEST(RemoveIdentities, HandsOnWhatTheyGet) {
  expect_rewrite(R"(
    input %x: float32[N,3]
    %a = Identity(%x)
    %b = Cast(%a) {to=1}
    %c = Transpose(%b) {perm=[0,1]}
    %d = Slice(%c, int64[1]{0}, int64[1]{9223372036854775807}, int64[1]{0})
    %e = Add(%d, float32[3]{0,0,0})
    %f = Mul(float32[]{1}, %e)
    %g = Concat(%f) {axis=0}
    %h = Reshape(%g, int64[2]{-1,3})
    %y = Relu(%h)
    output %y)",
                 remove_identities, R"(
    input %x: float32[N,3]
    %y = Relu(%x) : float32[N,3]
    output %y)");
}

TEST(RemoveIdentities, OutputsKeepTheirNames) {
  expect_rewrite(R"(
    input %x: float32[2]
    %a = Relu(%x)
    %y = Identity(%a)
    %b = Neg(%a)
    output %y
    output %b)",
                 remove_identities, R"(
    input %x: float32[2]
    %y = Relu(%x) : float32[2]
    %b = Neg(%y) : float32[2]
    output %y
    output %b)");
  // An input that is an output, and a value that is two of them, need a node.
  expect_kept(R"(
    input %x: float32[2]
    %y = Identity(%x) : float32[2]
    output %y)",
              remove_identities);
  expect_kept(R"(
    input %x: float32[2]
    %a = Relu(%x) : float32[2]
    %b = Identity(%a) : float32[2]
    output %a
    output %b)",
              remove_identities);
}

TEST(RemoveIdentities, CastsThatLoseNothingVanish) {
  expect_rewrite(R"(
    input %x: int32[2]
    %a = Cast(%x) {to=7}
    %y = Cast(%a) {to=1}
    output %y)",
                 remove_identities, R"(
    input %x: int32[2]
    %y = Cast(%x) {to=1} : float32[2]
    output %y)");
  expect_kept(R"(
    input %x: float32[2]
    %a = Cast(%x) {to=7}
    %y = Cast(%a) {to=1}
    output %y)",
              remove_identities);
}

TEST(Simplify, GatherOfOneIsASlice) {
  expect_rewrite(R"(
    input %x: float32[N,3,4]
    %y = Gather(%x, int64[]{-1}) {axis=1}
    output %y)",
                 simplify, R"(
    input %x: float32[N,3,4]
    %4 = Slice(%x, int64[1]{2}, int64[1]{3}, int64[1]{1}) : float32[N,1,4]
    %y = Reshape(%4, int64[2]{0,4}) : float32[N,4]
    output %y)");
}

TEST(Simplify, Relu6OfMegEngine) {
  const char* const text = R"(
    input %x: float32[2,3]
    %a = Relu(%x)
    %y = Min(float32[1]{6}, %a)
    output %y)";
  const Graph g = run_pass(text, simplify);
  EXPECT_EQ(count(g, "Clip"), 1) << text_of(g);
  EXPECT_EQ(count(g, "Min"), 0);
  expect_same_results(parse_graph(text), g);
  EXPECT_EQ(count(run_pass(R"(
    input %x: float32[2,3]
    %a = Relu(%x)
    %y = Min(float32[1]{-6}, %a)
    output %y)",
                           simplify),
                  "Clip"),
            0);
}

TEST(Simplify, FewerForms) {
  expect_rewrite(R"(
    input %x: float32[N,3,4,5]
    %a = Sub(%x, float32[]{2})
    %b = Div(%a, float32[]{4})
    %c = Clip(%b, float32[]{0})
    %s = Sum(%c, %x)
    %y = ReduceMean(%s, int64[2]{2,3})
    output %y)",
                 simplify, R"(
    input %x: float32[N,3,4,5]
    %a = Add(%x, float32[]{-2}) : float32[N,3,4,5]
    %b = Mul(%a, float32[]{0.25}) : float32[N,3,4,5]
    %c = Relu(%b) : float32[N,3,4,5]
    %s = Add(%c, %x) : float32[N,3,4,5]
    %y = GlobalAveragePool(%s) : float32[N,3,1,1]
    output %y)");
}

}  // namespace
}  // namespace lite::test
