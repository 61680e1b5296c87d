// QuantizeLinear: y = saturate(round(x / y_scale) + y_zero_point).
// DequantizeLinear: y = (x - x_zero_point) * x_scale.
//
//   in  x           any shape; float32, float16, bfloat16 or int32, or a quantised type
//   in  scale       a scalar or one number: for the whole tensor; [D] with D the size of `axis`: one for
//   each; or the
//                   shape of x with ceil(D / block_size) at `axis`: one for each block
//   in  zero_point  optional, the shape of scale; default 0
//   out y           shape of x
//   attr axis         int, default 1       attr block_size int, default 0: follows from scale's shape
//   attr output_dtype int, default 0: QuantizeLinear: the type of y_zero_point, or uint8 without;
//   DequantizeLinear: the
//                     type of x_scale
//   attr saturate     QuantizeLinear, int, default 1: 0 lets what an 8-bit float cannot hold become infinity
//   or NaN attr precision    QuantizeLinear, int, default 0: the type to divide in; default that of y_scale
//
// Rounding is to nearest, halves to even. Sub-byte types are packed, the first element in the lowest bits.
//
// DynamicQuantizeLinear: QuantizeLinear to uint8 with a scale that covers x and 0: y_scale = (max(x, 0) -
// min(x, 0)) / 255, y_zero_point = saturate(round(-min(x, 0) / y_scale)); for x of zeros only y_scale is 0
// and y too.

#include <cmath>
#include <cstring>

#include "core/base/small_float.h"
#include "core/ops/op.h"
#include "core/ops/quantized.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

// x seen as [outer, width, inner] around the axis, and where the parameter of an element lies.
struct Grid {
  int64_t outer = 1, width = 1, inner = 1;
  enum { kTensor, kAxis, kBlocks } kind = kTensor;
  int64_t blocks = 1, block = 1;  // of kBlocks, along the axis
  int64_t param(int64_t o, int64_t k, int64_t i) const {
    return kind == kTensor ? 0 : kind == kAxis ? k : (o * blocks + k / block) * inner + i;
  }
};

// nullopt while dimensions are unknown.
Result<std::optional<Grid>> resolve(const AttrReader& attrs, const Fact& x, const Fact& scale) {
  const char* op = attrs.node().op->name;
  const int64_t block_size = attrs.i64("block_size", 0);
  if (block_size < 0)
    return invalid_model(op, ": attribute 'block_size' is ", block_size, ", at least 0 wanted");
  if (!x.is_static() || !scale.is_static()) return std::optional<Grid>();
  Grid g;
  const auto count = checked_elements(x.dims);
  if (!count) return invalid_model(op, ": x of shape ", x.dims, " is too large");
  if (scale.rank() == 0 || (scale.rank() == 1 && scale.dims[0] == 1)) {
    g.width = *count;
    return std::optional<Grid>(g);
  }
  LITE_ASSIGN(const int64_t axis,
              normalize_axis(op, attrs.i64("axis", 1), std::max<int64_t>(static_cast<int64_t>(x.rank()), 1)));
  if (x.rank() == 0) return invalid_model(op, ": scale has shape ", scale.dims, ", x is a scalar");
  // A vector has one axis, whatever the attribute says.
  const size_t at = x.rank() == 1 ? 0 : static_cast<size_t>(axis);
  for (size_t d = 0; d < x.rank(); ++d) (d < at ? g.outer : d == at ? g.width : g.inner) *= x.dims[d];
  if (scale.rank() == 1 && scale.dims[0] == g.width && (block_size == 0 || x.rank() != 1)) {
    g.kind = Grid::kAxis;
    return std::optional<Grid>(g);
  }
  bool fits = scale.rank() == x.rank();
  for (size_t d = 0; fits && d < x.rank(); ++d) fits = d == at || scale.dims[d] == x.dims[d];
  if (fits && scale.dims[at] > 0) {
    g.kind = Grid::kBlocks;
    g.blocks = scale.dims[at];
    g.block = block_size != 0 ? block_size : std::max<int64_t>(ceil_div(g.width, g.blocks), 1);
    if (ceil_div(g.width, g.block) == g.blocks) return std::optional<Grid>(g);
  }
  return invalid_model(op, ": scale has shape ", scale.dims, ", which does not go with x of shape ", x.dims,
                       ", axis ", at, " and block_size ", block_size);
}

Status check_params(const InferArgs& a) {
  if (a.has(2) && a.in[2].is_static() && a.in[1].is_static() && !(a.in[2].dims == a.in[1].dims) &&
      !(checked_elements(a.in[2].dims) == 1 && checked_elements(a.in[1].dims) == 1))
    return invalid_model(a.attrs.node().op->name, ": zero_point has shape ", a.in[2].dims, ", that of scale ",
                         a.in[1].dims, " wanted");
  return resolve(a.attrs, a.in[0], a.in[1]).status();
}

