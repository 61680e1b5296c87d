// QLinearConv and FusedQLinearConv of lines and images, channels last, by an instruction that adds four
// products of bytes: VPDPBUSD of AVX-512 VNNI or AVX-VNNI; without it PMADDUBSW, which adds two in 16 bits,
// for weights within [-64,64], which cannot overflow it. Sums of integers do not depend on their order and
// what follows them is the reference's arithmetic step by step, so the results are the reference's bits.
//
// Filters that see all channels are a product of matrices whose rows are read where they lie: a row is what
// is under the window at one place, a few runs of bytes. Only an image that needs padding, or whose runs are
// no multiple of four bytes, is copied first. Depthwise filters have a loop of their own, and copy nothing,
// but where two pixels fill a vector.
//
// The first operand of either instruction is unsigned: of an int8 image each byte's top bit is flipped, which
// adds 128 to it as to its zero point. Zero points of the image are subtracted by way of the bias.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_int8.cpp"
#include <cmath>

#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/simd_copy.h"
#include "core/kernels/cpu/simd_quantized.h"
#include "core/ops/conv_reference.h"
#include "core/ops/quantized.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_bytes-inl.h"

#ifndef LITE_SIMD_CONV_INT8_ARGS
#define LITE_SIMD_CONV_INT8_ARGS
namespace lite::simd {

// Rows of a product at most, where sums are kept in memory; and where not.
inline constexpr int64_t kTaskRows = 54, kMostTaskRows = 8 * kTaskRows;
// Weights of a group that stay in the second-level cache from tile to tile, and partly in the first; a
// multiple of what four vectors need for four rows of the matrix.
inline constexpr int64_t kPieceBytes = 56 << 10;

// out[j] = saturate(round(sum[j] * factor[j]) + zero), of 8 bits; rows or pixels are `step` bytes apart.
struct Requantised {
  uint8_t* out;
  int64_t step;
  int32_t zero;
  bool is_signed;
};

// Columns of a product in groups as wide as four vectors, or two or one for the last ones. For each group its
// weights, four rows at a time: four bytes a column. `bias` and `factor` have a number for each lane. Where
// columns go to is told by column_of().
struct PackedColumns {
  const int8_t* weights;
  const int32_t* bias;
  const float* factor;
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

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2

#if HWY_TARGET == HWY_AVX3
inline constexpr int64_t kTileRows = 6, kNarrowRows = 8, kTilePixels = 4;
#else
inline constexpr int64_t kTileRows = 2, kNarrowRows = 4, kTilePixels = 2;
#endif

// How four products are added: in two steps, for weights within [-64,64] or for all, or by VPDPBUSD of
// AVX-512 VNNI or of AVX-VNNI.
enum class Dot : uint8_t { kPairs, kWide, kAvx512, kAvx };

// sum + the products of four bytes of `a` with four int8 ones of `b`. The one instruction is of a set of its
// own: a target for it would compile everything once more.
template <Dot kDot>
HWY_INLINE V32 dot4(V32 sum, V32 a, V32 b) {
  if constexpr (kDot == Dot::kAvx512) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sum.raw) : "v"(a.raw), "vm"(b.raw));
  } else if constexpr (kDot == Dot::kAvx) {
    __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum.raw) : "x"(a.raw), "xm"(b.raw));
  } else if constexpr (kDot == Dot::kWide) {
#if HWY_TARGET == HWY_AVX2
    const D16 d16;
    const auto x = hn::BitCast(d16, a), w = hn::BitCast(d16, b);
    const auto even = _mm256_madd_epi16(hn::And(x, hn::Set(d16, 255)).raw,
                                        hn::ShiftRight<8>(hn::ShiftLeft<8>(w)).raw),
               odd = _mm256_madd_epi16(_mm256_srli_epi16(x.raw, 8), hn::ShiftRight<8>(w).raw);
    sum = hn::Add(sum, hn::Add(V32{even}, V32{odd}));
#endif
  } else {
#if HWY_TARGET == HWY_AVX2
    const __m256i pairs = _mm256_maddubs_epi16(a.raw, b.raw);
    sum = hn::Add(sum, V32{_mm256_madd_epi16(pairs, _mm256_set1_epi16(1))});
#endif
  }
  return sum;
}

HWY_INLINE V32 load_bytes(const void* p) { return hn::LoadU(D32(), static_cast<const int32_t*>(p)); }

// The product fits 32 bits, as is seen to when the kernel is made.
HWY_INLINE V32 rounded(V32 sum, const float* factor) {
  return nearest(hn::Mul(hn::ConvertTo(DF(), sum), hn::LoadU(DF(), factor)));
}

// The first n bytes of quarter or half i of a vector, as kParts says; by way of memory the next store would
// wait for this one.
template <int kParts>
HWY_INLINE void store_part_of(V32 v, int i, uint8_t* to, int64_t n) {
#if HWY_TARGET == HWY_AVX3
  const __mmask64 first = ~uint64_t{0} >> (64 - n);
  if constexpr (kParts == 1) {
    _mm512_mask_storeu_epi8(to, first, v.raw);
  } else if constexpr (kParts == 2) {
    const __m256i half = i == 0 ? _mm512_castsi512_si256(v.raw) : _mm512_extracti64x4_epi64(v.raw, 1);
    _mm256_mask_storeu_epi8(to, static_cast<__mmask32>(first), half);
  } else {
    const __m128i quarter = i == 0   ? _mm512_castsi512_si128(v.raw)
                            : i == 1 ? _mm512_extracti32x4_epi32(v.raw, 1)
                            : i == 2 ? _mm512_extracti32x4_epi32(v.raw, 2)
                                     : _mm512_extracti32x4_epi32(v.raw, 3);
    _mm_mask_storeu_epi8(to, static_cast<__mmask16>(first), quarter);
  }
#else
  const __m128i half = i * 2 < kParts ? _mm256_castsi256_si128(v.raw) : _mm256_extracti128_si256(v.raw, 1);
  if (kParts == 2 && n == 16) return _mm_storeu_si128(reinterpret_cast<__m128i*>(to), half);
  if (kParts == 4 && n == 8)
    return _mm_storel_epi64(reinterpret_cast<__m128i*>(to), i % 2 == 0 ? half : _mm_srli_si128(half, 8));
  alignas(32) uint8_t bytes[HWY_MAX_BYTES];
  store_bytes(v, bytes);
  memcpy(to, bytes + i * 32 / kParts, static_cast<size_t>(n));
#endif
}

// Rows [r, r + 4 / kVectors) of a tile. Columns of four vectors come in the order in which they are packed.
template <int kVectors, int kRows>
HWY_INLINE void store_rows(const V32 (&sum)[kRows][kVectors], int r, const float* factor,
                           const Requantised& y, uint8_t* out, int64_t columns) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
  V32 v[4];
  LITE_UNROLL
  for (int i = 0; i < 4; ++i) {
    const int row = r + i / kVectors, column = i % kVectors;
    v[i] = row < kRows ? rounded(sum[row][column], factor + column * lanes) : hn::Zero(D32());
  }
  const V32 packed = pack4(v, y.zero, y.is_signed);
  if constexpr (kVectors == 4) {
    if (HWY_LIKELY(columns == 4 * lanes)) return store_bytes(packed, out);
    store_part_of<1>(packed, 0, out, columns);
  } else {
    const V32 rows = in_order(packed);
    // Rows that follow each other are one.
    if (y.step == kVectors * lanes && r + 4 / kVectors <= kRows) return store_bytes(rows, out);
    LITE_UNROLL
    for (int i = 0; i < 4 / kVectors; ++i)
      if (r + i < kRows) store_part_of<4 / kVectors>(rows, i, out + i * y.step, columns);
  }
}

