#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_gemm.cpp"
#include "core/kernels/cpu/simd_gemm.h"

#include <limits>

#include "core/kernels/cpu/simd_copy.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// Panels of B are 2 vectors wide, or more where there are registers for it: the wider a panel, the less often
// A is read. rows_of(v): as many rows as keep rows x v accumulators, v vectors of B and one of A in
// registers.
#if HWY_TARGET == HWY_AVX3
inline constexpr int kMaxVectors = 4, kAccumulators = 24;
#elif HWY_TARGET == HWY_AVX2
inline constexpr int kMaxVectors = 3, kAccumulators = 12;
#elif HWY_TARGET == HWY_NEON
inline constexpr int kMaxVectors = 3, kAccumulators = 24;
#elif HWY_TARGET == HWY_SCALAR
inline constexpr int kMaxVectors = 2, kAccumulators = 8;
#else
inline constexpr int kMaxVectors = 2, kAccumulators = 12;
#endif
// Multiply-adds wait for those before them where there are fewer chains.
inline constexpr int kChains = 8;
constexpr int rows_of(int vectors) {
  return vectors == 1 ? std::max(kAccumulators / 2, kChains) : kAccumulators / std::max(2, vectors);
}
// Panels side by side that few rows take, to have so many.
constexpr int panels_of(int64_t rows, int vectors) {
  if (rows == 1) return std::max(2, kAccumulators / 3 / vectors);
  return rows * vectors < kChains && 2 * rows * vectors <= kAccumulators ? 2 : 1;
}

// With masks for free, the last vector of a row needs no buffer where it is not whole.
inline constexpr bool kMasks = HWY_TARGET == HWY_AVX3;
inline constexpr float kInf = std::numeric_limits<float>::infinity();

struct Block {
  const float *a, *b;
  // With GemmArgs::rows: of the first place, those of the others `listed_step` apart, each `a_depth` of
  // `depth`.
  const float* const* listed;
  int64_t listed_step, listed_offset, a_depth;
  const float* zeros;  // what is listed of rows that have nothing there
  float* c;
  int64_t a_row, a_column, b_row, c_row, panel, depth;  // panel: from one panel of B to the next
  // Tiles of as many rows that follow each other: below, or with `right` beside, so far apart in C.
  int64_t tiles, right;
  // What the chains begin with, either may be null: rows start_row apart, and what is the same for all rows.
  const float* start;
  int64_t start_row;
  const float *bias, *row_bias;  // row_bias: of each row
  // The end of the chains: values go between them, either may be null. Numbers would lie in registers all
  // along.
  const float *low, *high;
  size_t rest;  // with kMasks, columns in the last vector
  // What is read soon, fetched to the second-level cache: ahead_step bytes further with each step of depth.
  const char* ahead;
  int64_t ahead_step;

  void move(int64_t rows, int64_t panels) {
    ahead += depth * ahead_step;
    c += right != 0 ? right : rows * c_row;
    if (start != nullptr) start += right != 0 ? right : rows * start_row;
    if (right != 0) {
      b += panels * panel;
      if (bias != nullptr) bias += right;
    } else {
      if (listed != nullptr)
        listed += rows;
      else
        a += rows * a_row;
      if (row_bias != nullptr) row_bias += rows;
    }
  }
};

// Loads it once: for two or three rows GCC would make it the memory operand of each multiply-add, and each
// would go to the cache.
template <class V>
HWY_INLINE void hold([[maybe_unused]] V& v) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2
  __asm__("" : "+v"(v.raw));
#endif
}

// Where the rows of A are: a step apart, or listed.
enum class Rows { kApart, kListed };

