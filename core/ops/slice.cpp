// Slice: every step-th element from start to end, along some axes.
//
//   in  data                  rank at least 1
//   in  starts, ends          int32 or int64, one entry an axis; negative counts from the end; clamped to the
//   dimension in  axes optional         default 0, 1, ...; negative counts from the end in  steps optional
//   default 1; negative walks backwards; not 0 out output                the type of data

#include <limits>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

struct Range {
  int64_t start = 0, step = 1, count = 0;
};

Range range_of(int64_t start, int64_t end, int64_t step, int64_t size) {
  step = std::max(step, -std::numeric_limits<int64_t>::max());
  if (start < 0) start += size;
  if (end < 0) end += size;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, size);
    end = std::clamp<int64_t>(end, 0, size);
    return {start, step, end > start ? (end - start - 1) / step + 1 : 0};
  }
  start = std::clamp<int64_t>(start, -1, size - 1);
  end = std::clamp<int64_t>(end, -1, size - 1);
  return {start, step, start > end ? (start - end - 1) / -step + 1 : 0};
}

bool given(const InferArgs& a, size_t i) { return i < a.num_in() && a.attrs.node().in[i] != kNoValue; }

// The axes that are sliced, where known; nullopt otherwise.
Result<std::optional<Dims>> sliced_axes(const Tensor* starts, const Tensor* axes, bool axes_given,
                                        size_t rank) {
  if (axes_given ? axes == nullptr : starts == nullptr) return std::optional<Dims>();
  Dims out;
  std::vector<bool> seen(rank);
  const int64_t n = axes_given ? axes->elements() : starts->elements();
  for (int64_t i = 0; i < n; ++i) {
    LITE_ASSIGN(const int64_t axis,
                normalize_axis("Slice", axes_given ? axes->int_at(i) : i, static_cast<int64_t>(rank)));
    if (seen[static_cast<size_t>(axis)]) return invalid_model("Slice: axis ", axis, " is given twice");
    seen[static_cast<size_t>(axis)] = true;
    out.push_back(axis);
  }
  return std::optional<Dims>(std::move(out));
}

Status infer(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = x;
  if (!x.has_rank) return ok();
  const Tensor *starts = a.value(1), *ends = a.value(2), *steps = a.value(4);
  LITE_ASSIGN(const std::optional<Dims> axes, sliced_axes(starts, a.value(3), given(a, 3), x.rank()));
  if (!axes) {
    a.out[0] = unknown_dims(x.dtype, x.rank());
    return ok();
  }
  for (size_t which : {1U, 2U, 4U}) {
    if (const Tensor* t = a.value(which); t != nullptr && static_cast<size_t>(t->elements()) != axes->size())
      return invalid_model("Slice: input ", which, " has ", t->elements(), " entries for ", axes->size(),
                           " axes");
  }
  for (size_t i = 0; i < axes->size(); ++i) {
    int64_t& d = a.out[0].dims[static_cast<size_t>((*axes)[i])];
    const auto at = static_cast<int64_t>(i);
    if (starts == nullptr || ends == nullptr || (given(a, 4) && steps == nullptr)) {
      d = d == 0 ? 0 : kUnknownDim;
      continue;
    }
    const int64_t start = starts->int_at(at), end = ends->int_at(at),
                  step = steps != nullptr ? steps->int_at(at) : 1;
    if (step == 0) return invalid_model("Slice: the step of axis ", (*axes)[i], " is 0");
    if (d >= 0) {
      d = range_of(start, end, step, d).count;
    } else if (!(start == 0 && step == 1 && end >= std::numeric_limits<int32_t>::max())) {
      d = kUnknownDim;
    }
  }
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer));
  LITE_ASSIGN(const std::optional<Dims> axes,
              sliced_axes(&a.input(1), a.has(3) ? &a.input(3) : nullptr, a.has(3), x.rank()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  if (y->elements() == 0) return ok();
  Dims strides = row_major_strides(x.dims());
  int64_t first = 0;
  for (size_t i = 0; i < axes->size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    const auto axis = static_cast<size_t>((*axes)[i]);
    const Range r = range_of(a.input(1).int_at(at), a.input(2).int_at(at),
                             a.has(4) ? a.input(4).int_at(at) : 1, x.dims()[axis]);
    first += r.start * strides[axis];
    // A step beyond the dimension is never taken, and its product could overflow.
    strides[axis] = r.count > 1 ? strides[axis] * r.step : 0;
  }
  copy_block(x.dtype(), dims, at(x, first), strides, y->mutable_raw(), row_major_strides(dims));
  return ok();
}

constexpr OperandSpec kIn[] = {{"data", kMovable, 'T'},
                               {"starts", types::kIndex, 'I'},
                               {"ends", types::kIndex, 'I'},
                               {"axes", types::kIndex, 'I', OperandSpec::kOptional},
                               {"steps", types::kIndex, 'I', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"output", kMovable, 'T'}};

constexpr OpDef kOps[] = {
    {.name = "Slice", .since = 13, .inputs = kIn, .outputs = kOut, .infer = infer, .reference = reference}};

}  // namespace

extern constinit const OpTable slice;
constinit const OpTable slice{kOps};

}  // namespace lite::ops
