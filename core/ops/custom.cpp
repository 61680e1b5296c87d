#include "core/ops/custom.h"

#include <algorithm>

namespace lite::ops {
namespace {

// Everything known of an output agrees with what the run has found.
Status check_found(const Fact& known, size_t i, DType dtype, const Dims& dims) {
  const bool same_type = known.dtype == DType::kUndefined || known.dtype == dtype;
  bool same_dims = !known.has_rank || known.rank() == dims.size();
  for (size_t d = 0; same_dims && known.has_rank && d < dims.size(); ++d)
    same_dims = known.dims[d] < 0 || known.dims[d] == dims[d];
  if (same_type && same_dims) return ok();
  Error e = fail(Code::kShapeMismatch, "output ", i, " is ", dtype_name(dtype), dims, " in the run, ");
  e.message += known.dtype == DType::kUndefined ? "any type" : dtype_name(known.dtype);
  e.message += known.has_rank ? cat(known.dims) : "[...]";
  e.message += " was inferred";
  return e;
}

// A run on tensors whose shapes are known only now.
class EvalIo final : public CustomIo {
 public:
  // `facts`: what infer makes of the inputs as they are.
  EvalIo(const EvalArgs& args, std::span<const Fact> facts)
      : args_(args), facts_(facts), made_(facts.size()) {}

  // Storage for what is known already.
  Status prepare() {
    for (size_t i = 0; i < facts_.size(); ++i) {
      if (!wants(i)) continue;
      const Tensor& given = args_.out[i].tensor;
      if (given.defined()) {
        LITE_TRY(check_found(facts_[i], i, given.dtype(), given.dims()));
        made_[i] = true;
      } else if (facts_[i].is_static() && facts_[i].dtype != DType::kUndefined) {
        LITE_TRY(args_.output(i, facts_[i].dtype, facts_[i].dims).status());
        made_[i] = true;
      }
    }
    return ok();
  }
  Status check_made() const {
    for (size_t i = 0; i < facts_.size(); ++i)
      if (wants(i) && !made_[i]) return fail(Code::kShapeMismatch, "the run gave output ", i, " no shape");
    return ok();
  }

  CustomTensor in(size_t i) const override {
    if (!args_.has(i)) return {};
    const Tensor& t = args_.input(i);
    return {true, t.dtype(), &t.dims(), const_cast<void*>(t.raw())};
  }
  CustomTensor out(size_t i) const override {
    if (!wants(i)) return {};
    if (!made_[i]) return {true, facts_[i].dtype, facts_[i].has_rank ? &facts_[i].dims : nullptr, nullptr};
    Tensor& t = args_.out[i].tensor;
    return {true, t.dtype(), &t.dims(), t.mutable_raw()};
  }
  Result<void*> allocate(size_t i, DType dtype, const Dims& dims) override {
    LITE_TRY(check_found(facts_[i], i, dtype, dims));
    const Tensor& given = args_.out[i].tensor;
    if (made_[i] && !given.owner()) LITE_TRY(check_found(Fact(given.dtype(), given.dims()), i, dtype, dims));
    const auto& specs = args_.attrs.node().op->outputs;
    if (!specs[std::min(i, specs.size() - 1)].types.has(dtype))
      return unsupported("output ", i, " cannot be ", dtype_name(dtype));
    LITE_ASSIGN(Tensor* const t, args_.output(i, dtype, dims));
    made_[i] = true;
    return t->mutable_raw();
  }

 private:
  // Outputs that the node leaves out keep their place.
  bool wants(size_t i) const { return args_.wants(i) && args_.attrs.node().out[i] != kNoValue; }

