// Attention in the forms in which exporters write it, and the products that they write as Einsum.

#include <gtest/gtest.h>

#include "tests/passes/pass_test.h"

namespace lite::test {
namespace {

using namespace passes;

// One FusedAttention and `others` more nodes are left, and they compute the same.
Graph expect_attention(const std::string& text, int others = 0) {
  SCOPED_TRACE(text);
  const Graph g = run_pass(text, fuse_attention);
  EXPECT_EQ(count(g, "FusedAttention"), 1) << text_of(g);
  EXPECT_EQ(g.num_nodes(), 1 + others) << text_of(g);
  expect_same_results(parse_graph(text), g);
  return g;
}

void expect_no_attention(const std::string& text) {
  SCOPED_TRACE(text);
  expect_kept(text, fuse_attention);
}

std::string without(std::string text, const std::string& line) {
  const size_t at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return text.erase(at, line.size());
}
std::string with(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// TorchScript's exporter: heads split off, K transposed at once, the quotient and an added mask.
const std::string kBert = R"(
    input %q: float32[2,5,12]
    input %k: float32[2,7,12]
    input %v: float32[2,7,12]
    input %m: float32[2,1,1,7]
    %qs = Reshape(%q, int64[4]{2,5,3,4})
    %qt = Transpose(%qs) {perm=[0,2,1,3]}
    %ks = Reshape(%k, int64[4]{2,7,3,4})
    %kt = Transpose(%ks) {perm=[0,2,3,1]}
    %vs = Reshape(%v, int64[4]{2,7,3,4})
    %vt = Transpose(%vs) {perm=[0,2,1,3]}
    %p = MatMul(%qt, %kt)
    %d = Mul(%p, float32[]{0.5})
    %a = Add(%d, %m)
    %s = Softmax(%a) {axis=-1}
    %o = MatMul(%s, %vt)
    %ot = Transpose(%o) {perm=[0,2,1,3]}
    %y = Reshape(%ot, int64[3]{2,5,12})
    output %y)";

TEST(FuseAttention, ReadsHeadsWhereTheyAre) {
  expect_rewrite(kBert, fuse_attention, R"(
    input %q: float32[2,5,12]
    input %k: float32[2,7,12]
    input %v: float32[2,7,12]
    input %m: float32[2,1,1,7]
    %y = FusedAttention(%q, %k, %v, %m) {batch=[2,3], sizes=[5,7,4,4], q_steps=[0,60,4,12,1], k_steps=[0,84,4,12,1], v_steps=[0,84,4,12,1], mask_steps=[0,7,0,0,1], y_steps=[0,60,4,12,1], y_dims=[2,5,12], scale=0.5} : float32[2,5,12]
    output %y)");
}

TEST(FuseAttention, WithoutMaskOrScale) {
  expect_attention(with(without(kBert, "%a = Add(%d, %m)\n"), "Softmax(%a)", "Softmax(%d)"));
  expect_attention(with(without(kBert, "%d = Mul(%p, float32[]{0.5})\n"), "Add(%d, %m)", "Add(%m, %p)"));
}

TEST(FuseAttention, MasksOfEveryShape) {
  for (const char* shape : {"7", "5,7", "1,7", "5,1", "3,5,7", "2,3,5,7", "1,3,1,7", "1"})
    expect_attention(with(kBert, "float32[2,1,1,7]", std::string("float32[") + shape + "]"));
}

// The older dynamo exporter: a square root of the scale on both sides, K transposed as a stack of matrices,
// NaN of rows that are masked altogether cleared away.
TEST(FuseAttention, DynamoExporter) {
  expect_attention(R"(
    input %q: float32[2,3,5,4]
    input %k: float32[2,3,7,4]
    input %v: float32[2,3,7,6]
    input %m: bool[2,1,5,7]
    %kf = Reshape(%k, int64[3]{-1,7,4})
    %kt = Transpose(%kf) {perm=[0,2,1]}
    %kr = Reshape(%kt, int64[4]{2,3,4,7})
    %qs = Mul(%q, float32[]{0.70710678})
    %ks = Mul(%kr, float32[1]{0.70710678})
    %p = MatMul(%qs, %ks)
    %w = Where(%m, float32[]{0}, float32[]{-inf})
    %a = Add(%p, %w)
    %s = Softmax(%a)
    %n = IsNaN(%s)
    %c = Where(%n, float32[]{0}, %s)
    %y = MatMul(%c, %v)
    output %y)",
                   1);
}

TEST(FuseAttention, SelectingMasks) {
  const std::string keep = R"(
    input %q: float32[2,5,4]
    input %k: float32[2,4,7]
    input %v: float32[2,7,4]
    input %m: bool[5,7]
    %p = MatMul(%q, %k)
    %w = Where(%m, %p, float32[]{-10000})
    %s = Softmax(%w)
    %y = MatMul(%s, %v)
    output %y)";
  expect_attention(keep);
  expect_attention(with(keep, "%p, float32[]{-10000}", "float32[]{-10000}, %p"), 1);  // masked_fill: one Not
  // Selected, then added: GPT-2. The selection becomes something to add.
  const std::string both =
      with(with(keep, "input %m", "input %n: float32[2,1,7]\n    input %m"), "Softmax(%w)", "Softmax(%b)");
  expect_attention(with(with(both, "%s =", "%b = Add(%w, %n)\n    %s ="), "-10000", "-3.4028235e38"), 2);
  // A number that is not beyond every score cannot be added instead.
  expect_no_attention(with(both, "%s =", "%b = Add(%w, %n)\n    %s ="));
}

