// tensor_c.h: tensors as MegEngine Lite has them.

#include "lite-c/tensor_c.h"

#include <algorithm>
#include <vector>

#include "capi/tensor_object.h"

using namespace lite;
using namespace lite::capi;

extern "C" {

const LiteLayout default_layout = LITE_LAYOUT_INIT;
const LiteTensorDesc default_desc = LITE_TENSOR_DESC_INIT;

int LITE_make_tensor(const LiteTensorDesc tensor_describe, LiteTensor* tensor) {
  return guard("LITE_make_tensor", [&]() -> Outcome {
    LITE_REQUIRE(tensor);
    LITE_TRY(check_device(tensor_describe.device_type));
    LITE_ASSIGN(const DType dtype, checked_dtype(tensor_describe.layout.data_type));
    LITE_ASSIGN(std::optional<Dims> dims, checked_layout(tensor_describe.layout));
    auto object = std::make_unique<TensorObject>(dtype);
    if (dims) object->set_shape(dtype, std::move(*dims));
    object->device_id = tensor_describe.device_id;
    object->is_pinned_host = tensor_describe.is_pinned_host != 0;
    *tensor = give(std::move(object));
    return done();
  });
}

int LITE_destroy_tensor(LiteTensor tensor) {
  return guard("LITE_destroy_tensor", [&]() -> Outcome {
    LITE_REQUIRE(tensor);
    const TensorRef ref = tensor_of(tensor, "tensor", false);
    if (ref.object == nullptr || ref.object->host() != nullptr) return done();
    // Of two threads that destroy one tensor, one gets it.
    delete static_cast<TensorObject*>(
        handles::remove(HandleKind::kTensor, reinterpret_cast<uintptr_t>(tensor)));
    return done();
  });
}

int LITE_set_tensor_layout(LiteTensor tensor, const LiteLayout layout) {
  return guard("LITE_set_tensor_layout", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_ASSIGN(const DType dtype, checked_dtype(layout.data_type));
    LITE_ASSIGN(std::optional<Dims> dims, checked_layout(layout));
    if (dims)
      object.set_shape(dtype, std::move(*dims));
    else
      object.clear_shape();
    return done();
  });
}

int LITE_reset_tensor_memory(LiteTensor tensor, void* prepared_data, size_t data_length_in_byte) {
  return guard("LITE_reset_tensor_memory", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(prepared_data);
    LITE_CHECK(require_shape(object, "tensor"));
    if (object.dtype() == DType::kString)
      return invalid_argument("a string tensor cannot use the caller's memory");
    if (data_length_in_byte < object.bytes())
      return fail(Code::kShapeMismatch, "data_length_in_byte is ", data_length_in_byte, ", the layout ",
                  dtype_name(object.dtype()), object.dims(), " needs ", object.bytes());
    LITE_CHECK(check_alignment(object.dtype(), prepared_data));
    object.use_memory(prepared_data, data_length_in_byte, nullptr);
    return done();
  });
}

int LITE_reset_tensor(LiteTensor tensor, const LiteLayout layout, void* prepared_data) {
  return guard("LITE_reset_tensor", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(prepared_data);
    LITE_ASSIGN(const DType dtype, checked_dtype(layout.data_type));
    LITE_ASSIGN(std::optional<Dims> dims, checked_layout(layout));
    if (!dims) return invalid_argument("layout.ndim is 0");
    if (dtype == DType::kString) return invalid_argument("a string tensor cannot use the caller's memory");
    LITE_CHECK(check_alignment(dtype, prepared_data));
    object.drop_memory();
    object.set_shape(dtype, std::move(*dims));
    object.use_memory(prepared_data, object.bytes(), nullptr);
    return done();
  });
}

int LITE_tensor_reshape(LiteTensor tensor, const int* shape, int size) {
  return guard("LITE_tensor_reshape", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(shape);
    LITE_CHECK(require_shape(object, "tensor"));
    if (size < 1 || size > LITE_LAYOUT_MAX_DIM)
      return invalid_argument("size is ", size, ", not 1 to ", LITE_LAYOUT_MAX_DIM);
    int64_t dims[LITE_LAYOUT_MAX_DIM];
    for (int i = 0; i < size; ++i) {
      if (shape[i] < -1 || shape[i] == 0)
        return invalid_argument("shape[", i, "] is ", shape[i], "; it must be positive, or -1 once");
      dims[i] = shape[i];
    }
    return reshape_tensor(object, {dims, static_cast<size_t>(size)});
  });
}

int LITE_tensor_slice(const LiteTensor tensor, const size_t* start, const size_t* end, const size_t* step,
                      size_t size, LiteTensor* slice_tensor) {
  return guard("LITE_tensor_slice", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(start);
    LITE_REQUIRE(end);
    LITE_REQUIRE(slice_tensor);
    LITE_CHECK(require_shape(object, "tensor"));
    LITE_CHECK(require_whole_bytes(object, "tensor"));
    Dims dims = object.dims(), strides = object.strides();
    if (size > dims.size()) return invalid_argument("size is ", size, ", the tensor's rank is ", dims.size());
    int64_t offset = 0;
    for (size_t i = 0; i < size; ++i) {
      const size_t by = step == nullptr ? 1 : step[i];
      if (by == 0) return invalid_argument("step[", i, "] is 0");
      const size_t stop = std::min(end[i], static_cast<size_t>(dims[i]));
      const size_t length = stop - std::min(start[i], stop);
      const size_t count = length / by + (length % by != 0);
      if (count > 0) offset += static_cast<int64_t>(start[i]) * strides[i];
      dims[i] = static_cast<int64_t>(count);
      // One element has no neighbour: a step beyond the axis must not overflow.
      if (count > 1) strides[i] *= static_cast<int64_t>(by);
    }
    LITE_CHECK(object.ensure_memory());
    auto part = std::make_unique<TensorObject>(object.dtype());
    part->alias(object, std::move(dims), std::move(strides), offset);
    part->device_id = object.device_id;
    part->is_pinned_host = object.is_pinned_host;
    *slice_tensor = give(std::move(part));
    return done();
  });
}

