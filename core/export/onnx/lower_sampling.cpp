// Images sampled at places that are calculated: WarpPerspective, Remap, ROIAlign, DeformablePSROIPooling.
//
// Each place becomes the indices of the elements around it, which Gather takes from the image with its
// channels last, and their weights; as the operators' references calculate them, in float32. GridSample and
// RoiAlign of ONNX would be shorter, but treat borders and coordinates otherwise.

#include <string>
#include <string_view>
#include <utility>

#include "core/export/onnx/say.h"

namespace lite::onnx {
namespace {

using passes::Rewriter;

// The image of a node [N,C,H,W], ready to take elements from.
struct Image {
  ValueId rows;                   // [N*H*W,C], float32
  ValueId height, width, pixels;  // int64, rank 0
  ValueId shape;                  // int64 [4]
};

// Dimension d of a shape, rank 0, or several, rank 1.
ValueId dim(Say& s, ValueId shape, int64_t d) {
  return s("Gather", {shape, s.r.add_constant({}, Tensor::scalar_i64(d))});
}
ValueId dims(Say& s, ValueId shape, const std::vector<int64_t>& d) { return s("Gather", {shape, s.ints(d)}); }

ValueId whole_number(Say& s, int64_t v) { return s.r.add_constant({}, Tensor::scalar_i64(v)); }

Image image_of(Say& s, ValueId x) {
  Image image;
  image.shape = s("Shape", {x});
  image.height = dim(s, image.shape, 2);
  image.width = dim(s, image.shape, 3);
  image.pixels = s.mul(image.height, image.width);
  const ValueId last = s("Transpose", {s.cast(x, DType::kF32)}, {{"perm", std::vector<int64_t>{0, 2, 3, 1}}});
  const ValueId flat = s("Concat", {s.ints({-1}), dims(s, image.shape, {1})}, {{"axis", int64_t{0}}});
  image.rows = s("Reshape", {last, flat});
  return image;
}

// As an integer; what is far outside, or no number, is as good as any that is outside.
ValueId whole(Say& s, ValueId v) {
  constexpr double kFar = 1e9;
  const ValueId near = s("Clip", {v, s.number(-kFar), s.number(kFar)});
  return s.cast(s.where(s.equal(v, v), near, s.number(-kFar)), DType::kI64);
}

// Where p lies in [0, n) by the rule of the border.
ValueId place(Say& s, ValueId p, ValueId n, std::string_view border) {
  const ValueId one = whole_number(s, 1), last = s.sub(n, one);
  if (border == "wrap") return s("Mod", {p, n});
  if (border == "reflect" || border == "reflect_101") {
    // A period is there and back; with reflect_101 its ends are there once, and an image of one element has
    // none.
    const bool twice = border == "reflect";
    const ValueId period = twice ? s.add(n, n) : s.max(s.add(last, last), one);
    const ValueId q = s("Mod", {p, period}), back = s.sub(twice ? s.sub(period, one) : period, q);
    return s.where(s.less(q, n), q, back);
  }
  return s.max(s.min(p, last), whole_number(s, 0));
}

ValueId is_inside(Say& s, ValueId p, ValueId n) {
  const ValueId below = s.less(p, whole_number(s, 0));
  return s("And", {s("Not", {below}), s.less(p, n)});
}

// What lies outside of an image.
struct Outside {
  std::string border;
  double value = 0;
};

// The attributes of WarpPerspective and Remap; nodes are not looked at while others are added.
struct Sampling {
  explicit Sampling(const AttrReader& attrs)
      : nearest(attrs.str("mode", "linear") == "nearest"),
        outside{std::string(attrs.str("border", "replicate")),
                static_cast<double>(attrs.f32("border_value", 0))} {}
  bool nearest;
  Outside outside;
};

// Takes elements of one image each by row and column, which broadcast against `image_index`; [...,C].
class Taker {
 public:
  Taker(Say& s, const Image& image, ValueId image_index, Outside outside)
      : s_(s), image_(image), first_(s.mul(image_index, image.pixels)), outside_(std::move(outside)) {}

