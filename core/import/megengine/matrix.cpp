// Products of matrices and what decomposes them.
#include <cmath>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

// The last two dimensions exchanged.
ValueId turned(Builder& b, ValueId v, bool turn) {
  const int64_t rank = b.rank(v);
  if (!turn || b.failed()) return v;
  std::vector<int64_t> perm;
  for (int64_t d = 0; d < rank; ++d) perm.push_back(d);
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return b.transpose(v, perm);
}

}  // namespace

Status matrix_mul(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::MatrixMul* p = c.param<fb::MatrixMul>();
  LITE_TRY(c.done());
  if (p->format() != 0) return unsupported("matrices in format ", p->format());
  const ElementType tx = c.type(0), ty = c.type(1);
  const ValueId x = c.in(0), y = c.in(1);
  for (size_t i = 0; i < 2; ++i)
    if (c.rank(i) < 2)
      return invalid_model("input ", i, " has ", c.rank(i), " dimensions, at least 2 wanted");
  const ValueId left = turned(b, x, p->transpose_a()), right = turned(b, y, p->transpose_b());
  LITE_TRY(c.done());
  if (is_float(tx.dtype)) {
    LITE_ASSIGN(const ElementType to, c.output_type(tx));
    c.out_real(0, b.add("MatMul", {left, right}), to);
    return c.done();
  }
  // Integers: the sum of products, exactly.
  ElementType sums(DType::kI32);
  if (tx.quantised && ty.quantised) sums.quantised = true, sums.scale = tx.scale * ty.scale;
  LITE_ASSIGN(const ElementType to, c.output_type(sums));
  const bool bytes = (tx.dtype == DType::kI8 || tx.dtype == DType::kU8) && ty.dtype == tx.dtype;
  if (bytes && (!tx.quantised || (to.dtype == DType::kI32 && to.quantised &&
                                  std::abs(to.scale - sums.scale) <= 1e-6f * sums.scale))) {
    const auto zero = [&](const ElementType& t) {
      return t.zero == 0 ? kNoValue : b.number(t.dtype, t.zero);
    };
    const ValueId product = b.add("MatMulInteger", {left, right, zero(tx), zero(ty)});
    c.out(0, b.cast(product, to.dtype), to);
    return c.done();
  }
  if (!tx.quantised) {
    c.out(0, b.cast(b.add("MatMul", {b.cast(left, DType::kI32), b.cast(right, DType::kI32)}), to.dtype), to);
    return c.done();
  }
  c.out_real(0, b.add("MatMul", {b.dequantize(left, tx), b.dequantize(right, ty)}), to);
  return c.done();
}

Status dot(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  c.out(0, b.add("ReduceSum", {b.add("Mul", {c.in(0), c.in(1)}), b.ints({0})}));
  return c.done();
}

Status matrix_inverse(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  c.out(0, c.b.add("MatrixInverse", {c.in(0)}, {}, "megengine"));
  return c.done();
}

Status svd(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::SVD* p = c.param<fb::SVD>();
  LITE_TRY(c.done());
  if (!p->compute_uv()) return unsupported("singular values alone");
  const auto out = b.add_all("SVD", 3, {c.in(0)},
                             {attr("full_matrices", static_cast<int64_t>(p->full_matrices()))}, "megengine");
  for (size_t i = 0; i < 3; ++i) c.out(i, out[i]);
  return c.done();
}

// The vector product along one axis of each.
Status cross(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Cross* p = c.param<fb::Cross>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  const auto axis_last = [&](int64_t axis) { return axis < 0 ? axis + rank : axis; };
  const int64_t axes[] = {axis_last(p->axisa()), axis_last(p->axisb()), axis_last(p->axisc())};
  for (const int64_t a : axes)
    if (a < 0 || a >= rank) return invalid_model("its axis is ", a, " of ", rank, " dimensions");
  const auto part = [&](size_t i, int64_t k) {
    // The axis goes to the end, so that both inputs agree.
    std::vector<int64_t> perm;
    for (int64_t d = 0; d < rank; ++d)
      if (d != axes[i]) perm.push_back(d);
    perm.push_back(axes[i]);
    return b.slice(b.transpose(c.in(i), perm), rank - 1, k, k + 1);
  };
  std::vector<ValueId> parts;
  for (int64_t k = 0; k < 3; ++k) {
    const int64_t m = (k + 1) % 3, n = (k + 2) % 3;
    parts.push_back(
        b.add("Sub", {b.add("Mul", {part(0, m), part(1, n)}), b.add("Mul", {part(0, n), part(1, m)})}));
  }
  std::vector<int64_t> back;
  for (int64_t d = 0; d < rank; ++d) back.push_back(d < axes[2] ? d : d == axes[2] ? rank - 1 : d - 1);
  c.out(0, b.transpose(b.concat(std::move(parts), rank - 1), back));
  return c.done();
}

}  // namespace lite::mge
