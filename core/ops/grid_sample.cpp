// GridSample: Y[n,c,o...] = X sampled at grid[n,o...], whose coordinates span each axis of X by [-1,1], last
// axis first.
//
//   in  X     [N,C,D1,...,Dr], numbers
//   in  grid  [N,O1,...,Or,r], float
//   out Y     [N,C,O1,...,Or]
//   attr align_corners int, default 0: -1 and 1 are the outer edges of the corner elements; 1: their centres
//   attr mode          string: linear (default), nearest (halves to even), cubic (a = -0.75)
//   attr padding_mode  string: zeros (default), border (the nearest element), reflection (at the edges)
//
// Coordinates that are NaN count as -1.
//
// AffineGrid: such a grid from theta: grid[n,o...] = theta[n] * (coordinates of o, last axis first, and 1).
//
//   in  theta  [N,2,3] or [N,3,4], float      in  size  [N,C,H,W] or [N,C,D,H,W], int64
//   out grid   [N,H,W,2] or [N,D,H,W,3]
//   attr align_corners int, default 0

#include <cmath>

#include "core/ops/grid_sample.h"
#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

using Attrs = GridSampleAttrs;
using Taps = GridTaps;
using Mode = Attrs::Mode;
using Padding = Attrs::Padding;

Status infer_sample(const InferArgs& a) {
  LITE_TRY(Attrs::read(a.attrs).status());
  const Fact &x = a.in[0], &grid = a.in[1];
  a.out[0] = Fact(x.dtype);
  if (x.has_rank && x.rank() < 3)
    return invalid_model("GridSample: X has shape ", x.dims, ", at least three dimensions wanted");
  if (grid.has_rank && grid.rank() < 3)
    return invalid_model("GridSample: grid has shape ", grid.dims, ", at least three dimensions wanted");
  if (!x.has_rank && !grid.has_rank) return ok();
  const size_t rank = x.has_rank ? x.rank() : grid.rank();
  if (grid.has_rank) {
    const auto differ = [](int64_t u, int64_t v) { return u >= 0 && v >= 0 && u != v; };
    if (grid.rank() != rank || differ(grid.dims.back(), static_cast<int64_t>(rank) - 2) ||
        (x.has_rank && differ(grid.dims[0], x.dims[0])))
      return invalid_model("GridSample: grid has shape ", grid.dims, ", which does not go with X of shape ",
                           x.dims);
  }
  for (size_t d = 2; x.has_rank && d < rank; ++d)
    if (x.dims[d] == 0)
      return invalid_model("GridSample: X has shape ", x.dims, ": there is nothing to sample");
  Dims y(rank, kUnknownDim);
  if (x.has_rank) y[0] = x.dims[0], y[1] = x.dims[1];
  if (grid.has_rank) {
    if (y[0] < 0) y[0] = grid.dims[0];
    for (size_t d = 2; d < rank; ++d) y[d] = grid.dims[d - 1];
  }
  a.out[0] = Fact(x.dtype, std::move(y));
  return ok();
}

// Mirrors x at both ends until it lies between them.
double reflect(double x, double low, double high) {
  const double range = high - low;
  if (range <= 0) return low;
  const double beyond = x < low ? low - x : x - high;
  if (beyond <= 0) return x;
  const double turns = std::floor(beyond / range), rest = beyond - turns * range;
  const bool even = std::fmod(turns, 2) == 0;
  return (x < low) == even ? low + rest : high - rest;
}

double cubic(double t) {
  constexpr double kA = -0.75;
  t = std::fabs(t);
  return t <= 1 ? ((kA + 2) * t - (kA + 3)) * t * t + 1 : ((kA * t - 5 * kA) * t + 8 * kA) * t - 4 * kA;
}

}  // namespace

Result<Attrs> Attrs::read(const AttrReader& r) {
  Attrs a;
  const std::string_view mode = r.str("mode", "linear"), padding = r.str("padding_mode", "zeros");
  if (mode == "nearest")
    a.mode = Mode::kNearest;
  else if (mode == "cubic")
    a.mode = Mode::kCubic;
  else if (mode != "linear")
    return invalid_model("GridSample: attribute 'mode' is '", mode, "', nearest, linear or cubic wanted");
  if (padding == "border")
    a.padding = Padding::kBorder;
  else if (padding == "reflection")
    a.padding = Padding::kReflection;
  else if (padding != "zeros")
    return invalid_model("GridSample: attribute 'padding_mode' is '", padding,
                         "', zeros, border or reflection wanted");
  a.align = r.i64("align_corners") != 0;
  return a;
}

