// ONNX's messages as plain structs. Texts and data are views into the model's bytes; nothing large is copied.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/import/import.h"

namespace lite::onnx {

enum class AttrKind : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kInt = 2,
  kString = 3,
  kTensor = 4,
  kGraph = 5,
  kFloats = 6,
  kInts = 7,
  kStrings = 8,
  kTensors = 9,
  kGraphs = 10,
  kSparseTensor = 11,
  kSparseTensors = 12,
  kType = 13,
  kTypes = 14,
};

using KeyValue = std::pair<std::string_view, std::string_view>;

struct TensorP {
  std::string_view name;
  int32_t data_type = 0;
  std::vector<int64_t> dims;
  bool has_raw = false, has_segment = false, external = false;
  std::string_view raw;
  // Elements as the wire has them, packed or single, by the number of their field (float_data is 4, ...).
  std::vector<std::pair<uint32_t, std::string_view>> typed;
  std::vector<std::string_view> strings;
  std::vector<KeyValue> external_data;
};

struct SparseP {
  std::vector<TensorP> values, indices;  // one each when the model is right
  std::vector<int64_t> dims;
};

struct GraphP;

struct AttrP {
  std::string_view name,
      reference;  // reference: the attribute of the enclosing function that gives the value
  AttrKind kind = AttrKind::kUndefined;
  float f = 0;
  int64_t i = 0;
  std::string_view s;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  std::vector<std::string_view> strings;
  std::vector<TensorP> tensors;
  std::vector<GraphP> graphs;
  std::vector<SparseP> sparse;
  std::vector<std::string_view> types;  // serialised TypeProto
};

struct NodeP {
  std::string_view name, op_type, domain, overload;
  std::vector<std::string_view> in, out;
  std::vector<AttrP> attrs;
};

struct ValueInfoP {
  std::string_view name;
  std::string_view type;  // serialised TypeProto
};

struct GraphP {
  std::string_view name, doc;
  std::vector<NodeP> nodes;
  std::vector<TensorP> initializers;
  std::vector<SparseP> sparse_initializers;
  std::vector<ValueInfoP> inputs, outputs, value_info;
  std::vector<KeyValue> metadata;
};

using OpsetsP = std::vector<std::pair<std::string_view, int64_t>>;

struct FunctionP {
  std::string_view name, domain, overload;
  std::vector<std::string_view> in, out;
  std::vector<std::string_view> attributes;  // without a default
  std::vector<AttrP> defaults;
  std::vector<NodeP> nodes;
  std::vector<ValueInfoP> value_info;
  OpsetsP opsets;
};

struct ModelP {
  int64_t ir_version = 0, model_version = 0;
  std::string_view producer_name, producer_version, domain, doc;
  bool has_graph = false;
  GraphP graph;
  OpsetsP opsets;
  std::vector<FunctionP> functions;
  std::vector<KeyValue> metadata;
};

// The view of a name in a message: quoted, shortened when absurdly long, other than printable bytes as '?'.
std::string quoted(std::string_view text);

// Parses a serialised ModelProto. Unknown fields are skipped; a known one with the wrong wire type, bytes
// that end too early, and messages over the limits are kInvalidModel.
Result<ModelP> read_model(std::string_view bytes, const ImportLimits& limits);

}  // namespace lite::onnx
