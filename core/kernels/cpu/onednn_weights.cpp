#include "core/kernels/cpu/onednn_weights.h"

namespace lite::onednn {

Result<Weights> Weights::make(const Operand& operand, const dnnl::memory::desc& stored,
                              const dnnl::memory::desc& wanted, PackCache& cache, const std::string& how) {
  Weights w;
  if (stored == wanted) return w;
  if (operand.constant != nullptr) {
    LITE_ASSIGN(w.packed_, packed(*operand.constant, stored, wanted, cache, how));
    return w;
  }
  const dnnl::reorder::primitive_desc pd(engine(), stored, engine(), wanted, base_attr());
  w.reorder_ = std::make_unique<Exec>(dnnl::reorder(pd),
                                      std::vector<Exec::Arg>{{DNNL_ARG_SRC, stored}, {DNNL_ARG_DST, wanted}});
  w.target_bytes_ = static_cast<size_t>(round_up(static_cast<int64_t>(wanted.get_size()), 64));
  return w;
}

Result<const void*> Weights::get(const void* source, std::byte* workspace, const Parallel& parallel) const {
  if (packed_) return packed_->data.get();
  if (!reorder_) return source;
  const std::array<const void*, 3> pointers{source, workspace, workspace + target_bytes_};
  LITE_TRY(reorder_->run(pointers, parallel));
  return workspace;
}

}  // namespace lite::onednn
