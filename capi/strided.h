// Copying between tensors whose elements do not lie next to each other.
#pragma once

#include <cstddef>
#include <span>

#include "core/base/dims.h"
#include "core/base/dtype.h"

namespace lite::capi {

// A region of memory seen through dimensions and strides (in elements, none negative).
struct StridedView {
  std::byte* data;
  const Dims& dims;
  const Dims& strides;
};

bool is_dense(const Dims& dims, const Dims& strides) noexcept;
// Elements from the first to one past the last that the strides reach; nullopt when that does not fit.
std::optional<int64_t> strided_extent(const Dims& dims, const Dims& strides) noexcept;

// Same dims; the regions do not overlap. Types of whole bytes, or both dense.
void copy_strided(DType dtype, const StridedView& dst, const StridedView& src);
// All bits zero; strings become empty.
void zero_strided(DType dtype, const StridedView& dst);

}  // namespace lite::capi
