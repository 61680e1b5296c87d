#include "core/export/onnx/model_writer.h"

#include <algorithm>

#include "core/export/onnx/versions.h"
#include "core/ir/op_def.h"
#include "core/ops/custom.h"
#include "core/ops/utf8.h"

namespace lite::onnx {
namespace {

// Field numbers of onnx.proto, by message.
namespace model_field {
enum : uint32_t {
  kIrVersion = 1,
  kProducer,
  kProducerVersion,
  kDomain,
  kVersion,
  kDoc,
  kGraph,
  kOpset,
  kMetadata = 14
};
}
namespace graph_field {
enum : uint32_t { kNode = 1, kName, kInitializer = 5, kInput = 11, kOutput };
}
namespace node_field {
enum : uint32_t { kInput = 1, kOutput, kName, kOp, kAttribute, kDomain = 7 };
}
namespace attr_field {
enum : uint32_t {
  kName = 1,
  kFloat,
  kInt,
  kString,
  kTensor,
  kGraph,
  kFloats,
  kInts,
  kStrings,
  kTensors,
  kValueType = 14,
  kType = 20
};
}
namespace tensor_field {
enum : uint32_t { kDims = 1, kDType, kStrings = 6, kName = 8, kRaw, kExternal = 13, kLocation };
}

// AttributeProto.AttributeType of what AttrType says.
int32_t attribute_type(AttrType type) {
  switch (type) {
    case AttrType::kFloat:
      return 1;
    case AttrType::kInt:
      return 2;
    case AttrType::kString:
      return 3;
    case AttrType::kTensor:
      return 4;
    case AttrType::kGraph:
      return 5;
    case AttrType::kFloats:
      return 6;
    case AttrType::kInts:
      return 7;
    case AttrType::kStrings:
      return 8;
    case AttrType::kTensors:
      return 9;
    case AttrType::kType:
      return 13;
  }
  return 0;
}

// With every byte that is not part of UTF-8 as '?': readers of protobuf refuse others.
std::string clean(std::string_view text) {
  std::u32string points = ops::from_utf8(text);
  for (char32_t& c : points)
    if (c >= 0xdc80 && c <= 0xdcff) c = U'?';
  return ops::to_utf8(points);
}

Pieces key_and_value(std::string_view key, std::string_view value) {
  MessageWriter m;
  m.fields().add_string(1, clean(key));
  m.fields().add_string(2, clean(value));
  return m.take();
}

// TensorShapeProto.Dimension: a number, a name, or nothing.
Pieces dimension(const Graph& g, int64_t dim, bool is_main) {
  MessageWriter m;
  if (dim >= 0) m.fields().add_int64(1, dim);
  if (is_symbol(dim) && is_main) {
    const auto i = static_cast<size_t>(symbol_index(dim));
    const bool named = i < g.symbols.size() && !g.symbols[i].empty();
    m.fields().add_string(2, named ? clean(g.symbols[i]) : cat("unnamed_", i));
  }
  return m.take();
}

// TypeProto; without anything in it when nothing is known.
Pieces type_of(const Graph& g, const Fact& f, bool is_main) {
  MessageWriter inner, m;
  switch (f.kind) {
    case Kind::kTensor: {
      if (f.dtype == DType::kUndefined) return {};
      inner.fields().add_int32(1, static_cast<int32_t>(f.dtype));
      if (f.has_rank) {
        MessageWriter shape;
        for (const int64_t d : f.dims) shape.message(1, dimension(g, d, is_main));
        inner.message(2, shape.take());
      }
      m.message(1, inner.take());
      break;
    }
    case Kind::kSequence:
    case Kind::kOptional:
      if (f.element != nullptr) inner.message(1, type_of(g, *f.element, is_main));
      m.message(f.kind == Kind::kSequence ? 4 : 9, inner.take());
      break;
    case Kind::kMap:
      inner.fields().add_int32(1, static_cast<int32_t>(f.dtype));
      if (f.element != nullptr) inner.message(2, type_of(g, *f.element, is_main));
      m.message(5, inner.take());
      break;
  }
  return m.take();
}

Pieces value_info(const Graph& g, const Fact& fact, const std::string& name, bool is_main) {
  MessageWriter m;
  m.fields().add_string(1, name);
  Pieces type = type_of(g, fact, is_main);
  if (type.size() > 0) m.message(2, std::move(type));
  return m.take();
}

// Whether output i of a node may be left out.
bool is_optional_output(const OpDef& op, size_t i) {
  return i < op.outputs.size() && op.outputs[i].arity == OperandSpec::kOptional;
}

void collect_opsets(const Graph& g, std::map<std::string, int64_t>& opsets) {
  for (NodeId id = 0; id < g.num_nodes(); ++id) {
    if (!g.alive(id)) continue;
    const Node& n = g.node(id);
    const ops::CustomNodeOp* const custom = ops::custom(n);
    const std::string domain = custom != nullptr ? custom->op()->domain() : n.op->domain;
    if (!domain.empty()) opsets[domain] = std::max<int64_t>(opsets[domain], n.op->since);
    for (const Attr& a : n.attrs)
      if (const auto* const body = std::get_if<Attr::Graphs>(&a.data)) collect_opsets(**body, opsets);
  }
}

}  // namespace

std::string Names::take(std::string_view wanted) {
  std::string name = clean(wanted);
  if (taken_.insert(name).second) return name;
  for (size_t& n = next_[name];;) {
    std::string numbered = cat(name, '_', ++n);
    if (taken_.insert(numbered).second) return numbered;
  }
}

Pieces ModelWriter::tensor(const Tensor& t, std::string_view name, bool may_be_external) {
  MessageWriter m;
  m.fields().add_packed_int64(tensor_field::kDims, t.dims().begin(), t.dims().end());
  m.fields().add_int32(tensor_field::kDType, static_cast<int32_t>(t.dtype()));
  if (!name.empty()) m.fields().add_string(tensor_field::kName, name.data(), name.size());
  if (t.dtype() == DType::kString) {
    for (const std::string& s : t.strings()) m.fields().add_bytes(tensor_field::kStrings, s);
    return m.take();
  }
  const std::span<const std::byte> bytes(static_cast<const std::byte*>(t.raw()), t.bytes());
  if (!may_be_external || options_.external_location.empty() || bytes.size() < options_.external_from) {
    m.view(tensor_field::kRaw, bytes);
    return m.take();
  }
  // Pages of their own for what is worth a mapping.
  const uint64_t alignment = bytes.size() >= (size_t{1} << 20) ? 4096 : 64;
  external_.add(std::string((alignment - external_.size() % alignment) % alignment, '\0'));
  m.message(tensor_field::kExternal, key_and_value("location", options_.external_location));
  m.message(tensor_field::kExternal, key_and_value("offset", cat(external_.size())));
  m.message(tensor_field::kExternal, key_and_value("length", cat(bytes.size())));
  m.fields().add_int32(tensor_field::kLocation, 1);
  external_.add_view(bytes);
  return m.take();
}

void ModelWriter::add_initializer(const std::string& name, const Tensor& t) {
  initializers_.push_back(tensor(t, name, true));
}

std::string ModelWriter::initializer(const Value& v) {
  const Tensor& t = v.constant;
  const auto add = [&] {
    std::string name = value_names_.take(v.name.empty() ? "constant" : v.name);
    add_initializer(name, t);
    return name;
  };
  if (t.bytes() == 0) return add();
  std::string& name = shared_[{t.address(), t.dtype(), {t.dims().begin(), t.dims().end()}}];
  if (name.empty()) name = add();
  return name;
}

Result<Pieces> ModelWriter::attribute(const Graph& g, const Node& n, const Attr& a, const ValueNames& names) {
  MessageWriter m;
  m.fields().add_string(attr_field::kName, a.name);
  m.fields().add_int32(attr_field::kType, attribute_type(attr_type(a)));
  if (const auto* i = std::get_if<int64_t>(&a.data)) m.fields().add_int64(attr_field::kInt, *i);
  if (const auto* f = std::get_if<float>(&a.data)) m.fields().add_float(attr_field::kFloat, *f);
  if (const auto* s = std::get_if<std::string>(&a.data)) m.fields().add_bytes(attr_field::kString, *s);
  if (const auto* l = std::get_if<std::vector<int64_t>>(&a.data))
    for (const int64_t i : *l) m.fields().add_int64(attr_field::kInts, i);
  if (const auto* l = std::get_if<std::vector<float>>(&a.data))
    for (const float f : *l) m.fields().add_float(attr_field::kFloats, f);
  if (const auto* l = std::get_if<std::vector<std::string>>(&a.data))
    for (const std::string& s : *l) m.fields().add_bytes(attr_field::kStrings, s);
  if (const auto* t = std::get_if<Tensor>(&a.data)) m.message(attr_field::kTensor, tensor(*t, {}, false));
  if (const auto* l = std::get_if<std::vector<Tensor>>(&a.data))
    for (const Tensor& t : *l) m.message(attr_field::kTensors, tensor(t, {}, false));
  if (const auto* f = std::get_if<Fact>(&a.data)) m.message(attr_field::kValueType, type_of(g, *f, false));
  if (const auto* b = std::get_if<Attr::Graphs>(&a.data)) {
    const Graph& body = **b;
    ValueNames inner(static_cast<size_t>(body.num_values()));
    for (const Capture& c : body.captures)
      inner[static_cast<size_t>(c.inner)] = names[static_cast<size_t>(n.in[static_cast<size_t>(c.input)])];
    LITE_ASSIGN(Pieces message, graph(body, std::move(inner), n.op->name));
    m.message(attr_field::kGraph, std::move(message));
  }
  return m.take();
}

Result<Pieces> ModelWriter::node(const Graph& g, const Node& n, const ValueNames& names) {
  const auto name = [&](ValueId v) { return v == kNoValue ? std::string() : names[static_cast<size_t>(v)]; };
  const auto add = [&](MessageWriter& m, uint32_t field, std::span<const ValueId> values) {
    size_t count = values.size();
    while (count > 0 && name(values[count - 1]).empty()) --count;
    for (const ValueId v : values.first(count)) m.fields().add_string(field, name(v));
  };
  const ops::CustomNodeOp* const custom = ops::custom(n);
  const std::string op = custom != nullptr ? custom->op()->name() : n.op->name;
  const std::string domain = custom != nullptr ? custom->op()->domain() : n.op->domain;
  MessageWriter m;
  add(m, node_field::kInput, std::span(n.in).first(num_own_inputs(n)));
  add(m, node_field::kOutput, n.out);
  m.fields().add_string(node_field::kName, node_names_.take(n.name.empty() ? op : n.name));
  m.fields().add_string(node_field::kOp, op);
  if (!domain.empty()) m.fields().add_string(node_field::kDomain, domain);
  for (const Attr& a : n.attrs) {
    LITE_ASSIGN(Pieces message, attribute(g, n, a, names));
    m.message(node_field::kAttribute, std::move(message));
  }
  ++num_nodes_;
  return m.take();
}

Status ModelWriter::nodes(const Graph& g, ValueNames& names, MessageWriter& to) {
  const std::vector<int32_t> uses = g.use_counts();
  LITE_ASSIGN(const std::vector<NodeId> order, g.topological_order());
  for (const NodeId id : order) {
    const Node& n = g.node(id);
    for (const ValueId v : n.in) {
      if (v == kNoValue || !names[static_cast<size_t>(v)].empty()) continue;
      const Value& value = g.value(v);
      if (!value.is_constant())
        return fail(Code::kInternal, "value '", value.name, "' is used but has no name");
      names[static_cast<size_t>(v)] = initializer(value);
    }
    for (size_t i = 0; i < n.out.size(); ++i) {
      const ValueId v = n.out[i];
      if (v == kNoValue || !names[static_cast<size_t>(v)].empty()) continue;
      if (uses[static_cast<size_t>(v)] == 0 && is_optional_output(*n.op, i)) continue;
      const std::string& wanted = g.value(v).name;
      names[static_cast<size_t>(v)] = value_names_.take(wanted.empty() ? n.op->name : wanted);
    }
    LITE_ASSIGN(Pieces message, node(g, n, names));
    to.message(graph_field::kNode, std::move(message));
  }
  return ok();
}

void ModelWriter::outputs(const Graph& g, ValueNames& names, bool is_main, MessageWriter& to) {
  std::unordered_set<ValueId> listed;
  for (const ValueId v : g.outputs) {
    std::string& name = names[static_cast<size_t>(v)];
    if (name.empty()) name = initializer(g.value(v));
    // What a body gives is made in it, and once.
    if (!listed.insert(v).second || (!is_main && g.value(v).producer == kNoNode)) {
      MessageWriter identity;
      const std::string copy = value_names_.take(g.value(v).name.empty() ? "output" : g.value(v).name);
      identity.fields().add_string(node_field::kInput, name);
      identity.fields().add_string(node_field::kOutput, copy);
      identity.fields().add_string(node_field::kName, node_names_.take("Identity"));
      identity.fields().add_string(node_field::kOp, "Identity");
      to.message(graph_field::kNode, identity.take());
      to.message(graph_field::kOutput, value_info(g, g.value(v).fact, copy, is_main));
      ++num_nodes_;
      continue;
    }
    to.message(graph_field::kOutput, value_info(g, g.value(v).fact, name, is_main));
  }
}

Result<Pieces> ModelWriter::graph(const Graph& g, ValueNames names, std::string_view body_of) {
  const bool is_main = body_of.empty();
  // Names of a model's inputs and outputs are promises; they come before all others.
  for (const ValueId v : g.inputs)
    names[static_cast<size_t>(v)] = value_names_.take(g.value(v).name.empty() ? "input" : g.value(v).name);
  for (const ValueId v : g.outputs) {
    std::string& name = names[static_cast<size_t>(v)];
    if (!is_main || !name.empty()) continue;
    name = value_names_.take(g.value(v).name.empty() ? "output" : g.value(v).name);
    if (g.value(v).is_constant()) add_initializer(name, g.value(v).constant);
  }
  MessageWriter m;
  LITE_TRY(nodes(g, names, m));
  m.fields().add_string(graph_field::kName, g.name.empty() ? "graph" : clean(g.name));
  for (size_t i = 0; i < g.inputs.size(); ++i) {
    const std::string& name = names[static_cast<size_t>(g.inputs[i])];
    Fact fact = g.value(g.inputs[i]).fact;
    // The number of the iteration and the condition, whose shape some readers want to see.
    if (body_of == "Loop" && i < 2) fact = Fact(i == 0 ? DType::kI64 : DType::kBool, {});
    m.message(graph_field::kInput, value_info(g, fact, name, is_main));
  }
  outputs(g, names, is_main, m);
  if (is_main)
    for (Pieces& p : initializers_) m.message(graph_field::kInitializer, std::move(p));
  return m.take();
}

Status ModelWriter::write(const Graph& g, OnnxModel& out) {
  LITE_ASSIGN(Pieces main, graph(g, ValueNames(static_cast<size_t>(g.num_values())), {}));
  MessageWriter m;
  m.fields().add_int64(model_field::kIrVersion, out.ir_version);
  const auto text = [&](uint32_t field, const std::string& s) {
    if (!s.empty()) m.fields().add_string(field, clean(s));
  };
  text(model_field::kProducer, options_.producer);
  text(model_field::kProducerVersion, options_.producer_version);
  text(model_field::kDomain, options_.domain);
  if (options_.model_version != 0) m.fields().add_int64(model_field::kVersion, options_.model_version);
  text(model_field::kDoc, options_.doc);
  std::map<std::string, int64_t> opsets{{"", out.opset}};
  collect_opsets(g, opsets);
  for (const auto& [domain, version] : opsets) {
    MessageWriter opset;
    opset.fields().add_string(1, domain);
    opset.fields().add_int64(2, version);
    m.message(model_field::kOpset, opset.take());
  }
  m.message(model_field::kGraph, std::move(main));
  for (const auto& [key, value] : g.metadata) m.message(model_field::kMetadata, key_and_value(key, value));
  out.model = m.take();
  out.external = std::move(external_);
  out.nodes = num_nodes_;
  return ok();
}

}  // namespace lite::onnx
