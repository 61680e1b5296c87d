// Nodes: names to values, attributes, bodies, checks.
#include <algorithm>

#include "core/import/onnx/microsoft.h"
#include "core/import/onnx/scope.h"
#include "core/import/onnx/versions.h"
#include "core/ops/registry.h"

namespace lite::onnx {
namespace {

std::string element_types(const Graph& g, const Node& n) {
  std::string text;
  for (const ValueId v : n.in) {
    if (v == kNoValue) continue;
    const Fact* f = &g.value(v).fact;
    while (f->kind != Kind::kTensor && f->element) f = f->element.get();
    if (!text.empty()) text += ", ";
    text += f->dtype == DType::kUndefined ? "unknown" : dtype_name(f->dtype);
  }
  return text;
}

std::string_view plain_domain(std::string_view domain) {
  return domain == "ai.onnx" ? std::string_view() : domain;
}

// ONNX Runtime's operators in the layouts that it chooses for the machine at hand.
bool is_machine_domain(std::string_view domain) {
  return domain == "com.microsoft.nchwc" || domain == "com.ms.internal.nhwc";
}

template <class T>
std::vector<T> strings_as(const std::vector<std::string_view>& list) {
  return std::vector<T>(list.begin(), list.end());
}

// Operands that are left out at the end are as good as not there. Where operands vary in number they count.
void trim(std::vector<ValueId>& ids, std::span<const OperandSpec> specs) {
  if (!specs.empty() && specs.back().arity == OperandSpec::kVariadic) return;
  while (!ids.empty() && ids.back() == kNoValue) ids.pop_back();
}

// Captured values follow the operator's own inputs, so those must all be there, left out or not.
void pad_operands(Draft& d) {
  const OpDef* op = ops::find(d.domain, d.op_type);
  if (op == nullptr) return;
  const auto fixed =
      static_cast<size_t>(std::count_if(op->inputs.begin(), op->inputs.end(), [](const OperandSpec& s) {
        return s.arity != OperandSpec::kVariadic;
      }));
  if (d.node.in.size() < fixed) d.node.in.resize(fixed, kNoValue);
}

// Gives the node an OpDef of its own; attributes that are tensors are then where callbacks can read them.
Status bind(Node& node, std::shared_ptr<const ops::CustomOp> registered) {
  for (Attr& a : node.attrs) {
    if (std::holds_alternative<Attr::Graphs>(a.data))
      return unsupported("attribute ", quoted(a.name), " is a graph, which no registered operator takes");
    if (auto* const t = std::get_if<Tensor>(&a.data)) {
      LITE_ASSIGN(*t, t->aligned());
    }
  }
  node.op = OpRef(std::make_shared<const ops::CustomNodeOp>(std::move(registered)));
  return ok();
}

}  // namespace

void Scope::report_unsupported(const Node& node, std::string_view op_type, std::string_view domain,
                               int64_t opset, std::string reason) {
  import_.report.unsupported.push_back({node.name, std::string(op_type), std::string(domain), opset,
                                        element_types(graph(), node), std::move(reason)});
}

Result<int64_t> Scope::opset_of(std::string_view domain) const {
  for (const OpsetsP* list : {&opsets_, &import_.model.opsets})
    for (const auto& [d, version] : *list)
      if (d == domain) return version;
  if (domain.empty() && import_.model.ir_version < 3) return 1;
  return invalid_model("the model imports no opset of domain ",
                       domain.empty() ? "'ai.onnx'" : quoted(domain));
}

std::string Scope::name_of(const NodeP& p) const {
  std::string_view own = p.name;
  for (size_t i = 0; own.empty() && i < p.out.size(); ++i) own = p.out[i];
  return prefix_ + std::string(own.empty() ? p.op_type : own);
}

Result<std::vector<ValueId>> Scope::inputs_of(const NodeP& p) {
  std::vector<ValueId> in;
  for (size_t i = 0; i < p.in.size(); ++i) {
    if (p.in[i].empty()) {
      in.push_back(kNoValue);
      continue;
    }
    const auto v = find(p.in[i]);
    if (!v)
      return invalid_model("input ", i, " ", quoted(p.in[i]),
                           " is made by no node and is no input or initializer");
    in.push_back(*v);
  }
  return in;
}

Status Scope::add_nodes(const std::vector<NodeP>& nodes) {
  LITE_ASSIGN(const std::vector<size_t> in_order, order(nodes));
  for (const size_t i : in_order) LITE_TRY(add_node(nodes[i]));
  return ok();
}

Status Scope::count_node() {
  const ImportLimits& limits = import_.options.limits;
  if (++import_.nodes > limits.max_nodes)
    return fail(Code::kLimitExceeded, "the model has more than ", limits.max_nodes,
                " nodes, local functions inlined (limit max_nodes)");
  return ok();
}

Status Scope::add_node(const NodeP& p) {
  LITE_TRY(count_node());
  const auto step = [&]() -> Status {
    if (p.op_type.empty()) return invalid_model("the node has no operator");
    const std::string_view domain = plain_domain(p.domain);
    const auto f = import_.functions.find({domain, p.op_type, p.overload});
    if (f != import_.functions.end() && !is_registered(p)) return inline_call(p, *f->second);
    LITE_ASSIGN(const int64_t opset, opset_of(domain));
    if (domain.empty() && p.op_type == "Constant") return add_constant(p);
    return translate(p, opset);
  };
  Status s = step();
  if (s.is_ok()) return s;
  return std::move(s).with_context(cat(p.op_type, " ", quoted(name_of(p))));
}

// Who registers an operator means it to stand in for the model's own function.
bool Scope::is_registered(const NodeP& p) const {
  if (!import_.options.operators || !p.overload.empty()) return false;
  const std::string_view domain = plain_domain(p.domain);
  const Result<int64_t> opset = opset_of(domain);
  return opset.is_ok() && import_.registered(domain, p.op_type, opset.value()) != nullptr;
}

Status Scope::add_constant(const NodeP& p) {
  if (p.out.size() != 1 || p.out[0].empty() || !p.in.empty())
    return invalid_model("wanted no inputs and one output");
  Tensor t;
  for (const AttrP& a : p.attrs) {
    if (t.defined()) return invalid_model("has more than one attribute: also ", quoted(a.name));
    LITE_ASSIGN(const std::optional<BoundAttr> bound, attribute(a));
    if (!bound) continue;
    const Attr::Data& data = bound->attr.data;
    if (const auto* tensor = std::get_if<Tensor>(&data)) {
      t = *tensor;
    } else if (const auto* i = std::get_if<int64_t>(&data)) {
      t = Tensor::scalar_i64(*i);
    } else if (const auto* f = std::get_if<float>(&data)) {
      t = Tensor::scalar_f32(*f);
    } else if (const auto* ints = std::get_if<std::vector<int64_t>>(&data)) {
      t = Tensor::vector_i64(*ints);
    } else if (const auto* floats = std::get_if<std::vector<float>>(&data)) {
      LITE_ASSIGN(t, Tensor::allocate(DType::kF32, Dims{static_cast<int64_t>(floats->size())}));
      std::copy(floats->begin(), floats->end(), t.mutable_data<float>());
    } else if (const auto* text = std::get_if<std::string>(&data)) {
      LITE_ASSIGN(t, Tensor::allocate(DType::kString, Dims{}));
      *t.mutable_data<std::string>() = *text;
    } else if (const auto* texts = std::get_if<std::vector<std::string>>(&data)) {
      LITE_ASSIGN(t, Tensor::allocate(DType::kString, Dims{static_cast<int64_t>(texts->size())}));
      std::copy(texts->begin(), texts->end(), t.mutable_data<std::string>());
    } else {
      return invalid_model("attribute ", quoted(a.name), " is of type ",
                           attr_type_name(attr_type(bound->attr)));
    }
  }
  if (!t.defined()) return invalid_model("has no value");
  return declare(p.out[0], graph().add_constant(prefix_ + std::string(p.out[0]), std::move(t)));
}

Status Scope::translate(const NodeP& p, int64_t opset) {
  const std::string_view domain = plain_domain(p.domain);
  Node node;
  node.name = name_of(p);
  LITE_ASSIGN(node.in, inputs_of(p));
  std::vector<BoundAttr> bodies;
  Status refused;
  for (const AttrP& a : p.attrs) {
    // Names that start so are notes of tools to themselves.
    if (a.name.starts_with("__")) continue;
    Result<std::optional<BoundAttr>> r = attribute(a);
    if (!r.is_ok() && r.error().code == Code::kUnsupported) {
      refused = std::move(r).take_error();
      continue;
    }
    LITE_ASSIGN(std::optional<BoundAttr> bound, std::move(r));
    if (!bound) continue;
    if (node.find(bound->attr.name) != nullptr ||
        std::any_of(bodies.begin(), bodies.end(),
                    [&](const BoundAttr& b) { return b.attr.name == bound->attr.name; }))
      return invalid_model("attribute ", quoted(a.name), " is there twice");
    if (std::holds_alternative<Attr::Graphs>(bound->attr.data))
      bodies.push_back(std::move(*bound));
    else
      node.attrs.push_back(std::move(bound->attr));
  }
  for (const std::string_view name : p.out)
    node.out.push_back(name.empty() ? kNoValue : graph().add_value(prefix_ + std::string(name)));
  const std::vector<ValueId> out = node.out;

  Draft draft(*this, std::move(node), p.op_type, domain, opset);
  if (refused.is_ok()) refused = adapt(draft);
  if (domain == kMicrosoft && refused.is_ok()) refused = adapt_microsoft(draft);
  if (!bodies.empty()) pad_operands(draft);
  if (refused.is_ok()) refused = attach(draft.node, std::move(bodies));
  if (refused.is_ok() && !draft.done) refused = decompose(draft);
  if (refused.code() == Code::kUnsupported)
    report_unsupported(draft.node, p.op_type, domain, opset, refused.message());
  else if (!refused.is_ok())
    return refused;
  else if (!draft.done)
    LITE_TRY(place(std::move(draft.node), draft.op_type, draft.domain, opset));
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i] != kNoValue) LITE_TRY(declare(p.out[i], out[i]));
  return ok();
}

