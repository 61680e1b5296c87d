// Softmax and LogSoftmax of float32 along any axis.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_softmax.cpp"
#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// e^(x - top), and x - top, which is not above 0 unless the row holds a NaN, and then is NaN in the end.
template <class D, class V>
HWY_INLINE V shifted_exp(D d, V x, V top, V& shifted) {
  shifted = hn::Sub(x, top);
  return exp_negative(d, shifted);
}

// The largest of a row in all lanes, and the sum of all e^(x - top), which are stored if wanted.
template <bool kStore, class D, class V = hn::Vec<D>>
HWY_INLINE V sum_of_row(D d, const float* x, float* y, int64_t n, V& top) {
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lowest = hn::Neg(hn::Inf(d));
  const size_t rest = static_cast<size_t>(n % lanes);
  const int64_t whole = n - static_cast<int64_t>(rest);
  const auto tail = hn::FirstN(d, rest);
  V other = lowest;
  top = lowest;
  int64_t i = 0;
  for (; i + 2 * lanes <= whole; i += 2 * lanes) {
    top = hn::Max(top, hn::LoadU(d, x + i));
    other = hn::Max(other, hn::LoadU(d, x + i + lanes));
  }
  if (i < whole) top = hn::Max(top, hn::LoadU(d, x + i));
  if (rest != 0) top = hn::Max(top, hn::IfThenElse(tail, load_part(d, x + whole, rest), lowest));
  top = hn::MaxOfLanes(d, hn::Max(top, other));
  V sum0 = hn::Zero(d), sum1 = hn::Zero(d), shifted;
  for (i = 0; i + 2 * lanes <= whole; i += 2 * lanes) {
    const V e0 = shifted_exp(d, hn::LoadU(d, x + i), top, shifted);
    const V e1 = shifted_exp(d, hn::LoadU(d, x + i + lanes), top, shifted);
    if constexpr (kStore) {
      hn::StoreU(e0, d, y + i);
      hn::StoreU(e1, d, y + i + lanes);
    }
    sum0 = hn::Add(sum0, e0);
    sum1 = hn::Add(sum1, e1);
  }
  if (i < whole) {
    const V e0 = shifted_exp(d, hn::LoadU(d, x + i), top, shifted);
    if constexpr (kStore) hn::StoreU(e0, d, y + i);
    sum0 = hn::Add(sum0, e0);
  }
  if (rest != 0) {
    const V e1 = shifted_exp(d, load_part(d, x + whole, rest), top, shifted);
    if constexpr (kStore) store_part(e1, d, y + whole, rest);
    sum1 = hn::Add(sum1, hn::IfThenElseZero(tail, e1));
  }
  return hn::SumOfLanes(d, hn::Add(sum0, sum1));
}

// Each row of n becomes its softmax. x and y are the same or do not overlap.
void plain_rows(const float* x, float* y, int64_t n, int64_t rows) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r, x += n, y += n) {
    V top;
    const V by = hn::Div(hn::Set(d, 1.0f), sum_of_row<true>(d, x, y, n, top));
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, y + i), by), d, y + i);
    if (i == n) continue;
    const auto rest = static_cast<size_t>(n - i);
    store_part(hn::Mul(load_part(d, y + i, rest), by), d, y + i, rest);
  }
}

// The logarithm of it. As many rows as stay in the L1 cache wait for one vector of logarithms.
void log_rows(const float* x, float* y, int64_t n, int64_t rows) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t together = std::clamp<int64_t>(8192 / std::max<int64_t>(n, 1), 1, lanes);
  HWY_ALIGN float tops[HWY_MAX_BYTES / sizeof(float)] = {}, sums[HWY_MAX_BYTES / sizeof(float)] = {};
  for (int64_t r = 0; r < rows; r += together) {
    const int64_t count = std::min(together, rows - r);
    for (int64_t k = 0; k < count; ++k) {
      V top;
      sums[k] = hn::GetLane(sum_of_row<false>(d, x + k * n, y, n, top));
      tops[k] = hn::GetLane(top);
    }
    hn::Store(log(d, hn::Load(d, sums)), d, sums);
    for (int64_t k = 0; k < count; ++k, x += n, y += n) {
      const V top = hn::Set(d, tops[k]), by = hn::Set(d, sums[k]);
      int64_t i = 0;
      for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Sub(hn::Sub(hn::LoadU(d, x + i), top), by), d, y + i);
      if (i == n) continue;
      const auto rest = static_cast<size_t>(n - i);
      store_part(hn::Sub(hn::Sub(load_part(d, x + i, rest), top), by), d, y + i, rest);
    }
  }
}

