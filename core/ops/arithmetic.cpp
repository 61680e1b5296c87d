// Arithmetic of two broadcast inputs.
//
//   in  A, B  numeric, shapes that broadcast together (NumPy's rules)
//   out C     their type (Pow: that of the base X), the broadcast shape
//
// Integers wrap. Integer division truncates; dividing by zero, or taking Mod by it, is an error; the most
// negative number divided by -1 is itself.
//
//   Mod  attr fmod int, default 0. 0: the result has the sign of B (A - floor(A / B) B); 1: that of A, as C's
//   fmod. Pow  Y of any numeric type. A float base is raised in double and rounded once. An integer base to a
//   negative power
//        is 1, -1 or 0 as truncation gives it (0 to a negative power is 0); to a float power it is raised in
//        double, truncated and kept within the type's limits.

#include <cmath>
#include <limits>

#include "core/ops/binary.h"

namespace lite::ops {

Status infer_binary(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], broadcast(a.in.first(2)));
  return ok();
}

Status infer_binary_bool(const InferArgs& a) {
  LITE_TRY(infer_binary(a));
  a.out[0].dtype = DType::kBool;
  return ok();
}

namespace {

struct Add {
  template <class W>
  static W f(W a, W b) {
    return a + b;
  }
};
struct Sub {
  template <class W>
  static W f(W a, W b) {
    return a - b;
  }
};
struct Mul {
  template <class W>
  static W f(W a, W b) {
    return a * b;
  }
};

template <class Op, class C>
C exact(C a, C b) {
  if constexpr (std::is_integral_v<C>)
    return wrapping(a, b, [](auto x, auto y) { return Op::f(x, y); });
  else
    return Op::f(a, b);
}

template <class Op>
Status simple(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, a.input(0).dtype()));
  return dispatch_numeric(a.attrs.node().op->name, a.input(0).dtype(), [&]<class T>() -> Status {
    map_pairs<T>(a.input(0), a.input(1), *y, exact<Op, Compute<T>>);
    return ok();
  });
}

template <class C>
C divide(C a, C b) {
  if constexpr (std::is_integral_v<C> && std::is_signed_v<C>)
    if (b == -1) return wrapping(C{0}, a, [](auto x, auto y) { return x - y; });
  return static_cast<C>(a / b);
}

// The sign of the divisor.
template <class C>
C floor_mod(C a, C b) {
  if constexpr (std::is_integral_v<C>) {
    if constexpr (std::is_signed_v<C>)
      if (b == -1) return 0;
    const C r = static_cast<C>(a % b);
    return static_cast<C>(r != 0 && (r < 0) != (b < 0) ? r + b : r);
  } else {
    const C r = std::fmod(a, b);
    if (r == 0) return std::copysign(C{0}, b);
    return (r < 0) != (b < 0) ? r + b : r;
  }
}

// The sign of the dividend.
template <class C>
C trunc_mod(C a, C b) {
  if constexpr (std::is_integral_v<C>) {
    if constexpr (std::is_signed_v<C>)
      if (b == -1) return 0;
    return static_cast<C>(a % b);
  } else {
    return std::fmod(a, b);
  }
}

template <class T>
Status check_divisors(const char* op, const Tensor& b, const Tensor& y) {
  if constexpr (std::is_integral_v<T>) {
    if (y.elements() == 0) return ok();
    for (int64_t i = 0; i < b.elements(); ++i)
      if (b.data<T>()[i] == 0) return invalid_argument(op, ": division by zero, element ", i, " of B");
  }
  return ok();
}

Status div(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, a.input(0).dtype()));
  return dispatch_numeric("Div", a.input(0).dtype(), [&]<class T>() -> Status {
    LITE_TRY(check_divisors<T>("Div", a.input(1), *y));
    map_pairs<T>(a.input(0), a.input(1), *y, divide<Compute<T>>);
    return ok();
  });
}

Status infer_mod(const InferArgs& a) {
  const int64_t fmod = a.attrs.i64("fmod");
  if (fmod != 0 && fmod != 1) return invalid_model("Mod: fmod is ", fmod, ", wanted 0 or 1");
  return infer_binary(a);
}

Status mod(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, a.input(0).dtype()));
  return dispatch_numeric("Mod", a.input(0).dtype(), [&]<class T>() -> Status {
    LITE_TRY(check_divisors<T>("Mod", a.input(1), *y));
    map_pairs<T>(a.input(0), a.input(1), *y,
                 a.attrs.i64("fmod") != 0 ? trunc_mod<Compute<T>> : floor_mod<Compute<T>>);
    return ok();
  });
}

