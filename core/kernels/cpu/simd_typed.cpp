// Elementwise operators of other types than float32: integer arithmetic, comparisons, logic, Where, Cast; and
// Gather.
//
// Plain loops that compilers vectorise, but for what they do not. They move more than they calculate.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_typed.cpp"
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/kernels/cpu/simd_broadcast.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#ifndef LITE_SIMD_TYPED
#define LITE_SIMD_TYPED
namespace lite::simd {

// As the reference: towards zero, saturated, NaN to 0.
template <class To, class From>
To to_integer(From v) {
  constexpr From kLow = static_cast<From>(std::numeric_limits<To>::min());
  // Twice half the range: the first number that is out of it.
  constexpr From kHigh = From{2} * static_cast<From>(std::numeric_limits<To>::max() / 2 + 1);
  // kLow and kHigh are whole: numbers are beyond them before they are cut as they are after.
  if (v >= kLow && v < kHigh) return static_cast<To>(v);
  return v != v ? To{0} : v < kLow ? std::numeric_limits<To>::min() : std::numeric_limits<To>::max();
}

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// y[i] = to_integer(x[i]).
void to_int64(const float* x, int64_t* y, int64_t n) {
  int64_t i = 0;
#if HWY_HAVE_FLOAT64
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> df;
  const hn::RebindToSigned<decltype(d)> di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto limit = hn::Set(df, 9223372036854775808.0f);
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(df, x + i);
    if (HWY_UNLIKELY(!hn::AllTrue(df, hn::Lt(hn::Abs(v), limit))))
      for (int64_t k = i; k < i + lanes; ++k) y[k] = to_integer<int64_t>(x[k]);
    else
      hn::StoreU(hn::ConvertTo(di, hn::PromoteTo(d, v)), di, y + i);
  }
#endif
  for (; i < n; ++i) y[i] = to_integer<int64_t>(x[i]);
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kToInt64, to_int64);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// ---- two operands
// ----------------------------------------------------------------------------------------------------

// Integers wrap around: they are added as unsigned numbers.
template <class T>
struct Wrapping {
  using Type = T;
};
template <class T>
requires std::is_integral_v<T>
struct Wrapping<T> {
  using Type = std::make_unsigned_t<T>;
};

struct AddOf {
  template <class T>
  static T f(T a, T b) {
    using W = typename Wrapping<T>::Type;
    return static_cast<T>(static_cast<W>(a) + static_cast<W>(b));
  }
};
struct SubOf {
  template <class T>
  static T f(T a, T b) {
    using W = typename Wrapping<T>::Type;
    return static_cast<T>(static_cast<W>(a) - static_cast<W>(b));
  }
};
struct MulOf {
  template <class T>
  static T f(T a, T b) {
    // In 64 bits: two unsigned 16-bit factors would become a signed product that overflows.
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
    else
      return a * b;
  }
};
struct MinOf {
  template <class T>
  static T f(T a, T b) {
    return a < b || a != a ? a : b;
  }
};
struct MaxOf {
  template <class T>
  static T f(T a, T b) {
    return a > b || a != a ? a : b;
  }
};
struct EqualOf {
  template <class T>
  static bool f(T a, T b) {
    return a == b;
  }
};
struct LessOf {
  template <class T>
  static bool f(T a, T b) {
    return a < b;
  }
};
struct LessOrEqualOf {
  template <class T>
  static bool f(T a, T b) {
    return a <= b;
  }
};
struct GreaterOf {
  template <class T>
  static bool f(T a, T b) {
    return a > b;
  }
};
struct GreaterOrEqualOf {
  template <class T>
  static bool f(T a, T b) {
    return a >= b;
  }
};
struct AndOf {
  static bool f(bool a, bool b) { return a & b; }
};
struct OrOf {
  static bool f(bool a, bool b) { return a | b; }
};
struct XorOf {
  static bool f(bool a, bool b) { return a != b; }
};

