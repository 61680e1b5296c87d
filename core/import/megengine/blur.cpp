// GaussianBlur of images [N,H,W,C], made of an image that is wider by half a window and two convolutions.
#include <algorithm>
#include <cmath>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

constexpr int64_t kMaxWindow = 4095;

// The weights along one side; their number follows from sigma when `size` is 0.
Result<std::vector<float>> weights_of(uint32_t size, double sigma) {
  if (size == 0 && sigma > 0) size = static_cast<uint32_t>(std::min(sigma * 8 + 1.5, 1e6)) | 1;
  if (size % 2 == 0 || size > kMaxWindow)
    return invalid_model("its window is ", size, " wide, an odd number up to ", kMaxWindow, " wanted");
  // Without a sigma, a window of up to 7 has binomial weights or nearly so.
  static constexpr float kSmall[][4] = {
      {1}, {0.5F, 0.25F}, {0.375F, 0.25F, 0.0625F}, {0.28125F, 0.21875F, 0.109375F, 0.03125F}};
  const bool small = sigma <= 0 && size <= 7;
  const auto half = static_cast<int64_t>(size / 2);
  const double s = sigma > 0 ? sigma : (static_cast<double>(half) - 1) * 0.3 + 0.8;
  std::vector<float> weights(size);
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    const int64_t away = std::abs(i - half);
    const auto x = static_cast<double>(away);
    float& w = weights[static_cast<size_t>(i)];
    w = small ? kSmall[half][away] : static_cast<float>(std::exp(-0.5 / (s * s) * x * x));
    sum += static_cast<double>(w);
  }
  for (float& w : weights) w = static_cast<float>(static_cast<double>(w) * (1 / sum));
  return weights;
}

// v with `half` more places before and behind the axis, which the border fills.
Result<ValueId> extend(Builder& b, ValueId v, int64_t axis, int64_t half, uint32_t border) {
  if (half == 0) return v;
  const auto number = [&](int64_t n) { return b.number(DType::kI64, static_cast<double>(n)); };
  if (border == 4) {
    std::vector<int64_t> pads(8);
    pads[static_cast<size_t>(axis)] = pads[static_cast<size_t>(axis) + 4] = half;
    return b.add("Pad", {v, b.ints(pads)});
  }
  const ValueId n = b.squeeze(b.dims_of(v, axis, axis + 1), {0});
  ValueId place = b.add("Range", {number(-half), b.add("Add", {n, number(half)}), number(1)});
  const auto there_and_back = [&](ValueId period, ValueId last) {
    const ValueId at = b.add("Mod", {place, period});
    return b.add("Min", {at, b.add("Sub", {last, at})});
  };
  const ValueId twice = b.add("Mul", {n, number(2)});
  switch (border) {
    case 0:
      place = b.add("Max", {b.add("Min", {place, b.add("Sub", {n, number(1)})}), number(0)});
      break;
    case 1:
      place = there_and_back(twice, b.add("Sub", {twice, number(1)}));
      break;
    case 2: {
      const ValueId period = b.add("Max", {b.add("Sub", {twice, number(2)}), number(1)});
      place = there_and_back(period, period);
      break;
    }
    case 3:
      place = b.add("Mod", {place, n});
      break;
    default:
      return unsupported("border mode ", border);
  }
  return b.add("Gather", {v, place}, {attr("axis", axis)});
}

}  // namespace

Status gaussian_blur(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::GaussianBlur* p = c.param<fb::GaussianBlur>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  if (rank != 4) return invalid_model("its input has ", rank, " dimensions, 4 wanted");
  const DType type = c.type(0).dtype;
  if (type != DType::kF32 && type != DType::kU8) return unsupported("an image of ", dtype_name(type));
  const auto sigma_x = static_cast<double>(p->sigma_x());
  const double sigma_y = p->sigma_y() > 0 ? static_cast<double>(p->sigma_y()) : sigma_x;
  LITE_ASSIGN(std::vector<float> across, weights_of(p->kernel_width(), sigma_x));
  LITE_ASSIGN(std::vector<float> down, weights_of(p->kernel_height(), sigma_y));
  ValueId x = c.in(0);
  LITE_ASSIGN(x, extend(b, x, 1, static_cast<int64_t>(down.size() / 2), p->border_mode()));
  LITE_ASSIGN(x, extend(b, x, 2, static_cast<int64_t>(across.size() / 2), p->border_mode()));
  // Bytes have weights in 256ths, whose sums float32 holds exactly.
  const bool bytes = type == DType::kU8;
  if (bytes)
    for (std::vector<float>* const w : {&across, &down})
      for (float& f : *w) f = std::floor(f * 256);
  const auto convolve = [&](ValueId v, const std::vector<float>& w, const Dims& dims) -> Result<ValueId> {
    LITE_ASSIGN(Tensor kernel, Tensor::allocate(DType::kF32, dims));
    std::copy(w.begin(), w.end(), kernel.mutable_data<float>());
    return b.add("Conv", {v, b.constant(std::move(kernel))});
  };
  const ValueId planes = b.transpose(b.cast(x, DType::kF32), {0, 3, 1, 2});
  ValueId y = b.reshape_to(planes, {b.ints({-1, 1}), b.dims_of(planes, 2, 4)});
  LITE_ASSIGN(y, convolve(y, down, {1, 1, static_cast<int64_t>(down.size()), 1}));
  LITE_ASSIGN(y, convolve(y, across, {1, 1, 1, static_cast<int64_t>(across.size())}));
  y = b.transpose(b.reshape_to(y, {b.dims_of(planes, 0, 2), b.dims_of(y, 2, 4)}), {0, 2, 3, 1});
  if (bytes) {
    y = b.add(
        "Floor",
        {b.add("Div", {b.add("Add", {y, b.number(DType::kF32, 32768)}), b.number(DType::kF32, 65536)})});
    y = b.cast(y, DType::kU8);
  }
  c.out(0, y);
  return c.done();
}

}  // namespace lite::mge
