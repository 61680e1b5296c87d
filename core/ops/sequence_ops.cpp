// Sequences and optionals.
//
//   SequenceEmpty      attr dtype int, default float32; out an empty sequence of tensors of that type
//   SequenceConstruct  in tensors... of one type; out the sequence of them
//   SequenceInsert     in sequence, tensor, position optional in [-n, n], default n: put in before that place
//   SequenceErase      in sequence, position optional in [-n, n), default the last
//   SequenceAt         in sequence, position in [-n, n)
//   SequenceLength     out int64 scalar
//   SplitToSequence    in input, split optional: one size for all but the last, or a list that adds up;
//   without it pieces of
//                      1, which with attr keepdims = 0 lose the axis; attr axis int, default 0
//   ConcatFromSequence attr axis int; attr new_axis int, default 0; 1: stacks along a new axis
//   Optional           in input optional: an optional that holds it, or an empty one of attr type
//   OptionalHasElement in optional, tensor or sequence, or nothing; out bool scalar
//   OptionalGetElement in optional, which holds something, or what could be in one; out what it holds
//
// A position out of range is an error that names it.

#include "core/ir/fact.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Fact sequence_of(Fact element) {
  Fact f;
  f.kind = Kind::kSequence;
  f.element = std::make_shared<Fact>(std::move(element));
  return f;
}

// Elements of one sequence share a type, not a shape.
Fact any_shape(DType t) { return Fact(t); }
Fact both(const Fact& a, const Fact& b) {
  Fact f = any_shape(a.dtype != DType::kUndefined ? a.dtype : b.dtype);
  if (!a.has_rank || !b.has_rank || a.rank() != b.rank()) return f;
  f.has_rank = true;
  f.dims = a.dims;
  for (size_t i = 0; i < f.rank(); ++i)
    if (f.dims[i] != b.dims[i]) f.dims[i] = kUnknownDim;
  return f;
}

Status check_sequence(const InferArgs& a) {
  if (a.in[0].kind == Kind::kSequence) return ok();
  if (a.in[0].dtype == DType::kUndefined && a.in[0].kind == Kind::kTensor)
    return ok();  // nothing is known of it
  return invalid_model(a.attrs.node().op->name, ": input_sequence is a ", kind_name(a.in[0].kind),
                       ", a sequence is wanted");
}

DType element_type(const Fact& f) { return f.element ? f.element->dtype : DType::kUndefined; }

Datum sequence(DType element, std::vector<Datum> items) {
  Datum d;
  d.kind = Kind::kSequence;
  d.element = element;
  d.items = std::move(items);
  return d;
}

DType type_of(const Datum& s) { return s.items.empty() ? s.element : s.items[0].tensor.dtype(); }

// Position in [-n, limit) as [0, n].
Result<size_t> position(const EvalArgs& a, size_t input, size_t n, bool end_allowed, size_t otherwise) {
  if (!a.has(input)) return otherwise;
  const Tensor& t = a.input(input);
  const char* op = a.attrs.node().op->name;
  if (t.elements() != 1) return invalid_argument(op, ": position has ", t.elements(), " elements, wanted 1");
  const int64_t p = t.int_at(0), size = static_cast<int64_t>(n);
  if (p < -size || p > size || (p == size && !end_allowed))
    return invalid_argument(op, ": position ", p, " is out of range for a sequence of ", n);
  return static_cast<size_t>(p < 0 ? p + size : p);
}

Status infer_empty(const InferArgs& a) {
  const int64_t t = a.attrs.i64("dtype", 1);
  if (t <= 0 || t >= kNumDTypes) return invalid_model("SequenceEmpty: dtype ", t, " is no element type");
  a.out[0] = sequence_of(any_shape(static_cast<DType>(t)));
  return ok();
}

Status empty(const EvalArgs& a) {
  a.out[0] = sequence(static_cast<DType>(a.attrs.i64("dtype", 1)), {});
  return ok();
}

Status infer_construct(const InferArgs& a) {
  if (a.num_in() == 0) return invalid_model("SequenceConstruct: has no inputs, one or more wanted");
  Fact element = a.in[0];
  for (const Fact& f : a.in.subspan(1)) element = both(element, f);
  a.out[0] = sequence_of(std::move(element));
  return ok();
}

Status construct(const EvalArgs& a) {
  std::vector<Datum> items;
  for (const Datum* d : a.in) items.push_back(*d);
  const DType t = items[0].tensor.dtype();
  a.out[0] = sequence(t, std::move(items));
  return ok();
}

