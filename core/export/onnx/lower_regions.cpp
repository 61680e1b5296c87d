// Patches, regions and boxes: Correlation, ROIPooling, NMSKeep.

#include <limits>

#include "core/export/onnx/say.h"

namespace lite::onnx {
namespace {

using passes::Rewriter;

constexpr int64_t kMaxDisplacements = 1024;  // slices of one Correlation

// Dimension d of v, rank 0; s calculates in int64.
ValueId dim(Say& s, ValueId v, int64_t d) {
  return s("Gather", {s("Shape", {v}), s.number(static_cast<double>(d))});
}
ValueId count_to(Say& s, ValueId n) { return s("Range", {s.number(0), n, s.number(1)}); }
ValueId column(Say& s, ValueId v, int64_t i) {
  return s("Gather", {v, s.number(static_cast<double>(i))}, {{"axis", int64_t{1}}});
}

}  // namespace

// For each displacement the mean over channels of A and B, which is moved; then the mean of each patch.
bool lower_correlation(Rewriter& r, NodeId n) {
  const AttrReader attrs = r.attrs(n);
  const int64_t radius = (attrs.i64("kernel_size", 1) - 1) / 2, reach = attrs.i64("max_displacement", 1);
  const int64_t stride = attrs.i64("stride1", 1), step = attrs.i64("stride2", 1), pad = attrs.i64("pad_size");
  const bool multiply = attrs.i64("is_multiply", 1) != 0;
  const int64_t reached = reach / step, side = 2 * reached + 1;
  if (side > kMaxDisplacements || side * side > kMaxDisplacements) return false;
  const ValueId y = r.out(n), in_a = r.in(n, 0), in_b = r.in(n, 1);
  Say s(r, r.dtype(y) == DType::kF64 ? DType::kF64 : DType::kF32);
  const auto padded = [&](ValueId v) {
    v = s.cast(v, s.type);
    return pad == 0 ? v : s("Pad", {v, s.ints({0, 0, pad, pad, 0, 0, pad, pad})});
  };
  const ValueId a = padded(in_a), b = padded(in_b), axes = s.ints({2, 3}), channels = s.ints({1});
  // What remains when `reach` is cut off on each side, moved.
  const auto cut = [&](ValueId v, int64_t down, int64_t across) {
    const auto end = [&](int64_t moved) {
      return moved == reach ? std::numeric_limits<int64_t>::max() : moved - reach;
    };
    return s("Slice", {v, s.ints({reach + down, reach + across}), s.ints({end(down), end(across)}), axes});
  };
  const ValueId still = cut(a, 0, 0);
  std::vector<ValueId> planes;
  for (int64_t i = -reached; i <= reached; ++i)
    for (int64_t j = -reached; j <= reached; ++j) {
      const ValueId moved = cut(b, i * step, j * step);
      const ValueId each = multiply ? s.mul(still, moved) : s.abs(s.sub(still, moved));
      planes.push_back(s("ReduceMean", {each, channels}, {{"keepdims", int64_t{1}}}));
    }
  ValueId all = s("Concat", std::move(planes), {{"axis", int64_t{1}}});
  const int64_t window = 2 * radius + 1;
  if (window > 1 || stride > 1)
    all = s("AveragePool", {all},
            {{"kernel_shape", std::vector<int64_t>{window, window}},
             {"strides", std::vector<int64_t>{stride, stride}}});
  return finish(r, y, all);
}

// MaxRoiPool is the same, if nobody asks which element was the largest.
bool lower_roi_pooling(Rewriter& r, NodeId n) {
  const Tensor* const size = r.constant_in(n, 2);
  const AttrReader attrs = r.attrs(n);
  if (size == nullptr || r.is_used(r.out(n, 1)) || attrs.str("mode", "max") != "max") return false;
  const std::vector<int64_t> shape{size->int_at(0), size->int_at(1)};
  const float scale = attrs.f32("spatial_scale", 1);
  const ValueId y = r.out(n), x = r.in(n, 0), rois = r.in(n, 1);
  Say s(r, DType::kF32);
  return finish(r, y,
                s("MaxRoiPool", {s.cast(x, s.type), s.cast(rois, s.type)},
                  {{"pooled_shape", shape}, {"spatial_scale", scale}}));
}

// NonMaxSuppression with scores that fall, and of each image's boxes, which it lists one image after another,
// as many as are wanted. It compares the quotient of the areas, not a product, with the threshold.
bool lower_nms(Rewriter& r, NodeId n) {
  const float threshold = r.attrs(n).f32("iou_threshold");
  const int64_t most = r.attrs(n).i64("max_output");
  if (!(threshold >= 0 && threshold <= 1)) return false;
  const ValueId boxes = r.in(n, 0), index = r.out(n), count = r.out(n, 1);
  Say s(r, DType::kI64);
  const ValueId images = dim(s, boxes, 0), per_image = dim(s, boxes, 1), front = s.ints({0}),
                behind = s.ints({1});
  const ValueId falling = s("Neg", {s.cast(count_to(s, per_image), DType::kF32)});
  const ValueId shape =
      s("Concat", {s("Unsqueeze", {images, front}), s.ints({1}), s("Unsqueeze", {per_image, front})},
        {{"axis", int64_t{0}}});
  const ValueId kept = s("NonMaxSuppression", {boxes, s("Expand", {falling, shape}), s.ints({most}),
                                               r.add_constant({}, Tensor::scalar_f32(threshold))});
  const ValueId of_image =
      s.equal(s("Unsqueeze", {column(s, kept, 0), front}), s("Unsqueeze", {count_to(s, images), behind}));
  const ValueId counts = s("ReduceSum", {s.cast(of_image, DType::kI64), behind}, {{"keepdims", int64_t{0}}});
  if (r.is_used(index)) {
    const ValueId first = s.sub(s("CumSum", {counts, s.number(0)}), counts);
    // The last one is repeated; an image without boxes has a 0, which is put behind all.
    const ValueId last = s("Unsqueeze", {s.sub(counts, s.number(1)), behind});
    const ValueId within = s.min(count_to(s, s.number(static_cast<double>(most))), last);
    const ValueId place = s.max(s.add(s("Unsqueeze", {first, behind}), within), s.number(0));
    const ValueId list = s("Concat", {column(s, kept, 2), front}, {{"axis", int64_t{0}}});
    finish(r, index, s.where(s.less(last, s.number(0)), s.number(0), s("Gather", {list, place})));
  }
  if (r.is_used(count)) finish(r, count, counts);
  return true;
}

}  // namespace lite::onnx