// C[0..kM)[0..kPanels * kVectors) = start + bias + A * B over `depth`, columns in vectors; and so on for more
// tiles, behind which t lies in the end. A copy of it would have to wait for what was just written into it.
template <Rows kRows, int kM, int kVectors, int kPanels = 1>
void multiply(Block& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int kColumns = kVectors * kPanels;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto mask = hn::FirstN(d, t.rest);
  const auto load = [&](const float* row, int j) HWY_ATTR {
    return kMasks && j + 1 == kColumns ? hn::MaskedLoad(mask, d, row + j * lanes)
                                       : hn::LoadU(d, row + j * lanes);
  };
  for (; t.tiles > 0; --t.tiles) {
    V acc[kM][kColumns];
    if (t.start == nullptr) {
      LITE_UNROLL
      for (int j = 0; j < kColumns; ++j) {
        const V first = t.bias != nullptr ? load(t.bias, j) : hn::Zero(d);
        LITE_UNROLL
        for (int r = 0; r < kM; ++r) acc[r][j] = first;
      }
    } else {
      LITE_UNROLL
      for (int r = 0; r < kM; ++r) LITE_UNROLL
      for (int j = 0; j < kColumns; ++j) acc[r][j] = load(t.start + r * t.start_row, j);
      if (t.bias != nullptr) {
        LITE_UNROLL
        for (int j = 0; j < kColumns; ++j) {
          const V bias = load(t.bias, j);
          LITE_UNROLL
          for (int r = 0; r < kM; ++r) acc[r][j] = hn::Add(acc[r][j], bias);
        }
      }
    }
    if (t.row_bias != nullptr) {
      LITE_UNROLL
      for (int r = 0; r < kM; ++r) {
        const V bias = hn::Set(d, t.row_bias[r]);
        LITE_UNROLL
        for (int j = 0; j < kColumns; ++j) acc[r][j] = hn::Add(acc[r][j], bias);
      }
    }
    [[maybe_unused]] const float* a = t.a;
    const float* b = t.b;
    // By their values: checked builds look at each access by way of t.
    const int64_t depth = t.depth, b_row = t.b_row;
    [[maybe_unused]] const int64_t a_row = t.a_row, a_column = t.a_column;
    [[maybe_unused]] const int64_t ahead_step = t.ahead_step, panel = t.panel;
    [[maybe_unused]] const char* ahead = t.ahead;
    [[maybe_unused]] const float* const* listed = t.listed;
    int64_t part = depth;  // of which rows of A lie together
    if constexpr (kRows == Rows::kListed) part = t.a_depth;
    for (int64_t left = depth; left > 0; left -= part) {
      [[maybe_unused]] const float* row[kM];
      if constexpr (kRows == Rows::kListed) {
        // Seldom: looked at closely only where the first one is.
        bool empty = listed[0] == t.zeros;
        if (empty) {
          LITE_UNROLL
          for (int r = 1; r < kM; ++r) empty = empty && listed[r] == t.zeros;
        }
        if (empty) {
          listed += t.listed_step;
          ahead += ahead_step * part;
          b += b_row * part;
          continue;
        }
        LITE_UNROLL
        for (int r = 0; r < kM; ++r) row[r] = listed[r] + t.listed_offset;
        listed += t.listed_step;
      }
      for (int64_t p = 0; p < part; ++p) {
        V va[kM];
        if constexpr (kPanels == 1) {
          V vb[kColumns];
          LITE_UNROLL
          for (int j = 0; j < kColumns; ++j) {
            vb[j] = hn::LoadU(d, b + j * lanes);
            if constexpr (kM > 1) hold(vb[j]);
          }
          __builtin_prefetch(ahead, 0, 2);
          ahead += ahead_step;
          LITE_UNROLL
          for (int r = 0; r < kM; ++r) {
            va[r] = hn::Set(d, kRows == Rows::kListed ? row[r][p] : a[r * a_row]);
            LITE_UNROLL
            for (int j = 0; j < kColumns; ++j) acc[r][j] = hn::MulAdd(va[r], vb[j], acc[r][j]);
          }
        } else {
          LITE_UNROLL
          for (int r = 0; r < kM; ++r) va[r] = hn::Set(d, kRows == Rows::kListed ? row[r][p] : a[r * a_row]);
          LITE_UNROLL
          for (int j = 0; j < kColumns; ++j) {
            V vb = hn::LoadU(d, b + j / kVectors * panel + j % kVectors * lanes);
            if constexpr (kM > 1) hold(vb);
            LITE_UNROLL
            for (int r = 0; r < kM; ++r) acc[r][j] = hn::MulAdd(va[r], vb, acc[r][j]);
          }
        }
        if constexpr (kRows == Rows::kApart) a += a_column;
        b += b_row;
      }
    }
    if (t.low != nullptr) {
      const V low = hn::Set(d, *t.low);
      LITE_UNROLL
      for (int r = 0; r < kM; ++r) LITE_UNROLL
      for (int j = 0; j < kColumns; ++j) acc[r][j] = at_least(d, acc[r][j], low);
    }
    if (t.high != nullptr) {
      const V high = hn::Set(d, *t.high);
      LITE_UNROLL
      for (int r = 0; r < kM; ++r) LITE_UNROLL
      for (int j = 0; j < kColumns; ++j) acc[r][j] = at_most(d, acc[r][j], high);
    }
    LITE_UNROLL
    for (int r = 0; r < kM; ++r) LITE_UNROLL
    for (int j = 0; j < kColumns; ++j) {
      float* const to = t.c + r * t.c_row + j * lanes;
      if (kMasks && j + 1 == kColumns)
        hn::BlendedStore(acc[r][j], mask, d, to);
      else
        hn::StoreU(acc[r][j], d, to);
    }
    t.move(kM, kPanels);
  }
}

