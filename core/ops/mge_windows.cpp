// Windows over images; domain megengine.
//
// AdaptivePool: pools to a given size, with windows and strides that follow from it.
//
//   in  X  [N,C,H,W], float      in  size  [2], int64: output height, width
//   out Y  [N,C,height,width]
//   attr mode string: max (default) or average
//
//   stride = in / out, rounded down; window = in - (out - 1) * stride. out must be in [1, in].
//
// Images2Neibs: what lies under each window, as it is.
//
//   in  X  [N,C,H,W]      out Y  [N,C,oh,ow,h,w]; outside X are zeros
//   attr kernel_shape ints, required: h, w       attr pads ints, default 0: above and below, left and right
//   attr strides, dilations ints, default 1
//
// Correlation: how alike patches of two images are, at displacements of up to max_displacement.
//
//   in  A, B  [N,C,H,W], float      out Y  [N,D*D,oh,ow], D = 2 * (max_displacement / stride2) + 1
//   attr kernel_size int, default 1         attr max_displacement, stride1, stride2 int, default 1
//   attr pad_size int, default 0            attr is_multiply int, default 1: the mean product; 0: the mean of
//   |a - b|
//
//   With radius r = (kernel_size - 1) / 2: oh = ceil((H + 2 * pad_size - 2 * (max_displacement + r)) /
//   stride1).

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr int64_t kLimit = int64_t{1} << 31;

Status check_image(const char* op, const Fact& x) {
  if (x.has_rank && x.rank() != 4)
    return invalid_model(op, ": X has shape ", x.dims, ", four dimensions wanted");
  return ok();
}

Status infer_adaptive(const InferArgs& a) {
  const Fact& x = a.in[0];
  LITE_TRY(check_image("AdaptivePool", x));
  const std::string_view mode = a.attrs.str("mode", "max");
  if (mode != "max" && mode != "average")
    return invalid_model("AdaptivePool: attribute 'mode' is '", mode, "', max or average wanted");
  a.out[0] = Fact(x.dtype, {x.has_rank ? x.dims[0] : kUnknownDim, x.has_rank ? x.dims[1] : kUnknownDim,
                            kUnknownDim, kUnknownDim});
  if (const Tensor* const size = a.value(1)) {
    if (size->elements() != 2)
      return invalid_model("AdaptivePool: size has ", size->elements(), " numbers, 2 wanted");
    for (size_t i = 0; i < 2; ++i) {
      const int64_t out = size->int_at(static_cast<int64_t>(i));
      if (out < 1 || (x.has_rank && x.dims[2 + i] >= 0 && out > x.dims[2 + i]))
        return invalid_model("AdaptivePool: size is ", out, " for an X of shape ", x.dims);
      a.out[0].dims[2 + i] = out;
    }
  }
  return ok();
}

Status adaptive(const EvalArgs& a) {
  const Tensor &x = a.input(0), &size = a.input(1);
  const int64_t planes = x.dims()[0] * x.dims()[1], height = x.dims()[2], width = x.dims()[3];
  const int64_t rows = size.int_at(0), columns = size.int_at(1);
  if (rows < 1 || columns < 1 || rows > height || columns > width)
    return invalid_argument("AdaptivePool: size is ", rows, " by ", columns, " for an X of shape ", x.dims());
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {x.dims()[0], x.dims()[1], rows, columns}));
  const int64_t down = height / rows, across = width / columns, window_h = height - (rows - 1) * down,
                window_w = width - (columns - 1) * across;
  const bool max = a.attrs.str("mode", "max") == "max";
  const Widened<double> xs(x);
  for (int64_t p = 0; p < planes; ++p) {
    if (a.stop_requested()) return a.parallel->cancel->error();
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        double sum = 0, largest = -std::numeric_limits<double>::infinity();
        for (int64_t h = 0; h < window_h; ++h)
          for (int64_t w = 0; w < window_w; ++w) {
            const double v = xs[(p * height + i * down + h) * width + j * across + w];
            sum += v;
            largest = std::max(largest, v);
          }
        const double v = max ? largest : sum / static_cast<double>(window_h * window_w);
        narrow(&v, 1, *y, (p * rows + i) * columns + j);
      }
  }
  return ok();
}

struct Windows {
  int64_t kernel[2], pad[2], stride[2], dilation[2];
};