  ValueId operator()(ValueId row, ValueId column) {
    const ValueId r = place(s_, row, image_.height, outside_.border);
    const ValueId c = place(s_, column, image_.width, outside_.border);
    const ValueId at = s_.add(first_, s_.add(s_.mul(r, image_.width), c));
    const ValueId taken = s_("Gather", {image_.rows, at});
    if (outside_.border != "constant") return taken;
    const ValueId inside =
        s_("And", {is_inside(s_, row, image_.height), is_inside(s_, column, image_.width)});
    return s_.where(s_("Unsqueeze", {inside, s_.ints({-1})}), taken, s_.number(outside_.value));
  }

 private:
  Say& s_;
  const Image& image_;
  const ValueId first_;
  const Outside outside_;
};

ValueId for_channels(Say& s, ValueId weight) { return s("Unsqueeze", {weight, s.ints({-1})}); }

// The samples at (px, py), [B,h,w] both, as WarpPerspective and Remap take them: [B,h,w,C].
ValueId sample(Say& s, const Sampling& sampling, const Image& image, ValueId index, ValueId px, ValueId py) {
  Taker take(s, image, index, sampling.outside);
  ValueId sum = kNoValue;
  if (sampling.nearest) {
    sum = take(whole(s, s("Round", {py})), whole(s, s("Round", {px})));
  } else {
    const ValueId left = s("Floor", {px}), top = s("Floor", {py}), one = s.number(1);
    const ValueId across = s.sub(px, left), down = s.sub(py, top);
    const ValueId column = whole(s, left), row = whole(s, top);
    const ValueId next_column = s.add(column, whole_number(s, 1)), next_row = s.add(row, whole_number(s, 1));
    const auto tap = [&](ValueId r, ValueId c, ValueId wx, ValueId wy) {
      return s.mul(take(r, c), for_channels(s, s.mul(wx, wy)));
    };
    const ValueId not_across = s.sub(one, across), not_down = s.sub(one, down);
    sum = s.add(tap(row, column, not_across, not_down), tap(row, next_column, across, not_down));
    sum = s.add(sum, tap(next_row, column, not_across, down));
    sum = s.add(sum, tap(next_row, next_column, across, down));
  }
  if (sampling.outside.border != "constant") return sum;
  // Only a finite number less itself is 0.
  return s.where(s.equal(s.sub(sum, sum), s.number(0)), sum, s.number(sampling.outside.value));
}

bool finish_image(Say& s, NodeId n, ValueId channels_last) {
  return finish(s.r, s.r.out(n),
                s("Transpose", {channels_last}, {{"perm", std::vector<int64_t>{0, 3, 1, 2}}}));
}

// 0 ... count - 1 as [count,1,1].
ValueId images(Say& s, ValueId count) {
  const ValueId range = s("Range", {whole_number(s, 0), count, whole_number(s, 1)});
  return s("Unsqueeze", {range, s.ints({1, 2})});
}

}  // namespace

bool lower_warp(Rewriter& r, NodeId n) {
  Say s(r, DType::kF32);
  const Sampling sampling(r.attrs(n));
  const ValueId matrix = r.in(n, 1), size = r.in(n, 2), index = r.in(n, 3);
  const Image image = image_of(s, r.in(n, 0));
  const auto coordinates = [&](int64_t which, const std::vector<int64_t>& axes) {
    const ValueId range = s("Range", {whole_number(s, 0), dim(s, size, which), whole_number(s, 1)});
    return s("Unsqueeze", {s.cast(range, DType::kF32), s.ints(axes)});
  };
  const ValueId x = coordinates(1, {0, 1}), y = coordinates(0, {0, 2});
  const ValueId elements = s("Reshape", {matrix, s.ints({-1, 9, 1, 1})});
  const auto row = [&](int64_t first) {
    const auto element = [&](int64_t k) {
      return s("Gather", {elements, whole_number(s, first + k)}, {{"axis", int64_t{1}}});
    };
    return s.add(s.add(s.mul(element(0), x), s.mul(element(1), y)), element(2));
  };
  const ValueId w = row(6), px = s.div(row(0), w), py = s.div(row(3), w);
  const ValueId which = index != kNoValue ? s("Unsqueeze", {index, s.ints({1, 2})})
                                          : images(s, dim(s, s("Shape", {matrix}), 0));
  return finish_image(s, n, sample(s, sampling, image, which, px, py));
}

bool lower_remap(Rewriter& r, NodeId n) {
  Say s(r, DType::kF32);
  const Sampling sampling(r.attrs(n));
  const Image image = image_of(s, r.in(n, 0));
  const auto coordinate = [&](int64_t which) {
    return s("Gather", {r.in(n, 1), whole_number(s, which)}, {{"axis", int64_t{3}}});
  };
  const ValueId px = coordinate(0), py = coordinate(1);
  return finish_image(s, n, sample(s, sampling, image, images(s, dim(s, image.shape, 0)), px, py));
}

bool lower_roi_align(Rewriter& r, NodeId n) {
  // Which sample was the largest has no words.
  const ValueId largest = r.out(n, 1);
  if (largest != kNoValue && (!r.users(largest).empty() || r.is_output(largest))) return false;
  Say s(r, DType::kF32);
  const AttrReader attrs = r.attrs(n);
  const auto two = [&](const char* name, int64_t otherwise) {
    const auto v = attrs.ints(name);
    return v.empty() ? std::pair(otherwise, otherwise) : std::pair(v[0], v[1]);
  };
  const auto [rows, columns] = two("pooled_shape", 1);
  const auto [samples_y, samples_x] = two("samples", 2);
  constexpr int64_t kMost = 1 << 16;  // samples along one side
  if (rows > kMost / samples_y || columns > kMost / samples_x) return false;
  const bool max = attrs.str("mode", "max") == "max";
  const float scale_number = attrs.f32("spatial_scale", 1), offset_number = attrs.f32("offset", 0);
  const ValueId scale = s.number(static_cast<double>(scale_number));
  const ValueId offset = s.number(static_cast<double>(offset_number));
  const Image image = image_of(s, r.in(n, 0));
  const ValueId rois = s.cast(r.in(n, 1), DType::kF32);
  const auto column = [&](int64_t k) {
    return s("Gather", {rois, whole_number(s, k)}, {{"axis", int64_t{1}}});
  };
  const auto edge = [&](int64_t k) { return s.sub(s.mul(column(k), scale), offset); };
  // The places of all samples along one side of each region, in its cells.
  const auto places = [&](int64_t first, int64_t last, int64_t cells, int64_t samples,
                          const std::vector<int64_t>& axes) {
    Tensor inside = std::move(Tensor::allocate(DType::kF32, {1, cells * samples})).value();
    for (int64_t i = 0; i < cells * samples; ++i) {
      const int64_t cell = i / samples, sample_in_it = i % samples;
      inside.mutable_data<float>()[i] =
          static_cast<float>(cell) + (static_cast<float>(sample_in_it) + 0.5F) / static_cast<float>(samples);
    }
    const ValueId begin = edge(first), behind = s.ints({1});
    const ValueId length = s.max(s.sub(edge(last), begin), s.number(0));
    const ValueId cell = s.div(length, s.number(static_cast<double>(cells)));
    const ValueId shift = s.mul(s("Unsqueeze", {cell, behind}), r.add_constant({}, std::move(inside)));
    return s("Unsqueeze", {s.add(s("Unsqueeze", {begin, behind}), shift), s.ints(axes)});
  };
  const ValueId px = places(1, 3, columns, samples_x, {1}), py = places(2, 4, rows, samples_y, {2});
  const ValueId index = s("Unsqueeze", {s.cast(column(0), DType::kI64), s.ints({1, 2})});
  Taker take(s, image, index, {"constant", 0});
  const ValueId left = s("Floor", {px}), top = s("Floor", {py});
  const ValueId across = for_channels(s, s.sub(px, left)), down = for_channels(s, s.sub(py, top));
  const ValueId c = whole(s, left), next_c = s.add(c, whole_number(s, 1));
  const ValueId row = whole(s, top), next_row = s.add(row, whole_number(s, 1));
  const auto between = [&](ValueId a, ValueId b, ValueId t) { return s.add(a, s.mul(s.sub(b, a), t)); };
  const ValueId upper = between(take(row, c), take(row, next_c), across);
  const ValueId lower = between(take(next_row, c), take(next_row, next_c), across);
  const ValueId far = s.number(1e9);
  const ValueId near = s("And", {s.less(s.abs(px), far), s.less(s.abs(py), far)});
  const ValueId samples = s.where(for_channels(s, near), between(upper, lower, down), s.number(0));
  const ValueId shape = s("Concat",
                          {dims(s, s("Shape", {rois}), {0}), s.ints({rows, samples_y, columns, samples_x}),
                           dims(s, image.shape, {1})},
                          {{"axis", int64_t{0}}});
  const ValueId cells = s("Reshape", {samples, shape});
  return finish_image(
      s, n, s(max ? "ReduceMax" : "ReduceMean", {cells, s.ints({2, 4})}, {{"keepdims", int64_t{0}}}));
}

// The samples are [R,C,h,w,m,n]: those of each cell, m down and n across; C is 1 until something depends on
// it.
bool lower_deformable_pooling(Rewriter& r, NodeId n) {
  const AttrReader attrs = r.attrs(n);
  const std::span<const int64_t> pooled = attrs.ints("pooled_shape");
  const int64_t rows = pooled[0], columns = pooled[1], samples = attrs.i64("sample_per_part", 1),
                parts = attrs.i64("part_size", 1);
  constexpr int64_t kMost = 1 << 16;  // samples along one side
  if (rows > kMost / samples || columns > kMost / samples) return false;
  const bool moved = attrs.i64("no_trans", 1) == 0;
  const auto scale = static_cast<double>(attrs.f32("spatial_scale", 1)),
             deviation = static_cast<double>(attrs.f32("trans_std", 1));
  const ValueId x = r.in(n, 0), trans = r.in(n, 2), y = r.out(n), count = r.out(n, 1);
  Say s(r, DType::kF32);
  const ValueId rois = s.cast(r.in(n, 1), DType::kF32);
  const ValueId shape = s("Shape", {x}), regions = dims(s, s("Shape", {rois}), {0});
  const auto column = [&](int64_t k) {
    return s("Unsqueeze",
             {s("Gather", {rois, whole_number(s, k)}, {{"axis", int64_t{1}}}), s.ints({1, 2, 3, 4, 5})});
  };
  // 0 ... count - 1 along that axis of six.
  const auto range = [&](int64_t size, size_t axis) {
    Dims d{1, 1, 1, 1, 1, 1};
    d[axis] = size;
    Tensor t = std::move(Tensor::allocate(DType::kF32, d)).value();
    for (int64_t i = 0; i < size; ++i) t.mutable_data<float>()[i] = static_cast<float>(i);
    return r.add_constant({}, std::move(t));
  };
  const ValueId channel = s("Range", {whole_number(s, 0), dim(s, shape, 1), whole_number(s, 1)});
  // How far each cell is moved, [R,C,2,h,w].
  ValueId moves = kNoValue;
  if (moved) {
    const ValueId classes = s.div(dims(s, s("Shape", {trans}), {1}), whole_number(s, 2));
    const ValueId split =
        s("Concat", {s.ints({-1}), classes, s.ints({2, parts, parts})}, {{"axis", int64_t{0}}});
    moves =
        s("Slice", {s("Reshape", {s.cast(trans, DType::kF32), split}), s.ints({0}), regions, s.ints({0})});
    const auto pick = [&](int64_t cells, int64_t axis) {
      std::vector<int64_t> part;
      for (int64_t i = 0; i < cells; ++i) part.push_back(i * parts / cells);
      moves = s("Gather", {moves, s.ints(part)}, {{"axis", axis}});
    };
    pick(rows, 3);
    pick(columns, 4);
    const ValueId own = s.div(channel, s.div(dims(s, shape, {1}), classes));
    moves = s.mul(s("Gather", {moves, own}, {{"axis", int64_t{1}}}), s.number(deviation));
  }
  // The places along one side, and which of them are in the image: of edges `first` and `last` of the rois.
  struct Side {
    ValueId weight, before, behind, inside;
  };
  const auto side = [&](int64_t first, int64_t last, int64_t cells, size_t cell_axis, int64_t extent) {
    const ValueId half = s.number(0.5), size = dim(s, shape, extent);
    const ValueId begin = s.sub(s.mul(round_away(s, column(first)), s.number(scale)), half);
    const ValueId end = s.sub(s.mul(s.add(round_away(s, column(last)), s.number(1)), s.number(scale)), half);
    const ValueId length = s.max(s.sub(end, begin), s.number(static_cast<double>(0.1F)));
    const ValueId cell = s.div(length, s.number(static_cast<double>(cells)));
    const ValueId step = s.div(cell, s.number(static_cast<double>(samples)));
    ValueId place = s.add(s.mul(range(cells, cell_axis), cell), begin);
    if (moved) {
      const ValueId by = s("Gather", {moves, whole_number(s, extent == 3 ? 0 : 1)}, {{"axis", int64_t{2}}});
      place = s.add(place, s.mul(s("Unsqueeze", {by, s.ints({4, 5})}), length));
    }
    place = s.add(place, s.mul(range(samples, cell_axis + 2), step));
    const ValueId most = s.cast(s.sub(size, whole_number(s, 1)), DType::kF32);
    Side out;
    out.inside =
        s("And", {s("LessOrEqual", {s.number(-0.5), place}), s("LessOrEqual", {place, s.add(most, half)})});
    const ValueId held = s.where(out.inside, s.max(s.min(place, most), s.number(0)), s.number(0));
    const ValueId floor = s("Floor", {held});
    out.weight = s.sub(held, floor);
    out.before = s.cast(floor, DType::kI64);
    out.behind = s.cast(s("Ceil", {held}), DType::kI64);
    return out;
  };
  const Side across = side(1, 3, columns, 3, 3), down = side(2, 4, rows, 2, 2);
  const ValueId inside = s("And", {across.inside, down.inside});
  const ValueId height = dim(s, shape, 2), width = dim(s, shape, 3);
  const ValueId image = s.mul(s.cast(column(0), DType::kI64), dim(s, shape, 1));
  const ValueId plane = s.mul(s.add(image, s("Unsqueeze", {channel, s.ints({0, 2, 3, 4, 5})})), height);
  const ValueId elements = s.cast(s("Reshape", {x, s.ints({-1})}), DType::kF32);
  const auto take = [&](ValueId row, ValueId place) {
    return s("Gather", {elements, s.add(s.mul(s.add(plane, row), width), place)});
  };
  const auto between = [&](ValueId a, ValueId b, ValueId weight) {
    return s.add(s.mul(s.sub(s.number(1), weight), a), s.mul(weight, b));
  };
  const ValueId value =
      between(between(take(down.before, across.before), take(down.before, across.behind), across.weight),
              between(take(down.behind, across.before), take(down.behind, across.behind), across.weight),
              down.weight);
  const ValueId cell_axes = s.ints({4, 5}), zero = s.number(0);
  const auto sum = [&](ValueId v) { return s("ReduceSum", {v, cell_axes}, {{"keepdims", int64_t{0}}}); };
  const ValueId total = sum(s.where(inside, value, zero));
  const ValueId number = sum(s.cast(inside, DType::kF32));
  const bool counts = r.is_used(count);
  if (counts) finish(r, count, s("Expand", {number, s("Shape", {total})}));
  if (r.is_used(y) || !counts)
    finish(r, y, s.where(s.equal(number, zero), zero, s.div(total, s.max(number, s.number(1)))));
  return true;
}

}  // namespace lite::onnx
