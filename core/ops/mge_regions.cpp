// Regions of interest as MegEngine pools them; domain megengine. A region is a row of rois [R,5]: image, x1,
// y1, x2, y2.
//
// ROIAlign: a grid of bilinear samples of each cell; what lies outside X is 0.
//
//   in  X  [N,C,H,W], float      in  rois
//   out Y  [R,C,h,w]             out Index  same shape, int32: with max, which sample it was, else 0
//   attr mode string: max (default) or average       attr pooled_shape ints, required: h, w
//   attr samples ints, default 2, 2: of a cell       attr spatial_scale float, default 1, attr offset float,
//   default 0:
//                                                    edge * spatial_scale - offset
//
// ROIPooling: the elements of each cell, with the region's edges rounded to whole elements (halves away from
// zero).
//
//   in  X, rois                  in  size  [2], int64: h, w
//   out Y  [R,C,h,w]             out Index  int32: with max, which element of the plane it was, else -1
//   attr mode as above           attr spatial_scale float, default 1
//
// DeformablePSROIPooling: the mean of samples of each cell, which is moved by an offset of its class and
// part.
//
//   in  X, rois                  in  trans  [R,2*classes,part,part] (unused with no_trans)
//   out Y  [R,C,h,w]             out Count  same shape, float: samples that lie inside
//   attr no_trans int, default 1     attr spatial_scale, trans_std float, default 1     attr pooled_shape
//   ints, required attr part_size, sample_per_part int, default 1
//
// A cell without samples is 0.
//
// NMSKeep: which boxes, best first, are kept when those are dropped that overlap a kept one too much.
//
//   in  boxes  [N,B,4], float32: x1, y1, x2, y2      out Index  [N,max_output], int32: the last one is
//   repeated attr iou_threshold float, required               out Count  [N], int32 attr max_output int,
//   required

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr int64_t kLimit = int64_t{1} << 20;

Status check_inputs(const char* op, const InferArgs& a) {
  if (a.in[0].has_rank && a.in[0].rank() != 4)
    return invalid_model(op, ": X has shape ", a.in[0].dims, ", four dimensions wanted");
  if (a.in[1].has_rank && (a.in[1].rank() != 2 || (a.in[1].dims[1] >= 0 && a.in[1].dims[1] != 5)))
    return invalid_model(op, ": rois has shape ", a.in[1].dims, ", [regions,5] wanted");
  return ok();
}

Result<bool> is_max(const AttrReader& r) {
  const std::string_view mode = r.str("mode", "max");
  if (mode == "max" || mode == "average") return mode == "max";
  return invalid_model(r.node().op->name, ": attribute 'mode' is '", mode, "', max or average wanted");
}

Result<std::pair<int64_t, int64_t>> read_pair(const AttrReader& r, const char* name, int64_t otherwise) {
  const std::span<const int64_t> v = r.ints(name);
  if (!r.has(name)) return std::pair(otherwise, otherwise);
  if (v.size() != 2 || v[0] < 1 || v[1] < 1 || v[0] > kLimit || v[1] > kLimit)
    return invalid_model(r.node().op->name, ": attribute '", name, "' wants two numbers in [1,", kLimit, "]");
  return std::pair(v[0], v[1]);
}

Fact pooled(const InferArgs& a, DType type, int64_t h, int64_t w) {
  return Fact(type, {a.in[1].has_rank ? a.in[1].dims[0] : kUnknownDim,
                     a.in[0].has_rank ? a.in[0].dims[1] : kUnknownDim, h, w});
}

// The image of a region, checked.
Result<int64_t> image_of(const char* op, double v, int64_t images, int64_t region) {
  if (v >= 0 && v < static_cast<double>(images)) return static_cast<int64_t>(v);
  return invalid_argument(op, ": the image of region ", region, " is ", v, ", wanted in [0,", images, ")");
}

// Collects what a cell holds.
struct Pooler {
  bool max;
  double best = -std::numeric_limits<double>::infinity(), sum = 0;
  int64_t count = 0, index = -1;
  void feed(double v, int64_t i) {
    ++count;
    sum += v;
    if (max && (v > best || index < 0)) best = v, index = i;
  }
  double value() const { return count == 0 ? 0 : max ? best : sum / static_cast<double>(count); }
};