Result<Windows> read_windows(const AttrReader& r) {
  Windows w{};
  const auto read = [&](const char* name, int64_t(&to)[2], int64_t otherwise, int64_t least) -> Status {
    const std::span<const int64_t> v = r.ints(name);
    if (!r.has(name)) {
      to[0] = to[1] = otherwise;
      return ok();
    }
    if (v.size() != 2)
      return invalid_model("Images2Neibs: attribute '", name, "' has ", v.size(), " numbers, 2 wanted");
    for (size_t i = 0; i < 2; ++i) {
      if (v[i] < least || v[i] >= kLimit)
        return invalid_model("Images2Neibs: attribute '", name, "' has ", v[i], ", wanted in [", least, ",",
                             kLimit, ")");
      to[i] = v[i];
    }
    return ok();
  };
  LITE_TRY(read("kernel_shape", w.kernel, 1, 1));
  LITE_TRY(read("pads", w.pad, 0, 0));
  LITE_TRY(read("strides", w.stride, 1, 1));
  LITE_TRY(read("dilations", w.dilation, 1, 1));
  return w;
}

int64_t windows_along(const Windows& w, size_t i, int64_t in) {
  return (in + 2 * w.pad[i] - (w.dilation[i] * (w.kernel[i] - 1) + 1)) / w.stride[i] + 1;
}

Status infer_neighbours(const InferArgs& a) {
  const Fact& x = a.in[0];
  LITE_TRY(check_image("Images2Neibs", x));
  LITE_ASSIGN(const Windows w, read_windows(a.attrs));
  Dims y(6, kUnknownDim);
  for (size_t i = 0; i < 2; ++i) {
    y[4 + i] = w.kernel[i];
    if (!x.has_rank) continue;
    y[i] = x.dims[i];
    const int64_t in = x.dims[2 + i];
    if (in < 0) continue;
    if (in + 2 * w.pad[i] < w.dilation[i] * (w.kernel[i] - 1) + 1)
      return invalid_model("Images2Neibs: the window is larger than X of shape ", x.dims);
    y[2 + i] = windows_along(w, i, in);
  }
  a.out[0] = Fact(x.dtype, y);
  return ok();
}

Status neighbours(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Windows w, read_windows(a.attrs));
  const int64_t planes = x.dims()[0] * x.dims()[1], height = x.dims()[2], width = x.dims()[3];
  for (size_t i = 0; i < 2; ++i)
    if (x.dims()[2 + i] + 2 * w.pad[i] < w.dilation[i] * (w.kernel[i] - 1) + 1)
      return invalid_argument("Images2Neibs: the window is larger than X of shape ", x.dims());
  const int64_t rows = windows_along(w, 0, height), columns = windows_along(w, 1, width);
  LITE_ASSIGN(Tensor* const y,
              a.output(0, x.dtype(), {x.dims()[0], x.dims()[1], rows, columns, w.kernel[0], w.kernel[1]}));
  return dispatch_bytes("Images2Neibs", x.dtype(), [&]<class T>() -> Status {
    T* out = y->mutable_data<T>();
    for (int64_t p = 0; p < planes; ++p) {
      const T* plane = x.data<T>() + p * height * width;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j)
          for (int64_t h = 0; h < w.kernel[0]; ++h)
            for (int64_t k = 0; k < w.kernel[1]; ++k) {
              const int64_t r = i * w.stride[0] - w.pad[0] + h * w.dilation[0],
                            c = j * w.stride[1] - w.pad[1] + k * w.dilation[1];
              *out++ = r < 0 || r >= height || c < 0 || c >= width ? T() : plane[r * width + c];
            }
    }
    return ok();
  });
}

struct Displacement {
  int64_t radius, reach, stride1, stride2, pad, steps;
};

Result<Displacement> read_displacement(const AttrReader& r) {
  const auto read = [&](const char* name, int64_t otherwise, int64_t least) -> Result<int64_t> {
    const int64_t v = r.i64(name, otherwise);
    if (v >= least && v < (1 << 20)) return v;
    return invalid_model("Correlation: attribute '", name, "' is ", v, ", wanted in [", least, ",", 1 << 20,
                         ")");
  };
  Displacement d{};
  LITE_ASSIGN(const int64_t kernel, read("kernel_size", 1, 1));
  LITE_ASSIGN(d.reach, read("max_displacement", 1, 0));
  LITE_ASSIGN(d.stride1, read("stride1", 1, 1));
  LITE_ASSIGN(d.stride2, read("stride2", 1, 1));
  LITE_ASSIGN(d.pad, read("pad_size", 0, 0));
  d.radius = (kernel - 1) / 2;
  d.steps = 2 * (d.reach / d.stride2) + 1;
  return d;
}

Status infer_correlation(const InferArgs& a) {
  LITE_ASSIGN(const Displacement d, read_displacement(a.attrs));
  LITE_TRY(check_image("Correlation", a.in[0]));
  LITE_TRY(check_image("Correlation", a.in[1]));
  Dims y{kUnknownDim, d.steps * d.steps, kUnknownDim, kUnknownDim};
  if (a.in[0].has_rank) {
    y[0] = a.in[0].dims[0];
    for (size_t i = 2; i < 4; ++i) {
      const int64_t in = a.in[0].dims[i];
      if (in < 0) continue;
      const int64_t room = in + 2 * d.pad - 2 * (d.reach + d.radius);
      if (room < 1) return invalid_model("Correlation: A of shape ", a.in[0].dims, " is too small");
      y[i] = ceil_div(room, d.stride1);
    }
  }
  a.out[0] = Fact(a.in[0].dtype, y);
  return ok();
}

