// LookupBytes, QLinearSigmoid, QLinearLeakyRelu and QLinearSoftmax: a byte has only 256 values, so what the
// reference makes of each, or the exponential of each difference from the largest, is looked up. The
// reference's bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_lookup.cpp"
#include <array>
#include <cmath>

#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/simd.h"
#include "core/ops/quantized.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#ifndef LITE_SIMD_LOOKUP_ARGS
#define LITE_SIMD_LOOKUP_ARGS
namespace lite::simd {

struct ByteTable {
  alignas(64) uint8_t values[256];
};

// Softmax of a row of bytes.
struct ByteSoftmax {
  int64_t width;
  uint8_t flip;                  // makes an int8 a uint8 that is ordered alike
  std::array<float, 256> power;  // e^(-i * scale)
  float scale, low, high;        // of the result: its unit, and the range less the zero point
  float zero;
};

// Elements that are divided and rounded together.
inline constexpr int64_t kPart = 512;
// To a float of small size it adds a whole number whose last bit is the float's own.
inline constexpr float kRounds = 0x1.8p23f;

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
void lookup(const ByteTable& table, const uint8_t* x, uint8_t* y, int64_t n) noexcept {
  for (int64_t i = 0; i < n; ++i) y[i] = table.values[x[i]];
}
#else
// For whole vectors, and the last bytes by way of a copy.
template <class F>
HWY_INLINE void for_vectors(const F& f, const uint8_t* x, uint8_t* y, int64_t n) {
  const hn::ScalableTag<uint8_t> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(f(hn::LoadU(d, x + i)), d, y + i);
  if (i == n) return;
  HWY_ALIGN uint8_t rest[HWY_MAX_BYTES] = {};
  memcpy(rest, x + i, static_cast<size_t>(n - i));
  hn::Store(f(hn::Load(d, rest)), d, rest);
  memcpy(y + i, rest, static_cast<size_t>(n - i));
}

// Sixteen entries at a time: what is not among them looks up 0.
void lookup(const ByteTable& table, const uint8_t* x, uint8_t* y, int64_t n) noexcept {
  const hn::ScalableTag<uint8_t> d;
  const auto step = hn::Set(d, uint8_t{16}), above = hn::Set(d, uint8_t{0x70});
  for_vectors(
      [&](auto v) HWY_ATTR {
        auto found = hn::Zero(d);
        for (int part = 0; part < 16; ++part) {
          auto index = hn::SaturatedAdd(v, above);
#if !HWY_ARCH_X86
          index = hn::And(index, hn::Set(d, uint8_t{0x8F}));
#endif
          found = hn::Or(found, hn::TableLookupBytesOr0(hn::LoadDup128(d, table.values + part * 16), index));
          v = hn::Sub(v, step);
        }
        return found;
      },
      x, y, n);
}
#endif

#if HWY_TARGET == HWY_AVX3
// With AVX-512 VBMI: a half of the table for each instruction, which is of a set of its own.
void lookup_vbmi(const ByteTable& table, const uint8_t* x, uint8_t* y, int64_t n) noexcept {
  const hn::ScalableTag<uint8_t> d;
  const auto part = [&](int i) HWY_ATTR { return hn::Load(d, table.values + i * 64).raw; };
  const __m512i a = part(0), b = part(1), c = part(2), e = part(3);
  for_vectors(
      [&](auto v) HWY_ATTR {
        __m512i low = v.raw, high = v.raw;
        __asm__("vpermi2b %2, %1, %0" : "+v"(low) : "v"(a), "v"(b));
        __asm__("vpermi2b %2, %1, %0" : "+v"(high) : "v"(c), "v"(e));
        return decltype(v){_mm512_mask_blend_epi8(_mm512_movepi8_mask(v.raw), low, high)};
      },
      x, y, n);
}
#endif

void softmax_bytes(const ByteSoftmax& s, const uint8_t* x, uint8_t* y) noexcept {
  const int64_t width = s.width;
  const uint8_t flip = s.flip;
  uint8_t top = 0;
  LITE_VECTORIZE
  for (int64_t k = 0; k < width; ++k) top = std::max<uint8_t>(top, x[k] ^ flip);
  float sum = 0;
  for (int64_t k = 0; k < width; ++k) sum += s.power[top - (x[k] ^ flip)];
  float part[kPart];
  const float scale = s.scale, low = s.low, high = s.high, zero = s.zero;
  for (int64_t first = 0; first < width; first += kPart) {
    const int64_t n = std::min(kPart, width - first);
    for (int64_t k = 0; k < n; ++k) part[k] = s.power[top - (x[first + k] ^ flip)];
    uint8_t* const to = y + first;
    LITE_VECTORIZE
    for (int64_t k = 0; k < n; ++k) {
      const float v = std::min(std::max(part[k] / sum / scale, low), high);
      to[k] = static_cast<uint8_t>(static_cast<int32_t>(v + kRounds - kRounds + zero));
    }
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
LITE_SIMD_TABLE(kLookup, lookup);
LITE_SIMD_TABLE(kSoftmaxBytes, softmax_bytes);
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
constexpr size_t kX = 0, kXScale = 1, kYScale = 3, kYZero = 4, kTable = 1;

WhyNot rejects(const NodeQuery& q) {
  if (!kByte.has(q.in[kX].dtype)) return "not 8-bit";
  for (size_t i = kXScale; i <= kYZero; ++i)
    if (q.has_in(i) && !is_known_scalar(q, i)) return "a scale or zero point is not one constant";
  return nullptr;
}

WhyNot rejects_layouts(const NodeQuery& q) {
  return q.in[kX].layout != q.out[0].layout || block_of(q.in[kX].layout) != 0 ? "layouts" : nullptr;
}

WhyNot rejects_unary(const NodeQuery& q) {
  if (const WhyNot why = rejects_layouts(q)) return why;
  return rejects(q);
}

Result<std::unique_ptr<Kernel>> make_lookup(const NodeQuery& q, const Tensor& values) {
  ByteTable table;
  memcpy(table.values, values.raw(), sizeof table.values);
  const int64_t count = q.in[kX].elements();
  auto* fn = choose(kLookup, q.options);
#if HWY_ARCH_X86
  if ((HWY_TARGETS & HWY_AVX3) != 0 && !q.options.reproducible &&
      isa::runs_on(isa::kAvx512Level | isa::kAvx512vbmi, q.options.isa))
    fn = HWY_CHOOSE_AVX3(lookup_vbmi);
#endif
  return make_kernel([table, count, fn](const Launch& l) {
    l.parallel->for_range(count, kGrain, [&](int64_t begin, int64_t end) {
      fn(table, l.in<uint8_t>(kX) + begin, l.out<uint8_t>(0) + begin, end - begin);
    });
  });
}

Result<std::unique_ptr<Kernel>> make_unary(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const Tensor all, ops::every_byte(q.in[kX].dtype));
  std::vector<Datum> in(q.in.size());
  std::vector<const Datum*> places(q.in.size(), nullptr);
  for (size_t i = 0; i < q.in.size(); ++i) {
    if (!q.has_in(i)) continue;
    in[i].tensor = i == kX ? all : *q.in[i].constant;
    places[i] = &in[i];
  }
  Datum out;
  LITE_TRY(evaluate_node(q.node, places, std::span<Datum>(&out, 1)));
  return make_lookup(q, out.tensor);
}

WhyNot rejects_table(const NodeQuery& q) {
  if (const WhyNot why = rejects_layouts(q)) return why;
  return q.in[kTable].constant == nullptr ? "the table is not constant" : nullptr;
}

Result<std::unique_ptr<Kernel>> make_table(const NodeQuery& q, PackCache&) {
  return make_lookup(q, *q.in[kTable].constant);
}

bool in_place(const NodeQuery&, size_t i) { return i == kX; }

// ---- softmax

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
  ByteSoftmax s;
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
  auto* const fn = choose(kSoftmaxBytes, q.options);
  return make_kernel([s, rows, fn](const Launch& l) {
    l.parallel->for_range(rows, rows_grain(s.width, kGrain / 4), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        fn(s, l.in<uint8_t>(kX) + i * s.width, l.out<uint8_t>(0) + i * s.width);
    });
  });
}

constexpr KernelDef kKernels[] = {
    {"lookup_bytes:simd", "LookupBytes", rejects_table, make_table, in_place},
    {"qlinear_sigmoid:simd", "QLinearSigmoid", rejects_unary, make_unary, in_place},
    {"qlinear_leaky_relu:simd", "QLinearLeakyRelu", rejects_unary, make_unary, in_place},
    {"qlinear_softmax:simd", "QLinearSoftmax", rejects_softmax, make_softmax},
};

}  // namespace

extern constinit const KernelTable simd_lookup;
constinit const KernelTable simd_lookup{kKernels};

}  // namespace lite::kernels
#endif
