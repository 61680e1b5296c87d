// MatMul, Gemm and FusedMatMul by a constant matrix, which is packed once: before oneDNN's, which take 1.0 to
// 2 times as long from few rows to hundreds (bench/results/matmul.md).
#include "core/kernels/cpu/simd_matmul.h"

namespace lite::kernels {
namespace {

WhyNot rejects(const NodeQuery& q) {
  return q.in[1].constant == nullptr ? "B is not constant" : rejects_matmul(q);
}

constexpr KernelDef kKernels[] = {
    {"matmul_packed:simd", "MatMul", rejects, make_matmul},
    {"gemm_packed:simd", "Gemm", rejects, make_matmul, matmul_in_place},
    {"fused_matmul_packed:simd", "FusedMatMul", rejects, make_matmul, matmul_in_place},
};

}  // namespace

extern constinit const KernelTable simd_matmul_packed;
constinit const KernelTable simd_matmul_packed{kKernels};

}  // namespace lite::kernels
