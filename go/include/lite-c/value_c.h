/*
 * Values: what an input or output carries that is not a plain tensor. A sequence has elements in order, an
 * optional one or none, a map a value for each key.
 *
 *   LITE_make_sequence(LITE_FLOAT, &list);
 *   LITE_make_tensor_value(frame, 0, &item);  LITE_append_value(list, item);  LITE_destroy_value(item);
 *   LITE_set_input_value(net, "frames", list);
 *   LITE_forward(net);  LITE_wait(net);
 *   LITE_get_output_value(net, "boxes", &boxes);
 *   LITE_get_value_length(boxes, &count);
 *   LITE_get_value_element(boxes, 0, &item);  LITE_get_value_tensor(item, &tensor);
 *
 * A value is a handle of its own and stays what it is: later runs of the network that it came from leave it
 * alone. Values that are put into others are copied into them, but for the memory of their tensors, which
 * all of them share.
 */
#include "model_c.h"
#ifndef LITE_C_VALUE_C_H_
#define LITE_C_VALUE_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/** A tensor, sequence, optional or map. */
typedef struct LiteValue_s* LiteValue;

typedef enum LiteValueFlag LITE_ENUM_TYPE {
  LITE_VALUE_SHARE_MEMORY = 1 /**< the tensor's memory is used in place, not copied */
} LiteValueFlag;

/* ---- making ---- */

/**
 * Make a value of a tensor.
 *
 * @param[in]  tensor  Required; its shape is set. With LITE_VALUE_SHARE_MEMORY no slice whose elements are
 * not next to each other.
 * @param[in]  flags   Of LiteValueFlag, or 0.
 * @param[out] value   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_UNSUPPORTED (a flag that this library does not know),
 * LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the value. The elements are copied, or with LITE_VALUE_SHARE_MEMORY shared
 *            with the tensor: what is written there later shows, a network's next run writes over its
 *            outputs, and memory that was lent to the tensor without a release function must live as long as
 *            the value and all that it is put into.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_make_tensor_value(const LiteTensor tensor, uint32_t flags, LiteValue* value);

/**
 * Make a sequence without elements.
 *
 * @param[in]  dtype  The element type of the tensors that are, or lie in, its elements.
 * @param[out] value  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_OUT_OF_MEMORY.
 *
 * Ownership: the caller destroys the value.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_sequence(LiteDataType dtype, LiteValue* value);

/**
 * Put an element behind the last one of a sequence.
 *
 * @param[in] sequence  Required.
 * @param[in] element   Required; of the kind and element type of those that are there. Shapes may differ.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_LIMIT_EXCEEDED (values are nested more than 16 deep),
 * LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: the element stays the caller's; tensors in it are shared.
 * Threads:   one thread at a time per sequence.
 * Since:     1.0
 */
LITE_API int LITE_append_value(LiteValue sequence, const LiteValue element);

/**
 * Make an optional.
 *
 * @param[in]  element  What it holds; NULL: nothing.
 * @param[in]  dtype    If it holds nothing: the element type of the tensors that it could hold. Otherwise not
 *                      looked at.
 * @param[out] value    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_LIMIT_EXCEEDED (values are nested more than 16 deep),
 * LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the value; the element stays the caller's, tensors in it are shared.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_make_optional(const LiteValue element, LiteDataType dtype, LiteValue* value);

/**
 * Make a map.
 *
 * @param[in]  keys    Required; one dimension, of integers or strings that all differ.
 * @param[in]  values  Required; as many as there are keys, in their order: a sequence, or a tensor whose
 * first dimension counts them. A sequence of tensors without dimensions becomes such a tensor.
 * @param[out] value   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH (not as many values as keys),
 * LITE_LIMIT_EXCEEDED (values are nested more than 16 deep), LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the value. The keys are copied; values stays the caller's, tensors in it are
 *            shared.
 * Threads:   one thread at a time per tensor.
 * Since:     1.0
 */
LITE_API int LITE_make_map(const LiteTensor keys, const LiteValue values, LiteValue* value);

/**
 * Destroy a value. Tensors and values that were taken out of it, and values that it was put into, stay.
 *
 * @param[in] value  Required. One that was destroyed already is left alone.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the handle is dead afterwards.
 * Threads:   any thread, but not while another one uses the value.
 * Since:     1.0
 */
LITE_API int LITE_destroy_value(LiteValue value);

/* ---- looking inside ---- */

/**
 * Get what a value is.
 *
 * @param[in]  value  Required.
 * @param[out] kind   Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread, but not while another one appends.
 * Since:     1.0
 */
LITE_API int LITE_get_value_kind(const LiteValue value, LiteValueKind* kind);

/**
 * Get the element type of a tensor, or of the tensors in a sequence or optional or among a map's values.
 *
 * @param[in]  value  Required.
 * @param[out] dtype  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_FOUND (it is empty, and who made it did not say) or
 * LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread, but not while another one appends.
 * Since:     1.0
 */
