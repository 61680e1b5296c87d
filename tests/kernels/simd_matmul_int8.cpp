// Products of 8-bit matrices: every size of tile's rest, every mixture of signs, zero points of all kinds.
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

struct Size {
  int64_t m, n, k;
};
constexpr Size kSizes[] = {{1, 1, 1},    {1, 1000, 64}, {2, 4, 32},    {3, 5, 33},    {7, 66, 100},
                           {33, 65, 31}, {64, 64, 16},  {5, 130, 257}, {61, 40, 3000}};
constexpr DType kTypes[] = {DType::kU8, DType::kI8};

TEST(SimdMatMulInt8, Integer) {
  for (const auto& [m, n, k] : kSizes)
    for (const DType a : kTypes)
      for (const DType b : kTypes) {
        check_kernels({.op = "MatMulInteger",
                       .in = {random_bytes(a, {m, k}, 1), random_bytes(b, {k, n}, 2), one_byte(a, 100),
                              one_byte(b, 77)},
                       .constant = {false, true, false, true}});
        check_kernels({.op = "MatMulInteger",
                       .in = {random_bytes(a, {m, k}, 1), random_bytes(b, {k, n}, 2)},
                       .constant = {false, true}});
      }
  // Rows of several batches; a vector; zero points by column; the largest products there are.
  check_kernels({.op = "MatMulInteger",
                 .in = {random_bytes(DType::kU8, {2, 3, 5, 40}, 1), random_bytes(DType::kU8, {40, 9}, 2),
                        one_byte(DType::kU8, 3), random_bytes(DType::kU8, {9}, 4)},
                 .constant = {false, true, true, true}});
  check_kernels({.op = "MatMulInteger",
                 .in = {random_bytes(DType::kI8, {40}, 1), random_bytes(DType::kI8, {40, 9}, 2)},
                 .constant = {false, true}});
  check_kernels({.op = "MatMulInteger",
                 .in = {random_ints(DType::kU8, {4, 4096}, 1, 255, 255),
                        random_ints(DType::kI8, {4096, 8}, 2, -128, -128), one_byte(DType::kU8, 0),
                        one_byte(DType::kI8, 127)},
                 .constant = {false, true, true, true}});
}

TEST(SimdMatMulInt8, Linear) {
  for (const auto& [m, n, k] : kSizes)
    for (const DType a : kTypes)
      for (const DType y : kTypes) {
        const float scale = 4.0f / static_cast<float>(k);
        check_kernels({.op = "QLinearMatMul",
                       .in = {random_bytes(a, {m, k}, 1), f32({}, {0.02f}), one_byte(a, 120),
                              random_bytes(DType::kI8, {k, n}, 2), random_f32({n}, 3, scale / 2, scale),
                              random_ints(DType::kI8, {n}, 4, -5, 5), f32({}, {0.03f}), one_byte(y, 9)},
                       .constant = {false, true, true, true, true, true, true, true}});
      }
}

// Of two calculated matrices, and of batches that share matrices.
TEST(SimdMatMulInt8, CalculatedMatrices) {
  struct Case {
    Dims a, b;
  };
  const Case cases[] = {{{3, 5}, {5, 7}},           {{40, 33}, {33, 70}},    {{2, 3, 37, 16}, {2, 3, 16, 40}},
                        {{3, 4, 9}, {2, 1, 9, 33}}, {{1, 50, 6}, {5, 6, 1}}, {{5, 2, 6}, {1, 6, 17}},
                        {{11}, {4, 11, 3}},         {{4, 3, 11}, {11}},      {{2, 600, 3}, {2, 3, 5}}};
  for (const Case& c : cases)
    for (const DType a : kTypes)
      for (const DType b : kTypes)
        for (const bool constant : {false, true}) {
          check_kernels(
              {.op = "QLinearMatMul",
               .in = {random_bytes(a, c.a, 1), f32({}, {0.02f}), one_byte(a, 120), random_bytes(b, c.b, 2),
                      f32({}, {0.05f}), one_byte(b, 77), f32({}, {0.3f}), one_byte(a, 9)},
               .constant = {false, true, true, constant, true, true, true, true},
               .kernel = "qlinear_matmul:simd",
               .threads = {2, 3}});
          check_kernels({.op = "MatMulInteger",
                         .in = {random_bytes(a, c.a, 1), random_bytes(b, c.b, 2), one_byte(a, 100)},
                         .constant = {false, constant, false},
                         .kernel = "matmul_integer:simd",
                         .threads = {2, 3}});
        }
}

