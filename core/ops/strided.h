// Loops over arrays that are walked with strides, and the block copies that movement operators are made of.
#pragma once

#include <array>
#include <cstddef>

#include "core/ops/op.h"

namespace lite::ops {

// Walks a shape over N arrays at once. Strides are in elements: 0 where an array is broadcast, negative where
// it is read backwards. Neighbouring dimensions that every array walks as one are merged, so rows are as long
// as they can be.
template <size_t N>
class StridedLoop {
 public:
  using Offsets = std::array<int64_t, N>;

  StridedLoop(const Dims& dims, const std::array<Dims, N>& strides) {
    for (size_t d = 0; d < dims.size(); ++d) {
      if (dims[d] == 0) empty_ = true;
      if (dims[d] == 1) continue;
      bool merges = !dims_.empty();
      for (size_t k = 0; k < N && merges; ++k) merges = strides_[k].back() == strides[k][d] * dims[d];
      if (merges) {
        dims_.back() *= dims[d];
        for (size_t k = 0; k < N; ++k) strides_[k].back() = strides[k][d];
      } else {
        dims_.push_back(dims[d]);
        for (size_t k = 0; k < N; ++k) strides_[k].push_back(strides[k][d]);
      }
    }
    if (dims_.empty()) {
      dims_.push_back(1);
      for (Dims& s : strides_) s.push_back(1);
    }
  }

  // row(offsets of its first element, number of elements, steps from one element to the next)
  template <class F>
  void for_rows(F&& row) const {
    if (empty_) return;
    const size_t last = dims_.size() - 1;
    Offsets step, offset{};
    for (size_t k = 0; k < N; ++k) step[k] = strides_[k][last];
    Dims index(last);
    while (true) {
      row(offset, dims_[last], step);
      size_t d = last;
      while (true) {
        if (d == 0) return;
        --d;
        for (size_t k = 0; k < N; ++k) offset[k] += strides_[k][d];
        if (++index[d] < dims_[d]) break;
        for (size_t k = 0; k < N; ++k) offset[k] -= strides_[k][d] * dims_[d];
        index[d] = 0;
      }
    }
  }

 private:
  Dims dims_;
  std::array<Dims, N> strides_;
  bool empty_ = false;
};

// dst[i * dst_strides] = src[i * src_strides] for all indices i of `dims`. The pointers are those of index 0;
// strides are in elements. The element type has whole bytes; the blocks do not overlap.
void copy_block(DType type, const Dims& dims, const void* src, const Dims& src_strides, void* dst,
                const Dims& dst_strides);
// n elements next to each other.
void copy_elements(DType type, const void* src, void* dst, int64_t n);
// n times the same element.
void fill_elements(DType type, const void* element, void* dst, int64_t n);

// Element i of a tensor whose element type has whole bytes.
inline const std::byte* at(const Tensor& t, int64_t i) {
  return static_cast<const std::byte*>(t.raw()) + i * static_cast<int64_t>(dtype_size(t.dtype()));
}
inline std::byte* at(Tensor& t, int64_t i) {
  return static_cast<std::byte*>(t.mutable_raw()) + i * static_cast<int64_t>(dtype_size(t.dtype()));
}

// What `infer` says of output i when it sees the inputs themselves: how references of movement operators find
// the shape of their output, with the same checks.
Result<Dims> output_dims(const EvalArgs& a, Status (*infer)(const InferArgs&), size_t i = 0);

// The product of dimensions of which some may not be known: kUnknownDim unless the rest leaves no doubt.
int64_t product_of(std::span<const int64_t> dims);

// Sub-byte tensors as one code a byte (uint8), and back into `to`, which has as many elements.
Result<Tensor> unpack_codes(const Tensor& packed);
void pack_codes(const Tensor& codes, Tensor& to);
inline bool is_packed(DType t) { return dtype_bits(t) % 8 != 0; }

// Output i is `x` under another shape: shared when the output has no storage yet, else copied into it.
Status pass_through(const EvalArgs& a, size_t i, const Tensor& x, const Dims& dims);

// Makes output 0 from input 0 by move(x, y), which sees element types of whole bytes only: sub-byte tensors
// are unpacked before and packed after.
Status move_elements(const EvalArgs& a, const Dims& dims,
                     const std::function<Status(const Tensor& x, Tensor& y)>& move);

// The element types of operators that move elements but have not been given the 8- and 4-bit ones.
inline constexpr TypeSet kMovable = types::kNumeric | types::kComplex | types::kBool | types::kString;

}  // namespace lite::ops
