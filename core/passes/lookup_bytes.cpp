// What depends on one byte only, between DequantizeLinear and QuantizeLinear, becomes a table of its 256
// values: Sigmoid, HardSwish, Gelu in pieces, another scale, and Swish of which the factors are quantised on
// the way. The table holds what the nodes' references make of each.

#include <cstring>
#include <map>
#include <vector>

#include "core/passes/passes.h"
#include "core/passes/quantized.h"

namespace lite::passes {
namespace {

constexpr int kMostNodes = 64;

Result<Tensor> all_bytes(DType type) {
  LITE_ASSIGN(Tensor all, Tensor::allocate(type, {256}));
  for (int i = 0; i < 256; ++i) all.mutable_data<uint8_t>()[i] = static_cast<uint8_t>(i);
  return all;
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
    if (const auto x = dequantized(r_, v))
      table = evaluate(n, bytes(*x));
    else if (is_elementwise(r_.node(n)))
      table = evaluate(n, {});
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
    auto all = all_bytes(x.type);
    return all.is_ok() ? std::move(all).value() : Tensor();
  }

  // The node's result, with `first` for its first input where that is given.
  Tensor evaluate(NodeId n, const Tensor& first) {
    const Node& node = r_.node(n);
    const bool dequantizes = std::string_view(node.op->name) == "DequantizeLinear";
    std::vector<Datum> in(node.in.size()), out(1);
    std::vector<const Datum*> places(in.size(), nullptr);
    // Constants last: whether they fit is known with the root.
    for (const bool constants : {false, true})
      for (size_t i = 0; i < in.size(); ++i) {
        if (node.in[i] == kNoValue || (r_.constant(node.in[i]) != nullptr) != constants) continue;
        if (dequantizes && i > 0)
          in[i] = r_.constant(node.in[i])->reshaped({});
        else
          in[i] = dequantizes ? first : of(node.in[i]);
        if (!in[i].tensor.defined()) return {};
        places[i] = &in[i];
      }
    return evaluate_node(node, places, out).is_ok() ? out[0].tensor : Tensor();
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
  std::vector<std::pair<ValueId, Tensor>> parts;  // and the table; undefined: it is what it was
  for (size_t i = 2; i + 2 < in.size(); i += 3) {
    const DType type = r.dtype(in[i]);
    if (type != DType::kI8 && type != DType::kU8) return ok();
    LITE_ASSIGN(const Tensor bytes, all_bytes(type));
    std::vector<Datum> args(5), out(1);
    std::vector<const Datum*> places(args.size());
    for (size_t k = 0; k < args.size(); ++k) {
      const Tensor* const constant = k == 2 ? &bytes : r.constant(in[k < 2 ? k : i + k - 2]);
      if (constant == nullptr || (k != 2 && constant->elements() != 1)) return ok();
      args[k] = *constant;
      places[k] = &args[k];
    }
    part.in.resize(args.size());
    if (!evaluate_node(part, places, out).is_ok()) return ok();
    const Tensor& table = out[0].tensor;
    const bool is_same = table.dtype() == type && std::memcmp(table.raw(), bytes.raw(), bytes.bytes()) == 0;
    parts.emplace_back(in[i], is_same ? Tensor() : table);
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
    if (!r.alive(n)) continue;
    if (r.is(n, "QLinearConcat", "com.microsoft")) LITE_TRY(concat(r, n));
    if (!r.alive(n)) continue;
    const auto y = read_quantize(r, n);
    if (!y) continue;
    Tables tables(r);
    const Tensor real = tables.of(r.in(n, 0));
    if (!real.defined() || real.dims() != Dims{256}) continue;
    std::vector<Datum> in(r.node(n).in.size()), out(1);
    std::vector<const Datum*> places(in.size(), nullptr);
    for (size_t i = 0; i < in.size(); ++i) {
      if (r.in(n, i) == kNoValue) continue;
      in[i] = i == 0 ? real : r.constant_in(n, i)->reshaped({});
      places[i] = &in[i];
    }
    if (!evaluate_node(r.node(n), places, out).is_ok()) continue;
    r.remake(y->q, "LookupBytes", {tables.root(), r.add_constant({}, out[0].tensor)}, {}, "lite");
  }
  return r.changed();
}

}  // namespace lite::passes
