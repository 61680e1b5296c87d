// Max, Min, Sum and Mean of one or more broadcast inputs, and Where.
//
//   in  data_0, ...  shapes that broadcast together, one type: numeric for Max and Min, float for Sum and
//   Mean out              that type, the broadcast shape
//
// Max and Min give NaN where one input is NaN. Sum and Mean add from left to right, in float for halves.
//
//   Where: in condition bool, X, Y of one type; out X where condition is true, else Y; all three broadcast.

#include <cmath>

#include "core/ops/binary.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  if (a.num_in() == 0) return invalid_model(a.attrs.node().op->name, ": has no inputs, one or more wanted");
  LITE_ASSIGN(a.out[0], broadcast(a.in));
  return ok();
}

struct Max {
  template <class C>
  static C f(C a, C b) {
    return a > b || a != a ? a : b;
  }
};
struct Min {
  template <class C>
  static C f(C a, C b) {
    return a < b || a != a ? a : b;
  }
};
struct Add {
  template <class C>
  static C f(C a, C b) {
    return a + b;
  }
};

Result<Dims> common_shape(const EvalArgs& a) {
  Dims dims = a.input(0).dims();
  for (size_t i = 1; i < a.num_in(); ++i) {
    LITE_ASSIGN(dims, broadcast(dims, a.input(i).dims()));
  }
  return dims;
}

// Accumulates in the type to calculate in, then stores `finish` of it.
template <class Op, class T>
Status fold(const EvalArgs& a, bool mean) {
  using C = Compute<T>;
  LITE_ASSIGN(const Dims dims, common_shape(a));
  std::vector<C> sums(static_cast<size_t>(checked_elements(dims).value_or(0)));
  for (size_t i = 0; i < a.num_in(); ++i) {
    const Tensor& x = a.input(i);
    const StridedLoop<2> loop(dims, {row_major_strides(dims), broadcast_strides(x.dims(), dims)});
    loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
      C* to = sums.data() + offset[0];
      const T* in = x.data<T>() + offset[1];
      for (int64_t k = 0; k < n; ++k)
        to[k] = i == 0 ? load(in[k * step[1]]) : Op::f(to[k], load(in[k * step[1]]));
    });
  }
  LITE_ASSIGN(Tensor* const y, a.output(0, a.input(0).dtype(), dims));
  for (size_t k = 0; k < sums.size(); ++k) {
    if constexpr (std::is_floating_point_v<C>)
      if (mean) sums[k] /= static_cast<C>(a.num_in());
    y->mutable_data<T>()[k] = store<T>(sums[k]);
  }
  return ok();
}

template <class Op>
Status extreme(const EvalArgs& a) {
  return dispatch_numeric(a.attrs.node().op->name, a.input(0).dtype(),
                          [&]<class T>() { return fold<Op, T>(a, false); });
}

Status sum(const EvalArgs& a) {
  return dispatch_float("Sum", a.input(0).dtype(), [&]<class T>() { return fold<Add, T>(a, false); });
}

Status mean(const EvalArgs& a) {
  return dispatch_float("Mean", a.input(0).dtype(), [&]<class T>() { return fold<Add, T>(a, true); });
}

Status infer_where(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], broadcast(a.in));
  a.out[0].dtype = a.in[1].dtype != DType::kUndefined ? a.in[1].dtype : a.in[2].dtype;
  return ok();
}

Status where(const EvalArgs& a) {
  const Tensor &condition = a.input(0), &x = a.input(1), &z = a.input(2);
  LITE_ASSIGN(const Dims dims, common_shape(a));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const StridedLoop<4> loop(dims, {row_major_strides(dims), broadcast_strides(condition.dims(), dims),
                                   broadcast_strides(x.dims(), dims), broadcast_strides(z.dims(), dims)});
  return dispatch_bytes("Where", x.dtype(), [&]<class T>() -> Status {
    loop.for_rows([&](const auto& offset, int64_t n, const auto& step) {
      T* out = y->mutable_data<T>() + offset[0];
      const uint8_t* c = condition.data<uint8_t>() + offset[1];
      const T* p = x.data<T>() + offset[2];
      const T* q = z.data<T>() + offset[3];
      for (int64_t i = 0; i < n; ++i) out[i] = c[i * step[1]] != 0 ? p[i * step[2]] : q[i * step[3]];
    });
    return ok();
  });
}

constexpr OperandSpec kNumericIn[] = {{"data_0", types::kNumeric, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kNumericOut[] = {{"result", types::kNumeric, 'T'}};
constexpr OperandSpec kFloatIn[] = {{"data_0", types::kFloat, 'T', OperandSpec::kVariadic}};
constexpr OperandSpec kFloatOut[] = {{"result", types::kFloat, 'T'}};
constexpr OperandSpec kWhereIn[] = {{"condition", types::kBool}, {"X", kMovable, 'T'}, {"Y", kMovable, 'T'}};
constexpr OperandSpec kWhereOut[] = {{"output", kMovable, 'T'}};

constexpr OpDef kOps[] = {
    {.name = "Max",
     .since = 13,
     .inputs = kNumericIn,
     .outputs = kNumericOut,
     .traits = kElementwise | kMayAliasInput0,
     .infer = infer,
     .reference = extreme<Max>},
    {.name = "Min",
     .since = 13,
     .inputs = kNumericIn,
     .outputs = kNumericOut,
     .traits = kElementwise | kMayAliasInput0,
     .infer = infer,
     .reference = extreme<Min>},
    {.name = "Sum",
     .since = 13,
     .inputs = kFloatIn,
     .outputs = kFloatOut,
     .traits = kElementwise | kMayAliasInput0,
     .exactness = Exactness::kAccumulating,
     .infer = infer,
     .reference = sum},
    {.name = "Mean",
     .since = 13,
     .inputs = kFloatIn,
     .outputs = kFloatOut,
     .traits = kElementwise | kMayAliasInput0,
     .exactness = Exactness::kAccumulating,
     .infer = infer,
     .reference = mean},
    {.name = "Where",
     .since = 16,
     .inputs = kWhereIn,
     .outputs = kWhereOut,
     .traits = kElementwise,
     .infer = infer_where,
     .reference = where},
};

}  // namespace

extern constinit const OpTable variadic;
constinit const OpTable variadic{kOps};

}  // namespace lite::ops
