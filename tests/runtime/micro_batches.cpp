// Batches that run for a few images at a time: what comes out is what comes out of the nodes one by one, and
// the same whatever the number of threads, and observers see whole batches.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/base/cpu.h"
#include "core/base/thread_pool.h"
#include "core/runtime/session.h"
#include "tests/support/graph_text.h"

namespace lite {
namespace {

// Images of the size of the L2 cache over `parts`, four channels each. The values that cross the ends of
// stretches, are joined, split, read again later, or are outputs that later nodes read.
Graph network(int64_t parts) {
  const int64_t rows = std::max<int64_t>(8, static_cast<int64_t>(l2_bytes()) / 16 / 64 / parts);
  const std::string image = cat("float32[N,4,", rows, ",64]");
  return test::parse_graph(cat("input %x: ", image, "\ninput %z: ", image, R"(
%a = Conv(%x, float32[4,4,3,3], float32[4]) {pads=[1,1,1,1]}
%b = Relu(%a)
%c, %d = Split(%b) {axis=1, num_outputs=2}
%e = Conv(%d, float32[2,2,1,1])
%f = Concat(%c, %e) {axis=1}
%g = Add(%f, %x)
%h = MaxPool(%g) {kernel_shape=[3,3], pads=[1,1,1,1]}
%i = Mul(%h, %z)
%j = Sigmoid(%i)
%k = GlobalAveragePool(%j)
%l = Mul(%j, %k)
%m = AveragePool(%l) {kernel_shape=[2,2], strides=[2,2]}
%n = Flatten(%m)
%o = ReduceSum(%n, int64[1]{1}) {keepdims=0}
output %g
output %l
output %m
output %o
)"));
}

std::shared_ptr<Model> model(int64_t parts, const ModelOptions& options) {
  auto m = Model::create(network(parts), options);
  EXPECT_TRUE(m.is_ok()) << (m.is_ok() ? "" : m.error().message);
  return m.value();
}

Tensor images(const Dims& like, int64_t batch, float phase) {
  Dims dims = like;
  dims[0] = batch;
  Tensor t = Tensor::allocate(DType::kF32, dims).value();
  for (int64_t i = 0; i < t.elements(); ++i)
    t.mutable_data<float>()[i] = std::sin(static_cast<float>(i % 100003) + phase);
  return t;
}

void set_inputs(Session& s, int64_t batch) {
  for (size_t i = 0; i < 2; ++i)
    ASSERT_TRUE(
        s.set_input(i, images(s.model()->input(i).fact.dims, batch, 0.5f * static_cast<float>(i))).is_ok());
}

// What the session's outputs are, each in memory of its own.
std::vector<Datum> outputs_of(Session& s) {
  const Status status = s.run();
  EXPECT_TRUE(status.is_ok()) << status.message();
  std::vector<Datum> all;
  for (size_t i = 0; i < s.model()->num_outputs(); ++i) all.push_back(s.output(i));
  return all;
}

void expect_near(const Tensor& a, const Tensor& b, float tolerance) {
  ASSERT_EQ(a.dims(), b.dims());
  float worst = 0;
  for (int64_t i = 0; i < a.elements(); ++i)
    worst = std::max(worst, std::abs(a.data<float>()[i] - b.data<float>()[i]) /
                                std::max(1.0f, std::abs(b.data<float>()[i])));
  EXPECT_LE(worst, tolerance);
}

struct Case {
  int64_t parts, batch;
};

TEST(MicroBatches, ComputeWhatTheNodesDo) {
  for (const Case& c : {Case{1, 4}, {2, 8}, {4, 6}, {1, 3}}) {
    SCOPED_TRACE(cat("batch ", c.batch, ", the cache over ", c.parts));
    ModelOptions reproducible;  // optimised, but in whole batches
    reproducible.kernel.reproducible = true;
    Session plain(model(c.parts, {.optimise = false})), split(model(c.parts, {})),
        whole(model(c.parts, reproducible));
    for (Session* s : {&plain, &split, &whole}) set_inputs(*s, c.batch);
    const std::vector<Datum> want = outputs_of(plain);
    split.set_threads(1);
    const std::vector<Datum> one = outputs_of(split);
    EXPECT_TRUE(plain.program()->micro_batches().empty());
    EXPECT_FALSE(split.program()->micro_batches().empty());
    ASSERT_TRUE(whole.run().is_ok());
    // Where two images fill the cache, there is no more than that of them at a time.
    if (c.parts <= 2) {
      EXPECT_LT(split.program()->arena_bytes(), whole.program()->arena_bytes());
    }
    for (size_t i = 0; i < want.size(); ++i)
      expect_near(one[i].tensor, want[i].tensor, i == 3 ? 1e-3f : 1e-4f);
    split.set_threads(3);
    const std::vector<Datum> three = outputs_of(split);
    for (size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(same_bits(three[i].tensor, one[i].tensor)) << i;
  }
}

// Threads that take images of their own have working memory of their own, as far as the limit goes.
TEST(MicroBatches, AreSharedAmongThreads) {
  thread_pool::set_max_threads(4);
  size_t arena = 0, outputs = 0;
  std::vector<Datum> want;
  const auto expect_same = [&](Session& s) {
    const std::vector<Datum> out = outputs_of(s);
    for (size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(same_bits(out[i].tensor, want[i].tensor)) << i;
  };
  {
    Session s(model(2, {}));
    set_inputs(s, 8);
    s.set_threads(1);
    want = outputs_of(s);
    arena = s.arena()->bytes();
    for (const Datum& d : want) outputs += d.tensor.bytes();
  }
  for (const size_t lanes : {size_t{1}, size_t{2}, size_t{4}}) {
    Session s(model(2, {.arena_limit_bytes = lanes * arena + outputs}));
    set_inputs(s, 8);
    s.set_threads(4);
    expect_same(s);
    EXPECT_EQ(s.arena()->bytes(), lanes * arena);
    if (lanes != 2) continue;
    set_inputs(s, 4);  // and back
    outputs_of(s);
    set_inputs(s, 8);
    expect_same(s);
  }
  thread_pool::set_max_threads(0);
}

TEST(MicroBatches, AreWindowsOfWholeBatches) {
  Session s(model(1, {}));
  set_inputs(s, 4);
  ASSERT_TRUE(s.run().is_ok());
  const Program& p = *s.program();
  ASSERT_FALSE(p.micro_batches().empty());
  for (const Program::MicroBatches& m : p.micro_batches()) {
    ASSERT_LE(m.first, m.last);
    ASSERT_LT(m.last, p.steps().size());
    EXPECT_GT(m.count, 1u);
    EXPECT_FALSE(m.windows.empty());
    for (const Program::MicroBatches::Window& w : m.windows) {
      const Fact &part = p.slots()[w.slot].fact, &whole = p.slots()[w.of].fact;
      EXPECT_EQ(part.dims[0] * m.count, whole.dims[0]);
      EXPECT_EQ(w.stride * m.count, layout_bytes(whole.dtype, whole.dims, p.slots()[w.of].layout));
    }
  }
}

TEST(MicroBatches, AreForBatchesThatLeaveTheCache) {
  Session s(model(1, {}));
  set_inputs(s, 1);
  ASSERT_TRUE(s.run().is_ok());
  EXPECT_TRUE(s.program()->micro_batches().empty());
  Session small(model(1024, {}));
  set_inputs(small, 4);
  ASSERT_TRUE(small.run().is_ok());
  EXPECT_TRUE(small.program()->micro_batches().empty());
  ModelOptions reproducible;
  reproducible.kernel.reproducible = true;
  Session same(model(1, reproducible));
  set_inputs(same, 4);
  ASSERT_TRUE(same.run().is_ok());
  EXPECT_TRUE(same.program()->micro_batches().empty());
}

TEST(MicroBatches, AreObservedAsWholeBatches) {
  Session s(model(1, {}));
  set_inputs(s, 4);
  const std::vector<Datum> want = outputs_of(s);
  std::set<std::string> steps;
  size_t found = 0;
  s.set_step_observer([&](const Program::Step& step, std::span<const Datum> out) {
    EXPECT_TRUE(steps.insert(step.node.name).second) << step.node.name;
    for (const Datum& d : out) {
      if (!d.tensor.defined()) continue;
      EXPECT_EQ(d.tensor.dims()[0], 4) << step.node.name;
      for (size_t i = 0; i < 3; ++i) found += same_bits(d.tensor, want[i].tensor) ? 1 : 0;
    }
  });
  ASSERT_TRUE(s.run().is_ok());
  EXPECT_GE(steps.size(), 8u);
  EXPECT_GE(found, 3u);
}

TEST(MicroBatches, BeginAnewAfterATimeOut) {
  Session s(model(1, {}));
  set_inputs(s, 4);
  const std::vector<Datum> want = outputs_of(s);
  for (int64_t us = 1; us < 20000; us *= 2) {
    s.set_timeout(std::chrono::microseconds(us));
    const Status status = s.run();
    EXPECT_TRUE(status.is_ok() || status.code() == Code::kTimedOut) << status.message();
  }
  s.set_timeout(std::chrono::nanoseconds(0));
  const std::vector<Datum> again = outputs_of(s);
  for (size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(same_bits(again[i].tensor, want[i].tensor)) << i;
}

}  // namespace
}  // namespace lite
