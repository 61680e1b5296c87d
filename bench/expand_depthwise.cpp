// A 1 x 1 convolution and the depthwise one behind it, apart and as one operator: layers of networks, batch
// 1, channels last. Milliseconds, the least of several turns; between the turns the L2 cache is filled with
// other data. The choice in core/kernels/cpu/simd_expand_depthwise.cpp is read off this.
//
//   bench/expand_depthwise [--repeats=N] [--threads=N] [--activation=NAME] [C,M,SIZE,KERNEL,STRIDE ...]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/layers.h"
#include "core/kernels/kernel.h"
#include "core/ops/registry.h"

namespace {

using namespace lite;

struct Layer {
  const char* network;
  int64_t channels, filters, size, kernel, stride;
};

constexpr Layer kLayers[] = {
    {"mobilenet_v2", 16, 96, 112, 3, 2},  {"mobilenet_v2", 24, 144, 56, 3, 1},
    {"mobilenet_v2", 24, 144, 56, 3, 2},  {"mobilenet_v2", 32, 192, 28, 3, 1},
    {"mobilenet_v2", 32, 192, 28, 3, 2},  {"mobilenet_v2", 64, 384, 14, 3, 1},
    {"mobilenet_v2", 96, 576, 14, 3, 1},  {"mobilenet_v2", 96, 576, 14, 3, 2},
    {"mobilenet_v2", 160, 960, 7, 3, 1},  {"mobilenet_v3", 16, 64, 112, 3, 2},
    {"mobilenet_v3", 24, 72, 56, 3, 1},   {"mobilenet_v3", 24, 72, 56, 5, 2},
    {"mobilenet_v3", 40, 120, 28, 5, 1},  {"mobilenet_v3", 40, 240, 28, 3, 2},
    {"mobilenet_v3", 80, 200, 14, 3, 1},  {"mobilenet_v3", 80, 480, 14, 3, 1},
    {"mobilenet_v3", 112, 672, 14, 3, 1}, {"mobilenet_v3", 112, 672, 14, 5, 2},
    {"mobilenet_v3", 160, 960, 7, 5, 1},  {"efficientnet", 24, 144, 56, 5, 2},
    {"efficientnet", 40, 240, 28, 5, 1},  {"efficientnet", 80, 480, 14, 5, 1},
    {"efficientnet", 112, 672, 14, 5, 1}, {"efficientnet", 192, 1152, 7, 5, 1},
    {"shufflenet", 24, 58, 56, 3, 2},     {"shufflenet", 58, 58, 28, 3, 1},
    {"shufflenet", 116, 116, 28, 3, 2},   {"shufflenet", 116, 116, 14, 3, 1},
    {"shufflenet", 232, 232, 14, 3, 2},   {"shufflenet", 232, 232, 7, 3, 1},
    {"wide", 256, 256, 56, 3, 1},         {"wide", 64, 64, 112, 3, 1},
    {"wide", 16, 64, 512, 3, 2},          {"wide", 128, 128, 28, 3, 1},
    {"wide", 256, 256, 14, 3, 1},         {"wide", 8, 32, 300, 3, 1},
};

struct Made {
  const char* name = "none";
  std::unique_ptr<Kernel> kernel;
  std::shared_ptr<void> workspace;
};

Made make(const Node& node, std::span<const Operand> in, const Operand& out, PackCache& packs,
          bool unranked) {
  NodeQuery q{node, in, {&out, 1}, {}};
  q.options.unranked = unranked;
  Made m;
  const KernelDef* const def = kernels::find(q);
  if (def == nullptr) return m;
  m.name = def->name;
  m.kernel = std::move(def->make(q, packs)).value();
  m.workspace = PackCache::allocate(m.kernel->workspace_bytes()).value().data;
  return m;
}

void measure(const Layer& s, const std::string& activation, int repeats, int threads) {
  const int64_t pad = s.kernel / 2, out_size = (s.size + 2 * pad - s.kernel) / s.stride + 1;
  Tensor x = filled({1, s.channels, s.size, s.size}), e = filled({1, s.filters, s.size, s.size}),
         y = filled({1, s.filters, out_size, out_size}), w = filled({s.filters, s.channels, 1, 1}),
         b = filled({s.filters}), v = filled({s.filters, 1, s.kernel, s.kernel});
  Node first, second, joined;
  first.op = second.op = &ops::get("FusedConv", "lite");
  joined.op = &ops::get("FusedExpandDepthwise", "lite");
  for (Node* n : {&second, &joined}) {
    n->set("pads", std::vector<int64_t>(4, pad));
    n->set("strides", std::vector<int64_t>(2, s.stride));
    n->set("group", s.filters);
  }
  const auto activate = [&](Node& n, const std::string& prefix) {
    if (activation.empty()) return;
    n.set(prefix + "activation", activation);
    if (activation == "Clip") n.set(prefix + "activation_params", std::vector<float>{0, 6});
  };
  activate(first, "");
  activate(second, "");
  activate(joined, "");
  activate(joined, "expand_");
  const auto image = [](const Tensor& t) { return Operand{DType::kF32, t.dims(), Layout::kChannelsLast}; };
  const auto constant = [](const Tensor& t) { return Operand{DType::kF32, t.dims(), Layout::kPlain, &t}; };
  const std::vector<Operand> in1{image(x), constant(w), constant(b)}, in2{image(e), constant(v), constant(b)},
      in3{image(x), constant(w), constant(b), constant(v), constant(b)};
  first.in = second.in = {0, 1, 2};
  joined.in = {0, 1, 2, 3, 4};
  PackCache packs;
  const Made made[] = {make(first, in1, image(e), packs, false), make(second, in2, image(y), packs, false),
                       make(joined, in3, image(y), packs, true)};
  const bool chosen = make(joined, in3, image(y), packs, false).kernel != nullptr;
  void* const tables[3][6] = {
      {x.mutable_raw(), w.mutable_raw(), b.mutable_raw(), e.mutable_raw()},
      {e.mutable_raw(), v.mutable_raw(), b.mutable_raw(), y.mutable_raw()},
      {x.mutable_raw(), w.mutable_raw(), b.mutable_raw(), v.mutable_raw(), b.mutable_raw(), y.mutable_raw()}};
  const uint32_t ids[] = {0, 1, 2, 3, 4, 5};
  const Parallel parallel{threads};
  const auto run = [&](size_t i) {
    const Launch launch{tables[i], ids, ids + (i == 2 ? 5 : 3), made[i].workspace.get(), &parallel};
    if (!made[i].kernel->run(launch).is_ok()) std::abort();
  };
  double best[3] = {1e9, 1e9, 1e9};
  for (int r = 0; r < repeats; ++r) {
    fill_l2();
    // What the first one leaves in the cache is there for the second.
    double begin = now(threads);
    run(0);
    const double between = now(threads);
    run(1);
    const double end = now(threads);
    if (end - begin < best[0] + best[1]) best[0] = between - begin, best[1] = end - between;
    if (made[2].kernel == nullptr) continue;
    fill_l2();
    begin = now(threads);
    run(2);
    best[2] = std::min(best[2], now(threads) - begin);
  }
  std::printf("%-12s %3d>%4d %3d  %dx%d/%d  apart %.3f + %.3f = %.3f  together %.3f  x%.2f%s\n", s.network,
              static_cast<int>(s.channels), static_cast<int>(s.filters), static_cast<int>(s.size),
              static_cast<int>(s.kernel), static_cast<int>(s.kernel), static_cast<int>(s.stride), best[0],
              best[1], best[0] + best[1], best[2], (best[0] + best[1]) / best[2], chosen ? "  chosen" : "");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int repeats = 40, threads = 1;
  std::string activation = "Clip";
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--repeats=", 10) == 0) repeats = std::atoi(argv[i] + 10);
    if (std::strncmp(argv[i], "--threads=", 10) == 0) threads = std::atoi(argv[i] + 10);
    if (std::strncmp(argv[i], "--activation=", 13) == 0) activation = argv[i] + 13;
  }
  bool named = false;
  for (int i = 1; i < argc; ++i) {
    int c = 0, m = 0, size = 0, kernel = 0, stride = 0;
    if (std::sscanf(argv[i], "%d,%d,%d,%d,%d", &c, &m, &size, &kernel, &stride) != 5) continue;
    measure({"", c, m, size, kernel, stride}, activation, repeats, threads);
    named = true;
  }
  if (named) return 0;
  for (const Layer& s : kLayers) measure(s, activation, repeats, threads);
}
