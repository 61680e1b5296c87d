#include "tests/ops/hostile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>

#include "core/base/fp_mode.h"
#include "core/base/half.h"
#include "core/base/memory_budget.h"
#include "core/ir/check_data.h"
#include "core/runtime/session.h"

namespace lite::test {
namespace {

constexpr size_t kMemory = size_t{64} << 20;
constexpr int64_t kMostElements = 4096;  // of an operand
constexpr auto kDeadline = std::chrono::milliseconds(500);
constexpr int kMostSeconds = 20;  // of the processor, with a sanitizer

int64_t below(Random& r, int64_t n) { return static_cast<int64_t>(r() % static_cast<uint64_t>(n)); }
bool once_in(Random& r, int64_t n) { return below(r, n) == 0; }
template <class T, size_t N>
const T& any_of(Random& r, const T (&list)[N]) {
  return list[r() % N];
}

int64_t hostile_int(Random& r) {
  constexpr int64_t kExtremes[] = {std::numeric_limits<int64_t>::max(),
                                   std::numeric_limits<int64_t>::min(),
                                   std::numeric_limits<int32_t>::max(),
                                   std::numeric_limits<int32_t>::min(),
                                   int64_t{1} << 32,
                                   int64_t{1} << 40,
                                   -1000,
                                   100000};
  return once_in(r, 8) ? any_of(r, kExtremes) : below(r, 8) - 2;
}

double hostile_float(Random& r) {
  constexpr double kExtremes[] = {std::numeric_limits<double>::quiet_NaN(),
                                  std::numeric_limits<double>::infinity(),
                                  -std::numeric_limits<double>::infinity(),
                                  1e30,
                                  -1e30,
                                  1e-40,
                                  -0.0,
                                  4294967296.0};
  return once_in(r, 6) ? any_of(r, kExtremes) : static_cast<double>(below(r, 17) - 8) / 4;
}

void fill(Tensor& t, Random& r) {
  for (int64_t i = 0; i < t.elements(); ++i) {
    switch (t.dtype()) {
      case DType::kF32:
        t.mutable_data<float>()[i] = static_cast<float>(hostile_float(r));
        break;
      case DType::kF64:
        t.mutable_data<double>()[i] = hostile_float(r);
        break;
      case DType::kF16:
        t.mutable_data<Half>()[i] = Half(static_cast<float>(hostile_float(r)));
        break;
      case DType::kBF16:
        t.mutable_data<BFloat16>()[i] = BFloat16(static_cast<float>(hostile_float(r)));
        break;
      case DType::kI64:
        t.mutable_data<int64_t>()[i] = hostile_int(r);
        break;
      case DType::kI32:
        t.mutable_data<int32_t>()[i] = static_cast<int32_t>(hostile_int(r));
        break;
      case DType::kBool:
        t.mutable_data<bool>()[i] = once_in(r, 2);
        break;
      case DType::kString: {
        constexpr const char* kTexts[] = {"", "a", "ab c", "1e999", "-5", "\xff\xfe", "\xc3", "nan"};
        t.mutable_data<std::string>()[i] = any_of(r, kTexts);
        break;
      }
      default:
        break;
    }
  }
  constexpr TypeSet kFilled = types::kFloat | types::kIndex | types::kBool | types::kString;
  if (!kFilled.has(t.dtype()))
    for (size_t i = 0; i < t.bytes(); ++i)
      static_cast<uint8_t*>(t.mutable_raw())[i] = static_cast<uint8_t>(r());
}

Tensor drawn_tensor(DType type, const Dims& dims, Random& r) {
  Result<Tensor> t = Tensor::allocate(type, dims);
  if (!t.is_ok()) return {};
  fill(t.value(), r);
  return std::move(t).value();
}

DType any_type(TypeSet set, Random& r) {
  for (int tries = 0; tries < 200; ++tries) {
    const auto t = static_cast<DType>(1 + below(r, kNumDTypes - 1));
    if (set.has(t)) return t;
  }
  return DType::kF32;
}

// All operands have this shape, for the most part, or one that is like it.
Dims like(const Dims& base, Random& r) {
  Dims d = base;
  switch (below(r, 9)) {
    case 0:
      return Dims{};
    case 1:
      return Dims{d.empty() ? 1 : d[static_cast<size_t>(below(r, static_cast<int64_t>(d.size())))]};
    case 2:
      return Dims{below(r, 5)};
    case 3:
      if (!d.empty()) d[static_cast<size_t>(below(r, static_cast<int64_t>(d.size())))] = below(r, 4);
      return d;
    case 4:
      if (!d.empty()) d.erase(0);
      return d;
    default:
      return d;
  }
}

std::shared_ptr<const Graph> drawn_body(Random& r) {
  auto g = std::make_shared<Graph>();
  const int64_t inputs = below(r, 4), outputs = below(r, 4);
  std::vector<ValueId> ids;
  for (int64_t i = 0; i < inputs; ++i) ids.push_back(g->add_input(cat("i", i), Fact()));
  ids.push_back(g->add_constant("c", drawn_tensor(any_type(DType::kBool | DType::kF32, r), {}, r)));
  Node n;
  n.op = &ops::get(once_in(r, 2) ? "Identity" : "Neg");
  n.name = "n";
  n.in = {ids[static_cast<size_t>(below(r, static_cast<int64_t>(ids.size())))]};
  ids.push_back(g->add_value("m"));
  n.out = {ids.back()};
  g->add_node(std::move(n));
  for (int64_t i = 0; i < outputs; ++i)
    g->outputs.push_back(ids[static_cast<size_t>(below(r, static_cast<int64_t>(ids.size())))]);
  return g;
}

std::string drawn_text(Random& r) {
  constexpr const char* kTexts[] = {"",
                                    "SAME_UPPER",
                                    "SAME_LOWER",
                                    "VALID",
                                    "NOTSET",
                                    "constant",
                                    "edge",
                                    "reflect",
                                    "wrap",
                                    "linear",
                                    "nearest",
                                    "cubic",
                                    "bilinear",
                                    "floor",
                                    "ceil",
                                    "asymmetric",
                                    "half_pixel",
                                    "align_corners",
                                    "tf_crop_and_resize",
                                    "stretch",
                                    "not_larger",
                                    "add",
                                    "mul",
                                    "max",
                                    "min",
                                    "none",
                                    "mean",
                                    "sum",
                                    "forward",
                                    "reverse",
                                    "bidirectional",
                                    "zeros",
                                    "border",
                                    "reflection",
                                    "avg",
                                    "tanh",
                                    "TF",
                                    "IDF",
                                    "TFIDF",
                                    "ij,jk->ik",
                                    "...i,i...->...",
                                    "ii->i",
                                    "LOWER",
                                    "UPPER",
                                    "DCR",
                                    "CRD",
                                    "LEFT",
                                    "RIGHT",
                                    "gated",
                                    "Relu",
                                    "Sigmoid",
                                    "FLOAT",
                                    "\xff",
                                    "[a-z]+",
                                    "(((((",
                                    "a*b*"};
  return any_of(r, kTexts);
}

Attr::Data drawn_attr(AttrType type, Random& r) {
  switch (type) {
    case AttrType::kInt:
      return hostile_int(r);
    case AttrType::kFloat:
      return static_cast<float>(hostile_float(r));
    case AttrType::kString:
      return drawn_text(r);
    case AttrType::kInts: {
      std::vector<int64_t> v(static_cast<size_t>(below(r, 6)));
      for (int64_t& x : v) x = hostile_int(r);
      return v;
    }
    case AttrType::kFloats: {
      std::vector<float> v(static_cast<size_t>(below(r, 6)));
      for (float& x : v) x = static_cast<float>(hostile_float(r));
      return v;
    }
    case AttrType::kStrings: {
      std::vector<std::string> v(static_cast<size_t>(below(r, 4)));
      for (std::string& x : v) x = drawn_text(r);
      return v;
    }
    case AttrType::kTensor:
      return drawn_tensor(any_type(types::kAll, r), Dims(static_cast<size_t>(below(r, 3)), below(r, 3)), r);
    case AttrType::kTensors:
      return std::vector<Tensor>{drawn_tensor(DType::kF32, {2}, r)};
    case AttrType::kGraph:
      return drawn_body(r);
    case AttrType::kType:
      return Fact(any_type(types::kAll, r));
  }
  return int64_t{0};
}

// How much of its operands a node is told before it runs. Importers know the types.
enum class Knows { kAll, kShapes, kRanks, kTypes };

Fact told(const Datum& d, Knows knows) {
  Fact f = fact_of(d);
  if (f.kind != Kind::kTensor) return f;
  if (knows == Knows::kTypes) return Fact(f.dtype);
  if (knows == Knows::kRanks) std::fill(f.dims.begin(), f.dims.end(), kUnknownDim);
  return f;
}

bool is_left_out(const Datum& d) { return d.kind == Kind::kTensor && !d.tensor.defined(); }

struct Built {
  Graph graph;
  std::vector<Datum> inputs;  // of the graph
};

Result<Built> build(const NodeCase& c, Knows knows, Random& r) {
  Built b;
  Node n;
  n.op = c.op;
  n.name = "node";
  n.attrs = c.attrs;
  for (size_t i = 0; i < c.in.size(); ++i) {
    const Datum& d = c.in[i];
    if (is_left_out(d)) {
      n.in.push_back(kNoValue);
    } else if (d.kind == Kind::kTensor && (knows == Knows::kAll || once_in(r, 5))) {
      n.in.push_back(b.graph.add_constant(cat("c", i), d.tensor));
    } else {
      n.in.push_back(b.graph.add_input(cat("i", i), told(d, knows)));
      b.inputs.push_back(d);
    }
  }
  for (size_t i = 0; i < c.outputs; ++i) {
    n.out.push_back(b.graph.add_value(cat("o", i)));
    b.graph.outputs.push_back(n.out.back());
  }
  const NodeId id = b.graph.add_node(std::move(n));
  LITE_TRY(check_node(b.graph, b.graph.node(id)));
  LITE_TRY(infer_graph(b.graph));
  return b;
}

bool gave_up(const Status& s) {
  return s.code() == Code::kLimitExceeded || s.code() == Code::kTimedOut || s.code() == Code::kOutOfMemory;
}

void check_error(const Status& s) {
  EXPECT_NE(s.code(), Code::kInternal) << s.message();
  EXPECT_FALSE(s.message().empty());
  EXPECT_LT(s.message().size(), 4000u);
}

Result<std::vector<Datum>> by_references(const Built& b) {
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(kMemory, "the test's limit"));
  CancelToken token;
  token.set_deadline(CancelToken::Clock::now() + kDeadline);
  const Parallel parallel{1, &token};
  const FlushDenormals flush;  // as in a run
  return interpret(b.graph, b.inputs, &parallel);
}

Result<std::vector<Datum>> by_session(Built b, bool optimise) {
  ModelOptions options;
  options.optimise = optimise;
  options.fold_limit_bytes = kMemory / 8;
  options.arena_limit_bytes = kMemory;
  LITE_ASSIGN(std::shared_ptr<Model> model, Model::create(std::move(b.graph), options));
  Session session(model);
  session.set_threads(1);
  session.set_timeout(kDeadline);
  for (size_t i = 0; i < b.inputs.size(); ++i) LITE_TRY(session.set_input(i, b.inputs[i]));
  LITE_TRY(session.run());
  std::vector<Datum> out;
  for (size_t i = 0; i < model->num_outputs(); ++i) out.push_back(session.output(i));
  return out;
}

std::string describe(const NodeCase& c) {
  std::string text = cat(c.op->domain, c.op->domain[0] == 0 ? "" : ".", c.op->name, "(");
  for (const Datum& d : c.in)
    text += is_left_out(d)            ? "-, "
            : d.kind != Kind::kTensor ? cat(kind_name(d.kind), ", ")
                                      : cat(dtype_name(d.tensor.dtype()), d.tensor.dims(), ", ");
  for (const Attr& a : c.attrs) {
    text += a.name + "=";
    if (const auto* v = std::get_if<int64_t>(&a.data)) text += cat(*v);
    if (const auto* v = std::get_if<float>(&a.data)) text += cat(*v);
    if (const auto* v = std::get_if<std::string>(&a.data)) text += *v;
    if (const auto* v = std::get_if<std::vector<int64_t>>(&a.data)) text += cat(Dims(*v));
    text += ", ";
  }
  return text + cat(") -> ", c.outputs);
}

}  // namespace

