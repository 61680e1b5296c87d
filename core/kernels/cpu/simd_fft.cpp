// DFT and STFT of float32: a mixed-radix transform (Stockham's form, decimation in frequency), one line in
// each lane. What a line gives depends neither on its neighbours nor on the instruction set: there is no
// fused multiply-add here.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/cpu/simd_fft.cpp"
#include <cmath>
#include <numbers>

#include "core/kernels/cpu/simd.h"
#include "core/ops/op.h"
#include "core/ops/spectral.h"
#include "hwy/foreach_target.h"
#include "core/kernels/cpu/simd_math-inl.h"

#ifndef LITE_SIMD_FFT
#define LITE_SIMD_FFT
namespace lite::simd {

constexpr int64_t kMaxPrime = 61;  // larger factors take too many operations a point
constexpr int64_t kMaxLanes = 16;  // of any instruction set

// A complex transform of `length` points. Its radices go from the first pass to the last.
struct Fft {
  struct Pass {
    int64_t radix, before, inside;    // before * radix * inside = length
    std::vector<float> turns;         // (re, im) by [radix - 1][inside]
    std::vector<float> cosine, sine;  // of k / radix turns, for radices without a form of their own
  };
  int64_t length = 1;
  float sign = -1;  // of the exponent
  std::vector<Pass> passes;
};

// Where the numbers of a group of lines lie: point k of line l at base + at[l] + k * step.
struct FftLines {
  const int64_t* at;
  int64_t count;  // at most the number of lanes
  int64_t step;
};

}  // namespace lite::simd
#endif

HWY_BEFORE_NAMESPACE();
namespace lite::simd::HWY_NAMESPACE {

using Tag = hn::ScalableTag<float>;
using V = hn::Vec<Tag>;
static_assert(HWY_MAX_BYTES / sizeof(float) <= kMaxLanes);

// A complex number in each lane.
struct C {
  V re, im;
};
HWY_INLINE C operator+(C a, C b) { return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)}; }
HWY_INLINE C operator-(C a, C b) { return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)}; }

HWY_INLINE int64_t lanes() { return static_cast<int64_t>(hn::Lanes(Tag())); }
HWY_INLINE C get(const float* p, int64_t i) {
  const float* at = p + 2 * i * lanes();
  return {hn::Load(Tag(), at), hn::Load(Tag(), at + lanes())};
}
HWY_INLINE void put(C v, float* p, int64_t i) {
  float* at = p + 2 * i * lanes();
  hn::Store(v.re, Tag(), at);
  hn::Store(v.im, Tag(), at + lanes());
}
HWY_INLINE C times(C a, float re, float im) {
  const V r = hn::Set(Tag(), re), i = hn::Set(Tag(), im);
  return {hn::Sub(hn::Mul(a.re, r), hn::Mul(a.im, i)), hn::Add(hn::Mul(a.re, i), hn::Mul(a.im, r))};
}
HWY_INLINE C turned(C a, float sign) {  // by a quarter, in the direction of the transform
  const V s = hn::Set(Tag(), sign);
  return {hn::Neg(hn::Mul(a.im, s)), hn::Mul(a.re, s)};
}

