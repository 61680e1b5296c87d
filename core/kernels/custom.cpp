// Registered operators on row-major tensors of known shape. A run allocates nothing.

#include "core/ops/custom.h"

#include "core/kernels/kernel.h"

namespace lite::kernels {
namespace {

class LaunchIo final : public ops::CustomIo {
 public:
  LaunchIo(std::span<const Operand> in, std::span<const Operand> out, const Launch& launch)
      : in_(in), out_(out), launch_(launch) {}

  ops::CustomTensor in(size_t i) const override {
    if (!in_[i].present()) return {};
    return {true, in_[i].dtype, &in_[i].dims, const_cast<void*>(launch_.in<void>(i))};
  }
  ops::CustomTensor out(size_t i) const override {
    if (!out_[i].present()) return {};
    return {true, out_[i].dtype, &out_[i].dims, launch_.out<void>(i)};
  }
  Result<void*> allocate(size_t i, DType dtype, const Dims& dims) override {
    if (dtype != out_[i].dtype || !(dims == out_[i].dims))
      return fail(Code::kShapeMismatch, "output ", i, " is ", dtype_name(dtype), dims, " in the run, ",
                  dtype_name(out_[i].dtype), out_[i].dims, " was inferred");
    return launch_.out<void>(i);
  }

 private:
  std::span<const Operand> in_, out_;
  const Launch& launch_;
};

class CustomKernel final : public Kernel {
 public:
  CustomKernel(const NodeQuery& q, void* state)
      : node_(q.node), in_(q.in.begin(), q.in.end()), out_(q.out.begin(), q.out.end()), state_(state) {}

  Status run(const Launch& launch) const override {
    LaunchIo io(in_, out_, launch);
    return ops::custom(node_)->op()->run(node_, state_, io, launch.parallel);
  }

 private:
  Node node_;
  std::vector<Operand> in_, out_;
  void* state_;  // lives as long as node_
};

WhyNot rejects(const NodeQuery& q) {
  for (const auto list : {q.in, q.out})
    for (const Operand& o : list)
      if (o.layout != Layout::kPlain) return "registered operators read and write row-major tensors";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  std::vector<Fact> facts(q.in.size());
  std::vector<const Tensor*> values(q.in.size(), nullptr);
  for (size_t i = 0; i < q.in.size(); ++i) {
    if (!q.in[i].present()) continue;
    facts[i] = Fact(q.in[i].dtype, q.in[i].dims);
    values[i] = q.in[i].constant;
  }
  LITE_ASSIGN(void* const state, ops::custom(q.node)->state({q.attrs(), facts, values, {}, {}, {}}));
  return std::unique_ptr<Kernel>(std::make_unique<CustomKernel>(q, state));
}

constexpr KernelDef kKernels[] = {{"registered", kRegisteredOps, rejects, make}};

}  // namespace

extern constinit const KernelTable custom;
constinit const KernelTable custom{kKernels};

}  // namespace lite::kernels