template <class T>
T integer_power(T base, int64_t exponent) {
  if (exponent < 0) {
    if (base == 1) return 1;
    if constexpr (std::is_signed_v<T>)
      if (base == -1) return exponent % 2 != 0 ? T{-1} : T{1};
    return 0;
  }
  using U = std::make_unsigned_t<T>;
  U result = 1, square = static_cast<U>(base);
  for (auto e = static_cast<uint64_t>(exponent); e != 0; e >>= 1) {
    if (e & 1) result *= square;
    square *= square;
  }
  return static_cast<T>(result);
}

template <class T>
T power(T x, int64_t exponent) {
  if constexpr (std::is_integral_v<T>)
    return integer_power(x, exponent);
  else
    return T(static_cast<Compute<T>>(std::pow(static_cast<double>(load(x)), static_cast<double>(exponent))));
}
template <class T>
T power(T x, double exponent) {
  const double r = std::pow(static_cast<double>(load(x)), exponent);
  if constexpr (std::is_integral_v<T>) {
    if (std::isnan(r)) return 0;
    if (r <= static_cast<double>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
    if (r >= static_cast<double>(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
  }
  return T(static_cast<Compute<T>>(r));
}

// Exponents of any type are brought to int64 or double first.
template <class E>
Status pow_with(const EvalArgs& a, Tensor& z, const std::vector<E>& exponents) {
  const Tensor& x = a.input(0);
  const StridedLoop<3> loop(z.dims(), {row_major_strides(z.dims()), broadcast_strides(x.dims(), z.dims()),
                                       broadcast_strides(a.input(1).dims(), z.dims())});
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI32, kI64>("Pow", x.dtype(), [&]<class T>() -> Status {
    loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
      T* out = z.mutable_data<T>() + offset[0];
      const T* in = x.data<T>() + offset[1];
      const E* e = exponents.data() + offset[2];
      for (int64_t i = 0; i < n; ++i) out[i] = power(in[i * step[1]], e[i * step[2]]);
    });
    return ok();
  });
}

Status pow(const EvalArgs& a) {
  const Tensor& y = a.input(1);
  LITE_ASSIGN(Tensor* const z, broadcast_output(a, a.input(0).dtype()));
  const auto n = static_cast<size_t>(y.elements());
  if (is_int(y.dtype()) && y.dtype() != DType::kU64) {
    std::vector<int64_t> exponents(n);
    for (size_t i = 0; i < n; ++i) exponents[i] = y.int_at(static_cast<int64_t>(i));
    return pow_with(a, *z, exponents);
  }
  std::vector<double> exponents(n);
  for (size_t i = 0; i < n; ++i) exponents[i] = y.float_at(static_cast<int64_t>(i));
  return pow_with(a, *z, exponents);
}

constexpr OperandSpec kIn[] = {{"A", types::kNumeric, 'T'}, {"B", types::kNumeric, 'T'}};
constexpr OperandSpec kOut[] = {{"C", types::kNumeric, 'T'}};
constexpr TypeSet kBase = types::kFloat | DType::kI32 | DType::kI64;
constexpr OperandSpec kPowIn[] = {{"X", kBase, 'T'}, {"Y", types::kNumeric}};
constexpr OperandSpec kPowOut[] = {{"Z", kBase, 'T'}};
constexpr AttrSpec kModAttrs[] = {{"fmod", AttrType::kInt}};

constexpr OpDef row(const char* name, int since, Status (*reference)(const EvalArgs&)) {
  return {.name = name,
          .since = since,
          .inputs = kIn,
          .outputs = kOut,
          .traits = kElementwise | kMayAliasInput0,
          .infer = infer_binary,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    row("Add", 14, simple<Add>),
    row("Sub", 14, simple<Sub>),
    row("Mul", 14, simple<Mul>),
    row("Div", 14, div),
    {.name = "Mod",
     .since = 28,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kModAttrs,
     .traits = kElementwise | kMayAliasInput0,
     .infer = infer_mod,
     .reference = mod},
    {.name = "Pow",
     .since = 15,
     .inputs = kPowIn,
     .outputs = kPowOut,
     .traits = kElementwise | kMayAliasInput0,
     .exactness = Exactness::kUlps,
     .infer = infer_binary,
     .reference = pow},
};

}  // namespace

extern constinit const OpTable arithmetic;
constinit const OpTable arithmetic{kOps};

}  // namespace lite::ops
