#include "core/ir/graph.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace lite {

bool Fact::is_static() const {
  return kind == Kind::kTensor && has_rank &&
         std::all_of(dims.begin(), dims.end(), [](int64_t d) { return d >= 0; });
}

bool operator==(const Fact& a, const Fact& b) {
  if (a.dtype != b.dtype || a.kind != b.kind || a.has_rank != b.has_rank || !(a.dims == b.dims)) return false;
  if (!a.element || !b.element) return a.element == b.element;
  return *a.element == *b.element;
}

const Attr* Node::find(std::string_view attr) const {
  for (const Attr& a : attrs)
    if (a.name == attr) return &a;
  return nullptr;
}

void Node::set(std::string_view attr, Attr::Data data) {
  for (Attr& a : attrs) {
    if (a.name == attr) {
      a.data = std::move(data);
      return;
    }
  }
  attrs.push_back({std::string(attr), std::move(data)});
}

bool Node::erase(std::string_view attr) {
  return std::erase_if(attrs, [&](const Attr& a) { return a.name == attr; }) != 0;
}

ValueId Graph::add_value(std::string value_name, Fact fact) {
  values_.push_back({std::move(value_name), std::move(fact), {}, kNoNode});
  return num_values() - 1;
}

ValueId Graph::add_constant(std::string value_name, Tensor tensor) {
  const ValueId v = add_value(std::move(value_name), Fact(tensor.dtype(), tensor.dims()));
  value(v).constant = std::move(tensor);
  return v;
}

ValueId Graph::add_input(std::string value_name, Fact fact) {
  inputs.push_back(add_value(std::move(value_name), std::move(fact)));
  return inputs.back();
}

NodeId Graph::add_node(Node n) {
  nodes_.push_back(std::move(n));
  const NodeId id = num_nodes() - 1;
  for (const ValueId v : nodes_.back().out)
    if (v != kNoValue) value(v).producer = id;
  return id;
}

int64_t Graph::symbol(std::string_view symbol_name) {
  if (!symbol_name.empty())
    for (size_t i = 0; i < symbols.size(); ++i)
      if (symbols[i] == symbol_name) return symbol_dim(static_cast<int64_t>(i));
  symbols.emplace_back(symbol_name);
  return symbol_dim(static_cast<int64_t>(symbols.size()) - 1);
}

std::vector<int32_t> Graph::use_counts() const {
  std::vector<int32_t> count(values_.size(), 0);
  for (const Node& n : nodes_) {
    if (n.op == nullptr) continue;
    for (const ValueId v : n.in)
      if (v != kNoValue) ++count[static_cast<size_t>(v)];
  }
  for (const ValueId v : outputs) ++count[static_cast<size_t>(v)];
  return count;
}

std::vector<std::vector<NodeId>> Graph::users() const {
  std::vector<std::vector<NodeId>> result(values_.size());
  for (NodeId id = 0; id < num_nodes(); ++id) {
    if (!alive(id)) continue;
    for (const ValueId v : node(id).in)
      if (v != kNoValue) result[static_cast<size_t>(v)].push_back(id);
  }
  return result;
}

void Graph::replace_uses(ValueId from, ValueId to) {
  for (Node& n : nodes_)
    if (n.op != nullptr) std::replace(n.in.begin(), n.in.end(), from, to);
  std::replace(outputs.begin(), outputs.end(), from, to);
}

void Graph::remove_node(NodeId id) {
  Node& n = node(id);
  for (const ValueId v : n.out)
    if (v != kNoValue && value(v).producer == id) value(v).producer = kNoNode;
  n = Node{};
}

void Graph::make_constant(ValueId v, Tensor tensor) {
  Value& val = value(v);
  if (val.producer != kNoNode) {
    Node& n = node(val.producer);
    std::replace(n.out.begin(), n.out.end(), v, kNoValue);
    if (std::all_of(n.out.begin(), n.out.end(), [](ValueId o) { return o == kNoValue; }))
      remove_node(val.producer);
    val.producer = kNoNode;
  }
  val.fact = Fact(tensor.dtype(), tensor.dims());
  val.constant = std::move(tensor);
}

