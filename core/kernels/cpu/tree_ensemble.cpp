// Ensembles of decision trees on float32 and float64 features: nodes packed into one array, many rows (or,
// when there are few rows, many trees) walked in step, so that one's loads hide the other's.
#include <cmath>
#include <cstring>

#include "core/kernels/cpu/simd.h"
#include "core/ops/ml/trees.h"

namespace lite::kernels {
namespace {

using ops::ml::Forest;

// Walks in step.
constexpr int64_t kLanes = 16;
// Rows that pass through one tree before the next one, so that its nodes are read from memory once for all of
// them; as many as have their features in the cache, and no more than leave work for other threads.
constexpr int64_t kLeastBlock = 64, kMostBlock = 512, kBlockFeatures = 16384;
// Trees that are worth handing to another thread when there are few rows.
constexpr int64_t kTreeGrain = 128;
// Node visits that are worth it.
constexpr int64_t kVisits = 1 << 14;

// A row goes to child[1] when its feature passes the test, else to child[0]. A leaf is its own child.
template <class T>
struct PackedNode {
  enum : uint32_t { kMissingPasses = 1u << 31, kStrict = 1u << 30, kEqual = 1u << 29, kFeature = kEqual - 1 };
  T value;
  uint32_t feature;  // and flags
  int32_t child[2];
};

// Which tests a forest has.
enum class Tests { kLess, kLessOrEqual, kAny };

// `kMissing`: x may be NaN.
template <class T, Tests kTests, bool kMissing>
bool passes(const PackedNode<T>& n, T x) {
  using Node = PackedNode<T>;
  const bool missing = kMissing && (n.feature & Node::kMissingPasses) != 0 && x != x;
  if constexpr (kTests == Tests::kLess) return (x < n.value) | missing;
  if constexpr (kTests == Tests::kLessOrEqual) return (x <= n.value) | missing;
  const bool less = ((n.feature & Node::kEqual) == 0) & (x < n.value);
  const bool equal = ((n.feature & Node::kStrict) == 0) & (x == n.value);
  return less | equal | missing;
}

// One tree: no leaf is nearer to the root than `nearest`, none is further than `furthest`.
struct Root {
  int32_t node = 0, nearest = 0, furthest = 0;
};

// Takes each lane, whose row is x[lane], one node on. False when all stay where they are, at leaves.
template <class T, Tests kTests, bool kMissing>
bool step(const PackedNode<T>* nodes, const T* const (&x)[kLanes], int32_t (&at)[kLanes]) {
  int32_t moved = 0;
  LITE_UNROLL
  for (int64_t l = 0; l < kLanes; ++l) {
    const PackedNode<T>& n = nodes[at[l]];
    const T v = x[l][n.feature & PackedNode<T>::kFeature];
    const int32_t next = n.child[passes<T, kTests, kMissing>(n, v) ? 1 : 0];
    moved |= next ^ at[l];
    at[l] = next;
  }
  return moved != 0;
}

// Takes each lane from its root to its leaf.
template <class T, Tests kTests, bool kMissing>
void descend(const PackedNode<T>* nodes, const T* const (&x)[kLanes], int32_t (&at)[kLanes], int32_t nearest,
             int32_t furthest) {
  int32_t depth = 0;
  for (; depth < nearest; ++depth) step<T, kTests, kMissing>(nodes, x, at);
  while (depth++ < furthest && step<T, kTests, kMissing>(nodes, x, at)) {
  }
}

template <class T>
bool any_missing(const T* x, int64_t n) {
  int64_t missing = 0;
  for (int64_t i = 0; i < n; ++i) missing += x[i] != x[i] ? 1 : 0;
  return missing != 0;
}

template <class T>
class TreeKernel final : public Kernel {
 public:
  using Node = PackedNode<T>;

