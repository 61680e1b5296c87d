#include "core/compile/choices.h"
#include "core/compile/compiler.h"
#include "core/ops/registry.h"
#include "core/passes/pass.h"

namespace lite {

Status Compiler::specialise(std::span<const Fact> inputs) {
  program_->input_facts_.assign(inputs.begin(), inputs.end());
  LITE_TRY(infer_graph(g_, inputs, true));
  if (options_.optimise) {
    PassOptions pass_options;
    pass_options.fold_limit_bytes = options_.fold_limit_bytes;
    pass_options.isa = options_.kernel.isa;
    LITE_TRY(run_passes(g_, declutter_passes(), pass_options, nullptr));
    LITE_TRY(run_passes(g_, fuse_passes(), pass_options, nullptr));
  }
  LITE_TRY(g_.compact());
  return infer_graph(g_);
}

Result<std::shared_ptr<const Program>> Compiler::compile(std::span<const Fact> inputs) {
  LITE_TRY(specialise(inputs));
  const Graph specialised = g_;
  // A kernel may accept a layout and then be unable to take it; the node then stays plain, and layouts are
  // chosen anew.
  for (size_t refused = plain_only_.size();; refused = plain_only_.size()) {
    if (options_.optimise) LITE_TRY(assign_layouts());
    LITE_TRY(select());
    if (plain_only_.size() == refused) break;
    g_ = specialised;
    layout_.clear();
    reordered_.clear();
    program_->steps_.clear();
    step_nodes_.clear();
    step_kernels_.clear();
  }
  LITE_TRY(place());
  if (measured_) choices::measured();
  return std::shared_ptr<const Program>(std::move(program_));
}

Result<std::shared_ptr<const Program>> Program::compile(const Graph& graph, std::span<const Fact> inputs,
                                                        const CompileOptions& options, PackCache& packs) {
  return Compiler(graph, options, packs).compile(inputs);
}

}  // namespace lite
