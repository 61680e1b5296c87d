// Weights of bytes in the order in which their products with other bytes can be added in 16 bits.
//
// PMADDUBSW adds two products of an unsigned byte with a signed one, and PMADDWD those sums to 32 bits. The
// sum of a few products fits 16 bits, whatever the unsigned bytes are, if the positive weights among them add
// up to 128 at most, and the negative ones to -128 at least. So weights that are too large are split into two
// quads that see the same bytes, and up to four quads that fit together are added before they become 32 bits
// wide.
#pragma once

#include <array>
#include <cstdint>

namespace lite::simd {

// Quads that fit together at most; and how many times four, three and two do.
inline constexpr int64_t kMostQuads = 4;
using QuadSums = std::array<int32_t, kMostQuads - 1>;

// `count` quads of `bytes` bytes each: four weights of every column.
struct QuadWeights {
  const int8_t* data;
  int64_t count, bytes;
};

// How many quads they are once those that are too large are split.
int64_t count_quads(const QuadWeights& w);

// Writes as many to `to`, and to `order` which one of `w` each is of: first those of sums of four, then of
// three, of two, and the others.
QuadSums order_quads(const QuadWeights& w, int8_t* to, int32_t* order);

// So many of the first quads, or up to three less, that no sum is parted.
int64_t whole_sums(const QuadSums& sums, int64_t count);

}  // namespace lite::simd
