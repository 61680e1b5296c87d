// Convolutions whose weights depend on the place, made of the columns under each window and a product of
// matrices.
#include "core/import/megengine/convolution.h"

namespace lite::mge {
namespace {

std::vector<Attr> neighbour_attrs(const Geometry& g, int64_t height, int64_t width) {
  return {attr("kernel_shape", std::vector<int64_t>{height, width}), attr("pads", g.pads),
          attr("strides", g.strides), attr("dilations", g.dilations)};
}

Result<std::vector<int64_t>> known_dims(Builder& b, ValueId w, size_t rank) {
  const Fact& f = b.fact(w);
  if (f.has_rank && f.rank() != rank)
    return invalid_model("its weights have ", f.rank(), " dimensions, ", rank, " wanted");
  if (!f.has_rank || !f.is_static()) return unsupported("its weights' shape is not known before it runs");
  for (const int64_t d : f.dims)
    if (d < 1) return invalid_model("its weights have shape ", f.dims);
  return std::vector<int64_t>(f.dims.begin(), f.dims.end());
}

}  // namespace

// Local [OH,OW,I,FH,FW,O] and GroupLocal [G,OH,OW,I,FH,FW,O]: each place has weights of its own.
Status local_conv(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::Convolution* p = c.param<fb::Convolution>();
  LITE_TRY(c.done());
  const Geometry g = geometry_of(*p);
  LITE_TRY(check_geometry(g));
  if (g.format != 0 || g.mode != 0) return unsupported("a local convolution of this format or mode");
  const bool grouped = c.rank(1) == 7;
  const ValueId stored = grouped ? c.in(1) : b.unsqueeze(c.in(1), {0});
  LITE_TRY(c.done());
  LITE_ASSIGN(const std::vector<int64_t> d, known_dims(b, stored, 7));
  const int64_t groups = d[0], oh = d[1], ow = d[2], ic = d[3], fh = d[4], fw = d[5], oc = d[6];
  const ValueId cols =
      b.add("Images2Neibs", {c.in(0)}, neighbour_attrs(g, fh, fw), "megengine");  // N C OH OW FH FW
  const ValueId by_place =
      b.transpose(b.reshape(cols, {-1, groups, ic, oh, ow, fh, fw}), {1, 3, 4, 0, 2, 5, 6});
  const ValueId rows = b.reshape(by_place, {groups, oh, ow, -1, ic * fh * fw});
  const ValueId product = b.add("MatMul", {rows, b.reshape(stored, {groups, oh, ow, ic * fh * fw, oc})});
  c.out(0, b.reshape(b.transpose(product, {3, 0, 4, 1, 2}), {-1, groups * oc, oh, ow}));
  return c.done();
}

// LocalShare: [SH,SW,I,FH,FW,O], or [G,...] in groups. The output is cut into SH by SW parts of the same
// size, each with weights of its own.
Status local_share(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(2, 2));
  const fb::LocalShare* p = c.param<fb::LocalShare>();
  LITE_TRY(c.done());
  const auto two = [](uint32_t h, uint32_t w) { return std::vector<int64_t>{h, w}; };
  if (p->format() != 0 || p->mode() != 0)
    return unsupported("a convolution with shared weights of this format or mode");
  if (p->dilate_h() != 1 || p->dilate_w() != 1)
    return invalid_model("its dilations are ", p->dilate_h(), " and ", p->dilate_w(), ", 1 wanted");
  if (p->stride_h() == 0 || p->stride_w() == 0) return invalid_model("a stride is 0");
  const ValueId stored = p->sparse() == 1 ? c.in(1) : b.unsqueeze(c.in(1), {0});
  LITE_TRY(c.done());
  LITE_ASSIGN(const std::vector<int64_t> d, known_dims(b, stored, 7));
  const int64_t groups = d[0], sh = d[1], sw = d[2], ic = d[3], fh = d[4], fw = d[5], oc = d[6];
  if (sh != p->spatial_groups_h() || sw != p->spatial_groups_w())
    return invalid_model("it has ", p->spatial_groups_h(), " by ", p->spatial_groups_w(),
                         " spatial groups, its weights ", sh, " by ", sw);
  const ValueId cols =
      b.add("Images2Neibs", {c.in(0)},
            {attr("kernel_shape", std::vector<int64_t>{fh, fw}), attr("pads", two(p->pad_h(), p->pad_w())),
             attr("strides", two(p->stride_h(), p->stride_w()))},
            "megengine");  // N C OH OW FH FW
  const ValueId count = b.dims_of(cols, 0, 1), size = b.dims_of(cols, 2, 4);
  const ValueId high = b.add("Div", {b.dims_of(cols, 2, 3), b.ints({sh})});
  const ValueId wide = b.add("Div", {b.dims_of(cols, 3, 4), b.ints({sw})});
  const ValueId cut =
      b.reshape_to(cols, {count, b.ints({groups, ic, sh}), high, b.ints({sw}), wide, b.ints({fh, fw})});
  const ValueId rows =
      b.reshape(b.transpose(cut, {1, 3, 5, 0, 4, 6, 2, 7, 8}), {groups, sh, sw, -1, ic * fh * fw});
  const ValueId product = b.add("MatMul", {rows, b.reshape(stored, {groups, sh, sw, ic * fh * fw, oc})});
  const ValueId parts = b.reshape_to(product, {b.ints({groups, sh, sw}), count, high, wide, b.ints({oc})});
  c.out(0, b.reshape_to(b.transpose(parts, {3, 0, 6, 1, 4, 2, 5}), {count, b.ints({groups * oc}), size}));
  return c.done();
}