using MultiplyFn = void(Block&);
template <Rows kRows, int kVectors, int... kM>
MultiplyFn* pick(std::integer_sequence<int, kM...>, int64_t m) {
  static constexpr MultiplyFn* kTable[] = {multiply<kRows, kM + 1, kVectors>...};
  return kTable[m - 1];
}
// For m rows of panels_of(m, vectors) > 1 panels.
template <Rows kRows, int kVectors>
MultiplyFn* pick_beside(int64_t m) {
  return m == 1   ? multiply<kRows, 1, kVectors, panels_of(1, kVectors)>
         : m == 2 ? multiply<kRows, 2, kVectors, panels_of(2, kVectors)>
                  : multiply<kRows, 3, kVectors, panels_of(3, kVectors)>;
}
template <Rows kRows>
MultiplyFn* pick_beside(int64_t vectors, int64_t m) {
  if constexpr (kMaxVectors >= 4)
    if (vectors == 4) return pick_beside<kRows, 4>(m);
  if constexpr (kMaxVectors >= 3)
    if (vectors == 3) return pick_beside<kRows, 3>(m);
  return pick_beside<kRows, 2>(m);
}
// For m <= rows_of(vectors) rows.
template <Rows kRows>
MultiplyFn* pick(int64_t vectors, int64_t m) {
  switch (vectors) {
    case 1:
      return pick<kRows, 1>(std::make_integer_sequence<int, rows_of(1)>(), m);
    case 2:
      return pick<kRows, 2>(std::make_integer_sequence<int, rows_of(2)>(), m);
    case 3:
      if constexpr (kMaxVectors >= 3) return pick<kRows, 3>(std::make_integer_sequence<int, rows_of(3)>(), m);
      break;
    default:
      if constexpr (kMaxVectors >= 4) return pick<kRows, 4>(std::make_integer_sequence<int, rows_of(4)>(), m);
  }
  return nullptr;
}
// For m rows of `panels` panels.
MultiplyFn* pick(bool listed, int64_t panels, int64_t vectors, int64_t m) {
  if (panels > 1)
    return listed ? pick_beside<Rows::kListed>(vectors, m) : pick_beside<Rows::kApart>(vectors, m);
  return listed ? pick<Rows::kListed>(vectors, m) : pick<Rows::kApart>(vectors, m);
}

// Calls f(i, load, store) for each vector of n elements. Whole vectors are loaded and stored plainly: masks
// are slow on AVX2.
template <class F>
HWY_INLINE void each_vector(int64_t n, const F& f) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes)
    f(
        i, [d](const float* p) HWY_ATTR { return hn::LoadU(d, p); },
        [d](auto v, float* p) HWY_ATTR { hn::StoreU(v, d, p); });
  if (i == n) return;
  const auto rest = static_cast<size_t>(n - i);
  f(
      i, [d, rest](const float* p) HWY_ATTR { return load_part(d, p, rest); },
      [d, rest](auto v, float* p) HWY_ATTR { store_part(v, d, p, rest); });
}

