#include "core/passes/rewrite.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/ops/registry.h"

namespace lite::passes {

Rewriter::Rewriter(Graph& graph)
    : graph_(graph),
      memory_(static_cast<size_t>(graph.num_values()) * (sizeof(users_[0]) + 4 * sizeof(NodeId)) + 64),
      users_(&memory_) {
  const std::vector<int32_t> counts = graph.use_counts();
  users_.resize(counts.size());
  for (size_t v = 0; v < counts.size(); ++v)
    if (counts[v] > 0) users_[v].reserve(static_cast<size_t>(counts[v]));
  for (NodeId id = 0; id < graph.num_nodes(); ++id)
    if (graph.alive(id))
      for (const ValueId v : graph.node(id).in) add_use(v, id);
  is_output_.resize(users_.size(), 0);
  for (const ValueId v : graph.outputs) is_output_[static_cast<size_t>(v)] = 1;
}

bool Rewriter::is(NodeId n, std::string_view op, std::string_view domain) const {
  if (n == kNoNode || !alive(n)) return false;
  const OpDef& def = *node(n).op;
  return op == def.name && domain == def.domain;
}

NodeId Rewriter::made_by(ValueId v, std::string_view op, std::string_view domain) const {
  const NodeId n = producer(v);
  return is(n, op, domain) && out(n) == v ? n : kNoNode;
}

ValueId Rewriter::in(NodeId n, size_t i) const {
  const auto& list = node(n).in;
  return i < list.size() ? list[i] : kNoValue;
}

ValueId Rewriter::out(NodeId n, size_t i) const {
  const auto& list = node(n).out;
  return i < list.size() ? list[i] : kNoValue;
}

int Rewriter::input_index(NodeId n, ValueId v) const {
  const auto& list = node(n).in;
  const auto it = std::find(list.begin(), list.end(), v);
  return it == list.end() ? -1 : static_cast<int>(it - list.begin());
}

const Tensor* Rewriter::constant(ValueId v) const {
  return v != kNoValue && graph_.value(v).is_constant() ? &graph_.value(v).constant : nullptr;
}

std::optional<double> Rewriter::scalar(ValueId v) const {
  const Tensor* t = constant(v);
  if (t == nullptr || t->elements() != 1) return std::nullopt;
  if (!is_float(t->dtype()) && !is_int(t->dtype()) && t->dtype() != DType::kBool) return std::nullopt;
  return t->float_at(0);
}

bool Rewriter::is_scalar(ValueId v, double want) const {
  const auto s = scalar(v);
  return s && std::abs(*s - want) <= 1e-5 * std::abs(want);
}

std::optional<Rewriter::ScalarAndOther> Rewriter::scalar_and_other(NodeId n) const {
  if (node(n).in.size() != 2) return std::nullopt;
  for (const size_t i : {size_t{0}, size_t{1}})
    if (const auto s = scalar(in(n, i)); s && constant_in(n, 1 - i) == nullptr)
      return ScalarAndOther{*s, in(n, 1 - i)};
  return std::nullopt;
}

ValueId Rewriter::other_input(NodeId n, ValueId v) const {
  if (node(n).in.size() != 2) return kNoValue;
  if (in(n, 0) == v) return in(n, 1);
  return in(n, 1) == v ? in(n, 0) : kNoValue;
}

void Rewriter::grow() {
  users_.resize(static_cast<size_t>(graph_.num_values()));
  is_output_.resize(users_.size(), 0);
}

void Rewriter::add_use(ValueId v, NodeId n) {
  if (v != kNoValue) users_[static_cast<size_t>(v)].push_back(n);
}

void Rewriter::drop_use(ValueId v, NodeId n) {
  if (v == kNoValue) return;
  auto& list = users_[static_cast<size_t>(v)];
  const auto it = std::find(list.begin(), list.end(), n);
  assert(it != list.end());
  list.erase(it);
}

ValueId Rewriter::add_constant(std::string name, Tensor tensor) {
  const ValueId v = graph_.add_constant(std::move(name), std::move(tensor));
  grow();
  return v;
}

ValueId Rewriter::add_value(std::string name, Fact fact) {
  const ValueId v = graph_.add_value(std::move(name), std::move(fact));
  grow();
  return v;
}

NodeId Rewriter::add_node(Node node) {
  const NodeId id = graph_.add_node(std::move(node));
  for (const ValueId v : graph_.node(id).in) add_use(v, id);
  changed_ = true;
  return id;
}

ValueId Rewriter::add(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs, const char* domain) {
  const ValueId v = graph_.add_value({});
  grow();
  infer(remake(v, op, std::move(in), std::move(attrs), domain));
  return v;
}

void Rewriter::infer(NodeId n) {
  const Node& node = graph_.node(n);
  std::vector<Fact> in(node.in.size()), out(node.out.size());
  std::vector<const Tensor*> values(node.in.size(), nullptr);
  std::vector<Tensor> out_values(node.out.size());
  for (size_t i = 0; i < in.size(); ++i) {
    if (node.in[i] == kNoValue) continue;
    in[i] = fact(node.in[i]);
    values[i] = constant(node.in[i]);
  }
  // What does not fit shows when the pipeline infers the whole graph, with the node's name.
  if (!node.op->infer(InferArgs{AttrReader(node), in, values, out, out_values, {}}).is_ok()) return;
  for (size_t i = 0; i < out.size(); ++i)
    if (node.out[i] != kNoValue) graph_.value(node.out[i]).fact = std::move(out[i]);
}

void Rewriter::detach(ValueId v) {
  const NodeId old = producer(v);
  if (old == kNoNode) return;
  auto& outs = graph_.node(old).out;
  std::replace(outs.begin(), outs.end(), v, kNoValue);
  graph_.value(v).producer = kNoNode;
}

NodeId Rewriter::remake(ValueId v, const char* op, std::vector<ValueId> in, std::vector<Attr> attrs,
                        const char* domain) {
  return remake_all({v}, op, std::move(in), std::move(attrs), domain);
}

NodeId Rewriter::remake_all(std::vector<ValueId> outs, const char* op, std::vector<ValueId> in,
                            std::vector<Attr> attrs, const char* domain) {
  std::vector<NodeId> old;
  for (const ValueId v : outs)
    if (producer(v) != kNoNode) old.push_back(producer(v));
  Node node;
  node.op = &ops::get(op, domain);
  if (!old.empty()) node.name = graph_.node(old[0]).name;
  node.in = std::move(in);
  node.out = std::move(outs);
  node.attrs = std::move(attrs);
  for (const ValueId v : node.out)
    if (v != kNoValue) detach(v);
  const NodeId id = graph_.add_node(std::move(node));
  for (const ValueId i : graph_.node(id).in) add_use(i, id);
  for (const NodeId n : old) remove_if_dead(n);
  changed_ = true;
  return id;
}

void Rewriter::set_attr(NodeId n, std::string_view name, Attr::Data data) {
  graph_.node(n).set(name, std::move(data));
  changed_ = true;
}

void Rewriter::set_input(NodeId n, size_t i, ValueId v) {
  auto& list = graph_.node(n).in;
  if (i >= list.size()) list.resize(i + 1, kNoValue);
  const ValueId old = list[i];
  if (old == v) return;
  drop_use(old, n);
  list[i] = v;
  add_use(v, n);
  changed_ = true;
  if (producer(old) != kNoNode) remove_if_dead(producer(old));
}

bool Rewriter::replace(ValueId from, ValueId to) {
  assert(from != to);
  const auto move_uses = [&](ValueId a, ValueId b) {
    const auto list = std::move(users_[static_cast<size_t>(a)]);
    users_[static_cast<size_t>(a)].clear();
    for (const NodeId n : list) {
      auto& ins = graph_.node(n).in;
      *std::find(ins.begin(), ins.end(), a) = b;
      add_use(b, n);
    }
    return !list.empty();
  };
  bool any = false;
  const NodeId maker = producer(to);
  if (is_output(from) && maker != kNoNode && !is_output(to)) {
    const NodeId old = producer(from);
    detach(from);
    auto& outs = graph_.node(maker).out;
    std::replace(outs.begin(), outs.end(), to, from);
    graph_.value(from).producer = maker;
    graph_.value(to).producer = kNoNode;
    if (old != kNoNode) remove_if_dead(old);
    move_uses(to, from);
    any = true;
  } else {
    any = move_uses(from, to);
    if (is_output(from)) {
      if (made_by(from, "Identity") == kNoNode || in(producer(from), 0) != to) {
        remake(from, "Identity", {to});
        any = true;
      }
    } else if (producer(from) != kNoNode) {
      remove_if_dead(producer(from));
      any = true;
    }
  }
  changed_ |= any;
  return any;
}

void Rewriter::fold(ValueId v, Tensor tensor) {
  const NodeId old = producer(v);
  detach(v);
  graph_.make_constant(v, std::move(tensor));
  if (old != kNoNode) remove_if_dead(old);
  changed_ = true;
}

void Rewriter::remove_if_dead(NodeId first) {
  std::vector<NodeId> stack{first};
  while (!stack.empty()) {
    const NodeId n = stack.back();
    stack.pop_back();
    if (!alive(n)) continue;
    const auto& outs = node(n).out;
    if (std::any_of(outs.begin(), outs.end(),
                    [&](ValueId v) { return v != kNoValue && (is_output(v) || !users(v).empty()); }))
      continue;
    for (const ValueId v : node(n).in) {
      drop_use(v, n);
      if (producer(v) != kNoNode) stack.push_back(producer(v));
    }
    graph_.remove_node(n);
    changed_ = true;
  }
}

}  // namespace lite::passes
