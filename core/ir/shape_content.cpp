#include "core/ir/shape_content.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace lite {
namespace {

// One element of a shape: a number, a symbol (as in Fact::dims), or unknown.
struct Entry {
  enum Kind { kUnknown, kNumber, kSymbol } kind = kUnknown;
  int64_t value = 0;
  bool is(int64_t number) const { return kind == kNumber && value == number; }
  friend bool operator==(const Entry&, const Entry&) = default;
};
using Entries = std::vector<Entry>;

Entry number(int64_t v) { return {Entry::kNumber, v}; }
Entry of_dim(int64_t d) { return d >= 0 ? number(d) : is_symbol(d) ? Entry{Entry::kSymbol, d} : Entry{}; }
// The dimension that an entry stands for.
int64_t to_dim(const Entry& e) {
  return e.kind == Entry::kSymbol || (e.kind == Entry::kNumber && e.value >= 0) ? e.value : kUnknownDim;
}

constexpr size_t kMaxEntries = 64;

class Walk {
 public:
  Walk(const Graph& g, std::span<const Tensor> known) : graph_(g), known_(known) {}

  // The elements of a scalar or vector of integers; nothing when not even their number is known.
  std::optional<Entries> content(ValueId v) {
    if (v == kNoValue || --budget_ < 0) return std::nullopt;
    const Value& value = graph_.value(v);
    const auto id = static_cast<size_t>(v);
    const Tensor* whole = value.is_constant()                          ? &value.constant
                          : id < known_.size() && known_[id].defined() ? &known_[id]
                                                                       : nullptr;
    if (whole != nullptr) {
      if (!types::kIndex.has(whole->dtype()) || whole->rank() > 1 ||
          whole->elements() > static_cast<int64_t>(kMaxEntries))
        return std::nullopt;
      Entries list;
      for (const int64_t n : whole->to_ints()) list.push_back(number(n));
      return list;
    }
    std::optional<Entries> list;
    if (value.producer != kNoNode && graph_.alive(value.producer) && types::kIndex.has(value.fact.dtype))
      list = made_by(graph_.node(value.producer));
    if (!list && value.fact.is_static() && value.fact.rank() <= 1)
      if (const auto n = checked_elements(value.fact.dims); n && *n <= static_cast<int64_t>(kMaxEntries))
        list = Entries(static_cast<size_t>(*n));
    if (list && list->size() > kMaxEntries) return std::nullopt;
    return list;
  }

 private:
  std::optional<Entries> made_by(const Node& n) {
    const std::string_view op = n.op->name;
    if (*n.op->domain != '\0') return std::nullopt;
    if (op == "Shape") return shape(n);
    if (op == "Concat") return concat(n);
    if (op == "Gather") return gather(n);
    if (op == "Slice") return slice(n);
    if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") return arithmetic(n, op);
    if (op == "Identity" || op == "Cast" || op == "Squeeze" || op == "Unsqueeze" || op == "Reshape") {
      const Fact& x = graph_.value(n.in[0]).fact;
      return types::kIndex.has(x.dtype) && x.has_rank && x.rank() <= 1 ? content(n.in[0]) : std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Entries> shape(const Node& n) {
    const Fact& x = graph_.value(n.in[0]).fact;
    if (!x.has_rank) return std::nullopt;
    const auto rank = static_cast<int64_t>(x.rank());
    const auto bound = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank); };
    const AttrReader attrs(n);
    Entries list;
    for (int64_t i = bound(attrs.i64("start")), end = bound(attrs.i64("end", rank)); i < end; ++i)
      list.push_back(of_dim(x.dims[static_cast<size_t>(i)]));
    return list;
  }

  std::optional<Entries> concat(const Node& n) {
    Entries all;
    for (const ValueId v : n.in) {
      const auto part = content(v);
      if (!part || all.size() + part->size() > kMaxEntries) return std::nullopt;
      all.insert(all.end(), part->begin(), part->end());
    }
    return all;
  }

  std::optional<Entries> gather(const Node& n) {
    const auto data = content(n.in[0]), at = content(n.in[1]);
    if (!data || !at || !graph_.value(n.in[0]).fact.has_rank || graph_.value(n.in[0]).fact.rank() != 1)
      return std::nullopt;
    Entries list;
    for (const Entry& i : *at) {
      if (i.kind != Entry::kNumber) return std::nullopt;
      const int64_t k = i.value < 0 ? i.value + static_cast<int64_t>(data->size()) : i.value;
      if (k < 0 || k >= static_cast<int64_t>(data->size())) return std::nullopt;
      list.push_back((*data)[static_cast<size_t>(k)]);
    }
    return list;
  }

  // The only number of an operand; nothing when it is unknown.
  std::optional<int64_t> single(const Node& n, size_t i, int64_t otherwise) {
    if (i >= n.in.size() || n.in[i] == kNoValue) return otherwise;
    const auto list = content(n.in[i]);
    if (!list || list->size() != 1 || (*list)[0].kind != Entry::kNumber) return std::nullopt;
    return (*list)[0].value;
  }

