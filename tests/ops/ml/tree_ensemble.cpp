#include "tests/ops/ml/ml_test.h"

namespace lite::test {
namespace {

// Two trees:
//   x0 <= 1 ? (x1 < 2 ? leaf 3 : leaf 4) : leaf 2        x1 > 0 ? leaf 1 : leaf 2
Attrs two_trees(const std::string& votes) {
  Attrs a = {{"nodes_treeids", Ints{0, 0, 0, 0, 0, 7, 7, 7}},
             {"nodes_nodeids", Ints{0, 1, 2, 3, 4, 0, 1, 2}},
             {"nodes_featureids", Ints{0, 1, 0, 0, 0, 1, 0, 0}},
             {"nodes_modes",
              Strings{"BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"}},
             {"nodes_values", Floats{1, 2, 0, 0, 0, 0, 0, 0}},
             {"nodes_truenodeids", Ints{1, 3, 0, 0, 0, 1, 0, 0}},
             {"nodes_falsenodeids", Ints{2, 4, 0, 0, 0, 2, 0, 0}},
             {votes + "_treeids", Ints{0, 0, 0, 7, 7}},
             {votes + "_nodeids", Ints{2, 3, 4, 1, 2}},
             {votes + "_ids", Ints{0, 0, 0, 0, 0}},
             {votes + "_weights", Floats{0.5f, 1, 2, 10, 20}}};
  return a;
}

const Tensor kRows = f32({4, 2}, {1, 1, 1, 2, 3, -1, 3, 5});

TEST(TreeEnsembleRegressor, SumsTheTrees) {
  const Attrs a = two_trees("target");
  expect_equal(eval("TreeEnsembleRegressor", {kRows}, a, kMl), f32({4, 1}, {11, 12, 20.5f, 10.5f}));
  for (const Tensor& x : {f64({1, 2}, {1, 1}), i64({1, 2}, {1, 1}), i32({1, 2}, {1, 1}), f32({2}, {1, 1})})
    expect_equal(eval("TreeEnsembleRegressor", {x}, a, kMl), f32({1, 1}, {11}));
}

TEST(TreeEnsembleRegressor, Aggregates) {
  const auto of = [](const char* how) {
    return eval(
        "TreeEnsembleRegressor", {kRows},
        with(with(two_trees("target"), "aggregate_function", std::string(how)), "base_values", Floats{1}),
        kMl);
  };
  expect_equal(of("SUM"), f32({4, 1}, {12, 13, 21.5f, 11.5f}));
  expect_equal(of("AVERAGE"), f32({4, 1}, {6.5f, 7, 11.25f, 6.25f}));
  expect_equal(of("MIN"), f32({4, 1}, {2, 3, 1.5f, 1.5f}));
  expect_equal(of("MAX"), f32({4, 1}, {11, 11, 21, 11}));
}

TEST(TreeEnsembleRegressor, SeveralTargetsALeaf) {
  Attrs a = with(two_trees("target"), "n_targets", int64_t{3});
  a = with(a, "target_ids", Ints{0, 1, 1, 2, 0});
  expect_equal(eval("TreeEnsembleRegressor", {kRows}, a, kMl),
               f32({4, 3}, {0, 1, 10, 0, 2, 10, 20.5f, 0, 0, 0.5f, 0, 10}));
  // Leaf 2 of tree 0 votes for two.
  a = with(
      with(with(with(a, "target_treeids", Ints{0, 0, 0, 7, 7, 0}), "target_nodeids", Ints{2, 3, 4, 1, 2, 2}),
           "target_ids", Ints{0, 1, 1, 2, 0, 2}),
      "target_weights", Floats{0.5f, 1, 2, 10, 20, 4});
  expect_equal(eval("TreeEnsembleRegressor", {f32({1, 2}, {3, -1})}, a, kMl), f32({1, 3}, {20.5f, 0, 4}));
  // Targets that nobody votes for have no lowest vote.
  expect_equal(eval("TreeEnsembleRegressor", {f32({1, 2}, {1, 1})},
                    with(a, "aggregate_function", std::string("MIN")), kMl),
               f32({1, 3}, {0, 1, 10}));
}

TEST(TreeEnsembleRegressor, MissingValuesGoWhereTheyAreSent) {
  const Attrs a = two_trees("target");
  const Tensor x = f32({1, 2}, {kNaN, kNaN});
  expect_equal(eval("TreeEnsembleRegressor", {x}, a, kMl), f32({1, 1}, {20.5f}));
  const Attrs b = with(a, "nodes_missing_value_tracks_true", Ints{1, 0, 0, 0, 0, 1, 0, 0});
  expect_equal(eval("TreeEnsembleRegressor", {x}, b, kMl), f32({1, 1}, {12}));
}

TEST(TreeEnsembleRegressor, DoublesAsTensors) {
  // 1 + 2^-40 is 1 as a float.
  const double above = 1 + 0x1p-40;
  Attrs a = without(without(two_trees("target"), "nodes_values"), "target_weights");
  a = with(a, "nodes_values_as_tensor", f64({8}, {above, 2, 0, 0, 0, 0, 0, 0}));
  a = with(a, "target_weights_as_tensor", f64({5}, {0.5, 1, 2, 10, 20}));
  expect_equal(eval("TreeEnsembleRegressor", {f64({2, 2}, {above, 1, above + 0x1p-40, 1})}, a, kMl),
               f32({2, 1}, {11, 10.5f}));
}

TEST(TreeEnsembleRegressor, TransformsScores) {
  Attrs a = with(two_trees("target"), "target_weights", Floats{0, 0, 0, 0, 0});
  expect_equal(eval("TreeEnsembleRegressor", {f32({2}, {0, 0})},
                    with(a, "post_transform", std::string("LOGISTIC")), kMl),
               f32({1, 1}, {0.5f}));
  a = with(with(a, "n_targets", int64_t{4}), "post_transform", std::string("SOFTMAX"));
  expect_equal(eval("TreeEnsembleRegressor", {f32({2}, {0, 0})}, a, kMl),
               f32({1, 4}, {0.25f, 0.25f, 0.25f, 0.25f}));
}

TEST(TreeEnsembleClassifier, TopClass) {
  Attrs a = with(two_trees("class"), "class_ids", Ints{0, 1, 1, 2, 0});
  const Attrs numbers = with(a, "classlabels_int64s", Ints{5, 6, 7});
  auto out = run_ml("TreeEnsembleClassifier", {kRows}, numbers, 2);
  expect_equal(out[0], i64({4}, {7, 7, 5, 7}));
  expect_equal(out[1], f32({4, 3}, {0, 1, 10, 0, 2, 10, 20.5f, 0, 0, 0.5f, 0, 10}));
  out = run_ml("TreeEnsembleClassifier", {kRows}, with(a, "classlabels_strings", Strings{"a", "b", "c"}), 2);
  expect_equal(out[0], strings({4}, {"c", "c", "a", "c"}));
  out = run_ml("TreeEnsembleClassifier", {kRows}, with(numbers, "base_values", Floats{30, 0, 0}), 2);
  expect_equal(out[0], i64({4}, {5, 5, 5, 5}));
  // Of equals the first.
  out = run_ml("TreeEnsembleClassifier", {kRows}, with(numbers, "class_weights", Floats{0, 0, 0, 0, 0}), 2);
  expect_equal(out[0], i64({4}, {5, 5, 5, 5}));
}

// One tree, one vote a leaf, all for one of two classes.
std::vector<Tensor> binary(float low, float high, int64_t of, const char* transform, Attrs more = {}) {
  Attrs a = {{"nodes_treeids", Ints{0, 0, 0}},
             {"nodes_nodeids", Ints{0, 1, 2}},
             {"nodes_featureids", Ints{0, 0, 0}},
             {"nodes_modes", Strings{"BRANCH_LEQ", "LEAF", "LEAF"}},
             {"nodes_values", Floats{0, 0, 0}},
             {"nodes_truenodeids", Ints{1, 0, 0}},
             {"nodes_falsenodeids", Ints{2, 0, 0}},
             {"class_treeids", Ints{0, 0}},
             {"class_nodeids", Ints{1, 2}},
             {"class_ids", Ints{of, of}},
             {"class_weights", Floats{low, high}},
             {"classlabels_int64s", Ints{5, 6}},
             {"post_transform", std::string(transform)}};
  for (const Attr& m : more) a = with(a, m.name, m.data);
  return run_ml("TreeEnsembleClassifier", {f32({2, 1}, {-1, 1})}, a, 2);
}

TEST(TreeEnsembleClassifier, OneScoreForTwoClasses) {
  auto out = binary(0.25f, 0.75f, 0, "NONE");
  expect_equal(out[0], i64({2}, {5, 6}));
  expect_equal(out[1], f32({2, 2}, {0.75f, 0.25f, 0.25f, 0.75f}));
  out = binary(-0.25f, 0.25f, 0, "NONE");
  expect_equal(out[0], i64({2}, {5, 6}));
  expect_equal(out[1], f32({2, 2}, {0.25f, -0.25f, -0.25f, 0.25f}));
  out = binary(-0.25f, 0.25f, 0, "LOGISTIC");
  expect_near(out[1], f32({2, 2}, {0.562177f, 0.437823f, 0.437823f, 0.562177f}));
  out = binary(0.25f, 0.75f, 1, "NONE");
  expect_equal(out[0], i64({2}, {5, 6}));
  expect_equal(out[1], f32({2, 2}, {0, 0.25f, 0, 0.75f}));
  out = binary(-0.25f, 0.25f, 0, "NONE", {{"base_values", Floats{1}}});
  expect_equal(out[0], i64({2}, {6, 6}));
  expect_equal(out[1], f32({2, 2}, {-0.75f, 0.75f, -1.25f, 1.25f}));
}

TEST(TreeEnsembleClassifier, OneClass) {
  const auto out = binary(-0.25f, 0.25f, 0, "NONE", {{"classlabels_int64s", Ints{9}}});
  expect_equal(out[0], i64({2}, {0, 1}));
  expect_equal(out[1], f32({2, 1}, {-0.25f, 0.25f}));
}

TEST(TreeEnsembleRegressor, RefusesArraysThatContradictEachOther) {
  const Attrs a = two_trees("target");
  const auto bad = [&](const char* name, Attr::Data data, const Strings& parts) {
    expect_error("TreeEnsembleRegressor", {kRows}, with(a, name, std::move(data)), parts);
  };
  bad("nodes_nodeids", Ints{0, 1, 2}, {"nodes_nodeids", "3 elements", "8"});
  bad("nodes_values", Floats{1}, {"nodes_values", "1 elements"});
  bad("nodes_modes", Strings{"LEAF"}, {"nodes_modes", "1 elements"});
  bad("nodes_modes", Strings{"BRANCH_LEQ", "BRANCH_LT", "LEAF", "leaf", "LEAF", "BRANCH_GT", "LEAF", "LEAF"},
      {"nodes_modes", "'leaf'", "at 3"});
  bad("nodes_truenodeids", Ints{9, 3, 0, 0, 0, 1, 0, 0}, {"nodes_truenodeids", "9", "tree 0"});
  bad("nodes_falsenodeids", Ints{2, 0, 0, 0, 0, 2, 0, 0}, {"nodes_falsenodeids", "back to entry 0"});
  bad("nodes_truenodeids", Ints{0, 3, 0, 0, 0, 1, 0, 0}, {"nodes_truenodeids", "back to entry 0"});
  bad("nodes_nodeids", Ints{0, 1, 2, 3, 3, 0, 1, 2}, {"nodes_nodeids", "has already"});
  bad("nodes_featureids", Ints{-1, 1, 0, 0, 0, 1, 0, 0}, {"nodes_featureids", "-1"});
  bad("nodes_featureids", Ints{2, 1, 0, 0, 0, 1, 0, 0}, {"nodes_featureids", "2", "2 features"});
  bad("nodes_featureids", Ints{int64_t{1} << 40, 1, 0, 0, 0, 1, 0, 0}, {"nodes_featureids", "1099511627776"});
  bad("nodes_missing_value_tracks_true", Ints{1}, {"nodes_missing_value_tracks_true", "1 elements"});
  bad("target_nodeids", Ints{2, 3, 9, 1, 2}, {"target_nodeids", "9", "tree 0"});
  bad("target_treeids", Ints{0, 0, 0, 7, 8}, {"target_nodeids", "tree 8"});
  bad("target_ids", Ints{0, 0, 1, 0, 0}, {"target_ids", "1", "[0,1)"});
  bad("target_ids", Ints{0, 0, -1, 0, 0}, {"target_ids", "-1"});
  bad("target_weights", Floats{1, 2}, {"target_weights", "2 elements"});
  bad("base_values", Floats{1, 2}, {"base_values", "2 elements"});
  bad("n_targets", int64_t{0}, {"n_targets", "0"});
  bad("aggregate_function", std::string("MEDIAN"), {"aggregate_function", "MEDIAN"});
  bad("post_transform", std::string("TANH"), {"post_transform", "TANH"});
  bad("nodes_values_as_tensor", f64({1}, {1}), {"nodes_values", "nodes_values_as_tensor", "both"});
  bad("nodes_treeids", Ints{}, {"nodes_treeids", "empty"});
  expect_error("TreeEnsembleRegressor", {f32({1, 1, 2}, {1, 1})}, a, {"[1,1,2]"});
}

TEST(TreeEnsembleClassifier, RefusesLabelsThatAreNotThere) {
  Attrs a = two_trees("class");
  expect_error("TreeEnsembleClassifier", {kRows}, a, {"classlabels_int64s", "0 and 0 labels"});
  a = with(a, "classlabels_int64s", Ints{1, 2});
  expect_error("TreeEnsembleClassifier", {kRows}, with(a, "classlabels_strings", Strings{"a", "b"}),
               {"2 and 2 labels"});
  expect_error("TreeEnsembleClassifier", {kRows}, with(a, "class_ids", Ints{0, 0, 2, 0, 0}),
               {"class_ids", "2"});
}

// x0 <= 1 ? (x1 in {2, 4} ? leaf 0 : leaf 1) : leaf 2
Attrs ensemble() {
  return {{"n_targets", int64_t{2}},          {"tree_roots", Ints{0}},
          {"nodes_featureids", Ints{0, 1}},   {"nodes_modes", u8({2}, {0, 6})},
          {"nodes_splits", f32({2}, {1, 0})}, {"membership_values", f32({3}, {2, 4, kNaN})},
          {"nodes_truenodeids", Ints{1, 0}},  {"nodes_trueleafs", Ints{0, 1}},
          {"nodes_falsenodeids", Ints{2, 1}}, {"nodes_falseleafs", Ints{1, 1}},
          {"leaf_targetids", Ints{0, 1, 0}},  {"leaf_weights", f32({3}, {1, 2, 4})}};
}

TEST(TreeEnsemble, WalksToItsLeaves) {
  const Tensor want = f32({4, 2}, {1, 0, 1, 0, 0, 2, 4, 0});
  expect_equal(eval("TreeEnsemble", {f32({4, 2}, {1, 2, 0, 4, 1, 3, 2, 2})}, ensemble(), kMl), want);
  expect_equal(eval("TreeEnsemble", {f64({1, 2}, {1, 2})}, ensemble(), kMl), f64({1, 2}, {1, 0}));
  expect_equal(eval("TreeEnsemble", {f16({1, 2}, {1, 2})}, ensemble(), kMl), f16({1, 2}, {1, 0}));
  EXPECT_EQ(inferred("TreeEnsemble", {Fact(DType::kF32)}, ensemble(), kMl),
            Fact(DType::kF32, Dims{kUnknownDim, 2}));
}

TEST(TreeEnsemble, EveryTest) {
  // 1 below, at, and above 1, and NaN, by mode.
  const std::vector<std::vector<float>> passes = {{1, 1, 0, 0}, {1, 0, 0, 0}, {0, 1, 1, 0},
                                                  {0, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 1, 0}};
  for (uint8_t mode = 0; mode < 6; ++mode) {
    Attrs a = without(with(ensemble(), "nodes_modes", u8({1}, {mode})), "membership_values");
    a = with(with(with(a, "nodes_featureids", Ints{0}), "nodes_splits", f32({1}, {1})), "leaf_targetids",
             Ints{0, 0});
    a = with(with(a, "leaf_weights", f32({2}, {1, 0})), "n_targets", int64_t{1});
    a = with(with(with(with(a, "nodes_truenodeids", Ints{0}), "nodes_falsenodeids", Ints{1}),
                  "nodes_trueleafs", Ints{1}),
             "nodes_falseleafs", Ints{1});
    const Tensor x = f32({4, 1}, {0, 1, 2, kNaN});
    expect_equal(eval("TreeEnsemble", {x}, a, kMl), f32({4, 1}, passes[mode]));
    std::vector<float> missing = passes[mode];
    missing[3] = 1;
    expect_equal(eval("TreeEnsemble", {x}, with(a, "nodes_missing_value_tracks_true", Ints{1}), kMl),
                 f32({4, 1}, missing));
  }
}

TEST(TreeEnsemble, RefusesArraysThatContradictEachOther) {
  const Tensor x = f32({1, 2}, {1, 2});
  const auto bad = [&](const char* name, Attr::Data data, const Strings& parts) {
    expect_error("TreeEnsemble", {x}, with(ensemble(), name, std::move(data)), parts);
  };
  bad("nodes_truenodeids", Ints{2, 0}, {"nodes_truenodeids", "2", "2 nodes"});
  bad("nodes_falsenodeids", Ints{3, 1}, {"nodes_falsenodeids", "3", "3 leaves"});
  bad("nodes_falsenodeids", Ints{-1, 1}, {"nodes_falsenodeids", "-1"});
  bad("nodes_truenodeids", Ints{0, 0}, {"nodes_truenodeids", "back to entry 0"});
  bad("nodes_modes", u8({2}, {0, 7}), {"nodes_modes", "7"});
  bad("nodes_modes", u8({3}, {0, 6, 6}), {"nodes_modes", "3 elements"});
  bad("nodes_modes", f32({2}, {0, 6}), {"nodes_modes", "float32"});
  bad("nodes_splits", f32({1}, {0}), {"nodes_splits", "1 elements"});
  bad("membership_values", f32({2}, {2, 4}), {"membership_values", "0 sets"});
  bad("membership_values", f32({4}, {2, 4, kNaN, kNaN}), {"membership_values", "4 elements"});
  bad("tree_roots", Ints{2}, {"tree_roots", "2"});
  bad("tree_roots", Ints{}, {"tree_roots", "empty"});
  bad("leaf_targetids", Ints{0, 1, 2}, {"leaf_targetids", "2"});
  bad("leaf_weights", f32({2}, {1, 2}), {"leaf_weights", "2 elements"});
  bad("nodes_featureids", Ints{0, 2}, {"nodes_featureids", "2 features"});
  expect_error("TreeEnsemble", {f32({2}, {1, 2})}, ensemble(), {"[2]", "[N,F]"});
  bad("n_targets", int64_t{0}, {"n_targets", "0"});
  bad("aggregate_function", int64_t{4}, {"aggregate_function", "4"});
  bad("post_transform", int64_t{-1}, {"post_transform", "-1"});
}

}  // namespace
}  // namespace lite::test
