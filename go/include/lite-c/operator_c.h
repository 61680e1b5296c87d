/*
 * Operators of the program's own, or of a shared library. A model whose nodes have such an operator's domain
 * and name runs them by the callbacks that were registered. docs/custom-operators.md is the guide.
 *
 *   static int run(void* user_data, void* state, LiteOperatorContext context) {
 *     LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
 *     LITE_operator_get_input(context, 0, &x);
 *     LITE_operator_get_output(context, 0, &y);
 *     ... y.data from x.data ...
 *     return LITE_OK;
 *   }
 *   LiteOperator op = LITE_OPERATOR_INIT;
 *   op.domain = "my.domain";  op.name = "MyOp";  op.run = run;  op.flags = LITE_OPERATOR_SAME_AS_INPUT;
 *   LITE_register_operator(&op);
 *   LITE_load_model_file(network, "model.onnx", NULL);
 *
 * Threads. infer, create and run are called in the thread that loads or runs the network, several at once
 * when several networks do so; destroy and release in the one that lets go of what they give back. Only the
 * tasks of LITE_operator_parallel_for run in threads of the library's. No lock is held during a callback: it
 * may call every function of the library, but for those that use the network that it is called for, which
 * give LITE_BUSY. Denormal numbers are flushed to zero meanwhile, as in all operators.
 *
 * Errors. A callback returns LITE_OK or a code of LiteErrorCode; what it said with LITE_operator_set_error
 * stands in the error text behind the operator's and the node's name. Without that, and with the code of a
 * function of the library that failed in it, that function's text does. A positive code, or one that is
 * none, becomes LITE_UNKNOWN_ERROR.
 *
 * A LiteOperatorContext is valid until the callback that got it returns, and so are all pointers taken from
 * it.
 */
#include "tensor_ex_c.h"
#ifndef LITE_C_OPERATOR_C_H_
#define LITE_C_OPERATOR_C_H_

#include "version_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a callback is called for: a node, what is known of its inputs, and its outputs. */
typedef struct LiteOperatorContext_s* LiteOperatorContext;

/** What an operator promises; the bits combine. */
typedef enum LiteOperatorFlag LITE_ENUM_TYPE {
  /** the same inputs and attributes always give the same outputs, and nothing else happens: a node whose
   * inputs are all constant may be computed when the model is loaded, one whose outputs are empty not at all
   */
  LITE_OPERATOR_PURE = 1,
  /** instead of infer: every output has the element type and shape of input 0 */
  LITE_OPERATOR_SAME_AS_INPUT = 2
} LiteOperatorFlag;

/**
 * Tells element types and shapes of the outputs with LITE_operator_set_output, as far as they follow from
 * what is known of the inputs. Called when a model is loaded, with dimensions that are not known, and again
 * when they are, and when the contents of inputs are. Outputs that it does not set, or sets with dimensions
 * that are not known, get their shape in the run. LITE_UNSUPPORTED puts the node among those that cannot run.
 */
typedef int (*LiteOperatorInfer)(void* user_data, LiteOperatorContext context);

/**
 * Makes what a node keeps between runs. Called once for each node of a loaded model, at the latest when the
 * load is about to succeed; again when a change of the network's options has the model made anew. Networks
 * that share weights share it. Inputs that are constant have their contents.
 */
typedef int (*LiteOperatorCreate)(void* user_data, LiteOperatorContext context, void** state);

/** Takes back what create made; called once for each create that gave LITE_OK. */
typedef void (*LiteOperatorDestroy)(void* user_data, void* state);

/**
 * Computes the outputs. state is what create made, NULL without create. Networks that share weights may run
 * a node at the same time, with the same state. Results must not depend on the number of threads.
 */
typedef int (*LiteOperatorRun)(void* user_data, void* state, LiteOperatorContext context);

/** One part of a parallel loop. A code other than LITE_OK ends the loop. */
typedef int (*LiteOperatorTask)(void* data, int64_t index);

