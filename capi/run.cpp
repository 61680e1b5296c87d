// run_c.h: cancelling, time limits, statistics, profiles.

#include "lite-c/run_c.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "capi/network_object.h"
#include "capi/text.h"
#include "core/base/thread_pool.h"
#include "core/kernels/machine_limits.h"

using namespace lite;
using namespace lite::capi;

namespace {

std::string profile_json(const Profiler& profiler, const MachineLimits& limits) {
  std::string json =
      cat("{\"runs\": ", profiler.runs(), ", \"total_ms\": ", profiler.total_run_ms(),
          ", \"limit_gflops\": ", limits.gflops, ", \"limit_gbs\": ", limits.gbs, ", \"nodes\": [");
  bool first = true;
  for (const Profiler::Row& row : profiler.rows()) {
    json += cat(first ? "\n" : ",\n", "  {\"name\": ", json_quote(row.name), ", \"op\": ", json_quote(row.op),
                ", \"kernel\": ", json_quote(row.kernel), ", \"shapes\": ", json_quote(row.shapes),
                ", \"calls\": ", row.calls, ", \"total_ms\": ", row.total_ms, ", \"min_ms\": ", row.min_ms,
                ", \"share\": ", row.share, ", \"flops\": ", row.flops, ", \"bytes\": ", row.bytes, "}");
    first = false;
  }
  return json + "\n]}\n";
}

}  // namespace

extern "C" {

int LITE_cancel(LiteNetwork network) {
  return guard("LITE_cancel", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    object.cancel();
    return done();
  });
}

int LITE_set_run_timeout(LiteNetwork network, uint64_t microseconds) {
  return guard("LITE_set_run_timeout", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    // A century is for ever, and does not overflow clocks.
    constexpr uint64_t kCentury = uint64_t{86400} * 36525 * 1000000;
    object.config.timeout_us = std::min(microseconds, kCentury);
    object.set_threads();
    return done();
  });
}

int LITE_wait_for(LiteNetwork network, uint64_t microseconds) {
  return guard("LITE_wait_for", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    return object.wait(static_cast<int64_t>(std::min<uint64_t>(microseconds, INT64_MAX)));
  });
}

int LITE_set_completion_callback(LiteNetwork network, LiteCompletionCallback callback, void* user_data) {
  return guard("LITE_set_completion_callback", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    if (callback != nullptr) LITE_CHECK(object.may_be_asynchronous());
    LITE_CHECK(object.wait_for_callback());
    object.callbacks.set_async(nullptr, nullptr, callback, user_data);
    return done();
  });
}

int LITE_trim(LiteNetwork network) {
  return guard("LITE_trim", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.trim();
    return done();
  });
}

int LITE_get_statistics(LiteNetwork network, LiteStatistics* statistics) {
  return guard("LITE_get_statistics", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(statistics);
    LiteStatistics out = LITE_STATISTICS_INIT;
    object.add_statistics(out);
    return write_versioned(out, statistics, "statistics");
  });
}

int LITE_set_profiling(LiteNetwork network, int enabled) {
  return guard("LITE_set_profiling", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.set_profiling(enabled != 0);
    return done();
  });
}

int LITE_get_profile(LiteNetwork network, const char* format, char** text) {
  return guard("LITE_get_profile", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(format);
    LITE_REQUIRE(text);
    LITE_CHECK(require_loaded(object));
    const Profiler& profiler = object.session()->profiler();
    const bool table = std::strcmp(format, "table") == 0, json = std::strcmp(format, "json") == 0;
    if (!table && !json && std::strcmp(format, "trace") != 0)
      return invalid_argument("format is '", format, "', not 'table', 'json' or 'trace'");
    if (profiler.runs() == 0)
      return fail(Code::kNotFound, "nothing is recorded; call LITE_set_profiling and run the network");
    if (!table && !json) return give_string(profiler.chrome_trace(), text);
    const int threads = object.session()->threads();
    const MachineLimits limits = machine_limits(threads > 0 ? threads : thread_pool::max_threads());
    return give_string(table ? profiler.table(limits.gflops, limits.gbs) : profile_json(profiler, limits),
                       text);
  });
}

void LITE_free_string(char* text) { std::free(text); }

}  // extern "C"
