// Computes what is known before any input is: nodes whose inputs are all constant, and what follows from
// shapes alone.
//
// Never random nodes, never nodes with bodies, and nothing that would make the model larger than
// PassOptions::fold_limit_bytes allows. DequantizeLinear is left to fold_dequantize, for the integer kernels
// want what it takes, not what it makes.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "core/base/memory_budget.h"
#include "core/ops/strided.h"
#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

constexpr uint32_t kNever = kRandom | kHasBody | kOnSequences;

bool all_constant(const Rewriter& r, NodeId n) {
  const auto& in = r.node(n).in;
  return std::all_of(in.begin(), in.end(),
                     [&](ValueId v) { return v == kNoValue || r.constant(v) != nullptr; });
}

// What the node would make, at most; nullopt when that is not known before it runs.
std::optional<size_t> result_bytes(const Rewriter& r, NodeId n) {
  size_t total = 0;
  for (const ValueId v : r.node(n).out) {
    if (v == kNoValue) continue;
    const auto bytes = fact_bytes(r.fact(v));
    if (!bytes) return std::nullopt;
    total += *bytes;
  }
  return total;
}

bool within_limit(const Rewriter& r, NodeId n, const PassOptions& options) {
  size_t in_bytes = 0;
  for (const ValueId v : r.node(n).in)
    if (v != kNoValue) in_bytes += r.constant(v)->bytes();
  // An output whose size depends on the data is at most a few times the input for every operator that has
  // one.
  const auto out_bytes = result_bytes(r, n);
  if (!out_bytes) return in_bytes <= options.fold_limit_bytes / 64;
  return *out_bytes <= std::max(options.fold_limit_bytes, in_bytes);
}

// The work of products and of what is like them. Each index of a product is one of two of its three tensors,
// so their sizes tell it: exact for MatMul, near enough for convolutions.
double work(const Rewriter& r, NodeId n) {
  const Node& node = r.node(n);
  const std::string_view op = node.op->name;
  const bool is_integer_product =
      op == "MatMulInteger" || op == "QLinearMatMul" || op == "ConvInteger" || op == "QLinearConv";
  if (node.op->exactness != Exactness::kAccumulating && !is_integer_product) return 0;
  double first = 1, second = 1, out = 1;  // the two largest inputs
  for (size_t i = 0; i < node.in.size(); ++i) {
    if (r.in(n, i) == kNoValue) continue;
    const auto size = static_cast<double>(r.constant_in(n, i)->elements());
    second = std::max(second, std::min(first, size));
    first = std::max(first, size);
  }
  for (const ValueId v : node.out)
    if (v != kNoValue && r.fact(v).is_static())
      out = std::max(out, static_cast<double>(checked_elements(r.fact(v).dims).value_or(1)));
  return std::sqrt(first * second * out);
}

void fold_node(Rewriter& r, NodeId n, const PassOptions& options) {
  const std::vector<ValueId> outs = r.node(n).out;
  std::vector<Datum> in(r.node(n).in.size()), results(outs.size());
  std::vector<const Datum*> in_ptrs(in.size(), nullptr);
  size_t in_bytes = 0, out_bytes = 0;
  for (size_t i = 0; i < in.size(); ++i) {
    if (r.in(n, i) == kNoValue) continue;
    in[i] = *r.constant_in(n, i);
    in_ptrs[i] = &in[i];
    in_bytes += in[i].tensor.bytes();
  }
  const double needed = work(r, n);
  if (options.budget != nullptr) {
    if (needed > options.budget->work) return;
    options.budget->work -= needed;
  }
  {
    // The result, and as much again for what is needed on the way.
    const size_t most = std::max(options.fold_limit_bytes, in_bytes);
    const MemoryBudget::Scope scope(
        std::make_shared<MemoryBudget>(most > SIZE_MAX / 2 ? SIZE_MAX : 2 * most, "fold_limit"));
    // A node that fails on its constants fails at run time, with its name, if it is ever reached.
    if (!evaluate_node(r.node(n), in_ptrs, results).is_ok()) return;
  }
  for (const Datum& d : results) out_bytes += d.tensor.bytes();
  if (options.budget != nullptr && out_bytes > in_bytes) {
    if (out_bytes - in_bytes > options.budget->bytes) return;
    options.budget->bytes -= out_bytes - in_bytes;
  }
  for (size_t i = 0; i < outs.size(); ++i)
    if (outs[i] != kNoValue && results[i].kind == Kind::kTensor && results[i].tensor.defined())
      r.fold(outs[i], std::move(results[i].tensor));
}

