#include "core/kernels/cpu/simd_conv_pointwise.h"

#include "core/kernels/cpu/simd_gemm.h"

namespace lite::kernels {
namespace {

using namespace simd;

class PointwiseConv final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<PointwiseConv>();
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    const int64_t filters = q.out[0].dims[1], channels = q.in[0].dims[1];
    k->gemm_ = Gemm(q.options, filters);
    k->activation_ = ActivationFn(activation, q.options);
    k->shape_ = GemmArgs{.a_row = channels,
                         .c_row = filters,
                         .m = q.out[0].elements() / filters,
                         .n = filters,
                         .k = channels,
                         .residual_row = filters,
                         .residual_after = q.attrs().i64("residual_after", 0) != 0};
    k->bias_ = q.has_in(2);
    k->residual_ = q.has_in(3);
    const int64_t width = k->gemm_.width();
    const auto bytes = static_cast<size_t>(packed_floats(channels, filters, width)) * sizeof(float);
    LITE_ASSIGN(k->packed_, packs.get(*q.in[1].constant, cat("conv_pointwise:", width), bytes,
                                      [&](void* to, const void* weights) -> Status {
                                        pack_panels(static_cast<const float*>(weights), channels, filters, 1,
                                                    channels, width, static_cast<float*>(to));
                                        return ok();
                                      }));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    GemmArgs g = shape_;
    g.a = l.in<float>(0);
    g.b = static_cast<const float*>(packed_->data.get());
    g.c = l.out<float>(0);
    if (bias_) g.bias = l.in<float>(2);
    if (residual_) g.residual = l.in<float>(3);
    if (!activation_.none()) g.activation = &activation_;
    gemm_.run(*l.parallel, g);
    return ok();
  }
  bool reads_input(size_t i) const override { return i != 1; }

 private:
  Gemm gemm_;
  GemmArgs shape_;
  ActivationFn activation_;
  bool bias_ = false, residual_ = false;
  std::shared_ptr<const PackCache::Packed> packed_;
};

// Where ours is not the faster one of the two (bench/results/matmul.md): many pixels of few channels, where
// storing is what takes the time.
WhyNot rejects(const NodeQuery& q) {
  if (const WhyNot why = rejects_pointwise_conv(q)) return why;
  const int64_t pixels = q.out[0].elements() / q.out[0].dims[1];
  if (!q.options.unranked && pixels > 4096 && q.in[0].dims[1] <= 8 && q.out[0].dims[1] < 96)
    return "many pixels of few channels";
  return nullptr;
}

constexpr KernelDef kKernels[] = {
    {"conv_pixels:simd", "Conv", rejects, make_pointwise_conv, pointwise_conv_in_place},
    {"fused_conv_pixels:simd", "FusedConv", rejects, make_pointwise_conv, pointwise_conv_in_place},
};

}  // namespace

WhyNot rejects_pointwise_conv(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dims.size() < 3 || x.layout != Layout::kChannelsLast || y.layout != x.layout)
    return "not channels last";
  if (q.in[1].constant == nullptr) return "weights not constant";
  if (q.in[1].elements() != x.dims[1] * y.dims[1]) return "groups, or a kernel of several places";
  if (y.elements() == 0) return "empty";
  if (y.elements() / y.dims[1] != x.elements() / x.dims[1]) return "strides or padding";
  // Both together can leave as many pixels.
  for (const int64_t pad : q.attrs().ints("pads"))
    if (pad != 0) return "padding";
  if (q.has_in(3) && (q.in[3].layout != y.layout || q.in[3].dims != y.dims))
    return "the residual lies differently";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_pointwise_conv(const NodeQuery& q, PackCache& packs) {
  return PointwiseConv::make(q, packs);
}

bool pointwise_conv_in_place(const NodeQuery& q, size_t i) {
  return i == 3 && q.has_in(3) && (q.in[0].dims[1] <= kGemmDepth || q.attrs().i64("residual_after", 0) == 0);
}

extern constinit const KernelTable simd_conv_pointwise;
constinit const KernelTable simd_conv_pointwise{kKernels};

}  // namespace lite::kernels
