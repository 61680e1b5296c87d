#include <algorithm>

#include "core/ir/check_data.h"
#include "core/ir/fact.h"
#include "core/ir/op_def.h"
#include "core/ir/shape_content.h"

namespace lite {
namespace {

// Combines what inference found with what the file declares; the more exact of the two wins.
Status merge(Fact& inferred, const Fact& declared) {
  if (declared.dtype == DType::kUndefined && !declared.has_rank && !declared.element) return ok();
  if (inferred.kind == Kind::kTensor && inferred.dtype == DType::kUndefined && !inferred.has_rank &&
      !inferred.element) {
    inferred = declared;
    return ok();
  }
  if (inferred.kind != declared.kind)
    return invalid_model("it is a ", kind_name(inferred.kind), ", declared a ", kind_name(declared.kind));
  if (inferred.kind != Kind::kTensor) {
    if (innermost_dtype(inferred) == DType::kUndefined) inferred.element = declared.element;
    return ok();
  }
  if (inferred.dtype == DType::kUndefined) inferred.dtype = declared.dtype;
  if (declared.dtype != DType::kUndefined && inferred.dtype != declared.dtype)
    return invalid_model("its element type is ", dtype_name(inferred.dtype), ", declared ",
                         dtype_name(declared.dtype));
  if (!declared.has_rank) return ok();
  if (!inferred.has_rank) {
    inferred.has_rank = true;
    inferred.dims = declared.dims;
    return ok();
  }
  if (inferred.rank() != declared.rank())
    return invalid_model("its shape is ", inferred.dims, ", declared ", declared.dims);
  for (size_t i = 0; i < inferred.rank(); ++i) {
    int64_t& a = inferred.dims[i];
    const int64_t b = declared.dims[i];
    if (a >= 0 && b >= 0 && a != b)
      return invalid_model("its shape is ", inferred.dims, ", declared ", declared.dims);
    if (a == kUnknownDim || (a < 0 && b >= 0)) a = b;
  }
  return ok();
}

// Each round of a loop's inference infers its body, which infers the bodies inside: the work may double, or
// more, with every level. Past so many nodes of inner bodies their results count as unknown.
constexpr int64_t kMostInnerNodes = int64_t{1} << 18;
constinit thread_local int body_depth = 0;
constinit thread_local int64_t inner_nodes = 0;

struct InBody {
  explicit InBody(const Graph& body) {
    if (body_depth++ == 0)
      inner_nodes = 0;
    else
      inner_nodes += 1 + body.num_nodes();
  }
  InBody(const InBody&) = delete;
  InBody& operator=(const InBody&) = delete;
  ~InBody() { --body_depth; }
};

Result<std::vector<Fact>> infer_body_facts(const Graph& body, std::span<const Fact> inputs, const Node& owner,
                                           std::span<const Fact> owner_in) {
  const InBody in_body(body);
  if (inner_nodes > kMostInnerNodes) {
    std::vector<Fact> out;
    for (const ValueId v : body.outputs) {
      Fact& f = out.emplace_back(body.value(v).fact);
      f.has_rank = false;
      f.dims = {};
    }
    return out;
  }
  Graph copy = body;
  for (const Capture& c : copy.captures)
    if (static_cast<size_t>(c.input) < owner_in.size())
      copy.value(c.inner).fact = owner_in[static_cast<size_t>(c.input)];
  LITE_TRY(infer_graph(copy, inputs).with_context(cat("body of '", owner.name, "'")));
  std::vector<Fact> out;
  for (const ValueId v : copy.outputs) out.push_back(copy.value(v).fact);
  return out;
}

// What an attribute or a constant makes of an output may be a type that the operator does not have.
Status check_output_type(const OpDef& op, size_t i, const Fact& fact) {
  if (fact.kind != Kind::kTensor || fact.dtype == DType::kUndefined || op.outputs.empty()) return ok();
  const OperandSpec& spec = op.outputs[std::min(i, op.outputs.size() - 1)];
  if (spec.types.has(fact.dtype)) return ok();
  return unsupported(op.name, ": output ", i, " '", spec.name, "' would be ", dtype_name(fact.dtype),
                     ", which it cannot be");
}

// `size` elements, on the heap only when they are more than a few.
template <class T, size_t kFew>
class Few {
 public:
  explicit Few(size_t size) : size_(size) {
    if (size > kFew) many_.resize(size);
  }
  operator std::span<T>() { return {size_ > kFew ? many_.data() : few_, size_}; }

