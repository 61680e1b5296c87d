// Operators between quantised tensors that only com.microsoft has a name for; real = (stored - zero_point) *
// scale.
//
// QLinearAdd, QLinearMul: C = A + B, C = A * B, broadcast as in NumPy.
//   in  A, A_scale, A_zero_point; B, B_scale, B_zero_point; C_scale, C_zero_point    zero points may be left
//   out: 0 out C  saturate(round(...) + C_zero_point), where ... is, in float32,
//          (A - A_zero_point) * (A_scale / C_scale) + (B - B_zero_point) * (B_scale / C_scale), or
//          (A - A_zero_point) * (B - B_zero_point) * (A_scale * B_scale / C_scale)
//
// QLinearGlobalAveragePool: the mean over all spatial dimensions.
//   in  X [N,C,spatial...], x_scale, x_zero_point; y_scale, y_zero_point
//   out Y [N,C,1...]: saturate(round(sum(X - x_zero_point) * (x_scale / (y_scale * count))) + y_zero_point)
//   attr channels_last int: only 0 is known
//
// Rounding is to nearest, halves to even.

#include "core/ops/quantized.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer_binary(const InferArgs& a) {
  const char* const op = a.attrs.node().op->name;
  for (const size_t i : {1U, 2U, 4U, 5U, 6U, 7U})
    if (a.has(i))
      LITE_TRY(check_quant_param(op,
                                 i < 3   ? "a parameter of A"
                                 : i < 6 ? "a parameter of B"
                                         : "a parameter of C",
                                 a.in[i]));
  const Fact facts[] = {a.in[0], a.in[3]};
  LITE_ASSIGN(a.out[0], broadcast(facts));
  return ok();
}

template <class F>
Status binary(const EvalArgs& a, F&& f) {
  const Tensor &x = a.input(0), &y = a.input(3);
  LITE_ASSIGN(const Dims dims, broadcast(x.dims(), y.dims()));
  LITE_ASSIGN(Tensor* const out, a.output(0, x.dtype(), dims));
  const auto one = [&](size_t i, float otherwise) { return quant_param(a, i, 1, otherwise)[0]; };
  const float scale_a = one(1, 1), scale_b = one(4, 1), scale_c = one(6, 1), zero_a = one(2, 0),
              zero_b = one(5, 0);
  const auto zero_c = static_cast<int64_t>(one(7, 0));
  const IntRange range = int_range(x.dtype());
  const Widened<float> xs(x), ys(y);
  std::vector<int32_t> result(static_cast<size_t>(out->elements()));
  Walker<2> walk(dims, {broadcast_strides(x.dims(), dims), broadcast_strides(y.dims(), dims)});
  for (int32_t& r : result) {
    r = quantize(f(xs[walk.offset(0)] - zero_a, ys[walk.offset(1)] - zero_b, scale_a, scale_b, scale_c),
                 zero_c, range);
    walk.next();
  }
  narrow(result.data(), out->elements(), *out, 0);
  return ok();
}

Status add(const EvalArgs& a) {
  return binary(a,
                [](float x, float y, float sx, float sy, float sz) { return x * (sx / sz) + y * (sy / sz); });
}

Status mul(const EvalArgs& a) {
  return binary(a, [](float x, float y, float sx, float sy, float sz) { return x * y * (sx * sy / sz); });
}

Status infer_pool(const InferArgs& a) {
  if (a.attrs.i64("channels_last") != 0)
    return unsupported("QLinearGlobalAveragePool: attribute 'channels_last' is ",
                       a.attrs.i64("channels_last"), ", 0 wanted");
  const Fact& x = a.in[0];
  if (x.has_rank && x.rank() < 2)
    return invalid_model("QLinearGlobalAveragePool: X has shape ", x.dims, ", rank 2 or more wanted");
  a.out[0] = x;
  for (size_t i = 2; i < a.out[0].rank(); ++i) a.out[0].dims[i] = 1;
  return ok();
}

Status pool(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  Dims dims = x.dims();
  int64_t count = 1;
  for (size_t i = 2; i < dims.size(); ++i) {
    count *= dims[i];
    dims[i] = 1;
  }
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const auto zero_x = static_cast<int64_t>(quant_param(a, 2, 1, 0)[0]),
             zero_y = static_cast<int64_t>(quant_param(a, 4, 1, 0)[0]);
  const float factor = quant_param(a, 1, 1, 1)[0] / (quant_param(a, 3, 1, 1)[0] * static_cast<float>(count));
  std::vector<int32_t> result(static_cast<size_t>(y->elements()));
  for (size_t i = 0; i < result.size(); ++i) {
    int64_t sum = -zero_x * count;
    for (int64_t k = 0; k < count; ++k) sum += x.int_at(static_cast<int64_t>(i) * count + k);
    result[i] = quantize(static_cast<float>(sum) * factor, zero_y, int_range(x.dtype()));
  }
  narrow(result.data(), y->elements(), *y, 0);
  return ok();
}

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr auto kOptional = OperandSpec::kOptional;
constexpr OperandSpec kBinaryIn[] = {{"A", kByte, 'T'},
                                     {"A_scale", DType::kF32},
                                     {"A_zero_point", kByte, 'T', kOptional},
                                     {"B", kByte, 'T'},
                                     {"B_scale", DType::kF32},
                                     {"B_zero_point", kByte, 'T', kOptional},
                                     {"C_scale", DType::kF32},
                                     {"C_zero_point", kByte, 'T', kOptional}};
constexpr OperandSpec kBinaryOut[] = {{"C", kByte, 'T'}};
constexpr OperandSpec kPoolIn[] = {{"X", kByte, 'T'},
                                   {"x_scale", DType::kF32},
                                   {"x_zero_point", kByte, 'T', kOptional},
                                   {"y_scale", DType::kF32},
                                   {"y_zero_point", kByte, 'T', kOptional}};
constexpr OperandSpec kPoolOut[] = {{"Y", kByte, 'T'}};
constexpr AttrSpec kPoolAttrs[] = {{"channels_last", AttrType::kInt}};

constexpr OpDef binary_op(const char* name, Status (*reference)(const EvalArgs&)) {
  return {.name = name,
          .domain = "com.microsoft",
          .inputs = kBinaryIn,
          .outputs = kBinaryOut,
          .traits = kElementwise,
          .infer = infer_binary,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    binary_op("QLinearAdd", add),
    binary_op("QLinearMul", mul),
    {
        .name = "QLinearGlobalAveragePool",
        .domain = "com.microsoft",
        .inputs = kPoolIn,
        .outputs = kPoolOut,
        .attrs = kPoolAttrs,
        .infer = infer_pool,
        .reference = pool,
    },
};

}  // namespace

extern constinit const OpTable qlinear;
constinit const OpTable qlinear{kOps};

}  // namespace lite::ops