int hostile_rounds() {
  static const int rounds =
      std::getenv("LITE_TEST_ALL") != nullptr && *std::getenv("LITE_TEST_ALL") ? 150 : 4;
  return rounds;
}

NodeCase drawn(const OpDef& op, Random& r) {
  NodeCase c;
  c.op = &op;
  Dims base(static_cast<size_t>(once_in(r, 4) ? below(r, 6) : 2 + below(r, 3)));
  for (int64_t& d : base) d = once_in(r, 12) ? 0 : 1 + below(r, 3);
  std::array<DType, 128> bound{};
  const auto count = [&](std::span<const OperandSpec> specs) {
    size_t n = 0;
    for (const OperandSpec& s : specs) {
      if (s.arity == OperandSpec::kRequired || once_in(r, 2)) ++n;
      if (s.arity == OperandSpec::kVariadic) n += static_cast<size_t>(below(r, 3));
    }
    return once_in(r, 20) ? n + 1 : n;
  };
  const size_t inputs = count(op.inputs);
  for (size_t i = 0; i < inputs; ++i) {
    if (op.inputs.empty()) break;
    const OperandSpec& spec = op.inputs[std::min(i, op.inputs.size() - 1)];
    if (spec.arity == OperandSpec::kOptional && once_in(r, 3)) {
      c.in.emplace_back();
      continue;
    }
    DType& var = bound[static_cast<size_t>(spec.type_var) & 127];
    if (spec.type_var == 0 || var == DType::kUndefined || once_in(r, 30)) var = any_type(spec.types, r);
    const DType type = once_in(r, 40) ? any_type(types::kAll, r) : var;
    if ((op.traits & (kOnSequences | kAnyKind)) != 0 && once_in(r, 2)) {
      Datum d;
      d.kind = once_in(r, 3) ? Kind::kOptional : Kind::kSequence;
      d.element = type;
      const int64_t items = below(r, d.kind == Kind::kOptional ? 2 : 4);
      for (int64_t k = 0; k < items; ++k) d.items.edit().emplace_back(drawn_tensor(type, like(base, r), r));
      c.in.push_back(std::move(d));
    } else {
      c.in.emplace_back(drawn_tensor(type, like(base, r), r));
    }
  }
  for (const AttrSpec& spec : op.attrs)
    if (spec.required || once_in(r, 2)) c.attrs.push_back({spec.name, drawn_attr(spec.type, r)});
  c.outputs = std::max<size_t>(1, count(op.outputs));
  return c;
}

