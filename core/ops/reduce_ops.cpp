// Reductions over some axes.
//
//   in  data
//   in  axes                       optional int64; without it, or when empty, all axes
//   out reduced                    the type of data; the axes become 1, or go with keepdims = 0
//   attr keepdims                  int, default 1
//   attr noop_with_empty_axes      int, default 0; 1: without axes no dimension is reduced, every element is
//   its own
//
//   ReduceSum, ReduceMean, ReduceProd, ReduceSumSquare (sum of squares), ReduceL1 (sum of magnitudes),
//   ReduceL2 (root of the sum of squares), ReduceLogSum, ReduceLogSumExp (shifted by the maximum), ReduceMax,
//   ReduceMin (bool too: or, and)
//
// Over no elements: sums are 0, the product 1, the mean NaN (integers: an error), Max the type's lowest value
// or -infinity, Min its highest or infinity, logarithms -infinity. A NaN makes the result NaN. Floats are
// added in double, integers in 64 bits that wrap.

#include <cmath>
#include <limits>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

enum class Kind { kSum, kMean, kProd, kSumSquare, kL1, kL2, kLogSum, kLogSumExp, kMax, kMin };

// Which axes are reduced; nullopt when that depends on contents not known yet.
Result<std::optional<std::vector<bool>>> reduced_axes(const AttrReader& r, const Tensor* axes, bool given,
                                                      size_t rank) {
  std::optional<std::vector<bool>> out;
  const char* op = r.node().op->name;
  if (given && axes == nullptr) return out;
  if (!given || axes->elements() == 0) {
    out = std::vector<bool>(rank, r.i64("noop_with_empty_axes") == 0);
    return out;
  }
  LITE_ASSIGN(const auto list, normalize_axes(op, axes->to_ints(), static_cast<int64_t>(rank)));
  out = std::vector<bool>(rank);
  for (const int64_t axis : list) (*out)[static_cast<size_t>(axis)] = true;
  return out;
}

Status infer(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  const bool given = a.num_in() > 1 && a.attrs.node().in[1] != kNoValue;
  const bool keep = a.attrs.i64("keepdims", 1) != 0;
  LITE_ASSIGN(const auto axes, reduced_axes(a.attrs, a.value(1), given, x.rank()));
  if (!axes) {
    if (keep) a.out[0] = unknown_dims(x.dtype, x.rank());
    return ok();
  }
  Dims dims;
  for (size_t i = 0; i < x.rank(); ++i) {
    if (!(*axes)[i])
      dims.push_back(x.dims[i]);
    else if (keep)
      dims.push_back(1);
  }
  a.out[0] = Fact(x.dtype, std::move(dims));
  return ok();
}

// Accumulates in double, int64 (through uint64, which wraps) or uint64.
template <class T>
using Sum = std::conditional_t<std::is_floating_point_v<Compute<T>>, double, uint64_t>;

template <class T>
Sum<T> widen(T v) {
  if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
    return static_cast<uint64_t>(static_cast<int64_t>(v));
  else
    return static_cast<Sum<T>>(load(v));
}

// The integer root, rounded down.
inline uint64_t root(uint64_t v) {
  auto r = static_cast<uint64_t>(std::sqrt(static_cast<double>(v)));
  while (r > 0 && r > v / r) --r;
  while ((r + 1) <= v / (r + 1)) ++r;
  return r;
}

// One output element: walks its inputs with `each`, which calls its argument for every one of `n` elements.
template <Kind kind, class T, class Each>
Result<T> reduce_one(const char* op, int64_t n, Each&& each) {
  using C = Compute<T>;
  using S = Sum<T>;
  constexpr bool kFloat = std::is_floating_point_v<C>;
  if constexpr (kind == Kind::kMax || kind == Kind::kMin) {
    constexpr bool kMax = kind == Kind::kMax;
    using L = std::numeric_limits<C>;
    C best = kFloat ? (kMax ? -L::infinity() : L::infinity()) : (kMax ? L::lowest() : L::max());
    each([&](T v) {
      const C c = load(v);
      if constexpr (kFloat) {
        if (c != c || (best == best && (kMax ? c > best : c < best))) best = c;
      } else if (kMax ? c > best : c < best) {
        best = c;
      }
    });
    return store<T>(best);
  } else {
    S sum = kind == Kind::kProd ? S{1} : S{0};
    if constexpr (kind == Kind::kLogSumExp) {
      double top = -std::numeric_limits<double>::infinity();
      each([&](T v) {
        const double d = widen(v);
        if (d > top || d != d) top = d;
      });
      if (!std::isfinite(top)) return store<T>(static_cast<C>(top));
      each([&](T v) { sum += std::exp(widen(v) - top); });
      return store<T>(static_cast<C>(std::log(sum) + top));
    }
    each([&](T v) {
      const S s = widen(v);
      if constexpr (kind == Kind::kProd)
        sum *= s;
      else if constexpr (kind == Kind::kSumSquare || kind == Kind::kL2)
        sum += s * s;
      else if constexpr (kind == Kind::kL1 && kFloat)
        sum += std::abs(s);
      else if constexpr (kind == Kind::kL1 && std::is_signed_v<T>)
        sum += v < 0 ? 0 - s : s;
      else
        sum += s;
    });
    if constexpr (kFloat) {
      if constexpr (kind == Kind::kMean) sum /= static_cast<double>(n);
      if constexpr (kind == Kind::kL2) sum = std::sqrt(sum);
      if constexpr (kind == Kind::kLogSum) sum = std::log(sum);
      return store<T>(static_cast<C>(sum));
    } else {
      if constexpr (kind == Kind::kMean) {
        if (n == 0) return invalid_argument(op, ": the mean of no integers has no value");
        if constexpr (std::is_signed_v<T>) return static_cast<T>(static_cast<int64_t>(sum) / n);
        return static_cast<T>(sum / static_cast<uint64_t>(n));
      }
      if constexpr (kind == Kind::kL2) return static_cast<T>(root(sum));
      return static_cast<T>(sum);
    }
  }
}

