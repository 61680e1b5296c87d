#include <cstdio>

#include "tests/import/onnx_import_test.h"

namespace lite::test {
namespace {

// The content of an initializer.
Tensor imported(const std::string& t) {
  const Graph g = must_import(
      model({.initializers = {t}, .inputs = {value("x", kFloat, {})}, .outputs = {untyped("w")}}));
  return g.outputs.empty() ? Tensor() : g.value(g.outputs[0]).constant;
}

std::vector<double> content(const Tensor& t) {
  std::vector<double> v;
  for (int64_t i = 0; i < t.elements(); ++i) v.push_back(t.float_at(i));
  return v;
}

using Doubles = std::vector<double>;

TEST(OnnxTensor, TypedFieldsPackedOrNot) {
  EXPECT_EQ(content(imported(tensor("w", kInt32, {3}).packed(5, {1, -2, 3}))), (Doubles{1, -2, 3}));
  EXPECT_EQ(content(imported(tensor("w", kInt32, {3}).i(5, 1).i(5, -2).i(5, 3))), (Doubles{1, -2, 3}));
  EXPECT_EQ(content(imported(tensor("w", kInt64, {2}).packed(7, {-1, INT64_MAX}))),
            (Doubles{-1, 9223372036854775807.0}));
  EXPECT_EQ(content(imported(tensor("w", kInt8, {2}).packed(5, {-128, 127}))), (Doubles{-128, 127}));
  EXPECT_EQ(content(imported(tensor("w", kUint8, {2}).packed(5, {0, 255}))), (Doubles{0, 255}));
  EXPECT_EQ(content(imported(tensor("w", kBool, {3}).packed(5, {0, 1, 1}))), (Doubles{0, 1, 1}));
  EXPECT_EQ(content(imported(tensor("w", kFloat16, {2}).packed(5, {0x3c00, 0xc000}))), (Doubles{1, -2}));
  EXPECT_EQ(content(imported(tensor("w", 16, {1}).packed(5, {0x3f80}))), (Doubles{1}));
  EXPECT_EQ(content(imported(tensor("w", 12, {1}).packed(11, {4000000000}))), (Doubles{4e9}));
  EXPECT_EQ(content(imported(tensor("w", kFloat, {2}).f(4, 1.5f).f(4, -2))), (Doubles{1.5, -2}));
  EXPECT_EQ(content(imported(tensor("w", kFloat, {2}).s(4, bytes_of(std::vector<float>{1.5f, -2})))),
            (Doubles{1.5, -2}));
  EXPECT_EQ(content(imported(tensor("w", 11, {2}).s(10, bytes_of(std::vector<double>{0.5, 4})))),
            (Doubles{0.5, 4}));
}

TEST(OnnxTensor, SubByteTypes) {
  EXPECT_EQ(content(imported(tensor("w", kInt4, {3}).packed(5, {0xe1, 0x07}))), (Doubles{1, -2, 7}));
  EXPECT_EQ(content(imported(raw_tensor("w", kInt4, {3}, "\xe1\x07"))), (Doubles{1, -2, 7}));
  EXPECT_EQ(content(imported(raw_tensor("w", 25, {5}, std::string("\xe4\x02", 2)))),
            (Doubles{0, 1, 2, 3, 2}));
}

TEST(OnnxTensor, StringsAndEmptyOnes) {
  const Tensor t = imported(tensor("w", kString, {2}).s(6, "one").s(6, ""));
  ASSERT_EQ(t.elements(), 2);
  EXPECT_EQ(t.strings()[0], "one");
  EXPECT_EQ(t.strings()[1], "");
  EXPECT_EQ(imported(tensor("w", kFloat, {0, 3})).elements(), 0);
  EXPECT_EQ(imported(raw_tensor("w", kFloat, {2, 0}, "")).elements(), 0);
}

TEST(OnnxTensor, BoolsAreZeroOrOne) {
  const Tensor t = imported(raw_tensor("w", kBool, {3}, std::string("\x00\x02\xff", 3)));
  const uint8_t want[] = {0, 1, 1};
  EXPECT_EQ(0, std::memcmp(t.raw(), want, 3));
}

TEST(OnnxTensor, SparseBecomesDense) {
  const std::string s = Proto().s(1, floats("w", {2}, {7, 8})).s(2, ints("", {1, 5})).packed(3, {2, 3});
  const Graph g =
      must_import(model({.inputs = {value("x", kFloat, {})}, .outputs = {untyped("w")}, .sparse = {s}}));
  EXPECT_EQ(content(g.value(g.outputs[0]).constant), (Doubles{0, 7, 0, 0, 0, 8}));
  const std::string by_axis = Proto()
                                  .s(1, floats("w", {2}, {7, 8}))
                                  .s(2, raw_tensor("", kInt64, {2, 2}, bytes_of(Ints{0, 1, 1, 2})))
                                  .packed(3, {2, 3});
  const Graph h = must_import(
      model({.inputs = {value("x", kFloat, {})}, .outputs = {untyped("w")}, .sparse = {by_axis}}));
  EXPECT_EQ(content(h.value(h.outputs[0]).constant), (Doubles{0, 7, 0, 0, 0, 8}));
}

}  // namespace
}  // namespace lite::test
