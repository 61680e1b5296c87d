// MegEngine's RC4 and "simple fast" RC4, which are RC4 in name only: another output function, a key of 64
// bits, at least 768 bytes dropped. Weak; here to read old files. Keys are two numbers: of the checksum and
// of the stream. Texts are padded to eight bytes with zeros, and a word follows them.

#include <cstring>
#include <utility>

#include "core/package/cipher.h"

namespace lite::package {
namespace {

constexpr size_t kWord = 8;

class Stream {
 public:
  explicit Stream(uint64_t key) {
    for (unsigned n = 0; n < 256; ++n) state_[n] = static_cast<uint8_t>(n);
    uint8_t j = 0;
    for (unsigned n = 0; n < 256; ++n) {
      j = static_cast<uint8_t>(j + state_[n] + static_cast<uint8_t>(key >> (n % 8 * 8)));
      std::swap(state_[n], state_[j]);
    }
    for (int n = 0; n < 768; ++n) next();
    for (int n = next(); n > 0; --n) next();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { wipe(state_, sizeof state_); }

  uint64_t word() {
    uint64_t w = 0;
    for (unsigned n = 0; n < kWord; ++n) w |= uint64_t{next()} << (8 * n);
    return w;
  }

 private:
  uint8_t next() {
    ++i_;
    const uint8_t a = state_[i_];
    j_ = static_cast<uint8_t>(j_ + a);
    const uint8_t b = state_[j_];
    state_[i_] = b;
    state_[j_] = a;
    const auto at = [this](unsigned n) { return state_[static_cast<uint8_t>(n)]; };
    const unsigned c = (at((unsigned{i_} << 5) ^ (j_ >> 3)) + at((unsigned{j_} << 5) ^ (i_ >> 3))) & 0xFFu;
    return static_cast<uint8_t>((at(unsigned{a} + b) + at(c ^ 0xAA)) ^ at(unsigned{j_} + b));
  }

  uint8_t state_[256];
  uint8_t i_ = 0, j_ = 0;
};

// "fast-hash" of 64 bits, without its last step.
class Checksum {
 public:
  explicit Checksum(uint64_t seed) : sum_(seed) {}
  void add(uint64_t v) {
    v ^= v >> 23;
    v *= 0x2127599BF4325C37u;
    v ^= v >> 47;
    sum_ = (sum_ ^ v) * 0x880355F21E6D1965u;
  }
  uint64_t sum() const { return sum_; }

 private:
  uint64_t sum_;
};

template <class Byte>
uint64_t load(const Byte* at) {
  uint64_t v;
  std::memcpy(&v, at, kWord);
  return v;
}

Status check_size(size_t size) {
  if (size >= kWord && size % kWord == 0) return ok();
  return invalid_model("there are ", size, " bytes, a multiple of ", kWord, " wanted");
}

Error wrong_sum() { return invalid_model("the checksum is wrong: another key, or bytes that were changed"); }

}  // namespace

// Two layers: a stream from the key around one from the checksum of the plain text, which the last word
// hides.
Result<Secret> open_rc4(std::span<const std::byte> bytes, const uint8_t* key) {
  LITE_TRY(check_size(bytes.size()));
  const size_t size = bytes.size() - kWord;
  LITE_ASSIGN(Secret plain, make_secret(size));
  Stream outer(load(key + kWord));
  Checksum between(load(key));
  for (size_t i = 0; i < size; i += kWord) {
    const uint64_t v = load(bytes.data() + i) ^ outer.word();
    between.add(v);
    std::memcpy(plain.bytes.data() + i, &v, kWord);
  }
  const uint64_t inner_key = load(bytes.data() + size) ^ between.sum() ^ outer.word();
  Stream inner(inner_key);
  Checksum of_plain(load(key));
  for (size_t i = 0; i < size; i += kWord) {
    const uint64_t v = load(plain.bytes.data() + i) ^ inner.word();
    of_plain.add(v);
    std::memcpy(plain.bytes.data() + i, &v, kWord);
  }
  if (of_plain.sum() != inner_key) return wrong_sum();
  return plain;
}

// The last word is the checksum of the cipher text.
Result<Secret> open_fast_rc4(std::span<const std::byte> bytes, const uint8_t* key) {
  LITE_TRY(check_size(bytes.size()));
  const size_t size = bytes.size() - kWord;
  Checksum sum(load(key));
  for (size_t i = 0; i < size; i += kWord) sum.add(load(bytes.data() + i));
  if (sum.sum() != load(bytes.data() + size)) return wrong_sum();
  LITE_ASSIGN(Secret plain, make_secret(size));
  Stream stream(load(key + kWord));
  for (size_t i = 0; i < size; i += kWord) {
    const uint64_t v = load(bytes.data() + i) ^ stream.word();
    std::memcpy(plain.bytes.data() + i, &v, kWord);
  }
  return plain;
}

}  // namespace lite::package
