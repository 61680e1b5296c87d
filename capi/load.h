// From a file or bytes to a model that networks share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capi/config.h"
#include "capi/guard.h"
#include "capi/lent.h"
#include "core/import/import.h"
#include "core/ir/fact.h"
#include "core/runtime/model.h"
#include "lite-c/model_c.h"

namespace lite::capi {

// One level of a type: the value itself, what it holds, what that holds.
struct IoLevel {
  Kind kind = Kind::kTensor;
  DType dtype = DType::kUndefined;  // of a tensor's elements or a map's keys
  int rank = -1;
  std::vector<int64_t> dims;
  std::vector<std::string> dim_names;
  std::vector<const char*> dim_name_pointers;  // into dim_names; nullptr for a dimension without a name
};

// What the model says about one input or output.
struct IoFact {
  std::string name;
  Fact fact;
  std::string type;  // in ONNX's notation
  // The shape that an input has until the caller gives another: the model's, when all of it is known, or the
  // one that the model was made with.
  std::optional<Dims> initial_dims;
  std::vector<IoLevel> levels;  // one for a tensor

  int rank() const { return levels[0].rank; }
  DType dtype() const { return innermost_dtype(fact); }
};

// What a model says about itself.
struct ModelFacts {
  std::vector<IoFact> inputs, outputs;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::string extra_info;  // what was packed with the model, or the metadata as JSON

  const std::vector<IoFact>& io(bool input) const { return input ? inputs : outputs; }
};

// Where a model came from, so that it can be imported again. Immutable.
struct ModelSource {
  Bytes bytes;
  ImportOptions import;
  std::string format;  // "" when it is to be recognised
  bool has_external_data = false;
  std::string decrypted_by;             // the method; "" when the model was not encrypted
  std::optional<NetworkConfig> config;  // the network's, as what is packed with the model changes it
  std::string extra_info;               // what is packed with the model for its user
  std::shared_ptr<LentData> lent;       // whose keep() is called when the load has succeeded

  std::string_view format_of() const;  // as recognise(), where `format` does not say
};

struct UnsupportedReport {
  std::vector<UnsupportedNode> nodes;
};

struct LoadedModel {
  std::shared_ptr<Model> model;
  std::shared_ptr<const ModelFacts> facts;
  std::shared_ptr<const ModelSource> source;
  std::shared_ptr<const ops::CustomOps> operators;  // registered ones that it uses

  // What is known of an input or output, while the facts live.
  Outcome fact_at(size_t index, bool input, const IoFact** fact) const;
};

// "onnx", "mge", "lite", "packed" or "" when the bytes look like nothing that is known.
std::string_view recognise(std::span<const std::byte> bytes);

// The model's bytes, unpacked and decrypted, and where the rest of it lies.
Outcome source_from_file(const char* path, const LiteLoadOptions& options, const NetworkConfig& config,
                         std::shared_ptr<const ModelSource>* out);
Outcome source_from_memory(const void* data, size_t size, const LiteLoadOptions& options,
                           const NetworkConfig& config, std::shared_ptr<const ModelSource>* out);

// The graph as it is in the file, whose nodes may have those registered operators.
Outcome import_source(const ModelSource& source, std::shared_ptr<const ops::CustomOps> operators,
                      Graph* graph, ImportReport* report);
// Imports only; tells what cannot run.
Outcome check_source(const ModelSource& source, UnsupportedReport* unsupported);
Outcome load_source(std::shared_ptr<const ModelSource> source,
                    std::shared_ptr<const ops::CustomOps> operators, const NetworkConfig& config,
                    UnsupportedReport* unsupported, LoadedModel* out);
ModelFacts facts_of(const Graph& graph, const ImportReport& report);

}  // namespace lite::capi
