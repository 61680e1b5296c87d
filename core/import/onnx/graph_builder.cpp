// Graphs: inputs, initialisers, outputs, names.
#include <algorithm>
#include <unordered_set>

#include "core/import/onnx/scope.h"
#include "core/ir/fact.h"

namespace lite::onnx {
namespace {

bool is_unknown(const Fact& f) {
  return f.kind == Kind::kTensor && f.dtype == DType::kUndefined && !f.element;
}

// Completes what was inferred by what the model declares. Declared shapes of inner values are often stale
// (somebody changed the inputs), so nothing but the rank is taken from them; outputs must agree.
Status merge_declared(Fact& inferred, const Fact& declared, bool is_output) {
  if (is_unknown(declared)) return ok();
  if (is_unknown(inferred)) inferred = Fact{}, inferred.kind = declared.kind;
  if (inferred.kind != declared.kind)
    return invalid_model("is a ", kind_name(inferred.kind), ", declared a ", kind_name(declared.kind));
  if (innermost_dtype(inferred) == DType::kUndefined && declared.element) inferred.element = declared.element;
  if (inferred.dtype == DType::kUndefined) inferred.dtype = declared.dtype;
  if (declared.dtype != DType::kUndefined && declared.dtype != inferred.dtype)
    return invalid_model("has element type ", dtype_name(inferred.dtype), ", declared ",
                         dtype_name(declared.dtype));
  if (!declared.has_rank) return ok();
  if (!inferred.has_rank) {
    inferred.has_rank = true;
    inferred.dims = Dims(declared.rank(), kUnknownDim);
  }
  if (!is_output) return ok();
  const auto mismatch = [&] {
    return invalid_model("has shape ", inferred.dims, ", declared ", declared.dims);
  };
  if (inferred.rank() != declared.rank()) return mismatch();
  for (size_t i = 0; i < inferred.rank(); ++i) {
    if (inferred.dims[i] >= 0 && declared.dims[i] >= 0 && inferred.dims[i] != declared.dims[i])
      return mismatch();
    if (inferred.dims[i] == kUnknownDim && is_symbol(declared.dims[i])) inferred.dims[i] = declared.dims[i];
  }
  return ok();
}

}  // namespace

Scope::Scope(Import& import, Growing& to, Scope* outer, const OpsetsP& opsets, const Bindings* bindings,
             std::string prefix)
    : import_(import),
      to_(to),
      outer_(outer),
      opsets_(opsets),
      bindings_(bindings),
      prefix_(std::move(prefix)) {}

std::optional<ValueId> Scope::find(std::string_view name) {
  if (const auto it = names_.find(name); it != names_.end()) return it->second;
  if (outer_ == nullptr) return std::nullopt;
  const auto outside = outer_->find(name);
  if (!outside) return std::nullopt;
  ValueId here = kNoValue;
  if (*outside != kNoValue) {
    const Value& v = outer_->graph().value(*outside);
    if (const auto it = to_.inner.find(*outside); it != to_.inner.end()) {
      here = it->second;
    } else if (v.is_constant()) {
      here = graph().add_constant(v.name, v.constant);
    } else {
      here = graph().add_value(v.name, v.fact);
      graph().captures.push_back({-1, here});
      to_.captured.push_back(*outside);
    }
    to_.inner.emplace(*outside, here);
  }
  names_.emplace(name, here);
  return here;
}

Status Scope::declare(std::string_view name, ValueId v) {
  names_.insert_or_assign(name, v);
  const auto it = declared_.find(name);
  if (it == declared_.end() || v == kNoValue) return ok();
  LITE_ASSIGN(const Fact declared, read_type(it->second, import_.symbols, import_.options.limits));
  return merge_declared(graph().value(v).fact, declared, false).with_context(cat("value ", quoted(name)));
}

Status Scope::add_graph(const GraphP& g) {
  for (const ValueInfoP& v : g.value_info) declared_.insert_or_assign(v.name, v.type);
  graph().name = std::string(g.name);
  LITE_TRY(add_initializers(g));
  LITE_TRY(add_inputs(g));
  LITE_TRY(add_nodes(g.nodes));
  return add_outputs(g);
}

Status Scope::add_initializers(const GraphP& g) {
  const auto add = [&](std::string_view name, Tensor t) -> Status {
    if (name.empty()) return invalid_model("an initializer has no name");
    if (names_.contains(name)) return invalid_model("initializer ", quoted(name), " is there twice");
    names_.emplace(name, graph().add_constant(prefix_ + std::string(name), std::move(t)));
    return ok();
  };
  for (const TensorP& p : g.initializers) {
    LITE_ASSIGN(Tensor t, import_.tensors.decode(p));
    LITE_TRY(add(p.name, std::move(t)));
  }
  for (const SparseP& p : g.sparse_initializers) {
    LITE_ASSIGN(Tensor t, import_.tensors.densify(p));
    LITE_TRY(add(p.values[0].name, std::move(t)));
  }
  return ok();
}

// An input that has an initializer too is the constant: files before IR 4 list all constants as inputs, and
// later ones mean a default, which nobody overrides here.
Status Scope::add_inputs(const GraphP& g) {
  std::unordered_set<std::string_view> seen;
  for (const ValueInfoP& in : g.inputs) {
    if (in.name.empty()) return invalid_model("an input of graph ", quoted(g.name), " has no name");
    if (!seen.insert(in.name).second)
      return invalid_model("input ", quoted(in.name), " of graph ", quoted(g.name), " is there twice");
    Result<Fact> r = read_type(in.type, import_.symbols, import_.options.limits);
    if (!r.is_ok()) return r.status().with_context(cat("input ", quoted(in.name)));
    Fact fact = std::move(r).value();
    if (const auto it = names_.find(in.name); it != names_.end()) {
      if (!is_main())
        return invalid_model("input ", quoted(in.name), " of graph ", quoted(g.name),
                             " is an initializer too");
      const Fact& have = graph().value(it->second).fact;
      if (!is_unknown(fact) && fact.dtype != have.dtype)
        return invalid_model("input ", quoted(in.name), " is declared ", dtype_name(fact.dtype),
                             ", its initializer is ", dtype_name(have.dtype));
      continue;
    }
    if (is_main()) {
      if (innermost_dtype(fact) == DType::kUndefined)
        return invalid_model("input ", quoted(in.name), " has no element type");
    } else {
      // What enters a body may have another shape in each iteration, whatever the file says.
      fact = without_shapes(fact);
    }
    names_.emplace(in.name, graph().add_input(std::string(in.name), std::move(fact)));
  }
  return ok();
}

Status Scope::add_outputs(const GraphP& g) {
  std::unordered_set<std::string_view> seen;
  for (const ValueInfoP& out : g.outputs) {
    if (is_main() && !seen.insert(out.name).second)
      return invalid_model("output ", quoted(out.name), " of graph ", quoted(g.name), " is there twice");
    const auto v = find(out.name);
    if (!v || *v == kNoValue)
      return invalid_model("output ", quoted(out.name), " of graph ", quoted(g.name),
                           " is made by no node and is no input or initializer");
    Result<Fact> declared = read_type(out.type, import_.symbols, import_.options.limits);
    if (!declared.is_ok()) return declared.status().with_context(cat("output ", quoted(out.name)));
    if (is_main())
      LITE_TRY(merge_declared(graph().value(*v).fact, declared.value(), true)
                   .with_context(cat("output ", quoted(out.name))));
    graph().outputs.push_back(*v);
  }
  if (is_main() && g.outputs.empty()) return invalid_model("graph ", quoted(g.name), " has no outputs");
  return ok();
}

}  // namespace lite::onnx