// To a float whose unit is its last bit, such a number adds an integer, or rounds one of small size.
inline constexpr float kUnits = 0x1p23f, kRounds = 0x1.8p23f;

// Byte 16 i + 4 v + j of `bytes` as lane 4 i + j, plus kUnits.
template <int v>
HWY_INLINE VF units_of(V32 bytes) {
  constexpr int kFirst = 4 * v;
#if HWY_TARGET == HWY_AVX3
  const __m512i from = _mm512_set4_epi32(kFirst + 3, kFirst + 2, kFirst + 1, kFirst);
  const __m512i units = _mm512_set1_epi32(0x4B000000);
  return hn::BitCast(DF(), V32{_mm512_mask_shuffle_epi8(units, 0x1111111111111111, bytes.raw, from)});
#else
  constexpr int kClear = static_cast<int>(0x80808000);
  const __m256i from = _mm256_broadcastsi128_si256(
      _mm_setr_epi32(kClear + kFirst, kClear + kFirst + 1, kClear + kFirst + 2, kClear + kFirst + 3));
  const V32 units = hn::Set(D32(), 0x4B000000);
  return hn::BitCast(DF(), hn::Or(V32{_mm256_shuffle_epi8(bytes.raw, from)}, units));
#endif
}

// What QLinearAdd makes of rows [first, first + rows) of the result and of the residual, without a byte in
// between: a number that is rounded and within the range is what its byte stands for.
HWY_NOINLINE void store_sum(const Int8Product& p, const int32_t* sums, int64_t first, int64_t rows) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
  const QuantizedStrip& s = *p.sum.numbers;
  const auto zero = static_cast<float>(p.y.zero), least = (p.y.is_signed ? -128.0f : 0.0f) - zero;
  const auto number = [](float v) HWY_ATTR { return hn::Set(DF(), v); };
  const VF low = number(least), high = number(least + 255), add = number(kRounds),
           subtract = number(kRounds + s.zero_a - zero),
           zero_b = number(kUnits + s.zero_b + (p.y.is_signed ? 128.0f : 0.0f)),
           factor_a = number(s.factor_a), factor_b = number(s.factor_b);
  const V32 flip = hn::Set(D32(), p.y.is_signed ? static_cast<int32_t>(0x80808080) : 0);
  for (int64_t at = first * p.y.step; rows-- > 0; at += p.y.step, sums += 4 * lanes) {
    const V32 bytes = hn::Xor(load_bytes(p.sum.residual + at), flip);
    const auto sum = [&](int v, VF residual) HWY_ATTR {
      const VF x = hn::Mul(hn::ConvertTo(DF(), hn::LoadU(D32(), sums + v * lanes)),
                           hn::LoadU(DF(), p.group.factor + v * lanes));
      const VF a = hn::Sub(hn::Add(hn::Min(hn::Max(x, low), high), add), subtract),
               b = hn::Sub(residual, zero_b);
      return nearest(hn::Add(hn::Mul(a, factor_a), hn::Mul(b, factor_b)));
    };
    const V32 v[4] = {sum(0, units_of<0>(bytes)), sum(1, units_of<1>(bytes)), sum(2, units_of<2>(bytes)),
                      sum(3, units_of<3>(bytes))};
    store_bytes(pack4(v, static_cast<int32_t>(s.zero_out), p.y.is_signed), p.y.out + at);
  }
}

// Bytes [begin, end) of runs [first_run, last_run), whose weights begin at w. Sums go on from `sums`, and are
// left there, where they are a part only.
struct Piece {
  int64_t first_run, last_run, begin, end;
  const int8_t* w;
  int32_t* sums;
  bool is_first, is_last;
};

// Rows from `first` on. Of the weights to fetch next there are `ahead_step` bytes to every four of a row.
struct Tile {
  const Int8Product& product;
  Piece piece;
  int64_t first;
  const int8_t* ahead;
  int64_t ahead_step;
};

template <Dot kDot, int kVectors, int kRows>
HWY_NOINLINE void product_tile(const Tile& t) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
  V32 sum[kRows][kVectors];
  const uint8_t* a[kRows];
  LITE_UNROLL
  for (int r = 0; r < kRows; ++r) {
    a[r] = t.product.rows.x + t.product.rows.at[t.first + r];
    LITE_UNROLL
    for (int v = 0; v < kVectors; ++v)
      sum[r][v] =
          hn::LoadU(D32(), (t.piece.is_first ? t.product.group.bias + v * lanes
                                             : t.piece.sums + ((t.first + r) * kVectors + v) * lanes));
  }
  const int8_t *w = t.piece.w, *ahead = t.ahead;
  const int64_t ahead_step = t.ahead_step;
  const int64_t* const last_run = t.product.rows.run_at + t.piece.last_run;
  for (const int64_t* run = t.product.rows.run_at + t.piece.first_run; run < last_run; ++run) {
    const int64_t end = *run + t.piece.end;
    for (int64_t k = *run + t.piece.begin; k < end; k += 4, w += kVectors * lanes * 4) {
      V32 b[kVectors];
      LITE_UNROLL
      for (int v = 0; v < kVectors; ++v) b[v] = load_bytes(w + v * lanes * 4);
      __builtin_prefetch(ahead, 0, 2);
      ahead += ahead_step;
      LITE_UNROLL
      for (int r = 0; r < kRows; ++r) {
        int32_t four;
        memcpy(&four, a[r] + k, sizeof four);
        const V32 x = hn::Set(D32(), four);
        LITE_UNROLL
        for (int v = 0; v < kVectors; ++v) sum[r][v] = dot4<kDot>(sum[r][v], x, b[v]);
      }
    }
  }
  const Int8Product& p = t.product;
  if (!t.piece.is_last || p.sum.residual != nullptr) {
    int32_t* const sums = t.piece.sums + t.first * kVectors * lanes;
    LITE_UNROLL
    for (int r = 0; r < kRows; ++r) {
      LITE_UNROLL
      for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[r][v], D32(), sums + (r * kVectors + v) * lanes);
    }
    if (t.piece.is_last) store_sum(p, sums, t.first, kRows);
    return;
  }
  // Not read again behind every store of bytes, which might be any of them.
  const Requantised y = p.y;
  const float* const factor = p.group.factor;
  const int64_t columns = p.columns;
  uint8_t* const out = y.out + t.first * y.step;
  LITE_UNROLL
  for (int r = 0; r < kRows; r += 4 / kVectors) store_rows(sum, r, factor, y, out + r * y.step, columns);
}

// As many rows of one or two vectors at a time as lie evenly, three to a pointer.
inline constexpr int kEvenRows = 12;

