#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const Tensor& x() {
  static const Tensor t = f32({3}, {1, 2, 3});
  return t;
}
Attrs mode(const char* m) { return {{"mode", std::string(m)}}; }

TEST(Pad, Modes) {
  expect_equal(eval("Pad", {x(), i64({2}, {1, 2}), f32({}, {9})}), f32({6}, {9, 1, 2, 3, 9, 9}));
  expect_equal(eval("Pad", {x(), i64({2}, {2, 1})}, mode("edge")), f32({6}, {1, 1, 1, 2, 3, 3}));
  expect_equal(eval("Pad", {x(), i64({2}, {2, 2})}, mode("reflect")), f32({7}, {3, 2, 1, 2, 3, 2, 1}));
  expect_equal(eval("Pad", {x(), i64({2}, {4, 1})}, mode("wrap")), f32({8}, {3, 1, 2, 3, 1, 2, 3, 1}));
}

TEST(Pad, AxesAndNegative) {
  EXPECT_NE(error_of("Pad", {x(), i64({2}, {1, 2}), f32({2}, {9, 8})}).find("one element wanted"),
            std::string::npos);
  const Tensor m = f32({2, 2}, {1, 2, 3, 4});
  expect_equal(eval("Pad", {m, i64({2}, {1, -1}), Tensor(), i64({1}, {-1})}), f32({2, 2}, {0, 1, 0, 3}));
  EXPECT_NE(error_of("Pad", {x(), i64({2}, {-2, -2})}).find("cannot be padded by -2 and -2"),
            std::string::npos);
  EXPECT_NE(error_of("Pad", {f32({0}, {}), i64({2}, {1, 0})}, mode("edge")).find("empty dimension"),
            std::string::npos);
  EXPECT_NE(error_of("Pad", {x(), i64({1}, {1})}).find("1 entries for 1 axes"), std::string::npos);
}

TEST(CenterCropPad, CutsAndPads) {
  expect_equal(eval("CenterCropPad", {f32({2, 5}, {0, 1, 2, 3, 4, 10, 11, 12, 13, 14}), i64({2}, {3, 2})}),
               f32({3, 2}, {1, 2, 11, 12, 0, 0}));
}

}  // namespace
}  // namespace lite::test
