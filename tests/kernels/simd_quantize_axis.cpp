#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

Attr integer(const char* name, int64_t v) { return {name, v}; }

TEST(SimdQuantizeAxis, OneScale) {
  for (const DType t : {DType::kU8, DType::kI8})
    for (const int64_t n : {1, 2, 7, 8, 15, 16, 17, 33, 35, 40000})
      for (const Layout l : {Layout::kPlain, Layout::kBlocked16}) {
        const Dims d = l == Layout::kPlain ? Dims{n} : Dims{1, 16, n};
        const Tensor zero = random_ints(t, {}, 3, 0, 100);
        const std::vector<bool> known{false, true, true};
        check_kernels({.op = "QuantizeLinear",
                       .in = {random_f32(d, 1, -300, 300), f32({}, {0.7f}), zero},
                       .in_layouts = {l},
                       .out_layouts = {l},
                       .constant = known,
                       .kernel = "_axis:simd"});
        check_kernels({.op = "DequantizeLinear",
                       .in = {random_ints(t, d, 2, 0, 100), f32({}, {0.7f}), zero},
                       .in_layouts = {l},
                       .out_layouts = {l},
                       .constant = known,
                       .kernel = "_axis:simd"});
      }
  check_kernels({.op = "QuantizeLinear",
                 .in = {f32({7}, {kNaN, kInf, -kInf, 1e30f, 0.5f, 1.5f, -2.5f}), f32({}, {1}), u8({}, {3})},
                 .constant = {false, true, true},
                 .kernel = "_axis:simd"});
  check_kernels({.op = "DequantizeLinear",
                 .in = {random_ints(DType::kI32, {67}, 1, -100000, 100000), f32({}, {0.3f})},
                 .constant = {false, true},
                 .kernel = "_axis:simd"});
}

TEST(SimdQuantizeAxis, AlongAnAxis) {
  for (const int64_t axis : {0, 1, -1}) {
    const Dims d{5, 19, 37};
    const int64_t n = d[axis < 0 ? 2 : static_cast<size_t>(axis)];
    const std::vector<bool> known{false, true, true};
    const Tensor scale = random_f32({n}, 2, 0.1f, 2), zero = random_ints(DType::kI8, {n}, 3, -50, 50);
    check_kernels({.op = "QuantizeLinear",
                   .in = {random_f32(d, 1, -100, 100), scale, zero},
                   .attrs = {integer("axis", axis)},
                   .constant = known,
                   .kernel = "_axis:simd"});
    check_kernels({.op = "DequantizeLinear",
                   .in = {random_ints(DType::kI8, d, 1, -128, 127), scale, zero},
                   .attrs = {integer("axis", axis)},
                   .constant = known,
                   .kernel = "_axis:simd"});
  }
  const Layout l = Layout::kChannelsLast;
  check_kernels({.op = "DequantizeLinear",
                 .in = {random_ints(DType::kU8, {2, 19, 3, 5}, 1, 0, 255), random_f32({19}, 2, 0.1f, 2)},
                 .in_layouts = {l},
                 .out_layouts = {l},
                 .constant = {false, true},
                 .kernel = "_axis:simd"});
}

TEST(SimdQuantizeAxis, Dynamic) {
  for (const int64_t n : {1, 7, 16, 33, 40000})
    check_kernels({.op = "DynamicQuantizeLinear", .in = {random_f32({n}, 1)}, .outputs = 3});
  check_kernels({.op = "DynamicQuantizeLinear", .in = {f32({3}, {0, 0, 0})}, .outputs = 3});
  check_kernels({.op = "DynamicQuantizeLinear", .in = {f32({3}, {1, 2, 5})}, .outputs = 3});
}

}  // namespace
}  // namespace lite::test
