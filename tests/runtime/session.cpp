#include "core/runtime/session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "core/ops/registry.h"

namespace lite {
namespace {

// y = clip(x, 0, 6) of shape [N,4], twice over, and x itself as a second output.
Graph relu6_graph() {
  Graph g;
  g.name = "relu6";
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{g.symbol("N"), 4}));
  const ValueId lo = g.add_constant("lo", Tensor::scalar_f32(0)),
                hi = g.add_constant("hi", Tensor::scalar_f32(6));
  const ValueId a = g.add_value("a"), y = g.add_value("y");
  for (const auto& [in, out] : {std::pair(x, a), std::pair(a, y)}) {
    Node n;
    n.op = &ops::get("Clip");
    n.name = g.value(out).name;
    n.in = {in, lo, hi};
    n.out = {out};
    g.add_node(std::move(n));
  }
  g.outputs = {y, x};
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

std::shared_ptr<Model> model(bool optimise = true) {
  ModelOptions options;
  options.optimise = optimise;
  auto m = Model::create(relu6_graph(), options);
  EXPECT_TRUE(m.is_ok()) << (m.is_ok() ? "" : m.error().message);
  return m.value();
}

Tensor input(int64_t n, float start) {
  Tensor t = Tensor::allocate(DType::kF32, Dims{n, 4}).value();
  for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<float>()[i] = start + static_cast<float>(i);
  return t;
}

TEST(Session, RunsForEveryShape) {
  for (const bool optimise : {true, false}) {
    Session s(model(optimise));
    for (const int64_t n : {1, 3, 1, 0, 2}) {
      ASSERT_TRUE(s.set_input(0, input(n, -2)).is_ok());
      const Status status = s.run();
      ASSERT_TRUE(status.is_ok()) << status.message();
      const Tensor& y = s.output(0).tensor;
      ASSERT_EQ(y.dims(), (Dims{n, 4}));
      for (int64_t i = 0; i < y.elements(); ++i)
        EXPECT_EQ(y.data<float>()[i], std::min(6.0f, std::max(0.0f, static_cast<float>(i) - 2)));
      EXPECT_TRUE(same_bits(s.output(1).tensor, input(n, -2)));
    }
    EXPECT_EQ(s.model()->statistics().programs, 4u);
  }
}

TEST(Session, SaysWhatIsWrongWithAnInput) {
  Session s(model());
  EXPECT_EQ(s.run().code(), Code::kInvalidArgument);
  ASSERT_TRUE(s.set_input(0, Tensor::allocate(DType::kF32, Dims{2, 5}).value()).is_ok());
  Status status = s.run();
  EXPECT_EQ(status.code(), Code::kShapeMismatch);
  EXPECT_NE(status.message().find("'x'"), std::string::npos) << status.message();
  EXPECT_NE(status.message().find("[2,5]"), std::string::npos) << status.message();
  ASSERT_TRUE(s.set_input(0, Tensor::allocate(DType::kI32, Dims{2, 4}).value()).is_ok());
  EXPECT_EQ(s.run().code(), Code::kShapeMismatch);
  ASSERT_TRUE(s.set_input(0, input(1, 0)).is_ok());
  EXPECT_TRUE(s.run().is_ok());
  EXPECT_FALSE(s.set_input(7, input(1, 0)).is_ok());
}

TEST(Session, WritesWhereItIsTold) {
  Session s(model());
  ASSERT_TRUE(s.set_input(0, input(2, 0)).is_ok());
  Tensor mine = Tensor::allocate(DType::kF32, Dims{2, 4}).value();
  ASSERT_TRUE(s.set_output(0, mine).is_ok());
  ASSERT_TRUE(s.run().is_ok());
  EXPECT_EQ(s.output(0).tensor.raw(), mine.raw());
  EXPECT_EQ(mine.data<float>()[7], 6.0f);
  ASSERT_TRUE(s.set_input(0, input(3, 0)).is_ok());
  EXPECT_EQ(s.run().code(), Code::kShapeMismatch);
  ASSERT_TRUE(s.set_output(0, Tensor()).is_ok());
  EXPECT_TRUE(s.run().is_ok());
}

TEST(Session, KeptOutputsAreNotWrittenOver) {
  Session s(model());
  ASSERT_TRUE(s.set_input(0, input(1, 0)).is_ok());
  ASSERT_TRUE(s.run().is_ok());
  const void* first = s.output(0).tensor.raw();
  ASSERT_TRUE(s.run().is_ok());
  EXPECT_EQ(s.output(0).tensor.raw(), first);
  const Datum kept = s.output(0);
  ASSERT_TRUE(s.set_input(0, input(1, 5)).is_ok());
  ASSERT_TRUE(s.run().is_ok());
  EXPECT_NE(s.output(0).tensor.raw(), kept.tensor.raw());
  EXPECT_EQ(kept.tensor.data<float>()[0], 0.0f);
}

TEST(Session, TimesOutAndRecovers) {
  Session s(model());
  ASSERT_TRUE(s.set_input(0, input(1, 0)).is_ok());
  s.set_timeout(std::chrono::nanoseconds(1));
  EXPECT_EQ(s.run().code(), Code::kTimedOut);
  s.set_timeout(std::chrono::nanoseconds(0));
  EXPECT_TRUE(s.run().is_ok());
}

TEST(Model, ProgramsAreBoundedAndShared) {
  ModelOptions options;
  options.program_cache_entries = 3;
  auto m = Model::create(relu6_graph(), options).value();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      Session s(m);
      for (int64_t n = 1; n < 20; ++n) {
        EXPECT_TRUE(s.set_input(0, input(n, 0)).is_ok());
        EXPECT_TRUE(s.run().is_ok());
        EXPECT_EQ(s.output(0).tensor.dims()[0], n);
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_LE(m->statistics().programs, 3u);
}

// Weights packed once are no cache: programs for other shapes share them, however little the cache may hold.
TEST(Model, PackedWeightsDoNotFillTheCache) {
  constexpr int64_t kSide = 256;
  Tensor weights = Tensor::allocate(DType::kF32, Dims{kSide, kSide}).value();
  std::fill_n(weights.mutable_data<float>(), kSide * kSide, 0.5f);
  Graph g;
  const ValueId x = g.add_input("x", Fact(DType::kF32, Dims{g.symbol("N"), kSide}));
  const ValueId w = g.add_constant("w", weights), y = g.add_value("y");
  Node n;
  n.op = &ops::get("MatMul");
  n.in = {x, w};
  n.out = {y};
  g.add_node(std::move(n));
  g.outputs = {y};
  ASSERT_TRUE(infer_graph(g).is_ok());
  ModelOptions options;
  options.program_cache_bytes = weights.bytes() / 2;
  auto m = Model::create(std::move(g), options).value();
  Session s(m);
  for (const int64_t rows : {20, 30, 20, 30}) {
    Tensor in = Tensor::allocate(DType::kF32, Dims{rows, kSide}).value();
    std::fill_n(in.mutable_data<float>(), rows * kSide, 1.0f);
    ASSERT_TRUE(s.set_input(0, in).is_ok());
    ASSERT_TRUE(s.run().is_ok());
    EXPECT_EQ(s.output(0).tensor.data<float>()[rows * kSide - 1], 128.0f);
  }
  const ModelStatistics statistics = m->statistics();
  EXPECT_EQ(statistics.weight_bytes, weights.bytes());
  EXPECT_EQ(statistics.programs, 2u);
  EXPECT_EQ(statistics.program_misses, 2u);
  EXPECT_EQ(statistics.program_evictions, 0u);
  EXPECT_LE(statistics.program_bytes, options.program_cache_bytes);
}

TEST(Session, ProfilesSteps) {
  Session s(model(false));
  s.profiler().enable();
  ASSERT_TRUE(s.set_input(0, input(2, 0)).is_ok());
  ASSERT_TRUE(s.run().is_ok());
  ASSERT_TRUE(s.run().is_ok());
  EXPECT_EQ(s.profiler().runs(), 2u);
  const auto rows = s.profiler().rows();
  ASSERT_GE(rows.size(), 2u);
  EXPECT_EQ(rows[0].op, "Clip");
  EXPECT_EQ(rows[0].calls, 2u);
  EXPECT_NE(s.profiler().table(100, 10).find("Clip"), std::string::npos);
  EXPECT_NE(s.profiler().chrome_trace().find("traceEvents"), std::string::npos);
}

// Channels of a convolution whose folded weights are large enough to be given back when they are packed.
constexpr int64_t kChannels = 64;

Tensor waves(Dims dims, float from, float size) {
  Tensor t = Tensor::allocate(DType::kF32, std::move(dims)).value();
  for (int64_t i = 0; i < t.elements(); ++i)
    t.mutable_data<float>()[i] = from + size * std::sin(static_cast<float>(i));
  return t;
}

// x [N,64,H,W], through a 3 x 3 convolution and a BatchNormalization.
Graph normalised_conv() {
  Graph g;
  const ValueId x =
      g.add_input("x", Fact(DType::kF32, Dims{g.symbol("N"), kChannels, g.symbol("H"), g.symbol("W")}));
  Node conv, norm;
  conv.op = &ops::get("Conv");
  conv.in = {x, g.add_constant("w", waves({kChannels, kChannels, 3, 3}, 0, 0.1f))};
  conv.attrs = {{"pads", std::vector<int64_t>{1, 1, 1, 1}}};
  conv.out = {g.add_value("c")};
  norm.op = &ops::get("BatchNormalization");
  norm.in = {conv.out[0], g.add_constant("scale", waves({kChannels}, 1, 0.5f)),
             g.add_constant("shift", waves({kChannels}, 0, 1)),
             g.add_constant("mean", waves({kChannels}, 0, 1)),
             g.add_constant("var", waves({kChannels}, 2, 1))};
  norm.out = {g.add_value("y")};
  g.outputs = norm.out;
  g.add_node(std::move(conv));
  g.add_node(std::move(norm));
  EXPECT_TRUE(infer_graph(g).is_ok());
  return g;
}

Tensor run_on(const std::shared_ptr<Model>& model, const Tensor& x) {
  Session s(model);
  EXPECT_TRUE(s.set_input(0, x).is_ok());
  const Status status = s.run();
  EXPECT_TRUE(status.is_ok()) << status.message();
  return s.output(0).tensor.clone().value();
}

TEST(Session, FoldedWeightsAreMadeAgainForOtherPrograms) {
  const auto make = [](uint32_t isa) {
    ModelOptions options;
    options.kernel.isa = isa;
    return Model::create(normalised_conv(), options).value();
  };
  ModelOptions plain;
  plain.optimise = false;
  const auto by_nodes = Model::create(normalised_conv(), plain).value();
  // With and without kernels that pack: those read the weights in place.
  for (const uint32_t isa : {cpu_isa(), uint32_t{0}}) {
    const auto model = make(isa);
    for (const Dims& dims :
         {Dims{1, kChannels, 6, 6}, Dims{2, kChannels, 40, 40}, Dims{1, kChannels, 1, 9}}) {
      const Tensor x = waves(dims, 0, 1);
      const Tensor y = run_on(model, x), want = run_on(by_nodes, x);
      ASSERT_EQ(y.dims(), want.dims());
      for (int64_t i = 0; i < y.elements(); ++i) ASSERT_NEAR(y.float_at(i), want.float_at(i), 1e-4) << i;
      model->trim();
      EXPECT_TRUE(same_bits(y, run_on(model, x)));
    }
  }
}

TEST(Session, FoldedWeightsServeProgramsMadeAtOnce) {
  const auto model = Model::create(normalised_conv(), ModelOptions{}).value();
  const auto alone = Model::create(normalised_conv(), ModelOptions{}).value();
  std::vector<std::thread> threads;
  std::vector<Tensor> results(6);
  for (size_t i = 0; i < results.size(); ++i)
    threads.emplace_back([&, i] {
      results[i] = run_on(model, waves({1, kChannels, 4 + static_cast<int64_t>(i), 5}, 0, 1));
      model->trim();
    });
  for (std::thread& t : threads) t.join();
  for (size_t i = 0; i < results.size(); ++i)
    EXPECT_TRUE(
        same_bits(results[i], run_on(alone, waves({1, kChannels, 4 + static_cast<int64_t>(i), 5}, 0, 1))));
}

}  // namespace
}  // namespace lite
