// Float functions of up to three numbers, and the small programs made of them that FusedElementwise executes.
// The passes write these programs, the reference and the SIMD kernels read them; both through this header.
//
// A program works on registers that hold one float per output element. The first registers are the node's
// inputs, broadcast to the output's shape; the rest are made by instructions. An operand >= 0 is a register,
// an operand < 0 is the constant consts[-1 - operand].
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/ir/op_def.h"

namespace lite::pointwise {

// The numbers are written into graphs (attribute `code`) but never into files.
enum class Opcode : uint8_t {
  // one operand
  kCopy,        // a
  kAbs,         // |a|
  kNeg,         // -a
  kSqrt,        // sqrt(a), NaN below 0
  kReciprocal,  // 1 / a
  kExp,         // e^a
  kLog,         // ln(a)
  kSigmoid,     // 1 / (1 + e^-a)
  kTanh,        // tanh(a)
  kErf,         // erf(a)
  kRelu,        // a < 0 ? 0 : a; NaN stays NaN
  kHardSwish,   // a * max(0, min(1, a / 6 + 1/2))
  kGelu,        // a / 2 * (1 + erf(a / sqrt(2)))
  kGeluTanh,    // a / 2 * (1 + tanh(sqrt(2 / pi) * (a + 0.044715 a^3)))
  kMish,        // a * tanh(ln(1 + e^a))
  kSoftplus,    // ln(1 + e^a)
  kSoftsign,    // a / (1 + |a|)
  kFloor,
  kCeil,
  kRound,  // to nearest, halves to even
  kSign,   // -1, 0 or 1; NaN stays NaN
  kSin,
  kCos,
  kAtan,
  kSquare,  // a * a
  // two operands
  kAdd,        // a + b
  kSub,        // a - b
  kMul,        // a * b
  kDiv,        // a / b
  kPow,        // a ^ b
  kMin,        // the smaller; NaN if either is NaN
  kMax,        // the larger; NaN if either is NaN
  kLeakyRelu,  // a < 0 ? a * b : a; PRelu too
  kElu,        // a < 0 ? b * (e^a - 1) : a
  kSwish,      // a / (1 + e^(-b * a))
  kThreshold,  // a <= b ? 0 : a; NaN stays NaN
  kMod,        // a - trunc(a / b) * b, exactly, with the sign of a: C's fmod
  // three operands
  kClip,         // a < b -> b, then > c -> c; b > c gives c; NaN stays NaN
  kHardSigmoid,  // max(0, min(1, b * a + c))
};
inline constexpr int kNumOpcodes = static_cast<int>(Opcode::kHardSigmoid) + 1;

// 1, 2 or 3.
int arity(Opcode op) noexcept;
// "Relu", "GeluTanh": ONNX's operator name where there is one.
const char* name(Opcode op) noexcept;
std::optional<Opcode> from_name(std::string_view name) noexcept;
// The definition: what every kernel approximates within a few ulps.
float apply(Opcode op, float a, float b = 0, float c = 0) noexcept;

inline constexpr size_t kMaxInstructions = 64;
inline constexpr size_t kMaxRegisters = 32;  // inputs included
inline constexpr size_t kMaxConstants = 64;

struct Instruction {
  Opcode op = Opcode::kCopy;
  uint8_t dst = 0;     // a register; may be written again
  int8_t src[3] = {};  // the first arity(op) count
};

struct Program {
  std::vector<Instruction> code;
  std::vector<float> consts;
  std::vector<uint8_t> results;  // the register that becomes each output
  size_t num_inputs = 0;
  size_t num_registers = 0;  // inputs included
};

// Reads `code` (five ints an instruction: opcode, dst, src0, src1, src2), `consts` and `results` (absent: the
// register of the last instruction), and checks all that a kernel relies on: known opcodes, limits, no
// register read before it is written, no input register written.
Result<Program> decode(const AttrReader& attrs, size_t num_inputs, size_t num_outputs);
// Writes the attributes that decode() reads.
void encode(const Program& program, Node& node);

// What fused operators do to their result: `activation` names a unary function or one of those below, whose
// other operands are `activation_params`:
//   Relu, Sigmoid, Tanh, HardSwish, Gelu, GeluTanh, Mish and every other function of one operand: none
//   LeakyRelu {alpha, default 0.01}   Elu {alpha, default 1}   Swish {alpha, default 1}
//   Clip {min, max, default no limits}   HardSigmoid {alpha, beta, default 0.2, 0.5}
// Parameters are all there or all left out.
struct Activation {
  Opcode op = Opcode::kCopy;  // kCopy: none
  float b = 0, c = 0;
  bool none() const { return op == Opcode::kCopy; }
  float operator()(float a) const { return apply(op, a, b, c); }
};
Result<Activation> read_activation(const AttrReader& attrs);

}  // namespace lite::pointwise
