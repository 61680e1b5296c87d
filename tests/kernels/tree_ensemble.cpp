// The packed trees against the references, bit for bit.
#include <random>

#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;

// Random trees in the form of TreeEnsembleRegressor and TreeEnsembleClassifier.
struct Trees {
  Ints tree, node, feature, yes, no, missing, vote_tree, vote_node, vote_id;
  std::vector<std::string> mode;
  std::vector<float> value, weight;
};

class Grower {
 public:
  Grower(uint32_t seed, int64_t features, int64_t targets, std::vector<std::string> modes)
      : random_(seed), features_(features), targets_(targets), modes_(std::move(modes)) {}

  // Depth `depth` at most; leaves have 0 to 2 votes.
  void grow(int64_t tree, int depth) {
    next_ = 0;
    node(tree, depth, true);
  }
  const Trees& trees() const { return t_; }

 private:
  int64_t below(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(random_); }
  // Halves, so that features hit thresholds.
  float half() { return static_cast<float>(below(9) - 4) / 2; }

  int64_t node(int64_t tree, int depth, bool root) {
    const int64_t id = next_++;
    const size_t at = t_.tree.size();
    t_.tree.push_back(tree);
    t_.node.push_back(id);
    const bool leaf = depth == 0 || (!root && below(6) == 0);
    t_.feature.push_back(leaf ? 0 : below(features_));
    t_.value.push_back(half());
    t_.missing.push_back(below(2));
    t_.mode.push_back(leaf ? "LEAF"
                           : modes_[static_cast<size_t>(below(static_cast<int64_t>(modes_.size())))]);
    t_.yes.push_back(0);
    t_.no.push_back(0);
    if (leaf) {
      for (int64_t v = below(8) == 0 ? below(3) : 1; v > 0; --v) {
        t_.vote_tree.push_back(tree);
        t_.vote_node.push_back(id);
        t_.vote_id.push_back(below(targets_));
        t_.weight.push_back(static_cast<float>(below(2001) - 1000) / 777);
      }
      return id;
    }
    const int64_t yes = node(tree, depth - 1, false), no = node(tree, depth - 1, false);
    t_.yes[at] = yes;
    t_.no[at] = no;
    return id;
  }

  std::mt19937 random_;
  int64_t features_, targets_, next_ = 0;
  std::vector<std::string> modes_;
  Trees t_;
};

std::vector<Attr> attrs_of(const Trees& t, const std::string& votes) {
  return {{"nodes_treeids", t.tree},         {"nodes_nodeids", t.node},
          {"nodes_featureids", t.feature},   {"nodes_modes", t.mode},
          {"nodes_values", t.value},         {"nodes_truenodeids", t.yes},
          {"nodes_falsenodeids", t.no},      {"nodes_missing_value_tracks_true", t.missing},
          {votes + "_treeids", t.vote_tree}, {votes + "_nodeids", t.vote_node},
          {votes + "_ids", t.vote_id},       {votes + "_weights", t.weight}};
}

// Features that are halves, now and then NaN or infinite.
Tensor rows_of(DType type, int64_t rows, int64_t features, uint32_t seed) {
  std::mt19937 random(seed);
  Tensor t = std::move(Tensor::allocate(type, Dims{rows, features})).value();
  for (int64_t i = 0; i < t.elements(); ++i) {
    const uint32_t r = random() % 64;
    const float v = r == 0   ? kNaN
                    : r == 1 ? kInf
                    : r == 2 ? -kInf
                             : static_cast<float>(static_cast<int>(random() % 11) - 5) / 2;
    if (type == DType::kF32)
      t.mutable_data<float>()[i] = v;
    else
      t.mutable_data<double>()[i] = static_cast<double>(v);
  }
  return t;
}

const std::vector<std::vector<std::string>> kModes = {
    {"BRANCH_LEQ"},
    {"BRANCH_LT"},
    {"BRANCH_GT", "BRANCH_LEQ"},
    {"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"}};

Trees forest(uint32_t seed, int64_t count, int64_t features, int64_t targets, size_t modes) {
  Grower g(seed, features, targets, kModes[modes]);
  for (int64_t t = 0; t < count; ++t) g.grow(t, static_cast<int>(t % 7) + 1);
  return g.trees();
}

void check(const std::string& op, std::vector<Attr> attrs, Tensor x) {
  const size_t outputs = op == "TreeEnsembleClassifier" ? 2 : 1;
  check_kernels({.op = op,
                 .in = {std::move(x)},
                 .attrs = std::move(attrs),
                 .domain = "ai.onnx.ml",
                 .outputs = outputs,
                 .kernel = ":packed"});
}

TEST(TreeEnsembleKernel, Regressor) {
  for (size_t modes = 0; modes < kModes.size(); ++modes) {
    for (const int64_t rows : {1, 3, 15, 16, 17, 64, 65, 300}) {
      const auto seed = static_cast<uint32_t>(rows) + static_cast<uint32_t>(modes);
      const Trees t = forest(seed, 1 + rows % 23, 5, 1, modes);
      for (const DType type : {DType::kF32, DType::kF64})
        check("TreeEnsembleRegressor", attrs_of(t, "target"), rows_of(type, rows, 5, seed));
    }
  }
}

