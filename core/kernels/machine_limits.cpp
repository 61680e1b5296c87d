#include "core/kernels/machine_limits.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <vector>

#include "core/base/cpu.h"
#include "core/base/thread_pool.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace lite {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

// Twelve independent chains hide the latency of two multiply-add units. Each returns the operations done.
constexpr int kChains = 12;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) double fma_avx512(int rounds, float* sink) {
  __m512 acc[kChains], a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(1e-3f);
  for (__m512& x : acc) x = b;
  for (int r = 0; r < rounds; ++r)
    for (__m512& x : acc) x = _mm512_fmadd_ps(x, a, b);
  for (const __m512& x : acc) *sink += _mm512_cvtss_f32(x);
  return 2.0 * 16 * kChains * rounds;
}
__attribute__((target("avx2,fma"))) double fma_avx2(int rounds, float* sink) {
  __m256 acc[kChains], a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(1e-3f);
  for (__m256& x : acc) x = b;
  for (int r = 0; r < rounds; ++r)
    for (__m256& x : acc) x = _mm256_fmadd_ps(x, a, b);
  for (const __m256& x : acc) *sink += _mm256_cvtss_f32(x);
  return 2.0 * 8 * kChains * rounds;
}
#elif defined(__aarch64__)
double fma_neon(int rounds, float* sink) {
  float32x4_t acc[kChains], a = vdupq_n_f32(0.999f), b = vdupq_n_f32(1e-3f);
  for (float32x4_t& x : acc) x = b;
  for (int r = 0; r < rounds; ++r)
    for (float32x4_t& x : acc) x = vfmaq_f32(b, x, a);
  for (const float32x4_t& x : acc) *sink += vaddvq_f32(x);
  return 2.0 * 4 * kChains * rounds;
}
#endif

double fma_plain(int rounds, float* sink) {
  float acc[kChains];
  std::fill(acc, acc + kChains, 1e-3f);
  for (int r = 0; r < rounds; ++r)
    for (float& x : acc) x = x * 0.999f + 1e-3f;
  for (const float x : acc) *sink += x;
  return 2.0 * kChains * rounds;
}

double fma(int rounds, float* sink) {
#if defined(__x86_64__)
  if (isa::runs_on(isa::kAvx512Level, cpu_isa())) return fma_avx512(rounds, sink);
  if (isa::runs_on(isa::kAvx2Level, cpu_isa())) return fma_avx2(rounds, sink);
#elif defined(__aarch64__)
  if ((cpu_isa() & isa::kNeon) != 0) return fma_neon(rounds, sink);
#endif
  return fma_plain(rounds, sink);
}

double measure_gflops(const Parallel& parallel) {
  std::vector<float> sinks(static_cast<size_t>(parallel.threads), 0);
  double best = 0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const auto begin = Clock::now();
    double done = 0;
    std::mutex m;
    parallel.run(parallel.threads, [&](int64_t i) {
      const double ops = fma(200000, &sinks[static_cast<size_t>(i)]);
      const std::lock_guard lock(m);
      done += ops;
    });
    best = std::max(best, done / seconds_since(begin) / 1e9);
  }
  return best;
}

double measure_gbs(const Parallel& parallel) {
  // Several times what a last-level cache gives one process; less where memory is short.
  std::vector<uint64_t> memory;
  for (size_t bytes = size_t{256} << 20; memory.empty() && bytes > (size_t{1} << 20); bytes /= 2) {
    try {
      memory.assign(bytes / 8, 1);
    } catch (const std::bad_alloc&) {
    }
  }
  if (memory.empty()) return 0;
  const auto part = static_cast<int64_t>(memory.size()) / parallel.threads;
  std::vector<uint64_t> sums(static_cast<size_t>(parallel.threads));
  double best = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto begin = Clock::now();
    parallel.run(parallel.threads, [&](int64_t i) {
      const uint64_t* p = memory.data() + i * part;
      uint64_t a = 0, b = 0, c = 0, d = 0;
      for (int64_t k = 0; k + 4 <= part; k += 4) {
        a += p[k];
        b += p[k + 1];
        c += p[k + 2];
        d += p[k + 3];
      }
      sums[static_cast<size_t>(i)] = a + b + c + d;
    });
    volatile uint64_t keep = sums[0];
    (void)keep;
    best = std::max(best, static_cast<double>(part * parallel.threads) * 8 / seconds_since(begin) / 1e9);
  }
  return best;
}

}  // namespace

MachineLimits machine_limits(int threads) {
  static std::mutex mutex;
  static std::map<int, MachineLimits> known;
  threads = std::clamp(threads, 1, thread_pool::max_threads());
  const std::lock_guard lock(mutex);
  MachineLimits& limits = known[threads];
  if (limits.gflops == 0) {
    const Parallel parallel{threads, nullptr};
    limits.gflops = measure_gflops(parallel);
    limits.gbs = measure_gbs(parallel);
  }
  return limits;
}

}  // namespace lite
