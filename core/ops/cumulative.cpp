// Running sums and products, and triangles.
//
//   CumSum, CumProd  in x, axis (int32 or int64 scalar); attr exclusive int, default 0: without the element
//   itself, begins
//                    with 0 (1); attr reverse int, default 0: from the end. Halves run in float; integers
//                    wrap.
//   Trilu            in input of rank 2 or more, k optional int64 scalar, default 0; attr upper int, default
//   1: keeps what
//                    is on and above (below) the k-th diagonal of the last two dimensions, the rest becomes 0
//   Det              in X [..., n, n] float: the determinants, by elimination with row exchange in double

#include <cmath>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

Status infer_running(const InferArgs& a) {
  LITE_TRY(infer_same(a));
  if (a.value(1) != nullptr && a.value(1)->elements() != 1)
    return invalid_model(a.attrs.node().op->name, ": axis has ", a.value(1)->elements(),
                         " elements, wanted 1");
  if (a.value(1) != nullptr && a.in[0].has_rank)
    return normalize_axis(a.attrs.node().op->name, a.value(1)->int_at(0),
                          static_cast<int64_t>(a.in[0].rank()))
        .status();
  return ok();
}

template <bool kProduct, class C>
C step(C total, C v) {
  if constexpr (std::is_integral_v<C>) {
    using U = std::make_unsigned_t<C>;
    const U a = static_cast<U>(total), b = static_cast<U>(v);
    return static_cast<C>(kProduct ? a * b : a + b);
  } else {
    return kProduct ? total * v : total + v;
  }
}

template <bool kProduct>
Status running(const EvalArgs& a) {
  const char* op = a.attrs.node().op->name;
  const Tensor& x = a.input(0);
  LITE_TRY(output_dims(a, infer_running).status());
  LITE_ASSIGN(const int64_t axis, normalize_axis(op, a.input(1).int_at(0), static_cast<int64_t>(x.rank())));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const bool exclusive = a.attrs.i64("exclusive") != 0, reverse = a.attrs.i64("reverse") != 0;
  const int64_t size = x.dims()[static_cast<size_t>(axis)];
  if (x.elements() == 0) return ok();
  const int64_t inner = row_major_strides(x.dims())[static_cast<size_t>(axis)];
  const int64_t outer = x.elements() / (size * inner);
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI32, kI64, kU32, kU64>(op, x.dtype(), [&]<class T>() -> Status {
    using C = Compute<T>;
    for (int64_t line = 0; line < outer * inner; ++line) {
      const int64_t base = line / inner * size * inner + line % inner;
      C total = kProduct ? C{1} : C{0};
      for (int64_t k = 0; k < size; ++k) {
        const int64_t at = base + (reverse ? size - 1 - k : k) * inner;
        // Read before writing: the output may be the input.
        const C v = load(x.data<T>()[at]);
        if (exclusive) y->mutable_data<T>()[at] = store<T>(total);
        total = step<kProduct>(total, v);
        if (!exclusive) y->mutable_data<T>()[at] = store<T>(total);
      }
    }
    return ok();
  });
}

Status infer_trilu(const InferArgs& a) {
  LITE_TRY(infer_same(a));
  if (a.in[0].has_rank && a.in[0].rank() < 2)
    return invalid_model("Trilu: input has rank ", a.in[0].rank(), ", wanted 2 or more");
  if (a.value(1) != nullptr && a.value(1)->elements() != 1)
    return invalid_model("Trilu: k has ", a.value(1)->elements(), " elements, wanted 1");
  return ok();
}

Status trilu(const EvalArgs& a) {
  LITE_TRY(output_dims(a, infer_trilu).status());
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  if (x.elements() == 0) return ok();
  const int64_t columns = x.dims().back(), rows = x.dims()[x.rank() - 2];
  const bool upper = a.attrs.i64("upper", 1) != 0;
  // Beyond the corners the diagonal is nowhere.
  const int64_t k = std::clamp<int64_t>(a.has(1) ? a.input(1).int_at(0) : 0, -rows, columns);
  const Bytes16 zero{};
  const std::string empty;
  const void* nothing = x.dtype() == DType::kString ? static_cast<const void*>(&empty) : &zero;
  for (int64_t r = 0; r < x.elements() / columns; ++r) {
    // The columns [0, split) are below the diagonal (with it, when the lower triangle is kept).
    const int64_t split = std::clamp<int64_t>(r % rows + k + (upper ? 0 : 1), 0, columns);
    const int64_t keep = r * columns + (upper ? split : 0), drop = r * columns + (upper ? 0 : split);
    const int64_t kept = upper ? columns - split : split;
    if (y->raw() != x.raw()) copy_elements(x.dtype(), at(x, keep), at(*y, keep), kept);
    fill_elements(x.dtype(), nothing, at(*y, drop), columns - kept);
  }
  return ok();
}

