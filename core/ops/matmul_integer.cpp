// MatMulInteger: Y = (A - a_zero_point) * (B - b_zero_point) in 32 bits, shapes as in MatMul.
//
//   in  A, B  int8 or uint8
//   in  a_zero_point  optional: one number, one for each row [M], or [batch..., M,1]
//   in  b_zero_point  optional: one number, one for each column [N], or [batch..., 1,N]
//   out Y  int32; sums that do not fit wrap around
//
// QLinearMatMul: the product of real numbers with every tensor quantised.
//
//   in  a, a_scale, a_zero_point; b, b_scale, b_zero_point; y_scale, y_zero_point
//       int8, uint8 or 8-bit floats; scales float32, float16 or bfloat16, shaped as the zero points above;
//       y's like a's
//   out y  the type of y_zero_point: saturate(round(sum * (a_scale * b_scale / y_scale)) + y_zero_point),
//   rounded as in
//          QLinearConv

#include "core/ops/matmul_shape.h"
#include "core/ops/quantized.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

// The dims under which a parameter given per row broadcasts to [..., M, anything].
Dims per_row(const Dims& d) { return d.size() == 1 ? Dims{d[0], 1} : d; }
// A vector operand has neither rows nor columns: its parameter is one number.
Dims param_dims(const Dims& d, size_t operand_rank, bool is_row) {
  if (elements(d) == 1) return {};
  return is_row && operand_rank > 1 ? per_row(d) : d;
}

Status check_param(const char* op, const char* name, const Fact& param, const Fact& operand, bool is_row) {
  if (!param.is_static() || !operand.is_static() || checked_elements(param.dims) == 1) return ok();
  const auto whole = broadcast(is_row && operand.rank() > 1 ? per_row(param.dims) : param.dims, operand.dims);
  if (whole.is_ok() && whole.value() == operand.dims) return ok();
  return invalid_model(op, ": ", name, " has shape ", param.dims, ", which does not broadcast to ",
                       operand.dims, " by ", is_row ? "row" : "column");
}

Status infer_integer(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], infer_matmul("MatMulInteger", a.in[0], a.in[1], DType::kI32));
  if (a.has(2)) LITE_TRY(check_param("MatMulInteger", "a_zero_point", a.in[2], a.in[0], true));
  if (a.has(3)) LITE_TRY(check_param("MatMulInteger", "b_zero_point", a.in[3], a.in[1], false));
  return ok();
}

std::vector<float> shifted(const Tensor& t, const Tensor* zero, bool is_row) {
  return centered(t, zero, zero == nullptr ? Dims{} : param_dims(zero->dims(), t.rank(), is_row));
}

Status integer(const EvalArgs& args) {
  const Tensor &a = args.input(0), &b = args.input(1);
  LITE_ASSIGN(const MatMulShape s, resolve_matmul("MatMulInteger", a.dims(), b.dims()));
  LITE_ASSIGN(Tensor* const y, args.output(0, DType::kI32, s.y));
  const std::vector<float> as = shifted(a, args.has(2) ? &args.input(2) : nullptr, true);
  const std::vector<float> bs = shifted(b, args.has(3) ? &args.input(3) : nullptr, false);
  auto* out = y->mutable_data<int32_t>();
  return multiply_batches<float, double>(args, s, as.data(), false, bs.data(), false,
                                         [&](int64_t at, const double* acc) {
                                           for (int64_t i = 0; i < s.m * s.n; ++i)
                                             out[at + i] = static_cast<int32_t>(static_cast<int64_t>(acc[i]));
                                         });
}

constexpr const char* kLinearNames[] = {"a",       "a_scale",      "a_zero_point", "b",
                                        "b_scale", "b_zero_point", "y_scale",      "y_zero_point"};

