// WarpPerspective: an image seen through a projective map; domain megengine.
//
//   in  X      [N,C,H,W], float            in  M  [B,3,3], float32
//   in  size   [2], int64: output height, width
//   in  index  optional [B], int64: which image each matrix takes; without it B is N, image by image
//   out Y      [B,C,height,width]
//
// The element of Y at (x, y) is X at (u / w, v / w), where (u, v, w) = M (x, y, 1).
//
// Remap: the same with the places given.
//
//   in  X  [N,C,H,W], float      in  map  [N,height,width,2], float32: x, then y      out Y
//   [N,C,height,width]
//
// Attributes of both:
//   mode          string: linear (default) or nearest (halves to even)
//   border        string, what lies outside: replicate (default), reflect (the edge twice), reflect_101
//   (once),
//                 wrap, or constant: border_value
//   border_value  float, default 0; also where a constant border's result is not finite

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

enum class Border : uint8_t { kReplicate, kReflect, kReflect101, kWrap, kConstant };

struct Sampling {
  Border border = Border::kReplicate;
  bool linear = true;
  double value = 0;
};

Result<Sampling> read_sampling(const AttrReader& r) {
  const char* op = r.node().op->name;
  Sampling s;
  const std::string_view mode = r.str("mode", "linear"), border = r.str("border", "replicate");
  static constexpr std::string_view kNames[] = {"replicate", "reflect", "reflect_101", "wrap", "constant"};
  const auto it = std::find(std::begin(kNames), std::end(kNames), border);
  if (it == std::end(kNames))
    return invalid_model(op, ": attribute 'border' is '", border, "', which is none");
  s.border = static_cast<Border>(it - std::begin(kNames));
  if (mode != "linear" && mode != "nearest")
    return invalid_model(op, ": attribute 'mode' is '", mode, "', linear or nearest wanted");
  s.linear = mode == "linear";
  s.value = static_cast<double>(r.f32("border_value", 0));
  return s;
}

// Where p lies in [0, n); -1 outside of a constant border.
int64_t place(int64_t p, int64_t n, Border border) {
  if (p >= 0 && p < n) return p;
  const auto modulo = [](int64_t a, int64_t m) { return (a % m + m) % m; };
  switch (border) {
    case Border::kReplicate:
      return p < 0 ? 0 : n - 1;
    case Border::kReflect: {
      const int64_t q = modulo(p, 2 * n);
      return q < n ? q : 2 * n - 1 - q;
    }
    case Border::kReflect101: {
      if (n == 1) return 0;
      const int64_t q = modulo(p, 2 * n - 2);
      return q < n ? q : 2 * n - 2 - q;
    }
    case Border::kWrap:
      return modulo(p, n);
    case Border::kConstant:
      break;
  }
  return -1;
}

// The four elements around a point, or the one, and their weights.
struct Taps {
  int64_t at[4] = {-1, -1, -1, -1};
  float weight[4] = {};
  int count = 4;
};

// Points far outside would not fit an integer; they are as good as any that is far outside.
int64_t whole(float v) {
  constexpr float kFar = 1e9f;
  return std::isnan(v) ? static_cast<int64_t>(-kFar) : static_cast<int64_t>(std::clamp(v, -kFar, kFar));
}

Taps taps_at(float x, float y, int64_t height, int64_t width, const Sampling& s) {
  Taps t;
  const auto at = [&](int64_t row, int64_t column) -> int64_t {
    const int64_t r = place(row, height, s.border), c = place(column, width, s.border);
    return r < 0 || c < 0 ? -1 : r * width + c;
  };
  if (!s.linear) {
    t.count = 1;
    t.at[0] = at(whole(std::nearbyint(y)), whole(std::nearbyint(x)));
    t.weight[0] = 1;
    return t;
  }
  const float left = std::floor(x), top = std::floor(y), across = x - left, down = y - top;
  const int64_t c = whole(left), r = whole(top);
  t.at[0] = at(r, c), t.weight[0] = (1 - across) * (1 - down);
  t.at[1] = at(r, c + 1), t.weight[1] = across * (1 - down);
  t.at[2] = at(r + 1, c), t.weight[2] = (1 - across) * down;
  t.at[3] = at(r + 1, c + 1), t.weight[3] = across * down;
  return t;
}