// y += the residual of that row, from that column on.
void add_residual(const GemmArgs& g, float* y, int64_t row, int64_t column, int64_t n) {
  const hn::ScalableTag<float> d;
  const float* z = g.residual + row * g.residual_row + column * g.residual_column;
  each_vector(n, [&](int64_t i, auto load, auto store) HWY_ATTR {
    store(hn::Add(load(y + i), g.residual_column == 0 ? hn::Set(d, *z) : load(z + i)), y + i);
  });
}

// What of C's definition goes with the chains of multiply(); finish() does the rest.
struct Chained {
  bool bias, residual, clip;
  explicit Chained(const GemmArgs& g)
      : bias(g.bias != nullptr && g.alpha == 1.0f),
        residual(g.residual != nullptr && !g.accumulate && g.alpha == 1.0f && g.residual_column == 1 &&
                 (!g.residual_after || g.activation == nullptr)),
        clip(g.activation != nullptr && g.activation->clips() && (g.bias == nullptr || bias) &&
             g.alpha == 1.0f && (g.residual == nullptr || residual || g.residual_after)) {}
  bool all(const GemmArgs& g) const {
    return g.alpha == 1.0f && (g.bias == nullptr || bias) && (g.residual == nullptr || residual) &&
           (g.activation == nullptr || clip);
  }
};

// The part of C's definition that follows the product, over rows x n of C that lie in the cache at c.
HWY_NOINLINE void finish(const GemmArgs& g, const Chained& chained, float* c, int64_t c_row, int64_t row,
                         int64_t column, int64_t rows, int64_t n) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto add_residuals = [&] {
    for (int64_t r = 0; r < rows; ++r) add_residual(g, c + r * c_row, row + r, column, n);
  };
  const bool has_bias = g.bias != nullptr && !chained.bias,
             has_residual = g.residual != nullptr && !chained.residual;
  if (g.alpha != 1.0f || has_bias) {
    const V alpha = hn::Set(d, g.alpha);
    for (int64_t r = 0; r < rows; ++r) {
      float* y = c + r * c_row;
      const V row_bias = has_bias && g.bias_per_row ? hn::Set(d, g.bias[row + r]) : hn::Zero(d);
      each_vector(n, [&](int64_t i, auto load, auto store) HWY_ATTR {
        V v = load(y + i);
        if (g.alpha != 1.0f) v = hn::Mul(v, alpha);
        if (has_bias) v = hn::Add(v, g.bias_per_row ? row_bias : load(g.bias + column + i));
        store(v, y + i);
      });
    }
  }
  if (has_residual && !g.residual_after) add_residuals();
  if (g.activation != nullptr && !chained.clip) {
    // Short rows that follow each other are one: each would end in a part of a vector.
    if (c_row == n)
      (*g.activation)(c, rows * n);
    else
      (*g.activation)(c, n, rows, c_row);
  }
  if (has_residual && g.residual_after) add_residuals();
}

// Rows [m0, m1) and panels [p0, p1) of C; panels of `vectors` vectors.
class Tiles {
 public:
  Tiles(int64_t vectors, const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1)
      : g_(g), chained_(g), vectors_(vectors), m0_(m0), m1_(m1), p0_(p0), p1_(p1) {}

  void run() {
    if (m1_ <= m0_) return;
    const int64_t whole_panels = g_.n / width_, all = std::max<int64_t>(g_.k, 1);
    // Divisions would take a tenth of the time of a panel with few rows.
    const Heights whole = rows(vectors_);
    const bool far = g_.b_row == 0 && !g_.b_near;
    const int64_t side_by_side = panels_of(m1_ - m0_, static_cast<int>(vectors_));
    const Heights rest = p1_ > whole_panels ? rows(ceil_div(g_.n - whole_panels * width_, lanes_)) : whole;
    const int64_t unit = listed_ ? g_.a_depth : 1, units = ceil_div(all, unit);
    depth_ = over_residual_
                 ? all
                 : unit * ceil_div(units, ceil_div(units, std::max<int64_t>(1, kGemmDepth / unit)));
    for (int64_t k0 = 0; k0 < all; k0 += depth_) {
      for (int64_t p = p0_; p < p1_;) {
        const int64_t panels = p + side_by_side <= std::min(p1_, whole_panels) ? side_by_side : 1;
        // The piece of B that comes next, which is far away where B is packed.
        const bool further = p + panels < p1_, last = k0 + depth_ >= g_.k;
        const int64_t next_p = further || (last && p1_ * width_ < g_.n) ? p + panels : p0_;
        const int64_t next_k = further ? k0 : last ? 0 : k0 + depth_;
        const bool fetches = far && (further || !last || next_p > p);
        // Single tiles go at once as far as all of them fetch what follows.
        const int64_t beside = (std::min(p1_ - (far ? 1 : 0), whole_panels) - p) / panels;
        const int64_t times = whole.tiles == 1 && depth_ == all && !finishes_ && beside > 1 ? beside : 1;
        down(k0, p, panels, times, p < whole_panels ? whole : rest, fetches ? b_at(next_k, next_p) : nullptr);
        p += times * panels;
      }
    }
  }

