// What 8-bit kernels on oneDNN share.
#pragma once

#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/onednn_plan.h"

namespace lite::onednn {

// nullptr when sums of products of `x` and the weights are exact. Without VNNI pairs of products are added in
// 16 bits: that needs unsigned x and constant weights within [-64,64], which quantisers make for such
// processors.
WhyNot rejects_inexact(const Operand& x, const Operand& weights, const KernelOptions& options);

// The constant's elements as floats; empty when there is none.
std::vector<float> constant_values(const Operand& operand);
// Absent, or known to be zero throughout.
bool is_zero(const NodeQuery& q, size_t i);

// y = round(sum * factor) + zero_point, saturated: the reference's arithmetic, step by step. There is one
// factor, or one for each entry of the result's axis 1.
struct Requantisation {
  std::vector<float> factors;
  int32_t zero_point = 0;

  // For a result of that rank.
  void append(dnnl::primitive_attr& attr, size_t rank) const;
  // Adds the arguments that append() promises.
  Status arguments(Plan& plan, size_t rank) const;

 private:
  dnnl::memory::desc descriptor(size_t rank) const;
};

// The zero point of argument `arg`, a number known now.
Status zero_point_argument(Plan& plan, int arg, int32_t value);

inline dnnl::memory::desc one_number(dnnl::memory::data_type type) {
  return dnnl::memory::desc({1}, type, dnnl::memory::format_tag::a);
}

}  // namespace lite::onednn
