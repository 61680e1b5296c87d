/* Input and output stay on the network's device; only the caller copies. The device here is the CPU; with
 * another one only `device` changes. */
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>

#include "example.h"

int main(int argc, char** argv) {
  const LiteDeviceType device = LITE_CPU;
  LiteConfig config = *default_config();
  LiteIO input_io = default_io, output_io = default_io;
  LiteNetworkIO io = *default_network_io();
  LiteNetwork network;
  LiteTensor scan, on_device, input, output, result;
  LiteTensorDesc desc = default_desc;
  void *pixels, *memory, *prob;
  if (wrong_usage(argc, argv)) return 2;
  config.device_type = device;
  input_io.name = "data";
  input_io.is_host = 0;
  output_io.name = "prob";
  output_io.is_host = 0;
  io.inputs = &input_io;
  io.input_size = 1;
  io.outputs = &output_io;
  io.output_size = 1;
  CHECK(LITE_make_network(&network, config, io));
  CHECK(LITE_load_model_from_path(network, argv[1]));
  CHECK(LITE_get_io_tensor(network, "data", LITE_INPUT, &input));
  CHECK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &output));

  CHECK(LITE_get_tensor_layout(input, &desc.layout));
  CHECK(LITE_make_tensor(desc, &scan));
  desc.device_type = device;
  CHECK(LITE_make_tensor(desc, &on_device));
  CHECK(LITE_get_tensor_memory(scan, &pixels));
  if (scan_read(argv[2], (float*)pixels, SIDE, SIDE) != 0) return 1;
  CHECK(LITE_tensor_copy(on_device, scan));
  CHECK(LITE_get_tensor_memory(on_device, &memory));
  CHECK(LITE_reset_tensor(input, desc.layout, memory));

  CHECK(LITE_forward(network));
  CHECK(LITE_wait(network));
  CHECK(LITE_make_tensor(default_desc, &result));
  CHECK(LITE_tensor_copy(result, output));
  CHECK(LITE_get_tensor_memory(result, &prob));
  tell((const float*)prob);
  CHECK(LITE_destroy_network(network));
  CHECK(LITE_destroy_tensor(scan));
  CHECK(LITE_destroy_tensor(on_device));
  CHECK(LITE_destroy_tensor(result));
  return 0;
}
