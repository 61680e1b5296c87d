#include "core/ops/pointwise.h"
#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using pointwise::Opcode;
using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;

int64_t op(Opcode o) { return static_cast<int64_t>(o); }

TEST(FusedConv, AddsBiasAndResidualBeforeTheActivation) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4}), w = f32({2, 1, 1, 1}, {1, -1}), b = f32({2}, {0.5f, 1});
  const Tensor z = f32({1, 2, 2, 2}, {0, 0, -10, 0, 0, 5, 0, 0});
  expect_equal(eval("FusedConv", {x, w, b, z}, {{"activation", std::string("Relu")}}, "lite"),
               f32({1, 2, 2, 2}, {1.5f, 2.5f, 0, 4.5f, 0, 4, 0, 0}));
  expect_equal(eval("FusedConv", {x, w, b, z},
                    {{"activation", std::string("Relu")}, {"residual_after", int64_t{1}}}, "lite"),
               f32({1, 2, 2, 2}, {1.5f, 2.5f, -6.5f, 4.5f, 0, 5, 0, 0}));
  expect_equal(eval("FusedConv", {x, w},
                    {{"activation", std::string("Clip")}, {"activation_params", Floats{-2, 3}}}, "lite"),
               f32({1, 2, 2, 2}, {1, 2, 3, 3, -1, -2, -2, -2}));
}

TEST(FusedConv, NamesWhatIsWrong) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4}), w = f32({2, 1, 1, 1}, {1, -1});
  EXPECT_NE(
      error_of("FusedConv", {x, w}, {{"activation", std::string("Reul")}}, "lite").find("'Reul' is unknown"),
      std::string::npos);
  EXPECT_NE(error_of("FusedConv", {x, w, Tensor(), x}, {}, "lite").find("Z has shape [1,1,2,2]"),
            std::string::npos);
}

TEST(FusedExpandDepthwise, PadsWhatItExpands) {
  const Tensor x = f32({1, 1, 1, 2}, {1, 2}), w = f32({2, 1, 1, 1}, {1, -1}), b = f32({2}, {1, 1});
  const Tensor v = f32({2, 1, 1, 3}, {1, 10, 100, 1, 10, 100}), c = f32({2}, {0.5f, -9});
  const Attrs attrs{{"group", int64_t{2}}, {"pads", Ints{0, 1, 0, 1}}};
  // Expanded: {2, 3} and {0, -1}; zeros beside them, not biases.
  expect_equal(eval("FusedExpandDepthwise", {x, w, b, v, c}, attrs, "lite"),
               f32({1, 2, 1, 2}, {320.5f, 32.5f, -109, -19}));
  Attrs activated = attrs;
  activated.push_back({"expand_activation", std::string("Relu")});
  activated.push_back({"activation", std::string("Clip")});
  activated.push_back({"activation_params", Floats{-8, 300}});
  expect_equal(eval("FusedExpandDepthwise", {x, w, b, v, c}, activated, "lite"),
               f32({1, 2, 1, 2}, {300, 32.5f, -8, -8}));
  expect_equal(eval("FusedExpandDepthwise", {x, w, Tensor(), v}, attrs, "lite"),
               f32({1, 2, 1, 2}, {210, 21, -210, -21}));
}

TEST(FusedExpandDepthwise, NamesWhatIsWrong) {
  const Tensor x = f32({1, 1, 1, 2}, {1, 2}), v = f32({2, 1, 1, 1}, {1, 10});
  EXPECT_NE(error_of("FusedExpandDepthwise", {x, f32({2, 1, 1, 2}, {1, 2, 3, 4}), Tensor(), v},
                     {{"group", int64_t{2}}}, "lite")
                .find("W has shape [2,1,1,2]"),
            std::string::npos);
  // A bias that would be read beyond its end.
  const Tensor w = f32({2, 1, 1, 1}, {1, -1}), one = f32({1}, {1});
  for (const auto& [b, c] : {std::pair{one, Tensor()}, std::pair{Tensor(), one}})
    EXPECT_NE(error_of("FusedExpandDepthwise", {x, w, b, v, c}, {{"group", int64_t{2}}}, "lite").find("[1]"),
              std::string::npos);
  for (const char* which : {"activation", "expand_activation"})
    EXPECT_NE(error_of("FusedExpandDepthwise", {x, w, Tensor(), v},
                       {{"group", int64_t{2}}, {which, std::string("Reul")}}, "lite")
                  .find("'Reul' is unknown"),
              std::string::npos);
}

