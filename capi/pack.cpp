// pack_c.h: making packs and encrypted models, and looking into them.

#include "lite-c/pack_c.h"

#include "capi/load.h"
#include "capi/pack_info.h"
#include "capi/registry.h"
#include "capi/text.h"
#include "capi/unpack.h"
#include "core/package/cipher.h"
#include "core/package/pack.h"

using namespace lite;
using namespace lite::capi;

namespace {

constexpr LitePackOptions kDefaults = LITE_PACK_OPTIONS_INIT;

Bytes view_of(const void* data, size_t size) {
  return {nullptr, {static_cast<const std::byte*>(data), data == nullptr ? 0 : size}};
}
std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size()};
}
Outcome give_bytes(const Bytes& bytes, char** data, size_t* size) {
  LITE_CHECK(give_string(text_of(bytes), data));
  *size = bytes.view.size();
  return done();
}

std::string method_of(const char* name) {
  return name == nullptr || *name == '\0' ? std::string(package::kNoMethod) : std::string(name);
}

// Encrypts *bytes, unless they are as they shall be.
Outcome encrypt(const std::string& method, const LitePackOptions& options, Bytes* bytes) {
  if (!is_method(method) || (options.flags & LITE_PACK_AS_IS) != 0) return done();
  const package::Cipher* const cipher = package::find_cipher(method);
  if (cipher == nullptr)
    return fail(Code::kNotFound, "method '", method,
                "' is not built in; encrypt first and set LITE_PACK_AS_IS");
  std::span<const uint8_t> key(options.key_data, options.key_size);
  if (key.empty()) key = cipher->known_key;
  LITE_ASSIGN(auto sealed, package::seal(*cipher, bytes->view, key));
  auto owner = std::make_shared<std::vector<std::byte>>(std::move(sealed));
  const std::span<const std::byte> view(*owner);
  *bytes = {std::move(owner), view};
  return done();
}

// Fills in what the options say about the information.
Outcome set_info(const LitePackOptions& options, package::Pack* pack) {
  if (options.info_size == 0) {
    if (is_method(method_of(options.info_method)))
      return invalid_argument("options.info_method is set, but there is no information");
    return done();
  }
  LITE_CHECK(require(options.info, "options.info"));
  pack->info = view_of(options.info, options.info_size);
  pack->info_method = method_of(options.info_method);
  if (options.info_parser != nullptr) pack->info_parser = options.info_parser;
  const bool readable = !is_method(pack->info_method) || (options.flags & LITE_PACK_AS_IS) == 0;
  if (readable && pack->info_parser == package::kDefaultParser) {
    NetworkConfig config;
    std::string extra;
    if (pack->name.empty()) pack->name = name_in_info(text_of(pack->info));
    LITE_CHECK(parse_default_info(text_of(pack->info), pack->name, /*secret=*/false, &config, &extra));
  }
  return encrypt(pack->info_method, options, &pack->info);
}

Outcome make_pack(const Bytes& model, const LitePackOptions& options, Bytes* out) {
  constexpr uint32_t kFlags = LITE_PACK_BARE | LITE_PACK_AS_IS;
  if ((options.flags & ~kFlags) != 0)
    return unsupported("options.flags is ", options.flags,
                       ", which has bits that this library does not know");
  if (options.key_size > 0) LITE_CHECK(require(options.key_data, "options.key_data"));
  if (model.view.empty()) return invalid_model("it is empty");
  const std::string method = method_of(options.model_method);
  const bool packed = package::looks_like_pack(model.view);
  if (packed && (is_method(method) || options.name != nullptr))
    return invalid_argument(
        "the model is a pack already; unpack it before it gets another name or encryption");
  if ((options.flags & LITE_PACK_BARE) != 0) {
    if (!is_method(method) || options.info_size > 0 || options.cache_size > 0 ||
        options.binary_cache_size > 0)
      return invalid_argument(
          "LITE_PACK_BARE wants options.model_method, and neither information nor caches");
    *out = model;
    return encrypt(method, options, out);
  }
  package::Pack pack;
  if (packed) {
    LITE_ASSIGN(pack, package::read_pack(model));
  } else {
    if (options.name != nullptr) pack.name = options.name;
    pack.model = model;
    pack.model_method = method;
    LITE_CHECK(encrypt(method, options, &pack.model));
  }
  LITE_CHECK(set_info(options, &pack));
  if (options.cache_size > 0) {
    LITE_CHECK(require(options.cache, "options.cache"));
    pack.cache = view_of(options.cache, options.cache_size);
  }
  if (options.binary_cache_size > 0) {
    LITE_CHECK(require(options.binary_cache, "options.binary_cache"));
    pack.binary_cache = view_of(options.binary_cache, options.binary_cache_size);
  }
  LITE_ASSIGN(auto bytes, package::write_pack(pack));
  auto owner = std::make_shared<std::vector<std::byte>>(std::move(bytes));
  const std::span<const std::byte> view(*owner);
  *out = {std::move(owner), view};
  return done();
}

