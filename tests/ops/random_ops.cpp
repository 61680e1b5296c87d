#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Random, SeedsRepeat) {
  const Attrs attrs{{"shape", std::vector<int64_t>{1000}}, {"seed", 3.0f}};
  for (const char* name : {"RandomNormal", "RandomUniform"}) {
    const Tensor a = eval(name, {}, attrs);
    expect_equal(a, eval(name, {}, attrs));
    double mean = 0;
    for (const double v : values(a)) mean += v / 1000;
    EXPECT_NEAR(mean, std::string(name) == "RandomNormal" ? 0 : 0.5, 0.1);
  }
}

TEST(Random, LikeTakesTheShape) {
  const Tensor y = eval("RandomUniformLike", {i32({2, 3}, {0, 0, 0, 0, 0, 0})},
                        {{"dtype", int64_t{11}}, {"low", 5.0f}, {"high", 6.0f}});
  EXPECT_EQ(y.dtype(), DType::kF64);
  for (const double v : values(y)) EXPECT_TRUE(v >= 5 && v < 6);
}

TEST(Random, CertainDraws) {
  expect_equal(eval("Bernoulli", {f32({2}, {0, 1})}, {{"dtype", int64_t{9}}}), bools({2}, {0, 1}));
  expect_equal(eval("Multinomial", {f32({2, 2}, {-kInf, 0, 0, -kInf})}, {{"sample_size", int64_t{2}}}),
               i32({2, 2}, {1, 1, 0, 0}));
}

// numpy.random.RandomState(7).binomial(1, p)
TEST(Random, BernoulliDrawsAsNumPy) {
  expect_equal(eval("Bernoulli", {f64({8}, {0.1, 0.7, 0.5, 0, 1, 0.9, 0.3, 0.6})}, {{"seed", 7.0f}}),
               f64({8}, {0, 0, 0, 0, 1, 1, 0, 1}));
}

TEST(Dropout, KeepsAllButInTraining) {
  const Tensor x = f32({4}, {1, 2, 3, 4});
  auto r = run_op("Dropout", {x}, {}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], x);
  expect_equal(r.value()[1], bools({4}, {1, 1, 1, 1}));
  r = run_op("Dropout", {x, f32({}, {0.5f}), bools({}, {1})}, {{"seed", int64_t{1}}}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  for (int64_t i = 0; i < 4; ++i)
    EXPECT_EQ(r.value()[0].float_at(i), r.value()[1].int_at(i) != 0 ? 2 * x.float_at(i) : 0);
}

}  // namespace
}  // namespace lite::test