// One pass: reads `from` as [before][radix][inside], writes `to` as [radix][before][inside].
// kRadix 0: whatever the pass says, an odd number.
template <int kRadix>
void radix_pass(const Fft::Pass& p, float sign, const float* HWY_RESTRICT from, float* HWY_RESTRICT to) {
  const int64_t radix = kRadix == 0 ? p.radix : kRadix, inside = p.inside, half = (radix - 1) / 2;
  const float* const turns = p.turns.data();
  for (int64_t b = 0; b < p.before; ++b)
    for (int64_t i = 0; i < inside; ++i) {
      const auto in = [&](int64_t k) { return get(from, (b * radix + k) * inside + i); };
      const auto out = [&](int64_t k, C v) {
        if (k > 0 && i > 0) {
          const float* const t = turns + 2 * ((k - 1) * inside + i);
          v = times(v, t[0], t[1]);
        }
        put(v, to, (k * p.before + b) * inside + i);
      };
      if constexpr (kRadix == 2) {
        const C x0 = in(0), x1 = in(1);
        out(0, x0 + x1);
        out(1, x0 - x1);
      } else if constexpr (kRadix == 4) {
        const C x0 = in(0), x1 = in(1), x2 = in(2), x3 = in(3);
        const C s02 = x0 + x2, d02 = x0 - x2, s13 = x1 + x3, d13 = turned(x1 - x3, sign);
        out(0, s02 + s13);
        out(2, s02 - s13);
        out(1, d02 + d13);
        out(3, d02 - d13);
      } else {
        // Points j and radix - j have one cosine and opposite sines.
        constexpr int64_t kPairs = kRadix == 0 ? kMaxPrime / 2 : kRadix / 2;
        C sum[kPairs], difference[kPairs];
        const C x0 = in(0);
        C total = x0;
        for (int64_t j = 0; j < half; ++j) {
          const C a = in(j + 1), z = in(radix - 1 - j);
          sum[j] = a + z;
          difference[j] = a - z;
          total = total + sum[j];
        }
        out(0, total);
        for (int64_t k = 1; k <= half; ++k) {
          C even = x0;
          V re = hn::Zero(Tag()), im = re;
          for (int64_t j = 0, turn = k; j < half; ++j, turn += k) {
            while (turn >= radix) turn -= radix;
            const V c = hn::Set(Tag(), p.cosine[static_cast<size_t>(turn)]);
            const V s = hn::Set(Tag(), p.sine[static_cast<size_t>(turn)]);
            even = {hn::Add(even.re, hn::Mul(c, sum[j].re)), hn::Add(even.im, hn::Mul(c, sum[j].im))};
            re = hn::Add(re, hn::Mul(s, difference[j].re));
            im = hn::Add(im, hn::Mul(s, difference[j].im));
          }
          const C odd{hn::Neg(im), re};
          out(k, even + odd);
          out(radix - k, even - odd);
        }
      }
    }
}

// Transforms the lines in `a`, with `b` as room for as many numbers. Returns where the result is.
float* transform(const Fft& fft, float* a, float* b) {
  for (const Fft::Pass& p : fft.passes) {
    switch (p.radix) {
      case 2:
        radix_pass<2>(p, fft.sign, a, b);
        break;
      case 3:
        radix_pass<3>(p, fft.sign, a, b);
        break;
      case 4:
        radix_pass<4>(p, fft.sign, a, b);
        break;
      case 5:
        radix_pass<5>(p, fft.sign, a, b);
        break;
      default:
        radix_pass<0>(p, fft.sign, a, b);
        break;
    }
    std::swap(a, b);
  }
  return a;
}

// Whether the lines lie side by side, all lanes full.
bool side_by_side(const FftLines& lines, int64_t parts) {
  if (lines.count < lanes()) return false;
  for (int64_t l = 1; l < lines.count; ++l)
    if (lines.at[l] != lines.at[0] + l * parts) return false;
  return true;
}

// Point k of the lines to place k of `to`, times window[k] where there is one.
void load_lines(const float* x, const FftLines& lines, int64_t parts, int64_t points, const float* window,
                float* to) {
  const Tag d;
  if (side_by_side(lines, parts)) {
    for (int64_t k = 0; k < points; ++k) {
      const float* const at = x + lines.at[0] + k * lines.step;
      C v;
      if (parts == 2) {
        hn::LoadInterleaved2(d, at, v.re, v.im);
      } else {
        v = {hn::LoadU(d, at), hn::Zero(d)};
      }
      if (window != nullptr) {
        const V w = hn::Set(d, window[k]);
        v = {hn::Mul(v.re, w), hn::Mul(v.im, w)};
      }
      put(v, to, k);
    }
    return;
  }
  const int64_t n = lanes();
  memset(to, 0, static_cast<size_t>(2 * points * n) * sizeof(float));
  for (int64_t l = 0; l < lines.count; ++l)
    for (int64_t k = 0; k < points; ++k) {
      const float* const at = x + lines.at[l] + k * lines.step;
      const float w = window != nullptr ? window[k] : 1;
      to[2 * k * n + l] = at[0] * w;
      if (parts == 2) to[(2 * k + 1) * n + l] = at[1] * w;
    }
}

