// ArgMax, ArgMin, Hardmax and TopK of float32.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_select.cpp"
#include <cmath>
#include <limits>
#include <string_view>

#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

using F = hn::ScalableTag<float>;
using I = hn::RebindToSigned<F>;

// The best number so far in each lane, and where it was.
struct Best {
  hn::Vec<F> value;
  hn::Vec<I> at;
};

// Whether v comes before what there is: larger (smaller), or NaN where there is none yet. With `kLast`, equal
// ones too.
template <bool kMax, bool kLast>
HWY_INLINE hn::Mask<F> better(hn::Vec<F> v, hn::Vec<F> best) {
  const auto ahead = kMax ? hn::Gt(v, best) : hn::Lt(v, best);
  if constexpr (kLast)
    return hn::Or(hn::Or(ahead, hn::Eq(v, best)), hn::IsNaN(v));
  else
    return hn::Or(ahead, hn::AndNot(hn::IsNaN(best), hn::IsNaN(v)));
}
template <bool kMax, bool kLast>
HWY_INLINE void take(Best& b, hn::Vec<F> v, hn::Vec<I> at) {
  const auto m = better<kMax, kLast>(v, b.value);
  b.value = hn::IfThenElse(m, v, b.value);
  b.at = hn::IfThenElse(hn::RebindMask(I(), m), at, b.at);
}

template <bool kMax, bool kLast>
bool better_one(float v, float best) {
  const bool nan = v != v, best_nan = best != best;
  if (nan || best_nan) return nan && (kLast || !best_nan);
  return (kMax ? v > best : v < best) || (kLast && v == best);
}

// y[r] = where row r of n numbers has its extreme.
template <bool kMax, bool kLast>
void rows_of(const float* x, int64_t* y, int64_t n, int64_t rows) {
  const F d;
  const I di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r, x += n) {
    int64_t best = 0, i = 0;
    float value = x[0];
    if (n >= 2 * lanes) {
      const auto step = hn::Set(di, static_cast<int32_t>(2 * lanes));
      auto at0 = hn::Iota(di, 0), at1 = hn::Iota(di, static_cast<int32_t>(lanes));
      Best a{hn::LoadU(d, x), at0}, b{hn::LoadU(d, x + lanes), at1};
      for (i = 2 * lanes; i + 2 * lanes <= n; i += 2 * lanes) {
        at0 = hn::Add(at0, step);
        at1 = hn::Add(at1, step);
        take<kMax, kLast>(a, hn::LoadU(d, x + i), at0);
        take<kMax, kLast>(b, hn::LoadU(d, x + i + lanes), at1);
      }
      HWY_ALIGN float values[2 * HWY_MAX_BYTES / sizeof(float)];
      HWY_ALIGN int32_t places[2 * HWY_MAX_BYTES / sizeof(float)];
      hn::Store(a.value, d, values);
      hn::Store(b.value, d, values + lanes);
      hn::Store(a.at, di, places);
      hn::Store(b.at, di, places + lanes);
      value = values[0];
      best = places[0];
      for (int64_t k = 1; k < 2 * lanes; ++k) {
        // Of equal ones the first place, or the last, whatever the lane.
        const bool same = values[k] == value || (values[k] != values[k] && value != value);
        if (same ? (kLast ? places[k] > best : places[k] < best)
                 : better_one<kMax, false>(values[k], value)) {
          value = values[k];
          best = places[k];
        }
      }
    } else {
      i = 1;
    }
    for (; i < n; ++i)
      if (better_one<kMax, kLast>(x[i], value)) value = x[i], best = i;
    y[r] = best;
  }
}

// y[c] = where column c, the n numbers x[k * stride + c], has its extreme.
template <bool kMax, bool kLast>
void columns_of(const float* x, int64_t* y, int64_t n, int64_t stride, int64_t columns) {
  const F d;
  const I di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto one = hn::Set(di, 1);
  int64_t c = 0;
  HWY_ALIGN int32_t places[2 * HWY_MAX_BYTES / sizeof(float)];
  for (; c + 2 * lanes <= columns; c += 2 * lanes) {
    auto at = hn::Zero(di);
    Best a{hn::LoadU(d, x + c), at}, b{hn::LoadU(d, x + c + lanes), at};
    for (int64_t k = 1; k < n; ++k) {
      at = hn::Add(at, one);
      take<kMax, kLast>(a, hn::LoadU(d, x + k * stride + c), at);
      take<kMax, kLast>(b, hn::LoadU(d, x + k * stride + c + lanes), at);
    }
    hn::Store(a.at, di, places);
    hn::Store(b.at, di, places + lanes);
    for (int64_t i = 0; i < 2 * lanes; ++i) y[c + i] = places[i];
  }
  for (; c < columns; c += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, columns - c));
    auto at = hn::Zero(di);
    Best a{load_part(d, x + c, count), at};
    for (int64_t k = 1; k < n; ++k) {
      at = hn::Add(at, one);
      take<kMax, kLast>(a, load_part(d, x + k * stride + c, count), at);
    }
    hn::Store(a.at, di, places);
    for (size_t i = 0; i < count; ++i) y[c + static_cast<int64_t>(i)] = places[i];
  }
}

