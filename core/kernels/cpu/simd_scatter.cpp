// GatherElements and ScatterElements, of every element size of whole bytes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_scatter.cpp"
#include <atomic>
#include <limits>
#include <string_view>

#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// y[i] = x[index * stride + i * own] for the i-th of n indices, counted from the end of `size` where
// negative. Stops before a vector with a wrong index, or that n does not fill: gives how many were done. All
// places of x fit 32 bits.
#if HWY_TARGET == HWY_SCALAR
template <class I>
int64_t gather_elements(const uint32_t*, const I*, uint32_t*, int64_t, int64_t, int64_t, int64_t) {
  return 0;
}
#else
template <class I>
int64_t gather_elements(const uint32_t* x, const I* indices, uint32_t* y, int64_t n, int64_t size,
                        int64_t stride, int64_t own) {
  const hn::ScalableTag<I> d;
  const hn::ScalableTag<int32_t> d32;
  const hn::ScalableTag<uint32_t> du;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d32)), wide = static_cast<int64_t>(hn::Lanes(d));
  const auto end = hn::Set(d, static_cast<I>(size)), zero = hn::Zero(d);
  const auto by = hn::Set(d32, static_cast<int32_t>(stride));
  const auto steps = hn::Mul(hn::Iota(d32, 0), hn::Set(d32, static_cast<int32_t>(own)));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto load = [&](int64_t at) HWY_ATTR {
      const auto v = hn::LoadU(d, indices + at);
      return hn::Add(v, hn::IfThenElseZero(hn::Lt(v, zero), end));
    };
    // Whether an index is right is in the sign.
    const auto bad = [&](auto v) HWY_ATTR { return hn::Or(v, hn::Sub(hn::Sub(end, hn::Set(d, I{1})), v)); };
    hn::Vec<decltype(d32)> at;
    auto wrong = zero;
    if constexpr (sizeof(I) == 8) {
      const auto low = load(i), high = load(i + wide);
      wrong = hn::Or(bad(low), bad(high));
      at = hn::ConcatEven(d32, hn::BitCast(d32, high), hn::BitCast(d32, low));
    } else {
      at = load(i);
      wrong = bad(at);
    }
    if (HWY_UNLIKELY(!hn::AllFalse(d, hn::Lt(wrong, zero)))) break;
    if (own != 0) at = hn::Add(hn::Mul(at, by), steps);
    hn::StoreU(hn::GatherIndex(du, x + i * own, at), du, y + i);
  }
  return i;
}
#endif

using GatherWide = int64_t(const uint32_t*, const int64_t*, uint32_t*, int64_t, int64_t, int64_t, int64_t);
using GatherNarrow = int64_t(const uint32_t*, const int32_t*, uint32_t*, int64_t, int64_t, int64_t, int64_t);
GatherWide* pick_wide() { return gather_elements<int64_t>; }
GatherNarrow* pick_narrow() { return gather_elements<int32_t>; }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kPickWide, pick_wide);
LITE_SIMD_TABLE(kPickNarrow, pick_narrow);

template <class I>
auto* gather_of(const KernelOptions& options) {
  if constexpr (sizeof(I) == 8)
    return choose(kPickWide, options)();
  else
    return choose(kPickNarrow, options)();
}
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// Rows of the indices. Element i of row (u, k), for outer index u and place k along the axis, belongs to
// element base(u) + index * stride + i of the data, or base(u) + index where the axis is the row. Rows with
// different u never meet.
struct Plan {
  const char* op = "";
  int64_t axis = 0, size = 0, stride = 1;
  int64_t units = 1, along = 1, row = 1;
  bool along_row = false;
  int64_t along_stride = 0;                // of k, in the indices
  std::vector<int64_t> dims, data, index;  // of the outer dimensions: their sizes, strides in both

  int64_t base(int64_t u, const std::vector<int64_t>& strides) const {
    int64_t at = 0;
    for (size_t d = dims.size(); d-- > 0; u /= dims[d]) at += u % dims[d] * strides[d];
    return at;
  }
};