Status Scope::place(Node node, std::string_view op_type, std::string_view domain, int64_t opset) {
  node.op = ops::find(domain, op_type);
  if (auto registered = node.op == nullptr ? import_.registered(domain, op_type, opset) : nullptr) {
    Status s = bind(node, std::move(registered));
    if (s.code() == Code::kUnsupported) report_unsupported(node, op_type, domain, opset, s.message());
    if (!s.is_ok()) return s.code() == Code::kUnsupported ? ok() : std::move(s);
  }
  if (node.op == nullptr || (node.op->traits & kFusedOnly) != 0) {
    report_unsupported(
        node, op_type, domain, opset,
        is_machine_domain(domain)
            ? "it was made for one machine when the model was optimised; save the model without that"
            : "there is no such operator in this build");
    return ok();
  }
  return place_as_is(std::move(node), op_type, domain, opset);
}

Status Scope::place_as_is(Node node, std::string_view op_type, std::string_view domain, int64_t opset) {
  if ((node.op->traits & kHasBody) == 0) trim(node.in, node.op->inputs);
  trim(node.out, node.op->outputs);
  // Operators count on their required outputs, wanted or not, and on one at least.
  const auto required = static_cast<size_t>(
      std::count_if(node.op->outputs.begin(), node.op->outputs.end(),
                    [](const OperandSpec& o) { return o.arity == OperandSpec::kRequired; }));
  if (node.out.size() < std::max<size_t>(required, 1))
    node.out.resize(std::max<size_t>(required, 1), kNoValue);
  // An empty list has the type that its writer gave it; some give none.
  for (const AttrSpec& spec : node.op->attrs)
    if (spec.type == AttrType::kFloats)
      if (const Attr* a = node.find(spec.name))
        if (const auto* ints = std::get_if<std::vector<int64_t>>(&a->data); ints != nullptr && ints->empty())
          node.set(spec.name, std::vector<float>());
  Status s = check_node(graph(), node);
  if (s.is_ok()) {
    const NodeId id = graph().add_node(std::move(node));
    s = infer_node(graph(), id, to_.known);
    if (s.code() == Code::kUnsupported) {
      report_unsupported(graph().node(id), op_type, domain, opset, s.message());
      graph().remove_node(id);
    }
    // A branch may be there for other shapes than those that it captures here. What its nodes make stays
    // unknown; the node that owns it decides whether it can do without, and it fails if it is ever run.
    if (s.code() == Code::kInvalidModel && to_.is_body) s = ok();
  } else if (s.code() == Code::kUnsupported) {
    report_unsupported(node, op_type, domain, opset, s.message());
  }
  return s.code() == Code::kUnsupported ? ok() : std::move(s);
}

