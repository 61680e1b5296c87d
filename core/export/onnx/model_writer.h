// Graphs to messages.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/export/onnx/onnx.h"
#include "core/export/onnx/pieces.h"

namespace lite::onnx {

// Names that are each given once, over all graphs of a model.
class Names {
 public:
  // The name itself, if nothing has it yet, or the name and a number. What is no UTF-8 becomes '?'.
  std::string take(std::string_view wanted);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, size_t> next_;
};

class ModelWriter {
 public:
  explicit ModelWriter(const OnnxExportOptions& options) : options_(options) {}

  // The model's messages; those of tensors view the graph's constants.
  Status write(const Graph& graph, OnnxModel& out);

 private:
  using ValueNames = std::vector<std::string>;  // by value id; "" for what has none yet

  // `body_of`: the operator whose body it is; empty for the main graph.
  Result<Pieces> graph(const Graph& g, ValueNames names, std::string_view body_of);
  Status nodes(const Graph& g, ValueNames& names, MessageWriter& to);
  Result<Pieces> node(const Graph& g, const Node& n, const ValueNames& names);
  Result<Pieces> attribute(const Graph& g, const Node& n, const Attr& a, const ValueNames& names);
  void outputs(const Graph& g, ValueNames& names, bool is_main, MessageWriter& to);
  // The name of an initialiser with that content, which is added if there is none.
  std::string initializer(const Value& v);
  void add_initializer(const std::string& name, const Tensor& t);
  Pieces tensor(const Tensor& t, std::string_view name, bool may_be_external);

  const OnnxExportOptions& options_;
  Names value_names_, node_names_;
  // Constants by where they lie; bodies share those of the graphs around them.
  std::map<std::tuple<const void*, DType, std::vector<int64_t>>, std::string> shared_;
  std::vector<Pieces> initializers_;
  Pieces external_;
  size_t num_nodes_ = 0;
};

}  // namespace lite::onnx