template <Dot kDot, int kVectors>
HWY_NOINLINE void even_tile(const Tile& t) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
  const Int8Rows& rows = t.product.rows;
  V32 sum[kEvenRows][kVectors];
  LITE_UNROLL
  for (int r = 0; r < kEvenRows; ++r) {
    LITE_UNROLL
    for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::LoadU(D32(), t.product.group.bias + v * lanes);
  }
  const int64_t from = rows.at[t.first], step = rows.at[t.first + 1] - from;
  const int8_t* w = t.piece.w;
  for (const int64_t *run = rows.run_at, *last_run = run + rows.runs; run < last_run; ++run) {
    const uint8_t* a[kEvenRows / 3];
    LITE_UNROLL
    for (int r = 0; r < kEvenRows / 3; ++r) a[r] = rows.x + from + *run + 3 * r * step;
    for (const uint8_t* const end = a[0] + rows.run_bytes; a[0] < end; w += kVectors * lanes * 4) {
      V32 b[kVectors];
      LITE_UNROLL
      for (int v = 0; v < kVectors; ++v) b[v] = load_bytes(w + v * lanes * 4);
      LITE_UNROLL
      for (int r = 0; r < kEvenRows; ++r) {
        int32_t four;
        memcpy(&four, a[r / 3] + r % 3 * step, sizeof four);
        const V32 x = hn::Set(D32(), four);
        LITE_UNROLL
        for (int v = 0; v < kVectors; ++v) sum[r][v] = dot4<kDot>(sum[r][v], x, b[v]);
      }
      // Each has its register: the compiler would reckon them from each other at every use.
      LITE_UNROLL
      for (const uint8_t*& p : a) __asm__("" : "+r"(p += 4));
    }
  }
  const Requantised y = t.product.y;
  const float* const factor = t.product.group.factor;
  const int64_t columns = t.product.columns;
  uint8_t* const out = y.out + t.first * y.step;
  LITE_UNROLL
  for (int r = 0; r < kEvenRows; r += 4 / kVectors) store_rows(sum, r, factor, y, out + r * y.step, columns);
}

template <Dot kDot, int kVectors, int kRows>
HWY_INLINE void product_rows(const Tile& t, int64_t rows) {
  if constexpr (kRows > 1) {
    if (rows < kRows) return product_rows<kDot, kVectors, kRows - 1>(t, rows);
  }
  product_tile<kDot, kVectors, kRows>(t);
}

// As few tiles as there can be, of nearly the same height.
template <Dot kDot, int kVectors>
HWY_INLINE void product_tiles(const Int8Product& p, const Piece& piece) {
  constexpr int64_t kMost = kVectors == 4 ? kTileRows : kNarrowRows;
  int64_t first = 0;
  if constexpr (kVectors < 4 && HWY_TARGET == HWY_AVX3) {
    if (piece.is_first && piece.is_last) {
      Tile t{p, piece, 0, piece.w, 0};
      while (first + kEvenRows <= p.rows.count &&
             (p.rows.place + first) % p.rows.width + kEvenRows <= p.rows.width) {
        t.first = first;
        even_tile<kDot, kVectors>(t);
        first += kEvenRows;
      }
      if (first == p.rows.count) return;
    }
  }
  const int64_t tiles = ceil_div(p.rows.count - first, kMost);
  // The piece of the weights that comes next is fetched evenly over all tiles: at once, its lines would hold
  // up those that the tile needs.
  const int64_t steps = (piece.last_run - piece.first_run) * (piece.end - piece.begin) / 4,
                step = kVectors * static_cast<int64_t>(hn::Lanes(D32())) * 4;
  Tile t{p, piece, first, piece.w + steps * step, step / tiles};
  for (int64_t i = 1; i <= tiles; ++i, t.ahead += steps * t.ahead_step) {
    const int64_t next = first + (p.rows.count - first) * i / tiles;
    product_rows<kDot, kVectors, static_cast<int>(kMost)>(t, next - t.first);
    t.first = next;
  }
}

template <Dot kDot, int kVectors>
HWY_INLINE void product_pieces(const Int8Product& p) {
  const int64_t row = kVectors * static_cast<int64_t>(hn::Lanes(D32())),
                bytes = p.rows.run_bytes;  // of weights
  HWY_ALIGN int32_t sums[kTaskRows * HWY_MAX_BYTES];
  if (p.rows.runs * bytes * row <= kPieceBytes || p.rows.count <= kTileRows)
    return product_tiles<kDot, kVectors>(p, {0, p.rows.runs, 0, bytes, p.group.weights, sums, true, true});
  const int64_t pieces = ceil_div(bytes * row, kPieceBytes), step = round_up(ceil_div(bytes, pieces), 4);
  for (int64_t run = 0; run < p.rows.runs; ++run)
    for (int64_t k = 0; k < bytes; k += step)
      product_tiles<kDot, kVectors>(
          p, {run, run + 1, k, std::min(bytes, k + step), p.group.weights + (run * bytes + k) * row, sums,
              run == 0 && k == 0, run + 1 == p.rows.runs && k + step >= bytes});
}

template <Dot kDot>
HWY_INLINE void product(const Int8Product& p) {
  if (p.vectors == 4) return product_pieces<kDot, 4>(p);
  return p.vectors == 2 ? product_pieces<kDot, 2>(p) : product_pieces<kDot, 1>(p);
}

// Four pixels' bytes channel by channel: byte 4 (4 i + j) + t of vector v is channel 16 i + 4 v + j of pixel
// t.
HWY_INLINE void interleave(const V8 (&pixel)[4], V32 (&out)[4]) {
  const D8 d8;
  const D16 d16;
  const auto as16 = [&](V8 v) HWY_ATTR { return hn::BitCast(d16, v); };
  const auto low01 = as16(hn::InterleaveLower(d8, pixel[0], pixel[1])),
             high01 = as16(hn::InterleaveUpper(d8, pixel[0], pixel[1])),
             low23 = as16(hn::InterleaveLower(d8, pixel[2], pixel[3])),
             high23 = as16(hn::InterleaveUpper(d8, pixel[2], pixel[3]));
  out[0] = hn::BitCast(D32(), hn::InterleaveLower(d16, low01, low23));
  out[1] = hn::BitCast(D32(), hn::InterleaveUpper(d16, low01, low23));
  out[2] = hn::BitCast(D32(), hn::InterleaveLower(d16, high01, high23));
  out[3] = hn::BitCast(D32(), hn::InterleaveUpper(d16, high01, high23));
}

// The bytes of a block of channels, `columns` of them: `from` itself, or a copy of what is narrower.
HWY_INLINE V8 load_block(const uint8_t* from, int64_t columns) {
  constexpr int64_t kBytes = 4 * hn::MaxLanes(D32());
  if (HWY_LIKELY(columns == kBytes)) return hn::LoadU(D8(), from);
  alignas(64) uint8_t bytes[kBytes] = {};
  memcpy(bytes, from, static_cast<size_t>(columns));
  return hn::Load(D8(), bytes);
}

// The results of a pixel, whose bytes `columns` wide begin at `to`.
HWY_INLINE void store_pixel(const V32 (&sum)[4], const float* factor, const Requantised& y, uint8_t* to,
                            int64_t columns) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
  V32 v[4];
  LITE_UNROLL
  for (int i = 0; i < 4; ++i) v[i] = rounded(sum[i], factor + i * lanes);
  const V32 packed = pack4(v, y.zero, y.is_signed);
  if (HWY_LIKELY(columns == 4 * lanes)) return store_bytes(packed, to);
  store_part_of<1>(packed, 0, to, columns);
}

