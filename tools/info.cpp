// lite info: what a model takes, gives and consists of.

#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

nlohmann::json to_json(const std::vector<IoInfo>& infos) {
  nlohmann::json list = nlohmann::json::array();
  for (const IoInfo& i : infos) {
    nlohmann::json shape = nlohmann::json::array();
    for (size_t d = 0; d < i.dims.size(); ++d) {
      if (i.dims[d] >= 0)
        shape.push_back(i.dims[d]);
      else if (!i.dim_names[d].empty())
        shape.push_back(i.dim_names[d]);
      else
        shape.push_back(nullptr);
    }
    const char* dtype = LITE_get_dtype_name(i.dtype);
    list.push_back({{"name", i.name},
                    {"dtype", dtype != nullptr ? dtype : ""},
                    {"type", i.type},
                    {"kind", kind_name(i.kind)},
                    {"shape", i.has_rank ? shape : nlohmann::json()}});
  }
  return list;
}

nlohmann::json unsupported_of(const Net& net) {
  nlohmann::json list = nlohmann::json::array();
  size_t count = 0;
  check(LITE_get_unsupported_count(net.get(), &count));
  for (size_t i = 0; i < count; ++i) {
    LiteUnsupportedNode n = LITE_UNSUPPORTED_NODE_INIT;
    check(LITE_get_unsupported_node(net.get(), i, &n));
    list.push_back({{"name", n.name},
                    {"op", n.op_type},
                    {"domain", n.domain},
                    {"opset", n.opset},
                    {"types", n.types},
                    {"reason", n.reason}});
  }
  return list;
}

void info(const Common& a) {
  Net net;
  a.prepare(net);
  // What is around the model can be told without a key, and whatever becomes of the rest.
  char* described = nullptr;
  check_file(LITE_describe_pack(a.model.c_str(), &described), a.model);
  const std::string pack = take(described);
  if (!a.json) std::printf("%s", pack_line(pack).c_str());
  const auto opener = a.key();
  const LiteLoadOptions options = opener->load_options();
  const int status = LITE_load_model_file(net.get(), a.model.c_str(), &options);
  if (status == LITE_UNSUPPORTED) {
    const std::string reason = LITE_get_last_error();
    if (a.json)
      std::printf("%s\n",
                  nlohmann::json{{"model", a.model}, {"unsupported", unsupported_of(net)}}.dump(2).c_str());
    throw Failure(kRefused, reason);
  }
  check_file(status, a.model);
  std::error_code ignored;
  const auto bytes = std::filesystem::file_size(a.model, ignored);
  std::map<std::string, int> ops;
  const nlohmann::json graph = nlohmann::json::parse(net.graph("imported", "json"));
  for (const auto& node : graph["nodes"]) ++ops[node["op"].get<std::string>()];
  const auto metadata = net.metadata();
  const LiteStatistics s = net.statistics();
  if (a.json) {
    std::printf("%s\n", nlohmann::json{{"model", a.model},
                                       {"bytes", bytes},
                                       {"inputs", to_json(net.inputs())},
                                       {"outputs", to_json(net.outputs())},
                                       {"operators", ops},
                                       {"weight_bytes", s.weight_bytes},
                                       {"pack", nlohmann::json::parse(pack)},
                                       {"metadata",
                                        std::map<std::string, std::string>(metadata.begin(), metadata.end())},
                                       {"unsupported", nlohmann::json::array()}}
                            .dump(2)
                            .c_str());
    return;
  }
  std::printf("%s  %s, weights %s\n", a.model.c_str(), human_bytes(static_cast<double>(bytes)).c_str(),
              human_bytes(static_cast<double>(s.weight_bytes)).c_str());
  for (const IoInfo& i : net.inputs()) std::printf("input   %-24s %s\n", i.name.c_str(), i.text().c_str());
  for (const IoInfo& o : net.outputs()) std::printf("output  %-24s %s\n", o.name.c_str(), o.text().c_str());
  int nodes = 0;
  for (const auto& [op, count] : ops) nodes += count;
  std::printf("%d nodes", nodes);
  const char* before = ": ";
  for (const auto& [op, count] : ops) {
    std::printf("%s%s %d", before, op.c_str(), count);
    before = ", ";
  }
  std::printf("\n");
  for (const auto& [key, value] : metadata) std::printf("%-7s %s = %s\n", "meta", key.c_str(), value.c_str());
}

}  // namespace

void add_info(CommandLine& line) {
  auto args = std::make_shared<Common>();
  Command command =
      line.add_subcommand("info", "Show inputs, outputs, operators, metadata and packing of a model");
  args->add_to(command, false);
  command.callback([args] { info(*args); });
}

}  // namespace tool
