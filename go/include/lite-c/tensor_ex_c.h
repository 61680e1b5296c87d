/* Tensors of any rank and element type, strings, memory with a release function, and DLPack. */
#include "tensor_c.h"
#ifndef LITE_C_TENSOR_EX_C_H_
#define LITE_C_TENSOR_EX_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/** The highest rank a tensor can have. */
#define LITE_MAX_RANK 64

/** As in dlpack.h, which this header does not need. */
struct DLManagedTensor;
struct DLManagedTensorVersioned;

/** Called once, from any thread, when memory that the caller lent is no longer used. */
typedef void (*LiteRelease)(void* user_data);

/* ---- element types ---- */

/**
 * Get the name of an element type, such as "float32" or "bfloat16".
 *
 * @param[in] dtype  Any number.
 * @return The name; "unknown" for a number that is no element type. Never NULL.
 *
 * Ownership: static.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API const char* LITE_get_dtype_name(LiteDataType dtype);

/**
 * Get how many bits an element takes. LITE_STRING has no fixed size and gives 0.
 *
 * @param[in]  dtype  One of LiteDataType.
 * @param[out] bits   Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_dtype_bits(LiteDataType dtype, size_t* bits);

/* ---- making ---- */

/**
 * Make a tensor on the CPU.
 *
 * @param[in]  dtype   One of LiteDataType.
 * @param[in]  rank    0 (a scalar) to LITE_MAX_RANK.
 * @param[in]  dims    Required unless rank is 0; each at least 0.
 * @param[out] tensor  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the tensor with LITE_destroy_tensor.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_tensor_with_dims(LiteDataType dtype, int rank, const int64_t* dims,
                                        LiteTensor* tensor);

/**
 * Make a tensor on the CPU that uses the caller's memory, without copying.
 *
 * @param[in]  dtype      One of LiteDataType, but not LITE_STRING.
 * @param[in]  rank       0 to LITE_MAX_RANK.
 * @param[in]  dims       Required unless rank is 0.
 * @param[in]  strides    In elements, at least 0; NULL means dense in row-major order. NULL for types under a
 * byte.
 * @param[in]  data       Required unless the tensor has no elements; aligned to the element size.
 * @param[in]  size       Bytes at data; at least what dims and strides reach.
 * @param[in]  release    Called when neither this tensor nor one made from it uses the memory; may be NULL.
 * @param[in]  user_data  Passed to release; may be NULL.
 * @param[out] tensor     Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (size is too small) or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the tensor. On failure release is not called and the memory stays the
 * caller's. Threads:   any thread. Since:     1.0
 */
LITE_API int LITE_make_tensor_from_memory(LiteDataType dtype, int rank, const int64_t* dims,
                                          const int64_t* strides, void* data, size_t size,
                                          LiteRelease release, void* user_data, LiteTensor* tensor);

/* ---- shape and element type ---- */

/**
 * Change shape and element type, at any rank. Like LITE_set_tensor_layout otherwise.
 *
 * @param[in] tensor  Required.
 * @param[in] dtype   One of LiteDataType.
 * @param[in] rank    0 to LITE_MAX_RANK.
 * @param[in] dims    Required unless rank is 0; each at least 0.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: pointers into the tensor's memory may be dead afterwards.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_set_tensor_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims);

/**
 * Set shape and element type and use the caller's memory. Like LITE_reset_tensor, at any rank, with the size
 * checked.
 *
 * @param[in] tensor  Required.
 * @param[in] dtype   One of LiteDataType, but not LITE_STRING.
 * @param[in] rank    0 to LITE_MAX_RANK.
 * @param[in] dims    Required unless rank is 0.
 * @param[in] data    Required unless the tensor has no elements; aligned to the element size, dense.
 * @param[in] size    Bytes at data. For a network's output it may be more than the shape needs: a capacity.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (size is too small), LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the memory stays the caller's and lives until the tensor is reset again or destroyed.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_reset_tensor_with_dims(LiteTensor tensor, LiteDataType dtype, int rank, const int64_t* dims,
                                         void* data, size_t size);

/**
 * See the same elements under another shape, at any rank.
 *
 * @param[in] tensor  Required; dense.
 * @param[in] rank    0 to LITE_MAX_RANK.
 * @param[in] dims    Required unless rank is 0; at least 0, and at most one -1 that is worked out from the
 * rest.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands; the memory stays where it is.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_tensor_reshape_dims(LiteTensor tensor, int rank, const int64_t* dims);

/**
 * Get a tensor's element type.
 *
 * @param[in]  tensor  Required.
 * @param[out] dtype   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_dtype(const LiteTensor tensor, LiteDataType* dtype);

/**
 * Get a tensor's rank.
 *
 * @param[in]  tensor  Required.
 * @param[out] rank    Required; -1 while the shape is not set. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_rank(const LiteTensor tensor, int* rank);

/**
 * Get a tensor's dimensions.
 *
 * @param[in]  tensor    Required; its shape is set.
 * @param[in]  capacity  How many numbers dims has room for.
 * @param[out] dims      Required unless the rank is 0. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUFFER_TOO_SMALL or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_dims(const LiteTensor tensor, int capacity, int64_t* dims);

/**
 * Get how many elements lie between neighbours along each axis.
 *
 * @param[in]  tensor    Required; its shape is set.
 * @param[in]  capacity  How many numbers strides has room for.
 * @param[out] strides   Required unless the rank is 0. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUFFER_TOO_SMALL or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_get_tensor_strides(const LiteTensor tensor, int capacity, int64_t* strides);

/* ---- strings ---- */

