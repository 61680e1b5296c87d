// Takes away nodes that hand on what they get: Identity, Dropout, a Cast to the same type, a Reshape to the
// same shape, a Transpose that moves nothing, a Slice of everything, a Pad by nothing, Add 0, Mul 1, and so
// on.

#include <algorithm>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// Every value of `from` is exactly one of `to`.
bool lossless(DType from, DType to) {
  if (from == to || from == DType::kBool) return is_int(to) || is_float(to) || from == to;
  if (types::kInt.has(from) && types::kInt.has(to)) {
    const bool fits = dtype_bits(to) > dtype_bits(from);
    return is_unsigned_int(from) ? fits : fits && is_signed_int(to);
  }
  if (types::kInt.has(from) && to == DType::kF32) return dtype_bits(from) <= 16;
  if (types::kInt.has(from) && to == DType::kF64) return dtype_bits(from) <= 32;
  if (from == DType::kF16 || from == DType::kBF16) return to == DType::kF32 || to == DType::kF64;
  return from == DType::kF32 && to == DType::kF64;
}

bool all_equal(const Tensor* t, double v) {
  if (t == nullptr || !(is_float(t->dtype()) || is_int(t->dtype())) || t->elements() > (1 << 20))
    return false;
  for (int64_t i = 0; i < t->elements(); ++i)
    if (t->float_at(i) != v) return false;
  return true;
}

bool slice_is_full(const Rewriter& r, NodeId n) {
  const Tensor* const starts = r.constant_in(n, 1);
  const Tensor* const ends = r.constant_in(n, 2);
  const Fact& x = r.fact(r.in(n, 0));
  if (starts == nullptr || ends == nullptr || !x.has_rank) return false;
  if (r.in(n, 4) != kNoValue && !all_equal(r.constant_in(n, 4), 1)) return false;
  if (r.in(n, 3) != kNoValue && r.constant_in(n, 3) == nullptr) return false;
  if (ends->elements() != starts->elements()) return false;
  if (r.in(n, 3) != kNoValue && r.constant_in(n, 3)->elements() != starts->elements()) return false;
  for (int64_t i = 0; i < starts->elements(); ++i) {
    int64_t axis = r.in(n, 3) == kNoValue ? i : r.constant_in(n, 3)->int_at(i);
    if (axis < 0) axis += static_cast<int64_t>(x.rank());
    if (axis < 0 || axis >= static_cast<int64_t>(x.rank()) || starts->int_at(i) != 0) return false;
    const int64_t dim = x.dims[static_cast<size_t>(axis)], end = ends->int_at(i);
    // Exporters write "to the end" as a very large number.
    if (end < INT32_MAX && (dim < 0 || end < dim)) return false;
  }
  return true;
}

// x op constant is x.
ValueId neutral_operand(const Rewriter& r, NodeId n) {
  struct Rule {
    const char* op;
    double neutral;
    bool either_side;
  };
  constexpr Rule kRules[] = {
      {"Add", 0, true}, {"Sub", 0, false}, {"Mul", 1, true}, {"Div", 1, false}, {"Pow", 1, false}};
  for (const Rule& rule : kRules) {
    if (!r.is(n, rule.op)) continue;
    if (all_equal(r.constant_in(n, 1), rule.neutral)) return r.in(n, 0);
    if (rule.either_side && all_equal(r.constant_in(n, 0), rule.neutral)) return r.in(n, 1);
  }
  return kNoValue;
}

ValueId chosen_by_where(const Rewriter& r, NodeId n) {
  const Tensor* const condition = r.constant_in(n, 0);
  if (condition == nullptr || condition->elements() == 0 || condition->elements() > (1 << 20))
    return kNoValue;
  for (int64_t i = 1; i < condition->elements(); ++i)
    if (condition->int_at(i) != condition->int_at(0)) return kNoValue;
  return r.in(n, condition->int_at(0) != 0 ? 1 : 2);
}

