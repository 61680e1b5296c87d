// Floating types of 8 and 4 bits, and the 8-bit power of two that scales them.
#pragma once

#include <cstdint>

#include "core/base/dtype.h"

namespace lite {

// `type` is one of types::kFloat8, kF4E2M1 (in the low four bits) or kF8E8M0.
float f8_to_f32(DType type, uint8_t bits) noexcept;

// Rounds to nearest even. What is too large, infinity included, becomes the largest number; when `saturate` is false it
// becomes infinity where the type has one and NaN where not. NaN where there is none becomes -0 (kF4E2M1).
// For kF8E8M0 the result is the nearest power of two, halves up; 0 and less become the smallest or NaN.
uint8_t f32_to_f8(DType type, float value, bool saturate = true) noexcept;

}  // namespace lite
