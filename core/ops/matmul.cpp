// MatMul: the matrix product of NumPy's matmul.
//
//   in  A  [batch..., M,K] or [K]       in  B  [batch..., K,N] or [K]; float, or int32, uint32, int64, uint64
//   out Y  [batch..., M,N], batches broadcast; a vector's missing dimension is missing in Y too
//
// Gemm: Y = alpha * A' * B' + beta * C.
//
//   in  A  [M,K], or [K,M] with transA     in  B  [K,N], or [N,K] with transB
//   in  C  optional, broadcasts to [M,N]
//   out Y  [M,N]
//   attr alpha, beta float, default 1      attr transA, transB int, default 0
//
// Integers wrap around; with alpha or beta other than 1 they go through float64. K = 0 gives sums of 0.

#include "core/ops/matmul_shape.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

// Integers of any width and sign, to calculate modulo 2^64.
std::vector<uint64_t> as_words(const Tensor& t) {
  std::vector<uint64_t> words(static_cast<size_t>(t.elements()));
  for (size_t i = 0; i < words.size(); ++i)
    words[i] = static_cast<uint64_t>(t.int_at(static_cast<int64_t>(i)));
  return words;
}
void store_words(const uint64_t* words, int64_t n, Tensor& to, int64_t at) {
  for (int64_t i = 0; i < n; ++i) {
    if (dtype_bits(to.dtype()) == 32)
      to.mutable_data<uint32_t>()[at + i] = static_cast<uint32_t>(words[i]);
    else
      to.mutable_data<uint64_t>()[at + i] = words[i];
  }
}

Status infer_product(const InferArgs& a) {
  LITE_ASSIGN(a.out[0], infer_matmul("MatMul", a.in[0], a.in[1], a.in[0].dtype));
  return ok();
}

template <class T>
Status float_product(const EvalArgs& args, const MatMulShape& s, Tensor& y) {
  const Widened<T> a(args.input(0)), b(args.input(1));
  return multiply_batches<T, double>(args, s, a.data(), false, b.data(), false,
                                     [&](int64_t at, const double* acc) { narrow(acc, s.m * s.n, y, at); });
}

Status product(const EvalArgs& args) {
  const Tensor& a = args.input(0);
  LITE_ASSIGN(const MatMulShape s, resolve_matmul("MatMul", a.dims(), args.input(1).dims()));
  LITE_ASSIGN(Tensor* const y, args.output(0, a.dtype(), s.y));
  if (a.dtype() == DType::kF64) return float_product<double>(args, s, *y);
  if (is_float(a.dtype())) return float_product<float>(args, s, *y);
  const std::vector<uint64_t> aw = as_words(a), bw = as_words(args.input(1));
  return multiply_batches<uint64_t, uint64_t>(
      args, s, aw.data(), false, bw.data(), false,
      [&](int64_t at, const uint64_t* acc) { store_words(acc, s.m * s.n, *y, at); });
}

bool trans_a(const AttrReader& attrs) { return attrs.i64("transA") != 0; }
bool trans_b(const AttrReader& attrs) { return attrs.i64("transB") != 0; }

Status infer_gemm(const InferArgs& a) {
  for (size_t i = 0; i < 2; ++i)
    if (a.in[i].has_rank && a.in[i].rank() != 2)
      return invalid_model("Gemm: ", i == 0 ? "A" : "B", " has shape ", a.in[i].dims,
                           ", two dimensions wanted");
  const Fact any = unknown_dims(a.in[0].dtype, 2);
  const Fact &left = a.in[0].has_rank ? a.in[0] : any, &right = a.in[1].has_rank ? a.in[1] : any;
  LITE_ASSIGN(a.out[0], infer_matmul("Gemm", left, right, a.in[0].dtype, trans_a(a.attrs), trans_b(a.attrs)));
  const Dims& y = a.out[0].dims;
  if (!a.has(2) || !a.in[2].has_rank) return ok();
  const Dims& c = a.in[2].dims;
  bool fits = c.size() <= 2;
  for (size_t i = 0; fits && i < c.size(); ++i) {
    const int64_t have = c[c.size() - 1 - i], want = y[1 - i];
    fits = have == 1 || have < 0 || want < 0 || have == want;
  }
  if (!fits) return invalid_model("Gemm: C has shape ", c, ", which does not broadcast to ", y);
  return ok();
}

