// Linear models and support vector machines.
#include "tests/ops/ml/ml_test.h"

namespace lite::test {
namespace {

TEST(LinearRegressor, OneRowATarget) {
  const Attrs a = {
      {"coefficients", Floats{1, 2, 10, 20}}, {"intercepts", Floats{0.5f, 5}}, {"targets", int64_t{2}}};
  expect_equal(eval("LinearRegressor", {f32({2, 2}, {1, 1, 0, 3})}, a, kMl),
               f32({2, 2}, {3.5f, 35, 6.5f, 65}));
  expect_equal(eval("LinearRegressor", {i64({2}, {1, 1})}, a, kMl), f32({1, 2}, {3.5f, 35}));
  expect_equal(eval("LinearRegressor", {i32({1, 2}, {0, 0})}, without(a, "intercepts"), kMl),
               f32({1, 2}, {0, 0}));
  expect_equal(eval("LinearRegressor", {f64({1, 2}, {-0.25, -0.125})},
                    with(a, "post_transform", std::string("LOGISTIC")), kMl)
                   .reshaped({2}),
               f32({2}, {0.5f, 0.5f}));
  expect_error("LinearRegressor", {f32({1, 3}, {1, 1, 1})}, a, {"3 features", "2"});
  expect_error("LinearRegressor", {f32({1, 2}, {1, 1})}, with(a, "targets", int64_t{3}),
               {"coefficients", "4", "3"});
  expect_error("LinearRegressor", {f32({1, 2}, {1, 1})}, with(a, "targets", int64_t{0}), {"targets", "0"});
  expect_error("LinearRegressor", {f32({1, 2}, {1, 1})}, with(a, "intercepts", Floats{1}),
               {"intercepts", "1", "2"});
}

TEST(LinearClassifier, HighestScore) {
  const Attrs a = {{"coefficients", Floats{1, 0, 0, 1, -1, -1}},
                   {"intercepts", Floats{0, 0, 1}},
                   {"classlabels_strings", Strings{"x", "y", "none"}}};
  const auto out = run_ml("LinearClassifier", {f32({3, 2}, {2, 1, 1, 2, 0, 0})}, a, 2);
  expect_equal(out[0], strings({3}, {"x", "y", "none"}));
  expect_equal(out[1], f32({3, 3}, {2, 1, -2, 1, 2, -2, 0, 0, 1}));
  expect_error("LinearClassifier", {f32({1, 3}, {1, 1, 1})}, a, {"3 features"});
  expect_error("LinearClassifier", {f32({1, 2}, {1, 1})}, with(a, "coefficients", Floats{1, 2}),
               {"coefficients", "2"});
}

TEST(LinearClassifier, OneScoreForTwoClasses) {
  const Attrs a = {
      {"coefficients", Floats{1, 1}}, {"intercepts", Floats{-1}}, {"classlabels_ints", Ints{3, 4}}};
  auto out = run_ml("LinearClassifier", {f32({3, 2}, {1, 1, 0, 0, 1, 0})}, a, 2);
  expect_equal(out[0], i64({3}, {4, 3, 3}));
  expect_equal(out[1], f32({3, 2}, {-1, 1, 1, -1, 0, 0}));
  out = run_ml("LinearClassifier", {f32({1, 2}, {1, 0})}, with(a, "post_transform", std::string("LOGISTIC")),
               2);
  expect_equal(out[1], f32({1, 2}, {0.5f, 0.5f}));
  out =
      run_ml("LinearClassifier", {f32({1, 2}, {1, 1})}, with(a, "post_transform", std::string("SOFTMAX")), 2);
  expect_near(out[1], f32({1, 2}, {0.119203f, 0.880797f}));
}

TEST(PostTransform, SoftmaxZeroAndProbit) {
  const Attrs a = {{"coefficients", Floats{1, 0, 0, 1}}, {"targets", int64_t{2}}};
  expect_near(eval("LinearRegressor", {f32({1, 2}, {0, 1})},
                   with(a, "post_transform", std::string("SOFTMAX_ZERO")), kMl),
              f32({1, 2}, {0, 1}));
  expect_equal(eval("LinearRegressor", {f32({1, 2}, {0, 0})},
                    with(a, "post_transform", std::string("SOFTMAX_ZERO")), kMl),
               f32({1, 2}, {0.5f, 0.5f}));
  expect_near(eval("LinearRegressor", {f32({1, 2}, {0.5f, 0.7f})},
                   with(a, "post_transform", std::string("PROBIT")), kMl),
              f32({1, 2}, {0, 0.524446f}), 1e-5, 1e-5);
}

TEST(SvmRegressor, SumsOverItsVectors) {
  const Attrs a = {{"support_vectors", Floats{1, 0, 0, 2}},
                   {"coefficients", Floats{2, -1}},
                   {"n_supports", int64_t{2}},
                   {"rho", Floats{0.5f}},
                   {"kernel_type", std::string("LINEAR")},
                   {"kernel_params", Floats{2, 1, 2}}};
  const auto of = [&](const char* kernel, const Tensor& x) {
    return eval("SVMRegressor", {x}, with(a, "kernel_type", std::string(kernel)), kMl);
  };
  const Tensor x = f32({1, 2}, {1, 1});
  expect_equal(of("LINEAR", x), f32({1, 1}, {0.5f}));
  expect_equal(of("POLY", x), f32({1, 1}, {2 * 9 - 25 + 0.5f}));
  expect_near(of("RBF", x), f32({1, 1}, {0.5f + 2 * std::exp(-2.0f) - std::exp(-4.0f)}));
  expect_near(of("SIGMOID", x), f32({1, 1}, {0.5f + 2 * std::tanh(3.0f) - std::tanh(5.0f)}));
  expect_equal(eval("SVMRegressor", {i64({2, 2}, {1, 1, 0, 5})}, with(a, "one_class", int64_t{1}), kMl),
               f32({2, 1}, {1, -1}));
  const Attrs linear = {{"coefficients", Floats{2, -1}}, {"rho", Floats{0.5f}}};
  expect_equal(eval("SVMRegressor", {x}, linear, kMl), f32({1, 1}, {1.5f}));

  expect_error("SVMRegressor", {x}, with(a, "n_supports", int64_t{3}), {"support_vectors", "4", "3"});
  expect_error("SVMRegressor", {x}, with(a, "n_supports", int64_t{1}), {"coefficients", "2", "1"});
  expect_error("SVMRegressor", {x}, with(a, "n_supports", int64_t{-1}), {"n_supports", "-1"});
  expect_error("SVMRegressor", {x}, without(a, "rho"), {"rho"});
  expect_error("SVMRegressor", {x}, with(a, "kernel_params", Floats{1}), {"kernel_params", "1", "3"});
  expect_error("SVMRegressor", {x}, with(a, "kernel_type", std::string("COSINE")), {"kernel_type", "COSINE"});
  expect_error("SVMRegressor", {f32({1, 3}, {1, 1, 1})}, a, {"3 features"});
}

// One vector a class: (1,0), (0,1), (-1,0), linear.
Attrs three_classes() {
  return {{"support_vectors", Floats{1, 0, 0, 1, -1, 0}},
          {"vectors_per_class", Ints{1, 1, 1}},
          {"coefficients", Floats{1, -1, -1, 1, 1, -1}},
          {"rho", Floats{0, 0, 0}},
          {"kernel_type", std::string("LINEAR")},
          {"classlabels_strings", Strings{"east", "north", "west"}}};
}

TEST(SvmClassifier, PairsVote) {
  const auto out = run_ml("SVMClassifier", {f32({3, 2}, {2, 1, 0, 3, -3, 1})}, three_classes(), 2);
  expect_equal(out[0], strings({3}, {"east", "north", "west"}));
  // east - north, east - west, north - west, each the sum of both kernels times their coefficients
  expect_equal(out[1], f32({3, 3}, {1, 4, 3, -3, 0, 3, -4, -6, -2}));
}

TEST(SvmClassifier, TwoClassesOneScore) {
  const Attrs a = {{"support_vectors", Floats{1, 0, 0, 1}},
                   {"vectors_per_class", Ints{1, 1}},
                   {"coefficients", Floats{1, -1}},
                   {"rho", Floats{0}},
                   {"classlabels_ints", Ints{4, 7}}};
  auto out = run_ml("SVMClassifier", {f32({2, 2}, {2, 1, 1, 2})}, a, 2);
  expect_equal(out[0], i64({2}, {4, 7}));
  expect_equal(out[1], f32({2, 2}, {-1, 1, 1, -1}));
  const Attrs p = with(with(a, "prob_a", Floats{-2}), "prob_b", Floats{0});
  out = run_ml("SVMClassifier", {f32({1, 2}, {2, 1})}, p, 2);
  expect_near(out[1], f32({1, 2}, {0.880797f, 0.119203f}), 1e-4);
}

TEST(SvmClassifier, ProbabilitiesOfThree) {
  // With no evidence all are equally likely.
  Attrs a = with(with(three_classes(), "prob_a", Floats{0, 0, 0}), "prob_b", Floats{0, 0, 0});
  auto out = run_ml("SVMClassifier", {f32({1, 2}, {2, 1})}, a, 2);
  expect_near(out[1], f32({1, 3}, {1 / 3.0f, 1 / 3.0f, 1 / 3.0f}));
  out = run_ml("SVMClassifier", {f32({1, 2}, {2, 1})}, with(a, "prob_a", Floats{-1, -1, -1}), 2);
  double sum = 0;
  for (const double p : values(out[1])) sum += p;
  EXPECT_NEAR(sum, 1, 1e-6);
  EXPECT_GT(values(out[1])[0], values(out[1])[1]);
  EXPECT_GT(values(out[1])[1], values(out[1])[2]);
}

TEST(SvmClassifier, LinearByClass) {
  const Attrs a = {
      {"coefficients", Floats{1, 0, 0, 1}}, {"rho", Floats{0.5f}}, {"classlabels_ints", Ints{4, 7}}};
  auto out = run_ml("SVMClassifier", {f32({2, 2}, {2, 1, 1, 2})}, a, 2);
  expect_equal(out[0], i64({2}, {4, 7}));
  expect_equal(out[1], f32({2, 2}, {2.5f, 1.5f, 1.5f, 2.5f}));
  out = run_ml("SVMClassifier", {f32({2, 4}, {1, 0, 0, 0, -1, 0, 0, 0})},
               with(a, "classlabels_ints", Ints{9}), 2);
  expect_equal(out[0], i64({2}, {1, 0}));
}

TEST(SvmClassifier, RefusesArraysThatContradictEachOther) {
  const Tensor x = f32({1, 2}, {1, 1});
  const auto bad = [&](const char* name, Attr::Data data, const Strings& parts) {
    expect_error("SVMClassifier", {x}, with(three_classes(), name, std::move(data)), parts);
  };
  bad("vectors_per_class", Ints{1, 1}, {"vectors_per_class", "2", "3"});
  bad("vectors_per_class", Ints{1, -1, 1}, {"vectors_per_class", "-1"});
  bad("vectors_per_class", Ints{int64_t{1} << 62, int64_t{1} << 62, 1}, {"vectors_per_class"});
  bad("vectors_per_class", Ints{1, 1, 2}, {"support_vectors", "6", "4"});
  bad("coefficients", Floats{1, 2}, {"coefficients", "2"});
  bad("rho", Floats{1, 2}, {"rho", "2", "3"});
  bad("rho", Floats{}, {"rho", "0"});
  bad("prob_a", Floats{1, 2, 3}, {"prob_a", "prob_b", "3 and 0"});
  bad("support_vectors", Floats{1, 2, 3}, {"features"});
  bad("classlabels_strings", Strings{}, {"classlabels_strings"});
}

}  // namespace
}  // namespace lite::test
