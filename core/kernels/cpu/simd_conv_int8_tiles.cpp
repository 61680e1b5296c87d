#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_int8_tiles.cpp"
#include <algorithm>

#include "core/kernels/cpu/simd_conv_int8.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_bytes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2

#if HWY_TARGET == HWY_AVX3
inline constexpr int64_t kTileRows = 6, kNarrowRows = 8, kTilePixels = 4;
#else
inline constexpr int64_t kTileRows = 2, kNarrowRows = 4, kTilePixels = 2;
#endif

// How four products are added: in two steps, for weights of which two add up to [-128,128] or for all, or by
// VPDPBUSD of AVX-512 VNNI or of AVX-VNNI.
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
  // Not read again behind every store of bytes, which might be any of them.
  const Requantised y = p.y;
  const float* const factor = p.group.factor;
  const uint8_t* const before = p.sum.residual;
  const auto zero_out = static_cast<int32_t>(s.zero_out);
  for (int64_t at = first * y.step; rows-- > 0; at += y.step, sums += 4 * lanes) {
    const V32 bytes = hn::Xor(load_bytes(before + at), flip);
    const auto sum = [&](int v, VF residual) HWY_ATTR {
      const VF x = hn::Mul(hn::ConvertTo(DF(), hn::LoadU(D32(), sums + v * lanes)),
                           hn::LoadU(DF(), factor + v * lanes));
      const VF a = hn::Sub(hn::Add(hn::Min(hn::Max(x, low), high), add), subtract),
               b = hn::Sub(residual, zero_b);
      return nearest(hn::Add(hn::Mul(a, factor_a), hn::Mul(b, factor_b)));
    };
    const V32 v[4] = {sum(0, units_of<0>(bytes)), sum(1, units_of<1>(bytes)), sum(2, units_of<2>(bytes)),
                      sum(3, units_of<3>(bytes))};
    store_bytes(pack4(v, zero_out, y.is_signed), y.out + at);
  }
}

// Bytes [begin, end) of runs [first_run, last_run), or of all quads, whose weights begin at w. Sums go on
// from `sums`, and are left there, where they are a part only.
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

// Adds the products of the piece's runs; row r begins at a[r].
template <Dot kDot, int kVectors, int kRows>
HWY_INLINE void add_runs(const Tile& t, const uint8_t* const (&a)[kRows], V32 (&sum)[kRows][kVectors]) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D32()));
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
}

#if HWY_TARGET == HWY_AVX2
// The quads of a piece, which `at` and `w` go through.
struct QuadWalk {
  const int32_t* at;
  const int8_t *w, *ahead;
  int64_t ahead_step;
};

// The same for quads up to `end`: of kQuads at a time, sums of 16 bits.
template <int kQuads, int kVectors, int kRows>
HWY_INLINE void add_quads(QuadWalk& q, const int32_t* end, const uint8_t* const (&a)[kRows],
                          V32 (&sum)[kRows][kVectors]) {
  constexpr int64_t kStep = kVectors * hn::MaxLanes(D32()) * 4;
  const __m256i ones = _mm256_set1_epi16(1);
  for (; q.at < end; q.at += kQuads, q.w += kQuads * kStep, q.ahead += kQuads * q.ahead_step) {
    LITE_UNROLL
    for (int i = 0; i < kQuads; ++i) {
      __builtin_prefetch(q.ahead + i * q.ahead_step, 0, 2);
      if (kRows == 1 && kStep > 64) __builtin_prefetch(q.ahead + i * q.ahead_step + 64, 0, 2);
    }
    LITE_UNROLL
    for (int r = 0; r < kRows; ++r) {
      __m256i part[kVectors];
      LITE_UNROLL
      for (int i = 0; i < kQuads; ++i) {
        int32_t four;
        memcpy(&four, a[r] + q.at[i], sizeof four);
        const __m256i x = _mm256_set1_epi32(four);
        LITE_UNROLL
        for (int v = 0; v < kVectors; ++v) {
          __m256i two = _mm256_maddubs_epi16(x, load_bytes(q.w + i * kStep + v * 32).raw);
          if (i > 0) two = _mm256_add_epi16(part[v], two);
          // One row after the other: the compiler would do all products first, and run out of registers.
          __asm__ volatile("" : "+x"(two));
          part[v] = two;
          if (i + 1 == kQuads) sum[r][v] = hn::Add(sum[r][v], V32{_mm256_madd_epi16(two, ones)});
        }
      }
    }
  }
}

// A piece of quads: where it begins, and where its sums of four, three, two and one end.
struct QuadPiece {
  explicit QuadPiece(const Tile& t) : begin(t.product.group.quads.at + t.piece.begin / 4) {
    const Quads& quads = t.product.group.quads;
    const int32_t *const end = quads.at + t.piece.end / 4, *const fours = quads.at + 4 * quads.sums[0],
                         *const threes = fours + 3 * quads.sums[1], *const twos = threes + 2 * quads.sums[2];
    ends[0] = std::min(end, fours);
    ends[1] = std::min(end, threes);
    ends[2] = std::min(end, twos);
    ends[3] = end;
  }
  template <int kVectors, int kRows>
  HWY_INLINE void add(const Tile& t, const uint8_t* const (&a)[kRows], V32 (&sum)[kRows][kVectors]) const {
    QuadWalk q{begin, t.piece.w, t.ahead, t.ahead_step};
    add_quads<4>(q, ends[0], a, sum);
    add_quads<3>(q, ends[1], a, sum);
    add_quads<2>(q, ends[2], a, sum);
    add_quads<1>(q, ends[3], a, sum);
  }
  const int32_t *begin, *ends[4];
};
#endif

