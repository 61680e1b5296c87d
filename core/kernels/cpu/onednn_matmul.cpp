// MatMul, Gemm and FusedMatMul on oneDNN: float32, and 16-bit floats where the processor multiplies them.

#include <algorithm>

#include "core/kernels/cpu/onednn_plan.h"
#include "core/kernels/cpu/onednn_post_ops.h"
#include "core/ops/matmul_shape.h"

namespace lite::kernels {
namespace {

using dnnl::memory;
using namespace lite::onednn;

constexpr size_t kA = 0, kB = 1, kBias = 2, kZ = 3;

struct Terms {
  bool trans_a = false, trans_b = false;
  float alpha = 1;
};

Terms read(const AttrReader& attrs) {
  return {attrs.i64("transA") != 0, attrs.i64("transB") != 0, attrs.f32("alpha", 1)};
}

Result<ops::MatMulShape> shape_of(const NodeQuery& q, const Terms& t) {
  const Dims &a = q.in[kA].dims, &b = q.in[kB].dims;
  return ops::resolve_matmul(q.node.op->name, a, b, t.trans_a && a.size() > 1, t.trans_b && b.size() > 1);
}

// A bias that is one row.
bool is_row(const Dims& d, int64_t n) {
  return !d.empty() && d.size() <= 2 && d.back() == n && elements(d) == n;
}

WhyNot rejects(const NodeQuery& q) {
  if (const WhyNot why = rejects_options(q.options)) return why;
  const DType type = q.in[kA].dtype;
  if (!multiplies(type, q.options)) return "the processor does not multiply this type";
  for (size_t i = 0; i < q.in.size(); ++i)
    if (q.has_in(i) && q.in[i].layout != Layout::kPlain) return "an operand is not row-major";
  if (q.out[0].layout != Layout::kPlain) return "the result is not row-major";
  if (q.out[0].elements() == 0 || q.in[kA].elements() == 0) return "empty";
  if (q.out[0].dims.size() > 12) return "more than 12 dimensions";
  if (rejects_activation(q.attrs()) != nullptr) return "oneDNN lacks the activation";
  if (q.has_in(kZ) && !(q.in[kZ].dims == q.out[0].dims)) return "the residual is broadcast";
  return nullptr;
}

WhyNot rejects_gemm(const NodeQuery& q) {
  if (const WhyNot why = rejects(q)) return why;
  if (!q.has_in(kBias)) return nullptr;
  if (q.attrs().f32("beta", 1) != 1) return "beta is not 1";
  const Dims &c = q.in[kBias].dims, &y = q.out[0].dims;
  if (!is_row(c, y[1]) && !(c == y) && elements(c) != 1) return "C is a column";
  return nullptr;
}

// A matrix with batches in front, as stored: `crosswise` when the last two dims are swapped in memory.
memory::desc matrices(DType type, const Dims& batch, int64_t rows, int64_t columns, bool crosswise) {
  Dims stored = batch;
  stored.push_back(crosswise ? columns : rows);
  stored.push_back(crosswise ? rows : columns);
  memory::dims dims(stored.begin(), stored.end());
  const Dims steps = row_major_strides(stored);
  memory::dims strides(steps.begin(), steps.end());
  if (crosswise) {
    std::swap(dims[dims.size() - 1], dims[dims.size() - 2]);
    std::swap(strides[strides.size() - 1], strides[strides.size() - 2]);
  }
  return memory::desc(dims, data_type(type).value(), strides);
}

Dims padded(const Dims& batch, size_t rank) {
  Dims d(rank - batch.size(), 1);
  for (const int64_t v : batch) d.push_back(v);
  return d;
}

// The product with as few dimensions as it has: batches that share one B are rows of one matrix.
struct Folded {
  Dims batch, a_batch, b_batch;
  int64_t m;
};

Folded fold(const ops::MatMulShape& s, bool trans_a) {
  Folded f{s.batch, s.a_batch, s.b_batch, s.m};
  const int64_t all = elements(s.batch), as = elements(s.a_batch), bs = elements(s.b_batch);
  if (bs == 1 && as == all && (!trans_a || all == 1)) return {{}, {}, {}, all * s.m};
  if ((as == all || as == 1) && (bs == all || bs == 1)) return {{all}, {as}, {bs}, s.m};
  f.a_batch = padded(s.a_batch, s.batch.size());
  f.b_batch = padded(s.b_batch, s.batch.size());
  return f;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& cache) {
  return guarded("matmul:onednn", Work::kMatrix, [&]() -> Result<std::unique_ptr<Kernel>> {
    const AttrReader attrs = q.attrs();
    const DType type = q.in[kA].dtype;
    Terms t = read(attrs);
    LITE_ASSIGN(const ops::MatMulShape s, shape_of(q, t));
    t.trans_a = t.trans_a && q.in[kA].dims.size() > 1;
    t.trans_b = t.trans_b && q.in[kB].dims.size() > 1;
    const Folded f = fold(s, t.trans_a);
    const memory::desc a = matrices(type, f.a_batch, f.m, s.k, t.trans_a && s.m > 1);
    const memory::desc b = matrices(type, f.b_batch, s.k, s.n, t.trans_b);
    const memory::desc y = matrices(type, f.batch, f.m, s.n, false);
    const bool constant = q.in[kB].constant != nullptr;
    const memory::desc wanted =
        constant ? memory::desc(b.get_dims(), b.get_data_type(), memory::format_tag::any) : b;

    // What is added: a row by the primitive itself when nothing comes before it, everything else by
    // post-operations.
    memory::desc bias, addend;
    dnnl::post_ops fused;
    if (t.alpha != 1) fused.append_eltwise(dnnl::algorithm::eltwise_linear, t.alpha, 0);
    if (q.has_in(kBias)) {
      const int64_t count = q.in[kBias].elements();
      const bool row = count == s.n && is_row(q.in[kBias].dims, s.n);
      memory::dims dims(f.batch.size() + 2, 1);
      if (row) dims.back() = s.n;
      addend =
          row || count == 1 ? memory::desc(dims, data_type(type).value(), memory::dims(dims.size(), 1)) : y;
      if (row && t.alpha == 1)
        bias = addend;
      else
        fused.append_binary(dnnl::algorithm::binary_add, addend);
    }
    const bool bias_is_post_op = q.has_in(kBias) && bias.is_zero();
    const int bias_place = fused.len() - 1;
    append_fused(fused, attrs, q.has_in(kZ) ? &y : nullptr);
    dnnl::primitive_attr attr = base_attr();
    attr.set_post_ops(fused);
    const dnnl::matmul::primitive_desc pd(engine(), a, wanted, bias, y, attr);
    if (!is_fast(pd)) return unsupported("matmul:onednn: oneDNN has only ", pd.impl_info_str());

    Plan plan;
    plan.input(DNNL_ARG_SRC, kA, a);
    LITE_TRY(plan.weights(kB, q.in[kB], b, pd.weights_desc(), cache));
    const auto post_op = [](int place) { return DNNL_ARG_ATTR_MULTIPLE_POST_OP(place) | DNNL_ARG_SRC_1; };
    if (q.has_in(kBias)) plan.input(bias_is_post_op ? post_op(bias_place) : DNNL_ARG_BIAS, kBias, addend);
    if (q.has_in(kZ)) plan.input(post_op(residual_place(fused)), kZ, y);
    plan.output(y);
    return plan.kernel(dnnl::matmul(pd));
  });
}

constexpr KernelDef kKernels[] = {
    {"matmul:onednn", "MatMul", rejects, make},
    {"gemm:onednn", "Gemm", rejects_gemm, make},
    {"fused_matmul:onednn", "FusedMatMul", rejects, make},
};

}  // namespace

extern constinit const KernelTable onednn_matmul;
constinit const KernelTable onednn_matmul{kKernels};

}  // namespace lite::kernels
