#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

constexpr Layout kLayouts[] = {Layout::kPlain, Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16};
constexpr DType kTypes[] = {DType::kU8, DType::kI16, DType::kF32, DType::kI64};

Tensor numbers(DType t, const Dims& d, uint32_t seed = 1) { return random_ints(t, d, seed, 0, 100); }
Attr ints(const char* name, std::vector<int64_t> v) { return {name, std::move(v)}; }
Attr integer(const char* name, int64_t v) { return {name, v}; }

TEST(SimdMove, Transpose) {
  const std::pair<Dims, std::vector<int64_t>> cases[] = {{{5}, {0}},
                                                         {{1, 1}, {1, 0}},
                                                         {{3, 5}, {1, 0}},
                                                         {{4, 4}, {1, 0}},
                                                         {{67, 130}, {1, 0}},
                                                         {{2, 7, 3, 16}, {0, 2, 1, 3}},
                                                         {{2, 9, 4, 5}, {0, 2, 3, 1}},
                                                         {{3, 33, 35}, {0, 2, 1}},
                                                         {{2, 3, 4}, {-1, 0, -2}},
                                                         {{3, 33, 35}, {2, 1, 0}},
                                                         {{2, 3, 4, 5, 6}, {4, 2, 0, 3, 1}},
                                                         {{2, 3, 4, 2}, {1, 2, 0, 3}},
                                                         {{200, 300}, {1, 0}}};
  for (const auto& [dims, perm] : cases)
    for (const DType t : kTypes)
      check_kernels({.op = "Transpose", .in = {numbers(t, dims)}, .attrs = {ints("perm", perm)}});
  check_kernels({.op = "Transpose", .in = {numbers(DType::kF32, {3, 4, 5})}});
}

TEST(SimdMove, ConcatAndSplit) {
  for (const DType t : kTypes)
    for (const int64_t axis : {0, 1, 2, -1}) {
      Dims a{2, 3, 4, 5}, b = a, c = a;
      const size_t d = axis < 0 ? 3 : static_cast<size_t>(axis);
      b[d] = 1;
      c[d] = 7;
      check_kernels({.op = "Concat",
                     .in = {numbers(t, a, 1), numbers(t, b, 2), numbers(t, c, 3)},
                     .attrs = {integer("axis", axis)}});
      Dims whole = a;
      whole[d] = 9;
      check_kernels({.op = "Split",
                     .in = {numbers(t, whole), i64({3}, {2, 6, 1})},
                     .attrs = {integer("axis", axis)},
                     .outputs = 3,
                     .constant = {false, true}});
    }
}

TEST(SimdMove, ConcatAndSplitInLayouts) {
  for (const Layout l : {Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16}) {
    const auto image = [](int64_t c, int64_t h) {
      return random_f32({2, c, h, 3}, static_cast<uint32_t>(c + h));
    };
    check_kernels({.op = "Concat",
                   .in = {image(16, 4), image(32, 4), image(5, 4)},
                   .attrs = {integer("axis", 1)},
                   .in_layouts = {l, l, l},
                   .out_layouts = {l}});
    check_kernels({.op = "Concat",
                   .in = {image(5, 4), image(5, 2)},
                   .attrs = {integer("axis", 2)},
                   .in_layouts = {l, l},
                   .out_layouts = {l}});
    check_kernels({.op = "Split",
                   .in = {image(37, 4), i64({3}, {16, 16, 5})},
                   .attrs = {integer("axis", 1)},
                   .outputs = 3,
                   .in_layouts = {l},
                   .out_layouts = {l, l, l},
                   .constant = {false, true}});
    check_kernels(
        {.op = "Slice",
         .in = {image(37, 9), i64({2}, {16, 1}), i64({2}, {37, 8}), i64({2}, {1, 2}), i64({2}, {1, 3})},
         .in_layouts = {l},
         .out_layouts = {l},
         .constant = {false, true, true, true, true}});
  }
}

TEST(SimdMove, Slice) {
  for (const DType t : kTypes) {
    const Tensor x = numbers(t, {5, 6, 33});
    const std::vector<bool> known{false, true, true, true, true};
    check_kernels({.op = "Slice", .in = {x, i64({2}, {1, 2}), i64({2}, {4, 1000})}, .constant = known});
    check_kernels({.op = "Slice",
                   .in = {x, i64({2}, {-1, 30}), i64({2}, {-1000, 3}), i64({2}, {0, 2}), i64({2}, {-1, -3})},
                   .constant = known});
    check_kernels({.op = "Slice",
                   .in = {x, i64({1}, {2}), i64({1}, {30}), i64({1}, {-1}), i64({1}, {1000})},
                   .constant = known});
  }
  EXPECT_TRUE(declined({.op = "Slice", .in = {numbers(DType::kF32, {5}), i64({1}, {1}), i64({1}, {4})}}));
}

