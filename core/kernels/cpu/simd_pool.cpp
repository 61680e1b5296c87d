// MaxPool, AveragePool and LpPool of float32 in row-major images, any window.
//
// The window is taken apart: what it joins of the rows above each other goes into a buffer of whole rows, and
// then neighbours in those rows are joined, as if the window moved by one element. So an element costs the
// window's sides, not its area, and all is vector code over whole rows.
#include <limits>
#include <string_view>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/window.h"

namespace lite::kernels {
namespace {

using namespace simd;
using pointwise::Opcode;

constexpr int64_t kBuffer = 4096;  // floats of rows joined, which stay in the L1 cache

// How many taps of a window lie in the input, or with `padded` at most in the padding, by output element.
std::vector<float> count_taps(const ops::Window& w, size_t d, int64_t in, bool padded) {
  std::vector<float> counts;
  for (int64_t o = 0; o < w.out[d]; ++o) {
    float count = 0;
    for (int64_t k = 0; k < w.kernel[d]; ++k) {
      const int64_t i = o * w.strides[d] + k * w.dilations[d] - w.pads_begin[d];
      if (padded ? i < in + w.pads_end[d] : i >= 0 && i < in) ++count;
    }
    counts.push_back(count);
  }
  return counts;
}

// y[i] = x[i * stride].
void pick(const float* x, float* y, int64_t n, int64_t stride) {
  if (stride == 2)
    for (int64_t i = 0; i < n; ++i) y[i] = x[2 * i];
  else
    for (int64_t i = 0; i < n; ++i) y[i] = x[i * stride];
}

class Pool final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    const Dims& dims = q.in[0].dims;
    Dims in(std::span<const int64_t>(dims.data() + 2, dims.size() - 2));
    LITE_ASSIGN(const ops::WindowAttrs a, ops::read_window(q.attrs(), in.size(), nullptr));
    auto k = std::make_unique<Pool>();
    LITE_ASSIGN(k->w_, ops::resolve_window(q.node.op->name, a, in));
    // A line is a plane of one row.
    if (in.size() == 1) {
      in.insert(0, 1);
      for (Dims* d : {&k->w_.kernel, &k->w_.strides, &k->w_.dilations, &k->w_.out}) d->insert(0, 1);
      for (Dims* d : {&k->w_.pads_begin, &k->w_.pads_end}) d->insert(0, 0);
    }
    const ops::Window& w = k->w_;
    const size_t last = in.size() - 1;
    k->reach_ = (w.kernel[last] - 1) * w.dilations[last] + 1;
    if (k->reach_ > kBuffer / 2) return unsupported(q.node.op->name, ": a wide window");
    k->width_ = std::min(w.out[last], (kBuffer - k->reach_) / w.strides[last] + 1);
    k->height_ = std::min(w.out[last - 1], std::max<int64_t>(1, kBuffer / k->row_length(k->width_)));
    k->planes_ = dims[0] * dims[1];
    k->outer_ = elements(std::span(w.out.data(), last - 1));
    k->outer_taps_ = elements(std::span(w.kernel.data(), last - 1));

    const std::string_view op = q.node.op->name;
    k->max_ = op == "MaxPool";
    k->join_ = strip(k->max_ ? Opcode::kMax : Opcode::kAdd, 0, q.options);
    k->first_ = strip(Opcode::kCopy, 0, q.options);
    if (op == "AveragePool") {
      const bool padded = q.attrs().i64("count_include_pad") != 0;
      k->same_count_ = 1;
      for (size_t d = 0; d <= last; ++d) {
        const std::vector<float>& counts = k->counts_.emplace_back(count_taps(w, d, in[d], padded));
        const bool same = std::count(counts.begin(), counts.end(), counts[0]) == w.out[d] && counts[0] > 0;
        k->same_count_ *= same ? counts[0] : 0;
      }
      k->divide_ = strip(Opcode::kDiv, k->same_count_ > 0 ? 2 : 0, q.options);
    } else if (!k->max_) {
      const bool squares = q.attrs().i64("p", 2) == 2;
      k->first_ = k->before_ = strip(squares ? Opcode::kSquare : Opcode::kAbs, 0, q.options);
      if (squares) k->after_ = strip(Opcode::kSqrt, 0, q.options);
    }
    k->in_ = std::move(in);
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const size_t last = in_.size() - 1;
    const int64_t down = ceil_div(w_.out[last - 1], height_), across = ceil_div(w_.out[last], width_);
    const int64_t work = height_ * (width_ + row_length(width_));
    l.parallel->for_range(planes_ * outer_ * down * across, rows_grain(work),
                          [&](int64_t begin, int64_t end) {
                            for (int64_t i = begin; i < end; ++i)
                              piece(l, i / across / down, i / across % down * height_, i % across * width_);
                          });
    return ok();
  }