  // `labels`: of the classes, when it is a classifier.
  static Result<std::unique_ptr<Kernel>> make(Forest forest, std::span<const int64_t> labels, int64_t rows,
                                              int64_t features, bool wide_scores) {
    auto k = std::unique_ptr<TreeKernel>(new TreeKernel);
    if (forest.features >= Node::kFeature) return unsupported("a feature's number is above ", Node::kFeature);
    k->labels_.assign(labels.begin(), labels.end());
    k->rows_ = rows;
    k->features_ = features;
    k->wide_scores_ = wide_scores;
    k->pack(forest);
    forest.nodes.clear();
    forest.nodes.shrink_to_fit();
    k->forest_ = std::move(forest);
    return std::unique_ptr<Kernel>(std::move(k));
  }

  size_t workspace_bytes() const override {
    const size_t leaves = few_rows() ? static_cast<size_t>(rows_) * roots_.size() * sizeof(int32_t) : 0;
    return leaves + cells() * (sizeof(double) + sizeof(bool)) + 64;
  }
  size_t packed_bytes() const override {
    return nodes_.size() * (sizeof(Node) + sizeof(Leaf)) + forest_.votes.size() * sizeof(Forest::Vote);
  }

  Status run(const Launch& launch) const override {
    switch (tests_) {
      case Tests::kLess:
        run_tests<Tests::kLess>(launch);
        break;
      case Tests::kLessOrEqual:
        run_tests<Tests::kLessOrEqual>(launch);
        break;
      case Tests::kAny:
        run_tests<Tests::kAny>(launch);
        break;
    }
    return ok();
  }

 private:
  // Votes of a leaf, by packed node.
  struct Leaf {
    int32_t first = 0, count = 0;
  };

  TreeKernel() = default;
  bool few_rows() const { return rows_ < kLanes; }
  size_t cells() const { return static_cast<size_t>(rows_ * forest_.targets); }

  // ---- packing

  // x <= v and x < v for all x of type T are x <= and x < the nearest T on the side that keeps them so.
  static T rounded(double v, bool strict) {
    const T near = static_cast<T>(v);
    if (static_cast<double>(near) > v && !strict)
      return std::nextafter(near, -std::numeric_limits<T>::infinity());
    if (static_cast<double>(near) < v && strict)
      return std::nextafter(near, std::numeric_limits<T>::infinity());
    return near;
  }
  // No x equals a number that is no T.
  static T exact(double v) {
    const T near = static_cast<T>(v);
    return static_cast<double>(near) == v ? near : std::numeric_limits<T>::quiet_NaN();
  }

  // A node that is yet to be packed, and where its number then goes.
  struct Open {
    int32_t old, packed;
    int child;  // of node `packed`; -1: it is tree `packed`
  };

