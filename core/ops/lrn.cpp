// LRN: Y = X / (bias + alpha / size * sum of the squares of the `size` channels around each)^beta. Of an even
// size, the extra channel is a later one; channels outside X count as 0.
//
//   in  X  [N,C,...], float
//   out Y  shape of X
//   attr size int, required, at least 1     attr alpha float, default 1e-4     attr beta float, default 0.75
//   attr bias float, default 1
//
// LpNormalization: X divided by its p-norm along one axis; where that is 0, 0.
//
//   in  input  any shape of rank 1 and above, float      out output  its shape
//   attr axis int, default -1     attr p int, default 2; 1 or 2
//
// MeanVarianceNormalization: (X - mean) / (deviation + 1e-9) over some axes.
//
//   in  X  any shape, float      out Y  its shape
//   attr axes ints, default [0, 2, 3]

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer_lrn(const InferArgs& a) {
  const int64_t size = a.attrs.i64("size");
  if (size < 1) return invalid_model("LRN: attribute 'size' is ", size, ", at least 1 wanted");
  if (a.in[0].has_rank && a.in[0].rank() < 2)
    return invalid_model("LRN: X has shape ", a.in[0].dims, ", at least two dimensions wanted");
  return infer_same(a);
}

Status lrn_reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const int64_t channels = x.dims()[1], batch = x.dims()[0], size = a.attrs.i64("size");
  const int64_t plane = elements(std::span<const int64_t>(x.dims().begin() + 2, x.rank() - 2)),
                image = channels * plane;
  const double factor = static_cast<double>(a.attrs.f32("alpha", 1e-4f)) / static_cast<double>(size);
  const auto beta = static_cast<double>(a.attrs.f32("beta", 0.75f)),
             bias = static_cast<double>(a.attrs.f32("bias", 1));
  std::vector<double> in(static_cast<size_t>(image)), out(static_cast<size_t>(image));
  for (int64_t n = 0; n < batch; ++n) {
    widen(x, n * image, image, in.data());
    for (int64_t c = 0; c < channels; ++c) {
      const int64_t before = (size - 1) / 2, first = c > before ? c - before : 0;
      const int64_t last = size - 1 - before < channels - 1 - c ? c + (size - 1 - before) : channels - 1;
      for (int64_t i = 0; i < plane; ++i) {
        double sum = 0;
        for (int64_t k = first; k <= last; ++k) {
          const double v = in[static_cast<size_t>(k * plane + i)];
          sum += v * v;
        }
        const auto at = static_cast<size_t>(c * plane + i);
        out[at] = in[at] / std::pow(bias + factor * sum, beta);
      }
    }
    narrow(out.data(), image, *y, n * image);
  }
  return ok();
}

Status infer_norm(const InferArgs& a) {
  const int64_t p = a.attrs.i64("p", 2);
  if (p != 1 && p != 2) return invalid_model("LpNormalization: attribute 'p' is ", p, ", 1 or 2 wanted");
  if (a.in[0].has_rank)
    LITE_TRY(normalize_axis("LpNormalization", a.attrs.i64("axis", -1), static_cast<int64_t>(a.in[0].rank()))
                 .status());
  return infer_same(a);
}

Status norm(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const int64_t axis,
              normalize_axis("LpNormalization", a.attrs.i64("axis", -1), static_cast<int64_t>(x.rank())));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  const bool squares = a.attrs.i64("p", 2) == 2;
  const auto at = static_cast<size_t>(axis);
  const int64_t width = x.dims()[at],
                inner = elements(std::span<const int64_t>(x.dims().begin() + axis + 1, x.rank() - at - 1));
  const int64_t block = width * inner, blocks = block == 0 ? 0 : x.elements() / block;
  std::vector<double> data(static_cast<size_t>(block));
  for (int64_t b = 0; b < blocks; ++b) {
    widen(x, b * block, block, data.data());
    for (int64_t i = 0; i < inner; ++i) {
      double sum = 0;
      for (int64_t k = i; k < block; k += inner) {
        const double v = data[static_cast<size_t>(k)];
        sum += squares ? v * v : std::fabs(v);
      }
      if (squares) sum = std::sqrt(sum);
      for (int64_t k = i; k < block; k += inner)
        data[static_cast<size_t>(k)] = sum == 0 ? 0 : data[static_cast<size_t>(k)] / sum;
    }
    narrow(data.data(), block, *y, b * block);
  }
  return ok();
}