// Place k of `from`, times `scale`, to point k of the lines.
void store_lines(const float* from, const FftLines& lines, int64_t parts, int64_t points, float scale,
                 float* y) {
  const Tag d;
  const int64_t n = lanes();
  if (side_by_side(lines, parts)) {
    const V s = hn::Set(d, scale);
    for (int64_t k = 0; k < points; ++k) {
      const C v = get(from, k);
      float* const at = y + lines.at[0] + k * lines.step;
      if (parts == 2)
        hn::StoreInterleaved2(hn::Mul(v.re, s), hn::Mul(v.im, s), d, at);
      else
        hn::StoreU(hn::Mul(v.re, s), d, at);
    }
    return;
  }
  for (int64_t l = 0; l < lines.count; ++l)
    for (int64_t k = 0; k < points; ++k) {
      float* const at = y + lines.at[l] + k * lines.step;
      at[0] = from[2 * k * n + l] * scale;
      if (parts == 2) at[1] = from[(2 * k + 1) * n + l] * scale;
    }
}

// The spectrum of 2 * half real points from the transform of those at even places as real parts, at odd ones
// as imaginary parts. turns: exp(sign * 2 pi i k / (2 * half)) for k <= half. With `all`, the mirrored half
// too.
void unpack_real(const float* from, int64_t half, const float* turns, bool all, float* to) {
  const V by = hn::Set(Tag(), 0.5f);
  for (int64_t k = 0; k <= half; ++k) {
    const C z = get(from, k % half), m = get(from, (half - k) % half);
    const C even{hn::Mul(by, hn::Add(z.re, m.re)), hn::Mul(by, hn::Sub(z.im, m.im))};
    const C odd{hn::Mul(by, hn::Add(z.im, m.im)), hn::Mul(by, hn::Sub(m.re, z.re))};
    // The middle and the ends are real; a product with a rounded sine would say otherwise.
    const C v = k == 0      ? even + odd
                : k == half ? even - odd
                            : even + times(odd, turns[2 * k], turns[2 * k + 1]);
    put(v, to, k);
    if (all && k > 0 && k < half) put({v.re, hn::Neg(v.im)}, to, 2 * half - k);
  }
}

// Points above the middle mirror those below it, as in the spectrum of a real line.
void mirror(float* p, int64_t n) {
  for (int64_t k = n / 2 + 1; k < n; ++k) {
    const C v = get(p, n - k);
    put({v.re, hn::Neg(v.im)}, p, k);
  }
}

// Real points come in pairs: [points] real numbers become [points / 2] complex ones, in place.
void pair_up(float* p, int64_t points) {
  for (int64_t k = 0; k < points / 2; ++k) put({get(p, 2 * k).re, get(p, 2 * k + 1).re}, p, k);
}

}  // namespace lite::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lite::simd {
namespace {
LITE_SIMD_TABLE(kLanes, lanes);
LITE_SIMD_TABLE(kTransform, transform);
LITE_SIMD_TABLE(kLoad, load_lines);
LITE_SIMD_TABLE(kStore, store_lines);
LITE_SIMD_TABLE(kUnpackReal, unpack_real);
LITE_SIMD_TABLE(kMirror, mirror);
LITE_SIMD_TABLE(kPairUp, pair_up);
}  // namespace
}  // namespace lite::simd

