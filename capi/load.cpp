#include "capi/load.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>

#include "capi/lent.h"
#include "capi/operator_registry.h"
#include "capi/text.h"
#include "capi/unpack.h"
#include "core/base/log.h"
#include "core/compiled/compiled.h"
#include "core/import/megengine/megengine.h"
#include "core/import/onnx/onnx.h"
#include "core/package/pack.h"

namespace lite::capi {
namespace {

std::string directory_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

// Files below the model's folder. Each is opened once, so that a model that is imported again, for other
// options, gets the same bytes.
class Files {
 public:
  Files(std::string base_dir, bool copy) : base_dir_(std::move(base_dir)), copy_(copy) {}

  Result<Bytes> get(const std::string& location) {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(location);
    if (found != open_.end()) return found->second;
    LITE_ASSIGN(Bytes bytes,
                copy_ ? read_file_beneath(base_dir_, location) : map_file_beneath(base_dir_, location));
    return open_.emplace(location, std::move(bytes)).first->second;
  }

 private:
  const std::string base_dir_;
  const bool copy_;
  std::mutex mutex_;
  std::map<std::string, Bytes> open_;
};

// What the two ways of loading share. `bytes` is the file or a copy, or lies in memory that `lent` stands
// for.
Outcome make_source(Bytes bytes, std::string base_dir, const LiteLoadOptions& options,
                    const NetworkConfig& config, std::shared_ptr<LentData> lent,
                    std::shared_ptr<const ModelSource>* out) {
  auto source = std::make_shared<ModelSource>();
  if (options.format != nullptr) {
    source->format = options.format;
    constexpr std::string_view kFormats[] = {"onnx", "mge", "lite", "paddle"};
    if (std::find(std::begin(kFormats), std::end(kFormats), source->format) == std::end(kFormats))
      return invalid_argument("options.format is '", source->format,
                              "', not 'onnx', 'mge', 'lite' or 'paddle'");
  }
  if (options.key_size > 0) LITE_CHECK(require(options.key_data, "options.key_data"));
  Unpacked unpacked;
  LITE_CHECK(unpack(std::move(bytes), config, {options.key_data, options.key_size}, &unpacked));
  source->bytes = std::move(unpacked.model);
  source->decrypted_by = std::move(unpacked.decrypted_by);
  source->config = std::move(unpacked.config);
  source->extra_info = std::move(unpacked.extra_info);
  if (options.base_directory != nullptr) base_dir = options.base_directory;
  source->import.base_dir = base_dir;
  if (options.max_nodes != 0) source->import.limits.max_nodes = options.max_nodes;
  if (options.max_bytes != 0) source->import.limits.max_decoded_bytes = options.max_bytes;
  if (options.external_data_count > 0) LITE_CHECK(require(options.external_data, "options.external_data"));
  std::vector<std::pair<std::string, std::span<const std::byte>>> buffers;
  for (size_t i = 0; i < options.external_data_count; ++i) {
    const LiteExternalData& d = options.external_data[i];
    if (d.location == nullptr) return invalid_argument("options.external_data[", i, "].location is NULL");
    if (d.data == nullptr && d.size > 0)
      return invalid_argument("options.external_data[", i, "].data is NULL");
    buffers.emplace_back(d.location, std::span(static_cast<const std::byte*>(d.data), d.size));
  }
  source->has_external_data = !buffers.empty() || options.external_data_callback != nullptr;
  const auto files = base_dir.empty() ? nullptr : std::make_shared<Files>(base_dir, config.copy_files);
  if (source->has_external_data || files != nullptr) {
    source->import.external = [buffers = std::move(buffers), callback = options.external_data_callback, lent,
                               files](const std::string& location) -> Result<Bytes> {
      for (const auto& [name, view] : buffers)
        if (name == location) return Bytes{lent, view};
      if (callback != nullptr) {
        const void* data = nullptr;
        size_t size = 0;
        const int code = callback(lent->user_data(), location.c_str(), &data, &size);
        if (code == LITE_OK) {
          if (data == nullptr && size > 0)
            return invalid_argument("the external data callback gave no data for '", location, "'");
          return Bytes{lent, {static_cast<const std::byte*>(data), size}};
        }
        if (code != LITE_NOT_FOUND)
          return fail(Code::kIo, "the external data callback failed with ", code, " for '", location, "'");
      }
      if (files == nullptr) return fail(Code::kNotFound, "external data '", location, "' was not given");
      return files->get(location);
    };
  }
  source->lent = std::move(lent);
  *out = std::move(source);
  return done();
}

const char* onnx_type_name(DType t) {
  if (t == DType::kF32) return "float";
  if (t == DType::kF64) return "double";
  return dtype_name(t);
}

std::string onnx_type(const Fact& fact) {
  switch (fact.kind) {
    case Kind::kTensor:
      return std::string("tensor(") + (fact.dtype == DType::kUndefined ? "?" : onnx_type_name(fact.dtype)) +
             ")";
    case Kind::kSequence:
      return cat("seq(", fact.element ? onnx_type(*fact.element) : "?", ")");
    case Kind::kOptional:
      return cat("optional(", fact.element ? onnx_type(*fact.element) : "?", ")");
    case Kind::kMap:
      return cat("map(", onnx_type_name(fact.dtype), ",", fact.element ? onnx_type(*fact.element) : "?", ")");
  }
  return "?";
}

IoFact io_fact(const Graph& graph, ValueId id, const Dims* traced) {
  const Value& value = graph.value(id);
  IoFact io;
  io.name = value.name;
  io.fact = value.fact;
  io.type = onnx_type(value.fact);
  if (traced != nullptr && traced->size() == value.fact.rank())
    io.initial_dims = *traced;
  else if (value.fact.kind == Kind::kTensor && value.fact.has_rank && value.fact.is_static())
    io.initial_dims = value.fact.dims;
  for (const Fact* f = &value.fact; f != nullptr; f = f->element.get()) {
    IoLevel& level = io.levels.emplace_back();
    level.kind = f->kind;
    level.dtype = f->dtype;
    if (f->kind != Kind::kTensor) continue;
    if (f->has_rank) level.rank = static_cast<int>(f->rank());
    for (const int64_t d : f->dims) {
      level.dims.push_back(d >= 0 ? d : -1);
      const bool named = is_symbol(d) && static_cast<size_t>(symbol_index(d)) < graph.symbols.size();
      level.dim_names.push_back(named ? graph.symbols[static_cast<size_t>(symbol_index(d))] : std::string());
    }
    for (const std::string& name : level.dim_names)
      level.dim_name_pointers.push_back(name.empty() ? nullptr : name.c_str());
  }
  return io;
}

// Keeps the outputs that the caller named, in the model's order.
Outcome keep_named_outputs(Graph& graph, const NetworkConfig& config, ImportReport* report) {
  std::vector<ValueId> kept;
  std::vector<Dims> traced;
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    for (const IoWish& wish : config.outputs)
      if (graph.value(graph.outputs[i]).name == wish.name) {
        kept.push_back(graph.outputs[i]);
        if (i < report->traced_outputs.size()) traced.push_back(report->traced_outputs[i]);
        break;
      }
  if (kept.empty())
    return invalid_argument(
        "compute_only_configured_output is set, but no output of the model is named in the network's "
        "outputs");
  graph.outputs = std::move(kept);
  report->traced_outputs = std::move(traced);
  return done();
}

Outcome read_compiled_source(const ModelSource& source, std::shared_ptr<const ops::CustomOps> operators,
                             bool thorough, CompiledModel* model, ImportReport* report) {
  ImportOptions options = source.import;
  options.operators = std::move(operators);
  LITE_ASSIGN(*model, read_compiled(source.bytes, options, thorough, report));
  model->graph.metadata["compiled_for"] = model->made_for;
  return done();
}

Outcome whole_graph(CompiledModel& model, Graph* graph) {
  if (model.whole == nullptr) {
    *graph = std::move(model.graph);
    return done();
  }
  LITE_ASSIGN(*graph, model.whole());
  graph->metadata = std::move(model.graph.metadata);
  return done();
}

}  // namespace

Outcome LoadedModel::fact_at(size_t index, bool input, const IoFact** fact) const {
  const std::vector<IoFact>& all = facts->io(input);
  if (index >= all.size())
    return invalid_argument("index is ", index, ", the model has ", all.size(),
                            input ? " inputs" : " outputs");
  *fact = &all[index];
  return done();
}

std::string_view recognise(std::span<const std::byte> bytes) {
  if (package::looks_like_pack(bytes)) return "packed";
  if (looks_like_compiled(bytes)) return "lite";
  if (looks_like_megengine(bytes)) return "mge";
  if (looks_like_onnx(bytes)) return "onnx";
  return "";
}

Outcome source_from_file(const char* path, const LiteLoadOptions& options, const NetworkConfig& config,
                         std::shared_ptr<const ModelSource>* out) {
  auto lent = std::make_shared<LentData>(options.user_data, options.release);
  LITE_ASSIGN(Bytes bytes, config.copy_files ? read_file(path) : map_file(path));
  return with_path(make_source(std::move(bytes), directory_of(path), options, config, std::move(lent), out),
                   path);
}

Outcome source_from_memory(const void* data, size_t size, const LiteLoadOptions& options,
                           const NetworkConfig& config, std::shared_ptr<const ModelSource>* out) {
  auto lent = std::make_shared<LentData>(options.user_data, options.release);
  const std::span view(static_cast<const std::byte*>(data), size);
  if ((options.flags & ~static_cast<uint32_t>(LITE_LOAD_NO_COPY)) != 0)
    return unsupported("options.flags is ", options.flags,
                       ", which has bits that this library does not know");
  // What is decrypted is a copy already.
  const bool in_place =
      (options.flags & LITE_LOAD_NO_COPY) != 0 || is_method(config.bare_model_cryption_name);
  Bytes bytes = in_place ? Bytes{lent, view} : copy_bytes(view);
  return make_source(std::move(bytes), "", options, config, std::move(lent), out);
}

std::string_view ModelSource::format_of() const { return format.empty() ? recognise(bytes.view) : format; }

Outcome import_source(const ModelSource& source, std::shared_ptr<const ops::CustomOps> operators,
                      Graph* graph, ImportReport* report) {
  const std::string_view format = source.format_of();
  if (format == "lite") {
    CompiledModel model;
    LITE_CHECK(read_compiled_source(source, std::move(operators), false, &model, report));
    return whole_graph(model, graph);
  }
  if (format == "packed")
    return unsupported("the model is a pack within a pack, or within an encrypted file");
  if (format == "paddle") return unsupported("Paddle models are not read yet; ONNX and MegEngine's are");
  if (format == "mge") {
    LITE_ASSIGN(*graph, import_megengine(source.bytes, source.import, report));
    return done();
  }
  if (format.empty()) {
    const size_t size = source.bytes.view.size();
    if (!source.decrypted_by.empty())
      return invalid_model("what decryption method '", source.decrypted_by,
                           "' made of it is neither ONNX nor "
                           "MegEngine: another key or method is wanted, or the bytes were changed");
    return invalid_model(size == 0 ? "it is empty"
                                   : cat("its ", size, " bytes are neither ONNX nor MegEngine"));
  }
  ImportOptions options = source.import;
  options.operators = std::move(operators);
  LITE_ASSIGN(*graph, import_onnx(source.bytes, options, report));
  return done();
}

Outcome check_source(const ModelSource& source, UnsupportedReport* unsupported) {
  ImportReport report;
  Graph graph;
  CompiledModel model;
  Outcome outcome = source.format_of() == "lite"
                        ? read_compiled_source(source, operators::current(), true, &model, &report)
                        : import_source(source, operators::current(), &graph, &report);
  unsupported->nodes = std::move(report.unsupported);
  return outcome;
}

Outcome load_source(std::shared_ptr<const ModelSource> source,
                    std::shared_ptr<const ops::CustomOps> operators, const NetworkConfig& config,
                    UnsupportedReport* unsupported, LoadedModel* out) {
  CompiledModel compiled;
  Graph& graph = compiled.graph;
  ImportReport report;
  const bool is_compiled = source->format_of() == "lite";
  Outcome outcome = is_compiled
                        ? read_compiled_source(*source, std::move(operators), false, &compiled, &report)
                        : import_source(*source, std::move(operators), &graph, &report);
  unsupported->nodes = std::move(report.unsupported);
  LITE_CHECK(std::move(outcome));
  if (config.compute_only_configured_output) {
    if (is_compiled) LITE_CHECK(whole_graph(compiled, &graph));
    compiled.whole = nullptr;
    LITE_CHECK(keep_named_outputs(graph, config, &report));
    compiled.specialised.clear();  // they have all outputs
  }
  auto facts = std::make_shared<ModelFacts>(facts_of(graph, report));
  if (!source->extra_info.empty()) facts->extra_info = source->extra_info;
  // No others, so that they can go when they are unregistered.
  auto used = std::make_shared<const ops::CustomOps>(ops::used_by(graph));
  const ModelOptions model_options = config.model_options();
  const uint64_t nodes = compiled.nodes;
  LITE_ASSIGN(out->model, is_compiled ? Model::create_compiled(std::move(compiled), model_options)
                                      : Model::create(std::move(graph), model_options));
  if (log_level() <= LogLevel::kInfo)
    log(LogLevel::kInfo, cat("a model is loaded: ",
                             is_compiled ? nodes : static_cast<uint64_t>(out->model->graph().num_nodes()),
                             " nodes, ", out->model->statistics().weight_bytes, " bytes of weights"));
  out->facts = std::move(facts);
  out->source = std::move(source);
  out->operators = std::move(used);
  return done();
}

ModelFacts facts_of(const Graph& graph, const ImportReport& report) {
  ModelFacts facts;
  const auto traced = [](const std::vector<Dims>& shapes, size_t i) {
    return i < shapes.size() ? &shapes[i] : nullptr;
  };
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    facts.inputs.push_back(io_fact(graph, graph.inputs[i], traced(report.traced_inputs, i)));
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    facts.outputs.push_back(io_fact(graph, graph.outputs[i], traced(report.traced_outputs, i)));
  // What the author wrote goes first, and before the format's entry of the same name.
  for (const auto& [key, value] : graph.metadata) facts.metadata.emplace_back(key, value);
  const auto add = [&](const char* key, std::string value) {
    if (!value.empty() && graph.metadata.count(key) == 0) facts.metadata.emplace_back(key, std::move(value));
  };
  std::string opsets;
  for (const auto& [domain, version] : report.opsets) {
    if (!opsets.empty()) opsets += ", ";
    opsets += domain.empty() ? "ai.onnx" : domain;
    opsets += ' ' + std::to_string(version);
  }
  add("producer", report.producer);
  add("graph_name", graph.name);
  add("domain", report.domain);
  add("description", report.doc);
  if (report.ir_version != 0) {
    add("model_version", std::to_string(report.model_version));
    add("ir_version", std::to_string(report.ir_version));
  }
  add("opset_import", opsets);
  std::string& json = facts.extra_info;
  for (const auto& [key, value] : facts.metadata) {
    json += json.empty() ? "{" : ", ";
    json += json_quote(key) + ": " + json_quote(value);
  }
  json += json.empty() ? "{}" : "}";
  return facts;
}

}  // namespace lite::capi
