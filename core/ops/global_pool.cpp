// GlobalAveragePool, GlobalMaxPool, GlobalLpPool: the mean, largest element or p-norm of each plane of X.
//
//   in  X  [N,C,spatial...], float; spatial dimensions may be missing
//   out Y  [N,C,1...], as many dimensions as X
//   attr p GlobalLpPool, int, default 2, at least 1
//
// Of an empty plane the mean is NaN, the largest -infinity, the norm 0.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Dims output_dims(const Dims& x) {
  Dims y(x.size(), 1);
  y[0] = x[0];
  y[1] = x[1];
  return y;
}

Status infer(const InferArgs& a) {
  const char* op = a.attrs.node().op->name;
  const int64_t p = a.attrs.i64("p", 2);
  if (p < 1) return invalid_model(op, ": attribute 'p' is ", p, ", at least 1 wanted");
  a.out[0] = Fact(a.in[0].dtype);
  if (!a.in[0].has_rank) return ok();
  if (a.in[0].rank() < 2)
    return invalid_model(op, ": X has shape ", a.in[0].dims, ", at least two dimensions wanted");
  a.out[0] = Fact(a.in[0].dtype, output_dims(a.in[0].dims));
  return ok();
}

// reduce(plane) makes the one number of each plane.
template <class F>
Status for_each_plane(const EvalArgs& a, F&& reduce) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), output_dims(x.dims())));
  const int64_t planes = y->elements(),
                size = elements(std::span<const int64_t>(x.dims().begin() + 2, x.rank() - 2));
  std::vector<double> plane(static_cast<size_t>(size));
  for (int64_t n = 0; n < planes; ++n) {
    widen(x, n * size, size, plane.data());
    const double v = reduce(plane);
    narrow(&v, 1, *y, n);
  }
  return ok();
}

Status average(const EvalArgs& a) {
  return for_each_plane(a, [](const std::vector<double>& plane) {
    double sum = 0;
    for (const double v : plane) sum += v;
    return sum / static_cast<double>(plane.size());
  });
}

Status maximum(const EvalArgs& a) {
  return for_each_plane(a, [](const std::vector<double>& plane) {
    double best = -std::numeric_limits<double>::infinity();
    for (const double v : plane) best = v > best ? v : best;
    return best;
  });
}

Status norm(const EvalArgs& a) {
  const auto p = static_cast<double>(a.attrs.i64("p", 2));
  return for_each_plane(a, [p](const std::vector<double>& plane) {
    double sum = 0;
    for (const double v : plane) sum += std::pow(std::fabs(v), p);
    return std::pow(sum, 1 / p);
  });
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kNormAttrs[] = {{"p", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "GlobalAveragePool",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = average,
    },
    {
        .name = "GlobalMaxPool",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .infer = infer,
        .reference = maximum,
    },
    {
        .name = "GlobalLpPool",
        .since = 22,
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kNormAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer,
        .reference = norm,
    },
};

}  // namespace

extern constinit const OpTable global_pool;
constinit const OpTable global_pool{kOps};

}  // namespace lite::ops