// Windows of any size: one pixel `o`, of the `columns` channels from channel c on.
template <Dot kDot>
HWY_NOINLINE void depthwise_pixel(const Int8Depthwise& p, const PackedColumns& block, int64_t c,
                                  int64_t columns, int64_t o) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
  const V8 flip = hn::Set(D8(), p.flip);
  V32 sum[4];
  LITE_UNROLL
  for (int v = 0; v < 4; ++v) sum[v] = hn::LoadU(D32(), block.bias + v * lanes);
  const int8_t* w = block.weights;
  for (int64_t g = 0; g < p.groups; ++g)
    for (int64_t k = 0; k < p.kernel; ++k, w += 16 * lanes) {
      const int64_t column = o * p.stride - p.pad + k;
      const bool inside = column >= 0 && column < p.width;
      V8 pixel[4];
      LITE_UNROLL
      for (int r = 0; r < 4; ++r) {
        const uint8_t* const from = inside ? p.rows[g * 4 + r] + column * p.row_step[g * 4 + r] : p.padding;
        pixel[r] = hn::Xor(load_block(from + c, columns), flip);
      }
      V32 x[4];
      interleave(pixel, x);
      LITE_UNROLL
      for (int v = 0; v < 4; ++v) sum[v] = dot4<kDot>(sum[v], x[v], load_bytes(w + v * 4 * lanes));
    }
  store_pixel(sum, block.factor, p.y, p.y.out + o * p.y.step + c, columns);
}

// A row for a window three columns wide, of at most four rows: kTilePixels pixels at a time. Every column of
// the input is interleaved once for all the pixels that see it. The last ones may be calculated twice.
template <Dot kDot, int kStride, bool kFlips>
HWY_NOINLINE void depthwise_row(const Int8Depthwise& p, const PackedColumns& block, int64_t c,
                                int64_t columns) {
  constexpr int64_t kBytes = 4 * hn::MaxLanes(D32()), kSeen = (kTilePixels - 1) * kStride + 3;
  constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(D32()));
  // What the pixels see, where the channels are too few.
  alignas(64) uint8_t seen[4][kSeen][kBytes];
  const bool direct = columns == kBytes && p.pad <= 1;
  [[maybe_unused]] const V8 flip = hn::Set(D8(), p.flip);
  const int64_t row_step = std::max({p.row_step[0], p.row_step[1], p.row_step[2], p.row_step[3]});
  const Requantised y = p.y;
  const float* const factor = block.factor;
  const int32_t* const bias = block.bias;
  const int8_t* const w = block.weights;
  for (int64_t o = 0; o < p.pixels; o += kTilePixels) {
    const int64_t at = std::min(o, p.pixels - kTilePixels), first = at * kStride - p.pad;
    // Of the columns only the first and the last one may be padding.
    const uint8_t *from[4], *from_first[4], *from_last[4];
    int64_t step = row_step;
    if (direct && first + kSeen <= p.width + 1) {
      for (int r = 0; r < 4; ++r) {
        from[r] = (p.row_step[r] == 0 ? p.padding : p.rows[r] + first * step) + c;
        from_first[r] = first >= 0 ? from[r] : p.padding + c;
        from_last[r] = first + kSeen <= p.width ? from[r] + (kSeen - 1) * step : p.padding + c;
      }
    } else {
      step = kBytes;
      for (int r = 0; r < 4; ++r) {
        for (int64_t j = 0; j < kSeen; ++j) {
          const int64_t column = first + j;
          const bool inside = column >= 0 && column < p.width;
          const uint8_t* const x = (inside ? p.rows[r] + column * p.row_step[r] : p.padding) + c;
          hn::Store(load_block(x, columns), D8(), seen[r][j]);
        }
        from[r] = from_first[r] = seen[r][0];
        from_last[r] = seen[r][kSeen - 1];
      }
    }
    V32 sum[kTilePixels][4];
    LITE_UNROLL
    for (int t = 0; t < kTilePixels; ++t) {
      LITE_UNROLL
      for (int v = 0; v < 4; ++v) sum[t][v] = hn::LoadU(D32(), bias + v * kLanes);
    }
    LITE_UNROLL
    for (int64_t j = 0; j < kSeen; ++j) {
      V8 pixel[4];
      LITE_UNROLL
      for (int r = 0; r < 4; ++r)
        pixel[r] = hn::LoadU(D8(), j == 0           ? from_first[r]
                                   : j == kSeen - 1 ? from_last[r]
                                                    : from[r] + j * step);
      if constexpr (kFlips) {
        LITE_UNROLL
        for (V8& v : pixel) v = hn::Xor(v, flip);
      }
      V32 x[4];
      interleave(pixel, x);
      LITE_UNROLL
      for (int t = 0; t < kTilePixels; ++t) {
        const int64_t k = j - t * kStride;
        if (k < 0 || k >= 3) continue;
        LITE_UNROLL
        for (int v = 0; v < 4; ++v)
          sum[t][v] = dot4<kDot>(sum[t][v], x[v], load_bytes(w + (k * 4 + v) * kBytes));
      }
    }
    LITE_UNROLL
    for (int t = 0; t < kTilePixels; ++t)
      store_pixel(sum[t], factor, y, y.out + (at + t) * y.step + c, columns);
  }
}

// Unsigned bytes have copies of their own, which take 0.96 of the time, for the widest vectors only.
inline constexpr bool kSkipsFlips = HWY_TARGET == HWY_AVX3;

template <Dot kDot>
HWY_INLINE void depthwise(const Int8Depthwise& p) {
  const auto width = static_cast<int64_t>(4 * hn::Lanes(D32()));
  const bool tiles = p.kernel == 3 && p.stride <= 2 && p.groups == 1 && p.pixels >= kTilePixels;
  for (int64_t b = 0; b * width < p.channels; ++b) {
    const PackedColumns block{p.weights.weights + b * p.groups * p.kernel * 4 * width,
                              p.weights.bias + b * width, p.weights.factor + b * width};
    const int64_t columns = std::min(width, p.channels),
                  c = std::max<int64_t>(0, std::min(b * width, p.channels - width));
    if (tiles && p.flip == 0 && kSkipsFlips)
      p.stride == 1 ? depthwise_row<kDot, 1, !kSkipsFlips>(p, block, c, columns)
                    : depthwise_row<kDot, 2, !kSkipsFlips>(p, block, c, columns);
    else if (tiles)
      p.stride == 1 ? depthwise_row<kDot, 1, true>(p, block, c, columns)
                    : depthwise_row<kDot, 2, true>(p, block, c, columns);
    else
      for (int64_t o = 0; o < p.pixels; ++o) depthwise_pixel<kDot>(p, block, c, columns, o);
  }
}

#if HWY_TARGET == HWY_AVX3
void int8_product_vnni(const Int8Product& p) noexcept { product<Dot::kAvx512>(p); }
#else
void int8_product(const Int8Product& p) noexcept { product<Dot::kPairs>(p); }
void int8_depthwise(const Int8Depthwise& p) noexcept { depthwise<Dot::kPairs>(p); }
void int8_depthwise_wide(const Int8Depthwise& p) noexcept { depthwise<Dot::kWide>(p); }
void int8_product_vex(const Int8Product& p) noexcept { product<Dot::kAvx>(p); }
void int8_depthwise_vex(const Int8Depthwise& p) noexcept { depthwise<Dot::kAvx>(p); }
#endif
// AVX2's copy is for few channels, on a processor that has AVX-512 VNNI.
void int8_depthwise_vnni(const Int8Depthwise& p) noexcept { depthwise<Dot::kAvx512>(p); }

