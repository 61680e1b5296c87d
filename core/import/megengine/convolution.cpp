// Convolutions, with what is fused to them.
#include "core/import/megengine/convolution.h"

#include "core/import/megengine/elemwise.h"

namespace lite::mge {
namespace {

// mode CONVOLUTION turns the kernel round.
ValueId turned(Builder& b, ValueId w, const Geometry& g) {
  if (g.mode == 0) return w;
  const size_t spatial = g.strides.size();
  std::vector<int64_t> axes, from(spatial, -1), to(spatial, INT64_MIN + 1), steps(spatial, -1);
  for (size_t i = 0; i < spatial; ++i) axes.push_back(static_cast<int64_t>(i) + 2);
  return b.add("Slice", {w, b.ints(from), b.ints(to), b.ints(axes), b.ints(steps)});
}

// The number of groups where the weights' shape is known only at run time.
int64_t groups_of(Builder& b, ValueId w, const Geometry& g, int64_t found) {
  if (g.sparse == 0 || g.format != 0 || b.failed()) return found;
  const Fact& t = b.traced(w);
  return t.has_rank && t.rank() > 0 && t.dims[0] > 0 ? t.dims[0] : found;
}

constexpr const char* kActivations[] = {nullptr, "Relu", "Sigmoid", "HardSwish"};

// What ConvBias does: y = activation(conv(x, w) + bias + z). `has_fused`: inputs 2 and 3 are bias and z.
Status convolve(Call& c, const Geometry& g, uint32_t activation, bool has_fused) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, has_fused ? 4 : 2));
  LITE_TRY(check_geometry(g));
  const FormatRow* const format = format_row(g.format);
  if (format == nullptr) return invalid_model("its format is ", g.format, ", which is none");
  if (activation >= std::size(kActivations))
    return invalid_model("its activation is ", activation, ", which is none");
  const ElementType tx = c.type(0), tw = c.type(1);
  // The first layer of these formats reads plain images.
  const bool starts = (g.format >= 6 && g.format <= 8) && c.rank(0) == 4;
  const ValueId x = c.plain(0, starts ? Blocked::kNone : format->in);
  const int64_t groups_known = b.dim(c.in(1), 0);
  PlainWeights w;
  if (g.format == 0 && g.sparse != 0 && groups_known < 0) {
    w.groups = groups_of(b, c.in(1), g, -1);
    w.value = b.reshape_to(c.in(1), {b.ints({-1}), b.dims_of(c.in(1), 2, b.rank(c.in(1)))});
    if (w.groups < 1) return unsupported("the number of groups is not known before it runs");
  } else {
    w = plain_weights(b, c.in(1), g.format, g.sparse != 0);
  }
  w.value = turned(b, w.value, g);
  LITE_TRY(c.done());
  const bool integers = tx.dtype != DType::kF32 && tx.dtype != DType::kF16 && tx.dtype != DType::kBF16;
  // Sums of products of 8 bit numbers, where nothing else is said.
  ElementType sums = integers ? ElementType(DType::kI32) : ElementType(tx.dtype);
  if (tx.quantised && tw.quantised) sums.quantised = true, sums.scale = tx.scale * tw.scale;
  LITE_ASSIGN(const ElementType ty, c.output_type(sums));

  ValueId bias = kNoValue;
  bool inside = false;
  if (c.num_in() > 2) {
    bias = c.plain(2, b.rank(c.in(2)) == 5 ? format->out : Blocked::kNone);
    const Fact& f = b.fact(bias);
    inside = f.is_static() && f.has_rank && f.rank() == 4 && f.dims[0] == 1 && f.dims[2] == 1 &&
             f.dims[3] == 1 && f.dims[1] == b.dim(w.value, 0);
    if (inside) bias = b.reshape(bias, {-1});
  }
  std::vector<Attr> attrs = window_attrs(g, w.groups);
  ValueId y;
  if (integers && !tx.quantised) {
    // int8 by int8 gives int16 or int32, without scales.
    if (tx.dtype != DType::kI8 && tx.dtype != DType::kU8)
      return unsupported("a convolution of ", dtype_name(tx.dtype));
    y = b.add("ConvInteger", {x, w.value}, attrs);
    if (bias != kNoValue) {
      if (inside) bias = b.reshape(bias, {1, -1, 1, 1});
      y = b.add("Add", {y, b.cast(bias, DType::kI32)});
    }
    if (c.num_in() > 3) y = b.add("Add", {y, b.cast(c.plain(3, format->out), DType::kI32)});
    if (activation > 1) return unsupported("activation ", kActivations[activation], " of integers");
    if (activation == 1) y = b.add("Relu", {y});
    c.out_plain(0, b.cast(y, ty.dtype), format->out, ty);
    return c.done();
  }
  const bool exact = tx.quantised && ty.quantised && ty.dtype == DType::kI32 &&
                     (tx.dtype == DType::kI8 || tx.dtype == DType::kU8) &&
                     std::abs(ty.scale - sums.scale) <= 1e-6f * sums.scale;
  if (exact && bias == kNoValue && activation == 0) {
    const ValueId zx = tx.zero == 0 ? kNoValue : b.number(tx.dtype, tx.zero),
                  zw = tw.zero == 0 ? kNoValue : b.number(tw.dtype, tw.zero);
    c.out_plain(0, b.add("ConvInteger", {x, w.value, zx, zw}, attrs), format->out, ty);
    return c.done();
  }
  const auto real = [&](ValueId v, const ElementType& t) { return t.quantised ? b.dequantize(v, t) : v; };
  std::vector<ValueId> in{real(x, tx), real(w.value, tw)};
  if (bias != kNoValue) bias = real(bias, c.type(2));
  if (inside) in.push_back(bias);
  y = b.add("Conv", std::move(in), attrs);
  if (bias != kNoValue && !inside) y = b.add("Add", {y, bias});
  if (c.num_in() > 3) y = b.add("Add", {y, real(c.plain(3, format->out), c.type(3))});
  if (activation != 0) y = b.add(kActivations[activation], {y});
  c.out_plain(0, ty.quantised ? b.quantize(y, ty) : b.cast(y, ty.dtype), format->out, ty);
  return c.done();
}

