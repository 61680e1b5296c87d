#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_winograd_tiles.cpp"
#include <algorithm>
#include <array>

#include "core/kernels/cpu/simd_winograd.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// One dimension of B'd: the polynomials prod(x - p_j), j != i, of Toom and Cook, even and odd powers apart so
// that a point and its opposite share them.
template <class D, class V>
HWY_INLINE void transform_input(D, const V (&x)[4], V (&t)[4]) {
  t[0] = hn::Sub(x[2], x[0]);
  t[1] = hn::Add(x[2], x[1]);
  t[2] = hn::Sub(x[2], x[1]);
  t[3] = hn::Sub(x[3], x[1]);
}
template <class D, class V>
HWY_INLINE void transform_input(D d, const V (&x)[6], V (&t)[6]) {
  constexpr float a = 0.625f, b = 1.5f, aa = a * a, bb = b * b;
  const V va = hn::Set(d, a), vb = hn::Set(d, b), vaa = hn::Set(d, aa), vbb = hn::Set(d, bb);
  const V sum = hn::Set(d, aa + bb), product = hn::Set(d, aa * bb);
  t[0] = hn::MulAdd(product, x[0], hn::NegMulAdd(sum, x[2], x[4]));
  const V even_a = hn::NegMulAdd(vbb, x[2], x[4]), odd_a = hn::NegMulAdd(vbb, x[1], x[3]);
  t[1] = hn::MulAdd(va, odd_a, even_a);
  t[2] = hn::NegMulAdd(va, odd_a, even_a);
  const V even_b = hn::NegMulAdd(vaa, x[2], x[4]), odd_b = hn::NegMulAdd(vaa, x[1], x[3]);
  t[3] = hn::MulAdd(vb, odd_b, even_b);
  t[4] = hn::NegMulAdd(vb, odd_b, even_b);
  t[5] = hn::MulAdd(product, x[1], hn::NegMulAdd(sum, x[3], x[5]));
}
// One dimension of A'm: y[k] = the sum over points p of p^k m_p; infinity adds to the last.
template <class D, class V>
HWY_INLINE void transform_output(D, const V (&m)[4], V (&y)[2]) {
  y[0] = hn::Add(m[0], hn::Add(m[1], m[2]));
  y[1] = hn::Add(hn::Sub(m[1], m[2]), m[3]);
}
template <class D, class V>
HWY_INLINE void transform_output(D d, const V (&m)[6], V (&y)[4]) {
  constexpr float a = 0.625f, b = 1.5f;
  const V sa = hn::Add(m[1], m[2]), da = hn::Sub(m[1], m[2]);
  const V sb = hn::Add(m[3], m[4]), db = hn::Sub(m[3], m[4]);
  y[0] = hn::Add(m[0], hn::Add(sa, sb));
  y[1] = hn::MulAdd(hn::Set(d, a), da, hn::Mul(hn::Set(d, b), db));
  y[2] = hn::MulAdd(hn::Set(d, a * a), sa, hn::Mul(hn::Set(d, b * b), sb));
  y[3] = hn::MulAdd(hn::Set(d, a * a * a), da, hn::MulAdd(hn::Set(d, b * b * b), db, m[5]));
}
template <bool kPart, class D>
HWY_INLINE hn::Vec<D> load(D d, const float* p, size_t count) {
  if constexpr (kPart) return load_part(d, p, count);
  return hn::LoadU(d, p);
}

// Tiles whose columns are worked on at a time: they stay in the L1 cache, and on the stack.
template <int kOut>
inline constexpr int kStrip = kOut == 2   ? 12
                              : kOut == 4 ? 8
                                          : 4;

// Channels [c, c + lanes) of a strip. What comes next lies `ahead` floats on.
template <int kOut, bool kPart>
void input_strip(const WinogradInput& s, int64_t first_tile, int64_t tiles, int64_t c, int64_t ahead) {
  constexpr int kIn = kOut + 2, kColumns = kStrip<kOut> * kOut + 2;
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto count = static_cast<size_t>(std::min(lanes, s.channels - c));
  HWY_ALIGN float buffer[kIn * kColumns * HWY_MAX_BYTES / sizeof(float)];
  HWY_ALIGN static constexpr float kZeros[HWY_MAX_BYTES / sizeof(float)] = {};

  const int64_t left = s.column + first_tile * kOut, columns = tiles * kOut + 2;
  const int64_t first = std::clamp<int64_t>(-left, 0, columns);
  const int64_t last = std::clamp<int64_t>(s.width - left, first, columns);
  const float* from[kIn];
  int64_t step[kIn];
  for (int k = 0; k < kIn; ++k) {
    const int64_t h = s.row + k;
    const bool inside = h >= 0 && h < s.height;
    from[k] = inside ? s.x + h * s.width * s.channels + c : kZeros;
    step[k] = inside ? s.channels : 0;
  }
  const auto clear = [&](int64_t j) HWY_ATTR {
    for (int k = 0; k < kIn; ++k) hn::Store(hn::Zero(d), d, buffer + (k * kColumns + j) * lanes);
  };
  for (int64_t j = 0; j < first; ++j) clear(j);
  for (int64_t j = last; j < columns; ++j) clear(j);
  for (int64_t j = first; j < last; ++j) {
    V x[kIn], t[kIn];
    LITE_UNROLL
    for (int k = 0; k < kIn; ++k) {
      const float* p = from[k] + (left + j) * step[k];
      __builtin_prefetch(p + ahead);
      x[k] = load<kPart>(d, p, count);
    }
    transform_input(d, x, t);
    LITE_UNROLL
    for (int k = 0; k < kIn; ++k) hn::Store(t[k], d, buffer + (k * kColumns + j) * lanes);
  }
  const int64_t plane = s.plane;
  for (int64_t i = 0; i < tiles; ++i) {
    float* v = s.v + (first_tile + i) * s.stride + c;
    for (int k = 0; k < kIn; ++k) {
      V x[kIn], t[kIn];
      LITE_UNROLL
      for (int j = 0; j < kIn; ++j) x[j] = hn::Load(d, buffer + (k * kColumns + i * kOut + j) * lanes);
      transform_input(d, x, t);
      LITE_UNROLL
      for (int j = 0; j < kIn; ++j, v += plane) hn::StoreU(t[j], d, v);
    }
  }
}

