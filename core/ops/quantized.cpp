#include "core/ops/quantized.h"

#include <cmath>

#include "core/ops/widen.h"

namespace lite::ops {

IntRange int_range(DType t) {
  const auto bits = static_cast<int>(dtype_bits(t));
  if (is_signed_int(t)) return {-(int64_t{1} << (bits - 1)), (int64_t{1} << (bits - 1)) - 1};
  return {0, (int64_t{1} << bits) - 1};
}

int32_t quantize(float value, int64_t zero_point, IntRange range) {
  if (std::isnan(value)) value = 0;
  const double shifted = static_cast<double>(std::nearbyint(value)) + static_cast<double>(zero_point);
  return static_cast<int32_t>(
      std::clamp(shifted, static_cast<double>(range.low), static_cast<double>(range.high)));
}

Result<Tensor> every_byte(DType type) {
  LITE_ASSIGN(Tensor all, Tensor::allocate(type, {256}));
  for (int i = 0; i < 256; ++i) all.mutable_data<uint8_t>()[i] = static_cast<uint8_t>(i);
  return all;
}

Status check_quant_param(const char* op, const char* name, const Fact& fact, int64_t count) {
  if (!fact.has_rank || fact.rank() == 0) return ok();
  const int64_t n = fact.dims[0];
  if (fact.rank() == 1 && (n < 0 || n == 1 || n == count || count < 0)) return ok();
  if (count == 1) return invalid_model(op, ": ", name, " has shape ", fact.dims, ", one number wanted");
  return invalid_model(op, ": ", name, " has shape ", fact.dims, ", one number or ", count, " wanted");
}

std::vector<float> quant_param(const EvalArgs& a, size_t i, int64_t count, float otherwise) {
  std::vector<float> list(static_cast<size_t>(count), otherwise);
  if (!a.has(i)) return list;
  const Tensor& t = a.input(i);
  if (t.elements() == count)
    widen(t, 0, count, list.data());
  else if (t.elements() > 0) {
    float one = 0;
    widen(t, 0, 1, &one);
    std::fill(list.begin(), list.end(), one);
  }
  return list;
}

std::vector<float> centered(const Tensor& t, const Tensor* zero_point, const Dims& zero_point_dims) {
  std::vector<float> to(static_cast<size_t>(t.elements()));
  widen(t, 0, t.elements(), to.data());
  if (zero_point == nullptr) return to;
  const Widened<float> zero(*zero_point);
  Walker<1> walk(t.dims(), {broadcast_strides(zero_point_dims, t.dims())});
  for (float& v : to) {
    v -= zero[walk.offset(0)];
    walk.next();
  }
  return to;
}

}  // namespace lite::ops