// One row: the steps are 0 or 1.
template <class Op, class T>
void binary_row(const void* a_row, const void* b_row, int64_t a_step, int64_t b_step, void* y_row,
                int64_t n) {
  const auto *a = static_cast<const T*>(a_row), *b = static_cast<const T*>(b_row);
  auto* y = static_cast<decltype(Op::f(T{}, T{}))*>(y_row);
  if (a_step != 0 && b_step != 0) {
    LITE_VECTORIZE
    for (int64_t i = 0; i < n; ++i) y[i] = Op::f(a[i], b[i]);
  } else if (a_step != 0) {
    const T v = *b;
    LITE_VECTORIZE
    for (int64_t i = 0; i < n; ++i) y[i] = Op::f(a[i], v);
  } else {
    const T v = *a;
    for (int64_t i = 0; i < n; ++i) y[i] = Op::f(v, b[i * b_step]);
  }
}
using RowFn = void(const void* a, const void* b, int64_t a_step, int64_t b_step, void* y, int64_t n);

template <class Op>
RowFn* row_numeric(DType t) {
  switch (t) {
    case DType::kF32:
      return binary_row<Op, float>;
    case DType::kF64:
      return binary_row<Op, double>;
    case DType::kI8:
      return binary_row<Op, int8_t>;
    case DType::kU8:
      return binary_row<Op, uint8_t>;
    case DType::kI16:
      return binary_row<Op, int16_t>;
    case DType::kU16:
      return binary_row<Op, uint16_t>;
    case DType::kI32:
      return binary_row<Op, int32_t>;
    case DType::kU32:
      return binary_row<Op, uint32_t>;
    case DType::kI64:
      return binary_row<Op, int64_t>;
    case DType::kU64:
      return binary_row<Op, uint64_t>;
    default:
      return nullptr;
  }
}

RowFn* row_of(const NodeQuery& q) {
  const std::string_view name = q.node.op->name;
  const DType t = q.in[0].dtype;
  if (name == "Add") return row_numeric<AddOf>(t);
  if (name == "Sub") return row_numeric<SubOf>(t);
  if (name == "Mul") return row_numeric<MulOf>(t);
  if (name == "Min") return row_numeric<MinOf>(t);
  if (name == "Max") return row_numeric<MaxOf>(t);
  if (name == "Equal") return t == DType::kBool ? binary_row<EqualOf, uint8_t> : row_numeric<EqualOf>(t);
  if (name == "Less") return row_numeric<LessOf>(t);
  if (name == "LessOrEqual") return row_numeric<LessOrEqualOf>(t);
  if (name == "Greater") return row_numeric<GreaterOf>(t);
  if (name == "GreaterOrEqual") return row_numeric<GreaterOrEqualOf>(t);
  if (name == "And") return binary_row<AndOf, bool>;
  if (name == "Or") return binary_row<OrOf, bool>;
  return binary_row<XorOf, bool>;
}

