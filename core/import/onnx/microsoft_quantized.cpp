// Integer operators of ONNX Runtime's quantiser. Those between quantised tensors that ONNX has no word for
// are operators here too (core/ops/qlinear*.cpp); here are the channels-last forms of them and what mixes
// integers and floats.
#include <algorithm>

#include "core/import/onnx/microsoft.h"

namespace lite::onnx {
namespace {

Status same(Draft& d) {
  d.domain.clear();
  return ok();
}
Status keep(Draft&) { return ok(); }

Draft::Attrs type_attr(DType t) { return {{"output_dtype", static_cast<int64_t>(t)}}; }

// The product of integers as a real number: acc * scale (+ bias).
void real_product(Emitter& e, ValueId acc, ValueId scale, ValueId bias) {
  const ValueId real = e("Mul", {e("CastLike", {acc, scale}), scale});
  if (bias == kNoValue)
    e.output(0, "Identity", {real});
  else
    e.output(0, "Add", {real, bias});
}

Status dynamic_quantize_mat_mul(Draft& d) {
  Emitter e(d);
  const std::vector<ValueId> a = e.many("DynamicQuantizeLinear", {d.node.in[0]}, 3);
  const ValueId acc = e("MatMulInteger", {a[0], d.node.in[1], a[2], input(d, 3)});
  real_product(e, acc, e("Mul", {a[1], d.node.in[2]}), input(d, 4));
  return std::move(e).status();
}

Status mat_mul_integer_to_float(Draft& d) {
  if (d.fact(2).has_rank && d.fact(2).rank() > 0 && d.fact(2).dims[0] != 1)
    return unsupported("a_scale is not one number");
  Emitter e(d);
  const ValueId acc = e("MatMulInteger", {d.node.in[0], d.node.in[1], input(d, 4), input(d, 5)});
  real_product(e, acc, e("Mul", {d.node.in[2], d.node.in[3]}), input(d, 6));
  return std::move(e).status();
}

Status q_gemm(Draft& d) {
  Emitter e(d);
  const auto& in = d.node.in;
  const ValueId a = d.attrs().i64("transA") != 0 ? e.transpose(in[0], {1, 0}) : in[0];
  const ValueId b = d.attrs().i64("transB") != 0 ? e.transpose(in[3], {1, 0}) : in[3];
  const ValueId acc = e.plus(e("MatMulInteger", {a, b, in[2], in[5]}), input(d, 6));
  ValueId scale = e("Mul", {in[1], in[4]});
  if (const float alpha = d.attrs().f32("alpha", 1); alpha != 1)
    scale = e("Mul", {scale, e.scalar(DType::kF32, static_cast<double>(alpha))});
  const ValueId real = e("Mul", {e.cast(acc, DType::kF32), scale});
  if (d.has(7))
    e.output(0, "QuantizeLinear", {real, in[7], input(d, 8)}, type_attr(type_of(d, d.has(8) ? 8 : 0)));
  else
    e.output(0, "Identity", {real});
  return std::move(e).status();
}

Status q_linear_where(Draft& d) {
  Emitter e(d);
  const auto& in = d.node.in;
  const ValueId x = e("DequantizeLinear", {in[1], in[2], in[3]}),
                y = e("DequantizeLinear", {in[4], in[5], in[6]});
  e.output(0, "QuantizeLinear", {e("Where", {in[0], x, y}), in[7], in[8]});
  return std::move(e).status();
}

Status q_linear_reduce_mean(Draft& d) {
  Emitter e(d);
  const ValueId x = e("DequantizeLinear", {d.node.in[0], d.node.in[1], input(d, 2)});
  const ValueId mean =
      e("ReduceMean", {x, e.ints(d.attrs().ints("axes"))}, {{"keepdims", d.attrs().i64("keepdims", 1)}});
  e.output(0, "QuantizeLinear", {mean, d.node.in[3], input(d, 4)}, type_attr(type_of(d, 0)));
  return std::move(e).status();
}

// A node on images whose channels come last: transposed, with channels second, and back.
Status channels_last(Draft& d) {
  if (!d.fact(0).has_rank) return unsupported("channels are last, and the rank of the input is not known");
  const auto rank = static_cast<int64_t>(d.fact(0).rank());
  if (rank < 3) return invalid_model("the input has rank ", rank, ", at least 3 wanted");
  std::vector<int64_t> first{0, rank - 1}, last{0};
  for (int64_t i = 1; i + 1 < rank; ++i) first.push_back(i);
  for (int64_t i = 2; i < rank; ++i) last.push_back(i);
  last.push_back(1);
  LITE_ASSIGN(const ValueId x, d.emit("Transpose", {d.node.in[0]}, {{"perm", first}}));
  d.set_input(0, x);
  const ValueId y = d.detach_output(0);
  LITE_TRY(d.finish());
  return d.emit_to(y, "Transpose", {d.node.out[0]}, {{"perm", last}});
}

Status maybe_channels_last(Draft& d) {
  const bool last = d.attrs().i64("channels_last") != 0;
  d.node.erase("channels_last");
  return last ? channels_last(d) : ok();
}

Status q_linear_conv(Draft& d) {
  d.domain.clear();
  return maybe_channels_last(d);
}

Status nhwc_max_pool(Draft& d) {
  LITE_TRY(rename(d, "MaxPool"));
  return channels_last(d);
}

// The weights come as integers [directions, inputs, 4 * hidden], with a scale for each direction or each
// column. They are made real here, so the input is not rounded to 8 bits as ONNX Runtime rounds it.
Status dynamic_quantize_lstm(Draft& d) {
  Emitter e(d);
  const auto real = [&](size_t w, size_t scale) -> ValueId {
    const auto spread = [&](size_t i) {
      const bool per_column = d.fact(i).has_rank && d.fact(i).rank() == 2;
      return e("Unsqueeze", {d.node.in[i], per_column ? e.ints({1}) : e.ints({1, 2})});
    };
    const ValueId shifted =
        e("Sub", {e.cast(d.node.in[w], DType::kF32), e.cast(spread(scale + 1), DType::kF32)});
    return e.transpose(e("Mul", {shifted, spread(scale)}), {0, 2, 1});
  };
  const ValueId w = real(1, 8), r = real(2, 10);
  LITE_TRY(std::move(e).status());
  d.node.in = {d.node.in[0], w, r, input(d, 3), input(d, 4), input(d, 5), input(d, 6), input(d, 7)};
  return rename(d, "LSTM");
}

constexpr std::string_view kWindow =
    "auto_pad ceil_mode channels_last count_include_pad dilations kernel_shape pads strides";

constexpr Translation kTranslations[] = {
    {"DequantizeLinear", "x x_scale x_zero_point?", "axis", same},
    {"DynamicQuantizeLSTM",
     "X W R B? sequence_lens? initial_h? initial_c? P? W_scale W_zero_point R_scale R_zero_point",
     "activation_alpha activation_beta activations clip direction hidden_size input_forget",
     dynamic_quantize_lstm},
    {"DynamicQuantizeMatMul", "A B b_scale b_zero_point? bias?", "", dynamic_quantize_mat_mul},
    {"MatMulIntegerToFloat", "A B a_scale b_scale a_zero_point? b_zero_point? bias?", "",
     mat_mul_integer_to_float},
    {"NhwcMaxPool", "x", "auto_pad ceil_mode dilations kernel_shape pads strides", nhwc_max_pool},
    {"QGemm", "A a_scale a_zero_point B b_scale b_zero_point C? y_scale? y_zero_point?",
     "alpha transA transB", q_gemm},
    {"QLinearAdd", "A A_scale A_zero_point? B B_scale B_zero_point? C_scale C_zero_point?", "", keep},
    {"QLinearAveragePool", "X x_scale x_zero_point? y_scale y_zero_point?", kWindow, maybe_channels_last},
    {"QLinearConv", "x x_scale x_zero_point w w_scale w_zero_point y_scale y_zero_point B?",
     "auto_pad channels_last dilations group kernel_shape pads strides", q_linear_conv},
    {"QLinearGlobalAveragePool", "X x_scale x_zero_point y_scale y_zero_point", "channels_last",
     maybe_channels_last},
    {"QLinearMul", "A A_scale A_zero_point? B B_scale B_zero_point? C_scale C_zero_point?", "", keep},
    {"QLinearReduceMean", "data data_scale data_zero_point? reduced_scale reduced_zero_point?",
     "axes keepdims", q_linear_reduce_mean},
    {"QLinearWhere", "condition X x_scale x_zero_point Y y_scale y_zero_point z_scale z_zero_point", "",
     q_linear_where},
    {"QuantizeLinear", "x y_scale y_zero_point?", "axis", same},
};

}  // namespace

std::span<const Translation> microsoft_quantized() { return kTranslations; }

}  // namespace lite::onnx
