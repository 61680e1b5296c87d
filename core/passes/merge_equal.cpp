// Merges nodes that compute the same from the same inputs, and constants with the same content.

#include <bit>
#include <cstring>

#include "core/base/hash.h"
#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite::passes {
namespace {

// Longer constants are merged when they are the same memory only.
constexpr size_t kComparedBytes = 4096;

class Key {
 public:
  Key() = default;
  explicit Key(const Node& n) {
    put(n.op.get());
    put(n.in);
    put(n.out.size());
    for (const Attr& a : n.attrs) {
      put(a.name);
      put(a.data.index());
      std::visit(
          [this]<class T>(const T& v) {
            if constexpr (!std::is_same_v<T, Attr::Graphs> && !std::is_same_v<T, Fact>) put(v);
          },
          a.data);
    }
  }
  template <class T>
  void put(const T& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    text_.append(reinterpret_cast<const char*>(&v), sizeof(T));
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
  uint64_t hash() const { return hash64(std::as_bytes(std::span(text_))); }
  friend bool operator==(const Key&, const Key&) = default;

 private:
  std::string text_;
};

bool comparable(const Node& n) {
  if ((n.op->traits & (kRandom | kHasBody)) != 0 || n.in.empty()) return false;
  for (const Attr& a : n.attrs)
    if (std::holds_alternative<Attr::Graphs>(a.data) || std::holds_alternative<Fact>(a.data)) return false;
  return true;
}

// The first id that came with each hash.
class Seen {
 public:
  explicit Seen(int32_t ids) : slots_(std::bit_ceil(4 * static_cast<size_t>(ids) + 4)) {}
  int32_t first(uint64_t hash, int32_t id) {
    size_t i = hash & (slots_.size() - 1);
    while (slots_[i].id >= 0 && slots_[i].hash != hash) i = (i + 1) & (slots_.size() - 1);
    if (slots_[i].id < 0) slots_[i] = {hash, id};
    return slots_[i].id;
  }

 private:
  struct Slot {
    uint64_t hash = 0;
    int32_t id = -1;
  };
  std::vector<Slot> slots_;
};

template <class T>
void mix(uint64_t& h, T v) {
  h = (h ^ static_cast<uint64_t>(v)) * 0x9E3779B97F4A7C15;
  h ^= h >> 29;
}

bool is_compared(const Tensor& t) { return t.dtype() != DType::kString && t.bytes() <= kComparedBytes; }

// Of little of the content: enough to tell most constants from each other.
uint64_t quick_hash(const Tensor& t) {
  uint64_t h = t.bytes();
  mix(h, t.dtype());
  for (const int64_t d : t.dims()) mix(h, d);
  if (is_compared(t)) {
    uint64_t ends[2] = {};
    const size_t part = std::min(t.bytes(), sizeof ends[0]);
    if (part != 0) {
      std::memcpy(&ends[0], t.raw(), part);
      std::memcpy(&ends[1], static_cast<const std::byte*>(t.raw()) + t.bytes() - part, part);
    }
    mix(h, ends[0]);
    mix(h, ends[1]);
  } else if (t.dtype() != DType::kString) {
    mix(h, reinterpret_cast<uintptr_t>(t.address()));
  }
  return h;
}

uint64_t full_hash(const Tensor& t) {
  if (is_compared(t)) return quick_hash(t) ^ hash64({static_cast<const std::byte*>(t.raw()), t.bytes()});
  Key key;
  key.put(t);
  return key.hash();
}

bool same(const Tensor& a, const Tensor& b) {
  if (is_compared(a) || a.dtype() == DType::kString) return same_bits(a, b);
  return !is_compared(b) && a.address() == b.address() && a.dtype() == b.dtype() && a.dims() == b.dims();
}

// All content is read only of those that look alike: every new shape comes by here more than once.
void merge_constants(Rewriter& r) {
  Seen seen(r.graph().num_values());
  std::vector<char> visited(static_cast<size_t>(r.graph().num_values()), 0);
  const auto visit = [&](ValueId v) {
    const Tensor* const t = r.constant(v);
    if (t == nullptr || r.users(v).empty() || visited[static_cast<size_t>(v)] != 0) return;
    visited[static_cast<size_t>(v)] = 1;
    ValueId first = seen.first(quick_hash(*t), v);
    if (first != v && !same(*t, *r.constant(first))) first = seen.first(full_hash(*t), v);
    if (first != v && !r.is_output(v) && same(*t, *r.constant(first))) r.replace(v, first);
  };
  for (const ValueId v : r.graph().inputs) visit(v);
  for (const Capture& c : r.graph().captures) visit(c.inner);
  for (NodeId n = 0; n < r.num_nodes(); ++n)
    for (size_t i = 0; r.alive(n) && i < r.node(n).in.size(); ++i) visit(r.in(n, i));
}

// Without the attributes.
uint64_t quick_hash(const Node& n) {
  uint64_t h = n.out.size();
  mix(h, reinterpret_cast<uintptr_t>(n.op.get()));
  for (const ValueId v : n.in) mix(h, v);
  return h;
}

}  // namespace

Result<bool> merge_equal(Rewriter& r, const PassOptions&) {
  merge_constants(r);
  LITE_ASSIGN(const std::vector<NodeId> order, r.graph().topological_order());
  Seen seen(r.num_nodes());
  for (const NodeId n : order) {
    if (!r.alive(n) || !comparable(r.node(n))) continue;
    NodeId first = seen.first(quick_hash(r.node(n)), n);
    if (first == n) continue;
    const Key key(r.node(n));
    if (!(key == Key(r.node(first)))) first = seen.first(key.hash(), n);
    if (first == n || !(key == Key(r.node(first)))) continue;
    // Two outputs of the graph that are equal both keep their names.
    bool both_outputs = false;
    for (size_t i = 0; i < r.node(n).out.size(); ++i) {
      const ValueId mine = r.out(n, i), other = r.out(first, i);
      both_outputs |= (mine == kNoValue) != (other == kNoValue) ||
                      (mine != kNoValue && r.is_output(mine) && r.is_output(other));
    }
    if (both_outputs) continue;
    const std::vector<ValueId> outs = r.node(n).out;
    for (size_t i = 0; i < outs.size(); ++i)
      if (outs[i] != kNoValue) r.replace(outs[i], r.out(first, i));
  }
  return r.changed();
}

}  // namespace lite::passes
