#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_copy.cpp"
#include "core/kernels/cpu/simd_copy.h"

#include <tuple>

#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// out[r * out_row + c] = in[r + c * in_column] in units of T, strides in bytes.
template <class T>
void transpose_plain(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns,
                     int64_t in_column, int64_t out_row) {
  constexpr auto kSize = static_cast<int64_t>(sizeof(T));
  for (int64_t r = 0; r < rows; ++r) {
    const unsigned char* from = in + r * kSize;
    unsigned char* to = out + r * out_row;
    for (int64_t c = 0; c < columns; ++c) memcpy(to + c * kSize, from + c * in_column, sizeof(T));
  }
}

#if HWY_TARGET == HWY_SCALAR
void transpose4(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns, int64_t in_column,
                int64_t out_row) {
  transpose_plain<uint32_t>(in, out, rows, columns, in_column, out_row);
}
#else
// Two or three columns whose rows follow each other: channels last of an image, channels of two groups
// shuffled.
int64_t interleave(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns,
                   int64_t in_column) {
  const hn::ScalableTag<uint32_t> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto* from = reinterpret_cast<const uint32_t*>(in);
  auto* to = reinterpret_cast<uint32_t*>(out);
  const int64_t step = in_column / 4;
  int64_t r = 0;
  for (; r + lanes <= rows; r += lanes) {
    const auto a = hn::LoadU(d, from + r), b = hn::LoadU(d, from + step + r);
    if (columns == 2)
      hn::StoreInterleaved2(a, b, d, to + 2 * r);
    else
      hn::StoreInterleaved3(a, b, hn::LoadU(d, from + 2 * step + r), d, to + 3 * r);
  }
  return r;
}

// The other way round: two rows whose elements take turns.
void deinterleave(const unsigned char* in, unsigned char* out, int64_t columns, int64_t out_row) {
  const hn::ScalableTag<uint32_t> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto* from = reinterpret_cast<const uint32_t*>(in);
  auto* even = reinterpret_cast<uint32_t*>(out);
  auto* odd = reinterpret_cast<uint32_t*>(out + out_row);
  int64_t c = 0;
  for (; c + lanes <= columns; c += lanes) {
    hn::Vec<decltype(d)> a, b;
    hn::LoadInterleaved2(d, from + 2 * c, a, b);
    hn::StoreU(a, d, even + c);
    hn::StoreU(b, d, odd + c);
  }
  if (c == columns) return;
  const auto rest = static_cast<size_t>(columns - c), all = static_cast<size_t>(lanes);
  const auto a = load_part(d, from + 2 * c, std::min(2 * rest, all)),
             b = load_part(d, from + 2 * c + lanes, 2 * rest - std::min(2 * rest, all));
  store_part(hn::ConcatEven(d, b, a), d, even + c, rest);
  store_part(hn::ConcatOdd(d, b, a), d, odd + c, rest);
}

#if HWY_ARCH_X86 && HWY_MAX_BYTES >= 32
// Four rows of eight columns: two tiles of four by four beside each other in longer vectors, which takes half
// the shuffles and stores.
HWY_INLINE void transpose4x8(const unsigned char* in, unsigned char* out, int64_t in_column,
                             int64_t out_row) {
  const hn::FixedTag<uint8_t, 16> half;
  const hn::FixedTag<uint8_t, 32> bytes;
  const hn::FixedTag<uint32_t, 8> d;
  const hn::FixedTag<uint64_t, 4> d2;
  const auto column = [&](int64_t c) HWY_ATTR {
    return hn::BitCast(d, hn::Combine(bytes, hn::LoadU(half, in + (c + 4) * in_column),
                                      hn::LoadU(half, in + c * in_column)));
  };
  const auto a = column(0), b = column(1), e = column(2), f = column(3);
  const auto ab_low = hn::BitCast(d2, hn::InterleaveLower(d, a, b)),
             ef_low = hn::BitCast(d2, hn::InterleaveLower(d, e, f));
  const auto ab_high = hn::BitCast(d2, hn::InterleaveUpper(d, a, b)),
             ef_high = hn::BitCast(d2, hn::InterleaveUpper(d, e, f));
  hn::StoreU(hn::BitCast(bytes, hn::InterleaveLower(d2, ab_low, ef_low)), bytes, out);
  hn::StoreU(hn::BitCast(bytes, hn::InterleaveUpper(d2, ab_low, ef_low)), bytes, out + out_row);
  hn::StoreU(hn::BitCast(bytes, hn::InterleaveLower(d2, ab_high, ef_high)), bytes, out + 2 * out_row);
  hn::StoreU(hn::BitCast(bytes, hn::InterleaveUpper(d2, ab_high, ef_high)), bytes, out + 3 * out_row);
}
#endif