Status infer_align(const InferArgs& a) {
  LITE_TRY(check_inputs("ROIAlign", a));
  LITE_TRY(is_max(a.attrs).status());
  LITE_ASSIGN(const auto shape, read_pair(a.attrs, "pooled_shape", 1));
  LITE_TRY(read_pair(a.attrs, "samples", 2).status());
  a.out[0] = pooled(a, a.in[0].dtype, shape.first, shape.second);
  if (a.out.size() > 1) a.out[1] = pooled(a, DType::kI32, shape.first, shape.second);
  return ok();
}

Status align(const EvalArgs& a) {
  const Tensor &x = a.input(0), &rois = a.input(1);
  LITE_ASSIGN(const auto shape, read_pair(a.attrs, "pooled_shape", 1));
  LITE_ASSIGN(const auto samples, read_pair(a.attrs, "samples", 2));
  LITE_ASSIGN(const bool max, is_max(a.attrs));
  const int64_t channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3], regions = rois.dims()[0];
  const Dims dims{regions, channels, shape.first, shape.second};
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  Tensor* index = nullptr;
  if (a.out.size() > 1) {
    LITE_ASSIGN(index, a.output(1, DType::kI32, dims));
  }
  const float scale = a.attrs.f32("spatial_scale", 1), offset = a.attrs.f32("offset", 0);
  const Widened<float> xs(x), boxes(rois);
  int64_t at = 0;
  for (int64_t r = 0; r < regions; ++r) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const float* const box = boxes.data() + 5 * r;
    LITE_ASSIGN(const int64_t image, image_of("ROIAlign", static_cast<double>(box[0]), x.dims()[0], r));
    const float left = box[1] * scale - offset, top = box[2] * scale - offset;
    const float cell_w = std::max(box[3] * scale - offset - left, 0.0f) / static_cast<float>(shape.second),
                cell_h = std::max(box[4] * scale - offset - top, 0.0f) / static_cast<float>(shape.first);
    for (int64_t c = 0; c < channels; ++c) {
      const float* const plane = xs.data() + (image * channels + c) * height * width;
      const auto sample = [&](float py, float px) {
        if (!(std::abs(py) < 1e9f && std::abs(px) < 1e9f)) return 0.0f;
        const float fy = std::floor(py), fx = std::floor(px);
        const auto y0 = static_cast<int64_t>(fy), x0 = static_cast<int64_t>(fx);
        const auto v = [&](int64_t h, int64_t w) {
          return h >= 0 && h < height && w >= 0 && w < width ? plane[h * width + w] : 0.0f;
        };
        const float upper = v(y0, x0) + (v(y0, x0 + 1) - v(y0, x0)) * (px - fx);
        const float lower = v(y0 + 1, x0) + (v(y0 + 1, x0 + 1) - v(y0 + 1, x0)) * (px - fx);
        return upper + (lower - upper) * (py - fy);
      };
      for (int64_t h = 0; h < shape.first; ++h)
        for (int64_t w = 0; w < shape.second; ++w, ++at) {
          Pooler p{max};
          for (int64_t i = 0; i < samples.first; ++i)
            for (int64_t j = 0; j < samples.second; ++j) {
              const float py = top + cell_h * (static_cast<float>(h) + (static_cast<float>(i) + 0.5f) /
                                                                           static_cast<float>(samples.first)),
                          px = left +
                               cell_w * (static_cast<float>(w) +
                                         (static_cast<float>(j) + 0.5f) / static_cast<float>(samples.second));
              p.feed(static_cast<double>(sample(py, px)), i * samples.second + j);
            }
          const double v = p.value();
          narrow(&v, 1, *y, at);
          if (index != nullptr) index->mutable_data<int32_t>()[at] = max ? static_cast<int32_t>(p.index) : 0;
        }
    }
  }
  return ok();
}

Status infer_pooling(const InferArgs& a) {
  LITE_TRY(check_inputs("ROIPooling", a));
  LITE_TRY(is_max(a.attrs).status());
  int64_t h = kUnknownDim, w = kUnknownDim;
  if (const Tensor* const size = a.value(2)) {
    if (size->elements() != 2)
      return invalid_model("ROIPooling: size has ", size->elements(), " numbers, 2 wanted");
    h = size->int_at(0), w = size->int_at(1);
    if (h < 1 || w < 1 || h > kLimit || w > kLimit)
      return invalid_model("ROIPooling: size is ", h, " by ", w);
  }
  a.out[0] = pooled(a, a.in[0].dtype, h, w);
  if (a.out.size() > 1) a.out[1] = pooled(a, DType::kI32, h, w);
  return ok();
}