// The sums of rows that begin at row `first`, of which `columns` are there.
template <int kRows, int kVectors>
HWY_INLINE void store_sums(const Int8Product& p, int64_t first, const V32 (&sum)[kRows][kVectors]) {
  constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(D32()));
  int32_t* to = p.sums + first * p.sums_step;
  LITE_UNROLL
  for (int r = 0; r < kRows; ++r, to += p.sums_step) {
    LITE_UNROLL
    for (int v = 0; v < kVectors; ++v) {
      const int64_t n = p.columns - v * kLanes;
      if (HWY_LIKELY(n >= kLanes)) {
        hn::StoreU(sum[r][v], D32(), to + v * kLanes);
      } else if (n > 0) {
        alignas(64) int32_t part[kLanes];
        hn::Store(sum[r][v], D32(), part);
        memcpy(to + v * kLanes, part, static_cast<size_t>(n) * sizeof(int32_t));
      }
    }
  }
}

// `add` adds the products.
template <int kVectors, int kRows, class Add>
HWY_INLINE void tile(const Tile& t, const Add& add) {
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
  add(a, sum);
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
  if (p.sums != nullptr) return store_sums(p, t.first, sum);
  // Not read again behind every store of bytes, which might be any of them.
  const Requantised y = p.y;
  const float* const factor = p.group.factor;
  const int64_t columns = p.columns;
  uint8_t* const out = y.out + t.first * y.step;
  LITE_UNROLL
  for (int r = 0; r < kRows; r += 4 / kVectors) store_rows(sum, r, factor, y, out + r * y.step, columns);
}

template <Dot kDot, int kVectors, int kRows>
HWY_NOINLINE void product_tile(const Tile& t) {
  tile<kVectors, kRows>(t, [&](const auto& a, auto& sum) HWY_ATTR { add_runs<kDot>(t, a, sum); });
}

#if HWY_TARGET == HWY_AVX2
// `tiles` tiles of quads, one after the other.
template <int kVectors, int kRows>
HWY_NOINLINE void quad_tiles(Tile t, int64_t tiles) {
  const QuadPiece piece(t);
  // A residual is added to all rows at once.
  const bool adds_residual = t.piece.is_last && t.product.sum.residual != nullptr;
  const int64_t first = t.first, rows = tiles * kRows;
  if (adds_residual) t.piece.is_last = false;
  const int64_t ahead = (t.piece.end - t.piece.begin) / 4 * t.ahead_step;
  for (; tiles > 0; --tiles, t.first += kRows, t.ahead += ahead)
    tile<kVectors, kRows>(t, [&](const auto& a, auto& sum) HWY_ATTR { piece.add(t, a, sum); });
  if (adds_residual) store_sum(t.product, t.piece.sums + first * kVectors * hn::MaxLanes(D32()), first, rows);
}
#endif

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
      for (const uint8_t*& p : a) {
        p += 4;
        __asm__("" : "+r"(p));
      }
    }
  }
  if (t.product.sums != nullptr) return store_sums(t.product, t.first, sum);
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

#if HWY_TARGET == HWY_AVX2
template <int kVectors, int kRows>
HWY_INLINE void quad_rows(const Tile& t, int64_t rows, int64_t tiles) {
  if constexpr (kRows > 1) {
    if (rows < kRows) return quad_rows<kVectors, kRows - 1>(t, rows, tiles);
  }
  quad_tiles<kVectors, kRows>(t, tiles);
}
#endif

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
#if HWY_TARGET == HWY_AVX2
  if constexpr (kDot == Dot::kPairs) {
    const int64_t height = p.rows.count / tiles, taller = p.rows.count % tiles;
    if (taller > 0) quad_rows<kVectors, static_cast<int>(kMost)>(t, height + 1, taller);
    t.first = taller * (height + 1);
    t.ahead += taller * steps * t.ahead_step;
    return quad_rows<kVectors, static_cast<int>(kMost)>(t, height, tiles - taller);
  }
#endif
  for (int64_t i = 1; i <= tiles; ++i, t.ahead += steps * t.ahead_step) {
    const int64_t next = first + (p.rows.count - first) * i / tiles;
    product_rows<kDot, kVectors, static_cast<int>(kMost)>(t, next - t.first);
    t.first = next;
  }
}