  void pack(const Forest& f) {
    std::vector<int32_t> packed(f.nodes.size(), -1);  // the first packed node of each
    std::vector<Open> open;
    bool less = false, less_or_equal = false, equal = false;
    for (const int32_t root : f.roots) {
      open.push_back({root, static_cast<int32_t>(roots_.size()), -1});
      roots_.emplace_back();
      while (!open.empty()) {
        const Open o = open.back();
        open.pop_back();
        int32_t& to = packed[static_cast<size_t>(o.old)];
        const bool fresh = to < 0;
        if (fresh) to = static_cast<int32_t>(nodes_.size());
        if (o.child < 0)
          roots_[static_cast<size_t>(o.packed)].node = to;
        else
          nodes_[static_cast<size_t>(o.packed)].child[o.child] = to;
        if (!fresh) continue;
        const Forest::Node& n = f.nodes[static_cast<size_t>(o.old)];
        if (n.test == Forest::Test::kLeaf) {
          nodes_.push_back({0, 0, {to, to}});
          leaves_.resize(nodes_.size());
          leaves_.back() = {n.first, n.count};
          continue;
        }
        // A test that another's failure passes is that one with its children, and what NaN does, exchanged.
        const bool turned =
            n.test == Forest::Test::kGt || n.test == Forest::Test::kGte || n.test == Forest::Test::kNeq;
        const bool strict = n.test == Forest::Test::kLt || n.test == Forest::Test::kGte;
        const bool by_value =
            n.test == Forest::Test::kEq || n.test == Forest::Test::kNeq || n.test == Forest::Test::kMember;
        less = less || (strict && !by_value);
        less_or_equal = less_or_equal || (!strict && !by_value);
        equal = equal || by_value;
        uint32_t flags = static_cast<uint32_t>(n.feature);
        if (n.missing_passes != turned) flags |= Node::kMissingPasses;
        if (strict) flags |= Node::kStrict;
        if (by_value) flags |= Node::kEqual;
        const int32_t yes = turned ? n.no : n.yes, no = turned ? n.yes : n.no;
        if (n.test != Forest::Test::kMember) {
          nodes_.push_back({by_value ? exact(n.value) : rounded(n.value, strict), flags, {0, 0}});
          open.push_back({yes, to, 1});
          open.push_back({no, to, 0});
          continue;
        }
        // Members are looked for one after the other.
        const int32_t count = std::max(n.count, 1);
        for (int32_t i = 0; i < count; ++i) {
          const auto here = static_cast<int32_t>(nodes_.size());
          const double member = n.count == 0 ? std::numeric_limits<double>::quiet_NaN()
                                             : f.members[static_cast<size_t>(n.first + i)];
          nodes_.push_back({exact(member), flags, {here + 1, 0}});
          open.push_back({yes, here, 1});
          if (i + 1 == count) open.push_back({no, here, 0});
        }
      }
    }
    leaves_.resize(nodes_.size());
    measure();
    tests_ = equal || (less && less_or_equal) ? Tests::kAny : less ? Tests::kLess : Tests::kLessOrEqual;
  }

  // How far leaves are from the roots. A node's children may be shared, but a path never meets a node twice.
  void measure() {
    std::vector<Root> done(nodes_.size(), Root{-1, 0, 0});
    std::vector<int32_t> open;
    for (Root& root : roots_) {
      open.push_back(root.node);
      while (!open.empty()) {
        const auto here = static_cast<size_t>(open.back());
        const Node& n = nodes_[here];
        if (n.child[0] == open.back()) {
          done[here].node = 0;
          open.pop_back();
          continue;
        }
        const Root &yes = done[static_cast<size_t>(n.child[1])], &no = done[static_cast<size_t>(n.child[0])];
        if (yes.node < 0) {
          open.push_back(n.child[1]);
        } else if (no.node < 0) {
          open.push_back(n.child[0]);
        } else {
          done[here] = {0, std::min(yes.nearest, no.nearest) + 1, std::max(yes.furthest, no.furthest) + 1};
          open.pop_back();
        }
      }
      root.nearest = done[static_cast<size_t>(root.node)].nearest;
      root.furthest = done[static_cast<size_t>(root.node)].furthest;
    }
  }

  // ---- running

  std::span<double> scores_of(double* scores, int64_t row) const {
    return {scores + row * forest_.targets, static_cast<size_t>(forest_.targets)};
  }
  std::span<bool> voted_of(double* scores, int64_t row) const {
    bool* const voted = reinterpret_cast<bool*>(scores + cells());
    return {voted + row * forest_.targets, static_cast<size_t>(forest_.targets)};
  }

  void start(double* scores, int64_t row) const {
    forest_.start(scores_of(scores, row), voted_of(scores, row));
  }

  void vote(int32_t node, double* scores, int64_t row) const {
    const Leaf leaf = leaves_[static_cast<size_t>(node)];
    if (forest_.aggregate == Forest::Aggregate::kSum || forest_.aggregate == Forest::Aggregate::kAverage) {
      double* const s = scores + row * forest_.targets;
      const Forest::Vote* v = forest_.votes.data() + leaf.first;
      for (int32_t i = 0; i < leaf.count; ++i) s[v[i].target] += v[i].weight;
      return;
    }
    forest_.add({.first = leaf.first, .count = leaf.count}, scores_of(scores, row), voted_of(scores, row));
  }

