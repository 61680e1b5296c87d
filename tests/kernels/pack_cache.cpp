#include "core/kernels/pack_cache.h"

#include <gtest/gtest.h>

#include <cstring>

namespace lite {
namespace {

struct PackCacheTest : ::testing::Test {
  int fills = 0;
  const void* read = nullptr;  // where the last packing read the weights
  Tensor weights = Tensor::derived(DType::kF32, Dims{50000}, [this](void* to) {
                     ++fills;
                     for (int i = 0; i < 50000; ++i) static_cast<float*>(to)[i] = static_cast<float>(i);
                   }).value();
  PackCache packs;

  std::shared_ptr<const PackCache::Packed> pack(const char* how) {
    return packs
        .get(weights, how, weights.bytes(),
             [&](void* to, const void* from) {
               read = from;
               std::memcpy(to, from, weights.bytes());
               return ok();
             })
        .value();
  }
};

TEST_F(PackCacheTest, MakesDerivedWeightsElsewhere) {
  const PackCache::Reader reader(packs);
  const auto a = pack("a");
  EXPECT_EQ(fills, 1);
  EXPECT_TRUE(weights.is_away());
  const void* const first = read;
  EXPECT_NE(first, weights.address());
  EXPECT_EQ(static_cast<const float*>(a->data.get())[49999], 49999);
  EXPECT_EQ(pack("a"), a);  // known by where the weights lie; they are not made for that
  EXPECT_EQ(fills, 1);
  const auto b = pack("b");
  EXPECT_EQ(fills, 2);
  EXPECT_EQ(read, first);
  EXPECT_EQ(std::memcmp(a->data.get(), b->data.get(), weights.bytes()), 0);
}

TEST_F(PackCacheTest, GivesDerivedWeightsBackWhenTheyArePacked) {
  const PackCache::Reader reader(packs);
  EXPECT_EQ(weights.float_at(3), 3);
  const auto a = pack("a");
  EXPECT_EQ(read, weights.address());
  EXPECT_EQ(fills, 1);
  EXPECT_TRUE(weights.is_away());
  pack("b");
  EXPECT_NE(read, weights.address());
  EXPECT_EQ(fills, 2);
}

TEST_F(PackCacheTest, LeavesDerivedWeightsToOtherReaders) {
  const PackCache::Reader reader(packs);
  {
    const PackCache::Reader other(packs);
    EXPECT_EQ(weights.float_at(3), 3);
    const auto a = pack("a");
    EXPECT_EQ(weights.float_at(3), 3);
    EXPECT_EQ(fills, 1);
  }
  const auto b = pack("b");
  EXPECT_EQ(fills, 1);
  EXPECT_EQ(weights.float_at(3), 3);
  EXPECT_EQ(fills, 2);
}

TEST_F(PackCacheTest, HandsOutWhatWasStored) {
  const PackCache::Reader reader(packs);
  PackCache::Packed stored = PackCache::allocate(weights.bytes()).value();
  packs.store(weights, "a", stored);
  const auto a = pack("a");
  EXPECT_EQ(a->data, stored.data);
  EXPECT_EQ(fills, 0);
  EXPECT_NE(pack("b")->data, stored.data);
  EXPECT_EQ(fills, 1);
}

TEST_F(PackCacheTest, StoresForThatSizeAndSourceAlone) {
  const PackCache::Reader reader(packs);
  packs.store(weights, "a", PackCache::allocate(weights.bytes() - 1).value());
  EXPECT_EQ(pack("a")->bytes, weights.bytes());
  EXPECT_EQ(fills, 1);
  const Tensor others = weights.clone().value();
  packs.store(others, "b", PackCache::allocate(weights.bytes()).value());
  pack("b");
  EXPECT_EQ(fills, 2);
}

// Two shapes of the same weights may be packed by one name.
TEST_F(PackCacheTest, DoesNotTakeAnotherSizeForTheSame) {
  const auto a = pack("a");
  const auto part = packs.get(weights, "a", 16, [](void* to, const void*) {
    std::memset(to, 0, 16);
    return ok();
  });
  ASSERT_TRUE(part.is_ok());
  EXPECT_EQ(part.value()->bytes, 16u);
}

}  // namespace
}  // namespace lite
