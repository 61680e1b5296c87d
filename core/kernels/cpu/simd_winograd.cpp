// Conv and FusedConv with 3 x 3 filters by Winograd's algorithm, channels last.
//
// A block of tiles is transformed, multiplied and transformed back while it stays in the L2 cache: for each
// panel of filters one small product a component, then the way back with the epilogue. Blocks are
// independent and every sum has one order, so the bits do not depend on the blocks or the threads.
#include "core/kernels/cpu/simd_winograd.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/kernels/cpu/simd_strips.h"
#include "core/kernels/cpu/workspaces.h"
#include "core/ops/window.h"

namespace lite::simd {
namespace {

constexpr size_t kX = 0, kW = 1, kB = 2, kZ = 3;

constexpr int64_t kAlign = 64 / sizeof(float);

// How one convolution is cut.
struct Plan {
  int64_t m = 0, components = 0;
  int64_t down = 0, across = 0, tiles = 0;   // of one image; of the whole batch
  int64_t block = 0;                         // tiles at a time
  int64_t panels = 0, panels_at_a_time = 0;  // of filters, in all and for one transform of the input
  int64_t v_stride = 0, v_plane = 0, m_plane = 0;
  int64_t blocks() const { return ceil_div(tiles, block); }
  int64_t parts() const { return ceil_div(panels, panels_at_a_time); }
};

Plan plan_of(const ops::ConvShape& s, int64_t m, const WinogradSteps& steps, int64_t threads) {
  Plan p;
  const int64_t width = steps.width;
  p.m = m;
  p.components = winograd_components(m);
  p.down = ceil_div(s.out[0], m);
  p.across = ceil_div(s.out[1], m);
  p.tiles = s.batch * p.down * p.across;
  p.panels = ceil_div(s.filters, width);
  p.v_stride = round_up(s.channels, kAlign);
  // Rows a multiple of 1 KB apart would share few sets of the L1 cache.
  if (p.v_stride % 256 == 0) p.v_stride += kAlign;
  // Components that stay in the L2 cache; the filters stream through the rest. Larger blocks gain nothing.
  const auto cache = static_cast<int64_t>(l2_bytes() / sizeof(float)) * 3 / 4;
  p.block = std::clamp<int64_t>(cache / (p.components * (p.v_stride + width)), 12, 24) / 6 * 6;
  // Enough units for every thread to have as much to do: smaller blocks as long as they are worth the
  // filters that each of them reads, then fewer filters at a time.
  const int64_t wanted = threads > 1 ? 4 * threads : 1;
  p.block = std::min(p.block, std::max<int64_t>(16, ceil_div(p.tiles, wanted)));
  p.block = ceil_div(p.tiles, ceil_div(p.tiles, p.block));
  p.panels_at_a_time = ceil_div(p.panels, std::min(p.panels, ceil_div(wanted, p.blocks())));
  // An odd number of lines between the planes: components of one element do not share a set.
  p.v_plane = p.block * p.v_stride + (p.block * p.v_stride / kAlign % 2 == 0 ? kAlign : 0);
  p.m_plane = p.block * width + kAlign;
  return p;
}

// What a convolution costs, in vector multiply-adds at the rate that large ones reach. The numbers are read
// off bench/winograd; docs/decisions/winograd.md compares the two.
constexpr double kNearBytes = 4 << 20;    // filters that the last-level cache keeps from run to run,
constexpr double kBytesFromNear = 5;      // bytes of them that are read meanwhile,
constexpr double kBytesFromMemory = 1.8;  // of what is beyond,
constexpr double kBytesAgain = 12;        // and of all of them for each further block, fetched ahead
constexpr double kGain = 1.15;            // that Winograd must promise

double bytes_of(double floats) { return floats * sizeof(float); }
double reading_cost(double bytes) {
  return std::min(bytes, kNearBytes) / kBytesFromNear + std::max(bytes - kNearBytes, 0.0) / kBytesFromMemory;
}

double direct_cost(const ops::ConvShape& s, int64_t lanes) {
  const auto pixels = static_cast<double>(s.batch * s.out[0] * s.out[1]);
  const auto filters = static_cast<double>(9 * s.channels * s.filters);
  return pixels * 9 * static_cast<double>(s.channels * ceil_div(s.filters, lanes)) +
         reading_cost(bytes_of(filters));
}

double winograd_cost(const ops::ConvShape& s, const Plan& p, int64_t width) {
  const int64_t lanes = std::max<int64_t>(width / 2, 1);
  const auto tiles = static_cast<double>(p.tiles), components = static_cast<double>(p.components);
  const double products =
      components * tiles * static_cast<double>(s.channels * ceil_div(p.panels * width, lanes));
  // For the vectors of one tile, with the misses of reading and writing the image.
  const double in = p.m == 2 ? 220 : 600, out = p.m == 2 ? 200 : 550;
  const double transforms = tiles * (in * static_cast<double>(ceil_div(s.channels, lanes) * p.parts()) +
                                     out * static_cast<double>(ceil_div(s.filters, lanes)));
  const double filters = bytes_of(components * static_cast<double>(s.channels * p.panels * width));
  double memory = reading_cost(filters);
  if (filters > static_cast<double>(l2_bytes()) / 2)
    memory += filters * static_cast<double>(p.blocks() - 1) / kBytesAgain;
  return products + transforms + memory;
}

class Winograd final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs, int64_t m) {
    auto k = std::make_unique<Winograd>();
    LITE_ASSIGN(k->shape_, ops::resolve_conv(q.attrs(), q.in[kX].dims, q.in[kW].dims));
    LITE_ASSIGN(const pointwise::Activation activation, pointwise::read_activation(q.attrs()));
    k->clips_ = clip_of(activation, k->lo_, k->hi_);
    if (!k->clips_) k->activation_ = ActivationFn(activation, q.options);
    k->bias_ = q.has_in(kB);
    k->residual_ = q.has_in(kZ);
    k->residual_after_ = q.attrs().i64("residual_after", 0) != 0;
    k->steps_ = winograd_steps(m, q.options);
    k->add_ = strip(pointwise::Opcode::kAdd, 0, q.options);
    k->plan_ = plan_of(k->shape_, m, k->steps_, thread_pool::max_threads());
    k->lanes_ = std::min<int64_t>(thread_pool::max_threads(), k->plan_.blocks() * k->plan_.parts());
    LITE_ASSIGN(k->packed_, k->pack(*q.in[kW].constant, packs));
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    const int64_t units = plan_.blocks() * plan_.parts();
    share_units(*l.parallel, lanes_, units, [&](int64_t lane, int64_t i) {
      work(l, i / plan_.parts(), i % plan_.parts(), static_cast<float*>(l.workspace) + lane * lane_floats());
    });
    return ok();
  }

