#include <gtest/gtest.h>

#include "core/base/cpu.h"
#include "core/ops/registry.h"
#include "core/runtime/session.h"

namespace lite {
namespace {

Tensor ones(Dims dims) {
  Tensor t = Tensor::allocate(DType::kF32, std::move(dims)).value();
  std::fill_n(t.mutable_data<float>(), t.elements(), 1.0f);
  return t;
}

// The steps of a convolution of a picture with this many channels and of a pointwise one of its result.
std::vector<std::string> steps(int64_t channels) {
  const Fact picture(DType::kF32, Dims{1, channels, 16, 16});
  Graph g;
  const ValueId x = g.add_input("x", picture), first = g.add_constant("first", ones({48, channels, 3, 3})),
                second = g.add_constant("second", ones({40, 48, 1, 1}));
  const auto convolve = [&](ValueId from, ValueId weights) {
    Node n;
    n.op = &ops::get("Conv");
    n.in = {from, weights};
    n.name = g.value(weights).name;
    const ValueId out = g.add_value(n.name + "_out");
    n.out = {out};
    g.add_node(std::move(n));
    return out;
  };
  g.outputs = {convolve(convolve(x, first), second)};
  EXPECT_TRUE(infer_graph(g).is_ok());
  const auto model = Model::create(std::move(g), {});
  EXPECT_TRUE(model.is_ok());
  const auto program = model.value()->program(std::span(&picture, 1));
  EXPECT_TRUE(program.is_ok());
  std::vector<std::string> names;
  for (const Program::Step& step : program.value()->steps()) names.emplace_back(step.node.op->name);
  return names;
}

// A picture is read row-major, and what follows is channels last; more channels are reordered first.
TEST(Layouts, PicturesAreNotReordered) {
  if (!isa::runs_on(isa::kAvx2Level, cpu_isa())) GTEST_SKIP() << "images are row-major without AVX2";
  using Names = std::vector<std::string>;
  EXPECT_EQ(steps(3), (Names{"FusedConv", "FusedConv", "Reorder"}));
  EXPECT_EQ(steps(16), (Names{"Reorder", "FusedConv", "FusedConv", "Reorder"}));
}

}  // namespace
}  // namespace lite
