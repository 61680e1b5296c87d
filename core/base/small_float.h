// Floating types of 8 bits and fewer, as codes in a byte. All follow one pattern: sign, exponent, fraction.
#pragma once

#include <cstdint>

#include "core/base/dtype.h"

namespace lite {

// float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float4e2m1 and float8e8m0.
bool is_small_float(DType t) noexcept;

// Precondition for both: is_small_float(t). Codes use the low bits of the byte.
float small_float_decode(DType t, uint8_t code) noexcept;
// Rounds to nearest, ties to even. What is too large, infinities included, becomes the largest finite value
// when `saturate`, else infinity where the type has one, else NaN. float4e2m1 has neither and always
// saturates; NaN becomes its -0. float8e8m0 holds powers of two and is rounded here as kNearest, see below.
uint8_t small_float_encode(DType t, double value, bool saturate) noexcept;

// How a value between two powers of two becomes a float8e8m0; the sign is dropped. What is below the smallest
// power or above the largest becomes that one when `saturate`, else NaN.
enum class ScaleRounding : uint8_t { kUp, kDown, kNearest };
uint8_t e8m0_encode(float value, bool saturate, ScaleRounding rounding) noexcept;

}  // namespace lite
