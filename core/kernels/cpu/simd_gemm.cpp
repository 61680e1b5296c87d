#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_gemm.cpp"
#include "core/kernels/cpu/simd_gemm.h"

#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// Registers: rows x kVectors x panels accumulators, kVectors x panels of B and one of A must fit.
#if HWY_TARGET == HWY_AVX3
inline constexpr int kRows = 12, kVectors = 2, kNarrowPanels = 4;
#elif HWY_TARGET == HWY_NEON
inline constexpr int kRows = 8, kVectors = 2, kNarrowPanels = 4;
#elif HWY_TARGET == HWY_SCALAR
inline constexpr int kRows = 4, kVectors = 2, kNarrowPanels = 2;
#else
inline constexpr int kRows = 6, kVectors = 2, kNarrowPanels = 3;
#endif
// Rows of B that are worked through before C is touched again: a panel of them stays in the L1 cache.
inline constexpr int64_t kDepth = 256;

struct Block {
  const float *a, *b;
  float* c;
  int64_t a_row, a_column, b_row, c_row, panel, depth;  // panel: from one panel of B to the next
  bool more;                                            // the chains go on from what is in c
};

// C[0..kM)[0..kPanels * width) = (C or 0) + A * B over `depth`. All columns of the panels are written.
template <int kM, int kPanels>
HWY_INLINE void multiply(const Block& t) {
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
  for (int64_t p = 0; p < t.depth; ++p) {
    V vb[kColumns];
    LITE_UNROLL
    for (int j = 0; j < kColumns; ++j)
      vb[j] = hn::LoadU(d, b + j / kVectors * t.panel + j % kVectors * lanes);
    // The panel that comes next, to the second-level cache.
    if constexpr (kPanels == 1) {
      LITE_UNROLL
      for (int j = 0; j < kColumns; ++j) __builtin_prefetch(b + t.panel + j * lanes, 0, 2);
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

template <int kM>
void multiply_one(const Block& t) {
  multiply<kM, 1>(t);
}
void multiply_narrow(const Block& t) { multiply<1, kNarrowPanels>(t); }

using MultiplyFn = void(const Block&);
template <int... kM>
MultiplyFn* pick(std::integer_sequence<int, kM...>, int64_t m) {
  constexpr MultiplyFn* kTable[] = {multiply_one<kM + 1>...};
  return kTable[m - 1];
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

void gemm_tile(const GemmArgs& g, int64_t m0, int64_t m1, int64_t p0, int64_t p1) {
  const hn::ScalableTag<float> d;
  const int64_t width = kVectors * static_cast<int64_t>(hn::Lanes(d));
  const int64_t b_row = g.b_row != 0 ? g.b_row : width, panel = g.b_row != 0 ? width : g.k * width;
  const bool finishes =
      g.alpha != 1.0f || g.bias != nullptr || g.residual != nullptr || g.activation != nullptr;
  // Sums must not be written over a residual that is still to be read, nor beyond n: such tiles go through a
  // buffer.
  const bool over_residual = g.residual != nullptr && g.residual == g.c;
  HWY_ALIGN float buffer[kRows * kVectors * kNarrowPanels * HWY_MAX_BYTES / sizeof(float)];
  const bool narrow = m1 - m0 == 1;
  const int64_t step = narrow ? 1 : kRows, whole_panels = g.n / width;

  const int64_t all = std::max<int64_t>(g.k, 1), depth = over_residual ? all : kDepth;
  for (int64_t k0 = 0; k0 < all; k0 += depth) {
    const bool last = k0 + depth >= g.k;
    for (int64_t p = p0; p < p1;) {
      const int64_t panels = narrow && p + kNarrowPanels <= std::min(p1, whole_panels) ? kNarrowPanels : 1;
      const int64_t columns = std::min(panels * width, g.n - p * width);
      const bool buffered = over_residual || columns < panels * width;
      // As few tiles as there can be, of nearly the same height: a last one of a row would take as long as
      // half a whole one.
      const int64_t tiles = ceil_div(m1 - m0, step);
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const int64_t m = m0 + (m1 - m0) * tile / tiles, rows = m0 + (m1 - m0) * (tile + 1) / tiles - m;
        float* const c = g.c + m * g.c_row + p * width;
        float* const to = buffered ? buffer : c;
        const int64_t to_row = buffered ? panels * width : g.c_row;
        const bool more = k0 > 0 || g.accumulate;
        if (buffered && more)
          for (int64_t r = 0; r < rows; ++r)
            memcpy(buffer + r * to_row, c + r * g.c_row, static_cast<size_t>(columns) * sizeof(float));
        const Block t{.a = g.a + m * g.a_row + k0 * g.a_column,
                      .b = g.b + p * panel + k0 * b_row,
                      .c = to,
                      .a_row = g.a_row,
                      .a_column = g.a_column,
                      .b_row = b_row,
                      .c_row = to_row,
                      .panel = panel,
                      .depth = std::min(depth, g.k - k0),
                      .more = more};
        if (panels > 1)
          multiply_narrow(t);
        else
          pick(std::make_integer_sequence<int, kRows>(), rows)(t);
        if (last && finishes) finish(g, to, to_row, m, p * width, rows, columns);
        if (buffered)
          for (int64_t r = 0; r < rows; ++r)
            memcpy(c + r * g.c_row, buffer + r * to_row, static_cast<size_t>(columns) * sizeof(float));
      }
      p += panels;
    }
  }
}

int64_t native_width() { return kVectors * static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>())); }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kTileTable, gemm_tile);
LITE_SIMD_TABLE(kWidthTable, native_width);
}  // namespace

int64_t panel_width(const KernelOptions& options) { return choose(kWidthTable, options)(); }

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
  for (int64_t j = 0; j < n; j += width)
    pack_panel(b + j * column, k, std::min(width, n - j), row, column, width, to + j * k);
}

Gemm::Gemm(const KernelOptions& options) : tile_(choose(kTileTable, options)), width_(panel_width(options)) {}

Gemm::Split Gemm::split(int64_t m, int64_t n, int64_t k) const {
  // Tiles of C that, with their part of A and B, stay in the L2 cache, and of some hundred thousand
  // multiplications.
  constexpr int64_t kTileRows = 256, kTileColumns = 128, kWorth = int64_t{1} << 18, kFewTasks = 8;
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
