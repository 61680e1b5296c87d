#include "core/import/onnx/versions.h"

#include <algorithm>

#include "core/import/onnx/microsoft.h"
#include "core/import/onnx/onnx.h"
#include "core/ops/registry.h"
#include "core/ops/widen.h"

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
  LITE_ASSIGN(Tensor t, ops::scalar_of(dtype, v));
  return constant(std::move(t));
}

// One node of a file may become many, each with its name, which the file's size does not bound.
Status Draft::charge() {
  LITE_TRY(scope_.count_node());
  return scope_.import().tensors.charge(2 * (node.name.size() + sizeof(Node)));
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
  LITE_TRY(charge());
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

Status Draft::emit_copy(const Node& of, std::vector<ValueId> in, std::vector<ValueId> out) {
  LITE_TRY(charge());
  LITE_TRY(scope_.import().tensors.charge(of.name.size()));
  Node copy = of;
  copy.name = cat(node.name, "/", of.name);
  copy.in = std::move(in);
  copy.out = std::move(out);
  return scope_.place_as_is(std::move(copy), of.op->name, of.op->domain, opset);
}

Result<std::vector<ValueId>> Draft::inline_body(const Graph& body, std::span<const ValueId> inputs) {
  if (inputs.size() != body.inputs.size())
    return invalid_model("body ", quoted(body.name), " has ", body.inputs.size(), " inputs, ", inputs.size(),
                         " wanted");
  std::vector<ValueId> moved(static_cast<size_t>(body.num_values()), kNoValue);
  for (size_t i = 0; i < inputs.size(); ++i) moved[static_cast<size_t>(body.inputs[i])] = inputs[i];
  for (const Capture& c : body.captures)
    moved[static_cast<size_t>(c.inner)] = node.in[static_cast<size_t>(c.input)];
  const auto here = [&](ValueId v) {
    if (v == kNoValue) return kNoValue;
    ValueId& to = moved[static_cast<size_t>(v)];
    if (to != kNoValue) return to;
    const Value& value = body.value(v);
    const std::string name = cat(node.name, "/", value.name);
    return to = value.is_constant() ? scope_.graph().add_constant(name, value.constant)
                                    : scope_.graph().add_value(name);
  };
  LITE_ASSIGN(const std::vector<NodeId> order, body.topological_order());
  for (const NodeId id : order) {
    const Node& n = body.node(id);
    std::vector<ValueId> in, out;
    for (const ValueId v : n.in) in.push_back(here(v));
    for (const ValueId v : n.out) out.push_back(here(v));
    LITE_TRY(emit_copy(n, std::move(in), std::move(out)));
  }
  std::vector<ValueId> results;
  for (const ValueId v : body.outputs) results.push_back(here(v));
  return results;
}

namespace {

struct Decomposition {
  const char* op;
  const char* domain;
  int64_t below;  // applies to models with an opset below it
  Status (*apply)(Draft& d);
};
constexpr Decomposition kDecompositions[] = {
    {"FlexAttention", "ai.onnx.preview", INT64_MAX, decompose_flex_attention},
    {"Gradient", "ai.onnx.preview.training", INT64_MAX, decompose_gradient},
    {"Scan", "", 9, decompose_batched_scan},
};

}  // namespace

Status decompose(Draft& d) {
  for (const Decomposition& c : kDecompositions)
    if (d.op_type == c.op && d.domain == c.domain && d.opset < c.below) return c.apply(d);
  return ok();
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

namespace lite {

std::vector<ReplacedOp> replaced_onnx_ops() {
  std::vector<ReplacedOp> list;
  const auto add = [&](const char* name, const char* domain) {
    if (ops::find(domain, name) == nullptr) list.push_back({name, domain});
  };
  for (const std::span<const onnx::Step> steps :
       {onnx::experimental_steps(), onnx::attribute_steps(), onnx::meaning_steps()})
    for (const onnx::Step& s : steps) add(s.op, "");
  for (const onnx::Decomposition& c : onnx::kDecompositions) add(c.op, c.domain);
  onnx::each_translation([&](const onnx::Translation& t) { add(t.op, onnx::kMicrosoft.data()); });
  const auto key = [](const ReplacedOp& op) {
    return std::pair<std::string_view, std::string_view>(op.domain, op.name);
  };
  std::sort(list.begin(), list.end(),
            [&](const ReplacedOp& a, const ReplacedOp& b) { return key(a) < key(b); });
  list.erase(std::unique(list.begin(), list.end(),
                         [&](const ReplacedOp& a, const ReplacedOp& b) { return key(a) == key(b); }),
             list.end());
  return list;
}

}  // namespace lite
