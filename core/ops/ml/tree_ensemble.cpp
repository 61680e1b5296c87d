// Ensembles of decision trees.
//
//   TreeEnsemble            in X [N,F]; out Y [N,n_targets], type of X
//     Inner nodes (nodes_*, equally long): feature nodes_featureids is held against nodes_splits by
//     nodes_modes, 0 <=, 1 <, 2 >=, 3 >, 4 ==, 5 !=, 6 member of the next set of membership_values, which
//     NaNs end; then on to nodes_truenodeids or nodes_falsenodeids: leaves where nodes_trueleafs,
//     nodes_falseleafs are not 0. Leaves (leaf_*): leaf_weights for leaf_targetids. tree_roots: of the trees.
//     attrs n_targets; aggregate_function 0 average, 1 sum (default), 2 min, 3 max; post_transform 0 none
//     (default), 1 softmax, 2 logistic, 3 softmax_zero, 4 probit
//   TreeEnsembleRegressor   in X [N,F] or [F]; out Y float32 [N,n_targets]
//     Nodes by nodes_treeids and nodes_nodeids; nodes_modes "BRANCH_LEQ", ..., "LEAF"; nodes_values; votes
//     target_weights of leaf target_treeids, target_nodeids for target_ids, any number a leaf. The first
//     node of a tree is its root. base_values by target, added after aggregation. *_as_tensor where the
//     numbers are doubles. aggregate_function "SUM" (default), "AVERAGE", "MIN", "MAX"
//   TreeEnsembleClassifier  in X; out labels [N] int64 or string, scores float32 [N,classes]
//     The same with class_* for target_*, summed; the class with the highest score, the first of equals, gets
//     classlabels_int64s or classlabels_strings. Of two classes where all votes are for the first, its sum s
//     speaks of the second: chosen when s > 0.5 when no vote is negative, else when s > 0; scores [1 - s, s]
//     for PROBIT, and for NONE when no vote is negative, else [-s, s], transformed. With one class: 1 when
//     s > 0, else 0.
//
// NaN passes a test when nodes_missing_value_tracks_true says so. nodes_hitrates are not needed. Votes are
// summed in double precision, tree by tree.

#include <cmath>

#include "core/ops/ml/trees.h"

namespace lite::ops {
namespace {

using ml::Forest;

bool passes(const Forest& f, const Forest::Node& n, double x) {
  if (std::isnan(x)) return n.missing_passes;
  switch (n.test) {
    case Forest::Test::kLeq:
      return x <= n.value;
    case Forest::Test::kLt:
      return x < n.value;
    case Forest::Test::kGte:
      return x >= n.value;
    case Forest::Test::kGt:
      return x > n.value;
    case Forest::Test::kEq:
      return x == n.value;
    case Forest::Test::kNeq:
      return x != n.value;
    default: {
      const auto* begin = f.members.data() + n.first;
      return std::find(begin, begin + n.count, x) != begin + n.count;
    }
  }
}

// score(row, combined scores) for every row of X.
template <class F>
Status for_rows(const EvalArgs& a, const Forest& f, const ml::Rows& rows, F&& score) {
  const Tensor& x = a.input(0);
  std::vector<double> scores(static_cast<size_t>(f.targets));
  const auto voted = std::make_unique<bool[]>(scores.size());
  for (int64_t r = 0; r < rows.rows; ++r) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    f.start(scores, {voted.get(), scores.size()});
    for (const int32_t root : f.roots) {
      const Forest::Node* n = &f.nodes[static_cast<size_t>(root)];
      while (n->test != Forest::Test::kLeaf) {
        const bool yes = passes(f, *n, x.float_at(r * rows.features + n->feature));
        n = &f.nodes[static_cast<size_t>(yes ? n->yes : n->no)];
      }
      f.add(*n, scores, {voted.get(), scores.size()});
    }
    f.combine(scores);
    score(r, std::span(scores));
  }
  return ok();
}

Status infer_scores(const InferArgs& a, const Forest& f, DType type) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const ml::Rows x, ml::rows_of(op, a.in[0]));
  LITE_TRY(f.check_rows(op, x));
  a.out[0] = Fact(type, Dims{x.rows, f.targets});
  return ok();
}

