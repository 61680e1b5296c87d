// Sums of quantised tensors, for QLinearAdd and for the convolutions that take it in.
#pragma once

#include <optional>

#include "core/kernels/cpu/simd.h"

namespace lite::simd {

// out[i] from a[i], b[i], or from a[0], b[0] where that operand is a scalar. real = (stored - zero) * factor.
struct QuantizedStrip {
  const void *a, *b;
  void* out;
  int64_t n;
  int64_t rows = 1, step = 0;  // of sums and products: so many rows, of b and out `step` apart
  bool a_scalar, b_scalar;
  float zero_a, zero_b, factor_a, factor_b;  // of a product: factor_a alone
  float zero_out, low, high;                 // the range of stored numbers, less zero_out
  bool fits = false;                         // results fit 32 bits before they are saturated
};

using QuantizedStripFn = void(const QuantizedStrip&) noexcept;

// C = A + B with the arithmetic of QLinearAdd.
class QuantizedSum {
 public:
  // Scales and zero points of A, B and C are the inputs a, b, c of the node and those behind them; nullopt
  // unless each is one constant. C has the type of output 0.
  static std::optional<QuantizedSum> make(const NodeQuery& q, size_t a, size_t b, size_t c);
  // The sum that FusedQLinearConv takes in, of its result and input kResidual; nullopt for QLinearConv, too.
  static constexpr size_t kResidual = 11;
  static std::optional<QuantizedSum> of_convolution(const NodeQuery& q) {
    return q.has_in(kResidual) ? make(q, 9, 12, 14) : std::nullopt;
  }
  // Why a convolution whose result lies as output 0 does cannot take that sum in; nullptr without one.
  static WhyNot rejects(const NodeQuery& q) {
    if (!q.has_in(kResidual)) return nullptr;
    const Operand &z = q.in[kResidual], &y = q.out[0];
    if (z.dtype != y.dtype || z.dims != y.dims || z.layout != y.layout)
      return "the residual lies differently";
    return of_convolution(q) ? nullptr : "scales and zero points of the sum are not one constant each";
  }
  // The result may lie over the residual: kernels read each before they write there.
  static bool in_place(const NodeQuery& q, size_t i) { return i == kResidual && q.has_in(i); }

  // The scales and zero points, for kernels that add where they have A.
  const QuantizedStrip& numbers() const { return strip_; }

  // `rows` rows of n elements, of A one after the other, of B and C `step` apart. C may lie exactly over B.
  void rows(const void* a, const void* b, void* c, int64_t n, int64_t rows, int64_t step) const {
    QuantizedStrip s = strip_;
    s.a = a;
    s.b = b;
    s.out = c;
    s.n = n;
    s.rows = rows;
    s.step = step;
    add_(s);
  }

 private:
  QuantizedStrip strip_{};
  QuantizedStripFn* add_ = nullptr;
};

}  // namespace lite::simd