TEST(SimdMove, ExpandAndTile) {
  for (const DType t : kTypes) {
    check_kernels(
        {.op = "Expand", .in = {numbers(t, {3, 1, 5}), i64({4}, {2, 3, 7, 5})}, .constant = {false, true}});
    check_kernels(
        {.op = "Expand", .in = {numbers(t, {3, 4, 1}), i64({3}, {1, 1, 70})}, .constant = {false, true}});
    check_kernels({.op = "Expand", .in = {numbers(t, {}), i64({2}, {3, 11})}, .constant = {false, true}});
    check_kernels(
        {.op = "Tile", .in = {numbers(t, {3, 1, 5}), i64({3}, {2, 3, 4})}, .constant = {false, true}});
    check_kernels({.op = "Expand",
                   .in = {numbers(t, {2, 3, 1, 5, 1}), i64({5}, {2, 3, 4, 5, 33})},
                   .constant = {false, true}});
    // Short rows, and those at the ends of what is short.
    for (const int64_t n : {3, 15, 16, 17, 31, 64, 100, 256, 257})
      check_kernels(
          {.op = "Tile", .in = {numbers(t, {2, 9, n}), i64({3}, {1, 2, 2})}, .constant = {false, true}});
  }
}

TEST(SimdMove, Reorder) {
  for (const Layout from : kLayouts)
    for (const Layout to : kLayouts) {
      if ((from == Layout::kBlocked8 && to == Layout::kBlocked16) ||
          (from == Layout::kBlocked16 && to == Layout::kBlocked8))
        continue;
      for (const DType t : {DType::kF32, DType::kU8})
        for (const Dims& d : {Dims{2, 3, 5, 7}, Dims{1, 16, 3, 3}, Dims{2, 37, 35}, Dims{1, 64, 1, 1}})
          check_kernels(
              {.op = "Reorder",
               .in = {numbers(t, d)},
               .attrs = {{"from", std::string(layout_name(from))}, {"to", std::string(layout_name(to))}},
               .domain = "lite",
               .in_layouts = {from},
               .out_layouts = {to}});
    }
}

TEST(SimdMove, ChannelShuffle) {
  for (const Layout l : {Layout::kPlain, Layout::kChannelsLast})
    for (const DType t : kTypes)
      for (const Dims& d : {Dims{2, 6, 5, 7}, Dims{1, 24, 9}, Dims{2, 12, 1, 1}})
        for (const int64_t g : {2, 3})
          check_kernels({.op = "ChannelShuffle",
                         .in = {numbers(t, d)},
                         .attrs = {integer("groups", g)},
                         .domain = "lite",
                         .in_layouts = {l},
                         .out_layouts = {l}});
}

TEST(SimdMove, Pad) {
  for (const DType t : kTypes) {
    const std::vector<bool> known{false, true, false, true};
    check_kernels(
        {.op = "Pad", .in = {numbers(t, {3, 4, 5}), i64({6}, {1, 0, 2, 0, 3, 4})}, .constant = known});
    check_kernels({.op = "Pad",
                   .in = {numbers(t, {3, 4, 5}), i64({6}, {-1, 2, 0, 0, -1, 1}), numbers(t, {})},
                   .constant = known});
    check_kernels({.op = "Pad",
                   .in = {numbers(t, {3, 4, 5}), i64({2}, {1, 2}), numbers(t, {}), i64({1}, {-1})},
                   .constant = known});
    // Nothing of x is left.
    check_kernels(
        {.op = "Pad", .in = {numbers(t, {3}), i64({2}, {-3, 4}), numbers(t, {})}, .constant = known});
  }
}

