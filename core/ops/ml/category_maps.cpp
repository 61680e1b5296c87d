// Values looked up in a table.
//
//   LabelEncoder    in X; out Y, shape of X: the value of the key that x is, else the default
//     attr keys_floats, keys_int64s, keys_strings or keys_tensor: one of them, of the type of X; of equal
//     keys the last counts; NaN is found by any NaN attr values_floats, values_int64s, values_strings or
//     values_tensor: one of them, as long as the keys; its type is that of Y attr default_float, default -0;
//     default_int64, default -1; default_string, default "_Unused"; default_tensor: that of the type of the
//     values
//   CategoryMapper  in X, int64 or string; out Y, the other of the two: looked up in attrs cats_int64s and
//     cats_strings, equally long; default_int64, default -1, or default_string, default "_Unused", when it is
//     not there

#include <cmath>
#include <unordered_map>

#include "core/ops/ml/ml.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

template <class T>
Result<Tensor> tensor_of(DType dtype, std::span<const T> v) {
  LITE_ASSIGN(Tensor t, Tensor::allocate(dtype, Dims{static_cast<int64_t>(v.size())}));
  std::copy(v.begin(), v.end(), t.mutable_data<T>());
  return t;
}

// The one list that is there of prefix_floats, _int64s, _strings and _tensor.
Result<Tensor> list_of(const AttrReader& r, const std::string& prefix) {
  Tensor found;
  int lists = 0;
  const auto take = [&](DType dtype, auto values) -> Status {
    if (values.empty()) return ok();
    ++lists;
    LITE_ASSIGN(found, tensor_of(dtype, values));
    return ok();
  };
  LITE_TRY(take(DType::kF32, r.floats(prefix + "_floats")));
  LITE_TRY(take(DType::kI64, r.ints(prefix + "_int64s")));
  LITE_TRY(take(DType::kString, r.strs(prefix + "_strings")));
  if (const Tensor* t = r.tensor(prefix + "_tensor")) {
    ++lists;
    LITE_ASSIGN(found, t->aligned());
  }
  if (lists != 1)
    return invalid_model("LabelEncoder: ", lists, " of the attributes '", prefix,
                         "_*' are given, wanted one");
  return found;
}

// Numbers as the bits of a double or of an int64; one NaN, one zero.
uint64_t key_bits(double v) {
  return std::isnan(v) ? ~uint64_t{0} : std::bit_cast<uint64_t>(v == 0 ? 0.0 : v);
}
uint64_t key_bits(const Tensor& t, int64_t i) {
  return is_float(t.dtype()) ? key_bits(t.float_at(i)) : static_cast<uint64_t>(t.int_at(i));
}

class Table {
 public:
  Table(const Tensor& keys, Tensor values, Tensor otherwise)
      : values_(std::move(values)), otherwise_(std::move(otherwise)) {
    for (int64_t i = 0; i < keys.elements(); ++i) {
      if (keys.dtype() == DType::kString)
        words_.insert_or_assign(keys.strings()[static_cast<size_t>(i)], i);
      else
        numbers_.insert_or_assign(key_bits(keys, i), i);
    }
  }
  void look_up(const Tensor& x, Tensor& y) const {
    for (int64_t i = 0; i < x.elements(); ++i) {
      const int64_t k = find(x, i);
      copy_elements(y.dtype(), k < 0 ? at(otherwise_, 0) : at(values_, k), at(y, i), 1);
    }
  }

 private:
  int64_t find(const Tensor& x, int64_t i) const {
    if (x.dtype() == DType::kString) {
      const auto it = words_.find(x.strings()[static_cast<size_t>(i)]);
      return it == words_.end() ? -1 : it->second;
    }
    const auto it = numbers_.find(key_bits(x, i));
    return it == numbers_.end() ? -1 : it->second;
  }
  std::unordered_map<std::string, int64_t> words_;
  std::unordered_map<uint64_t, int64_t> numbers_;
  Tensor values_, otherwise_;
};

// ---- LabelEncoder

constexpr TypeSet kTypes = ml::kNumbers | DType::kI16 | types::kString;

struct Encoder {
  Tensor keys, values;

  static Result<Encoder> read(const AttrReader& r) {
    Encoder e;
    LITE_ASSIGN(e.keys, list_of(r, "keys"));
    LITE_ASSIGN(e.values, list_of(r, "values"));
    if (e.keys.elements() != e.values.elements())
      return invalid_model("LabelEncoder: attributes 'keys_*' and 'values_*' have ", e.keys.elements(),
                           " and ", e.values.elements(), " elements, equally many wanted");
    for (const auto& [what, t] : {std::pair("keys", &e.keys), std::pair("values", &e.values)})
      if (!kTypes.has(t->dtype()))
        return unsupported("LabelEncoder: attribute '", what, "_tensor' is ", dtype_name(t->dtype()));
    return e;
  }

