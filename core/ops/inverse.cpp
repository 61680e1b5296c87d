// Inverse: the inverses of square matrices.
//
//   in  X  [..., n, n], float
//   out Y  shape of X
//
// By elimination with row exchange, in double. A matrix that has none gives infinities or NaN.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = x;
  if (!x.has_rank) return ok();
  if (x.rank() < 2) return invalid_model("Inverse: X has rank ", x.rank(), ", wanted 2 or more");
  const int64_t rows = x.dims[x.rank() - 2], columns = x.dims.back();
  if (rows >= 0 && columns >= 0 && rows != columns)
    return invalid_model("Inverse: the matrices of ", x.dims, " are not square");
  return ok();
}

// m becomes its inverse.
void invert(std::vector<double>& m, std::vector<double>& result, size_t n) {
  std::fill(result.begin(), result.end(), 0);
  for (size_t i = 0; i < n; ++i) result[i * n + i] = 1;
  const auto exchange = [n](std::vector<double>& v, size_t a, size_t b) {
    std::swap_ranges(v.begin() + static_cast<std::ptrdiff_t>(a * n),
                     v.begin() + static_cast<std::ptrdiff_t>(a * n + n),
                     v.begin() + static_cast<std::ptrdiff_t>(b * n));
  };
  for (size_t k = 0; k < n; ++k) {
    size_t pivot = k;
    for (size_t r = k + 1; r < n; ++r)
      if (std::abs(m[r * n + k]) > std::abs(m[pivot * n + k])) pivot = r;
    if (pivot != k) {
      exchange(m, k, pivot);
      exchange(result, k, pivot);
    }
    const double scale = 1 / m[k * n + k];
    for (size_t c = 0; c < n; ++c) {
      m[k * n + c] *= scale;
      result[k * n + c] *= scale;
    }
    for (size_t r = 0; r < n; ++r) {
      if (r == k) continue;
      const double f = m[r * n + k];
      for (size_t c = 0; c < n; ++c) {
        m[r * n + c] -= f * m[k * n + c];
        result[r * n + c] -= f * result[k * n + c];
      }
    }
  }
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  if (x.elements() == 0) return ok();
  const auto n = static_cast<size_t>(x.dims().back());
  const auto size = static_cast<int64_t>(n * n);
  std::vector<double> m(n * n), result(n * n);
  for (int64_t at = 0; at < x.elements(); at += size) {
    widen(x, at, size, m.data());
    invert(m, result, n);
    narrow(result.data(), size, *y, at);
  }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};

constexpr OpDef kOps[] = {{
    .name = "Inverse",
    .domain = "com.microsoft",
    .inputs = kIn,
    .outputs = kOut,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable inverse;
constinit const OpTable inverse{kOps};

}  // namespace lite::ops
