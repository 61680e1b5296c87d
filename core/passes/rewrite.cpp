#include "core/passes/rewrite.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/ops/registry.h"

namespace lite::passes {

Rewriter::Rewriter(Graph& graph)
    : graph_(graph), memory_(static_cast<size_t>(graph.num_values()) * 2 * sizeof(NodeId) + 64) {
  index();
}

void Rewriter::index() {
  const auto values = static_cast<size_t>(graph_.num_values());
  users_.assign(values, {});
  is_output_.assign(values, 0);
  touched_.resize(values, 0);
  present_.reset();
  memory_.release();
  const OpDef* last = nullptr;
  size_t uses = 0;
  for (NodeId id = 0; id < num_nodes(); ++id) {
    const Node& n = graph_.node(id);
    if (n.op == nullptr) continue;
    if (n.op.get() != last) add_op(last = n.op.get());
    uses += n.in.size();
    for (const ValueId v : n.in)
      if (v != kNoValue) ++users_[static_cast<size_t>(v)].capacity;
  }
  auto* place = static_cast<NodeId*>(memory_.allocate(uses * sizeof(NodeId), alignof(NodeId)));
  for (Users& list : users_) {
    list.nodes = place;
    place += list.capacity;
  }
  for (NodeId id = 0; id < num_nodes(); ++id)
    if (alive(id))
      for (const ValueId v : node(id).in) add_use(v, id);
  for (const ValueId v : graph_.outputs) is_output_[static_cast<size_t>(v)] = 1;
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
  touched_.resize(users_.size(), 0);
  edit();
}

void Rewriter::add_use(ValueId v, NodeId n) {
  if (v == kNoValue) return;
  Users& list = users_[static_cast<size_t>(v)];
  if (list.size == list.capacity) {
    // The old place is left to those who may still look at it.
    list.capacity = 2 * list.capacity + 2;
    auto* const nodes =
        static_cast<NodeId*>(memory_.allocate(list.capacity * sizeof(NodeId), alignof(NodeId)));
    std::copy_n(list.nodes, list.size, nodes);
    list.nodes = nodes;
  }
  list.nodes[list.size++] = n;
}

void Rewriter::drop_use(ValueId v, NodeId n) {
  if (v == kNoValue) return;
  Users& list = users_[static_cast<size_t>(v)];
  NodeId* const end = list.nodes + list.size;
  NodeId* const it = std::find(list.nodes, end, n);
  assert(it != end);
  std::copy(it + 1, end, it);
  --list.size;
}

void Rewriter::touch(NodeId n) {
  edit();
  for (const ValueId v : graph_.node(n).out)
    if (v != kNoValue) touched_[static_cast<size_t>(v)] |= kMakerChanged;
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
  add_op(node.op);
  const NodeId id = graph_.add_node(std::move(node));
  for (const ValueId v : graph_.node(id).in) add_use(v, id);
  touch(id);
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
  touch(old);
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
  const NodeId id = add_node(std::move(node));
  for (const NodeId n : old) remove_if_dead(n);
  return id;
}

void Rewriter::set_attr(NodeId n, std::string_view name, Attr::Data data) {
  graph_.node(n).set(name, std::move(data));
  touch(n);
  changed_ = true;
}

void Rewriter::drop_output(NodeId n, size_t i) {
  detach(out(n, i));
  changed_ = true;
}

void Rewriter::keep_outputs(NodeId n, size_t count) {
  graph_.node(n).out.resize(count);
  touch(n);
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
  touch(n);
  changed_ = true;
  if (producer(old) != kNoNode) remove_if_dead(producer(old));
}

bool Rewriter::replace(ValueId from, ValueId to) {
  assert(from != to);
  const auto move_uses = [&](ValueId a, ValueId b) {
    const std::span<const NodeId> list = users(a);
    users_[static_cast<size_t>(a)] = {};
    for (const NodeId n : list) {
      auto& ins = graph_.node(n).in;
      *std::find(ins.begin(), ins.end(), a) = b;
      add_use(b, n);
      touch(n);
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
    touch(maker);
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
  touched_[static_cast<size_t>(v)] |= kUsersChange;
  edit();
  if (old != kNoNode) remove_if_dead(old);
  changed_ = true;
}

void Rewriter::remove_if_dead(NodeId first) {
  const auto is_dead = [&](NodeId n) {
    if (!alive(n)) return false;
    const auto& outs = node(n).out;
    return std::none_of(outs.begin(), outs.end(), [&](ValueId v) { return is_used(v); });
  };
  if (!is_dead(first)) return;
  std::vector<NodeId> stack{first};
  while (!stack.empty()) {
    const NodeId n = stack.back();
    stack.pop_back();
    if (!is_dead(n)) continue;
    for (const ValueId v : node(n).in) {
      drop_use(v, n);
      if (producer(v) != kNoNode) stack.push_back(producer(v));
    }
    graph_.remove_node(n);
    edit();
    changed_ = true;
  }
}

Status Rewriter::infer_changed(NodeId id) {
  const Node& n = graph_.node(id);
  if (Status s = infer_node(graph_, id, known_); !s.is_ok())
    return std::move(s).with_context(cat(n.op->name, " '", n.name, "'"));
  for (const ValueId v : n.out) any_known_ |= v != kNoValue && known_[static_cast<size_t>(v)].defined();
  return ok();
}

Status Rewriter::infer_all() {
  LITE_ASSIGN(const std::vector<NodeId> order, graph_.topological_order());
  known_.assign(static_cast<size_t>(graph_.num_values()), {});
  for (const NodeId id : order) LITE_TRY(infer_changed(id));
  return ok();
}

Status Rewriter::order_nodes() {
  LITE_ASSIGN(const std::vector<NodeId> order, graph_.topological_order());
  NodeId first = 0;
  const auto live = static_cast<NodeId>(order.size());
  while (first < live && order[static_cast<size_t>(first)] == first) ++first;
  std::vector<Node> moved;
  moved.reserve(static_cast<size_t>(live - first));
  for (NodeId id = first; id < live; ++id)
    moved.push_back(std::move(graph_.node(order[static_cast<size_t>(id)])));
  for (NodeId id = first; id < num_nodes(); ++id) {
    Node& n = graph_.node(id);
    n = id < live ? std::move(moved[static_cast<size_t>(id - first)]) : Node{};
    for (const ValueId v : n.out)
      if (v != kNoValue) graph_.value(v).producer = id;
  }
  return ok();
}

Status Rewriter::compact() {
  if (!scattered_) return ok();
  std::vector<ValueId> moved;
  LITE_TRY(graph_.compact(&moved));
  std::vector<uint8_t> touched(static_cast<size_t>(graph_.num_values()), 0);
  std::vector<Tensor> known(touched.size());
  for (size_t v = 0; v < moved.size(); ++v) {
    if (moved[v] == kNoValue) continue;
    const auto to = static_cast<size_t>(moved[v]);
    touched[to] = touched_[v];
    if (any_known_ && v < known_.size()) known[to] = std::move(known_[v]);
  }
  touched_ = std::move(touched);
  known_ = std::move(known);
  index();
  scattered_ = false;
  return ok();
}

Status Rewriter::settle() {
  if (!edited_) return ok();
  LITE_TRY(order_nodes());
  index();
  known_.resize(static_cast<size_t>(graph_.num_values()));
  const auto has = [&](std::span<const ValueId> ids, uint8_t what) {
    return std::any_of(ids.begin(), ids.end(), [&](ValueId v) {
      return v != kNoValue && (touched_[static_cast<size_t>(v)] & what) != 0;
    });
  };
  std::vector<Fact> before;
  for (NodeId id = 0; id < num_nodes(); ++id) {
    const Node& n = node(id);
    if (!has(n.out, kMakerChanged) && !has(n.in, kUsersChange)) continue;
    before.clear();
    for (const ValueId v : n.out) {
      before.push_back(v == kNoValue ? Fact() : fact(v));
      if (v == kNoValue || !known_[static_cast<size_t>(v)].defined()) continue;
      known_[static_cast<size_t>(v)] = {};
      touched_[static_cast<size_t>(v)] |= kUsersChange;
    }
    LITE_TRY(infer_changed(id));
    // What a shape is computed from is followed over several nodes, so all that hangs on such a value counts
    // as changed.
    constexpr TypeSet kInShapes = types::kIndex | DType::kBool;
    for (size_t i = 0; i < n.out.size(); ++i)
      if (n.out[i] != kNoValue && (kInShapes.has(dtype(n.out[i])) || !(before[i] == fact(n.out[i])) ||
                                   known_[static_cast<size_t>(n.out[i])].defined()))
        touched_[static_cast<size_t>(n.out[i])] |= kUsersChange;
  }
  touched_.assign(touched_.size(), 0);
  edited_ = false;
#ifndef NDEBUG
  LITE_TRY(graph_.verify());
  Graph all = graph_;
  LITE_TRY(infer_graph(all));
  for (ValueId v = 0; v < all.num_values(); ++v) assert(all.value(v).fact == fact(v));
#endif
  return ok();
}

}  // namespace lite::passes
