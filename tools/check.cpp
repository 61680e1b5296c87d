// lite check: would a model load? Nothing is packed or run.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

void check_models(const Common& a) {
  Net net;
  a.prepare(net);
  const auto key = a.key();
  const LiteLoadOptions options = key->load_options();
  const int status = LITE_check_model(net.get(), a.model.c_str(), &options);
  const std::string reason = status == LITE_OK ? "" : LITE_get_last_error();
  if (a.json)
    std::printf(
        "%s\n",
        nlohmann::json{{"model", a.model}, {"ok", status == LITE_OK}, {"error", reason}}.dump(2).c_str());
  check_file(status, a.model);
  if (!a.json) std::printf("%s: ok\n", a.model.c_str());
}

}  // namespace

void add_check(CommandLine& line) {
  auto args = std::make_shared<Common>();
  Command command = line.add_subcommand("check", "Tell whether a model would load");
  args->add_to(command, false);
  command.callback([args] { check_models(*args); });
}

}  // namespace tool
