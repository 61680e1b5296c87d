#include "core/base/thread_pool.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "core/base/cpu.h"

namespace lite {
namespace {

int64_t sum_with(int threads, int64_t n) {
  std::vector<int64_t> seen(static_cast<size_t>(n), 0);
  thread_pool::run(n, threads, nullptr, [&](int64_t i) { ++seen[static_cast<size_t>(i)]; });
  int64_t sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += seen[static_cast<size_t>(i)] == 1 ? i : -1000000;
  return sum;
}

class ThreadPool : public ::testing::Test {
 protected:
  void SetUp() override { thread_pool::set_max_threads(4); }
  void TearDown() override {
    thread_pool::set_max_threads(0);
    thread_pool::set_spin_microseconds(50);
  }
};

TEST_F(ThreadPool, RunsEachChunkOnce) {
  for (const int threads : {1, 2, 3, 7})
    for (const int64_t n : {0, 1, 2, 5, 1000})
      EXPECT_EQ(sum_with(threads, n), n * (n - 1) / 2) << threads << ' ' << n;
}

TEST_F(ThreadPool, ThreadsBeginWithTheSamePartEachTime) {
  thread_pool::shutdown();
  thread_pool::set_max_threads(2);
  for (int loop = 0; loop < 50; ++loop) {
    std::atomic<int> begun{0};
    std::array<int, 10> place{};
    std::array<std::thread::id, 10> by;
    thread_pool::run(10, 2, nullptr, [&](int64_t i) {
      place[static_cast<size_t>(i)] = begun++;
      by[static_cast<size_t>(i)] = std::this_thread::get_id();
      while (begun < 2) std::this_thread::yield();  // each thread is in its first chunk
    });
    EXPECT_LT(place[0], 2);
    EXPECT_LT(place[5], 2);
    EXPECT_EQ(by[0], std::this_thread::get_id());
    EXPECT_NE(by[5], std::this_thread::get_id());
  }
}

TEST_F(ThreadPool, ManyCallersAtOnce) {
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 80; ++t)
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        if (sum_with(3, 100) != 4950) ++wrong;
    });
  for (std::thread& t : callers) t.join();
  EXPECT_EQ(wrong.load(), 0);
  EXPECT_LE(thread_pool::worker_count(), 3);
}

