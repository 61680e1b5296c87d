// model_c.h: loading with options, checking, facts about a model, the graph as text.

#include "lite-c/model_c.h"

#include <cstring>

#include "capi/network_object.h"
#include "capi/text.h"

using namespace lite;
using namespace lite::capi;

namespace {

constexpr LiteLoadOptions kDefaults = LITE_LOAD_OPTIONS_INIT;

Outcome describe(NetworkObject& network, size_t index, bool input, LiteIOInfo* info) {
  LITE_REQUIRE(info);
  LoadedModel model;
  LITE_CHECK(network.model(&model));
  const IoFact* fact = nullptr;
  LITE_CHECK(model.fact_at(index, input, &fact));
  LiteIOInfo out = LITE_IO_INFO_INIT;
  out.kind = static_cast<LiteValueKind>(fact->fact.kind);
  out.name = fact->name.c_str();
  out.dtype = dtype_to_c(fact->dtype());
  out.rank = fact->rank();
  out.dims = fact->levels[0].dims.data();
  out.dim_names = fact->levels[0].dim_name_pointers.data();
  out.type = fact->type.c_str();
  return write_versioned(out, info, "info");
}
static_assert(static_cast<int>(Kind::kTensor) == LITE_VALUE_TENSOR &&
              static_cast<int>(Kind::kSequence) == LITE_VALUE_SEQUENCE &&
              static_cast<int>(Kind::kOptional) == LITE_VALUE_OPTIONAL &&
              static_cast<int>(Kind::kMap) == LITE_VALUE_MAP);

std::string graph_json(const Graph& g) {
  const auto value = [&](ValueId v) {
    return v == kNoValue ? std::string("null")
                         : cat("{\"id\": ", v, ", \"name\": ", json_quote(g.value(v).name),
                               ", \"type\": ", json_quote(to_text(g, g.value(v).fact)),
                               g.value(v).is_constant() ? ", \"constant\": true" : "", "}");
  };
  const auto list = [&](const std::vector<ValueId>& ids) {
    std::string text = "[";
    for (const ValueId v : ids) text += cat(text.size() == 1 ? "" : ", ", value(v));
    return text + "]";
  };
  std::string json = cat("{\n  \"name\": ", json_quote(g.name), ",\n  \"inputs\": ", list(g.inputs),
                         ",\n  \"outputs\": ", list(g.outputs), ",\n  \"nodes\": [");
  bool first = true;
  for (NodeId n = 0; n < g.num_nodes(); ++n) {
    if (!g.alive(n)) continue;
    const Node& node = g.node(n);
    json += cat(first ? "\n" : ",\n", "    {\"name\": ", json_quote(node.name),
                ", \"op\": ", json_quote(node.op->name), ", \"in\": ", list(node.in),
                ", \"out\": ", list(node.out), "}");
    first = false;
  }
  return json + "\n  ]\n}\n";
}

}  // namespace

extern "C" {

int LITE_load_model_file(LiteNetwork network, const char* path, const LiteLoadOptions* options) {
  return guard("LITE_load_model_file", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(path);
    LITE_ASSIGN(const LiteLoadOptions o, read_versioned(options, kDefaults, "options"));
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_file(path, o, object.config, &source));
    return with_path(object.load(std::move(source)), path);
  });
}

int LITE_load_model_memory(LiteNetwork network, const void* data, size_t size,
                           const LiteLoadOptions* options) {
  return guard("LITE_load_model_memory", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(data);
    LITE_ASSIGN(const LiteLoadOptions o, read_versioned(options, kDefaults, "options"));
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_memory(data, size, o, object.config, &source));
    return object.load(std::move(source));
  });
}

int LITE_check_model(LiteNetwork network, const char* path, const LiteLoadOptions* options) {
  return guard("LITE_check_model", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(path);
    LITE_ASSIGN(const LiteLoadOptions o, read_versioned(options, kDefaults, "options"));
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_file(path, o, object.config, &source));
    return with_path(object.check(*source), path);
  });
}

int LITE_check_model_memory(LiteNetwork network, const void* data, size_t size,
                            const LiteLoadOptions* options) {
  return guard("LITE_check_model_memory", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(data);
    LITE_ASSIGN(LiteLoadOptions o, read_versioned(options, kDefaults, "options"));
    o.flags |= LITE_LOAD_NO_COPY;
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_memory(data, size, o, object.config, &source));
    return object.check(*source);
  });
}

