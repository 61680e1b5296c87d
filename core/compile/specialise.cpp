#include "core/compile/choices.h"
#include "core/compile/compiler.h"
#include "core/ops/registry.h"
#include "core/passes/pass.h"

namespace lite {

Result<SpecialisedGraph> Program::specialise(const Graph& graph, std::span<const Fact> inputs,
                                             const CompileOptions& options) {
  SpecialisedGraph specialised{{inputs.begin(), inputs.end()}, graph, true};
  Graph& g = specialised.graph;
  LITE_TRY(infer_graph(g, inputs, true));
  if (options.optimise) {
    PassOptions pass_options;
    pass_options.fold_limit_bytes = options.fold_limit_bytes;
    pass_options.isa = options.kernel.isa;
    pass_options.inferred = true;
    LITE_TRY(run_passes(g, {declutter_passes(), fuse_passes()}, pass_options));
  } else {
    LITE_TRY(g.compact());
  }
  return specialised;
}

Result<std::shared_ptr<const Program>> Compiler::compile() {
  // A kernel may accept a layout and then be unable to take it; the node then stays plain, and layouts are
  // chosen anew.
  for (size_t refused = plain_only_.size();; refused = plain_only_.size()) {
    LITE_ASSIGN(SpecialisedGraph specialised, specialised_());
    g_ = std::move(specialised.graph);
    program_->input_facts_ = std::move(specialised.inputs);
    if (!specialised.inferred) LITE_TRY(infer_graph(g_, program_->input_facts_));
    if (options_.optimise) {
      LITE_TRY(assign_layouts());
      join_nodes();
    }
    LITE_ASSIGN(order_, g_.topological_order());
    if (options_.optimise) split_batches();
    LITE_TRY(select());
    if (plain_only_.size() == refused) break;
    layout_.clear();
    reordered_.clear();
    groups_.clear();
    group_of_.clear();
    whole_batch_.clear();
    program_->steps_.clear();
    step_nodes_.clear();
    step_kernels_.clear();
  }
  LITE_TRY(place());
  if (measured_) choices::measured();
  return std::shared_ptr<const Program>(std::move(program_));
}

Result<std::shared_ptr<const Program>> Program::compile(const Specialise& specialised,
                                                        const CompileOptions& options, PackCache& packs) {
  return Compiler(specialised, options, packs).compile();
}

}  // namespace lite