namespace lite::kernels {
namespace {

using namespace simd;

constexpr int64_t kMaxLength = 65536;  // bounds the workspace
constexpr int64_t kMaxStrips = 16;     // each has a workspace of its own

// exp(sign * 2 pi i k / n).
void add_turn(std::vector<float>& to, double sign, int64_t k, int64_t n) {
  const double angle = sign * 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
  to.push_back(static_cast<float>(std::cos(angle)));
  to.push_back(static_cast<float>(std::sin(angle)));
}

std::vector<int64_t> radices(int64_t n) {
  std::vector<int64_t> out;
  for (; n % 4 == 0; n /= 4) out.push_back(4);
  if (n % 2 == 0) out.insert(out.begin(), 2), n /= 2;
  for (int64_t p = 3; p <= kMaxPrime; p += 2)
    for (; n % p == 0; n /= p) out.push_back(p);
  if (n > 1) out.push_back(n);
  return out;
}

WhyNot wrong_length(int64_t n) {
  if (n < 1 || n > kMaxLength) return "longer than 65536";
  for (const int64_t r : radices(n))
    if (r > kMaxPrime) return "the length has a prime factor above 61";
  return nullptr;
}

Fft plan(int64_t n, double sign) {
  Fft fft{.length = n, .sign = static_cast<float>(sign), .passes = {}};
  int64_t before = 1;
  for (const int64_t radix : radices(n)) {
    Fft::Pass p{.radix = radix, .before = before, .inside = n / before / radix};
    for (int64_t k = 1; k < radix; ++k)
      for (int64_t i = 0; i < p.inside; ++i) add_turn(p.turns, sign, k * before * i % n, n);
    for (int64_t k = 0; k < radix; ++k) {
      std::vector<float> turn;
      add_turn(turn, sign, k, radix);
      p.cosine.push_back(turn[0]);
      p.sine.push_back(turn[1]);
    }
    fft.passes.push_back(std::move(p));
    before *= radix;
  }
  return fft;
}

// Transforms of many lines of one length.
class Transformer {
 public:
  struct Job {
    const float* x;
    float* y;
    const float* window = nullptr;
    int64_t in_step, out_step, in_points, out_points;
  };
  enum class Form : uint8_t { kComplex, kFromReal, kToReal };

  Transformer(int64_t n, bool inverse, int64_t in_parts, Form form, const KernelOptions& o)
      : n_(n),
        in_parts_(in_parts),
        form_(form),
        packs_(in_parts == 1 && !inverse && n % 2 == 0),
        scale_(inverse ? 1 / static_cast<float>(n) : 1),
        fft_(plan(packs_ ? n / 2 : n, inverse ? 1 : -1)),
        lanes_(choose(kLanes, o)()),
        transform_(choose(kTransform, o)),
        load_(choose(kLoad, o)),
        store_(choose(kStore, o)),
        unpack_real_(choose(kUnpackReal, o)),
        mirror_(choose(kMirror, o)),
        pair_up_(choose(kPairUp, o)) {
    for (int64_t k = 0; packs_ && k <= n / 2; ++k) add_turn(turns_, -1, k, n);
  }

  // at(i) gives where line i begins in the input and in the output.
  template <class At>
  void run(const Launch& l, const Job& job, int64_t lines, const At& at) const {
    const int64_t groups = ceil_div(lines, lanes_), strips = strips_of(lines);
    l.parallel->for_range(strips, 1, [&](int64_t s, int64_t) {
      auto* const a = static_cast<float*>(l.workspace) + s * strip_floats();
      for (int64_t g = groups * s / strips; g < groups * (s + 1) / strips; ++g) {
        int64_t in[kMaxLanes], out[kMaxLanes];
        const int64_t count = std::min(lanes_, lines - g * lanes_);
        for (int64_t i = 0; i < count; ++i) at(g * lanes_ + i, in[i], out[i]);
        group(job, {in, count, job.in_step}, {out, count, job.out_step}, a);
      }
    });
  }
  size_t workspace_bytes(int64_t lines) const {
    return static_cast<size_t>(strips_of(lines) * strip_floats()) * sizeof(float);
  }

 private:
  int64_t line_floats() const { return round_up(2 * n_ * lanes_, int64_t{16}); }
  int64_t strip_floats() const { return 2 * line_floats(); }
  int64_t strips_of(int64_t lines) const {
    constexpr int64_t kWorkspace = int64_t{64} << 20;
    const int64_t worth = std::max<int64_t>(1, lines * n_ / (kGrain / 4));
    const int64_t fit = std::max<int64_t>(1, kWorkspace / strip_floats() / 4);
    return std::min({ceil_div(lines, lanes_), worth, fit, kMaxStrips});
  }