NodeCase mutated(NodeCase c, Random& r) {
  const int64_t changes = 1 + below(r, 3);
  for (int64_t k = 0; k < changes; ++k) {
    Datum* d =
        c.in.empty() ? nullptr : &c.in[static_cast<size_t>(below(r, static_cast<int64_t>(c.in.size())))];
    Tensor* t = d != nullptr && d->kind == Kind::kTensor && d->tensor.defined() ? &d->tensor : nullptr;
    Attr* a = c.attrs.empty() ? nullptr
                              : &c.attrs[static_cast<size_t>(below(r, static_cast<int64_t>(c.attrs.size())))];
    switch (below(r, 9)) {
      case 0:  // a dimension
      case 1:
        if (t != nullptr && t->rank() > 0) {
          Dims dims = t->dims();
          int64_t& x = dims[static_cast<size_t>(below(r, static_cast<int64_t>(dims.size())))];
          x = once_in(r, 2) ? std::max<int64_t>(0, x + below(r, 3) - 1) : below(r, 6);
          if (checked_elements(dims).value_or(kMostElements + 1) <= kMostElements)
            *t = drawn_tensor(t->dtype(), dims, r);
        }
        break;
      case 2:  // the rank
        if (t != nullptr) {
          Dims dims = t->dims();
          if (dims.empty() || once_in(r, 2))
            dims.insert(0, 1 + below(r, 2));
          else
            dims.erase(static_cast<size_t>(below(r, static_cast<int64_t>(dims.size()))));
          if (checked_elements(dims).value_or(kMostElements + 1) <= kMostElements)
            *t = drawn_tensor(t->dtype(), dims, r);
        }
        break;
      case 3:  // all numbers, or one
        if (t != nullptr && t->elements() <= kMostElements) *t = drawn_tensor(t->dtype(), t->dims(), r);
        break;
      case 4:
        if (t != nullptr && types::kIndex.has(t->dtype()) && t->elements() > 0) {
          Result<Tensor> copy = t->clone();
          if (!copy.is_ok()) break;
          const int64_t i = below(r, t->elements()), v = hostile_int(r);
          if (t->dtype() == DType::kI64)
            copy.value().mutable_data<int64_t>()[i] = v;
          else
            copy.value().mutable_data<int32_t>()[i] = static_cast<int32_t>(v);
          *t = std::move(copy).value();
        }
        break;
      case 5:  // the type
        if (t != nullptr && once_in(r, 2)) *t = drawn_tensor(any_type(types::kAll, r), t->dims(), r);
        break;
      case 6:  // an attribute
      case 7:
        if (a == nullptr) break;
        if (auto* v = std::get_if<std::vector<int64_t>>(&a->data);
            v != nullptr && !v->empty() && !once_in(r, 3)) {
          if (once_in(r, 4))
            v->pop_back();
          else
            (*v)[r() % v->size()] = hostile_int(r);
        } else if (!std::holds_alternative<Attr::Graphs>(a->data)) {
          a->data = drawn_attr(attr_type(*a), r);
        }
        break;
      default:  // what is there
        if (once_in(r, 2) && !c.op->attrs.empty()) {
          const AttrSpec& spec = c.op->attrs[r() % c.op->attrs.size()];
          const auto same = [&](const Attr& x) { return x.name == spec.name; };
          if (std::none_of(c.attrs.begin(), c.attrs.end(), same))
            c.attrs.push_back({spec.name, drawn_attr(spec.type, r)});
        } else if (d != nullptr && once_in(r, 2)) {
          *d = Datum();
        } else if (!c.in.empty()) {
          c.in.push_back(c.in[r() % c.in.size()]);
        }
    }
  }
  return c;
}

