// Operators that others add up to become those, of which there are fast kernels: Mean, LpNormalization and
// MeanVarianceNormalization of float32.

#include <limits>

#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

ValueId number(Rewriter& r, float v) { return r.add_constant({}, Tensor::scalar_f32(v)); }

ValueId reduced(Rewriter& r, const char* op, ValueId x, const std::vector<int64_t>& axes) {
  return r.add(op, {x, r.add_constant({}, Tensor::vector_i64(axes))});
}

// The mean over axes that are sorted; over each run of neighbours in turn, as the kernels want it.
ValueId mean_over(Rewriter& r, ValueId x, const std::vector<int64_t>& axes) {
  std::vector<int64_t> run;
  for (size_t i = axes.size(); i-- > 0;) {
    run.insert(run.begin(), axes[i]);
    if (i > 0 && axes[i - 1] + 1 == axes[i]) continue;
    x = reduced(r, "ReduceMean", x, run);
    run.clear();
  }
  return x;
}

void expand_mean(Rewriter& r, NodeId n) {
  const std::vector<ValueId> in = r.node(n).in;
  ValueId sum = in[0];
  for (size_t i = 1; i < in.size(); ++i) sum = r.add("Add", {sum, in[i]});
  r.remake(r.out(n), "Div", {sum, number(r, static_cast<float>(in.size()))});
}

void expand_lp(Rewriter& r, NodeId n) {
  const auto rank = static_cast<int64_t>(r.fact(r.in(n, 0)).rank());
  const int64_t axis = r.attrs(n).i64("axis", -1);
  const char* const op = r.attrs(n).i64("p", 2) == 2 ? "ReduceL2" : "ReduceL1";
  const ValueId x = r.in(n, 0), norm = reduced(r, op, x, {axis < 0 ? axis + rank : axis});
  // Where the norm is 0, so are the elements and what becomes of them.
  const ValueId divisor = r.add("Max", {norm, number(r, std::numeric_limits<float>::min())});
  r.remake(r.out(n), "Div", {x, divisor});
}

void expand_mean_variance(Rewriter& r, NodeId n) {
  const ValueId x = r.in(n, 0);
  const Dims& dims = r.fact(x).dims;
  const AttrReader attrs = r.attrs(n);
  std::vector<bool> chosen(dims.size(), false);
  constexpr int64_t kDefault[] = {0, 2, 3};
  for (const int64_t axis : attrs.has("axes") ? attrs.ints("axes") : std::span<const int64_t>(kDefault))
    chosen[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(dims.size()) : axis)] = true;
  std::vector<int64_t> axes;
  for (size_t d = 0; d < dims.size(); ++d)
    if (chosen[d] && dims[d] != 1) axes.push_back(static_cast<int64_t>(d));
  if (axes.empty()) return;
  const ValueId off = r.add("Sub", {x, mean_over(r, x, axes)});
  const ValueId variance = mean_over(r, r.add("Mul", {off, off}), axes);
  r.remake(r.out(n), "Div", {off, r.add("Add", {r.add("Sqrt", {variance}), number(r, 1e-9F)})});
}

}  // namespace

Result<bool> expand_functions(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Mean", "LpNormalization", "MeanVarianceNormalization"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (!r.alive(n) || r.in(n, 0) == kNoValue) continue;
    const Fact& x = r.fact(r.in(n, 0));
    if (x.dtype != DType::kF32 || !x.is_static()) continue;
    if (r.is(n, "Mean"))
      expand_mean(r, n);
    else if (r.is(n, "LpNormalization"))
      expand_lp(r, n);
    else if (r.is(n, "MeanVarianceNormalization"))
      expand_mean_variance(r, n);
  }
  return r.changed();
}

}  // namespace lite::passes
