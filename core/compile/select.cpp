#include <algorithm>

#include "core/compile/compiler.h"

namespace lite {
namespace {

bool all_plain(std::span<const Operand> list) {
  return std::all_of(list.begin(), list.end(), [](const Operand& o) { return o.layout == Layout::kPlain; });
}
bool any_empty(std::span<const Operand> list) {
  return std::any_of(list.begin(), list.end(),
                     [](const Operand& o) { return o.present() && o.elements() == 0; });
}
bool all_empty(std::span<const Operand> list) {
  return std::all_of(list.begin(), list.end(),
                     [](const Operand& o) { return !o.present() || o.elements() == 0; });
}

}  // namespace

Result<Program::Step> Compiler::make_step(NodeId id) {
  const Node& n = g_.node(id);
  Program::Step step;
  step_kernels_.push_back(nullptr);
  if (is_dynamic(n)) {
    step.kernel_name = "dynamic";
    return step;
  }
  const std::vector<Operand> in = operands(id, n.in), out = operands(id, n.out);
  const Work work = estimate_work(n, in, out);
  step.flops = work.flops;
  step.bytes = work.bytes;

  // Kernels need not think about tensors without elements; references do.
  if (!any_empty(in) && !any_empty(out)) {
    NodeQuery query{n, in, out, options_.kernel};
    LITE_ASSIGN(const KernelDef* const fastest, this->fastest(query));
    // True when it was made.
    const auto make = [&](const KernelDef* k) -> Result<bool> {
      auto made = k->make(query, packs_);
      if (!made.is_ok() && made.error().code != Code::kUnsupported) return std::move(made).take_error();
      if (!made.is_ok()) return false;
      step.kernel = std::move(made).value();
      step.kernel_name = k->name;
      step_kernels_.back() = k;
      return true;
    };
    query.options.unranked = fastest != nullptr;
    const bool known = static_cast<size_t>(id) < found_.size() && group_of(id) < 0;
    const KernelDef* first = fastest;
    if (first == nullptr && known) first = found_[static_cast<size_t>(id)];
    if (first == nullptr) first = kernels::find(query);
    if (first != nullptr) {
      LITE_ASSIGN(bool made, make(first));
      if (made) return step;
      // Others are looked for when they are needed, which is seldom.
      query.options.unranked = false;
      const std::vector<const KernelDef*> ranked = kernels::candidates(query);
      query.options.unranked = fastest != nullptr;
      for (const KernelDef* k : ranked) {
        if (k == first) continue;
        LITE_ASSIGN(made, make(k));
        if (made) return step;
      }
    }
  }
  if (!all_plain(in) || !all_plain(out)) {
    plain_only_.insert(n.name);  // compile() starts again with this node row-major
    return step;
  }
  if (n.op->reference == nullptr) return unsupported(n.op->name, ": no kernel takes these types and shapes");
  step.kernel = make_reference_kernel(n, in, out);
  step.kernel_name = "reference";
  return step;
}

Status Compiler::select() {
  program_->steps_.reserve(order_.size());
  for (const NodeId id : order_) {
    const Node& n = g_.node(id);
    if (!is_dynamic(n) && all_empty(operands(n.out)) && (n.op->traits & kRandom) == 0) continue;
    auto step = make_step(id);
    if (!step.is_ok()) return std::move(step).status().with_context(cat(n.op->name, " '", n.name, "'"));
    program_->steps_.push_back(std::move(step).value());
    program_->steps_.back().node = std::move(g_.node(id));  // the graph has done its service
    step_nodes_.push_back(id);
  }
  return ok();
}

}  // namespace lite
