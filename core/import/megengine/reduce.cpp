// Reductions, and what sorts and picks.
#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

constexpr int32_t kNoAxis = INT32_MAX;

struct Mode {
  const char* name;
  const char* op;
};
constexpr Mode kModes[] = {
    {"SUM", "ReduceSum"}, {"SUM_SQR", "ReduceSumSquare"}, {"PRODUCT", "ReduceProd"},
    {"MIN", "ReduceMin"}, {"MAX", "ReduceMax"},           {"MEAN", "ReduceMean"},
};

constexpr TypeSet kNarrow = DType::kI8 | DType::kU8 | DType::kI16 | DType::kU16;

// The axis from 0, where -1 is the last; flattens v when there is none.
Result<int64_t> axis_of(Builder& b, ValueId& v, int64_t axis) {
  if (axis == kNoAxis) {
    v = b.reshape(v, {-1});
    return 0;
  }
  const int64_t rank = b.rank(v);
  if (b.failed()) return 0;
  if (axis < -rank || axis >= rank) return invalid_model("its axis is ", axis, " of ", rank, " dimensions");
  return axis < 0 ? axis + rank : axis;
}

}  // namespace

// Reduces one axis, which stays with size 1; without an axis, all to a vector of one. A second input is the
// shape to reduce to: axes that are 1 there.
Status reduce(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 2));
  const fb::Reduce* p = c.param<fb::Reduce>();
  LITE_TRY(c.done());
  if (p->mode() >= std::size(kModes)) return invalid_model("its mode is ", p->mode(), ", which is none");
  const ElementType type = c.type(0);
  ValueId x = c.real(0);
  ElementType to = type;
  switch (p->data_type()) {
    case 0:
      break;
    case 1:
      x = b.cast(x, DType::kF32);
      break;
    case 2:
      x = b.cast(x, DType::kF32);
      to = ElementType(DType::kF32);
      break;
    case 3:
      x = b.cast(x, DType::kF32);
      to = ElementType(DType::kF16);
      break;
    default: {
      ElementType sum(DType::kI32);
      sum.quantised = true;
      sum.scale = type.scale;
      LITE_ASSIGN(to, c.output_type(sum));
    }
  }
  LITE_TRY(c.done());
  const bool narrow = kNarrow.has(b.dtype(x));
  if (narrow) x = b.cast(x, DType::kI32);
  std::vector<int64_t> axes;
  bool to_vector = false;
  if (c.num_in() == 2) {
    const Tensor* const shape = b.known(c.in(1));
    if (shape == nullptr) return unsupported("the shape that it reduces to is not known before it runs");
    const int64_t rank = c.rank(0);
    LITE_TRY(c.done());
    if (shape->elements() == 1 && is_all(*shape, 1)) {
      to_vector = true;
    } else {
      if (shape->elements() != rank)
        return invalid_model("its shape has ", shape->elements(), " dimensions, its input ", rank);
      for (int64_t i = 0; i < rank; ++i)
        if (shape->int_at(i) == 1) axes.push_back(i);
    }
  } else if (p->axis() == kNoAxis) {
    to_vector = true;
  } else {
    LITE_ASSIGN(const int64_t axis, axis_of(b, x, p->axis()));
    axes.push_back(axis);
  }
  if (to_vector) {
    x = b.reshape(x, {-1});
    axes = {0};
  }
  ValueId y = axes.empty() ? b.add("Identity", {x}) : b.add(kModes[p->mode()].op, {x, b.ints(axes)});
  if (narrow) y = b.cast(y, to.dtype);
  c.out_real(0, y, to);
  return c.done();
}

Status arg_extreme(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Axis* p = c.param<fb::Axis>();
  ValueId x = c.in(0);
  LITE_TRY(c.done());
  LITE_ASSIGN(const int64_t axis, axis_of(b, x, p->axis()));
  const char* const op = c.opr.type == "Argmin" ? "ArgMin" : "ArgMax";
  c.out(0, b.cast(b.add(op, {x}, {attr("axis", axis)}), DType::kI32));
  return c.done();
}