 private:
  // The rows in tiles of panels of so many vectors: the first `higher` are a row higher than the others.
  struct Heights {
    int64_t vectors, tiles, height, higher;
    int64_t fetched;  // bytes of a row of B that a tile fetches: evenly, as at once its lines would hold up
                      // those that the tile needs
  };
  // As few tiles as there can be, of nearly the same height: a last one of a row would take as long as half a
  // whole one.
  Heights rows(int64_t vectors) const {
    const int64_t m = m1_ - m0_, tiles = ceil_div(m, rows_of(static_cast<int>(vectors)));
    return {vectors, tiles, m / tiles, m % tiles, b_row_ * static_cast<int64_t>(sizeof(float)) / tiles};
  }

  // Rows that are finished at once: their values are in the cache still, and enough for the vectors of a long
  // chain of instructions, an exponential's, to overlap.
  static constexpr int64_t kFinishRows = 32;
  static constexpr size_t kBuffer = std::max(kAccumulators, 2 * kMaxVectors);

  const float* b_at(int64_t k0, int64_t p) const { return g_.b + p * panel_ + k0 * b_row_; }
  int64_t columns(int64_t p, int64_t panels) const { return std::min(panels * width_, g_.n - p * width_); }

  // All rows of some panels, from k0 on to the next multiple of depth_; and as often of those beside them.
  void down(int64_t k0, int64_t p, int64_t panels, int64_t times, const Heights& split, const float* next) {
    const int64_t columns = this->columns(p, panels), vectors = split.vectors;
    const bool first = k0 == 0, last = k0 + depth_ >= g_.k;
    // Sums must not be written over a residual that is still to be read, nor beyond n: such tiles go through
    // the buffer.
    const int64_t over = panels * vectors * lanes_ - columns;
    const bool buffered = over_residual_ || (!kMasks && over > 0);
    Block t{.a = listed_ ? nullptr : g_.a + m0_ * g_.a_row + k0 * g_.a_column,
            .b = b_at(k0, p),
            .listed = listed_ ? g_.rows + k0 / g_.a_depth * g_.rows_step + m0_ : nullptr,
            .listed_step = g_.rows_step,
            .listed_offset = g_.rows_offset,
            .a_depth = g_.a_depth,
            .zeros = g_.zeros,
            .c = buffered ? buffer_ : g_.c + m0_ * g_.c_row + p * width_,
            .a_row = g_.a_row,
            .a_column = g_.a_column,
            .b_row = b_row_,
            .c_row = buffered ? panels * vectors * lanes_ : g_.c_row,
            .panel = panel_,
            .depth = std::min(depth_, g_.k - k0),
            .tiles = 1,
            .right = times > 1 ? panels * width_ : 0,
            .start = nullptr,
            .start_row = 0,
            .bias = first && chained_.bias && !g_.bias_per_row ? g_.bias + p * width_ : nullptr,
            .row_bias = first && chained_.bias && g_.bias_per_row ? g_.bias + m0_ : nullptr,
            .low = last && low_ > -kInf ? &low_ : nullptr,
            .high = last && high_ < kInf ? &high_ : nullptr,
            .rest = static_cast<size_t>(lanes_ - over),
            .ahead = reinterpret_cast<const char*>(next != nullptr ? next : g_.b),
            .ahead_step = next != nullptr ? split.fetched : 0};
    if (first && chained_.residual) {
      t.start = g_.residual + m0_ * g_.residual_row + p * width_;
      t.start_row = g_.residual_row;
    } else if (!first || g_.accumulate) {
      t.start = g_.c + m0_ * g_.c_row + p * width_;
      t.start_row = g_.c_row;
    }
    const float* const start = t.start != nullptr ? t.start : t.bias;
    const int64_t start_row = t.start_row;
    const float* const bias = t.start != nullptr ? t.bias : nullptr;
    if (buffered && start != nullptr) {
      t.start = buffer_;
      t.start_row = t.c_row;
      t.bias = nullptr;
    }
    const int64_t tiles = split.tiles, height = split.height, higher = split.higher;
    MultiplyFn* const low = pick(listed_, panels, panels > 1 ? vectors_ : vectors, height);
    MultiplyFn* const high = higher != 0 ? pick(listed_, 1, vectors, height + 1) : low;
    const bool finishes = last && finishes_;
    const auto finish_rows = [&](float* c, int64_t c_row, int64_t m, int64_t rows) {
      if (finishes) finish(g_, chained_, c, c_row, m0_ + m, p * width_, rows, columns);
    };
    int64_t m = 0;
    if (!buffered) {
      for (int64_t done = 0; done < tiles;) {
        const bool is_higher = done < higher;
        const int64_t rows = height + (is_higher ? 1 : 0), left = (is_higher ? higher : tiles) - done;
        float* const c = t.c;
        const int64_t group = finishes ? std::min(left, ceil_div(kFinishRows, rows)) : left;
        t.tiles = times * group;
        (is_higher ? high : low)(t);
        finish_rows(c, t.c_row, m, group * rows);
        m += group * rows;
        done += group;
      }
      return;
    }
    int64_t finished = 0;
    for (int64_t tile = 0; tile < tiles; ++tile) {
      const int64_t rows = height + (tile < higher ? 1 : 0);
      if (start != nullptr) fill(start + m * start_row, start_row, bias, rows, columns, t.c_row);
      t.tiles = 1;
      (rows > height ? high : low)(t);
      if (over_residual_) finish_rows(buffer_, t.c_row, m, rows);
      for (int64_t r = 0; r < rows; ++r)
        memcpy(g_.c + (m0_ + m + r) * g_.c_row + p * width_, buffer_ + r * t.c_row,
               static_cast<size_t>(columns) * sizeof(float));
      t.c = buffer_;
      t.start = start == nullptr ? nullptr : buffer_;
      m += rows;
      if (!over_residual_ && (m - finished >= kFinishRows || tile + 1 == tiles)) {
        finish_rows(g_.c + (m0_ + finished) * g_.c_row + p * width_, g_.c_row, finished, m - finished);
        finished = m;
      }
    }
  }

