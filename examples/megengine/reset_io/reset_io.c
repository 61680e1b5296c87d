/* The network reads its input from the caller's memory and writes its output there: nothing is copied. */
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>

#include "example.h"

int main(int argc, char** argv) {
  float pixels[SIDE * SIDE], prob[CLASSES] = {0};
  LiteConfig config = *default_config();
  LiteLayout input_layout, output_layout = {{1, CLASSES}, 2, LITE_FLOAT};
  LiteNetwork network;
  LiteTensor input, output;
  if (wrong_usage(argc, argv)) return 2;
  if (scan_read(argv[2], pixels, SIDE, SIDE) != 0) return 1;
  config.options.force_output_use_user_specified_memory = 1;
  CHECK(LITE_make_network(&network, config, *default_network_io()));
  CHECK(LITE_load_model_from_path(network, argv[1]));
  CHECK(LITE_get_io_tensor(network, "data", LITE_INPUT, &input));
  CHECK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &output));
  CHECK(LITE_get_tensor_layout(input, &input_layout));
  CHECK(LITE_reset_tensor(input, input_layout, pixels));
  CHECK(LITE_reset_tensor(output, output_layout, prob));
  CHECK(LITE_forward(network));
  CHECK(LITE_wait(network));
  tell(prob);
  CHECK(LITE_destroy_network(network));
  return 0;
}
