// How a run is stopped early: by another thread, or by the clock.
#pragma once

#include <atomic>
#include <chrono>

#include "core/base/status.h"

namespace lite {

class CancelToken {
 public:
  using Clock = std::chrono::steady_clock;

  // Any thread. Sticks until reset().
  void cancel() noexcept { flag_.store(kCancelled, std::memory_order_relaxed); }
  // Only while no run uses the token.
  void reset() noexcept { flag_.store(kRunning, std::memory_order_relaxed); }
  void set_deadline(Clock::time_point t) noexcept {
    deadline_ = t;
    has_deadline_ = true;
  }
  void clear_deadline() noexcept { has_deadline_ = false; }

  // Cheap enough to ask between nodes and between chunks of a kernel.
  bool stop_requested() const noexcept {
    if (flag_.load(std::memory_order_relaxed) != kRunning) return true;
    if (has_deadline_ && Clock::now() >= deadline_) {
      int running = kRunning;
      flag_.compare_exchange_strong(running, kTimedOut, std::memory_order_relaxed);
      return true;
    }
    return false;
  }
  // The error to return after stop_requested() said true.
  Error error() const {
    if (flag_.load(std::memory_order_relaxed) == kTimedOut)
      return fail(Code::kTimedOut, "run: the deadline passed");
    return fail(Code::kCancelled, "run: cancelled");
  }

 private:
  enum { kRunning, kCancelled, kTimedOut };
  mutable std::atomic<int> flag_{kRunning};
  Clock::time_point deadline_{};
  bool has_deadline_ = false;
};

}  // namespace lite
