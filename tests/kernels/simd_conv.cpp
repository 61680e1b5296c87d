#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

void check(const Dims& x, const Dims& w, std::vector<int64_t> strides, std::vector<int64_t> pads,
           std::vector<int64_t> dilations, int64_t group) {
  const Layout l = Layout::kChannelsLast;
  const KernelCase c{.op = "Conv",
                     .in = {random_f32(x, 1, -1, 1), random_f32(w, 2, -1, 1), random_f32({w[0]}, 3)},
                     .attrs = {{"strides", std::move(strides)},
                               {"pads", std::move(pads)},
                               {"dilations", std::move(dilations)},
                               {"group", group}},
                     .in_layouts = {l, Layout::kPlain, Layout::kPlain, l},
                     .out_layouts = {l},
                     .constant = {false, true},
                     .relative = 1e-5,
                     .absolute = 5e-5};
  check_kernels(c);
}

TEST(SimdConv, Shapes) {
  for (const int64_t group : {1, 2}) {
    check({2, 6, 7, 9}, {8, 6 / group, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, group);
    check({1, 6, 12, 101}, {34, 6 / group, 3, 5}, {2, 1}, {0, 2, 1, 2}, {1, 1}, group);
    check({1, 6, 9, 9}, {4, 6 / group, 3, 3}, {1, 2}, {2, 2, 2, 2}, {2, 3}, group);
  }
  check({1, 300, 5, 7}, {37, 300, 1, 1}, {1, 1}, {0, 0, 0, 0}, {1, 1}, 1);
  check({2, 16, 8, 8}, {32, 16, 1, 1}, {2, 2}, {0, 0, 0, 0}, {1, 1}, 1);
  check({2, 5, 40}, {7, 5, 3}, {1}, {1, 1}, {1}, 1);
  // As many pixels as before, but not the same.
  check({1, 16, 2, 2}, {32, 16, 1, 1}, {3, 3}, {1, 1, 1, 1}, {1, 1}, 1);
}

TEST(SimdConv, Depthwise) {
  for (const int64_t c : {1, 3, 16, 35, 67})
    for (const int64_t k : {3, 5})
      for (const int64_t stride : {1, 2})
        check({2, c, 9, 11}, {c, 1, k, k}, {stride, stride}, {k / 2, k / 2, k / 2, k / 2}, {1, 1}, c);
  check({1, 8, 40}, {8, 1, 7}, {1}, {3, 3}, {1}, 8);
}

KernelCase depthwise(const Dims& x, int64_t rows, int64_t columns, std::vector<int64_t> strides,
                     std::vector<int64_t> pads, const std::string& activation = "") {
  KernelCase c{
      .op = "FusedConv",
      .in = {random_f32(x, 1, -1, 1), random_f32({x[1], 1, rows, columns}, 2, -1, 1), random_f32({x[1]}, 3)},
      .attrs = {{"strides", std::move(strides)}, {"pads", std::move(pads)}, {"group", x[1]}},
      .domain = "lite",
      .in_layouts = {Layout::kChannelsLast},
      .out_layouts = {Layout::kChannelsLast},
      .constant = {false, true},
      .relative = 1e-5,
      .absolute = 5e-5,
      .kernel = "conv_depthwise:simd",
      .threads = {2, 4},
      .needs = isa::kAvx2Level};
  if (!activation.empty()) c.attrs.push_back({"activation", activation});
  return c;
}

// Every width of a row up to three tiles, whose last one overlaps; channels that fill no vector, and several
// blocks of them; blocks of columns; windows that lie in the padding.
TEST(SimdConv, DepthwiseTiles) {
  for (int64_t width = 1; width < 22; ++width)
    for (const int64_t k : {2, 3, 4, 5, 6, 7})
      for (const int64_t s : {1, 2})
        check_kernels(depthwise({1, 19, 6, width}, k, k, {s, s}, {k / 2, k / 2, k / 2, k / 2}));
  for (const int64_t channels : {16, 23, 33, 58, 67})
    check_kernels(depthwise({2, channels, 8, 10}, 3, 3, {1, 1}, {1, 1, 1, 1}));
  check_kernels(depthwise({1, 1100, 5, 9}, 5, 5, {1, 1}, {2, 2, 2, 2}));
  check_kernels(depthwise({1, 70, 12, 150}, 3, 3, {1, 1}, {1, 1, 1, 1}));
  check_kernels(depthwise({1, 70, 12, 150}, 12, 5, {3, 2}, {9, 0, 7, 3}));
  check_kernels(depthwise({1, 16, 4, 5}, 3, 3, {1, 1}, {9, 20, 11, 21}));
  check_kernels(depthwise({1, 17, 4, 5}, 1, 3, {2, 2}, {0, 7, 3, 8}));
}

TEST(SimdConv, DepthwiseFused) {
  for (const char* activation : {"Relu", "Clip", "HardSwish", "Swish"}) {
    KernelCase c = depthwise({2, 40, 9, 20}, 3, 3, {2, 1}, {1, 1, 1, 1}, activation);
    if (activation == std::string("Clip"))
      c.attrs.push_back({"activation_params", std::vector<float>{-0.25f, 0.5f}});
    c.attrs.push_back({"dilations", std::vector<int64_t>{3, 1}});
    check_kernels(c);
    c.in.pop_back();  // no bias
    check_kernels(c);
  }
}

TEST(SimdConv, DepthwiseDeclined) {
  const auto with = [](const char* name, std::vector<int64_t> value) {
    KernelCase c = depthwise({1, 16, 9, 9}, 3, 3, {1, 1}, {1, 1, 1, 1});
    c.attrs.push_back({name, std::move(value)});
    return c;
  };
  EXPECT_FALSE(declined(with("dilations", {2, 1})));
  EXPECT_TRUE(declined(depthwise({1, 15, 9, 9}, 3, 3, {1, 1}, {1, 1, 1, 1})));
  EXPECT_TRUE(declined(with("dilations", {1, 2})));
  EXPECT_TRUE(declined(depthwise({1, 16, 9, 9}, 3, 3, {1, 3}, {1, 1, 1, 1})));
  EXPECT_TRUE(declined(depthwise({1, 16, 9, 9}, 3, 8, {1, 1}, {1, 1, 1, 1})));
  KernelCase c = depthwise({1, 16, 9, 9}, 3, 3, {1, 1}, {1, 1, 1, 1});
  c.in_layouts = c.out_layouts = {};
  EXPECT_TRUE(declined(c));
}

// Row-major: strips of lines and images between their padding, whatever the strides.
TEST(SimdConv, Strips) {
  const auto lines = [](const Dims& x, const Dims& w, std::vector<int64_t> strides, std::vector<int64_t> pads,
                        std::vector<int64_t> dilations) {
    check_kernels(KernelCase{.op = "FusedConv",
                             .in = {random_f32(x, 1, -1, 1), random_f32(w, 2, -1, 1), random_f32({w[0]}, 3)},
                             .attrs = {{"strides", std::move(strides)},
                                       {"pads", std::move(pads)},
                                       {"dilations", std::move(dilations)},
                                       {"group", x[1]},
                                       {"activation", std::string("Swish")}},
                             .domain = "lite",
                             .relative = 1e-5,
                             .absolute = 5e-5});
  };
  for (const int64_t filters : {1, 3})
    for (const int64_t stride : {1, 2, 3}) {
      const int64_t s = stride, m = filters * 5;
      lines({2, 5, 40}, {m, 1, 7}, {s}, {3, 3}, {1});
      lines({1, 5, 3000}, {m, 1, 9}, {s}, {0, 11}, {2});
      lines({2, 5, 9, 11}, {m, 1, 3, 3}, {s, s}, {1, 1, 1, 1}, {1, 1});
      lines({1, 5, 12, 101}, {m, 1, 1, 7}, {1, s}, {0, 3, 0, 2}, {1, 2});
      lines({1, 5, 64, 70}, {m, 1, 5, 2}, {s, 1}, {4, 0, 1, 1}, {3, 1});
      lines({1, 5, 8, 8}, {m, 1, 3, 3}, {s, s}, {9, 9, 9, 9}, {1, 1});
    }
  lines({1, 2, 5, 700}, {2, 1, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1});
  lines({1, 2, 30, 20}, {4, 1, 1, 1}, {2, 3}, {0, 0, 0, 0}, {1, 1});
  // Some of the remainders by the stride, in rows longer and shorter than a vector, and at the end of the
  // image.
  for (const int64_t stride : {3, 4, 5})
    for (const int64_t width : {23, 64, 101}) {
      lines({1, 3, 13, width}, {3, 1, 2, 2}, {stride, stride}, {0, 0, 0, 0}, {1, 1});
      lines({1, 3, 13, width}, {6, 1, 3, 2}, {stride, stride}, {1, 2, 1, 1}, {1, 2});
      lines({1, 3, 13, width}, {3, 1, 7, 7}, {2, stride}, {3, 3, 3, 3}, {1, 1});
    }
}

KernelCase columns(const Dims& x, const Dims& w, std::vector<int64_t> strides, std::vector<int64_t> pads,
                   int64_t group, const std::string& activation = "") {
  KernelCase c{.op = "FusedConv",
               .in = {random_f32(x, 1, -1, 1), random_f32(w, 2, -1, 1), random_f32({w[0]}, 3)},
               .attrs = {{"strides", std::move(strides)}, {"pads", std::move(pads)}, {"group", group}},
               .domain = "lite",
               .relative = 1e-5,
               .absolute = 5e-5,
               .kernel = "conv_columns:simd",
               .threads = {2, 4},
               .unranked = true};
  if (!activation.empty()) c.attrs.push_back({"activation", activation});
  return c;
}

// Row-major: lines, images and volumes, in groups; every number of outputs up to two panels and more than a
// block; what a place reads for a vector of outputs lies together, in two vectors, in four, or further apart;
// vectors that see padding only.
TEST(SimdConv, Columns) {
  for (int64_t n = 1; n < 70; ++n) check_kernels(columns({1, 5, n}, {7, 5, 1}, {1}, {0, 0}, 1));
  for (const int64_t filters : {1, 12, 13, 49, 100})
    for (const int64_t channels : {3, 70})
      check_kernels(
          columns({2, 2 * channels, 9, 13}, {2 * filters, channels, 1, 1}, {1, 1}, {0, 0, 0, 0}, 2));
  for (const int64_t s : {1, 2, 3, 4, 5})
    for (const int64_t k : {1, 2, 3, 7}) {
      check_kernels(columns({2, 6, 111}, {8, 3, k}, {s}, {k / 2, k - 1}, 2));
      check_kernels(columns({1, 6, 19, 40}, {8, 3, k, k}, {s, s}, {k / 2, k / 2, 0, k - 1}, 2));
      check_kernels(columns({1, 4, 9, 8, 7}, {5, 4, k, 1, k}, {s, 1, s}, {k / 2, 0, 0, k / 2, 0, k - 1}, 1));
    }
  check_kernels(columns({1, 4, 30, 3}, {6, 4, 3, 3}, {1, 1}, {1, 1, 1, 1}, 1));
  check_kernels(columns({1, 2, 4, 5}, {6, 2, 3, 3}, {1, 1}, {20, 19, 18, 17}, 1));
  check_kernels(columns({1, 260, 60, 60}, {9, 260, 2, 2}, {1, 1}, {0, 0, 0, 0}, 1));
  check_kernels(columns({1, 1200, 6, 6}, {14, 1200, 1, 1}, {1, 1}, {0, 0, 0, 0}, 1, "Relu"));
}

TEST(SimdConv, ColumnsFused) {
  for (const char* activation : {"", "Relu", "HardSwish", "Swish"})
    for (const int64_t k : {1, 3})
      for (const int64_t after : {0, 1}) {
        KernelCase c =
            columns({2, 12, 9, 13}, {20, 6, k, k}, {1, 1}, {k / 2, k / 2, k / 2, k / 2}, 2, activation);
        check_kernels(c);
        c.in.push_back(random_f32({2, 20, 9, 13}, 4));
        c.attrs.push_back({"residual_after", after});
        check_kernels(c);
        c.in[2] = Tensor();  // no bias
        check_kernels(c);
        c.attrs.push_back({"dilations", std::vector<int64_t>{1, 2}});
        c.attrs[1] = {"pads", std::vector<int64_t>{k / 2, k - 1, k / 2, k - 1}};
        check_kernels(c);
      }
  // So many filters that the activation takes them in parts.
  for (const int64_t k : {1, 3})
    for (const int64_t channels : {5, 70})
      check_kernels(columns({1, channels, 30, 31}, {53, channels, k, k}, {1, 1}, {0, 0, 0, 0}, 1, "Tanh"));
}

TEST(SimdConv, ColumnsDeclined) {
  EXPECT_FALSE(declined(columns({1, 64, 14, 14}, {48, 64, 1, 1}, {1, 1}, {0, 0, 0, 0}, 1)));
  EXPECT_FALSE(declined(columns({1, 32, 28, 28}, {48, 8, 3, 3}, {1, 1}, {0, 0, 0, 0}, 4)));
  // Winograd's algorithm, and a few pixels that fill no vector.
  EXPECT_TRUE(declined(columns({1, 64, 28, 28}, {64, 64, 3, 3}, {1, 1}, {1, 1, 1, 1}, 1)));
  EXPECT_TRUE(declined(columns({1, 512, 3, 3}, {512, 512, 1, 1}, {1, 1}, {0, 0, 0, 0}, 1)));
  KernelCase c = columns({1, 64, 14, 14}, {48, 64, 1, 1}, {1, 1}, {0, 0, 0, 0}, 1);
  c.out_layouts = {Layout::kChannelsLast};
  EXPECT_TRUE(declined(c));
}

KernelCase planes(const Dims& x, const Dims& w, std::vector<int64_t> strides, std::vector<int64_t> pads,
                  const std::string& activation = "") {
  KernelCase c{.op = "FusedConv",
               .in = {random_f32(x, 1, -1, 1), random_f32(w, 2, -1, 1), random_f32({w[0]}, 3)},
               .attrs = {{"strides", std::move(strides)}, {"pads", std::move(pads)}},
               .domain = "lite",
               .out_layouts = {Layout::kChannelsLast},
               .constant = {false, true},
               .relative = 1e-5,
               .absolute = 5e-5,
               .kernel = "conv_planes:simd",
               .threads = {2, 4}};
  if (!activation.empty()) c.attrs.push_back({"activation", activation});
  return c;
}

// From row-major to channels last: every width of a tile, filters that fill no vector or several panels,
// tiles within the image and over each of its edges.
TEST(SimdConv, Planes) {
  for (int64_t width = 3; width < 33; ++width)
    check_kernels(planes({1, 1, 3, width}, {17, 1, 3, 3}, {1, 1}, {0, 0, 0, 0}));
  for (const int64_t filters : {1, 7, 8, 9, 16, 24, 32, 40, 67})
    check_kernels(planes({2, 3, 13, 37}, {filters, 3, 3, 3}, {2, 2}, {1, 1, 1, 1}, "Relu"));
  for (const int64_t channels : {1, 2, 3, 4})
    for (const int64_t k : {1, 2, 3, 5, 7})
      for (const int64_t s : {1, 2, 4})
        check_kernels(planes({1, channels, 21, 43}, {20, channels, k, k}, {s, s}, {k / 2, k - 1, k / 2, 0}));
  check_kernels(planes({1, 3, 32, 64}, {70, 3, 16, 16}, {16, 16}, {0, 0, 0, 0}));
  check_kernels(planes({3, 3, 9, 130}, {33, 3, 5, 3}, {1, 3}, {7, 4, 0, 9}));  // rows of padding only
  check_kernels(planes({2, 2, 301}, {12, 2, 10}, {5}, {3, 0}, "Swish"));
  check_kernels(planes({1, 1, 5, 2}, {4, 1, 3, 3}, {2, 2}, {1, 1, 1, 1}));
  check_kernels(planes({2, 40, 1, 1}, {8, 40, 1, 1}, {5, 5}, {2, 0, 0, 0}));
  for (const int64_t filters : {5, 32})
    for (const int64_t group : {1, 5}) {
      KernelCase c =
          planes({2, 70, 9, 31}, {filters * group, 70 / group, 1, 1}, {1, 1}, {0, 0, 0, 0}, "Swish");
      c.attrs.push_back({"group", group});
      check_kernels(c);
      c.in[0] = random_f32({2, 70, 3, 4, 15}, 4);
      c.in[1] = random_f32({filters * group, 70 / group, 1, 1, 1}, 5);
      c.attrs[0] = {"strides", std::vector<int64_t>{1, 1, 1}};
      c.attrs[1] = {"pads", std::vector<int64_t>(6, 0)};
      check_kernels(c);
    }
  // Channels that meet in the cache; rows of a prime number of pixels.
  for (const int64_t filters : {9, 32}) {
    check_kernels(planes({1, 50, 32, 64}, {filters, 50, 1, 1}, {1, 1}, {0, 0, 0, 0}, "Tanh"));
    check_kernels(planes({2, 500, 16, 64}, {filters, 500, 1, 1}, {1, 1}, {0, 0, 0, 0}, "Relu"));
    check_kernels(planes({1, 7, 101}, {filters, 7, 1}, {1}, {0, 0}, "Tanh"));
  }
}

TEST(SimdConv, PlanesFused) {
  for (const char* activation : {"Relu", "Clip", "HardSwish", "Swish"})
    for (const int64_t filters : {12, 300}) {
      KernelCase c = planes({2, 3, 20, 31}, {filters, 3, 3, 3}, {2, 2}, {1, 1, 1, 1}, activation);
      if (activation == std::string("Clip"))
        c.attrs.push_back({"activation_params", std::vector<float>{-0.25f, 0.5f}});
      c.attrs.push_back({"dilations", std::vector<int64_t>{2, 3}});
      check_kernels(c);
      c.in.pop_back();  // no bias
      check_kernels(c);
    }
}

TEST(SimdConv, PlanesDeclined) {
  EXPECT_FALSE(declined(planes({1, 3, 64, 64}, {8, 3, 3, 3}, {1, 1}, {1, 1, 1, 1})));
  EXPECT_TRUE(declined(planes({1, 3, 64, 65}, {8, 3, 3, 3}, {1, 1}, {1, 1, 1, 1})));
  EXPECT_FALSE(declined(planes({1, 3, 128, 130}, {8, 3, 3, 3}, {2, 1}, {1, 1, 1, 1})));
  EXPECT_FALSE(declined(planes({1, 64, 70, 70}, {32, 64, 1, 1}, {1, 1}, {0, 0, 0, 0})));
  EXPECT_TRUE(declined(planes({1, 64, 70, 70}, {33, 64, 1, 1}, {1, 1}, {0, 0, 0, 0})));
  EXPECT_TRUE(declined(planes({1, 5, 16, 16}, {8, 5, 3, 3}, {2, 2}, {1, 1, 1, 1})));
  EXPECT_TRUE(declined(planes({1, 4, 8, 8}, {8, 4, 50, 50}, {2, 2}, {50, 50, 50, 50})));
  KernelCase c = planes({1, 2, 16, 16}, {8, 1, 3, 3}, {2, 2}, {1, 1, 1, 1});
  c.attrs.push_back({"group", 2});
  EXPECT_TRUE(declined(c));
  c = planes({1, 16, 16, 16}, {8, 8, 1, 1}, {1, 1}, {0, 0, 0, 0});
  c.attrs.push_back({"group", 2});
  EXPECT_FALSE(declined(c));
  c.attrs[1] = {"pads", std::vector<int64_t>{0, 0, 1, 0}};
  EXPECT_TRUE(declined(c));
  // As many results as inputs, but of the padding.
  EXPECT_TRUE(declined(planes({1, 999, 1, 1}, {8, 999, 1, 1}, {5, 5}, {2, 2, 0, 0})));
  c = planes({1, 3, 6, 6, 6}, {8, 3, 1, 1, 2}, {1, 1, 1}, {0, 0, 0, 0, 0, 0});
  EXPECT_TRUE(declined(c));
  c = planes({1, 2, 16, 16}, {8, 2, 3, 3}, {2, 2}, {1, 1, 1, 1});
  c.constant = {};
  EXPECT_TRUE(declined(c));
}

TEST(SimdConv, Pointwise) {
  const Layout l = Layout::kChannelsLast;
  for (const Dims& x : {Dims{1, 35, 1, 1}, Dims{2, 16, 1, 2}, Dims{2, 7, 5, 9}, Dims{1, 12, 30}})
    for (const int64_t filters : {1, 20, 67})
      for (const int64_t after : {0, 1}) {
        Dims w(x.size(), 1), y = x;
        w[0] = y[1] = filters;
        w[1] = x[1];
        KernelCase c{.op = "FusedConv",
                     .in = {random_f32(x, 1, -1, 1), random_f32(w, 2, -1, 1), random_f32({filters}, 3),
                            random_f32(y, 4)},
                     .attrs = {{"activation", std::string("Swish")}, {"residual_after", after}},
                     .domain = "lite",
                     .in_layouts = {l, Layout::kPlain, Layout::kPlain, l},
                     .out_layouts = {l},
                     .constant = {false, true},
                     .relative = 1e-5,
                     .absolute = 5e-5};
        check_kernels(c);
      }
}

// Listed places: strides, padding on one side, dilations, groups, one to three dimensions, a residual that is
// overwritten, products that are worked through in parts, windows of which whole tiles see nothing.
TEST(SimdConv, Listed) {
  const auto conv = [](const Dims& x, const Dims& w, std::vector<int64_t> strides, std::vector<int64_t> pads,
                       std::vector<int64_t> dilations, const Dims& residual, int64_t after,
                       const char* activation = nullptr) {
    const Layout l = Layout::kChannelsLast;
    if (activation == nullptr) activation = after != 0 ? "Swish" : "Relu";
    KernelCase c{.op = "FusedConv",
                 .in = {random_f32(x, 1, -1, 1), random_f32(w, 2, -1, 1), random_f32({w[0]}, 3)},
                 .attrs = {{"strides", std::move(strides)},
                           {"pads", std::move(pads)},
                           {"dilations", std::move(dilations)},
                           {"group", x[1] / w[1]},
                           {"activation", std::string(activation)},
                           {"residual_after", after}},
                 .domain = "lite",
                 .in_layouts = {l, Layout::kPlain, Layout::kPlain, l},
                 .out_layouts = {l},
                 .constant = {false, true},
                 .relative = 1e-5,
                 .absolute = 3e-4,
                 .kernel = "conv_indirect:simd"};
    if (!residual.empty()) c.in.push_back(random_f32(residual, 4));
    check_kernels(c);
  };
  for (const int64_t after : {0, 1}) {
    conv({1, 70, 7, 7}, {66, 70, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, {1, 66, 7, 7}, after);
    conv({2, 64, 9, 5}, {64, 64, 3, 2}, {2, 1}, {0, 1, 2, 0}, {2, 3}, {2, 64, 4, 3}, after);
  }
  conv({2, 65, 14, 13}, {80, 65, 1, 1}, {2, 3}, {0, 0, 0, 0}, {1, 1}, {}, 0);
  conv({1, 64, 40}, {65, 64, 5}, {3}, {2, 2}, {1}, {}, 0);
  conv({1, 64, 3, 4, 5}, {64, 64, 2, 2, 2}, {1, 2, 1}, {0, 1, 0, 1, 0, 0}, {1, 1, 2}, {}, 0);
  conv({1, 64, 2, 2}, {64, 64, 3, 3}, {1, 1}, {4, 4, 4, 4}, {1, 1}, {}, 0);
  conv({2, 20, 7, 6}, {28, 5, 5, 5}, {1, 1}, {2, 2, 2, 2}, {1, 1}, {2, 28, 7, 6}, 0);
  conv({1, 6, 21, 19}, {9, 2, 3, 5}, {2, 1}, {3, 4, 0, 1}, {1, 2}, {}, 0);
  conv({1, 7, 17, 40}, {13, 7, 3, 3}, {1, 1}, {5, 5, 5, 5}, {1, 1}, {}, 0);
  conv({1, 1030, 3, 3}, {5, 1030, 2, 2}, {1, 1}, {0, 0, 1, 1}, {1, 1}, {1, 5, 3, 3}, 0);
  // Few channels of places side by side.
  conv({2, 5, 9, 40}, {11, 5, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, {2, 11, 9, 40}, 0);
  conv({1, 16, 12, 61}, {33, 16, 4, 5}, {2, 2}, {0, 2, 3, 1}, {3, 1}, {}, 0);
  conv({1, 3, 6, 90}, {8, 3, 2, 3}, {1, 1}, {1, 5, 0, 4}, {1, 1}, {}, 0);
  conv({3, 9, 100}, {20, 9, 7}, {3}, {3, 3}, {1}, {}, 0);
  // Many pixels: the activation follows by itself.
  conv({1, 5, 51, 50}, {11, 5, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, {1, 11, 51, 50}, 0, "HardSwish");
  conv({2, 6, 40, 50}, {12, 3, 3, 3}, {1, 1}, {1, 1, 1, 1}, {1, 1}, {}, 0, "Swish");
  conv({1, 16, 5, 1}, {132, 4, 3, 1}, {1, 1}, {1, 0, 1, 0}, {1, 1}, {}, 1);
}

TEST(SimdConv, Lines) {
  struct Line {
    int64_t in, taps, pad_begin, pad_end, dilation;
  };
  for (const Line& s :
       {Line{100, 7, 0, 0, 1}, {1, 3, 1, 1, 1}, {37, 4, 2, 5, 3}, {1024, 5, 2, 2, 1}, {2500, 3, 40, 9, 20}})
    for (const int64_t c : {1, 5}) {
      KernelCase k{.op = "FusedConv",
                   .in = {random_f32({2, c, s.in}, 1, -1, 1), random_f32({c, 1, s.taps}, 2, -1, 1),
                          random_f32({c}, 3)},
                   .attrs = {{"group", c},
                             {"pads", std::vector<int64_t>{s.pad_begin, s.pad_end}},
                             {"dilations", std::vector<int64_t>{s.dilation}},
                             {"activation", std::string("Relu")}},
                   .domain = "lite",
                   .relative = 1e-5,
                   .absolute = 1e-5};
      check_kernels(k);
      k.op = "Conv";
      k.domain = "";
      k.attrs.pop_back();
      k.in.pop_back();
      check_kernels(k);
    }
}

TEST(SimdConv, Fused) {
  const Layout l = Layout::kChannelsLast;
  for (const int64_t group : {1, 12})
    for (const int64_t after : {0, 1}) {
      KernelCase c{.op = "FusedConv",
                   .in = {random_f32({2, 12, 6, 7}, 1, -1, 1), random_f32({12, 12 / group, 3, 3}, 2, -1, 1),
                          Tensor(), random_f32({2, 12, 6, 7}, 4)},
                   .attrs = {{"pads", std::vector<int64_t>{1, 1, 1, 1}},
                             {"group", group},
                             {"activation", std::string("HardSwish")},
                             {"residual_after", after}},
                   .domain = "lite",
                   .in_layouts = {l, Layout::kPlain, Layout::kPlain, l},
                   .out_layouts = {l},
                   .constant = {false, true},
                   .relative = 1e-5,
                   .absolute = 5e-5};
      check_kernels(c);
    }
}

}  // namespace
}  // namespace lite::test
