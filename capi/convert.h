// Between the C API's enumerators and structs and core's.
#pragma once

#include <optional>

#include "capi/guard.h"
#include "core/base/dims.h"
#include "core/base/dtype.h"
#include "core/base/log.h"
#include "lite-c/network_types_c.h"

namespace lite::capi {

std::optional<DType> dtype_from_c(LiteDataType t) noexcept;
LiteDataType dtype_to_c(DType t) noexcept;
// INVALID_ARGUMENT for a number that is no element type.
Result<DType> checked_dtype(LiteDataType t);

// Dimensions that are at least 0 and whose bytes fit; `who` begins the message.
Result<Dims> checked_dims(const char* who, DType dtype, int rank, const int64_t* dims);
// The same from a layout; ndim 0 gives nullopt.
Result<std::optional<Dims>> checked_layout(const LiteLayout& layout);
// UNSUPPORTED for a rank above 7. A scalar reads as {1}.
Result<LiteLayout> layout_to_c(DType dtype, const Dims& dims);

// LITE_OK for the CPU; UNSUPPORTED, naming what is missing, for all else.
Status check_device(LiteDeviceType type);
const char* device_name(LiteDeviceType type) noexcept;

}  // namespace lite::capi