  // What the chains begin with, in the buffer.
  HWY_NOINLINE void fill(const float* start, int64_t start_row, const float* bias, int64_t rows,
                         int64_t columns, int64_t row) {
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t i = 0; i < columns; ++i) {
        const float v = start[r * start_row + i];
        buffer_[r * row + i] = bias != nullptr ? v + bias[i] : v;
      }
  }

  const GemmArgs& g_;
  const Chained chained_;
  const int64_t vectors_, m0_, m1_, p0_, p1_;
  const int64_t lanes_ = static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>())),
                width_ = vectors_ * lanes_;
  const int64_t b_row_ = g_.b_row != 0 ? g_.b_row : width_, panel_ = g_.b_row != 0 ? width_ : g_.k * width_;
  const bool listed_ = g_.rows != nullptr;
  const bool finishes_ = !chained_.all(g_);
  const bool over_residual_ = g_.residual != nullptr && g_.residual == g_.c && !chained_.residual;
  const float low_ = chained_.clip ? g_.activation->low() : -kInf,
              high_ = chained_.clip ? g_.activation->high() : kInf;
  int64_t depth_ = 1;
  HWY_ALIGN float buffer_[kBuffer * HWY_MAX_BYTES / sizeof(float)];
};

void gemm_tile2(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  Tiles(2, g, m0, m1, p0, p1).run();
}
void gemm_tile3(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  Tiles(std::min(3, kMaxVectors), g, m0, m1, p0, p1).run();
}
void gemm_tile4(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  Tiles(std::min(4, kMaxVectors), g, m0, m1, p0, p1).run();
}

