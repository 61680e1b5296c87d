// QLinearConv and FusedQLinearConv of lines and images, channels last, by an instruction that adds four
// products of bytes: VPDPBUSD of AVX-512 VNNI or AVX-VNNI; without it PMADDUBSW, which adds two in 16 bits,
// for weights that were ordered, and split, so that this cannot overflow (int8_quads.h). Sums of integers do
// not depend on their order and what follows them is the reference's arithmetic step by step, so the results
// are the reference's bits.
//
// Filters that see all channels are a product of matrices whose rows are read where they lie: a row is what
// is under the window at one place, a few runs of bytes. Only an image that needs padding, or whose runs are
// no multiple of four bytes, is copied first. Depthwise filters have a loop of their own, and copy nothing,
// but where two pixels fill a vector.
//
// The first operand of either instruction is unsigned: of an int8 image each byte's top bit is flipped, which
// adds 128 to it as to its zero point. Zero points of the image are subtracted by way of the bias.
#include "core/kernels/cpu/simd_conv_int8.h"

#include <cmath>

#include "core/kernels/cpu/int8_weights.h"
#include "core/kernels/cpu/known_scalar.h"
#include "core/kernels/cpu/simd_copy.h"
#include "core/ops/conv_reference.h"
#include "core/ops/quantized.h"

