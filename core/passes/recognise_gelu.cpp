// The forms in which exporters spell Gelu:
//   x * (1 + erf(x / sqrt(2))) / 2, its three factors in any order
//   x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2, likewise

#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {
namespace {

// v is factor * x, or x / (1 / factor); returns x.
ValueId scaled_input(const Rewriter& r, ValueId v, double factor) {
  if (const NodeId mul = r.made_by(v, "Mul"); mul != kNoNode) {
    if (r.is_scalar(r.in(mul, 0), factor)) return r.in(mul, 1);
    if (r.is_scalar(r.in(mul, 1), factor)) return r.in(mul, 0);
  }
  if (const NodeId div = r.made_by(v, "Div"); div != kNoNode && r.is_scalar(r.in(div, 1), 1 / factor))
    return r.in(div, 0);
  return kNoValue;
}

// v is 1 + y; returns y.
ValueId plus_one(const Rewriter& r, ValueId v) {
  const NodeId add = r.made_by(v, "Add");
  if (add == kNoNode) return kNoValue;
  if (r.is_scalar(r.in(add, 0), 1)) return r.in(add, 1);
  return r.is_scalar(r.in(add, 1), 1) ? r.in(add, 0) : kNoValue;
}

bool is_square(const Rewriter& r, ValueId v, ValueId x) {
  if (const NodeId mul = r.made_by(v, "Mul"); mul != kNoNode) return r.in(mul, 0) == x && r.in(mul, 1) == x;
  const NodeId pow = r.made_by(v, "Pow");
  return pow != kNoNode && r.in(pow, 0) == x && r.is_scalar(r.in(pow, 1), 2);
}

bool is_cube(const Rewriter& r, ValueId v, ValueId x) {
  if (const NodeId mul = r.made_by(v, "Mul"); mul != kNoNode) {
    const ValueId square = r.other_input(mul, x);
    return square != kNoValue && is_square(r, square, x);
  }
  const NodeId pow = r.made_by(v, "Pow");
  return pow != kNoNode && r.in(pow, 0) == x && r.is_scalar(r.in(pow, 1), 3);
}

// The x of x + 0.044715 x^3, or of x * (1 + 0.044715 x^2); kNoValue when v is neither.
ValueId cubic_input(const Rewriter& r, ValueId v) {
  constexpr double kCubic = 0.044715;
  if (const NodeId add = r.made_by(v, "Add"); add != kNoNode) {
    for (const size_t i : {size_t{0}, size_t{1}}) {
      const ValueId x = r.in(add, i), cube = scaled_input(r, r.in(add, 1 - i), kCubic);
      if (cube != kNoValue && is_cube(r, cube, x)) return x;
    }
  }
  if (const NodeId mul = r.made_by(v, "Mul"); mul != kNoNode) {
    for (const size_t i : {size_t{0}, size_t{1}}) {
      const ValueId x = r.in(mul, i), term = plus_one(r, r.in(mul, 1 - i));
      const ValueId square = term == kNoValue ? kNoValue : scaled_input(r, term, kCubic);
      if (square != kNoValue && is_square(r, square, x)) return x;
    }
  }
  return kNoValue;
}

struct Curve {
  ValueId x = kNoValue;
  bool tanh = false;
};

// What v = 1 + erf(...) or 1 + tanh(...) is a function of.
Curve read_curve(const Rewriter& r, ValueId v) {
  const ValueId y = plus_one(r, v);
  if (y == kNoValue) return {};
  if (const NodeId erf = r.made_by(y, "Erf"); erf != kNoNode)
    return {scaled_input(r, r.in(erf, 0), 0.70710678118654752), false};
  if (const NodeId tanh = r.made_by(y, "Tanh"); tanh != kNoNode) {
    const ValueId inner = scaled_input(r, r.in(tanh, 0), 0.79788456080286536);
    if (inner != kNoValue) return {cubic_input(r, inner), true};
  }
  return {};
}

// Follows the products with x and 1/2 from v; the value that has both, or kNoValue.
ValueId finish(const Rewriter& r, ValueId v, ValueId x) {
  bool has_x = false, has_half = false;
  while (!has_x || !has_half) {
    const NodeId user = r.only_user(v);
    if (user == kNoNode) return kNoValue;
    if (r.is(user, "Mul")) {
      const ValueId other = r.other_input(user, v);
      if (!has_x && other == x)
        has_x = true;
      else if (!has_half && r.is_scalar(other, 0.5))
        has_half = true;
      else if (!has_x && !has_half && scaled_input(r, other, 0.5) == x)
        has_x = has_half = true;
      else
        return kNoValue;
    } else if (r.is(user, "Div") && !has_half && r.in(user, 0) == v && r.is_scalar(r.in(user, 1), 2)) {
      has_half = true;
    } else {
      return kNoValue;
    }
    v = r.out(user);
  }
  return v;
}

}  // namespace

Result<bool> recognise_gelu(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Erf", "Tanh"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.is(n, "Add")) continue;
    const Curve curve = read_curve(r, r.out(n));
    if (curve.x == kNoValue) continue;
    const ValueId y = finish(r, r.out(n), curve.x);
    if (y == kNoValue) continue;
    r.remake(y, "Gelu", {curve.x},
             curve.tanh ? std::vector<Attr>{{"approximate", std::string("tanh")}} : std::vector<Attr>{});
  }
  return r.changed();
}

}  // namespace lite::passes
