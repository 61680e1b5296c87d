// ConvInteger: y = conv(x - x_zero_point, w - w_zero_point) in 32 bits.
//
//   in  x  [N,C,spatial...], int8 or uint8          in  w  [M,C/group,kernel...], int8 or uint8
//   in  x_zero_point optional scalar                in  w_zero_point optional scalar or [M]
//   out y  [N,M,spatial...], int32; sums that do not fit wrap around
//
// QLinearConv: the same between real numbers, y = conv(x, w) + B with every tensor quantised.
//
//   in  x, x_scale, x_zero_point; w, w_scale, w_zero_point; y_scale, y_zero_point    those of w are scalars
//   or [M] in  B  optional [M], int32, of scale x_scale * w_scale and zero point 0 out y  [N,M,spatial...]:
//   saturate(round(sum * (x_scale * w_scale / y_scale)) + y_zero_point), where the sum is exact,
//          the factor and its product with the sum are float32, and round is to nearest even
//
// Attributes of both: those of Conv.

#include "core/ops/conv_reference.h"
#include "core/ops/quantized.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

int64_t filters_of(const Fact& w) { return w.has_rank && w.rank() > 0 ? w.dims[0] : kUnknownDim; }

Status infer_integer(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], infer_conv(a.attrs, a.in[0], a.in[1], nullptr, DType::kI32));
  if (a.has(2)) LITE_TRY(check_quant_param("ConvInteger", "x_zero_point", a.in[2]));
  if (a.has(3)) LITE_TRY(check_quant_param("ConvInteger", "w_zero_point", a.in[3], filters_of(a.in[1])));
  return ok();
}

// conv(x - zero point, w - zero point): calls done(n, m, sums) for each plane.
template <class Done>
Status convolve_centered(const EvalArgs& a, const ConvShape& s, const Tensor& x, const Tensor* x_zero,
                         const Tensor& w, const Tensor* w_zero, Done&& done) {
  // Differences of 8-bit numbers are exact in float, sums of their products in double.
  Dims per_filter(w.rank(), 1);
  if (w_zero != nullptr) per_filter[0] = w_zero->elements();
  const std::vector<float> xs = centered(x, x_zero, {}), ws = centered(w, w_zero, per_filter);
  return convolve<float, double>(a, s, xs.data(), ws.data(), done);
}

const Tensor* optional(const EvalArgs& a, size_t i) { return a.has(i) ? &a.input(i) : nullptr; }

Status integer(const EvalArgs& a) {
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, a.input(0).dims(), a.input(1).dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI32, s.y()));
  auto* out = y->mutable_data<int32_t>();
  const int64_t plane = elements(s.out);
  return convolve_centered(a, s, a.input(0), optional(a, 2), a.input(1), optional(a, 3),
                           [&](int64_t n, int64_t m, const double* acc) {
                             for (int64_t i = 0; i < plane; ++i)
                               out[(n * s.filters + m) * plane + i] =
                                   static_cast<int32_t>(static_cast<int64_t>(acc[i]));
                           });
}

Status infer_linear(const InferArgs& a) {
  constexpr const char* kNames[] = {"",        "x_scale",      "x_zero_point", "",
                                    "w_scale", "w_zero_point", "y_scale",      "y_zero_point"};
  LITE_ASSIGN(a.out[0], infer_conv(a.attrs, a.in[0], a.in[3], a.has(8) ? &a.in[8] : nullptr, a.in[7].dtype));
  for (const size_t i : {1U, 2U, 4U, 5U, 6U, 7U})
    LITE_TRY(
        check_quant_param("QLinearConv", kNames[i], a.in[i], i == 4 || i == 5 ? filters_of(a.in[3]) : 1));
  return ok();
}

Status linear(const EvalArgs& a) {
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, a.input(0).dims(), a.input(3).dims()));
  const DType type = a.input(7).dtype();
  LITE_ASSIGN(Tensor* const y, a.output(0, type, s.y()));
  const float x_scale = quant_param(a, 1, 1, 1)[0], y_scale = quant_param(a, 6, 1, 1)[0];
  const auto y_zero = static_cast<int64_t>(quant_param(a, 7, 1, 0)[0]);
  const std::vector<float> w_scale = quant_param(a, 4, s.filters, 1);
  const IntRange range = int_range(type);
  const int64_t plane = elements(s.out);
  std::vector<int32_t> row(static_cast<size_t>(plane));
  return convolve_centered(
      a, s, a.input(0), &a.input(2), a.input(3), &a.input(5), [&](int64_t n, int64_t m, const double* acc) {
        const float factor = x_scale * w_scale[static_cast<size_t>(m)] / y_scale;
        const double bias = a.has(8) ? static_cast<double>(a.input(8).data<int32_t>()[m]) : 0;
        for (int64_t i = 0; i < plane; ++i)
          row[static_cast<size_t>(i)] = quantize(static_cast<float>(acc[i] + bias) * factor, y_zero, range);
        narrow(row.data(), plane, *y, (n * s.filters + m) * plane);
      });
}

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr OperandSpec kIntegerIn[] = {{"x", kByte, 'X'},
                                      {"w", kByte, 'W'},
                                      {"x_zero_point", kByte, 'X', OperandSpec::kOptional},
                                      {"w_zero_point", kByte, 'W', OperandSpec::kOptional}};
constexpr OperandSpec kIntegerOut[] = {{"y", DType::kI32}};
constexpr OperandSpec kLinearIn[] = {
    {"x", kByte, 'X'},        {"x_scale", DType::kF32},     {"x_zero_point", kByte, 'X'},
    {"w", kByte, 'W'},        {"w_scale", DType::kF32},     {"w_zero_point", kByte, 'W'},
    {"y_scale", DType::kF32}, {"y_zero_point", kByte, 'Y'}, {"B", DType::kI32, 0, OperandSpec::kOptional}};
constexpr OperandSpec kLinearOut[] = {{"y", kByte, 'Y'}};
constexpr AttrSpec kAttrs[] = {{"auto_pad", AttrType::kString}, {"dilations", AttrType::kInts},
                               {"group", AttrType::kInt},       {"kernel_shape", AttrType::kInts},
                               {"pads", AttrType::kInts},       {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {
    {
        .name = "ConvInteger",
        .since = 10,
        .inputs = kIntegerIn,
        .outputs = kIntegerOut,
        .attrs = kAttrs,
        .infer = infer_integer,
        .reference = integer,
    },
    {
        .name = "QLinearConv",
        .since = 10,
        .inputs = kLinearIn,
        .outputs = kLinearOut,
        .attrs = kAttrs,
        .infer = infer_linear,
        .reference = linear,
    },
};

}  // namespace

extern constinit const OpTable conv_integer;
constinit const OpTable conv_integer{kOps};

}  // namespace lite::ops
