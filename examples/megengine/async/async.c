/* Starts a run and goes on; the library calls back when it is over. */
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>
#include <pthread.h>

#include "example.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int over = 0;

/* Called in a thread of the library. */
static int on_over(void) {
  pthread_mutex_lock(&mutex);
  over = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  return 0;
}

int main(int argc, char** argv) {
  LiteConfig config = *default_config();
  LiteNetwork network;
  LiteTensor input, output;
  void *pixels, *prob;
  if (wrong_usage(argc, argv)) return 2;
  config.options.var_sanity_check_first_run = 0;
  CHECK(LITE_make_network(&network, config, *default_network_io()));
  CHECK(LITE_load_model_from_path(network, argv[1]));
  CHECK(LITE_set_async_callback(network, on_over));
  CHECK(LITE_get_io_tensor(network, "data", LITE_INPUT, &input));
  CHECK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &output));
  CHECK(LITE_get_tensor_memory(input, &pixels));
  if (scan_read(argv[2], (float*)pixels, SIDE, SIDE) != 0) return 1;
  CHECK(LITE_forward(network));
  printf("running ...\n");
  pthread_mutex_lock(&mutex);
  while (!over) pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  CHECK(LITE_wait(network)); /* returns at once, with how the run went */
  CHECK(LITE_get_tensor_memory(output, &prob));
  tell((const float*)prob);
  CHECK(LITE_destroy_network(network));
  return 0;
}
