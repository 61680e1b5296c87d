// Splits the batch where activations would leave the cache between nodes: a stretch of nodes runs for a few
// images, then for the next ones, so that what one node writes is still near when the next one reads it.
//
// Only nodes that treat the images of a batch alike, each for itself, take part. Values inside a stretch
// exist for the few images only; the others have their place for the whole batch, of which a stretch sees a
// window. docs/decisions/micro-batches.md tells what the numbers were read off.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include "core/base/cpu.h"
#include "core/compile/compiler.h"

namespace lite {
namespace {

// What an image costs, in bytes that come from one level below the L2 cache.
constexpr double kCall = 3e5;   // to call a kernel
constexpr double kWeight = 10;  // to read a byte of weights again, and to multiply by it in small pieces

// Bytes of an image that are read or written while `at_once` bytes are.
double traffic(double bytes, double at_once) {
  const double doublings = std::log2(std::max(1.0, at_once / static_cast<double>(l2_bytes())));
  return bytes * doublings * doublings;
}

bool is_window_op(std::string_view op) {
  for (const char* name :
       {"Conv", "FusedConv", "ConvTranspose", "ConvInteger", "QLinearConv", "FusedQLinearConv",
        "FusedExpandDepthwise", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool",
        "BatchNormalization", "ChannelShuffle", "Reorder"})
    if (op == name) return true;
  return false;
}

// How many images a node works on, each for itself; 0 when it does not, or nobody knows.
int64_t images_of(const Graph& g, const Node& n) {
  if (n.out.empty() || n.out[0] == kNoValue) return 0;
  const Fact& y = g.value(n.out[0]).fact;
  const std::string_view op = n.op->name;
  const bool elementwise = (n.op->traits & kElementwise) != 0;
  const bool joins = op == "Concat" || op == "Split";
  if (!elementwise && !joins && !is_window_op(op)) return 0;
  if ((n.op->traits & (kRandom | kHasBody | kRegistered)) != 0 || y.rank() < 3) return 0;
  if (joins) {
    const int64_t axis = AttrReader(n).i64("axis", 0);
    if (axis == 0 || axis == -static_cast<int64_t>(y.rank())) return 0;
  }
  const int64_t images = y.dims[0];
  for (const auto* const list : {&n.in, &n.out})
    for (const ValueId v : *list) {
      if (v == kNoValue) continue;
      const Fact& f = g.value(v).fact;
      if (g.value(v).is_constant()) {
        if (elementwise && f.rank() >= y.rank() && f.dims[0] != 1) return 0;
      } else if (f.rank() < 3 || f.rank() > y.rank() || f.dims[0] != images || f.dtype == DType::kString) {
        return 0;
      } else if (elementwise && f.rank() != y.rank()) {
        return 0;
      }
    }
  return images;
}

// A node of a stretch in which the batch may be split.
struct Link {
  NodeId node;
  double bytes = 0;    // of an image, that it reads and writes
  double weights = 0;  // bytes
  double kept = 0;     // of an image: values up to here that later links read
};

// For each link the number of images at a time that makes the least of all costs together.
std::vector<int64_t> cheapest(const std::vector<Link>& links, int64_t batch) {
  std::vector<int64_t> options;
  for (int64_t c = 1; c < batch && batch % c == 0; c *= 2) options.push_back(c);
  options.push_back(batch);
  const size_t n = options.size(), whole = n - 1;
  // A link that runs for a part of the batch finds what others have left of the whole batch as far away as if
  // it ran for the whole batch, too.
  const auto far = [&](size_t i, double kept) {
    return traffic(kept, static_cast<double>(batch) * links[i].bytes);
  };
  std::vector<double> least(n, 0);
  std::vector<std::vector<size_t>> from(links.size(), std::vector<size_t>(n));
  for (size_t i = 0; i < links.size(); ++i) {
    std::vector<double> next(n, std::numeric_limits<double>::infinity());
    for (size_t k = 0; k < n; ++k) {
      for (size_t before = 0; before < n; ++before) {
        double cost = least[before];
        if (i > 0 && before != k)
          cost += (before == whole ? 0 : far(i - 1, links[i - 1].kept)) +
                  (k == whole ? 0 : far(i, links[i - 1].kept));
        if (cost < next[k]) {
          next[k] = cost;
          from[i][k] = before;
        }
      }
      const auto images = static_cast<double>(options[k]);
      next[k] +=
          traffic(links[i].bytes, images * links[i].bytes) + (kCall + kWeight * links[i].weights) / images;
    }
    least = std::move(next);
  }
  std::vector<int64_t> chosen(links.size());
  auto k = static_cast<size_t>(std::min_element(least.begin(), least.end()) - least.begin());
  for (size_t i = links.size(); i-- > 0; k = from[i][k]) chosen[i] = options[k];
  return chosen;
}

}  // namespace

std::vector<Operand> Compiler::operands(NodeId node, std::span<const ValueId> ids) const {
  std::vector<Operand> list = operands(ids);
  if (const int32_t group = group_of(node); group >= 0)
    for (size_t i = 0; i < ids.size(); ++i)
      if (ids[i] != kNoValue && list[i].constant == nullptr)
        list[i].dims[0] = groups_[static_cast<size_t>(group)].images;
  return list;
}

void Compiler::split_batches() {
  // The same bits on every processor are not to be had from kernels chosen for its caches.
  if (options_.kernel.reproducible) return;
  group_of_.assign(static_cast<size_t>(g_.num_nodes()), -1);
  whole_batch_.assign(static_cast<size_t>(g_.num_values()), 1);
  const auto bytes_of = [&](ValueId v) {
    const Fact& f = g_.value(v).fact;
    return static_cast<double>(layout_bytes(f.dtype, f.dims, layout(v)));
  };
  for (size_t begin = 0; begin < order_.size();) {
    const Node& head = g_.node(order_[begin]);
    const int64_t batch = is_dynamic(head) ? 0 : images_of(g_, head);
    if (batch < 2) {
      ++begin;
      continue;
    }
    // By value: the link that makes it, and the last one that reads it.
    std::map<ValueId, std::pair<size_t, size_t>> alive;
    std::vector<Link> links;
    for (size_t s = begin; s < order_.size(); ++s) {
      const Node& n = g_.node(order_[s]);
      if (is_dynamic(n) || images_of(g_, n) != batch) break;
      Link link{.node = order_[s]};
      for (const auto* const list : {&n.in, &n.out})
        for (const ValueId v : *list) {
          if (v == kNoValue) continue;
          if (g_.value(v).is_constant())
            link.weights += bytes_of(v);
          else
            link.bytes += bytes_of(v) / static_cast<double>(batch);
        }
      for (const ValueId v : n.in)
        if (const auto at = alive.find(v); at != alive.end()) at->second.second = links.size();
      for (const ValueId v : n.out)
        if (v != kNoValue) alive[v] = {links.size(), links.size()};
      links.push_back(std::move(link));
    }
    for (const auto& [v, at] : alive)
      for (size_t i = at.first; i < at.second; ++i) links[i].kept += bytes_of(v) / static_cast<double>(batch);

    const std::vector<int64_t> images = cheapest(links, batch);
    for (size_t i = 0; i < links.size(); ++i) {
      if (images[i] == batch) continue;
      if (i == 0 || images[i] != images[i - 1])
        groups_.push_back({.images = images[i], .count = batch / images[i]});
      group_of_[static_cast<size_t>(links[i].node)] = static_cast<int32_t>(groups_.size()) - 1;
    }
    begin += links.size();
  }

  if (groups_.empty()) return;

  // What nobody outside its group reads exists for the images at hand only.
  std::vector<char> outside(static_cast<size_t>(g_.num_values()), 0);
  for (const ValueId v : g_.outputs) outside[static_cast<size_t>(v)] = 1;
  for (const NodeId id : order_)
    for (const ValueId v : g_.node(id).in)
      if (v != kNoValue && g_.value(v).producer != kNoNode && group_of(g_.value(v).producer) != group_of(id))
        outside[static_cast<size_t>(v)] = 1;
  for (const NodeId id : order_) {
    const int32_t group = group_of(id);
    if (group < 0) continue;
    for (const ValueId v : g_.node(id).out)
      if (v != kNoValue && outside[static_cast<size_t>(v)] == 0) {
        whole_batch_[static_cast<size_t>(v)] = 0;
        g_.value(v).fact.dims[0] = groups_[static_cast<size_t>(group)].images;
      }
  }
}

}  // namespace lite
