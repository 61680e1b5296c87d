// Cast, CastLike and BitCast.
//
//   Cast      in input; attr to int, an element type; out the same shape in that type
//   CastLike  in input, target_type: to the element type of the second input
//             attr saturate int, default 1: to the 8-bit floats, what is too large becomes the largest finite
//             value (else infinity or NaN); attr round_mode "up", "down" or "nearest": to float8e8m0
//   BitCast   in input; attr to int: the same bits as a type of the same width
//
// Float to integer truncates, and what does not fit becomes the nearest that does (NaN 0). Integer to integer
// drops high bits, and so does float to integers of 4 and 2 bits. Anything but zero is true. Float to float
// rounds once, to nearest even. Numbers become text in the shortest form that reads back the same; text
// becomes numbers as "3.14", "1e-5", "INF", "NaN" in any case, and anything else is an error.

#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/small_float.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

template <class To, class From>
To convert(From v) {
  const auto c = load(v);
  using C = std::remove_cv_t<decltype(c)>;
  if constexpr (std::is_same_v<To, bool>) {
    return c != C{0};
  } else if constexpr (std::is_same_v<To, Half> || std::is_same_v<To, BFloat16>) {
    return To(static_cast<float>(c));
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<C>) {
    if (std::isnan(c)) return 0;
    // The limits as powers of two are exact in any float type; the upper one is just out of range.
    const C lo = static_cast<C>(std::numeric_limits<To>::min());
    const C hi = std::ldexp(C{1}, std::numeric_limits<To>::digits);
    const C t = std::trunc(c);
    return t < lo    ? std::numeric_limits<To>::min()
           : t >= hi ? std::numeric_limits<To>::max()
                     : static_cast<To>(t);
  } else {
    return static_cast<To>(c);
  }
}

// double has more digits than float has room for: rounding through float could round twice.
template <class To>
To narrow_double(double v) {
  float f = static_cast<float>(v);
  const double back = static_cast<double>(f);
  if (back != v && std::isfinite(f) && std::abs(f) > 0x1p-140f) {
    // Round to odd: an inexact result keeps a sign of it in the last bit, so the second rounding is right.
    if ((std::bit_cast<uint32_t>(f) & 1u) == 0)
      f = std::nextafter(
          f, v > back ? std::numeric_limits<float>::infinity() : -std::numeric_limits<float>::infinity());
  }
  return To(f);
}
template <>
Half convert<Half, double>(double v) {
  return narrow_double<Half>(v);
}
template <>
BFloat16 convert<BFloat16, double>(double v) {
  return narrow_double<BFloat16>(v);
}

template <class F>
Status dispatch_native(DType t, F&& f) {
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64, kBool>(
      "Cast", t, std::forward<F>(f));
}
constexpr TypeSet kNative = types::kNumeric | types::kBool;

Status cast_native(const Tensor& x, Tensor& y) {
  return dispatch_native(x.dtype(), [&]<class From>() {
    return dispatch_native(y.dtype(), [&]<class To>() -> Status {
      const From* in = x.data<From>();
      To* out = y.mutable_data<To>();
      for (int64_t i = 0; i < x.elements(); ++i) out[i] = convert<To>(in[i]);
      return ok();
    });
  });
}

// ---- text

bool same_letters(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char c, char l) {
           return (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) == l;
         });
}

Result<double> parse_number(std::string_view text) {
  std::string_view s = text;
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  const bool negative = !s.empty() && s.front() == '-';
  if (!s.empty() && (s.front() == '+' || s.front() == '-')) s.remove_prefix(1);
  const double sign = negative ? -1 : 1;
  if (same_letters(s, "inf") || same_letters(s, "infinity"))
    return sign * std::numeric_limits<double>::infinity();
  if (same_letters(s, "nan")) return std::numeric_limits<double>::quiet_NaN();
  double v = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), v);
  if (error == std::errc::result_out_of_range && end == s.data() + s.size()) {
    // Too large or too small: the exponent's sign tells which.
    const size_t e = s.find_first_of("eE");
    return e != std::string_view::npos && e + 1 < s.size() && s[e + 1] == '-'
               ? sign * 0.0
               : sign * std::numeric_limits<double>::infinity();
  }
  if (error != std::errc() || end != s.data() + s.size() || s.empty() || s.front() == '-')
    return invalid_argument("Cast: \"", std::string(text.substr(0, 64)), "\" is not a number");
  return sign * v;
}

