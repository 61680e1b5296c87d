// lite ops: the operators that models may have.

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Wish {
  std::vector<std::string> names, operators;
  bool json = false;
};

std::string joined(const nlohmann::json& words, const char* between) {
  std::string text;
  for (const auto& w : words) text += (text.empty() ? "" : between) + w.get<std::string>();
  return text;
}

// Element types of the first input, or of the output of an operator without any.
std::string types_of(const nlohmann::json& op) {
  const auto& operands = op["inputs"].empty() ? op["outputs"] : op["inputs"];
  return operands.empty() ? "" : joined(operands[0]["types"], " ");
}

void list_operators(const Wish& wish) {
  load_operators(wish.operators);
  char* text = nullptr;
  check(LITE_get_operators(&text));
  const nlohmann::json all = nlohmann::json::parse(text);
  LITE_free_string(text);
  nlohmann::json chosen = nlohmann::json::array();
  for (const auto& op : all)
    if (wish.names.empty() || std::find(wish.names.begin(), wish.names.end(), op["name"]) != wish.names.end())
      chosen.push_back(op);
  for (const std::string& name : wish.names)
    if (std::none_of(chosen.begin(), chosen.end(), [&](const auto& op) { return op["name"] == name; }))
      throw Failure(kRefused, "there is no operator '" + name + "'");
  if (wish.json) {
    std::printf("%s\n", chosen.dump(2).c_str());
    return;
  }
  for (const auto& op : chosen) {
    const std::string domain = op["domain"].get<std::string>();
    std::printf("%-28s %-14s", op["name"].get<std::string>().c_str(),
                domain.empty() ? "ai.onnx" : domain.c_str());
    if (op.contains("replaced"))
      std::printf("     replaced by others\n");
    else
      std::printf(" %3d  %-36s  %s\n", op["since"].get<int>(),
                  op.contains("registered") ? "registered"
                  : op["kernels"].empty()   ? "reference"
                                            : joined(op["kernels"], " ").c_str(),
                  types_of(op).c_str());
  }
}

}  // namespace

void add_ops(CommandLine& line) {
  auto wish = std::make_shared<Wish>();
  Command command = line.add_subcommand(
      "ops", "List operators: domain, the opset that changed them last, kernels, element types");
  command.option("names", wish->names, "Only these");
  add_operators(command, wish->operators);
  command.flag("--json", wish->json, "Print JSON");
  command.callback([wish] { list_operators(*wish); });
}

}  // namespace tool
