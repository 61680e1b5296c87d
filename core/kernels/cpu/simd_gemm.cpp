#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_gemm.cpp"
#include "core/kernels/cpu/simd_gemm.h"

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
constexpr int rows_of(int vectors) { return kAccumulators / std::max(2, vectors); }
// Panels side by side that a single row takes.
constexpr int narrow_panels(int vectors) { return std::max(2, kAccumulators / 3 / vectors); }

struct Block {
  const float *a, *b;
  float* c;
  int64_t a_row, a_column, b_row, c_row, panel, depth;  // panel: from one panel of B to the next
  bool more;                                            // the chains go on from what is in c
  // What is read soon, fetched to the second-level cache: ahead_step bytes further with each step of depth.
  const char* ahead;
  int64_t ahead_step;
};

// C[0..kM)[0..kPanels * kVectors) = (C or 0) + A * B over `depth`, columns in vectors.
template <int kM, int kVectors, int kPanels = 1>
void multiply(const Block& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  constexpr int kColumns = kVectors * kPanels;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  V acc[kM][kColumns];
  LITE_UNROLL
  for (int r = 0; r < kM; ++r) LITE_UNROLL
  for (int j = 0; j < kColumns; ++j)
    acc[r][j] = t.more ? hn::LoadU(d, t.c + r * t.c_row + j * lanes) : hn::Zero(d);
  const float* a = t.a;
  const float* b = t.b;
  [[maybe_unused]] const char* ahead = t.ahead;
  for (int64_t p = 0; p < t.depth; ++p) {
    V vb[kColumns];
    LITE_UNROLL
    for (int j = 0; j < kColumns; ++j)
      vb[j] = hn::LoadU(d, b + j / kVectors * t.panel + j % kVectors * lanes);
    if constexpr (kPanels == 1) {
      __builtin_prefetch(ahead, 0, 2);
      ahead += t.ahead_step;
    }
    LITE_UNROLL
    for (int r = 0; r < kM; ++r) {
      const V va = hn::Set(d, a[r * t.a_row]);
      LITE_UNROLL
      for (int j = 0; j < kColumns; ++j) acc[r][j] = hn::MulAdd(va, vb[j], acc[r][j]);
    }
    a += t.a_column;
    b += t.b_row;
  }
  LITE_UNROLL
  for (int r = 0; r < kM; ++r) LITE_UNROLL
  for (int j = 0; j < kColumns; ++j) hn::StoreU(acc[r][j], d, t.c + r * t.c_row + j * lanes);
}

using MultiplyFn = void(const Block&);
template <int kVectors, int... kM>
MultiplyFn* pick(std::integer_sequence<int, kM...>, int64_t m) {
  constexpr MultiplyFn* kTable[] = {multiply<kM + 1, kVectors>...};
  return kTable[m - 1];
}
// For m <= rows_of(vectors) rows.
MultiplyFn* pick(int64_t vectors, int64_t m) {
  switch (vectors) {
    case 1:
      return pick<1>(std::make_integer_sequence<int, rows_of(1)>(), m);
    case 2:
      return pick<2>(std::make_integer_sequence<int, rows_of(2)>(), m);
    case 3:
      if constexpr (kMaxVectors >= 3) return pick<3>(std::make_integer_sequence<int, rows_of(3)>(), m);
      break;
    default:
      if constexpr (kMaxVectors >= 4) return pick<4>(std::make_integer_sequence<int, rows_of(4)>(), m);
  }
  return nullptr;
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

// The part of C's definition that follows the product, over rows x n of C that lie in the cache at c.
void finish(const GemmArgs& g, float* c, int64_t c_row, int64_t row, int64_t column, int64_t rows,
            int64_t n) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto add_residuals = [&] {
    for (int64_t r = 0; r < rows; ++r) add_residual(g, c + r * c_row, row + r, column, n);
  };
  if (g.alpha != 1.0f || g.bias != nullptr) {
    const V alpha = hn::Set(d, g.alpha);
    const bool per_column = g.bias != nullptr && !g.bias_per_row;
    for (int64_t r = 0; r < rows; ++r) {
      float* y = c + r * c_row;
      const V row_bias = g.bias != nullptr && g.bias_per_row ? hn::Set(d, g.bias[row + r]) : hn::Zero(d);
      each_vector(n, [&](int64_t i, auto load, auto store) HWY_ATTR {
        V v = load(y + i);
        if (g.alpha != 1.0f) v = hn::Mul(v, alpha);
        if (g.bias != nullptr) v = hn::Add(v, per_column ? load(g.bias + column + i) : row_bias);
        store(v, y + i);
      });
    }
  }
  if (g.residual != nullptr && !g.residual_after) add_residuals();
  if (g.activation != nullptr) (*g.activation)(c, n, rows, c_row);
  if (g.residual != nullptr && g.residual_after) add_residuals();
}

