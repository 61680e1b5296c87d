// Products of 8-bit matrices, exact on every instruction set: QLinearMatMul and MatMulInteger, of constant
// and of calculated matrices and batches of them, and QLinearConv and ConvInteger in one group, whose rows
// are what lies under a window of a channels-last image, with FusedQLinearConv's residual. For what the other
// 8-bit kernels do not take.
//
// Both operands are widened to 16 bits less their zero points, A some rows at a time, B when it is packed, or
// before the product where it is calculated; pairs of products are then added in 32 bits by one instruction.
// Sums of integers do not depend on their order, so the results are the reference's bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_matmul_int8.cpp"
#include <cmath>

#include "core/kernels/cpu/quantized_product.h"
#include "core/kernels/cpu/simd_quantized.h"
#include "core/ops/conv_reference.h"
#include "core/ops/matmul_shape.h"
#include "core/ops/quantized.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

#ifndef LITE_SIMD_MATMUL_INT8_ARGS
#define LITE_SIMD_MATMUL_INT8_ARGS
namespace lite::simd {

// Rows of A and vectors of B of one tile.
inline constexpr int64_t kTileRows = 6, kTileVectors = 2;

// sums[i, j] = sum over k of a[i, k] * b[k, j], where k counts pairs: `rows` rows of A, each `pairs` long,
// and one panel of B, for each pair two numbers of every column.
struct IntProduct {
  const int16_t *a, *b;
  int32_t* sums;
  int64_t rows, pairs, sums_step;
};

// to[2 i] = even[i] - zero, to[2 i + 1] = odd[i] - zero, or 0 without `odd`, for i < n; zeros up to i =
// columns.
struct WidenPairs {
  const void *even, *odd;
  int16_t* to;
  int64_t n, columns;
  int32_t zero;
};

// out[j] = saturate(round((sums[j] + bias[j]) * factor[j]) + zero)
struct Requantise {
  const int32_t *sums, *bias;
  const float* factor;
  void* out;
  int64_t n;
  float low, high;  // the range of stored numbers, less zero
  int32_t zero;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D32 = hn::ScalableTag<int32_t>;
using V32 = hn::Vec<D32>;

// Columns of a panel.
int64_t panel_columns() noexcept { return kTileVectors * static_cast<int64_t>(hn::Lanes(D32())); }

// sum + the two products of 16-bit numbers in each lane; by VPDPWSSD, whose set a target would compile
// everything once more for.
template <bool kVnni>
HWY_INLINE V32 add_pairs(V32 sum, V32 a, V32 b) {
#if HWY_TARGET == HWY_AVX3
  if constexpr (kVnni) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum.raw) : "v"(a.raw), "v"(b.raw));
    return sum;
  }
#endif
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  const hn::Repartition<int16_t, D32> d16;
  V32 none = hn::Zero(D32());
  return hn::ReorderWidenMulAccumulate(D32(), hn::BitCast(d16, a), hn::BitCast(d16, b), sum, none);
#elif HWY_TARGET == HWY_NEON && HWY_ARCH_ARM_A64
  const int16x8_t x = vreinterpretq_s16_s32(a.raw), y = vreinterpretq_s16_s32(b.raw);
  const int32x4_t low = vmull_s16(vget_low_s16(x), vget_low_s16(y)), high = vmull_high_s16(x, y);
  return hn::Add(sum, V32(vpaddq_s32(low, high)));
#else
  const auto low = [](V32 v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
  sum = hn::Add(sum, hn::Mul(low(a), low(b)));
  return hn::Add(sum, hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b)));
#endif
}

