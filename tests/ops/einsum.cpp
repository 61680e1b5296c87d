#include "tests/ops/op_test.h"

namespace lite::test {
namespace {

Attrs equation(const char* e) { return {{"equation", std::string(e)}}; }

TEST(Einsum, Forms) {
  const Tensor a = f32({2, 3}, {1, 2, 3, 4, 5, 6}), b = f32({3, 2}, {1, 0, 0, 1, 1, 1});
  expect_near(eval("Einsum", {a, b}, equation("ij,jk->ik")), f32({2, 2}, {4, 5, 10, 11}));
  expect_near(eval("Einsum", {a, b}, equation("ij, jk")), f32({2, 2}, {4, 5, 10, 11}));
  expect_near(eval("Einsum", {a}, equation("ij->ji")), f32({3, 2}, {1, 4, 2, 5, 3, 6}));
  expect_near(eval("Einsum", {a}, equation("ij->")), f32({}, {21}));
  expect_near(eval("Einsum", {f32({2, 2}, {1, 2, 3, 4})}, equation("ii->i")), f32({2}, {1, 4}));
  expect_near(
      eval("Einsum", {f32({2, 1, 2}, {1, 2, 3, 4}), f32({2, 1}, {1, 10})}, equation("...ij,...jk->...ik")),
      f32({2, 1, 1}, {21, 43}));
  expect_equal(eval("Einsum", {i32({2}, {3, 4}), i32({2}, {1, 2})}, equation("i,i")), i32({}, {11}));
}

TEST(Einsum, SaysWhatIsWrong) {
  const Tensor a = f32({2}, {1, 2});
  EXPECT_NE(error_of("Einsum", {a}, equation("i,i->i")).find("2 terms, the node 1 inputs"),
            std::string::npos);
  EXPECT_NE(error_of("Einsum", {a}, equation("ij->i")).find("does not fit its term"), std::string::npos);
  EXPECT_NE(error_of("Einsum", {a, f32({3}, {1, 2, 3})}, equation("i,i->")).find("dimensions of 2 and 3"),
            std::string::npos);
  EXPECT_NE(error_of("Einsum", {a}, equation("i->j")).find("no input has"), std::string::npos);
  EXPECT_NE(error_of("Einsum", {a}, equation("i->i?")).find("unexpected '?'"), std::string::npos);
}

}  // namespace
}  // namespace lite::test
