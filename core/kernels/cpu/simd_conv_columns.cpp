// Conv and FusedConv of float32, row-major: of each group the weights, as they are, times a matrix that has a
// column for each output, the places of its window. And ConvTranspose without strides, which is a convolution
// by the turned window.
//
// Only a block of columns that stays in the cache is there at a time. What a place of the window reads for
// neighbouring outputs mostly are neighbours; of which outputs it lies in the padding is known before.

// Of debug and sanitized builds: what Highway then asserts of IndicesFromVec is in a library that is not
// linked.
#ifndef HWY_IS_DEBUG_BUILD
#define HWY_IS_DEBUG_BUILD 0
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_conv_columns.cpp"
#include <algorithm>
#include <array>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_gemm.h"
#include "core/kernels/cpu/workspaces.h"
#include "core/ops/conv_reference.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_CONV_COLUMNS_ARGS
#define LITE_SIMD_CONV_COLUMNS_ARGS
namespace lite::simd {

// Where the columns of a block find what they hold. A vector is of as many outputs as a register has floats.
struct ColumnsPlan {
  int64_t channels = 0, plane = 0;         // of a group; floats of one in the image
  std::array<int64_t, 3> kernel{1, 1, 1};  // missing dimensions in front have one place
  std::vector<int64_t> offsets;            // by place, from the first one
  std::vector<int32_t> base;               // by output, its first place in the plane
  std::vector<uint16_t> inside;  // by vector, for each place of each dimension a bit for each output
  int64_t taps() const { return static_cast<int64_t>(offsets.size()); }
  int64_t masks() const { return kernel[0] + kernel[1] + kernel[2]; }
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

// `channels` vectors, `plane` apart in the image at x, to rows `row` apart: of each output whose bit is set
// what lies at `index`, else zero. The indices of those outputs rise, one by one where all are `straight`.
template <class D>
HWY_INLINE void gather_tap(D d, const float* x, hn::Vec<hn::RebindToSigned<D>> index,
                           [[maybe_unused]] const int32_t* indices, [[maybe_unused]] bool straight,
                           uint32_t bits, int64_t channels, int64_t plane, float* to, int64_t row) {
  if (bits == 0) {
    for (int64_t c = 0; c < channels; ++c, to += row) hn::StoreU(hn::Zero(d), d, to);
    return;
  }
  const hn::RebindToSigned<D> di;
  const auto mask = hn::LoadMaskBits(d, reinterpret_cast<const uint8_t*>(&bits));
  const auto each = [&](auto load) HWY_ATTR {
    for (int64_t c = 0; c < channels; ++c, x += plane, to += row) hn::StoreU(load(x), d, to);
  };
  // Loads of floats under a mask never fault with AVX2, whatever Highway says of all types.
#if !HWY_MEM_OPS_MIGHT_FAULT || HWY_TARGET == HWY_AVX2
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t first = indices[__builtin_ctz(bits)], last = indices[31 - __builtin_clz(bits)];
  const auto near = hn::Sub(index, hn::Set(di, static_cast<int32_t>(first)));
  // Outputs of a row side by side, some of them in the padding.
  if (straight) {
    x += indices[0];
    return each([=](const float* p) HWY_ATTR { return hn::MaskedLoad(mask, d, p); });
  }
  x += first;
  if (last - first < 4 * lanes) {
    // Of up to four vectors the elements that are wanted of each.
    const auto at = hn::IndicesFromVec(d, hn::And(near, hn::Set(di, static_cast<int32_t>(lanes - 1))));
    const auto part = [&](int64_t i) HWY_ATTR {
      const auto of = hn::Set(di, static_cast<int32_t>(i * lanes));
      return hn::And(
          mask,
          hn::RebindMask(d, hn::Eq(hn::AndNot(hn::Set(di, static_cast<int32_t>(lanes - 1)), near), of)));
    };
    const auto read = [&](int64_t i) HWY_ATTR {
      return hn::FirstN(d, static_cast<size_t>(std::clamp<int64_t>(last - first + 1 - i * lanes, 0, lanes)));
    };
    const auto m0 = part(0), m1 = part(1), r0 = read(0), r1 = read(1);
    if (last - first < 2 * lanes)
      return each([=](const float* p) HWY_ATTR {
        const auto a = hn::TableLookupLanes(hn::MaskedLoad(r0, d, p), at),
                   b = hn::TableLookupLanes(hn::MaskedLoad(r1, d, p + lanes), at);
        return hn::IfThenElse(m1, b, hn::IfThenElseZero(m0, a));
      });
    const auto m2 = part(2), m3 = part(3), r2 = read(2), r3 = read(3);
    return each([=](const float* p) HWY_ATTR {
      const auto a = hn::TableLookupLanes(hn::LoadU(d, p), at),
                 b = hn::TableLookupLanes(hn::LoadU(d, p + lanes), at);
      const auto c = hn::TableLookupLanes(hn::MaskedLoad(r2, d, p + 2 * lanes), at),
                 e = hn::TableLookupLanes(hn::MaskedLoad(r3, d, p + 3 * lanes), at);
      return hn::IfThenElse(m3, e, hn::IfThenElse(m2, c, hn::IfThenElse(m1, b, hn::IfThenElseZero(m0, a))));
    });
  }
  x -= first;
#endif
  // Outside the image the first element is read.
  const auto at = hn::IfThenElseZero(hn::RebindMask(di, mask), index);
  each([=](const float* p) HWY_ATTR { return hn::IfThenElseZero(mask, hn::GatherIndex(d, p, at)); });
}

// Vectors [first, first + count) of the columns over the image at x, in panels of `width` columns.
void gather_columns(const ColumnsPlan& p, const float* x, int64_t first, int64_t count, int64_t width,
                    float* to) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t taps = p.taps(), row = taps * width, each = width / lanes;
  const uint32_t all = (1U << lanes) - 1;
  for (int64_t v = first; v < first + count; ++v) {
    float* const panel = to + (v - first) / each * p.channels * row + (v - first) % each * lanes;
    const int32_t* const base = p.base.data() + v * lanes;
    const uint16_t* const in = p.inside.data() + v * p.masks();
    const auto index = hn::LoadU(di, base);
    const bool straight = hn::AllTrue(di, hn::Eq(index, hn::Iota(di, base[0])));
    int64_t t = 0;
    for (int64_t i = 0; i < p.kernel[0]; ++i)
      for (int64_t j = 0; j < p.kernel[1]; ++j)
        for (int64_t k = 0; k < p.kernel[2]; ++k, ++t) {
          const uint32_t bits = in[i] & in[p.kernel[0] + j] & in[p.kernel[0] + p.kernel[1] + k];
          float* column = panel + t * width;
          const auto offset = static_cast<int32_t>(p.offsets[static_cast<size_t>(t)]);
          if (straight && bits == all) {
            const float* from = x + base[0] + offset;
            for (int64_t c = 0; c < p.channels; ++c, from += p.plane, column += row)
              hn::StoreU(hn::LoadU(d, from), d, column);
            continue;
          }
          HWY_ALIGN int32_t indices[HWY_MAX_BYTES / sizeof(int32_t)];
          const auto at = hn::Add(index, hn::Set(di, offset));
          hn::Store(at, di, indices);
          gather_tap(d, x, at, indices, straight, bits, p.channels, p.plane, column, row);
        }
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kGather, gather_columns);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

// What the convolution is, or the one that a transposed one without strides is.
struct Shape {
  int64_t batch = 0, group = 1, channels = 0, filters = 0;  // of a group
  std::array<int64_t, 3> in{1, 1, 1}, out{1, 1, 1}, kernel{1, 1, 1}, stride{1, 1, 1}, dilation{1, 1, 1},
      pad{0, 0, 0};
  bool turned = false;  // the weights lie by channel, filter and turned window

