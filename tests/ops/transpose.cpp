#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Transpose, ReversesByDefault) {
  expect_equal(eval("Transpose", {f32({2, 3}, {1, 2, 3, 4, 5, 6})}), f32({3, 2}, {1, 4, 2, 5, 3, 6}));
  expect_equal(eval("Transpose", {f32({}, {1})}), f32({}, {1}));
}

TEST(Transpose, Permutes) {
  const Tensor x = i8({2, 1, 3}, {1, 2, 3, 4, 5, 6});
  expect_equal(eval("Transpose", {x}, {{"perm", std::vector<int64_t>{2, 0, 1}}}),
               i8({3, 2, 1}, {1, 4, 2, 5, 3, 6}));
  expect_equal(eval("Transpose", {strings({1, 2}, {"a", "b"})}), strings({2, 1}, {"a", "b"}));
  EXPECT_NE(error_of("Transpose", {x}, {{"perm", std::vector<int64_t>{0, 0, 1}}}).find("dimension 0 twice"),
            std::string::npos);
  EXPECT_NE(error_of("Transpose", {x}, {{"perm", std::vector<int64_t>{1, 0}}}).find("perm has 2 entries"),
            std::string::npos);
}

TEST(Transpose, PackedTypes) {
  const Tensor x =
      eval("Cast", {i32({2, 3}, {1, 2, 3, 4, 5, 6})}, {{"to", static_cast<int64_t>(DType::kI4)}});
  EXPECT_EQ(values(eval("Transpose", {x})), (std::vector<double>{1, 4, 2, 5, 3, 6}));
}

}  // namespace
}  // namespace lite::test