Status run_scores(const EvalArgs& a, const Forest& f, DType type) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const ml::Rows x, ml::rows_of(op, a.input(0)));
  LITE_TRY(f.check_rows(op, x));
  LITE_ASSIGN(Tensor* const y, a.output(0, type, Dims{x.rows, f.targets}));
  return dispatch<DType::kF32, DType::kF64, DType::kF16>(op, type, [&]<class T>() {
    return for_rows(a, f, x, [&](int64_t r, std::span<double> scores) {
      ml::transform_scores(f.transform, scores);
      T* const out = y->mutable_data<T>() + r * f.targets;
      for (size_t t = 0; t < scores.size(); ++t) out[t] = store<T>(static_cast<Compute<T>>(scores[t]));
    });
  });
}

Status infer_ensemble(const InferArgs& a) {
  if (a.in[0].has_rank && a.in[0].rank() != 2)
    return invalid_model("TreeEnsemble: X has shape ", a.in[0].dims, ", wanted [N,F]");
  LITE_ASSIGN(const Forest f, Forest::read_ensemble(a.attrs));
  return infer_scores(a, f, a.in[0].dtype);
}
Status ensemble(const EvalArgs& a) {
  LITE_ASSIGN(const Forest f, Forest::read_ensemble(a.attrs));
  return run_scores(a, f, a.input(0).dtype());
}

Status infer_regressor(const InferArgs& a) {
  LITE_ASSIGN(const Forest f, Forest::read_regressor(a.attrs));
  return infer_scores(a, f, DType::kF32);
}
Status regressor(const EvalArgs& a) {
  LITE_ASSIGN(const Forest f, Forest::read_regressor(a.attrs));
  return run_scores(a, f, DType::kF32);
}

Status infer_classifier(const InferArgs& a) {
  LITE_ASSIGN(const ml::Labels labels,
              ml::Labels::read(a.attrs, "classlabels_int64s", "classlabels_strings"));
  LITE_ASSIGN(const Forest f, Forest::read_classifier(a.attrs, labels.size()));
  LITE_TRY(ml::infer_classifier(a, labels, kUnknownDim, f.targets));
  LITE_ASSIGN(const ml::Rows x, ml::rows_of("TreeEnsembleClassifier", a.in[0]));
  return f.check_rows("TreeEnsembleClassifier", x);
}

Status classifier(const EvalArgs& a) {
  LITE_ASSIGN(const ml::Labels labels,
              ml::Labels::read(a.attrs, "classlabels_int64s", "classlabels_strings"));
  LITE_ASSIGN(const Forest f, Forest::read_classifier(a.attrs, labels.size()));
  LITE_ASSIGN(const ml::Rows x, ml::rows_of("TreeEnsembleClassifier", a.input(0)));
  LITE_TRY(f.check_rows("TreeEnsembleClassifier", x));
  LITE_ASSIGN(Tensor* const y, a.output(0, labels.dtype(), Dims{x.rows}));
  LITE_ASSIGN(Tensor* const z, a.output(1, DType::kF32, Dims{x.rows, f.targets}));
  return for_rows(a, f, x, [&](int64_t r, std::span<double> scores) {
    const size_t chosen = f.classify(scores);
    if (labels.size() == 1)
      labels.put_one_class(*y, r, chosen == 1);
    else
      labels.put(*y, r, chosen);
    for (size_t t = 0; t < scores.size(); ++t)
      z->mutable_data<float>()[r * f.targets + static_cast<int64_t>(t)] = static_cast<float>(scores[t]);
  });
}

constexpr OperandSpec kFloatIn[] = {{"X", types::kFloat16To64, 'T'}};
constexpr OperandSpec kFloatOut[] = {{"Y", types::kFloat16To64, 'T'}};
constexpr OperandSpec kIn[] = {{"X", ml::kNumbers}};
constexpr OperandSpec kScoresOut[] = {{"Y", DType::kF32}};
constexpr OperandSpec kClassesOut[] = {{"Y", ml::kLabelTypes}, {"Z", DType::kF32}};
constexpr AttrSpec kEnsembleAttrs[] = {{"aggregate_function", AttrType::kInt},
                                       {"leaf_targetids", AttrType::kInts, true},
                                       {"leaf_weights", AttrType::kTensor, true},
                                       {"membership_values", AttrType::kTensor},
                                       {"n_targets", AttrType::kInt},
                                       {"nodes_falseleafs", AttrType::kInts, true},
                                       {"nodes_falsenodeids", AttrType::kInts, true},
                                       {"nodes_featureids", AttrType::kInts, true},
                                       {"nodes_hitrates", AttrType::kTensor},
                                       {"nodes_missing_value_tracks_true", AttrType::kInts},
                                       {"nodes_modes", AttrType::kTensor, true},
                                       {"nodes_splits", AttrType::kTensor, true},
                                       {"nodes_trueleafs", AttrType::kInts, true},
                                       {"nodes_truenodeids", AttrType::kInts, true},
                                       {"post_transform", AttrType::kInt},
                                       {"tree_roots", AttrType::kInts, true}};
