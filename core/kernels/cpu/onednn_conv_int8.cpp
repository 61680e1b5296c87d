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
  if (x.layout != Layout::kChannelsLast || q.out[0].layout != Layout::kChannelsLast)
    return "not channels-last";
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

// A convolution with all that belongs to it, on its way to a kernel.
struct Request {
  const char* who;
  const NodeQuery& q;
  const Places& at;
  const Requantisation* requantise;  // null: the sums themselves are wanted
  std::vector<float> bias;           // whole numbers: it is added before the factor is applied
  PackCache& cache;

  const Operand& x() const { return q.in[at.x]; }
  const Operand& w() const { return q.in[at.w]; }
  const Operand& y() const { return q.out[0]; }
  int32_t x_zero() const {
    return q.has_in(at.x_zero) ? static_cast<int32_t>(q.in[at.x_zero].constant->int_at(0)) : 0;
  }

  dnnl::primitive_attr attr(size_t rank) const {
    dnnl::primitive_attr attr = base_attr();
    if (x_zero() != 0) attr.set_zero_points_mask(DNNL_ARG_SRC, 0);
    if (requantise != nullptr) requantise->append(attr, rank);
    return attr;
  }
  memory::desc bias_md(Dims dims) const {
    return bias.empty() ? memory::desc() : plain_descriptor(DType::kF32, dims);
  }
};

template <class Primitive, class PD>
Result<std::unique_ptr<Kernel>> finish(const Request& r, const PD& pd, const memory::desc& stored,
                                       size_t rank) {
  if (!is_fast(pd)) return unsupported(r.who, ": oneDNN has only ", pd.impl_info_str());
  Plan plan;
  plan.input(DNNL_ARG_SRC, r.at.x, pd.src_desc());
  LITE_TRY(plan.weights(r.at.w, r.w(), stored, pd.weights_desc(), r.cache));
  if (!r.bias.empty()) {
    LITE_TRY(plan.held(DNNL_ARG_BIAS, r.bias_md(rank == 2 ? Dims{1, r.y().dims[1]} : Dims{r.y().dims[1]}),
                       std::span<const float>(r.bias)));
  }
  if (r.x_zero() != 0) LITE_TRY(zero_point_argument(plan, DNNL_ARG_SRC, r.x_zero()));
  if (r.requantise != nullptr) LITE_TRY(r.requantise->arguments(plan, rank));
  plan.output(pd.dst_desc());
  return plan.kernel(Primitive(pd));
}

Result<std::unique_ptr<Kernel>> make_convolution(const Request& r) {
  return guarded(r.who, Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    LITE_ASSIGN(const ops::ConvShape shape, ops::resolve_conv(r.q.attrs(), r.x().dims, r.w().dims));
    const Window window = sliding(shape.window, shape.in);
    Dims filter = r.w().dims;
    if (shape.group > 1) {
      filter[0] /= shape.group;
      filter.insert(0, shape.group);
    }
    const size_t rank = r.y().dims.size();
    const dnnl::convolution_forward::primitive_desc pd(
        engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, descriptor(r.x()),
        any_descriptor(DType::kI8, filter), r.bias_md({r.y().dims[1]}), descriptor(r.y()), window.strides,
        window.dilations, window.pads_begin, window.pads_end, r.attr(rank));
    return finish<dnnl::convolution_forward>(r, pd, plain_descriptor(DType::kI8, filter), rank);
  });
}

// One pixel convolved with one: a product of matrices.
Result<std::unique_ptr<Kernel>> make_product(const Request& r) {
  return guarded(r.who, Work::kMatrix, [&]() -> Result<std::unique_ptr<Kernel>> {
    const int64_t m = r.x().dims[0], k = r.x().dims[1], n = r.y().dims[1];
    const dnnl::matmul::primitive_desc pd(engine(), plain_descriptor(r.x().dtype, Dims{m, k}),
                                          any_descriptor(DType::kI8, Dims{k, n}), r.bias_md({1, n}),
                                          plain_descriptor(r.y().dtype, Dims{m, n}), r.attr(2));
    return finish<dnnl::matmul>(r, pd, memory::desc({k, n}, memory::data_type::s8, memory::format_tag::ba),
                                2);
  });
}

Result<std::unique_ptr<Kernel>> make(const Request& r) {
  auto made = make_convolution(r);
  const auto one = [](const Dims& d) { return elements(spatial(d)) == 1; };
  const bool is_product =
      one(r.x().dims) && one(r.w().dims) && one(r.y().dims) && r.q.attrs().i64("group", 1) == 1;
  // Where oneDNN has but a loop for so small a convolution it may still have a product.
  if (!made.is_ok() && is_product) return make_product(r);
  return made;
}

Result<std::unique_ptr<Kernel>> make_integer(const NodeQuery& q, PackCache& cache) {
  return make({"conv_integer:onednn", q, kInteger, nullptr, {}, cache});
}

Result<std::unique_ptr<Kernel>> make_linear(const NodeQuery& q, PackCache& cache) {
  Requantisation r;
  const float x_scale = constant_values(q.in[kXScale])[0], y_scale = constant_values(q.in[kYScale])[0];
  for (const float w_scale : constant_values(q.in[kWScale])) r.factors.push_back(x_scale * w_scale / y_scale);
  r.zero_point = static_cast<int32_t>(q.in[kYZero].constant->int_at(0));
  const std::vector<float> bias = q.has_in(kBias) ? constant_values(q.in[kBias]) : std::vector<float>();
  return make({"qlinear_conv:onednn", q, kLinear, &r, bias, cache});
}

constexpr KernelDef kKernels[] = {
    {"qlinear_conv:onednn", "QLinearConv", rejects_linear, make_linear},
    {"conv_integer:onednn", "ConvInteger", rejects_integer, make_integer},
};

}  // namespace

extern constinit const KernelTable onednn_conv_int8;
constinit const KernelTable onednn_conv_int8{kKernels};

}  // namespace lite::kernels
