/* What network_c.h declares for configuring a network; that header includes this one. */
#include "network_types_c.h"
#ifndef LITE_C_NETWORK_CONFIG_C_H_
#define LITE_C_NETWORK_CONFIG_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/* ---- threads, device, kernels ---- */

/**
 * Tell whether the network runs in its caller's thread alone.
 *
 * @param[in]  network              Required.
 * @param[out] is_cpu_inplace_mode  Required; 1 or 0. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_is_cpu_inplace_mode(const LiteNetwork network, int* is_cpu_inplace_mode);

/**
 * Get how many threads, the caller's among them, work on a run.
 *
 * @param[in]  network     Required.
 * @param[out] nr_threads  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_cpu_threads_number(const LiteNetwork network, size_t* nr_threads);

/**
 * Get which device of its kind the network runs on.
 *
 * @param[in]  network    Required.
 * @param[out] device_id  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_device_id(const LiteNetwork network, int* device_id);

/**
 * Get the number set with LITE_set_stream_id; 0 unless set.
 *
 * @param[in]  network    Required.
 * @param[out] stream_id  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_stream_id(const LiteNetwork network, int* stream_id);

/**
 * Get the kind of device the network runs on.
 *
 * @param[in]  network      Required.
 * @param[out] device_type  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_device_type(const LiteNetwork network, LiteDeviceType* device_type);

/**
 * Run in the caller's thread, which LITE_set_cpu_threads_number can give helpers. Runs do so anyway; this one
 * only forbids asynchronous ones.
 *
 * @param[in] network  Required; on the CPU; not loaded.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED, LITE_ALREADY_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_cpu_inplace_mode(LiteNetwork network);

/**
 * Set how many threads may work on a run; 1 unless set. Results do not depend on it. The option "threads"
 * says the same at any time.
 *
 * @param[in] network     Required; on the CPU; not loaded.
 * @param[in] nr_threads  The caller's thread included; 0 changes nothing. More than the process has are not
 * used.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED, LITE_ALREADY_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_cpu_threads_number(LiteNetwork network, size_t nr_threads);

/**
 * Choose the device of the network's kind.
 *
 * @param[in] network    Required; not loaded.
 * @param[in] device_id  From 0; on the CPU any number is accepted and only remembered.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_ALREADY_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_device_id(LiteNetwork network, int device_id);

/**
 * Number the network's queue on its device; networks with different numbers need not wait for each other.
 *
 * @param[in] network    Required; not loaded.
 * @param[in] stream_id  From 0; on the CPU it is only remembered.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_ALREADY_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_stream_id(LiteNetwork network, int stream_id);

/**
 * Ask for TensorRT, which this library does not use.
 *
 * @param[in] network  Required.
 * @return LITE_OK (it has no effect), LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_use_tensorrt(LiteNetwork network);

/**
 * Set how kernels are chosen from the next compilation on. They are ranked, not timed, so of the bits only
 * LITE_ALGO_REPRODUCIBLE has an effect; it is that of the option "reproducible".
 *
 * @param[in] network   Required.
 * @param[in] strategy  Bits of LiteAlgoSelectStrategy; none leaves what there is.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_network_algo_policy(LiteNetwork network, LiteAlgoSelectStrategy strategy);

/**
 * Set for which batch size MegEngine times kernels, and whether batch items may influence each other's bits.
 *
 * @param[in] network                     Required.
 * @param[in] shared_batch_size           No effect: kernels are not timed.
 * @param[in] binary_equal_between_batch  No effect: equal items always give equal results.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_network_algo_fastrun_config(LiteNetwork network, unsigned int shared_batch_size,
                                                  int binary_equal_between_batch);

/**
 * Limit the scratch memory that each of MegEngine's kernels may want. No effect: scratch memory is planned
 * together with all else that a run needs, for which the option "arena_limit" is.
 *
 * @param[in] network          Required.
 * @param[in] workspace_limit  In bytes; any number.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_network_algo_workspace_limit(LiteNetwork network, size_t workspace_limit);

/* ---- callbacks ---- */

/**
 * Make runs asynchronous: LITE_forward returns at once and the callback is called when the run is over,
 * failed ones included. LITE_wait tells how it went; LITE_set_completion_callback passes the code along. The
 * callback may start the next run.
 *
 * @param[in] network         Required; neither in inplace mode nor with outputs in the caller's memory
 *                            (force_output_use_user_specified_memory).
 * @param[in] async_callback  Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network; the callback runs in a library thread.
 * Since:     1.0
 */
LITE_API int LITE_set_async_callback(LiteNetwork network, const LiteAsyncCallback async_callback);

/**
 * LITE_set_async_callback with a pointer for the callback.
 *
 * @param[in] network         Required.
 * @param[in] async_callback  Required.
 * @param[in] user_data       Passed on; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: user_data stays the caller's and lives until another callback is set or the network is
 * destroyed. Threads:   one thread at a time per network; the callback runs in a library thread.
 * Since:     1.0
 */
LITE_API int LITE_set_async_callback_with_userdata(LiteNetwork network,
                                                   const LiteAsyncCallbackWithData async_callback,
                                                   void* user_data);

