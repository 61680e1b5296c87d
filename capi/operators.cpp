// model_c.h: the operators of this build.

#include "capi/guard.h"
#include "capi/operator_registry.h"
#include "capi/text.h"
#include "core/import/onnx/onnx.h"
#include "core/kernels/kernel.h"
#include "core/ops/registry.h"
#include "lite-c/model_c.h"

using namespace lite;
using namespace lite::capi;

namespace {

// The elements joined to a JSON array.
class Array {
 public:
  void add(std::string_view json) { text_ += cat(text_.size() == 1 ? "" : ", ", json); }
  std::string str() && { return std::move(text_) + "]"; }

 private:
  std::string text_ = "[";
};

std::string operands(std::span<const OperandSpec> specs) {
  Array list;
  for (const OperandSpec& o : specs) {
    Array types;
    for (int t = 1; t < kNumDTypes; ++t)
      if (o.types.has(static_cast<DType>(t))) types.add(json_quote(dtype_name(static_cast<DType>(t))));
    list.add(cat("{\"name\": ", json_quote(o.name), ", \"types\": ", std::move(types).str(),
                 ", \"arity\": \"",
                 o.arity == OperandSpec::kRequired   ? "required"
                 : o.arity == OperandSpec::kOptional ? "optional"
                                                     : "variadic",
                 "\"}"));
  }
  return std::move(list).str();
}

std::string name_and_domain(const char* name, const char* domain) {
  return cat("\n  {\"name\": ", json_quote(name), ", \"domain\": ", json_quote(domain));
}

std::string describe(const OpDef& op, const char* name) {
  Array attrs, kernels;
  for (const AttrSpec& a : op.attrs) attrs.add(json_quote(a.name));
  for (const KernelDef* k : kernels::all())
    if (std::string_view(k->op) == op.name) kernels.add(json_quote(k->name));
  return cat(name_and_domain(name, op.domain), ", \"since\": ", op.since,
             ", \"inputs\": ", operands(op.inputs), ", \"outputs\": ", operands(op.outputs),
             ", \"attributes\": ", std::move(attrs).str(), ", \"kernels\": ", std::move(kernels).str(),
             (op.traits & kRegistered) != 0 ? ", \"registered\": true}" : "}");
}

}  // namespace

int LITE_get_operators(char** json) {
  return guard("LITE_get_operators", [&]() -> Outcome {
    LITE_REQUIRE(json);
    Array list;
    for (const OpDef* op : ops::all())
      if ((op->traits & kFusedOnly) == 0) list.add(describe(*op, op->name));
    for (const ReplacedOp& op : replaced_onnx_ops())
      list.add(name_and_domain(op.name, op.domain) + ", \"replaced\": true}");
    for (const auto& op : *operators::current()) list.add(describe(op->def(), op->name().c_str()));
    return give_string(std::move(list).str() + "\n", json);
  });
}
