// Field numbers are those of ONNX's onnx.proto.
#include <algorithm>

#include "core/import/onnx/message.h"
#include "core/import/onnx/proto.h"

namespace lite::onnx {
namespace {

using protozero::pbf_wire_type;

void read_graph(ParseState& state, std::string_view bytes, size_t depth, GraphP& g);

KeyValue read_pair(ParseState& state, std::string_view bytes, size_t depth) {
  KeyValue kv;
  Message m(state, "StringStringEntryProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        kv.first = m.bytes();
        break;
      case 2:
        kv.second = m.bytes();
        break;
      default:
        m.skip();
    }
  }
  return kv;
}

void read_tensor(ParseState& state, std::string_view bytes, size_t depth, TensorP& t) {
  Message m(state, "TensorProto", bytes, depth);
  while (m.next()) {
    const uint32_t field = m.field();
    switch (field) {
      case 1:
        m.add_to(t.dims);
        break;
      case 2:
        t.data_type = m.int32();
        break;
      case 3:
        t.has_segment = true;
        m.skip();
        break;
      case 4:
        t.typed.emplace_back(field, m.numbers(pbf_wire_type::fixed32));
        break;
      case 5:
      case 7:
      case 11:
        t.typed.emplace_back(field, m.numbers(pbf_wire_type::varint));
        break;
      case 6:
        t.strings.push_back(m.bytes());
        break;
      case 8:
        t.name = m.bytes();
        break;
      case 9:
        if (t.has_raw) m.fail(cat("tensor ", quoted(t.name), " has raw_data twice"));
        t.has_raw = true;
        t.raw = m.bytes();
        break;
      case 10:
        t.typed.emplace_back(field, m.numbers(pbf_wire_type::fixed64));
        break;
      case 13:
        t.external_data.push_back(read_pair(state, m.bytes(), depth + 1));
        break;
      case 14:
        t.external = m.int32() == 1;
        break;
      default:
        m.skip();
    }
  }
}

void read_sparse(ParseState& state, std::string_view bytes, size_t depth, SparseP& s) {
  Message m(state, "SparseTensorProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        read_tensor(state, m.bytes(), depth + 1, s.values.emplace_back());
        break;
      case 2:
        read_tensor(state, m.bytes(), depth + 1, s.indices.emplace_back());
        break;
      case 3:
        m.add_to(s.dims);
        break;
      default:
        m.skip();
    }
  }
}

void read_attr(ParseState& state, std::string_view bytes, size_t depth, AttrP& a) {
  Message m(state, "AttributeProto", bytes, depth);
  AttrKind found = AttrKind::kUndefined;
  bool declared = false;
  while (m.next()) {
    switch (m.field()) {
      case 1:
        a.name = m.bytes();
        break;
      case 2:
        a.f = m.f32(), found = AttrKind::kFloat;
        break;
      case 3:
        a.i = m.int64(), found = AttrKind::kInt;
        break;
      case 4:
        a.s = m.bytes(), found = AttrKind::kString;
        break;
      case 5:
        read_tensor(state, m.bytes(), depth + 1, a.tensors.emplace_back()), found = AttrKind::kTensor;
        break;
      case 6:
        read_graph(state, m.bytes(), depth + 1, a.graphs.emplace_back()), found = AttrKind::kGraph;
        break;
      case 7:
        m.add_to(a.floats), found = AttrKind::kFloats;
        break;
      case 8:
        m.add_to(a.ints), found = AttrKind::kInts;
        break;
      case 9:
        a.strings.push_back(m.bytes()), found = AttrKind::kStrings;
        break;
      case 10:
        read_tensor(state, m.bytes(), depth + 1, a.tensors.emplace_back()), found = AttrKind::kTensors;
        break;
      case 11:
        read_graph(state, m.bytes(), depth + 1, a.graphs.emplace_back()), found = AttrKind::kGraphs;
        break;
      case 14:
        a.types.push_back(m.bytes()), found = AttrKind::kType;
        break;
      case 15:
        a.types.push_back(m.bytes()), found = AttrKind::kTypes;
        break;
      case 20:
        a.kind = static_cast<AttrKind>(m.int32()), declared = a.kind != AttrKind::kUndefined;
        break;
      case 21:
        a.reference = m.bytes();
        break;
      case 22:
        read_sparse(state, m.bytes(), depth + 1, a.sparse.emplace_back()), found = AttrKind::kSparseTensor;
        break;
      case 23:
        read_sparse(state, m.bytes(), depth + 1, a.sparse.emplace_back()), found = AttrKind::kSparseTensors;
        break;
      default:
        m.skip();
    }
  }
  // Files of the first IR versions leave the type out; it is then that of the field that is set.
  if (!declared) a.kind = found;
}

void read_node(ParseState& state, std::string_view bytes, size_t depth, NodeP& n) {
  Message m(state, "NodeProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        n.in.push_back(m.bytes());
        break;
      case 2:
        n.out.push_back(m.bytes());
        break;
      case 3:
        n.name = m.bytes();
        break;
      case 4:
        n.op_type = m.bytes();
        break;
      case 5:
        read_attr(state, m.bytes(), depth + 1, n.attrs.emplace_back());
        break;
      case 7:
        n.domain = m.bytes();
        break;
      case 8:
        n.overload = m.bytes();
        break;
      default:
        m.skip();
    }
  }
}