Status pool_regions(const EvalArgs& a) {
  const Tensor &x = a.input(0), &rois = a.input(1);
  LITE_ASSIGN(const bool max, is_max(a.attrs));
  const int64_t rows = a.input(2).int_at(0), columns = a.input(2).int_at(1);
  if (rows < 1 || columns < 1 || rows > kLimit || columns > kLimit)
    return invalid_argument("ROIPooling: size is ", rows, " by ", columns);
  const int64_t channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3], regions = rois.dims()[0];
  const Dims dims{regions, channels, rows, columns};
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  Tensor* index = nullptr;
  if (a.out.size() > 1) {
    LITE_ASSIGN(index, a.output(1, DType::kI32, dims));
  }
  const float scale = a.attrs.f32("spatial_scale", 1);
  const Widened<float> xs(x), boxes(rois);
  const auto edge = [&](float v) {
    return static_cast<int64_t>(std::round(std::isnan(v) ? 0 : std::clamp(v * scale, -1e9f, 1e9f)));
  };
  int64_t at = 0;
  for (int64_t r = 0; r < regions; ++r) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const float* const box = boxes.data() + 5 * r;
    LITE_ASSIGN(const int64_t image, image_of("ROIPooling", static_cast<double>(box[0]), x.dims()[0], r));
    const int64_t left = edge(box[1]), top = edge(box[2]);
    const float cell_w = static_cast<float>(std::max<int64_t>(edge(box[3]) - left + 1, 1)) /
                         static_cast<float>(columns),
                cell_h = static_cast<float>(std::max<int64_t>(edge(box[4]) - top + 1, 1)) /
                         static_cast<float>(rows);
    const auto from = [](int64_t i, float cell, int64_t start, int64_t size) {
      return std::clamp<int64_t>(static_cast<int64_t>(std::floor(static_cast<float>(i) * cell)) + start, 0,
                                 size);
    };
    const auto to = [](int64_t i, float cell, int64_t start, int64_t size) {
      return std::clamp<int64_t>(static_cast<int64_t>(std::ceil(static_cast<float>(i + 1) * cell)) + start, 0,
                                 size);
    };
    for (int64_t c = 0; c < channels; ++c) {
      const float* const plane = xs.data() + (image * channels + c) * height * width;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j, ++at) {
          Pooler p{max};
          for (int64_t h = from(i, cell_h, top, height); h < to(i, cell_h, top, height); ++h)
            for (int64_t w = from(j, cell_w, left, width); w < to(j, cell_w, left, width); ++w)
              p.feed(static_cast<double>(plane[h * width + w]), h * width + w);
          const double v = p.value();
          narrow(&v, 1, *y, at);
          if (index != nullptr) index->mutable_data<int32_t>()[at] = static_cast<int32_t>(p.index);
        }
    }
  }
  return ok();
}

struct Deformable {
  bool moved;
  float scale, deviation;
  int64_t rows, columns, part, samples;
};

Result<Deformable> read_deformable(const AttrReader& r) {
  Deformable d{};
  d.moved = r.i64("no_trans", 1) == 0;
  d.scale = r.f32("spatial_scale", 1);
  d.deviation = r.f32("trans_std", 1);
  LITE_ASSIGN(const auto shape, read_pair(r, "pooled_shape", 1));
  d.rows = shape.first, d.columns = shape.second;
  d.part = r.i64("part_size", 1), d.samples = r.i64("sample_per_part", 1);
  if (d.part < 1 || d.part > kLimit || d.samples < 1 || d.samples > 4096)
    return invalid_model("DeformablePSROIPooling: has ", d.part, " parts with ", d.samples, " samples");
  return d;
}

Status infer_deformable(const InferArgs& a) {
  const char* op = "DeformablePSROIPooling";
  LITE_TRY(check_inputs(op, a));
  LITE_ASSIGN(const Deformable d, read_deformable(a.attrs));
  if (d.moved && a.in[2].has_rank && a.in[2].rank() != 4)
    return invalid_model(op, ": trans has shape ", a.in[2].dims, ", four dimensions wanted");
  for (Fact& f : a.out) f = pooled(a, a.in[0].dtype, d.rows, d.columns);
  return ok();
}

