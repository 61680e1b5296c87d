// Element-wise oprs of plain numbers, and those that are made of them.
#include "core/import/megengine/elemwise.h"

#include <cmath>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

ValueId num(Builder& b, ValueId like, double v) { return b.number(b.dtype(like), v); }
ValueId clip(Builder& b, ValueId x, double lo, double hi) {
  return b.add("Clip", {x, num(b, x, lo), num(b, x, hi)});
}
ValueId hard_sigmoid(Builder& b, ValueId x) {
  return b.add("HardSigmoid", {x}, {attr("alpha", 1.0f / 6), attr("beta", 0.5f)});
}
ValueId hard_swish(Builder& b, ValueId x) { return b.add("HardSwish", {x}); }
ValueId positive(Builder& b, ValueId x) { return b.add("Greater", {x, num(b, x, 0)}); }
// A comparison as MegEngine gives it: 0 and 1 of the operands' own type.
ValueId as_number(Builder& b, ValueId truth, ValueId like) { return b.cast(truth, b.dtype(like)); }

// An ONNX operator of the same operands.
template <const char* Op>
ValueId same(Builder& b, const ValueId* x, size_t n) {
  return b.add(Op, std::vector<ValueId>(x, x + n));
}
template <const char* Op>
ValueId own(Builder& b, const ValueId* x, size_t n) {
  return b.add(Op, std::vector<ValueId>(x, x + n), {}, "megengine");
}
template <const char* Op>
ValueId compare(Builder& b, const ValueId* x, size_t n) {
  return as_number(b, b.add(Op, std::vector<ValueId>(x, x + n)), x[0]);
}
#define WORD(name) constexpr char k##name[] = #name
WORD(Relu);
WORD(Abs);
WORD(Acos);
WORD(Asin);
WORD(Ceil);
WORD(Cos);
WORD(Exp);
WORD(Floor);
WORD(Log);
WORD(Neg);
WORD(Sigmoid);
WORD(Sin);
WORD(Tanh);
WORD(Add);
WORD(Max);
WORD(Min);
WORD(Mul);
WORD(Pow);
WORD(Sub);
WORD(Div);
WORD(Less);
WORD(LessOrEqual);
WORD(Equal);
WORD(Erf);
WORD(Not);
WORD(And);
WORD(Or);
WORD(Xor);
WORD(Gelu);
WORD(IsNaN);
WORD(IsInf);
WORD(Sinh);
WORD(Cosh);
WORD(Asinh);
WORD(Acosh);
WORD(Atanh);
WORD(Tan);
WORD(Softplus);
WORD(Sqrt);
WORD(Sign);
WORD(HardSwish);
WORD(Expm1);
WORD(Log1p);
WORD(RoundAway);
WORD(Erfc);
WORD(ErfInv);
WORD(ErfcInv);
WORD(Atan2);
WORD(RoundingMulHigh);
WORD(ShiftLeft);
WORD(ShiftRight);
WORD(LogAddExp);
#undef WORD

