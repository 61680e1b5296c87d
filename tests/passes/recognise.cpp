// The forms in which exporters write Gelu, Swish, HardSwish, Mish and the normalisations.

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using namespace passes;

void expect_recognised(const char* text, Result<bool> (*pass)(passes::Rewriter&, const PassOptions&),
                       const char* op) {
  SCOPED_TRACE(text);
  const Graph g = run_pass(text, pass);
  EXPECT_EQ(g.num_nodes(), 1) << text_of(g);
  EXPECT_EQ(count(g, op), 1) << text_of(g);
  expect_same_results(parse_graph(text), g);
}

TEST(RecogniseGelu, ByErf) {
  expect_recognised(R"(
    input %x: float32[2,8]
    %d = Div(%x, float32[]{1.41421354})
    %e = Erf(%d)
    %a = Add(%e, float32[]{1})
    %m = Mul(%x, %a)
    %y = Mul(%m, float32[]{0.5})
    output %y)",
                    recognise_gelu, "Gelu");
  expect_recognised(R"(
    input %x: float32[2,8]
    %h = Mul(float32[]{0.5}, %x)
    %d = Mul(%x, float32[]{0.707106769})
    %e = Erf(%d)
    %a = Add(float32[]{1}, %e)
    %y = Mul(%h, %a)
    output %y)",
                    recognise_gelu, "Gelu");
}

TEST(RecogniseGelu, ByTanh) {
  expect_recognised(R"(
    input %x: float32[2,8]
    %p = Pow(%x, float32[]{3})
    %k = Mul(%p, float32[]{0.044715})
    %s = Add(%x, %k)
    %i = Mul(%s, float32[]{0.797884583})
    %t = Tanh(%i)
    %a = Add(%t, float32[]{1})
    %h = Mul(%x, float32[]{0.5})
    %y = Mul(%h, %a)
    output %y)",
                    recognise_gelu, "Gelu");
}

TEST(RecogniseGelu, NotOfAnotherInput) {
  expect_kept(R"(
    input %x: float32[2,8]
    input %z: float32[2,8]
    %d = Div(%x, float32[]{1.41421354})
    %e = Erf(%d)
    %a = Add(%e, float32[]{1})
    %m = Mul(%z, %a)
    %y = Mul(%m, float32[]{0.5})
    output %y)",
              recognise_gelu);
}

TEST(RecogniseSwish, Forms) {
  expect_recognised(R"(
    input %x: float32[2,8]
    %s = Sigmoid(%x)
    %y = Mul(%s, %x)
    output %y)",
                    recognise_swish, "Swish");
  expect_recognised(R"(
    input %x: float32[2,8]
    %k = Mul(%x, float32[]{1.702})
    %s = Sigmoid(%k)
    %y = Mul(%x, %s)
    output %y)",
                    recognise_swish, "Swish");
  expect_recognised(R"(
    input %x: float32[2,8]
    %s = HardSigmoid(%x) {alpha=0.166666667, beta=0.5}
    %y = Mul(%x, %s)
    output %y)",
                    recognise_swish, "HardSwish");
  expect_recognised(R"(
    input %x: float32[2,8]
    %a = Add(%x, float32[]{3})
    %c = Clip(%a, float32[]{0}, float32[]{6})
    %m = Mul(%x, %c)
    %y = Div(%m, float32[]{6})
    output %y)",
                    recognise_swish, "HardSwish");
  expect_recognised(R"(
    input %x: float32[2,8]
    %a = Add(%x, float32[]{3})
    %c = Clip(%a, float32[]{0}, float32[]{6})
    %y = Mul(%c, float32[]{0.166666667})
    output %y)",
                    recognise_swish, "HardSigmoid");
  expect_recognised(R"(
    input %x: float32[2,8]
    %p = Softplus(%x)
    %t = Tanh(%p)
    %y = Mul(%x, %t)
    output %y)",
                    recognise_swish, "Mish");
}

TEST(RecogniseNormalization, LayerNormalization) {
  expect_recognised(R"(
    input %x: float32[2,3,8]
    %m = ReduceMean(%x, int64[1]{-1})
    %d = Sub(%x, %m)
    %p = Pow(%d, float32[]{2})
    %v = ReduceMean(%p, int64[1]{-1})
    %e = Add(%v, float32[]{0.00001})
    %s = Sqrt(%e)
    %q = Div(%d, %s)
    %g = Mul(%q, float32[8])
    %y = Add(%g, float32[8])
    output %y)",
                    recognise_normalization, "LayerNormalization");
  expect_recognised(R"(
    input %x: float32[2,3,4]
    %m = ReduceMean(%x, int64[2]{1,2})
    %d = Sub(%x, %m)
    %p = Mul(%d, %d)
    %v = ReduceMean(%p, int64[2]{1,2})
    %e = Add(%v, float32[]{0.00001})
    %s = Sqrt(%e)
    %i = Reciprocal(%s)
    %y = Mul(%d, %i)
    output %y)",
                    recognise_normalization, "LayerNormalization");
}

TEST(RecogniseNormalization, RmsNormalization) {
  expect_recognised(R"(
    input %x: float32[2,3,8]
    %p = Pow(%x, float32[]{2})
    %v = ReduceMean(%p, int64[1]{-1})
    %e = Add(%v, float32[]{0.00001})
    %s = Sqrt(%e)
    %i = Div(float32[]{1}, %s)
    %q = Mul(%x, %i)
    %y = Mul(float32[8], %q)
    output %y)",
                    recognise_normalization, "RMSNormalization");
}

TEST(RecogniseNormalization, NotOverOtherDimensions) {
  EXPECT_EQ(run_pass(R"(
    input %x: float32[2,3,8]
    %m = ReduceMean(%x, int64[1]{1})
    %d = Sub(%x, %m)
    %p = Mul(%d, %d)
    %v = ReduceMean(%p, int64[1]{1})
    %e = Add(%v, float32[]{0.00001})
    %s = Sqrt(%e)
    %y = Div(%d, %s)
    output %y)",
                     recognise_normalization)
                .num_nodes(),
            7);
}

}  // namespace
}  // namespace lite::test
