// LayerNormalization, RMSNormalization, AddNormalization, InstanceNormalization, GroupNormalization, LRN and
// inference's BatchNormalization of float32.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_norm.cpp"
#include <cmath>

#include "core/kernels/cpu/simd.h"
#include "core/kernels/cpu/simd_strips.h"
#include "core/ops/op.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_NORM_ARGS
#define LITE_SIMD_NORM_ARGS
namespace lite::simd {

// Rows of n: s = x + add, y = (s - mean(s)) / sqrt(var(s) + epsilon) * scale + bias. With `rms` the mean is
// 0. y, sum and x, add are the same or do not overlap.
struct NormRows {
  const float *x, *add;       // add: may be null
  const float *scale, *bias;  // n of each; may be null
  float *y, *sum;             // sum: may be null
  float *mean, *inverse;      // one a row; may be null
  int64_t n, rows;
  float epsilon;
  bool rms;
};

// y[r][i] = x[r][i] * a + b, with a, b one a row or one a column.
struct AffineRows {
  const float* x;
  float* y;
  const float *a, *b;
  int64_t n, rows;
  bool per_column;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

template <class D>
HWY_INLINE hn::Vec<D> load_some(D d, const float* p, size_t n) {
  return n == hn::Lanes(d) ? hn::LoadU(d, p) : load_part(d, p, n);
}
template <class D>
HWY_INLINE void store_some(hn::Vec<D> v, D d, float* p, size_t n) {
  n == hn::Lanes(d) ? hn::StoreU(v, d, p) : store_part(v, d, p, n);
}

// Sum of f(x) over n, in a fixed order.
template <class D, class F>
HWY_INLINE hn::Vec<D> sum_of(D d, const float* x, int64_t n, const F& f) {
  using V = hn::Vec<D>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  V s0 = hn::Zero(d), s1 = hn::Zero(d), s2 = hn::Zero(d), s3 = hn::Zero(d);
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = hn::Add(s0, f(d, hn::LoadU(d, x + i)));
    s1 = hn::Add(s1, f(d, hn::LoadU(d, x + i + lanes)));
    s2 = hn::Add(s2, f(d, hn::LoadU(d, x + i + 2 * lanes)));
    s3 = hn::Add(s3, f(d, hn::LoadU(d, x + i + 3 * lanes)));
  }
  for (; i + lanes <= n; i += lanes) s0 = hn::Add(s0, f(d, hn::LoadU(d, x + i)));
  if (i < n) {
    const size_t rest = static_cast<size_t>(n - i);
    s1 = hn::Add(s1, hn::IfThenElseZero(hn::FirstN(d, rest), f(d, load_part(d, x + i, rest))));
  }
  return hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)));
}

struct Itself {
  template <class D, class V>
  HWY_INLINE V operator()(D, V x) const {
    return x;
  }
};
template <class V>
struct SquaredFrom {
  V mean;
  template <class D>
  HWY_INLINE V operator()(D, V x) const {
    const V v = hn::Sub(x, mean);
    return hn::Mul(v, v);
  }
};

void norm_rows(const NormRows& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d)), n = a.n;
  for (int64_t r = 0; r < a.rows; ++r) {
    const float* x = a.x + r * n;
    float* y = a.y + r * n;
    if (a.add != nullptr) {
      // The sum goes where it is wanted, or into y for the moment.
      float* s = a.sum != nullptr ? a.sum + r * n : y;
      const float* add = a.add + r * n;
      for (int64_t i = 0; i < n; i += lanes) {
        const size_t count = static_cast<size_t>(std::min(lanes, n - i));
        store_some(hn::Add(load_some(d, x + i, count), load_some(d, add + i, count)), d, s + i, count);
      }
      x = s;
    }
    const V by_n = hn::Set(d, 1.0f / static_cast<float>(n));
    const V mean = a.rms ? hn::Zero(d) : hn::Mul(sum_of(d, x, n, Itself()), by_n);
    const V variance = hn::Mul(sum_of(d, x, n, SquaredFrom<V>{mean}), by_n);
    const V inverse = hn::Div(hn::Set(d, 1.0f), hn::Sqrt(hn::Add(variance, hn::Set(d, a.epsilon))));
    if (a.mean != nullptr) a.mean[r] = hn::GetLane(mean);
    if (a.inverse != nullptr) a.inverse[r] = hn::GetLane(inverse);
    for (int64_t i = 0; i < n; i += lanes) {
      const size_t count = static_cast<size_t>(std::min(lanes, n - i));
      V v = hn::Mul(hn::Sub(load_some(d, x + i, count), mean), inverse);
      if (a.scale != nullptr) v = hn::Mul(v, load_some(d, a.scale + i, count));
      if (a.bias != nullptr) v = hn::Add(v, load_some(d, a.bias + i, count));
      store_some(v, d, y + i, count);
    }
  }
}

