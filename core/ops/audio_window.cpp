// HannWindow, HammingWindow, BlackmanWindow: sums of cosines over N places, of period N, or, not periodic, N
// - 1.
//
//   in  size    scalar, int32 or int64, at least 0: N
//   out output  [N]
//   attr periodic int, default 1     attr output_datatype int, default 1 (float32): a type of numbers
//
// MelWeightMatrix: weights that turn spectra into mel spectra: triangles whose corners are evenly spaced in
// mel = 2595 log10(1 + hertz / 700), rounded to spectrum bins.
//
//   in  num_mel_bins, dft_length, sample_rate       scalars, integers; the first two at least 1, the third
//   more than 0 in  lower_edge_hertz, upper_edge_hertz          scalars, float out output  [dft_length / 2 +
//   1, num_mel_bins] attr output_datatype int, default 1 (float32): a type of numbers

#include <cmath>
#include <numbers>

#include "core/ops/op.h"
#include "core/ops/widen.h"

namespace lite::ops {
namespace {

constexpr int64_t kLongest = int64_t{1} << 31;

Result<DType> output_type(const AttrReader& attrs) {
  const int64_t t = attrs.i64("output_datatype", 1);
  if (t > 0 && t < kNumDTypes && types::kNumeric.has(static_cast<DType>(t))) return static_cast<DType>(t);
  return invalid_model(attrs.node().op->name, ": attribute 'output_datatype' is ", t,
                       ", a type of numbers wanted");
}

// The one number of input i; checked to lie in [least, 2^31).
Result<int64_t> scalar(const char* op, const char* name, const Tensor& t, int64_t least) {
  if (t.elements() != 1)
    return invalid_argument(op, ": ", name, " has shape ", t.dims(), ", a scalar wanted");
  const int64_t v = t.int_at(0);
  if (v < least || v >= kLongest)
    return invalid_argument(op, ": ", name, " is ", v, ", wanted in [", least, ",", kLongest, ")");
  return v;
}

Status infer_window(const InferArgs& a) {
  LITE_ASSIGN(const DType type, output_type(a.attrs));
  a.out[0] = unknown_dims(type, 1);
  if (a.value(0) == nullptr) return ok();
  LITE_ASSIGN(a.out[0].dims[0], scalar(a.attrs.node().op->name, "size", *a.value(0), 0));
  return ok();
}

// c0 - c1 cos(2 pi i / N) + c2 cos(4 pi i / N)
Status cosines(const EvalArgs& a, double c0, double c1, double c2) {
  LITE_ASSIGN(const DType type, output_type(a.attrs));
  LITE_ASSIGN(const int64_t size, scalar(a.attrs.node().op->name, "size", a.input(0), 0));
  LITE_ASSIGN(Tensor* const y, a.output(0, type, {size}));
  const int64_t period = a.attrs.i64("periodic", 1) != 0 ? size : size - 1;
  std::vector<double> window;
  for (int64_t i = 0; i < size; ++i) {
    const double turn =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(std::max<int64_t>(period, 1));
    window.push_back(c0 - c1 * std::cos(turn) + c2 * std::cos(2 * turn));
  }
  narrow(window.data(), size, *y, 0);
  return ok();
}

Status hann(const EvalArgs& a) { return cosines(a, 0.5, 0.5, 0); }
Status hamming(const EvalArgs& a) { return cosines(a, 25.0 / 46, 21.0 / 46, 0); }
Status blackman(const EvalArgs& a) { return cosines(a, 0.42, 0.5, 0.08); }

Status infer_mel(const InferArgs& a) {
  LITE_ASSIGN(const DType type, output_type(a.attrs));
  a.out[0] = unknown_dims(type, 2);
  if (a.value(1) != nullptr) {
    LITE_ASSIGN(const int64_t length, scalar("MelWeightMatrix", "dft_length", *a.value(1), 1));
    a.out[0].dims[0] = length / 2 + 1;
  }
  if (a.value(0) != nullptr) {
    LITE_ASSIGN(a.out[0].dims[1], scalar("MelWeightMatrix", "num_mel_bins", *a.value(0), 1));
  }
  return ok();
}

Status mel(const EvalArgs& a) {
  const char* op = "MelWeightMatrix";
  LITE_ASSIGN(const DType type, output_type(a.attrs));
  LITE_ASSIGN(const int64_t bins, scalar(op, "num_mel_bins", a.input(0), 1));
  LITE_ASSIGN(const int64_t length, scalar(op, "dft_length", a.input(1), 1));
  LITE_ASSIGN(const int64_t rate, scalar(op, "sample_rate", a.input(2), 1));
  double edges[2] = {};
  for (size_t i = 0; i < 2; ++i) {
    if (a.input(3 + i).elements() != 1)
      return invalid_argument(op, ": ", i == 0 ? "lower" : "upper", "_edge_hertz has shape ",
                              a.input(3 + i).dims(), ", a scalar wanted");
    widen(a.input(3 + i), 0, 1, &edges[i]);
    if (!(edges[i] >= 0) || std::isinf(edges[i]))
      return invalid_argument(op, ": ", i == 0 ? "lower" : "upper", "_edge_hertz is ", edges[i],
                              ", at least 0 wanted");
    edges[i] = 2595 * std::log10(1 + edges[i] / 700);
  }
  const int64_t rows = length / 2 + 1;
  LITE_ASSIGN(Tensor* const y, a.output(0, type, {rows, bins}));
  std::vector<int64_t> corners;
  for (int64_t i = 0; i < bins + 2; ++i) {
    const double at =
        edges[0] + static_cast<double>(i) * (edges[1] - edges[0]) / static_cast<double>(bins + 2);
    const double hertz = 700 * (std::pow(10.0, at / 2595) - 1);
    corners.push_back(static_cast<int64_t>(std::floor(
        std::clamp(static_cast<double>(length + 1) * hertz / static_cast<double>(rate), 0.0, 1e15))));
  }
  std::vector<double> weights(static_cast<size_t>(rows * bins), 0);
  for (int64_t i = 0; i < bins; ++i) {
    const int64_t low = corners[static_cast<size_t>(i)], peak = corners[static_cast<size_t>(i + 1)],
                  high = corners[static_cast<size_t>(i + 2)];
    const auto put = [&](int64_t row, double v) {
      if (row >= 0 && row < rows) weights[static_cast<size_t>(row * bins + i)] = v;
    };
    if (peak == low) put(peak, 1);
    for (int64_t k = low; peak != low && k <= std::min(peak, rows - 1); ++k)
      put(k, static_cast<double>(k - low) / static_cast<double>(peak - low));
    for (int64_t k = peak; high != peak && k < std::min(high, rows); ++k)
      put(k, static_cast<double>(high - k) / static_cast<double>(high - peak));
  }
  narrow(weights.data(), rows * bins, *y, 0);
  return ok();
}

constexpr OperandSpec kWindowIn[] = {{"size", types::kIndex}};
constexpr OperandSpec kOut[] = {{"output", types::kNumeric}};
constexpr AttrSpec kWindowAttrs[] = {{"output_datatype", AttrType::kInt}, {"periodic", AttrType::kInt}};
constexpr OperandSpec kMelIn[] = {{"num_mel_bins", types::kIndex, 'I'},
                                  {"dft_length", types::kIndex, 'I'},
                                  {"sample_rate", types::kIndex, 'I'},
                                  {"lower_edge_hertz", types::kFloat, 'F'},
                                  {"upper_edge_hertz", types::kFloat, 'F'}};
constexpr AttrSpec kMelAttrs[] = {{"output_datatype", AttrType::kInt}};

constexpr OpDef kOps[] = {
    {
        .name = "HannWindow",
        .since = 17,
        .inputs = kWindowIn,
        .outputs = kOut,
        .attrs = kWindowAttrs,
        .exactness = Exactness::kUlps,
        .infer = infer_window,
        .reference = hann,
    },
    {
        .name = "HammingWindow",
        .since = 17,
        .inputs = kWindowIn,
        .outputs = kOut,
        .attrs = kWindowAttrs,
        .exactness = Exactness::kUlps,
        .infer = infer_window,
        .reference = hamming,
    },
    {
        .name = "BlackmanWindow",
        .since = 17,
        .inputs = kWindowIn,
        .outputs = kOut,
        .attrs = kWindowAttrs,
        .exactness = Exactness::kUlps,
        .infer = infer_window,
        .reference = blackman,
    },
    {
        .name = "MelWeightMatrix",
        .since = 17,
        .inputs = kMelIn,
        .outputs = kOut,
        .attrs = kMelAttrs,
        .exactness = Exactness::kUlps,
        .infer = infer_mel,
        .reference = mel,
    },
};

}  // namespace

extern constinit const OpTable audio_window;
constinit const OpTable audio_window{kOps};

}  // namespace lite::ops
