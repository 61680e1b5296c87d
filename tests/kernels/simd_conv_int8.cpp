// Convolutions of bytes: every rest of a tile and of a vector, padding, strides, dilations, depthwise windows
// of one to five rows, every mixture of signs, and what the kernel leaves to others.
#include "core/kernels/cpu/int8_quads.h"
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

using Ints = std::vector<int64_t>;
constexpr DType kTypes[] = {DType::kU8, DType::kI8};

struct Conv {
  Dims x, w;
  Attrs attrs = {};
};

KernelCase conv_case(const Conv& c, DType x, DType y, int64_t weight_limit,
                     const std::vector<Tensor>& w_zero = {}) {
  const int64_t filters = c.w[0];
  const Tensor w = random_ints(DType::kI8, c.w, 2, -weight_limit, weight_limit - 1);
  // Results over the whole range and beyond it.
  const float scale =
      300.0f / static_cast<float>(weight_limit * 60) / std::sqrt(static_cast<float>(w.elements() / filters));
  return {
      .op = "QLinearConv",
      .in = {random_bytes(x, c.x, 1), f32({}, {0.5f}), one_byte(x, 101), w,
             random_f32({filters}, 3, scale / 2, scale), w_zero.empty() ? one_byte(DType::kI8, 0) : w_zero[0],
             f32({}, {0.5f}), one_byte(y, 9), random_ints(DType::kI32, {filters}, 5, -3000, 3000)},
      .attrs = c.attrs,
      .in_layouts = {Layout::kChannelsLast},
      .out_layouts = {Layout::kChannelsLast},
      .constant = {false, true, true, true, true, true, true, true, true},
      .kernel = "qlinear_conv_bytes:simd",
      .threads = {2, 3, 5},
      .needs = uint32_t{isa::kAvx2Level}};
}

void check(const Conv& c) {
  for (const DType x : kTypes)
    for (const DType y : kTypes) {
      check_kernels(conv_case(c, x, y, 64));
      check_kernels(conv_case(c, x, y, 128));
    }
}

// Weights of which three and four steps are added in 16 bits, too.
void check_small_weights(const Conv& c) {
  for (const int64_t limit : {12, 30, 40}) check_kernels(conv_case(c, DType::kU8, DType::kU8, limit));
}

bool has_vectors() { return isa::runs_on(isa::kAvx2Level, cpu_isa()); }

TEST(SimdConvInt8, Pointwise) {
  for (const int64_t filters : {1, 7, 8, 15, 16, 17, 24, 32, 33, 47, 64, 65, 100, 144, 200})
    check({{1, 12, 5, 10}, {filters, 12, 1, 1}});
  for (int64_t pixels = 1; pixels < 14; ++pixels) check({{1, 20, 1, pixels}, {112, 20, 1, 1}});
  for (const int64_t channels : {1, 2, 3, 5, 30, 67}) check({{2, channels, 7, 7}, {70, channels, 1, 1}});
  // Images larger than the weights: tasks that keep to their pixels, and then to their weights.
  check({{2, 12, 31, 41}, {40, 12, 1, 1}});
  check({{1, 400, 11, 13}, {70, 400, 1, 1}});
  // Few columns of many pixels: of all rows, of part of them, and with strides.
  for (const int64_t filters : {8, 16, 21, 32}) check({{1, 8, 24, 37}, {filters, 8, 1, 1}});
  check({{2, 4, 33, 41}, {32, 4, 1, 1}, {{"strides", Ints{2, 2}}}});
  check({{1, 8, 9, 9}, {24, 8, 1, 1}, {{"strides", Ints{2, 3}}}});
  check({{1, 8, 9, 9}, {24, 8, 1, 1}, {{"pads", Ints{1, 0, 0, 2}}}});
}

