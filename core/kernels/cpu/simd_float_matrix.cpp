#include "core/kernels/cpu/simd_float_matrix.h"

#include <utility>

#include "core/base/half.h"

namespace lite::simd {
namespace {

constexpr auto kFloat = static_cast<int64_t>(sizeof(float));

template <class T, class F>
void convert(const unsigned char* x, int64_t n, int64_t step, float* y, const F& f) {
  const T* from = reinterpret_cast<const T*>(x);
  if (step == 1) {
    LITE_VECTORIZE
    for (int64_t j = 0; j < n; ++j) y[j] = f(from[j]);
  } else {
    for (int64_t j = 0; j < n; ++j) y[j] = f(from[j * step]);
  }
}

}  // namespace

void FloatMatrix::copy(const unsigned char* from, int64_t rows, int64_t columns, float* to,
                       int64_t to_row) const {
  const int64_t size = static_cast<int64_t>(dtype_size(dtype_));
  if (dtype_ == DType::kF32 && column_ != 1 && row_ == 1) {
    transpose_(from, reinterpret_cast<unsigned char*>(to), rows, columns, column_ * size, to_row * size);
    return;
  }
  for (int64_t i = 0; i < rows; ++i) {
    const unsigned char* const x = from + i * row_ * size;
    float* const y = to + i * to_row;
    switch (dtype_) {
      case DType::kF32:
        convert<float>(x, columns, column_, y, [](float v) { return v; });
        break;
      case DType::kF16:
        convert<uint16_t>(x, columns, column_, y, f16_to_f32);
        break;
      case DType::kBF16:
        convert<uint16_t>(x, columns, column_, y, bf16_to_f32);
        break;
      default:
        convert<uint8_t>(x, columns, column_, y, [](uint8_t v) { return static_cast<float>(v != 0); });
    }
  }
}

void FloatMatrix::copy_transposed(const unsigned char* from, int64_t rows, int64_t columns, float* to,
                                  int64_t to_row, float* temporary) const {
  if (dtype_ == DType::kF32 && column_ == 1) {
    transpose_(from, reinterpret_cast<unsigned char*>(to), columns, rows, row_ * kFloat, to_row * kFloat);
  } else if (dtype_ == DType::kF32) {
    FloatMatrix turned = *this;
    std::swap(turned.row_, turned.column_);
    turned.copy(from, columns, rows, to, to_row);
  } else {
    copy(from, rows, columns, temporary, columns);
    transpose_(reinterpret_cast<const unsigned char*>(temporary), reinterpret_cast<unsigned char*>(to),
               columns, rows, columns * kFloat, to_row * kFloat);
  }
}

void FloatMatrix::put(const float* from, int64_t from_row, int64_t rows, int64_t columns, void* base,
                      int64_t offset) const {
  auto* const to = static_cast<unsigned char*>(base) + offset * static_cast<int64_t>(dtype_size(dtype_));
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      const float v = from[i * from_row + j];
      const int64_t e = i * row_ + j * column_;
      if (dtype_ == DType::kF32)
        reinterpret_cast<float*>(to)[e] = v;
      else
        reinterpret_cast<uint16_t*>(to)[e] = dtype_ == DType::kF16 ? f32_to_f16(v) : f32_to_bf16(v);
    }
}

void FloatMatrix::put_transposed(const float* from, int64_t from_row, int64_t rows, int64_t columns,
                                 void* base, int64_t offset, float* temporary) const {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(from);
  auto* const to = static_cast<unsigned char*>(base) + offset * static_cast<int64_t>(dtype_size(dtype_));
  if (is_float() && column_ == 1) {
    transpose_(bytes, to, rows, columns, from_row * kFloat, row_ * kFloat);
    return;
  }
  if (is_float() && row_ == 1) {
    for (int64_t j = 0; j < columns; ++j)
      memcpy(to + j * column_ * kFloat, from + j * from_row, static_cast<size_t>(rows * kFloat));
    return;
  }
  transpose_(bytes, reinterpret_cast<unsigned char*>(temporary), rows, columns, from_row * kFloat,
             columns * kFloat);
  put(temporary, columns, rows, columns, base, offset);
}

}  // namespace lite::simd
