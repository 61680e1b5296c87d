// What all importers share: limits for models from strangers, where external data comes from, and the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/dims.h"
#include "core/base/mapped_file.h"
#include "core/base/status.h"
#include "core/ops/custom.h"

namespace lite {

// Budgets of one import. Going over max_nodes or max_decoded_bytes is kLimitExceeded, over another
// kInvalidModel; the message names the field.
struct ImportLimits {
  size_t max_records = 1u << 22;                  // messages in the file: nodes, attributes, tensors, ...
  size_t max_nodes = 1u << 18;                    // nodes of all graphs, after functions are inlined
  size_t max_depth = 24;                          // bodies in bodies, functions in functions, types in types
  size_t max_rank = 256;                          // dimensions of one tensor
  uint64_t max_tensor_bytes = uint64_t{1} << 40;  // one constant
  // Memory that the import may allocate for constants; those used in place cost nothing. It is also held to
  // 256 MiB and 16 times the bytes that the model has, so that a small file cannot ask for all of it.
  uint64_t max_decoded_bytes = uint64_t{1} << 36;
};

// A node that this build cannot run.
struct UnsupportedNode {
  std::string name;  // the node's, or that of its first output
  std::string op_type, domain;
  int64_t opset = 0;  // what the model imports for the domain; 0 when it imports none
  std::string types;  // element types of the inputs: "float32, int64"
  std::string reason;
};

// Where the bytes of external data come from, instead of files below base_dir.
using ExternalData = std::function<Result<Bytes>(const std::string& location)>;

struct ImportOptions {
  ImportLimits limits;
  std::string
      base_dir;  // directory that external data lies beneath; empty: a model with external data is refused
  ExternalData external;  // asked instead of base_dir when set
  // Registered ones that nodes may have; may be null.
  std::shared_ptr<const ops::CustomOps> operators;
};

struct ImportReport {
  std::vector<UnsupportedNode> unsupported;
  int64_t ir_version = 0;
  std::map<std::string, int64_t> opsets;  // by domain; "" is ONNX's own
  std::string producer;                   // name and version
  std::string domain;
  int64_t model_version = 0;
  std::string doc;
  // Of the inputs and outputs in order, by formats that tell sizes which callers need not keep to; the
  // graph's are then unknown.
  std::vector<Dims> traced_inputs, traced_outputs;
};

}  // namespace lite
