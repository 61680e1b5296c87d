#include "core/base/thread_pool.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

#include "core/base/cpu.h"
#include "core/base/fp_mode.h"
#include "core/base/signals.h"

namespace lite::thread_pool {
namespace {

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

thread_local bool t_in_chunk = false;
// Which part of a loop this thread begins with; 0 on threads that are not workers.
thread_local int t_home = 0;
// Callers that live on this thread, one inside the other.
thread_local int t_callers = 0;

// The chunks of a loop in as many parts, one after the other, as threads may work on it. A thread begins with
// the part of its own, the same in every loop, so that it finds in its caches what it wrote in the loop
// before; then it helps with the others.
struct Job {
  static constexpr int kMostParts = 16;
  struct alignas(64) Part {
    std::atomic<int64_t> next;
    int64_t end;
    bool left() const noexcept { return next.load(std::memory_order_relaxed) < end; }
  };

  ChunkFn fn;
  const CancelToken* cancel;
  int parts;
  std::atomic<int> helpers_left;
  Part part[kMostParts];  // the first `parts`

  Job(ChunkFn f, int64_t n, int helpers, const CancelToken* c) noexcept
      : fn(f), cancel(c), parts(std::min(helpers + 1, kMostParts)), helpers_left(helpers) {
    const int64_t size = n / parts, rest = n % parts;
    int64_t begin = 0;
    for (int64_t p = 0; p < parts; ++p) {
      const int64_t end = begin + size + (p < rest ? 1 : 0);
      part[p].next.store(begin, std::memory_order_relaxed);
      part[p].end = end;
      begin = end;
    }
  }

  void work() noexcept {
    const bool outer = t_in_chunk;
    t_in_chunk = true;
    for (int k = 0; k < parts && work_on(part[(t_home + k) % parts]); ++k) {
    }
    t_in_chunk = outer;
  }
  bool exhausted() const noexcept {
    return std::all_of(part, part + parts, [](const Part& p) { return !p.left(); });
  }

 private:
  // False when the loop is cancelled.
  bool work_on(Part& p) const noexcept {
    // A look before each claim keeps what is finished from being written by every thread that passes.
    while (p.left()) {
      const int64_t i = p.next.fetch_add(1, std::memory_order_relaxed);
      if (i >= p.end) break;
      if (cancel != nullptr && cancel->stop_requested()) return false;
      fn(i);
    }
    return true;
  }
};

// A caller's place on the board where workers look for work. `guests` counts workers that may hold `job`:
// the caller takes the job down and then waits for guests to reach zero, so a Job can live on its stack.
struct alignas(64) Slot {
  std::atomic<Job*> job{nullptr};
  std::atomic<int> guests{0};
  std::atomic<bool> taken{false};
};

struct Pool {
  static constexpr int kSlots = 64;
  std::array<Slot, kSlots> slots;
  std::atomic<uint32_t> epoch{0};  // grows with each posted job
  std::atomic<int> sleepers{0};
  std::atomic<int> promised{0};  // helpers, to the jobs on the board
  std::atomic<int> workers{0};
  std::atomic<bool> stopping{false};
  std::mutex sleep_mutex;
  std::condition_variable wake;
  std::mutex threads_mutex;
  std::vector<std::thread> threads;

