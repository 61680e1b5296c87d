// MatMul and Gemm become FusedMatMul and take in what is around them: a transposition of the last two
// dimensions of an operand, a factor that is one number, a bias, an activation, the Add of a residual.

#include <algorithm>
#include <cmath>

#include "core/passes/activation.h"
#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

struct Product {
  ValueId a, b, bias = kNoValue, residual = kNoValue;
  bool trans_a = false, trans_b = false, residual_after = false;
  double alpha = 1;
  std::optional<ActivationAttrs> activation;
  bool bare() const { return bias == kNoValue && residual == kNoValue && !activation; }
};

// Looks through a Transpose whose last two dimensions come from elsewhere than where they go.
void take_transpose(Rewriter& r, ValueId& v, bool& trans) {
  const NodeId t = r.made_by(v, "Transpose");
  if (t == kNoNode) return;
  auto perm = permutation(r, t);
  if (!perm || perm->size() < 2) return;
  const size_t rank = perm->size();
  // Swapped, the innermost dimension stays innermost: what is left of the Transpose moves whole rows, or
  // nothing.
  if ((*perm)[rank - 2] != static_cast<int64_t>(rank) - 1) return;
  std::swap((*perm)[rank - 2], (*perm)[rank - 1]);
  v = is_identity(*perm) ? r.in(t, 0) : r.add("Transpose", {r.in(t, 0)}, {{"perm", *perm}});
  trans = !trans;
}

// Looks through a Mul by one number.
void take_factor(const Rewriter& r, ValueId& v, double& alpha) {
  const NodeId mul = r.made_by(v, "Mul");
  if (mul == kNoNode || !r.used_once(v)) return;
  const auto product = r.scalar_and_other(mul);
  if (!product || !std::isfinite(product->scalar) || !same_shape(r.fact(product->other), r.fact(v))) return;
  if (!fits_attribute(r.dtype(v), alpha * product->scalar)) return;
  alpha *= product->scalar;
  v = product->other;
}

// c as a bias of n numbers, times `factor`; kNoValue when it is none.
Result<ValueId> as_bias(Rewriter& r, ValueId c, size_t rank, int64_t n, double factor) {
  const Tensor* const t = r.constant(c);
  if (t == nullptr || rank == 0) return kNoValue;
  const auto extent = extent_along(*t, rank, rank - 1);
  if (!extent || (*extent != 1 && *extent != n)) return kNoValue;
  if (*extent == n && t->rank() == 1 && factor == 1) return c;
  if (*extent == n && factor == 1) return r.add_constant(r.graph().value(c).name, t->reshaped(Dims{n}));
  std::vector<double> values = to_doubles(*t);
  values.resize(static_cast<size_t>(n), values[0]);
  for (double& v : values) v *= factor;
  LITE_ASSIGN(Tensor bias, from_doubles(t->dtype(), Dims{n}, values));
  return r.add_constant(r.graph().value(c).name, std::move(bias));
}

// The bias or residual that Gemm's third input is; false when it is neither.
Result<bool> take_gemm_operand(Rewriter& r, NodeId n, Product& p, int64_t columns) {
  const ValueId c = r.in(n, 2);
  const double beta = static_cast<double>(r.attrs(n).f32("beta", 1));
  if (c == kNoValue || beta == 0) return true;
  LITE_ASSIGN(p.bias, as_bias(r, c, 2, columns, beta));
  if (p.bias != kNoValue) return true;
  if (beta != 1 || !same_shape(r.fact(c), r.fact(r.out(n)))) return false;
  p.residual = c;
  return true;
}

// Goes on from y over what the product can take in; returns the last value taken.
Result<ValueId> take_followers(Rewriter& r, Product& p, ValueId y, int64_t columns) {
  for (NodeId user; (user = r.only_user(y)) != kNoNode; y = r.out(user)) {
    if (p.bare() && r.is(user, "Mul")) {
      const auto product = r.scalar_and_other(user);
      if (!product || product->other != y || !same_shape(r.fact(y), r.fact(r.out(user)))) break;
      if (!fits_attribute(r.dtype(y), p.alpha * product->scalar)) break;
      p.alpha *= product->scalar;
      continue;
    }
    if (!p.activation) {
      if (auto activation = activation_of(r, user); activation && r.in(user, 0) == y) {
        p.activation = std::move(activation);
        continue;
      }
    }
    if (!r.is(user, "Add") || p.residual != kNoValue) break;
    const ValueId other = r.other_input(user, y);
    if (!same_shape(r.fact(y), r.fact(r.out(user)))) break;
    if (r.constant(other) != nullptr) {
      if (p.bias != kNoValue || p.activation) break;
      LITE_ASSIGN(p.bias, as_bias(r, other, r.fact(y).rank(), columns, 1));
      if (p.bias == kNoValue) break;
      continue;
    }
    if (!r.fact(y).is_static() || !same_shape(r.fact(other), r.fact(y))) break;
    p.residual = other;
    p.residual_after = p.activation.has_value();
  }
  return y;
}

Status fuse(Rewriter& r, NodeId n) {
  const bool gemm = r.is(n, "Gemm");
  Product p{r.in(n, 0), r.in(n, 1)};
  ValueId y = r.out(n);
  const Fact& b = r.fact(p.b);
  if (!b.has_rank || b.rank() < 2 || !r.fact(p.a).has_rank || r.fact(p.a).rank() < 1) return ok();
  if (gemm) {
    p.trans_a = r.attrs(n).i64("transA") != 0;
    p.trans_b = r.attrs(n).i64("transB") != 0;
    p.alpha = static_cast<double>(r.attrs(n).f32("alpha", 1));
  }
  const int64_t columns = b.dims[b.rank() - (p.trans_b ? 2 : 1)];
  if (columns < 0) return ok();
  if (gemm) {
    LITE_ASSIGN(const bool taken, take_gemm_operand(r, n, p, columns));
    if (!taken) return ok();
  }
  // Before the followers, for their uses count y's; nodes that are added do not touch them.
  take_factor(r, p.a, p.alpha);
  take_factor(r, p.b, p.alpha);
  if (r.fact(p.a).rank() > 1) take_transpose(r, p.a, p.trans_a);
  if (r.constant(p.b) == nullptr) take_transpose(r, p.b, p.trans_b);
  LITE_ASSIGN(y, take_followers(r, p, y, columns));

  std::vector<ValueId> in{p.a, p.b, p.bias, p.residual};
  while (in.back() == kNoValue) in.pop_back();
  std::vector<Attr> attrs;
  if (p.trans_a) attrs.push_back({"transA", int64_t{1}});
  if (p.trans_b) attrs.push_back({"transB", int64_t{1}});
  if (p.alpha != 1) attrs.push_back({"alpha", static_cast<float>(p.alpha)});
  if (p.activation) p.activation->write(attrs);
  if (p.residual_after) attrs.push_back({"residual_after", int64_t{1}});
  r.remake(y, "FusedMatMul", std::move(in), std::move(attrs), "lite");
  return ok();
}

}  // namespace

Result<bool> fuse_matmul(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"MatMul", "Gemm"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n)
    if ((r.is(n, "MatMul") || r.is(n, "Gemm")) && types::kFloat.has(r.dtype(r.in(n, 0))))
      LITE_TRY(fuse(r, n));
  return r.changed();
}

}  // namespace lite::passes