// Paddle, and torch's nn.MultiheadAttention: stacks of batch * heads matrices; BART: reshaped for the mask
// alone.
TEST(FuseAttention, BatchAndHeadsAsOne) {
  expect_attention(R"(
    input %q: float32[5,2,12]
    input %k: float32[7,2,12]
    input %v: float32[7,2,12]
    %qs = Reshape(%q, int64[3]{5,6,4})
    %qt = Transpose(%qs) {perm=[1,0,2]}
    %ks = Reshape(%k, int64[3]{7,6,4})
    %kt = Transpose(%ks) {perm=[1,2,0]}
    %vs = Reshape(%v, int64[3]{7,6,4})
    %vt = Transpose(%vs) {perm=[1,0,2]}
    %p = MatMul(%qt, %kt)
    %s = Softmax(%p) {axis=2}
    %o = MatMul(%s, %vt)
    %ot = Transpose(%o) {perm=[1,0,2]}
    %y = Reshape(%ot, int64[3]{5,2,12})
    output %y)");
  const Graph g = expect_attention(R"(
    input %q: float32[2,5,12]
    input %k: float32[2,7,12]
    input %v: float32[2,7,12]
    input %m: float32[2,1,5,7]
    %q4 = Reshape(%q, int64[4]{2,5,3,4})
    %qt = Transpose(%q4) {perm=[0,2,1,3]}
    %q3 = Reshape(%qt, int64[3]{6,5,4})
    %k4 = Reshape(%k, int64[4]{2,7,3,4})
    %kt = Transpose(%k4) {perm=[0,2,1,3]}
    %k3 = Reshape(%kt, int64[3]{6,7,4})
    %ku = Transpose(%k3) {perm=[0,2,1]}
    %v4 = Reshape(%v, int64[4]{2,7,3,4})
    %vt = Transpose(%v4) {perm=[0,2,1,3]}
    %v3 = Reshape(%vt, int64[3]{6,7,4})
    %p = MatMul(%q3, %ku)
    %p4 = Reshape(%p, int64[4]{2,3,5,7})
    %a = Add(%p4, %m)
    %a3 = Reshape(%a, int64[3]{6,5,7})
    %s = Softmax(%a3)
    %o = MatMul(%s, %v3)
    %o4 = Reshape(%o, int64[4]{2,3,5,4})
    %ot = Transpose(%o4) {perm=[0,2,1,3]}
    %y = Reshape(%ot, int64[3]{2,5,12})
    output %y)");
  EXPECT_EQ(g.node(0).in.size(), 4u);
}

