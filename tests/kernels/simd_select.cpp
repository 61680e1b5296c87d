// ArgMax, ArgMin, Hardmax, TopK, CumSum, CumProd, GatherElements, ScatterElements, Pad, GridSample and
// RoiAlign.
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

Attr integer(const char* name, int64_t v) { return {name, v}; }
constexpr int64_t kLengths[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 35, 63, 64, 67, 1000};

// Few different numbers, some of them NaN and -0: equal ones abound.
Tensor coarse(const Dims& dims, uint32_t seed) {
  Tensor t = random_f32(dims, seed, -3, 3);
  float* const v = t.mutable_data<float>();
  for (int64_t i = 0; i < t.elements(); ++i) {
    v[i] = std::round(v[i]);
    if ((i * 7 + seed) % 41 == 0) v[i] = kNaN;
    if ((i + seed) % 13 == 0) v[i] = -0.0f;
  }
  return t;
}

TEST(SimdSelect, Arg) {
  for (const char* op : {"ArgMax", "ArgMin"})
    for (const int64_t last : {0, 1})
      for (const int64_t n : kLengths) {
        const Attrs attrs{integer("axis", 1), integer("select_last_index", last)};
        for (uint32_t seed = 0; seed < 4; ++seed) {
          check_kernels({.op = op, .in = {coarse({5, n}, seed)}, .attrs = attrs});
          check_kernels({.op = op, .in = {coarse({2, 9, n}, seed)}, .attrs = attrs});
          check_kernels({.op = op, .in = {coarse({2, n, 35}, seed)}, .attrs = attrs});
        }
        check_kernels({.op = op, .in = {random_f32({3, n}, 9)}, .attrs = attrs});
      }
}

TEST(SimdSelect, Hardmax) {
  for (const int64_t n : kLengths) {
    // Of several that are equal the first counts.
    Tensor x = random_f32({5, n}, 3, -3, 3);
    for (int64_t i = 0; i < x.elements(); ++i) x.mutable_data<float>()[i] = std::round(x.data<float>()[i]);
    check_kernels({.op = "Hardmax", .in = {x}});
    check_kernels({.op = "Hardmax", .in = {random_f32({2, 300, n}, 9)}, .attrs = {integer("axis", 2)}});
  }
  EXPECT_TRUE(declined({.op = "Hardmax", .in = {random_f32({2, 3, 4}, 9)}, .attrs = {integer("axis", 1)}}));
}

TEST(SimdSelect, TopK) {
  for (const int64_t largest : {0, 1})
    for (const int64_t n : {1, 5, 64, 200, 1000})
      for (const int64_t k : {1, 2, 5, 63, 100, 200, 999})
        for (uint32_t seed = 0; seed < 2 && k <= n; ++seed) {
          const Attrs attrs{integer("axis", 1), integer("largest", largest)};
          const Tensor count = i64({1}, {k});
          for (const Tensor& x : {coarse({3, n}, seed), random_f32({2, n, 3}, seed)})
            check_kernels(
                {.op = "TopK", .in = {x, count}, .attrs = attrs, .outputs = 2, .constant = {false, true}});
        }
  // Already in order, and the other way round: each number displaces another.
  Tensor up = random_f32({1, 3000}, 1);
  for (int64_t i = 0; i < 3000; ++i) up.mutable_data<float>()[i] = static_cast<float>(i);
  for (const int64_t largest : {0, 1})
    check_kernels({.op = "TopK",
                   .in = {up, i64({1}, {20})},
                   .attrs = {integer("largest", largest)},
                   .outputs = 2,
                   .constant = {false, true}});
}

TEST(SimdSelect, Scans) {
  for (const char* op : {"CumSum", "CumProd"})
    for (const int64_t exclusive : {0, 1})
      for (const int64_t reverse : {0, 1})
        for (const int64_t axis : {0, 1, 2}) {
          const Attrs attrs{integer("exclusive", exclusive), integer("reverse", reverse)};
          const auto check = [&](const Tensor& x) {
            check_kernels({.op = op, .in = {x, i64({}, {axis})}, .attrs = attrs, .constant = {false, true}});
          };
          check(coarse({3, 17, 35}, 1));
          check(random_f32({2, 3, 600}, 2, 0.9f, 1.1f));
          check(random_ints(DType::kI32, {3, 40, 5}, 3, -100000, 100000));
          check(random_ints(DType::kI64, {3, 40, 5}, 4, -100000, 100000));
        }
}

