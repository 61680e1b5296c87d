// Conv, FusedConv and ConvTranspose in float32 on oneDNN.

#include "core/kernels/cpu/onednn_post_ops.h"
#include "core/kernels/cpu/onednn_weights.h"
#include "core/kernels/cpu/onednn_window.h"

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
  for (size_t i = 0; i < q.in.size(); ++i)
    if (q.has_in(i) && q.in[i].dtype != DType::kF32) return "not float32";
  const size_t rank = q.in[kX].dims.size();
  if (rank < 3 || rank > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[kW].dims.size() != rank || q.in[kW].layout != Layout::kPlain) return "the filter is not row-major";
  if (q.out[0].elements() == 0 || q.in[kX].elements() == 0 || q.in[kW].elements() == 0) return "empty";
  return nullptr;
}

WhyNot rejects_conv(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q)) return why;
  const Operand &x = q.in[kX], &y = q.out[0];
  const int64_t groups = q.attrs().i64("group", 1), ic = x.dims[1], oc = y.dims[1];
  const bool first = x.layout == Layout::kPlain && ic <= 4 && groups == 1;
  if (x.layout != y.layout && !first) return "the layout changes";
  if (const int64_t block = block_of(y.layout); block > 1 && groups > 1) {
    const bool depthwise = groups == ic && groups == oc;
    if (!depthwise && ((ic / groups) % block != 0 || (oc / groups) % block != 0)) return "groups do not fill blocks";
  }
  if (q.has_in(kZ)) {
    if (q.in[kZ].dims != y.dims) return "the residual is broadcast";
    if (q.in[kZ].layout != y.layout) return "the residual lies differently";
  }
  return rejects_activation(q.attrs());
}

class ConvKernel final : public Kernel {
 public:
  ConvKernel(const dnnl::primitive& primitive, std::vector<Exec::Arg> args, std::vector<size_t> inputs, Weights weights)
      : exec_(primitive, std::move(args)), inputs_(std::move(inputs)), weights_(std::move(weights)) {}

  Status run(const Launch& launch) const override {
    auto* const workspace = static_cast<std::byte*>(launch.workspace);
    std::array<const void*, 6> pointers{};
    size_t n = 0;
    for (const size_t i : inputs_) pointers[n++] = launch.in<void>(i);
    LITE_ASSIGN(pointers[1], weights_.get(launch.in<void>(kW), workspace + scratchpad(), *launch.parallel));
    pointers[n++] = launch.out<void>(0);
    pointers[n++] = workspace;
    return exec_.run(std::span(pointers.data(), n), *launch.parallel);
  }
  size_t workspace_bytes() const override { return scratchpad() + weights_.workspace_bytes(); }
  bool reads_input(size_t i) const override { return i != kW || weights_.reads_source(); }
  size_t packed_bytes() const override { return weights_.own_bytes(); }

 private:
  size_t scratchpad() const { return static_cast<size_t>(round_up(static_cast<int64_t>(exec_.scratchpad_bytes()), 64)); }

  Exec exec_;
  std::vector<size_t> inputs_;  // X, W, then B and Z where they are
  Weights weights_;
};

// The filter's dims with the groups in front, as oneDNN sees them.
memory::dims grouped(const Dims& w, int64_t groups) {
  memory::dims d(w.begin(), w.end());
  if (groups > 1) {
    d[0] /= groups;
    d.insert(d.begin(), groups);
  }
  return d;
}

template <class PD>
Result<std::unique_ptr<Kernel>> finish(const char* who, const PD& pd, const dnnl::primitive& primitive, const NodeQuery& q,
                                       const memory::desc& stored, PackCache& cache) {
  if (!is_fast(pd)) return unsupported(who, ": oneDNN has only ", pd.impl_info_str());
  std::vector<Exec::Arg> args{{DNNL_ARG_SRC, pd.src_desc()}, {DNNL_ARG_WEIGHTS, pd.weights_desc()}};
  std::vector<size_t> inputs{kX, kW};
  if (q.has_in(kB)) {
    args.push_back({DNNL_ARG_BIAS, pd.bias_desc()});
    inputs.push_back(kB);
  }
  if (q.has_in(kZ)) {
    const int place = residual_place(pd.get_primitive_attr().get_post_ops());
    args.push_back({DNNL_ARG_ATTR_MULTIPLE_POST_OP(place) | DNNL_ARG_SRC_1, pd.dst_desc()});
    inputs.push_back(kZ);
  }
  args.push_back({DNNL_ARG_DST, pd.dst_desc()});
  LITE_ASSIGN(Weights weights, Weights::make(q.in[kW], stored, pd.weights_desc(), cache));
  return std::unique_ptr<Kernel>(
      std::make_unique<ConvKernel>(primitive, std::move(args), std::move(inputs), std::move(weights)));
}

memory::desc bias_of(const NodeQuery& q) {
  return q.has_in(kB) ? plain_descriptor(DType::kF32, q.in[kB].dims) : memory::desc();
}

Result<std::unique_ptr<Kernel>> make_conv(const NodeQuery& q, PackCache& cache) {
  return guarded("conv:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    const AttrReader attrs = q.attrs();
    const Operand &x = q.in[kX], &y = q.out[0];
    const memory::dims filter = grouped(q.in[kW].dims, attrs.i64("group", 1));
    LITE_ASSIGN(const ops::ConvShape shape, ops::resolve_conv(attrs, x.dims, q.in[kW].dims));
    const Window w = sliding(shape.window, shape.in);
    const memory::desc out = descriptor(y);
    dnnl::post_ops fused;
    append_fused(fused, attrs, q.has_in(kZ) ? &out : nullptr);
    dnnl::primitive_attr attr = base_attr();
    attr.set_post_ops(fused);
    const dnnl::convolution_forward::primitive_desc pd(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, descriptor(x),
        any_descriptor(DType::kF32, filter), bias_of(q), out, w.strides, w.dilations, w.pads_begin, w.pads_end, attr);
    return finish("conv:onednn", pd, dnnl::convolution_forward(pd), q, plain_descriptor(DType::kF32, filter), cache);
  });
}

WhyNot rejects_transpose(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q)) return why;
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
    // ONNX stores [IC, OC/groups, ...]; oneDNN names [groups, OC/groups, IC/groups, ...]: the same bytes, seen crosswise.
    memory::dims dims = grouped(q.in[kW].dims, groups);
    memory::dims strides(dims.size(), 1);
    for (size_t i = dims.size() - 1; i-- > 0;) strides[i] = strides[i + 1] * dims[i + 1];
    const size_t g = groups > 1 ? 1 : 0;
    std::swap(dims[g], dims[g + 1]);
    std::swap(strides[g], strides[g + 1]);
    const memory::desc stored(dims, memory::data_type::f32, strides);
    const dnnl::deconvolution_forward::primitive_desc pd(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::deconvolution_direct, descriptor(x),
        any_descriptor(DType::kF32, dims), bias_of(q), descriptor(y), w.strides, w.dilations, w.pads_begin, w.pads_end,
        base_attr());
    return finish("conv_transpose:onednn", pd, dnnl::deconvolution_forward(pd), q, stored, cache);
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
