// Concat and Split.
//
//   Concat  in inputs...  one or more of one type and rank (at least 1), equal but for dimension `axis`
//           attr axis     int
//   Split   in input, split optional int64: sizes along `axis`, which add up to it
//           attr axis     int, default 0
//           attr num_outputs int: without `split`, that many outputs of ceil(size / num_outputs), the last
//           ones less
//
// Without either, Split makes as many equal parts as the node has outputs.

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Status infer_concat(const InferArgs& a) {
  if (a.num_in() == 0) return invalid_model("Concat: has no inputs, one or more wanted");
  Fact& y = a.out[0];
  y = Fact(a.in[0].dtype);
  for (const Fact& x : a.in) {
    if (x.dtype != DType::kUndefined) y.dtype = x.dtype;
    if (!x.has_rank) continue;
    if (!y.has_rank) {
      y.has_rank = true;
      y.dims = x.dims;
    } else if (x.rank() != y.rank()) {
      return invalid_model("Concat: inputs have ranks ", y.rank(), " and ", x.rank());
    }
  }
  if (!y.has_rank) return ok();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("Concat", a.attrs.i64("axis"), static_cast<int64_t>(y.rank())));
  const auto along = static_cast<size_t>(axis);
  int64_t sum = 0;
  for (const Fact& x : a.in) {
    const int64_t d = x.has_rank ? x.dims[along] : kUnknownDim;
    if (a.num_in() == 1) {
      sum = d;
    } else if (d < 0 || sum < 0) {
      sum = kUnknownDim;
    } else {
      const auto s = checked_add(sum, d);
      if (!s) return invalid_model("Concat: dimension ", axis, " is too large");
      sum = *s;
    }
    for (size_t i = 0; i < y.rank(); ++i) {
      if (i == along) continue;
      const int64_t other = x.has_rank ? x.dims[i] : kUnknownDim;
      if (other >= 0 && y.dims[i] >= 0 && other != y.dims[i])
        return invalid_model("Concat: dimension ", i, " is ", y.dims[i], " in one input and ", other,
                             " in another");
      if (other >= 0) y.dims[i] = other;
    }
  }
  y.dims[along] = sum;
  return ok();
}

// Rows of `dims` around an axis: how many there are, and how many elements one step along the axis is.
struct Around {
  int64_t outer = 1, inner = 1;
  Around(const Dims& dims, int64_t axis) {
    for (size_t i = 0; i < dims.size(); ++i) {
      if (static_cast<int64_t>(i) < axis) outer *= dims[i];
      if (static_cast<int64_t>(i) > axis) inner *= dims[i];
    }
  }
};

Status concat(const EvalArgs& a) {
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_concat));
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(0).dtype(), dims));
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("Concat", a.attrs.i64("axis"), static_cast<int64_t>(dims.size())));
  const Around around(dims, axis);
  const int64_t row = dims[static_cast<size_t>(axis)] * around.inner;
  int64_t begin = 0;
  for (size_t i = 0; i < a.num_in(); ++i) {
    const Tensor& x = a.input(i);
    const int64_t n = x.dims()[static_cast<size_t>(axis)] * around.inner;
    for (int64_t o = 0; o < around.outer; ++o)
      copy_elements(x.dtype(), at(x, o * n), at(*y, o * row + begin), n);
    begin += n;
  }
  return ok();
}

Status infer_split(const InferArgs& a) {
  const Fact& x = a.in[0];
  for (Fact& y : a.out) y = x;
  const auto outputs = static_cast<int64_t>(a.out.size());
  if (!x.has_rank) return ok();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("Split", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  const auto along = static_cast<size_t>(axis);
  const int64_t size = x.dims[along];
  for (Fact& y : a.out) y.dims[along] = kUnknownDim;
  if (a.num_in() > 1 && a.attrs.node().in[1] != kNoValue) {
    const Tensor* split = a.value(1);
    if (split == nullptr) return ok();
    if (split->elements() != outputs)
      return invalid_model("Split: split has ", split->elements(), " entries, the node ", outputs,
                           " outputs");
    int64_t sum = 0;
    for (int64_t i = 0; i < outputs; ++i) {
      const int64_t n = split->int_at(i);
      const auto next = checked_add(sum, n);
      if (n < 0 || !next) return invalid_model("Split: split holds ", n, " at ", i);
      sum = *next;
      a.out[static_cast<size_t>(i)].dims[along] = n;
    }
    if (size >= 0 && sum != size)
      return invalid_model("Split: split adds up to ", sum, ", dimension ", axis, " is ", size);
    return ok();
  }
  const int64_t parts = a.attrs.i64("num_outputs", outputs);
  if (parts != outputs)
    return invalid_model("Split: num_outputs is ", parts, ", the node has ", outputs, " outputs");
  if (size < 0 || parts <= 0) return ok();
  const int64_t part = size / parts + (size % parts != 0 ? 1 : 0);
  for (int64_t i = 0; i < parts; ++i)
    a.out[static_cast<size_t>(i)].dims[along] = std::clamp<int64_t>(size - std::min(size, i * part), 0, part);
  return ok();
}

Status split(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("Split", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  const Around around(x.dims(), axis);
  const int64_t row = x.dims()[static_cast<size_t>(axis)] * around.inner;
  int64_t begin = 0;
  for (size_t i = 0; i < a.out.size(); ++i) {
    LITE_ASSIGN(const Dims dims, output_dims(a, infer_split, i));
    const int64_t n = dims[static_cast<size_t>(axis)] * around.inner;
    if (a.wants(i)) {
      LITE_ASSIGN(Tensor* const y, a.output(i, x.dtype(), dims));
      for (int64_t o = 0; o < around.outer; ++o)
        copy_elements(x.dtype(), at(x, o * row + begin), at(*y, o * n), n);
    }
    begin += n;
  }
  return ok();
}

constexpr OperandSpec kConcatIn[] = {{"inputs", kMovable, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kConcatOut[] = {{"concat_result", kMovable, 'T'}};
constexpr AttrSpec kConcatAttrs[] = {{"axis", AttrType::kInt, true}};
constexpr OperandSpec kSplitIn[] = {{"input", kMovable, 'T'},
                                    {"split", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kSplitOut[] = {{"outputs", kMovable, 'T', OperandSpec::kVariadic}};
constexpr AttrSpec kSplitAttrs[] = {{"axis", AttrType::kInt}, {"num_outputs", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "Concat",
     .since = 13,
     .inputs = kConcatIn,
     .outputs = kConcatOut,
     .attrs = kConcatAttrs,
     .infer = infer_concat,
     .reference = concat},
    {.name = "Split",
     .since = 18,
     .inputs = kSplitIn,
     .outputs = kSplitOut,
     .attrs = kSplitAttrs,
     .infer = infer_split,
     .reference = split},
};

}  // namespace

extern constinit const OpTable concat_split;
constinit const OpTable concat_split{kOps};

}  // namespace lite::ops
