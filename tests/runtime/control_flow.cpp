// Loops and scans as sessions run them: against the references, and what an iteration costs.

#include <gtest/gtest.h>

#include "core/ops/registry.h"
#include "core/runtime/session.h"
#include "tests/kernels/count_malloc.h"

namespace lite {
namespace {

ValueId add(Graph& g, const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {}) {
  Node n;
  n.op = &ops::get(op);
  n.in = std::move(in);
  n.out = {g.add_value(cat("v", g.num_values()))};
  n.attrs = std::move(attrs);
  const ValueId out = n.out[0];
  g.add_node(std::move(n));
  return out;
}

Tensor ramp(Dims dims, float start = 0) {
  Tensor t = Tensor::allocate(DType::kF32, std::move(dims)).value();
  for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<float>()[i] = start + static_cast<float>(i);
  return t;
}

Fact sequence_of(DType t) {
  Fact f;
  f.kind = Kind::kSequence;
  f.element = std::make_shared<Fact>(t);
  return f;
}

// A graph of one Loop: its inputs are the number of trips and the initial states, then what the body
// captures.
Graph loop_graph(const Graph& body, const std::vector<Fact>& states, size_t scans,
                 const std::vector<Fact>& captured = {}) {
  Graph g;
  Node n;
  n.op = &ops::get("Loop");
  n.name = "loop";
  n.in = {g.add_input("trips", Fact(DType::kI64, Dims{})), kNoValue};
  for (const auto* list : {&states, &captured})
    for (const Fact& f : *list) n.in.push_back(g.add_input(cat("in", n.in.size()), f));
  for (size_t i = 0; i < states.size() + scans; ++i) n.out.push_back(g.add_value(cat("out", i)));
  n.set("body", Attr::Graphs(std::make_shared<Graph>(body)));
  g.outputs = n.out;
  g.add_node(std::move(n));
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

// The formal inputs of a body, with those of the states.
Graph body_with(const std::vector<Fact>& states) {
  Graph body;
  body.add_input("i", Fact(DType::kI64, Dims{}));
  body.add_input("go", Fact(DType::kBool, Dims{}));
  for (const Fact& f : states) body.add_input(cat("state", body.inputs.size()), f);
  return body;
}

void expect_same(const Datum& got, const Datum& want) {
  ASSERT_EQ(got.kind, want.kind);
  if (got.kind == Kind::kTensor) {
    // Of what no iteration made only the reference's own guess is known.
    if (got.tensor.elements() == 0 && want.tensor.elements() == 0) return;
    EXPECT_TRUE(same_bits(got.tensor, want.tensor)) << got.tensor.dims() << " " << want.tensor.dims();
    return;
  }
  ASSERT_EQ(got.items.size(), want.items.size());
  for (size_t i = 0; i < got.items.size(); ++i) expect_same(got.items[i], want.items[i]);
}

// Runs the graph twice in one session, and compares with the references.
void check(const Graph& g, const std::vector<Datum>& in) {
  const auto want = interpret(g, in);
  ASSERT_TRUE(want.is_ok()) << want.error().message;
  for (const bool optimise : {true, false}) {
    ModelOptions options;
    options.optimise = optimise;
    auto m = Model::create(g, options);
    ASSERT_TRUE(m.is_ok()) << m.error().message;
    Session s(m.value());
    for (int run = 0; run < 2; ++run) {
      for (size_t i = 0; i < in.size(); ++i) ASSERT_TRUE(s.set_input(i, in[i]).is_ok());
      const Status status = s.run();
      ASSERT_TRUE(status.is_ok()) << status.message();
      for (size_t i = 0; i < want.value().size(); ++i) expect_same(s.output(i), want.value()[i]);
    }
  }
}

// x, y -> y, x + y + captured, and both sums so far: states that change places, one that is the other as it
// came.
TEST(ControlFlow, LoopsSwapAndCollect) {
  const Fact f(DType::kF32, Dims{3});
  Graph body = body_with({f, f});
  const ValueId step = body.add_value("step");
  body.captures = {{4, step}};
  const ValueId x = body.inputs[2], y = body.inputs[3];
  const ValueId sum = add(body, "Add", {add(body, "Add", {x, y}), step});
  body.outputs = {add(body, "Identity", {body.inputs[1]}), y, sum, sum, x, body.inputs[0]};
  const Graph g = loop_graph(body, {f, f}, 3, {f});
  for (const int64_t trips : {0, 1, 2, 3, 50})
    check(g, {Tensor::scalar_i64(trips), ramp({3}), ramp({3}, 1), ramp({3}, -1)});
}

TEST(ControlFlow, LoopsEndEarly) {
  const Fact f(DType::kF32, Dims{});
  Graph body = body_with({f});
  const ValueId next = add(body, "Add", {body.inputs[2], body.add_constant("one", Tensor::scalar_f32(1))});
  body.outputs = {add(body, "Less", {next, body.add_constant("limit", Tensor::scalar_f32(7))}), next, next};
  const Graph g = loop_graph(body, {f}, 1);
  for (const int64_t trips : {int64_t{3}, int64_t{20}, INT64_MAX})
    check(g, {Tensor::scalar_i64(trips), Tensor::scalar_f32(0)});
}

// A state that is longer in every iteration, as in decoders without a fixed cache.
TEST(ControlFlow, LoopsMayGrowTheirValues) {
  const Fact f(DType::kF32, Dims{2, kUnknownDim});
  Graph body = body_with({f});
  const ValueId all = body.inputs[2];
  const ValueId last = add(body, "Slice",
                           {all, body.add_constant("from", Tensor::vector_i64(std::vector<int64_t>{-1})),
                            body.add_constant("to", Tensor::vector_i64(std::vector<int64_t>{INT64_MAX})),
                            body.add_constant("axis", Tensor::vector_i64(std::vector<int64_t>{1}))});
  const ValueId total =
      add(body, "ReduceSum", {all, body.add_constant("one", Tensor::vector_i64(std::vector<int64_t>{1}))});
  const ValueId next = add(body, "Sub", {total, last});
  body.outputs = {body.inputs[1], add(body, "Concat", {all, next}, {{"axis", int64_t{1}}}), next};
  const Graph g = loop_graph(body, {f}, 1);
  for (const int64_t trips : {1, 4, 5, 40}) {
    check(g, {Tensor::scalar_i64(trips), ramp({2, 1}, 0.25F)});
    check(g, {Tensor::scalar_i64(trips), ramp({2, 3}, -0.5F)});
  }
}

// The list is changed where it is, but the caller's stays as it was.
TEST(ControlFlow, LoopsAppendToSequences) {
  const Fact list = sequence_of(DType::kF32), f(DType::kF32, Dims{2});
  Graph body = body_with({list, f});
  const ValueId twice = add(body, "Add", {body.inputs[3], body.inputs[3]}),
                length = add(body, "SequenceLength", {body.inputs[2]});
  body.outputs = {body.inputs[1], add(body, "SequenceInsert", {body.inputs[2], twice}), twice, length};
  const Graph g = loop_graph(body, {list, f}, 1);
  Datum empty;
  empty.kind = Kind::kSequence;
  empty.element = DType::kF32;
  Datum two = empty;
  two.items = {Datum(ramp({2})), Datum(ramp({3}))};
  for (const int64_t trips : {0, 1, 2, 30}) {
    check(g, {Tensor::scalar_i64(trips), empty, ramp({2}, 1)});
    check(g, {Tensor::scalar_i64(trips), two, ramp({2}, 1)});
  }
  EXPECT_EQ(two.items.size(), 2U);

  // As long a list as this would take minutes if every iteration copied it.
  Session s(Model::create(g, {}).value());
  constexpr int64_t kMany = 100000;
  ASSERT_TRUE(s.set_input(0, Tensor::scalar_i64(kMany)).is_ok());
  ASSERT_TRUE(s.set_input(1, empty).is_ok());
  ASSERT_TRUE(s.set_input(2, ramp({2}, 0)).is_ok());
  s.set_timeout(std::chrono::seconds(60));
  const Status status = s.run();
  ASSERT_TRUE(status.is_ok()) << status.message();
  EXPECT_EQ(s.output(0).items.size(), static_cast<size_t>(kMany));
}

Graph scan_graph(int64_t in_axis, int64_t out_axis, int64_t backward) {
  Graph body;
  const ValueId state = body.add_input("s", Fact(DType::kF32, Dims{4}));
  const ValueId item = body.add_input("x", Fact(DType::kF32, Dims{4}));
  const ValueId next = add(body, "Add", {state, item});
  body.outputs = {next, add(body, "Mul", {next, item}), item};
  // What a scan of nothing makes is what its body says of itself.
  EXPECT_TRUE(infer_graph(body).is_ok());
  Graph g;
  Node n;
  n.op = &ops::get("Scan");
  n.name = "scan";
  n.in = {g.add_input("s", Fact(DType::kF32, Dims{4})),
          g.add_input("x", Fact(DType::kF32, Dims{kUnknownDim, kUnknownDim}))};
  for (const char* name : {"last", "products", "seen"}) n.out.push_back(g.add_value(name));
  n.attrs = {{"body", Attr::Graphs(std::make_shared<Graph>(body))},
             {"num_scan_inputs", int64_t{1}},
             {"scan_input_axes", std::vector<int64_t>{in_axis}},
             {"scan_input_directions", std::vector<int64_t>{backward}},
             {"scan_output_axes", std::vector<int64_t>{out_axis, 0}},
             {"scan_output_directions", std::vector<int64_t>{1 - backward, backward}}};
  g.outputs = n.out;
  g.add_node(std::move(n));
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

TEST(ControlFlow, ScansAlongAnyAxis) {
  for (const int64_t in_axis : {0, 1, -1})
    for (const int64_t out_axis : {0, 1, -1})
      for (const int64_t backward : {0, 1})
        for (const int64_t length : {0, 1, 2, 17})
          check(scan_graph(in_axis, out_axis, backward),
                {ramp({4}, 1), ramp(in_axis == 0 ? Dims{length, 4} : Dims{4, length}, -3)});
}

// How many allocations more a run of many iterations makes than one of few.
int64_t allocations_of_iterations(const Graph& g, const std::vector<Datum>& few,
                                  const std::vector<Datum>& many) {
  Session s(Model::create(g, {}).value());
  int64_t counts[2] = {};
  for (int run = 0; run < 4; ++run) {
    const std::vector<Datum>& in = run % 2 == 0 ? few : many;
    for (size_t i = 0; i < in.size(); ++i) EXPECT_TRUE(s.set_input(i, in[i]).is_ok());
    EXPECT_TRUE(s.prepare().is_ok());
    const int64_t before = test::allocations();
    EXPECT_TRUE(s.run().is_ok());
    counts[run % 2] = test::allocations() - before;
  }
  return counts[1] - counts[0];
}

// With shapes that stay, iterations share their memory.
TEST(ControlFlow, IterationsDoNotAllocate) {
  const Fact f(DType::kF32, Dims{64});
  Graph body = body_with({f});
  const ValueId step = body.add_value("step");
  body.captures = {{3, step}};
  const ValueId next = add(body, "Add", {body.inputs[2], step});
  body.outputs = {body.inputs[1], next};
  const Graph loop = loop_graph(body, {f}, 0, {f});
  EXPECT_LE(allocations_of_iterations(loop, {Tensor::scalar_i64(10), ramp({64}), ramp({64}, 1)},
                                      {Tensor::scalar_i64(1010), ramp({64}), ramp({64}, 1)}),
            4);
  EXPECT_LE(allocations_of_iterations(scan_graph(0, 0, 0), {ramp({4}), ramp({10, 4})},
                                      {ramp({4}), ramp({1010, 4})}),
            8);
}

}  // namespace
}  // namespace lite
