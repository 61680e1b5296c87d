// QLinearMatMul and MatMulInteger with a constant matrix, by the products of bytes behind the convolutions
// (simd_conv_int8.h): the rows of A are read where they lie, or are copied where they are signed or no
// multiple of four bytes long. Exact, so the results are the reference's bits.
#include <cmath>

#include "core/kernels/cpu/int8_weights.h"
#include "core/kernels/cpu/quantized_product.h"
#include "core/kernels/cpu/simd.h"

namespace lite::kernels {
namespace {

using namespace simd;

// Sums of products with their zero points taken off fit 31 bits.
constexpr int64_t kMostSum = int64_t{1} << 29;

// Weights less their zero points lie in [low, high].
bool weights_fit(const NodeQuery& q, const ProductPlaces& at, int low, int high) {
  const Operand& b = q.in[at.b];
  const int64_t k = b.dims[0], n = b.dims[1];
  const auto* const bytes = static_cast<const uint8_t*>(b.constant->raw());
  const int flip = b.dtype == DType::kI8 ? 0x80 : 0;  // an int8 as the uint8 128 above it
  std::vector<uint8_t> least(static_cast<size_t>(n), 255), most(static_cast<size_t>(n), 0);
  for (int64_t i = 0; i < k; ++i) {
    const uint8_t* const row = bytes + i * n;
    uint8_t *const least_of = least.data(), *const most_of = most.data();
    LITE_VECTORIZE
    for (int64_t j = 0; j < n; ++j) {
      const auto v = static_cast<uint8_t>(row[j] ^ flip);
      least_of[j] = std::min(least_of[j], v);
      most_of[j] = std::max(most_of[j], v);
    }
  }
  for (int64_t j = 0; j < n; ++j) {
    const int64_t zero = int_of(q, at.b_zero, j) + flip;
    if (least[static_cast<size_t>(j)] - zero < low || most[static_cast<size_t>(j)] - zero > high)
      return false;
  }
  return true;
}

template <const ProductPlaces& kAt>
WhyNot rejects(const NodeQuery& q) {
  if (int8_kernels(q.options, 0, false).product == nullptr) return "no vectors";
  const Operand &a = q.in[kAt.a], &b = q.in[kAt.b];
  if (!all_plain(q)) return "not row-major";
  if (b.constant == nullptr || b.dims.size() != 2) return "B is not one constant matrix";
  if (a.elements() == 0 || b.elements() == 0) return "empty";
  if (b.dims[0] > kMostSum / (255 * 255)) return "sums may not fit 29 bits";
  if (const WhyNot why = rejects_parameters(q, kAt, b.dims[1])) return why;
  if (kAt.linear())
    for (int64_t j = 0; j < q.in[kAt.b_scale].elements(); ++j)
      if (!(std::abs(factor_of(q, kAt, j)) < 1)) return "a factor of 1 or more";
  return weights_fit(q, kAt, -128, 127) ? nullptr : "weights less their zero point do not fit 8 bits";
}

class MatMulBytes final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, const ProductPlaces& at, PackCache& packs) {
    auto k = std::make_unique<MatMulBytes>();
    const Operand &a = q.in[at.a], &b = q.in[at.b];
    k->at_ = at;
    k->fn_ = int8_kernels(q.options, 0, false);
    k->depth_ = b.dims[0];
    k->columns_ = b.dims[1];
    k->rows_ = a.elements() / k->depth_;
    k->row_bytes_ = round_up(k->depth_, 4);
    k->flip_ = a.dtype == DType::kI8 ? 0x80 : 0;
    k->copies_ = k->flip_ != 0 || k->row_bytes_ != k->depth_;
    const auto put = [&](const Int8Weights::Group& g, int8_t* to, int32_t* sums) {
      k->put_quads(g, q, to, sums);
    };
    Int8Weights& w = k->weights_;
    w.plan_product(k->fn_, k->columns_, k->row_bytes_, k->fn_.adds_four || weights_fit(q, at, -64, 64),
                   !at.linear(), put);
    std::string zeros = ":matrix";
    for (int64_t j = 0; q.has_in(at.b_zero) && j < q.in[at.b_zero].elements(); ++j)
      zeros += ':' + std::to_string(int_of(q, at.b_zero, j));
    LITE_TRY(w.pack(q.node.op->name, *b.constant, zeros, packs, put, [](int64_t quad) { return 4 * quad; }));
    k->weights_first_ = k->row_bytes_ * k->columns_ > a.elements();

