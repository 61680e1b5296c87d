// 8-bit kernels are exact, with and without VNNI, or decline.

#include "tests/kernels/kernel_test.h"

namespace lite::test {
namespace {

std::vector<int64_t> list(std::initializer_list<int64_t> v) { return v; }

bool has_vnni() { return (cpu_isa() & (isa::kAvx512vnni | isa::kAvxVnni)) != 0; }

Tensor number(float v) { return Tensor::scalar_f32(v); }
Tensor number(DType type, int v) {
  Tensor t = random_int(type, {}, v, v, 0);
  return t;
}
Tensor scales(int64_t n) {
  Tensor t = random_f32({n}, 11);
  for (int64_t i = 0; i < n; ++i) t.mutable_data<float>()[i] = 0.004F + 0.001F * t.data<float>()[i];
  return t;
}

struct Conv {
  Dims x, w;
  std::vector<Attr> attrs;
};
const Conv kConvs[] = {
    {{1, 32, 9, 9}, {32, 32, 1, 1}, {}},
    {{2, 16, 9, 10}, {24, 16, 3, 3}, {{"pads", list({1, 1, 1, 1})}}},
    {{1, 64, 8, 8}, {64, 64, 3, 3}, {{"pads", list({1, 0, 1, 1})}, {"strides", list({2, 2})}}},
    {{1, 29, 7, 7}, {58, 29, 1, 1}, {}},
    {{1, 3, 14, 14}, {16, 3, 3, 3}, {{"pads", list({1, 1, 1, 1})}, {"strides", list({2, 2})}}},
    {{2, 64, 1, 1}, {30, 64, 1, 1}, {}},
    {{1, 32, 9, 9}, {32, 1, 3, 3}, {{"group", int64_t{32}}, {"pads", list({1, 1, 1, 1})}}},
};

// Exact where the kernel runs; where it may decline it must run at least with VNNI or small weights.
void check_conv(DType x_type, DType y_type, int w_limit, int x_zero, int y_zero) {
  for (const Conv& c : kConvs) {
    SCOPED_TRACE(cat("x ", c.x, " w ", c.w));
    const bool is_unsigned = x_type == DType::kU8;
    const int64_t filters = c.w[0];
    const Tensor x = random_int(x_type, c.x, is_unsigned ? 0 : -128, is_unsigned ? 255 : 127, 1);
    const Tensor w = random_int(DType::kI8, c.w, -w_limit, w_limit - 1, 2);
    NodeUnderTest n{.op = "QLinearConv", .attrs = c.attrs};
    n.in = {x,
            number(0.02F),
            number(x_type, x_zero),
            w,
            scales(filters),
            random_int(DType::kI8, {filters}, 0, 0, 3),
            number(0.05F),
            number(y_type, y_zero),
            random_int(DType::kI32, {filters}, -5000, 5000, 4)};
    n.constant = {false, true, true, true, true, true, true, true, true};
    n.in_layouts = {Layout::kChannelsLast};
    n.out_layout = Layout::kChannelsLast;
    const bool must_run =
        isa::runs_on(isa::kAvx2Level, cpu_isa()) && (has_vnni() || (is_unsigned && w_limit <= 64));
    const Outcome outcome = run_kernel("qlinear_conv:onednn", n);
    if (must_run || outcome.declined.empty()) expect_same(outcome);

    NodeUnderTest m{.op = "ConvInteger",
                    .attrs = c.attrs,
                    .in = {x, w, number(x_type, x_zero)},
                    .constant = {false, true, true}};
    m.in_layouts = {Layout::kChannelsLast};
    m.out_layout = Layout::kChannelsLast;
    const Outcome whole = run_kernel("conv_integer:onednn", m);
    if (must_run || whole.declined.empty()) expect_same(whole);
  }
}

TEST(OneDnnInt8, ConvOfUnsigned) { check_conv(DType::kU8, DType::kU8, 128, 0, 0); }
TEST(OneDnnInt8, ConvOfSmallWeights) { check_conv(DType::kU8, DType::kU8, 64, 131, 127); }
TEST(OneDnnInt8, ConvWithZeroPoints) { check_conv(DType::kU8, DType::kI8, 128, 117, -3); }
TEST(OneDnnInt8, ConvOfSigned) { check_conv(DType::kI8, DType::kI8, 128, 5, 7); }

TEST(OneDnnInt8, MatMul) {
  for (const DType type : {DType::kU8, DType::kI8})
    for (const bool known : {true, false})
      for (const int64_t m : {int64_t{1}, int64_t{17}}) {
        SCOPED_TRACE(cat(dtype_name(type), known ? " constant" : " variable", " zero point, m ", m));
        const Tensor a = random_int(type, {m, 70}, type == DType::kU8 ? 0 : -128, 127, 1);
        const Tensor b = random_int(DType::kI8, {70, 45}, -64, 63, 2), zero = number(type, 9);
        NodeUnderTest n{.op = "MatMulInteger", .in = {a, b, zero}, .constant = {false, true, known}};
        const Outcome whole = run_kernel("matmul_integer:onednn", n);
        if (has_vnni() || whole.declined.empty()) expect_same(whole);
        if (!known) continue;
        NodeUnderTest q{.op = "QLinearMatMul"};
        q.in = {a, number(0.02F), zero, b, scales(45), number(DType::kI8, 0), number(0.03F), number(type, 3)};
        q.constant = {false, true, true, true, true, true, true, true};
        const Outcome linear = run_kernel("qlinear_matmul:onednn", q);
        if (has_vnni() || linear.declined.empty()) expect_same(linear);
      }
}

}  // namespace
}  // namespace lite::test
