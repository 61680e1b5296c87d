// In models written with QuantizeLinear and DequantizeLinear pairs, brings the two to the nodes that can
// calculate in integers: nodes that only move elements, or pick the largest, do it on the stored numbers
// instead. DequantizeLinear moves behind them, QuantizeLinear before them, and a QuantizeLinear that undoes a
// DequantizeLinear vanishes with it. A Relu or Clip whose limits are those of the quantised range anyway goes
// too.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/passes/passes.h"
#include "core/passes/quantized.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// Output 0 holds elements of input 0 only, whatever they mean, or their maxima.
bool moves_elements(const Rewriter& r, NodeId n) {
  constexpr const char* kMoving[] = {"Reshape",      "Flatten",      "Squeeze", "Unsqueeze",
                                     "Transpose",    "Slice",        "Gather",  "Expand",
                                     "DepthToSpace", "SpaceToDepth", "MaxPool", "Tile"};
  if (r.node(n).out.size() != 1) return false;
  return std::any_of(std::begin(kMoving), std::end(kMoving), [&](const char* op) { return r.is(n, op); });
}

bool takes(const Rewriter& r, NodeId n, DType type) { return r.node(n).op->inputs[0].types.has(type); }

// n with `x` as its input 0, or inputs: a new value.
ValueId copy_with(Rewriter& r, NodeId n, std::vector<ValueId> in) {
  const std::vector<Attr> attrs = r.node(n).attrs;
  return r.add(r.node(n).op->name, std::move(in), attrs);
}

void dequantize_later(Rewriter& r, NodeId n) {
  std::vector<ValueId> in = r.node(n).in;
  if (in.empty()) return;
  const bool concat = r.is(n, "Concat");
  if (!concat && !moves_elements(r, n)) return;
  std::optional<Quantized> first;
  for (size_t i = 0; i < (concat ? in.size() : 1); ++i) {
    const auto q = dequantized(r, in[i]);
    if (!q || (first && !same_parameters(r, *first, *q)) || !takes(r, n, q->type)) return;
    if (!first) first = q;
    in[i] = q->q;
  }
  if (!concat && r.constant(first->q) != nullptr && !r.is(n, "Transpose")) return;
  const ValueId y = r.out(n), moved = copy_with(r, n, std::move(in));
  std::vector<ValueId> operands{moved, first->scale};
  if (first->zero != kNoValue) operands.push_back(first->zero);
  r.remake(y, "DequantizeLinear", std::move(operands));
}

// Weights with a scale for each channel, transposed: so is the axis.
void dequantize_transposed_weights(Rewriter& r, NodeId n) {
  const auto q = dequantized_constant(r, r.in(n, 0));
  const auto perm = permutation(r, n);
  if (!q || !perm || r.constant(q->scale)->elements() == 1) return;
  const auto axis = std::find(perm->begin(), perm->end(), q->axis) - perm->begin();
  const ValueId y = r.out(n), moved = copy_with(r, n, {q->q});
  std::vector<ValueId> operands{moved, q->scale};
  if (q->zero != kNoValue) operands.push_back(q->zero);
  r.remake(y, "DequantizeLinear", std::move(operands), {{"axis", static_cast<int64_t>(axis)}});
}

void quantize_earlier(Rewriter& r, NodeId quantize) {
  const ValueId v = r.in(quantize, 0);
  const NodeId n = r.producer(v);
  const auto q = read_quantize(r, quantize);
  if (n == kNoNode || !q || !r.used_once(v) || !takes(r, n, q->type)) return;
  const bool concat = r.is(n, "Concat");
  if (!concat && !moves_elements(r, n)) return;
  std::vector<ValueId> in = r.node(n).in;
  for (size_t i = 0; i < (concat ? in.size() : 1); ++i) {
    std::vector<ValueId> operands = r.node(quantize).in;
    operands[0] = in[i];
    in[i] = copy_with(r, quantize, std::move(operands));
  }
  const std::vector<Attr> attrs = r.node(n).attrs;
  r.remake(r.out(quantize), r.node(n).op->name, std::move(in), attrs);
}

struct Range {
  double low, high;
};

double quantum(const Rewriter& r, const Quantized& q, double v) {
  return std::nearbyint(v / static_cast<double>(scale_of(r, q))) + static_cast<double>(zero_point(r, q));
}

// Limits of a Relu or Clip; nullopt when n is neither or they are not constant.
std::optional<Range> limits_of(const Rewriter& r, NodeId n) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  if (r.is(n, "Relu")) return Range{0, kInf};
  if (!r.is(n, "Clip")) return std::nullopt;
  Range range{-kInf, kInf};
  for (const size_t i : {size_t{1}, size_t{2}}) {
    if (r.in(n, i) == kNoValue) continue;
    const auto v = r.scalar(r.in(n, i));
    if (!v) return std::nullopt;
    (i == 1 ? range.low : range.high) = *v;
  }
  return range;
}

// Saturation to the type does all that the limits do.
bool implied(const Rewriter& r, const Quantized& q, Range limits) {
  const double lowest = q.type == DType::kU8 ? 0 : -128, highest = lowest + 255;
  return quantum(r, q, limits.low) <= lowest && quantum(r, q, limits.high) >= highest;
}

void drop_clamp(Rewriter& r, NodeId n) {
  const auto limits = limits_of(r, n);
  if (!limits) return;
  const ValueId x = r.in(n, 0), y = r.out(n);
  if (const auto q = dequantized(r, x); q && implied(r, *q, *limits)) {
    r.replace(y, x);
    return;
  }
  if (const auto q = quantized_result(r, y); q && implied(r, *q, *limits)) r.replace(y, x);
}

}  // namespace

Result<bool> move_quantize(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"QuantizeLinear", "DequantizeLinear"})) return false;
  LITE_ASSIGN(const std::vector<NodeId> order, r.graph().topological_order());
  for (const NodeId n : order) {
    if (!r.alive(n)) continue;
    drop_clamp(r, n);
    if (r.is(n, "QuantizeLinear")) {
      const auto to = read_quantize(r, n), from = dequantized(r, r.in(n, 0));
      if (to && from && same_parameters(r, *to, *from)) r.replace(r.out(n), from->q);
    }
    if (r.alive(n)) dequantize_later(r, n);
    if (r.is(n, "Transpose")) dequantize_transposed_weights(r, n);
  }
  for (NodeId n = r.num_nodes(); n-- > 0;)
    if (r.is(n, "QuantizeLinear")) quantize_earlier(r, n);
  return r.changed();
}

}  // namespace lite::passes