// Each of `columns` neighbouring columns, of n elements `stride` apart, becomes its softmax.
template <bool kLog>
void softmax_columns_impl(const float* x, float* y, int64_t n, int64_t stride, int64_t columns) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t c = 0; c < columns; c += lanes) {
    const size_t count = static_cast<size_t>(std::min(lanes, columns - c));
    const bool part = static_cast<int64_t>(count) < lanes;
    V top = hn::Neg(hn::Inf(d));
    for (int64_t i = 0; i < n; ++i) {
      const float* p = x + i * stride + c;
      top = hn::Max(top, part ? load_part(d, p, count) : hn::LoadU(d, p));
    }
    V sum = hn::Zero(d), shifted;
    for (int64_t i = 0; i < n; ++i) {
      const float* p = x + i * stride + c;
      const V e = shifted_exp(d, part ? load_part(d, p, count) : hn::LoadU(d, p), top, shifted);
      float* q = y + i * stride + c;
      part ? store_part(kLog ? shifted : e, d, q, count) : hn::StoreU(kLog ? shifted : e, d, q);
      sum = hn::Add(sum, e);
    }
    const V by = kLog ? log(d, sum) : hn::Div(hn::Set(d, 1.0f), sum);
    for (int64_t i = 0; i < n; ++i) {
      float* q = y + i * stride + c;
      const V v = part ? load_part(d, q, count) : hn::LoadU(d, q);
      const V out = kLog ? hn::Sub(v, by) : hn::Mul(v, by);
      part ? store_part(out, d, q, count) : hn::StoreU(out, d, q);
    }
  }
}

void softmax_rows(const float* x, float* y, int64_t n, int64_t rows, bool log_of) {
  log_of ? log_rows(x, y, n, rows) : plain_rows(x, y, n, rows);
}
void softmax_columns(const float* x, float* y, int64_t n, int64_t stride, int64_t columns, bool log_of) {
  log_of ? softmax_columns_impl<true>(x, y, n, stride, columns)
         : softmax_columns_impl<false>(x, y, n, stride, columns);
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kRows, softmax_rows);
LITE_SIMD_TABLE(kColumns, softmax_columns);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.empty()) return "a scalar";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[0].dims;
  const auto rank = static_cast<int64_t>(dims.size());
  LITE_ASSIGN(const int64_t axis, ops::normalize_axis(q.node.op->name, q.attrs().i64("axis", -1), rank));
  const auto at = static_cast<size_t>(axis);
  const std::span<const int64_t> all(dims);
  const int64_t outer = elements(all.first(at)), n = dims[at], inner = elements(all.subspan(at + 1));
  const bool log_of = std::string_view(q.node.op->name) == "LogSoftmax";
  constexpr int64_t kSoftmaxGrain = kGrain / 4;  // an exponential costs some additions
  if (inner == 1) {
    auto* const fn = choose(kRows, q.options);
    return make_kernel([=](const Launch& l) {
      const float* x = l.in<float>(0);
      float* y = l.out<float>(0);
      l.parallel->for_range(outer, rows_grain(n, kSoftmaxGrain), [&](int64_t begin, int64_t end) {
        fn(x + begin * n, y + begin * n, n, end - begin, log_of);
      });
    });
  }
  auto* const fn = choose(kColumns, q.options);
  constexpr int64_t kStrip = 64;  // columns at a time
  const int64_t strips = ceil_div(inner, kStrip);
  return make_kernel([=](const Launch& l) {
    const float* x = l.in<float>(0);
    float* y = l.out<float>(0);
    l.parallel->for_range(outer * strips, rows_grain(n * kStrip, kSoftmaxGrain),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t i = begin; i < end; ++i) {
                              const int64_t c = i % strips * kStrip, offset = i / strips * n * inner + c;
                              fn(x + offset, y + offset, n, inner, std::min(kStrip, inner - c), log_of);
                            }
                          });
  });
}

bool in_place(const NodeQuery&, size_t i) { return i == 0; }

constexpr KernelDef kKernels[] = {{"softmax:simd", "Softmax", rejects, make, in_place},
                                  {"log_softmax:simd", "LogSoftmax", rejects, make, in_place}};

}  // namespace

extern constinit const KernelTable simd_softmax;
constinit const KernelTable simd_softmax{kKernels};

}  // namespace lite::kernels
#endif
