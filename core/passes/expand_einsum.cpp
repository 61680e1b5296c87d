// Einsum of two operands becomes a MatMul between the Transposes and Reshapes that it needs; other passes
// merge those with what is around them. tf2onnx and Keras write attention and dense layers of more dimensions
// so.

#include <algorithm>
#include <string>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

bool has(const std::string& labels, char label) { return labels.find(label) != std::string::npos; }

// The letters of a term, each once; nullopt for anything else.
std::optional<std::string> read_term(std::string_view text) {
  std::string labels;
  for (const char c : text) {
    if (c == ' ') continue;
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) || has(labels, c)) return std::nullopt;
    labels += c;
  }
  return labels;
}

struct Equation {
  std::string a, b, out;
  std::string batch, rows, columns, inner;  // in the order in which the product has them
};

// Which dimensions are batches, rows, columns and summed over; nullopt when it is no product of matrices.
std::optional<Equation> read_equation(std::string_view text, bool swap) {
  const size_t comma = text.find(','), arrow = text.find("->");
  if (comma == std::string_view::npos || arrow == std::string_view::npos || comma > arrow)
    return std::nullopt;
  auto a = read_term(text.substr(0, comma)), b = read_term(text.substr(comma + 1, arrow - comma - 1)),
       out = read_term(text.substr(arrow + 2));
  if (!a || !b || !out) return std::nullopt;
  if (swap) std::swap(a, b);
  Equation e{*a, *b, *out, {}, {}, {}, {}};
  for (const char c : e.out) {
    if (has(e.a, c) && has(e.b, c))
      e.batch += c;
    else if (has(e.a, c) || has(e.b, c))
      (has(e.a, c) ? e.rows : e.columns) += c;
    else
      return std::nullopt;
  }
  for (const char c : e.a)
    if (has(e.b, c) && !has(e.out, c)) e.inner += c;
  const size_t used = e.batch.size() + e.inner.size();
  if (e.inner.empty() || e.a.size() != used + e.rows.size() || e.b.size() != used + e.columns.size())
    return std::nullopt;
  return e;
}

// Dimensions of `from`, named by `labels`, in another order and then in groups of which each is one
// dimension.
struct Arranged {
  std::vector<int64_t> perm, target;
  Fact fact;  // in the end
};

Fact permuted(const Fact& from, const std::vector<int64_t>& perm) {
  Fact f(from.dtype, Dims(perm.size()));
  for (size_t i = 0; i < perm.size(); ++i) f.dims[i] = from.dims[static_cast<size_t>(perm[i])];
  return f;
}

std::vector<int64_t> order_of(const std::string& labels, const std::string& wanted) {
  std::vector<int64_t> perm;
  for (const char c : wanted) perm.push_back(static_cast<int64_t>(labels.find(c)));
  return perm;
}

std::optional<Arranged> arrange(const Fact& from, const std::string& labels,
                                const std::vector<std::string>& groups) {
  std::string all;
  for (const std::string& g : groups) all += g;
  Arranged r{order_of(labels, all), {}, Fact(from.dtype, Dims())};
  const Fact apart = permuted(from, r.perm);
  size_t at = 0;
  for (const std::string& g : groups) {
    int64_t size = 1;
    for (size_t i = 0; i < g.size(); ++i) {
      const int64_t d = apart.dims[at + i];
      size = g.size() == 1 ? d : size < 0 || d < 0 ? kUnknownDim : checked_mul(size, d).value_or(kUnknownDim);
    }
    r.fact.dims.push_back(size);
    at += g.size();
  }
  const auto target = reshape_target(apart, r.fact);
  if (!target) return std::nullopt;
  r.target = *target;
  return r;
}

ValueId rearranged(Rewriter& r, ValueId v, const Arranged& to) {
  if (!is_identity(to.perm)) v = r.add("Transpose", {v}, {{"perm", to.perm}});
  if (r.fact(v).dims == to.fact.dims) return v;
  return r.add("Reshape", {v, r.add_constant({}, Tensor::vector_i64(to.target))});
}

std::vector<std::string> each(const std::string& labels) {
  std::vector<std::string> groups;
  for (const char c : labels) groups.emplace_back(1, c);
  return groups;
}

void expand(Rewriter& r, NodeId n) {
  if (r.node(n).in.size() != 2) return;
  const std::string text(r.attrs(n).str("equation"));
  auto e = read_equation(text, false);
  // Rows come first in the result, so that nothing is left to transpose.
  const bool swap =
      e && !e->rows.empty() && !e->columns.empty() && e->out.find(e->columns[0]) < e->out.find(e->rows[0]);
  if (swap) e = read_equation(text, true);
  const ValueId a = r.in(n, swap ? 1 : 0), b = r.in(n, swap ? 0 : 1), y = r.out(n);
  if (!e || !r.fact(a).has_rank || !r.fact(b).has_rank || r.fact(a).rank() != e->a.size() ||
      r.fact(b).rank() != e->b.size() || !types::kFloat.has(r.dtype(a)))
    return;
  // Dimensions of one name that might be 1 in one place stretch.
  for (const char c : e->batch + e->inner)
    if (!same_dim(r.fact(a).dims[e->a.find(c)], r.fact(b).dims[e->b.find(c)])) return;

  // Rows need to be one dimension only where there are batches.
  auto left = each(e->batch), right = left, result = left;
  if (e->batch.empty() && !e->rows.empty()) {
    const auto rows = each(e->rows);
    left.insert(left.end(), rows.begin(), rows.end());
  } else {
    left.push_back(e->rows);
  }
  left.push_back(e->inner);
  right.push_back(e->inner);
  right.push_back(e->columns);
  const auto to_a = arrange(r.fact(a), e->a, left), to_b = arrange(r.fact(b), e->b, right);
  if (!to_a || !to_b) return;
  const std::string made = e->batch + e->rows + e->columns;
  Fact product(r.dtype(y), to_a->fact.dims), apart(r.dtype(y), Dims());
  product.dims[product.rank() - 1] = to_b->fact.dims.back();
  for (const char c : made)
    apart.dims.push_back(has(e->a, c) ? r.fact(a).dims[e->a.find(c)] : r.fact(b).dims[e->b.find(c)]);
  const auto split = reshape_target(product, apart);
  if (!split) return;

  ValueId p = r.add("MatMul", {rearranged(r, a, *to_a), rearranged(r, b, *to_b)});
  const std::vector<int64_t> perm = order_of(made, e->out);
  const std::vector<ValueId> reshape{p, r.add_constant({}, Tensor::vector_i64(*split))};
  if (is_identity(perm)) {
    r.remake(y, "Reshape", reshape);
    return;
  }
  if (!(product.dims == apart.dims)) p = r.add("Reshape", reshape);
  r.remake(y, "Transpose", {p}, {{"perm", perm}});
}

}  // namespace

Result<bool> expand_einsum(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Einsum"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n)
    if (r.is(n, "Einsum")) expand(r, n);
  return r.changed();
}

}  // namespace lite::passes
