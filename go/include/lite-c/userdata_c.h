/*
 * The callbacks of MegEngine Lite that have no pointer for their owner, with one. release, where there is
 * one, is called once when the library will not use user_data any more: the callback was replaced or its
 * owner destroyed. It is not called when the function fails.
 */
#include "global_c.h"
#ifndef LITE_C_USERDATA_C_H_
#define LITE_C_USERDATA_C_H_

#include "tensor_ex_c.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int (*LiteThreadAffinityCallbackWithData)(int thread_id, void* user_data);
typedef void* (*LiteAllocateWithData)(LiteDeviceType device_type, int device_id, size_t size, size_t align,
                                      void* user_data);
typedef void (*LiteFreeWithData)(LiteDeviceType device_type, int device_id, void* ptr, void* user_data);

/** As LiteDecryptionFunc, but asked once: puts the plain text where emit(sink, data, size) says. Returns 0 or
 * a code. */
typedef int (*LiteDecryptionFuncWithData)(const void* input_data, size_t input_size, const uint8_t* key_data,
                                          size_t key_size,
                                          int (*emit)(void* sink, const void* data, size_t size), void* sink,
                                          void* user_data);

/**
 * As LiteParseInfoFunc, and *extra_info may be set to what LITE_get_model_extra_info then gives; it is copied
 * when the callback returns. What config and network_io point to must stay valid until the next call in the
 * same thread. When it returns 0, loading fails with LITE_INVALID_MODEL.
 */
typedef int (*LiteParseInfoFuncWithData)(const void* info_data, size_t info_size, const char* model_name,
                                         LiteConfig* config, LiteNetworkIO* network_io, int* device_id,
                                         size_t* nr_threads, int* is_cpu_inplace_mode, int* use_tensorrt,
                                         const char** extra_info, void* user_data);

/**
 * LITE_set_runtime_thread_affinity with a pointer for the callback.
 *
 * @param[in] network    Required; loaded.
 * @param[in] callback   Required.
 * @param[in] user_data  Passed on; may be NULL.
 * @param[in] release    May be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: user_data is used until release is called.
 * Threads:   one thread at a time per network; the callback runs in each of those threads, in several at
 * once. Since:     1.0
 */
LITE_API int LITE_set_runtime_thread_affinity_with_userdata(LiteNetwork network,
                                                            LiteThreadAffinityCallbackWithData callback,
                                                            void* user_data, LiteRelease release);

/**
 * LITE_set_memory_allocator with a pointer for the functions.
 *
 * @param[in] network       Required.
 * @param[in] allocate_fun  Required.
 * @param[in] free_fun      Required.
 * @param[in] user_data     Passed on; may be NULL.
 * @param[in] release       May be NULL. Called after the last free_fun.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: user_data is used until release is called.
 * Threads:   one thread at a time per network; the functions are called from any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_memory_allocator_with_userdata(LiteNetwork network, LiteAllocateWithData allocate_fun,
                                                     LiteFreeWithData free_fun, void* user_data,
                                                     LiteRelease release);

/**
 * Add a decryption method whose function has a pointer of its own.
 *
 * @param[in] decrypt_name  Required; must be new.
 * @param[in] func          Required.
 * @param[in] key_data      May be NULL if key_size is 0.
 * @param[in] key_size      Its bytes.
 * @param[in] user_data     Passed on; may be NULL.
 * @param[in] release       May be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: name and key are copied; the copy of the key is wiped when it goes. user_data is used until
 * release is called. Threads:   any thread; func is called from threads that load models. Since:     1.0
 */
LITE_API int LITE_register_decryption_with_userdata(const char* decrypt_name, LiteDecryptionFuncWithData func,
                                                    const uint8_t* key_data, size_t key_size, void* user_data,
                                                    LiteRelease release);

/**
 * Change the function or the key of a decryption method, or both, to a function with a pointer of its own.
 *
 * @param[in] decrypt_name  Required.
 * @param[in] func          NULL keeps the present one; user_data and release are then not used.
 * @param[in] key_data      May be NULL if key_size is 0.
 * @param[in] key_size      0 keeps the present key.
 * @param[in] user_data     Passed on; may be NULL.
 * @param[in] release       May be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the key is copied; the old copy is wiped. user_data is used until release is called.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_update_decryption_with_userdata(const char* decrypt_name, LiteDecryptionFuncWithData func,
                                                  const uint8_t* key_data, size_t key_size, void* user_data,
                                                  LiteRelease release);

/**
 * LITE_register_parse_info_func with a pointer for the function.
 *
 * @param[in] info_type   Required; must be new.
 * @param[in] parse_func  Required.
 * @param[in] user_data   Passed on; may be NULL.
 * @param[in] release     May be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the name is copied. user_data is used until release is called.
 * Threads:   any thread; parse_func is called from threads that load models.
 * Since:     1.0
 */
LITE_API int LITE_register_parse_info_with_userdata(const char* info_type,
                                                    LiteParseInfoFuncWithData parse_func, void* user_data,
                                                    LiteRelease release);

#ifdef __cplusplus
}
#endif
#endif
