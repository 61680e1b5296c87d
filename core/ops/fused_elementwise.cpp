// FusedElementwise: a small program of float functions, run once for each element of the output.
//
//   in  inputs   one or more float32 tensors, broadcast together as in NumPy; registers 0, 1, ... of the
//   program out outputs  one or more float32 tensors, each of the whole broadcast shape attr code     ints,
//   required: five for each instruction, opcode, dst, src0, src1, src2; see pointwise.h attr consts   floats:
//   the constants; an operand -1 - k is consts[k] attr results  ints: for each output its register; default
//   the last instruction's dst
//
// Each instruction rounds to float32. Made by passes only.

#include "core/ops/op.h"
#include "core/ops/pointwise.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  LITE_TRY(pointwise::decode(a.attrs, a.num_in(), a.out.size()).status());
  auto fact = broadcast(a.in);
  if (!fact.is_ok()) return invalid_model("FusedElementwise: ", fact.error().message);
  for (Fact& out : a.out) out = fact.value();
  return ok();
}

Status reference(const EvalArgs& a) {
  LITE_ASSIGN(const pointwise::Program program, pointwise::decode(a.attrs, a.num_in(), a.out.size()));
  Dims dims;
  for (size_t i = 0; i < a.num_in(); ++i) {
    LITE_ASSIGN(dims, broadcast(dims, a.input(i).dims()));
  }
  std::vector<float*> out;
  for (size_t i = 0; i < a.out.size(); ++i) {
    LITE_ASSIGN(Tensor* const y, a.output(i, DType::kF32, dims));
    out.push_back(y->mutable_data<float>());
  }
  std::vector<Walker<1>> walks;
  walks.reserve(a.num_in());
  for (size_t i = 0; i < a.num_in(); ++i)
    walks.emplace_back(dims, std::array<Dims, 1>{broadcast_strides(a.input(i).dims(), dims)});
  float registers[pointwise::kMaxRegisters] = {};
  const auto operand = [&](int8_t src) {
    return src >= 0 ? registers[src] : program.consts[static_cast<size_t>(-1 - src)];
  };
  const int64_t count = elements(dims);
  for (int64_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < walks.size(); ++k) {
      registers[k] = a.input(k).data<float>()[walks[k].offset(0)];
      walks[k].next();
    }
    for (const pointwise::Instruction& in : program.code) {
      const int n = pointwise::arity(in.op);
      registers[in.dst] = pointwise::apply(in.op, operand(in.src[0]), n > 1 ? operand(in.src[1]) : 0,
                                           n > 2 ? operand(in.src[2]) : 0);
    }
    for (size_t k = 0; k < out.size(); ++k) out[k][i] = registers[program.results[k]];
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"inputs", DType::kF32, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kOut[] = {{"outputs", DType::kF32, 'T', OperandSpec::kVariadic}};
constexpr AttrSpec kAttrs[] = {
    {"code", AttrType::kInts, true}, {"consts", AttrType::kFloats}, {"results", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "FusedElementwise",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kElementwise | kMayAliasInput0 | kFusedOnly,
    .exactness = Exactness::kUlps,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable fused_elementwise;
constinit const OpTable fused_elementwise{kOps};

}  // namespace lite::ops
