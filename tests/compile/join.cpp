// How layouts are chosen, and convolutions that become one operator then.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/runtime/session.h"
#include "tests/support/graph_text.h"

namespace lite::test {
namespace {

// The operators that the graph is compiled to; its outputs are compared with the references'.
std::map<std::string, int> compile(const std::string& text, KernelOptions kernel = {}) {
  Graph g = parse_graph(text);
  const Fact fact = g.value(g.inputs[0]).fact;
  const std::vector<Datum> x = sample_inputs(g);
  const auto want = interpret(g, x);
  EXPECT_TRUE(want.is_ok());
  ModelOptions options;
  options.kernel = kernel;
  auto model = Model::create(std::move(g), options);
  EXPECT_TRUE(model.is_ok()) << (model.is_ok() ? "" : model.error().message);
  Session s(model.value());
  EXPECT_TRUE(s.set_input(0, x[0].tensor).is_ok());
  EXPECT_TRUE(s.run().is_ok());
  for (size_t o = 0; o < want.value().size(); ++o) {
    const Tensor &got = s.output(o).tensor, &expected = want.value()[o].tensor;
    EXPECT_EQ(got.dims(), expected.dims());
    float largest = 10;
    for (int64_t i = 0; i < got.elements(); ++i)
      largest = std::max(largest, std::abs(expected.data<float>()[i]));
    for (int64_t i = 0; i < got.elements(); ++i)
      EXPECT_NEAR(got.data<float>()[i], expected.data<float>()[i], 1e-5f * largest)
          << "output " << o << " at " << i;
  }
  std::map<std::string, int> count;
  const auto program = model.value()->program(std::span(&fact, 1));
  EXPECT_TRUE(program.is_ok());
  for (const Program::Step& step : program.value()->steps()) ++count[step.node.op->name];
  return count;
}

std::string block(const std::string& expand_attrs, const std::string& expand_filter,
                  const std::string& depthwise_attrs, const std::string& more = "") {
  return "input %x: float32[2,8,33,33]\n%e = Conv(%x, float32" + expand_filter + ", float32[40]) " +
         expand_attrs + "\n%a = Relu(%e)\n%d = Conv(%a, float32[40,1,3,3], float32[40]) " + depthwise_attrs +
         "\n%y = HardSwish(%d)\noutput %y\n" + more;
}

bool has_vectors() { return isa::runs_on(isa::kAvx2Level, cpu_isa()) || isa::runs_on(isa::kNeon, cpu_isa()); }

TEST(Join, ExpandAndDepthwise) {
  if (!has_vectors()) GTEST_SKIP() << "no kernel takes them together here";
  for (const char* depthwise : {"{group=40, pads=[1,1,1,1]}", "{group=40, pads=[0,1,0,1], strides=[2,2]}"}) {
    auto count = compile(block("", "[40,8,1,1]", depthwise));
    EXPECT_EQ(count["FusedExpandDepthwise"], 1) << depthwise;
    EXPECT_EQ(count["FusedConv"], 0);
  }
  // What follows may use the result several times.
  auto count = compile(block("", "[40,8,1,1]", "{group=40, pads=[1,1,1,1]}",
                             "%p = GlobalAveragePool(%y)\n%s = Sigmoid(%p)\n%z = Mul(%y, %s)\noutput %z"));
  EXPECT_EQ(count["FusedExpandDepthwise"], 1);
}

TEST(Join, NotWhatItHasNoWordsFor) {
  const std::string depthwise = "{group=40, pads=[1,1,1,1]}";
  const auto joined = [](const std::string& text, KernelOptions kernel = {}) {
    return compile(text, kernel)["FusedExpandDepthwise"];
  };
  EXPECT_EQ(joined(block("", "[40,8,1,1]", depthwise, "output %a")), 0);
  EXPECT_EQ(joined(block("", "[40,8,1,1]", depthwise, "%z = Neg(%a)\noutput %z")), 0);
  EXPECT_EQ(joined(block("{pads=[1,1,1,1]}", "[40,8,3,3]", depthwise)), 0);
  EXPECT_EQ(joined(block("{strides=[2,2]}", "[40,8,1,1]", depthwise)), 0);
  EXPECT_EQ(joined(block("{pads=[1,1,1,1]}", "[40,8,1,1]", depthwise)), 0);
  // Padded and strided so that the size stays.
  EXPECT_EQ(joined("input %x: float32[1,8,2,2]\n%e = Conv(%x, float32[40,8,1,1]) {pads=[1,1,1,1], "
                   "strides=[3,3]}\n%y = Conv(%e, float32[40,1,3,3]) {group=40, pads=[1,1,1,1]}\noutput %y"),
            0);
  EXPECT_EQ(joined(block("{group=2}", "[40,4,1,1]", depthwise)), 0);
  EXPECT_EQ(joined("input %x: float32[1,8,33,33]\n%e = Conv(%x, float32[40,8,1,1])\n%y = Conv(%e, "
                   "float32[80,1,3,3]) {group=40}\noutput %y"),
            0);
  EXPECT_EQ(joined("input %x: float32[1,8,33,33]\n%e = Conv(%x, float32[40,8,1,1])\n%y = Conv(%e, "
                   "float32[40,2,3,3]) {group=20}\noutput %y"),
            0);
  EXPECT_EQ(joined(block("", "[40,8,1,1]", depthwise), {.reproducible = true}), 0);
  EXPECT_EQ(joined(block("", "[40,8,1,1]", depthwise), {.isa = isa::kNone}), 0);
}

// A constant of other rank that happens to come first does not decide for the image.
TEST(Layouts, ConstantsMayComeFirst) {
  const auto reorders = [](const std::string& maximum) {
    return compile(
        "input %x: float32[1,16,33,33]\n%d = Conv(%x, float32[40,16,3,3])\n"
        "%e = Conv(%d, float32[40,40,3,3])\n%m = " +
        maximum + "\n%y = Conv(%m, float32[24,40,3,3])\noutput %y")["Reorder"];
  };
  EXPECT_EQ(reorders("Max(float32[40,1,1], %e)"), reorders("Max(%e, float32[40,1,1])"));
}

}  // namespace
}  // namespace lite::test