Status infer_insert(const InferArgs& a) {
  LITE_TRY(check_sequence(a));
  a.out[0] = sequence_of(both(a.in[1], a.in[0].element ? *a.in[0].element : Fact()));
  return ok();
}

Status insert(const EvalArgs& a) {
  const Items& given = a.in[0]->items;
  LITE_ASSIGN(const size_t at, position(a, 2, given.size(), true, given.size()));
  Datum item = a.take(1), all = a.take(0);
  LITE_TRY(item.own());
  all.element = item.tensor.dtype();
  all.items.insert(at, std::move(item));
  a.out[0] = std::move(all);
  return ok();
}

Status infer_erase(const InferArgs& a) {
  LITE_TRY(check_sequence(a));
  a.out[0] = sequence_of(a.in[0].element ? *a.in[0].element : Fact());
  return ok();
}

Status erase(const EvalArgs& a) {
  const Items& given = a.in[0]->items;
  if (given.empty()) return invalid_argument("SequenceErase: the sequence is empty");
  LITE_ASSIGN(const size_t at, position(a, 1, given.size(), false, given.size() - 1));
  Datum all = a.take(0);
  all.element = type_of(all);
  all.items.erase(at);
  a.out[0] = std::move(all);
  return ok();
}

Status infer_at(const InferArgs& a) {
  LITE_TRY(check_sequence(a));
  a.out[0] = a.in[0].element ? *a.in[0].element : Fact();
  return ok();
}

Status pick_at(const EvalArgs& a) {
  LITE_ASSIGN(const size_t i, position(a, 1, a.in[0]->items.size(), false, 0));
  const Tensor& t = a.in[0]->items[i].tensor;
  return pass_through(a, 0, t, t.dims());
}

Status infer_length(const InferArgs& a) {
  LITE_TRY(check_sequence(a));
  a.out[0] = Fact(DType::kI64, Dims{});
  return ok();
}

Status length(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI64, Dims{}));
  *y->mutable_data<int64_t>() = static_cast<int64_t>(a.in[0]->items.size());
  return ok();
}

