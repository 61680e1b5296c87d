// What passes look at and edit a graph with: use lists that stay right while nodes come and go. One serves
// all passes of a list in turn; it knows what they changed, so that no more than that is inferred anew after
// each.
//
// A value keeps its id, name and fact while another node comes to make it (remake), so the outputs of the
// graph are safe. Where a value becomes another that already exists (replace), an output of the graph takes
// the place of that other value at its producer, or, when there is none to take, stays as an Identity.
#pragma once

#include <bitset>
#include <cstring>
#include <initializer_list>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/ir/op_def.h"

namespace lite::passes {

// Whether an attribute, which is a float32, can stand for a number of that type.
inline bool fits_attribute(DType type, double v) {
  return type != DType::kF64 || static_cast<double>(static_cast<float>(v)) == v;
}

class Rewriter {
 public:
  // Must outlive no other edit of the graph. Until infer_all() its facts count as inferred, and no contents
  // as known but those of constants.
  explicit Rewriter(Graph& graph);
  Rewriter(const Rewriter&) = delete;
  Rewriter& operator=(const Rewriter&) = delete;

  Graph& graph() { return graph_; }

  // ---- looking. References and pointers to nodes are good until the next edit.

  int32_t num_nodes() const { return graph_.num_nodes(); }
  bool alive(NodeId n) const { return graph_.alive(n); }
  const Node& node(NodeId n) const { return graph_.node(n); }
  AttrReader attrs(NodeId n) const { return AttrReader(graph_.node(n)); }
  bool is(NodeId n, const char* op, const char* domain = "") const {
    const OpDef* const def = n == kNoNode ? nullptr : node(n).op.get();
    return def != nullptr && *def->name == *op && std::strcmp(def->name, op) == 0 &&
           std::strcmp(def->domain, domain) == 0;
  }
  // False when certainly no node is one of these operators: a pass that starts from them then need not look.
  bool has_any(std::initializer_list<std::string_view> ops) const {
    for (const std::string_view op : ops)
      if (present_[hash_of(op)]) return true;
    return false;
  }
  const Fact& fact(ValueId v) const { return graph_.value(v).fact; }
  DType dtype(ValueId v) const { return fact(v).dtype; }
  NodeId producer(ValueId v) const { return v == kNoValue ? kNoNode : graph_.value(v).producer; }
  // The node that makes v as its output 0, when it is that operator; else kNoNode.
  NodeId made_by(ValueId v, const char* op, const char* domain = "") const {
    const NodeId n = producer(v);
    return is(n, op, domain) && node(n).out[0] == v ? n : kNoNode;
  }
  // kNoValue when left out.
  ValueId in(NodeId n, size_t i) const;
  ValueId out(NodeId n, size_t i = 0) const;
  // The place of v among the inputs of n; -1 when it is none.
  int input_index(NodeId n, ValueId v) const;
  // Nodes that use v, one entry a use.
  std::span<const NodeId> users(ValueId v) const {
    const Users& list = users_[static_cast<size_t>(v)];
    return {list.nodes, list.size};
  }
  bool is_output(ValueId v) const { return is_output_[static_cast<size_t>(v)] != 0; }
  // By a node, or as an output of the graph; kNoValue is not.
  bool is_used(ValueId v) const { return v != kNoValue && (!users(v).empty() || is_output(v)); }
  // One use in all: by a node, once, and not as an output of the graph.
  bool used_once(ValueId v) const { return users(v).size() == 1 && !is_output(v); }
  // That one user, else kNoNode.
  NodeId only_user(ValueId v) const { return used_once(v) ? users(v)[0] : kNoNode; }

