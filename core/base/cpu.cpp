#include "core/base/cpu.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string_view>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

namespace lite {
namespace {

#if defined(__x86_64__) || defined(__i386__)
uint64_t xcr0() {
  uint32_t lo, hi;
  __asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
  return (static_cast<uint64_t>(hi) << 32) | lo;
}

// In a virtual machine each question costs microseconds, so none is asked twice.
uint32_t detect() {
  uint32_t a, b, c, d, have = 0;
  const auto leaves = static_cast<uint32_t>(__get_cpuid_max(0, nullptr));  // int with Clang
  if (leaves < 1) return 0;
  __cpuid(1, a, b, c, d);
  const auto bit = [](uint32_t r, int i) { return (r >> i & 1) != 0; };
  if (bit(c, 19)) have |= isa::kSse41;
  if (!bit(c, 27)) return have;  // no OSXSAVE: the system saves no wide registers
  const uint64_t saved = xcr0();
  if ((saved & 0x6) != 0x6) return have;
  const bool zmm = (saved & 0xe6) == 0xe6;
  if (bit(c, 28)) have |= isa::kAvx;
  if (bit(c, 12)) have |= isa::kFma;
  if (bit(c, 29)) have |= isa::kF16c;
  if (leaves < 7) return have;
  uint32_t parts;
  __cpuid_count(7, 0, parts, b, c, d);
  if (bit(b, 5)) have |= isa::kAvx2;
  if (zmm) {
    if (bit(b, 16)) have |= isa::kAvx512f;
    if (bit(b, 17)) have |= isa::kAvx512dq;
    if (bit(b, 30)) have |= isa::kAvx512bw;
    if (bit(b, 31)) have |= isa::kAvx512vl;
    if (bit(c, 1)) have |= isa::kAvx512vbmi;
    if (bit(c, 11)) have |= isa::kAvx512vnni;
    if (bit(d, 23)) have |= isa::kAvx512fp16;
  }
  if (parts >= 1) {
    __cpuid_count(7, 1, a, b, c, d);
    if (bit(a, 4)) have |= isa::kAvxVnni;
    if (zmm && bit(a, 5)) have |= isa::kAvx512bf16;
  }
  return have;
}
#elif defined(__aarch64__) && defined(__linux__)
uint32_t detect() {
  const unsigned long caps = getauxval(AT_HWCAP), caps2 = getauxval(AT_HWCAP2);
  uint32_t have = isa::kNeon;
  if (caps >> 20 & 1) have |= isa::kDotprod;
  if (caps >> 10 & 1) have |= isa::kNeonFp16;
  if (caps >> 22 & 1) have |= isa::kSve;
  if (caps2 >> 13 & 1) have |= isa::kI8mm;
  return have;
}
#else
uint32_t detect() { return 0; }
#endif

uint32_t masked() {
  const uint32_t have = detect();
  const char* env = std::getenv("LITE_CPU_MASK");
  if (env == nullptr) return have;
  const std::string_view mask = env;
  if (mask == "none") return 0;
  if (mask == "sse4") return have & isa::kSse41;
  if (mask == "avx2") return have & (isa::kAvx2Level | isa::kAvxVnni);
  if (mask == "avx512") return have & isa::kAvx512Level;
  if (mask.empty() || mask == "all") return have;
  return have & static_cast<uint32_t>(std::strtoul(env, nullptr, 0));
}

// Empty when it cannot be read.
std::string contents_of(const std::string& path) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char part[1024];
  for (ssize_t n; (n = ::read(fd, part, sizeof part)) > 0;) text.append(part, static_cast<size_t>(n));
  ::close(fd);
  return text;
}

// The quota of one cgroup folder in CPUs, or infinity.
double quota_of(const std::string& folder, bool v2) {
  const std::string text = contents_of(folder + (v2 ? "/cpu.max" : "/cpu.cfs_quota_us"));
  char* rest = nullptr;
  const double quota = std::strtod(text.c_str(), &rest);  // "max" and -1: none
  if (quota <= 0) return INFINITY;
  const double period = v2 ? std::strtod(rest, nullptr)
                           : std::strtod(contents_of(folder + "/cpu.cfs_period_us").c_str(), nullptr);
  return period > 0 ? quota / period : INFINITY;
}

// The tightest quota between this process's cgroup and the root of its hierarchy. Networks wait for this when
// they first run, so nothing is read twice.
double cgroup_quota() {
  double quota = INFINITY;
  const std::string groups = contents_of("/proc/self/cgroup");
  for (size_t begin = 0, end; begin < groups.size(); begin = end + 1) {
    end = std::min(groups.find('\n', begin), groups.size());
    const std::string line = groups.substr(begin, end - begin);
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool v2 = controllers.empty();
    if (!v2 && ("," + controllers + ",").find(",cpu,") == std::string::npos) continue;
    const std::string root = v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu";
    // Inside a container the path may not exist below the mounted root; the root itself then holds the quota.
    for (std::string path = line.substr(second + 1); path.size() > 1; path.resize(path.rfind('/'))) {
      if (path.front() != '/') break;
      quota = std::min(quota, quota_of(root + path, v2));
    }
    quota = std::min(quota, quota_of(root, v2));
  }
  return quota;
}

size_t cache_bytes(int name, size_t fallback) {
  const long n = ::sysconf(name);
  return n > 0 ? static_cast<size_t>(n) : fallback;
}

}  // namespace

uint32_t cpu_isa() noexcept {
  static const uint32_t have = masked();
  return have;
}

std::string cpu_isa_name() {
  const uint32_t have = cpu_isa();
  if (isa::runs_on(isa::kAvx512Level | isa::kAvx512vnni, have)) return "AVX-512 VNNI";
  if (isa::runs_on(isa::kAvx512Level, have)) return "AVX-512";
  if (isa::runs_on(isa::kAvx2Level | isa::kAvxVnni, have)) return "AVX2 VNNI";
  if (isa::runs_on(isa::kAvx2Level, have)) return "AVX2";
  if ((have & isa::kSse41) != 0) return "SSE4.1";
  if ((have & isa::kSve) != 0) return "SVE";
  if ((have & isa::kNeon) != 0) return "NEON";
  return "baseline";
}

std::string cpu_model_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

size_t l1_data_bytes() noexcept {
  static const size_t bytes = cache_bytes(_SC_LEVEL1_DCACHE_SIZE, 32 << 10);
  return bytes;
}
size_t l2_bytes() noexcept {
  static const size_t bytes = cache_bytes(_SC_LEVEL2_CACHE_SIZE, 512 << 10);
  return bytes;
}

int usable_cpus() {
  int cpus = static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
  // The set grows until the kernel accepts it, so machines above 1024 CPUs are counted too.
  for (int limit = 1024; limit <= (1 << 20); limit *= 2) {
    cpu_set_t* set = CPU_ALLOC(limit);
    if (set == nullptr) break;
    const size_t bytes = CPU_ALLOC_SIZE(limit);
    const bool known = ::sched_getaffinity(0, bytes, set) == 0;
    if (known) cpus = std::min(cpus, CPU_COUNT_S(bytes, set));
    CPU_FREE(set);
    if (known) break;
  }
  const double quota = cgroup_quota();
  if (std::isfinite(quota)) cpus = std::min(cpus, static_cast<int>(std::ceil(quota)));
  return std::max(1, cpus);
}

}  // namespace lite
