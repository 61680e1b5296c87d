// Writes ONNX messages, right and wrong ones, for tests and for the fuzzer's first corpus.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

namespace lite::test {

using Texts = std::vector<std::string>;
using Ints = std::vector<int64_t>;

// One message: fields are added in any order and number; str() is what it is.
class Proto {
 public:
  Proto& i(uint32_t field, int64_t v) {
    protozero::pbf_writer(bytes_).add_int64(field, v);
    return *this;
  }
  Proto& f(uint32_t field, float v) {
    protozero::pbf_writer(bytes_).add_float(field, v);
    return *this;
  }
  Proto& s(uint32_t field, const std::string& v) {
    protozero::pbf_writer(bytes_).add_bytes(field, v);
    return *this;
  }
  Proto& each(uint32_t field, const Texts& list) {
    for (const std::string& v : list) s(field, v);
    return *this;
  }
  Proto& packed(uint32_t field, const Ints& list) {
    protozero::pbf_writer(bytes_).add_packed_int64(field, list.begin(), list.end());
    return *this;
  }
  Proto& raw(const std::string& bytes) {
    bytes_ += bytes;
    return *this;
  }
  const std::string& str() const { return bytes_; }
  operator const std::string&() const { return bytes_; }

 private:
  std::string bytes_;
};

enum : int64_t {
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kInt4 = 22
};

template <class T>
std::string bytes_of(const std::vector<T>& v) {
  std::string s(v.size() * sizeof(T), '\0');
  if (!v.empty()) std::memcpy(s.data(), v.data(), s.size());
  return s;
}

// TensorProto without data.
inline Proto tensor(const std::string& name, int64_t dtype, const Ints& dims) {
  Proto p;
  return p.packed(1, dims).i(2, dtype).s(8, name);
}
inline Proto raw_tensor(const std::string& name, int64_t dtype, const Ints& dims, const std::string& raw) {
  return tensor(name, dtype, dims).s(9, raw);
}
inline Proto floats(const std::string& name, const Ints& dims, const std::vector<float>& v) {
  return raw_tensor(name, kFloat, dims, bytes_of(v));
}
inline Proto ints(const std::string& name, const Ints& v) {
  return raw_tensor(name, kInt64, {static_cast<int64_t>(v.size())}, bytes_of(v));
}
inline Proto external_tensor(const std::string& name, int64_t dtype, const Ints& dims,
                             const std::vector<std::pair<std::string, std::string>>& entries) {
  Proto p = tensor(name, dtype, dims).i(14, 1);
  for (const auto& [key, value] : entries) p.s(13, Proto().s(1, key).s(2, value));
  return p;
}

// AttributeProto.
inline Proto attr_i(const std::string& name, int64_t v) { return Proto().s(1, name).i(3, v).i(20, 2); }
inline Proto attr_f(const std::string& name, float v) { return Proto().s(1, name).f(2, v).i(20, 1); }
inline Proto attr_s(const std::string& name, const std::string& v) {
  return Proto().s(1, name).s(4, v).i(20, 3);
}
inline Proto attr_t(const std::string& name, const std::string& v) {
  return Proto().s(1, name).s(5, v).i(20, 4);
}
inline Proto attr_g(const std::string& name, const std::string& v) {
  return Proto().s(1, name).s(6, v).i(20, 5);
}
inline Proto attr_ref(const std::string& name, const std::string& of, int64_t kind) {
  return Proto().s(1, name).s(21, of).i(20, kind);
}
inline Proto attr_ints(const std::string& name, const Ints& v) {
  Proto p = Proto().s(1, name).i(20, 7);
  for (const int64_t x : v) p.i(8, x);
  return p;
}
inline Proto attr_floats(const std::string& name, const std::vector<float>& v) {
  Proto p = Proto().s(1, name).i(20, 6);
  for (const float x : v) p.f(7, x);
  return p;
}
inline Proto attr_strings(const std::string& name, const Texts& v) {
  return Proto().s(1, name).i(20, 8).each(9, v);
}

// NodeProto.
inline Proto node(const std::string& op, const Texts& in, const Texts& out, const Texts& attrs = {},
                  const std::string& name = "", const std::string& domain = "") {
  Proto p = Proto().each(1, in).each(2, out).s(4, op).each(5, attrs);
  if (!name.empty()) p.s(3, name);
  if (!domain.empty()) p.s(7, domain);
  return p;
}

// TypeProto of a tensor; a dimension is a number or a name, "?" is unknown.
inline Proto tensor_type(int64_t dtype, const Texts& dims) {
  Proto shape;
  for (const std::string& d : dims) {
    const bool number = d.find_first_not_of("-0123456789") == std::string::npos;
    shape.s(1, d == "?" ? Proto() : number ? Proto().i(1, std::stoll(d)) : Proto().s(2, d));
  }
  return Proto().s(1, Proto().i(1, dtype).s(2, shape));
}
inline Proto value(const std::string& name, int64_t dtype, const Texts& dims) {
  return Proto().s(1, name).s(2, tensor_type(dtype, dims));
}
inline Proto untyped(const std::string& name) { return Proto().s(1, name); }

struct GraphParts {
  Texts nodes, initializers, inputs, outputs, value_info, sparse;
  std::string name = "g";
  operator std::string() const {
    return Proto()
        .each(1, nodes)
        .s(2, name)
        .each(5, initializers)
        .each(11, inputs)
        .each(12, outputs)
        .each(13, value_info)
        .each(15, sparse);
  }
};

inline Proto opset(int64_t version, const std::string& domain = "") {
  Proto p = Proto().i(2, version);
  if (!domain.empty()) p.s(1, domain);
  return p;
}

struct FunctionParts {
  std::string name;
  Texts in, out, nodes, attributes, defaults;
  int64_t version = 17;
  std::string domain = "local";
  operator std::string() const {
    return Proto()
        .s(1, name)
        .each(4, in)
        .each(5, out)
        .each(6, attributes)
        .each(7, nodes)
        .s(9, opset(version))
        .s(10, domain)
        .each(11, defaults);
  }
};

// ModelProto.
inline std::string model(const GraphParts& graph, int64_t version = 17, const Texts& functions = {},
                         const Texts& opsets = {}) {
  Proto p = Proto().i(1, 8).s(7, graph).s(8, opset(version)).each(8, opsets).each(25, functions);
  if (!functions.empty()) p.s(8, opset(1, "local"));
  return p;
}

// x float[2] -> one node -> y.
inline std::string one_node(const std::string& n, int64_t version = 17, const Texts& initializers = {},
                            const Texts& x_dims = {"2", "3"}) {
  return model({.nodes = {n},
                .initializers = initializers,
                .inputs = {value("x", kFloat, x_dims)},
                .outputs = {untyped("y")}},
               version);
}

}  // namespace lite::test
