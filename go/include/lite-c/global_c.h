/*
 * What concerns the whole process, as MegEngine Lite v1.13 declares it. Log callback, process-wide options,
 * version checks and the exact error code are in status_c.h and process_c.h.
 */
#include "network_c.h"
#ifndef LITE_C_GLOBAL_C_H_
#define LITE_C_GLOBAL_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get this library's version; LITE_VERSION_MAJOR and its siblings are those of the header.
 *
 * @param[out] major  Required.
 * @param[out] minor  Required.
 * @param[out] patch  Required. All three are written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_version(int* major, int* minor, int* patch);

/* ---- errors ---- */

/**
 * Tell whether the calling thread's last call failed, in the three values that MegEngine Lite knows:
 * LITE_UNKNOWN_ERROR for a failing callback, LITE_INTERNAL_ERROR for everything else. LITE_get_last_status
 * gives the code that the call returned.
 *
 * @return LITE_OK, LITE_INTERNAL_ERROR or LITE_UNKNOWN_ERROR.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread; each has its own.
 * Since:     1.0
 */
LITE_API LiteErrorCode LITE_get_last_error_code(void);

/**
 * Forget the calling thread's last error.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread; each has its own.
 * Since:     1.0
 */
LITE_API void LITE_clear_last_error(void);

/**
 * Get what went wrong in the calling thread's last call, in words.
 *
 * @return The message; empty after a call that succeeded, never NULL.
 *
 * Ownership: the thread's, unchanged until its next call of any other function.
 * Threads:   any thread; each has its own.
 * Since:     1.0
 */
LITE_API const char* LITE_get_last_error(void);

/* ---- devices and memory ---- */

/**
 * Count the devices of a kind that can be used now.
 *
 * @param[in]  device_type  LITE_DEVICE_DEFAULT counts like the CPU.
 * @param[out] count        Required; 1 for the CPU, 0 for kinds that this build does not know.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_device_count(LiteDeviceType device_type, size_t* count);

/**
 * Give unused memory of all caches, pools and idle networks back to the system.
 *
 * @return LITE_OK.
 *
 * Ownership: pointers into tensors stay valid.
 * Threads:   any thread; networks that are running are skipped.
 * Since:     1.0
 */
LITE_API int LITE_try_coalesce_all_free_memory(void);

/* ---- encrypted and packed models ----
 *
 * Built-in decryption methods: "AES_256_GCM", which needs a key, and MegEngine's "AES_default", "RC4_default"
 * and "SIMPLE_FAST_RC4_default", which begin with the keys that its tools use. The built-in parser is
 * "LITE_default". pack_c.h makes packs; docs/packing.md has the formats.
 */

/**
 * Decrypt a model. Called twice: first with output_data NULL to learn the size, then to write it.
 *
 * Returns the size of the plain text, the same both times; 0 means failure. output_data is writable, whatever
 * its type says.
 */
typedef size_t (*LiteDecryptionFunc)(const void* input_data, size_t input_size, const uint8_t* key_data,
                                     size_t key_size, const void* output_data);

/**
 * Read the information packed with a model and change the configuration that the model is then loaded with.
 * All pointers are valid during the call and hold the current values; what config and network_io are made to
 * point to must stay valid until the load returns. An input or output that the network was configured with
 * keeps that. The result is not looked at, as in MegEngine Lite; see LITE_register_parse_info_with_userdata.
 */
typedef int (*LiteParseInfoFunc)(const void* info_data, size_t info_size, const char* model_name,
                                 LiteConfig* config, LiteNetworkIO* network_io, int* device_id,
                                 size_t* nr_threads, int* is_cpu_inplace_mode, int* use_tensorrt);

/**
 * Add a decryption method.
 *
 * @param[in] decrypt_name  Required; must be new.
 * @param[in] func          Required.
 * @param[in] key_data      Required.
 * @param[in] key_size      Its bytes.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: name and key are copied; the copy of the key is wiped when it goes.
 * Threads:   any thread; func is called from threads that load models.
 * Since:     1.0
 */
LITE_API int LITE_register_decryption_and_key(const char* decrypt_name, const LiteDecryptionFunc func,
                                              const uint8_t* key_data, size_t key_size);

