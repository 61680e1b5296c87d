#include "core/import/megengine/translator.h"

#include <unordered_map>
#include <unordered_set>

#include "core/import/megengine/megengine.h"

namespace lite {
namespace mge {

// Operators in file order to nodes.
class Translator {
 public:
  Translator(const StoredModel& model, const Bytes& bytes, const ImportOptions& options, ImportReport& report)
      : model_(model),
        report_(report),
        b_(options.limits, bytes.view.size()),
        variables_(model.num_variables) {}

  Result<Graph> run() {
    for (const StoredOpr& o : model_.oprs) LITE_TRY(translate(o));
    if (!report_.unsupported.empty()) return unsupported(list_unsupported());
    LITE_TRY(set_outputs());
    order_inputs();
    for (const ValueId v : b_.graph().inputs) report_.traced_inputs.push_back(b_.traced(v).dims);
    for (const ValueId v : b_.graph().outputs) report_.traced_outputs.push_back(b_.traced(v).dims);
    set_metadata();
    return std::move(b_.graph());
  }

 private:
  static std::string who(const StoredOpr& o) {
    return cat(o.type, " '", o.name.empty() && !o.output_names.empty() ? o.output_names[0] : o.name, "'");
  }

  Status translate(const StoredOpr& o) {
    if (o.row == nullptr) {
      report_unsupported(o, "there is no such operator in this build");
      return ok();
    }
    // After an operator whose outputs could not be counted, ids mean nothing.
    if (model_.guessed) return ok();
    for (const uint32_t id : o.inputs) {
      // What depends on an operator that was reported is not worth a report of its own.
      if (!variables_[id].known) return ok();
      if (variables_[id].type.quantised && o.row->quantised == Quantised::kRefuses) {
        report_unsupported(o, "it does not work on quantised numbers here");
        return ok();
      }
    }
    const int32_t first = b_.graph().num_values();
    b_.node_name_ = std::string(o.name);
    if (b_.node_name_.empty() && !o.output_names.empty()) b_.node_name_ = std::string(o.output_names[0]);
    Call call(b_, o, variables_, model_.source);
    Status s = o.row->translate(call);
    if (Status sticky = b_.take_status(); s.is_ok()) s = std::move(sticky);
    if (s.is_ok()) {
      name_outputs(o, first);
      if (o.row->quantised == Quantised::kMoves && !o.inputs.empty())
        for (const uint32_t id : o.outputs)
          if (variables_[id].known) variables_[id].type = variables_[o.inputs[0]].type;
      return ok();
    }
    if (s.code() != Code::kUnsupported) return std::move(s).with_context(who(o));
    report_unsupported(o, s.message());
    for (const uint32_t id : o.outputs) variables_[id] = {};
    return ok();
  }

  // Values that this operator made take the names of its outputs.
  void name_outputs(const StoredOpr& o, int32_t first) {
    for (size_t i = 0; i < o.outputs.size() && i < o.output_names.size(); ++i) {
      const Variable& v = variables_[o.outputs[i]];
      const ValueId made = v.value != kNoValue ? v.value : v.plain;
      if (made < first || o.row->translate == host_input) continue;
      if (!o.output_names[i].empty()) b_.graph().value(made).name = std::string(o.output_names[i]);
    }
  }

  void report_unsupported(const StoredOpr& o, std::string reason) {
    UnsupportedNode n;
    n.name = std::string(o.name);
    if (n.name.empty() && !o.output_names.empty()) n.name = std::string(o.output_names[0]);
    n.op_type = o.type;
    n.domain = "megengine";
    for (const uint32_t id : o.inputs) {
      if (id >= variables_.size()) continue;
      const ElementType& t = variables_[id].type;
      if (!n.types.empty()) n.types += ", ";
      n.types += t.dtype == DType::kUndefined ? "unknown" : dtype_name(t.dtype);
    }
    n.reason = std::move(reason);
    report_.unsupported.push_back(std::move(n));
  }

