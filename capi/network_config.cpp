// network_config_c.h: what is set before or between runs.

#include "lite-c/network_config_c.h"

#include "capi/network_object.h"
#include "capi/text.h"

using namespace lite;
using namespace lite::capi;

namespace {

// For what MegEngine Lite, too, allows only before loading.
Outcome require_not_loaded(const NetworkObject& network) {
  if (network.loaded()) return Failure(Extra::kAlreadyLoaded, "the network has a model already");
  return done();
}

}  // namespace

extern "C" {

int LITE_is_cpu_inplace_mode(const LiteNetwork network, int* is_cpu_inplace_mode) {
  return guard("LITE_is_cpu_inplace_mode", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(is_cpu_inplace_mode);
    *is_cpu_inplace_mode = object.config.inplace ? 1 : 0;
    return done();
  });
}

int LITE_get_cpu_threads_number(const LiteNetwork network, size_t* nr_threads) {
  return guard("LITE_get_cpu_threads_number", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(nr_threads);
    *nr_threads = object.config.threads;
    return done();
  });
}

int LITE_get_device_id(const LiteNetwork network, int* device_id) {
  return guard("LITE_get_device_id", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(device_id);
    *device_id = object.config.device_id;
    return done();
  });
}

int LITE_get_stream_id(const LiteNetwork network, int* stream_id) {
  return guard("LITE_get_stream_id", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(stream_id);
    *stream_id = object.config.stream_id;
    return done();
  });
}

int LITE_get_device_type(const LiteNetwork network, LiteDeviceType* device_type) {
  return guard("LITE_get_device_type", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    LITE_REQUIRE(device_type);
    *device_type = object.config.device_type == LITE_DEVICE_DEFAULT ? LITE_CPU : object.config.device_type;
    return done();
  });
}

int LITE_set_cpu_inplace_mode(LiteNetwork network) {
  return guard("LITE_set_cpu_inplace_mode", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_CHECK(require_not_loaded(object));
    if (object.callbacks.asynchronous())
      return invalid_argument("an asynchronous network cannot run in inplace mode");
    object.config.inplace = true;
    object.set_threads();
    return done();
  });
}

int LITE_set_cpu_threads_number(LiteNetwork network, size_t nr_threads) {
  return guard("LITE_set_cpu_threads_number", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_CHECK(require_not_loaded(object));
    // MegEngine Lite, too, leaves the number as it is for 0.
    if (nr_threads == 0) return done();
    object.config.threads = nr_threads;
    object.thread_number_changed();
    return done();
  });
}

int LITE_set_device_id(LiteNetwork network, int device_id) {
  return guard("LITE_set_device_id", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_CHECK(require_not_loaded(object));
    object.config.device_id = device_id;
    return done();
  });
}

int LITE_set_stream_id(LiteNetwork network, int stream_id) {
  return guard("LITE_set_stream_id", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_CHECK(require_not_loaded(object));
    object.config.stream_id = stream_id;
    return done();
  });
}

int LITE_use_tensorrt(LiteNetwork network) {
  return guard("LITE_use_tensorrt", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    (void)object;
    return done();
  });
}

int LITE_set_network_algo_policy(LiteNetwork network, LiteAlgoSelectStrategy strategy) {
  return guard("LITE_set_network_algo_policy", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    constexpr int kAll =
        LITE_ALGO_HEURISTIC | LITE_ALGO_PROFILE | LITE_ALGO_REPRODUCIBLE | LITE_ALGO_OPTIMIZED;
    if ((number(strategy) & ~kAll) != 0)
      return invalid_argument("strategy is ", number(strategy), ", not bits of LiteAlgoSelectStrategy");
    const auto bits = static_cast<unsigned>(number(strategy));
    // Nothing set leaves what there is, as MegEngine Lite has it.
    if (bits == 0) return done();
    constexpr unsigned kOfModel = LITE_ALGO_REPRODUCIBLE | LITE_ALGO_PROFILE;
    const bool other = ((bits ^ object.config.algo_strategy) & kOfModel) != 0;
    object.config.algo_strategy = bits;
    if (other) object.model_options_changed();
    return done();
  });
}

int LITE_set_network_algo_fastrun_config(LiteNetwork network, unsigned int shared_batch_size,
                                         int binary_equal_between_batch) {
  return guard("LITE_set_network_algo_fastrun_config", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    (void)object, (void)shared_batch_size, (void)binary_equal_between_batch;
    return done();
  });
}

int LITE_set_network_algo_workspace_limit(LiteNetwork network, size_t workspace_limit) {
  return guard("LITE_set_network_algo_workspace_limit", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    (void)object, (void)workspace_limit;
    return done();
  });
}

int LITE_set_async_callback(LiteNetwork network, const LiteAsyncCallback async_callback) {
  return guard("LITE_set_async_callback", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(async_callback);
    LITE_CHECK(object.may_be_asynchronous());
    LITE_CHECK(object.wait_for_callback());
    object.callbacks.set_async(async_callback, nullptr, nullptr, nullptr);
    return done();
  });
}

