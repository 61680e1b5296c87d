// Local functions, inlined where they are called.
#include <algorithm>

#include "core/import/onnx/scope.h"

namespace lite::onnx {

Status Scope::inline_call(const NodeP& call, const FunctionP& f) {
  const size_t max_depth = import_.options.limits.max_depth;
  if (std::find(import_.calls.begin(), import_.calls.end(), &f) != import_.calls.end())
    return invalid_model("function ", quoted(f.name), " calls itself");
  if (import_.calls.size() == max_depth)
    return invalid_model("functions are nested more than ", max_depth, " deep (limit max_depth)");
  if (call.in.size() > f.in.size() || call.out.size() > f.out.size())
    return invalid_model("the call has ", call.in.size(), " inputs and ", call.out.size(),
                         " outputs, function ", quoted(f.name), " has ", f.in.size(), " and ", f.out.size());

  Bindings bindings;
  for (const std::vector<AttrP>* list : {&call.attrs, &f.defaults}) {
    for (const AttrP& a : *list) {
      if (bindings.contains(a.name)) continue;
      LITE_ASSIGN(std::optional<BoundAttr> bound, attribute(a));
      if (bound) bindings.emplace(a.name, std::move(*bound));
    }
  }
  LITE_ASSIGN(std::vector<ValueId> args, inputs_of(call));
  args.resize(f.in.size(), kNoValue);

  const std::string name = name_of(call);
  // Names are written once for each time that the function is inlined, which the file's size does not bound.
  for (const NodeP& n : f.nodes) {
    uint64_t letters = n.name.size() + 2 * (name.size() + sizeof(std::string));
    for (const std::string_view out : n.out) letters += out.size() + name.size() + sizeof(std::string);
    LITE_TRY(import_.tensors.charge(letters));
  }
  Scope inner(import_, to_, nullptr, f.opsets, &bindings, name + "/");
  for (const ValueInfoP& v : f.value_info) inner.declared_.insert_or_assign(v.name, v.type);
  for (size_t i = 0; i < f.in.size(); ++i)
    if (!inner.names_.emplace(f.in[i], args[i]).second)
      return invalid_model("function ", quoted(f.name), " has input ", quoted(f.in[i]), " twice");
  import_.calls.push_back(&f);
  Status s = inner.add_nodes(f.nodes);
  import_.calls.pop_back();
  if (s.is_ok()) s = bind_results(call, f, inner, args);
  return std::move(s).with_context(cat("function ", quoted(f.name)));
}

// A value that the body makes takes the name that the caller gives it; a value passed through gets a node of
// its own.
Status Scope::bind_results(const NodeP& call, const FunctionP& f, Scope& inner,
                           const std::vector<ValueId>& args) {
  std::vector<ValueId> taken = args;
  for (size_t i = 0; i < call.out.size(); ++i) {
    if (call.out[i].empty()) continue;
    const auto v = inner.find(f.out[i]);
    if (!v || *v == kNoValue) return invalid_model("its output ", quoted(f.out[i]), " is made by no node");
    ValueId result = *v;
    const std::string name = prefix_ + std::string(call.out[i]);
    if (graph().value(result).is_constant() || std::find(taken.begin(), taken.end(), result) != taken.end()) {
      result = graph().add_value(name);
      Node copy;
      copy.name = name;
      copy.in = {*v};
      copy.out = {result};
      LITE_TRY(place(std::move(copy), "Identity", "", kNewestOpset));
    }
    graph().value(result).name = name;
    taken.push_back(result);
    LITE_TRY(declare(call.out[i], result));
  }
  return ok();
}

}  // namespace lite::onnx
