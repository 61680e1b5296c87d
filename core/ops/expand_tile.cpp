// Expand and Tile: elements repeated.
//
//   Expand  in input, shape int64: the output has the broadcast of both shapes
//   Tile    in input, repeats int64, one entry a dimension, none negative: dimension i is repeated repeats[i]
//   times

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Status infer_expand(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = Fact(x.dtype);
  if (a.in[1].has_rank && a.in[1].rank() != 1)
    return invalid_model("Expand: shape has rank ", a.in[1].rank(), ", wanted 1");
  if (a.value(1) == nullptr) {
    if (x.has_rank && a.in[1].has_rank && a.in[1].dims[0] >= 0 && a.in[1].dims[0] <= 64)
      a.out[0] = unknown_dims(x.dtype, std::max(x.rank(), static_cast<size_t>(a.in[1].dims[0])));
    // More than one element cannot be stretched.
    for (size_t i = 0; i < x.rank() && a.out[0].has_rank; ++i)
      if (x.dims[i] > 1) a.out[0].dims[a.out[0].rank() - x.rank() + i] = x.dims[i];
    return ok();
  }
  const Dims shape = a.value(1)->to_ints();
  for (const int64_t d : shape)
    if (d < 0) return invalid_model("Expand: shape ", shape, " holds a negative dimension");
  if (!x.has_rank) return ok();
  LITE_ASSIGN(Dims dims, broadcast(x.dims, shape));
  a.out[0] = Fact(x.dtype, std::move(dims));
  return ok();
}

Status expand(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_expand));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  copy_block(x.dtype(), dims, x.raw(), broadcast_strides(x.dims(), dims), y->mutable_raw(),
             row_major_strides(dims));
  return ok();
}

Status infer_tile(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = x;
  if (!x.has_rank) return ok();
  const Tensor* repeats = a.value(1);
  const Fact& r = a.in[1];
  if (r.is_static() && checked_elements(r.dims) != static_cast<int64_t>(x.rank()))
    return invalid_model("Tile: repeats has shape ", r.dims, ", input has rank ", x.rank());
  if (repeats == nullptr) {
    a.out[0] = unknown_dims(x.dtype, x.rank());
    return ok();
  }
  for (size_t i = 0; i < x.rank(); ++i) {
    const int64_t n = repeats->int_at(static_cast<int64_t>(i));
    if (n < 0) return invalid_model("Tile: repeats holds ", n, " at ", i);
    int64_t& d = a.out[0].dims[i];
    if (d < 0) {
      d = n == 0 ? 0 : n == 1 ? d : kUnknownDim;
      continue;
    }
    const auto product = checked_mul(d, n);
    if (!product)
      return invalid_model("Tile: dimension ", i, " of size ", d, " repeated ", n, " times is too large");
    d = *product;
  }
  return ok();
}

Status tile(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_tile));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  // Each dimension is two: how often it is repeated, and itself.
  const Dims from = row_major_strides(x.dims()), to = row_major_strides(dims);
  Dims twice, src, dst;
  for (size_t i = 0; i < x.rank(); ++i) {
    const int64_t d = x.dims()[i];
    twice.push_back(a.input(1).int_at(static_cast<int64_t>(i)));
    src.push_back(0);
    dst.push_back(to[i] * d);
    twice.push_back(d);
    src.push_back(from[i]);
    dst.push_back(to[i]);
  }
  copy_block(x.dtype(), twice, x.raw(), src, y->mutable_raw(), dst);
  return ok();
}

constexpr OperandSpec kExpandIn[] = {{"input", kMovable, 'T'}, {"shape", DType::kI64}};
constexpr OperandSpec kTileIn[] = {{"input", kMovable, 'T'}, {"repeats", DType::kI64}};
constexpr OperandSpec kOut[] = {{"output", kMovable, 'T'}};

constexpr OpDef kOps[] = {
    {.name = "Expand",
     .since = 13,
     .inputs = kExpandIn,
     .outputs = kOut,
     .infer = infer_expand,
     .reference = expand},
    {.name = "Tile", .since = 13, .inputs = kTileIn, .outputs = kOut, .infer = infer_tile, .reference = tile},
};

}  // namespace

extern constinit const OpTable expand_tile;
constinit const OpTable expand_tile{kOps};

}  // namespace lite::ops
