// What ONNX says in several words. Floating-point functions are calculated in float32 or wider and keep their
// digits where the short formula would lose them; integers are exact.
//
//   Expm1(x)         tanh(x / 2) (e^x + 1)
//   Log1p(x)         ln(u) x / (u - 1) with u = 1 + x as it is rounded; x where u is 1
//   RoundAway(x)     Round(x), but x and half of its sign where that is exactly between two integers
//   Erfc(x)          a polynomial in 1 / (1 + |x| / 2), good to 1.2e-7 (Numerical Recipes, 6.2)
//   Atan2(a, b)      atan(a / b), and half a turn where b < 0; signs of zeros do not count
//   LogAddExp(a, b)  max(a, b) + softplus(-|a - b|)
//   ShiftLeft, ShiftRight, RoundingMulHigh           on int64, or on its bits
//   AdaptivePool     a pool with the window that its sizes give, which have to be known
//   Images2Neibs     a Slice for each place in the window
//   Diag             Gather from the elements, whose number has to be known
//   WarpPerspective, Remap, ROIAlign, DeformablePSROIPooling    see lower_sampling.cpp
//   Correlation, ROIPooling, NMSKeep                 see lower_regions.cpp
//   MatrixInverse    ONNX Runtime's Inverse
//   CvtColor         Gather, where it only rearranges channels; sums of channels, of bytes in MegEngine's
//   fixed point

#include "core/export/onnx/lower.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "core/export/onnx/say.h"