LITE_API int LITE_get_value_dtype(const LiteValue value, LiteDataType* dtype);

/**
 * Get how many elements a sequence has, entries a map, and whether an optional holds something: 0 or 1.
 *
 * @param[in]  value   Required; no tensor.
 * @param[out] length  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread, but not while another one appends.
 * Since:     1.0
 */
LITE_API int LITE_get_value_length(const LiteValue value, size_t* length);

/**
 * Get an element of a sequence, or what an optional holds.
 *
 * @param[in]  value    Required; a sequence or optional.
 * @param[in]  index    From 0.
 * @param[out] element  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the element; tensors in it are shared with the value.
 * Threads:   any thread, but not while another one appends.
 * Since:     1.0
 */
LITE_API int LITE_get_value_element(const LiteValue value, size_t index, LiteValue* element);

/**
 * Get the tensor that a value is.
 *
 * @param[in]  value   Required; a tensor.
 * @param[out] tensor  Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the tensor. It shares its memory with the value and all copies of it, and
 *            may outlive them.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_value_tensor(const LiteValue value, LiteTensor* tensor);

/**
 * Get the keys of a map.
 *
 * @param[in]  map   Required.
 * @param[out] keys  Required; one dimension. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: as for LITE_get_value_tensor.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_map_keys(const LiteValue map, LiteTensor* keys);

/**
 * Get the values of a map, in the order of its keys.
 *
 * @param[in]  map     Required.
 * @param[out] values  Required; a sequence, or a tensor whose first dimension counts them. Written only on
 *                     success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_OUT_OF_MEMORY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the values; tensors in it are shared with the map.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_map_values(const LiteValue map, LiteValue* values);

/* ---- networks ---- */

/**
 * Give an input of any kind its value. It stays for the runs that follow, until it is given another.
 *
 * @param[in] network  Required; loaded.
 * @param[in] io_name  Required; not the discrete input.
 * @param[in] value    Required; of the kind and element type of the input. For an optional, what it could
 * hold is taken as one that holds it.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_SHAPE_MISMATCH, LITE_NOT_LOADED, LITE_NOT_FOUND,
 * LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the value stays the caller's and may be destroyed or appended to at once. Tensors in a sequence,
 *            optional or map are shared with the network, those of an input that is a tensor are copied.
 * Threads:   one thread at a time per network; also from a start callback.
 * Since:     1.0
 */
LITE_API int LITE_set_input_value(LiteNetwork network, const char* io_name, const LiteValue value);

/**
 * Get what the last run that succeeded gave for an output of any kind.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  io_name  Required.
 * @param[out] value    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND (no such output, or the network has
 * not run yet), LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the caller destroys the value; later runs leave it alone.
 * Threads:   one thread at a time per network; also from a finish callback.
 * Since:     1.0
 */
LITE_API int LITE_get_output_value(LiteNetwork network, const char* io_name, LiteValue* value);

/** One level of the type of an input or output. */
typedef struct LiteValueType {
  uint32_t struct_size;
  LiteValueKind kind;
  LiteDataType dtype;           /**< of a tensor's elements, or of a map's keys; otherwise LITE_FLOAT */
  int rank;                     /**< of a tensor; -1: not known, or no tensor */
  const int64_t* dims;          /**< rank of them; -1: not known */
  const char* const* dim_names; /**< rank of them; NULL for a dimension without a name */
  int has_element;              /**< 1: the next level is the type of what this one holds */
} LiteValueType;

#define LITE_VALUE_TYPE_INIT \
  { sizeof(LiteValueType), LITE_VALUE_TENSOR, LITE_FLOAT, -1, 0, 0, 0 }

/**
 * Describe the type of an input level by level: "optional(seq(tensor(float)))" has an optional at level 0,
 * a sequence at 1 and a tensor at 2. The elements of a sequence have a shape each, so none is told.
 *
 * @param[in]     network  Required; loaded.
 * @param[in]     index    In the model's order, from 0.
 * @param[in]     level    From 0.
 * @param[in,out] type     Required; struct_size set by LITE_VALUE_TYPE_INIT. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: arrays and strings are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_input_value_type(const LiteNetwork network, size_t index, size_t level,
                                       LiteValueType* type);

/**
 * Describe the type of an output level by level; see LITE_get_input_value_type.
 *
 * @param[in]     network  Required; loaded.
 * @param[in]     index    In the model's order, from 0.
 * @param[in]     level    From 0.
 * @param[in,out] type     Required; struct_size set by LITE_VALUE_TYPE_INIT. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED or LITE_CLOSED.
 *
 * Ownership: arrays and strings are the network's, until it loads another model or is destroyed.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_output_value_type(const LiteNetwork network, size_t index, size_t level,
                                        LiteValueType* type);

#ifdef __cplusplus
}
#endif
#endif
