// What the processor and its surroundings offer.
#pragma once

#include <cstdint>
#include <string>

namespace lite {

// Every bit is something that code may execute; the operating system's register state is checked too.
namespace isa {
enum : uint32_t {
  kNone = 0,
  kSse41 = 1u << 0,
  kAvx = 1u << 1,
  kAvx2 = 1u << 2,
  kFma = 1u << 3,
  kF16c = 1u << 4,
  kAvx512f = 1u << 5,
  kAvx512bw = 1u << 6,
  kAvx512dq = 1u << 7,
  kAvx512vl = 1u << 8,
  kAvx512vnni = 1u << 9,
  kAvxVnni = 1u << 10,
  kAvx512bf16 = 1u << 11,
  kAvx512fp16 = 1u << 12,
  kAvx512vbmi = 1u << 13,
  kNeon = 1u << 16,
  kDotprod = 1u << 17,
  kNeonFp16 = 1u << 18,
  kI8mm = 1u << 19,
  kSve = 1u << 20,
};
inline constexpr uint32_t kAvx2Level = kSse41 | kAvx | kAvx2 | kFma | kF16c;
inline constexpr uint32_t kAvx512Level = kAvx2Level | kAvx512f | kAvx512bw | kAvx512dq | kAvx512vl;
constexpr bool runs_on(uint32_t need, uint32_t have) { return (need & ~have) == 0; }
}  // namespace isa

// The bits usable by this process: the hardware's, less those that LITE_CPU_MASK takes away. LITE_CPU_MASK is
// a number (0x..: the bits kept), or a level: "none", "sse4", "avx2", "avx512", "all". Read once, at first
// use.
uint32_t cpu_isa() noexcept;
// "AVX-512 VNNI", "AVX2", ...: the best level, for people.
std::string cpu_isa_name();
std::string cpu_model_name();

// Bytes; a sane guess where the system does not say.
size_t l1_data_bytes() noexcept;
size_t l2_bytes() noexcept;

// min(affinity mask, ceil(cgroup v1/v2 CPU quota), cores); at least 1. Asks the system each time.
int usable_cpus();

}  // namespace lite
