/*
 * Networks: loading and running models, as MegEngine Lite v1.13 declares it. Loading with options, facts
 * about inputs and outputs, cancelling, statistics and profiles are in model_c.h and run_c.h.
 *
 * Threads: a network runs in one thread at a time. While it does, calls that would disturb it return
 * LITE_BUSY; those marked "any thread" never do. Different networks, also with shared weights, run at the
 * same time.
 */
#include "network_types_c.h"
#ifndef LITE_C_NETWORK_C_H_
#define LITE_C_NETWORK_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/* ---- making, loading, destroying ---- */

/**
 * Make a network with the default configuration.
 *
 * @param[out] network  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the network with LITE_destroy_network.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_default_network(LiteNetwork* network);

/**
 * Make a network.
 *
 * @param[out] network     Required. Written only on success.
 * @param[in]  config      Start from LITE_CONFIG_INIT.
 * @param[in]  network_io  Start from LITE_NETWORK_IO_INIT. Names that the model does not have are ignored.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (no such device), LITE_UNSUPPORTED or
 * LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the network; all that the arguments point to is copied.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_network(LiteNetwork* network, const LiteConfig config, const LiteNetworkIO network_io);

/**
 * Make a network without wishes for its inputs and outputs.
 *
 * @param[out] network  Required. Written only on success.
 * @param[in]  config   Start from LITE_CONFIG_INIT.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (no such device), LITE_UNSUPPORTED or
 * LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the network; all that config points to is copied.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_network_config(LiteNetwork* network, const LiteConfig config);

/**
 * Load a model from memory, which is copied. LITE_load_model_memory can do without the copy.
 *
 * @param[in] network    Required. A model that it already has is replaced; on failure it is kept.
 * @param[in] model_mem  Required; not written to.
 * @param[in] size       Its bytes.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_INVALID_MODEL, LITE_UNSUPPORTED (see
 * LITE_get_unsupported_count), LITE_NOT_FOUND, LITE_IO_ERROR, LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY,
 * LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the bytes stay the caller's and may go when the call returns.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_load_model_from_mem(LiteNetwork network, void* model_mem, size_t size);

/**
 * Load a model from a file, which is mapped, not read into memory.
 *
 * @param[in] network     Required. A model that it already has is replaced; on failure it is kept.
 * @param[in] model_path  Required; UTF-8. Files that the model refers to must lie in its directory or below.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
 * (see LITE_get_unsupported_count), LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the file stays mapped while the network, or one that shares its weights, exists. Replace it by
 * renaming; truncating a mapped file makes the system send SIGBUS to the process. Threads:   one thread at a
 * time per network. Since:     1.0
 */
LITE_API int LITE_load_model_from_path(LiteNetwork network, const char* model_path);

/**
 * Give a network the model of another one. The weights exist once; inputs, outputs and working memory are its
 * own.
 *
 * @param[in] dst_network  Required.
 * @param[in] src_network  Required; loaded.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: either network may be destroyed first.
 * Threads:   one thread at a time per dst_network; src_network may be running.
 * Since:     1.0
 */
LITE_API int LITE_shared_weight_with_network(LiteNetwork dst_network, const LiteNetwork src_network);

/**
 * Destroy a network. A run still going on is cancelled and waited for.
 *
 * @param[in] network  Required. One that is destroyed already is left alone.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_BUSY (called from a callback of its own run).
 *
 * Ownership: the handle and its tensors and strings are dead afterwards.
 * Threads:   any thread, while no other one calls with this network.
 * Since:     1.0
 */
LITE_API int LITE_destroy_network(LiteNetwork network);

/* ---- running ---- */

/**
 * Run the network on what its input tensors hold. With an asynchronous callback it returns when the run is
 * started.
 *
 * @param[in] network  Required; loaded.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_SHAPE_MISMATCH, LITE_UNSUPPORTED,
 * LITE_CANCELLED, LITE_TIMED_OUT, LITE_OUT_OF_MEMORY, LITE_LIMIT_EXCEEDED, LITE_DEVICE_ERROR,
 * LITE_UNKNOWN_ERROR, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands. Outputs are overwritten; they stay where they are as long as their shapes
 * do, unless those depend on data. Threads:   one thread at a time per network; a second one gets LITE_BUSY.
 * Since:     1.0
 */
LITE_API int LITE_forward(const LiteNetwork network);

/**
 * Wait until the run that LITE_forward started is over and its asynchronous or completion callback has
 * returned. Called in that callback it waits for a run that the callback has started, if any.
 *
 * @param[in] network  Required; loaded.
 * @return What that run returns, LITE_OK when there is none, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED,
 * LITE_BUSY (called from a callback of that run) or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread; it must not hold a lock that the callback takes.
 * Since:     1.0
 */
LITE_API int LITE_wait(const LiteNetwork network);

/* ---- inputs and outputs ---- */

