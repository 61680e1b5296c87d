#include "core/import/onnx/onnx.h"

#include <protozero/pbf_reader.hpp>

#include <algorithm>

#include "core/import/onnx/scope.h"

namespace lite {
namespace onnx {
namespace {

void fill_report(const ModelP& m, ImportReport& r) {
  r.ir_version = m.ir_version;
  r.producer = std::string(m.producer_name);
  if (!m.producer_version.empty()) r.producer += cat(r.producer.empty() ? "" : " ", m.producer_version);
  r.domain = std::string(m.domain);
  r.model_version = m.model_version;
  r.doc = std::string(m.doc.empty() ? m.graph.doc : m.doc);
  for (const auto& [domain, version] : m.opsets) r.opsets.insert_or_assign(std::string(domain), version);
  if (m.opsets.empty() && m.ir_version < 3) r.opsets[""] = 1;
}

Status check_versions(const OpsetsP& opsets, const std::string& whose) {
  for (const auto& [domain, version] : opsets) {
    if (version < 1)
      return invalid_model(whose, " imports version ", version, " of the opset ", quoted(domain));
    if (domain.empty() && version > kNewestOpset)
      return unsupported(whose, " is written for opset ", version, "; the newest known here is ",
                         kNewestOpset);
  }
  return ok();
}

Status check_header(const ModelP& m) {
  if (m.ir_version < 1) return invalid_model("not a valid ONNX model: it has no ir_version");
  if (m.ir_version > kNewestIr)
    return unsupported("the model has IR version ", m.ir_version, "; the newest known here is ", kNewestIr);
  if (!m.has_graph) return invalid_model("not a valid ONNX model: it has no graph");
  return check_versions(m.opsets, "the model");
}

std::string list_unsupported(const std::vector<UnsupportedNode>& nodes) {
  std::string text =
      cat(nodes.size(), nodes.size() == 1 ? " node cannot run here:" : " nodes cannot run here:");
  for (const UnsupportedNode& n : nodes)
    text += cat("\n  ", n.op_type, " ", quoted(n.name), " (domain ", n.domain.empty() ? "ai.onnx" : n.domain,
                ", opset ", n.opset, n.types.empty() ? "" : ", inputs ", n.types, "): ", n.reason);
  return text;
}

Result<Graph> import_model(const Bytes& bytes, const ImportOptions& options, ImportReport& report) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size());
  if (text.empty()) return invalid_model("not a valid ONNX model: it is empty");
  LITE_ASSIGN(const ModelP model, read_model(text, options.limits));
  fill_report(model, report);
  LITE_TRY(check_header(model));
  Import import(bytes, options, report, model);
  for (const FunctionP& f : model.functions) {
    LITE_TRY(check_versions(f.opsets, cat("function ", quoted(f.name))));
    if (!import.functions.try_emplace({f.domain, f.name, f.overload}, &f).second)
      return invalid_model("function ", quoted(f.name), " of domain ", quoted(f.domain), " is there twice");
  }
  Growing root;
  Scope scope(import, root, nullptr, model.opsets, nullptr, "");
  LITE_TRY(scope.add_graph(model.graph));
  if (!report.unsupported.empty()) return unsupported(list_unsupported(report.unsupported));
  root.graph.symbols = import.symbols.names();
  for (const std::vector<KeyValue>* list : {&model.graph.metadata, &model.metadata})
    for (const auto& [key, value] : *list)
      root.graph.metadata.insert_or_assign(std::string(key), std::string(value));
  return std::move(root.graph);
}

}  // namespace
}  // namespace onnx

Result<Graph> import_onnx(const Bytes& bytes, const ImportOptions& options, ImportReport* report) {
  ImportReport own;
  ImportReport& r = report == nullptr ? own : *report;
  r = ImportReport{};
  return onnx::import_model(bytes, options, r);
}

bool looks_like_onnx(std::span<const std::byte> bytes) noexcept {
  // ir_version, which all writers put first, or after the opsets or the names; then nothing but fields of
  // ModelProto.
  using protozero::pbf_wire_type;
  protozero::pbf_reader reader(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  bool has_version = false;
  try {
    while (reader.next()) {
      const bool number = reader.wire_type() == pbf_wire_type::varint;
      switch (reader.tag()) {
        case 1:
          if (!number) return false;
          has_version = true;
          break;
        case 5:
          if (!number) return false;
          break;
        case 7:
          if (number) return false;
          return true;
        case 2:
        case 3:
        case 4:
        case 6:
        case 8:
        case 14:
        case 20:
        case 25:
        case 26:
          if (number) return false;
          break;
        default:
          return false;
      }
      reader.skip();
    }
  } catch (const protozero::exception&) {
    // Cut short or not protobuf.
  }
  return has_version;
}

std::span<const std::byte> without_padding(std::span<const std::byte> bytes) noexcept {
  protozero::pbf_reader reader(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  try {
    // No field begins with a zero.
    for (;; reader.skip()) {
      const protozero::data_view rest = reader.data();
      const bool zeros = rest.size() < 8 &&
                         std::all_of(rest.data(), rest.data() + rest.size(), [](char c) { return c == 0; });
      if (zeros) return bytes.first(bytes.size() - rest.size());
      if (!reader.next()) return bytes;
    }
  } catch (const protozero::exception&) {
    return bytes;  // the importer tells what is wrong
  }
}

}  // namespace lite