/** The bit of an element type in input_types and output_types. */
#define LITE_TYPE_BIT(dtype) (UINT64_C(1) << (dtype))

/** What LITE_register_operator takes. Copied; the strings and arrays need not outlive the call. */
typedef struct LiteOperator {
  uint32_t struct_size;
  uint32_t flags;               /**< of LiteOperatorFlag, or 0 */
  const char* domain;           /**< NULL and "" are ai.onnx */
  const char* name;             /**< required */
  int since_version;            /**< the first version of the domain's opset that it is for, at least 1 */
  int min_inputs;               /**< so many must be there; those after them may be left out */
  int max_inputs;               /**< -1: any number, and none left out; min_inputs is then at least 1 */
  int min_outputs;              /**< at least 1 */
  int max_outputs;              /**< -1: any number */
  int input_type_count;         /**< length of input_types */
  int output_type_count;        /**< length of output_types */
  const uint64_t* input_types;  /**< LITE_TYPE_BITs that each input may have; the last is for all that
                                   follow; NULL: all */
  const uint64_t* output_types; /**< as input_types */
  LiteOperatorInfer infer;      /**< NULL: see LITE_OPERATOR_SAME_AS_INPUT; without that, element types and
                                   shapes of the outputs are found in the run */
  LiteOperatorCreate create;    /**< may be NULL */
  LiteOperatorDestroy destroy;  /**< may be NULL */
  LiteOperatorRun run;          /**< required */
  void* user_data;              /**< passed to all callbacks; may be NULL */
  LiteRelease release; /**< called with user_data when the operator is unregistered and no network uses
                          it any more; may be NULL */
} LiteOperator;

