// Dictionaries, which ONNX calls maps: keys int64 or string, values numbers or strings.
//
//   DictVectorizer  in X, a map; out Y [1,n] of the type of its values: those of the n keys of attr
//                   int64_vocabulary or string_vocabulary, 0 or "" where X has none
//   CastMap         in X, a map from int64; out Y [1,n]: its values in the order of the keys, cast to attr
//   cast_to
//                   "TO_FLOAT" (default), "TO_INT64" or "TO_STRING". attr map_form "DENSE" (default): n is
//                   the size of X; "SPARSE": n is attr max_map, a value stands where its key says, 0
//                   elsewhere
//   ZipMap          in X float32 [N,n] or [n]; out Z, a sequence of N maps from the n keys of attr
//                   classlabels_int64s or classlabels_strings to the columns
//
// The specification calls what the first two make one-dimensional; models and other engines count on one row.

#include <numeric>
#include <unordered_map>

#include "core/ops/ml/ml.h"
#include "core/ops/registry.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// The values of a map; keys and values are lists, equally long.
Result<const Tensor*> values_of(const char* op, const Datum& map) {
  if (map.items.size() != 1 || map.tensor.elements() != map.items[0].tensor.elements())
    return invalid_argument(op, ": X is no map");
  return &map.items[0].tensor;
}

Status check_map(const char* op, const Fact& x) {
  if (x.kind == Kind::kMap || x == Fact()) return ok();
  return unsupported(op, ": X is a ", kind_name(x.kind), ", a map is wanted");
}

// ---- DictVectorizer

Status infer_dict_vectorizer(const InferArgs& a) {
  const size_t ints = a.attrs.ints("int64_vocabulary").size(),
               strings = a.attrs.strs("string_vocabulary").size();
  if ((ints == 0) == (strings == 0))
    return invalid_model("DictVectorizer: attributes 'int64_vocabulary' and 'string_vocabulary' have ", ints,
                         " and ", strings, " keys, one of the two is wanted");
  const Fact& x = a.in[0];
  LITE_TRY(check_map("DictVectorizer", x));
  if (x.dtype != DType::kUndefined && (x.dtype == DType::kString) != (strings != 0))
    return invalid_model("DictVectorizer: the keys of X are ", dtype_name(x.dtype), ", the vocabulary is ",
                         strings != 0 ? "strings" : "int64");
  a.out[0] =
      Fact(x.element ? x.element->dtype : DType::kUndefined, Dims{1, static_cast<int64_t>(ints + strings)});
  return ok();
}

template <class Key>
Status vectorize(const Tensor& keys, const Tensor& values, std::span<const Key> vocabulary, Tensor& y) {
  std::unordered_map<Key, int64_t> places;
  for (int64_t i = 0; i < keys.elements(); ++i) places.insert_or_assign(keys.data<Key>()[i], i);
  return dispatch<DType::kF32, DType::kF64, DType::kI64, DType::kString>(
      "DictVectorizer", values.dtype(), [&]<class T>() -> Status {
        for (size_t i = 0; i < vocabulary.size(); ++i) {
          const auto it = places.find(vocabulary[i]);
          y.mutable_data<T>()[i] = it == places.end() ? T() : values.data<T>()[it->second];
        }
        return ok();
      });
}

Status dict_vectorizer(const EvalArgs& a) {
  LITE_ASSIGN(const Tensor* const values, values_of("DictVectorizer", *a.in[0]));
  const Tensor& keys = a.input(0);
  const auto ints = a.attrs.ints("int64_vocabulary");
  const auto strings = a.attrs.strs("string_vocabulary");
  if (keys.dtype() != (ints.empty() ? DType::kString : DType::kI64))
    return invalid_argument("DictVectorizer: the keys of X are ", dtype_name(keys.dtype()));
  LITE_ASSIGN(Tensor* const y,
              a.output(0, values->dtype(), Dims{1, static_cast<int64_t>(ints.size() + strings.size())}));
  return ints.empty() ? vectorize<std::string>(keys, *values, strings, *y)
                      : vectorize<int64_t>(keys, *values, ints, *y);
}

// ---- CastMap

struct CastMapAttrs {
  DType to = DType::kF32;
  bool sparse = false;
  int64_t size = 1;

  static Result<CastMapAttrs> read(const AttrReader& r) {
    CastMapAttrs m;
    const std::string_view to = r.str("cast_to", "TO_FLOAT"), form = r.str("map_form", "DENSE");
    if (to == "TO_INT64")
      m.to = DType::kI64;
    else if (to == "TO_STRING")
      m.to = DType::kString;
    else if (to != "TO_FLOAT")
      return invalid_model("CastMap: cast_to is '", to, "', wanted 'TO_FLOAT', 'TO_INT64' or 'TO_STRING'");
    if (form != "DENSE" && form != "SPARSE")
      return invalid_model("CastMap: map_form is '", form, "', wanted 'DENSE' or 'SPARSE'");
    m.sparse = form == "SPARSE";
    m.size = r.i64("max_map", 1);
    if (m.sparse && m.size < 1) return invalid_model("CastMap: max_map is ", m.size, ", wanted 1 or more");
    return m;
  }
};

Status infer_cast_map(const InferArgs& a) {
  LITE_ASSIGN(const CastMapAttrs m, CastMapAttrs::read(a.attrs));
  LITE_TRY(check_map("CastMap", a.in[0]));
  a.out[0] = Fact(m.to, Dims{1, m.sparse ? m.size : kUnknownDim});
  return ok();
}

Result<Tensor> cast(const Tensor& x, DType to) {
  Node n;
  n.op = &get("Cast");
  n.set("to", static_cast<int64_t>(to));
  const Datum in(x);
  const Datum* const ptrs[] = {&in};
  Datum out;
  LITE_TRY(evaluate_node(n, ptrs, {&out, 1}));
  return std::move(out.tensor);
}

