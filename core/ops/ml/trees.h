// Ensembles of decision trees in one form, whichever operator and version they come from; shared by the
// references in tree_ensemble.cpp and the kernel.
#pragma once

#include <span>
#include <vector>

#include "core/ops/ml/ml.h"

namespace lite::ops::ml {

struct Forest {
  enum class Test : uint8_t { kLeq, kLt, kGte, kGt, kEq, kNeq, kMember, kLeaf };
  enum class Aggregate : uint8_t { kAverage, kSum, kMin, kMax };

  // An inner node sends a row to `yes` when x[feature] passes the test, or is NaN and missing_passes; else to
  // `no`. Both are in nodes. A leaf gives votes[first, first + count); a member test looks for x[feature] in
  // members[first, first + count).
  struct Node {
    Test test = Test::kLeaf;
    bool missing_passes = false;
    int64_t feature = 0;
    double value = 0;
    int32_t yes = 0, no = 0;
    int32_t first = 0, count = 0;
  };
  struct Vote {
    int32_t target;
    double weight;
  };

  std::vector<Node> nodes;
  std::vector<int32_t> roots;  // one a tree; no path from a root meets a node twice
  std::vector<Vote> votes;
  std::vector<double> members;
  int64_t targets = 0;
  int64_t features = 0;  // X has at least that many
  Aggregate aggregate = Aggregate::kSum;
  std::vector<double> base;  // by target, added after aggregation; or empty
  PostTransform transform = PostTransform::kNone;
  DType output = DType::kF32;  // of the scores

  // Of classifiers.
  bool nonnegative = true;  // all votes are
  // The class that all votes are for, when the model has two; else -1.
  int32_t only_class = -1;

  // Of the node's attributes, all of which are checked: lengths, ids, features, targets, cycles.
  static Result<Forest> read_ensemble(const AttrReader& r);                    // TreeEnsemble
  static Result<Forest> read_regressor(const AttrReader& r);                   // TreeEnsembleRegressor
  static Result<Forest> read_classifier(const AttrReader& r, size_t classes);  // TreeEnsembleClassifier

  // X needs the features that the trees test.
  Status check_rows(const char* op, const Rows& x) const;

  // Aggregates votes, tree by tree in the order of roots, in double precision; start() the targets' scores,
  // add() the leaf of each tree, then combine().
  void start(std::span<double> scores, std::span<bool> voted) const;
  void add(const Node& leaf, std::span<double> scores, std::span<bool> voted) const;
  // Averages and adds base values.
  void combine(std::span<double> scores) const;
  // The class of a row whose scores are combined, and the scores transformed; for classifiers. With one
  // class: 1 when the row belongs to it, else 0.
  size_t classify(std::span<double> scores) const;
};

}  // namespace lite::ops::ml