/**
 * Set a callback that sees the inputs before each run.
 *
 * @param[in] network         Required.
 * @param[in] start_callback  NULL removes it.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network; the callback runs in the thread that runs the network.
 * Since:     1.0
 */
LITE_API int LITE_set_start_callback(LiteNetwork network, const LiteStartCallback start_callback);

/**
 * LITE_set_start_callback with a pointer for the callback.
 *
 * @param[in] network         Required.
 * @param[in] start_callback  NULL removes it.
 * @param[in] user_data       Passed on; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: user_data stays the caller's and lives until another callback is set or the network is
 * destroyed. Threads:   one thread at a time per network; the callback runs in the thread that runs the
 * network. Since:     1.0
 */
LITE_API int LITE_set_start_callback_with_userdata(LiteNetwork network,
                                                   const LiteStartCallbackWithData start_callback,
                                                   void* user_data);

/**
 * Set a callback that sees the outputs after each run that succeeded.
 *
 * @param[in] network          Required.
 * @param[in] finish_callback  NULL removes it.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network; the callback runs in the thread that runs the network.
 * Since:     1.0
 */
LITE_API int LITE_set_finish_callback(LiteNetwork network, const LiteFinishCallback finish_callback);

/**
 * LITE_set_finish_callback with a pointer for the callback.
 *
 * @param[in] network          Required.
 * @param[in] finish_callback  NULL removes it.
 * @param[in] user_data        Passed on; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: user_data stays the caller's and lives until another callback is set or the network is
 * destroyed. Threads:   one thread at a time per network; the callback runs in the thread that runs the
 * network. Since:     1.0
 */
LITE_API int LITE_set_finish_callback_with_userdata(LiteNetwork network,
                                                    const LiteFinishCallbackWithData finish_callback,
                                                    void* user_data);

/**
 * Let the caller set the affinity of as many threads as LITE_set_cpu_threads_number says; the pool grows to
 * that number. Threads belong to the process: other networks see the affinity too. Nothing else here ever
 * changes it.
 *
 * @param[in] network                   Required; loaded.
 * @param[in] thread_affinity_callback  Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network; the callback runs in each of those threads, in several at
 * once. Since:     1.0
 */
LITE_API int LITE_set_runtime_thread_affinity(LiteNetwork network,
                                              const LiteThreadAffinityCallback thread_affinity_callback);

/* ---- memory ---- */

/**
 * Take the network's working memory from the caller's allocator, from the next load or compilation on.
 *
 * @param[in] network       Required.
 * @param[in] allocate_fun  Required.
 * @param[in] free_fun      Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: everything allocated is freed with free_fun, at the latest when the network is destroyed.
 * Threads:   one thread at a time per network; the functions are called from any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_memory_allocator(LiteNetwork network, const LiteAllocate allocate_fun,
                                       const LiteFree free_fun);

/**
 * Let two networks use one working memory. They then cannot run at the same time: the second gets LITE_BUSY.
 *
 * @param[in] src_network  Required.
 * @param[in] dst_network  Required. The order of the two does not matter.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: either network may be destroyed first. A run of one makes the other one's outputs undefined.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_share_runtime_memroy(LiteNetwork src_network, LiteNetwork dst_network);

/* ---- looking inside ---- */

/**
 * Write a Chrome trace of each run to a file, which is replaced each time. LITE_get_profile needs no file.
 *
 * @param[in] network                 Required.
 * @param[in] profile_json_file_path  Required; UTF-8.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the string is copied.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_enable_profile_performance(LiteNetwork network, const char* profile_json_file_path);

/**
 * Write the inputs and outputs of every node of each run to a text file. Runs become slow.
 *
 * @param[in] network          Required.
 * @param[in] io_txt_out_file  Required; UTF-8.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the string is copied.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_enable_io_txt_dump(LiteNetwork network, const char* io_txt_out_file);

/**
 * Write the inputs and outputs of every node of each run to files in a directory. Runs become slow.
 *
 * @param[in] network         Required.
 * @param[in] io_bin_out_dir  Required; UTF-8; the directory exists.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the string is copied.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_enable_io_bin_dump(LiteNetwork network, const char* io_bin_out_dir);

/**
 * Write the memory plan (which value lies where, and when) as JSON into a directory, which is made if
 * missing.
 *
 * @param[in] network  Required; loaded.
 * @param[in] log_dir  Required; UTF-8.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_IO_ERROR, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_static_memory_alloc_info(LiteNetwork network, const char* log_dir);

/**
 * Ask that layouts be chosen over the whole graph, which always happens here.
 *
 * @param[in] network  Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_enable_global_layout_transform(LiteNetwork network);

/**
 * Write the model to a file that can be loaded again. Layouts depend on the machine and on shapes, so it is
 * optimised anew when it is loaded.
 *
 * @param[in] network         Required; loaded.
 * @param[in] dump_file_path  Required; UTF-8.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_UNSUPPORTED, LITE_IO_ERROR, LITE_BUSY or
 * LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_dump_layout_transform_model(LiteNetwork network, const char* dump_file_path);

/**
 * Set what LiteConfig has no field for, before loading.
 *
 * @param[in] network       Required.
 * @param[in] extra_config  By value.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_extra_configure(LiteNetwork network, LiteExtraConfig extra_config);

#ifdef __cplusplus
}
#endif
#endif
