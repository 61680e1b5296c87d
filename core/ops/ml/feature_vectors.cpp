// Features picked, put together and spread out.
//
//   ArrayFeatureExtractor  in X [...,F], number or string; in Y int64, any shape of n indices in [0,F)
//                          out Z [...,n], those features; [1,n] when X has one dimension
//   FeatureVectorizer      in X...: one or more [N,F] or [F], which is one row; out Y float32 [N,total], side
//   by
//                          side. attr inputdimensions ints, default each F: how many columns of each input,
//                          cut off or filled up with zeros; their sum is total
//   OneHotEncoder          in X, number or string; out Y float32 [...,categories]: 1 at the place of x among
//   attr
//                          cats_int64s or cats_strings, else 0; floats are cut to integers. attr zeros int,
//                          default 1: what is no category gives zeros; with 0 it is an error

#include <cmath>
#include <unordered_map>

#include "core/ops/ml/ml.h"
#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// ---- ArrayFeatureExtractor

Status infer_extractor(const InferArgs& a) {
  const Fact &x = a.in[0], &y = a.in[1];
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  if (x.rank() == 0) return invalid_model("ArrayFeatureExtractor: X is a scalar");
  a.out[0] = x;
  if (x.rank() == 1) a.out[0].dims.insert(0, 1);
  a.out[0].dims.back() = y.has_rank ? product_of(y.dims) : kUnknownDim;
  return ok();
}

Status extractor(const EvalArgs& a) {
  const Tensor &x = a.input(0), &y = a.input(1);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_extractor));
  LITE_ASSIGN(Tensor* const z, a.output(0, x.dtype(), dims));
  const int64_t features = x.dims().back(), n = y.elements();
  for (int64_t i = 0; i < n; ++i)
    if (const int64_t index = y.data<int64_t>()[i]; index < 0 || index >= features)
      return invalid_argument("ArrayFeatureExtractor: Y has ", index, " at ", i, ", wanted in [0,", features,
                              "), the features of X");
  if (z->elements() == 0) return ok();
  const int64_t rows = z->elements() / n;
  return dispatch_bytes("ArrayFeatureExtractor", x.dtype(), [&]<class T>() -> Status {
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t i = 0; i < n; ++i)
        z->mutable_data<T>()[r * n + i] = x.data<T>()[r * features + y.data<int64_t>()[i]];
    return ok();
  });
}

// ---- FeatureVectorizer

Status infer_vectorizer(const InferArgs& a) {
  const auto widths = a.attrs.ints("inputdimensions");
  if (!widths.empty() && widths.size() != a.in.size())
    return invalid_model("FeatureVectorizer: attribute 'inputdimensions' has ", widths.size(),
                         " elements, the node ", a.in.size(), " inputs");
  int64_t total = 0, rows = kUnknownDim;
  for (size_t i = 0; i < a.in.size(); ++i) {
    LITE_ASSIGN(const ml::Rows x, ml::rows_of("FeatureVectorizer", a.in[i]));
    const int64_t width = widths.empty() ? x.features : widths[i];
    if (!widths.empty() && width < 0)
      return invalid_model("FeatureVectorizer: attribute 'inputdimensions' has ", width, " at ", i,
                           ", wanted 0 or more");
    if (x.rows >= 0 && rows >= 0 && x.rows != rows)
      return invalid_model("FeatureVectorizer: input ", i, " has ", x.rows, " rows, wanted ", rows,
                           " as in the others");
    if (rows < 0) rows = x.rows;
    const auto sum = total < 0 || width < 0 ? std::optional(kUnknownDim) : checked_add(total, width);
    if (!sum)
      return invalid_model("FeatureVectorizer: attribute 'inputdimensions' sums up to more than 2^63");
    total = *sum;
  }
  a.out[0] = Fact(DType::kF32, Dims{rows, total});
  return ok();
}

Status vectorizer(const EvalArgs& a) {
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_vectorizer));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, dims));
  const auto widths = a.attrs.ints("inputdimensions");
  std::fill_n(y->mutable_data<float>(), y->elements(), 0.0f);
  int64_t column = 0;
  for (size_t k = 0; k < a.num_in(); ++k) {
    const Tensor& x = a.input(k);
    const int64_t features = x.dims().back(), width = widths.empty() ? features : widths[k];
    LITE_TRY(ml::dispatch_features("FeatureVectorizer", x, [&](const auto* from) -> Status {
      for (int64_t r = 0; r < dims[0]; ++r)
        for (int64_t i = 0; i < std::min(features, width); ++i)
          y->mutable_data<float>()[r * dims[1] + column + i] = static_cast<float>(from[r * features + i]);
      return ok();
    }));
    column += width;
  }
  return ok();
}

