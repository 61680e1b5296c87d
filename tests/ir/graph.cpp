#include "core/ir/graph.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "core/base/memory_budget.h"
#include "core/ir/fact.h"
#include "core/ir/op_def.h"
#include "core/ops/registry.h"

namespace lite {
namespace {

Node clip(ValueId x, ValueId y, ValueId lo = kNoValue) {
  Node n;
  n.op = &ops::get("Clip");
  n.name = "clip";
  n.in = {x};
  if (lo != kNoValue) n.in.push_back(lo);
  n.out = {y};
  return n;
}

TEST(Graph, DumpsStableText) {
  Graph g;
  g.name = "g";
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{g.symbol("N"), 3}));
  const ValueId lo = g.add_constant("lo", Tensor::scalar_f32(-0.5f));
  const ValueId y = g.add_value("y");
  g.add_node(clip(x, y, lo));
  g.outputs = {y};
  ASSERT_TRUE(g.verify().is_ok());
  ASSERT_TRUE(infer_graph(g).is_ok());
  EXPECT_EQ(dump_text(g),
            "graph g\n"
            "  input %x: float32[N,3]\n"
            "  %y = Clip(%x, float32[]{-0.5}) : float32[N,3]\n"
            "  output %y\n");
  EXPECT_NE(dump_dot(g).find("digraph"), std::string::npos);
}

TEST(Graph, FindsCyclesAndBrokenLinks) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{1}));
  const ValueId a = g.add_value("a"), b = g.add_value("b");
  g.add_node(clip(b, a));
  g.add_node(clip(a, b));
  g.outputs = {b};
  EXPECT_FALSE(g.verify().is_ok());
  EXPECT_NE(g.verify().message().find("cycle"), std::string::npos);
  Graph h;
  const ValueId never = h.add_value("never");
  h.outputs = {never};
  EXPECT_NE(h.verify().message().find("never made"), std::string::npos);
  h.outputs = {never + 7};
  EXPECT_FALSE(h.verify().is_ok());
  (void)x;
}

TEST(Graph, CompactOrdersAndDrops) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{2}));
  const ValueId a = g.add_value("a"), y = g.add_value("y"), unused = g.add_value("unused");
  g.add_node(clip(a, y));
  g.add_node(clip(x, a));
  const NodeId dead = g.add_node(clip(x, unused));
  g.remove_node(dead);
  g.outputs = {y};
  ASSERT_TRUE(g.compact().is_ok());
  ASSERT_TRUE(g.verify().is_ok());
  EXPECT_EQ(g.num_nodes(), 2);
  EXPECT_EQ(g.num_values(), 3);
  EXPECT_EQ(g.value(g.node(0).out[0]).name, "a");
}

TEST(Facts, OfValuesThatAreThere) {
  Datum list;
  list.kind = Kind::kSequence;
  list.element = DType::kI64;
  const Graph g;
  EXPECT_EQ(to_text(g, fact_of(list)), "sequence(int64[...])");
  list.items.edit().emplace_back(Tensor::scalar_f32(1));
  EXPECT_EQ(to_text(g, fact_of(list)), "sequence(float32[...])");
  Datum full;
  full.kind = Kind::kOptional;
  full.items.edit().emplace_back(Tensor::vector_i64(std::vector<int64_t>{1, 2}));
  EXPECT_EQ(to_text(g, fact_of(full)), "optional(int64[2])");
  EXPECT_EQ(innermost_dtype(fact_of(full)), DType::kI64);
  // A map's values are one datum; what is told is what each of them is.
  Datum map;
  map.kind = Kind::kMap;
  map.tensor = Tensor::vector_i64(std::vector<int64_t>{7, 8});
  map.items = {list};
  EXPECT_EQ(to_text(g, fact_of(map)), "map(int64, float32[...])");
  map.items = {Datum(Tensor::vector_i64(std::vector<int64_t>{1, 2}))};
  EXPECT_EQ(to_text(g, fact_of(map)), "map(int64, int64[])");
  // An empty one is what it was declared.
  Datum empty;
  empty.kind = Kind::kOptional;
  const Fact declared = fact_of(full);
  EXPECT_EQ(to_text(g, fact_of(empty, &declared)), "optional(int64[2])");
  EXPECT_EQ(to_text(g, without_shapes(declared)), "optional(int64[...])");
}

TEST(Items, AreSharedUntilOneIsEdited) {
  Items none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.begin(), none.end());
  Items a{Tensor::scalar_f32(1), Tensor::scalar_f32(2)};
  Items b = a;
  EXPECT_EQ(a.begin(), b.begin());
  b.edit().emplace_back(Tensor::scalar_f32(3));
  EXPECT_NE(a.begin(), b.begin());
  EXPECT_EQ(a.size(), 2u);
  ASSERT_EQ(b.size(), 3u);
  EXPECT_EQ(b[0].tensor.raw(), a[0].tensor.raw());
  // Nobody shares it any more: it is edited where it lies.
  const Datum* const before = b.begin();
  b.edit()[0] = Tensor::scalar_f32(4);
  EXPECT_EQ(b.begin(), before);
  EXPECT_EQ(a[0].tensor.float_at(0), 1);
}