Result<Plan> plan_of(const NodeQuery& q) {
  const Dims &data = q.in[0].dims, &index = q.in[1].dims;
  const size_t rank = data.size();
  Plan p{.op = q.node.op->name};
  LITE_ASSIGN(p.axis, ops::normalize_axis(p.op, q.attrs().i64("axis"), static_cast<int64_t>(rank)));
  const auto at = static_cast<size_t>(p.axis);
  const Dims data_strides = row_major_strides(data), index_strides = row_major_strides(index);
  for (size_t d = 0; d < rank; ++d)
    if (d != at && index[d] > data[d]) return unsupported(p.op, ": indices are larger than data");
  p.size = data[at];
  p.stride = data_strides[at];
  p.row = index[rank - 1];
  if (at + 1 == rank) {
    p.along_row = true;
  } else {
    p.along = index[at];
    p.along_stride = index_strides[at];
  }
  for (size_t d = 0; d + 1 < rank; ++d) {
    if (d == at) continue;
    p.units *= index[d];
    p.dims.push_back(index[d]);
    p.data.push_back(data_strides[d]);
    p.index.push_back(index_strides[d]);
  }
  return p;
}

// The first wrong index, whoever sees it.
class Wrong {
 public:
  void note(int64_t place) {
    int64_t seen = place_.load(std::memory_order_relaxed);
    while (place < seen && !place_.compare_exchange_weak(seen, place, std::memory_order_relaxed)) {
    }
  }
  template <class I>
  Status status(const Plan& p, const I* indices) const {
    const int64_t place = place_.load(std::memory_order_relaxed);
    if (place == kNone) return ok();
    return invalid_argument(p.op, ": index ", static_cast<int64_t>(indices[place]),
                            " is out of range for dimension ", p.axis, " of size ", p.size);
  }

 private:
  static constexpr int64_t kNone = std::numeric_limits<int64_t>::max();
  std::atomic<int64_t> place_{kNone};
};

// Calls f(offset in the data, offset in the indices) for elements [first, last) of a row; wrong indices are
// noted.
template <bool kAlongRow, class I, class F>
void each_of(const Plan& p, const I* indices, int64_t at, int64_t base, int64_t first, int64_t last,
             Wrong& wrong, const F& f) {
  for (int64_t i = first; i < last; ++i) {
    int64_t v = indices[at + i];
    v += v < 0 ? p.size : 0;
    if (static_cast<uint64_t>(v) >= static_cast<uint64_t>(p.size)) {
      wrong.note(at + i);
      continue;
    }
    f(base + (kAlongRow ? v : v * p.stride + i), at + i);
  }
}
template <class I, class F>
void each(const Plan& p, const I* indices, int64_t at, int64_t base, int64_t first, int64_t last,
          Wrong& wrong, const F& f) {
  if (p.along_row)
    each_of<true>(p, indices, at, base, first, last, wrong, f);
  else
    each_of<false>(p, indices, at, base, first, last, wrong, f);
}

template <class T, class I>
Result<std::unique_ptr<Kernel>> make_gather(const Plan& p, const KernelOptions& options) {
  // Vectors of places in a row's part of the data.
  auto* const vectors = sizeof(T) == 4 && p.size * p.stride <= std::numeric_limits<int32_t>::max() &&
                                p.row <= std::numeric_limits<int32_t>::max()
                            ? gather_of<I>(options)
                            : nullptr;
  return make_kernel([=](const Launch& l) -> Status {
    const T* const x = l.in<T>(0);
    const I* const indices = l.in<I>(1);
    T* const y = l.out<T>(0);
    Wrong wrong;
    l.parallel->for_range(p.units * p.along, rows_grain(p.row), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const int64_t u = r / p.along, at = p.base(u, p.index) + r % p.along * p.along_stride,
                      base = p.base(u, p.data);
        int64_t done = 0;
        if constexpr (sizeof(T) == 4)
          if (vectors != nullptr)
            done = vectors(x + base, indices + at, y + at, p.row, p.size, p.stride, p.along_row ? 0 : 1);
        each(p, indices, at, base, done, p.row, wrong, [&](int64_t from, int64_t to) { y[to] = x[from]; });
      }
    });
    return wrong.status(p, indices);
  });
}

