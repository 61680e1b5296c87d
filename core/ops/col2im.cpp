// Col2Im: puts the columns of an unfolded image back, adding where blocks overlap.
//
//   in  input        [N, C * product(block), L], numbers; L blocks, in the order in which they slide over the
//   image in  image_shape  [r], int64       in  block_shape  [r], int64 out output       [N, C, image...]
//   attr dilations, strides ints, default 1      attr pads ints, default 0
//
// MaxUnpool: puts pooled elements back to where MaxPool found them, zeros elsewhere.
//
//   in  X  [N,C,spatial...], float       in  I  shape of X, int64: places in the flattened output
//   in  output_shape  optional, int64: the whole shape; the places are still those of the shape that follows
//   from the
//                     attributes
//   out output  [N, C, (spatial - 1) * strides + kernel - pads], or output_shape
//   attr kernel_shape ints, required     attr strides ints, default 1     attr pads ints, default 0

#include "core/ops/op.h"
#include "core/ops/widen.h"
#include "core/ops/window.h"

namespace lite::ops {
namespace {

struct Fold {
  Window window;
  Dims image;
  int64_t block = 1, blocks = 1;  // elements of a block, number of blocks
};

Result<Fold> resolve_fold(const AttrReader& attrs, const Dims& image, const Dims& block) {
  if (image.size() != block.size() || image.empty())
    return invalid_model("Col2Im: image_shape is ", image, " and block_shape ", block,
                         ", the same number of dimensions wanted");
  for (const int64_t d : image)
    if (d < 1) return invalid_model("Col2Im: image_shape is ", image, ", at least 1 each wanted");
  Fold f;
  f.image = image;
  LITE_ASSIGN(const WindowAttrs w, read_window(attrs, image.size(), &block));
  LITE_ASSIGN(f.window, resolve_window("Col2Im", w, image));
  const auto size = checked_elements(block), count = checked_elements(f.window.out);
  if (!size || !count) return invalid_model("Col2Im: block_shape ", block, " is too large");
  f.block = *size;
  f.blocks = *count;
  return f;
}

Status check_columns(const Fold& f, const Dims& in) {
  if (in.size() != 3) return invalid_model("Col2Im: input has shape ", in, ", three dimensions wanted");
  if ((in[1] >= 0 && in[1] % f.block != 0) || (in[2] >= 0 && in[2] != f.blocks))
    return invalid_model("Col2Im: input has shape ", in, ", a multiple of ", f.block, " rows and ", f.blocks,
                         " columns wanted");
  return ok();
}

Status infer_fold(const InferArgs& a) {
  a.out[0] = Fact(a.in[0].dtype);
  const Fact& x = a.in[0];
  if (x.has_rank && x.rank() != 3)
    return invalid_model("Col2Im: input has shape ", x.dims, ", three dimensions wanted");
  const int64_t batch = x.has_rank ? x.dims[0] : kUnknownDim;
  // The number of spatial dimensions, from whatever tells it.
  int64_t spatial = a.attrs.has("pads") ? static_cast<int64_t>(a.attrs.ints("pads").size() / 2) : kUnknownDim;
  for (const char* name : {"dilations", "strides"})
    if (a.attrs.has(name)) spatial = static_cast<int64_t>(a.attrs.ints(name).size());
  for (const size_t i : {1U, 2U}) {
    const Fact& shape = a.in[i];
    if (!shape.has_rank) continue;
    if (shape.rank() != 1 || (spatial >= 0 && shape.dims[0] >= 0 && shape.dims[0] != spatial))
      return invalid_model("Col2Im: ", i == 1 ? "image_shape" : "block_shape", " has shape ", shape.dims,
                           ", one number for each spatial dimension wanted");
    if (shape.dims[0] >= 0) spatial = shape.dims[0];
  }
  if (a.value(1) == nullptr || a.value(2) == nullptr) {
    if (spatial < 0 || spatial > 62) return ok();
    a.out[0] = unknown_dims(x.dtype, static_cast<size_t>(spatial) + 2);
    a.out[0].dims[0] = batch;
    return ok();
  }
  LITE_ASSIGN(const Fold f, resolve_fold(a.attrs, a.value(1)->to_ints(), a.value(2)->to_ints()));
  Dims y{batch, kUnknownDim};
  if (x.has_rank) {
    LITE_TRY(check_columns(f, x.dims));
    if (x.dims[1] >= 0) y[1] = x.dims[1] / f.block;
  }
  for (const int64_t d : f.image) y.push_back(d);
  a.out[0] = Fact(x.dtype, std::move(y));
  return ok();
}

Status fold(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Fold f, resolve_fold(a.attrs, a.input(1).to_ints(), a.input(2).to_ints()));
  LITE_TRY(check_columns(f, x.dims()));
  if (!types::kNumeric.has(x.dtype()))
    return unsupported("Col2Im: element type ", dtype_name(x.dtype()), " is not supported");
  Dims dims{x.dims()[0], x.dims()[1] / f.block};
  for (const int64_t d : f.image) dims.push_back(d);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const Window& w = f.window;
  const int64_t plane = elements(f.image);
  std::vector<double> row(static_cast<size_t>(f.blocks)), out(static_cast<size_t>(plane));
  for (int64_t n = 0; n < dims[0] * dims[1]; ++n) {
    std::fill(out.begin(), out.end(), 0);
    Walker<0> tap(w.kernel, {});
    for (int64_t t = 0; t < f.block; ++t, tap.next()) {
      widen(x, (n * f.block + t) * f.blocks, f.blocks, row.data());
      Walker<0> at(w.out, {});
      for (const double v : row) {
        int64_t offset = 0;
        bool inside = true;
        for (size_t d = 0; d < f.image.size(); ++d) {
          const int64_t i = at.index()[d] * w.strides[d] + tap.index()[d] * w.dilations[d] - w.pads_begin[d];
          inside = inside && i >= 0 && i < f.image[d];
          offset = offset * f.image[d] + i;
        }
        if (inside) out[static_cast<size_t>(offset)] += v;
        at.next();
      }
    }
    narrow(out.data(), plane, *y, n * plane);
  }
  return ok();
}

// The shape that the attributes give.
Result<Dims> unpooled(const AttrReader& attrs, const Dims& x) {
  if (x.size() < 3) return invalid_model("MaxUnpool: X has shape ", x, ", at least three dimensions wanted");
  LITE_ASSIGN(const WindowAttrs w, read_window(attrs, x.size() - 2, nullptr));
  Dims y = x;
  for (size_t d = 0; d + 2 < x.size(); ++d) {
    if (x[d + 2] < 0) {
      y[d + 2] = kUnknownDim;
      continue;
    }
    const auto span = checked_mul(x[d + 2] - 1, w.strides[d]);
    y[d + 2] = span ? *span + w.kernel[d] - w.pads_begin[d] - w.pads_end[d] : -1;
    if (y[d + 2] < 0)
      return invalid_model("MaxUnpool: output dimension ", d + 2, " of X ", x,
                           " does not fit, or is negative");
  }
  return y;
}

Status infer_unpool(const InferArgs& a) {
  const Fact& x = a.in[0];
  if (x.is_static() && a.in[1].is_static() && !(x.dims == a.in[1].dims))
    return invalid_model("MaxUnpool: X has shape ", x.dims, " and I ", a.in[1].dims, ", the same wanted");
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  if (a.has(2) && a.in[2].has_rank &&
      (a.in[2].rank() != 1 || (a.in[2].dims[0] >= 0 && a.in[2].dims[0] != static_cast<int64_t>(x.rank()))))
    return invalid_model("MaxUnpool: output_shape has shape ", a.in[2].dims, ", [", x.rank(), "] wanted");
  LITE_ASSIGN(Dims y, unpooled(a.attrs, x.dims));
  if (a.has(2)) y = a.value(2) != nullptr ? a.value(2)->to_ints() : Dims(x.rank(), kUnknownDim);
  if (y.size() != x.rank())
    return invalid_model("MaxUnpool: output_shape is ", y, ", ", x.rank(), " numbers wanted");
  a.out[0] = Fact(x.dtype, std::move(y));
  return ok();
}

Status unpool(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims inner, unpooled(a.attrs, x.dims()));
  const Dims dims = a.has(2) ? a.input(2).to_ints() : inner;
  if (dims.size() != inner.size() || dims[0] != inner[0] || dims[1] != inner[1])
    return invalid_argument("MaxUnpool: output_shape is ", dims, ", batch and channels of ", inner,
                            " wanted");
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const auto places = checked_elements(inner);
  if (!places) return invalid_model("MaxUnpool: an output of shape ", inner, " is too large");
  std::vector<double> out(static_cast<size_t>(y->elements()), 0), in(static_cast<size_t>(x.elements()));
  widen(x, 0, x.elements(), in.data());
  const Dims from = row_major_strides(inner), to = row_major_strides(dims);
  for (int64_t i = 0; i < x.elements(); ++i) {
    const int64_t place = a.input(1).int_at(i);
    if (place < 0 || place >= *places)
      return invalid_argument("MaxUnpool: I[", i, "] is ", place, ", wanted in [0,", *places, ")");
    int64_t at = 0;
    bool inside = true;
    for (size_t d = 0; d < dims.size(); ++d) {
      const int64_t index = place / from[d] % inner[d];
      inside = inside && index < dims[d];
      at += index * to[d];
    }
    if (inside) out[static_cast<size_t>(at)] = in[static_cast<size_t>(i)];
  }
  narrow(out.data(), y->elements(), *y, 0);
  return ok();
}