template <class T>
Status float_gemm(const EvalArgs& args, const MatMulShape& s, Tensor& y) {
  const Widened<T> a(args.input(0)), b(args.input(1));
  const auto alpha = static_cast<double>(args.attrs.f32("alpha", 1)),
             beta = static_cast<double>(args.attrs.f32("beta", 1));
  std::vector<double> c;
  Dims steps(2, 0);
  if (args.has(2)) {
    c.resize(static_cast<size_t>(args.input(2).elements()));
    widen(args.input(2), 0, args.input(2).elements(), c.data());
    steps = broadcast_strides(args.input(2).dims(), s.y);
  }
  return multiply_batches<T, double>(
      args, s, a.data(), trans_a(args.attrs), b.data(), trans_b(args.attrs), [&](int64_t, double* acc) {
        for (int64_t i = 0; i < s.m; ++i)
          for (int64_t j = 0; j < s.n; ++j) {
            double& v = acc[i * s.n + j];
            v = alpha * v + (c.empty() ? 0 : beta * c[static_cast<size_t>(i * steps[0] + j * steps[1])]);
          }
        narrow(acc, s.m * s.n, y, 0);
      });
}

Status int_gemm(const EvalArgs& args, const MatMulShape& s, Tensor& y) {
  const std::vector<uint64_t> a = as_words(args.input(0)), b = as_words(args.input(1));
  const float alpha = args.attrs.f32("alpha", 1), beta = args.attrs.f32("beta", 1);
  const auto scaled = [](uint64_t v, float by) {
    if (by == 1) return v;
    return static_cast<uint64_t>(
        static_cast<int64_t>(static_cast<double>(static_cast<int64_t>(v)) * static_cast<double>(by)));
  };
  std::vector<uint64_t> c;
  Dims steps(2, 0);
  if (args.has(2)) {
    c = as_words(args.input(2));
    steps = broadcast_strides(args.input(2).dims(), s.y);
  }
  return multiply_batches<uint64_t, uint64_t>(
      args, s, a.data(), trans_a(args.attrs), b.data(), trans_b(args.attrs), [&](int64_t, uint64_t* acc) {
        for (int64_t i = 0; i < s.m; ++i)
          for (int64_t j = 0; j < s.n; ++j) {
            uint64_t& v = acc[i * s.n + j];
            v = scaled(v, alpha) +
                (c.empty() ? 0 : scaled(c[static_cast<size_t>(i * steps[0] + j * steps[1])], beta));
          }
        store_words(acc, s.m * s.n, y, 0);
      });
}

Status gemm(const EvalArgs& args) {
  const Tensor& a = args.input(0);
  LITE_ASSIGN(const MatMulShape s, resolve_matmul("Gemm", a.dims(), args.input(1).dims(), trans_a(args.attrs),
                                                  trans_b(args.attrs)));
  LITE_ASSIGN(Tensor* const y, args.output(0, a.dtype(), s.y));
  if (a.dtype() == DType::kF64) return float_gemm<double>(args, s, *y);
  return is_float(a.dtype()) ? float_gemm<float>(args, s, *y) : int_gemm(args, s, *y);
}

constexpr TypeSet kTypes = types::kFloat | DType::kI32 | DType::kI64 | DType::kU32 | DType::kU64;
constexpr OperandSpec kProductIn[] = {{"A", kTypes, 'T'}, {"B", kTypes, 'T'}};
constexpr OperandSpec kGemmIn[] = {
    {"A", kTypes, 'T'}, {"B", kTypes, 'T'}, {"C", kTypes, 'T', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"Y", kTypes, 'T'}};
constexpr AttrSpec kGemmAttrs[] = {{"alpha", AttrType::kFloat},
                                   {"beta", AttrType::kFloat},
                                   {"transA", AttrType::kInt},
                                   {"transB", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "MatMul",
        .since = 13,
        .inputs = kProductIn,
        .outputs = kOut,
        .exactness = Exactness::kAccumulating,
        .infer = infer_product,
        .reference = product,
    },
    {
        .name = "Gemm",
        .since = 13,
        .inputs = kGemmIn,
        .outputs = kOut,
        .attrs = kGemmAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_gemm,
        .reference = gemm,
    },
};

}  // namespace

extern constinit const OpTable matmul;
constinit const OpTable matmul{kOps};

}  // namespace lite::ops