TEST(Infer, NamesTheNodeInAContradiction) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{2}));
  const ValueId y = g.add_value("y", Fact(DType::kF32, Dims{3}));
  g.add_node(clip(x, y));
  g.outputs = {y};
  const Status s = infer_graph(g);
  ASSERT_FALSE(s.is_ok());
  EXPECT_EQ(s.code(), Code::kInvalidModel);
  EXPECT_NE(s.message().find("'clip'"), std::string::npos) << s.message();
  EXPECT_NE(s.message().find("[2]"), std::string::npos) << s.message();
}

TEST(CheckNode, NamesAttributeAndType) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kString, Dims{2}));
  const ValueId y = g.add_value("y");
  Node n = clip(x, y);
  EXPECT_EQ(check_node(g, n).code(), Code::kUnsupported);
  g.value(x).fact.dtype = DType::kF32;
  EXPECT_TRUE(check_node(g, n).is_ok());
  n.set("typo", int64_t{1});
  EXPECT_NE(check_node(g, n).message().find("'typo'"), std::string::npos);
}

TEST(Tensor, ReadsEveryIntegerType) {
  const uint8_t packed[] = {0x8f, 0x07};
  const Tensor t = Tensor::view(DType::kI4, Dims{3}, static_cast<const void*>(packed));
  EXPECT_EQ(t.bytes(), 2u);
  EXPECT_EQ(t.to_ints(), (Dims{-1, -8, 7}));
  EXPECT_FALSE(Tensor::allocate(DType::kF32, Dims{int64_t{1} << 61, 16}).is_ok());
  EXPECT_FALSE(Tensor::allocate(DType::kF32, Dims{-3}).is_ok());
}

TEST(Tensor, ReadsAnyFloatAsAnInteger) {
  Tensor t = std::move(Tensor::allocate(DType::kF32, Dims{5})).value();
  const float values[] = {-2.5f, std::numeric_limits<float>::quiet_NaN(), 1e30f,
                          -std::numeric_limits<float>::infinity(), 0x1p63f};
  std::copy(std::begin(values), std::end(values), t.mutable_data<float>());
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(t.to_ints(), (Dims{-2, 0, kMost, kLeast, kMost}));
}

TEST(Tensor, CountsAgainstTheBudgetWhileItLives) {
  const auto budget = std::make_shared<MemoryBudget>(100, "the test");
  const MemoryBudget::Scope scope(budget);
  Tensor kept = std::move(Tensor::allocate(DType::kF32, Dims{20})).value();
  EXPECT_EQ(budget->used(), 80u);
  const auto refused = Tensor::allocate(DType::kString, Dims{1});
  ASSERT_FALSE(refused.is_ok());
  EXPECT_EQ(refused.error().code, Code::kLimitExceeded);
  EXPECT_NE(refused.error().message.find("the test"), std::string::npos);
  const Tensor view = kept.reshaped(Dims{4, 5});
  kept = Tensor();
  EXPECT_EQ(budget->used(), 80u);
}

TEST(Infer, FollowsComparisonsOfSizes) {
  // A dimension is kept where a mask, which is compared from shapes, says so.
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{2, 3}));
  const auto add = [&](const char* op, std::vector<ValueId> in) {
    Node n;
    n.op = &ops::get(op);
    n.in = std::move(in);
    n.out = {g.add_value(op)};
    const ValueId y = n.out[0];
    g.add_node(std::move(n));
    return y;
  };
  const ValueId shape = add("Shape", {x});
  const ValueId mask = add("Equal", {shape, g.add_constant("two", Tensor::vector_i64(Dims{2, 2}))});
  const ValueId picked = add("Where", {mask, shape, g.add_constant("five", Tensor::vector_i64(Dims{5, 1}))});
  const ValueId y = add("Expand", {add("ReduceSum", {x}), picked});
  g.outputs = {y};
  ASSERT_TRUE(infer_graph(g).is_ok());
  EXPECT_EQ(to_text(g, g.value(y).fact), "float32[2,1]");
}

TEST(Infer, RefusesSizesThatDoNotFit) {
  // 2^32 + 1 times 2^32 is 2^32 when it wraps around.
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{(int64_t{1} << 32) + 1, int64_t{1} << 32}));
  Node n;
  n.op = &ops::get("Neg");
  n.in = {x};
  n.out = {g.add_value("y")};
  g.outputs = n.out;
  g.add_node(std::move(n));
  const Status s = infer_graph(g);
  EXPECT_EQ(s.code(), Code::kInvalidModel);
  EXPECT_NE(s.message().find("does not fit"), std::string::npos) << s.message();
}

TEST(Tensor, AlignsWhatLiesAnywhere) {
  alignas(8) unsigned char bytes[12] = {};
  const float one = 1;
  std::memcpy(bytes + 1, &one, sizeof one);
  const Tensor odd = Tensor::view(DType::kF32, Dims{1}, static_cast<const void*>(bytes + 1));
  EXPECT_FALSE(odd.is_aligned());
  EXPECT_EQ(odd.float_at(0), 1.0);
  const Tensor even = odd.aligned().value();
  EXPECT_TRUE(even.is_aligned());
  EXPECT_EQ(even.data<float>()[0], 1.0F);
  EXPECT_EQ(even.aligned().value().raw(), even.raw());
}

}  // namespace
}  // namespace lite
