// Float elementwise operators: those of one, two and three operands, and FusedElementwise.
#include <array>
#include <cstdlib>
#include <string_view>

#include "core/kernels/cpu/simd_broadcast.h"
#include "core/kernels/cpu/simd_strips.h"

namespace lite::kernels {
namespace {

using namespace simd;
using pointwise::Instruction;
using pointwise::Opcode;
using pointwise::Program;

// ---- one operator
// ------------------------------------------------------------------------------------------------

// The function of a node and those of its operands that are numbers known now.
struct Function {
  Opcode op = Opcode::kCopy;
  float b = 0, c = 0;
  int constants = 0;  // how many of b, c are used
  float times = 1;    // of the result
};

std::optional<float> constant_scalar(const NodeQuery& q, size_t i, float otherwise) {
  if (!q.has_in(i)) return otherwise;
  const Tensor* t = q.in[i].constant;
  if (t == nullptr || t->elements() != 1 || t->dtype() != DType::kF32) return std::nullopt;
  return static_cast<float>(t->float_at(0));
}

std::optional<Function> function_of(const NodeQuery& q) {
  const std::string_view name = q.node.op->name;
  const AttrReader a = q.attrs();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  if (name == "LeakyRelu") return Function{Opcode::kLeakyRelu, a.f32("alpha", 0.01f), 0, 1};
  if (name == "Elu") return Function{Opcode::kElu, a.f32("alpha", 1.0f), 0, 1};
  if (name == "Celu" && a.f32("alpha", 1.0f) == 1) return Function{Opcode::kElu, 1, 0, 1};
  if (name == "Selu")
    return Function{Opcode::kElu, a.f32("alpha", 1.67326319f), 0, 1, a.f32("gamma", 1.05070102f)};
  if (name == "Swish") return Function{Opcode::kSwish, a.f32("alpha", 1.0f), 0, 1};
  if (name == "ThresholdedRelu") return Function{Opcode::kThreshold, a.f32("alpha", 1.0f), 0, 1};
  if (name == "HardSigmoid")
    return Function{Opcode::kHardSigmoid, a.f32("alpha", 0.2f), a.f32("beta", 0.5f), 2};
  if (name == "Gelu")
    return Function{a.str("approximate", "none") == "tanh" ? Opcode::kGeluTanh : Opcode::kGelu};
  if (name == "PRelu") return Function{Opcode::kLeakyRelu};
  if (name == "Clip") {
    const auto lo = constant_scalar(q, 1, -kInf), hi = constant_scalar(q, 2, kInf);
    if (!lo || !hi) return std::nullopt;
    return Function{Opcode::kClip, *lo, *hi, 2};
  }
  if (name == "Mod" && a.i64("fmod", 0) == 0) return std::nullopt;
  if (name == "Pow") {
    if (const auto e = q.has_in(1) ? constant_scalar(q, 1, 0) : std::nullopt) {
      if (*e == 1.0f) return Function{Opcode::kCopy};
      if (*e == 2.0f) return Function{Opcode::kSquare};
      if (*e == -1.0f) return Function{Opcode::kReciprocal};
    }
  }
  if (const auto op = pointwise::from_name(name)) return Function{*op};
  return std::nullopt;
}

size_t tensor_operands(const Function& f) {
  return static_cast<size_t>(pointwise::arity(f.op) - f.constants);
}

// More than two inputs of Min, Max, Sum, Mean go to the reference.
std::vector<Operand> operands_of(const NodeQuery& q, const Function& f) {
  std::vector<Operand> in = present(q.in);
  in.resize(std::min(in.size(), tensor_operands(f)));
  return in;
}

WhyNot rejects(const NodeQuery& q) {
  if (q.out[0].dtype != DType::kF32) return "not float32";
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  const auto f = function_of(q);
  if (!f) return "an operand that must be a constant scalar is not, or a form of the function";
  const std::string_view name = q.node.op->name;
  if ((name == "Min" || name == "Max") && present(q.in).size() != 2) return "not two operands";
  if (!BroadcastPlan::make(operands_of(q, *f), q.out[0]))
    return "operands in layouts that do not go together";
  return nullptr;
}

constexpr int64_t kPart = 2048;

Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
  const Function f = *function_of(q);
  const std::vector<Operand> in = operands_of(q, f);
  const BroadcastPlan plan = *BroadcastPlan::make(in, q.out[0]);
  uint32_t scalars = f.constants == 0 ? 0 : f.constants == 1 ? 2 : 6;
  for (size_t k = 0; k < in.size(); ++k)
    if (plan.scalar(k)) scalars |= 1u << k;
  StripFn* const fn = strip(f.op, scalars, q.options);
  StripFn* const multiply = f.times == 1 ? nullptr : strip(Opcode::kMul, 2, q.options);
  return make_kernel([plan, fn, multiply, f, count = in.size()](const Launch& l) {
    float* const out = l.out<float>(0);
    plan.run(*l.parallel, kGrain, [&](const int64_t* offset, int64_t at, int64_t rows, int64_t n) {
      Strip s{.src = {nullptr, &f.b, &f.c}, .dst = out + at, .dst_row = plan.n, .n = n, .rows = rows};
      for (size_t k = 0; k < count; ++k) {
        s.src[k] = l.in<float>(k) + offset[k];
        s.src_row[k] = plan.row_stride[k];
      }
      if (multiply == nullptr) return fn(s);
      // By parts that stay in the L1 cache.
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t i = 0; i < n; i += kPart) {
          Strip part{.src = {s.src[0] + r * s.src_row[0] + i, &f.b},
                     .dst = s.dst + r * s.dst_row + i,
                     .n = std::min(kPart, n - i)};
          fn(part);
          part.src[0] = part.dst;
          part.src[1] = &f.times;
          multiply(part);
        }
    });
    plan.clear_padding(out, sizeof(float), *l.parallel);
  });
}

