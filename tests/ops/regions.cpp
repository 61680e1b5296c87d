#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
Attr text(const char* name, const char* value) { return {name, std::string(value)}; }

TEST(NonMaxSuppression, KeepsTheBestOfWhatOverlaps) {
  const Tensor boxes = f32({1, 3, 4}, {0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, 10, 1, 11});
  const Tensor scores = f32({1, 1, 3}, {0.8f, 0.9f, 0.1f}), most = i64({1}, {3}), iou = f32({1}, {0.5f});
  expect_equal(eval("NonMaxSuppression", {boxes, scores, most, iou}), i64({2, 3}, {0, 0, 1, 0, 0, 2}));
  expect_equal(eval("NonMaxSuppression", {boxes, scores, most, iou, f32({1}, {0.5f})}),
               i64({1, 3}, {0, 0, 1}));
  expect_equal(eval("NonMaxSuppression", {boxes, scores, i64({1}, {1}), f32({1}, {1})}),
               i64({1, 3}, {0, 0, 1}));
  expect_equal(eval("NonMaxSuppression", {boxes, scores}), i64({0, 3}, {}));
  EXPECT_TRUE(
      contains(error_of("NonMaxSuppression", {boxes, f32({1, 1, 2}, {1, 1})}), "batches and boxes differ"));
}

TEST(NonMaxSuppression, ComparesWithAllThatWereChosen) {
  // For each of 40 boxes apart, of two classes, one beside it that overlaps it and one that does not, with
  // lower scores; and boxes without area or of no numbers, which overlap nothing.
  constexpr int64_t kApart = 40;
  std::vector<float> corners, scores;
  std::vector<int64_t> wanted;
  for (int64_t kind = 0; kind < 3; ++kind)
    for (int64_t i = 0; i < kApart; ++i) {
      const float x = 4 * static_cast<float>(i), shift = kind == 1 ? 0.2f : kind == 2 ? 2 : 0;
      corners.insert(corners.end(), {0, x + shift, 1, x + shift + 1});
      scores.push_back(1 - 0.001f * static_cast<float>(kind * kApart + i));
    }
  corners.insert(corners.end(), {0, 0, 0, 1, kNaN, 0, 1, 1});
  scores.insert(scores.end(), {0.1f, 0.05f});
  const auto boxes = static_cast<int64_t>(scores.size());
  for (int64_t c = 0; c < 2; ++c)
    for (int64_t i = 0; i < boxes; ++i)
      if (i / kApart != 1) wanted.insert(wanted.end(), {0, c, i});
  scores.insert(scores.end(), scores.begin(), scores.begin() + boxes);
  const auto chosen = static_cast<int64_t>(wanted.size()) / 3;
  expect_equal(eval("NonMaxSuppression", {f32({1, boxes, 4}, corners), f32({1, 2, boxes}, scores),
                                          i64({1}, {boxes}), f32({1}, {0.5f})}),
               i64({chosen, 3}, wanted));
}

TEST(GridSample, SamplesAndPads) {
  const Tensor x = f32({1, 1, 1, 2}, {1, 3}), grid = f32({1, 1, 3, 2}, {0, 0, 1, 0, 3, 0});
  expect_equal(eval("GridSample", {x, grid}), f32({1, 1, 1, 3}, {2, 1.5f, 0}));
  expect_equal(eval("GridSample", {x, grid}, {text("padding_mode", "border")}), f32({1, 1, 1, 3}, {2, 3, 3}));
  expect_equal(eval("GridSample", {x, grid}, {text("padding_mode", "reflection")}),
               f32({1, 1, 1, 3}, {2, 3, 1}));
  expect_equal(eval("GridSample", {x, grid}, {{"align_corners", int64_t{1}}}), f32({1, 1, 1, 3}, {2, 3, 0}));
  expect_equal(eval("GridSample", {x, f32({1, 1, 1, 2}, {-0.5f, 0})}, {text("mode", "nearest")}),
               f32({1, 1, 1, 1}, {1}));
  EXPECT_TRUE(contains(error_of("GridSample", {x, f32({1, 1, 1}, {0})}), "grid has shape [1,1,1]"));
  EXPECT_TRUE(
      contains(error_of("GridSample", {x, grid}, {text("mode", "bilinear")}), "'mode' is 'bilinear'"));
}

