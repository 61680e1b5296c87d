#include "core/base/dtype.h"

#include <limits>
#include <string>

namespace lite {
namespace {

struct Row {
  const char* name;
  size_t bits;
};
constexpr Row kRows[kNumDTypes] = {
    {"undefined", 0},      {"float32", 32},   {"uint8", 8},
    {"int8", 8},           {"uint16", 16},    {"int16", 16},
    {"int32", 32},         {"int64", 64},     {"string", 8 * sizeof(std::string)},
    {"bool", 8},           {"float16", 16},   {"float64", 64},
    {"uint32", 32},        {"uint64", 64},    {"complex64", 64},
    {"complex128", 128},   {"bfloat16", 16},  {"float8e4m3fn", 8},
    {"float8e4m3fnuz", 8}, {"float8e5m2", 8}, {"float8e5m2fnuz", 8},
    {"uint4", 4},          {"int4", 4},       {"float4e2m1", 4},
    {"float8e8m0", 8},     {"uint2", 2},      {"int2", 2},
};

const Row& row(DType t) noexcept {
  const auto i = static_cast<size_t>(t);
  return kRows[i < kNumDTypes ? i : 0];
}

}  // namespace

size_t dtype_bits(DType t) noexcept { return row(t).bits; }

std::optional<size_t> dtype_bytes(DType t, int64_t n) noexcept {
  if (n < 0) return std::nullopt;
  const size_t bits = dtype_bits(t);
  const auto count = static_cast<size_t>(n);
  if (bits != 0 && count > (std::numeric_limits<size_t>::max() / 2 - 7) / bits) return std::nullopt;
  return (count * bits + 7) / 8;
}

const char* dtype_name(DType t) noexcept { return row(t).name; }

std::optional<DType> dtype_from_name(std::string_view name) noexcept {
  for (int i = 1; i < kNumDTypes; ++i)
    if (name == kRows[i].name) return static_cast<DType>(i);
  return std::nullopt;
}

bool is_float(DType t) noexcept {
  return (types::kFloat | types::kFloat8 | DType::kF4E2M1 | DType::kF8E8M0).has(t);
}
bool is_signed_int(DType t) noexcept { return (types::kSigned | DType::kI4 | DType::kI2).has(t); }
bool is_unsigned_int(DType t) noexcept { return (types::kUnsigned | DType::kU4 | DType::kU2).has(t); }

}  // namespace lite
