#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

Attrs reduction(const char* r) { return {{"reduction", std::string(r)}}; }

TEST(ScatterElements, ReplacesAndReduces) {
  const Tensor x = f32({3, 2}, {1, 2, 3, 4, 5, 6}), i = i64({2, 2}, {2, 0, 2, -1}),
               u = f32({2, 2}, {10, 20, 30, 40});
  expect_equal(eval("ScatterElements", {x, i, u}), f32({3, 2}, {1, 20, 3, 4, 30, 40}));
  expect_equal(eval("ScatterElements", {x, i, u}, reduction("add")), f32({3, 2}, {1, 22, 3, 4, 45, 46}));
  expect_equal(eval("ScatterElements", {x, i, u}, reduction("max")), f32({3, 2}, {1, 20, 3, 4, 30, 40}));
  EXPECT_EQ(error_of("ScatterElements", {x, i64({1, 1}, {3}), f32({1, 1}, {0})}),
            "ScatterElements: index 3 is out of range for dimension 0 of size 3");
  EXPECT_NE(error_of("ScatterElements", {x, i64({1, 1}, {0}), f32({1, 2}, {0, 0})}).find("differ"),
            std::string::npos);
}

TEST(ScatterND, ReplacesAndReduces) {
  const Tensor x = i32({4}, {1, 2, 3, 4});
  expect_equal(eval("ScatterND", {x, i64({2, 1}, {3, 1}), i32({2}, {9, 8})}), i32({4}, {1, 8, 3, 9}));
  expect_equal(eval("ScatterND", {x, i64({2, 1}, {1, 1}), i32({2}, {9, 8})}, reduction("mul")),
               i32({4}, {1, 144, 3, 4}));
  expect_equal(eval("ScatterND", {f32({2, 2}, {1, 2, 3, 4}), i64({1, 1}, {1}), f32({1, 2}, {0, kNaN})},
                    reduction("min")),
               f32({2, 2}, {1, 2, 0, kNaN}));
  EXPECT_EQ(error_of("ScatterND", {x, i64({1, 1}, {-5}), i32({1}, {0})}),
            "ScatterND: index -5 is out of range for dimension 0 of size 4");
  EXPECT_NE(error_of("ScatterND", {x, i64({1, 1}, {0}), i32({2}, {0, 0})}).find("wanted [1]"),
            std::string::npos);
}

TEST(TensorScatter, LinearAndCircular) {
  const Tensor past = f32({1, 3, 1}, {1, 2, 3}), update = f32({1, 2, 1}, {8, 9});
  expect_equal(eval("TensorScatter", {past, update, i64({1}, {1})}), f32({1, 3, 1}, {1, 8, 9}));
  expect_equal(eval("TensorScatter", {past, update, i64({1}, {2})}, {{"mode", std::string("circular")}}),
               f32({1, 3, 1}, {9, 2, 8}));
  EXPECT_NE(error_of("TensorScatter", {past, update, i64({1}, {2})}).find("write index 2"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
