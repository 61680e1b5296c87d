// Runs one operator the way the library does: its node is checked, its facts are inferred (from full facts
// and from none), it is evaluated, and what comes out must agree with what was inferred.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/ops/op.h"
#include "core/ops/registry.h"

namespace lite::test {

inline constexpr float kInf = std::numeric_limits<float>::infinity();
inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

template <class T>
Tensor tensor(DType dtype, Dims dims, const std::vector<T>& values) {
  Tensor t = std::move(Tensor::allocate(dtype, std::move(dims))).value();
  EXPECT_EQ(static_cast<size_t>(t.elements()), values.size());
  for (size_t i = 0; i < values.size(); ++i) t.mutable_data<T>()[i] = values[i];
  return t;
}
inline Tensor f32(Dims d, const std::vector<float>& v) { return tensor(DType::kF32, std::move(d), v); }
inline Tensor f64(Dims d, const std::vector<double>& v) { return tensor(DType::kF64, std::move(d), v); }
inline Tensor i64(Dims d, const std::vector<int64_t>& v) { return tensor(DType::kI64, std::move(d), v); }
inline Tensor i32(Dims d, const std::vector<int32_t>& v) { return tensor(DType::kI32, std::move(d), v); }
inline Tensor i8(Dims d, const std::vector<int8_t>& v) { return tensor(DType::kI8, std::move(d), v); }
inline Tensor u8(Dims d, const std::vector<uint8_t>& v) { return tensor(DType::kU8, std::move(d), v); }
inline Tensor strings(Dims d, const std::vector<std::string>& v) {
  return tensor(DType::kString, std::move(d), v);
}
Tensor bools(Dims d, const std::vector<int>& v);
Tensor f16(Dims d, const std::vector<float>& v);
Tensor bf16(Dims d, const std::vector<float>& v);

// An input or output that is left out is an undefined tensor.
using Attrs = std::vector<Attr>;
Result<std::vector<Tensor>> run_op(const std::string& name, const std::vector<Tensor>& in, Attrs attrs = {},
                                   size_t outputs = 1, const std::string& domain = "");
// The same with sequences and optionals.
Result<std::vector<Datum>> run_data(const std::string& name, const std::vector<Datum>& in, Attrs attrs = {},
                                    size_t outputs = 1, const std::string& domain = "");
// Output 0 of a run that must succeed.
Tensor eval(const std::string& name, const std::vector<Tensor>& in, Attrs attrs = {},
            const std::string& domain = "");
// The message of a run that must fail.
std::string error_of(const std::string& name, const std::vector<Tensor>& in, Attrs attrs = {},
                     const std::string& domain = "");
// What inference says of output 0; must succeed.
Fact inferred(const std::string& name, const std::vector<Fact>& in, Attrs attrs = {},
              const std::string& domain = "");

std::vector<double> values(const Tensor& t);
std::vector<std::string> texts(const Tensor& t);
// Same type, dims and numbers (NaN equals NaN), within absolute + relative * |want|.
void expect_near(const Tensor& got, const Tensor& want, double relative = 1e-6, double absolute = 1e-6);
void expect_equal(const Tensor& got, const Tensor& want);

}  // namespace lite::test
