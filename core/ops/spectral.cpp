// DFT: the discrete Fourier transform along one axis. Complex numbers are pairs in the last dimension.
//
//   in  input       [..., 1] (real) or [..., 2] (complex), float, rank 2 and above
//   in  dft_length  optional scalar: the input is cut or filled with zeros to that length
//   in  axis        optional scalar, int64, default -2; not the last dimension
//   out output      [..., 2]; along the axis dft_length, or with onesided dft_length / 2 + 1
//   attr inverse int, default 0: the inverse transform, divided by the length
//   attr onesided int, default 0: forward, only the first half of the result, of a real input; inverse, the
//   input is such
//                a half and the output real, [..., 1], of length dft_length, default 2 * (input - 1)
//
// STFT: the DFT of windows of a signal.
//
//   in  signal        [batch,length,1] or [batch,length,2], float
//   in  frame_step    scalar, at least 1
//   in  window        optional [frame_length]; default ones
//   in  frame_length  optional scalar, default window's
//   out output        [batch,frames,bins,2]; frames = 1 + (length - frame_length) / frame_step; bins =
//   frame_length, or
//                     frame_length / 2 + 1 with onesided
//   attr onesided int, default 1; of real signals only

#include <cmath>
#include <numbers>

#include "core/ops/op.h"
#include "core/ops/spectral.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

using Complex = std::complex<double>;

// Split in halves while the length is even; odd lengths straight from the definition.
void transform(std::vector<Complex>& v, double sign) {
  const size_t n = v.size();
  if (n <= 1) return;
  const auto turn = [&](size_t k, size_t of) {
    return std::polar(1.0,
                      sign * 2 * std::numbers::pi * static_cast<double>(k % of) / static_cast<double>(of));
  };
  if (n % 2 != 0) {
    std::vector<Complex> out(n), roots(n);
    for (size_t k = 0; k < n; ++k) roots[k] = turn(k, n);
    for (size_t k = 0; k < n; ++k)
      for (size_t i = 0; i < n; ++i) out[k] += v[i] * roots[k * i % n];
    v = std::move(out);
    return;
  }
  std::vector<Complex> even(n / 2), odd(n / 2);
  for (size_t i = 0; i < n / 2; ++i) even[i] = v[2 * i], odd[i] = v[2 * i + 1];
  transform(even, sign);
  transform(odd, sign);
  for (size_t k = 0; k < n / 2; ++k) {
    const Complex turned = turn(k, n) * odd[k];
    v[k] = even[k] + turned;
    v[k + n / 2] = even[k] - turned;
  }
}

constexpr int64_t kLongest = int64_t{1} << 31;

Status check_length(const char* op, const char* name, int64_t v) {
  if (v >= 1 && v < kLongest) return ok();
  return invalid_model(op, ": ", name, " is ", v, ", wanted in [1,", kLongest, ")");
}

}  // namespace

Result<DftShape> resolve_dft(const AttrReader& attrs, const Dims& in, const int64_t* axis, bool axis_known,
                             const int64_t* length, bool length_given) {
  const auto rank = static_cast<int64_t>(in.size());
  if (rank < 2 || (in.back() >= 0 && in.back() != 1 && in.back() != 2))
    return invalid_model("DFT: input has shape ", in, ", two dimensions or more, the last 1 or 2, wanted");
  DftShape s;
  const bool inverse = attrs.i64("inverse") != 0, onesided = attrs.i64("onesided") != 0;
  if (onesided && !inverse && in.back() == 2)
    return invalid_model("DFT: input of shape ", in, " is complex, a real one wanted with onesided");
  s.out = in;
  s.out.back() = onesided && inverse ? 1 : 2;
  if (!axis_known) {
    if (!onesided && !length_given) return s;  // every dimension stays as it is
    for (size_t d = 0; d + 1 < in.size(); ++d) s.out[d] = kUnknownDim;
    return s;
  }
  LITE_ASSIGN(const int64_t at, normalize_axis("DFT", axis != nullptr ? *axis : -2, rank));
  if (at == rank - 1)
    return invalid_model("DFT: axis ", at,
                         " is the last dimension, which holds the parts of complex numbers");
  s.axis = static_cast<size_t>(at);
  if (length != nullptr)
    s.length = *length;
  else if (!length_given && in[s.axis] >= 0)
    s.length = onesided && inverse ? 2 * (in[s.axis] - 1) : in[s.axis];
  if (s.length >= 0 || length != nullptr) LITE_TRY(check_length("DFT", "dft_length", s.length));
  if (s.length >= 0)
    s.out[s.axis] = onesided && !inverse ? s.length / 2 + 1 : s.length;
  else if (onesided || length_given)
    s.out[s.axis] = kUnknownDim;
  return s;
}