void transpose4(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns, int64_t in_column,
                int64_t out_row) {
  const bool aligned = (reinterpret_cast<uintptr_t>(in) | reinterpret_cast<uintptr_t>(out) |
                        static_cast<uintptr_t>(in_column)) %
                           4 ==
                       0;
  if ((columns == 2 || columns == 3) && out_row == 4 * columns && aligned) {
    const int64_t done = interleave(in, out, rows, columns, in_column);
    in += done * 4;
    out += done * out_row;
    rows -= done;
  }
  if (rows == 2 && in_column == 8 && out_row % 4 == 0 && aligned) {
    deinterleave(in, out, columns, out_row);
    return;
  }
  const hn::FixedTag<uint32_t, 4> d;
  const hn::FixedTag<uint64_t, 2> d2;
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    int64_t c = 0;
#if HWY_ARCH_X86 && HWY_MAX_BYTES >= 32
    for (; c + 8 <= columns; c += 8)
      transpose4x8(in + r * 4 + c * in_column, out + r * out_row + c * 4, in_column, out_row);
#endif
    for (; c + 4 <= columns; c += 4) {
      const unsigned char* from = in + r * 4 + c * in_column;
      const auto a = hn::BitCast(d, hn::LoadU(hn::FixedTag<uint8_t, 16>(), from));
      const auto b = hn::BitCast(d, hn::LoadU(hn::FixedTag<uint8_t, 16>(), from + in_column));
      const auto e = hn::BitCast(d, hn::LoadU(hn::FixedTag<uint8_t, 16>(), from + 2 * in_column));
      const auto f = hn::BitCast(d, hn::LoadU(hn::FixedTag<uint8_t, 16>(), from + 3 * in_column));
      const auto ab_low = hn::BitCast(d2, hn::InterleaveLower(d, a, b)),
                 ef_low = hn::BitCast(d2, hn::InterleaveLower(d, e, f));
      const auto ab_high = hn::BitCast(d2, hn::InterleaveUpper(d, a, b)),
                 ef_high = hn::BitCast(d2, hn::InterleaveUpper(d, e, f));
      const hn::FixedTag<uint8_t, 16> bytes;
      unsigned char* to = out + r * out_row + c * 4;
      hn::StoreU(hn::BitCast(bytes, hn::InterleaveLower(d2, ab_low, ef_low)), bytes, to);
      hn::StoreU(hn::BitCast(bytes, hn::InterleaveUpper(d2, ab_low, ef_low)), bytes, to + out_row);
      hn::StoreU(hn::BitCast(bytes, hn::InterleaveLower(d2, ab_high, ef_high)), bytes, to + 2 * out_row);
      hn::StoreU(hn::BitCast(bytes, hn::InterleaveUpper(d2, ab_high, ef_high)), bytes, to + 3 * out_row);
    }
    if (c < columns)
      transpose_plain<uint32_t>(in + r * 4 + c * in_column, out + r * out_row + c * 4, 4, columns - c,
                                in_column, out_row);
  }
  if (r < rows)
    transpose_plain<uint32_t>(in + r * 4, out + r * out_row, rows - r, columns, in_column, out_row);
}
#endif

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {

LITE_SIMD_TABLE(kTranspose4, transpose4);

struct Bytes16 {
  uint64_t lo, hi;
};

template <class T>
void copy_elements(const unsigned char* in, unsigned char* out, int64_t n, int64_t in_step,
                   int64_t out_step) {
  if (in_step == 0) {
    T value;
    memcpy(&value, in, sizeof(T));
    // A loop of known steps is one of vectors.
    if (out_step == static_cast<int64_t>(sizeof(T)))
      for (int64_t i = 0; i < n; ++i) memcpy(out + i * static_cast<int64_t>(sizeof(T)), &value, sizeof(T));
    else
      for (int64_t i = 0; i < n; ++i) memcpy(out + i * out_step, &value, sizeof(T));
    return;
  }
  for (int64_t i = 0; i < n; ++i) memcpy(out + i * out_step, in + i * in_step, sizeof(T));
}

// Calls f with a type of that size.
template <class F>
auto by_size(size_t element, F&& f) {
  switch (element) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    case 8:
      return f(uint64_t{});
    default:
      return f(Bytes16{});
  }
}

