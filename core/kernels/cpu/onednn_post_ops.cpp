#include "core/kernels/cpu/onednn_post_ops.h"

#include <optional>

namespace lite::onednn {
namespace {

using pointwise::Opcode;

struct Eltwise {
  dnnl::algorithm algorithm;
  float alpha, beta;
};

std::optional<Eltwise> eltwise(const pointwise::Activation& a) {
  using A = dnnl::algorithm;
  switch (a.op) {
    case Opcode::kRelu:
      return Eltwise{A::eltwise_relu, 0, 0};
    case Opcode::kLeakyRelu:
      return Eltwise{A::eltwise_relu, a.b, 0};
    case Opcode::kClip:
      return Eltwise{A::eltwise_clip, a.b, a.c};
    case Opcode::kSigmoid:
      return Eltwise{A::eltwise_logistic, 0, 0};
    case Opcode::kTanh:
      return Eltwise{A::eltwise_tanh, 0, 0};
    case Opcode::kSwish:
      return Eltwise{A::eltwise_swish, a.b, 0};
    case Opcode::kElu:
      return Eltwise{A::eltwise_elu, a.b, 0};
    case Opcode::kHardSigmoid:
      return Eltwise{A::eltwise_hardsigmoid, a.b, a.c};
    case Opcode::kHardSwish:
      return Eltwise{A::eltwise_hardswish, 1.0F / 6, 0.5F};
    case Opcode::kGelu:
      return Eltwise{A::eltwise_gelu_erf, 0, 0};
    case Opcode::kGeluTanh:
      return Eltwise{A::eltwise_gelu_tanh, 0, 0};
    case Opcode::kMish:
      return Eltwise{A::eltwise_mish, 0, 0};
    case Opcode::kSoftplus:
      return Eltwise{A::eltwise_soft_relu, 1, 0};
    case Opcode::kAbs:
      return Eltwise{A::eltwise_abs, 0, 0};
    case Opcode::kSquare:
      return Eltwise{A::eltwise_square, 0, 0};
    case Opcode::kExp:
      return Eltwise{A::eltwise_exp, 0, 0};
    default:
      return std::nullopt;
  }
}

}  // namespace

WhyNot rejects_activation(const AttrReader& attrs) {
  const auto a = pointwise::read_activation(attrs);
  if (!a.is_ok()) return "the activation is unknown";
  if (a.value().none() || eltwise(a.value())) return nullptr;
  return "oneDNN lacks the activation";
}

void append_fused(dnnl::post_ops& ops, const AttrReader& attrs, const dnnl::memory::desc* residual,
                  bool activates) {
  const auto act = pointwise::read_activation(attrs);
  const auto apply = [&] {
    if (!activates || !act.is_ok() || act.value().none()) return;
    const Eltwise e = eltwise(act.value()).value();
    ops.append_eltwise(e.algorithm, e.alpha, e.beta);
  };
  const bool after = attrs.i64("residual_after") != 0;
  if (after) apply();
  if (residual != nullptr) ops.append_binary(dnnl::algorithm::binary_add, *residual);
  if (!after) apply();
}

int residual_place(const dnnl::post_ops& ops) {
  int i = ops.len() - 1;
  while (ops.kind(i) != dnnl::primitive::kind::binary) --i;
  return i;
}

}  // namespace lite::onednn
