// BlockMatMul: weights stay as the few bits that they are, and become floats in the cache, where our own
// matrix product reads them. An element of Y is the same chain of multiply-adds that it is with weights of
// float32.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_block_matmul.cpp"
#include "core/base/hash.h"
#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/ops/widen.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// to[r * width + c] = (code - zero[c]) * scale[c] for r < rows. A byte of column c has the codes of 8 / kBits
// rows, the first in the lowest bits; `rows` is a multiple of that.
template <int kBits>
void widen_block(const uint8_t* codes, const float* scale, const float* zero, float* to, int64_t rows,
                 int64_t width) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const hn::Rebind<uint8_t, decltype(d)> bytes;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto mask = hn::Set(di, (1 << kBits) - 1);
  constexpr int64_t kRows = 8 / kBits;
  for (int64_t c = 0; c < width; c += lanes) {
    const auto s = hn::LoadU(d, scale + c), z = hn::LoadU(d, zero + c);
    for (int64_t r = 0; r < rows; r += kRows) {
      auto all = hn::PromoteTo(di, hn::LoadU(bytes, codes + r / kRows * width + c));
      LITE_UNROLL
      for (int64_t i = 0; i < kRows; ++i) {
        const auto code = kBits == 8 ? all : hn::And(all, mask);
        hn::StoreU(hn::Mul(hn::Sub(hn::ConvertTo(d, code), z), s), d, to + (r + i) * width + c);
        if constexpr (kBits != 8) all = hn::ShiftRight<kBits>(all);
      }
    }
  }
}

using WidenFn = void(const uint8_t* codes, const float* scale, const float* zero, float* to, int64_t rows,
                     int64_t width);
