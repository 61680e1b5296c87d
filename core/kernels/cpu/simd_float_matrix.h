// Operands of attention: matrices of any float type or of bools, anywhere in a tensor, read and written as
// floats.
#pragma once

#include "core/kernels/cpu/simd_copy.h"

namespace lite::simd {

// A part of a matrix; steps are those of one row and of one column, in elements.
class FloatMatrix {
 public:
  FloatMatrix() = default;
  FloatMatrix(DType dtype, int64_t row, int64_t column, const KernelOptions& options)
      : dtype_(dtype), row_(row), column_(column), transpose_(transpose4(options)) {}

  bool is_float() const { return dtype_ == DType::kF32; }
  // Floats, with rows or columns that follow each other.
  bool has_unit_step() const { return is_float() && (row_ == 1 || column_ == 1); }
  const unsigned char* at(const void* base, int64_t offset) const {
    return static_cast<const unsigned char*>(base) + offset * static_cast<int64_t>(dtype_size(dtype_));
  }
  // Element (i, j) to to[i * to_row + j].
  void copy(const unsigned char* from, int64_t rows, int64_t columns, float* to, int64_t to_row) const;
  // The transpose: element (i, j) to to[j * to_row + i]. `temporary` has room for rows x columns.
  void copy_transposed(const unsigned char* from, int64_t rows, int64_t columns, float* to, int64_t to_row,
                       float* temporary) const;
  // The ways back: element (i, j) from from[i * from_row + j], and from from[j * from_row + i].
  void put(const float* from, int64_t from_row, int64_t rows, int64_t columns, void* base,
           int64_t offset) const;
  void put_transposed(const float* from, int64_t from_row, int64_t rows, int64_t columns, void* base,
                      int64_t offset, float* temporary) const;

 private:
  DType dtype_ = DType::kF32;
  int64_t row_ = 0, column_ = 1;
  Transpose4Fn* transpose_ = nullptr;
};

}  // namespace lite::simd
