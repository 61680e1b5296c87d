// DeformConv: a convolution each of whose taps is moved by an offset of its own and sampled bilinearly, and
// weighted.
//
//   in  X       [N,C,H,W], float          in  W  [M,C/group,kh,kw]
//   in  offset  [N, offset_group * kh * kw * 2, oh, ow]: for each tap how far down, then how far right
//   in  B       optional [M]              in  mask  optional [N, offset_group * kh * kw, oh, ow], default 1
//   out Y       [N,M,oh,ow], sizes as in Conv
//   attrs of Conv but for auto_pad; offset_group int, default 1: divides C
//
// What lies outside X is 0.

#include <cmath>

#include "core/ops/op.h"
#include "core/ops/widen.h"
#include "core/ops/window.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const Fact &x = a.in[0], &w = a.in[1];
  LITE_ASSIGN(a.out[0], infer_conv(a.attrs, x, w, a.has(3) ? &a.in[3] : nullptr, x.dtype));
  if (!a.out[0].has_rank) return ok();
  if (a.out[0].rank() != 4)
    return unsupported("DeformConv: X of shape ", x.dims, ", only images of two dimensions are supported");
  const int64_t groups = a.attrs.i64("offset_group", 1);
  if (groups < 1)
    return invalid_model("DeformConv: attribute 'offset_group' is ", groups, ", at least 1 wanted");
  if (x.has_rank && x.dims[1] >= 0 && x.dims[1] % groups != 0)
    return invalid_model("DeformConv: X has ", x.dims[1], " channels, a multiple of offset_group ", groups,
                         " wanted");
  const Dims& y = a.out[0].dims;
  for (const size_t i : {2U, 4U}) {
    if (!a.has(i) || !a.in[i].has_rank) continue;
    std::optional<int64_t> planes = kUnknownDim;
    if (w.has_rank && w.dims[2] >= 0 && w.dims[3] >= 0) {
      planes = checked_mul(w.dims[2], w.dims[3]);
      if (planes) planes = checked_mul(*planes, groups);
      if (planes && i == 2) planes = checked_mul(*planes, 2);
      if (!planes) return invalid_model("DeformConv: offset_group ", groups, " is too large");
    }
    const Dims want{y[0], *planes, y[2], y[3]};
    bool fits = a.in[i].rank() == 4;
    for (size_t d = 0; fits && d < 4; ++d)
      fits = want[d] < 0 || a.in[i].dims[d] < 0 || want[d] == a.in[i].dims[d];
    if (!fits)
      return invalid_model("DeformConv: ", i == 2 ? "offset" : "mask", " has shape ", a.in[i].dims, ", ",
                           want, " wanted");
  }
  return ok();
}

double bilinear(const double* plane, int64_t height, int64_t width, double y, double x) {
  if (!(y > -1 && y < static_cast<double>(height) && x > -1 && x < static_cast<double>(width))) return 0;
  const double top = std::floor(y), left = std::floor(x), down = y - top, across = x - left;
  const auto at = [&](int64_t i, int64_t j) {
    return i < 0 || i >= height || j < 0 || j >= width ? 0 : plane[i * width + j];
  };
  const auto i = static_cast<int64_t>(top), j = static_cast<int64_t>(left);
  return (1 - down) * ((1 - across) * at(i, j) + across * at(i, j + 1)) +
         down * ((1 - across) * at(i + 1, j) + across * at(i + 1, j + 1));
}

Status reference(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const ConvShape s, resolve_conv(a.attrs, x.dims(), a.input(1).dims()));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), s.y()));
  const int64_t offset_groups = a.attrs.i64("offset_group", 1), taps = elements(s.window.kernel),
                plane = elements(s.out);
  const int64_t height = s.in[0], width = s.in[1], per_group = s.channels / s.group;
  const Widened<double> xs(x), ws(a.input(1)), offsets(a.input(2));
  std::vector<double> bias(static_cast<size_t>(s.filters), 0),
      mask(static_cast<size_t>(s.batch * offset_groups * taps * plane), 1);
  if (a.has(3)) widen(a.input(3), 0, s.filters, bias.data());
  if (a.has(4)) widen(a.input(4), 0, a.input(4).elements(), mask.data());
  std::vector<double> sampled(static_cast<size_t>(s.channels * taps));
  for (int64_t n = 0; n < s.batch; ++n)
    for (int64_t p = 0; p < plane; ++p) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      const int64_t row = p / s.out[1], column = p % s.out[1];
      for (int64_t c = 0; c < s.channels; ++c)
        for (int64_t t = 0; t < taps; ++t) {
          const int64_t group = (n * offset_groups + c / (s.channels / offset_groups)) * taps + t;
          const auto base = [&](size_t d, int64_t at, int64_t tap) {
            return static_cast<double>(at * s.window.strides[d] + tap * s.window.dilations[d] -
                                       s.window.pads_begin[d]);
          };
          const double i = base(0, row, t / s.window.kernel[1]) + offsets[(2 * group) * plane + p];
          const double j = base(1, column, t % s.window.kernel[1]) + offsets[(2 * group + 1) * plane + p];
          sampled[static_cast<size_t>(c * taps + t)] =
              mask[static_cast<size_t>(group * plane + p)] *
              bilinear(xs.data() + (n * s.channels + c) * height * width, height, width, i, j);
        }
      for (int64_t m = 0; m < s.filters; ++m) {
        const double* of_group = sampled.data() + m / (s.filters / s.group) * per_group * taps;
        double sum = bias[static_cast<size_t>(m)];
        for (int64_t k = 0; k < per_group * taps; ++k) sum += ws[m * per_group * taps + k] * of_group[k];
        narrow(&sum, 1, *y, (n * s.filters + m) * plane + p);
      }
    }
  return ok();
}

constexpr OperandSpec kIn[] = {{"X", types::kFloat, 'T'},
                               {"W", types::kFloat, 'T'},
                               {"offset", types::kFloat, 'T'},
                               {"B", types::kFloat, 'T', OperandSpec::kOptional},
                               {"mask", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"dilations", AttrType::kInts},    {"group", AttrType::kInt},
                               {"kernel_shape", AttrType::kInts}, {"offset_group", AttrType::kInt},
                               {"pads", AttrType::kInts},         {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "DeformConv",
    .since = 22,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable deform_conv;
constinit const OpTable deform_conv{kOps};

}  // namespace lite::ops
