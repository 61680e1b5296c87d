#include <oneapi/dnnl/dnnl.hpp>

#include "tests/kernels/kernel_test.h"

namespace lite::test {
namespace {

constexpr double kClose = 2e-5;

NodeUnderTest product(Dims a, Dims b, bool constant = true) {
  NodeUnderTest n{.op = "MatMul"};
  n.in = {random_f32(std::move(a), 1), random_f32(std::move(b), 2)};
  n.constant = {false, constant};
  return n;
}
NodeUnderTest fused(Dims a, Dims b, std::vector<Attr> attrs, bool bias, Dims residual = {}) {
  NodeUnderTest n = product(std::move(a), std::move(b));
  n.op = "FusedMatMul";
  n.domain = "lite";
  n.attrs = std::move(attrs);
  const bool crosswise = !n.attrs.empty() && n.attrs[0].name == "transB";
  n.in.push_back(bias ? random_f32({n.in[1].dims()[crosswise ? 0 : 1]}, 3) : Tensor());
  n.in.push_back(residual.empty() ? Tensor() : random_f32(residual, 4));
  return n;
}
NodeUnderTest gemm(Dims a, Dims b, Dims c, std::vector<Attr> attrs = {}) {
  NodeUnderTest n = product(std::move(a), std::move(b));
  n.op = "Gemm";
  n.attrs = std::move(attrs);
  if (!c.empty()) n.in.push_back(random_f32(c, 3));
  return n;
}

bool fast() { return isa::runs_on(isa::kAvx2Level, cpu_isa()); }
void check(const std::string& kernel, const NodeUnderTest& n) {
  if (fast()) expect_close(run_kernel(kernel, n), kClose);
}

TEST(OneDnnMatMul, Shapes) {
  for (const bool constant : {true, false}) {
    check("matmul:onednn", product({5, 7}, {7, 9}, constant));
    check("matmul:onednn", product({1, 130}, {130, 33}, constant));
    check("matmul:onednn", product({2, 3, 17, 24}, {24, 31}, constant));
    check("matmul:onednn", product({2, 3, 17, 24}, {2, 3, 24, 31}, constant));
    check("matmul:onednn", product({17, 24}, {3, 24, 31}, constant));
    check("matmul:onednn", product({2, 1, 17, 24}, {3, 24, 31}, constant));
    check("matmul:onednn", product({128, 768}, {768, 64}, constant));
  }
}

TEST(OneDnnMatMul, Vectors) {
  check("matmul:onednn", product({24}, {24, 31}));
  check("matmul:onednn", product({17, 24}, {24}));
}

TEST(OneDnnMatMul, Gemm) {
  check("gemm:onednn", gemm({8, 20}, {20, 30}, {30}));
  check("gemm:onednn", gemm({8, 20}, {30, 20}, {1, 30}, {{"transB", int64_t{1}}}));
  check("gemm:onednn", gemm({20, 8}, {20, 30}, {8, 30}, {{"transA", int64_t{1}}}));
  check("gemm:onednn", gemm({8, 20}, {20, 30}, {1}));
  check("gemm:onednn", gemm({8, 20}, {20, 30}, {30}, {{"alpha", 0.25F}}));
  check("gemm:onednn", gemm({1, 20}, {20, 30}, {30}));
}

TEST(OneDnnMatMul, Fused) {
  check("fused_matmul:onednn", fused({2, 6, 16}, {16, 24}, {}, true));
  check("fused_matmul:onednn",
        fused({2, 6, 16}, {24, 16}, {{"transB", int64_t{1}}, {"alpha", 0.125F}}, false));
  for (const int64_t after : {0, 1})
    for (const char* activation : {"Relu", "Gelu", "GeluTanh", "Swish"})
      check("fused_matmul:onednn",
            fused({2, 6, 16}, {16, 24}, {{"activation", std::string(activation)}, {"residual_after", after}},
                  true, {2, 6, 24}));
}

TEST(OneDnnMatMul, Attention) {
  NodeUnderTest n = product({2, 4, 33, 16}, {2, 4, 33, 16}, false);
  n.op = "FusedMatMul";
  n.domain = "lite";
  n.attrs = {{"transB", int64_t{1}}, {"alpha", 0.25F}};
  check("fused_matmul:onednn", n);
}

TEST(OneDnnMatMul, NarrowFloats) {
  for (const DType type : {DType::kBF16, DType::kF16}) {
    NodeUnderTest n = fused({3, 50}, {50, 40}, {{"activation", std::string("Relu")}}, true);
    for (Tensor& t : n.in)
      if (t.defined()) t = narrowed(t, type);
    const Outcome outcome = run_kernel("fused_matmul:onednn", n);
    if (isa::runs_on(type == DType::kBF16 ? isa::kAvx512bf16 : isa::kAvx512fp16, cpu_isa()))
      expect_close(outcome, type == DType::kBF16 ? 1.0 / 128 : 1.0 / 1024);
  }
}

// Memory stays as it is while shapes vary: what oneDNN keeps of old ones is less than programs do.
TEST(OneDnnMatMul, FewOldPrimitivesAreKept) {
  check("matmul:onednn", product({5, 7}, {7, 9}));
  EXPECT_LE(dnnl::get_primitive_cache_capacity(), 128);
}

}  // namespace
}  // namespace lite::test
