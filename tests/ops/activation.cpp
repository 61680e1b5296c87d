#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const Tensor& x() {
  static const Tensor t = f32({5}, {-3, -0.5f, 0, 0.5f, 3});
  return t;
}

TEST(Activation, Relus) {
  expect_equal(eval("Relu", {x()}), f32({5}, {0, 0, 0, 0.5f, 3}));
  expect_equal(eval("Relu", {i8({2}, {-7, 7})}), i8({2}, {0, 7}));
  expect_near(eval("LeakyRelu", {x()}, {{"alpha", 0.1f}}), f32({5}, {-0.3f, -0.05f, 0, 0.5f, 3}));
  expect_equal(eval("ThresholdedRelu", {x()}), f32({5}, {0, 0, 0, 0, 3}));
  expect_equal(eval("PRelu", {f32({2, 2}, {-1, -2, 3, -4}), f32({2}, {10, 100})}),
               f32({2, 2}, {-10, -200, 3, -400}));
  EXPECT_NE(error_of("PRelu", {f32({2}, {1, 2}), f32({2, 2}, {1, 2, 3, 4})}).find("does not broadcast"),
            std::string::npos);
}

TEST(Activation, Exponentials) {
  expect_near(eval("Elu", {x()}, {{"alpha", 2.0f}}), f32({5}, {-1.9004259f, -0.7869387f, 0, 0.5f, 3}));
  expect_near(eval("Celu", {x()}, {{"alpha", 2.0f}}), f32({5}, {-1.5537397f, -0.4423984f, 0, 0.5f, 3}));
  expect_near(eval("Selu", {x()}), f32({5}, {-1.6705687f, -0.6917582f, 0, 0.5253505f, 3.1521031f}));
  expect_near(eval("Sigmoid", {x()}), f32({5}, {0.0474259f, 0.3775407f, 0.5f, 0.6224593f, 0.9525741f}));
  expect_near(eval("Softplus", {f32({3}, {-100, 0, 100})}), f32({3}, {0, 0.6931472f, 100}));
  expect_near(eval("Softsign", {x()}), f32({5}, {-0.75f, -1.0f / 3, 0, 1.0f / 3, 0.75f}));
  expect_near(eval("Mish", {x()}), f32({5}, {-0.1456475f, -0.2207437f, 0, 0.3752453f, 2.9865351f}));
  expect_near(eval("Swish", {x()}), f32({5}, {-0.1422776f, -0.1887704f, 0, 0.3112296f, 2.8577224f}));
}

TEST(Activation, Hard) {
  expect_near(eval("HardSigmoid", {x()}), f32({5}, {0, 0.4f, 0.5f, 0.6f, 1}));
  expect_near(eval("HardSwish", {x()}), f32({5}, {0, -0.2083333f, 0, 0.2916667f, 3}));
}

TEST(Activation, Gelu) {
  expect_near(eval("Gelu", {x()}), f32({5}, {-0.0040496f, -0.1542688f, 0, 0.3457312f, 2.9959507f}));
  expect_near(eval("Gelu", {x()}, {{"approximate", std::string("tanh")}}),
              f32({5}, {-0.0036374f, -0.1542860f, 0, 0.3457140f, 2.9963627f}));
  EXPECT_NE(error_of("Gelu", {x()}, {{"approximate", std::string("sin")}}).find("'sin'"), std::string::npos);
}

TEST(Activation, NaNStaysNaN) {
  for (const char* name : {"Relu", "LeakyRelu", "ThresholdedRelu", "Elu", "Celu", "Selu", "Sigmoid",
                           "HardSigmoid", "HardSwish", "Softplus", "Softsign", "Mish", "Swish", "Gelu"}) {
    SCOPED_TRACE(name);
    expect_equal(eval(name, {f32({1}, {kNaN})}), f32({1}, {kNaN}));
  }
}

}  // namespace
}  // namespace lite::test
