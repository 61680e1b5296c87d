#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

TEST(Arithmetic, Broadcasts) {
  expect_equal(eval("Add", {f32({2, 1}, {1, 2}), f32({3}, {10, 20, 30})}),
               f32({2, 3}, {11, 21, 31, 12, 22, 32}));
  expect_equal(eval("Sub", {f32({}, {1}), f32({2}, {3, 4})}), f32({2}, {-2, -3}));
  expect_equal(eval("Mul", {f16({2}, {1.5f, -2}), f16({1}, {2})}), f16({2}, {3, -4}));
  expect_equal(eval("Add", {f32({0, 2}, {}), f32({2}, {1, 2})}), f32({0, 2}, {}));
  EXPECT_NE(error_of("Add", {f32({2}, {1, 2}), f32({3}, {1, 2, 3})}).find("[2] and [3] cannot be broadcast"),
            std::string::npos);
}

TEST(Arithmetic, HalvesAreRoundedOnce) {
  expect_equal(eval("Mul", {bf16({1}, {1.0078125f}), bf16({1}, {1.0078125f})}), bf16({1}, {1.015625f}));
}

TEST(Arithmetic, IntegersWrap) {
  expect_equal(eval("Add", {i8({2}, {127, -128}), i8({2}, {1, -1})}), i8({2}, {-128, 127}));
  expect_equal(eval("Mul", {u8({1}, {200}), u8({1}, {2})}), u8({1}, {144}));
  expect_equal(eval("Sub", {i32({1}, {kMin}), i32({1}, {1})}),
               i32({1}, {std::numeric_limits<int32_t>::max()}));
}

TEST(Arithmetic, DivisionOfIntegers) {
  expect_equal(eval("Div", {i32({4}, {7, -7, kMin, 0}), i32({4}, {2, 2, -1, 5})}),
               i32({4}, {3, -3, kMin, 0}));
  EXPECT_EQ(error_of("Div", {i32({2}, {1, 2}), i32({2}, {1, 0})}), "Div: division by zero, element 1 of B");
  expect_equal(eval("Div", {f32({2}, {1, 0}), f32({2}, {0, 0})}), f32({2}, {kInf, kNaN}));
}

TEST(Arithmetic, Mod) {
  const Tensor a = i32({4}, {7, -7, 7, -7}), b = i32({4}, {3, 3, -3, -3});
  expect_equal(eval("Mod", {a, b}), i32({4}, {1, 2, -2, -1}));
  expect_equal(eval("Mod", {a, b}, {{"fmod", int64_t{1}}}), i32({4}, {1, -1, 1, -1}));
  expect_equal(eval("Mod", {i32({1}, {kMin}), i32({1}, {-1})}), i32({1}, {0}));
  expect_near(eval("Mod", {f32({2}, {-5.5f, 5.5f}), f32({2}, {2, -2})}), f32({2}, {0.5f, -0.5f}));
  expect_near(eval("Mod", {f32({2}, {-5.5f, 5.5f}), f32({2}, {2, -2})}, {{"fmod", int64_t{1}}}),
              f32({2}, {-1.5f, 1.5f}));
  EXPECT_EQ(error_of("Mod", {u8({1}, {1}), u8({1}, {0})}), "Mod: division by zero, element 0 of B");
}

TEST(Arithmetic, Pow) {
  expect_near(eval("Pow", {f32({3}, {2, 4, -2}), f32({3}, {3, 0.5f, 3})}), f32({3}, {8, 2, -8}));
  expect_near(eval("Pow", {f32({2}, {2, 3}), i64({}, {2})}), f32({2}, {4, 9}));
  expect_equal(eval("Pow", {i32({5}, {3, -1, -1, 1, 2}), i32({5}, {4, -3, -2, -7, -1})}),
               i32({5}, {81, -1, 1, 1, 0}));
  expect_equal(eval("Pow", {i64({1}, {3}), f32({1}, {2.5f})}), i64({1}, {15}));
}

TEST(Arithmetic, FactsOfUnknownShapes) {
  EXPECT_FALSE(inferred("Add", {Fact(DType::kF32), Fact(DType::kF32, {2})}).has_rank);
  EXPECT_EQ(inferred("Add", {Fact(DType::kF32, {kUnknownDim, 3}), Fact(DType::kF32, {2, 1})}).dims,
            (Dims{2, 3}));
}

}  // namespace
}  // namespace lite::test
