// The methods of encryption that are built in, by the names that packs and configurations use.
//
//   AES_256_GCM               ours: authenticated; for new files
//   AES_default               MegEngine's: AES-256 in CBC mode; anybody may change such a file unnoticed
//   RC4_default               MegEngine's: a stream cipher of its own with a checksum; only read
//   SIMPLE_FAST_RC4_default   the same without the second layer
//
// docs/packing.md has the formats.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/status.h"
#include "core/package/secret.h"

namespace lite::package {

struct Cipher {
  const char* name;
  size_t key_bytes;
  bool longer_keys;                    // what is behind key_bytes is left alone
  bool padded;                         // up to seven zeros follow the plain text
  std::span<const uint8_t> known_key;  // what MegEngine's tools use unless told otherwise; empty: none
  // Both get a key of at least key_bytes.
  Result<Secret> (*open)(std::span<const std::byte> cipher, const uint8_t* key);
  Result<std::vector<std::byte>> (*seal)(std::span<const std::byte> plain, const uint8_t* key);  // or nullptr
};

// In the order above.
std::span<const Cipher> ciphers() noexcept;
const Cipher* find_cipher(std::string_view name) noexcept;

// kInvalidArgument with the length wanted and the length seen.
Status check_key(const Cipher& cipher, std::span<const uint8_t> key);

// kInvalidArgument for a key of the wrong length; kInvalidModel for bytes that the method did not make, or
// not with this key, as far as it can tell. Messages name the method, and nothing of key or text.
Result<Secret> open(const Cipher& cipher, std::span<const std::byte> bytes, std::span<const uint8_t> key);
// kUnsupported for a method that is only read.
Result<std::vector<std::byte>> seal(const Cipher& cipher, std::span<const std::byte> plain,
                                    std::span<const uint8_t> key);

bool looks_like_gcm(std::span<const std::byte> bytes) noexcept;

// ---- the rows

Result<Secret> open_gcm(std::span<const std::byte> bytes, const uint8_t* key);
Result<std::vector<std::byte>> seal_gcm(std::span<const std::byte> plain, const uint8_t* key);
Result<Secret> open_cbc(std::span<const std::byte> bytes, const uint8_t* key);
Result<std::vector<std::byte>> seal_cbc(std::span<const std::byte> plain, const uint8_t* key);
Result<Secret> open_rc4(std::span<const std::byte> bytes, const uint8_t* key);
Result<Secret> open_fast_rc4(std::span<const std::byte> bytes, const uint8_t* key);

}  // namespace lite::package