  void group(const Job& job, const FftLines& in, const FftLines& out, float* a) const {
    float* const b = a + line_floats();
    load_(job.x, in, in_parts_, job.in_points, job.window, a);
    std::fill(a + 2 * job.in_points * lanes_, a + 2 * n_ * lanes_, 0.0f);
    if (form_ == Form::kToReal) mirror_(a, n_);
    if (packs_) pair_up_(a, n_);
    float* done = transform_(fft_, a, b);
    if (packs_) {
      float* const other = done == a ? b : a;
      unpack_real_(done, n_ / 2, turns_.data(), job.out_points == n_, other);
      done = other;
    }
    store_(done, out, form_ == Form::kToReal ? 1 : 2, job.out_points, scale_, job.y);
  }

  int64_t n_, in_parts_;
  Form form_;
  bool packs_;  // a real line of even length: a complex transform of half the length
  float scale_;
  Fft fft_;
  std::vector<float> turns_;
  int64_t lanes_;
  decltype(&HWY_STATIC_DISPATCH(transform)) transform_;
  decltype(&HWY_STATIC_DISPATCH(load_lines)) load_;
  decltype(&HWY_STATIC_DISPATCH(store_lines)) store_;
  decltype(&HWY_STATIC_DISPATCH(unpack_real)) unpack_real_;
  decltype(&HWY_STATIC_DISPATCH(mirror)) mirror_;
  decltype(&HWY_STATIC_DISPATCH(pair_up)) pair_up_;
};

// ---- DFT

Result<ops::DftShape> dft_shape(const NodeQuery& q, int64_t axis) {
  const int64_t length = q.has_in(1) ? q.in[1].constant->int_at(0) : 0;
  return ops::resolve_dft(q.attrs(), q.in[0].dims, &axis, true, q.has_in(1) ? &length : nullptr, q.has_in(1));
}
// The axes that may be meant: all, when that is decided at run time.
std::pair<int64_t, int64_t> dft_axes(const NodeQuery& q) {
  if (q.has_in(2) && q.in[2].constant == nullptr) return {0, static_cast<int64_t>(q.in[0].dims.size()) - 1};
  const int64_t axis = q.has_in(2) ? q.in[2].constant->int_at(0) : -2;
  return {axis, axis + 1};
}

WhyNot rejects_dft(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.has_in(1) && q.in[1].constant == nullptr) return "dft_length is not constant";
  for (const size_t i : {1U, 2U})
    if (q.has_in(i) && q.in[i].elements() != 1) return "dft_length or axis is no scalar";
  const auto [first, last] = dft_axes(q);
  for (int64_t axis = first; axis < last; ++axis) {
    const auto shape = dft_shape(q, axis);
    if (!shape.is_ok() || !(shape.value().out == q.out[0].dims)) return "the axis is not constant";
    if (const WhyNot why = wrong_length(shape.value().length)) return why;
  }
  return nullptr;
}

class Dft final : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> make(const NodeQuery& q, PackCache&) {
    auto k = std::make_unique<Dft>();
    const bool inverse = q.attrs().i64("inverse") != 0, half = inverse && q.attrs().i64("onesided") != 0;
    k->in_ = q.in[0].dims;
    k->axis_given_ = q.has_in(2) && q.in[2].constant == nullptr;
    k->axis_i32_ = k->axis_given_ && q.in[2].dtype == DType::kI32;
    const auto [first, last] = dft_axes(q);
    for (int64_t axis = first; axis < last; ++axis) {
      LITE_ASSIGN(ops::DftShape shape, dft_shape(q, axis));
      const auto form = half ? Transformer::Form::kToReal : Transformer::Form::kComplex;
      Along a{.at = shape.axis, .out = std::move(shape.out), .transformer = std::nullopt};
      a.transformer.emplace(shape.length, inverse, k->in_.back(), form, q.options);
      a.used = std::min(half ? shape.length / 2 + 1 : shape.length, k->in_[shape.axis]);
      for (size_t d = 0; d + 1 < k->in_.size(); ++d)
        if (d != a.at) a.lines *= k->in_[d];
      for (size_t d = a.at + 1; d + 1 < k->in_.size(); ++d) a.inner *= k->in_[d];
      k->along_.push_back(std::move(a));
    }
    return std::unique_ptr<Kernel>(std::move(k));
  }
  Status run(const Launch& l) const override {
    size_t which = 0;
    if (axis_given_) {
      const int64_t given = axis_i32_ ? *l.in<int32_t>(2) : *l.in<int64_t>(2);
      const auto rank = static_cast<int64_t>(in_.size());
      LITE_ASSIGN(const int64_t axis, ops::normalize_axis("DFT", given, rank));
      if (axis == rank - 1)
        return invalid_argument("DFT: axis ", given,
                                " is the last dimension, which holds the parts of complex numbers");
      which = static_cast<size_t>(axis);
    }
    const Along& a = along_[which];
    const int64_t parts = in_.back(), out_parts = a.out.back(), n = in_[a.at], points = a.out[a.at];
    const Transformer::Job job{.x = l.in<float>(0),
                               .y = l.out<float>(0),
                               .in_step = a.inner * parts,
                               .out_step = a.inner * out_parts,
                               .in_points = a.used,
                               .out_points = points};
    a.transformer->run(l, job, a.lines, [&](int64_t i, int64_t& in, int64_t& out) {
      const int64_t o = i / a.inner, c = i % a.inner;
      in = (o * n * a.inner + c) * parts;
      out = (o * points * a.inner + c) * out_parts;
    });
    return ok();
  }
  size_t workspace_bytes() const override {
    size_t most = 0;
    for (const Along& a : along_) most = std::max(most, a.transformer->workspace_bytes(a.lines));
    return most;
  }

