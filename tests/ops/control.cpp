#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

ValueId add(Graph& g, const char* op, std::vector<ValueId> in, const char* name) {
  Node n;
  n.op = &ops::get(op);
  n.in = std::move(in);
  n.out = {g.add_value(name)};
  const ValueId out = n.out[0];
  g.add_node(std::move(n));
  return out;
}

// (i, cond, x) -> (x + captured < 10, x + captured, x)
std::shared_ptr<Graph> counting_body() {
  auto body = std::make_shared<Graph>();
  body->add_input("i", Fact(DType::kI64, Dims{}));
  body->add_input("cond", Fact(DType::kBool, Dims{}));
  const ValueId x = body->add_input("x", Fact());
  const ValueId step = body->add_value("step");
  body->captures = {{3, step}};
  const ValueId next = add(*body, "Add", {x, step}, "next");
  const ValueId limit = body->add_constant("limit", f32({}, {10}));
  const ValueId go_on = add(*body, "Less", {next, limit}, "go_on");
  body->outputs = {go_on, next, x};
  return body;
}

struct Outcome {
  Result<std::vector<Datum>> out;
  std::vector<Fact> facts;
};

Outcome loop(const Tensor& trips, const Tensor& start, const Parallel* parallel = nullptr) {
  Graph g;
  const ValueId m = g.add_input("m", Fact(DType::kI64, Dims{}));
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{}));
  const ValueId step = g.add_input("step", Fact(DType::kF32, Dims{}));
  Node n;
  n.op = &ops::get("Loop");
  n.in = {m, kNoValue, x, step};
  n.out = {g.add_value("last"), g.add_value("seen")};
  n.set("body", Attr::Graphs(counting_body()));
  g.outputs = n.out;
  g.add_node(std::move(n));
  const Status s = infer_graph(g);
  EXPECT_TRUE(s.is_ok()) << s.message();
  return {interpret(g, std::vector<Datum>{trips, start, f32({}, {4})}, parallel),
          {g.value(g.outputs[0]).fact, g.value(g.outputs[1]).fact}};
}

TEST(Loop, StopsByConditionOrCount) {
  const Outcome by_condition = loop(i64({}, {100}), f32({}, {0}));
  ASSERT_TRUE(by_condition.out.is_ok()) << by_condition.out.error().message;
  expect_equal(by_condition.out.value()[0].tensor, f32({}, {12}));
  expect_equal(by_condition.out.value()[1].tensor, f32({3}, {0, 4, 8}));
  EXPECT_EQ(by_condition.facts[0], Fact(DType::kF32, Dims{}));
  EXPECT_EQ(by_condition.facts[1], Fact(DType::kF32, Dims{kUnknownDim}));

  const Outcome by_count = loop(i64({}, {2}), f32({}, {0}));
  ASSERT_TRUE(by_count.out.is_ok());
  expect_equal(by_count.out.value()[0].tensor, f32({}, {8}));
}

TEST(Loop, MayNotRunAtAll) {
  const Outcome none = loop(i64({}, {0}), f32({}, {1}));
  ASSERT_TRUE(none.out.is_ok()) << none.out.error().message;
  expect_equal(none.out.value()[0].tensor, f32({}, {1}));
  EXPECT_EQ(none.out.value()[1].tensor.elements(), 0);
}

TEST(Loop, CanBeCancelled) {
  CancelToken cancel;
  cancel.cancel();
  const Parallel parallel{1, &cancel};
  const Outcome stopped = loop(i64({}, {5}), f32({}, {0}), &parallel);
  ASSERT_FALSE(stopped.out.is_ok());
  EXPECT_EQ(stopped.out.error().code, Code::kCancelled);
}

TEST(If, TakesOneBranch) {
  const auto branch = [](const char* op) {
    auto body = std::make_shared<Graph>();
    const ValueId x = body->add_value("x");
    body->captures = {{1, x}};
    body->outputs = {add(*body, op, {x}, "y")};
    return body;
  };
  Graph g;
  const ValueId cond = g.add_input("cond", Fact(DType::kBool, Dims{}));
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{2}));
  Node n;
  n.op = &ops::get("If");
  n.in = {cond, x};
  n.out = {g.add_value("y")};
  n.set("then_branch", Attr::Graphs(branch("Neg")));
  n.set("else_branch", Attr::Graphs(branch("Abs")));
  g.outputs = n.out;
  g.add_node(std::move(n));
  ASSERT_TRUE(infer_graph(g).is_ok());
  EXPECT_EQ(g.value(g.outputs[0]).fact, Fact(DType::kF32, Dims{2}));
  for (const int truth : {0, 1}) {
    auto out = interpret(g, std::vector<Datum>{bools({}, {truth}), f32({2}, {-1, 2})});
    ASSERT_TRUE(out.is_ok()) << out.error().message;
    expect_equal(out.value()[0].tensor, truth != 0 ? f32({2}, {1, -2}) : f32({2}, {1, 2}));
  }
}

TEST(Scan, RunningSumBackward) {
  auto body = std::make_shared<Graph>();
  const ValueId state = body->add_input("s", Fact());
  const ValueId item = body->add_input("x", Fact());
  const ValueId next = add(*body, "Add", {state, item}, "next");
  body->outputs = {next, next};
  Graph g;
  const ValueId s = g.add_input("s", Fact(DType::kF32, Dims{}));
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{3}));
  Node n;
  n.op = &ops::get("Scan");
  n.in = {s, x};
  n.out = {g.add_value("last"), g.add_value("sums")};
  n.set("body", Attr::Graphs(body));
  n.set("num_scan_inputs", int64_t{1});
  n.set("scan_input_directions", std::vector<int64_t>{1});
  g.outputs = n.out;
  g.add_node(std::move(n));
  ASSERT_TRUE(infer_graph(g).is_ok());
  EXPECT_EQ(g.value(g.outputs[1]).fact, Fact(DType::kF32, Dims{3}));
  auto out = interpret(g, std::vector<Datum>{f32({}, {0}), f32({3}, {1, 2, 3})});
  ASSERT_TRUE(out.is_ok()) << out.error().message;
  expect_equal(out.value()[0].tensor, f32({}, {6}));
  expect_equal(out.value()[1].tensor, f32({3}, {3, 5, 6}));
}

}  // namespace
}  // namespace lite::test