ValueInfoP read_value_info(ParseState& state, std::string_view bytes, size_t depth) {
  ValueInfoP v;
  Message m(state, "ValueInfoProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        v.name = m.bytes();
        break;
      case 2:
        v.type = m.bytes();
        break;
      default:
        m.skip();
    }
  }
  return v;
}

void read_graph(ParseState& state, std::string_view bytes, size_t depth, GraphP& g) {
  Message m(state, "GraphProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        read_node(state, m.bytes(), depth + 1, g.nodes.emplace_back());
        break;
      case 2:
        g.name = m.bytes();
        break;
      case 5:
        read_tensor(state, m.bytes(), depth + 1, g.initializers.emplace_back());
        break;
      case 10:
        g.doc = m.bytes();
        break;
      case 11:
        g.inputs.push_back(read_value_info(state, m.bytes(), depth + 1));
        break;
      case 12:
        g.outputs.push_back(read_value_info(state, m.bytes(), depth + 1));
        break;
      case 13:
        g.value_info.push_back(read_value_info(state, m.bytes(), depth + 1));
        break;
      case 15:
        read_sparse(state, m.bytes(), depth + 1, g.sparse_initializers.emplace_back());
        break;
      case 16:
        g.metadata.push_back(read_pair(state, m.bytes(), depth + 1));
        break;
      default:
        m.skip();
    }
  }
}

void read_opset(ParseState& state, std::string_view bytes, size_t depth, OpsetsP& opsets) {
  auto& [domain, version] = opsets.emplace_back();
  Message m(state, "OperatorSetIdProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        domain = m.bytes();
        break;
      case 2:
        version = m.int64();
        break;
      default:
        m.skip();
    }
  }
  constexpr size_t kMostDomains = 256;
  if (opsets.size() > kMostDomains) return m.fail(cat("more than ", kMostDomains, " opsets are imported"));
  if (domain == "ai.onnx") domain = "";
  if (std::count_if(opsets.begin(), opsets.end(), [&d = domain](const auto& o) { return o.first == d; }) > 1)
    m.fail(cat("the opset of domain ", quoted(domain), " is imported twice"));
}

void read_function(ParseState& state, std::string_view bytes, size_t depth, FunctionP& f) {
  Message m(state, "FunctionProto", bytes, depth);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        f.name = m.bytes();
        break;
      case 4:
        f.in.push_back(m.bytes());
        break;
      case 5:
        f.out.push_back(m.bytes());
        break;
      case 6:
        f.attributes.push_back(m.bytes());
        break;
      case 7:
        read_node(state, m.bytes(), depth + 1, f.nodes.emplace_back());
        break;
      case 9:
        read_opset(state, m.bytes(), depth + 1, f.opsets);
        break;
      case 10:
        f.domain = m.bytes();
        break;
      case 11:
        read_attr(state, m.bytes(), depth + 1, f.defaults.emplace_back());
        break;
      case 12:
        f.value_info.push_back(read_value_info(state, m.bytes(), depth + 1));
        break;
      case 13:
        f.overload = m.bytes();
        break;
      default:
        m.skip();
    }
  }
  if (f.domain == "ai.onnx") f.domain = "";
}

void read_root(ParseState& state, std::string_view bytes, ModelP& model) {
  Message m(state, "ModelProto", bytes, 0);
  while (m.next()) {
    switch (m.field()) {
      case 1:
        model.ir_version = m.int64();
        break;
      case 2:
        model.producer_name = m.bytes();
        break;
      case 3:
        model.producer_version = m.bytes();
        break;
      case 4:
        model.domain = m.bytes();
        break;
      case 5:
        model.model_version = m.int64();
        break;
      case 6:
        model.doc = m.bytes();
        break;
      case 7:
        if (model.has_graph) m.fail("the graph is there twice");
        model.has_graph = true;
        read_graph(state, m.bytes(), 1, model.graph);
        break;
      case 8:
        read_opset(state, m.bytes(), 1, model.opsets);
        break;
      case 14:
        model.metadata.push_back(read_pair(state, m.bytes(), 1));
        break;
      case 25:
        read_function(state, m.bytes(), 1, model.functions.emplace_back());
        break;
      default:
        m.skip();
    }
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr size_t kLongest = 200;
  std::string out = "'";
  for (const char c : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  if (text.size() > kLongest) out += "...";
  return out + "'";
}

Result<ModelP> read_model(std::string_view bytes, const ImportLimits& limits) {
  ParseState state;
  state.max_records = limits.max_records;
  // A body is three messages deeper than its graph: node, attribute, graph; then tensor and pair.
  state.max_depth = 3 * limits.max_depth + 6;
  ModelP model;
  LITE_TRY(parse_guarded(state, [&] { read_root(state, bytes, model); }));
  return model;
}

}  // namespace lite::onnx