template <bool kVnni, int kRows>
HWY_INLINE void int_tile(const IntProduct& p, int64_t first) {
  const D32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto load = [](const int16_t* from) {
    int32_t pair;
    memcpy(&pair, from, sizeof pair);
    return pair;
  };
  V32 sum[kRows][kTileVectors];
  LITE_UNROLL
  for (auto& row : sum) {
    LITE_UNROLL
    for (V32& v : row) v = hn::Zero(d);
  }
  const int16_t *a = p.a + first * 2 * p.pairs, *b = p.b;
  for (const int16_t* const end = a + 2 * p.pairs; a < end; a += 2, b += 2 * kTileVectors * lanes) {
    const V32 b0 = hn::LoadU(d, reinterpret_cast<const int32_t*>(b)),
              b1 = hn::LoadU(d, reinterpret_cast<const int32_t*>(b + 2 * lanes));
    LITE_UNROLL
    for (int r = 0; r < kRows; ++r) {
      const V32 x = hn::Set(d, load(a + r * 2 * p.pairs));
      sum[r][0] = add_pairs<kVnni>(sum[r][0], x, b0);
      sum[r][1] = add_pairs<kVnni>(sum[r][1], x, b1);
    }
  }
  LITE_UNROLL
  for (int r = 0; r < kRows; ++r) {
    LITE_UNROLL
    for (int v = 0; v < kTileVectors; ++v)
      hn::StoreU(sum[r][v], d, p.sums + (first + r) * p.sums_step + v * lanes);
  }
}

template <bool kVnni>
HWY_INLINE void int_rows(const IntProduct& p) {
  int64_t i = 0;
  for (; i + kTileRows <= p.rows; i += kTileRows) int_tile<kVnni, kTileRows>(p, i);
  for (; i + 2 <= p.rows; i += 2) int_tile<kVnni, 2>(p, i);
  if (i < p.rows) int_tile<kVnni, 1>(p, i);
}
void int_product(const IntProduct& p) noexcept { int_rows<false>(p); }
#if HWY_TARGET == HWY_AVX3
void int_product_vnni(const IntProduct& p) noexcept { int_rows<true>(p); }
#endif

template <class T>
HWY_INLINE void widen_two_rows(const WidenPairs& w) {
  const auto *even = static_cast<const T*>(w.even), *odd = static_cast<const T*>(w.odd);
  int16_t* const to = w.to;
  const int32_t zero = w.zero;
  if (odd != nullptr) {
    LITE_VECTORIZE
    for (int64_t i = 0; i < w.n; ++i) {
      to[2 * i] = static_cast<int16_t>(even[i] - zero);
      to[2 * i + 1] = static_cast<int16_t>(odd[i] - zero);
    }
  } else {
    for (int64_t i = 0; i < w.n; ++i) {
      to[2 * i] = static_cast<int16_t>(even[i] - zero);
      to[2 * i + 1] = 0;
    }
  }
  std::fill(to + 2 * w.n, to + 2 * w.columns, int16_t{0});
}
void widen_pairs_u8(const WidenPairs& w) noexcept { widen_two_rows<uint8_t>(w); }
void widen_pairs_i8(const WidenPairs& w) noexcept { widen_two_rows<int8_t>(w); }

// to[k] = from[k] - zero, in 16 bits.
template <class T>
HWY_INLINE void widen_row(const void* from, int16_t* to, int64_t n, int32_t zero) {
  const auto* x = static_cast<const T*>(from);
  LITE_VECTORIZE
  for (int64_t k = 0; k < n; ++k) to[k] = static_cast<int16_t>(x[k] - zero);
}
void widen_u8(const void* from, int16_t* to, int64_t n, int32_t zero) noexcept {
  widen_row<uint8_t>(from, to, n, zero);
}
void widen_i8(const void* from, int16_t* to, int64_t n, int32_t zero) noexcept {
  widen_row<int8_t>(from, to, n, zero);
}