#define COMPOSED(name) ValueId name(Builder& b, const ValueId* x, size_t)
COMPOSED(abs_grad) { return b.add("Where", {positive(b, x[0]), x[1], b.add("Neg", {x[1]})}); }
COMPOSED(floor_div) {
  if (is_float(b.dtype(x[0]))) return b.add("Floor", {b.add("Div", {x[0], x[1]})});
  // The remainder has the divisor's sign, so what is left divides without one.
  return b.add("Div", {b.add("Sub", {x[0], b.add("Mod", {x[0], x[1]})}), x[1]});
}
COMPOSED(modulo) {
  return b.add("Mod", {x[0], x[1]}, {attr("fmod", static_cast<int64_t>(is_float(b.dtype(x[0]))))});
}
COMPOSED(sigmoid_grad) {
  return b.add("Mul", {b.add("Mul", {x[0], b.add("Sub", {num(b, x[0], 1), x[0]})}), x[1]});
}
COMPOSED(switch_gt0) { return b.add("Where", {positive(b, x[0]), x[1], num(b, x[1], 0)}); }
COMPOSED(tanh_grad) {
  return b.add("Mul", {b.add("Sub", {num(b, x[0], 1), b.add("Mul", {x[0], x[0]})}), x[1]});
}
COMPOSED(cond_leq_mov) { return b.add("Where", {b.add("LessOrEqual", {x[0], x[1]}), x[2], num(b, x[2], 0)}); }
COMPOSED(cond_lt_mov) { return b.add("Where", {b.add("Less", {x[0], x[1]}), x[2], num(b, x[2], 0)}); }
COMPOSED(mul_add3) { return b.add("Add", {b.add("Mul", {x[0], x[1]}), x[2]}); }
COMPOSED(mul_add4) { return b.add("Add", {b.add("Mul", {x[0], x[1]}), b.add("Mul", {x[2], x[3]})}); }
COMPOSED(add_relu) { return b.add("Relu", {b.add("Add", {x[0], x[1]})}); }
COMPOSED(add_sigmoid) { return b.add("Sigmoid", {b.add("Add", {x[0], x[1]})}); }
COMPOSED(add_tanh) { return b.add("Tanh", {b.add("Add", {x[0], x[1]})}); }
COMPOSED(add_hard_swish) { return hard_swish(b, b.add("Add", {x[0], x[1]})); }
COMPOSED(fast_tanh) {
  const ValueId square = b.add("Mul", {x[0], x[0]}), n = num(b, x[0], 27);
  const ValueId top = b.add("Mul", {x[0], b.add("Add", {square, n})});
  return b.add("Div", {top, b.add("Add", {b.add("Mul", {square, num(b, x[0], 9)}), n})});
}
COMPOSED(silu) { return b.add("Mul", {x[0], b.add("Sigmoid", {x[0]})}); }
COMPOSED(not_equal) { return as_number(b, b.add("Not", {b.add("Equal", {x[0], x[1]})}), x[0]); }
COMPOSED(prelu) {
  const Tensor* const slope = b.known(x[1]);
  if (slope != nullptr && slope->elements() == 1) return b.add("PRelu", {x[0], x[1]});
  return b.add("Where", {positive(b, x[0]), x[0], b.add("Mul", {x[0], x[1]})});
}
COMPOSED(clip_between) { return b.add("Min", {b.add("Max", {x[0], x[1]}), x[2]}); }
COMPOSED(prelu_grad) {
  return b.add("Where", {b.add("GreaterOrEqual", {x[0], num(b, x[0], 0)}), x[1], b.add("Mul", {x[1], x[2]})});
}
COMPOSED(relu6) { return clip(b, x[0], 0, 6); }
COMPOSED(h_sigmoid) { return hard_sigmoid(b, x[0]); }
COMPOSED(log_sigmoid) { return b.add("Neg", {b.add("Softplus", {b.add("Neg", {x[0]})})}); }
COMPOSED(square) { return b.add("Mul", {x[0], x[0]}); }
#undef COMPOSED

}  // namespace