Result<std::optional<BoundAttr>> Scope::attribute(const AttrP& a) {
  if (a.name.empty()) return invalid_model("an attribute has no name");
  BoundAttr bound;
  bound.attr.name = std::string(a.name);
  if (!a.reference.empty()) {
    if (bindings_ == nullptr)
      return invalid_model("attribute ", quoted(a.name), " refers to ", quoted(a.reference),
                           " of a function, but is in none");
    const auto it = bindings_->find(a.reference);
    if (it == bindings_->end()) return std::optional<BoundAttr>();
    bound = it->second;
    bound.attr.name = std::string(a.name);
    return std::optional(std::move(bound));
  }
  const auto wrong = [&](size_t have, const char* what) {
    return invalid_model("attribute ", quoted(a.name), " holds ", have, " ", what, ", one is wanted");
  };
  switch (a.kind) {
    case AttrKind::kFloat:
      bound.attr.data = a.f;
      break;
    case AttrKind::kInt:
      bound.attr.data = a.i;
      break;
    case AttrKind::kString:
      bound.attr.data = std::string(a.s);
      break;
    case AttrKind::kFloats:
      bound.attr.data = a.floats;
      break;
    case AttrKind::kInts:
      bound.attr.data = a.ints;
      break;
    case AttrKind::kStrings:
      bound.attr.data = strings_as<std::string>(a.strings);
      break;
    case AttrKind::kTensor: {
      if (a.tensors.size() != 1) return wrong(a.tensors.size(), "tensors");
      LITE_ASSIGN(bound.attr.data, import_.tensors.decode(a.tensors[0]));
      break;
    }
    case AttrKind::kTensors: {
      std::vector<Tensor> list;
      for (const TensorP& t : a.tensors) {
        LITE_ASSIGN(list.emplace_back(), import_.tensors.decode(t));
      }
      bound.attr.data = std::move(list);
      break;
    }
    case AttrKind::kSparseTensor: {
      if (a.sparse.size() != 1) return wrong(a.sparse.size(), "sparse tensors");
      LITE_ASSIGN(bound.attr.data, import_.tensors.densify(a.sparse[0]));
      break;
    }
    case AttrKind::kType: {
      if (a.types.size() != 1) return wrong(a.types.size(), "types");
      LITE_ASSIGN(bound.attr.data, read_type(a.types[0], import_.symbols, import_.options.limits));
      break;
    }
    case AttrKind::kGraph: {
      if (a.graphs.size() != 1) return wrong(a.graphs.size(), "graphs");
      Result<BoundAttr> r = body(a.graphs[0]);
      if (!r.is_ok()) return r.status().with_context(cat("attribute ", quoted(a.name)));
      bound = std::move(r).value();
      bound.attr.name = std::string(a.name);
      break;
    }
    case AttrKind::kGraphs:
    case AttrKind::kSparseTensors:
    case AttrKind::kTypes:
      return unsupported("attribute ", quoted(a.name), " is a list of graphs, sparse tensors or types");
    default:
      return invalid_model("attribute ", quoted(a.name), " is of type number ", static_cast<int32_t>(a.kind));
  }
  return std::optional(std::move(bound));
}

