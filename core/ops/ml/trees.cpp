#include "core/ops/ml/trees.h"

#include <cmath>
#include <limits>
#include <unordered_map>

namespace lite::ops::ml {
namespace {

using Test = Forest::Test;
using Node = Forest::Node;

constexpr int64_t kMostNodes = std::numeric_limits<int32_t>::max() / 2;
// Features are columns of X; more than these no row has.
constexpr int64_t kMostFeatures = std::numeric_limits<int32_t>::max();

const char* op_name(const AttrReader& r) { return r.node().op->name; }

// A list of numbers under one of two names: floats, or a tensor where they are doubles.
Result<std::vector<double>> numbers(const AttrReader& r, const char* name, const char* as_tensor) {
  const auto floats = r.floats(name);
  std::vector<double> out(floats.begin(), floats.end());
  const Tensor* t = r.tensor(as_tensor);
  if (t == nullptr || t->elements() == 0) return out;
  if (!out.empty())
    return invalid_model(op_name(r), ": attributes '", name, "' and '", as_tensor, "' are both given");
  if (!types::kFloat16To64.has(t->dtype()))
    return invalid_model(op_name(r), ": attribute '", as_tensor, "' is ", dtype_name(t->dtype()),
                         ", wanted float32 or float64");
  for (int64_t i = 0; i < t->elements(); ++i) out.push_back(t->float_at(i));
  return out;
}

// A tensor attribute of TreeEnsemble as doubles.
Result<std::vector<double>> numbers(const AttrReader& r, const char* name) { return numbers(r, "", name); }

Status same_length(const AttrReader& r, const char* name, size_t have, const char* other, size_t want) {
  if (have == want) return ok();
  return invalid_model(op_name(r), ": attribute '", name, "' has ", have, " elements, wanted ", want,
                       " as in '", other, "'");
}

Status check_size(const AttrReader& r, const char* name, size_t have) {
  if (have <= static_cast<size_t>(kMostNodes)) return ok();
  return unsupported(op_name(r), ": attribute '", name, "' has ", have, " elements, at most ", kMostNodes);
}

Result<int64_t> feature_at(const AttrReader& r, std::span<const int64_t> ids, size_t i) {
  if (ids[i] < 0 || ids[i] >= kMostFeatures)
    return invalid_model(op_name(r), ": attribute 'nodes_featureids' has ", ids[i], " at ", i,
                         ", wanted in [0,", kMostFeatures, ")");
  return ids[i];
}

// Every path that starts at a root ends.
Status check_acyclic(const AttrReader& r, const Forest& f) {
  enum : uint8_t { kNew, kOnPath, kDone };
  std::vector<uint8_t> state(f.nodes.size(), kNew);
  std::vector<std::pair<int32_t, int>> path;  // a node, and how many of its children were looked at
  for (const int32_t root : f.roots) {
    if (state[static_cast<size_t>(root)] == kDone) continue;
    path.assign(1, {root, 0});
    state[static_cast<size_t>(root)] = kOnPath;
    while (!path.empty()) {
      auto& [id, seen] = path.back();
      const Node& n = f.nodes[static_cast<size_t>(id)];
      if (n.test == Test::kLeaf || seen == 2) {
        state[static_cast<size_t>(id)] = kDone;
        path.pop_back();
        continue;
      }
      const int32_t child = seen++ == 0 ? n.yes : n.no;
      uint8_t& s = state[static_cast<size_t>(child)];
      if (s == kOnPath)
        return invalid_model(op_name(r), ": the tree is no tree: attribute 'nodes_",
                             seen == 1 ? "truenodeids" : "falsenodeids", "' leads from entry ", id,
                             " back to entry ", child);
      if (s == kDone) continue;
      s = kOnPath;
      path.emplace_back(child, 0);
    }
  }
  return ok();
}

void summarise(Forest& f) {
  for (const Node& n : f.nodes)
    if (n.test != Test::kLeaf) f.features = std::max(f.features, n.feature + 1);
}

Result<Forest::Aggregate> aggregate_of(const AttrReader& r) {
  using enum Forest::Aggregate;
  const std::string_view s = r.str("aggregate_function", "SUM");
  if (s == "AVERAGE") return kAverage;
  if (s == "SUM") return kSum;
  if (s == "MIN") return kMin;
  if (s == "MAX") return kMax;
  return invalid_model(op_name(r), ": aggregate_function is '", s,
                       "', wanted 'AVERAGE', 'SUM', 'MIN' or 'MAX'");
}

// ---- TreeEnsembleRegressor and TreeEnsembleClassifier: every node has the id of its tree and its own

class ClassicReader {
 public:
  // `prefix`: of the votes' attributes, "target" or "class".
  ClassicReader(const AttrReader& r, std::string prefix) : r_(r), prefix_(std::move(prefix)) {}