TEST(SimdConvInt8, Windows) {
  check({{1, 3, 20, 22}, {32, 3, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}, {"strides", Ints{2, 2}}}});
  check({{2, 16, 9, 7}, {65, 16, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}}});
  // Rows of the image of fewer pixels than a tile has, of as many, and of more.
  for (const int64_t width : {9, 23, 24, 25, 51})
    check({{2, 3, 21, width}, {24, 3, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}, {"strides", Ints{2, 2}}}});
  check({{1, 3, 23, 25}, {9, 3, 7, 7}, {{"pads", Ints{3, 2, 3, 3}}, {"strides", Ints{2, 2}}}});
  check({{1, 6, 13, 15}, {20, 6, 3, 3}, {{"pads", Ints{2, 2, 2, 2}}, {"dilations", Ints{2, 2}}}});
  check({{1, 8, 13, 15}, {20, 8, 3, 2}, {{"dilations", Ints{3, 1}}}});
  check({{1, 5, 6, 30}, {12, 5, 1, 7}, {{"pads", Ints{0, 3, 0, 3}}}});
  check({{2, 6, 50}, {5, 6, 4}, {{"pads", Ints{0, 3}}}});
}

TEST(SimdConvInt8, Depthwise) {
  for (const int64_t channels : {2, 3, 31, 32, 33, 48, 64, 65, 96, 130, 144})
    for (const int64_t stride : {1, 2, 3})
      check({{2, channels, 7, 9},
             {channels, 1, 3, 3},
             {{"group", channels}, {"pads", Ints{1, 1, 1, 1}}, {"strides", Ints{stride, stride}}}});
  for (const int64_t width : {1, 2, 3, 4, 5, 6, 11})
    check({{1, 40, 4, width}, {40, 1, 3, 3}, {{"group", int64_t{40}}, {"pads", Ints{1, 1, 1, 1}}}});
  for (const int64_t kernel : {1, 2, 5, 9})
    check({{1, 70, 12, 13},
           {70, 1, kernel, kernel},
           {{"group", int64_t{70}}, {"pads", Ints{kernel / 2, kernel - 1, 0, 1}}}});
  check({{1, 66, 12, 13}, {66, 1, 3, 3}, {{"group", int64_t{66}}, {"dilations", Ints{2, 1}}}});
  // Windows that see two columns of padding on either side, or none, or nothing else.
  for (const Ints& pads : {Ints{0, 2, 0, 2}, Ints{2, 0, 1, 3}, Ints{3, 1, 4, 0}, Ints{0, 0, 0, 0}})
    for (const int64_t stride : {1, 2})
      check({{1, 70, 5, 12},
             {70, 1, 3, 3},
             {{"group", int64_t{70}}, {"pads", pads}, {"strides", Ints{stride, stride}}}});
  check({{2, 34, 40}, {34, 1, 5}, {{"group", int64_t{34}}, {"pads", Ints{2, 2}}}});
}

// Few enough channels that two pixels fill a vector: pairs, of even rows only, and their padding.
TEST(SimdConvInt8, DepthwisePairs) {
  for (const int64_t channels : {16, 32})
    for (const int64_t width : {2, 3, 4, 10, 16, 22})
      check(
          {{2, channels, 5, width}, {channels, 1, 3, 3}, {{"group", channels}, {"pads", Ints{1, 1, 1, 1}}}});
  check({{1, 32, 8, 12},
         {32, 1, 5, 3},
         {{"group", int64_t{32}}, {"dilations", Ints{2, 1}}, {"pads", Ints{4, 2, 3, 0}}}});
  check({{3, 32, 20}, {32, 1, 3}, {{"group", int64_t{32}}}});
  check({{1, 32, 6, 9},
         {32, 1, 3, 3},
         {{"group", int64_t{32}}, {"strides", Ints{2, 1}}, {"pads", Ints{0, 0, 1, 1}}}});
}

// What QLinearAdd makes of the result and a residual of its size.
KernelCase with_residual(KernelCase c, const Dims& dims, DType y) {
  c.op = "FusedQLinearConv";
  c.domain = "lite";
  // Another zero point than the result's: the numbers in between are not its bytes.
  for (Tensor t : {f32({}, {0.5f}), one_byte(y, 12), random_bytes(y, dims, 6), f32({}, {0.3f}),
                   one_byte(y, 60), f32({}, {0.7f}), one_byte(y, 20)})
    c.in.push_back(std::move(t));
  c.in_layouts.resize(12, Layout::kPlain);
  c.in_layouts[11] = Layout::kChannelsLast;
  c.constant.resize(16, true);
  c.constant[11] = false;
  c.kernel = "fused_qlinear_conv";
  return c;
}

