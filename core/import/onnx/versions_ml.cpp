// Operators of ai.onnx.ml.
#include <algorithm>

#include "core/import/onnx/versions.h"

namespace lite::onnx {
namespace {

// Before version 2 the keys, or the values, were the places of the strings in one list.
Status label_encoder_classes(Draft& d) {
  const auto strings = d.attrs().strs("classes_strings");
  const std::vector<std::string> classes(strings.begin(), strings.end());
  std::vector<int64_t> places(classes.size());
  for (size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int64_t>(i);
  d.node.erase("classes_strings");
  const DType x = d.fact(0).dtype;
  if (x == DType::kUndefined) return unsupported("the element type of X is not known");
  d.node.set(x == DType::kString ? "keys_strings" : "values_strings", classes);
  d.node.set(x == DType::kString ? "values_int64s" : "keys_int64s", places);
  return ok();
}

// Labels that are strings are looked up behind the trees, so that these run on numbers alone.
Status tree_labels(Draft& d) {
  const auto strings = d.attrs().strs("classlabels_strings");
  if (strings.empty() || !d.attrs().ints("classlabels_int64s").empty() || !d.wants(0)) return ok();
  // Of one class 0 means that a row does not belong to it.
  const size_t before = strings.size() == 1 ? 1 : 0;
  LITE_ASSIGN(Tensor labels,
              Tensor::allocate(DType::kString, Dims{static_cast<int64_t>(before + strings.size())}));
  std::copy(strings.begin(), strings.end(), labels.mutable_data<std::string>() + before);
  std::vector<int64_t> places(strings.size());
  for (size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int64_t>(i);
  d.node.erase("classlabels_strings");
  d.node.set("classlabels_int64s", places);
  const ValueId label = d.detach_output(0);
  LITE_TRY(d.finish());
  return d.emit_to(label, "Gather", {d.constant(std::move(labels)), d.node.out[0]});
}

constexpr Step kSteps[] = {
    {"LabelEncoder", 2, label_encoder_classes},
    {"TreeEnsembleClassifier", kNewestOpset + 1, tree_labels},
};

}  // namespace

std::span<const Step> ml_steps() { return kSteps; }

}  // namespace lite::onnx
