// What describes an operator: data and plain functions. See core/ops/README.md for how to add one.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "core/base/thread_pool.h"
#include "core/ir/graph.h"

namespace lite {

enum class AttrType : uint8_t {
  kInt,
  kFloat,
  kString,
  kInts,
  kFloats,
  kStrings,
  kTensor,
  kTensors,
  kGraph,
  kType
};
const char* attr_type_name(AttrType type) noexcept;
AttrType attr_type(const Attr& attr) noexcept;

struct AttrSpec {
  const char* name;
  AttrType type;
  bool required = false;
};

// One formal input or output.
struct OperandSpec {
  const char* name;
  TypeSet types;      // element types allowed (of the elements, for sequences and optionals)
  char type_var = 0;  // operands with the same letter have the same element type; 0 = on its own
  enum : uint8_t {
    kRequired = 0,
    kOptional = 1,
    kVariadic = 2
  } arity = kRequired;  // kVariadic: the last; one or more
};

// Reads attributes that the importer has checked against OpDef::attrs: a present attribute has the right
// type.
class AttrReader {
 public:
  explicit AttrReader(const Node& node) : node_(node) {}
  bool has(std::string_view name) const { return node_.find(name) != nullptr; }
  int64_t i64(std::string_view name, int64_t otherwise = 0) const;
  float f32(std::string_view name, float otherwise = 0) const;
  std::string_view str(std::string_view name, std::string_view otherwise = {}) const;
  // Empty when absent; has() tells the difference.
  std::span<const int64_t> ints(std::string_view name) const;
  std::span<const float> floats(std::string_view name) const;
  std::span<const std::string> strs(std::string_view name) const;
  // nullptr when absent.
  const Tensor* tensor(std::string_view name) const;
  const Graph* graph(std::string_view name) const;
  const Fact* type(std::string_view name) const;
  const Node& node() const { return node_; }

 private:
  const Node& node_;
};

// Shape and type inference of one node. `infer` fills `out`; what it cannot know stays unknown.
// It must accept any input facts, known in part or not at all, and reject only what is wrong for certain.
struct InferArgs {
  AttrReader attrs;
  std::span<const Fact> in;               // one per node input; the empty Fact where left out or unknown
  std::span<const Tensor* const> values;  // the content of each input where it is known, else nullptr
  std::span<Fact> out;                    // one per node output
  // Contents of outputs that follow from shapes alone (Shape, Size); leave undefined otherwise.
  std::span<Tensor> out_values;
  // Infers a body: facts of its formal inputs in, of its outputs out. Captured values are handled by the
  // caller.
  std::function<Result<std::vector<Fact>>(const Graph& body, std::span<const Fact> inputs)> infer_body;

  size_t num_in() const { return in.size(); }
  // Whether input i is there, even when nothing is known of it. A node made to borrow another's `infer` has
  // facts only.
  bool has(size_t i) const {
    const std::vector<ValueId>& ids = attrs.node().in;
    if (i < ids.size()) return ids[i] != kNoValue;
    return i < in.size() && (in[i].dtype != DType::kUndefined || in[i].kind != Kind::kTensor);
  }
  const Tensor* value(size_t i) const { return i < values.size() ? values[i] : nullptr; }
};

// Evaluation of one node on host tensors. Inputs are row-major; shapes and types satisfy `infer`.
class EvalArgs {
 public:
  AttrReader attrs;
  std::span<const Datum* const> in;    // nullptr where left out
  std::span<Datum* const> spent;       // inputs that nobody reads after this node, else nullptr; may be empty
  std::span<Datum> out;                // a tensor here that is defined() is storage to write into
  std::span<const bool> wanted;        // outputs that somebody uses; may be shorter than out = all wanted
  const Parallel* parallel = nullptr;  // threads and cancellation; may be null
  // Runs a body of this node (If, Loop, Scan, SequenceMap). Inputs: the formal ones, which are moved from;
  // captures are added by the runner. What `outputs` held before is let go first.
  std::function<Status(std::string_view attr, std::span<Datum> inputs, std::vector<Datum>& outputs)> run_body;

