#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

Datum sequence(const std::vector<Tensor>& items) {
  Datum d;
  d.kind = Kind::kSequence;
  d.element = DType::kF32;
  for (const Tensor& t : items) d.items.edit().emplace_back(t);
  return d;
}
Datum only(Result<std::vector<Datum>> r) {
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  return r.is_ok() ? r.value()[0] : Datum();
}

const Tensor& one() {
  static const Tensor t = f32({1}, {1});
  return t;
}
const Tensor& two() {
  static const Tensor t = f32({2}, {2, 3});
  return t;
}

TEST(Sequence, BuildAndTake) {
  const Datum s = only(run_data("SequenceConstruct", {one(), two()}));
  ASSERT_EQ(s.items.size(), 2u);
  expect_equal(only(run_data("SequenceAt", {s, i64({}, {-1})})).tensor, two());
  expect_equal(only(run_data("SequenceLength", {s})).tensor, i64({}, {2}));
  const Datum t = only(run_data("SequenceInsert", {s, f32({1}, {9}), i64({}, {0})}));
  expect_equal(t.items[0].tensor, f32({1}, {9}));
  EXPECT_EQ(only(run_data("SequenceErase", {t, i64({}, {1})})).items.size(), 2u);
  const auto bad = run_data("SequenceAt", {s, i64({}, {2})});
  ASSERT_FALSE(bad.is_ok());
  EXPECT_EQ(bad.error().message, "SequenceAt: position 2 is out of range for a sequence of 2");
  EXPECT_TRUE(only(run_data("SequenceEmpty", {})).items.empty());
}

TEST(Sequence, SplitAndConcat) {
  const Datum s = only(run_data("SplitToSequence", {f32({5}, {1, 2, 3, 4, 5}), i64({}, {2})}));
  ASSERT_EQ(s.items.size(), 3u);
  expect_equal(s.items[2].tensor, f32({1}, {5}));
  expect_equal(only(run_data("ConcatFromSequence", {s}, {{"axis", int64_t{0}}})).tensor,
               f32({5}, {1, 2, 3, 4, 5}));
  expect_equal(only(run_data("ConcatFromSequence", {sequence({one(), one()})},
                             {{"axis", int64_t{-1}}, {"new_axis", int64_t{1}}}))
                   .tensor,
               f32({1, 2}, {1, 1}));
  const Datum t = only(run_data("SplitToSequence", {f32({2, 1}, {1, 2})}, {{"keepdims", int64_t{0}}}));
  expect_equal(t.items[1].tensor, f32({1}, {2}));
  EXPECT_FALSE(run_data("ConcatFromSequence", {sequence({})}, {{"axis", int64_t{0}}}).is_ok());
}

TEST(Optional, HoldsOrNot) {
  const Datum full = only(run_data("Optional", {one()}));
  EXPECT_EQ(full.kind, Kind::kOptional);
  expect_equal(only(run_data("OptionalHasElement", {full})).tensor, bools({}, {1}));
  expect_equal(only(run_data("OptionalGetElement", {full})).tensor, one());
  const Datum empty = only(run_data("Optional", {}, {{"type", Fact(DType::kF32)}}));
  expect_equal(only(run_data("OptionalHasElement", {empty})).tensor, bools({}, {0}));
  EXPECT_FALSE(run_data("OptionalGetElement", {empty}).is_ok());
  expect_equal(only(run_data("OptionalHasElement", {Datum()})).tensor, bools({}, {0}));
}

}  // namespace
}  // namespace lite::test