Status cumsum(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Cumsum* p = c.param<fb::Cumsum>();
  ValueId x = c.in(0);
  LITE_TRY(c.done());
  LITE_ASSIGN(const int64_t axis, axis_of(b, x, p->axis()));
  const DType type = b.dtype(x);
  if (kNarrow.has(type)) x = b.cast(x, DType::kI32);
  const ValueId y = b.add("CumSum", {x, b.constant(Tensor::scalar_i64(axis))},
                          {attr("exclusive", static_cast<int64_t>(p->exclusive())),
                           attr("reverse", static_cast<int64_t>(p->reverse()))});
  c.out(0, b.cast(y, type));
  return c.done();
}

// The k smallest of each row, or the -k largest.
Status top_k(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::TopK* p = c.param<fb::TopK>();
  LITE_TRY(c.done());
  if (p->mode() > 2) return invalid_model("its mode is ", p->mode(), ", which is none");
  const Tensor* k = b.known(c.in(1));
  if (k == nullptr || k->elements() != 1) return unsupported("k is not known before it runs");
  const int64_t wanted = k->int_at(0);
  if (wanted == 0) return invalid_model("k is 0");
  const ValueId x = c.in(0);
  if (c.rank(0) != 2) return invalid_model("its input has ", c.rank(0), " dimensions, 2 wanted");
  const bool largest = wanted < 0;
  const ValueId count = b.add("Min", {b.ints({std::abs(wanted)}), b.dims_of(x, 1, 2)});
  const auto out = b.add_all("TopK", 2, {x, count},
                             {attr("axis", int64_t{-1}), attr("largest", static_cast<int64_t>(largest)),
                              attr("sorted", int64_t{1})});
  if (p->mode() == 0) {
    // Only the k-th: the last of them.
    c.out(0, b.squeeze(b.slice(out[0], 1, -1, INT64_MAX), {1}));
    return c.done();
  }
  c.out(0, out[0]);
  c.out(1, b.cast(out[1], DType::kI32));
  return c.done();
}

Status argsort(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Argsort* p = c.param<fb::Argsort>();
  LITE_TRY(c.done());
  const ValueId x = c.in(0);
  const int64_t rank = c.rank(0);
  const auto out =
      b.add_all("TopK", 2, {x, b.dims_of(x, rank - 1, rank)},
                {attr("axis", int64_t{-1}), attr("largest", static_cast<int64_t>(p->order() == 1)),
                 attr("sorted", int64_t{1})});
  c.out(0, out[0]);
  c.out(1, b.cast(out[1], DType::kI32));
  return c.done();
}

// Elements of data where mask compares so to a number, and their places in the flattened data.
Status cond_take(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::CondTake* p = c.param<fb::CondTake>();
  LITE_TRY(c.done());
  static constexpr const char* kCompare[] = {"Less",        "Less",    "Less",
                                             "LessOrEqual", "Greater", "GreaterOrEqual"};
  if (p->mode() >= std::size(kCompare)) return invalid_model("its mode is ", p->mode(), ", which is none");
  const ValueId data = b.reshape(c.in(0), {-1});
  ValueId mask = b.reshape(c.in(1), {-1});
  const DType type = b.dtype(mask);
  const double val = static_cast<double>(p->val());
  ValueId taken;
  if (p->mode() <= 1) {
    if (is_float(type)) {
      const ValueId distance = b.add("Abs", {b.add("Sub", {b.number(type, val), mask})});
      taken = b.add("Less", {distance, b.number(type, static_cast<double>(p->eps()))});
    } else {
      taken = b.add("Equal", {mask, b.number(type, val)});
    }
    if (p->mode() == 1) taken = b.add("Not", {taken});
  } else {
    if (type == DType::kBool) mask = b.cast(mask, DType::kI32);
    taken = b.add(kCompare[p->mode()], {mask, b.number(b.dtype(mask), val)});
  }
  c.out(0, b.add("Compress", {data, taken}, {attr("axis", int64_t{0})}));
  c.out(1, b.cast(b.reshape(b.add("NonZero", {taken}), {-1}), DType::kI32));
  return c.done();
}

Status non_zero(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  c.out(0, c.b.cast(c.b.add("NonZero", {c.in(0)}), DType::kI32));
  return c.done();
}

Status where(Call& c) {
  LITE_TRY(c.want_inputs(3, 3));
  c.out(0, c.b.add("Where", {c.b.cast(c.in(0), DType::kBool), c.in(1), c.in(2)}), c.type(1));
  return c.done();
}

}  // namespace lite::mge
