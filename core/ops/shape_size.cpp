// Shape and Size of a tensor, known as soon as its dimensions are.
//
//   Shape  in data; attrs start int default 0, end int default rank: out int64[end - start], the dimensions
//   in between;
//          both may be negative, counting from the end, and are clamped to [0, rank]
//   Size   in data; out int64 scalar, the number of elements

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

std::span<const int64_t> between(const AttrReader& r, const Dims& dims) {
  const auto rank = static_cast<int64_t>(dims.size());
  const auto clamped = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank); };
  const int64_t start = clamped(r.i64("start", 0)), end = clamped(r.i64("end", rank));
  if (end <= start) return {};
  return std::span(dims.data() + start, static_cast<size_t>(end - start));
}

Status infer_shape(const InferArgs& a) {
  a.out[0] = unknown_dims(DType::kI64, 1);
  if (!a.in[0].has_rank) return ok();
  const auto dims = between(a.attrs, a.in[0].dims);
  a.out[0].dims[0] = static_cast<int64_t>(dims.size());
  if (std::all_of(dims.begin(), dims.end(), [](int64_t d) { return d >= 0; }))
    a.out_values[0] = Tensor::vector_i64(dims);
  return ok();
}

Status shape(const EvalArgs& a) {
  const auto dims = between(a.attrs, a.input(0).dims());
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI64, Dims{static_cast<int64_t>(dims.size())}));
  std::copy(dims.begin(), dims.end(), y->mutable_data<int64_t>());
  return ok();
}

Status infer_size(const InferArgs& a) {
  a.out[0] = Fact(DType::kI64, Dims{});
  if (!a.in[0].has_rank) return ok();
  const int64_t n = product_of(a.in[0].dims);
  if (n >= 0) a.out_values[0] = Tensor::scalar_i64(n);
  return ok();
}

Status size(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI64, Dims{}));
  *y->mutable_data<int64_t>() = a.input(0).elements();
  return ok();
}

constexpr OperandSpec kIn[] = {{"data", types::kAll}};
constexpr OperandSpec kOut[] = {{"shape", DType::kI64}};
constexpr AttrSpec kAttrs[] = {{"end", AttrType::kInt}, {"start", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "Shape",
     .since = 25,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAttrs,
     .infer = infer_shape,
     .reference = shape},
    {.name = "Size", .since = 25, .inputs = kIn, .outputs = kOut, .infer = infer_size, .reference = size},
};

}  // namespace

extern constinit const OpTable shape_size;
constinit const OpTable shape_size{kOps};

}  // namespace lite::ops