Result<BoundAttr> Scope::body(const GraphP& g) {
  const size_t max_depth = import_.options.limits.max_depth;
  if (import_.depth == max_depth)
    return invalid_model("bodies are nested more than ", max_depth, " deep (limit max_depth)");
  ++import_.depth;
  Growing inside;
  inside.is_body = true;
  Scope scope(import_, inside, this, opsets_, bindings_, prefix_);
  Status s = scope.add_graph(g);
  --import_.depth;
  LITE_TRY(std::move(s));
  LITE_TRY(import_.tensors.charge(import_.symbols.names().size() * sizeof(std::string)));
  inside.graph.symbols = import_.symbols.names();
  BoundAttr bound;
  bound.attr.data = Attr::Graphs(std::make_shared<Graph>(std::move(inside.graph)));
  bound.captured = std::move(inside.captured);
  bound.home = &to_;
  return bound;
}

Status Scope::attach(Node& node, std::vector<BoundAttr> bodies) {
  const auto formal = static_cast<std::ptrdiff_t>(node.in.size());
  for (BoundAttr& b : bodies) {
    auto& shared = std::get<Attr::Graphs>(b.attr.data);
    if (!b.captured.empty()) {
      if (b.home != &to_)
        return unsupported("attribute ", quoted(b.attr.name), " is a body that another graph's values enter");
      auto own = std::make_shared<Graph>(*shared);
      for (size_t i = 0; i < b.captured.size(); ++i) {
        auto it = std::find(node.in.begin() + formal, node.in.end(), b.captured[i]);
        if (it == node.in.end()) it = node.in.insert(it, b.captured[i]);
        own->captures[i].input = static_cast<int32_t>(it - node.in.begin());
      }
      shared = std::move(own);
    }
    node.attrs.push_back(std::move(b.attr));
  }
  return ok();
}

}  // namespace lite::onnx