int LITE_set_async_callback_with_userdata(LiteNetwork network, const LiteAsyncCallbackWithData async_callback,
                                          void* user_data) {
  return guard("LITE_set_async_callback_with_userdata", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(async_callback);
    LITE_CHECK(object.may_be_asynchronous());
    LITE_CHECK(object.wait_for_callback());
    object.callbacks.set_async(nullptr, async_callback, nullptr, user_data);
    return done();
  });
}

int LITE_set_start_callback(LiteNetwork network, const LiteStartCallback start_callback) {
  return guard("LITE_set_start_callback", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.callbacks.set_start(start_callback, nullptr, nullptr);
    return done();
  });
}

int LITE_set_start_callback_with_userdata(LiteNetwork network, const LiteStartCallbackWithData start_callback,
                                          void* user_data) {
  return guard("LITE_set_start_callback_with_userdata", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.callbacks.set_start(nullptr, start_callback, user_data);
    return done();
  });
}

int LITE_set_finish_callback(LiteNetwork network, const LiteFinishCallback finish_callback) {
  return guard("LITE_set_finish_callback", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.callbacks.set_finish(finish_callback, nullptr, nullptr);
    return done();
  });
}

int LITE_set_finish_callback_with_userdata(LiteNetwork network,
                                           const LiteFinishCallbackWithData finish_callback,
                                           void* user_data) {
  return guard("LITE_set_finish_callback_with_userdata", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.callbacks.set_finish(nullptr, finish_callback, user_data);
    return done();
  });
}

int LITE_set_runtime_thread_affinity(LiteNetwork network,
                                     const LiteThreadAffinityCallback thread_affinity_callback) {
  return guard("LITE_set_runtime_thread_affinity", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(thread_affinity_callback);
    LITE_CHECK(require_loaded(object));
    object.affinity = {.plain = thread_affinity_callback, .pending = true};
    return done();
  });
}

int LITE_set_memory_allocator(LiteNetwork network, const LiteAllocate allocate_fun, const LiteFree free_fun) {
  return guard("LITE_set_memory_allocator", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(allocate_fun);
    LITE_REQUIRE(free_fun);
    auto allocator = std::make_shared<UserAllocator>();
    allocator->allocate = allocate_fun;
    allocator->free = free_fun;
    allocator->device_id = object.config.device_id;
    object.set_allocator(std::move(allocator));
    return done();
  });
}

int LITE_share_runtime_memroy(LiteNetwork src_network, LiteNetwork dst_network) {
  return guard("LITE_share_runtime_memroy", [&]() -> Outcome {
    LITE_CLAIM(src, src_network);
    if (src_network == dst_network) return done();
    LITE_CLAIM(dst, dst_network);
    // MegEngine's header and its library disagree about the order: the one that is loaded already keeps its
    // memory.
    if (src.loaded() && !dst.loaded())
      dst.share_memory_of(src);
    else
      src.share_memory_of(dst);
    return done();
  });
}

int LITE_enable_profile_performance(LiteNetwork network, const char* profile_json_file_path) {
  return guard("LITE_enable_profile_performance", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(profile_json_file_path);
    return object.set_profile_file(profile_json_file_path);
  });
}

int LITE_enable_io_txt_dump(LiteNetwork network, const char* io_txt_out_file) {
  return guard("LITE_enable_io_txt_dump", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(io_txt_out_file);
    return object.set_text_dump(io_txt_out_file);
  });
}

int LITE_enable_io_bin_dump(LiteNetwork network, const char* io_bin_out_dir) {
  return guard("LITE_enable_io_bin_dump", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(io_bin_out_dir);
    return object.set_binary_dump(io_bin_out_dir);
  });
}

int LITE_get_static_memory_alloc_info(LiteNetwork network, const char* log_dir) {
  return guard("LITE_get_static_memory_alloc_info", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(log_dir);
    LITE_CHECK(require_loaded(object));
    return object.write_memory_plan(log_dir);
  });
}

int LITE_enable_global_layout_transform(LiteNetwork network) {
  return guard("LITE_enable_global_layout_transform", [&]() -> Outcome {
    LITE_NETWORK(object, network);
    (void)object;
    return done();
  });
}

int LITE_dump_layout_transform_model(LiteNetwork network, const char* dump_file_path) {
  return guard("LITE_dump_layout_transform_model", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    LITE_REQUIRE(dump_file_path);
    LoadedModel model;
    LITE_CHECK(object.model(&model));
    if (!model.source->decrypted_by.empty())
      return unsupported("the model was encrypted, and its plain text is not written to files");
    // Layouts depend on the machine and on shapes, so they are chosen anew by whoever loads the file.
    if (model.source->has_external_data)
      return unsupported("the model has weights outside its file, which cannot be written with it yet");
    const std::span<const std::byte> bytes = model.source->bytes.view;
    return write_file(dump_file_path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
}

int LITE_extra_configure(LiteNetwork network, LiteExtraConfig extra_config) {
  return guard("LITE_extra_configure", [&]() -> Outcome {
    LITE_CLAIM(object, network);
    object.config.disable_configure_by_model_info = extra_config.disable_configure_by_model_info != 0;
    return done();
  });
}

}  // extern "C"