    k->bias_.resize(w.lanes());
    k->factors_.resize(w.lanes());
    k->zero_known_ = !q.has_in(at.a_zero) || q.in[at.a_zero].constant != nullptr;
    if (k->zero_known_) k->correct(static_cast<uint8_t>(int_of(q, at.a_zero, 0)), k->bias_.data());
    if (at.linear()) {
      k->y_ = {nullptr, k->columns_, static_cast<int32_t>(int_of(q, at.y_zero, 0)),
               q.out[0].dtype == DType::kI8};
      w.for_lanes([&](size_t lane, int64_t j) { k->factors_[lane] = factor_of(q, at, j); });
    }
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int32_t* bias = bias_.data();
    if (!zero_known_) {
      auto* const corrected = reinterpret_cast<int32_t*>(static_cast<uint8_t*>(l.workspace) + copied_bytes());
      std::fill_n(corrected, weights_.lanes(), 0);
      correct(*l.in<uint8_t>(at_.a_zero), corrected);
      bias = corrected;
    }
    const uint8_t* const x = copies_ ? copied(l) : l.in<uint8_t>(at_.a);
    const int64_t groups = std::ssize(weights_.groups()),
                  blocks = row_blocks(rows_, kTaskRows, groups, l.parallel->threads);
    const int64_t work = ceil_div(rows_, blocks) * row_bytes_;
    l.parallel->for_range(
        blocks * groups, rows_grain(work, int64_t{1} << 14), [&](int64_t begin, int64_t end) {
          int64_t at[kTaskRows];
          const int64_t no_run = 0;
          for (int64_t i = begin; i < end; ++i) {
            const int64_t block = weights_first_ ? i % blocks : i / groups;
            const auto& g = weights_.groups()[static_cast<size_t>(weights_first_ ? i / blocks : i % groups)];
            const int64_t first = rows_ * block / blocks, count = rows_ * (block + 1) / blocks - first,
                          offset = first * columns_ + g.first;
            for (int64_t r = 0; r < count; ++r) at[r] = (first + r) * row_bytes_;
            Int8Product p{{x, at, count, &no_run, 1, row_bytes_, 0, count},
                          weights_.columns_of(g, bias, factors_.data()),
                          g.vectors,
                          g.columns,
                          y_,
                          {}};
            if (at_.linear()) {
              p.y.out = l.out<uint8_t>(0) + offset;
            } else {
              p.sums = l.out<int32_t>(0) + offset;
              p.sums_step = columns_;
            }
            fn_.product(p);
          }
        });
    return ok();
  }

  bool reads_input(size_t i) const override { return i == at_.a || (i == at_.a_zero && !zero_known_); }
  size_t workspace_bytes() const override {
    return copied_bytes() + (zero_known_ ? 0 : weights_.lanes() * sizeof(int32_t));
  }

 private:
  size_t copied_bytes() const { return copies_ ? static_cast<size_t>(round_up(rows_ * row_bytes_, 64)) : 0; }

  // Rows of whole quads, each byte as the instruction sees it; what is behind a row meets weights of 0.
  const uint8_t* copied(const Launch& l) const {
    auto* const to = static_cast<uint8_t*>(l.workspace);
    const auto* const from = l.in<uint8_t>(at_.a);
    l.parallel->for_range(rows_, rows_grain(row_bytes_), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        uint8_t* const row = to + i * row_bytes_;
        if (flip_ != 0)
          flip_top_bits(from + i * depth_, row, depth_);
        else
          memcpy(row, from + i * depth_, static_cast<size_t>(depth_));
        std::fill(row + depth_, row + row_bytes_, uint8_t{0});
      }
    });
    return to;
  }

  // - zero point * sum of the column's weights, for the zero point as the instruction sees it.
  void correct(uint8_t zero, int32_t* bias) const {
    const auto seen = static_cast<int64_t>(static_cast<uint8_t>(zero ^ flip_));
    weights_.for_lanes([&](size_t lane, int64_t j) {
      bias[lane] = static_cast<int32_t>(-seen * static_cast<int64_t>(weights_.sum(j)));
    });
  }

  void put_quads(const Int8Weights::Group& g, const NodeQuery& q, int8_t* to, int32_t* sums) const {
    const auto* const b = static_cast<const uint8_t*>(q.in[at_.b].constant->raw()) + g.first;
    const int64_t wide = g.vectors * fn_.lanes;
    std::vector<uint8_t> zeros(static_cast<size_t>(g.columns)), quad(static_cast<size_t>(4 * wide));
    for (int64_t j = 0; j < g.columns; ++j)
      zeros[static_cast<size_t>(j)] = static_cast<uint8_t>(int_of(q, at_.b_zero, g.first + j));
    std::fill_n(sums + g.first, g.columns, 0);
    for (int64_t k = 0; k < row_bytes_; k += 4, to += 4 * wide) {
      for (int64_t i = 0; i < 4; ++i) {
        const bool is_there = k + i < depth_;
        const uint8_t* const row = b + (k + i) * columns_;
        uint8_t* const bytes = quad.data() + i;
        for (int64_t j = 0; j < g.columns; ++j) {
          // The low byte of the difference is the same for either type.
          const auto v = static_cast<int8_t>(is_there ? row[j] - zeros[static_cast<size_t>(j)] : 0);
          bytes[4 * j] = static_cast<uint8_t>(v);
          sums[g.first + j] += v;
        }
      }
      // Four columns that follow each other lie in lanes that do.
      for (int64_t v = 0; v < g.vectors; ++v)
        for (int64_t lane = 0; lane < fn_.lanes; lane += 4)
          memcpy(to + (v * fn_.lanes + lane) * 4, quad.data() + weights_.column_of(g, v, lane) * 4, 16);
    }
  }

  ProductPlaces at_{};
  Int8Kernels fn_;
  int64_t rows_ = 0, depth_ = 0, columns_ = 0, row_bytes_ = 0;
  uint8_t flip_ = 0;
  bool copies_ = false, weights_first_ = false, zero_known_ = false;
  Int8Weights weights_;
  std::vector<int32_t> bias_;
  std::vector<float> factors_;
  Requantised y_{};
};

template <const ProductPlaces& kAt>
Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
  return MatMulBytes::make(q, kAt, packs);
}

constexpr KernelDef kKernels[] = {
    {"qlinear_matmul_bytes:simd", "QLinearMatMul", rejects<kQLinearMatMul>, make<kQLinearMatMul>},
    {"matmul_integer_bytes:simd", "MatMulInteger", rejects<kMatMulInteger>, make<kMatMulInteger>},
};

}  // namespace

extern constinit const KernelTable simd_matmul_bytes;
constinit const KernelTable simd_matmul_bytes{kKernels};

}  // namespace lite::kernels
