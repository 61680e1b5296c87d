/* Loading with options, checking without loading, and facts about a model. */
#include "network_types_c.h"
#ifndef LITE_C_MODEL_C_H_
#define LITE_C_MODEL_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/* ---- loading ---- */

/** One file of weights that the caller has in memory. */
typedef struct LiteExternalData {
  const char* location; /**< as the model spells it */
  const void* data;
  size_t size;
} LiteExternalData;

/**
 * Find the contents of the external file named location, and set *data and *size to them. They stay valid and
 * unchanged until release is called. Returns LITE_OK or a code; LITE_NOT_FOUND lets the library look for the
 * file itself. Asked at most once for each location and load.
 */
typedef int (*LiteExternalDataCallback)(void* user_data, const char* location, const void** data,
                                        size_t* size);

/** How to load. All members may be 0. */
typedef struct LiteLoadOptions {
  uint32_t struct_size;
  uint32_t flags;     /**< of LiteLoadFlag */
  const char* format; /**< "onnx", "mge", "lite" (compiled), "paddle"; NULL: recognised */
  const char*
      base_directory; /**< where files that the model refers to lie; NULL: the model's own directory */
  const LiteExternalData* external_data; /**< looked at before any file is */
  size_t external_data_count;
  LiteExternalDataCallback external_data_callback; /**< asked when external_data has no such location */
  void* user_data;                                 /**< for the callback and release */
  void (*release)(
      void* user_data); /**< called once when model bytes, external_data and user_data are no longer used */
  const char* params_path; /**< Paddle: the file of parameters, if it is not found by name */
  const void*
      params_data; /**< Paddle: the parameters, for a model in memory; copied or not as the model is */
  size_t params_size;
  uint64_t max_bytes; /**< budget for constants that cannot be used in place; 0: 64 GB, and a multiple of the
                         model */
  uint64_t max_nodes; /**< budget for nodes after inlining; 0: a million */
  const uint8_t* key_data; /**< the key of what is encrypted in the file, instead of the registered one; not
                              kept */
  size_t key_size;         /**< 0: the registered one */
} LiteLoadOptions;

