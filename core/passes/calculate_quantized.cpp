// A float node between DequantizeLinear and QuantizeLinear becomes one that calculates in integers: Conv and
// Gemm QLinearConv, MatMul QLinearMatMul, Add and Mul those of com.microsoft, GlobalAveragePool too. What the
// float model would have computed before rounding is what the integer one computes, up to the rounding of its
// factors.

#include <cmath>

#include "core/passes/passes.h"
#include "core/passes/quantized.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// The bias in units of x_scale * w_scale[c], as an integer node adds it; kNoValue for none.
Result<std::optional<ValueId>> integer_bias(Rewriter& r, ValueId bias, const Quantized& x, const Quantized& w,
                                            int64_t channels) {
  if (bias == kNoValue) return std::optional(kNoValue);
  const std::vector<double> w_scale = to_doubles(*r.constant(w.scale));
  if (w_scale.size() != 1 && w_scale.size() != static_cast<size_t>(channels)) return std::optional<ValueId>();
  const auto unit = [&](size_t c) {
    return static_cast<double>(scale_of(r, x)) * w_scale[w_scale.size() == 1 ? 0 : c];
  };
  std::vector<double> real;
  if (const NodeId dequantize = r.made_by(bias, "DequantizeLinear"); dequantize != kNoNode) {
    const Tensor *const q = r.constant_in(dequantize, 0), *const scale = r.constant_in(dequantize, 1);
    const ValueId zero = r.in(dequantize, 2);
    if (q == nullptr || scale == nullptr || q->dtype() != DType::kI32 || q->elements() != channels)
      return std::optional<ValueId>();
    if (scale->elements() != 1 && scale->elements() != channels) return std::optional<ValueId>();
    real.resize(static_cast<size_t>(channels));
    bool same_unit = q->rank() == 1;
    for (size_t c = 0; c < real.size(); ++c) {
      const double s = scale->float_at(scale->elements() == 1 ? 0 : static_cast<int64_t>(c));
      const Tensor* const z = r.constant(zero);
      if (zero != kNoValue && (z == nullptr || (z->elements() != 1 && z->elements() != channels)))
        return std::optional<ValueId>();
      const int64_t offset = z == nullptr ? 0 : z->int_at(z->elements() == 1 ? 0 : static_cast<int64_t>(c));
      real[c] = static_cast<double>(q->int_at(static_cast<int64_t>(c)) - offset) * s;
      same_unit &= offset == 0 && std::abs(s - unit(c)) <= 1e-5 * unit(c);
    }
    if (same_unit) return std::optional(r.in(dequantize, 0));
  } else if (const Tensor* const t = r.constant(bias);
             t != nullptr && t->dtype() == DType::kF32 && t->elements() == channels) {
    real = to_doubles(*t);
  } else {
    return std::optional<ValueId>();
  }
  LITE_ASSIGN(Tensor t, Tensor::allocate(DType::kI32, Dims{channels}));
  for (size_t c = 0; c < real.size(); ++c) {
    const double v = std::nearbyint(real[c] / unit(c));
    if (!(std::abs(v) < 2147483647.0)) return std::optional<ValueId>();
    t.mutable_data<int32_t>()[c] = static_cast<int32_t>(v);
  }
  return std::optional(r.add_constant({}, std::move(t)));
}

bool scales_along(const Rewriter& r, const Quantized& w, int64_t axis) {
  return r.constant(w.scale)->elements() == 1 || w.axis == axis;
}

Status convolution(Rewriter& r, NodeId n) {
  const auto x = dequantized(r, r.in(n, 0)), w = dequantized_constant(r, r.in(n, 1)),
             y = quantized_result(r, r.out(n));
  if (!x || !w || !y || !scales_along(r, *w, 0) || r.constant(w->q)->rank() < 3) return ok();
  LITE_ASSIGN(const auto bias, integer_bias(r, r.in(n, 2), *x, *w, r.constant(w->q)->dims()[0]));
  if (!bias) return ok();
  const std::vector<Attr> attrs = r.node(n).attrs;
  std::vector<ValueId> in{x->q,     x->scale,          zero_value(r, *x), w->q,
                          w->scale, zero_value(r, *w), y->scale,          zero_value(r, *y)};
  if (*bias != kNoValue) in.push_back(*bias);
  r.remake(y->q, "QLinearConv", std::move(in), attrs);
  return ok();
}

