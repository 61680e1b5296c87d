// convert_c.h: writing models as ONNX.

#include "lite-c/convert_c.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "build_config.h"
#include "capi/config.h"
#include "capi/load.h"
#include "capi/operator_registry.h"
#include "capi/text.h"
#include "core/export/onnx/onnx.h"
#include "core/ir/op_def.h"

using namespace lite;
using namespace lite::capi;

namespace {

constexpr LiteConvertOptions kDefaults = LITE_CONVERT_OPTIONS_INIT;
constexpr LiteLoadOptions kLoadDefaults = LITE_LOAD_OPTIONS_INIT;
// Protobuf's limit.
constexpr uint64_t kMostBytes = (uint64_t{1} << 31) - 1;
// Room for all that is no constant, in deciding whether a model fits.
constexpr uint64_t kSpare = uint64_t{64} << 20;
constexpr size_t kPart = size_t{4} << 20;  // between two calls of progress

struct Options {
  LiteConvertOptions convert;
  LiteLoadOptions load;
  bool has(LiteConvertFlag flag) const { return (convert.flags & static_cast<uint32_t>(flag)) != 0; }
};

Outcome read_options(const LiteConvertOptions* in, Options* out) {
  LITE_ASSIGN(out->convert, read_versioned(in, kDefaults, "options"));
  LITE_ASSIGN(out->load, read_versioned(out->convert.load, kLoadDefaults, "options.load"));
  constexpr uint32_t kFlags =
      LITE_CONVERT_EXTERNAL_DATA | LITE_CONVERT_FIXED_SHAPES | LITE_CONVERT_OWN_DOMAIN | LITE_CONVERT_AS_IS;
  if ((out->convert.flags & ~kFlags) != 0)
    return unsupported("options.flags is ", out->convert.flags,
                       ", which has bits that this library does not know");
  if (out->convert.shape_count > 0) LITE_CHECK(require(out->convert.shapes, "options.shapes"));
  const char* const external = out->convert.external_data;
  if (external != nullptr && (*external == '\0' || std::strchr(external, '/') != nullptr))
    return invalid_argument("options.external_data is '", external,
                            "', the name of a file beside the model is wanted");
  return done();
}

// Gives an input the shape, where the model leaves it open.
Outcome fix_shape(Graph& graph, const char* name, std::span<const int64_t> dims) {
  for (const ValueId v : graph.inputs) {
    if (graph.value(v).name != name) continue;
    Fact& fact = graph.value(v).fact;
    if (fact.kind != Kind::kTensor)
      return invalid_argument("input '", name, "' is a ", kind_name(fact.kind), ", which has no shape");
    bool fits = !fact.has_rank || fact.rank() == dims.size();
    for (size_t i = 0; i < dims.size(); ++i)
      fits = fits && dims[i] >= 0 && (!fact.has_rank || fact.dims[i] < 0 || fact.dims[i] == dims[i]);
    if (!fits)
      return fail(Code::kShapeMismatch, "input '", name, "' cannot have the shape ", Dims(dims), ": it is ",
                  to_text(graph, fact));
    fact = Fact(fact.dtype, Dims(dims));
    return done();
  }
  return fail(Code::kNotFound, "the model has no input '", name, "' to give a shape");
}

Outcome fix_shapes(Graph& graph, const ImportReport& report, const Options& options) {
  const std::span shapes(options.convert.shapes, options.convert.shape_count);
  if (options.has(LITE_CONVERT_FIXED_SHAPES))
    for (size_t i = 0; i < std::min(graph.inputs.size(), report.traced_inputs.size()); ++i) {
      const std::string& name = graph.value(graph.inputs[i]).name;
      const bool given = std::any_of(shapes.begin(), shapes.end(), [&](const LiteInputShape& s) {
        return s.name != nullptr && name == s.name;
      });
      if (!given) LITE_CHECK(fix_shape(graph, name.c_str(), report.traced_inputs[i]));
    }
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (shapes[i].name == nullptr) return invalid_argument("options.shapes[", i, "].name is NULL");
    if (shapes[i].dims == nullptr && shapes[i].rank > 0)
      return invalid_argument("options.shapes[", i, "].dims is NULL");
    LITE_CHECK(fix_shape(graph, shapes[i].name, {shapes[i].dims, shapes[i].rank}));
  }
  if (shapes.empty() && !options.has(LITE_CONVERT_FIXED_SHAPES)) return done();
  for (const ValueId v : graph.inputs)
    if (options.has(LITE_CONVERT_FIXED_SHAPES) && !graph.value(v).fact.is_static())
      return invalid_argument("input '", graph.value(v).name, "' is ", to_text(graph, graph.value(v).fact),
                              ", and the file does not say with which sizes it was made; give it a shape");
  LITE_CHECK(infer_graph(graph, {}, !options.has(LITE_CONVERT_AS_IS)));
  return done();
}

