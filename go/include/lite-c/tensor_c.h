/*
 * Tensors, as MegEngine Lite v1.13 declares them. Every struct here is frozen. Ranks above 7, more element
 * types, strides, strings and DLPack are in tensor_ex_c.h.
 */
#include "common_enum_c.h"
#ifndef LITE_C_TENSOR_C_H_
#define LITE_C_TENSOR_C_H_

#include <stddef.h>
#include <stdint.h>

#include "macro.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LITE_LAYOUT_MAX_DIM 7

/** Shape and element type. ndim 0 means "not set yet"; a scalar reads as ndim 1 with shapes[0] 1. */
typedef struct LiteLayout {
  size_t shapes[LITE_LAYOUT_MAX_DIM];
  size_t ndim;
  LiteDataType data_type;
} LiteLayout;

#define LITE_LAYOUT_INIT \
  { {0, 0, 0, 0, 0, 0, 0}, 0, LITE_FLOAT }

/** What LITE_make_tensor makes. */
typedef struct LiteTensorDesc {
  int is_pinned_host; /**< page-locked host memory, for faster copies to and from a device */
  LiteLayout layout;
  LiteDeviceType device_type; /**< fixed for the tensor's life */
  int device_id;
} LiteTensorDesc;

#define LITE_TENSOR_DESC_INIT \
  { 0, LITE_LAYOUT_INIT, LITE_CPU, 0 }

/**
 * A tensor. Define LITE_VOID_HANDLES for a program that keeps handles in variables of type void *; nothing
 * else changes.
 */
#if defined(LITE_VOID_HANDLES)
typedef void* LiteTensor;
#else
typedef struct LiteTensor_s* LiteTensor;
#endif

/**
 * Make a tensor. Its memory comes with the first call that needs it.
 *
 * @param[in]  tensor_describe  Device and layout; a layout with ndim 0 leaves the shape open.
 * @param[out] tensor           Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (no such device), LITE_UNSUPPORTED or
 * LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the tensor with LITE_destroy_tensor.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_tensor(const LiteTensorDesc tensor_describe, LiteTensor* tensor);

/**
 * Destroy a tensor. Memory that slices and sharing tensors still use lives on until they go too.
 *
 * @param[in] tensor  Required. A tensor that is destroyed already, or belongs to a network, is left alone.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the handle is dead afterwards; memory given by the caller is not freed.
 * Threads:   any thread, while no other one uses the tensor.
 * Since:     1.0
 */
LITE_API int LITE_destroy_tensor(LiteTensor tensor);

/**
 * Change shape and element type. The contents become undefined. Memory that is large enough is kept, the
 * caller's too, and the part of another tensor that a dense slice sees; other memory is replaced by the
 * tensor's own.
 *
 * @param[in] tensor  Required.
 * @param[in] layout  At most 7 dimensions.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: pointers into the tensor's memory may be dead afterwards.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_set_tensor_layout(LiteTensor tensor, const LiteLayout layout);

/**
 * Let a tensor use the caller's memory instead of its own, without copying. The layout stays.
 *
 * @param[in] tensor               Required; its layout is set.
 * @param[in] prepared_data        Required; aligned to the element size, dense in row-major order.
 * @param[in] data_length_in_byte  At least what the layout needs.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the memory stays the caller's and lives until the tensor is reset again or destroyed.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_reset_tensor_memory(LiteTensor tensor, void* prepared_data, size_t data_length_in_byte);

/**
 * Set a tensor's layout and let it use the caller's memory, without copying.
 *
 * @param[in] tensor         Required.
 * @param[in] layout         At most 7 dimensions.
 * @param[in] prepared_data  Required; as many bytes as the layout needs, dense in row-major order.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the memory stays the caller's and lives until the tensor is reset again or destroyed.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_reset_tensor(LiteTensor tensor, const LiteLayout layout, void* prepared_data);

/**
 * See the same elements under another shape.
 *
 * @param[in] tensor  Required; dense.
 * @param[in] shape   Required. Positive numbers, and at most one -1 that is worked out from the rest.
 * @param[in] size    How many numbers shape has, 1 to 7.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands; the memory stays where it is.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_tensor_reshape(LiteTensor tensor, const int* shape, int size);

/**
 * Make a tensor that sees a part of another one's memory. Indices beyond an axis mean its end, and what ends
 * before it starts is empty.
 *
 * @param[in]  tensor        Required.
 * @param[in]  start         Required; first index per axis, beginning with axis 0.
 * @param[in]  end           Required; one past the last index per axis.
 * @param[in]  step          Step per axis, at least 1; NULL means 1 everywhere.
 * @param[in]  size          How many axes the arrays have; the remaining ones are taken whole.
 * @param[out] slice_tensor  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the new tensor. It keeps memory that the library made alive; memory that the
 * caller gave must outlive it. Threads:   one thread at a time per tensor. Since:     1.0
 */
