// Where the time of runs goes. Off by default; on, it costs two clock reads a step.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace lite {

class Program;

class Profiler {
 public:
  using Clock = std::chrono::steady_clock;

  // Forgets what was recorded. `capacity`: most step events kept for the trace; older ones make room.
  void enable(size_t capacity = 100000);
  void disable() { enabled_ = false; }
  bool enabled() const { return enabled_; }

  void record(const Program* program, uint32_t step, Clock::time_point begin, Clock::time_point end);
  void record_run(Clock::time_point begin, Clock::time_point end);

  struct Row {
    std::string name, op, kernel, shapes;
    uint64_t calls = 0;
    double total_ms = 0, min_ms = 0, share = 0;  // share of all steps' time
    double flops = 0, bytes = 0;                 // of one call
  };
  // One row a step of the programs that ran, in order of the first. Programs must still be alive.
  std::vector<Row> rows() const;
  uint64_t runs() const { return runs_; }
  double total_run_ms() const { return run_ms_; }
  // For people; peaks in GFLOP/s and GB/s, 0 = unknown, give the share of the limit.
  std::string table(double peak_gflops, double peak_gbs) const;
  // Chrome's trace event format.
  std::string chrome_trace() const;

 private:
  struct Event {
    const Program* program;
    uint32_t step;
    Clock::time_point begin, end;
  };
  struct Sum {
    const Program* program;
    uint32_t step;
    uint64_t calls;
    double total_ms, min_ms;
  };
  bool enabled_ = false;
  size_t capacity_ = 0, next_ = 0;
  std::vector<Event> ring_;
  std::vector<Sum> sums_;
  uint64_t runs_ = 0;
  double run_ms_ = 0;
  Clock::time_point start_{};
};

}  // namespace lite
