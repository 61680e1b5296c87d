#include "capi/config.h"

namespace lite::capi {
namespace {

Outcome copy_wishes(const LiteIO* ios, size_t size, const char* name, std::vector<IoWish>* out) {
  if (size > 0) LITE_CHECK(require(ios, name));
  for (size_t i = 0; i < size; ++i) {
    const LiteIO& io = ios[i];
    if (io.name == nullptr) return invalid_argument(name, "[", i, "].name is NULL");
    if (io.io_type != LITE_IO_VALUE && io.io_type != LITE_IO_SHAPE)
      return invalid_argument(name, "[", i, "].io_type is ", number(io.io_type), ", not one of LiteIOType");
    // A layout that was never set may hold anything but its ndim.
    LiteLayout layout = LITE_LAYOUT_INIT;
    if (io.config_layout.ndim != 0) {
      LITE_ASSIGN(const auto dims, checked_layout(io.config_layout));
      layout = io.config_layout;
      (void)dims;
    }
    out->push_back({io.name, io.is_host != 0, io.io_type, layout});
  }
  return done();
}

}  // namespace

LiteConfig config_to_c(const NetworkConfig& config) {
  LiteConfig out = LITE_CONFIG_INIT;
  out.device_id = config.device_id;
  out.device_type = config.device_type;
  out.bare_model_cryption_name = config.bare_model_cryption_name.c_str();
  out.options = config.options;
  out.discrete_input_name = config.discrete_input_name.c_str();
  return out;
}

Outcome config_from_c(const LiteConfig& config, NetworkConfig* out) {
  LITE_TRY(check_device(config.device_type));
  if (config.backend != LITE_DEFAULT)
    return invalid_argument("config.backend is ", number(config.backend), ", not LITE_DEFAULT");
  out->device_type = config.device_type;
  out->device_id = config.device_id;
  out->options = config.options;
  if (config.bare_model_cryption_name != nullptr)
    out->bare_model_cryption_name = config.bare_model_cryption_name;
  if (config.discrete_input_name != nullptr) out->discrete_input_name = config.discrete_input_name;
  return done();
}

Outcome wishes_from_c(const LiteNetworkIO& io, NetworkConfig* out) {
  LITE_CHECK(copy_wishes(io.inputs, io.input_size, "network_io.inputs", &out->inputs));
  return copy_wishes(io.outputs, io.output_size, "network_io.outputs", &out->outputs);
}

}  // namespace lite::capi