// The type that an attribute names; `otherwise` for 0.
Result<DType> type_attr(const AttrReader& attrs, const char* name, TypeSet allowed, DType otherwise) {
  const int64_t v = attrs.i64(name, 0);
  if (v == 0) return otherwise;
  if (v < 0 || v >= kNumDTypes || !allowed.has(static_cast<DType>(v)))
    return invalid_model(attrs.node().op->name, ": attribute '", name, "' is ", v,
                         ", which is no type for it");
  return static_cast<DType>(v);
}

constexpr TypeSet kQuantised =
    DType::kI8 | DType::kU8 | DType::kI16 | DType::kU16 | types::kFloat8 | types::kSubByte;
constexpr TypeSet kReal = DType::kF32 | DType::kF16 | DType::kBF16;

Status infer_quantize(const InferArgs& a) {
  LITE_TRY(check_params(a));
  LITE_TRY(type_attr(a.attrs, "precision", kReal | DType::kF64, DType::kF32).status());
  LITE_ASSIGN(const DType named,
              type_attr(a.attrs, "output_dtype", kQuantised, a.has(2) ? a.in[2].dtype : DType::kU8));
  if (a.has(2) && a.in[2].dtype != named)
    return invalid_model("QuantizeLinear: output_dtype is ", dtype_name(named), ", y_zero_point ",
                         dtype_name(a.in[2].dtype));
  a.out[0] = a.in[0];
  a.out[0].dtype = named;
  return ok();
}

// The quotient as it is in the type that the division is to be done in.
float divide(float x, float scale, DType type) {
  const float q = x / scale;
  if (type == DType::kF16) return f16_to_f32(f32_to_f16(q));
  if (type == DType::kBF16) return bf16_to_f32(f32_to_bf16(q));
  return q;
}

Status quantize(const EvalArgs& a) {
  const Tensor &x = a.input(0), &scale = a.input(1);
  LITE_ASSIGN(const auto grid,
              resolve(a.attrs, Fact(x.dtype(), x.dims()), Fact(scale.dtype(), scale.dims())));
  const Grid& g = *grid;
  LITE_ASSIGN(const DType type,
              type_attr(a.attrs, "output_dtype", kQuantised, a.has(2) ? a.input(2).dtype() : DType::kU8));
  LITE_ASSIGN(const DType precision, type_attr(a.attrs, "precision", kReal | DType::kF64, scale.dtype()));
  LITE_ASSIGN(Tensor* const y, a.output(0, type, x.dims()));
  if (y->bytes() != 0) std::memset(y->mutable_raw(), 0, y->bytes());  // spare bits of the last byte too
  const Widened<float> scales(scale);
  std::vector<float> zeros(static_cast<size_t>(scale.elements()), 0);
  if (a.has(2)) widen(a.input(2), 0, a.input(2).elements(), zeros.data());
  const IntRange range = is_int(type) ? int_range(type) : IntRange{0, 0};
  const bool overflow = types::kFloat8.has(type) && a.attrs.i64("saturate", 1) == 0;
  const int64_t slab = g.width * g.inner;
  std::vector<float> row(static_cast<size_t>(slab));
  for (int64_t o = 0; o < g.outer; ++o) {
    widen(x, o * slab, slab, row.data());
    for (int64_t k = 0; k < g.width; ++k)
      for (int64_t i = 0; i < g.inner; ++i) {
        const auto p = static_cast<size_t>(g.param(o, k, i));
        float& v = row[static_cast<size_t>(k * g.inner + i)];
        v = divide(v, scales[static_cast<int64_t>(p)], precision);
        v = is_int(type) ? static_cast<float>(ops::quantize(v, static_cast<int64_t>(zeros[p]), range))
                         : v + zeros[p];
      }
    if (overflow)
      for (int64_t i = 0; i < slab; ++i)
        y->mutable_data<uint8_t>()[o * slab + i] =
            small_float_encode(type, static_cast<double>(row[static_cast<size_t>(i)]), false);
    else
      narrow(row.data(), slab, *y, o * slab);
  }
  return ok();
}

Status infer_dequantize(const InferArgs& a) {
  LITE_TRY(check_params(a));
  LITE_ASSIGN(const DType type, type_attr(a.attrs, "output_dtype", kReal, a.in[1].dtype));
  a.out[0] = a.in[0];
  a.out[0].dtype = type == DType::kF8E8M0 ? DType::kF32 : type;
  return ok();
}

