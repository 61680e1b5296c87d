// Loops whose threads each need memory of their own.
#pragma once

#include <atomic>

#include "core/base/thread_pool.h"

namespace lite {

// fn(workspace, unit) once for each unit in [0, units), with each workspace in [0, workspaces) in the hands
// of one thread at a time, which takes units until there are none. A run that is cancelled leaves the rest
// out.
template <class F>
void share_units(const Parallel& parallel, int64_t workspaces, int64_t units, const F& fn) {
  std::atomic<int64_t> next{0};
  parallel.run(workspaces, [&](int64_t workspace) {
    for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < units;) {
      if (parallel.cancel != nullptr && parallel.cancel->stop_requested()) return;
      fn(workspace, i);
    }
  });
}

}  // namespace lite