TEST(SimdConvInt8, Residual) {
  for (const DType x : kTypes)
    for (const DType y : kTypes) {
      for (const int64_t filters : {16, 33, 64, 150})
        check_kernels(
            with_residual(conv_case({{2, 8, 7, 9}, {filters, 8, 1, 1}}, x, y, 64), {2, filters, 7, 9}, y));
      for (const int64_t filters : {24, 70})
        check_kernels(with_residual(conv_case({{1, 8, 30, 33}, {filters, 8, 1, 1}}, x, y, 64),
                                    {1, filters, 30, 33}, y));
      const Conv wide{
          {1, 300, 9, 11}, {70, 300, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}, {"strides", Ints{2, 2}}}};
      check_kernels(with_residual(conv_case(wide, x, y, 64), {1, 70, 5, 6}, y));
    }
  // Zero points left out; a sum beyond what is packed as it is; weights that only 16 bits hold.
  KernelCase c = with_residual(conv_case({{1, 8, 5, 5}, {24, 8, 1, 1}}, DType::kU8, DType::kU8, 64),
                               {1, 24, 5, 5}, DType::kU8);
  c.in[10] = c.in[13] = c.in[15] = Tensor();
  check_kernels(c);
  c.in[12] = f32({}, {3e6f});
  check_kernels(c);
  c = with_residual(conv_case({{1, 8, 5, 5}, {24, 8, 1, 1}}, DType::kU8, DType::kU8, 128), {1, 24, 5, 5},
                    DType::kU8);
  c.needs = 0;
  check_kernels(c);
}

// More weights than the first-level cache holds, in pieces of a run and of several.
TEST(SimdConvInt8, LongRows) {
  check({{1, 2000, 4, 5}, {70, 2000, 1, 1}});
  check({{1, 210, 6, 7}, {70, 210, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}}});
  check({{1, 130, 9, 9}, {40, 130, 3, 3}, {{"dilations", Ints{2, 2}}}});
  check_small_weights({{1, 2000, 4, 5}, {70, 2000, 1, 1}});
  check_small_weights({{1, 210, 6, 7}, {56, 210, 3, 3}, {{"pads", Ints{1, 1, 1, 1}}}});
}

// What is added in 16 bits fits them, and every weight is there once.
TEST(SimdConvInt8, OrderOfQuads) {
  constexpr int64_t kQuads = 200, kBytes = 128;
  for (const int64_t limit : {10, 30, 40, 64, 128}) {
    SCOPED_TRACE(limit);
    const Tensor w = random_ints(DType::kI8, {kQuads, kBytes}, 7, -limit, limit - 1);
    const auto* const from = w.data<int8_t>();
    const simd::QuadWeights weights{from, kQuads, kBytes};
    const int64_t count = simd::count_quads(weights);
    EXPECT_EQ(count > kQuads, limit > 64);
    std::vector<int8_t> to(static_cast<size_t>(count * kBytes));
    std::vector<int32_t> order(static_cast<size_t>(count));
    const simd::QuadSums sums = simd::order_quads(weights, to.data(), order.data());
    if (limit == 10) {
      EXPECT_EQ(sums, (simd::QuadSums{kQuads / 4, 0, 0}));
    }

    std::vector<int> seen(static_cast<size_t>(kQuads * kBytes));
    for (int64_t i = 0; i < count * kBytes; ++i)
      seen[static_cast<size_t>(order[static_cast<size_t>(i / kBytes)] * kBytes + i % kBytes)] +=
          to[static_cast<size_t>(i)];
    EXPECT_TRUE(std::equal(seen.begin(), seen.end(), from));

    for (int64_t first = 0, of; first < count; first += of) {
      // A piece may end behind a sum only.
      for (of = 1; of < simd::kMostQuads && simd::whole_sums(sums, first + of) != first + of;) ++of;
      for (int64_t lane = 0; lane < kBytes; lane += 2) {
        int up = 0, down = 0;
        for (int64_t i = first; i < first + of; ++i)
          for (int64_t k = lane; k < lane + 2; ++k) {
            const int v = to[static_cast<size_t>(i * kBytes + k)];
            (v > 0 ? up : down) += v;
          }
        EXPECT_LE(up * 255, INT16_MAX);
        EXPECT_GE(down * 255, INT16_MIN);
      }
    }
  }
}

