// Element types. The numbers are those of ONNX's TensorProto.DataType, so importers need no table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lite {

enum class DType : uint8_t {
  kUndefined = 0,
  kF32 = 1,
  kU8 = 2,
  kI8 = 3,
  kU16 = 4,
  kI16 = 5,
  kI32 = 6,
  kI64 = 7,
  kString = 8,
  kBool = 9,
  kF16 = 10,
  kF64 = 11,
  kU32 = 12,
  kU64 = 13,
  kC64 = 14,
  kC128 = 15,
  kBF16 = 16,
  kF8E4M3FN = 17,
  kF8E4M3FNUZ = 18,
  kF8E5M2 = 19,
  kF8E5M2FNUZ = 20,
  kU4 = 21,
  kI4 = 22,
  kF4E2M1 = 23,
  kF8E8M0 = 24,
  kU2 = 25,
  kI2 = 26,
};
inline constexpr int kNumDTypes = 27;

// Bits of one element; 0 for kUndefined. Strings count as sizeof(std::string), how tensors hold them.
size_t dtype_bits(DType t) noexcept;
// Bytes of one element; precondition: dtype_bits(t) is a multiple of 8.
inline size_t dtype_size(DType t) noexcept { return dtype_bits(t) / 8; }
// Bytes of n elements, sub-byte types packed, the first element in the lowest bits. nullopt on overflow.
std::optional<size_t> dtype_bytes(DType t, int64_t n) noexcept;

// "float32", "int4", ... as ONNX's documents write them.
const char* dtype_name(DType t) noexcept;
std::optional<DType> dtype_from_name(std::string_view name) noexcept;

bool is_float(DType t) noexcept;  // any floating type, 4-bit ones included; not complex
bool is_signed_int(DType t) noexcept;
bool is_unsigned_int(DType t) noexcept;
inline bool is_int(DType t) noexcept { return is_signed_int(t) || is_unsigned_int(t); }

// A set of element types.
class TypeSet {
 public:
  constexpr TypeSet() = default;
  constexpr TypeSet(DType t) : bits_(uint32_t{1} << static_cast<int>(t)) {}
  constexpr TypeSet operator|(TypeSet o) const { return TypeSet(bits_ | o.bits_); }
  constexpr TypeSet operator-(TypeSet o) const { return TypeSet(bits_ & ~o.bits_); }
  constexpr bool has(DType t) const { return (bits_ >> static_cast<int>(t) & 1) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  constexpr explicit TypeSet(uint32_t bits) : bits_(bits) {}
  uint32_t bits_ = 0;
};
constexpr TypeSet operator|(DType a, DType b) { return TypeSet(a) | TypeSet(b); }

namespace types {
inline constexpr TypeSet kFloat16To64 = DType::kF16 | DType::kF32 | DType::kF64;
inline constexpr TypeSet kFloat = kFloat16To64 | DType::kBF16;
inline constexpr TypeSet kFloat8 =
    DType::kF8E4M3FN | DType::kF8E4M3FNUZ | DType::kF8E5M2 | DType::kF8E5M2FNUZ;
inline constexpr TypeSet kSigned = DType::kI8 | DType::kI16 | DType::kI32 | DType::kI64;
inline constexpr TypeSet kUnsigned = DType::kU8 | DType::kU16 | DType::kU32 | DType::kU64;
inline constexpr TypeSet kInt = kSigned | kUnsigned;
inline constexpr TypeSet kNumeric = kInt | kFloat;
inline constexpr TypeSet kComplex = DType::kC64 | DType::kC128;
inline constexpr TypeSet kSubByte = DType::kU4 | DType::kI4 | DType::kF4E2M1 | DType::kU2 | DType::kI2;
inline constexpr TypeSet kBool = DType::kBool;
inline constexpr TypeSet kString = DType::kString;
inline constexpr TypeSet kIndex = DType::kI32 | DType::kI64;
inline constexpr TypeSet kAll = kNumeric | kComplex | kFloat8 | kSubByte | DType::kF8E8M0 | kBool | kString;
}  // namespace types

}  // namespace lite