template <class T>
HWY_INLINE void requantise(const Requantise& r) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const hn::Rebind<T, decltype(d)> d8;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto low = hn::Set(d, r.low), high = hn::Set(d, r.high);
  const auto zero = hn::Set(di, r.zero);
  // n is padded to whole tiles, not to whole vectors: the rest goes by way of a copy.
  const auto step = [&](const int32_t* sums, const int32_t* bias, const float* factor, T* out) HWY_ATTR {
    auto v =
        hn::Mul(hn::ConvertTo(d, hn::Add(hn::LoadU(di, sums), hn::LoadU(di, bias))), hn::LoadU(d, factor));
    v = hn::IfThenElseZero(hn::Eq(v, v), v);
    v = hn::Min(hn::Max(v, low), high);
    hn::StoreU(hn::DemoteTo(d8, hn::Add(hn::NearestInt(v), zero)), d8, out);
  };
  auto* const out = static_cast<T*>(r.out);
  int64_t i = 0;
  for (; i + lanes <= r.n; i += lanes) step(r.sums + i, r.bias + i, r.factor + i, out + i);
  if (i == r.n) return;
  constexpr size_t kMost = HWY_MAX_BYTES / sizeof(float);
  int32_t sums[kMost] = {}, bias[kMost] = {};
  float factor[kMost] = {};
  T to[kMost];
  const auto rest = static_cast<size_t>(r.n - i);
  memcpy(sums, r.sums + i, rest * sizeof(int32_t));
  memcpy(bias, r.bias + i, rest * sizeof(int32_t));
  memcpy(factor, r.factor + i, rest * sizeof(float));
  step(sums, bias, factor, to);
  memcpy(out + i, to, rest * sizeof(T));
}
void requantise_u8(const Requantise& r) noexcept { requantise<uint8_t>(r); }
void requantise_i8(const Requantise& r) noexcept { requantise<int8_t>(r); }

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
LITE_SIMD_TABLE(kIntProduct, int_product);
LITE_SIMD_TABLE(kPanelColumns, panel_columns);
LITE_SIMD_TABLE(kWidenPairsU8, widen_pairs_u8);
LITE_SIMD_TABLE(kWidenPairsI8, widen_pairs_i8);
LITE_SIMD_TABLE(kWidenU8, widen_u8);
LITE_SIMD_TABLE(kWidenI8, widen_i8);
LITE_SIMD_TABLE(kRequantiseU8, requantise_u8);
LITE_SIMD_TABLE(kRequantiseI8, requantise_i8);
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// Of products, and of the bias that is added to them: together they fit 31 bits.
constexpr int64_t kMostSum = int64_t{1} << 30;
// A task: that many rows by that many columns, a multiple of a panel. The rows of so many tasks are widened
// at once.
constexpr int64_t kTaskRows = 36, kTaskColumns = 64, kSlabBlocks = 16;

constexpr ProductPlaces kConvInteger{0, 2, 1, 3}, kQLinearConv{0, 2, 3, 5, 1, 4, 6, 7, 8};

// Row k of B is, for a convolution, channel k % channels under position k / channels of the window.
struct Shape {
  int64_t m, n, k;
  int64_t positions, b_row, b_column;
  // Of each product of a batch the matrix of A and that of B; of one product none.
  std::vector<int64_t> a_matrix = {}, b_matrix = {};
  int64_t b_matrices = 1;
  bool convolves = false;
  int64_t batch() const { return std::max<int64_t>(1, std::ssize(a_matrix)); }
  int64_t channels() const { return k / positions; }
  int64_t b_index(int64_t row, int64_t column) const {
    return row % channels() * b_row + row / channels() + column * b_column;
  }
};

WhyNot rejects(const NodeQuery& q, const ProductPlaces& at, const Shape& s) {
  if (s.k > kMostSum / (255 * 255)) return "sums may not fit 30 bits";
  if (const WhyNot why = rejects_parameters(q, at, s.n)) return why;
  if (at.bias == 0 || !q.has_in(at.bias)) return nullptr;
  if (!is_constant(q, at.bias)) return "the bias is not constant";
  for (int64_t i = 0; i < q.in[at.bias].elements(); ++i)
    if (std::abs(q.in[at.bias].constant->int_at(i)) > kMostSum) return "a bias does not fit 30 bits";
  return nullptr;
}