namespace {

Status infer_dft(const InferArgs& a) {
  a.out[0] = Fact(a.in[0].dtype);
  if (!a.in[0].has_rank) return ok();
  int64_t axis = 0, length = 0;
  const auto scalar = [&](size_t i, int64_t& v) -> const int64_t* {
    if (!a.has(i) || a.value(i) == nullptr || a.value(i)->elements() != 1) return nullptr;
    v = a.value(i)->int_at(0);
    return &v;
  };
  const int64_t *at = scalar(2, axis), *size = scalar(1, length);
  LITE_ASSIGN(DftShape s, resolve_dft(a.attrs, a.in[0].dims, at, !a.has(2) || at != nullptr, size, a.has(1)));
  a.out[0] = Fact(a.in[0].dtype, std::move(s.out));
  return ok();
}

Status dft(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  int64_t axis = -2, length = 0;
  for (const size_t i : {1U, 2U})
    if (a.has(i) && a.input(i).elements() != 1)
      return invalid_argument("DFT: ", i == 1 ? "dft_length" : "axis", " has shape ", a.input(i).dims(),
                              ", a scalar wanted");
  if (a.has(1)) length = a.input(1).int_at(0);
  if (a.has(2)) axis = a.input(2).int_at(0);
  LITE_ASSIGN(const DftShape s,
              resolve_dft(a.attrs, x.dims(), &axis, true, a.has(1) ? &length : nullptr, a.has(1)));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), s.out));
  const bool inverse = a.attrs.i64("inverse") != 0, half = inverse && a.attrs.i64("onesided") != 0;
  const int64_t parts = x.dims().back(), out_parts = s.out.back(), in_length = x.dims()[s.axis],
                out_length = s.out[s.axis];
  int64_t outer = 1, inner = 1;
  for (size_t d = 0; d + 1 < x.rank(); ++d)
    if (d != s.axis) (d < s.axis ? outer : inner) *= x.dims()[d];
  std::vector<double> in(static_cast<size_t>(x.elements())), out(static_cast<size_t>(y->elements()));
  widen(x, 0, x.elements(), in.data());
  std::vector<Complex> line(static_cast<size_t>(s.length));
  const auto n = static_cast<size_t>(s.length);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      std::fill(line.begin(), line.end(), Complex());
      const int64_t used = std::min(half ? s.length / 2 + 1 : s.length, in_length);
      for (int64_t k = 0; k < used; ++k) {
        const auto at = static_cast<size_t>(((o * in_length + k) * inner + i) * parts);
        line[static_cast<size_t>(k)] = {in[at], parts == 2 ? in[at + 1] : 0};
      }
      // The missing half of the spectrum of a real signal mirrors the other.
      for (size_t k = n / 2 + 1; half && k < n; ++k) line[k] = std::conj(line[n - k]);
      transform(line, inverse ? 1 : -1);
      for (int64_t k = 0; k < out_length; ++k) {
        const Complex v = inverse ? line[static_cast<size_t>(k)] / static_cast<double>(s.length)
                                  : line[static_cast<size_t>(k)];
        const auto at = static_cast<size_t>(((o * out_length + k) * inner + i) * out_parts);
        out[at] = v.real();
        if (out_parts == 2) out[at + 1] = v.imag();
      }
    }
  narrow(out.data(), y->elements(), *y, 0);
  return ok();
}

// step, frame: kUnknownDim where not known.
Result<Dims> stft_dims(const AttrReader& attrs, const Dims& signal, int64_t step, int64_t frame) {
  const bool onesided = attrs.i64("onesided", 1) != 0;
  if (signal.size() != 3 || (signal[2] >= 0 && signal[2] != 1 && signal[2] != 2))
    return invalid_model("STFT: signal has shape ", signal, ", three dimensions, the last 1 or 2, wanted");
  if (onesided && signal[2] == 2)
    return invalid_model("STFT: signal of shape ", signal, " is complex, a real one wanted with onesided");
  Dims out{signal[0], kUnknownDim, kUnknownDim, 2};
  if (step != kUnknownDim) LITE_TRY(check_length("STFT", "frame_step", step));
  if (frame != kUnknownDim) {
    LITE_TRY(check_length("STFT", "frame_length", frame));
    if (signal[1] >= 0 && frame > signal[1])
      return invalid_model("STFT: frame_length is ", frame, ", the signal's ", signal[1]);
    out[2] = onesided ? frame / 2 + 1 : frame;
    if (step != kUnknownDim && signal[1] >= 0) out[1] = (signal[1] - frame) / step + 1;
  }
  return out;
}

