// Rewrites of a graph, and the two ordered lists of them.
//
// declutter: run once, when a model is loaded, on the graph with its symbolic dimensions. What comes out is
// the canonical
//            form: fewer kinds of nodes, nothing that computes what is known, still plain ONNX words where
//            they suffice.
// fuse:      run when a graph is compiled for concrete shapes. Makes the fused operators of domain "lite" and
// the integer
//            forms of quantised models, for the kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/cpu.h"
#include "core/ir/graph.h"

namespace lite {

namespace passes {
class Rewriter;
}

// What folding may still do, of all nodes together: a small file must not ask for all memory, nor for hours.
struct FoldBudget {
  size_t bytes;             // by which constants may grow beyond what they are made from
  double work = 4e9;        // multiplications and additions of products, convolutions and the like
  size_t filled_bytes = 0;  // of large weights of one value, beyond fold_limit_bytes
};

struct PassOptions {
  // Folding makes no tensor larger than this, unless what it is made from is at least as large.
  size_t fold_limit_bytes = size_t{16} << 20;
  bool fuse = true;  // false: the fuse list does nothing, to compare with
  uint32_t isa = cpu_isa();
  std::shared_ptr<FoldBudget> budget = {};  // null: each list gets one of multiples of fold_limit_bytes
  // The graph has been through infer_graph() with `materialise`, so that its facts need not be inferred
  // again.
  bool inferred = false;
};

struct Pass {
  const char* name;
  // True when it changed something. On failure the graph is still valid, but may be changed.
  Result<bool> (*run)(passes::Rewriter& r, const PassOptions& options);
  bool last = false;  // runs only in a round in which nothing before it changed anything
};

std::span<const Pass> declutter_passes();
std::span<const Pass> fuse_passes();

// Runs the list over and over until nothing changes (within a bound), on the graph and the bodies of its
// nodes, then compacts it and infers its facts anew. Names and types of the graph's inputs and outputs stay.
// `log`, when given, gets a line per pass that changed something.
Status run_passes(Graph& graph, std::span<const Pass> passes, const PassOptions& options,
                  std::vector<std::string>* log = nullptr);
// The same with several lists, one after the other.
Status run_passes(Graph& graph, std::initializer_list<std::span<const Pass>> lists,
                  const PassOptions& options);

}  // namespace lite
