// Shapes and what moves elements about.
#include <algorithm>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

constexpr int32_t kNoAxis = 7;  // MegEngine's largest rank stands for no axis

ValueId as_shape(Builder& b, ValueId v) { return b.reshape(b.cast(v, DType::kI64), {-1}); }

}  // namespace

// `axis` says which dimension of the shape follows from the others.
Status reshape(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  int32_t axis = kNoAxis;
  if (c.has_param(fb::OperatorParam::OptionalAxis)) {
    const int32_t old = c.param<fb::OptionalAxis>()->axis();
    if (old >= 0) axis = old;
  } else {
    axis = c.param<fb::OptionalAxisV1>()->axis();
  }
  ValueId shape = as_shape(b, c.in(1));
  LITE_TRY(c.done());
  if (axis == kNoAxis) {
    // Every number is meant: 0 is no word for "as before".
    c.out(0, b.add("Reshape", {c.in(0), shape}, {attr("allowzero", int64_t{1})}), c.type(0));
    return c.done();
  }
  const int64_t rank = b.dim(shape, 0);
  if (rank < 0) return unsupported("the rank that it reshapes to is not known before it runs");
  if (axis < -rank || axis >= rank) return invalid_model("its axis is ", axis, " of ", rank, " dimensions");
  const int64_t at = axis < 0 ? axis + rank : axis;
  std::vector<ValueId> parts;
  if (at > 0) parts.push_back(b.slice(shape, 0, 0, at));
  parts.push_back(b.ints({-1}));
  if (at + 1 < rank) parts.push_back(b.slice(shape, 0, at + 1, rank));
  c.out(0, b.reshape_to(c.in(0), parts), c.type(0));
  return c.done();
}

Status broadcast(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  c.out(0, c.b.add("Expand", {c.in(0), as_shape(c.b, c.in(1))}), c.type(0));
  return c.done();
}

// Output dimension i is input dimension pattern[i], or a new one where that is -1; what is not named has size
// 1 and goes.
Status dimshuffle(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Dimshuffle* p = c.param<fb::Dimshuffle>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  if (p->pattern() == nullptr || p->pattern()->size() == 0) return invalid_model("it has no pattern");
  if (p->pattern()->size() > b.limits().max_rank)
    return invalid_model("its pattern has ", p->pattern()->size(), " dimensions, at most ",
                         b.limits().max_rank, " allowed (limit max_rank)");
  if (p->ndim() != 0 && static_cast<int64_t>(p->ndim()) != rank)
    return invalid_model("its input has ", rank, " dimensions, ", p->ndim(), " wanted");
  std::vector<int64_t> perm, fresh, gone;
  std::vector<bool> used(static_cast<size_t>(rank), false);
  for (flatbuffers::uoffset_t i = 0; i < p->pattern()->size(); ++i) {
    const int32_t from = p->pattern()->Get(i);
    if (from == -1) {
      fresh.push_back(i);
      continue;
    }
    if (from < 0 || from >= rank || used[static_cast<size_t>(from)])
      return invalid_model("its pattern names dimension ", from, " of ", rank, ", or names it twice");
    used[static_cast<size_t>(from)] = true;
    perm.push_back(from);
  }
  for (int64_t d = 0; d < rank; ++d)
    if (!used[static_cast<size_t>(d)]) gone.push_back(d);
  // Dimensions that go make those after them move up.
  for (int64_t& d : perm) d -= std::count_if(gone.begin(), gone.end(), [&](int64_t g) { return g < d; });
  ValueId v = b.squeeze(c.in(0), gone);
  if (!std::is_sorted(perm.begin(), perm.end())) v = b.transpose(v, perm);
  v = b.unsqueeze(v, fresh);
  if (v == c.in(0)) v = b.add("Identity", {v});
  c.out(0, v, c.type(0));
  return c.done();
}

// Steps, one after another: a new dimension of size 1, or one less.
Status add_axes(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::AxisAddRemove* p = c.param<fb::AxisAddRemove>();
  ValueId v = c.in(0);
  int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  if (p->desc() == nullptr || p->desc()->size() == 0) {
    c.out(0, b.add("Identity", {v}), c.type(0));
    return c.done();
  }
  if (p->desc()->size() > b.limits().max_rank)
    return invalid_model("it has ", p->desc()->size(), " steps, at most ", b.limits().max_rank,
                         " allowed (limit max_rank)");
  for (const fb::AxisDesc* const d : *p->desc()) {
    const bool add = d->method() == 0;
    if (d->method() != 0 && d->method() != 1)
      return invalid_model("it has a step of kind ", int{d->method()});
    const int64_t places = rank + (add ? 1 : 0);
    if (d->axis() < -places || d->axis() >= places)
      return invalid_model("it has a step at axis ", d->axis(), " of ", rank, " dimensions");
    const int64_t axis = d->axis() < 0 ? d->axis() + places : d->axis();
    v = add ? b.unsqueeze(v, {axis}) : b.squeeze(v, {axis});
    rank += add ? 1 : -1;
    // All dimensions gone is a vector of one here.
    if (rank == 0) v = b.reshape(v, {1}), rank = 1;
  }
  c.out(0, v, c.type(0));
  return c.done();
}