  std::string list_unsupported() const {
    const auto& nodes = report_.unsupported;
    std::string text =
        cat(nodes.size(), nodes.size() == 1 ? " operator cannot run here:" : " operators cannot run here:");
    for (const UnsupportedNode& n : nodes)
      text += cat("\n  ", n.op_type, " '", n.name, "'", n.types.empty() ? "" : cat(" (inputs ", n.types, ")"),
                  ": ", n.reason);
    return text;
  }

  // The names that the file gives variables.
  std::vector<std::string_view> names() const {
    std::vector<std::string_view> list(variables_.size());
    for (const StoredOpr& o : model_.oprs)
      for (size_t i = 0; i < o.outputs.size(); ++i) {
        std::string_view& name = list[o.outputs[i]];
        if (i < o.output_names.size()) name = o.output_names[i];
        if (name.empty() && i == 0) name = o.name;
      }
    return list;
  }

  Status set_outputs() {
    Graph& g = b_.graph();
    const std::vector<std::string_view> given = names();
    std::unordered_set<std::string> used;
    std::unordered_set<ValueId> made;
    for (const ValueId v : g.inputs) used.insert(g.value(v).name);
    for (size_t i = 0; i < model_.outputs.size(); ++i) {
      Variable& variable = variables_[model_.outputs[i]];
      if (!variable.known) return invalid_model("output ", i, " of the graph is never made");
      b_.node_name_ = cat("output ", i);
      if (variable.value == kNoValue) variable.value = from_plain(b_, variable.plain, variable.format);
      LITE_TRY(b_.take_status());
      // Inputs, constants and values that are outputs already keep what they are.
      ValueId v = variable.value;
      if (g.value(v).producer == kNoNode || !made.insert(v).second) v = b_.add("Identity", {v});
      LITE_TRY(b_.take_status());
      std::string name(given[model_.outputs[i]]);
      if (name.empty()) name = cat("output", i);
      while (!used.insert(name).second) name += cat("_", i);
      g.value(v).name = std::move(name);
      g.outputs.push_back(v);
    }
    return ok();
  }

  // MegEngine keeps its inputs in an unordered_map by name, and programs that go by number
  // (LITE_get_input_name) know the order in which that map lists them. The same map, filled in file order,
  // lists them in that order.
  void order_inputs() {
    Graph& g = b_.graph();
    std::unordered_map<std::string, ValueId> by_name;
    for (const ValueId v : g.inputs) by_name.emplace(g.value(v).name, v);
    g.inputs.clear();
    for (const auto& [name, v] : by_name) g.inputs.push_back(v);
  }

  void set_metadata() {
    const uint32_t v = model_.megengine_version;
    report_.producer = cat("MegEngine ", v / 100000, ".", v / 100 % 1000, ".", v % 100);
    report_.model_version = model_.container;
    // A pickled object, so not text.
    if (model_.user_info.empty()) return;
    std::string hex;
    for (const char ch : model_.user_info) {
      const auto u = static_cast<unsigned char>(ch);
      hex += "0123456789abcdef"[u >> 4];
      hex += "0123456789abcdef"[u & 15];
    }
    b_.graph().metadata["megengine.user_info"] = std::move(hex);
  }

  const StoredModel& model_;
  ImportReport& report_;
  Builder b_;
  std::vector<Variable> variables_;
};

}  // namespace mge

Result<Graph> import_megengine(const Bytes& bytes, const ImportOptions& options, ImportReport* report) {
  ImportReport own;
  ImportReport& r = report == nullptr ? own : *report;
  r = ImportReport{};
  Result<mge::StoredModel> model = mge::read_model(bytes, options.limits);
  if (!model.is_ok()) return std::move(model.status()).with_context("not a valid .mge model");
  return mge::Translator(model.value(), bytes, options, r).run();
}

bool looks_like_megengine(std::span<const std::byte> bytes) noexcept {
  return mge::container_of(bytes) != mge::Container::kNone;
}

}  // namespace lite
