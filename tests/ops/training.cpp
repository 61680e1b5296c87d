#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

constexpr const char* kTraining = "ai.onnx.preview.training";

std::vector<Tensor> step(const std::string& op, const std::vector<Tensor>& in, Attrs attrs, size_t outputs) {
  auto r = run_op(op, in, std::move(attrs), outputs, kTraining);
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  return r.is_ok() ? r.value() : std::vector<Tensor>(outputs);
}

TEST(Adagrad, OneStep) {
  // g = 0.5 * 2 + 1 = 2, H' = 5 + 4 = 9, r = 0.6 / (1 + 2 * 0.5) = 0.3, X' = 2 - 0.3 * 2 / (3 + 1)
  const auto out =
      step("Adagrad", {f32({}, {0.6f}), i64({}, {2}), f32({1}, {2}), f32({1}, {1}), f32({1}, {5})},
           {{"norm_coefficient", 0.5f}, {"epsilon", 1.0f}, {"decay_factor", 0.5f}}, 2);
  expect_near(out[0], f32({1}, {1.85f}));
  expect_near(out[1], f32({1}, {9}));
}

TEST(Adagrad, SeveralTensorsOfTheirOwnTypes) {
  const auto out = step("Adagrad",
                        {f32({}, {1}), i64({}, {0}), f32({1}, {0}), f64({2}, {0, 1}), f32({1}, {3}),
                         f64({2}, {0, 4}), f32({1}, {16}), f64({2}, {1, 0})},
                        {{"epsilon", 0.0f}}, 4);
  expect_near(out[0], f32({1}, {-0.6f}));
  expect_near(out[1], f64({2}, {0, 0}));
  expect_near(out[2], f32({1}, {25}));
  expect_near(out[3], f64({2}, {1, 16}));
}

TEST(Adam, OneStep) {
  // V' = 0.5 * 2 + 0.5 * 4 = 3, H' = 0.75 * 0 + 0.25 * 16 = 4, X' = 0.5 (10 - r 3 / (2 + 1))
  const Attrs a = {{"alpha", 0.5f}, {"beta", 0.75f}, {"epsilon", 1.0f}, {"norm_coefficient_post", 0.5f}};
  const auto run = [&](int64_t t) {
    return step("Adam",
                {f32({}, {2}), i64({}, {t}), f32({1}, {10}), f32({1}, {4}), f32({1}, {2}), f32({1}, {0})}, a,
                3);
  };
  expect_near(run(0)[0], f32({1}, {4}));
  expect_near(run(0)[1], f32({1}, {3}));
  expect_near(run(0)[2], f32({1}, {4}));
  // r = 2 sqrt(0.25) / 0.5 = 2
  expect_near(run(1)[0], f32({1}, {4}));
  // r = 2 sqrt(1 - 0.5625) / 0.75
  expect_near(run(2)[0], f32({1}, {static_cast<float>(0.5 * (10 - 2 * std::sqrt(0.4375) / 0.75))}));
}

TEST(Momentum, StandardAndNesterov) {
  Attrs a = {{"alpha", 0.5f}, {"beta", 0.25f}, {"norm_coefficient", 0.0f}, {"mode", std::string("standard")}};
  const auto run = [&](int64_t t) {
    return step("Momentum", {f32({}, {0.1f}), i64({}, {t}), f32({1}, {1}), f32({1}, {4}), f32({1}, {2})}, a,
                2);
  };
  expect_near(run(0)[0], f32({1}, {0.5f}));
  expect_near(run(0)[1], f32({1}, {5}));
  expect_near(run(3)[0], f32({1}, {0.8f}));
  expect_near(run(3)[1], f32({1}, {2}));
  a[3].data = std::string("nesterov");
  expect_near(run(3)[0], f32({1}, {0.5f}));
}

TEST(Momentum, RefusesWhatDoesNotGoTogether) {
  Attrs a = {{"alpha", 0.5f}, {"beta", 0.25f}, {"norm_coefficient", 0.0f}, {"mode", std::string("standard")}};
  const Tensor r = f32({}, {1}), t = i64({}, {0}), x = f32({2}, {1, 1}), y = f32({1}, {1});
  const auto error = [&](const std::vector<Tensor>& in, size_t outputs = 2) {
    auto out = run_op("Momentum", in, a, outputs, kTraining);
    EXPECT_FALSE(out.is_ok());
    return out.is_ok() ? std::string() : out.error().message;
  };
  EXPECT_NE(error({r, t, x, x}).find("4 inputs"), std::string::npos);
  EXPECT_NE(error({r, t, x, x, x}, 1).find("1 outputs"), std::string::npos);
  EXPECT_NE(error({r, t, x, y, x}).find("input 3 is float32[1]"), std::string::npos);
  EXPECT_NE(error({x, t, x, x, x}).find("R has shape [2]"), std::string::npos);
  a[3].data = std::string("heavy");
  EXPECT_NE(error({r, t, x, x, x}).find("heavy"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
