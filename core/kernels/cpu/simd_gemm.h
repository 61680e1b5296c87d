// Our own float32 matrix product, C = epilogue(A * B): for MatMul, Gemm and FusedMatMul, and what recurrent
// and attention kernels are made of.
//
// Every element of C is one chain of multiply-adds in the order of k, whatever the tiling and the number of
// threads.
#pragma once

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"

namespace lite::simd {

// B in panels of `width` columns, each k rows of `width` floats that follow each other; columns beyond n are
// zero.
inline int64_t packed_floats(int64_t k, int64_t n, int64_t width) { return k * round_up(n, width); }
// Floats in a vector of the copies that these options choose.
int64_t float_lanes(const KernelOptions& options);

// Packs one panel: `columns` <= width columns of b, whose element (i, j) is b[i * row + j * column]. b may
// lie at any address, as weights do in a model's file.
void pack_panel(const float* b, int64_t k, int64_t columns, int64_t row, int64_t column, int64_t width,
                float* to);
// All of them, on one thread.
void pack_panels(const float* b, int64_t k, int64_t n, int64_t row, int64_t column, int64_t width, float* to);
// All of them of floats whose rows, `row` apart, lie together: for activations. `width` is whole vectors; of
// the last panel those without columns are left as they are.
using PackColumnsFn = void(const float* b, int64_t k, int64_t row, int64_t n, int64_t width, float* to);
PackColumnsFn* pack_columns(const KernelOptions& options);

struct GemmArgs {
  const float* a = nullptr;  // element (i, p) is a[i * a_row + p * a_column]
  int64_t a_row = 0, a_column = 1;
  // Or rows that lie anywhere, in parts of a_depth elements that follow each other, as what a window sees
  // does (Dukhan, "The Indirect Convolution Algorithm", 2019): part t of row i is rows_offset behind rows[t *
  // rows_step + i]. Where that is `zeros`, they are zeros, and may be left out.
  const float* const* rows = nullptr;
  int64_t rows_step = 0, rows_offset = 0, a_depth = 1;
  const float* zeros = nullptr;
  // Packed; with b_row as it is: element (p, j) is b[p * b_row + j], and n are whole vectors.
  const float* b = nullptr;
  int64_t b_row = 0;
  bool b_near = false;  // B is in the L2 cache, and need not be fetched ahead
  float* c = nullptr;
  int64_t c_row = 0;
  int64_t m = 0, n = 0, k = 0;
  // c = activation(alpha * a b + bias + residual), or activation(alpha * a b + bias) + residual with
  // residual_after. A bias has n values, or one a row when bias_per_row.
  float alpha = 1;
  const float* bias = nullptr;
  bool bias_per_row = false;
  const float* residual = nullptr;
  int64_t residual_row = 0, residual_column = 1;  // residual_column: 0 or 1
  bool residual_after = false;
  const ActivationFn* activation = nullptr;
  bool accumulate = false;  // a b is added to what is in c
};

// Rows of B, at most, that are worked through before C is touched again. More of them are slow where C lies
// over a residual that is added only at the end: with an alpha, or behind an activation.
inline constexpr int64_t kGemmDepth = 1024;

// Rows [m0, m1) and panels [p0, p1) of C, on this thread. c overlaps nothing but residual, and that only
// exactly.
using GemmTileFn = void(const GemmArgs& args, int64_t m0, int64_t m1, int64_t p0, int64_t p1);

class Gemm {
 public:
  Gemm() = default;
  explicit Gemm(const KernelOptions& options);
  // With panels as wide as suits n columns best, for all columns of a product; and m rows, where they are
  // known.
  Gemm(const KernelOptions& options, int64_t n, int64_t m = 0);
  int64_t width() const { return width_; }
  void tile(const GemmArgs& args, int64_t m0, int64_t m1, int64_t p0, int64_t p1) const {
    tile_(args, m0, m1, p0, p1);
  }
  // All of C, split by its shape.
  void run(const Parallel& parallel, const GemmArgs& args) const;
  // `batches` products of one shape: args(i) gives the i-th.
  template <class F>
  void run_batches(const Parallel& parallel, int64_t batches, const GemmArgs& shape, const F& args) const {
    const Split s = split(shape.m, shape.n, shape.k, parallel.threads);
    parallel.for_range(batches * s.down * s.across, s.grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t p = i % s.across * s.panels, r = i / s.across % s.down * s.rows;
        tile_(args(i / s.across / s.down), r, std::min(shape.m, r + s.rows), p,
              std::min(s.all_panels, p + s.panels));
      }
    });
  }

 private:
  struct Split {
    int64_t rows, panels, down, across, all_panels, grain;
  };
  // Results do not depend on it.
  Split split(int64_t m, int64_t n, int64_t k, int threads) const;

  GemmTileFn* tile_ = nullptr;
  int64_t width_ = 0;
};

}  // namespace lite::simd
