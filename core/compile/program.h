// A graph compiled for inputs of one type and shape: kernels chosen, weights packed, memory planned.
// Immutable; any number of sessions run it at once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/ir/op_def.h"
#include "core/kernels/kernel.h"

namespace lite {

struct CompileOptions {
  bool optimise = true;
  bool tune = false;  // time the kernels of nodes for which no choice is known (choices.h)
  int threads = 1;    // that runs will have; of weight only for what is timed
  KernelOptions kernel;
  size_t fold_limit_bytes = size_t{64} << 20;
  size_t arena_limit_bytes = SIZE_MAX;
};

// A graph for inputs of exactly these types and shapes.
struct SpecialisedGraph {
  std::vector<Fact> inputs;
  Graph graph;
  bool inferred = false;  // the facts of the graph are those that follow from `inputs`
};

class Program {
 public:
  // A place in the table of pointers that kernels read.
  struct Buffer {
    enum class Where : uint8_t {
      kNowhere,
      kArena,
      kConstant,
      kInput,
      kOutput,
      kDynamic
    } where = Where::kNowhere;
    uint32_t index = 0;  // kConstant: in constants(); kInput, kOutput: of the graph; kDynamic: slot
    size_t offset = 0;   // bytes, from the arena's start or the memory named by index
  };
  // What a buffer id holds, logically.
  struct Slot {
    std::string name;
    Fact fact;  // concrete, but for kDynamic
    Layout layout = Layout::kPlain;
    Buffer buffer;
  };
  struct Step {
    Node node;                       // attributes and bodies; its value ids are those of no graph
    std::unique_ptr<Kernel> kernel;  // null: evaluated with shapes found at run time
    const char* kernel_name = "";
    std::vector<uint32_t> in, out;  // slots; kNone where left out, or where the kernel holds what it needs
    std::vector<uint32_t> release;  // dynamic slots that nobody needs after this step
    double flops = 0, bytes = 0;    // estimated, of one call of the kernel
  };
  // Steps that run several times in a row, each time for the next images of a batch (micro_batches.cpp).
  struct MicroBatches {
    uint32_t first = 0, last = 0;  // steps, both included; all have kernels
    uint32_t count = 1;            // how many times
    // A slot that is part of another one: it moves on by so many bytes each time.
    struct Window {
      uint32_t slot, of;
      size_t stride;
    };
    std::vector<Window> windows;
  };
  static constexpr uint32_t kNone = 0;  // slot 0 is nothing: its pointer is null

  // Concrete facts everywhere, shape arithmetic folded, fusions that need shapes. `graph` must have passed
  // the load-time passes; `inputs` are concrete for tensors.
  static Result<SpecialisedGraph> specialise(const Graph& graph, std::span<const Fact> inputs,
                                             const CompileOptions& options);
  // What specialise() has made, then and there or, for a compiled model, long ago. It is asked again when a
  // kernel does not take what it seemed to: rather than all keep a copy, those few wait.
  using Specialise = std::function<Result<SpecialisedGraph>()>;
  static Result<std::shared_ptr<const Program>> compile(const Specialise& specialised,
                                                        const CompileOptions& options, PackCache& packs);

  const std::vector<Slot>& slots() const { return slots_; }
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<MicroBatches>& micro_batches() const { return micro_batches_; }  // in order
  const std::vector<Tensor>& constants() const { return constants_; }
  const std::vector<uint32_t>& inputs() const { return inputs_; }  // slot of each graph input; kNone: unused
  const std::vector<uint32_t>& outputs() const { return outputs_; }  // slot of each graph output
  const std::vector<Fact>& input_facts() const { return input_facts_; }
  size_t arena_bytes() const { return arena_bytes_; }
  size_t workspace_offset() const { return workspace_offset_; }
  size_t num_dynamic() const { return num_dynamic_; }
  // Bytes of constants read as they are.
  size_t constant_bytes() const;
  // What the program itself holds: own packed weights, tables.
  size_t own_bytes() const;
  // One line a step: kernel, shapes, layouts, places.
  std::string dump() const;

 private:
  friend class Compiler;
  std::vector<Slot> slots_;
  std::vector<Step> steps_;
  std::vector<MicroBatches> micro_batches_;
  std::vector<Tensor> constants_;
  std::vector<uint32_t> inputs_, outputs_;
  std::vector<Fact> input_facts_;
  size_t arena_bytes_ = 0, workspace_offset_ = 0, num_dynamic_ = 0;
};

}  // namespace lite
