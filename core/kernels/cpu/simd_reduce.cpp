// Reductions of float32 over neighbouring dimensions, and global pooling in every layout.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_reduce.cpp"
#include <cmath>
#include <limits>

#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_REDUCTION
#define LITE_SIMD_REDUCTION
namespace lite::simd {
enum class Reduction : uint8_t { kSum, kSumAbs, kSumSquare, kProduct, kMax, kMin, kLogSumExp };
}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

template <Reduction kWhat, class D>
HWY_INLINE hn::Vec<D> start(D d) {
  if constexpr (kWhat == Reduction::kMax) return hn::Neg(hn::Inf(d));
  if constexpr (kWhat == Reduction::kMin) return hn::Inf(d);
  if constexpr (kWhat == Reduction::kProduct) return hn::Set(d, 1.0f);
  return hn::Zero(d);
}
// Two results become one. NaN wins.
template <Reduction kWhat, class D, class V>
HWY_INLINE V join(D, V a, V b) {
  if constexpr (kWhat == Reduction::kProduct) return hn::Mul(a, b);
  if constexpr (kWhat == Reduction::kMax) return hn::IfThenElse(hn::Or(hn::Gt(b, a), hn::IsNaN(b)), b, a);
  if constexpr (kWhat == Reduction::kMin) return hn::IfThenElse(hn::Or(hn::Lt(b, a), hn::IsNaN(b)), b, a);
  return hn::Add(a, b);
}
template <Reduction kWhat, class D, class V>
HWY_INLINE V fold(D d, V sum, V x) {
  if constexpr (kWhat == Reduction::kSumAbs) return hn::Add(sum, hn::Abs(x));
  if constexpr (kWhat == Reduction::kSumSquare) return hn::MulAdd(x, x, sum);
  return join<kWhat>(d, sum, x);
}

// y[r] = the reduction of row r.
template <Reduction kWhat>
void rows_of(const float* x, float* y, int64_t n, int64_t rows) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r, x += n) {
    V s0 = start<kWhat>(d), s1 = s0, s2 = s0, s3 = s0;
    int64_t i = 0;
    for (; i + 4 * lanes <= n; i += 4 * lanes) {
      s0 = fold<kWhat>(d, s0, hn::LoadU(d, x + i));
      s1 = fold<kWhat>(d, s1, hn::LoadU(d, x + i + lanes));
      s2 = fold<kWhat>(d, s2, hn::LoadU(d, x + i + 2 * lanes));
      s3 = fold<kWhat>(d, s3, hn::LoadU(d, x + i + 3 * lanes));
    }
    for (; i + lanes <= n; i += lanes) s0 = fold<kWhat>(d, s0, hn::LoadU(d, x + i));
    if (i < n) {
      const size_t rest = static_cast<size_t>(n - i);
      s1 = hn::IfThenElse(hn::FirstN(d, rest), fold<kWhat>(d, s1, load_part(d, x + i, rest)), s1);
    }
    V s = join<kWhat>(d, join<kWhat>(d, s0, s1), join<kWhat>(d, s2, s3));
    if constexpr (kWhat == Reduction::kSum || kWhat == Reduction::kSumAbs || kWhat == Reduction::kSumSquare) {
      y[r] = hn::GetLane(hn::SumOfLanes(d, s));
    } else if constexpr (kWhat == Reduction::kProduct) {
      HWY_ALIGN float lane[HWY_MAX_BYTES / sizeof(float)];
      hn::Store(s, d, lane);
      y[r] = lane[0];
      for (int64_t k = 1; k < lanes; ++k) y[r] *= lane[k];
    } else {
      const V best = kWhat == Reduction::kMax ? hn::MaxOfLanes(d, s) : hn::MinOfLanes(d, s);
      y[r] = hn::AllFalse(d, hn::IsNaN(s)) ? hn::GetLane(best) : std::numeric_limits<float>::quiet_NaN();
    }
  }
}

