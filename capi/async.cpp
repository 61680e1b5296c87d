#include "capi/async.h"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "core/base/signals.h"

namespace lite::capi {

struct AsyncThreads {
  std::mutex mutex;
  std::condition_variable work, ended;
  AsyncJob* first = nullptr;
  AsyncJob* last = nullptr;
  size_t queued = 0, idle = 0, alive = 0;
  bool stopping = false;
  std::vector<std::thread> threads;  // those that ended wait here to be joined
  std::vector<std::thread::id> gone;

  void push(AsyncJob& job) noexcept {
    job.next_ = nullptr;
    (last == nullptr ? first : last->next_) = &job;
    last = &job;
    ++queued;
  }
  AsyncJob& pop() noexcept {
    AsyncJob* const job = first;
    first = job->next_;
    if (first == nullptr) last = nullptr;
    --queued;
    return *job;
  }

  void loop() noexcept {
    constexpr auto kPatience = std::chrono::seconds(1);
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      work.wait_for(lock, kPatience, [&] { return first != nullptr || stopping; });
      --idle;
      if (first == nullptr) break;
      AsyncJob& job = pop();
      lock.unlock();
      job.run_async();
      lock.lock();
    }
    --alive;
    gone.push_back(std::this_thread::get_id());  // has room: see submit()
    ended.notify_all();
  }

  void join_gone() {
    for (const std::thread::id id : gone)
      for (auto t = threads.begin(); t != threads.end(); ++t)
        if (t->get_id() == id) {
          t->join();  // it is at its end, or holds the mutex no more
          threads.erase(t);
          break;
        }
    gone.clear();
  }
};

namespace {

std::atomic<AsyncThreads*> g_threads{nullptr};
constinit std::mutex g_create;

// Never freed. In a forked child the threads are gone and locks may be held by nobody: it makes a new one.
AsyncThreads& threads() {
  if (AsyncThreads* t = g_threads.load(std::memory_order_acquire)) return *t;
  const std::lock_guard lock(g_create);
  AsyncThreads* t = g_threads.load(std::memory_order_acquire);
  if (t == nullptr) {
    static const int registered = pthread_atfork([] { g_create.lock(); }, [] { g_create.unlock(); },
                                                 [] {
                                                   g_create.unlock();
                                                   g_threads.store(nullptr, std::memory_order_relaxed);
                                                 });
    (void)registered;
    t = new AsyncThreads;
    g_threads.store(t, std::memory_order_release);
  }
  return *t;
}

}  // namespace

namespace async {

bool submit(AsyncJob& job) noexcept {
  try {
    AsyncThreads& t = threads();
    const std::lock_guard lock(t.mutex);
    t.join_gone();
    if (t.idle <= t.queued) {
      t.gone.reserve(t.threads.size() + 1);
      const SignalsBlocked signals;
      t.threads.emplace_back([&t] { t.loop(); });
      ++t.alive;
      pthread_setname_np(t.threads.back().native_handle(), "lite-async");
    }
    t.push(job);
    t.work.notify_one();
    return true;
  } catch (...) {
    return false;
  }
}

void shutdown() noexcept {
  AsyncThreads* const t = g_threads.load(std::memory_order_acquire);
  if (t == nullptr) return;
  std::unique_lock lock(t->mutex);
  t->stopping = true;
  t->work.notify_all();
  t->ended.wait(lock, [&] { return t->alive == 0; });
  t->join_gone();
  t->stopping = false;
}

}  // namespace async
}  // namespace lite::capi
