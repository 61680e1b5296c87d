#include "core/export/onnx/versions.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <span>
#include <string_view>

#include "core/import/onnx/versions.h"
#include "core/ir/fact.h"

namespace lite::onnx {
namespace {

struct OpVersion {
  std::string_view name;
  int since;
  std::string_view inputs, outputs, attrs;
};
constexpr OpVersion kVersions[] = {
#include "core/export/onnx/versions.inc"
};

// Values of attributes that came later than the attribute.
struct AttrValue {
  std::string_view op, attr, value;
  int since;
};
constexpr AttrValue kLaterValues[] = {
    {"Pad", "mode", "wrap", 19},
    {"Resize", "coordinate_transformation_mode", "half_pixel_symmetric", 19},
    {"ScatterElements", "reduction", "max", 18},
    {"ScatterElements", "reduction", "min", 18},
    {"ScatterND", "reduction", "max", 18},
    {"ScatterND", "reduction", "min", 18},
};

// Pools that round the number of windows up. Versions before 22 count one that begins in the padding behind;
// those before 19 take its average over more than there is.
std::string why_not_rounded_up(const Node& node, int64_t opset) {
  const AttrReader attrs(node);
  if (attrs.i64("ceil_mode") == 0 || opset >= 22) return {};
  const std::string_view name = node.op->name;
  if (name == "AveragePool" && opset < 19) return "calculates windows at the end otherwise than opset 19";
  const auto kernel = attrs.ints("kernel_shape"), strides = attrs.ints("strides"), pads = attrs.ints("pads"),
             dilations = attrs.ints("dilations");
  for (size_t i = 0; i < kernel.size(); ++i) {
    const auto at = [&](std::span<const int64_t> list, size_t k, int64_t otherwise) {
      return k < list.size() ? list[k] : otherwise;
    };
    const int64_t window = (kernel[i] - 1) * at(dilations, i, 1) + 1;
    if (at(strides, i, 1) + at(pads, kernel.size() + i, 0) > window)
      return "counts windows otherwise than opset 22";
  }
  return {};
}

// The oldest opset in which the operator means what its newest version means, said in the same way.
int meaning_since(std::string_view op) {
  int64_t since = 1;
  for (const std::span<const Step> steps : {attribute_steps(), meaning_steps()})
    for (const Step& s : steps)
      if (op == s.op && s.below <= kNewestOpset) since = std::max(since, s.below);
  return static_cast<int>(since);
}

// The words of a list.
class Words {
 public:
  explicit Words(std::string_view list) : rest_(list) {}
  bool next(std::string_view& word) {
    if (rest_.empty()) return false;
    const size_t end = std::min(rest_.find(' '), rest_.size());
    word = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return true;
  }

 private:
  std::string_view rest_;
};

bool has_word(std::string_view list, std::string_view wanted) {
  Words words(list);
  for (std::string_view w; words.next(w);)
    if (w == wanted) return true;
  return false;
}

constexpr int kKindBit = 28;
bool is_optional(std::string_view operand) { return operand.back() == '?' || operand.back() == '+'; }

// Why the values do not fit the operands; empty when they do.
std::string why_not_operands(const Graph& graph, std::span<const ValueId> values, std::string_view operands,
                             const char* what) {
  Words words(operands);
  uint32_t set = 0;
  const auto allows = [&](int bit) { return (set >> bit & 1) != 0; };
  std::string_view word;
  bool more = false;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!more) {
      if (!words.next(word)) return values[i] == kNoValue ? std::string() : cat("has no ", what, " ", i);
      more = word.back() == '+';
      std::from_chars(word.data(), word.data() + word.size(), set, 16);
    }
    if (values[i] == kNoValue) {
      if (!is_optional(word)) return cat("needs ", what, " ", i);
      continue;
    }
    const Fact& fact = graph.value(values[i]).fact;
    const DType type = innermost_dtype(fact);
    if (type != DType::kUndefined && !allows(static_cast<int>(type)))
      return cat("does not take ", dtype_name(type), " as ", what, " ", i);
    if (!allows(kKindBit + static_cast<int>(fact.kind)))
      return cat("does not take a ", kind_name(fact.kind), " as ", what, " ", i);
  }
  while (!more && words.next(word)) {
    if (!is_optional(word)) return cat("needs more ", what, "s than ", values.size());
    more = word.back() == '+';
  }
  return {};
}

}  // namespace

size_t num_own_inputs(const Node& node) {
  if ((node.op->traits & kHasBody) == 0) return node.in.size();
  // The operators with bodies hand their inputs on to the body, all but If, which has a condition.
  size_t own = 1;
  for (const Attr& a : node.attrs)
    if (const auto* const body = std::get_if<Attr::Graphs>(&a.data))
      own = std::max(own, (*body)->inputs.size());
  return std::min(own, node.in.size());
}

std::string why_not_in(const Graph& graph, const Node& node, int64_t opset) {
  const std::string_view name = node.op->name;
  const OpVersion* row = nullptr;
  const OpVersion* oldest = nullptr;
  for (const OpVersion& v : kVersions) {
    if (v.name != name) continue;
    if (oldest == nullptr) oldest = &v;
    if (v.since <= opset) row = &v;
  }
  if (oldest == nullptr) return "no version of ONNX has it";
  const auto older = [&](const std::string& why) { return cat("opset ", opset, " ", why); };
  if (row == nullptr) return cat("it came with opset ", oldest->since);
  if (const int since = meaning_since(name); opset < since)
    return older(cat("says it otherwise than opset ", since));
  const size_t own = num_own_inputs(node);
  std::string why = why_not_operands(graph, std::span(node.in).first(own), row->inputs, "input");
  if (why.empty()) why = why_not_operands(graph, node.out, row->outputs, "output");
  if (!why.empty()) return older(why);
  for (const Attr& a : node.attrs) {
    if (!has_word(row->attrs, a.name)) return older(cat("has no attribute '", a.name, "'"));
    const auto* const text = std::get_if<std::string>(&a.data);
    for (const AttrValue& v : kLaterValues)
      if (text != nullptr && v.op == name && v.attr == a.name && v.value == *text && opset < v.since)
        return older(cat("does not know ", a.name, " ", *text));
  }
  if (name == "Mod" && opset < 28 && AttrReader(node).i64("fmod") == 0 &&
      is_float(graph.value(node.in[0]).fact.dtype))
    return older("takes the sign of a rest from integers only");
  why = why_not_rounded_up(node, opset);
  return why.empty() ? why : older(why);
}

int64_t ir_version_of(int64_t opset) {
  // The first opset of each, from 7 on.
  constexpr int64_t kFirst[] = {12, 15, 19, 21, 23, 24, 25, 28};
  return 6 + std::distance(std::begin(kFirst), std::upper_bound(std::begin(kFirst), std::end(kFirst), opset));
}

}  // namespace lite::onnx