namespace lite::kernels {
namespace {

using namespace simd;

constexpr size_t kX = 0, kXScale = 1, kXZero = 2, kW = 3, kWScale = 4, kWZero = 5, kYScale = 6, kYZero = 7,
                 kBias = 8, kResidual = QuantizedSum::kResidual;
constexpr TypeSet kByte = DType::kI8 | DType::kU8;
// Of the sums of products and of the bias: together, and with the zero points taken off, they fit 31 bits.
constexpr int64_t kMostSum = int64_t{1} << 29;
// Columns of a group at most.
constexpr int64_t kGroupColumns = 64;
// A copied image may be so many times as large as image and result together.
constexpr double kMostCopied = 16;
// Of a depthwise window.
constexpr int64_t kMostRows = 64;
// Of a task's rows: of those that are flipped for it alone, and where there are more than kTaskRows.
constexpr int64_t kTaskBytes = 16 << 10;
// Bytes behind a copied image: the last row's last run is rounded up.
constexpr int64_t kSlack = 64;

bool by_filter(const NodeQuery& q, size_t i, int64_t filters) {
  return q.has_in(i) && q.in[i].constant != nullptr &&
         (q.in[i].elements() == 1 || q.in[i].elements() == filters);
}
int zero_point(const NodeQuery& q, int64_t filter) {
  const Tensor& t = *q.in[kWZero].constant;
  return static_cast<int>(t.int_at(t.elements() == 1 ? 0 : filter));
}

// What each filter's sums are multiplied with: one for all, or one each.
std::vector<float> factors(const NodeQuery& q) {
  const auto number = [&](size_t i) { return *q.in[i].constant->data<float>(); };
  const float x = number(kXScale), y = number(kYScale);
  // Of a mapped file, and perhaps not aligned.
  std::vector<float> list(static_cast<size_t>(q.in[kWScale].elements()));
  memcpy(list.data(), q.in[kWScale].constant->raw(), list.size() * sizeof(float));
  for (float& v : list) v = x * v / y;
  return list;
}

// All zero points of the filter are zero.
bool is_centered(const NodeQuery& q) {
  const auto* const zero = static_cast<const uint8_t*>(q.in[kWZero].constant->raw());
  return std::all_of(zero, zero + q.in[kWZero].elements(), [](uint8_t z) { return z == 0; });
}

// Weights less their zero point lie in [low, high].
bool weights_fit(const NodeQuery& q, int low, int high) {
  const Tensor& w = *q.in[kW].constant;
  if (high == 127 && w.dtype() == DType::kI8 && is_centered(q)) return true;
  const int64_t filters = w.dims()[0], size = w.elements() / filters;
  const auto* const bytes = static_cast<const uint8_t*>(w.raw());
  const int flip = w.dtype() == DType::kI8 ? 0x80 : 0;  // an int8 as the uint8 128 above it
  for (int64_t m = 0; m < filters; ++m) {
    const int zero = zero_point(q, m) + flip;
    uint8_t least = 255, most = 0;
    LITE_VECTORIZE
    for (int64_t i = m * size; i < (m + 1) * size; ++i) {
      const auto v = static_cast<uint8_t>(bytes[i] ^ flip);
      least = std::min(least, v);
      most = std::max(most, v);
    }
    if (least - zero < low || most - zero > high) return false;
  }
  return true;
}

// The image with its padding, which strides may step over: a number of any size.
double copied_bytes(const ops::ConvShape& s) {
  double bytes = static_cast<double>(s.batch) * static_cast<double>(s.channels);
  for (size_t d = 0; d < s.in.size(); ++d)
    bytes *= static_cast<double>(s.in[d]) + static_cast<double>(s.window.pads_begin[d]) +
             static_cast<double>(s.window.pads_end[d]);
  return bytes;
}

WhyNot rejects(const NodeQuery& q) {
  const Int8Kernels fn = int8_kernels(q.options, 0, false);
  if (fn.product == nullptr) return "no vectors";
  const Operand &x = q.in[kX], &w = q.in[kW], &y = q.out[0];
  if (x.dims.size() != 3 && x.dims.size() != 4) return "not one or two spatial dimensions";
  if (x.layout != Layout::kChannelsLast || y.layout != Layout::kChannelsLast) return "not channels-last";
  if (!kByte.has(x.dtype) || !kByte.has(w.dtype) || !kByte.has(y.dtype)) return "not 8-bit";
  if (x.elements() == 0 || y.elements() == 0) return "empty";
  if (w.constant == nullptr) return "the filter is not constant";
  for (const size_t i : {kXScale, kXZero, kYScale, kYZero})
    if (!is_known_scalar(q, i)) return "a scale or zero point is not one constant";
  const int64_t filters = w.dims[0], group = q.attrs().i64("group", 1), size = w.elements() / filters;
  if (!by_filter(q, kWScale, filters) || !by_filter(q, kWZero, filters))
    return "scales or zero points of the filter";
  if (q.has_in(kBias)) {
    if (q.in[kBias].constant == nullptr) return "the bias is not constant";
    for (int64_t m = 0; m < filters; ++m)
      if (std::abs(q.in[kBias].constant->int_at(m)) > kMostSum) return "a bias does not fit 29 bits";
  }
  if (size > kMostSum / (255 * 255)) return "sums may not fit 29 bits";
  // Twice that, times the factor, is rounded to 32 bits.
  for (const float f : factors(q))
    if (!(std::abs(f) < 1)) return "a factor of 1 or more";
  const auto shape = ops::resolve_conv(q.attrs(), x.dims, w.dims);
  if (!shape.is_ok() ||
      copied_bytes(shape.value()) > kMostCopied * static_cast<double>(x.elements() + y.elements()))
    return "padding is much larger than the image";
  if (group != 1) {
    if (group != x.dims[1] || group != filters) return "groups that are not depthwise";
    const auto dilations = q.attrs().ints("dilations");
    if (!dilations.empty() && dilations.back() != 1) return "a dilated depthwise filter";
    if (w.dims.size() == 4 && w.dims[2] > kMostRows) return "a tall window";
  }
  if (q.has_in(kResidual) && group != 1) return "a residual of a depthwise filter";
  if (const WhyNot why = QuantizedSum::rejects(q)) return why;
  return weights_fit(q, -128, 127) ? nullptr : "weights less their zero point do not fit 8 bits";
}

// Rows and columns; a line has one row.
struct Axis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, pad = 0, pad_end = 0;
  int64_t padded() const { return in + pad + pad_end; }
  // Two outputs that are neighbours see neighbours, with a window that depthwise filters have a loop for.
  bool makes_pairs() const { return stride == 1 && kernel == 3 && out % 2 == 0; }
};
Axis axis_of(const ops::ConvShape& s, size_t d) {
  const ops::Window& w = s.window;
  return {s.in[d], w.out[d], w.kernel[d], w.strides[d], w.dilations[d], w.pads_begin[d], w.pads_end[d]};
}

class Int8Conv final : public Kernel {
 public:
  using Group = Int8Weights::Group;

  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache& packs) {
    auto k = std::make_unique<Int8Conv>();
    LITE_ASSIGN(const ops::ConvShape s, ops::resolve_conv(q.attrs(), q.in[kX].dims, q.in[kW].dims));
    k->batch_ = s.batch;
    k->channels_ = s.channels;
    k->filters_ = s.filters;
    k->depthwise_ = s.group != 1;
    if (s.in.size() == 2) k->h_ = axis_of(s, 0);
    k->w_ = axis_of(s, s.in.size() - 1);
    const auto kernels_for = [&](int64_t channels) {
      return int8_kernels(q.options, channels, k->depthwise_ && !weights_fit(q, -64, 64));
    };
    k->fn_ = kernels_for(k->depthwise_ ? s.channels : 0);
    if (const Int8Kernels wide = kernels_for(2 * s.channels);
        k->depthwise_ && k->w_.makes_pairs() && 2 * s.channels == 4 * wide.lanes) {
      k->pairs_ = true;
      k->fn_ = wide;
    }
    k->x_zero_ = static_cast<uint8_t>(q.in[kXZero].constant->int_at(0));
    k->flip_ = q.in[kX].dtype == DType::kI8 ? 0x80 : 0;
    k->sum_ = QuantizedSum::of_convolution(q);
    if (k->depthwise_)
      k->plan_depthwise();
    else
      k->plan_product(q);
    k->requantise(q);
    LITE_TRY(k->pack(q, packs));
    k->correct_bias(q);
    return std::unique_ptr<Kernel>(std::move(k));
  }

