// Gated activations that exporters spell out:
//   x * sigmoid(x), x * sigmoid(alpha x)           Swish
//   clip(x + 3, 0, 6) / 6                          HardSigmoid
//   x * hard_sigmoid(x), x * clip(x + 3, 0, 6) / 6 HardSwish
//   x * tanh(softplus(x))                          Mish

#include <cmath>

#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {
namespace {

bool near(double a, double b) { return std::abs(a - b) <= 1e-5 * std::abs(b); }

// The x of clip(x + 3, 0, 6).
ValueId relu6_of_shifted(const Rewriter& r, ValueId v) {
  const NodeId clip = r.made_by(v, "Clip");
  if (clip == kNoNode || !r.is_scalar(r.in(clip, 1), 0) || !r.is_scalar(r.in(clip, 2), 6)) return kNoValue;
  const NodeId add = r.made_by(r.in(clip, 0), "Add");
  if (add == kNoNode) return kNoValue;
  const auto sum = r.scalar_and_other(add);
  return sum && near(sum->scalar, 3) ? sum->other : kNoValue;
}

// n divides `v` by 6.
bool divides_by_six(const Rewriter& r, NodeId n, ValueId v) {
  if (r.is(n, "Div")) return r.in(n, 0) == v && r.is_scalar(r.in(n, 1), 6);
  if (!r.is(n, "Mul")) return false;
  const auto product = r.scalar_and_other(n);
  return product && product->other == v && std::abs(product->scalar * 6 - 1) < 1e-4;
}

std::vector<Attr> sixth() { return {{"alpha", 1.0F / 6.0F}, {"beta", 0.5F}}; }

bool from_clip(Rewriter& r, NodeId clip) {
  const ValueId v = r.out(clip), x = relu6_of_shifted(r, v);
  const NodeId user = x == kNoValue ? kNoNode : r.only_user(v);
  if (user == kNoNode) return false;
  if (divides_by_six(r, user, v)) {
    r.remake(r.out(user), "HardSigmoid", {x}, sixth());
    return true;
  }
  if (!r.is(user, "Mul") || r.other_input(user, v) != x) return false;
  const NodeId last = r.only_user(r.out(user));
  if (last == kNoNode || !divides_by_six(r, last, r.out(user))) return false;
  r.remake(r.out(last), "HardSwish", {x});
  return true;
}

// gate is what multiplies x.
bool from_product(Rewriter& r, ValueId y, ValueId x, ValueId gate) {
  if (const NodeId sigmoid = r.made_by(gate, "Sigmoid"); sigmoid != kNoNode) {
    const ValueId u = r.in(sigmoid, 0);
    double alpha = 1;
    if (u != x) {
      const NodeId mul = r.made_by(u, "Mul");
      const auto product = mul == kNoNode ? std::nullopt : r.scalar_and_other(mul);
      if (!product || product->other != x || !fits_attribute(r.dtype(x), product->scalar)) return false;
      alpha = product->scalar;
    }
    r.remake(y, "Swish", {x}, {{"alpha", static_cast<float>(alpha)}});
    return true;
  }
  if (const NodeId hard = r.made_by(gate, "HardSigmoid"); hard != kNoNode) {
    const bool standard = near(static_cast<double>(r.attrs(hard).f32("alpha", 0.2F)), 1.0 / 6) &&
                          near(static_cast<double>(r.attrs(hard).f32("beta", 0.5F)), 0.5);
    if (r.in(hard, 0) != x || !standard) return false;
    r.remake(y, "HardSwish", {x});
    return true;
  }
  if (const NodeId tanh = r.made_by(gate, "Tanh"); tanh != kNoNode) {
    const NodeId softplus = r.made_by(r.in(tanh, 0), "Softplus");
    if (softplus == kNoNode || r.in(softplus, 0) != x) return false;
    r.remake(y, "Mish", {x});
    return true;
  }
  return false;
}

}  // namespace

Result<bool> recognise_swish(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Clip", "Sigmoid", "HardSigmoid", "Tanh"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (r.is(n, "Clip")) from_clip(r, n);
    if (!r.is(n, "Mul") || r.node(n).in.size() != 2) continue;
    const ValueId a = r.in(n, 0), b = r.in(n, 1), y = r.out(n);
    if (!from_product(r, y, a, b)) from_product(r, y, b, a);
  }
  return r.changed();
}

}  // namespace lite::passes