Status cast_from_text(const Tensor& x, Tensor& y) {
  return dispatch_native(y.dtype(), [&]<class To>() -> Status {
    To* out = y.mutable_data<To>();
    for (int64_t i = 0; i < x.elements(); ++i) {
      const std::string& s = x.data<std::string>()[i];
      if constexpr (std::is_integral_v<To> && sizeof(To) == 8) {
        // Beyond 2^53 a double would not do.
        To v = 0;
        const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), v);
        if (error == std::errc() && end == s.data() + s.size()) {
          out[i] = v;
          continue;
        }
      }
      LITE_ASSIGN(const double v, parse_number(s));
      out[i] = convert<To>(v);
    }
    return ok();
  });
}

template <class T>
std::string number_text(T v) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(v)) return "NaN";
    if (std::isinf(v)) return v > 0 ? "INF" : "-INF";
  }
  char buffer[64];
  const auto r = std::to_chars(buffer, buffer + sizeof buffer, v);
  return {buffer, r.ptr};
}

std::string element_text(const Tensor& x, int64_t i) {
  switch (x.dtype()) {
    case DType::kF64:
      return number_text(x.float_at(i));
    case DType::kU64:
      return number_text(x.data<uint64_t>()[i]);
    case DType::kBool:
      return number_text(x.int_at(i));
    default:
      return is_int(x.dtype()) ? number_text(x.int_at(i)) : number_text(static_cast<float>(x.float_at(i)));
  }
}

// ---- the types that have no C++ type

struct CastOptions {
  bool saturate = true;
  ScaleRounding rounding = ScaleRounding::kUp;
  static Result<CastOptions> read(const AttrReader& r) {
    const std::string_view mode = r.str("round_mode", "up");
    if (mode != "up" && mode != "down" && mode != "nearest")
      return invalid_model("Cast: round_mode is '", mode, "', wanted 'up', 'down' or 'nearest'");
    return CastOptions{r.i64("saturate", 1) != 0, mode == "up"     ? ScaleRounding::kUp
                                                  : mode == "down" ? ScaleRounding::kDown
                                                                   : ScaleRounding::kNearest};
  }
};

uint8_t code_of(const Tensor& x, int64_t i, DType to, const CastOptions& options) {
  if (is_int(to)) {  // 4 and 2 bits
    if (is_float(x.dtype())) return static_cast<uint8_t>(convert<int64_t>(x.float_at(i)));
    return static_cast<uint8_t>(x.int_at(i));
  }
  const double v = x.float_at(i);
  if (to == DType::kF8E8M0) return e8m0_encode(static_cast<float>(v), options.saturate, options.rounding);
  return small_float_encode(to, v, options.saturate);
}

Status cast_to_codes(const Tensor& x, Tensor& y, const CastOptions& options) {
  const bool packed = is_packed(y.dtype());
  Tensor codes = y;
  if (packed) {
    LITE_ASSIGN(codes, Tensor::allocate(DType::kU8, y.dims()));
  }
  auto* out = static_cast<uint8_t*>(codes.mutable_raw());
  for (int64_t i = 0; i < x.elements(); ++i) out[i] = code_of(x, i, y.dtype(), options);
  if (packed) pack_codes(codes, y);
  return ok();
}

// What has no C++ type is widened to double or int64 first.
Result<Tensor> widened(const Tensor& x) {
  if (kNative.has(x.dtype()) || x.dtype() == DType::kString) return x;
  const bool integer = is_int(x.dtype());
  LITE_ASSIGN(Tensor t, Tensor::allocate(integer ? DType::kI64 : DType::kF64, x.dims()));
  for (int64_t i = 0; i < x.elements(); ++i) {
    if (integer)
      t.mutable_data<int64_t>()[i] = x.int_at(i);
    else
      t.mutable_data<double>()[i] = x.float_at(i);
  }
  return t;
}

