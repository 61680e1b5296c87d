// Conv and FusedConv of float32, channels last: one matrix product for each group, whose rows are what the
// window of a pixel sees, read where they lie (Dukhan, "The Indirect Convolution Algorithm", 2019). Of a
// block of pixels there is a list of where the parts of those rows begin: the channels of one place, or few
// channels of places side by side. In the padding are zeros; a part that is half in it is copied.
#include <array>

#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/workspaces.h"
#include "core/ops/conv_reference.h"

namespace lite::kernels {
namespace {

using namespace simd;

constexpr size_t kMaxRank = 3;
constexpr int64_t kRows = 256;  // pixels of a block, at most

class IndirectConv final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<IndirectConv>();
    LITE_ASSIGN(k->s_, ops::resolve_conv(q.attrs(), q.in[0].dims, q.in[1].dims));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    const ops::ConvShape& s = k->s_;
    k->activation_ = ActivationFn(activation, q.options);
    k->bias_ = q.has_in(2);
    k->residual_ = q.has_in(3);
    k->residual_after_ = q.attrs().i64("residual_after", 0) != 0;
    k->channels_ = s.channels / s.group;
    k->filters_ = s.filters / s.group;
    k->pixels_ = s.batch * elements(s.window.out);
    // Panels that suit few pixels; for others the same weights do, however many there are.
    constexpr int64_t kFewPixels = 16;
    k->gemm_ = Gemm(q.options, k->filters_, k->pixels_ <= kFewPixels ? k->pixels_ : 0);
    k->list_places();
    k->split();
    LITE_ASSIGN(k->packed_, k->pack(*q.in[1].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    share_units(*l.parallel, workspaces_, blocks_ * across_, [&](int64_t workspace, int64_t unit) {
      auto* const memory = static_cast<unsigned char*>(l.workspace) + workspace * workspace_bytes_;
      auto* const rows = reinterpret_cast<const float**>(memory);
      auto* const zeros = reinterpret_cast<float*>(memory + list_bytes());
      memset(zeros, 0, static_cast<size_t>(places_ * s_.channels) * sizeof(float));
      // Panels of a block of pixels, one after the other, of one group or several.
      const int64_t first = unit / across_ * block_, m = std::min(block_, pixels_ - first);
      const int64_t begin = unit % across_ * panels_,
                    end = std::min(begin + panels_, s_.group * group_panels_);
      list_rows({l.in<float>(0), zeros, zeros + places_ * s_.channels, rows}, first, m);
      for (int64_t p = begin; p < end;) {
        const int64_t group = p / group_panels_, at = p % group_panels_,
                      until = std::min(group_panels_, at + end - p);
        multiply(l, group, first, m, at, until, zeros, rows);
        p += until - at;
      }
      if (apart_) activation_(l.out<float>(0) + first * s_.filters, m * s_.filters);
    });
    return ok();
  }

  size_t workspace_bytes() const override { return static_cast<size_t>(workspaces_ * workspace_bytes_); }
  bool reads_input(size_t i) const override { return i != 1; }

 private:
  int64_t depth() const { return taps_ * channels_; }
  int64_t group_floats() const { return packed_floats(depth(), filters_, gemm_.width()); }
  int64_t list_bytes() const {
    return round_up(taps_ / places_ * block_ * static_cast<int64_t>(sizeof(const float*)), 64);
  }

  // The window and the image, of three dimensions: missing ones in front have one place.
  void list_places() {
    const ops::Window& w = s_.window;
    const size_t missing = kMaxRank - w.rank();
    for (size_t d = 0; d < w.rank(); ++d) {
      in_[missing + d] = s_.in[d], out_[missing + d] = w.out[d], kernel_[missing + d] = w.kernel[d];
      stride_[missing + d] = w.strides[d], dilation_[missing + d] = w.dilations[d];
      pad_[missing + d] = w.pads_begin[d];
    }
    taps_ = elements(w.kernel);
    // Outputs of a line whose window is inside.
    whole_ = {std::max<int64_t>(0, ceil_div(pad_[2], stride_[2])),
              (in_[2] - kernel_[2] + pad_[2]) / stride_[2] + 1};
    if (in_[2] < kernel_[2] - pad_[2]) whole_.last = whole_.first;
    whole_.first = std::min(whole_.first, out_[2]);
    whole_.last = std::clamp(whole_.last, whole_.first, out_[2]);
    const int64_t copied = std::min(kRows, lines_of(kRows) * halves()) * taps_ * s_.channels;
    constexpr int64_t kFewChannels = 48, kMostCopied = 1 << 16;
    if (s_.group == 1 && s_.channels <= kFewChannels && dilation_[2] == 1 && 4 * halves() <= out_[2] &&
        copied <= kMostCopied)
      places_ = kernel_[2];
  }

  // Outputs of a line whose window is not inside as a whole; lines that so many pixels may touch.
  int64_t halves() const { return out_[2] - (whole_.last - whole_.first); }
  int64_t lines_of(int64_t pixels) const { return pixels / out_[2] + 2; }

  // Blocks of pixels whose channels and list stay in the second-level cache; where those are few, the panels
  // are shared out, too.
  void split() {
    constexpr int64_t kListed = 1 << 13, kFewTasks = 8, kWorth = 1 << 17;
    group_panels_ = ceil_div(filters_, gemm_.width());
    const int64_t all_panels = s_.group * group_panels_;
    block_ = std::clamp<int64_t>(kListed * places_ / taps_, 16, kRows);
    blocks_ = std::max<int64_t>(1, ceil_div(pixels_, block_));
    // Equal blocks.
    block_ = ceil_div(pixels_, blocks_);
    panels_ = all_panels;
    if (blocks_ < kFewTasks) {
      const int64_t worth = kWorth / std::max<int64_t>(1, block_ * depth() * gemm_.width());
      panels_ = std::clamp<int64_t>(ceil_div(all_panels, ceil_div(kFewTasks, blocks_)),
                                    std::min(all_panels, std::max<int64_t>(1, worth)), all_panels);
    }
    across_ = ceil_div(all_panels, panels_);
    // A product takes an activation that is more than a clip panel by panel, in short rows. Over whole
    // pixels, which are in the cache still, its loop is longer.
    constexpr int64_t kNear = 1 << 15;
    apart_ = across_ == 1 && block_ * s_.filters <= kNear && !activation_.none() && !activation_.clips() &&
             !(residual_ && residual_after_);
    workspaces_ = std::min<int64_t>(thread_pool::max_threads(), blocks_ * across_);
    const int64_t copied =
        places_ == 1 ? 0 : std::min(block_, lines_of(block_) * halves()) * (taps_ / places_);
    workspace_bytes_ = round_up(
        list_bytes() + (1 + copied) * places_ * s_.channels * static_cast<int64_t>(sizeof(float)), 64);
  }

  // Of each group the panels of the filters; of a panel the channels of one place after those of another.
  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    const int64_t width = gemm_.width();
    const auto bytes = static_cast<size_t>(s_.group * group_floats()) * sizeof(float);
    return packs.get(w, cat("conv_indirect:", width, ":", s_.group), bytes,
                     [&](void* packed, const void* weights) -> Status {
                       const auto* from = static_cast<const float*>(weights);
                       auto* to = static_cast<float*>(packed);
                       for (int64_t g = 0; g < s_.group;
                            ++g, from += filters_ * depth(), to += group_floats())
                         for (int64_t j = 0; j < filters_; j += width)
                           for (int64_t t = 0; t < taps_; ++t)
                             pack_panel(from + j * depth() + t, channels_, std::min(width, filters_ - j),
                                        taps_, depth(), width, to + j * depth() + t * width * channels_);
                       return ok();
                     });
  }

