// A fast 64-bit hash of bytes, to tell accidents from what was written. No protection from a forger.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lite {

// XXH64 (Yann Collet's), seed 0: published, with test vectors, and as fast as memory.
class Hash64 {
 public:
  void add(std::span<const std::byte> bytes) noexcept;
  uint64_t value() const noexcept;

 private:
  static constexpr size_t kBlock = 32;
  uint64_t lanes_[4] = {0x60ea27eeadc0b5d6u, 0xc2b2ae3d27d4eb4fu, 0, 0x61c8864e7a143579u};
  std::byte rest_[kBlock] = {};
  uint64_t count_ = 0;
};

uint64_t hash64(std::span<const std::byte> bytes) noexcept;

}  // namespace lite
