// MatMul, Gemm and FusedMatMul of float32 on our own matrix product.
#include "core/kernels/cpu/simd_matmul.h"

#include <cmath>
#include <string_view>

#include "core/kernels/cpu/simd_gemm.h"
#include "core/ops/matmul_shape.h"

namespace lite::kernels {
namespace {

using namespace simd;

struct Product {
  ops::MatMulShape shape;
  bool trans_a = false, trans_b = false;
  float alpha = 1;
  int64_t batches = 1;
  bool shared_b = false;  // one B for all batches
};

bool is_gemm(const NodeQuery& q) { return std::string_view(q.node.op->name) == "Gemm"; }

Result<Product> product_of(const NodeQuery& q) {
  const AttrReader a = q.attrs();
  Product p;
  p.trans_a = a.i64("transA", 0) != 0 && q.in[0].dims.size() > 1;
  p.trans_b = a.i64("transB", 0) != 0 && q.in[1].dims.size() > 1;
  p.alpha = a.f32("alpha", 1);
  LITE_ASSIGN(p.shape,
              ops::resolve_matmul(q.node.op->name, q.in[0].dims, q.in[1].dims, p.trans_a, p.trans_b));
  p.batches = elements(p.shape.batch);
  p.shared_b = elements(p.shape.b_batch) == 1;
  // Rows of all batches are rows of one product when they follow each other and share B.
  if (p.shared_b && !p.trans_a && elements(p.shape.a_batch) == p.batches) {
    p.shape.m *= p.batches;
    p.batches = 1;
  }
  return p;
}

// What Gemm adds, as a bias or a residual that is broadcast.
void add_c(const NodeQuery& q, const Product& p, GemmArgs& g, bool& bias, bool& residual) {
  if (!q.has_in(2)) return;
  const Dims c = ops::broadcast_strides(q.in[2].dims, Dims{p.shape.m, p.shape.n});
  const int64_t count = q.in[2].elements();
  if (count == p.shape.n && c[0] == 0) {
    bias = true;
  } else {
    residual = true;
    g.residual_row = c[0];
    g.residual_column = c[1];
  }
}

class MatMul final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<MatMul>();
    LITE_ASSIGN(k->p_, product_of(q));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    const auto& s = k->p_.shape;
    // Panels that suit few rows; of weights that are not in the cache anyway there is one packed copy for
    // all.
    constexpr int64_t kFewRows = 16, kNear = 1 << 18;
    k->gemm_ = Gemm(q.options, s.n, s.m <= kFewRows && s.k * s.n <= kNear ? s.m : 0);
    k->activation_ = ActivationFn(activation, q.options);
    k->shape_ = GemmArgs{.a_row = k->p_.trans_a ? 1 : s.k,
                         .a_column = k->p_.trans_a ? s.m : 1,
                         .c_row = s.n,
                         .m = s.m,
                         .n = s.n,
                         .k = s.k,
                         .alpha = k->p_.alpha};
    if (is_gemm(q)) {
      k->residual_input_ = 2;
      add_c(q, k->p_, k->shape_, k->bias_, k->residual_);
    } else {
      k->residual_input_ = 3;
      k->bias_ = q.has_in(2);
      k->residual_ = q.has_in(3);
      k->shape_.residual_row = s.n;
      k->shape_.residual_after = q.attrs().i64("residual_after", 0) != 0;
    }
    k->b_row_ = k->p_.trans_b ? 1 : s.n;
    k->b_column_ = k->p_.trans_b ? s.k : 1;
    k->offsets(s.a_batch, k->a_offset_);
    k->offsets(s.b_batch, k->b_offset_);
    k->b_count_ = elements(s.b_batch);
    if (q.in[1].constant != nullptr) {
      const Tensor& b = *q.in[1].constant;
      LITE_ASSIGN(k->packed_, packs.get(b, cat("gemm:", k->gemm_.width(), ":", s.k, ":", k->b_row_),
                                        static_cast<size_t>(k->b_count_ * k->packed_floats()) * sizeof(float),
                                        [&](void* packed, const void* weights) -> Status {
                                          const auto* const from = static_cast<const float*>(weights);
                                          for (int64_t i = 0; i < k->b_count_; ++i)
                                            pack_panels(from + i * s.k * s.n, s.k, s.n, k->b_row_,
                                                        k->b_column_, k->gemm_.width(),
                                                        static_cast<float*>(packed) + i * k->packed_floats());
                                          return ok();
                                        }));
    }
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const auto& s = p_.shape;
    const float* b = static_cast<const float*>(packed_ ? packed_->data.get() : l.workspace);
    if (!packed_) {
      const int64_t width = gemm_.width(), panels = ceil_div(s.n, width);
      const auto* from = l.in<float>(1);
      auto* const to = static_cast<float*>(l.workspace);
      l.parallel->for_range(b_count_ * panels, rows_grain(s.k * width), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          const int64_t batch = i / panels, j = i % panels * width;
          pack_panel(from + batch * s.k * s.n + j * b_column_, s.k, std::min(width, s.n - j), b_row_,
                     b_column_, width, to + batch * packed_floats() + j * s.k);
        }
      });
    }
    const float* const a = l.in<float>(0);
    float* const c = l.out<float>(0);
    gemm_.run_batches(*l.parallel, p_.batches, shape_, [&](int64_t i) {
      GemmArgs g = shape_;
      const auto at = static_cast<size_t>(i);
      g.a = a + a_offset_[at] * s.m * s.k;
      g.b = b + b_offset_[at] * packed_floats();
      g.c = c + i * s.m * s.n;
      if (bias_) g.bias = l.in<float>(2);
      if (residual_) g.residual = l.in<float>(residual_input_) + i * s.m * shape_.residual_row;
      if (!activation_.none()) g.activation = &activation_;
      return g;
    });
    return ok();
  }

  size_t workspace_bytes() const override {
    return packed_ ? 0 : static_cast<size_t>(b_count_ * packed_floats()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != 1 || !packed_; }

 private:
  int64_t packed_floats() const { return simd::packed_floats(p_.shape.k, p_.shape.n, gemm_.width()); }
  // Which matrix of an operand each batch of Y takes.
  void offsets(const Dims& batch, std::vector<int64_t>& to) const {
    to.assign(static_cast<size_t>(p_.batches), 0);
    if (p_.batches == 1) return;
    ops::Walker<1> walk(p_.shape.batch, {ops::broadcast_strides(batch, p_.shape.batch)});
    for (int64_t& o : to) {
      o = walk.offset(0);
      walk.next();
    }
  }

  Product p_;
  Gemm gemm_;
  GemmArgs shape_;
  ActivationFn activation_;
  bool bias_ = false, residual_ = false;
  size_t residual_input_ = 3;
  int64_t b_row_ = 0, b_column_ = 0, b_count_ = 1;
  std::vector<int64_t> a_offset_, b_offset_;
  std::shared_ptr<const PackCache::Packed> packed_;
};

