#include "core/ir/check_data.h"

#include <algorithm>
#include <array>

namespace lite {
namespace {

Status check_types(const OpDef& op, std::span<const Fact> in) {
  std::array<DType, 128> bound{};
  for (size_t i = 0; i < in.size(); ++i) {
    const bool repeated = !op.inputs.empty() && op.inputs.back().arity == OperandSpec::kVariadic;
    if (i >= op.inputs.size() && !repeated) break;  // captured values follow
    const OperandSpec& spec = op.inputs[std::min(i, op.inputs.size() - 1)];
    const Fact* f = &in[i];
    if (f->kind != Kind::kTensor && (op.traits & (kOnSequences | kAnyKind | kHasBody)) == 0)
      return invalid_argument(op.name, ": input ", i, " '", spec.name, "' is a ", kind_name(f->kind),
                              ", a tensor is wanted");
    while (f->kind != Kind::kTensor && f->element) f = f->element.get();
    if (f->kind != Kind::kTensor || f->dtype == DType::kUndefined) {
      if (f == &in[i] && spec.arity == OperandSpec::kRequired)
        return invalid_argument(op.name, ": required input ", i, " '", spec.name, "' is missing");
      continue;
    }
    if (!spec.types.has(f->dtype))
      return unsupported(op.name, ": input ", i, " '", spec.name, "' is ", dtype_name(f->dtype),
                         ", which it does not take");
    if (spec.type_var == 0) continue;
    DType& t = bound[static_cast<size_t>(spec.type_var) & 127];
    if (t != DType::kUndefined && t != f->dtype)
      return invalid_argument(op.name, ": input ", i, " '", spec.name, "' is ", dtype_name(f->dtype), ", ",
                              dtype_name(t), " wanted as in the others");
    t = f->dtype;
  }
  return ok();
}

}  // namespace

Status check_size(const Fact& fact) {
  if (fact.kind != Kind::kTensor || !fact.has_rank) return ok();
  // Exact as far as it matters: a product that was ever above the limit stays there.
  constexpr double kMostBits = 1125899906842624;  // 2^50
  auto bits = static_cast<double>(std::max<size_t>(dtype_bits(fact.dtype), 1));
  for (const int64_t d : fact.dims)
    if (d > 1) bits *= static_cast<double>(d);
  if (bits <= kMostBits) return ok();
  return invalid_model("shape ", fact.dims, ": its size does not fit");
}

Status check_data(const Node& node, std::span<const Datum* const> in, size_t outputs) {
  std::vector<Fact> facts(in.size()), out(outputs);
  std::vector<const Tensor*> values(in.size(), nullptr);
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i] == nullptr) continue;
    facts[i] = fact_of(*in[i]);
    if (in[i]->kind == Kind::kTensor && in[i]->tensor.defined()) values[i] = &in[i]->tensor;
  }
  LITE_TRY(check_types(*node.op, facts));
  std::vector<Tensor> out_values(outputs);
  const auto body_facts = [](const Graph& body, std::span<const Fact>) -> Result<std::vector<Fact>> {
    return std::vector<Fact>(body.outputs.size());
  };
  LITE_TRY(node.op->infer({AttrReader(node), facts, values, out, out_values, body_facts}));
  for (const Fact& f : out) LITE_TRY(check_size(f));
  return ok();
}

}  // namespace lite