  void finish(const Launch& launch, double* scores, int64_t row) const {
    const std::span<double> s = scores_of(scores, row);
    forest_.combine(s);
    if (!labels_.empty()) {
      const size_t chosen = forest_.classify(s);
      launch.out<int64_t>(0)[row] = labels_.size() == 1 ? static_cast<int64_t>(chosen) : labels_[chosen];
      write(launch.out<float>(1) + row * forest_.targets, s);
      return;
    }
    transform_scores(forest_.transform, s);
    if (wide_scores_)
      write(launch.out<double>(0) + row * forest_.targets, s);
    else
      write(launch.out<float>(0) + row * forest_.targets, s);
  }
  template <class Out>
  static void write(Out* out, std::span<const double> scores) {
    if (out == nullptr) return;
    for (size_t t = 0; t < scores.size(); ++t) out[t] = static_cast<Out>(scores[t]);
  }

  template <Tests kTests>
  void run_tests(const Launch& launch) const {
    auto* const scores = static_cast<double*>(launch.workspace);
    if (few_rows())
      few<kTests>(launch, scores);
    else
      many<kTests>(launch, scores);
  }

  // Lanes are rows.
  template <Tests kTests>
  void many(const Launch& launch, double* scores) const {
    const T* const x = launch.in<T>(0);
    const auto trees = static_cast<int64_t>(roots_.size());
    const int64_t most = std::clamp(kBlockFeatures / features_ / kLanes * kLanes, kLeastBlock, kMostBlock);
    const int64_t block = std::clamp(round_up(ceil_div(rows_, 8), kLanes), kLeastBlock, most);
    const int64_t grain = std::max(block, round_up(kVisits / (8 * trees), block));
    launch.parallel->for_range(rows_, grain, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) start(scores, r);
      for (int64_t first = begin; first < end; first += block) {
        const int64_t last = std::min(first + block, end);
        if (any_missing(x + first * features_, (last - first) * features_))
          walk_rows<kTests, true>(x, first, last, scores);
        else
          walk_rows<kTests, false>(x, first, last, scores);
      }
      for (int64_t r = begin; r < end; ++r) finish(launch, scores, r);
    });
  }
  template <Tests kTests, bool kMissing>
  void walk_rows(const T* x, int64_t begin, int64_t end, double* scores) const {
    for (const Root& root : roots_) {
      for (int64_t first = begin; first < end; first += kLanes) {
        const T* rows[kLanes];
        int32_t at[kLanes];
        for (int64_t l = 0; l < kLanes; ++l) {
          // Lanes past the end do the last row again.
          rows[l] = x + std::min(first + l, end - 1) * features_;
          at[l] = root.node;
        }
        descend<T, kTests, kMissing>(nodes_.data(), rows, at, root.nearest, root.furthest);
        const int64_t n = std::min(kLanes, end - first);
        for (int64_t l = 0; l < n; ++l) vote(at[l], scores, first + l);
      }
    }
  }

