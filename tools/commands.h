// The subcommands. Each adds itself to the command line and runs when chosen.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tools/command_line.h"
#include "tools/net.h"

namespace tool {

// What every subcommand that loads a model takes.
struct Common {
  std::string model;
  std::string key_file, tuned;
  std::vector<std::string> options, operators;
  int threads = 0;
  bool json = false;

  void add_to(Command& command, bool with_threads);
  std::unique_ptr<const Key> key() const;
  // The libraries of operators, and the settings but for the threads.
  void prepare(Net& net) const;
  // The same, and the model.
  void load(Net& net) const;
};

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point t);

// "--operators", for a subcommand; and what it does.
void add_operators(Command& command, std::vector<std::string>& paths);
void load_operators(const std::vector<std::string>& paths);

// "1,3,224,224" or "1x3x224x224", a part of that argument.
std::vector<int64_t> parse_dims(const std::string& argument, const std::string& list);

// Arguments "name=1,3,224,224" as the C API takes them.
struct Shapes {
  explicit Shapes(const std::vector<std::string>& arguments);
  Shapes(const Shapes&) = delete;
  Shapes& operator=(const Shapes&) = delete;

  std::vector<std::string> names;
  std::vector<std::vector<int64_t>> dims;
  std::vector<LiteInputShape> list;
};

// Inputs as given on the command line: "name=source", or just "source" for the only one.
struct Inputs {
  std::vector<std::string> given;
  std::vector<std::string> shapes;  // "name=1,3,224,224"
  bool imagenet = false;
  uint32_t seed = 1;

  void add_to(Command& command);
  // Copies them into the network's tensors; those not given are random.
  void fill(const Net& net) const;
};

void add_run(CommandLine& line);
void add_bench(CommandLine& line);
void add_info(CommandLine& line);
void add_graph(CommandLine& line);
void add_check(CommandLine& line);
void add_convert(CommandLine& line);
void add_compile(CommandLine& line);
void add_ops(CommandLine& line);
void add_pack(CommandLine& line);
void add_tune(CommandLine& line);
void add_load_and_run(CommandLine& line);
// True when arguments such as "-iter" are options of this subcommand, as gflags has them, not "-i -t -e -r".
bool takes_single_dash(const char* subcommand);

// "pack    'xor': model by AES_256_GCM, ..." from LITE_describe_pack's JSON; "" for what is neither packed
// nor encrypted.
std::string pack_line(const std::string& description);

}  // namespace tool
