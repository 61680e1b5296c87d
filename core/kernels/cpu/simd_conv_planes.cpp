// Conv and FusedConv of float32 from row-major images or lines to channels last, without a reorder: for the
// few channels of a picture, which would fill no vector, and for few filters.
//
// A tap of the window is one float of each pixel, `stride` apart from the next pixel's: they are read where
// they lie, one at a time, and multiplied with a vector of filters. Only where a tile of pixels reaches into
// the padding is what it sees copied first. A window of one place is a matrix product, of the planes
// crosswise. Every sum has one order, so the bits do not depend on tiles or threads.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_planes.cpp"
#include <numeric>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_CONV_PLANES_ARGS
#define LITE_SIMD_CONV_PLANES_ARGS
namespace lite::simd {

// Floats of what a tile sees, where that is copied; pixels of a tile at most.
inline constexpr int64_t kPatch = 8192, kMostPixels = 14;
// Rows from the first to the last of a window at most.
inline constexpr int64_t kFar = 1 << 20;

struct PlanesAxis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, pad = 0;
  int64_t reach() const { return (kernel - 1) * dilation + 1; }
};

// The window over an image of `channels` planes.
struct PlanesWindow {
  PlanesAxis h, w;
  int64_t channels = 0, taps = 0;
  // Of each tap from the window's first place: in the image, and in the copy of what a tile sees.
  const int64_t *in_image = nullptr, *in_patch = nullptr;
  // Of a row in that copy.
  int64_t patch_row() const { return (kMostPixels - 1) * w.stride + w.reach(); }
};

// One row of results of some panels of filters: y[p][j] = clip(bias[j] + the sum over taps), j < columns.
struct PlanesRow {
  const float* x = nullptr;  // the image
  int64_t row = 0;           // of the result
  const float *weights = nullptr, *bias = nullptr;
  float* y = nullptr;
  int64_t y_step = 0, columns = 0;
  bool clips = false;
  float lo = 0, hi = 0;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// As many accumulators of two vectors as the registers hold.
#if HWY_TARGET == HWY_AVX3
inline constexpr int kPixels = 14;
#elif HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_NEON
inline constexpr int kPixels = 6;
#else
inline constexpr int kPixels = 2;  // images are row-major throughout, this is for reproducible results only
#endif
static_assert(kPixels <= kMostPixels);

// Pixels whose taps lie at x + at[tap], `step` floats from pixel to pixel; `bias` has whole vectors. The last
// vector of each is written as far as `rest` says where masks cost nothing, else whole.
struct PlanesTile {
  const float* x;
  const int64_t* at;
  int64_t taps, step;
  const float *weights, *bias;
  float* y;
  int64_t y_step;
  size_t rest;
  const float* last_bias;  // of the last panel, zeros behind it; or zeros for each panel
  bool clips;
  float lo, hi;
};

template <int kM, int kVectors>
void planes_tile(const PlanesTile& t) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  V acc[kM][kVectors];
  LITE_UNROLL
  for (int r = 0; r < kM; ++r) LITE_UNROLL
  for (int v = 0; v < kVectors; ++v) acc[r][v] = hn::LoadU(d, t.bias + v * lanes);
  const float* w = t.weights;
  for (int64_t i = 0; i < t.taps; ++i, w += 2 * lanes) {
    const float* const p = t.x + t.at[i];
    V b[kVectors];
    LITE_UNROLL
    for (int v = 0; v < kVectors; ++v) b[v] = hn::LoadU(d, w + v * lanes);
    LITE_UNROLL
    for (int r = 0; r < kM; ++r) {
      const V a = hn::Set(d, p[r * t.step]);
      LITE_UNROLL
      for (int v = 0; v < kVectors; ++v) acc[r][v] = hn::MulAdd(a, b[v], acc[r][v]);
    }
  }
  if (t.clips) {
    const V lo = hn::Set(d, t.lo), hi = hn::Set(d, t.hi);
    LITE_UNROLL
    for (int r = 0; r < kM; ++r) LITE_UNROLL
    for (int v = 0; v < kVectors; ++v) acc[r][v] = clip(d, acc[r][v], lo, hi);
  }
#if !HWY_MEM_OPS_MIGHT_FAULT
  const auto mask = hn::FirstN(d, t.rest);
#endif
  float* y = t.y;
  const int64_t y_step = t.y_step;
  LITE_UNROLL
  for (int r = 0; r < kM; ++r, y += y_step) {
    LITE_UNROLL
    for (int v = 0; v + 1 < kVectors; ++v) hn::StoreU(acc[r][v], d, y + v * lanes);
    constexpr int kLast = kVectors - 1;
#if HWY_MEM_OPS_MIGHT_FAULT
    hn::StoreU(acc[r][kLast], d, y + kLast * lanes);
#else
    hn::BlendedStore(acc[r][kLast], mask, d, y + kLast * lanes);
#endif
  }
}

