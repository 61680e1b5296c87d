// What concerns the whole process, source compatible with MegEngine Lite's functions, over the C API. Failing
// calls throw lite::Error; those that return bool return true otherwise.
#ifndef LITE_GLOBAL_H_
#define LITE_GLOBAL_H_

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "../lite-c/global_c.h"
#include "network.h"

namespace lite {
inline namespace v1 {

using DecryptionFunc = std::function<std::vector<uint8_t>(const void*, size_t, const std::vector<uint8_t>&)>;

/// The map takes "device_id" (int), "number_threads" (uint32_t), "enable_inplace_model" and "use_tensorrt"
/// (bool).
using ParseInfoFunc = std::function<bool(
    const void*, size_t, const std::string model_name, Config& config, NetworkIO& network_io,
    std::unordered_map<std::string, LiteAny>& isolated_config_map, std::string& extra_info)>;

namespace detail {

inline int call_decryption(const void* input, size_t size, const uint8_t* key, size_t key_size,
                           int (*emit)(void*, const void*, size_t), void* sink, void* box) noexcept {
  try {
    const std::vector<uint8_t> plain =
        (*static_cast<DecryptionFunc*>(box))(input, size, std::vector<uint8_t>(key, key + key_size));
    return emit(sink, plain.data(), plain.size());
  } catch (...) {
    return LITE_UNKNOWN_ERROR;
  }
}

/// What a parse function returned, in the C API's structs; good until the thread parses the next model.
struct ParsedInfo {
  Config config;
  NetworkIO io;
  std::string extra;
  std::unique_ptr<NetworkIOView> view;
};

inline int call_parse_info(const void* info, size_t size, const char* model_name, LiteConfig* config,
                           LiteNetworkIO* network_io, int* device_id, size_t* nr_threads,
                           int* is_cpu_inplace_mode, int* use_tensorrt, const char** extra_info,
                           void* box) noexcept {
  try {
    static thread_local ParsedInfo parsed;
    parsed.config = to_cpp(*config);
    parsed.io = to_cpp(*network_io);
    parsed.extra.clear();
    std::unordered_map<std::string, LiteAny> isolated;
    // The result is not looked at, as in MegEngine Lite.
    (*static_cast<ParseInfoFunc*>(box))(info, size, model_name, parsed.config, parsed.io, isolated,
                                        parsed.extra);
    parsed.view.reset(new NetworkIOView(parsed.io));
    *config = to_c(parsed.config);
    *network_io = parsed.view->io;
    if (isolated.count("device_id")) *device_id = isolated["device_id"].safe_cast<int>();
    for (const char* key : {"number_threads", "nr_threads"})
      if (isolated.count(key)) *nr_threads = isolated[key].safe_cast<uint32_t>();
    for (const char* key : {"enable_inplace_model", "is_inplace_model"})
      if (isolated.count(key)) *is_cpu_inplace_mode = isolated[key].safe_cast<bool>();
    if (isolated.count("use_tensorrt")) *use_tensorrt = isolated["use_tensorrt"].safe_cast<bool>();
    *extra_info = parsed.extra.c_str();
    return 1;
  } catch (...) {
    return 0;
  }
}

}  // namespace detail

/// As LITE_register_decryption_with_userdata.
inline bool register_decryption_and_key(std::string decrypt_name, const DecryptionFunc& func,
                                        const std::vector<uint8_t>& key) {
  detail::give(func, [&](DecryptionFunc* box) {
    return LITE_register_decryption_with_userdata(decrypt_name.c_str(),
                                                  func ? &detail::call_decryption : nullptr, key.data(),
                                                  key.size(), box, &detail::release_box<DecryptionFunc>);
  });
  return true;
}

/// An empty function or key leaves the present one.
inline bool update_decryption_or_key(std::string decrypt_name, const DecryptionFunc& func,
                                     const std::vector<uint8_t>& key) {
  if (!func) {
    detail::check(LITE_update_decryption_with_userdata(decrypt_name.c_str(), nullptr, key.data(), key.size(),
                                                       nullptr, nullptr));
    return true;
  }
  detail::give(func, [&](DecryptionFunc* box) {
    return LITE_update_decryption_with_userdata(decrypt_name.c_str(), &detail::call_decryption, key.data(),
                                                key.size(), box, &detail::release_box<DecryptionFunc>);
  });
  return true;
}

/// As LITE_register_parse_info_with_userdata.
inline bool register_parse_info_func(std::string info_type, const ParseInfoFunc& parse_func) {
  detail::give(parse_func, [&](ParseInfoFunc* box) {
    return LITE_register_parse_info_with_userdata(info_type.c_str(),
                                                  parse_func ? &detail::call_parse_info : nullptr, box,
                                                  &detail::release_box<ParseInfoFunc>);
  });
  return true;
}

/// As LITE_get_version.
inline void get_version(int& major, int& minor, int& patch) {
  detail::check(LITE_get_version(&major, &minor, &patch));
}

/// As LITE_set_log_level.
inline void set_log_level(LiteLogLevel level) { detail::check(LITE_set_log_level(level)); }
/// As LITE_get_log_level.
inline LiteLogLevel get_log_level() {
  LiteLogLevel level = LITE_LOG_ERROR;
  detail::check(LITE_get_log_level(&level));
  return level;
}

/// As LITE_get_device_count.
inline size_t get_device_count(LiteDeviceType device_type) {
  size_t count = 0;
  detail::check(LITE_get_device_count(device_type, &count));
  return count;
}
/// As LITE_try_coalesce_all_free_memory.
inline void try_coalesce_all_free_memory() { detail::check(LITE_try_coalesce_all_free_memory()); }

/// As LITE_set_loader_lib_path.
inline void set_loader_lib_path(const std::string& loader_path) {
  detail::check(LITE_set_loader_lib_path(loader_path.c_str()));
}
/// As LITE_set_persistent_cache.
inline void set_persistent_cache(const std::string& cache_path, bool always_sync = false) {
  detail::check(LITE_set_persistent_cache(cache_path.c_str(), always_sync));
}
/// As LITE_dump_persistent_cache.
inline void dump_persistent_cache(const std::string& cache_path) {
  detail::check(LITE_dump_persistent_cache(cache_path.c_str()));
}
/// As LITE_set_tensor_rt_cache.
inline void set_tensor_rt_cache(std::string tensorrt_cache_path) {
  detail::check(LITE_set_tensor_rt_cache(tensorrt_cache_path.c_str()));
}
/// As LITE_dump_tensor_rt_cache.
inline void dump_tensor_rt_cache() { detail::check(LITE_dump_tensor_rt_cache()); }

/// As LITE_register_memory_pair.
inline bool register_memory_pair(void* vir_ptr, void* phy_ptr, size_t length, LiteDeviceType device,
                                 LiteBackend backend = LiteBackend::LITE_DEFAULT) {
  detail::check(LITE_register_memory_pair(vir_ptr, phy_ptr, length, device, backend));
  return true;
}
/// As LITE_clear_memory_pair.
inline bool clear_memory_pair(void* vir_ptr, void* phy_ptr, LiteDeviceType device,
                              LiteBackend backend = LiteBackend::LITE_DEFAULT) {
  detail::check(LITE_clear_memory_pair(vir_ptr, phy_ptr, device, backend));
  return true;
}
/// As LITE_lookup_physic_ptr.
inline void* lookup_physic_ptr(void* vir_ptr, LiteDeviceType device,
                               LiteBackend backend = LiteBackend::LITE_DEFAULT) {
  void* phy_ptr = nullptr;
  detail::check(LITE_lookup_physic_ptr(vir_ptr, &phy_ptr, device, backend));
  return phy_ptr;
}

}  // namespace v1
}  // namespace lite

#endif
