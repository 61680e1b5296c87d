#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

const Tensor& x() {
  static const Tensor t = f32({3, 2}, {0, 1, 10, 11, 20, 21});
  return t;
}

TEST(Gather, PicksRowsAndColumns) {
  expect_equal(eval("Gather", {x(), i64({2}, {2, -3})}), f32({2, 2}, {20, 21, 0, 1}));
  expect_equal(eval("Gather", {x(), i32({1, 2}, {1, 0})}, {{"axis", int64_t{1}}}),
               f32({3, 1, 2}, {1, 0, 11, 10, 21, 20}));
  expect_equal(eval("Gather", {strings({2}, {"a", "b"}), i64({}, {1})}), strings({}, {"b"}));
  EXPECT_EQ(error_of("Gather", {x(), i64({1}, {3})}),
            "Gather: index 3 is out of range for dimension 0 of size 3");
}

TEST(GatherElements, PicksElements) {
  expect_equal(eval("GatherElements", {x(), i64({2, 2}, {2, 0, -1, 1})}), f32({2, 2}, {20, 1, 20, 11}));
  EXPECT_EQ(error_of("GatherElements", {x(), i64({1, 2}, {0, -4})}),
            "GatherElements: index -4 is out of range for dimension 0 of size 3");
  EXPECT_NE(error_of("GatherElements", {x(), i64({1, 3}, {0, 0, 0})}).find("larger than data"),
            std::string::npos);
}

TEST(GatherND, PicksSlices) {
  expect_equal(eval("GatherND", {x(), i64({2, 2}, {0, 1, -1, 0})}), f32({2}, {1, 20}));
  expect_equal(eval("GatherND", {x(), i64({1, 1}, {1})}), f32({1, 2}, {10, 11}));
  expect_equal(eval("GatherND", {x(), i64({3, 1}, {1, 0, 1})}, {{"batch_dims", int64_t{1}}}),
               f32({3}, {1, 10, 21}));
  EXPECT_EQ(error_of("GatherND", {x(), i64({1, 2}, {0, 2})}),
            "GatherND: index 2 is out of range for dimension 1 of size 2");
}

}  // namespace
}  // namespace lite::test
