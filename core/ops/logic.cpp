// Comparisons, boolean logic and bits, of two broadcast inputs.
//
//   in  A, B  shapes that broadcast together, one type
//   out C     bool (bit operators: that type), the broadcast shape
//
//   Equal                                        numeric, bool, strings; NaN is equal to nothing
//   Less LessOrEqual Greater GreaterOrEqual      numeric; false where there is a NaN
//   And Or Xor                                   bool
//   BitwiseAnd BitwiseOr BitwiseXor              integers
//   BitShift  attr direction "LEFT" or "RIGHT"   integers; the right shift of a negative number is
//   arithmetic; a shift
//             by a negative number, or by the width or more, leaves what sign extension gives: 0, or -1 for a
//             negative number shifted right

#include "core/ops/binary.h"

namespace lite::ops {
namespace {

struct Equal {
  template <class C>
  static bool f(C a, C b) {
    return a == b;
  }
};
struct Less {
  template <class C>
  static bool f(C a, C b) {
    return a < b;
  }
};
struct LessOrEqual {
  template <class C>
  static bool f(C a, C b) {
    return a <= b;
  }
};
struct Greater {
  template <class C>
  static bool f(C a, C b) {
    return a > b;
  }
};
struct GreaterOrEqual {
  template <class C>
  static bool f(C a, C b) {
    return a >= b;
  }
};
struct BitAnd {
  template <class C>
  static C f(C a, C b) {
    return static_cast<C>(a & b);
  }
};
struct BitOr {
  template <class C>
  static C f(C a, C b) {
    return static_cast<C>(a | b);
  }
};
struct BitXor {
  template <class C>
  static C f(C a, C b) {
    return static_cast<C>(a ^ b);
  }
};
struct ShiftLeft {
  template <class C>
  static C f(C x, C by) {
    if (by < 0 || by >= static_cast<C>(8 * sizeof(C))) return 0;
    return static_cast<C>(static_cast<std::make_unsigned_t<C>>(x) << by);
  }
};
struct ShiftRight {
  template <class C>
  static C f(C x, C by) {
    if (by < 0 || by >= static_cast<C>(8 * sizeof(C))) return static_cast<C>(x < 0 ? -1 : 0);
    return static_cast<C>(x >> by);
  }
};

template <class Op>
Status compare(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, DType::kBool));
  return dispatch_numeric(a.attrs.node().op->name, a.input(0).dtype(), [&]<class T>() -> Status {
    map_pairs<T>(a.input(0), a.input(1), *y, Op::template f<Compute<T>>);
    return ok();
  });
}

template <class Op>
Status booleans(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, DType::kBool));
  map_pairs<bool>(a.input(0), a.input(1), *y, Op::template f<bool>);
  return ok();
}

template <class Op>
Status bits(const EvalArgs& a) {
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, a.input(0).dtype()));
  return dispatch_int(a.attrs.node().op->name, a.input(0).dtype(), [&]<class T>() -> Status {
    map_pairs<T>(a.input(0), a.input(1), *y, Op::template f<T>);
    return ok();
  });
}

Status equal(const EvalArgs& a) {
  const Tensor &x = a.input(0), &z = a.input(1);
  if (x.dtype() == DType::kBool) return booleans<Equal>(a);
  if (x.dtype() != DType::kString) return compare<Equal>(a);
  LITE_ASSIGN(Tensor* const y, broadcast_output(a, DType::kBool));
  const StridedLoop<3> loop(y->dims(), {row_major_strides(y->dims()), broadcast_strides(x.dims(), y->dims()),
                                        broadcast_strides(z.dims(), y->dims())});
  loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
    for (int64_t i = 0; i < n; ++i)
      y->mutable_data<bool>()[offset[0] + i] =
          x.data<std::string>()[offset[1] + i * step[1]] == z.data<std::string>()[offset[2] + i * step[2]];
  });
  return ok();
}

Status infer_shift(const InferArgs& a) {
  const std::string_view direction = a.attrs.str("direction");
  if (direction != "LEFT" && direction != "RIGHT")
    return invalid_model("BitShift: direction is '", direction, "', wanted 'LEFT' or 'RIGHT'");
  return infer_binary(a);
}

Status shift(const EvalArgs& a) {
  return a.attrs.str("direction") == "LEFT" ? bits<ShiftLeft>(a) : bits<ShiftRight>(a);
}

constexpr TypeSet kEqualTypes = types::kNumeric | types::kBool | types::kString;
constexpr OperandSpec kEqualIn[] = {{"A", kEqualTypes, 'T'}, {"B", kEqualTypes, 'T'}};
constexpr OperandSpec kNumericIn[] = {{"A", types::kNumeric, 'T'}, {"B", types::kNumeric, 'T'}};
constexpr OperandSpec kBoolIn[] = {{"A", types::kBool, 'T'}, {"B", types::kBool, 'T'}};
constexpr OperandSpec kBoolOut[] = {{"C", types::kBool}};
constexpr OperandSpec kIntIn[] = {{"A", types::kInt, 'T'}, {"B", types::kInt, 'T'}};
constexpr OperandSpec kIntOut[] = {{"C", types::kInt, 'T'}};
constexpr OperandSpec kShiftIn[] = {{"X", types::kInt, 'T'}, {"Y", types::kInt, 'T'}};
constexpr OperandSpec kShiftOut[] = {{"Z", types::kInt, 'T'}};
constexpr AttrSpec kShiftAttrs[] = {{"direction", AttrType::kString, true}};

constexpr OpDef row(const char* name, int since, std::span<const OperandSpec> in,
                    std::span<const OperandSpec> out, Status (*infer)(const InferArgs&),
                    Status (*reference)(const EvalArgs&), std::span<const AttrSpec> attrs = {}) {
  return {.name = name,
          .since = since,
          .inputs = in,
          .outputs = out,
          .attrs = attrs,
          .traits = kElementwise | kMayAliasInput0,
          .infer = infer,
          .reference = reference};
}

constexpr OpDef kOps[] = {
    row("Equal", 19, kEqualIn, kBoolOut, infer_binary_bool, equal),
    row("Less", 13, kNumericIn, kBoolOut, infer_binary_bool, compare<Less>),
    row("LessOrEqual", 16, kNumericIn, kBoolOut, infer_binary_bool, compare<LessOrEqual>),
    row("Greater", 13, kNumericIn, kBoolOut, infer_binary_bool, compare<Greater>),
    row("GreaterOrEqual", 16, kNumericIn, kBoolOut, infer_binary_bool, compare<GreaterOrEqual>),
    row("And", 7, kBoolIn, kBoolOut, infer_binary_bool, booleans<BitAnd>),
    row("Or", 7, kBoolIn, kBoolOut, infer_binary_bool, booleans<BitOr>),
    row("Xor", 7, kBoolIn, kBoolOut, infer_binary_bool, booleans<BitXor>),
    row("BitwiseAnd", 18, kIntIn, kIntOut, infer_binary, bits<BitAnd>),
    row("BitwiseOr", 18, kIntIn, kIntOut, infer_binary, bits<BitOr>),
    row("BitwiseXor", 18, kIntIn, kIntOut, infer_binary, bits<BitXor>),
    row("BitShift", 28, kShiftIn, kShiftOut, infer_shift, shift, kShiftAttrs),
};

}  // namespace

extern constinit const OpTable logic;
constinit const OpTable logic{kOps};

}  // namespace lite::ops
