#include "core/base/float8.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lite {
namespace {

struct Format {
  int mantissa, bias;
  uint8_t sign;     // the sign bit
  uint8_t max;      // the largest number
  int infinity;     // -1: has none
  int nan;          // -1: has none
  bool signed_zero; // false: the pattern of -0 is the one NaN
};

Format format(DType type) noexcept {
  switch (type) {
    case DType::kF8E4M3FN: return {3, 7, 0x80, 0x7e, -1, 0x7f, true};
    case DType::kF8E4M3FNUZ: return {3, 8, 0x80, 0x7f, -1, 0x80, false};
    case DType::kF8E5M2: return {2, 15, 0x80, 0x7b, 0x7c, 0x7e, true};
    case DType::kF8E5M2FNUZ: return {2, 16, 0x80, 0x7f, -1, 0x80, false};
    default: return {1, 1, 0x08, 0x07, -1, -1, true};  // kF4E2M1
  }
}

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

uint8_t to_power_of_two(float value) noexcept {
  if (std::isnan(value) || value < 0) return 0xff;
  if (value == 0) return 0;
  if (std::isinf(value)) return 0xfe;
  int exponent = std::ilogb(value);
  if (std::ldexp(value, -exponent) >= 1.5f) ++exponent;
  return static_cast<uint8_t>(exponent < -127 ? 0 : exponent > 127 ? 0xfe : exponent + 127);
}

}  // namespace

float f8_to_f32(DType type, uint8_t bits) noexcept {
  if (type == DType::kF8E8M0) return bits == 0xff ? kNaN : std::ldexp(1.0f, bits - 127);
  const Format f = format(type);
  const int code = bits & (f.sign - 1);
  const bool negative = (bits & f.sign) != 0;
  if (!f.signed_zero ? bits == f.nan : f.nan >= 0 && code > f.max && code != f.infinity) return kNaN;
  if (code == f.infinity) return negative ? -std::numeric_limits<float>::infinity() : std::numeric_limits<float>::infinity();
  const int exponent = code >> f.mantissa, fraction = code & ((1 << f.mantissa) - 1);
  const float magnitude = exponent == 0
                              ? std::ldexp(static_cast<float>(fraction), 1 - f.bias - f.mantissa)
                              : std::ldexp(static_cast<float>(fraction + (1 << f.mantissa)), exponent - f.bias - f.mantissa);
  return negative ? -magnitude : magnitude;
}

uint8_t f32_to_f8(DType type, float value, bool saturate) noexcept {
  if (type == DType::kF8E8M0) return to_power_of_two(value);
  const Format f = format(type);
  const int sign = std::signbit(value) ? f.sign : 0;
  if (std::isnan(value)) return static_cast<uint8_t>(f.nan < 0 ? f.sign : !f.signed_zero ? f.nan : sign | f.nan);
  int code = f.max + 1;
  const float magnitude = std::fabs(value);
  if (!std::isinf(value)) {
    const int lowest = 1 - f.bias;
    const int exponent = magnitude == 0 ? lowest : std::max(std::ilogb(magnitude), lowest);
    // Count of units in the last place; a carry into the next binade gives the right code by itself.
    const float units = std::nearbyint(std::ldexp(magnitude, f.mantissa - exponent));
    if (exponent - lowest < 64) code = (exponent - lowest) * (1 << f.mantissa) + static_cast<int>(units);
  }
  if (code > f.max) {
    if (saturate || f.nan < 0)
      code = f.max;
    else if (f.infinity >= 0)
      code = f.infinity;
    else
      return static_cast<uint8_t>(!f.signed_zero ? f.nan : sign | f.nan);
  }
  return static_cast<uint8_t>(code == 0 && !f.signed_zero ? 0 : sign | code);
}

}  // namespace lite
