#include "tests/support/graph_text.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <map>
#include <random>

#include "core/base/half.h"
#include "core/ops/registry.h"

namespace lite::test {
namespace {

void set_number(Tensor& t, int64_t i, double v) {
  const auto at = static_cast<size_t>(i);
  switch (t.dtype()) {
    case DType::kF32:
      t.mutable_data<float>()[at] = static_cast<float>(v);
      break;
    case DType::kF64:
      t.mutable_data<double>()[at] = v;
      break;
    case DType::kF16:
      t.mutable_data<uint16_t>()[at] = f32_to_f16(static_cast<float>(v));
      break;
    case DType::kBF16:
      t.mutable_data<uint16_t>()[at] = f32_to_bf16(static_cast<float>(v));
      break;
    case DType::kI64:
      t.mutable_data<int64_t>()[at] = static_cast<int64_t>(v);
      break;
    case DType::kI32:
      t.mutable_data<int32_t>()[at] = static_cast<int32_t>(v);
      break;
    case DType::kI8:
      t.mutable_data<int8_t>()[at] = static_cast<int8_t>(v);
      break;
    case DType::kU8:
      t.mutable_data<uint8_t>()[at] = static_cast<uint8_t>(v);
      break;
    case DType::kBool:
      t.mutable_data<uint8_t>()[at] = v != 0 ? 1 : 0;
      break;
    default:
      ADD_FAILURE() << "no numbers of type " << dtype_name(t.dtype()) << " in test graphs";
  }
}

Tensor made(DType type, const Dims& dims) { return std::move(Tensor::allocate(type, dims)).value(); }

Tensor random_tensor(DType type, const Dims& dims, std::mt19937& random) {
  Tensor t = made(type, dims);
  std::uniform_real_distribution<double> real(-1, 1);
  std::uniform_int_distribution<int> whole(is_unsigned_int(type) || type == DType::kBool ? 0 : -60,
                                           type == DType::kBool ? 1 : 60);
  for (int64_t i = 0; i < t.elements(); ++i) set_number(t, i, is_float(type) ? real(random) : whole(random));
  return t;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Graph parse() {
    while (skip(), !at_end() && !failed_) statement();
    const Status inferred = infer_graph(graph_);
    EXPECT_TRUE(inferred.is_ok()) << inferred.message();
    return std::move(graph_);
  }

 private:
  bool at_end() const { return pos_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[pos_]; }
  void skip() {
    while (!at_end() && std::isspace(static_cast<unsigned char>(peek()))) ++pos_;
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(pos_, token.size()) != token) return false;
    pos_ += token.size();
    return true;
  }
  void want(std::string_view token) {
    if (!take(token)) fail(token);
  }
  void fail(std::string_view wanted) {
    if (!failed_) ADD_FAILURE() << "'" << wanted << "' wanted before: " << text_.substr(pos_, 60);
    failed_ = true;
    pos_ = text_.size();
  }
  std::string word() {
    skip();
    const size_t start = pos_;
    while (!at_end() && (std::isalnum(static_cast<unsigned char>(peek())) ||
                         std::string_view("_./-").find(peek()) != std::string_view::npos))
      ++pos_;
    if (pos_ == start) fail("a name");
    return std::string(text_.substr(start, pos_ - start));
  }
  // Whole numbers beyond 2^53 are written too.
  int64_t whole() {
    skip();
    const size_t start = pos_;
    if (peek() == '-') ++pos_;
    while (std::isdigit(static_cast<unsigned char>(peek()))) ++pos_;
    if (pos_ == start) fail("a whole number");
    return std::strtoll(std::string(text_.substr(start, pos_ - start)).c_str(), nullptr, 10);
  }
  double number() {
    skip();
    size_t used = 0;
    double v = 0;
    try {
      v = std::stod(std::string(text_.substr(pos_, 40)), &used);
    } catch (const std::exception&) {
      fail("a number");
    }
    pos_ += used;
    return v;
  }
  template <class T>
  std::vector<T> list(char close) {
    std::vector<T> v;
    while (!failed_ && !take(std::string_view(&close, 1))) {
      if constexpr (std::is_same_v<T, int64_t>)
        v.push_back(whole());
      else
        v.push_back(static_cast<T>(number()));
      take(",");
    }
    return v;
  }