template <int kOut>
void input_tiles(const WinogradInput& s) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
  for (int64_t t = 0; t < s.tiles; t += kStrip<kOut>) {
    const int64_t tiles = std::min<int64_t>(kStrip<kOut>, s.tiles - t);
    const int64_t next_strip = kStrip<kOut> * kOut * s.channels;
    int64_t c = 0;
    for (; c + lanes <= s.channels; c += lanes)
      input_strip<kOut, false>(s, t, tiles, c, c + lanes < s.channels ? lanes : next_strip - c);
    if (c < s.channels) input_strip<kOut, true>(s, t, tiles, c, next_strip - c);
  }
}

template <int kOut, bool kPart>
void output_tile(const WinogradOutput& s, int64_t tile, int64_t f) {
  constexpr int kIn = kOut + 2;
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto count = static_cast<size_t>(std::min(lanes, s.n - f));
  HWY_ALIGN float buffer[kOut * kIn * HWY_MAX_BYTES / sizeof(float)];
  const float* m = s.m + tile * s.stride + f;
  for (int j = 0; j < kIn; ++j, m += s.plane) {
    V x[kIn], y[kOut];
    LITE_UNROLL
    for (int k = 0; k < kIn; ++k) x[k] = hn::LoadU(d, m + k * kIn * s.plane);
    transform_output(d, x, y);
    LITE_UNROLL
    for (int k = 0; k < kOut; ++k) hn::Store(y[k], d, buffer + (k * kIn + j) * lanes);
  }
  const int64_t left = s.column + tile * kOut;
  const int64_t rows = std::min<int64_t>(kOut, s.height - s.row);
  const int64_t columns = std::min<int64_t>(kOut, s.width - left);
  const V bias = s.bias == nullptr ? hn::Zero(d) : load<kPart>(d, s.bias + f, count);
  const V lo = hn::Set(d, s.lo), hi = hn::Set(d, s.hi);
  int64_t at = (s.row * s.width + left) * s.filters + f;
  for (int64_t k = 0; k < rows; ++k, at += s.width * s.filters) {
    V x[kIn], y[kOut];
    LITE_UNROLL
    for (int j = 0; j < kIn; ++j) x[j] = hn::Load(d, buffer + (k * kIn + j) * lanes);
    transform_output(d, x, y);
    LITE_UNROLL
    for (int j = 0; j < kOut; ++j) {
      if (j >= columns) break;
      const int64_t pixel = at + j * s.filters;
      V v = hn::Add(y[j], bias);
      if (s.residual != nullptr && !s.residual_after)
        v = hn::Add(v, load<kPart>(d, s.residual + pixel, count));
      v = clip(d, v, lo, hi);
      if (s.residual != nullptr && s.residual_after)
        v = hn::Add(v, load<kPart>(d, s.residual + pixel, count));
      if constexpr (kPart)
        store_part(v, d, s.y + pixel, count);
      else
        hn::StoreU(v, d, s.y + pixel);
    }
  }
}

template <int kOut>
void output_tiles(const WinogradOutput& s) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>()));
  for (int64_t t = 0; t < s.tiles; ++t) {
    int64_t f = 0;
    for (; f + lanes <= s.n; f += lanes) output_tile<kOut, false>(s, t, f);
    if (f < s.n) output_tile<kOut, true>(s, t, f);
  }
}

// Registers: kRows x kVectors sums, kVectors of filters and one tile must fit.
#if HWY_TARGET == HWY_AVX3
inline constexpr int kRows = 12, kVectors = 2;
#elif HWY_TARGET == HWY_NEON
inline constexpr int kRows = 8, kVectors = 2;
#elif HWY_TARGET == HWY_SCALAR
inline constexpr int kRows = 4, kVectors = 2;
#else
inline constexpr int kRows = 6, kVectors = 2;
#endif