// What output 0 of the node always equals; kNoValue when nothing.
ValueId equal_to(const Rewriter& r, NodeId n) {
  const Node& node = r.node(n);
  if (*node.op->domain != '\0' || node.in.empty() || node.in[0] == kNoValue) return kNoValue;
  const ValueId x = node.in[0], y = r.out(n);
  const std::string_view op = node.op->name;
  if (op == "Identity") return x;
  if (op == "Dropout") {
    const ValueId training = r.in(n, 2);
    const bool off = training == kNoValue || r.is_scalar(training, 0);
    return off && node.out.size() == 1 ? x : kNoValue;
  }
  if (op == "Cast" || op == "CastLike")
    return r.dtype(x) == r.dtype(y) && r.dtype(x) != DType::kUndefined ? x : kNoValue;
  if (op == "Reshape" || op == "Flatten" || op == "Squeeze" || op == "Unsqueeze")
    return same_shape_after_reshape(r.fact(x), r.fact(y)) ? x : kNoValue;
  if (op == "Expand") return same_shape(r.fact(x), r.fact(y)) ? x : kNoValue;
  if (op == "Tile") return all_equal(r.constant_in(n, 1), 1) ? x : kNoValue;
  if (op == "Transpose") {
    const auto perm = permutation(r, n);
    return perm && is_identity(*perm) ? x : kNoValue;
  }
  if (op == "Slice") return slice_is_full(r, n) ? x : kNoValue;
  if (op == "Pad") return all_equal(r.constant_in(n, 1), 0) ? x : kNoValue;
  if (op == "Resize") return all_equal(r.constant_in(n, 2), 1) && !r.attrs(n).has("axes") ? x : kNoValue;
  if (op == "Concat" || op == "Max" || op == "Min" || op == "Sum" || op == "Mean")
    return node.in.size() == 1 ? x : kNoValue;
  if (op == "Split") return node.out.size() == 1 ? x : kNoValue;
  if (op == "Where") {
    const ValueId chosen = chosen_by_where(r, n);
    return chosen != kNoValue && same_shape(r.fact(chosen), r.fact(y)) ? chosen : kNoValue;
  }
  if (const ValueId other = neutral_operand(r, n); other != kNoValue)
    return same_shape(r.fact(other), r.fact(y)) ? other : kNoValue;
  return kNoValue;
}

// Cast(Cast(x)) where the inner one loses nothing.
void merge_casts(Rewriter& r, NodeId n) {
  const NodeId inner = r.made_by(r.in(n, 0), "Cast");
  if (inner == kNoNode) return;
  const ValueId x = r.in(inner, 0);
  if (x != kNoValue && lossless(r.dtype(x), r.dtype(r.in(n, 0)))) r.set_input(n, 0, x);
}

void drop_empty_parts(Rewriter& r, NodeId n) {
  const Fact& y = r.fact(r.out(n));
  if (!y.has_rank) return;
  int64_t axis = r.attrs(n).i64("axis");
  if (axis < 0) axis += static_cast<int64_t>(y.rank());
  std::vector<ValueId> kept;
  for (const ValueId v : r.node(n).in) {
    const Fact& f = r.fact(v);
    if (!(f.has_rank && static_cast<size_t>(axis) < f.rank() && f.dims[static_cast<size_t>(axis)] == 0))
      kept.push_back(v);
  }
  if (!kept.empty() && kept.size() < r.node(n).in.size()) r.remake(r.out(n), "Concat", kept, r.node(n).attrs);
}

}  // namespace

Result<bool> remove_identities(Rewriter& r, const PassOptions&) {
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n)) continue;
    if (r.is(n, "Cast")) merge_casts(r, n);
    if (r.is(n, "Concat") && r.node(n).in.size() > 1) drop_empty_parts(r, n);
    if (!r.alive(n)) continue;
    if (const ValueId v = equal_to(r, n); v != kNoValue) r.replace(r.out(n), v);
  }
  return r.changed();
}

}  // namespace lite::passes