WhyNot rejects_binary(const NodeQuery& q) {
  if (q.in.size() != 2) return "not two operands";
  if (q.in[0].layout != q.out[0].layout && q.in[1].layout != q.out[0].layout)
    return "operands in layouts that do not go together";
  if (row_of(q) == nullptr) return "element type";
  if (!BroadcastPlan::make(present(q.in), q.out[0])) return "operands in layouts that do not go together";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_binary(const NodeQuery& q, PackCache&) {
  const BroadcastPlan plan = *BroadcastPlan::make(present(q.in), q.out[0]);
  RowFn* const fn = row_of(q);
  const auto size = static_cast<int64_t>(dtype_size(q.in[0].dtype)),
             out_size = static_cast<int64_t>(dtype_size(q.out[0].dtype));
  return make_kernel([=](const Launch& l) {
    const auto *a = l.in<unsigned char>(0), *b = l.in<unsigned char>(1);
    auto* y = l.out<unsigned char>(0);
    plan.run(*l.parallel, kGrain, [&](const int64_t* offset, int64_t at, int64_t rows, int64_t n) {
      for (int64_t r = 0; r < rows; ++r)
        fn(a + (offset[0] + r * plan.row_stride[0]) * size, b + (offset[1] + r * plan.row_stride[1]) * size,
           plan.inner[0], plan.inner[1], y + (at + r * plan.n) * out_size, n);
    });
    plan.clear_padding(y, static_cast<size_t>(out_size), *l.parallel);
  });
}

bool in_place(const NodeQuery& q, size_t i) {
  return i < 2 && q.in[i].dtype == q.out[0].dtype && q.in[i].dims == q.out[0].dims &&
         q.in[i].layout == q.out[0].layout;
}

// ---- Where, Not
// ------------------------------------------------------------------------------------------------------

template <class T>
void where_row(const bool* c, const unsigned char* x_row, const unsigned char* y_row, const int64_t* step,
               unsigned char* out_row, int64_t n) {
  const auto* x = reinterpret_cast<const T*>(x_row);
  const auto* y = reinterpret_cast<const T*>(y_row);
  auto* out = reinterpret_cast<T*>(out_row);
  if (step[0] == 0) {
    const bool first = *c;
    const T* from = first ? x : y;
    const int64_t s = first ? step[1] : step[2];
    for (int64_t i = 0; i < n; ++i) out[i] = from[i * s];
  } else if (step[1] != 0 && step[2] != 0) {
    LITE_VECTORIZE
    for (int64_t i = 0; i < n; ++i) {
      const T vx = x[i], vy = y[i];
      out[i] = c[i] ? vx : vy;
    }
  } else if (step[1] != 0) {
    const T vy = *y;
    LITE_VECTORIZE
    for (int64_t i = 0; i < n; ++i) {
      const T vx = x[i];
      out[i] = c[i] ? vx : vy;
    }
  } else {
    const T vx = *x;
    for (int64_t i = 0; i < n; ++i) {
      const T vy = y[i * step[2]];
      out[i] = c[i] ? vx : vy;
    }
  }
}

bool movable(DType t) {
  const size_t bits = dtype_bits(t);
  return t != DType::kString && (bits == 8 || bits == 16 || bits == 32 || bits == 64);
}

WhyNot rejects_where(const NodeQuery& q) {
  if (!movable(q.out[0].dtype)) return "element type";
  if (!BroadcastPlan::make(present(q.in), q.out[0])) return "operands in layouts that do not go together";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_where(const NodeQuery& q, PackCache&) {
  const BroadcastPlan plan = *BroadcastPlan::make(present(q.in), q.out[0]);
  const auto size = static_cast<int64_t>(dtype_size(q.out[0].dtype));
  auto* const fn = size == 1   ? where_row<uint8_t>
                   : size == 2 ? where_row<uint16_t>
                   : size == 4 ? where_row<uint32_t>
                               : where_row<uint64_t>;
  return make_kernel([=](const Launch& l) {
    auto* out = l.out<unsigned char>(0);
    plan.run(*l.parallel, kGrain, [&](const int64_t* offset, int64_t at, int64_t rows, int64_t n) {
      for (int64_t r = 0; r < rows; ++r)
        fn(l.in<bool>(0) + offset[0] + r * plan.row_stride[0],
           l.in<unsigned char>(1) + (offset[1] + r * plan.row_stride[1]) * size,
           l.in<unsigned char>(2) + (offset[2] + r * plan.row_stride[2]) * size, plan.inner.data(),
           out + (at + r * plan.n) * size, n);
    });
    plan.clear_padding(out, static_cast<size_t>(size), *l.parallel);
  });
}
bool where_in_place(const NodeQuery& q, size_t i) {
  return (i == 1 || i == 2) && q.in[i].dims == q.out[0].dims && q.in[i].layout == q.out[0].layout;
}

// Apart from who calls them: bytes that are written might be the pointers otherwise.
void invert(const uint8_t* x, uint8_t* y, int64_t n) {
  LITE_VECTORIZE
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] ^ 1;
}
void find_nan(const float* x, uint8_t* y, int64_t n) {
  LITE_VECTORIZE
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] != x[i] ? 1 : 0;
}

WhyNot rejects_not(const NodeQuery& q) { return all_plain(q) ? nullptr : "not row-major"; }
Result<std::unique_ptr<Kernel>> make_not(const NodeQuery& q, PackCache&) {
  const int64_t count = q.in[0].elements();
  return make_kernel([=](const Launch& l) {
    const auto* x = l.in<uint8_t>(0);
    auto* y = l.out<uint8_t>(0);
    l.parallel->for_range(count, 4 * kGrain,
                          [&](int64_t begin, int64_t end) { invert(x + begin, y + begin, end - begin); });
  });
}
bool not_in_place(const NodeQuery&, size_t i) { return i == 0; }