// y[c] = the reduction over n of x[i * stride + c]. Partial sums of kBlock keep the error of long ones small.
template <Reduction kWhat>
void columns_of(const float* x, float* y, int64_t n, int64_t stride, int64_t columns) {
  constexpr int64_t kBlock = 256;
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t c = 0;
  // Four vectors at a time read whole cache lines and hide the latency of the sums.
  for (; c + 4 * lanes <= columns; c += 4 * lanes) {
    V t0 = start<kWhat>(d), t1 = t0, t2 = t0, t3 = t0;
    for (int64_t from = 0; from < n; from += kBlock) {
      const int64_t to = std::min(n, from + kBlock);
      V s0 = start<kWhat>(d), s1 = s0, s2 = s0, s3 = s0;
      const float* p = x + from * stride + c;
      for (int64_t i = from; i < to; ++i, p += stride) {
        s0 = fold<kWhat>(d, s0, hn::LoadU(d, p));
        s1 = fold<kWhat>(d, s1, hn::LoadU(d, p + lanes));
        s2 = fold<kWhat>(d, s2, hn::LoadU(d, p + 2 * lanes));
        s3 = fold<kWhat>(d, s3, hn::LoadU(d, p + 3 * lanes));
      }
      t0 = join<kWhat>(d, t0, s0);
      t1 = join<kWhat>(d, t1, s1);
      t2 = join<kWhat>(d, t2, s2);
      t3 = join<kWhat>(d, t3, s3);
    }
    hn::StoreU(t0, d, y + c);
    hn::StoreU(t1, d, y + c + lanes);
    hn::StoreU(t2, d, y + c + 2 * lanes);
    hn::StoreU(t3, d, y + c + 3 * lanes);
  }
  for (; c < columns; c += lanes) {
    const size_t count = static_cast<size_t>(std::min(lanes, columns - c));
    const bool part = static_cast<int64_t>(count) < lanes;
    V total = start<kWhat>(d);
    for (int64_t from = 0; from < n; from += kBlock) {
      const int64_t to = std::min(n, from + kBlock);
      V s = start<kWhat>(d);
      for (int64_t i = from; i < to; ++i) {
        const float* p = x + i * stride + c;
        s = fold<kWhat>(d, s, part ? load_part(d, p, count) : hn::LoadU(d, p));
      }
      total = join<kWhat>(d, total, s);
    }
    part ? store_part(total, d, y + c, count) : hn::StoreU(total, d, y + c);
  }
}

// The logarithm of sums of e^(x - top), plus top; what is not finite in x shows in top.
template <class D, class V>
HWY_INLINE V log_of_sum(D d, V sum, V top) {
  return hn::IfThenElse(hn::IsFinite(top), hn::Add(log(d, sum), top), top);
}

void log_sum_exp_rows(const float* x, float* y, int64_t n, int64_t rows) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t r = 0; r < rows; ++r, x += n) {
    rows_of<Reduction::kMax>(x, y + r, n, 1);
    const auto top = hn::Set(d, y[r]);
    auto s0 = hn::Zero(d), s1 = s0;
    int64_t i = 0;
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
      s0 = hn::Add(s0, exp_negative(d, hn::Sub(hn::LoadU(d, x + i), top)));
      s1 = hn::Add(s1, exp_negative(d, hn::Sub(hn::LoadU(d, x + i + lanes), top)));
    }
    for (; i < n; i += lanes) {
      const auto count = static_cast<size_t>(std::min(lanes, n - i));
      const auto e = exp_negative(d, hn::Sub(load_part(d, x + i, count), top));
      s0 = hn::Add(s0, hn::IfThenElseZero(hn::FirstN(d, count), e));
    }
    y[r] = hn::GetLane(log_of_sum(d, hn::SumOfLanes(d, hn::Add(s0, s1)), top));
  }
}

void log_sum_exp_columns(const float* x, float* y, int64_t n, int64_t stride, int64_t columns) {
  const hn::ScalableTag<float> d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  columns_of<Reduction::kMax>(x, y, n, stride, columns);
  for (int64_t c = 0; c < columns; c += lanes) {
    const auto count = static_cast<size_t>(std::min(lanes, columns - c));
    const auto top = load_part(d, y + c, count);
    auto sum = hn::Zero(d);
    for (int64_t i = 0; i < n; ++i)
      sum = hn::Add(sum, exp_negative(d, hn::Sub(load_part(d, x + i * stride + c, count), top)));
    store_part(log_of_sum(d, sum, top), d, y + c, count);
  }
}

using RowsOf = void(const float*, float*, int64_t, int64_t);
using ColumnsOf = void(const float*, float*, int64_t, int64_t, int64_t);

