// How the container is laid out: the header, the head (report, operators, blocks, inputs and outputs, graphs,
// packings, in this order), then the blocks. Numbers are the machine's own, as the file is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/cpu.h"

namespace lite::compiled {

// Bytes that a transfer as text changes are among them.
inline constexpr char kMagic[8] = {'\x89', 'L', 'I', 'T', 'E', '\r', '\n', '\x1a'};
inline constexpr uint32_t kFormat = 2;
inline constexpr uint64_t kAlign = 64;
// Blocks from this size on begin at a page.
inline constexpr uint64_t kLarge = uint64_t{64} << 10, kPage = 4096;

struct Header {
  char magic[8];
  uint32_t format;
  uint32_t isa;
  char build[112];      // build_id(), then zeros
  uint64_t file_bytes;  // of all
  uint64_t head_bytes;  // they follow the header
  uint64_t data;        // where the blocks begin
  uint64_t checksum;    // hash64 of the header, with 0 here, and of the head
};
static_assert(sizeof(Header) == 160 && std::is_trivially_copyable_v<Header>);

// A constant or a packing.
struct Block {
  uint64_t offset;  // from Header::data, a multiple of kAlign
  uint64_t bytes;
  uint64_t hash;  // hash64 of the contents
};

class Out {
 public:
  template <class T>
  void number(T v) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  template <class T>
  void numbers(std::span<const T> list) {
    count(list.size());
    for (const T& v : list) number(v);
  }
  void count(size_t n) { number(static_cast<uint32_t>(n)); }
  void text(std::string_view s) {
    count(s.size());
    bytes_.append(s);
  }
  void append(const Out& other) { bytes_ += other.bytes_; }
  void part(const Out& other) { text(other.bytes_); }
  std::span<const std::byte> bytes() const { return std::as_bytes(std::span<const char>(bytes_)); }

 private:
  std::string bytes_;
};

// Past the end, or after what makes no sense, all is 0 and empty, and broken() says so.
class In {
 public:
  explicit In(std::span<const std::byte> bytes) : left_(bytes) {}

  template <class T>
  T number() {
    T v{};
    if (left_.size() < sizeof v) {
      spoil();
      return v;
    }
    std::memcpy(&v, left_.data(), sizeof v);
    left_ = left_.subspan(sizeof v);
    return v;
  }
  // How many follow, of `least` bytes or more each.
  size_t count(size_t least) {
    const size_t n = number<uint32_t>();
    if (n <= left_.size() / least) return n;
    spoil();
    return 0;
  }
  template <class T>
  std::vector<T> numbers() {
    std::vector<T> list(count(sizeof(T)));
    for (T& v : list) v = number<T>();
    return list;
  }
  std::string text() {
    const size_t n = count(1);
    std::string s(reinterpret_cast<const char*>(left_.data()), n);
    left_ = left_.subspan(n);
    return s;
  }
  // So many bytes as the number before them says.
  std::span<const std::byte> bytes() {
    const size_t n = count(1);
    const std::span<const std::byte> part = left_.first(n);
    left_ = left_.subspan(n);
    return part;
  }
  // A number below `end`.
  template <class T>
  T below(T end) {
    const T v = number<T>();
    if (v < end) return v;
    spoil();
    return 0;
  }
  bool flag() { return below<uint8_t>(2) != 0; }
  void spoil() {
    left_ = {};
    broken_ = true;
  }
  bool broken() const { return broken_; }
  size_t left() const { return left_.size(); }

 private:
  std::span<const std::byte> left_;
  bool broken_ = false;
};

// Puts into a file's header what is true of this build and processor, and of the bytes: for the writer, and
// for tests that change a file. Precondition: bytes.size() >= sizeof(Header) and the head lies within.
void seal(std::span<std::byte> header_and_head);

}  // namespace lite::compiled
