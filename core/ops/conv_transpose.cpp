// ConvTranspose: the convolution's transpose (gradient), over 1, 2, 3 or more spatial dimensions.
//
//   in  X  [N,C,spatial...], float
//   in  W  [C,M/group,kernel...]
//   in  B  optional [M]
//   out Y  [N,M,spatial...]; sizes as window.h says of transposed windows
//   attr auto_pad       string, default NOTSET    attr dilations    ints, default 1
//   attr group          int, default 1            attr kernel_shape ints, default W's
//   attr output_padding ints, default 0           attr output_shape ints, default: follows from the rest
//   attr pads           ints, default 0           attr strides      ints, default 1

#include "core/ops/conv_reference.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

struct Shape {
  Window window;
  int64_t filters = kUnknownDim;
  int64_t group = 1;
  Dims in;
};

// With unknown dimensions where the facts have them.
Result<Shape> resolve(const AttrReader& attrs, const Dims& x, const Dims& w, const Fact* b) {
  const auto broken = [](const auto&... what) { return invalid_model("ConvTranspose: ", what...); };
  Shape s;
  s.group = attrs.i64("group", 1);
  if (s.group < 1) return broken("attribute 'group' is ", s.group, ", at least 1 wanted");
  if (x.size() < 3 || x.size() != w.size())
    return broken("X has shape ", x, " and W ", w, ", the same rank, at least 3, wanted");
  if (x[1] >= 0 && w[0] >= 0 && x[1] != w[0]) return broken("X has ", x[1], " channels, W ", w[0]);
  if (w[0] >= 0 && w[0] % s.group != 0)
    return broken("W has ", w[0], " channels, a multiple of group ", s.group, " wanted");
  if (w[1] >= 0) {
    const auto filters = checked_mul(w[1], s.group);
    if (!filters) return broken("group ", s.group, " times ", w[1], " filters does not fit");
    s.filters = *filters;
  } else if (s.group == 1) {
    s.filters = w[1];
  }
  if (b != nullptr && b->has_rank &&
      (b->rank() != 1 || (b->dims[0] >= 0 && s.filters >= 0 && b->dims[0] != s.filters)))
    return broken("B has shape ", b->dims, ", [", s.filters, "] wanted");
  const size_t spatial = x.size() - 2;
  const Dims kernel(std::span<const int64_t>(w.begin() + 2, spatial));
  s.in = Dims(std::span<const int64_t>(x.begin() + 2, spatial));
  LITE_ASSIGN(const WindowAttrs attr, read_window(attrs, spatial, &kernel));
  LITE_ASSIGN(s.window, resolve_transposed(attrs, attr, s.in));
  return s;
}

Status infer(const InferArgs& a) {
  a.out[0] = Fact(a.in[0].dtype);
  const Fact &x = a.in[0], &w = a.in[1];
  if (!x.has_rank && !w.has_rank) return ok();
  const Dims unknown((x.has_rank ? x : w).rank(), kUnknownDim);
  LITE_ASSIGN(const Shape s, resolve(a.attrs, x.has_rank ? x.dims : unknown, w.has_rank ? w.dims : unknown,
                                     a.has(2) ? &a.in[2] : nullptr));
  Dims y{x.has_rank ? x.dims[0] : kUnknownDim, s.filters};
  for (const int64_t d : s.window.out) y.push_back(d);
  a.out[0] = Fact(x.dtype, std::move(y));
  return ok();
}

// Adds one input plane times one weight to an output plane, in spatial dimensions [d, rank): the mirror of
// accumulate_tap().
template <class In>
void scatter_tap(const Window& w, const Dims& in, const Dims& tap, size_t d, const In* x, double weight,
                 double* acc) {
  const int64_t stride = w.strides[d], offset = tap[d] * w.dilations[d] - w.pads_begin[d];
  const auto [first, last] = columns_inside(in[d], w.out[d], stride, offset);
  int64_t out_step = 1, in_step = 1;
  for (size_t k = d + 1; k < w.rank(); ++k) out_step *= w.out[k], in_step *= in[k];
  for (int64_t i = first; i < last; ++i) {
    if (d + 1 == w.rank())
      acc[i * stride + offset] += weight * static_cast<double>(x[i]);
    else
      scatter_tap(w, in, tap, d + 1, x + i * in_step, weight, acc + (i * stride + offset) * out_step);
  }
}

template <class T>
Status evaluate(const EvalArgs& a) {
  const Tensor &x = a.input(0), &w = a.input(1);
  LITE_ASSIGN(const Shape s, resolve(a.attrs, x.dims(), w.dims(), nullptr));
  const int64_t batch = x.dims()[0], channels = x.dims()[1];
  Dims dims{batch, s.filters};
  for (const int64_t d : s.window.out) dims.push_back(d);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const Widened<T> xs(x), ws(w);
  const int64_t in_plane = elements(s.in), out_plane = elements(s.window.out),
                taps = elements(s.window.kernel);
  const int64_t group_channels = channels / s.group, group_filters = s.filters / s.group;
  std::vector<double> bias(static_cast<size_t>(s.filters), 0), acc(static_cast<size_t>(out_plane));
  if (a.has(2)) widen(a.input(2), 0, s.filters, bias.data());
  for (int64_t n = 0; n < batch; ++n) {
    for (int64_t m = 0; m < s.filters; ++m) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      std::fill(acc.begin(), acc.end(), bias[static_cast<size_t>(m)]);
      const int64_t first = m / group_filters * group_channels;
      for (int64_t c = first; c < first + group_channels; ++c) {
        Walker<0> tap(s.window.kernel, {});
        for (int64_t t = 0; t < taps; ++t, tap.next()) {
          const T weight = ws[(c * group_filters + m % group_filters) * taps + t];
          scatter_tap(s.window, s.in, tap.index(), 0, xs.data() + (n * channels + c) * in_plane,
                      static_cast<double>(weight), acc.data());
        }
      }
      narrow(acc.data(), out_plane, *y, (n * s.filters + m) * out_plane);
    }
  }
  return ok();
}

Status reference(const EvalArgs& a) {
  return a.input(0).dtype() == DType::kF64 ? evaluate<double>(a) : evaluate<float>(a);
}

constexpr OperandSpec kIn[] = {
    {"X", types::kFloat, 'T'}, {"W", types::kFloat, 'T'}, {"B", types::kFloat, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", types::kFloat, 'T'}};
constexpr AttrSpec kAttrs[] = {{"auto_pad", AttrType::kString},     {"dilations", AttrType::kInts},
                               {"group", AttrType::kInt},           {"kernel_shape", AttrType::kInts},
                               {"output_padding", AttrType::kInts}, {"output_shape", AttrType::kInts},
                               {"pads", AttrType::kInts},           {"strides", AttrType::kInts}};

constexpr OpDef kOps[] = {{
    .name = "ConvTranspose",
    .since = 22,
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable conv_transpose;
constinit const OpTable conv_transpose{kOps};

}  // namespace lite::ops