  bool help() noexcept;
  void loop(int home) noexcept;
  int promise(int wanted) noexcept;
  void post(Slot& slot, Job& job) noexcept;
  void grow(int wanted);
  void stop();
};

std::atomic<int> g_max_threads{0};
// Threads with a Caller.
alignas(64) std::atomic<int> g_callers{0};
std::atomic<int> g_spin_us{50};
std::atomic<Pool*> g_pool{nullptr};
constinit std::mutex g_create;

// In a forked child the workers and the other callers are gone and locks may be held by nobody: the old pool
// is abandoned, not destroyed.
void after_fork_in_child() {
  g_pool.store(nullptr, std::memory_order_relaxed);
  g_callers.store(t_callers > 0 ? 1 : 0, std::memory_order_relaxed);
}

Pool& pool() {
  if (Pool* p = g_pool.load(std::memory_order_acquire)) return *p;
  const std::lock_guard lock(g_create);
  Pool* p = g_pool.load(std::memory_order_acquire);
  if (p == nullptr) {
    static const int registered = pthread_atfork([] { g_create.lock(); }, [] { g_create.unlock(); },
                                                 [] {
                                                   g_create.unlock();
                                                   after_fork_in_child();
                                                 });
    (void)registered;
    // Never freed: a worker may outlive main(), and no work is done in static destructors.
    p = new Pool;
    g_pool.store(p, std::memory_order_release);
  }
  return *p;
}

bool Pool::help() noexcept {
  bool worked = false;
  for (Slot& slot : slots) {
    if (slot.job.load(std::memory_order_relaxed) == nullptr) continue;
    slot.guests.fetch_add(1, std::memory_order_seq_cst);
    Job* job = slot.job.load(std::memory_order_seq_cst);
    if (job != nullptr && !job->exhausted() &&
        job->helpers_left.fetch_sub(1, std::memory_order_relaxed) > 0) {
      job->work();
      worked = true;
    }
    slot.guests.fetch_sub(1, std::memory_order_release);
  }
  return worked;
}

void Pool::loop(int home) noexcept {
  using Clock = CancelToken::Clock;
  t_home = home;
  const FlushDenormals flush;
  uint32_t seen = epoch.load(std::memory_order_acquire);
  Clock::time_point limit{};  // of spinning
  bool expected = true;       // there may be work
  while (!stopping.load(std::memory_order_acquire)) {
    if (help()) {
      expected = true;
      continue;
    }
    // What is posted while others calculate too is mostly for other workers, and does not keep this one
    // awake.
    if (expected || g_callers.load(std::memory_order_relaxed) <= 1)
      limit = Clock::now() + std::chrono::microseconds(g_spin_us.load(std::memory_order_relaxed));
    bool fresh = false;
    do {
      for (int i = 0; i < 32 && !fresh; ++i) {
        fresh = epoch.load(std::memory_order_acquire) != seen;
        relax();
      }
    } while (!fresh && Clock::now() < limit);
    expected = !fresh;
    if (!fresh) {
      std::unique_lock lock(sleep_mutex);
      sleepers.fetch_add(1, std::memory_order_seq_cst);
      wake.wait(lock, [&] {
        return epoch.load(std::memory_order_seq_cst) != seen || stopping.load(std::memory_order_acquire);
      });
      sleepers.fetch_sub(1, std::memory_order_relaxed);
    }
    seen = epoch.load(std::memory_order_acquire);
  }
}

// How many helpers a loop that could use `wanted` gets: its part of the processors that the callers leave. A
// worker without a processor would take one from a caller, and let its own caller wait for it.
int Pool::promise(int wanted) noexcept {
  const int callers = g_callers.load(std::memory_order_relaxed);
  if (callers <= 1) {
    promised.fetch_add(wanted, std::memory_order_relaxed);
    return wanted;
  }
  static const int processors = usable_cpus();
  const int spare = std::max(max_threads(), processors) - callers;
  if (spare <= 0) return 0;
  wanted = std::min(wanted, (spare + callers - 1) / callers);
  int before = promised.load(std::memory_order_relaxed), given;
  do {
    given = std::min(wanted, spare - before);
    if (given <= 0) return 0;
  } while (!promised.compare_exchange_weak(before, before + given, std::memory_order_relaxed));
  return given;
}

void Pool::post(Slot& slot, Job& job) noexcept {
  slot.job.store(&job, std::memory_order_seq_cst);
  epoch.fetch_add(1, std::memory_order_seq_cst);
  // Who goes to sleep says so before looking at the epoch for the last time.
  const int asleep = sleepers.load(std::memory_order_seq_cst);
  if (asleep == 0) return;
  const int missing =
      promised.load(std::memory_order_relaxed) - (workers.load(std::memory_order_relaxed) - asleep);
  if (missing <= 0) return;
  { const std::lock_guard lock(sleep_mutex); }
  if (missing == 1)
    wake.notify_one();
  else
    wake.notify_all();
}

void Pool::grow(int wanted) {
  const std::lock_guard lock(threads_mutex);
  const SignalsBlocked signals;
  try {
    while (static_cast<int>(threads.size()) < wanted) {
      const auto home = static_cast<int>(threads.size()) + 1;
      threads.emplace_back([this, home] { loop(home); });
      pthread_setname_np(threads.back().native_handle(), "lite-worker");
    }
  } catch (...) {
    // No thread to be had: the caller does the work with those there are.
  }
  workers.store(static_cast<int>(threads.size()), std::memory_order_relaxed);
}

void Pool::stop() {
  const std::lock_guard lock(threads_mutex);
  stopping.store(true, std::memory_order_release);
  {
    const std::lock_guard sleep_lock(sleep_mutex);
    wake.notify_all();
  }
  // Spinning workers see `stopping` when their spin ends.
  for (std::thread& t : threads) t.join();
  threads.clear();
  workers.store(0, std::memory_order_relaxed);
  stopping.store(false, std::memory_order_release);
}

void run_serially(int64_t n, const CancelToken* cancel, ChunkFn fn) {
  for (int64_t i = 0; i < n; ++i) {
    if (cancel != nullptr && cancel->stop_requested()) return;
    fn(i);
  }
}

// Takes what was promised.
void run_with(Pool& p, int64_t n, int helpers, const CancelToken* cancel, ChunkFn fn) {
  Slot* slot = nullptr;
  for (Slot& s : p.slots) {
    if (!s.taken.load(std::memory_order_relaxed) && !s.taken.exchange(true, std::memory_order_acquire)) {
      slot = &s;
      break;
    }
  }
  if (slot == nullptr) {  // 64 callers at once: every core is busy anyway
    run_serially(n, cancel, fn);
  } else {
    const int wanted = std::min(p.promised.load(std::memory_order_relaxed), max_threads() - 1);
    if (p.workers.load(std::memory_order_relaxed) < wanted) p.grow(wanted);
    Job job(fn, n, helpers, cancel);
    p.post(*slot, job);
    job.work();
    slot->job.store(nullptr, std::memory_order_seq_cst);
    // The others finish their last chunk. On a machine with fewer cores than threads they may need this one
    // to do so.
    for (int spins = 0; slot->guests.load(std::memory_order_seq_cst) != 0; ++spins) {
      if (spins < 2000)
        relax();
      else
        std::this_thread::yield();
    }
    slot->taken.store(false, std::memory_order_release);
  }
  p.promised.fetch_sub(helpers, std::memory_order_relaxed);
}

}  // namespace

Caller::Caller() noexcept {
  if (t_callers++ == 0) g_callers.fetch_add(1, std::memory_order_relaxed);
}

Caller::~Caller() {
  if (--t_callers == 0) g_callers.fetch_sub(1, std::memory_order_relaxed);
}

void run(int64_t n, int threads, const CancelToken* cancel, ChunkFn fn) {
  if (n <= 0) return;
  threads = static_cast<int>(std::min<int64_t>({n, threads, max_threads()}));
  if (threads <= 1 || t_in_chunk) return run_serially(n, cancel, fn);
  const Caller caller;
  Pool& p = pool();
  const int helpers = p.promise(threads - 1);
  if (helpers == 0) return run_serially(n, cancel, fn);
  run_with(p, n, helpers, cancel, fn);
}

void run_on_each(int threads, ChunkFn fn) {
  threads = std::min(threads, max_threads());
  if (threads <= 1 || t_in_chunk) return run_serially(threads, nullptr, fn);
  const Caller caller;
  Pool& p = pool();
  p.promised.fetch_add(threads - 1, std::memory_order_relaxed);
  run_with(p, threads, threads - 1, nullptr, fn);
}

void set_max_threads(int threads) { g_max_threads.store(std::max(0, threads), std::memory_order_relaxed); }

int max_threads() {
  int n = g_max_threads.load(std::memory_order_relaxed);
  if (n == 0) {
    n = usable_cpus();
    int zero = 0;
    g_max_threads.compare_exchange_strong(zero, n, std::memory_order_relaxed);
  }
  return n;
}

int worker_count() {
  const Pool* p = g_pool.load(std::memory_order_acquire);
  return p == nullptr ? 0 : p->workers.load(std::memory_order_relaxed);
}

void set_spin_microseconds(int us) { g_spin_us.store(std::clamp(us, 0, 1000000), std::memory_order_relaxed); }

int spin_microseconds() { return g_spin_us.load(std::memory_order_relaxed); }

void shutdown() {
  if (Pool* p = g_pool.load(std::memory_order_acquire)) p->stop();
}

bool in_parallel() noexcept { return t_in_chunk; }

}  // namespace lite::thread_pool
