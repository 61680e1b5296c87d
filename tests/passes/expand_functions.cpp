#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using passes::expand_functions;

TEST(ExpandFunctions, Mean) {
  const char* const text = R"(
    input %a: float32[2,8]
    input %b: float32[8]
    input %c: float32[2,1]
    %y = Mean(%a, %b, %c)
    output %y)";
  const Graph g = run_pass(text, expand_functions);
  EXPECT_EQ(count(g, "Mean"), 0) << text_of(g);
  EXPECT_EQ(count(g, "Add"), 2) << text_of(g);
  EXPECT_EQ(count(g, "Div"), 1) << text_of(g);
  expect_same_results(parse_graph(text), g);
  expect_kept(R"(
    input %a: float16[2,8]
    %y = Mean(%a, %a)
    output %y)",
              expand_functions);
}

TEST(ExpandFunctions, LpNormalization) {
  for (const int p : {1, 2}) {
    const std::string text =
        cat("input %x: float32[2,8,3]\n%y = LpNormalization(%x) {axis=1, p=", p, "}\noutput %y");
    const Graph g = run_pass(text, expand_functions);
    EXPECT_EQ(count(g, p == 2 ? "ReduceL2" : "ReduceL1"), 1) << text_of(g);
    EXPECT_EQ(count(g, "LpNormalization"), 0);
    expect_same_results(parse_graph(text), g);
  }
}

TEST(ExpandFunctions, MeanVarianceNormalization) {
  for (const char* x : {"float32[1,3,5,4]", "float32[2,3,5,4]"})
    for (const char* attrs : {"", " {axes=[0,1,2,3]}", " {axes=[-1]}", " {axes=[1,3]}"}) {
      const std::string text =
          cat("input %x: ", x, "\n%y = MeanVarianceNormalization(%x)", attrs, "\noutput %y");
      const Graph g = run_pass(text, expand_functions);
      EXPECT_EQ(count(g, "MeanVarianceNormalization"), 0) << text_of(g);
      expect_same_results(parse_graph(text), g);
    }
}

}  // namespace
}  // namespace lite::test
