// ONNX Runtime's domain com.microsoft: what its optimiser and quantiser and the exporters made for it leave
// in files, said in ONNX's words. Operators that ONNX has no words for have an OpDef and pass through.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/import/onnx/versions.h"

namespace lite::onnx {

inline constexpr std::string_view kMicrosoft = "com.microsoft";

// One operator of the domain.
struct Translation {
  const char* op;
  std::string_view inputs;  // names, separated by spaces; one that ends in ? may be left out, in * repeats
  std::string_view attrs;   // those known here; a node with another one is refused
  Status (*apply)(Draft& d);
};
// As adapt(), for a node of that domain.
Status adapt_microsoft(Draft& d);
// Calls f with each operator that has a translation.
void each_translation(const std::function<void(const Translation&)>& f);

std::span<const Translation> microsoft_plain();  // other names for ONNX's operators, and short formulas
std::span<const Translation> microsoft_fused();  // products and convolutions with an activation
std::span<const Translation> microsoft_normalization();  // layer norms with what stands before them
std::span<const Translation> microsoft_attention();
std::span<const Translation> microsoft_quantized();
std::span<const Translation> microsoft_packed();  // weights in blocks of a few bits

// Emits nodes in front of a draft one after another and keeps the first error, so that a formula reads as
// one.
class Emitter {
 public:
  explicit Emitter(Draft& d) : d_(d) {}

  ValueId operator()(const char* op, std::vector<ValueId> in, const Draft::Attrs& attrs = {});
  std::vector<ValueId> many(const char* op, std::vector<ValueId> in, size_t outputs,
                            const Draft::Attrs& attrs = {});
  ValueId scalar(DType dtype, double v);
  ValueId ints(std::initializer_list<int64_t> list) { return d_.constant(list); }
  ValueId ints(std::span<const int64_t> list) { return d_.constant(list); }
  ValueId transpose(ValueId v, std::vector<int64_t> perm) {
    return (*this)("Transpose", {v}, {{"perm", std::move(perm)}});
  }
  ValueId cast(ValueId v, DType to) { return (*this)("Cast", {v}, {{"to", static_cast<int64_t>(to)}}); }
  // Dimension `axis` of v, as [1].
  ValueId dim(ValueId v, int64_t axis) {
    Draft::Attrs range{{"start", axis}};
    if (axis != -1) range.emplace_back("end", axis + 1);
    return (*this)("Shape", {v}, range);
  }
  // x, or x + y where there is one.
  ValueId plus(ValueId x, ValueId y) { return y == kNoValue ? x : (*this)("Add", {x, y}); }

  // Makes output i of the draft, which is then done.
  void output(size_t i, const char* op, std::vector<ValueId> in, const Draft::Attrs& attrs = {});

  Status status() && { return std::move(status_); }

 private:
  Draft& d_;
  Status status_;
};

// The draft's input i, or kNoValue.
inline ValueId input(const Draft& d, size_t i) { return d.has(i) ? d.node.in[i] : kNoValue; }
// The draft's type of input i; float32 while it is not known.
inline DType type_of(const Draft& d, size_t i) {
  return d.fact(i).dtype == DType::kUndefined ? DType::kF32 : d.fact(i).dtype;
}
// The node becomes ONNX's operator of that name.
Status rename(Draft& d, const char* op);
// The attributes of the draft, but for those named.
Draft::Attrs attrs_without(const Draft& d, std::initializer_list<std::string_view> names);

// act(x) for an activation by the name that ONNX Runtime has for it; `params` are its alpha, beta, ... or min
// and max.
Result<ValueId> activate(Draft& d, ValueId x, std::string_view name, std::span<const float> params);
// 1 / sqrt(mean(x^2) + epsilon) over the dimensions from `axis` on, in float32.
Result<ValueId> inverse_rms(Draft& d, ValueId x, int64_t axis, float epsilon);

}  // namespace lite::onnx