WhyNot rejects_is_nan(const NodeQuery& q) {
  return q.in[0].dtype != DType::kF32 ? "not float32" : rejects_not(q);
}
Result<std::unique_ptr<Kernel>> make_is_nan(const NodeQuery& q, PackCache&) {
  const int64_t count = q.in[0].elements();
  return make_kernel([=](const Launch& l) {
    const float* x = l.in<float>(0);
    auto* y = l.out<uint8_t>(0);
    l.parallel->for_range(count, kGrain,
                          [&](int64_t begin, int64_t end) { find_nan(x + begin, y + begin, end - begin); });
  });
}

// ---- Cast
// ------------------------------------------------------------------------------------------------------------

// Numbers that all fit are converted without looking at each.
template <class From, class To>
void cut_span(const From* from, To* to, int64_t n) {
  constexpr int64_t kBlock = 64;
  constexpr From kLow = static_cast<From>(std::numeric_limits<To>::min());
  constexpr From kHigh = From{2} * static_cast<From>(std::numeric_limits<To>::max() / 2 + 1);
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    const int64_t count = std::min(kBlock, n - begin);
    const From* const v = from + begin;
    To* const out = to + begin;
    int outside = 0;
    for (int64_t i = 0; i < count; ++i)
      outside |= static_cast<int>(!(v[i] >= kLow)) | static_cast<int>(!(v[i] < kHigh));
    if (outside == 0)
      for (int64_t i = 0; i < count; ++i) out[i] = static_cast<To>(v[i]);
    else
      for (int64_t i = 0; i < count; ++i) out[i] = to_integer<To>(v[i]);
  }
}

template <class From, class To>
void cast_span(const void* x, void* y, int64_t n) {
  const auto* from = static_cast<const From*>(x);
  auto* to = static_cast<To*>(y);
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To> && !std::is_same_v<To, bool>)
    return cut_span(from, to, n);
  for (int64_t i = 0; i < n; ++i) {
    if constexpr (std::is_same_v<To, bool>)
      to[i] = from[i] != From{};
    else
      to[i] = static_cast<To>(from[i]);
  }
}
using SpanFn = void(const void* x, void* y, int64_t n);

template <class From>
SpanFn* cast_from(DType to) {
  switch (to) {
    case DType::kF32:
      return cast_span<From, float>;
    case DType::kF64:
      return cast_span<From, double>;
    case DType::kBool:
      return cast_span<From, bool>;
    case DType::kI8:
      return cast_span<From, int8_t>;
    case DType::kU8:
      return cast_span<From, uint8_t>;
    case DType::kI32:
      return cast_span<From, int32_t>;
    case DType::kI64:
      return cast_span<From, int64_t>;
    default:
      return nullptr;
  }
}
SpanFn* cast_of(DType from, DType to) {
  switch (from) {
    case DType::kF32:
      return cast_from<float>(to);
    case DType::kF64:
      return cast_from<double>(to);
    case DType::kBool:
      return cast_from<bool>(to);
    case DType::kI8:
      return cast_from<int8_t>(to);
    case DType::kU8:
      return cast_from<uint8_t>(to);
    case DType::kI32:
      return cast_from<int32_t>(to);
    case DType::kI64:
      return cast_from<int64_t>(to);
    default:
      return nullptr;
  }
}

WhyNot rejects_cast(const NodeQuery& q) {
  if (q.in[0].layout != q.out[0].layout) return "layouts differ";
  return cast_of(q.in[0].dtype, q.out[0].dtype) != nullptr ? nullptr : "element types";
}
Result<std::unique_ptr<Kernel>> make_cast(const NodeQuery& q, PackCache&) {
  const int64_t count = stored_elements(q.in[0]);
  if (q.in[0].dtype == DType::kF32 && q.out[0].dtype == DType::kI64) {
    auto* const fn = choose(kToInt64, q.options);
    return make_kernel([=](const Launch& l) {
      l.parallel->for_range(count, kGrain, [&](int64_t begin, int64_t end) {
        fn(l.in<float>(0) + begin, l.out<int64_t>(0) + begin, end - begin);
      });
    });
  }
  SpanFn* const fn = cast_of(q.in[0].dtype, q.out[0].dtype);
  const size_t in_size = dtype_size(q.in[0].dtype), out_size = dtype_size(q.out[0].dtype);
  return make_kernel([=](const Launch& l) {
    const auto* x = l.in<unsigned char>(0);
    auto* y = l.out<unsigned char>(0);
    l.parallel->for_range(count, kGrain, [&](int64_t begin, int64_t end) {
      fn(x + static_cast<size_t>(begin) * in_size, y + static_cast<size_t>(begin) * out_size, end - begin);
    });
  });
}

