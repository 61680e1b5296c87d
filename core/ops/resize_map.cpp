#include "core/ops/resize_map.h"

#include <cmath>

#include "core/ops/widen.h"

namespace lite::ops {
namespace {

enum class Coordinates : uint8_t {
  kHalfPixel,
  kHalfPixelSymmetric,
  kPytorchHalfPixel,
  kAlignCorners,
  kAsymmetric,
  kCrop
};
enum class Nearest : uint8_t { kPreferFloor, kPreferCeil, kFloor, kCeil };

template <class E>
struct Word {
  const char* text;
  E value;
};
constexpr Word<ResizeMode> kModes[] = {
    {"nearest", ResizeMode::kNearest}, {"linear", ResizeMode::kLinear}, {"cubic", ResizeMode::kCubic}};
constexpr Word<Coordinates> kCoordinates[] = {{"half_pixel", Coordinates::kHalfPixel},
                                              {"half_pixel_symmetric", Coordinates::kHalfPixelSymmetric},
                                              {"pytorch_half_pixel", Coordinates::kPytorchHalfPixel},
                                              {"align_corners", Coordinates::kAlignCorners},
                                              {"asymmetric", Coordinates::kAsymmetric},
                                              {"tf_crop_and_resize", Coordinates::kCrop}};
constexpr Word<Nearest> kNearest[] = {{"round_prefer_floor", Nearest::kPreferFloor},
                                      {"round_prefer_ceil", Nearest::kPreferCeil},
                                      {"floor", Nearest::kFloor},
                                      {"ceil", Nearest::kCeil}};
enum class Aspect : uint8_t { kStretch, kNotLarger, kNotSmaller };
constexpr Word<Aspect> kAspects[] = {
    {"stretch", Aspect::kStretch}, {"not_larger", Aspect::kNotLarger}, {"not_smaller", Aspect::kNotSmaller}};

template <class E, size_t N>
Result<E> word(const AttrReader& attrs, const char* name, const Word<E> (&words)[N]) {
  const std::string_view text = attrs.str(name, words[0].text);
  std::string known;
  for (const Word<E>& w : words) {
    if (text == w.text) return w.value;
    known += cat(known.empty() ? "" : ", ", w.text);
  }
  return invalid_model("Resize: attribute '", name, "' is '", text, "', one of ", known, " wanted");
}

// The axes that scales, sizes and roi speak of.
Result<std::vector<int64_t>> read_axes(const AttrReader& attrs, size_t rank) {
  std::vector<int64_t> axes;
  for (const int64_t axis : attrs.ints("axes")) {
    LITE_ASSIGN(const int64_t a, normalize_axis("Resize", axis, static_cast<int64_t>(rank)));
    if (std::find(axes.begin(), axes.end(), a) != axes.end())
      return invalid_model("Resize: axis ", a, " is given twice");
    axes.push_back(a);
  }
  if (!attrs.has("axes") || axes.empty())
    for (size_t d = 0; d < rank; ++d) axes.push_back(static_cast<int64_t>(d));
  return axes;
}

struct Sizes {
  Dims out;
  std::vector<float> scales;  // per axis of `axes`; of unknown dimensions 1
  std::vector<int64_t> axes;
};

Result<Sizes> read_sizes(const AttrReader& attrs, const Dims& x, const Tensor* scales, const Tensor* sizes) {
  Sizes s;
  LITE_ASSIGN(s.axes, read_axes(attrs, x.size()));
  LITE_ASSIGN(const Aspect aspect, word(attrs, "keep_aspect_ratio_policy", kAspects));
  s.out = x;
  s.scales.assign(s.axes.size(), 1);
  const Tensor* given = sizes != nullptr ? sizes : scales;
  if (given == nullptr) {
    for (const int64_t axis : s.axes) s.out[static_cast<size_t>(axis)] = kUnknownDim;
    return s;
  }
  const char* name = sizes != nullptr ? "sizes" : "scales";
  if (given->rank() != 1 || given->elements() != static_cast<int64_t>(s.axes.size()))
    return invalid_model("Resize: ", name, " has shape ", given->dims(), ", [", s.axes.size(), "] wanted");
  float kept = 0;  // the one scale of all axes
  bool known = true;
  for (size_t i = 0; i < s.axes.size(); ++i) {
    const auto axis = static_cast<size_t>(s.axes[i]);
    const int64_t in = x[axis], at = static_cast<int64_t>(i);
    if (sizes == nullptr) {
      const auto scale = static_cast<float>(scales->float_at(at));
      if (!(scale > 0) || std::isinf(scale))
        return invalid_model("Resize: scales[", i, "] is ", scale, ", more than 0 wanted");
      s.scales[i] = scale;
      const double size = std::floor(static_cast<double>(static_cast<float>(in) * scale));
      if (in >= 0 && size > 2147483647.0)
        return invalid_model("Resize: scales[", i, "] of ", scale, " makes a dimension of ", size);
      s.out[axis] = in < 0 ? (scale == 1 ? in : kUnknownDim) : static_cast<int64_t>(size);
      continue;
    }
    const int64_t size = sizes->int_at(at);
    if (size < 0 || size > 2147483647)
      return invalid_model("Resize: sizes[", i, "] is ", size, ", wanted in [0,2147483647]");
    s.out[axis] = size;
    known = known && in >= 0;
    if (in > 0) s.scales[i] = static_cast<float>(size) / static_cast<float>(in);
    kept = i == 0                         ? s.scales[i]
           : aspect == Aspect::kNotLarger ? std::min(kept, s.scales[i])
                                          : std::max(kept, s.scales[i]);
  }
  if (sizes != nullptr && aspect != Aspect::kStretch)
    for (size_t i = 0; i < s.axes.size(); ++i) {
      const auto axis = static_cast<size_t>(s.axes[i]);
      s.scales[i] = kept;
      s.out[axis] =
          !known ? kUnknownDim : static_cast<int64_t>(std::floor(kept * static_cast<float>(x[axis]) + 0.5f));
    }
  for (const int64_t axis : s.axes) {
    const auto d = static_cast<size_t>(axis);
    if (x[d] == 0 && s.out[d] > 0)
      return invalid_model("Resize: dimension ", d, " of X is 0 and cannot become ", s.out[d]);
  }
  return s;
}

// The input coordinate of output coordinate o. `wanted` is the output length before it was rounded down. In
// float, as models were trained to expect of ties.
float source(Coordinates how, int64_t o, int64_t in, int64_t out, float wanted, float scale, float roi_start,
             float roi_end) {
  const auto x = static_cast<float>(o), length_in = static_cast<float>(in),
             length_out = static_cast<float>(out);
  switch (how) {
    case Coordinates::kHalfPixel:
      return (x + 0.5f) / scale - 0.5f;
    case Coordinates::kHalfPixelSymmetric: {
      // The output that the scale asks for, fractions included, is centred on the input.
      const float adjustment = length_out / wanted;
      return length_in / 2 * (1 - adjustment) + (x + 0.5f) / scale - 0.5f;
    }
    case Coordinates::kPytorchHalfPixel:
      return out > 1 ? (x + 0.5f) / scale - 0.5f : 0.0f;
    case Coordinates::kAlignCorners:
      return out == 1 ? 0.0f : x * (length_in - 1) / (wanted - 1);
    case Coordinates::kAsymmetric:
      return x / scale;
    case Coordinates::kCrop:
      return out > 1 ? roi_start * (length_in - 1) +
                           x * (roi_end - roi_start) * (length_in - 1) / (length_out - 1)
                     : 0.5f * (roi_start + roi_end) * (length_in - 1);
  }
  return x;
}

int64_t nearest(Nearest how, float x) {
  switch (how) {
    case Nearest::kPreferFloor:
      return static_cast<int64_t>(std::ceil(x - 0.5f));
    case Nearest::kPreferCeil:
      return static_cast<int64_t>(std::floor(x + 0.5f));
    case Nearest::kFloor:
      return static_cast<int64_t>(std::floor(x));
    case Nearest::kCeil:
      return static_cast<int64_t>(std::ceil(x));
  }
  return 0;
}

// The interpolation kernel at distance t from a sample.
double kernel_at(ResizeMode mode, double t, double a) {
  t = std::fabs(t);
  if (mode == ResizeMode::kLinear) return t < 1 ? 1 - t : 0;
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}

}  // namespace

Result<Dims> resize_shape(const AttrReader& attrs, const Dims& x, const Tensor* scales, const Tensor* sizes) {
  LITE_ASSIGN(Sizes s, read_sizes(attrs, x, scales, sizes));
  return std::move(s.out);
}

Result<ResizePlan> resolve_resize(const AttrReader& attrs, const Dims& x, const Tensor* roi,
                                  const Tensor* scales, const Tensor* sizes) {
  const auto given = [](const Tensor* t) { return t != nullptr && t->elements() > 0 ? t : nullptr; };
  roi = given(roi), scales = given(scales), sizes = given(sizes);
  if ((scales != nullptr) == (sizes != nullptr) && !x.empty())
    return invalid_model("Resize: one of scales and sizes is wanted");
  ResizePlan plan;
  LITE_ASSIGN(const Sizes s, read_sizes(attrs, x, scales, sizes));
  LITE_ASSIGN(plan.mode, word(attrs, "mode", kModes));
  LITE_ASSIGN(const Coordinates how, word(attrs, "coordinate_transformation_mode", kCoordinates));
  LITE_ASSIGN(const Nearest rounding, word(attrs, "nearest_mode", kNearest));
  plan.out = s.out;
  plan.extrapolation_value = attrs.f32("extrapolation_value", 0);
  if (how == Coordinates::kCrop &&
      (roi == nullptr || roi->elements() != 2 * static_cast<int64_t>(s.axes.size())))
    return invalid_model("Resize: roi has ", roi == nullptr ? 0 : roi->elements(), " numbers, ",
                         2 * s.axes.size(), " wanted");
  const bool antialias = attrs.i64("antialias") != 0 && plan.mode != ResizeMode::kNearest;
  const bool exclude_outside = attrs.i64("exclude_outside") != 0;
  const auto a = static_cast<double>(attrs.f32("cubic_coeff_a", -0.75f));
  for (size_t i = 0; i < s.axes.size(); ++i) {
    ResizeAxis r;
    r.axis = static_cast<size_t>(s.axes[i]);
    r.in = x[r.axis];
    r.out = s.out[r.axis];
    if (r.in == r.out && s.scales[i] == 1 && how != Coordinates::kCrop) continue;
    const float start =
        how == Coordinates::kCrop ? static_cast<float>(roi->float_at(static_cast<int64_t>(i))) : 0;
    const float end = how == Coordinates::kCrop
                          ? static_cast<float>(roi->float_at(static_cast<int64_t>(i + s.axes.size())))
                          : 1;
    const double shrink = antialias ? std::min(static_cast<double>(s.scales[i]), 1.0) : 1;
    const double reach = (plan.mode == ResizeMode::kCubic ? 2 : 1) / shrink;
    if (plan.mode != ResizeMode::kNearest) r.taps = 2 * static_cast<int64_t>(std::ceil(std::min(reach, 1e6)));
    const auto size = checked_mul(r.taps, r.out);
    if (!size || *size > (int64_t{1} << 28))
      return unsupported("Resize: ", r.taps, " taps for each of ", r.out, " outputs are too many");
    r.index.resize(static_cast<size_t>(*size));
    r.weight.resize(r.index.size());
    if (how == Coordinates::kCrop) r.outside.resize(static_cast<size_t>(r.out));
    const float wanted =
        sizes != nullptr ? static_cast<float>(r.out) : s.scales[i] * static_cast<float>(r.in);
    std::vector<double> weights(static_cast<size_t>(r.taps));
    for (int64_t o = 0; o < r.out; ++o) {
      const float at = source(how, o, r.in, r.out, wanted, s.scales[i], start, end);
      if (how == Coordinates::kCrop)
        r.outside[static_cast<size_t>(o)] = !(at >= 0 && at <= static_cast<float>(r.in - 1));
      const auto to = static_cast<size_t>(o * r.taps);
      const float within = std::isnan(at) ? 0
                                          : std::clamp(at, -4.0f - static_cast<float>(r.taps),
                                                       static_cast<float>(r.in + r.taps) + 4);
      if (plan.mode == ResizeMode::kNearest) {
        r.index[to] = std::clamp<int64_t>(nearest(rounding, within), 0, r.in - 1);
        r.weight[to] = 1;
        continue;
      }
      const int64_t first = static_cast<int64_t>(std::floor(within)) - r.taps / 2 + 1;
      double sum = 0;
      for (int64_t k = 0; k < r.taps; ++k) {
        const int64_t sample = first + k;
        double w =
            kernel_at(plan.mode, (static_cast<double>(sample) - static_cast<double>(within)) * shrink, a);
        if (exclude_outside && (sample < 0 || sample >= r.in)) w = 0;
        sum += weights[static_cast<size_t>(k)] = w;
        r.index[to + static_cast<size_t>(k)] = std::clamp<int64_t>(sample, 0, r.in - 1);
      }
      for (size_t k = 0; k < weights.size(); ++k)
        r.weight[to + k] =
            static_cast<float>(sum != 0 && (antialias || exclude_outside) ? weights[k] / sum : weights[k]);
    }
    plan.axes.push_back(std::move(r));
  }
  return plan;
}

}  // namespace lite::ops
