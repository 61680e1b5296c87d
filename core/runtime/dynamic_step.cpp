#include "core/runtime/dynamic_step.h"

#include <algorithm>

#include "core/base/memory_budget.h"
#include "core/compile/compiler.h"
#include "core/ir/check_data.h"
#include "core/ir/fact.h"

namespace lite {
namespace {

constexpr size_t kKernelsKept = 8;
constexpr double kWorthCode = 4e6;  // floating point operations

bool same_operands(std::span<const Operand> a, std::span<const Datum* const> b) {
  for (size_t i = 0; i < a.size(); ++i) {
    const bool present = b[i] != nullptr;
    if (present != a[i].present()) return false;
    if (present && (b[i]->tensor.dtype() != a[i].dtype || !(b[i]->tensor.dims() == a[i].dims))) return false;
  }
  return true;
}

// A body as a graph of its own: captured values become further inputs. Declared shapes of inputs are dropped,
// since exporters are careless with them; the real ones come with each run.
Graph body_graph(const Graph& body) {
  Graph g = body;
  for (const Capture& c : g.captures) g.inputs.push_back(c.inner);
  g.captures.clear();
  for (const ValueId v : g.inputs) {
    Fact& f = g.value(v).fact;
    f = without_shapes(f);
  }
  return g;
}

// Takes outputs that are inputs as they came off the graph, so that nothing is copied for them. By output:
// the input, or -1.
std::vector<int32_t> take_passed(Graph& g) {
  std::vector<int32_t> passed;
  std::vector<ValueId> made;
  const auto is_identity = [&](NodeId n) {
    return n != kNoNode && std::string_view(g.node(n).op->name) == "Identity";
  };
  for (const ValueId v : g.outputs) {
    ValueId from = v;
    while (is_identity(g.value(from).producer)) from = g.node(g.value(from).producer).in[0];
    const auto input = std::find(g.inputs.begin(), g.inputs.end(), from);
    passed.push_back(input == g.inputs.end() ? -1 : static_cast<int32_t>(input - g.inputs.begin()));
    if (passed.back() < 0) made.push_back(v);
  }
  g.outputs = std::move(made);
  return passed;
}

}  // namespace

DynamicStep::~DynamicStep() = default;

Result<DynamicStep::Body*> DynamicStep::body_for(std::string_view attr, const Graph& graph) {
  if (const auto it = bodies_.find(attr); it != bodies_.end()) return &it->second;
  const MemoryBudget::Scope none(nullptr);
  Graph g = body_graph(graph);
  Body made;
  made.passed = take_passed(g);
  LITE_ASSIGN(std::shared_ptr<Model> model, Model::create(std::move(g), model_.options(), model_.packs()));
  made.session.reset(new Session(std::move(model), arenas_, depth_, graph.inputs.size()));
  return &bodies_.emplace(attr, std::move(made)).first->second;
}

Status DynamicStep::run_body(std::string_view attr, std::span<Datum> inputs,
                             std::span<const Datum* const> step_in, std::vector<Datum>& outputs,
                             const Parallel& parallel) {
  const Graph* graph = AttrReader(step_.node).graph(attr);
  if (graph == nullptr) return invalid_model(step_.node.op->name, ": body '", attr, "' is missing");
  if (inputs.size() != graph->inputs.size())
    return invalid_model(step_.node.op->name, ": body '", attr, "' takes ", graph->inputs.size(), " inputs, ",
                         inputs.size(), " given");
  LITE_ASSIGN(Body* const body, body_for(attr, *graph));
  Session& session = *body->session;
  const auto captured = [&](size_t i) { return step_in[static_cast<size_t>(graph->captures[i].input)]; };
  if (body->run != runs_) {
    for (size_t i = 0; i < graph->captures.size(); ++i)
      if (captured(i) != nullptr) LITE_TRY(session.set_input(inputs.size() + i, *captured(i)));
    body->run = runs_;
  }
  outputs.assign(body->passed.size(), Datum());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (body->passed[i] < 0) continue;
    const auto from = static_cast<size_t>(body->passed[i]);
    if (from < inputs.size())
      outputs[i] = inputs[from];
    else if (const Datum* const d = captured(from - inputs.size()))
      outputs[i] = *d;
  }
  for (size_t i = 0; i < inputs.size(); ++i) LITE_TRY(session.set_input(i, std::move(inputs[i])));
  LITE_TRY(session.run_nested(parallel));
  size_t made = 0;
  for (size_t i = 0; i < outputs.size(); ++i)
    if (body->passed[i] < 0) outputs[i] = session.release_output(made++);
  return ok();
}