inline constexpr int64_t kWidth = kVectors * static_cast<int64_t>(hn::MaxLanes(hn::ScalableTag<float>()));

struct Rows {
  const float *v, *u;
  float* m;
  int64_t v_stride, m_stride, channels;
  const float* ahead;  // read soon: `ahead_step` floats for each channel
  int64_t ahead_step;
};

template <int kM>
void multiply_rows(const Rows& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  V acc[kM][kVectors];
  LITE_UNROLL
  for (int r = 0; r < kM; ++r) LITE_UNROLL
  for (int j = 0; j < kVectors; ++j) acc[r][j] = hn::Zero(d);
  const float *v = t.v, *u = t.u, *ahead = t.ahead;
  for (int64_t c = 0; c < t.channels; ++c) {
    V vu[kVectors];
    LITE_UNROLL
    for (int j = 0; j < kVectors; ++j) vu[j] = hn::LoadU(d, u + j * lanes);
    __builtin_prefetch(ahead, 0, 2);
    LITE_UNROLL
    for (int r = 0; r < kM; ++r) {
      const V vv = hn::Set(d, v[r * t.v_stride]);
      LITE_UNROLL
      for (int j = 0; j < kVectors; ++j) acc[r][j] = hn::MulAdd(vv, vu[j], acc[r][j]);
    }
    ++v;
    u += kVectors * lanes;
    ahead += t.ahead_step;
  }
  LITE_UNROLL
  for (int r = 0; r < kM; ++r) LITE_UNROLL
  for (int j = 0; j < kVectors; ++j) hn::StoreU(acc[r][j], d, t.m + r * t.m_stride + j * lanes);
}

using RowsFn = void(const Rows&);
template <int... kM>
RowsFn* pick_rows(std::integer_sequence<int, kM...>, int64_t rows) {
  constexpr RowsFn* kTable[] = {multiply_rows<kM + 1>...};
  return kTable[rows - 1];
}

void multiply_panel(const WinogradProducts& s) {
  const int64_t panel = s.channels * kWidth, strips = ceil_div(s.tiles, int64_t{kRows});
  Rows t{.u = s.u, .v_stride = s.v_stride, .m_stride = kWidth, .channels = s.channels};
  t.ahead_step = ceil_div(kWidth, strips);
  for (int64_t i = 0; i < s.components; ++i, t.u += panel) {
    // As many rows in each strip, so that none is short of independent sums. Each fetches its share of the
    // next component's filters: from beyond the L2 cache they take longer than the processor looks ahead.
    for (int64_t k = 0; k < strips; ++k) {
      const int64_t begin = s.tiles * k / strips, end = s.tiles * (k + 1) / strips;
      t.v = s.v + i * s.v_plane + begin * s.v_stride;
      t.m = s.m + i * s.m_plane + begin * kWidth;
      t.ahead = t.u + panel + k * t.ahead_step * s.channels;
      pick_rows(std::make_integer_sequence<int, kRows>(), end - begin)(t);
    }
  }
}

WinogradSteps steps_of(int64_t m) {
  if (m == 2) return {input_tiles<2>, multiply_panel, output_tiles<2>, kWidth};
  return {input_tiles<4>, multiply_panel, output_tiles<4>, kWidth};
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {

LITE_SIMD_TABLE(kSteps, steps_of);

// The finite points, in the order of the components.
constexpr double kPoints2[] = {0, 1, -1};
constexpr double kPoints4[] = {0, 0.625, -0.625, 1.5, -1.5};

// One dimension of Gg: the filters' polynomials at each point over the product of the point's distances from
// the others, and their last coefficients for infinity. `from` and `to` have these steps.
void transform_filters(std::span<const double> points, int64_t filters, const double* from, int64_t from_step,
                       double* to, int64_t to_step) {
  const double *f0 = from, *f1 = from + from_step, *f2 = from + 2 * from_step;
  for (const double& p : points) {
    double distances = 1;
    for (const double& other : points)
      if (&other != &p) distances *= p - other;
    const double scale = 1 / distances;
    for (int64_t k = 0; k < filters; ++k) to[k] = (f0[k] + p * (f1[k] + p * f2[k])) * scale;
    to += to_step;
  }
  std::copy_n(f2, filters, to);
}

}  // namespace

WinogradSteps winograd_steps(int64_t m, const KernelOptions& options) { return choose(kSteps, options)(m); }

void winograd_filters(int64_t m, int64_t filters, const double* w, double* u) {
  const std::span<const double> points = m == 2 ? std::span<const double>(kPoints2) : kPoints4;
  const int64_t n = winograd_in(m);
  double columns[3 * winograd_in(4) * kMaxWinogradWidth];
  for (int64_t j = 0; j < 3; ++j)
    transform_filters(points, filters, w + j * filters, 3 * filters, columns + j * filters, 3 * filters);
  for (int64_t i = 0; i < n; ++i)
    transform_filters(points, filters, columns + 3 * i * filters, filters, u + n * i * filters, filters);
}

}  // namespace lite::simd
#endif