// Of what is left around the columns, the dimension whose rows are copied in one go: the last, unless there
// are few of them and many of another.
size_t most_rows(const std::vector<CopyPlan::Dim>& dims) {
  size_t most = dims.size() - 1;
  for (size_t d = dims.size(); d-- > 0;)
    if (dims[most].size < 8 && dims[d].size > dims[most].size) most = d;
  return most;
}

// A few blocks: calling memcpy would take longer. The last one begins where it ends with n.
constexpr int64_t kBlock = sizeof(Bytes16);
void copy_short(const unsigned char* in, unsigned char* out, int64_t n) {
  for (int64_t i = 0; i + kBlock < n; i += kBlock) memcpy(out + i, in + i, kBlock);
  memcpy(out + n - kBlock, in + n - kBlock, kBlock);
}

constexpr int64_t kStripBytes = 32768;
// Rows and columns of a transposed block: both sides stay in the L1 cache.
constexpr int64_t kTile = 32;

}  // namespace

Transpose4Fn* transpose4(const KernelOptions& options) { return choose(kTranspose4, options); }

CopyPlan CopyPlan::make(std::vector<Dim> all, size_t element, const KernelOptions& options, int64_t in_offset,
                        int64_t out_offset) {
  CopyPlan plan;
  const auto size = static_cast<int64_t>(element);
  plan.in_offset_ = in_offset * size;
  plan.out_offset_ = out_offset * size;
  std::vector<Dim> dims;
  for (Dim& d : all) {
    if (d.size == 1) continue;
    d.in *= size;
    d.out *= size;
    if (!dims.empty() && dims.back().in == d.in * d.size && dims.back().out == d.out * d.size)
      dims.back() = Dim{dims.back().size * d.size, d.in, d.out};
    else
      dims.push_back(d);
  }
  // Short runs that are the size of a larger element are moved as one.
  size_t unit = element;
  if (dims.size() > 1 && dims.back().in == size && dims.back().out == size) {
    const int64_t run = dims.back().size * size;
    if (run == 2 || run == 4 || run == 8 || run == 16) {
      unit = static_cast<size_t>(run);
      dims.pop_back();
    }
  }
  const auto step = static_cast<int64_t>(unit);

  const auto take = [&](size_t i) {
    const Dim d = dims[i];
    dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(i));
    return d;
  };
  if (dims.empty()) {
    plan.column_ = {step, 1, 1};
  } else if (dims.back().in == step && dims.back().out == step) {
    plan.column_ = take(dims.size() - 1);
    plan.column_ = {plan.column_.size * step, 1, 1};
    if (!dims.empty()) plan.row_ = take(most_rows(dims));
  } else {
    plan.column_ = take(dims.size() - 1);
    plan.kind_ = Kind::kElements;
    plan.elements_ = by_size(unit, [](auto t) -> ElementsFn* { return copy_elements<decltype(t)>; });
    if (plan.column_.out == step && plan.column_.in != 0) {
      for (size_t i = 0; i < dims.size(); ++i)
        if (dims[i].in == step) {
          plan.row_ = take(i);
          plan.kind_ = Kind::kTranspose;
          plan.transpose_ = unit == 4 ? transpose4(options) : by_size(unit, [](auto t) -> TransposeFn* {
            return HWY_STATIC_DISPATCH(transpose_plain)<decltype(t)>;
          });
          break;
        }
    }
    if (plan.kind_ == Kind::kElements && !dims.empty()) plan.row_ = take(dims.size() - 1);
  }
  plan.outer_ = std::move(dims);
  for (const Dim& d : plan.outer_) plan.outer_count_ *= d.size;
  if (plan.row_.size == 0 || plan.column_.size == 0) plan.outer_count_ = 0;

  const int64_t column_bytes = plan.kind_ == Kind::kRows ? 1 : step;
  plan.strip_columns_ = std::min(plan.column_.size, std::max(kStripBytes, 2 * kTile * step) / column_bytes);
  plan.strip_rows_ =
      std::min(plan.row_.size,
               std::max<int64_t>(1, kStripBytes / std::max<int64_t>(1, plan.strip_columns_ * column_bytes)));
  if (plan.kind_ == Kind::kTranspose) {
    // Whole lines of the input are read: a strip is as many rows as two cache lines hold.
    plan.strip_rows_ = std::min(plan.row_.size, std::max<int64_t>(kTile, round_up(plan.strip_rows_, kTile)));
    plan.strip_columns_ = std::min(
        plan.column_.size, std::max<int64_t>(kTile, kStripBytes / step / plan.strip_rows_ / kTile * kTile));
  }
  return plan;
}