Result<DynamicStep::Made*> DynamicStep::kernel_for(std::span<const Datum* const> in) {
  for (size_t k = 0; k < made_.size(); ++k) {
    if (!same_operands(made_[k]->in, in)) continue;
    std::rotate(made_.begin(), made_.begin() + static_cast<std::ptrdiff_t>(k),
                made_.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    return made_.front().get();
  }
  const Node& n = step_.node;
  LITE_TRY(check_data(n, in, step_.out.size()));
  auto made = std::make_unique<Made>();
  std::vector<Fact> facts(in.size()), out_facts(step_.out.size());
  std::vector<const Tensor*> values(in.size(), nullptr);
  made->in.resize(in.size());
  bool known = true;
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i] == nullptr) continue;
    const Tensor& t = in[i]->tensor;
    if (in[i]->kind != Kind::kTensor || t.dtype() == DType::kString || t.elements() == 0) known = false;
    facts[i] = Fact(t.dtype(), t.dims());
    made->in[i].dtype = t.dtype();
    made->in[i].dims = t.dims();
  }
  std::vector<Tensor> out_values(step_.out.size());
  if (known && n.op->infer({AttrReader(n), facts, values, out_facts, out_values, {}}).is_ok()) {
    for (const Fact& f : out_facts) {
      Operand o;
      if (!f.is_static() || !check_size(f).is_ok() || f.dtype == DType::kUndefined ||
          f.dtype == DType::kString || lite::elements(f.dims) == 0)
        known = false;
      o.dtype = f.dtype;
      o.dims = f.dims;
      made->out.push_back(std::move(o));
    }
    if (known) {
      const NodeQuery query{n, made->in, made->out, model_.options().kernel};
      std::vector<const KernelDef*> defs = kernels::candidates(query);
      // Shapes that keep changing are not worth code of their own for work that is done sooner than that is
      // made.
      if (made_.size() == kKernelsKept && estimate_work(n, made->in, made->out).flops < kWorthCode)
        std::stable_partition(defs.begin(), defs.end(), [](const KernelDef* def) {
          return !std::string_view(def->name).ends_with(":onednn");
        });
      for (const KernelDef* def : defs) {
        auto kernel = def->make(query, *model_.packs());
        if (!kernel.is_ok()) continue;
        LITE_ASSIGN(auto workspace, PackCache::allocate(kernel.value()->workspace_bytes()));
        made->workspace = std::move(workspace.data);
        made->kernel = std::move(kernel).value();
        break;
      }
    }
  }
  if (made_.size() == kKernelsKept) made_.pop_back();
  made_.insert(made_.begin(), std::move(made));
  return made_.front().get();
}

Status DynamicStep::run_kernel(const Made& made, std::span<const Datum* const> in, std::span<Datum> out,
                               const Parallel& parallel) {
  std::vector<void*> table;
  std::vector<uint32_t> in_ids, out_ids;
  for (const Datum* d : in) {
    in_ids.push_back(static_cast<uint32_t>(table.size()));
    table.push_back(d == nullptr ? nullptr : const_cast<void*>(d->tensor.raw()));
  }
  for (size_t i = 0; i < out.size(); ++i) {
    Tensor& t = out[i].tensor;
    if (!t.defined() || t.dtype() != made.out[i].dtype || !(t.dims() == made.out[i].dims)) {
      LITE_ASSIGN(t, Tensor::allocate(made.out[i].dtype, made.out[i].dims));
    }
    out_ids.push_back(static_cast<uint32_t>(table.size()));
    table.push_back(t.mutable_raw());
  }
  return made.kernel->run({table.data(), in_ids.data(), out_ids.data(), made.workspace.get(), &parallel});
}

Status DynamicStep::run(std::span<const Datum* const> in, std::span<Datum* const> spent, std::span<Datum> out,
                        const Parallel& parallel) {
  const Node& n = step_.node;
  ++runs_;
  if ((n.op->traits & (kHasBody | kOnSequences | kRandom | kDataDependentShape)) == 0) {
    LITE_ASSIGN(Made* const made, kernel_for(in));
    if (made->kernel != nullptr) return run_kernel(*made, in, out, parallel);
  }
  if (n.op->reference == nullptr) return unsupported(n.op->name, ": has no reference implementation");
  LITE_TRY(check_data(n, in, out.size()));
  std::vector<void*> given(out.size(), nullptr);
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i].tensor.defined()) given[i] = out[i].tensor.mutable_raw();
  EvalArgs args(n);
  args.in = in;
  args.spent = spent;
  args.out = out;
  args.parallel = &parallel;
  args.run_body = [&](std::string_view attr, std::span<Datum> inputs, std::vector<Datum>& outputs) {
    return run_body(attr, inputs, in, outputs, parallel);
  };
  LITE_TRY(n.op->reference(args));
  for (size_t i = 0; i < out.size(); ++i)
    if (out[i].kind != Kind::kTensor || given[i] == nullptr || out[i].tensor.raw() != given[i])
      LITE_TRY(out[i].own());
  return ok();
}

}  // namespace lite
