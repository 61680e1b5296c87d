/* Runs in two threads, each on a CPU of its own where there are as many. */
#define _GNU_SOURCE
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>
#include <sched.h>

#include "example.h"

static cpu_set_t allowed; /* the process's CPUs, as it began */

static size_t nth_allowed(int n) {
  size_t cpu = 0;
  for (n %= CPU_COUNT(&allowed); n > 0 || !CPU_ISSET(cpu, &allowed); ++cpu)
    if (CPU_ISSET(cpu, &allowed)) --n;
  return cpu;
}

/* Called once in each thread that works for the network. */
static int pin(int thread_id) {
  const size_t cpu = nth_allowed(thread_id);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  printf("thread %d on CPU %u\n", thread_id, (unsigned)cpu);
  return sched_setaffinity(0, sizeof one, &one);
}

int main(int argc, char** argv) {
  LiteNetwork network;
  LiteTensor input, output;
  void *pixels, *prob;
  if (wrong_usage(argc, argv)) return 2;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return perror("sched_getaffinity"), 1;
  CHECK(LITE_make_default_network(&network));
  CHECK(LITE_set_cpu_threads_number(network, 2)); /* before loading */
  CHECK(LITE_load_model_from_path(network, argv[1]));
  CHECK(LITE_set_runtime_thread_affinity(network, pin));
  CHECK(LITE_get_io_tensor(network, "data", LITE_INPUT, &input));
  CHECK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &output));
  CHECK(LITE_get_tensor_memory(input, &pixels));
  if (scan_read(argv[2], (float*)pixels, SIDE, SIDE) != 0) return 1;
  CHECK(LITE_forward(network));
  CHECK(LITE_wait(network));
  CHECK(LITE_get_tensor_memory(output, &prob));
  tell((const float*)prob);
  CHECK(LITE_destroy_network(network));
  return 0;
}