  Result<Tensor> otherwise(const AttrReader& r) const {
    if (const Tensor* t = r.tensor("default_tensor")) {
      if (t->elements() != 1 || t->dtype() != values.dtype())
        return invalid_model("LabelEncoder: attribute 'default_tensor' is ", dtype_name(t->dtype()),
                             t->dims(), ", one ", dtype_name(values.dtype()), " wanted as in the values");
      return t->aligned();
    }
    LITE_ASSIGN(Tensor t, Tensor::allocate(values.dtype(), Dims{}));
    switch (values.dtype()) {
      case DType::kString:
        *t.mutable_data<std::string>() = r.str("default_string", "_Unused");
        break;
      case DType::kF32:
        *t.mutable_data<float>() = r.f32("default_float", -0.0f);
        break;
      case DType::kF64:
        *t.mutable_data<double>() = static_cast<double>(r.f32("default_float", -0.0f));
        break;
      case DType::kI64:
        *t.mutable_data<int64_t>() = r.i64("default_int64", -1);
        break;
      case DType::kI32:
        *t.mutable_data<int32_t>() = static_cast<int32_t>(r.i64("default_int64", -1));
        break;
      default:
        *t.mutable_data<int16_t>() = static_cast<int16_t>(r.i64("default_int64", -1));
        break;
    }
    return t;
  }
};

Status infer_label_encoder(const InferArgs& a) {
  LITE_ASSIGN(const Encoder e, Encoder::read(a.attrs));
  LITE_TRY(e.otherwise(a.attrs).status());
  a.out[0] = a.in[0];
  a.out[0].dtype = e.values.dtype();
  const DType x = a.in[0].dtype;
  if (x != DType::kUndefined && x != e.keys.dtype())
    return invalid_model("LabelEncoder: X is ", dtype_name(x), ", the keys are ", dtype_name(e.keys.dtype()));
  return ok();
}

Status label_encoder(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Encoder e, Encoder::read(a.attrs));
  LITE_ASSIGN(Tensor otherwise, e.otherwise(a.attrs));
  LITE_ASSIGN(Tensor* const y, a.output(0, e.values.dtype(), x.dims()));
  Table(e.keys, std::move(e.values), std::move(otherwise)).look_up(x, *y);
  return ok();
}

// ---- CategoryMapper

Status infer_mapper(const InferArgs& a) {
  const size_t ints = a.attrs.ints("cats_int64s").size(), strings = a.attrs.strs("cats_strings").size();
  if (ints != strings)
    return invalid_model("CategoryMapper: attributes 'cats_int64s' and 'cats_strings' have ", ints, " and ",
                         strings, " elements, equally many wanted");
  a.out[0] = a.in[0];
  if (a.in[0].dtype != DType::kUndefined)
    a.out[0].dtype = a.in[0].dtype == DType::kString ? DType::kI64 : DType::kString;
  return ok();
}

Status mapper(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor ints, tensor_of(DType::kI64, a.attrs.ints("cats_int64s")));
  LITE_ASSIGN(Tensor strings, tensor_of(DType::kString, a.attrs.strs("cats_strings")));
  if (x.dtype() == DType::kString) {
    LITE_ASSIGN(Tensor* const y, a.output(0, DType::kI64, x.dims()));
    Table(strings, std::move(ints), Tensor::scalar_i64(a.attrs.i64("default_int64", -1))).look_up(x, *y);
    return ok();
  }
  const std::string unused(a.attrs.str("default_string", "_Unused"));
  LITE_ASSIGN(Tensor otherwise, tensor_of(DType::kString, std::span(&unused, 1)));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kString, x.dims()));
  Table(ints, std::move(strings), std::move(otherwise)).look_up(x, *y);
  return ok();
}

constexpr OperandSpec kEncoderIn[] = {{"X", kTypes}};
constexpr OperandSpec kEncoderOut[] = {{"Y", kTypes}};
constexpr OperandSpec kMapperIn[] = {{"X", ml::kLabelTypes}};
constexpr OperandSpec kMapperOut[] = {{"Y", ml::kLabelTypes}};
constexpr AttrSpec kEncoderAttrs[] = {
    {"default_float", AttrType::kFloat},    {"default_int64", AttrType::kInt},
    {"default_string", AttrType::kString},  {"default_tensor", AttrType::kTensor},
    {"keys_floats", AttrType::kFloats},     {"keys_int64s", AttrType::kInts},
    {"keys_strings", AttrType::kStrings},   {"keys_tensor", AttrType::kTensor},
    {"values_floats", AttrType::kFloats},   {"values_int64s", AttrType::kInts},
    {"values_strings", AttrType::kStrings}, {"values_tensor", AttrType::kTensor}};
constexpr AttrSpec kMapperAttrs[] = {{"cats_int64s", AttrType::kInts},
                                     {"cats_strings", AttrType::kStrings},
                                     {"default_int64", AttrType::kInt},
                                     {"default_string", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "LabelEncoder",
     .domain = ml::kDomain,
     .since = 4,
     .inputs = kEncoderIn,
     .outputs = kEncoderOut,
     .attrs = kEncoderAttrs,
     .infer = infer_label_encoder,
     .reference = label_encoder},
    {.name = "CategoryMapper",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kMapperIn,
     .outputs = kMapperOut,
     .attrs = kMapperAttrs,
     .infer = infer_mapper,
     .reference = mapper},
};

}  // namespace

extern constinit const OpTable category_maps;
constinit const OpTable category_maps{kOps};

}  // namespace lite::ops