RowsOf* pick_rows(Reduction what) {
  constexpr RowsOf* kTable[] = {rows_of<Reduction::kSum>,
                                rows_of<Reduction::kSumAbs>,
                                rows_of<Reduction::kSumSquare>,
                                rows_of<Reduction::kProduct>,
                                rows_of<Reduction::kMax>,
                                rows_of<Reduction::kMin>,
                                log_sum_exp_rows};
  return kTable[static_cast<size_t>(what)];
}
ColumnsOf* pick_columns(Reduction what) {
  constexpr ColumnsOf* kTable[] = {columns_of<Reduction::kSum>,
                                   columns_of<Reduction::kSumAbs>,
                                   columns_of<Reduction::kSumSquare>,
                                   columns_of<Reduction::kProduct>,
                                   columns_of<Reduction::kMax>,
                                   columns_of<Reduction::kMin>,
                                   log_sum_exp_columns};
  return kTable[static_cast<size_t>(what)];
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kPickRows, pick_rows);
LITE_SIMD_TABLE(kPickColumns, pick_columns);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// outer x n x inner -> outer x inner.
struct Extent {
  int64_t outer = 1, n = 1, inner = 1;
};

enum class Finish : uint8_t { kNone, kMean, kRoot, kLog };
struct Row {
  const char* op;
  Reduction what;
  Finish finish;
};
constexpr Row kRows[] = {
    {"ReduceSum", Reduction::kSum, Finish::kNone},
    {"ReduceMean", Reduction::kSum, Finish::kMean},
    {"ReduceMax", Reduction::kMax, Finish::kNone},
    {"ReduceMin", Reduction::kMin, Finish::kNone},
    {"ReduceProd", Reduction::kProduct, Finish::kNone},
    {"ReduceL1", Reduction::kSumAbs, Finish::kNone},
    {"ReduceL2", Reduction::kSumSquare, Finish::kRoot},
    {"ReduceSumSquare", Reduction::kSumSquare, Finish::kNone},
    {"ReduceLogSum", Reduction::kSum, Finish::kLog},
    {"ReduceLogSumExp", Reduction::kLogSumExp, Finish::kNone},
    {"GlobalAveragePool", Reduction::kSum, Finish::kMean},
    {"GlobalMaxPool", Reduction::kMax, Finish::kNone},
};
const Row& row_of(const NodeQuery& q) {
  const std::string_view name = q.node.op->name;
  for (const Row& r : kRows)
    if (name == r.op) return r;
  return kRows[0];
}

// Which dimensions are reduced; nullopt when that is not known yet.
std::optional<std::vector<bool>> reduced(const NodeQuery& q) {
  const size_t rank = q.in[0].dims.size();
  std::vector<bool> out(rank, false);
  if (std::string_view(q.node.op->name).starts_with("Global")) {
    std::fill(out.begin() + 2, out.end(), true);
    return out;
  }
  Dims axes;
  if (q.has_in(1)) {
    if (q.in[1].constant == nullptr) return std::nullopt;
    axes = q.in[1].constant->to_ints();
  }
  if (axes.empty()) {
    if (q.attrs().i64("noop_with_empty_axes", 0) == 0) std::fill(out.begin(), out.end(), true);
    return out;
  }
  for (const int64_t a : axes) out[static_cast<size_t>(a < 0 ? a + static_cast<int64_t>(rank) : a)] = true;
  return out;
}

// nullopt when the reduced dimensions are not neighbours.
std::optional<Extent> extent_of(const NodeQuery& q, const std::vector<bool>& axes) {
  const Operand& x = q.in[0];
  const int64_t block = block_of(x.layout);
  Extent e;
  if (x.layout != Layout::kPlain) {
    // N and C stay, all else goes.
    for (size_t d = 0; d < axes.size(); ++d)
      if (axes[d] != (d >= 2)) return std::nullopt;
    e.n = lite::elements(std::span<const int64_t>(x.dims).subspan(2));
    e.outer = x.dims[0] * (block == 0 ? 1 : ceil_div(x.dims[1], block));
    e.inner = block == 0 ? x.dims[1] : block;
    return e;
  }
  int stage = 0;
  for (size_t d = 0; d < axes.size(); ++d) {
    if (x.dims[d] == 1) continue;
    if (axes[d]) {
      if (stage == 2) return std::nullopt;
      stage = 1;
      e.n *= x.dims[d];
    } else {
      if (stage == 1) stage = 2;
      (stage == 0 ? e.outer : e.inner) *= x.dims[d];
    }
  }
  return e;
}

WhyNot rejects(const NodeQuery& q) {
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dtype != DType::kF32) return "not float32";
  if (x.layout != y.layout || (x.layout != Layout::kPlain && x.dims.size() != y.dims.size()))
    return "layouts do not go together";
  const auto axes = reduced(q);
  if (!axes) return "axes not known";
  if (!extent_of(q, *axes)) return "reduced dimensions are not neighbours";
  return nullptr;
}

