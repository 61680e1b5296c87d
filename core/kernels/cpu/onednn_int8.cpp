#include "core/kernels/cpu/onednn_int8.h"

#include <algorithm>

namespace lite::onednn {

using dnnl::memory;

WhyNot rejects_inexact(const Operand& x, const Operand& weights, const KernelOptions& options) {
  if (x.dtype != DType::kU8 && x.dtype != DType::kI8) return "not 8-bit";
  if (weights.dtype != DType::kI8) return "the weights are not int8";
#if defined(__x86_64__) || defined(__i386__)
  const bool wide = isa::runs_on(isa::kAvx512Level, options.isa);
  if ((options.isa & (wide ? isa::kAvx512vnni : isa::kAvxVnni)) != 0) return nullptr;
  if (x.dtype != DType::kU8) return "int8 input needs VNNI to be exact";
  if (weights.constant == nullptr) return "unknown weights need VNNI to be exact";
  const auto* const w = weights.constant->data<int8_t>();
  if (std::any_of(w, w + weights.elements(), [](int v) { return v < -64 || v > 64; }))
    return "weights beyond [-64,64] need VNNI to be exact";
#else
  (void)options;
#endif
  return nullptr;
}

std::vector<float> constant_values(const Operand& operand) {
  std::vector<float> values;
  if (operand.constant == nullptr) return values;
  for (int64_t i = 0; i < operand.constant->elements(); ++i)
    values.push_back(static_cast<float>(operand.constant->float_at(i)));
  return values;
}

bool is_zero(const NodeQuery& q, size_t i) {
  if (!q.has_in(i)) return true;
  const std::vector<float> values = constant_values(q.in[i]);
  return !values.empty() && std::all_of(values.begin(), values.end(), [](float v) { return v == 0; });
}

memory::desc Requantisation::descriptor(size_t rank) const {
  Dims dims(rank, 1);
  dims[1] = static_cast<int64_t>(factors.size());
  return plain_descriptor(DType::kF32, dims);
}

void Requantisation::append(dnnl::primitive_attr& attr, size_t rank) const {
  dnnl::post_ops ops;
  ops.append_binary(dnnl::algorithm::binary_mul, descriptor(rank));
  if (zero_point != 0) {
    // oneDNN adds the zero point before it rounds, which turns halves the other way when the zero point is
    // odd.
    ops.append_eltwise(dnnl::algorithm::eltwise_round, 0, 0);
    attr.set_zero_points_mask(DNNL_ARG_DST, 0);
  }
  attr.set_post_ops(ops);
}

Status Requantisation::arguments(Plan& plan, size_t rank) const {
  LITE_TRY(plan.held(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, descriptor(rank),
                     std::span<const float>(factors)));
  return zero_point == 0 ? ok() : zero_point_argument(plan, DNNL_ARG_DST, zero_point);
}

Status zero_point_argument(Plan& plan, int arg, int32_t value) {
  return plan.held(DNNL_ARG_ATTR_ZERO_POINTS | arg, one_number(memory::data_type::s32),
                   std::span<const int32_t>(&value, 1));
}

}  // namespace lite::onednn
