#include "core/compile/compiler.h"

namespace lite {
namespace {

class ReferenceKernel final : public Kernel {
 public:
  ReferenceKernel(const Node& node, std::span<const Operand> in, std::span<const Operand> out)
      : node_(node), in_(in.begin(), in.end()), out_(out.begin(), out.end()) {}

  Status run(const Launch& launch) const override {
    std::vector<Datum> in(in_.size()), out(out_.size());
    std::vector<const Datum*> in_ptrs(in_.size(), nullptr);
    for (size_t i = 0; i < in_.size(); ++i) {
      if (!in_[i].present()) continue;
      in[i].tensor = Tensor::view(in_[i].dtype, in_[i].dims, launch.in<void>(i));
      in_ptrs[i] = &in[i];
    }
    for (size_t i = 0; i < out_.size(); ++i)
      if (out_[i].present()) out[i].tensor = Tensor::view(out_[i].dtype, out_[i].dims, launch.out<void>(i));
    LITE_TRY(evaluate_node(node_, in_ptrs, out, launch.parallel));
    for (size_t i = 0; i < out_.size(); ++i) {
      if (!out_[i].present()) continue;
      const Tensor& t = out[i].tensor;
      if (t.raw() != launch.out<void>(i) && t.elements() != 0)
        return fail(Code::kInternal, node_.op->name, ": output ", i, " has shape ", t.dims(),
                    ", inference said ", out_[i].dims);
    }
    return ok();
  }

 private:
  Node node_;
  std::vector<Operand> in_, out_;
};

}  // namespace

std::unique_ptr<Kernel> make_reference_kernel(const Node& node, std::span<const Operand> in,
                                              std::span<const Operand> out) {
  return std::make_unique<ReferenceKernel>(node, in, out);
}

}  // namespace lite
