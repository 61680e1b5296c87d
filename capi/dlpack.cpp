// DLPack, in its form before 1.0 and in that of 1.x. The structs are written down here, so that no header is
// needed.

#include <limits>

#include "capi/tensor_object.h"
#include "lite-c/tensor_ex_c.h"

namespace {

// dlpack.h, as far as the memory layout goes.
struct DLDevice {
  int32_t device_type;
  int32_t device_id;
};
struct DLDataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};
struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype{};
  int64_t* shape;
  int64_t* strides;
  uint64_t byte_offset;
};
struct DLPackVersion {
  uint32_t major;
  uint32_t minor;
};

constexpr int32_t kDLCPU = 1;
constexpr int32_t kDLCUDAHost = 3;
constexpr uint64_t kReadOnly = 1;
constexpr uint64_t kSubbyteTypePadded = 4;

}  // namespace

struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor* self);
};

struct DLManagedTensorVersioned {
  DLPackVersion version;
  void* manager_ctx;
  void (*deleter)(DLManagedTensorVersioned* self);
  uint64_t flags;
  DLTensor dl_tensor;
};

namespace lite::capi {
namespace {

struct TypePair {
  DType dtype;
  DLDataType dl;
  bool since_1_0 = false;
};
constexpr TypePair kTypes[] = {
    {DType::kI8, {0, 8, 1}},
    {DType::kI16, {0, 16, 1}},
    {DType::kI32, {0, 32, 1}},
    {DType::kI64, {0, 64, 1}},
    {DType::kI4, {0, 4, 1}},
    {DType::kI2, {0, 2, 1}},
    {DType::kU8, {1, 8, 1}},
    {DType::kU16, {1, 16, 1}},
    {DType::kU32, {1, 32, 1}},
    {DType::kU64, {1, 64, 1}},
    {DType::kU4, {1, 4, 1}},
    {DType::kU2, {1, 2, 1}},
    {DType::kF16, {2, 16, 1}},
    {DType::kF32, {2, 32, 1}},
    {DType::kF64, {2, 64, 1}},
    {DType::kBF16, {4, 16, 1}},
    {DType::kC64, {5, 64, 1}},
    {DType::kC128, {5, 128, 1}},
    {DType::kBool, {6, 8, 1}},
    {DType::kF8E4M3FN, {10, 8, 1}, true},
    {DType::kF8E4M3FNUZ, {11, 8, 1}, true},
    {DType::kF8E5M2, {12, 8, 1}, true},
    {DType::kF8E5M2FNUZ, {13, 8, 1}, true},
    {DType::kF8E8M0, {14, 8, 1}, true},
    {DType::kF4E2M1, {17, 4, 1}, true},
};

// What an exported tensor points to, alive until its deleter is called.
template <class Managed>
struct Exported {
  Managed managed;
  Dims shape, strides;
  std::shared_ptr<const void> owner;
};

Outcome export_type(DType dtype, bool versioned, DLDataType* out) {
  for (const TypePair& t : kTypes)
    if (t.dtype == dtype && (versioned || !t.since_1_0)) {
      *out = t.dl;
      return done();
    }
  return unsupported("DLPack", versioned ? "" : " before 1.0", " has no type for ", dtype_name(dtype));
}

template <class Managed>
Outcome to_dlpack(TensorObject& tensor, bool versioned, Managed** out) {
  LITE_CHECK(require_shape(tensor, "tensor"));
  LITE_CHECK(require_plain_memory(tensor, "tensor"));
  DLDataType dtype{};
  LITE_CHECK(export_type(tensor.dtype(), versioned, &dtype));
  LITE_CHECK(tensor.ensure_memory());
  auto exported = std::make_unique<Exported<Managed>>();
  exported->shape = tensor.dims();
  exported->strides = tensor.strides();
  exported->owner = tensor.owner();
  DLTensor& dl = exported->managed.dl_tensor;
  dl.data = tensor.data();
  dl.device = {kDLCPU, 0};
  dl.ndim = static_cast<int32_t>(exported->shape.size());
  dl.dtype = dtype;
  dl.shape = exported->shape.data();
  dl.strides = exported->strides.data();
  dl.byte_offset = 0;
  exported->managed.manager_ctx = exported.get();
  exported->managed.deleter = [](Managed* self) {
    delete static_cast<Exported<Managed>*>(self->manager_ctx);
  };
  *out = &exported.release()->managed;
  return done();
}

Outcome import_type(const DLDataType& dl, DType* out) {
  for (const TypePair& t : kTypes)
    if (t.dl.code == dl.code && t.dl.bits == dl.bits && dl.lanes == 1) {
      *out = t.dtype;
      return done();
    }
  return unsupported("DLPack type with code ", +dl.code, ", ", +dl.bits, " bits and ", dl.lanes, " lanes");
}

// A tensor that sees the memory; nobody owns it yet.
Outcome from_dlpack(const DLTensor& dl, TensorObject& tensor) {
  if (dl.device.device_type != kDLCPU && dl.device.device_type != kDLCUDAHost)
    return unsupported("DLPack device type ", dl.device.device_type, ": this library reads host memory only");
  DType dtype = DType::kUndefined;
  LITE_CHECK(import_type(dl.dtype, &dtype));
  LITE_ASSIGN(Dims dims, checked_dims("", dtype, dl.ndim, dl.shape));
  const bool strided = dl.strides != nullptr && dl.ndim > 0;
  const Dims strides =
      strided ? Dims(std::span<const int64_t>(dl.strides, dims.size())) : row_major_strides(dims);
  const bool dense = is_dense(dims, strides);
  if (!dense) {
    if (dtype_bits(dtype) % 8 != 0)
      return unsupported("strides ", strides, " of ", dtype_name(dtype), " are not dense");
    for (const int64_t s : strides)
      if (s < 0) return invalid_argument("a stride of ", strides, " is negative");
    const auto extent = strided_extent(dims, strides);
    if (!extent || !checked_mul(*extent, static_cast<int64_t>(dtype_size(dtype))))
      return invalid_argument("strides ", strides, " of shape ", dims, " reach too far");
  }
  if (lite::elements(dims) > 0) {
    if (dl.data == nullptr) return invalid_argument("data is NULL");
    if (dl.byte_offset > std::numeric_limits<size_t>::max() / 2)
      return invalid_argument("byte_offset is ", dl.byte_offset);
    LITE_CHECK(check_alignment(dtype, static_cast<const std::byte*>(dl.data) + dl.byte_offset));
  }
  tensor.set_shape(dtype, std::move(dims));
  if (!dense) tensor.set_strides(strides);
  const size_t reach = dense
                           ? tensor.bytes()
                           : static_cast<size_t>(*strided_extent(tensor.dims(), strides)) * dtype_size(dtype);
  std::byte* const data = dl.data == nullptr ? reinterpret_cast<std::byte*>(&tensor)
                                             : static_cast<std::byte*>(dl.data) + dl.byte_offset;
  tensor.use_memory(data, reach, nullptr, dense);
  return done();
}

// Lets the tensor own what it sees. On an exception the producer still owns it.
template <class Managed>
void take(Managed* managed, TensorObject& tensor) {
  struct Taken {
    Managed* managed = nullptr;
    Taken() = default;
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;
    ~Taken() {
      if (managed != nullptr && managed->deleter != nullptr) managed->deleter(managed);
    }
  };
  auto taken = std::make_shared<Taken>();
  taken->managed = managed;
  tensor.use_memory(tensor.data(), tensor.capacity(), std::move(taken), false);
}

}  // namespace
}  // namespace lite::capi

