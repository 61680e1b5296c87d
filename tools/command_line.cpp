#include "tools/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

namespace tool {

Option& Option::required() {
  option_.required();
  return *this;
}

Option& Option::at_least_zero() {
  option_.check(CLI::NonNegativeNumber);
  return *this;
}

Option& Option::positive() {
  option_.check(CLI::PositiveNumber);
  return *this;
}

Option& Option::between(int least, int most) {
  option_.check(CLI::Range(least, most));
  return *this;
}

Option& Option::take_last() {
  option_.take_last();
  return *this;
}

Option& Option::one_word() {
  option_.allow_extra_args(false);
  return *this;
}

Option& Option::group(const std::string& name) {
  option_.group(name);
  return *this;
}

Option Command::option(const std::string& names, std::string& value, const std::string& what) {
  return Option(*app_.add_option(names, value, what));
}

Option Command::option(const std::string& names, std::vector<std::string>& value, const std::string& what) {
  return Option(*app_.add_option(names, value, what));
}

Option Command::option(const std::string& names, int& value, const std::string& what) {
  return Option(*app_.add_option(names, value, what));
}

Option Command::option(const std::string& names, int64_t& value, const std::string& what) {
  return Option(*app_.add_option(names, value, what));
}

Option Command::option(const std::string& names, uint32_t& value, const std::string& what) {
  return Option(*app_.add_option(names, value, what));
}

Option Command::option(const std::string& names, double& value, const std::string& what) {
  return Option(*app_.add_option(names, value, what));
}

Option Command::flag(const std::string& names, bool& value, const std::string& what) {
  return Option(*app_.add_flag(names, value, what));
}

void Command::remove_option(const std::string& name) { app_.remove_option(app_.get_option(name)); }

void Command::alias(const std::string& name) { app_.alias(name); }

void Command::callback(std::function<void()> run) { app_.callback(std::move(run)); }

CommandLine::CommandLine(const std::string& name, const std::string& what, const char* (*version)())
    : app_(std::make_unique<CLI::App>(what)) {
  app_->name(name);
  app_->require_subcommand(1);
  app_->set_version_flag("--version", [version] { return std::string(version()); });
}

CommandLine::~CommandLine() = default;

Command CommandLine::add_subcommand(const std::string& name, const std::string& what) {
  return Command(*app_->add_subcommand(name, what));
}

bool CommandLine::run(std::vector<std::string> words) {
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app_->parse(std::move(words));
  } catch (const CLI::ParseError& e) {
    return app_->exit(e) == 0;
  }
  return true;
}

std::vector<std::string> split(const std::string& text, char separator) {
  return CLI::detail::split(text, separator);
}

std::optional<int64_t> to_number(const std::string& text) {
  int64_t number = 0;
  if (!CLI::detail::lexical_cast(text, number)) return std::nullopt;
  return number;
}

}  // namespace tool
