// What the importer's tests share.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "core/import/onnx/onnx.h"
#include "core/ir/op_def.h"
#include "tests/import/onnx_writer.h"

namespace lite::test {

inline Result<Graph> import_text(const std::string& model, ImportReport* report = nullptr,
                                 const ImportOptions& options = {}) {
  // Memory of its own, so that a sanitizer sees a read behind its end.
  return import_onnx(copy_bytes(std::as_bytes(std::span(model))), options, report);
}

inline Graph must_import(const std::string& model, const ImportOptions& options = {}) {
  Result<Graph> r = import_text(model, nullptr, options);
  if (!r.is_ok()) throw std::runtime_error(r.error().message);  // which fails the test
  const Status s = r.value().verify();
  EXPECT_TRUE(s.is_ok()) << s.message();
  return std::move(r).value();
}

inline Tensor f32(const Dims& dims, const std::vector<float>& v) {
  Tensor t = std::move(Tensor::allocate(DType::kF32, dims)).value();
  std::copy(v.begin(), v.end(), t.mutable_data<float>());
  return t;
}

// The first output, by the references.
inline std::vector<float> run(const Graph& g, std::vector<Datum> inputs) {
  const auto r = interpret(g, inputs);
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  if (!r.is_ok() || r.value().empty()) return {};
  const Tensor& t = r.value()[0].tensor;
  std::vector<float> v;
  for (int64_t i = 0; i < t.elements(); ++i) v.push_back(static_cast<float>(t.float_at(i)));
  return v;
}

}  // namespace lite::test