TEST(SimdMatMulInt8, OneByOneConvolutions) {
  for (const DType x : kTypes)
    for (const auto& [pixels, filters, channels] : kSizes) {
      const Tensor w = random_bytes(DType::kI8, {filters, channels, 1, 1}, 2);
      for (const Layout l : {Layout::kPlain, Layout::kChannelsLast}) {
        const Dims dims = l == Layout::kPlain ? Dims{pixels, channels, 1, 1} : Dims{2, channels, 1, pixels};
        check_kernels(
            {.op = "QLinearConv",
             .in = {random_bytes(x, dims, 1), f32({}, {0.02f}), one_byte(x, 120), w,
                    random_f32({filters}, 3, 0.001f, 0.02f), one_byte(DType::kI8, 0), f32({}, {0.03f}),
                    one_byte(x, 9), random_ints(DType::kI32, {filters}, 5, -3000, 3000)},
             .in_layouts = {l},
             .out_layouts = {l},
             .constant = {false, true, true, true, true, true, true, true, true}});
        check_kernels({.op = "ConvInteger",
                       .in = {random_bytes(x, dims, 1), w, one_byte(x, 3)},
                       .in_layouts = {l},
                       .out_layouts = {l},
                       .constant = {false, true, true}});
      }
    }
}

// Padding, strides, dilations, one to three dimensions, more places than are widened at once.
TEST(SimdMatMulInt8, Convolutions) {
  struct Case {
    Dims x, w;
    Attrs attrs;
  };
  using Ints = std::vector<int64_t>;
  const Case cases[] = {
      {{2, 5, 7, 9}, {6, 5, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}}},
      {{1, 3, 23, 25}, {9, 3, 7, 7}, {{"pads", Ints{3, 2, 3, 3}}, {"strides", Ints{2, 2}}}},
      {{1, 40, 31, 33}, {70, 40, 3, 3}, {{"pads", Ints{2, 2, 2, 2}}, {"dilations", Ints{2, 2}}}},
      {{1, 4, 5, 5}, {8, 4, 1, 1}, {{"strides", Ints{2, 2}}}},
      {{1, 4, 1, 1}, {8, 4, 1, 1}, {{"strides", Ints{2, 2}}, {"pads", Ints{1, 1, 0, 0}}}},
      {{2, 6, 50}, {5, 6, 4}, {{"pads", Ints{0, 3}}}},
      {{1, 3, 4, 5, 6}, {7, 3, 2, 3, 2}, {{"pads", Ints{1, 0, 1, 0, 1, 0}}}},
  };
  for (const DType x : kTypes)
    for (const Case& c : cases) {
      const Tensor w = random_bytes(DType::kI8, c.w, 2);
      const float scale = 4.0f / static_cast<float>(w.elements() / c.w[0]);
      check_kernels(
          {.op = "QLinearConv",
           .in = {random_bytes(x, c.x, 1), f32({}, {0.02f}), one_byte(x, 120), w,
                  random_f32({c.w[0]}, 3, scale / 2, scale), random_ints(DType::kI8, {c.w[0]}, 4, -5, 5),
                  f32({}, {0.03f}), one_byte(x, 9), random_ints(DType::kI32, {c.w[0]}, 5, -3000, 3000)},
           .attrs = c.attrs,
           .in_layouts = {Layout::kChannelsLast},
           .out_layouts = {Layout::kChannelsLast},
           .constant = {false, true, true, true, true, true, true, true, true}});
      check_kernels({.op = "ConvInteger",
                     .in = {random_bytes(x, c.x, 1), w, one_byte(x, 3)},
                     .attrs = c.attrs,
                     .in_layouts = {Layout::kChannelsLast},
                     .out_layouts = {Layout::kChannelsLast},
                     .constant = {false, true}});
    }
}

TEST(SimdMatMulInt8, DeclinesWhatMayNotFitOrHasGroups) {
  const auto takes = [](const Dims& x, const Dims& w, Attrs attrs, Layout l = Layout::kChannelsLast) {
    return accepted_by("conv_integer:simd",
                       {.op = "ConvInteger",
                        .in = {random_bytes(DType::kU8, x, 1), random_bytes(DType::kI8, w, 2)},
                        .attrs = std::move(attrs),
                        .in_layouts = {l},
                        .out_layouts = {l},
                        .constant = {false, true}},
                       {});
  };
  EXPECT_TRUE(takes({1, 4, 5, 5}, {8, 4, 1, 1}, {}));
  EXPECT_FALSE(takes({1, 4, 5, 5}, {8, 4, 1, 1}, {}, Layout::kPlain));
  EXPECT_FALSE(takes({1, 4, 5, 5}, {8, 2, 1, 1}, {{"group", int64_t{2}}}));
  EXPECT_FALSE(takes({1, 4200, 2, 2}, {1, 4200, 2, 2}, {}));
}

}  // namespace
}  // namespace lite::test