bool same_place(const NodeQuery& q, size_t i) {
  return i < q.in.size() && q.in[i].present() && q.in[i].dtype == q.out[0].dtype &&
         q.in[i].dims == q.out[0].dims && q.in[i].layout == q.out[0].layout;
}
bool in_place(const NodeQuery& q, size_t i) { return i < 2 && same_place(q, i); }

// ---- FusedElementwise
// --------------------------------------------------------------------------------------------

// A program runs over tiles whose registers stay in the L1 cache.
constexpr int64_t kTileFloats = 6144;  // all registers together
constexpr int64_t kFusedGrain = 8192;

struct Step {
  StripFn* fn;
  uint8_t dst;
  int8_t src[3];
  int8_t result = -1;  // the output written by this step in place of its register
};

struct FusedPlan {
  BroadcastPlan broadcast;
  std::vector<Step> steps;
  std::vector<float> consts;
  std::vector<std::pair<uint8_t, uint8_t>> copies;  // results that no single step makes: register, output
  StripFn* copy;
  size_t inputs, outputs;
  int64_t tile;  // floats of a register
};

// Where an operand of a step is.
struct Place {
  const float* p;
  int64_t row;
};

void run_tile(const FusedPlan& plan, const Launch& l, const int64_t* offset, int64_t at, int64_t rows,
              int64_t n, float* registers) {
  const auto place = [&](int8_t src) -> Place {
    if (src < 0) return {&plan.consts[static_cast<size_t>(-1 - src)], 0};
    const auto r = static_cast<size_t>(src);
    if (r < plan.inputs) return {l.in<float>(r) + offset[r], plan.broadcast.row_stride[r]};
    return {registers + static_cast<int64_t>(r - plan.inputs) * plan.tile, n};
  };
  for (const Step& step : plan.steps) {
    Strip s{.n = n, .rows = rows};
    for (size_t k = 0; k < 3; ++k) {
      const Place p = place(step.src[k]);
      s.src[k] = p.p;
      s.src_row[k] = p.row;
    }
    if (step.result >= 0) {
      s.dst = l.out<float>(static_cast<size_t>(step.result)) + at;
      s.dst_row = plan.broadcast.n;
    } else {
      s.dst = registers + static_cast<int64_t>(step.dst - plan.inputs) * plan.tile;
      s.dst_row = n;
    }
    step.fn(s);
  }
  for (const auto& [from, to] : plan.copies) {
    const Place p = place(static_cast<int8_t>(from));
    plan.copy(Strip{.src = {p.p},
                    .src_row = {p.row},
                    .dst = l.out<float>(to) + at,
                    .dst_row = plan.broadcast.n,
                    .n = n,
                    .rows = rows});
  }
}

void run_fused(const FusedPlan& plan, const Launch& l) {
  plan.broadcast.run(
      *l.parallel, kFusedGrain, [&](const int64_t* offset, int64_t at, int64_t rows, int64_t n) {
        alignas(64) float registers[kTileFloats + 16 * pointwise::kMaxRegisters];
        const int64_t width = std::min(n, plan.tile), height = std::max<int64_t>(1, plan.tile / width);
        for (int64_t r = 0; r < rows; r += height) {
          for (int64_t i = 0; i < n; i += width) {
            int64_t moved[BroadcastPlan::kMaxOperands];
            for (size_t k = 0; k < plan.inputs; ++k)
              moved[k] = offset[k] + r * plan.broadcast.row_stride[k] + i * plan.broadcast.inner[k];
            run_tile(plan, l, moved, at + r * plan.broadcast.n + i, std::min(height, rows - r),
                     std::min(width, n - i), registers);
          }
        }
      });
  for (size_t o = 0; o < plan.outputs; ++o)
    plan.broadcast.clear_padding(l.out<float>(o), sizeof(float), *l.parallel);
}