LITE_API int LITE_tensor_slice(const LiteTensor tensor, const size_t* start, const size_t* end,
                               const size_t* step, size_t size, LiteTensor* slice_tensor);

/**
 * Set every byte of a tensor's elements to zero.
 *
 * @param[in] tensor  Required; its layout is set.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_tensor_fill_zero(LiteTensor tensor);

/**
 * Copy the elements of one tensor to another, across devices and strides if need be.
 *
 * @param[in] dst_tensor  Required. A dense one takes over the source's layout; a slice must have it already.
 * @param[in] src_tensor  Required; its layout is set.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor; several may read one source.
 * Since:     1.0
 */
LITE_API int LITE_tensor_copy(LiteTensor dst_tensor, const LiteTensor src_tensor);

/**
 * Let a tensor take over another one's layout and use the same memory.
 *
 * @param[in] dst_tensor  Required; on the same device as the source.
 * @param[in] src_tensor  Required; its layout is set.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: both hold the memory; memory that the caller gave to the source must outlive both.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_tensor_share_memory_with(LiteTensor dst_tensor, const LiteTensor src_tensor);

/**
 * Get the address of a tensor's first element, allocating the memory if it has none yet.
 *
 * @param[in]  tensor  Required; its layout is set.
 * @param[out] data    Required. Written only on success. A device address for a tensor on a device.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the tensor's; valid until its layout or memory changes or it is destroyed. A run overwrites a
 * network's outputs, and gives them other memory when their shapes change or depend on data. Threads:   one
 * thread at a time per tensor. Since:     1.0
 */
LITE_API int LITE_get_tensor_memory(const LiteTensor tensor, void** data);

/**
 * Get the address of one element, or of the first one under the axes left out.
 *
 * @param[in]  tensor  Required; its layout is set.
 * @param[in]  index   Required; coordinates, beginning with axis 0.
 * @param[in]  size    How many coordinates, at most the rank.
 * @param[out] data    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the tensor's; valid as long as what LITE_get_tensor_memory gives.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_memory_with_index(const LiteTensor tensor, const size_t* index, size_t size,
                                               void** data);

/**
 * Get how many bytes a tensor's elements take; 0 while the layout is not set.
 *
 * @param[in]  tensor  Required.
 * @param[out] size    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_total_size_in_byte(const LiteTensor tensor, size_t* size);

/**
 * Get shape and element type. A rank above 7 is an error here, never a shortened shape.
 *
 * @param[in]  tensor  Required.
 * @param[out] layout  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (use LITE_get_tensor_dims) or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_layout(const LiteTensor tensor, LiteLayout* layout);

/**
 * Get the kind of device a tensor lies on.
 *
 * @param[in]  tensor       Required.
 * @param[out] device_type  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_device_type(const LiteTensor tensor, LiteDeviceType* device_type);

/**
 * Get which device of its kind a tensor lies on.
 *
 * @param[in]  tensor     Required.
 * @param[out] device_id  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_device_id(const LiteTensor tensor, int* device_id);

/**
 * Tell whether a tensor was made with page-locked host memory.
 *
 * @param[in]  tensor          Required.
 * @param[out] is_pinned_host  Required; 1 or 0. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_is_pinned_host(const LiteTensor tensor, int* is_pinned_host);

/**
 * Tell whether a tensor's elements lie next to each other in row-major order.
 *
 * @param[in]  tensor       Required.
 * @param[out] is_continue  Required; 1 or 0. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_is_memory_continue(const LiteTensor tensor, int* is_continue);

/**
 * Join tensors along one axis into a new one.
 *
 * @param[in]  tensors        Required; same dtype, rank and, but for the axis, shape.
 * @param[in]  nr_tensor      How many. None gives a tensor without layout.
 * @param[in]  dim            The axis, from 0.
 * @param[in]  dst_device     Where the result lies; LITE_DEVICE_DEFAULT means where the first one does.
 * @param[in]  device_id      Which device of that kind; -1 means that of the first one.
 * @param[out] result_tensor  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_NOT_FOUND, LITE_OUT_OF_MEMORY or
 * LITE_CLOSED.
 *
 * Ownership: the caller destroys the result, which shares no memory with the sources.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_tensor_concat(LiteTensor* tensors, int nr_tensor, int dim, LiteDeviceType dst_device,
                                int device_id, LiteTensor* result_tensor);

#ifdef __cplusplus
}
#endif
#endif

#if !defined(LITE_C_PREFIXED_ONLY_) && !defined(LITE_C_TENSOR_ALIASES_)
#define LITE_C_TENSOR_ALIASES_
#ifdef __cplusplus
extern "C" {
#endif
#define LAYOUT_MAX_DIM LITE_LAYOUT_MAX_DIM
extern LITE_API const LiteLayout default_layout;
extern LITE_API const LiteTensorDesc default_desc;
#ifdef __cplusplus
}
#endif
#endif