template <Dot kDot, int kVectors>
HWY_INLINE void product_pieces(const Int8Product& p) {
  const int64_t row = kVectors * static_cast<int64_t>(hn::Lanes(D32()));  // of weights, a byte of a run
  HWY_ALIGN int32_t sums[kTaskRows * HWY_MAX_BYTES];
  // Quads are one run, in an order of their own.
  constexpr bool kQuads = kDot == Dot::kPairs;
  constexpr int64_t kMost = kQuads ? kQuadPieceBytes : kPieceBytes;
  const int64_t runs = kQuads ? 1 : p.rows.runs, bytes = kQuads ? 4 * p.group.quads.count : p.rows.run_bytes;
  if (runs * bytes * row <= kMost || p.rows.count <= kTileRows)
    return product_tiles<kDot, kVectors>(p, {0, runs, 0, bytes, p.group.weights, sums, true, true});
  const int64_t pieces = ceil_div(bytes * row, kMost);
  if constexpr (kQuads) {
    const Quads& quads = p.group.quads;
    for (int64_t i = 0, k = 0, next; i < pieces; ++i, k = next) {
      next = 4 * whole_sums(quads.sums, quads.count * (i + 1) / pieces);
      product_tiles<kDot, kVectors>(
          p, {0, 1, k, next, p.group.weights + k * row, sums, i == 0, i + 1 == pieces});
    }
    return;
  }
  const int64_t step = round_up(ceil_div(bytes, pieces), 4);
  for (int64_t run = 0; run < runs; ++run)
    for (int64_t k = 0; k < bytes; k += step)
      product_tiles<kDot, kVectors>(
          p, {run, run + 1, k, std::min(bytes, k + step), p.group.weights + (run * bytes + k) * row, sums,
              run == 0 && k == 0, run + 1 == runs && k + step >= bytes});
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

#if HWY_TARGET == HWY_AVX2
// The same where four bytes are added in two steps, for whole blocks of channels: a pixel at a time, with the
// interleaved bytes of the columns that the next one sees, too, in registers.
template <int kStride, bool kFlips>
HWY_NOINLINE void depthwise_pairs(const Int8Depthwise& p, const PackedColumns& block, int64_t c) {
  constexpr int64_t kBytes = 4 * hn::MaxLanes(D32());
  [[maybe_unused]] const V8 flip = hn::Set(D8(), p.flip);
  const Requantised y = p.y;
  const float* const factor = block.factor;
  const int32_t* const bias = block.bias;
  const int8_t* const w = block.weights;
  const int64_t width = p.width, pixels = p.pixels;
  const uint8_t *const padding = p.padding + c, *rows[4];
  int64_t step[4];
  for (int r = 0; r < 4; ++r) {
    rows[r] = p.rows[r] + c;
    step[r] = p.row_step[r];
  }
  const auto see = [&](int64_t column, V32(&x)[4]) HWY_ATTR {
    const bool inside = column >= 0 && column < width;
    V8 pixel[4];
    LITE_UNROLL
    for (int r = 0; r < 4; ++r) {
      pixel[r] = hn::LoadU(D8(), inside ? rows[r] + column * step[r] : padding);
      if constexpr (kFlips) pixel[r] = hn::Xor(pixel[r], flip);
    }
    interleave(pixel, x);
  };
  V32 x[3][4];
  constexpr int kAhead = 3 - kStride, kTurn = kStride == 1 ? 3 : 2;
  LITE_UNROLL
  for (int i = 0; i < kAhead; ++i) see(i - p.pad, x[i]);
  for (int64_t o = 0;; o += kTurn) {
    LITE_UNROLL
    for (int i = 0; i < kTurn; ++i) {
      const int64_t last = (o + i) * kStride - p.pad + 2;
      const int at[3] = {kStride == 1 ? i : 2 * i, kStride == 1 ? (i + 1) % 3 : 1,
                         kStride == 1 ? (i + 2) % 3 : 2 - 2 * i};
      if constexpr (kStride == 2) see(last - 1, x[at[1]]);
      see(last, x[at[2]]);
      V32 sum[4];
      LITE_UNROLL
      for (int v = 0; v < 4; ++v) {
        sum[v] = hn::LoadU(D32(), bias + v * hn::MaxLanes(D32()));
        LITE_UNROLL
        for (int k = 0; k < 3; ++k)
          sum[v] = dot4<Dot::kPairs>(sum[v], x[at[k]][v], load_bytes(w + (k * 4 + v) * kBytes));
        // One vector after the other, for there are just as many registers.
        __asm__ volatile("" : "+x"(sum[v].raw));
      }
      store_pixel(sum, factor, y, y.out + (o + i) * y.step + c, kBytes);
      if (o + i + 1 == pixels) return;
    }
  }
}
#endif

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
#if HWY_TARGET == HWY_AVX2
    if constexpr (kDot == Dot::kPairs) {
      if (tiles && columns == width) {
        if (p.flip == 0)
          p.stride == 1 ? depthwise_pairs<1, false>(p, block, c) : depthwise_pairs<2, false>(p, block, c);
        else
          p.stride == 1 ? depthwise_pairs<1, true>(p, block, c) : depthwise_pairs<2, true>(p, block, c);
        continue;
      }
    }
#endif
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

}  // namespace lite::simd
#endif
