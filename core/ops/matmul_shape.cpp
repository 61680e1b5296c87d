#include "core/ops/matmul_shape.h"

namespace lite::ops {
namespace {

Dims leading(const Dims& d, size_t n) { return Dims(std::span<const int64_t>(d.begin(), n)); }

}  // namespace

Result<Fact> infer_matmul(const char* op, const Fact& a, const Fact& b, DType out, bool trans_a,
                          bool trans_b) {
  if ((a.has_rank && a.rank() == 0) || (b.has_rank && b.rank() == 0))
    return invalid_model(op, ": ", a.has_rank && a.rank() == 0 ? "A" : "B",
                         " is a scalar, one dimension or more wanted");
  if (!a.has_rank || !b.has_rank) return Fact(out);
  const size_t ra = a.rank(), rb = b.rank();
  const int64_t ka = ra == 1 ? a.dims[0] : a.dims[ra - (trans_a ? 2 : 1)];
  const int64_t kb = rb == 1 ? b.dims[0] : b.dims[rb - (trans_b ? 1 : 2)];
  if (ka >= 0 && kb >= 0 && ka != kb)
    return invalid_model(op, ": A has shape ", a.dims, " and B ", b.dims, ": inner dimensions ", ka, " and ",
                         kb, " differ");
  auto batch = broadcast(leading(a.dims, ra < 2 ? 0 : ra - 2), leading(b.dims, rb < 2 ? 0 : rb - 2));
  if (!batch.is_ok()) return invalid_model(op, ": batch ", batch.error().message);
  Dims y = std::move(batch).value();
  if (ra > 1) y.push_back(a.dims[ra - (trans_a ? 1 : 2)]);
  if (rb > 1) y.push_back(b.dims[rb - (trans_b ? 2 : 1)]);
  return Fact(out, std::move(y));
}

Result<MatMulShape> resolve_matmul(const char* op, const Dims& a, const Dims& b, bool trans_a, bool trans_b) {
  LITE_ASSIGN(Fact y,
              infer_matmul(op, Fact(DType::kF32, a), Fact(DType::kF32, b), DType::kF32, trans_a, trans_b));
  const size_t ra = a.size(), rb = b.size();
  MatMulShape s;
  s.y = std::move(y.dims);
  s.k = ra == 1 ? a[0] : a[ra - (trans_a ? 2 : 1)];
  if (ra > 1) s.m = a[ra - (trans_a ? 1 : 2)];
  if (rb > 1) s.n = b[rb - (trans_b ? 2 : 1)];
  s.batch = leading(s.y, s.y.size() - (ra > 1 ? 1 : 0) - (rb > 1 ? 1 : 0));
  s.a_batch = leading(a, ra < 2 ? 0 : ra - 2);
  s.b_batch = leading(b, rb < 2 ? 0 : rb - 2);
  return s;
}

}  // namespace lite::ops
