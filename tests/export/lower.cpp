// Operators of domain "megengine" in ONNX's words: what comes out has none of them left and calculates the
// same, where it is hard, too.
#include "core/export/onnx/lower.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <type_traits>

#include "tests/support/graph_text.h"

namespace lite {
namespace {

constexpr Pass kLower[] = {{"lower_own", onnx::lower_own}};
constexpr float kInf = std::numeric_limits<float>::infinity();

Graph lowered(std::string_view text) {
  Graph g = test::parse_graph(text);
  const Status s = run_passes(g, kLower, {});
  EXPECT_TRUE(s.is_ok()) << s.message();
  for (NodeId n = 0; n < g.num_nodes(); ++n) EXPECT_STREQ(g.node(n).op->domain, "") << dump_text(g);
  return g;
}

void expect_kept(std::string_view text) {
  Graph g = test::parse_graph(text);
  const std::string before = dump_text(g);
  ASSERT_TRUE(run_passes(g, kLower, {}).is_ok());
  EXPECT_EQ(dump_text(g), before);
}

template <class T>
Datum datum(DType type, const std::vector<T>& v, Dims dims = {}) {
  if (dims.empty()) dims = {static_cast<int64_t>(v.size())};
  Tensor t = std::move(Tensor::allocate(type, dims)).value();
  std::copy(v.begin(), v.end(), t.mutable_data<T>());
  return t;
}

// Both graphs on those inputs, within `ulps` of float32 of what is wanted, or of `least` where that is
// smaller.
void expect_same(std::string_view text, const std::vector<Datum>& inputs, double ulps, double least = 0) {
  const Graph before = test::parse_graph(text), after = lowered(text);
  const auto want = interpret(before, inputs), got = interpret(after, inputs);
  ASSERT_TRUE(want.is_ok()) << want.error().message;
  ASSERT_TRUE(got.is_ok()) << got.error().message;
  const Tensor &w = want.value()[0].tensor, &g = got.value()[0].tensor;
  ASSERT_EQ(w.dtype(), g.dtype());
  ASSERT_EQ(w.dims(), g.dims());
  for (int64_t i = 0; i < w.elements(); ++i) {
    const double a = w.float_at(i), b = g.float_at(i);
    const bool same = a == b || (std::isnan(a) && std::isnan(b));
    EXPECT_TRUE(same || std::abs(a - b) <= ulps * 6e-8 * std::max(std::abs(a), least))
        << "element " << i << ": " << b << ", not " << a;
  }
}

const std::vector<float> kNumbers = {0,    -0.F,  1e-30F, -1e-30F, 1e-8F, -1e-8F, 1e-4F,  -1e-4F,
                                     0.1F, -0.1F, 0.5F,   -0.5F,   0.75F, 1,      1.5F,   2.5F,
                                     3,    10,    30,     80,      kInf,  -0.9F,  -0.999F};
const std::vector<float> kBelow = {-1, -2, -3.5F, -10, -30, -80, -kInf, NAN};

std::vector<float> with(std::vector<float> a, const std::vector<float>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string function(const char* name, const char* type = "float32") {
  return cat("input %x: ", type, "[N]\n%y = megengine.", name, "(%x)\noutput %y\n");
}
std::string pair(const char* name, const char* type = "float32") {
  return cat("input %a: ", type, "[N]\ninput %b: ", type, "[N]\n%y = megengine.", name,
             "(%a, %b)\noutput %y\n");
}

TEST(Lower, KeepsTheDigitsOfFunctions) {
  expect_same(function("Expm1"), {datum(DType::kF32, with(kNumbers, kBelow))}, 8);
  expect_same(function("Log1p"), {datum(DType::kF32, with(kNumbers, {-1, -2, -kInf, NAN, 1e30F}))}, 8);
  // Relative to numbers down to 1e-36; what comes before the exponential is rounded there.
  expect_same(function("Erfc"),
              {datum(DType::kF32, std::vector<float>{-kInf, -9, -2, -0.3F, 0, 1e-5F, 0.2F, 0.5F, 1, 2, 3, 4,
                                                     5, 7, 9, kInf, NAN})},
              150);
}

TEST(Lower, RoundsHalvesAwayFromZero) {
  const std::vector<float> hard = {0.49999997F, -0.49999997F, 0.5F,       -0.5F,       1.5F,       -1.5F,
                                   2.5F,        -2.5F,        8388607.5F, -8388607.5F, 16777217.F, 8388609.F,
                                   4194304.5F,  kInf,         -kInf,      NAN};
  expect_same(function("RoundAway"), {datum(DType::kF32, with(kNumbers, hard))}, 0);
  const auto widened = with(kNumbers, hard);
  expect_same(function("RoundAway", "float64"),
              {datum(DType::kF64, std::vector<double>(widened.begin(), widened.end()))}, 0);
}

TEST(Lower, KeepsFunctionsOfTwoNumbers) {
  const std::vector<float> values = {0, 1, -1, 2.5F, -2.5F, 1e-20F, -1e20F, kInf, -kInf, 1000, NAN};
  std::vector<float> a, b;
  for (const float x : values)
    for (const float y : values) a.push_back(x), b.push_back(y);
  // An infinite number is taken for the largest one.
  expect_same(pair("Atan2"), {datum(DType::kF32, a), datum(DType::kF32, b)}, 8, 1e-10);
  expect_same(pair("LogAddExp"), {datum(DType::kF32, a), datum(DType::kF32, b)}, 8);
}

template <class T>
void expect_same_integers(DType type, const char* op) {
  const char* const name = dtype_name(type);
  using Limits = std::numeric_limits<T>;
  const std::vector<T> values = {0,
                                 1,
                                 2,
                                 7,
                                 63,
                                 Limits::max(),
                                 Limits::min(),
                                 static_cast<T>(Limits::max() - 1),
                                 static_cast<T>(Limits::max() / 2),
                                 static_cast<T>(0) - static_cast<T>(std::is_signed_v<T> ? 5 : 0)};
  std::vector<T> a, b;
  for (const T x : values)
    for (const T y : values) a.push_back(x), b.push_back(y);
  for (int bits = 0; bits < 40; ++bits)
    for (const T x : values) a.push_back(x), b.push_back(static_cast<T>(bits));
  SCOPED_TRACE(cat(op, " of ", name));
  expect_same(pair(op, name), {datum(type, a), datum(type, b)}, 0);
}

TEST(Lower, KeepsIntegersExact) {
  for (const char* op : {"ShiftLeft", "ShiftRight"}) {
    expect_same_integers<int8_t>(DType::kI8, op);
    expect_same_integers<int16_t>(DType::kI16, op);
    expect_same_integers<int32_t>(DType::kI32, op);
    expect_same_integers<uint8_t>(DType::kU8, op);
    expect_same_integers<uint16_t>(DType::kU16, op);
    expect_same_integers<uint32_t>(DType::kU32, op);
  }
  expect_same_integers<int8_t>(DType::kI8, "RoundingMulHigh");
  expect_same_integers<int16_t>(DType::kI16, "RoundingMulHigh");
  expect_same_integers<int32_t>(DType::kI32, "RoundingMulHigh");
}

void expect_same_samples(const std::string& text, double ulps = 0, double least = 0) {
  expect_same(text, test::sample_inputs(test::parse_graph(text)), ulps, least);
}

TEST(Lower, SlicesWindows) {
  for (const char* attrs :
       {"kernel_shape=[3,2]", "kernel_shape=[3,2], pads=[1,2], strides=[2,3], dilations=[2,1]",
        "kernel_shape=[1,1], strides=[3,3]", "kernel_shape=[2,2], pads=[0,1]"})
    for (const char* shape : {"[2,3,9,11]", "[N,3,H,W]"}) {
      SCOPED_TRACE(attrs);
      const std::string text =
          cat("input %x: float32", shape, "\n%y = megengine.Images2Neibs(%x) {", attrs, "}\noutput %y\n");
      const std::vector<Datum> inputs = {
          test::sample_inputs(test::parse_graph("input %x: float32[2,3,9,11]\n"
                                                "%y = Identity(%x)\noutput %y\n"))};
      expect_same(text, inputs, 0);
    }
  expect_kept(
      "input %x: float32[1,1,99,99]\n%y = megengine.Images2Neibs(%x) {kernel_shape=[17,17]}\noutput %y\n");
}

TEST(Lower, PoolsToASize) {
  for (const char* mode : {"max", "average"})
    for (const char* size : {"{3,4}", "{1,1}", "{9,11}"})
      expect_same_samples(cat("input %x: float32[2,3,9,11]\n%y = megengine.AdaptivePool(%x, int64[2]", size,
                              ") {mode=\"", mode, "\"}\noutput %y\n"),
                          8);
  expect_kept(
      "input %x: float32[1,1,H,9]\n%y = megengine.AdaptivePool(%x, int64[2]{2,2}) {mode=\"max\"}\noutput "
      "%y\n");
}

TEST(Lower, PicksDiagonals) {
  for (const char* k : {"0", "1", "-2", "5"}) {
    expect_same_samples(cat("input %x: float32[6,7]\n%y = megengine.Diag(%x) {k=", k, "}\noutput %y\n"));
    expect_same_samples(cat("input %x: float32[3]\n%y = megengine.Diag(%x) {k=", k, "}\noutput %y\n"));
  }
  expect_kept("input %x: float32[N]\n%y = megengine.Diag(%x) {k=0}\noutput %y\n");
}

TEST(Lower, ConvertsColours) {
  const std::pair<int, int> modes[] = {{0, 3}, {1, 3}, {2, 3}, {3, 1}, {4, 4},
                                       {5, 4}, {6, 4}, {7, 3}, {8, 3}, {9, 3}};
  for (const auto& [mode, channels] : modes)
    for (const char* type : {"float32", "uint8"}) {
      SCOPED_TRACE(cat("mode ", mode, " of ", type));
      const std::string text = cat("input %x: ", type, "[2,4,5,", channels,
                                   "]\n%y = megengine.CvtColor(%x) {mode=", mode, "}\noutput %y\n");
      if (std::string_view(type) == "uint8" && (mode == 1 || mode == 2))
        expect_kept(text);
      else
        expect_same_samples(text, std::string_view(type) == "uint8" ? 0 : 8, 1);
    }
}

// Places in and around images of 5 by 7, and some that are none.
Datum coordinates(Dims dims) {
  Tensor t = std::move(Tensor::allocate(DType::kF32, std::move(dims))).value();
  for (int64_t i = 0; i < t.elements(); ++i)
    t.mutable_data<float>()[i] = static_cast<float>(i * 37 % 101) / 4 - 9;
  const float hard[] = {0, -1, 6, 4, 7, 5, 2.5F, 3.5F, -0.5F, 1e12F, -1e12F, NAN, kInf, 3};
  std::copy(std::begin(hard), std::end(hard), t.mutable_data<float>());
  return t;
}

TEST(Lower, SamplesAtGivenPlaces) {
  const Datum image =
      test::sample_inputs(test::parse_graph("input %x: float32[2,3,5,7]\n%y = Identity(%x)\noutput %y\n"))[0];
  for (const char* border : {"replicate", "reflect", "reflect_101", "wrap", "constant"})
    for (const char* mode : {"linear", "nearest"}) {
      SCOPED_TRACE(cat(mode, ", ", border));
      const std::string attrs = cat("{mode=\"", mode, "\", border=\"", border, "\", border_value=0.5}");
      expect_same(cat("input %x: float32[N,3,H,W]\ninput %m: float32[N,4,6,2]\n%y = megengine.Remap(%x, %m) ",
                      attrs, "\noutput %y\n"),
                  {image, coordinates({2, 4, 6, 2})}, 4, 1);
      const Datum matrices = datum(DType::kF32,
                                   std::vector<float>{1, 0.25F, -2, -0.5F, 1.5F, 1, 0, 0, 1, 0.5F, 0, 1,
                                                      0.25F, 1, -1, 0.125F, 0.0625F, 1},
                                   {2, 3, 3});
      expect_same(cat("input %x: float32[N,3,H,W]\ninput %m: float32[B,3,3]\n"
                      "%y = megengine.WarpPerspective(%x, %m, int64[2]{6,5}) ",
                      attrs, "\noutput %y\n"),
                  {image, matrices}, 4, 1);
      expect_same(cat("input %x: float32[N,3,H,W]\ninput %m: float32[B,3,3]\ninput %s: int64[2]\n"
                      "%y = megengine.WarpPerspective(%x, %m, %s, int64[2]{1,1}) ",
                      attrs, "\noutput %y\n"),
                  {image, matrices, datum(DType::kI64, std::vector<int64_t>{3, 4})}, 4, 1);
    }
  // The edge of an image of one element is all of it.
  expect_same(
      "input %x: float32[N,C,H,W]\ninput %m: float32[N,4,6,2]\n"
      "%y = megengine.Remap(%x, %m) {border=\"reflect_101\"}\noutput %y\n",
      {datum(DType::kF32, std::vector<float>{3}, {1, 1, 1, 1}), coordinates({1, 4, 6, 2})}, 4, 1);
}

TEST(Lower, AlignsRegions) {
  const Datum image =
      test::sample_inputs(test::parse_graph("input %x: float32[2,3,5,7]\n%y = Identity(%x)\noutput %y\n"))[0];
  const Datum rois =
      datum(DType::kF32, std::vector<float>{0, 0,   0,   8,   8,   1, 3,   -4, 30, 11, 1, 5,     5, 4,     4,
                                            0, -50, -50, -20, -20, 1, NAN, 1,  2,  3,  0, 1e12F, 0, 1e13F, 9},
            {6, 5});
  for (const char* mode : {"max", "average"})
    for (const char* attrs :
         {"pooled_shape=[2,3]", "pooled_shape=[3,2], samples=[1,4], spatial_scale=0.5, offset=0.5"}) {
      SCOPED_TRACE(cat(mode, ", ", attrs));
      expect_same(
          cat("input %x: float32[N,3,H,W]\ninput %r: float32[R,5]\n%y = megengine.ROIAlign(%x, %r) {mode=\"",
              mode, "\", ", attrs, "}\noutput %y\n"),
          {image, rois}, 8, 1);
    }
  expect_kept(
      "input %x: float32[N,3,H,W]\ninput %r: float32[R,5]\n"
      "%y, %i = megengine.ROIAlign(%x, %r) {pooled_shape=[2,2]}\noutput %y\noutput %i\n");
}

TEST(Lower, Correlates) {
  for (const char* attrs :
       {"max_displacement=1", "max_displacement=2, stride2=2, pad_size=2",
        "kernel_size=3, max_displacement=3, stride1=2, stride2=2, pad_size=4",
        "kernel_size=2, max_displacement=0, stride1=3", "max_displacement=2, is_multiply=0, pad_size=1",
        "kernel_size=3, max_displacement=1, is_multiply=0, stride1=2"})
    for (const char* type : {"float32", "float64"}) {
      SCOPED_TRACE(cat(attrs, " ", type));
      expect_same_samples(cat("input %a: ", type, "[2,3,9,11]\ninput %b: ", type,
                              "[2,3,9,11]\n%y = megengine.Correlation(%a, %b) {", attrs, "}\noutput %y\n"),
                          8, 1);
    }
  const std::string many =
      "input %a: float32[1,1,99,99]\ninput %b: float32[1,1,99,99]\n"
      "%y = megengine.Correlation(%a, %b) {max_displacement=16}\noutput %y\n";
  expect_kept(many);
  EXPECT_STREQ(onnx::why_not_lowered(test::parse_graph(many).node(0)),
               "it becomes one slice for each displacement, and has more than 1024");
}

TEST(Lower, PoolsRegions) {
  const Datum image =
      test::sample_inputs(test::parse_graph("input %x: float32[2,3,5,7]\n%y = Identity(%x)\noutput %y\n"))[0];
  const Datum rois =
      datum(DType::kF32, std::vector<float>{0, 0, 0, 6,   4,   1,   2.5F, -4, 30,   11,   1,    5,   5,
                                            4, 4, 0, -50, -50, -20, -20,  1,  1.5F, 0.5F, 3.5F, 2.5F},
            {5, 5});
  const std::string begin = "input %x: float32[N,3,H,W]\ninput %r: float32[R,5]\n";
  for (const char* size : {"{2,3}", "{3,2}", "{1,1}", "{7,9}"})
    for (const char* scale : {"1", "0.5"}) {
      SCOPED_TRACE(cat(size, ", ", scale));
      expect_same(cat(begin, "%y = megengine.ROIPooling(%x, %r, int64[2]", size, ") {spatial_scale=", scale,
                      "}\noutput %y\n"),
                  {image, rois}, 0);
    }
  expect_kept(begin + "%y, %i = megengine.ROIPooling(%x, %r, int64[2]{2,2})\noutput %y\noutput %i\n");
  expect_kept(begin + "%y = megengine.ROIPooling(%x, %r, int64[2]{2,2}) {mode=\"average\"}\noutput %y\n");
  expect_kept(begin + "input %s: int64[2]\n%y = megengine.ROIPooling(%x, %r, %s)\noutput %y\n");
}

TEST(Lower, PoolsMovedRegions) {
  const Datum image =
      test::sample_inputs(test::parse_graph("input %x: float32[2,4,5,7]\n%y = Identity(%x)\noutput %y\n"))[0];
  const Datum rois =
      datum(DType::kF32, std::vector<float>{0, 0, 0, 6,   4,   1,   2.5F, -4, 30,  11,   1,    5,    5,
                                            4, 4, 0, -50, -50, -20, -20,  1,  NAN, 0.5F, 3.5F, -2.5F},
            {5, 5});
  const std::string begin =
      "input %x: float32[N,C,H,W]\ninput %r: float32[R,5]\ninput %t: float32[S,K,P,Q]\n"
      "%y, %c = megengine.DeformablePSROIPooling(%x, %r, %t) ";
  for (const int classes : {1, 2, 4}) {
    std::vector<float> moves;
    for (int i = 0; i < 6 * 2 * classes * 9; ++i) moves.push_back(static_cast<float>(i * 37 % 23) / 8 - 1);
    const Datum trans = datum(DType::kF32, moves, {6, 2 * classes, 3, 3});
    for (const char* attrs : {"{no_trans=1, pooled_shape=[2,3], sample_per_part=3, part_size=3}",
                              "{no_trans=0, pooled_shape=[4,2], sample_per_part=2, part_size=3, "
                              "trans_std=0.25, spatial_scale=0.5}"})
      for (const char* outputs : {"output %y\noutput %c\n", "output %c\n", "output %y\n"}) {
        SCOPED_TRACE(cat(classes, " ", attrs, " ", outputs));
        expect_same(cat(begin, attrs, "\n", outputs), {image, rois, trans}, 8, 1);
      }
  }
}

TEST(Lower, KeepsTheBestBoxes) {
  std::vector<float> corners;
  for (int i = 0; i < 2 * 24; ++i) {
    const auto left = static_cast<float>(i * 37 % 19), top = static_cast<float>(i * 23 % 17);
    corners.insert(corners.end(), {left, top, left + 3 + static_cast<float>(i % 7),
                                   top + 2 + static_cast<float>(i * 5 % 9)});
  }
  // In the second image all boxes but one are the same.
  std::fill(corners.begin() + 24 * 4, corners.end(), 0.F);
  for (size_t i = 24; i < 48; ++i) corners[i * 4 + 2] = corners[i * 4 + 3] = i == 30 ? 9.F : 2.F;
  const Datum boxes = datum(DType::kF32, corners, {2, 24, 4}),
              none = datum(DType::kF32, std::vector<float>{}, {2, 0, 4});
  for (const char* attrs : {"iou_threshold=0.3, max_output=30", "iou_threshold=0.1, max_output=5",
                            "iou_threshold=1, max_output=24", "iou_threshold=0, max_output=1"})
    for (const char* outputs :
         {"output %i\noutput %c\n", "output %c\noutput %i\n", "output %i\n", "output %c\n"}) {
      SCOPED_TRACE(cat(attrs, " ", outputs));
      const std::string text =
          cat("input %b: float32[N,B,4]\n%i, %c = megengine.NMSKeep(%b) {", attrs, "}\n", outputs);
      expect_same(text, {boxes}, 0);
      expect_same(text, {none}, 0);
    }
  expect_kept(
      "input %b: float32[N,B,4]\n%i = megengine.NMSKeep(%b) {iou_threshold=-1, max_output=3}\noutput %i\n");
}

TEST(Lower, InvertsAsOnnxRuntimeDoes) {
  Graph g = test::parse_graph("input %x: float32[2,2]\n%y = megengine.MatrixInverse(%x)\noutput %y\n");
  ASSERT_TRUE(run_passes(g, kLower, {}).is_ok());
  const auto y = interpret(g, std::vector<Datum>{datum(DType::kF32, std::vector<float>{2, 1, 4, 4}, {2, 2})});
  ASSERT_TRUE(y.is_ok()) << y.error().message;
  const float want[] = {1, -0.25F, -1, 0.5F};
  for (int64_t i = 0; i < 4; ++i) EXPECT_NEAR(y.value()[0].tensor.float_at(i), want[i], 1e-6);
  EXPECT_STREQ(g.node(g.value(g.outputs[0]).producer).op->domain, "com.microsoft");
}

TEST(Lower, LeavesWhatHasNoWords) {
  const std::string text = "input %x: float32[2,2]\n%u, %s, %v = megengine.SVD(%x)\noutput %s\n";
  expect_kept(text);
  const Graph g = test::parse_graph(text);
  EXPECT_STREQ(onnx::why_not_lowered(g.node(0)), "ONNX has no word for it");
  expect_kept(function("Erfc", "float64"));
}

}  // namespace
}  // namespace lite
