// Derivatives of operators at their newest version.
#include <algorithm>
#include <numbers>

#include "core/import/onnx/gradient.h"

namespace lite::onnx {

Status Backward::give(size_t i, Result<ValueId> grad) {
  LITE_ASSIGN(const ValueId wide, std::move(grad));
  LITE_ASSIGN(const ValueId fitting, sum_to_shape(d, wide, x(i)));
  ValueId& sum = given_.try_emplace(i, kNoValue).first->second;
  if (sum == kNoValue) {
    sum = fitting;
    return ok();
  }
  LITE_ASSIGN(sum, emit("Add", {sum, fitting}));
  return ok();
}

Result<ValueId> sum_to_shape(Draft& d, ValueId grad, ValueId x) {
  const Fact from = d.graph().value(grad).fact, to = d.graph().value(x).fact;
  const auto vague = [&] {
    return unsupported("shapes ", from.dims, " and ", to.dims,
                       " are not known well enough to tell what was broadcast");
  };
  if (!from.has_rank || !to.has_rank || from.rank() < to.rank()) return vague();
  const size_t lead = from.rank() - to.rank();
  std::vector<int64_t> front, ones;
  for (size_t i = 0; i < lead; ++i) front.push_back(static_cast<int64_t>(i));
  for (size_t i = 0; i < to.rank(); ++i) {
    const int64_t a = from.dims[lead + i], b = to.dims[i];
    if (b == 1 && a != 1) ones.push_back(static_cast<int64_t>(i));
    // A dimension that is not 1 was not stretched; one that is not known may have been.
    if (b < 0 && (a != b || a == kUnknownDim)) return vague();
  }
  ValueId v = grad;
  if (!front.empty()) {
    LITE_ASSIGN(v, d.emit("ReduceSum", {v, d.constant(front)}, {{"keepdims", int64_t{0}}}));
  }
  if (!ones.empty()) {
    LITE_ASSIGN(v, d.emit("ReduceSum", {v, d.constant(ones)}, {{"keepdims", int64_t{1}}}));
  }
  return v;
}

namespace {

using V = Result<ValueId>;

// ---- arithmetic on values that may have failed already

V apply(Backward& b, const char* op, V u) {
  LITE_ASSIGN(const ValueId a, std::move(u));
  return b.emit(op, {a});
}
V apply(Backward& b, const char* op, V u, V v) {
  LITE_ASSIGN(const ValueId a, std::move(u));
  LITE_ASSIGN(const ValueId c, std::move(v));
  return b.emit(op, {a, c});
}
V mul(Backward& b, V u, V v) { return apply(b, "Mul", std::move(u), std::move(v)); }
V div(Backward& b, V u, V v) { return apply(b, "Div", std::move(u), std::move(v)); }
V add(Backward& b, V u, V v) { return apply(b, "Add", std::move(u), std::move(v)); }
V sub(Backward& b, V u, V v) { return apply(b, "Sub", std::move(u), std::move(v)); }
V neg(Backward& b, V u) { return apply(b, "Neg", std::move(u)); }
V square(Backward& b, ValueId v) { return mul(b, v, v); }
V one(Backward& b) { return b.number(1, b.x()); }
V zero(Backward& b) { return b.number(0, b.x()); }
V where(Backward& b, V condition, V yes, V no) {
  LITE_ASSIGN(const ValueId c, std::move(condition));
  LITE_ASSIGN(const ValueId y, std::move(yes));
  LITE_ASSIGN(const ValueId n, std::move(no));
  return b.emit("Where", {c, y, n});
}
V shape_of(Backward& b, ValueId v) { return b.emit("Shape", {v}); }

// ---- elementwise

Status nothing(Backward&) { return ok(); }
Status pass(Backward& b) { return b.give(0, b.dy()); }
Status add_rule(Backward& b) {
  LITE_TRY(b.give(0, b.dy()));
  return b.give(1, b.dy());
}
Status sub_rule(Backward& b) {
  LITE_TRY(b.give(0, b.dy()));
  return b.give(1, neg(b, b.dy()));
}
Status mul_rule(Backward& b) {
  LITE_TRY(b.give(0, mul(b, b.dy(), b.x(1))));
  return b.give(1, mul(b, b.dy(), b.x(0)));
}
Status div_rule(Backward& b) {
  LITE_TRY(b.give(0, div(b, b.dy(), b.x(1))));
  return b.give(1, neg(b, div(b, mul(b, b.dy(), b.y()), b.x(1))));
}
Status pow_rule(Backward& b) {
  V exponent = b.x(1);
  const DType type = b.fact(b.x(0)).dtype;
  if (b.fact(b.x(1)).dtype != type) exponent = b.emit("Cast", {b.x(1)}, {{"to", static_cast<int64_t>(type)}});
  LITE_ASSIGN(const ValueId e, std::move(exponent));
  LITE_TRY(b.give(0, mul(b, mul(b, b.dy(), e), apply(b, "Pow", b.x(0), sub(b, e, one(b))))));
  if (b.fact(b.x(1)).dtype != type || b.d.graph().value(b.x(1)).is_constant()) return ok();
  return b.give(1, mul(b, mul(b, b.dy(), b.y()), apply(b, "Log", b.x(0))));
}
Status neg_rule(Backward& b) { return b.give(0, neg(b, b.dy())); }
Status abs_rule(Backward& b) { return b.give(0, mul(b, b.dy(), apply(b, "Sign", b.x()))); }
Status exp_rule(Backward& b) { return b.give(0, mul(b, b.dy(), b.y())); }
Status log_rule(Backward& b) { return b.give(0, div(b, b.dy(), b.x())); }
Status sqrt_rule(Backward& b) { return b.give(0, div(b, b.dy(), add(b, b.y(), b.y()))); }
Status reciprocal_rule(Backward& b) { return b.give(0, neg(b, mul(b, b.dy(), square(b, b.y())))); }
Status sin_rule(Backward& b) { return b.give(0, mul(b, b.dy(), apply(b, "Cos", b.x()))); }
Status cos_rule(Backward& b) { return b.give(0, neg(b, mul(b, b.dy(), apply(b, "Sin", b.x())))); }
Status tan_rule(Backward& b) { return b.give(0, mul(b, b.dy(), add(b, one(b), square(b, b.y())))); }
Status sinh_rule(Backward& b) { return b.give(0, mul(b, b.dy(), apply(b, "Cosh", b.x()))); }
Status cosh_rule(Backward& b) { return b.give(0, mul(b, b.dy(), apply(b, "Sinh", b.x()))); }
Status tanh_rule(Backward& b) { return b.give(0, mul(b, b.dy(), sub(b, one(b), square(b, b.y())))); }
Status atan_rule(Backward& b) { return b.give(0, div(b, b.dy(), add(b, one(b), square(b, b.x())))); }
Status sigmoid_rule(Backward& b) { return b.give(0, mul(b, b.dy(), mul(b, b.y(), sub(b, one(b), b.y())))); }
Status softplus_rule(Backward& b) { return b.give(0, mul(b, b.dy(), apply(b, "Sigmoid", b.x()))); }
Status softsign_rule(Backward& b) {
  LITE_ASSIGN(const ValueId s, add(b, one(b), apply(b, "Abs", b.x())));
  return b.give(0, div(b, b.dy(), square(b, s)));
}
Status erf_rule(Backward& b) {
  const V slope = b.number(2 * std::numbers::inv_sqrtpi, b.x());
  return b.give(0, mul(b, b.dy(), mul(b, slope, apply(b, "Exp", neg(b, square(b, b.x()))))));
}
Status relu_rule(Backward& b) {
  return b.give(0, where(b, apply(b, "Greater", b.x(), zero(b)), b.dy(), zero(b)));
}
Status leaky_relu_rule(Backward& b) {
  const V slope = b.number(static_cast<double>(b.attrs().f32("alpha", 0.01f)), b.x());
  return b.give(0, where(b, apply(b, "Less", b.x(), zero(b)), mul(b, b.dy(), slope), b.dy()));
}
Status elu_rule(Backward& b) {
  const V alpha = b.number(static_cast<double>(b.attrs().f32("alpha", 1)), b.x());
  return b.give(0, where(b, apply(b, "Less", b.x(), zero(b)), mul(b, b.dy(), add(b, b.y(), alpha)), b.dy()));
}
// Where x is within the bounds.
Status clip_rule(Backward& b) {
  return b.give(0, where(b, apply(b, "Equal", b.x(), b.y()), b.dy(), zero(b)));
}
Status where_rule(Backward& b) {
  const V none = b.number(0, b.x(1));
  LITE_TRY(b.give(1, where(b, b.x(0), b.dy(), none)));
  return b.give(2, where(b, b.x(0), none, b.dy()));
}
Status sum_rule(Backward& b) {
  for (size_t i = 0; i < b.node.in.size(); ++i) LITE_TRY(b.give(i, b.dy()));
  return ok();
}
Status mean_rule(Backward& b) {
  LITE_ASSIGN(const ValueId each, div(b, b.dy(), b.number(static_cast<double>(b.node.in.size()), b.x())));
  for (size_t i = 0; i < b.node.in.size(); ++i) LITE_TRY(b.give(i, each));
  return ok();
}
// The first of equal operands gets it all.
Status extremum_rule(Backward& b) {
  if (b.node.in.size() > 2) return unsupported("it has ", b.node.in.size(), " inputs, at most 2");
  if (b.node.in.size() == 1) return pass(b);
  LITE_ASSIGN(const ValueId first, apply(b, "Equal", b.x(0), b.y()));
  LITE_TRY(b.give(0, where(b, first, b.dy(), zero(b))));
  return b.give(1, where(b, first, zero(b), b.dy()));
}
Status cast_rule(Backward& b) {
  const DType type = b.fact(b.x()).dtype;
  if (!types::kFloat.has(type) || !types::kFloat.has(b.fact(b.y()).dtype)) return ok();
  return b.give(0, b.emit("Cast", {b.dy()}, {{"to", static_cast<int64_t>(type)}}));
}

// ---- shapes

Status reshape_rule(Backward& b) { return b.give(0, apply(b, "Reshape", b.dy(), shape_of(b, b.x()))); }
Status transpose_rule(Backward& b) {
  const Fact& x = b.fact(b.x());
  const auto perm = b.attrs().ints("perm");
  if (perm.empty()) return b.give(0, b.emit("Transpose", {b.dy()}));
  if (!x.has_rank) return unsupported("the rank of its input is not known");
  std::vector<int64_t> back(perm.size());
  for (size_t i = 0; i < perm.size(); ++i) back[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);
  return b.give(0, b.emit("Transpose", {b.dy()}, {{"perm", back}}));
}
Status concat_rule(Backward& b) {
  std::vector<int64_t> sizes;
  const auto rank = static_cast<int64_t>(b.fact(b.y()).rank());
  int64_t axis = b.attrs().i64("axis");
  if (axis < 0) axis += rank;
  for (const ValueId v : b.node.in) {
    const Fact& x = b.fact(v);
    if (!x.has_rank || x.dims[static_cast<size_t>(axis)] < 0)
      return unsupported("the lengths of its inputs along axis ", axis, " are not known");
    sizes.push_back(x.dims[static_cast<size_t>(axis)]);
  }
  int64_t begin = 0;
  for (size_t i = 0; i < sizes.size(); begin += sizes[i], ++i)
    LITE_TRY(b.give(i, b.emit("Slice", {b.dy(), b.d.constant({begin}), b.d.constant({begin + sizes[i]}),
                                        b.d.constant({axis})})));
  return ok();
}
Status split_rule(Backward& b) {
  std::vector<ValueId> parts;
  for (size_t i = 0; i < b.node.out.size(); ++i) {
    if (b.node.out[i] == kNoValue) return unsupported("an output is left out");
    V part = b.dy(i);
    if (b.dy(i) == kNoValue) part = mul(b, b.y(i), zero(b));
    LITE_ASSIGN(const ValueId p, std::move(part));
    parts.push_back(p);
  }
  return b.give(0, b.emit("Concat", std::move(parts), {{"axis", b.attrs().i64("axis")}}));
}
Status gather_rule(Backward& b) {
  if (b.attrs().i64("axis") != 0)
    return unsupported("axis is ", b.attrs().i64("axis"), ", only 0 is known here");
  const V none = apply(b, "Mul", b.x(), zero(b));
  const V rows = b.emit("Unsqueeze", {b.x(1), b.d.constant({-1})});
  LITE_ASSIGN(const ValueId zeros, none);
  LITE_ASSIGN(const ValueId indices, rows);
  return b.give(0, b.emit("ScatterND", {zeros, indices, b.dy()}, {{"reduction", std::string("add")}}));
}

// ---- reductions

// `v`, which has the shape of y, spread over the shape of x.
V spread(Backward& b, V v) {
  LITE_ASSIGN(ValueId g, std::move(v));
  if (b.attrs().i64("keepdims", 1) == 0) {
    if (b.has(1)) {
      LITE_ASSIGN(g, b.emit("Unsqueeze", {g, b.x(1)}));
    } else if (b.attrs().i64("noop_with_empty_axes") == 0) {
      const Fact& x = b.fact(b.x());
      if (!x.has_rank) return unsupported("the rank of its input is not known");
      LITE_ASSIGN(g, b.emit("Reshape", {g, b.d.constant(std::vector<int64_t>(x.rank(), 1))}));
    }
  }
  return apply(b, "Expand", g, shape_of(b, b.x()));
}
Status reduce_sum_rule(Backward& b) { return b.give(0, spread(b, b.dy())); }
Status reduce_mean_rule(Backward& b) {
  // How many elements make one.
  const V count = apply(b, "Div", apply(b, "Size", b.x()), apply(b, "Size", b.y()));
  LITE_ASSIGN(const ValueId whole, count);
  const V number = b.emit("Cast", {whole}, {{"to", static_cast<int64_t>(b.fact(b.x()).dtype)}});
  return b.give(0, div(b, spread(b, b.dy()), number));
}
Status reduce_sum_square_rule(Backward& b) {
  return b.give(0, mul(b, spread(b, add(b, b.dy(), b.dy())), b.x()));
}
Status reduce_l2_rule(Backward& b) { return b.give(0, mul(b, spread(b, div(b, b.dy(), b.y())), b.x())); }
Status reduce_log_sum_exp_rule(Backward& b) {
  return b.give(0, mul(b, spread(b, b.dy()), apply(b, "Exp", sub(b, b.x(), spread(b, b.y())))));
}
Status softmax_rule(Backward& b) {
  const ValueId axis = b.d.constant({b.attrs().i64("axis", -1)});
  LITE_ASSIGN(const ValueId weighted, mul(b, b.dy(), b.y()));
  const V sum = b.emit("ReduceSum", {weighted, axis}, {{"keepdims", int64_t{1}}});
  return b.give(0, mul(b, b.y(), sub(b, b.dy(), sum)));
}
Status log_softmax_rule(Backward& b) {
  const ValueId axis = b.d.constant({b.attrs().i64("axis", -1)});
  const V sum = b.emit("ReduceSum", {b.dy(), axis}, {{"keepdims", int64_t{1}}});
  return b.give(0, sub(b, b.dy(), mul(b, apply(b, "Exp", b.y()), sum)));
}

// ---- matrices

V turned(Backward& b, ValueId v) {
  const size_t rank = b.fact(v).rank();
  std::vector<int64_t> perm(rank);
  for (size_t i = 0; i < rank; ++i) perm[i] = static_cast<int64_t>(i);
  std::swap(perm[rank - 1], perm[rank - 2]);
  return b.emit("Transpose", {v}, {{"perm", perm}});
}
Status matmul_rule(Backward& b) {
  const Fact &l = b.fact(b.x(0)), &r = b.fact(b.x(1));
  if (!l.has_rank || !r.has_rank || l.rank() < 2 || r.rank() < 2)
    return unsupported("its inputs have shapes ", l.dims, " and ", r.dims, ", matrices wanted");
  LITE_TRY(b.give(0, apply(b, "MatMul", b.dy(), turned(b, b.x(1)))));
  return b.give(1, apply(b, "MatMul", turned(b, b.x(0)), b.dy()));
}
Status gemm_rule(Backward& b) {
  const int64_t ta = b.attrs().i64("transA"), tb = b.attrs().i64("transB");
  const float alpha = b.attrs().f32("alpha", 1), beta = b.attrs().f32("beta", 1);
  const auto product = [&](ValueId u, ValueId v, int64_t tu, int64_t tv) {
    return b.emit("Gemm", {u, v}, {{"alpha", alpha}, {"transA", tu}, {"transB", tv}});
  };
  const ValueId x = b.x(0), w = b.x(1), g = b.dy();
  LITE_TRY(b.give(0, ta == 0 ? product(g, w, 0, 1 - tb) : product(w, g, tb, 1)));
  LITE_TRY(b.give(1, tb == 0 ? product(x, g, 1 - ta, 0) : product(g, x, 1, ta)));
  if (!b.has(2)) return ok();
  return b.give(2, beta == 1 ? V(g) : mul(b, g, b.number(static_cast<double>(beta), g)));
}

struct Rule {
  std::string_view op;
  GradientRule rule;
};
// By name. What counts, compares and rounds passes nothing back.
constexpr Rule kRules[] = {
    {"Abs", abs_rule},
    {"Add", add_rule},
    {"Atan", atan_rule},
    {"Cast", cast_rule},
    {"Ceil", nothing},
    {"Clip", clip_rule},
    {"Concat", concat_rule},
    {"ConstantOfShape", nothing},
    {"Cos", cos_rule},
    {"Cosh", cosh_rule},
    {"Div", div_rule},
    {"Elu", elu_rule},
    {"Equal", nothing},
    {"Erf", erf_rule},
    {"Exp", exp_rule},
    {"Expand", pass},
    {"Flatten", reshape_rule},
    {"Floor", nothing},
    {"Gather", gather_rule},
    {"Gemm", gemm_rule},
    {"Greater", nothing},
    {"GreaterOrEqual", nothing},
    {"Identity", pass},
    {"LeakyRelu", leaky_relu_rule},
    {"Less", nothing},
    {"LessOrEqual", nothing},
    {"Log", log_rule},
    {"LogSoftmax", log_softmax_rule},
    {"MatMul", matmul_rule},
    {"Max", extremum_rule},
    {"Mean", mean_rule},
    {"Min", extremum_rule},
    {"Mul", mul_rule},
    {"Neg", neg_rule},
    {"Not", nothing},
    {"Pow", pow_rule},
    {"Reciprocal", reciprocal_rule},
    {"ReduceL2", reduce_l2_rule},
    {"ReduceLogSumExp", reduce_log_sum_exp_rule},
    {"ReduceMean", reduce_mean_rule},
    {"ReduceSum", reduce_sum_rule},
    {"ReduceSumSquare", reduce_sum_square_rule},
    {"Relu", relu_rule},
    {"Reshape", reshape_rule},
    {"Round", nothing},
    {"Shape", nothing},
    {"Sigmoid", sigmoid_rule},
    {"Sign", nothing},
    {"Sin", sin_rule},
    {"Sinh", sinh_rule},
    {"Size", nothing},
    {"Softmax", softmax_rule},
    {"Softplus", softplus_rule},
    {"Softsign", softsign_rule},
    {"Split", split_rule},
    {"Sqrt", sqrt_rule},
    {"Squeeze", reshape_rule},
    {"Sub", sub_rule},
    {"Sum", sum_rule},
    {"Tan", tan_rule},
    {"Tanh", tanh_rule},
    {"Transpose", transpose_rule},
    {"Unsqueeze", reshape_rule},
    {"Where", where_rule},
};

}  // namespace

GradientRule find_gradient_rule(std::string_view op) {
  const auto it = std::lower_bound(std::begin(kRules), std::end(kRules), op,
                                   [](const Rule& r, std::string_view name) { return r.op < name; });
  return it != std::end(kRules) && it->op == op ? it->rule : nullptr;
}

}  // namespace lite::onnx