TEST(FusedMatMul, TransposesScalesAndAdds) {
  const Tensor a = f32({2, 3}, {1, 2, 3, 4, 5, 6}), b = f32({3, 2}, {1, 0, 0, 1, 1, 1});
  const Tensor bt = f32({2, 3}, {1, 0, 1, 0, 1, 1}), at = f32({3, 2}, {1, 4, 2, 5, 3, 6});
  const Tensor want = f32({2, 2}, {4, 5, 10, 11});
  expect_equal(eval("FusedMatMul", {a, b}, {}, "lite"), want);
  expect_equal(eval("FusedMatMul", {a, bt}, {{"transB", int64_t{1}}}, "lite"), want);
  expect_equal(eval("FusedMatMul", {at, b}, {{"transA", int64_t{1}}}, "lite"), want);
  expect_equal(eval("FusedMatMul", {a, b, f32({2}, {-4, 1}), f32({2, 2}, {1, 1, -9, 1})},
                    {{"alpha", 0.5f}, {"activation", std::string("Relu")}}, "lite"),
               f32({2, 2}, {0, 4.5f, 0, 7.5f}));
}

TEST(FusedMatMul, ChecksTheBiasOfAVector) {
  const Tensor a = f32({2, 3}, {1, 2, 3, 4, 5, 6}), b = f32({3}, {1, 0, 0});
  EXPECT_NE(error_of("FusedMatMul", {a, b, f32({0}, {})}, {}, "lite").find("bias"), std::string::npos);
  expect_equal(eval("FusedMatMul", {a, b, f32({1}, {1})}, {}, "lite"), f32({2}, {2, 5}));
}

TEST(FusedElementwise, RunsItsProgramWithBroadcasting) {
  // (a + b) * 2, and the sum itself
  const Attrs attrs{{"code", Ints{op(Opcode::kAdd), 2, 0, 1, 0, op(Opcode::kMul), 3, 2, -1, 0}},
                    {"consts", Floats{2}},
                    {"results", Ints{3, 2}}};
  auto r = run_op("FusedElementwise", {f32({2, 1}, {1, 2}), f32({2}, {10, 20})}, attrs, 2, "lite");
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({2, 2}, {22, 42, 24, 44}));
  expect_equal(r.value()[1], f32({2, 2}, {11, 21, 12, 22}));
}

TEST(FusedElementwise, RejectsProgramsThatReadWhatIsNotThere) {
  const Tensor a = f32({1}, {1});
  EXPECT_NE(error_of("FusedElementwise", {a}, {{"code", Ints{op(Opcode::kAdd), 1, 0, 2, 0}}}, "lite")
                .find("operand 2 of Add"),
            std::string::npos);
  EXPECT_NE(error_of("FusedElementwise", {a}, {{"code", Ints{op(Opcode::kAbs), 0, 0, 0, 0}}}, "lite")
                .find("register 0 cannot be written"),
            std::string::npos);
  EXPECT_NE(error_of("FusedElementwise", {a}, {{"code", Ints{99, 1, 0, 0, 0}}}, "lite").find("opcode 99"),
            std::string::npos);
}

TEST(Pointwise, FunctionsAreOnnxs) {
  EXPECT_EQ(pointwise::apply(Opcode::kHardSwish, -3), 0);
  EXPECT_EQ(pointwise::apply(Opcode::kHardSwish, 3), 3);
  EXPECT_NEAR(pointwise::apply(Opcode::kGelu, 1), 0.8413447, 1e-6);
  EXPECT_NEAR(pointwise::apply(Opcode::kSwish, 1, 2), 0.8807971, 1e-6);
  EXPECT_TRUE(std::isnan(pointwise::apply(Opcode::kMax, 1, kNaN)));
  for (int i = 0; i < pointwise::kNumOpcodes; ++i) {
    const auto o = static_cast<Opcode>(i);
    EXPECT_EQ(pointwise::from_name(pointwise::name(o)), o);
  }
}

TEST(AddNormalization, NormalisesTheSum) {
  auto r = run_op("AddNormalization",
                  {f32({1, 2}, {1, 2}), f32({1, 2}, {0, 1}), f32({2}, {1, 2}), f32({2}, {0, 1})},
                  {{"epsilon", 0.0f}}, 2, "lite");
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({1, 2}, {-1, 3}));
  expect_equal(r.value()[1], f32({1, 2}, {1, 3}));
}

TEST(LookupBytes, TakesBytesForIndices) {
  std::vector<uint8_t> values(256);
  for (int i = 0; i < 256; ++i) values[static_cast<size_t>(i)] = static_cast<uint8_t>(255 - i);
  const Tensor table = u8({256}, values);
  expect_equal(eval("LookupBytes", {i8({3}, {0, -1, 5}), table}, {}, "lite"), u8({3}, {255, 0, 250}));
  EXPECT_NE(error_of("LookupBytes", {u8({1}, {0}), u8({2}, {1, 2})}, {}, "lite").find("[256] wanted"),
            std::string::npos);
}

TEST(ChannelShuffle, InterleavesTheGroups) {
  expect_equal(eval("ChannelShuffle", {f32({1, 4, 1}, {0, 1, 2, 3})}, {{"groups", int64_t{2}}}, "lite"),
               f32({1, 4, 1}, {0, 2, 1, 3}));
  EXPECT_NE(error_of("ChannelShuffle", {f32({1, 4, 1}, {0, 1, 2, 3})}, {{"groups", int64_t{3}}}, "lite")
                .find("a multiple of groups 3"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
