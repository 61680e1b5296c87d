/* Two networks on one model's weights, each with its own input, output and working memory. */
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>
#include <string.h>

#include "example.h"

int main(int argc, char** argv) {
  LiteNetwork networks[2];
  void* prob[2];
  int i;
  if (wrong_usage(argc, argv)) return 2;
  CHECK(LITE_make_default_network(&networks[0]));
  CHECK(LITE_load_model_from_path(networks[0], argv[1]));
  CHECK(LITE_make_default_network(&networks[1]));
  CHECK(LITE_shared_weight_with_network(networks[1], networks[0]));
  for (i = 0; i < 2; ++i) {
    LiteTensor input, output;
    void* pixels;
    CHECK(LITE_get_io_tensor(networks[i], "data", LITE_INPUT, &input));
    CHECK(LITE_get_io_tensor(networks[i], "prob", LITE_OUTPUT, &output));
    CHECK(LITE_get_tensor_memory(input, &pixels));
    if (scan_read(argv[2], (float*)pixels, SIDE, SIDE) != 0) return 1;
    CHECK(LITE_forward(networks[i]));
    CHECK(LITE_wait(networks[i]));
    CHECK(LITE_get_tensor_memory(output, &prob[i]));
    tell((const float*)prob[i]);
  }
  if (memcmp(prob[0], prob[1], CLASSES * sizeof(float)) != 0) return fprintf(stderr, "they differ\n"), 1;
  for (i = 0; i < 2; ++i) CHECK(LITE_destroy_network(networks[i]));
  return 0;
}