WidenFn* pick_widen(int64_t bits) {
  return bits == 8 ? widen_block<8> : bits == 4 ? widen_block<4> : widen_block<2>;
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
using HWY_NAMESPACE::WidenFn;
LITE_SIMD_TABLE(kPickWiden, pick_widen);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr int64_t kScratch = 8192;  // floats of weights at a time
constexpr int64_t kSidePanels = 4;  // of one row of A, which alone would wait for each multiplication

class BlockMatMul final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<BlockMatMul>();
    const Tensor &b = *q.in[1].constant, &scale = *q.in[2].constant;
    k->gemm_ = Gemm(q.options);
    k->width_ = k->gemm_.width();
    k->k_ = q.in[0].dims.back();
    k->n_ = b.dims()[0];
    k->m_ = q.in[0].elements() / k->k_;
    k->block_ = q.attrs().i64("block_size");
    k->blocks_ = scale.dims()[1];
    const auto bits = static_cast<int64_t>(dtype_bits(b.dtype()));
    k->per_byte_ = 8 / bits;
    k->widen_ = choose(kPickWiden, q.options)(bits);
    k->rows_ = round_up(k->k_, k->per_byte_);
    const int64_t panels = ceil_div(k->n_, k->width_);
    k->parameters_ = round_up(panels * k->rows_ / k->per_byte_ * k->width_, 64);
    const Tensor* const zero = q.has_in(3) ? q.in[3].constant : nullptr;
    const auto contents = [](const Tensor* t) {
      return t == nullptr ? 0 : hash64({static_cast<const std::byte*>(t->raw()), t->bytes()});
    };
    const std::string how =
        cat("blocks:", k->width_, ":", k->k_, ":", k->block_, ":", contents(&scale), ":", contents(zero));
    const auto bytes = static_cast<size_t>(k->parameters_) +
                       static_cast<size_t>(panels * k->blocks_ * k->width_ * 2) * sizeof(float);
    LITE_ASSIGN(k->packed_, packs.get(b, how, bytes, [&](void* to, const void*) -> Status {
      memset(to, 0, bytes);
      return k->pack(b, scale, zero, static_cast<uint8_t*>(to));
    }));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int64_t side = m_ == 1 ? kSidePanels : 1, groups = ceil_div(ceil_div(n_, width_), side);
    const auto* const codes = static_cast<const uint8_t*>(packed_->data.get());
    l.parallel->for_range(groups, rows_grain(k_ * width_ * side), [&](int64_t begin, int64_t end) {
      alignas(64) float weights[kScratch];
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i * side, panels = std::min(side, ceil_div(n_, width_) - first);
        const int64_t depth = kScratch / (panels * width_) / per_byte_ * per_byte_;
        for (int64_t p = 0; p < k_; p += depth) {
          const int64_t rows = std::min(depth, rows_ - p);
          // Rows that fill a byte up lie where the next panel begins, and go when that is written.
          for (int64_t j = 0; j < panels; ++j)
            widen(codes, first + j, p, rows, weights + j * std::min(depth, k_ - p) * width_);
          gemm_.tile({.a = l.in<float>(0) + p,
                      .a_row = k_,
                      .b = weights,
                      .c = l.out<float>(0) + first * width_,
                      .c_row = n_,
                      .m = m_,
                      .n = std::min(n_ - first * width_, panels * width_),
                      .k = std::min(depth, k_ - p),
                      .accumulate = p > 0},
                     0, m_, 0, panels);
        }
      }
    });
    return ok();
  }
  bool reads_input(size_t i) const override { return i == 0; }

 private:
  // `codes` are zeros before.
  Status pack(const Tensor& b, const Tensor& scale, const Tensor* zero, uint8_t* codes) const {
    const int64_t stored = b.dims()[1];
    std::vector<int32_t> row(static_cast<size_t>(stored)), zeros(static_cast<size_t>(blocks_), 0);
    LITE_ASSIGN(const Tensor scales, scale.aligned());
    // Signed codes are stored without a sign, and so are their zero points.
    const int64_t bits = 8 / per_byte_, shift = is_signed_int(b.dtype()) ? int64_t{1} << (bits - 1) : 0;
    for (int64_t j = 0; j < n_; ++j) {
      ops::widen(b, j * stored, stored, row.data());
      if (zero != nullptr) ops::widen(*zero, j * blocks_, blocks_, zeros.data());
      const int64_t panel = j / width_, c = j % width_;
      for (int64_t p = 0; p < k_; ++p) {
        uint8_t& to = codes[((panel * rows_ + p) / per_byte_) * width_ + c];
        const int64_t code = row[static_cast<size_t>(p)] + shift;
        to = static_cast<uint8_t>(to | code << (p % per_byte_ * bits));
      }
      for (int64_t i = 0; i < blocks_; ++i) {
        float* const to = const_cast<float*>(parameters(codes, panel, i)) + c;
        to[0] = scales.data<float>()[j * blocks_ + i];
        to[width_] = static_cast<float>(zeros[static_cast<size_t>(i)] + shift);
      }
    }
    return ok();
  }
  // Scales and then zero points of one block of a panel.
  const float* parameters(const uint8_t* codes, int64_t panel, int64_t block) const {
    return reinterpret_cast<const float*>(codes + parameters_) + (panel * blocks_ + block) * width_ * 2;
  }

  // Rows [p, p + rows) of a panel as floats.
  void widen(const uint8_t* codes, int64_t panel, int64_t p, int64_t rows, float* to) const {
    for (const int64_t end = p + rows; p < end;) {
      const int64_t block = p / block_, n = std::min(end, (block + 1) * block_) - p;
      const float* const scale = parameters(codes, panel, block);
      widen_(codes + (panel * rows_ + p) / per_byte_ * width_, scale, scale + width_, to, n, width_);
      to += n * width_;
      p += n;
    }
  }

  Gemm gemm_;
  WidenFn* widen_ = nullptr;
  int64_t m_ = 0, n_ = 0, k_ = 0, width_ = 0, block_ = 0, blocks_ = 0;
  int64_t per_byte_ = 1, rows_ = 0;  // k_ rounded up to whole bytes
  int64_t parameters_ = 0;           // where they begin, after the codes
  std::shared_ptr<const PackCache::Packed> packed_;
};

WhyNot rejects(const NodeQuery& q) {
  for (const size_t i : {size_t{1}, size_t{2}, size_t{3}})
    if (q.has_in(i) && q.in[i].constant == nullptr) return "weights not constant";
  if (!all_plain(q)) return "not row-major";
  const auto per_byte = static_cast<int64_t>(8 / dtype_bits(q.in[1].dtype));
  return q.attrs().i64("block_size") % per_byte != 0 ? "blocks end inside a byte" : nullptr;
}

constexpr KernelDef kKernels[] = {{"block_matmul:simd", "BlockMatMul", rejects, BlockMatMul::make}};

}  // namespace

extern constinit const KernelTable simd_block_matmul;
constinit const KernelTable simd_block_matmul{kKernels};

}  // namespace lite::kernels
#endif
