// Conv, FusedConv and ConvTranspose on oneDNN: float32, and 16-bit floats where the processor multiplies
// them.

#include "core/kernels/cpu/onednn_plan.h"
#include "core/kernels/cpu/onednn_post_ops.h"
#include "core/kernels/cpu/onednn_window.h"
#include "core/kernels/cpu/simd_strips.h"

namespace lite::kernels {
namespace {

using dnnl::memory;
using namespace lite::onednn;

constexpr size_t kX = 0, kW = 1, kB = 2, kZ = 3;

int64_t block_of(Layout layout) {
  return layout == Layout::kBlocked8 ? 8 : layout == Layout::kBlocked16 ? 16 : 1;
}

WhyNot rejects_common(const NodeQuery& q) {
  if (const WhyNot why = rejects_options(q.options)) return why;
  if (q.in.size() < 2) return "the filter is missing";
  if (!multiplies(q.in[kX].dtype, q.options)) return "the processor does not multiply this type";
  const size_t rank = q.in[kX].dims.size();
  if (rank < 3 || rank > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[kW].dims.size() != rank || q.in[kW].layout != Layout::kPlain) return "the filter is not row-major";
  if (q.out[0].elements() == 0 || q.in[kX].elements() == 0 || q.in[kW].elements() == 0) return "empty";
#if defined(__x86_64__) || defined(__i386__)
  // Elsewhere oneDNN has but loops.
  const Layout layout = q.out[0].layout;
  const bool wide = layout == Layout::kPlain || layout == Layout::kBlocked16;
  if (!isa::runs_on(wide ? isa::kAvx512Level : isa::kAvx2Level, q.options.isa))
    return wide ? "this layout needs AVX-512" : "oneDNN needs AVX2";
#endif
  return nullptr;
}

WhyNot rejects_conv(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q)) return why;
  const Operand &x = q.in[kX], &y = q.out[0];
  const int64_t groups = q.attrs().i64("group", 1), ic = x.dims[1], oc = y.dims[1];
  const bool picture = x.layout == Layout::kPlain && ic <= 3 && groups == 1 && block_of(y.layout) > 1;
  if (x.layout != y.layout && !picture) return "the layout changes";
  if (const int64_t block = block_of(y.layout); block > 1 && groups > 1) {
    const bool depthwise = groups == ic && groups == oc;
    if (!depthwise && ((ic / groups) % block != 0 || (oc / groups) % block != 0))
      return "groups do not fill blocks";
  }
  if (q.has_in(kZ)) {
    if (q.in[kZ].dims != y.dims) return "the residual is broadcast";
    if (q.in[kZ].layout != y.layout) return "the residual lies differently";
  }
  return rejects_activation(q.attrs());
}

// The filter's dims with the groups in front, as oneDNN sees them.
memory::dims grouped(const Dims& w, int64_t groups) {
  memory::dims d(w.begin(), w.end());
  if (groups > 1) {
    d[0] /= groups;
    d.insert(d.begin(), groups);
  }
  return d;
}

template <class Primitive, class PD>
Result<std::unique_ptr<Kernel>> finish(const char* who, const PD& pd, const NodeQuery& q,
                                       const memory::desc& stored, PackCache& cache) {
  if (!is_fast(pd)) return unsupported(who, ": oneDNN has only ", pd.impl_info_str());
  Plan plan;
  plan.input(DNNL_ARG_SRC, kX, pd.src_desc());
  LITE_TRY(plan.weights(kW, q.in[kW], stored, pd.weights_desc(), cache));
  if (q.has_in(kB)) plan.input(DNNL_ARG_BIAS, kB, pd.bias_desc());
  if (q.has_in(kZ)) {
    const int place = residual_place(pd.get_primitive_attr().get_post_ops());
    plan.input(DNNL_ARG_ATTR_MULTIPLE_POST_OP(place) | DNNL_ARG_SRC_1, kZ, pd.dst_desc());
  }
  plan.output(pd.dst_desc());
  return plan.kernel(Primitive(pd));
}

memory::desc bias_of(const NodeQuery& q) {
  return q.has_in(kB) ? plain_descriptor(q.in[kB].dtype, q.in[kB].dims) : memory::desc();
}

// Where oneDNN's own code for the last step takes several times as long as a pass of ours: 20 cycles for a
// number, without the tables of AVX-512 registers. What is in blocks of channels needs a 0 at 0 for their
// padding.
bool is_slow_last_step(const NodeQuery& q) {
  if (q.in[kX].dtype != DType::kF32 || isa::runs_on(isa::kAvx512Level, q.options.isa)) return false;
  if (q.has_in(kZ) && q.attrs().i64("residual_after", 0) != 0) return false;
  const auto act = pointwise::read_activation(q.attrs());
  if (!act.is_ok()) return false;
  using pointwise::Opcode;
  const Opcode op = act.value().op;
  if (op == Opcode::kSigmoid) return block_of(q.out[0].layout) == 1;
  return op == Opcode::kTanh || op == Opcode::kSwish || op == Opcode::kGelu || op == Opcode::kGeluTanh;
}