  size_t workspace_bytes() const override {
    return static_cast<size_t>(lanes_ * lane_floats()) * sizeof(float);
  }
  bool reads_input(size_t i) const override { return i != kW; }

 private:
  int64_t lane_floats() const { return plan_.components * (plan_.v_plane + plan_.m_plane); }
  int64_t product_floats() const { return shape_.channels * steps_.width; }

  // Panels of filters; of each panel its components; of each component a panel as Gemm wants it.
  Result<std::shared_ptr<const PackCache::Packed>> pack(const Tensor& w, PackCache& packs) const {
    const int64_t width = steps_.width, n = plan_.components;
    const auto bytes = static_cast<size_t>(plan_.panels * n * product_floats()) * sizeof(float);
    return packs.get(
        w, cat("winograd:", plan_.m, ":", width), bytes, [&](void* packed, const void* weights) -> Status {
          auto* const to = static_cast<float*>(packed);
          const auto* const from = static_cast<const float*>(weights);
          assert(width <= kMaxWinogradWidth);
          double filters[9 * kMaxWinogradWidth] = {}, u[winograd_components(4) * kMaxWinogradWidth];
          for (int64_t p = 0; p < plan_.panels; ++p) {
            float* const panel = to + p * n * product_floats();
            const int64_t count = std::min(width, shape_.filters - p * width);
            std::fill_n(filters, 9 * width, 0.0);
            for (int64_t c = 0; c < shape_.channels; ++c) {
              for (int64_t f = 0; f < count; ++f) {
                float filter[9];
                memcpy(filter, from + ((p * width + f) * shape_.channels + c) * 9, sizeof filter);
                for (int64_t i = 0; i < 9; ++i) filters[i * width + f] = static_cast<double>(filter[i]);
              }
              winograd_filters(plan_.m, width, filters, u);
              for (int64_t i = 0; i < n; ++i)
                std::transform(u + i * width, u + (i + 1) * width, panel + i * product_floats() + c * width,
                               [](double v) { return static_cast<float>(v); });
            }
          }
          return ok();
        });
  }

