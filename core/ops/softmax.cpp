// Softmax: e^x / sum(e^x) along one axis.   LogSoftmax: its logarithm.   Hardmax: 1 at the first largest
// element along the axis, 0 elsewhere.
//
//   in  input  any shape, float
//   out output shape and type of input
//   attr axis  int, default -1
//
// The largest element of a row is subtracted first, so that large inputs do not overflow. A row that holds
// NaN, or nothing but -infinity, is NaN all over (not in Hardmax, where the place of NaN is not defined). A
// scalar is a row of one element. Of float16 and bfloat16 Softmax rounds the powers, their sum and the
// quotients, as the steps of ONNX's own definition do; only, the sum does not overflow.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  if (a.in[0].has_rank) {
    const auto rank = static_cast<int64_t>(std::max<size_t>(a.in[0].rank(), 1));
    LITE_TRY(normalize_axis(a.attrs.node().op->name, a.attrs.i64("axis", -1), rank).status());
  }
  return infer_same(a);
}

// row(elements) replaces one row by its result.
template <class F>
Status for_each_row(const EvalArgs& a, F&& row) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const Dims dims = x.rank() == 0 ? Dims{1} : x.dims();
  LITE_ASSIGN(const int64_t axis, normalize_axis(a.attrs.node().op->name, a.attrs.i64("axis", -1),
                                                 static_cast<int64_t>(dims.size())));
  const auto at = static_cast<size_t>(axis);
  const int64_t width = dims[at],
                inner = elements(std::span<const int64_t>(dims.begin() + axis + 1, dims.size() - at - 1));
  const int64_t block = width * inner, blocks = block == 0 ? 0 : x.elements() / block;
  std::vector<double> data(static_cast<size_t>(block)), line(static_cast<size_t>(width));
  for (int64_t b = 0; b < blocks; ++b) {
    widen(x, b * block, block, data.data());
    for (int64_t i = 0; i < inner; ++i) {
      for (int64_t k = 0; k < width; ++k)
        line[static_cast<size_t>(k)] = data[static_cast<size_t>(k * inner + i)];
      row(line);
      for (int64_t k = 0; k < width; ++k)
        data[static_cast<size_t>(k * inner + i)] = line[static_cast<size_t>(k)];
    }
    narrow(data.data(), block, *y, b * block);
  }
  return ok();
}

// To the digits of a type; numbers above 1 have no largest one.
double to_digits_of(DType t, double v) {
  if (t != DType::kF16 && t != DType::kBF16) return v;
  int exponent = 0;
  const auto m = static_cast<float>(v > 1 ? std::frexp(v, &exponent) : v);
  const float rounded = t == DType::kF16 ? f16_to_f32(f32_to_f16(m)) : bf16_to_f32(f32_to_bf16(m));
  return std::ldexp(static_cast<double>(rounded), exponent);
}

Status soft(const EvalArgs& a) {
  return for_each_row(a, [t = a.input(0).dtype()](std::vector<double>& row) {
    const double largest = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& v : row) sum += v = to_digits_of(t, std::exp(v - largest));
    sum = to_digits_of(t, sum);
    for (double& v : row) v /= sum;
  });
}

Status log_soft(const EvalArgs& a) {
  return for_each_row(a, [](std::vector<double>& row) {
    const double largest = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (const double v : row) sum += std::exp(v - largest);
    const double shift = largest + std::log(sum);
    for (double& v : row) v -= shift;
  });
}

Status hard(const EvalArgs& a) {
  return for_each_row(a, [](std::vector<double>& row) {
    const auto largest = std::max_element(row.begin(), row.end()) - row.begin();
    std::fill(row.begin(), row.end(), 0);
    row[static_cast<size_t>(largest)] = 1;
  });
}

constexpr OperandSpec kIn[] = {{"input", types::kFloat, 'T'}};
constexpr OperandSpec kOut[] = {{"output", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"axis", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "Softmax",
        .since = 13,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kAttrs,
        .traits = kMayAliasInput0,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = soft,
    },
    {
        .name = "LogSoftmax",
        .since = 13,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kAttrs,
        .traits = kMayAliasInput0,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = log_soft,
    },
    {
        .name = "Hardmax",
        .since = 13,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kAttrs,
        .infer = infer,
        .reference = hard,
    },
};

}  // namespace

extern constinit const OpTable softmax;
constinit const OpTable softmax{kOps};

}  // namespace lite::ops