// Writes the samples of one image; locate(i, j) gives x and y of output row i, column j.
template <class Locate>
void sample_image(const Sampling& s, const float* x, int64_t channels, int64_t height, int64_t width,
                  Tensor& y, int64_t image, int64_t rows, int64_t columns, Locate&& locate) {
  const auto outside = static_cast<float>(s.value);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      const auto [px, py] = locate(i, j);
      const Taps t = taps_at(px, py, height, width, s);
      for (int64_t c = 0; c < channels; ++c) {
        const float* plane = x + c * height * width;
        float sum = 0;
        for (int k = 0; k < t.count; ++k) sum += (t.at[k] < 0 ? outside : plane[t.at[k]]) * t.weight[k];
        if (s.border == Border::kConstant && !std::isfinite(sum)) sum = outside;
        narrow(&sum, 1, y, ((image * channels + c) * rows + i) * columns + j);
      }
    }
}

Status check_rank(const char* op, const char* name, const Fact& f, size_t rank) {
  if (f.has_rank && f.rank() != rank)
    return invalid_model(op, ": ", name, " has shape ", f.dims, ", ", rank, " dimensions wanted");
  return ok();
}

Status infer_warp(const InferArgs& a) {
  const char* op = "WarpPerspective";
  LITE_TRY(read_sampling(a.attrs).status());
  const Fact &x = a.in[0], &m = a.in[1];
  LITE_TRY(check_rank(op, "X", x, 4));
  LITE_TRY(check_rank(op, "M", m, 3));
  LITE_TRY(check_rank(op, "size", a.in[2], 1));
  if (m.has_rank)
    for (const size_t d : {1U, 2U})
      if (m.dims[d] >= 0 && m.dims[d] != 3)
        return invalid_model(op, ": M has shape ", m.dims, ", [B,3,3] wanted");
  const int64_t batch = m.has_rank ? m.dims[0] : kUnknownDim;
  if (!a.has(3) && x.has_rank && batch >= 0 && x.dims[0] >= 0 && batch != x.dims[0])
    return invalid_model(op, ": has ", x.dims[0], " images and ", batch, " matrices");
  if (a.has(3)) {
    LITE_TRY(check_rank(op, "index", a.in[3], 1));
    if (a.in[3].has_rank && batch >= 0 && a.in[3].dims[0] >= 0 && a.in[3].dims[0] != batch)
      return invalid_model(op, ": has ", a.in[3].dims[0], " indices and ", batch, " matrices");
  }
  a.out[0] = Fact(x.dtype, {batch, x.has_rank ? x.dims[1] : kUnknownDim, kUnknownDim, kUnknownDim});
  if (const Tensor* const size = a.value(2)) {
    if (size->elements() != 2)
      return invalid_model(op, ": size has ", size->elements(), " numbers, 2 wanted");
    for (const int64_t i : {0, 1}) {
      if (size->int_at(i) < 0) return invalid_model(op, ": size has ", size->int_at(i));
      a.out[0].dims[static_cast<size_t>(2 + i)] = size->int_at(i);
    }
  }
  return ok();
}

