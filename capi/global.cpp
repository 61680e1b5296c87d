// global_c.h: what concerns the whole process, as MegEngine Lite has it.

#include "lite-c/global_c.h"

#include <sys/stat.h>

#include <cstring>
#include <map>
#include <mutex>

#include "build_config.h"
#include "capi/convert.h"
#include "capi/process_list.h"
#include "capi/registry.h"
#include "capi/text.h"
#include "core/base/log.h"
#include "core/base/mapped_file.h"
#include "core/compile/choices.h"

using namespace lite;
using namespace lite::capi;

namespace {

// Regions by device and virtual address.
struct MemoryPairs {
  struct Region {
    std::byte* physical;
    size_t length;
  };
  std::mutex mutex;
  std::map<std::pair<int, uintptr_t>, Region> regions;
};
MemoryPairs& memory_pairs() {
  static MemoryPairs* const pairs = new MemoryPairs;
  return *pairs;
}

Outcome check_pair(LiteDeviceType device, LiteBackend backend) {
  if (backend != LITE_DEFAULT) return invalid_argument("backend ", number(backend), " is not LITE_DEFAULT");
  if (std::strcmp(device_name(device), "unknown") == 0)
    return invalid_argument("device type ", number(device), " is not one of LiteDeviceType");
  return done();
}

// Adds a persistent cache's choices. What is no such file (MegEngine's, for one) is left alone and not
// written over; one of another version or processor has nothing for this process.
Outcome read_choices(const char* path, bool* ours) {
  LITE_ASSIGN(const Bytes file, read_file(path));
  const std::string_view text(reinterpret_cast<const char*>(file.view.data()), file.view.size());
  *ours = text.empty() || text.starts_with(choices::kMagic);
  if (!choices::read_text(text))
    log(LogLevel::kInfo, cat("persistent cache '", path, "': ",
                             *ours ? "of another version or processor, or damaged; it is not used"
                                   : "not a file of this library; it is left alone"));
  return done();
}

}  // namespace