// The gradient of a convolution by its input: weights first, then the gradient, then perhaps a tensor whose
// shape the output has.
Status deconvolve(Call& c, const Geometry& g) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 3));
  LITE_TRY(check_geometry(g));
  const FormatRow* const format = format_row(g.format);
  if (format == nullptr) return invalid_model("its format is ", g.format, ", which is none");
  if (g.format > 1) return unsupported("a transposed convolution of format ", format->name);
  PlainWeights w = plain_weights(b, c.in(0), g.format, g.sparse != 0);
  w.value = turned(b, w.value, g);
  LITE_TRY(c.done());
  const ElementType tw = c.type(0), td = c.type(1);
  LITE_ASSIGN(const ElementType ty, c.output_type(td.quantised ? ElementType(DType::kF32) : td));
  const auto real = [&](ValueId v, const ElementType& t) { return t.quantised ? b.dequantize(v, t) : v; };
  std::vector<Attr> attrs = window_attrs(g, w.groups);
  const bool shaped = c.num_in() == 3;
  const size_t spatial = g.strides.size();
  if (shaped) {
    // Up to stride - 1 last rows and columns are there or not: made in any case, then cut off.
    std::vector<int64_t> extra;
    for (const int64_t s : g.strides) extra.push_back(s - 1);
    attrs.push_back(attr("output_padding", extra));
  }
  ValueId y = b.add("ConvTranspose", {real(c.plain(1, format->in), td), real(w.value, tw)}, std::move(attrs));
  if (shaped) {
    std::vector<int64_t> axes, from(spatial, 0);
    for (size_t i = 0; i < spatial; ++i) axes.push_back(static_cast<int64_t>(i) + 2);
    const ValueId like = c.plain(2, format->in);
    y = b.add("Slice",
              {y, b.ints(from), b.dims_of(like, 2, static_cast<int64_t>(spatial) + 2), b.ints(axes)});
  }
  c.out_plain(0, ty.quantised ? b.quantize(y, ty) : b.cast(y, ty.dtype), format->in, ty);
  return c.done();
}

}  // namespace