  Status run(const Launch& l) const override {
    if (depthwise_)
      depthwise(l);
    else
      product(l);
    return ok();
  }
  bool reads_input(size_t i) const override { return i == kX || i == kResidual; }
  size_t workspace_bytes() const override {
    return copies_ && !flips_blocks_
               ? static_cast<size_t>(batch_ * h_.padded() * w_.padded() * channels_ + kSlack)
               : 0;
  }

 private:
  // ---- what is known before

  void plan_product(const NodeQuery& q) {
    // Under a window without gaps the places of a row follow each other.
    const bool joined = w_.dilation == 1;
    run_bytes_ = round_up(joined ? w_.kernel * channels_ : channels_, 4);
    for (int64_t kh = 0; kh < h_.kernel; ++kh)
      for (int64_t kw = 0; kw < (joined ? 1 : w_.kernel); ++kw)
        runs_.push_back((kh * h_.dilation * w_.padded() + kw * w_.dilation) * channels_);
    copies_ = flip_ != 0 || h_.padded() != h_.in || w_.padded() != w_.in ||
              run_bytes_ != (joined ? w_.kernel * channels_ : channels_);
    const int64_t row_bytes = weight_row_bytes();
    weights_.plan_product(fn_, filters_, row_bytes, fn_.adds_four || weights_fit(q, -64, 64), false, put(q));
    // Few bytes a row are done soon: more rows then.
    if (!sum_ && row_bytes * 4 * fn_.lanes <= kPieceBytes)
      task_rows_ = std::clamp(kTaskBytes / row_bytes / kTaskRows * kTaskRows, kTaskRows, kMostTaskRows);
    // What is larger is read once: the weights, or the image.
    weights_first_ = row_bytes * round_up(filters_, fn_.lanes) > batch_ * h_.in * w_.in * channels_;
    rows_follow_ = h_.kernel * w_.kernel * h_.stride * w_.stride == 1 && h_.padded() == h_.in &&
                   w_.padded() == w_.in && run_bytes_ == channels_;
    flips_blocks_ = flip_ != 0 && rows_follow_ && !weights_first_ && task_rows_ * channels_ <= kTaskBytes;
  }

  // Of pairs of pixels, channels_ * 2, where one is half a block and the next lies beside it.
  int64_t block_channels() const { return pairs_ ? 2 * channels_ : channels_; }

  void plan_depthwise() {
    const int64_t width = 4 * fn_.lanes, channels = block_channels();
    copies_ = pairs_;
    row_groups_ = ceil_div(h_.kernel, 4);
    weights_.plan_blocks(fn_, filters_, channels, weight_row_bytes());
    padding_.assign(static_cast<size_t>(kPaddedPixels * channels + width), x_zero_);
  }

  void requantise(const NodeQuery& q) {
    y_ = {nullptr, filters_, static_cast<int32_t>(q.in[kYZero].constant->int_at(0)),
          q.out[0].dtype == DType::kI8};
    factors_.resize(weights_.lanes());
    const std::vector<float> list = factors(q);
    weights_.for_lanes([&](size_t lane, int64_t m) {
      factors_[lane] = list[list.size() == 1 ? 0 : static_cast<size_t>(m)];
    });
  }

