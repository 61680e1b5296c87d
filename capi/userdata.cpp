// userdata_c.h: MegEngine Lite's callbacks with a pointer for their owner.

#include "lite-c/userdata_c.h"

#include "capi/network_object.h"
#include "capi/registry.h"

using namespace lite;
using namespace lite::capi;

extern "C" {

int LITE_set_runtime_thread_affinity_with_userdata(LiteNetwork network,
                                                   LiteThreadAffinityCallbackWithData callback,
                                                   void* user_data, LiteRelease release) {
  return guard("LITE_set_runtime_thread_affinity_with_userdata", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(callback);
    LITE_CHECK(require_loaded(object));
    auto lent = std::make_shared<LentData>(user_data, release);
    lent->keep();
    object.affinity = {.with_data = callback, .user_data = std::move(lent), .pending = true};
    return done();
  });
}

int LITE_set_memory_allocator_with_userdata(LiteNetwork network, LiteAllocateWithData allocate_fun,
                                            LiteFreeWithData free_fun, void* user_data, LiteRelease release) {
  return guard("LITE_set_memory_allocator_with_userdata", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(allocate_fun);
    LITE_REQUIRE(free_fun);
    auto allocator = std::make_shared<UserAllocator>();
    auto lent = std::make_shared<LentData>(user_data, release);
    allocator->allocate_with_data = allocate_fun;
    allocator->free_with_data = free_fun;
    allocator->user_data = lent;
    allocator->device_id = object.config.device_id;
    object.set_allocator(std::move(allocator));
    lent->keep();
    return done();
  });
}

int LITE_register_decryption_with_userdata(const char* decrypt_name, LiteDecryptionFuncWithData func,
                                           const uint8_t* key_data, size_t key_size, void* user_data,
                                           LiteRelease release) {
  return guard("LITE_register_decryption_with_userdata", [&]() -> Outcome {
    LITE_REQUIRE(decrypt_name);
    LITE_REQUIRE(func);
    if (key_size > 0) LITE_REQUIRE(key_data);
    auto lent = std::make_shared<LentData>(user_data, release);
    LITE_CHECK(
        registry::add_decryption(decrypt_name, {.with_data = func, .user_data = lent}, key_data, key_size));
    lent->keep();
    return done();
  });
}

int LITE_update_decryption_with_userdata(const char* decrypt_name, LiteDecryptionFuncWithData func,
                                         const uint8_t* key_data, size_t key_size, void* user_data,
                                         LiteRelease release) {
  return guard("LITE_update_decryption_with_userdata", [&]() -> Outcome {
    LITE_REQUIRE(decrypt_name);
    if (key_size > 0) LITE_REQUIRE(key_data);
    if (func == nullptr) return registry::update_decryption(decrypt_name, {}, key_data, key_size);
    auto lent = std::make_shared<LentData>(user_data, release);
    LITE_CHECK(registry::update_decryption(decrypt_name, {.with_data = func, .user_data = lent}, key_data,
                                           key_size));
    lent->keep();
    return done();
  });
}

int LITE_register_parse_info_with_userdata(const char* info_type, LiteParseInfoFuncWithData parse_func,
                                           void* user_data, LiteRelease release) {
  return guard("LITE_register_parse_info_with_userdata", [&]() -> Outcome {
    LITE_REQUIRE(info_type);
    LITE_REQUIRE(parse_func);
    auto lent = std::make_shared<LentData>(user_data, release);
    LITE_CHECK(registry::add_parser(info_type, {.with_data = parse_func, .user_data = lent}));
    lent->keep();
    return done();
  });
}

}  // extern "C"
