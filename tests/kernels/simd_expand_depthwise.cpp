#include <cmath>
#include <limits>

#include "core/base/thread_pool.h"
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

constexpr Layout kLast = Layout::kChannelsLast;

// The vectors that the kernel cannot do without.
uint32_t needed() {
  return isa::runs_on(isa::kNeon, cpu_isa()) ? uint32_t{isa::kNeon} : uint32_t{isa::kAvx2Level};
}

struct Shape {
  int64_t batch, channels, filters, height, width, kernel_rows, kernel_columns;
  std::vector<int64_t> strides = {1, 1}, pads = {1, 1, 1, 1}, dilations = {1, 1};
};

void activate(Attrs& attrs, const std::string& prefix, const std::string& activation) {
  if (activation.empty()) return;
  attrs.push_back({prefix + "activation", activation});
  if (activation == "Clip") attrs.push_back({prefix + "activation_params", std::vector<float>{-0.5f, 2}});
}

KernelCase expand_depthwise(const Shape& s, const std::string& first, const std::string& second,
                            bool biases = true) {
  KernelCase c{
      .op = "FusedExpandDepthwise",
      .in = {random_f32({s.batch, s.channels, s.height, s.width}, 1, -1, 1),
             random_f32({s.filters, s.channels, 1, 1}, 2, -1, 1),
             biases ? random_f32({s.filters}, 3) : Tensor(),
             random_f32({s.filters, 1, s.kernel_rows, s.kernel_columns}, 4, -1, 1),
             biases ? random_f32({s.filters}, 5) : Tensor()},
      .attrs = {{"group", s.filters}, {"strides", s.strides}, {"pads", s.pads}, {"dilations", s.dilations}},
      .domain = "lite",
      .in_layouts = {kLast},
      .out_layouts = {kLast},
      .constant = {false, true, false, true},
      .relative = 1e-5,
      .absolute = 5e-5};
  c.threads = {2, 3, 4};
  c.needs = needed();
  c.unranked = true;
  activate(c.attrs, "expand_", first);
  activate(c.attrs, "", second);
  return c;
}

void check(const Shape& s, const std::string& first = "Relu", const std::string& second = "Clip") {
  check_kernels(expand_depthwise(s, first, second));
}

// Every width up to two tiles and more, and channels that fill neither a vector nor a block.
TEST(SimdExpandDepthwise, WidthsAndChannels) {
  for (int64_t width = 1; width <= 30; ++width)
    for (const int64_t stride : {1, 2}) check({1, 3, 5 + 3 * width, 5, width, 3, 3, {stride, stride}});
  for (const int64_t filters : {1, 8, 15, 16, 17, 31, 32, 33, 48, 70}) check({1, 5, filters, 6, 9, 3, 3});
  for (const int64_t channels : {1, 2, 40, 129}) check({1, channels, 20, 4, 6, 3, 3});
}

TEST(SimdExpandDepthwise, Windows) {
  for (const int64_t batch : {1, 3})
    for (const int64_t s : {1, 2}) {
      check({batch, 4, 24, 9, 11, 5, 5, {s, s}, {2, 2, 2, 2}});
      check({batch, 4, 24, 9, 11, 3, 3, {s, s}, {0, 1, 1, 0}});
      check({batch, 4, 24, 9, 11, 5, 3, {s, 1}, {4, 0, 0, 3}});
      check({batch, 4, 24, 12, 13, 3, 3, {1, s}, {2, 3, 2, 3}, {2, 3}});
      check({batch, 4, 24, 8, 8, 1, 1, {s, s}, {0, 0, 0, 0}});
      check({batch, 4, 24, 8, 8, 7, 7, {3, s}, {3, 3, 3, 3}});
    }
  // More padding than image: windows that see nothing of it.
  check({1, 4, 20, 2, 3, 3, 3, {1, 1}, {5, 6, 4, 7}});
  check({1, 4, 20, 2, 3, 3, 3, {2, 2}, {5, 6, 4, 7}, {2, 2}});
}

// Rows too long for the ring are cut into columns.
TEST(SimdExpandDepthwise, WideRows) {
  check({1, 3, 40, 5, 250, 3, 3});
  check({1, 3, 20, 7, 331, 5, 5, {2, 2}, {2, 2, 2, 2}});
  check({1, 3, 20, 4, 150, 3, 3, {1, 2}, {0, 200, 0, 150}});
  check({1, 3, 20, 9, 90, 7, 7, {1, 1}, {9, 30, 9, 30}, {3, 10}});
}

TEST(SimdExpandDepthwise, Activations) {
  const std::string all[] = {"", "Relu", "Clip", "HardSwish", "Swish", "Sigmoid", "LeakyRelu"};
  for (const std::string& first : all)
    for (const std::string& second : all)
      check_kernels(expand_depthwise({1, 5, 35, 6, 10, 3, 3}, first, second, first != second));
}

