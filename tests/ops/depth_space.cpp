#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

Attrs options(const char* mode) { return {{"blocksize", int64_t{2}}, {"mode", std::string(mode)}}; }

TEST(DepthSpace, BothOrders) {
  const Tensor x = f32({1, 8, 1, 1}, {0, 1, 2, 3, 4, 5, 6, 7});
  expect_equal(eval("DepthToSpace", {x}, options("DCR")), f32({1, 2, 2, 2}, {0, 2, 4, 6, 1, 3, 5, 7}));
  expect_equal(eval("DepthToSpace", {x}, options("CRD")), f32({1, 2, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(DepthSpace, UndoEachOther) {
  std::vector<float> v(1 * 8 * 4 * 6);
  for (size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>(i);
  const Tensor x = f32({1, 8, 4, 6}, v);
  for (const char* mode : {"DCR", "CRD"}) {
    expect_equal(eval("DepthToSpace", {eval("SpaceToDepth", {x}, options(mode))}, options(mode)), x);
    expect_equal(eval("SpaceToDepth", {eval("DepthToSpace", {x}, options(mode))}, options(mode)), x);
  }
}

TEST(DepthSpace, SaysWhatDoesNotDivide) {
  EXPECT_NE(
      error_of("DepthToSpace", {f32({1, 2, 1, 1}, {0, 1})}, options("DCR")).find("2 is not a multiple of 4"),
      std::string::npos);
  EXPECT_NE(
      error_of("SpaceToDepth", {f32({1, 1, 1, 2}, {0, 1})}, options("DCR")).find("1 is not a multiple of 2"),
      std::string::npos);
}

}  // namespace
}  // namespace lite::test
