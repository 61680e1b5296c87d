// Older versions of operators, translated to the newest.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/import/onnx/scope.h"

namespace lite::onnx {

// A node on its way to the newest version of its operator. Its inputs and outputs are values of the graph
// already; captured values of bodies are not among them yet.
class Draft {
 public:
  Draft(Scope& scope, Node n, std::string_view op, std::string_view dom, int64_t version)
      : node(std::move(n)), op_type(op), domain(dom), opset(version), scope_(scope) {}

  Node node;
  std::string op_type, domain;
  int64_t opset;      // that the model was written for
  bool done = false;  // the adapter has placed everything itself

  bool has(size_t i) const { return i < node.in.size() && node.in[i] != kNoValue; }
  bool wants(size_t i) const { return i < node.out.size() && node.out[i] != kNoValue; }
  const Fact& fact(size_t i) const;
  // What input i holds where it is known; otherwise null.
  const Tensor* content(size_t i) const;
  AttrReader attrs() const { return AttrReader(node); }

  void set_input(size_t i, ValueId v);
  ValueId constant(Tensor t);
  ValueId constant(std::span<const int64_t> ints);
  ValueId constant(std::initializer_list<int64_t> ints) {
    return constant(std::span(ints.begin(), ints.size()));
  }
  // A scalar of that type.
  Result<ValueId> scalar(DType dtype, double v);
  // Adds a node in front of this one.
  using Attrs = std::vector<std::pair<const char*, Attr::Data>>;
  Result<ValueId> emit(const char* op, std::vector<ValueId> in, const Attrs& attrs = {});
  // The same with several outputs.
  Result<std::vector<ValueId>> emit_many(const char* op, std::vector<ValueId> in, size_t outputs,
                                         const Attrs& attrs = {});
  // Adds the node that makes `out`.
  Status emit_to(ValueId out, const char* op, std::vector<ValueId> in, const Attrs& attrs = {});
  // Adds the node that makes output 0 of this one, which is then done.
  Status replace_with(const char* op, std::vector<ValueId> in, const Attrs& attrs = {});
  // Gives the node another value to make as output i and returns the one that it had, for a later node to
  // make.
  ValueId detach_output(size_t i);
  // Places the node now, so that others can follow it.
  Status finish();
  // Places the nodes of a body of this node with those values for its inputs; gives the values of its
  // outputs.
  Result<std::vector<ValueId>> inline_body(const Graph& body, std::span<const ValueId> inputs);
  // Adds a copy of a node, under other inputs and outputs.
  Status emit_copy(const Node& of, std::vector<ValueId> in, std::vector<ValueId> out);
  Scope& scope() { return scope_; }
  const Graph& graph() const { return scope_.growing().graph; }
  ValueId add_value(const char* what) { return scope_.graph().add_value(cat(node.name, "/", what)); }

 private:
  Status place(std::vector<ValueId> out, const char* op, std::vector<ValueId> in, const Attrs& attrs);
  Status charge();

  Scope& scope_;
};

// Softmax, LogSoftmax and Hardmax as they were before opset 13: the dimensions from `axis` on are one.
Status softmax_as_matrix(Draft& d);

// Translates step by step; what no version can express is kUnsupported.
Status adapt(Draft& d);

// Operators that are said by several others, bodies and all; what they cannot say is kUnsupported.
Status decompose(Draft& d);
Status decompose_flex_attention(Draft& d);
Status decompose_gradient(Draft& d);
// Scan of opset 8: its node becomes the body of a Scan along the first dimension of all inputs and outputs.
Status decompose_batched_scan(Draft& d);

// One step: applies to models with an opset below `below`.
struct Step {
  const char* op;
  int64_t below;
  Status (*apply)(Draft& d);
};
std::span<const Step>
attribute_steps();  // versions_attrs.cpp: attributes that were renamed, moved, or became inputs
std::span<const Step> meaning_steps();       // versions_meaning.cpp: operators whose meaning changed
std::span<const Step> experimental_steps();  // versions_experimental.cpp: operators that ONNX dropped
std::span<const Step> ml_steps();            // versions_ml.cpp: domain ai.onnx.ml

}  // namespace lite::onnx
