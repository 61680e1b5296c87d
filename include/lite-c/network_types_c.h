/* The structs and callback types of network_c.h, as MegEngine Lite v1.13 declares them. Every struct is
 * frozen. */
#include "tensor_c.h"
#ifndef LITE_C_NETWORK_TYPES_C_H_
#define LITE_C_NETWORK_TYPES_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How MegEngine was to run a model. All are accepted; those without effect here say so. String options
 * (LITE_set_option) say everything else.
 */
typedef struct LiteOptions {
  int weight_preprocess;                      /**< no effect: weights are always packed ahead */
  int fuse_preprocess;                        /**< no effect: always on */
  int fake_next_exec;                         /**< the next run only plans and allocates */
  int var_sanity_check_first_run;             /**< no effect: memory plans are checked when made */
  int const_shape;                            /**< no effect: each shape has its own plan */
  int force_dynamic_alloc;                    /**< no effect */
  int force_output_dynamic_alloc;             /**< no effect */
  int force_output_use_user_specified_memory; /**< write outputs straight into memory given with
                                                 LITE_reset_tensor */
  int no_profiling_on_shape_change;           /**< no effect */
  int jit_level;                              /**< no effect */
  int comp_node_seq_record_level;             /**< 0 to 2; no effect: runs are always recorded */
  int graph_opt_level;                        /**< 0: no graph passes; otherwise all of them */
  int async_exec_level;                       /**< no effect */

  /* Layouts are chosen per machine; these have no effect. */
  int enable_nchw44;
  int enable_nchw44_dot;
  int enable_nchw88;
  int enable_nhwcd4;
  int enable_nchw4;
  int enable_nchw32;
  int enable_nchw64;
} LiteOptions;

#define LITE_OPTIONS_INIT \
  { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0 }

/** What a network is made with. Strings are copied by the function that takes the struct. */
typedef struct LiteConfig {
  int has_compression; /**< no effect: compression is recognised */
  int device_id;       /**< -1: the default one */
  LiteDeviceType device_type;
  LiteBackend backend;
  const char*
      bare_model_cryption_name; /**< the decryption method of an encrypted bare model; NULL or "": none */
  LiteOptions options;
  int auto_optimize_inference;     /**< no effect: always on */
  const char* discrete_input_name; /**< the input given as one tensor per batch item; NULL or "": none */
} LiteConfig;

#define LITE_CONFIG_INIT \
  { 0, -1, LITE_CPU, LITE_DEFAULT, 0, LITE_OPTIONS_INIT, 0, 0 }

/** What LITE_extra_configure takes. */
typedef struct LiteExtraConfig {
  int disable_configure_by_model_info; /**< ignore the configuration packed with a model */
} LiteExtraConfig;

/** What the caller wants of one input or output. */
typedef struct LiteIO {
  const char* name;
  int is_host;        /**< 1: the caller's side is host memory; 0: device memory, so nothing is copied */
  LiteIOType io_type; /**< LITE_IO_SHAPE on an output: only its shape is computed */
  LiteLayout config_layout; /**< input: the layout before a run unless the tensor's is set; output: checked;
                               ndim 0: none */
} LiteIO;

#define LITE_IO_INIT \
  { 0, 1, LITE_IO_VALUE, LITE_LAYOUT_INIT }

/** What the caller wants of a network's inputs and outputs. Those not named keep the defaults. */
typedef struct LiteNetworkIO {
  LiteIO* inputs;
  LiteIO* outputs;
  size_t input_size;
  size_t output_size;
} LiteNetworkIO;

#define LITE_NETWORK_IO_INIT \
  { 0, 0, 0, 0 }

/** A network: a model and what running it needs. See LITE_VOID_HANDLES in tensor_c.h. */
#if defined(LITE_VOID_HANDLES)
typedef void* LiteNetwork;
#else
typedef struct LiteNetwork_s* LiteNetwork;
#endif

/*
 * Callbacks. None may unwind (throw, longjmp) into the library. Unless said otherwise, one that returns
 * something else than 0 makes the run fail with LITE_UNKNOWN_ERROR.
 */

/** Give size bytes on the device, aligned to align; NULL when there are none. Called from any thread. */
typedef void* (*LiteAllocate)(LiteDeviceType device_type, int device_id, size_t size, size_t align);

/** Take back what LiteAllocate gave. Called from any thread. */
typedef void (*LiteFree)(LiteDeviceType device_type, int device_id, void* ptr);

/**
 * Called once in each thread that works for a network, before the next run. thread_id counts from 0; the
 * highest one is the thread that calls LITE_forward or, for asynchronous runs, the one that runs in its
 * place. The result is ignored.
 */
typedef int (*LiteThreadAffinityCallback)(int thread_id);

/** Called in a library thread when an asynchronous run is over. The result is ignored. */
typedef int (*LiteAsyncCallback)(void);
typedef int (*LiteAsyncCallbackWithData)(void* user_data);

/**
 * Called before a run with the inputs, or after it with the outputs; valid during the call. What is no
 * tensor, or discrete, has NULL in its place. The result is ignored, as MegEngine Lite does: LITE_cancel in
 * the start callback keeps the run from happening.
 */
typedef int (*LiteStartCallback)(const LiteIO* inputs, const LiteTensor* input_tensors, size_t size);
typedef int (*LiteStartCallbackWithData)(const LiteIO* inputs, const LiteTensor* input_tensors, size_t size,
                                         void* user_data);
typedef int (*LiteFinishCallback)(const LiteIO* outputs, const LiteTensor* output_tensors, size_t size);
typedef int (*LiteFinishCallbackWithData)(const LiteIO* outputs, const LiteTensor* output_tensors,
                                          size_t size, void* user_data);

#ifdef __cplusplus
}
#endif
#endif
