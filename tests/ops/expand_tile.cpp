#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Expand, BroadcastsBothWays) {
  expect_equal(eval("Expand", {f32({2, 1}, {1, 2}), i64({3}, {2, 1, 2})}),
               f32({2, 2, 2}, {1, 1, 2, 2, 1, 1, 2, 2}));
  expect_equal(eval("Expand", {f32({2}, {1, 2}), i64({1}, {1})}), f32({2}, {1, 2}));
  EXPECT_NE(error_of("Expand", {f32({2}, {1, 2}), i64({1}, {3})}).find("cannot be broadcast"),
            std::string::npos);
}

TEST(Tile, Repeats) {
  expect_equal(eval("Tile", {f32({2, 1}, {1, 2}), i64({2}, {2, 2})}), f32({4, 2}, {1, 1, 2, 2, 1, 1, 2, 2}));
  expect_equal(eval("Tile", {f32({2}, {1, 2}), i64({1}, {0})}), f32({0}, {}));
  EXPECT_NE(error_of("Tile", {f32({}, {1}), i64({3}, {1, 1, 1})}).find("rank 0"), std::string::npos);
  EXPECT_NE(error_of("Tile", {f32({2}, {1, 2}), i64({1}, {-1})}).find("-1 at 0"), std::string::npos);
  EXPECT_NE(error_of("Tile", {f32({2}, {1, 2}), i64({1}, {int64_t{1} << 62})}).find("too large"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