 private:
  int64_t row_length(int64_t n) const { return (n - 1) * w_.strides[w_.rank() - 1] + reach_; }

  // The piece of plane `o` (of all planes, those along further dimensions included) from (y, x) on.
  void piece(const Launch& l, int64_t o, int64_t y, int64_t x) const {
    const size_t last = in_.size() - 1;
    const int64_t rows = std::min(height_, w_.out[last - 1] - y), n = std::min(width_, w_.out[last] - x);
    const int64_t length = row_length(n);
    alignas(64) float buffer[kBuffer], other[kBuffer];
    // Where the input lies in a row of the buffer.
    const int64_t start = x * w_.strides[last] - w_.pads_begin[last];
    const int64_t first = std::clamp<int64_t>(-start, 0, length),
                  count = std::clamp<int64_t>(in_[last] - start, first, length) - first;
    const int64_t plane = in_[last - 1] * in_[last];
    bool fresh = true;
    for (int64_t t = 0; t < outer_taps_ && count > 0; ++t) {
      const int64_t from = outer_plane(o % outer_, t);
      if (from < 0) continue;
      const float* in = l.in<float>(0) +
                        (o / outer_ * elements(std::span(in_.data(), last - 1)) + from) * plane +
                        (start + first);
      for (int64_t k = 0; k < w_.kernel[last - 1]; ++k)
        if (join_rows(in, buffer, first, other, y, rows, k, count, length, fresh)) fresh = false;
    }
    if (fresh) std::fill_n(buffer, rows * length, nothing());
    float* const out = l.out<float>(0) + (o * w_.out[last - 1] + y) * w_.out[last] + x;
    join_columns(buffer, other, out, rows, n, length);
    finish(out, o % outer_, y, x, rows, n);
  }

  // Which plane of an input with further dimensions tap t of output plane o reads; -1 for the padding.
  int64_t outer_plane(int64_t o, int64_t t) const {
    int64_t from = 0, scale = 1;
    for (size_t d = in_.size() - 2; d-- > 0;) {
      const int64_t i = o % w_.out[d] * w_.strides[d] + t % w_.kernel[d] * w_.dilations[d] - w_.pads_begin[d];
      if (i < 0 || i >= in_[d]) return -1;
      from += i * scale;
      scale *= in_[d];
      o /= w_.out[d];
      t /= w_.kernel[d];
    }
    return from;
  }

  float nothing() const { return max_ ? -std::numeric_limits<float>::infinity() : 0.0f; }

  // Row k of the window, for all output rows where it lies in the input; false when it does for none. What is
  // in a `fresh` buffer does not count.
  bool join_rows(const float* in, float* buffer, int64_t first, float* other, int64_t y, int64_t rows,
                 int64_t k, int64_t count, int64_t length, bool fresh) const {
    const size_t d = in_.size() - 2;
    const int64_t stride = w_.strides[d], shift = k * w_.dilations[d] - w_.pads_begin[d];
    int64_t lo = 0, hi = rows;
    while (lo < hi && (y + lo) * stride + shift < 0) ++lo;
    while (hi > lo && (y + hi - 1) * stride + shift >= in_[d]) --hi;
    if (lo == hi) return false;
    const int64_t width = in_[d + 1];
    const float* from = in + ((y + lo) * stride + shift) * width;
    int64_t from_row = stride * width;
    float* const to = buffer + lo * length + first;
    if (fresh && hi - lo == rows && count == length) {
      first_(Strip{
          .src = {from}, .src_row = {from_row}, .dst = to, .dst_row = length, .n = count, .rows = rows});
      return true;
    }
    if (fresh) std::fill_n(buffer, rows * length, nothing());
    if (before_ != nullptr) {
      before_(Strip{
          .src = {from}, .src_row = {from_row}, .dst = other, .dst_row = count, .n = count, .rows = hi - lo});
      from = other;
      from_row = count;
    }
    join_(Strip{.src = {to, from},
                .src_row = {length, from_row},
                .dst = to,
                .dst_row = length,
                .n = count,
                .rows = hi - lo});
    return true;
  }

