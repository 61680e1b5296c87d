// ConvTranspose of float32 in row-major images, in up to three spatial dimensions.
//
// Outputs that are a stride apart read the same taps, so each such phase is a convolution of stride 1 over
// the padded input: one matrix product for each tap, added up in a buffer where rows of the padded image
// follow each other. The phases of the last dimension are woven into rows of the output. Where a group has
// few filters, one product makes what all taps contribute, and the phases only add it up.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_transpose.cpp"
#include <array>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/ops/window.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// y[i] = x[i % strands * strand + i / strands] for i in [0, n).
void weave(const float* x, int64_t strand, int64_t strands, float* y, int64_t n) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (; strands == 2 && i + 2 * lanes <= n; i += 2 * lanes)
    hn::StoreInterleaved2(hn::LoadU(d, x + i / 2), hn::LoadU(d, x + strand + i / 2), d, y + i);
#endif
  if (strands == 1) {
    memcpy(y, x, static_cast<size_t>(n) * sizeof(float));
    return;
  }
  for (int64_t r = 0; r < strands; ++r)
    for (int64_t k = i + r, from = r * strand + i / strands; k < n; k += strands) y[k] = x[from++];
}

// y[i] = start + x[offsets[0] + i] + x[offsets[1] + i] + ... for i in [0, n).
void add_shifted(const float* x, const int64_t* offsets, int64_t count, float start, float* y, int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto sum = hn::Set(d, start);
    for (int64_t k = 0; k < count; ++k) sum = hn::Add(sum, hn::LoadU(d, x + offsets[k] + i));
    hn::StoreU(sum, d, y + i);
  }
  for (; i < n; ++i) {
    float sum = start;
    for (int64_t k = 0; k < count; ++k) sum += x[offsets[k] + i];
    y[i] = sum;
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kWeave, weave);
LITE_SIMD_TABLE(kAddShifted, add_shifted);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr int64_t kMaxStride = 64;  // each phase has a list of taps, and those of the last dimension sums
constexpr int64_t kBuffer = 16384;  // floats of sums at a time: they stay in the L2 cache
// Up to so many filters of a group are made in one product, when what all taps contribute is not more than so
// many floats, for an image and group and for all of them.
constexpr int64_t kFewFilters = 8, kContributions = 1 << 18, kAllContributions = 1 << 22;

// One spatial dimension.
struct Axis {
  struct Tap {
    int64_t k, shift;  // output q * stride + r takes input q + shift by weight k
  };
  int64_t in = 1, out = 1, stride = 1;
  int64_t before = 0, padded = 1;         // zeros in front of the input; its size with zeros around
  std::vector<std::vector<Tap>> taps{1};  // by r

  int64_t count(int64_t r) const { return std::max<int64_t>(0, ceil_div(out - r, stride)); }
};

Axis axis_of(const ops::Window& w, size_t d, int64_t in) {
  Axis a{.in = in, .out = w.out[d], .stride = w.strides[d]};
  a.taps.resize(static_cast<size_t>(a.stride));
  int64_t last = in - 1;
  for (int64_t r = 0; r < std::min(a.stride, a.out); ++r)
    for (int64_t k = 0; k < w.kernel[d]; ++k) {
      const int64_t ahead = r + w.pads_begin[d] - k * w.dilations[d];
      if (ahead % a.stride != 0) continue;
      const int64_t shift = ahead / a.stride;
      a.taps[static_cast<size_t>(r)].push_back({k, shift});
      a.before = std::max(a.before, -shift);
      last = std::max(last, a.count(r) - 1 + shift);
    }
  a.padded = a.before + last + 1;
  return a;
}

