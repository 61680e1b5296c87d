// How a network is configured, whichever function said so.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "capi/convert.h"
#include "core/runtime/model.h"
#include "lite-c/network_types_c.h"

namespace lite::capi {

// What the caller wants of one input or output.
struct IoWish {
  std::string name;
  bool is_host = true;
  LiteIOType io_type = LITE_IO_VALUE;
  LiteLayout layout = LITE_LAYOUT_INIT;  // ndim 0: none

  LiteIO to_c() const { return {name.c_str(), is_host ? 1 : 0, io_type, layout}; }
};

struct NetworkConfig {
  LiteDeviceType device_type = LITE_CPU;
  int device_id = 0;
  int stream_id = 0;
  LiteOptions options = LITE_OPTIONS_INIT;
  std::string bare_model_cryption_name, discrete_input_name;
  bool copy_files = false;
  std::vector<IoWish> inputs, outputs;
  bool disable_configure_by_model_info = false;

  size_t threads = 1;
  bool inplace = false;
  unsigned algo_strategy = LITE_ALGO_HEURISTIC;
  bool compute_only_configured_output = false;
  bool f16_io_comp = false;
  uint64_t timeout_us = 0;

  ModelOptions model;  // what options set directly

  ModelOptions model_options() const {
    ModelOptions m = model;
    m.optimise = m.optimise && options.graph_opt_level != 0;
    m.tune = m.tune || (algo_strategy & LITE_ALGO_PROFILE) != 0;
    m.threads = static_cast<int>(std::min<size_t>(threads, 1024));
    m.kernel.reproducible = m.kernel.reproducible || (algo_strategy & LITE_ALGO_REPRODUCIBLE) != 0;
    return m;
  }
};

// As the C API has it; strings and the rest stay those of `config`.
LiteConfig config_to_c(const NetworkConfig& config);
// Checks and copies all that the structs point to.
Outcome config_from_c(const LiteConfig& config, NetworkConfig* out);
Outcome wishes_from_c(const LiteNetworkIO& io, NetworkConfig* out);

}  // namespace lite::capi