Status cast_to(const EvalArgs& a, DType to) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const CastOptions options, CastOptions::read(a.attrs));
  if (x.dtype() == to) return pass_through(a, 0, x, x.dims());
  LITE_ASSIGN(Tensor* const y, a.output(0, to, x.dims()));
  if (to == DType::kString) {
    for (int64_t i = 0; i < x.elements(); ++i) y->mutable_data<std::string>()[i] = element_text(x, i);
    return ok();
  }
  LITE_ASSIGN(Tensor from, widened(x));
  if (kNative.has(to))
    return from.dtype() == DType::kString ? cast_from_text(from, *y) : cast_native(from, *y);
  if (from.dtype() == DType::kString) {
    LITE_ASSIGN(Tensor numbers, Tensor::allocate(DType::kF64, x.dims()));
    LITE_TRY(cast_from_text(from, numbers));
    from = numbers;
  }
  return cast_to_codes(from, *y, options);
}

constexpr TypeSet kCastTypes = types::kAll - types::kComplex;

Result<DType> target(const char* op, int64_t to, TypeSet allowed) {
  if (to <= 0 || to >= kNumDTypes || !allowed.has(static_cast<DType>(to)))
    return unsupported(op, ": to = ", to, " is no element type that it can make");
  return static_cast<DType>(to);
}

Status infer_cast(const InferArgs& a) {
  LITE_TRY(CastOptions::read(a.attrs).status());
  a.out[0] = a.in[0];
  LITE_ASSIGN(a.out[0].dtype, target("Cast", a.attrs.i64("to"), kCastTypes));
  return ok();
}

Status cast(const EvalArgs& a) { return cast_to(a, static_cast<DType>(a.attrs.i64("to"))); }

Status infer_like(const InferArgs& a) {
  LITE_TRY(CastOptions::read(a.attrs).status());
  a.out[0] = a.in[0];
  a.out[0].dtype = a.in[1].dtype;
  return ok();
}

Status cast_like(const EvalArgs& a) { return cast_to(a, a.input(1).dtype()); }

constexpr TypeSet kBitTypes = types::kAll - types::kString;

Status infer_bits(const InferArgs& a) {
  a.out[0] = a.in[0];
  LITE_ASSIGN(a.out[0].dtype, target("BitCast", a.attrs.i64("to"), kBitTypes));
  const DType from = a.in[0].dtype, to = a.out[0].dtype;
  if (from != DType::kUndefined && dtype_bits(from) != dtype_bits(to))
    return invalid_model("BitCast: ", dtype_name(from), " has ", dtype_bits(from), " bits, ", dtype_name(to),
                         " has ", dtype_bits(to));
  return ok();
}

Status bit_cast(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  return pass_through(a, 0, Tensor::view(static_cast<DType>(a.attrs.i64("to")), x.dims(), x.raw(), x.owner()),
                      x.dims());
}

constexpr OperandSpec kIn[] = {{"input", kCastTypes}};
constexpr OperandSpec kLikeIn[] = {{"input", kCastTypes}, {"target_type", kCastTypes, 'T'}};
constexpr OperandSpec kOut[] = {{"output", kCastTypes, 'T'}};
constexpr OperandSpec kBitsIn[] = {{"input", kBitTypes}};
constexpr OperandSpec kBitsOut[] = {{"output", kBitTypes}};
constexpr AttrSpec kCastAttrs[] = {
    {"round_mode", AttrType::kString}, {"saturate", AttrType::kInt}, {"to", AttrType::kInt, true}};
constexpr AttrSpec kLikeAttrs[] = {{"round_mode", AttrType::kString}, {"saturate", AttrType::kInt}};
constexpr AttrSpec kBitsAttrs[] = {{"to", AttrType::kInt, true}};

constexpr OpDef kOps[] = {
    {.name = "Cast",
     .since = 28,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kCastAttrs,
     .traits = kElementwise,
     .infer = infer_cast,
     .reference = cast},
    {.name = "CastLike",
     .since = 25,
     .inputs = kLikeIn,
     .outputs = kOut,
     .attrs = kLikeAttrs,
     .traits = kElementwise,
     .infer = infer_like,
     .reference = cast_like},
    {.name = "BitCast",
     .since = 26,
     .inputs = kBitsIn,
     .outputs = kBitsOut,
     .attrs = kBitsAttrs,
     .traits = kElementwise,
     .infer = infer_bits,
     .reference = bit_cast},
};

}  // namespace

extern constinit const OpTable cast_ops;
constinit const OpTable cast_ops{kOps};

}  // namespace lite::ops
