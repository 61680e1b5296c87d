// Float functions over strips of memory: what elementwise kernels, fused programs and epilogues are made of.
#pragma once

#include "core/kernels/kernel.h"
#include "core/ops/pointwise.h"

namespace lite::simd {

// For r in [0, rows), i in [0, n):  dst[r * dst_row + i] = f(a, b, c) with operand k being
//   src[k][r * src_row[k] + i]  where the operand is a vector,
//   src[k][r * src_row[k]]      where it is a scalar: one value a row.
// - dst is the same as a vector operand, rows included, or overlaps none.
// - No alignment is assumed. Nothing outside is read or written.
// - The result of an element depends on its operands only, not on its place. NaN in gives NaN out, but for
// functions
//   that do not look at it.
struct Strip {
  const float* src[3] = {};
  int64_t src_row[3] = {};
  float* dst = nullptr;
  int64_t dst_row = 0;
  int64_t n = 0, rows = 1;
};
using StripFn = void(const Strip&) noexcept;

// `scalars` has bit k set when operand k is a scalar. Never null.
StripFn* strip(pointwise::Opcode op, uint32_t scalars, const KernelOptions& options);

// The activation in place over [0, n).
class ActivationFn {
 public:
  ActivationFn() = default;
  ActivationFn(const pointwise::Activation& activation, const KernelOptions& options);
  bool none() const { return fn_ == nullptr; }
  void operator()(float* x, int64_t n) const { (*this)(x, n, 1, n); }
  // Whether it is min(max(x, low()), high()), for those who have x in a register.
  bool clips() const { return clips_; }
  float low() const { return low_; }
  float high() const { return high_; }
  // The same in `rows` rows, `row` apart.
  void operator()(float* x, int64_t n, int64_t rows, int64_t row) const {
    if (fn_ == nullptr) return;
    fn_(Strip{.src = {x, &b_, &c_}, .src_row = {row}, .dst = x, .dst_row = row, .n = n, .rows = rows});
  }

 private:
  StripFn* fn_ = nullptr;
  float b_ = 0, c_ = 0, low_ = 0, high_ = 0;
  bool clips_ = false;
};

// Whether the activation is a clip, or none, and its bounds.
bool clip_of(const pointwise::Activation& activation, float& lo, float& hi);

}  // namespace lite::simd
