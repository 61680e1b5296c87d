// The forms in which exporters spell LayerNormalization and RMSNormalization:
//   d = x - mean(x);  y = d / sqrt(mean(d^2) + epsilon) [* scale] [+ bias]
//                     y = x / sqrt(mean(x^2) + epsilon) [* scale]
// with the square as a Pow or a product, the quotient as Div, as a product with Reciprocal or 1 / sqrt, or as
// Pow by -1/2. The mean runs over the last dimensions.

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

ValueId square_of(const Rewriter& r, ValueId v) {
  if (const NodeId pow = r.made_by(v, "Pow"); pow != kNoNode)
    return r.is_scalar(r.in(pow, 1), 2) ? r.in(pow, 0) : kNoValue;
  const NodeId mul = r.made_by(v, "Mul");
  return mul != kNoNode && r.in(mul, 0) == r.in(mul, 1) ? r.in(mul, 0) : kNoValue;
}

struct Mean {
  ValueId of = kNoValue;
  std::vector<int64_t> axes;
};

Mean mean_of(const Rewriter& r, ValueId v) {
  const NodeId n = r.made_by(v, "ReduceMean");
  if (n == kNoNode || r.attrs(n).i64("keepdims", 1) == 0) return {};
  const auto axes = reduced_axes(r, n);
  if (!axes || !trailing(*axes, r.fact(r.in(n, 0)).rank())) return {};
  return {r.in(n, 0), *axes};
}

// mean(of^2) + epsilon.
struct Power {
  ValueId of = kNoValue;
  std::vector<int64_t> axes;
  double epsilon = 0;
};

Power power_of(const Rewriter& r, ValueId v) {
  const NodeId add = r.made_by(v, "Add");
  const auto sum = add == kNoNode ? std::nullopt : r.scalar_and_other(add);
  if (!sum || sum->scalar < 0) return {};
  const Mean mean = mean_of(r, sum->other);
  if (mean.of == kNoValue) return {};
  return {square_of(r, mean.of), mean.axes, sum->scalar};
}

// v = sqrt(p): p; v = p ^ exponent likewise when exponent is asked for.
ValueId root_of(const Rewriter& r, ValueId v) {
  if (const NodeId sqrt = r.made_by(v, "Sqrt"); sqrt != kNoNode) return r.in(sqrt, 0);
  const NodeId pow = r.made_by(v, "Pow");
  return pow != kNoNode && r.is_scalar(r.in(pow, 1), 0.5) ? r.in(pow, 0) : kNoValue;
}

// v = 1 / sqrt(p): p.
ValueId inverse_root_of(const Rewriter& r, ValueId v) {
  if (const NodeId reciprocal = r.made_by(v, "Reciprocal"); reciprocal != kNoNode)
    return root_of(r, r.in(reciprocal, 0));
  if (const NodeId div = r.made_by(v, "Div"); div != kNoNode && r.is_scalar(r.in(div, 0), 1))
    return root_of(r, r.in(div, 1));
  const NodeId pow = r.made_by(v, "Pow");
  return pow != kNoNode && r.is_scalar(r.in(pow, 1), -0.5) ? r.in(pow, 0) : kNoValue;
}

struct Quotient {
  ValueId above = kNoValue;
  Power power;
};

// n = above / sqrt(mean(above^2) + epsilon).
Quotient quotient(const Rewriter& r, NodeId n) {
  if (r.is(n, "Div")) {
    const ValueId p = root_of(r, r.in(n, 1));
    if (p == kNoValue) return {};
    Power power = power_of(r, p);
    return power.of == r.in(n, 0) && power.of != kNoValue ? Quotient{power.of, power} : Quotient{};
  }
  if (!r.is(n, "Mul")) return {};
  for (const size_t i : {size_t{0}, size_t{1}}) {
    const ValueId p = inverse_root_of(r, r.in(n, 1 - i));
    if (p == kNoValue) continue;
    Power power = power_of(r, p);
    if (power.of == r.in(n, i) && power.of != kNoValue) return {power.of, power};
  }
  return {};
}

// A constant with one number for each normalised element, in that shape; nullopt when c is not one.
Result<std::optional<Tensor>> as_parameter(const Tensor& c, const Dims& normalized) {
  if (c.elements() == 1) {
    LITE_ASSIGN(Tensor t, filled(c.dtype(), normalized, c.float_at(0)));
    return std::optional(std::move(t));
  }
  // Leading dimensions of 1 do not count.
  Dims d = c.dims();
  while (d.size() > normalized.size() && d[0] == 1) d.erase(0);
  if (!(d == normalized)) return std::optional<Tensor>();
  return std::optional(c.reshaped(d));
}

// The only user of v, when it is `op` with a constant that fits: the constant.
Result<std::optional<Tensor>> parameter_after(const Rewriter& r, ValueId v, const char* op,
                                              const Dims& normalized) {
  const NodeId user = r.only_user(v);
  if (user == kNoNode || !r.is(user, op)) return std::optional<Tensor>();
  const Tensor* const c = r.constant(r.other_input(user, v));
  if (c == nullptr || !same_shape(r.fact(v), r.fact(r.out(user)))) {
    // Unknown dimensions: the rank alone tells that the constant does not widen the result.
    if (c == nullptr || !r.fact(v).has_rank || c->rank() > r.fact(v).rank()) return std::optional<Tensor>();
  }
  return as_parameter(*c, normalized);
}

Result<bool> rewrite(Rewriter& r, NodeId n) {
  const Quotient q = quotient(r, n);
  if (q.above == kNoValue) return false;
  const Fact& f = r.fact(q.above);
  if (!f.has_rank || !types::kFloat.has(f.dtype)) return false;
  const DType type = f.dtype;
  const size_t first = static_cast<size_t>(q.power.axes[0]);
  const Dims normalized(std::span<const int64_t>(f.dims).subspan(first));
  for (const int64_t d : normalized)
    if (d <= 0) return false;
  if (!fits_attribute(type, q.power.epsilon)) return false;
  // x - mean(x) above the line makes it a layer normalisation.
  ValueId x = q.above;
  bool centred = false;
  if (const NodeId sub = r.made_by(q.above, "Sub"); sub != kNoNode) {
    const Mean mean = mean_of(r, r.in(sub, 1));
    if (mean.of == r.in(sub, 0) && mean.of != kNoValue && mean.axes == q.power.axes) {
      x = mean.of;
      centred = true;
    }
  }
  ValueId y = r.out(n);
  LITE_ASSIGN(std::optional<Tensor> scale, parameter_after(r, y, "Mul", normalized));
  if (scale) y = r.out(r.only_user(y));
  std::optional<Tensor> bias;
  if (centred) {
    LITE_ASSIGN(bias, parameter_after(r, y, "Add", normalized));
    if (bias) y = r.out(r.only_user(y));
  }
  if (!scale) {
    LITE_ASSIGN(scale, filled(type, normalized, 1));
  }
  std::vector<ValueId> in{x, r.add_constant({}, *std::move(scale))};
  if (bias) in.push_back(r.add_constant({}, *std::move(bias)));
  const std::vector<Attr> attrs{{"axis", -static_cast<int64_t>(normalized.size())},
                                {"epsilon", static_cast<float>(q.power.epsilon)}};
  r.remake(y, centred ? "LayerNormalization" : "RMSNormalization", std::move(in), attrs);
  return true;
}

}  // namespace

Result<bool> recognise_normalization(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"ReduceMean"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n)) continue;
    LITE_TRY(rewrite(r, n).status());
  }
  return r.changed();
}

}  // namespace lite::passes
