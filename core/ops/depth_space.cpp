// DepthToSpace and SpaceToDepth: blocks of pixels to channels and back.
//
//   DepthToSpace  in [N, C, H, W], out [N, C / (b b), H b, W b]
//   SpaceToDepth  in [N, C, H, W], out [N, C b b, H / b, W / b]
//   attr blocksize int, b > 0; C, or H and W, are multiples of it
//   attr mode "DCR" (default) or "CRD": whether the channels on the deep side are ordered (block row, block
//   column, c) or (c, block row, block column)

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

struct Options {
  int64_t block;
  bool dcr;
  static Result<Options> read(const AttrReader& r) {
    const char* op = r.node().op->name;
    const Options o{r.i64("blocksize"), r.str("mode", "DCR") == "DCR"};
    if (o.block <= 0 || o.block > (int64_t{1} << 30))
      return invalid_model(op, ": blocksize is ", o.block, ", wanted 1 or more");
    if (!o.dcr && r.str("mode") != "CRD")
      return invalid_model(op, ": mode is '", r.str("mode"), "', wanted 'DCR' or 'CRD'");
    return o;
  }
};

Status divide(const char* op, int64_t& d, int64_t by) {
  if (d >= 0 && d % by != 0) return invalid_model(op, ": dimension of ", d, " is not a multiple of ", by);
  d = d >= 0 ? d / by : by == 1 ? d : kUnknownDim;
  return ok();
}

Status multiply(const char* op, int64_t& d, int64_t by) {
  const auto product = checked_mul(d, by);
  if (d >= 0 && !product) return invalid_model(op, ": dimension of ", d, " times ", by, " is too large");
  d = d >= 0 ? *product : by == 1 ? d : kUnknownDim;
  return ok();
}

template <bool to_space>
Status infer(const InferArgs& a) {
  const char* op = a.attrs.node().op->name;
  LITE_ASSIGN(const Options o, Options::read(a.attrs));
  a.out[0] = unknown_dims(a.in[0].dtype, 4);
  if (!a.in[0].has_rank) return ok();
  if (a.in[0].rank() != 4) return invalid_model(op, ": input has rank ", a.in[0].rank(), ", wanted 4");
  Dims d = a.in[0].dims;
  if constexpr (to_space) {
    LITE_TRY(divide(op, d[1], o.block * o.block));
    LITE_TRY(multiply(op, d[2], o.block));
    LITE_TRY(multiply(op, d[3], o.block));
  } else {
    LITE_TRY(multiply(op, d[1], o.block * o.block));
    LITE_TRY(divide(op, d[2], o.block));
    LITE_TRY(divide(op, d[3], o.block));
  }
  a.out[0].dims = std::move(d);
  return ok();
}

template <bool to_space>
Status reference(const EvalArgs& a) {
  LITE_ASSIGN(const Options o, Options::read(a.attrs));
  LITE_ASSIGN(const Dims dims, output_dims(a, infer<to_space>));
  const Tensor& x = a.input(0);
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  const Dims& deep = to_space ? x.dims() : dims;
  const int64_t b = o.block, n = deep[0], c = deep[1] / (b * b), h = deep[2], w = deep[3];
  // Walked in the order n, c, row, block row, column, block column, which is that of the wide side.
  const Dims walk{n, c, h, b, w, b};
  const Dims wide = row_major_strides(walk);
  const int64_t plane = h * w;
  const int64_t c_step = o.dcr ? plane : plane * b * b;
  const int64_t row_step = o.dcr ? plane * b * c : plane * b, column_step = o.dcr ? plane * c : plane;
  const Dims channels{plane * b * b * c, c_step, w, row_step, 1, column_step};
  copy_block(x.dtype(), walk, x.raw(), to_space ? channels : wide, y->mutable_raw(),
             to_space ? wide : channels);
  return ok();
}

constexpr OperandSpec kIn[] = {{"input", kMovable, 'T'}};
constexpr OperandSpec kOut[] = {{"output", kMovable, 'T'}};
constexpr AttrSpec kAttrs[] = {{"blocksize", AttrType::kInt, true}, {"mode", AttrType::kString}};

constexpr OpDef kOps[] = {
    {.name = "DepthToSpace",
     .since = 28,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAttrs,
     .infer = infer<true>,
     .reference = reference<true>},
    {.name = "SpaceToDepth",
     .since = 28,
     .inputs = kIn,
     .outputs = kOut,
     .attrs = kAttrs,
     .infer = infer<false>,
     .reference = reference<false>},
};

}  // namespace

extern constinit const OpTable depth_space;
constinit const OpTable depth_space{kOps};

}  // namespace lite::ops
