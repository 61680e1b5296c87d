// AES-256 by Mbed TLS: our authenticated format, and MegEngine's.
//
//   AES_256_GCM   "LITE-GCM", u32 version 1, 12 bytes of nonce; the cipher text; 16 bytes of tag.
//                 The first 24 bytes are authenticated with the text.
//   AES_default   16 bytes of initial vector; the text, padded to blocks of 16; u64 length of the text,
//                 big-endian.

#include <mbedtls/aes.h>
#include <mbedtls/gcm.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "core/package/cipher.h"

namespace lite::package {
namespace {

constexpr std::string_view kMagic = "LITE-GCM";
constexpr uint32_t kVersion = 1;
constexpr size_t kNonce = 12, kHeader = 24, kTag = 16, kBlock = 16;
constexpr uint64_t kMaxGcm = (uint64_t{1} << 36) - 32;  // the most that one nonce serves

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::span<std::byte> bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

// Contexts hold the key's schedule; Mbed TLS wipes them when they are freed.
struct Gcm {
  mbedtls_gcm_context context;
  explicit Gcm(const uint8_t* key) {
    mbedtls_gcm_init(&context);
    status = mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, key, 256);
  }
  Gcm(const Gcm&) = delete;
  Gcm& operator=(const Gcm&) = delete;
  ~Gcm() { mbedtls_gcm_free(&context); }
  int status;
};

struct Aes {
  mbedtls_aes_context context;
  Aes(const uint8_t* key, int mode) {
    mbedtls_aes_init(&context);
    status = mode == MBEDTLS_AES_ENCRYPT ? mbedtls_aes_setkey_enc(&context, key, 256)
                                         : mbedtls_aes_setkey_dec(&context, key, 256);
  }
  Aes(const Aes&) = delete;
  Aes& operator=(const Aes&) = delete;
  ~Aes() { mbedtls_aes_free(&context); }
  int status;
};

Error crypto_error(int status) { return fail(Code::kInternal, "Mbed TLS failed with ", status); }

Status random_bytes(std::span<std::byte> out) {
  if (getentropy(out.data(), out.size()) != 0)
    return fail(Code::kIo, "the system gave no random numbers: ", std::strerror(errno));
  return ok();
}

}  // namespace

