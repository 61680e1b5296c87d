// The lists as a whole.

#include <gtest/gtest.h>

#include <algorithm>

#include "core/ops/registry.h"
#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

// A body whose inputs are the values that its node captures from its own input 1 on.
std::shared_ptr<const Graph> branch(std::string_view text) {
  Graph body = parse_graph(text);
  for (size_t i = 0; i < body.inputs.size(); ++i)
    body.captures.push_back({static_cast<int32_t>(i) + 1, body.inputs[i]});
  body.inputs.clear();
  return std::make_shared<const Graph>(std::move(body));
}

Graph graph_with_if(ValueId (*condition)(Graph&)) {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{2}));
  Tensor zeros = std::move(Tensor::allocate(DType::kF32, Dims{2})).value();
  std::fill_n(zeros.mutable_data<float>(), 2, 0.0F);
  Node node;
  node.op = &ops::get("If");
  node.name = "if";
  node.in = {condition(g), x, g.add_constant("zeros", std::move(zeros))};
  node.out = {g.add_value("y")};
  node.set("then_branch",
           branch("input %a: float32[2]\ninput %z: float32[2]\n%b = Add(%a, %z)\n%c = Neg(%b)\noutput %c"));
  node.set("else_branch", branch("input %a: float32[2]\n%b = Abs(%a)\noutput %b"));
  g.outputs = {node.out[0]};
  g.add_node(std::move(node));
  return g;
}

TEST(Pipeline, BranchesThatAreKnownAreInlined) {
  Graph g = graph_with_if([](Graph& graph) {
    Tensor yes = std::move(Tensor::allocate(DType::kBool, Dims{})).value();
    *yes.mutable_data<bool>() = true;
    return graph.add_constant("condition", std::move(yes));
  });
  const Status status = run_passes(g, declutter_passes(), {});
  ASSERT_TRUE(status.is_ok()) << status.message();
  EXPECT_EQ(text_of(g), "input %x: float32[2]\n%y = Neg(%x) : float32[2]\noutput %y\n");
}

TEST(Pipeline, BodiesAreDeclutteredToo) {
  Graph g =
      graph_with_if([](Graph& graph) { return graph.add_input("condition", Fact(DType::kBool, Dims{})); });
  const Graph before = g;
  const Status status = run_passes(g, declutter_passes(), {});
  ASSERT_TRUE(status.is_ok()) << status.message();
  ASSERT_EQ(g.num_nodes(), 1);
  const Graph* const body = AttrReader(g.node(0)).graph("then_branch");
  ASSERT_NE(body, nullptr);
  // The captured zeros are known inside, so the Add is gone.
  EXPECT_EQ(count(*body, "Add"), 0) << dump_text(g);
  expect_same_results(before, g);
  // The graph that it was copied from keeps its own body.
  EXPECT_EQ(count(*AttrReader(before.node(0)).graph("then_branch"), "Add"), 1);
}

TEST(Pipeline, InputsAndOutputsKeepTheirNamesAndTypes) {
  const char* const text = R"(
    input %x: float32[N,4]
    input %unused: float32[3]
    %a = Identity(%x)
    %s = Shape(float32[2,3])
    %b = Add(%a, float32[]{0})
    output %a
    output %s
    output %b)";
  Graph g = run_list(text, declutter_passes());
  ASSERT_EQ(g.inputs.size(), 2u);
  EXPECT_EQ(g.value(g.inputs[1]).name, "unused");
  ASSERT_EQ(g.outputs.size(), 3u);
  const char* const names[] = {"a", "s", "b"};
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(g.value(g.outputs[i]).name, names[i]);
  EXPECT_EQ(to_text(g, g.value(g.outputs[2]).fact), "float32[N,4]");
  expect_same_results(parse_graph(text), g);
}

TEST(Pipeline, SettlesAndSaysWhatItDid) {
  Graph g = parse_graph(R"(
    input %x: float32[1,3,8,8]
    %c = Conv(%x, float32[4,3,3,3])
    %b = BatchNormalization(%c, float32[4], float32[4], float32[4], float32[4]{1,1,1,1})
    %y = Relu(%b)
    output %y)");
  std::vector<std::string> log;
  ASSERT_TRUE(run_passes(g, declutter_passes(), {}, &log).is_ok());
  EXPECT_EQ(log, (std::vector<std::string>{"fold_batch_norm: 3 nodes, now 2"}));
  const std::string once = dump_text(g);
  log.clear();
  ASSERT_TRUE(run_passes(g, declutter_passes(), {}, &log).is_ok());
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(dump_text(g), once);

  PassOptions plain;
  plain.fuse = false;
  ASSERT_TRUE(run_passes(g, fuse_passes(), plain, &log).is_ok());
  EXPECT_EQ(dump_text(g), once);
  ASSERT_TRUE(run_passes(g, fuse_passes(), {}, &log).is_ok());
  EXPECT_EQ(g.num_nodes(), 1);
  EXPECT_EQ(count(g, "FusedConv"), 1);
}

}  // namespace
}  // namespace lite::test
