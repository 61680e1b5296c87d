// Products of bytes and depthwise filters of bytes, whose sums of 32 bits become bytes again: the loops
// behind the convolutions of simd_conv_int8.cpp.
#pragma once

#include "core/kernels/cpu/int8_quads.h"
#include "core/kernels/cpu/simd_quantized.h"

namespace lite::simd {

// Rows of a product at most, where sums are kept in memory; and where not.
inline constexpr int64_t kTaskRows = 54, kMostTaskRows = 8 * kTaskRows;
// Weights of a group that stay in the second-level cache from tile to tile, and partly in the first; a
// multiple of what four vectors need for four rows of the matrix.
inline constexpr int64_t kPieceBytes = 56 << 10;
// Of quads, which are fewer instructions: weights that stay in the first-level cache.
inline constexpr int64_t kQuadPieceBytes = 18 << 10;

// out[j] = saturate(round(sum[j] * factor[j]) + zero), of 8 bits; rows or pixels are `step` bytes apart.
struct Requantised {
  uint8_t* out;
  int64_t step;
  int32_t zero;
  bool is_signed;
};

// A quad: four bytes of a row that follow each other, and the weights that they meet in a group of columns.
// Where products are added in 16 bits, quads have an order of their own (int8_quads.h): first so many times
// four, three and two whose sums fit 16 bits together, then the others. Number i is at[i] bytes from the
// row's beginning; the same one may come twice, with a part of its weights each time.
struct Quads {
  const int32_t* at;
  int64_t count;
  QuadSums sums;
};

// Columns of a product in groups as wide as four vectors, or two or one for the last ones. For each group its
// weights, four rows at a time: four bytes a column. `bias` and `factor` have a number for each lane. Where
// columns go to is told by column_of().
struct PackedColumns {
  const int8_t* weights;
  const int32_t* bias;
  const float* factor;
  Quads quads = {};  // of products where there is no instruction that adds four
};

// Rows of a product. Row r consists of runs of `run_bytes` bytes, a multiple of four, of which run i begins
// at x + at[r] + run_at[i].
struct Int8Rows {
  const uint8_t* x;
  const int64_t* at;
  int64_t count;
  const int64_t* run_at;
  int64_t runs, run_bytes;
  // Row r is number `place` + r of those that lie evenly, `width` at a time.
  int64_t place, width;
};

// A sum with a residual, which lies as the result does, or over it: only of groups of four whole vectors.
struct Int8Sum {
  const uint8_t* residual;        // nullptr: none
  const QuantizedStrip* numbers;  // which fit
};

// `columns` columns of the group of `vectors` vectors.
struct Int8Product {
  Int8Rows rows;
  PackedColumns group;
  int64_t vectors, columns;
  Requantised y;  // y.out: the group's first column of the first row
  Int8Sum sum;
  // The sums themselves, instead of y: the group's first column of the first row, and from row to row. Lanes
  // of the weights are in order then.
  int32_t* sums = nullptr;
  int64_t sums_step = 0;
};

// Pixels of a row that are read together at most.
inline constexpr int64_t kPaddedPixels = 9;

// One row of a depthwise convolution.
struct Int8Depthwise {
  // The input's row under each row of the window, and the bytes from pixel to pixel: 0 in padding. Their
  // number is rounded up to whole groups.
  const uint8_t* const* rows;
  const int64_t* row_step;
  const uint8_t* padding;  // zero points: of kPaddedPixels pixels and four vectors
  int64_t groups;          // of four rows
  int64_t kernel, stride, pad, width, channels, pixels;
  uint8_t flip;           // what is to be flipped of each byte
  PackedColumns weights;  // of blocks of channels as wide as four vectors; the last ends at the last channel
  Requantised y;
};

// The copies for an instruction set, and how many lanes of 32 bits its vectors have.
struct Int8Kernels {
  void (*product)(const Int8Product&) = nullptr;
  void (*depthwise)(const Int8Depthwise&) = nullptr;
  int64_t lanes = 0;
  bool adds_four = false;  // else pairs, in 16 bits
};

// `depthwise_channels`: 0 for other filters. Few do not fill a vector of AVX-512. `wide`: weights of a
// depthwise filter are of all 8 bits; those of a product are split.
Int8Kernels int8_kernels(const KernelOptions& options, int64_t depthwise_channels, bool wide);

}  // namespace lite::simd
