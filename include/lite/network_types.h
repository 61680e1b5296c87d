// The structs and callback types of lite/network.h, which includes this file.
#ifndef LITE_NETWORK_TYPES_H_
#define LITE_NETWORK_TYPES_H_

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../lite-c/network_types_c.h"
#include "tensor.h"

namespace lite {
inline namespace v1 {

inline LiteAlgoSelectStrategy operator|(LiteAlgoSelectStrategy x, LiteAlgoSelectStrategy y) {
  return static_cast<LiteAlgoSelectStrategy>(static_cast<uint32_t>(x) | static_cast<uint32_t>(y));
}

/// See LiteOptions for what each does here.
struct Options {
  bool weight_preprocess = false;
  bool fuse_preprocess = false;
  bool fake_next_exec = false;
  bool var_sanity_check_first_run = true;
  bool const_shape = false;
  bool force_dynamic_alloc = false;
  bool force_output_dynamic_alloc = false;
  bool force_output_use_user_specified_memory = false;
  bool no_profiling_on_shape_change = false;
  uint8_t jit_level = 0;
  uint8_t comp_node_seq_record_level = 0;
  uint8_t graph_opt_level = 2;
  uint16_t async_exec_level = 1;

  bool enable_nchw44 = false;
  bool enable_nchw44_dot = false;
  bool enable_nchw88 = false;
  bool enable_nhwcd4 = false;
  bool enable_nchw4 = false;
  bool enable_nchw32 = false;
  bool enable_nchw64 = false;
  bool enable_f16_io_comp = false;
};

struct Config {
  bool has_compression = false;
  int device_id = 0;
  LiteDeviceType device_type = LiteDeviceType::LITE_CPU;
  LiteBackend backend = LiteBackend::LITE_DEFAULT;
  std::string bare_model_cryption_name = {};
  Options options = {};
  bool auto_optimize_inference = false;
  std::string discrete_input_name = {};
};

struct ExtraConfig {
  bool disable_configure_by_model_info = false;
};

struct IO {
  std::string name;
  bool is_host = true;
  LiteIOType io_type = LiteIOType::LITE_IO_VALUE;
  Layout config_layout = {};
};

struct NetworkIO {
  std::vector<IO> inputs = {};
  std::vector<IO> outputs = {};
};

/// Memory for networks, given by the program. Both functions are called from any thread.
class LITE_CPP_TYPE Allocator {
 public:
  virtual ~Allocator() = default;
  virtual void* allocate(LiteDeviceType device_type, int device_id, size_t size, size_t align) = 0;
  virtual void free(LiteDeviceType device_type, int device_id, void* ptr) = 0;
};

/// An exception that leaves one of these makes the run fail; Network::forward or wait then throws it.
using ThreadAffinityCallback = std::function<void(int thread_id)>;
using AsyncCallback = std::function<void(void)>;
using StartCallback =
    std::function<void(const std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>&)>;
using FinishCallback =
    std::function<void(const std::unordered_map<std::string, std::pair<IO, std::shared_ptr<Tensor>>>&)>;

namespace detail {

/// The strings stay the argument's.
inline LiteConfig to_c(const Config& config) {
  const Options& from = config.options;
  LiteConfig out = LITE_CONFIG_INIT;
  out.has_compression = config.has_compression;
  out.device_id = config.device_id;
  out.device_type = config.device_type;
  out.backend = config.backend;
  out.bare_model_cryption_name = config.bare_model_cryption_name.c_str();
  out.auto_optimize_inference = config.auto_optimize_inference;
  out.discrete_input_name = config.discrete_input_name.c_str();
  LiteOptions& to = out.options;
  to.weight_preprocess = from.weight_preprocess;
  to.fuse_preprocess = from.fuse_preprocess;
  to.fake_next_exec = from.fake_next_exec;
  to.var_sanity_check_first_run = from.var_sanity_check_first_run;
  to.const_shape = from.const_shape;
  to.force_dynamic_alloc = from.force_dynamic_alloc;
  to.force_output_dynamic_alloc = from.force_output_dynamic_alloc;
  to.force_output_use_user_specified_memory = from.force_output_use_user_specified_memory;
  to.no_profiling_on_shape_change = from.no_profiling_on_shape_change;
  to.jit_level = from.jit_level;
  to.comp_node_seq_record_level = from.comp_node_seq_record_level;
  to.graph_opt_level = from.graph_opt_level;
  to.async_exec_level = from.async_exec_level;
  to.enable_nchw44 = from.enable_nchw44;
  to.enable_nchw44_dot = from.enable_nchw44_dot;
  to.enable_nchw88 = from.enable_nchw88;
  to.enable_nhwcd4 = from.enable_nhwcd4;
  to.enable_nchw4 = from.enable_nchw4;
  to.enable_nchw32 = from.enable_nchw32;
  to.enable_nchw64 = from.enable_nchw64;
  return out;
}

inline Config to_cpp(const LiteConfig& config) {
  const LiteOptions& from = config.options;
  Config out;
  out.has_compression = config.has_compression != 0;
  out.device_id = config.device_id;
  out.device_type = config.device_type;
  out.backend = config.backend;
  if (config.bare_model_cryption_name) out.bare_model_cryption_name = config.bare_model_cryption_name;
  out.auto_optimize_inference = config.auto_optimize_inference != 0;
  if (config.discrete_input_name) out.discrete_input_name = config.discrete_input_name;
  Options& to = out.options;
  to.weight_preprocess = from.weight_preprocess != 0;
  to.fuse_preprocess = from.fuse_preprocess != 0;
  to.fake_next_exec = from.fake_next_exec != 0;
  to.var_sanity_check_first_run = from.var_sanity_check_first_run != 0;
  to.const_shape = from.const_shape != 0;
  to.force_dynamic_alloc = from.force_dynamic_alloc != 0;
  to.force_output_dynamic_alloc = from.force_output_dynamic_alloc != 0;
  to.force_output_use_user_specified_memory = from.force_output_use_user_specified_memory != 0;
  to.no_profiling_on_shape_change = from.no_profiling_on_shape_change != 0;
  to.jit_level = static_cast<uint8_t>(from.jit_level);
  to.comp_node_seq_record_level = static_cast<uint8_t>(from.comp_node_seq_record_level);
  to.graph_opt_level = static_cast<uint8_t>(from.graph_opt_level);
  to.async_exec_level = static_cast<uint16_t>(from.async_exec_level);
  to.enable_nchw44 = from.enable_nchw44 != 0;
  to.enable_nchw44_dot = from.enable_nchw44_dot != 0;
  to.enable_nchw88 = from.enable_nchw88 != 0;
  to.enable_nhwcd4 = from.enable_nhwcd4 != 0;
  to.enable_nchw4 = from.enable_nchw4 != 0;
  to.enable_nchw32 = from.enable_nchw32 != 0;
  to.enable_nchw64 = from.enable_nchw64 != 0;
  return out;
}

inline IO to_cpp(const LiteIO& io) {
  IO out;
  if (io.name) out.name = io.name;
  out.is_host = io.is_host != 0;
  out.io_type = io.io_type;
  out.config_layout = to_cpp(io.config_layout);
  return out;
}

inline NetworkIO to_cpp(const LiteNetworkIO& io) {
  NetworkIO out;
  for (size_t i = 0; i < io.input_size; ++i) out.inputs.push_back(to_cpp(io.inputs[i]));
  for (size_t i = 0; i < io.output_size; ++i) out.outputs.push_back(to_cpp(io.outputs[i]));
  return out;
}

/// A LiteNetworkIO whose strings stay the argument's and whose arrays are here.
struct NetworkIOView {
  explicit NetworkIOView(const NetworkIO& from) {
    for (const IO& item : from.inputs) inputs.push_back(view(item));
    for (const IO& item : from.outputs) outputs.push_back(view(item));
    io.inputs = inputs.data();
    io.outputs = outputs.data();
    io.input_size = inputs.size();
    io.output_size = outputs.size();
  }
  static LiteIO view(const IO& from) {
    LiteIO out = LITE_IO_INIT;
    out.name = from.name.c_str();
    out.is_host = from.is_host;
    out.io_type = from.io_type;
    out.config_layout = to_c(from.config_layout);
    return out;
  }

  std::vector<LiteIO> inputs, outputs;
  LiteNetworkIO io = LITE_NETWORK_IO_INIT;
};

}  // namespace detail
}  // namespace v1
}  // namespace lite

#endif