// Threads that calculate something of their own for as long as this lives.
class Others {
 public:
  explicit Others(int n) {
    for (int t = 0; t < n; ++t)
      threads_.emplace_back([this] {
        const thread_pool::Caller caller;
        ++here_;
        while (!done_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      });
    while (here_ < n) std::this_thread::yield();
  }
  ~Others() {
    done_ = true;
    for (std::thread& t : threads_) t.join();
  }

 private:
  std::atomic<int> here_{0};
  std::atomic<bool> done_{false};
  std::vector<std::thread> threads_;
};

// How many threads work on a loop of 8 chunks, of which each takes a millisecond, and until so many threads
// as are expected have come.
size_t threads_of_a_loop(int threads, size_t expected) {
  std::mutex mutex;
  std::condition_variable came;
  std::set<std::thread::id> seen;
  thread_pool::run(8, threads, nullptr, [&](int64_t) {
    {
      std::unique_lock lock(mutex);
      seen.insert(std::this_thread::get_id());
      came.notify_all();
      came.wait_for(lock, std::chrono::seconds(5), [&] { return seen.size() >= expected; });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  return seen.size();
}

int processors() { return std::max(thread_pool::max_threads(), usable_cpus()); }

TEST_F(ThreadPool, CallersShareTheProcessors) {
  EXPECT_EQ(threads_of_a_loop(4, 4), 4u);
  {
    const Others others(processors() - 1);
    EXPECT_EQ(threads_of_a_loop(4, 1), 1u);
  }
  {
    const Others others(processors() - 2);
    EXPECT_EQ(threads_of_a_loop(4, 2), 2u);
    const thread_pool::Caller caller;  // the same thread
    EXPECT_EQ(threads_of_a_loop(4, 2), 2u);
  }
  EXPECT_EQ(threads_of_a_loop(4, 4), 4u);
}

// Each of two loops at once has a worker of its own from the beginning.
TEST_F(ThreadPool, WorkersForAllLoops) {
  thread_pool::shutdown();
  std::atomic<int> callers{0}, here{0};
  const auto loop = [&] {
    const thread_pool::Caller caller;
    ++callers;
    while (callers < 2) std::this_thread::yield();
    thread_pool::run(2, 2, nullptr, [&](int64_t) {
      ++here;
      const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
      while (here < 4 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
      EXPECT_EQ(here, 4);
    });
  };
  std::thread other(loop);
  loop();
  other.join();
}

TEST_F(ThreadPool, NoMoreThreadsThanProcessorsWork) {
  const int callers = processors() - 1;
  std::atomic<int> here{0}, working{0}, most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < callers; ++t)
    threads.emplace_back([&] {
      const thread_pool::Caller caller;
      ++here;
      while (here < callers) std::this_thread::yield();
      for (int loop = 0; loop < 200; ++loop)
        thread_pool::run(16, 4, nullptr, [&](int64_t) {
          const int now = ++working;
          int before = most;
          while (before < now && !most.compare_exchange_weak(before, now)) {
          }
          std::this_thread::yield();
          --working;
        });
    });
  for (std::thread& t : threads) t.join();
  EXPECT_LE(most, processors());
  EXPECT_EQ(working, 0);
}

TEST_F(ThreadPool, EachOfTheThreadsComesWhoeverElseCalculates) {
  const Others others(processors() + 1);
  std::atomic<int> here{0};
  thread_pool::run_on_each(4, [&](int64_t) {
    ++here;
    while (here < 4) std::this_thread::yield();
  });
  EXPECT_EQ(here, 4);
}

TEST_F(ThreadPool, RangesAreSplitEqually) {
  for (const int64_t n : {0, 1, 63, 64, 65, 100, 127, 640, 1000, 4097})
    for (const int64_t grain : {1, 3, 7, 64, 100, 128, 5000}) {
      std::vector<std::array<int64_t, 2>> chunks(static_cast<size_t>(n));
      std::vector<std::atomic<int>> seen(static_cast<size_t>(n));
      std::atomic<size_t> count{0};
      Parallel{4}.for_range(n, grain, [&](int64_t begin, int64_t end) {
        chunks[count++] = {begin, end};
        for (int64_t i = begin; i < end; ++i) ++seen[static_cast<size_t>(i)];
      });
      chunks.resize(count);
      std::sort(chunks.begin(), chunks.end());
      EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](const auto& s) { return s == 1; }));
      for (const auto& [begin, end] : chunks) {
        EXPECT_LE(end - begin, grain) << n;
        EXPECT_GT(end, begin);
        EXPECT_TRUE(grain % 64 != 0 || begin % 64 == 0) << n << ' ' << grain;
      }
      EXPECT_EQ(count == 1, n != 0 && n <= grain) << n << ' ' << grain;
    }
  // What the last is short of is less than one a chunk, and the threads get as many.
  std::atomic<int> chunks{0};
  std::atomic<int64_t> least{1000};
  Parallel{4}.for_range(210, 100, [&](int64_t begin, int64_t end) {
    ++chunks;
    int64_t before = least;
    while (end - begin < before && !least.compare_exchange_weak(before, end - begin)) {
    }
  });
  EXPECT_EQ(chunks, 4);
  EXPECT_EQ(least, 51);
}

TEST_F(ThreadPool, NestedLoopsRunSerially) {
  std::atomic<int> total{0};
  thread_pool::run(4, 4, nullptr, [&](int64_t) {
    EXPECT_TRUE(thread_pool::in_parallel());
    thread_pool::run(5, 4, nullptr, [&](int64_t) { ++total; });
  });
  EXPECT_EQ(total.load(), 20);
  EXPECT_FALSE(thread_pool::in_parallel());
}

TEST_F(ThreadPool, CancelLeavesChunksOut) {
  CancelToken token;
  std::atomic<int> done{0};
  // The other thread may run on between the tenth chunk and its cancel: it waits there for it.
  thread_pool::run(1000, 2, &token, [&](int64_t) {
    const int mine = ++done;
    if (mine == 10) token.cancel();
    while (mine > 10 && !token.stop_requested()) std::this_thread::yield();
  });
  EXPECT_LE(done.load(), 11);
  EXPECT_EQ(token.error().code, Code::kCancelled);
  CancelToken late;
  late.set_deadline(CancelToken::Clock::now() - std::chrono::seconds(1));
  EXPECT_TRUE(late.stop_requested());
  EXPECT_EQ(late.error().code, Code::kTimedOut);
}

TEST_F(ThreadPool, IdleWorkersSleep) {
  EXPECT_EQ(sum_with(4, 100), 4950);
  usleep(20000);
  rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  usleep(300000);
  getrusage(RUSAGE_SELF, &after);
  const auto us = [](const timeval& t) { return t.tv_sec * 1000000L + t.tv_usec; };
  EXPECT_LT(us(after.ru_utime) + us(after.ru_stime) - us(before.ru_utime) - us(before.ru_stime), 20000);
}

TEST_F(ThreadPool, WorksAfterFork) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer lets no forked child start threads";
#endif
  EXPECT_EQ(sum_with(4, 100), 4950);
  for (int i = 0; i < 4; ++i) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(20);
      const bool right = sum_with(4, 100) == 4950;
      thread_pool::shutdown();
      _exit(right ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

TEST_F(ThreadPool, WorkersLeaveSignalsToTheProgramButNotTheirOwn) {
  thread_pool::shutdown();
  sigset_t masks[2];
  std::atomic<int> arrived{0};
  // Both wait for each other, so that one is a worker.
  thread_pool::run(2, 2, nullptr, [&](int64_t i) {
    pthread_sigmask(SIG_SETMASK, nullptr, &masks[i]);
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
  });
  const bool first = sigismember(&masks[0], SIGINT) == 1;
  const sigset_t& worker = masks[first ? 0 : 1];
  for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGALRM, SIGCHLD})
    EXPECT_EQ(sigismember(&worker, s), 1) << s;
  // What a runtime stops threads with, or finds its own faults by.
  for (const int s : {SIGSEGV, SIGBUS, SIGFPE, SIGPROF, SIGXCPU}) EXPECT_EQ(sigismember(&worker, s), 0) << s;
#if defined(__linux__)
  for (const int s : {SIGPWR, SIGRTMIN, SIGRTMIN + 1}) EXPECT_EQ(sigismember(&worker, s), 0) << s;
#endif
}

TEST_F(ThreadPool, WorksAfterShutdown) {
  EXPECT_EQ(sum_with(4, 100), 4950);
  thread_pool::shutdown();
  EXPECT_EQ(thread_pool::worker_count(), 0);
  EXPECT_EQ(sum_with(4, 100), 4950);
}

TEST_F(ThreadPool, LeavesTheCallersThreadAlone) {
  sigset_t before, after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
#if defined(__x86_64__)
  const unsigned mxcsr = _mm_getcsr();
#endif
  EXPECT_EQ(sum_with(4, 1000), 499500);
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int s = 1; s < 32; ++s) EXPECT_EQ(sigismember(&before, s), sigismember(&after, s));
#if defined(__x86_64__)
  EXPECT_EQ(_mm_getcsr(), mxcsr);
#endif
}

}  // namespace
}  // namespace lite
