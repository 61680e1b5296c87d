#include "capi/strided.h"

#include <cstring>
#include <string>

namespace lite::capi {
namespace {

// Calls fn(dst offset, src offset, elements) for runs of the innermost axes that are dense in both, in order.
template <class F>
void for_each_run(const Dims& dims, const Dims& a, const Dims& b, F fn) {
  for (const int64_t d : dims)
    if (d == 0) return;
  size_t outer = dims.size();
  int64_t run = 1;
  while (outer > 0 && (dims[outer - 1] == 1 || (a[outer - 1] == run && b[outer - 1] == run)))
    run *= dims[--outer];
  Dims index(outer);
  int64_t at_a = 0, at_b = 0;
  for (;;) {
    fn(at_a, at_b, run);
    size_t axis = outer;
    for (;;) {
      if (axis == 0) return;
      --axis;
      at_a += a[axis];
      at_b += b[axis];
      if (++index[axis] < dims[axis]) break;
      at_a -= a[axis] * dims[axis];
      at_b -= b[axis] * dims[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace

bool is_dense(const Dims& dims, const Dims& strides) noexcept {
  int64_t step = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    if (dims[i] == 0) return true;
    if (dims[i] != 1 && strides[i] != step) return false;
    step *= dims[i];
  }
  return true;
}

std::optional<int64_t> strided_extent(const Dims& dims, const Dims& strides) noexcept {
  int64_t last = 0;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0) return 0;
    const auto reach = checked_mul(dims[i] - 1, strides[i]);
    if (!reach) return std::nullopt;
    const auto sum = checked_add(last, *reach);
    if (!sum) return std::nullopt;
    last = *sum;
  }
  return checked_add(last, 1);
}

void copy_strided(DType dtype, const StridedView& dst, const StridedView& src) {
  if (is_dense(dst.dims, dst.strides) && is_dense(src.dims, src.strides) && dtype != DType::kString) {
    const size_t bytes = *dtype_bytes(dtype, elements(dst.dims));
    if (bytes != 0) std::memcpy(dst.data, src.data, bytes);
    return;
  }
  if (dtype == DType::kString) {
    auto* const to = reinterpret_cast<std::string*>(dst.data);
    const auto* const from = reinterpret_cast<const std::string*>(src.data);
    for_each_run(dst.dims, dst.strides, src.strides, [&](int64_t t, int64_t f, int64_t n) {
      for (int64_t i = 0; i < n; ++i) to[t + i] = from[f + i];
    });
    return;
  }
  const size_t size = dtype_size(dtype);
  for_each_run(dst.dims, dst.strides, src.strides, [&](int64_t t, int64_t f, int64_t n) {
    std::memcpy(dst.data + static_cast<size_t>(t) * size, src.data + static_cast<size_t>(f) * size,
                static_cast<size_t>(n) * size);
  });
}

void zero_strided(DType dtype, const StridedView& dst) {
  if (dtype == DType::kString) {
    auto* const to = reinterpret_cast<std::string*>(dst.data);
    for_each_run(dst.dims, dst.strides, dst.strides, [&](int64_t t, int64_t, int64_t n) {
      for (int64_t i = 0; i < n; ++i) to[t + i].clear();
    });
    return;
  }
  if (is_dense(dst.dims, dst.strides)) {
    const size_t bytes = *dtype_bytes(dtype, elements(dst.dims));
    if (bytes != 0) std::memset(dst.data, 0, bytes);
    return;
  }
  const size_t size = dtype_size(dtype);
  for_each_run(dst.dims, dst.strides, dst.strides, [&](int64_t t, int64_t, int64_t n) {
    std::memset(dst.data + static_cast<size_t>(t) * size, 0, static_cast<size_t>(n) * size);
  });
}

}  // namespace lite::capi