TEST(SimdExpandDepthwise, NotANumberStays) {
  if (!isa::runs_on(needed(), cpu_isa())) GTEST_SKIP() << "declines everything here";
  for (const char* activation : {"Clip", "Relu", "HardSwish"}) {
    KernelCase c = expand_depthwise({1, 2, 20, 7, 9, 3, 3}, activation, activation);
    // A pixel of the middle, seen by nine.
    c.in[0].mutable_data<float>()[3 * 9 + 4] = std::numeric_limits<float>::quiet_NaN();
    const Tensor y = kernel_result(c);
    int64_t nans = 0;
    for (int64_t i = 0; i < y.elements(); ++i) nans += std::isnan(y.data<float>()[i]) ? 1 : 0;
    EXPECT_EQ(nans, 9 * 20) << activation;
  }
}

TEST(SimdExpandDepthwise, LargeWindowsAreFasterAlone) {
  if (!isa::runs_on(needed(), cpu_isa())) GTEST_SKIP() << "declines everything here";
  const auto declines = [](const Shape& s) {
    KernelCase c = expand_depthwise(s, "Swish", "Swish");
    c.unranked = false;
    return declined(c);
  };
  EXPECT_FALSE(declines({1, 8, 32, 40, 40, 5, 5, {1, 1}, {2, 2, 2, 2}}));
  EXPECT_TRUE(declines({1, 8, 32, 40, 40, 7, 7, {1, 1}, {3, 3, 3, 3}}));
  // Not with columns that the other kernel does not take.
  EXPECT_FALSE(declines({1, 8, 32, 40, 40, 7, 7, {1, 1}, {6, 6, 6, 6}, {1, 2}}));
}

// The rows at which the work is cut depend on the threads that there are; the bits do not.
TEST(SimdExpandDepthwise, SameBitsWhereverItIsCut) {
  if (!isa::runs_on(needed(), cpu_isa())) GTEST_SKIP() << "declines everything here";
  for (const int64_t stride : {1, 2}) {
    const KernelCase c =
        expand_depthwise({2, 6, 40, 31, 29, 5, 5, {stride, stride}, {2, 2, 2, 2}}, "Swish", "HardSwish");
    thread_pool::set_max_threads(1);
    const Tensor one = kernel_result(c);
    for (const int threads : {2, 3, 16}) {
      thread_pool::set_max_threads(threads);
      expect_equal(kernel_result(c), one);
    }
    thread_pool::set_max_threads(0);
  }
}

TEST(SimdExpandDepthwise, Declines) {
  const auto accepts = [](const KernelCase& c, KernelOptions options = {}) {
    options.isa &= isa::kAvx2Level;
    return accepted_by("expand_depthwise:simd", c, options);
  };
  const Shape shape{1, 8, 32, 33, 33, 3, 3};
  const KernelCase good = expand_depthwise(shape, "Relu", "Relu");
  if (!isa::runs_on(isa::kAvx2Level, cpu_isa())) GTEST_SKIP() << "declines everything here";
  EXPECT_TRUE(accepts(good));
  EXPECT_FALSE(accepts(good, {.reproducible = true}));
  EXPECT_FALSE(accepts(good, {.isa = isa::kSse41}));
  KernelCase other = good;
  other.in_layouts = {};
  EXPECT_FALSE(accepts(other));
  other = good;
  other.constant = {false, true};
  EXPECT_FALSE(accepts(other));
  // Where two kernels are as fast.
  EXPECT_FALSE(accepts(expand_depthwise({1, 32, 32, 33, 33, 3, 3}, "Relu", "Relu")));
  EXPECT_FALSE(accepts(expand_depthwise({1, 8, 32, 7, 7, 3, 3}, "Swish", "Relu")));
  EXPECT_FALSE(accepts(expand_depthwise({1, 8, 32, 14, 14, 3, 3}, "Relu", "Swish")));
  EXPECT_TRUE(accepts(expand_depthwise({1, 8, 32, 14, 14, 3, 3}, "Swish", "Relu")));
  EXPECT_FALSE(accepts(expand_depthwise({1, 8, 32, 33, 33, 3, 3, {1, 3}}, "Relu", "Relu")));
  EXPECT_FALSE(accepts(expand_depthwise({1, 8, 32, 33, 33, 9, 9}, "Relu", "Relu")));
  const int64_t far = int64_t{1} << 30;
  EXPECT_FALSE(accepts(
      expand_depthwise({1, 8, 32, 33, 33, 2, 2, {1, 1}, {far, far, 0, 0}, {far, far}}, "Relu", "Relu")));
}

}  // namespace
}  // namespace lite::test
