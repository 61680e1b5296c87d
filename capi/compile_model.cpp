// convert_c.h: writing models ready to run.

#include <algorithm>
#include <climits>

#include "capi/config.h"
#include "capi/load.h"
#include "capi/operator_registry.h"
#include "capi/text.h"
#include "core/compiled/compiled.h"
#include "lite-c/convert_c.h"

using namespace lite;
using namespace lite::capi;

namespace {

constexpr LiteCompileOptions kDefaults = LITE_COMPILE_OPTIONS_INIT;
constexpr LiteLoadOptions kLoadDefaults = LITE_LOAD_OPTIONS_INIT;

// The shapes of all inputs; nullopt where they are unknown.
using Shapes = std::vector<std::optional<Dims>>;

Outcome find_input(const ModelFacts& facts, const LiteInputShape& shape, size_t* index) {
  const auto it = std::find_if(facts.inputs.begin(), facts.inputs.end(),
                               [&](const IoFact& io) { return io.name == shape.name; });
  if (it == facts.inputs.end())
    return fail(Code::kNotFound, "the model has no input '", shape.name, "' to compile it for a shape of");
  *index = static_cast<size_t>(it - facts.inputs.begin());
  return done();
}

// What `given` asks for; what the model declares when it asks for nothing.
Outcome sets_of_shapes(const ModelFacts& facts, std::span<const LiteInputShape> given,
                       std::vector<Shapes>* sets) {
  Shapes now;
  for (const IoFact& io : facts.inputs) now.push_back(io.initial_dims);
  std::vector<size_t> named;
  for (size_t i = 0; i < given.size(); ++i) {
    const LiteInputShape& shape = given[i];
    if (shape.name == nullptr) return invalid_argument("options.shapes[", i, "].name is NULL");
    if (shape.dims == nullptr && shape.rank > 0)
      return invalid_argument("options.shapes[", i, "].dims is NULL");
    size_t input = 0;
    LITE_CHECK(find_input(facts, shape, &input));
    if (std::find(named.begin(), named.end(), input) != named.end()) {
      sets->push_back(now);
      named.clear();
    }
    named.push_back(input);
    LITE_ASSIGN(now[input],
                checked_dims("options.shapes: ", facts.inputs[input].dtype(),
                             static_cast<int>(std::min<size_t>(shape.rank, INT_MAX)), shape.dims));
  }
  const auto unknown = std::find(now.begin(), now.end(), std::nullopt);
  if (!given.empty() && unknown != now.end())
    return invalid_argument("input '", facts.inputs[static_cast<size_t>(unknown - now.begin())].name,
                            "' needs a shape, too");
  if (!given.empty() || unknown == now.end()) sets->push_back(std::move(now));
  return done();
}

std::string shapes_json(const ModelFacts& facts, const std::vector<Shapes>& sets) {
  std::string json = "[";
  for (const Shapes& set : sets) {
    json += json.size() == 1 ? "{" : ", {";
    for (size_t i = 0; i < set.size(); ++i) {
      json += cat(i == 0 ? "" : ", ", json_quote(facts.inputs[i].name), ": [");
      for (size_t d = 0; d < set[i]->size(); ++d) json += cat(d == 0 ? "" : ", ", (*set[i])[d]);
      json += "]";
    }
    json += "}";
  }
  return json + "]";
}

Outcome compile(const ModelSource& source, const LiteCompileOptions& options, const char* lite_path,
                char** report_json) {
  if (!source.decrypted_by.empty())
    return unsupported(
        "the model is encrypted, and what is compiled is not; compile the plain model, and "
        "encrypt that");
  if (source.format_of() == "lite") return invalid_argument("it is a compiled model already");
  Graph graph;
  ImportReport report;
  LITE_CHECK(import_source(source, operators::current(), &graph, &report));
  const ModelFacts facts = facts_of(graph, report);
  std::vector<Shapes> sets;
  LITE_CHECK(sets_of_shapes(facts, {options.shapes, options.shape_count}, &sets));

  ModelOptions model_options = NetworkConfig().model_options();
  model_options.kernel.winograd = (options.flags & LITE_COMPILE_NO_WINOGRAD) == 0;
  model_options.kernel.reproducible = (options.flags & LITE_COMPILE_REPRODUCIBLE) != 0;
  LITE_ASSIGN(const std::shared_ptr<Model> model, Model::create(std::move(graph), model_options));
  std::vector<std::vector<Fact>> inputs;
  for (const Shapes& set : sets) {
    std::vector<Fact>& of_set = inputs.emplace_back();
    for (size_t i = 0; i < set.size(); ++i) of_set.emplace_back(facts.inputs[i].dtype(), *set[i]);
  }

  CompiledSize size;
  LITE_CHECK(replace_file(lite_path, [&](const Put& put) -> Outcome {
    Outcome outcome;
    const auto pass_on = [&](std::span<const std::byte> bytes) {
      outcome = put({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      return outcome.is_ok();
    };
    LITE_ASSIGN(const bool whole, write_compiled(*model, report, inputs, pass_on, &size));
    return whole ? done() : std::move(outcome);
  }));
  if (report_json == nullptr) return done();
  return give_string(cat("{\"bytes\": ", size.bytes, ", \"constants\": ", size.constants, ", \"packed\": ",
                         size.packed, ", \"nodes\": ", size.nodes, ", \"packings\": ", size.packings,
                         ", \"shapes\": ", shapes_json(facts, sets), "}\n"),
                     report_json);
}

}  // namespace

extern "C" {

int LITE_compile_model(const char* path, const char* lite_path, const LiteCompileOptions* options,
                       char** report) {
  return guard("LITE_compile_model", [&]() -> Outcome {
    LITE_REQUIRE(path);
    LITE_REQUIRE(lite_path);
    LITE_ASSIGN(const LiteCompileOptions o, read_versioned(options, kDefaults, "options"));
    LITE_ASSIGN(const LiteLoadOptions load, read_versioned(o.load, kLoadDefaults, "options.load"));
    constexpr uint32_t kFlags = LITE_COMPILE_NO_WINOGRAD | LITE_COMPILE_REPRODUCIBLE;
    if ((o.flags & ~kFlags) != 0)
      return unsupported("options.flags is ", o.flags, ", which has bits that this library does not know");
    if (o.shape_count > 0) LITE_CHECK(require(o.shapes, "options.shapes"));
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_file(path, load, NetworkConfig(), &source));
    return with_path(compile(*source, o, lite_path, report), path);
  });
}

}  // extern "C"
