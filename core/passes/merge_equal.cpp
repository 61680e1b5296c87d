// Merges nodes that compute the same from the same inputs, and constants with the same content.

#include <cstring>
#include <unordered_map>

#include "core/base/hash.h"
#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {
namespace {

// Longer constants are merged when they are the same memory only.
constexpr size_t kComparedBytes = 4096;

class Key {
 public:
  template <class T>
  void put(const T& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    text_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  void put(const std::string& s) {
    put(s.size());
    text_ += s;
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put(list.size());
    for (const T& v : list) put(v);
  }
  void put(const Tensor& t) {
    put(t.dtype());
    put(t.rank());
    for (const int64_t d : t.dims()) put(d);
    if (t.dtype() == DType::kString)
      for (const std::string& s : t.strings()) put(s);
    else if (t.bytes() <= kComparedBytes)
      text_.append(static_cast<const char*>(t.raw()), t.bytes());
    else
      put(t.address());
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string key_of(const Node& n) {
  Key key;
  key.put(n.op.get());
  key.put(n.in);
  key.put(n.out.size());
  for (const Attr& a : n.attrs) {
    key.put(a.name);
    key.put(a.data.index());
    std::visit(
        [&]<class T>(const T& v) {
          if constexpr (!std::is_same_v<T, Attr::Graphs> && !std::is_same_v<T, Fact>) key.put(v);
        },
        a.data);
  }
  return key.take();
}

bool comparable(const Node& n) {
  if ((n.op->traits & (kRandom | kHasBody)) != 0 || n.in.empty()) return false;
  for (const Attr& a : n.attrs)
    if (std::holds_alternative<Attr::Graphs>(a.data) || std::holds_alternative<Fact>(a.data)) return false;
  return true;
}

// Contents are hashed, which takes a fraction of the time of keeping them as keys: every new shape comes by
// here more than once.
void merge_constants(Rewriter& r, Graph& graph) {
  std::unordered_map<std::string, ValueId> seen;
  for (ValueId v = 0; v < graph.num_values(); ++v) {
    const Tensor* const t = r.constant(v);
    if (t == nullptr || r.users(v).empty()) continue;
    const bool compared = t->dtype() != DType::kString && t->bytes() <= kComparedBytes;
    Key key;
    key.put(compared);
    if (compared) {
      key.put(t->dtype());
      for (const int64_t d : t->dims()) key.put(d);
      key.put(hash64({static_cast<const std::byte*>(t->raw()), t->bytes()}));
    } else {
      key.put(*t);
    }
    const auto [it, added] = seen.emplace(key.take(), v);
    if (added || r.is_output(v) || (compared && !same_bits(*t, *r.constant(it->second)))) continue;
    r.replace(v, it->second);
  }
}

}  // namespace

Result<bool> merge_equal(Graph& graph, const PassOptions&) {
  Rewriter r(graph);
  merge_constants(r, graph);
  LITE_ASSIGN(const std::vector<NodeId> order, graph.topological_order());
  std::unordered_map<std::string, NodeId> seen;
  for (const NodeId n : order) {
    if (!r.alive(n) || !comparable(r.node(n))) continue;
    const auto [it, added] = seen.emplace(key_of(r.node(n)), n);
    if (added) continue;
    // Two outputs of the graph that are equal both keep their names.
    bool both_outputs = false;
    for (size_t i = 0; i < r.node(n).out.size(); ++i) {
      const ValueId mine = r.out(n, i), first = r.out(it->second, i);
      both_outputs |= (mine == kNoValue) != (first == kNoValue) ||
                      (mine != kNoValue && r.is_output(mine) && r.is_output(first));
    }
    if (both_outputs) continue;
    const std::vector<ValueId> outs = r.node(n).out;
    for (size_t i = 0; i < outs.size(); ++i)
      if (outs[i] != kNoValue) r.replace(outs[i], r.out(it->second, i));
  }
  return r.changed();
}

}  // namespace lite::passes
