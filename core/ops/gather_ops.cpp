// Gather, GatherElements, GatherND: elements picked by index.
//
//   Gather          in data, indices; attr axis int, default 0
//                   out data.dims[:axis] + indices.dims + data.dims[axis + 1:]
//   GatherElements  in data, indices of the same rank, no larger but along axis; attr axis int, default 0
//                   out the shape of indices: y[i][j][k] = data[indices[i][j][k]][j][k] for axis 0
//   GatherND        in data, indices int64; attr batch_dims int, default 0
//                   the last dimension of indices holds index tuples into the dimensions of data after
//                   batch_dims out indices.dims[:-1] + the dimensions of data that the tuples leave
//
// An index in [-size, 0) counts from the end; one out of range is an error that names it.

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Error bad_index(const char* op, int64_t index, int64_t size, int64_t axis) {
  return invalid_argument(op, ": index ", index, " is out of range for dimension ", axis, " of size ", size);
}

Status infer_gather(const InferArgs& a) {
  const Fact &x = a.in[0], &indices = a.in[1];
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("Gather", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  if (!indices.has_rank) return ok();
  Dims dims;
  for (int64_t i = 0; i < axis; ++i) dims.push_back(x.dims[static_cast<size_t>(i)]);
  for (const int64_t d : indices.dims) dims.push_back(d);
  for (size_t i = static_cast<size_t>(axis) + 1; i < x.rank(); ++i) dims.push_back(x.dims[i]);
  a.out[0] = Fact(x.dtype, std::move(dims));
  return ok();
}

Status gather(const EvalArgs& a) {
  const Tensor &x = a.input(0), &indices = a.input(1);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_gather));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("Gather", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  const int64_t size = x.dims()[static_cast<size_t>(axis)];
  int64_t outer = 1, inner = 1;
  for (size_t i = 0; i < x.rank(); ++i) {
    if (static_cast<int64_t>(i) < axis) outer *= x.dims()[i];
    if (static_cast<int64_t>(i) > axis) inner *= x.dims()[i];
  }
  const int64_t n = indices.elements();
  for (int64_t k = 0; k < n; ++k) {
    int64_t index = indices.int_at(k);
    if (index < -size || index >= size) return bad_index("Gather", index, size, axis);
    if (index < 0) index += size;
    for (int64_t o = 0; o < outer; ++o)
      copy_elements(x.dtype(), at(x, (o * size + index) * inner), at(*y, (o * n + k) * inner), inner);
  }
  return ok();
}

Status infer_elements(const InferArgs& a) {
  const Fact &x = a.in[0], &indices = a.in[1];
  a.out[0] = indices;
  a.out[0].dtype = x.dtype;
  if (!x.has_rank) return ok();
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("GatherElements", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  if (!indices.has_rank) {
    a.out[0] = unknown_dims(x.dtype, x.rank());
    return ok();
  }
  if (indices.rank() != x.rank())
    return invalid_model("GatherElements: indices have rank ", indices.rank(), ", data has ", x.rank());
  for (size_t i = 0; i < x.rank(); ++i)
    if (static_cast<int64_t>(i) != axis && x.dims[i] >= 0 && indices.dims[i] > x.dims[i])
      return invalid_model("GatherElements: indices ", indices.dims, " are larger than data ", x.dims,
                           " at dimension ", i);
  return ok();
}

Status gather_elements(const EvalArgs& a) {
  const Tensor &x = a.input(0), &indices = a.input(1);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_elements));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("GatherElements", a.attrs.i64("axis"), static_cast<int64_t>(x.rank())));
  const auto along = static_cast<size_t>(axis);
  const int64_t size = x.dims()[along];
  Dims strides = row_major_strides(x.dims());
  const int64_t stride = strides[along];
  strides[along] = 0;
  const StridedLoop<2> loop(dims, {row_major_strides(dims), strides});
  return dispatch_bytes("GatherElements", x.dtype(), [&]<class T>() -> Status {
    int64_t bad = 0;
    bool found = false;
    loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
      for (int64_t i = 0; i < n; ++i) {
        int64_t index = indices.int_at(offset[0] + i * step[0]);
        if (index < -size || index >= size) {
          bad = index;
          found = true;
          continue;
        }
        if (index < 0) index += size;
        y->mutable_data<T>()[offset[0] + i * step[0]] = x.data<T>()[offset[1] + i * step[1] + index * stride];
      }
    });
    if (found) return bad_index("GatherElements", bad, size, axis);
    return ok();
  });
}

