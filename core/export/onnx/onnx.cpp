#include "core/export/onnx/onnx.h"

#include <algorithm>
#include <set>

#include "core/export/onnx/lower.h"
#include "core/export/onnx/model_writer.h"
#include "core/export/onnx/versions.h"
#include "core/import/onnx/scope.h"
#include "core/ir/fact.h"
#include "core/ops/custom.h"
#include "core/ops/registry.h"
#include "core/passes/passes.h"

namespace lite {
namespace onnx {
namespace {

#define LITE_PASS(name) \
  { #name, passes::name }

// What any reader of the model would do first. Nothing here makes another operator of one, which might be
// newer than the model needs.
constexpr Pass kFold[] = {
    LITE_PASS(remove_dead),       LITE_PASS(fold_constants), LITE_PASS(inline_branches),
    LITE_PASS(remove_identities), LITE_PASS(merge_equal),    LITE_PASS(merge_reshapes),
};
#undef LITE_PASS
constexpr Pass kLower[] = {{"lower_own", lower_own}};

template <class F>
void for_each_node(const Graph& g, const F& f) {
  for (NodeId id = 0; id < g.num_nodes(); ++id) {
    if (!g.alive(id)) continue;
    f(g, g.node(id));
    for (const Attr& a : g.node(id).attrs)
      if (const auto* const body = std::get_if<Attr::Graphs>(&a.data)) for_each_node(**body, f);
  }
}

// Those of the standard, and those that everybody knows to be somebody's.
bool is_ours(const OpDef& op) {
  const std::string_view domain = op.domain;
  return domain == "megengine" || domain == "lite";
}

UnsupportedNode describe(const Graph& g, const Node& n, int64_t opset, std::string reason) {
  UnsupportedNode u;
  u.name = !n.name.empty() ? n.name : n.out.empty() || n.out[0] == kNoValue ? "" : g.value(n.out[0]).name;
  u.op_type = n.op->name;
  u.domain = n.op->domain;
  u.opset = opset;
  for (const ValueId v : n.in) {
    const DType type = v == kNoValue ? DType::kUndefined : innermost_dtype(g.value(v).fact);
    u.types += cat(u.types.empty() ? "" : ", ", type == DType::kUndefined ? "?" : dtype_name(type));
  }
  u.reason = std::move(reason);
  return u;
}

// Classifiers and regressors of this name went out of the domain when the general one came.
std::string why_not_in_ml(const Node& n, int64_t version) {
  constexpr int64_t kWithout = 5;
  const std::string_view name = n.op->name;
  if (version < kWithout || (name != "TreeEnsembleClassifier" && name != "TreeEnsembleRegressor")) return {};
  return cat("another node of the model needs version ", version, " of ai.onnx.ml, which no longer has it");
}

class Opsets {
 public:
  Opsets(const Graph& graph, const OnnxExportOptions& options) : graph_(graph), options_(options) {}

  // The opset to write for, and what it cannot say.
  int64_t choose(std::vector<UnsupportedNode>& unsupported) {
    int64_t opset = options_.opset == 0 ? kOldestWritten : options_.opset;
    int64_t ml = 0;
    for_each_node(graph_, [&](const Graph& g, const Node& n) {
      if (std::string_view(n.op->domain) == "ai.onnx.ml") ml = std::max<int64_t>(ml, n.op->since);
      if (options_.opset == 0)
        while (opset < kNewestOpset && !reason(g, n, opset).empty()) ++opset;
    });
    for_each_node(graph_, [&](const Graph& g, const Node& n) {
      std::string why = std::string_view(n.op->domain) == "ai.onnx.ml" ? why_not_in_ml(n, ml)
                        : is_ours(*n.op) ? (own_allowed(*n.op) ? "" : why_not_lowered(n))
                                         : reason(g, n, opset);
      if (!why.empty()) unsupported.push_back(describe(g, n, opset, std::move(why)));
    });
    return opset;
  }

 private:
  bool own_allowed(const OpDef& op) const {
    return options_.own_domain && std::string_view(op.domain) == "megengine";
  }

  static std::string reason(const Graph& g, const Node& n, int64_t opset) {
    if (ops::custom(n) != nullptr || *n.op->domain != '\0') return {};
    std::string why = why_not_in(g, n, opset);
    // What a body hands on goes through an Identity.
    for (const Attr& a : n.attrs) {
      const auto* const body = std::get_if<Attr::Graphs>(&a.data);
      if (body == nullptr) continue;
      for (const ValueId v : (*body)->outputs) {
        if (!why.empty() || (*body)->value(v).producer != kNoNode) continue;
        Node identity;
        identity.op = &ops::get("Identity");
        identity.in = identity.out = {v};
        why = why_not_in(**body, identity, opset);
      }
    }
    return why;
  }

  const Graph& graph_;
  const OnnxExportOptions& options_;
};

std::string list_unsupported(const std::vector<UnsupportedNode>& nodes) {
  std::string text = cat(nodes.size(), nodes.size() == 1 ? " node cannot be written as ONNX:"
                                                         : " nodes cannot be written as ONNX:");
  for (const UnsupportedNode& n : nodes)
    text += cat("\n  ", n.op_type, " '", n.name, "' (domain ", n.domain.empty() ? "ai.onnx" : n.domain,
                n.types.empty() ? "" : ", inputs ", n.types, "): ", n.reason);
  return text;
}

// Float8 and smaller types came with file formats of their own.
int64_t ir_version_for(const Graph& graph, int64_t opset) {
  int64_t version = ir_version_of(opset);
  const auto look = [&](DType t) {
    if (types::kFloat8.has(t)) version = std::max<int64_t>(version, 9);
    if (t == DType::kI4 || t == DType::kU4) version = std::max<int64_t>(version, 10);
    if (t == DType::kF4E2M1) version = std::max<int64_t>(version, 11);
    if (t == DType::kF8E8M0) version = std::max<int64_t>(version, 12);
    if (t == DType::kI2 || t == DType::kU2) version = std::max<int64_t>(version, 13);
  };
  for (ValueId v = 0; v < graph.num_values(); ++v) look(innermost_dtype(graph.value(v).fact));
  return version;
}

}  // namespace
}  // namespace onnx

Result<OnnxModel> export_onnx(Graph graph, const OnnxExportOptions& options,
                              std::vector<UnsupportedNode>* unsupported) {
  using namespace onnx;
  if (options.opset != 0 && (options.opset < kOldestWritten || options.opset > kNewestOpset))
    return invalid_argument("opset is ", options.opset, ", one of ", kOldestWritten, " to ", kNewestOpset,
                            " is wanted");
  const PassOptions pass_options;
  if (options.fold) LITE_TRY(run_passes(graph, kFold, pass_options));
  LITE_TRY(run_passes(graph, kLower, pass_options));
  // A formula of something known is known, too.
  if (options.fold) LITE_TRY(run_passes(graph, kFold, pass_options));
  std::vector<UnsupportedNode> cannot;
  OnnxModel model;
  model.opset = Opsets(graph, options).choose(cannot);
  if (unsupported != nullptr) *unsupported = cannot;
  if (!cannot.empty()) return lite::unsupported(list_unsupported(cannot));
  model.ir_version = ir_version_for(graph, model.opset);
  ModelWriter writer(options);
  LITE_TRY(writer.write(graph, model));
  model.graph = std::move(graph);
  return model;
}

uint64_t constant_bytes(const Graph& graph) {
  std::set<const void*> seen;
  uint64_t bytes = 0;
  const auto add = [&](const Tensor& t) {
    if (t.defined() && t.bytes() > 0 && seen.insert(t.address()).second) bytes += t.bytes();
  };
  const auto visit = [&](const auto& self, const Graph& g) -> void {
    for (ValueId v = 0; v < g.num_values(); ++v) add(g.value(v).constant);
    for (NodeId id = 0; id < g.num_nodes(); ++id) {
      if (!g.alive(id)) continue;
      for (const Attr& a : g.node(id).attrs) {
        if (const auto* const t = std::get_if<Tensor>(&a.data)) add(*t);
        if (const auto* const l = std::get_if<std::vector<Tensor>>(&a.data))
          for (const Tensor& t : *l) add(t);
        if (const auto* const body = std::get_if<Attr::Graphs>(&a.data)) self(self, **body);
      }
    }
  };
  visit(visit, graph);
  return bytes;
}

}  // namespace lite
