// RoiAlign: samples each region of interest bilinearly on a grid and pools the samples of each output cell.
//
//   in  X              [N,C,H,W], float
//   in  rois           [R,4]: x1, y1, x2, y2, in units that spatial_scale turns into those of X
//   in  batch_indices  [R], int64, each in [0,N)
//   out Y              [R,C,output_height,output_width]
//   attr coordinate_transformation_mode string: half_pixel (default) or output_half_pixel: without the shift
//   by half an
//                      element, and with regions of at least one element
//   attr mode          string: avg (default), or max: the largest of the samples' weighted corners
//   attr output_height, output_width int, default 1      attr spatial_scale float, default 1
//   attr sampling_ratio int, default 0: samples along each side of a cell; 0: as many as it covers elements
//
// Samples more than one element outside X count as 0.
//
// MaxRoiPool: the largest element of each cell of each region, with edges rounded to whole elements.
//
//   in  X  [N,C,H,W], float      in  rois  [R,5]: batch, x1, y1, x2, y2
//   out Y  [R,C,h,w]; 0 for cells without elements
//   attr pooled_shape ints, required: h, w      attr spatial_scale float, default 1

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/roi_align.h"
#include "core/ops/widen.h"

namespace lite::ops {

RoiAlignAttrs RoiAlignAttrs::read(const AttrReader& r) {
  return {.rows = r.i64("output_height", 1),
          .columns = r.i64("output_width", 1),
          .ratio = r.i64("sampling_ratio"),
          .scale = static_cast<double>(r.f32("spatial_scale", 1)),
          .half = r.str("coordinate_transformation_mode", "half_pixel") == "half_pixel",
          .mean = r.str("mode", "avg") == "avg"};
}

RoiAxis RoiAlignAttrs::axis(double first, double last, int64_t cells) const {
  const double shift = half ? 0.5 : 0;
  RoiAxis a{.start = first * scale - shift};
  double size = last * scale - shift - a.start;
  if (!half) size = std::max(size, 1.0);
  a.cell = size / static_cast<double>(cells);
  // A region of NaN has no samples.
  a.grid = ratio > 0 ? ratio : a.cell > 0 ? static_cast<int64_t>(std::ceil(std::min(a.cell, 65536.0))) : 0;
  return a;
}

Status check_roi_batch(int64_t r, int64_t n, int64_t batch) {
  if (n >= 0 && n < batch) return ok();
  return invalid_argument("RoiAlign: batch_indices[", r, "] is ", n, ", wanted in [0,", batch, ")");
}

Status check_roi_grid(int64_t r, const RoiAxis& y, const RoiAxis& x) {
  if (y.grid * x.grid <= int64_t{1} << 24) return ok();
  return unsupported("RoiAlign: region ", r, " wants ", y.grid, " by ", x.grid,
                     " samples a cell, which is too many");
}

RoiTaps roi_taps(double coordinate, int64_t size) {
  RoiTaps t;
  if (size == 0 || !(coordinate >= -1 && coordinate <= static_cast<double>(size))) return t;
  coordinate = std::max(coordinate, 0.0);
  t.at[0] = std::min(static_cast<int64_t>(coordinate), size - 1);
  t.at[1] = std::min(t.at[0] + 1, size - 1);
  t.weight[1] = t.at[0] == t.at[1] ? 0 : coordinate - static_cast<double>(t.at[0]);
  t.weight[0] = 1 - t.weight[1];
  return t;
}

namespace {

constexpr int64_t kLimit = int64_t{1} << 31;

Status check_image(const char* op, const Fact& x, const Fact& rois, int64_t columns) {
  if (x.has_rank && x.rank() != 4)
    return invalid_model(op, ": X has shape ", x.dims, ", four dimensions wanted");
  if (rois.has_rank && (rois.rank() != 2 || (rois.dims[1] >= 0 && rois.dims[1] != columns)))
    return invalid_model(op, ": rois has shape ", rois.dims, ", [regions,", columns, "] wanted");
  return ok();
}

Status check_size(const char* op, const char* name, int64_t v) {
  if (v >= 1 && v < kLimit) return ok();
  return invalid_model(op, ": attribute '", name, "' is ", v, ", wanted in [1,", kLimit, ")");
}

Status infer_align(const InferArgs& a) {
  const char* op = "RoiAlign";
  LITE_TRY(check_image(op, a.in[0], a.in[1], 4));
  const int64_t height = a.attrs.i64("output_height", 1), width = a.attrs.i64("output_width", 1);
  LITE_TRY(check_size(op, "output_height", height));
  LITE_TRY(check_size(op, "output_width", width));
  const int64_t samples = a.attrs.i64("sampling_ratio");
  if (samples < 0 || samples > 65536)
    return invalid_model(op, ": attribute 'sampling_ratio' is ", samples, ", wanted in [0,65536]");
  const std::string_view mode = a.attrs.str("mode", "avg"),
                         how = a.attrs.str("coordinate_transformation_mode", "half_pixel");
  if (mode != "avg" && mode != "max")
    return invalid_model(op, ": attribute 'mode' is '", mode, "', avg or max wanted");
  if (how != "half_pixel" && how != "output_half_pixel")
    return invalid_model(op, ": attribute 'coordinate_transformation_mode' is '", how,
                         "', half_pixel or output_half_pixel wanted");
  if (a.in[2].has_rank && a.in[2].rank() != 1)
    return invalid_model(op, ": batch_indices has shape ", a.in[2].dims, ", one dimension wanted");
  if (a.in[1].has_rank && a.in[2].has_rank && a.in[1].dims[0] >= 0 && a.in[2].dims[0] >= 0 &&
      a.in[1].dims[0] != a.in[2].dims[0])
    return invalid_model(op, ": has ", a.in[1].dims[0], " rois and ", a.in[2].dims[0], " batch_indices");
  const int64_t regions = a.in[1].has_rank   ? a.in[1].dims[0]
                          : a.in[2].has_rank ? a.in[2].dims[0]
                                             : kUnknownDim;
  a.out[0] = Fact(a.in[0].dtype, {regions, a.in[0].has_rank ? a.in[0].dims[1] : kUnknownDim, height, width});
  return ok();
}

// The four elements around a point and their weights.
struct Corners {
  int64_t at[4] = {};
  double weight[4] = {};
};

Corners corners_of(const RoiTaps& down, const RoiTaps& across, int64_t width) {
  Corners c;
  for (size_t k = 0; k < 4; ++k) {
    c.at[k] = down.at[k / 2] * width + across.at[k % 2];
    c.weight[k] = down.weight[k / 2] * across.weight[k % 2];
  }
  return c;
}

Status align(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t batch = x.dims()[0], channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3];
  const RoiAlignAttrs attrs = RoiAlignAttrs::read(a.attrs);
  const int64_t regions = a.input(1).dims()[0], rows = attrs.rows, columns = attrs.columns;
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {regions, channels, rows, columns}));
  const Widened<double> rois(a.input(1)), xs(x);
  std::vector<Corners> samples;
  for (int64_t r = 0; r < regions; ++r) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const int64_t n = a.input(2).int_at(r);
    LITE_TRY(check_roi_batch(r, n, batch));
    const RoiAxis across = attrs.axis(rois[4 * r], rois[4 * r + 2], columns),
                  down = attrs.axis(rois[4 * r + 1], rois[4 * r + 3], rows);
    LITE_TRY(check_roi_grid(r, down, across));
    for (int64_t py = 0; py < rows; ++py)
      for (int64_t px = 0; px < columns; ++px) {
        samples.clear();
        for (int64_t i = 0; i < down.grid; ++i)
          for (int64_t j = 0; j < across.grid; ++j)
            samples.push_back(
                corners_of(roi_taps(down.at(py, i), height), roi_taps(across.at(px, j), width), width));
        for (int64_t c = 0; c < channels; ++c) {
          const double* plane = xs.data() + (n * channels + c) * height * width;
          double sum = 0, largest = samples.empty() ? 0 : -std::numeric_limits<double>::infinity();
          for (const Corners& s : samples)
            for (size_t k = 0; k < 4; ++k) {
              const double v = s.weight[k] == 0 ? 0 : s.weight[k] * plane[s.at[k]];
              sum += v;
              largest = std::max(largest, v);
            }
          const double v =
              attrs.mean ? sum / static_cast<double>(std::max<size_t>(samples.size(), 1)) : largest;
          narrow(&v, 1, *y, ((r * channels + c) * rows + py) * columns + px);
        }
      }
  }
  return ok();
}

