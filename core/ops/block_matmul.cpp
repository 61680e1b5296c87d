// BlockMatMul: a product with weights of a few bits, Y = A * W^T for W = (B - zero) * scale.
//
//   in  A     [batch..., M,K] or [K], float32
//   in  B     [N,K'], K' at least K: uint8, int8, uint4, int4 or uint2; what is beyond K does not count
//   in  scale [N,blocks], float32: of `block_size` neighbours in a row of B; blocks = ceil(K' / block_size)
//   in  zero  optional, of the shape of scale and the type of B; default 0
//   out Y     [batch..., M,N] or [N]
//   attr block_size int, required
//
// Made by passes only.

#include "core/ops/matmul_shape.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

Status infer(const InferArgs& a) {
  const Fact &x = a.in[0], &b = a.in[1], &scale = a.in[2];
  const int64_t block = a.attrs.i64("block_size");
  if (block < 1) return invalid_model("BlockMatMul: block_size is ", block, ", at least 1 wanted");
  if (b.is_static() && scale.is_static() &&
      (b.rank() != 2 || !(scale.dims == Dims{b.dims[0], ceil_div(b.dims[1], block)})))
    return invalid_model("BlockMatMul: scale has shape ", scale.dims, ", B ", b.dims, ", blocks of ", block);
  if (a.has(3) && a.in[3].is_static() && scale.is_static() && !(a.in[3].dims == scale.dims))
    return invalid_model("BlockMatMul: zero has shape ", a.in[3].dims, ", scale ", scale.dims);
  a.out[0] = Fact(DType::kF32);
  if (!x.has_rank || !b.has_rank) return ok();
  if (x.rank() == 0 || b.rank() != 2 || (x.dims.back() >= 0 && b.dims[1] >= 0 && x.dims.back() > b.dims[1]))
    return invalid_model("BlockMatMul: A has shape ", x.dims, ", B ", b.dims);
  a.out[0] = x;
  a.out[0].dims.back() = b.dims[0];
  return ok();
}

Status reference(const EvalArgs& a) {
  const Tensor &x = a.input(0), &b = a.input(1), &scale = a.input(2);
  const int64_t n = b.dims()[0], stored = b.dims()[1], k = x.dims().back(), m = k == 0 ? 0 : x.elements() / k,
                block = a.attrs.i64("block_size"), blocks = scale.dims()[1];
  Dims dims = x.dims();
  dims.back() = n;
  LITE_ASSIGN(Tensor* const y, a.output(0, DType::kF32, dims));
  std::vector<float> w(static_cast<size_t>(n * stored)), zero(static_cast<size_t>(n * blocks), 0.0f);
  widen(b, 0, n * stored, w.data());
  if (a.has(3)) widen(a.input(3), 0, n * blocks, zero.data());
  std::vector<float> rows(static_cast<size_t>(n * k));
  for (int64_t j = 0; j < n; ++j)
    for (int64_t p = 0; p < k; ++p) {
      const auto at = static_cast<size_t>(j * blocks + p / block);
      rows[static_cast<size_t>(j * k + p)] =
          (w[static_cast<size_t>(j * stored + p)] - zero[at]) * scale.data<float>()[at];
    }
  std::vector<double> sums(static_cast<size_t>(m * n), 0.0);
  multiply(m, n, k, x.data<float>(), false, rows.data(), true, sums.data());
  narrow(sums.data(), m * n, *y, 0);
  return ok();
}

constexpr TypeSet kCodes = DType::kU8 | DType::kI8 | DType::kU4 | DType::kI4 | DType::kU2;
constexpr OperandSpec kIn[] = {{"A", DType::kF32},
                               {"B", kCodes, 'Q'},
                               {"scale", DType::kF32},
                               {"zero", kCodes, 'Q', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", DType::kF32}};
constexpr AttrSpec kAttrs[] = {{"block_size", AttrType::kInt, true}};

constexpr OpDef kOps[] = {{
    .name = "BlockMatMul",
    .domain = "lite",
    .inputs = kIn,
    .outputs = kOut,
    .attrs = kAttrs,
    .traits = kFusedOnly,
    .exactness = Exactness::kAccumulating,
    .infer = infer,
    .reference = reference,
}};

}  // namespace

extern constinit const OpTable block_matmul;
constinit const OpTable block_matmul{kOps};

}  // namespace lite::ops
