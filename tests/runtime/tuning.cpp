#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/compile/choices.h"
#include "core/ops/registry.h"
#include "core/runtime/session.h"

namespace lite {
namespace {

Tensor numbers(Dims dims, float step) {
  Tensor t = Tensor::allocate(DType::kF32, std::move(dims)).value();
  for (int64_t i = 0; i < t.elements(); ++i)
    t.mutable_data<float>()[i] = step * static_cast<float>(i % 17 - 8);
  return t;
}

// y = x w with w [64,48]; z = Conv(y as [1,M,8,6], v [5,M,3,3]).
Graph graph() {
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{16, 64}));
  const ValueId w = g.add_constant("w", numbers({64, 48}, 0.01f)),
                v = g.add_constant("v", numbers({5, 16, 3, 3}, 0.02f)),
                shape = g.add_constant("shape", Tensor::vector_i64(std::vector<int64_t>{1, 16, 8, 6}));
  const auto add = [&](const char* op, std::vector<ValueId> in) {
    Node n;
    n.op = &ops::get(op);
    n.name = op;
    n.in = std::move(in);
    const ValueId out = g.add_value(op);
    n.out = {out};
    g.add_node(std::move(n));
    return out;
  };
  g.outputs = {add("Conv", {add("Reshape", {add("MatMul", {x, w}), shape}), v})};
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

struct Ran {
  std::vector<float> out;
  std::map<std::string, std::string> kernels;  // by operator
};

Ran run(const ModelOptions& options, int threads = 1) {
  auto model = Model::create(graph(), options);
  EXPECT_TRUE(model.is_ok()) << (model.is_ok() ? "" : model.error().message);
  Session s(model.value());
  s.set_threads(threads);
  EXPECT_TRUE(s.set_input(0, numbers({16, 64}, 0.1f)).is_ok());
  const Status status = s.run();
  EXPECT_TRUE(status.is_ok()) << status.message();
  const Tensor& y = s.output(0).tensor;
  Ran r{{y.data<float>(), y.data<float>() + y.elements()}, {}};
  const Fact fact(DType::kF32, Dims{16, 64});
  const auto program = model.value()->program(std::span(&fact, 1));
  EXPECT_TRUE(program.is_ok());
  for (const Program::Step& step : program.value()->steps()) r.kernels[step.node.op->name] = step.kernel_name;
  return r;
}

void expect_near(const std::vector<float>& a, const std::vector<float>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4f);
}

class Tuning : public testing::Test {
 protected:
  void SetUp() override { choices::clear(); }
  void TearDown() override {
    choices::clear();
    choices::on_measured(nullptr);
  }
};

TEST_F(Tuning, MeasuresOnceAndRemembers) {
  const Ran plain = run({});
  EXPECT_EQ(choices::size(), 0u);
  int calls = 0;
  choices::on_measured([&] { ++calls; });
  const Ran tuned = run({.tune = true});
  const size_t known = choices::size();
  EXPECT_GE(known, 1u);
  EXPECT_EQ(calls, 1);
  expect_near(tuned.out, plain.out);

  // What is known is taken, by networks that do not measure as well, and not measured again.
  const std::string text = choices::to_text();
  const Ran again = run({.tune = true}), other = run({});
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(choices::to_text(), text);
  EXPECT_EQ(again.kernels, tuned.kernels);
  EXPECT_EQ(other.kernels, tuned.kernels);
  EXPECT_EQ(again.out, tuned.out);
  EXPECT_EQ(run({.tune = true}, 3).out, tuned.out);

  // Other numbers of threads are measured for themselves.
  run({.tune = true, .threads = 2});
  EXPECT_EQ(choices::size(), 2 * known);

  // In a file, and back.
  const std::string all = choices::to_text();
  choices::clear();
  ASSERT_TRUE(choices::read_text(all));
  EXPECT_EQ(choices::to_text(), all);
}

TEST_F(Tuning, TakesWhatTheFileSays) {
  run({.tune = true});
  std::string text = choices::to_text();
  const Ran tuned = run({});
  // However the passes have named the product.
  const auto product = std::find_if(tuned.kernels.begin(), tuned.kernels.end(),
                                    [](const auto& k) { return k.first.find("MatMul") != k.first.npos; });
  ASSERT_NE(product, tuned.kernels.end());
  const auto& [op, kernel] = *product;
  // Every other kernel of the node, as if it had been the fastest.
  std::set<std::string> seen;
  for (const KernelDef* k : kernels::all()) {
    if (k->op != op || !std::string_view(k->name).ends_with(":simd")) continue;
    std::string said = text;
    const size_t at = said.find("\n" + kernel + "\t");
    ASSERT_NE(at, said.npos);
    said.replace(at + 1, kernel.size(), k->name);
    choices::clear();
    ASSERT_TRUE(choices::read_text(said));
    const Ran r = run({});
    expect_near(r.out, tuned.out);
    seen.insert(r.kernels.at(op));
  }
  EXPECT_GE(seen.size(), 2u);
  // One that there is not leaves the rank.
  choices::clear();
  const Ran ranked = run({});
  std::string said = text;
  said.replace(said.find("\n" + kernel + "\t") + 1, kernel.size(), "matmul:nowhere");
  ASSERT_TRUE(choices::read_text(said));
  EXPECT_EQ(run({}).kernels.at(op), ranked.kernels.at(op));
}

TEST_F(Tuning, ReproducibleNetworksTakeNoPart) {
  ModelOptions options{.tune = true};
  options.kernel.reproducible = true;
  const Ran before = run(options);
  EXPECT_EQ(choices::size(), 0u);
  run({.tune = true});
  EXPECT_EQ(run(options).kernels, before.kernels);
}

TEST_F(Tuning, RefusesOtherFiles) {
  run({.tune = true});
  const std::string text = choices::to_text();
  choices::clear();
  EXPECT_FALSE(choices::read_text(""));
  EXPECT_FALSE(choices::read_text("{\"MegEngine\": 1}"));
  std::string other = text;
  other[other.find('\t') + 1] ^= 1;  // another version
  EXPECT_FALSE(choices::read_text(other));
  const size_t line = text.find('\n') + 1;
  // Cut anywhere but behind a whole line or within the last key, and lines that are none.
  EXPECT_FALSE(choices::read_text(text.substr(0, text.find('\t', line) + 2)));
  EXPECT_FALSE(choices::read_text(text.substr(0, line) + "matmul:simd\tfast\tMatMul\n"));
  EXPECT_FALSE(choices::read_text(text + "nothing"));
  EXPECT_EQ(choices::size(), 0u);
}

}  // namespace
}  // namespace lite