Result<std::vector<NodeId>> Graph::topological_order() const {
  // Kahn's algorithm; among ready nodes the lowest id goes first, so an ordered graph keeps its order.
  std::vector<NodeId> heap, order;
  size_t live = 0;
  bool ordered = true;
  order.reserve(nodes_.size());
  for (NodeId id = 0; id < num_nodes() && ordered; ++id) {
    if (!alive(id)) continue;
    for (const ValueId v : node(id).in) ordered &= v == kNoValue || value(v).producer < id;
    order.push_back(id);
  }
  if (ordered) return order;
  order.clear();
  std::vector<int32_t> waiting(nodes_.size(), 0);
  // users[first_user[v], first_user[v + 1]) use value v.
  std::vector<uint32_t> first_user(values_.size() + 2, 0);
  for (NodeId id = 0; id < num_nodes(); ++id) {
    if (!alive(id)) continue;
    ++live;
    for (const ValueId v : node(id).in) {
      if (v == kNoValue || value(v).producer == kNoNode) continue;
      ++waiting[static_cast<size_t>(id)];
      ++first_user[static_cast<size_t>(v) + 2];
    }
    if (waiting[static_cast<size_t>(id)] == 0) heap.push_back(id);
  }
  std::partial_sum(first_user.begin(), first_user.end(), first_user.begin());
  std::vector<NodeId> users(first_user.back());
  for (NodeId id = 0; id < num_nodes(); ++id) {
    if (waiting[static_cast<size_t>(id)] == 0) continue;
    for (const ValueId v : node(id).in)
      if (v != kNoValue && value(v).producer != kNoNode) users[first_user[static_cast<size_t>(v) + 1]++] = id;
  }
  const auto later = [](NodeId a, NodeId b) { return a > b; };
  std::make_heap(heap.begin(), heap.end(), later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const NodeId id = heap.back();
    heap.pop_back();
    order.push_back(id);
    for (const ValueId v : node(id).out) {
      if (v == kNoValue) continue;
      for (uint32_t u = first_user[static_cast<size_t>(v)]; u < first_user[static_cast<size_t>(v) + 1]; ++u) {
        if (--waiting[static_cast<size_t>(users[u])] != 0) continue;
        heap.push_back(users[u]);
        std::push_heap(heap.begin(), heap.end(), later);
      }
    }
  }
  if (order.size() != live) {
    for (NodeId id = 0; id < num_nodes(); ++id)
      if (alive(id) && waiting[static_cast<size_t>(id)] > 0)
        return invalid_model("the graph has a cycle through node '", node(id).name, "'");
  }
  return order;
}

Status Graph::compact(std::vector<ValueId>* moved_values) {
  LITE_ASSIGN(const std::vector<NodeId> order, topological_order());
  std::vector<ValueId> moved(values_.size(), kNoValue);
  std::vector<Value> new_values;
  new_values.reserve(values_.size());
  const auto keep = [&](ValueId v) {
    if (v == kNoValue) return kNoValue;
    ValueId& to = moved[static_cast<size_t>(v)];
    if (to == kNoValue) {
      to = static_cast<ValueId>(new_values.size());
      new_values.push_back(std::move(value(v)));
      new_values.back().producer = kNoNode;
    }
    return to;
  };
  for (ValueId& v : inputs) v = keep(v);
  for (Capture& c : captures) c.inner = keep(c.inner);
  std::vector<Node> new_nodes;
  new_nodes.reserve(order.size());
  for (const NodeId id : order) {
    new_nodes.push_back(std::move(node(id)));
    for (ValueId& v : new_nodes.back().in) v = keep(v);
    for (ValueId& v : new_nodes.back().out) {
      v = keep(v);
      if (v != kNoValue)
        new_values[static_cast<size_t>(v)].producer = static_cast<NodeId>(new_nodes.size()) - 1;
    }
  }
  for (ValueId& v : outputs) v = keep(v);
  nodes_ = std::move(new_nodes);
  values_ = std::move(new_values);
  if (moved_values != nullptr) *moved_values = std::move(moved);
  return ok();
}

}  // namespace lite