// A convolution in groups that sums only over places whose region, in `rin`, is that of the output's place,
// in `rout`.
Status region_conv(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(4, 4));
  const fb::Convolution* p = c.param<fb::Convolution>();
  LITE_TRY(c.done());
  const Geometry g = geometry_of(*p);
  LITE_TRY(check_geometry(g));
  if (g.format != 0 || g.mode != 0 || g.sparse != 1)
    return unsupported("a region restricted convolution of this format or mode");
  LITE_ASSIGN(const std::vector<int64_t> d, known_dims(b, c.in(1), 5));  // G O I FH FW
  const int64_t groups = d[0], oc = d[1], ic = d[2], fh = d[3], fw = d[4];
  const auto columns = [&](ValueId v) {
    return b.add("Images2Neibs", {v}, neighbour_attrs(g, fh, fw), "megengine");
  };
  // Regions are [N,H,W]; outside the input there are none, and there is nothing to sum either.
  const ValueId regions = columns(b.unsqueeze(b.cast(c.in(2), DType::kF32), {1}));  // N 1 OH OW FH FW
  const ValueId wanted = b.unsqueeze(b.cast(c.in(3), DType::kF32), {1, 4, 5});
  const ValueId mask = b.unsqueeze(b.cast(b.add("Equal", {regions, wanted}), b.dtype(c.in(0))), {2});
  const ValueId cols = columns(c.in(0));  // N G*I OH OW FH FW
  const ValueId split =
      b.reshape_to(cols, {b.dims_of(cols, 0, 1), b.ints({groups, ic}), b.dims_of(cols, 2, 6)});
  const ValueId kept = b.transpose(b.add("Mul", {split, mask}), {1, 0, 3, 4, 2, 5, 6});  // G N OH OW I FH FW
  const ValueId rows = b.reshape(kept, {groups, -1, ic * fh * fw});
  const ValueId weights = b.transpose(b.reshape(c.in(1), {groups, oc, ic * fh * fw}), {0, 2, 1});
  const ValueId product = b.add("MatMul", {rows, weights});  // G N*OH*OW O
  const ValueId back =
      b.reshape_to(product, {b.ints({groups}), b.dims_of(cols, 0, 1), b.dims_of(cols, 2, 4), b.ints({oc})});
  const ValueId y = b.transpose(back, {1, 0, 4, 2, 3});
  c.out(0, b.reshape_to(y, {b.dims_of(cols, 0, 1), b.ints({groups * oc}), b.dims_of(cols, 2, 4)}));
  return c.done();
}

// ConvBias with weights of its own for each image of the batch: the batch becomes groups.
Status batch_conv_bias(Call& c) {
  LITE_TRY(c.want_inputs(2, 4));
  return unsupported("weights for each image of a batch");
}

}  // namespace lite::mge