// A kernel, and its activation as a pass over what it wrote.
class ThenActivation final : public Kernel {
 public:
  ThenActivation(std::unique_ptr<Kernel> first, const NodeQuery& q)
      : first_(std::move(first)),
        activation_(pointwise::read_activation(q.attrs()).value(), q.options),
        elements_(static_cast<int64_t>(layout_bytes(q.out[0].dtype, q.out[0].dims, q.out[0].layout) /
                                       sizeof(float))) {}
  Status run(const Launch& l) const override {
    LITE_TRY(first_->run(l));
    l.parallel->for_range(elements_, kGrain, [&](int64_t begin, int64_t end) {
      activation_(l.out<float>(0) + begin, end - begin);
    });
    return ok();
  }
  size_t workspace_bytes() const override { return first_->workspace_bytes(); }
  bool reads_input(size_t i) const override { return first_->reads_input(i); }
  size_t packed_bytes() const override { return first_->packed_bytes(); }

 private:
  static constexpr int64_t kGrain = int64_t{1} << 13;
  std::unique_ptr<Kernel> first_;
  simd::ActivationFn activation_;
  int64_t elements_;
};

Result<std::unique_ptr<Kernel>> make_conv(const NodeQuery& q, PackCache& cache) {
  return guarded("conv:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    const AttrReader attrs = q.attrs();
    const Operand &x = q.in[kX], &y = q.out[0];
    const memory::dims filter = grouped(q.in[kW].dims, attrs.i64("group", 1));
    LITE_ASSIGN(const ops::ConvShape shape, ops::resolve_conv(attrs, x.dims, q.in[kW].dims));
    const Window w = sliding(shape.window, shape.in);
    const memory::desc out = descriptor(y);
    dnnl::post_ops fused;
    const bool apart = is_slow_last_step(q);
    append_fused(fused, attrs, q.has_in(kZ) ? &out : nullptr, !apart);
    dnnl::primitive_attr attr = base_attr();
    attr.set_post_ops(fused);
    const dnnl::convolution_forward::primitive_desc pd(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, descriptor(x),
        any_descriptor(x.dtype, filter), bias_of(q), out, w.strides, w.dilations, w.pads_begin, w.pads_end,
        attr);
    LITE_ASSIGN(
        std::unique_ptr<Kernel> kernel,
        finish<dnnl::convolution_forward>("conv:onednn", pd, q, plain_descriptor(x.dtype, filter), cache));
    if (apart) kernel = std::make_unique<ThenActivation>(std::move(kernel), q);
    return kernel;
  });
}

WhyNot rejects_transpose(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q)) return why;
  // oneDNN counts up to it more than once to choose its blocks: minutes for a hostile one.
  constexpr int64_t kMaxStride = 1024;
  for (const int64_t stride : q.attrs().ints("strides"))
    if (stride > kMaxStride) return "long strides";
  if (q.in[kX].layout != q.out[0].layout) return "the layout changes";
  const int64_t groups = q.attrs().i64("group", 1);
  if (block_of(q.out[0].layout) > 1 && groups > 1) return "groups in blocks of channels";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_transpose(const NodeQuery& q, PackCache& cache) {
  return guarded("conv_transpose:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    const AttrReader attrs = q.attrs();
    const Operand &x = q.in[kX], &y = q.out[0];
    const int64_t groups = attrs.i64("group", 1);
    const Dims kernel(spatial(q.in[kW].dims));
    LITE_ASSIGN(const ops::WindowAttrs read, ops::read_window(attrs, kernel.size(), &kernel));
    LITE_ASSIGN(const ops::Window resolved, ops::resolve_transposed(attrs, read, spatial(x.dims)));
    const Window w = transposed(resolved, spatial(x.dims));
    // ONNX stores [IC, OC/groups, ...]; oneDNN names [groups, OC/groups, IC/groups, ...]: the same bytes,
    // seen crosswise.
    memory::dims dims = grouped(q.in[kW].dims, groups);
    memory::dims strides(dims.size(), 1);
    for (size_t i = dims.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * dims[i + 1];
    const size_t g = groups > 1 ? 1 : 0;
    std::swap(dims[g], dims[g + 1]);
    std::swap(strides[g], strides[g + 1]);
    const memory::desc stored(dims, data_type(x.dtype).value(), strides);
    const dnnl::deconvolution_forward::primitive_desc pd(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::deconvolution_direct, descriptor(x),
        any_descriptor(x.dtype, dims), bias_of(q), descriptor(y), w.strides, w.dilations, w.pads_begin,
        w.pads_end, base_attr());
    return finish<dnnl::deconvolution_forward>("conv_transpose:onednn", pd, q, stored, cache);
  });
}

constexpr KernelDef kKernels[] = {
    {"conv:onednn", "Conv", rejects_conv, make_conv},
    {"fused_conv:onednn", "FusedConv", rejects_conv, make_conv},
    {"conv_transpose:onednn", "ConvTranspose", rejects_transpose, make_transpose},
};

}  // namespace

extern constinit const KernelTable onednn_conv;
constinit const KernelTable onednn_conv{kKernels};

}  // namespace lite::kernels