Status cast_map(const EvalArgs& a) {
  LITE_ASSIGN(const CastMapAttrs m, CastMapAttrs::read(a.attrs));
  LITE_ASSIGN(const Tensor* const values, values_of("CastMap", *a.in[0]));
  const Tensor& keys = a.input(0);
  if (keys.dtype() != DType::kI64)
    return invalid_argument("CastMap: the keys of X are ", dtype_name(keys.dtype()), ", int64 wanted");
  LITE_ASSIGN(const Tensor from, cast(*values, m.to));
  const auto* key = keys.data<int64_t>();
  std::vector<int64_t> order(static_cast<size_t>(keys.elements()));
  std::iota(order.begin(), order.end(), int64_t{0});
  std::sort(order.begin(), order.end(), [&](int64_t i, int64_t j) { return key[i] < key[j]; });
  LITE_ASSIGN(Tensor* const y, a.output(0, m.to, Dims{1, m.sparse ? m.size : keys.elements()}));
  if (m.sparse) {
    if (m.to == DType::kString)
      std::fill_n(y->mutable_data<std::string>(), y->elements(), std::string("0"));
    else
      std::fill_n(static_cast<std::byte*>(y->mutable_raw()), y->bytes(), std::byte{0});
  }
  for (size_t i = 0; i < order.size(); ++i) {
    const int64_t place = m.sparse ? key[order[i]] : static_cast<int64_t>(i);
    if (place < 0 || place >= y->elements())
      return invalid_argument("CastMap: X has key ", place, ", wanted in [0,", m.size, ") as max_map is ",
                              m.size);
    copy_elements(m.to, at(from, order[i]), at(*y, place), 1);
  }
  return ok();
}

// ---- ZipMap

Status infer_zip_map(const InferArgs& a) {
  LITE_ASSIGN(const ml::Labels labels,
              ml::Labels::read(a.attrs, "classlabels_int64s", "classlabels_strings"));
  LITE_ASSIGN(const ml::Rows x, ml::rows_of("ZipMap", a.in[0]));
  const auto size = static_cast<int64_t>(labels.size());
  if (x.features >= 0 && x.features != size)
    return invalid_model("ZipMap: X has ", x.features, " columns, there are ", size, " keys");
  Fact map(labels.dtype());
  map.kind = Kind::kMap;
  map.element = std::make_shared<Fact>(DType::kF32);
  a.out[0].kind = Kind::kSequence;
  a.out[0].element = std::make_shared<Fact>(std::move(map));
  return ok();
}

Status zip_map(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const ml::Labels labels,
              ml::Labels::read(a.attrs, "classlabels_int64s", "classlabels_strings"));
  LITE_ASSIGN(const ml::Rows rows, ml::rows_of("ZipMap", x));
  const auto size = static_cast<int64_t>(labels.size());
  if (rows.features != size)
    return invalid_argument("ZipMap: X has ", rows.features, " columns, there are ", size, " keys");
  // All maps share their keys.
  LITE_ASSIGN(Tensor keys, Tensor::allocate(labels.dtype(), Dims{size}));
  for (int64_t i = 0; i < size; ++i) labels.put(keys, i, static_cast<size_t>(i));
  std::vector<Datum> maps(static_cast<size_t>(rows.rows));
  for (int64_t r = 0; r < rows.rows; ++r) {
    LITE_ASSIGN(Tensor values, Tensor::allocate(DType::kF32, Dims{size}));
    copy_elements(DType::kF32, at(x, r * size), values.mutable_raw(), size);
    Datum& map = maps[static_cast<size_t>(r)];
    map.kind = Kind::kMap;
    map.tensor = keys;
    map.items = {Datum(std::move(values))};
  }
  Datum& z = a.out[0];
  z = Datum();
  z.kind = Kind::kSequence;
  z.items = std::move(maps);
  return ok();
}

constexpr TypeSet kValues = DType::kF32 | DType::kF64 | DType::kI64 | types::kString;
constexpr OperandSpec kMapIn[] = {{"X", kValues}};
constexpr OperandSpec kValuesOut[] = {{"Y", kValues}};
constexpr OperandSpec kZipIn[] = {{"X", DType::kF32}};
constexpr OperandSpec kZipOut[] = {{"Z", DType::kF32}};
constexpr AttrSpec kVectorizerAttrs[] = {{"int64_vocabulary", AttrType::kInts},
                                         {"string_vocabulary", AttrType::kStrings}};
constexpr AttrSpec kCastMapAttrs[] = {
    {"cast_to", AttrType::kString}, {"map_form", AttrType::kString}, {"max_map", AttrType::kInt}};
constexpr AttrSpec kZipAttrs[] = {{"classlabels_int64s", AttrType::kInts},
                                  {"classlabels_strings", AttrType::kStrings}};

constexpr OpDef kOps[] = {
    {.name = "DictVectorizer",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kMapIn,
     .outputs = kValuesOut,
     .attrs = kVectorizerAttrs,
     .traits = kOnSequences,
     .infer = infer_dict_vectorizer,
     .reference = dict_vectorizer},
    {.name = "CastMap",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kMapIn,
     .outputs = kValuesOut,
     .attrs = kCastMapAttrs,
     .traits = kOnSequences | kDataDependentShape,
     .infer = infer_cast_map,
     .reference = cast_map},
    {.name = "ZipMap",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kZipIn,
     .outputs = kZipOut,
     .attrs = kZipAttrs,
     .traits = kOnSequences,
     .infer = infer_zip_map,
     .reference = zip_map},
};

}  // namespace

extern constinit const OpTable dictionaries;
constinit const OpTable dictionaries{kOps};

}  // namespace lite::ops
