#include "capi/registry.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <vector>

namespace lite::capi {
namespace {

// A key, wiped when it goes.
class Key {
 public:
  Key(const uint8_t* data, size_t size) : bytes_(data, data + size) {}
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() {
    if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
  }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

struct Decryption {
  DecryptionFunction function;
  std::shared_ptr<const Key> key;
  bool built_in = false;
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
    for (const char* name : {"AES_default", "RC4_default", "SIMPLE_FAST_RC4_default"})
      made->decryptions[name].built_in = true;
    for (const char* name : {"LITE_default", "LITE_parse_cache"}) made->parsers[name] = nullptr;
    return made;
  }();
  return *t;
}

// Pages of their own, so that they can be left out of core dumps.
Outcome secret_memory(size_t size, std::shared_ptr<void>* out) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t mapped = (size / page + 1) * page;
  if (mapped < size) return fail(Code::kOutOfMemory, "no memory for ", size, " bytes of plain text");
  void* const p = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return fail(Code::kOutOfMemory, "no memory for ", size, " bytes of plain text");
#if defined(MADV_DONTDUMP)
  madvise(p, mapped, MADV_DONTDUMP);
#endif
  *out = std::shared_ptr<void>(p, [mapped](void* q) {
    explicit_bzero(q, mapped);
    munmap(q, mapped);
  });
  return done();
}

// Where a decryption function with user data puts the plain text.
struct Sink {
  std::shared_ptr<void> memory;
  size_t size = 0;
  Outcome outcome;

  static int emit(void* self, const void* data, size_t size) {
    auto* const sink = static_cast<Sink*>(self);
    try {
      if (size > 0 && data == nullptr) return LITE_INVALID_ARGUMENT;
      sink->outcome = secret_memory(size, &sink->memory);
      if (!sink->outcome.is_ok()) return sink->outcome.failure().code;
      if (size > 0) memcpy(sink->memory.get(), data, size);
      sink->size = size;
      return LITE_OK;
    } catch (const std::bad_alloc&) {
      return LITE_OUT_OF_MEMORY;
    }
  }
};

}  // namespace

namespace registry {

Outcome add_decryption(const char* name, DecryptionFunction function, const uint8_t* key, size_t key_size) {
  auto copy = std::make_shared<const Key>(key, key_size);
  Tables& t = tables();
  const std::lock_guard lock(t.mutex);
  const auto [at, fresh] = t.decryptions.try_emplace(name);
  if (!fresh) return invalid_argument("decryption method '", name, "' is registered already");
  at->second = {std::move(function), std::move(copy)};
  return done();
}

Outcome update_decryption(const char* name, DecryptionFunction function, const uint8_t* key,
                          size_t key_size) {
  auto copy = key_size > 0 ? std::make_shared<const Key>(key, key_size) : nullptr;
  Decryption old;  // goes after the lock
  Tables& t = tables();
  const std::lock_guard lock(t.mutex);
  const auto at = t.decryptions.find(name);
  if (at == t.decryptions.end())
    return fail(Code::kNotFound, "decryption method '", name, "' is not registered");
  old = at->second;
  if (function.plain != nullptr || function.with_data != nullptr) at->second.function = std::move(function);
  if (copy) at->second.key = std::move(copy);
  return done();
}

Outcome decrypt(const std::string& name, std::span<const std::byte> cipher, Bytes* plain) {
  Decryption method;
  {
    Tables& t = tables();
    const std::lock_guard lock(t.mutex);
    const auto at = t.decryptions.find(name);
    if (at == t.decryptions.end())
      return fail(Code::kNotFound, "decryption method '", name, "' is not registered");
    method = at->second;
  }
  static const std::vector<uint8_t> kNoKey;
  const std::vector<uint8_t>& key = method.key ? method.key->bytes() : kNoKey;
  std::shared_ptr<void> memory;
  size_t size = 0;
  if (method.function.with_data != nullptr) {
    Sink sink;
    const int code = method.function.with_data(cipher.data(), cipher.size(), key.data(), key.size(),
                                               &Sink::emit, &sink, method.function.user_data->user_data());
    if (!sink.outcome.is_ok()) return std::move(sink.outcome);
    if (code != LITE_OK || sink.memory == nullptr)
      return invalid_model("decryption method '", name, "' failed with ", code,
                           code == LITE_OK ? ": it gave nothing" : "");
    memory = std::move(sink.memory);
    size = sink.size;
  } else if (method.function.plain != nullptr) {
    size = method.function.plain(cipher.data(), cipher.size(), key.data(), key.size(), nullptr);
    if (size == 0) return invalid_model("decryption method '", name, "' failed");
    LITE_CHECK(secret_memory(size, &memory));
    const size_t written =
        method.function.plain(cipher.data(), cipher.size(), key.data(), key.size(), memory.get());
    if (written != size)
      return invalid_model("decryption method '", name, "' announced ", size, " bytes and then gave ",
                           written);
  } else {
    return unsupported("decryption method '", name, "' is not built in yet");
  }
  plain->view = {static_cast<const std::byte*>(memory.get()), size};
  plain->owner = std::move(memory);
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
