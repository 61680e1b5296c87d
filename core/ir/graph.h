// The graph: ONNX's words at the newest opset, whatever format a model came in.
//
// Ids, not pointers: a graph is cheap to copy and to dump. Constants share their storage between copies.
// A subgraph (the body of If, Loop, Scan) is closed: values of the outer graph that it uses are ordinary
// inputs of the owning node, after the operator's own, and enter the body through `captures`. So a pass that
// looks only at Node::in sees every use.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ir/tensor.h"

namespace lite {

struct OpDef;
class Graph;

// What is known about a value before it exists. A dimension is >= 0 when known, kUnknownDim, or, below that,
// a symbol: two dimensions with the same symbol are equal in every run.
inline constexpr int64_t kUnknownDim = -1;
inline constexpr int64_t symbol_dim(int64_t index) { return -2 - index; }
inline constexpr bool is_symbol(int64_t dim) { return dim <= -2; }
inline constexpr int64_t symbol_index(int64_t dim) { return -2 - dim; }

struct Fact {
  DType dtype = DType::kUndefined;
  Kind kind = Kind::kTensor;
  bool has_rank = false;
  Dims dims;  // when has_rank
  std::shared_ptr<const Fact>
      element;  // of a sequence, optional, or a map's values (dtype is then the keys')

  Fact() = default;
  Fact(DType t) : dtype(t) {}
  Fact(DType t, Dims d) : dtype(t), has_rank(true), dims(std::move(d)) {}

  size_t rank() const { return dims.size(); }
  // Every dimension is a number.
  bool is_static() const;
  friend bool operator==(const Fact& a, const Fact& b);
};

using ValueId = int32_t;
using NodeId = int32_t;
inline constexpr ValueId kNoValue = -1;  // an optional input or output that is left out
inline constexpr NodeId kNoNode = -1;

struct Attr {
  using Graphs = std::shared_ptr<const Graph>;
  using Data = std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<float>,
                            std::vector<std::string>, Tensor, std::vector<Tensor>, Graphs, Fact>;
  std::string name;
  Data data;
};

// How a value of the owning node's graph enters a body: node.in[input] is the body's value `inner`.
struct Capture {
  int32_t input;
  ValueId inner;
};

// The operator of a node. Those of this build live for ever; one that a program registered lives as long as
// something refers to it.
class OpRef {
 public:
  OpRef(std::nullptr_t = nullptr) noexcept {}
  OpRef(const OpDef* of_this_build) noexcept : op_(std::shared_ptr<const void>(), of_this_build) {}
  OpRef(std::shared_ptr<const OpDef> registered) noexcept : op_(std::move(registered)) {}
  const OpDef* get() const noexcept { return op_.get(); }
  operator const OpDef*() const noexcept { return op_.get(); }
  const OpDef* operator->() const noexcept { return op_.get(); }

 private:
  std::shared_ptr<const OpDef> op_;
};

struct Node {
  OpRef op;
  std::string name;              // for messages and profiles; need not be unique
  std::vector<ValueId> in, out;  // kNoValue where left out
  std::vector<Attr> attrs;       // sorted by nothing; few

  const Attr* find(std::string_view attr) const;
  void set(std::string_view attr, Attr::Data data);
  bool erase(std::string_view attr);
};

struct Value {
  std::string name;
  Fact fact;
  Tensor constant;            // defined() when the value is known; it then has no producer
  NodeId producer = kNoNode;  // kNoNode: an input, a constant, or unused
  bool is_constant() const { return constant.defined(); }
};

class Graph {
 public:
  std::string name;
  std::vector<ValueId> inputs, outputs;
  std::vector<Capture> captures;     // bodies only
  std::vector<std::string> symbols;  // names of symbolic dimensions, by symbol_index
  std::map<std::string, std::string> metadata;

  // Adding. Names of values need not be unique, except those of inputs and outputs.
  ValueId add_value(std::string value_name, Fact fact = {});
  ValueId add_constant(std::string value_name, Tensor tensor);
  ValueId add_input(std::string value_name, Fact fact);
  // Appends; sets the producer of its outputs.
  NodeId add_node(Node node);
  // The symbol of that name, made if new. An empty name makes a fresh, unnamed one.
  int64_t symbol(std::string_view symbol_name);

  Value& value(ValueId v) { return values_[static_cast<size_t>(v)]; }
  const Value& value(ValueId v) const { return values_[static_cast<size_t>(v)]; }
  Node& node(NodeId n) { return nodes_[static_cast<size_t>(n)]; }
  const Node& node(NodeId n) const { return nodes_[static_cast<size_t>(n)]; }
  int32_t num_values() const { return static_cast<int32_t>(values_.size()); }
  int32_t num_nodes() const { return static_cast<int32_t>(nodes_.size()); }
  // False for a node that was removed; ids stay valid until compact().
  bool alive(NodeId n) const { return node(n).op != nullptr; }
  // How often a value is used by live nodes and as an output of the graph.
  std::vector<int32_t> use_counts() const;
  // Live nodes that use each value, one entry per use.
  std::vector<std::vector<NodeId>> users() const;

  // Every use of `from`, by nodes and outputs, becomes a use of `to`. Graph outputs keep their name: see
  // rename note in passes/README.
  void replace_uses(ValueId from, ValueId to);
  // Unhooks a node from its outputs.
  void remove_node(NodeId n);
  // Gives a value a known content and drops its producer's claim on it.
  void make_constant(ValueId v, Tensor tensor);

  // Live nodes in an order in which every value is produced before it is used; kInvalidModel when there is a
  // cycle.
  Result<std::vector<NodeId>> topological_order() const;
  // Drops dead nodes and unused values and puts nodes in topological order. Ids change: `moved` gets the new
  // id of each old value, kNoValue for those that are gone.
  Status compact(std::vector<ValueId>* moved = nullptr);
  // Names the broken invariant.
  Status verify() const;

 private:
  std::vector<Node> nodes_;
  std::vector<Value> values_;
};

// A stable text, one line a node; golden tests compare it.
std::string dump_text(const Graph& graph);
// A node's attributes as there, sorted by name.
std::string attrs_text(const Node& node);
// Graphviz.
std::string dump_dot(const Graph& graph);
// "float32[N,3,224,224]"
std::string to_text(const Graph& graph, const Fact& fact);

}  // namespace lite
