#include "core/ops/pointwise.h"

#include <cmath>
#include <limits>

namespace lite::pointwise {
namespace {

struct Row {
  const char* name;
  int arity;
};
constexpr Row kRows[] = {
    {"Copy", 1},       {"Abs", 1},      {"Neg", 1},         {"Sqrt", 1},
    {"Reciprocal", 1}, {"Exp", 1},      {"Log", 1},         {"Sigmoid", 1},
    {"Tanh", 1},       {"Erf", 1},      {"Relu", 1},        {"HardSwish", 1},
    {"Gelu", 1},       {"GeluTanh", 1}, {"Mish", 1},        {"Softplus", 1},
    {"Softsign", 1},   {"Floor", 1},    {"Ceil", 1},        {"Round", 1},
    {"Sign", 1},       {"Sin", 1},      {"Cos", 1},         {"Atan", 1},
    {"Square", 1},     {"Add", 2},      {"Sub", 2},         {"Mul", 2},
    {"Div", 2},        {"Pow", 2},      {"Min", 2},         {"Max", 2},
    {"LeakyRelu", 2},  {"Elu", 2},      {"Swish", 2},       {"ThresholdedRelu", 2},
    {"Mod", 2},        {"Clip", 3},     {"HardSigmoid", 3},
};
static_assert(std::size(kRows) == kNumOpcodes);

constexpr int kWords = 5;  // of one instruction in `code`

float sigmoid(float a) { return 1.0f / (1.0f + std::exp(-a)); }
float softplus(float a) { return std::max(a, 0.0f) + std::log1p(std::exp(-std::fabs(a))); }

}  // namespace

int arity(Opcode op) noexcept { return kRows[static_cast<size_t>(op)].arity; }
const char* name(Opcode op) noexcept { return kRows[static_cast<size_t>(op)].name; }

std::optional<Opcode> from_name(std::string_view wanted) noexcept {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (wanted == kRows[i].name) return static_cast<Opcode>(i);
  return std::nullopt;
}

float apply(Opcode op, float a, float b, float c) noexcept {
  switch (op) {
    case Opcode::kCopy:
      return a;
    case Opcode::kAbs:
      return std::fabs(a);
    case Opcode::kNeg:
      return -a;
    case Opcode::kSqrt:
      return std::sqrt(a);
    case Opcode::kReciprocal:
      return 1.0f / a;
    case Opcode::kExp:
      return std::exp(a);
    case Opcode::kLog:
      return std::log(a);
    case Opcode::kSigmoid:
      return sigmoid(a);
    case Opcode::kTanh:
      return std::tanh(a);
    case Opcode::kErf:
      return std::erf(a);
    case Opcode::kRelu:
      return a < 0 ? 0.0f : a;
    case Opcode::kHardSwish:
      return a * std::max(0.0f, std::min(1.0f, a / 6.0f + 0.5f));
    case Opcode::kGelu:
      return 0.5f * a * (1.0f + std::erf(a * 0.70710678f));
    case Opcode::kGeluTanh:
      return 0.5f * a * (1.0f + std::tanh(0.79788456f * (a + 0.044715f * a * a * a)));
    case Opcode::kMish:
      return a * std::tanh(softplus(a));
    case Opcode::kSoftplus:
      return softplus(a);
    case Opcode::kSoftsign:
      return a / (1.0f + std::fabs(a));
    case Opcode::kFloor:
      return std::floor(a);
    case Opcode::kCeil:
      return std::ceil(a);
    case Opcode::kRound:
      return std::nearbyint(a);
    case Opcode::kSign:
      return a > 0 ? 1.0f : a < 0 ? -1.0f : a;
    case Opcode::kSin:
      return std::sin(a);
    case Opcode::kCos:
      return std::cos(a);
    case Opcode::kAtan:
      return std::atan(a);
    case Opcode::kSquare:
      return a * a;
    case Opcode::kAdd:
      return a + b;
    case Opcode::kSub:
      return a - b;
    case Opcode::kMul:
      return a * b;
    case Opcode::kDiv:
      return a / b;
    case Opcode::kPow:
      return std::pow(a, b);
    case Opcode::kMin:
      return std::isnan(a) ? a : std::isnan(b) ? b : std::min(a, b);
    case Opcode::kMax:
      return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b);
    case Opcode::kLeakyRelu:
      return a < 0 ? a * b : a;
    case Opcode::kElu:
      return a < 0 ? b * std::expm1(a) : a;
    case Opcode::kSwish:
      return a * sigmoid(b * a);
    case Opcode::kThreshold:
      return a <= b ? 0.0f : a;
    case Opcode::kMod:
      return std::fmod(a, b);
    case Opcode::kClip: {
      if (a < b) a = b;
      return a > c ? c : a;
    }
    case Opcode::kHardSigmoid: {
      const float v = b * a + c;
      return v < 0 ? 0.0f : v > 1 ? 1.0f : v;
    }
  }
  return a;
}

