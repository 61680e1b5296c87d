// RoiAlign of images of float32, averaging.
//
// Bilinear weights are products and samples are a grid, so a region is taken apart: for a row of cells the
// elements above each other are summed into a row as wide as the region, of which cells then take their
// neighbours. The weights of all samples of a cell along an axis are added up once for all channels.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_roi_align.cpp"
#include <limits>

#include "core/kernels/cpu/simd.h"
#include "core/ops/roi_align.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_ROI_ALIGN
#define LITE_SIMD_ROI_ALIGN
namespace lite::simd {

// One region of one image. `group` rows of cells are summed at a time.
struct RoiPlan {
  int64_t rows = 0, columns = 0, group = 1;
  int64_t width = 0;            // of the image
  int64_t first = 0, span = 0;  // columns of the image that count
  int64_t stride = 0;           // of a row of sums; behind the rows there is a 0
  // Row r of cells has taps [row_begin[r], row_begin[r + 1]).
  const int64_t* row_begin = nullptr;
  const int32_t* row_at = nullptr;  // row of the image
  const float* row_weight = nullptr;
  // Of the cells of a group: tap k of cell i is at [k * cells + i]; `at` is a place in the sums.
  int64_t taps = 0, cells = 0;
  const int32_t* at = nullptr;
  const float* weight = nullptr;
  float* sums = nullptr;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

void roi_plane(const RoiPlan& p, const float* plane, float* y) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  plane += p.first;
  for (int64_t first = 0; first < p.rows; first += p.group) {
    const int64_t rows = std::min(p.group, p.rows - first);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t x = 0; x < p.span; x += lanes) {
        const auto count = static_cast<size_t>(std::min(lanes, p.span - x));
        auto sum = hn::Zero(d);
        for (int64_t t = p.row_begin[first + r]; t < p.row_begin[first + r + 1]; ++t)
          sum = hn::MulAdd(hn::Set(d, p.row_weight[t]),
                           load_part(d, plane + p.row_at[t] * p.width + x, count), sum);
        hn::StoreU(sum, d, p.sums + r * p.stride + x);
      }
    const int64_t cells = rows * p.columns;
    for (int64_t i = 0; i < cells; i += lanes) {
      auto sum = hn::Zero(d);
      for (int64_t k = i; k < p.taps * p.cells; k += p.cells)
        sum =
            hn::MulAdd(hn::LoadU(d, p.weight + k), hn::GatherIndex(d, p.sums, hn::LoadU(di, p.at + k)), sum);
      store_part(sum, d, y + first * p.columns + i, static_cast<size_t>(std::min(lanes, cells - i)));
    }
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kRoiPlane, roi_plane);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr int64_t kLanes = 16;         // at most
constexpr int64_t kCells = 64;         // of a group, if there is more than one row
constexpr int64_t kChannels = 64;      // a task
constexpr int64_t kSums = 8192;        // floats of a group, if there is more than one row
constexpr int64_t kMaxStrips = 16;     // each has a workspace of its own
constexpr size_t kMaxBytes = 1 << 20;  // of one

// Cuts a workspace into arrays.
class Cutter {
 public:
  explicit Cutter(void* memory) : memory_(static_cast<unsigned char*>(memory)) {}
  template <class T>
  T* take(int64_t n) {
    const size_t at = used_;
    used_ += static_cast<size_t>(round_up(n * static_cast<int64_t>(sizeof(T)), 64));
    return memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + at);
  }
  size_t used() const { return used_; }

 private:
  unsigned char* memory_;
  size_t used_ = 0;
};