// timm: one projection for Q, K and V, taken apart by Slice; also by Split of the last dimension.
TEST(FuseAttention, PackedProjection) {
  expect_attention(R"(
    input %x: float32[2,5,36]
    %r = Reshape(%x, int64[5]{2,5,3,3,4})
    %t = Transpose(%r) {perm=[2,0,3,1,4]}
    %q1 = Slice(%t, int64[1]{0}, int64[1]{1}, int64[1]{0})
    %q = Reshape(%q1, int64[4]{2,3,5,4})
    %k1 = Slice(%t, int64[1]{1}, int64[1]{2}, int64[1]{0})
    %k = Reshape(%k1, int64[4]{2,3,5,4})
    %v1 = Slice(%t, int64[1]{2}, int64[1]{3}, int64[1]{0})
    %v = Reshape(%v1, int64[4]{2,3,5,4})
    %qs = Mul(%q, float32[]{0.5})
    %kt = Transpose(%k) {perm=[0,1,3,2]}
    %p = MatMul(%qs, %kt)
    %s = Softmax(%p)
    %o = MatMul(%s, %v)
    %ot = Transpose(%o) {perm=[0,2,1,3]}
    %y = Reshape(%ot, int64[3]{2,5,12})
    output %y)");
  expect_attention(R"(
    input %x: float32[2,5,36]
    %a, %b, %c = Split(%x) {axis=-1, num_outputs=3}
    %qr = Reshape(%a, int64[4]{2,5,3,4})
    %q = Transpose(%qr) {perm=[0,2,1,3]}
    %kr = Reshape(%b, int64[4]{2,5,3,4})
    %k = Transpose(%kr) {perm=[0,2,3,1]}
    %vr = Reshape(%c, int64[4]{2,5,3,4})
    %v = Transpose(%vr) {perm=[0,2,1,3]}
    %p = MatMul(%q, %k)
    %s = Softmax(%p)
    %y = MatMul(%s, %v)
    output %y)");
}

// YOLO: images, so positions are innermost, and the weights are transposed instead of V.
TEST(FuseAttention, TransposedWeights) {
  expect_attention(R"(
    input %x: float32[2,32,2,3]
    %r = Reshape(%x, int64[4]{2,2,16,6})
    %q, %k, %v = Split(%r, int64[3]{4,4,8}) {axis=2}
    %qt = Transpose(%q) {perm=[0,1,3,2]}
    %p = MatMul(%qt, %k)
    %d = Mul(%p, float32[]{0.5})
    %s = Softmax(%d)
    %st = Transpose(%s) {perm=[0,1,3,2]}
    %o = MatMul(%v, %st)
    %y = Reshape(%o, int64[4]{2,16,2,3})
    output %y)");
}

// Grouped queries: keys and values are repeated by Expand.
TEST(FuseAttention, RepeatedHeads) {
  const Graph g = expect_attention(R"(
    input %q: float32[2,6,5,4]
    input %k: float32[2,2,7,4]
    input %v: float32[2,2,7,4]
    %k5 = Unsqueeze(%k, int64[1]{2})
    %ke = Expand(%k5, int64[5]{2,2,3,7,4})
    %kr = Reshape(%ke, int64[4]{2,6,7,4})
    %v5 = Unsqueeze(%v, int64[1]{2})
    %ve = Expand(%v5, int64[5]{2,2,3,7,4})
    %vr = Reshape(%ve, int64[4]{2,6,7,4})
    %kt = Transpose(%kr) {perm=[0,1,3,2]}
    %p = MatMul(%q, %kt)
    %s = Softmax(%p)
    %y = MatMul(%s, %vr)
    output %y)");
  EXPECT_EQ(g.node(0).in[1], g.inputs[1]);
}

TEST(FuseAttention, Softcap) {
  expect_attention(R"(
    input %q: float32[2,5,4]
    input %k: float32[2,4,7]
    input %v: float32[2,7,4]
    %p = MatMul(%q, %k)
    %d = Mul(%p, float32[]{0.1})
    %t = Tanh(%d)
    %c = Mul(%t, float32[]{3})
    %s = Softmax(%c)
    %y = MatMul(%s, %v)
    output %y)");
}

