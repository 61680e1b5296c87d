// CumSum and CumProd: each line in its order, many lines side by side.
#include <string_view>

#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"

namespace lite::kernels {
namespace {

using namespace simd;

struct Scan {
  int64_t outer, n, inner;
  bool exclusive, reverse;
};

template <bool kProduct, class T>
T join(T total, T v) {
  if constexpr (std::is_integral_v<T>) {  // wraps around
    const auto a = static_cast<uint64_t>(total), b = static_cast<uint64_t>(v);
    return static_cast<T>(kProduct ? a * b : a + b);
  } else {
    return kProduct ? total * v : total + v;
  }
}

constexpr int64_t kStrip = 512;  // lines at a time

// Neighbouring lines.
template <bool kProduct, class T>
void scan(const Scan& s, const T* x, T* y, int64_t width) {
  const auto row = [&](int64_t k) { return (s.reverse ? s.n - 1 - k : k) * s.inner; };
  if (!s.exclusive) {
    const T* from = x + row(0);
    const T* total = y + row(0);
    std::copy(from, from + width, y + row(0));
    for (int64_t k = 1; k < s.n; ++k) {
      from = x + row(k);
      T* const to = y + row(k);
      LITE_VECTORIZE
      for (int64_t i = 0; i < width; ++i) to[i] = join<kProduct>(total[i], from[i]);
      total = to;
    }
    return;
  }
  // The output may be the input: totals are kept apart.
  T totals[kStrip];
  std::fill(totals, totals + width, static_cast<T>(kProduct ? 1 : 0));
  for (int64_t k = 0; k < s.n; ++k) {
    const T* const from = x + row(k);
    T* const to = y + row(k);
    LITE_VECTORIZE
    for (int64_t i = 0; i < width; ++i) {
      const T v = from[i];
      to[i] = totals[i];
      totals[i] = join<kProduct>(totals[i], v);
    }
  }
}

// Lines whose elements follow each other.
template <bool kProduct, class T>
void scan_line(const Scan& s, const T* x, T* y) {
  T total = static_cast<T>(kProduct ? 1 : 0);
  for (int64_t k = 0; k < s.n; ++k) {
    const int64_t at = s.reverse ? s.n - 1 - k : k;
    const T v = x[at], next = join<kProduct>(total, v);
    y[at] = s.exclusive ? total : next;
    total = next;
  }
}

template <bool kProduct, class T>
Result<std::unique_ptr<Kernel>> make_typed(const Scan& s) {
  return make_kernel([s](const Launch& l) {
    const T* const x = l.in<T>(0);
    T* const y = l.out<T>(0);
    if (s.inner == 1) {
      l.parallel->for_range(s.outer, rows_grain(s.n), [&](int64_t begin, int64_t end) {
        for (int64_t o = begin; o < end; ++o) scan_line<kProduct>(s, x + o * s.n, y + o * s.n);
      });
      return;
    }
    const int64_t strips = ceil_div(s.inner, kStrip);
    l.parallel->for_range(s.outer * strips, rows_grain(s.n * std::min(s.inner, kStrip)),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t i = begin; i < end; ++i) {
                              const int64_t c = i % strips * kStrip, at = i / strips * s.n * s.inner + c;
                              scan<kProduct>(s, x + at, y + at, std::min(kStrip, s.inner - c));
                            }
                          });
  });
}
template <bool kProduct>
Result<std::unique_ptr<Kernel>> make_of(DType type, const Scan& s) {
  switch (type) {
    case DType::kF32:
      return make_typed<kProduct, float>(s);
    case DType::kF64:
      return make_typed<kProduct, double>(s);
    case DType::kI32:
      return make_typed<kProduct, int32_t>(s);
    default:
      return make_typed<kProduct, int64_t>(s);
  }
}

WhyNot rejects(const NodeQuery& q) {
  const DType t = q.in[0].dtype;
  if (t != DType::kF32 && t != DType::kF64 && t != DType::kI32 && t != DType::kI64) return "element type";
  if (!all_plain(q)) return "not row-major";
  if (q.in[1].constant == nullptr || q.in[1].elements() != 1) return "the axis is not a constant";
  return q.in[0].elements() == 0 ? "empty" : nullptr;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[0].dims;
  const char* const op = q.node.op->name;
  LITE_ASSIGN(const int64_t axis,
              ops::normalize_axis(op, q.in[1].constant->int_at(0), static_cast<int64_t>(dims.size())));
  const auto at = static_cast<size_t>(axis);
  const std::span<const int64_t> all(dims);
  const Scan s{elements(all.first(at)), dims[at], elements(all.subspan(at + 1)),
               q.attrs().i64("exclusive") != 0, q.attrs().i64("reverse") != 0};
  return std::string_view(op) == "CumProd" ? make_of<true>(q.in[0].dtype, s)
                                           : make_of<false>(q.in[0].dtype, s);
}

bool in_place(const NodeQuery&, size_t i) { return i == 0; }

constexpr KernelDef kKernels[] = {{"scan:simd", "CumSum", rejects, make, in_place},
                                  {"scan:simd", "CumProd", rejects, make, in_place}};

}  // namespace

extern constinit const KernelTable simd_scan;
constinit const KernelTable simd_scan{kKernels};

}  // namespace lite::kernels
