#include "core/base/hash.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/build_id.h"

namespace lite {
namespace {

uint64_t hash_of(const std::string& s) { return hash64(std::as_bytes(std::span(s))); }

// Of the program that defines XXH64.
TEST(Hash, GivesThePublishedValues) {
  EXPECT_EQ(hash_of(""), 0xef46db3751d8e999u);
  EXPECT_EQ(hash_of("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(hash_of("abc"), 0x44bc2cf5ad770999u);
  EXPECT_EQ(hash_of("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1u);
}

TEST(Hash, DoesNotCareInWhichPartsTheBytesCome) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i * 7);
  const auto bytes = std::as_bytes(std::span(text));
  for (size_t n = 0; n <= text.size(); n += 3)
    for (const size_t cut : {size_t{0}, size_t{1}, n / 2, n}) {
      Hash64 hash;
      hash.add(bytes.first(std::min(cut, n)));
      hash.add(bytes.first(n).subspan(std::min(cut, n)));
      EXPECT_EQ(hash.value(), hash64(bytes.first(n))) << n << ' ' << cut;
    }
}

TEST(BuildId, IsTheVersionAndTheSameEachTime) {
  EXPECT_EQ(build_id().find("1."), 0u);
  EXPECT_EQ(build_id(), build_id());
#if defined(__linux__)
  EXPECT_NE(build_id().find(' '), std::string::npos) << build_id();
#endif
}

}  // namespace
}  // namespace lite