void affine_rows(const AffineRows& a) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d)), n = a.n;
  for (int64_t r = 0; r < a.rows; ++r) {
    const float* x = a.x + r * n;
    float* y = a.y + r * n;
    const V scale = a.per_column ? hn::Zero(d) : hn::Set(d, a.a[r]),
            shift = a.per_column ? hn::Zero(d) : hn::Set(d, a.b[r]);
    for (int64_t i = 0; i < n; i += lanes) {
      const size_t count = static_cast<size_t>(std::min(lanes, n - i));
      const V k = a.per_column ? load_some(d, a.a + i, count) : scale,
              b = a.per_column ? load_some(d, a.b + i, count) : shift;
      store_some(hn::MulAdd(load_some(d, x + i, count), k, b), d, y + i, count);
    }
  }
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kNormRows, norm_rows);
LITE_SIMD_TABLE(kAffineRows, affine_rows);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

WhyNot not_plain_f32(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.dtype != DType::kF32) return "an input is not float32";
  for (const Operand& o : q.out)
    if (o.present() && o.dtype != DType::kF32) return "an output is not float32";
  return all_plain(q) ? nullptr : "not row-major";
}

// ---- over the last dimensions
// --------------------------------------------------------------------------------------

int64_t row_length(const NodeQuery& q, int64_t otherwise) {
  const auto rank = static_cast<int64_t>(q.in[0].dims.size());
  const int64_t axis = q.attrs().i64("axis", otherwise);
  const auto at = static_cast<size_t>(axis < 0 ? axis + rank : axis);
  return elements(std::span<const int64_t>(q.in[0].dims).subspan(std::min(at, q.in[0].dims.size())));
}

WhyNot rejects_layer(const NodeQuery& q) {
  if (const WhyNot why = not_plain_f32(q)) return why;
  const int64_t n = row_length(q, -1);
  for (size_t i = 1; i < q.in.size(); ++i)
    if (q.has_in(i) && q.in[i].elements() != n) return "a scale or bias that is broadcast";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_layer(const NodeQuery& q, PackCache&) {
  const int64_t n = row_length(q, -1), rows = q.in[0].elements() / n;
  const bool rms = std::string_view(q.node.op->name) == "RMSNormalization";
  const float epsilon = q.attrs().f32("epsilon", 1e-5f);
  const bool bias = q.has_in(2), mean = q.has_out(1), inverse = q.has_out(2);
  auto* const fn = choose(kNormRows, q.options);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(rows, rows_grain(n, kGrain / 2), [&](int64_t begin, int64_t end) {
      fn(NormRows{.x = l.in<float>(0) + begin * n,
                  .add = nullptr,
                  .scale = l.in<float>(1),
                  .bias = bias ? l.in<float>(2) : nullptr,
                  .y = l.out<float>(0) + begin * n,
                  .sum = nullptr,
                  .mean = mean ? l.out<float>(1) + begin : nullptr,
                  .inverse = inverse ? l.out<float>(2) + begin : nullptr,
                  .n = n,
                  .rows = end - begin,
                  .epsilon = epsilon,
                  .rms = rms});
    });
  });
}

WhyNot rejects_add(const NodeQuery& q) { return not_plain_f32(q); }

Result<std::unique_ptr<Kernel>> make_add(const NodeQuery& q, PackCache&) {
  const int64_t n = q.in[0].dims.back(), rows = q.in[0].elements() / n;
  const float epsilon = q.attrs().f32("epsilon", 1e-5f);
  const bool bias = q.has_in(3), sum = q.has_out(1);
  auto* const fn = choose(kNormRows, q.options);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(rows, rows_grain(n, kGrain / 2), [&](int64_t begin, int64_t end) {
      fn(NormRows{.x = l.in<float>(0) + begin * n,
                  .add = l.in<float>(1) + begin * n,
                  .scale = l.in<float>(2),
                  .bias = bias ? l.in<float>(3) : nullptr,
                  .y = l.out<float>(0) + begin * n,
                  .sum = sum ? l.out<float>(1) + begin * n : nullptr,
                  .mean = nullptr,
                  .inverse = nullptr,
                  .n = n,
                  .rows = end - begin,
                  .epsilon = epsilon,
                  .rms = false});
    });
  });
}