TEST(SimdMove, DepthAndSpace) {
  for (const DType t : kTypes) {
    for (const char* mode : {"DCR", "CRD"}) {
      check_kernels({.op = "DepthToSpace",
                     .in = {numbers(t, {2, 12, 3, 5})},
                     .attrs = {integer("blocksize", 2), {"mode", std::string(mode)}}});
      check_kernels({.op = "SpaceToDepth",
                     .in = {numbers(t, {2, 3, 6, 9})},
                     .attrs = {integer("blocksize", 3), {"mode", std::string(mode)}}});
      // Rows whose elements take turns, of less than a vector to more than two.
      for (const int64_t n : {1, 2, 5, 8, 14, 16, 17, 37})
        check_kernels({.op = "SpaceToDepth",
                       .in = {numbers(t, {2, 3, 4, 2 * n})},
                       .attrs = {integer("blocksize", 2), {"mode", std::string(mode)}}});
    }
  }
}

TEST(SimdMove, Trilu) {
  for (const DType t : kTypes)
    for (const int64_t upper : {0, 1})
      for (const Dims& d : {Dims{1, 1}, Dims{5, 7}, Dims{2, 3, 9, 4}, Dims{300, 200}}) {
        check_kernels({.op = "Trilu", .in = {numbers(t, d)}, .attrs = {integer("upper", upper)}});
        for (const int64_t k : {int64_t{-1}, int64_t{2}, int64_t{5}, INT64_MIN, INT64_MAX})
          check_kernels(
              {.op = "Trilu", .in = {numbers(t, d), i64({}, {k})}, .attrs = {integer("upper", upper)}});
      }
}

TEST(SimdMove, Resize) {
  const auto check = [](const Tensor& x, const std::vector<int64_t>& sizes, const char* mode,
                        const char* coordinates) {
    for (const Layout l : {Layout::kPlain, Layout::kChannelsLast})
      check_kernels({.op = "Resize",
                     .in = {x, Tensor(), Tensor(), i64({4}, sizes)},
                     .attrs = {{"mode", std::string(mode)},
                               {"coordinate_transformation_mode", std::string(coordinates)}},
                     .in_layouts = {l},
                     .out_layouts = {l},
                     .constant = {false, false, false, true},
                     .relative = 1e-5,
                     .absolute = 1e-5});
  };
  for (const char* coordinates : {"half_pixel", "asymmetric", "align_corners"})
    for (const Dims& d : {Dims{2, 3, 5, 7}, Dims{1, 37, 4, 4}}) {
      for (const DType t : kTypes)
        check(numbers(t, d), {d[0], d[1], 2 * d[2], 3 * d[3]}, "nearest", coordinates);
      for (const char* mode : {"nearest", "linear", "cubic"}) {
        check(random_f32(d, 1), {d[0], d[1], 9, 11}, mode, coordinates);
        check(random_f32(d, 1), {d[0], d[1], 3, d[3]}, mode, coordinates);
      }
    }
}

// Shrinking with antialias takes many elements for one; lines are images of one row; volumes.
TEST(SimdMove, ResizeMore) {
  for (const char* mode : {"linear", "cubic"})
    for (const Dims& d : {Dims{1, 3, 31, 47}, Dims{1, 5, 16, 100}})
      for (const Layout l : {Layout::kPlain, Layout::kChannelsLast})
        check_kernels({.op = "Resize",
                       .in = {random_f32(d, 1), Tensor(), Tensor(),
                              i64({4}, {1, d[1], d[2] / 3, l == Layout::kPlain ? 9 : d[3] - 1})},
                       .attrs = {{"mode", std::string(mode)}, {"antialias", int64_t{1}}},
                       .in_layouts = {l},
                       .out_layouts = {l},
                       .constant = {false, false, false, true},
                       .relative = 1e-5,
                       .absolute = 1e-5});
  for (const char* mode : {"nearest", "linear", "cubic"})
    for (const int64_t length : {1, 13, 60})
      check_kernels({.op = "Resize",
                     .in = {random_f32({2, 3, 29}, 1), Tensor(), Tensor(), i64({3}, {2, 3, length})},
                     .attrs = {{"mode", std::string(mode)}},
                     .constant = {false, false, false, true},
                     .relative = 1e-5,
                     .absolute = 1e-5});
  for (const char* mode : {"nearest", "linear", "cubic"})
    for (const auto& to : {std::vector<int64_t>{2, 3, 8, 10, 14}, {2, 3, 3, 5, 9}, {2, 3, 4, 11, 7}})
      check_kernels({.op = "Resize",
                     .in = {random_f32({2, 3, 4, 5, 7}, 1), Tensor(), Tensor(), i64({5}, to)},
                     .attrs = {{"mode", std::string(mode)}},
                     .constant = {false, false, false, true},
                     .relative = 1e-5,
                     .absolute = 1e-5});
}

}  // namespace
}  // namespace lite::test
