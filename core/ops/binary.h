// How element-wise functions of two broadcast inputs are written.
#pragma once

#include "core/ops/strided.h"

namespace lite::ops {

// Output 0 has the broadcast shape of inputs 0 and 1, and the type of input 0.
Status infer_binary(const InferArgs& a);
// The same with type bool.
Status infer_binary_bool(const InferArgs& a);

// y = f(a, b) over the broadcast of both; R is what f gives: the type to calculate T in, or bool.
template <class T, class R>
void map_pairs(const Tensor& a, const Tensor& b, Tensor& y, R (*f)(Compute<T>, Compute<T>)) {
  using Out = std::conditional_t<std::is_same_v<R, bool>, bool, T>;
  const StridedLoop<3> loop(y.dims(), {row_major_strides(y.dims()), broadcast_strides(a.dims(), y.dims()),
                                       broadcast_strides(b.dims(), y.dims())});
  loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
    Out* out = y.mutable_data<Out>() + offset[0];
    const T* p = a.data<T>() + offset[1];
    const T* q = b.data<T>() + offset[2];
    for (int64_t i = 0; i < n; ++i) out[i] = store<Out>(f(load(p[i * step[1]]), load(q[i * step[2]])));
  });
}

// The output of a broadcast of inputs 0 and 1.
inline Result<Tensor*> broadcast_output(const EvalArgs& a, DType type) {
  LITE_ASSIGN(const Dims dims, broadcast(a.input(0).dims(), a.input(1).dims()));
  return a.output(0, type, dims);
}

// Integer arithmetic that wraps.
template <class T, class F>
T wrapping(T a, T b, F f) {
  using U = std::make_unsigned_t<T>;
  // Arithmetic on types below int is done in int, where it cannot overflow but for the product of two uint16.
  using W = std::conditional_t<(sizeof(U) < sizeof(unsigned)), unsigned, U>;
  return static_cast<T>(static_cast<U>(f(static_cast<W>(a), static_cast<W>(b))));
}

}  // namespace lite::ops
