// QLinearMatMul and MatMulInteger on oneDNN.

#include "core/kernels/cpu/onednn_int8.h"
#include "core/kernels/cpu/quantized_product.h"
#include "core/ops/matmul_shape.h"

namespace lite::kernels {
namespace {

using dnnl::memory;
using namespace lite::onednn;

WhyNot rejects_common(const NodeQuery& q, const ProductPlaces& at) {
  if (const WhyNot why = rejects_options(q.options)) return why;
  const Operand &a = q.in[at.a], &b = q.in[at.b];
  for (const Operand* o : {&a, &b, &q.out[0]})
    if (o->layout != Layout::kPlain) return "an operand is not row-major";
  if (a.elements() == 0 || q.out[0].elements() == 0) return "empty";
  if (b.dims.size() != 2) return "the second operand is not one matrix";
  if (q.has_in(at.a_zero) && q.in[at.a_zero].elements() != 1) return "zero points by row";
  if (!is_zero(q, at.b_zero)) return "the second operand has a zero point";
  return rejects_inexact(a, b, q.options);
}

WhyNot rejects_linear(const NodeQuery& q) {
  if (const WhyNot why = rejects_common(q, kQLinearMatMul)) return why;
  if (!is_known_scalar(q, kQLinearMatMul.a_scale) || !is_known_scalar(q, kQLinearMatMul.a_zero) ||
      !is_known_scalar(q, kQLinearMatMul.y_scale) || !is_known_scalar(q, kQLinearMatMul.y_zero) ||
      q.in[kQLinearMatMul.b_scale].constant == nullptr)
    return "a scale or zero point is not one constant";
  const int64_t scales = q.in[kQLinearMatMul.b_scale].elements();
  return scales == 1 || scales == q.in[kQLinearMatMul.b].dims[1]
             ? nullptr
             : "scales of the second operand not by column";
}

WhyNot rejects_integer(const NodeQuery& q) { return rejects_common(q, kMatMulInteger); }

Result<std::unique_ptr<Kernel>> make(const char* who, const NodeQuery& q, const ProductPlaces& at,
                                     const Requantisation* requantise, PackCache& cache) {
  return guarded(who, Work::kMatrix, [&]() -> Result<std::unique_ptr<Kernel>> {
    const Operand &a = q.in[at.a], &b = q.in[at.b], &y = q.out[0];
    const int64_t k = b.dims[0], n = b.dims[1], m = a.elements() / k;
    const memory::desc a_md = plain_descriptor(a.dtype, Dims{m, k}),
                       b_md = plain_descriptor(b.dtype, Dims{k, n}),
                       y_md = plain_descriptor(y.dtype, Dims{m, n});
    dnnl::primitive_attr attr = base_attr();
    const bool known = is_known_scalar(q, at.a_zero);
    const int32_t a_zero = known ? static_cast<int32_t>(q.in[at.a_zero].constant->int_at(0)) : 0;
    const bool shifts = q.has_in(at.a_zero) && (!known || a_zero != 0);
    // A number that is known only at run time is read where it lies, in its own type.
    if (shifts)
      attr.set_zero_points(DNNL_ARG_SRC, 0, {}, known ? memory::data_type::s32 : data_type(a.dtype).value());
    if (requantise != nullptr) requantise->append(attr, 2);
    const memory::desc wanted = b.constant != nullptr ? any_descriptor(b.dtype, b.dims) : b_md;
    const dnnl::matmul::primitive_desc pd(engine(), a_md, wanted, y_md, attr);
    if (!is_fast(pd)) return unsupported(who, ": oneDNN has only ", pd.impl_info_str());

    Plan plan;
    plan.input(DNNL_ARG_SRC, at.a, a_md);
    LITE_TRY(plan.weights(at.b, b, b_md, pd.weights_desc(), cache));
    if (shifts && known) LITE_TRY(zero_point_argument(plan, DNNL_ARG_SRC, a_zero));
    if (shifts && !known)
      plan.input(DNNL_ARG_ATTR_ZERO_POINTS | DNNL_ARG_SRC, at.a_zero, one_number(data_type(a.dtype).value()));
    if (requantise != nullptr) LITE_TRY(requantise->arguments(plan, 2));
    plan.output(y_md);
    return plan.kernel(dnnl::matmul(pd));
  });
}

Result<std::unique_ptr<Kernel>> make_integer(const NodeQuery& q, PackCache& cache) {
  return make("matmul_integer:onednn", q, kMatMulInteger, nullptr, cache);
}

Result<std::unique_ptr<Kernel>> make_linear(const NodeQuery& q, PackCache& cache) {
  Requantisation r;
  const float a_scale = constant_values(q.in[kQLinearMatMul.a_scale])[0],
              y_scale = constant_values(q.in[kQLinearMatMul.y_scale])[0];
  for (const float b_scale : constant_values(q.in[kQLinearMatMul.b_scale]))
    r.factors.push_back(a_scale * b_scale / y_scale);
  r.zero_point = static_cast<int32_t>(q.in[kQLinearMatMul.y_zero].constant->int_at(0));
  return make("qlinear_matmul:onednn", q, kQLinearMatMul, &r, cache);
}

constexpr KernelDef kKernels[] = {
    {"qlinear_matmul:onednn", "QLinearMatMul", rejects_linear, make_linear},
    {"matmul_integer:onednn", "MatMulInteger", rejects_integer, make_integer},
};

}  // namespace

extern constinit const KernelTable onednn_matmul_int8;
constinit const KernelTable onednn_matmul_int8{kKernels};

}  // namespace lite::kernels