// ---- Gather
// ----------------------------------------------------------------------------------------------------------

WhyNot rejects_gather(const NodeQuery& q) {
  if (q.in[0].dtype == DType::kString || dtype_bits(q.in[0].dtype) % 8 != 0)
    return "strings or elements of less than a byte";
  return all_plain(q) ? nullptr : "not row-major";
}

// Constant data is read where the model file has it, at any address: tables of embeddings are large, and few
// of their rows are read.
class Gather final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<Gather>();
    const Dims& dims = q.in[0].dims;
    LITE_ASSIGN(k->axis_,
                ops::normalize_axis("Gather", q.attrs().i64("axis", 0), static_cast<int64_t>(dims.size())));
    const auto at = static_cast<size_t>(k->axis_);
    const std::span<const int64_t> all(dims);
    k->outer_ = elements(all.first(at));
    k->size_ = dims[at];
    k->n_ = q.in[1].elements();
    k->bytes_ = elements(all.subspan(at + 1)) * static_cast<int64_t>(dtype_size(q.in[0].dtype));
    k->wide_ = q.in[1].dtype == DType::kI64;
    if (q.in[0].constant != nullptr) k->data_ = *q.in[0].constant;
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const auto index = [&](int64_t k) {
      return wide_ ? l.in<int64_t>(1)[k] : static_cast<int64_t>(l.in<int32_t>(1)[k]);
    };
    for (int64_t k = 0; k < n_; ++k)
      if (const int64_t i = index(k); i < -size_ || i >= size_)
        return invalid_argument("Gather: index ", i, " is out of range for dimension ", axis_, " of size ",
                                size_);
    const auto* x = data_.defined() ? static_cast<const unsigned char*>(data_.raw()) : l.in<unsigned char>(0);
    auto* y = l.out<unsigned char>(0);
    l.parallel->for_range(outer_ * n_, rows_grain(bytes_, 2 * kGrain), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t k = index(i % n_);
        const unsigned char* from = x + (i / n_ * size_ + (k < 0 ? k + size_ : k)) * bytes_;
        if (bytes_ == 4)
          memcpy(y + i * 4, from, 4);
        else if (bytes_ == 8)
          memcpy(y + i * 8, from, 8);
        else
          memcpy(y + i * bytes_, from, static_cast<size_t>(bytes_));
      }
    });
    return ok();
  }
  bool reads_input(size_t i) const override { return i != 0 || !data_.defined(); }

 private:
  Tensor data_;  // when it is constant
  int64_t axis_ = 0, outer_ = 0, size_ = 0, n_ = 0, bytes_ = 0;
  bool wide_ = false;
};

constexpr const char* kBinary[] = {"Add",   "Sub",  "Mul",         "Min",     "Max",
                                   "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual",
                                   "And",   "Or",   "Xor"};
constexpr KernelDef kOthers[] = {
    {"where:simd", "Where", rejects_where, make_where, where_in_place},
    {"is_nan:simd", "IsNaN", rejects_is_nan, make_is_nan},
    {"not:simd", "Not", rejects_not, make_not, not_in_place},
    {"cast:simd", "Cast", rejects_cast, make_cast},
    {"gather:simd", "Gather", rejects_gather, Gather::make},
};
constexpr auto make_table() {
  std::array<KernelDef, std::size(kBinary) + std::size(kOthers)> table{};
  for (size_t i = 0; i < std::size(kBinary); ++i)
    table[i] = KernelDef{"typed:simd", kBinary[i], rejects_binary, make_binary, in_place};
  for (size_t i = 0; i < std::size(kOthers); ++i) table[std::size(kBinary) + i] = kOthers[i];
  return table;
}
constexpr auto kKernels = make_table();

}  // namespace

extern constinit const KernelTable simd_typed;
constinit const KernelTable simd_typed{kKernels};

}  // namespace lite::kernels
#endif