Status infer_stft(const InferArgs& a) {
  a.out[0] = Fact(a.in[0].dtype);
  if (!a.in[0].has_rank) return ok();
  const auto scalar = [&](size_t i) {
    return a.has(i) && a.value(i) != nullptr && a.value(i)->elements() == 1 ? a.value(i)->int_at(0)
                                                                            : kUnknownDim;
  };
  int64_t frame = scalar(3);
  if (!a.has(3) && a.has(2) && a.in[2].has_rank && a.in[2].rank() == 1)
    frame = a.in[2].dims[0] < 0 ? kUnknownDim : a.in[2].dims[0];
  if (!a.has(2) && !a.has(3)) return invalid_model("STFT: one of window and frame_length is wanted");
  LITE_ASSIGN(Dims out, stft_dims(a.attrs, a.in[0].dims, scalar(1), frame));
  a.out[0] = Fact(a.in[0].dtype, std::move(out));
  return ok();
}

Status stft(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const auto scalar = [&](size_t i) { return a.input(i).elements() == 1 ? a.input(i).int_at(0) : 0; };
  const int64_t step = scalar(1), frame = a.has(3) ? scalar(3) : a.input(2).elements();
  LITE_TRY(check_length("STFT", "frame_step", step));
  LITE_TRY(check_length("STFT", "frame_length", frame));
  if (a.has(2) && (a.input(2).rank() != 1 || a.input(2).elements() != frame))
    return invalid_argument("STFT: window has shape ", a.input(2).dims(), ", [", frame, "] wanted");
  LITE_ASSIGN(const Dims dims, stft_dims(a.attrs, x.dims(), step, frame));
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), dims));
  std::vector<double> window(static_cast<size_t>(frame), 1), in(static_cast<size_t>(x.elements())),
      bins(static_cast<size_t>(2 * dims[2]));
  if (a.has(2)) widen(a.input(2), 0, frame, window.data());
  widen(x, 0, x.elements(), in.data());
  const int64_t parts = x.dims()[2], length = x.dims()[1];
  std::vector<Complex> line(static_cast<size_t>(frame));
  for (int64_t b = 0; b < dims[0]; ++b)
    for (int64_t f = 0; f < dims[1]; ++f) {
      if (a.stop_requested()) return a.parallel->cancel->error();
      for (int64_t k = 0; k < frame; ++k) {
        const auto at = static_cast<size_t>((b * length + f * step + k) * parts);
        line[static_cast<size_t>(k)] =
            Complex(in[at], parts == 2 ? in[at + 1] : 0) * window[static_cast<size_t>(k)];
      }
      transform(line, -1);
      for (size_t k = 0; 2 * k < bins.size(); ++k)
        bins[2 * k] = line[k].real(), bins[2 * k + 1] = line[k].imag();
      narrow(bins.data(), 2 * dims[2], *y, (b * dims[1] + f) * 2 * dims[2]);
    }
  return ok();
}

constexpr OperandSpec kDftIn[] = {{"input", types::kFloat, 'T'},
                                  {"dft_length", types::kIndex, 0, OperandSpec::kOptional},
                                  {"axis", DType::kI64, 0, OperandSpec::kOptional}};
constexpr OperandSpec kStftIn[] = {{"signal", types::kFloat, 'T'},
                                   {"frame_step", types::kIndex, 'I'},
                                   {"window", types::kFloat, 'T', OperandSpec::kOptional},
                                   {"frame_length", types::kIndex, 'I', OperandSpec::kOptional}};
constexpr OperandSpec kOut[] = {{"output", types::kFloat, 'T'}};
constexpr AttrSpec kDftAttrs[] = {{"inverse", AttrType::kInt}, {"onesided", AttrType::kInt}};
constexpr AttrSpec kStftAttrs[] = {{"onesided", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "DFT",
        .since = 20,
        .inputs = kDftIn,
        .outputs = kOut,
        .attrs = kDftAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_dft,
        .reference = dft,
    },
    {
        .name = "STFT",
        .since = 17,
        .inputs = kStftIn,
        .outputs = kOut,
        .attrs = kStftAttrs,
        .exactness = Exactness::kAccumulating,
        .infer = infer_stft,
        .reference = stft,
    },
};

}  // namespace

extern constinit const OpTable spectral;
constinit const OpTable spectral{kOps};

}  // namespace lite::ops
