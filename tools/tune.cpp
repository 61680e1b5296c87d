// lite tune: measures which kernels are the fastest here, and keeps what it found.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Args {
  Common common;
  Inputs inputs;
  std::string output;
  double seconds = 1;
};

struct Measured {
  double ready_ms = 0, median_ms = 0;  // until the first result; of a run
  std::map<std::string, std::string> kernels;
};

Measured measure(const Args& a, bool tune) {
  Measured m;
  const auto begin = Clock::now();
  Net net;
  if (tune) net.set_option("tune=1");
  a.common.load(net);
  a.inputs.fill(net);
  net.run();
  m.ready_ms = ms_since(begin);

  std::vector<double> ms;
  const auto start = Clock::now();
  while (ms.size() < 3 || ms_since(start) < 1000 * a.seconds) {
    const auto t = Clock::now();
    net.run();
    ms.push_back(ms_since(t));
  }
  std::sort(ms.begin(), ms.end());
  m.median_ms = ms[ms.size() / 2];
  check(LITE_set_profiling(net.get(), 1));
  net.run();
  const auto profile = nlohmann::json::parse(net.profile("json"));
  for (const auto& node : profile["nodes"]) m.kernels[node["name"]] = node["kernel"];
  return m;
}

void tune(const Args& a) {
  // By rank first: the table of choices is still empty.
  const Measured ranked = measure(a, false);
  if (std::filesystem::exists(a.output)) check_file(LITE_set_persistent_cache(a.output.c_str(), 0));
  const Measured tuned = measure(a, true);
  check_file(LITE_dump_persistent_cache(a.output.c_str()));

  nlohmann::json changed = nlohmann::json::array();
  for (const auto& [node, kernel] : tuned.kernels)
    if (const auto it = ranked.kernels.find(node); it != ranked.kernels.end() && it->second != kernel)
      changed.push_back({{"node", node}, {"ranked", it->second}, {"tuned", kernel}});
  if (a.common.json) {
    std::printf("%s\n", nlohmann::json{{"model", a.common.model},
                                       {"output", a.output},
                                       {"ranked_ms", ranked.median_ms},
                                       {"tuned_ms", tuned.median_ms},
                                       {"tuning_ms", tuned.ready_ms},
                                       {"changed", changed}}
                            .dump(2)
                            .c_str());
    return;
  }
  for (const auto& c : changed)
    std::printf("%s: %s instead of %s\n", c["node"].get<std::string>().c_str(),
                c["tuned"].get<std::string>().c_str(), c["ranked"].get<std::string>().c_str());
  std::printf("%zu of %zu kernels changed; a run took %.4f ms, takes %.4f ms; tuned in %.0f ms; kept in %s\n",
              changed.size(), tuned.kernels.size(), ranked.median_ms, tuned.median_ms, tuned.ready_ms,
              a.output.c_str());
}

}  // namespace

void add_tune(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command = line.add_subcommand("tune", "Measure which kernels are the fastest on this machine");
  args->common.add_to(command, true);
  args->inputs.add_to(command);
  command.option("--to", args->output, "File for what was found, for --tuned; what it has is kept")
      .required();
  command.option("--seconds", args->seconds, "How long to measure a run before, and after").positive();
  command.callback([args] { tune(*args); });
}

}  // namespace tool
