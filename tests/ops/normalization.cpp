#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
const Attrs kExact{{"epsilon", 0.0f}};

TEST(BatchNormalization, UsesTheGivenStatistics) {
  const Tensor x = f32({1, 2, 2}, {1, 2, 3, 4}), one = f32({2}, {1, 2}), zero = f32({2}, {0, 10});
  expect_equal(eval("BatchNormalization", {x, one, zero, f32({2}, {1, 3}), f32({2}, {1, 4})}, kExact),
               f32({1, 2, 2}, {0, 1, 10, 11}));
  EXPECT_TRUE(contains(error_of("BatchNormalization", {x, f32({3}, {1, 1, 1}), zero, zero, one}),
                       "scale has shape [3], [2] wanted"));
}

TEST(BatchNormalization, TrainingUsesThoseOfX) {
  const Tensor one = f32({1}, {1}), zero = f32({1}, {0});
  auto r = run_op("BatchNormalization", {f32({2, 1, 1}, {1, 3}), one, zero, f32({1}, {10}), f32({1}, {2})},
                  {{"training_mode", int64_t{1}}, {"momentum", 0.5f}, {"epsilon", 0.0f}}, 3);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({2, 1, 1}, {-1, 1}));
  expect_equal(r.value()[1], f32({1}, {6}));
  expect_equal(r.value()[2], f32({1}, {1.5f}));
}

TEST(LayerNormalization, NormalisesFromItsAxisOn) {
  const Tensor x = f32({2, 2}, {1, 3, -2, 2});
  auto r = run_op("LayerNormalization", {x, f32({2}, {1, 2}), f32({2}, {0, 1})}, kExact, 3);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({2, 2}, {-1, 3, -1, 3}));
  expect_equal(r.value()[1], f32({2, 1}, {2, 0}));
  expect_equal(r.value()[2], f32({2, 1}, {1, 0.5f}));
  const Tensor flat = f32({2, 2}, {1, 1, -1, -1}), ones = f32({2, 2}, {1, 1, 1, 1});
  expect_equal(eval("LayerNormalization", {flat, ones}, {{"axis", int64_t{0}}, {"epsilon", 0.0f}}), flat);
  EXPECT_TRUE(contains(error_of("LayerNormalization", {x, f32({3}, {1, 1, 1})}), "Scale has shape [3]"));
  EXPECT_TRUE(
      contains(error_of("LayerNormalization", {x, ones}, {{"axis", int64_t{2}}}), "axis 2 is out of range"));
}

TEST(RMSNormalization, DividesByTheRoot) {
  expect_near(eval("RMSNormalization", {f32({1, 2}, {3, 4}), f32({2}, {1, 2})}, kExact),
              f32({1, 2}, {0.84852814f, 2.2627417f}));
}

TEST(GroupNormalization, GroupsAndInstances) {
  const Tensor x = f32({1, 2, 2}, {1, 3, 5, 7}), scale = f32({2}, {1, 1}), bias = f32({2}, {0, 1});
  expect_equal(eval("InstanceNormalization", {x, scale, bias}, kExact), f32({1, 2, 2}, {-1, 1, 0, 2}));
  expect_near(eval("GroupNormalization", {x, scale, bias}, {{"num_groups", int64_t{1}}, {"epsilon", 0.0f}}),
              f32({1, 2, 2}, {-1.3416408f, -0.4472136f, 1.4472136f, 2.3416408f}));
  EXPECT_TRUE(contains(error_of("GroupNormalization", {x, scale, bias}, {{"num_groups", int64_t{3}}}),
                       "a multiple of num_groups 3"));
  EXPECT_TRUE(contains(error_of("GroupNormalization", {x, scale, bias}, {{"num_groups", int64_t{0}}}),
                       "'num_groups' is 0"));
}

// 1 / (1 + e^-1 + e^-2) is 0.66524; with powers and sum of float16 it is 0.66537, which rounds upwards.
TEST(Softmax, RoundsEachStepToFloat16) {
  const Tensor y = eval("Softmax", {f16({3}, {0, -1, -2})});
  EXPECT_EQ(values(y)[0], 1363.0 / 2048);
  const Tensor many = eval("Softmax", {f16({70000}, std::vector<float>(70000, 0.0f))});
  EXPECT_NEAR(values(many)[0], 1.0 / 70000, 1e-7);
}

TEST(Softmax, SumsToOneAndSurvivesLargeNumbers) {
  expect_near(eval("Softmax", {f32({2, 2}, {1000, 1000, 0, kNaN})}), f32({2, 2}, {0.5f, 0.5f, kNaN, kNaN}));
  expect_near(eval("Softmax", {f32({2, 2}, {0, 0, 0, 1.0986123f})}, {{"axis", int64_t{0}}}),
              f32({2, 2}, {0.5f, 0.25f, 0.5f, 0.75f}));
  expect_near(eval("LogSoftmax", {f32({2}, {0, 0})}), f32({2}, {-0.6931472f, -0.6931472f}));
  expect_equal(eval("Hardmax", {f32({1, 3}, {1, 2, 2})}), f32({1, 3}, {0, 1, 0}));
  expect_equal(eval("Softmax", {f32({0, 3}, {})}), f32({0, 3}, {}));
  EXPECT_TRUE(
      contains(error_of("Softmax", {f32({2}, {0, 0})}, {{"axis", int64_t{1}}}), "axis 1 is out of range"));
}

}  // namespace
}  // namespace lite::test
