// The two ordered lists of passes, and what runs them.

#include "core/ir/op_def.h"
#include "core/passes/pass.h"
#include "core/passes/passes.h"

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

Status run_list(Graph& graph, std::span<const Pass> passes, const PassOptions& options,
                std::vector<std::string>* log, int depth);

// A body is shared by the copies of its graph, so it is changed in a copy of its own.
Status run_bodies(Graph& graph, std::span<const Pass> passes, const PassOptions& options,
                  std::vector<std::string>* log, int depth) {
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
      Status status = run_list(*copy, passes, options, log, depth + 1);
      if (status.code() == Code::kInvalidModel || status.code() == Code::kUnsupported) continue;
      LITE_TRY(std::move(status).with_context(
          cat("body '", attr.name, "' of ", node.op->name, " '", node.name, "'")));
      *body = std::move(copy);
    }
  }
  return ok();
}

Status run_list(Graph& graph, std::span<const Pass> passes, const PassOptions& options,
                std::vector<std::string>* log, int depth) {
  if (depth > kMaxDepth) return unsupported("bodies are nested deeper than ", kMaxDepth);
  LITE_TRY(infer_graph(graph));
  int version = 0;                              // of the graph
  std::vector<int> settled(passes.size(), -1);  // the version in which each pass found nothing to do
  for (int round = 0; round < kMaxRounds; ++round) {
    bool changed = false;
    for (size_t i = 0; i < passes.size(); ++i) {
      const Pass& pass = passes[i];
      if (settled[i] == version || (pass.last && changed)) continue;
      const int before = live_nodes(graph);
      auto result = pass.run(graph, options);
      if (!result.is_ok())
        return Status(std::move(result).take_error()).with_context(cat("pass ", pass.name));
      if (!result.value()) {
        settled[i] = version;
        continue;
      }
      changed = true;
      ++version;
      LITE_TRY(graph.compact().with_context(cat("after pass ", pass.name)));
#ifndef NDEBUG
      LITE_TRY(graph.verify().with_context(cat("after pass ", pass.name)));
#endif
      LITE_TRY(infer_graph(graph).with_context(cat("after pass ", pass.name)));
      if (log != nullptr) log->push_back(cat(pass.name, ": ", before, " nodes, now ", graph.num_nodes()));
    }
    if (!changed) break;
  }
  return run_bodies(graph, passes, options, log, depth);
}

}  // namespace

std::span<const Pass> declutter_passes() { return kDeclutter; }
std::span<const Pass> fuse_passes() { return kFuse; }

Status run_passes(Graph& graph, std::span<const Pass> passes, const PassOptions& options,
                  std::vector<std::string>* log) {
  if (!options.fuse && passes.data() == fuse_passes().data()) return ok();
  LITE_TRY(graph.compact());
  PassOptions own = options;
  if (own.budget == nullptr) {
    const auto times = [&](size_t n) {
      return own.fold_limit_bytes > SIZE_MAX / n ? SIZE_MAX : own.fold_limit_bytes * n;
    };
    own.budget = std::make_shared<FoldBudget>(FoldBudget{.bytes = times(4), .filled_bytes = times(8)});
  }
  return run_list(graph, passes, own, log, 0);
}

}  // namespace lite
