/* DLPack in both forms; the structs as dlpack.h has them. */
#include "check.h"

typedef struct {
  int32_t device_type, device_id;
} Device;
typedef struct {
  uint8_t code, bits;
  uint16_t lanes;
} DataType;
typedef struct {
  void* data;
  Device device;
  int32_t ndim;
  DataType dtype;
  int64_t *shape, *strides;
  uint64_t byte_offset;
} Tensor;
struct DLManagedTensor {
  Tensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(struct DLManagedTensor* self);
};
struct DLManagedTensorVersioned {
  uint32_t major, minor;
  void* manager_ctx;
  void (*deleter)(struct DLManagedTensorVersioned* self);
  uint64_t flags;
  Tensor dl_tensor;
};

static int deleted;
static void delete_old(struct DLManagedTensor* self) { ++*(int*)self->manager_ctx; }
static void delete_new(struct DLManagedTensorVersioned* self) { ++*(int*)self->manager_ctx; }

static float* floats(LiteTensor tensor) {
  void* data = NULL;
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  return (float*)data;
}

static void test_out(void) {
  const int64_t dims[2] = {2, 3};
  struct DLManagedTensor* old = NULL;
  struct DLManagedTensorVersioned* versioned = NULL;
  LiteTensor tensor = NULL, column = NULL;
  const size_t start[2] = {0, 1}, end[2] = {2, 2};
  float* data;
  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 2, dims, &tensor));
  CHECK_OK(LITE_tensor_fill_zero(tensor));
  data = floats(tensor);
  CHECK_OK(LITE_tensor_slice(tensor, start, end, NULL, 2, &column));
  CHECK_OK(LITE_tensor_to_dlpack(column, &old));
  CHECK(old->dl_tensor.data == data + 1 && old->dl_tensor.ndim == 2 && old->dl_tensor.byte_offset == 0);
  CHECK(old->dl_tensor.shape[0] == 2 && old->dl_tensor.shape[1] == 1 && old->dl_tensor.strides[0] == 3);
  CHECK(old->dl_tensor.dtype.code == 2 && old->dl_tensor.dtype.bits == 32 && old->dl_tensor.dtype.lanes == 1);
  CHECK(old->dl_tensor.device.device_type == 1);
  CHECK_OK(LITE_tensor_to_dlpack_versioned(tensor, &versioned));
  CHECK(versioned->major == 1 && versioned->flags == 0 && versioned->dl_tensor.data == data);
  /* What is lent outlives the tensors. */
  CHECK_OK(LITE_destroy_tensor(column));
  CHECK_OK(LITE_set_tensor_dims(tensor, LITE_DOUBLE, 2, dims));
  CHECK_OK(LITE_destroy_tensor(tensor));
  ((float*)old->dl_tensor.data)[3] = 1;
  CHECK(((float*)versioned->dl_tensor.data)[4] == 1);
  old->deleter(old);
  versioned->deleter(versioned);

  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT8E5M2, 2, dims, &tensor));
  CHECK_CODE(LITE_tensor_to_dlpack(tensor, &old), LITE_UNSUPPORTED);
  CHECK_OK(LITE_tensor_to_dlpack_versioned(tensor, &versioned));
  versioned->deleter(versioned);
  CHECK_OK(LITE_set_tensor_dims(tensor, LITE_STRING, 2, dims));
  CHECK_ARGUMENT(LITE_tensor_to_dlpack(tensor, &old));
  CHECK_OK(LITE_destroy_tensor(tensor));
}

static void test_in(void) {
  float data[7] = {9, 0, 1, 2, 3, 4, 5};
  int64_t shape[2] = {2, 3}, transposed[2] = {1, 2}, negative[2] = {-3, 1}, wide[2] = {INT64_MAX, 1};
  struct DLManagedTensor old = {{data, {1, 0}, 2, {2, 32, 1}, shape, NULL, 4}, &deleted, delete_old};
  struct DLManagedTensorVersioned versioned = {
      1, 1, &deleted, delete_new, 0, {data + 1, {1, 0}, 2, {2, 32, 1}, shape, transposed, 0}};
  LiteTensor tensor = NULL, copy = NULL;
  CHECK_OK(LITE_tensor_from_dlpack(&old, &tensor));
  CHECK(floats(tensor) == data + 1);
  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 0, NULL, &copy));
  CHECK_OK(LITE_tensor_share_memory_with(copy, tensor));
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK(deleted == 0);
  CHECK_OK(LITE_destroy_tensor(copy));
  CHECK(deleted == 1);

  CHECK_OK(LITE_tensor_from_dlpack_versioned(&versioned, &tensor));
  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 0, NULL, &copy));
  CHECK_OK(LITE_tensor_copy(copy, tensor));
  CHECK(floats(copy)[0] == 0 && floats(copy)[1] == 2 && floats(copy)[3] == 1 && floats(copy)[5] == 5);
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK(deleted == 2);
  versioned.flags = 1; /* read-only: copied, and given back at once */
  CHECK_OK(LITE_tensor_from_dlpack_versioned(&versioned, &tensor));
  CHECK(deleted == 3 && floats(tensor)[1] == 2);
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK(deleted == 3);
  CHECK_OK(LITE_destroy_tensor(copy));
  versioned.major = 2;
  CHECK_CODE(LITE_tensor_from_dlpack_versioned(&versioned, &tensor), LITE_UNSUPPORTED);

  old.dl_tensor.device.device_type = 2;
  CHECK_CODE(LITE_tensor_from_dlpack(&old, &tensor), LITE_UNSUPPORTED);
  old.dl_tensor.device.device_type = 1;
  old.dl_tensor.dtype.lanes = 4;
  CHECK_CODE(LITE_tensor_from_dlpack(&old, &tensor), LITE_UNSUPPORTED);
  old.dl_tensor.dtype.lanes = 1;
  old.dl_tensor.strides = negative;
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(&old, &tensor));
  old.dl_tensor.strides = wide;
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(&old, &tensor));
  old.dl_tensor.strides = NULL;
  old.dl_tensor.byte_offset = 2;
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(&old, &tensor));
  old.dl_tensor.data = NULL;
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(&old, &tensor));
  old.dl_tensor.data = data;
  old.dl_tensor.byte_offset = 0;
  old.dl_tensor.ndim = 1000;
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(&old, &tensor));
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(&old, NULL));
  CHECK(deleted == 3);
}

int main(void) {
  test_out();
  test_in();
  return check_report("dlpack");
}