// Weights of one value, as models without their real weights have them, may be larger: they take no memory
// until a kernel packs them. As a node's result they would be made again in each run, and take as much.
bool fold_filled_weights(Rewriter& r, NodeId n, const PassOptions& options) {
  if (!r.is(n, "ConstantOfShape") || options.budget == nullptr) return false;
  const ValueId y = r.out(n);
  const Fact& fact = r.fact(y);
  const auto bytes = fact_bytes(fact);
  if (!bytes || *bytes <= options.fold_limit_bytes || *bytes > options.budget->filled_bytes) return false;
  if (dtype_bits(fact.dtype) % 8 != 0 || r.is_output(y)) return false;
  const auto is_packed_by = [&](NodeId user) {
    const Node& node = r.node(user);
    return (r.is(user, "Conv") || r.is(user, "Gemm") || r.is(user, "MatMul")) && r.in(user, 1) == y &&
           std::count(node.in.begin(), node.in.end(), y) == 1;
  };
  const std::span<const NodeId> users = r.users(y);
  if (users.empty() || !std::all_of(users.begin(), users.end(), is_packed_by)) return false;
  const AttrReader attrs(r.node(n));
  const Tensor* const given = attrs.tensor("value");
  const Tensor value = given != nullptr ? *given : Tensor::scalar_f32(0);
  const int64_t elements = checked_elements(fact.dims).value_or(0);
  auto filled = Tensor::derived(fact.dtype, fact.dims, [value, elements](void* to) {
    ops::fill_elements(value.dtype(), value.raw(), to, elements);
  });
  if (!filled.is_ok()) return false;
  options.budget->filled_bytes -= *bytes;
  r.fold(y, std::move(filled).value());
  return true;
}

// Shape and Size: the content follows from the facts.
void fold_from_facts(Rewriter& r, NodeId n) {
  const Node& node = r.node(n);
  std::vector<Fact> in(node.in.size()), out(node.out.size());
  std::vector<const Tensor*> values(node.in.size(), nullptr);
  std::vector<Tensor> out_values(node.out.size());
  for (size_t i = 0; i < in.size(); ++i) {
    if (node.in[i] == kNoValue) continue;
    in[i] = r.fact(node.in[i]);
    values[i] = r.constant(node.in[i]);
  }
  if (!node.op->infer(InferArgs{AttrReader(node), in, values, out, out_values, {}}).is_ok()) return;
  const std::vector<ValueId> outs = node.out;
  for (size_t i = 0; i < outs.size(); ++i)
    if (outs[i] != kNoValue && out_values[i].defined()) r.fold(outs[i], std::move(out_values[i]));
}

}  // namespace

Result<bool> fold_constants(Rewriter& r, const PassOptions& options) {
  LITE_ASSIGN(const std::vector<NodeId> order, r.graph().topological_order());
  for (const NodeId n : order) {
    if (!r.alive(n) || (r.node(n).op->traits & kNever) != 0) continue;
    if (r.is(n, "DequantizeLinear")) continue;
    if (all_constant(r, n)) {
      if (fold_filled_weights(r, n, options)) continue;
      if (r.node(n).op->reference != nullptr && within_limit(r, n, options)) fold_node(r, n, options);
    } else if (r.is(n, "Shape") || r.is(n, "Size")) {
      fold_from_facts(r, n);
    }
  }
  return r.changed();
}

}  // namespace lite::passes
