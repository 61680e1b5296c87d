#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};

TEST(DFT, TransformsAndBack) {
  const Tensor x = f32({1, 3, 1}, {1, 2, 4});
  const Tensor spectrum = f32({1, 3, 2}, {7, 0, -2, 1.7320508f, -2, -1.7320508f});
  expect_near(eval("DFT", {x}), spectrum, 1e-6, 1e-5);
  expect_near(eval("DFT", {spectrum}, {{"inverse", int64_t{1}}}), f32({1, 3, 2}, {1, 0, 2, 0, 4, 0}), 1e-6,
              1e-5);
  const Tensor half = f32({1, 2, 2}, {7, 0, -2, 1.7320508f});
  expect_near(eval("DFT", {x}, {{"onesided", int64_t{1}}}), half, 1e-6, 1e-5);
  expect_near(eval("DFT", {half, i64({}, {3})}, {{"inverse", int64_t{1}}, {"onesided", int64_t{1}}}), x, 1e-6,
              1e-5);
  expect_near(eval("DFT", {x, i64({}, {2})}), f32({1, 2, 2}, {3, 0, -1, 0}), 1e-6, 1e-5);
  EXPECT_TRUE(contains(error_of("DFT", {x, Tensor(), i64({}, {2})}), "axis 2 is the last dimension"));
  EXPECT_TRUE(contains(error_of("DFT", {x, i64({}, {0})}), "dft_length is 0"));
}

TEST(STFT, WindowsASignal) {
  const Tensor x = f32({1, 4, 1}, {1, 2, 3, 5}), step = i64({}, {2});
  expect_near(eval("STFT", {x, step, f32({2}, {1, 1})}), f32({1, 2, 2, 2}, {3, 0, -1, 0, 8, 0, -2, 0}));
  expect_near(eval("STFT", {x, step, Tensor(), i64({}, {4})}), f32({1, 1, 3, 2}, {11, 0, -2, 3, -3, 0}), 1e-6,
              1e-5);
  EXPECT_TRUE(contains(error_of("STFT", {x, i64({}, {0}), f32({2}, {1, 1})}), "frame_step is 0"));
  EXPECT_TRUE(contains(error_of("STFT", {x, step, Tensor(), i64({}, {5})}), "frame_length is 5"));
}

TEST(AudioWindow, AreSumsOfCosines) {
  const Attrs symmetric{{"periodic", int64_t{0}}};
  expect_near(eval("HannWindow", {i64({}, {4})}), f32({4}, {0, 0.5f, 1, 0.5f}));
  expect_near(eval("HannWindow", {i64({}, {3})}, symmetric), f32({3}, {0, 1, 0}));
  expect_near(eval("HammingWindow", {i64({}, {3})}, symmetric), f32({3}, {0.08695652f, 1, 0.08695652f}));
  expect_near(eval("BlackmanWindow", {i64({}, {3})}, symmetric), f32({3}, {0, 1, 0}));
  EXPECT_EQ(eval("HannWindow", {i64({}, {0})}).dims(), Dims{0});
  EXPECT_TRUE(contains(error_of("HannWindow", {i64({}, {-1})}), "size is -1"));
}

TEST(MelWeightMatrix, HasATriangleForEachBand) {
  const Tensor m =
      eval("MelWeightMatrix", {i64({}, {1}), i64({}, {8}), i64({}, {8000}), f32({}, {0}), f32({}, {4000})});
  expect_near(m, f32({5, 1}, {1, 0.5f, 0, 0, 0}));  // corners at bins 0, 0 and 2
}

TEST(Loss, AveragesByWeight) {
  const Tensor scores = f32({2, 2}, {-1, -2, -3, -4}), target = i64({2}, {0, 1}), weight = f32({2}, {1, 3});
  expect_near(eval("NegativeLogLikelihoodLoss", {scores, target}), f32({}, {2.5f}));
  expect_near(eval("NegativeLogLikelihoodLoss", {scores, target, weight}), f32({}, {3.25f}));
  expect_near(eval("NegativeLogLikelihoodLoss", {scores, target},
                   {{"reduction", std::string("none")}, {"ignore_index", int64_t{0}}}),
              f32({2}, {0, 4}));
  EXPECT_TRUE(
      contains(error_of("NegativeLogLikelihoodLoss", {scores, i64({2}, {0, 2})}), "target 2 at place 1"));
  auto r = run_op("SoftmaxCrossEntropyLoss", {f32({1, 2}, {0, 0}), i64({1}, {0})}, {}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_near(r.value()[0], f32({}, {0.6931472f}));
  expect_near(r.value()[1], f32({1, 2}, {-0.6931472f, -0.6931472f}));
}

TEST(LRN, DividesByItsNeighbours) {
  const Attrs attrs{{"size", int64_t{2}}, {"alpha", 2.0f}, {"beta", 1.0f}};
  expect_near(eval("LRN", {f32({1, 3, 1}, {1, 2, 3})}, attrs), f32({1, 3, 1}, {1.0f / 6, 2.0f / 14, 0.3f}));
  EXPECT_TRUE(contains(error_of("LRN", {f32({1, 1}, {1})}, {{"size", int64_t{0}}}), "'size' is 0"));
}

TEST(LpNormalization, LeavesZeros) {
  expect_near(eval("LpNormalization", {f32({2, 2}, {3, 4, 0, 0})}), f32({2, 2}, {0.6f, 0.8f, 0, 0}));
  expect_near(eval("LpNormalization", {f32({2, 1}, {1, -3})}, {{"axis", int64_t{0}}, {"p", int64_t{1}}}),
              f32({2, 1}, {0.25f, -0.75f}));
}

TEST(MeanVarianceNormalization, ByDefaultOverAllButChannels) {
  expect_near(eval("MeanVarianceNormalization", {f32({1, 2, 1, 2}, {1, 3, 5, 5})}),
              f32({1, 2, 1, 2}, {-1, 1, 0, 0}));
}

}  // namespace
}  // namespace lite::test
