/* Running under control: cancelling, time limits, statistics and profiles. */
#include "network_types_c.h"
#ifndef LITE_C_RUN_C_H_
#define LITE_C_RUN_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/* ---- stopping and waiting ---- */

/**
 * Stop the network's present run, which then returns LITE_CANCELLED. Without a run it has no effect. The
 * network can be used again.
 *
 * @param[in] network  Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread, also from callbacks. Does not wait for the run to stop.
 * Since:     1.0
 */
LITE_API int LITE_cancel(LiteNetwork network);

/**
 * Give each following run a time limit, counted from LITE_forward; one that takes longer returns
 * LITE_TIMED_OUT.
 *
 * @param[in] network       Required.
 * @param[in] microseconds  0 removes the limit.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_run_timeout(LiteNetwork network, uint64_t microseconds);

/**
 * Wait for an asynchronous run, but not for ever. The run goes on if the wait times out.
 *
 * @param[in] network       Required; loaded.
 * @param[in] microseconds  How long; 0 only looks.
 * @return LITE_TIMED_OUT if the run is not over yet; otherwise like LITE_wait.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_wait_for(LiteNetwork network, uint64_t microseconds);

/** Called in a library thread when a run is over; status is what the run returns. */
typedef void (*LiteCompletionCallback)(int status, void* user_data);

/**
 * Make runs asynchronous, like LITE_set_async_callback, with the run's result for the callback.
 *
 * @param[in] network    Required.
 * @param[in] callback   NULL makes runs synchronous again.
 * @param[in] user_data  Passed on; may be NULL.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: user_data stays the caller's and lives until another callback is set or the network is
 * destroyed. Threads:   one thread at a time per network; the callback runs in a library thread.
 * Since:     1.0
 */
LITE_API int LITE_set_completion_callback(LiteNetwork network, LiteCompletionCallback callback,
                                          void* user_data);

/* ---- memory ---- */

/**
 * Give the network's working memory and compiled programs back. The next run makes them again.
 *
 * @param[in] network  Required.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands; input and output tensors stay as they are.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_trim(LiteNetwork network);

/** What a network, or the process, costs. */
typedef struct LiteStatistics {
  uint32_t struct_size;
  uint32_t threads;             /**< that may work on a run; for the process: pool threads that exist */
  uint64_t weight_bytes;        /**< of the model's weights as stored; mapped ones included */
  uint64_t packed_weight_bytes; /**< of the copies in kernels' layouts; shared ones count once */
  uint64_t arena_bytes;         /**< of working memory */
  uint64_t io_bytes;            /**< of input and output tensors owned by the library */
  uint64_t cache_bytes;         /**< of compiled programs and kernel caches */
  uint64_t cache_limit_bytes;   /**< what cache_bytes may not exceed */
  uint64_t programs;            /**< compiled, one per signature of input shapes */
  uint64_t program_hits;        /**< runs that found their program */
  uint64_t program_misses;      /**< runs that had to compile */
  uint64_t program_evictions;   /**< programs dropped from the full cache */
  uint64_t runs;                /**< finished, failed ones included */
  uint64_t failed_runs;         /**< cancelled and timed-out ones included */
  uint64_t run_nanoseconds;     /**< of all finished runs together */
  uint64_t last_run_nanoseconds;
} LiteStatistics;

#define LITE_STATISTICS_INIT \
  { sizeof(LiteStatistics), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Read what a network costs at this moment.
 *
 * @param[in]     network     Required.
 * @param[in,out] statistics  Required; struct_size set by LITE_STATISTICS_INIT. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT or LITE_CLOSED. Without a model everything is 0.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread, also while another one runs the network.
 * Since:     1.0
 */
LITE_API int LITE_get_statistics(LiteNetwork network, LiteStatistics* statistics);

/* ---- profiles ---- */

/**
 * Turn the profiler on or off. Turning it on forgets what was recorded. The newest runs are kept, within a
 * fixed amount of memory.
 *
 * @param[in] network  Required.
 * @param[in] enabled  1 or 0.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: nothing changes hands.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_set_profiling(LiteNetwork network, int enabled);

/**
 * Get what the profiler recorded.
 *
 * @param[in]  network  Required; loaded.
 * @param[in]  format   "table" (per node: time, share, bytes, rate, share of the machine's limit), "json"
 * (the same) or "trace" (for Chrome's trace viewer and Perfetto).
 * @param[out] text     Required; NUL-terminated. Written only on success.
 * @return LITE_OK, LITE_INVALID_ARGUMENT, LITE_NOT_LOADED, LITE_NOT_FOUND (nothing recorded),
 * LITE_OUT_OF_MEMORY, LITE_BUSY or LITE_CLOSED.
 *
 * Ownership: the caller frees the text with LITE_free_string.
 * Threads:   one thread at a time per network.
 * Since:     1.0
 */
LITE_API int LITE_get_profile(LiteNetwork network, const char* format, char** text);

/**
 * Free a text that the library gave away.
 *
 * @param[in] text  NULL is allowed.
 *
 * Ownership: the text is gone afterwards.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API void LITE_free_string(char* text);

#ifdef __cplusplus
}
#endif
#endif
