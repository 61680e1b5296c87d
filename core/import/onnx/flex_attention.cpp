// FlexAttention (domain ai.onnx.preview): attention with the scores and the probabilities passed through
// bodies.
//
//   in Q [batch,q_heads,q_seq,head], K [batch,kv_heads,kv_seq,head], V [batch,kv_heads,kv_seq,v_head]
//   out Y [batch,q_heads,q_seq,v_head] = prob_mod(softmax(score_mod(scale Q K'))) V
//   attr scale, default 1 / sqrt(head)       attr softmax_precision: type of scores and probabilities,
//   default float64 for float64, else float32        attrs score_mod, prob_mod: bodies, default nothing
//
// kv_heads divides q_heads; each serves that many query heads in a row. The bodies become nodes like all
// others, so that passes see and fold them; without them it is Attention.
#include <cmath>

#include "core/import/onnx/versions.h"

namespace lite::onnx {
namespace {

constexpr int64_t kF32 = static_cast<int64_t>(DType::kF32);

// Q, K and V as far as their shapes are known; gives that of Y.
Result<Fact> check_operands(const Draft& d) {
  constexpr const char* kNames[] = {"Q", "K", "V"};
  if (d.node.in.size() < 3) return invalid_model("has ", d.node.in.size(), " inputs, Q, K and V wanted");
  Dims dims[3];
  for (size_t i = 0; i < 3; ++i) {
    if (!d.has(i)) return invalid_model(kNames[i], " is missing");
    const Fact& f = d.fact(i);
    if (f.has_rank && f.rank() != 4)
      return invalid_model(kNames[i], " has shape ", f.dims, ", four dimensions wanted");
    dims[i] = f.has_rank ? f.dims : Dims(4, kUnknownDim);
  }
  // batch of all, heads and length of K and V, size of a head of Q and K
  constexpr struct {
    size_t a, b, axis;
  } kSame[] = {{0, 1, 0}, {0, 2, 0}, {1, 2, 0}, {1, 2, 1}, {1, 2, 2}, {0, 1, 3}};
  for (const auto& [a, b, axis] : kSame)
    if (dims[a][axis] >= 0 && dims[b][axis] >= 0 && dims[a][axis] != dims[b][axis])
      return invalid_model(kNames[a], " has shape ", dims[a], ", ", kNames[b], " ", dims[b], ": dimension ",
                           axis, " differs");
  int64_t batch = dims[0][0];
  for (const Dims& other : dims)
    if (batch == kUnknownDim || (batch < 0 && other[0] >= 0)) batch = other[0];
  return Fact(d.fact(0).dtype, Dims{batch, dims[0][1], dims[0][2], dims[2][3]});
}

Result<ValueId> shape_of(Draft& d, ValueId v, int64_t begin, int64_t end) {
  return d.emit("Shape", {v}, {{"start", begin}, {"end", end}});
}

// K or V with every head as often as it serves.
Result<ValueId> repeat_heads(Draft& d, size_t i) {
  const Fact &q = d.fact(0), &kv = d.fact(i);
  if (q.has_rank && kv.has_rank && q.dims[1] >= 0 && kv.dims[1] >= 0) {
    if (kv.dims[1] == 0 || q.dims[1] % kv.dims[1] != 0)
      return invalid_model("Q has ", q.dims[1], " heads, a multiple of the ", kv.dims[1], " of ",
                           i == 1 ? "K" : "V", " wanted");
    if (q.dims[1] == kv.dims[1]) return d.node.in[i];
  }
  LITE_ASSIGN(const ValueId batch, shape_of(d, d.node.in[i], 0, 1));
  LITE_ASSIGN(const ValueId heads, shape_of(d, d.node.in[i], 1, 2));
  LITE_ASSIGN(const ValueId rest, shape_of(d, d.node.in[i], 2, 4));
  LITE_ASSIGN(const ValueId q_heads, shape_of(d, d.node.in[0], 1, 2));
  LITE_ASSIGN(const ValueId each, d.emit("Div", {q_heads, heads}));
  LITE_ASSIGN(const ValueId wide, d.emit("Concat", {batch, heads, each, rest}, {{"axis", int64_t{0}}}));
  LITE_ASSIGN(const ValueId flat, d.emit("Concat", {batch, q_heads, rest}, {{"axis", int64_t{0}}}));
  LITE_ASSIGN(const ValueId column, d.emit("Unsqueeze", {d.node.in[i], d.constant({2})}));
  LITE_ASSIGN(const ValueId expanded, d.emit("Expand", {column, wide}));
  return d.emit("Reshape", {expanded, flat});
}

// The square root of scale in the type of Q: both Q and K are multiplied by it, so that neither grows too
// large.
Result<ValueId> root_of_scale(Draft& d) {
  const auto type = static_cast<int64_t>(d.fact(0).dtype);
  ValueId root = kNoValue;
  if (d.node.find("scale") != nullptr) {
    LITE_ASSIGN(root, d.scalar(DType::kF32, static_cast<double>(std::sqrt(d.attrs().f32("scale")))));
  } else {
    LITE_ASSIGN(const ValueId head, shape_of(d, d.node.in[0], 3, 4));
    LITE_ASSIGN(const ValueId number, d.emit("Cast", {head}, {{"to", kF32}}));
    LITE_ASSIGN(const ValueId inner, d.emit("Sqrt", {number}));
    LITE_ASSIGN(const ValueId outer, d.emit("Sqrt", {inner}));
    LITE_ASSIGN(root, d.emit("Reciprocal", {outer}));
  }
  return type == kF32 ? Result<ValueId>(root) : d.emit("Cast", {root}, {{"to", type}});
}

Result<ValueId> modify(Draft& d, const char* attr, ValueId v) {
  const Graph* const body = d.attrs().graph(attr);
  if (body == nullptr) return v;
  if (body->outputs.size() != 1)
    return invalid_model("body '", attr, "' has ", body->outputs.size(), " outputs, one is wanted");
  auto out = d.inline_body(*body, std::span(&v, 1));
  if (!out.is_ok()) return out.status().with_context(cat("body '", attr, "'"));
  const Fact before = d.graph().value(v).fact, after = d.graph().value(out.value()[0]).fact;
  if (after.dtype != DType::kUndefined && after.dtype != before.dtype)
    return invalid_model("body '", attr, "' makes ", dtype_name(after.dtype), " of ",
                         dtype_name(before.dtype));
  if (before.is_static() && after.is_static() && !(before.dims == after.dims))
    return invalid_model("body '", attr, "' makes shape ", after.dims, " of ", before.dims);
  return out.value()[0];
}

}  // namespace

Status decompose_flex_attention(Draft& d) {
  LITE_ASSIGN(const Fact y_fact, check_operands(d));
  if (d.node.out.size() != 1 || !d.wants(0))
    return invalid_model("has ", d.node.out.size(), " outputs, wanted 1");
  const DType type = d.fact(0).dtype;
  if (!types::kFloat.has(type)) return unsupported("Q is ", dtype_name(type));
  const int64_t usual = type == DType::kF64 ? static_cast<int64_t>(DType::kF64) : kF32;
  const int64_t precision = d.attrs().i64("softmax_precision", usual);
  if (precision <= 0 || precision >= kNumDTypes || !types::kFloat.has(static_cast<DType>(precision)))
    return unsupported("attribute 'softmax_precision' is ", precision,
                       ", which is none of float16, bfloat16, float32 and float64");
  for (const Attr& a : d.node.attrs)
    if (a.name != "scale" && a.name != "softmax_precision" && a.name != "score_mod" && a.name != "prob_mod")
      return invalid_model("has no attribute ", quoted(a.name));

  const auto own = static_cast<int64_t>(type);
  const bool plain = d.node.find("score_mod") == nullptr && d.node.find("prob_mod") == nullptr;
  if (plain && precision == own) {
    d.op_type = "Attention";
    d.domain.clear();
    d.node.erase("softmax_precision");
    return ok();
  }

  // What broadcasting and the bodies do to the shape they may not know; the operator's rules say it.
  d.scope().graph().value(d.node.out[0]).fact = y_fact;
  const auto cast = [&](ValueId v, int64_t from, int64_t to) -> Result<ValueId> {
    return from == to ? Result<ValueId>(v) : d.emit("Cast", {v}, {{"to", to}});
  };
  LITE_ASSIGN(const ValueId k, repeat_heads(d, 1));
  LITE_ASSIGN(const ValueId v, repeat_heads(d, 2));
  LITE_ASSIGN(const ValueId root, root_of_scale(d));
  LITE_ASSIGN(const ValueId q_scaled, d.emit("Mul", {d.node.in[0], root}));
  LITE_ASSIGN(const ValueId k_scaled, d.emit("Mul", {k, root}));
  LITE_ASSIGN(const ValueId turned,
              d.emit("Transpose", {k_scaled}, {{"perm", std::vector<int64_t>{0, 1, 3, 2}}}));
  LITE_ASSIGN(const ValueId products, d.emit("MatMul", {q_scaled, turned}));
  LITE_ASSIGN(const ValueId raw, cast(products, own, precision));
  LITE_ASSIGN(const ValueId scores, modify(d, "score_mod", raw));
  LITE_ASSIGN(const ValueId softmax, d.emit("Softmax", {scores}, {{"axis", int64_t{-1}}}));
  LITE_ASSIGN(const ValueId probabilities, modify(d, "prob_mod", softmax));
  LITE_ASSIGN(const ValueId values, cast(v, own, precision));
  d.done = true;
  if (own == precision) return d.emit_to(d.node.out[0], "MatMul", {probabilities, values});
  LITE_ASSIGN(const ValueId y, d.emit("MatMul", {probabilities, values}));
  return d.emit_to(d.node.out[0], "Cast", {y}, {{"to", own}});
}

}  // namespace lite::onnx
