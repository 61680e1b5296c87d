// Winograd's convolution beside the direct one: 3 x 3 layers of networks, batch 1 and 8, ReLU fused, channels
// last. Milliseconds, the least of several turns; between the turns the L2 cache is filled with other data,
// as the other layers of a network do. The cost model of core/kernels/cpu/simd_winograd.cpp is read off this.
//
//   bench/winograd [--repeats=N] [--threads=N] [--tiles=2|4] [C,M,H,W,N ...]
//   bench/winograd --errors
//
// --errors: the largest error over the largest result, at places picked at random, without activation; for
// inputs in [-1, 1] and, as after a ReLU, in [0, 1].
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "bench/layers.h"
#include "core/kernels/cpu/simd_winograd.h"
#include "core/ops/registry.h"

namespace {

using namespace lite;

struct Layer {
  const char* network;
  int64_t channels, filters, height, width, batch;
};

constexpr Layer kLayers[] = {
    {"resnet50", 64, 64, 56, 56, 1},   {"resnet50", 128, 128, 28, 28, 1}, {"resnet50", 256, 256, 14, 14, 1},
    {"resnet50", 512, 512, 7, 7, 1},   {"resnet50", 64, 64, 56, 56, 8},   {"resnet50", 128, 128, 28, 28, 8},
    {"resnet50", 256, 256, 14, 14, 8}, {"resnet50", 512, 512, 7, 7, 8},   {"yolov8n", 16, 16, 160, 160, 1},
    {"yolov8n", 32, 32, 80, 80, 1},    {"yolov8n", 64, 64, 40, 40, 1},    {"yolov8n", 128, 128, 20, 20, 1},
    {"yolov8n", 64, 64, 80, 80, 1},    {"yolov8n", 64, 80, 80, 80, 1},    {"yolov8n", 80, 80, 80, 80, 1},
    {"yolov8n", 128, 64, 40, 40, 1},   {"yolov8n", 128, 80, 40, 40, 1},   {"yolov8n", 80, 80, 40, 40, 1},
    {"yolov8n", 256, 64, 20, 20, 1},   {"yolov8n", 256, 80, 20, 20, 1},   {"yolov8n", 64, 64, 20, 20, 1},
    {"yolov8n", 80, 80, 20, 20, 1},    {"unet", 3, 32, 256, 256, 1},      {"unet", 32, 32, 256, 256, 1},
    {"unet", 64, 64, 128, 128, 1},     {"unet", 32, 64, 128, 128, 1},     {"unet", 64, 128, 64, 64, 1},
    {"unet", 128, 128, 64, 64, 1},     {"unet", 128, 256, 32, 32, 1},     {"unet", 256, 256, 32, 32, 1},
    {"unet", 256, 512, 16, 16, 1},     {"unet", 512, 512, 16, 16, 1},     {"unet", 512, 256, 32, 32, 1},
    {"unet", 256, 128, 64, 64, 1},     {"unet", 128, 64, 128, 128, 1},    {"unet", 64, 32, 256, 256, 1},
    {"vgg16", 64, 64, 224, 224, 1},    {"vgg16", 256, 256, 56, 56, 1},    {"vgg16", 512, 512, 28, 28, 1},
    {"vgg16", 512, 512, 14, 14, 1},    {"odd", 48, 96, 30, 41, 1},        {"odd", 100, 100, 17, 23, 1},
    {"odd", 24, 40, 75, 75, 1},        {"odd", 36, 36, 9, 9, 8},          {"odd", 192, 48, 13, 13, 1},
    {"odd", 1024, 1024, 7, 7, 1},
};

struct Candidate {
  const char* name;
  std::unique_ptr<Kernel> kernel;
  std::shared_ptr<void> workspace;
  std::vector<double> best;  // milliseconds for each number of threads
};

// A layer and the kernels that compute it, channels last.
struct Bench {
  Tensor x, w, b, y;
  Node node;
  std::vector<Operand> in, out;
  PackCache packs;
  std::vector<Candidate> list;

  Bench(const Layer& s, float lo, bool relu, const std::vector<int64_t>& tiles, size_t threads)
      : x(filled({s.batch, s.channels, s.height, s.width}, lo, 1)),
        w(filled({s.filters, s.channels, 3, 3}, -1, 1)),
        b(filled({s.filters}, -1, 1)),
        y(filled({s.batch, s.filters, s.height, s.width}, 0, 1)) {
    node.op = &ops::get("FusedConv", "lite");
    node.set("pads", std::vector<int64_t>{1, 1, 1, 1});
    if (relu) node.set("activation", std::string("Relu"));
    node.in = {0, 1, 2};
    node.out = {3};
    in = {{DType::kF32, x.dims(), Layout::kChannelsLast},
          {DType::kF32, w.dims(), Layout::kPlain, &w},
          {DType::kF32, b.dims(), Layout::kPlain, &b}};
    out = {{DType::kF32, y.dims(), Layout::kChannelsLast}};
    const NodeQuery q = query();
    for (const KernelDef* k : kernels::all())
      if (std::strcmp(k->name, "fused_conv:onednn") == 0 && k->rejects(q) == nullptr)
        add("direct", k->make(q, packs), threads);
    for (const int64_t m : tiles) add(m == 2 ? "F(2)" : "F(4)", simd::make_winograd(q, packs, m), threads);
  }
  NodeQuery query() const { return {node, in, out, {}}; }
  void run(const Candidate& c, int threads) {
    void* const table[] = {x.mutable_raw(), w.mutable_raw(), b.mutable_raw(), y.mutable_raw()};
    const uint32_t ids[] = {0, 1, 2, 3};
    const Parallel parallel{threads};
    const Launch launch{table, ids, ids + 3, c.workspace.get(), &parallel};
    if (!c.kernel->run(launch).is_ok()) std::abort();
  }

