// process_c.h, and the list of the process's networks.

#include "lite-c/process_c.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <pthread.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "capi/network_object.h"
#include "capi/process_list.h"
#include "core/base/thread_pool.h"

namespace lite::capi::process {
namespace {

constinit std::mutex g_mutex;

// Never destroyed: networks may be destroyed while the program's static objects go.
std::vector<NetworkObject*>& networks() {
  static auto* const list = [] {
    pthread_atfork([] { g_mutex.lock(); }, [] { g_mutex.unlock(); }, [] { g_mutex.unlock(); });
    return new std::vector<NetworkObject*>;
  }();
  return *list;
}

}  // namespace

void add(NetworkObject* network) {
  const std::lock_guard lock(g_mutex);
  networks().push_back(network);
}

void remove(NetworkObject* network) noexcept {
  bool last = false;
  {
    const std::lock_guard lock(g_mutex);
    std::erase(networks(), network);
    last = networks().empty();
  }
  // A network that another thread makes meanwhile starts threads of its own when it needs them.
  if (last && !thread_pool::in_parallel()) {
    async::shutdown();
    thread_pool::shutdown();
  }
}

void trim_all() {
  {
    const std::lock_guard lock(g_mutex);
    for (NetworkObject* const network : networks()) {
      const Claim claim(*network);
      if (claim.outcome().is_ok()) network->trim();
    }
  }
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

void add_statistics(LiteStatistics& sum) {
  uint64_t latest = 0;
  const std::lock_guard lock(g_mutex);
  for (const NetworkObject* const network : networks()) {
    network->add_statistics(sum);
    latest = std::max<uint64_t>(latest, sum.last_run_nanoseconds);
  }
  sum.last_run_nanoseconds = latest;
}

bool any_running() {
  const std::lock_guard lock(g_mutex);
  return std::any_of(networks().begin(), networks().end(),
                     [](const NetworkObject* n) { return n->running(); });
}

}  // namespace lite::capi::process

using namespace lite;
using namespace lite::capi;

extern "C" {

int LITE_set_process_threads(size_t threads) {
  return guard("LITE_set_process_threads", [&]() -> Outcome {
    if (threads > 1024) return invalid_argument("threads is ", threads, ", the most is 1024");
    if (process::any_running()) return fail(Code::kBusy, "a network is running");
    thread_pool::shutdown();
    thread_pool::set_max_threads(static_cast<int>(threads));
    return done();
  });
}

int LITE_get_process_threads(size_t* threads) {
  return guard("LITE_get_process_threads", [&]() -> Outcome {
    LITE_REQUIRE(threads);
    *threads = static_cast<size_t>(thread_pool::max_threads());
    return done();
  });
}

int LITE_get_process_statistics(LiteStatistics* statistics) {
  return guard("LITE_get_process_statistics", [&]() -> Outcome {
    LITE_REQUIRE(statistics);
    LiteStatistics sum = LITE_STATISTICS_INIT;
    process::add_statistics(sum);
    sum.threads = static_cast<uint32_t>(thread_pool::worker_count());
    return write_versioned(sum, statistics, "statistics");
  });
}

}  // extern "C"