  Result<Forest> read(int64_t targets) {
    f_.targets = targets;
    LITE_TRY(read_nodes());
    LITE_TRY(read_votes());
    LITE_TRY(check_acyclic(r_, f_));
    summarise(f_);
    LITE_ASSIGN(f_.base, numbers(r_, "base_values", "base_values_as_tensor"));
    LITE_ASSIGN(f_.transform, post_transform_of(r_));
    return std::move(f_);
  }

 private:
  struct Id {
    int64_t tree, node;
    bool operator==(const Id&) const = default;
  };
  struct Hash {
    size_t operator()(const Id& id) const {
      return std::hash<int64_t>()(static_cast<int64_t>(static_cast<uint64_t>(id.tree) * 0x9e3779b97f4a7c15u ^
                                                       static_cast<uint64_t>(id.node)));
    }
  };

  Result<Test> test_at(size_t i) const {
    static constexpr std::pair<std::string_view, Test> kTests[] = {
        {"BRANCH_LEQ", Test::kLeq}, {"BRANCH_LT", Test::kLt}, {"BRANCH_GTE", Test::kGte},
        {"BRANCH_GT", Test::kGt},   {"BRANCH_EQ", Test::kEq}, {"BRANCH_NEQ", Test::kNeq},
        {"LEAF", Test::kLeaf}};
    const std::string& mode = r_.strs("nodes_modes")[i];
    for (const auto& [name, test] : kTests)
      if (mode == name) return test;
    return invalid_model(op_name(r_), ": attribute 'nodes_modes' has '", mode, "' at ", i,
                         ", wanted 'BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', "
                         "'BRANCH_NEQ' or 'LEAF'");
  }

  Result<int32_t> child(const char* attr, size_t i) const {
    const Id id{r_.ints("nodes_treeids")[i], r_.ints(attr)[i]};
    const auto it = index_.find(id);
    if (it == index_.end())
      return invalid_model(op_name(r_), ": attribute '", attr, "' has ", id.node, " at ", i,
                           ", which is no node of tree ", id.tree);
    return it->second;
  }

  Status read_nodes() {
    const auto trees = r_.ints("nodes_treeids"), ids = r_.ints("nodes_nodeids"),
               features = r_.ints("nodes_featureids"), missing = r_.ints("nodes_missing_value_tracks_true");
    LITE_TRY(check_size(r_, "nodes_treeids", trees.size()));
    if (trees.empty()) return invalid_model(op_name(r_), ": attribute 'nodes_treeids' is empty");
    LITE_ASSIGN(const std::vector<double> values, numbers(r_, "nodes_values", "nodes_values_as_tensor"));
    const std::pair<const char*, size_t> lengths[] = {
        {"nodes_nodeids", ids.size()},
        {"nodes_featureids", features.size()},
        {"nodes_modes", r_.strs("nodes_modes").size()},
        {"nodes_values", values.size()},
        {"nodes_truenodeids", r_.ints("nodes_truenodeids").size()},
        {"nodes_falsenodeids", r_.ints("nodes_falsenodeids").size()},
        {"nodes_missing_value_tracks_true", missing.empty() ? trees.size() : missing.size()},
    };
    for (const auto& [name, size] : lengths)
      LITE_TRY(same_length(r_, name, size, "nodes_treeids", trees.size()));

    index_.reserve(trees.size());
    for (size_t i = 0; i < trees.size(); ++i)
      if (!index_.emplace(Id{trees[i], ids[i]}, static_cast<int32_t>(i)).second)
        return invalid_model(op_name(r_), ": attribute 'nodes_nodeids' has ", ids[i], " at ", i,
                             ", which tree ", trees[i], " has already");
    std::unordered_map<int64_t, bool> begun;
    f_.nodes.resize(trees.size());
    for (size_t i = 0; i < trees.size(); ++i) {
      Node& n = f_.nodes[i];
      // The first node of a tree is its root.
      if (begun.emplace(trees[i], true).second) f_.roots.push_back(static_cast<int32_t>(i));
      LITE_ASSIGN(n.test, test_at(i));
      if (n.test == Test::kLeaf) continue;
      LITE_ASSIGN(n.feature, feature_at(r_, features, i));
      n.value = values[i];
      n.missing_passes = !missing.empty() && missing[i] != 0;
      LITE_ASSIGN(n.yes, child("nodes_truenodeids", i));
      LITE_ASSIGN(n.no, child("nodes_falsenodeids", i));
    }
    return ok();
  }