  explicit EvalArgs(const Node& node) : attrs(node) {}

  bool has(size_t i) const { return i < in.size() && in[i] != nullptr; }
  const Tensor& input(size_t i) const { return in[i]->tensor; }
  // Input i to keep or to change: the value itself when it is spent, else a copy. Once, and not read after.
  Datum take(size_t i) const {
    if (i < spent.size() && spent[i] != nullptr) return std::move(*spent[i]);
    return *in[i];
  }
  size_t num_in() const { return in.size(); }
  bool wants(size_t i) const { return i < out.size() && (i >= wanted.size() || wanted[i]); }
  // Output i with that type and shape: the storage given in out[i] when it fits, else newly allocated.
  // The contents are not initialised.
  Result<Tensor*> output(size_t i, DType dtype, const Dims& dims) const;
  bool stop_requested() const {
    return parallel != nullptr && parallel->cancel != nullptr && parallel->cancel->stop_requested();
  }
};

enum Traits : uint32_t {
  kNoTraits = 0,
  kElementwise =
      1u << 0,  // each output element depends on the input elements at the same (broadcast) place only
  kMayAliasInput0 = 1u << 1,  // a kernel may write output 0 over input 0 when types and sizes agree
  kRandom = 1u << 2,          // never folded, never merged with an equal node
  kHasBody = 1u << 3,
  kMetadataOnly = 1u << 4,  // output 0 is input 0 with another shape: Reshape, Squeeze, Flatten, Identity
  kFusedOnly = 1u << 5,     // made by passes, not accepted from files
  kDataDependentShape =
      1u << 6,             // output shapes depend on the contents of inputs that are not small shape tensors
  kOnSequences = 1u << 7,  // takes or makes sequences, optionals or maps
  kAnyKind = 1u << 8,      // takes tensors, and sequences, optionals and maps as well: Identity
  kRegistered = 1u << 9,   // by the program, see core/ops/custom.h; its attributes are its own affair
};

// How far a kernel may drift from the reference.
enum class Exactness : uint8_t { kBitExact, kUlps, kAccumulating };

// Every OpDef is constinit data with static storage; two equal operators have one address. Those of
// registered operators are made with their nodes.
struct OpDef {
  const char* name;         // "Clip"
  const char* domain = "";  // "", "ai.onnx.ml", "com.microsoft", "lite" for fused ones
  int since = 1;            // the newest version that changed it, in its domain's opset numbers
  std::span<const OperandSpec> inputs = {};
  std::span<const OperandSpec> outputs = {};
  std::span<const AttrSpec> attrs = {};
  uint32_t traits = kNoTraits;
  Exactness exactness = Exactness::kBitExact;
  Status (*infer)(const InferArgs&) = nullptr;
  Status (*reference)(const EvalArgs&) = nullptr;
};

// Checks a node against its OpDef: number of inputs and outputs, attribute names and types, element types
// that are known. The message names the operator and what is wrong.
Status check_node(const Graph& graph, const Node& node);

// Infers the facts of every value from those of the inputs (`inputs`, or the declared ones where absent), in
// place, and merges them with what is declared. A contradiction is kInvalidModel, naming the node. With
// `materialise`, values whose contents follow from shapes (Shape and what is computed from it) become
// constants.
Status infer_graph(Graph& graph, std::span<const Fact> inputs = {}, bool materialise = false);

// The same for one node whose inputs are inferred already, for who adds nodes in order. `known` holds, by
// value id, contents that follow from shapes; it grows with the graph.
Status infer_node(Graph& graph, NodeId node, std::vector<Tensor>& known);

// Runs one node on host tensors; bodies are interpreted node by node. For constant folding and tests.
Status evaluate_node(const Node& node, std::span<const Datum* const> in, std::span<Datum> out,
                     const Parallel* parallel = nullptr);
// Runs a whole graph by the references, in topological order: the oracle. Outputs in graph order.
Result<std::vector<Datum>> interpret(const Graph& graph, std::span<const Datum> inputs,
                                     const Parallel* parallel = nullptr,
                                     std::span<const Datum> captured = {});

}  // namespace lite