using namespace lite;
using namespace lite::capi;

extern "C" {

int LITE_tensor_to_dlpack(LiteTensor tensor, DLManagedTensor** managed) {
  return guard("LITE_tensor_to_dlpack", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(managed);
    return to_dlpack(object, false, managed);
  });
}

int LITE_tensor_to_dlpack_versioned(LiteTensor tensor, DLManagedTensorVersioned** managed) {
  return guard("LITE_tensor_to_dlpack_versioned", [&]() -> Outcome {
    LITE_TENSOR(object, tensor);
    LITE_REQUIRE(managed);
    LITE_CHECK(to_dlpack(object, true, managed));
    (*managed)->version = {1, 0};
    (*managed)->flags = 0;
    return done();
  });
}

int LITE_tensor_from_dlpack(DLManagedTensor* managed, LiteTensor* tensor) {
  return guard("LITE_tensor_from_dlpack", [&]() -> Outcome {
    LITE_REQUIRE(managed);
    LITE_REQUIRE(tensor);
    auto object = std::make_unique<TensorObject>();
    LITE_CHECK(from_dlpack(managed->dl_tensor, *object));
    take(managed, *object);
    *tensor = give(std::move(object));
    return done();
  });
}

int LITE_tensor_from_dlpack_versioned(DLManagedTensorVersioned* managed, LiteTensor* tensor) {
  return guard("LITE_tensor_from_dlpack_versioned", [&]() -> Outcome {
    LITE_REQUIRE(managed);
    LITE_REQUIRE(tensor);
    if (managed->version.major != 1)
      return unsupported("DLPack version ", managed->version.major, ".", managed->version.minor, ", not 1.x");
    auto seen = std::make_unique<TensorObject>();
    LITE_CHECK(from_dlpack(managed->dl_tensor, *seen));
    if ((managed->flags & kSubbyteTypePadded) != 0 && dtype_bits(seen->dtype()) % 8 != 0)
      return unsupported(dtype_name(seen->dtype()), " padded to whole bytes");
    if ((managed->flags & kReadOnly) != 0) {
      auto copy = std::make_unique<TensorObject>();
      LITE_CHECK(copy_tensor(*copy, *seen));
      seen = std::move(copy);
      if (managed->deleter != nullptr) managed->deleter(managed);
    } else {
      take(managed, *seen);
    }
    *tensor = give(std::move(seen));
    return done();
  });
}

}  // extern "C"
