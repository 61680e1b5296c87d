// Tensors from little or nothing.
//
//   Constant         one of the attrs value (tensor), value_float, value_floats, value_int, value_ints,
//   value_string,
//                    value_strings
//   ConstantOfShape  in input int64, a shape; attr value tensor of one element, default float32 0
//   Range            in start, limit, delta, scalars; out max(ceil((limit - start) / delta), 0) numbers,
//   start + i delta;
//                    delta is not 0; halves are calculated in float
//   EyeLike          in input of rank 2; attr k int, default 0: ones on the k-th diagonal; attr dtype int,
//   default the input's

#include <cmath>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// The Constant's content, or an undefined tensor.
Result<Tensor> constant_of(const AttrReader& r) {
  if (const Tensor* value = r.tensor("value")) return *value;
  const auto fill = [](DType type, bool scalar, const auto& list) -> Result<Tensor> {
    using T = std::remove_cvref_t<decltype(list[0])>;
    LITE_ASSIGN(Tensor t, Tensor::allocate(type, scalar ? Dims{} : Dims{static_cast<int64_t>(list.size())}));
    std::copy(list.begin(), list.end(), t.mutable_data<T>());
    return t;
  };
  if (r.has("value_float")) return fill(DType::kF32, true, std::array<float, 1>{r.f32("value_float")});
  if (r.has("value_floats")) return fill(DType::kF32, false, r.floats("value_floats"));
  if (r.has("value_int")) return fill(DType::kI64, true, std::array<int64_t, 1>{r.i64("value_int")});
  if (r.has("value_ints")) return fill(DType::kI64, false, r.ints("value_ints"));
  if (r.has("value_string"))
    return fill(DType::kString, true, std::array<std::string, 1>{std::string(r.str("value_string"))});
  if (r.has("value_strings")) return fill(DType::kString, false, r.strs("value_strings"));
  return invalid_model("Constant: has no value");
}

Status infer_constant(const InferArgs& a) {
  LITE_ASSIGN(const Tensor t, constant_of(a.attrs));
  a.out[0] = Fact(t.dtype(), t.dims());
  a.out_values[0] = t;
  return ok();
}

Status constant(const EvalArgs& a) {
  LITE_ASSIGN(const Tensor t, constant_of(a.attrs));
  return pass_through(a, 0, t, t.dims());
}

Status infer_of_shape(const InferArgs& a) {
  const Tensor* value = a.attrs.tensor("value");
  if (value != nullptr && value->elements() != 1)
    return invalid_model("ConstantOfShape: value has ", value->elements(), " elements, wanted 1");
  const DType type = value != nullptr ? value->dtype() : DType::kF32;
  a.out[0] = Fact(type);
  if (a.in[0].has_rank && a.in[0].rank() != 1)
    return invalid_model("ConstantOfShape: shape has rank ", a.in[0].rank(), ", wanted 1");
  if (a.value(0) != nullptr) {
    const Dims dims = a.value(0)->to_ints();
    for (const int64_t d : dims)
      if (d < 0) return invalid_model("ConstantOfShape: shape ", dims, " holds a negative dimension");
    a.out[0] = Fact(type, dims);
  } else if (a.in[0].has_rank && a.in[0].dims[0] >= 0 && a.in[0].dims[0] <= 64) {
    a.out[0] = unknown_dims(type, static_cast<size_t>(a.in[0].dims[0]));
  }
  return ok();
}

Status of_shape(const EvalArgs& a) {
  const Tensor* value = a.attrs.tensor("value");
  const Tensor zero = Tensor::scalar_f32(0);
  const Tensor& one = value != nullptr ? *value : zero;
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_of_shape));
  LITE_ASSIGN(Tensor* const y, a.output(0, one.dtype(), dims));
  if (!is_packed(one.dtype())) {
    fill_elements(one.dtype(), one.raw(), y->mutable_raw(), y->elements());
    return ok();
  }
  LITE_ASSIGN(const Tensor code, unpack_codes(one));
  LITE_ASSIGN(Tensor codes, Tensor::allocate(DType::kU8, dims));
  fill_elements(DType::kU8, code.raw(), codes.mutable_raw(), codes.elements());
  pack_codes(codes, *y);
  return ok();
}