TEST(AffineGrid, MapsTheIdentity) {
  const Tensor theta = f32({1, 2, 3}, {1, 0, 0, 0, 1, 0.5f}), size = i64({4}, {1, 1, 1, 2});
  expect_equal(eval("AffineGrid", {theta, size}), f32({1, 1, 2, 2}, {-0.5f, 0.5f, 0.5f, 0.5f}));
  expect_equal(eval("AffineGrid", {theta, size}, {{"align_corners", int64_t{1}}}),
               f32({1, 1, 2, 2}, {-1, 0.5f, 1, 0.5f}));
  EXPECT_TRUE(contains(error_of("AffineGrid", {theta, i64({5}, {1, 1, 1, 1, 1})}), "[1,3,4] wanted"));
}

TEST(RoiAlign, AveragesSamples) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4}), roi = f32({1, 4}, {0, 0, 2, 2});
  expect_equal(eval("RoiAlign", {x, roi, i64({1}, {0})}), f32({1, 1, 1, 1}, {2.5f}));
  expect_equal(eval("RoiAlign", {x, roi, i64({1}, {0})},
                    {{"output_height", int64_t{2}}, {"output_width", int64_t{2}}}),
               x);
  EXPECT_TRUE(contains(error_of("RoiAlign", {x, roi, i64({1}, {1})}), "batch_indices[0] is 1"));
  EXPECT_TRUE(contains(error_of("RoiAlign", {x, roi, i64({1}, {0})}, {{"output_height", int64_t{0}}}),
                       "'output_height' is 0"));
  // Nothing to sample.
  expect_equal(eval("RoiAlign", {f32({1, 1, 0, 2}, {}), f32({1, 4}, {0, -1, 2, 1}), i64({1}, {0})}),
               f32({1, 1, 1, 1}, {0}));
}

TEST(MaxRoiPool, TakesTheLargestOfEachCell) {
  const Tensor x = f32({1, 1, 2, 2}, {1, 2, 3, 4});
  expect_equal(eval("MaxRoiPool", {x, f32({1, 5}, {0, 0, 0, 1, 1})}, {{"pooled_shape", Ints{1, 2}}}),
               f32({1, 1, 1, 2}, {3, 4}));
  EXPECT_TRUE(
      contains(error_of("MaxRoiPool", {x, f32({1, 5}, {7, 0, 0, 1, 1})}, {{"pooled_shape", Ints{1, 2}}}),
               "region 0 is 7"));
}

TEST(Col2Im, AddsOverlaps) {
  const Tensor columns = f32({1, 2, 2}, {1, 2, 3, 4});
  expect_equal(eval("Col2Im", {columns, i64({1}, {3}), i64({1}, {2})}), f32({1, 1, 3}, {1, 5, 4}));
  EXPECT_TRUE(contains(error_of("Col2Im", {columns, i64({1}, {4}), i64({1}, {2})}), "3 columns wanted"));
}

TEST(MaxUnpool, PutsBack) {
  const Tensor x = f32({1, 1, 2}, {7, 8}), where = i64({1, 1, 2}, {1, 2});
  const Attrs attrs{{"kernel_shape", Ints{2}}, {"strides", Ints{2}}};
  expect_equal(eval("MaxUnpool", {x, where}, attrs), f32({1, 1, 4}, {0, 7, 8, 0}));
  expect_equal(eval("MaxUnpool", {x, where, i64({3}, {1, 1, 5})}, attrs), f32({1, 1, 5}, {0, 7, 8, 0, 0}));
  EXPECT_TRUE(contains(error_of("MaxUnpool", {x, i64({1, 1, 2}, {1, 4})}, attrs), "I[1] is 4"));
}

TEST(DeformConv, MovesItsTaps) {
  const Tensor x = f32({1, 1, 1, 2}, {1, 3}), w = f32({1, 1, 1, 1}, {2});
  expect_equal(eval("DeformConv", {x, w, f32({1, 2, 1, 2}, {0, 0, 0, 0})}), f32({1, 1, 1, 2}, {2, 6}));
  expect_equal(eval("DeformConv", {x, w, f32({1, 2, 1, 2}, {0, 0, 0.5f, 0.5f}), f32({1}, {1}),
                                   f32({1, 1, 1, 2}, {1, 0.5f})}),
               f32({1, 1, 1, 2}, {5, 2.5f}));
  EXPECT_TRUE(contains(error_of("DeformConv", {x, w, f32({1, 1, 1, 2}, {0, 0})}),
                       "offset has shape [1,1,1,2], [1,2,1,2] wanted"));
}

}  // namespace
}  // namespace lite::test
