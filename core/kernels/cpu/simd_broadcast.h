// Broadcasting reduced to loops over rows: what all elementwise kernels walk.
#pragma once

#include <optional>
#include <vector>

#include "core/kernels/cpu/simd.h"

namespace lite::simd {

// The output seen as outer... x rows x n elements in the order in which it is stored, neighbouring dimensions
// merged where every operand allows it. Operand k's element (o, r, i) lies at
//   sum(o * outer_stride[k]) + r * row_stride[k] + i * inner[k],  inner[k] 0 or 1.
// Works for any layout as long as operands have the output's, or are plain with nothing but N and C (a scale,
// a bias).
class BroadcastPlan {
 public:
  static constexpr size_t kMaxOperands = 16;

  // nullopt when the operands' layouts do not go together. `in` without those that are left out.
  static std::optional<BroadcastPlan> make(const std::vector<Operand>& in, const Operand& out);

  int64_t rows = 1, n = 1;
  std::vector<int64_t> row_stride, inner;
  bool scalar(size_t k) const { return inner[k] == 0; }

  // Calls f(offsets, out_offset, rows, n) for pieces of about `grain` elements. Which pieces there are
  // depends on the shape only.
  template <class F>
  void run(const Parallel& parallel, int64_t grain, const F& f) const {
    const int64_t pieces = n >= 2 * grain ? ceil_div(n, grain) : 1;
    const int64_t width = pieces == 1 ? n : grain;
    const int64_t height = pieces == 1 ? std::min(rows, rows_grain(n, grain)) : 1;
    const int64_t strips = ceil_div(rows, height);
    // Many short runs of the outer dimensions are worth one chunk.
    const int64_t per_chunk = std::max<int64_t>(1, grain / std::max<int64_t>(1, width * height));
    parallel.for_range(outer_count_ * strips * pieces, per_chunk, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t piece = i % pieces, strip = i / pieces % strips, o = i / pieces / strips;
        const int64_t row = strip * height, column = piece * width;
        int64_t offset[kMaxOperands];
        offsets(o, offset);
        for (size_t k = 0; k < inner.size(); ++k) offset[k] += row * row_stride[k] + column * inner[k];
        f(static_cast<const int64_t*>(offset), (o * rows + row) * n + column, std::min(height, rows - row),
          std::min(width, n - column));
      }
    });
  }
  // Writes zeros over the padding channels of an output with that element size; nothing where there are none.
  void clear_padding(void* out, size_t element, const Parallel& parallel) const;

 private:
  void offsets(int64_t outer_index, int64_t* offset) const {
    for (size_t k = 0; k < inner.size(); ++k) offset[k] = 0;
    for (size_t d = outer_.size(); d-- > 0;) {
      const int64_t i = outer_index % outer_[d];
      outer_index /= outer_[d];
      for (size_t k = 0; k < inner.size(); ++k) offset[k] += i * outer_stride_[d * inner.size() + k];
    }
  }

  std::vector<int64_t> outer_, outer_stride_;
  int64_t outer_count_ = 1;
  // Of the output: blocks of `block_` channels, `batch_` x `blocks_` x `spatial_` of them; used_ channels in
  // the last.
  int64_t block_ = 0, used_ = 0, batch_ = 0, blocks_ = 0, spatial_ = 0;
};

// The operands of a node that are present, in order.
std::vector<Operand> present(std::span<const Operand> operands);

// Dimensions of a tensor in the order in which that layout stores them.
Dims physical_dims(const Dims& dims, Layout layout);

}  // namespace lite::simd