WhyNot rejects_fused(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.dtype != DType::kF32) return "an input is not float32";
  for (const Operand& o : q.out) {
    if (o.dtype != DType::kF32) return "an output is not float32 or is left out";
    if (o.dims != q.out[0].dims || o.layout != q.out[0].layout) return "outputs differ in layout";
  }
  if (!BroadcastPlan::make(present(q.in), q.out[0])) return "operands in layouts that do not go together";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_fused(const NodeQuery& q, PackCache&) {
  LITE_ASSIGN(const Program program, pointwise::decode(q.attrs(), q.in.size(), q.out.size()));
  FusedPlan plan{.broadcast = *BroadcastPlan::make(present(q.in), q.out[0]),
                 .consts = program.consts,
                 .copy = nullptr,
                 .inputs = program.num_inputs,
                 .outputs = program.results.size()};
  const int64_t registers =
      std::max<int64_t>(1, static_cast<int64_t>(program.num_registers - program.num_inputs));
  plan.tile = std::min<int64_t>(1024, kTileFloats / registers / 16 * 16);

  const auto scalar = [&](int8_t src) {
    return src < 0 ||
           (static_cast<size_t>(src) < plan.inputs && plan.broadcast.scalar(static_cast<size_t>(src)));
  };
  for (const Instruction& i : program.code) {
    uint32_t scalars = 0;
    const int arity = pointwise::arity(i.op);
    Step step{.fn = nullptr, .dst = i.dst, .src = {i.src[0], i.src[0], i.src[0]}};
    for (int k = 0; k < arity; ++k) {
      step.src[k] = i.src[k];
      if (scalar(i.src[k])) scalars |= 1u << k;
    }
    step.fn = strip(i.op, scalars, q.options);
    plan.steps.push_back(step);
  }
  // The last step writes its output itself, when it is one output's alone. An earlier step must not: its
  // output may lie over an input that later steps read.
  const auto& results = program.results;
  const uint8_t last = program.code.back().dst;
  const bool direct = std::count(results.begin(), results.end(), last) == 1;
  for (size_t o = 0; o < results.size(); ++o) {
    if (direct && results[o] == last)
      plan.steps.back().result = static_cast<int8_t>(o);
    else
      plan.copies.emplace_back(results[o], static_cast<uint8_t>(o));
  }
  plan.copy = strip(Opcode::kCopy, 0, q.options);
  for (const auto& [from, to] : plan.copies)
    if (from < plan.inputs && plan.broadcast.scalar(from))
      return unsupported("an output is a broadcast input");
  return make_kernel([plan = std::move(plan)](const Launch& l) { run_fused(plan, l); });
}

// A tile of an input is read before that tile of the output over it is written. With several outputs the
// copies of one could come before the reading of another.
bool fused_in_place(const NodeQuery& q, size_t i) { return q.out.size() == 1 && same_place(q, i); }

// ---- table
// -------------------------------------------------------------------------------------------------------

constexpr const char* kNames[] = {
    "Abs",     "Neg",      "Sqrt",     "Reciprocal",  "Exp",       "Log",
    "Sigmoid", "Tanh",     "Erf",      "Relu",        "HardSwish", "Gelu",
    "Mish",    "Softplus", "Softsign", "Floor",       "Ceil",      "Round",
    "Sign",    "Sin",      "Cos",      "Add",         "Sub",       "Mul",
    "Div",     "Pow",      "Min",      "Max",         "PRelu",     "LeakyRelu",
    "Elu",     "Swish",    "Clip",     "HardSigmoid", "Atan",      "ThresholdedRelu",
    "Mod",     "Celu",     "Selu"};

constexpr auto make_table() {
  std::array<KernelDef, std::size(kNames) + 1> table{};
  for (size_t i = 0; i < std::size(kNames); ++i)
    table[i] = KernelDef{"pointwise:simd", kNames[i], rejects, make, in_place};
  table[std::size(kNames)] =
      KernelDef{"fused_elementwise:simd", "FusedElementwise", rejects_fused, make_fused, fused_in_place};
  return table;
}
constexpr auto kKernels = make_table();

}  // namespace

extern constinit const KernelTable simd_pointwise;
constinit const KernelTable simd_pointwise{kKernels};

}  // namespace lite::kernels