  Status pack(const NodeQuery& q, PackCache& packs) {
    std::string zeros;
    if (!is_centered(q))
      for (int64_t m = 0; m < q.in[kWZero].elements(); ++m)
        zeros += ':' + std::to_string(q.in[kWZero].constant->int_at(m));
    const std::string how = cat(pairs_ ? ":pairs" : depthwise_ ? ":depthwise" : "", ":", runs_.size(), zeros);
    const auto place = [&](int64_t quad) {
      const int64_t per_run = run_bytes_ / 4;
      return runs_[static_cast<size_t>(quad / per_run)] + quad % per_run * 4;
    };
    return weights_.pack("QLinearConv", *q.in[kW].constant, how, packs, put(q), place);
  }

  Int8Weights::Put put(const NodeQuery& q) const {
    return [&](const Group& g, int8_t* to, int32_t* sums) { put_quads(g, q, to, sums); };
  }
  void put_quads(const Group& g, const NodeQuery& q, int8_t* to, int32_t* sums) const {
    const Tensor& w = *q.in[kW].constant;
    std::vector<int8_t> filter(static_cast<size_t>(w.elements() / filters_));
    // The filters of one vector's lanes, one after the other, whose quarters then take turns.
    const int64_t length = weight_row_bytes();
    std::vector<int8_t> rows(static_cast<size_t>(fn_.lanes * length));
    for (int64_t v = 0; v < g.vectors; ++v) {
      std::fill(rows.begin(), rows.end(), int8_t{0});
      for (int64_t lane = 0; lane < fn_.lanes; ++lane) {
        const int64_t c = weights_.column_of(g, v, lane);
        if (c >= g.columns) continue;
        const int64_t m = (g.first + c) % filters_;
        sums[m] = read_filter(q, m, filter.data());
        if (depthwise_)
          order_window(filter.data(), rows.data() + lane * length);
        else
          order_runs(filter.data(), rows.data() + lane * length);
      }
      transpose4(q.options)(reinterpret_cast<const unsigned char*>(rows.data()),
                            reinterpret_cast<unsigned char*>(to + v * fn_.lanes * 4), length / 4, fn_.lanes,
                            length, weights_.quad_bytes(g));
    }
  }

  int64_t weight_row_bytes() const {
    return depthwise_ ? row_groups_ * w_.kernel * 4 : run_bytes_ * static_cast<int64_t>(runs_.size());
  }
  // Filter m less its zero point; its sum.
  static int32_t read_filter(const NodeQuery& q, int64_t m, int8_t* to) {
    const Tensor& w = *q.in[kW].constant;
    const int64_t size = w.elements() / w.dims()[0];
    const auto zero = zero_point(q, m);
    const auto* const from = static_cast<const uint8_t*>(w.raw()) + m * size;
    // The low byte of the difference is the same for either type.
    int32_t sum = 0;
    LITE_VECTORIZE
    for (int64_t i = 0; i < size; ++i) {
      to[i] = static_cast<int8_t>(static_cast<uint8_t>(from[i] - zero));
      sum += to[i];
    }
    return sum;
  }
  // A filter [C,kernel...] as the runs of a row.
  void order_runs(const int8_t* w, int8_t* to) const {
    const int64_t positions = h_.kernel * w_.kernel, per_run = positions / static_cast<int64_t>(runs_.size());
    for (int64_t p = 0; p < positions; ++p) {
      int8_t* const at = to + p / per_run * run_bytes_ + p % per_run * channels_;
      for (int64_t c = 0; c < channels_; ++c) at[c] = w[c * positions + p];
    }
  }
  // A filter [kernel...] by columns, four rows at a time.
  void order_window(const int8_t* w, int8_t* to) const {
    for (int64_t kh = 0; kh < h_.kernel; ++kh)
      for (int64_t kw = 0; kw < w_.kernel; ++kw)
        to[(kh / 4 * w_.kernel + kw) * 4 + kh % 4] = w[kh * w_.kernel + kw];
  }

