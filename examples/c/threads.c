/* Several threads, one set of weights: each thread has a network of its own that shares the first one's
 * weights.
 *
 * usage: threads MODEL SCAN.png...
 */
#include <lite.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "scan.h"

enum { SIDE = 8, CLASSES = 10 };

struct job {
  LiteNetwork owner; /* holds the weights */
  const char* scan;
  int digit; /* the answer, or -1 */
};

/* A network belongs to one thread at a time, so it is made here; the owner is only read. */
static void* classify(void* argument) {
  const int64_t shape[] = {1, 1, SIDE, SIDE};
  struct job* job = argument;
  LiteNetwork network = NULL;
  LiteTensor data, prob;
  void* memory;
  job->digit = -1;
  if (LITE_make_default_network(&network) || LITE_shared_weight_with_network(network, job->owner) ||
      LITE_get_io_tensor(network, "data", LITE_INPUT, &data) ||
      LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &prob) ||
      LITE_set_tensor_dims(data, LITE_FLOAT, 4, shape) || LITE_get_tensor_memory(data, &memory)) {
    fprintf(stderr, "%s\n", LITE_get_last_error()); /* the text is this thread's own */
  } else if (scan_read(job->scan, memory, SIDE, SIDE) == 0) {
    if (LITE_forward(network) || LITE_wait(network) || LITE_get_tensor_memory(prob, &memory))
      fprintf(stderr, "%s\n", LITE_get_last_error());
    else
      job->digit = (int)scan_argmax(memory, CLASSES);
  }
  if (network != NULL) LITE_destroy_network(network);
  return NULL;
}

int main(int argc, char** argv) {
  const int count = argc - 2;
  LiteNetwork owner;
  pthread_t* threads;
  struct job* jobs;
  int i, failures = 0;
  if (count < 1) {
    fprintf(stderr, "usage: %s MODEL SCAN.png...\n", argv[0]);
    return 2;
  }
  if (LITE_make_default_network(&owner) || LITE_load_model_from_path(owner, argv[1])) {
    fprintf(stderr, "%s\n", LITE_get_last_error());
    return 1;
  }
  threads = malloc((size_t)count * sizeof *threads);
  jobs = malloc((size_t)count * sizeof *jobs);
  if (threads == NULL || jobs == NULL) return 1;
  for (i = 0; i < count; ++i) {
    jobs[i].owner = owner;
    jobs[i].scan = argv[i + 2];
    if (pthread_create(&threads[i], NULL, classify, &jobs[i]) != 0) return 1;
  }
  for (i = 0; i < count; ++i) {
    pthread_join(threads[i], NULL);
    printf("%s: %d\n", jobs[i].scan, jobs[i].digit);
    failures += jobs[i].digit < 0;
  }
  LITE_destroy_network(owner);
  free(threads);
  free(jobs);
  return failures != 0;
}
