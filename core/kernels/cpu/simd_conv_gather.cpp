// Conv and FusedConv of float32, channels last, whose places are gathered for one matrix product:
// convolutions of few pixels and many channels, whose weights are what is read, and pointwise ones with
// strides.
#include "core/kernels/cpu/simd_conv_pointwise.h"
#include "core/ops/conv_reference.h"

namespace lite::kernels {
namespace {

using namespace simd;

constexpr size_t kMaxRank = 3;

class GatheredConv final : public Kernel {
 public:
  GatheredConv(ops::ConvShape s, ConvProduct product)
      : s_(std::move(s)),
        taps_(elements(s_.window.kernel)),
        plane_(elements(s_.window.out)),
        product_(std::move(product)) {}
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    LITE_ASSIGN(ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
    LITE_ASSIGN(ConvProduct product, ConvProduct::make(q, packs));
    return std::unique_ptr<Kernel>(std::make_unique<GatheredConv>(std::move(s), std::move(product)));
  }

  Status run(const Launch& l) const override {
    auto* const rows = static_cast<float*>(l.workspace);
    const auto* const x = l.in<float>(0);
    l.parallel->for_range(product_.pixels(), rows_grain(product_.depth()), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) gather(x, i, rows + i * product_.depth());
    });
    product_.run(l, rows);
    return ok();
  }

  size_t workspace_bytes() const override {
    return static_cast<size_t>(product_.pixels() * product_.depth()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != 1; }

 private:
  // What output pixel `pixel` sees: the channels of each place of the kernel, zeros outside.
  void gather(const float* x, int64_t pixel, float* to) const {
    const ops::Window& w = s_.window;
    const size_t rank = w.rank();
    const auto bytes = static_cast<size_t>(s_.channels) * sizeof(float);
    int64_t origin[kMaxRank], place[kMaxRank] = {};
    int64_t rest = pixel % plane_;
    for (size_t d = rank; d-- > 0; rest /= w.out[d])
      origin[d] = rest % w.out[d] * w.strides[d] - w.pads_begin[d];
    for (int64_t t = 0; t < taps_; ++t, to += s_.channels) {
      int64_t at = pixel / plane_;
      bool inside = true;
      for (size_t d = 0; d < rank; ++d) {
        const int64_t i = origin[d] + place[d] * w.dilations[d];
        inside = inside && i >= 0 && i < s_.in[d];
        at = at * s_.in[d] + i;
      }
      if (inside)
        memcpy(to, x + at * s_.channels, bytes);
      else
        memset(to, 0, bytes);
      for (size_t d = rank; d-- > 0;) {
        if (++place[d] < w.kernel[d]) break;
        place[d] = 0;
      }
    }
  }

  ops::ConvShape s_;
  int64_t taps_, plane_;
  ConvProduct product_;
};

// Measured against oneDNN's (bench/results/matmul.md): 0.75 to 0.9 of its time within these bounds.
WhyNot rejects(const NodeQuery& q) {
  constexpr int64_t kFewPixels = 64, kPointwisePixels = 256, kManyChannels = 64;
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  const Operand &x = q.in[0], &y = q.out[0];
  const Dims& w = q.in[1].dims;
  if (x.dims.size() < 3 || x.dims.size() > 2 + kMaxRank) return "not one to three spatial dimensions";
  if (x.layout != Layout::kChannelsLast || y.layout != x.layout) return "not channels last";
  if (q.in[1].constant == nullptr) return "weights not constant";
  if (w[1] != x.dims[1]) return "groups";
  if (y.elements() == 0 || x.elements() == 0 || q.in[1].elements() == 0) return "empty";
  if (q.has_in(3) && (q.in[3].layout != y.layout || q.in[3].dims != y.dims))
    return "the residual lies differently";
  const int64_t pixels = y.elements() / y.dims[1], taps = q.in[1].elements() / (w[0] * w[1]);
  if (pixels > (taps == 1 ? kPointwisePixels : kFewPixels)) return "many pixels";
  const bool few_channels = w[0] < kManyChannels || w[1] < kManyChannels;
  // Measured: where there are many places, others have too little to do at each.
  const int64_t many_taps = isa::runs_on(isa::kAvx512Level, q.options.isa) ? 25 : 49;
  if (!q.options.unranked && few_channels && taps < many_taps) return "few channels";
  return nullptr;
}

bool in_place(const NodeQuery& q, size_t i) {
  return i == 3 && q.has_in(3) && q.attrs().i64("residual_after", 0) == 0;
}

constexpr KernelDef kKernels[] = {
    {"conv_gather:simd", "Conv", rejects, GatheredConv::make, in_place},
    {"fused_conv_gather:simd", "FusedConv", rejects, GatheredConv::make, in_place},
};

}  // namespace

extern constinit const KernelTable simd_conv_gather;
constinit const KernelTable simd_conv_gather{kKernels};

}  // namespace lite::kernels
