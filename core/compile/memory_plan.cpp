#include "core/compile/memory_plan.h"

#include <algorithm>
#include <numeric>

namespace lite {
namespace {

bool overlap_in_time(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

// Largest first, each into the tightest gap between those placed already that are alive at the same time
// (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020: greedy by size).
Result<MemoryPlan> plan_memory(std::span<const Lifetime> lifetimes, size_t alignment) {
  const auto aligned = [&](size_t n) { return (n + alignment - 1) & ~(alignment - 1); };
  std::vector<size_t> by_size(lifetimes.size());
  std::iota(by_size.begin(), by_size.end(), size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](size_t a, size_t b) { return lifetimes[a].bytes > lifetimes[b].bytes; });

  MemoryPlan plan;
  plan.offsets.assign(lifetimes.size(), 0);
  std::vector<size_t> placed;  // sorted by offset
  for (const size_t i : by_size) {
    const size_t bytes = aligned(lifetimes[i].bytes);
    if (bytes < lifetimes[i].bytes)
      return fail(Code::kOutOfMemory, "memory plan: a buffer of ", lifetimes[i].bytes, " bytes");
    if (bytes == 0) continue;
    size_t end = 0, best = SIZE_MAX, best_gap = SIZE_MAX;
    for (const size_t j : placed) {
      if (!overlap_in_time(lifetimes[i], lifetimes[j])) continue;
      const size_t begin = plan.offsets[j];
      if (begin >= end && begin - end >= bytes && begin - end < best_gap) {
        best = end;
        best_gap = begin - end;
      }
      end = std::max(end, begin + aligned(lifetimes[j].bytes));
    }
    const size_t at = best != SIZE_MAX ? best : end;
    if (at > SIZE_MAX - bytes) return fail(Code::kOutOfMemory, "memory plan: the arena's size does not fit");
    plan.offsets[i] = at;
    plan.total = std::max(plan.total, at + bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), at,
                                   [&](size_t value, size_t j) { return value < plan.offsets[j]; }),
                  i);
  }
  return plan;
}

Status check_plan(const MemoryPlan& plan, std::span<const Lifetime> lifetimes, size_t alignment) {
  for (size_t i = 0; i < lifetimes.size(); ++i) {
    const size_t begin = plan.offsets[i], end = begin + lifetimes[i].bytes;
    if (begin % alignment != 0) return fail(Code::kInternal, "memory plan: buffer ", i, " is not aligned");
    if (end > plan.total) return fail(Code::kInternal, "memory plan: buffer ", i, " ends outside the arena");
    for (size_t j = 0; j < i; ++j) {
      if (!overlap_in_time(lifetimes[i], lifetimes[j]) || lifetimes[i].bytes == 0 || lifetimes[j].bytes == 0)
        continue;
      if (begin < plan.offsets[j] + lifetimes[j].bytes && plan.offsets[j] < end)
        return fail(Code::kInternal, "memory plan: buffers ", j, " and ", i, " overlap while both are alive");
    }
  }
  return ok();
}

}  // namespace lite
