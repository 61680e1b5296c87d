// CvtColor: one colour space to another; domain megengine.
//
//   in  X  [N,H,W,C], float32 or uint8      out Y  [N,H,W,C'] of the same type
//   attr mode int, required, MegEngine's number:
//     0 RGB to grey      1 RGB to YUV       2 YUV to RGB      3 grey to RGB      7 RGB to BGR, 9 the other
//     way 8 BGR to grey      4, 5, 6 RGBA to RGB, BGR, grey 10 ... 21: one channel of H * 3 / 2 rows, a plane
//     of Y and half sized U and V, in uint8 only, to grey, RGB and BGR (in this order) from NV21 (V and U
//     alternate), NV12 (U and V), YV12 (a plane of V, then of U), YU12 22, 23: as 11 and 12
//
// Integers are calculated with fixed point: 14 bits, rounded, for RGB; 8 bits, rounded down, for the planes.

#include <algorithm>

#include "core/ops/op.h"

namespace lite::ops {
namespace {

enum Mode : int64_t {
  kRgbToGrey,
  kRgbToYuv,
  kYuvToRgb,
  kGreyToRgb,
  kRgbaToRgb,
  kRgbaToBgr,
  kRgbaToGrey,
  kRgbToBgr,
  kBgrToGrey,
  kBgrToRgb,
  kFirstPlanar,
  kLastPlanar = 21,
  kYCrCbToRgb,
  kYCrCbToBgr,
};

constexpr int64_t kChannelsIn[] = {3, 3, 3, 1, 4, 4, 4, 3, 3, 3};
constexpr int64_t kChannelsOut[] = {1, 3, 3, 3, 3, 3, 1, 3, 1, 3};

bool is_planar(int64_t mode) { return mode >= kFirstPlanar; }
// What planar modes make: grey, RGB, BGR; and how their colours lie: NV21, NV12, YV12, YU12.
int64_t planar_kind(int64_t mode) {
  return mode >= kYCrCbToRgb ? mode - kYCrCbToRgb + 1 : (mode - kFirstPlanar) % 3;
}
int64_t planar_order(int64_t mode) { return mode >= kYCrCbToRgb ? 0 : (mode - kFirstPlanar) / 3; }

Status infer(const InferArgs& a) {
  const Fact& x = a.in[0];
  const int64_t mode = a.attrs.i64("mode");
  if (mode < 0 || mode > kYCrCbToBgr) return unsupported("CvtColor: mode ", mode, " is not supported");
  if (is_planar(mode) && x.dtype == DType::kF32)
    return unsupported("CvtColor: mode ", mode, " is for uint8 only");
  if (x.has_rank && x.rank() != 4)
    return invalid_model("CvtColor: X has shape ", x.dims, ", four dimensions wanted");
  Dims y(4, kUnknownDim);
  y[3] = is_planar(mode) ? (planar_kind(mode) == 0 ? 1 : 3) : kChannelsOut[mode];
  if (x.has_rank) {
    const int64_t wanted = is_planar(mode) ? 1 : kChannelsIn[mode];
    if (x.dims[3] >= 0 && x.dims[3] != wanted)
      return invalid_model("CvtColor: X has ", x.dims[3], " channels, ", wanted, " wanted");
    for (size_t i = 0; i < 3; ++i) y[i] = x.dims[i];
    if (is_planar(mode) && y[1] >= 0) {
      if (y[1] % 3 != 0) return invalid_model("CvtColor: X has ", y[1], " rows, a multiple of 3 wanted");
      y[1] = y[1] / 3 * 2;
    }
    if (is_planar(mode) && planar_kind(mode) != 0)
      for (const size_t i : {1U, 2U})
        if (y[i] >= 0 && y[i] % 2 != 0)
          return invalid_model("CvtColor: the image has shape ", y, ", even sizes wanted");
  }
  a.out[0] = Fact(x.dtype, y);
  return ok();
}

uint8_t saturate(int v) { return static_cast<uint8_t>(std::clamp(v, 0, 255)); }
int descale(int v) { return (v + (1 << 13)) >> 14; }

void pixel(int64_t mode, const float* x, float* y) {
  switch (mode) {
    case kRgbToGrey:
      y[0] = x[0] * 0.299f + x[1] * 0.587f + x[2] * 0.114f;
      break;
    case kBgrToGrey:
      y[0] = x[2] * 0.299f + x[1] * 0.587f + x[0] * 0.114f;
      break;
    case kRgbToYuv:
      y[0] = x[0] * 0.114f + x[1] * 0.587f + x[2] * 0.299f;
      y[1] = (x[0] - y[0]) * 0.492f + 0.5f;
      y[2] = (x[2] - y[0]) * 0.877f + 0.5f;
      break;
    case kYuvToRgb: {
      const float u = x[1] - 0.5f, v = x[2] - 0.5f;
      y[0] = x[0] + u * 2.032f;
      y[1] = x[0] + v * -0.581f + u * -0.395f;
      y[2] = x[0] + v * 1.140f;
      break;
    }
    default:
      y[0] = x[0] * 0.299f + x[1] * 0.587f + x[2] * 0.114f;
  }
}

void pixel(int64_t mode, const uint8_t* x, uint8_t* y) {
  const auto grey = [](int r, int g, int b) {
    return static_cast<uint8_t>(descale(r * 4899 + g * 9617 + b * 1868));
  };
  switch (mode) {
    case kBgrToGrey:
      y[0] = grey(x[2], x[1], x[0]);
      break;
    case kRgbToYuv: {
      const int luma = descale(x[0] * 1868 + x[1] * 9617 + x[2] * 4899);
      y[0] = saturate(luma);
      y[1] = saturate(descale((x[0] - luma) * 8061 + (128 << 14)));
      y[2] = saturate(descale((x[2] - luma) * 14369 + (128 << 14)));
      break;
    }
    case kYuvToRgb: {
      const int u = x[1] - 128, v = x[2] - 128;
      y[0] = saturate(x[0] + descale(u * 33292));
      y[1] = saturate(x[0] + descale(v * -9519 + u * -6472));
      y[2] = saturate(x[0] + descale(v * 18678));
      break;
    }
    default:
      y[0] = grey(x[0], x[1], x[2]);
  }
}

template <class T>
void convert(int64_t mode, const T* x, T* y, int64_t pixels) {
  const int64_t in = kChannelsIn[mode], out = kChannelsOut[mode];
  for (int64_t i = 0; i < pixels; ++i, x += in, y += out) {
    switch (mode) {
      case kGreyToRgb:
        y[0] = y[1] = y[2] = x[0];
        break;
      case kRgbaToRgb:
        y[0] = x[0], y[1] = x[1], y[2] = x[2];
        break;
      case kRgbaToBgr:
      case kRgbToBgr:
      case kBgrToRgb:
        y[0] = x[2], y[1] = x[1], y[2] = x[0];
        break;
      default:
        pixel(mode, x, y);
    }
  }
}

// One image: `height` rows of Y, then the colours of each block of two by two.
void convert_planes(int64_t mode, const uint8_t* x, uint8_t* y, int64_t height, int64_t width) {
  const int64_t order = planar_order(mode);
  const bool bgr = planar_kind(mode) == 2, planes = order >= 2;
  const bool u_first = order == 1 || order == 3;
  const uint8_t* const colours = x + height * width;
  const int64_t half = width / 2, plane = height / 2 * half;
  for (int64_t r = 0; r < height; ++r)
    for (int64_t c = 0; c < width; ++c, y += 3) {
      const int64_t block = r / 2 * half + c / 2;
      const int first = planes ? colours[block] : colours[2 * block],
                second = planes ? colours[plane + block] : colours[2 * block + 1];
      const int u = (u_first ? first : second) - 128, v = (u_first ? second : first) - 128,
                luma = x[r * width + c];
      const uint8_t red = saturate(luma + ((359 * v) >> 8)),
                    green = saturate(luma - ((88 * u + 183 * v) >> 8)),
                    blue = saturate(luma + ((454 * u) >> 8));
      y[0] = bgr ? blue : red, y[1] = green, y[2] = bgr ? red : blue;
    }
}

Status evaluate(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const int64_t mode = a.attrs.i64("mode"), width = x.dims()[2];
  Dims dims = x.dims();
  if (!is_planar(mode)) {
    dims[3] = kChannelsOut[mode];
    LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
    const int64_t pixels = dims[0] * dims[1] * width;
    if (x.dtype() == DType::kF32)
      convert(mode, x.data<float>(), y->mutable_data<float>(), pixels);
    else
      convert(mode, x.data<uint8_t>(), y->mutable_data<uint8_t>(), pixels);
    return ok();
  }
  const int64_t stored = dims[1], height = stored / 3 * 2, kind = planar_kind(mode);
  dims[1] = height;
  dims[3] = kind == 0 ? 1 : 3;
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kU8, dims));
  for (int64_t n = 0; n < dims[0]; ++n) {
    const uint8_t* from = x.data<uint8_t>() + n * stored * width;
    uint8_t* to = y->mutable_data<uint8_t>() + n * height * width * dims[3];
    if (kind == 0)
      std::copy_n(from, height * width, to);
    else
      convert_planes(mode, from, to, height, width);
  }
  return ok();
}

constexpr TypeSet kTypes = DType::kF32 | DType::kU8;
constexpr OperandSpec kIn[] = {{"X", kTypes, 'T'}};
constexpr OperandSpec kOut[] = {{"Y", kTypes, 'T'}};
constexpr AttrSpec kAttrs[] = {{"mode", AttrType::kInt, true}};

constexpr OpDef kOps[] = {
    {
        .name = "CvtColor",
        .domain = "megengine",
        .inputs = kIn,
        .outputs = kOut,
        .attrs = kAttrs,
        .infer = infer,
        .reference = evaluate,
    },
};

}  // namespace

extern constinit const OpTable mge_color;
constinit const OpTable mge_color{kOps};

}  // namespace lite::ops