  Status read_votes() {
    const std::string tree_attr = prefix_ + "_treeids", node_attr = prefix_ + "_nodeids",
                      id_attr = prefix_ + "_ids", weight_attr = prefix_ + "_weights";
    const auto trees = r_.ints(tree_attr), nodes = r_.ints(node_attr), ids = r_.ints(id_attr);
    LITE_TRY(check_size(r_, tree_attr.c_str(), trees.size()));
    LITE_ASSIGN(const std::vector<double> weights,
                numbers(r_, weight_attr.c_str(), (weight_attr + "_as_tensor").c_str()));
    LITE_TRY(same_length(r_, node_attr.c_str(), nodes.size(), tree_attr.c_str(), trees.size()));
    LITE_TRY(same_length(r_, id_attr.c_str(), ids.size(), tree_attr.c_str(), trees.size()));
    LITE_TRY(same_length(r_, weight_attr.c_str(), weights.size(), tree_attr.c_str(), trees.size()));
    std::vector<int32_t> leaf(trees.size());
    for (size_t i = 0; i < trees.size(); ++i) {
      const auto it = index_.find({trees[i], nodes[i]});
      if (it == index_.end())
        return invalid_model(op_name(r_), ": attribute '", node_attr, "' has ", nodes[i], " at ", i,
                             ", which is no node of tree ", trees[i]);
      if (ids[i] < 0 || ids[i] >= f_.targets)
        return invalid_model(op_name(r_), ": attribute '", id_attr, "' has ", ids[i], " at ", i,
                             ", wanted in [0,", f_.targets, ")");
      leaf[i] = it->second;
      // What an inner node is given nobody asks for.
      if (f_.nodes[static_cast<size_t>(leaf[i])].test == Test::kLeaf)
        ++f_.nodes[static_cast<size_t>(leaf[i])].count;
      else
        leaf[i] = -1;
    }
    int32_t total = 0;
    for (Node& n : f_.nodes) {
      n.first = total;
      total += n.count;
      n.count = 0;
    }
    f_.votes.resize(static_cast<size_t>(total));
    for (size_t i = 0; i < trees.size(); ++i) {
      if (leaf[i] < 0) continue;
      Node& n = f_.nodes[static_cast<size_t>(leaf[i])];
      f_.votes[static_cast<size_t>(n.first) + static_cast<size_t>(n.count++)] = {static_cast<int32_t>(ids[i]),
                                                                                 weights[i]};
    }
    return ok();
  }

  const AttrReader& r_;
  const std::string prefix_;
  Forest f_;
  std::unordered_map<Id, int32_t, Hash> index_;
};

// ---- TreeEnsemble: inner nodes and leaves are lists of their own

class EnsembleReader {
 public:
  explicit EnsembleReader(const AttrReader& r) : r_(r) {}

  Result<Forest> read() {
    f_.targets = r_.i64("n_targets");
    if (f_.targets < 1 || f_.targets > kMostNodes)
      return invalid_model("TreeEnsemble: n_targets is ", f_.targets, ", wanted 1 or more");
    LITE_TRY(read_inner());
    LITE_TRY(read_leaves());
    LITE_TRY(read_members());
    LITE_TRY(read_roots());
    LITE_TRY(check_acyclic(r_, f_));
    summarise(f_);
    const int64_t aggregate = r_.i64("aggregate_function", 1), transform = r_.i64("post_transform", 0);
    if (aggregate < 0 || aggregate > 3)
      return invalid_model("TreeEnsemble: aggregate_function is ", aggregate, ", wanted in [0,3]");
    if (transform < 0 || transform > 4)
      return invalid_model("TreeEnsemble: post_transform is ", transform, ", wanted in [0,4]");
    f_.aggregate = static_cast<Forest::Aggregate>(aggregate);
    f_.transform = static_cast<PostTransform>(transform);
    return std::move(f_);
  }

 private:
  // A child of node i: an inner node or, behind those, a leaf.
  Result<int32_t> child(const char* attr, const char* leaf_attr, size_t i) const {
    const int64_t id = r_.ints(attr)[i];
    const bool leaf = r_.ints(leaf_attr)[i] != 0;
    const int64_t end = leaf ? leaves_ : inner_;
    if (id < 0 || id >= end)
      return invalid_model("TreeEnsemble: attribute '", attr, "' has ", id, " at ", i, ", wanted one of ",
                           end, leaf ? " leaves" : " nodes");
    return static_cast<int32_t>(leaf ? inner_ + id : id);
  }