TEST(TreeEnsembleKernel, ManyTreesOfFewRows) {
  const Trees t = forest(7, 500, 9, 1, 3);
  for (const int64_t rows : {1, 2})
    check("TreeEnsembleRegressor", attrs_of(t, "target"), rows_of(DType::kF32, rows, 9, 8));
}

TEST(TreeEnsembleKernel, TargetsAndAggregates) {
  const Trees t = forest(11, 40, 6, 4, 3);
  for (const char* how : {"SUM", "AVERAGE", "MIN", "MAX"}) {
    for (const int64_t rows : {5, 40}) {
      auto attrs = attrs_of(t, "target");
      attrs.push_back({"n_targets", int64_t{4}});
      attrs.push_back({"aggregate_function", std::string(how)});
      attrs.push_back({"base_values", std::vector<float>{0.5f, 0, -1, 0.25f}});
      attrs.push_back({"post_transform", std::string("SOFTMAX")});
      check("TreeEnsembleRegressor", std::move(attrs), rows_of(DType::kF32, rows, 6, 12));
    }
  }
}

TEST(TreeEnsembleKernel, Classifier) {
  for (const int64_t classes : {1, 2, 3}) {
    for (const bool one : {false, true}) {
      for (const int64_t rows : {4, 50}) {
        Trees t = forest(13, 30, 6, classes, 0);
        if (one) std::fill(t.vote_id.begin(), t.vote_id.end(), classes - 1);
        auto attrs = attrs_of(t, "class");
        attrs.push_back({"classlabels_int64s", Ints{30, 20, 10}});
        std::get<Ints>(attrs.back().data).resize(static_cast<size_t>(classes));
        attrs.push_back({"post_transform", std::string("LOGISTIC")});
        check("TreeEnsembleClassifier", std::move(attrs), rows_of(DType::kF32, rows, 6, 14));
      }
    }
  }
}

// A chain of member tests, each with a set of its own.
TEST(TreeEnsembleKernel, Members) {
  for (const DType type : {DType::kF32, DType::kF64}) {
    const std::vector<Attr> attrs = {{"n_targets", int64_t{2}},
                                     {"tree_roots", Ints{0, 1}},
                                     {"nodes_featureids", Ints{0, 1, 2}},
                                     {"nodes_modes", tensor(DType::kU8, {3}, std::vector<uint8_t>{6, 6, 6})},
                                     {"nodes_splits", f64({3}, {0, 0, 0})},
                                     {"membership_values", f64({7}, {0.5, 1, 0.1, kNaN, kNaN, 2, kNaN})},
                                     {"nodes_missing_value_tracks_true", Ints{1, 0, 1}},
                                     {"nodes_truenodeids", Ints{0, 1, 2}},
                                     {"nodes_trueleafs", Ints{1, 1, 1}},
                                     {"nodes_falsenodeids", Ints{1, 2, 3}},
                                     {"nodes_falseleafs", Ints{0, 0, 1}},
                                     {"leaf_targetids", Ints{0, 1, 0, 1}},
                                     {"leaf_weights", f64({4}, {1, 2, 4, 0.1})}};
    for (const int64_t rows : {3, 80}) check("TreeEnsemble", attrs, rows_of(type, rows, 3, 15));
  }
}

// Thresholds that no float32 is, and the numbers next to them.
TEST(TreeEnsembleKernel, DoubleThresholdsOnFloats) {
  const float near = 0.1f;
  const std::vector<double> values = {0.1, static_cast<double>(near), 1e300, -1e300};
  for (const char* mode : {"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE", "BRANCH_EQ", "BRANCH_NEQ"}) {
    Trees t;
    std::vector<double> thresholds;
    for (int64_t k = 0; k < 4; ++k) {
      for (int64_t id = 0; id < 3; ++id) {
        t.tree.push_back(k);
        t.node.push_back(id);
        t.feature.push_back(0);
        t.mode.push_back(id == 0 ? mode : "LEAF");
        t.yes.push_back(1);
        t.no.push_back(2);
        t.missing.push_back(0);
        thresholds.push_back(values[static_cast<size_t>(k)]);
        if (id == 0) continue;
        t.vote_tree.push_back(k);
        t.vote_node.push_back(id);
        t.vote_id.push_back(0);
        t.weight.push_back(static_cast<float>(id == 1 ? 1 << k : 0));
      }
    }
    auto attrs = attrs_of(t, "target");
    std::erase_if(attrs, [](const Attr& a) { return a.name == "nodes_values"; });
    attrs.push_back({"nodes_values_as_tensor", f64({12}, thresholds)});
    check("TreeEnsembleRegressor", std::move(attrs),
          f32({5, 1}, {near, std::nextafter(near, 1.0f), std::nextafter(near, 0.0f), kInf, -kInf}));
  }
}

}  // namespace
}  // namespace lite::test
