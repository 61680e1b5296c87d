// How the subcommands declare themselves and their options. CLI11 is all in headers, and takes longer to
// compile than any subcommand: command_line.cpp alone includes it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace tool {

// What was declared last, to say more of it.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(option) {}

  Option& required();
  Option& at_least_zero();
  Option& positive();
  Option& between(int least, int most);
  // Given again, the last one counts.
  Option& take_last();
  // It takes one word each time, not all that follow.
  Option& one_word();
  // The heading of the help that it is under.
  Option& group(const std::string& name);

 private:
  CLI::Option& option_;
};

// A subcommand. It holds references to the values: they live as long as the command line.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(app) {}

  // `names`: "-o,--output"; without a hyphen it is an argument by its place.
  Option option(const std::string& names, std::string& value, const std::string& what);
  Option option(const std::string& names, std::vector<std::string>& value, const std::string& what);
  Option option(const std::string& names, int& value, const std::string& what);
  Option option(const std::string& names, int64_t& value, const std::string& what);
  Option option(const std::string& names, uint32_t& value, const std::string& what);
  Option option(const std::string& names, double& value, const std::string& what);
  Option flag(const std::string& names, bool& value, const std::string& what);
  void remove_option(const std::string& name);
  // Another name of the subcommand.
  void alias(const std::string& name);
  // What it does.
  void callback(std::function<void()> run);

 private:
  CLI::App& app_;
};

class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& what, const char* (*version)());
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  Command add_subcommand(const std::string& name, const std::string& what);
  // Runs the subcommand that the words are for. False when there is none, or they are wrong: that is printed.
  bool run(std::vector<std::string> words);

 private:
  std::unique_ptr<CLI::App> app_;
};

std::vector<std::string> split(const std::string& text, char separator);
// A whole number as options take it; none when the text is something else.
std::optional<int64_t> to_number(const std::string& text);

}  // namespace tool