 private:
  struct Along {
    size_t at = 0;
    Dims out;
    int64_t lines = 1, inner = 1, used = 0;
    std::optional<Transformer> transformer;
  };
  Dims in_;
  bool axis_given_ = false, axis_i32_ = false;
  std::vector<Along> along_;  // one an axis, when it is given at run time
};

// ---- STFT

WhyNot rejects_stft(const NodeQuery& q) {
  if (q.in[0].dtype != DType::kF32) return "not float32";
  if (!all_plain(q)) return "not row-major";
  if (q.in[1].constant == nullptr) return "frame_step is not constant";
  if (q.has_in(3) && q.in[3].constant == nullptr) return "frame_length is not constant";
  return wrong_length(q.has_in(3) ? q.in[3].constant->int_at(0) : q.in[2].elements());
}

Result<std::unique_ptr<Kernel>> make_stft(const NodeQuery& q, PackCache&) {
  const Dims& in = q.in[0].dims;
  const Dims& out = q.out[0].dims;
  const int64_t step = q.in[1].constant->int_at(0);
  const int64_t n = q.has_in(3) ? q.in[3].constant->int_at(0) : q.in[2].elements();
  if (q.has_in(2) && (q.in[2].rank_or_zero() != 1 || q.in[2].elements() != n))
    return unsupported("stft:simd: window has shape ", q.in[2].dims, ", [", n, "] wanted");
  const int64_t parts = in[2], length = in[1], frames = out[1], bins = out[2], lines = out[0] * frames;
  const bool windowed = q.has_in(2);
  auto t = std::make_shared<const Transformer>(n, false, parts, Transformer::Form::kComplex, q.options);
  const size_t workspace = t->workspace_bytes(lines);
  return make_kernel(
      [=](const Launch& l) {
        const Transformer::Job job{.x = l.in<float>(0),
                                   .y = l.out<float>(0),
                                   .window = windowed ? l.in<float>(2) : nullptr,
                                   .in_step = parts,
                                   .out_step = 2,
                                   .in_points = n,
                                   .out_points = bins};
        t->run(l, job, lines, [&](int64_t i, int64_t& from, int64_t& to) {
          from = (i / frames * length + i % frames * step) * parts;
          to = i * bins * 2;
        });
      },
      workspace);
}

constexpr KernelDef kKernels[] = {{"dft:simd", "DFT", rejects_dft, Dft::make},
                                  {"stft:simd", "STFT", rejects_stft, make_stft}};

}  // namespace

extern constinit const KernelTable simd_fft;
constinit const KernelTable simd_fft{kKernels};

}  // namespace lite::kernels
#endif
