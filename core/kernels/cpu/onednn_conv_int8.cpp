// QLinearConv and ConvInteger on oneDNN, channels last.

#include <algorithm>
#include <cstdlib>

#include "core/kernels/cpu/onednn_int8.h"
#include "core/kernels/cpu/onednn_window.h"

namespace lite::kernels {
namespace {

using dnnl::memory;
using namespace lite::onednn;

// Places of the inputs in the two operators.
struct Places {
  size_t x, x_zero, w, w_zero;
};
constexpr Places kLinear{0, 2, 3, 5}, kInteger{0, 2, 1, 3};
constexpr size_t kXScale = 1, kWScale = 4, kYScale = 6, kYZero = 7, kBias = 8;

WhyNot rejects_common(const NodeQuery& q, const Places& at) {
  if (const WhyNot why = rejects_options(q.options)) return why;
  const Operand &x = q.in[at.x], &w = q.in[at.w];
  if (x.dims.size() < 3 || x.dims.size() > 5) return "not 1 to 3 spatial dimensions";
  if (x.layout != Layout::kChannelsLast || q.out[0].layout != Layout::kChannelsLast) return "not channels-last";
  if (x.elements() == 0 || q.out[0].elements() == 0) return "empty";
  if (w.constant == nullptr) return "the filter is not constant";
  if (q.has_in(at.x_zero) && !is_known_scalar(q, at.x_zero)) return "the input's zero point is not constant";
  if (!is_zero(q, at.w_zero)) return "the filter has a zero point";
  return rejects_inexact(x, w, q.options);
}

WhyNot rejects_linear(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q, kLinear)) return why;
  if (!is_known_scalar(q, kXScale) || !is_known_scalar(q, kYScale) || !is_known_scalar(q, kYZero) ||
      q.in[kWScale].constant == nullptr)
    return "a scale or zero point is not constant";
  if (q.has_in(kBias) && q.in[kBias].constant == nullptr) return "the bias is not constant";
  return nullptr;
}

// oneDNN stores sums by way of float32, which holds whole numbers up to 2^24.
bool sums_fit_float(const Operand& w) {
  const int64_t filters = w.dims[0], size = w.elements() / std::max<int64_t>(filters, 1);
  const auto* values = w.constant->data<int8_t>();
  for (int64_t m = 0; m < filters; ++m) {
    int64_t sum = 0;
    for (int64_t i = 0; i < size; ++i) sum += std::abs(values[m * size + i]);
    // Of either type, input and zero point differ by 255 at most.
    if (sum * 255 > int64_t{1} << 24) return false;
  }
  return true;
}

WhyNot rejects_integer(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q, kInteger)) return why;
  return sums_fit_float(q.in[kInteger.w]) ? nullptr : "sums may not fit 24 bits";
}

Result<std::unique_ptr<Kernel>> make(const char* who, const NodeQuery& q, const Places& at, const Requantisation* requantise,
                                     const std::vector<float>& bias, PackCache& cache) {
  return guarded(who, Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    const AttrReader attrs = q.attrs();
    const Operand &x = q.in[at.x], &w = q.in[at.w], &y = q.out[0];
    LITE_ASSIGN(const ops::ConvShape shape, ops::resolve_conv(attrs, x.dims, w.dims));
    const Window window = sliding(shape.window, shape.in);
    memory::dims filter(w.dims.begin(), w.dims.end());
    if (shape.group > 1) {
      filter[0] /= shape.group;
      filter.insert(filter.begin(), shape.group);
    }
    const int32_t x_zero = q.has_in(at.x_zero) ? static_cast<int32_t>(q.in[at.x_zero].constant->int_at(0)) : 0;
    dnnl::primitive_attr attr = base_attr();
    if (x_zero != 0) attr.set_zero_points_mask(DNNL_ARG_SRC, 0);
    if (requantise != nullptr) requantise->append(attr);
    const memory::desc bias_md =
        bias.empty() ? memory::desc() : memory::desc({y.dims[1]}, memory::data_type::f32, memory::format_tag::a);
    const dnnl::convolution_forward::primitive_desc pd(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, descriptor(x),
        any_descriptor(DType::kI8, filter), bias_md, descriptor(y), window.strides, window.dilations, window.pads_begin,
        window.pads_end, attr);
    if (!is_fast(pd)) return unsupported(who, ": oneDNN has only ", pd.impl_info_str());

    Plan plan;
    plan.input(DNNL_ARG_SRC, at.x, pd.src_desc());
    LITE_TRY(plan.weights(at.w, w, plain_descriptor(DType::kI8, filter), pd.weights_desc(), cache));
    if (!bias.empty()) LITE_TRY(plan.held(DNNL_ARG_BIAS, bias_md, std::span<const float>(bias)));
    if (x_zero != 0) LITE_TRY(zero_point_argument(plan, DNNL_ARG_SRC, x_zero));
    if (requantise != nullptr) LITE_TRY(requantise->arguments(plan));
    plan.output(pd.dst_desc());
    return plan.kernel(dnnl::convolution_forward(pd));
  });
}

Result<std::unique_ptr<Kernel>> make_integer(const NodeQuery& q, PackCache& cache) {
  return make("conv_integer:onednn", q, kInteger, nullptr, {}, cache);
}

Result<std::unique_ptr<Kernel>> make_linear(const NodeQuery& q, PackCache& cache) {
  const Operand& y = q.out[0];
  Requantisation r;
  const float x_scale = constant_values(q.in[kXScale])[0], y_scale = constant_values(q.in[kYScale])[0];
  for (const float w_scale : constant_values(q.in[kWScale])) r.factors.push_back(x_scale * w_scale / y_scale);
  r.zero_point = static_cast<int32_t>(q.in[kYZero].constant->int_at(0));
  Dims dims(y.dims.size(), 1);
  dims[1] = static_cast<int64_t>(r.factors.size());
  r.factors_md = plain_descriptor(DType::kF32, dims);
  // The bias is added before the factor is applied, so it stays a whole number.
  return make("qlinear_conv:onednn", q, kLinear, &r, q.has_in(kBias) ? constant_values(q.in[kBias]) : std::vector<float>(),
              cache);
}

constexpr KernelDef kKernels[] = {
    {"qlinear_conv:onednn", "QLinearConv", rejects_linear, make_linear},
    {"conv_integer:onednn", "ConvInteger", rejects_integer, make_integer},
};

}  // namespace

extern constinit const KernelTable onednn_conv_int8;
constinit const KernelTable onednn_conv_int8{kKernels};

}  // namespace lite::kernels
