#include "tests/ops/ml/ml_test.h"

namespace lite::test {
namespace {

TEST(Binarizer, AboveTheThreshold) {
  const Attrs a = {{"threshold", 1.0f}};
  expect_equal(eval("Binarizer", {f32({4}, {0, 1, 1.5f, kNaN})}, a, kMl), f32({4}, {0, 0, 1, 0}));
  expect_equal(eval("Binarizer", {i64({3}, {0, 1, 2})}, a, kMl), i64({3}, {0, 0, 1}));
  expect_equal(eval("Binarizer", {i32({2}, {0, 1})}, {}, kMl), i32({2}, {0, 1}));
}

TEST(Imputer, ReplacesOneValue) {
  const Attrs a = {{"imputed_value_floats", Floats{10, 20}}, {"replaced_value_float", kNaN}};
  expect_equal(eval("Imputer", {f32({2, 2}, {kNaN, 1, 2, kNaN})}, a, kMl), f32({2, 2}, {10, 1, 2, 20}));
  expect_equal(eval("Imputer", {f64({2}, {0, kNaN})}, with(a, "replaced_value_float", 0.0f), kMl),
               f64({2}, {10, kNaN}));
  const Attrs b = {{"imputed_value_int64s", Ints{7}}, {"replaced_value_int64", int64_t{-1}}};
  expect_equal(eval("Imputer", {i64({1, 3}, {-1, 0, -1})}, b, kMl), i64({1, 3}, {7, 0, 7}));
  expect_equal(eval("Imputer", {i32({2}, {-1, 0})}, b, kMl), i32({2}, {7, 0}));
  expect_error("Imputer", {f32({1, 3}, {1, 2, 3})}, a, {"imputed_value_floats", "2", "3"});
  expect_error("Imputer", {i64({1}, {1})}, a, {"imputed_value_int64s", "int64"});
  expect_error("Imputer", {i32({1}, {1})}, with(b, "imputed_value_int64s", Ints{int64_t{1} << 40}),
               {"imputed_value_int64s", "1099511627776"});
}

TEST(Scaler, OffsetThenScale) {
  const Attrs a = {{"offset", Floats{1, 2}}, {"scale", Floats{0.5f}}};
  expect_equal(eval("Scaler", {f32({2, 2}, {1, 2, 3, 4})}, a, kMl), f32({2, 2}, {0, 0, 1, 1}));
  expect_equal(eval("Scaler", {i64({1, 2}, {3, 4})}, a, kMl), f32({1, 2}, {1, 1}));
  expect_equal(eval("Scaler", {f64({2}, {3, 4})}, {}, kMl), f32({2}, {3, 4}));
  expect_error("Scaler", {f32({1, 3}, {1, 2, 3})}, a, {"offset", "2", "3"});
}

TEST(Normalizer, DividesByTheNorm) {
  const Tensor x = f32({3, 2}, {3, -4, 0, 0, 1, 1});
  const auto of = [&](const char* norm) {
    return eval("Normalizer", {x}, {{"norm", std::string(norm)}}, kMl);
  };
  expect_equal(of("MAX"), f32({3, 2}, {0.75f, -1, 0, 0, 1, 1}));
  expect_near(of("L1"), f32({3, 2}, {3 / 7.0f, -4 / 7.0f, 0, 0, 0.5f, 0.5f}));
  expect_near(of("L2"), f32({3, 2}, {0.6f, -0.8f, 0, 0, 0.707107f, 0.707107f}));
  expect_equal(eval("Normalizer", {i64({2}, {1, 2})}, {}, kMl), f32({2}, {0.5f, 1}));
  expect_error("Normalizer", {x}, {{"norm", std::string("L3")}}, {"norm", "L3"});
  expect_error("Normalizer", {f32({1, 1, 1}, {1})}, {}, {"[1,1,1]"});
}

TEST(ArrayFeatureExtractor, PicksColumns) {
  const Tensor x = f32({2, 3}, {0, 1, 2, 10, 11, 12});
  expect_equal(eval("ArrayFeatureExtractor", {x, i64({1, 2}, {2, 0})}, {}, kMl), f32({2, 2}, {2, 0, 12, 10}));
  expect_equal(eval("ArrayFeatureExtractor", {strings({3}, {"a", "b", "c"}), i64({2}, {1, 1})}, {}, kMl),
               strings({1, 2}, {"b", "b"}));
  expect_equal(eval("ArrayFeatureExtractor", {x, i64({0}, {})}, {}, kMl), f32({2, 0}, {}));
  expect_error("ArrayFeatureExtractor", {x, i64({1}, {3})}, {}, {"Y has 3 at 0", "[0,3)"});
  expect_error("ArrayFeatureExtractor", {x, i64({1}, {-1})}, {}, {"Y has -1"});
}

TEST(FeatureVectorizer, SideBySide) {
  const Tensor a = f32({2, 2}, {1, 2, 3, 4}), b = f32({2, 1}, {5, 6});
  expect_equal(eval("FeatureVectorizer", {a, b}, {{"inputdimensions", Ints{2, 1}}}, kMl),
               f32({2, 3}, {1, 2, 5, 3, 4, 6}));
  expect_equal(eval("FeatureVectorizer", {a, b}, {{"inputdimensions", Ints{1, 2}}}, kMl),
               f32({2, 3}, {1, 5, 0, 3, 6, 0}));
  expect_equal(eval("FeatureVectorizer", {i64({2}, {1, 2}), i64({1}, {3})}, {}, kMl), f32({1, 3}, {1, 2, 3}));
  expect_error("FeatureVectorizer", {a}, {{"inputdimensions", Ints{1, 2}}},
               {"inputdimensions", "2", "1 inputs"});
  expect_error("FeatureVectorizer", {a}, {{"inputdimensions", Ints{-1}}}, {"inputdimensions", "-1"});
  expect_error("FeatureVectorizer", {a, f32({1, 1}, {1})}, {}, {"input 1 has 1 rows", "2"});
}

TEST(OneHotEncoder, OneAtItsCategory) {
  const Attrs a = {{"cats_int64s", Ints{4, 6}}};
  expect_equal(eval("OneHotEncoder", {i64({1, 3}, {6, 5, 4})}, a, kMl), f32({1, 3, 2}, {0, 1, 0, 0, 1, 0}));
  expect_equal(eval("OneHotEncoder", {f32({3}, {6.5f, kNaN, -kInf})}, a, kMl),
               f32({3, 2}, {0, 1, 0, 0, 0, 0}));
  const Attrs s = {{"cats_strings", Strings{"x", "y"}}, {"zeros", int64_t{0}}};
  expect_equal(eval("OneHotEncoder", {strings({2}, {"y", "x"})}, s, kMl), f32({2, 2}, {0, 1, 1, 0}));
  expect_error("OneHotEncoder", {strings({1}, {"z"})}, s, {"X has a value at 0", "zeros"});
  expect_error("OneHotEncoder", {i64({1}, {1})}, {}, {"cats_int64s", "cats_strings", "0 and 0"});
  expect_error("OneHotEncoder", {i64({1}, {1})}, s, {"int64", "strings"});
}

}  // namespace
}  // namespace lite::test
