#include "capi/unpack.h"

#include <algorithm>

#include "capi/pack_info.h"
#include "capi/registry.h"
#include "core/import/onnx/onnx.h"
#include "core/package/pack.h"

namespace lite::capi {
namespace {

Outcome decrypt_model(const std::string& method, std::span<const std::byte> bytes,
                      std::span<const uint8_t> key, Unpacked* out) {
  PlainText plain;
  LITE_CHECK(registry::decrypt(method, bytes, key, &plain));
  // MegEngine's formats say where they end.
  if (plain.padded && looks_like_onnx(plain.bytes.view)) plain.bytes.view = without_padding(plain.bytes.view);
  out->model = std::move(plain.bytes);
  out->decrypted_by = method;
  return done();
}

// Asks a program's parser, in the structs of the C API.
Outcome call_parser(const ParseFunction& parse, std::span<const std::byte> info, const std::string& method,
                    const std::string& model, NetworkConfig* config, std::string* extra_info) {
  LiteConfig c = config_to_c(*config);
  const auto to_c = [](const std::vector<IoWish>& wishes) {
    std::vector<LiteIO> ios;
    for (const IoWish& w : wishes) ios.push_back(w.to_c());
    return ios;
  };
  std::vector<LiteIO> inputs = to_c(config->inputs), outputs = to_c(config->outputs);
  LiteNetworkIO io{inputs.data(), outputs.data(), inputs.size(), outputs.size()};
  int device_id = config->device_id, inplace = config->inplace ? 1 : 0, tensorrt = 0;
  size_t threads = config->threads;
  const char* extra = nullptr;
  if (parse.with_data != nullptr) {
    if (parse.with_data(info.data(), info.size(), model.c_str(), &c, &io, &device_id, &threads, &inplace,
                        &tensorrt, &extra, parse.user_data->user_data()) == 0)
      return invalid_model("parse method '", method, "' failed on the pack's information");
  } else {
    // MegEngine Lite does not look at the result, so programs return anything.
    parse.plain(info.data(), info.size(), model.c_str(), &c, &io, &device_id, &threads, &inplace, &tensorrt);
  }
  if (extra != nullptr) *extra_info = extra;
  // When the caller wants none of it, it need not make sense either.
  if (config->disable_configure_by_model_info) return done();
  NetworkConfig next = *config;
  next.inputs.clear();
  next.outputs.clear();
  LITE_CHECK(config_from_c(c, &next));
  LITE_CHECK(wishes_from_c(io, &next));
  if (device_id != config->device_id) next.device_id = device_id;
  if (threads == 0) return invalid_argument("parse method '", method, "' set the number of threads to 0");
  next.threads = threads;
  next.inplace = inplace != 0;
  *config = std::move(next);
  return done();
}

// What the network says of an input or output goes before what the pack says of it, as in MegEngine Lite.
void keep_wishes(const std::vector<IoWish>& of_network, std::vector<IoWish>* wishes) {
  std::vector<IoWish> all = of_network;
  for (IoWish& w : *wishes)
    if (std::none_of(of_network.begin(), of_network.end(),
                     [&](const IoWish& other) { return other.name == w.name; }))
      all.push_back(std::move(w));
  *wishes = std::move(all);
}

Outcome apply_info(const package::Pack& pack, const NetworkConfig& config, std::span<const uint8_t> key,
                   Unpacked* out) {
  PlainText info{pack.info};
  const bool secret = is_method(pack.info_method);
  if (secret) LITE_CHECK(registry::decrypt(pack.info_method, pack.info.view, key, &info));
  std::string_view text(reinterpret_cast<const char*>(info.bytes.view.data()), info.bytes.view.size());
  if (info.padded) text = text.substr(0, text.find_last_not_of('\0') + 1);
  const auto parser = registry::find_parser(pack.info_parser);
  if (parser == nullptr)
    return fail(Code::kNotFound, "parse method '", pack.info_parser, "' is not registered");
  NetworkConfig next = config;
  if (parser->plain != nullptr || parser->with_data != nullptr)
    LITE_CHECK(call_parser(*parser, std::as_bytes(std::span(text)), pack.info_parser, pack.name, &next,
                           &out->extra_info));
  else
    LITE_CHECK(parse_default_info(text, pack.name, secret, &next, &out->extra_info));
  if (config.disable_configure_by_model_info) return done();
  LITE_CHECK(check_device(next.device_type));
  keep_wishes(config.inputs, &next.inputs);
  keep_wishes(config.outputs, &next.outputs);
  out->config = std::move(next);
  return done();
}

}  // namespace

bool is_method(std::string_view name) { return !name.empty() && name != package::kNoMethod; }

Outcome unpack(Bytes file, const NetworkConfig& config, std::span<const uint8_t> key, Unpacked* out) {
  if (!package::looks_like_pack(file.view)) {
    if (is_method(config.bare_model_cryption_name))
      return decrypt_model(config.bare_model_cryption_name, file.view, key, out);
    out->model = std::move(file);
    return done();
  }
  LITE_ASSIGN(const package::Pack pack, package::read_pack(file));
  if (!pack.info.view.empty()) LITE_CHECK(apply_info(pack, config, key, out));
  if (is_method(pack.model_method)) return decrypt_model(pack.model_method, pack.model.view, key, out);
  out->model = pack.model;
  return done();
}

}  // namespace lite::capi