// The largest sums of either sign, which 16 bits would not hold; few of them among small ones.
TEST(SimdConvInt8, LargestProducts) {
  for (const int v : {-64, 64, -128, 127})
    for (const bool depthwise : {false, true}) {
      const Dims w = depthwise ? Dims{40, 1, 3, 3} : Dims{40, 40, 3, 3};
      KernelCase c = conv_case({{1, 40, 6, 6}, w, {{"group", int64_t{depthwise ? 40 : 1}}}}, DType::kU8,
                               DType::kU8, std::abs(v));
      c.in[0] = random_ints(DType::kU8, {1, 40, 6, 6}, 1, 255, 255);
      c.in[2] = one_byte(DType::kU8, 0);
      c.in[3] = random_ints(DType::kI8, w, 1, v, v);
      c.in[7] = one_byte(DType::kU8, 128);
      c.in[4] = f32({}, {1e-5f});
      check_kernels(c);
      Tensor& weights = c.in[3];
      for (int64_t i = 0; i < weights.elements(); ++i)
        if (i % 7 != 0 && i % 11 != 0) weights.mutable_data<int8_t>()[i] = static_cast<int8_t>(i % 5 - 2);
      check_kernels(c);
    }
}

TEST(SimdConvInt8, ZeroPointsOfTheFilter) {
  const Conv c{{1, 9, 7, 7}, {21, 9, 3, 3}};
  check_kernels(conv_case(c, DType::kU8, DType::kI8, 50, {random_ints(DType::kI8, {21}, 4, -14, 13)}));
  KernelCase shifted = conv_case(c, DType::kU8, DType::kU8, 50);
  shifted.in[3] = random_ints(DType::kU8, c.w, 2, 70, 190);
  shifted.in[5] = one_byte(DType::kU8, 128);
  check_kernels(shifted);
}

TEST(SimdConvInt8, LeavesToOthers) {
  const char* const kernel = "qlinear_conv_bytes:simd";
  const Conv c{{1, 8, 7, 7}, {16, 8, 3, 3}};
  const KernelCase plain = conv_case(c, DType::kU8, DType::kU8, 64);
  EXPECT_EQ(accepted_by(kernel, plain, {}), has_vectors());
  KernelOptions options;
  options.isa = isa::kAvx2Level;
  EXPECT_TRUE(accepted_by(kernel, plain, options));
  EXPECT_TRUE(accepted_by(kernel, conv_case(c, DType::kU8, DType::kU8, 128), options)) << "they are split";
  options.isa = 0;
  EXPECT_FALSE(accepted_by(kernel, plain, options));
  const auto with = [&](size_t input, Tensor t) {
    KernelCase changed = plain;
    changed.in[input] = std::move(t);
    return changed;
  };
  EXPECT_FALSE(accepted_by(kernel, with(4, f32({}, {4.0f})), {})) << "a factor of 4";
  EXPECT_FALSE(accepted_by(kernel, with(4, f32({}, {NAN})), {}));
  const Conv sparse{
      {1, 8, 1, 1}, {16, 8, 1, 1}, {{"pads", Ints{0, 1 << 30, 0, 1 << 30}}, {"strides", Ints{1, 1 << 30}}}};
  EXPECT_FALSE(accepted_by(kernel, conv_case(sparse, DType::kU8, DType::kU8, 64), {})) << "8 GB of padding";
  EXPECT_FALSE(accepted_by(kernel, with(8, random_ints(DType::kI32, {16}, 1, 2000000000, 2000000000)), {}));
  EXPECT_FALSE(accepted_by(
      kernel, conv_case({{1, 8, 7, 7}, {16, 4, 3, 3}, {{"group", int64_t{2}}}}, DType::kU8, DType::kU8, 64),
      {}));
}

}  // namespace
}  // namespace lite::test
