// The two ordered lists of passes, and what runs them.

#include <optional>

#include "core/ir/op_def.h"
#include "core/passes/pass.h"
#include "core/passes/passes.h"
#include "core/passes/rewrite.h"

namespace lite {
namespace {

#define LITE_PASS(name) \
  { #name, passes::name }

constexpr Pass kDeclutter[] = {
    LITE_PASS(remove_dead),
    LITE_PASS(fold_constants),
    LITE_PASS(inline_branches),
    LITE_PASS(remove_identities),
    LITE_PASS(simplify),
    LITE_PASS(expand_einsum),
    LITE_PASS(merge_equal),
    LITE_PASS(merge_reshapes),
    LITE_PASS(merge_transposes),
    LITE_PASS(fold_pads),
    LITE_PASS(recognise_normalization),
    LITE_PASS(recognise_gelu),
    LITE_PASS(recognise_swish),
    LITE_PASS(fold_batch_norm),
    LITE_PASS(move_quantize),
    LITE_PASS(lookup_bytes),
    LITE_PASS(calculate_quantized),
    {"keep_blocks", passes::keep_blocks, true},
    {"fold_dequantize", passes::fold_dequantize, true},
};

// Every list starts from decluttered graphs; what fusing leaves over is cleaned up by the first few again.
constexpr Pass kFuse[] = {
    LITE_PASS(remove_dead),          LITE_PASS(fold_constants),     LITE_PASS(remove_identities),
    LITE_PASS(expand_einsum),        LITE_PASS(expand_functions),   LITE_PASS(merge_equal),
    LITE_PASS(merge_reshapes),       LITE_PASS(merge_transposes),   LITE_PASS(fuse_attention),
    LITE_PASS(fuse_channel_shuffle), LITE_PASS(fuse_conv),          LITE_PASS(fuse_quantized),
    LITE_PASS(fuse_matmul),          LITE_PASS(fuse_normalization), LITE_PASS(fuse_elementwise),
};

#undef LITE_PASS

// Each round lets every pass see what the others made. Real models settle in three or four.
constexpr int kMaxRounds = 12;
constexpr int kMaxDepth = 64;  // of bodies in bodies

int live_nodes(const Graph& g) {
  int n = 0;
  for (NodeId id = 0; id < g.num_nodes(); ++id) n += g.alive(id) ? 1 : 0;
  return n;
}

using passes::Rewriter;

Status run_list(Rewriter& r, std::span<const Pass> passes, const PassOptions& options,
                std::vector<std::string>* log, int depth);

// A body is shared by the copies of its graph, so it is changed in a copy of its own.
Status run_bodies(Rewriter& r, std::span<const Pass> passes, const PassOptions& options,
                  std::vector<std::string>* log, int depth) {
  Graph& graph = r.graph();
  for (NodeId id = 0; id < graph.num_nodes(); ++id) {
    if (!graph.alive(id) || (graph.node(id).op->traits & kHasBody) == 0) continue;
    Node& node = graph.node(id);
    for (Attr& attr : node.attrs) {
      auto* body = std::get_if<Attr::Graphs>(&attr.data);
      if (body == nullptr) continue;
      auto copy = std::make_shared<Graph>(**body);
      std::erase_if(copy->captures, [&](const Capture& c) {
        const Value& outer = graph.value(node.in[static_cast<size_t>(c.input)]);
        if (outer.is_constant())
          copy->make_constant(c.inner, outer.constant);
        else
          copy->value(c.inner).fact = outer.fact;
        return outer.is_constant();
      });
      // A body that contradicts what it captures may be there for other types or shapes than these. It stays
      // as it is, and fails if it is ever run.
      Rewriter inner(*copy);
      Status status = inner.infer_all();
      if (status.is_ok()) status = run_list(inner, passes, options, log, depth + 1);
      if (status.code() == Code::kInvalidModel || status.code() == Code::kUnsupported) continue;
      LITE_TRY(std::move(status).with_context(
          cat("body '", attr.name, "' of ", node.op->name, " '", node.name, "'")));
      *body = std::move(copy);
      r.touch(id);
    }
  }
  return ok();
}

Status run_list(Rewriter& r, std::span<const Pass> passes, const PassOptions& options,
                std::vector<std::string>* log, int depth) {
  if (depth > kMaxDepth) return unsupported("bodies are nested deeper than ", kMaxDepth);
  int version = 0;                              // of the graph
  std::vector<int> settled(passes.size(), -1);  // the version in which each pass found nothing to do
  for (int round = 0; round < kMaxRounds; ++round) {
    bool changed = false;
    for (size_t i = 0; i < passes.size(); ++i) {
      const Pass& pass = passes[i];
      if (settled[i] == version || (pass.last && changed)) continue;
      const int before = log != nullptr ? live_nodes(r.graph()) : 0;
      r.start();
      auto result = pass.run(r, options);
      if (!result.is_ok())
        return Status(std::move(result).take_error()).with_context(cat("pass ", pass.name));
      if (!result.value()) {
        settled[i] = version;
        continue;
      }
      changed = true;
      ++version;
      LITE_TRY(r.settle().with_context(cat("after pass ", pass.name)));
      if (log != nullptr) log->push_back(cat(pass.name, ": ", before, " nodes, now ", live_nodes(r.graph())));
    }
    if (!changed) break;
  }
  if (version > 0) LITE_TRY(r.compact());
  return run_bodies(r, passes, options, log, depth);
}

Status run_lists(Graph& graph, std::span<const std::span<const Pass>> lists, const PassOptions& options,
                 std::vector<std::string>* log) {
  std::optional<Rewriter> r;
  for (const std::span<const Pass> list : lists) {
    if (!options.fuse && list.data() == fuse_passes().data()) continue;
    PassOptions own = options;
    if (own.budget == nullptr) {
      const auto times = [&](size_t n) {
        return own.fold_limit_bytes > SIZE_MAX / n ? SIZE_MAX : own.fold_limit_bytes * n;
      };
      own.budget = std::make_shared<FoldBudget>(FoldBudget{.bytes = times(4), .filled_bytes = times(8)});
    }
    if (r) {
      LITE_TRY(r->settle());
    } else {
      LITE_TRY(graph.compact());
      r.emplace(graph);
      if (!options.inferred) LITE_TRY(r->infer_all());
    }
    LITE_TRY(run_list(*r, list, own, log, 0));
  }
  if (!r || !options.inferred) return ok();
  LITE_TRY(r->settle());
  return r->compact();
}

}  // namespace

std::span<const Pass> declutter_passes() { return kDeclutter; }
std::span<const Pass> fuse_passes() { return kFuse; }

Status run_passes(Graph& graph, std::span<const Pass> passes, const PassOptions& options,
                  std::vector<std::string>* log) {
  return run_lists(graph, {&passes, 1}, options, log);
}

Status run_passes(Graph& graph, std::initializer_list<std::span<const Pass>> lists,
                  const PassOptions& options) {
  return run_lists(graph, {lists.begin(), lists.size()}, options, nullptr);
}

}  // namespace lite
