// Operators of domain megengine.
#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

constexpr char kDomain[] = "megengine";

Tensor own(const std::string& name, const std::vector<Tensor>& in, Attrs attrs = {}) {
  return eval(name, in, std::move(attrs), kDomain);
}
std::string own_error(const std::string& name, const std::vector<Tensor>& in, Attrs attrs = {}) {
  return error_of(name, in, std::move(attrs), kDomain);
}
using Ints = std::vector<int64_t>;

TEST(MgeElementwise, FloatFunctions) {
  expect_near(own("Expm1", {f32({3}, {1e-7f, 0, 1})}), f32({3}, {1e-7f, 0, 1.7182817f}), 1e-6, 1e-13);
  expect_near(own("Log1p", {f32({3}, {1e-7f, 0, 1})}), f32({3}, {1e-7f, 0, 0.6931472f}), 1e-6, 1e-13);
  expect_equal(own("RoundAway", {f32({6}, {0.5f, 1.5f, -0.5f, -2.5f, 0.49999997f, kNaN})}),
               f32({6}, {1, 2, -1, -3, 0, kNaN}));
  expect_near(own("Erfc", {f32({3}, {0, 1, 5})}), f32({3}, {1, 0.15729921f, 1.5374597e-12f}), 1e-5, 0);
  expect_near(own("RoundAway", {f16({2}, {2.5f, -2.5f})}), f16({2}, {3, -3}));
}

TEST(MgeElementwise, InverseErrorFunctions) {
  expect_near(own("ErfInv", {f32({6}, {0, 0.5f, -0.5f, 0.999f, 1, 2})}),
              f32({6}, {0, 0.47693628f, -0.47693628f, 2.3267562f, kInf, kNaN}), 1e-6, 0);
  expect_near(own("ErfcInv", {f32({6}, {1, 0.5f, 1.5f, 1e-30f, 0, 2})}),
              f32({6}, {0, 0.47693628f, -0.47693628f, 8.1486162f, kInf, -kInf}), 1e-6, 0);
  // The way back, over all of the domain.
  std::vector<float> x;
  for (int i = -99; i <= 99; ++i) x.push_back(static_cast<float>(i) / 100);
  const Tensor there = own("ErfInv", {f32({199}, x)});
  expect_near(eval("Erf", {there}), f32({199}, x), 1e-5, 1e-7);
}

TEST(MgeElementwise, Pairs) {
  expect_near(own("Atan2", {f32({2, 1}, {1, -1}), f32({2}, {1, -1})}),
              f32({2, 2}, {0.7853982f, 2.3561945f, -0.7853982f, -2.3561945f}));
  expect_near(own("LogAddExp", {f32({3}, {1000, -kInf, kInf}), f32({3}, {1000, -kInf, 1})}),
              f32({3}, {1000.6931f, -kInf, kInf}));
}

TEST(MgeElementwise, Shifts) {
  expect_equal(own("ShiftLeft", {i32({4}, {1, -1, 3, 5}), i32({4}, {4, 1, 31, 32})}),
               i32({4}, {16, -2, INT32_MIN, 0}));
  expect_equal(own("ShiftRight", {i32({4}, {-8, 8, -1, 7}), i32({4}, {1, 2, 40, -1})}),
               i32({4}, {-4, 2, -1, 0}));
  expect_equal(own("ShiftRight", {u8({1}, {200}), u8({1}, {1})}), u8({1}, {100}));
}

TEST(MgeElementwise, RoundingMulHigh) {
  expect_equal(own("RoundingMulHigh", {i8({3}, {-128, 64, 100}), i8({3}, {-128, 64, 3})}),
               i8({3}, {127, 32, 2}));
  expect_equal(own("RoundingMulHigh", {i32({1}, {1 << 30}), i32({1}, {1 << 30})}), i32({1}, {1 << 29}));
}

const Tensor kImage = f32({1, 1, 3, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8});

TEST(MgeWarp, MovesByAHalf) {
  const Tensor m = f32({1, 3, 3}, {1, 0, 0.5f, 0, 1, 0.5f, 0, 0, 1});
  expect_near(own("WarpPerspective", {kImage, m, i64({2}, {2, 2})}), f32({1, 1, 2, 2}, {2, 3, 5, 6}));
  expect_equal(own("WarpPerspective", {kImage, m, i64({2}, {1, 2})}, {{"mode", std::string("nearest")}}),
               f32({1, 1, 1, 2}, {0, 2}));
}

