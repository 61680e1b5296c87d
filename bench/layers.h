// What the benchmarks of single layers share.
#pragma once

#include <time.h>

#include <random>
#include <vector>

#include "core/base/cpu.h"
#include "core/base/thread_pool.h"
#include "core/ir/tensor.h"

namespace lite {

// Uniform in [lo, hi].
inline Tensor filled(Dims dims, float lo = -1, float hi = 1) {
  Tensor t = std::move(Tensor::allocate(DType::kF32, std::move(dims))).value();
  std::mt19937 engine(static_cast<uint32_t>(t.elements()));
  std::uniform_real_distribution<float> values(lo, hi);
  for (int64_t i = 0; i < t.elements(); ++i) t.mutable_data<float>()[i] = values(engine);
  return t;
}

// Milliseconds: of the thread's own time with one thread, which the rest of the machine disturbs less.
inline double now(int threads) {
  timespec t{};
  clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

// Other layers' data.
inline void fill_l2() {
  static std::vector<uint64_t> other(2 * l2_bytes() / sizeof(uint64_t), 1);
  Parallel{thread_pool::max_threads()}.for_range(thread_pool::max_threads(), 1, [&](int64_t, int64_t) {
    volatile uint64_t sum = 0;
    for (size_t i = 0; i < other.size(); i += 8) sum = sum + other[i];
  });
}

}  // namespace lite
