// Graph to ONNX.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/export/onnx/pieces.h"
#include "core/import/import.h"
#include "core/ir/graph.h"

namespace lite {

struct OnnxExportOptions {
  int64_t opset = 0;  // 0: the oldest, from 13 on, that can say the model
  // Operators that ONNX has no word for are written as they are, for this library alone.
  bool own_domain = false;
  bool fold = true;  // what is constant is calculated, what does nothing is left out
  // Where constants go that are large enough, beside the model; empty: they stay in it.
  std::string external_location;
  uint64_t external_from = 1024;  // bytes
  // What the model says about itself.
  std::string producer, producer_version, domain, doc;
  int64_t model_version = 0;
};

// A model ready to be written. It views the constants of `graph`.
struct OnnxModel {
  Graph graph;
  onnx::Pieces model, external;
  int64_t opset = 0, ir_version = 0;
  size_t nodes = 0;  // of all graphs
};

// The nodes of the graph and its bodies in ONNX's words. kUnsupported when there are none for some of them,
// or not in the opset asked for: the message, and `unsupported` if given, list all at once. kInvalidArgument
// for an opset that this build does not write.
Result<OnnxModel> export_onnx(Graph graph, const OnnxExportOptions& options,
                              std::vector<UnsupportedNode>* unsupported = nullptr);

// Bytes that the constants of the graph and its bodies take, each once.
uint64_t constant_bytes(const Graph& graph);

}  // namespace lite
