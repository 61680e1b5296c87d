#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

Attr integer(const char* name, int64_t v) { return {name, v}; }
Attr number(const char* name, float v) { return {name, v}; }

// All kernels sum in their own order: the error grows with the root of K.
KernelCase near(KernelCase c) {
  c.relative = 1e-5;
  c.absolute = 3e-5;
  return c;
}

TEST(SimdMatMul, Shapes) {
  const std::pair<Dims, Dims> shapes[] = {{{1, 1}, {1, 1}},
                                          {{1, 5}, {5, 131}},
                                          {{2, 7}, {7, 16}},
                                          {{13, 3}, {3, 33}},
                                          {{25, 300}, {300, 65}},
                                          {{100, 20}, {20, 140}},
                                          {{1, 600}, {600, 257}},
                                          {{7}, {7, 5}},
                                          {{4, 7}, {7}},
                                          {{7}, {7}},
                                          {{2, 3, 4, 5}, {5, 6}},
                                          {{2, 3, 4, 5}, {2, 3, 5, 6}},
                                          {{3, 4, 5}, {2, 1, 5, 6}},
                                          {{2, 1, 4, 5}, {3, 5, 6}},
                                          {{3, 1, 70}, {3, 70, 40}}};
  for (const auto& [a, b] : shapes)
    for (const bool constant : {false, true})
      check_kernels(near({.op = "MatMul",
                          .in = {random_f32(a, 1, -1, 1), random_f32(b, 2, -1, 1)},
                          .constant = {false, constant}}));
}

// Every number of vectors that is left over beside panels of every width, every height of a tile, and depths
// that are worked through in pieces.
TEST(SimdMatMul, PanelsAndPieces) {
  const auto product = [](int64_t m, int64_t k, int64_t n) {
    return near({.op = "MatMul",
                 .in = {random_f32({m, k}, 1, -1, 1), random_f32({k, n}, 2, -1, 1)},
                 .constant = {false, true}});
  };
  for (int64_t n = 8; n <= 264; n += 16) check_kernels(product(13, 40, n));
  for (const int64_t n : {48, 64, 96, 128, 192, 193}) check_kernels(product(1, 30, n));
  for (int64_t m = 1; m <= 26; ++m) check_kernels(product(m, 9, 112));
  for (const int64_t k : {1024, 1025, 2600})
    for (const int64_t m : {1, 9, 300}) {
      KernelCase c = product(m, k, 150);
      c.absolute = 3e-4;
      check_kernels(c);
    }
}

// Few rows go through all their panels at once, some through two side by side, with all that a chain begins
// and ends with.
TEST(SimdMatMul, FewRows) {
  for (int64_t m = 1; m <= 9; ++m)
    for (const int64_t n : {64, 112, 200, 264})
      for (const bool residual : {false, true})
        check_kernels(near({.op = "FusedMatMul",
                            .in = {random_f32({m, 40}, 1, -1, 1), random_f32({40, n}, 2, -1, 1),
                                   random_f32({n}, 3), residual ? random_f32({m, n}, 4) : Tensor()},
                            .attrs = {{"activation", std::string("Relu")}},
                            .domain = "lite",
                            .constant = {false, true}}));
}

// A residual that Y overwrites, as deep as that may be, and one that it may not.
TEST(SimdMatMul, DeepResidual) {
  for (const int64_t k : {1024, 1025}) {
    KernelCase c = near({.op = "FusedMatMul",
                         .in = {random_f32({17, k}, 1, -1, 1), random_f32({k, 70}, 2, -1, 1),
                                random_f32({70}, 3), random_f32({17, 70}, 4)},
                         .domain = "lite",
                         .constant = {false, true}});
    c.absolute = 3e-4;
    check_kernels(c);
  }
}

TEST(SimdMatMul, Gemm) {
  for (const int64_t ta : {0, 1})
    for (const int64_t tb : {0, 1})
      for (const Dims& c : {Dims{}, Dims{1}, Dims{37}, Dims{1, 37}, Dims{14, 1}, Dims{14, 37}}) {
        const Tensor a = random_f32(ta ? Dims{300, 14} : Dims{14, 300}, 1, -1, 1),
                     b = random_f32(tb ? Dims{37, 300} : Dims{300, 37}, 2, -1, 1);
        check_kernels(near({.op = "Gemm",
                            .in = {a, b, random_f32(c, 3)},
                            .attrs = {integer("transA", ta), integer("transB", tb), number("alpha", 0.5f)},
                            .constant = {false, true}}));
      }
  check_kernels(near({.op = "Gemm", .in = {random_f32({3, 5}, 1), random_f32({5, 7}, 2)}}));
}

TEST(SimdMatMul, Fused) {
  for (const int64_t after : {0, 1})
    for (const int64_t m : {1, 5, 13, 50})
      for (const int64_t n : {16, 37, 200})
        for (const char* activation : {"Relu", "Gelu"}) {
          const Tensor a = random_f32({2, m, 270}, 1, -1, 1), bias = random_f32({n}, 3),
                       z = random_f32({2, m, n}, 4);
          const Attrs attrs{{"activation", std::string(activation)},
                            integer("residual_after", after),
                            number("alpha", 0.25f)};
          check_kernels(near({.op = "FusedMatMul",
                              .in = {a, random_f32({270, n}, 2, -1, 1), bias, z},
                              .attrs = attrs,
                              .domain = "lite",
                              .constant = {false, true}}));
          check_kernels(near({.op = "FusedMatMul",
                              .in = {a, random_f32({2, 270, n}, 2, -1, 1), Tensor(), z},
                              .attrs = attrs,
                              .domain = "lite"}));
        }
}

}  // namespace
}  // namespace lite::test
