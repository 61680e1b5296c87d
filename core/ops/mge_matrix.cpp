// Diag, MatrixInverse and SVD; domain megengine.
//
// Diag: a vector [n] as the k-th diagonal of a square matrix of zeros, or the k-th diagonal of a matrix
// [h,w]; k > 0 is above the main one.
//
//   in  X  [n] or [h,w]      out Y  [n + |k|, n + |k|] or [m]      attr k int, default 0
//
// MatrixInverse: in X [...,n,n], float; out Y the inverse of each matrix. kInvalidArgument where there is
// none.
//
// SVD: X = U diag(S) VT, the singular values in descending order.
//
//   in  X  [...,m,n], float      out U  [...,m,p]      out S  [...,p]      out VT  [...,p,n]      p = min(m,
//   n) attr full_matrices int, default 0: 1 gives square U [...,m,m] and VT [...,n,n]
//
// The signs of the vectors are not defined. What is not finite gives NaN, an empty X zeros.

#include <Eigen/SVD>
#include <cmath>
#include <cstring>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr int64_t kLimit = int64_t{1} << 31;

// How long diagonal k of an h by w matrix is.
int64_t diagonal(int64_t h, int64_t w, int64_t k) {
  return std::max<int64_t>(std::min(h + std::min<int64_t>(k, 0), w - std::max<int64_t>(k, 0)), 0);
}

Status infer_diag(const InferArgs& a) {
  const Fact& x = a.in[0];
  const int64_t k = a.attrs.i64("k", 0);
  if (k <= -kLimit || k >= kLimit) return invalid_model("Diag: attribute 'k' is ", k);
  a.out[0] = Fact(x.dtype);
  if (!x.has_rank) return ok();
  if (x.rank() == 1) {
    const int64_t n = x.dims[0] < 0 ? kUnknownDim : x.dims[0] + std::abs(k);
    a.out[0] = Fact(x.dtype, {n, n});
  } else if (x.rank() == 2) {
    const bool known = x.dims[0] >= 0 && x.dims[1] >= 0;
    a.out[0] = Fact(x.dtype, {known ? diagonal(x.dims[0], x.dims[1], k) : kUnknownDim});
  } else {
    return invalid_model("Diag: X has shape ", x.dims, ", one or two dimensions wanted");
  }
  return ok();
}

Status diag(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t k = a.attrs.i64("k", 0), column = std::max<int64_t>(k, 0), row = std::max<int64_t>(-k, 0);
  if (x.rank() == 1) {
    const int64_t n = x.dims()[0], size = n + std::abs(k);
    LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {size, size}));
    if (y->bytes() != 0) std::memset(y->mutable_raw(), 0, y->bytes());
    return dispatch_bytes("Diag", x.dtype(), [&]<class T>() -> Status {
      for (int64_t i = 0; i < n; ++i) y->mutable_data<T>()[(row + i) * size + column + i] = x.data<T>()[i];
      return ok();
    });
  }
  const int64_t width = x.dims()[1], n = diagonal(x.dims()[0], width, k);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {n}));
  return dispatch_bytes("Diag", x.dtype(), [&]<class T>() -> Status {
    for (int64_t i = 0; i < n; ++i) y->mutable_data<T>()[i] = x.data<T>()[(row + i) * width + column + i];
    return ok();
  });
}

Status infer_inverse(const InferArgs& a) {
  const Fact& x = a.in[0];
  a.out[0] = x;
  if (!x.has_rank) return ok();
  if (x.rank() < 2)
    return invalid_model("MatrixInverse: X has shape ", x.dims, ", at least two dimensions wanted");
  const int64_t h = x.dims[x.rank() - 2], w = x.dims.back();
  if (h >= 0 && w >= 0 && h != w)
    return invalid_model("MatrixInverse: X has shape ", x.dims, ", square matrices wanted");
  return ok();
}

// Gauss and Jordan, with the largest pivot of each column.
Status invert(const double* from, int64_t n, std::vector<double>& m, std::vector<double>& inverse) {
  m.assign(from, from + n * n);
  inverse.assign(static_cast<size_t>(n * n), 0);
  for (int64_t i = 0; i < n; ++i) inverse[static_cast<size_t>(i * n + i)] = 1;
  const auto at = [n](std::vector<double>& v, int64_t r, int64_t c) -> double& {
    return v[static_cast<size_t>(r * n + c)];
  };
  for (int64_t c = 0; c < n; ++c) {
    int64_t pivot = c;
    for (int64_t r = c + 1; r < n; ++r)
      if (std::abs(at(m, r, c)) > std::abs(at(m, pivot, c))) pivot = r;
    const double p = at(m, pivot, c);
    if (!(std::abs(p) > 0)) return invalid_argument("MatrixInverse: a matrix has no inverse");
    for (int64_t k = 0; k < n; ++k) {
      std::swap(at(m, c, k), at(m, pivot, k));
      std::swap(at(inverse, c, k), at(inverse, pivot, k));
    }
    for (int64_t k = 0; k < n; ++k) at(m, c, k) /= p, at(inverse, c, k) /= p;
    for (int64_t r = 0; r < n; ++r) {
      const double factor = at(m, r, c);
      if (r == c || factor == 0) continue;
      for (int64_t k = 0; k < n; ++k) {
        at(m, r, k) -= factor * at(m, c, k);
        at(inverse, r, k) -= factor * at(inverse, c, k);
      }
    }
  }
  return ok();
}

