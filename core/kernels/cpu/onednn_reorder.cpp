// Reorder between layouts of images on oneDNN. Nothing else moves them: a plain loop of oneDNN's will do,
// too.

#include "core/kernels/cpu/onednn_plan.h"

namespace lite::kernels {
namespace {

using namespace lite::onednn;

WhyNot rejects(const NodeQuery& q) {
  if (const WhyNot why = rejects_options(q.options)) return why;
  if (!data_type(q.in[0].dtype)) return "oneDNN has no such type";
  const size_t rank = q.in[0].dims.size();
  if (rank < 3 || rank > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[0].elements() == 0) return "empty";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  return guarded("reorder:onednn", Work::kImage, [&]() -> Result<std::unique_ptr<Kernel>> {
    const dnnl::memory::desc from = descriptor(q.in[0]), to = descriptor(q.out[0]);
    const dnnl::reorder::primitive_desc pd(engine(), from, engine(), to, base_attr());
    Plan plan;
    plan.input(DNNL_ARG_FROM, 0, from);
    plan.output(to);
    return plan.kernel(dnnl::reorder(pd));
  });
}

constexpr KernelDef kKernels[] = {{"reorder:onednn", "Reorder", rejects, make}};

}  // namespace

extern constinit const KernelTable onednn_reorder;
constinit const KernelTable onednn_reorder{kKernels};

}  // namespace lite::kernels
