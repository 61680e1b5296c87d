// lite compile: writes a model ready to run.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Args {
  std::string model, output;
  std::vector<std::string> shapes, operators;
  bool no_winograd = false, reproducible = false, json = false;
};

void compile(const Args& a) {
  load_operators(a.operators);
  const Shapes shapes(a.shapes);
  LiteCompileOptions o = LITE_COMPILE_OPTIONS_INIT;
  if (a.no_winograd) o.flags |= LITE_COMPILE_NO_WINOGRAD;
  if (a.reproducible) o.flags |= LITE_COMPILE_REPRODUCIBLE;
  o.shapes = shapes.list.data();
  o.shape_count = shapes.list.size();
  char* text = nullptr;
  check_file(LITE_compile_model(a.model.c_str(), a.output.c_str(), &o, &text), a.model);
  nlohmann::json report = nlohmann::json::parse(take(text));
  report["model"] = a.model;
  report["output"] = a.output;
  if (a.json) {
    std::printf("%s\n", report.dump(2).c_str());
    return;
  }
  const auto bytes = [&](const char* what) { return human_bytes(report[what].get<double>()); };
  std::printf("%s: %s, of which constants %s, %d packings %s\n", a.output.c_str(), bytes("bytes").c_str(),
              bytes("constants").c_str(), report["packings"].get<int>(), bytes("packed").c_str());
  for (const auto& set : report["shapes"]) std::printf("for %s\n", set.dump().c_str());
  if (report["shapes"].empty())
    std::printf(
        "for no shapes: the model does not declare those of all inputs, and none were given (--input)\n");
}

}  // namespace

void add_compile(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command =
      line.add_subcommand("compile", "Write a model ready to run, for this build and processor");
  command.option("model", args->model, "Model file, of any format that can be loaded").required();
  command.option("-o,--output", args->output, "File to write, such as model.lite").required();
  command.option("-s,--shape,--input", args->shapes,
                 "NAME=1x3x224x224: shape to compile it for; the same input again begins another set");
  command.flag("--no-winograd", args->no_winograd, "For networks that run with winograd=off");
  command.flag("--reproducible", args->reproducible, "For networks that run reproducibly");
  add_operators(command, args->operators);
  command.flag("--json", args->json, "Print JSON");
  command.callback([args] { compile(*args); });
}

}  // namespace tool
