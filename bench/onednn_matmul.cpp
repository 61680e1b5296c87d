// How fast oneDNN multiplies the matrices of BERT, ViT and classifiers, at 1 and 2 threads.
//
//   onednn_matmul [--parts=N] [--repeats=N]
//
// LITE_CPU_MASK chooses the instruction sets. The second matrix is packed beforehand where it would be a
// constant.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "core/kernels/cpu/onednn_runtime.h"

namespace {

using namespace lite;
using dnnl::memory;

struct Product {
  const char* what;
  int64_t batch, m, k, n;
  bool constant;
};
constexpr Product kProducts[] = {
    {"bert q, k, v", 1, 128, 768, 768, true},
    {"bert up", 1, 128, 768, 3072, true},
    {"bert down", 1, 128, 3072, 768, true},
    {"bert scores", 12, 128, 64, 128, false},
    {"bert context", 12, 128, 128, 64, false},
    {"vit qkv", 1, 197, 768, 2304, true},
    {"vit up", 1, 197, 768, 3072, true},
    {"vit down", 1, 197, 3072, 768, true},
    {"vit scores", 12, 197, 64, 197, false},
    {"vit context", 12, 197, 197, 64, false},
    {"classifier", 1, 1, 2048, 1000, true},
    {"classifier, batch 8", 1, 8, 2048, 1000, true},
    {"gates of an LSTM step", 1, 1, 256, 1024, true},
    {"mlp", 1, 1, 784, 256, true},
};

void fill(float* p, size_t n) {
  for (size_t i = 0; i < n; ++i) p[i] = static_cast<float>(i % 13) * 0.1F - 0.5F;
}

void measure(const Product& p, int repeats) {
  std::vector<std::shared_ptr<void>> held;
  const auto buffer = [&](size_t bytes) {
    held.push_back(PackCache::allocate(bytes).value().data);
    fill(static_cast<float*>(held.back().get()), bytes / sizeof(float));
    return held.back().get();
  };
  std::unique_ptr<onednn::Exec> exec;
  std::vector<const void*> pointers;
  const Status made = onednn::guarded("matmul", onednn::Work::kMatrix, [&]() -> Status {
    const int64_t a[] = {p.batch, p.m, p.k}, b[] = {p.batch, p.k, p.n}, c[] = {p.batch, p.m, p.n};
    const memory::desc bias({1, 1, p.n}, memory::data_type::f32, memory::format_tag::abc);
    const dnnl::matmul::primitive_desc pd(
        onednn::engine(), onednn::plain_descriptor(DType::kF32, a),
        p.constant ? onednn::any_descriptor(DType::kF32, b) : onednn::plain_descriptor(DType::kF32, b), bias,
        onednn::plain_descriptor(DType::kF32, c), onednn::base_attr());
    std::printf("%-22s %3ldx %4ld x %4ld x %4ld  %-24s", p.what, p.batch, p.m, p.k, p.n, pd.impl_info_str());
    exec = std::make_unique<onednn::Exec>(
        dnnl::matmul(pd), std::vector<onednn::Exec::Arg>{{DNNL_ARG_SRC, pd.src_desc()},
                                                         {DNNL_ARG_WEIGHTS, pd.weights_desc()},
                                                         {DNNL_ARG_BIAS, bias},
                                                         {DNNL_ARG_DST, pd.dst_desc()}});
    for (const auto& d : {pd.src_desc(), pd.weights_desc(), bias, pd.dst_desc()})
      pointers.push_back(buffer(d.get_size()));
    pointers.push_back(buffer(exec->scratchpad_bytes()));
    return ok();
  });
  if (!made.is_ok()) {
    std::printf("%s: %s\n", p.what, made.message().c_str());
    return;
  }
  const double gflop = 2e-9 * static_cast<double>(p.batch * p.m * p.k * p.n);
  for (int threads = 1; threads <= 2; ++threads) {
    using Clock = std::chrono::steady_clock;
    double best = 1e9;
    const Parallel parallel{threads};
    for (int r = 0; r < repeats; ++r) {
      const auto begin = Clock::now();
      if (!exec->run(pointers, parallel).is_ok()) std::abort();
      best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
    }
    std::printf("  %8.1f us %7.1f GFLOP/s", best * 1e6, gflop / best);
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  int repeats = 50;
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--parts=", 8) == 0) onednn::set_parts(std::atoi(argv[i] + 8));
    if (std::strncmp(argv[i], "--repeats=", 10) == 0) repeats = std::atoi(argv[i] + 10);
  }
  std::printf("%s, %d parts\n", cpu_isa_name().c_str(), onednn::parts(onednn::Work::kMatrix));
  for (const Product& p : kProducts) measure(p, repeats);
  return 0;
}
