// Growing the graph: nodes with facts, and the short words that translations use.
#include <algorithm>
#include <cmath>

#include "core/import/megengine/translator.h"
#include "core/ops/registry.h"
#include "core/ops/widen.h"

namespace lite::mge {

std::vector<ValueId> Builder::add_all(const char* op, size_t n, std::vector<ValueId> in,
                                      std::vector<Attr> attrs, const char* domain) {
  std::vector<ValueId> out(n, kNoValue);
  if (failed()) return out;
  if (++nodes_ > limits_.max_nodes) {
    fail_with(fail(Code::kLimitExceeded, "the model needs more than ", limits_.max_nodes,
                   " nodes (limit max_nodes)"));
    return out;
  }
  Node node;
  node.op = ops::find(domain, op);
  if (node.op == nullptr) {
    fail_with(unsupported("it becomes the operator ", op, ", which is not in this build"));
    return out;
  }
  node.name = node_name_;
  node.in = std::move(in);
  while (!node.in.empty() && node.in.back() == kNoValue) node.in.pop_back();
  node.attrs = std::move(attrs);
  for (ValueId& v : out) {
    v = graph_.add_value(node_name_);
    traced_.add_value({});
  }
  node.out = out;
  Status s = append(std::move(node));
  if (s.is_ok()) return out;
  fail_with(std::move(s));
  return std::vector<ValueId>(n, kNoValue);
}

Status Builder::append(Node node) {
  LITE_TRY(check_node(graph_, node));
  const NodeId n = traced_.add_node(node);
  LITE_TRY(infer_node(graph_, graph_.add_node(std::move(node)), known_));
  return infer_node(traced_, n, traced_known_);
}

ValueId Builder::add(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs, const char* domain) {
  return add_all(op, 1, std::move(in), std::move(attrs), domain)[0];
}

ValueId Builder::add(const char* op, std::initializer_list<ValueId> in, std::initializer_list<Attr> attrs,
                     const char* domain) {
  return add(op, std::vector<ValueId>(in), std::vector<Attr>(attrs), domain);
}

ValueId Builder::ints(std::span<const int64_t> v) { return constant(Tensor::vector_i64(v)); }
ValueId Builder::shape_of(ValueId v) { return add("Shape", {v}); }
ValueId Builder::reshape(ValueId v, std::initializer_list<int64_t> dims) {
  return add("Reshape", {v, ints(dims)});
}

ValueId Builder::constant(Tensor t) {
  if (failed()) return kNoValue;
  traced_.add_constant({}, t);
  return graph_.add_constant(node_name_, std::move(t));
}

ValueId Builder::input(std::string name, DType type, const Dims& traced) {
  traced_.add_input({}, Fact(type, traced));
  return graph_.add_input(std::move(name), Fact(type, Dims(traced.size(), kUnknownDim)));
}

ValueId Builder::number(DType type, double v) {
  if (failed()) return kNoValue;
  Result<Tensor> r = ops::scalar_of(type, v);
  if (!r.is_ok()) {
    fail_with(r.status());
    return kNoValue;
  }
  return constant(std::move(r).value());
}

ValueId Builder::cast(ValueId v, DType to) {
  if (failed() || dtype(v) == to) return v;
  return add("Cast", {v}, {attr("to", static_cast<int64_t>(to))});
}

ValueId Builder::transpose(ValueId v, std::vector<int64_t> perm) {
  return add("Transpose", {v}, {attr("perm", std::move(perm))});
}

ValueId Builder::dims_of(ValueId v, int64_t from, int64_t to) {
  return add("Shape", {v}, {attr("start", from), attr("end", to)});
}

ValueId Builder::concat(std::vector<ValueId> parts, int64_t axis) {
  if (parts.size() == 1) return parts[0];
  return add("Concat", std::move(parts), {attr("axis", axis)});
}

ValueId Builder::reshape_to(ValueId v, std::vector<ValueId> parts) {
  return add("Reshape", {v, concat(std::move(parts))});
}

ValueId Builder::slice(ValueId v, int64_t axis, int64_t from, int64_t to) {
  return add("Slice", {v, ints({from}), ints({to}), ints({axis})});
}

ValueId Builder::squeeze(ValueId v, std::vector<int64_t> axes) {
  return axes.empty() ? v : add("Squeeze", {v, ints(axes)});
}

ValueId Builder::unsqueeze(ValueId v, std::vector<int64_t> axes) {
  return axes.empty() ? v : add("Unsqueeze", {v, ints(axes)});
}

ValueId Builder::dequantize(ValueId v, const ElementType& type) {
  if (type.dtype == DType::kI32)
    // A node of its own would do, too, but only int32 without zero point, which this is.
    return add("Mul", {cast(v, DType::kF32), number(DType::kF32, static_cast<double>(type.scale))});
  return add("DequantizeLinear", {v, number(DType::kF32, static_cast<double>(type.scale)),
                                  type.zero == 0 ? kNoValue : number(type.dtype, type.zero)});
}

ValueId Builder::quantize(ValueId v, const ElementType& type) {
  const ValueId scale = number(DType::kF32, static_cast<double>(type.scale));
  if (type.dtype == DType::kI32 || type.dtype == DType::kI16) {
    const double limit = type.dtype == DType::kI32 ? 2147483520.0 : 32767.0;  // the largest float that fits
    const ValueId rounded = add("RoundAway", {add("Div", {v, scale})}, {}, "megengine");
    return cast(add("Clip", {rounded, number(DType::kF32, -limit - 1), number(DType::kF32, limit)}),
                type.dtype);
  }
  return add("QuantizeLinear", {v, scale, number(type.dtype, type.zero)});
}

const Fact& Builder::fact(ValueId v) const {
  static const Fact unknown;
  return v == kNoValue ? unknown : graph_.value(v).fact;
}

const Fact& Builder::traced(ValueId v) const {
  static const Fact unknown;
  return v == kNoValue ? unknown : traced_.value(v).fact;
}

int64_t Builder::rank(ValueId v) {
  const Fact& f = fact(v);
  if (f.has_rank) return static_cast<int64_t>(f.rank());
  fail_with(unsupported("the number of dimensions of an input is not known before it runs"));
  return -1;
}

const Tensor* Builder::known(ValueId v) const {
  if (v == kNoValue) return nullptr;
  if (graph_.value(v).is_constant()) return &graph_.value(v).constant;
  const auto i = static_cast<size_t>(v);
  return i < known_.size() && known_[i].defined() ? &known_[i] : nullptr;
}

int64_t Builder::dim(ValueId v, int64_t axis) const {
  const Fact& f = fact(v);
  if (axis < 0) axis += static_cast<int64_t>(f.rank());
  if (!f.has_rank || axis < 0 || axis >= static_cast<int64_t>(f.rank())) return -1;
  return std::max<int64_t>(f.dims[static_cast<size_t>(axis)], -1);
}

Status Builder::charge(uint64_t bytes) {
  constexpr uint64_t kAlways = uint64_t{256} << 20;
  const uint64_t limit = std::min(limits_.max_decoded_bytes, kAlways + 16 * source_bytes_);
  if (bytes > limit - std::min(limit, decoded_))
    return fail(Code::kLimitExceeded, "constants need more than ", limit,
                " bytes of memory (limit max_decoded_bytes)");
  decoded_ += bytes;
  return ok();
}

Attr attr(const char* name, int64_t v) { return {name, v}; }
Attr attr(const char* name, float v) { return {name, v}; }
Attr attr(const char* name, const char* v) { return {name, std::string(v)}; }
Attr attr(const char* name, std::vector<int64_t> v) { return {name, std::move(v)}; }

}  // namespace lite::mge