TEST(SimdSelect, GatherAndScatterElements) {
  for (const DType type : {DType::kF32, DType::kU8, DType::kI64, DType::kI16})
    for (const int64_t axis : {0, 1, 2})
      for (const DType index : {DType::kI32, DType::kI64}) {
        const Dims dims{4, 5, 300};
        Dims part{3, 5, 290};
        const int64_t size = dims[static_cast<size_t>(axis)];
        part[static_cast<size_t>(axis)] = 7;
        const auto data = [&](const Dims& d, uint32_t seed) {
          return type == DType::kF32 ? random_f32(d, seed) : random_ints(type, d, seed, 0, 100);
        };
        const Tensor at = random_ints(index, part, 5, -size, size - 1);
        check_kernels({.op = "GatherElements", .in = {data(dims, 1), at}, .attrs = {integer("axis", axis)}});
        // Equal indices, many of them: the last one counts.
        check_kernels({.op = "ScatterElements",
                       .in = {data(dims, 1), at, data(part, 2)},
                       .attrs = {integer("axis", axis)}});
      }
  for (const Dims& none : {Dims{0, 5}, Dims{4, 0}})
    for (const int64_t axis : {0, 1}) {
      const Attrs attrs{integer("axis", axis)};
      const Tensor at = random_ints(DType::kI64, none, 1, 0, 0);
      check_kernels(
          {.op = "ScatterElements", .in = {random_f32({4, 5}, 1), at, random_f32(none, 2)}, .attrs = attrs});
      check_kernels({.op = "GatherElements", .in = {random_f32({4, 5}, 1), at}, .attrs = attrs});
    }
  for (const int64_t wrong : {-5, 4}) {
    Tensor at = random_ints(DType::kI64, {3, 5}, 5, 0, 3);
    at.mutable_data<int64_t>()[7] = wrong;
    const std::string message =
        "index " + std::to_string(wrong) + " is out of range for dimension 0 of size 4";
    check_kernels_fail({.op = "GatherElements", .in = {random_f32({4, 5}, 1), at}}, message);
    check_kernels_fail({.op = "ScatterElements", .in = {random_f32({4, 5}, 1), at, random_f32({3, 5}, 2)}},
                       message);
  }
  // In a row of vectors and behind them.
  for (const int64_t wrong : {int64_t{-41}, int64_t{40}, INT64_MAX, INT64_MIN})
    for (const int64_t place : {20, 75}) {
      Tensor at = random_ints(DType::kI64, {2, 38}, 5, -40, 39);
      at.mutable_data<int64_t>()[place] = wrong;
      check_kernels_fail(
          {.op = "GatherElements", .in = {random_f32({2, 40}, 1), at}, .attrs = {integer("axis", 1)}},
          "index " + std::to_string(wrong) + " is out of range for dimension 1 of size 40");
    }
  EXPECT_TRUE(declined({.op = "ScatterElements",
                        .in = {random_f32({2, 2}, 1), i64({1, 1}, {0}), random_f32({1, 1}, 2)},
                        .attrs = {{"reduction", std::string("add")}}}));
}

TEST(SimdSelect, Pad) {
  for (const char* mode : {"constant", "reflect", "edge", "wrap"})
    for (const DType type : {DType::kF32, DType::kU8, DType::kI16, DType::kI64}) {
      const auto check = [&](const Dims& dims, const std::vector<int64_t>& pads) {
        const Tensor x = type == DType::kF32 ? random_f32(dims, 1) : random_ints(type, dims, 1, 0, 100);
        const Tensor amounts = i64({static_cast<int64_t>(pads.size())}, pads);
        const Tensor value = type == DType::kF32 ? f32({}, {7}) : random_ints(type, {}, 2, 5, 9);
        const Attrs attrs{{"mode", std::string(mode)}};
        check_kernels({.op = "Pad", .in = {x, amounts}, .attrs = attrs, .constant = {false, true}});
        check_kernels({.op = "Pad", .in = {x, amounts, value}, .attrs = attrs, .constant = {false, true}});
      };
      check({2, 3, 7, 9}, {0, 0, 1, 2, 0, 0, 3, 4});
      check({2, 3, 7, 9}, {1, 2, 0, 0, 1, 0, 0, 0});
      check({2, 7, 9, 3}, {0, 1, 2, 0, 0, 3, 4, 0});
      check({4, 5}, {-1, 2, 3, -2});
      check({5}, {11, 17});
      check({1, 1}, {2, 2, 1, 1});
      check({70, 67}, {0, 60, 1, 61});
    }
  check_kernels({.op = "Pad",
                 .in = {random_f32({2, 6, 5}, 3), i64({2}, {2, 1}), {}, i64({1}, {-1})},
                 .attrs = {{"mode", std::string("reflect")}},
                 .constant = {false, true, false, true}});
}