Status infer_split(const InferArgs& a) {
  const Fact& x = a.in[0];
  Fact element(x.dtype);
  if (x.has_rank) {
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("SplitToSequence", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
    element = x;
    const bool given = a.num_in() > 1 && a.attrs.node().in[1] != kNoValue;
    if (!given && a.attrs.i64("keepdims", 1) == 0)
      element.dims.erase(static_cast<size_t>(axis));
    else
      element.dims[static_cast<size_t>(axis)] = given ? kUnknownDim : 1;
  }
  a.out[0] = sequence_of(std::move(element));
  return ok();
}

Status split(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("SplitToSequence", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  const auto along = static_cast<size_t>(axis);
  const int64_t size = x.dims()[along];
  std::vector<int64_t> sizes;
  bool drop = false;
  if (x.elements() == 0 && size > (int64_t{1} << 24))
    return unsupported("SplitToSequence: ", size, " pieces of nothing, from ", x.dims());
  if (!a.has(1)) {
    sizes.assign(static_cast<size_t>(size), 1);
    drop = a.attrs.i64("keepdims", 1) == 0;
  } else if (a.input(1).rank() == 0) {
    const int64_t part = a.input(1).int_at(0);
    if (part <= 0) return invalid_argument("SplitToSequence: split is ", part, ", wanted 1 or more");
    for (int64_t begin = 0; begin < size; begin += std::min(part, size - begin))
      sizes.push_back(std::min(part, size - begin));
  } else {
    int64_t sum = 0;
    for (int64_t i = 0; i < a.input(1).elements(); ++i) {
      const int64_t part = a.input(1).int_at(i);
      if (part < 0 || part > size - sum)
        return invalid_argument("SplitToSequence: split holds ", part, " at ", i, ", ", size - sum,
                                " are left");
      sizes.push_back(part);
      sum += part;
    }
    if (sum != size)
      return invalid_argument("SplitToSequence: split adds up to ", sum, ", dimension ", axis, " is ", size);
  }
  const int64_t inner = elements(std::span(x.dims().data() + along + 1, x.rank() - along - 1));
  const int64_t outer = elements(std::span(x.dims().data(), along));
  std::vector<Datum> items;
  int64_t begin = 0;
  for (const int64_t part : sizes) {
    Dims dims = x.dims();
    dims[along] = part;
    if (drop) dims.erase(along);
    LITE_ASSIGN(Tensor t, Tensor::allocate(x.dtype(), dims));
    for (int64_t o = 0; o < outer; ++o)
      copy_elements(x.dtype(), at(x, (o * size + begin) * inner), at(t, o * part * inner), part * inner);
    items.emplace_back(std::move(t));
    begin += part;
  }
  a.out[0] = sequence(x.dtype(), std::move(items));
  return ok();
}

Status infer_concat(const InferArgs& a) {
  LITE_TRY(check_sequence(a));
  const int64_t new_axis = a.attrs.i64("new_axis");
  if (new_axis != 0 && new_axis != 1)
    return invalid_model("ConcatFromSequence: new_axis is ", new_axis, ", wanted 0 or 1");
  a.out[0] = Fact(element_type(a.in[0]));
  const Fact* e = a.in[0].element.get();
  if (e != nullptr && e->has_rank) {
    const auto rank = static_cast<int64_t>(e->rank()) + new_axis;
    LITE_ASSIGN(const int64_t axis, normalize_axis("ConcatFromSequence", a.attrs.i64("axis"), rank));
    Dims dims = e->dims;
    if (new_axis != 0)
      dims.insert(static_cast<size_t>(axis), kUnknownDim);
    else
      dims[static_cast<size_t>(axis)] = kUnknownDim;
    a.out[0] = Fact(e->dtype, std::move(dims));
  }
  return ok();
}

Status concat(const EvalArgs& a) {
  const Items& items = a.in[0]->items;
  if (items.empty()) return invalid_argument("ConcatFromSequence: the sequence is empty");
  const bool fresh = a.attrs.i64("new_axis") != 0;
  const Tensor& first = items[0].tensor;
  Dims dims = first.dims();
  LITE_ASSIGN(const int64_t axis, normalize_axis("ConcatFromSequence", a.attrs.i64("axis"),
                                                 static_cast<int64_t>(dims.size()) + (fresh ? 1 : 0)));
  const auto along = static_cast<size_t>(axis);
  int64_t sum = 0;
  for (const Datum& d : items) {
    Dims other = d.tensor.dims();
    if (!fresh && other.size() == dims.size()) {
      sum += other[along];
      other[along] = dims[along];
    }
    if (!(other == dims))
      return invalid_argument("ConcatFromSequence: elements of ", dims, " and ", d.tensor.dims(),
                              " do not go together");
  }
  if (fresh)
    dims.insert(along, static_cast<int64_t>(items.size()));
  else
    dims[along] = sum;
  LITE_ASSIGN(Tensor* const y, a.output(0, first.dtype(), dims));
  const int64_t inner = elements(std::span(dims.data() + along + 1, dims.size() - along - 1));
  const int64_t outer = elements(std::span(dims.data(), along));
  int64_t begin = 0;
  for (const Datum& d : items) {
    const int64_t n = fresh ? 1 : d.tensor.dims()[along];
    for (int64_t o = 0; o < outer; ++o)
      copy_elements(first.dtype(), at(d.tensor, o * n * inner), at(*y, (o * dims[along] + begin) * inner),
                    n * inner);
    begin += n;
  }
  return ok();
}

// ---- optionals

bool is_left_out(const InferArgs& a) {
  return a.num_in() == 0 || a.attrs.node().in.empty() || a.attrs.node().in[0] == kNoValue;
}

Status infer_optional(const InferArgs& a) {
  Fact inner;
  if (!is_left_out(a)) {
    inner = a.in[0];
  } else if (const Fact* t = a.attrs.type("type")) {
    inner = *t;
  } else {
    return invalid_model("Optional: has neither an input nor the attribute 'type'");
  }
  a.out[0] = Fact();
  a.out[0].kind = Kind::kOptional;
  a.out[0].element = std::make_shared<Fact>(std::move(inner));
  return ok();
}

Status optional(const EvalArgs& a) {
  Datum d;
  d.kind = Kind::kOptional;
  if (a.has(0)) {
    d.items = {*a.in[0]};
  } else if (const Fact* t = a.attrs.type("type")) {
    d.element = innermost_dtype(*t);
  }
  a.out[0] = std::move(d);
  return ok();
}

Status infer_has(const InferArgs& a) {
  a.out[0] = Fact(DType::kBool, Dims{});
  return ok();
}

Status has(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kBool, Dims{}));
  *y->mutable_data<bool>() = a.has(0) && (a.in[0]->kind != Kind::kOptional || !a.in[0]->items.empty());
  return ok();
}

