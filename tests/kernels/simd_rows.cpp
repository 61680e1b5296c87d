// Softmax, normalisation and reduction.
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

Attr integer(const char* name, int64_t v) { return {name, v}; }
constexpr int64_t kLengths[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 35, 63, 64, 67, 1000};
constexpr Layout kLayouts[] = {Layout::kPlain, Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16};

TEST(SimdRows, Softmax) {
  for (const char* op : {"Softmax", "LogSoftmax"}) {
    for (const int64_t n : kLengths) {
      check_kernels({.op = op, .in = {random_f32({3, n}, 1, -20, 20)}, .relative = 2e-6, .absolute = 2e-6});
      check_kernels({.op = op,
                     .in = {random_f32({2, 5, n}, 2, -20, 20)},
                     .attrs = {integer("axis", 1)},
                     .relative = 2e-6,
                     .absolute = 2e-6});
    }
    check_kernels({.op = op, .in = {random_f32({20000, 2}, 3)}, .relative = 2e-6, .absolute = 2e-6});
    check_kernels({.op = op,
                   .in = {f32({3, 3}, {1, -kInf, 2, kNaN, 1, 2, 1e30f, 0, -1e30f})},
                   .relative = 2e-6,
                   .absolute = 2e-6});
  }
}

TEST(SimdRows, LayerNormalization) {
  for (const int64_t n : kLengths) {
    const Tensor x = random_f32({3, n}, 1), scale = random_f32({n}, 2), bias = random_f32({n}, 3);
    check_kernels({.op = "LayerNormalization", .in = {x, scale, bias}, .relative = 1e-5, .absolute = 2e-5});
    check_kernels(
        {.op = "LayerNormalization", .in = {x, scale}, .outputs = 3, .relative = 1e-5, .absolute = 2e-5});
    check_kernels({.op = "RMSNormalization", .in = {x, scale}, .relative = 1e-5, .absolute = 1e-5});
    check_kernels({.op = "AddNormalization",
                   .in = {x, random_f32({3, n}, 4), scale, bias},
                   .domain = "lite",
                   .outputs = 2,
                   .relative = 1e-5,
                   .absolute = 2e-5});
    check_kernels({.op = "AddNormalization",
                   .in = {x, random_f32({3, n}, 4), scale},
                   .domain = "lite",
                   .relative = 1e-5,
                   .absolute = 2e-5});
  }
  check_kernels({.op = "LayerNormalization",
                 .in = {random_f32({2, 3, 4, 5}, 1), random_f32({4, 5}, 2), random_f32({4, 5}, 3)},
                 .attrs = {integer("axis", 2)},
                 .relative = 1e-5,
                 .absolute = 1e-5});
}

TEST(SimdRows, GroupAndInstance) {
  for (const Dims& d : {Dims{2, 6, 5, 7}, Dims{1, 12, 67}, Dims{3, 6, 1}}) {
    const Tensor x = random_f32(d, 1), scale = random_f32({d[1]}, 2), bias = random_f32({d[1]}, 3);
    check_kernels({.op = "GroupNormalization",
                   .in = {x, scale, bias},
                   .attrs = {integer("num_groups", 3)},
                   .relative = 1e-5,
                   .absolute = 2e-5});
    check_kernels(
        {.op = "InstanceNormalization", .in = {x, scale, bias}, .relative = 1e-5, .absolute = 2e-5});
  }
}

TEST(SimdRows, BatchNormalization) {
  for (const Layout l : kLayouts)
    for (const Dims& d : {Dims{2, 6, 5, 7}, Dims{1, 37, 9}, Dims{2, 16, 1, 1}})
      check_kernels({.op = "BatchNormalization",
                     .in = {random_f32(d, 1), random_f32({d[1]}, 2), random_f32({d[1]}, 3),
                            random_f32({d[1]}, 4), random_f32({d[1]}, 5, 0.1f, 2)},
                     .in_layouts = {l},
                     .out_layouts = {l},
                     .relative = 1e-5,
                     .absolute = 1e-5});
}

