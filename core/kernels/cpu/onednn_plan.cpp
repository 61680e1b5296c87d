#include "core/kernels/cpu/onednn_plan.h"

#include <cstring>

namespace lite::onednn {

class PrimitiveKernel final : public Kernel {
 public:
  static constexpr size_t kMostArgs = 12;

  PrimitiveKernel(const dnnl::primitive& primitive, Plan plan)
      : exec_(primitive, std::move(plan.args_)),
        sources_(std::move(plan.sources_)),
        weights_(std::move(plan.weights_)),
        held_(std::move(plan.held_)) {}

  Status run(const Launch& launch) const override {
    auto* const workspace = static_cast<std::byte*>(launch.workspace);
    std::array<const void*, kMostArgs + 1> pointers{};
    size_t n = 0;
    for (const Plan::Source& s : sources_) {
      const void*& pointer = pointers[n++];
      switch (s.from) {
        case Plan::Source::kInput:
          pointer = launch.in<void>(s.index);
          break;
        case Plan::Source::kOutput:
          pointer = launch.out<void>(s.index);
          break;
        case Plan::Source::kHeld:
          pointer = held_[s.index].data.get();
          break;
        case Plan::Source::kWeights: {
          LITE_ASSIGN(pointer,
                      weights_.get(launch.in<void>(s.index), workspace + scratchpad(), *launch.parallel));
          break;
        }
      }
    }
    pointers[n++] = workspace;
    return exec_.run(std::span(pointers.data(), n), *launch.parallel);
  }
  size_t workspace_bytes() const override { return scratchpad() + weights_.workspace_bytes(); }
  bool reads_input(size_t i) const override {
    for (const Plan::Source& s : sources_)
      if (s.index == i &&
          (s.from == Plan::Source::kInput || (s.from == Plan::Source::kWeights && weights_.reads_source())))
        return true;
    return false;
  }
  size_t packed_bytes() const override {
    size_t sum = 0;
    for (const PackCache::Packed& p : held_) sum += p.bytes;
    return sum;
  }

 private:
  size_t scratchpad() const {
    return static_cast<size_t>(round_up(static_cast<int64_t>(exec_.scratchpad_bytes()), 64));
  }

  Exec exec_;
  std::vector<Plan::Source> sources_;
  Weights weights_;
  std::vector<PackCache::Packed> held_;
};

Status Plan::weights(size_t i, const Operand& operand, const dnnl::memory::desc& stored,
                     const dnnl::memory::desc& wanted, PackCache& cache) {
  LITE_ASSIGN(weights_, Weights::make(operand, stored, wanted, cache));
  add(DNNL_ARG_WEIGHTS, wanted, {Source::kWeights, i});
  return ok();
}

Status Plan::hold(int id, const dnnl::memory::desc& md, const void* values, size_t bytes) {
  LITE_ASSIGN(PackCache::Packed block, PackCache::allocate(bytes));
  std::memcpy(block.data.get(), values, bytes);
  add(id, md, {Source::kHeld, held_.size()});
  held_.push_back(std::move(block));
  return ok();
}

Result<std::unique_ptr<Kernel>> Plan::kernel(const dnnl::primitive& primitive) {
  if (args_.size() > PrimitiveKernel::kMostArgs) return unsupported("oneDNN: ", args_.size(), " arguments");
  return std::unique_ptr<Kernel>(std::make_unique<PrimitiveKernel>(primitive, std::move(*this)));
}

}  // namespace lite::onednn