int LITE_get_unsupported_count(const LiteNetwork network, size_t* count) {
  return guard("LITE_get_unsupported_count", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(count);
    *count = object.unsupported_report().nodes.size();
    return done();
  });
}

int LITE_get_unsupported_node(const LiteNetwork network, size_t index, LiteUnsupportedNode* node) {
  return guard("LITE_get_unsupported_node", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(node);
    const std::vector<UnsupportedNode>& nodes = object.unsupported_report().nodes;
    if (index >= nodes.size()) return invalid_argument("index is ", index, ", there are ", nodes.size());
    const UnsupportedNode& n = nodes[index];
    LiteUnsupportedNode out = LITE_UNSUPPORTED_NODE_INIT;
    out.opset = static_cast<int>(n.opset);
    out.name = n.name.c_str();
    out.op_type = n.op_type.c_str();
    out.domain = n.domain.c_str();
    out.types = n.types.c_str();
    out.device = device_name(object.config.device_type);
    out.reason = n.reason.c_str();
    out.suggestion = "";
    return write_versioned(out, node, "node");
  });
}

int LITE_get_input_count(const LiteNetwork network, size_t* count) {
  return guard("LITE_get_input_count", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(count);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    *count = model.facts->inputs.size();
    return done();
  });
}

int LITE_get_output_count(const LiteNetwork network, size_t* count) {
  return guard("LITE_get_output_count", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(count);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    *count = model.facts->outputs.size();
    return done();
  });
}

int LITE_get_input_info(const LiteNetwork network, size_t index, LiteIOInfo* info) {
  return guard("LITE_get_input_info", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return describe(object, index, true, info);
  });
}

int LITE_get_output_info(const LiteNetwork network, size_t index, LiteIOInfo* info) {
  return guard("LITE_get_output_info", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return describe(object, index, false, info);
  });
}

int LITE_get_discrete_tensor_count(const LiteNetwork network, const char* io_name, size_t* count) {
  return guard("LITE_get_discrete_tensor_count", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(io_name);
    LITE_REQUIRE(count);
    LITE_CHECK(object.require_model());
    const Port* const port = object.find_port(io_name, LITE_INPUT);
    if (port == nullptr)
      return fail(Code::kNotFound, "the model has no input '", io_name, "'; it has ", object.names());
    if (!port->is_discrete()) return invalid_argument("input '", io_name, "' is not discrete");
    *count = port->discrete.size();
    return done();
  });
}

int LITE_get_metadata_count(const LiteNetwork network, size_t* count) {
  return guard("LITE_get_metadata_count", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(count);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    *count = model.facts->metadata.size();
    return done();
  });
}

int LITE_get_metadata_item(const LiteNetwork network, size_t index, const char** key, const char** value) {
  return guard("LITE_get_metadata_item", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(key);
    LITE_REQUIRE(value);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    const auto& metadata = model.facts->metadata;
    if (index >= metadata.size())
      return invalid_argument("index is ", index, ", there are ", metadata.size(), " entries");
    *key = metadata[index].first.c_str();
    *value = metadata[index].second.c_str();
    return done();
  });
}

int LITE_get_metadata(const LiteNetwork network, const char* key, const char** value) {
  return guard("LITE_get_metadata", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(key);
    LITE_REQUIRE(value);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    for (const auto& [k, v] : model.facts->metadata)
      if (k == key) {
        *value = v.c_str();
        return done();
      }
    return fail(Code::kNotFound, "the model has no metadata '", key, "'");
  });
}

int LITE_dump_graph(LiteNetwork network, const char* stage, const char* format, char** text) {
  return guard("LITE_dump_graph", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(stage);
    LITE_REQUIRE(format);
    LITE_REQUIRE(text);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    std::string (*write)(const Graph&) = nullptr;
    if (std::strcmp(format, "text") == 0) write = dump_text;
    if (std::strcmp(format, "dot") == 0) write = dump_dot;
    if (std::strcmp(format, "json") == 0) write = graph_json;
    if (write == nullptr) return invalid_argument("format is '", format, "', not 'text', 'dot' or 'json'");
    if (std::strcmp(stage, "optimized") == 0) {
      LITE_ASSIGN(const lite::Graph* const whole, model.model->whole_graph());
      return give_string(write(*whole), text);
    }
    if (std::strcmp(stage, "imported") != 0)
      return invalid_argument("stage is '", stage, "', not 'imported' or 'optimized'");
    Graph graph;
    ImportReport report;
    LITE_CHECK(import_source(*model.source, model.operators, &graph, &report));
    return give_string(write(graph), text);
  });
}

}  // extern "C"
