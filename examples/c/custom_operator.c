/*
 * Runs a model with an operator that Lite does not have: registered by the program, or found in a shared
 * library.
 *
 * usage: custom_operator gamma.onnx [libgamma.so]
 */
#include <lite.h>
#include <stdio.h>

#include "gamma.h"

#define TRY(call)                                     \
  do {                                                \
    if ((call) != LITE_OK) {                          \
      fprintf(stderr, "%s\n", LITE_get_last_error()); \
      return 1;                                       \
    }                                                 \
  } while (0)

int main(int argc, char** argv) {
  const int64_t shape[] = {2, 4, 4};
  LiteNetwork net;
  LiteTensor in, out;
  void* p;
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: %s gamma.onnx [libgamma.so]\n", argv[0]);
    return 2;
  }
  if (argc == 3)
    TRY(LITE_load_operator_library(argv[2]));
  else
    TRY(register_gamma());
  TRY(LITE_make_default_network(&net));
  TRY(LITE_load_model_from_path(net, argv[1]));
  TRY(LITE_get_io_tensor(net, "pixels", LITE_INPUT, &in));
  TRY(LITE_set_tensor_dims(in, LITE_FLOAT, 3, shape));
  TRY(LITE_get_tensor_memory(in, &p));
  for (int i = 0; i < 32; ++i) ((float*)p)[i] = i < 16 ? 0.5f : (float)(i - 16) / 15;
  TRY(LITE_forward(net));
  TRY(LITE_wait(net));
  TRY(LITE_get_io_tensor(net, "mean", LITE_OUTPUT, &out));
  TRY(LITE_get_tensor_memory(out, &p));
  printf("mean light: %.4f %.4f\n", ((float*)p)[0], ((float*)p)[1]);
  TRY(LITE_destroy_network(net));
  return 0;
}