void copy_columns(const float* b, int64_t k, int64_t row, int64_t n, int64_t width, float* to) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t panel = k * width;
  for (int64_t i = 0; i < k; ++i, b += row, to += width) {
    float* column = to;
    int64_t j = 0;
    for (; j + width <= n; j += width, column += panel)
      for (int64_t v = 0; v < width; v += lanes) hn::StoreU(hn::LoadU(d, b + j + v), d, column + v);
    for (; j < n; j += lanes, column += lanes)
      hn::StoreU(j + lanes <= n ? hn::LoadU(d, b + j) : load_part(d, b + j, static_cast<size_t>(n - j)), d,
                 column);
  }
}

int64_t vector_width() { return static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>())); }

// How many vectors wide panels suit `vectors` of C best. Of so many rows, or 0: unknown.
int64_t best_vectors(int64_t vectors, int64_t rows) {
  // What a vector of C costs in panels of fewer than the most, measured: the narrower, the more loads.
#if HWY_TARGET == HWY_AVX2
  constexpr int64_t kCost[] = {160, 103};
#else
  constexpr int64_t kCost[] = {130, 108, 108};
#endif
  const auto each = [&](int64_t v) {
    const int64_t cost = v == kMaxVectors ? 100 : kCost[v - 1];
    if (rows == 0) return cost;
    // Tiles as in Tiles::run(); one of fewer chains takes as long as one of so many.
    const auto wide = static_cast<int>(v);
    const int64_t tiles = ceil_div(rows, rows_of(wide)), height = rows / tiles, higher = rows % tiles;
    const int64_t least = kChains / panels_of(rows, wide);
    const auto chains = [&](int64_t m) { return std::max(m * wide, least); };
    return cost * (higher * chains(height + 1) + (tiles - higher) * chains(height)) / (rows * v);
  };
  const auto cost = [&](int64_t v) {
    const int64_t rest = vectors % v;
    return (vectors - rest) * each(v) + (rest == 0 ? 0 : rest * each(rest));
  };
  int64_t best = 2;
  for (int64_t v = 3; v <= kMaxVectors; ++v)
    if (cost(v) < cost(best)) best = v;
  return best;
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kTile2Table, gemm_tile2);
LITE_SIMD_TABLE(kTile3Table, gemm_tile3);
LITE_SIMD_TABLE(kTile4Table, gemm_tile4);
LITE_SIMD_TABLE(kCopyColumns, copy_columns);
LITE_SIMD_TABLE(kLanesTable, vector_width);
LITE_SIMD_TABLE(kBestTable, best_vectors);
}  // namespace

void pack_panel(const float* b, int64_t k, int64_t columns, int64_t row, int64_t column, int64_t width,
                float* to) {
  if (column == 1) {
    for (int64_t i = 0; i < k; ++i) {
      memcpy(to + i * width, b + i * row, static_cast<size_t>(columns) * sizeof(float));
      for (int64_t j = columns; j < width; ++j) to[i * width + j] = 0;
    }
    return;
  }
  // A few rows at a time: the writes stay in the cache while the columns are read along.
  constexpr int64_t kRows = 16, kColumns = 8;
  static Transpose4Fn* const transpose = transpose4(KernelOptions());
  constexpr auto kFloat = static_cast<int64_t>(sizeof(float));
  for (int64_t i0 = 0; i0 < k; i0 += kRows) {
    const int64_t i1 = std::min(k, i0 + kRows);
    if (row == 1)
      for (int64_t j = 0; j < columns; j += kColumns)
        transpose(reinterpret_cast<const unsigned char*>(b + i0 + j * column),
                  reinterpret_cast<unsigned char*>(to + i0 * width + j), i1 - i0,
                  std::min(kColumns, columns - j), column * kFloat, width * kFloat);
    else
      for (int64_t j = 0; j < columns; ++j)
        for (int64_t i = i0; i < i1; ++i) memcpy(to + i * width + j, b + i * row + j * column, sizeof(float));
    for (int64_t j = columns; j < width; ++j)
      for (int64_t i = i0; i < i1; ++i) to[i * width + j] = 0;
  }
}

