/* What all networks of the process share: threads and memory. Its options are in option_c.h. */
#include "run_c.h"
#ifndef LITE_C_PROCESS_C_H_
#define LITE_C_PROCESS_C_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Set how many threads the process-wide pool has, the calling one included. Unless set, it is the smallest of
 * the machine's cores, the affinity mask and the cgroup's quota.
 *
 * @param[in] threads  0 goes back to that default.
 * @return LITE_OK, LITE_INVALID_ARGUMENT (more than 1024) or LITE_BUSY (a network is running).
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_set_process_threads(size_t threads);

/**
 * Get how many threads the process-wide pool has or, before its first use, will have.
 *
 * @param[out] threads  Required. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_process_threads(size_t* threads);

/**
 * Read what all networks of the process cost together at this moment.
 *
 * @param[in,out] statistics  Required; struct_size set by LITE_STATISTICS_INIT. Written only on success.
 * @return LITE_OK or LITE_INVALID_ARGUMENT.
 *
 * Ownership: nothing changes hands.
 * Threads:   any thread.
 * Since:     1.0
 */
LITE_API int LITE_get_process_statistics(LiteStatistics* statistics);

#ifdef __cplusplus
}
#endif
#endif