Status dequantize(const EvalArgs& a) {
  const Tensor &x = a.input(0), &scale = a.input(1);
  LITE_ASSIGN(const auto grid,
              resolve(a.attrs, Fact(x.dtype(), x.dims()), Fact(scale.dtype(), scale.dims())));
  const Grid& g = *grid;
  LITE_ASSIGN(const DType type, type_attr(a.attrs, "output_dtype", kReal,
                                          scale.dtype() == DType::kF8E8M0 ? DType::kF32 : scale.dtype()));
  LITE_ASSIGN(Tensor* const y, a.output(0, type, x.dims()));
  const Widened<float> scales(scale);
  std::vector<double> zeros(static_cast<size_t>(scale.elements()), 0);
  if (a.has(2)) widen(a.input(2), 0, a.input(2).elements(), zeros.data());
  const int64_t slab = g.width * g.inner;
  std::vector<double> row(static_cast<size_t>(slab));
  for (int64_t o = 0; o < g.outer; ++o) {
    widen(x, o * slab, slab, row.data());
    for (int64_t k = 0; k < g.width; ++k)
      for (int64_t i = 0; i < g.inner; ++i) {
        const auto p = static_cast<size_t>(g.param(o, k, i));
        double& v = row[static_cast<size_t>(k * g.inner + i)];
        // The difference is rounded to float before it is multiplied; both steps are exact but for large
        // int32.
        v = static_cast<double>(static_cast<float>(v - zeros[p])) *
            static_cast<double>(scales[static_cast<int64_t>(p)]);
      }
    narrow(row.data(), slab, *y, o * slab);
  }
  return ok();
}

Status infer_dynamic(const InferArgs& a) {
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kU8;
  if (a.out.size() > 1) a.out[1] = Fact(DType::kF32, Dims{});
  if (a.out.size() > 2) a.out[2] = Fact(DType::kU8, Dims{});
  return ok();
}

Status dynamic(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kU8, x.dims()));
  float low = 0, high = 0;
  const float* in = x.data<float>();
  for (int64_t i = 0; i < x.elements(); ++i) {
    low = std::min(low, in[i]);
    high = std::max(high, in[i]);
  }
  const float scale = (high - low) / 255.0f;
  const IntRange range{0, 255};
  const int32_t zero = scale == 0 ? 0 : ops::quantize(-low / scale, 0, range);
  for (int64_t i = 0; i < x.elements(); ++i)
    y->mutable_data<uint8_t>()[i] =
        static_cast<uint8_t>(scale == 0 ? 0 : ops::quantize(in[i] / scale, zero, range));
  if (a.out.size() > 1) {
    LITE_ASSIGN(Tensor* const out, a.output(1, DType::kF32, {}));
    *out->mutable_data<float>() = scale;
  }
  if (a.out.size() > 2) {
    LITE_ASSIGN(Tensor* const out, a.output(2, DType::kU8, {}));
    *out->mutable_data<uint8_t>() = static_cast<uint8_t>(zero);
  }
  return ok();
}

constexpr OperandSpec kQuantizeIn[] = {{"x", kReal | DType::kI32, 0},
                                       {"y_scale", kReal | DType::kI32 | DType::kF8E8M0, 0},
                                       {"y_zero_point", kQuantised, 'Y', OperandSpec::kOptional}};
constexpr OperandSpec kQuantizeOut[] = {{"y", kQuantised, 'Y'}};
constexpr AttrSpec kQuantizeAttrs[] = {{"axis", AttrType::kInt},
                                       {"block_size", AttrType::kInt},
                                       {"output_dtype", AttrType::kInt},
                                       {"precision", AttrType::kInt},
                                       {"saturate", AttrType::kInt}};
constexpr OperandSpec kDequantizeIn[] = {
    {"x", kQuantised | DType::kI32, 'X'},
    {"x_scale", kReal | DType::kF8E8M0, 0},
    {"x_zero_point", kQuantised | DType::kI32, 'X', OperandSpec::kOptional}};
constexpr OperandSpec kDequantizeOut[] = {{"y", kReal, 0}};
constexpr AttrSpec kDequantizeAttrs[] = {
    {"axis", AttrType::kInt}, {"block_size", AttrType::kInt}, {"output_dtype", AttrType::kInt}};
constexpr OperandSpec kDynamicIn[] = {{"x", DType::kF32}};
constexpr OperandSpec kDynamicOut[] = {
    {"y", DType::kU8}, {"y_scale", DType::kF32}, {"y_zero_point", DType::kU8}};

constexpr OpDef kOps[] = {
    {
        .name = "QuantizeLinear",
        .since = 28,
        .inputs = kQuantizeIn,
        .outputs = kQuantizeOut,
        .attrs = kQuantizeAttrs,
        .infer = infer_quantize,
        .reference = quantize,
    },
    {
        .name = "DequantizeLinear",
        .since = 28,
        .inputs = kDequantizeIn,
        .outputs = kDequantizeOut,
        .attrs = kDequantizeAttrs,
        .infer = infer_dequantize,
        .reference = dequantize,
    },
    {
        .name = "DynamicQuantizeLinear",
        .since = 11,
        .inputs = kDynamicIn,
        .outputs = kDynamicOut,
        .infer = infer_dynamic,
        .reference = dynamic,
    },
};

}  // namespace

extern constinit const OpTable quantize_linear;
constinit const OpTable quantize_linear{kOps};

}  // namespace lite::ops