TEST(SimdRows, LocalResponse) {
  for (const int64_t size : {1, 2, 5, 100})
    for (const Dims& d : {Dims{2, 7}, Dims{1, 1, 5}, Dims{2, 6, 5, 7}, Dims{1, 9, 33, 35}}) {
      const KernelCase c{.op = "LRN",
                         .in = {random_f32(d, 1)},
                         .attrs = {integer("size", size), {"alpha", 0.3f}, {"beta", 0.6f}, {"bias", 1.5f}},
                         .relative = 2e-6,
                         .absolute = 1e-7};
      check_kernels(c);
    }
  check_kernels({.op = "LRN",
                 .in = {f32({1, 4, 1}, {kNaN, 1, 2, kInf})},
                 .attrs = {integer("size", 3)},
                 .relative = 2e-6});
}

TEST(SimdRows, Reductions) {
  for (const char* op : {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1",
                         "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"}) {
    const std::string name = op;
    const float lo = name == "ReduceLogSum" ? 0.5f
                     : name == "ReduceProd" ? 0.99f
                                            : -2.0f,
                hi = name == "ReduceProd" ? 1.01f : 2.0f;
    const auto check = [&](const Dims& d, const std::vector<int64_t>& axes, int64_t keep) {
      const auto n = static_cast<int64_t>(axes.size());
      check_kernels({.op = op,
                     .in = {random_f32(d, 1, lo, hi), i64({n}, axes)},
                     .attrs = {integer("keepdims", keep)},
                     .constant = {false, true},
                     .relative = 2e-5,
                     .absolute = 1e-4});
    };
    for (const int64_t n : kLengths) {
      check({5, n}, {1}, 1);
      check({n, 5}, {0}, 0);
      check({2, n, 35}, {1}, 1);
      check({2, 3, n, 2}, {2, 3}, 0);
    }
    check({3, 1, 4, 1}, {0, 1, 2, 3}, 1);
    check({3, 1, 4, 5}, {0, 1, 2}, 1);
    check({2, 70000}, {1}, 1);
    check({600, 3}, {0}, 1);
  }
  check_kernels({.op = "ReduceSum", .in = {random_f32({3, 5}, 1)}, .relative = 1e-5, .absolute = 1e-5});
  check_kernels(
      {.op = "ReduceMax",
       .in = {f32({4, 3}, {1, kNaN, 2, kNaN, 1, 2, 1, 2, kNaN, -kInf, -kInf, -kInf}), i64({1}, {1})},
       .constant = {false, true}});
  // What is not finite, at both ends of a row, and numbers whose exponentials are not.
  const Tensor x = f32({5, 3}, {1, kNaN, 2, kInf, 1, 2, 1, 2, kNaN, -kInf, -kInf, -kInf, 500, 499, -500});
  for (const int64_t axis : {0, 1})
    check_kernels({.op = "ReduceLogSumExp",
                   .in = {x, i64({1}, {axis})},
                   .constant = {false, true},
                   .relative = 1e-6,
                   .absolute = 1e-6});
}

TEST(SimdRows, SpatialReductionsInLayouts) {
  for (const Layout l : kLayouts)
    for (const Dims& d : {Dims{2, 6, 5, 7}, Dims{1, 80, 19, 19}, Dims{2, 16, 1, 1}}) {
      const Tensor x = random_f32(d, 1);
      for (const char* op : {"GlobalAveragePool", "GlobalMaxPool"})
        check_kernels(
            {.op = op, .in = {x}, .in_layouts = {l}, .out_layouts = {l}, .relative = 1e-5, .absolute = 1e-6});
      check_kernels({.op = "ReduceMean",
                     .in = {x, i64({2}, {2, -1})},
                     .in_layouts = {l},
                     .out_layouts = {l},
                     .constant = {false, true},
                     .relative = 1e-5,
                     .absolute = 1e-6});
    }
}

}  // namespace
}  // namespace lite::test
