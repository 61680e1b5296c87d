// lite bench: how long a run takes, and where the time goes.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Args {
  Common common;
  Inputs inputs;
  int iterations = 0;
  int warm_up = 3;
  double seconds = 3;
  std::string trace;
  bool table = false;
};

void bench(const Args& a) {
  const auto loading = Clock::now();
  Net net;
  a.common.load(net);
  const double load_ms = ms_since(loading);
  a.inputs.fill(net);
  const auto first = Clock::now();
  net.run();
  const double first_ms = ms_since(first);
  for (int i = 1; i < a.warm_up; ++i) net.run();

  std::vector<double> ms;
  const auto begin = Clock::now();
  const bool progress = is_terminal(STDERR_FILENO) && !a.common.json;
  auto shown = begin;
  while (a.iterations > 0 ? static_cast<int>(ms.size()) < a.iterations
                          : ms_since(begin) < 1000 * a.seconds || ms.size() < 3) {
    const auto t = Clock::now();
    net.run();
    ms.push_back(ms_since(t));
    if (progress && ms_since(shown) > 200) {
      std::fprintf(stderr, "\r%zu runs, %.1f s", ms.size(), ms_since(begin) / 1000);
      shown = Clock::now();
    }
  }
  if (progress) std::fprintf(stderr, "\r\033[K");
  std::sort(ms.begin(), ms.end());
  const auto quantile = [&](double q) {
    return ms[std::min(ms.size() - 1, static_cast<size_t>(q * static_cast<double>(ms.size())))];
  };

  // The profile comes from runs of its own, so that it does not slow the measured ones.
  nlohmann::json profile;
  std::string table;
  if (a.table || !a.trace.empty() || a.common.json) {
    check(LITE_set_profiling(net.get(), 1));
    const int runs = std::clamp(static_cast<int>(500 / std::max(1e-3, quantile(0.5))), 3, 100);
    for (int i = 0; i < runs; ++i) net.run();
    table = net.profile("table");
    profile = nlohmann::json::parse(net.profile("json"));
    if (!a.trace.empty()) {
      std::ofstream f(a.trace);
      f << net.profile("trace");
      if (!f.flush()) throw Failure(kFile, "'" + a.trace + "': cannot be written");
    }
  }
  const LiteStatistics s = net.statistics();
  if (a.common.json) {
    std::printf("%s\n", nlohmann::json{{"model", a.common.model},
                                       {"threads", s.threads},
                                       {"load_ms", load_ms},
                                       {"first_ms", first_ms},
                                       {"runs", ms.size()},
                                       {"min_ms", ms.front()},
                                       {"median_ms", quantile(0.5)},
                                       {"p99_ms", quantile(0.99)},
                                       {"weight_bytes", s.weight_bytes},
                                       {"packed_weight_bytes", s.packed_weight_bytes},
                                       {"arena_bytes", s.arena_bytes},
                                       {"build", LITE_get_build_info()},
                                       {"profile", profile}}
                            .dump(2)
                            .c_str());
    return;
  }
  std::printf("%s  lite %s, %s\n", a.common.model.c_str(), build_info("version").c_str(),
              build_info("cpu-isa").c_str());
  std::printf("threads %u  load %.1f ms  first run %.1f ms\n", s.threads, load_ms, first_ms);
  std::printf("runs %zu  min %.4f ms  median %.4f ms  p99 %.4f ms\n", ms.size(), ms.front(), quantile(0.5),
              quantile(0.99));
  std::printf("weights %s  packed %s  arena %s\n", human_bytes(static_cast<double>(s.weight_bytes)).c_str(),
              human_bytes(static_cast<double>(s.packed_weight_bytes)).c_str(),
              human_bytes(static_cast<double>(s.arena_bytes)).c_str());
  if (a.table) std::printf("\n%s", table.c_str());
}

}  // namespace

void add_bench(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command = line.add_subcommand("bench", "Measure how long runs take");
  args->common.add_to(command, true);
  args->inputs.add_to(command);
  command.option("-n,--iters", args->iterations, "Runs to measure; 0 = for --seconds").at_least_zero();
  command.option("--seconds", args->seconds, "How long to measure when --iters is 0").positive();
  command.option("--warmup", args->warm_up, "Runs before measuring").positive();
  command.option("--profile", args->trace, "Write a trace for Chrome's trace viewer to this file");
  command.flag("--table", args->table, "Print a line per node: time, rate, share of the machine's limit");
  command.callback([args] { bench(*args); });
}

}  // namespace tool
