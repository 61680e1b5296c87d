// MaxPool, AveragePool and GlobalAveragePool on oneDNN.

#include "core/kernels/cpu/onednn_plan.h"
#include "core/kernels/cpu/onednn_window.h"

namespace lite::kernels {
namespace {

using namespace lite::onednn;

WhyNot rejects_common(const NodeQuery& q) {
  if (const WhyNot why = rejects_options(q.options)) return why;
  const size_t rank = q.in[0].dims.size();
  if (rank < 3 || rank > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[0].layout != q.out[0].layout) return "the layout changes";
  if (q.in[0].elements() == 0 || q.out[0].elements() == 0) return "empty";
  if (q.has_out(1)) return "indices are wanted";
  for (const int64_t d : q.attrs().ints("dilations"))
    if (d != 1) return "dilated";
  return nullptr;
}

WhyNot rejects_max(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q)) return why;
  const DType type = q.in[0].dtype;
  if (type == DType::kI8 || type == DType::kU8)
    return q.in[0].layout == Layout::kChannelsLast ? nullptr : "8-bit images that are not channels-last";
  return type == DType::kF32 ? nullptr : "not float32 or 8-bit";
}

WhyNot rejects_average(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q)) return why;
  return q.in[0].dtype == DType::kF32 ? nullptr : "not float32";
}

Result<std::unique_ptr<Kernel>> pool(const char* who, const NodeQuery& q, dnnl::algorithm algorithm,
                                     const Window& w) {
  const dnnl::memory::desc x = descriptor(q.in[0]), y = descriptor(q.out[0]);
  const dnnl::pooling_forward::primitive_desc pd(engine(), dnnl::prop_kind::forward_inference, algorithm, x,
                                                 y, w.strides, w.kernel, w.dilations, w.pads_begin,
                                                 w.pads_end, base_attr());
  if (!is_fast(pd)) return unsupported(who, ": oneDNN has only ", pd.impl_info_str());
  Plan plan;
  plan.input(DNNL_ARG_SRC, 0, x);
  plan.output(y);
  return plan.kernel(dnnl::pooling_forward(pd));
}

Result<ops::Window> resolved(const NodeQuery& q) {
  const std::span<const int64_t> in = spatial(q.in[0].dims);
  LITE_ASSIGN(const ops::WindowAttrs a, ops::read_window(q.attrs(), in.size(), nullptr));
  return ops::resolve_window(q.node.op->name, a, in);
}

Result<std::unique_ptr<Kernel>> make_max(const NodeQuery& q, PackCache&) {
  return guarded("max_pool:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    LITE_ASSIGN(const ops::Window w, resolved(q));
    return pool("max_pool:onednn", q, dnnl::algorithm::pooling_max, sliding(w, spatial(q.in[0].dims)));
  });
}

Result<std::unique_ptr<Kernel>> make_average(const NodeQuery& q, PackCache&) {
  return guarded("average_pool:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    LITE_ASSIGN(const ops::Window w, resolved(q));
    const std::span<const int64_t> in = spatial(q.in[0].dims);
    const bool with_padding = q.attrs().i64("count_include_pad") != 0;
    // oneDNN divides by the whole window then; ONNX leaves out what ceil_mode lets hang over the padding.
    for (size_t i = 0; i < in.size() && with_padding; ++i)
      if ((w.out[i] - 1) * w.strides[i] + w.kernel[i] > in[i] + w.pads_begin[i] + w.pads_end[i])
        return unsupported("average_pool:onednn: a window hangs over the padding");
    return pool("average_pool:onednn", q,
                with_padding ? dnnl::algorithm::pooling_avg_include_padding
                             : dnnl::algorithm::pooling_avg_exclude_padding,
                sliding(w, in));
  });
}

Result<std::unique_ptr<Kernel>> make_global(const NodeQuery& q, PackCache&) {
  return guarded("global_average_pool:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    const std::span<const int64_t> in = spatial(q.in[0].dims);
    const size_t n = in.size();
    const Window w{{in.begin(), in.end()},
                   dnnl::memory::dims(n, 1),
                   dnnl::memory::dims(n, 0),
                   dnnl::memory::dims(n, 0),
                   dnnl::memory::dims(n, 0)};
    return pool("global_average_pool:onednn", q, dnnl::algorithm::pooling_avg_exclude_padding, w);
  });
}

constexpr KernelDef kKernels[] = {
    {"max_pool:onednn", "MaxPool", rejects_max, make_max},
    {"average_pool:onednn", "AveragePool", rejects_average, make_average},
    {"global_average_pool:onednn", "GlobalAveragePool", rejects_average, make_global},
};

}  // namespace

extern constinit const KernelTable onednn_pool;
constinit const KernelTable onednn_pool{kKernels};

}  // namespace lite::kernels