Status infer_pool(const InferArgs& a) {
  LITE_TRY(check_image("MaxRoiPool", a.in[0], a.in[1], 5));
  const std::span<const int64_t> shape = a.attrs.ints("pooled_shape");
  if (shape.size() != 2)
    return invalid_model("MaxRoiPool: attribute 'pooled_shape' has ", shape.size(), " numbers, 2 wanted");
  for (const int64_t v : shape) LITE_TRY(check_size("MaxRoiPool", "pooled_shape", v));
  a.out[0] = Fact(a.in[0].dtype, {a.in[1].has_rank ? a.in[1].dims[0] : kUnknownDim,
                                  a.in[0].has_rank ? a.in[0].dims[1] : kUnknownDim, shape[0], shape[1]});
  return ok();
}

Status pool_regions(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t batch = x.dims()[0], channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3];
  const int64_t regions = a.input(1).dims()[0], rows = a.attrs.ints("pooled_shape")[0],
                columns = a.attrs.ints("pooled_shape")[1];
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {regions, channels, rows, columns}));
  const auto scale = static_cast<double>(a.attrs.f32("spatial_scale", 1));
  const Widened<double> rois(a.input(1)), xs(x);
  const auto edge = [&](double v) {
    return static_cast<int64_t>(std::round(std::clamp(std::isnan(v) ? 0 : v * scale, -1e9, 1e9)));
  };
  for (int64_t r = 0; r < regions; ++r) {
    const double index = rois[5 * r];
    if (!(index >= 0 && index < static_cast<double>(batch)))
      return invalid_argument("MaxRoiPool: the batch of region ", r, " is ", index, ", wanted in [0,", batch,
                              ")");
    const auto n = static_cast<int64_t>(index);
    const int64_t x1 = edge(rois[5 * r + 1]), y1 = edge(rois[5 * r + 2]), x2 = edge(rois[5 * r + 3]),
                  y2 = edge(rois[5 * r + 4]);
    const auto cell_h = static_cast<double>(std::max<int64_t>(y2 - y1 + 1, 1)) / static_cast<double>(rows);
    const auto cell_w = static_cast<double>(std::max<int64_t>(x2 - x1 + 1, 1)) / static_cast<double>(columns);
    const auto from = [](int64_t p, double cell, int64_t start, int64_t size) {
      return std::clamp<int64_t>(static_cast<int64_t>(std::floor(static_cast<double>(p) * cell)) + start, 0,
                                 size);
    };
    const auto to = [](int64_t p, double cell, int64_t start, int64_t size) {
      return std::clamp<int64_t>(static_cast<int64_t>(std::ceil(static_cast<double>(p + 1) * cell)) + start,
                                 0, size);
    };
    for (int64_t c = 0; c < channels; ++c) {
      const double* plane = xs.data() + (n * channels + c) * height * width;
      for (int64_t py = 0; py < rows; ++py)
        for (int64_t px = 0; px < columns; ++px) {
          double largest = 0;
          bool any = false;
          for (int64_t i = from(py, cell_h, y1, height); i < to(py, cell_h, y1, height); ++i)
            for (int64_t j = from(px, cell_w, x1, width); j < to(px, cell_w, x1, width); ++j) {
              largest = any ? std::max(largest, plane[i * width + j]) : plane[i * width + j];
              any = true;
            }
          narrow(&largest, 1, *y, ((r * channels + c) * rows + py) * columns + px);
        }
    }
  }
  return ok();
}