Status infer_get(const InferArgs& a) {
  a.out[0] = a.in[0].kind != Kind::kOptional ? a.in[0] : a.in[0].element ? *a.in[0].element : Fact();
  return ok();
}

Status get(const EvalArgs& a) {
  const Datum* d = a.in[0];
  if (d->kind == Kind::kOptional) {
    if (d->items.empty()) return invalid_argument("OptionalGetElement: the optional is empty");
    d = &d->items[0];
  }
  if (d->kind == Kind::kTensor) return pass_through(a, 0, d->tensor, d->tensor.dims());
  a.out[0] = *d;
  return ok();
}

constexpr TypeSet kTypes = kMovable;
constexpr OperandSpec kSequenceOut[] = {{"output_sequence", kTypes, 'T'}};
constexpr OperandSpec kTensorsIn[] = {{"inputs", kTypes, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kInsertIn[] = {{"input_sequence", kTypes, 'T'},
                                     {"tensor", kTypes, 'T'},
                                     {"position", types::kIndex, 0, OperandSpec::kOptional}};
constexpr OperandSpec kEraseIn[] = {{"input_sequence", kTypes, 'T'},
                                    {"position", types::kIndex, 0, OperandSpec::kOptional}};
constexpr OperandSpec kAtIn[] = {{"input_sequence", kTypes, 'T'}, {"position", types::kIndex}};
constexpr OperandSpec kSequenceIn[] = {{"input_sequence", kTypes, 'T'}};
constexpr OperandSpec kTensorOut[] = {{"tensor", kTypes, 'T'}};
constexpr OperandSpec kLengthOut[] = {{"length", DType::kI64}};
constexpr OperandSpec kSplitIn[] = {{"input", kTypes, 'T'},
                                    {"split", types::kIndex, 0, OperandSpec::kOptional}};
constexpr AttrSpec kDtype[] = {{"dtype", AttrType::kInt}};
constexpr AttrSpec kSplitAttrs[] = {{"axis", AttrType::kInt}, {"keepdims", AttrType::kInt}};
constexpr AttrSpec kConcatAttrs[] = {{"axis", AttrType::kInt, true}, {"new_axis", AttrType::kInt}};
constexpr OperandSpec kOptionalIn[] = {{"input", types::kAll, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kGetIn[] = {{"input", types::kAll, 'T'}};
constexpr OperandSpec kAnyOut[] = {{"output", types::kAll, 'T'}};
constexpr OperandSpec kHasOut[] = {{"output", types::kBool}};
constexpr AttrSpec kTypeAttr[] = {{"type", AttrType::kType}};

constexpr OpDef row(const char* name, int since, std::span<const OperandSpec> in,
                    std::span<const OperandSpec> out, std::span<const AttrSpec> attrs,
                    Status (*infer)(const InferArgs&), Status (*reference)(const EvalArgs&)) {
  return {.name = name,
          .since = since,
          .inputs = in,
          .outputs = out,
          .attrs = attrs,
          .traits = kOnSequences,
          .infer = infer,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    row("SequenceEmpty", 11, {}, kSequenceOut, kDtype, infer_empty, empty),
    row("SequenceConstruct", 11, kTensorsIn, kSequenceOut, {}, infer_construct, construct),
    row("SequenceInsert", 11, kInsertIn, kSequenceOut, {}, infer_insert, insert),
    row("SequenceErase", 11, kEraseIn, kSequenceOut, {}, infer_erase, erase),
    row("SequenceAt", 11, kAtIn, kTensorOut, {}, infer_at, pick_at),
    row("SequenceLength", 11, kSequenceIn, kLengthOut, {}, infer_length, length),
    row("SplitToSequence", 24, kSplitIn, kSequenceOut, kSplitAttrs, infer_split, split),
    row("ConcatFromSequence", 11, kSequenceIn, kTensorOut, kConcatAttrs, infer_concat, concat),
    row("Optional", 28, kOptionalIn, kAnyOut, kTypeAttr, infer_optional, optional),
    row("OptionalHasElement", 28, kOptionalIn, kHasOut, {}, infer_has, has),
    row("OptionalGetElement", 28, kGetIn, kAnyOut, {}, infer_get, get),
};

}  // namespace

extern constinit const OpTable sequence_ops;
constinit const OpTable sequence_ops{kOps};

}  // namespace lite::ops