  struct List {
    const float *x, *zeros;
    float* copies;
    const float** rows;
  };
  // rows[t * m + i]: where part t of pixel first + i begins in the images at x, or its copy.
  void list_rows(List list, int64_t first, int64_t m) const {
    for (int64_t i = 0; i < kernel_[0]; ++i)
      for (int64_t j = 0; j < kernel_[1]; ++j)
        for (int64_t k = 0; k < kernel_[2]; k += places_, list.rows += m)
          list_part({i, j, k}, list, first, m);
  }

  void list_part(const std::array<int64_t, kMaxRank>& place, List& list, int64_t first, int64_t m) const {
    std::array<int64_t, kMaxRank> offset{};
    for (size_t d = 0; d < kMaxRank; ++d) offset[d] = place[d] * dilation_[d] - pad_[d];
    const ops::ColumnRange inside =
        places_ > 1 ? whole_ : ops::columns_inside(out_[2], in_[2], stride_[2], offset[2]);
    const int64_t step = stride_[2] * s_.channels;
    int64_t column = first % out_[2], row = first / out_[2];
    for (int64_t i = 0; i < m; column = 0, ++row) {
      const int64_t plane = row / out_[1], y = row % out_[1] * stride_[1] + offset[1],
                    z = plane % out_[0] * stride_[0] + offset[0], n = std::min(m - i, out_[2] - column);
      const float** const to = list.rows + i;
      i += n;
      if (y < 0 || y >= in_[1] || z < 0 || z >= in_[0]) {
        std::fill_n(to, n, list.zeros);
        continue;
      }
      const float* const line = list.x + ((plane / out_[0] * in_[0] + z) * in_[1] + y) * in_[2] * s_.channels;
      const int64_t begin = std::clamp<int64_t>(inside.first - column, 0, n),
                    end = std::clamp<int64_t>(inside.last - column, begin, n),
                    at = column * stride_[2] + offset[2];
      for (int64_t c = 0; c < begin; ++c) to[c] = at_edge(list, line, at + c * stride_[2]);
      if (begin < end) {
        const float* const pixel = line + (at + begin * stride_[2]) * s_.channels;
        for (int64_t c = begin; c < end; ++c) to[c] = pixel + (c - begin) * step;
      }
      for (int64_t c = end; c < n; ++c) to[c] = at_edge(list, line, at + c * stride_[2]);
    }
  }