// Of equal indices the last one wins, as their order in each column says.
template <class T, class I>
Result<std::unique_ptr<Kernel>> make_scatter(const Plan& p, int64_t bytes) {
  // Columns of a row do not meet unless they lie along the axis.
  const int64_t strip = std::max<int64_t>(
      1, p.along_row ? p.row : std::max<int64_t>(64, kGrain / std::max<int64_t>(1, p.along)));
  const int64_t strips = ceil_div(p.row, strip);
  return make_kernel([=](const Launch& l) -> Status {
    const auto* const data = l.in<unsigned char>(0);
    const I* const indices = l.in<I>(1);
    const T* const updates = l.in<T>(2);
    T* const y = l.out<T>(0);
    if (static_cast<const void*>(data) != y)
      l.parallel->for_range(bytes, 4 * kGrain, [&](int64_t begin, int64_t end) {
        memcpy(reinterpret_cast<unsigned char*>(y) + begin, data + begin, static_cast<size_t>(end - begin));
      });
    Wrong wrong;
    l.parallel->for_range(
        p.units * strips, rows_grain(p.along * std::min(p.row, strip)), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t u = i / strips, first = i % strips * strip, last = std::min(p.row, first + strip);
            const int64_t at = p.base(u, p.index), base = p.base(u, p.data);
            for (int64_t k = 0; k < p.along; ++k)
              each(p, indices, at + k * p.along_stride, base, first, last, wrong,
                   [&](int64_t to, int64_t from) { y[to] = updates[from]; });
          }
        });
    return wrong.status(p, indices);
  });
}

// Calls f with types of the sizes of an element and of an index.
template <class F>
Result<std::unique_ptr<Kernel>> typed(const NodeQuery& q, const F& f) {
  const bool wide = q.in[1].dtype == DType::kI64;
  const auto with = [&](auto element) { return wide ? f(element, int64_t{}) : f(element, int32_t{}); };
  switch (dtype_size(q.in[0].dtype)) {
    case 1:
      return with(uint8_t{});
    case 2:
      return with(uint16_t{});
    case 4:
      return with(uint32_t{});
    default:
      return with(uint64_t{});
  }
}

WhyNot rejects(const NodeQuery& q) {
  const size_t bits = dtype_bits(q.in[0].dtype);
  if (q.in[0].dtype == DType::kString || bits < 8 || bits > 64) return "element type";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.empty() || q.in[0].dims.size() != q.in[1].dims.size()) return "ranks differ, or scalars";
  return q.in[0].elements() == 0 ? "empty" : nullptr;
}
WhyNot rejects_scatter(const NodeQuery& q) {
  if (q.attrs().str("reduction", "none") != "none") return "combines elements";
  if (!(q.in[1].dims == q.in[2].dims)) return "indices and updates differ";
  return rejects(q);
}

Result<std::unique_ptr<Kernel>> make_gather_elements(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const Plan p, plan_of(q));
  return typed(q, [&](auto element, auto index) {
    return make_gather<decltype(element), decltype(index)>(p, q.options);
  });
}
Result<std::unique_ptr<Kernel>> make_scatter_elements(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const Plan p, plan_of(q));
  const int64_t bytes = q.in[0].elements() * static_cast<int64_t>(dtype_size(q.in[0].dtype));
  return typed(q, [&](auto element, auto index) {
    return make_scatter<decltype(element), decltype(index)>(p, bytes);
  });
}
bool in_place(const NodeQuery&, size_t i) { return i == 0; }

constexpr KernelDef kKernels[] = {
    {"gather_elements:simd", "GatherElements", rejects, make_gather_elements},
    {"scatter_elements:simd", "ScatterElements", rejects_scatter, make_scatter_elements, in_place},
};

}  // namespace

extern constinit const KernelTable simd_scatter;
constinit const KernelTable simd_scatter{kKernels};

}  // namespace lite::kernels
#endif
