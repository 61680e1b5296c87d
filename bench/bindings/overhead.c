/* What a run of a small network costs from C: write the input, run, read the output.
 *
 * usage: overhead MODEL RUNS, prints nanoseconds per run */
#include <lite.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static float sum;

static int run(LiteNetwork network, float* x, LiteTensor prob, long runs) {
  long i;
  for (i = 0; i < runs; ++i) {
    void* p;
    x[0] = (float)(i & 7);
    if (LITE_forward(network) || LITE_wait(network) || LITE_get_tensor_memory(prob, &p)) return 1;
    sum += ((float*)p)[0];
  }
  return 0;
}

int main(int argc, char** argv) {
  const int64_t shape[] = {1, 4};
  LiteNetwork network;
  LiteTensor x, prob;
  void* memory;
  const long runs = argc > 2 ? atol(argv[2]) : 0;
  double begin;
  if (runs <= 0 || LITE_make_default_network(&network) || LITE_load_model_from_path(network, argv[1]) ||
      LITE_get_io_tensor(network, "x", LITE_INPUT, &x) ||
      LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &prob) ||
      LITE_set_tensor_dims(x, LITE_FLOAT, 2, shape) || LITE_tensor_fill_zero(x) ||
      LITE_get_tensor_memory(x, &memory) || run(network, (float*)memory, prob, runs / 10))
    return fprintf(stderr, "%s\n", LITE_get_last_error()), 1;
  begin = now();
  if (run(network, (float*)memory, prob, runs)) return fprintf(stderr, "%s\n", LITE_get_last_error()), 1;
  printf("%.1f\n", (now() - begin) / (double)runs);
  return LITE_destroy_network(network) != LITE_OK || !(sum > 0);
}