// The shape that all inputs together are broadcast to, or one dimension of it.
Status var_shape(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, SIZE_MAX));
  int32_t axis = kNoAxis;
  if (c.has_param(fb::OperatorParam::OptionalAxis)) {
    const int32_t old = c.param<fb::OptionalAxis>()->axis();
    if (old >= 0) axis = old;
  } else if (c.has_param(fb::OperatorParam::OptionalAxisV1)) {
    axis = c.param<fb::OptionalAxisV1>()->axis();
  }
  int64_t rank = 0;
  for (size_t i = 0; i < c.num_in(); ++i) rank = std::max(rank, c.rank(i));
  LITE_TRY(c.done());
  std::vector<ValueId> shapes;
  for (size_t i = 0; i < c.num_in(); ++i) {
    const std::vector<int64_t> ones(static_cast<size_t>(rank - c.rank(i)), 1);
    const ValueId own = b.shape_of(c.in(i));
    shapes.push_back(ones.empty() ? own : b.concat({b.ints(ones), own}));
  }
  // A dimension of 0 beside one of 1 gives 0, so the largest is taken only where none is 0.
  ValueId shape = shapes[0];
  for (size_t i = 1; i < shapes.size(); ++i)
    shape = b.add("Where", {b.add("Equal", {shape, b.ints({1})}), shapes[i], shape});
  if (axis != kNoAxis) {
    if (axis < -rank || axis >= rank) return invalid_model("its axis is ", axis, " of ", rank, " dimensions");
    shape = b.slice(shape, 0, axis < 0 ? axis + rank : axis, (axis < 0 ? axis + rank : axis) + 1);
  }
  c.out(0, b.cast(shape, DType::kI32), ElementType(DType::kI32));
  return c.done();
}

Status concat(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, SIZE_MAX));
  const fb::Axis* p = c.param<fb::Axis>();
  LITE_TRY(c.done());
  for (size_t i = 1; i < c.num_in(); ++i)
    if (!(c.type(i) == c.type(0))) return unsupported("inputs of different types");
  // Blocks stay whole when plain channels or pixels are put one after another.
  const Variable& first = c.variable(0);
  bool plain =
      first.plain != kNoValue && (first.format == Blocked::kNchw4 || first.format == Blocked::kNchw8 ||
                                  first.format == Blocked::kNchw32 || first.format == Blocked::kNchw64);
  for (size_t i = 0; plain && i < c.num_in(); ++i)
    plain = c.variable(i).plain != kNoValue && c.variable(i).format == first.format;
  plain = plain && p->axis() >= 0 && p->axis() <= 3;
  std::vector<ValueId> in;
  for (size_t i = 0; i < c.num_in(); ++i) in.push_back(plain ? c.variable(i).plain : c.in(i));
  const Blocked format = plain ? first.format : Blocked::kNone;
  const ElementType type = c.type(0);
  c.out_plain(0, b.add("Concat", std::move(in), {attr("axis", static_cast<int64_t>(p->axis()))}), format,
              type);
  return c.done();
}

Status split(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, SIZE_MAX));
  const fb::Axis* p = c.param<fb::Axis>();
  LITE_TRY(c.done());
  if (c.num_in() != c.num_out() + 1)
    return invalid_model("it has ", c.num_out(), " outputs and ", c.num_in() - 1, " sizes");
  std::vector<ValueId> sizes;
  for (size_t i = 1; i < c.num_in(); ++i) sizes.push_back(as_shape(b, c.in(i)));
  const auto parts = b.add_all("Split", c.num_out(), {c.in(0), b.concat(std::move(sizes))},
                               {attr("axis", static_cast<int64_t>(p->axis()))});
  for (size_t i = 0; i < parts.size(); ++i) c.out(i, parts[i], c.type(0));
  return c.done();
}

// [N,H,W,C]: upside down, left to right, or both.
Status flip(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Flip* p = c.param<fb::Flip>();
  ValueId v = c.in(0);
  const auto turn = [&](int64_t axis) {
    v = b.add("Slice", {v, b.ints({-1}), b.ints({INT64_MIN + 1}), b.ints({axis}), b.ints({-1})});
  };
  if (p->vertical()) turn(1);
  if (p->horizontal()) turn(2);
  c.out(0, b.add("Identity", {v}), c.type(0));
  return c.done();
}