#define LITE_LOAD_OPTIONS_INIT \
  { sizeof(LiteLoadOptions), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef enum LiteLoadFlag LITE_ENUM_TYPE {
  LITE_LOAD_NO_COPY = 1 /* model bytes in memory are used in place until release is called */
} LiteLoadFlag;

/**
 * Load a model from a file, with options.
 *
 * @param[in] network  Required. A model that it already has is replaced; on failure it is kept.
 * @param[in] path     Required; UTF-8.
 * @param[in] options  struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
 * (see LITE_get_unsupported_count), LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: strings and arrays are copied; external data and user_data are used until release is called. On
 * failure release is not called and nothing is kept. Threads:   one thread at a time per network; release
 * from any thread. Since:     1.0
 */
LITE_API int LITE_load_model_file(LiteNetwork network, const char* path, const LiteLoadOptions* options);

/**
 * Load a model from memory, with options.
 *
 * @param[in] network  Required. A model that it already has is replaced; on failure it is kept.
 * @param[in] data     Required.
 * @param[in] size     Its bytes.
 * @param[in] options  struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND, LITE_IO_ERROR, LITE_INVALID_MODEL, LITE_UNSUPPORTED
 * (see LITE_get_unsupported_count), LITE_LIMIT_EXCEEDED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the bytes are copied, or with LITE_LOAD_NO_COPY used until release is called; otherwise as for
 *            LITE_load_model_file.
 * Threads:   one thread at a time per network; release from any thread.
 * Since:     1.0
 */
LITE_API int LITE_load_model_memory(LiteNetwork network, const void* data, size_t size,
                                    const LiteLoadOptions* options);

/**
 * Check that a file would load, without packing weights or compiling. The network keeps the model that it
 * has; LITE_get_unsupported_count then tells about the checked one.
 *
 * @param[in] network  Required; its options and device are those that the check is for.
 * @param[in] path     Required; UTF-8.
 * @param[in] options  struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.
 * @return What LITE_load_model_file would return.
 *
 * Ownership: nothing changes hands; release is not called.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_check_model(LiteNetwork network, const char* path, const LiteLoadOptions* options);

/**
 * Check that a model in memory would load; see LITE_check_model.
 *
 * @param[in] network  Required; its options and device are those that the check is for.
 * @param[in] data     Required.
 * @param[in] size     Its bytes.
 * @param[in] options  struct_size set by LITE_LOAD_OPTIONS_INIT; NULL means that.
 * @return What LITE_load_model_memory would return.
 *
 * Ownership: nothing changes hands; release is not called.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_check_model_memory(LiteNetwork network, const void* data, size_t size,
                                     const LiteLoadOptions* options);

/* ---- what is supported, and what is not ---- */

/**
 * Get the operators that models may have, as JSON: an array of objects with
 *   "name" and "domain" ("" for ONNX's own);
 *   "since": the version of the domain's opset that changed it last; what older ones say is translated;
 *   "inputs", "outputs": arrays of {"name", "types": element types, "arity": "required", "optional" or
 *   "variadic"};
 *   "attributes": their names;
 *   "kernels": the fast implementations that are asked whether they take a node of it, best first; what all
 *   decline, and an operator without any, runs by a plain reference.
 * An operator that loading replaces by others has "replaced": true instead of all but its name and domain;
 * those of LITE_register_operator come last and have "registered": true.
 *
 * @param[out] json  Required; NUL-terminated. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller frees the text with LITE_free_string.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_operators(char** json);

/** Why a node cannot run. */
typedef struct LiteUnsupportedNode {
  uint32_t struct_size;
  int opset;        /**< of the domain, as the model declares it */
  const char* name; /**< the node's; may be empty */
  const char* op_type;
  const char* domain;     /**< "" for ONNX's own operators */
  const char* types;      /**< of its inputs, such as "float32, int64"; "?" for one that is unknown */
  const char* device;     /**< the device it was tried on, such as "cpu" */
  const char* reason;     /**< one sentence */
  const char* suggestion; /**< the nearest thing that works; may be empty */
} LiteUnsupportedNode;

#define LITE_UNSUPPORTED_NODE_INIT \
  { sizeof(LiteUnsupportedNode), 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Count the nodes for which the last load or check of a model returned LITE_UNSUPPORTED.
 *
 * @param[in]  network  Required.
 * @param[out] count    Required; 0 if the last load or check had no such node. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_unsupported_count(const LiteNetwork network, size_t* count);

/**
 * Describe one of them.
 *
 * @param[in]     network  Required.
 * @param[in]     index    From 0.
 * @param[in,out] node     Required; struct_size set by LITE_UNSUPPORTED_NODE_INIT. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: the strings are the network's, until the next load or check, or until it is destroyed.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_unsupported_node(const LiteNetwork network, size_t index, LiteUnsupportedNode* node);

/* ---- inputs, outputs, metadata ---- */

/** What an input or output carries. Kinds other than tensors are given and read as values: value_c.h. */
typedef enum LiteValueKind LITE_ENUM_TYPE {
  LITE_VALUE_TENSOR = 0,
  LITE_VALUE_SEQUENCE = 1,
  LITE_VALUE_OPTIONAL = 2,
  LITE_VALUE_MAP = 3
} LiteValueKind;

/** What the model says about an input or output, before any shape is set. */
typedef struct LiteIOInfo {
  uint32_t struct_size;
  LiteValueKind kind;
  const char* name;
  LiteDataType dtype;           /**< of the elements; for another kind, of the tensors in it */
  int rank;                     /**< -1: not known, or no tensor */
  const int64_t* dims;          /**< rank of them; -1: not known */
  const char* const* dim_names; /**< rank of them, such as "batch"; NULL for a dimension without a name */
  const char* type;             /**< in ONNX's notation, such as "seq(tensor(float))" */
  int has_default;              /**< 1: an input that need not be given */
} LiteIOInfo;

#define LITE_IO_INFO_INIT \
  { sizeof(LiteIOInfo), LITE_VALUE_TENSOR, 0, LITE_FLOAT, -1, 0, 0, 0, 0 }

/**
 * Count the inputs.
 *
 * @param[in]  network  Required; loaded.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_input_count(const LiteNetwork network, size_t* count);

/**
 * Count the outputs.
 *
 * @param[in]  network  Required; loaded.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_output_count(const LiteNetwork network, size_t* count);

/**
 * Describe an input.
 *
 * @param[in]     network  Required; loaded.
 * @param[in]     index    In the model's order, from 0.
 * @param[in,out] info     Required; struct_size set by LITE_IO_INFO_INIT. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: strings and arrays are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_input_info(const LiteNetwork network, size_t index, LiteIOInfo* info);

/**
 * Describe an output.
 *
 * @param[in]     network  Required; loaded.
 * @param[in]     index    In the model's order, from 0.
 * @param[in,out] info     Required; struct_size set by LITE_IO_INFO_INIT. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: strings and arrays are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_output_info(const LiteNetwork network, size_t index, LiteIOInfo* info);

/**
 * Count the tensors of the discrete input: the batch size it was configured with.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  io_name  Required; the discrete input.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_discrete_tensor_count(const LiteNetwork network, const char* io_name, size_t* count);

/**
 * Count the model's metadata entries. Besides what its author wrote there are those that the format has, such
 * as "producer", "graph_name", "model_version", "ir_version" and "opset_import".
 *
 * @param[in]  network  Required; loaded.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_metadata_count(const LiteNetwork network, size_t* count);

/**
 * Get one metadata entry.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  index    From 0.
 * @param[out] key      Required. Written only on success.
 * @param[out] value    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: the strings are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_metadata_item(const LiteNetwork network, size_t index, const char** key,
                                    const char** value);

/**
 * Look a metadata entry up.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  key      Required.
 * @param[out] value    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND or LITE_CLOSED.
 *
 * Ownership: the string is the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_metadata(const LiteNetwork network, const char* key, const char** value);

/* ---- the graph ---- */

/**
 * Write the graph as text.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  stage    "imported" (before passes) or "optimized" (after them).
 * @param[in]  format   "text", "dot" or "json".
 * @param[out] text     Required; NUL-terminated. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the caller frees the text with LITE_free_string.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_dump_graph(LiteNetwork network, const char* stage, const char* format, char** text);

#ifdef __cplusplus
}
#endif
#endif