  Status read_inner() {
    const auto features = r_.ints("nodes_featureids"), missing = r_.ints("nodes_missing_value_tracks_true");
    const Tensor* modes = r_.tensor("nodes_modes");
    LITE_TRY(check_size(r_, "nodes_featureids", features.size()));
    LITE_TRY(check_size(r_, "leaf_targetids", r_.ints("leaf_targetids").size()));
    LITE_ASSIGN(const std::vector<double> splits, numbers(r_, "nodes_splits"));
    if (modes == nullptr || !is_int(modes->dtype()) || dtype_bits(modes->dtype()) % 8 != 0)
      return invalid_model("TreeEnsemble: attribute 'nodes_modes' is ",
                           modes == nullptr ? "missing" : dtype_name(modes->dtype()), ", uint8 wanted");
    const std::pair<const char*, size_t> lengths[] = {
        {"nodes_splits", splits.size()},
        {"nodes_modes", static_cast<size_t>(modes->elements())},
        {"nodes_truenodeids", r_.ints("nodes_truenodeids").size()},
        {"nodes_falsenodeids", r_.ints("nodes_falsenodeids").size()},
        {"nodes_trueleafs", r_.ints("nodes_trueleafs").size()},
        {"nodes_falseleafs", r_.ints("nodes_falseleafs").size()},
        {"nodes_missing_value_tracks_true", missing.empty() ? features.size() : missing.size()},
    };
    for (const auto& [name, size] : lengths)
      LITE_TRY(same_length(r_, name, size, "nodes_featureids", features.size()));
    inner_ = static_cast<int64_t>(features.size());
    leaves_ = static_cast<int64_t>(r_.ints("leaf_targetids").size());
    for (size_t i = 0; i < features.size(); ++i) {
      Node n;
      const int64_t mode = modes->int_at(static_cast<int64_t>(i));
      if (mode < 0 || mode > static_cast<int64_t>(Test::kMember))
        return invalid_model("TreeEnsemble: attribute 'nodes_modes' has ", mode, " at ", i,
                             ", wanted in [0,6]");
      n.test = static_cast<Test>(mode);
      LITE_ASSIGN(n.feature, feature_at(r_, features, i));
      n.value = splits[i];
      n.missing_passes = !missing.empty() && missing[i] != 0;
      LITE_ASSIGN(n.yes, child("nodes_truenodeids", "nodes_trueleafs", i));
      LITE_ASSIGN(n.no, child("nodes_falsenodeids", "nodes_falseleafs", i));
      f_.nodes.push_back(n);
    }
    return ok();
  }

  Status read_leaves() {
    const auto targets = r_.ints("leaf_targetids");
    LITE_ASSIGN(const std::vector<double> weights, numbers(r_, "leaf_weights"));
    LITE_TRY(same_length(r_, "leaf_weights", weights.size(), "leaf_targetids", targets.size()));
    for (size_t i = 0; i < targets.size(); ++i) {
      if (targets[i] < 0 || targets[i] >= f_.targets)
        return invalid_model("TreeEnsemble: attribute 'leaf_targetids' has ", targets[i], " at ", i,
                             ", wanted in [0,", f_.targets, ")");
      Node leaf;
      leaf.first = static_cast<int32_t>(i);
      leaf.count = 1;
      f_.nodes.push_back(leaf);
      f_.votes.push_back({static_cast<int32_t>(targets[i]), weights[i]});
    }
    return ok();
  }

  // The sets of members, each ended by a NaN, belong to the nodes that test for them in their order.
  Status read_members() {
    LITE_ASSIGN(f_.members, numbers(r_, "membership_values"));
    LITE_TRY(check_size(r_, "membership_values", f_.members.size()));
    size_t at = 0, sets = 0;
    for (Node& n : f_.nodes) {
      if (n.test != Test::kMember) continue;
      n.first = static_cast<int32_t>(at);
      while (at < f_.members.size() && !std::isnan(f_.members[at])) ++at;
      n.count = static_cast<int32_t>(at) - n.first;
      if (at == f_.members.size())
        return invalid_model("TreeEnsemble: attribute 'membership_values' has ", sets,
                             " sets that end with NaN, 'nodes_modes' asks for more");
      ++at;
      ++sets;
    }
    if (at != f_.members.size())
      return invalid_model("TreeEnsemble: attribute 'membership_values' has ", f_.members.size(),
                           " elements, 'nodes_modes' asks for ", sets, " sets, which are ", at);
    return ok();
  }

