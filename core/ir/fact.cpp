#include "core/ir/fact.h"

namespace lite {

namespace {

// Of one of a map's values, which are a sequence, or a tensor whose first dimension counts them.
Fact entry_fact(const Datum& values, const Fact* declared) {
  if (values.kind == Kind::kTensor) {
    Fact f(values.tensor.dtype(), values.tensor.dims());
    if (f.rank() > 0) f.dims.erase(0);
    return f;
  }
  if (!values.items.empty()) return without_shapes(fact_of(values.items[0], declared));
  return declared != nullptr ? *declared : Fact(values.element);
}

}  // namespace

Fact fact_of(const Datum& datum, const Fact* declared) {
  if (datum.kind == Kind::kTensor)
    return datum.tensor.defined() ? Fact(datum.tensor.dtype(), datum.tensor.dims()) : Fact();
  Fact f;
  f.kind = datum.kind;
  if (datum.kind == Kind::kMap) f.dtype = datum.tensor.dtype();
  if (declared != nullptr && declared->kind != datum.kind) declared = nullptr;
  const Fact* const inner = declared != nullptr ? declared->element.get() : nullptr;
  Fact element;
  if (!datum.items.empty() && datum.kind == Kind::kMap)
    element = entry_fact(datum.items[0], inner);
  else if (!datum.items.empty())
    element = fact_of(datum.items[0], inner);
  else if (inner != nullptr)
    element = *inner;
  else
    element.dtype = datum.element;
  f.element =
      std::make_shared<Fact>(datum.kind == Kind::kSequence ? without_shapes(element) : std::move(element));
  return f;
}

Fact without_shapes(const Fact& fact) {
  Fact f = fact;
  f.has_rank = false;
  f.dims = Dims();
  if (f.element) f.element = std::make_shared<Fact>(without_shapes(*f.element));
  return f;
}

Fact join(const Fact& a, const Fact& b) {
  if (a == b) return a;
  Fact out = a;
  if (a.kind != b.kind) return Fact();
  if (a.dtype != b.dtype) out.dtype = DType::kUndefined;
  if (a.element && b.element) out.element = std::make_shared<Fact>(join(*a.element, *b.element));
  if (!a.has_rank || !b.has_rank || a.rank() != b.rank()) {
    out.has_rank = false;
    out.dims = Dims();
    return out;
  }
  for (size_t i = 0; i < a.rank(); ++i)
    if (a.dims[i] != b.dims[i]) out.dims[i] = kUnknownDim;
  return out;
}

DType innermost_dtype(const Fact& fact) noexcept {
  const Fact* f = &fact;
  while (f->kind != Kind::kTensor && f->element) f = f->element.get();
  return f->kind == Kind::kTensor ? f->dtype : DType::kUndefined;
}

}  // namespace lite