using PlanesTileFn = void(const PlanesTile&);
template <int kVectors, int... kM>
PlanesTileFn* pick_tile(std::integer_sequence<int, kM...>, int64_t m) {
  constexpr PlanesTileFn* kTable[] = {planes_tile<kM + 1, kVectors>...};
  return kTable[m - 1];
}

// Copies n floats, or sets them to zero: for so few a call of memcpy or a loop of uneven length would take
// longer. The last vector overlaps the one before.
HWY_INLINE void copy_floats(const float* from, float* to, int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (n < lanes) {
    for (int64_t i = 0; i < n; ++i) to[i] = from == nullptr ? 0 : from[i];
    return;
  }
  for (int64_t i = 0; i < n; i += lanes) {
    const int64_t at = std::min(i, n - lanes);
    hn::StoreU(from == nullptr ? hn::Zero(d) : hn::LoadU(d, from + at), d, to + at);
  }
}

// What the window sees from row iy and column ix on in `row` columns, zeros in the padding.
void copy_patch(const PlanesWindow& g, const float* x, int64_t iy, int64_t ix, int64_t row, float* to) {
  const int64_t to_row = g.patch_row();
  const int64_t from = std::clamp<int64_t>(-ix, 0, row), end = std::clamp<int64_t>(g.w.in - ix, from, row);
  for (int64_t c = 0; c < g.channels; ++c)
    for (int64_t k = 0; k < g.h.kernel; ++k, to += to_row) {
      const int64_t y = iy + k * g.h.dilation;
      const bool inside = y >= 0 && y < g.h.in && from < end;
      if (!inside || end - from < row) copy_floats(nullptr, to, row);
      if (inside) copy_floats(x + (c * g.h.in + y) * g.w.in + ix + from, to + from, end - from);
    }
}

// The panel of filters from column `first` on for the m pixels from y on.
HWY_INLINE void panel_tile(const PlanesRow& row, PlanesTile& t, int64_t first, int64_t m, float* y) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t columns = std::min(2 * lanes, row.columns - first), vectors = columns > lanes ? 2 : 1;
  t.weights = row.weights + first * t.taps;
  t.rest = static_cast<size_t>(columns - (vectors - 1) * lanes);
  t.bias = row.bias != nullptr && first + vectors * lanes <= row.columns ? row.bias + first : t.last_bias;
  t.y = y + first;
  t.y_step = row.y_step;
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN float results[kPixels * 2 * HWY_MAX_BYTES / sizeof(float)];
  const bool buffered = columns < vectors * lanes;
  if (buffered) t.y = results, t.y_step = vectors * lanes;
#endif
  constexpr std::make_integer_sequence<int, kPixels> kSizes;
  (vectors == 2 ? pick_tile<2>(kSizes, m) : pick_tile<1>(kSizes, m))(t);
#if HWY_MEM_OPS_MIGHT_FAULT
  for (int64_t r = 0; buffered && r < m; ++r)
    memcpy(y + first + r * row.y_step, results + r * t.y_step, static_cast<size_t>(columns) * sizeof(float));
#endif
}

