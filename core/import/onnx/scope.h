// Building graphs from messages: what one import shares, and the names that are visible at one place.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/import/onnx/proto.h"
#include "core/import/onnx/tensors.h"
#include "core/import/onnx/types.h"
#include "core/ir/op_def.h"

namespace lite::onnx {

inline constexpr int64_t kNewestOpset = 28;
inline constexpr int64_t kNewestIr = 14;

struct Import {
  Import(const Bytes& bytes, const ImportOptions& o, ImportReport& r, const ModelP& m)
      : options(o), report(r), model(m), tensors(bytes, o) {}

  const ImportOptions& options;
  ImportReport& report;
  const ModelP& model;
  Tensors tensors;
  Symbols symbols;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, const FunctionP*> functions;
  std::vector<const FunctionP*> calls;  // being inlined, outermost first
  size_t nodes = 0, depth = 0;

  // The registered operator that such a node has; null when there is none.
  std::shared_ptr<const ops::CustomOp> registered(std::string_view domain, std::string_view op_type,
                                                  int64_t opset) const {
    return options.operators ? ops::find(*options.operators, domain, op_type, opset) : nullptr;
  }
};

// A graph that grows. Facts are inferred node by node, so a later node sees what its inputs are.
struct Growing {
  Graph graph;
  bool is_body = false;
  std::vector<Tensor> known;                   // see infer_node
  std::vector<ValueId> captured;               // of the outer graph, in the order of graph.captures
  std::unordered_map<ValueId, ValueId> inner;  // outer value to the one that stands for it here
};

// An attribute, and for a body what it captures: values of `home`.
struct BoundAttr {
  Attr attr;
  std::vector<ValueId> captured;
  const Growing* home = nullptr;
};
using Bindings = std::map<std::string_view, BoundAttr>;

// The names of a graph, or those of a function's body while it is inlined into one.
class Scope {
 public:
  // `outer`: whose names a body sees too; null for the main graph and for functions. `bindings`: the
  // attributes of the function that this is part of, or null. Everything outlives the scope.
  Scope(Import& import, Growing& to, Scope* outer, const OpsetsP& opsets, const Bindings* bindings,
        std::string prefix);

  // Inputs, constants, nodes and outputs.
  Status add_graph(const GraphP& g);
  Status add_nodes(const std::vector<NodeP>& nodes);

  // ---- for translators of single nodes

  // The value of that name; nothing when there is none. kNoValue: an operand that the caller of a function
  // left out.
  std::optional<ValueId> find(std::string_view name);
  // Counts a node that is about to be placed against the limit.
  Status count_node();
  // Checks, infers and adds a node. One that cannot run here goes to the report.
  Status place(Node node, std::string_view op_type, std::string_view domain, int64_t opset);
  // The same for a node that has its operator.
  Status place_as_is(Node node, std::string_view op_type, std::string_view domain, int64_t opset);
  const Growing& growing() const { return to_; }
  Graph& graph() { return to_.graph; }
  Import& import() { return import_; }
  void report_unsupported(const Node& node, std::string_view op_type, std::string_view domain, int64_t opset,
                          std::string reason);

 private:
  // Main graph and bodies.
  Status add_inputs(const GraphP& g);
  Status add_initializers(const GraphP& g);
  Status add_outputs(const GraphP& g);
  bool is_main() const { return outer_ == nullptr && import_.calls.empty(); }

  // Nodes.
  Result<std::vector<size_t>> order(const std::vector<NodeP>& nodes) const;
  Status add_node(const NodeP& p);
  bool is_registered(const NodeP& p) const;
  Status add_constant(const NodeP& p);
  Status translate(const NodeP& p, int64_t opset);
  Result<int64_t> opset_of(std::string_view domain) const;
  Result<std::vector<ValueId>> inputs_of(const NodeP& p);
  std::string name_of(const NodeP& p) const;
  Status declare(std::string_view name, ValueId v);

  // Attributes. Nothing: it refers to one that the caller of the function left out.
  Result<std::optional<BoundAttr>> attribute(const AttrP& a);
  Result<BoundAttr> body(const GraphP& g);
  // Puts the bodies' captured values behind the node's inputs.
  Status attach(Node& node, std::vector<BoundAttr> attrs);

  // Functions.
  Status inline_call(const NodeP& call, const FunctionP& f);
  Status bind_results(const NodeP& call, const FunctionP& f, Scope& inner, const std::vector<ValueId>& args);

  Import& import_;
  Growing& to_;
  Scope* outer_;
  const OpsetsP& opsets_;
  const Bindings* bindings_;
  std::string prefix_;  // of names, inside functions
  std::unordered_map<std::string_view, ValueId> names_;
  std::unordered_map<std::string_view, std::string_view> declared_;  // types by value name
};

}  // namespace lite::onnx
