// GridSample of images of float32: where the points of a strip come from is found once for all channels.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_grid_sample.cpp"
#include <limits>

#include "core/kernels/cpu/simd.h"
#include "core/ops/grid_sample.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_GRID_SAMPLE
#define LITE_SIMD_GRID_SAMPLE
namespace lite::simd {

struct GridStrip {
  static constexpr int64_t kPoints = 128;  // at most
  static constexpr int kMaxTaps = 16;      // of both axes together
  int64_t n = 0;
  int taps = 0;
  alignas(64) int32_t index[kMaxTaps][kPoints];  // into a plane; -1: none
  alignas(64) float weight[kMaxTaps][kPoints];
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[i] = the sum over the taps of weight * plane[index].
void blend_points(const GridStrip& s, const float* plane, float* y) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (int64_t i = 0; i < s.n; i += lanes) {
    auto sum = hn::Zero(d);
    for (int t = 0; t < s.taps; ++t) {
      const auto at = hn::Load(di, s.index[t] + i);
      const auto v = hn::GatherIndex(d, plane, hn::Max(at, hn::Zero(di)));
      const auto inside = hn::RebindMask(d, hn::Gt(at, hn::Set(di, -1)));
      sum = hn::Add(sum, hn::IfThenElseZero(inside, hn::Mul(v, hn::Load(d, s.weight[t] + i))));
    }
    store_part(sum, d, y + i, static_cast<size_t>(std::min(lanes, s.n - i)));
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kBlendPoints, blend_points);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32 || q.in[1].dtype != DType::kF32) return "not float32";
  if (q.in[0].dims.size() != 4) return "not images";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims[2] * q.in[0].dims[3] > std::numeric_limits<int32_t>::max()) return "images beyond 32 bits";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const ops::GridSampleAttrs attrs, ops::GridSampleAttrs::read(q.attrs()));
  const int64_t batch = q.in[0].dims[0], channels = q.in[0].dims[1], h = q.in[0].dims[2], w = q.in[0].dims[3];
  const int64_t points = q.out[0].dims[2] * q.out[0].dims[3], strips = ceil_div(points, GridStrip::kPoints);
  auto* const blend = choose(kBlendPoints, q.options);
  return make_kernel([=](const Launch& l) {
    const float* const x = l.in<float>(0);
    const float* const grid = l.in<float>(1);
    float* const y = l.out<float>(0);
    l.parallel->for_range(
        batch * strips, rows_grain(GridStrip::kPoints * (channels + 16)), [&](int64_t begin, int64_t end) {
          GridStrip s;
          // Points behind the last are nowhere.
          memset(s.index, -1, sizeof s.index);
          memset(s.weight, 0, sizeof s.weight);
          for (int64_t i = begin; i < end; ++i) {
            const int64_t b = i / strips, first = i % strips * GridStrip::kPoints;
            s.n = std::min(GridStrip::kPoints, points - first);
            for (int64_t p = 0; p < s.n; ++p) {
              const float* const at = grid + 2 * (b * points + first + p);
              const ops::GridTaps across = ops::grid_taps(attrs, static_cast<double>(at[0]), w),
                                  down = ops::grid_taps(attrs, static_cast<double>(at[1]), h);
              s.taps = 0;
              for (int v = 0; v < down.count; ++v)
                for (int u = 0; u < across.count; ++u, ++s.taps) {
                  const bool counts = down.index[v] >= 0 && across.index[u] >= 0 && down.weight[v] != 0 &&
                                      across.weight[u] != 0;
                  s.index[s.taps][p] =
                      counts ? static_cast<int32_t>(down.index[v] * w + across.index[u]) : -1;
                  s.weight[s.taps][p] = static_cast<float>(down.weight[v] * across.weight[u]);
                }
            }
            for (int64_t c = 0; c < channels; ++c)
              blend(s, x + (b * channels + c) * h * w, y + (b * channels + c) * points + first);
          }
        });
  });
}

constexpr KernelDef kKernels[] = {{"grid_sample:simd", "GridSample", rejects, make}};

}  // namespace

extern constinit const KernelTable simd_grid_sample;
constinit const KernelTable simd_grid_sample{kKernels};

}  // namespace lite::kernels
#endif
