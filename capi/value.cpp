// value_c.h: sequences, optionals, maps.

#include "lite-c/value_c.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "capi/network_object.h"
#include "capi/value_object.h"

using namespace lite;
using namespace lite::capi;

namespace lite::capi {

LiteValue give_value(Datum datum) {
  auto object = std::make_unique<ValueObject>(std::move(datum));
  const uintptr_t handle = handles::add(HandleKind::kValue, object.get());
  object.release();
  return reinterpret_cast<LiteValue>(handle);
}

ValueRef value_of(LiteValue handle, const char* name) {
  ValueRef ref;
  ref.object =
      static_cast<ValueObject*>(handles::find(HandleKind::kValue, reinterpret_cast<uintptr_t>(handle)));
  if (ref.object == nullptr) ref.outcome = bad_handle("value", name, handle);
  return ref;
}

}  // namespace lite::capi

namespace {

constexpr int kMaxDepth = 16;

int depth_of(const Datum& d) {
  int deepest = 0;
  for (const Datum& item : d.items) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

// kUndefined: nobody said.
DType dtype_of(const Datum& d) {
  if (d.kind == Kind::kTensor) return d.tensor.dtype();
  return d.items.empty() ? d.element : dtype_of(d.items[0]);
}

// "sequence of float32", for messages.
std::string type_text(const Datum& d) {
  const DType t = dtype_of(d);
  return cat(kind_name(d.kind), " of ", t == DType::kUndefined ? "nothing" : dtype_name(t));
}

// As far as one can see: what is empty goes with every kind of content.
bool same_type(const Datum& a, const Datum& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kMap && a.tensor.dtype() != b.tensor.dtype()) return false;
  if (!a.items.empty() && !b.items.empty()) return same_type(a.items[0], b.items[0]);
  return dtype_of(a) == dtype_of(b);
}

Outcome check_depth(const Datum& inner) {
  if (depth_of(inner) >= kMaxDepth)
    return fail(Code::kLimitExceeded, "values would be nested more than ", kMaxDepth, " deep");
  return done();
}

// A tensor of its own that shares the memory.
LiteTensor share(const Tensor& tensor) {
  auto object = std::make_unique<TensorObject>(tensor.dtype());
  object->hold(tensor);
  return give(std::move(object));
}

Outcome datum_of(TensorObject& tensor, bool shared, Datum* out) {
  LITE_CHECK(require_shape(tensor, "tensor"));
  LITE_CHECK(tensor.ensure_memory());
  if (shared) {
    if (!tensor.is_dense())
      return invalid_argument("tensor is a slice whose elements are not next to each other");
    *out = Datum(tensor.as_core());
    return done();
  }
  TensorObject copy(tensor.dtype());
  LITE_CHECK(copy_tensor(copy, tensor));
  *out = Datum(copy.as_core());
  return done();
}

Outcome check_keys(const Tensor& keys) {
  if (keys.rank() != 1 || (!types::kInt.has(keys.dtype()) && keys.dtype() != DType::kString))
    return invalid_argument("keys is ", dtype_name(keys.dtype()), keys.dims(),
                            ", one dimension of integers or strings is wanted");
  const auto n = static_cast<size_t>(keys.elements());
  if (keys.dtype() == DType::kString) {
    std::unordered_set<std::string_view> seen;
    for (const std::string& key : keys.strings())
      if (!seen.insert(key).second) return invalid_argument("key '", key, "' is there twice");
    return done();
  }
  std::unordered_set<int64_t> seen;
  for (size_t i = 0; i < n; ++i)
    if (!seen.insert(keys.int_at(static_cast<int64_t>(i))).second)
      return invalid_argument("key ", keys.int_at(static_cast<int64_t>(i)), " is there twice");
  return done();
}

// Operators want the values of a map in one tensor. Tensors without dimensions become its elements; others
// stay a sequence.
Outcome join_scalars(Datum* values) {
  if (values->kind != Kind::kSequence || dtype_bits(dtype_of(*values)) % 8 != 0) return done();
  for (const Datum& item : values->items)
    if (item.kind != Kind::kTensor || item.tensor.rank() != 0) return done();
  const DType t = dtype_of(*values);
  LITE_ASSIGN(Tensor all, Tensor::allocate(t, Dims{static_cast<int64_t>(values->items.size())}));
  for (size_t i = 0; i < values->items.size(); ++i) {
    const Tensor& from = values->items[i].tensor;
    if (t == DType::kString)
      all.mutable_data<std::string>()[i] = from.strings()[0];
    else
      std::memcpy(static_cast<std::byte*>(all.mutable_raw()) + i * dtype_size(t), from.raw(), dtype_size(t));
  }
  *values = Datum(std::move(all));
  return done();
}

Outcome describe_type(NetworkObject& network, size_t index, size_t level, bool input, LiteValueType* type) {
  LITE_REQUIRE(type);
  LoadedModel model;
  LITE_CHECK(network.model(&model));
  const IoFact* fact = nullptr;
  LITE_CHECK(model.fact_at(index, input, &fact));
  const std::vector<IoLevel>& levels = fact->levels;
  if (level >= levels.size())
    return invalid_argument("level is ", level, ", the type ", fact->type, " has ", levels.size());
  const IoLevel& l = levels[level];
  LiteValueType out = LITE_VALUE_TYPE_INIT;
  out.kind = static_cast<LiteValueKind>(l.kind);
  out.dtype = dtype_to_c(l.dtype);
  out.rank = l.rank;
  out.dims = l.dims.data();
  out.dim_names = l.dim_name_pointers.data();
  out.has_element = level + 1 < levels.size();
  return write_versioned(out, type, "type");
}

}  // namespace

