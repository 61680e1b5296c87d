#include "core/base/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lite {
namespace {

constexpr uint64_t kP1 = 0x9e3779b185ebca87u, kP2 = 0xc2b2ae3d27d4eb4fu, kP3 = 0x165667b19e3779f9u,
                   kP4 = 0x85ebca77c2b2ae63u, kP5 = 0x27d4eb2f165667c5u;

template <class T>
T load(const std::byte* p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

uint64_t mix(uint64_t lane, uint64_t word) { return std::rotl(lane + word * kP2, 31) * kP1; }

void mix_block(uint64_t (&lanes)[4], const std::byte* p) {
  for (int i = 0; i < 4; ++i) lanes[i] = mix(lanes[i], load<uint64_t>(p + 8 * i));
}

}  // namespace

void Hash64::add(std::span<const std::byte> bytes) noexcept {
  const size_t held = count_ % kBlock;
  count_ += bytes.size();
  if (held != 0 || bytes.size() < kBlock) {
    const size_t taken = std::min(kBlock - held, bytes.size());
    if (taken != 0) std::memcpy(rest_ + held, bytes.data(), taken);
    if (held + taken < kBlock) return;
    mix_block(lanes_, rest_);
    bytes = bytes.subspan(taken);
  }
  for (; bytes.size() >= kBlock; bytes = bytes.subspan(kBlock)) mix_block(lanes_, bytes.data());
  if (!bytes.empty()) std::memcpy(rest_, bytes.data(), bytes.size());
}

uint64_t Hash64::value() const noexcept {
  uint64_t h = kP5;
  if (count_ >= kBlock) {
    h = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
        std::rotl(lanes_[3], 18);
    for (const uint64_t lane : lanes_) h = (h ^ mix(0, lane)) * kP1 + kP4;
  }
  h += count_;
  const std::byte *p = rest_, *const end = rest_ + count_ % kBlock;
  for (; end - p >= 8; p += 8) h = std::rotl(h ^ mix(0, load<uint64_t>(p)), 27) * kP1 + kP4;
  if (end - p >= 4) {
    h = std::rotl(h ^ load<uint32_t>(p) * kP1, 23) * kP2 + kP3;
    p += 4;
  }
  for (; p != end; ++p) h = std::rotl(h ^ static_cast<uint64_t>(*p) * kP5, 11) * kP1;
  h = (h ^ (h >> 33)) * kP2;
  h = (h ^ (h >> 29)) * kP3;
  return h ^ (h >> 32);
}

uint64_t hash64(std::span<const std::byte> bytes) noexcept {
  Hash64 hash;
  hash.add(bytes);
  return hash.value();
}

}  // namespace lite