int LITE_tensor_fill_zero(LiteTensor tensor) {
  return guard("LITE_tensor_fill_zero", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_CHECK(require_shape(object, "tensor"));
    LITE_CHECK(object.ensure_memory());
    zero_strided(object.dtype(), object.view());
    return done();
  });
}

int LITE_tensor_copy(LiteTensor dst_tensor, const LiteTensor src_tensor) {
  return guard("LITE_tensor_copy", [&]() -> Outcome {
    LITE_TENSOR(dst, dst_tensor);
    LITE_TENSOR(src, src_tensor);
    return copy_tensor(dst, src);
  });
}

int LITE_tensor_share_memory_with(LiteTensor dst_tensor, const LiteTensor src_tensor) {
  return guard("LITE_tensor_share_memory_with", [&]() -> Outcome {
    LITE_TENSOR(dst, dst_tensor);
    LITE_TENSOR(src, src_tensor);
    LITE_CHECK(require_shape(src, "src_tensor"));
    if (&dst == &src) return done();
    LITE_CHECK(src.ensure_memory());
    dst.alias(src, src.dims(), src.strides(), 0);
    return done();
  });
}

int LITE_get_tensor_memory(const LiteTensor tensor, void** data) {
  return guard("LITE_get_tensor_memory", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(data);
    LITE_CHECK(require_shape(object, "tensor"));
    LITE_CHECK(require_plain_memory(object, "tensor"));
    LITE_CHECK(object.ensure_memory());
    *data = object.data();
    return done();
  });
}

int LITE_get_tensor_memory_with_index(const LiteTensor tensor, const size_t* index, size_t size,
                                      void** data) {
  return guard("LITE_get_tensor_memory_with_index", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(index);
    LITE_REQUIRE(data);
    LITE_CHECK(require_shape(object, "tensor"));
    LITE_CHECK(require_plain_memory(object, "tensor"));
    LITE_CHECK(require_whole_bytes(object, "tensor"));
    const Dims& dims = object.dims();
    if (size > dims.size()) return invalid_argument("size is ", size, ", the tensor's rank is ", dims.size());
    size_t offset = 0;
    for (size_t i = 0; i < size; ++i) {
      if (index[i] >= static_cast<size_t>(dims[i]))
        return invalid_argument("index[", i, "] is ", index[i], ", dimension ", i, " is ", dims[i]);
      offset += index[i] * static_cast<size_t>(object.strides()[i]);
    }
    LITE_CHECK(object.ensure_memory());
    *data = object.data() + offset * dtype_size(object.dtype());
    return done();
  });
}

int LITE_get_tensor_total_size_in_byte(const LiteTensor tensor, size_t* size) {
  return guard("LITE_get_tensor_total_size_in_byte", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(size);
    if (object.has_shape()) LITE_CHECK(require_plain_memory(object, "tensor"));
    *size = object.bytes();
    return done();
  });
}

int LITE_get_tensor_layout(const LiteTensor tensor, LiteLayout* layout) {
  return guard("LITE_get_tensor_layout", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(layout);
    LITE_ASSIGN(LiteLayout out, layout_to_c(object.dtype(), object.dims()));
    if (!object.has_shape()) out.ndim = out.shapes[0] = 0;
    *layout = out;
    return done();
  });
}

int LITE_get_tensor_device_type(const LiteTensor tensor, LiteDeviceType* device_type) {
  return guard("LITE_get_tensor_device_type", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(device_type);
    *device_type = object.device_type;
    return done();
  });
}

int LITE_get_tensor_device_id(const LiteTensor tensor, int* device_id) {
  return guard("LITE_get_tensor_device_id", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(device_id);
    *device_id = object.device_id;
    return done();
  });
}

int LITE_is_pinned_host(const LiteTensor tensor, int* is_pinned_host) {
  return guard("LITE_is_pinned_host", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(is_pinned_host);
    *is_pinned_host = object.is_pinned_host ? 1 : 0;
    return done();
  });
}

int LITE_is_memory_continue(const LiteTensor tensor, int* is_continue) {
  return guard("LITE_is_memory_continue", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(is_continue);
    *is_continue = object.is_dense() ? 1 : 0;
    return done();
  });
}

int LITE_tensor_concat(LiteTensor* tensors, int nr_tensor, int dim, LiteDeviceType dst_device, int device_id,
                       LiteTensor* result_tensor) {
  return guard("LITE_tensor_concat", [&]() -> Outcome {
    LITE_REQUIRE(result_tensor);
    if (nr_tensor < 0) return invalid_argument("nr_tensor is ", nr_tensor);
    if (nr_tensor > 0) LITE_REQUIRE(tensors);
    LITE_TRY(check_device(dst_device));
    auto result = std::make_unique<TensorObject>();
    if (nr_tensor == 0) {
      *result_tensor = give(std::move(result));
      return done();
    }
    std::vector<TensorObject*> sources;
    for (int i = 0; i < nr_tensor; ++i) {
      LITE_TENSOR(source, tensors[i]);
      sources.push_back(&source);
    }
    LITE_CHECK(concat_tensors(sources, dim, *result));
    result->device_id = device_id == -1 ? sources[0]->device_id : device_id;
    result->is_pinned_host = sources[0]->is_pinned_host;
    *result_tensor = give(std::move(result));
    return done();
  });
}

}  // extern "C"