  Status read_roots() {
    for (const int64_t root : r_.ints("tree_roots")) {
      if (root < 0 || root >= inner_)
        return invalid_model("TreeEnsemble: attribute 'tree_roots' has ", root, ", wanted in [0,", inner_,
                             ")");
      f_.roots.push_back(static_cast<int32_t>(root));
    }
    if (f_.roots.empty()) return invalid_model("TreeEnsemble: attribute 'tree_roots' is empty");
    return check_size(r_, "tree_roots", f_.roots.size());
  }

  const AttrReader& r_;
  Forest f_;
  int64_t inner_ = 0, leaves_ = 0;
};

}  // namespace

Result<Forest> Forest::read_ensemble(const AttrReader& r) { return EnsembleReader(r).read(); }

Result<Forest> Forest::read_regressor(const AttrReader& r) {
  const int64_t targets = r.i64("n_targets", 1);
  if (targets < 1 || targets > kMostNodes)
    return invalid_model("TreeEnsembleRegressor: n_targets is ", targets, ", wanted 1 or more");
  LITE_ASSIGN(Forest f, ClassicReader(r, "target").read(targets));
  LITE_ASSIGN(f.aggregate, aggregate_of(r));
  if (!f.base.empty() && f.base.size() != static_cast<size_t>(targets))
    return invalid_model("TreeEnsembleRegressor: attribute 'base_values' has ", f.base.size(),
                         " elements, wanted ", targets, " as n_targets is");
  return f;
}

Result<Forest> Forest::read_classifier(const AttrReader& r, size_t classes) {
  LITE_ASSIGN(Forest f, ClassicReader(r, "class").read(static_cast<int64_t>(classes)));
  bool one = classes == 2 && !f.votes.empty();
  for (const Vote& v : f.votes) {
    f.nonnegative = f.nonnegative && v.weight >= 0;
    one = one && v.target == f.votes[0].target;
  }
  if (one) f.only_class = f.votes[0].target;
  // A model of two classes whose votes are all for one may have one base value.
  if (one && f.base.size() == 1) f.base = {f.base[0], f.base[0]};
  if (!f.base.empty() && f.base.size() != classes)
    return invalid_model("TreeEnsembleClassifier: attribute 'base_values' has ", f.base.size(),
                         " elements, wanted ", classes, " as there are classes");
  return f;
}

Status Forest::check_rows(const char* op, const Rows& x) const {
  if (x.features < 0 || x.features >= features) return ok();
  return invalid_model(op, ": attribute 'nodes_featureids' has ", features - 1, ", X has ", x.features,
                       " features");
}

void Forest::start(std::span<double> scores, std::span<bool> voted) const {
  std::fill(scores.begin(), scores.end(), 0.0);
  std::fill(voted.begin(), voted.end(), false);
}

void Forest::add(const Node& leaf, std::span<double> scores, std::span<bool> voted) const {
  for (const Vote& v :
       std::span(votes).subspan(static_cast<size_t>(leaf.first), static_cast<size_t>(leaf.count))) {
    const auto t = static_cast<size_t>(v.target);
    if (aggregate == Aggregate::kMin || aggregate == Aggregate::kMax) {
      const bool better = aggregate == Aggregate::kMin ? v.weight < scores[t] : v.weight > scores[t];
      if (!voted[t] || better) scores[t] = v.weight;
    } else {
      scores[t] += v.weight;
    }
    voted[t] = true;
  }
}

void Forest::combine(std::span<double> scores) const {
  for (size_t t = 0; t < scores.size(); ++t) {
    if (aggregate == Aggregate::kAverage) scores[t] /= static_cast<double>(roots.size());
    if (!base.empty()) scores[t] += base[t];
  }
}

size_t Forest::classify(std::span<double> scores) const {
  if (scores.size() == 1 || only_class >= 0) {
    // One score s says it all: s is a probability when no vote is negative, and a distance otherwise.
    const double s = scores[only_class >= 0 ? static_cast<size_t>(only_class) : 0];
    const size_t chosen = s > (nonnegative && scores.size() == 2 ? 0.5 : 0.0) ? 1 : 0;
    if (only_class == 0) {
      const bool probability =
          transform == PostTransform::kProbit || (transform == PostTransform::kNone && nonnegative);
      scores[0] = probability ? 1 - s : -s;
      scores[1] = s;
    } else if (only_class == 1) {
      scores[0] = 0;
    }
    transform_scores(transform, scores);
    return chosen;
  }
  const auto best = static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  transform_scores(transform, scores);
  return best;
}

}  // namespace lite::ops::ml