Status check_geometry(const Geometry& g) {
  constexpr int64_t kLimit = int64_t{1} << 31;
  for (size_t i = 0; i < g.strides.size(); ++i) {
    if (g.strides[i] < 1 || g.strides[i] >= kLimit) return invalid_model("its stride is ", g.strides[i]);
    if (g.dilations[i] < 1 || g.dilations[i] >= kLimit)
      return invalid_model("its dilation is ", g.dilations[i]);
    if (g.pads[i] < 0 || g.pads[i] >= kLimit) return invalid_model("its padding is ", g.pads[i]);
  }
  if (g.mode > 1) return invalid_model("its mode is ", g.mode, ", 0 or 1 wanted");
  if (g.sparse > 1) return invalid_model("its sparse is ", g.sparse, ", 0 or 1 wanted");
  return ok();
}

std::vector<Attr> window_attrs(const Geometry& g, int64_t groups) {
  std::vector<int64_t> pads = g.pads;
  pads.insert(pads.end(), g.pads.begin(), g.pads.end());
  return {attr("pads", pads), attr("strides", g.strides), attr("dilations", g.dilations),
          attr("group", groups)};
}

Status convolution(Call& c) {
  const fb::Convolution* p = c.param<fb::Convolution>();
  LITE_TRY(c.done());
  return convolve(c, geometry_of(*p), 0, false);
}

Status conv_bias(Call& c) {
  const fb::ConvBias* p = c.param<fb::ConvBias>();
  LITE_TRY(c.done());
  return convolve(c, geometry_of(*p), p->nonline_mode(), true);
}

Status convolution3d(Call& c) {
  const fb::Convolution3D* p = c.param<fb::Convolution3D>();
  LITE_TRY(c.done());
  if (p->format() != 0) return unsupported("a convolution of format NDHWC");
  return convolve(c, geometry_of(*p), 0, false);
}

Status deconvolution(Call& c) {
  const fb::Convolution* p = c.param<fb::Convolution>();
  LITE_TRY(c.done());
  return deconvolve(c, geometry_of(*p));
}

Status deconvolution3d(Call& c) {
  const fb::Convolution3D* p = c.param<fb::Convolution3D>();
  LITE_TRY(c.done());
  if (p->format() != 0) return unsupported("a convolution of format NDHWC");
  return deconvolve(c, geometry_of(*p));
}

Status deformable_conv(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(4, 4));
  const fb::Convolution* p = c.param<fb::Convolution>();
  LITE_TRY(c.done());
  const Geometry g = geometry_of(*p);
  LITE_TRY(check_geometry(g));
  if (g.format != 0) return unsupported("a deformable convolution of another format than NCHW");
  if (g.mode != 0) return unsupported("a deformable convolution with a turned kernel");
  const ValueId w = c.in(1);
  const bool grouped = g.sparse != 0;
  PlainWeights plain{w, 1};
  if (grouped) {
    plain.groups = groups_of(b, w, g, -1);
    plain.value = b.reshape_to(w, {b.ints({-1}), b.dims_of(w, 2, b.rank(w))});
  }
  LITE_TRY(c.done());
  const Fact& kernel = b.traced(plain.value);
  const Fact& offset = b.traced(c.in(2));
  LITE_TRY(c.done());
  if (plain.groups < 1 || !kernel.is_static() || !offset.is_static() || kernel.rank() != 4 ||
      offset.rank() != 4)
    return invalid_model("its weights have shape ", kernel.dims, " and its offsets ", offset.dims);
  const int64_t taps = 2 * kernel.dims[2] * kernel.dims[3];
  if (taps <= 0 || offset.dims[1] % taps != 0)
    return invalid_model("its offsets have ", offset.dims[1], " channels, a multiple of ", taps, " wanted");
  std::vector<Attr> attrs = window_attrs(g, plain.groups);
  attrs.push_back(attr("offset_group", offset.dims[1] / taps));
  c.out(0, b.add("DeformConv", {c.in(0), plain.value, c.in(2), kNoValue, c.in(3)}, std::move(attrs)));
  return c.done();
}

}  // namespace lite::mge
