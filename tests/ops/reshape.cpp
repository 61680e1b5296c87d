#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const Tensor& x() {
  static const Tensor t = f32({2, 3}, {1, 2, 3, 4, 5, 6});
  return t;
}
Dims dims(const Tensor& t) { return t.dims(); }

TEST(Reshape, ZeroAndMinusOne) {
  expect_equal(eval("Reshape", {x(), i64({1}, {6})}), f32({6}, {1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(dims(eval("Reshape", {x(), i64({3}, {0, -1, 1})})), (Dims{2, 3, 1}));
  EXPECT_EQ(dims(eval("Reshape", {f32({0, 3}, {}), i64({2}, {3, 0})}, {{"allowzero", int64_t{1}}})),
            (Dims{3, 0}));
  EXPECT_EQ(dims(eval("Reshape", {f32({0, 3}, {}), i64({2}, {-1, 3})})), (Dims{0, 3}));
}

TEST(Reshape, SaysWhatDoesNotFit) {
  EXPECT_NE(error_of("Reshape", {x(), i64({2}, {4, 2})}).find("[2,3] does not fit into [4,2]"),
            std::string::npos);
  EXPECT_NE(error_of("Reshape", {x(), i64({2}, {4, -1})}).find("not a multiple of 4"), std::string::npos);
  EXPECT_NE(error_of("Reshape", {x(), i64({2}, {-1, -1})}).find("-1 twice"), std::string::npos);
  EXPECT_NE(error_of("Reshape", {x(), i64({3}, {2, 3, 0})}).find("holds 0 at 2"), std::string::npos);
}

TEST(Reshape, SymbolsCancel) {
  Graph g;
  const int64_t n = g.symbol("N");
  const ValueId in = g.add_input("x", Fact(DType::kF32, {n, 4, 6}));
  const ValueId shape = g.add_constant("s", i64({2}, {0, -1}));
  const ValueId out = g.add_value("y");
  Node node;
  node.op = &ops::get("Reshape");
  node.in = {in, shape};
  node.out = {out};
  g.add_node(node);
  ASSERT_TRUE(infer_graph(g).is_ok());
  EXPECT_EQ(g.value(out).fact.dims, (Dims{n, 24}));
}

TEST(Reshape, Flatten) {
  EXPECT_EQ(dims(eval("Flatten", {f32({2, 1, 3}, {1, 2, 3, 4, 5, 6})})), (Dims{2, 3}));
  EXPECT_EQ(dims(eval("Flatten", {x()}, {{"axis", int64_t{0}}})), (Dims{1, 6}));
  EXPECT_EQ(dims(eval("Flatten", {x()}, {{"axis", int64_t{2}}})), (Dims{6, 1}));
  EXPECT_NE(error_of("Flatten", {x()}, {{"axis", int64_t{3}}}).find("axis 3"), std::string::npos);
}

TEST(Reshape, SqueezeAndUnsqueeze) {
  const Tensor t = f32({1, 3, 1}, {1, 2, 3});
  EXPECT_EQ(dims(eval("Squeeze", {t})), (Dims{3}));
  EXPECT_EQ(dims(eval("Squeeze", {t, i64({1}, {-1})})), (Dims{1, 3}));
  EXPECT_NE(error_of("Squeeze", {t, i64({1}, {1})}).find("dimension 1 of [1,3,1] is not 1"),
            std::string::npos);
  EXPECT_EQ(dims(eval("Unsqueeze", {x(), i64({2}, {0, -1})})), (Dims{1, 2, 3, 1}));
  EXPECT_NE(error_of("Unsqueeze", {x(), i64({2}, {0, 0})}).find("given twice"), std::string::npos);
}

TEST(Reshape, Identity) { expect_equal(eval("Identity", {strings({1}, {"s"})}), strings({1}, {"s"})); }

}  // namespace
}  // namespace lite::test