Status warp(const EvalArgs& a) {
  const Tensor &x = a.input(0), &m = a.input(1), &size = a.input(2);
  LITE_ASSIGN(const Sampling s, read_sampling(a.attrs));
  const int64_t images = x.dims()[0], channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3];
  const int64_t batch = m.dims()[0], rows = size.int_at(0), columns = size.int_at(1);
  if (rows < 0 || columns < 0) return invalid_argument("WarpPerspective: size is ", rows, " by ", columns);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {batch, channels, rows, columns}));
  if (y->elements() == 0) return ok();
  if (height == 0 || width == 0)
    return invalid_argument("WarpPerspective: X of shape ", x.dims(), " is empty");
  const Widened<float> xs(x);
  for (int64_t n = 0; n < batch; ++n) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const int64_t image = a.has(3) ? a.input(3).int_at(n) : n;
    if (image < 0 || image >= images)
      return invalid_argument("WarpPerspective: index[", n, "] is ", image, ", wanted in [0,", images, ")");
    const float* const p = m.data<float>() + n * 9;
    sample_image(s, xs.data() + image * channels * height * width, channels, height, width, *y, n, rows,
                 columns, [&](int64_t i, int64_t j) {
                   const auto fx = static_cast<float>(j), fy = static_cast<float>(i);
                   const float w = p[6] * fx + p[7] * fy + p[8];
                   return std::pair((p[0] * fx + p[1] * fy + p[2]) / w, (p[3] * fx + p[4] * fy + p[5]) / w);
                 });
  }
  return ok();
}

Status infer_remap(const InferArgs& a) {
  const Fact &x = a.in[0], &map = a.in[1];
  LITE_TRY(read_sampling(a.attrs).status());
  LITE_TRY(check_rank("Remap", "X", x, 4));
  LITE_TRY(check_rank("Remap", "map", map, 4));
  if (map.has_rank && map.dims[3] >= 0 && map.dims[3] != 2)
    return invalid_model("Remap: map has shape ", map.dims, ", [N,height,width,2] wanted");
  if (map.has_rank && x.has_rank && map.dims[0] >= 0 && x.dims[0] >= 0 && map.dims[0] != x.dims[0])
    return invalid_model("Remap: has ", x.dims[0], " images and ", map.dims[0], " maps");
  a.out[0] =
      Fact(x.dtype, {x.has_rank ? x.dims[0] : kUnknownDim, x.has_rank ? x.dims[1] : kUnknownDim,
                     map.has_rank ? map.dims[1] : kUnknownDim, map.has_rank ? map.dims[2] : kUnknownDim});
  return ok();
}

Status remap(const EvalArgs& a) {
  const Tensor &x = a.input(0), &map = a.input(1);
  LITE_ASSIGN(const Sampling s, read_sampling(a.attrs));
  const int64_t channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3], rows = map.dims()[1],
                columns = map.dims()[2];
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {x.dims()[0], channels, rows, columns}));
  if (y->elements() == 0) return ok();
  if (height == 0 || width == 0) return invalid_argument("Remap: X of shape ", x.dims(), " is empty");
  const Widened<float> xs(x);
  for (int64_t n = 0; n < x.dims()[0]; ++n) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    const float* const p = map.data<float>() + n * rows * columns * 2;
    sample_image(s, xs.data() + n * channels * height * width, channels, height, width, *y, n, rows, columns,
                 [&](int64_t i, int64_t j) {
                   const float* const at = p + (i * columns + j) * 2;
                   return std::pair(at[0], at[1]);
                 });
  }
  return ok();
}

constexpr OperandSpec kWarpIn[] = {{"X", types::kFloat, 'T'},
                                   {"M", DType::kF32},
                                   {"size", DType::kI64},
                                   {"index", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kRemapIn[] = {{"X", types::kFloat, 'T'}, {"map", DType::kF32}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {
    {"mode", AttrType::kString}, {"border", AttrType::kString}, {"border_value", AttrType::kFloat}};

constexpr OpDef kOps[] = {
    {
        .name = "WarpPerspective",
        .domain = "megengine",
        .inputs = kWarpIn,
        .outputs = kOut,
        .attrs = kAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_warp,
        .reference = warp,
    },
    {
        .name = "Remap",
        .domain = "megengine",
        .inputs = kRemapIn,
        .outputs = kOut,
        .attrs = kAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_remap,
        .reference = remap,
    },
};

}  // namespace

extern constinit const OpTable mge_warp;
constinit const OpTable mge_warp{kOps};

}  // namespace lite::ops