  Fact fact() {
    Fact f;
    const std::string name = word();
    const auto type = dtype_from_name(name);
    if (!type) fail("an element type");
    f.dtype = type.value_or(DType::kF32);
    want("[");
    if (take("...]")) return f;
    f.has_rank = true;
    while (!failed_ && !take("]")) {
      skip();
      if (take("?"))
        f.dims.push_back(kUnknownDim);
      else if (std::isdigit(static_cast<unsigned char>(peek())))
        f.dims.push_back(static_cast<int64_t>(number()));
      else
        f.dims.push_back(graph_.symbol(word()));
      take(",");
    }
    return f;
  }
  Tensor tensor() {
    const Fact f = fact();
    if (!take("{")) return random_tensor(f.dtype, f.dims, random_);
    Tensor t = made(f.dtype, f.dims);
    if (f.dtype == DType::kI64) {
      const auto numbers = list<int64_t>('}');
      EXPECT_EQ(static_cast<size_t>(t.elements()), numbers.size());
      std::copy(numbers.begin(), numbers.end(), t.mutable_data<int64_t>());
      return t;
    }
    const auto numbers = list<double>('}');
    EXPECT_EQ(static_cast<size_t>(t.elements()), numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i) set_number(t, static_cast<int64_t>(i), numbers[i]);
    return t;
  }
  ValueId value() {
    if (!take("%")) return graph_.add_constant({}, tensor());
    const std::string name = word();
    const auto [it, added] = values_.emplace(name, kNoValue);
    if (added) it->second = graph_.add_value(name);
    return it->second;
  }
  std::vector<ValueId> values(std::string_view end) {
    std::vector<ValueId> v;
    while (!failed_ && !take(end)) {
      skip();
      if (peek() == '_') {
        ++pos_;
        v.push_back(kNoValue);
      } else {
        v.push_back(value());
      }
      take(",");
    }
    return v;
  }

  Attr::Data attr_data(const OpDef& op, const std::string& name) {
    const auto spec =
        std::find_if(op.attrs.begin(), op.attrs.end(), [&](const AttrSpec& s) { return name == s.name; });
    if (spec == op.attrs.end()) {
      fail(cat("an attribute of ", op.name));
      return int64_t{0};
    }
    switch (spec->type) {
      case AttrType::kInt:
        return static_cast<int64_t>(number());
      case AttrType::kFloat:
        return static_cast<float>(number());
      case AttrType::kInts:
        want("[");
        return list<int64_t>(']');
      case AttrType::kFloats:
        want("[");
        return list<float>(']');
      case AttrType::kTensor:
        return tensor();
      case AttrType::kString: {
        want("\"");
        const size_t start = pos_;
        while (!at_end() && peek() != '"') ++pos_;
        return std::string(text_.substr(start, pos_++ - start));
      }
      default:
        fail("an attribute type that tests can write");
        return int64_t{0};
    }
  }

  void statement() {
    if (take("input ")) {
      want("%");
      const std::string name = word();
      want(":");
      values_[name] = graph_.add_input(name, fact());
      return;
    }
    if (take("output ")) {
      graph_.outputs.push_back(value());
      return;
    }
    Node n;
    n.out = values("=");
    std::string name = word(), domain;
    if (name.rfind("lite.", 0) == 0) {
      domain = "lite";
      name.erase(0, 5);
    } else if (const size_t dot = name.rfind('.'); dot != std::string::npos) {
      domain = name.substr(0, dot);
      name.erase(0, dot + 1);
    }
    n.op = ops::find(domain, name);
    if (n.op == nullptr) return fail(cat("an operator, not ", name));
    n.name = n.out.empty() || n.out[0] == kNoValue ? name : graph_.value(n.out[0]).name;
    want("(");
    n.in = values(")");
    if (take("{")) {
      while (!failed_ && !take("}")) {
        const std::string attr = word();
        want("=");
        n.attrs.push_back({attr, attr_data(*n.op, attr)});
        take(",");
      }
    }
    if (take(":"))
      while (!at_end() && peek() != '\n') ++pos_;
    const Status checked = check_node(graph_, n);
    EXPECT_TRUE(checked.is_ok()) << checked.message();
    graph_.add_node(std::move(n));
  }

  std::string_view text_;
  size_t pos_ = 0;
  bool failed_ = false;
  Graph graph_;
  std::map<std::string, ValueId> values_;
  std::mt19937 random_{7};
};

}  // namespace

Graph parse_graph(std::string_view text) { return Parser(text).parse(); }

std::vector<Datum> sample_inputs(const Graph& graph, int64_t unknown) {
  std::mt19937 random(11);
  std::vector<Datum> data;
  for (const ValueId v : graph.inputs) {
    Dims dims = graph.value(v).fact.dims;
    for (int64_t& d : dims)
      if (d < 0) d = unknown;
    data.emplace_back(random_tensor(graph.value(v).fact.dtype, dims, random));
  }
  return data;
}

}  // namespace lite::test