  // Calls f(image, row, column, tile, count) for the runs of tiles of a block that are neighbours in a row.
  template <class F>
  void for_rows(int64_t begin, int64_t end, const F& f) const {
    for (int64_t t = begin; t < end;) {
      const int64_t column = t % plan_.across, row = t / plan_.across;
      const int64_t count = std::min(end - t, plan_.across - column);
      f(row / plan_.down, row % plan_.down * plan_.m, column * plan_.m, t - begin, count);
      t += count;
    }
  }

  void work(const Launch& l, int64_t block, int64_t part, float* v) const {
    const int64_t n = plan_.components;
    const int64_t begin = block * plan_.block, end = std::min(plan_.tiles, begin + plan_.block);
    float* const products = v + n * plan_.v_plane;
    const ops::Window& w = shape_.window;
    WinogradInput in{.height = shape_.in[0], .width = shape_.in[1], .channels = shape_.channels};
    in.plane = plan_.v_plane, in.stride = plan_.v_stride;
    for_rows(begin, end, [&](int64_t image, int64_t row, int64_t column, int64_t at, int64_t count) {
      in.x = l.in<float>(kX) + image * in.height * in.width * in.channels;
      in.row = row - w.pads_begin[0], in.column = column - w.pads_begin[1];
      in.tiles = count;
      in.v = v + at * in.stride;
      steps_.input(in);
    });
    const auto* const filters = static_cast<const float*>(packed_->data.get());
    WinogradProducts g{.v = v, .v_plane = plan_.v_plane, .v_stride = plan_.v_stride};
    g.m = products, g.m_plane = plan_.m_plane;
    g.components = n, g.tiles = end - begin, g.channels = shape_.channels;
    const int64_t first = part * plan_.panels_at_a_time;
    const int64_t last = std::min(plan_.panels, first + plan_.panels_at_a_time);
    for (int64_t p = first; p < last; ++p) {
      g.u = filters + p * n * product_floats();
      steps_.products(g);
      finish(l, begin, end, p, products);
    }
  }

  // From the products of one panel to the output.
  void finish(const Launch& l, int64_t begin, int64_t end, int64_t panel, const float* products) const {
    const int64_t f = panel * steps_.width;
    WinogradOutput o{.plane = plan_.m_plane, .stride = steps_.width};
    o.height = shape_.out[0], o.width = shape_.out[1], o.filters = shape_.filters;
    o.n = std::min(steps_.width, shape_.filters - f);
    o.bias = bias_ ? l.in<float>(kB) + f : nullptr;
    o.residual_after = residual_after_;
    o.lo = lo_, o.hi = hi_;
    for_rows(begin, end, [&](int64_t image, int64_t row, int64_t column, int64_t at, int64_t count) {
      const int64_t first = image * o.height * o.width * o.filters + f;
      const float* const residual = residual_ ? l.in<float>(kZ) + first : nullptr;
      o.m = products + at * o.stride;
      o.y = l.out<float>(0) + first;
      o.residual = clips_ || !residual_after_ ? residual : nullptr;
      o.row = row, o.column = column, o.tiles = count;
      steps_.output(o);
      if (!clips_) activate(o, residual);
    });
  }

  // The activations that are no clip, over what the tiles have just written.
  void activate(const WinogradOutput& o, const float* residual) const {
    const int64_t rows = std::min(plan_.m, o.height - o.row);
    const int64_t pixels = std::min(o.tiles * plan_.m, o.width - o.column);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t at = ((o.row + r) * o.width + o.column) * o.filters;
      activation_(o.y + at, o.n, pixels, o.filters);
      if (residual == nullptr || !residual_after_) continue;
      add_(Strip{.src = {o.y + at, residual + at},
                 .src_row = {o.filters, o.filters},
                 .dst = o.y + at,
                 .dst_row = o.filters,
                 .n = o.n,
                 .rows = pixels});
    }
  }

  ops::ConvShape shape_;
  Plan plan_;
  int64_t lanes_ = 1;
  bool bias_ = false, residual_ = false, residual_after_ = false;
  bool clips_ = true;
  float lo_ = 0, hi_ = 0;
  ActivationFn activation_;
  StripFn* add_ = nullptr;
  WinogradSteps steps_;
  std::shared_ptr<const PackCache::Packed> packed_;
};

}  // namespace