#endif  // AVX3 or AVX2
}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {

// The copies for an instruction set, and how many lanes of 32 bits its vectors have.
struct Int8Kernels {
  void (*product)(const Int8Product&) = nullptr;
  void (*depthwise)(const Int8Depthwise&) = nullptr;
  int64_t lanes = 0;
  bool adds_four = false;  // else pairs, in 16 bits
};

// `depthwise_channels`: 0 for other filters. Few do not fill a vector of AVX-512. `wide`: weights are of all
// 8 bits, which without an instruction for it only depthwise filters may be.
Int8Kernels int8_kernels([[maybe_unused]] const KernelOptions& options,
                         [[maybe_unused]] int64_t depthwise_channels, [[maybe_unused]] bool wide) {
#if HWY_ARCH_X86
  // A build for newer processors only has no copies for older ones.
  constexpr Int8Kernels kAvx512{HWY_CHOOSE_AVX3(int8_product_vnni), HWY_CHOOSE_AVX3(int8_depthwise_vnni), 16,
                                true},
      kFew{nullptr, HWY_CHOOSE_AVX2(int8_depthwise_vnni), 8, true},
      kAvx{HWY_CHOOSE_AVX2(int8_product_vex), HWY_CHOOSE_AVX2(int8_depthwise_vex), 8, true},
      kPairs{HWY_CHOOSE_AVX2(int8_product), HWY_CHOOSE_AVX2(int8_depthwise), 8, false},
      kWide{nullptr, HWY_CHOOSE_AVX2(int8_depthwise_wide), 8, false};
  if (isa::runs_on(isa::kAvx512Level | isa::kAvx512vnni, options.isa)) {
    const bool few = depthwise_channels > 0 && depthwise_channels <= 32 && (HWY_TARGETS & HWY_AVX2) != 0;
    return few ? kFew : kAvx512;
  }
  // AVX-512 without VNNI is rare: it has AVX2's copy.
  if (isa::runs_on(isa::kAvx2Level | isa::kAvxVnni, options.isa)) return kAvx;
  if (isa::runs_on(isa::kAvx2Level, options.isa)) return wide ? kWide : kPairs;
#endif
  return {};
}

}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr size_t kX = 0, kXScale = 1, kXZero = 2, kW = 3, kWScale = 4, kWZero = 5, kYScale = 6, kYZero = 7,
                 kBias = 8, kResidual = QuantizedSum::kResidual;
constexpr TypeSet kByte = DType::kI8 | DType::kU8;
// Of the sums of products and of the bias: together, and with the zero points taken off, they fit 31 bits.
constexpr int64_t kMostSum = int64_t{1} << 29;
// Columns of a group at most.
constexpr int64_t kGroupColumns = 64;
// A copied image may be so many times as large as image and result together.
constexpr double kMostCopied = 16;
// Of a depthwise window.
constexpr int64_t kMostRows = 64;
// Of a task's rows: of those that are flipped for it alone, and where there are more than kTaskRows.
constexpr int64_t kTaskBytes = 16 << 10;
// Of a task, where there are few tasks.
constexpr int64_t kFewRows = 12;
// Bytes behind a copied image: the last row's last run is rounded up.
constexpr int64_t kSlack = 64;

bool by_filter(const NodeQuery& q, size_t i, int64_t filters) {
  return q.has_in(i) && q.in[i].constant != nullptr &&
         (q.in[i].elements() == 1 || q.in[i].elements() == filters);
}
int zero_point(const NodeQuery& q, int64_t filter) {
  const Tensor& t = *q.in[kWZero].constant;
  return static_cast<int>(t.int_at(t.elements() == 1 ? 0 : filter));
}

// What each filter's sums are multiplied with: one for all, or one each.
std::vector<float> factors(const NodeQuery& q) {
  const auto number = [&](size_t i) { return *q.in[i].constant->data<float>(); };
  const float x = number(kXScale), y = number(kYScale);
  // Of a mapped file, and perhaps not aligned.
  std::vector<float> list(static_cast<size_t>(q.in[kWScale].elements()));
  memcpy(list.data(), q.in[kWScale].constant->raw(), list.size() * sizeof(float));
  for (float& v : list) v = x * v / y;
  return list;
}

// All zero points of the filter are zero.
bool is_centered(const NodeQuery& q) {
  const auto* const zero = static_cast<const uint8_t*>(q.in[kWZero].constant->raw());
  return std::all_of(zero, zero + q.in[kWZero].elements(), [](uint8_t z) { return z == 0; });
}

// Weights less their zero point lie in [low, high].
bool weights_fit(const NodeQuery& q, int low, int high) {
  const Tensor& w = *q.in[kW].constant;
  if (high == 127 && w.dtype() == DType::kI8 && is_centered(q)) return true;
  const int64_t filters = w.dims()[0], size = w.elements() / filters;
  const auto* const bytes = static_cast<const uint8_t*>(w.raw());
  const int flip = w.dtype() == DType::kI8 ? 0x80 : 0;  // an int8 as the uint8 128 above it
  for (int64_t m = 0; m < filters; ++m) {
    const int zero = zero_point(q, m) + flip;
    uint8_t least = 255, most = 0;
    LITE_VECTORIZE
    for (int64_t i = m * size; i < (m + 1) * size; ++i) {
      const auto v = static_cast<uint8_t>(bytes[i] ^ flip);
      least = std::min(least, v);
      most = std::max(most, v);
    }
    if (least - zero < low || most - zero > high) return false;
  }
  return true;
}

void flip_top_bits(const uint8_t* from, uint8_t* to, int64_t n) {
  LITE_VECTORIZE
  for (int64_t i = 0; i < n; ++i) to[i] = from[i] ^ 0x80;
}

// The image with its padding, which strides may step over: a number of any size.
double copied_bytes(const ops::ConvShape& s) {
  double bytes = static_cast<double>(s.batch) * static_cast<double>(s.channels);
  for (size_t d = 0; d < s.in.size(); ++d)
    bytes *= static_cast<double>(s.in[d]) + static_cast<double>(s.window.pads_begin[d]) +
             static_cast<double>(s.window.pads_end[d]);
  return bytes;
}

