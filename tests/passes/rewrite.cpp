// Rewriter: what is known of a graph after an edit.

#include "core/passes/rewrite.h"

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using passes::Rewriter;

ValueId named(const Graph& g, std::string_view name) {
  for (ValueId v = 0; v < g.num_values(); ++v)
    if (g.value(v).name == name) return v;
  return kNoValue;
}

std::string type_of(const Graph& g, std::string_view name) {
  return to_text(g, g.value(named(g, name)).fact);
}

void expect_inferred(const Graph& g) {
  Graph all = g;
  ASSERT_TRUE(infer_graph(all).is_ok());
  for (ValueId v = 0; v < g.num_values(); ++v)
    EXPECT_TRUE(all.value(v).fact == g.value(v).fact) << g.value(v).name;
}

TEST(Rewriter, FactsFollowAnEditThroughShapes) {
  Graph g = parse_graph(R"(
    input %x: float32[?,4]
    input %z: float32[3,4]
    input %w: float32[?]
    %a = Abs(%x)
    %s = Shape(%a)
    %t = Mul(%s, int64[2]{1,2})
    %r = Reshape(%w, %t)
    %e = Exp(%r)
    %n = Neg(%a)
    output %e
    output %n)");
  Rewriter r(g);
  ASSERT_TRUE(r.infer_all().is_ok());
  EXPECT_EQ(type_of(g, "e"), "float32[?,8]");
  r.replace(named(g, "a"), named(g, "z"));
  ASSERT_TRUE(r.settle().is_ok());
  EXPECT_EQ(type_of(g, "r"), "float32[3,8]");
  EXPECT_EQ(type_of(g, "e"), "float32[3,8]");
  EXPECT_EQ(type_of(g, "n"), "float32[3,4]");
  expect_inferred(g);
  ASSERT_TRUE(r.compact().is_ok());
  EXPECT_EQ(g.num_nodes(), 5);
  EXPECT_EQ(named(g, "a"), kNoValue);
  expect_inferred(g);

  // A constant in the middle.
  const int64_t shape[] = {6, 4};
  r.fold(named(g, "t"), Tensor::vector_i64(shape));
  ASSERT_FALSE(r.settle().is_ok());  // declared [3,8] before
}

TEST(Rewriter, ContentsThatAreNoLongerKnownAreForgotten) {
  Graph g = parse_graph(R"(
    input %x: float32[2,4]
    input %k: int64[2]
    input %w: float32[8]
    %s = Shape(%x)
    %t = Mul(%s, int64[2]{1,1})
    %u = Add(%t, int64[2]{0,0})
    %y = Reshape(%w, %u)
    output %y)");
  Rewriter r(g);
  ASSERT_TRUE(r.infer_all().is_ok());
  EXPECT_EQ(type_of(g, "y"), "float32[2,4]");
  r.set_input(g.value(named(g, "t")).producer, 0, named(g, "k"));
  const ValueId again = r.add("Reshape", {named(g, "w"), named(g, "u")});
  g.value(again).name = "again";
  g.outputs.push_back(again);
  ASSERT_TRUE(r.settle().is_ok());
  EXPECT_EQ(type_of(g, "again"), "float32[?,?]");
  expect_inferred(g);
}

TEST(Rewriter, TellsOperatorsThatAreNotThere) {
  Graph g = parse_graph(R"(
    input %x: float32[2]
    %y = Abs(%x)
    output %y)");
  Rewriter r(g);
  EXPECT_TRUE(r.has_any({"Conv", "Abs"}));
  EXPECT_FALSE(r.has_any({"Conv", "Neg"}));
  r.remake(named(g, "y"), "Neg", {named(g, "x")});
  EXPECT_TRUE(r.has_any({"Neg"}));
  ASSERT_TRUE(r.settle().is_ok());
  EXPECT_FALSE(r.has_any({"Abs"}));
}

TEST(Rewriter, UsersStayInOrder) {
  Graph g = parse_graph(R"(
    input %x: float32[2]
    input %z: float32[2]
    %a = Abs(%x)
    %b = Neg(%x)
    %c = Add(%x, %x)
    %y = Sum(%a, %b, %c)
    output %y)");
  Rewriter r(g);
  const ValueId x = named(g, "x"), z = named(g, "z");
  const auto users = [&](ValueId v) { return std::vector<NodeId>(r.users(v).begin(), r.users(v).end()); };
  EXPECT_EQ(users(x), (std::vector<NodeId>{0, 1, 2, 2}));
  r.set_input(1, 0, z);
  r.set_input(2, 1, z);
  EXPECT_EQ(users(x), (std::vector<NodeId>{0, 2}));
  EXPECT_EQ(users(z), (std::vector<NodeId>{1, 2}));
  EXPECT_TRUE(r.replace(z, x));
  EXPECT_EQ(users(x), (std::vector<NodeId>{0, 2, 1, 2}));
  EXPECT_TRUE(r.users(z).empty());
}

}  // namespace
}  // namespace lite::test