WhyNot winograd_rejects(const NodeQuery& q) {
  if (!q.options.winograd) return "Winograd's algorithm is switched off";
  if (q.options.reproducible) return "it rounds unlike the direct sum";
  if (!q.has_in(kX) || !q.has_in(kW)) return "the filter is missing";
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "not float32";
  const Operand &x = q.in[kX], &w = q.in[kW], &y = q.out[0];
  if (x.dims.size() != 4) return "not two spatial dimensions";
  if (x.layout != Layout::kChannelsLast || y.layout != Layout::kChannelsLast) return "not channels last";
  if (w.constant == nullptr || w.layout != Layout::kPlain) return "weights not constant";
  if (w.dims.size() != 4 || w.dims[2] != 3 || w.dims[3] != 3) return "not a 3 x 3 filter";
  const auto resolved = ops::resolve_conv(q.attrs(), x.dims, w.dims);
  if (!resolved.is_ok()) return "the window is wrong";
  const ops::ConvShape& s = resolved.value();
  for (size_t d = 0; d < 2; ++d)
    if (s.window.strides[d] != 1 || s.window.dilations[d] != 1) return "strided or dilated";
  if (s.group != 1) return "in groups";
  if (q.has_in(kZ)) {
    if (q.in[kZ].dims != y.dims) return "the residual is broadcast";
    if (q.in[kZ].layout != y.layout) return "the residual lies differently";
  }
  if (!pointwise::read_activation(q.attrs()).is_ok()) return "the activation is unknown";
  return nullptr;
}

int64_t winograd_tile(const NodeQuery& q) {
  const auto resolved = ops::resolve_conv(q.attrs(), q.in[kX].dims, q.in[kW].dims);
  if (!resolved.is_ok()) return 0;
  const ops::ConvShape& s = resolved.value();
  int64_t best = 0;
  double least = direct_cost(s, std::max<int64_t>(winograd_steps(2, q.options).width / 2, 1)) / kGain;
  if (q.options.unranked) least = std::numeric_limits<double>::infinity();
  for (const int64_t m : {2, 4}) {
    const WinogradSteps steps = winograd_steps(m, q.options);
    // Reckoned for one thread whatever there are: the choice is part of the result.
    const Plan p = plan_of(s, m, steps, 1);
    // The components of so many channels would not stay in the cache, however few tiles there are.
    if (bytes_of(static_cast<double>(p.components * p.v_plane)) > 2 * static_cast<double>(l2_bytes()))
      continue;
    const double cost = winograd_cost(s, p, steps.width);
    if (cost < least) best = m, least = cost;
  }
  return best;
}

bool winograd_in_place(const NodeQuery& q, size_t i) {
  const auto activation = pointwise::read_activation(q.attrs());
  if (i != kZ || !q.has_in(kZ) || !activation.is_ok()) return false;
  float lo = 0, hi = 0;
  return q.attrs().i64("residual_after", 0) == 0 || clip_of(activation.value(), lo, hi);
}

Result<std::unique_ptr<Kernel>> make_winograd(const NodeQuery& query, PackCache& packs, int64_t m) {
  return Winograd::make(query, packs, m);
}

}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

WhyNot rejects(const NodeQuery& q) {
  if (const WhyNot why = winograd_rejects(q)) return why;
  return winograd_tile(q) == 0 ? "the direct sum is faster for this shape" : nullptr;
}
Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
  return make_winograd(q, packs, winograd_tile(q));
}

constexpr KernelDef kKernels[] = {{"conv:winograd", "Conv", rejects, make, winograd_in_place},
                                  {"fused_conv:winograd", "FusedConv", rejects, make, winograd_in_place}};

}  // namespace

extern constinit const KernelTable simd_winograd;
constinit const KernelTable simd_winograd{kKernels};

}  // namespace lite::kernels
