// Operators that only com.microsoft has. tests/conformance/test_microsoft.py holds them against ONNX Runtime.
#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

constexpr const char* kDomain = "com.microsoft";

TEST(Inverse, BatchesAndRowExchange) {
  expect_near(eval("Inverse", {f32({2, 2, 2}, {0, 1, 2, 0, 2, 1, 1, 1})}, {}, kDomain),
              f32({2, 2, 2}, {0, 0.5f, 1, 0, 1, -1, -1, 2}));
  EXPECT_NE(error_of("Inverse", {f32({1, 2}, {1, 2})}, {}, kDomain).find("not square"), std::string::npos);
}

TEST(CropAndResize, CornersMiddleAndOutside) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4}), image = i32({1}, {0});
  const auto crop = [&](const std::vector<float>& box, const std::vector<int32_t>& size, Attrs attrs = {}) {
    return eval("CropAndResize", {x, f32({1, 4}, box), image, i32({2}, size)}, std::move(attrs), kDomain);
  };
  expect_near(crop({0, 0, 1, 1}, {3, 3}), f32({1, 1, 3, 3}, {1, 1.5f, 2, 2, 2.5f, 3, 3, 3.5f, 4}));
  expect_near(crop({0, 0, 1, 1}, {1, 1}), f32({1, 1, 1, 1}, {2.5f}));
  expect_near(crop({1, 0, 0, 1}, {2, 1}, {{"mode", std::string("nearest")}}), f32({1, 1, 2, 1}, {4, 2}));
  expect_near(crop({0, -1, 0, 1}, {1, 2}, {{"extrapolation_value", 9.0f}}), f32({1, 1, 1, 2}, {9, 2}));
  const auto error = [&](int32_t which, int32_t height) {
    return error_of("CropAndResize", {x, f32({1, 4}, {0, 0, 1, 1}), i32({1}, {which}), i32({2}, {height, 1})},
                    {}, kDomain);
  };
  EXPECT_NE(error(1, 1).find("batch index 1"), std::string::npos);
  EXPECT_NE(error(-1, 1).find("batch index -1"), std::string::npos);
  EXPECT_NE(error(0, 0).find("crop_size"), std::string::npos);
}

TEST(MurmurHash3, KnownHashes) {
  // Of the reference implementation: "", "a", "hello", "hello, world" with seed 0.
  const Tensor y = eval("MurmurHash3", {strings({4}, {"", "a", "hello", "hello, world"})}, {}, kDomain);
  EXPECT_EQ(y.dtype(), DType::kU32);
  EXPECT_EQ(values(y), (std::vector<double>{0, 1009084850, 613153351, 345750399}));
  EXPECT_EQ(eval("MurmurHash3", {i32({1}, {3})}, {{"positive", int64_t{0}}}, kDomain).dtype(), DType::kI32);
}

TEST(NGramRepeatBlock, ForbidsWhatWouldRepeat) {
  const Tensor ids = i64({2, 4}, {1, 2, 3, 1, 0, 0, 1, 2}), scores = f32({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  const auto block = [&](int64_t n) {
    return eval("NGramRepeatBlock", {ids, scores}, {{"ngram_size", n}}, kDomain);
  };
  expect_equal(block(2), f32({2, 4}, {1, 2, -kInf, 4, 5, 6, 7, 8}));
  expect_equal(block(1), f32({2, 4}, {1, -kInf, -kInf, -kInf, -kInf, -kInf, -kInf, 8}));
  expect_equal(block(9), scores);
  EXPECT_NE(error_of("NGramRepeatBlock", {i64({1, 2}, {7, 7}), f32({1, 4}, {1, 2, 3, 4})},
                     {{"ngram_size", int64_t{1}}}, kDomain)
                .find("token 7"),
            std::string::npos);
  EXPECT_NE(
      error_of("NGramRepeatBlock", {ids, scores}, {{"ngram_size", int64_t{0}}}, kDomain).find("ngram_size"),
      std::string::npos);
}

}  // namespace
}  // namespace lite::test
