#include "core/package/cipher.h"

#include <mbedtls/gcm.h>

#include <numeric>

#include "tests/package/package_test.h"

namespace lite::test {
namespace {

using package::Cipher;

const Cipher& cipher(const char* name) {
  const Cipher* const c = package::find_cipher(name);
  EXPECT_NE(c, nullptr) << name;
  return *c;
}

std::vector<uint8_t> numbers(size_t n) {
  std::vector<uint8_t> key(n);
  std::iota(key.begin(), key.end(), uint8_t{0});
  return key;
}

std::string opened(const char* name, std::string_view bytes, std::span<const uint8_t> key) {
  const Result<package::Secret> plain = package::open(cipher(name), bytes_of(bytes), key);
  return plain.is_ok() ? text_of(plain.value().bytes) : "error: " + plain.error().message;
}
std::string opened(const char* name, std::string_view bytes) {
  return opened(name, bytes, cipher(name).known_key);
}

// ---- known answers

// Test case 16 of McGrew and Viega's "The Galois/Counter Mode of Operation", which NIST's vectors contain.
TEST(Cipher, MbedTlsGcmIsNists) {
  const std::string key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const std::string iv = from_hex("cafebabefacedbaddecaf888");
  const std::string aad = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string plain = from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aed"
      "f5"
      "aa0de657ba637b39");
  const std::string wanted = from_hex(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e"
      "63"
      "93ba7a0abcc9f662");
  const auto raw = [](const std::string& s) { return reinterpret_cast<const unsigned char*>(s.data()); };
  std::string out(plain.size(), '\0'), tag(16, '\0');
  mbedtls_gcm_context gcm;
  mbedtls_gcm_init(&gcm);
  ASSERT_EQ(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, raw(key), 256), 0);
  ASSERT_EQ(mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, plain.size(), raw(iv), iv.size(), raw(aad),
                                      aad.size(), raw(plain), reinterpret_cast<unsigned char*>(out.data()),
                                      16, reinterpret_cast<unsigned char*>(tag.data())),
            0);
  mbedtls_gcm_free(&gcm);
  EXPECT_EQ(out, wanted);
  EXPECT_EQ(tag, from_hex("76fc6ece0f4e1768cddf8853bb2d551b"));
}

// Made by another implementation, OpenSSL's, from the description of the format.
TEST(Cipher, GcmFormatIsFixed) {
  const std::string file = from_hex(
      "4c4954452d47434d01000000cafebabefacedbaddecaf888decbc506db0f26782d2b3faf146ae71f6b4fb871b56c07043dff6b"
      "07"
      "dbfb458bc535e12aa0ae304242344feb70f422c630ed0de7e9d9d520cb1e0a");
  EXPECT_EQ(opened("AES_256_GCM", file, numbers(32)), "The quick brown fox jumps over the lazy dog");
}

// F.2.6 of NIST SP 800-38A, CBC-AES256, in MegEngine's file.
TEST(Cipher, CbcIsNists) {
  const std::string key = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const std::string text = from_hex(
      "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05"
      "e2"
      "c39be9fcda6c19078c6a9d1b");
  const std::string plain = from_hex(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f24"
      "45"
      "df4f9b17ad2b417be66c3710");
  const std::string iv = from_hex("000102030405060708090a0b0c0d0e0f");
  const std::span<const uint8_t> k(reinterpret_cast<const uint8_t*>(key.data()), key.size());
  EXPECT_EQ(opened("AES_default", iv + text + from_hex("0000000000000040"), k), plain);
  EXPECT_EQ(opened("AES_default", iv + text + from_hex("0000000000000033"), k), plain.substr(0, 0x33));
}

TEST(Cipher, OpensWhatMegEngineMade) {
  const std::string model = data_file("../mge/xor/model.mge");
  EXPECT_EQ(opened("AES_default", data_file("aes.mge")), model);
  EXPECT_EQ(opened("RC4_default", data_file("rc4.mge")), model);
  EXPECT_EQ(opened("SIMPLE_FAST_RC4_default", data_file("sfrc4.mge")), model);
  std::vector<uint8_t> key = numbers(32);
  std::reverse(key.begin(), key.end());
  EXPECT_EQ(opened("AES_default", data_file("aes_own_key.mge"), key), model);
  // Little-endian numbers: the checksum's, then the stream's.
  key = {0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe};
  EXPECT_EQ(opened("RC4_default", data_file("rc4_own_key.mge"), key), model);
  // MegEngine's own keys have 128 bytes, of which 16 count.
  key.resize(128);
  EXPECT_EQ(opened("RC4_default", data_file("rc4_own_key.mge"), key), model);
}

TEST(Cipher, StreamCiphersPadWithZeros) {
  const std::string model = data_file("add.onnx");
  ASSERT_EQ(model.size() % 8, 5u);
  for (const auto& [method, file] :
       {std::pair("RC4_default", "rc4_onnx.bin"), std::pair("SIMPLE_FAST_RC4_default", "sfrc4_onnx.bin")}) {
    EXPECT_TRUE(cipher(method).padded);
    EXPECT_EQ(opened(method, data_file(file)), model + std::string(3, '\0')) << method;
  }
}