constexpr int64_t kDefaultAxes[] = {0, 2, 3};

Result<std::vector<int64_t>> mean_axes(const AttrReader& attrs, size_t rank) {
  return normalize_axes("MeanVarianceNormalization",
                        attrs.has("axes") ? attrs.ints("axes") : std::span<const int64_t>(kDefaultAxes),
                        static_cast<int64_t>(rank));
}

Status infer_mean(const InferArgs& a) {
  if (a.in[0].has_rank) LITE_TRY(mean_axes(a.attrs, a.in[0].rank()).status());
  return infer_same(a);
}

Status mean_variance(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const auto axes, mean_axes(a.attrs, x.rank()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  Dims kept = x.dims();
  for (const int64_t axis : axes) kept[static_cast<size_t>(axis)] = 1;
  const int64_t count = x.elements(), groups = elements(kept);
  if (count == 0) return ok();
  std::vector<double> data(static_cast<size_t>(count)), means(static_cast<size_t>(groups), 0),
      deviations(means);
  widen(x, 0, count, data.data());
  const std::array<Dims, 1> strides{broadcast_strides(kept, x.dims())};
  const auto each = static_cast<double>(count) / static_cast<double>(groups);
  const auto for_each = [&](auto&& f) {
    Walker<1> walk(x.dims(), strides);
    for (double& v : data) {
      f(v, static_cast<size_t>(walk.offset(0)));
      walk.next();
    }
  };
  for_each([&](double& v, size_t g) { means[g] += v / each; });
  for_each([&](double& v, size_t g) { deviations[g] += (v - means[g]) * (v - means[g]) / each; });
  for_each([&](double& v, size_t g) { v = (v - means[g]) / (std::sqrt(deviations[g]) + 1e-9); });
  narrow(data.data(), count, *y, 0);
  return ok();
}

constexpr OperandSpec kX[] = {{"X", types::kFloat, 'T'}};
constexpr OperandSpec kY[] = {{"Y", types::kFloat, 'T'}};
constexpr OperandSpec kInput[] = {{"input", types::kFloat, 'T'}};
constexpr OperandSpec kOutput[] = {{"output", types::kFloat, 'T'}};
constexpr AttrSpec kLrnAttrs[] = {{"alpha", AttrType::kFloat},
                                  {"beta", AttrType::kFloat},
                                  {"bias", AttrType::kFloat},
                                  {"size", AttrType::kInt, true}};
constexpr AttrSpec kNormAttrs[] = {{"axis", AttrType::kInt}, {"p", AttrType::kInt}};
constexpr AttrSpec kMeanAttrs[] = {{"axes", AttrType::kInts}};

constexpr OpDef kOps[] = {
    {
        .name = "LRN",
        .since = 13,
        .inputs = kX,
        .outputs = kY,
        .attrs = kLrnAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_lrn,
        .reference = lrn_reference,
    },
    {
        .name = "LpNormalization",
        .since = 22,
        .inputs = kInput,
        .outputs = kOutput,
        .attrs = kNormAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_norm,
        .reference = norm,
    },
    {
        .name = "MeanVarianceNormalization",
        .since = 13,
        .inputs = kX,
        .outputs = kY,
        .attrs = kMeanAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_mean,
        .reference = mean_variance,
    },
};

}  // namespace

extern constinit const OpTable lrn;
constinit const OpTable lrn{kOps};

}  // namespace lite::ops
