#include "core/kernels/cpu/simd_winograd.h"

#include <cmath>

#include "core/base/thread_pool.h"
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

template <int64_t kM>
Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
  return simd::make_winograd(q, packs, kM);
}
bool in_place(const NodeQuery& q, size_t i) { return simd::winograd_in_place(q, i); }
// Whatever the cost model says.
constexpr KernelDef kTiles[] = {{"winograd:2", "FusedConv", simd::winograd_rejects, make<2>, in_place},
                                {"winograd:4", "FusedConv", simd::winograd_rejects, make<4>, in_place}};

// Relative to the largest magnitude of the result; docs/decisions/winograd.md.
constexpr double kError[] = {1e-6, 3e-6};

using Pads = std::vector<int64_t>;

KernelCase conv(const Dims& x, int64_t filters, const Pads& pads, float range = 1, uint32_t seed = 1) {
  const Layout l = Layout::kChannelsLast;
  return {.op = "FusedConv",
          .in = {random_f32(x, seed, -range, range), random_f32({filters, x[1], 3, 3}, seed + 1, -1, 1),
                 random_f32({filters}, seed + 2, -range, range)},
          .attrs = {{"pads", pads}},
          .domain = "lite",
          .in_layouts = {l, Layout::kPlain, Layout::kPlain, l},
          .out_layouts = {l},
          .constant = {false, true},
          .threads = {2, 3, 7}};
}

Dims out_dims(const KernelCase& c, const Pads& pads) {
  const Dims& x = c.in[0].dims();
  return {x[0], c.in[1].dims()[0], x[2] + pads[0] + pads[2] - 2, x[3] + pads[1] + pads[3] - 2};
}

void check(KernelCase c) {
  // The range is that of the sums: an activation may take most of it away.
  const Tensor want = eval("Conv", {c.in[0], c.in[1]}, {c.attrs[0]});
  double largest = 0;
  for (const double v : values(want)) largest = std::max(largest, std::fabs(v));
  for (size_t i = 0; i < std::size(kTiles); ++i) {
    c.def = &kTiles[i];
    c.absolute = kError[i] * largest;
    check_kernels(c);
  }
}

// Without computing anything: the query needs shapes only.
int64_t chosen_tile(const KernelCase& c) {
  Node node;
  node.op = &ops::get(c.op, c.domain);
  node.attrs = c.attrs;
  std::vector<Operand> in;
  for (const Tensor& t : c.in) in.push_back({t.dtype(), t.dims()});
  return simd::winograd_tile(NodeQuery{node, in, {}, {}});
}

// The pool has as many threads as the machine has CPUs: more of them are asked for here.
class SimdWinograd : public testing::Test {
 protected:
  void SetUp() override { thread_pool::set_max_threads(7); }
  void TearDown() override { thread_pool::set_max_threads(0); }
};

TEST_F(SimdWinograd, Sizes) {
  for (const int64_t height : {1, 4, 7, 13})
    for (const int64_t width : {1, 2, 6, 12, 39}) check(conv({1, 5, height, width}, 7, {1, 1, 1, 1}));
}

TEST_F(SimdWinograd, Channels) {
  for (const int64_t channels : {1, 3, 16, 31, 64})
    for (const int64_t filters : {1, 8, 17, 32, 70}) check(conv({1, channels, 9, 10}, filters, {1, 1, 1, 1}));
}

TEST_F(SimdWinograd, Padding) {
  for (const Pads& pads :
       {Pads{0, 0, 0, 0}, Pads{0, 1, 1, 0}, Pads{1, 0, 0, 1}, Pads{2, 2, 2, 2}, Pads{9, 0, 3, 7}})
    check(conv({2, 6, 8, 11}, 9, pads));
}

// Blocks that end in the middle of a row, an image and a batch.
TEST_F(SimdWinograd, Blocks) {
  check(conv({3, 20, 30, 33}, 33, {1, 1, 1, 1}));
  check(conv({9, 8, 5, 5}, 40, {1, 1, 1, 1}));
  check(conv({1, 300, 6, 6}, 130, {1, 1, 1, 1}));
}

TEST_F(SimdWinograd, Epilogue) {
  for (const char* activation : {"", "Relu", "Clip", "HardSwish", "Swish"})
    for (const int64_t after : {0, 1})
      for (const bool bias : {true, false}) {
        const Pads pads{1, 1, 1, 1};
        KernelCase c = conv({2, 12, 9, 13}, 19, pads);
        if (!bias) c.in[2] = Tensor();
        c.in.push_back(random_f32(out_dims(c, pads), 9));
        c.attrs.push_back({"residual_after", after});
        if (*activation != 0) c.attrs.push_back({"activation", std::string(activation)});
        if (std::string(activation) == "Clip")
          c.attrs.push_back({"activation_params", std::vector<float>{-0.5F, 0.75F}});
        check(c);
      }
}

