#include "core/ops/utf8.h"

#include <cstdint>

namespace lite::ops {
namespace {

constexpr char32_t kRawByte = 0xdc00;

}  // namespace

std::u32string from_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t k) {
      return static_cast<char32_t>(static_cast<unsigned char>(text[i + k]));
    };
    const char32_t first = byte(0);
    const size_t length = first < 0x80                    ? 1
                          : first >= 0xc2 && first < 0xe0 ? 2
                          : first >= 0xe0 && first < 0xf0 ? 3
                          : first >= 0xf0 && first < 0xf5 ? 4
                                                          : 0;
    bool valid = length != 0 && i + length <= text.size();
    char32_t c = length <= 1 ? first : first & (0x7fu >> length);
    for (size_t k = 1; valid && k < length; ++k) {
      valid = (byte(k) & 0xc0) == 0x80;
      c = c << 6 | (byte(k) & 0x3f);
    }
    valid = valid && !(length == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) &&
            !(length == 4 && (c < 0x10000 || c > 0x10ffff));
    out.push_back(valid ? c : kRawByte + first);
    i += valid ? length : 1;
  }
  return out;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  const auto put = [&](char32_t c) { out.push_back(static_cast<char>(static_cast<unsigned char>(c))); };
  for (const char32_t c : text) {
    if (c < 0x80) {
      put(c);
    } else if (c >= kRawByte + 0x80 && c <= kRawByte + 0xff) {
      put(c - kRawByte);
    } else if (c < 0x800) {
      put(0xc0 | c >> 6);
      put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      put(0xe0 | c >> 12);
      put(0x80 | (c >> 6 & 0x3f));
      put(0x80 | (c & 0x3f));
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
      put(0x80 | (c >> 6 & 0x3f));
      put(0x80 | (c & 0x3f));
    }
  }
  return out;
}

}  // namespace lite::ops