void conv_planes_row(const PlanesWindow& g, const PlanesRow& row) {
  HWY_ALIGN float patch[kPatch];
  const auto width = static_cast<int64_t>(2 * hn::Lanes(hn::ScalableTag<float>()));
  HWY_ALIGN float last_bias[2 * HWY_MAX_BYTES / sizeof(float)] = {};
  const int64_t rest = row.columns % width;
  if (row.bias != nullptr)
    memcpy(last_bias, row.bias + row.columns - rest, static_cast<size_t>(rest) * sizeof(float));
  PlanesTile t{.taps = g.taps, .step = g.w.stride, .last_bias = last_bias};
  t.clips = row.clips, t.lo = row.lo, t.hi = row.hi;
  const int64_t iy = row.row * g.h.stride - g.h.pad;
  const bool rows_inside = iy >= 0 && iy + g.h.reach() <= g.h.in;
  // As few tiles as there can be, of nearly the same width.
  const int64_t tiles = ceil_div(g.w.out, kPixels), least = g.w.out / tiles, larger = g.w.out % tiles;
  for (int64_t i = 0, o = 0; i < tiles; ++i) {
    const int64_t m = least + (i < larger ? 1 : 0), ix = o * g.w.stride - g.w.pad;
    const int64_t seen = (m - 1) * g.w.stride + g.w.reach();
    const bool inside = rows_inside && ix >= 0 && ix + seen <= g.w.in;
    if (!inside) copy_patch(g, row.x, iy, ix, seen, patch);
    t.x = inside ? row.x + iy * g.w.in + ix : patch;
    t.at = inside ? g.in_image : g.in_patch;
    for (int64_t first = 0; first < row.columns; first += width)
      panel_tile(row, t, first, m, row.y + o * row.y_step);
    o += m;
  }
}

int64_t planes_width() { return 2 * static_cast<int64_t>(hn::Lanes(hn::ScalableTag<float>())); }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kRow, conv_planes_row);
LITE_SIMD_TABLE(kWidth, planes_width);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// Where this is the faster one (docs/decisions/layouts.md): few channels, but for a large image without
// strides, where the sums take so long that oneDNN's reorder does not matter; and few filters of one place.
constexpr int64_t kFewChannels = 4, kSmallImage = 4096, kFewFilters = 32, kMuch = 8;

// Rows, or the one of a line, and columns.
PlanesAxis axis_of(const ops::ConvShape& s, size_t d) {
  const ops::Window& w = s.window;
  return {s.in[d], s.out[d], w.kernel[d], w.strides[d], w.dilations[d], w.pads_begin[d]};
}
// Every input is seen by one place of the window, and nothing else is.
bool is_pointwise(const ops::ConvShape& s) {
  return elements(s.window.kernel) == 1 && s.in == s.out && s.window.pads_begin == Dims(s.in.size(), 0) &&
         s.window.pads_end == s.window.pads_begin;
}
// Of one group. Rows of a volume follow each other where the window is one place.
PlanesWindow window_of(const ops::ConvShape& s) {
  PlanesWindow g;
  g.w = axis_of(s, s.in.size() - 1);
  if (s.in.size() > 1) g.h = axis_of(s, 0);
  for (size_t d = 1; d + 1 < s.in.size(); ++d) g.h.in *= s.in[d], g.h.out *= s.out[d];
  g.channels = s.channels / s.group;
  g.taps = g.channels * g.h.kernel * g.w.kernel;
  if (!is_pointwise(s)) return g;
  // Any pixels that follow each other are a row: enough of them for whole tiles.
  constexpr int64_t kRow = 64;
  int64_t rows = 1;
  while (rows < g.h.in && (g.h.in % rows != 0 || rows * g.w.in < kRow)) ++rows;
  g.h.in = g.h.out = g.h.in / rows;
  g.w.in = g.w.out = g.w.in * rows;
  return g;
}