  const EvalArgs& args_;
  std::span<const Fact> facts_;
  std::vector<char> made_;
};

Status infer(const InferArgs& a) { return custom(a.attrs.node())->op()->infer(a); }

Status reference(const EvalArgs& a) {
  const CustomNodeOp& own = *custom(a.attrs.node());
  std::vector<Fact> in(a.num_in()), out(a.out.size());
  std::vector<const Tensor*> values(in.size(), nullptr);
  for (size_t i = 0; i < in.size(); ++i) {
    if (!a.has(i)) continue;
    in[i] = Fact(a.input(i).dtype(), a.input(i).dims());
    values[i] = &a.input(i);
  }
  std::vector<Tensor> contents(out.size());
  const InferArgs known{a.attrs, in, values, out, contents, {}};
  LITE_TRY(own.op()->infer(known));
  LITE_ASSIGN(void* const state, own.state({a.attrs, in, values, {}, {}, {}}));
  EvalIo io(a, out);
  LITE_TRY(io.prepare());
  LITE_TRY(own.op()->run(a.attrs.node(), state, io, a.parallel));
  return io.check_made();
}

template <class F>
Status each_node(const Graph& graph, F&& f) {
  for (NodeId id = 0; id < graph.num_nodes(); ++id) {
    if (!graph.alive(id)) continue;
    const Node& n = graph.node(id);
    if (const CustomNodeOp* const own = custom(n)) LITE_TRY(f(graph, n, *own));
    for (const Attr& a : n.attrs)
      if (const auto* body = std::get_if<Attr::Graphs>(&a.data)) LITE_TRY(each_node(**body, f));
  }
  return ok();
}

}  // namespace

CustomOp::CustomOp(Description description)
    : description_(std::move(description)),
      qualified_((domain().empty() ? "ai.onnx" : domain()) + "." + name()),
      def_{.name = qualified_.c_str(),
           .domain = description_.domain.c_str(),
           .since = description_.since,
           .inputs = description_.inputs,
           .outputs = description_.outputs,
           .traits = description_.traits | kRegistered,
           .infer = ops::infer,
           .reference = reference} {}

CustomNodeOp::CustomNodeOp(std::shared_ptr<const CustomOp> op) : OpDef(op->def()), op_(std::move(op)) {}

CustomNodeOp::~CustomNodeOp() {
  if (made_) op_->destroy(state_);
}

Result<void*> CustomNodeOp::state(const InferArgs& known) const {
  if (made_.load(std::memory_order_acquire)) return state_;
  const std::lock_guard lock(mutex_);
  if (!made_.load(std::memory_order_relaxed)) {
    LITE_ASSIGN(state_, op_->create(known));
    made_.store(true, std::memory_order_release);
  }
  return state_;
}

const CustomNodeOp* custom(const Node& node) {
  return (node.op->traits & kRegistered) != 0 ? static_cast<const CustomNodeOp*>(node.op.get()) : nullptr;
}

std::shared_ptr<const CustomOp> find(const CustomOps& list, std::string_view domain, std::string_view name,
                                     int64_t opset) {
  std::shared_ptr<const CustomOp> best;
  for (const auto& op : list)
    if (op->name() == name && op->domain() == domain && op->def().since <= opset &&
        (best == nullptr || op->def().since > best->def().since))
      best = op;
  return best;
}

CustomOps used_by(const Graph& graph) {
  CustomOps list;
  const Status none_fails = each_node(graph, [&](const Graph&, const Node&, const CustomNodeOp& own) {
    if (std::find(list.begin(), list.end(), own.op()) == list.end()) list.push_back(own.op());
    return ok();
  });
  (void)none_fails;
  return list;
}

Status make_states(const Graph& graph) {
  return each_node(graph, [](const Graph& g, const Node& n, const CustomNodeOp& own) -> Status {
    std::vector<Fact> in(n.in.size());
    std::vector<const Tensor*> values(n.in.size(), nullptr);
    for (size_t i = 0; i < n.in.size(); ++i) {
      if (n.in[i] == kNoValue) continue;
      const Value& v = g.value(n.in[i]);
      in[i] = v.fact;
      if (v.is_constant()) values[i] = &v.constant;
    }
    return own.state({AttrReader(n), in, values, {}, {}, {}})
        .status()
        .with_context(cat(n.op->name, " '", n.name, "'"));
  });
}

}  // namespace lite::ops