constexpr TypeSet kTypes = types::kNumeric | types::kComplex | types::kBool | types::kString;
constexpr OperandSpec kFoldIn[] = {
    {"input", kTypes, 'T'}, {"image_shape", DType::kI64}, {"block_shape", DType::kI64}};
constexpr OperandSpec kFoldOut[] = {{"output", kTypes, 'T'}};
constexpr AttrSpec kFoldAttrs[] = {
    {"dilations", AttrType::kInts}, {"pads", AttrType::kInts}, {"strides", AttrType::kInts}};
constexpr OperandSpec kUnpoolIn[] = {
    {"X", types::kFloat, 'T'}, {"I", DType::kI64}, {"output_shape", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kUnpoolOut[] = {{"output", types::kFloat, 'T'}};
constexpr AttrSpec kUnpoolAttrs[] = {
    {"kernel_shape", AttrType::kInts, true}, {"pads", AttrType::kInts}, {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {
    {
        .name = "Col2Im",
        .since = 18,
        .inputs = kFoldIn,
        .outputs = kFoldOut,
        .attrs = kFoldAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_fold,
        .reference = fold,
    },
    {
        .name = "MaxUnpool",
        .since = 22,
        .inputs = kUnpoolIn,
        .outputs = kUnpoolOut,
        .attrs = kUnpoolAttrs,
        .infer = infer_unpool,
        .reference = unpool,
    },
};

}  // namespace

extern constinit const OpTable col2im;
constinit const OpTable col2im{kOps};

}  // namespace lite::ops
