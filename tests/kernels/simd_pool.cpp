#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;

struct Shape {
  Dims x;
  Ints kernel, strides, dilations, pads;
  int64_t ceil = 0;
};

// Lines, images and volumes; windows as wide as the image, that move by more than their width, with holes,
// and that begin or lie in the padding; more rows and columns than a piece of the kernel's work has, and more
// rows in a window than are joined at once; strides with vectors of their own and without.
const Shape kShapes[] = {
    {{2, 3, 17}, {3}, {1}, {1}, {1, 0}},
    {{1, 2, 9001}, {5}, {2}, {3}, {6, 6}},
    {{1, 3, 11, 13}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
    {{2, 5, 56, 57}, {3, 3}, {3, 3}, {1, 1}, {0, 0, 0, 0}},
    {{1, 3, 15, 16}, {3, 2}, {1, 1}, {2, 5}, {2, 5, 2, 0}},
    {{1, 3, 15, 16}, {2, 3}, {3, 2}, {3, 2}, {2, 3, 3, 4}},
    {{1, 2, 7, 7}, {7, 7}, {1, 1}, {1, 1}, {0, 0, 0, 0}},
    {{1, 2, 10, 9}, {2, 2}, {4, 5}, {1, 1}, {1, 1, 0, 1}, 1},
    {{1, 1, 200, 210}, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}},
    {{1, 1, 3, 4099}, {2, 2}, {1, 1}, {1, 1}, {0, 1, 1, 0}},
    {{1, 2, 5, 6, 7}, {2, 3, 2}, {1, 2, 1}, {2, 1, 3}, {1, 1, 2, 0, 1, 2}},
    {{1, 1, 3, 4, 2, 9}, {2, 2, 1, 3}, {1, 2, 1, 2}, {1, 1, 1, 1}, {1, 0, 0, 1, 0, 1, 0, 1}},
    {{1, 2, 4, 4}, {1, 1}, {2, 2}, {1, 1}, {0, 0, 0, 0}},
    {{1, 1, 5, 5}, {1, 1}, {3, 3}, {1, 1}, {3, 3, 3, 3}},
    {{1, 3, 9, 70}, {3, 3}, {2, 2}, {1, 1}, {1, 1, 1, 1}},
    {{1, 2, 9, 103}, {2, 5}, {1, 2}, {1, 1}, {0, 2, 0, 2}},
    {{1, 2, 9, 101}, {2, 4}, {1, 2}, {1, 3}, {1, 5, 0, 4}},
    {{1, 2, 9, 103}, {2, 5}, {1, 3}, {1, 1}, {0, 1, 0, 3}},
    {{1, 2, 9, 103}, {2, 2}, {1, 3}, {1, 1}, {0, 0, 0, 0}},
    {{1, 2, 9, 103}, {2, 3}, {1, 3}, {2, 2}, {0, 1, 1, 0}},
    {{1, 1, 150, 19}, {140, 2}, {1, 1}, {1, 1}, {3, 0, 2, 0}},
    {{2, 2, 8, 10, 34}, {2, 2, 2}, {2, 2, 2}, {1, 1, 1}, {0, 0, 0, 0, 0, 0}},
};

KernelCase pool(const char* op, const Shape& s, uint32_t seed) {
  return {.op = op,
          .in = {random_f32(s.x, seed)},
          .attrs = {{"kernel_shape", s.kernel},
                    {"strides", s.strides},
                    {"dilations", s.dilations},
                    {"pads", s.pads},
                    {"ceil_mode", s.ceil}}};
}

TEST(SimdPool, Max) {
  for (const Shape& s : kShapes) check_kernels(pool("MaxPool", s, 1));
}

TEST(SimdPool, MaxChannelsLast) {
  const auto check = [](const Dims& x, Ints kernel, Ints strides, Ints pads, Ints dilations = {1, 1}) {
    KernelCase c = pool(
        "MaxPool", {x, std::move(kernel), std::move(strides), std::move(dilations), std::move(pads), 1}, 1);
    c.in_layouts = c.out_layouts = {Layout::kChannelsLast};
    c.kernel = "max_pool_channels:simd";
    c.threads = {2, 4};
    c.needs = isa::kAvx2Level;
    c.in[0].mutable_data<float>()[1] = -std::numeric_limits<float>::infinity();
    check_kernels(c);
  };
  for (int64_t width = 4; width < 18; ++width) {
    check({1, 16, 5, width}, {2, 2}, {2, 2}, {0, 0, 0, 0});
    check({1, 17, 5, width}, {3, 3}, {1, 1}, {1, 1, 1, 1});
    check({1, 80, 6, width}, {3, 3}, {2, 2}, {1, 1, 1, 1});
    check({1, 24, 6, width}, {5, 5}, {1, 1}, {2, 2, 2, 2});
  }
  check({2, 100, 9, 170}, {7, 3}, {3, 2}, {3, 1, 2, 0});
  check({1, 90, 9, 30}, {2, 4}, {1, 3}, {1, 5, 0, 4}, {3, 2});
}

TEST(SimdPool, Average) {
  for (const Shape& s : kShapes)
    for (const int64_t padded : {0, 1}) {
      KernelCase c = pool("AveragePool", s, 2);
      c.attrs.push_back({"count_include_pad", padded});
      c.relative = c.absolute = 2e-6;
      check_kernels(c);
    }
}

TEST(SimdPool, Norms) {
  for (const Shape& s : kShapes)
    for (const int64_t p : {1, 2}) {
      KernelCase c = pool("LpPool", s, 3);
      c.attrs.push_back({"p", p});
      c.relative = c.absolute = 4e-6;
      check_kernels(c);
    }
  KernelCase cubes = pool("LpPool", kShapes[2], 3);
  cubes.attrs.push_back({"p", int64_t{3}});
  EXPECT_TRUE(declined(cubes));
}

}  // namespace
}  // namespace lite::test
