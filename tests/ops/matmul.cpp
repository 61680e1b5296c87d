#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};

TEST(MatMul, MatricesAndVectors) {
  const Tensor a = f32({2, 3}, {1, 2, 3, 4, 5, 6}), b = f32({3, 2}, {1, 0, 0, 1, 1, 1}),
               v = f32({3}, {1, 1, 1});
  expect_equal(eval("MatMul", {a, b}), f32({2, 2}, {4, 5, 10, 11}));
  expect_equal(eval("MatMul", {a, v}), f32({2}, {6, 15}));
  expect_equal(eval("MatMul", {v, b}), f32({2}, {2, 2}));
  expect_equal(eval("MatMul", {v, v}), f32({}, {3}));
}

TEST(MatMul, BatchesBroadcast) {
  const Tensor a = f32({2, 1, 1, 2}, {1, 2, 3, 4}), b = f32({2, 2, 1}, {1, 1, 0, 1});
  expect_equal(eval("MatMul", {a, b}), f32({2, 2, 1, 1}, {3, 2, 7, 4}));
}

TEST(MatMul, OtherTypes) {
  expect_equal(eval("MatMul", {i32({1, 1}, {-3}), i32({1, 1}, {5})}), i32({1, 1}, {-15}));
  expect_equal(eval("MatMul", {i64({1, 1}, {int64_t{1} << 62}), i64({1, 1}, {4})}), i64({1, 1}, {0}));
  expect_equal(eval("MatMul", {f16({1, 2}, {1, 2}), f16({2, 1}, {3, 4})}), f16({1, 1}, {11}));
  expect_equal(eval("MatMul", {f64({1, 0}, {}), f64({0, 2}, {})}), f64({1, 2}, {0, 0}));
}

TEST(MatMul, NamesWhatIsWrong) {
  EXPECT_TRUE(contains(error_of("MatMul", {f32({1, 2}, {1, 2}), f32({1, 2}, {1, 2})}),
                       "inner dimensions 2 and 1 differ"));
  EXPECT_TRUE(contains(error_of("MatMul", {f32({}, {1}), f32({1}, {1})}), "A is a scalar"));
}

TEST(Gemm, TransposesScalesAndAdds) {
  const Tensor a = f32({3, 2}, {1, 4, 2, 5, 3, 6}), b = f32({2, 3}, {1, 0, 1, 0, 1, 1});
  const Attrs attrs{{"transA", int64_t{1}}, {"transB", int64_t{1}}, {"alpha", 0.5f}, {"beta", 2.0f}};
  expect_equal(eval("Gemm", {a, b, f32({2, 1}, {1, 10})}, attrs), f32({2, 2}, {4, 4.5f, 25, 25.5f}));
  expect_equal(eval("Gemm", {a, b, f32({}, {1})}, attrs), f32({2, 2}, {4, 4.5f, 7, 7.5f}));
  expect_equal(eval("Gemm", {a, b}, attrs), f32({2, 2}, {2, 2.5f, 5, 5.5f}));
  EXPECT_TRUE(contains(error_of("Gemm", {a, b, f32({3}, {1, 2, 3})}, attrs), "C has shape [3]"));
  expect_equal(eval("Gemm", {i32({1, 1}, {3}), i32({1, 1}, {-4}), i32({1}, {1})}), i32({1, 1}, {-11}));
}

TEST(MatMulInteger, ZeroPointsByRowAndColumn) {
  const Tensor a = u8({2, 2}, {11, 12, 13, 14}), b = i8({2, 2}, {1, 2, 3, 4});
  expect_equal(eval("MatMulInteger", {a, b}), i32({2, 2}, {47, 70, 55, 82}));
  expect_equal(eval("MatMulInteger", {a, b, u8({2}, {10, 13}), i8({2}, {0, 1})}), i32({2, 2}, {7, 7, 3, 3}));
  EXPECT_TRUE(contains(error_of("MatMulInteger", {a, b, u8({3}, {1, 2, 3})}), "a_zero_point has shape [3]"));
}

TEST(QLinearMatMul, RoundsHalvesToEvenAndSaturates) {
  const Tensor one = f32({}, {1}), zero = u8({}, {0});
  expect_equal(eval("QLinearMatMul", {u8({1, 1}, {5}), f32({}, {0.5f}), zero, u8({1, 2}, {1, 200}), one, zero,
                                      one, u8({}, {3})}),
               u8({1, 2}, {5, 255}));
}

}  // namespace
}  // namespace lite::test