namespace lite::onnx {

ValueId round_away(Say& s, ValueId x, ValueId /*unused*/) {
  const ValueId rounded = s("Round", {x}), half = s.number(0.5);
  const ValueId between = s.equal(s.abs(s.sub(x, rounded)), half);
  return s.where(between, s.add(x, s.mul(s("Sign", {x}), half)), rounded);
}

namespace {

using passes::Rewriter;

constexpr const char* kDomain = "megengine";
constexpr int64_t kMaxWindow = 256;        // slices of one Images2Neibs
constexpr int64_t kMaxDiagonal = 1 << 20;  // indices of one Diag

// ---- functions of one or two numbers

ValueId expm1(Say& s, ValueId x, ValueId) {
  return s.mul(s("Tanh", {s.mul(x, s.number(0.5))}), s.add(s("Exp", {x}), s.number(1)));
}

ValueId log1p(Say& s, ValueId x, ValueId) {
  const ValueId one = s.number(1), u = s.add(x, one), rounded = s.sub(u, one), log = s("Log", {u});
  const ValueId corrected = s.mul(log, s.div(x, rounded));
  return s.where(s.equal(rounded, s.number(0)), x, s.where(s.less(one, x), log, corrected));
}

ValueId erfc(Say& s, ValueId x, ValueId) {
  constexpr double kPowers[] = {0.17087277,  -0.82215223, 1.48851587, -1.13520398, 0.27886807,
                                -0.18628806, 0.09678418,  0.37409196, 1.00002368,  -1.26551223};
  const ValueId z = s.abs(x), one = s.number(1);
  const ValueId t = s.div(one, s.add(one, s.mul(z, s.number(0.5))));
  ValueId p = s.number(kPowers[0]);
  for (const double c : std::span(kPowers).subspan(1)) p = s.add(s.mul(p, t), s.number(c));
  const ValueId right = s.mul(t, s("Exp", {s.sub(p, s.mul(z, z))}));
  return s.where(s.less(x, s.number(0)), s.sub(s.number(2), right), right);
}

ValueId atan2(Say& s, ValueId a, ValueId b) {
  constexpr double kPi = 3.14159265358979323846;
  const double most = s.type == DType::kF32 ? static_cast<double>(std::numeric_limits<float>::max())
                                            : std::numeric_limits<double>::max();
  const ValueId least_finite = s.number(-most), most_finite = s.number(most), zero = s.number(0);
  // The angle between two infinite numbers is that between two equal ones.
  const ValueId y = s("Clip", {a, least_finite, most_finite}), x = s("Clip", {b, least_finite, most_finite});
  const ValueId turn = s.where(s.less(y, zero), s.number(-kPi), s.number(kPi));
  const ValueId angle = s("Atan", {s.div(y, x)});
  const ValueId beside = s.where(s.less(x, zero), s.add(angle, turn), angle);
  return s.where(s.equal(x, zero), s.mul(s("Sign", {y}), s.number(kPi / 2)), beside);
}

ValueId log_add_exp(Say& s, ValueId a, ValueId b) {
  // Where both are the same infinity their difference is no number.
  const ValueId apart = s.where(s.equal(a, b), s.number(0), s.abs(s.sub(a, b)));
  return s.add(s("Max", {a, b}), s("Softplus", {s("Neg", {apart})}));
}

// x / 2^bits, rounded down, for int64.
ValueId floor_div(Say& s, ValueId x, ValueId divisor) {
  const ValueId q = s.div(x, divisor), rest = s.sub(x, s.mul(q, divisor));
  return s.sub(q, s.cast(s.less(rest, s.number(0)), DType::kI64));
}

// 2^bits as int64, and which shifts are by less than 0 or by all bits and more.
ValueId power_of_two(Say& s, ValueId bits) {
  const ValueId one = s.cast(s.number(1), DType::kU64);
  const ValueId power = s("BitShift", {one, s.cast(bits, DType::kU64)}, {{"direction", std::string("LEFT")}});
  return s.cast(power, DType::kI64);
}

ValueId shift_left(Say& s, ValueId a, ValueId b) {
  // Bits that leave the type are dropped by the cast to it; 32 take all of any.
  const ValueId out = s("Or", {s.less(b, s.number(0)), s.less(s.number(31), b)});
  return s.mul(a, power_of_two(s, s.where(out, s.number(32), b)));
}

ValueId shift_right(Say& s, ValueId a, ValueId b) {
  const ValueId out = s("Or", {s.less(b, s.number(0)), s.less(s.number(31), b)});
  return floor_div(s, a, power_of_two(s, s.where(out, s.number(32), b)));
}

ValueId rounding_mul_high(Say& s, ValueId a, ValueId b, DType type) {
  const auto bits = static_cast<int>(dtype_bits(type));
  const auto power = [](int n) { return static_cast<double>(int64_t{1} << n); };
  const ValueId sum = s.add(s.mul(a, b), s.number(power(bits - 2)));
  return s("Min", {floor_div(s, sum, s.number(power(bits - 1))), s.number(power(bits - 1) - 1)});
}

using Function = ValueId (*)(Say& s, ValueId a, ValueId b);
struct Named {
  std::string_view name;
  Function function;
  bool wide = true;  // good enough for float64
};
constexpr Named kFloatFunctions[] = {{"Expm1", expm1},      {"Log1p", log1p}, {"RoundAway", round_away},
                                     {"Erfc", erfc, false}, {"Atan2", atan2}, {"LogAddExp", log_add_exp}};
constexpr Named kIntegerFunctions[] = {{"ShiftLeft", shift_left}, {"ShiftRight", shift_right}};

const Named* find(std::span<const Named> list, std::string_view name) {
  const auto it = std::find_if(list.begin(), list.end(), [&](const Named& f) { return f.name == name; });
  return it == list.end() ? nullptr : &*it;
}

bool lower_function(Rewriter& r, NodeId n, std::string_view name) {
  const ValueId y = r.out(n);
  const DType type = r.dtype(y);
  const Named* const f = find(kFloatFunctions, name);
  const Named* const g = find(kIntegerFunctions, name);
  const bool high = name == "RoundingMulHigh";
  if ((f == nullptr && g == nullptr && !high) || type == DType::kUndefined) return false;
  if (f != nullptr && type == DType::kF64 && !f->wide) return false;
  Say s(r, f == nullptr ? DType::kI64 : type == DType::kF64 ? type : DType::kF32);
  const ValueId a = s.cast(r.in(n, 0), s.type);
  const ValueId b = r.in(n, 1) == kNoValue ? kNoValue : s.cast(r.in(n, 1), s.type);
  return finish(r, y, high ? rounding_mul_high(s, a, b, type) : (f != nullptr ? f : g)->function(s, a, b));
}

// ---- windows, diagonals, channels

bool lower_adaptive_pool(Rewriter& r, NodeId n) {
  const Tensor* const size = r.constant_in(n, 1);
  const Fact& x = r.fact(r.in(n, 0));
  if (size == nullptr || size->elements() != 2) return false;
  const bool max = r.attrs(n).str("mode", "max") == "max";
  if (size->int_at(0) == 1 && size->int_at(1) == 1) {
    r.remake(r.out(n), max ? "GlobalMaxPool" : "GlobalAveragePool", {r.in(n, 0)});
    return true;
  }
  if (!x.has_rank || x.rank() != 4 || x.dims[2] < 0 || x.dims[3] < 0) return false;
  std::vector<int64_t> windows, strides;
  for (const size_t i : {size_t{0}, size_t{1}}) {
    const int64_t in = x.dims[2 + i], out = size->int_at(static_cast<int64_t>(i));
    if (out < 1 || out > in) return false;
    strides.push_back(in / out);
    windows.push_back(in - (out - 1) * strides.back());
  }
  r.remake(r.out(n), max ? "MaxPool" : "AveragePool", {r.in(n, 0)},
           {{"kernel_shape", windows}, {"strides", strides}});
  return true;
}

bool lower_images_to_neighbours(Rewriter& r, NodeId n) {
  const AttrReader attrs = r.attrs(n);
  const auto two = [&](const char* name, int64_t otherwise) {
    const auto v = attrs.ints(name);
    return v.empty() ? std::vector<int64_t>{otherwise, otherwise} : std::vector<int64_t>(v.begin(), v.end());
  };
  const auto kernel = two("kernel_shape", 1), pads = two("pads", 0), strides = two("strides", 1),
             dilations = two("dilations", 1);
  if (kernel[0] > kMaxWindow || kernel[1] > kMaxWindow || kernel[0] * kernel[1] > kMaxWindow) return false;
  const ValueId y = r.out(n);
  Say s(r, DType::kF32);
  ValueId x = r.in(n, 0);
  if (pads[0] != 0 || pads[1] != 0)
    x = s("Pad", {x, s.ints({0, 0, pads[0], pads[1], 0, 0, pads[0], pads[1]})});
  const ValueId axes = s.ints({2, 3}), steps = s.ints(strides), behind = s.ints({4});
  std::vector<ValueId> parts;
  for (int64_t i = 0; i < kernel[0]; ++i)
    for (int64_t j = 0; j < kernel[1]; ++j) {
      // As far from the end as the last window lets this place be.
      const auto end = [&](size_t axis, int64_t place) {
        const int64_t left = (kernel[axis] - 1 - place) * dilations[axis];
        return left == 0 ? std::numeric_limits<int64_t>::max() : -left;
      };
      const ValueId part = s("Slice", {x, s.ints({i * dilations[0], j * dilations[1]}),
                                       s.ints({end(0, i), end(1, j)}), axes, steps});
      parts.push_back(s("Unsqueeze", {part, behind}));
    }
  const ValueId all = s("Concat", std::move(parts), {{"axis", int64_t{4}}});
  r.remake(y, "Reshape", {all, s.ints({0, 0, 0, 0, kernel[0], kernel[1]})});
  return true;
}

bool lower_diagonal(Rewriter& r, NodeId n) {
  const Fact& x = r.fact(r.in(n, 0));
  const ValueId y = r.out(n);
  if (!x.has_rank || !x.is_static()) return false;
  const int64_t k = r.attrs(n).i64("k"), column = std::max<int64_t>(k, 0), row = std::max<int64_t>(-k, 0);
  std::vector<int64_t> places;
  Say s(r, DType::kF32);
  ValueId elements = r.in(n, 0);
  if (x.rank() == 2) {
    const int64_t h = x.dims[0], w = x.dims[1];
    for (int64_t i = 0; row + i < h && column + i < w; ++i) {
      if (i == kMaxDiagonal) return false;
      places.push_back((row + i) * w + column + i);
    }
    elements = s("Reshape", {elements, s.ints({-1})});
    r.remake(y, "Gather", {elements, s.ints(places)});
    return true;
  }
  const int64_t m = x.dims[0], side = m + column + row;
  if (side > 1024) return false;
  // The element behind the last is a zero.
  places.assign(static_cast<size_t>(side * side), m);
  for (int64_t i = 0; i < m; ++i) places[static_cast<size_t>((row + i) * side + column + i)] = i;
  elements = s("Pad", {elements, s.ints({0, 1})});
  r.remake(y, "Reshape", {s("Gather", {elements, s.ints(places)}), s.ints({side, side})});
  return true;
}

// Each channel of the result as a sum of those of x: `factors` row by row, then the summand.
ValueId sum_channels(Say& s, ValueId x, std::initializer_list<std::initializer_list<float>> rows) {
  const auto n = static_cast<int64_t>(rows.size()), channels = static_cast<int64_t>(rows.begin()->size()) - 1;
  Tensor factors = std::move(Tensor::allocate(DType::kF32, {channels, n})).value();
  Tensor summands = std::move(Tensor::allocate(DType::kF32, {n})).value();
  int64_t column = 0;
  for (const std::initializer_list<float>& row : rows) {
    for (int64_t i = 0; i < channels; ++i) factors.mutable_data<float>()[i * n + column] = row.begin()[i];
    summands.mutable_data<float>()[column++] = row.begin()[channels];
  }
  const ValueId product = s("MatMul", {x, s.r.add_constant({}, std::move(factors))});
  return s.add(product, s.r.add_constant({}, std::move(summands)));
}

// Grey from channels that have a red, a green and a blue one, first or last.
bool lower_grey(Rewriter& r, NodeId n, bool red_first, bool alpha) {
  const ValueId x = r.in(n, 0);
  if (r.dtype(x) == DType::kF32) {
    Say s(r, DType::kF32);
    const float first = red_first ? 0.299F : 0.114F, last = red_first ? 0.114F : 0.299F;
    return finish(r, r.out(n),
                  alpha ? sum_channels(s, x, {{first, 0.587F, last, 0, 0}})
                        : sum_channels(s, x, {{first, 0.587F, last, 0}}));
  }
  Say s(r, DType::kI64);
  std::vector<int64_t> factors =
      red_first ? std::vector<int64_t>{4899, 9617, 1868} : std::vector<int64_t>{1868, 9617, 4899};
  if (alpha) factors.push_back(0);
  const ValueId products = s.mul(s.cast(x, DType::kI64), s.ints(factors));
  const ValueId sum = s("ReduceSum", {products, s.ints({3})}, {{"keepdims", int64_t{1}}});
  return finish(r, r.out(n), s.div(s.add(sum, s.number(1 << 13)), s.number(1 << 14)));
}

bool lower_colours(Rewriter& r, NodeId n) {
  std::vector<int64_t> channels;
  const int64_t mode = r.attrs(n).i64("mode");
  switch (mode) {
    case 0:  // RGB to grey
    case 6:  // RGBA to grey
    case 8:  // BGR to grey
      return lower_grey(r, n, mode != 8, mode == 6);
    case 1:    // RGB to YUV
    case 2: {  // YUV to RGB
      if (r.dtype(r.out(n)) != DType::kF32) return false;
      Say s(r, DType::kF32);
      constexpr float kFirst = 0.114F, kSecond = 0.587F, kThird = 0.299F, kU = 0.492F, kV = 0.877F;
      const ValueId x = r.in(n, 0);
      return finish(r, r.out(n),
                    mode == 1 ? sum_channels(s, x,
                                             {{kFirst, kSecond, kThird, 0},
                                              {(1 - kFirst) * kU, -kSecond * kU, -kThird * kU, 0.5F},
                                              {-kFirst * kV, -kSecond * kV, (1 - kThird) * kV, 0.5F}})
                              : sum_channels(s, x,
                                             {{1, 2.032F, 0, -0.5F * 2.032F},
                                              {1, -0.395F, -0.581F, 0.5F * (0.581F + 0.395F)},
                                              {1, 0, 1.140F, -0.5F * 1.140F}}));
    }
    case 3:  // grey to RGB
      channels = {0, 0, 0};
      break;
    case 4:  // RGBA to RGB
      channels = {0, 1, 2};
      break;
    case 5:  // RGBA to BGR
    case 7:  // RGB to BGR
    case 9:  // BGR to RGB
      channels = {2, 1, 0};
      break;
    default:
      return false;
  }
  Say s(r, DType::kF32);
  r.remake(r.out(n), "Gather", {r.in(n, 0), s.ints(channels)}, {{"axis", int64_t{3}}});
  return true;
}

bool lower_node(Rewriter& r, NodeId n) {
  const std::string_view name = r.node(n).op->name;
  if (name == "AdaptivePool") return lower_adaptive_pool(r, n);
  if (name == "Images2Neibs") return lower_images_to_neighbours(r, n);
  if (name == "Diag") return lower_diagonal(r, n);
  if (name == "CvtColor") return lower_colours(r, n);
  if (name == "WarpPerspective") return lower_warp(r, n);
  if (name == "Remap") return lower_remap(r, n);
  if (name == "ROIAlign") return lower_roi_align(r, n);
  if (name == "DeformablePSROIPooling") return lower_deformable_pooling(r, n);
  if (name == "Correlation") return lower_correlation(r, n);
  if (name == "ROIPooling") return lower_roi_pooling(r, n);
  if (name == "NMSKeep") return lower_nms(r, n);
  if (name == "MatrixInverse") {
    r.remake(r.out(n), "Inverse", {r.in(n, 0)}, {}, "com.microsoft");
    return true;
  }
  return lower_function(r, n, name);
}

}  // namespace

Result<bool> lower_own(Rewriter& r, const PassOptions&) {
  for (NodeId n = 0, end = r.num_nodes(); n < end; ++n)
    if (r.alive(n) && std::string_view(r.node(n).op->domain) == kDomain) lower_node(r, n);
  return r.changed();
}

const char* why_not_lowered(const Node& node) {
  const std::string_view name = node.op->name;
  if (name == "AdaptivePool" || name == "Diag")
    return "what it becomes follows from the sizes of its input, which are not known; fix the shapes of the "
           "inputs";
  if (name == "Correlation") return "it becomes one slice for each displacement, and has more than 1024";
  if (name == "ROIPooling")
    return "ONNX's MaxRoiPool has no averages, no sizes that are calculated, and does not tell which element "
           "was the largest";
  if (name == "ROIAlign") return "ONNX has no word for which sample was the largest";
  if (name == "NMSKeep") return "its threshold is not in [0,1], as that of ONNX's NonMaxSuppression";
  if (name == "CvtColor") return "ONNX has no word for this conversion of colours";
  return "ONNX has no word for it";
}

}  // namespace lite::onnx