Taps grid_taps(const Attrs& a, double coordinate, int64_t size) {
  const auto length = static_cast<double>(size);
  if (std::isnan(coordinate)) coordinate = -1;
  double x = a.align ? (coordinate + 1) / 2 * (length - 1) : ((coordinate + 1) * length - 1) / 2;
  // Far outside all is the same; this keeps the numbers small enough for an index.
  x = std::isnan(x) ? -1 : std::clamp(x, -1e15, 1e15);
  if (a.mode == Mode::kNearest) x = std::nearbyint(x);
  const double low = a.align ? 0 : -0.5, high = a.align ? length - 1 : length - 0.5;
  if (x < low || x > high) {
    if (a.padding == Padding::kBorder) x = std::clamp(x, 0.0, length - 1);
    if (a.padding == Padding::kReflection) x = reflect(x, low, high);
  }
  Taps t;
  auto first = static_cast<int64_t>(x);  // rounded down
  if (static_cast<double>(first) > x) --first;
  if (a.mode == Mode::kNearest) {
    first = static_cast<int64_t>(x);
  } else {
    t.count = a.mode == Mode::kLinear ? 2 : 4;
    if (a.mode == Mode::kCubic) --first;
    for (int k = 0; k < t.count; ++k) {
      const double distance = x - static_cast<double>(first + k);
      t.weight[k] = a.mode == Mode::kLinear ? 1 - std::fabs(distance) : cubic(distance);
    }
  }
  for (int k = 0; k < t.count; ++k) {
    int64_t i = first + k;
    if (a.padding == Padding::kZeros && (i < 0 || i >= size)) i = -1;
    if (a.padding == Padding::kBorder) i = std::clamp<int64_t>(i, 0, size - 1);
    if (a.padding == Padding::kReflection)
      i = std::clamp<int64_t>(static_cast<int64_t>(reflect(static_cast<double>(i), low, high)), 0, size - 1);
    t.index[k] = i;
  }
  return t;
}