  int64_t taps() const { return kernel[0] * kernel[1] * kernel[2]; }
  int64_t depth() const { return channels * taps(); }
  int64_t in_plane() const { return in[0] * in[1] * in[2]; }
  int64_t out_plane() const { return out[0] * out[1] * out[2]; }
  // Every input is seen by one place of the window, and nothing else is.
  bool pointwise() const {
    return taps() == 1 && in == out && pad == std::array<int64_t, 3>{0, 0, 0} &&
           stride == std::array<int64_t, 3>{1, 1, 1};
  }
  // conv:winograd takes it.
  bool winograd() const {
    constexpr std::array<int64_t, 3> kOnes{1, 1, 1}, kThree{1, 3, 3};
    return kernel == kThree && stride == kOnes && dilation == kOnes && group == 1;
  }
  // Of the padded image, and as far as the window reaches.
  double reach() const {
    double n = 1;
    for (size_t d = 0; d < 3; ++d)
      n *= static_cast<double>(in[d] + 2 * pad[d] + out[d] * stride[d] + kernel[d] * dilation[d]);
    return n;
  }
};

void set_window(Shape& s, const ops::Window& w, std::span<const int64_t> in, std::span<const int64_t> out) {
  for (size_t i = 0; i < in.size(); ++i) {
    const size_t d = 3 - in.size() + i;
    s.in[d] = in[i], s.out[d] = out[i];
    s.kernel[d] = w.kernel[i], s.stride[d] = w.strides[i], s.dilation[d] = w.dilations[i],
    s.pad[d] = w.pads_begin[i];
  }
}

Result<Shape> shape_of(const NodeQuery& q) {
  Shape s;
  const Dims &x = q.in[0].dims, &w = q.in[1].dims;
  if (std::string_view(q.node.op->name) != "ConvTranspose") {
    LITE_ASSIGN(const ops::ConvShape c, ops::resolve_conv(q.attrs(), x, w));
    s.batch = c.batch, s.group = c.group, s.channels = c.channels / c.group, s.filters = c.filters / c.group;
    set_window(s, c.window, c.in, c.out);
    return s;
  }
  const size_t rank = x.size() - 2;
  const Dims kernel(std::span(w.begin() + 2, rank)), in(std::span(x.begin() + 2, rank));
  LITE_ASSIGN(const ops::WindowAttrs read, ops::read_window(q.attrs(), rank, &kernel));
  LITE_ASSIGN(const ops::Window window, ops::resolve_transposed(q.attrs(), read, in));
  s.turned = true;
  s.batch = x[0], s.group = q.attrs().i64("group", 1), s.channels = x[1] / s.group, s.filters = w[1];
  set_window(s, window, in, window.out);
  for (size_t d = 0; d < 3; ++d) s.pad[d] = s.dilation[d] * (s.kernel[d] - 1) - s.pad[d];
  return s;
}

class ColumnsConv final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<ColumnsConv>();
    LITE_ASSIGN(k->s_, shape_of(q));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    k->activation_ = ActivationFn(activation, q.options);
    k->bias_ = q.has_in(2);
    k->residual_ = q.has_in(3);
    k->residual_after_ = q.attrs().i64("residual_after", 0) != 0;
    // Wide panels, if they stay in the cache. With short vectors their tiles have 4 rows of 3 vectors, else 6
    // of 2: for few filters what makes fewer tiles.
    constexpr int64_t kDeep = 2048, kFew = 24, kLongVector = 16;
    const int64_t filters = k->s_.filters;
    const bool wide = k->s_.depth() <= kDeep && (float_lanes(q.options) >= kLongVector || filters > kFew ||
                                                 2 * ceil_div(filters, 4) < 3 * ceil_div(filters, 6));
    k->gemm_ = wide ? Gemm(q.options, k->s_.out_plane()) : Gemm(q.options);
    k->gather_ = choose(kGather, q.options);
    k->copy_ = pack_columns(q.options);
    k->lanes_ = float_lanes(q.options);
    const Shape& s = k->s_;
    if (!s.pointwise()) k->plan();
    // An image is a matrix as Gemm wants it but for how it lies in the cache, which matters where rows of
    // weights meet it again and again.
    constexpr int64_t kOnce = 12, kFewFilters = 48, kFewChannels = 64;
    k->direct_ =
        s.pointwise() && (s.filters <= kOnce || (s.filters <= kFewFilters && s.channels <= kFewChannels));
    k->split();
    if (!s.turned) return std::unique_ptr<Kernel>(std::move(k));
    LITE_ASSIGN(k->packed_, k->pack(*q.in[1].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int64_t units = s_.batch * s_.group * blocks_;
    share_units(*l.parallel, workspaces_, units, [&](int64_t workspace, int64_t i) {
      calculate(l, i / blocks_, i % blocks_, static_cast<float*>(l.workspace) + workspace * block_floats());
    });
    return ok();
  }
  size_t workspace_bytes() const override {
    return static_cast<size_t>(workspaces_ * block_floats()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != 1 || !s_.turned; }
  size_t packed_bytes() const override {
    return plan_.base.size() * sizeof(int32_t) + plan_.inside.size() * sizeof(uint16_t);
  }

 private:
  int64_t width() const { return gemm_.width(); }
  int64_t block_floats() const { return round_up(panels_ * width() * s_.depth(), 16); }

  void plan() {
    plan_.channels = s_.channels;
    plan_.plane = s_.in_plane();
    plan_.kernel = s_.kernel;
    const std::array<int64_t, 3>&in = s_.in, &out = s_.out, &kernel = s_.kernel;
    for (int64_t i = 0; i < kernel[0]; ++i)
      for (int64_t j = 0; j < kernel[1]; ++j)
        for (int64_t k = 0; k < kernel[2]; ++k)
          plan_.offsets.push_back((i * s_.dilation[0] * in[1] + j * s_.dilation[1]) * in[2] +
                                  k * s_.dilation[2]);
    const int64_t vectors = ceil_div(s_.out_plane(), lanes_);
    plan_.base.resize(static_cast<size_t>(vectors * lanes_));
    plan_.inside.resize(static_cast<size_t>(vectors * plan_.masks()));
    for (int64_t o = 0; o < s_.out_plane(); ++o) {
      const int64_t at[] = {o / out[2] / out[1], o / out[2] % out[1], o % out[2]};
      uint16_t* inside = plan_.inside.data() + o / lanes_ * plan_.masks();
      int64_t base = 0;
      for (size_t d = 0; d < 3; ++d) {
        const int64_t first = at[d] * s_.stride[d] - s_.pad[d];
        base = base * in[d] + first;
        for (int64_t k = 0; k < kernel[d]; ++k, ++inside) {
          const int64_t place = first + k * s_.dilation[d];
          if (place >= 0 && place < in[d]) *inside = static_cast<uint16_t>(*inside | 1U << o % lanes_);
        }
      }
      plan_.base[static_cast<size_t>(o)] = static_cast<int32_t>(base);
    }
  }

  // A block of columns stays in the second-level cache; rows of weights, too.
  void split() {
    constexpr int64_t kBlock = 1 << 16, kWeights = 1 << 17, kFewUnits = 8;
    const int64_t panels = ceil_div(s_.out_plane(), width()), depth = std::max<int64_t>(1, s_.depth());
    panels_ = std::clamp<int64_t>(kBlock / (depth * width()), 1, panels);
    const int64_t images = s_.batch * s_.group;
    panels_ = std::min(panels_, std::max<int64_t>(1, panels * images / kFewUnits));
    blocks_ = ceil_div(panels, panels_);
    panels_ = ceil_div(panels, blocks_);
    rows_ = std::clamp<int64_t>(kWeights / depth, 1, s_.filters);
    workspaces_ = std::min<int64_t>(thread_pool::max_threads(), images * blocks_);
  }

  // By group the weights of each filter, the window turned.
  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    return packs.get(
        w, cat("conv_columns:", s_.group), static_cast<size_t>(w.elements()) * sizeof(float),
        [&](void* packed, const void* weights) -> Status {
          auto* to = static_cast<float*>(packed);
          const int64_t taps = s_.taps();
          for (int64_t g = 0; g < s_.group; ++g)
            for (int64_t f = 0; f < s_.filters; ++f)
              for (int64_t c = 0; c < s_.channels; ++c, to += taps) {
                // Perhaps not aligned.
                memcpy(to,
                       static_cast<const float*>(weights) + ((g * s_.channels + c) * s_.filters + f) * taps,
                       static_cast<size_t>(taps) * sizeof(float));
                std::reverse(to, to + taps);
              }
          return ok();
        });
  }

  // Of a group of an image the outputs of one block.
  void calculate(const Launch& l, int64_t image, int64_t block, float* columns) const {
    const int64_t group = image % s_.group, depth = s_.depth(), out = s_.out_plane();
    const int64_t first = block * panels_ * width(), n = std::min(panels_ * width(), out - first);
    if (n <= 0) return;
    const float* const x = l.in<float>(0) + image * s_.channels * s_.in_plane();
    const float* const weights = s_.turned ? static_cast<const float*>(packed_->data.get()) : l.in<float>(1);
    GemmArgs g{.a = weights + group * s_.filters * depth,
               .a_row = depth,
               .b = columns,
               .c = l.out<float>(0) + image * s_.filters * out + first,
               .c_row = out,
               .m = s_.filters,
               .n = n,
               .k = depth,
               .bias_per_row = true,
               .residual_row = out,
               .residual_after = residual_after_};
    if (bias_) g.bias = l.in<float>(2) + group * s_.filters;
    if (residual_) g.residual = l.in<float>(3) + image * s_.filters * out + first;
    if (!activation_.none()) g.activation = &activation_;
    if (direct_) {
      GemmArgs whole = g;
      whole.b = x + first, whole.b_row = s_.in_plane(), whole.n = n / width() * width();
      if (whole.n != 0) multiply(whole);
      if (whole.n == n) return;
      copy_(whole.b + whole.n, depth, s_.in_plane(), n - whole.n, width(), columns);
      g.c += whole.n, g.n -= whole.n;
      if (residual_) g.residual += whole.n;
      return multiply(g);
    }
    if (s_.pointwise())
      copy_(x + first, depth, s_.in_plane(), n, width(), columns);
    else
      gather_(plan_, x, first / lanes_, ceil_div(n, lanes_), width(), columns);
    multiply(g);
  }

  // A product takes an activation that is more than a clip panel by panel. Over rows of all panels, which are
  // in the cache still, its loops are longer: 0.88 to 1 of the time.
  void multiply(GemmArgs g) const {
    constexpr int64_t kNear = 1 << 14, kTiles = 24;
    const bool apart = g.activation != nullptr && !activation_.clips() && !(residual_ && residual_after_);
    if (apart) g.activation = nullptr;
    const int64_t rows = apart ? std::min(rows_, std::max(kTiles, kNear / g.n / kTiles * kTiles)) : rows_;
    for (int64_t m = 0; m < g.m; m += rows) {
      const int64_t last = std::min(g.m, m + rows);
      gemm_.tile(g, m, last, 0, ceil_div(g.n, width()));
      if (apart) activation_(g.c + m * g.c_row, g.n, last - m, g.c_row);
    }
  }

  Shape s_;
  ColumnsPlan plan_;
  int64_t lanes_ = 0, panels_ = 1, blocks_ = 1, rows_ = 1, workspaces_ = 1;
  bool direct_ = false, bias_ = false, residual_ = false, residual_after_ = false;
  ActivationFn activation_;
  Gemm gemm_;
  decltype(&HWY_STATIC_DISPATCH(gather_columns)) gather_ = nullptr;
  PackColumnsFn* copy_ = nullptr;
  std::shared_ptr<const PackCache::Packed> packed_;
};

constexpr int64_t kShortVector = 8;  // floats of one of AVX2

// In multiplications of a vector, fitted to 750 random convolutions: what outputs, columns and their masks
// cost.
double cost(const Shape& s, const KernelOptions& options) {
  constexpr double kMultiply = 1.15, kFewest = 4, kColumn = 8, kMask = 25, kStore = 0.15, kCopied = 2;
  const auto vectors = static_cast<double>(ceil_div(s.out_plane(), float_lanes(options)));
  const auto images = static_cast<double>(s.batch * s.group), filters = static_cast<double>(s.filters);
  const double multiplies = std::max(filters, kFewest) * kMultiply;
  const double column = s.pointwise() ? kCopied : kColumn;
  return images * vectors *
             (static_cast<double>(s.depth()) * (multiplies + column) +
              (s.pointwise() ? 0 : static_cast<double>(s.taps()) * kMask)) +
         kStore * images * filters * static_cast<double>(s.out_plane());
}

// Of the best kernel that leaves its result channels last, and the reorders.
double cost_channels_last(const Shape& s, const KernelOptions& options) {
  constexpr double kReorder = 3.2, kWinograd = 0.5;
  const bool reads_rows = s.group * s.channels <= 4 || (s.pointwise() && s.filters <= 32);  // conv_planes
  const auto images = static_cast<double>(s.batch * s.group);
  const auto in = static_cast<double>(s.channels * s.in_plane()),
             out = static_cast<double>(s.filters * s.out_plane());
  const double multiplies =
      static_cast<double>(s.depth() * s.out_plane() * ceil_div(s.filters, float_lanes(options)));
  return images * (multiplies * (s.winograd() ? kWinograd : 1) + kReorder * (out + (reads_rows ? 0 : in)));
}

// The same two with vectors of 8 floats, where channels last are conv_indirect:simd's, fitted to 460 random
// windows: what vectors of outputs see lies apart with strides; the other takes longer where filters fill no
// vector or only one, and looks up each place that a pixel sees.
double cost_short(const Shape& s) {
  constexpr double kMultiply = 1.3, kFewest = 4, kStore = 2.2;
  const bool strided = s.stride[2] > 1;
  const double column = strided ? 24 : 9.5, mask = strided ? 24 : 11;
  const auto filters = static_cast<double>(s.filters), out = static_cast<double>(s.out_plane()),
             depth = static_cast<double>(s.depth()), taps = static_cast<double>(s.taps()),
             vectors = static_cast<double>(ceil_div(s.out_plane(), kShortVector));
  return static_cast<double>(s.batch * s.group) *
         (vectors * (depth * (std::max(filters, kFewest) * kMultiply + column) + taps * mask) +
          kStore * filters * out);
}
double cost_indirect(const Shape& s) {
  constexpr double kMultiply = 1.2, kPart = 0.14, kOne = 0.66, kPlace = 8.4, kOut = 4.5, kIn = 2,
                   kWeight = 2.5;
  constexpr double kWinograd = 0.5;
  const int64_t filter_vectors = ceil_div(s.filters, kShortVector);
  const auto vectors = static_cast<double>(filter_vectors), out = static_cast<double>(s.out_plane()),
             depth = static_cast<double>(s.depth()), images = static_cast<double>(s.batch * s.group);
  const double multiply = s.winograd() ? kWinograd
                                       : kMultiply + (s.filters % kShortVector != 0 ? kPart : 0) +
                                             (filter_vectors == 1 ? kOne : 0);
  return images * (out * (depth * vectors * multiply + static_cast<double>(s.taps()) * kPlace +
                          static_cast<double>(s.filters) * kOut) +
                   kIn * static_cast<double>(s.channels * s.in_plane())) +
         kWeight * static_cast<double>(s.group) * depth * vectors;
}

// Of conv_transpose:simd, fitted to 76 random ones, and to 120 with vectors of 8 floats: its product, and the
// sums.
double cost_summed(const Shape& s, const KernelOptions& options) {
  const int64_t lanes = float_lanes(options);
  const bool is_short = lanes == kShortVector;
  const double multiply = is_short ? 1.2 : 1.15, sum = is_short ? 13.5 : 8, copied = is_short ? 11 : 2,
               line = is_short ? 75 : 20;
  const auto vectors = static_cast<double>(ceil_div(s.in_plane(), lanes)),
             row_vectors = static_cast<double>(ceil_div(s.out[2], lanes));
  const auto channels = static_cast<double>(s.channels), filters = static_cast<double>(s.filters),
             rows = static_cast<double>(s.out[0] * s.out[1]);
  const double sums =
      static_cast<double>(s.taps()) * (vectors * channels * multiply + sum * rows * row_vectors);
  return static_cast<double>(s.batch * s.group) *
         (filters * (sums + line * rows) + copied * channels * vectors);
}

WhyNot rejects(const NodeQuery& q) {
  constexpr double kFar = 1 << 30;
  constexpr int64_t kManyPlaces = 64;
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[0].dims.size() < 3 || q.in[0].dims.size() > 5) return "not 1 to 3 spatial dimensions";
  if (q.in[0].elements() == 0 || q.in[1].elements() == 0 || q.out[0].elements() == 0) return "empty";
  if (q.has_in(3) && q.in[3].dims != q.out[0].dims) return "the residual is broadcast";
  if (!pointwise::read_activation(q.attrs()).is_ok()) return "the activation is unknown";
  const auto shape = shape_of(q);
  if (!shape.is_ok()) return "the window is wrong";
  const Shape& s = shape.value();
  if (s.turned && s.stride != std::array<int64_t, 3>{1, 1, 1}) return "strides";
  if (s.turned && q.in[1].constant == nullptr) return "weights not constant";
  if (s.reach() > kFar || s.kernel[0] + s.kernel[1] + s.kernel[2] > kManyPlaces) return "a wide window";
  if (q.options.unranked) return nullptr;
  const bool is_short = float_lanes(q.options) == kShortVector;
  if (s.turned)
    return s.taps() == 1 || (is_short ? cost_short(s) : cost(s, q.options)) < cost_summed(s, q.options)
               ? nullptr
               : "multiplying the input as it is is faster";
  const bool wins = is_short && s.taps() > 1 && s.channels > 1 && s.group * s.channels > 4
                        ? cost_short(s) < cost_indirect(s)
                        : cost(s, q.options) < cost_channels_last(s, q.options);
  return wins ? nullptr : "channels last is faster, reorders included";
}

constexpr KernelDef kKernels[] = {
    {"conv_columns:simd", "Conv", rejects, ColumnsConv::make},
    {"fused_conv_columns:simd", "FusedConv", rejects, ColumnsConv::make},
    {"transposed_conv_columns:simd", "ConvTranspose", rejects, ColumnsConv::make}};

}  // namespace

extern constinit const KernelTable simd_conv_columns;
constinit const KernelTable simd_conv_columns{kKernels};

}  // namespace lite::kernels
#endif
