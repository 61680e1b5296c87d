// merge_equal, merge_reshapes, merge_transposes.

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using namespace passes;

TEST(MergeEqual, NodesAndConstants) {
  expect_rewrite(R"(
    input %x: float32[2]
    %a = Add(%x, float32[2]{1,2})
    %b = Add(%x, float32[2]{1,2})
    %y = Mul(%a, %b)
    output %y)",
                 merge_equal, R"(
    input %x: float32[2]
    %a = Add(%x, float32[2]{1,2}) : float32[2]
    %y = Mul(%a, %a) : float32[2]
    output %y)");
  expect_kept(R"(
    input %x: float32[2]
    %a = LeakyRelu(%x) {alpha=0.5} : float32[2]
    %b = LeakyRelu(%x) {alpha=0.25} : float32[2]
    %y = Mul(%a, %b) : float32[2]
    output %y)",
              merge_equal);
}

TEST(MergeEqual, AllOfTheContentCounts) {
  // Constants begin and end alike; two nodes with the same input have the same attributes, the third has not.
  const Graph g = run_pass(R"(
    input %x: float32[6]
    %a = Add(%x, float32[6]{1,2,3,4,5,6})
    %b = Mul(%x, float32[6]{1,2,7,4,5,6})
    %c = Sub(%x, float32[6]{1,2,7,4,5,6})
    %d = Mul(%x, float32[6]{1,2,3,4,5,6})
    %e = Reshape(%x, int64[1]{6})
    %p = LeakyRelu(%x) {alpha=0.5}
    %q = LeakyRelu(%x) {alpha=0.25}
    %r = LeakyRelu(%x) {alpha=0.25}
    %s = Squeeze(%x, int64[0])
    %t = Unsqueeze(%x, int64[0])
    %y = Sum(%a, %b, %c, %d, %e, %p, %q, %r, %s, %t)
    output %y)",
                           merge_equal);
  EXPECT_EQ(count(g, "LeakyRelu"), 2);
  int floats = 0, empty = 0;
  for (ValueId v = 0; v < g.num_values(); ++v) {
    if (!g.value(v).is_constant()) continue;
    floats += g.value(v).fact.dtype == DType::kF32 ? 1 : 0;
    empty += g.value(v).constant.elements() == 0 ? 1 : 0;
  }
  EXPECT_EQ(floats, 2);
  EXPECT_EQ(empty, 1);
}

TEST(MergeEqual, RandomNodesStayApart) {
  expect_kept(R"(
    input %x: float32[2]
    %a = RandomNormalLike(%x)
    %b = RandomNormalLike(%x)
    %y = Mul(%a, %b)
    output %y)",
              merge_equal);
}

TEST(MergeReshapes, ChainsBecomeOne) {
  expect_rewrite(R"(
    input %x: float32[N,6,1,1]
    %a = Squeeze(%x, int64[2]{2,3})
    %b = Unsqueeze(%a, int64[1]{1})
    %y = Reshape(%b, int64[3]{0,2,3})
    output %y)",
                 merge_reshapes, R"(
    input %x: float32[N,6,1,1]
    %y = Reshape(%x, int64[3]{0,2,3}) : float32[N,2,3]
    output %y)");
}

TEST(MergeTransposes, ComposeAndCancel) {
  expect_rewrite(R"(
    input %x: float32[2,3,4]
    %a = Transpose(%x) {perm=[1,2,0]}
    %y = Transpose(%a) {perm=[2,1,0]}
    output %y)",
                 merge_transposes, R"(
    input %x: float32[2,3,4]
    %y = Transpose(%x) {perm=[0,2,1]} : float32[2,4,3]
    output %y)");
  expect_rewrite(R"(
    input %x: float32[2,3,1,4]
    %y = Transpose(%x) {perm=[0,2,1,3]}
    output %y)",
                 merge_transposes, R"(
    input %x: float32[2,3,1,4]
    %y = Reshape(%x, int64[4]{2,1,3,4}) : float32[2,1,3,4]
    output %y)");
}

TEST(MergeTransposes, PairsAroundElementwiseNodesMeet) {
  const char* const text = R"(
    input %x: float32[1,3,4,5]
    %t = Transpose(%x) {perm=[0,2,3,1]}
    %a = Add(%t, float32[3])
    %b = Relu(%a)
    %c = Mul(%b, float32[]{2})
    %d = Add(%c, %b)
    %y = Transpose(%d) {perm=[0,3,1,2]}
    output %y)";
  const Pass list[] = {{"merge_transposes", merge_transposes},
                       {"remove_identities", remove_identities},
                       {"fold_constants", fold_constants}};
  const Graph g = run_list(text, list);
  EXPECT_EQ(count(g, "Transpose"), 0) << text_of(g);
  EXPECT_EQ(g.num_nodes(), 4) << text_of(g);
  expect_same_results(parse_graph(text), g);
}

}  // namespace
}  // namespace lite::test