extern "C" {

int LITE_get_version(int* major, int* minor, int* patch) {
  return guard("LITE_get_version", [&]() -> Outcome {
    LITE_REQUIRE(major);
    LITE_REQUIRE(minor);
    LITE_REQUIRE(patch);
    *major = LITE_BUILD_VERSION_MAJOR;
    *minor = LITE_BUILD_VERSION_MINOR;
    *patch = LITE_BUILD_VERSION_PATCH;
    return done();
  });
}

LiteErrorCode LITE_get_last_error_code(void) {
  const int status = last_status();
  if (status == LITE_OK || status == LITE_UNKNOWN_ERROR) return static_cast<LiteErrorCode>(status);
  return LITE_INTERNAL_ERROR;
}

void LITE_clear_last_error(void) { clear_error(); }

const char* LITE_get_last_error(void) { return last_error_text(); }

int LITE_get_device_count(LiteDeviceType device_type, size_t* count) {
  return guard("LITE_get_device_count", [&]() -> Outcome {
    LITE_REQUIRE(count);
    Status usable = check_device(device_type);
    if (usable.code() == Code::kInvalidArgument) return usable;
    *count = usable.is_ok() ? 1 : 0;
    return done();
  });
}

int LITE_try_coalesce_all_free_memory(void) {
  return guard("LITE_try_coalesce_all_free_memory", [&]() -> Outcome {
    process::trim_all();
    return done();
  });
}

int LITE_register_decryption_and_key(const char* decrypt_name, const LiteDecryptionFunc func,
                                     const uint8_t* key_data, size_t key_size) {
  return guard("LITE_register_decryption_and_key", [&]() -> Outcome {
    LITE_REQUIRE(decrypt_name);
    LITE_REQUIRE(func);
    LITE_REQUIRE(key_data);
    return registry::add_decryption(decrypt_name, {.plain = func}, key_data, key_size);
  });
}

int LITE_update_decryption_or_key(const char* decrypt_name, const LiteDecryptionFunc func,
                                  const uint8_t* key_data, size_t key_size) {
  return guard("LITE_update_decryption_or_key", [&]() -> Outcome {
    LITE_REQUIRE(decrypt_name);
    if (key_size > 0) LITE_REQUIRE(key_data);
    return registry::update_decryption(decrypt_name, {.plain = func}, key_data, key_size);
  });
}

int LITE_register_parse_info_func(const char* info_type, const LiteParseInfoFunc parse_func) {
  return guard("LITE_register_parse_info_func", [&]() -> Outcome {
    LITE_REQUIRE(info_type);
    LITE_REQUIRE(parse_func);
    return registry::add_parser(info_type, {.plain = parse_func});
  });
}

int LITE_set_loader_lib_path(const char* loader_path) {
  return guard("LITE_set_loader_lib_path", [&]() -> Outcome {
    LITE_REQUIRE(loader_path);
    return done();
  });
}

int LITE_set_persistent_cache(const char* cache_path, int always_sync) {
  return guard("LITE_set_persistent_cache", [&]() -> Outcome {
    LITE_REQUIRE(cache_path);
    struct stat info;
    const bool exists = stat(cache_path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) return fail(Code::kIo, "'", cache_path, "' is not a regular file");
    bool ours = true;
    if (exists) LITE_CHECK(read_choices(cache_path, &ours));
    std::function<void()> write;
    if (always_sync != 0 && ours) {
      write = [path = std::string(cache_path)] {
        // Choices are measured by whatever thread compiles; a file is no reason for it to fail.
        const Outcome written = replace_file(path, choices::to_text());
        if (!written.is_ok()) log(LogLevel::kWarn, cat("persistent cache: ", written.failure().message));
      };
    }
    choices::on_measured(std::move(write));
    return done();
  });
}

int LITE_set_tensor_rt_cache(const char* cache_path) {
  return guard("LITE_set_tensor_rt_cache", [&]() -> Outcome {
    LITE_REQUIRE(cache_path);
    return done();
  });
}

int LITE_dump_persistent_cache(const char* cache_path) {
  return guard("LITE_dump_persistent_cache", [&]() -> Outcome {
    LITE_REQUIRE(cache_path);
    return replace_file(cache_path, choices::to_text());
  });
}

int LITE_dump_tensor_rt_cache(void) {
  return guard("LITE_dump_tensor_rt_cache", [&]() -> Outcome { return done(); });
}

int LITE_set_log_level(LiteLogLevel level) {
  return guard("LITE_set_log_level", [&]() -> Outcome {
    if (number(level) < LITE_LOG_DEBUG || number(level) > LITE_LOG_OFF)
      return invalid_argument("level ", number(level), " is not one of LiteLogLevel");
    set_log_level(static_cast<LogLevel>(level));
    return done();
  });
}

int LITE_get_log_level(LiteLogLevel* level) {
  return guard("LITE_get_log_level", [&]() -> Outcome {
    LITE_REQUIRE(level);
    *level = static_cast<LiteLogLevel>(log_level());
    return done();
  });
}

int LITE_register_memory_pair(void* vir_ptr, void* phy_ptr, size_t length, LiteDeviceType device,
                              LiteBackend backend) {
  return guard("LITE_register_memory_pair", [&]() -> Outcome {
    LITE_REQUIRE(vir_ptr);
    LITE_REQUIRE(phy_ptr);
    LITE_CHECK(check_pair(device, backend));
    if (length == 0) return invalid_argument("length is 0");
    MemoryPairs& pairs = memory_pairs();
    const std::lock_guard lock(pairs.mutex);
    const auto key = std::make_pair(number(device), reinterpret_cast<uintptr_t>(vir_ptr));
    if (!pairs.regions.try_emplace(key, MemoryPairs::Region{static_cast<std::byte*>(phy_ptr), length}).second)
      return invalid_argument("address ", vir_ptr, " is registered already");
    return done();
  });
}

int LITE_clear_memory_pair(void* vir_ptr, void* phy_ptr, LiteDeviceType device, LiteBackend backend) {
  return guard("LITE_clear_memory_pair", [&]() -> Outcome {
    LITE_REQUIRE(vir_ptr);
    LITE_REQUIRE(phy_ptr);
    LITE_CHECK(check_pair(device, backend));
    MemoryPairs& pairs = memory_pairs();
    const std::lock_guard lock(pairs.mutex);
    const auto at = pairs.regions.find(std::make_pair(number(device), reinterpret_cast<uintptr_t>(vir_ptr)));
    if (at == pairs.regions.end() || at->second.physical != phy_ptr)
      return fail(Code::kNotFound, "address ", vir_ptr, " is not registered with ", phy_ptr);
    pairs.regions.erase(at);
    return done();
  });
}

int LITE_lookup_physic_ptr(void* vir_ptr, void** phy_ptr, LiteDeviceType device, LiteBackend backend) {
  return guard("LITE_lookup_physic_ptr", [&]() -> Outcome {
    LITE_REQUIRE(vir_ptr);
    LITE_REQUIRE(phy_ptr);
    LITE_CHECK(check_pair(device, backend));
    const auto address = reinterpret_cast<uintptr_t>(vir_ptr);
    MemoryPairs& pairs = memory_pairs();
    const std::lock_guard lock(pairs.mutex);
    auto at = pairs.regions.upper_bound(std::make_pair(number(device), address));
    if (at != pairs.regions.begin() && (--at)->first.first == number(device) &&
        address - at->first.second < at->second.length) {
      *phy_ptr = at->second.physical + (address - at->first.second);
      return done();
    }
    return fail(Code::kNotFound, "address ", vir_ptr, " lies in no registered region");
  });
}

}  // extern "C"
