// tensor_ex_c.h but for DLPack: any rank and element type, strings.

#include "lite-c/tensor_ex_c.h"

#include <algorithm>

#include "capi/tensor_object.h"

using namespace lite;
using namespace lite::capi;

namespace {

// The memory of a dense tensor of that shape.
Outcome check_memory(DType dtype, const Dims& dims, const void* data, size_t size) {
  if (dtype == DType::kString) return invalid_argument("a string tensor cannot use the caller's memory");
  const size_t needed = *dtype_bytes(dtype, elements(dims));
  if (size < needed)
    return fail(Code::kShapeMismatch, "size is ", size, ", the shape ", dtype_name(dtype), dims, " needs ",
                needed);
  if (needed > 0) LITE_REQUIRE(data);
  return check_alignment(dtype, data);
}

Outcome copy_out(const Dims& from, int capacity, int64_t* to, const char* name) {
  if (capacity < 0 || static_cast<size_t>(capacity) < from.size())
    return Failure(Extra::kBufferTooSmall, cat("capacity is ", capacity, ", the rank is ", from.size()));
  if (!from.empty()) LITE_CHECK(require(to, name));
  std::copy(from.begin(), from.end(), to);
  return done();
}

Outcome string_at(TensorObject& tensor, size_t index, std::string** string) {
  LITE_CHECK(require_shape(tensor, "tensor"));
  if (tensor.dtype() != DType::kString)
    return invalid_argument("tensor is of ", dtype_name(tensor.dtype()), ", not of strings");
  if (index >= static_cast<size_t>(tensor.elements()))
    return invalid_argument("index is ", index, ", the tensor ", tensor.dims(), " has ", tensor.elements(),
                            " elements");
  LITE_CHECK(tensor.ensure_memory());
  int64_t offset = 0;
  auto rest = static_cast<int64_t>(index);
  for (size_t i = tensor.dims().size(); i-- > 0;) {
    offset += rest % tensor.dims()[i] * tensor.strides()[i];
    rest /= tensor.dims()[i];
  }
  *string = reinterpret_cast<std::string*>(tensor.data()) + offset;
  return done();
}

}  // namespace

extern "C" {

const char* LITE_get_dtype_name(LiteDataType dtype) {
  const auto known = dtype_from_c(dtype);
  return known ? dtype_name(*known) : "unknown";
}

int LITE_get_dtype_bits(LiteDataType dtype, size_t* bits) {
  return guard("LITE_get_dtype_bits", [&]() -> Outcome {
    LITE_REQUIRE(bits);
    LITE_ASSIGN(const DType known, checked_dtype(dtype));
    *bits = known == DType::kString ? 0 : dtype_bits(known);
    return done();
  });
}

int LITE_make_tensor_with_dims(LiteDataType dtype, int rank, const int64_t* dims, LiteTensor* tensor) {
  return guard("LITE_make_tensor_with_dims", [&]() -> Outcome {
    LITE_REQUIRE(tensor);
    LITE_ASSIGN(const DType type, checked_dtype(dtype));
    LITE_ASSIGN(Dims shape, checked_dims("", type, rank, dims));
    auto object = std::make_unique<TensorObject>(type);
    object->set_shape(type, std::move(shape));
    *tensor = give(std::move(object));
    return done();
  });
}

int LITE_make_tensor_from_memory(LiteDataType dtype, int rank, const int64_t* dims, const int64_t* strides,
                                 void* data, size_t size, LiteRelease release, void* user_data,
                                 LiteTensor* tensor) {
  return guard("LITE_make_tensor_from_memory", [&]() -> Outcome {
    LITE_REQUIRE(tensor);
    LITE_ASSIGN(const DType type, checked_dtype(dtype));
    LITE_ASSIGN(Dims shape, checked_dims("", type, rank, dims));
    auto object = std::make_unique<TensorObject>(type);
    const bool dense = strides == nullptr || rank == 0;
    if (dense) {
      LITE_CHECK(check_memory(type, shape, data, size));
      object->set_shape(type, std::move(shape));
    } else {
      if (type == DType::kString) return invalid_argument("a string tensor cannot use the caller's memory");
      if (dtype_bits(type) % 8 != 0)
        return invalid_argument("strides are given for ", dtype_name(type), ", whose elements share bytes");
      const Dims steps(std::span<const int64_t>(strides, static_cast<size_t>(rank)));
      for (const int64_t s : steps)
        if (s < 0) return invalid_argument("a stride of ", steps, " is negative");
      const auto extent = strided_extent(shape, steps);
      const auto reach = extent ? checked_mul(*extent, static_cast<int64_t>(dtype_size(type))) : std::nullopt;
      if (!reach || static_cast<uint64_t>(*reach) > size)
        return fail(Code::kShapeMismatch, "size is ", size, ", which shape ", shape, " with strides ", steps,
                    " exceeds");
      if (*reach > 0) LITE_REQUIRE(data);
      LITE_CHECK(check_alignment(type, data));
      object->set_shape(type, std::move(shape));
      object->set_strides(steps);
    }
    // Last, since from here on release is called: nothing below can fail.
    std::shared_ptr<const void> owner;
    if (release != nullptr) {
      struct Lent {
        LiteRelease release;
        void* user_data;
        bool armed = false;
        Lent(LiteRelease r, void* u) : release(r), user_data(u) {}
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        ~Lent() {
          if (armed) release(user_data);
        }
      };
      auto lent = std::make_shared<Lent>(release, user_data);
      lent->armed = true;
      owner = std::move(lent);
    }
    // Without elements there need not be memory, but there is an address.
    object->use_memory(data == nullptr ? static_cast<void*>(object.get()) : data, size, std::move(owner),
                       false);
    *tensor = give(std::move(object));
    return done();
  });
}

int LITE_set_tensor_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims) {
  return guard("LITE_set_tensor_dims", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_ASSIGN(const DType type, checked_dtype(dtype));
    LITE_ASSIGN(Dims shape, checked_dims("", type, rank, dims));
    object.set_shape(type, std::move(shape));
    return done();
  });
}

