// Weights in the layout that a primitive wants: packed once when they are constant, else at each run.
#pragma once

#include "core/kernels/cpu/onednn_runtime.h"

namespace lite::onednn {

class Weights {
 public:
  // `stored` describes the operand's bytes, `wanted` what the primitive reads. Call inside guarded().
  static Result<Weights> make(const Operand& operand, const dnnl::memory::desc& stored,
                              const dnnl::memory::desc& wanted, PackCache& cache,
                              const std::string& how = {});

  // The pointer to give to the primitive. `workspace` has workspace_bytes() and is used when they are packed
  // at each run.
  Result<const void*> get(const void* source, std::byte* workspace, const Parallel& parallel) const;
  size_t workspace_bytes() const { return target_bytes_ + (reorder_ ? reorder_->scratchpad_bytes() : 0); }
  bool reads_source() const { return packed_ == nullptr; }

 private:
  std::shared_ptr<const PackCache::Packed> packed_;
  std::unique_ptr<Exec> reorder_;
  size_t target_bytes_ = 0;
};

}  // namespace lite::onednn