#define LITE_OPERATOR_INIT \
  { sizeof(LiteOperator), 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** An input, an output, or a tensor of an attribute. */
typedef struct LiteOperatorTensor {
  uint32_t struct_size;
  int present;         /**< 0: the node leaves it out, and the rest says nothing */
  int dtype;           /**< of LiteDataType; -1: not known */
  int rank;            /**< -1: not known */
  const int64_t* dims; /**< rank of them; one below 0 is not known, and two that are equal and below -1 are
                          the same dimension */
  void* data;          /**< row-major, aligned to the element at least; NULL: not known, strings, or nothing
                          to point to. What an input or attribute points to must not be written. */
  size_t size;         /**< bytes that data has; 0 when it is NULL */
} LiteOperatorTensor;

#define LITE_OPERATOR_TENSOR_INIT \
  { sizeof(LiteOperatorTensor), 0, -1, -1, 0, 0, 0 }

/* ---- registering ---- */

/**
 * Register an operator for the models that are loaded from now on. A node takes the operator of its domain
 * and name with the highest since_version that the model's opset of the domain reaches. It goes before a
 * function of that name in the model.
 *
 * @param[in] op  Required; struct_size set by LITE_OPERATOR_INIT.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is registered already, or is one of the library's
 * own operators), LITE_UNSUPPORTED (a flag or field that this library does not know) or LITE_OUT_OF_MEMORY.
 *
 * Ownership: user_data stays with the library until it calls release. On failure it stays the caller's.
 * Threads:   any thread, also while others load and run networks.
 * Since:     1.0
 */
LITE_API int LITE_register_operator(const LiteOperator* op);

/**
 * End a registration. Networks that were loaded with the operator go on using it; models that are loaded from
 * now on do not find it.
 *
 * @param[in] domain         NULL and "" are ai.onnx.
 * @param[in] name           Required.
 * @param[in] since_version  As it was registered with.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND.
 *
 * Ownership: release is called before this returns, or when the last network that uses the operator goes.
 * Threads:   any thread, also a callback of the operator.
 * Since:     1.0
 */
LITE_API int LITE_unregister_operator(const char* domain, const char* name, int since_version);

/**
 * Load a shared library and register the operators in it: see LITE_OPERATOR_LIBRARY. It stays loaded until
 * the process ends; one that is loaded already is left as it is.
 *
 * @param[in] path  Required; as dlopen takes it.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (it cannot be opened, or is no library of
 * operators), LITE_UNSUPPORTED (it was built for a newer or incompatible version), LITE_OUT_OF_MEMORY or the
 * code that its registration failed with. The message has the path and the reason. Nothing stays registered
 * on failure.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_load_operator_library(const char* path);

#if defined(_WIN32)
#define LITE_OPERATOR_EXPORT __declspec(dllexport)
#else
#define LITE_OPERATOR_EXPORT __attribute__((visibility("default")))
#endif

/**
 * Heads the function of a library of operators that registers them, once in one of its files:
 *
 *   LITE_OPERATOR_LIBRARY {
 *     LiteOperator op = LITE_OPERATOR_INIT;
 *     ...
 *     return LITE_register_operator(&op);
 *   }
 *
 * It exports two functions: LITE_operator_library_version, which tells the version of the headers that the
 * library was built with and is asked before anything else, and LITE_register_operators, whose body follows.
 */
#if defined(__cplusplus)
#define LITE_OPERATOR_LIBRARY                                                       \
  extern "C" LITE_OPERATOR_EXPORT int LITE_operator_library_version(void);          \
  extern "C" LITE_OPERATOR_EXPORT int LITE_register_operators(void);                \
  int LITE_operator_library_version(void) { return LITE_OPERATOR_LIBRARY_VERSION; } \
  int LITE_register_operators(void)
#else
#define LITE_OPERATOR_LIBRARY                                                       \
  LITE_OPERATOR_EXPORT int LITE_operator_library_version(void);                     \
  LITE_OPERATOR_EXPORT int LITE_register_operators(void);                           \
  int LITE_operator_library_version(void) { return LITE_OPERATOR_LIBRARY_VERSION; } \
  int LITE_register_operators(void)
#endif

/** What LITE_operator_library_version returns. */
#define LITE_OPERATOR_LIBRARY_VERSION (LITE_VERSION_MAJOR * 1000 + LITE_VERSION_MINOR)

/* ---- the node, in every callback ---- */

/**
 * Get the name of the node, or of its first output where it has none.
 *
 * @param[in]  context  Required.
 * @param[out] name     Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_node_name(LiteOperatorContext context, const char** name);

/**
 * Count the inputs of the node, those that it leaves out between others included.
 *
 * @param[in]  context  Required.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_input_count(LiteOperatorContext context, size_t* count);

/**
 * Count the outputs of the node, those that it leaves out between others included.
 *
 * @param[in]  context  Required.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_output_count(LiteOperatorContext context, size_t* count);

/**
 * Describe an input. In run all of it is known; in infer and create data is there if the content is known.
 *
 * @param[in]     context  Required.
 * @param[in]     index    From 0; one that the node does not have is not present.
 * @param[in,out] tensor   Required; struct_size set by LITE_OPERATOR_TENSOR_INIT. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the pointers are valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_input(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor);

/**
 * Get an element of an input of strings.
 *
 * @param[in]  context  Required.
 * @param[in]  index    Of the input, from 0.
 * @param[in]  element  From 0, row-major.
 * @param[out] text     Required; NUL-terminated, but may have NULs in it. Written only on success.
 * @param[out] size     Bytes without the NUL; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND (the content is not known).
 *
 * Ownership: the text is valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_input_string(LiteOperatorContext context, size_t index, size_t element,
                                            const char** text, size_t* size);

/**
 * Put a sentence into the error text of a callback that is about to fail. The first one counts.
 *
 * @param[in] context  Required.
 * @param[in] message  Required.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the message is copied.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_set_error(LiteOperatorContext context, const char* message);

/* ---- attributes, in every callback ---- */

/** What an attribute holds. */
typedef enum LiteAttributeType LITE_ENUM_TYPE {
  LITE_ATTRIBUTE_OTHER = 0, /**< tensors, a type: not to be read here */
  LITE_ATTRIBUTE_INT = 1,
  LITE_ATTRIBUTE_FLOAT = 2,
  LITE_ATTRIBUTE_STRING = 3,
  LITE_ATTRIBUTE_INTS = 4,
  LITE_ATTRIBUTE_FLOATS = 5,
  LITE_ATTRIBUTE_STRINGS = 6,
  LITE_ATTRIBUTE_TENSOR = 7
} LiteAttributeType;

/**
 * Count the attributes of the node.
 *
 * @param[in]  context  Required.
 * @param[out] count    Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_count(LiteOperatorContext context, size_t* count);

/**
 * Get the name of an attribute.
 *
 * @param[in]  context  Required.
 * @param[in]  index    From 0, in the file's order.
 * @param[out] name     Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_name(LiteOperatorContext context, size_t index, const char** name);

/**
 * Get what an attribute holds, and how many.
 *
 * @param[in]  context  Required.
 * @param[in]  name     Required.
 * @param[out] type     Required. Written only on success.
 * @param[out] length   1 for what is no list; may be NULL. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_NOT_FOUND (there is no such attribute).
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_type(LiteOperatorContext context, const char* name,
                                              LiteAttributeType* type, size_t* length);

/**
 * Get an attribute of one integer.
 *
 * @param[in]  context  Required.
 * @param[in]  name     Required.
 * @param[out] value    Required. Written only on success, so that it may hold a default before.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_int(LiteOperatorContext context, const char* name, int64_t* value);

/**
 * Get an attribute of one number.
 *
 * @param[in]  context  Required.
 * @param[in]  name     Required.
 * @param[out] value    Required. Written only on success, so that it may hold a default before.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_float(LiteOperatorContext context, const char* name, float* value);

/**
 * Get an attribute of one string, or an element of one of strings.
 *
 * @param[in]  context  Required.
 * @param[in]  name     Required.
 * @param[in]  element  From 0; 0 for one string.
 * @param[out] text     Required; NUL-terminated, but may have NULs in it. Written only on success.
 * @param[out] size     Bytes without the NUL; may be NULL. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type, or shorter) or LITE_NOT_FOUND.
 *
 * Ownership: the text is valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_string(LiteOperatorContext context, const char* name, size_t element,
                                                const char** text, size_t* size);

/**
 * Get an attribute of integers.
 *
 * @param[in]  context  Required.
 * @param[in]  name     Required.
 * @param[out] values   Required; length of them. Written only on success.
 * @param[out] length   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.
 *
 * Ownership: the values are valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_ints(LiteOperatorContext context, const char* name,
                                              const int64_t** values, size_t* length);

/**
 * Get an attribute of numbers.
 *
 * @param[in]  context  Required.
 * @param[in]  name     Required.
 * @param[out] values   Required; length of them. Written only on success.
 * @param[out] length   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.
 *
 * Ownership: the values are valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_floats(LiteOperatorContext context, const char* name,
                                                const float** values, size_t* length);

/**
 * Get an attribute that is a tensor. One of strings has no data.
 *
 * @param[in]     context  Required.
 * @param[in]     name     Required.
 * @param[in,out] tensor   Required; struct_size set by LITE_OPERATOR_TENSOR_INIT. Its data is aligned to a
 *                         byte only. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (among others: it is of another type) or LITE_NOT_FOUND.
 *
 * Ownership: the pointers are valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_attribute_tensor(LiteOperatorContext context, const char* name,
                                                LiteOperatorTensor* tensor);

/* ---- in infer ---- */

/**
 * Tell what is known of an output.
 *
 * @param[in] context  Required; of infer.
 * @param[in] index    From 0; one that the node does not have is passed over.
 * @param[in] dtype    Of LiteDataType; -1: not known before the run.
 * @param[in] rank     At most LITE_MAX_RANK; -1: not known before the run.
 * @param[in] dims     rank of them; one below 0 is not known before the run. Those below -1 are dimensions of
 *                     inputs handed on.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the dimensions are copied.
 * Threads:   the callback's.
 * Since:     1.0
 */
LITE_API int LITE_operator_set_output(LiteOperatorContext context, size_t index, int dtype, int rank,
                                      const int64_t* dims);

/* ---- in run ---- */

/**
 * Describe an output. One whose element type and shape infer has told has memory, which is not initialised
 * and overlaps no input; the others have to be given theirs by LITE_operator_allocate_output.
 *
 * @param[in]     context  Required; of run.
 * @param[in]     index    From 0; one that the node does not have, or that nobody reads, is not present and
 *                         need not be computed.
 * @param[in,out] tensor   Required; struct_size set by LITE_OPERATOR_TENSOR_INIT. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the pointers are valid until the callback returns.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_output(LiteOperatorContext context, size_t index, LiteOperatorTensor* tensor);

/**
 * Give an output its element type and shape, and memory. Every output that is present must have got them when
 * run returns, from infer or from this.
 *
 * @param[in]  context  Required; of run.
 * @param[in]  index    From 0; of an output that is present.
 * @param[in]  dtype    Of LiteDataType.
 * @param[in]  rank     At most LITE_MAX_RANK.
 * @param[in]  dims     rank of them, at least 0; may be NULL if rank is 0.
 * @param[out] data     The memory, 64-byte aligned unless it is the caller's; NULL for strings, which are
 *                      empty, and may be for no elements. May be NULL. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (infer or the model said otherwise),
 * LITE_LIMIT_EXCEEDED (arena_limit) or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the memory is the library's, valid until the callback returns or calls this again for the
 *            output.
 * Threads:   the callback's.
 * Since:     1.0
 */
LITE_API int LITE_operator_allocate_output(LiteOperatorContext context, size_t index, LiteDataType dtype,
                                           int rank, const int64_t* dims, void** data);

/**
 * Set an element of an output of strings.
 *
 * @param[in] context  Required; of run.
 * @param[in] index    Of the output, from 0; it has its shape.
 * @param[in] element  From 0, row-major.
 * @param[in] text     May be NULL if size is 0.
 * @param[in] size     Bytes.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the text is copied.
 * Threads:   the callback's, and those of its tasks, each with elements of its own.
 * Since:     1.0
 */
LITE_API int LITE_operator_set_output_string(LiteOperatorContext context, size_t index, size_t element,
                                             const char* text, size_t size);

/**
 * Call task(data, index) once for each index from 0 to count - 1, on as many threads as the network may use,
 * the calling one included, and return when all are done. Which thread runs which index is not defined: for
 * results that do not depend on the number of threads, split the work by the problem and not by
 * LITE_operator_get_threads. Inside a task the loop is run by the thread that is in it.
 *
 * @param[in] context  Required; of run.
 * @param[in] count    At least 0.
 * @param[in] task     Required.
 * @param[in] data     Passed on; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_CANCELLED or LITE_TIMED_OUT (the run is to stop, and tasks
 * were left out), or the code of a task that failed, that of the lowest index among those that ran.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_parallel_for(LiteOperatorContext context, int64_t count, LiteOperatorTask task,
                                        void* data);

/**
 * Get how many threads the network may use, the calling one included.
 *
 * @param[in]  context  Required; of run.
 * @param[out] threads  Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_get_threads(LiteOperatorContext context, size_t* threads);

/**
 * Ask whether the run was cancelled or its time is over. A callback that takes long asks now and then, and
 * returns LITE_CANCELLED if so; what it has written does not matter then.
 *
 * @param[in]  context  Required; of run.
 * @param[out] stop     Required; 1 or 0. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   the callback's, and those of its tasks.
 * Since:     1.0
 */
LITE_API int LITE_operator_should_stop(LiteOperatorContext context, int* stop);

#ifdef __cplusplus
}
#endif
#endif
