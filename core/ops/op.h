// What operator files share: everything an OpDef needs, and the helpers that keep them short.
#pragma once

#include <algorithm>
#include <array>
#include <complex>
#include <string>
#include <type_traits>

#include "core/base/half.h"
#include "core/ir/op_def.h"

namespace lite::ops {

// Each file of this folder exports one table under its own name; meson.build lists the files.
struct OpTable {
  std::span<const OpDef> ops;
};

// ---- facts
// ------------------------------------------------------------------------------------------------------

// NumPy broadcasting of two shapes, known or not. kInvalidModel when they cannot be broadcast.
Result<Dims> broadcast(const Dims& a, const Dims& b);
// The same over facts: unknown rank anywhere gives unknown rank. The dtype is the first one's.
Result<Fact> broadcast(std::span<const Fact> facts);
// Axis in [-rank, rank) to [0, rank); otherwise an error that names `op`, the axis and the rank.
Result<int64_t> normalize_axis(const char* op, int64_t axis, int64_t rank);
// Axes normalised, sorted; duplicates are an error.
Result<std::vector<int64_t>> normalize_axes(const char* op, std::span<const int64_t> axes, int64_t rank);
// A fact of that type with `rank` unknown dimensions.
Fact unknown_dims(DType dtype, size_t rank);
// The usual `infer` of unary operators: output 0 is input 0's type and shape.
Status infer_same(const InferArgs& a);

// ---- evaluation
// -------------------------------------------------------------------------------------------------

// Strides of `dims` seen as broadcast to `to` (0 where it is stretched), in elements.
Dims broadcast_strides(const Dims& dims, const Dims& to);

// Walks all indices of a shape, last dimension fastest, keeping one offset per given stride set.
template <size_t N>
class Walker {
 public:
  Walker(const Dims& dims, const std::array<Dims, N>& strides)
      : dims_(dims), strides_(strides), index_(dims.size()) {}
  int64_t offset(size_t which) const { return offset_[which]; }
  const Dims& index() const { return index_; }
  void next() {
    for (size_t d = dims_.size(); d-- > 0;) {
      for (size_t k = 0; k < N; ++k) offset_[k] += strides_[k][d];
      if (++index_[d] < dims_[d]) return;
      for (size_t k = 0; k < N; ++k) offset_[k] -= strides_[k][d] * dims_[d];
      index_[d] = 0;
    }
  }

 private:
  const Dims& dims_;
  std::array<Dims, N> strides_;
  std::array<int64_t, N> offset_{};
  Dims index_;
};

// ---- types
// ------------------------------------------------------------------------------------------------------

// The C++ type that stores a dtype, and the one to calculate in.
template <DType D>
struct Stored;
#define LITE_STORED(dtype, type, compute) \
  template <>                             \
  struct Stored<DType::dtype> {           \
    using Type = type;                    \
    using Compute = compute;              \
  };
LITE_STORED(kF32, float, float)
LITE_STORED(kF64, double, double)
LITE_STORED(kF16, Half, float)
LITE_STORED(kBF16, BFloat16, float)
LITE_STORED(kI8, int8_t, int8_t)
LITE_STORED(kI16, int16_t, int16_t)
LITE_STORED(kI32, int32_t, int32_t)
LITE_STORED(kI64, int64_t, int64_t)
LITE_STORED(kU8, uint8_t, uint8_t)
LITE_STORED(kU16, uint16_t, uint16_t)
LITE_STORED(kU32, uint32_t, uint32_t)
LITE_STORED(kU64, uint64_t, uint64_t)
LITE_STORED(kBool, bool, bool)
LITE_STORED(kC64, std::complex<float>, std::complex<float>)
LITE_STORED(kC128, std::complex<double>, std::complex<double>)
LITE_STORED(kString, std::string, std::string)
#undef LITE_STORED

template <class T>
struct ComputeOf {
  using Type = T;
};
template <>
struct ComputeOf<Half> {
  using Type = float;
};
template <>
struct ComputeOf<BFloat16> {
  using Type = float;
};
template <class T>
using Compute = typename ComputeOf<T>::Type;

template <class T>
Compute<T> load(T v) {
  return static_cast<Compute<T>>(v);
}
template <class T>
T store(Compute<T> v) {
  return static_cast<T>(v);
}

// Calls f.template operator()<T>() with the storage type of `dtype`, one of Ds; otherwise kUnsupported naming
// `op`.
template <DType... Ds, class F>
Status dispatch(const char* op, DType dtype, F&& f) {
  Status result;
  const bool found =
      ((dtype == Ds && (result = f.template operator()<typename Stored<Ds>::Type>(), true)) || ...);
  if (!found) return unsupported(op, ": element type ", dtype_name(dtype), " is not supported");
  return result;
}
template <class F>
Status dispatch_float(const char* op, DType t, F&& f) {
  return dispatch<DType::kF32, DType::kF64, DType::kF16, DType::kBF16>(op, t, f);
}
template <class F>
Status dispatch_int(const char* op, DType t, F&& f) {
  return dispatch<DType::kI8, DType::kI16, DType::kI32, DType::kI64, DType::kU8, DType::kU16, DType::kU32,
                  DType::kU64>(op, t, f);
}
template <class F>
Status dispatch_numeric(const char* op, DType t, F&& f) {
  return dispatch<DType::kF32, DType::kF64, DType::kF16, DType::kBF16, DType::kI8, DType::kI16, DType::kI32,
                  DType::kI64, DType::kU8, DType::kU16, DType::kU32, DType::kU64>(op, t, f);
}

// Plain values that move without being looked at: by size (1, 2, 4, 8, 16 bytes) or as strings.
// f.template operator()<T>() with an unsigned integer, a 16-byte struct, or std::string.
struct Bytes16 {
  uint64_t lo, hi;
};
template <class F>
Status dispatch_bytes(const char* op, DType t, F&& f) {
  if (t == DType::kString) return f.template operator()<std::string>();
  switch (dtype_bits(t)) {
    case 8:
      return f.template operator()<uint8_t>();
    case 16:
      return f.template operator()<uint16_t>();
    case 32:
      return f.template operator()<uint32_t>();
    case 64:
      return f.template operator()<uint64_t>();
    case 128:
      return f.template operator()<Bytes16>();
    default:
      return unsupported(op, ": element type ", dtype_name(t), " is not supported");
  }
}

}  // namespace lite::ops