  std::optional<Entries> slice(const Node& n) {
    const auto data = content(n.in[0]);
    const auto begin = single(n, 1, 0), end = single(n, 2, 0), step = single(n, 4, 1);
    if (!data || !begin || !end || !step || *step != 1) return std::nullopt;
    const auto size = static_cast<int64_t>(data->size());
    const auto bound = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
    const int64_t from = bound(std::max(*begin, -size)), to = bound(std::max(*end, -size - 1));
    return from >= to ? Entries() : Entries(data->begin() + from, data->begin() + to);
  }

  std::optional<Entries> arithmetic(const Node& n, std::string_view op) {
    const auto a = content(n.in[0]), b = content(n.in[1]);
    if (!a || !b || (a->size() != b->size() && a->size() != 1 && b->size() != 1)) return std::nullopt;
    Entries list;
    for (size_t i = 0; i < std::max(a->size(), b->size()); ++i)
      list.push_back(calculate(op, (*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]));
    return list;
  }

  static Entry calculate(std::string_view op, const Entry& a, const Entry& b) {
    const bool sum = op == "Add", product = op == "Mul";
    const int64_t neutral = sum || op == "Sub" ? 0 : 1;
    if (b.is(neutral)) return a;
    if (a.is(neutral) && (sum || product)) return b;
    if (a.kind != Entry::kNumber || b.kind != Entry::kNumber) return {};
    std::optional<int64_t> r;
    if (sum) r = checked_add(a.value, b.value);
    if (product) r = checked_mul(a.value, b.value);
    if (op == "Sub" && b.value != std::numeric_limits<int64_t>::min()) r = checked_add(a.value, -b.value);
    if (op == "Div" && a.value >= 0 && b.value > 0) r = a.value / b.value;
    return r ? number(*r) : Entry{};
  }

  const Graph& graph_;
  std::span<const Tensor> known_;
  int budget_ =
      256;  // values looked at: operands may be shared, so a graph can have many more paths than nodes
};

// What remains of x for the dimension written -1; the others are known.
int64_t rest_of(const Dims& x, const Dims& others, size_t hole) {
  int64_t have = 1, used = 1;
  std::vector<int64_t> symbols;
  for (const int64_t d : x) {
    if (d == kUnknownDim || d == 0) return kUnknownDim;
    if (is_symbol(d)) {
      symbols.push_back(d);
    } else if (const auto p = checked_mul(have, d)) {
      have = *p;
    } else {
      return kUnknownDim;
    }
  }
  for (size_t i = 0; i < others.size(); ++i) {
    if (i == hole) continue;
    const int64_t d = others[i];
    if (d == kUnknownDim || d == 0) return kUnknownDim;
    if (is_symbol(d)) {
      const auto it = std::find(symbols.begin(), symbols.end(), d);
      if (it == symbols.end()) return kUnknownDim;
      symbols.erase(it);
    } else if (const auto p = checked_mul(used, d)) {
      used = *p;
    } else {
      return kUnknownDim;
    }
  }
  if (symbols.empty()) return have % used == 0 ? have / used : kUnknownDim;
  return symbols.size() == 1 && have == used ? symbols[0] : kUnknownDim;
}

void reshape(const Node& n, const Entries& shape, const Fact& x, Dims& out) {
  const bool allow_zero = AttrReader(n).i64("allowzero") != 0;
  size_t hole = out.size();
  for (size_t i = 0; i < out.size(); ++i) {
    if (shape[i].is(-1)) hole = i;
    if (out[i] != kUnknownDim) continue;
    if (shape[i].is(0) && !allow_zero)
      out[i] = x.has_rank && i < x.rank() ? x.dims[i] : kUnknownDim;
    else
      out[i] = to_dim(shape[i]);
  }
  if (hole < out.size() && out[hole] == kUnknownDim && x.has_rank) out[hole] = rest_of(x.dims, out, hole);
}

void expand(const Entries& shape, const Fact& x, Dims& out) {
  if (!x.has_rank) return;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] != kUnknownDim) continue;
    const size_t from_end = out.size() - i;
    const Entry a = from_end > x.rank() ? number(1) : of_dim(x.dims[x.rank() - from_end]);
    const Entry b = from_end > shape.size() ? number(1) : shape[shape.size() - from_end];
    if (a.is(1) || (b.kind == Entry::kNumber && b.value != 1) || a == b)
      out[i] = to_dim(b);
    else if (b.is(1) || (a.kind == Entry::kNumber && a.value != 1))
      out[i] = to_dim(a);
  }
}

}  // namespace

void refine_by_shape_content(const Graph& graph, const Node& node, std::span<const Tensor> known,
                             std::span<const Fact> in, std::span<Fact> out) {
  const std::string_view op = node.op->name;
  const bool is_reshape = op == "Reshape", is_expand = op == "Expand";
  if (*node.op->domain != '\0' || (!is_reshape && !is_expand && op != "ConstantOfShape")) return;
  Fact& y = out[0];
  if (!y.has_rank || std::find(y.dims.begin(), y.dims.end(), kUnknownDim) == y.dims.end()) return;
  const auto shape = Walk(graph, known).content(node.in[is_reshape || is_expand ? 1 : 0]);
  if (!shape) return;
  if (is_expand) return expand(*shape, in[0], y.dims);
  if (shape->size() != y.rank()) return;
  if (is_reshape) return reshape(node, *shape, in[0], y.dims);
  for (size_t i = 0; i < y.rank(); ++i)
    if (y.dims[i] == kUnknownDim) y.dims[i] = to_dim((*shape)[i]);
}

}  // namespace lite
