// Products and convolutions with what ONNX Runtime fused into them.
#include <algorithm>
#include <numeric>

#include "core/import/onnx/microsoft.h"

namespace lite::onnx {
namespace {

// A factor of FusedMatMul, before its last two dimensions are swapped by `swap`: with `batch` its first
// dimension counts as the row.
Result<ValueId> factor(Draft& d, size_t i, bool swap, bool batch) {
  const ValueId v = d.node.in[i];
  if (!swap && !batch) return v;
  if (!d.fact(i).has_rank) return unsupported("input ", i, " is transposed, and its rank is not known");
  const size_t rank = d.fact(i).rank();
  if (rank < 2) return v;
  if (d.fact(1 - i).has_rank && d.fact(1 - i).rank() < 2)
    return unsupported("input ", i, " is transposed, and the other is a vector");
  std::vector<int64_t> perm(rank);
  std::iota(perm.begin(), perm.end(), 0);
  if (batch) std::rotate(perm.begin(), perm.begin() + 1, perm.end() - 1);
  if (swap) std::swap(perm[rank - 1], perm[rank - 2]);
  return d.emit("Transpose", {v}, {{"perm", perm}});
}

// alpha * A' * B', for the node that ends in `out`.
Result<ValueId> product(Draft& d) {
  const AttrReader r = d.attrs();
  LITE_ASSIGN(const ValueId a, factor(d, 0, r.i64("transA") != 0, r.i64("transBatchA") != 0));
  LITE_ASSIGN(const ValueId b, factor(d, 1, r.i64("transB") != 0, r.i64("transBatchB") != 0));
  Emitter e(d);
  ValueId y = e("MatMul", {a, b});
  if (const float alpha = r.f32("alpha", 1); alpha != 1)
    y = e("Mul", {y, e.scalar(type_of(d, 0), static_cast<double>(alpha))});
  LITE_TRY(std::move(e).status());
  return y;
}

Status fused_mat_mul(Draft& d) {
  LITE_ASSIGN(const ValueId y, product(d));
  return d.replace_with("Identity", {y});
}

// alpha, beta and gamma as far as they are given.
std::vector<float> params_of(const Draft& d) {
  std::vector<float> params;
  for (const char* name : {"activation_alpha", "activation_beta", "activation_gamma"}) {
    if (d.node.find(name) == nullptr) break;
    params.push_back(d.attrs().f32(name));
  }
  return params;
}

Status fused_mat_mul_activation(Draft& d) {
  LITE_ASSIGN(const ValueId y, product(d));
  const std::string_view name = d.attrs().str("activation");
  if (name == "Softmax")
    return d.replace_with("Softmax", {y}, {{"axis", d.attrs().i64("activation_axis", -1)}});
  LITE_ASSIGN(const ValueId act, activate(d, y, name, params_of(d)));
  return d.replace_with("Identity", {act});
}

Status fused_gemm(Draft& d) {
  LITE_ASSIGN(
      const ValueId y,
      d.emit("Gemm", {d.node.in[0], d.node.in[1], input(d, 2)},
             attrs_without(d, {"activation", "activation_alpha", "activation_beta", "activation_gamma"})));
  LITE_ASSIGN(const ValueId act, activate(d, y, d.attrs().str("activation"), params_of(d)));
  return d.replace_with("Identity", {act});
}

// act(conv(X, W) + B + Z).
Status fused_conv(Draft& d) {
  Emitter e(d);
  const ValueId conv = e("Conv", {d.node.in[0], d.node.in[1], input(d, 2)},
                         attrs_without(d, {"activation", "activation_params"}));
  const ValueId sum = e.plus(conv, input(d, 3));
  LITE_TRY(std::move(e).status());
  LITE_ASSIGN(const ValueId act,
              activate(d, sum, d.attrs().str("activation"), d.attrs().floats("activation_params")));
  return d.replace_with("Identity", {act});
}

constexpr Translation kTranslations[] = {
    {"FusedConv", "X W B? Z?",
     "activation activation_params auto_pad dilations group kernel_shape pads strides", fused_conv},
    {"FusedGemm", "A B C?",
     "activation activation_alpha activation_beta activation_gamma alpha beta transA transB", fused_gemm},
    {"FusedMatMul", "A B", "alpha transA transB transBatchA transBatchB", fused_mat_mul},
    {"FusedMatMulActivation", "A B",
     "activation activation_alpha activation_axis activation_beta activation_gamma alpha transA transB "
     "transBatchA transBatchB",
     fused_mat_mul_activation},
    {"TransposeMatMul", "A B", "alpha transA transB", fused_mat_mul},
};

}  // namespace

Result<ValueId> activate(Draft& d, ValueId x, std::string_view name, std::span<const float> params) {
  if (name.empty()) return x;
  constexpr const char* kPlain[] = {"HardSwish", "Mish", "Relu", "Sigmoid", "Softplus", "Softsign", "Tanh"};
  for (const char* op : kPlain)
    if (name == op) return d.emit(op, {x});
  const auto with = [&](const char* op, std::initializer_list<const char*> attrs) {
    Draft::Attrs list;
    for (const char* attr : attrs)
      if (list.size() < params.size()) list.emplace_back(attr, params[list.size()]);
    return d.emit(op, {x}, list);
  };
  for (const char* op : {"Celu", "Elu", "LeakyRelu", "ThresholdedRelu"})
    if (name == op) return with(op, {"alpha"});
  if (name == "HardSigmoid") return with("HardSigmoid", {"alpha", "beta"});
  if (name == "Selu") return with("Selu", {"alpha", "gamma"});
  if (name == "QuickGelu") return with("Swish", {"alpha"});
  if (name == "Clip" && params.size() == 2) {
    const DType t = type_of(d, 0);
    LITE_ASSIGN(const ValueId low, d.scalar(t, static_cast<double>(params[0])));
    LITE_ASSIGN(const ValueId high, d.scalar(t, static_cast<double>(params[1])));
    return d.emit("Clip", {x, low, high});
  }
  return unsupported("attribute 'activation' is '", name, "' with ", params.size(), " parameters");
}

std::span<const Translation> microsoft_fused() { return kTranslations; }

}  // namespace lite::onnx
