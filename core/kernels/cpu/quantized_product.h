// What kernels of MatMulInteger and QLinearMatMul, and of convolutions seen as such products, ask of a node.
#pragma once

#include "core/kernels/cpu/known_scalar.h"

namespace lite::kernels {

// Where the operands are among a node's inputs; 0: the operator has none.
struct ProductPlaces {
  size_t a, a_zero, b, b_zero;
  size_t a_scale = 0, b_scale = 0, y_scale = 0, y_zero = 0, bias = 0;
  // The result is quantised; otherwise it is the sums.
  bool linear() const { return y_scale != 0; }
};
inline constexpr ProductPlaces kMatMulInteger{0, 2, 1, 3}, kQLinearMatMul{0, 2, 3, 5, 1, 4, 6, 7};

inline bool is_constant(const NodeQuery& q, size_t i) { return q.has_in(i) && q.in[i].constant != nullptr; }
// One number, or one for each of n columns.
inline bool is_constant_by_column(const NodeQuery& q, size_t i, int64_t n) {
  return is_known_scalar(q, i) || (is_constant(q, i) && q.in[i].dims == Dims{n});
}
// The number of a column, or the one for all; 0 for an input that is left out.
inline int64_t int_of(const NodeQuery& q, size_t i, int64_t column) {
  if (i == 0 || !q.has_in(i)) return 0;
  return q.in[i].constant->int_at(q.in[i].elements() == 1 ? 0 : column);
}
// What the sums of a column are multiplied with.
inline float factor_of(const NodeQuery& q, const ProductPlaces& at, int64_t column) {
  const auto number = [&](size_t i) {
    return static_cast<float>(q.in[i].constant->float_at(q.in[i].elements() == 1 ? 0 : column));
  };
  return number(at.a_scale) * number(at.b_scale) / number(at.y_scale);
}

// The types, and scales and zero points of a product of n columns.
inline WhyNot rejects_parameters(const NodeQuery& q, const ProductPlaces& at, int64_t n) {
  constexpr TypeSet kByte = DType::kI8 | DType::kU8;
  const Operand &a = q.in[at.a], &b = q.in[at.b];
  if (!kByte.has(a.dtype) || !kByte.has(b.dtype)) return "not 8-bit";
  if (q.has_in(at.b_zero) && !is_known_scalar(q, at.b_zero) &&
      (b.constant == nullptr || !is_constant_by_column(q, at.b_zero, n)))
    return "B's zero points";
  if (!at.linear())
    return !q.has_in(at.a_zero) || q.in[at.a_zero].elements() == 1 ? nullptr : "zero points by row";
  if (!kByte.has(q.out[0].dtype)) return "the result is not 8-bit";
  for (const size_t i : {at.a_scale, at.a_zero, at.y_scale, at.y_zero})
    if (!is_known_scalar(q, i)) return "a scale or zero point is not one constant";
  return is_constant_by_column(q, at.b_scale, n) ? nullptr : "B's scales";
}

}  // namespace lite::kernels