template <Kind kind, class T>
Status reduce(const char* op, const Tensor& x, const std::vector<bool>& reduced, Tensor& y) {
  const Dims strides = row_major_strides(x.dims());
  Dims kept, kept_strides, inner, inner_strides;
  int64_t n = 1;
  for (size_t i = 0; i < x.rank(); ++i) {
    (reduced[i] ? inner : kept).push_back(x.dims()[i]);
    (reduced[i] ? inner_strides : kept_strides).push_back(strides[i]);
    if (reduced[i]) n *= x.dims()[i];
  }
  const StridedLoop<1> outer_loop(kept, {kept_strides});
  const StridedLoop<1> inner_loop(inner, {inner_strides});
  T* out = y.mutable_data<T>();
  Status status;
  outer_loop.for_rows([&](const auto& offset, int64_t count, const auto& step) {
    for (int64_t k = 0; k < count && status.is_ok(); ++k) {
      const T* base = x.data<T>() + offset[0] + k * step[0];
      auto one = reduce_one<kind, T>(op, n, [&](auto&& take) {
        inner_loop.for_rows([&](const auto& at, int64_t m, const auto& by) {
          const T* in = base + at[0];
          for (int64_t i = 0; i < m; ++i) take(in[i * by[0]]);
        });
      });
      if (one.is_ok())
        *out++ = one.value();
      else
        status = one.status();
    }
  });
  return status;
}

template <Kind kind>
Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const Dims dims, output_dims(a, infer));
  LITE_ASSIGN(const auto axes, reduced_axes(a.attrs, a.has(1) ? &a.input(1) : nullptr, a.has(1), x.rank()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const auto run = [&]<class T>() { return reduce<kind, T>(op, x, *axes, *y); };
  using enum DType;
  if constexpr (kind == Kind::kLogSum || kind == Kind::kLogSumExp)
    return dispatch<kF32, kF64, kF16, kBF16>(op, x.dtype(), run);
  else if constexpr (kind == Kind::kMax || kind == Kind::kMin)
    return dispatch<kF32, kF64, kF16, kBF16, kI32, kI64, kU32, kU64, kI8, kU8, kBool>(op, x.dtype(), run);
  else
    return dispatch<kF32, kF64, kF16, kBF16, kI32, kI64, kU32, kU64>(op, x.dtype(), run);
}

constexpr TypeSet kTypes = types::kFloat | DType::kI32 | DType::kI64 | DType::kU32 | DType::kU64;
constexpr TypeSet kExtremeTypes = kTypes | DType::kI8 | DType::kU8 | DType::kBool;
constexpr OperandSpec kIn[] = {{"data", kTypes, 'T'}, {"axes", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"reduced", kTypes, 'T'}};
constexpr OperandSpec kFloatIn[] = {{"data", types::kFloat, 'T'},
                                    {"axes", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kFloatOut[] = {{"reduced", types::kFloat, 'T'}};
constexpr OperandSpec kExtremeIn[] = {{"data", kExtremeTypes, 'T'},
                                      {"axes", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kExtremeOut[] = {{"reduced", kExtremeTypes, 'T'}};
constexpr AttrSpec kAttrs[] = {{"keepdims", AttrType::kInt}, {"noop_with_empty_axes", AttrType::kInt}};

template <Kind kind>
constexpr OpDef row(const char* name, int since, std::span<const OperandSpec> in,
                    std::span<const OperandSpec> out) {
  constexpr bool kExtreme = kind == Kind::kMax || kind == Kind::kMin;
  return {.name = name,
          .since = since,
          .inputs = in,
          .outputs = out,
          .attrs = kAttrs,
          .exactness = kExtreme ? Exactness::kBitExact : Exactness::kAccumulating,
          .infer = infer,
          .reference = reference<kind>};
}

constexpr OpDef kOps[] = {
    row<Kind::kSum>("ReduceSum", 13, kIn, kOut),
    row<Kind::kMean>("ReduceMean", 18, kIn, kOut),
    row<Kind::kProd>("ReduceProd", 18, kIn, kOut),
    row<Kind::kSumSquare>("ReduceSumSquare", 18, kIn, kOut),
    row<Kind::kL1>("ReduceL1", 18, kIn, kOut),
    row<Kind::kL2>("ReduceL2", 18, kIn, kOut),
    row<Kind::kLogSum>("ReduceLogSum", 28, kFloatIn, kFloatOut),
    row<Kind::kLogSumExp>("ReduceLogSumExp", 28, kFloatIn, kFloatOut),
    row<Kind::kMax>("ReduceMax", 20, kExtremeIn, kExtremeOut),
    row<Kind::kMin>("ReduceMin", 20, kExtremeIn, kExtremeOut),
};

}  // namespace

extern constinit const OpTable reduce_ops;
constinit const OpTable reduce_ops{kOps};

}  // namespace lite::ops
