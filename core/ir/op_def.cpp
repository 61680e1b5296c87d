#include "core/ir/op_def.h"

#include <algorithm>
#include <array>

namespace lite {
namespace {

template <class T>
const T* get(const Node& node, std::string_view name) {
  const Attr* a = node.find(name);
  return a == nullptr ? nullptr : std::get_if<T>(&a->data);
}

const OperandSpec* spec_at(std::span<const OperandSpec> specs, size_t i) {
  if (i < specs.size()) return &specs[i];
  if (!specs.empty() && specs.back().arity == OperandSpec::kVariadic) return &specs.back();
  return nullptr;
}

std::string type_list(TypeSet set) {
  std::string text;
  for (int i = 1; i < kNumDTypes; ++i) {
    const auto t = static_cast<DType>(i);
    if (!set.has(t)) continue;
    if (!text.empty()) text += ", ";
    text += dtype_name(t);
  }
  return text;
}

Status check_operands(const Graph& g, const OpDef& op, std::span<const ValueId> ids,
                      std::span<const OperandSpec> specs, const char* what, std::array<DType, 128>& bound) {
  for (size_t i = 0; i < std::max(ids.size(), specs.size()); ++i) {
    const OperandSpec* spec = spec_at(specs, i);
    const bool present = i < ids.size() && ids[i] != kNoValue;
    // Captured values follow the operator's own inputs.
    if (spec == nullptr && (op.traits & kHasBody) != 0) return ok();
    if (spec == nullptr)
      return invalid_model(op.name, ": has ", ids.size(), " ", what, "s, at most ", specs.size(), " wanted");
    if (!present) {
      if (spec->arity != OperandSpec::kOptional && what[0] == 'i' &&
          !(spec->arity == OperandSpec::kVariadic && (op.traits & kHasBody) != 0))
        return invalid_model(op.name, ": required ", what, " ", i, " '", spec->name, "' is missing");
      // An output may be left unnamed, but operators count on its place.
      if (spec->arity != OperandSpec::kOptional && i >= ids.size() && (op.traits & kHasBody) == 0)
        return invalid_model(op.name, ": has ", ids.size(), " ", what, "s, '", spec->name, "' is missing");
      continue;
    }
    const Fact& fact = g.value(ids[i]).fact;
    if (fact.kind != Kind::kTensor && (op.traits & (kOnSequences | kAnyKind | kHasBody)) == 0)
      return unsupported(op.name, ": ", what, " ", i, " '", spec->name, "' is a ", kind_name(fact.kind),
                         ", a tensor is wanted");
    const Fact* f = &fact;
    while (f->kind != Kind::kTensor && f->element) f = f->element.get();
    if (f->dtype == DType::kUndefined || f->kind != Kind::kTensor) continue;
    if (!spec->types.has(f->dtype))
      return unsupported(op.name, ": ", what, " ", i, " '", spec->name, "' is ", dtype_name(f->dtype),
                         "; allowed: ", type_list(spec->types));
    if (spec->type_var == 0) continue;
    DType& t = bound[static_cast<size_t>(spec->type_var) & 127];
    if (t != DType::kUndefined && t != f->dtype)
      return invalid_model(op.name, ": ", what, " ", i, " '", spec->name, "' is ", dtype_name(f->dtype), ", ",
                           dtype_name(t), " wanted as in the others");
    t = f->dtype;
  }
  return ok();
}

}  // namespace

const char* attr_type_name(AttrType type) noexcept {
  constexpr const char* kNames[] = {"int",     "float",  "string",  "ints",  "floats",
                                    "strings", "tensor", "tensors", "graph", "type"};
  return kNames[static_cast<size_t>(type)];
}

AttrType attr_type(const Attr& attr) noexcept {
  constexpr AttrType kByIndex[] = {
      AttrType::kInt,     AttrType::kFloat,  AttrType::kString,  AttrType::kInts,  AttrType::kFloats,
      AttrType::kStrings, AttrType::kTensor, AttrType::kTensors, AttrType::kGraph, AttrType::kType};
  return kByIndex[attr.data.index()];
}

int64_t AttrReader::i64(std::string_view name, int64_t otherwise) const {
  const auto* v = get<int64_t>(node_, name);
  return v ? *v : otherwise;
}
float AttrReader::f32(std::string_view name, float otherwise) const {
  const auto* v = get<float>(node_, name);
  return v ? *v : otherwise;
}
std::string_view AttrReader::str(std::string_view name, std::string_view otherwise) const {
  const auto* v = get<std::string>(node_, name);
  return v ? std::string_view(*v) : otherwise;
}
std::span<const int64_t> AttrReader::ints(std::string_view name) const {
  const auto* v = get<std::vector<int64_t>>(node_, name);
  return v ? std::span<const int64_t>(*v) : std::span<const int64_t>();
}
std::span<const float> AttrReader::floats(std::string_view name) const {
  const auto* v = get<std::vector<float>>(node_, name);
  return v ? std::span<const float>(*v) : std::span<const float>();
}
std::span<const std::string> AttrReader::strs(std::string_view name) const {
  const auto* v = get<std::vector<std::string>>(node_, name);
  return v ? std::span<const std::string>(*v) : std::span<const std::string>();
}
const Tensor* AttrReader::tensor(std::string_view name) const { return get<Tensor>(node_, name); }
const Graph* AttrReader::graph(std::string_view name) const {
  const auto* v = get<Attr::Graphs>(node_, name);
  return v ? v->get() : nullptr;
}
const Fact* AttrReader::type(std::string_view name) const { return get<Fact>(node_, name); }

Result<Tensor*> EvalArgs::output(size_t i, DType dtype, const Dims& dims) const {
  Tensor& t = out[i].tensor;
  if (t.defined() && t.dtype() == dtype && t.dims() == dims) return &t;
  LITE_ASSIGN(t, Tensor::allocate(dtype, dims));
  return &t;
}

Status check_node(const Graph& graph, const Node& node) {
  const OpDef& op = *node.op;
  std::array<DType, 128> bound{};
  LITE_TRY(check_operands(graph, op, node.in, op.inputs, "input", bound));
  LITE_TRY(check_operands(graph, op, node.out, op.outputs, "output", bound));
  if ((op.traits & kRegistered) != 0) return ok();
  for (const Attr& a : node.attrs) {
    const auto spec = std::find_if(op.attrs.begin(), op.attrs.end(), [&](const AttrSpec& s) {
      return *s.name == a.name[0] && a.name == s.name;
    });
    if (spec == op.attrs.end()) return invalid_model(op.name, ": has no attribute '", a.name, "'");
    // An empty list is written the same whatever its type.
    if (attr_type(a) != spec->type)
      return invalid_model(op.name, ": attribute '", a.name, "' is of type ", attr_type_name(attr_type(a)),
                           ", ", attr_type_name(spec->type), " wanted");
  }
  for (const AttrSpec& s : op.attrs)
    if (s.required && node.find(s.name) == nullptr)
      return invalid_model(op.name, ": required attribute '", s.name, "' is missing");
  return ok();
}

}  // namespace lite
