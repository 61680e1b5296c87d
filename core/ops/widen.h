// References calculate on float or double; these bring other element types there and back.
#pragma once

#include <type_traits>
#include <vector>

#include "core/ir/tensor.h"

namespace lite::ops {

// Elements [begin, begin + n) of a numeric tensor (bool as 0 and 1, sub-byte and 8-bit floats included) as T,
// which is float, double or int32_t.
template <class T>
void widen(const Tensor& from, int64_t begin, int64_t n, T* to);
// The way back, each value rounded once. To integers: to nearest even, then saturated.
template <class T>
void narrow(const T* from, int64_t n, Tensor& to, int64_t begin);

// A tensor of rank 0 with the value v, rounded as by narrow. kUnsupported for strings and complex numbers.
Result<Tensor> scalar_of(DType type, double v);

// A whole tensor as T: in place when it is stored so, otherwise a copy.
template <class T>
class Widened {
 public:
  explicit Widened(const Tensor& t) {
    constexpr DType kOwn = std::is_same_v<T, float>    ? DType::kF32
                           : std::is_same_v<T, double> ? DType::kF64
                                                       : DType::kI32;
    if (t.dtype() == kOwn) {
      data_ = t.data<T>();
    } else {
      copy_.resize(static_cast<size_t>(t.elements()));
      widen(t, 0, t.elements(), copy_.data());
      data_ = copy_.data();
    }
  }
  Widened(const Widened&) = delete;
  Widened& operator=(const Widened&) = delete;
  const T* data() const { return data_; }
  T operator[](int64_t i) const { return data_[i]; }

 private:
  std::vector<T> copy_;
  const T* data_;
};

}  // namespace lite::ops
