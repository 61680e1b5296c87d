// Pools and reorders.

#include "tests/kernels/kernel_test.h"

namespace lite::test {
namespace {

constexpr Layout kLayouts[] = {Layout::kPlain, Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16};

std::vector<int64_t> list(std::initializer_list<int64_t> v) { return v; }

void check_pool(const std::string& kernel, const std::string& op, const std::vector<Attr>& attrs, Tensor x) {
  for (const Layout layout : kLayouts) {
    NodeUnderTest n{.op = op, .attrs = attrs, .in = {x}, .in_layouts = {layout}, .out_layout = layout};
    const Outcome outcome = run_kernel(kernel, n);
    if (!outcome.declined.empty() && layout != Layout::kChannelsLast) continue;
    if (isa::runs_on(isa::kAvx2Level, cpu_isa())) expect_close(outcome, 1e-6);
  }
}

TEST(OneDnnPool, Max) {
  const std::vector<Attr> attrs{
      {"kernel_shape", list({3, 3})}, {"strides", list({2, 2})}, {"pads", list({1, 1, 1, 1})}};
  check_pool("max_pool:onednn", "MaxPool", attrs, random_f32({2, 16, 11, 12}, 1));
  check_pool("max_pool:onednn", "MaxPool", attrs, random_f32({1, 29, 11, 12}, 1));
  check_pool("max_pool:onednn", "MaxPool",
             {{"kernel_shape", list({2, 2})}, {"strides", list({2, 2})}, {"ceil_mode", int64_t{1}}},
             random_f32({1, 16, 7, 9}, 1));
}

TEST(OneDnnPool, MaxOfBytes) {
  const std::vector<Attr> attrs{
      {"kernel_shape", list({3, 3})}, {"strides", list({2, 2})}, {"pads", list({1, 1, 1, 1})}};
  check_pool("max_pool:onednn", "MaxPool", attrs, random_int(DType::kU8, {1, 32, 9, 9}, 0, 255, 1));
  check_pool("max_pool:onednn", "MaxPool", attrs, random_int(DType::kI8, {1, 29, 9, 9}, -128, 127, 1));
}

TEST(OneDnnPool, Average) {
  for (const int64_t with_padding : {0, 1})
    check_pool(
        "average_pool:onednn", "AveragePool",
        {{"kernel_shape", list({3, 2})}, {"pads", list({1, 0, 1, 1})}, {"count_include_pad", with_padding}},
        random_f32({1, 16, 8, 9}, 1));
}

TEST(OneDnnPool, Global) {
  check_pool("global_average_pool:onednn", "GlobalAveragePool", {}, random_f32({2, 32, 7, 7}, 1));
}

TEST(OneDnnReorder, EveryPair) {
  if (!isa::runs_on(isa::kSse41, cpu_isa())) GTEST_SKIP() << "oneDNN needs SSE4.1";
  const Tensor images[] = {random_f32({2, 29, 5, 7}, 1), random_f32({1, 32, 9}, 2),
                           random_f32({1, 3, 4, 5, 6}, 3), random_int(DType::kU8, {2, 19, 4, 4}, 0, 255, 4),
                           random_int(DType::kI8, {1, 16, 4, 4}, -128, 127, 5)};
  for (const Tensor& x : images)
    for (const Layout from : kLayouts)
      for (const Layout to : kLayouts) {
        NodeUnderTest n{.op = "Reorder", .domain = "lite", .in = {x}, .in_layouts = {from}, .out_layout = to};
        SCOPED_TRACE(cat(layout_name(from), " to ", layout_name(to)));
        expect_same(run_kernel("reorder:onednn", n));
      }
}

}  // namespace
}  // namespace lite::test