// How many numbers a Range has; the inputs are scalars.
Result<int64_t> range_length(const Tensor& start, const Tensor& limit, const Tensor& delta) {
  for (const Tensor* t : {&start, &limit, &delta})
    if (t->elements() != 1)
      return invalid_argument("Range: an input has ", t->elements(), " elements, wanted 1");
  if (is_int(start.dtype())) {
    const int64_t s = start.int_at(0), l = limit.int_at(0), d = delta.int_at(0);
    if (d == 0) return invalid_argument("Range: delta is 0");
    if (d > 0 ? l <= s : l >= s) return 0;
    const uint64_t span = d > 0 ? static_cast<uint64_t>(l) - static_cast<uint64_t>(s)
                                : static_cast<uint64_t>(s) - static_cast<uint64_t>(l);
    const uint64_t step = d > 0 ? static_cast<uint64_t>(d) : 0 - static_cast<uint64_t>(d);
    const uint64_t n = (span - 1) / step + 1;
    if (n > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      return invalid_argument("Range: too long");
    return static_cast<int64_t>(n);
  }
  const double s = start.float_at(0), l = limit.float_at(0), d = delta.float_at(0);
  const double n = std::ceil((l - s) / d);
  if (d == 0 || std::isnan(n) || n >= 0x1p62)
    return invalid_argument("Range: from ", s, " to ", l, " by ", d, " has no length");
  return n > 0 ? static_cast<int64_t>(n) : 0;
}

Status infer_range(const InferArgs& a) {
  a.out[0] = unknown_dims(a.in[0].dtype, 1);
  for (size_t i = 0; i < 3; ++i)
    if (a.in[i].has_rank && a.in[i].is_static() && checked_elements(a.in[i].dims) != 1)
      return invalid_model("Range: input ", i, " has shape ", a.in[i].dims, ", a scalar is wanted");
  if (a.value(0) == nullptr || a.value(1) == nullptr || a.value(2) == nullptr) return ok();
  LITE_ASSIGN(a.out[0].dims[0], range_length(*a.value(0), *a.value(1), *a.value(2)));
  return ok();
}

Status range(const EvalArgs& a) {
  LITE_ASSIGN(const int64_t n, range_length(a.input(0), a.input(1), a.input(2)));
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(0).dtype(), Dims{n}));
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI16, kI32, kI64>("Range", y->dtype(), [&]<class T>() -> Status {
    using C = Compute<T>;
    const C start = load(*a.input(0).data<T>()), delta = load(*a.input(2).data<T>());
    T* out = y->mutable_data<T>();
    for (int64_t i = 0; i < n; ++i) {
      if constexpr (std::is_integral_v<T>)
        out[i] = static_cast<T>(static_cast<uint64_t>(start) +
                                static_cast<uint64_t>(i) * static_cast<uint64_t>(delta));
      else
        out[i] = store<T>(start + static_cast<C>(i) * delta);
    }
    return ok();
  });
}

DType eye_type(const AttrReader& r, DType input) {
  return r.has("dtype") ? static_cast<DType>(r.i64("dtype")) : input;
}

constexpr TypeSet kEyeTypes = types::kNumeric | types::kBool;

Status infer_eye(const InferArgs& a) {
  const int64_t wanted = a.attrs.i64("dtype", 1);
  if (wanted <= 0 || wanted >= kNumDTypes || !kEyeTypes.has(static_cast<DType>(wanted)))
    return invalid_model("EyeLike: dtype ", wanted, " is not a numeric type or bool");
  a.out[0] = a.in[0];
  a.out[0].dtype = eye_type(a.attrs, a.in[0].dtype);
  if (a.in[0].has_rank && a.in[0].rank() != 2)
    return invalid_model("EyeLike: input has rank ", a.in[0].rank(), ", wanted 2");
  return ok();
}

Status eye(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t k = a.attrs.i64("k"), rows = x.dims()[0], columns = x.dims()[1];
  LITE_ASSIGN(Tensor* const y, a.output(0, eye_type(a.attrs, x.dtype()), x.dims()));
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64, kBool>(
      "EyeLike", y->dtype(), [&]<class T>() -> Status {
        T* out = y->mutable_data<T>();
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t j = 0; j < columns; ++j)
            out[i * columns + j] = store<T>(static_cast<Compute<T>>(j - i == k ? 1 : 0));
        return ok();
      });
}

constexpr AttrSpec kConstantAttrs[] = {
    {"value", AttrType::kTensor},         {"value_float", AttrType::kFloat},
    {"value_floats", AttrType::kFloats},  {"value_int", AttrType::kInt},
    {"value_ints", AttrType::kInts},      {"value_string", AttrType::kString},
    {"value_strings", AttrType::kStrings}};
constexpr OperandSpec kConstantOut[] = {{"output", types::kAll}};
constexpr OperandSpec kShapeIn[] = {{"input", DType::kI64}};
constexpr OperandSpec kOfShapeOut[] = {{"output", types::kAll - types::kComplex - types::kString}};
constexpr AttrSpec kOfShapeAttrs[] = {{"value", AttrType::kTensor}};
constexpr TypeSet kRangeTypes = types::kFloat | DType::kI16 | DType::kI32 | DType::kI64;
constexpr OperandSpec kRangeIn[] = {
    {"start", kRangeTypes, 'T'}, {"limit", kRangeTypes, 'T'}, {"delta", kRangeTypes, 'T'}};
constexpr OperandSpec kRangeOut[] = {{"output", kRangeTypes, 'T'}};
constexpr AttrSpec kRangeAttrs[] = {{"stash_type", AttrType::kInt}};
constexpr OperandSpec kEyeIn[] = {{"input", kEyeTypes}};
constexpr OperandSpec kEyeOut[] = {{"output", kEyeTypes}};
constexpr AttrSpec kEyeAttrs[] = {{"dtype", AttrType::kInt}, {"k", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "Constant",
     .since = 25,
     .outputs = kConstantOut,
     .attrs = kConstantAttrs,
     .infer = infer_constant,
     .reference = constant},
    {.name = "ConstantOfShape",
     .since = 25,
     .inputs = kShapeIn,
     .outputs = kOfShapeOut,
     .attrs = kOfShapeAttrs,
     .infer = infer_of_shape,
     .reference = of_shape},
    {.name = "Range",
     .since = 27,
     .inputs = kRangeIn,
     .outputs = kRangeOut,
     .attrs = kRangeAttrs,
     .exactness = Exactness::kUlps,
     .infer = infer_range,
     .reference = range},
    {.name = "EyeLike",
     .since = 22,
     .inputs = kEyeIn,
     .outputs = kEyeOut,
     .attrs = kEyeAttrs,
     .infer = infer_eye,
     .reference = eye},
};

}  // namespace

extern constinit const OpTable constant_ops;
constinit const OpTable constant_ops{kOps};

}  // namespace lite::ops