  // The part at this column of a line, which is not inside as a whole.
  const float* at_edge(List& list, const float* line, int64_t column) const {
    const int64_t from = std::max<int64_t>(0, -column), to = std::min(places_, in_[2] - column);
    if (from >= to) return list.zeros;
    float* const copy = list.copies;
    list.copies += places_ * s_.channels;
    std::fill(copy, copy + from * s_.channels, 0.0f);
    std::copy(line + (column + from) * s_.channels, line + (column + to) * s_.channels,
              copy + from * s_.channels);
    std::fill(copy + to * s_.channels, list.copies, 0.0f);
    return copy;
  }

  // Panels [begin, end) of a group's filters, of pixels [first, first + m).
  void multiply(const Launch& l, int64_t group, int64_t first, int64_t m, int64_t begin, int64_t end,
                const float* zeros, const float* const* rows) const {
    const int64_t to = first * s_.filters + group * filters_;
    GemmArgs g{.rows = rows,
               .rows_step = m,
               .rows_offset = group * channels_,
               .a_depth = places_ * channels_,
               .zeros = zeros,
               .b = static_cast<const float*>(packed_->data.get()) + group * group_floats(),
               .c = l.out<float>(0) + to,
               .c_row = s_.filters,
               .m = m,
               .n = filters_,
               .k = depth(),
               .residual_row = s_.filters,
               .residual_after = residual_after_};
    if (bias_) g.bias = l.in<float>(2) + group * filters_;
    if (residual_) g.residual = l.in<float>(3) + to;
    if (!activation_.none() && !apart_) g.activation = &activation_;
    gemm_.tile(g, 0, m, begin, end);
  }

  ops::ConvShape s_;
  std::array<int64_t, kMaxRank> in_{1, 1, 1}, out_{1, 1, 1}, kernel_{1, 1, 1}, stride_{1, 1, 1},
      dilation_{1, 1, 1}, pad_{0, 0, 0};
  int64_t taps_ = 1, places_ = 1;  // of a window, of a part of it
  ops::ColumnRange whole_{0, 0};
  int64_t channels_ = 0, filters_ = 0, pixels_ = 0;  // of a group; of all images
  int64_t block_ = 1, blocks_ = 1, panels_ = 1, group_panels_ = 1, across_ = 1;
  int64_t workspaces_ = 1, workspace_bytes_ = 0;
  bool bias_ = false, residual_ = false, residual_after_ = false, apart_ = false;
  ActivationFn activation_;
  Gemm gemm_;
  std::shared_ptr<const PackCache::Packed> packed_;
};

WhyNot rejects(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  const Operand &x = q.in[0], &y = q.out[0];
  if (x.dims.size() < 3 || x.dims.size() > 2 + kMaxRank) return "not one to three spatial dimensions";
  if (x.layout != Layout::kChannelsLast || y.layout != x.layout) return "not channels last";
  if (q.in[1].constant == nullptr) return "weights not constant";
  if (y.elements() == 0 || x.elements() == 0 || q.in[1].elements() == 0) return "empty";
  if (q.in[1].dims[1] == 1 && x.dims[1] != 1) return "channels that do not mix";
  if (q.has_in(3) && (q.in[3].layout != y.layout || q.in[3].dims != y.dims))
    return "the residual lies differently";
  // oneDNN's kernels with AVX-512 are as fast but where there are few pixels (bench/results/matmul.md).
  if (q.options.unranked || !isa::runs_on(isa::kAvx512Level, q.options.isa)) return nullptr;
  constexpr int64_t kFewPixels = 64, kPointwisePixels = 256, kManyChannels = 64, kManyTaps = 25;
  const Dims& w = q.in[1].dims;
  const int64_t pixels = y.elements() / y.dims[1], taps = q.in[1].elements() / (w[0] * w[1]);
  if (w[1] != x.dims[1]) return "groups";
  if (pixels > (taps == 1 ? kPointwisePixels : kFewPixels)) return "many pixels";
  if ((w[0] < kManyChannels || w[1] < kManyChannels) && taps < kManyTaps) return "few channels";
  return nullptr;
}

bool in_place(const NodeQuery& q, size_t i) {
  return i == 3 && q.has_in(3) && q.attrs().i64("residual_after", 0) == 0;
}

constexpr KernelDef kKernels[] = {
    {"conv_indirect:simd", "Conv", rejects, IndirectConv::make, in_place},
    {"fused_conv_indirect:simd", "FusedConv", rejects, IndirectConv::make, in_place},
};

}  // namespace

extern constinit const KernelTable simd_conv_indirect;
constinit const KernelTable simd_conv_indirect{kKernels};

}  // namespace lite::kernels
