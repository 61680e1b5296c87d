package org.lite;

import java.time.Duration;
import org.lite.swig.LiteStatistics;

/**
 * What a network, or the process, costs.
 *
 * @param threads that may work on a run; for the process: those of its pool
 * @param weightBytes of the model's weights as stored; mapped ones included
 * @param packedWeightBytes of the copies in kernels' layouts
 * @param arenaBytes of working memory
 * @param ioBytes of input and output tensors that the library owns
 * @param cacheBytes of compiled programs and caches
 * @param cacheLimitBytes what cacheBytes may not exceed
 * @param programs compiled, one for each set of input shapes
 * @param programHits runs that found their program
 * @param programMisses runs that had to compile
 * @param programEvictions programs dropped from the full cache
 * @param runs finished, failed ones included
 * @param failedRuns cancelled and timed-out ones included
 * @param runTime of all finished runs together
 * @param lastRunTime of the last one
 */
public record Statistics(
    int threads,
    long weightBytes,
    long packedWeightBytes,
    long arenaBytes,
    long ioBytes,
    long cacheBytes,
    long cacheLimitBytes,
    long programs,
    long programHits,
    long programMisses,
    long programEvictions,
    long runs,
    long failedRuns,
    Duration runTime,
    Duration lastRunTime) {
  static Statistics of(LiteStatistics s) {
    return new Statistics(
        s.getThreads(),
        s.getWeight_bytes(),
        s.getPacked_weight_bytes(),
        s.getArena_bytes(),
        s.getIo_bytes(),
        s.getCache_bytes(),
        s.getCache_limit_bytes(),
        s.getPrograms(),
        s.getProgram_hits(),
        s.getProgram_misses(),
        s.getProgram_evictions(),
        s.getRuns(),
        s.getFailed_runs(),
        Duration.ofNanos(s.getRun_nanoseconds()),
        Duration.ofNanos(s.getLast_run_nanoseconds()));
  }
}
