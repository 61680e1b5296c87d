// ElemwiseMultiType: element-wise oprs whose output has another type. Quantised modes are those of Elemwise
// on what the numbers stand for; the passes turn them into integer arithmetic where that exists.
#include "core/import/megengine/elemwise.h"

namespace lite::mge {
namespace {

struct Mode {
  const char* name;
  int elemwise;  // Elemwise's number of the same function; -1: in `special`
};

// By MegEngine's number.
constexpr Mode kModes[] = {
    {"FUSE_MUL_ADD3_INT16x32x32x32", -1},
    {"FUSE_MUL_ADD3_IXxF32xF32xI8", -1},
    {"ROUND_SHR_SATURATE_IXxI8xI8", -1},
    {"FUSE_ADD_RMULH_ROUND_SHR_SATURATE_INT16x16x16x8", -1},
    {"FUSE_ADD_RMULH_ROUND_SHR_SATURATE_INT32x32x32x8", -1},
    {"ROUND_SHR_SATURATE_IXxI8xI16", -1},
    {"QADD", 16},
    {"QFUSE_ADD_RELU", 37},
    {"QMUL", 21},
    {"QMIN", 19},
    {"QMAX", 18},
    {"QSUB", 24},
    {"QTRUE_DIV", 27},
    {"QFUSE_ADD_SIGMOID", 38},
    {"QFUSE_ADD_TANH", 39},
    {"QRELU", 0},
    {"QABS", 1},
    {"QSIGMOID", 12},
    {"QEXP", 6},
    {"QTANH", 14},
    {"QFUSE_MUL_ADD3", 35},
    {"QFAST_TANH", 40},
    {"QNEGATE", 11},
    {"QACOS", 2},
    {"QASIN", 3},
    {"QCEIL", 4},
    {"QCOS", 5},
    {"QEXPM1", 7},
    {"QFLOOR", 8},
    {"QLOG", 9},
    {"QLOG1P", 10},
    {"QSIN", 13},
    {"QROUND", 42},
    {"QERF", 45},
    {"QERFINV", 46},
    {"QERFC", 47},
    {"QERFCINV", 48},
    {"QABS_GRAD", 15},
    {"QFLOOR_DIV", 17},
    {"QMOD", 20},
    {"QSIGMOID_GRAD", 23},
    {"QSWITCH_GT0", 25},
    {"QTANH_GRAD", 26},
    {"QLT", 29},
    {"QLEQ", 30},
    {"QEQ", 31},
    {"QPOW", 22},
    {"QLOG_SUM_EXP", 28},
    {"QFAST_TANH_GRAD", 41},
    {"QATAN2", 44},
    {"QCOND_LEQ_MOV", 34},
    {"QH_SWISH", 49},
    {"QFUSE_ADD_H_SWISH", 51},
    {"QH_SWISH_GRAD", 50},
    {"FUSE_MUL_ADD3_INT16xF32xF32xF32", -1},
    {"MUL_INT16xF32xF32", -1},
    {"FUSE_MUL_ADD3_UINT8xF32xF32xF32", -1},
    {"QCOND_LT_MOV", 60},
    {"EQ", -1},
    {"NEQ", -1},
    {"LT", -1},
    {"LEQ", -1},
    {"ISNAN", -1},
    {"ISINF", -1},
};
constexpr uint32_t kEq = 58, kNeq = 59, kLt = 60, kLeq = 61, kIsNan = 62, kIsInf = 63;

Status special(Call& c, uint32_t mode) {
  Builder& b = c.b;
  const size_t arity = mode == kIsNan || mode == kIsInf                      ? 1
                       : mode >= kEq || mode == 55 || mode == 2 || mode == 5 ? 2
                                                                             : 3;
  LITE_TRY(c.want_inputs(arity, mode == 3 || mode == 4 ? 6 : arity));
  const Operands o = elementwise_operands(c);
  LITE_TRY(c.done());
  const auto fused = [&](DType type) {
    return b.add("Add", {b.add("Mul", {b.cast(o.values[0], type), b.cast(o.values[1], type)}),
                         b.cast(o.values[2], type)});
  };
  ValueId y = kNoValue;
  switch (mode) {
    case 0:
      y = fused(DType::kI32);
      break;
    case 1: {
      const ValueId rounded = b.add("Round", {fused(DType::kF32)});
      y = b.cast(b.add("Clip", {rounded, b.number(DType::kF32, -128), b.number(DType::kF32, 127)}),
                 DType::kI8);
      break;
    }
    case 54:
    case 56:
      y = fused(DType::kF32);
      break;
    case 55:
      y = b.add("Mul", {b.cast(o.values[0], DType::kF32), b.cast(o.values[1], DType::kF32)});
      break;
    case kEq:
    case kNeq:
      y = b.add("Equal", {o.values[0], o.values[1]});
      if (mode == kNeq) y = b.add("Not", {y});
      break;
    case kLt:
    case kLeq:
      y = b.add(mode == kLt ? "Less" : "LessOrEqual", {o.values[0], o.values[1]});
      break;
    case kIsNan:
      y = b.add("IsNaN", {o.values[0]});
      break;
    case kIsInf:
      y = b.add("IsInf", {o.values[0]});
      break;
    default:
      return unsupported("mode ", kModes[mode].name);
  }
  c.out_plain(0, y, o.format, b.dtype(y));
  return c.done();
}

}  // namespace

Status elemwise_multi_type(Call& c) {
  Builder& b = c.b;
  const uint32_t number = c.param<fb::ElemwiseMultiType>()->mode();
  LITE_TRY(c.done());
  if (number >= std::size(kModes))
    return invalid_model("its mode is ", number, ", wanted 0 to ", std::size(kModes) - 1);
  if (kModes[number].elemwise < 0) return special(c, number);
  LITE_ASSIGN(const ElemwiseMode* const mode,
              elemwise_mode(static_cast<uint32_t>(kModes[number].elemwise), c.num_in()));
  if (c.opr.output_type == nullptr) return invalid_model("mode ", kModes[number].name, " has no output type");
  LITE_ASSIGN(const ElementType to, c.output_type({}));
  Operands o = elementwise_operands(c);
  LITE_TRY(c.done());
  for (size_t i = 0; i < o.values.size(); ++i)
    o.values[i] =
        c.type(i).quantised ? b.dequantize(o.values[i], c.type(i)) : b.cast(o.values[i], DType::kF32);
  const ValueId y = mode->make(b, o.values.data(), o.values.size());
  c.out_plain(0, to.quantised ? b.quantize(y, to) : b.cast(y, to.dtype), o.format, to);
  return c.done();
}

}  // namespace lite::mge