  // The content of a constant; nullptr for all else.
  const Tensor* constant(ValueId v) const;
  const Tensor* constant_in(NodeId n, size_t i) const { return constant(in(n, i)); }
  // The one element of a constant that has only one, whatever its rank.
  std::optional<double> scalar(ValueId v) const;
  // A one-element constant within a relative 1e-5 of `want`: exporters round their constants to float32 or
  // less.
  bool is_scalar(ValueId v, double want) const;
  // The inputs of a commutative node of two: {constant one-element, other}, when there is such a pair.
  struct ScalarAndOther {
    double scalar;
    ValueId other;
  };
  std::optional<ScalarAndOther> scalar_and_other(NodeId n) const;
  // The other of the two inputs of n when one of them is v; kNoValue otherwise.
  ValueId other_input(NodeId n, ValueId v) const;

  // ---- editing

  ValueId add_constant(std::string name, Tensor tensor);
  ValueId add_value(std::string name, Fact fact);
  // A node as it is, making values that nobody makes yet.
  NodeId add_node(Node node);
  // A new node with one output, whose fact is inferred.
  ValueId add(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {}, const char* domain = "");
  // v, with its name and fact, is from now on made by this node; who made it before loses it, and goes if
  // nothing else of it is used. The new node is called like the old one.
  NodeId remake(ValueId v, const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {},
                const char* domain = "");
  // The same for a node with several outputs, kNoValue for those left out.
  NodeId remake_all(std::vector<ValueId> outs, const char* op, std::vector<ValueId> in,
                    std::vector<Attr> attrs = {}, const char* domain = "");
  void set_attr(NodeId n, std::string_view name, Attr::Data data);
  // Leaves out output i, which nobody uses.
  void drop_output(NodeId n, size_t i);
  // Cuts off all but the first outputs; the others are left out already.
  void keep_outputs(NodeId n, size_t count);
  void set_input(NodeId n, size_t i, ValueId v);
  // Every use of `from` becomes one of `to`, which has the same type and shape. False when nothing had to
  // change.
  bool replace(ValueId from, ValueId to);
  // v becomes a constant.
  void fold(ValueId v, Tensor tensor);
  // Takes the node away when none of its outputs is used, and then likewise those that made its inputs.
  void remove_if_dead(NodeId n);

  // Since the last start().
  bool changed() const { return changed_; }

  // ---- between passes

  void start() { changed_ = false; }
  // The node means something else than it did, though its inputs and outputs are the same.
  void touch(NodeId n);
  // Infers all facts, and finds all contents that follow from shapes.
  Status infer_all();
  // After edits: puts the nodes in order, those that are gone last, and infers again what may have changed.
  // Ids of nodes change.
  Status settle();
  // Drops what was edited away. All ids change.
  Status compact();

 private:
  struct Users {
    NodeId* nodes = nullptr;
    uint32_t size = 0, capacity = 0;
  };
  enum : uint8_t { kMakerChanged = 1, kUsersChange = 2 };

  static constexpr uint8_t hash_of(std::string_view op) {
    uint32_t h = 2166136261;
    for (const char c : op) h = (h ^ static_cast<uint8_t>(c)) * 16777619;
    return static_cast<uint8_t>(h ^ h >> 8);
  }
  void index();
  Status order_nodes();
  Status infer_changed(NodeId n);
  void edit() { edited_ = scattered_ = true; }
  void add_op(const OpDef* op) { present_[hash_of(op->name)] = true; }
  void grow();
  void add_use(ValueId v, NodeId n);
  void drop_use(ValueId v, NodeId n);
  void detach(ValueId v);
  void infer(NodeId n);

  Graph& graph_;
  std::pmr::monotonic_buffer_resource memory_;  // of the lists
  std::vector<Users> users_;
  std::vector<char> is_output_;
  std::bitset<256> present_;                                   // operators, by the hash of their names
  bool changed_ = false, edited_ = false, scattered_ = false;  // since start(); settle(); compact()
  // By value: what has changed since facts were inferred, and the contents that infer_node() has found.
  std::vector<uint8_t> touched_;
  std::vector<Tensor> known_;
  bool any_known_ = false;
};

}  // namespace lite::passes
