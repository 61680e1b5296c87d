#include "core/compile/memory_plan.h"

#include <gtest/gtest.h>

#include <random>

namespace lite {
namespace {

TEST(MemoryPlan, ReusesWhatIsDead) {
  const std::vector<Lifetime> l{{100, 0, 1}, {100, 1, 2}, {100, 2, 3}};
  const auto plan = plan_memory(l, 64);
  ASSERT_TRUE(plan.is_ok());
  EXPECT_TRUE(check_plan(plan.value(), l, 64).is_ok());
  EXPECT_EQ(plan.value().total, 256u);
}

TEST(MemoryPlan, RandomLifetimesNeverOverlap) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 rng(seed);
  for (int round = 0; round < 1000; ++round) {
    std::vector<Lifetime> l(rng() % 40);
    for (Lifetime& x : l) {
      x.bytes = rng() % 5 == 0 ? 0 : rng() % 3000;
      x.first = static_cast<int32_t>(rng() % 20);
      x.last = x.first + static_cast<int32_t>(rng() % 6);
    }
    const auto plan = plan_memory(l, 64);
    ASSERT_TRUE(plan.is_ok());
    const Status s = check_plan(plan.value(), l, 64);
    ASSERT_TRUE(s.is_ok()) << s.message();
    // Never more than one after the other.
    size_t sum = 0;
    for (const Lifetime& x : l) sum += (x.bytes + 63) / 64 * 64;
    EXPECT_LE(plan.value().total, sum);
  }
}

TEST(MemoryPlan, CheckerFindsOverlap) {
  const std::vector<Lifetime> l{{100, 0, 1}, {100, 1, 2}};
  MemoryPlan bad;
  bad.offsets = {0, 64};
  bad.total = 164;
  EXPECT_FALSE(check_plan(bad, l, 64).is_ok());
  bad.offsets = {0, 100};
  EXPECT_FALSE(check_plan(bad, l, 64).is_ok());  // not aligned
  bad.offsets = {0, 128};
  EXPECT_FALSE(check_plan(bad, l, 64).is_ok());  // ends outside
  bad.total = 256;
  EXPECT_TRUE(check_plan(bad, l, 64).is_ok());
}

TEST(MemoryPlan, RefusesWhatDoesNotFit) {
  const std::vector<Lifetime> l{{SIZE_MAX - 100, 0, 1}, {200, 0, 1}};
  const auto plan = plan_memory(l, 64);
  ASSERT_FALSE(plan.is_ok());
  EXPECT_EQ(plan.error().code, Code::kOutOfMemory);
}

}  // namespace
}  // namespace lite
