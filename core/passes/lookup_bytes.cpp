// What depends on one byte only, between DequantizeLinear and QuantizeLinear, becomes a table of its 256
// values: Sigmoid, HardSwish, Gelu in pieces, another scale, and Swish of which the factors are quantised on
// the way. The table holds what the nodes' references make of each. QLinearConcat becomes a Concat of what
// was looked up.

#include <algorithm>
#include <map>
#include <vector>

#include "core/ops/quantized.h"
#include "core/passes/passes.h"
#include "core/passes/quantized.h"

namespace lite::passes {
namespace {

constexpr int kMostNodes = 64;

// The node's one result for these inputs, of which undefined ones are left out; undefined when it fails.
Tensor result_of(const Node& node, const std::vector<Tensor>& in) {
  std::vector<Datum> data(in.begin(), in.end()), out(1);
  std::vector<const Datum*> places(in.size(), nullptr);
  for (size_t i = 0; i < in.size(); ++i)
    if (in[i].defined()) places[i] = &data[i];
  return evaluate_node(node, places, out).is_ok() ? out[0].tensor : Tensor();
}

// Of a DequantizeLinear or QuantizeLinear whose parameters are one number each.
Tensor result_of(const Rewriter& r, NodeId n, const Tensor& first) {
  std::vector<Tensor> in{first};
  for (size_t i = 1; i < r.node(n).in.size(); ++i)
    in.push_back(r.in(n, i) == kNoValue ? Tensor() : r.constant_in(n, i)->reshaped({}));
  return result_of(r.node(n), in);
}

// Values of the graph for every byte that one value of it, the root, can be.
class Tables {
 public:
  explicit Tables(const Rewriter& r) : r_(r) {}

  // Of 256 elements, or one when it does not depend on the root; undefined when it depends on more.
  Tensor of(ValueId v) {
    if (const Tensor* const constant = r_.constant(v)) return of_constant(*constant);
    if (const auto it = known_.find(v); it != known_.end()) return it->second;
    const NodeId n = r_.producer(v);
    if (n == kNoNode || ++nodes_ > kMostNodes) return {};
    Tensor table;
    if (const auto x = dequantized(r_, v)) {
      if (const Tensor all = bytes(*x); all.defined()) table = result_of(r_, n, all);
    } else if (is_elementwise(r_.node(n))) {
      table = elementwise(r_.node(n));
    }
    return known_[v] = table;
  }
  ValueId root() const { return root_; }

 private:
  static bool is_elementwise(const Node& n) {
    return (n.op->traits & kElementwise) != 0 && (n.op->traits & (kRandom | kHasBody | kOnSequences)) == 0 &&
           n.op->reference != nullptr && n.out.size() == 1;
  }

  // One number, which gives no result more dimensions than the root has.
  Tensor of_constant(const Tensor& t) const {
    const bool fits =
        t.rank() == 0 || (root_ != kNoValue && r_.fact(root_).has_rank && t.rank() <= r_.fact(root_).rank());
    return t.elements() == 1 && fits ? t.reshaped({}) : Tensor();
  }

  // The root itself, or what is looked up for it.
  Tensor bytes(const Quantized& x) {
    if (r_.constant(x.q) != nullptr) return {};
    ValueId root = x.q;
    const NodeId lookup = r_.made_by(x.q, "LookupBytes", "lite");
    const Tensor* const table = lookup == kNoNode ? nullptr : r_.constant_in(lookup, 1);
    if (table != nullptr) root = r_.in(lookup, 0);
    if (root_ != kNoValue && root_ != root) return {};
    root_ = root;
    if (table != nullptr) return *table;
    auto all = ops::every_byte(x.type);
    return all.is_ok() ? std::move(all).value() : Tensor();
  }

  Tensor elementwise(const Node& node) {
    std::vector<Tensor> in(node.in.size());
    // Constants last: whether they fit is known with the root.
    for (const bool constants : {false, true})
      for (size_t i = 0; i < in.size(); ++i) {
        if (node.in[i] == kNoValue || (r_.constant(node.in[i]) != nullptr) != constants) continue;
        in[i] = of(node.in[i]);
        if (!in[i].defined()) return {};
      }
    return result_of(node, in);
  }

  const Rewriter& r_;
  ValueId root_ = kNoValue;
  int nodes_ = 0;
  std::map<ValueId, Tensor> known_;
};

// Its inputs are the result's scale and zero point, and then of each part the bytes, scale and zero point.
Status concat(Rewriter& r, NodeId n) {
  Node part = r.node(n);
  const std::vector<ValueId> in = part.in;
  const int64_t axis = r.attrs(n).i64("axis");
  part.set("axis", int64_t{0});
  // Undefined when it is no constant of one element.
  const auto number = [&](ValueId v) {
    const Tensor* const t = r.constant(v);
    return t != nullptr && t->elements() == 1 ? *t : Tensor();
  };
  std::vector<std::pair<ValueId, Tensor>> parts;  // and the table; undefined: it is what it was
  for (size_t i = 2; i + 2 < in.size(); i += 3) {
    const DType type = r.dtype(in[i]);
    if (type != DType::kI8 && type != DType::kU8) return ok();
    LITE_ASSIGN(const Tensor bytes, ops::every_byte(type));
    const std::vector<Tensor> args{number(in[0]), number(in[1]), bytes, number(in[i + 1]), number(in[i + 2])};
    if (!std::all_of(args.begin(), args.end(), [](const Tensor& t) { return t.defined(); })) return ok();
    part.in.resize(args.size());
    const Tensor table = result_of(part, args);
    if (!table.defined()) return ok();
    parts.emplace_back(in[i], same_bits(table, bytes) ? Tensor() : table);
  }
  std::vector<ValueId> values;
  values.reserve(parts.size());
  for (const auto& [x, table] : parts)
    values.push_back(table.defined() ? r.add("LookupBytes", {x, r.add_constant({}, table)}, {}, "lite") : x);
  r.remake(r.out(n), "Concat", std::move(values), {{"axis", axis}});
  return ok();
}

}  // namespace

Result<bool> lookup_bytes(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"QuantizeLinear", "QLinearConcat"})) return false;
  for (NodeId n = 0; n < r.num_nodes(); ++n) {
    if (r.is(n, "QLinearConcat", "com.microsoft")) {
      LITE_TRY(concat(r, n));
    } else if (const auto y = read_quantize(r, n)) {
      Tables tables(r);
      const Tensor real = tables.of(r.in(n, 0));
      if (!real.defined() || real.dims() != Dims{256}) continue;
      if (const Tensor table = result_of(r, n, real); table.defined())
        r.remake(y->q, "LookupBytes", {tables.root(), r.add_constant({}, table)}, {}, "lite");
    }
  }
  return r.changed();
}

}  // namespace lite::passes
