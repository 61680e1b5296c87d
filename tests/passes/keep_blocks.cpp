#include <gtest/gtest.h>

#include "core/ops/registry.h"
#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

Tensor codes(DType type, Dims dims, uint32_t seed) {
  Tensor t = Tensor::allocate(type, std::move(dims)).value();
  for (size_t i = 0; i < t.bytes(); ++i)
    t.mutable_data<uint8_t>()[i] = static_cast<uint8_t>((i * 2654435761U + seed) >> 13);
  return t;
}

Tensor scales(Dims dims) {
  Tensor t = Tensor::allocate(DType::kF32, std::move(dims)).value();
  for (int64_t i = 0; i < t.elements(); ++i)
    t.mutable_data<float>()[i] = 0.01F + static_cast<float>(i % 7) / 64;
  return t;
}

ValueId add(Graph& g, const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {}) {
  Node n;
  n.op = &ops::get(op);
  n.in = std::move(in);
  n.out = {g.add_value({})};
  n.attrs = std::move(attrs);
  const ValueId out = n.out[0];
  g.add_node(std::move(n));
  return out;
}

// A product with 256 columns of which `k` rows count, stored row by row as MatMulNBits has them, or as they
// are used.
Graph product(DType type, int64_t k, int64_t stored, int64_t block, bool by_row, bool zeros) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{3, k}));
  const int64_t blocks = stored / block;
  const auto shaped = [&](int64_t inner) { return by_row ? Dims{256, inner} : Dims{inner, 256}; };
  std::vector<ValueId> in{g.add_constant("q", codes(type, shaped(stored), 1)),
                          g.add_constant("s", scales(shaped(blocks)))};
  if (zeros) in.push_back(g.add_constant("z", codes(type, shaped(blocks), 2)));
  ValueId w = add(g, "DequantizeLinear", in, {{"axis", int64_t{by_row ? 1 : 0}}, {"block_size", block}});
  const auto list = [&](int64_t v) {
    return g.add_constant({}, Tensor::vector_i64(std::vector<int64_t>{v}));
  };
  if (k < stored) w = add(g, "Slice", {w, list(0), list(k), list(1)});
  if (by_row) w = add(g, "Transpose", {w}, {{"perm", std::vector<int64_t>{1, 0}}});
  g.outputs = {add(g, "MatMul", {x, w})};
  g.value(g.outputs[0]).name = "y";
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

TEST(KeepBlocks, ProductsWithLargeWeights) {
  for (const DType type : {DType::kU4, DType::kI4, DType::kU8, DType::kU2})
    for (const bool by_row : {true, false})
      for (const bool zeros : {true, false}) {
        const Graph before = product(type, by_row ? 300 : 320, 320, 32, by_row, zeros);
        Graph after = before;
        ASSERT_TRUE(run_passes(after, declutter_passes(), {}, nullptr).is_ok());
        EXPECT_EQ(count(after, "BlockMatMul"), 1) << text_of(after);
        EXPECT_EQ(after.num_nodes(), 1);
        expect_same_results(before, after);
      }
}

TEST(KeepBlocks, NotSmallOnes) {
  Graph g = product(DType::kU4, 32, 32, 16, true, true);
  ASSERT_TRUE(run_passes(g, declutter_passes(), {}, nullptr).is_ok());
  EXPECT_EQ(count(g, "BlockMatMul"), 0);
  EXPECT_EQ(count(g, "DequantizeLinear"), 0);
}

}  // namespace
}  // namespace lite::test
