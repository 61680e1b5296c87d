#include "capi/convert.h"

#include <array>

namespace lite::capi {
namespace {

struct DTypePair {
  LiteDataType c;
  DType core;
};
constexpr std::array kDTypes = {
    DTypePair{LITE_FLOAT, DType::kF32},
    DTypePair{LITE_HALF, DType::kF16},
    DTypePair{LITE_INT, DType::kI32},
    DTypePair{LITE_INT16, DType::kI16},
    DTypePair{LITE_INT8, DType::kI8},
    DTypePair{LITE_UINT8, DType::kU8},
    DTypePair{LITE_UINT, DType::kU32},
    DTypePair{LITE_UINT16, DType::kU16},
    DTypePair{LITE_INT64, DType::kI64},
    DTypePair{LITE_BOOL, DType::kBool},
    DTypePair{LITE_BFLOAT16, DType::kBF16},
    DTypePair{LITE_DOUBLE, DType::kF64},
    DTypePair{LITE_UINT64, DType::kU64},
    DTypePair{LITE_STRING, DType::kString},
    DTypePair{LITE_INT4, DType::kI4},
    DTypePair{LITE_UINT4, DType::kU4},
    DTypePair{LITE_INT2, DType::kI2},
    DTypePair{LITE_UINT2, DType::kU2},
    DTypePair{LITE_FLOAT8E4M3FN, DType::kF8E4M3FN},
    DTypePair{LITE_FLOAT8E4M3FNUZ, DType::kF8E4M3FNUZ},
    DTypePair{LITE_FLOAT8E5M2, DType::kF8E5M2},
    DTypePair{LITE_FLOAT8E5M2FNUZ, DType::kF8E5M2FNUZ},
    DTypePair{LITE_FLOAT8E8M0, DType::kF8E8M0},
    DTypePair{LITE_FLOAT4E2M1, DType::kF4E2M1},
    DTypePair{LITE_COMPLEX64, DType::kC64},
    DTypePair{LITE_COMPLEX128, DType::kC128},
};
static_assert(kDTypes.size() == kNumDTypes - 1,
              "every element type but kUndefined has a number in the C API");

}  // namespace

std::optional<DType> dtype_from_c(LiteDataType t) noexcept {
  for (const DTypePair& p : kDTypes)
    if (p.c == t) return p.core;
  return std::nullopt;
}

LiteDataType dtype_to_c(DType t) noexcept {
  for (const DTypePair& p : kDTypes)
    if (p.core == t) return p.c;
  return LITE_FLOAT;
}

Result<DType> checked_dtype(LiteDataType t) {
  const auto dtype = dtype_from_c(t);
  if (!dtype) return invalid_argument("element type ", number(t), " is not one of LiteDataType");
  return *dtype;
}

Result<Dims> checked_dims(const char* who, DType dtype, int rank, const int64_t* dims) {
  constexpr int kMaxRank = 64;
  if (rank < 0 || rank > kMaxRank) return invalid_argument(who, "rank is ", rank, ", not 0 to ", kMaxRank);
  if (rank > 0 && dims == nullptr) return invalid_argument(who, "dims is NULL");
  Dims out(std::span<const int64_t>(dims, static_cast<size_t>(rank)));
  for (const int64_t d : out)
    if (d < 0) return invalid_argument(who, "a dimension of ", out, " is negative");
  const auto n = checked_elements(out);
  if (!n || !dtype_bytes(dtype, *n)) return invalid_argument(who, "shape ", out, " has too many elements");
  return out;
}

Result<std::optional<Dims>> checked_layout(const LiteLayout& layout) {
  if (layout.ndim > LITE_LAYOUT_MAX_DIM)
    return invalid_argument("layout.ndim is ", layout.ndim, ", the most is ", LITE_LAYOUT_MAX_DIM);
  LITE_ASSIGN(const DType dtype, checked_dtype(layout.data_type));
  if (layout.ndim == 0) return std::optional<Dims>();
  int64_t dims[LITE_LAYOUT_MAX_DIM];
  for (size_t i = 0; i < layout.ndim; ++i) {
    if (layout.shapes[i] > static_cast<size_t>(INT64_MAX))
      return invalid_argument("layout.shapes[", i, "] is ", layout.shapes[i], ", which is too large");
    dims[i] = static_cast<int64_t>(layout.shapes[i]);
  }
  LITE_ASSIGN(Dims out, checked_dims("layout: ", dtype, static_cast<int>(layout.ndim), dims));
  return std::optional<Dims>(std::move(out));
}

Result<LiteLayout> layout_to_c(DType dtype, const Dims& dims) {
  if (dims.size() > LITE_LAYOUT_MAX_DIM)
    return unsupported("a layout holds ", LITE_LAYOUT_MAX_DIM, " dimensions, the tensor has ", dims.size(),
                       "; use LITE_get_tensor_dims");
  LiteLayout out = LITE_LAYOUT_INIT;
  out.data_type = dtype_to_c(dtype);
  out.ndim = dims.empty() ? 1 : dims.size();
  out.shapes[0] = 1;
  for (size_t i = 0; i < dims.size(); ++i) out.shapes[i] = static_cast<size_t>(dims[i]);
  return out;
}

const char* device_name(LiteDeviceType type) noexcept {
  switch (type) {
    case LITE_CPU:
    case LITE_DEVICE_DEFAULT:
      return "cpu";
    case LITE_CUDA:
      return "cuda";
    case LITE_ATLAS:
      return "atlas";
    case LITE_NPU:
      return "npu";
    case LITE_CAMBRICON:
      return "cambricon";
  }
  return "unknown";
}

Status check_device(LiteDeviceType type) {
  switch (type) {
    case LITE_CPU:
    case LITE_DEVICE_DEFAULT:
      return ok();
    case LITE_CUDA:
      return unsupported("device cuda: this library comes without its CUDA add-on, liblite_cuda.so");
    case LITE_ATLAS:
    case LITE_NPU:
    case LITE_CAMBRICON:
      return unsupported("device ", device_name(type), ": this library runs on the CPU only");
  }
  return invalid_argument("device type ", number(type), " is not one of LiteDeviceType");
}

}  // namespace lite::capi
