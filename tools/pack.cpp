// lite pack: puts a model into MegEngine Lite's container, encrypts it, or takes it out again.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/commands.h"

namespace tool {
namespace {

struct Args {
  std::string model, output, name, method, info_method, key_file, info, parser, cache;
  bool bare = false, as_is = false, unpack = false;
};

LitePackOptions options_of(const Args& a, const Key& key, const std::string& info, const std::string& cache) {
  LitePackOptions o = LITE_PACK_OPTIONS_INIT;
  const auto text = [](const std::string& s) { return s.empty() ? nullptr : s.c_str(); };
  if (a.bare) o.flags |= LITE_PACK_BARE;
  if (a.as_is) o.flags |= LITE_PACK_AS_IS;
  o.name = text(a.name);
  o.model_method = text(a.method);
  if (!info.empty()) o.info_method = text(a.info_method.empty() ? a.method : a.info_method);
  o.key_data = key.data();
  o.key_size = key.size();
  o.info = text(info);
  o.info_size = info.size();
  o.info_parser = text(a.parser);
  o.cache = text(cache);
  o.cache_size = cache.size();
  return o;
}

void pack(const Args& a, const Key& key) {
  const std::string info = a.info.empty() ? "" : read_bytes(a.info);
  const std::string cache = a.cache.empty() ? "" : read_bytes(a.cache);
  const LitePackOptions options = options_of(a, key, info, cache);
  check_file(LITE_pack_model(a.model.c_str(), a.output.c_str(), &options), a.model);
}

void unpack(const Args& a, const Key& key) {
  const std::pair<LitePackPart, const std::string*> parts[] = {
      {LITE_PACK_MODEL, &a.output}, {LITE_PACK_INFO, &a.info}, {LITE_PACK_CACHE, &a.cache}};
  for (const auto& [part, path] : parts) {
    if (path->empty()) continue;
    char* data = nullptr;
    size_t size = 0;
    check_file(LITE_unpack_model(a.model.c_str(), part, a.method.empty() ? nullptr : a.method.c_str(),
                                 key.data(), key.size(), &data, &size),
               a.model);
    write_bytes(*path, take(data, size));
  }
}

}  // namespace

std::string pack_line(const std::string& description) {
  const nlohmann::json d = nlohmann::json::parse(description);
  const auto method = [](const nlohmann::json& part) {
    const std::string m = part["method"];
    return m == "NONE" ? "not encrypted" : m.empty() ? std::string("perhaps encrypted") : m;
  };
  const auto size = [](const nlohmann::json& part) { return human_bytes(part["size"].get<double>()); };
  const std::string model = size(d["model"]) + ", " + method(d["model"]);
  if (!d["packed"].get<bool>()) return d["model"]["method"] == "NONE" ? "" : "model   " + model + "\n";
  std::string line = "pack    '" + d["name"].get<std::string>() + "': model " + model;
  if (d.contains("info"))
    line += "; information " + size(d["info"]) + ", " + method(d["info"]) + ", read by " +
            d["info"]["parser"].get<std::string>();
  for (const char* cache : {"cache", "binary_cache"})
    if (d.contains(cache)) line += std::string("; ") + cache + " " + size(d[cache]);
  return line + "\n";
}

void add_pack(CommandLine& line) {
  auto args = std::make_shared<Args>();
  Command command = line.add_subcommand("pack", "Pack or encrypt a model, or unpack it");
  command.option("model", args->model, "Model file; with --unpack a pack or an encrypted model").required();
  command.option("-o,--output", args->output, "File to write").required();
  command.option(
      "--encrypt", args->method,
      "AES_256_GCM, or AES_default for MegEngine Lite; with --unpack, the method of a model that is "
      "no pack");
  command.option("--key-file", args->key_file, "The key: bytes, or hexadecimal digits");
  command.option("--info", args->info, "JSON about how to run the model; with --unpack, where to write it");
  command.option("--encrypt-info", args->info_method, "Another method for that; NONE: not at all");
  command.option("--parser", args->parser, "Who reads that, if not LITE_default");
  command.option("--cache", args->cache, "MegEngine's fast-run cache; with --unpack, where to write it");
  command.option("--name", args->name, "The model's name, if not the one in the JSON");
  command.flag("--bare", args->bare, "Encrypt only, without a container");
  command.flag("--as-is", args->as_is, "Model and JSON are encrypted already, by the methods named");
  command.flag("--unpack", args->unpack, "The other way round");
  command.callback([args] {
    const std::unique_ptr<const Key> key =
        args->key_file.empty() ? std::make_unique<const Key>() : std::make_unique<const Key>(args->key_file);
    if (args->unpack)
      unpack(*args, *key);
    else
      pack(*args, *key);
  });
}

}  // namespace tool