Status deformable(const EvalArgs& a) {
  const char* op = "DeformablePSROIPooling";
  const Tensor &x = a.input(0), &rois = a.input(1), &trans = a.input(2);
  LITE_ASSIGN(const Deformable d, read_deformable(a.attrs));
  const int64_t channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3], regions = rois.dims()[0];
  const int64_t classes = d.moved ? trans.dims()[1] / 2 : 1;
  if (d.moved &&
      (classes < 1 || channels % classes != 0 || trans.elements() / 2 / classes / d.part / d.part < regions))
    return invalid_argument(op, ": trans of shape ", trans.dims(), " does not go with X of shape ", x.dims(),
                            ", ", regions, " regions and ", d.part, " parts");
  const Dims dims{regions, channels, d.rows, d.columns};
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  Tensor* counts = nullptr;
  if (a.out.size() > 1) {
    LITE_ASSIGN(counts, a.output(1, x.dtype(), dims));
  }
  const Widened<float> xs(x), boxes(rois), moves(trans);
  const auto fheight = static_cast<float>(height), fwidth = static_cast<float>(width);
  int64_t at = 0;
  for (int64_t r = 0; r < regions; ++r) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const float* const box = boxes.data() + 5 * r;
    LITE_ASSIGN(const int64_t image, image_of(op, static_cast<double>(box[0]), x.dims()[0], r));
    const float left = std::round(box[1]) * d.scale - 0.5f, top = std::round(box[2]) * d.scale - 0.5f;
    const float w = std::max((std::round(box[3]) + 1) * d.scale - 0.5f - left, 0.1f),
                h = std::max((std::round(box[4]) + 1) * d.scale - 0.5f - top, 0.1f);
    const float cell_h = h / static_cast<float>(d.rows), cell_w = w / static_cast<float>(d.columns);
    const float step_h = cell_h / static_cast<float>(d.samples),
                step_w = cell_w / static_cast<float>(d.samples);
    for (int64_t c = 0; c < channels; ++c) {
      const float* const plane = xs.data() + (image * channels + c) * height * width;
      for (int64_t i = 0; i < d.rows; ++i)
        for (int64_t j = 0; j < d.columns; ++j, ++at) {
          float x0 = static_cast<float>(j) * cell_w + left, y0 = static_cast<float>(i) * cell_h + top;
          if (d.moved) {
            const int64_t ph = i * d.part / d.rows, pw = j * d.part / d.columns;
            const int64_t cls = c / (channels / classes), first = (r * classes + cls) * 2;
            x0 += moves[(first * d.part + ph) * d.part + pw] * d.deviation * w;
            y0 += moves[((first + 1) * d.part + ph) * d.part + pw] * d.deviation * h;
          }
          Pooler p{false};
          for (int64_t m = 0; m < d.samples; ++m)
            for (int64_t n = 0; n < d.samples; ++n) {
              float px = x0 + static_cast<float>(n) * step_w, py = y0 + static_cast<float>(m) * step_h;
              if (!(px >= -0.5f && px <= fwidth - 0.5f && py >= -0.5f && py <= fheight - 0.5f)) continue;
              px = std::clamp(px, 0.0f, fwidth - 1), py = std::clamp(py, 0.0f, fheight - 1);
              const auto h1 = static_cast<int64_t>(std::floor(py)), h2 = static_cast<int64_t>(std::ceil(py)),
                         w1 = static_cast<int64_t>(std::floor(px)), w2 = static_cast<int64_t>(std::ceil(px));
              const float down = py - static_cast<float>(h1), across = px - static_cast<float>(w1);
              p.feed(static_cast<double>((1 - across) * (1 - down) * plane[h1 * width + w1] +
                                         (1 - across) * down * plane[h2 * width + w1] +
                                         across * (1 - down) * plane[h1 * width + w2] +
                                         across * down * plane[h2 * width + w2]),
                     0);
            }
          const double v = p.value(), count = static_cast<double>(p.count);
          narrow(&v, 1, *y, at);
          if (counts != nullptr) narrow(&count, 1, *counts, at);
        }
    }
  }
  return ok();
}

Status infer_nms(const InferArgs& a) {
  const Fact& boxes = a.in[0];
  if (boxes.has_rank && (boxes.rank() != 3 || (boxes.dims[2] >= 0 && boxes.dims[2] != 4)))
    return invalid_model("NMSKeep: boxes has shape ", boxes.dims, ", [N,B,4] wanted");
  const int64_t most = a.attrs.i64("max_output");
  if (most < 1 || most >= int64_t{1} << 31) return invalid_model("NMSKeep: attribute 'max_output' is ", most);
  const int64_t batch = boxes.has_rank ? boxes.dims[0] : kUnknownDim;
  a.out[0] = Fact(DType::kI32, {batch, most});
  if (a.out.size() > 1) a.out[1] = Fact(DType::kI32, {batch});
  return ok();
}

