// What the operators of ai.onnx.ml share: rows of features, class labels, transforms of scores.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/ops/op.h"

namespace lite::ops::ml {

inline constexpr const char* kDomain = "ai.onnx.ml";
// What features may be.
inline constexpr TypeSet kNumbers = DType::kF32 | DType::kF64 | DType::kI32 | DType::kI64;
inline constexpr TypeSet kLabelTypes = DType::kI64 | DType::kString;

// X as a matrix: [rows, features], or [features], which is one row.
struct Rows {
  int64_t rows = kUnknownDim, features = kUnknownDim;
};
Result<Rows> rows_of(const char* op, const Fact& x);
Result<Rows> rows_of(const char* op, const Tensor& x);

// f(typed pointer to the first feature of X), for each of the types in kNumbers.
template <class F>
Status dispatch_features(const char* op, const Tensor& x, F&& f) {
  using enum DType;
  return dispatch<kF32, kF64, kI32, kI64>(op, x.dtype(), [&]<class T>() -> Status { return f(x.data<T>()); });
}

// ---- scores

enum class PostTransform { kNone, kSoftmax, kLogistic, kSoftmaxZero, kProbit };
// Of the attribute post_transform, a name.
Result<PostTransform> post_transform_of(const AttrReader& r);

// In place, over the scores of one row.
//   SOFTMAX       e^(s - max) over their sum
//   LOGISTIC      1 / (1 + e^-s)
//   SOFTMAX_ZERO  as SOFTMAX, but a score that is 0 stays 0
//   PROBIT        sqrt(2) erfinv(2 s - 1), with Winitzki's formula for erfinv, a = 0.147
void transform_scores(PostTransform how, std::span<double> scores);

// ---- labels

// The classes of a classifier: integers or strings, of which a model has one list.
class Labels {
 public:
  static Result<Labels> read(const AttrReader& r, const char* ints, const char* strings);
  size_t size() const { return ints_.empty() ? strings_.size() : ints_.size(); }
  DType dtype() const { return ints_.empty() ? DType::kString : DType::kI64; }
  // Element i of y becomes the label of class k.
  void put(Tensor& y, int64_t i, size_t k) const {
    if (ints_.empty())
      y.mutable_data<std::string>()[i] = strings_[k];
    else
      y.mutable_data<int64_t>()[i] = ints_[k];
  }
  // Whether row i belongs to the only class there is: 1 or 0, or the label or "".
  void put_one_class(Tensor& y, int64_t i, bool belongs) const {
    if (ints_.empty())
      y.mutable_data<std::string>()[i] = belongs ? strings_[0] : std::string();
    else
      y.mutable_data<int64_t>()[i] = belongs ? 1 : 0;
  }

 private:
  std::span<const int64_t> ints_;
  std::span<const std::string> strings_;
};

// Facts of a classifier: labels [rows], scores float32 [rows, scores].
Status infer_classifier(const InferArgs& a, const Labels& labels, int64_t features, int64_t scores);
// Fact of a regressor: float32 [rows, targets]. `features`: how many columns of X it reads.
Status infer_regressor(const InferArgs& a, int64_t features, int64_t targets);
// X must have that many columns; kUnknownDim is any.
Status check_features(const char* op, const Rows& x, int64_t features);

}  // namespace lite::ops::ml