constexpr AttrSpec kRegressorAttrs[] = {{"aggregate_function", AttrType::kString},
                                        {"base_values", AttrType::kFloats},
                                        {"base_values_as_tensor", AttrType::kTensor},
                                        {"n_targets", AttrType::kInt},
                                        {"nodes_falsenodeids", AttrType::kInts},
                                        {"nodes_featureids", AttrType::kInts},
                                        {"nodes_hitrates", AttrType::kFloats},
                                        {"nodes_hitrates_as_tensor", AttrType::kTensor},
                                        {"nodes_missing_value_tracks_true", AttrType::kInts},
                                        {"nodes_modes", AttrType::kStrings},
                                        {"nodes_nodeids", AttrType::kInts},
                                        {"nodes_treeids", AttrType::kInts},
                                        {"nodes_truenodeids", AttrType::kInts},
                                        {"nodes_values", AttrType::kFloats},
                                        {"nodes_values_as_tensor", AttrType::kTensor},
                                        {"post_transform", AttrType::kString},
                                        {"target_ids", AttrType::kInts},
                                        {"target_nodeids", AttrType::kInts},
                                        {"target_treeids", AttrType::kInts},
                                        {"target_weights", AttrType::kFloats},
                                        {"target_weights_as_tensor", AttrType::kTensor}};
constexpr AttrSpec kClassifierAttrs[] = {{"base_values", AttrType::kFloats},
                                         {"base_values_as_tensor", AttrType::kTensor},
                                         {"class_ids", AttrType::kInts},
                                         {"class_nodeids", AttrType::kInts},
                                         {"class_treeids", AttrType::kInts},
                                         {"class_weights", AttrType::kFloats},
                                         {"class_weights_as_tensor", AttrType::kTensor},
                                         {"classlabels_int64s", AttrType::kInts},
                                         {"classlabels_strings", AttrType::kStrings},
                                         {"nodes_falsenodeids", AttrType::kInts},
                                         {"nodes_featureids", AttrType::kInts},
                                         {"nodes_hitrates", AttrType::kFloats},
                                         {"nodes_hitrates_as_tensor", AttrType::kTensor},
                                         {"nodes_missing_value_tracks_true", AttrType::kInts},
                                         {"nodes_modes", AttrType::kStrings},
                                         {"nodes_nodeids", AttrType::kInts},
                                         {"nodes_treeids", AttrType::kInts},
                                         {"nodes_truenodeids", AttrType::kInts},
                                         {"nodes_values", AttrType::kFloats},
                                         {"nodes_values_as_tensor", AttrType::kTensor},
                                         {"post_transform", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "TreeEnsemble",
     .domain = ml::kDomain,
     .since = 5,
     .inputs = kFloatIn,
     .outputs = kFloatOut,
     .attrs = kEnsembleAttrs,
     .infer = infer_ensemble,
     .reference = ensemble},
    {.name = "TreeEnsembleRegressor",
     .domain = ml::kDomain,
     .since = 3,
     .inputs = kIn,
     .outputs = kScoresOut,
     .attrs = kRegressorAttrs,
     .infer = infer_regressor,
     .reference = regressor},
    {.name = "TreeEnsembleClassifier",
     .domain = ml::kDomain,
     .since = 3,
     .inputs = kIn,
     .outputs = kClassesOut,
     .attrs = kClassifierAttrs,
     .infer = infer_classifier,
     .reference = classifier},
};

}  // namespace

extern constinit const OpTable tree_ensemble;
constinit const OpTable tree_ensemble{kOps};

}  // namespace lite::ops
