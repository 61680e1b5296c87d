#include "core/ir/tensor.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/base/memory_budget.h"

namespace lite {
namespace {

constexpr int64_t kElements = 100000;

Tensor counting(int* fills) {
  return Tensor::derived(DType::kI32, Dims{kElements},
                         [fills](void* to) {
                           ++*fills;
                           for (int32_t i = 0; i < kElements; ++i) static_cast<int32_t*>(to)[i] = i;
                         })
      .value();
}

TEST(Tensor, DerivedContentsAreMadeWhenTheyAreRead) {
  int fills = 0;
  const Tensor t = counting(&fills);
  const void* const address = t.address();
  EXPECT_EQ(fills, 0);
  EXPECT_EQ(t.int_at(kElements - 1), kElements - 1);
  EXPECT_EQ(t.reshaped({kElements / 2, 2}).float_at(7), 7);
  EXPECT_EQ(fills, 1);
  t.release();
  t.release();
  EXPECT_EQ(fills, 1);
  EXPECT_EQ(t.raw(), address);
  EXPECT_EQ(t.data<int32_t>()[12345], 12345);
  EXPECT_EQ(fills, 2);
  t.release();
  EXPECT_TRUE(same_bits(t.clone().value(), t));
  EXPECT_EQ(fills, 3);
}

TEST(Tensor, DerivedContentsStayWhenTheyAreKept) {
  int fills = 0;
  const Tensor t = counting(&fills);
  t.keep();
  t.release();
  EXPECT_EQ(t.data<int32_t>()[1], 1);
  EXPECT_EQ(fills, 1);
  // Nothing to do for others.
  const Tensor other = Tensor::scalar_f32(2);
  other.keep();
  other.release();
  EXPECT_EQ(other.float_at(0), 2);
}

TEST(Tensor, DerivedContentsAreMadeOnceForManyThreads) {
  int fills = 0;
  const Tensor t = counting(&fills);
  std::vector<std::thread> readers;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 8; ++i)
    readers.emplace_back([&] { wrong += t.int_at(kElements - 1) != kElements - 1; });
  for (std::thread& r : readers) r.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(fills, 1);
}

TEST(Tensor, DerivedContentsCountAgainstTheBudget) {
  const auto budget = std::make_shared<MemoryBudget>(4 * kElements, "limit");
  const MemoryBudget::Scope scope(budget);
  int fills = 0;
  {
    const Tensor t = counting(&fills);
    EXPECT_EQ(budget->used(), 4u * kElements);
    EXPECT_EQ(Tensor::derived(DType::kI8, Dims{1}, [](void*) {}).error().code, Code::kLimitExceeded);
  }
  EXPECT_EQ(budget->used(), 0u);
  EXPECT_EQ(Tensor::derived(DType::kF32, Dims{INT64_MAX}, [](void*) {}).error().code, Code::kOutOfMemory);
}

}  // namespace
}  // namespace lite