Status infer_det(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  if (x.rank() < 2) return invalid_model("Det: X has rank ", x.rank(), ", wanted 2 or more");
  const int64_t rows = x.dims[x.rank() - 2], columns = x.dims.back();
  if (rows >= 0 && columns >= 0 && rows != columns)
    return invalid_model("Det: the matrices of ", x.dims, " are not square");
  a.out[0] = Fact(x.dtype, Dims(std::span<const int64_t>(x.dims.data(), x.rank() - 2)));
  return ok();
}

double determinant(std::vector<double>& m, size_t n) {
  double det = 1;
  for (size_t k = 0; k < n; ++k) {
    size_t pivot = k;
    for (size_t r = k + 1; r < n; ++r)
      if (std::abs(m[r * n + k]) > std::abs(m[pivot * n + k])) pivot = r;
    if (m[pivot * n + k] == 0) return 0;
    if (pivot != k) {
      det = -det;
      std::swap_ranges(m.begin() + static_cast<std::ptrdiff_t>(k * n),
                       m.begin() + static_cast<std::ptrdiff_t>(k * n + n),
                       m.begin() + static_cast<std::ptrdiff_t>(pivot * n));
    }
    det *= m[k * n + k];
    for (size_t r = k + 1; r < n; ++r) {
      const double f = m[r * n + k] / m[k * n + k];
      for (size_t c = k; c < n; ++c) m[r * n + c] -= f * m[k * n + c];
    }
  }
  return det;
}

Status det(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_det));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  if (y->elements() == 0) return ok();
  const auto n = static_cast<size_t>(x.dims().back());
  std::vector<double> m(n * n);
  return dispatch_float("Det", x.dtype(), [&]<class T>() -> Status {
    for (int64_t i = 0; i < y->elements(); ++i) {
      for (size_t k = 0; k < m.size(); ++k)
        m[k] = static_cast<double>(load(x.data<T>()[static_cast<size_t>(i) * m.size() + k]));
      y->mutable_data<T>()[i] = store<T>(static_cast<Compute<T>>(determinant(m, n)));
    }
    return ok();
  });
}

constexpr TypeSet kRunningTypes = types::kFloat | DType::kI32 | DType::kI64 | DType::kU32 | DType::kU64;
constexpr OperandSpec kRunningIn[] = {{"x", kRunningTypes, 'T'}, {"axis", types::kIndex}};
constexpr OperandSpec kRunningOut[] = {{"y", kRunningTypes, 'T'}};
constexpr AttrSpec kRunningAttrs[] = {{"exclusive", AttrType::kInt}, {"reverse", AttrType::kInt}};
constexpr OperandSpec kTriluIn[] = {{"input", kMovable, 'T'}, {"k", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kTriluOut[] = {{"output", kMovable, 'T'}};
constexpr AttrSpec kTriluAttrs[] = {{"upper", AttrType::kInt}};
constexpr OperandSpec kDetIn[] = {{"X", types::kFloat, 'T'}};
constexpr OperandSpec kDetOut[] = {{"Y", types::kFloat, 'T'}};

constexpr OpDef kOps[] = {
    {.name = "CumSum",
     .since = 14,
     .inputs = kRunningIn,
     .outputs = kRunningOut,
     .attrs = kRunningAttrs,
     .traits = kMayAliasInput0,
     .exactness = Exactness::kAccumulating,
     .infer = infer_running,
     .reference = running<false>},
    {.name = "CumProd",
     .since = 26,
     .inputs = kRunningIn,
     .outputs = kRunningOut,
     .attrs = kRunningAttrs,
     .traits = kMayAliasInput0,
     .exactness = Exactness::kAccumulating,
     .infer = infer_running,
     .reference = running<true>},
    {.name = "Trilu",
     .since = 14,
     .inputs = kTriluIn,
     .outputs = kTriluOut,
     .attrs = kTriluAttrs,
     .traits = kMayAliasInput0,
     .infer = infer_trilu,
     .reference = trilu},
    {.name = "Det",
     .since = 22,
     .inputs = kDetIn,
     .outputs = kDetOut,
     .exactness = Exactness::kAccumulating,
     .infer = infer_det,
     .reference = det},
};

}  // namespace

extern constinit const OpTable cumulative;
constinit const OpTable cumulative{kOps};

}  // namespace lite::ops