/**
 * Change the function or the key of a decryption method, or both.
 *
 * @param[in] decrypt_name  Required.
 * @param[in] func          NULL keeps the present one.
 * @param[in] key_data      May be NULL if key_size is 0.
 * @param[in] key_size      0 keeps the present key. The built-in AES methods want 32 bytes, the others at
 * least 16.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (also a key of the wrong length), LITE_NOT_FOUND or
 *         LITE_OUT_OF_MEMORY.
 *
 * Ownership: the key is copied; the old copy is wiped.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_update_decryption_or_key(const char* decrypt_name, const LiteDecryptionFunc func,
                                           const uint8_t* key_data, size_t key_size);

/**
 * Add a method of reading the information packed with a model.
 *
 * @param[in] info_type   Required; must be new.
 * @param[in] parse_func  Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the name is copied.
 * Threads:   any thread; parse_func is called from threads that load models.
 * Since:     1.0
 */
LITE_API int LITE_register_parse_info_func(const char* info_type, const LiteParseInfoFunc parse_func);

/* ---- caches ---- */

/**
 * Name MegEngine's loader library, which is not needed here.
 *
 * @param[in] loader_path  Required.
 * @return LITE_OK (it has no effect) or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_loader_lib_path(const char* loader_path);

/**
 * Read a file of kernels that were found to be the fastest (LITE_ALGO_PROFILE, the option "tune", `lite
 * tune`): every network of the process takes them for what it compiles from now on, and does not time them
 * again. A file of another version of the library or another processor, or of another program (MegEngine's,
 * for one), is no error; it is left out, which the log tells at level info.
 *
 * @param[in] cache_path   Required; UTF-8. The file need not exist.
 * @param[in] always_sync  Not 0: whenever kernels were timed, the file is replaced by one with all that is
 *                         known, unless it is of another program. Failures are logged.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_IO_ERROR (it cannot be read, or is not a regular file).
 *
 * Ownership: the string is copied.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_persistent_cache(const char* cache_path, int always_sync);

/**
 * Name a TensorRT cache, which is not needed here.
 *
 * @param[in] cache_path  Required.
 * @return LITE_OK (it has no effect) or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_tensor_rt_cache(const char* cache_path);

/**
 * Write the kernels that were found to be the fastest to a file, for LITE_set_persistent_cache.
 *
 * @param[in] cache_path  Required; UTF-8.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_IO_ERROR (the old file is then unharmed).
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_dump_persistent_cache(const char* cache_path);

/**
 * Write the TensorRT cache, of which there is none.
 *
 * @return LITE_OK; it has no effect.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_dump_tensor_rt_cache(void);

/* ---- log ---- */

/**
 * Set from which level on messages are logged. LITE_LOG_ERROR unless set.
 *
 * @param[in] level  One of LiteLogLevel.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_log_level(LiteLogLevel level);

/**
 * Get from which level on messages are logged.
 *
 * @param[out] level  Required.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_log_level(LiteLogLevel* level);

/* ---- pairs of virtual and physical addresses ---- */

/**
 * Remember which physical address belongs to a virtual one.
 *
 * @param[in] vir_ptr  Required; not registered yet for that device.
 * @param[in] phy_ptr  Required.
 * @param[in] length   Bytes of the region, at least 1.
 * @param[in] device   The device.
 * @param[in] backend  LITE_DEFAULT.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the memory stays the caller's.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_register_memory_pair(void* vir_ptr, void* phy_ptr, size_t length, LiteDeviceType device,
                                       LiteBackend backend);

/**
 * Forget a pair.
 *
 * @param[in] vir_ptr  Required; as registered.
 * @param[in] phy_ptr  Required; as registered.
 * @param[in] device   The device.
 * @param[in] backend  LITE_DEFAULT.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND.
 *
 * Ownership: the memory stays the caller's.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_clear_memory_pair(void* vir_ptr, void* phy_ptr, LiteDeviceType device, LiteBackend backend);

/**
 * Get the physical address of a virtual one that lies in a registered region.
 *
 * @param[in]  vir_ptr  Required.
 * @param[out] phy_ptr  Required. Written only on success.
 * @param[in]  device   The device.
 * @param[in]  backend  LITE_DEFAULT.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_lookup_physic_ptr(void* vir_ptr, void** phy_ptr, LiteDeviceType device,
                                    LiteBackend backend);

#ifdef __cplusplus
}
#endif
#endif
