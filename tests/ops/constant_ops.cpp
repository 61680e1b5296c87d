#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Constant, EveryForm) {
  expect_equal(eval("Constant", {}, {{"value_int", int64_t{7}}}), i64({}, {7}));
  expect_equal(eval("Constant", {}, {{"value_floats", std::vector<float>{1, 2}}}), f32({2}, {1, 2}));
  expect_equal(eval("Constant", {}, {{"value_strings", std::vector<std::string>{"a"}}}), strings({1}, {"a"}));
  expect_equal(eval("Constant", {}, {{"value", i8({2}, {1, 2})}}), i8({2}, {1, 2}));
  EXPECT_NE(error_of("Constant", {}).find("Constant: has no value"), std::string::npos);
}

TEST(Constant, OfShape) {
  expect_equal(eval("ConstantOfShape", {i64({2}, {1, 2})}), f32({1, 2}, {0, 0}));
  expect_equal(eval("ConstantOfShape", {i64({1}, {2})}, {{"value", i32({1}, {5})}}), i32({2}, {5, 5}));
  expect_equal(eval("ConstantOfShape", {i64({0}, {})}), f32({}, {0}));
  EXPECT_NE(error_of("ConstantOfShape", {i64({1}, {-1})}).find("negative"), std::string::npos);
  const Tensor complex = tensor<std::complex<float>>(DType::kC64, {1}, {{1, 2}});
  EXPECT_NE(error_of("ConstantOfShape", {i64({1}, {2})}, {{"value", complex}}).find("complex64"),
            std::string::npos);
  EXPECT_NE(
      error_of("ConstantOfShape", {i64({2}, {int64_t{1} << 40, int64_t{1} << 40})}).find("does not fit"),
      std::string::npos);
}

TEST(Range, BothDirections) {
  expect_equal(eval("Range", {i64({}, {1}), i64({}, {8}), i64({}, {3})}), i64({3}, {1, 4, 7}));
  expect_equal(eval("Range", {i32({}, {3}), i32({}, {0}), i32({}, {-1})}), i32({3}, {3, 2, 1}));
  expect_equal(eval("Range", {f32({}, {0}), f32({}, {1}), f32({}, {0.25f})}),
               f32({4}, {0, 0.25f, 0.5f, 0.75f}));
  expect_equal(eval("Range", {i64({}, {5}), i64({}, {1}), i64({}, {1})}), i64({0}, {}));
  EXPECT_NE(error_of("Range", {i64({}, {0}), i64({}, {1}), i64({}, {0})}).find("Range: delta is 0"),
            std::string::npos);
}

TEST(EyeLike, Diagonals) {
  expect_equal(eval("EyeLike", {i32({2, 3}, {0, 0, 0, 0, 0, 0})}, {{"k", int64_t{1}}, {"dtype", int64_t{1}}}),
               f32({2, 3}, {0, 1, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace lite::test
