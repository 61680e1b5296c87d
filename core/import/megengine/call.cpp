// One operator's view of the graph: its inputs in the form it wants, its parameters, its outputs.
#include "core/import/megengine/translator.h"

namespace lite::mge {

ValueId Call::in(size_t i) {
  if (b.failed()) return kNoValue;
  if (i >= num_in()) {
    b.fail_with(invalid_model("input ", i, " is missing, it has ", num_in()));
    return kNoValue;
  }
  Variable& v = variable(i);
  if (v.value == kNoValue) v.value = from_plain(b, v.plain, v.format);
  return v.value;
}

ValueId Call::plain(size_t i, Blocked format) {
  if (b.failed() || i >= num_in() || format == Blocked::kNone) return in(i);
  Variable& v = variable(i);
  if (v.plain != kNoValue && v.format == format) return v.plain;
  const ValueId made = to_plain(b, in(i), format);
  if (v.plain == kNoValue) v.plain = made, v.format = format;
  return made;
}

ValueId Call::real(size_t i) {
  const ValueId v = in(i);
  if (b.failed()) return v;
  return type(i).quantised ? b.dequantize(v, type(i)) : v;
}

bool Call::has_param(fb::OperatorParam type) const {
  for (const StoredParam& p : opr.params)
    if (p.type == type) return true;
  return false;
}

const void* Call::find_param(fb::OperatorParam type) {
  // An empty flatbuffer table: its vtable has no fields, so each has its default.
  alignas(8) static const struct {
    uint16_t vtable[4];
    int32_t to_vtable;
  } empty = {{4, 4, 0, 0}, 8};
  for (const StoredParam& p : opr.params)
    if (p.type == type) return p.table;
  for (const StoredParam& p : opr.params)
    if (p.type != fb::OperatorParam::Empty && p.type != fb::OperatorParam::ExecutionPolicy) {
      b.fail_with(invalid_model("its parameter is of type ", static_cast<int>(p.type), ", ",
                                static_cast<int>(type), " wanted"));
      break;
    }
  if (opr.params.empty())
    b.fail_with(invalid_model("it has no parameter, one of type ", static_cast<int>(type), " wanted"));
  return &empty.to_vtable;
}

void Call::out(size_t i, ValueId v) { out(i, v, ElementType(b.dtype(v))); }

void Call::out(size_t i, ValueId v, const ElementType& type) {
  if (b.failed() || !makes(i)) return;
  variables_[opr.outputs[i]] = {v, kNoValue, Blocked::kNone, type, true};
}

void Call::out_plain(size_t i, ValueId v, Blocked format, const ElementType& type) {
  if (b.failed() || !makes(i)) return;
  if (format == Blocked::kNone) return out(i, v, type);
  variables_[opr.outputs[i]] = {kNoValue, v, format, type, true};
}

Result<ElementType> Call::output_type(const ElementType& otherwise) {
  if (opr.output_type == nullptr) return otherwise;
  return element_type(*opr.output_type);
}

void Call::out_real(size_t i, ValueId v, const ElementType& type) {
  if (b.failed()) return;
  out(i, type.quantised ? b.quantize(b.cast(v, DType::kF32), type) : b.cast(v, type.dtype), type);
}

Status Call::want_inputs(size_t least, size_t most) const {
  if (num_in() >= least && num_in() <= most) return ok();
  if (least == most) return invalid_model("it has ", num_in(), " inputs, ", least, " wanted");
  return invalid_model("it has ", num_in(), " inputs, ", least, " to ", most, " wanted");
}

}  // namespace lite::mge