constexpr KernelDef kKernels[] = {
    {"matmul:simd", "MatMul", rejects_matmul, make_matmul},
    {"gemm:simd", "Gemm", rejects_matmul, make_matmul, matmul_in_place},
    {"fused_matmul:simd", "FusedMatMul", rejects_matmul, make_matmul, matmul_in_place},
};

}  // namespace

WhyNot rejects_matmul(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (is_gemm(q) && q.attrs().f32("beta", 1) != 1.0f && q.has_in(2)) return "beta";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_matmul(const NodeQuery& q, PackCache& packs) {
  return MatMul::make(q, packs);
}

// The residual may be overwritten where it has the shape of Y.
bool matmul_in_place(const NodeQuery& q, size_t i) {
  const Dims& b = q.in[1].dims;
  const AttrReader a = q.attrs();
  const bool chained = a.f32("alpha", 1) == 1.0f && a.i64("residual_after", 0) == 0;
  if (!chained && b.size() >= 2 &&
      q.in[1].elements() > kGemmDepth * b[b.size() - (a.i64("transB", 0) != 0 ? 2 : 1)])
    return false;
  if (!is_gemm(q)) return i == 3 && q.has_in(3);
  return i == 2 && q.has_in(2) && q.in[2].dims == q.out[0].dims && q.in[2].dims[0] > 1;
}

extern constinit const KernelTable simd_matmul;
constinit const KernelTable simd_matmul{kKernels};

}  // namespace lite::kernels