void CopyPlan::strip(const unsigned char* in, unsigned char* out, int64_t rows, int64_t columns) const {
  switch (kind_) {
    case Kind::kRows:
      if (columns >= kBlock && columns <= 16 * kBlock) {
        for (int64_t r = 0; r < rows; ++r) copy_short(in + r * row_.in, out + r * row_.out, columns);
        return;
      }
      for (int64_t r = 0; r < rows; ++r)
        memcpy(out + r * row_.out, in + r * row_.in, static_cast<size_t>(columns));
      return;
    case Kind::kElements:
      for (int64_t r = 0; r < rows; ++r)
        elements_(in + r * row_.in, out + r * row_.out, columns, column_.in, column_.out);
      return;
    case Kind::kTranspose:
      for (int64_t r = 0; r < rows; r += kTile)
        for (int64_t c = 0; c < columns; c += kTile)
          transpose_(in + r * row_.in + c * column_.in, out + r * row_.out + c * column_.out,
                     std::min(kTile, rows - r), std::min(kTile, columns - c), column_.in, row_.out);
      return;
  }
}

std::pair<int64_t, int64_t> CopyPlan::place(int64_t o) const {
  int64_t in = 0, out = 0;
  for (size_t d = outer_.size(); d-- > 0; o /= outer_[d].size) {
    in += o % outer_[d].size * outer_[d].in;
    out += o % outer_[d].size * outer_[d].out;
  }
  return {in, out};
}

void CopyPlan::run(const Parallel& parallel, const void* in, void* out) const {
  if (row_.size == 0 || column_.size == 0 || outer_count_ == 0) return;
  const auto* const from = static_cast<const unsigned char*>(in) + in_offset_;
  auto* const to = static_cast<unsigned char*>(out) + out_offset_;
  const int64_t across = ceil_div(column_.size, strip_columns_), down = ceil_div(row_.size, strip_rows_);
  const int64_t strip_bytes = strip_rows_ * strip_columns_;  // near enough
  parallel.for_range(
      outer_count_ * down * across, std::max<int64_t>(1, kStripBytes / std::max<int64_t>(1, 4 * strip_bytes)),
      [&](int64_t begin, int64_t end) {
        int64_t c = begin % across, r = begin / across % down, o = begin / across / down;
        const auto [in_at, out_at] = place(o);
        int64_t in_from = in_at, out_from = out_at;
        for (int64_t i = begin; i < end; ++i) {
          const int64_t row = r * strip_rows_, column = c * strip_columns_;
          strip(from + in_from + row * row_.in + column * column_.in,
                to + out_from + row * row_.out + column * column_.out, std::min(strip_rows_, row_.size - row),
                std::min(strip_columns_, column_.size - column));
          if (++c < across) continue;
          c = 0;
          if (++r < down) continue;
          r = 0;
          ++o;
          // Short strips are many: mostly but the last dimension goes on.
          if (!outer_.empty() && o % outer_.back().size != 0) {
            in_from += outer_.back().in;
            out_from += outer_.back().out;
          } else {
            std::tie(in_from, out_from) = place(o);
          }
        }
      });
}

}  // namespace lite::simd
#endif