void finish_all(Finish finish, float* y, int64_t count, int64_t n) {
  const float by_n = 1.0f / static_cast<float>(n);
  switch (finish) {
    case Finish::kNone:
      return;
    case Finish::kMean:
      for (int64_t i = 0; i < count; ++i) y[i] *= by_n;
      return;
    case Finish::kRoot:
      for (int64_t i = 0; i < count; ++i) y[i] = std::sqrt(y[i]);
      return;
    case Finish::kLog:
      for (int64_t i = 0; i < count; ++i) y[i] = std::log(y[i]);
      return;
  }
}

// What joins the results of pieces: logarithms of sums as what they are made of.
Reduction joining(Reduction what) {
  return what == Reduction::kSumAbs || what == Reduction::kSumSquare ? Reduction::kSum : what;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  const Row row = row_of(q);
  const Extent e = *extent_of(q, *reduced(q));
  if ((row.finish == Finish::kLog || row.what == Reduction::kLogSumExp) && q.in[0].layout != Layout::kPlain)
    return unsupported("log of padding channels");
  // An exponential costs some additions.
  const int64_t grain = row.what == Reduction::kLogSumExp ? kGrain / 4 : kGrain;
  if (e.inner == 1) {
    auto* const fn = choose(kPickRows, q.options)(row.what);
    // Few long rows are cut into pieces.
    constexpr int64_t kPiece = 1 << 16;
    const int64_t pieces = e.outer < 16 ? ceil_div(e.n, kPiece) : 1;
    auto* const join = choose(kPickRows, q.options)(joining(row.what));
    const auto run = [=](const Launch& l) {
      const float* x = l.in<float>(0);
      float* y = l.out<float>(0);
      if (pieces == 1) {
        l.parallel->for_range(e.outer, rows_grain(e.n, grain), [&](int64_t begin, int64_t end) {
          fn(x + begin * e.n, y + begin, e.n, end - begin);
        });
      } else {
        auto* const part = static_cast<float*>(l.workspace);
        l.parallel->run(e.outer * pieces, [&](int64_t i) {
          const int64_t from = i % pieces * kPiece;
          fn(x + i / pieces * e.n + from, part + i, std::min(kPiece, e.n - from), 1);
        });
        join(part, y, pieces, e.outer);
      }
      finish_all(row.finish, y, e.outer, e.n);
    };
    return make_kernel(run, pieces == 1 ? 0 : static_cast<size_t>(e.outer * pieces) * sizeof(float));
  }
  auto* const fn = choose(kPickColumns, q.options)(row.what);
  auto* const join = choose(kPickColumns, q.options)(joining(row.what));
  constexpr int64_t kStrip = 64, kPiece = 1024;
  const int64_t strips = ceil_div(e.inner, kStrip);
  // Few columns of great height are cut into pieces.
  const int64_t pieces = e.outer * strips < 16 ? ceil_div(e.n, kPiece) : 1;
  const int64_t height = pieces == 1 ? e.n : kPiece;
  const auto run = [=](const Launch& l) {
    const float* x = l.in<float>(0);
    float* const y = l.out<float>(0);
    float* const part = pieces == 1 ? y : static_cast<float*>(l.workspace);
    l.parallel->for_range(e.outer * pieces * strips, rows_grain(height * std::min(e.inner, kStrip), grain),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t i = begin; i < end; ++i) {
                              const int64_t o = i / strips / pieces, from = i / strips % pieces * height,
                                            c = i % strips * kStrip;
                              fn(x + (o * e.n + from) * e.inner + c, part + i / strips * e.inner + c,
                                 std::min(height, e.n - from), e.inner, std::min(kStrip, e.inner - c));
                            }
                          });
    if (pieces > 1)
      for (int64_t o = 0; o < e.outer; ++o)
        join(part + o * pieces * e.inner, y + o * e.inner, pieces, e.inner, e.inner);
    finish_all(row.finish, y, e.outer * e.inner, e.n);
  };
  return make_kernel(run, pieces == 1 ? 0 : static_cast<size_t>(e.outer * pieces * e.inner) * sizeof(float));
}

constexpr auto make_table() {
  std::array<KernelDef, std::size(kRows)> table{};
  for (size_t i = 0; i < std::size(kRows); ++i)
    table[i] = KernelDef{"reduce:simd", kRows[i].op, rejects, make};
  return table;
}
constexpr auto kKernels = make_table();

}  // namespace

extern constinit const KernelTable simd_reduce;
constinit const KernelTable simd_reduce{kKernels};

}  // namespace lite::kernels
#endif