// Models in float16 that take the softmax in float32.
TEST(FuseAttention, CastsAroundTheSoftmax) {
  const std::string text = R"(
    input %q: float16[2,5,4]
    input %k: float16[2,4,7]
    input %v: float16[2,7,4]
    %p = MatMul(%q, %k)
    %c = Cast(%p) {to=1}
    %s = Softmax(%c)
    %h = Cast(%s) {to=10}
    %y = MatMul(%h, %v)
    output %y)";
  const Graph g = run_pass(text, fuse_attention);
  EXPECT_EQ(g.num_nodes(), 1) << text_of(g);
  expect_same_results(parse_graph(text), g, 2e-3);
}

TEST(FuseAttention, NotWhatIsSomethingElse) {
  // The scores, or the weights, are used elsewhere.
  expect_no_attention(kBert + "\n    output %s");
  expect_no_attention(kBert + "\n    output %p");
  // The scale comes after the mask.
  expect_no_attention(R"(
    input %q: float32[2,5,4]
    input %k: float32[2,4,7]
    input %v: float32[2,7,4]
    input %m: float32[5,7]
    %p = MatMul(%q, %k)
    %a = Add(%p, %m)
    %d = Mul(%a, float32[]{0.5})
    %s = Softmax(%d)
    %y = MatMul(%s, %v)
    output %y)");
  // Over the queries; as a factor of itself; of doubles.
  const std::string plain = R"(
    input %q: float32[2,5,4]
    input %k: float32[2,4,5]
    input %v: float32[2,5,5]
    %p = MatMul(%q, %k)
    %s = Softmax(%p) {axis=2}
    %y = MatMul(%s, %v)
    output %y)";
  expect_attention(plain);
  expect_no_attention(with(plain, "axis=2", "axis=1"));
  expect_no_attention(with(plain, "MatMul(%s, %v)", "MatMul(%s, %s)"));
  expect_no_attention(with(plain, "MatMul(%s, %v)", "MatMul(%v, %s)"));
  std::string doubles = plain;
  while (doubles.find("float32") != std::string::npos) doubles = with(doubles, "float32", "float64");
  expect_no_attention(doubles);
}

TEST(FuseAttention, OperatorOfOnnx) {
  const std::string text = R"(
    input %q: float32[2,5,24]
    input %k: float32[2,7,8]
    input %v: float32[2,7,12]
    input %m: bool[5,7]
    %y = Attention(%q, %k, %v, %m) {kv_num_heads=2, q_num_heads=6, softcap=2, is_causal=1, left_window_size=3}
    output %y)";
  expect_attention(text);
  expect_attention(with(text, ", %m)", ")"));
  expect_attention(with(with(text, "bool[5,7]", "int32[2,1,5,4]"), ", %m)", ", %m)"), 1);
  expect_attention(R"(
    input %q: float32[2,6,5,4]
    input %k: float32[2,2,7,4]
    input %v: float32[2,2,7,3]
    %y = Attention(%q, %k, %v) {scale=0.25, right_window_size=2}
    output %y)");
}

TEST(FuseAttention, OperatorWithPast) {
  const std::string text = R"(
    input %q: float32[2,5,24]
    input %k: float32[2,7,8]
    input %v: float32[2,7,12]
    input %pk: float32[2,2,3,4]
    input %pv: float32[2,2,3,6]
    %y, %nk, %nv = Attention(%q, %k, %v, _, %pk, %pv) {kv_num_heads=2, q_num_heads=6, is_causal=1}
    output %y
    output %nk
    output %nv)";
  expect_attention(text, 6);
  expect_attention(without(without(text, "\n    output %nk"), "\n    output %nv"), 6);
  expect_attention(R"(
    input %q: float32[2,2,5,4]
    input %k: float32[2,2,7,4]
    input %v: float32[2,2,7,3]
    %y, %nk = Attention(%q, %k, %v)
    output %y
    output %nk)",
                   1);
  // Somebody wants to see the scores.
  expect_no_attention(R"(
    input %q: float32[2,2,5,4]
    input %k: float32[2,2,7,4]
    input %v: float32[2,2,7,3]
    %y, _, _, %s = Attention(%q, %k, %v)
    output %y
    output %s)");
}

