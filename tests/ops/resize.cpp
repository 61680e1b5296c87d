#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
const Tensor kRow = f32({1, 1, 2}, {1, 3});
const Tensor kDouble = f32({3}, {1, 1, 2});
Attr text(const char* name, const char* value) { return {name, std::string(value)}; }

TEST(Resize, NearestTakesAnyType) {
  expect_equal(eval("Resize", {kRow, Tensor(), kDouble}), f32({1, 1, 4}, {1, 1, 3, 3}));
  expect_equal(eval("Resize", {strings({2}, {"a", "b"}), Tensor(), Tensor(), i64({1}, {3})},
                    {text("coordinate_transformation_mode", "asymmetric"), text("nearest_mode", "floor")}),
               strings({3}, {"a", "a", "b"}));
}

TEST(Resize, LinearFollowsItsCoordinates) {
  const Attr linear = text("mode", "linear");
  expect_equal(eval("Resize", {kRow, Tensor(), kDouble}, {linear}), f32({1, 1, 4}, {1, 1.5f, 2.5f, 3}));
  expect_equal(eval("Resize", {kRow, Tensor(), kDouble},
                    {linear, text("coordinate_transformation_mode", "asymmetric")}),
               f32({1, 1, 4}, {1, 2, 3, 3}));
  expect_near(eval("Resize", {kRow, Tensor(), kDouble},
                   {linear, text("coordinate_transformation_mode", "align_corners")}),
              f32({1, 1, 4}, {1, 1.6666666f, 2.3333333f, 3}));
  expect_equal(eval("Resize", {kRow, Tensor(), Tensor(), i64({1}, {1})}, {linear, {"axes", Ints{-1}}}),
               f32({1, 1, 1}, {2}));
}

TEST(Resize, CropsAndExtrapolates) {
  expect_equal(eval("Resize", {kRow, f32({2}, {0, 2}), Tensor(), i64({1}, {3})},
                    {text("mode", "linear"),
                     text("coordinate_transformation_mode", "tf_crop_and_resize"),
                     {"axes", Ints{2}},
                     {"extrapolation_value", 9.0f}}),
               f32({1, 1, 3}, {1, 3, 9}));
}

TEST(Resize, KeepsTheAspect) {
  const Tensor x = f32({2, 4}, std::vector<float>(8, 1));
  EXPECT_EQ(eval("Resize", {x, Tensor(), Tensor(), i64({2}, {4, 4})},
                 {text("keep_aspect_ratio_policy", "not_larger")})
                .dims(),
            (Dims{2, 4}));
  EXPECT_EQ(eval("Resize", {x, Tensor(), Tensor(), i64({2}, {4, 4})},
                 {text("keep_aspect_ratio_policy", "not_smaller")})
                .dims(),
            (Dims{4, 8}));
}

TEST(Resize, NamesWhatIsWrong) {
  EXPECT_TRUE(contains(error_of("Resize", {kRow}), "one of scales and sizes is wanted"));
  EXPECT_TRUE(contains(error_of("Resize", {kRow, Tensor(), f32({3}, {1, 1, -1})}), "scales[2] is -1"));
  EXPECT_TRUE(
      contains(error_of("Resize", {kRow, Tensor(), f32({1}, {1})}), "scales has shape [1], [3] wanted"));
  EXPECT_TRUE(contains(error_of("Resize", {kRow, Tensor(), f32({3}, {1, 1, 1e30f})}), "makes a dimension"));
  EXPECT_TRUE(contains(error_of("Resize", {kRow, Tensor(), Tensor(), i64({1}, {2})}, {{"axes", Ints{3}}}),
                       "axis 3 is out of range"));
  EXPECT_TRUE(contains(error_of("Resize", {kRow, Tensor(), kDouble}, {text("mode", "bilinear")}),
                       "'mode' is 'bilinear'"));
}

}  // namespace
}  // namespace lite::test
