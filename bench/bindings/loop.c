/* usage: loop MODEL   One run of a tiny model from C: the median, in nanoseconds, which the bindings are
 * measured against. */
#include <lite.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RUNS 200000

static int by_size(const void* a, const void* b) {
  const long x = *(const long*)a, y = *(const long*)b;
  return (x > y) - (x < y);
}

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

int main(int argc, char** argv) {
  static long times[RUNS];
  const int64_t shape[] = {1, 4};
  LiteNetwork net;
  LiteTensor x;
  if (argc != 2 || LITE_make_default_network(&net) || LITE_load_model_from_path(net, argv[1]) ||
      LITE_get_io_tensor(net, "x", LITE_INPUT, &x) || LITE_set_tensor_dims(x, LITE_FLOAT, 2, shape) ||
      LITE_tensor_fill_zero(x) || LITE_forward(net))
    return fprintf(stderr, "%s\n", LITE_get_last_error()), 1;
  for (int i = 0; i < RUNS; ++i) {
    const long begin = now();
    if (LITE_forward(net)) return 1;
    times[i] = now() - begin;
  }
  qsort(times, RUNS, sizeof times[0], by_size);
  printf("%ld\n", times[RUNS / 2]);
  return LITE_destroy_network(net);
}