/**
 * Get one element of a string tensor.
 *
 * @param[in]  tensor  Required; of LITE_STRING.
 * @param[in]  index   In row-major order, from 0.
 * @param[out] data    Required; NUL-terminated, but may hold NULs itself. Written only on success.
 * @param[out] size    Bytes without the NUL; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the tensor's; valid until the element is set, the layout changes or the tensor goes, or, for a
 * network's output, the network runs again. Threads:   one thread at a time per tensor. Since:     1.0
 */
LITE_API int LITE_get_tensor_string(const LiteTensor tensor, size_t index, const char** data, size_t* size);

/**
 * Set one element of a string tensor.
 *
 * @param[in] tensor  Required; of LITE_STRING.
 * @param[in] index   In row-major order, from 0.
 * @param[in] data    Required unless size is 0; UTF-8.
 * @param[in] size    Its bytes.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the bytes are copied.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_set_tensor_string(LiteTensor tensor, size_t index, const char* data, size_t size);

/* ---- DLPack ---- */

/**
 * Lend a tensor's memory to another library, in DLPack's form without version (before 1.0).
 *
 * @param[in]  tensor   Required; its shape is set; not of LITE_STRING.
 * @param[out] managed  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (no such DLPack type), LITE_OUT_OF_MEMORY,
 * LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the caller calls the deleter once; until then the memory lives, even if the tensor is destroyed
 * or gets another layout. A network's output is overwritten by its next run. Threads:   one thread at a time
 * per tensor; the deleter from any thread. Since:     1.0
 */
LITE_API int LITE_tensor_to_dlpack(LiteTensor tensor, struct DLManagedTensor** managed);

/**
 * Lend a tensor's memory to another library, in the form of DLPack 1.x.
 *
 * @param[in]  tensor   Required; its shape is set; not of LITE_STRING.
 * @param[out] managed  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (no such DLPack type), LITE_OUT_OF_MEMORY,
 * LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: as for LITE_tensor_to_dlpack.
 * Threads:   one thread at a time per tensor; the deleter from any thread.
 * Since:     1.0
 */
LITE_API int LITE_tensor_to_dlpack_versioned(LiteTensor tensor, struct DLManagedTensorVersioned** managed);

/**
 * Make a tensor that uses another library's memory, without copying.
 *
 * @param[in]  managed  Required; its data aligned to the element size, its strides not negative.
 * @param[out] tensor   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (device or type) or LITE_OUT_OF_MEMORY.
 *
 * Ownership: on success the library calls the deleter when the memory is no longer used; on failure it does
 * not. The caller destroys the tensor. Threads:   any thread; the deleter may be called from another one.
 * Since:     1.0
 */
LITE_API int LITE_tensor_from_dlpack(struct DLManagedTensor* managed, LiteTensor* tensor);

/**
 * Make a tensor that uses another library's memory, given in the form of DLPack 1.x. A tensor that is marked
 * read-only is copied.
 *
 * @param[in]  managed  Required; of major version 1.
 * @param[out] tensor   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (version, device or type) or LITE_OUT_OF_MEMORY.
 *
 * Ownership: as for LITE_tensor_from_dlpack.
 * Threads:   any thread; the deleter may be called from another one.
 * Since:     1.0
 */
LITE_API int LITE_tensor_from_dlpack_versioned(struct DLManagedTensorVersioned* managed, LiteTensor* tensor);

#ifdef __cplusplus
}
#endif
#endif