// With a second output the sum would be written before later rows of an input under it are read; rows do not
// overlap, so either input may lie under the first.
bool add_in_place(const NodeQuery&, size_t i) { return i < 2; }
bool in_place(const NodeQuery&, size_t i) { return i == 0; }

// ---- over the spatial dimensions of channels or groups
// ---------------------------------------------------------------

WhyNot rejects_group(const NodeQuery& q) { return not_plain_f32(q); }

Result<std::unique_ptr<Kernel>> make_group(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[0].dims;
  const int64_t channels = dims[1], spatial = elements(dims) / (dims[0] * channels);
  const bool instance = std::string_view(q.node.op->name) == "InstanceNormalization";
  const int64_t groups = instance ? channels : q.attrs().i64("num_groups");
  const int64_t per_group = channels / groups, rows = dims[0] * groups, n = per_group * spatial;
  const float epsilon = q.attrs().f32("epsilon", 1e-5f);
  auto* const norm = choose(kNormRows, q.options);
  auto* const affine = choose(kAffineRows, q.options);
  return make_kernel([=](const Launch& l) {
    l.parallel->for_range(rows, rows_grain(n, kGrain / 2), [&](int64_t begin, int64_t end) {
      float* const y = l.out<float>(0) + begin * n;
      norm(NormRows{.x = l.in<float>(0) + begin * n,
                    .add = nullptr,
                    .scale = nullptr,
                    .bias = nullptr,
                    .y = y,
                    .sum = nullptr,
                    .mean = nullptr,
                    .inverse = nullptr,
                    .n = n,
                    .rows = end - begin,
                    .epsilon = epsilon,
                    .rms = false});
      for (int64_t r = begin; r < end; ++r) {
        float* const group = y + (r - begin) * n;
        const int64_t c = r % groups * per_group;
        affine(AffineRows{group, group, l.in<float>(1) + c, l.in<float>(2) + c, spatial, per_group, false});
      }
    });
  });
}

// ---- BatchNormalization
// ----------------------------------------------------------------------------------------------

WhyNot rejects_batch(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.dtype != DType::kF32) return "an input is not float32";
  if (q.attrs().i64("training_mode", 0) != 0) return "training";
  if (q.out.size() > 1 && q.has_out(1)) return "training outputs";
  if (q.in[0].layout != q.out[0].layout) return "layouts of X and Y differ";
  if (q.in[0].dims.size() < 2) return "no channels";
  return nullptr;
}

Result<std::unique_ptr<Kernel>> make_batch(const NodeQuery& q, PackCache&) {
  const Dims& dims = q.in[0].dims;
  const int64_t channels = dims[1], spatial = elements(dims) / (dims[0] * channels), batch = dims[0];
  const int64_t block = block_of(q.in[0].layout), padded = block == 0 ? channels : round_up(channels, block);
  const bool last = q.in[0].layout == Layout::kChannelsLast;
  const float epsilon = q.attrs().f32("epsilon", 1e-5f);
  auto* const fn = choose(kAffineRows, q.options);
  const auto run = [=](const Launch& l) {
    auto* const a = static_cast<float*>(l.workspace);
    float* const b = a + padded;
    for (int64_t c = 0; c < padded; ++c) {
      const bool real = c < channels;
      a[c] = real ? l.in<float>(1)[c] / std::sqrt(l.in<float>(4)[c] + epsilon) : 0.0f;
      b[c] = real ? l.in<float>(2)[c] - l.in<float>(3)[c] * a[c] : 0.0f;
    }
    const float* x = l.in<float>(0);
    float* y = l.out<float>(0);
    if (last) {
      l.parallel->for_range(batch * spatial, rows_grain(channels), [&](int64_t begin, int64_t end) {
        fn(AffineRows{x + begin * channels, y + begin * channels, a, b, channels, end - begin, true});
      });
      return;
    }
    // Rows of one channel, or of one block of channels.
    const int64_t width = block == 0 ? 1 : block, blocks = padded / width;
    l.parallel->for_range(batch * blocks, rows_grain(spatial * width), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t at = i * spatial * width, c = i % blocks * width;
        if (block == 0)
          fn(AffineRows{x + at, y + at, a + c, b + c, spatial, 1, false});
        else
          fn(AffineRows{x + at, y + at, a + c, b + c, block, spatial, true});
      }
    });
  };
  return make_kernel(run, static_cast<size_t>(2 * padded) * sizeof(float));
}

