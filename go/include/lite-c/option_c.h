/* Settings by name: everything that the frozen structs cannot say. */
#include "network_types_c.h"
#ifndef LITE_C_OPTION_C_H_
#define LITE_C_OPTION_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/** What an option is about. */
typedef enum LiteOptionScope LITE_ENUM_TYPE {
  LITE_OPTION_NETWORK = 0, /**< LITE_set_option with a network */
  LITE_OPTION_PROCESS = 1  /* LITE_set_option with NULL */
} LiteOptionScope;

/** One option, as LITE_get_option_info describes it. The strings are static. */
typedef struct LiteOptionInfo {
  uint32_t struct_size;
  LiteOptionScope scope;
  const char* key;
  const char* type;          /**< "bool", "int", "bytes", "string", or the choices, as in "off|on|auto" */
  const char* default_value; /**< as LITE_get_option gives it before anything is set */
  const char* description;   /**< one sentence */
} LiteOptionInfo;

#define LITE_OPTION_INFO_INIT \
  { sizeof(LiteOptionInfo), LITE_OPTION_NETWORK, 0, 0, 0, 0 }

/**
 * Set an option. "bool" takes 0, 1, false, true, off, on; "bytes" takes a number with an optional k, M or G
 * (powers of 1024).
 *
 * @param[in] network  The network, or NULL for an option of the process.
 * @param[in] key      Required; one that LITE_get_option_info lists for that scope.
 * @param[in] value    Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (the message lists what is possible), LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the strings are copied.
 * Threads:   one thread at a time per network; options of the process from any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_option(LiteNetwork network, const char* key, const char* value);

/**
 * Get an option as text.
 *
 * @param[in]  network  The network, or NULL for an option of the process.
 * @param[in]  key      Required; one that LITE_get_option_info lists for that scope.
 * @param[out] value    Required. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: the calling thread's, unchanged until its next call of this function.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_option(const LiteNetwork network, const char* key, const char** value);

/**
 * Count the options that there are.
 *
 * @param[out] count  Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_option_count(size_t* count);

/**
 * Describe an option.
 *
 * @param[in]     index  From 0.
 * @param[in,out] info   Required; struct_size set by LITE_OPTION_INFO_INIT. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: the strings are static.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_option_info(size_t index, LiteOptionInfo* info);

#ifdef __cplusplus
}
#endif
#endif