 private:
  size_t size_;
  T few_[kFew] = {};
  std::vector<T> many_;
};

}  // namespace

Status infer_node(Graph& g, NodeId id, std::vector<Tensor>& known) {
  const Node& n = g.node(id);
  // Types may have become known since it was added.
  LITE_TRY(check_node(g, n));
  known.resize(static_cast<size_t>(g.num_values()));
  Few<Fact, 4> in_facts(n.in.size());
  Few<Fact, 1> out_facts(n.out.size());
  Few<const Tensor*, 8> in_values(n.in.size());
  Few<Tensor, 1> known_out(n.out.size());
  const std::span<Fact> in = in_facts, out = out_facts;
  const std::span<const Tensor*> values = in_values;
  const std::span<Tensor> out_values = known_out;
  for (size_t i = 0; i < n.in.size(); ++i) {
    if (n.in[i] == kNoValue) continue;
    const Value& v = g.value(n.in[i]);
    in[i] = v.fact;
    if (Status s = check_size(v.fact); !s.is_ok())
      return std::move(s).with_context(cat("value '", v.name, "'"));
    if (v.is_constant())
      values[i] = &v.constant;
    else if (known[static_cast<size_t>(n.in[i])].defined())
      values[i] = &known[static_cast<size_t>(n.in[i])];
  }
  InferArgs args{AttrReader(n), in, values, out, out_values, {}};
  args.infer_body = [&](const Graph& body, std::span<const Fact> formal) {
    return infer_body_facts(body, formal, n, in);
  };
  LITE_TRY(n.op->infer(args));
  refine_by_shape_content(g, n, known, in, out);

  // Small integer values, and what comparing them gives, are followed through the graph, so that shapes
  // computed from shapes are known here already.
  const bool small = std::all_of(n.in.begin(), n.in.end(),
                                 [&](ValueId v) { return v == kNoValue || g.value(v).fact.is_static(); }) &&
                     std::all_of(out.begin(), out.end(), [](const Fact& f) {
                       return f.is_static() && (types::kIndex | DType::kBool).has(f.dtype) &&
                              checked_elements(f.dims).value_or(1 << 20) <= 64;
                     });
  if (small && (n.op->traits & (kRandom | kHasBody)) == 0 && !n.in.empty()) {
    bool all = true;
    int64_t work = 0;
    std::vector<Datum> data(n.in.size());
    std::vector<const Datum*> ptrs(n.in.size(), nullptr);
    for (size_t i = 0; i < n.in.size() && all; ++i) {
      if (n.in[i] == kNoValue) continue;
      if (values[i] == nullptr) {
        all = false;
        break;
      }
      work += values[i]->elements();
      data[i].tensor = *values[i];
      ptrs[i] = &data[i];
    }
    if (all && work <= 4096) {
      std::vector<Datum> results(n.out.size());
      if (evaluate_node(n, ptrs, results).is_ok())
        for (size_t i = 0; i < results.size(); ++i)
          if (!out_values[i].defined()) out_values[i] = results[i].tensor;
    }
  }
  for (size_t i = 0; i < n.out.size(); ++i) {
    if (n.out[i] == kNoValue) continue;
    Value& v = g.value(n.out[i]);
    Status s = merge(out[i], v.fact);
    if (s.is_ok()) s = check_size(out[i]);
    if (s.is_ok()) s = check_output_type(*n.op, i, out[i]);
    if (!s.is_ok()) return std::move(s).with_context(cat("value '", v.name, "'"));
    v.fact = std::move(out[i]);
    if (out_values[i].defined()) known[static_cast<size_t>(n.out[i])] = std::move(out_values[i]);
  }
  return ok();
}

Status infer_graph(Graph& g, std::span<const Fact> inputs, bool materialise) {
  for (size_t i = 0; i < inputs.size() && i < g.inputs.size(); ++i) g.value(g.inputs[i]).fact = inputs[i];
  LITE_ASSIGN(const std::vector<NodeId> order, g.topological_order());
  std::vector<Tensor> known(static_cast<size_t>(g.num_values()));
  for (const NodeId id : order) {
    const Node& n = g.node(id);
    if (Status s = infer_node(g, id, known); !s.is_ok())
      return std::move(s).with_context(cat(n.op->name, " '", n.name, "'"));
  }
  if (materialise)
    for (ValueId v = 0; v < g.num_values(); ++v)
      if (known[static_cast<size_t>(v)].defined())
        g.make_constant(v, std::move(known[static_cast<size_t>(v)]));
  return ok();
}

}  // namespace lite
