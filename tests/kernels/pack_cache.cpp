#include "core/kernels/pack_cache.h"

#include <gtest/gtest.h>

#include <cstring>

namespace lite {
namespace {

struct PackCacheTest : ::testing::Test {
  int fills = 0;
  Tensor weights = Tensor::derived(DType::kF32, Dims{50000}, [this](void* to) {
                     ++fills;
                     for (int i = 0; i < 50000; ++i) static_cast<float*>(to)[i] = static_cast<float>(i);
                   }).value();
  PackCache packs;

  std::shared_ptr<const PackCache::Packed> pack(const char* how) {
    return packs
        .get(weights, how,
             [&]() -> Result<PackCache::Packed> {
               LITE_ASSIGN(PackCache::Packed p, PackCache::allocate(weights.bytes()));
               std::memcpy(p.data.get(), weights.raw(), weights.bytes());
               return p;
             })
        .value();
  }
};

TEST_F(PackCacheTest, GivesDerivedWeightsBackWhenTheyArePacked) {
  const PackCache::Reader reader(packs);
  const auto a = pack("a");
  EXPECT_EQ(fills, 1);
  EXPECT_EQ(static_cast<const float*>(a->data.get())[49999], 49999);
  EXPECT_EQ(pack("a"), a);  // known by where the weights lie; they are not made for that
  EXPECT_EQ(fills, 1);
  const auto b = pack("b");
  EXPECT_EQ(fills, 2);
  EXPECT_EQ(std::memcmp(a->data.get(), b->data.get(), weights.bytes()), 0);
}

TEST_F(PackCacheTest, LeavesDerivedWeightsToOtherReaders) {
  const PackCache::Reader reader(packs);
  {
    const PackCache::Reader other(packs);
    const auto a = pack("a");
    EXPECT_EQ(weights.float_at(3), 3);
    EXPECT_EQ(fills, 1);
  }
  const auto b = pack("b");
  EXPECT_EQ(fills, 1);
  EXPECT_EQ(weights.float_at(3), 3);
  EXPECT_EQ(fills, 2);
}

}  // namespace
}  // namespace lite
