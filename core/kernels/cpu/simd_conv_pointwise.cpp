#include "core/kernels/cpu/simd_conv_pointwise.h"

#include "core/ops/conv_reference.h"

namespace lite::kernels {
namespace {

using namespace simd;

class PointwiseConv final : public Kernel {
 public:
  explicit PointwiseConv(ConvProduct product) : product_(std::move(product)) {}
  Status run(const Launch& l) const override {
    product_.run(l, l.in<float>(0));
    return ok();
  }
  bool reads_input(size_t i) const override { return i != 1; }

 private:
  ConvProduct product_;
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
  LITE_ASSIGN(ConvProduct product, ConvProduct::make(q, packs));
  return std::unique_ptr<Kernel>(std::make_unique<PointwiseConv>(std::move(product)));
}

bool pointwise_conv_in_place(const NodeQuery& q, size_t i) {
  return i == 3 && q.has_in(3) && (q.in[0].dims[1] <= kGemmDepth || q.attrs().i64("residual_after", 0) == 0);
}

Result<ConvProduct> ConvProduct::make(const NodeQuery& q, PackCache& packs) {
  ConvProduct p;
  LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
  const Tensor& w = *q.in[1].constant;
  const int64_t filters = q.out[0].dims[1], channels = q.in[0].dims[1], depth = w.elements() / filters,
                taps = depth / channels;
  p.gemm_ = Gemm(q.options, filters);
  p.activation_ = ActivationFn(activation, q.options);
  p.shape_ = GemmArgs{.a_row = depth,
                      .c_row = filters,
                      .m = q.out[0].elements() / filters,
                      .n = filters,
                      .k = depth,
                      .residual_row = filters,
                      .residual_after = q.attrs().i64("residual_after", 0) != 0};
  p.bias_ = q.has_in(2);
  p.residual_ = q.has_in(3);
  const int64_t width = p.gemm_.width();
  const auto bytes = static_cast<size_t>(packed_floats(depth, filters, width)) * sizeof(float);
  LITE_ASSIGN(
      p.packed_,
      packs.get(w, cat("conv_pointwise:", width), bytes, [&](void* to, const void* weights) -> Status {
        const auto* const from = static_cast<const float*>(weights);
        // Of each panel the rows of one place of the kernel after those of another.
        for (int64_t j = 0; j < filters; j += width)
          for (int64_t t = 0; t < taps; ++t)
            pack_panel(from + j * depth + t, channels, std::min(width, filters - j), taps, depth, width,
                       static_cast<float*>(to) + j * depth + t * width * channels);
        return ok();
      }));
  return p;
}

void ConvProduct::run(const Launch& l, const float* rows) const {
  GemmArgs g = shape_;
  g.a = rows;
  g.b = static_cast<const float*>(packed_->data.get());
  g.c = l.out<float>(0);
  if (bias_) g.bias = l.in<float>(2);
  if (residual_) g.residual = l.in<float>(3);
  if (!activation_.none()) g.activation = &activation_;
  gemm_.run(*l.parallel, g);
}

extern constinit const KernelTable simd_conv_pointwise;
constinit const KernelTable simd_conv_pointwise{kKernels};

}  // namespace lite::kernels