TEST(MgeWarp, Borders) {
  // Columns -2, -1, 0, ..., 4 of the first row.
  const Tensor m = f32({1, 3, 3}, {1, 0, -2, 0, 1, 0, 0, 0, 1});
  const auto row = [&](const char* border) {
    return own("WarpPerspective", {kImage, m, i64({2}, {1, 7})},
               {{"border", std::string(border)}, {"border_value", 9.0f}});
  };
  expect_near(row("replicate"), f32({1, 1, 1, 7}, {0, 0, 0, 1, 2, 2, 2}));
  expect_near(row("reflect"), f32({1, 1, 1, 7}, {1, 0, 0, 1, 2, 2, 1}));
  expect_near(row("reflect_101"), f32({1, 1, 1, 7}, {2, 1, 0, 1, 2, 1, 0}));
  expect_near(row("wrap"), f32({1, 1, 1, 7}, {1, 2, 0, 1, 2, 0, 1}));
  expect_near(row("constant"), f32({1, 1, 1, 7}, {9, 9, 0, 1, 2, 9, 9}));
}

TEST(MgeWarp, ChoosesImagesAndChecksThem) {
  const Tensor two = f32({2, 1, 1, 1}, {5, 7}), m = f32({1, 3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  expect_equal(own("WarpPerspective", {two, m, i64({2}, {1, 1}), i64({1}, {1})}), f32({1, 1, 1, 1}, {7}));
  EXPECT_NE(own_error("WarpPerspective", {two, m, i64({2}, {1, 1}), i64({1}, {2})}).find("index[0] is 2"),
            std::string::npos);
  EXPECT_NE(own_error("WarpPerspective", {two, m, i64({2}, {1, 1})}).find("2 images and 1 matrices"),
            std::string::npos);
  EXPECT_NE(own_error("WarpPerspective", {kImage, m, i64({2}, {-1, 1})}).find("size has -1"),
            std::string::npos);
  // Points that are no numbers, or far away, are outside.
  const Tensor nowhere = f32({1, 3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 0});
  expect_equal(own("WarpPerspective", {kImage, nowhere, i64({2}, {1, 2})},
                   {{"border", std::string("constant")}, {"border_value", 3.0f}}),
               f32({1, 1, 1, 2}, {3, 3}));
}

TEST(MgeWarp, Remap) {
  const Tensor map = f32({1, 1, 3, 2}, {0.5f, 0, 2, 1.5f, 5, 0});
  expect_near(own("Remap", {kImage, map}), f32({1, 1, 1, 3}, {0.5f, 6.5f, 2}));
  EXPECT_NE(own_error("Remap", {kImage, f32({1, 1, 1, 3}, {0, 0, 0})}).find("map has shape"),
            std::string::npos);
}

TEST(MgeWindows, AdaptivePool) {
  const Tensor x = f32({1, 1, 1, 5}, {1, 2, 3, 4, 5});
  // Stride 2, window 3.
  expect_equal(own("AdaptivePool", {x, i64({2}, {1, 2})}), f32({1, 1, 1, 2}, {3, 5}));
  expect_near(own("AdaptivePool", {x, i64({2}, {1, 2})}, {{"mode", std::string("average")}}),
              f32({1, 1, 1, 2}, {2, 4}));
  EXPECT_NE(own_error("AdaptivePool", {x, i64({2}, {1, 6})}).find("size is 6"), std::string::npos);
  EXPECT_NE(own_error("AdaptivePool", {x, i64({2}, {0, 1})}).find("size is 0"), std::string::npos);
}

TEST(MgeWindows, Images2Neibs) {
  expect_equal(own("Images2Neibs", {kImage}, {{"kernel_shape", Ints{2, 2}}}),
               f32({1, 1, 2, 2, 2, 2}, {0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8}));
  expect_equal(own("Images2Neibs", {kImage},
                   {{"kernel_shape", Ints{1, 2}},
                    {"pads", Ints{0, 1}},
                    {"strides", Ints{3, 3}},
                    {"dilations", Ints{1, 2}}}),
               f32({1, 1, 1, 1, 1, 2}, {0, 1}));
  EXPECT_NE(own_error("Images2Neibs", {kImage}, {{"kernel_shape", Ints{4, 1}}}).find("larger than X"),
            std::string::npos);
  EXPECT_NE(own_error("Images2Neibs", {kImage}, {{"kernel_shape", Ints{1, 1}}, {"strides", Ints{0, 1}}})
                .find("'strides' has 0"),
            std::string::npos);
}

TEST(MgeWindows, Correlation) {
  const Tensor a = f32({1, 1, 3, 3}, {0, 0, 0, 0, 2, 0, 0, 0, 0});
  const Tensor y = own("Correlation", {a, kImage});
  expect_near(y, f32({1, 9, 1, 1}, {0, 2, 4, 6, 8, 10, 12, 14, 16}));
  expect_near(own("Correlation", {a, kImage}, {{"is_multiply", int64_t{0}}}),
              f32({1, 9, 1, 1}, {2, 1, 0, 1, 2, 3, 4, 5, 6}));
  EXPECT_NE(own_error("Correlation", {a, kImage}, {{"max_displacement", int64_t{2}}}).find("too small"),
            std::string::npos);
}

TEST(MgeMatrix, Diag) {
  expect_equal(own("Diag", {i32({2}, {1, 2})}, {{"k", int64_t{1}}}),
               i32({3, 3}, {0, 1, 0, 0, 0, 2, 0, 0, 0}));
  expect_equal(own("Diag", {kImage.reshaped({3, 3})}), f32({3}, {0, 4, 8}));
  expect_equal(own("Diag", {kImage.reshaped({3, 3})}, {{"k", int64_t{-1}}}), f32({2}, {3, 7}));
  expect_equal(own("Diag", {f32({2, 4}, {0, 1, 2, 3, 4, 5, 6, 7})}, {{"k", int64_t{9}}}), f32({0}, {}));
}

TEST(MgeMatrix, Inverse) {
  const Tensor m = f32({2, 2, 2}, {0, 2, 4, 0, 1, 2, 3, 4});
  expect_near(own("MatrixInverse", {m}), f32({2, 2, 2}, {0, 0.25f, 0.5f, 0, -2, 1, 1.5f, -0.5f}));
  EXPECT_NE(own_error("MatrixInverse", {f32({2, 2}, {1, 2, 2, 4})}).find("no inverse"), std::string::npos);
  EXPECT_NE(own_error("MatrixInverse", {f32({1, 2}, {1, 2})}).find("square"), std::string::npos);
}

TEST(MgeMatrix, Svd) {
  const Tensor x = f32({2, 2, 3}, {3, 0, 0, 0, -2, 0, 1, 2, 3, 4, 5, 6});
  for (const int64_t full : {0, 1}) {
    const auto r = run_op("SVD", {x}, {{"full_matrices", full}}, 3, kDomain);
    ASSERT_TRUE(r.is_ok()) << r.error().message;
    const Tensor &u = r.value()[0], &s = r.value()[1], &vt = r.value()[2];
    EXPECT_EQ(u.dims(), (Dims{2, 2, 2}));
    EXPECT_EQ(vt.dims(), (Dims{2, full != 0 ? 3 : 2, 3}));
    expect_near(s, f32({2, 2}, {3, 2, 9.508032f, 0.77286964f}));
    // Put together again.
    const Tensor v = eval("Slice", {vt, i64({1}, {0}), i64({1}, {2}), i64({1}, {1})});
    const Tensor scaled = eval("Mul", {u, s.reshaped({2, 1, 2})});
    expect_near(eval("MatMul", {scaled, v}), x, 1e-5, 1e-5);
  }
  EXPECT_TRUE(std::isnan(values(own("SVD", {f32({1, 1}, {kNaN})}))[0]));
}

TEST(MgeColor, Rgb) {
  const Tensor x = u8({1, 1, 1, 3}, {10, 20, 30});
  expect_equal(own("CvtColor", {x}, {{"mode", int64_t{7}}}), u8({1, 1, 1, 3}, {30, 20, 10}));
  expect_equal(own("CvtColor", {x}, {{"mode", int64_t{0}}}), u8({1, 1, 1, 1}, {18}));
  expect_equal(own("CvtColor", {u8({1, 1, 1, 1}, {5})}, {{"mode", int64_t{3}}}), u8({1, 1, 1, 3}, {5, 5, 5}));
  expect_near(own("CvtColor", {f32({1, 1, 1, 3}, {1, 0.5f, 0.25f})}, {{"mode", int64_t{8}}}),
              f32({1, 1, 1, 1}, {0.114f + 0.2935f + 0.07475f}));
  EXPECT_NE(own_error("CvtColor", {x}, {{"mode", int64_t{4}}}).find("4 wanted"), std::string::npos);
  EXPECT_NE(own_error("CvtColor", {x}, {{"mode", int64_t{99}}}).find("mode 99"), std::string::npos);
}

TEST(MgeColor, Planes) {
  // Two by two pixels; neutral colours leave grey.
  const Tensor x = u8({1, 3, 2, 1}, {10, 20, 30, 40, 128, 128});
  expect_equal(own("CvtColor", {x}, {{"mode", int64_t{11}}}),
               u8({1, 2, 2, 3}, {10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40}));
  expect_equal(own("CvtColor", {x}, {{"mode", int64_t{10}}}), u8({1, 2, 2, 1}, {10, 20, 30, 40}));
  // NV21 has V first: red; NV12 U: blue.
  const Tensor v = u8({1, 3, 2, 1}, {0, 0, 0, 0, 255, 128});
  EXPECT_EQ(values(own("CvtColor", {v}, {{"mode", int64_t{11}}}))[0], 178);
  EXPECT_EQ(values(own("CvtColor", {v}, {{"mode", int64_t{14}}}))[2], 225);
  EXPECT_NE(own_error("CvtColor", {u8({1, 4, 2, 1}, std::vector<uint8_t>(8))}, {{"mode", int64_t{11}}})
                .find("multiple of 3"),
            std::string::npos);
}

TEST(MgeRegions, Align) {
  const Tensor rois = f32({1, 5}, {0, 0, 0, 2, 2});
  const Attrs attrs{{"pooled_shape", Ints{1, 1}}, {"samples", Ints{2, 2}}, {"mode", std::string("average")}};
  expect_near(own("ROIAlign", {kImage, rois}, attrs), f32({1, 1, 1, 1}, {4}));
  const auto r = run_op("ROIAlign", {kImage, rois}, {{"pooled_shape", Ints{1, 1}}}, 2, kDomain);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_near(r.value()[0], f32({1, 1, 1, 1}, {6}));
  expect_equal(r.value()[1], i32({1, 1, 1, 1}, {3}));
  EXPECT_NE(
      own_error("ROIAlign", {kImage, f32({1, 5}, {1, 0, 0, 1, 1})}, attrs).find("image of region 0 is 1"),
      std::string::npos);
  EXPECT_NE(own_error("ROIAlign", {kImage, f32({1, 5}, {kNaN, 0, 0, 1, 1})}, attrs).find("image of region 0"),
            std::string::npos);
}

TEST(MgeRegions, Pooling) {
  const Tensor rois = f32({1, 5}, {0, 0, 0, 1, 1});
  expect_equal(own("ROIPooling", {kImage, rois, i64({2}, {1, 1})}), f32({1, 1, 1, 1}, {4}));
  expect_equal(own("ROIPooling", {kImage, rois, i64({2}, {1, 1})}, {{"mode", std::string("average")}}),
               f32({1, 1, 1, 1}, {2}));
  // A region outside has no elements.
  expect_equal(own("ROIPooling", {kImage, f32({1, 5}, {0, 9, 9, 9, 9}), i64({2}, {1, 1})}),
               f32({1, 1, 1, 1}, {0}));
}

TEST(MgeRegions, Deformable) {
  const Tensor rois = f32({1, 5}, {0, 0, 0, 1, 1}), trans = f32({1, 2, 1, 1}, {0.5f, 0});
  const Attrs still{{"pooled_shape", Ints{1, 1}}},
      moved{{"pooled_shape", Ints{1, 1}}, {"no_trans", int64_t{0}}};
  // One sample at the corner, (-0.5, -0.5), held to the image; moved by half of the width, 2.
  expect_near(own("DeformablePSROIPooling", {kImage, rois, trans}, still), f32({1, 1, 1, 1}, {0}));
  expect_near(own("DeformablePSROIPooling", {kImage, rois, trans}, moved), f32({1, 1, 1, 1}, {0.5f}));
  Attrs parts = moved;
  parts.push_back({"part_size", int64_t{2}});
  EXPECT_NE(own_error("DeformablePSROIPooling", {kImage, rois, trans}, parts).find("trans of shape"),
            std::string::npos);
}

TEST(MgeRegions, NmsKeep) {
  const Tensor boxes = f32({1, 3, 4}, {0, 0, 2, 2, 0, 0, 2, 1.9f, 5, 5, 6, 6});
  const Attrs attrs{{"iou_threshold", 0.5f}, {"max_output", int64_t{4}}};
  const auto r = run_op("NMSKeep", {boxes}, attrs, 2, kDomain);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], i32({1, 4}, {0, 2, 2, 2}));
  expect_equal(r.value()[1], i32({1}, {2}));
  expect_equal(own("NMSKeep", {f32({1, 0, 4}, {})}, attrs), i32({1, 4}, {0, 0, 0, 0}));
}

}  // namespace
}  // namespace lite::test
