#include "tests/ops/op_test.h"

#include <algorithm>

#include "core/ir/fact.h"

#include "tests/ops/hostile.h"

namespace lite::test {
namespace {

struct Built {
  Graph graph;
  NodeId node = kNoNode;
};

Result<Built> build(const std::string& name, const std::vector<Fact>& in, const std::vector<Datum>& data,
                    Attrs attrs, size_t outputs, const std::string& domain) {
  const OpDef* op = ops::find(domain, name);
  if (op == nullptr) return unsupported(name, ": no such operator");
  Built b;
  Node n;
  n.op = op;
  n.name = "node";
  n.attrs = std::move(attrs);
  for (size_t i = 0; i < in.size(); ++i) {
    if (in[i].kind == Kind::kTensor && in[i].dtype == DType::kUndefined) {
      n.in.push_back(kNoValue);
    } else if (i < data.size() && data[i].kind == Kind::kTensor) {
      n.in.push_back(b.graph.add_constant(cat("in", i), data[i].tensor));
    } else {
      n.in.push_back(b.graph.add_input(cat("in", i), in[i]));
    }
  }
  for (size_t i = 0; i < outputs; ++i) n.out.push_back(b.graph.add_value(cat("out", i)));
  b.node = b.graph.add_node(std::move(n));
  LITE_TRY(check_node(b.graph, b.graph.node(b.node)));
  LITE_TRY(infer_graph(b.graph));
  return b;
}

void expect_agrees(const Fact& fact, const Datum& d) {
  EXPECT_EQ(fact.kind, d.kind);
  if (d.kind != Kind::kTensor) return;
  if (fact.dtype != DType::kUndefined) {
    EXPECT_EQ(dtype_name(fact.dtype), std::string(dtype_name(d.tensor.dtype())));
  }
  if (!fact.has_rank) return;
  ASSERT_EQ(fact.rank(), d.tensor.rank());
  for (size_t i = 0; i < fact.rank(); ++i)
    if (fact.dims[i] >= 0) {
      EXPECT_EQ(fact.dims[i], d.tensor.dims()[i]) << "dimension " << i;
    }
}

}  // namespace

Tensor bools(Dims d, const std::vector<int>& v) {
  Tensor t = std::move(Tensor::allocate(DType::kBool, std::move(d))).value();
  for (size_t i = 0; i < v.size(); ++i) t.mutable_data<bool>()[i] = v[i] != 0;
  return t;
}
Tensor f16(Dims d, const std::vector<float>& v) {
  return tensor(DType::kF16, std::move(d), std::vector<Half>(v.begin(), v.end()));
}
Tensor bf16(Dims d, const std::vector<float>& v) {
  return tensor(DType::kBF16, std::move(d), std::vector<BFloat16>(v.begin(), v.end()));
}

Result<std::vector<Datum>> run_data(const std::string& name, const std::vector<Datum>& in, Attrs attrs,
                                    size_t outputs, const std::string& domain) {
  std::vector<Fact> facts, vague;
  for (const Datum& d : in) {
    facts.push_back(fact_of(d));
    vague.push_back(facts.back().kind == Kind::kTensor ? Fact(facts.back().dtype) : facts.back());
  }
  LITE_ASSIGN(const Built known, build(name, facts, in, attrs, outputs, domain));
  LITE_ASSIGN(const Built unknown, build(name, vague, {}, attrs, outputs, domain));
  LITE_ASSIGN(const Built shapes, build(name, facts, {}, attrs, outputs, domain));

  const Node& n = known.graph.node(known.node);
  std::vector<const Datum*> ptrs;
  for (size_t i = 0; i < in.size(); ++i) ptrs.push_back(n.in[i] == kNoValue ? nullptr : &in[i]);
  std::vector<Datum> out(outputs);
  LITE_TRY(evaluate_node(n, ptrs, out));
  for (const Built* b : {&known, &unknown, &shapes})
    for (size_t i = 0; i < outputs; ++i)
      expect_agrees(b->graph.value(b->graph.node(b->node).out[i]).fact, out[i]);

  // Each right case is where wrong ones begin.
  static uint64_t seed = 0;
  Random random(++seed);
  for (int i = 0; i < hostile_rounds(); ++i) survive(mutated({n.op, in, attrs, outputs}, random), random);
  return out;
}

Result<std::vector<Tensor>> run_op(const std::string& name, const std::vector<Tensor>& in, Attrs attrs,
                                   size_t outputs, const std::string& domain) {
  LITE_ASSIGN(std::vector<Datum> data,
              run_data(name, {in.begin(), in.end()}, std::move(attrs), outputs, domain));
  std::vector<Tensor> out;
  for (Datum& d : data) out.push_back(std::move(d.tensor));
  return out;
}

namespace {

// How many outputs a node of that operator must have; at least one.
size_t required_outputs(const std::string& name, const std::string& domain) {
  const OpDef* const op = ops::find(domain, name);
  if (op == nullptr) return 1;
  const auto required = std::count_if(op->outputs.begin(), op->outputs.end(),
                                      [](const OperandSpec& s) { return s.arity == OperandSpec::kRequired; });
  return std::max<size_t>(1, static_cast<size_t>(required));
}

}  // namespace

Tensor eval(const std::string& name, const std::vector<Tensor>& in, Attrs attrs, const std::string& domain) {
  auto r = run_op(name, in, std::move(attrs), required_outputs(name, domain), domain);
  EXPECT_TRUE(r.is_ok()) << r.error().message;
  return r.is_ok() ? r.value()[0] : Tensor();
}

std::string error_of(const std::string& name, const std::vector<Tensor>& in, Attrs attrs,
                     const std::string& domain) {
  auto r = run_op(name, in, std::move(attrs), required_outputs(name, domain), domain);
  EXPECT_FALSE(r.is_ok()) << name << " was expected to fail";
  return r.is_ok() ? std::string() : r.error().message;
}

Fact inferred(const std::string& name, const std::vector<Fact>& in, Attrs attrs, const std::string& domain) {
  auto b = build(name, in, {}, std::move(attrs), 1, domain);
  EXPECT_TRUE(b.is_ok()) << b.error().message;
  return b.is_ok() ? b.value().graph.value(b.value().graph.node(b.value().node).out[0]).fact : Fact();
}

std::vector<double> values(const Tensor& t) {
  std::vector<double> v(static_cast<size_t>(t.elements()));
  for (size_t i = 0; i < v.size(); ++i) v[i] = t.float_at(static_cast<int64_t>(i));
  return v;
}

std::vector<std::string> texts(const Tensor& t) { return {t.strings().begin(), t.strings().end()}; }

void expect_near(const Tensor& got, const Tensor& want, double relative, double absolute) {
  ASSERT_TRUE(got.defined());
  EXPECT_EQ(std::string(dtype_name(got.dtype())), dtype_name(want.dtype()));
  ASSERT_EQ(got.dims(), want.dims());
  for (int64_t i = 0; i < got.elements(); ++i) {
    const double g = got.float_at(i), w = want.float_at(i);
    if (g == w || (std::isnan(g) && std::isnan(w))) continue;
    EXPECT_LE(std::abs(g - w), absolute + relative * std::abs(w))
        << "element " << i << ": got " << g << ", want " << w;
  }
}

void expect_equal(const Tensor& got, const Tensor& want) {
  if (want.dtype() != DType::kString) return expect_near(got, want, 0, 0);
  ASSERT_EQ(got.dims(), want.dims());
  EXPECT_EQ(texts(got), texts(want));
}

}  // namespace lite::test