Status infer_linear(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], infer_matmul("QLinearMatMul", a.in[0], a.in[3], a.in[7].dtype));
  for (const size_t i : {1U, 2U})
    LITE_TRY(check_param("QLinearMatMul", kLinearNames[i], a.in[i], a.in[0], true));
  for (const size_t i : {4U, 5U})
    LITE_TRY(check_param("QLinearMatMul", kLinearNames[i], a.in[i], a.in[3], false));
  for (const size_t i : {6U, 7U})
    LITE_TRY(check_param("QLinearMatMul", kLinearNames[i], a.in[i], a.out[0], true));
  return ok();
}

Status linear(const EvalArgs& args) {
  const Tensor &a = args.input(0), &b = args.input(3);
  LITE_ASSIGN(const MatMulShape s, resolve_matmul("QLinearMatMul", a.dims(), b.dims()));
  const DType type = args.input(7).dtype();
  LITE_ASSIGN(Tensor* const y, args.output(0, type, s.y));
  const std::vector<float> as = shifted(a, &args.input(2), true), bs = shifted(b, &args.input(5), false);
  const Widened<float> a_scale(args.input(1)), b_scale(args.input(4)), y_scale(args.input(6)),
      y_zero(args.input(7));
  // Where each parameter lies for each element of Y, a parameter's own missing dimensions being broadcast.
  const auto strides = [&](size_t i, const Dims& operand, bool is_row) {
    return broadcast_strides(param_dims(args.input(i).dims(), operand.size(), is_row), s.y);
  };
  Walker<4> walk(s.y, {strides(1, a.dims(), true), strides(4, b.dims(), false), strides(6, s.y, true),
                       strides(7, s.y, true)});
  std::vector<float> row(static_cast<size_t>(s.m * s.n));
  return multiply_batches<float, double>(
      args, s, as.data(), false, bs.data(), false, [&](int64_t at, const double* acc) {
        for (size_t i = 0; i < row.size(); ++i, walk.next()) {
          const float factor = a_scale[walk.offset(0)] * b_scale[walk.offset(1)] / y_scale[walk.offset(2)];
          const float v = static_cast<float>(acc[i]) * factor, zero = y_zero[walk.offset(3)];
          row[i] = is_int(type) ? static_cast<float>(quantize(v, static_cast<int64_t>(zero), int_range(type)))
                                : v + zero;
        }
        narrow(row.data(), s.m * s.n, *y, at);
      });
}

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr TypeSet kQuant = kByte | types::kFloat8;
constexpr TypeSet kScale = DType::kF32 | DType::kF16 | DType::kBF16;
constexpr OperandSpec kIntegerIn[] = {{"A", kByte, 'A'},
                                      {"B", kByte, 'B'},
                                      {"a_zero_point", kByte, 'A', OperandSpec::kOptional},
                                      {"b_zero_point", kByte, 'B', OperandSpec::kOptional}};
constexpr OperandSpec kIntegerOut[] = {{"Y", DType::kI32}};
constexpr OperandSpec kLinearIn[] = {
    {"a", kQuant, 'A'},       {"a_scale", kScale, 'S'},     {"a_zero_point", kQuant, 'A'},
    {"b", kQuant, 'B'},       {"b_scale", kScale, 'S'},     {"b_zero_point", kQuant, 'B'},
    {"y_scale", kScale, 'S'}, {"y_zero_point", kQuant, 'Y'}};
constexpr OperandSpec kLinearOut[] = {{"y", kQuant, 'Y'}};

constexpr OpDef kOps[] = {
    {
        .name = "MatMulInteger",
        .since = 10,
        .inputs = kIntegerIn,
        .outputs = kIntegerOut,
        .infer = infer_integer,
        .reference = integer,
    },
    {
        .name = "QLinearMatMul",
        .since = 21,
        .inputs = kLinearIn,
        .outputs = kLinearOut,
        .infer = infer_linear,
        .reference = linear,
    },
};

}  // namespace

extern constinit const OpTable matmul_integer;
constinit const OpTable matmul_integer{kOps};

}  // namespace lite::ops