namespace {

// The sum over all combinations of taps, from axis d on; `at` is the element that the axes before lead to.
double weigh(const double* plane, const std::vector<Taps>& taps, const Dims& strides, size_t d, int64_t at) {
  if (d == taps.size()) return plane[at];
  double sum = 0;
  for (int k = 0; k < taps[d].count; ++k)
    if (taps[d].index[k] >= 0 && taps[d].weight[k] != 0)
      sum += taps[d].weight[k] * weigh(plane, taps, strides, d + 1, at + taps[d].index[k] * strides[d]);
  return sum;
}

Status sample(const EvalArgs& a) {
  const Tensor &x = a.input(0), &grid = a.input(1);
  LITE_ASSIGN(const Attrs attrs, Attrs::read(a.attrs));
  if (!types::kNumeric.has(x.dtype()))
    return unsupported("GridSample: element type ", dtype_name(x.dtype()), " is not supported");
  const size_t spatial = x.rank() - 2;
  const Dims size(std::span<const int64_t>(x.dims().begin() + 2, spatial)), strides = row_major_strides(size);
  Dims dims{x.dims()[0], x.dims()[1]};
  for (size_t d = 0; d < spatial; ++d) dims.push_back(grid.dims()[d + 1]);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const int64_t batch = dims[0], channels = dims[1], in_plane = elements(size);
  const int64_t points = elements(std::span<const int64_t>(dims.begin() + 2, spatial));
  std::vector<double> planes(static_cast<size_t>(channels * in_plane)),
      out(static_cast<size_t>(channels * points)), at(spatial);
  std::vector<Taps> taps(spatial);
  for (int64_t n = 0; n < batch; ++n) {
    widen(x, n * channels * in_plane, channels * in_plane, planes.data());
    for (int64_t p = 0; p < points; ++p) {
      widen(grid, (n * points + p) * static_cast<int64_t>(spatial), static_cast<int64_t>(spatial), at.data());
      for (size_t d = 0; d < spatial; ++d) taps[d] = grid_taps(attrs, at[spatial - 1 - d], size[d]);
      for (int64_t c = 0; c < channels; ++c)
        out[static_cast<size_t>(c * points + p)] = weigh(planes.data() + c * in_plane, taps, strides, 0, 0);
    }
    narrow(out.data(), channels * points, *y, n * channels * points);
  }
  return ok();
}

// The output dims that `size` asks for.
Result<Dims> affine_dims(const Dims& theta, const Dims& size) {
  if (theta.size() != 3 || (size.size() != 4 && size.size() != 5))
    return invalid_model("AffineGrid: theta has shape ", theta, " and size ", size.size(),
                         " numbers, 3 dimensions and 4 or 5 numbers wanted");
  const auto rank = static_cast<int64_t>(size.size()) - 2;
  const auto differ = [](int64_t u, int64_t v) { return u >= 0 && v >= 0 && u != v; };
  if (differ(theta[0], size[0]) || differ(theta[1], rank) || differ(theta[2], rank + 1))
    return invalid_model("AffineGrid: theta has shape ", theta, ", [", size[0], ",", rank, ",", rank + 1,
                         "] wanted");
  Dims grid{size[0]};
  for (size_t d = 2; d < size.size(); ++d) {
    if (size[d] < 0) return invalid_model("AffineGrid: size has the value ", size[d], ", at least 0 wanted");
    grid.push_back(size[d]);
  }
  grid.push_back(rank);
  return grid;
}

Status infer_affine(const InferArgs& a) {
  a.out[0] = Fact(a.in[0].dtype);
  const Fact& theta = a.in[0];
  const Fact& size = a.in[1];
  if (size.has_rank && (size.rank() != 1 || (size.dims[0] >= 0 && size.dims[0] != 4 && size.dims[0] != 5)))
    return invalid_model("AffineGrid: size has shape ", size.dims, ", [4] or [5] wanted");
  if (theta.has_rank && a.value(1) != nullptr) {
    LITE_ASSIGN(Dims grid, affine_dims(theta.dims, a.value(1)->to_ints()));
    a.out[0] = Fact(theta.dtype, std::move(grid));
  } else if (a.in[1].is_static() && a.in[1].rank() == 1 && (a.in[1].dims[0] == 4 || a.in[1].dims[0] == 5)) {
    a.out[0] = unknown_dims(theta.dtype, static_cast<size_t>(a.in[1].dims[0]));
    a.out[0].dims.back() = a.in[1].dims[0] - 2;
    if (theta.has_rank && theta.rank() > 0) a.out[0].dims[0] = theta.dims[0];
  }
  return ok();
}

Status affine(const EvalArgs& a) {
  const Tensor& theta = a.input(0);
  LITE_ASSIGN(const Dims dims, affine_dims(theta.dims(), a.input(1).to_ints()));
  LITE_ASSIGN(Tensor* const grid, a.output(0, theta.dtype(), dims));
  const bool align = a.attrs.i64("align_corners") != 0;
  const auto rank = static_cast<size_t>(dims.back());
  const Widened<double> matrix(theta);
  const Dims space(std::span<const int64_t>(dims.begin(), rank + 1));
  const int64_t points = elements(space);
  std::vector<double> position(rank), to(rank);
  Walker<0> walk(space, {});
  for (int64_t p = 0; p < points; ++p, walk.next()) {
    for (size_t d = 0; d < rank; ++d) {
      const auto size = static_cast<double>(space[d + 1]), at = static_cast<double>(walk.index()[d + 1]);
      position[rank - 1 - d] = align ? (size > 1 ? -1 + 2 * at / (size - 1) : 0) : (2 * at + 1) / size - 1;
    }
    const int64_t row = walk.index()[0] * static_cast<int64_t>(rank * (rank + 1));
    for (size_t d = 0; d < rank; ++d) {
      const int64_t m = row + static_cast<int64_t>(d * (rank + 1));
      to[d] = matrix[m + static_cast<int64_t>(rank)];
      for (size_t k = 0; k < rank; ++k) to[d] += matrix[m + static_cast<int64_t>(k)] * position[k];
    }
    narrow(to.data(), static_cast<int64_t>(rank), *grid, p * static_cast<int64_t>(rank));
  }
  return ok();
}

constexpr TypeSet kTypes = types::kNumeric | types::kComplex | types::kBool | types::kString;
constexpr OperandSpec kSampleIn[] = {{"X", kTypes, 'T'}, {"grid", types::kFloat, 'G'}};
constexpr OperandSpec kSampleOut[] = {{"Y", kTypes, 'T'}};
constexpr AttrSpec kSampleAttrs[] = {
    {"align_corners", AttrType::kInt}, {"mode", AttrType::kString}, {"padding_mode", AttrType::kString}};
constexpr OperandSpec kAffineIn[] = {{"theta", types::kFloat, 'T'}, {"size", DType::kI64}};
constexpr OperandSpec kAffineOut[] = {{"grid", types::kFloat, 'T'}};
constexpr AttrSpec kAffineAttrs[] = {{"align_corners", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "GridSample",
        .since = 22,
        .inputs = kSampleIn,
        .outputs = kSampleOut,
        .attrs = kSampleAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_sample,
        .reference = sample,
    },
    {
        .name = "AffineGrid",
        .since = 20,
        .inputs = kAffineIn,
        .outputs = kAffineOut,
        .attrs = kAffineAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_affine,
        .reference = affine,
    },
};

}  // namespace

extern constinit const OpTable grid_sample;
constinit const OpTable grid_sample{kOps};

}  // namespace lite::ops
