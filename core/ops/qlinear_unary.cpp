// More operators between quantised tensors that only com.microsoft has a name for; real = (stored -
// zero_point) * scale. Each calculates in float32 on the real numbers and rounds once, to nearest, halves to
// even.
//
// QLinearSigmoid, QLinearLeakyRelu, QLinearSoftmax: Y = f(X).
//   in  X, X_scale, X_zero_point; Y_scale, Y_zero_point    zero points may be left out: 0
//   attr alpha  QLinearLeakyRelu, float, default 0.01      attr axis  QLinearSoftmax, int, default -1
//   attr opset  QLinearSoftmax, int, required: below 13 the row is everything from axis on, else the axis
//   alone
//
// QLinearAveragePool: AveragePool of X; see pool.cpp.
//   in  as above; attributes of AveragePool, and channels_last int: only 0 is known
//
// QLinearConcat: the inputs, requantised, one after the other.
//   in  Y_scale, Y_zero_point, then X, X_scale, X_zero_point of each input
//   attr axis int, required

#include <cmath>

#include "core/ops/quantized.h"
#include "core/ops/registry.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

const char* name_of(const AttrReader& attrs) { return attrs.node().op->name; }

Status check_params(const InferArgs& a) {
  for (const size_t i : {1U, 2U, 3U, 4U})
    if (a.has(i))
      LITE_TRY(check_quant_param(name_of(a.attrs), i < 3 ? "a parameter of X" : "a parameter of Y", a.in[i]));
  return ok();
}

Status infer_unary(const InferArgs& a) {
  LITE_TRY(check_params(a));
  if (a.attrs.node().find("axis") != nullptr && a.in[0].has_rank)
    LITE_TRY(normalize_axis(name_of(a.attrs), a.attrs.i64("axis", -1), static_cast<int64_t>(a.in[0].rank()))
                 .status());
  return infer_same(a);
}

// The real numbers of input i, whose scale and zero point follow it.
std::vector<float> real_numbers(const EvalArgs& a, size_t i) {
  const float scale = quant_param(a, i + 1, 1, 1)[0], zero = quant_param(a, i + 2, 1, 0)[0];
  std::vector<float> x(static_cast<size_t>(a.input(i).elements()));
  widen(a.input(i), 0, a.input(i).elements(), x.data());
  for (float& v : x) v = (v - zero) * scale;
  return x;
}

// Stores real numbers with the scale and zero point of inputs i and i + 1.
void store_real(const EvalArgs& a, size_t i, const std::vector<float>& real, Tensor& y) {
  const float scale = quant_param(a, i, 1, 1)[0];
  const auto zero = static_cast<int64_t>(quant_param(a, i + 1, 1, 0)[0]);
  std::vector<int32_t> stored;
  stored.reserve(real.size());
  for (const float v : real) stored.push_back(quantize(v / scale, zero, int_range(y.dtype())));
  narrow(stored.data(), y.elements(), y, 0);
}

// f changes the real numbers of X into those of Y.
template <class F>
Status evaluate(const EvalArgs& a, F&& f) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  std::vector<float> real = real_numbers(a, 0);
  f(real);
  store_real(a, 3, real, *y);
  return ok();
}

Status sigmoid(const EvalArgs& a) {
  return evaluate(a, [](std::vector<float>& x) {
    for (float& v : x) v = 1 / (1 + std::exp(-v));
  });
}

Status leaky_relu(const EvalArgs& a) {
  const float alpha = a.attrs.f32("alpha", 0.01f);
  return evaluate(a, [alpha](std::vector<float>& x) {
    for (float& v : x) v = v < 0 ? v * alpha : v;
  });
}

