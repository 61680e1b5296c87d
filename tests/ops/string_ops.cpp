#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

TEST(Strings, Concat) {
  expect_equal(eval("StringConcat", {strings({2, 1}, {"a", "b"}), strings({2}, {"x", "y"})}),
               strings({2, 2}, {"ax", "ay", "bx", "by"}));
}

TEST(Strings, Split) {
  auto r = run_op("StringSplit", {strings({2}, {" a  b c ", ""})}, {}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], strings({2, 3}, {"a", "b", "c", "", "", ""}));
  expect_equal(r.value()[1], i64({2}, {3, 0}));
  r = run_op("StringSplit", {strings({1}, {"a,,b,c"})},
             {{"delimiter", std::string(",")}, {"maxsplit", int64_t{2}}}, 2);
  ASSERT_TRUE(r.is_ok()) << r.error().message;
  expect_equal(r.value()[0], strings({1, 3}, {"a", "", "b,c"}));
}

TEST(Strings, Normalizer) {
  const Tensor x = strings({3}, {"Monday", "tuesday", "ÄB"});
  expect_equal(
      eval("StringNormalizer", {x},
           {{"stopwords", std::vector<std::string>{"monday"}}, {"case_change_action", std::string("LOWER")}}),
      strings({2}, {"tuesday", "äb"}));
  expect_equal(eval("StringNormalizer", {x},
                    {{"stopwords", std::vector<std::string>{"monday"}}, {"is_case_sensitive", int64_t{1}}}),
               x);
  expect_equal(
      eval("StringNormalizer", {strings({1, 1}, {"a"})}, {{"stopwords", std::vector<std::string>{"A"}}}),
      strings({1, 1}, {""}));
}

TEST(Strings, Regex) {
  const Tensor x = strings({3}, {"a@b.c", "a@b", "ü"});
  expect_equal(eval("RegexFullMatch", {x}, {{"pattern", std::string("\\w+@\\w+\\.\\w+")}}),
               bools({3}, {1, 0, 0}));
  expect_equal(eval("RegexFullMatch", {x}, {{"pattern", std::string(".")}}), bools({3}, {0, 0, 1}));
  EXPECT_NE(
      error_of("RegexFullMatch", {x}, {{"pattern", std::string("(")}}).find("RegexFullMatch: pattern '('"),
      std::string::npos);
}

TEST(Strings, HostileRegexEndsSoon) {
  expect_equal(eval("RegexFullMatch", {strings({1}, {std::string(5000, 'a') + "b"})},
                    {{"pattern", std::string("(a|aa)*c")}}),
               bools({1}, {0}));
}

}  // namespace
}  // namespace lite::test
