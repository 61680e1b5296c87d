#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};

TEST(Conv, SlidesItsWindow) {
  const Tensor x = f32({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}), w = f32({1, 1, 2, 2}, {1, 0, 0, 1});
  expect_equal(eval("Conv", {x, w}), f32({1, 1, 2, 2}, {6, 8, 12, 14}));
  expect_equal(eval("Conv", {x, w, f32({1}, {100})}, {{"pads", Ints{1, 1, 0, 0}}, {"strides", Ints{2, 2}}}),
               f32({1, 1, 2, 2}, {101, 103, 107, 114}));
  expect_equal(eval("Conv", {x, w}, {{"dilations", Ints{2, 2}}}), f32({1, 1, 1, 1}, {10}));
}

TEST(Conv, SameKeepsTheSize) {
  const Tensor x = f32({1, 1, 3}, {1, 2, 3}), w = f32({1, 1, 2}, {1, 10});
  expect_equal(eval("Conv", {x, w}, {{"auto_pad", std::string("SAME_UPPER")}}), f32({1, 1, 3}, {21, 32, 3}));
  expect_equal(eval("Conv", {x, w}, {{"auto_pad", std::string("SAME_LOWER")}}), f32({1, 1, 3}, {10, 21, 32}));
  expect_equal(eval("Conv", {x, w}, {{"auto_pad", std::string("VALID")}, {"strides", Ints{2}}}),
               f32({1, 1, 1}, {21}));
}

TEST(Conv, GroupsSeparateChannels) {
  const Tensor x = f32({1, 2, 1, 2}, {1, 2, 3, 4}), w = f32({2, 1, 1, 1}, {10, 100});
  expect_equal(eval("Conv", {x, w}, {{"group", int64_t{2}}}), f32({1, 2, 1, 2}, {10, 20, 300, 400}));
}

TEST(Conv, ThreeDimensionsAndNarrowTypes) {
  const std::vector<float> ones(8, 1);
  expect_equal(eval("Conv", {f16({1, 1, 2, 2, 2}, ones), f16({1, 1, 2, 2, 2}, ones)}),
               f16({1, 1, 1, 1, 1}, {8}));
  expect_equal(eval("Conv", {bf16({1, 1, 2, 2, 2}, ones), bf16({1, 1, 1, 2, 2}, {1, 1, 1, 1})}),
               bf16({1, 1, 2, 1, 1}, {4, 4}));
}

TEST(Conv, EmptyBatchIsFine) {
  expect_equal(eval("Conv", {f32({0, 1, 2}, {}), f32({1, 1, 1}, {1})}), f32({0, 1, 2}, {}));
}

TEST(Conv, NamesWhatIsWrong) {
  const Tensor x = f32({1, 1, 3}, {1, 2, 3}), w = f32({1, 1, 2}, {1, 10});
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"strides", Ints{0}}}), "'strides' has the value 0"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"pads", Ints{1}}}), "'pads' has 1 numbers, 2 wanted"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"pads", Ints{-1, 0}}}), "'pads' has the value -1"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"dilations", Ints{int64_t{1} << 62}}}),
                       "'dilations' has the value"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"dilations", Ints{5}}}), "a window of 6 does not fit"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"group", int64_t{0}}}), "'group' is 0"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"group", int64_t{3}}}), "multiple of group 3"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w}, {{"kernel_shape", Ints{3}}}),
                       "'kernel_shape' is [3], the weights' is [2]"));
  EXPECT_TRUE(contains(error_of("Conv", {x, f32({1, 2, 1}, {1, 1})}), "X has 1 channels, W 2"));
  EXPECT_TRUE(contains(error_of("Conv", {x, w, f32({2}, {1, 1})}), "B has shape [2]"));
  EXPECT_TRUE(
      contains(error_of("Conv", {x, w}, {{"auto_pad", std::string("SAME")}}), "'auto_pad' is 'SAME'"));
}

TEST(Conv, InfersWhatItCan) {
  const Fact w(DType::kF32, {8, 3, 3, 3});
  const Attrs same{{"pads", Ints{1, 1, 1, 1}}};
  EXPECT_EQ(inferred("Conv", {Fact(DType::kF32, {-2, 3, -3, 7}), w}, same).dims, (Dims{-2, 8, -3, 7}));
  EXPECT_EQ(inferred("Conv", {Fact(DType::kF32), w}, same).dims, (Dims{-1, 8, -1, -1}));
}

TEST(ConvTranspose, SpreadsItsWindow) {
  const Tensor x = f32({1, 1, 1, 2}, {1, 2}), w = f32({1, 1, 1, 2}, {1, 10});
  expect_equal(eval("ConvTranspose", {x, w}), f32({1, 1, 1, 3}, {1, 12, 20}));
  expect_equal(
      eval("ConvTranspose", {x, w, f32({1}, {5})}, {{"strides", Ints{1, 2}}, {"output_padding", Ints{0, 1}}}),
      f32({1, 1, 1, 5}, {6, 15, 7, 25, 5}));
  expect_equal(eval("ConvTranspose", {x, w}, {{"pads", Ints{0, 1, 0, 0}}}), f32({1, 1, 1, 2}, {12, 20}));
  expect_equal(
      eval("ConvTranspose", {x, w}, {{"output_shape", Ints{1, 2}}, {"auto_pad", std::string("SAME_UPPER")}}),
      f32({1, 1, 1, 2}, {1, 12}));
}

TEST(ConvTranspose, GroupsSeparateChannels) {
  const Tensor x = f32({1, 2, 1}, {1, 2}), w = f32({2, 2, 1}, {1, 2, 3, 4});
  expect_equal(eval("ConvTranspose", {x, w}, {{"group", int64_t{2}}}), f32({1, 4, 1}, {1, 2, 6, 8}));
  EXPECT_TRUE(contains(error_of("ConvTranspose", {x, w}, {{"group", int64_t{3}}}), "multiple of group 3"));
}

TEST(ConvInteger, ZeroPointsPadWithZero) {
  const Tensor x = u8({1, 1, 3}, {2, 3, 4}), w = i8({2, 1, 2}, {1, 1, 3, 3});
  expect_equal(eval("ConvInteger", {x, w, u8({}, {1}), i8({2}, {0, 2})}, {{"pads", Ints{1, 0}}}),
               i32({1, 2, 3}, {1, 3, 5, 1, 3, 5}));
}

TEST(QLinearConv, RequantisesPerChannel) {
  const Tensor x = u8({1, 1, 2}, {11, 12}), w = i8({2, 1, 1}, {3, 100});
  const Tensor one = f32({}, {1}), b = i32({2}, {1, 0});
  expect_equal(
      eval("QLinearConv", {x, one, u8({}, {10}), w, f32({2}, {0.5f, 2}), i8({}, {0}), one, i8({}, {1}), b}),
      i8({1, 2, 2}, {3, 5, 127, 127}));  // 4 * 0.5, 3.5 rounds to 4; 200 saturates
}

}  // namespace
}  // namespace lite::test
