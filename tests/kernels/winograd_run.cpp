#include "core/base/thread_pool.h"
#include "tests/kernels/kernel_test.h"

namespace lite::test {
namespace {

// As a program runs it: chosen by its cost, on more threads than there are CPUs, without allocating.
TEST(WinogradRun, LayersOfNetworks) {
  thread_pool::set_max_threads(7);
  for (const Dims& x : {Dims{1, 64, 40, 40}, Dims{2, 80, 33, 21}, Dims{1, 256, 14, 14}}) {
    const int64_t channels = x[1];
    const NodeUnderTest n{
        .op = "FusedConv",
        .domain = "lite",
        .attrs = {{"pads", std::vector<int64_t>{1, 1, 1, 1}}, {"activation", std::string("Relu")}},
        .in = {random_f32(x, 1), random_f32({channels, channels, 3, 3}, 2), random_f32({channels}, 3),
               random_f32(x, 4)},
        .constant = {false, true, true},
        .in_layouts = {Layout::kChannelsLast, Layout::kPlain, Layout::kPlain, Layout::kChannelsLast},
        .out_layout = Layout::kChannelsLast};
    expect_close(run_kernel("fused_conv:winograd", n), 1e-5);
  }
  thread_pool::set_max_threads(0);
}

}  // namespace
}  // namespace lite::test