// [N,H,W,C] by a quarter.
Status rotate(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Rotate* p = c.param<fb::Rotate>();
  const int64_t axis = p->clockwise() ? 2 : 1;
  const ValueId v = b.transpose(c.in(0), {0, 2, 1, 3});
  c.out(0, b.add("Slice", {v, b.ints({-1}), b.ints({INT64_MIN + 1}), b.ints({axis}), b.ints({-1})}),
        c.type(0));
  return c.done();
}

Status padding(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Padding* p = c.param<fb::Padding>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  const int64_t front[] = {p->front_offset_dim0(), p->front_offset_dim1(), p->front_offset_dim2(),
                           p->front_offset_dim3(), p->front_offset_dim4(), p->front_offset_dim5(),
                           p->front_offset_dim6()};
  const int64_t back[] = {p->back_offset_dim0(), p->back_offset_dim1(), p->back_offset_dim2(),
                          p->back_offset_dim3(), p->back_offset_dim4(), p->back_offset_dim5(),
                          p->back_offset_dim6()};
  if (rank > 7) return invalid_model("its input has ", rank, " dimensions, at most 7 wanted");
  std::vector<int64_t> pads(front, front + rank);
  pads.insert(pads.end(), back, back + rank);
  static constexpr const char* kModes[] = {"edge", "reflect", "constant"};
  if (p->padding_mode() >= std::size(kModes))
    return invalid_model("its mode is ", p->padding_mode(), ", which is none");
  const ElementType type = c.type(0);
  const bool constant = p->padding_mode() == 2;
  const double fill = static_cast<double>(p->padding_val());
  const ValueId value = constant ? b.number(type.dtype, fill) : kNoValue;
  c.out(0, b.add("Pad", {c.in(0), b.ints(pads), value}, {attr("mode", kModes[p->padding_mode()])}), type);
  return c.done();
}

// n numbers from start to stop: start + i * step, calculated in double.
Status linspace(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(3, 3));
  const fb::Linspace* p = c.param<fb::Linspace>();
  LITE_ASSIGN(const ElementType to, c.output_type(ElementType(DType::kF32)));
  const auto scalar = [&](size_t i, DType type) {
    return b.reshape(b.cast(c.in(i), type), std::initializer_list<int64_t>{});
  };
  const ValueId start = scalar(0, DType::kF64), stop = scalar(1, DType::kF64), n = scalar(2, DType::kI64);
  const ValueId one = b.number(DType::kI64, 1);
  const ValueId steps = b.add("Max", {p->endpoint() ? b.add("Sub", {n, one}) : n, one});
  const ValueId step = b.add("Div", {b.add("Sub", {stop, start}), b.cast(steps, DType::kF64)});
  const ValueId i = b.cast(b.add("Range", {b.number(DType::kI64, 0), n, one}), DType::kF64);
  c.out(0, b.cast(b.add("Add", {start, b.add("Mul", {i, step})}), to.dtype), to);
  return c.done();
}

// Ones on a diagonal, k to the right of the main one.
Status eye(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Eye* p = c.param<fb::Eye>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const ElementType type, element_type(p->dtype()));
  const ValueId zeros = b.add("ConstantOfShape", {as_shape(b, c.in(0))});
  c.out(0, b.add("EyeLike", {zeros},
                 {attr("dtype", static_cast<int64_t>(type.dtype)), attr("k", int64_t{p->k()})}));
  return c.done();
}

// A matrix's diagonal as a vector, a vector as a matrix's diagonal.
Status diag(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Diag* p = c.param<fb::Diag>();
  c.out(0, c.b.add("Diag", {c.in(0)}, {attr("k", int64_t{p->k()})}, "megengine"));
  return c.done();
}

// Each element, or each slice along an axis, several times in place.
Status repeat(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  Builder& b = c.b;
  const ValueId x = c.in(0), times = as_shape(b, c.in(1));
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  // [a,b] -> [a,1,b,1], tiled, -> [a*ta,b*tb].
  std::vector<int64_t> axes;
  std::vector<ValueId> tiles, shape;
  for (int64_t i = 0; i < rank; ++i) {
    axes.push_back(2 * i + 1);
    tiles.push_back(b.ints({1}));
    tiles.push_back(b.slice(times, 0, i, i + 1));
  }
  const ValueId tiled = b.add("Tile", {b.unsqueeze(x, axes), b.concat(std::move(tiles))});
  c.out(0, b.add("Reshape", {tiled, b.add("Mul", {b.shape_of(x), times})}), c.type(0));
  return c.done();
}

Status tile(Call& c) {
  LITE_TRY(c.want_inputs(2, 2));
  c.out(0, c.b.add("Tile", {c.in(0), as_shape(c.b, c.in(1))}), c.type(0));
  return c.done();
}

}  // namespace lite::mge
