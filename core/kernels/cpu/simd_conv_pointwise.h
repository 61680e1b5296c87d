// Convolutions with a kernel of one place and stride 1, channels last: one matrix product over all pixels;
// and that product, which convolutions of other windows run on when their places are gathered.
#pragma once

#include "core/kernels/cpu/simd_gemm.h"

namespace lite::kernels {

WhyNot rejects_pointwise_conv(const NodeQuery& q);
Result<std::unique_ptr<Kernel>> make_pointwise_conv(const NodeQuery& q, PackCache& packs);
// The residual may be overwritten.
bool pointwise_conv_in_place(const NodeQuery& q, size_t i);

// Y of a Conv or FusedConv without groups: for each pixel a row of `depth` values, the channels of each place
// of the kernel, times the packed weights; with bias, residual and activation.
class ConvProduct {
 public:
  static Result<ConvProduct> make(const NodeQuery& q, PackCache& packs);
  int64_t pixels() const { return shape_.m; }
  int64_t depth() const { return shape_.k; }
  void run(const Launch& l, const float* rows) const;

 private:
  simd::Gemm gemm_;
  simd::GemmArgs shape_;
  simd::ActivationFn activation_;
  bool bias_ = false, residual_ = false;
  std::shared_ptr<const PackCache::Packed> packed_;
};

}  // namespace lite::kernels