  void join_columns(const float* buffer, float* other, float* out, int64_t rows, int64_t n,
                    int64_t length) const {
    const size_t d = in_.size() - 1;
    const int64_t taps = w_.kernel[d], step = w_.dilations[d], stride = w_.strides[d], width = w_.out[d];
    // Whole rows, of which only some elements count, come from another buffer.
    float* const to = stride == 1 ? out : other;
    const int64_t to_row = stride == 1 ? width : length;
    for (int64_t k = 1; k < taps; ++k)
      join_(Strip{.src = {k == 1 ? buffer : to, buffer + k * step},
                  .src_row = {k == 1 ? length : to_row, length},
                  .dst = to,
                  .dst_row = to_row,
                  .n = length - reach_ + 1,
                  .rows = rows});
    if (stride == 1 && taps > 1) return;
    for (int64_t r = 0; r < rows; ++r)
      pick((taps > 1 ? other : buffer) + r * length, out + r * width, n, stride);
  }

  // What comes after the sums.
  void finish(float* out, int64_t outer, int64_t y, int64_t x, int64_t rows, int64_t n) const {
    const size_t last = in_.size() - 1;
    const int64_t width = w_.out[last];
    if (after_ != nullptr)
      after_(Strip{.src = {out}, .src_row = {width}, .dst = out, .dst_row = width, .n = n, .rows = rows});
    if (divide_ == nullptr) return;
    if (same_count_ > 0)
      return divide_(Strip{.src = {out, &same_count_},
                           .src_row = {width},
                           .dst = out,
                           .dst_row = width,
                           .n = n,
                           .rows = rows});
    float others = 1;
    for (size_t d = last - 1; d-- > 0; outer /= w_.out[d])
      others *= counts_[d][static_cast<size_t>(outer % w_.out[d])];
    float taps[kBuffer];
    for (int64_t r = 0; r < rows; ++r) {
      const float above = others * counts_[last - 1][static_cast<size_t>(y + r)];
      const float* const beside = counts_[last].data() + x;
      for (int64_t i = 0; i < n; ++i) taps[i] = std::max(1.0f, above * beside[i]);
      float* const row = out + r * width;
      divide_(Strip{.src = {row, taps}, .dst = row, .n = n});
    }
  }

  ops::Window w_;
  Dims in_;                         // spatial
  int64_t reach_ = 1;               // elements of a row that a window spans
  int64_t width_ = 1, height_ = 1;  // of a piece of the output
  int64_t planes_ = 1, outer_ = 1, outer_taps_ = 1;
  bool max_ = false;
  StripFn *join_ = nullptr, *first_ = nullptr, *before_ = nullptr, *after_ = nullptr, *divide_ = nullptr;
  float same_count_ = 0;                    // of taps, where it is the same everywhere
  std::vector<std::vector<float>> counts_;  // AveragePool: of taps, by dimension and output element
};

WhyNot rejects(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.has_out(1)) return "indices are wanted";
  if (q.attrs().i64("p", 2) > 2) return "a norm that is neither sum nor root of squares";
  return q.in[0].elements() == 0 || q.out[0].elements() == 0 ? "empty" : nullptr;
}

constexpr KernelDef kKernels[] = {
    {"max_pool:simd", "MaxPool", rejects, Pool::make},
    {"average_pool:simd", "AveragePool", rejects, Pool::make},
    {"lp_pool:simd", "LpPool", rejects, Pool::make},
};

}  // namespace

extern constinit const KernelTable simd_pool;
constinit const KernelTable simd_pool{kKernels};

}  // namespace lite::kernels