/**
 * Get an input or output tensor by name. Asking twice gives the same one.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  io_name  Required. A sequence, optional or map is no tensor: see LITE_set_input_value and
 *                      LITE_get_output_value.
 * @param[in]  phase    Which side to look at.
 * @param[out] tensor   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.
 *
 * Ownership: the network's, until it loads another model or is destroyed; LITE_destroy_tensor leaves it
 * alone. Threads:   one thread at a time per network. Since:     1.0
 */
LITE_API int LITE_get_io_tensor(LiteNetwork network, const char* io_name, LiteTensorPhase phase,
                                LiteTensor* tensor);

/**
 * Get one of the tensors of a discrete input (LiteConfig.discrete_input_name): one per batch item, batch
 * size 1.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  io_name  Required; the discrete input.
 * @param[in]  n_idx    Which batch item.
 * @param[in]  phase    LITE_INPUT or LITE_IO.
 * @param[out] tensor   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.
 *
 * Ownership: the network's, as for LITE_get_io_tensor.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_discrete_tensor(LiteNetwork network, const char* io_name, size_t n_idx,
                                      LiteTensorPhase phase, LiteTensor* tensor);

/**
 * Get an input's name.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  index    In the model's order, from 0.
 * @param[out] name     Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_input_name(const LiteNetwork network, size_t index, const char** name);

/**
 * Get an output's name.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  index    In the model's order, from 0.
 * @param[out] name     Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_output_name(const LiteNetwork network, size_t index, const char** name);

/**
 * Get the number of inputs, all their names, or both.
 *
 * @param[in]  network  Required; loaded.
 * @param[out] size     How many there are; may be NULL.
 * @param[out] name     An array with room for all of them; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: the strings are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_all_input_name(const LiteNetwork network, size_t* size, const char** name);

/**
 * Get the number of outputs, all their names, or both.
 *
 * @param[in]  network  Required; loaded.
 * @param[out] size     How many there are; may be NULL.
 * @param[out] name     An array with room for all of them; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: the strings are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_all_output_name(const LiteNetwork network, size_t* size, const char** name);

/**
 * Learn a model's inputs and outputs from its file, without loading it. Unknown dimensions read as 0.
 *
 * @param[in]  model_path  Required; UTF-8.
 * @param[in]  config      Start from LITE_CONFIG_INIT.
 * @param[out] ios         Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL,
 * LITE_UNSUPPORTED, LITE_LIMIT_EXCEEDED or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the arrays and strings are the library's, for the next 1023 such calls of the process (fewer if
 * these are about more than 65536 inputs and outputs).
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_model_io_info_by_path(const char* model_path, const LiteConfig config,
                                            LiteNetworkIO* ios);

/**
 * Learn a model's inputs and outputs from memory, without loading it. Unknown dimensions read as 0.
 *
 * @param[in]  model_mem  Required.
 * @param[in]  size       Its bytes.
 * @param[in]  config     Start from LITE_CONFIG_INIT.
 * @param[out] ios        Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_INVALID_MODEL, LITE_UNSUPPORTED, LITE_LIMIT_EXCEEDED or
 *         LITE_OUT_OF_MEMORY.
 *
 * Ownership: the arrays and strings are the library's, for the next 1023 such calls of the process (fewer if
 * these are about more than 65536 inputs and outputs).
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_model_io_info_by_memory(const void* model_mem, size_t size, const LiteConfig config,
                                              LiteNetworkIO* ios);

/**
 * Get what was packed with the model for its user, or the model's metadata as a JSON object.
 *
 * @param[in]  network    Required; loaded.
 * @param[out] info       Required; NUL-terminated. Written only on success.
 * @param[out] info_size  Required; without the NUL. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_model_extra_info(const LiteNetwork network, const char** info, int* info_size);

#ifdef __cplusplus
}
#endif

#include "network_config_c.h"
#endif

#if !defined(LITE_C_PREFIXED_ONLY_) && !defined(LITE_C_NETWORK_ALIASES_)
#define LITE_C_NETWORK_ALIASES_
#ifdef __cplusplus
extern "C" {
#endif
extern LITE_API const LiteOptions default_option;
extern LITE_API const LiteIO default_io;

/**
 * Get the configuration that LITE_CONFIG_INIT spells out. Copy it before changing it: writing through the
 * pointer changes what the calling thread gets from then on, and nothing else.
 *
 * @return The configuration; never NULL.
 *
 * Ownership: the calling thread's, until it ends.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API LiteConfig* default_config(void);

/**
 * Get the empty wishes that LITE_NETWORK_IO_INIT spells out; for writing through the pointer, see
 * default_config.
 *
 * @return The wishes; never NULL.
 *
 * Ownership: the calling thread's, until it ends.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API LiteNetworkIO* default_network_io(void);
#ifdef __cplusplus
}
#endif
#endif