// Where the channels of a pixel meet in the first-level cache, and panels read them again and again, so many
// pixels are copied first; else 0.
int64_t copied_pixels(int64_t channels, int64_t plane) {
  constexpr int64_t kPage = 4096, kSets = 64, kWays = 6, kTiles = 12;
  constexpr auto kFloat = static_cast<int64_t>(sizeof(float));
  const int64_t sets = std::min(kSets, kPage / std::gcd(plane * kFloat, kPage));
  return channels > kWays * sets ? kPatch / channels / kTiles * kTiles : 0;
}

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dims.size() < 3 || x.dims.size() > 5) return "not lines, images or volumes";
  if (x.layout != Layout::kPlain || y.layout != Layout::kChannelsLast)
    return "not row-major to channels last";
  if (q.has_in(3)) return "a residual";
  if (q.in[1].constant == nullptr) return "weights not constant";
  if (x.elements() == 0 || y.elements() == 0) return "empty";
  const auto s = ops::resolve_conv(q.attrs(), x.dims, q.in[1].dims);
  if (!s.is_ok()) return "the window is wrong";
  const bool pointwise = is_pointwise(s.value());
  if ((s.value().group != 1 || x.dims.size() == 5) && !pointwise)
    return "groups or volumes of several places";
  const PlanesWindow g = window_of(s.value());
  // Factors below 2^31: no product of two overflows.
  if (g.h.reach() > kFar || g.w.reach() > kFar) return "a wide window";
  const bool padded =
      !pointwise && g.h.pad + g.w.pad + s.value().window.pads_end[0] + s.value().window.pads_end.back() != 0;
  if (padded && (g.patch_row() > kPatch || g.channels * g.h.kernel > kPatch ||
                 g.channels * g.h.kernel * g.patch_row() > kPatch))
    return "a large window in padding";
  if (!pointwise::read_activation(q.attrs()).is_ok()) return "the activation is unknown";
  if (q.options.unranked) return nullptr;
  const int64_t filters = s.value().filters / s.value().group;
  if (s.value().group != 1) return filters <= kFewFilters && g.channels >= kMuch ? nullptr : "groups";
  if (elements(s.value().window.kernel) == 1 && filters <= kFewFilters) return nullptr;
  if (g.channels > kFewChannels) return "many channels";
  const bool strided = g.h.stride * g.w.stride > 1;
  return strided || g.h.out * g.w.out <= kSmallImage ? nullptr : "a large image without strides";
}

