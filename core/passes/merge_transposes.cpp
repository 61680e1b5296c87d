// Transposes: two in a row become one; one that only moves dimensions of size 1 becomes a Reshape; and one
// that feeds an element-wise node moves behind it, until it meets its inverse. Models converted from
// channels-last frameworks wrap every convolution in a pair of them, and this is how those pairs find each
// other.

#include <algorithm>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

using Perm = std::vector<int64_t>;

Perm inverse(const Perm& p) {
  Perm inv(p.size());
  for (size_t i = 0; i < p.size(); ++i) inv[static_cast<size_t>(p[i])] = static_cast<int64_t>(i);
  return inv;
}

bool merge_with_previous(Rewriter& r, NodeId n) {
  const NodeId first = r.made_by(r.in(n, 0), "Transpose");
  if (first == kNoNode) return false;
  const auto a = permutation(r, first), b = permutation(r, n);
  if (!a || !b || a->size() != b->size()) return false;
  r.remake(r.out(n), "Transpose", {r.in(first, 0)}, {{"perm", compose(*a, *b)}});
  return true;
}

// Dimensions that are not 1 keep their order, so no element moves.
bool become_reshape(Rewriter& r, NodeId n) {
  const auto perm = permutation(r, n);
  const Fact& x = r.fact(r.in(n, 0));
  if (!perm || !x.has_rank || is_identity(*perm)) return false;
  int64_t last = -1;
  for (const int64_t p : *perm) {
    if (x.dims[static_cast<size_t>(p)] == 1) continue;
    if (p < last) return false;
    last = p;
  }
  const auto target = reshape_target(x, r.fact(r.out(n)));
  if (!target) return false;
  r.remake(r.out(n), "Reshape", {r.in(n, 0), r.add_constant({}, Tensor::vector_i64(*target))});
  return true;
}

bool one_element(const Fact& f) {
  return f.has_rank && std::all_of(f.dims.begin(), f.dims.end(), [](int64_t d) { return d == 1; });
}

// Per-tensor quantisation does the same to every element.
bool same_for_every_element(const Rewriter& r, NodeId n) {
  if ((r.node(n).op->traits & kElementwise) != 0) return r.node(n).out.size() == 1;
  return (r.is(n, "QuantizeLinear") || r.is(n, "DequantizeLinear")) && one_element(r.fact(r.in(n, 1)));
}

// v comes through Transposes by `perm` only, with nothing but element-wise nodes after them.
bool comes_transposed(const Rewriter& r, ValueId v, const Perm& perm, int depth) {
  if (v == kNoValue || r.constant(v) != nullptr || one_element(r.fact(v))) return true;
  const NodeId n = r.producer(v);
  if (n == kNoNode || depth == 0) return false;
  if (r.is(n, "Transpose")) return permutation(r, n) == perm;
  const auto& in = r.node(n).in;
  return same_for_every_element(r, n) && std::all_of(in.begin(), in.end(), [&](ValueId i) {
           return comes_transposed(r, i, perm, depth - 1);
         });
}

// The permutation that all inputs of n which are not constants or scalars come through, each in a Transpose
// whose other users can be moved before it too, so that in the end it is not there twice.
std::optional<Perm> common_permutation(const Rewriter& r, NodeId n, bool allow_others) {
  std::optional<Perm> common;
  for (const ValueId v : r.node(n).in) {
    if (v == kNoValue) continue;
    if (allow_others && (r.constant(v) != nullptr || one_element(r.fact(v)))) continue;
    const NodeId t = r.made_by(v, "Transpose");
    if (t == kNoNode || r.is_output(v)) return std::nullopt;
    const auto perm = permutation(r, t);
    if (!perm || (common && *common != *perm)) return std::nullopt;
    constexpr int kDepth = 6;
    for (const NodeId user : r.users(v))
      if (user != n && (r.node(user).out.size() != 1 || r.is(user, "Transpose") ||
                        !comes_transposed(r, r.out(user), *perm, kDepth)))
        return std::nullopt;
    common = perm;
  }
  return common;
}

// A constant seen before the transposition instead of after it; kNoValue when it cannot be.
ValueId constant_before(Rewriter& r, ValueId v, const Perm& perm) {
  const Tensor& t = *r.constant(v);
  if (t.elements() == 1) return t.rank() <= perm.size() ? v : kNoValue;
  if (t.rank() > perm.size()) return kNoValue;
  Dims full(perm.size(), 1);
  std::copy(t.dims().begin(), t.dims().end(), full.end() - static_cast<ptrdiff_t>(t.rank()));
  const ValueId c = r.add_constant({}, t.reshaped(full));
  return r.add("Transpose", {c}, {{"perm", inverse(perm)}});
}

bool move_behind(Rewriter& r, NodeId n) {
  const bool concat = r.is(n, "Concat");
  if (!concat && !same_for_every_element(r, n)) return false;
  const auto perm = common_permutation(r, n, !concat);
  const ValueId y = r.out(n);
  if (!perm || is_identity(*perm) || !r.fact(y).has_rank || r.fact(y).rank() != perm->size()) return false;
  std::vector<Attr> attrs = r.node(n).attrs;
  if (concat) {
    int64_t axis = r.attrs(n).i64("axis");
    if (axis < 0) axis += static_cast<int64_t>(perm->size());
    for (Attr& a : attrs)
      if (a.name == "axis") a.data = (*perm)[static_cast<size_t>(axis)];
  }
  std::vector<ValueId> in = r.node(n).in;
  for (ValueId& v : in) {
    if (v == kNoValue) continue;
    if (const NodeId t = r.made_by(v, "Transpose");
        t != kNoNode && r.constant(v) == nullptr && !one_element(r.fact(v)))
      v = r.in(t, 0);
    else if (r.constant(v) != nullptr)
      v = constant_before(r, v, *perm);
    else if (r.fact(v).rank() > perm->size())
      v = kNoValue;
    if (v == kNoValue) return false;
  }
  const OpDef* const op = r.node(n).op;
  const ValueId moved = r.add(op->name, std::move(in), std::move(attrs), op->domain);
  r.remake(y, "Transpose", {moved}, {{"perm", *perm}});
  return true;
}

}  // namespace

Result<bool> merge_transposes(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Transpose"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n)) continue;
    if (r.is(n, "Transpose") && (merge_with_previous(r, n) || become_reshape(r, n))) continue;
    if (!r.is(n, "Transpose")) move_behind(r, n);
  }
  return r.changed();
}

}  // namespace lite::passes