TEST(SimdSelect, GridSample) {
  for (const char* mode : {"nearest", "linear", "cubic"})
    for (const char* padding : {"zeros", "border", "reflection"})
      for (const int64_t align : {0, 1})
        for (const Dims& d : {Dims{2, 3, 5, 7}, Dims{1, 33, 1, 9}, Dims{1, 1, 40, 31}}) {
          Tensor x = random_f32(d, 1), grid = random_f32({d[0], 9, 37, 2}, 2, -1.4f, 1.4f);
          x.mutable_data<float>()[3] = kNaN;
          grid.mutable_data<float>()[5] = kNaN;
          grid.mutable_data<float>()[8] = kInf;
          check_kernels({.op = "GridSample",
                         .in = {x, grid},
                         .attrs = {{"mode", std::string(mode)},
                                   {"padding_mode", std::string(padding)},
                                   integer("align_corners", align)},
                         .relative = 1e-5,
                         .absolute = 1e-5});
        }
}

TEST(SimdSelect, RoiAlign) {
  // Regions inside, outside and across the edge of the image, of less than an element, turned round, and of
  // no numbers; more cells in a row, and longer rows, than a group has.
  const std::vector<float> corners{1, 2, 5, 6, -9, -9, -5, -4, -3, -2, 40, 50, 3, 3, 3.2f, 3.1f, 6, 5, 2, 1};
  Tensor rois = f32({7, 4}, std::vector<float>(28, kNaN));
  std::copy(corners.begin(), corners.end(), rois.mutable_data<float>());
  std::fill_n(rois.mutable_data<float>() + 20, 4, kInf);
  const Tensor images = i64({7}, {0, 1, 1, 0, 1, 0, 1});
  for (const char* how : {"half_pixel", "output_half_pixel"})
    for (const int64_t ratio : {0, 1, 2, 5})
      for (const auto& [rows, columns] : {std::pair<int64_t, int64_t>{7, 7}, {1, 1}, {20, 3}, {3, 70}})
        for (const Dims& d : {Dims{2, 3, 25, 31}, Dims{2, 67, 9, 1}, Dims{2, 1, 2, 500}}) {
          Tensor x = random_f32(d, 1);
          x.mutable_data<float>()[3] = kNaN;
          x.mutable_data<float>()[7] = kInf;
          check_kernels({.op = "RoiAlign",
                         .in = {x, rois, images},
                         .attrs = {{"coordinate_transformation_mode", std::string(how)},
                                   {"spatial_scale", 0.75f},
                                   integer("sampling_ratio", ratio),
                                   integer("output_height", rows),
                                   integer("output_width", columns)},
                         .relative = 2e-6,
                         .absolute = 2e-6});
        }
  const Tensor x = random_f32({2, 3, 5, 5}, 1);
  check_kernels_fail({.op = "RoiAlign", .in = {x, rois, i64({7}, {0, 1, 2, 0, 0, 0, 0})}},
                     "batch_indices[2] is 2, wanted in [0,2)");
  check_kernels_fail({.op = "RoiAlign", .in = {x, f32({1, 4}, {0, 0, 1e6f, 1e6f}), i64({1}, {0})}},
                     "region 0 wants 65536 by 65536");
  EXPECT_TRUE(declined({.op = "RoiAlign", .in = {x, rois, images}, .attrs = {{"mode", std::string("max")}}}));
}

}  // namespace
}  // namespace lite::test