Result<Program> decode(const AttrReader& attrs, size_t num_inputs, size_t num_outputs) {
  const auto broken = [](const auto&... what) { return invalid_model("FusedElementwise: ", what...); };
  const std::span<const int64_t> code = attrs.ints("code");
  const std::span<const float> consts = attrs.floats("consts");
  const std::span<const int64_t> results = attrs.ints("results");
  if (code.empty() || code.size() % kWords != 0 || code.size() / kWords > kMaxInstructions)
    return broken("code has ", code.size(), " numbers, ", kWords, " for each of 1 to ", kMaxInstructions,
                  " instructions wanted");
  if (consts.size() > kMaxConstants)
    return broken("has ", consts.size(), " constants, at most ", kMaxConstants, " wanted");
  if (num_inputs > kMaxRegisters)
    return broken("has ", num_inputs, " inputs, at most ", kMaxRegisters, " wanted");

  Program p;
  p.num_inputs = p.num_registers = num_inputs;
  p.consts.assign(consts.begin(), consts.end());
  uint64_t written = (uint64_t{1} << num_inputs) - 1;
  const auto readable = [&](int64_t r) {
    return r >= 0 && r < static_cast<int64_t>(kMaxRegisters) && (written >> r & 1) != 0;
  };
  for (size_t i = 0; i < code.size(); i += kWords) {
    const int64_t op = code[i], dst = code[i + 1];
    if (op < 0 || op >= kNumOpcodes) return broken("opcode ", op, " is unknown");
    if (dst < static_cast<int64_t>(num_inputs) || dst >= static_cast<int64_t>(kMaxRegisters))
      return broken("register ", dst, " cannot be written, wanted in [", num_inputs, ",", kMaxRegisters, ")");
    Instruction in;
    in.op = static_cast<Opcode>(op);
    in.dst = static_cast<uint8_t>(dst);
    for (int k = 0; k < arity(in.op); ++k) {
      const int64_t src = code[i + 2 + static_cast<size_t>(k)];
      const bool constant = src < 0 && src >= -static_cast<int64_t>(consts.size());
      if (!constant && !readable(src))
        return broken("operand ", src, " of ", name(in.op),
                      " is neither a constant nor a register that holds something");
      in.src[k] = static_cast<int8_t>(src);
    }
    written |= uint64_t{1} << dst;
    p.num_registers = std::max(p.num_registers, static_cast<size_t>(dst) + 1);
    p.code.push_back(in);
  }
  if (results.empty()) p.results.push_back(p.code.back().dst);
  for (const int64_t r : results) {
    if (!readable(r)) return broken("result register ", r, " holds nothing");
    p.results.push_back(static_cast<uint8_t>(r));
  }
  if (p.results.size() != num_outputs)
    return broken("has ", p.results.size(), " results for ", num_outputs, " outputs");
  return p;
}

void encode(const Program& program, Node& node) {
  std::vector<int64_t> code, results(program.results.begin(), program.results.end());
  for (const Instruction& in : program.code)
    code.insert(code.end(), {static_cast<int64_t>(in.op), in.dst, in.src[0], in.src[1], in.src[2]});
  node.set("code", std::move(code));
  node.set("consts", program.consts);
  node.set("results", std::move(results));
}

Result<Activation> read_activation(const AttrReader& attrs) {
  const std::string_view wanted = attrs.str("activation");
  if (wanted.empty()) return Activation{};
  const auto op = from_name(wanted);
  const std::span<const float> params = attrs.floats("activation_params");
  Activation a;
  if (op) a.op = *op;
  constexpr float kInf = std::numeric_limits<float>::infinity();
  switch (a.op) {
    case Opcode::kLeakyRelu:
      a.b = 0.01f;
      break;
    case Opcode::kElu:
    case Opcode::kSwish:
      a.b = 1;
      break;
    case Opcode::kClip:
      a.b = -kInf, a.c = kInf;
      break;
    case Opcode::kHardSigmoid:
      a.b = 0.2f, a.c = 0.5f;
      break;
    default:
      if (!op || arity(a.op) != 1)
        return invalid_model(attrs.node().op->name, ": activation '", wanted, "' is unknown");
  }
  const auto count = static_cast<size_t>(arity(a.op) - 1);
  if (!params.empty() && params.size() != count)
    return invalid_model(attrs.node().op->name, ": activation ", wanted, " has ", params.size(),
                         " parameters, ", count, " wanted");
  if (!params.empty()) a.b = params[0];
  if (params.size() > 1) a.c = params[1];
  return a;
}

}  // namespace lite::pointwise