constexpr OperandSpec kAlignIn[] = {
    {"X", types::kFloat, 'T'}, {"rois", types::kFloat, 'T'}, {"batch_indices", DType::kI64}};
constexpr OperandSpec kPoolIn[] = {{"X", types::kFloat, 'T'}, {"rois", types::kFloat, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAlignAttrs[] = {{"coordinate_transformation_mode", AttrType::kString},
                                    {"mode", AttrType::kString},
                                    {"output_height", AttrType::kInt},
                                    {"output_width", AttrType::kInt},
                                    {"sampling_ratio", AttrType::kInt},
                                    {"spatial_scale", AttrType::kFloat}};
constexpr AttrSpec kPoolAttrs[] = {{"pooled_shape", AttrType::kInts, true},
                                   {"spatial_scale", AttrType::kFloat}};

constexpr OpDef kOps[] = {
    {
        .name = "RoiAlign",
        .since = 22,
        .inputs = kAlignIn,
        .outputs = kOut,
        .attrs = kAlignAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_align,
        .reference = align,
    },
    {
        .name = "MaxRoiPool",
        .since = 22,
        .inputs = kPoolIn,
        .outputs = kOut,
        .attrs = kPoolAttrs,
        .infer = infer_pool,
        .reference = pool_regions,
    },
};

}  // namespace

extern constinit const OpTable roi_align;
constinit const OpTable roi_align{kOps};

}  // namespace lite::ops
