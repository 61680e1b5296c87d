// Where buffers lie in one arena. A pure function from lifetimes to offsets: no device, no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/status.h"

namespace lite {

// A buffer is alive from step `first` to step `last`, both included.
struct Lifetime {
  size_t bytes;
  int32_t first, last;
};

struct MemoryPlan {
  std::vector<size_t> offsets;  // one per lifetime
  size_t total = 0;
};

// Offsets are multiples of `alignment` (a power of two). kOutOfMemory when the sum does not fit size_t.
Result<MemoryPlan> plan_memory(std::span<const Lifetime> lifetimes, size_t alignment);
// No two buffers that are alive at once overlap, all are aligned and inside the total.
Status check_plan(const MemoryPlan& plan, std::span<const Lifetime> lifetimes, size_t alignment);

}  // namespace lite
