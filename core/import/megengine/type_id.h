// How the older container names operator types: by a 64-bit hash of the registered name.
#pragma once

#include <cstdint>
#include <string_view>

namespace lite::mge {

// XXH64 of some text; `zero_ended` counts a NUL after it as part of the text.
constexpr uint64_t xxh64(std::string_view text, uint64_t seed, bool zero_ended) {
  constexpr uint64_t p1 = 0x9E3779B185EBCA87u, p2 = 0xC2B2AE3D27D4EB4Fu, p3 = 0x165667B19E3779F9u,
                     p4 = 0x85EBCA77C2B2AE63u, p5 = 0x27D4EB2F165667C5u;
  const size_t n = text.size() + (zero_ended ? 1 : 0);
  const auto byte = [&](size_t i) -> uint64_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto word = [&](size_t i, size_t width) {
    uint64_t v = 0;
    for (size_t k = 0; k < width; ++k) v |= byte(i + k) << (8 * k);
    return v;
  };
  const auto turn = [](uint64_t v, int by) { return v << by | v >> (64 - by); };
  const auto round = [&](uint64_t sum, uint64_t v) { return turn(sum + v * p2, 31) * p1; };
  uint64_t h = seed + p5;
  size_t i = 0;
  if (n >= 32) {
    uint64_t lane[4] = {seed + p1 + p2, seed + p2, seed, seed - p1};
    for (; i + 32 <= n; i += 32)
      for (size_t k = 0; k < 4; ++k) lane[k] = round(lane[k], word(i + 8 * k, 8));
    h = turn(lane[0], 1) + turn(lane[1], 7) + turn(lane[2], 12) + turn(lane[3], 18);
    for (const uint64_t v : lane) h = (h ^ round(0, v)) * p1 + p4;
  }
  h += n;
  for (; i + 8 <= n; i += 8) h = turn(h ^ round(0, word(i, 8)), 27) * p1 + p4;
  for (; i + 4 <= n; i += 4) h = turn(h ^ word(i, 4) * p1, 23) * p2 + p3;
  for (; i < n; ++i) h = turn(h ^ byte(i) * p5, 11) * p1;
  h = (h ^ h >> 33) * p2;
  h = (h ^ h >> 29) * p3;
  return h ^ h >> 32;
}

inline constexpr uint64_t kTypeIdSeed = 20160701;

// In files that begin with MGBC.
constexpr uint64_t type_id(std::string_view name) { return xxh64(name, kTypeIdSeed, true); }

// In files that begin with MGBS, and beside the names in the newer container: without the version at the end.
constexpr uint64_t short_type_id(std::string_view name) {
  const size_t n = name.size();
  if (n > 2 && name[n - 2] == 'V' && name[n - 1] >= '0' && name[n - 1] <= '9') name.remove_suffix(2);
  return xxh64(name, kTypeIdSeed, false);
}

static_assert(type_id("ImmutableTensor") == 0x60d52856bbd5a2b1u);

}  // namespace lite::mge