// By MegEngine's number of a mode. Gradients that have no use in inference are left out.
const ElemwiseMode kElemwiseModes[] = {
    {"RELU", 1, same<kRelu>},
    {"ABS", 1, same<kAbs>},
    {"ACOS", 1, same<kAcos>},
    {"ASIN", 1, same<kAsin>},
    {"CEIL", 1, same<kCeil>},
    {"COS", 1, same<kCos>},
    {"EXP", 1, same<kExp>},
    {"EXPM1", 1, own<kExpm1>},
    {"FLOOR", 1, same<kFloor>},
    {"LOG", 1, same<kLog>},
    {"LOG1P", 1, own<kLog1p>},
    {"NEGATE", 1, same<kNeg>},
    {"SIGMOID", 1, same<kSigmoid>},
    {"SIN", 1, same<kSin>},
    {"TANH", 1, same<kTanh>},
    {"ABS_GRAD", 2, abs_grad},
    {"ADD", 2, same<kAdd>},
    {"FLOOR_DIV", 2, floor_div},
    {"MAX", 2, same<kMax>},
    {"MIN", 2, same<kMin>},
    {"MOD", 2, modulo},
    {"MUL", 2, same<kMul>},
    {"POW", 2, same<kPow>},
    {"SIGMOID_GRAD", 2, sigmoid_grad},
    {"SUB", 2, same<kSub>},
    {"SWITCH_GT0", 2, switch_gt0},
    {"TANH_GRAD", 2, tanh_grad},
    {"TRUE_DIV", 2, same<kDiv>},
    {"LOG_SUM_EXP", 2, own<kLogAddExp>},
    {"LT", 2, compare<kLess>},
    {"LEQ", 2, compare<kLessOrEqual>},
    {"EQ", 2, compare<kEqual>},
    {"SHL", 2, own<kShiftLeft>},
    {"SHR", 2, own<kShiftRight>},
    {"COND_LEQ_MOV", 3, cond_leq_mov},
    {"FUSE_MUL_ADD3", 3, mul_add3},
    {"FUSE_MUL_ADD4", 4, mul_add4},
    {"FUSE_ADD_RELU", 2, add_relu},
    {"FUSE_ADD_SIGMOID", 2, add_sigmoid},
    {"FUSE_ADD_TANH", 2, add_tanh},
    {"FAST_TANH", 1, fast_tanh},
    {"FAST_TANH_GRAD", 2, nullptr},
    {"ROUND", 1, own<kRoundAway>},
    {"RMULH", 2, own<kRoundingMulHigh>},
    {"ATAN2", 2, own<kAtan2>},
    {"ERF", 1, same<kErf>},
    {"ERFINV", 1, own<kErfInv>},
    {"ERFC", 1, own<kErfc>},
    {"ERFCINV", 1, own<kErfcInv>},
    {"H_SWISH", 1, same<kHardSwish>},
    {"H_SWISH_GRAD", 2, nullptr},
    {"FUSE_ADD_H_SWISH", 2, add_hard_swish},
    {"NOT", 1, same<kNot>},
    {"AND", 2, same<kAnd>},
    {"OR", 2, same<kOr>},
    {"XOR", 2, same<kXor>},
    {"SILU", 1, silu},
    {"SILU_GRAD", 2, nullptr},
    {"GELU", 1, same<kGelu>},
    {"GELU_GRAD", 2, nullptr},
    {"COND_LT_MOV", 3, cond_lt_mov},
    {"NEQ", 2, not_equal},
    {"ISNAN", 1, compare<kIsNaN>},
    {"ISINF", 1, compare<kIsInf>},
    {"SINH", 1, same<kSinh>},
    {"COSH", 1, same<kCosh>},
    {"ASINH", 1, same<kAsinh>},
    {"ACOSH", 1, same<kAcosh>},
    {"ATANH", 1, same<kAtanh>},
    {"TAN", 1, same<kTan>},
    {"ASINH_GRAD", 2, nullptr},
    {"ACOSH_GRAD", 2, nullptr},
    {"ATANH_GRAD", 2, nullptr},
    {"PRELU", 2, prelu},
    {"CLIP", 3, clip_between},
    {"PRELU_GRAD", 3, prelu_grad},
    {"SOFTPLUS", 1, same<kSoftplus>},
    {"SOFTPLUS_GRAD", 2, nullptr},
    {"RELU6", 1, relu6},
    {"RELU6_GRAD", 2, nullptr},
    {"HSIGMOID", 1, h_sigmoid},
    {"HSIGMOID_GRAD", 2, nullptr},
    {"LOGSIGMOID", 1, log_sigmoid},
    {"SQRT", 1, same<kSqrt>},
    {"SQUARE", 1, square},
    {"SIGN", 1, same<kSign>},
};
const size_t kNumElemwiseModes = std::size(kElemwiseModes);

Result<const ElemwiseMode*> elemwise_mode(uint32_t number, size_t inputs) {
  if (number >= kNumElemwiseModes)
    return invalid_model("its mode is ", number, ", wanted 0 to ", kNumElemwiseModes - 1);
  const ElemwiseMode& m = kElemwiseModes[number];
  if (m.make == nullptr) return unsupported("mode ", m.name, " is for training");
  if (m.arity != inputs)
    return invalid_model("mode ", m.name, " has ", inputs, " inputs, ", m.arity, " wanted");
  return &m;
}

