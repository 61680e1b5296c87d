#include <gtest/gtest.h>

#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(QLinearAdd, RoundsOnceAndSaturates) {
  // Reals {0, 1, 2, 127} + {10, 0.5, -1, 100}, in steps of 1 around 100.
  const Tensor y = eval("QLinearAdd",
                        {u8({4}, {0, 2, 4, 254}), f32({}, {0.5F}), u8({}, {0}), u8({4}, {138, 129, 126, 228}),
                         f32({}, {1}), u8({}, {128}), f32({}, {1}), u8({}, {100})},
                        {}, "com.microsoft");
  expect_equal(y, u8({4}, {110, 102, 100, 255}));
}

TEST(QLinearMul, BroadcastsAndHasNoZeroPoints) {
  const Tensor none;
  const Tensor y = eval("QLinearMul",
                        {i8({2, 2}, {1, -2, 3, -4}), f32({}, {2}), none, i8({1, 1}, {5}), f32({1}, {0.5F}),
                         none, f32({}, {1}), none},
                        {}, "com.microsoft");
  expect_equal(y, i8({2, 2}, {5, -10, 15, -20}));
}

TEST(QLinearGlobalAveragePool, Mean) {
  const Tensor y = eval("QLinearGlobalAveragePool",
                        {u8({1, 2, 2, 2}, {10, 12, 14, 16, 0, 0, 0, 255}), f32({}, {1}), u8({}, {10}),
                         f32({}, {0.5F}), u8({}, {3})},
                        {}, "com.microsoft");
  // Means 3 and 53.75, which is 107.5 quanta: to even.
  expect_equal(y, u8({1, 2, 1, 1}, {9, 111}));
  EXPECT_NE(error_of("QLinearGlobalAveragePool",
                     {u8({1, 1, 1, 1}, {0}), f32({}, {1}), u8({}, {0}), f32({}, {1}), u8({}, {0})},
                     {{"channels_last", int64_t{1}}}, "com.microsoft")
                .find("channels_last"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
