#include "core/package/pack.h"

#include "tests/package/hostile_packs.h"
#include "tests/package/package_test.h"

namespace lite::test {
namespace {

using package::Pack;

Result<Pack> read_text(const std::string& bytes) { return package::read_pack({nullptr, bytes_of(bytes)}); }

TEST(Pack, ReadsWhatMegEngineMade) {
  const std::string model = data_file("../mge/xor/model.mge"), info = data_file("info.json");
  for (const char* name :
       {"plain.lite", "cache.lite", "no_info.lite", "rc4.lite", "sfrc4.lite", "aes.lite"}) {
    const std::string file = data_file(name);
    const Result<Pack> pack = read_text(file);
    ASSERT_TRUE(pack.is_ok()) << name << ": " << pack.error().message;
    const Pack& p = pack.value();
    const bool aes = std::string_view(name) == "aes.lite", rc4 = std::string_view(name) == "rc4.lite";
    const bool bare = std::string_view(name) == "no_info.lite";
    EXPECT_EQ(p.name, bare ? "" : "xor");
    EXPECT_EQ(p.info_parser, "LITE_default");
    EXPECT_EQ(p.info_method, aes ? "AES_default" : rc4 ? "RC4_default" : "NONE") << name;
    EXPECT_EQ(text_of(p.model.view) == model, p.model_method == "NONE") << name;
    EXPECT_EQ(text_of(p.info.view) == (bare ? "" : info), p.info_method == "NONE") << name;
    EXPECT_EQ(p.cache.view.size(), std::string_view(name) == "cache.lite" ? 1828u : 0u) << name;
    EXPECT_TRUE(p.binary_cache.view.empty());
  }
}

TEST(Pack, ReadsWhatItWrote) {
  for (size_t size = 1; size < 200; ++size) {
    const std::string model(size, 'm'), info = "{}", cache(size / 2, 'c'), binary(size / 3, 'b');
    Pack pack{.name = std::string(size % 7, 'n'), .model_method = "AES_256_GCM", .info_parser = "mine"};
    pack.model.view = bytes_of(model);
    pack.info.view = bytes_of(info);
    pack.cache.view = bytes_of(cache);
    pack.binary_cache.view = bytes_of(binary);
    const auto written = package::write_pack(pack);
    ASSERT_TRUE(written.is_ok()) << written.error().message;
    const std::string file = text_of(written.value());
    const Result<Pack> read = read_text(file);
    ASSERT_TRUE(read.is_ok()) << read.error().message;
    const Pack& p = read.value();
    EXPECT_EQ(p.name, pack.name);
    EXPECT_EQ(p.model_method, "AES_256_GCM");
    EXPECT_EQ(p.info_method, "NONE");
    EXPECT_EQ(p.info_parser, "mine");
    EXPECT_EQ(text_of(p.model.view), model);
    EXPECT_EQ(text_of(p.info.view), info);
    EXPECT_EQ(text_of(p.cache.view), cache);
    EXPECT_EQ(text_of(p.binary_cache.view), binary);
    EXPECT_EQ((p.model.view.data() - bytes_of(file).data()) % 32, 0) << size;
  }
}

TEST(Pack, PointsIntoTheFile) {
  const std::string file = data_file("plain.lite");
  const Bytes copy = copy_bytes(bytes_of(file));
  const Result<Pack> pack = package::read_pack(copy);
  ASSERT_TRUE(pack.is_ok());
  EXPECT_EQ(pack.value().model.owner, copy.owner);
  EXPECT_GE(pack.value().model.view.data(), copy.view.data());
  EXPECT_LE(pack.value().model.view.data() + pack.value().model.view.size(),
            copy.view.data() + copy.view.size());
}

TEST(Pack, HostileOnesAreRefusedByName) {
  for (const HostilePack& h : hostile_packs()) {
    const Result<Pack> pack = read_text(h.bytes);
    ASSERT_FALSE(pack.is_ok()) << h.name;
    EXPECT_TRUE(pack.error().code == Code::kInvalidModel || pack.error().code == Code::kUnsupported)
        << h.name;
    EXPECT_NE(pack.error().message.find(h.message), std::string::npos)
        << h.name << ": " << pack.error().message;
  }
  EXPECT_FALSE(read_text("").is_ok());
  EXPECT_FALSE(read_text("packed_mode").is_ok());
}

// Whatever is changed, what is read lies in the file, and all of it can be looked at.
TEST(Pack, EveryChangedByteAndTruncationIsSurvived) {
  const std::string good = data_file("plain.lite");
  size_t sum = 0;
  const auto look = [&](const std::string& bytes) {
    const Result<Pack> pack = read_text(bytes);
    if (!pack.is_ok()) return;
    for (const Bytes& b : {pack.value().model, pack.value().info, pack.value().cache})
      for (const std::byte x : b.view) sum += std::to_integer<size_t>(x);
  };
  for (size_t n = 0; n < good.size(); ++n) {
    look(good.substr(0, n));
    std::string bad = good;
    bad[n] = static_cast<char>(bad[n] ^ 0xff);
    look(bad);
  }
  EXPECT_GT(sum, 0u);
}

TEST(Pack, UnalignedMemoryIsFine) {
  const std::string good = data_file("plain.lite");
  for (size_t shift = 1; shift < 4; ++shift) {
    const std::string moved = std::string(shift, ' ') + good;
    const Result<Pack> pack = package::read_pack({nullptr, bytes_of(moved).subspan(shift)});
    ASSERT_TRUE(pack.is_ok());
    EXPECT_EQ(pack.value().name, "xor");
  }
}

}  // namespace
}  // namespace lite::test