// As a convolution of 1 x 1 pixels, which has the bias that QLinearMatMul lacks.
Status gemm(Rewriter& r, NodeId n) {
  const AttrReader a = r.attrs(n);
  const auto x = dequantized(r, r.in(n, 0)), w = dequantized_constant(r, r.in(n, 1)),
             y = quantized_result(r, r.out(n));
  const bool trans = a.i64("transB") != 0;
  if (!x || !w || !y || a.i64("transA") != 0 || a.f32("alpha", 1) != 1 || a.f32("beta", 1) != 1) return ok();
  if (!scales_along(r, *w, trans ? 0 : 1) || r.constant(w->q)->rank() != 2) return ok();
  const Dims dims = r.constant(w->q)->dims();
  const int64_t columns = dims[trans ? 0 : 1], depth = dims[trans ? 1 : 0];
  LITE_ASSIGN(const auto bias, integer_bias(r, r.in(n, 2), *x, *w, columns));
  if (!bias) return ok();
  const auto shape = [&](std::initializer_list<int64_t> d) {
    return r.add_constant({}, Tensor::vector_i64(std::span<const int64_t>(d.begin(), d.size())));
  };
  const ValueId rows = trans ? w->q : r.add("Transpose", {w->q}, {{"perm", std::vector<int64_t>{1, 0}}});
  const ValueId image = r.add("Reshape", {x->q, shape({-1, depth, 1, 1})});
  const ValueId filters = r.add("Reshape", {rows, shape({columns, depth, 1, 1})});
  std::vector<ValueId> in{image,    x->scale,          zero_value(r, *x), filters,
                          w->scale, zero_value(r, *w), y->scale,          zero_value(r, *y)};
  if (*bias != kNoValue) in.push_back(*bias);
  const ValueId product = r.add("QLinearConv", std::move(in));
  r.remake(y->q, "Reshape", {product, shape({-1, columns})});
  return ok();
}

void matmul(Rewriter& r, NodeId n) {
  const auto a = dequantized(r, r.in(n, 0)), y = quantized_result(r, r.out(n));
  auto b = dequantized(r, r.in(n, 1));
  if (!b) {
    b = dequantized_constant(r, r.in(n, 1));
    if (b && (r.constant(b->q)->rank() != 2 || b->axis != 1)) b.reset();
  }
  if (!a || !b || !y) return;
  std::vector<ValueId> in{a->q,     a->scale,          zero_value(r, *a), b->q,
                          b->scale, zero_value(r, *b), y->scale,          zero_value(r, *y)};
  r.remake(y->q, "QLinearMatMul", std::move(in));
}

void elementwise(Rewriter& r, NodeId n, const char* op) {
  const auto a = dequantized(r, r.in(n, 0)), b = dequantized(r, r.in(n, 1)),
             y = quantized_result(r, r.out(n));
  if (!a || !b || !y || a->type != b->type || a->type != y->type) return;
  std::vector<ValueId> in{a->q,     a->scale,          zero_value(r, *a), b->q,
                          b->scale, zero_value(r, *b), y->scale,          zero_value(r, *y)};
  r.remake(y->q, op, std::move(in), {}, "com.microsoft");
}

void global_pool(Rewriter& r, NodeId n) {
  const auto x = dequantized(r, r.in(n, 0)), y = quantized_result(r, r.out(n));
  if (!x || !y || x->type != y->type) return;
  std::vector<ValueId> in{x->q, x->scale, zero_value(r, *x), y->scale, zero_value(r, *y)};
  r.remake(y->q, "QLinearGlobalAveragePool", std::move(in), {}, "com.microsoft");
}

}  // namespace

Result<bool> calculate_quantized(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"DequantizeLinear"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (r.is(n, "Conv"))
      LITE_TRY(convolution(r, n));
    else if (r.is(n, "Gemm"))
      LITE_TRY(gemm(r, n));
    else if (r.is(n, "MatMul"))
      matmul(r, n);
    else if (r.is(n, "Add"))
      elementwise(r, n, "QLinearAdd");
    else if (r.is(n, "Mul"))
      elementwise(r, n, "QLinearMul");
    else if (r.is(n, "GlobalAveragePool"))
      global_pool(r, n);
  }
  return r.changed();
}

}  // namespace lite::passes
