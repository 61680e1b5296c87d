// lite::Value: sequences, optionals and maps, over the C API.
//
// A Value is a reference, as a Tensor is: copies refer to the same value, the last one destroys it. Failing
// calls throw lite::Error. Any number of threads may look into a value, but not while one appends to it.
#ifndef LITE_VALUE_H_
#define LITE_VALUE_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "../lite-c/value_c.h"
#include "error.h"
#include "tensor.h"

namespace lite {
inline namespace v1 {

class Value {
 public:
  /// A tensor: a copy of its elements, or with share its memory.
  explicit Value(const Tensor& tensor, bool share = false) {
    LiteValue value = nullptr;
    detail::check(
        LITE_make_tensor_value(tensor.handle(), share ? uint32_t{LITE_VALUE_SHARE_MEMORY} : 0u, &value));
    hold(value);
  }
  /// Takes over a handle of the C API: destroyed with the last copy.
  explicit Value(LiteValue value) { hold(value); }

  /// dtype: of the tensors that are its elements, or lie in them.
  static Value sequence(LiteDataType dtype, const std::vector<Value>& elements = {}) {
    LiteValue value = nullptr;
    detail::check(LITE_make_sequence(dtype, &value));
    Value list(value);
    for (const Value& element : elements) list.append(element);
    return list;
  }
  /// One that holds nothing; dtype: of the tensors that it could hold.
  static Value optional(LiteDataType dtype) {
    LiteValue value = nullptr;
    detail::check(LITE_make_optional(nullptr, dtype, &value));
    return Value(value);
  }
  static Value optional(const Value& element) {
    LiteValue value = nullptr;
    detail::check(LITE_make_optional(element.handle(), LiteDataType::LITE_FLOAT, &value));
    return Value(value);
  }
  /// values: a sequence, or a tensor whose first dimension counts them.
  static Value map(const Tensor& keys, const Value& values) {
    LiteValue value = nullptr;
    detail::check(LITE_make_map(keys.handle(), values.handle(), &value));
    return Value(value);
  }

  /// The handle, for calls of the C API. It stays this value's.
  LiteValue handle() const { return handle_.get(); }

  LiteValueKind kind() const {
    LiteValueKind kind = LITE_VALUE_TENSOR;
    detail::check(LITE_get_value_kind(handle(), &kind));
    return kind;
  }
  /// Of the tensors in it.
  LiteDataType dtype() const {
    LiteDataType dtype = LiteDataType::LITE_FLOAT;
    detail::check(LITE_get_value_dtype(handle(), &dtype));
    return dtype;
  }
  /// Elements of a sequence, entries of a map, 0 or 1 of an optional.
  size_t size() const {
    size_t length = 0;
    detail::check(LITE_get_value_length(handle(), &length));
    return length;
  }
  bool empty() const { return size() == 0; }

  /// An element of a sequence.
  Value at(size_t index) const {
    LiteValue element = nullptr;
    detail::check(LITE_get_value_element(handle(), index, &element));
    return Value(element);
  }
  /// What an optional holds.
  Value get() const { return at(0); }
  void append(const Value& element) { detail::check(LITE_append_value(handle(), element.handle())); }

  /// The tensor that this is; it shares its memory with the value.
  Tensor tensor() const {
    LiteTensor tensor = nullptr;
    detail::check(LITE_get_value_tensor(handle(), &tensor));
    return Tensor(tensor);
  }
  /// Of a map.
  Tensor keys() const {
    LiteTensor keys = nullptr;
    detail::check(LITE_get_map_keys(handle(), &keys));
    return Tensor(keys);
  }
  Value values() const {
    LiteValue values = nullptr;
    detail::check(LITE_get_map_values(handle(), &values));
    return Value(values);
  }

 private:
  struct Destroy {
    void operator()(LiteValue value) const { LITE_destroy_value(value); }
  };
  void hold(LiteValue value) { handle_.reset(value, Destroy()); }  // destroys it if there is no memory

  std::shared_ptr<LiteValue_s> handle_;
};

}  // namespace v1
}  // namespace lite

#endif