Operands elementwise_operands(Call& c) {
  Builder& b = c.b;
  Operands o;
  for (size_t i = 0; i < c.num_in() && o.format == Blocked::kNone; ++i)
    if (c.variable(i).plain != kNoValue) o.format = c.variable(i).format;
  // What is not blocked the same way must be broadcast over the channels, or be cut like them.
  for (size_t i = 0; i < c.num_in() && o.format != Blocked::kNone; ++i) {
    const Variable& v = c.variable(i);
    if (v.plain != kNoValue && v.format == o.format) continue;
    const Fact& f = b.fact(v.value);
    const bool single = f.is_static() && f.has_rank && checked_elements(f.dims) == 1;
    const bool blocked =
        f.has_rank && f.rank() == 5 && o.format != Blocked::kNhwc && f.dims[4] == block_of(o.format);
    if (v.plain != kNoValue || !(single || blocked)) o.format = Blocked::kNone;
  }
  for (size_t i = 0; i < c.num_in(); ++i) {
    const Fact& f = b.fact(c.variable(i).value);
    const bool single =
        c.variable(i).plain == kNoValue && f.is_static() && f.has_rank && checked_elements(f.dims) == 1;
    if (o.format == Blocked::kNone)
      o.values.push_back(c.in(i));
    else if (single)
      o.values.push_back(f.rank() <= 4 ? c.in(i) : b.reshape(c.in(i), {1}));
    else
      o.values.push_back(c.plain(i, o.format));
  }
  return o;
}

Status elemwise(Call& c) {
  const fb::Elemwise* p = c.param<fb::Elemwise>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const ElemwiseMode* const mode, elemwise_mode(p->mode(), c.num_in()));
  Operands o = elementwise_operands(c);
  LITE_TRY(c.done());
  bool quantised = false, alike = true;
  for (size_t i = 0; i < c.num_in(); ++i) {
    quantised |= c.type(i).quantised;
    alike &= c.type(i) == c.type(0);
  }
  const ElementType type = c.type(0);
  if (!quantised) {
    const ValueId y = mode->make(c.b, o.values.data(), o.values.size());
    c.out_plain(0, y, o.format, c.b.dtype(y));
    return c.done();
  }
  // Sums of accumulators of one scale are exact as they are.
  const std::string_view name = mode->name;
  const bool as_stored = alike && type.dtype == DType::kI32 &&
                         (name == "ADD" || name == "SUB" || name == "MAX" || name == "MIN");
  LITE_ASSIGN(const ElementType to, c.output_type(type));
  if (as_stored && to == type) {
    c.out_plain(0, mode->make(c.b, o.values.data(), o.values.size()), o.format, type);
    return c.done();
  }
  for (size_t i = 0; i < o.values.size(); ++i)
    o.values[i] =
        c.type(i).quantised ? c.b.dequantize(o.values[i], c.type(i)) : c.b.cast(o.values[i], DType::kF32);
  const ValueId y = mode->make(c.b, o.values.data(), o.values.size());
  c.out_plain(0, to.quantised ? c.b.quantize(y, to) : c.b.cast(y, to.dtype), o.format, to);
  return c.done();
}

Status power(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::PowC* p = c.param<fb::PowC>();
  const Operands o = elementwise_operands(c);
  LITE_TRY(c.done());
  const ValueId x = o.values[0];
  const float e = p->exp();
  ValueId y;
  if (e == 1)
    y = b.add("Identity", {x});
  else if (e == 2)
    y = b.add("Mul", {x, x});
  else if (e == 0.5f)
    y = b.add("Sqrt", {x});
  else if (e == -1)
    y = b.add("Reciprocal", {x});
  else
    y = b.add("Pow", {x, b.number(DType::kF32, static_cast<double>(e))});
  c.out_plain(0, y, o.format, b.dtype(y));
  return c.done();
}

Status identity(Call& c) {
  LITE_TRY(c.want_inputs(1, SIZE_MAX));
  const Operands o = elementwise_operands(c);
  if (c.num_in() == 1) {
    c.out_plain(0, c.b.add("Identity", {o.values[0]}), o.format, c.type(0));
    return c.done();
  }
  c.out(0, c.b.add("Identity", {c.in(0)}), c.type(0));
  return c.done();
}