class ConvTranspose final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    const Dims &x = q.in[0].dims, &w = q.in[1].dims;
    const size_t rank = x.size() - 2;
    const Dims kernel(std::span(w.begin() + 2, rank)), in(std::span(x.begin() + 2, rank));
    LITE_ASSIGN(const ops::WindowAttrs read, ops::read_window(q.attrs(), rank, &kernel));
    LITE_ASSIGN(const ops::Window window, ops::resolve_transposed(q.attrs(), read, in));
    auto k = std::make_unique<ConvTranspose>();
    k->batch_ = x[0];
    k->group_ = q.attrs().i64("group", 1);
    k->channels_ = x[1] / k->group_;
    k->filters_ = w[1];
    for (size_t d = 0; d < 3; ++d) k->axes_[d].taps[0] = {{0, 0}};
    for (size_t d = 0; d < rank; ++d) {
      k->axes_[3 - rank + d] = axis_of(window, d, in[d]);
      k->kernel_[3 - rank + d] = kernel[d];
    }
    k->taps_ = elements(kernel);
    const Axis &a0 = k->axes_[0], &a1 = k->axes_[1], &a2 = k->axes_[2];
    // Dilated taps may lie beyond any image.
    if (static_cast<double>(a0.padded) * static_cast<double>(a1.padded) * static_cast<double>(a2.padded) >
        static_cast<double>(4 * (elements(in) + 1024)))
      return unsupported(q.node.op->name, ": much padding");
    k->plane_ = a0.padded * a1.padded * a2.padded;
    // As many filters, then columns, then rows as the buffer has room for.
    k->block_ = std::min<int64_t>(k->filters_, a2.stride <= 4 ? 48 : 12);
    const int64_t room = kBuffer / (a2.stride * k->block_);
    k->width_ = std::min(room, a2.count(0));
    k->height_ = std::clamp<int64_t>((room - k->width_) / a2.padded + 1, 1, a1.count(0));
    k->bias_ = q.has_in(2);
    k->gemm_ = Gemm(q.options);
    k->weave_ = choose(kWeave, q.options);
    k->add_shifted_ = choose(kAddShifted, q.options);
    const double contributions = static_cast<double>(k->filters_) * static_cast<double>(k->taps_) *
                                 static_cast<double>(k->row_floats());
    k->at_once_ = k->taps_ > 1 && k->filters_ <= kFewFilters && contributions <= kContributions &&
                  contributions * static_cast<double>(k->batch_ * k->group_) <= kAllContributions;
    if (k->at_once_) k->list_offsets();
    LITE_ASSIGN(k->packed_, k->pack(*q.in[1].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    auto* const padded = static_cast<float*>(l.workspace);
    pad(l, padded);
    if (at_once_) contribute(l, padded);
    const Axis &a0 = axes_[0], &a1 = axes_[1], &a2 = axes_[2];
    const int64_t blocks = ceil_div(filters_, block_), across = ceil_div(a2.count(0), width_),
                  down = ceil_div(a1.count(0), height_);
    const int64_t work = block_ * channels_ * height_ * width_ * ceil_div(taps_, a0.stride * a1.stride);
    const Dims units{batch_ * group_, blocks, a0.out, a1.stride, down, across};
    l.parallel->for_range(elements(units), rows_grain(work, int64_t{1} << 17),
                          [&](int64_t begin, int64_t end) {
                            alignas(64) float sums[kBuffer];
                            for (int64_t i = begin; i < end; ++i) {
                              int64_t at[6], rest = i;
                              for (size_t d = 6; d-- > 0; rest /= units[d]) at[d] = rest % units[d];
                              const Piece p{.group = at[0],
                                            .filter = at[1] * block_,
                                            .filters = std::min(block_, filters_ - at[1] * block_),
                                            .depth = at[2],
                                            .phase = at[3],
                                            .y = at[4] * height_,
                                            .rows = std::min(height_, a1.count(at[3]) - at[4] * height_),
                                            .x = at[5] * width_,
                                            .columns = std::min(width_, a2.count(0) - at[5] * width_)};
                              if (p.rows > 0) piece(l, p, padded, sums);
                            }
                          });
    return ok();
  }
  size_t workspace_bytes() const override {
    const int64_t images = batch_ * group_;
    return static_cast<size_t>(padded_floats() + (at_once_ ? images * contributions() : 0)) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != 1; }

 private:
  // Rows [y, y + rows) of those of a phase, and columns [x, x + columns) of every phase, of some filters.
  struct Piece {
    int64_t group, filter, filters;
    int64_t depth, phase;  // of the output; of its rows
    int64_t y, rows, x, columns;
  };

  int64_t padded_floats() const { return round_up(batch_ * group_ * channels_ * plane_ + gemm_.width(), 16); }
  // Floats of what the taps contribute to one image and group, a row for each filter and tap.
  int64_t row_floats() const { return round_up(plane_, gemm_.width()); }
  int64_t contributions() const { return filters_ * taps_ * row_floats(); }

  // For each phase, where its taps' contributions to the first filter lie, from the output's place on.
  void list_offsets() {
    const Axis &a0 = axes_[0], &a1 = axes_[1], &a2 = axes_[2];
    for (const auto& t0 : a0.taps)
      for (const auto& t1 : a1.taps)
        for (const auto& t2 : a2.taps) {
          first_.push_back(static_cast<int64_t>(offsets_.size()));
          for (const Axis::Tap& d : t0)
            for (const Axis::Tap& y : t1)
              for (const Axis::Tap& x : t2)
                offsets_.push_back(((d.k * kernel_[1] + y.k) * kernel_[2] + x.k) * row_floats() +
                                   ((d.shift + a0.before) * a1.padded + y.shift + a1.before) * a2.padded +
                                   x.shift + a2.before);
        }
    first_.push_back(static_cast<int64_t>(offsets_.size()));
  }

  void contribute(const Launch& l, float* padded) const {
    float* const to = padded + padded_floats();
    const auto* const packed = static_cast<const float*>(packed_->data.get());
    const int64_t m = filters_ * taps_;
    const GemmArgs shape{.m = m, .n = row_floats(), .k = channels_};
    gemm_.run_batches(*l.parallel, batch_ * group_, shape, [&](int64_t i) {
      return GemmArgs{.a = packed + i % group_ * channels_ * m,
                      .a_row = 1,
                      .a_column = m,
                      .b = padded + i * channels_ * plane_,
                      .b_row = plane_,
                      .c = to + i * contributions(),
                      .c_row = row_floats(),
                      .m = m,
                      .n = row_floats(),
                      .k = channels_};
    });
  }

  // All images with zeros around them.
  void pad(const Launch& l, float* padded) const {
    const Axis &a0 = axes_[0], &a1 = axes_[1], &a2 = axes_[2];
    const int64_t planes = batch_ * group_ * channels_;
    l.parallel->for_range(planes, rows_grain(plane_), [&](int64_t begin, int64_t end) {
      std::fill(padded + begin * plane_, padded + end * plane_, 0.0f);
      for (int64_t i = begin * a0.in * a1.in; i < end * a0.in * a1.in; ++i) {
        const int64_t row = i % a1.in + a1.before, depth = i / a1.in % a0.in + a0.before;
        memcpy(padded + (i / a1.in / a0.in * a0.padded + depth) * a1.padded * a2.padded + row * a2.padded +
                   a2.before,
               l.in<float>(0) + i * a2.in, static_cast<size_t>(a2.in) * sizeof(float));
      }
    });
    // What a product reads of a panel that begins in the last plane.
    std::fill_n(padded + planes * plane_, gemm_.width(), 0.0f);
  }

  void piece(const Launch& l, const Piece& p, const float* padded, float* sums) const {
    const Axis &a0 = axes_[0], &a1 = axes_[1], &a2 = axes_[2];
    const int64_t n = (p.rows - 1) * a2.padded + p.columns, strand = p.filters * n;
    const int64_t first = p.group % group_ * filters_ + p.filter;  // filter of all groups
    const float* const bias = bias_ ? l.in<float>(2) + first : nullptr;
    for (int64_t r = 0; r < a2.stride; ++r)
      add_taps(p, r, padded + p.group * channels_ * plane_,
               padded + padded_floats() + p.group * contributions(), bias, n, sums + r * strand);
    const int64_t length = std::min(a2.out - p.x * a2.stride, p.columns * a2.stride);
    for (int64_t f = 0; f < p.filters; ++f)
      for (int64_t row = 0; row < p.rows; ++row) {
        const int64_t image = p.group / group_ * group_ * filters_ + first + f,
                      y = (p.y + row) * a1.stride + p.phase;
        weave_(sums + f * n + row * a2.padded, strand, a2.stride,
               l.out<float>(0) + ((image * a0.out + p.depth) * a1.out + y) * a2.out + p.x * a2.stride,
               length);
      }
  }

  // The sums of phase r of the columns.
  void add_taps(const Piece& p, int64_t r, const float* padded, const float* contributed, const float* bias,
                int64_t n, float* sums) const {
    const Axis &a0 = axes_[0], &a1 = axes_[1], &a2 = axes_[2];
    if (at_once_) {
      const int64_t phase = (p.depth % a0.stride * a1.stride + p.phase) * a2.stride + r;
      const int64_t first = first_[static_cast<size_t>(phase)], last = first_[static_cast<size_t>(phase) + 1];
      const int64_t from = (p.depth / a0.stride * a1.padded + p.y) * a2.padded + p.x;
      for (int64_t f = 0; f < p.filters; ++f)
        add_shifted_(contributed + (p.filter + f) * taps_ * row_floats() + from, offsets_.data() + first,
                     last - first, bias == nullptr ? 0.0f : bias[f], sums + f * n, n);
      return;
    }
    const auto &t0 = a0.taps[static_cast<size_t>(p.depth % a0.stride)],
               &t1 = a1.taps[static_cast<size_t>(p.phase)], &t2 = a2.taps[static_cast<size_t>(r)];
    size_t left = t0.size() * t1.size() * t2.size();
    if (left == 0) {
      for (int64_t f = 0; f < p.filters; ++f) std::fill_n(sums + f * n, n, bias == nullptr ? 0.0f : bias[f]);
      return;
    }
    const auto* const packed = static_cast<const float*>(packed_->data.get());
    bool more = false;
    for (const Axis::Tap& d : t0)
      for (const Axis::Tap& y : t1)
        for (const Axis::Tap& x : t2) {
          const int64_t tap = (d.k * kernel_[1] + y.k) * kernel_[2] + x.k;
          const int64_t from =
              ((p.depth / a0.stride + d.shift + a0.before) * a1.padded + p.y + y.shift + a1.before) *
                  a2.padded +
              p.x + x.shift + a2.before;
          gemm_.tile(
              GemmArgs{.a = packed + (p.group % group_ * taps_ + tap) * channels_ * filters_ + p.filter,
                       .a_row = 1,
                       .a_column = filters_,
                       .b = padded + from,
                       .b_row = plane_,
                       .c = sums,
                       .c_row = n,
                       .m = p.filters,
                       .n = n,
                       .k = channels_,
                       .bias = --left == 0 ? bias : nullptr,
                       .bias_per_row = true,
                       .accumulate = more},
              0, p.filters, 0, ceil_div(n, gemm_.width()));
          more = true;
        }
  }

  // By group and tap the weights of each channel; or as they are, by channel, filter and tap.
  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    return packs.get(w, cat("conv_transpose:", group_, at_once_ ? ":at once" : ""),
                     static_cast<size_t>(w.elements()) * sizeof(float), [&](void* packed) -> Status {
                       auto* const to = static_cast<float*>(packed);
                       if (at_once_) {
                         memcpy(to, w.raw(), w.bytes());
                         return ok();
                       }
                       const auto* const from = static_cast<const float*>(w.raw());
                       const int64_t n = channels_ * filters_;
                       for (int64_t g = 0; g < group_; ++g)
                         pack_panel(from + g * n * taps_, taps_, n, 1, taps_, n, to + g * n * taps_);
                       return ok();
                     });
  }

  int64_t batch_ = 0, group_ = 1, channels_ = 0, filters_ = 0;  // of a group
  std::array<Axis, 3> axes_;                                    // missing ones in front have one element
  std::array<int64_t, 3> kernel_{1, 1, 1};
  int64_t taps_ = 1, plane_ = 0;                // of the kernel; floats of a padded image
  int64_t block_ = 1, height_ = 1, width_ = 1;  // filters, rows and columns of a piece
  bool bias_ = false, at_once_ = false;
  std::vector<int64_t> offsets_, first_;  // by phase the offsets of its taps; where those begin
  Gemm gemm_;
  decltype(&HWY_STATIC_DISPATCH(weave)) weave_ = nullptr;
  decltype(&HWY_STATIC_DISPATCH(add_shifted)) add_shifted_ = nullptr;
  std::shared_ptr<const PackCache::Packed> packed_;
};

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.size() < 3 || q.in[0].dims.size() > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[1].constant == nullptr) return "weights not constant";
  if (q.in[0].elements() == 0 || q.in[1].elements() == 0 || q.out[0].elements() == 0) return "empty";
  for (const int64_t stride : q.attrs().ints("strides"))
    if (stride > kMaxStride) return "long strides";
  return nullptr;
}

constexpr KernelDef kKernels[] = {{"conv_transpose:simd", "ConvTranspose", rejects, ConvTranspose::make}};

}  // namespace

extern constinit const KernelTable simd_conv_transpose;
constinit const KernelTable simd_conv_transpose{kKernels};

}  // namespace lite::kernels
#endif