Status softmax(const EvalArgs& a) {
  const Dims& dims = a.input(0).dims();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("QLinearSoftmax", a.attrs.i64("axis", -1), static_cast<int64_t>(dims.size())));
  const auto at = static_cast<size_t>(axis);
  const int64_t after = elements(std::span<const int64_t>(dims.begin() + axis + 1, dims.size() - at - 1));
  const bool whole = a.attrs.i64("opset") < 13;
  const int64_t width = whole ? dims[at] * after : dims[at], inner = whole ? 1 : after;
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(0).dtype(), dims));
  const float scale = quant_param(a, 1, 1, 1)[0];
  std::vector<float> x(static_cast<size_t>(a.input(0).elements()));
  widen(a.input(0), 0, a.input(0).elements(), x.data());
  const int64_t rows = width == 0 ? 0 : static_cast<int64_t>(x.size()) / width;
  for (int64_t r = 0; r < rows; ++r) {
    float* const row = x.data() + r / inner * width * inner + r % inner;
    // Differences of stored numbers are exact, and do without the zero point.
    float top = row[0], sum = 0;
    for (int64_t k = 1; k < width; ++k)
      if (row[k * inner] * scale > top * scale) top = row[k * inner];
    for (int64_t k = 0; k < width; ++k) sum += row[k * inner] = std::exp((row[k * inner] - top) * scale);
    for (int64_t k = 0; k < width; ++k) row[k * inner] /= sum;
  }
  store_real(a, 3, x, *y);
  return ok();
}

// The same node with the attributes that AveragePool has.
Node plain_pool(const Node& node) {
  Node pool;
  pool.op = &get("AveragePool");
  pool.name = node.name;
  for (const Attr& attr : node.attrs)
    if (attr.name != "channels_last") pool.attrs.push_back(attr);
  return pool;
}

Status infer_pool(const InferArgs& a) {
  LITE_TRY(check_params(a));
  if (a.attrs.i64("channels_last") != 0)
    return unsupported("QLinearAveragePool: attribute 'channels_last' is ", a.attrs.i64("channels_last"),
                       ", 0 wanted");
  const Node pool = plain_pool(a.attrs.node());
  return pool.op->infer(InferArgs{AttrReader(pool), a.in.first(1), {}, a.out, {}, {}});
}

Status average_pool(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const std::vector<float> real = real_numbers(a, 0);
  const Datum in(Tensor::view(DType::kF32, x.dims(), real.data()));
  const Datum* const inputs[] = {&in};
  Datum pooled;
  LITE_TRY(evaluate_node(plain_pool(a.attrs.node()), inputs, std::span<Datum>(&pooled, 1), a.parallel));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), pooled.tensor.dims()));
  const float* result = pooled.tensor.data<float>();
  store_real(a, 3, std::vector<float>(result, result + pooled.tensor.elements()), *y);
  return ok();
}

Status infer_concat(const InferArgs& a) {
  if (a.num_in() < 5 || a.num_in() % 3 != 2)
    return invalid_model("QLinearConcat: has ", a.num_in(), " inputs, 2 and 3 for each tensor wanted");
  // Tensors, scales and zero points take turns.
  for (size_t i = 1; i < a.num_in(); ++i) {
    const DType wanted = i % 3 == 0 ? DType::kF32 : a.in[1].dtype, t = a.in[i].dtype;
    if (wanted != DType::kUndefined && t != DType::kUndefined && t != wanted)
      return invalid_model("QLinearConcat: input ", i, " is ", dtype_name(t), ", ", dtype_name(wanted),
                           " wanted");
  }
  a.out[0] = Fact(a.in[1].dtype);
  Dims out;
  for (size_t i = 2; i < a.num_in(); i += 3) {
    if (!a.in[i].has_rank) return ok();
    const Dims& d = a.in[i].dims;
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("QLinearConcat", a.attrs.i64("axis"), static_cast<int64_t>(d.size())));
    if (i == 2) {
      out = d;
      continue;
    }
    bool fits = d.size() == out.size();
    for (size_t k = 0; fits && k < d.size(); ++k) {
      if (static_cast<int64_t>(k) == axis) {
        out[k] = out[k] < 0 || d[k] < 0 ? kUnknownDim : checked_add(out[k], d[k]).value_or(kUnknownDim);
        continue;
      }
      fits = out[k] < 0 || d[k] < 0 || out[k] == d[k];
      if (out[k] < 0) out[k] = d[k];
    }
    if (!fits)
      return invalid_model("QLinearConcat: a tensor has shape ", d, ", that of the others is ", out,
                           " but for axis ", axis);
  }
  a.out[0] = Fact(a.in[1].dtype, std::move(out));
  return ok();
}

