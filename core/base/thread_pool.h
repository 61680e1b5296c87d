// The one pool of a process. No OpenMP, no pool per network.
//
// Workers start at the first parallel loop, spin for some microseconds after each, then sleep. The calling
// thread works too. Many threads may run loops at once, and share the processors: callers and the workers
// that help them are at most as many as these, as long as the callers alone are. A loop started inside a
// chunk of another runs serially. After fork() the child starts workers of its own when it needs them.
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/base/cancel.h"

namespace lite {

// A reference to a callable that outlives the call; no allocation.
class ChunkFn {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, ChunkFn>) ChunkFn(F&& f)
  noexcept
      : object_(const_cast<void*>(static_cast<const void*>(&f))),
        call_([](void* o, int64_t i) { (*static_cast<std::remove_reference_t<F>*>(o))(i); }) {}
  void operator()(int64_t i) const { call_(object_, i); }

 private:
  void* object_;
  void (*call_)(void*, int64_t);
};

namespace thread_pool {

// Calls fn(i) once for each i in [0, n), on at most `threads` threads, the caller included, and returns when
// all are done. Which thread runs which i is not defined; fn must not depend on it and must not throw. When
// `cancel` is stopped, the chunks not yet begun are left out.
void run(int64_t n, int threads, const CancelToken* cancel, ChunkFn fn);
// The same for n = threads, on so many threads even where other callers need the processors, as long as the
// system has threads to give: the calls may wait for each other.
void run_on_each(int threads, ChunkFn fn);

// A thread that calculates, for as long as this lives, also between its loops: the workers leave it a
// processor. One inside another on the same thread counts once; loops outside of any count while they run.
class Caller {
 public:
  Caller() noexcept;
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
};

// Most threads a loop can use, the caller included. 0 = usable_cpus() at first use. Takes effect at the next
// loop.
void set_max_threads(int threads);
int max_threads();
// Workers alive now.
int worker_count();
// How long an idle worker spins before it sleeps. Default 50.
void set_spin_microseconds(int us);
int spin_microseconds();
// Ends all workers; they come back when needed. Must not be called inside a chunk.
void shutdown();
// True on a thread that is inside a chunk.
bool in_parallel() noexcept;

}  // namespace thread_pool

// What a kernel gets: how many threads it may use, and when to stop. Results must not depend on `threads`.
struct Parallel {
  int threads = 1;
  const CancelToken* cancel = nullptr;

  void run(int64_t chunks, ChunkFn fn) const {
    if (chunks == 1 && !(cancel != nullptr && cancel->stop_requested())) return fn(0);
    thread_pool::run(chunks, threads, cancel, fn);
  }
  // Splits [0, n) into equal chunks of at most `grain`, the same whatever the number of threads, and an even
  // number of them where rounding allows: fn(begin, end). When kLine divides the grain, they begin at its
  // multiples.
  template <class F>
  void for_range(int64_t n, int64_t grain, F&& fn) const {
    constexpr int64_t kLine = 64;
    if (n <= 0) return;
    if (n <= grain) return run(1, [&](int64_t) { fn(int64_t{0}, n); });
    const int64_t chunks = ((n + grain - 1) / grain + 1) / 2 * 2;
    int64_t size = (n + chunks - 1) / chunks;
    if (grain % kLine == 0) size = (size + kLine - 1) / kLine * kLine;
    run((n + size - 1) / size, [&](int64_t i) {
      const int64_t begin = i * size;
      fn(begin, begin + size < n ? begin + size : n);
    });
  }
};

}  // namespace lite
