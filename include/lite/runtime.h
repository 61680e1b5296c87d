// lite::Runtime: settings of a network, as MegEngine Lite groups them. lite/network.h includes this file.
#ifndef LITE_RUNTIME_H_
#define LITE_RUNTIME_H_

#include "network.h"

namespace lite {
inline namespace v1 {
namespace detail {

template <class T>
void release_box(void* box) noexcept {
  delete static_cast<T*>(box);
}

/// Hands a boxed function to the library, which deletes the box when it lets go of it.
template <class T, class Register>
void give(T value, Register register_it) {
  std::unique_ptr<T> box(new T(std::move(value)));
  check(register_it(box.get()));
  box.release();
}

inline LiteNetwork handle_of(const std::shared_ptr<Network>& network) {
  if (!network) throw Error(LITE_INVALID_ARGUMENT, "Runtime: the network is a null pointer");
  return network->handle();
}

}  // namespace detail

/// Settings of a network.
class Runtime {
 public:
  /// As LITE_set_cpu_threads_number.
  static void set_cpu_threads_number(std::shared_ptr<Network> dst_network, size_t nr_threads) {
    detail::check(LITE_set_cpu_threads_number(detail::handle_of(dst_network), nr_threads));
  }
  /// As LITE_get_cpu_threads_number.
  static size_t get_cpu_threads_number(std::shared_ptr<Network> dst_network) {
    size_t threads = 0;
    detail::check(LITE_get_cpu_threads_number(detail::handle_of(dst_network), &threads));
    return threads;
  }
  /// As LITE_set_runtime_thread_affinity_with_userdata.
  static void set_runtime_thread_affinity(std::shared_ptr<Network> network,
                                          const ThreadAffinityCallback& thread_affinity_callback) {
    if (!thread_affinity_callback)
      throw Error(LITE_INVALID_ARGUMENT, "Runtime::set_runtime_thread_affinity: the callback is empty");
    detail::give(thread_affinity_callback, [&](ThreadAffinityCallback* box) {
      return LITE_set_runtime_thread_affinity_with_userdata(detail::handle_of(network), &call_affinity, box,
                                                            &detail::release_box<ThreadAffinityCallback>);
    });
  }

  /// As LITE_set_cpu_inplace_mode.
  static void set_cpu_inplace_mode(std::shared_ptr<Network> dst_network) {
    detail::check(LITE_set_cpu_inplace_mode(detail::handle_of(dst_network)));
  }
  /// As LITE_is_cpu_inplace_mode.
  static bool is_cpu_inplace_mode(std::shared_ptr<Network> dst_network) {
    int inplace = 0;
    detail::check(LITE_is_cpu_inplace_mode(detail::handle_of(dst_network), &inplace));
    return inplace != 0;
  }
  /// As LITE_use_tensorrt.
  static void use_tensorrt(std::shared_ptr<Network> dst_network) {
    detail::check(LITE_use_tensorrt(detail::handle_of(dst_network)));
  }

  /// As LITE_set_network_algo_policy and LITE_set_network_algo_fastrun_config.
  static void set_network_algo_policy(std::shared_ptr<Network> dst_network, LiteAlgoSelectStrategy strategy,
                                      uint32_t shared_batch_size = 0,
                                      bool binary_equal_between_batch = false) {
    const LiteNetwork network = detail::handle_of(dst_network);
    detail::check(LITE_set_network_algo_policy(network, strategy));
    detail::check(
        LITE_set_network_algo_fastrun_config(network, shared_batch_size, binary_equal_between_batch));
  }
  /// As LITE_set_network_algo_workspace_limit.
  static void set_network_algo_workspace_limit(std::shared_ptr<Network> dst_network, size_t workspace_limit) {
    detail::check(LITE_set_network_algo_workspace_limit(detail::handle_of(dst_network), workspace_limit));
  }

  /// As LITE_set_memory_allocator_with_userdata.
  static void set_memory_allocator(std::shared_ptr<Network> dst_network,
                                   std::shared_ptr<Allocator> user_allocator) {
    if (!user_allocator)
      throw Error(LITE_INVALID_ARGUMENT, "Runtime::set_memory_allocator: the allocator is a null pointer");
    detail::give(std::move(user_allocator), [&](std::shared_ptr<Allocator>* box) {
      return LITE_set_memory_allocator_with_userdata(detail::handle_of(dst_network), &call_allocate,
                                                     &call_free, box,
                                                     &detail::release_box<std::shared_ptr<Allocator>>);
    });
  }
  /// As LITE_share_runtime_memroy.
  static void share_runtime_memory_with(std::shared_ptr<Network> dst_network,
                                        std::shared_ptr<Network> src_network) {
    detail::check(LITE_share_runtime_memroy(detail::handle_of(src_network), detail::handle_of(dst_network)));
  }
  /// As LITE_shared_weight_with_network.
  static void shared_weight_with_network(std::shared_ptr<Network> dst_network,
                                         const std::shared_ptr<Network> src_network) {
    detail::check(
        LITE_shared_weight_with_network(detail::handle_of(dst_network), detail::handle_of(src_network)));
  }

  /// As LITE_enable_io_txt_dump.
  static void enable_io_txt_dump(std::shared_ptr<Network> dst_network, std::string io_txt_out_file) {
    detail::check(LITE_enable_io_txt_dump(detail::handle_of(dst_network), io_txt_out_file.c_str()));
  }
  /// As LITE_enable_io_bin_dump.
  static void enable_io_bin_dump(std::shared_ptr<Network> dst_network, std::string io_bin_out_dir) {
    detail::check(LITE_enable_io_bin_dump(detail::handle_of(dst_network), io_bin_out_dir.c_str()));
  }
  /// As LITE_enable_global_layout_transform.
  static void enable_global_layout_transform(std::shared_ptr<Network> network) {
    detail::check(LITE_enable_global_layout_transform(detail::handle_of(network)));
  }
  /// As LITE_dump_layout_transform_model.
  static void dump_layout_transform_model(std::shared_ptr<Network> network,
                                          std::string optimized_model_path) {
    detail::check(LITE_dump_layout_transform_model(detail::handle_of(network), optimized_model_path.c_str()));
  }

  /// As LITE_get_model_io_info_by_path.
  static NetworkIO get_model_io_info(const std::string& model_path, const Config& config = {}) {
    LiteNetworkIO ios = LITE_NETWORK_IO_INIT;
    detail::check(LITE_get_model_io_info_by_path(model_path.c_str(), detail::to_c(config), &ios));
    return detail::to_cpp(ios);
  }
  /// As LITE_get_model_io_info_by_memory.
  static NetworkIO get_model_io_info(const void* model_mem, size_t size, const Config& config = {}) {
    LiteNetworkIO ios = LITE_NETWORK_IO_INIT;
    detail::check(LITE_get_model_io_info_by_memory(model_mem, size, detail::to_c(config), &ios));
    return detail::to_cpp(ios);
  }

 private:
  static int call_affinity(int thread_id, void* box) noexcept {
    try {
      (*static_cast<ThreadAffinityCallback*>(box))(thread_id);
      return 0;
    } catch (...) {
      return 1;
    }
  }
  static void* call_allocate(LiteDeviceType device_type, int device_id, size_t size, size_t align,
                             void* box) noexcept {
    try {
      return (*static_cast<std::shared_ptr<Allocator>*>(box))->allocate(device_type, device_id, size, align);
    } catch (...) {
      return nullptr;
    }
  }
  static void call_free(LiteDeviceType device_type, int device_id, void* ptr, void* box) noexcept {
    try {
      (*static_cast<std::shared_ptr<Allocator>*>(box))->free(device_type, device_id, ptr);
    } catch (...) {
    }
  }
};

}  // namespace v1
}  // namespace lite

#endif
