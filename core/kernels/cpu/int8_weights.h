// Constant weights of products of bytes and of depthwise filters of bytes, packed for the loops of
// simd_conv_int8.h.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/kernels/cpu/simd_conv_int8.h"
#include "core/kernels/kernel.h"

namespace lite::simd {

class Int8Weights {
 public:
  // A group of columns as wide as `vectors` vectors; column `first + i` is its i-th.
  struct Group {
    int64_t first, columns, vectors;
    size_t lane;    // of its first lane among all groups' lanes
    size_t weight;  // of its first weight among the packed ones
    // Of weights that are ordered: how many quads, which of them are added, and the first one's number.
    int64_t quads = 0;
    QuadSums sums{};
    size_t quad = 0;
  };
  // Writes the weights of a group's columns, less their zero points, to quads as a row of the matrix has
  // them, and the sum of each column's to its place among those of all columns. Lanes beyond get zeros.
  using Put = std::function<void(const Group&, int8_t* quads, int32_t* sums)>;
  // Where in a row quad i lies, in bytes.
  using Place = std::function<int64_t(int64_t)>;

  // Of a product of `columns` columns with rows of `row_bytes` bytes, a multiple of four. `fits`: all weights
  // lie in [-64, 64]. `in_order`: lanes of four vectors follow each other as columns do, not as pack4() has
  // them.
  void plan_product(const Int8Kernels& kernels, int64_t columns, int64_t row_bytes, bool fits, bool in_order,
                    const Put& put);
  // Of depthwise filters of `row_bytes` bytes for `channels` channels, the last block ending with the last
  // one; channel i is column i % `columns`.
  void plan_blocks(const Int8Kernels& kernels, int64_t columns, int64_t channels, int64_t row_bytes);
  // `how` names what makes these weights of `w` others than those of other kernels.
  Status pack(const char* op, const Tensor& w, std::string_view how, PackCache& packs, const Put& put,
              const Place& place);

  const std::vector<Group>& groups() const { return groups_; }
  size_t lanes() const { return lanes_; }
  int64_t quad_bytes(const Group& g) const { return 4 * g.vectors * vector_lanes_; }
  // The place in its group of the column that a lane of vector v calculates.
  int64_t column_of(const Group& g, int64_t v, int64_t lane) const {
    return g.vectors == 4 && !in_order_ ? lane / 4 * 16 + v * 4 + lane % 4 : v * vector_lanes_ + lane;
  }
  // f(lane among all, column) for every lane that calculates one.
  template <class F>
  void for_lanes(const F& f) const {
    for (const Group& g : groups_)
      for (int64_t v = 0; v < g.vectors; ++v)
        for (int64_t lane = 0; lane < vector_lanes_; ++lane)
          if (const int64_t c = column_of(g, v, lane); c < g.columns)
            f(g.lane + static_cast<size_t>(v * vector_lanes_ + lane), (g.first + c) % columns_);
  }
  int32_t sum(int64_t column) const { return sums()[column]; }
  // `bias` and `factors` have a number for each lane of all groups.
  PackedColumns columns_of(const Group& g, const int32_t* bias, const float* factors) const {
    return {static_cast<const int8_t*>(packed_->data.get()) + g.weight,
            bias + g.lane,
            factors + g.lane,
            {places_.data() + g.quad, g.quads, g.sums}};
  }

 private:
  const int32_t* sums() const {
    return reinterpret_cast<const int32_t*>(static_cast<const int8_t*>(packed_->data.get()) + weight_bytes_);
  }
  // What the packing says of the order of quads, which may be a file's.
  Status place_quads(const char* op, const Place& place);

  int64_t vector_lanes_ = 0, columns_ = 0, plain_quads_ = 0;
  bool in_order_ = false, orders_ = false;
  std::vector<Group> groups_;
  size_t lanes_ = 0, weight_bytes_ = 0, quads_ = 0;
  std::vector<int32_t> places_;
  std::shared_ptr<const PackCache::Packed> packed_;
};

// In how many blocks the rows of a product of so many groups of columns are taken, of at most `task_rows`
// each.
int64_t row_blocks(int64_t rows, int64_t task_rows, int64_t groups, int64_t threads);

// The bytes as the instruction's unsigned operand: an int8 with its top bit flipped is 128 larger.
void flip_top_bits(const uint8_t* from, uint8_t* to, int64_t n);

}  // namespace lite::simd
