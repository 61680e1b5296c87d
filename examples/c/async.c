/* Runs without waiting: LITE_forward returns at once, a library thread calls back when the answer is there.
 *
 * usage: async MODEL SCAN.png
 */
#include <lite.h>
#include <pthread.h>
#include <stdio.h>

#include "scan.h"

enum { SIDE = 8, CLASSES = 10 };

/* What the library's thread tells this one. */
struct answer {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int over;
  int status;
};

/* Called in a library thread: it only says that the run is over, and how. */
static void on_done(int status, void* user_data) {
  struct answer* answer = user_data;
  pthread_mutex_lock(&answer->mutex);
  answer->status = status;
  answer->over = 1;
  pthread_cond_signal(&answer->changed);
  pthread_mutex_unlock(&answer->mutex);
}

int main(int argc, char** argv) {
  const int64_t shape[] = {1, 1, SIDE, SIDE};
  struct answer answer = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, LITE_UNKNOWN_ERROR};
  LiteNetwork network = NULL;
  LiteTensor data, prob;
  void* memory;
  if (argc != 3) {
    fprintf(stderr, "usage: %s MODEL SCAN.png\n", argv[0]);
    return 2;
  }
  if (LITE_make_default_network(&network) || LITE_load_model_from_path(network, argv[1]) ||
      LITE_set_completion_callback(network, on_done, &answer) ||
      LITE_get_io_tensor(network, "data", LITE_INPUT, &data) ||
      LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &prob) ||
      LITE_set_tensor_dims(data, LITE_FLOAT, 4, shape) || LITE_get_tensor_memory(data, &memory)) {
    fprintf(stderr, "%s\n", LITE_get_last_error());
    return 1;
  }
  if (scan_read(argv[2], memory, SIDE, SIDE) != 0) return 1;
  if (LITE_forward(network)) {
    fprintf(stderr, "%s\n", LITE_get_last_error());
    return 1;
  }
  printf("running ...\n");
  /* Anything else could be done here. */
  pthread_mutex_lock(&answer.mutex);
  while (!answer.over) pthread_cond_wait(&answer.changed, &answer.mutex);
  pthread_mutex_unlock(&answer.mutex);
  if (LITE_wait(network) || answer.status != LITE_OK || LITE_get_tensor_memory(prob, &memory)) {
    fprintf(stderr, "%s\n", LITE_get_last_error());
    return 1;
  }
  printf("%s: %u\n", argv[2], (unsigned)scan_argmax(memory, CLASSES));
  LITE_destroy_network(network);
  return 0;
}