// Errors are relative to the range of the result, whatever the range of the values.
TEST_F(SimdWinograd, Ranges) {
  uint32_t seed = 100;
  for (const float range : {1e-12F, 1e-3F, 30.0F, 1e6F, 1e15F})
    check(conv({1, 48, 14, 14}, 24, {1, 1, 1, 1}, range, seed += 10));
}

// A number that is none spreads over its tiles, and over nothing else.
TEST_F(SimdWinograd, NaNStaysInItsTiles) {
  for (const float bad : {kNaN, kInf})
    for (size_t i = 0; i < std::size(kTiles); ++i) {
      const auto m = static_cast<int64_t>(2 * i + 2);
      KernelCase c = conv({1, 4, 24, 24}, 4, {1, 1, 1, 1});
      const Tensor clean = eval(c.op, c.in, c.attrs, c.domain);
      // Element (12, 12) belongs to the windows of outputs 11 to 13.
      c.in[0].mutable_data<float>()[12 * 24 + 12] = bad;
      c.def = &kTiles[i];
      const Tensor got = kernel_result(c);
      const int64_t first = 11 / m * m, last = 13 / m * m + m;
      for (int64_t f = 0; f < 4; ++f)
        for (int64_t h = 0; h < 24; ++h)
          for (int64_t w = 0; w < 24; ++w) {
            const double v = got.float_at((f * 24 + h) * 24 + w);
            const bool window = std::abs(h - 12) <= 1 && std::abs(w - 12) <= 1;
            const bool tile = h >= first && h < last && w >= first && w < last;
            if (window) {
              EXPECT_FALSE(std::isfinite(v)) << h << " " << w;
            } else if (!tile) {
              EXPECT_NEAR(v, clean.float_at((f * 24 + h) * 24 + w), 1e-4) << h << " " << w;
            }
          }
    }
}

// The tile is part of the result, so it must not depend on the threads.
TEST_F(SimdWinograd, ChoosesWhateverTheThreads) {
  for (const Dims& x :
       {Dims{1, 128, 20, 20}, Dims{1, 256, 14, 14}, Dims{1, 512, 16, 16}, Dims{8, 64, 12, 12}}) {
    const KernelCase c = conv(x, x[1], {1, 1, 1, 1});
    thread_pool::set_max_threads(1);
    const int64_t alone = chosen_tile(c);
    for (const int threads : {2, 7, 64}) {
      thread_pool::set_max_threads(threads);
      EXPECT_EQ(chosen_tile(c), alone) << x << ", " << threads << " threads";
    }
  }
}

TEST_F(SimdWinograd, Declines) {
  // Switched off, and where results must not depend on the instruction set.
  {
    const KernelCase c = conv({1, 64, 40, 40}, 64, {1, 1, 1, 1});
    EXPECT_TRUE(accepted_by("fused_conv:winograd", c, {}));
    EXPECT_FALSE(accepted_by("fused_conv:winograd", c, {.winograd = false}));
    EXPECT_FALSE(accepted_by("fused_conv:winograd", c, {.reproducible = true}));
    // Few channels, and few pixels, are not worth the transforms.
    EXPECT_FALSE(accepted_by("fused_conv:winograd", conv({1, 3, 40, 40}, 64, {1, 1, 1, 1}), {}));
    EXPECT_FALSE(accepted_by("fused_conv:winograd", conv({1, 512, 2, 2}, 512, {1, 1, 1, 1}), {}));
  }
  const auto declines = [](KernelCase c) {
    for (const KernelDef& def : kTiles) {
      c.def = &def;
      EXPECT_TRUE(declined(c));
    }
  };
  const KernelCase good = conv({1, 8, 9, 9}, 8, {1, 1, 1, 1});
  for (const char* name : {"strides", "dilations"}) {
    KernelCase c = good;
    c.attrs.push_back({name, std::vector<int64_t>{1, 2}});
    declines(c);
  }
  KernelCase c = good;
  c.constant = {};
  declines(c);
  c = good;
  c.in_layouts[0] = Layout::kPlain;
  declines(c);
  c = good;
  c.in[1] = random_f32({8, 8, 3, 1}, 2);
  declines(c);
  c = good;
  c.in[1] = random_f32({8, 4, 3, 3}, 2);
  c.attrs.push_back({"group", int64_t{2}});
  declines(c);
}

}  // namespace
}  // namespace lite::test
