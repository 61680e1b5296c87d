#include "core/kernels/cpu/int8_quads.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/kernels/cpu/simd.h"

namespace lite::simd {
namespace {

// Of the positive weights of a sum, or of the negative ones.
constexpr int kMost = 128;
// After the last one that fitted, so many that do not fit are tried.
constexpr int kTries = 24;

// Of every two weights: the sum of the positive ones and, in the second half of `sums`, of the negative ones
// without their sign; of what is too large the low byte. Returns the largest.
int signed_sums(const int8_t* w, int64_t bytes, uint8_t* sums) {
  const int64_t half = bytes / 2;
  int16_t most = 0;
  LITE_VECTORIZE
  for (int64_t i = 0; i < half; ++i) {
    int16_t two;
    memcpy(&two, w + 2 * i, sizeof two);
    const auto a = static_cast<int16_t>(static_cast<int16_t>(two << 8) >> 8),
               b = static_cast<int16_t>(two >> 8);
    constexpr int16_t zero = 0;
    const auto up = static_cast<int16_t>(std::max(a, zero) + std::max(b, zero)),
               down = static_cast<int16_t>(-(std::min(a, zero) + std::min(b, zero)));
    sums[i] = static_cast<uint8_t>(up);
    sums[half + i] = static_cast<uint8_t>(down);
    most = std::max(most, std::max(up, down));
  }
  return most;
}

// In bytes, for neither sum is above kMost: sixteen at a time.
bool fit_together(const uint8_t* a, const uint8_t* b, int64_t bytes) {
  uint8_t over = 0;
  LITE_VECTORIZE
  for (int64_t i = 0; i < bytes; ++i) over |= a[i] > static_cast<uint8_t>(kMost - b[i]);
  return over == 0;
}

void add_sums(const uint8_t* from, int64_t bytes, uint8_t* to) {
  LITE_VECTORIZE
  for (int64_t i = 0; i < bytes; ++i) to[i] = static_cast<uint8_t>(to[i] + from[i]);
}

// Both halves of each weight: of either any two fit, and small ones more.
void split(const int8_t* w, int64_t bytes, int8_t* half, int8_t* other) {
  LITE_VECTORIZE
  for (int64_t i = 0; i < bytes; ++i) {
    half[i] = static_cast<int8_t>(w[i] / 2);
    other[i] = static_cast<int8_t>(w[i] - half[i]);
  }
}

}  // namespace

int64_t count_quads(const QuadWeights& w) {
  std::vector<uint8_t> sums(static_cast<size_t>(w.bytes));
  int64_t count = w.count;
  for (int64_t i = 0; i < w.count; ++i)
    if (signed_sums(w.data + i * w.bytes, w.bytes, sums.data()) > kMost) ++count;
  return count;
}

QuadSums order_quads(const QuadWeights& w, int8_t* to, int32_t* order) {
  struct Quad {
    const int8_t* weights;
    int32_t index;
    bool taken = false;
  };
  const auto bytes = static_cast<size_t>(w.bytes);
  std::vector<Quad> quads;
  quads.reserve(static_cast<size_t>(2 * w.count));
  std::vector<uint8_t> sums(static_cast<size_t>(2 * w.count) * bytes);
  const auto sums_of = [&](size_t i) { return sums.data() + i * bytes; };
  std::vector<std::vector<int8_t>> split_weights;
  const auto add = [&](const int8_t* weights, int64_t index) {
    quads.push_back({weights, static_cast<int32_t>(index)});
    return signed_sums(weights, w.bytes, sums_of(quads.size() - 1));
  };
  for (int64_t i = 0; i < w.count; ++i) {
    const int8_t* const weights = w.data + i * w.bytes;
    if (add(weights, i) <= kMost) continue;
    quads.pop_back();
    int8_t* const halves = split_weights.emplace_back(2 * bytes).data();
    split(weights, w.bytes, halves, halves + bytes);
    add(halves, i);
    add(halves + bytes, i);
  }
  // Those that are added together, by their number.
  std::array<std::vector<size_t>, kMostQuads> together;
  for (size_t i = 0; i < quads.size(); ++i) {
    if (quads[i].taken) continue;
    std::array<size_t, kMostQuads> fit{i};
    size_t count = 1;
    int tries = kTries;
    for (size_t k = i + 1; k < quads.size() && count < fit.size() && tries > 0; ++k) {
      if (quads[k].taken) continue;
      if (!fit_together(sums_of(i), sums_of(k), w.bytes)) {
        --tries;
        continue;
      }
      add_sums(sums_of(k), w.bytes, sums_of(i));
      quads[k].taken = true;
      fit[count++] = k;
      tries = kTries;
    }
    auto& list = together[fit.size() - count];
    list.insert(list.end(), fit.begin(), fit.begin() + static_cast<std::ptrdiff_t>(count));
  }
  QuadSums counts{};
  for (size_t s = 0; s < together.size(); ++s) {
    for (const size_t i : together[s]) {
      memcpy(to, quads[i].weights, bytes);
      to += bytes;
      *order++ = quads[i].index;
    }
    if (s < counts.size()) counts[s] = static_cast<int32_t>(together[s].size() / (kMostQuads - s));
  }
  return counts;
}

int64_t whole_sums(const QuadSums& sums, int64_t count) {
  int64_t first = 0, of = kMostQuads;
  for (const int64_t s : sums) {
    if (count < first + of * s) return count - (count - first) % of;
    first += of-- * s;
  }
  return count;
}

}  // namespace lite::simd