// ---- there and back

TEST(Cipher, OpensWhatItSealed) {
  const std::vector<uint8_t> key = numbers(32);
  for (const char* method : {"AES_256_GCM", "AES_default"})
    for (const size_t size : {size_t{0}, size_t{1}, size_t{15}, size_t{16}, size_t{17}, size_t{100000}}) {
      const std::string plain(size, 'x');
      const auto first = package::seal(cipher(method), bytes_of(plain), key);
      const auto second = package::seal(cipher(method), bytes_of(plain), key);
      ASSERT_TRUE(first.is_ok() && second.is_ok()) << method;
      EXPECT_EQ(opened(method, text_of(first.value()), key), plain) << method << " " << size;
      EXPECT_NE(first.value(), second.value()) << "the nonce is drawn anew each time";
    }
}

// Every bit of header, nonce, text and tag counts.
TEST(Cipher, GcmRefusesEveryChange) {
  const std::vector<uint8_t> key = numbers(32);
  const auto sealed = package::seal(cipher("AES_256_GCM"), bytes_of("some text"), key);
  ASSERT_TRUE(sealed.is_ok());
  const std::string good = text_of(sealed.value());
  for (size_t i = 0; i < good.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      EXPECT_NE(opened("AES_256_GCM", bad, key).find("error: "), std::string::npos) << i << "." << bit;
    }
  for (size_t n = 0; n < good.size(); ++n)
    EXPECT_NE(opened("AES_256_GCM", good.substr(0, n), key).find("error: "), std::string::npos) << n;
}

TEST(Cipher, StreamCiphersNoticeChanges) {
  for (const auto& [method, file] :
       {std::pair("RC4_default", "rc4.mge"), std::pair("SIMPLE_FAST_RC4_default", "sfrc4.mge")}) {
    const std::string good = data_file(file);
    for (size_t i = 0; i < good.size(); i += 97) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 4);
      EXPECT_NE(opened(method, bad).find("the checksum is wrong"), std::string::npos) << method << " " << i;
    }
    EXPECT_NE(opened(method, good, numbers(16)).find("another key"), std::string::npos) << method;
  }
}

// ---- errors name the method, what is wanted and what is there, and nothing of the key

TEST(Cipher, KeysOfTheWrongLength) {
  for (const Cipher& c : package::ciphers()) {
    for (const size_t n : {size_t{1}, c.key_bytes - 1, c.key_bytes + 1}) {
      const std::vector<uint8_t> key(n, 'k');
      const Status s = package::check_key(c, key);
      if (n > c.key_bytes && c.longer_keys) {
        EXPECT_TRUE(s.is_ok()) << c.name;
        continue;
      }
      ASSERT_EQ(s.code(), Code::kInvalidArgument) << c.name;
      for (const std::string& part : {std::string(c.name), cat(n, " bytes"), cat(c.key_bytes)})
        EXPECT_NE(s.message().find(part), std::string::npos) << s.message();
      EXPECT_EQ(s.message().find("kkk"), std::string::npos);
    }
    EXPECT_NE(package::check_key(c, {}).message().find("no key"), std::string::npos) << c.name;
  }
}

TEST(Cipher, SaysWhatIsWrong) {
  const std::vector<uint8_t> key = numbers(32);
  const auto message = [&](const char* method, const std::string& bytes) {
    return opened(method, bytes, key);
  };
  EXPECT_NE(message("AES_256_GCM", std::string(39, 'x')).find("39 bytes are cut short"), std::string::npos);
  EXPECT_NE(message("AES_256_GCM", std::string(40, 'x')).find("'LITE-GCM'"), std::string::npos);
  EXPECT_NE(message("AES_256_GCM", "LITE-GCM" + std::string(32, '\2')).find("version 33686018"),
            std::string::npos);
  EXPECT_NE(message("AES_default", std::string(23, 'x')).find("23 bytes"), std::string::npos);
  EXPECT_NE(message("AES_default", std::string(41, 'x')).find("41 bytes"), std::string::npos);
  EXPECT_NE(message("AES_default", std::string(40, 'x')).find("claims"), std::string::npos);
  EXPECT_NE(message("RC4_default", "1234567").find("7 bytes"), std::string::npos);
  EXPECT_NE(message("SIMPLE_FAST_RC4_default", "").find("0 bytes"), std::string::npos);
  const auto sealed = package::seal(cipher("RC4_default"), bytes_of("text"), cipher("RC4_default").known_key);
  ASSERT_FALSE(sealed.is_ok());
  EXPECT_EQ(sealed.error().code, Code::kUnsupported);
  EXPECT_EQ(package::find_cipher("AES"), nullptr);
}

TEST(Secret, IsZeroAndOfItsSize) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{4096}, size_t{4097}}) {
    Result<package::Secret> s = package::make_secret(size);
    ASSERT_TRUE(s.is_ok());
    ASSERT_EQ(s.value().bytes.size(), size);
    for (const std::byte b : s.value().bytes) ASSERT_EQ(b, std::byte{0});
  }
  EXPECT_EQ(package::make_secret(SIZE_MAX).error().code, Code::kOutOfMemory);
}

}  // namespace
}  // namespace lite::test
