// Pad, in every mode, row by row of the output: what lies inside is copied as a whole.
#include <array>

#include "core/kernels/cpu/simd.h"
#include "core/ops/pad.h"

namespace lite::kernels {
namespace {

using namespace simd;

// Copies or fills elements of a fixed size.
using PlaceFn = void(const unsigned char* from, int64_t step, unsigned char* to, int64_t n, int64_t size);
template <class T>
void place(const unsigned char* from, int64_t step, unsigned char* to, int64_t n, int64_t) {
  for (int64_t i = 0; i < n; ++i)
    memcpy(to + i * static_cast<int64_t>(sizeof(T)), from + i * step, sizeof(T));
}
void place_any(const unsigned char* from, int64_t step, unsigned char* to, int64_t n, int64_t size) {
  for (int64_t i = 0; i < n; ++i) memcpy(to + i * size, from + i * step, static_cast<size_t>(size));
}
PlaceFn* place_of(int64_t size) {
  switch (size) {
    case 1:
      return place<uint8_t>;
    case 2:
      return place<uint16_t>;
    case 4:
      return place<uint32_t>;
    case 8:
      return place<uint64_t>;
    case 16:
      return place<std::array<uint64_t, 2>>;
    default:
      return place_any;
  }
}

// `n` elements of a row of the output from `to` on: those of the input from `from` on, `step` apart.
struct Run {
  int64_t to, from, n, step;
};

// The row as runs that ascend, stay, descend, or are outside.
std::vector<Run> runs_of(const std::vector<int64_t>& from) {
  std::vector<Run> runs;
  for (size_t i = 0; i < from.size();) {
    Run r{static_cast<int64_t>(i), from[i], 1, 0};
    for (size_t k = i + 1; k < from.size(); ++k, ++r.n) {
      const int64_t step = from[k] - from[k - 1];
      const bool outside = from[k] == ops::kPadOutside || r.from == ops::kPadOutside;
      if (outside ? step != 0 : r.n == 1 ? step < -1 || step > 1 : step != r.step) break;
      r.step = step;
    }
    i += static_cast<size_t>(r.n);
    runs.push_back(r);
  }
  return runs;
}

constexpr int64_t kMostPlaces = int64_t{1} << 23;

WhyNot rejects(const NodeQuery& q) {
  const DType t = q.in[0].dtype;
  if (t == DType::kString || dtype_bits(t) < 8 || dtype_bits(t) > 128)
    return "strings or elements of less than a byte";
  if (!all_plain(q)) return "not row-major";
  if (q.in[1].constant == nullptr || (q.has_in(3) && q.in[3].constant == nullptr)) return "pads not known";
  if (q.in[0].dims.empty()) return "a scalar";
  if (q.has_in(2) && q.in[2].elements() != 1) return "constant_value is not one element";
  // A kernel keeps an index for each place along a dimension; whether the result fits memory is seen later.
  for (const int64_t d : q.out[0].dims)
    if (d > kMostPlaces) return "a dimension is long";
  return q.out[0].elements() == 0 ? "empty" : nullptr;
}

class Pad final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<Pad>();
    const Dims &in = q.in[0].dims, &out = q.out[0].dims;
    LITE_ASSIGN(auto from, ops::pad_sources(q.attrs(), *q.in[1].constant,
                                            q.has_in(3) ? q.in[3].constant : nullptr, in, out));
    k->element_ = k->size_ = static_cast<int64_t>(dtype_size(q.in[0].dtype));
    k->valued_ = q.has_in(2);
    // Dimensions at the end that stay as they are make larger elements.
    size_t rank = in.size();
    for (; rank > 1; --rank) {
      const std::vector<Run> runs = runs_of(from[rank - 1]);
      if (runs.size() != 1 || runs[0].from != 0 || runs[0].n != in[rank - 1] ||
          (runs[0].n > 1 && runs[0].step != 1))
        break;
      k->size_ *= in[rank - 1];
    }
    k->runs_ = runs_of(from[rank - 1]);
    k->row_ = out[rank - 1];
    k->place_ = place_of(k->size_);
    int64_t stride = in[rank - 1] * k->size_;
    for (size_t d = rank - 1; d-- > 0; stride *= in[d]) {
      for (int64_t& i : from[d]) i = i == ops::kPadOutside ? -1 : i * stride;
      k->rows_ *= out[d];
      k->outer_.insert(k->outer_.begin(), std::move(from[d]));
    }
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    static constexpr unsigned char kZero[16] = {};
    const auto* const x = l.in<unsigned char>(0);
    auto* const y = l.out<unsigned char>(0);
    const unsigned char* const value = valued_ ? l.in<unsigned char>(2) : kZero;
    const int64_t bytes = row_ * size_;
    l.parallel->for_range(rows_, rows_grain(bytes, 2 * kGrain), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        int64_t base = 0, rest = r;
        bool outside = false;
        for (size_t d = outer_.size(); d-- > 0;) {
          const auto n = static_cast<int64_t>(outer_[d].size());
          const int64_t at = outer_[d][static_cast<size_t>(rest % n)];
          outside = outside || at < 0;
          base += at;
          rest /= n;
        }
        unsigned char* const to = y + r * bytes;
        if (outside)
          fill(value, to, row_);
        else
          for (const Run& run : runs_) put(run, x + base, value, to);
      }
    });
    return ok();
  }

 private:
  void fill(const unsigned char* value, unsigned char* to, int64_t n) const {
    const int64_t each = size_ / element_;
    if (each == 1)
      place_(value, 0, to, n, size_);
    else
      place_of(element_)(value, 0, to, n * each, element_);
  }
  void put(const Run& run, const unsigned char* x, const unsigned char* value, unsigned char* to) const {
    to += run.to * size_;
    if (run.from == ops::kPadOutside)
      fill(value, to, run.n);
    else if (run.step == 1)
      memcpy(to, x + run.from * size_, static_cast<size_t>(run.n * size_));
    else
      place_(x + run.from * size_, run.step * size_, to, run.n, size_);
  }

  int64_t element_ = 1, size_ = 1, row_ = 1, rows_ = 1;  // size_: bytes of what the row is made of
  bool valued_ = false;
  std::vector<Run> runs_;
  std::vector<std::vector<int64_t>> outer_;  // offsets in bytes by index, -1 outside
  PlaceFn* place_ = nullptr;
};

constexpr KernelDef kKernels[] = {{"pad:simd", "Pad", rejects, Pad::make}};

}  // namespace

extern constinit const KernelTable simd_pad;
constinit const KernelTable simd_pad{kKernels};

}  // namespace lite::kernels