// The first place from `from` on whose number is not behind `least`; n when there is none.
template <bool kLargest>
int64_t not_behind(const float* x, int64_t from, int64_t n, float least) {
  const F d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto bound = hn::Set(d, least);
  for (; from + lanes <= n; from += lanes) {
    const auto v = hn::LoadU(d, x + from);
    const auto behind = kLargest ? hn::Lt(v, bound) : hn::Gt(v, bound);
    const intptr_t at = hn::FindFirstTrue(d, hn::Not(behind));
    if (at >= 0) return from + at;
  }
  while (from < n && (kLargest ? x[from] < least : x[from] > least)) ++from;
  return from;
}

// Any of the largest, when none is NaN.
float largest_of(const float* x, int64_t n) {
  const F d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto top = hn::Set(d, x[0]);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) top = hn::Max(top, hn::LoadU(d, x + i));
  float best = hn::GetLane(hn::MaxOfLanes(d, top));
  for (; i < n; ++i) best = x[i] > best ? x[i] : best;
  return best;
}

using NotBehind = int64_t(const float*, int64_t, int64_t, float);
NotBehind* pick_not_behind(bool largest) { return largest ? not_behind<true> : not_behind<false>; }

using RowsOf = void(const float*, int64_t*, int64_t, int64_t);
using ColumnsOf = void(const float*, int64_t*, int64_t, int64_t, int64_t);

RowsOf* pick_rows(bool max, bool last) {
  if (max) return last ? rows_of<true, true> : rows_of<true, false>;
  return last ? rows_of<false, true> : rows_of<false, false>;
}
ColumnsOf* pick_columns(bool max, bool last) {
  if (max) return last ? columns_of<true, true> : columns_of<true, false>;
  return last ? columns_of<false, true> : columns_of<false, false>;
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kPickRows, pick_rows);
LITE_SIMD_TABLE(kPickColumns, pick_columns);
LITE_SIMD_TABLE(kPickNotBehind, pick_not_behind);
LITE_SIMD_TABLE(kLargestOf, largest_of);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// outer x n x inner: lines of n along the axis.
struct Lines {
  int64_t outer = 1, n = 1, inner = 1;
};
Result<Lines> lines_of(const NodeQuery& q, int64_t otherwise) {
  const Dims& dims = q.in[0].dims;
  LITE_ASSIGN(const int64_t axis, ops::normalize_axis(q.node.op->name, q.attrs().i64("axis", otherwise),
                                                      static_cast<int64_t>(dims.size())));
  const auto at = static_cast<size_t>(axis);
  const std::span<const int64_t> all(dims);
  return Lines{elements(all.first(at)), dims[at], elements(all.subspan(at + 1))};
}

// ---- ArgMax, ArgMin

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.empty()) return "a scalar";
  for (const int64_t d : q.in[0].dims)
    if (d == 0 || d > std::numeric_limits<int32_t>::max()) return "empty, or a dimension beyond 32 bits";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_arg(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const Lines s, lines_of(q, 0));
  const bool max = std::string_view(q.node.op->name) == "ArgMax",
             last = q.attrs().i64("select_last_index") != 0;
  if (s.inner == 1) {
    auto* const fn = choose(kPickRows, q.options)(max, last);
    return make_kernel([=](const Launch& l) {
      l.parallel->for_range(s.outer, rows_grain(s.n), [&](int64_t begin, int64_t end) {
        fn(l.in<float>(0) + begin * s.n, l.out<int64_t>(0) + begin, s.n, end - begin);
      });
    });
  }
  auto* const fn = choose(kPickColumns, q.options)(max, last);
  constexpr int64_t kStrip = 256;  // columns at a time
  const int64_t strips = ceil_div(s.inner, kStrip);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(s.outer * strips, rows_grain(s.n * std::min(s.inner, kStrip)),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t i = begin; i < end; ++i) {
                              const int64_t o = i / strips, c = i % strips * kStrip;
                              fn(l.in<float>(0) + o * s.n * s.inner + c, l.out<int64_t>(0) + o * s.inner + c,
                                 s.n, s.inner, std::min(kStrip, s.inner - c));
                            }
                          });
  });
}

// ---- Hardmax

WhyNot rejects_hardmax(const NodeQuery& q) {
  if (const WhyNot why = rejects(q)) return why;
  const auto s = lines_of(q, -1);
  return s.is_ok() && s.value().inner == 1 ? nullptr : "not along the last dimension";
}

Result<std::unique_ptr<Kernel>> make_hardmax(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const Lines s, lines_of(q, -1));
  auto* const not_behind = choose(kPickNotBehind, q.options)(true);
  auto* const largest = choose(kLargestOf, q.options);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(s.outer, rows_grain(s.n), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const float* const x = l.in<float>(0) + i * s.n;
        float* const y = l.out<float>(0) + i * s.n;
        // Where there is NaN, nothing may be found.
        const int64_t at = std::min(not_behind(x, 0, s.n, largest(x, s.n)), s.n - 1);
        std::fill_n(y, s.n, 0.0f);
        y[at] = 1;
      }
    });
  });
}