bool looks_like_gcm(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= kHeader + kTag && std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

Result<Secret> open_gcm(std::span<const std::byte> bytes, const uint8_t* key) {
  if (bytes.size() < kHeader + kTag)
    return invalid_model(bytes.size(), " bytes are cut short, at least ", kHeader + kTag, " wanted");
  if (std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    return invalid_model("the bytes do not begin with '", kMagic, "', so another method made them");
  uint32_t version;
  std::memcpy(&version, bytes.data() + kMagic.size(), sizeof version);
  if (version != kVersion)
    return unsupported("version ", version, " of the format, only ", kVersion, " is known");
  const auto header = bytes.first(kHeader);
  const auto text = bytes.subspan(kHeader, bytes.size() - kHeader - kTag);
  if (text.size() > kMaxGcm)
    return invalid_model("the text has ", text.size(), " bytes, at most ", kMaxGcm, " are possible");
  Gcm gcm(key);
  if (gcm.status != 0) return crypto_error(gcm.status);
  LITE_ASSIGN(Secret plain, make_secret(text.size()));
  // Compares the tags in constant time, and zeroes the text when they differ.
  const int status =
      mbedtls_gcm_auth_decrypt(&gcm.context, text.size(), raw(header.last(kNonce)), kNonce, raw(header),
                               kHeader, raw(bytes.last(kTag)), kTag, raw(text), raw(plain.bytes));
  if (status == MBEDTLS_ERR_GCM_AUTH_FAILED)
    return invalid_model("the tag is wrong: another key, or bytes that were changed");
  if (status != 0) return crypto_error(status);
  return plain;
}

Result<std::vector<std::byte>> seal_gcm(std::span<const std::byte> plain, const uint8_t* key) {
  if (plain.size() > kMaxGcm)
    return fail(Code::kLimitExceeded, "the text has ", plain.size(), " bytes, at most ", kMaxGcm,
                " are possible");
  std::vector<std::byte> out(kHeader + plain.size() + kTag);
  const std::span<std::byte> all(out);
  std::memcpy(out.data(), kMagic.data(), kMagic.size());
  std::memcpy(out.data() + kMagic.size(), &kVersion, sizeof kVersion);
  LITE_TRY(random_bytes(all.subspan(kHeader - kNonce, kNonce)));
  Gcm gcm(key);
  if (gcm.status != 0) return crypto_error(gcm.status);
  const auto header = all.first(kHeader);
  const int status = mbedtls_gcm_crypt_and_tag(
      &gcm.context, MBEDTLS_GCM_ENCRYPT, plain.size(), raw(header.last(kNonce)), kNonce, raw(header), kHeader,
      raw(plain), raw(all.subspan(kHeader, plain.size())), kTag, raw(all.last(kTag)));
  if (status != 0) return crypto_error(status);
  return out;
}

Result<Secret> open_cbc(std::span<const std::byte> bytes, const uint8_t* key) {
  constexpr size_t kLength = 8;
  if (bytes.size() < kBlock + kLength || (bytes.size() - kBlock - kLength) % kBlock != 0)
    return invalid_model("there are ", bytes.size(),
                         " bytes, blocks of 16 between 16 of initial vector and 8 of length wanted");
  const auto text = bytes.subspan(kBlock, bytes.size() - kBlock - kLength);
  uint64_t length = 0;
  for (const std::byte b : bytes.last(kLength)) length = length << 8 | std::to_integer<uint64_t>(b);
  if (length > text.size())
    return invalid_model("the text claims ", length, " bytes, there are ", text.size());
  Aes aes(key, MBEDTLS_AES_DECRYPT);
  if (aes.status != 0) return crypto_error(aes.status);
  LITE_ASSIGN(Secret plain, make_secret(text.size()));
  std::array<unsigned char, kBlock> iv;
  std::memcpy(iv.data(), bytes.data(), kBlock);
  const int status = mbedtls_aes_crypt_cbc(&aes.context, MBEDTLS_AES_DECRYPT, text.size(), iv.data(),
                                           raw(text), raw(plain.bytes));
  if (status != 0) return crypto_error(status);
  plain.bytes = plain.bytes.first(static_cast<size_t>(length));
  return plain;
}

Result<std::vector<std::byte>> seal_cbc(std::span<const std::byte> plain, const uint8_t* key) {
  // Padded as `openssl enc` does, with which MegEngine's tool encrypts.
  const size_t pad = kBlock - plain.size() % kBlock;
  const size_t text = plain.size() + pad;
  std::vector<std::byte> out(kBlock + text + 8, static_cast<std::byte>(pad));
  const std::span<std::byte> all(out);
  LITE_TRY(random_bytes(all.first(kBlock)));
  if (!plain.empty()) std::memcpy(out.data() + kBlock, plain.data(), plain.size());
  for (size_t i = 0; i < 8; ++i)
    out[out.size() - 1 - i] = static_cast<std::byte>(uint64_t{plain.size()} >> (8 * i));
  Aes aes(key, MBEDTLS_AES_ENCRYPT);
  if (aes.status != 0) return crypto_error(aes.status);
  std::array<unsigned char, kBlock> iv;
  std::memcpy(iv.data(), out.data(), kBlock);
  unsigned char* const at = raw(all.subspan(kBlock, text));
  const int status = mbedtls_aes_crypt_cbc(&aes.context, MBEDTLS_AES_ENCRYPT, text, iv.data(), at, at);
  if (status != 0) return crypto_error(status);
  return out;
}

}  // namespace lite::package
