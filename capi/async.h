// Threads for asynchronous runs, of the whole process: made when needed, gone after a second without work.
#pragma once

namespace lite::capi {

// Lives until run_async() has returned, and may be submitted again from there.
class AsyncJob {
 public:
  virtual ~AsyncJob() = default;
  virtual void run_async() noexcept = 0;

 private:
  friend struct AsyncThreads;
  AsyncJob* next_ = nullptr;
};

namespace async {

// False when there is no thread for it. Jobs do not wait for each other. Allocates nothing if a thread is
// idle.
bool submit(AsyncJob& job) noexcept;
// Ends idle threads and waits for them. Not from a job.
void shutdown() noexcept;

}  // namespace async
}  // namespace lite::capi