TEST(ExpandEinsum, ProductsOfMatrices) {
  struct Case {
    const char *equation, *a, *b;
    int nodes;
  };
  const Case cases[] = {
      {"ij,jk->ik", "2,3", "3,4", 1},
      {"ij,kj->ik", "2,3", "4,3", 2},
      {"ij,ki->jk", "2,3", "4,2", 3},
      {"ij,kj->ki", "2,3", "4,3", 2},
      {"bij,bjk->bik", "5,2,3", "5,3,4", 1},
      {"bhqd,bhkd->bhqk", "2,3,5,4", "2,3,7,4", 2},
      {"aecd,abcd->acbe", "2,7,3,4", "2,5,3,4", 3},
      {"acbe,aecd->abcd", "2,3,5,7", "2,7,3,4", 3},
      {"abc,cde->abde", "2,5,6", "6,3,4", 3},
      {"abcd,cde->abe", "2,5,3,4", "3,4,6", 3},
      {"ij,j->i", "2,3", "3", 3},
      {"i,ij->j", "3", "3,4", 3},
      {"ij,ij->i", "2,3", "2,3", 4},
      {"bij,bkjl->bikl", "2,3,4", "2,5,4,6", 4},
  };
  for (const Case& c : cases) {
    const std::string text = std::string("input %a: float32[") + c.a + "]\ninput %b: float32[" + c.b +
                             "]\n%y = Einsum(%a, %b) {equation=\"" + c.equation + "\"}\noutput %y";
    SCOPED_TRACE(text);
    const Pass list[] = {{"expand_einsum", expand_einsum}, {"remove_identities", remove_identities}};
    const Graph g = run_list(text, list);
    EXPECT_EQ(count(g, "Einsum"), 0) << text_of(g);
    EXPECT_EQ(count(g, "MatMul"), 1) << text_of(g);
    EXPECT_EQ(g.num_nodes(), c.nodes) << text_of(g);
    expect_same_results(parse_graph(text), g);
  }
}

TEST(ExpandEinsum, NotWhatIsNoProduct) {
  for (const char* equation : {"ii,ij->j", "ij,jk->j", "ij,kl->ijkl", "ij,jk", "...ij,jk->...ik"})
    expect_kept(
        std::string("input %a: float32[3,3]\ninput %b: float32[3,3]\n%y = Einsum(%a, %b) {equation=\"") +
            equation + "\"}\noutput %y",
        expand_einsum);
  // A dimension that stretches, and one that might.
  expect_kept(R"(
    input %a: float32[2,1]
    input %b: float32[3,4]
    %y = Einsum(%a, %b) {equation="ij,jk->ik"}
    output %y)",
              expand_einsum);
  expect_kept(R"(
    input %a: float32[2,N]
    input %b: float32[M,4]
    %y = Einsum(%a, %b) {equation="ij,jk->ik"}
    output %y)",
              expand_einsum);
}

// Keras' attention, as tf2onnx writes it.
TEST(ExpandEinsum, BecomesAttention) {
  const std::string text = R"(
    input %x: float32[N,5,12]
    %q = Einsum(%x, float32[12,3,4]) {equation="abc,cde->abde"}
    %qs = Mul(%q, float32[]{0.5})
    %k = Einsum(%x, float32[12,3,4]) {equation="abc,cde->abde"}
    %v = Einsum(%x, float32[12,3,4]) {equation="abc,cde->abde"}
    %p = Einsum(%k, %qs) {equation="aecd,abcd->acbe"}
    %s = Softmax(%p)
    %o = Einsum(%s, %v) {equation="acbe,aecd->abcd"}
    %y = Einsum(%o, float32[3,4,12]) {equation="abcd,cde->abe"}
    output %y)";
  const Graph decluttered = run_list(text, declutter_passes());
  EXPECT_EQ(count(decluttered, "Einsum"), 0) << text_of(decluttered);
  const Graph g = run_list(with(text, "[N,", "[2,"), declutter_passes());
  Graph fused = g;
  ASSERT_TRUE(run_passes(fused, fuse_passes(), {}).is_ok());
  EXPECT_EQ(count(fused, "FusedAttention"), 1) << text_of(fused);
  EXPECT_EQ(count(fused, "FusedMatMul"), 4) << text_of(fused);
  EXPECT_EQ(fused.num_nodes(), 5) << text_of(fused);
  expect_same_results(parse_graph(with(text, "[N,", "[2,")), fused);
}

}  // namespace
}  // namespace lite::test