Status inverse(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const int64_t n = x.dims().back();
  if (x.elements() == 0) return ok();
  const Widened<double> xs(x);
  std::vector<double> m, result;
  for (int64_t at = 0; at < x.elements(); at += n * n) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    LITE_TRY(invert(xs.data() + at, n, m, result));
    narrow(result.data(), n * n, *y, at);
  }
  return ok();
}

Status infer_svd(const InferArgs& a) {
  const Fact& x = a.in[0];
  for (Fact& f : a.out) f = Fact(x.dtype);
  if (!x.has_rank) return ok();
  if (x.rank() < 2) return invalid_model("SVD: X has shape ", x.dims, ", at least two dimensions wanted");
  const size_t last = x.rank() - 1;
  const int64_t m = x.dims[last - 1], n = x.dims[last], p = m >= 0 && n >= 0 ? std::min(m, n) : kUnknownDim;
  const bool full = a.attrs.i64("full_matrices", 0) != 0;
  Dims u = x.dims, s = x.dims, vt = x.dims;
  u[last] = full ? m : p;
  vt[last - 1] = full ? n : p;
  s.erase(last);
  s[last - 1] = p;
  a.out[0] = Fact(x.dtype, u);
  if (a.out.size() > 1) a.out[1] = Fact(x.dtype, s);
  if (a.out.size() > 2) a.out[2] = Fact(x.dtype, vt);
  return ok();
}

Status svd(const EvalArgs& a) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Tensor& x = a.input(0);
  const size_t last = x.rank() - 1;
  const int64_t m = x.dims()[last - 1], n = x.dims()[last], p = std::min(m, n);
  const bool full = a.attrs.i64("full_matrices", 0) != 0;
  const int64_t left = full ? m : p, right = full ? n : p;
  Dims u = x.dims(), s = x.dims(), vt = x.dims();
  u[last] = left;
  vt[last - 1] = right;
  s.erase(last);
  s[last - 1] = p;
  const Dims dims[] = {u, s, vt};
  Tensor* out[3] = {};
  for (size_t i = 0; i < a.out.size(); ++i) {
    LITE_ASSIGN(out[i], a.output(i, x.dtype(), dims[i]));
    if (x.elements() == 0 && out[i]->bytes() != 0) std::memset(out[i]->mutable_raw(), 0, out[i]->bytes());
  }
  if (x.elements() == 0) return ok();
  const Widened<double> xs(x);
  const unsigned options =
      full ? Eigen::ComputeFullU | Eigen::ComputeFullV : Eigen::ComputeThinU | Eigen::ComputeThinV;
  for (int64_t k = 0; k < x.elements() / (m * n); ++k) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const Eigen::Map<const Matrix> one(xs.data() + k * m * n, m, n);
    Matrix parts[3] = {Matrix::Constant(m, left, std::nan("")), Matrix::Constant(p, 1, std::nan("")),
                       Matrix::Constant(right, n, std::nan(""))};
    if (one.allFinite()) {
      const Eigen::JacobiSVD<Eigen::MatrixXd> found(one, options);
      parts[0] = found.matrixU();
      parts[1] = found.singularValues();
      parts[2] = found.matrixV().transpose();
    }
    for (size_t i = 0; i < a.out.size(); ++i)
      narrow(parts[i].data(), parts[i].size(), *out[i], k * parts[i].size());
  }
  return ok();
}

constexpr TypeSet kMoved = types::kNumeric | types::kBool;
constexpr OperandSpec kAnyIn[] = {{"X", kMoved, 'T'}};
constexpr OperandSpec kAnyOut[] = {{"Y", kMoved, 'T'}};
constexpr OperandSpec kFloatIn[] = {{"X", types::kFloat, 'T'}};
constexpr OperandSpec kFloatOut[] = {{"Y", types::kFloat, 'T'}};
constexpr OperandSpec kSvdOut[] = {{"U", types::kFloat, 'T'},
                                   {"S", types::kFloat, 'T', OperandSpec::kOptional},
                                   {"VT", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr AttrSpec kDiagAttrs[] = {{"k", AttrType::kInt}};
constexpr AttrSpec kSvdAttrs[] = {{"full_matrices", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "Diag",
        .domain = "megengine",
        .inputs = kAnyIn,
        .outputs = kAnyOut,
        .attrs = kDiagAttrs,
        .infer = infer_diag,
        .reference = diag,
    },
    {
        .name = "MatrixInverse",
        .domain = "megengine",
        .inputs = kFloatIn,
        .outputs = kFloatOut,
        .exactness = Exactness::kAccumulating,
        .infer = infer_inverse,
        .reference = inverse,
    },
    {
        .name = "SVD",
        .domain = "megengine",
        .inputs = kFloatIn,
        .outputs = kSvdOut,
        .attrs = kSvdAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_svd,
        .reference = svd,
    },
};

}  // namespace

extern constinit const OpTable mge_matrix;
constinit const OpTable mge_matrix{kOps};

}  // namespace lite::ops
