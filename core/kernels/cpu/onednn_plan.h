// From a primitive to a Kernel: which argument comes from where.
#pragma once

#include "core/kernels/cpu/onednn_weights.h"

namespace lite::onednn {

// Filled while a kernel is made, inside guarded().
class Plan {
 public:
  // The argument `id` is input `i` of the node, or its output 0.
  void input(int id, size_t i, const dnnl::memory::desc& md) { add(id, md, {Source::kInput, i}); }
  void output(const dnnl::memory::desc& md) { add(DNNL_ARG_DST, md, {Source::kOutput, 0}); }
  // Input `i`, stored as `stored`, in the layout that the primitive wants. At most one.
  Status weights(size_t i, const Operand& operand, const dnnl::memory::desc& stored,
                 const dnnl::memory::desc& wanted, PackCache& cache);
  // Numbers that the kernel keeps: a copy of [first, first + count).
  template <class T>
  Status held(int id, const dnnl::memory::desc& md, std::span<const T> values) {
    return hold(id, md, values.data(), values.size_bytes());
  }
  // The kernel that runs `primitive` with these arguments. Leaves the plan empty.
  Result<std::unique_ptr<Kernel>> kernel(const dnnl::primitive& primitive);

 private:
  friend class PrimitiveKernel;
  struct Source {
    enum { kInput, kOutput, kWeights, kHeld } from;
    size_t index;
  };
  void add(int id, const dnnl::memory::desc& md, Source source) {
    args_.push_back({id, md});
    sources_.push_back(source);
  }
  Status hold(int id, const dnnl::memory::desc& md, const void* values, size_t bytes);

  std::vector<Exec::Arg> args_;
  std::vector<Source> sources_;
  Weights weights_;
  std::vector<PackCache::Packed> held_;
};

}  // namespace lite::onednn