Status correlation(const EvalArgs& a) {
  const Tensor &x = a.input(0), &z = a.input(1);
  LITE_ASSIGN(const Displacement d, read_displacement(a.attrs));
  if (!(x.dims() == z.dims()))
    return invalid_argument("Correlation: A has shape ", x.dims(), ", B ", z.dims(), ", the same wanted");
  const int64_t channels = x.dims()[1], height = x.dims()[2], width = x.dims()[3];
  const auto out_of = [&](int64_t in) {
    return ceil_div(std::max<int64_t>(in + 2 * d.pad - 2 * (d.reach + d.radius), 0), d.stride1);
  };
  const int64_t rows = out_of(height), columns = out_of(width);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), {x.dims()[0], d.steps * d.steps, rows, columns}));
  const bool multiply = a.attrs.i64("is_multiply", 1) != 0;
  const Widened<double> xs(x), zs(z);
  const auto count = static_cast<double>((2 * d.radius + 1) * (2 * d.radius + 1) * channels);
  int64_t at = 0;
  for (int64_t n = 0; n < x.dims()[0]; ++n)
    for (int64_t k = 0; k < d.steps * d.steps; ++k) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const int64_t dx = (k % d.steps - d.steps / 2) * d.stride2,
                    dy = (k / d.steps - d.steps / 2) * d.stride2;
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j, ++at) {
          double sum = 0;
          for (int64_t h = -d.radius; h <= d.radius; ++h)
            for (int64_t w = -d.radius; w <= d.radius; ++w) {
              const int64_t r = i * d.stride1 + d.radius + d.reach - d.pad + h,
                            c = j * d.stride1 + d.radius + d.reach - d.pad + w;
              const auto inside = [&](int64_t rr, int64_t cc) {
                return rr >= 0 && rr < height && cc >= 0 && cc < width;
              };
              for (int64_t m = 0; m < channels; ++m) {
                const int64_t plane = (n * channels + m) * height;
                const double p = inside(r, c) ? xs[(plane + r) * width + c] : 0,
                             q = inside(r + dy, c + dx) ? zs[(plane + r + dy) * width + c + dx] : 0;
                sum += multiply ? p * q : std::abs(p - q);
              }
            }
          const double v = sum / count;
          narrow(&v, 1, *y, at);
        }
    }
  return ok();
}

constexpr OperandSpec kPoolIn[] = {{"X", types::kFloat, 'T'}, {"size", DType::kI64}};
constexpr OperandSpec kFloatOut[] = {{"Y", types::kFloat, 'T'}};
constexpr TypeSet kMoved = types::kNumeric | types::kBool;
constexpr OperandSpec kAnyIn[] = {{"X", kMoved, 'T'}};
constexpr OperandSpec kAnyOut[] = {{"Y", kMoved, 'T'}};
constexpr OperandSpec kPairIn[] = {{"A", types::kFloat, 'T'}, {"B", types::kFloat, 'T'}};
constexpr AttrSpec kPoolAttrs[] = {{"mode", AttrType::kString}};
constexpr AttrSpec kWindowAttrs[] = {{"kernel_shape", AttrType::kInts, true},
                                     {"pads", AttrType::kInts},
                                     {"strides", AttrType::kInts},
                                     {"dilations", AttrType::kInts}};
constexpr AttrSpec kCorrelationAttrs[] = {
    {"kernel_size", AttrType::kInt}, {"max_displacement", AttrType::kInt}, {"stride1", AttrType::kInt},
    {"stride2", AttrType::kInt},     {"pad_size", AttrType::kInt},         {"is_multiply", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "AdaptivePool",
        .domain = "megengine",
        .inputs = kPoolIn,
        .outputs = kFloatOut,
        .attrs = kPoolAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_adaptive,
        .reference = adaptive,
    },
    {
        .name = "Images2Neibs",
        .domain = "megengine",
        .inputs = kAnyIn,
        .outputs = kAnyOut,
        .attrs = kWindowAttrs,
        .infer = infer_neighbours,
        .reference = neighbours,
    },
    {
        .name = "Correlation",
        .domain = "megengine",
        .inputs = kPairIn,
        .outputs = kFloatOut,
        .attrs = kCorrelationAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_correlation,
        .reference = correlation,
    },
};

}  // namespace

extern constinit const OpTable mge_windows;
constinit const OpTable mge_windows{kOps};

}  // namespace lite::ops