extern "C" {

int LITE_make_tensor_value(const LiteTensor tensor, uint32_t flags, LiteValue* value) {
  return guard("LITE_make_tensor_value", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(value);
    if ((flags & ~static_cast<uint32_t>(LITE_VALUE_SHARE_MEMORY)) != 0)
      return unsupported("flags is ", flags, ", which has bits that this library does not know");
    Datum datum;
    LITE_CHECK(datum_of(object, (flags & LITE_VALUE_SHARE_MEMORY) != 0, &datum));
    *value = give_value(std::move(datum));
    return done();
  });
}

int LITE_make_sequence(LiteDataType dtype, LiteValue* value) {
  return guard("LITE_make_sequence", [&]() -> Outcome {
    LITE_REQUIRE(value);
    Datum datum;
    datum.kind = Kind::kSequence;
    LITE_ASSIGN(datum.element, checked_dtype(dtype));
    *value = give_value(std::move(datum));
    return done();
  });
}

int LITE_append_value(LiteValue sequence, const LiteValue element) {
  return guard("LITE_append_value", [&]() -> Outcome {
    LITE_VALUE(list, sequence);
    LITE_VALUE(item, element);
    Datum& to = list.datum;
    if (to.kind != Kind::kSequence)
      return invalid_argument("sequence is a ", kind_name(to.kind), ", not a sequence");
    const bool fits = to.items.empty() ? to.element == DType::kUndefined || to.element == dtype_of(item.datum)
                                       : same_type(to.items[0], item.datum);
    if (!fits)
      return invalid_argument("element is a ", type_text(item.datum), ", the sequence is one of ",
                              to.items.empty() ? dtype_name(to.element) : type_text(to.items[0]));
    LITE_CHECK(check_depth(item.datum));
    Datum copy = item.datum;  // which may be the sequence itself
    to.items.edit().push_back(std::move(copy));
    return done();
  });
}

int LITE_make_optional(const LiteValue element, LiteDataType dtype, LiteValue* value) {
  return guard("LITE_make_optional", [&]() -> Outcome {
    LITE_REQUIRE(value);
    Datum datum;
    datum.kind = Kind::kOptional;
    if (element != nullptr) {
      LITE_VALUE(item, element);
      LITE_CHECK(check_depth(item.datum));
      datum.items = {item.datum};
    } else {
      LITE_ASSIGN(datum.element, checked_dtype(dtype));
    }
    *value = give_value(std::move(datum));
    return done();
  });
}

int LITE_make_map(const LiteTensor keys, const LiteValue values, LiteValue* value) {
  return guard("LITE_make_map", [&]() -> Outcome {
    LITE_TENSOR(names, keys);
    LITE_VALUE(entries, values);
    LITE_REQUIRE(value);
    Datum map;
    LITE_CHECK(datum_of(names, false, &map));
    LITE_CHECK(check_keys(map.tensor));
    const Datum& d = entries.datum;
    if (d.kind != Kind::kSequence && (d.kind != Kind::kTensor || d.tensor.rank() == 0))
      return invalid_argument("values is a ", kind_name(d.kind),
                              d.kind == Kind::kTensor ? " without dimensions" : "",
                              ", a sequence or a tensor with one dimension or more is wanted");
    const int64_t count =
        d.kind == Kind::kSequence ? static_cast<int64_t>(d.items.size()) : d.tensor.dims()[0];
    if (count != map.tensor.elements())
      return fail(Code::kShapeMismatch, "there are ", map.tensor.elements(), " keys and ", count, " values");
    LITE_CHECK(check_depth(d));
    map.kind = Kind::kMap;
    Datum joined = d;
    LITE_CHECK(join_scalars(&joined));
    map.items = {std::move(joined)};
    *value = give_value(std::move(map));
    return done();
  });
}

