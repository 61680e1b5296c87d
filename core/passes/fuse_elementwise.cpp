// Float32 element-wise nodes that feed each other become one FusedElementwise, so that what lies between them
// never goes through memory. A group grows from its last node upwards, over nodes that nothing outside it
// uses and whose results have the shape of the group's.

#include <algorithm>
#include <map>

#include "core/ops/pointwise.h"
#include "core/passes/activation.h"
#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

using pointwise::Opcode;

// Beyond these a kernel would spill its registers, and the next group starts.
constexpr size_t kMaxNodes = 16;
constexpr size_t kMaxInputs = 6;

// A node as one instruction (or a chain of them for n-ary Sum, Max, Min): the code, and extra operands that
// are numbers.
struct Meaning {
  Opcode op;
  std::vector<float> numbers;  // operands after the tensors
};

std::optional<Meaning> meaning_of(const Rewriter& r, NodeId n) {
  const Node& node = r.node(n);
  if (*node.op->domain != '\0' || node.out.size() != 1) return std::nullopt;
  const std::string_view op = node.op->name;
  if (op == "PRelu") return Meaning{Opcode::kLeakyRelu, {}};
  if (op == "Sum") return Meaning{Opcode::kAdd, {}};
  if (const auto a = activation_of(r, n)) {
    const auto code = pointwise::from_name(a->name);
    return code ? std::optional(Meaning{*code, a->params}) : std::nullopt;
  }
  constexpr const char* kPlain[] = {"Abs",   "Neg",  "Sqrt",  "Reciprocal", "Exp", "Log", "Erf",  "Softsign",
                                    "Floor", "Ceil", "Round", "Sign",       "Sin", "Cos", "Atan", "Add",
                                    "Sub",   "Mul",  "Div",   "Pow",        "Min", "Max"};
  for (const char* plain : kPlain) {
    if (op != plain) continue;
    const auto code = pointwise::from_name(op);
    return code ? std::optional(Meaning{*code, {}}) : std::nullopt;
  }
  return std::nullopt;
}

// How many of the node's inputs are tensors of the program; Clip's limits are numbers by now.
size_t tensor_inputs(const Rewriter& r, NodeId n) { return r.is(n, "Clip") ? 1 : r.node(n).in.size(); }

bool fusable(const Rewriter& r, NodeId n) {
  if (n == kNoNode || !r.alive(n) || r.node(n).out.size() != 1 || !r.fact(r.out(n)).is_static()) return false;
  if (r.dtype(r.out(n)) != DType::kF32 || !meaning_of(r, n)) return false;
  for (size_t i = 0; i < tensor_inputs(r, n); ++i)
    if (r.in(n, i) == kNoValue || r.dtype(r.in(n, i)) != DType::kF32) return false;
  return true;
}

struct Group {
  std::vector<NodeId> nodes;    // the last node first
  std::vector<ValueId> inputs;  // tensors from outside
  bool has(NodeId n) const { return std::find(nodes.begin(), nodes.end(), n) != nodes.end(); }
};

// A number rather than a tensor: a constant of one element that does not add dimensions.
bool is_number(const Rewriter& r, ValueId v, size_t rank) {
  const Tensor* const t = r.constant(v);
  return t != nullptr && t->elements() == 1 && t->rank() <= rank;
}

std::vector<ValueId> inputs_of(const Rewriter& r, const std::vector<NodeId>& nodes, size_t rank) {
  std::vector<ValueId> inputs;
  for (const NodeId n : nodes) {
    for (size_t i = 0; i < tensor_inputs(r, n); ++i) {
      const ValueId v = r.in(n, i);
      const bool inside = std::find(nodes.begin(), nodes.end(), r.producer(v)) != nodes.end();
      if (!inside && !is_number(r, v, rank) && std::find(inputs.begin(), inputs.end(), v) == inputs.end())
        inputs.push_back(v);
    }
  }
  return inputs;
}

