// Which layout is best for convolutions: every convolution of well-known networks, in each layout, at 1 and 2
// threads.
//
//   onednn_layouts [network...]
//
// LITE_CPU_MASK chooses the instruction sets. Prints milliseconds for one pass over all convolutions of a
// network and, with
// --verbose, each convolution with the implementation that oneDNN picks. Reorders are not counted: a network
// that stays in one layout needs none but at its ends. The layouts of one convolution are timed in turns, so
// that what else the machine does falls on all of them alike.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/kernels/cpu/onednn_runtime.h"

namespace {

using namespace lite;
using dnnl::memory;

struct Conv {
  int64_t ic, size, oc, k, stride, groups;
  auto operator<=>(const Conv&) const = default;
};
using Network = std::map<Conv, int>;  // how often each occurs

struct Builder {
  Network convs;
  int64_t c = 3, size = 224;
  void conv(int64_t oc, int64_t k, int64_t stride = 1, int64_t groups = 1) {
    ++convs[{c, size, oc, k, stride, groups}];
    c = oc;
    size = (size + stride - 1) / stride;
  }
  void depthwise(int64_t k, int64_t stride) { conv(c, k, stride, c); }
};

Network resnet50() {
  Builder b;
  b.conv(64, 7, 2);
  b.size = 56;
  const int64_t widths[] = {64, 128, 256, 512};
  const int blocks[] = {3, 4, 6, 3};
  for (int stage = 0; stage < 4; ++stage)
    for (int i = 0; i < blocks[stage]; ++i) {
      const int64_t stride = stage > 0 && i == 0 ? 2 : 1, w = widths[stage];
      if (i == 0) {
        Builder shortcut = b;
        shortcut.conv(4 * w, 1, stride);
        b.convs = shortcut.convs;
      }
      b.conv(w, 1);
      b.conv(w, 3, stride);
      b.conv(4 * w, 1);
    }
  return b.convs;
}

Network mobilenet_v2() {
  Builder b;
  b.conv(32, 3, 2);
  const int64_t rows[][4] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                             {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  for (const auto& [t, c, n, s] : rows)
    for (int64_t i = 0; i < n; ++i) {
      if (t != 1) b.conv(b.c * t, 1);
      b.depthwise(3, i == 0 ? s : 1);
      b.conv(c, 1);
    }
  b.conv(1280, 1);
  return b.convs;
}

Network shufflenet_v2() {
  Builder b;
  b.conv(24, 3, 2);
  b.size = 56;
  const int64_t rows[][2] = {{116, 4}, {232, 8}, {464, 4}};
  for (const auto& [c, n] : rows)
    for (int64_t i = 0; i < n; ++i) {
      const int64_t half = c / 2;
      if (i == 0) {
        Builder other = b;
        other.depthwise(3, 2);
        other.conv(half, 1);
        b.convs = other.convs;
      } else {
        b.c = half;
      }
      b.conv(half, 1);
      b.depthwise(3, i == 0 ? 2 : 1);
      b.conv(half, 1);
      b.c = c;
    }
  b.conv(1024, 1);
  return b.convs;
}

Network efficientnet_b0() {
  Builder b;
  b.conv(32, 3, 2);
  const int64_t rows[][5] = {{1, 3, 1, 16, 1},  {6, 3, 2, 24, 2},  {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3},
                             {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1}};
  for (const auto& [t, k, s, c, n] : rows)
    for (int64_t i = 0; i < n; ++i) {
      if (t != 1) b.conv(b.c * t, 1);
      b.depthwise(k, i == 0 ? s : 1);
      b.conv(c, 1);
    }
  b.conv(1280, 1);
  return b.convs;
}

Network yolov8n() {
  Builder b;
  b.size = 640;
  const auto c2f = [&](int64_t c, int n) {
    b.conv(c, 1);
    b.c = c / 2;
    for (int i = 0; i < 2 * n; ++i) b.conv(c / 2, 3);
    b.c = (2 + n) * c / 2;
    b.conv(c, 1);
  };
  const auto down = [&](int64_t c) { b.conv(c, 3, 2); };
  down(16), down(32), c2f(32, 1), down(64), c2f(64, 2), down(128), c2f(128, 2), down(256), c2f(256, 1);
  b.conv(128, 1), b.c = 512, b.conv(256, 1);
  b.c = 384, b.size = 40, c2f(128, 1);
  b.c = 192, b.size = 80, c2f(64, 1), down(64);
  b.c = 192, c2f(128, 1), down(128), b.c = 384, c2f(256, 1);
  const int64_t levels[][2] = {{64, 80}, {128, 40}, {256, 20}};
  for (const auto& [c, size] : levels)
    for (const int64_t width : {64, 80}) {
      b.c = c, b.size = size;
      b.conv(width, 3), b.conv(width, 3), b.conv(width, 1);
    }
  return b.convs;
}

Network unet() {
  Builder b;
  b.size = 256;
  const auto twice = [&](int64_t c) { b.conv(c, 3), b.conv(c, 3); };
  twice(32);
  for (const int64_t c : {64, 128, 256, 512}) b.size /= 2, twice(c);
  for (const int64_t c : {256, 128, 64, 32}) b.size *= 2, b.c = 2 * c, twice(c);
  b.conv(2, 1);
  return b.convs;
}

struct Buffers {
  std::vector<std::shared_ptr<void>> held;
  void* get(size_t bytes) {
    const auto packed = PackCache::allocate(bytes).value();
    auto* const f = static_cast<float*>(packed.data.get());
    for (size_t i = 0; i < bytes / sizeof(float); ++i) f[i] = static_cast<float>(i % 13) * 0.1f - 0.5f;
    held.push_back(packed.data);
    return packed.data.get();
  }
};

struct Candidate {
  std::unique_ptr<onednn::Exec> exec;
  std::vector<const void*> pointers;
  std::string impl;
  double best[2] = {1e9, 1e9};  // milliseconds at 1 and 2 threads
};

Candidate prepare(const Conv& c, Layout from, Layout to, Buffers& buffers) {
  const int64_t pad = c.k / 2, out = (c.size + 2 * pad - c.k) / c.stride + 1;
  const Operand x{DType::kF32, {1, c.ic, c.size, c.size}, from}, y{DType::kF32, {1, c.oc, out, out}, to};
  memory::dims w{c.oc, c.ic, c.k, c.k};
  if (c.groups > 1) w = {c.groups, c.oc / c.groups, c.ic / c.groups, c.k, c.k};
  const memory::desc bias({c.oc}, memory::data_type::f32, memory::format_tag::a);
  auto attr = onednn::base_attr();
  dnnl::post_ops ops;
  ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
  attr.set_post_ops(ops);
  Candidate made;
  auto done = onednn::guarded("conv", onednn::Work::kImage, [&]() -> Status {
    const dnnl::convolution_forward::primitive_desc pd(
        onednn::engine(), dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
        onednn::descriptor(x), onednn::any_descriptor(DType::kF32, w), bias, onednn::descriptor(y),
        memory::dims{c.stride, c.stride}, memory::dims{0, 0}, memory::dims{pad, pad}, memory::dims{pad, pad},
        attr);
    made.impl = pd.impl_info_str();
    if (!onednn::is_fast(pd)) return ok();
    made.exec = std::make_unique<onednn::Exec>(
        dnnl::convolution_forward(pd), std::vector<onednn::Exec::Arg>{{DNNL_ARG_SRC, pd.src_desc()},
                                                                      {DNNL_ARG_WEIGHTS, pd.weights_desc()},
                                                                      {DNNL_ARG_BIAS, bias},
                                                                      {DNNL_ARG_DST, pd.dst_desc()}});
    made.pointers = {buffers.get(pd.src_desc().get_size()), buffers.get(pd.weights_desc().get_size()),
                     buffers.get(bias.get_size()), buffers.get(pd.dst_desc().get_size()),
                     buffers.get(made.exec->scratchpad_bytes())};
    return ok();
  });
  if (!done.is_ok()) made.impl = done.message();
  return made;
}

double milliseconds(const Candidate& c, int threads) {
  using Clock = std::chrono::steady_clock;
  const Parallel parallel{threads};
  const auto begin = Clock::now();
  if (!c.exec->run(c.pointers, parallel).is_ok()) std::abort();
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

constexpr Layout kLayouts[] = {Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16, Layout::kPlain};

void measure(const char* name, const Network& network, bool verbose, int repeats) {
  double total[4][2] = {};
  bool complete[4] = {true, true, true, true};
  for (const auto& [conv, count] : network) {
    Buffers buffers;
    Candidate candidates[4];
    for (size_t i = 0; i < 4; ++i) {
      // The picture comes row-major, which the blocked kernels for few channels read; channels last need a
      // small reorder.
      const bool picture = conv.ic <= 4 && kLayouts[i] != Layout::kChannelsLast;
      candidates[i] = prepare(conv, picture ? Layout::kPlain : kLayouts[i], kLayouts[i], buffers);
    }
    for (int r = 0; r < repeats; ++r)
      for (Candidate& c : candidates)
        for (int threads = 1; threads <= 2 && c.exec; ++threads)
          for (int twice = 0; twice < 2; ++twice)  // the second finds its data in the cache
            c.best[threads - 1] = std::min(c.best[threads - 1], milliseconds(c, threads));
    const int64_t out = (conv.size + conv.stride - 1) / conv.stride;
    const double gflop =
        2e-9 * static_cast<double>(conv.oc * conv.ic / conv.groups * conv.k * conv.k * out * out);
    if (verbose)
      std::printf("%s %dx: %ldx%ld -> %ld k%ld s%ld g%ld\n", name, count, conv.ic, conv.size, conv.oc, conv.k,
                  conv.stride, conv.groups);
    for (size_t i = 0; i < 4; ++i) {
      const Candidate& c = candidates[i];
      if (!c.exec) complete[i] = false;
      for (int t = 0; t < 2; ++t) total[i][t] += c.best[t] * count;
      if (verbose)
        std::printf("  %-8s %8.3f ms %7.1f GFLOP/s  2 threads %8.3f ms  %s\n", layout_name(kLayouts[i]),
                    c.best[0], gflop / c.best[0] * 1e3, c.best[1], c.impl.c_str());
    }
  }
  for (int t = 0; t < 2; ++t) {
    std::printf("%-16s %d thread%s", name, t + 1, t == 0 ? " " : "s");
    for (size_t i = 0; i < 4; ++i) std::printf("  %8.2f%s", total[i][t], complete[i] ? "" : "!");
    std::printf("\n");
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::pair<const char*, Network (*)()> networks[] = {{"resnet50", resnet50},
                                                            {"mobilenet_v2", mobilenet_v2},
                                                            {"shufflenet_v2", shufflenet_v2},
                                                            {"efficientnet_b0", efficientnet_b0},
                                                            {"yolov8n", yolov8n},
                                                            {"unet", unet}};
  bool verbose = false;
  int repeats = 5;
  std::vector<std::string> wanted;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--verbose") == 0)
      verbose = true;
    else if (std::strncmp(argv[i], "--parts=", 8) == 0)
      onednn::set_parts(std::atoi(argv[i] + 8));
    else if (std::strncmp(argv[i], "--repeats=", 10) == 0)
      repeats = std::atoi(argv[i] + 10);
    else
      wanted.emplace_back(argv[i]);
  }
  std::printf("%s, %d parts; milliseconds\n%-26s", cpu_isa_name().c_str(),
              onednn::parts(onednn::Work::kImage), "");
  for (const Layout layout : kLayouts) std::printf("  %8s", layout_name(layout));
  std::printf("\n");
  for (const auto& [name, make] : networks)
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end())
      measure(name, make(), verbose, repeats);
  return 0;
}
