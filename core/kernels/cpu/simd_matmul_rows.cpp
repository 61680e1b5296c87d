// MatMul, Gemm and FusedMatMul of a few rows by a small constant matrix: classifiers, small perceptrons, the
// gates of a step. There the cost of a call shows, and our own product is ahead of oneDNN's;
// bench/results/attention.md has the times.
#include <string_view>

#include "core/kernels/cpu/simd_matmul.h"
#include "core/ops/matmul_shape.h"

namespace lite::kernels {
namespace {

// With more rows AVX2 has too few registers to keep up. Larger matrices are bound by reading them, and stay
// with oneDNN for every number of rows, so that they are not packed twice.
constexpr int64_t kFewRows = 4, kSmall = int64_t{1} << 18;

WhyNot rejects(const NodeQuery& q) {
  if (q.in[1].constant == nullptr) return "B is not constant";
  if (!q.options.unranked && q.in[1].elements() > kSmall) return "B is large";
  const AttrReader a = q.attrs();
  const Dims &x = q.in[0].dims, &w = q.in[1].dims;
  const auto shape = ops::resolve_matmul(q.node.op->name, x, w, a.i64("transA", 0) != 0 && x.size() > 1,
                                         a.i64("transB", 0) != 0 && w.size() > 1);
  if (!shape.is_ok()) return "shapes";
  if (!q.options.unranked && elements(shape.value().batch) * shape.value().m > kFewRows) return "many rows";
  return rejects_matmul(q);
}

constexpr KernelDef kKernels[] = {
    {"matmul_rows:simd", "MatMul", rejects, make_matmul},
    {"gemm_rows:simd", "Gemm", rejects, make_matmul, matmul_in_place},
    {"fused_matmul_rows:simd", "FusedMatMul", rejects, make_matmul, matmul_in_place},
};

}  // namespace

extern constinit const KernelTable simd_matmul_rows;
constinit const KernelTable simd_matmul_rows{kKernels};

}  // namespace lite::kernels