Group grow(const Rewriter& r, NodeId last) {
  Group g{{last}, {}};
  const Fact& shape = r.fact(r.out(last));
  const size_t rank = shape.rank();
  g.inputs = inputs_of(r, g.nodes, rank);
  for (bool grown = true; grown && g.nodes.size() < kMaxNodes;) {
    grown = false;
    for (const ValueId v : g.inputs) {
      const NodeId n = r.producer(v);
      if (!fusable(r, n) || r.is_output(v) || !same_shape(r.fact(v), shape)) continue;
      const auto& users = r.users(v);
      if (!std::all_of(users.begin(), users.end(), [&](NodeId u) { return g.has(u); })) continue;
      std::vector<NodeId> nodes = g.nodes;
      nodes.push_back(n);
      std::vector<ValueId> inputs = inputs_of(r, nodes, rank);
      if (inputs.size() > kMaxInputs) continue;
      g = {std::move(nodes), std::move(inputs)};
      grown = true;
      break;
    }
  }
  return g;
}

class ProgramWriter {
 public:
  ProgramWriter(const Rewriter& r, const Group& g) : r_(r), group_(g) {
    program_.num_inputs = program_.num_registers = g.inputs.size();
    for (size_t i = 0; i < g.inputs.size(); ++i) register_[g.inputs[i]] = static_cast<int>(i);
  }

  // nullopt when the group is too long for one program.
  std::optional<pointwise::Program> write() {
    // A node enters the group after all its users, so backwards they come in order.
    for (auto it = group_.nodes.rbegin(); it != group_.nodes.rend(); ++it)
      if (!emit(*it)) return std::nullopt;
    program_.results = {static_cast<uint8_t>(register_.at(r_.out(group_.nodes[0])))};
    return std::move(program_);
  }

 private:
  int number(float v) {
    const auto it = std::find(program_.consts.begin(), program_.consts.end(), v);
    const auto at = static_cast<int>(it - program_.consts.begin());
    if (it == program_.consts.end()) program_.consts.push_back(v);
    return -1 - at;
  }
  int operand(ValueId v) {
    const auto it = register_.find(v);
    return it != register_.end() ? it->second : number(static_cast<float>(*r_.scalar(v)));
  }
  bool put(Opcode op, std::vector<int> src, int& dst) {
    if (program_.code.size() >= pointwise::kMaxInstructions ||
        program_.num_registers >= pointwise::kMaxRegisters ||
        program_.consts.size() > pointwise::kMaxConstants)
      return false;
    dst = static_cast<int>(program_.num_registers++);
    pointwise::Instruction i{op, static_cast<uint8_t>(dst), {}};
    for (size_t k = 0; k < src.size() && k < 3; ++k) i.src[k] = static_cast<int8_t>(src[k]);
    program_.code.push_back(i);
    return true;
  }
  bool emit(NodeId n) {
    const Meaning meaning = *meaning_of(r_, n);
    std::vector<int> src;
    for (size_t i = 0; i < tensor_inputs(r_, n); ++i) src.push_back(operand(r_.in(n, i)));
    for (const float v : meaning.numbers) src.push_back(number(v));
    int dst = src[0];
    if (pointwise::arity(meaning.op) == 2 && meaning.numbers.empty()) {
      for (size_t i = 1; i < src.size(); ++i)
        if (!put(meaning.op, {dst, src[i]}, dst)) return false;
      if (src.size() == 1 && !put(Opcode::kCopy, {src[0]}, dst)) return false;
    } else if (!put(meaning.op, src, dst)) {
      return false;
    }
    register_[r_.out(n)] = dst;
    return true;
  }

  const Rewriter& r_;
  const Group& group_;
  pointwise::Program program_;
  std::map<ValueId, int> register_;
};

// x^2 as a product, not as a power.
void name_squares(pointwise::Program& p) {
  for (auto& i : p.code)
    if (i.op == Opcode::kPow && i.src[1] < 0 && p.consts[static_cast<size_t>(-1 - i.src[1])] == 2)
      i = {Opcode::kSquare, i.dst, {i.src[0]}};
}

}  // namespace

Result<bool> fuse_elementwise(Rewriter& r, const PassOptions&) {
  LITE_ASSIGN(const std::vector<NodeId> order, r.graph().topological_order());
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    if (!fusable(r, *it)) continue;
    const Group group = grow(r, *it);
    if (group.nodes.size() < 2 || group.inputs.empty()) continue;
    auto program = ProgramWriter(r, group).write();
    if (!program) continue;
    name_squares(*program);
    Node attrs;
    pointwise::encode(*program, attrs);
    r.remake(r.out(*it), "FusedElementwise", group.inputs, std::move(attrs.attrs), "lite");
  }
  return r.changed();
}

}  // namespace lite::passes
