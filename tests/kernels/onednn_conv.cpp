#include "tests/kernels/kernel_test.h"

namespace lite::test {
namespace {

constexpr double kClose = 2e-5;

NodeUnderTest conv(Dims x, Dims w, std::vector<Attr> attrs = {}, bool bias = true) {
  NodeUnderTest n{.op = "Conv", .attrs = std::move(attrs), .constant = {false, true, true}};
  const int64_t filters = w[0];
  n.in = {random_f32(std::move(x), 1), random_f32(std::move(w), 2)};
  if (bias) n.in.push_back(random_f32({filters}, 3));
  return n;
}

std::vector<int64_t> list(std::initializer_list<int64_t> v) { return v; }

class Layouts : public testing::TestWithParam<Layout> {
 protected:
  Outcome run(const char* kernel, NodeUnderTest n) {
    n.in_layouts = {GetParam()};
    if (n.in.size() > 3) n.in_layouts = {GetParam(), Layout::kPlain, Layout::kPlain, GetParam()};
    n.out_layout = GetParam();
    return run_kernel(kernel, n);
  }
  bool fast() const {
    const bool avx512 = isa::runs_on(isa::kAvx512Level, cpu_isa());
    return GetParam() == Layout::kChannelsLast
               ? isa::runs_on(isa::kAvx2Level, cpu_isa())
               : avx512 || (GetParam() == Layout::kBlocked8 && isa::runs_on(isa::kAvx2Level, cpu_isa()));
  }
};

#define EXPECT_CLOSE_OR_SLOW(outcome)                                \
  do {                                                               \
    const Outcome made = (outcome);                                  \
    if (fast() || made.declined.empty()) expect_close(made, kClose); \
  } while (false)

TEST_P(Layouts, Pointwise) { EXPECT_CLOSE_OR_SLOW(run("conv:onednn", conv({2, 32, 7, 9}, {48, 32, 1, 1}))); }
TEST_P(Layouts, Window) {
  EXPECT_CLOSE_OR_SLOW(
      run("conv:onednn", conv({1, 16, 13, 11}, {32, 16, 3, 3}, {{"pads", list({1, 1, 1, 1})}})));
}
TEST_P(Layouts, Strided) {
  EXPECT_CLOSE_OR_SLOW(
      run("conv:onednn", conv({1, 16, 14, 15}, {16, 16, 3, 3},
                              {{"strides", list({2, 2})}, {"pads", list({0, 1, 1, 0})}}, false)));
}
TEST_P(Layouts, Dilated) {
  EXPECT_CLOSE_OR_SLOW(
      run("conv:onednn", conv({1, 16, 12, 12}, {16, 16, 3, 3},
                              {{"dilations", list({2, 3})}, {"auto_pad", std::string("SAME_UPPER")}})));
}
TEST_P(Layouts, Depthwise) {
  EXPECT_CLOSE_OR_SLOW(run("conv:onednn", conv({1, 32, 10, 10}, {32, 1, 3, 3},
                                               {{"group", int64_t{32}}, {"pads", list({1, 1, 1, 1})}})));
}
TEST_P(Layouts, OddChannels) {
  EXPECT_CLOSE_OR_SLOW(run("conv:onednn", conv({1, 29, 6, 6}, {58, 29, 1, 1})));
}
TEST_P(Layouts, OddDepthwise) {
  EXPECT_CLOSE_OR_SLOW(run("conv:onednn", conv({1, 29, 10, 10}, {29, 1, 3, 3},
                                               {{"group", int64_t{29}}, {"pads", list({1, 1, 1, 1})}})));
}
TEST_P(Layouts, Groups) {
  EXPECT_CLOSE_OR_SLOW(run("conv:onednn", conv({1, 64, 8, 8}, {64, 16, 3, 3}, {{"group", int64_t{4}}})));
}
TEST_P(Layouts, ChangingWeights) {
  NodeUnderTest n = conv({1, 16, 6, 6}, {32, 16, 3, 3});
  n.constant = {};
  EXPECT_CLOSE_OR_SLOW(run("conv:onednn", std::move(n)));
}
TEST_P(Layouts, Fused) {
  for (const int64_t after : {0, 1})
    for (const char* activation : {"", "Relu", "Clip", "Swish", "HardSwish", "Sigmoid", "Gelu", "Tanh"}) {
      NodeUnderTest n =
          conv({1, 32, 9, 9}, {29, 32, 3, 3}, {{"pads", list({1, 1, 1, 1})}, {"residual_after", after}});
      if (*activation != 0) n.attrs.push_back({"activation", std::string(activation)});
      if (std::string(activation) == "Clip")
        n.attrs.push_back({"activation_params", std::vector<float>{-0.5F, 0.75F}});
      n.op = "FusedConv";
      n.domain = "lite";
      n.in.push_back(random_f32({1, 29, 9, 9}, 4));
      EXPECT_CLOSE_OR_SLOW(run("fused_conv:onednn", std::move(n)));
    }
}
TEST_P(Layouts, Transposed) {
  NodeUnderTest n = conv({1, 32, 5, 6}, {32, 16, 2, 2}, {{"strides", list({2, 2})}}, false);
  n.in.push_back(random_f32({16}, 3));
  n.op = "ConvTranspose";
  const Outcome made = run("conv_transpose:onednn", std::move(n));
  if (made.declined.empty()) expect_close(made, kClose);
}

INSTANTIATE_TEST_SUITE_P(OneDnn, Layouts,
                         testing::Values(Layout::kPlain, Layout::kChannelsLast, Layout::kBlocked8,
                                         Layout::kBlocked16),
                         [](const auto& instance) { return std::string(layout_name(instance.param)); });

TEST(OneDnnConv, FewChannelsFromPlainToBlocks) {
  NodeUnderTest n =
      conv({1, 3, 20, 22}, {32, 3, 3, 3}, {{"strides", list({2, 2})}, {"pads", list({1, 1, 1, 1})}});
  n.out_layout = isa::runs_on(isa::kAvx512Level, cpu_isa()) ? Layout::kBlocked16 : Layout::kBlocked8;
  if (isa::runs_on(isa::kAvx2Level, cpu_isa())) expect_close(run_kernel("conv:onednn", n), kClose);
}

TEST(OneDnnConv, NarrowFloats) {
  for (const DType type : {DType::kBF16, DType::kF16}) {
    NodeUnderTest n = conv({1, 32, 9, 9}, {16, 32, 3, 3}, {{"pads", list({1, 1, 1, 1})}});
    for (Tensor& t : n.in) t = narrowed(t, type);
    n.in_layouts = {Layout::kChannelsLast};
    n.out_layout = Layout::kChannelsLast;
    const Outcome outcome = run_kernel("conv:onednn", n);
    if (isa::runs_on(type == DType::kBF16 ? isa::kAvx512bf16 : isa::kAvx512fp16, cpu_isa()))
      expect_close(outcome, type == DType::kBF16 ? 1.0 / 128 : 1.0 / 1024);
  }
}

TEST(OneDnnConv, Transposed) {
  const std::vector<std::vector<Attr>> windows = {
      {{"strides", list({2, 2})}},
      {{"strides", list({2, 2})}, {"pads", list({1, 1, 1, 1})}},
      {{"strides", list({2, 2})}, {"pads", list({1, 1, 1, 1})}, {"output_padding", list({1, 1})}},
      {{"strides", list({3, 1})}, {"dilations", list({1, 2})}}};
  for (const int64_t k : {2, 3, 4})
    for (const auto& attrs : windows) {
      NodeUnderTest n = conv({1, 24, 5, 6}, {24, 16, k, k}, attrs, false);
      n.op = "ConvTranspose";
      n.in.push_back(random_f32({16}, 3));
      n.in_layouts = {Layout::kChannelsLast};
      n.out_layout = Layout::kChannelsLast;
      SCOPED_TRACE(cat("kernel ", k, ", window ", &attrs - windows.data()));
      if (isa::runs_on(isa::kAvx2Level, cpu_isa()))
        expect_close(run_kernel("conv_transpose:onednn", n), kClose);
    }
}

// It would count up to the stride, for longer than anybody waits.
TEST(OneDnnConv, DeclinesATransposedOneOfLongStrides) {
  NodeUnderTest n = conv({1, 8, 1, 1}, {8, 2, 1, 1}, {{"strides", list({1 << 30, 1 << 30})}}, false);
  n.op = "ConvTranspose";
  n.in_layouts = {Layout::kChannelsLast};
  n.out_layout = Layout::kChannelsLast;
  EXPECT_FALSE(run_kernel("conv_transpose:onednn", n).declined.empty());
}

TEST(OneDnnConv, OneAndThreeDimensions) {
  for (const Dims& kernel : {Dims{16, 8, 3}, Dims{16, 8, 3, 3, 3}}) {
    Dims x{1, 8};
    for (size_t i = 2; i < kernel.size(); ++i) x.push_back(7);
    NodeUnderTest n = conv(x, kernel);
    n.in_layouts = {Layout::kChannelsLast};
    n.out_layout = Layout::kChannelsLast;
    if (isa::runs_on(isa::kAvx2Level, cpu_isa())) expect_close(run_kernel("conv:onednn", n), kClose);
  }
}

}  // namespace
}  // namespace lite::test
