// Shapes that are computed from shapes, with dimensions that are names.
#include "core/ir/shape_content.h"

#include <gtest/gtest.h>

#include "core/ops/registry.h"

namespace lite {
namespace {

struct Builder {
  Graph g;
  ValueId x = g.add_input("x", Fact(DType::kF32, Dims{g.symbol("N"), 6, g.symbol("L")}));

  ValueId add(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {}) {
    Node n;
    n.op = &ops::get(op);
    n.in = std::move(in);
    n.attrs = std::move(attrs);
    const ValueId y = g.add_value(op);
    n.out = {y};
    g.add_node(std::move(n));
    return y;
  }
  ValueId ints(std::vector<int64_t> v) { return g.add_constant("c", Tensor::vector_i64(v)); }
  ValueId dim(int64_t axis) { return add("Shape", {x}, {{"start", axis}, {"end", axis + 1}}); }
  ValueId joined(std::vector<ValueId> parts) {
    return add("Concat", std::move(parts), {{"axis", int64_t{0}}});
  }
  // The fact of y, as text.
  std::string infer(ValueId y) {
    g.outputs = {y};
    const Status s = infer_graph(g);
    EXPECT_TRUE(s.is_ok()) << s.message();
    return to_text(g, g.value(y).fact);
  }
};

TEST(ShapeContent, ReshapeKeepsNames) {
  Builder b;
  EXPECT_EQ(b.infer(b.add("Reshape", {b.x, b.joined({b.dim(0), b.ints({2, 3}), b.dim(2)})})),
            "float32[N,2,3,L]");
  // The dimension that is left: a name, a number, or neither.
  EXPECT_EQ(b.infer(b.add("Reshape", {b.x, b.joined({b.dim(0), b.ints({-1, 6})})})), "float32[N,L,6]");
  EXPECT_EQ(b.infer(b.add("Reshape", {b.x, b.joined({b.dim(0), b.ints({-1}), b.dim(2)})})), "float32[N,6,L]");
  EXPECT_EQ(b.infer(b.add("Reshape", {b.x, b.joined({b.dim(0), b.ints({-1})})})), "float32[N,?]");
  EXPECT_EQ(b.infer(b.add("Reshape", {b.x, b.joined({b.dim(2), b.ints({0, -1})})})), "float32[L,6,N]");
}

TEST(ShapeContent, ExpandAndConstantOfShape) {
  Builder b;
  const ValueId row = b.g.add_constant("r", std::move(Tensor::allocate(DType::kF32, Dims{6, 1})).value());
  EXPECT_EQ(b.infer(b.add("Expand", {row, b.joined({b.dim(0), b.ints({1}), b.dim(2)})})), "float32[N,6,L]");
  EXPECT_EQ(b.infer(b.add("ConstantOfShape", {b.joined({b.dim(2), b.ints({4})})})), "float32[L,4]");
}

TEST(ShapeContent, FollowsIndicesAndArithmetic) {
  Builder b;
  const ValueId shape = b.add("Shape", {b.x});
  const ValueId picked = b.add("Gather", {shape, b.ints({-1, 0})});
  EXPECT_EQ(b.infer(b.add("ConstantOfShape", {picked})), "float32[L,N]");
  const ValueId cut = b.add("Slice", {shape, b.ints({1}), b.ints({3})});
  EXPECT_EQ(b.infer(b.add("ConstantOfShape", {cut})), "float32[6,L]");
  const ValueId twice = b.add("Mul", {cut, b.ints({2, 1})});
  EXPECT_EQ(b.infer(b.add("ConstantOfShape", {twice})), "float32[12,L]");
  const ValueId unknown = b.add("Mul", {cut, b.ints({2, 2})});
  EXPECT_EQ(b.infer(b.add("ConstantOfShape", {unknown})), "float32[12,?]");
}

TEST(ShapeContent, EndsOnOperandsThatAreShared) {
  // 2^60 paths from the shape to the input.
  Builder b;
  ValueId v = b.dim(0);
  for (int i = 0; i < 60; ++i) v = b.add("Add", {v, v});
  EXPECT_EQ(b.infer(b.add("ConstantOfShape", {v})), "float32[?]");
}

}  // namespace
}  // namespace lite