template <int kVectors>
void gemm_tile(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t width = kVectors * lanes;
  constexpr int kNarrowPanels = narrow_panels(kVectors);
  const int64_t b_row = g.b_row != 0 ? g.b_row : width, panel = g.b_row != 0 ? width : g.k * width;
  const bool finishes =
      g.alpha != 1.0f || g.bias != nullptr || g.residual != nullptr || g.activation != nullptr;
  // Sums must not be written over a residual that is still to be read, nor beyond n: such tiles go through a
  // buffer.
  const bool over_residual = g.residual != nullptr && g.residual == g.c;
  constexpr size_t kBuffer = std::max(kVectors * kNarrowPanels, std::max(kAccumulators, 2 * kVectors));
  HWY_ALIGN float buffer[kBuffer * HWY_MAX_BYTES / sizeof(float)];
  const bool narrow = m1 - m0 == 1;
  const int64_t whole_panels = g.n / width;

  const int64_t all = std::max<int64_t>(g.k, 1);
  const int64_t depth = over_residual ? all : ceil_div(all, ceil_div(all, kGemmDepth));
  for (int64_t k0 = 0; k0 < all; k0 += depth) {
    const bool last = k0 + depth >= g.k;
    for (int64_t p = p0; p < p1;) {
      const int64_t panels = narrow && p + kNarrowPanels <= std::min(p1, whole_panels) ? kNarrowPanels : 1;
      const int64_t columns = std::min(panels * width, g.n - p * width);
      const int64_t vectors = std::min<int64_t>(kVectors, ceil_div(columns, lanes)),
                    step = rows_of(static_cast<int>(vectors));
      const bool buffered = over_residual || columns < panels * vectors * lanes;
      // As few tiles as there can be, of nearly the same height: a last one of a row would take as long as
      // half a whole one.
      const int64_t tiles = ceil_div(m1 - m0, step);
      // Packed panels come from far away. The next piece is fetched evenly over all tiles of this one: at
      // once, its lines would hold up those that the tile needs.
      const float* const next = p + panels < p1 ? g.b + (p + panels) * panel + k0 * b_row
                                : last          ? g.b + p1 * panel
                                                : g.b + p0 * panel + (k0 + depth) * b_row;
      const bool fetches = g.b_row == 0 && (p + panels < p1 || !last || p1 * width < g.n);
      const int64_t ahead_step = fetches ? b_row * static_cast<int64_t>(sizeof(float)) / tiles : 0;
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const int64_t m = m0 + (m1 - m0) * tile / tiles, rows = m0 + (m1 - m0) * (tile + 1) / tiles - m;
        float* const c = g.c + m * g.c_row + p * width;
        float* const to = buffered ? buffer : c;
        const int64_t to_row = buffered ? panels * vectors * lanes : g.c_row;
        const bool more = k0 > 0 || g.accumulate;
        if (buffered && more)
          for (int64_t r = 0; r < rows; ++r)
            memcpy(buffer + r * to_row, c + r * g.c_row, static_cast<size_t>(columns) * sizeof(float));
        const Block t{
            .a = g.a + m * g.a_row + k0 * g.a_column,
            .b = g.b + p * panel + k0 * b_row,
            .c = to,
            .a_row = g.a_row,
            .a_column = g.a_column,
            .b_row = b_row,
            .c_row = to_row,
            .panel = panel,
            .depth = std::min(depth, g.k - k0),
            .more = more,
            .ahead = reinterpret_cast<const char*>(fetches ? next : g.b) + tile * ahead_step * depth,
            .ahead_step = ahead_step};
        if (panels > 1)
          multiply<1, kVectors, kNarrowPanels>(t);
        else
          pick(vectors, rows)(t);
        if (last && finishes) finish(g, to, to_row, m, p * width, rows, columns);
        if (buffered)
          for (int64_t r = 0; r < rows; ++r)
            memcpy(c + r * g.c_row, buffer + r * to_row, static_cast<size_t>(columns) * sizeof(float));
      }
      p += panels;
    }
  }
}

