/* Loads a model, fills its input, runs it, reads its output. */
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>

#include "example.h"

int main(int argc, char** argv) {
  LiteNetwork network;
  LiteTensor input, output;
  const char *input_name, *output_name;
  void *pixels, *prob;
  if (wrong_usage(argc, argv)) return 2;
  CHECK(LITE_make_network(&network, *default_config(), *default_network_io()));
  CHECK(LITE_load_model_from_path(network, argv[1]));
  CHECK(LITE_get_input_name(network, 0, &input_name));
  CHECK(LITE_get_output_name(network, 0, &output_name));
  CHECK(LITE_get_io_tensor(network, input_name, LITE_IO, &input));
  CHECK(LITE_get_io_tensor(network, output_name, LITE_IO, &output));
  CHECK(LITE_get_tensor_memory(input, &pixels));
  if (scan_read(argv[2], (float*)pixels, SIDE, SIDE) != 0) return 1;
  CHECK(LITE_forward(network));
  CHECK(LITE_wait(network));
  CHECK(LITE_get_tensor_memory(output, &prob));
  tell((const float*)prob);
  CHECK(LITE_destroy_network(network));
  return 0;
}
