// QLinearSigmoid, QLinearLeakyRelu and QLinearSoftmax: a byte has only 256 values, so what the reference
// makes of each, or the exponential of each difference from the largest, is looked up. The reference's bits.
#include <cmath>

#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/simd.h"
#include "core/ops/quantized.h"

namespace lite::kernels {
namespace {

using namespace simd;

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr size_t kX = 0, kXScale = 1, kYScale = 3, kYZero = 4;

WhyNot rejects(const NodeQuery& q) {
  if (!kByte.has(q.in[kX].dtype)) return "not 8-bit";
  for (size_t i = kXScale; i <= kYZero; ++i)
    if (q.has_in(i) && !is_known_scalar(q, i)) return "a scale or zero point is not one constant";
  return nullptr;
}

WhyNot rejects_unary(const NodeQuery& q) {
  if (q.in[kX].layout != q.out[0].layout || block_of(q.in[kX].layout) != 0) return "layouts";
  return rejects(q);
}

Result<std::unique_ptr<Kernel>> make_unary(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(Tensor all, Tensor::allocate(q.in[kX].dtype, {256}));
  for (int i = 0; i < 256; ++i) all.mutable_data<uint8_t>()[i] = static_cast<uint8_t>(i);
  std::vector<Datum> in(q.in.size());
  std::vector<const Datum*> places(q.in.size(), nullptr);
  for (size_t i = 0; i < q.in.size(); ++i) {
    if (!q.has_in(i)) continue;
    in[i].tensor = i == kX ? all : *q.in[i].constant;
    places[i] = &in[i];
  }
  Datum out;
  LITE_TRY(evaluate_node(q.node, places, std::span<Datum>(&out, 1)));
  std::array<uint8_t, 256> table;
  memcpy(table.data(), out.tensor.raw(), table.size());
  const int64_t count = q.in[kX].elements();
  return make_kernel([table, count](const Launch& l) {
    l.parallel->for_range(count, kGrain, [&](int64_t begin, int64_t end) {
      const auto* const x = l.in<uint8_t>(kX);
      auto* const y = l.out<uint8_t>(0);
      for (int64_t i = begin; i < end; ++i) y[i] = table[x[i]];
    });
  });
}

bool in_place(const NodeQuery&, size_t i) { return i == kX; }

// ---- softmax

// Elements that are divided and rounded together.
constexpr int64_t kPart = 512;
// To a float of small size it adds a whole number whose last bit is the float's own.
constexpr float kRounds = 0x1.8p23f;

struct Softmax {
  int64_t width;
  uint8_t flip;                  // makes an int8 a uint8 that is ordered alike
  std::array<float, 256> power;  // e^(-i * scale)
  float scale, low, high;        // of the result: 1 / unit, and the range less the zero point
  float zero;

  void row(const uint8_t* x, uint8_t* y) const {
    uint8_t top = 0;
    LITE_VECTORIZE
    for (int64_t k = 0; k < width; ++k) top = std::max<uint8_t>(top, x[k] ^ flip);
    float sum = 0;
    for (int64_t k = 0; k < width; ++k) sum += power[top - (x[k] ^ flip)];
    float part[kPart];
    for (int64_t first = 0; first < width; first += kPart) {
      const int64_t n = std::min(kPart, width - first);
      for (int64_t k = 0; k < n; ++k) part[k] = power[top - (x[first + k] ^ flip)];
      LITE_VECTORIZE
      for (int64_t k = 0; k < n; ++k) {
        const float v = std::min(std::max(part[k] / sum / scale, low), high);
        y[first + k] = static_cast<uint8_t>(static_cast<int32_t>(v + kRounds - kRounds + zero));
      }
    }
  }
};

WhyNot rejects_softmax(const NodeQuery& q) {
  if (!all_plain(q)) return "not row-major";
  const auto rank = static_cast<int64_t>(q.in[kX].dims.size());
  const int64_t axis = q.attrs().i64("axis", -1);
  if (q.attrs().i64("opset") >= 13 && axis != -1 && axis != rank - 1) return "not over the last dimension";
  if (const WhyNot why = rejects(q)) return why;
  for (const size_t i : {kXScale, kYScale}) {
    const double scale = q.in[i].constant->float_at(0);
    if (!(scale > 0) || !std::isfinite(scale) || q.in[i].dtype != DType::kF32) return "a scale";
  }
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_softmax(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[kX].dims;
  const auto rank = static_cast<int64_t>(dims.size());
  int64_t axis = q.attrs().i64("axis", -1);
  if (axis < 0) axis += rank;
  Softmax s;
  s.width = elements(std::span<const int64_t>(dims).subspan(static_cast<size_t>(axis)));
  s.flip = q.in[kX].dtype == DType::kI8 ? 0x80 : 0;
  const auto number = [&](size_t i) { return q.has_in(i) ? q.in[i].constant->float_at(0) : 0; };
  const auto x_scale = static_cast<float>(number(kXScale));
  for (size_t i = 0; i < s.power.size(); ++i) s.power[i] = std::exp(-static_cast<float>(i) * x_scale);
  const ops::IntRange range = ops::int_range(q.out[0].dtype);
  s.scale = static_cast<float>(number(kYScale));
  s.zero = static_cast<float>(number(kYZero));
  s.low = static_cast<float>(range.low) - s.zero;
  s.high = static_cast<float>(range.high) - s.zero;
  const int64_t rows = elements(dims) / s.width;
  return make_kernel([s, rows](const Launch& l) {
    l.parallel->for_range(rows, rows_grain(s.width, kGrain / 4), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        s.row(l.in<uint8_t>(kX) + i * s.width, l.out<uint8_t>(0) + i * s.width);
    });
  });
}

constexpr KernelDef kKernels[] = {
    {"qlinear_sigmoid:lookup", "QLinearSigmoid", rejects_unary, make_unary, in_place},
    {"qlinear_leaky_relu:lookup", "QLinearLeakyRelu", rejects_unary, make_unary, in_place},
    {"qlinear_softmax:lookup", "QLinearSoftmax", rejects_softmax, make_softmax},
};

}  // namespace

extern constinit const KernelTable qlinear_lookup;
constinit const KernelTable qlinear_lookup{kKernels};

}  // namespace lite::kernels
