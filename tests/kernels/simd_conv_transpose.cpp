#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;

struct Shape {
  Dims x, w;
  Ints strides, pads, dilations;
  int64_t group = 1;
  Ints output_padding = {};
};

KernelCase transpose(const Shape& s, bool bias) {
  KernelCase c{
      .op = "ConvTranspose",
      .in = {random_f32(s.x, 1, -1, 1), random_f32(s.w, 2, -1, 1)},
      .attrs = {{"strides", s.strides}, {"pads", s.pads}, {"dilations", s.dilations}, {"group", s.group}},
      .constant = {false, true},
      .relative = 1e-5,
      .absolute = 5e-5,
      .kernel = "conv_transpose:simd"};
  if (bias) c.in.push_back(random_f32({s.w[1] * s.group}, 3));
  if (!s.output_padding.empty()) c.attrs.push_back({"output_padding", s.output_padding});
  return c;
}

// Lines, images and volumes; phases without taps, with different numbers of them and without outputs; pads
// that take away whole rows and columns of the input, and output padding that no input reaches; one or two
// channels, and many, whose planes meet in the cache; more filters, columns, rows and planes than are made at
// once.
TEST(SimdConvTranspose, Shapes) {
  const Shape shapes[] = {
      {{2, 8, 17}, {8, 5, 4}, {2}, {0, 0}, {1}},
      {{1, 9, 700}, {9, 3, 3}, {1}, {1, 1}, {1}},
      {{1, 9, 30}, {9, 50, 3}, {5}, {1, 2}, {2}, 1, {3}},
      {{1, 16, 9, 11}, {16, 7, 4, 4}, {2, 2}, {1, 1, 1, 1}, {1, 1}},
      {{2, 16, 9, 11}, {16, 7, 3, 3}, {2, 2}, {1, 1, 1, 1}, {1, 1}, 2, {1, 1}},
      {{1, 8, 40, 47}, {8, 60, 3, 2}, {1, 3}, {0, 2, 1, 0}, {1, 1}},
      {{1, 8, 5, 6}, {8, 3, 1, 2}, {3, 4}, {0, 0, 0, 0}, {1, 1}, 1, {2, 1}},
      {{1, 8, 5, 6}, {8, 3, 3, 3}, {2, 1}, {5, 4, 3, 3}, {3, 2}},
      {{1, 8, 1, 1}, {8, 4, 2, 3}, {2, 2}, {0, 0, 1, 2}, {1, 1}},
      {{1, 24, 3, 4, 5}, {24, 2, 2, 3, 2}, {2, 1, 2}, {0, 1, 0, 1, 1, 0}, {1, 1, 1}, 3},
      {{1, 8, 2, 2, 3}, {8, 2, 3, 3, 3}, {2, 2, 3}, {1, 1, 1, 1, 1, 1}, {1, 1, 1}, 1, {1, 1, 0}},
      {{2, 6, 9, 11}, {6, 9, 3, 4}, {3, 2}, {1, 1, 1, 1}, {1, 1}, 2},
      {{1, 1, 20}, {1, 20, 5}, {3}, {2, 0}, {1}},
      {{2, 80, 9, 23}, {80, 1, 7, 7}, {3, 3}, {3, 3, 3, 3}, {1, 1}, 8},
      {{2, 32, 9, 11}, {32, 9, 4, 3}, {2, 2}, {1, 1, 1, 1}, {1, 1}, 2, {0, 1}},
      {{1, 8, 5, 6}, {8, 9, 3, 3}, {2, 1}, {5, 4, 3, 3}, {3, 2}},
      {{1, 8, 5, 6}, {8, 10, 1, 2}, {3, 4}, {0, 0, 0, 0}, {1, 1}, 1, {2, 1}},
      {{1, 24, 3, 4, 5}, {24, 9, 2, 3, 2}, {2, 1, 2}, {0, 1, 0, 1, 1, 0}, {1, 1, 1}, 3},
      {{2, 2, 40, 47}, {2, 6, 3, 2}, {1, 3}, {0, 2, 1, 0}, {1, 1}},
      {{2, 5, 9, 21}, {5, 1, 4, 4}, {2, 2}, {1, 1, 1, 1}, {1, 1}, 5},
      {{1, 4, 3, 4, 35}, {4, 9, 2, 3, 2}, {2, 1, 2}, {0, 1, 0, 1, 1, 0}, {1, 1, 1}, 2},
      {{2, 40, 61, 37}, {40, 21, 5, 5}, {1, 1}, {0, 0, 3, 1}, {3, 1}},
      {{1, 24, 3000}, {24, 7, 9}, {2}, {3, 0}, {1}, 1, {1}},
      {{1, 20, 30, 17, 19}, {20, 3, 3, 3, 2}, {2, 1, 3}, {1, 1, 0, 0, 1, 1}, {1, 1, 1}},
      {{1, 64, 32, 32}, {64, 20, 4, 4}, {2, 2}, {1, 1, 1, 1}, {1, 1}},
      {{1, 300, 14, 14}, {300, 33, 3, 3}, {4, 4}, {0, 0, 0, 0}, {1, 1}},
  };
  for (const Shape& s : shapes)
    for (const bool bias : {false, true}) check_kernels(transpose(s, bias));
  // Rows that end anywhere in the last vectors.
  for (const int64_t stride : {1, 2, 3, 4, 5})
    for (int64_t width = 1; width < 40; width += width < 10 ? 1 : 5)
      for (const int64_t pad : {0, 1})
        check_kernels(transpose({{1, 3, width}, {3, 5, 3}, {stride}, {pad, 0}, {1}}, true));
}

// Without strides: a convolution by the turned window.
TEST(SimdConvTranspose, Columns) {
  const Shape shapes[] = {
      {{2, 8, 17}, {8, 5, 4}, {1}, {0, 0}, {1}},
      {{1, 9, 700}, {9, 13, 1}, {1}, {0, 0}, {1}},
      {{2, 6, 9, 11}, {6, 7, 2, 3}, {1, 1}, {1, 2, 0, 1}, {1, 1}, 3},
      {{1, 8, 5, 6}, {8, 9, 3, 3}, {1, 1}, {5, 4, 3, 3}, {3, 2}},
      {{1, 8, 4, 5, 6}, {8, 3, 2, 3, 2}, {1, 1, 1}, {1, 0, 0, 1, 1, 0}, {1, 2, 1}, 2},
  };
  for (const Shape& s : shapes)
    for (const bool bias : {false, true}) {
      KernelCase c = transpose(s, bias);
      c.kernel = "transposed_conv_columns:simd";
      c.unranked = true;
      check_kernels(c);
    }
  KernelCase strided = transpose({{1, 8, 5}, {8, 12, 2}, {2}, {0, 0}, {1}}, false);
  strided.kernel = "transposed_conv_columns:simd";
  EXPECT_TRUE(declined(strided));
}

TEST(SimdConvTranspose, Declines) {
  // A list for each of so many phases would not fit into memory.
  EXPECT_TRUE(declined(transpose({{1, 8, 1, 1}, {8, 2, 1, 1}, {1 << 30, 1}, {0, 0, 0, 0}, {1, 1}}, false)));
  // More rows of places than are listed.
  EXPECT_TRUE(declined(transpose({{1, 8, 2, 2}, {8, 2, 300, 1}, {2, 1}, {0, 0, 0, 0}, {1, 1}}, false)));
  KernelCase unknown = transpose({{1, 8, 5}, {8, 2, 2}, {1}, {0, 0}, {1}}, false);
  unknown.constant.clear();
  EXPECT_TRUE(declined(unknown));
}

}  // namespace
}  // namespace lite::test