std::optional<Shape> product_shape(const NodeQuery& q, const ProductPlaces& at) {
  const Dims &a = q.in[at.a].dims, &b = q.in[at.b].dims;
  const auto resolved = ops::resolve_matmul(q.node.op->name, a, b);
  if (!all_plain(q) || !resolved.is_ok() || elements(a) == 0 || elements(b) == 0) return std::nullopt;
  const ops::MatMulShape& s = resolved.value();
  Shape shape{s.m, s.n, s.k, 1, s.n, 1};
  shape.b_matrices = elements(s.b_batch);
  if (shape.b_matrices == 1) {
    // All rows of A are those of one product.
    shape.m *= elements(s.batch);
    return shape;
  }
  ops::Walker<2> walk(
      s.batch, {ops::broadcast_strides(s.a_batch, s.batch), ops::broadcast_strides(s.b_batch, s.batch)});
  for (int64_t i = 0; i < elements(s.batch); ++i, walk.next()) {
    shape.a_matrix.push_back(walk.offset(0));
    shape.b_matrix.push_back(walk.offset(1));
  }
  return shape;
}

// One pixel is the same in every layout without blocks.
std::optional<Shape> conv_shape(const NodeQuery& q, const ProductPlaces& at) {
  const Operand &x = q.in[at.a], &w = q.in[at.b], &y = q.out[0];
  if (w.constant == nullptr || x.dims.size() < 3) return std::nullopt;
  const auto pixels = [](const Dims& d) { return elements(std::span<const int64_t>(d).subspan(2)); };
  for (const Operand* o : {&x, &y})
    if (o->layout != Layout::kChannelsLast && (o->layout != Layout::kPlain || pixels(o->dims) != 1))
      return std::nullopt;
  const auto shape = ops::resolve_conv(q.attrs(), x.dims, w.dims);
  if (!shape.is_ok() || shape.value().group != 1 || y.dims.size() != x.dims.size()) return std::nullopt;
  const int64_t positions = pixels(w.dims);
  Shape s{y.dims[0] * pixels(y.dims), w.dims[0], w.dims[1] * positions, positions, positions,
          w.dims[1] * positions};
  s.convolves = true;
  return s;
}

template <const ProductPlaces& kAt, std::optional<Shape> (*kShape)(const NodeQuery&, const ProductPlaces&)>
WhyNot rejects(const NodeQuery& q) {
  const auto shape = kShape(q, kAt);
  if (!shape) return "not a product of row-major matrices";
  if (const WhyNot why = QuantizedSum::rejects(q)) return why;
  return rejects(q, kAt, *shape);
}

// The pixels of an image [N,spatial...] under each place of a window.
class Patches {
 public:
  Patches() = default;
  Patches(const Dims& x, const ops::Window& w) : in_(x), window_(w) {
    places_ = elements(w.out);
    positions_ = elements(w.kernel);
    in_.erase(0);
    in_.erase(0);
    pixels_ = elements(in_);
  }
  // f(position, pixel) for each position of the window at place `row` of the batch; pixel -1 is padding.
  template <class F>
  void at(int64_t row, F&& f) const {
    const int64_t first = row / places_ * pixels_;
    for (int64_t p = 0; p < positions_; ++p) {
      int64_t place = row % places_, position = p, pixel = 0, step = 1;
      bool inside = true;
      for (size_t d = in_.size(); d-- > 0;) {
        const int64_t i = place % window_.out[d] * window_.strides[d] - window_.pads_begin[d] +
                          position % window_.kernel[d] * window_.dilations[d];
        inside = inside && i >= 0 && i < in_[d];
        pixel += i * step;
        step *= in_[d];
        place /= window_.out[d];
        position /= window_.kernel[d];
      }
      f(p, inside ? first + pixel : -1);
    }
  }

 private:
  Dims in_;
  ops::Window window_;
  int64_t places_ = 1, positions_ = 1, pixels_ = 1;
};