void pack_panels(const float* b, int64_t k, int64_t n, int64_t row, int64_t column, int64_t width,
                 float* to) {
  // Where rows are what lies together, a few of them at a time through all panels.
  const int64_t step = column == 1 ? 16 : std::max<int64_t>(1, k);
  for (int64_t i = 0; i < k; i += step)
    for (int64_t j = 0; j < n; j += width)
      pack_panel(b + i * row + j * column, std::min(step, k - i), std::min(width, n - j), row, column, width,
                 to + j * k + i * width);
}

PackColumnsFn* pack_columns(const KernelOptions& options) { return choose(kCopyColumns, options); }

int64_t float_lanes(const KernelOptions& options) { return choose(kLanesTable, options)(); }

Gemm::Gemm(const KernelOptions& options)
    : tile_(choose(kTile2Table, options)), width_(2 * float_lanes(options)) {}

Gemm::Gemm(const KernelOptions& options, int64_t n, int64_t m) : Gemm(options) {
  const int64_t lanes = float_lanes(options), best = choose(kBestTable, options)(ceil_div(n, lanes), m);
  width_ = best * lanes;
  if (best == 3) tile_ = choose(kTile3Table, options);
  if (best == 4) tile_ = choose(kTile4Table, options);
}

Gemm::Split Gemm::split(int64_t m, int64_t n, int64_t k, int threads) const {
  // Tiles of C that, with their part of A and B, stay in the L2 cache, and of some hundred thousand
  // multiplications.
  constexpr int64_t kTileRows = 256, kTileColumns = 128, kDeepColumns = 768, kWorth = int64_t{1} << 18,
                    kFewTasks = 8, kReadRows = 16;
  Split s{};
  s.all_panels = ceil_div(n, width_);
  s.rows = std::min(m, kTileRows);
  s.panels = std::max<int64_t>(1, kTileColumns / width_);
  // Few rows: as many panels as are worth a task, and where those are few, half of the rows, so that threads
  // get equal shares.
  if (m < kTileRows) {
    s.panels = std::max<int64_t>(1, kWorth / std::max<int64_t>(1, k * m * width_));
    if (s.panels * kFewTasks > s.all_panels && m >= 2 * kFewTasks) s.rows = ceil_div(m, 2);
  }
  // Very few rows: B is read only once or twice, and takes as long as for kReadRows rows.
  if (m < kReadRows && threads > 1) {
    const int64_t most = s.all_panels > kFewTasks * threads ? kFewTasks / 2 * threads : threads;
    s.panels = ceil_div(s.all_panels, std::clamp<int64_t>(kReadRows * k * n / kWorth, 1, most));
  }
  // Deeper products go through A in pieces, and a piece is best kept for many panels.
  if (k > kGemmDepth) {
    const int64_t share = ceil_div(s.all_panels, threads == 1 ? 1 : kFewTasks / 2 * threads);
    s.panels = std::max(s.panels, std::min(share, kDeepColumns / width_));
  }
  s.panels = std::min(s.panels, s.all_panels);
  s.down = ceil_div(m, std::max<int64_t>(1, s.rows));
  s.across = ceil_div(s.all_panels, std::max<int64_t>(1, s.panels));
  // Equal shares, of the same rows in the product before and in the next one.
  if (m >= kTileRows) {
    for (int more = 1; more < threads && s.down * s.across % threads != 0; ++more)
      if (s.down * s.across < kFewTasks * threads) ++s.down;
    s.rows = ceil_div(m, s.down);
    s.down = ceil_div(m, s.rows);
  }
  const int64_t rows = threads > 1 ? std::max(s.rows, kReadRows) : s.rows;
  s.grain = std::max<int64_t>(1, kWorth / std::max<int64_t>(1, rows * s.panels * width_ * k));
  return s;
}

void Gemm::run(const Parallel& parallel, const GemmArgs& args) const {
  run_batches(parallel, 1, args, [&](int64_t) -> const GemmArgs& { return args; });
}

}  // namespace lite::simd
#endif
