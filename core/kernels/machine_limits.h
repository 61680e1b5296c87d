// What this machine can do at most, measured: the scale that profiles are read against.
#pragma once

namespace lite {

struct MachineLimits {
  double gflops = 0;  // float32 multiply-adds, two operations each, all `threads` together
  double gbs = 0;     // reading memory that no cache holds, 1e9 bytes a second
};

// Measured once per number of threads, in about 50 ms, on the pool's threads; then remembered. Any thread.
MachineLimits machine_limits(int threads);

}  // namespace lite
