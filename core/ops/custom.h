// Operators that a program registers.
//
// A node that has one gets an OpDef of its own, which keeps the operator alive and holds what the node keeps
// between runs. To all stages after the import it is a node like any other: its infer and reference are those
// below, its kernel is core/kernels/custom.cpp, and its traits say what may be done with it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/ir/op_def.h"

namespace lite::ops {

// A tensor as a run sees it. Empty: left out.
struct CustomTensor {
  bool present = false;
  DType dtype = DType::kUndefined;  // kUndefined: the run has to find it
  const Dims* dims = nullptr;       // null: the run has to find them
  void* data = nullptr;
};

// What one run of a node reads and writes. Indices are less than the node's numbers of inputs and outputs.
class CustomIo {
 public:
  virtual ~CustomIo() = default;
  virtual CustomTensor in(size_t i) const = 0;
  virtual CustomTensor out(size_t i) const = 0;
  // Storage for an output, in the shape that the run has found. kShapeMismatch when more was known.
  virtual Result<void*> allocate(size_t i, DType dtype, const Dims& dims) = 0;
};

// One registered operator. Any thread; several at once.
class CustomOp {
 public:
  struct Description {
    std::string domain, name;  // domain "" is ONNX's own
    int since = 1;
    std::vector<OperandSpec> inputs, outputs;
    uint32_t traits = kNoTraits;
  };
  explicit CustomOp(Description description);
  CustomOp(const CustomOp&) = delete;
  CustomOp& operator=(const CustomOp&) = delete;
  virtual ~CustomOp() = default;

  const std::string& domain() const { return description_.domain; }
  const std::string& name() const { return description_.name; }
  // Of all nodes. Its name is "domain.Name", which none of this build has: what looks for operators by name
  // does not mistake it for another.
  const OpDef& def() const { return def_; }

  virtual Status infer(const InferArgs& args) const = 0;
  // What a node keeps between runs; `known` has no outputs.
  virtual Result<void*> create(const InferArgs& known) const = 0;
  virtual void destroy(void* state) const noexcept = 0;
  virtual Status run(const Node& node, void* state, CustomIo& io, const Parallel* parallel) const = 0;

 private:
  Description description_;
  std::string qualified_;
  OpDef def_;
};

// The OpDef of one node and its copies.
class CustomNodeOp final : public OpDef {
 public:
  explicit CustomNodeOp(std::shared_ptr<const CustomOp> op);
  ~CustomNodeOp();
  const std::shared_ptr<const CustomOp>& op() const { return op_; }
  // What the node keeps, made at the first call that succeeds.
  Result<void*> state(const InferArgs& known) const;

 private:
  std::shared_ptr<const CustomOp> op_;
  mutable std::mutex mutex_;
  mutable std::atomic<bool> made_{false};
  mutable void* state_ = nullptr;
};

// Null for an operator of this build.
const CustomNodeOp* custom(const Node& node);

// Those that one import may use; no two have the same domain, name and version.
using CustomOps = std::vector<std::shared_ptr<const CustomOp>>;
// The newest one that a model of that opset may use; null when there is none.
std::shared_ptr<const CustomOp> find(const CustomOps& list, std::string_view domain, std::string_view name,
                                     int64_t opset);
// Those that nodes of the graph and its bodies have.
CustomOps used_by(const Graph& graph);
// Makes the states of all nodes of the graph and its bodies that have none yet.
Status make_states(const Graph& graph);

}  // namespace lite::ops