int LITE_destroy_value(LiteValue value) {
  return guard("LITE_destroy_value", [&]() -> Outcome {
    LITE_REQUIRE(value);
    // Of two threads that destroy one value, one gets it.
    delete static_cast<ValueObject*>(handles::remove(HandleKind::kValue, reinterpret_cast<uintptr_t>(value)));
    return done();
  });
}

int LITE_get_value_kind(const LiteValue value, LiteValueKind* kind) {
  return guard("LITE_get_value_kind", [&]() -> Outcome {
    LITE_VALUE(object, value);
    LITE_REQUIRE(kind);
    *kind = static_cast<LiteValueKind>(object.datum.kind);
    return done();
  });
}

int LITE_get_value_dtype(const LiteValue value, LiteDataType* dtype) {
  return guard("LITE_get_value_dtype", [&]() -> Outcome {
    LITE_VALUE(object, value);
    LITE_REQUIRE(dtype);
    const DType t = dtype_of(object.datum);
    if (t == DType::kUndefined)
      return fail(Code::kNotFound, "value is an empty ", kind_name(object.datum.kind),
                  " of which no element type is known");
    *dtype = dtype_to_c(t);
    return done();
  });
}

int LITE_get_value_length(const LiteValue value, size_t* length) {
  return guard("LITE_get_value_length", [&]() -> Outcome {
    LITE_VALUE(object, value);
    LITE_REQUIRE(length);
    const Datum& d = object.datum;
    if (d.kind == Kind::kTensor)
      return invalid_argument("value is a tensor; get it with LITE_get_value_tensor");
    *length = d.kind == Kind::kMap ? static_cast<size_t>(d.tensor.elements()) : d.items.size();
    return done();
  });
}

int LITE_get_value_element(const LiteValue value, size_t index, LiteValue* element) {
  return guard("LITE_get_value_element", [&]() -> Outcome {
    LITE_VALUE(object, value);
    LITE_REQUIRE(element);
    const Datum& d = object.datum;
    if (d.kind != Kind::kSequence && d.kind != Kind::kOptional)
      return invalid_argument("value is a ", kind_name(d.kind), "; use ",
                              d.kind == Kind::kTensor ? "LITE_get_value_tensor" : "LITE_get_map_values");
    if (index >= d.items.size())
      return invalid_argument("index is ", index, ", the ", kind_name(d.kind), " has ", d.items.size(),
                              " elements");
    *element = give_value(d.items[index]);
    return done();
  });
}

int LITE_get_value_tensor(const LiteValue value, LiteTensor* tensor) {
  return guard("LITE_get_value_tensor", [&]() -> Outcome {
    LITE_VALUE(object, value);
    LITE_REQUIRE(tensor);
    if (object.datum.kind != Kind::kTensor)
      return invalid_argument("value is a ", kind_name(object.datum.kind), ", not a tensor");
    *tensor = share(object.datum.tensor);
    return done();
  });
}

int LITE_get_map_keys(const LiteValue map, LiteTensor* keys) {
  return guard("LITE_get_map_keys", [&]() -> Outcome {
    LITE_VALUE(object, map);
    LITE_REQUIRE(keys);
    if (object.datum.kind != Kind::kMap)
      return invalid_argument("map is a ", kind_name(object.datum.kind), ", not a map");
    *keys = share(object.datum.tensor);
    return done();
  });
}

int LITE_get_map_values(const LiteValue map, LiteValue* values) {
  return guard("LITE_get_map_values", [&]() -> Outcome {
    LITE_VALUE(object, map);
    LITE_REQUIRE(values);
    if (object.datum.kind != Kind::kMap)
      return invalid_argument("map is a ", kind_name(object.datum.kind), ", not a map");
    if (object.datum.items.empty()) return fail(Code::kInternal, "the map has no values");
    *values = give_value(object.datum.items[0]);
    return done();
  });
}

int LITE_set_input_value(LiteNetwork network, const char* io_name, const LiteValue value) {
  return guard("LITE_set_input_value", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(io_name);
    LITE_VALUE(given, value);
    return object.use([&] { return object.set_input_value(io_name, given.datum); });
  });
}

int LITE_get_output_value(LiteNetwork network, const char* io_name, LiteValue* value) {
  return guard("LITE_get_output_value", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(io_name);
    LITE_REQUIRE(value);
    Datum datum;
    LITE_CHECK(object.use([&] { return object.get_output_value(io_name, &datum); }));
    *value = give_value(std::move(datum));
    return done();
  });
}

int LITE_get_input_value_type(const LiteNetwork network, size_t index, size_t level, LiteValueType* type) {
  return guard("LITE_get_input_value_type", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return describe_type(object, index, level, true, type);
  });
}

int LITE_get_output_value_type(const LiteNetwork network, size_t index, size_t level, LiteValueType* type) {
  return guard("LITE_get_output_value_type", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return describe_type(object, index, level, false, type);
  });
}

}  // extern "C"