 private:
  void add(const char* name, Result<std::unique_ptr<Kernel>> made, size_t threads) {
    if (!made.is_ok()) return;
    Candidate c{name, std::move(made).value(), nullptr, std::vector<double>(threads, 1e9)};
    c.workspace = PackCache::allocate(c.kernel->workspace_bytes()).value().data;
    list.push_back(std::move(c));
  }
};

void print(const Layer& s) {
  std::printf("%-9s %4d %4d %3dx%3d b%d", s.network, static_cast<int>(s.channels),
              static_cast<int>(s.filters), static_cast<int>(s.height), static_cast<int>(s.width),
              static_cast<int>(s.batch));
}

void measure(const Layer& s, int repeats, const std::vector<int>& threads,
             const std::vector<int64_t>& tiles) {
  Bench bench(s, -1, true, tiles, threads.size());
  for (int r = 0; r < repeats; ++r)
    for (Candidate& c : bench.list)
      for (size_t t = 0; t < threads.size(); ++t) {
        fill_l2();
        const double begin = now(threads[t]);
        bench.run(c, threads[t]);
        c.best[t] = std::min(c.best[t], now(threads[t]) - begin);
      }
  const double gflop = 18e-9 * static_cast<double>(s.channels * s.filters * s.height * s.width * s.batch);
  print(s);
  const int64_t chosen = simd::winograd_tile(bench.query());
  std::printf("  %s", chosen == 0 ? "direct" : chosen == 2 ? "F(2)  " : "F(4)  ");
  for (size_t t = 0; t < threads.size(); ++t) {
    std::printf("  | %dT", threads[t]);
    for (const Candidate& c : bench.list)
      std::printf("  %s %8.3f ms %5.0f", c.name, c.best[t], gflop / c.best[t] * 1e3);
    for (size_t i = 1; i < bench.list.size(); ++i)
      std::printf("  x%.2f", bench.list[0].best[t] / bench.list[i].best[t]);
  }
  std::printf("\n");
  std::fflush(stdout);
}

// One element of the exact result.
double exact(const Layer& s, const Bench& bench, int64_t n, int64_t m, int64_t h, int64_t w) {
  double sum = static_cast<double>(bench.b.data<float>()[m]);
  for (int64_t c = 0; c < s.channels; ++c)
    for (int64_t kh = 0; kh < 3; ++kh)
      for (int64_t kw = 0; kw < 3; ++kw) {
        const int64_t ih = h + kh - 1, iw = w + kw - 1;
        if (ih < 0 || ih >= s.height || iw < 0 || iw >= s.width) continue;
        // The kernels take x as it is for an image whose channels are last.
        sum += static_cast<double>(
                   bench.x.data<float>()[((n * s.height + ih) * s.width + iw) * s.channels + c]) *
               static_cast<double>(bench.w.data<float>()[((m * s.channels + c) * 3 + kh) * 3 + kw]);
      }
  return sum;
}

void errors(const Layer& s) {
  print(s);
  for (const float lo : {-1.0f, 0.0f}) {
    Bench bench(s, lo, false, {2, 4}, 1);
    std::printf("  | [%.0f,1]", static_cast<double>(lo));
    for (const Candidate& c : bench.list) {
      bench.run(c, 1);
      std::mt19937 engine(1);
      double largest = 0, worst = 0;
      for (int i = 0; i < 2000; ++i) {
        const auto below = [&](int64_t end) {
          return static_cast<int64_t>(engine() % static_cast<uint64_t>(end));
        };
        const int64_t n = below(s.batch), m = below(s.filters), h = below(s.height), w = below(s.width);
        const double want = exact(s, bench, n, m, h, w);
        const double got =
            static_cast<double>(bench.y.data<float>()[((n * s.height + h) * s.width + w) * s.filters + m]);
        largest = std::max(largest, std::fabs(want));
        worst = std::max(worst, std::fabs(got - want));
      }
      std::printf("  %s %.1e", c.name, worst / largest);
    }
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  int repeats = 10;
  std::vector<int> threads{1, 2};
  std::vector<int64_t> tiles{2, 4};
  std::vector<Layer> layers;
  bool accuracy = false;
  for (int i = 1; i < argc; ++i) {
    int c = 0, m = 0, h = 0, w = 0, n = 0;
    if (std::strncmp(argv[i], "--repeats=", 10) == 0) {
      repeats = std::atoi(argv[i] + 10);
    } else if (std::strncmp(argv[i], "--threads=", 10) == 0) {
      threads = {std::atoi(argv[i] + 10)};
    } else if (std::strcmp(argv[i], "--errors") == 0) {
      accuracy = true;
    } else if (std::strncmp(argv[i], "--tiles=", 8) == 0) {
      tiles = {std::atoi(argv[i] + 8)};
    } else if (std::sscanf(argv[i], "%d,%d,%d,%d,%d", &c, &m, &h, &w, &n) == 5) {
      layers.push_back({"", c, m, h, w, n});
    } else {
      std::fprintf(stderr,
                   "usage: winograd [--errors] [--repeats=N] [--threads=N] [--tiles=2|4] [C,M,H,W,N ...]\n");
      return 2;
    }
  }
  if (layers.empty()) layers.assign(std::begin(kLayers), std::end(kLayers));
  if (!accuracy) std::printf("%s; milliseconds and GFLOP/s of the direct sum\n", cpu_isa_name().c_str());
  for (const Layer& l : layers)
    if (accuracy)
      errors(l);
    else
      measure(l, repeats, threads, tiles);
  return 0;
}
