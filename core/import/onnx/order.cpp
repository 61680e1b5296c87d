// The order in which nodes are built, single assignment, cycles.
#include <queue>
#include <unordered_set>

#include "core/import/onnx/scope.h"

namespace lite::onnx {
namespace {

// Names that a graph takes from around it.
void add_free_names(const GraphP& g, std::vector<std::string_view>& names) {
  std::unordered_set<std::string_view> own;
  for (const ValueInfoP& v : g.inputs) own.insert(v.name);
  for (const TensorP& t : g.initializers) own.insert(t.name);
  for (const SparseP& s : g.sparse_initializers)
    for (const TensorP& t : s.values) own.insert(t.name);
  for (const NodeP& n : g.nodes) own.insert(n.out.begin(), n.out.end());
  std::vector<std::string_view> used;
  for (const NodeP& n : g.nodes) {
    used.insert(used.end(), n.in.begin(), n.in.end());
    for (const AttrP& a : n.attrs)
      for (const GraphP& body : a.graphs) add_free_names(body, used);
  }
  for (const ValueInfoP& v : g.outputs) used.push_back(v.name);
  for (const std::string_view name : used)
    if (!own.contains(name)) names.push_back(name);
}

// Gradient names the values that it differentiates in attributes.
void add_named_in_attributes(const NodeP& n, std::vector<std::string_view>& names) {
  if (n.op_type != "Gradient" || n.domain != "ai.onnx.preview.training") return;
  for (const AttrP& a : n.attrs) {
    if (a.name == "y") names.push_back(a.s);
    if (a.name == "xs" || a.name == "zs") names.insert(names.end(), a.strings.begin(), a.strings.end());
  }
}

std::string title(const NodeP& n, size_t index) {
  if (!n.name.empty()) return cat(n.op_type, " ", quoted(n.name));
  return cat(n.op_type, " number ", index);
}

}  // namespace

Result<std::vector<size_t>> Scope::order(const std::vector<NodeP>& nodes) const {
  std::unordered_map<std::string_view, size_t> maker;
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string_view out : nodes[i].out) {
      if (out.empty()) continue;
      if (names_.contains(out))
        return invalid_model(title(nodes[i], i), ": makes ", quoted(out),
                             ", which is an input or initializer already");
      const auto [it, added] = maker.emplace(out, i);
      if (!added)
        return invalid_model("value ", quoted(out), " is made twice, by ",
                             title(nodes[it->second], it->second), " and by ", title(nodes[i], i));
    }
  }
  // Almost always the nodes are in order already; the lowest ready index goes first, so that order is kept.
  std::vector<std::vector<size_t>> users(nodes.size());
  std::vector<size_t> waiting(nodes.size(), 0);
  std::vector<std::string_view> needs;
  for (size_t i = 0; i < nodes.size(); ++i) {
    needs.assign(nodes[i].in.begin(), nodes[i].in.end());
    for (const AttrP& a : nodes[i].attrs)
      for (const GraphP& body : a.graphs) add_free_names(body, needs);
    add_named_in_attributes(nodes[i], needs);
    for (const std::string_view name : needs) {
      const auto it = maker.find(name);
      if (it == maker.end()) continue;
      users[it->second].push_back(i);
      ++waiting[i];
    }
  }
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < nodes.size(); ++i)
    if (waiting[i] == 0) ready.push(i);
  std::vector<size_t> result;
  result.reserve(nodes.size());
  while (!ready.empty()) {
    const size_t i = ready.top();
    ready.pop();
    result.push_back(i);
    for (const size_t user : users[i])
      if (--waiting[user] == 0) ready.push(user);
  }
  if (result.size() == nodes.size()) return result;
  // What still waits is on a cycle or behind one; going back along what waits ends on it.
  std::vector<size_t> behind(nodes.size(), 0);
  size_t at = 0;
  for (size_t i = nodes.size(); i-- > 0;) {
    if (waiting[i] == 0) continue;
    at = i;
    for (const size_t user : users[i]) behind[user] = i;
  }
  for (size_t steps = 0; steps < nodes.size(); ++steps) at = behind[at];
  return invalid_model("the graph has a cycle through ", title(nodes[at], at));
}

}  // namespace lite::onnx
