#include "core/package/cipher.h"

namespace lite::package {
namespace {

// MegEngine publishes these.
constexpr uint8_t kAesKey[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                               16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
constexpr uint8_t kStreamKey[] = {108, 105, 101, 106, 103, 102, 107, 104,   // of the checksum
                                  124, 127, 126, 121, 120, 125, 123, 122};  // of the stream

constexpr Cipher kCiphers[] = {
    {"AES_256_GCM", 32, false, false, {}, open_gcm, seal_gcm},
    {"AES_default", 32, false, false, kAesKey, open_cbc, seal_cbc},
    {"RC4_default", 16, true, true, kStreamKey, open_rc4, nullptr},
    {"SIMPLE_FAST_RC4_default", 16, true, true, kStreamKey, open_fast_rc4, nullptr},
};

Error in_method(const Cipher& cipher, Error error) {
  error.message = cat("decryption method '", cipher.name, "': ", error.message);
  return error;
}

}  // namespace

std::span<const Cipher> ciphers() noexcept { return kCiphers; }

const Cipher* find_cipher(std::string_view name) noexcept {
  for (const Cipher& c : kCiphers)
    if (name == c.name) return &c;
  return nullptr;
}

Status check_key(const Cipher& cipher, std::span<const uint8_t> key) {
  if (key.size() == cipher.key_bytes || (cipher.longer_keys && key.size() > cipher.key_bytes)) return ok();
  if (key.empty()) return in_method(cipher, invalid_argument("it has no key yet"));
  return in_method(cipher, invalid_argument("the key has ", key.size(), " bytes, ", cipher.key_bytes,
                                            cipher.longer_keys ? " or more" : "", " wanted"));
}

Result<Secret> open(const Cipher& cipher, std::span<const std::byte> bytes, std::span<const uint8_t> key) {
  LITE_TRY(check_key(cipher, key));
  Result<Secret> plain = cipher.open(bytes, key.data());
  if (!plain.is_ok()) return in_method(cipher, std::move(plain).take_error());
  return plain;
}

Result<std::vector<std::byte>> seal(const Cipher& cipher, std::span<const std::byte> plain,
                                    std::span<const uint8_t> key) {
  if (cipher.seal == nullptr)
    return in_method(cipher, unsupported("such files are only read; AES_256_GCM is for new ones"));
  LITE_TRY(check_key(cipher, key));
  Result<std::vector<std::byte>> bytes = cipher.seal(plain, key.data());
  if (!bytes.is_ok()) return in_method(cipher, std::move(bytes).take_error());
  return bytes;
}

}  // namespace lite::package
