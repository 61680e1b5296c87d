// How a run is stopped early: by another thread, or by the clock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "core/base/status.h"

namespace lite {

class CancelToken {
 public:
  using Clock = std::chrono::steady_clock;

  // Any thread. Stops the run that goes on until reset(); one that comes too late stops no other.
  void cancel() noexcept {
    const uint64_t run = run_.load(std::memory_order_relaxed);
    uint64_t last = cancelled_.load(std::memory_order_relaxed);
    while (last < run && !cancelled_.compare_exchange_weak(last, run, std::memory_order_relaxed)) {
    }
  }
  // The next run begins. Only while no run uses the token.
  void reset() noexcept {
    run_.fetch_add(1, std::memory_order_relaxed);
    timed_out_.store(false, std::memory_order_relaxed);
  }
  void set_deadline(Clock::time_point t) noexcept {
    deadline_ = t;
    has_deadline_ = true;
  }
  void clear_deadline() noexcept { has_deadline_ = false; }

  // Cheap enough to ask between nodes and between chunks of a kernel.
  bool stop_requested() const noexcept {
    if (cancelled() || timed_out_.load(std::memory_order_relaxed)) return true;
    if (has_deadline_ && Clock::now() >= deadline_) {
      timed_out_.store(true, std::memory_order_relaxed);
      return true;
    }
    return false;
  }
  // The error to return after stop_requested() said true.
  Error error() const {
    if (!cancelled()) return fail(Code::kTimedOut, "run: the deadline passed");
    return fail(Code::kCancelled, "run: cancelled");
  }

 private:
  bool cancelled() const noexcept {
    return cancelled_.load(std::memory_order_relaxed) == run_.load(std::memory_order_relaxed);
  }

  std::atomic<uint64_t> run_{1};        // number of the run
  std::atomic<uint64_t> cancelled_{0};  // number of the last run that was cancelled
  mutable std::atomic<bool> timed_out_{false};
  Clock::time_point deadline_{};
  bool has_deadline_ = false;
};

}  // namespace lite