Outcome take_part(const Bytes& file, LitePackPart part, const char* method, std::span<const uint8_t> key,
                  Bytes* out) {
  std::string encrypted_by = method_of(method);
  Bytes bytes = file;
  if (package::looks_like_pack(file.view)) {
    LITE_ASSIGN(const package::Pack pack, package::read_pack(file));
    const Bytes parts[] = {pack.model, pack.info, pack.cache, pack.binary_cache};
    constexpr const char* kNames[] = {"model", "information", "cache", "binary cache"};
    bytes = parts[number(part)];
    if (bytes.view.empty()) return fail(Code::kNotFound, "the pack has no ", kNames[number(part)]);
    encrypted_by = part == LITE_PACK_MODEL  ? pack.model_method
                   : part == LITE_PACK_INFO ? pack.info_method
                                            : std::string(package::kNoMethod);
  } else if (part != LITE_PACK_MODEL) {
    return fail(Code::kNotFound, "it is no pack, only a model can be in it");
  }
  if (!is_method(encrypted_by)) {
    *out = std::move(bytes);
    return done();
  }
  PlainText plain;
  LITE_CHECK(registry::decrypt(encrypted_by, bytes.view, key, &plain));
  *out = std::move(plain.bytes);
  return done();
}

std::string describe_model(const std::string& method, const Bytes& bytes) {
  return cat("{\"method\": ", json_quote(method), ", \"size\": ", bytes.view.size(),
             ", \"format\": ", json_quote(is_method(method) ? "" : recognise(bytes.view)), "}");
}

Outcome describe(const Bytes& file, std::string* json) {
  if (!package::looks_like_pack(file.view)) {
    const std::string_view format = recognise(file.view);
    const std::string method(!format.empty()                      ? package::kNoMethod
                             : package::looks_like_gcm(file.view) ? "AES_256_GCM"
                                                                  : "");
    *json = cat("{\"packed\": false, \"model\": ", describe_model(method, file), "}\n");
    return done();
  }
  LITE_ASSIGN(const package::Pack pack, package::read_pack(file));
  *json = cat("{\"packed\": true, \"name\": ", json_quote(pack.name),
              ", \"model\": ", describe_model(pack.model_method, pack.model));
  if (!pack.info.view.empty()) {
    *json += cat(", \"info\": {\"method\": ", json_quote(pack.info_method),
                 ", \"parser\": ", json_quote(pack.info_parser), ", \"size\": ", pack.info.view.size());
    if (!is_method(pack.info_method)) *json += cat(", \"text\": ", json_quote(text_of(pack.info)));
    *json += "}";
  }
  if (!pack.cache.view.empty()) *json += cat(", \"cache\": {\"size\": ", pack.cache.view.size(), "}");
  if (!pack.binary_cache.view.empty())
    *json += cat(", \"binary_cache\": {\"size\": ", pack.binary_cache.view.size(), "}");
  *json += "}\n";
  return done();
}

}  // namespace

extern "C" {

int LITE_pack_model(const char* model_path, const char* packed_path, const LitePackOptions* options) {
  return guard("LITE_pack_model", [&]() -> Outcome {
    LITE_REQUIRE(model_path);
    LITE_REQUIRE(packed_path);
    LITE_ASSIGN(const LitePackOptions o, read_versioned(options, kDefaults, "options"));
    LITE_ASSIGN(const Bytes model, map_file(model_path));
    Bytes packed;
    LITE_CHECK(with_path(make_pack(model, o, &packed), model_path));
    return replace_file(packed_path, text_of(packed));
  });
}

int LITE_pack_model_memory(const void* model, size_t size, const LitePackOptions* options, char** packed,
                           size_t* packed_size) {
  return guard("LITE_pack_model_memory", [&]() -> Outcome {
    LITE_REQUIRE(model);
    LITE_REQUIRE(packed);
    LITE_REQUIRE(packed_size);
    LITE_ASSIGN(const LitePackOptions o, read_versioned(options, kDefaults, "options"));
    Bytes bytes;
    LITE_CHECK(make_pack(view_of(model, size), o, &bytes));
    return give_bytes(bytes, packed, packed_size);
  });
}

int LITE_unpack_model(const char* path, LitePackPart part, const char* method, const uint8_t* key_data,
                      size_t key_size, char** data, size_t* size) {
  return guard("LITE_unpack_model", [&]() -> Outcome {
    LITE_REQUIRE(path);
    LITE_REQUIRE(data);
    LITE_REQUIRE(size);
    if (number(part) < LITE_PACK_MODEL || number(part) > LITE_PACK_BINARY_CACHE)
      return invalid_argument("part is ", number(part), ", not one of LitePackPart");
    if (key_size > 0) LITE_REQUIRE(key_data);
    LITE_ASSIGN(const Bytes file, map_file(path));
    Bytes bytes;
    LITE_CHECK(with_path(take_part(file, part, method, {key_data, key_size}, &bytes), path));
    return give_bytes(bytes, data, size);
  });
}

int LITE_describe_pack(const char* path, char** json) {
  return guard("LITE_describe_pack", [&]() -> Outcome {
    LITE_REQUIRE(path);
    LITE_REQUIRE(json);
    LITE_ASSIGN(const Bytes file, map_file(path));
    std::string text;
    LITE_CHECK(with_path(describe(file, &text), path));
    return give_string(text, json);
  });
}

}  // extern "C"
