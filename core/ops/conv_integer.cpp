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
// FusedQLinearConv: QLinearAdd (qlinear.cpp) of QLinearConv's result A and a residual Z of its type and
// shape.
//   in  those of QLinearConv; A_scale, A_zero_point; Z, Z_scale, Z_zero_point; S_scale, S_zero_point    zero
//   points may be left out
//   out S  saturate(round((A - A_zero_point) * (A_scale / S_scale) + (Z - Z_zero_point) * (Z_scale /
//   S_scale)) +
//          S_zero_point)
// Made by passes only.
//
// Attributes of all: those of Conv.

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

// Calls done(plane of numbers, offset in Y) for each finished plane.
template <class Done>
Status linear_planes(const EvalArgs& a, const ConvShape& s, Done&& done) {
  const float x_scale = quant_param(a, 1, 1, 1)[0], y_scale = quant_param(a, 6, 1, 1)[0];
  const auto y_zero = static_cast<int64_t>(quant_param(a, 7, 1, 0)[0]);
  const std::vector<float> w_scale = quant_param(a, 4, s.filters, 1);
  const IntRange range = int_range(a.input(7).dtype());
  std::vector<int32_t> plane(static_cast<size_t>(elements(s.out)));
  return convolve_centered(
      a, s, a.input(0), &a.input(2), a.input(3), &a.input(5), [&](int64_t n, int64_t m, const double* acc) {
        const float factor = x_scale * w_scale[static_cast<size_t>(m)] / y_scale;
        const double bias = a.has(8) ? static_cast<double>(a.input(8).data<int32_t>()[m]) : 0;
        for (int32_t& v : plane) v = quantize(static_cast<float>(*acc++ + bias) * factor, y_zero, range);
        done(plane, (n * s.filters + m) * elements(s.out));
      });
}

Status linear(const EvalArgs& a) {
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, a.input(0).dims(), a.input(3).dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(7).dtype(), s.y()));
  return linear_planes(a, s, [&](const std::vector<int32_t>& plane, int64_t offset) {
    narrow(plane.data(), elements(s.out), *y, offset);
  });
}

Status infer_fused(const InferArgs& a) {
  LITE_TRY(infer_linear(a));
  constexpr const char* kNames[] = {"A_scale", "A_zero_point", "", "Z_scale", "Z_zero_point",
                                    "S_scale", "S_zero_point"};
  for (const size_t i : {9U, 10U, 12U, 13U, 14U, 15U})
    if (a.has(i)) LITE_TRY(check_quant_param("FusedQLinearConv", kNames[i - 9], a.in[i]));
  if (a.in[11].is_static() && a.out[0].is_static() && !(a.in[11].dims == a.out[0].dims))
    return invalid_model("FusedQLinearConv: Z has shape ", a.in[11].dims, ", that of the result ",
                         a.out[0].dims, " wanted");
  return ok();
}

Status linear_and_add(const EvalArgs& a) {
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, a.input(0).dims(), a.input(3).dims()));
  const DType type = a.input(7).dtype();
  const Tensor& z = a.input(11);
  LITE_ASSIGN(Tensor* const y, a.output(0, type, s.y()));
  const auto number = [&](size_t i, float otherwise) { return quant_param(a, i, 1, otherwise)[0]; };
  const float factor_a = number(9, 1) / number(14, 1), factor_z = number(12, 1) / number(14, 1),
              zero_a = number(10, 0), zero_z = number(13, 0);
  const auto zero = static_cast<int64_t>(number(15, 0));
  std::vector<int32_t> sums(static_cast<size_t>(elements(s.out)));
  return linear_planes(a, s, [&](const std::vector<int32_t>& plane, int64_t offset) {
    for (size_t i = 0; i < plane.size(); ++i) {
      const auto other = static_cast<float>(z.int_at(offset + static_cast<int64_t>(i)));
      sums[i] = quantize((static_cast<float>(plane[i]) - zero_a) * factor_a + (other - zero_z) * factor_z,
                         zero, int_range(type));
    }
    narrow(sums.data(), elements(s.out), *y, offset);
  });
}

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr OperandSpec kIntegerIn[] = {{"x", kByte, 'X'},
                                      {"w", kByte, 'W'},
                                      {"x_zero_point", kByte, 'X', OperandSpec::kOptional},
                                      {"w_zero_point", kByte, 'W', OperandSpec::kOptional}};
constexpr OperandSpec kIntegerOut[] = {{"y", DType::kI32}};
constexpr auto kOptional = OperandSpec::kOptional;
constexpr OperandSpec kFusedIn[] = {{"x", kByte, 'X'},
                                    {"x_scale", DType::kF32},
                                    {"x_zero_point", kByte, 'X'},
                                    {"w", kByte, 'W'},
                                    {"w_scale", DType::kF32},
                                    {"w_zero_point", kByte, 'W'},
                                    {"y_scale", DType::kF32},
                                    {"y_zero_point", kByte, 'Y'},
                                    {"B", DType::kI32, 0, kOptional},
                                    {"A_scale", DType::kF32},
                                    {"A_zero_point", kByte, 'Y', kOptional},
                                    {"Z", kByte, 'Y'},
                                    {"Z_scale", DType::kF32},
                                    {"Z_zero_point", kByte, 'Y', kOptional},
                                    {"S_scale", DType::kF32},
                                    {"S_zero_point", kByte, 'Y', kOptional}};
// QLinearConv's are the first nine.
constexpr std::span<const OperandSpec> kLinearIn = std::span(kFusedIn).first(9);
constexpr OperandSpec kFusedOut[] = {{"S", kByte, 'Y'}};
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
    {
        .name = "FusedQLinearConv",
        .domain = "lite",
        .inputs = kFusedIn,
        .outputs = kFusedOut,
        .attrs = kAttrs,
        .traits = kFusedOnly,
        .infer = infer_fused,
        .reference = linear_and_add,
    },
};

}  // namespace

extern constinit const OpTable conv_integer;
constinit const OpTable conv_integer{kOps};

}  // namespace lite::ops
