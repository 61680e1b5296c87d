#include "core/base/dims.h"

#include <ostream>

namespace lite {

std::ostream& operator<<(std::ostream& s, const Dims& d) {
  s << '[';
  for (size_t i = 0; i < d.size(); ++i) {
    if (i != 0) s << ',';
    if (d[i] >= 0)
      s << d[i];
    else
      s << '?';
  }
  return s << ']';
}

std::optional<int64_t> checked_add(int64_t a, int64_t b) noexcept {
  int64_t r;
  if (__builtin_add_overflow(a, b, &r)) return std::nullopt;
  return r;
}

std::optional<int64_t> checked_mul(int64_t a, int64_t b) noexcept {
  int64_t r;
  if (__builtin_mul_overflow(a, b, &r)) return std::nullopt;
  return r;
}

std::optional<int64_t> checked_elements(std::span<const int64_t> dims) noexcept {
  // A zero anywhere makes the product zero, but the other dimensions must still be sane.
  int64_t product = 1;
  bool zero = false;
  for (const int64_t d : dims) {
    if (d < 0) return std::nullopt;
    if (d == 0) {
      zero = true;
      continue;
    }
    if (__builtin_mul_overflow(product, d, &product)) return std::nullopt;
  }
  return zero ? 0 : product;
}

int64_t elements(std::span<const int64_t> dims) noexcept {
  int64_t product = 1;
  for (const int64_t d : dims) product *= d;
  return product;
}

Dims row_major_strides(std::span<const int64_t> dims) {
  Dims s(dims.size());
  int64_t step = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    s[i] = step;
    step *= dims[i];
  }
  return s;
}

}  // namespace lite