  // bias - zero point * sum of the filter, which is packed behind the weights; for the zero point as the
  // instruction sees it.
  void correct_bias(const NodeQuery& q) {
    const int64_t zero = x_zero_ ^ flip_;
    bias_.resize(weights_.lanes());
    weights_.for_lanes([&](size_t lane, int64_t m) {
      const int64_t bias = q.has_in(kBias) ? q.in[kBias].constant->int_at(m) : 0;
      bias_[lane] = static_cast<int32_t>(bias - zero * weights_.sum(m));
    });
  }

  // ---- at a run

  PackedColumns columns_of(const Group& g) const {
    return weights_.columns_of(g, bias_.data(), factors_.data());
  }

  // The image with its padding, each byte as the instruction sees it.
  const uint8_t* copied(const Launch& l) const {
    const auto* const x = l.in<uint8_t>(kX);
    auto* const to = static_cast<uint8_t*>(l.workspace);
    const int64_t row = w_.in * channels_, padded_row = w_.padded() * channels_, rows = batch_ * h_.padded();
    const auto zero = static_cast<int>(x_zero_ ^ flip_);
    l.parallel->for_range(rows, rows_grain(padded_row), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        uint8_t* at = to + i * padded_row;
        const int64_t in = i % h_.padded() - h_.pad;
        if (in < 0 || in >= h_.in) {
          memset(at, zero, static_cast<size_t>(padded_row));
          continue;
        }
        memset(at, zero, static_cast<size_t>(w_.pad * channels_));
        at += w_.pad * channels_;
        const uint8_t* const from = x + (i / h_.padded() * h_.in + in) * row;
        if (flip_ == 0)
          memcpy(at, from, static_cast<size_t>(row));
        else
          flip_top_bits(from, at, row);
        memset(at + row, zero, static_cast<size_t>(w_.pad_end * channels_));
      }
    });
    memset(to + rows * padded_row, 0, kSlack);
    return to;
  }

  void product(const Launch& l) const {
    const uint8_t* const x = copies_ && !flips_blocks_ ? copied(l) : l.in<uint8_t>(kX);
    const int64_t pixels = batch_ * h_.out * w_.out, groups = std::ssize(weights_.groups()),
                  blocks = row_blocks(pixels, task_rows_, groups, l.parallel->threads);
    const int64_t work = ceil_div(pixels, blocks) * run_bytes_ * static_cast<int64_t>(runs_.size());
    l.parallel->for_range(
        blocks * groups, rows_grain(work, int64_t{1} << 13), [&](int64_t begin, int64_t end) {
          int64_t at[kMostTaskRows], known = -1;
          uint8_t flipped[kTaskBytes];
          for (int64_t i = begin; i < end; ++i) {
            const int64_t block = weights_first_ ? i % blocks : i / groups;
            const Group& g = weights_.groups()[static_cast<size_t>(weights_first_ ? i / blocks : i % groups)];
            const int64_t first = pixels * block / blocks, count = pixels * (block + 1) / blocks - first;
            if (block != known) find_rows(first, count, at);
            if (block != known && flips_blocks_) {
              flip_top_bits(x + at[0], flipped, count * channels_);
              for (int64_t r = count; r-- > 0;) at[r] -= at[0];
            }
            known = block;
            const int64_t offset = first * filters_ + g.first;
            Requantised y = y_;
            y.out = l.out<uint8_t>(0) + offset;
            // The residual may lie where the result does.
            uint8_t before[kTaskRows * kGroupColumns];
            Int8Sum sum{};
            const bool sums_at_once = sum_ && sum_->numbers().fits && g.columns == 4 * fn_.lanes,
                       sums_behind = sum_ && !sums_at_once;
            if (sums_at_once) sum = {l.in<uint8_t>(kResidual) + offset, &sum_->numbers()};
            if (sums_behind) {
              y.out = before;
              y.step = g.columns;
            }
            fn_.product(
                {{flips_blocks_ ? flipped : x, at, count, runs_.data(), static_cast<int64_t>(runs_.size()),
                  run_bytes_, rows_follow_ ? 0 : first % w_.out, rows_follow_ ? count : w_.out},
                 columns_of(g),
                 g.vectors,
                 g.columns,
                 y,
                 sum});
            if (!sums_behind) continue;
            // Rows that follow each other are one.
            const bool whole = g.columns == filters_;
            sum_->rows(before, l.in<uint8_t>(kResidual) + offset, l.out<uint8_t>(0) + offset,
                       whole ? count * filters_ : g.columns, whole ? 1 : count, filters_);
          }
        });
  }

  // Where in the (copied) image the windows of `count` pixels from `first` on begin.
  void find_rows(int64_t first, int64_t count, int64_t* at) const {
    if (rows_follow_) {
      for (int64_t r = 0; r < count; ++r) at[r] = (first + r) * channels_;
      return;
    }
    const int64_t height = copies_ ? h_.padded() : h_.in, width = copies_ ? w_.padded() : w_.in;
    int64_t ow = first % w_.out, oh = first / w_.out % h_.out, n = first / w_.out / h_.out;
    for (int64_t r = 0; r < count; ow = 0) {
      int64_t from = ((n * height + oh * h_.stride) * width + ow * w_.stride) * channels_;
      for (const int64_t end = std::min(count, r + w_.out - ow); r < end; ++r, from += w_.stride * channels_)
        at[r] = from;
      if (++oh < h_.out) continue;
      oh = 0;
      ++n;
    }
  }

  void depthwise(const Launch& l) const {
    // Pairs at the edges would be half in the padding: the image is copied with it.
    const uint8_t* const x = pairs_ ? copied(l) : l.in<uint8_t>(kX);
    const int64_t height = pairs_ ? h_.padded() : h_.in, width = pairs_ ? w_.padded() : w_.in,
                  pad = pairs_ ? 0 : h_.pad, rows = batch_ * h_.out;
    l.parallel->for_range(
        rows, rows_grain(w_.out * channels_ * h_.kernel * w_.kernel, int64_t{1} << 17),
        [&](int64_t begin, int64_t end) {
          const uint8_t* under[kMostRows];
          int64_t step[kMostRows];
          for (int64_t i = begin; i < end; ++i) {
            const uint8_t* const image = x + i / h_.out * height * width * channels_;
            for (int64_t kh = 0; kh < row_groups_ * 4; ++kh) {
              const int64_t ih = i % h_.out * h_.stride - pad + kh * h_.dilation;
              const bool inside = kh < h_.kernel && ih >= 0 && ih < height;
              // What a group has more than the window is multiplied with zeros.
              const bool again = kh >= h_.kernel;
              under[kh] = again ? under[kh - 1] : inside ? image + ih * width * channels_ : padding_.data();
              step[kh] = again ? step[kh - 1] : inside ? channels_ : 0;
            }
            Requantised y = y_;
            y.out = l.out<uint8_t>(0) + i * w_.out * channels_;
            const PackedColumns weights = columns_of(weights_.groups()[0]);
            if (pairs_) {
              y.step = 2 * channels_;
              fn_.depthwise({under, step, padding_.data(), row_groups_, w_.kernel, 2, 0, width, 2 * channels_,
                             w_.out / 2, 0, weights, y});
            } else {
              fn_.depthwise({under, step, padding_.data(), row_groups_, w_.kernel, w_.stride, w_.pad, width,
                             channels_, w_.out, flip_, weights, y});
            }
          }
        });
  }

  Int8Kernels fn_;
  int64_t batch_ = 0, channels_ = 0, filters_ = 0;
  Axis h_, w_;
  bool depthwise_ = false, pairs_ = false, copies_ = false, weights_first_ = false;
  bool rows_follow_ = false;   // each behind the one before
  bool flips_blocks_ = false;  // of a signed image, a task's rows at a time
  uint8_t x_zero_ = 0, flip_ = 0;
  std::vector<int64_t> runs_;  // where each begins, from the beginning of a row on
  int64_t run_bytes_ = 0, task_rows_ = kTaskRows, row_groups_ = 0;
  Int8Weights weights_;
  std::vector<uint8_t> padding_;
  std::vector<int32_t> bias_;
  std::vector<float> factors_;
  Requantised y_{};
  std::optional<QuantizedSum> sum_;
};

constexpr KernelDef kKernels[] = {
    {"qlinear_conv_bytes:simd", "QLinearConv", rejects, Int8Conv::make},
    {"fused_qlinear_conv_bytes:simd", "FusedQLinearConv", rejects, Int8Conv::make, QuantizedSum::in_place},
};

}  // namespace

extern constinit const KernelTable simd_conv_int8;
constinit const KernelTable simd_conv_int8{kKernels};

}  // namespace lite::kernels
