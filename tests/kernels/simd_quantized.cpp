// Kernels on 8-bit tensors.
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

constexpr int64_t kLengths[] = {1, 3, 7, 8, 15, 16, 17, 33, 63, 64, 67, 1000};
constexpr Layout kLayouts[] = {Layout::kPlain, Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16};

TEST(SimdQuantized, ThereAndBack) {
  for (const DType type : {DType::kU8, DType::kI8}) {
    const Tensor zero = one_byte(type, 5), scale = f32({}, {0.023f});
    for (const int64_t n : kLengths) {
      check_kernels(
          {.op = "QuantizeLinear", .in = {random_f32({n}, 1), scale, zero}, .constant = {false, true, true}});
      check_kernels({.op = "DequantizeLinear",
                     .in = {random_bytes(type, {n}, 2), scale, zero},
                     .constant = {false, true, true}});
    }
    check_kernels(
        {.op = "DequantizeLinear", .in = {random_bytes(type, {40000}, 2), scale}, .constant = {false, true}});
    check_kernels({.op = "QuantizeLinear",
                   .in = {f32({6}, {kNaN, kInf, -kInf, 0.0345f, 1e30f, -0.0f}), scale, zero},
                   .constant = {false, true, true}});
  }
  for (const Layout l : kLayouts)
    check_kernels({.op = "QuantizeLinear",
                   .in = {random_f32({2, 5, 3, 3}, 1), f32({}, {0.1f}), one_byte(DType::kU8, 128)},
                   .in_layouts = {l},
                   .out_layouts = {l},
                   .constant = {false, true, true}});
}

KernelCase binary(const char* op, const Tensor& a, const Tensor& b, Layout l = Layout::kPlain) {
  const Tensor zero = one_byte(a.dtype(), 7);
  return {.op = op,
          .in = {a, f32({}, {0.02f}), zero, b, f32({}, {0.03f}), zero, f32({}, {0.04f}), zero},
          .domain = "com.microsoft",
          .in_layouts = {l, Layout::kPlain, Layout::kPlain, l},
          .out_layouts = {l},
          .constant = {false, true, true, false, true, true, true, true}};
}

// Halves, what lies next to them, and what is no number or beyond the range; scales of every size.
TEST(SimdQuantized, RoundsAsDivisionDoes) {
  for (const float scale : {0.023f, 0.5f, 1.0f / 3, 0x1.fffffep-7f, 1e-12f, 1e12f, 1e-30f, 1e30f, -0.02f})
    for (const DType type : {DType::kU8, DType::kI8}) {
      std::vector<float> x;
      for (int i = -600; i < 600; ++i) {
        const float half = static_cast<float>(i) / 2 * scale;
        x.insert(x.end(), {std::nextafter(half, -INFINITY), half, std::nextafter(half, INFINITY)});
      }
      for (const size_t at : {size_t{5}, size_t{700}, size_t{2000}})
        for (const float v : {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-45f, -0.0f})
          x.insert(x.begin() + static_cast<int64_t>(at), v);
      const auto n = static_cast<int64_t>(x.size());
      KernelCase c{.op = "QuantizeLinear",
                   .in = {f32({1, 3, n / 3}, x), f32({}, {scale}), one_byte(type, 7)},
                   .constant = {false, true, true}};
      check_kernels(c);
      c.out_layouts = {Layout::kChannelsLast};
      c.kernel = "quantize_pixels:simd";
      check_kernels(c);
    }
}

TEST(SimdQuantized, PlanesBecomePixels) {
  for (const DType type : {DType::kU8, DType::kI8})
    for (const Dims& dims :
         {Dims{1, 3, 1, 1}, Dims{2, 3, 5, 7}, Dims{1, 3, 40}, Dims{1, 3, 200, 251}, Dims{3, 3, 2, 4, 4}})
      check_kernels({.op = "QuantizeLinear",
                     .in = {random_f32(dims, 1), f32({}, {0.02f}), one_byte(type, 11)},
                     .out_layouts = {Layout::kChannelsLast},
                     .constant = {false, true, true},
                     .kernel = "quantize_pixels:simd"});
}

TEST(SimdQuantized, SumsAndProducts) {
  for (const char* op : {"QLinearAdd", "QLinearMul"}) {
    for (const DType type : {DType::kU8, DType::kI8}) {
      for (const int64_t n : kLengths) {
        check_kernels(binary(op, random_bytes(type, {n}, 1), random_bytes(type, {n}, 2)));
        check_kernels(binary(op, random_bytes(type, {2, n}, 1), random_bytes(type, {2, 1}, 2)));
      }
      check_kernels(binary(op, random_bytes(type, {40000}, 1), random_bytes(type, {40000}, 2)));
      for (const Layout l : kLayouts)
        check_kernels(
            binary(op, random_bytes(type, {2, 5, 3, 3}, 1), random_bytes(type, {2, 5, 3, 3}, 2), l));
    }
  }
}

TEST(SimdQuantized, GlobalMean) {
  for (const DType type : {DType::kU8, DType::kI8})
    for (const Layout l : {Layout::kPlain, Layout::kChannelsLast})
      for (const int64_t channels : {1, 5, 64, 130})
        check_kernels({.op = "QLinearGlobalAveragePool",
                       .in = {random_bytes(type, {2, channels, 7, 5}, 1), f32({}, {0.02f}), one_byte(type, 3),
                              f32({}, {0.015f}), one_byte(type, 9)},
                       .domain = "com.microsoft",
                       .in_layouts = {l},
                       .out_layouts = {l},
                       .constant = {false, true, true, true, true}});
}

// Every byte, rows longer than a part, results beyond the range, no zero points.
TEST(SimdLookup, Bytes) {
  for (const DType x : {DType::kU8, DType::kI8})
    for (const DType y : {DType::kU8, DType::kI8})
      for (const int64_t n : {1, 15, 16, 31, 64, 100, 257, 5000})
        check_kernels({.op = "LookupBytes",
                       .in = {random_bytes(x, {n}, 1), random_bytes(y, {256}, 2)},
                       .domain = "lite",
                       .constant = {false, true}});
}

TEST(SimdLookup, QuantisedFunctions) {
  for (const DType type : {DType::kU8, DType::kI8})
    for (const Dims& dims : {Dims{256}, Dims{3, 5, 7}, Dims{2, 1100}, Dims{4, 128}})
      for (const bool zeros : {true, false})
        for (const char* op : {"QLinearSigmoid", "QLinearLeakyRelu", "QLinearSoftmax"}) {
          const bool softmax = std::string_view(op) == "QLinearSoftmax";
          KernelCase c{.op = op,
                       .in = {random_bytes(type, dims, 1), f32({}, {0.07f}), one_byte(type, 100),
                              f32({}, {0.004f}), one_byte(type, 3)},
                       .domain = "com.microsoft",
                       .constant = {false, true, true, true, true}};
          if (softmax) c.attrs = {{"opset", int64_t{13}}};
          if (!zeros) c.in[2] = c.in[4] = Tensor();
          check_kernels(c);
          if (!softmax || dims.size() < 2) continue;
          c.attrs = {{"opset", int64_t{12}}, {"axis", int64_t{1}}};
          check_kernels(c);
        }
}

}  // namespace
}  // namespace lite::test