Status type_cvt(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  ElementType to;
  if (c.has_param(fb::OperatorParam::PlainDType)) {
    LITE_ASSIGN(to, element_type(c.param<fb::PlainDType>()->dtype()));
    if (to.quantised) return invalid_model("its element type is quantised, but has no scale");
  } else {
    const fb::DType* p = c.param<fb::DType>();
    LITE_TRY(c.done());
    LITE_ASSIGN(to, element_type(*p));
  }
  const ElementType from = c.type(0);
  const Operands o = elementwise_operands(c);
  LITE_TRY(c.done());
  ValueId v = o.values[0];
  if (!(from == to)) {
    if (from.quantised) v = b.dequantize(v, from);
    v = to.quantised ? b.quantize(b.cast(v, DType::kF32), to) : b.cast(v, to.dtype);
  } else {
    v = b.add("Identity", {v});
  }
  c.out_plain(0, v, o.format, to);
  return c.done();
}

// (clamp(round(x / scale) + zero, qmin, qmax) - zero) * scale, halves away from zero.
Status fake_quant(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(3, 3));
  const fb::FakeQuant* p = c.param<fb::FakeQuant>();
  const ValueId x = c.in(0), scale = c.in(1), zero = c.in(2);
  const ValueId q = b.add("Add", {b.add("RoundAway", {b.add("Div", {x, scale})}, {}, "megengine"), zero});
  const ValueId bounded = clip(b, q, p->qmin(), p->qmax());
  c.out(0, b.add("Mul", {b.add("Sub", {bounded, zero}), scale}));
  return c.done();
}

// As fake_quant with a scale of 2^s and no zero point.
Status tqt(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::TQT* p = c.param<fb::TQT>();
  const ValueId x = c.in(0), scale = b.add("Pow", {num(b, x, 2), c.in(1)});
  const ValueId q = b.add("RoundAway", {b.add("Div", {x, scale})}, {}, "megengine");
  c.out(0, b.add("Mul", {clip(b, q, p->qmin(), p->qmax()), scale}));
  return c.done();
}

// Learned step size: x / scale + zero is clamped, then rounded.
Status lsq(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(4, 4));
  const fb::LSQ* p = c.param<fb::LSQ>();
  const ValueId x = c.in(0), scale = c.in(1), zero = c.in(2);
  const ValueId q = clip(b, b.add("Add", {b.add("Div", {x, scale}), zero}), p->qmin(), p->qmax());
  const ValueId rounded = b.add("RoundAway", {q}, {}, "megengine");
  c.out(0, b.add("Mul", {b.add("Sub", {rounded, zero}), scale}));
  return c.done();
}

Status fill(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Fill* p = c.param<fb::Fill>();
  const ValueId x = c.in(0);
  c.out(0, c.b.add("Expand", {num(c.b, x, static_cast<double>(p->value())), c.b.shape_of(x)}));
  return c.done();
}

// A number where the mask says so, which lacks dimensions at its end.
Status masked_fill(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Fill* p = c.param<fb::Fill>();
  const int64_t rank = c.rank(0), have = c.rank(1);
  LITE_TRY(c.done());
  if (have > rank) return invalid_model("its mask has ", have, " dimensions, what is filled ", rank);
  std::vector<int64_t> lacking;
  for (int64_t d = have; d < rank; ++d) lacking.push_back(d);
  const ValueId x = c.in(0), mask = lacking.empty() ? c.in(1) : b.unsqueeze(c.in(1), lacking);
  c.out(0, b.add("Where", {mask, num(b, x, static_cast<double>(p->value())), x}));
  return c.done();
}

// Inputs: what is wanted, what was calculated, how far the two are apart. There are no assertions here: the
// output is what was calculated.
Status assert_equal(Call& c) {
  LITE_TRY(c.want_inputs(2, 3));
  c.out(0, c.b.add("Identity", {c.in(1)}));
  return c.done();
}

}  // namespace lite::mge
