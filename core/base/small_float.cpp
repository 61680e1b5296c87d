#include "core/base/small_float.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace lite {
namespace {

struct Format {
  int exponent_bits, fraction_bits, bias;
  uint8_t largest;  // code of the largest finite value
  int infinity;     // code, or -1
  int nan;          // code, or -1
  bool signed_zero;
};

const Format& format(DType t) {
  static constexpr Format kE4M3FN{4, 3, 7, 0x7e, -1, 0x7f, true};
  static constexpr Format kE4M3FNUZ{4, 3, 8, 0x7f, -1, 0x80, false};
  static constexpr Format kE5M2{5, 2, 15, 0x7b, 0x7c, 0x7e, true};
  static constexpr Format kE5M2FNUZ{5, 2, 16, 0x7f, -1, 0x80, false};
  static constexpr Format kE2M1{2, 1, 1, 0x7, -1, -1, true};
  switch (t) {
    case DType::kF8E4M3FN:
      return kE4M3FN;
    case DType::kF8E4M3FNUZ:
      return kE4M3FNUZ;
    case DType::kF8E5M2:
      return kE5M2;
    case DType::kF8E5M2FNUZ:
      return kE5M2FNUZ;
    default:
      return kE2M1;
  }
}

// The value of a code without its sign bit, taken as finite.
float magnitude(const Format& f, int code) {
  const int exponent = code >> f.fraction_bits;
  const int fraction = code & ((1 << f.fraction_bits) - 1);
  if (exponent == 0) return std::ldexp(static_cast<float>(fraction), 1 - f.bias - f.fraction_bits);
  return std::ldexp(static_cast<float>(fraction + (1 << f.fraction_bits)),
                    exponent - f.bias - f.fraction_bits);
}

}  // namespace

bool is_small_float(DType t) noexcept {
  return types::kFloat8.has(t) || t == DType::kF4E2M1 || t == DType::kF8E8M0;
}

float small_float_decode(DType t, uint8_t code) noexcept {
  if (t == DType::kF8E8M0)
    return code == 0xff ? std::numeric_limits<float>::quiet_NaN() : std::ldexp(1.0f, code - 127);
  const Format& f = format(t);
  const int sign_bit = 1 << (f.exponent_bits + f.fraction_bits);
  const int abs = code & (sign_bit - 1);
  const bool negative = (code & sign_bit) != 0;
  const bool nan = f.signed_zero ? abs > f.largest && abs != f.infinity : code == f.nan;
  if (nan) return std::numeric_limits<float>::quiet_NaN();
  const float m = abs == f.infinity ? std::numeric_limits<float>::infinity() : magnitude(f, abs);
  return negative ? -m : m;
}

uint8_t small_float_encode(DType t, double value, bool saturate) noexcept {
  if (t == DType::kF8E8M0) return e8m0_encode(static_cast<float>(value), saturate, ScaleRounding::kNearest);
  const Format& f = format(t);
  const int sign_bit = 1 << (f.exponent_bits + f.fraction_bits);
  const int sign = std::signbit(value) ? sign_bit : 0;
  if (std::isnan(value)) {
    if (f.nan < 0) return static_cast<uint8_t>(sign_bit);
    return static_cast<uint8_t>(f.signed_zero ? f.nan | sign : f.nan);
  }
  const double abs = std::abs(value);
  int code = f.largest + 1;
  if (std::isfinite(abs)) {
    // The spacing of the type's numbers around abs; below the smallest normal number it stays the same.
    const int exponent = abs == 0 ? 1 - f.bias : std::max(std::ilogb(abs), 1 - f.bias);
    const double units = std::nearbyint(std::ldexp(abs, f.fraction_bits - exponent));
    // Rounding up to the next power of two carries into the exponent by itself.
    const int biased = exponent + f.bias - 1;
    const double wide = units + std::ldexp(static_cast<double>(biased), f.fraction_bits);
    if (wide <= f.largest) code = static_cast<int>(wide);
  }
  if (code > f.largest) {
    if (saturate || (f.infinity < 0 && f.nan < 0)) {
      code = f.largest;
    } else if (f.infinity >= 0) {
      code = f.infinity;
    } else {
      return static_cast<uint8_t>(f.signed_zero ? f.nan | sign : f.nan);
    }
  }
  if (code == 0 && !f.signed_zero) return 0;
  return static_cast<uint8_t>(code | sign);
}

uint8_t e8m0_encode(float value, bool saturate, ScaleRounding rounding) noexcept {
  if (std::isnan(value)) return 0xff;
  const uint32_t bits = std::bit_cast<uint32_t>(value) & 0x7fffffffu;
  if (bits >= 0x7f800000u) return saturate ? 0xfe : 0xff;
  if (bits < 0x400000u && !saturate) return 0xff;
  uint32_t exponent = bits >> 23;
  const uint32_t fraction = bits & 0x7fffffu;
  bool up = false;
  // Below the smallest normal number lies 2^-127, half of it: fraction 0x400000.
  switch (rounding) {
    case ScaleRounding::kUp:
      up = exponent != 0 ? fraction != 0 : fraction > 0x400000u;
      break;
    case ScaleRounding::kDown:
      break;
    case ScaleRounding::kNearest:
      up = exponent != 0 ? fraction >= 0x400000u : fraction >= 0x600000u;
      break;
  }
  if (up) ++exponent;
  if (exponent >= 0xff) return saturate ? 0xfe : 0xff;
  return static_cast<uint8_t>(exponent);
}

}  // namespace lite
