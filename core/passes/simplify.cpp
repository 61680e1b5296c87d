// Operators said in simpler ones:
//   Gather by a scalar constant                      Slice and Reshape: a view
//   ReduceMean over all spatial dimensions, kept     GlobalAveragePool
//   Clip from 0 with no upper limit, Max with 0      Relu
//   Min of a Relu and a number that is not negative  Clip
//   Sum of two                                       Add
//   Sub of a constant, Div by a constant             Add, Mul, so that other passes know two forms less

#include <cmath>
#include <limits>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

void gather_to_slice(Rewriter& r, NodeId n) {
  const Tensor* const index = r.constant_in(n, 1);
  const Fact& x = r.fact(r.in(n, 0));
  if (index == nullptr || index->rank() != 0 || !x.has_rank || x.dtype == DType::kString) return;
  if (r.constant_in(n, 0) != nullptr) return;
  int64_t axis = r.attrs(n).i64("axis"), i = index->int_at(0);
  if (axis < 0) axis += static_cast<int64_t>(x.rank());
  if (axis < 0 || axis >= static_cast<int64_t>(x.rank())) return;
  const int64_t dim = x.dims[static_cast<size_t>(axis)];
  if (dim < 0 || i < -dim || i >= dim) return;  // left to fail at run time with Gather's message
  if (i < 0) i += dim;
  Fact sliced = x;
  sliced.dims[static_cast<size_t>(axis)] = 1;
  const auto target = reshape_target(sliced, r.fact(r.out(n)));
  if (!target) return;
  const ValueId source = r.in(n, 0), y = r.out(n);
  const auto ints = [&](int64_t v) {
    return r.add_constant({}, Tensor::vector_i64(std::span<const int64_t>(&v, 1)));
  };
  const ValueId starts = ints(i), ends = ints(i + 1), axes = ints(axis);
  const ValueId part = r.add("Slice", {source, starts, ends, axes});
  r.remake(y, "Reshape", {part, r.add_constant({}, Tensor::vector_i64(*target))});
}

void mean_to_pool(Rewriter& r, NodeId n) {
  const Fact& x = r.fact(r.in(n, 0));
  const auto axes = reduced_axes(r, n);
  if (!axes || !types::kFloat.has(x.dtype) || x.rank() < 4 || x.rank() > 5 || axes->size() != x.rank() - 2 ||
      !trailing(*axes, x.rank()))
    return;
  const ValueId source = r.in(n, 0), y = r.out(n);
  if (r.attrs(n).i64("keepdims", 1) != 0) {
    r.remake(y, "GlobalAveragePool", {source});
    return;
  }
  Fact pooled = x;
  for (size_t i = 2; i < pooled.rank(); ++i) pooled.dims[i] = 1;
  const auto target = reshape_target(pooled, r.fact(y));
  if (!target) return;
  const ValueId pool = r.add("GlobalAveragePool", {source});
  r.remake(y, "Reshape", {pool, r.add_constant({}, Tensor::vector_i64(*target))});
}

void to_relu(Rewriter& r, NodeId n) {
  const ValueId y = r.out(n);
  if (!is_float(r.dtype(y))) return;
  if (r.is(n, "Max")) {
    const auto max = r.node(n).in.size() == 2 ? r.scalar_and_other(n) : std::nullopt;
    if (max && max->scalar == 0 && same_shape(r.fact(max->other), r.fact(y)))
      r.remake(y, "Relu", {max->other});
    return;
  }
  const ValueId lo = r.in(n, 1), hi = r.in(n, 2);
  if (lo == kNoValue || r.scalar(lo) != 0.0) return;
  if (hi != kNoValue &&
      !(r.scalar(hi) && *r.scalar(hi) >= static_cast<double>(std::numeric_limits<float>::max())))
    return;
  r.remake(y, "Relu", {r.in(n, 0)});
}

// As MegEngine has Relu6.
Status to_clip(Rewriter& r, NodeId n) {
  const ValueId y = r.out(n);
  const auto min = r.node(n).in.size() == 2 ? r.scalar_and_other(n) : std::nullopt;
  if (!min || !(min->scalar >= 0) || !is_float(r.dtype(y))) return ok();
  const NodeId relu = r.made_by(min->other, "Relu");
  if (relu == kNoNode || !same_shape(r.fact(min->other), r.fact(y))) return ok();
  LITE_ASSIGN(Tensor low, from_doubles(r.dtype(y), Dims{}, {0}));
  LITE_ASSIGN(Tensor high, from_doubles(r.dtype(y), Dims{}, {min->scalar}));
  const ValueId x = r.in(relu, 0);
  r.remake(y, "Clip", {x, r.add_constant({}, std::move(low)), r.add_constant({}, std::move(high))});
  return ok();
}

// x - c = x + (-c), x / c = x * (1 / c) where the reciprocal is exact or a rounding of it is all that is
// lost.
Status to_add_or_mul(Rewriter& r, NodeId n) {
  const Tensor* const c = r.constant_in(n, 1);
  if (c == nullptr || r.constant_in(n, 0) != nullptr || !types::kFloat.has(c->dtype()) ||
      c->elements() > 65536)
    return ok();
  const bool div = r.is(n, "Div");
  std::vector<double> values = to_doubles(*c);
  for (double& v : values) {
    if (div && (v == 0 || !std::isfinite(v))) return ok();
    v = div ? 1 / v : -v;
    if (!std::isfinite(v) || (div && std::abs(v) < 1e-30)) return ok();
  }
  LITE_ASSIGN(Tensor t, from_doubles(c->dtype(), c->dims(), values));
  r.remake(r.out(n), div ? "Mul" : "Add", {r.in(n, 0), r.add_constant({}, std::move(t))});
  return ok();
}

}  // namespace

Result<bool> simplify(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Gather", "ReduceMean", "Clip", "Max", "Min", "Sum", "Sub", "Div"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (r.is(n, "Gather"))
      gather_to_slice(r, n);
    else if (r.is(n, "ReduceMean"))
      mean_to_pool(r, n);
    else if (r.is(n, "Clip") || r.is(n, "Max"))
      to_relu(r, n);
    else if (r.is(n, "Min"))
      LITE_TRY(to_clip(r, n));
    else if (r.is(n, "Sum") && r.node(n).in.size() == 2)
      r.remake(r.out(n), "Add", {r.in(n, 0), r.in(n, 1)});
    else if (r.is(n, "Sub") || r.is(n, "Div"))
      LITE_TRY(to_add_or_mul(r, n));
  }
  return r.changed();
}

}  // namespace lite::passes