WhyNot rejects(const NodeQuery& q) {
  const Int8Kernels fn = int8_kernels(q.options, 0, false);
  if (fn.product == nullptr) return "no vectors";
  const Operand &x = q.in[kX], &w = q.in[kW], &y = q.out[0];
  if (x.dims.size() != 3 && x.dims.size() != 4) return "not one or two spatial dimensions";
  if (x.layout != Layout::kChannelsLast || y.layout != Layout::kChannelsLast) return "not channels-last";
  if (!kByte.has(x.dtype) || !kByte.has(w.dtype) || !kByte.has(y.dtype)) return "not 8-bit";
  if (x.elements() == 0 || y.elements() == 0) return "empty";
  if (w.constant == nullptr) return "the filter is not constant";
  for (const size_t i : {kXScale, kXZero, kYScale, kYZero})
    if (!is_known_scalar(q, i)) return "a scale or zero point is not one constant";
  const int64_t filters = w.dims[0], group = q.attrs().i64("group", 1), size = w.elements() / filters;
  if (!by_filter(q, kWScale, filters) || !by_filter(q, kWZero, filters))
    return "scales or zero points of the filter";
  if (q.has_in(kBias)) {
    if (q.in[kBias].constant == nullptr) return "the bias is not constant";
    for (int64_t m = 0; m < filters; ++m)
      if (std::abs(q.in[kBias].constant->int_at(m)) > kMostSum) return "a bias does not fit 29 bits";
  }
  if (size > kMostSum / (255 * 255)) return "sums may not fit 29 bits";
  // Twice that, times the factor, is rounded to 32 bits.
  for (const float f : factors(q))
    if (!(std::abs(f) < 1)) return "a factor of 1 or more";
  const auto shape = ops::resolve_conv(q.attrs(), x.dims, w.dims);
  if (!shape.is_ok() ||
      copied_bytes(shape.value()) > kMostCopied * static_cast<double>(x.elements() + y.elements()))
    return "padding is much larger than the image";
  if (group != 1) {
    if (group != x.dims[1] || group != filters) return "groups that are not depthwise";
    const auto dilations = q.attrs().ints("dilations");
    if (!dilations.empty() && dilations.back() != 1) return "a dilated depthwise filter";
    if (w.dims.size() == 4 && w.dims[2] > kMostRows) return "a tall window";
  }
  if (q.has_in(kResidual) && group != 1) return "a residual of a depthwise filter";
  if (const WhyNot why = QuantizedSum::rejects(q)) return why;
  const bool all_bits = fn.adds_four || group != 1;
  return (all_bits ? weights_fit(q, -128, 127) : weights_fit(q, -64, 64)) ? nullptr
         : all_bits ? "weights less their zero point do not fit 8 bits"
                    : "weights beyond [-64,64] need VNNI";
}

// Rows and columns; a line has one row.
struct Axis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, pad = 0, pad_end = 0;
  int64_t padded() const { return in + pad + pad_end; }
  // Two outputs that are neighbours see neighbours, with a window that depthwise filters have a loop for.
  bool makes_pairs() const { return stride == 1 && kernel == 3 && out % 2 == 0; }
};
Axis axis_of(const ops::ConvShape& s, size_t d) {
  const ops::Window& w = s.window;
  return {s.in[d], w.out[d], w.kernel[d], w.strides[d], w.dilations[d], w.pads_begin[d], w.pads_end[d]};
}

// A group of columns as wide as `vectors` vectors; column `first + i` of the product is its i-th.
struct Group {
  int64_t first, columns, vectors;
  size_t lane;    // of its first lane among all groups' lanes
  size_t weight;  // of its first weight in the packed ones
};

