// TypeProto to Fact, and the names of symbolic dimensions.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/import/onnx/proto.h"
#include "core/ir/graph.h"

namespace lite::onnx {

// Symbolic dimensions of a model. All its graphs, bodies included, number them alike, so that facts can move
// between.
class Symbols {
 public:
  int64_t dim(std::string_view name);
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::unordered_map<std::string, int64_t> index_;
  std::vector<std::string> names_;
};

// An empty type is an unknown one.
Result<Fact> read_type(std::string_view bytes, Symbols& symbols, const ImportLimits& limits);

}  // namespace lite::onnx
