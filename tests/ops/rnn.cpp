#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const auto contains = [](const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
};
// Makes a cell a plain sum, so that the numbers can be followed by hand.
Attr identity(size_t n) { return {"activations", std::vector<std::string>(n, "Affine")}; }

TEST(RNN, AccumulatesForwardAndBackward) {
  const Tensor x = f32({3, 1, 1}, {1, 2, 3}), w = f32({1, 1, 1}, {1}), r = f32({1, 1, 1}, {2});
  auto forward = run_op("RNN", {x, w, r, f32({1, 2}, {10, 0})}, {identity(1)}, 2);
  ASSERT_TRUE(forward.is_ok()) << forward.error().message;
  expect_equal(forward.value()[0], f32({3, 1, 1, 1}, {11, 34, 81}));
  expect_equal(forward.value()[1], f32({1, 1, 1}, {81}));
  expect_equal(eval("RNN", {x, w, r}, {identity(1), {"direction", std::string("reverse")}}),
               f32({3, 1, 1, 1}, {17, 8, 3}));
  const Tensor both = f32({2, 1, 1}, {1, 1}), twice = f32({2, 1, 1}, {2, 2});
  expect_equal(eval("RNN", {x, both, twice}, {identity(2), {"direction", std::string("bidirectional")}}),
               f32({3, 2, 1, 1}, {1, 17, 4, 8, 11, 3}));
}

TEST(RNN, StopsWhereASequenceEnds) {
  const Tensor x = f32({2, 2, 1}, {1, 10, 2, 20}), w = f32({1, 1, 1}, {1});
  auto r =
      run_op("RNN", {x, w, w, Tensor(), i32({2}, {2, 1}), f32({1, 2, 1}, {100, 1000})}, {identity(1)}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], f32({2, 1, 2, 1}, {101, 1010, 103, 0}));
  expect_equal(r.value()[1], f32({1, 2, 1}, {103, 1010}));
  EXPECT_TRUE(contains(error_of("RNN", {x, w, w, Tensor(), i32({2}, {3, 1})}), "sequence_lens[0] is 3"));
}

TEST(RNN, LayoutPutsTheBatchFirst) {
  const Tensor x = f32({1, 2, 1}, {1, 2}), w = f32({1, 1, 1}, {1});
  expect_equal(eval("RNN", {x, w, w}, {identity(1), {"layout", int64_t{1}}}), f32({1, 2, 1, 1}, {1, 3}));
}

TEST(GRU, ResetsBeforeOrAfter) {
  // z = 0, r = 0.5, W h = 1, R h = 2, Rb h = 4, H = 1
  const Tensor x = f32({1, 1, 1}, {1}), w = f32({1, 3, 1}, {0, 0, 1}), r = f32({1, 3, 1}, {0, 0, 2}),
               h = f32({1, 1, 1}, {1});
  const Tensor b = f32({1, 6}, {0, 0.5f, 0, 0, 0, 4});
  expect_equal(eval("GRU", {x, w, r, b, Tensor(), h}, {identity(2)}), f32({1, 1, 1, 1}, {6}));
  expect_equal(eval("GRU", {x, w, r, b, Tensor(), h}, {identity(2), {"linear_before_reset", int64_t{1}}}),
               f32({1, 1, 1, 1}, {4}));
}

TEST(LSTM, KeepsACell) {
  // i = 2 + 1 (peephole), o = 1, f = 3, c = x
  const Tensor x = f32({1, 1, 1}, {5}), w = f32({1, 4, 1}, {0, 0, 0, 1}), r = f32({1, 4, 1}, {0, 0, 0, 0});
  const Tensor b = f32({1, 8}, {2, 1, 3, 0, 0, 0, 0, 0}), h = f32({1, 1, 1}, {0}), c = f32({1, 1, 1}, {1});
  auto out = run_op("LSTM", {x, w, r, b, Tensor(), h, c, f32({1, 3}, {1, 0, 0})}, {identity(3)}, 3);
  ASSERT_TRUE(out.is_ok()) << out.error().message;
  expect_equal(out.value()[0], f32({1, 1, 1, 1}, {18}));
  expect_equal(out.value()[2], f32({1, 1, 1}, {18}));
  expect_equal(
      eval("LSTM", {x, w, r, b, Tensor(), h, c}, {identity(3), {"input_forget", int64_t{1}}, {"clip", 4.0f}}),
      f32({1, 1, 1, 1}, {4}));  // 2 * 4 + (1 - 2) * 1 = 7, clipped on its way out
}

TEST(LSTM, NamesWhatIsWrong) {
  const Tensor x = f32({1, 1, 1}, {5}), w = f32({1, 4, 1}, {0, 0, 0, 1});
  EXPECT_TRUE(
      contains(error_of("LSTM", {x, f32({1, 3, 1}, {0, 0, 0}), w}), "W has shape [1,3,1], [1,4,1] wanted"));
  EXPECT_TRUE(contains(error_of("LSTM", {x, w, w}, {{"hidden_size", int64_t{2}}}), "'hidden_size' is 2"));
  EXPECT_TRUE(
      contains(error_of("LSTM", {x, w, w}, {{"direction", std::string("up")}}), "'direction' is 'up'"));
  EXPECT_TRUE(contains(
      error_of("LSTM", {x, w, w}, {{"activations", std::vector<std::string>{"Tanh", "Tan", "Tanh"}}}),
      "'Tan' is unknown"));
}

}  // namespace
}  // namespace lite::test