class PlanesConv final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<PlanesConv>();
    LITE_ASSIGN(const ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    k->clips_ = clip_of(activation, k->lo_, k->hi_) && !activation.none();
    k->activation_ = ActivationFn(activation, q.options);
    k->window_ = window_of(s);
    k->batch_ = s.batch;
    k->groups_ = s.group;
    k->filters_ = s.filters / s.group;
    k->bias_ = q.has_in(2);
    k->row_ = choose(kRow, q.options);
    k->width_ = choose(kWidth, q.options)();
    k->pointwise_ = is_pointwise(s);
    if (k->pointwise_) {
      k->gemm_ = Gemm(q.options, k->filters_);
      k->width_ = k->gemm_.width();
      if (k->filters_ > k->width_)
        k->copied_ = copied_pixels(k->window_.channels, k->window_.h.in * k->window_.w.in);
    }
    k->list_taps();
    k->split();
    const int64_t taps = k->window_.taps, width = k->width_;
    const int64_t group = k->group_floats(), filters = k->filters_;
    const auto bytes = static_cast<size_t>(s.group * group) * sizeof(float);
    const std::string how = cat("conv_planes:", width, ":", s.group);
    LITE_ASSIGN(k->packed_,
                packs.get(*q.in[1].constant, how, bytes, [&](void* to, const void* weights) -> Status {
                  const auto* const from = static_cast<const float*>(weights);
                  for (int64_t i = 0; i < s.group; ++i)
                    pack_panels(from + i * filters * taps, taps, filters, 1, taps, width,
                                static_cast<float*>(to) + i * group);
                  return ok();
                }));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const PlanesAxis &h = window_.h, &w = window_.w;
    const int64_t blocks = ceil_div(h.out, rows_), parts = ceil_div(panels_, panels_at_a_time_);
    const int64_t work = rows_ * w.out * window_.taps * panels_at_a_time_ * width_ * groups_;
    l.parallel->for_range(
        batch_ * blocks * parts, rows_grain(work, int64_t{1} << 17), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t block = i / parts % blocks, last = std::min(h.out, (block + 1) * rows_);
            for (int64_t row = block * rows_; row < last; ++row)
              calculate(l, i / parts / blocks, row, i % parts);
          }
        });
    return ok();
  }
  bool reads_input(size_t i) const override { return i != 1; }

 private:
  // Where the taps lie, in the order of the weights.
  void list_taps() {
    const PlanesAxis &h = window_.h, &w = window_.w;
    for (int64_t c = 0; c < window_.channels; ++c)
      for (int64_t i = 0; i < h.kernel; ++i)
        for (int64_t j = 0; j < w.kernel; ++j) {
          taps_.push_back((c * h.in + i * h.dilation) * w.in + j * w.dilation);
          patch_taps_.push_back((c * h.kernel + i) * window_.patch_row() + j * w.dilation);
        }
    window_.in_image = taps_.data();
    window_.in_patch = patch_taps_.data();
  }

  // A task: panels of filters that stay in the second-level cache, and so many rows that reading them pays.
  // Where tasks would be few, fewer panels.
  void split() {
    constexpr int64_t kPixels = 64, kManyPixels = 256, kNear = 16384, kFewTasks = 16;
    const int64_t panel = window_.taps * width_;
    panels_ = ceil_div(filters_, width_);
    panels_at_a_time_ = std::clamp<int64_t>(kNear / panel, 1, panels_);
    rows_ = std::min(window_.h.out, ceil_div(panel * 2 > kNear ? kManyPixels : kPixels, window_.w.out));
    // With groups all of a row's: the activation is of whole rows.
    if (groups_ > 1) {
      panels_at_a_time_ = panels_;
      return;
    }
    const int64_t tasks = batch_ * ceil_div(window_.h.out, rows_);
    panels_at_a_time_ = std::min(panels_at_a_time_, ceil_div(panels_, ceil_div(kFewTasks, tasks)));
  }

  int64_t group_floats() const { return packed_floats(window_.taps, filters_, width_); }

  // One row of a part of the filters of every group.
  void calculate(const Launch& l, int64_t image, int64_t row, int64_t part) const {
    const PlanesAxis &h = window_.h, &w = window_.w;
    const int64_t step = panels_at_a_time_ * width_, first = part * step, all = groups_ * filters_;
    float* const y = l.out<float>(0) + (image * h.out + row) * w.out * all + first;
    PlanesRow t{.row = row, .y_step = all, .columns = std::min(step, filters_ - first)};
    t.clips = clips_, t.lo = lo_, t.hi = hi_;
    for (int64_t g = 0; g < groups_; ++g) {
      t.x = l.in<float>(0) + (image * groups_ + g) * window_.channels * h.in * w.in;
      t.weights = static_cast<const float*>(packed_->data.get()) + g * group_floats() + first * window_.taps;
      t.bias = bias_ ? l.in<float>(2) + g * filters_ + first : nullptr;
      t.y = y + g * filters_;
      if (pointwise_)
        multiply(t);
      else
        row_(window_, t);
    }
    if (clips_) return;
    if (t.columns == filters_)
      activation_(y, w.out * all);
    else
      activation_(y, t.columns, w.out, all);
  }

  // A row of a window of one place: the channels of a pixel are a row of a matrix.
  void multiply(const PlanesRow& t) const {
    const int64_t plane = window_.h.in * window_.w.in, pixels = window_.w.out,
                  panels = ceil_div(t.columns, width_);
    GemmArgs g{.a = t.x + t.row * pixels,
               .a_row = 1,
               .a_column = plane,
               .b = t.weights,
               .b_near = true,
               .c = t.y,
               .c_row = t.y_step,
               .m = pixels,
               .n = t.columns,
               .k = window_.taps,
               .bias = t.bias};
    if (clips_) g.activation = &activation_;
    if (copied_ == 0) return gemm_.tile(g, 0, pixels, 0, panels);
    HWY_ALIGN float copy[kPatch];
    for (int64_t o = 0; o < pixels; o += copied_) {
      g.m = g.a_column = std::min(copied_, pixels - o);
      for (int64_t c = 0; c < g.k; ++c)
        memcpy(copy + c * g.m, t.x + t.row * pixels + c * plane + o,
               static_cast<size_t>(g.m) * sizeof(float));
      g.a = copy;
      g.c = t.y + o * t.y_step;
      gemm_.tile(g, 0, g.m, 0, panels);
    }
  }

  PlanesWindow window_;
  std::vector<int64_t> taps_, patch_taps_;
  int64_t batch_ = 0, groups_ = 1, filters_ = 0, width_ = 0;  // filters of a group
  int64_t panels_ = 0, rows_ = 0, panels_at_a_time_ = 0, copied_ = 0;
  bool bias_ = false, clips_ = false, pointwise_ = false;
  Gemm gemm_;
  float lo_ = 0, hi_ = 0;
  ActivationFn activation_;
  void (*row_)(const PlanesWindow&, const PlanesRow&) = nullptr;
  std::shared_ptr<const PackCache::Packed> packed_;
};

constexpr KernelDef kKernels[] = {{"conv_planes:simd", "Conv", rejects, PlanesConv::make},
                                  {"fused_conv_planes:simd", "FusedConv", rejects, PlanesConv::make}};

}  // namespace

extern constinit const KernelTable simd_conv_planes;
constinit const KernelTable simd_conv_planes{kKernels};

}  // namespace lite::kernels
#endif
