// The subcommands. Each adds itself to the command line and runs when chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tools/net.h"

namespace tool {

// What every subcommand that loads a model takes.
struct Common {
  std::string model;
  std::vector<std::string> options, operators;
  int threads = 0;
  bool json = false;

  void add_to(CLI::App& app, bool with_threads);
  // The libraries of operators, and the settings but for the threads.
  void prepare(Net& net) const;
  // The same, and the model.
  void load(Net& net) const;
};

// "--operators", for a subcommand; and what it does.
void add_operators(CLI::App& app, std::vector<std::string>& paths);
void load_operators(const std::vector<std::string>& paths);

// Inputs as given on the command line: "name=source", or just "source" for the only one.
struct Inputs {
  std::vector<std::string> given;
  std::vector<std::string> shapes;  // "name=1,3,224,224"
  bool imagenet = false;
  uint32_t seed = 1;

  void add_to(CLI::App& app);
  // Copies them into the network's tensors; those not given are random.
  void fill(const Net& net) const;
};

void add_run(CLI::App& app);
void add_bench(CLI::App& app);
void add_info(CLI::App& app);
void add_graph(CLI::App& app);
void add_check(CLI::App& app);
void add_ops(CLI::App& app);

}  // namespace tool
