// Short names for the attributes of ai.onnx.ml.
#pragma once

#include <algorithm>

#include "tests/ops/op_test.h"

namespace lite::test {

inline constexpr const char* kMl = "ai.onnx.ml";
using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;
using Strings = std::vector<std::string>;

// `attrs` with one of them replaced, or added.
inline Attrs with(Attrs attrs, const std::string& name, Attr::Data data) {
  std::erase_if(attrs, [&](const Attr& a) { return a.name == name; });
  attrs.push_back({name, std::move(data)});
  return attrs;
}
inline Attrs without(Attrs attrs, const std::string& name) {
  std::erase_if(attrs, [&](const Attr& a) { return a.name == name; });
  return attrs;
}

inline std::vector<Tensor> run_ml(const std::string& op, const std::vector<Tensor>& in, Attrs attrs,
                                  size_t outputs = 1) {
  auto r = run_op(op, in, std::move(attrs), outputs, kMl);
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  return r.is_ok() ? r.value() : std::vector<Tensor>(outputs);
}

// The run must fail, and its message name all of `parts`.
inline void expect_error(const std::string& op, const std::vector<Tensor>& in, const Attrs& attrs,
                         const Strings& parts) {
  const std::string message = error_of(op, in, attrs, kMl);
  for (const std::string& part : parts)
    EXPECT_NE(message.find(part), std::string::npos) << message << "\nwanted: " << part;
}

}  // namespace lite::test
