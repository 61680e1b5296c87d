// Tables of labels, and dictionaries.
#include "tests/ops/ml/ml_test.h"

namespace lite::test {
namespace {

TEST(LabelEncoder, LooksUp) {
  const Attrs a = {{"keys_strings", Strings{"Amy", "Sally"}}, {"values_int64s", Ints{5, 6}}};
  expect_equal(eval("LabelEncoder", {strings({2, 2}, {"Dori", "Amy", "Amy", "Sally"})}, a, kMl),
               i64({2, 2}, {-1, 5, 5, 6}));
  expect_equal(eval("LabelEncoder", {strings({1}, {"Dori"})}, with(a, "default_int64", int64_t{42}), kMl),
               i64({1}, {42}));
  const Attrs b = {{"keys_floats", Floats{kNaN, 0, 2}}, {"values_strings", Strings{"none", "zero", "two"}}};
  expect_equal(eval("LabelEncoder", {f32({5}, {-kNaN, -0.0f, 2, 1, kNaN})}, b, kMl),
               strings({5}, {"none", "zero", "two", "_Unused", "none"}));
  expect_equal(
      eval("LabelEncoder", {i64({2}, {(int64_t{1} << 53) + 1, int64_t{1} << 53})},
           {{"keys_int64s", Ints{int64_t{1} << 53, (int64_t{1} << 53) + 1}}, {"values_floats", Floats{1, 2}}},
           kMl),
      f32({2}, {2, 1}));
  // Of equal keys the last counts.
  expect_equal(eval("LabelEncoder", {i64({1}, {1})},
                    {{"keys_int64s", Ints{1, 1}}, {"values_int64s", Ints{2, 3}}}, kMl),
               i64({1}, {3}));
}

TEST(LabelEncoder, Tensors) {
  const Attrs a = {{"keys_tensor", f64({2}, {0.5, 1.5})},
                   {"values_tensor", tensor(DType::kI16, {2}, std::vector<int16_t>{7, 8})},
                   {"default_tensor", tensor(DType::kI16, {1}, std::vector<int16_t>{-3})}};
  expect_equal(eval("LabelEncoder", {f64({3}, {1.5, 2, 0.5})}, a, kMl),
               tensor(DType::kI16, {3}, std::vector<int16_t>{8, -3, 7}));
  expect_error("LabelEncoder", {f64({1}, {1})}, with(a, "default_tensor", f32({1}, {1})),
               {"default_tensor", "float32", "int16"});
}

TEST(LabelEncoder, RefusesTablesThatAreNone) {
  const Tensor x = i64({1}, {1});
  const Attrs a = {{"keys_int64s", Ints{1, 2}}, {"values_int64s", Ints{5, 6}}};
  expect_error("LabelEncoder", {x}, with(a, "values_int64s", Ints{1}), {"keys_*", "values_*", "2 and 1"});
  expect_error("LabelEncoder", {x}, with(a, "keys_floats", Floats{1, 2}), {"2 of the attributes 'keys_*'"});
  expect_error("LabelEncoder", {x}, without(a, "values_int64s"), {"0 of the attributes 'values_*'"});
  expect_error("LabelEncoder", {f32({1}, {1})}, a, {"X is float32", "int64"});
}

TEST(CategoryMapper, BothWays) {
  const Attrs a = {{"cats_int64s", Ints{10, 20}}, {"cats_strings", Strings{"ten", "twenty"}}};
  expect_equal(eval("CategoryMapper", {strings({3}, {"twenty", "ten", "two"})}, a, kMl),
               i64({3}, {20, 10, -1}));
  expect_equal(eval("CategoryMapper", {i64({2}, {10, 11})}, a, kMl), strings({2}, {"ten", "_Unused"}));
  expect_error("CategoryMapper", {i64({1}, {1})}, with(a, "cats_int64s", Ints{1}),
               {"cats_int64s", "cats_strings", "1 and 2"});
}

Datum map(Tensor keys, Tensor values) {
  Datum d;
  d.kind = Kind::kMap;
  d.tensor = std::move(keys);
  d.items = {Datum(std::move(values))};
  return d;
}

Tensor of_map(const std::string& op, const Datum& x, const Attrs& attrs) {
  auto r = run_data(op, {x}, attrs, 1, kMl);
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  return r.is_ok() ? r.value()[0].tensor : Tensor();
}

std::string map_error(const std::string& op, const Datum& x, const Attrs& attrs) {
  auto r = run_data(op, {x}, attrs, 1, kMl);
  EXPECT_FALSE(r.is_ok());
  return r.is_ok() ? std::string() : r.error().message;
}

TEST(DictVectorizer, ByVocabulary) {
  const Attrs a = {{"string_vocabulary", Strings{"a", "c", "b", "z"}}};
  expect_equal(of_map("DictVectorizer", map(strings({3}, {"c", "a", "q"}), f32({3}, {8, 4, 1})), a),
               f32({1, 4}, {4, 8, 0, 0}));
  const Attrs b = {{"int64_vocabulary", Ints{1, 2, 3}}};
  expect_equal(of_map("DictVectorizer", map(i64({1}, {3}), strings({1}, {"x"})), b),
               strings({1, 3}, {"", "", "x"}));
  EXPECT_NE(map_error("DictVectorizer", map(i64({1}, {3}), f32({1}, {1})), a).find("int64"),
            std::string::npos);
  EXPECT_NE(map_error("DictVectorizer", map(i64({1}, {3}), f32({1}, {1})), {}).find("0 and 0"),
            std::string::npos);
  EXPECT_NE(error_of("DictVectorizer", {i64({1}, {1})}, b, kMl).find("tensor"), std::string::npos);
}

TEST(CastMap, InTheOrderOfTheKeys) {
  const Datum x = map(i64({3}, {5, 1, 2}), f32({3}, {4.5f, -8, 0.5f}));
  expect_equal(of_map("CastMap", x, {}), f32({1, 3}, {-8, 0.5f, 4.5f}));
  expect_equal(of_map("CastMap", x, {{"cast_to", std::string("TO_INT64")}}), i64({1, 3}, {-8, 0, 4}));
  expect_equal(of_map("CastMap", x, {{"cast_to", std::string("TO_STRING")}}),
               strings({1, 3}, {"-8", "0.5", "4.5"}));
  expect_equal(of_map("CastMap", map(i64({1}, {0}), strings({1}, {"2.5"})), {}), f32({1, 1}, {2.5f}));
  const Attrs sparse = {{"map_form", std::string("SPARSE")}, {"max_map", int64_t{6}}};
  expect_equal(of_map("CastMap", x, sparse), f32({1, 6}, {0, -8, 0.5f, 0, 0, 4.5f}));
  EXPECT_NE(map_error("CastMap", x, with(sparse, "max_map", int64_t{5})).find("key 5"), std::string::npos);
  EXPECT_NE(map_error("CastMap", x, with(sparse, "max_map", int64_t{0})).find("max_map"), std::string::npos);
  EXPECT_NE(map_error("CastMap", x, {{"cast_to", std::string("TO_BOOL")}}).find("TO_BOOL"),
            std::string::npos);
  EXPECT_NE(map_error("CastMap", x, {{"map_form", std::string("WIDE")}}).find("WIDE"), std::string::npos);
}

TEST(ZipMap, OneMapARow) {
  const Attrs a = {{"classlabels_strings", Strings{"x", "y"}}};
  auto r = run_data("ZipMap", {f32({2, 2}, {1, 2, 3, 4})}, a, 1, kMl);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  const Datum& z = r.value()[0];
  ASSERT_EQ(z.kind, Kind::kSequence);
  ASSERT_EQ(z.items.size(), 2u);
  EXPECT_EQ(z.items[1].kind, Kind::kMap);
  expect_equal(z.items[1].tensor, strings({2}, {"x", "y"}));
  expect_equal(z.items[1].items[0].tensor, f32({2}, {3, 4}));
  expect_error("ZipMap", {f32({1, 3}, {1, 2, 3})}, a, {"3 columns", "2 keys"});
  expect_error("ZipMap", {f32({1, 3}, {1, 2, 3})}, {}, {"classlabels_int64s"});
}

}  // namespace
}  // namespace lite::test