int LITE_reset_tensor_with_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims,
                                void* data, size_t size) {
  return guard("LITE_reset_tensor_with_dims", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_ASSIGN(const DType type, checked_dtype(dtype));
    LITE_ASSIGN(Dims shape, checked_dims("", type, rank, dims));
    LITE_CHECK(check_memory(type, shape, data, size));
    object.drop_memory();
    object.set_shape(type, std::move(shape));
    object.use_memory(data == nullptr ? static_cast<void*>(&object) : data, size, nullptr);
    return done();
  });
}

int LITE_tensor_reshape_dims(LiteTensor tensor, int rank, const int64_t* dims) {
  return guard("LITE_tensor_reshape_dims", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_CHECK(require_shape(object, "tensor"));
    if (rank < 0 || rank > LITE_MAX_RANK)
      return invalid_argument("rank is ", rank, ", not 0 to ", LITE_MAX_RANK);
    if (rank > 0) LITE_REQUIRE(dims);
    return reshape_tensor(object, {dims, static_cast<size_t>(rank)});
  });
}

int LITE_get_tensor_dtype(const LiteTensor tensor, LiteDataType* dtype) {
  return guard("LITE_get_tensor_dtype", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(dtype);
    *dtype = dtype_to_c(object.dtype());
    return done();
  });
}

int LITE_get_tensor_rank(const LiteTensor tensor, int* rank) {
  return guard("LITE_get_tensor_rank", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(rank);
    *rank = object.has_shape() ? static_cast<int>(object.dims().size()) : -1;
    return done();
  });
}

int LITE_get_tensor_dims(const LiteTensor tensor, int capacity, int64_t* dims) {
  return guard("LITE_get_tensor_dims", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_CHECK(require_shape(object, "tensor"));
    return copy_out(object.dims(), capacity, dims, "dims");
  });
}

int LITE_get_tensor_strides(const LiteTensor tensor, int capacity, int64_t* strides) {
  return guard("LITE_get_tensor_strides", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_CHECK(require_shape(object, "tensor"));
    return copy_out(object.strides(), capacity, strides, "strides");
  });
}

int LITE_get_tensor_string(const LiteTensor tensor, size_t index, const char** data, size_t* size) {
  return guard("LITE_get_tensor_string", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(data);
    std::string* string = nullptr;
    LITE_CHECK(string_at(object, index, &string));
    *data = string->c_str();
    if (size != nullptr) *size = string->size();
    return done();
  });
}

int LITE_set_tensor_string(LiteTensor tensor, size_t index, const char* data, size_t size) {
  return guard("LITE_set_tensor_string", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    if (size > 0) LITE_REQUIRE(data);
    std::string* string = nullptr;
    LITE_CHECK(string_at(object, index, &string));
    if (size == 0)
      string->clear();
    else
      string->assign(data, size);
    return done();
  });
}

}  // extern "C"
