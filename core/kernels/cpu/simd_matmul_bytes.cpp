// QLinearMatMul and MatMulInteger with a constant matrix, by the products of bytes behind the convolutions
// (simd_conv_int8.h): the rows of A are read where they lie, or are copied where they are signed or no
// multiple of four bytes long. Exact, so the results are the reference's bits.
#include <cmath>

#include "core/kernels/cpu/int8_weights.h"
#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/simd.h"

namespace lite::kernels {
namespace {

using namespace simd;

constexpr TypeSet kByte = DType::kI8 | DType::kU8;
// Sums of products with their zero points taken off fit 31 bits.
constexpr int64_t kMostSum = int64_t{1} << 29;

// Where the operands are among a node's inputs; 0: the operator has none.
struct Places {
  size_t a, a_zero, b, b_zero, a_scale = 0, b_scale = 0, y_scale = 0, y_zero = 0;
  bool linear() const { return y_scale != 0; }
};
constexpr Places kInteger{0, 2, 1, 3}, kLinear{0, 2, 3, 5, 1, 4, 6, 7};

// One number or one for each column.
bool by_column(const NodeQuery& q, size_t i, int64_t n) {
  return is_known_scalar(q, i) || (q.has_in(i) && q.in[i].constant != nullptr && q.in[i].dims == Dims{n});
}
int zero_of(const NodeQuery& q, size_t i, int64_t column) {
  if (!q.has_in(i)) return 0;
  return static_cast<int>(q.in[i].constant->int_at(q.in[i].elements() == 1 ? 0 : column));
}
float factor_of(const NodeQuery& q, const Places& at, int64_t column) {
  const auto number = [&](size_t i) {
    return static_cast<float>(q.in[i].constant->float_at(q.in[i].elements() == 1 ? 0 : column));
  };
  return number(at.a_scale) * number(at.b_scale) / number(at.y_scale);
}

// Weights less their zero points lie in [low, high].
bool weights_fit(const NodeQuery& q, const Places& at, int low, int high) {
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
    const int zero = zero_of(q, at.b_zero, j) + flip;
    if (least[static_cast<size_t>(j)] - zero < low || most[static_cast<size_t>(j)] - zero > high)
      return false;
  }
  return true;
}

template <const Places& kAt>
WhyNot rejects(const NodeQuery& q) {
  if (int8_kernels(q.options, 0, false).product == nullptr) return "no vectors";
  const Operand &a = q.in[kAt.a], &b = q.in[kAt.b];
  if (!all_plain(q)) return "not row-major";
  if (!kByte.has(a.dtype) || !kByte.has(b.dtype)) return "not 8-bit";
  if (b.constant == nullptr || b.dims.size() != 2) return "B is not one constant matrix";
  if (a.elements() == 0 || b.elements() == 0) return "empty";
  const int64_t k = b.dims[0], n = b.dims[1];
  if (k > kMostSum / (255 * 255)) return "sums may not fit 29 bits";
  if (q.has_in(kAt.a_zero) && q.in[kAt.a_zero].elements() != 1) return "zero points by row";
  if (q.has_in(kAt.b_zero) && !by_column(q, kAt.b_zero, n)) return "B's zero points";
  if (kAt.linear()) {
    if (!kByte.has(q.out[0].dtype)) return "the result is not 8-bit";
    for (const size_t i : {kAt.a_scale, kAt.a_zero, kAt.y_scale, kAt.y_zero})
      if (!is_known_scalar(q, i)) return "a scale or zero point is not one constant";
    if (!by_column(q, kAt.b_scale, n)) return "B's scales";
    for (int64_t j = 0; j < q.in[kAt.b_scale].elements(); ++j)
      if (!(std::abs(factor_of(q, kAt, j)) < 1)) return "a factor of 1 or more";
  }
  return weights_fit(q, kAt, -128, 127) ? nullptr : "weights less their zero point do not fit 8 bits";
}

class MatMulBytes final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, const Places& at, PackCache& packs) {
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
      zeros += ':' + std::to_string(zero_of(q, at.b_zero, j));
    LITE_TRY(w.pack(q.node.op->name, *b.constant, zeros, packs, put, [](int64_t quad) { return 4 * quad; }));
    k->weights_first_ = k->row_bytes_ * k->columns_ > a.elements();

    k->bias_.resize(w.lanes());
    k->factors_.resize(w.lanes());
    k->zero_known_ = !q.has_in(at.a_zero) || q.in[at.a_zero].constant != nullptr;
    if (k->zero_known_) k->correct(static_cast<uint8_t>(zero_of(q, at.a_zero, 0)), k->bias_.data());
    if (at.linear()) {
      k->y_ = {nullptr, k->columns_, static_cast<int32_t>(zero_of(q, at.y_zero, 0)),
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
    const int64_t groups = std::ssize(weights_.groups()), threads = l.parallel->threads,
                  wanted = threads > 1 ? ceil_div(4 * threads, groups) : 1;
    int64_t blocks = std::max(ceil_div(rows_, kTaskRows), std::min(wanted, ceil_div(rows_, kFewRows)));
    if (blocks > 1 && rows_ >= blocks * threads) blocks = round_up(blocks, threads);
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
  // Where there are few tasks.
  static constexpr int64_t kFewRows = 12;

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
      zeros[static_cast<size_t>(j)] = static_cast<uint8_t>(zero_of(q, at_.b_zero, g.first + j));
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

  Places at_{};
  Int8Kernels fn_;
  int64_t rows_ = 0, depth_ = 0, columns_ = 0, row_bytes_ = 0;
  uint8_t flip_ = 0;
  bool copies_ = false, weights_first_ = false, zero_known_ = false;
  Int8Weights weights_;
  std::vector<int32_t> bias_;
  std::vector<float> factors_;
  Requantised y_{};
};

template <const Places& kAt>
Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
  return MatMulBytes::make(q, kAt, packs);
}

constexpr KernelDef kKernels[] = {
    {"qlinear_matmul_bytes:simd", "QLinearMatMul", rejects<kLinear>, make<kLinear>},
    {"matmul_integer_bytes:simd", "MatMulInteger", rejects<kInteger>, make<kInteger>},
};

}  // namespace

extern constinit const KernelTable simd_matmul_bytes;
constinit const KernelTable simd_matmul_bytes{kKernels};

}  // namespace lite::kernels
