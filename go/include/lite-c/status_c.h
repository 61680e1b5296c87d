/* Error codes in full, versions, and the log. */
#include "common_enum_c.h"
#ifndef LITE_C_STATUS_C_H_
#define LITE_C_STATUS_C_H_

#include "macro.h"
#include "version_c.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get the code that the calling thread's last call returned. Calls that return no code leave it alone.
 *
 * @return One of LiteErrorCode.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread; each has its own.
 * Since:     1.0
 */
LITE_API int LITE_get_last_status(void);

/**
 * Get the name of a code, such as "LITE_NOT_FOUND".
 *
 * @param[in] code  Any number.
 * @return The name; "LITE_UNKNOWN_ERROR" for a number that is no code. Never NULL.
 *
 * Ownership: static.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API const char* LITE_get_status_name(int code);

/**
 * Check that the loaded library can serve a program built with these headers: same major version, minor
 * version not older. Call it as LITE_check_version(LITE_VERSION_MAJOR, LITE_VERSION_MINOR).
 *
 * @param[in] major  LITE_VERSION_MAJOR of the program's headers.
 * @param[in] minor  LITE_VERSION_MINOR of the program's headers.
 * @return LITE_OK or LITE_UNSUPPORTED; the message has both versions and the file that the library was loaded
 * from.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_check_version(int major, int minor);

/**
 * Get what this library was built from and for, and what it found on this machine: lines of "key: value" with
 * version, compiler, oneDNN, devices and instruction sets, among others.
 *
 * @return The text; never NULL.
 *
 * Ownership: static.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API const char* LITE_get_build_info(void);

/** Takes one message, without a line end. Called from any thread, one call at a time; calls no function here.
 */
typedef void (*LiteLogCallback)(LiteLogLevel level, const char* message, void* user_data);

/**
 * Send log messages to the caller instead of standard error.
 *
 * @param[in] callback   NULL goes back to standard error.
 * @param[in] user_data  Passed on; may be NULL.
 * @return LITE_OK.
 *
 * Ownership: user_data stays the caller's. The old callback is not called any more when this returns.
 * Threads:   any thread, but not the callback.
 * Since:     1.0
 */
LITE_API int LITE_set_log_callback(LiteLogCallback callback, void* user_data);

#ifdef __cplusplus
}
#endif
#endif
