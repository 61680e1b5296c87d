// Features, one by one.
//
//   Binarizer   in X; out Y, type of X: 1 where X > attr threshold float, default 0, else 0
//   Imputer     in X [...,F]; out Y, type of X: X with what equals the replaced value replaced
//     attrs imputed_value_floats, replaced_value_float for float types, where NaN equals NaN;
//     imputed_value_int64s, replaced_value_int64 for integers. One imputed value, or one a feature
//   Scaler      in X [...,F]; out Y float32: (X - offset) * scale
//     attrs offset, scale floats: one, or one a feature; left out, 0 and 1
//   Normalizer  in X [N,F] or [F]; out Y float32: each row divided by its norm, unless that is 0
//     attr norm "MAX" (default), the largest magnitude; "L1", "L2"

#include <cmath>
#include <limits>

#include "core/ops/ml/ml.h"

namespace lite::ops {
namespace {

// ---- Binarizer

Status binarizer(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const auto threshold = static_cast<double>(a.attrs.f32("threshold", 0));
  return ml::dispatch_features("Binarizer", x, [&]<class T>(const T* from) -> Status {
    for (int64_t i = 0; i < x.elements(); ++i)
      y->mutable_data<T>()[i] = static_cast<T>(static_cast<double>(from[i]) > threshold ? 1 : 0);
    return ok();
  });
}

// ---- one value, or one a feature

Status check_per_feature(const char* op, const char* attr, size_t have, const Fact& x) {
  if (have == 1 || !x.has_rank) return ok();
  const int64_t features = x.dims.empty() ? 1 : x.dims.back();
  if (features < 0 || static_cast<int64_t>(have) == features) return ok();
  return invalid_model(op, ": attribute '", attr, "' has ", have, " elements, wanted 1 or ", features,
                       ", the features of X");
}

template <class T>
T of_feature(std::span<const T> values, int64_t i) {
  return values[values.size() == 1 ? 0 : static_cast<size_t>(i) % values.size()];
}

Status infer_imputer(const InferArgs& a) {
  a.out[0] = a.in[0];
  const size_t floats = a.attrs.floats("imputed_value_floats").size(),
               ints = a.attrs.ints("imputed_value_int64s").size();
  const DType type = a.in[0].dtype;
  if (type == DType::kUndefined) return ok();
  const char* attr = is_float(type) ? "imputed_value_floats" : "imputed_value_int64s";
  const size_t have = is_float(type) ? floats : ints;
  if (have == 0)
    return invalid_model("Imputer: X is ", dtype_name(type), ", attribute '", attr, "' is missing or empty");
  if (type == DType::kI32)
    for (const int64_t v : a.attrs.ints("imputed_value_int64s"))
      if (v < std::numeric_limits<int32_t>::min() || v > std::numeric_limits<int32_t>::max())
        return invalid_model("Imputer: attribute 'imputed_value_int64s' has ", v, ", which is no int32");
  return check_per_feature("Imputer", attr, have, a.in[0]);
}

Status imputer(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const auto floats = a.attrs.floats("imputed_value_floats");
  const auto ints = a.attrs.ints("imputed_value_int64s");
  LITE_TRY(check_per_feature("Imputer", "imputed_value_*", is_float(x.dtype()) ? floats.size() : ints.size(),
                             Fact(x.dtype(), x.dims())));
  return ml::dispatch_features("Imputer", x, [&]<class T>(const T* from) -> Status {
    T* const to = y->mutable_data<T>();
    if constexpr (std::is_floating_point_v<T>) {
      const auto replaced = static_cast<T>(a.attrs.f32("replaced_value_float", 0));
      for (int64_t i = 0; i < x.elements(); ++i)
        to[i] = from[i] == replaced || (std::isnan(from[i]) && std::isnan(replaced))
                    ? static_cast<T>(of_feature(floats, i))
                    : from[i];
    } else {
      const int64_t replaced = a.attrs.i64("replaced_value_int64", 0);
      for (int64_t i = 0; i < x.elements(); ++i)
        to[i] = from[i] == replaced ? static_cast<T>(of_feature(ints, i)) : from[i];
    }
    return ok();
  });
}

Status infer_scaler(const InferArgs& a) {
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kF32;
  for (const char* attr : {"offset", "scale"})
    if (const size_t have = a.attrs.floats(attr).size(); have != 0)
      LITE_TRY(check_per_feature("Scaler", attr, have, a.in[0]));
  return ok();
}

Status scaler(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, x.dims()));
  constexpr float kZero = 0, kOne = 1;
  auto offset = a.attrs.floats("offset"), scale = a.attrs.floats("scale");
  if (offset.empty()) offset = {&kZero, 1};
  if (scale.empty()) scale = {&kOne, 1};
  const Fact fact(x.dtype(), x.dims());
  LITE_TRY(check_per_feature("Scaler", "offset", offset.size(), fact));
  LITE_TRY(check_per_feature("Scaler", "scale", scale.size(), fact));
  return ml::dispatch_features("Scaler", x, [&](const auto* from) -> Status {
    for (int64_t i = 0; i < x.elements(); ++i)
      y->mutable_data<float>()[i] =
          static_cast<float>((static_cast<double>(from[i]) - static_cast<double>(of_feature(offset, i))) *
                             static_cast<double>(of_feature(scale, i)));
    return ok();
  });
}

