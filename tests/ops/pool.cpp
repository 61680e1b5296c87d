#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
const Tensor kSquare = f32({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});

TEST(AveragePool, CountsPaddingOnlyWhenTold) {
  const Attrs attrs{{"kernel_shape", Ints{2, 2}}, {"pads", Ints{1, 1, 0, 0}}, {"strides", Ints{2, 2}}};
  expect_equal(eval("AveragePool", {kSquare}, attrs), f32({1, 1, 2, 2}, {1, 2.5f, 5.5f, 7}));
  Attrs counting = attrs;
  counting.push_back({"count_include_pad", int64_t{1}});
  expect_equal(eval("AveragePool", {kSquare}, counting), f32({1, 1, 2, 2}, {0.25f, 1.25f, 2.75f, 7}));
}

TEST(AveragePool, CeilModeHasNoWindowThatStartsInThePadding) {
  const Tensor x = f32({1, 1, 4}, {1, 2, 3, 4});
  const Attrs attrs{
      {"kernel_shape", Ints{1}}, {"strides", Ints{2}}, {"pads", Ints{0, 1}}, {"ceil_mode", int64_t{1}}};
  expect_equal(eval("AveragePool", {x}, attrs), f32({1, 1, 2}, {1, 3}));
  expect_equal(
      eval("AveragePool", {x}, {{"kernel_shape", Ints{3}}, {"strides", Ints{2}}, {"ceil_mode", int64_t{1}}}),
      f32({1, 1, 2}, {2, 3.5f}));
  expect_equal(eval("AveragePool", {x},
                    {{"kernel_shape", Ints{3}}, {"strides", Ints{INT32_MAX}}, {"ceil_mode", int64_t{1}}}),
               f32({1, 1, 1}, {2}));
}

TEST(MaxPool, TellsWhereItFoundThem) {
  const Attrs attrs{{"kernel_shape", Ints{2, 2}}};
  auto r = run_op("MaxPool", {kSquare}, attrs, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({1, 1, 2, 2}, {5, 6, 8, 9}));
  expect_equal(r.value()[1], i64({1, 1, 2, 2}, {4, 5, 7, 8}));
  Attrs by_column = attrs;
  by_column.push_back({"storage_order", int64_t{1}});
  r = run_op("MaxPool", {kSquare}, by_column, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[1], i64({1, 1, 2, 2}, {4, 7, 5, 8}));
}

TEST(MaxPool, DilatesPadsAndTakesBytes) {
  expect_equal(eval("MaxPool", {kSquare}, {{"kernel_shape", Ints{2, 2}}, {"dilations", Ints{2, 2}}}),
               f32({1, 1, 1, 1}, {9}));
  expect_equal(eval("MaxPool", {i8({1, 1, 2}, {-5, -3})}, {{"kernel_shape", Ints{2}}, {"pads", Ints{1, 1}}}),
               i8({1, 1, 3}, {-5, -3, -3}));
  expect_equal(eval("MaxPool", {u8({1, 1, 3}, {1, 9, 2})},
                    {{"kernel_shape", Ints{2}}, {"auto_pad", std::string("SAME_UPPER")}}),
               u8({1, 1, 3}, {9, 9, 2}));
}

TEST(MaxPool, NamesWhatIsWrong) {
  EXPECT_TRUE(contains(error_of("MaxPool", {kSquare}, {{"kernel_shape", Ints{2}}}),
                       "'kernel_shape' has 1 numbers, 2 wanted"));
  EXPECT_TRUE(contains(error_of("MaxPool", {kSquare}, {{"kernel_shape", Ints{0, 1}}}),
                       "'kernel_shape' has the value 0"));
  EXPECT_TRUE(
      contains(error_of("MaxPool", {kSquare}, {{"kernel_shape", Ints{4, 1}}}), "a window of 4 does not fit"));
  EXPECT_TRUE(contains(error_of("MaxPool", {f32({2, 2}, {1, 2, 3, 4})}, {{"kernel_shape", Ints{1}}}),
                       "at least three dimensions"));
}

TEST(LpPool, IsANorm) {
  expect_near(eval("LpPool", {f32({1, 1, 2}, {3, -4})}, {{"kernel_shape", Ints{2}}}), f32({1, 1, 1}, {5}));
  expect_near(eval("LpPool", {f32({1, 1, 2}, {3, -4})}, {{"kernel_shape", Ints{2}}, {"p", int64_t{1}}}),
              f32({1, 1, 1}, {7}));
}

TEST(GlobalPool, ReducesEachPlane) {
  const Tensor x = f32({1, 2, 2}, {1, 3, -3, -4});
  expect_equal(eval("GlobalAveragePool", {x}), f32({1, 2, 1}, {2, -3.5f}));
  expect_equal(eval("GlobalMaxPool", {x}), f32({1, 2, 1}, {3, -3}));
  expect_near(eval("GlobalLpPool", {x}), f32({1, 2, 1}, {3.1622777f, 5}));
  expect_equal(eval("GlobalAveragePool", {f16({1, 2}, {1, 3})}), f16({1, 2}, {1, 3}));
}

}  // namespace
}  // namespace lite::test