// The model of the source, ready to be written. `external_name`: of the file that constants may go to; empty
// when there can be none.
Outcome convert(const ModelSource& source, const Options& options, const std::string& external_name,
                OnnxModel* out) {
  Graph graph;
  ImportReport report;
  LITE_CHECK(import_source(source, operators::current(), &graph, &report));
  LITE_CHECK(fix_shapes(graph, report, options));
  OnnxExportOptions o;
  o.opset = options.convert.opset;
  o.own_domain = options.has(LITE_CONVERT_OWN_DOMAIN);
  o.fold = !options.has(LITE_CONVERT_AS_IS);
  o.producer = "lite";
  o.producer_version = LITE_BUILD_VERSION;
  o.domain = report.domain;
  o.doc = report.doc;
  o.model_version = report.model_version;
  const bool large = constant_bytes(graph) + kSpare > kMostBytes;
  if (large || options.has(LITE_CONVERT_EXTERNAL_DATA)) o.external_location = external_name;
  LITE_ASSIGN(*out, export_onnx(std::move(graph), o));
  if (out->model.size() > kMostBytes)
    return fail(Code::kLimitExceeded, "as ONNX the model has ", out->model.size(),
                " bytes without external data, ", kMostBytes, " is the most that such a file may have");
  return done();
}

// Counts what is written, and tells.
class Progress {
 public:
  Progress(const LiteConvertOptions& options, uint64_t total) : options_(options), total_(total) {}

  Outcome put(const onnx::Pieces& pieces, const Put& put) {
    for (size_t i = 0; i < pieces.count(); ++i) {
      const std::span<const std::byte> bytes = pieces[i];
      for (std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size()); !rest.empty();) {
        const std::string_view part = rest.substr(0, kPart);
        LITE_CHECK(put(part));
        // Weights are read once; a large model need not fill the memory.
        forget_pages(part.data(), part.size());
        LITE_CHECK(count(part.size()));
        rest.remove_prefix(part.size());
      }
    }
    return done();
  }

 private:
  Outcome count(uint64_t bytes) {
    written_ += bytes;
    if (written_ - told_ < kPart && written_ < total_) return done();
    told_ = written_;
    const bool stop =
        options_.progress != nullptr && options_.progress(options_.user_data, written_, total_) != 0;
    return stop ? Outcome(fail(Code::kCancelled, "the progress callback stopped it")) : done();
  }

  const LiteConvertOptions& options_;
  const uint64_t total_;
  uint64_t written_ = 0, told_ = 0;
};

Outcome give_report(const OnnxModel& model, const std::string& external_name, char** report) {
  if (report == nullptr) return done();
  const bool external = model.external.size() > 0;
  return give_string(cat("{\"opset\": ", model.opset, ", \"ir_version\": ", model.ir_version,
                         ", \"nodes\": ", model.nodes, ", \"bytes\": ", model.model.size(),
                         ", \"external_data\": ", json_quote(external ? external_name : ""),
                         ", \"external_bytes\": ", model.external.size(), "}\n"),
                     report);
}

}  // namespace

extern "C" {

int LITE_convert_model(const char* path, const char* onnx_path, const LiteConvertOptions* options,
                       char** report) {
  return guard("LITE_convert_model", [&]() -> Outcome {
    LITE_REQUIRE(path);
    LITE_REQUIRE(onnx_path);
    Options o;
    LITE_CHECK(read_options(options, &o));
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_file(path, o.load, NetworkConfig(), &source));
    const std::string onnx(onnx_path);
    const size_t slash = onnx.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : onnx.substr(0, slash + 1);
    const std::string external =
        o.convert.external_data != nullptr ? o.convert.external_data : onnx.substr(folder.size()) + ".data";
    if (folder + external == onnx)
      return invalid_argument("options.external_data is '", external, "', which is the model itself");
    OnnxModel model;
    LITE_CHECK(with_path(convert(*source, o, external, &model), path));
    Progress progress(o.convert, model.model.size() + model.external.size());
    const auto write = [&](const Put& put) -> Outcome {
      LITE_CHECK(progress.put(model.model, put));
      if (model.external.size() == 0) return done();
      return replace_file(folder + external,
                          [&](const Put& data) { return progress.put(model.external, data); });
    };
    LITE_CHECK(replace_file(onnx, write));
    return give_report(model, external, report);
  });
}

int LITE_convert_model_memory(const void* model, size_t size, const LiteConvertOptions* options, char** onnx,
                              size_t* onnx_size, char** report) {
  return guard("LITE_convert_model_memory", [&]() -> Outcome {
    LITE_REQUIRE(model);
    LITE_REQUIRE(onnx);
    LITE_REQUIRE(onnx_size);
    Options o;
    LITE_CHECK(read_options(options, &o));
    if (o.has(LITE_CONVERT_EXTERNAL_DATA) || o.convert.external_data != nullptr)
      return invalid_argument("options ask for external data, which in memory there is none of");
    o.load.flags |= LITE_LOAD_NO_COPY;  // nothing outlives the call
    std::shared_ptr<const ModelSource> source;
    LITE_CHECK(source_from_memory(model, size, o.load, NetworkConfig(), &source));
    OnnxModel converted;
    LITE_CHECK(convert(*source, o, "", &converted));
    const auto total = static_cast<size_t>(converted.model.size());
    std::unique_ptr<char, decltype(&std::free)> bytes(static_cast<char*>(std::malloc(total + 1)), &std::free);
    if (bytes == nullptr) return fail(Code::kOutOfMemory, "no memory for the ", total, " bytes of the model");
    char* end = bytes.get();
    Progress progress(o.convert, total);
    const auto append = [&](std::string_view part) {
      end = std::copy(part.begin(), part.end(), end);
      return done();
    };
    LITE_CHECK(progress.put(converted.model, append));
    *end = '\0';
    LITE_CHECK(give_report(converted, "", report));
    *onnx = bytes.release();
    *onnx_size = total;
    return done();
  });
}

}  // extern "C"