bool overlaps(const float* a, const float* b, float threshold) {
  const float width = std::max(std::min(a[2], b[2]) - std::max(a[0], b[0]), 0.0f),
              height = std::max(std::min(a[3], b[3]) - std::max(a[1], b[1]), 0.0f), shared = width * height;
  const float both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared;
  return shared > both * threshold;
}

Status keep(const EvalArgs& a) {
  const Tensor& boxes = a.input(0);
  const int64_t batch = boxes.dims()[0], count = boxes.dims()[1], most = a.attrs.i64("max_output");
  const float threshold = a.attrs.f32("iou_threshold");
  LITE_ASSIGN(Tensor* const index, a.output(0, DType::kI32, {batch, most}));
  Tensor* sizes = nullptr;
  if (a.out.size() > 1) {
    LITE_ASSIGN(sizes, a.output(1, DType::kI32, {batch}));
  }
  std::vector<int32_t> kept;
  for (int64_t n = 0; n < batch; ++n) {
    kept.clear();
    const float* const first = boxes.data<float>() + n * count * 4;
    for (int64_t i = 0; i < count && static_cast<int64_t>(kept.size()) < most; ++i) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      if (std::none_of(kept.begin(), kept.end(),
                       [&](int32_t k) { return overlaps(first + 4 * i, first + 4 * k, threshold); }))
        kept.push_back(static_cast<int32_t>(i));
    }
    for (int64_t i = 0; i < most; ++i)
      index->mutable_data<int32_t>()[n * most + i] =
          kept.empty()
              ? 0
              : kept[static_cast<size_t>(std::min<int64_t>(i, static_cast<int64_t>(kept.size()) - 1))];
    if (sizes != nullptr) sizes->mutable_data<int32_t>()[n] = static_cast<int32_t>(kept.size());
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'}, {"rois", types::kFloat, 'T'}};
constexpr OperandSpec kSizedIn[] = {
    {"X", types::kFloat, 'T'}, {"rois", types::kFloat, 'T'}, {"size", DType::kI64}};
constexpr OperandSpec kMovedIn[] = {
    {"X", types::kFloat, 'T'}, {"rois", types::kFloat, 'T'}, {"trans", types::kFloat, 'T'}};
constexpr OperandSpec kBoxesIn[] = {{"boxes", DType::kF32}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}, {"Index", DType::kI32, 0, OperandSpec::kOptional}};
constexpr OperandSpec kCountOut[] = {{"Y", types::kFloat, 'T'},
                                     {"Count", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kKeepOut[] = {{"Index", DType::kI32},
                                    {"Count", DType::kI32, 0, OperandSpec::kOptional}};
constexpr AttrSpec kAlignAttrs[] = {{"mode", AttrType::kString},
                                    {"pooled_shape", AttrType::kInts, true},
                                    {"samples", AttrType::kInts},
                                    {"spatial_scale", AttrType::kFloat},
                                    {"offset", AttrType::kFloat}};
constexpr AttrSpec kPoolAttrs[] = {{"mode", AttrType::kString}, {"spatial_scale", AttrType::kFloat}};
constexpr AttrSpec kDeformableAttrs[] = {
    {"no_trans", AttrType::kInt},    {"spatial_scale", AttrType::kFloat},
    {"trans_std", AttrType::kFloat}, {"pooled_shape", AttrType::kInts, true},
    {"part_size", AttrType::kInt},   {"sample_per_part", AttrType::kInt}};
constexpr AttrSpec kKeepAttrs[] = {{"iou_threshold", AttrType::kFloat, true},
                                   {"max_output", AttrType::kInt, true}};

constexpr OpDef own(const char* name, std::span<const OperandSpec> in, std::span<const OperandSpec> out,
                    std::span<const AttrSpec> attrs, Status (*infer)(const InferArgs&),
                    Status (*reference)(const EvalArgs&)) {
  return {.name = name,
          .domain = "megengine",
          .inputs = in,
          .outputs = out,
          .attrs = attrs,
          .exactness = Exactness::kAccumulating,
          .infer = infer,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    own("ROIAlign", kIn, kOut, kAlignAttrs, infer_align, align),
    own("ROIPooling", kSizedIn, kOut, kPoolAttrs, infer_pooling, pool_regions),
    own("DeformablePSROIPooling", kMovedIn, kCountOut, kDeformableAttrs, infer_deformable, deformable),
    own("NMSKeep", kBoxesIn, kKeepOut, kKeepAttrs, infer_nms, keep),
};

}  // namespace

extern constinit const OpTable mge_regions;
constinit const OpTable mge_regions{kOps};

}  // namespace lite::ops
