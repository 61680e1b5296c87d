/* Classifies scans of handwritten digits. Linked:  cc classify.c scan.c $(pkg-config --cflags --libs lite
 * libpng)
 *
 * usage: classify MODEL SCAN.png...
 */
#include <lite.h>
#include <stdio.h>

#include "scan.h"

enum { SIDE = 8, CLASSES = 10 };

static int failed(const char* what) {
  fprintf(stderr, "%s: %s\n", what, LITE_get_last_error());
  return 1;
}

int main(int argc, char** argv) {
  const int64_t shape[] = {1, 1, SIDE, SIDE};
  LiteNetwork network;
  LiteTensor data, prob;
  void* memory;
  int i;
  if (argc < 3) {
    fprintf(stderr, "usage: %s MODEL SCAN.png...\n", argv[0]);
    return 2;
  }
  if (LITE_make_default_network(&network) != LITE_OK) return failed("making the network");
  if (LITE_load_model_from_path(network, argv[1]) != LITE_OK) return failed(argv[1]);
  if (LITE_get_io_tensor(network, "data", LITE_INPUT, &data) != LITE_OK) return failed("data");
  if (LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &prob) != LITE_OK) return failed("prob");
  if (LITE_set_tensor_dims(data, LITE_FLOAT, 4, shape) != LITE_OK) return failed("data");
  for (i = 2; i < argc; ++i) {
    const float* p;
    size_t best;
    if (LITE_get_tensor_memory(data, &memory) != LITE_OK) return failed("data");
    if (scan_read(argv[i], memory, SIDE, SIDE) != 0) return 1;
    if (LITE_forward(network) != LITE_OK || LITE_wait(network) != LITE_OK) return failed("running");
    if (LITE_get_tensor_memory(prob, &memory) != LITE_OK) return failed("prob");
    p = memory;
    best = scan_argmax(p, CLASSES);
    printf("%s: %u (%.1f %%)\n", argv[i], (unsigned)best, 100.0 * (double)p[best]);
  }
  LITE_destroy_network(network);
  return 0;
}
