#include "core/import/onnx/versions.h"

#include "core/base/half.h"

namespace lite::onnx {

const Fact& Draft::fact(size_t i) const {
  static const Fact unknown;
  return has(i) ? scope_.growing().graph.value(node.in[i]).fact : unknown;
}

const Tensor* Draft::content(size_t i) const {
  if (!has(i)) return nullptr;
  const Growing& g = scope_.growing();
  const Value& v = g.graph.value(node.in[i]);
  if (v.is_constant()) return &v.constant;
  const auto id = static_cast<size_t>(node.in[i]);
  return id < g.known.size() && g.known[id].defined() ? &g.known[id] : nullptr;
}

void Draft::set_input(size_t i, ValueId v) {
  if (node.in.size() <= i) node.in.resize(i + 1, kNoValue);
  node.in[i] = v;
}

ValueId Draft::constant(Tensor t) {
  return scope_.graph().add_constant(node.name + "/constant", std::move(t));
}

ValueId Draft::constant(std::span<const int64_t> ints) { return constant(Tensor::vector_i64(ints)); }

Result<ValueId> Draft::scalar(DType dtype, double v) {
  LITE_ASSIGN(Tensor t, Tensor::allocate(dtype, Dims{}));
  switch (dtype) {
    case DType::kF32:
      *t.mutable_data<float>() = static_cast<float>(v);
      break;
    case DType::kF64:
      *t.mutable_data<double>() = v;
      break;
    case DType::kF16:
      *t.mutable_data<uint16_t>() = f32_to_f16(static_cast<float>(v));
      break;
    case DType::kBF16:
      *t.mutable_data<uint16_t>() = f32_to_bf16(static_cast<float>(v));
      break;
    case DType::kI32:
      *t.mutable_data<int32_t>() = static_cast<int32_t>(v);
      break;
    case DType::kI64:
      *t.mutable_data<int64_t>() = static_cast<int64_t>(v);
      break;
    case DType::kU8:
      *t.mutable_data<uint8_t>() = static_cast<uint8_t>(v);
      break;
    case DType::kI8:
      *t.mutable_data<int8_t>() = static_cast<int8_t>(v);
      break;
    default:
      return unsupported("an attribute stands for a ", dtype_name(dtype), " here");
  }
  return constant(std::move(t));
}

Result<ValueId> Draft::emit(const char* op, std::vector<ValueId> in, const Attrs& attrs) {
  const ValueId out = scope_.graph().add_value(cat(node.name, "/", op));
  LITE_TRY(emit_to(out, op, std::move(in), attrs));
  return out;
}

Result<std::vector<ValueId>> Draft::emit_many(const char* op, std::vector<ValueId> in, size_t outputs,
                                              const Attrs& attrs) {
  std::vector<ValueId> out;
  for (size_t i = 0; i < outputs; ++i)
    out.push_back(scope_.graph().add_value(cat(node.name, "/", op, "/", i)));
  LITE_TRY(place(out, op, std::move(in), attrs));
  return out;
}

Status Draft::emit_to(ValueId out, const char* op, std::vector<ValueId> in, const Attrs& attrs) {
  return place({out}, op, std::move(in), attrs);
}

Status Draft::replace_with(const char* op, std::vector<ValueId> in, const Attrs& attrs) {
  done = true;
  return emit_to(node.out[0], op, std::move(in), attrs);
}

Status Draft::place(std::vector<ValueId> out, const char* op, std::vector<ValueId> in, const Attrs& attrs) {
  Node n;
  n.name = cat(node.name, "/", op);
  n.in = std::move(in);
  n.out = std::move(out);
  for (const auto& [name, data] : attrs) n.set(name, data);
  return scope_.place(std::move(n), op, "", opset);
}

ValueId Draft::detach_output(size_t i) {
  const ValueId inner = scope_.graph().add_value(cat(node.name, "/", op_type));
  return std::exchange(node.out[i], inner);
}

Status Draft::finish() {
  done = true;
  return scope_.place(node, op_type, domain, opset);
}

Status adapt(Draft& d) {
  const auto apply = [&](std::span<const Step> steps) -> Status {
    for (const Step& s : steps)
      if (!d.done && d.opset < s.below && d.op_type == s.op) LITE_TRY(s.apply(d));
    return ok();
  };
  if (d.domain == "ai.onnx.ml") return apply(ml_steps());
  if (!d.domain.empty()) return ok();
  // Notes of the first opset to an in-place planner.
  if (d.opset < 6) d.node.erase("consumed_inputs");
  LITE_TRY(apply(experimental_steps()));
  LITE_TRY(apply(attribute_steps()));
  return apply(meaning_steps());
}

}  // namespace lite::onnx
