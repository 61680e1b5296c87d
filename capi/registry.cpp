#include "capi/registry.h"

#include <cstring>
#include <map>
#include <mutex>

#include "core/package/cipher.h"
#include "core/package/pack.h"

namespace lite::capi {
namespace {

using package::Key;
using package::Secret;

struct Decryption {
  const package::Cipher* built_in = nullptr;  // when `function` is empty
  DecryptionFunction function;
  std::shared_ptr<const Key> key;  // may be null
};

struct Tables {
  std::mutex mutex;
  std::map<std::string, Decryption, std::less<>> decryptions;
  std::map<std::string, std::shared_ptr<const ParseFunction>, std::less<>> parsers;
};

// Never destroyed: models may be loaded while the program's static objects go.
Tables& tables() {
  static Tables* const t = [] {
    auto* made = new Tables;
    for (const package::Cipher& c : package::ciphers()) {
      Decryption& d = made->decryptions[c.name];
      d.built_in = &c;
      if (!c.known_key.empty()) d.key = std::make_shared<const Key>(c.known_key.data(), c.known_key.size());
    }
    made->parsers[std::string(package::kDefaultParser)] = std::make_shared<const ParseFunction>();
    return made;
  }();
  return *t;
}

// The lock is held.
Error not_registered(const Tables& t, std::string_view name) {
  std::string known;
  for (const auto& [other, method] : t.decryptions) known += cat(known.empty() ? "'" : ", '", other, "'");
  return fail(Code::kNotFound, "decryption method '", name, "' is not registered; there are ", known);
}

// Where a decryption function with user data puts the plain text.
struct Sink {
  std::optional<Secret> secret;
  Outcome outcome;

  static int emit(void* self, const void* data, size_t size) {
    auto* const sink = static_cast<Sink*>(self);
    try {
      if (size > 0 && data == nullptr) return LITE_INVALID_ARGUMENT;
      Result<Secret> made = package::make_secret(size);
      if (!made.is_ok()) {
        sink->outcome = std::move(made).take_error();
        return sink->outcome.failure().code;
      }
      sink->secret = std::move(made).value();
      if (size > 0) std::memcpy(sink->secret->bytes.data(), data, size);
      return LITE_OK;
    } catch (const std::bad_alloc&) {
      return LITE_OUT_OF_MEMORY;
    }
  }
};

// Asks a program's function. `name` is for messages.
Result<Secret> call(const DecryptionFunction& f, const std::string& name, std::span<const std::byte> cipher,
                    std::span<const uint8_t> key) {
  if (f.with_data != nullptr) {
    Sink sink;
    const int code = f.with_data(cipher.data(), cipher.size(), key.data(), key.size(), &Sink::emit, &sink,
                                 f.user_data->user_data());
    if (!sink.outcome.is_ok()) return fail(Code::kOutOfMemory, sink.outcome.failure().message);
    if (code != LITE_OK || !sink.secret)
      return invalid_model("decryption method '", name, "' failed with ", code,
                           code == LITE_OK ? ": it gave nothing" : "");
    return std::move(*sink.secret);
  }
  const size_t size = f.plain(cipher.data(), cipher.size(), key.data(), key.size(), nullptr);
  if (size == 0) return invalid_model("decryption method '", name, "' failed");
  LITE_ASSIGN(Secret secret, package::make_secret(size));
  const size_t written = f.plain(cipher.data(), cipher.size(), key.data(), key.size(), secret.bytes.data());
  if (written != size)
    return invalid_model("decryption method '", name, "' announced ", size, " bytes and then gave ", written);
  return secret;
}

}  // namespace

namespace registry {

Outcome add_decryption(const char* name, DecryptionFunction function, const uint8_t* key, size_t key_size) {
  if (name == package::kNoMethod)
    return invalid_argument("'", name, "' means no encryption and cannot be registered");
  auto copy = std::make_shared<const Key>(key, key_size);
  Tables& t = tables();
  const std::lock_guard lock(t.mutex);
  const auto [at, fresh] = t.decryptions.try_emplace(name);
  if (!fresh) return invalid_argument("decryption method '", name, "' is registered already");
  at->second.function = std::move(function);
  at->second.key = std::move(copy);
  return done();
}

Outcome update_decryption(const char* name, DecryptionFunction function, const uint8_t* key,
                          size_t key_size) {
  auto copy = key_size > 0 ? std::make_shared<const Key>(key, key_size) : nullptr;
  Decryption old;  // goes after the lock
  Tables& t = tables();
  const std::lock_guard lock(t.mutex);
  const auto at = t.decryptions.find(name);
  if (at == t.decryptions.end()) return not_registered(t, name);
  Decryption& method = at->second;
  if (copy && function.empty() && method.function.empty())
    LITE_TRY(package::check_key(*method.built_in, copy->bytes()));
  old = method;
  if (!function.empty()) method.function = std::move(function);
  if (copy) method.key = std::move(copy);
  return done();
}

Outcome decrypt(const std::string& name, std::span<const std::byte> cipher, std::span<const uint8_t> key,
                PlainText* out) {
  Decryption method;
  {
    Tables& t = tables();
    const std::lock_guard lock(t.mutex);
    const auto at = t.decryptions.find(name);
    if (at == t.decryptions.end()) return not_registered(t, name);
    method = at->second;
  }
  if (key.empty() && method.key) key = method.key->bytes();
  const bool built_in = method.function.empty();
  LITE_ASSIGN(Secret plain, built_in ? package::open(*method.built_in, cipher, key)
                                     : call(method.function, name, cipher, key));
  out->bytes = std::move(plain).freeze();
  out->padded = built_in && method.built_in->padded;
  return done();
}

Outcome add_parser(const char* name, ParseFunction function) {
  auto shared = std::make_shared<const ParseFunction>(std::move(function));
  Tables& t = tables();
  const std::lock_guard lock(t.mutex);
  if (!t.parsers.try_emplace(name, std::move(shared)).second)
    return invalid_argument("parse method '", name, "' is registered already");
  return done();
}

std::shared_ptr<const ParseFunction> find_parser(const std::string& name) {
  Tables& t = tables();
  const std::lock_guard lock(t.mutex);
  const auto at = t.parsers.find(name);
  return at == t.parsers.end() ? nullptr : at->second;
}

}  // namespace registry
}  // namespace lite::capi
