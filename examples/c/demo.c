/* The same without linking: the library is opened while the program runs, as plug-ins and language bindings
 * do.
 *
 * usage: demo LIBRARY MODEL SCAN.png...
 */
#include <dlfcn.h>
#include <lite.h>
#include <stdio.h>
#include <string.h>

#include "scan.h"

enum { SIDE = 8, CLASSES = 10, TOP = 3, BAR = 30 };

/* The functions this program uses, by the names that the library exports. */
static struct {
  const char* (*get_last_error)(void);
  const char* (*get_build_info)(void);
  int (*make_default_network)(LiteNetwork*);
  int (*destroy_network)(LiteNetwork);
  int (*load_model_from_path)(LiteNetwork, const char*);
  int (*get_io_tensor)(LiteNetwork, const char*, LiteTensorPhase, LiteTensor*);
  int (*set_tensor_dims)(LiteTensor, LiteDataType, int, const int64_t*);
  int (*get_tensor_memory)(LiteTensor, void**);
  int (*forward)(LiteNetwork);
  int (*wait)(LiteNetwork);
} lite;

/* A function pointer and an object pointer need not be the same to C; POSIX says that these are. */
static int find(void* library, const char* name, void* function) {
  void* address = dlsym(library, name);
  if (address == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return -1;
  }
  memcpy(function, &address, sizeof address);
  return 0;
}

static int open_library(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return -1;
  }
  return find(library, "LITE_get_last_error", &lite.get_last_error) ||
         find(library, "LITE_get_build_info", &lite.get_build_info) ||
         find(library, "LITE_make_default_network", &lite.make_default_network) ||
         find(library, "LITE_destroy_network", &lite.destroy_network) ||
         find(library, "LITE_load_model_from_path", &lite.load_model_from_path) ||
         find(library, "LITE_get_io_tensor", &lite.get_io_tensor) ||
         find(library, "LITE_set_tensor_dims", &lite.set_tensor_dims) ||
         find(library, "LITE_get_tensor_memory", &lite.get_tensor_memory) ||
         find(library, "LITE_forward", &lite.forward) || find(library, "LITE_wait", &lite.wait);
}

static int failed(const char* what) {
  fprintf(stderr, "%s: %s\n", what, lite.get_last_error());
  return 1;
}

static void print_scan(const float* pixels) {
  static const char* const shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
  int y, x;
  for (y = 0; y < SIDE; ++y) {
    printf("    ");
    for (x = 0; x < SIDE; ++x) printf("%s", shades[(int)(pixels[y * SIDE + x] * 4.0f + 0.5f)]);
    printf("\n");
  }
}

static void print_top(const float* prob) {
  char seen[CLASSES] = {0};
  int rank, i;
  for (rank = 0; rank < TOP; ++rank) {
    int best = -1;
    for (i = 0; i < CLASSES; ++i)
      if (!seen[i] && (best < 0 || prob[i] > prob[best])) best = i;
    seen[best] = 1;
    printf("    %d %6.2f %% ", best, 100.0 * (double)prob[best]);
    for (i = 0; i < (int)(prob[best] * BAR + 0.5f); ++i) printf("█");
    printf("\n");
  }
}

int main(int argc, char** argv) {
  const int64_t shape[] = {1, 1, SIDE, SIDE};
  LiteNetwork network;
  LiteTensor data, prob;
  void *in, *out;
  int i;
  if (argc < 4) {
    fprintf(stderr, "usage: %s LIBRARY MODEL SCAN.png...\n", argv[0]);
    return 2;
  }
  if (open_library(argv[1]) != 0) return 1;
  printf("%s\n", lite.get_build_info());
  if (lite.make_default_network(&network) != LITE_OK) return failed("making the network");
  if (lite.load_model_from_path(network, argv[2]) != LITE_OK) return failed(argv[2]);
  if (lite.get_io_tensor(network, "data", LITE_INPUT, &data) != LITE_OK) return failed("data");
  if (lite.get_io_tensor(network, "prob", LITE_OUTPUT, &prob) != LITE_OK) return failed("prob");
  if (lite.set_tensor_dims(data, LITE_FLOAT, 4, shape) != LITE_OK) return failed("data");
  for (i = 3; i < argc; ++i) {
    if (lite.get_tensor_memory(data, &in) != LITE_OK) return failed("data");
    if (scan_read(argv[i], in, SIDE, SIDE) != 0) return 1;
    if (lite.forward(network) != LITE_OK || lite.wait(network) != LITE_OK) return failed("running");
    if (lite.get_tensor_memory(prob, &out) != LITE_OK) return failed("prob");
    printf("\n%s\n", argv[i]);
    print_scan(in);
    print_top(out);
  }
  lite.destroy_network(network);
  return 0;
}