  // Lanes are trees; votes are counted afterwards, in the order of the trees.
  template <Tests kTests>
  void few(const Launch& launch, double* scores) const {
    const T* const x = launch.in<T>(0);
    auto* const leaves = reinterpret_cast<int32_t*>(
        static_cast<std::byte*>(launch.workspace) +
        round_up(static_cast<int64_t>(cells() * (sizeof(double) + sizeof(bool))), 8));
    const auto trees = static_cast<int64_t>(roots_.size()), parts = ceil_div(trees, kTreeGrain);
    launch.parallel->run(rows_ * parts, [&](int64_t part) {
      const int64_t row = part / parts, begin = part % parts * kTreeGrain;
      const int64_t end = std::min(begin + kTreeGrain, trees);
      const T* const at = x + row * features_;
      if (any_missing(at, features_))
        walk_trees<kTests, true>(at, begin, end, leaves + row * trees);
      else
        walk_trees<kTests, false>(at, begin, end, leaves + row * trees);
    });
    for (int64_t r = 0; r < rows_; ++r) {
      start(scores, r);
      for (int64_t t = 0; t < trees; ++t) vote(leaves[r * trees + t], scores, r);
      finish(launch, scores, r);
    }
  }
  template <Tests kTests, bool kMissing>
  void walk_trees(const T* x, int64_t begin, int64_t end, int32_t* leaves) const {
    const T* rows[kLanes];
    std::fill_n(rows, kLanes, x);
    for (int64_t first = begin; first < end; first += kLanes) {
      int32_t at[kLanes], nearest = std::numeric_limits<int32_t>::max(), furthest = 0;
      for (int64_t l = 0; l < kLanes; ++l) {
        const Root& root = roots_[static_cast<size_t>(std::min(first + l, end - 1))];
        at[l] = root.node;
        nearest = std::min(nearest, root.nearest);
        furthest = std::max(furthest, root.furthest);
      }
      descend<T, kTests, kMissing>(nodes_.data(), rows, at, nearest, furthest);
      std::copy_n(at, std::min(kLanes, end - first), leaves + first);
    }
  }

  Forest forest_;  // but for its nodes
  std::vector<Node> nodes_;
  std::vector<Leaf> leaves_;
  std::vector<Root> roots_;
  std::vector<int64_t> labels_;
  Tests tests_ = Tests::kLessOrEqual;
  int64_t rows_ = 0, features_ = 0;
  bool wide_scores_ = false;
};

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32 && q.in[0].dtype != DType::kF64) return "neither float32 nor float64";
  if (!simd::all_plain(q)) return "not row-major";
  if (q.out[0].dtype == DType::kString) return "labels are strings";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_kernel_for(const NodeQuery& q, Forest forest,
                                                std::span<const int64_t> labels) {
  const char* op = q.node.op->name;
  LITE_ASSIGN(const ops::ml::Rows x, ops::ml::rows_of(op, Fact(q.in[0].dtype, q.in[0].dims)));
  LITE_TRY(forest.check_rows(op, x));
  const bool wide = labels.empty() && q.out[0].dtype == DType::kF64;
  if (q.in[0].dtype == DType::kF64)
    return TreeKernel<double>::make(std::move(forest), labels, x.rows, x.features, wide);
  return TreeKernel<float>::make(std::move(forest), labels, x.rows, x.features, wide);
}

Result<std::unique_ptr<Kernel>> make_ensemble(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(Forest forest, Forest::read_ensemble(q.attrs()));
  return make_kernel_for(q, std::move(forest), {});
}
Result<std::unique_ptr<Kernel>> make_regressor(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(Forest forest, Forest::read_regressor(q.attrs()));
  return make_kernel_for(q, std::move(forest), {});
}
Result<std::unique_ptr<Kernel>> make_classifier(const NodeQuery& q, PackCache&) {
  const auto labels = q.attrs().ints("classlabels_int64s");
  LITE_ASSIGN(Forest forest, Forest::read_classifier(q.attrs(), labels.size()));
  return make_kernel_for(q, std::move(forest), labels);
}

constexpr KernelDef kKernels[] = {
    {"tree_ensemble:packed", "TreeEnsemble", rejects, make_ensemble},
    {"tree_regressor:packed", "TreeEnsembleRegressor", rejects, make_regressor},
    {"tree_classifier:packed", "TreeEnsembleClassifier", rejects, make_classifier},
};

}  // namespace

extern constinit const KernelTable tree_ensemble;
constinit const KernelTable tree_ensemble{kKernels};

}  // namespace lite::kernels
