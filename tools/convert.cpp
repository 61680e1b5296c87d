// lite convert: writes a model as ONNX.

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Args {
  std::string model, output, key_file, external_name;
  std::vector<std::string> shapes, operators;
  int opset = 0;
  bool external = false, fixed = false, own_domain = false, as_is = false, json = false;
};

int show_progress(void*, uint64_t written, uint64_t total) {
  std::fprintf(stderr, "\rwriting %s of %s\033[K", human_bytes(static_cast<double>(written)).c_str(),
               human_bytes(static_cast<double>(total)).c_str());
  return 0;
}

void convert(const Args& a) {
  load_operators(a.operators);
  const Shapes shapes(a.shapes);
  const std::unique_ptr<const Key> key =
      a.key_file.empty() ? std::make_unique<const Key>() : std::make_unique<const Key>(a.key_file);
  const LiteLoadOptions load = key->load_options();
  LiteConvertOptions o = LITE_CONVERT_OPTIONS_INIT;
  if (a.external || !a.external_name.empty()) o.flags |= LITE_CONVERT_EXTERNAL_DATA;
  if (a.fixed) o.flags |= LITE_CONVERT_FIXED_SHAPES;
  if (a.own_domain) o.flags |= LITE_CONVERT_OWN_DOMAIN;
  if (a.as_is) o.flags |= LITE_CONVERT_AS_IS;
  o.opset = a.opset;
  o.external_data = a.external_name.empty() ? nullptr : a.external_name.c_str();
  o.load = &load;
  o.shapes = shapes.list.data();
  o.shape_count = shapes.list.size();
  const bool progress = is_terminal(STDERR_FILENO) && !a.json;
  if (progress) o.progress = show_progress;
  char* text = nullptr;
  const int status = LITE_convert_model(a.model.c_str(), a.output.c_str(), &o, &text);
  if (progress) std::fprintf(stderr, "\r\033[K");
  check_file(status, a.model);
  nlohmann::json report = nlohmann::json::parse(take(text));
  report["model"] = a.model;
  report["output"] = a.output;
  if (a.json) {
    std::printf("%s\n", report.dump(2).c_str());
    return;
  }
  const std::string external = report["external_data"];
  std::printf("%s: opset %d, %d nodes, %s", a.output.c_str(), report["opset"].get<int>(),
              report["nodes"].get<int>(), human_bytes(report["bytes"].get<double>()).c_str());
  if (!external.empty())
    std::printf("; %s: %s", external.c_str(), human_bytes(report["external_bytes"].get<double>()).c_str());
  std::printf("\n");
}

}  // namespace

void add_convert(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command = line.add_subcommand("convert", "Write a model as ONNX");
  command.option("model", args->model, "Model file, of any format that can be loaded").required();
  command.option("-o,--output", args->output, "File to write: ONNX").required();
  command.option("--opset", args->opset,
                 "Of ONNX; without it the oldest, from 13 on, that can say the model");
  command.flag("--external-data", args->external,
               "Put constants into a file beside the model, as is always done above 2 GB");
  command.option("--external-name", args->external_name,
                 "That file's name; without it the model's and \".data\"");
  command.option("-s,--shape", args->shapes, "NAME=1,3,224,224: shape that an input has from now on");
  command.flag("--fixed-shapes", args->fixed, "Inputs have the sizes that the file was made with");
  command.flag("--own-domain", args->own_domain,
               "Write operators that ONNX has no word for all the same, for this library alone");
  command.flag("--as-is", args->as_is, "Do not calculate what is constant");
  command.option("--key-file", args->key_file, "Key of an encrypted model: bytes, or hexadecimal digits");
  add_operators(command, args->operators);
  command.flag("--json", args->json, "Print JSON");
  command.callback([args] { convert(*args); });
}

}  // namespace tool