void gemm_tile2(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  gemm_tile<2>(g, m0, m1, p0, p1);
}
void gemm_tile3(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  gemm_tile<std::min(3, kMaxVectors)>(g, m0, m1, p0, p1);
}
void gemm_tile4(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  gemm_tile<std::min(4, kMaxVectors)>(g, m0, m1, p0, p1);
}

int64_t vector_width() { return static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>())); }
int64_t max_vectors() { return kMaxVectors; }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kTile2Table, gemm_tile2);
LITE_SIMD_TABLE(kTile3Table, gemm_tile3);
LITE_SIMD_TABLE(kTile4Table, gemm_tile4);
LITE_SIMD_TABLE(kLanesTable, vector_width);
LITE_SIMD_TABLE(kMaxVectorsTable, max_vectors);
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
  // Eight rows at a time: the writes stay in the cache while the columns are read along.
  for (int64_t i0 = 0; i0 < k; i0 += 8) {
    const int64_t i1 = std::min(k, i0 + 8);
    for (int64_t j = 0; j < columns; ++j)
      for (int64_t i = i0; i < i1; ++i) to[i * width + j] = b[i * row + j * column];
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

Gemm::Gemm(const KernelOptions& options)
    : tile_(choose(kTile2Table, options)), width_(2 * choose(kLanesTable, options)()) {}

Gemm::Gemm(const KernelOptions& options, int64_t n) : Gemm(options) {
  // What a vector of C costs in panels of 1 to 4 of them, measured: the narrower, the more loads.
  constexpr int64_t kCost[] = {130, 108, 103, 100};
  const int64_t lanes = choose(kLanesTable, options)(), vectors = ceil_div(n, lanes);
  const auto cost = [&](int64_t v) {
    const int64_t rest = vectors % v;
    return (vectors - rest) * kCost[v - 1] + (rest == 0 ? 0 : rest * kCost[rest - 1]);
  };
  int64_t best = 2;
  for (int64_t v = 3; v <= choose(kMaxVectorsTable, options)(); ++v)
    if (cost(v) < cost(best)) best = v;
  width_ = best * lanes;
  if (best == 3) tile_ = choose(kTile3Table, options);
  if (best == 4) tile_ = choose(kTile4Table, options);
}

Gemm::Split Gemm::split(int64_t m, int64_t n, int64_t k, int threads) const {
  // Tiles of C that, with their part of A and B, stay in the L2 cache, and of some hundred thousand
  // multiplications.
  constexpr int64_t kTileRows = 256, kTileColumns = 128, kDeepColumns = 768, kWorth = int64_t{1} << 18,
                    kFewTasks = 8;
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
  // Deeper products go through A in pieces, and a piece is best kept for many panels.
  if (k > kGemmDepth) {
    const int64_t share = ceil_div(s.all_panels, threads == 1 ? 1 : kFewTasks / 2 * threads);
    s.panels = std::max(s.panels, std::min(share, kDeepColumns / width_));
  }
  s.panels = std::min(s.panels, s.all_panels);
  s.down = ceil_div(m, std::max<int64_t>(1, s.rows));
  s.across = ceil_div(s.all_panels, std::max<int64_t>(1, s.panels));
  s.grain = std::max<int64_t>(1, kWorth / std::max<int64_t>(1, s.rows * s.panels * width_ * k));
  return s;
}

void Gemm::run(const Parallel& parallel, const GemmArgs& args) const {
  run_batches(parallel, 1, args, [&](int64_t) -> const GemmArgs& { return args; });
}

}  // namespace lite::simd
#endif