// ---- OneHotEncoder

Status infer_encoder(const InferArgs& a) {
  const size_t ints = a.attrs.ints("cats_int64s").size(), strings = a.attrs.strs("cats_strings").size();
  if ((ints == 0) == (strings == 0))
    return invalid_model("OneHotEncoder: attributes 'cats_int64s' and 'cats_strings' have ", ints, " and ",
                         strings, " categories, one of the two is wanted");
  if (a.in[0].dtype != DType::kUndefined && (a.in[0].dtype == DType::kString) != (strings != 0))
    return invalid_model("OneHotEncoder: X is ", dtype_name(a.in[0].dtype), ", the categories are ",
                         strings != 0 ? "strings" : "integers");
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kF32;
  if (a.out[0].has_rank) a.out[0].dims.push_back(static_cast<int64_t>(ints + strings));
  return ok();
}

// What no float is, when it is no integer of 64 bits.
template <class T>
std::optional<int64_t> whole(T v) {
  if constexpr (std::is_integral_v<T>) {
    return v;
  } else {
    const auto d = static_cast<double>(v);
    if (!(d > -0x1p63 && d < 0x1p63)) return std::nullopt;
    return static_cast<int64_t>(d);
  }
}

template <class Key, class At>
Status encode(const EvalArgs& a, std::span<const Key> categories, Tensor& y, At&& at) {
  std::unordered_map<Key, int64_t> places;
  for (size_t i = 0; i < categories.size(); ++i) places.emplace(categories[i], static_cast<int64_t>(i));
  const auto width = static_cast<int64_t>(categories.size());
  const bool lenient = a.attrs.i64("zeros", 1) != 0;
  std::fill_n(y.mutable_data<float>(), y.elements(), 0.0f);
  for (int64_t i = 0; i < a.input(0).elements(); ++i) {
    const std::optional<Key> key = at(i);
    const auto it = key ? places.find(*key) : places.end();
    if (it != places.end())
      y.mutable_data<float>()[i * width + it->second] = 1;
    else if (!lenient)
      return invalid_argument("OneHotEncoder: X has a value at ", i,
                              " that is no category, and attribute 'zeros' is 0");
  }
  return ok();
}

Status encoder(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_encoder));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, dims));
  if (x.dtype() == DType::kString)
    return encode<std::string>(a, a.attrs.strs("cats_strings"), *y,
                               [&](int64_t i) { return std::optional(x.strings()[static_cast<size_t>(i)]); });
  return ml::dispatch_features("OneHotEncoder", x, [&](const auto* from) {
    return encode<int64_t>(a, a.attrs.ints("cats_int64s"), *y, [&](int64_t i) { return whole(from[i]); });
  });
}

constexpr TypeSet kValues = ml::kNumbers | types::kString;
constexpr OperandSpec kExtractorIn[] = {{"X", kValues, 'T'}, {"Y", DType::kI64}};
constexpr OperandSpec kExtractorOut[] = {{"Z", kValues, 'T'}};
constexpr OperandSpec kVectorizerIn[] = {{"X", ml::kNumbers, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kEncoderIn[] = {{"X", kValues}};
constexpr OperandSpec kFloatOut[] = {{"Y", DType::kF32}};
constexpr AttrSpec kVectorizerAttrs[] = {{"inputdimensions", AttrType::kInts}};
constexpr AttrSpec kEncoderAttrs[] = {
    {"cats_int64s", AttrType::kInts}, {"cats_strings", AttrType::kStrings}, {"zeros", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {.name = "ArrayFeatureExtractor",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kExtractorIn,
     .outputs = kExtractorOut,
     .infer = infer_extractor,
     .reference = extractor},
    {.name = "FeatureVectorizer",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kVectorizerIn,
     .outputs = kFloatOut,
     .attrs = kVectorizerAttrs,
     .infer = infer_vectorizer,
     .reference = vectorizer},
    {.name = "OneHotEncoder",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kEncoderIn,
     .outputs = kFloatOut,
     .attrs = kEncoderAttrs,
     .infer = infer_encoder,
     .reference = encoder},
};

}  // namespace

extern constinit const OpTable feature_vectors;
constinit const OpTable feature_vectors{kOps};

}  // namespace lite::ops