void survive(const NodeCase& c, Random& r) {
  const std::string about = describe(c);
  SCOPED_TRACE(about);
  // A crash takes the trace with it.
  if (std::getenv("LITE_TEST_VERBOSE") != nullptr) std::fprintf(stderr, "%s\n", about.c_str());
  const std::clock_t begin = std::clock();
  const auto knows = static_cast<Knows>(below(r, 4));
  Result<Built> built = build(c, knows, r);
  if (!built.is_ok()) return check_error(built.status());
  const Result<std::vector<Datum>> want = by_references(built.value());
  if (!want.is_ok()) check_error(want.status());
  // What only passes make is right by construction; kernels and passes count on it.
  if ((c.op->traits & kFusedOnly) == 0) {
    const bool optimise = once_in(r, 2);
    const Result<std::vector<Datum>> got = by_session(std::move(built).value(), optimise);
    if (!got.is_ok()) check_error(got.status());
    if (want.is_ok() && !got.is_ok()) {
      // The references take anything for an input of a body that nobody uses.
      EXPECT_TRUE((c.op->traits & kHasBody) != 0 || gave_up(got.status()))
          << "the reference gives a result, a run does not: " << got.error().message;
    } else if (got.is_ok() && !want.is_ok()) {
      // Passes may take away what would have failed, nothing is run for results without elements, and where
      // the result's shape is known without them the numbers that ask for it are not looked at.
      const bool is_empty = std::all_of(got.value().begin(), got.value().end(), [](const Datum& d) {
        return d.kind == Kind::kTensor && d.tensor.elements() == 0;
      });
      EXPECT_TRUE(optimise || is_empty || knows != Knows::kAll || gave_up(want.status()))
          << "the reference gives an error, a run does not: " << want.error().message;
    } else if (got.is_ok()) {
      for (size_t i = 0; i < c.outputs; ++i) {
        const Datum &g = got.value()[i], &w = want.value()[i];
        EXPECT_EQ(g.kind, w.kind);
        if (w.kind != Kind::kTensor || !w.tensor.defined()) continue;
        EXPECT_EQ(g.tensor.dtype(), w.tensor.dtype()) << "output " << i;
        EXPECT_EQ(g.tensor.dims(), w.tensor.dims()) << "output " << i;
      }
    }
  }
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, kMostSeconds);
}

}  // namespace lite::test