Status concat(const EvalArgs& a) {
  Dims dims = a.input(2).dims();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("QLinearConcat", a.attrs.i64("axis"), static_cast<int64_t>(dims.size())));
  const auto at = static_cast<size_t>(axis);
  dims[at] = 0;
  for (size_t i = 2; i < a.num_in(); i += 3) dims[at] += a.input(i).dims()[at];
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(2).dtype(), dims));
  const int64_t inner = elements(std::span<const int64_t>(dims.begin() + axis + 1, dims.size() - at - 1));
  const int64_t outer = elements(std::span<const int64_t>(dims.begin(), at)), row = dims[at] * inner;
  std::vector<float> all(static_cast<size_t>(y->elements()));
  int64_t done = 0;
  for (size_t i = 2; i < a.num_in(); i += 3) {
    const std::vector<float> real = real_numbers(a, i);
    const int64_t part = a.input(i).dims()[at] * inner;
    for (int64_t n = 0; n < outer; ++n)
      std::copy_n(real.data() + n * part, part, all.data() + n * row + done);
    done += part;
  }
  store_real(a, 0, all, *y);
  return ok();
}

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr OperandSpec kIn[] = {{"X", kByte, 'T'},
                               {"X_scale", DType::kF32},
                               {"X_zero_point", kByte, 'T', OperandSpec::kOptional},
                               {"Y_scale", DType::kF32},
                               {"Y_zero_point", kByte, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", kByte, 'T'}};
constexpr OperandSpec kConcatIn[] = {{"Y_scale", DType::kF32},
                                     {"Y_zero_point", kByte},
                                     {"inputs", kByte | DType::kF32, 0, OperandSpec::kVariadic}};
constexpr OperandSpec kConcatOut[] = {{"Y", kByte}};
constexpr AttrSpec kReluAttrs[] = {{"alpha", AttrType::kFloat}};
constexpr AttrSpec kSoftmaxAttrs[] = {{"axis", AttrType::kInt}, {"opset", AttrType::kInt, true}};
constexpr AttrSpec kPoolAttrs[] = {{"auto_pad", AttrType::kString},
                                   {"ceil_mode", AttrType::kInt},
                                   {"channels_last", AttrType::kInt},
                                   {"count_include_pad", AttrType::kInt},
                                   {"kernel_shape", AttrType::kInts, true},
                                   {"pads", AttrType::kInts},
                                   {"strides", AttrType::kInts}};
constexpr AttrSpec kConcatAttrs[] = {{"axis", AttrType::kInt, true}};

constexpr OpDef kOps[] = {
    {
        .name = "QLinearSigmoid",
        .domain = "com.microsoft",
        .inputs = kIn,
        .outputs = kOut,
        .traits = kElementwise,
        .infer = infer_unary,
        .reference = sigmoid,
    },
    {
        .name = "QLinearLeakyRelu",
        .domain = "com.microsoft",
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kReluAttrs,
        .traits = kElementwise,
        .infer = infer_unary,
        .reference = leaky_relu,
    },
    {
        .name = "QLinearSoftmax",
        .domain = "com.microsoft",
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kSoftmaxAttrs,
        .infer = infer_unary,
        .reference = softmax,
    },
    {
        .name = "QLinearAveragePool",
        .domain = "com.microsoft",
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kPoolAttrs,
        .infer = infer_pool,
        .reference = average_pool,
    },
    {
        .name = "QLinearConcat",
        .domain = "com.microsoft",
        .inputs = kConcatIn,
        .outputs = kConcatOut,
        .attrs = kConcatAttrs,
        .infer = infer_concat,
        .reference = concat,
    },
};

}  // namespace

extern constinit const OpTable qlinear_unary;
constinit const OpTable qlinear_unary{kOps};

}  // namespace lite::ops
