/* Gives the network its memory, and sees that all of it comes back. */
#define _POSIX_C_SOURCE 200809L
#include <lite-c/network_c.h>
#include <lite-c/tensor_c.h>
#include <pthread.h>
#include <stdlib.h>

#include "example.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static size_t blocks, bytes;

/* Both are called from any thread. */
static void* allocate(LiteDeviceType device, int device_id, size_t size, size_t align) {
  void* block = NULL;
  (void)device, (void)device_id;
  if (posix_memalign(&block, align < sizeof(void*) ? sizeof(void*) : align, size) != 0) return NULL;
  pthread_mutex_lock(&mutex);
  ++blocks;
  bytes += size;
  pthread_mutex_unlock(&mutex);
  return block;
}

static void release(LiteDeviceType device, int device_id, void* block) {
  (void)device, (void)device_id;
  free(block);
  pthread_mutex_lock(&mutex);
  --blocks;
  pthread_mutex_unlock(&mutex);
}

int main(int argc, char** argv) {
  LiteNetwork network;
  LiteTensor input, output;
  void *pixels, *prob;
  if (wrong_usage(argc, argv)) return 2;
  CHECK(LITE_make_default_network(&network));
  CHECK(LITE_set_memory_allocator(network, allocate, release));
  CHECK(LITE_load_model_from_path(network, argv[1]));
  CHECK(LITE_get_io_tensor(network, "data", LITE_INPUT, &input));
  CHECK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &output));
  CHECK(LITE_get_tensor_memory(input, &pixels));
  if (scan_read(argv[2], (float*)pixels, SIDE, SIDE) != 0) return 1;
  CHECK(LITE_forward(network));
  CHECK(LITE_wait(network));
  CHECK(LITE_get_tensor_memory(output, &prob));
  tell((const float*)prob);
  CHECK(LITE_destroy_network(network));
  printf("%u bytes given, %u blocks not given back\n", (unsigned)bytes, (unsigned)blocks);
  return bytes == 0 || blocks != 0;
}
