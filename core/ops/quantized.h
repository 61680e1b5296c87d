// What operators on quantised tensors share: real = (stored - zero_point) * scale.
#pragma once

#include <vector>

#include "core/ops/op.h"

namespace lite::ops {

// Smallest and largest stored value of an integer type, sub-byte ones included.
struct IntRange {
  int64_t low, high;
};
IntRange int_range(DType t);

// The rounding of every quantisation: to nearest, halves to even; then the zero point is added and the sum
// saturated. NaN gives the zero point.
int32_t quantize(float value, int64_t zero_point, IntRange range);

// [256] of int8 or uint8: at each place the number of those bits.
Result<Tensor> every_byte(DType type);

// A scale or zero point must be one number, or, when `count` is not 1, a list of `count` (unknown: any
// count).
Status check_quant_param(const char* op, const char* name, const Fact& fact, int64_t count = 1);

// Input i as `count` numbers: one is repeated. Absent: `otherwise`. The shape has been checked.
std::vector<float> quant_param(const EvalArgs& a, size_t i, int64_t count, float otherwise);

// to[...] = stored - zero_point, with the zero points broadcast to the tensor's shape.
std::vector<float> centered(const Tensor& t, const Tensor* zero_point, const Dims& zero_point_dims);

}  // namespace lite::ops
