#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max(), kMin = std::numeric_limits<int64_t>::min();

const Tensor& x() {
  static const Tensor t = f32({2, 4}, {0, 1, 2, 3, 10, 11, 12, 13});
  return t;
}

TEST(Slice, ClampsAndCountsFromTheEnd) {
  expect_equal(eval("Slice", {x(), i64({2}, {1, 1}), i64({2}, {kMax, -1})}), f32({1, 2}, {11, 12}));
  expect_equal(eval("Slice", {x(), i64({1}, {-100}), i64({1}, {1}), i64({1}, {-1})}), f32({2, 1}, {0, 10}));
  expect_equal(eval("Slice", {x(), i64({1}, {3}), i64({1}, {1}), i64({1}, {1})}), f32({2, 0}, {}));
}

TEST(Slice, Steps) {
  expect_equal(eval("Slice", {x(), i32({1}, {0}), i32({1}, {4}), i32({1}, {1}), i32({1}, {2})}),
               f32({2, 2}, {0, 2, 10, 12}));
  expect_equal(eval("Slice", {x(), i64({1}, {-1}), i64({1}, {kMin}), i64({1}, {1}), i64({1}, {-2})}),
               f32({2, 2}, {3, 1, 13, 11}));
  expect_equal(eval("Slice", {x(), i64({1}, {kMax}), i64({1}, {kMin}), i64({1}, {0}), i64({1}, {kMin})}),
               f32({1, 4}, {10, 11, 12, 13}));
  expect_equal(eval("Slice", {x(), i64({1}, {0}), i64({1}, {kMax}), i64({1}, {0}), i64({1}, {kMax})}),
               f32({1, 4}, {0, 1, 2, 3}));
}

TEST(Slice, SaysWhatIsWrong) {
  EXPECT_NE(error_of("Slice", {x(), i64({1}, {0}), i64({1}, {1}), i64({1}, {1}), i64({1}, {0})})
                .find("step of axis 1 is 0"),
            std::string::npos);
  EXPECT_NE(error_of("Slice", {x(), i64({1}, {0}), i64({2}, {1, 1})}).find("2 entries for 1 axes"),
            std::string::npos);
  EXPECT_NE(error_of("Slice", {x(), i64({1}, {0}), i64({1}, {1}), i64({1}, {2})}).find("axis 2"),
            std::string::npos);
}

}  // namespace
}  // namespace lite::test
