#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Unary, FollowsCmath) {
  const std::vector<float> x = {0.1f, 0.5f, 0.9f};
  const std::pair<const char*, float (*)(float)> rows[] = {
      {"Exp", [](float v) { return std::exp(v); }},     {"Log", [](float v) { return std::log(v); }},
      {"Sqrt", [](float v) { return std::sqrt(v); }},   {"Reciprocal", [](float v) { return 1 / v; }},
      {"Sin", [](float v) { return std::sin(v); }},     {"Cos", [](float v) { return std::cos(v); }},
      {"Tan", [](float v) { return std::tan(v); }},     {"Asin", [](float v) { return std::asin(v); }},
      {"Acos", [](float v) { return std::acos(v); }},   {"Atan", [](float v) { return std::atan(v); }},
      {"Sinh", [](float v) { return std::sinh(v); }},   {"Cosh", [](float v) { return std::cosh(v); }},
      {"Tanh", [](float v) { return std::tanh(v); }},   {"Asinh", [](float v) { return std::asinh(v); }},
      {"Atanh", [](float v) { return std::atanh(v); }}, {"Erf", [](float v) { return std::erf(v); }},
  };
  for (const auto& [name, f] : rows) {
    SCOPED_TRACE(name);
    std::vector<float> want;
    for (const float v : x) want.push_back(f(v));
    expect_near(eval(name, {f32({3}, x)}), f32({3}, want));
  }
  expect_near(eval("Acosh", {f64({1}, {2.0})}), f64({1}, {1.3169578969248166}), 1e-15, 0);
}

TEST(Unary, RoundsHalvesToEven) {
  expect_equal(eval("Round", {f32({6}, {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 2.6f})}),
               f32({6}, {0, 2, 2, -0.0f, -2, 3}));
  expect_equal(eval("Floor", {f16({2}, {-1.5f, 1.5f})}), f16({2}, {-2, 1}));
  expect_equal(eval("Ceil", {bf16({2}, {-1.5f, 1.5f})}), bf16({2}, {-1, 2}));
}

TEST(Unary, IntegersWrap) {
  expect_equal(eval("Abs", {i8({3}, {-128, -3, 5})}), i8({3}, {-128, 3, 5}));
  expect_equal(eval("Neg", {i32({2}, {std::numeric_limits<int32_t>::min(), 7})}),
               i32({2}, {std::numeric_limits<int32_t>::min(), -7}));
  expect_equal(eval("Sign", {i64({3}, {-9, 0, 9})}), i64({3}, {-1, 0, 1}));
  expect_equal(eval("BitwiseNot", {u8({2}, {0, 0x0f})}), u8({2}, {0xff, 0xf0}));
}

TEST(Unary, NaN) {
  expect_equal(eval("Sign", {f32({3}, {kNaN, -0.0f, -2})}), f32({3}, {kNaN, 0, -1}));
  expect_equal(eval("IsNaN", {f32({3}, {kNaN, kInf, 1})}), bools({3}, {1, 0, 0}));
  expect_equal(eval("Not", {bools({2}, {1, 0})}), bools({2}, {0, 1}));
}

TEST(Unary, IsInfCanLookAtOneSign) {
  const Tensor x = f32({3}, {kInf, -kInf, kNaN});
  expect_equal(eval("IsInf", {x}), bools({3}, {1, 1, 0}));
  expect_equal(eval("IsInf", {x}, {{"detect_negative", int64_t{0}}}), bools({3}, {1, 0, 0}));
  expect_equal(eval("IsInf", {x}, {{"detect_positive", int64_t{0}}}), bools({3}, {0, 1, 0}));
}

TEST(Unary, Shrink) {
  expect_equal(eval("Shrink", {f32({5}, {-2, -1, 0, 1, 2})}, {{"lambd", 1.5f}, {"bias", 1.5f}}),
               f32({5}, {-0.5f, 0, 0, 0, 0.5f}));
  expect_equal(eval("Shrink", {u8({3}, {0, 1, 3})}, {{"lambd", 1.0f}, {"bias", 5.0f}}), u8({3}, {0, 0, 0}));
}

TEST(Unary, RankZeroAndEmpty) {
  expect_equal(eval("Exp", {f32({}, {0})}), f32({}, {1}));
  expect_equal(eval("Exp", {f32({2, 0}, {})}), f32({2, 0}, {}));
}

}  // namespace
}  // namespace lite::test
