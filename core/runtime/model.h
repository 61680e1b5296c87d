// A loaded model: the graph after the load-time passes, the programs compiled from it, and the weights they
// share.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/compile/program.h"
#include "core/ir/graph.h"
#include "core/kernels/pack_cache.h"

namespace lite {

struct ModelOptions {
  bool optimise = true;  // false: the graph runs node by node as it is in the file
  bool tune = false;     // time kernels, and take the fastest
  int threads = 1;       // that kernels are timed with
  KernelOptions kernel;
  size_t fold_limit_bytes = size_t{64} << 20;      // constant folding makes no tensor larger than this
  size_t arena_limit_bytes = SIZE_MAX;             // a program that needs more is refused
  size_t program_cache_bytes = size_t{256} << 20;  // kernels, and weights packed more than once
  size_t program_cache_entries = 32;
};

struct ModelStatistics {
  size_t weight_bytes = 0;   // constants that programs read as stored
  size_t packed_bytes = 0;   // weights in a kernel's own layout
  size_t program_bytes = 0;  // what counts against program_cache_bytes
  size_t programs = 0;
  uint64_t program_hits = 0, program_misses = 0, program_evictions = 0;
};

// Decodes a graph of a compiled model. Any thread.
using DecodeGraph = std::function<Result<Graph>()>;

// What specialise() made of a model for these inputs, when it was compiled.
struct StoredGraph {
  std::vector<Fact> inputs;
  DecodeGraph graph;
};

// A model whose load-time passes ran when it was compiled.
struct CompiledModel {
  Graph graph;                           // inputs, outputs, symbols, metadata; with `whole` nothing else
  DecodeGraph whole;                     // null when `graph` is whole
  uint64_t nodes = 0, weight_bytes = 0;  // of the whole graph, as far as people are told
  std::vector<StoredGraph> specialised;
  std::shared_ptr<PackCache> packs;
  std::string made_for;  // the processor and the inputs, for people
};

// Thread-safe: any number of sessions on any threads share one model.
class Model {
 public:
  // `graph` is verified; `packs` is shared with models that share weights, or null for one of its own.
  static Result<std::shared_ptr<Model>> create(Graph graph, const ModelOptions& options,
                                               std::shared_ptr<PackCache> packs = nullptr);
  static Result<std::shared_ptr<Model>> create_compiled(CompiledModel compiled, const ModelOptions& options);
  ~Model();

  // Inputs, outputs, symbols and metadata; there may be no more in it.
  const Graph& graph() const { return graph_; }
  // After the load-time passes. A compiled model decodes it when it is first asked for.
  Result<const Graph*> whole_graph() const;
  const ModelOptions& options() const { return options_; }
  const std::shared_ptr<PackCache>& packs() const { return packs_; }
  size_t num_inputs() const { return graph_.inputs.size(); }
  size_t num_outputs() const { return graph_.outputs.size(); }
  const Value& input(size_t i) const { return graph_.value(graph_.inputs[i]); }
  const Value& output(size_t i) const { return graph_.value(graph_.outputs[i]); }

  // Whether input i may be such a value: kInvalidArgument or kShapeMismatch, naming the input, when it may
  // not. For an optional, what it could hold will do.
  Status check_input(size_t i, const Fact& given) const;
  // The program for inputs of exactly these types and shapes, compiled when it is not in the cache.
  // kShapeMismatch or kInvalidArgument, naming the input, when they do not fit what the model declares.
  Result<std::shared_ptr<const Program>> program(std::span<const Fact> inputs);
  // What program() compiles, for inputs that it would take.
  Result<SpecialisedGraph> specialise(std::span<const Fact> inputs) const;
  // The program of what specialise() gave, which is not put into the cache.
  Result<std::shared_ptr<const Program>> compile(const Program::Specialise& specialised) const;
  // The same when it is in the cache, else nullptr.
  std::shared_ptr<const Program> find_program(std::span<const Fact> inputs);
  ModelStatistics statistics() const;
  // Forgets cached programs that nobody runs now.
  void trim();

 private:
  struct Entry {
    std::vector<Fact> key;
    std::shared_ptr<const Program> program;
    size_t bytes;  // the program's own
  };
  Model() = default;
  Status check_inputs(std::span<const Fact> inputs) const;
  CompileOptions compile_options() const;
  std::shared_ptr<const Program> cached(std::span<const Fact> inputs);  // under the lock
  size_t cached_bytes() const;
  void evict();

  Graph graph_;
  DecodeGraph whole_;
  mutable std::mutex whole_mutex_;
  mutable std::optional<Graph> decoded_;  // by whole_
  std::vector<StoredGraph> specialised_;
  size_t weight_bytes_ = 0;
  size_t packed_once_ = 0;  // for the first program
  ModelOptions options_;
  std::shared_ptr<PackCache> packs_;
  mutable std::mutex mutex_;
  std::list<Entry> cache_;  // most recently used first
  uint64_t hits_ = 0, misses_ = 0, evictions_ = 0;
};

}  // namespace lite