Status infer_nd(const InferArgs& a) {
  const Fact &x = a.in[0], &indices = a.in[1];
  a.out[0] = Fact(x.dtype);
  const int64_t batch = a.attrs.i64("batch_dims");
  if (indices.has_rank && indices.rank() == 0)
    return invalid_model("GatherND: indices are a scalar, rank 1 or more wanted");
  if (!x.has_rank || !indices.has_rank) return ok();
  const auto rank = static_cast<int64_t>(x.rank());
  if (batch < 0 || batch >= rank || batch >= static_cast<int64_t>(indices.rank()))
    return invalid_model("GatherND: batch_dims is ", batch, " for data ", x.dims, " and indices ",
                         indices.dims);
  Dims dims = indices.dims;
  for (size_t i = 0; i < static_cast<size_t>(batch); ++i) {
    if (x.dims[i] >= 0 && dims[i] >= 0 && x.dims[i] != dims[i])
      return invalid_model("GatherND: dimension ", i, " of data ", x.dims, " and indices ", indices.dims,
                           " differ within batch_dims");
    if (x.dims[i] >= 0) dims[i] = x.dims[i];
  }
  const int64_t depth = dims.back();
  if (depth < 0) return ok();
  if (depth > rank - batch)
    return invalid_model("GatherND: index tuples of ", depth, " for data ", x.dims, " after ", batch,
                         " batch dimensions");
  dims.erase(dims.size() - 1);
  for (int64_t i = batch + depth; i < rank; ++i) dims.push_back(x.dims[static_cast<size_t>(i)]);
  a.out[0] = Fact(x.dtype, std::move(dims));
  return ok();
}

Status gather_nd(const EvalArgs& a) {
  const Tensor &x = a.input(0), &indices = a.input(1);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_nd));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const auto batch = static_cast<size_t>(a.attrs.i64("batch_dims"));
  const auto depth = static_cast<size_t>(indices.dims().back());
  const Dims strides = row_major_strides(x.dims());
  const Dims &xd = x.dims(), &id = indices.dims();
  const int64_t batches = elements(std::span(id.data(), batch));
  const int64_t tuples = elements(std::span(id.data() + batch, id.size() - 1 - batch));
  const int64_t slice = elements(std::span(xd.data() + batch + depth, xd.size() - batch - depth));
  const int64_t per_batch = elements(std::span(xd.data() + batch, xd.size() - batch));
  const int64_t* index = indices.data<int64_t>();
  for (int64_t b = 0; b < batches; ++b) {
    for (int64_t t = 0; t < tuples; ++t) {
      int64_t from = b * per_batch;
      for (size_t k = 0; k < depth; ++k) {
        int64_t i = *index++;
        const int64_t size = xd[batch + k];
        if (i < -size || i >= size) return bad_index("GatherND", i, size, static_cast<int64_t>(batch + k));
        from += (i < 0 ? i + size : i) * strides[batch + k];
      }
      copy_elements(x.dtype(), at(x, from), at(*y, (b * tuples + t) * slice), slice);
    }
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"data", kMovable, 'T'}, {"indices", types::kIndex}};
constexpr OperandSpec kNdIn[] = {{"data", kMovable, 'T'}, {"indices", DType::kI64}};
constexpr OperandSpec kOut[] = {{"output", kMovable, 'T'}};
constexpr AttrSpec kAxis[] = {{"axis", AttrType::kInt}};
constexpr AttrSpec kBatchDims[] = {{"batch_dims", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "Gather",
     .since = 13,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAxis,
     .infer = infer_gather,
     .reference = gather},
    {.name = "GatherElements",
     .since = 13,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAxis,
     .infer = infer_elements,
     .reference = gather_elements},
    {.name = "GatherND",
     .since = 13,
     .inputs = kNdIn,
     .outputs = kOut,
     .attrs = kBatchDims,
     .infer = infer_nd,
     .reference = gather_nd},
};

}  // namespace

extern constinit const OpTable gather_ops;
constinit const OpTable gather_ops{kOps};

}  // namespace lite::ops
