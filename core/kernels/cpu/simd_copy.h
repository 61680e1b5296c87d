// Copies between two strided views of the same shape: what transposes, slices, broadcasts and layout changes
// are.
#pragma once

#include <utility>
#include <vector>

#include "core/kernels/cpu/simd.h"

namespace lite::simd {

// out[r * out_row + c] = in[r + c * in_column] for elements of four bytes and r < rows, c < columns; steps in
// bytes. No alignment is assumed.
using Transpose4Fn = void(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns,
                          int64_t in_column, int64_t out_row);
Transpose4Fn* transpose4(const KernelOptions& options);

class CopyPlan {
 public:
  struct Dim {
    int64_t size, in, out;  // strides in elements; `in` may be 0 or negative
  };
  // Dimensions outermost first; the order is that of the output where speed matters. Element size: 1, 2, 4, 8
  // or 16. Offsets in elements are those of the first element of each view.
  static CopyPlan make(std::vector<Dim> dims, size_t element, const KernelOptions& options,
                       int64_t in_offset = 0, int64_t out_offset = 0);

  // The views do not overlap.
  void run(const Parallel& parallel, const void* in, void* out) const;

 private:
  // What the two last dimensions are.
  enum class Kind : uint8_t {
    kRows,       // rows x bytes that follow each other in both
    kTranspose,  // rows follow each other in the input, columns in the output
    kElements,   // neither
  };
  using TransposeFn = void(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns,
                           int64_t in_column, int64_t out_row);
  using ElementsFn = void(const unsigned char* in, unsigned char* out, int64_t n, int64_t in_step,
                          int64_t out_step);

  // Where the o-th of the outer dimensions begins in both.
  std::pair<int64_t, int64_t> place(int64_t o) const;
  void strip(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns) const;

  Kind kind_ = Kind::kRows;
  std::vector<Dim> outer_;              // strides in bytes, as below
  Dim row_{1, 0, 0}, column_{1, 0, 0};  // kRows: column_.size is a count of bytes
  int64_t outer_count_ = 1, in_offset_ = 0, out_offset_ = 0;
  int64_t strip_rows_ = 1, strip_columns_ = 1;
  TransposeFn* transpose_ = nullptr;
  ElementsFn* elements_ = nullptr;
};

}  // namespace lite::simd