// ---- Normalizer

enum class Norm { kMax, kL1, kL2 };

Result<Norm> norm_of(const AttrReader& r) {
  const std::string_view s = r.str("norm", "MAX");
  if (s == "MAX") return Norm::kMax;
  if (s == "L1") return Norm::kL1;
  if (s == "L2") return Norm::kL2;
  return invalid_model("Normalizer: norm is '", s, "', wanted 'MAX', 'L1' or 'L2'");
}

Status infer_normalizer(const InferArgs& a) {
  LITE_TRY(norm_of(a.attrs).status());
  LITE_TRY(ml::rows_of("Normalizer", a.in[0]).status());
  a.out[0] = a.in[0];
  a.out[0].dtype = DType::kF32;
  return ok();
}

Status normalizer(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Norm norm, norm_of(a.attrs));
  LITE_ASSIGN(const ml::Rows rows, ml::rows_of("Normalizer", x));
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, x.dims()));
  return ml::dispatch_features("Normalizer", x, [&](const auto* from) -> Status {
    float* to = y->mutable_data<float>();
    for (int64_t r = 0; r < rows.rows; ++r, from += rows.features, to += rows.features) {
      double size = 0;
      for (int64_t i = 0; i < rows.features; ++i) {
        const double v = std::abs(static_cast<double>(from[i]));
        size = norm == Norm::kMax ? std::max(size, v) : size + (norm == Norm::kL1 ? v : v * v);
      }
      if (norm == Norm::kL2) size = std::sqrt(size);
      for (int64_t i = 0; i < rows.features; ++i) {
        const double v = static_cast<double>(from[i]);
        to[i] = static_cast<float>(size == 0 ? v : v / size);
      }
    }
    return ok();
  });
}

constexpr OperandSpec kIn[] = {{"X", ml::kNumbers, 'T'}};
constexpr OperandSpec kSameOut[] = {{"Y", ml::kNumbers, 'T'}};
constexpr OperandSpec kFloatOut[] = {{"Y", DType::kF32}};
constexpr AttrSpec kBinarizerAttrs[] = {{"threshold", AttrType::kFloat}};
constexpr AttrSpec kImputerAttrs[] = {{"imputed_value_floats", AttrType::kFloats},
                                      {"imputed_value_int64s", AttrType::kInts},
                                      {"replaced_value_float", AttrType::kFloat},
                                      {"replaced_value_int64", AttrType::kInt}};
constexpr AttrSpec kScalerAttrs[] = {{"offset", AttrType::kFloats}, {"scale", AttrType::kFloats}};
constexpr AttrSpec kNormalizerAttrs[] = {{"norm", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "Binarizer",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kSameOut,
     .attrs = kBinarizerAttrs,
     .traits = kElementwise | kMayAliasInput0,
     .infer = infer_same,
     .reference = binarizer},
    {.name = "Imputer",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kSameOut,
     .attrs = kImputerAttrs,
     .infer = infer_imputer,
     .reference = imputer},
    {.name = "Scaler",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kFloatOut,
     .attrs = kScalerAttrs,
     .infer = infer_scaler,
     .reference = scaler},
    {.name = "Normalizer",
     .domain = ml::kDomain,
     .since = 1,
     .inputs = kIn,
     .outputs = kFloatOut,
     .attrs = kNormalizerAttrs,
     .infer = infer_normalizer,
     .reference = normalizer},
};

}  // namespace

extern constinit const OpTable feature_scaling;
constinit const OpTable feature_scaling{kOps};

}  // namespace lite::ops