class RoiAlign final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<RoiAlign>();
    k->a_ = ops::RoiAlignAttrs::read(q.attrs());
    const Dims& x = q.in[0].dims;
    k->batch_ = x[0], k->channels_ = x[1], k->height_ = x[2], k->width_ = x[3];
    k->regions_ = q.in[1].dims[0];
    const int64_t most = k->a_.ratio > 0 ? 2 * k->a_.ratio : std::numeric_limits<int64_t>::max();
    k->row_taps_ = std::min(most, k->height_), k->column_taps_ = std::min(most, k->width_);
    const int64_t row = round_up(k->width_, kLanes);
    k->group_ = std::clamp<int64_t>(std::min(kCells / k->a_.columns, kSums / row), 1, k->a_.rows);
    k->cells_ = round_up(k->group_ * k->a_.columns, kLanes);
    k->blocks_ = ceil_div(k->channels_, kChannels);
    k->strips_ = std::min(k->regions_ * k->blocks_, kMaxStrips);
    Cutter all(nullptr);
    k->arrays(all);
    k->bytes_ = all.used();
    if (k->bytes_ > kMaxBytes) return unsupported(q.node.op->name, ": cells or images that are too large");
    k->plane_ = choose(kRoiPlane, q.options);
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const float* const rois = l.in<float>(1);
    for (int64_t r = 0; r < regions_; ++r) {
      LITE_TRY(ops::check_roi_batch(r, l.in<int64_t>(2)[r], batch_));
      LITE_TRY(ops::check_roi_grid(r, down(rois + 4 * r), across(rois + 4 * r)));
    }
    const int64_t tasks = regions_ * blocks_, size = height_ * width_;
    l.parallel->for_range(strips_, 1, [&](int64_t strip, int64_t) {
      Cutter memory(static_cast<unsigned char*>(l.workspace) + static_cast<size_t>(strip) * bytes_);
      const Arrays arrays = this->arrays(memory);
      RoiPlan plan;
      int64_t planned = -1;
      for (int64_t i = tasks * strip / strips_; i < tasks * (strip + 1) / strips_; ++i) {
        const int64_t r = i / blocks_, begin = i % blocks_ * kChannels;
        if (planned != r) plan = plan_of(rois + 4 * r, arrays);
        planned = r;
        const float* const x = l.in<float>(0) + l.in<int64_t>(2)[r] * channels_ * size;
        float* const y = l.out<float>(0) + r * channels_ * a_.rows * a_.columns;
        for (int64_t c = begin; c < std::min(begin + kChannels, channels_); ++c)
          plane_(plan, x + c * size, y + c * a_.rows * a_.columns);
      }
    });
    return ok();
  }
  size_t workspace_bytes() const override { return static_cast<size_t>(strips_) * bytes_; }

 private:
  struct Arrays {
    double* weights;  // of the elements of an axis, for one cell
    int64_t *row_begin, *column_begin;
    int32_t *row_at, *column_at, *at;
    float *row_weight, *column_weight, *weight, *sums;
  };
  Arrays arrays(Cutter& c) const {
    Arrays a{};
    a.weights = c.take<double>(std::max(height_, width_));
    a.row_begin = c.take<int64_t>(a_.rows + 1);
    a.column_begin = c.take<int64_t>(a_.columns + 1);
    a.row_at = c.take<int32_t>(a_.rows * row_taps_);
    a.row_weight = c.take<float>(a_.rows * row_taps_);
    a.column_at = c.take<int32_t>(a_.columns * column_taps_);
    a.column_weight = c.take<float>(a_.columns * column_taps_);
    a.at = c.take<int32_t>(cells_ * column_taps_);
    a.weight = c.take<float>(cells_ * column_taps_);
    a.sums = c.take<float>(group_ * round_up(width_, kLanes) + 1);
    return a;
  }

  ops::RoiAxis across(const float* roi) const {
    return a_.axis(static_cast<double>(roi[0]), static_cast<double>(roi[2]), a_.columns);
  }
  ops::RoiAxis down(const float* roi) const {
    return a_.axis(static_cast<double>(roi[1]), static_cast<double>(roi[3]), a_.rows);
  }

  // The elements that each cell along an axis of `size` elements takes, and by which weights.
  static void axis_taps(const ops::RoiAxis& axis, int64_t cells, int64_t size, double* weights,
                        int64_t* begin, int32_t* at, float* weight) {
    int64_t n = 0;
    begin[0] = 0;
    for (int64_t p = 0; p < cells; ++p) {
      int64_t lo = size, hi = 0;
      for (int64_t i = 0; i < axis.grid; ++i) {
        const ops::RoiTaps taps = ops::roi_taps(axis.at(p, i), size);
        for (int k = 0; k < 2; ++k) {
          if (taps.weight[k] == 0) continue;
          // Elements between those seen so far and this one have had no weight yet.
          if (lo > hi) lo = hi = taps.at[k], weights[lo] = 0;
          while (lo > taps.at[k]) weights[--lo] = 0;
          while (hi < taps.at[k]) weights[++hi] = 0;
          weights[taps.at[k]] += taps.weight[k];
        }
      }
      for (int64_t i = lo; i <= hi; ++i) {
        if (weights[i] == 0) continue;
        at[n] = static_cast<int32_t>(i);
        weight[n++] = static_cast<float>(weights[i] / static_cast<double>(axis.grid));
      }
      begin[p + 1] = n;
    }
  }

  RoiPlan plan_of(const float* roi, const Arrays& a) const {
    axis_taps(down(roi), a_.rows, height_, a.weights, a.row_begin, a.row_at, a.row_weight);
    axis_taps(across(roi), a_.columns, width_, a.weights, a.column_begin, a.column_at, a.column_weight);
    RoiPlan p{.rows = a_.rows, .columns = a_.columns, .group = group_, .width = width_, .cells = cells_};
    const int64_t all = a.column_begin[a_.columns];
    if (all > 0) {
      const auto [lo, hi] = std::minmax_element(a.column_at, a.column_at + all);
      p.first = *lo;
      p.span = *hi - *lo + 1;
    }
    p.stride = round_up(p.span, kLanes);
    for (int64_t x = 0; x < a_.columns; ++x)
      p.taps = std::max(p.taps, a.column_begin[x + 1] - a.column_begin[x]);
    const int64_t nothing = group_ * p.stride;
    std::fill_n(a.at, p.taps * cells_, static_cast<int32_t>(nothing));
    std::fill_n(a.weight, p.taps * cells_, 0.0f);
    a.sums[nothing] = 0;
    for (int64_t i = 0; i < group_ * a_.columns; ++i) {
      const int64_t r = i / a_.columns, begin = a.column_begin[i % a_.columns];
      for (int64_t t = begin; t < a.column_begin[i % a_.columns + 1]; ++t) {
        a.at[(t - begin) * cells_ + i] = static_cast<int32_t>(r * p.stride + a.column_at[t] - p.first);
        a.weight[(t - begin) * cells_ + i] = a.column_weight[t];
      }
    }
    p.row_begin = a.row_begin, p.row_at = a.row_at, p.row_weight = a.row_weight;
    p.at = a.at, p.weight = a.weight, p.sums = a.sums;
    return p;
  }

  ops::RoiAlignAttrs a_;
  int64_t batch_ = 0, channels_ = 0, height_ = 0, width_ = 0, regions_ = 0;
  int64_t row_taps_ = 0, column_taps_ = 0;  // of a cell, at most
  int64_t group_ = 1, cells_ = 0;           // rows of cells summed at a time; cells in them, whole vectors
  int64_t blocks_ = 1, strips_ = 1;         // of channels; of all work
  size_t bytes_ = 0;                        // of a strip's workspace
  decltype(&HWY_STATIC_DISPATCH(roi_plane)) plane_ = nullptr;
};

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.attrs().str("mode", "avg") != "avg") return "the largest sample is wanted";
  if (q.in[0].elements() == 0 || q.out[0].elements() == 0) return "empty";
  if (q.in[0].dims[2] > 1 << 16 || q.in[0].dims[3] > 1 << 16) return "large images";
  if (q.attrs().i64("output_height", 1) > 1 << 12 || q.attrs().i64("output_width", 1) > 1 << 12)
    return "many cells";
  return nullptr;
}

constexpr KernelDef kKernels[] = {{"roi_align:simd", "RoiAlign", rejects, RoiAlign::make}};

}  // namespace

extern constinit const KernelTable simd_roi_align;
constinit const KernelTable simd_roi_align{kKernels};

}  // namespace lite::kernels
#endif