class MatMulInt8 final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, const ProductPlaces& at, const Shape& s,
                                              PackCache& packs) {
    auto k = std::make_unique<MatMulInt8>();
    k->at_ = at;
    k->shape_ = s;
    if (s.convolves) {
      LITE_ASSIGN(const ops::ConvShape conv, ops::resolve_conv(q.attrs(), q.in[at.a].dims, q.in[at.b].dims));
      k->patches_ = Patches(q.in[at.a].dims, conv.window);
      k->slides_ = true;
    }
    k->pairs_ = ceil_div(s.k, 2);
    k->panel_ = choose(kPanelColumns, q.options)();
    k->columns_ = round_up(s.n, k->panel_);
    k->multiply_ = choose(kIntProduct, q.options);
#if HWY_ARCH_X86
    if ((HWY_TARGETS & HWY_AVX3) != 0 && !q.options.reproducible &&
        isa::runs_on(isa::kAvx512Level | isa::kAvx512vnni, q.options.isa))
      k->multiply_ = HWY_CHOOSE_AVX3(int_product_vnni);
#endif
    const Operand& b = q.in[at.b];
    if (b.constant == nullptr) {
      k->b_zero_ = static_cast<int32_t>(int_of(q, at.b_zero, 0));
      k->widen_pairs_ =
          b.dtype == DType::kU8 ? choose(kWidenPairsU8, q.options) : choose(kWidenPairsI8, q.options);
    }
    k->widen_ = q.in[at.a].dtype == DType::kU8 ? choose(kWidenU8, q.options) : choose(kWidenI8, q.options);
    k->a_zero_in_ = q.has_in(at.a_zero);
    k->a_zero_signed_ = k->a_zero_in_ && q.in[at.a_zero].dtype == DType::kI8;
    if (at.linear()) {
      const DType type = q.out[0].dtype;
      k->requantise_ =
          type == DType::kU8 ? choose(kRequantiseU8, q.options) : choose(kRequantiseI8, q.options);
      k->y_zero_ = static_cast<int32_t>(int_of(q, at.y_zero, 0));
      k->range_ = ops::int_range(type);
      for (int64_t n = 0; n < s.n; ++n) {
        k->factors_.push_back(factor_of(q, at, n));
        k->bias_.push_back(static_cast<int32_t>(int_of(q, at.bias, n)));
      }
    }
    k->sum_ = QuantizedSum::of_convolution(q);
    if (b.constant == nullptr) return std::unique_ptr<Kernel>(std::move(k));
    std::string zeros;
    for (int64_t n = 0; q.has_in(at.b_zero) && n < q.in[at.b_zero].elements(); ++n)
      zeros += ':' + std::to_string(int_of(q, at.b_zero, n));
    LITE_ASSIGN(
        k->packed_,
        packs.get(*b.constant, cat("int16:", s.k, ":", s.positions, ":", s.b_row, ":", k->panel_, zeros),
                  static_cast<size_t>(s.b_matrices * k->matrix_size()) * sizeof(int16_t),
                  [&](void* to, const void*) { return k->pack(q, static_cast<int16_t*>(to)); }));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    int32_t zero = 0;
    if (a_zero_in_) zero = a_zero_signed_ ? *l.in<int8_t>(at_.a_zero) : *l.in<uint8_t>(at_.a_zero);
    auto* const rows = static_cast<int16_t*>(l.workspace);
    const int16_t* b = rows + slab_size();
    if (packed_ != nullptr)
      b = static_cast<const int16_t*>(packed_->data.get());
    else
      widen_b(l, rows + slab_size());
    // Blocks of rows, which never belong to two products.
    const int64_t per_product = ceil_div(shape_.m, kTaskRows), blocks = shape_.batch() * per_product,
                  across = ceil_div(shape_.n, kTaskColumns);
    const auto block_at = [&](int64_t block) {
      const int64_t first = block % per_product * kTaskRows;
      return Block{block / per_product, first, std::min(kTaskRows, shape_.m - first)};
    };
    for (int64_t slab = 0; slab < blocks; slab += kSlabBlocks) {
      const int64_t count = std::min(kSlabBlocks, blocks - slab);
      const auto rows_of = [&](int64_t i) { return rows + i * kTaskRows * 2 * pairs_; };
      l.parallel->for_range(count, rows_grain(kTaskRows * 2 * pairs_), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) widen_block(l, block_at(slab + i), zero, rows_of(i));
      });
      l.parallel->run(count * across, [&](int64_t task) {
        const int64_t i = task / across;
        product(l, rows_of(i), b, block_at(slab + i), task % across * kTaskColumns);
      });
    }
    return ok();
  }

  size_t workspace_bytes() const override {
    const int64_t calculated = packed_ != nullptr ? 0 : shape_.b_matrices * matrix_size();
    return static_cast<size_t>(slab_size() + calculated) * sizeof(int16_t);
  }
  bool reads_input(size_t i) const override {
    return i == at_.a || (i == at_.b && packed_ == nullptr) || (i == at_.a_zero && a_zero_in_) ||
           (sum_ && i == QuantizedSum::kResidual);
  }

 private:
  // Rows of one product.
  struct Block {
    int64_t product, first, height;
  };

  // Numbers of a slab of rows, and of a packed matrix.
  int64_t slab_size() const {
    const int64_t blocks = shape_.batch() * ceil_div(shape_.m, kTaskRows);
    return std::min(kSlabBlocks, blocks) * kTaskRows * 2 * pairs_;
  }
  int64_t matrix_size() const { return columns_ * 2 * pairs_; }

  // The matrices of B, panel by panel.
  void widen_b(const Launch& l, int16_t* to) const {
    const int64_t panels = columns_ / panel_;
    l.parallel->for_range(
        shape_.b_matrices * panels, rows_grain(2 * pairs_ * panel_), [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) {
            const int64_t j = i % panels * panel_;
            const uint8_t* const b = l.in<uint8_t>(at_.b) + i / panels * shape_.k * shape_.n + j;
            for (int64_t pair = 0; pair < pairs_; ++pair) {
              const uint8_t* const even = b + 2 * pair * shape_.n;
              widen_pairs_({even, 2 * pair + 1 < shape_.k ? even + shape_.n : nullptr,
                            to + (i * pairs_ + pair) * 2 * panel_, std::min(panel_, shape_.n - j), panel_,
                            b_zero_});
            }
          }
        });
  }

  void widen_block(const Launch& l, const Block& block, int32_t zero, int16_t* to) const {
    const int64_t matrix = shape_.a_matrix.empty() ? 0 : shape_.a_matrix[static_cast<size_t>(block.product)];
    for (int64_t r = 0; r < block.height; ++r, to += 2 * pairs_) {
      widen_one(l.in<uint8_t>(at_.a), matrix * shape_.m + block.first + r, zero, to);
      std::fill(to + shape_.k, to + 2 * pairs_, int16_t{0});
    }
  }

  void widen_one(const uint8_t* a, int64_t row, int32_t zero, int16_t* to) const {
    const int64_t channels = shape_.channels();
    if (!slides_) return widen_(a + row * channels, to, channels, zero);
    patches_.at(row, [&](int64_t position, int64_t pixel) {
      int16_t* const part = to + position * channels;
      if (pixel < 0)  // padding stands for the zero point
        std::fill(part, part + channels, int16_t{0});
      else
        widen_(a + pixel * channels, part, channels, zero);
    });
  }

  // The block's rows of Y, up to kTaskColumns columns from column `j` on.
  void product(const Launch& l, const int16_t* rows, const int16_t* b, const Block& block, int64_t j) const {
    alignas(64) int32_t sums[kTaskRows * kTaskColumns];
    const int64_t width = std::min(kTaskColumns, shape_.n - j), height = block.height,
                  i = block.product * shape_.m + block.first;
    if (!shape_.b_matrix.empty()) b += shape_.b_matrix[static_cast<size_t>(block.product)] * matrix_size();
    for (int64_t c = 0; c < width; c += panel_)
      multiply_({rows, b + (j + c) * 2 * pairs_, sums + c, height, pairs_, kTaskColumns});
    for (int64_t r = 0; r < height; ++r) {
      const int32_t* const row = sums + r * kTaskColumns;
      const int64_t to = (i + r) * shape_.n + j;
      if (requantise_ == nullptr) {
        std::copy(row, row + width, l.out<int32_t>(0) + to);
        continue;
      }
      const auto column = static_cast<size_t>(j);
      uint8_t before[kTaskColumns];  // the residual may lie where the result does
      requantise_({row, bias_.data() + column, factors_.data() + column,
                   sum_ ? before : l.out<uint8_t>(0) + to, width, static_cast<float>(range_.low - y_zero_),
                   static_cast<float>(range_.high - y_zero_), y_zero_});
      if (sum_)
        sum_->rows(before, l.in<uint8_t>(QuantizedSum::kResidual) + to, l.out<uint8_t>(0) + to, width, 1, 0);
    }
  }

  Status pack(const NodeQuery& q, int16_t* to) const {
    const Shape& s = shape_;
    const Tensor& b = *q.in[at_.b].constant;
    std::fill(to, to + s.b_matrices * matrix_size(), int16_t{0});
    for (int64_t i = 0; i < s.b_matrices; ++i, to += matrix_size())
      for (int64_t n = 0; n < s.n; ++n) {
        const int64_t zero = int_of(q, at_.b_zero, n);
        int16_t* const column = to + n / panel_ * panel_ * 2 * pairs_ + n % panel_ * 2;
        for (int64_t k = 0; k < s.k; ++k)
          column[k / 2 * 2 * panel_ + k % 2] =
              static_cast<int16_t>(b.int_at(i * s.k * s.n + s.b_index(k, n)) - zero);
      }
    return ok();
  }

  ProductPlaces at_{};
  Shape shape_{};
  Patches patches_;
  bool slides_ = false;
  int64_t pairs_ = 0, panel_ = 0, columns_ = 0;  // of k, of a panel's columns, of all panels
  decltype(&HWY_STATIC_DISPATCH(int_product)) multiply_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(widen_u8)) widen_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(requantise_u8)) requantise_ = nullptr;    // null: the sums are the result
  decltype(&HWY_STATIC_DISPATCH(widen_pairs_u8)) widen_pairs_ = nullptr;  // of a calculated B
  bool a_zero_in_ = false, a_zero_signed_ = false;
  int32_t y_zero_ = 0, b_zero_ = 0;
  ops::IntRange range_{};
  std::vector<float> factors_;
  std::vector<int32_t> bias_;
  std::optional<QuantizedSum> sum_;
  std::shared_ptr<const PackCache::Packed> packed_;
};

template <const ProductPlaces& kAt, std::optional<Shape> (*kShape)(const NodeQuery&, const ProductPlaces&)>
Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
  return MatMulInt8::make(q, kAt, *kShape(q, kAt), packs);
}

constexpr KernelDef kKernels[] = {
    {"matmul_integer:simd", "MatMulInteger", rejects<kMatMulInteger, product_shape>,
     make<kMatMulInteger, product_shape>},
    {"qlinear_matmul:simd", "QLinearMatMul", rejects<kQLinearMatMul, product_shape>,
     make<kQLinearMatMul, product_shape>},
    {"conv_integer:simd", "ConvInteger", rejects<kConvInteger, conv_shape>, make<kConvInteger, conv_shape>},
    {"qlinear_conv:simd", "QLinearConv", rejects<kQLinearConv, conv_shape>, make<kQLinearConv, conv_shape>},
    {"fused_qlinear_conv:simd", "FusedQLinearConv", rejects<kQLinearConv, conv_shape>,
     make<kQLinearConv, conv_shape>, QuantizedSum::in_place},
};

}  // namespace

extern constinit const KernelTable simd_matmul_int8;
constinit const KernelTable simd_matmul_int8{kKernels};

}  // namespace lite::kernels
#endif
