// DFT and STFT.
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

Attr integer(const char* name, int64_t v) { return {name, v}; }
constexpr int64_t kLengths[] = {1,  2,  3,  4,  5,  6,  7,   8,   10,  11, 12,
                                14, 15, 16, 30, 36, 61, 122, 129, 256, 400};

TEST(SimdFft, EveryFormOfDft) {
  for (const int64_t n : kLengths)
    for (const int64_t parts : {1, 2})
      for (const int64_t inverse : {0, 1})
        for (const int64_t onesided : {0, 1}) {
          if (onesided != 0 && inverse == 0 && parts == 2) continue;
          if (onesided != 0 && inverse != 0 && n == 1) continue;
          const Attrs attrs{integer("inverse", inverse), integer("onesided", onesided)};
          const auto scale = static_cast<float>(n);
          for (const Dims& d : {Dims{3, n, parts}, Dims{2, n, 19, parts}})
            check_kernels({.op = "DFT",
                           .in = {random_f32(d, 1), {}, i64({}, {1})},
                           .attrs = attrs,
                           .constant = {false, false, true},
                           .relative = 1e-5,
                           .absolute = 2e-6 * scale});
        }
}

TEST(SimdFft, CutsAndFills) {
  for (const int64_t length : {3, 8, 20, 31})
    for (const int64_t inverse : {0, 1})
      for (const int64_t onesided : {0, 1})
        check_kernels(
            {.op = "DFT",
             .in = {random_f32({2, 12, 3, inverse == 1 ? 2 : 1}, 2), i64({}, {length}), i64({}, {-3})},
             .attrs = {integer("inverse", inverse), integer("onesided", onesided)},
             .constant = {false, true, true},
             .relative = 1e-5,
             .absolute = 3e-5});
}

// The axis may come with the run: every one is prepared.
TEST(SimdFft, AxisAtRunTime) {
  for (const int64_t axis : {0, 1, 2, -2, -4})
    check_kernels({.op = "DFT",
                   .in = {random_f32({4, 10, 6, 2}, 3), {}, i64({}, {axis})},
                   .attrs = {integer("inverse", 1)},
                   .relative = 1e-5,
                   .absolute = 3e-6});
}

// A line's NaN stays in that line.
TEST(SimdFft, Special) {
  Tensor x = random_f32({5, 16, 1}, 4);
  x.mutable_data<float>()[20] = kNaN;
  check_kernels({.op = "DFT", .in = {x}, .relative = 1e-5, .absolute = 1e-5});
}

TEST(SimdFft, Declines) {
  EXPECT_TRUE(declined({.op = "DFT", .in = {random_f32({2, 67, 1}, 1)}}));
  EXPECT_TRUE(declined({.op = "DFT", .in = {random_f32({2, 8, 1}, 1), i64({}, {8})}}));
  EXPECT_TRUE(declined({.op = "DFT", .in = {f64({1, 2, 1}, {1, 2})}}));
}

TEST(SimdFft, Stft) {
  for (const int64_t frame : {4, 15, 16, 400})
    for (const int64_t parts : {1, 2})
      for (const int64_t onesided : {0, 1}) {
        if (onesided != 0 && parts == 2) continue;
        const Tensor signal = random_f32({2, 1601, parts}, 5), step = i64({}, {frame / 3 + 1});
        const Attrs attrs{integer("onesided", onesided)};
        check_kernels({.op = "STFT",
                       .in = {signal, step, random_f32({frame}, 6, 0, 1)},
                       .attrs = attrs,
                       .constant = {false, true},
                       .relative = 1e-5,
                       .absolute = 1e-4});
        check_kernels({.op = "STFT",
                       .in = {signal, step, {}, i64({}, {frame})},
                       .attrs = attrs,
                       .constant = {false, true, false, true},
                       .relative = 1e-5,
                       .absolute = 2e-4});
      }
}

}  // namespace
}  // namespace lite::test