// ---- TopK

// Larger is earlier: the number, NaN above all, then the lower index. `flip` turns the numbers' order.
uint64_t key_of(float v, uint32_t index, uint32_t flip) {
  uint32_t bits = 0;
  v += 0.0f;  // -0 equals 0
  memcpy(&bits, &v, sizeof bits);
  bits = v != v ? ~uint32_t{0} : bits ^ ((bits >> 31) != 0 ? ~uint32_t{0} : uint32_t{1} << 31);
  return uint64_t{bits ^ flip} << 32 | static_cast<uint32_t>(~index);
}

int64_t index_of(uint64_t key) {
  const uint32_t index = ~static_cast<uint32_t>(key);
  return index;
}

class TopK final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<TopK>();
    LITE_ASSIGN(k->s_, lines_of(q, -1));
    k->k_ = q.out[0].elements() / (k->s_.outer * k->s_.inner);
    const bool largest = q.attrs().i64("largest", 1) != 0;
    k->flip_ = largest ? 0 : ~uint32_t{0};
    if (k->s_.inner == 1) k->not_behind_ = choose(kPickNotBehind, q.options)(largest);
    k->room_ = std::min(k->s_.n, 2 * k->k_ + 16);
    k->indices_ = q.has_out(1);
    const int64_t lines = k->s_.outer * k->s_.inner;
    k->strips_ = std::min({lines, kMaxStrips, 1 + lines * k->s_.n / kGrain});
    return std::unique_ptr<Kernel>(std::move(k));
  }
  Status run(const Launch& l) const override {
    const int64_t lines = s_.outer * s_.inner;
    l.parallel->for_range(strips_, 1, [&](int64_t strip, int64_t) {
      auto* const keys = static_cast<uint64_t*>(l.workspace) + strip * room_;
      for (int64_t i = lines * strip / strips_; i < lines * (strip + 1) / strips_; ++i) {
        const float* const x = l.in<float>(0) + i / s_.inner * s_.n * s_.inner + i % s_.inner;
        select(x, keys);
        const int64_t to = i / s_.inner * k_ * s_.inner + i % s_.inner;
        for (int64_t j = 0; j < k_; ++j) {
          const int64_t index = index_of(keys[j]);
          l.out<float>(0)[to + j * s_.inner] = x[index * s_.inner];
          if (indices_) l.out<int64_t>(1)[to + j * s_.inner] = index;
        }
      }
    });
    return ok();
  }
  size_t workspace_bytes() const override { return static_cast<size_t>(strips_ * room_) * sizeof(uint64_t); }

 private:
  static constexpr int64_t kMaxStrips = 64;  // each has a workspace of its own

  // The first k_ keys of a line, in order. Those that cannot be among them are not kept; whenever there is no
  // room for more, the best k_ stay.
  void select(const float* x, uint64_t* keys) const {
    int64_t n = 0;
    uint64_t least = 0;
    const auto first = [](uint64_t a, uint64_t b) { return a > b; };
    float bound = 0;
    for (int64_t i = 0; i < s_.n; ++i) {
      if (least != 0 && not_behind_ != nullptr) {
        i = not_behind_(x, i, s_.n, bound);
        if (i == s_.n) break;
      }
      const uint64_t key = key_of(x[i * s_.inner], static_cast<uint32_t>(i), flip_);
      if (key < least) continue;
      if (n == room_) {
        std::nth_element(keys, keys + k_ - 1, keys + n, first);
        n = k_;
        least = keys[k_ - 1];
        bound = x[index_of(least) * s_.inner];
        if (key < least) continue;
      }
      keys[n++] = key;
    }
    if (n > k_) std::nth_element(keys, keys + k_ - 1, keys + n, first);
    std::sort(keys, keys + k_, first);
  }

  Lines s_;
  int64_t k_ = 0, room_ = 0, strips_ = 1;
  uint32_t flip_ = 0;
  bool indices_ = false;
  decltype(&HWY_STATIC_DISPATCH(not_behind<true>)) not_behind_ = nullptr;  // for lines without gaps
};

WhyNot rejects_top(const NodeQuery& q) {
  if (const WhyNot why = rejects(q)) return why;
  return q.out[0].elements() == 0 ? "empty" : nullptr;
}

constexpr KernelDef kKernels[] = {{"arg:simd", "ArgMax", rejects, make_arg},
                                  {"arg:simd", "ArgMin", rejects, make_arg},
                                  {"hardmax:simd", "Hardmax", rejects_hardmax, make_hardmax},
                                  {"top_k:simd", "TopK", rejects_top, TopK::make}};

}  // namespace

extern constinit const KernelTable simd_select;
constinit const KernelTable simd_select{kKernels};

}  // namespace lite::kernels
#endif