// ---- LRN

WhyNot rejects_lrn(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  return q.in[0].elements() == 0 ? "empty" : nullptr;
}

Result<std::unique_ptr<Kernel>> make_lrn(const NodeQuery& q, PackCache&) {
  using pointwise::Opcode;
  const Dims& dims = q.in[0].dims;
  const int64_t channels = dims[1], plane = q.in[0].elements() / (dims[0] * channels);
  const int64_t size = q.attrs().i64("size"), before = (size - 1) / 2, after = size - 1 - before;
  const float factor = q.attrs().f32("alpha", 1e-4f) / static_cast<float>(size),
              bias = q.attrs().f32("bias", 1), beta = q.attrs().f32("beta", 0.75f);
  StripFn *const
      square = strip(Opcode::kSquare, 0, q.options),
      *const add = strip(Opcode::kAdd, 0, q.options), *const add_one = strip(Opcode::kAdd, 2, q.options),
      *const multiply = strip(Opcode::kMul, 2, q.options), *const power = strip(Opcode::kPow, 2, q.options),
      *const root = strip(Opcode::kSqrt, 0, q.options), *const product = strip(Opcode::kMul, 0, q.options),
      *const divide = strip(Opcode::kDiv, 0, q.options);
  constexpr int64_t kWidth = 1024;  // of a channel at a time
  const int64_t parts = ceil_div(plane, kWidth);
  return make_kernel([=, count = dims[0] * channels](const Launch& l) {
    l.parallel->for_range(
        count * parts, rows_grain(16 * std::min(plane, kWidth)), [&](int64_t begin, int64_t end) {
          alignas(64) float sum[kWidth], other[kWidth];
          for (int64_t i = begin; i < end; ++i) {
            const int64_t c = i / parts % channels, at = i % parts * kWidth, n = std::min(kWidth, plane - at);
            const float* const x = l.in<float>(0) + i / parts * plane + at;
            const int64_t last = std::min(after, channels - 1 - c);
            for (int64_t k = -std::min(before, c), first = k; k <= last; ++k) {
              square(Strip{.src = {x + k * plane}, .dst = k == first ? sum : other, .n = n});
              if (k != first) add(Strip{.src = {sum, other}, .dst = sum, .n = n});
            }
            multiply(Strip{.src = {sum, &factor}, .dst = sum, .n = n});
            add_one(Strip{.src = {sum, &bias}, .dst = sum, .n = n});
            if (beta == 0.75f) {  // what everybody has
              root(Strip{.src = {sum}, .dst = other, .n = n});
              root(Strip{.src = {other}, .dst = sum, .n = n});
              product(Strip{.src = {sum, other}, .dst = sum, .n = n});
            } else {
              power(Strip{.src = {sum, &beta}, .dst = sum, .n = n});
            }
            divide(Strip{.src = {x, sum}, .dst = l.out<float>(0) + i / parts * plane + at, .n = n});
          }
        });
  });
}

constexpr KernelDef kKernels[] = {
    {"layer_norm:simd", "LayerNormalization", rejects_layer, make_layer, in_place},
    {"rms_norm:simd", "RMSNormalization", rejects_layer, make_layer, in_place},
    {"add_norm:simd", "AddNormalization", rejects_add, make_add, add_in_place},
    {"instance_norm:simd", "InstanceNormalization", rejects_group, make_group, in_place},
    {"group_norm:simd", "GroupNormalization", rejects_group, make_group, in_place},
    {"batch_norm:simd", "BatchNormalization", rejects_batch, make_batch, in_place},
    {"lrn:simd", "LRN", rejects_lrn, make_lrn},
};

}  // namespace

extern constinit const KernelTable simd_norm;
constinit const KernelTable simd_norm{kKernels};

}  // namespace lite::kernels
#endif