class Int8Conv final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<Int8Conv>();
    LITE_ASSIGN(const ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[kX].dims, q.in[kW].dims));
    k->batch_ = s.batch;
    k->channels_ = s.channels;
    k->filters_ = s.filters;
    k->depthwise_ = s.group != 1;
    if (s.in.size() == 2) k->h_ = axis_of(s, 0);
    k->w_ = axis_of(s, s.in.size() - 1);
    const auto kernels_for = [&](int64_t channels) {
      return int8_kernels(q.options, channels, k->depthwise_ && !weights_fit(q, -64, 64));
    };
    k->fn_ = kernels_for(k->depthwise_ ? s.channels : 0);
    if (const Int8Kernels wide = kernels_for(2 * s.channels);
        k->depthwise_ && k->w_.makes_pairs() && 2 * s.channels == 4 * wide.lanes) {
      k->pairs_ = true;
      k->fn_ = wide;
    }
    k->x_zero_ = static_cast<uint8_t>(q.in[kXZero].constant->int_at(0));
    k->flip_ = q.in[kX].dtype == DType::kI8 ? 0x80 : 0;
    k->sum_ = QuantizedSum::of_convolution(q);
    if (k->depthwise_)
      k->plan_depthwise();
    else
      k->plan_product();
    k->requantise(q);
    LITE_ASSIGN(k->packed_, k->pack(*q.in[kW].constant, q, packs));
    k->correct_bias(q);
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    if (depthwise_)
      depthwise(l);
    else
      product(l);
    return ok();
  }
  bool reads_input(size_t i) const override { return i == kX || i == kResidual; }
  size_t workspace_bytes() const override {
    return copies_ && !flips_blocks_
               ? static_cast<size_t>(batch_ * h_.padded() * w_.padded() * channels_ + kSlack)
               : 0;
  }

 private:
  // ---- what is known before

  void plan_product() {
    // Under a window without gaps the places of a row follow each other.
    const bool joined = w_.dilation == 1;
    run_bytes_ = round_up(joined ? w_.kernel * channels_ : channels_, 4);
    for (int64_t kh = 0; kh < h_.kernel; ++kh)
      for (int64_t kw = 0; kw < (joined ? 1 : w_.kernel); ++kw)
        runs_.push_back((kh * h_.dilation * w_.padded() + kw * w_.dilation) * channels_);
    copies_ = flip_ != 0 || h_.padded() != h_.in || w_.padded() != w_.in ||
              run_bytes_ != (joined ? w_.kernel * channels_ : channels_);
    size_t lane = 0, weight = 0;
    for (int64_t first = 0; first < filters_;) {
      const int64_t left = ceil_div(filters_ - first, fn_.lanes), vectors = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      const int64_t columns = std::min(vectors * fn_.lanes, filters_ - first);
      groups_.push_back({first, columns, vectors, lane, weight});
      first += columns;
      lane += static_cast<size_t>(vectors * fn_.lanes);
      weight += static_cast<size_t>(vectors * fn_.lanes * run_bytes_) * runs_.size();
    }
    lanes_ = lane;
    weight_bytes_ = weight;
    // Few bytes a row are done soon: more rows then.
    const int64_t row_bytes = run_bytes_ * static_cast<int64_t>(runs_.size());
    if (!sum_ && row_bytes * 4 * fn_.lanes <= kPieceBytes)
      task_rows_ = std::clamp(kTaskBytes / row_bytes / kTaskRows * kTaskRows, kTaskRows, kMostTaskRows);
    // What is larger is read once: the weights, or the image.
    weights_first_ = static_cast<int64_t>(weight) > batch_ * h_.in * w_.in * channels_;
    rows_follow_ = h_.kernel * w_.kernel * h_.stride * w_.stride == 1 && h_.padded() == h_.in &&
                   w_.padded() == w_.in && run_bytes_ == channels_;
    flips_blocks_ = flip_ != 0 && rows_follow_ && !weights_first_ && task_rows_ * channels_ <= kTaskBytes;
  }

  // Of pairs of pixels, channels_ * 2, where one is half a block and the next lies beside it.
  int64_t block_channels() const { return pairs_ ? 2 * channels_ : channels_; }

  void plan_depthwise() {
    const int64_t width = 4 * fn_.lanes, channels = block_channels();
    copies_ = pairs_;
    row_groups_ = ceil_div(h_.kernel, 4);
    const int64_t bytes = row_groups_ * w_.kernel * 4 * width;
    for (int64_t b = 0; b * width < channels; ++b) {
      const int64_t first = std::max<int64_t>(0, std::min(b * width, channels - width));
      groups_.push_back({first, std::min(width, channels), 4, static_cast<size_t>(b * width),
                         static_cast<size_t>(b * bytes)});
    }
    lanes_ = groups_.size() * static_cast<size_t>(width);
    weight_bytes_ = groups_.size() * static_cast<size_t>(bytes);
    padding_.assign(static_cast<size_t>(kPaddedPixels * channels + width), x_zero_);
  }

  // The place in its group of the column that a lane of vector v calculates: of four vectors as pack4()
  // orders them.
  int64_t column_of(const Group& g, int64_t v, int64_t lane) const {
    return g.vectors == 4 ? lane / 4 * 16 + v * 4 + lane % 4 : v * fn_.lanes + lane;
  }

  // f(lane among all, filter) for every lane that calculates one.
  template <class F>
  void for_lanes(const F& f) const {
    for (const Group& g : groups_)
      for (int64_t v = 0; v < g.vectors; ++v)
        for (int64_t lane = 0; lane < fn_.lanes; ++lane)
          if (const int64_t c = column_of(g, v, lane); c < g.columns)
            f(g.lane + static_cast<size_t>(v * fn_.lanes + lane), (g.first + c) % filters_);
  }

  void requantise(const NodeQuery& q) {
    y_ = {nullptr, filters_, static_cast<int32_t>(q.in[kYZero].constant->int_at(0)),
          q.out[0].dtype == DType::kI8};
    factors_.resize(lanes_);
    const std::vector<float> list = factors(q);
    for_lanes([&](size_t lane, int64_t m) {
      factors_[lane] = list[list.size() == 1 ? 0 : static_cast<size_t>(m)];
    });
  }

  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, const NodeQuery& q,
                                                        PackCache& packs) const {
    std::string zeros;
    if (!is_centered(q))
      for (int64_t m = 0; m < q.in[kWZero].elements(); ++m)
        zeros += ':' + std::to_string(q.in[kWZero].constant->int_at(m));
    const std::string how = cat("int8:", fn_.lanes,
                                pairs_       ? ":pairs"
                                : depthwise_ ? ":depthwise"
                                             : "",
                                ":", runs_.size(), zeros);
    const size_t bytes = weight_bytes_ + static_cast<size_t>(filters_) * sizeof(int32_t);
    return packs.get(w, how, bytes, [&](void* to) -> Status {
      auto* const packed = static_cast<int8_t*>(to);
      auto* const sums = reinterpret_cast<int32_t*>(packed + weight_bytes_);
      std::vector<int8_t> filter(static_cast<size_t>(w.elements() / filters_));
      // The filters of one vector's lanes, one after the other, whose quarters then take turns.
      const auto length = static_cast<int64_t>(weight_row_bytes());
      std::vector<int8_t> rows(static_cast<size_t>(fn_.lanes * length));
      for (const Group& g : groups_)
        for (int64_t v = 0; v < g.vectors; ++v) {
          std::fill(rows.begin(), rows.end(), int8_t{0});
          for (int64_t lane = 0; lane < fn_.lanes; ++lane) {
            const int64_t c = column_of(g, v, lane);
            if (c >= g.columns) continue;
            const int64_t m = (g.first + c) % filters_;
            sums[m] = read_filter(q, m, filter.data());
            if (depthwise_)
              order_window(filter.data(), rows.data() + lane * length);
            else
              order_runs(filter.data(), rows.data() + lane * length);
          }
          transpose4(q.options)(reinterpret_cast<const unsigned char*>(rows.data()),
                                reinterpret_cast<unsigned char*>(packed + g.weight + v * fn_.lanes * 4),
                                length / 4, fn_.lanes, length, 4 * g.vectors * fn_.lanes);
        }
      return ok();
    });
  }

  size_t weight_row_bytes() const {
    return depthwise_ ? static_cast<size_t>(row_groups_ * w_.kernel * 4)
                      : static_cast<size_t>(run_bytes_) * runs_.size();
  }
  // Filter m less its zero point; its sum.
  static int32_t read_filter(const NodeQuery& q, int64_t m, int8_t* to) {
    const Tensor& w = *q.in[kW].constant;
    const int64_t size = w.elements() / w.dims()[0];
    const auto zero = zero_point(q, m);
    const auto* const from = static_cast<const uint8_t*>(w.raw()) + m * size;
    // The low byte of the difference is the same for either type.
    int32_t sum = 0;
    LITE_VECTORIZE
    for (int64_t i = 0; i < size; ++i) {
      to[i] = static_cast<int8_t>(static_cast<uint8_t>(from[i] - zero));
      sum += to[i];
    }
    return sum;
  }
  // A filter [C,kernel...] as the runs of a row.
  void order_runs(const int8_t* w, int8_t* to) const {
    const int64_t positions = h_.kernel * w_.kernel, per_run = positions / static_cast<int64_t>(runs_.size());
    for (int64_t p = 0; p < positions; ++p) {
      int8_t* const at = to + p / per_run * run_bytes_ + p % per_run * channels_;
      for (int64_t c = 0; c < channels_; ++c) at[c] = w[c * positions + p];
    }
  }
  // A filter [kernel...] by columns, four rows at a time.
  void order_window(const int8_t* w, int8_t* to) const {
    for (int64_t kh = 0; kh < h_.kernel; ++kh)
      for (int64_t kw = 0; kw < w_.kernel; ++kw)
        to[(kh / 4 * w_.kernel + kw) * 4 + kh % 4] = w[kh * w_.kernel + kw];
  }

  // bias - zero point * sum of the filter, which is packed behind the weights; for the zero point as the
  // instruction sees it.
  void correct_bias(const NodeQuery& q) {
    const int64_t zero = x_zero_ ^ flip_;
    const auto* const sums =
        reinterpret_cast<const int32_t*>(static_cast<const int8_t*>(packed_->data.get()) + weight_bytes_);
    bias_.resize(lanes_);
    for_lanes([&](size_t lane, int64_t m) {
      const int64_t bias = q.has_in(kBias) ? q.in[kBias].constant->int_at(m) : 0;
      bias_[lane] = static_cast<int32_t>(bias - zero * sums[m]);
    });
  }

  // ---- at a run

  PackedColumns columns_of(const Group& g) const {
    return {static_cast<const int8_t*>(packed_->data.get()) + g.weight, bias_.data() + g.lane,
            factors_.data() + g.lane};
  }

  // The image with its padding, each byte as the instruction sees it.
  const uint8_t* copied(const Launch& l) const {
    const auto* const x = l.in<uint8_t>(kX);
    auto* const to = static_cast<uint8_t*>(l.workspace);
    const int64_t row = w_.in * channels_, padded_row = w_.padded() * channels_, rows = batch_ * h_.padded();
    const auto zero = static_cast<int>(x_zero_ ^ flip_);
    l.parallel->for_range(rows, rows_grain(padded_row), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        uint8_t* at = to + i * padded_row;
        const int64_t in = i % h_.padded() - h_.pad;
        if (in < 0 || in >= h_.in) {
          memset(at, zero, static_cast<size_t>(padded_row));
          continue;
        }
        memset(at, zero, static_cast<size_t>(w_.pad * channels_));
        at += w_.pad * channels_;
        const uint8_t* const from = x + (i / h_.padded() * h_.in + in) * row;
        if (flip_ == 0)
          memcpy(at, from, static_cast<size_t>(row));
        else
          flip_top_bits(from, at, row);
        memset(at + row, zero, static_cast<size_t>(w_.pad_end * channels_));
      }
    });
    memset(to + rows * padded_row, 0, kSlack);
    return to;
  }

  void product(const Launch& l) const {
    const uint8_t* const x = copies_ && !flips_blocks_ ? copied(l) : l.in<uint8_t>(kX);
    const int64_t pixels = batch_ * h_.out * w_.out, groups = static_cast<int64_t>(groups_.size());
    // As few blocks as there can be, for each reads the weights again; more where threads would be idle.
    const int64_t threads = l.parallel->threads, wanted = threads > 1 ? ceil_div(4 * threads, groups) : 1;
    const int64_t blocks =
        std::max(ceil_div(pixels, task_rows_), std::min(wanted, ceil_div(pixels, kFewRows)));
    const int64_t work = ceil_div(pixels, blocks) * run_bytes_ * static_cast<int64_t>(runs_.size());
    l.parallel->for_range(
        blocks * groups, rows_grain(work, int64_t{1} << 14), [&](int64_t begin, int64_t end) {
          int64_t at[kMostTaskRows], known = -1;
          uint8_t flipped[kTaskBytes];
          for (int64_t i = begin; i < end; ++i) {
            const int64_t block = weights_first_ ? i % blocks : i / groups;
            const Group& g = groups_[static_cast<size_t>(weights_first_ ? i / blocks : i % groups)];
            const int64_t first = pixels * block / blocks, count = pixels * (block + 1) / blocks - first;
            if (block != known) find_rows(first, count, at);
            if (block != known && flips_blocks_) {
              flip_top_bits(x + at[0], flipped, count * channels_);
              for (int64_t r = count; r-- > 0;) at[r] -= at[0];
            }
            known = block;
            const int64_t offset = first * filters_ + g.first;
            Requantised y = y_;
            y.out = l.out<uint8_t>(0) + offset;
            // The residual may lie where the result does.
            uint8_t before[kTaskRows * kGroupColumns];
            Int8Sum sum{};
            const bool sums_at_once = sum_ && sum_->numbers().fits && g.columns == 4 * fn_.lanes,
                       sums_behind = sum_ && !sums_at_once;
            if (sums_at_once) sum = {l.in<uint8_t>(kResidual) + offset, &sum_->numbers()};
            if (sums_behind) {
              y.out = before;
              y.step = g.columns;
            }
            fn_.product(
                {{flips_blocks_ ? flipped : x, at, count, runs_.data(), static_cast<int64_t>(runs_.size()),
                  run_bytes_, rows_follow_ ? 0 : first % w_.out, rows_follow_ ? count : w_.out},
                 columns_of(g),
                 g.vectors,
                 g.columns,
                 y,
                 sum});
            if (!sums_behind) continue;
            // Rows that follow each other are one.
            const bool whole = g.columns == filters_;
            sum_->rows(before, l.in<uint8_t>(kResidual) + offset, l.out<uint8_t>(0) + offset,
                       whole ? count * filters_ : g.columns, whole ? 1 : count, filters_);
          }
        });
  }

  // Where in the (copied) image the windows of `count` pixels from `first` on begin.
  void find_rows(int64_t first, int64_t count, int64_t* at) const {
    const int64_t height = copies_ ? h_.padded() : h_.in, width = copies_ ? w_.padded() : w_.in;
    int64_t ow = first % w_.out, oh = first / w_.out % h_.out, n = first / w_.out / h_.out;
    for (int64_t r = 0; r < count; ow = 0) {
      int64_t from = ((n * height + oh * h_.stride) * width + ow * w_.stride) * channels_;
      for (const int64_t end = std::min(count, r + w_.out - ow); r < end; ++r, from += w_.stride * channels_)
        at[r] = from;
      if (++oh < h_.out) continue;
      oh = 0;
      ++n;
    }
  }

  void depthwise(const Launch& l) const {
    // Pairs at the edges would be half in the padding: the image is copied with it.
    const uint8_t* const x = pairs_ ? copied(l) : l.in<uint8_t>(kX);
    const int64_t height = pairs_ ? h_.padded() : h_.in, width = pairs_ ? w_.padded() : w_.in,
                  pad = pairs_ ? 0 : h_.pad, rows = batch_ * h_.out;
    l.parallel->for_range(
        rows, rows_grain(w_.out * channels_ * h_.kernel * w_.kernel, int64_t{1} << 17),
        [&](int64_t begin, int64_t end) {
          const uint8_t* under[kMostRows];
          int64_t step[kMostRows];
          for (int64_t i = begin; i < end; ++i) {
            const uint8_t* const image = x + i / h_.out * height * width * channels_;
            for (int64_t kh = 0; kh < row_groups_ * 4; ++kh) {
              const int64_t ih = i % h_.out * h_.stride - pad + kh * h_.dilation;
              const bool inside = kh < h_.kernel && ih >= 0 && ih < height;
              // What a group has more than the window is multiplied with zeros.
              const bool again = kh >= h_.kernel;
              under[kh] = again ? under[kh - 1] : inside ? image + ih * width * channels_ : padding_.data();
              step[kh] = again ? step[kh - 1] : inside ? channels_ : 0;
            }
            Requantised y = y_;
            y.out = l.out<uint8_t>(0) + i * w_.out * channels_;
            const PackedColumns weights = columns_of(groups_[0]);
            if (pairs_) {
              y.step = 2 * channels_;
              fn_.depthwise({under, step, padding_.data(), row_groups_, w_.kernel, 2, 0, width, 2 * channels_,
                             w_.out / 2, 0, weights, y});
            } else {
              fn_.depthwise({under, step, padding_.data(), row_groups_, w_.kernel, w_.stride, w_.pad, width,
                             channels_, w_.out, flip_, weights, y});
            }
          }
        });
  }

  Int8Kernels fn_;
  int64_t batch_ = 0, channels_ = 0, filters_ = 0;
  Axis h_, w_;
  bool depthwise_ = false, pairs_ = false, copies_ = false, weights_first_ = false;
  bool rows_follow_ = false;   // each behind the one before
  bool flips_blocks_ = false;  // of a signed image, a task's rows at a time
  uint8_t x_zero_ = 0, flip_ = 0;
  std::vector<int64_t> runs_;  // where each begins, from the beginning of a row on
  int64_t run_bytes_ = 0, task_rows_ = kTaskRows, row_groups_ = 0;
  std::vector<Group> groups_;
  size_t lanes_ = 0, weight_bytes_ = 0;
  std::vector<uint8_t> padding_;
  std::vector<int32_t> bias_;
  std::vector<float> factors_;
  Requantised y_{};
  std::optional<QuantizedSum> sum_;
  std::shared_ptr<const PackCache::Packed> packed_;
};

constexpr KernelDef kKernels[] = {
    {"qlinear_conv_bytes:simd", "QLinearConv", rejects, Int8Conv::make},
    {"fused_qlinear_conv_bytes:simd", "FusedQLinearConv", rejects, Int8Conv::make, QuantizedSum::in_place},
};

}  // namespace

extern constinit const KernelTable simd_conv_int8;
constinit const KernelTable simd_conv_int8{kKernels};

}  // namespace lite::kernels
#endif
